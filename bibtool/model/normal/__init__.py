"""Values in one form, whatever writing a file has: the same rules for every reader."""
