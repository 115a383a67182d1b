"""Answers of sources on disk, one file for each identifier, with its date; "there is none" is an answer too.

What could not be asked is never kept. A file that can't be read is as good as none, and a folder that can't be written
only costs requests.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import TYPE_CHECKING

from bibtool.files import write_cached
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
MAX_FILE_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of an answer for one identifier, b"" where the source has none, and when it came (since the epoch)."""

    part: bytes
    when: float


@dataclass(frozen=True, slots=True)
class Answers:
    """The kept answers of one source; ``folder`` None keeps nothing."""

    folder: Path | None

    def get(self, identifier: str) -> Kept | None:
        """The answer for an identifier, in any case of its letters, or None."""
        path = self._path(identifier)
        if path is None:
            return None
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                return None
            data = json.loads(path.read_bytes())
            if data["format"] != FORMAT or data["id"] != identifier.casefold():
                return None
            return Kept(str(data["part"]).encode(), float(data["when"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, identifier: str, part: bytes, when: float) -> None:
        """Keep an answer; b"" says that the source has none."""
        path = self._path(identifier)
        if path is None:
            return
        try:
            text = part.decode()
        except UnicodeDecodeError:  # as a service must not write it; asked again next time
            return
        data = {"format": FORMAT, "id": identifier.casefold(), "when": when, "part": text}
        with contextlib.suppress(OSError):
            write_cached(path, json.dumps(data, ensure_ascii=False).encode())

    def _path(self, identifier: str) -> Path | None:
        if self.folder is None:
            return None
        digest = hashlib.sha256(identifier.casefold().encode()).hexdigest()[:32]
        return self.folder / digest[:2] / f"{digest}.json"
