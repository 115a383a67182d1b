"""Which files the settings of a project may name.

A cloned repository brings its settings along, so they are a stranger's words: with a path such as ``~/.bashrc``, or
through a symbolic link, they could have a command read or replace a file anywhere on the machine. `Places` is the only
way from a path in the settings to a file.

A file is read if it is in the folder of the settings or in a place that the user allows. A file is written if it is in
the folder of the settings, or if the user allows exactly this file: a folder is allowed for reading only. Folders of
version control and of installed programs are not written to, since what is in them is run.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bibtool.errors import ConfigError, InputError
from bibtool.files import real_path
from bibtool.lazy import lazy_pattern
from bibtool.model.text.inert import inert
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

WILDCARD = lazy_pattern(r"[*?\[]")
# programs run what is in these folders; ours are never there
_RUN_FROM = frozenset(
    ".git .hg .svn .bzr .jj .venv venv env site-packages node_modules __pycache__ .vscode .idea .direnv .ssh".split()
)
_MOST_DEPTHS = 3  # each further one searches the tree again below every folder that it matches
_NETWORK = ("\\\\", "//")  # a look at such a path on Windows already logs in to the server that it names


class OutsideError(ConfigError):
    """A setting names a file outside the project that the user has not allowed; ``place`` is the file."""

    def __init__(
        self, message: str, *, place: Path | None = None, path: str | None = None, line: int | None = None, hint: str
    ) -> None:
        super().__init__(message, path=path, line=line, hint=hint)
        self.place = place


def is_pattern(folder: Path, name: str) -> bool:
    """Whether a name in the settings stands for all that match it: not where there is a file ``paper [v2].tex``."""
    return WILDCARD.search(name) is not None and not os.path.lexists(folder / name)


def _move_it() -> str:
    return "move it into the folder of the project"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of one project.

    ``settings`` is the settings file, None where there is none; ``lines`` has the line of each setting in it.
    ``allowed`` gives the files and folders outside that the user allows, and ``advice`` how to allow one, with
    ``{path}`` for its name; both are asked for only where something is outside.
    """

    folder: Path
    settings: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    allowed: Callable[[], tuple[Path, ...]] = tuple
    advice: Callable[[], str] = _move_it

    def to_read(self, name: str, setting: str) -> Path:
        """The file or folder that is named; raises `OutsideError` for one that may not be read.

        Raises `InputError` for a pipe or a device: it would be waited for, or has no end.
        """
        path = self._expanded(name, setting)
        self.check(path, setting, name=name)
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError("this is not a regular file", path=name)
        return path

    def to_write(self, name: str, setting: str, *, suffix: str = "") -> Path:
        """The file or folder that is named, not yet opened; raises `OutsideError` for one that may not be written.

        With ``suffix``, the file has to end with it; a symbolic link, what it leads to.
        """
        path = self._expanded(name, setting)
        real = real_path(path)
        wrong = self._wrong_to_write(path, real, name, setting, suffix)
        if wrong is not None and real not in self._allowed():
            raise wrong
        return path

    def _wrong_to_write(self, path: Path, real: Path, name: str, setting: str, suffix: str) -> OutsideError | None:
        """Why a file may be written only if the user allows exactly this one; None if it may be anyway."""
        if not real.is_relative_to(real_path(self.folder)):
            return self._outside(name, setting, real, "written")
        inside = real.relative_to(real_path(self.folder)).parts
        if run := next((part for part in inside if part.rstrip(". ").casefold() in _RUN_FROM), ""):
            return self._outside(name, setting, real, "written", where=f"is in {run}, where programs are run from")
        wrong = next((part for part in (path, real) if part.suffix.casefold() != suffix), None) if suffix else None
        if wrong is not None:
            return OutsideError(
                f"{setting} must be a {suffix} file, not {inert(wrong.name if PurePath(name).name else name)!r}",
                path=self._shown,
                line=self.lines.get(setting),
                hint=f'for example {setting.rpartition(".")[2]} = "refs{suffix}"',
            )
        return None

    def files(self, name: str, setting: str) -> Iterator[tuple[str, Path]]:
        """The files that a name or pattern means, each as it is shown and as a path; raises `OutsideError`.

        Nothing is searched outside the places that may be read.
        """
        if not is_pattern(self.folder, name):
            yield name, self.to_read(name, setting)
            return
        base, pattern = self.split_pattern(name, setting)
        for match in sorted(base.glob(pattern)):
            if match.is_file():
                self.check(match, setting)
                inside = match.is_relative_to(self.folder)
                yield (match.relative_to(self.folder) if inside else match).as_posix(), match

    def split_pattern(self, name: str, setting: str) -> tuple[Path, str]:
        """The folder that a pattern with wildcards is searched in, and the rest; raises `OutsideError`."""
        parts = PurePath(name).parts
        first = next(index for index, part in enumerate(parts) if WILDCARD.search(part))
        if ".." in parts[first:]:
            raise self._outside(name, setting, None, "read", where="leads out of a folder after a wildcard")
        if parts.count("**") > _MOST_DEPTHS:
            where = f"has more than {_MOST_DEPTHS} `**`, which would take too long to search"
            raise self._outside(name, setting, None, "read", where=where)
        base = self.to_read(str(PurePath(*parts[:first])), setting) if first else self.folder
        return base, str(PurePath(*parts[first:]))

    def check(self, path: Path, setting: str, *, name: str = "") -> None:
        """Nothing; raises `OutsideError` for a path that may not be read, whatever links are in it."""
        real = real_path(path)
        if real.is_relative_to(real_path(self.folder)):
            return
        if not any(real.is_relative_to(place) for place in self._allowed()):
            raise self._outside(name or os.path.relpath(path, self.folder), setting, real, "read")

    def is_own(self, path: Path) -> bool:
        """Whether a command that rewrites the files of a project may rewrite this one."""
        real = real_path(path)
        return real.is_relative_to(real_path(self.folder)) or real in self._allowed()

    def is_named(self, path: Path) -> bool:
        """Whether the user allows exactly this file."""
        return real_path(path) in self._allowed()

    def _allowed(self) -> tuple[Path, ...]:
        return tuple(real_path(place) for place in self.allowed())

    @property
    def _shown(self) -> str | None:
        return None if self.settings is None else str(self.settings)

    def _expanded(self, name: str, setting: str) -> Path:
        if "\0" in name:
            raise self._outside(name, setting, None, "used", where="has a null character")
        if os.name == "nt" and name.startswith(_NETWORK):
            raise self._outside(name, setting, None, "used", where="is on another machine")
        try:
            return self.folder / Path(name).expanduser()
        except RuntimeError:
            raise self._outside(name, setting, None, "used", where="names no user of this machine") from None

    def _outside(
        self, name: str, setting: str, real: Path | None, done: str, *, where: str = "is outside the project"
    ) -> OutsideError:
        shown = inert(name)
        if real is not None and where == "is outside the project" and PurePath(name).name != real.name:
            where = f"leads to {inert(str(real))}, {where}"
        return OutsideError(
            f"{setting}: {shown!r} {where}, so it was not {done}",
            place=real,
            path=self._shown,
            line=self.lines.get(setting),
            hint="name a path in the folder of the settings" if real is None else self.advice().format(path=real),
        )
