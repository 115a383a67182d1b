"""What rules know beyond one entry: all files of the call, the entries by key, inheritance, the dialect."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bibtool.check import entrytypes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.check.source import Entry, Source

Dialect = Literal["bibtex", "biblatex"]

MAX_GENERATIONS = 20  # of crossref parents; BibTeX itself allows one

_FEW = 0.25  # of the entries: below, BibLaTeX's own fields are taken for strays


class Context:
    """All files of one call. ``dialect`` is "auto" to judge each file by what it uses."""

    def __init__(self, sources: Sequence[Source], dialect: str = "auto") -> None:
        self.sources = tuple(sources)
        self._dialect = dialect
        self._dialects: dict[int, Dialect] = {}
        self._inherited: dict[int, frozenset[str] | None] = {}
        self._asked = 0

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all files, in order."""
        return tuple(entry for source in self.sources for entry in source.entries)

    @cached_property
    def by_key(self) -> Mapping[str, Entry]:
        """The first entry of each key as written; biblatex's ``ids`` count as keys."""
        found: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.key:
                found.setdefault(entry.key, entry)
        for entry in self.entries:
            for alias in entry.get("ids").split(",") if "ids" in entry else ():
                if alias.strip():
                    found.setdefault(alias.strip(), entry)
        return found

    @cached_property
    def _by_folded_key(self) -> Mapping[str, Entry]:
        found: dict[str, Entry] = {}
        for key, entry in self.by_key.items():
            found.setdefault(key.casefold(), entry)
        return found

    def find(self, key: str) -> Entry | None:
        """The entry that a reference means: as written, or but for case, as BibTeX compares."""
        return self.by_key.get(key) or self._by_folded_key.get(key.casefold())

    @cached_property
    def macros(self) -> frozenset[str]:
        """The names, in lower case, of all ``@string`` macros in any file."""
        return frozenset(
            name.lower()
            for source in self.sources
            for block in source.document.strings
            for name, _ in block.definitions
        )

    def dialect(self, entry: Entry) -> Dialect:
        """Whether an entry is to be judged as BibTeX or BibLaTeX."""
        if self._dialect == "bibtex":
            return "bibtex"
        if self._dialect == "biblatex" or entrytypes.is_biblatex(entry.type, entry.names):
            return "biblatex"
        return self.file_dialect(entry.source)

    def file_dialect(self, source: Source) -> Dialect:
        """BibLaTeX if a fair share of the entries uses its types or fields."""
        if self._dialect != "auto":
            return "biblatex" if self._dialect == "biblatex" else "bibtex"
        known = self._dialects.get(id(source))
        if known is None:
            modern = sum(entrytypes.is_biblatex(entry.type, entry.names) for entry in source.entries)
            known = "biblatex" if modern and modern >= _FEW * len(source.entries) else "bibtex"
            self._dialects[id(source)] = known
        return known

    def parents(self, entry: Entry) -> tuple[tuple[str, Entry | None], ...]:
        """The entries that this one inherits from: pairs of key and entry, None where there is none of that key."""
        found: list[tuple[str, Entry | None]] = []
        if crossref := entry.get("crossref"):
            found.append((crossref, self.find(crossref)))
        if "xdata" in entry:
            found += [(key, self.find(key)) for key in split_keys(entry.get("xdata"))]
        return tuple(found)

    def available(self, entry: Entry) -> frozenset[str] | None:
        """The names of the fields that are set in an entry or inherited; None if a parent can't be found.

        As biber inherits by default: the ``title`` of a crossref parent is the child's ``booktitle`` or
        ``journaltitle``, never its title; all else keeps its name. What BibTeX inherits is part of that.
        """
        if "crossref" not in entry and "xdata" not in entry:
            return frozenset(field.name for field in entry.fields if field.content.strip())
        return self._available(entry, 0)

    def _available(self, entry: Entry, generation: int) -> frozenset[str] | None:
        known = self._inherited.get(id(entry), _UNKNOWN)
        if not isinstance(known, str):
            return known
        names = frozenset(field.name for field in entry.fields if field.content.strip())
        self._inherited[id(entry)] = names  # what a circle that comes back here sees
        found: frozenset[str] | None = names
        crossref = entry.get("crossref")
        for key, parent in self.parents(entry):
            given = None
            if parent is not None:
                given = self._available(parent, generation + 1) if generation < MAX_GENERATIONS else frozenset()
            if given is None or found is None:
                found = None
            elif parent is not None and key == crossref:
                found |= given - {"title"}
                if "title" in given:
                    found |= _JOURNAL if parent.type == "periodical" else _BOOK
            else:
                found |= given
        self._inherited[id(entry)] = found
        return found

    def near_key(self, key: str) -> str | None:
        """A hint that names the nearest key there is; None if none is near, or too many questions were asked."""
        self._asked += 1
        if self._asked > MAX_SUGGESTIONS or len(self.by_key) > MAX_KEYS or len(key) > 200:
            return None
        from rapidfuzz.fuzz import ratio
        from rapidfuzz.process import extractOne

        near = extractOne(key, self.by_key.keys(), scorer=ratio, score_cutoff=80)
        return f"did you mean {near[0]!r}?" if near else None


MAX_SUGGESTIONS = 20
MAX_KEYS = 20_000
_UNKNOWN = "unknown"
_JOURNAL = frozenset({"journaltitle", "journal"})
_BOOK = frozenset({"booktitle", "maintitle"})


def split_keys(value: str) -> list[str]:
    """The keys of a comma-separated list."""
    return [key.strip() for key in value.split(",") if key.strip()]
