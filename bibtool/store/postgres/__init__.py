"""The library in a schema of PostgreSQL, for groups. Needs psycopg 3: the extra ``postgres``."""
