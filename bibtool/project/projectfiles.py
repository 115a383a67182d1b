"""Files that name a bibliography for the documents around them, such as ``_quarto.yml``, ``conf.py`` and a Makefile."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import decode
from bibtool.project.scan.base import NamedBibliography
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKDOWN = (".md", ".markdown")
_BIBLIOGRAPHY_KEYS = frozenset({"bibliography", "bibtex_bibfiles"})
# lists of documents in the order of a book: Quarto's "chapters" and "appendices", bookdown's "rmd_files"
_CHAPTER_KEYS = frozenset({"chapters", "appendices", "rmd_files"})
_CHAPTER = lazy_pattern(r".+\.(?:qmd|rmd|md|markdown)", re.IGNORECASE)
_PANDOC_OPTION = lazy_pattern(r"--bibliography[= \t]+[\"']?(?P<name>[^\s\"'$`;|]+)")
_RECIPES = frozenset({"makefile", "gnumakefile", "justfile", "latexmkrc", ".latexmkrc"})
_MAX_SIZE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    """What a file says about the documents in its folder and below it.

    ``suffixes`` (lower case) are those of the documents that it is about; ``chapters`` are the documents that it lists,
    relative to the project; ``is_book`` says that its documents are one work, so that what ``index`` names counts for
    all; ``below`` that documents in folders below belong to it.
    """

    path: str
    suffixes: tuple[str, ...]
    named: tuple[NamedBibliography, ...] = ()
    chapters: tuple[str, ...] = ()
    is_book: bool = False
    below: bool = True

    @property
    def folder(self) -> str:
        """The folder, relative to the project; empty for the project itself."""
        parent = PurePosixPath(self.path).parent.as_posix()
        return "" if parent == "." else parent

    def is_about(self, document: str) -> bool:
        """Whether a document, relative to the project, belongs to this file."""
        if document in self.chapters:
            return True
        if self.chapters and self.is_book:
            return False
        path = PurePosixPath(document)
        if path.suffix.lower() not in self.suffixes or not path.is_relative_to(self.folder or "."):
            return False
        inside = path.relative_to(self.folder) if self.folder else path
        if any(part.startswith("_") for part in inside.parts):  # parts of others, as Quarto and bookdown have it
            return False
        return self.below or len(inside.parts) == 1


def is_project_file(name: str) -> bool:
    """Whether a file of that name may be one that `read_project_file` understands."""
    lower = name.lower()
    return lower == "conf.py" or lower in _RECIPES or lower.endswith((".yml", ".yaml", ".sh"))


def read_project_file(path: str, data: bytes) -> ProjectFile | None:
    """What the file says about bibliographies, None for nothing. Python files are parsed, never run.

    ``path`` is relative to the project. The result for a file that can't be parsed is None.
    """
    name = PurePosixPath(path).name.lower()
    if len(data) > _MAX_SIZE:
        return None
    text = decode(data).text
    if name == "conf.py":
        return _of_sphinx(path, text)
    if name.endswith((".yml", ".yaml")):
        return _of_yaml(path, name, text)
    named = tuple(
        NamedBibliography(name=option["name"], path=path, line=text.count("\n", 0, option.start()) + 1)
        for option in _PANDOC_OPTION.finditer(text)
    )
    return ProjectFile(path=path, suffixes=_MARKDOWN, named=named) if named else None


def _of_sphinx(path: str, text: str) -> ProjectFile | None:
    """The files in ``bibtex_bibfiles`` of sphinxcontrib-bibtex."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    named: list[NamedBibliography] = []
    for statement in tree.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        if value is not None and any(isinstance(t, ast.Name) and t.id == "bibtex_bibfiles" for t in targets):
            named += [
                NamedBibliography(name=constant.value, path=path, line=constant.lineno)
                for constant in ast.walk(value)
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
            ]
    return ProjectFile(path=path, suffixes=(".rst", ".rest", *_MARKDOWN), named=tuple(named)) if named else None


def _of_yaml(path: str, name: str, text: str) -> ProjectFile | None:
    import yaml

    bare = name.rpartition(".")[0]
    is_book = bare in ("_quarto", "_bookdown")
    if not is_book and not any(key in text for key in _BIBLIOGRAPHY_KEYS):
        return None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    pairs = list(_scalars(root))
    if any(keys[:1] == ("scholar",) for keys, _ in pairs):
        return None  # jekyll-scholar: a list on a web site, which no document cites
    named = tuple(
        NamedBibliography(name=scalar.value, path=path, line=scalar.start_mark.line + 1)
        for keys, scalar in pairs
        if keys and keys[-1] in _BIBLIOGRAPHY_KEYS
    )
    if not named and not is_book:
        return None
    folder = PurePosixPath(path).parent
    chapters = tuple(
        (folder / scalar.value).as_posix()
        for keys, scalar in pairs
        if _CHAPTER_KEYS.intersection(keys) and _CHAPTER.fullmatch(scalar.value)
    )
    suffixes = {"_quarto": (".qmd", ".rmd"), "_bookdown": (".rmd",)}.get(bare, _MARKDOWN)
    below = bare != "_bookdown" or any(keys == ("rmd_subdir",) and s.value != "false" for keys, s in pairs)
    return ProjectFile(path=path, suffixes=suffixes, named=named, chapters=chapters, is_book=is_book, below=below)


def _scalars(root: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The scalars in a tree of YAML nodes, each with the keys that lead to it; each node once, whatever repeats it."""
    import yaml

    waiting: list[tuple[tuple[str, ...], Any]] = [((), root)]
    seen: set[int] = set()
    while waiting:
        keys, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield keys, node
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(keys, member) for member in reversed(node.value)]
        elif isinstance(node, yaml.MappingNode):
            waiting += [
                ((*keys, key.value if isinstance(key, yaml.ScalarNode) else ""), value)
                for key, value in reversed(node.value)
            ]
