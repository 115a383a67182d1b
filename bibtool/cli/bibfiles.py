"""Which files a checking command reads: those that are named, those in folders, or those of the project."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bibtool.errors import UsageError
from bibtool.lazy import lazy_pattern
from bibtool.project.sources import LIBRARY, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.cli.common import App

MAX_FILES = 10_000
# folders that programs write; hidden ones are skipped as well
_SKIPPED = frozenset(
    "node_modules __pycache__ __pypackages__ build buck-out dist out target venv env site-packages _build _site _book "
    "_output _freeze htmlcov renv".split()
)
_GLOB = lazy_pattern(r"[*?\[]")


def file_groups(arguments: Sequence[str], app: App, *, rewrite: bool = False) -> list[list[str]]:
    """The files that the arguments mean, in groups that belong together; each file once.

    Files and patterns are one group, as the user chose them; a folder is searched, and the files of each folder in it
    are a group. Without arguments: the output and the .bib sources of bibtool.toml, or all .bib files in the folder.
    Raises `UsageError` if there are none.

    With ``rewrite``, sources outside the project are left out, unless the user allows exactly that file.
    """
    named: list[str] = []
    groups = [named]
    for argument in arguments:
        if argument != "-" and Path(argument).is_dir():
            groups += _in_folder(argument)
        elif _GLOB.search(argument) and not Path(argument).exists():
            own = PurePath(argument).parts
            matches = [
                name
                for name, path in files_of(argument, Path())
                if not any(_is_skipped(part) for part in path.parts if part not in own)
            ]
            if not matches:
                raise UsageError(f"no file matches {argument!r}")
            named += matches
        else:
            named.append(argument)
    if not arguments:
        named += project_files(app, rewrite=rewrite)
        if not named:
            groups += _in_folder(".")
    seen: set[str] = set()
    return [group for group in (_new(paths, seen) for paths in groups) if group]


def _new(paths: Sequence[str], seen: set[str]) -> list[str]:
    """The paths that lead to files not seen yet."""
    new: list[str] = []
    for path in paths:
        real = path if path == "-" else os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            new.append(path)
    return new


def project_files(app: App, *, rewrite: bool = False) -> list[str]:
    """The bibliography of the project and the .bib files it is made of, as far as they exist.

    Raises `OutsideError` for one that the settings may not name.
    """
    if app.settings.folder is None:
        return []
    refs, places = app.settings.refs, app.places
    paths = [places.to_write(refs.output, "refs.output", suffix=".bib")]
    for name in refs.sources:
        if name != LIBRARY:
            paths += [path for _, path in places.files(name, "refs.sources")]
    return [
        os.path.relpath(path)
        for path in paths
        if path.suffix.lower() == ".bib" and path.is_file() and (not rewrite or places.is_own(path))
    ]


def _in_folder(folder: str) -> list[list[str]]:
    """The .bib files in a folder and below it, those of one folder together; raises `UsageError` if there is none."""
    groups = list(_walk(folder))
    if not groups:
        where = "here" if folder == "." else f"in {folder}"
        raise UsageError(f"there is no .bib file {where}", hint="name the files: `bibtool check refs.bib`")
    if sum(map(len, groups)) > MAX_FILES:
        raise UsageError(f"{folder} holds more than {MAX_FILES:,} .bib files", hint="name some of its folders")
    return groups


def _is_skipped(name: str) -> bool:
    return name in _SKIPPED or name.startswith(".")


def _walk(folder: str) -> Iterator[list[str]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(name))
        bibs = sorted(name for name in names if name.lower().endswith(".bib") and not name.startswith("."))
        if bibs:
            yield [os.path.normpath(Path(place) / name) for name in bibs]
