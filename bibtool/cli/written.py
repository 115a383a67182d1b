"""Which files `bibtool cv` wrote, so that settings can't have it replace any other.

A file is known by a mark that the target writes into it, or by its content: the digest of what was last written to it
is kept in the cache. A file of which neither is known may be somebody's work, and is replaced only where the command
line names it.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from bibtool.errors import OutputError
from bibtool.files import real_path, write_cached
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.cli.common import App

MAX_NOTED = 1000
_NAME = "written.json"
# at the beginning of a line of the first few, in a comment of LaTeX or Typst
_MARK = lazy_pattern(rb"^\W*publication list written by bibtool\b", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 4096


def check_replaceable(app: App, path: Path) -> None:
    """Nothing; raises `OutputError` for a file that is there and was not written by `bibtool cv`."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if _MARK.search(head) or app.places.is_named(path):
        return
    if _noted(app).get(_key(path)) == _digest(path):
        return
    raise OutputError(
        "was not written by `bibtool cv`, or was changed since, so it was not replaced",
        path=str(path),
        hint=f"to replace it: -o {path}; otherwise choose another output under [cv]",
    )


def note_written(app: App, path: Path) -> None:
    """Note the content of a file that was just written; a cache that can't be written to only means a question more."""
    if not path.is_file():
        return
    noted = _noted(app)
    noted.pop(_key(path), None)
    noted[_key(path)] = _digest(path)
    latest = dict(list(noted.items())[-MAX_NOTED:])
    try:
        write_cached(app.cache_folder() / _NAME, json.dumps(latest).encode("ascii"))
    except OSError:
        return


def _noted(app: App) -> dict[str, str]:
    try:
        noted = json.loads((app.cache_folder() / _NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in noted.items()} if isinstance(noted, dict) else {}


def _key(path: Path) -> str:
    return hashlib.sha256(str(real_path(path)).encode("utf-8", "surrogatepass")).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
