r"""The documents of a folder and the bibliographies that they name, found without any settings.

A LaTeX document is a file that no other file includes and that has a ``\begin{document}``, itself or in a file that it
includes. Other documents are those that name a bibliography, those of a book whose project file names one, and if
nothing names any, those that cite. Files that were converted from another document are left out.
"""

from __future__ import annotations

import posixpath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.lazy import lazy_pattern
from bibtool.project.documents import Reader, search, walk
from bibtool.project.projectfiles import ProjectFile, is_project_file, read_project_file
from bibtool.project.scan.base import Kind, NamedBibliography, Scan
from bibtool.project.scan.doctypes import type_of
from bibtool.project.scan.follow import ScannedFile, scan_tree
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

MAX_PROJECT_FILES = 2_000
_LATEX_DOCUMENTS = frozenset({".tex", ".ltx", ".rnw", ".snw"})
_WOVEN_FROM = (".rnw", ".snw")
_CONVERTED_FROM = (".rmd", ".qmd", ".md", ".org")
_SOURCES = (*_WOVEN_FROM, *_CONVERTED_FROM)
# what pandoc and Org write at the beginning of the LaTeX that they make
_CONVERTED = lazy_pattern(
    rb"\A% Created \d{4}-\d\d-\d\d \S+ \d\d:\d\d\r?\n|[Oo]ptions for packages loaded elsewhere|"
    rb"pdfcreator=\{(?:LaTeX via pandoc|Emacs)"
)
_CONVERTED_HEAD = 16_384  # bytes
_PART_CLASSES = frozenset({"subfiles.cls", "standalone.cls"})
_SUFFIXES = frozenset(".bib .bibtex .biblatex .json .yaml .yml .ris .xml .enl .nbib".split())
_NO_FILE = lazy_pattern(r"[$`{}()<>|]|://|\Ahttps?:|!")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document: its path relative to the folder, the files that it includes, and what it names, loads and cites."""

    path: str
    parts: tuple[str, ...] = ()
    named: tuple[NamedBibliography, ...] = ()
    packages: frozenset[str] = frozenset()
    cited: frozenset[str] = frozenset()
    cites_all: bool = False

    @property
    def language(self) -> str:
        """The name of its type, such as "tex"."""
        kind = type_of(self.path)
        return kind.name if kind else ""

    @property
    def rank(self) -> tuple[int, int, str]:
        """For sorting: those in the upper folders first, ``index`` before others."""
        return self.path.count("/"), PurePosixPath(self.path).stem.lower() != "index", self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A bibliography file that documents name: its path, whether it exists, and the places where it is named."""

    path: str
    exists: bool
    places: tuple[NamedBibliography, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Documents that share bibliographies, and the bibliographies in the order in which they are named."""

    documents: tuple[FoundDocument, ...]
    bibliographies: tuple[NamedFile, ...]


def find_works(folder: Path, bibs: Sequence[str]) -> list[Work]:
    """The works in a folder, the main one first; empty if there is no document. ``bibs`` are the .bib files in it.

    A file that can't be read counts as empty. Raises `InputError` for more documents than can be looked at.
    """
    documents = _Finder(folder).documents()
    resolver = _Resolver(folder, bibs)
    named = {document.path: resolver.files(document) for document in documents}
    groups: list[tuple[set[str], list[FoundDocument]]] = []
    nameless = [document for document in documents if not named[document.path]]
    for document in documents:
        paths = {path for path, _ in named[document.path]}
        if not paths:
            continue
        same = [group for group in groups if group[0] & paths]
        groups = [group for group in groups if not group[0] & paths]
        groups.append((paths.union(*(g[0] for g in same)), [*(d for g in same for d in g[1]), document]))
    if not groups:
        return [_work(nameless, named, folder)] if nameless else []
    works = [_work(documents, named, folder) for _, documents in groups]
    return sorted(works, key=_importance)


def _work(
    documents: Iterable[FoundDocument], named: Mapping[str, list[tuple[str, NamedBibliography]]], folder: Path
) -> Work:
    ordered = sorted(documents, key=lambda document: document.rank)
    places: dict[str, list[NamedBibliography]] = {}
    for document in ordered:
        for path, place in named[document.path]:
            if place not in places.setdefault(path, []):
                places[path].append(place)
    return Work(
        documents=tuple(ordered),
        bibliographies=tuple(
            NamedFile(path=path, exists=is_file(folder / path), places=tuple(where)) for path, where in places.items()
        ),
    )


def _importance(work: Work) -> tuple[int, int, str]:
    cited = frozenset[str]().union(*(document.cited for document in work.documents))
    return min(document.path.count("/") for document in work.documents), -len(cited), work.documents[0].path


@dataclass(slots=True)
class _Finder:
    """Scans a folder once and finds out which of its files are documents."""

    folder: Path
    templates: set[str] = field(default_factory=set)
    converted: set[str] = field(default_factory=set)
    files: dict[str, ScannedFile] = field(default_factory=dict)
    local: dict[str, list[Scan]] = field(default_factory=dict)  # classes and packages of the project
    project_files: list[ProjectFile] = field(default_factory=list)

    def documents(self) -> list[FoundDocument]:
        names = list(search(self.folder))
        candidates = [name for name in names if PurePosixPath(name).suffix.lower() not in (".sty", ".cls")]
        read = _Reading(self, Reader(self.folder))
        self.files = scan_tree(sorted(candidates, key=lambda name: _order(name, read(name) or b"")), read)
        self.project_files = list(_project_files(self.folder))
        known = {name.lower() for name in names}
        woven = set()
        for name in candidates:
            path = PurePosixPath(name)
            if path.suffix.lower() == ".tex":
                siblings = {suffix: path.with_suffix(suffix).as_posix().lower() in known for suffix in _SOURCES}
                if any(siblings[suffix] for suffix in _CONVERTED_FROM):
                    self.converted.add(name)
                if any(siblings[suffix] for suffix in _WOVEN_FROM):
                    woven.add(name)
        taken_in = {part for file in self.files.values() for part in file.includes}
        roots = [
            self._document(name)
            for name in candidates
            if name not in taken_in and name not in self.templates and name in self.files
        ]
        latex = [root for root in roots if PurePosixPath(root.path).suffix.lower() in _LATEX_DOCUMENTS]
        others = self._in_books([root for root in roots if root not in latex])
        naming = [root for root in others if root.named]
        latex = self._latex(latex, leave_out=woven | self.converted if naming else woven)
        if naming or any(document.named for document in latex):
            return sorted([*(d for d in latex if d.named), *naming], key=lambda document: document.rank)
        citing = [d for d in (*latex, *others) if d.cited or d.cites_all]
        if latex and not any(d.cited or d.cites_all for d in latex):
            citing = []  # a paper that has just been started, next to notes that mention @people
        return sorted(citing or latex or others, key=lambda document: document.rank)

    def _latex(self, roots: list[FoundDocument], leave_out: Container[str]) -> list[FoundDocument]:
        roots = [root for root in roots if root.path not in leave_out]
        begun = [root for root in roots if self._begins(root)]
        roots = begun or [root for root in roots if any(p.endswith(".cls") for p in root.packages)] or roots
        speaking = [root for root in roots if root.named or root.cited or root.cites_all]
        return speaking or begun

    def _begins(self, root: FoundDocument) -> bool:
        return any(self.files[path].scan.begins_document for path in (root.path, *root.parts) if path in self.files)

    def _document(self, name: str) -> FoundDocument:
        """The document with the files that it includes, and the classes and packages next to it."""
        parts: dict[str, None] = {name: None}
        packages: dict[str, None] = {}
        scans = []
        for path in parts_of(name, self.files):
            parts[path] = None
            scans.append(self.files[path].scan)
        own = posixpath.dirname(name)
        waiting = [package for scan in scans for package in scan.packages]
        while waiting:
            package = waiting.pop(0)
            if package in packages:
                continue
            packages[package] = None
            path = posixpath.normpath(posixpath.join(own, package))
            if path not in parts and is_file(self.folder / path):
                if path not in self.local:
                    local_files = scan_tree([path], Reader(self.folder))
                    self.local[path] = [file.scan for file in local_files.values()]
                parts[path] = None
                scans += self.local[path]
                waiting += [loaded for scan in self.local[path] for loaded in scan.packages]
        labels = frozenset[str]().union(*(scan.labels for scan in scans))
        sets = frozenset[str]().union(*(scan.sets for scan in scans))
        citations = [citation for scan in scans for citation in scan.citations if citation.key not in sets]
        citations += [reference for scan in scans for reference in scan.references if reference.key not in labels]
        return FoundDocument(
            path=name,
            parts=tuple(part for part in parts if part != name),
            named=tuple(dict.fromkeys(place for scan in scans for place in scan.bibliographies)),
            packages=frozenset(packages),
            cited=frozenset(citation.key for citation in citations if citation.kind is not Kind.ALL),
            cites_all=any(citation.kind is Kind.ALL for citation in citations),
        )

    def _in_books(self, roots: list[FoundDocument]) -> list[FoundDocument]:
        """The documents, each also with what the project files above it name; of a book, with what its index names."""
        from bibtool.structs import replace

        more: dict[str, list[NamedBibliography]] = {root.path: [] for root in roots}
        books = [file for file in self.project_files if file.is_book]
        indexes = [root for root in roots if PurePosixPath(root.path).stem.lower() == "index" and root.named]
        for index in indexes:
            path = PurePosixPath(index.path)
            if not any(book.is_about(index.path) for book in books) and path.suffix.lower() in (".rmd", ".qmd"):
                books.append(ProjectFile(path=index.path, suffixes=(path.suffix.lower(),), is_book=True, below=False))
        for file in (*self.project_files, *(book for book in books if book not in self.project_files)):
            inside = [root for root in roots if file.is_about(root.path)]
            named = list(file.named)
            if file.is_book:
                named += [place for index in indexes if index in inside for place in index.named]
            for root in inside:
                more[root.path] += named
        parts = {
            root.path
            for root in roots
            for book in books
            if PurePosixPath(root.path).is_relative_to(book.folder or ".") and not book.is_about(root.path)
        }
        return [
            replace(root, named=tuple(dict.fromkeys((*root.named, *more[root.path]))))
            for root in roots
            if root.path not in parts or (root.named and not root.path.rpartition("/")[2].startswith("_"))
        ]


def parts_of(name: str, files: Mapping[str, ScannedFile]) -> list[str]:
    """The file and all files that it includes, directly or not, each once."""
    seen: dict[str, None] = {}
    waiting = [name]
    while waiting:
        path = waiting.pop()
        if path not in seen and path in files:
            seen[path] = None
            waiting += reversed(files[path].includes)
    return list(seen)


class _Reading:
    """Reads files for scanning, and notes templates and converted files; None for a file that can't be read."""

    def __init__(self, finder: _Finder, read: Reader) -> None:
        self.finder = finder
        self.read = read

    def __call__(self, name: str) -> bytes | None:
        if not is_file(self.finder.folder / name):
            return None
        try:
            data = self.read(name)
        except InputError:
            return None
        if data is not None:
            if b"$body$" in data:
                self.finder.templates.add(name)  # of pandoc, with variables instead of text
            if _CONVERTED.search(data[:_CONVERTED_HEAD]):
                self.finder.converted.add(name)
        return data


def is_file(path: Path) -> bool:
    """Whether there is such a file; False for a name that the system refuses."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _order(name: str, data: bytes) -> tuple[bool, bool, int, str]:
    """For sorting: documents before their parts, since that decides what names in the parts are relative to."""
    is_part = any(b"{" + name.removesuffix(".cls").encode() + b"}" in data for name in _PART_CLASSES)
    return b"\\begin{document}" not in data, is_part, name.count("/"), name


def _project_files(folder: Path) -> Iterable[ProjectFile]:
    looked = 0
    for place, names in walk(folder):
        for name in names:
            if is_project_file(name) and looked < MAX_PROJECT_FILES:
                looked += 1
                path = (place / name).relative_to(folder).as_posix()
                try:
                    file = read_project_file(path, (place / name).read_bytes())
                except OSError:
                    continue
                if file is not None:
                    yield file


class _Resolver:
    """Finds the files that documents name."""

    def __init__(self, folder: Path, bibs: Sequence[str]) -> None:
        self.folder = folder
        self.bibs = bibs

    def files(self, document: FoundDocument) -> list[tuple[str, NamedBibliography]]:
        """Paths relative to the folder, or absolute, each with where it is named; none for addresses and variables."""
        return [(path, place) for place in document.named for path in self._paths(document, place)]

    def _paths(self, document: FoundDocument, place: NamedBibliography) -> list[str]:
        name = place.name.replace("\\jobname", PurePosixPath(document.path).stem)
        if _NO_FILE.search(name) or not name.isprintable():
            return []
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in _SUFFIXES:
            kind = type_of(place.path)
            if kind is None or kind.name not in ("tex", "org", "markdown"):
                return []
            name += ".bib"
        if name.startswith(("~", "/")) and document.language != "typst":
            return [name]
        name = name.lstrip("/")
        folders = [posixpath.dirname(document.path), "", posixpath.dirname(place.path)]
        if document.language == "typst" or type_of(place.path) is None:
            folders.reverse()
        tried = list(dict.fromkeys(posixpath.normpath(posixpath.join(folder, name)) for folder in folders))
        if "*" in name:
            return [bib for bib in self.bibs if any(PurePosixPath(bib).match(pattern) for pattern in tried)]
        for path in tried:
            if is_file(self.folder / path):
                return [path]
        # found by BIBINPUTS or a path of latexmk, where only one file can be meant
        same = [bib for bib in self.bibs if PurePosixPath(bib).name == PurePosixPath(name).name]
        return same if len(same) == 1 else tried[:1]
