"""Where the entries of a project come from: the library, .bib files, and files in every other format that is read.

Sources are asked in the order of the settings and the first that has a key wins; where none has it, the first that has
an entry with this alias: one of its ``ids``, or a key that was merged away. Keys are compared as they are spelled. Each
source is opened only when one before it did not have what was wanted; of a .bib file only the blocks are found, and no
entry is read that nobody cites.
"""

from __future__ import annotations

import contextlib
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.bib.entrytext import fields_of
from bibtool.bib.index import BibIndex, conflict_line, read_index
from bibtool.errors import IdentifierError, InputError
from bibtool.files import read_at_most, real_path
from bibtool.lazy import lazy_pattern
from bibtool.problems import Position, Problem, Severity
from bibtool.project.scan.base import parse_identifier
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bibtool.bib.blocks import RawBlock
    from bibtool.model.record import Record
    from bibtool.project.places import Places
    from bibtool.project.scan.base import Identifier
    from bibtool.store.base import Library

LIBRARY = "library"
MAX_SOURCE = 256 * 1024 * 1024
_GLOB = lazy_pattern(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """What a source has for a key: the text of a BibTeX entry with its index, or a record.

    ``source`` is the name that the lock notes, ``key`` the key there.
    """

    source: str
    key: str
    text: str = ""
    index: BibIndex | None = None
    record: Record | None = None


def _of_record(source: str, record: Record) -> SourceEntry:
    return SourceEntry(source=source, key=record.key, record=record)


class BibSource:
    """A .bib file."""

    def __init__(self, name: str, path: Path, cache: Path | None) -> None:
        self.name = name
        self.path = path
        self.cache = cache
        self.missing = not path.is_file()

    @cached_property
    def index(self) -> BibIndex:
        """The blocks of the file; raises `InputError` if it can't be read or has merge conflict marks."""
        if self.missing:
            return BibIndex("", (), self.name, "utf-8", "\n")
        index = read_index(read_limited(self.path, self.name), self.name, self.cache, few=True)
        if (line := conflict_line(index.text)) is not None:
            raise InputError(
                "the file has merge conflict marks", path=self.name, line=line, hint="solve the conflict in an editor"
            )
        return index

    def find(self, key: str) -> SourceEntry | None:
        """The entry with this key."""
        entry = self.index.entry(key)
        return None if entry is None else self._found(entry)

    def find_alias(self, alias: str) -> SourceEntry | None:
        """The entry with this alias."""
        entry = self.index.aliases.get(alias)
        return None if entry is None else self._found(entry)

    def find_work(self, identifier: Identifier) -> list[SourceEntry]:
        """The entries with this identifier in a field that holds such a one."""
        from bisect import bisect_right

        scheme, value = identifier.folded
        matching: dict[str, RawBlock] = {}
        starts, entries = self._places
        # an ISBN may have hyphens, an underscore of a DOI a backslash, an old arXiv id a class after the archive
        word = value.rpartition("/")[2] if scheme == "arxiv" else max(value.split("_"), key=len)
        word = "isbn" if scheme == "isbn" else word.lower()
        hit = self._lower.find(word)
        while hit >= 0:
            at = bisect_right(starts, hit) - 1
            end = hit + 1
            if at >= 0 and hit < entries[at].end:
                end = entries[at].end
                if (scheme, value) in works_of_entry(self.index.slice(entries[at])):
                    matching[entries[at].key] = entries[at]
            hit = self._lower.find(word, end)
        return [self._found(entry) for entry in matching.values()]

    @cached_property
    def _places(self) -> tuple[list[int], list[RawBlock]]:
        """Where entries begin, and the entries."""
        entries = list(self.index.entries.values())
        return [entry.start for entry in entries], entries

    @cached_property
    def _lower(self) -> str:
        """The text in lower case, character by character, so that offsets are the same."""
        low = self.index.text.lower()
        return low if len(low) == len(self.index.text) else "".join(letter.lower()[:1] for letter in self.index.text)

    def _found(self, entry: RawBlock) -> SourceEntry:
        return SourceEntry(source=self.name, key=entry.key, text=self.index.slice(entry), index=self.index)

    def all_keys(self) -> Iterable[str]:
        """All keys of entries."""
        return self.index.entries.keys()

    def broken(self, key: str) -> int | None:
        """The line of a block with this key that can't be read."""
        for block in self.index.blocks:
            if block.kind == "broken" and block.key == key:
                return self.index.line_of(block.start)
        return None


class RecordSource:
    """A file in any other format, read as records; those without a key get one by the template."""

    def __init__(self, name: str, path: Path, template: str, as_of: dt.date | None) -> None:
        self.name = name
        self.path = path
        self.template = template
        self.as_of = as_of
        self.missing = not path.is_file()
        self.problems: tuple[Problem, ...] = ()

    @cached_property
    def records(self) -> dict[str, Record]:
        """Key -> record, the first of each key."""
        if self.missing:
            return {}
        from bibtool.formats.base import ReadOptions
        from bibtool.formats.registry import read_bytes
        from bibtool.model.keys import DEFAULT_TEMPLATE, assign_keys

        data = read_limited(self.path, self.name)
        result = read_bytes(data, None, ReadOptions(path=self.name, as_of=self.as_of))
        self.problems = tuple(problem for problem in result.problems if problem.severity is Severity.ERROR)
        by_key: dict[str, Record] = {}
        for record in assign_keys(list(result.records), template=self.template or DEFAULT_TEMPLATE):
            # where in the file a value is changes with every line that is added above it
            by_key.setdefault(record.key, replace(record, provenance={}))
        return by_key

    def find(self, key: str) -> SourceEntry | None:
        """The record with this key."""
        record = self.records.get(key)
        return None if record is None else _of_record(self.name, record)

    def find_alias(self, alias: str) -> SourceEntry | None:
        """The first record with this alias."""
        aliased = (record for record in self.records.values() if alias in record.aliases)
        return next((_of_record(self.name, record) for record in aliased), None)

    def find_work(self, identifier: Identifier) -> list[SourceEntry]:
        """The records of the work."""
        from bibtool.model.works.identity import identifiers

        return [
            _of_record(self.name, record)
            for record in self.records.values()
            if identifier.folded in set(identifiers(record))
        ]

    def all_keys(self) -> Iterable[str]:
        """All keys."""
        return self.records.keys()


class LibrarySource:
    """The library, opened by ``opener`` at first use; None where this machine has none."""

    name = LIBRARY

    def __init__(self, opener: Callable[[], Library | None]) -> None:
        self._opener = opener

    @cached_property
    def library(self) -> Library | None:
        """The open library."""
        return self._opener()

    @property
    def missing(self) -> bool:
        """Whether this machine has no library."""
        return self.library is None

    def find(self, key: str) -> SourceEntry | None:
        """The record with this key in exactly this spelling."""
        if self.library is None or key not in self.library:
            return None
        record = self.library.get(key)
        return _of_record(LIBRARY, record) if record.key == key else None

    def find_alias(self, alias: str) -> SourceEntry | None:
        """The record with this alias in exactly this spelling."""
        from bibtool.store.base import fold_key

        key = self._aliases.get(fold_key(alias))
        if self.library is None or key is None:
            return None
        record = self.library.get(key)
        return _of_record(LIBRARY, record) if alias in record.aliases else None

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        return {} if self.library is None else self.library.aliases()

    def find_work(self, identifier: Identifier) -> list[SourceEntry]:
        """The records of the work."""
        if self.library is None:
            return []
        scheme, value = identifier.folded
        records = self.library.find(**{scheme: value})  # type: ignore[arg-type]  # the schemes are its parameters
        return [_of_record(LIBRARY, record) for record in records]

    def all_keys(self) -> Iterable[str]:
        """All keys."""
        return () if self.library is None else self.library.keys()

    def close(self) -> None:
        """Close the library."""
        if "library" in self.__dict__ and self.library is not None:
            self.library.close()


class Sources:
    """All sources of a project in their order."""

    def __init__(self, sources: Iterable[BibSource | RecordSource | LibrarySource]) -> None:
        self.all = tuple(sources)

    def find(self, key: str) -> SourceEntry | None:
        """The entry of the first source that has the key, or of the first that has it as an alias."""
        by_key = next((entry for source in self.all if (entry := source.find(key))), None)
        return by_key or next((entry for source in self.all if (entry := source.find_alias(key))), None)

    def find_work(self, identifier: Identifier) -> list[SourceEntry]:
        """What all sources have for a work, in their order."""
        return [entry for source in self.all for entry in source.find_work(identifier)]

    def all_keys(self) -> list[str]:
        """All keys, in the order of the sources, without repetition."""
        return list(dict.fromkeys(key for source in self.all for key in source.all_keys()))

    def file_keys(self) -> list[str]:
        r"""The keys of all sources but the library: what ``\nocite{*}`` asks for."""
        files = [source for source in self.all if not isinstance(source, LibrarySource)]
        return list(dict.fromkeys(key for source in files for key in source.all_keys()))

    @cached_property
    def present(self) -> frozenset[str]:
        """The names of the sources that are on this machine."""
        return frozenset(source.name for source in self.all if not source.missing)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the sources that are not on this machine."""
        return tuple(source.name for source in self.all if source.missing)

    def broken(self, key: str) -> Problem | None:
        """The entry with this key that a source has and that can't be read."""
        for source in self.all:
            if isinstance(source, BibSource) and (line := source.broken(key)) is not None:
                return Problem(
                    code="broken-entry",
                    message=f"the entry {key!r} can't be read",
                    position=Position(source.name, line, 1),
                    key=key,
                    hint=f"`bibtool check {source.name}` says what is wrong",
                )
        return None

    def problems(self) -> Iterator[Problem]:
        """What could not be read in the files that were opened."""
        for source in self.all:
            if isinstance(source, RecordSource):
                yield from source.problems

    def close(self) -> None:
        """Close everything."""
        for source in self.all:
            if isinstance(source, LibrarySource):
                source.close()


def make_sources(
    names: Iterable[str],
    places: Places,
    setting: str,
    *,
    opener: Callable[[], Library | None],
    output: Path,
    cache: Path | None = None,
    template: str = "",
    as_of: dt.date | None = None,
) -> Sources:
    """The sources of these names; patterns give all files that match, in order of name.

    Raises `OutsideError` for one that ``places`` does not allow; ``setting`` is the setting that names them. The output
    is left out: what is in it counts anyway, after all sources and the lock.
    """
    made: list[BibSource | RecordSource | LibrarySource] = []
    seen: set[Path] = set()
    for name in names:
        if name == LIBRARY:
            made.append(LibrarySource(opener))
            continue
        for shown, path in places.files(name, setting):
            real = real_path(path)
            if real == real_path(output) or real in seen:
                continue
            seen.add(real)
            if path.suffix.lower() == ".bib":
                made.append(BibSource(shown, path, cache))
            else:
                made.append(RecordSource(shown, path, template, as_of))
    return Sources(made)


def files_of(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files that a name or pattern of the settings means, each as the lock calls it and as a path."""
    if not _GLOB.search(name):
        yield name, folder / Path(name).expanduser()
        return
    path = Path(name).expanduser()
    base, pattern = (Path(path.anchor), str(path.relative_to(path.anchor))) if path.is_absolute() else (folder, name)
    for match in sorted(base.glob(pattern)):
        if match.is_file():
            yield (match if path.is_absolute() else match.relative_to(folder)).as_posix(), match


def read_limited(path: Path, name: str) -> bytes:
    """The bytes of a file; raises `InputError`."""
    try:
        if not path.is_file() and path.exists():  # a pipe would be waited for, a device has no end
            raise InputError("this is not a regular file", path=name or ".")
        with path.open("rb") as stream:
            data = read_at_most(stream, MAX_SOURCE + 1)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=name) from error
    if len(data) > MAX_SOURCE:
        raise InputError(f"the file is larger than {MAX_SOURCE >> 20} MiB", path=name)
    return data


_ARXIV_WORD = lazy_pattern(r"arxiv", re.IGNORECASE)


def works_of_entry(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of scheme and folded value by which the work of an entry is known, as its fields say; sorted."""
    fields = fields_of(text)
    works: set[tuple[str, str]] = set()
    eprint, kind = fields.get("eprint", ""), fields.get("archiveprefix", "") or fields.get("eprinttype", "")
    if eprint and (not kind or _ARXIV_WORD.search(kind)):
        _add_identifier(works, "arxiv", eprint)
    if doi := fields.get("doi", ""):
        _add_identifier(works, "doi", doi)
    for name in ("url", "journal", "note", "howpublished"):
        value = fields.get(name, "")
        if "arxiv" in value.lower() and (named := re.search(r"(?i)arxiv(?:\.org/(?:abs|pdf)/|:)\s*([\w./-]+)", value)):
            _add_identifier(works, "arxiv", named[1].rstrip("."))
        elif name == "url" and "doi.org/" in value.lower():
            _add_identifier(works, "doi", value)
    # the ISBN of a chapter or a talk is that of the whole volume
    for scheme in ("pmid", "pmcid", *(["isbn"] if text[:5].lower() == "@book" else [])):
        if value := fields.get(scheme, ""):
            _add_identifier(works, scheme, value)
    if kind.lower() == "pubmed" and eprint:
        _add_identifier(works, "pmid", eprint)
    return tuple(sorted(works))


def _add_identifier(works: set[tuple[str, str]], scheme: str, text: str) -> None:
    with contextlib.suppress(IdentifierError):
        works.add(parse_identifier(scheme, text.strip().strip("{}")).folded)
