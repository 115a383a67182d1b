"""The user's keys for services: from the environment, or from a file of the user's own, never from a project's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bibtool.cli.ownfolders import own_folder
from bibtool.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

CONTACT = "contact"
MAX_BYTES = 100_000


def keys_file() -> Path:
    """The user's file: ``NAME = "KEY"`` for each service, and ``contact``, in TOML."""
    from pathlib import Path

    return Path(own_folder("config"), "keys.toml")


def own_keys() -> dict[str, str]:
    """The user's keys by name of source, and ``contact``; variables of the environment replace those of the file.

    Raises `ConfigError` for a file that others may read, or that can't be read.
    """
    from bibtool.enrich.sources.table import SOURCES

    known = _of_file(keys_file())
    for name, source in SOURCES.items():
        if (source.key_header or source.key_parameter) and (key := os.environ.get(f"BIBTOOL_{name.upper()}_KEY")):
            known[name] = key.strip()
    if contact := os.environ.get("BIBTOOL_CONTACT"):
        known[CONTACT] = contact
    return {name: key for name, key in known.items() if key.isascii() and key.isprintable()}


def _of_file(path: Path) -> dict[str, str]:
    import tomllib

    try:
        state = path.stat()
    except OSError:
        return {}
    if os.name == "posix" and state.st_mode & 0o077:
        raise ConfigError("others can read your keys", path=str(path), hint=f"chmod 600 {path}")
    if state.st_size > MAX_BYTES:
        raise ConfigError("the file is too long for a list of keys", path=str(path))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # the message of the parser may quote a key
        raise ConfigError("your keys can't be read as TOML", path=str(path)) from error
    return {str(name): value.strip() for name, value in data.items() if isinstance(value, str)}
