"""What rules know beyond one entry: all files, entries by key, inheritance, the dialect, suppressing comments."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from bibtool.check import entrytypes
from bibtool.check.suppress import Suppressions
from bibtool.suggest import did_you_mean, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.check.selectors import Selectors
    from bibtool.check.source import CheckedEntry, CheckedFile

Dialect = Literal["bibtex", "biblatex"]

MAX_GENERATIONS = 20  # of crossref parents; BibTeX itself allows one
MAX_SUGGESTIONS = 20  # of near keys in one call, as looking for them takes a while
MAX_KEYS = 20_000
MAX_SLIP = 2  # letters in one place that a key may differ by from the one that was meant

_FEW = 0.25  # of the entries; if fewer use fields of BibLaTeX, the file is judged as BibTeX


class Context:
    """All files of one call, and the codes of the rules that are on.

    ``dialect`` is "auto" to judge each file by what it uses.
    """

    def __init__(
        self, files: Sequence[CheckedFile], selectors: Selectors, codes: frozenset[str], dialect: str = "auto"
    ) -> None:
        self.files = tuple(files)
        self.selectors = selectors
        self.codes = codes
        self.suppressions = {file: Suppressions(file, selectors) for file in self.files}
        self.shared: dict[type, Any] = {}  # what several rules need, made by the first of them
        self.chosen_dialect = dialect  # auto, bibtex or biblatex
        self._dialects: dict[CheckedFile, Dialect] = {}
        self._inherited: dict[CheckedEntry, frozenset[str] | None] = {}
        self._asked = 0

    @cached_property
    def entries(self) -> tuple[CheckedEntry, ...]:
        """The entries of all files, in order."""
        return tuple(entry for file in self.files for entry in file.entries)

    @cached_property
    def by_key(self) -> Mapping[str, CheckedEntry]:
        """The first entry of each key as written; biblatex's ``ids`` count as keys."""
        by_key: dict[str, CheckedEntry] = {}
        for entry in self.entries:
            if entry.key:
                by_key.setdefault(entry.key, entry)
        for entry in self.entries:
            for alias in split_keys(entry.get("ids")):
                by_key.setdefault(alias, entry)
        return by_key

    @cached_property
    def _by_folded_key(self) -> Mapping[str, CheckedEntry]:
        by_folded_key: dict[str, CheckedEntry] = {}
        for key, entry in self.by_key.items():
            by_folded_key.setdefault(key.casefold(), entry)
        return by_folded_key

    @cached_property
    def parent_keys(self) -> frozenset[str]:
        """The keys that a ``crossref`` of any entry names, with case ignored."""
        return frozenset(entry.get("crossref").strip().casefold() for entry in self.entries if "crossref" in entry)

    @cached_property
    def related_keys(self) -> frozenset[str]:
        """The keys that a ``related`` of any entry names."""
        return frozenset(
            key for entry in self.entries if "related" in entry for key in split_keys(entry.get("related"))
        )

    def find(self, key: str) -> CheckedEntry | None:
        """The entry that a reference means: the key as written, or with case ignored, as BibTeX compares keys."""
        return self.by_key.get(key) or self._by_folded_key.get(key.casefold())

    @cached_property
    def macros(self) -> frozenset[str]:
        """The names, in lower case, of all ``@string`` macros in any file."""
        return frozenset(
            name.lower() for file in self.files for block in file.document.strings for name, _ in block.definitions
        )

    def dialect(self, entry: CheckedEntry) -> Dialect:
        """Whether an entry is to be judged as BibTeX or BibLaTeX."""
        if self.chosen_dialect == "bibtex":
            return "bibtex"
        if self.chosen_dialect == "biblatex" or entrytypes.is_biblatex(entry.type, entry.names):
            return "biblatex"
        return self.file_dialect(entry.file)

    def file_dialect(self, file: CheckedFile) -> Dialect:
        """BibLaTeX if a fair share of the entries uses its types or fields."""
        if self.chosen_dialect != "auto":
            return "biblatex" if self.chosen_dialect == "biblatex" else "bibtex"
        if file not in self._dialects:
            modern = sum(entrytypes.is_biblatex(entry.type, entry.names) for entry in file.entries)
            self._dialects[file] = "biblatex" if modern and modern >= _FEW * len(file.entries) else "bibtex"
        return self._dialects[file]

    def parents(self, entry: CheckedEntry) -> tuple[tuple[str, CheckedEntry | None], ...]:
        """The entries that this one inherits from: pairs of key and entry, None where there is none of that key."""
        keys = [crossref] if (crossref := entry.get("crossref")) else []
        if "xdata" in entry:
            keys += split_keys(entry.get("xdata"))
        return tuple((key, self.find(key)) for key in keys)

    def available(self, entry: CheckedEntry) -> frozenset[str] | None:
        """The names of the fields that are set in an entry or inherited; None if a parent is missing.

        The ``title`` of a crossref parent never counts as the child's title. To biber it is the child's ``booktitle``
        or ``journaltitle``; BibTeX inherits by equal names only. All else keeps its name.
        """
        if "crossref" not in entry and "xdata" not in entry:
            return frozenset(field.name for field in entry.fields if field.content.strip())
        return self._available(entry, 0)

    def _available(self, entry: CheckedEntry, generation: int) -> frozenset[str] | None:
        if entry in self._inherited:
            return self._inherited[entry]
        names = frozenset(field.name for field in entry.fields if field.content.strip())
        self._inherited[entry] = names  # what a circle that comes back here sees
        available: frozenset[str] | None = names
        crossref = entry.get("crossref")
        for key, parent in self.parents(entry):
            inherited = None
            if parent is not None:
                inherited = self._available(parent, generation + 1) if generation < MAX_GENERATIONS else frozenset()
            if inherited is None or available is None:
                available = None
            elif parent is not None and key == crossref:
                available |= inherited - {"title"}
                if "title" in inherited and self.dialect(entry) == "biblatex":
                    available |= _JOURNAL if parent.type == "periodical" else _BOOK
            else:
                available |= inherited
        self._inherited[entry] = available
        return available

    def near_key(self, key: str) -> str | None:
        """A hint that names the nearest key there is; None if none is near, or too many questions were asked."""
        self._asked += 1
        if self._asked > MAX_SUGGESTIONS or len(self.by_key) > MAX_KEYS or len(key) > 200:
            return None
        folded = tuple(self._spelled)
        near = [self._spelled[folded[at]] for at, _ in ranked(key.casefold(), folded, most=1, cutoff=0.8)]
        return did_you_mean(near) if near and _is_slip(key, near[0]) else None

    @cached_property
    def _spelled(self) -> Mapping[str, str]:
        """Every key by its folded form, from the last in the alphabet: of equally near keys, that one is offered."""
        return dict(sorted(((key.casefold(), key) for key in self.by_key), reverse=True))


_JOURNAL = frozenset({"journaltitle", "journal"})
_BOOK = frozenset({"booktitle", "maintitle"})


def _is_slip(key: str, other: str) -> bool:
    """Whether two keys differ by two letters in one place at most, as ``smiht`` and ``smith`` do."""
    first, second = key.casefold(), other.casefold()
    shorter = min(len(first), len(second))
    begin = next((at for at in range(shorter) if first[at] != second[at]), shorter)
    end = next((at for at in range(shorter - begin) if first[-1 - at] != second[-1 - at]), shorter - begin)
    return max(len(first), len(second)) - begin - end <= MAX_SLIP


def split_keys(value: str) -> list[str]:
    """The keys of a comma-separated list."""
    return [key.strip() for key in value.split(",") if key.strip()]
