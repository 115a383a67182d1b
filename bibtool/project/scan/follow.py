"""Documents with all files that they include, read through a function that the caller passes."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bibtool.problems import Position, Problem, Severity
from bibtool.project.scan.base import DocumentText, Scan, ScanOptions
from bibtool.project.scan.doctypes import scanner_of, type_of
from bibtool.structs import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bibtool.project.scan.base import Citation, Include, NamedBibliography
    from bibtool.project.scan.doctypes import DocumentType

MAX_FILES = 20_000
MAX_DEPTH = 100  # levels of included files; a folder that links to itself has no end


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What documents cite, file by file in the order of reading, and what was wrong.

    ``bibliographies`` are the bibliography files that they name.
    """

    citations: tuple[Citation, ...] = ()
    files: tuple[str, ...] = ()
    bibliographies: tuple[NamedBibliography, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys without repetition, sorted; not the sign for all."""
        return tuple(sorted({citation.key for citation in self.citations if citation.kind != "all"}))


class _Task(NamedTuple):
    path: str
    folders: tuple[str, ...]  # where names relative to the root are searched for
    chain: tuple[str, ...]  # the files through which this one was included
    by: Include | None


@dataclass(slots=True)
class _File:
    """A file that was read; ``linked`` are the files that it includes."""

    source: DocumentText
    kind: DocumentType
    scan: Scan
    linked: list[str] = field(default_factory=list)


def scan_bytes(data: bytes, path: str, options: ScanOptions | None = None) -> Scan:
    """What one file says; nothing if its suffix is unknown. References are returned as they are."""
    kind = type_of(path)
    if kind is None:
        return Scan()
    return scanner_of(kind)(DocumentText.from_bytes(data, path), options or ScanOptions())


def scan_files(
    paths: Iterable[str],
    read: Callable[[str], bytes | None],
    options: ScanOptions | None = None,
    *,
    follow: bool = True,
) -> Cited:
    """What documents cite, together with the files that they include, each file once.

    ``paths`` and the names handed to ``read`` have ``/`` between folders. ``read`` gives None for a file that does not
    exist; the `OSError` or `InputError` that it raises becomes a problem. So does a file that is missing, includes
    itself, or has an unknown type.
    """
    run = _Run(read, options or ScanOptions(), follow=follow)
    for path in paths:
        run.add(posixpath.normpath(path))
    return run.result()


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What one file says, and the paths of the files that it includes."""

    scan: Scan
    includes: tuple[str, ...] = ()


def scan_tree(paths: Iterable[str], read: Callable[[str], bytes | None]) -> dict[str, ScannedFile]:
    """The files and all that they include, by path, in the order of reading; parameters as for `scan_files`.

    Where a file is read decides how the names in it are resolved, so documents go before their parts in ``paths``.
    """
    run = _Run(read, ScanOptions(), follow=True)
    for path in paths:
        run.add(posixpath.normpath(path))
    run.result()
    return {path: ScannedFile(file.scan, tuple(dict.fromkeys(file.linked))) for path, file in run.files.items()}


def with_commands(options: ScanOptions, scans: Iterable[Scan]) -> ScanOptions:
    """The options with the citation commands that these files define; the first definition of a name counts."""
    commands = dict(options.commands)
    for scan in scans:
        commands = {**scan.commands, **commands}
    return ScanOptions(commands=commands)


class _Run:
    def __init__(self, read: Callable[[str], bytes | None], options: ScanOptions, *, follow: bool) -> None:
        self.read = read
        self.options = options
        self.follow = follow
        self.files: dict[str, _File] = {}
        self.known: dict[str, bytes | None] = {}
        self.problems: list[Problem] = []

    def add(self, path: str) -> None:
        """Read a document and the files it includes, depth first."""
        tasks = [_Task(path, (posixpath.dirname(path),), (), None)]
        while tasks:
            task = tasks.pop()
            if task.path in self.files:
                continue
            data = self._load(task.path)
            if data is None:
                if task.by is None:
                    self._problem("scan-unreadable", "no such file", Position(task.path))
                continue
            kind = type_of(task.path)
            if kind is None and task.by is not None and task.chain:
                parent = type_of(task.chain[-1])
                # what LaTeX includes is LaTeX, whatever its name (.pgf, .tikz, .bbl)
                kind = parent if parent and parent.name == "tex" else None
            if kind is None:
                if task.by is None:
                    self._problem(
                        "scan-type", "the suffix of this file is not that of a known document type", Position(task.path)
                    )
                continue
            if len(self.files) >= MAX_FILES:
                self._problem("scan-many", f"more than {MAX_FILES} files; the rest are not read", Position(task.path))
                return
            source = DocumentText.from_bytes(data, task.path)
            file = _File(source, kind, scanner_of(kind)(source, self.options))
            self.files[task.path] = file
            if self.follow:
                chain = (*task.chain, task.path)
                tasks += reversed(
                    [new for new in (self._resolve(i, task, chain, file) for i in file.scan.includes) if new]
                )

    def _load(self, path: str) -> bytes | None:
        if path not in self.known:
            try:
                self.known[path] = self.read(path)
            except (OSError, ValueError) as error:
                message = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
                self._problem("scan-unreadable", f"can't be read: {message}", Position(path))
                self.known[path] = b""
        return self.known[path]

    def _resolve(self, include: Include, task: _Task, chain: tuple[str, ...], parent: _File) -> _Task | None:
        own = posixpath.dirname(task.path)
        root = posixpath.dirname(chain[0])
        folders = task.folders
        if include.base == "file":
            look: tuple[str, ...] = (root if include.target.startswith("/") else own,)
        elif include.base == "import":
            folders = look = (posixpath.join(root, include.folder), posixpath.join(own, include.folder))
        elif include.base == "subimport":
            folders = look = tuple(posixpath.join(folder, include.folder) for folder in (*task.folders, own))
        else:
            look = tuple(dict.fromkeys((*task.folders, own)))
        for folder in look:
            for name in include.names:
                joined = posixpath.join(folder, name.lstrip("/") if include.base == "file" else name)
                path = posixpath.normpath(joined)
                if path in chain:
                    self._include_problem(include, parent, "scan-cycle", f"{path} includes itself through this line")
                    return None
                if path in self.files or self._load(path) is not None:
                    parent.linked.append(path)
                    if len(chain) >= MAX_DEPTH:
                        self._include_problem(include, parent, "scan-depth", "too many levels of included files")
                        return None
                    if include.base == "subfile":
                        folders = tuple(dict.fromkeys((posixpath.dirname(path), *folders)))
                    return _Task(path, folders, chain, include)
        if not include.optional:
            self._include_problem(include, parent, "scan-missing", f"file {include.target!r} not found")
        return None

    def _include_problem(self, include: Include, parent: _File, code: str, message: str) -> None:
        self._problem(code, message, Position(parent.source.path, include.line, include.column))

    def _problem(self, code: str, message: str, position: Position) -> None:
        self.problems.append(Problem(code=code, message=message, severity=Severity.WARNING, position=position))

    def result(self) -> Cited:
        """Everything, once citation commands defined in one file have been applied to the others."""
        self._rescan()
        labels = self._of_documents(lambda scan: scan.labels)
        sets = self._of_documents(lambda scan: scan.sets)
        citations: list[Citation] = []
        for path, file in self.files.items():
            references = [citation for citation in file.scan.references if citation.key not in labels[path]]
            cited = [citation for citation in file.scan.citations if citation.key not in sets[path]]
            citations += sorted((*cited, *references), key=lambda citation: (citation.line, citation.column))
        return Cited(
            citations=tuple(citations),
            files=tuple(self.files),
            bibliographies=tuple(named for file in self.files.values() for named in file.scan.bibliographies),
            problems=(*(p for file in self.files.values() for p in file.scan.problems), *self.problems),
        )

    def _rescan(self) -> None:
        for _ in range(3):  # aliases of aliases across files; nobody goes further
            options = with_commands(self.options, (file.scan for file in self.files.values()))
            if len(options.commands) == len(self.options.commands):
                return
            self.options = options
            for file in self.files.values():
                if file.kind.name == "tex":
                    file.scan = scanner_of(file.kind)(file.source, self.options)

    def _of_documents(self, names: Callable[[Scan], frozenset[str]]) -> Mapping[str, frozenset[str]]:
        """For each file the names that its whole document has, such as labels: all files that are linked with it."""
        parent = {path: path for path in self.files}

        def root(path: str) -> str:
            while parent[path] != path:
                parent[path] = parent[parent[path]]
                path = parent[path]
            return path

        for path, file in self.files.items():
            for linked in file.linked:
                if linked in parent:
                    parent[root(linked)] = root(path)
        together: dict[str, set[str]] = {}
        for path, file in self.files.items():
            together.setdefault(root(path), set()).update(names(file.scan))
        frozen = {path: frozenset(together_names) for path, together_names in together.items()}
        return {path: frozen[root(path)] for path in self.files}


def is_document(path: str) -> bool:
    """True for a file that a search through a folder should give."""
    kind = type_of(PurePosixPath(path).name)
    return kind is not None and kind.searched
