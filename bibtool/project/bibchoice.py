"""Which of the .bib files of a folder `bibtool refs` writes, which it leaves alone, and where it takes entries from."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bibtool.bib.index import BibIndex, read_index
from bibtool.lazy import lazy_pattern
from bibtool.project.discover import find_works
from bibtool.project.documents import walk
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.project.discover import FoundDocument, NamedFile, Work
    from bibtool.project.scan.base import NamedBibliography

MAX_BIBS = 200
MAX_SIZE = 256 << 20
MAX_OWN = 5_000  # entries; a larger file is a collection from elsewhere, such as that of a whole conference series
NEW_NAMES = ("refs.bib", "cited.bib")
# what biblatex, biber and REVTeX write next to a document; the second group is recognised by its entry types alone
_GENERATED_NAME = lazy_pattern(r".*(?:-blx|_bibertool)\.bib", re.IGNORECASE)
_GENERATED_TYPES = frozenset({"control", "comment"})
_TYPE = lazy_pattern(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
# of the TeX distribution: documents name them, and no project has them
_DISTRIBUTED = frozenset("IEEEabrv.bib IEEEfull.bib biblatex-examples.bib xampl.bib".split())
_BIBLATEX = lazy_pattern(
    r"^[ \t]*(?:journaltitle|date)[ \t]*=|^@(?:online|thesis|report)\b", re.MULTILINE | re.IGNORECASE
)


class BibFile:
    """A .bib file of the folder, read when something is asked of it; one that can't be read has no entries."""

    def __init__(self, folder: Path, path: str) -> None:
        self.path = path
        self._file = folder / Path(path).expanduser()

    @cached_property
    def index(self) -> BibIndex:
        """The blocks of the file."""
        try:
            data = self._file.read_bytes() if self._file.stat().st_size <= MAX_SIZE else b""
        except OSError:
            data = b""
        return read_index(data, self.path)

    @property
    def is_generated(self) -> bool:
        """Whether a program writes it at each run, for itself."""
        if _GENERATED_NAME.fullmatch(PurePosixPath(self.path).name):
            return True
        types = {entry_type.lower() for entry_type in _TYPE.findall(self.index.text)}
        return "control" in types and types <= _GENERATED_TYPES

    @property
    def is_biblatex(self) -> bool:
        """Whether it has fields or types that BibTeX does not know."""
        return _BIBLATEX.search(self.index.text) is not None

    def has(self, key: str) -> bool:
        """Whether an entry has this key, or has it among its ``ids``."""
        return key in self.index.entries or key in self.index.aliases


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChange:
    """A line of a document in which another bibliography has to be named: ``add`` where it names none yet."""

    path: str
    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BibChoice:
    """What a folder holds, and what the settings are to say of it.

    ``documents`` are those of the main work, ``other_works`` documents with bibliographies of their own. ``keep``: the
    output exists and stays as its authors wrote it. ``read_only`` are further files that the documents name, ``unused``
    .bib files that nothing names and that have no entry that is missing. ``absent`` are named and do not exist,
    ``changes`` what is to be changed in documents, ``is_named`` whether they name the output.
    """

    documents: tuple[FoundDocument, ...] = ()
    other_works: tuple[FoundDocument, ...] = ()
    dialect: str = "bibtex"
    output: str = NEW_NAMES[0]
    entries: int = 0
    places: tuple[NamedBibliography, ...] = ()
    keep: bool = False
    read_only: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    changes: tuple[NameChange, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the documents name the output already."""
        return bool(self.places)


def choose(folder: Path, *, library: bool = False, split: bool = False) -> BibChoice:
    """What to do in a folder.

    The file that the documents name is the output; where it exists it is kept. Of several that exist the first with
    entries is the output, unless it is larger than `MAX_OWN`; the others are only read. Where documents name none, a
    single .bib file counts as theirs. ``library``: there is a library, which is a source then. ``split``: existing
    files become sources, and the output is a new file, which the documents have to name instead.

    Raises `InputError` for a folder with more documents than can be looked at.
    """
    paths = list(_bib_paths(folder))[:MAX_BIBS]
    bibs = {path: BibFile(folder, path) for path in paths}
    bibs = {path: bib for path, bib in bibs.items() if not bib.is_generated}
    works = find_works(folder, tuple(bibs))
    return _Chooser(folder, bibs, works, library=library, split=split).choice()


class _Chooser:
    def __init__(
        self, folder: Path, bibs: dict[str, BibFile], works: Sequence[Work], *, library: bool, split: bool
    ) -> None:
        self.folder = folder
        self.bibs = bibs
        self.library = library
        self.split = split
        self.documents = works[0].documents if works else ()
        self.named = [file for file in (works[0].bibliographies if works else ()) if self._counts(file)]
        self.elsewhere = {file.path for work in works[1:] for file in work.bibliographies}
        self.other_works = tuple(document for work in works[1:] for document in work.documents)
        self.cited = frozenset[str]().union(*(document.cited for document in self.documents))

    def _counts(self, file: NamedFile) -> bool:
        if file.exists:
            return not (file.path.lower().endswith(".bib") and self._bib(file.path).is_generated)
        return PurePosixPath(file.path).name not in _DISTRIBUTED and not _GENERATED_NAME.fullmatch(file.path)

    def _bib(self, path: str) -> BibFile:
        return self.bibs.get(path) or BibFile(self.folder, path)

    def choice(self) -> BibChoice:
        inside = [file for file in self.named if not file.path.startswith(("~", "/"))]
        named_bibs = [file for file in inside if file.path.lower().endswith(".bib")]
        existing = [file for file in named_bibs if file.exists]
        kept = None if self.split else self._own(existing)
        if kept is not None:
            others = [file for file in self.named if file is not kept]
            choice = BibChoice(
                output=kept.path, keep=True, places=kept.places, read_only=tuple(file.path for file in others)
            )
        elif named_bibs and not existing:
            choice = BibChoice(
                output=named_bibs[0].path,
                places=named_bibs[0].places,
                read_only=tuple(file.path for file in self.named if file is not named_bibs[0]),
            )
        elif self.named:
            choice = self._new_for(self.named)
        else:
            choice = self._unnamed()
        choice = replace(
            choice,
            documents=self.documents,
            other_works=self.other_works,
            entries=len(self._bib(choice.output).index.entries),
            absent=tuple(file.path for file in inside if not file.exists and file.path != choice.output),
        )
        choice = self._with_sources(choice)
        return replace(choice, dialect=self._dialect(choice))

    def _own(self, existing: Sequence[NamedFile]) -> NamedFile | None:
        """The file of the documents' authors among those that they name."""
        entries = {file.path: len(self._bib(file.path).index.entries) for file in existing}
        own = next((file for file in existing if 0 < entries[file.path] <= MAX_OWN), None)
        return own or next((file for file in existing if entries[file.path]), None) or next(iter(existing), None)

    def _new_for(self, files: Sequence[NamedFile]) -> BibChoice:
        """A new output instead of files that become sources: of another format, of elsewhere, or with ``split``."""
        output = self._new_name()
        sources = tuple(file.path for file in files if file.exists or file.path.startswith(("~", "/")))
        changes = tuple(
            NameChange(path=place.path, line=place.line, old=place.name, new=_as_written(place, file.path, output))
            for file in files
            for place in file.places
        )
        return BibChoice(output=output, sources=sources, changes=changes)

    def _unnamed(self) -> BibChoice:
        """The output of documents that name no bibliography."""
        candidates = [path for path in self.bibs if path not in self.elsewhere]
        if len(candidates) == 1 and not self.split:
            return BibChoice(output=candidates[0], keep=True)
        known = next((path for path in candidates if PurePosixPath(path).name in NEW_NAMES), None)
        if known is not None and not self.split:
            return BibChoice(output=known, keep=True)
        return BibChoice(output=self._new_name())

    def _new_name(self) -> str:
        """A file that does not exist, in the folder of the first document."""
        place = posixpath.dirname(self.documents[0].path) if self.documents else ""
        stem = PurePosixPath(self.documents[0].path).stem if self.documents else "my"
        names = [posixpath.join(place, name) for name in (*NEW_NAMES, f"{stem}-refs.bib", f"{stem}-cited.bib")]
        taken = {*self.bibs, *(file.path for file in self.named)}
        return next((name for name in names if name not in taken and not (self.folder / name).exists()), names[-1])

    def _with_sources(self, choice: BibChoice) -> BibChoice:
        """The choice with the .bib files that no document names, if cited entries are in them and nowhere else.

        Where the output is new and none of them has any, all are sources: the documents may not cite yet.
        """
        fixed = {choice.output, *choice.read_only, *choice.sources, *self.elsewhere}
        rest = [path for path in self.bibs if path not in fixed]
        here = [
            self._bib(path) for path in (choice.output, *choice.read_only, *choice.sources) if path.endswith(".bib")
        ]
        missing = {key for key in self.cited if not any(bib.has(key) for bib in here)}
        if choice.keep and any(document.cites_all for document in self.documents):
            missing = set()  # a source would be copied as a whole
        sources = [path for path in rest if any(self.bibs[path].has(key) for key in missing)]
        if not sources and not choice.keep and not choice.sources:
            sources = rest
        return replace(
            choice,
            sources=(*choice.sources, *sources, *(["library"] if self.library else [])),
            unused=tuple(path for path in rest if path not in sources),
        )

    def _dialect(self, choice: BibChoice) -> str:
        """The dialect that LaTeX's packages need, or the one in which the files are written."""
        latex = [document for document in self.documents if document.language in ("tex", "org")]
        if any("biblatex.sty" in document.packages for document in self.documents):
            return "biblatex"
        if latex:
            return "bibtex"
        files = [self._bib(path) for path in (choice.output, *choice.sources) if path.endswith(".bib")]
        return "biblatex" if any(bib.is_biblatex for bib in files) else "bibtex"


def _as_written(place: NamedBibliography, old: str, new: str) -> str:
    """The new file as the document writes names: with the same folder, and a suffix only where it writes one."""
    folder = place.name.rpartition("/")[0]
    if old.startswith(("~", "/")) or posixpath.dirname(old) != posixpath.dirname(new):
        folder = posixpath.relpath(posixpath.dirname(new) or ".", posixpath.dirname(place.path) or ".")
        folder = "" if folder == "." else folder
    name = posixpath.join(folder, PurePosixPath(new).name)
    return name if "." in PurePosixPath(place.name).name else name.removesuffix(".bib")


def _bib_paths(folder: Path) -> Iterable[str]:
    for place, names in walk(folder):
        for name in names:
            if name.lower().endswith(".bib") and (place / name).is_file():
                yield (place / name).relative_to(folder).as_posix()
