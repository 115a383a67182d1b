"""What a publication list can be written as: one module for each target, listed in `TARGETS`, imported at first use.

A target of one file has ``write(cv, options) -> bytes``. A target of a folder has ``write_files(cv, options, existing)
-> Files``: paths are relative to the folder, with ``/``; ``existing`` holds the files that are there now, so that
what people wrote by hand is kept and a paper is matched with its file whatever its name. Neither touches the disk.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from bibtool.errors import UnknownNameError, UsageError
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.cv.document import PublicationList
    from bibtool.problems import Problem

    # path -> bytes of every file in the folder that `Target.reads` takes in; may be read when asked (a lazy mapping)
    Existing = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """How a target is written.

    ``fragment``  only the list, to be put into a page or document (html, latex, typst ...)
    ``words``     the target's own words by name, in the locale; see `bibtool.cv.words`
    ``links``     whether links are printed after the entries
    ``summary``   whether counts and the chart of publications per year are printed
    ``abstracts`` whether abstracts are printed, where a target can fold them away (html)
    ``terminal``  whether text is shown on a terminal that can set bold and italics
    ``template``  the source of the user's own template, for the target ``template``
    ``is_isolated``  whether the template runs in a process of its own, with limits of time and memory
    ``template_name``  its file name or path: named in errors, and its suffix (``cv.tex.j2``) chooses the escaping
    """

    fragment: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    links: bool = True
    summary: bool = False
    abstracts: bool = False
    terminal: bool = False
    template: str = ""
    template_name: str = ""
    is_isolated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a folder target has to say about its folder; applying it twice changes nothing the second time.

    ``write``     files that are new or changed, by path; files that stay as they are do not come
    ``orphans``   existing files of ours whose paper is no longer in the list: they are never deleted, only named
    ``problems``  existing files that could not be followed and are therefore left alone
    """

    write: Mapping[str, bytes] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target: its name, what it is for people, the suffix of its file ("" for a folder), its module.

    ``reads`` are the patterns of the files in the folder that `FolderTarget.write_files` has to see. ``requires`` names
    the Python module that only this target needs.
    """

    name: str
    help: str
    suffix: str = ""
    home: str = ""
    aliases: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    requires: str = ""
    is_binary: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it is written as several files in a folder."""
        return not self.suffix


class FileTarget(Protocol):
    """The module of a target of one file."""

    def write(self, cv: PublicationList, options: TargetOptions) -> bytes:
        """The bytes of the file; the same for the same list."""


class FolderTarget(Protocol):
    """The module of a target of several files."""

    def write_files(self, cv: PublicationList, options: TargetOptions, existing: Existing) -> Files:
        """The files that are new or changed; the same for the same list and the same existing files."""


_HOME = "bibtool.cv.targets"
TARGETS: Final[tuple[Target, ...]] = (
    Target(name="html", help="a web page to search and filter, also for phones and print", suffix=".html", home="html"),
    Target(name="markdown", help="Markdown for GitHub", suffix=".md", home="markdown", aliases=("md",)),
    Target(name="text", help="plain text", suffix=".txt", home="text", aliases=("txt",)),
    Target(name="latex", help="LaTeX (a document, or a fragment to \\input)", suffix=".tex", home="latex"),
    Target(name="moderncv", help="LaTeX with the class moderncv", suffix=".tex", home="moderncv"),
    Target(name="awesome-cv", help="LaTeX with the class awesome-cv", suffix=".tex", home="awesomecv"),
    Target(
        name="biblatex",
        help="LaTeX and .bib: biblatex with the owner in bold by data annotations",
        home="biblatex",
        reads=("publications.tex", "publications.bib"),
    ),
    Target(name="typst", help="Typst", suffix=".typ", home="typst", aliases=("typ",)),
    Target(name="docx", help="Word document", suffix=".docx", home="docx", requires="docx", is_binary=True),
    Target(name="rtf", help="RTF", suffix=".rtf", home="rtf"),
    Target(name="rendercv", help="RenderCV YAML", suffix=".yaml", home="rendercv"),
    Target(name="json-resume", help="JSON Resume", suffix=".json", home="jsonresume"),
    Target(name="json", help="all data of the list: what templates see", suffix=".json", home="data"),
    Target(
        name="hugo",
        help="Hugo: one page per paper, your own text is kept",
        home="hugo",
        reads=("**/*.md", "**/*.markdown"),
    ),
    Target(
        name="jekyll",
        help="Jekyll: one page per paper in _publications, your own text is kept",
        home="jekyll",
        reads=("_publications/**/*.md", "_publications/**/*.markdown"),
    ),
    Target(
        name="al-folio",
        help="al-folio: _bibliography/papers.bib, your own fields are kept",
        home="alfolio",
        reads=("_bibliography/papers.bib",),
    ),
    Target(name="template", help="your own Jinja2 template", suffix=".txt", home="template", requires="jinja2"),
)


def find_target(name: str) -> Target:
    """The target of that name or alias; raises `UnknownNameError` with suggestions."""
    wanted = name.casefold()
    for target in TARGETS:
        if wanted == target.name or wanted in target.aliases:
            return target
    raise UnknownNameError("target", name, [target.name for target in TARGETS], hint="`bibtool cv --help` lists them")


def write(cv: PublicationList, target: str, options: TargetOptions | None = None) -> bytes:
    """The list in a target of one file. Raises `UnknownNameError`, and `UsageError` for a target of a folder."""
    chosen = find_target(target)
    if chosen.is_folder:
        raise UsageError(f"{chosen.name} is written as several files", hint="use `write_files`, or -o FOLDER")
    return file_target(chosen).write(cv, options or TargetOptions())


def write_files(
    cv: PublicationList, target: str, existing: Existing | None = None, options: TargetOptions | None = None
) -> Files:
    """What a folder target has to write, in addition to the files that exist according to ``existing``."""
    chosen = find_target(target)
    if not chosen.is_folder:
        raise UsageError(f"{chosen.name} is written as one file", hint="use `write`")
    return folder_target(chosen).write_files(cv, options or TargetOptions(), existing or {})


def file_target(target: Target) -> FileTarget:
    """The module of a target of one file."""
    module: FileTarget = import_module(f"{_HOME}.{target.home}")
    return module


def folder_target(target: Target) -> FolderTarget:
    """The module of a target of a folder."""
    module: FolderTarget = import_module(f"{_HOME}.{target.home}")
    return module
