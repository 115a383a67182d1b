"""The documents of a project: those that match the patterns in the settings, or all documents in a folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bibtool.errors import ConfigError, InputError
from bibtool.files import read_at_most
from bibtool.lazy import lazy_pattern
from bibtool.project.places import is_pattern
from bibtool.project.scan.doctypes import type_of
from bibtool.project.scan.follow import scan_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.project.places import Places
    from bibtool.project.scan.base import Command
    from bibtool.project.scan.follow import Cited
    from bibtool.project.settings import RefsSettings

MAX_DOCUMENT = 64 * 1024 * 1024
MAX_FOUND = 20_000
# what is written to be cited from; notes and manuals count only where there is nothing else
_PAPERS = frozenset({".tex", ".ltx", ".rnw", ".snw", ".typ", ".qmd", ".rmd"})
_NOTES = frozenset({".md", ".markdown", ".org", ".rst", ".rest"})
# files about a project, not of it; the second group only where the name is in capitals, as "history" may be a chapter
_ABOUT = lazy_pattern(
    r"(?i:readme(?:[._-][\w-]+)?|change-?log|contributing|code[_-]of[_-]conduct|pull_request_template)"
    r"|LICEN[CS]E|COPYING|SECURITY|AUTHORS|CONTRIBUTORS|HISTORY|NEWS|CHANGES|SUPPORT|TODO|NOTICE|CITATION|CLAUDE|AGENTS"
)
_ABOUT_SUFFIXES = frozenset({*_NOTES, ".rmd", ".qmd"})
_SKIPPED = frozenset(
    "node_modules __pycache__ build dist out target venv env site-packages _build _site _book _output _freeze "
    "public htmlcov renv packrat".split()
)
_SKIPPED_ENDS = ("_files", "_cache", ".egg-info")
_COMMAND = lazy_pattern(r"\\?([A-Za-z@][A-Za-z@_-]*)(?::([1-9]))?")


def parse_commands(words: Iterable[str]) -> dict[str, Command]:
    """The citation commands named in the settings; raises `ConfigError` for one that is not a valid name."""
    from bibtool.project.scan.base import Command

    commands: dict[str, Command] = {}
    for word in words:
        parts = _COMMAND.fullmatch(word.strip())
        if parts is None:
            raise ConfigError(f"{word!r} is not a valid citation command", hint="write it as mycite, or mycite:2")
        commands[parts[1]] = Command(arguments=(int(parts[2] or 1),))
    return commands


def find_documents(folder: Path, patterns: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """The documents, relative to ``folder`` with ``/``: those that are complete on their own first, then by name.

    Without patterns: all papers (LaTeX, Typst, Quarto) in the folder and below it, or all notes (Markdown, Org,
    reStructuredText) if there is no paper.
    """
    if patterns:
        wanted = [name for pattern in patterns for name in _matching(folder, pattern)]
    else:
        everything = list(search(folder))
        wanted = [name for name in everything if PurePath(name).suffix.lower() in _PAPERS]
        wanted = wanted or [name for name in everything if PurePath(name).suffix.lower() in _NOTES]
    unwanted = {name for pattern in exclude for name in _matching(folder, pattern)}
    names = [name for name in dict.fromkeys(wanted) if name not in unwanted]
    return sorted(names, key=lambda name: not _is_root(folder / name))  # sorted() keeps the order otherwise


def documents_of(settings: RefsSettings, places: Places) -> list[str]:
    """The documents that the settings name, see `find_documents`.

    Raises `InputError` if there is none, and `OutsideError` for one that ``places`` does not allow.
    """
    for setting, patterns in (("refs.documents", settings.documents), ("refs.exclude", settings.exclude)):
        for pattern in patterns:
            look = places.split_pattern if is_pattern(places.folder, pattern) else places.to_read
            look(pattern, setting)
    names = find_documents(places.folder, settings.documents, settings.exclude)
    if settings.documents:
        for name in names:
            places.check(places.folder / name, "refs.documents")
    if not names:
        where = " for " + ", ".join(settings.documents) if settings.documents else ""
        raise InputError(
            f"no document was found{where}",
            hint='name it in bibtool.toml, which `bibtool init` writes: documents = ["paper.tex"] under [refs]',
        )
    return names


def _matching(folder: Path, pattern: str) -> list[str]:
    if not is_pattern(folder, pattern):
        path = folder / pattern
        if path.is_dir():
            return [f"{PurePath(pattern).as_posix()}/{path}" for path in search(path)]
        return [Path(os.path.normpath(pattern)).as_posix()]
    if PurePath(pattern).is_absolute():
        raise ConfigError(f"the pattern {pattern!r} is not relative", hint="give documents relative to the project")
    if pattern.endswith("**"):
        pattern += "/*"  # Path.glob gives only folders for a pattern that ends so
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.glob(pattern)
        if path.is_file() and type_of(path.name) is not None
    )


def is_about(name: str) -> bool:
    """Whether a file is about a project (README.md, LICENSE.md): such files are documents only where they are named."""
    path = PurePath(name)
    return path.suffix.lower() in _ABOUT_SUFFIXES and _ABOUT.fullmatch(path.stem) is not None


def walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each folder with the names of its files, sorted; without hidden folders, those that programs write, and links."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED and not name.startswith((".", "_minted")) and not name.endswith(_SKIPPED_ENDS)
        )
        yield Path(place), sorted(names)


def search(folder: Path) -> Iterator[str]:
    """The documents in a folder and below it, relative to it with ``/``, in order of name; none about the project.

    Raises `InputError` for more than `MAX_FOUND`.
    """
    count = 0
    for place, names in walk(folder):
        for name in names:
            kind = type_of(name)
            if kind is not None and kind.searched and not is_about(name):
                count += 1
                if count > MAX_FOUND:
                    raise InputError(
                        f"{folder} holds more than {MAX_FOUND:,} documents",
                        hint="name a smaller folder, or the documents under [refs]",
                    )
                yield (place / name).relative_to(folder).as_posix()


def _is_root(path: Path) -> bool:
    r"""Whether a LaTeX file is a complete document; files it includes are then read as parts of it."""
    if path.suffix.lower() not in (".tex", ".ltx"):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return b"\\documentclass" in stream.read(1 << 16)
    except OSError:
        return False


class Reader:
    """Reads documents below a folder, each once; ``seen`` lists all names asked for, so that they can be watched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: dict[str, bool] = {}

    def __call__(self, name: str) -> bytes | None:
        """The bytes, or None for a file that does not exist; raises `InputError`."""
        path = self.folder / name
        try:
            if not path.is_file() and path.exists() and not path.is_dir():  # a pipe would be waited for
                raise InputError("this is not a regular file", path=name)
            with path.open("rb") as stream:
                data = read_at_most(stream, MAX_DOCUMENT + 1)
        except FileNotFoundError:
            self.seen[name] = False
            return None
        except (OSError, ValueError) as error:
            if isinstance(error, NotADirectoryError):
                return None
            raise InputError(f"can't be read: {getattr(error, 'strerror', None) or error}", path=name) from error
        self.seen[name] = True
        if len(data) > MAX_DOCUMENT:
            raise InputError(f"the document is larger than {MAX_DOCUMENT >> 20} MiB", path=name)
        return data


def scan_documents(names: Sequence[str], commands: Mapping[str, Command], reader: Reader) -> Cited:
    """What the documents cite, including the files they include; raises `InputError` if one can't be read.

    A warning would not do: a bibliography made from some of the citations would lose entries.
    """
    from bibtool.project.scan.base import ScanOptions

    cited = scan_files(names, reader, ScanOptions(commands=commands))
    for problem in cited.problems:
        if problem.code == "scan-unreadable":
            raise InputError(problem.message, path=problem.position.path, line=problem.position.line)
    return cited
