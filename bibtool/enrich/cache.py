"""arXiv's answers on disk, with their date: one JSON file for each request, and one for each paper seen.

Papers are kept by number too, so that an id that a search has found needs no second request. Files are written
atomically; one that can't be read is as good as none and is replaced by the next answer. Nothing in here ever fails a
run: a cache that can't be written only costs requests (``broken`` says why).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bibtool.enrich.atom import AtomAuthor, AtomEntry, Feed
from bibtool.files import write_cached
from bibtool.model.identifiers import ArxivId
from bibtool.structs import dataclass, fields

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
MAX_FILES = 20_000
MAX_FILE_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Cached:
    """An answer and when it came (seconds since the epoch)."""

    feed: Feed
    when: float


@dataclass(slots=True)
class Cache:
    """A folder of answers; ``folder`` None keeps nothing."""

    folder: Path | None
    broken: str = ""
    _puts: int = 0

    def get(self, request: str) -> Cached | None:
        """The answer to exactly this request, or None."""
        data = self._read("requests", request)
        if data is None or data.get("request") != request:
            return None
        try:
            entries = tuple(_decode(item) for item in data["entries"])
            total = None if data["total"] is None else int(data["total"])
            feed = Feed(entries=entries, total=total, start=int(data["start"]), received=int(data["received"]))
            return Cached(feed, float(data["when"]))
        except (KeyError, TypeError, ValueError):
            return None

    def put(self, request: str, feed: Feed, when: float) -> None:
        """Keeps the answer and its papers."""
        entries = [_encode(entry) for entry in feed.entries]
        self._write(
            "requests",
            request,
            {
                "request": request,
                "when": when,
                "total": feed.total,
                "start": feed.start,
                "received": feed.received,
                "entries": entries,
            },
        )
        for entry, data in zip(feed.entries, entries, strict=True):
            # an answer for an explicit version may be an older one; only the newest is "the" paper
            self._write("papers", entry.id.number, {"when": when, "entry": data})
        self._puts += 1
        if self._puts % 100 == 1:
            self._prune()

    def paper(self, number: str) -> Cached | None:
        """The paper of that number as a feed of one entry, whatever request brought it; or None."""
        data = self._read("papers", number)
        if data is None:
            return None
        try:
            entry = _decode(data["entry"])
            when = float(data["when"])
        except (KeyError, TypeError, ValueError):
            return None
        if entry.id.number != number:
            return None
        return Cached(Feed(entries=(entry,), total=1, received=1), when)

    def _path(self, kind: str, name: str) -> Path | None:
        if self.folder is None:
            return None
        digest = hashlib.sha256(name.encode()).hexdigest()[:32]
        return self.folder / kind / digest[:2] / f"{digest}.json"

    def _read(self, kind: str, name: str) -> dict[str, Any] | None:
        path = self._path(kind, name)
        if path is None:
            return None
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                return None
            data = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return data if isinstance(data, dict) and data.get("format") == FORMAT else None

    def _write(self, kind: str, name: str, data: dict[str, Any]) -> None:
        path = self._path(kind, name)
        if path is None or self.broken:
            return
        try:
            write_cached(path, json.dumps({"format": FORMAT, **data}, ensure_ascii=False).encode())
        except OSError as error:
            self.broken = f"answers can't be cached: {error.strerror or error}"

    def _prune(self) -> None:
        """Drops the oldest files beyond the limit."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            files = [path for kind in ("requests", "papers") for path in (self.folder / kind).glob("*/*")]
            if len(files) <= MAX_FILES:
                return
            dated = sorted((path.stat().st_mtime, path) for path in files)
            for _, path in dated[: len(dated) - MAX_FILES * 3 // 4]:
                path.unlink(missing_ok=True)


_TEXTS = tuple(
    f.name for f in fields(AtomEntry) if f.name not in {"id", "authors", "categories", "dois"}
)  # the fields that are plain strings


def _encode(entry: AtomEntry) -> dict[str, Any]:
    data = asdict(entry)
    data["id"] = [entry.id.number, entry.id.version]
    data["authors"] = [[author.name, list(author.affiliations)] for author in entry.authors]
    return data


def _decode(data: Any) -> AtomEntry:
    """Raises ValueError, KeyError or TypeError for anything but `_encode`'s data."""
    number, version = data["id"]
    if not isinstance(number, str) or not (version is None or isinstance(version, int)):
        raise TypeError("no id")
    texts = {name: data[name] for name in _TEXTS}
    categories, dois = tuple(data["categories"]), tuple(data["dois"])
    strings = [*texts.values(), *categories, *dois]
    authors = tuple(AtomAuthor(name, tuple(places)) for name, places in data["authors"])
    strings += [text for author in authors for text in (author.name, *author.affiliations)]
    if not all(isinstance(text, str) for text in strings):
        raise TypeError("not text")
    return AtomEntry(id=ArxivId(number, version), authors=authors, categories=categories, dois=dois, **texts)
