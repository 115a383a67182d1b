"""``postgresql://user@host:port/database?schema=name`` as the parameters of a connection. Without passwords.

The form is libpq's (https://www.postgresql.org/docs/current/libpq-connect.html, 34.1.1.2) with ``schema`` in addition.
A password in an address would be in the history of the shell, in lists of processes, in settings and in messages, so it
is refused; libpq reads it from PGPASSWORD, from ~/.pgpass or from the service that PGSERVICE names.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, unquote

from bibtool.errors import UsageError
from bibtool.structs import dataclass, field

DEFAULT_SCHEMA: Final = "bibtool"
FORM: Final = "postgresql://USER@HOST:PORT/DATABASE?schema=NAME"

# what an address may set after "?"; all but the first are libpq's
_OPTIONS: Final = frozenset(
    "schema host port user dbname service passfile sslmode sslrootcert sslcert sslkey sslcrl connect_timeout "
    "application_name target_session_attrs".split()
)
_MAX_SCHEMA = 63  # bytes, NAMEDATALEN - 1: PostgreSQL would cut a longer name off


@dataclass(frozen=True, slots=True)
class Address:
    """Where a library is: ``url`` as it was given, for messages, the schema, and libpq's parameters."""

    url: str
    schema: str
    parameters: dict[str, str] = field(default_factory=dict)


def parse_address(url: str) -> Address:
    """The parts of an address; raises `UsageError`, which never repeats an address that may hold a password."""
    rest, _, query = url.partition("://")[2].partition("?")
    authority, _, database = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    if "#" in url or "/" in database or "@" in database:
        raise UsageError("this is not the address of a library on PostgreSQL", hint=f"write {FORM}")
    parameters: dict[str, str] = {}
    if at:
        parameters["user"] = unquote(user)
    if hosts:
        parameters |= _hosts(hosts)
    if database:
        parameters["dbname"] = unquote(database)
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS:
            known = ", ".join(sorted(_OPTIONS))
            raise UsageError(f"an address of PostgreSQL has no option {name[:40]!r} here", hint=f"known: {known}")
        parameters[name] = value
    schema = parameters.pop("schema", DEFAULT_SCHEMA)
    if not schema or len(schema.encode("utf-8", "replace")) > _MAX_SCHEMA or not schema.isprintable():
        raise UsageError(f"{schema[:80]!r} is not the name of a schema", hint=f"write {FORM}")
    if schema.startswith("pg_") or schema == "information_schema":
        raise UsageError(f"the schema {schema!r} belongs to PostgreSQL itself", hint="name another one")
    return Address(url, schema, parameters)


def _hosts(text: str) -> dict[str, str]:
    """Hosts and ports of ``host:port``, ``[::1]:5432`` or ``one:1,two:2``; each as a list with commas, as in libpq."""
    hosts, ports = [], []
    for place in text.split(","):
        if place.startswith("["):
            host, _, after = place[1:].partition("]")
            port = after.removeprefix(":")
        else:
            host, _, port = place.partition(":")
        if port and not port.isdigit():
            raise UsageError("the port in this address is not a number", hint=f"write {FORM}")
        hosts.append(unquote(host))
        ports.append(port)
    return {"host": ",".join(hosts), **({"port": ",".join(ports)} if any(ports) else {})}
