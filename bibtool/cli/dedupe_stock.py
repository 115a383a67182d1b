"""Where ``bibtool dedupe`` finds its records and writes the merged ones: the library, or .bib files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bibtool.errors import UsageError
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.files import Original
    from bibtool.formats.bibtex.dedupe import Source
    from bibtool.model.record import Record
    from bibtool.model.works.combine import Difference
    from bibtool.problems import Problem


@dataclass(slots=True)
class Outcome:
    """What a merge gives: old key -> new key, and what was not taken over."""

    replaced: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


class Stock(Protocol):
    """Where the records are: a library, or files."""

    records: Sequence[Record]

    def changing(self) -> list[tuple[Original, bytes]]:
        """The files that `write` will replace, as they were read, and their new bytes; none for a library."""
        ...

    def place(self, index: int) -> tuple[str, int | None]:
        """Path and line of a record; "" and None in a library."""
        ...

    def merge(self, works: Sequence[tuple[tuple[int, ...], str]]) -> Outcome:
        """Prepare the merge of these records under these keys; nothing is written."""
        ...

    def write(self, app: App) -> None:
        """Write down what `merge` prepared."""
        ...


def open_stock(app: App, files: Sequence[str], *, ids: bool) -> tuple[Stock, tuple[Problem, ...]]:
    """The records of the .bib files, or of the library where none is named, and the problems found in them.

    ``ids`` says whether the old keys stay in the field ``ids`` of an entry. Raises `UsageError` for standard input and
    for a file in another format.
    """
    if not files:
        with app.open_library() as library:
            return _LibraryStock(list(library.records())), ()
    from bibtool.files import read_for_rewrite, real_path
    from bibtool.formats.bibtex.dedupe import Source

    originals: list[Original] = []
    sources: list[Source] = []
    paths: dict[Path, str] = {}
    for path in files:
        if path == "-":
            raise UsageError("duplicates are merged in files", hint="name a .bib file")
        real = real_path(Path(path))
        if real in paths:
            continue  # the same file again: its entries are not duplicates of themselves
        paths[real] = path
        original = read_for_rewrite(path)
        originals.append(original)
        data = original.data
        if Path(path).suffix.lower() != ".bib" and data.strip():
            from bibtool.formats.registry import guess_format

            if (guessed := guess_format(data, path)).name != "bibtex":
                raise UsageError(
                    f"{path} is {guessed.title}, and only BibTeX files can be changed in place",
                    hint=f"`bibtool import {path}`, then `bibtool dedupe`",
                )
        sources.append(Source.from_bytes(data, app.read_options(path)))
    stock = _FileStock(sources, list(paths.values()), originals, ids=ids)
    return stock, tuple(problem for source in sources for problem in source.problems)


class _LibraryStock:
    """The records of the library."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self._removed: list[str] = []
        self._merged: list[Record] = []

    def place(self, index: int) -> tuple[str, int | None]:
        del index
        return "", None

    def changing(self) -> list[tuple[Original, bytes]]:
        return []

    def merge(self, works: Sequence[tuple[tuple[int, ...], str]]) -> Outcome:
        from bibtool.model.works.combine import combine

        outcome = Outcome()
        for members, key in works:
            combined = combine([self.records[at] for at in members], key)
            outcome.replaced |= combined.replaced
            outcome.differences += combined.differences
            self._merged.append(combined.record)
            self._removed += [self.records[at].key for at in members]
        return outcome

    def write(self, app: App) -> None:
        """One change of the library; refused where another process changed one of the records meanwhile."""
        if not self._merged:
            return
        before = {record.key: record for record in self.records}
        names = [record.key for record in self._merged]
        what = "dedupe " + ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        with app.open_library() as library, library.change(what) as change:
            for key in self._removed:
                if change.remove(key) != before[key]:
                    raise UsageError(f"the record {key!r} was changed meanwhile", hint="look at the duplicates again")
            for record in self._merged:
                change.put(record)


class _FileStock:
    """The entries of .bib files."""

    def __init__(
        self, sources: Sequence[Source], paths: Sequence[str], originals: Sequence[Original], *, ids: bool
    ) -> None:
        self._sources = sources
        self._paths = paths
        self._originals = originals
        self._ids = ids
        self._where = [(file, at) for file, source in enumerate(sources) for at in range(len(source.records))]
        self.records: Sequence[Record] = [sources[file].records[at] for file, at in self._where]
        self._data: dict[int, bytes] = {}  # new content of the files that change, by their place in `paths`

    def place(self, index: int) -> tuple[str, int | None]:
        file, at = self._where[index]
        return self._paths[file], self._sources[file].entries[at].line

    def merge(self, works: Sequence[tuple[tuple[int, ...], str]]) -> Outcome:
        from bibtool.formats.bibtex.dedupe import Plan, merge_entries

        plans = [Plan(tuple(self._where[at] for at in members), key) for members, key in works]
        merged = merge_entries(self._sources, plans, ids=self._ids)
        for file, (source, document) in enumerate(zip(self._sources, merged.documents, strict=True)):
            if document is not source.document:
                self._data[file] = document.to_bytes()
        return Outcome(dict(merged.replaced), list(merged.differences))

    def write(self, app: App) -> None:
        from bibtool.files import rewrite

        for file, data in self._data.items():
            rewrite(self._originals[file], data)
            app.say(f"wrote {self._paths[file]}")

    def changing(self) -> list[tuple[Original, bytes]]:
        return [(self._originals[file], data) for file, data in self._data.items()]
