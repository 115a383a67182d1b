"""What the settings of a project may do on this machine, as its user says.

The settings of a folder that another user owns are not read, as git has it with ``safe.directory``: whoever may write
to a folder above the current one, such as a shared /tmp, would decide what a command does. The places outside the
project that settings may name are those of ``--allow``, of BIBTOOL_ALLOW, and of the file ``allow`` in the user's own
folder of settings.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.cli.ownfolders import own_folder, own_library
from bibtool.errors import ConfigError
from bibtool.files import real_path
from bibtool.project.places import OutsideError, Places
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.cli.config import Settings

VARIABLE = "BIBTOOL_ALLOW"
ROOT = 0


def allow_file() -> Path:
    """The user's list of allowed files and folders: one path in a line, ``#`` begins a comment."""
    return Path(own_folder("config"), "allow")


def allowed_paths(named: Iterable[str]) -> tuple[Path, ...]:
    """The files and folders outside of projects that the user allows; relative ones are relative to this folder."""
    listed = _listed()
    variable = os.environ.get(VARIABLE, "").split(os.pathsep)
    absolute = [path for name in listed if name and (path := _expanded(name)).is_absolute()]
    return (*(_expanded(name).absolute() for name in (*named, *variable) if name), *absolute)


def _listed() -> list[str]:
    """The lines of the user's list, without comments."""
    try:
        lines = allow_file().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in lines if not line.lstrip().startswith("#")]


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def places_of(settings: Settings, allow: Iterable[str]) -> Places:
    """The places of the project whose settings are used, or of the current folder."""
    return Places(
        folder=settings.folder or Path.cwd(),
        settings=settings.path,
        lines=settings.lines,
        allowed=cache(lambda: allowed_paths(allow)),
        advice=lambda: f"to allow it once: --allow {{path}}; always: a line with this path in {allow_file()}",
    )


def allowed_library(settings: Settings, places: Places, allow: Iterable[str]) -> str:
    """The library that the settings name; raises `OutsideError` for one outside the project that is not allowed."""
    name = settings.library
    if "://" in name:
        from bibtool.store.opening import refuse_password

        refuse_password(name)
        scheme, _, rest = name.partition("://")
        if scheme != "sqlite":
            return allowed_server(settings, allow, name, "library", "--library or BIBTOOL_LIBRARY")
        name = rest.removeprefix("/")
    own = Path(own_library())
    return str(replace(places, allowed=lambda: (*places.allowed(), own)).to_write(name, "library"))


def allowed_server(settings: Settings, allow: Iterable[str], address: str, setting: str, otherwise: str) -> str:
    """The address that a setting names; raises `OutsideError` if the user has not allowed this very one.

    Whoever keeps the server would get the user's records or questions, and be asked for passwords. ``otherwise`` is
    how to name it on the command line.
    """
    from bibtool.store.opening import refuse_password

    refuse_password(address)
    if address in (*allow, *_listed()):
        return address
    raise OutsideError(
        f"{setting}: {address!r} is not a file of this project",
        path=str(settings.path),
        line=settings.lines.get(setting),
        hint=f"name it with {otherwise}; to allow it always: a line with it in {allow_file()}",
    )


def style_file(places: Places, setting: str, name: str) -> str:
    """The style that a setting names: a name as it is, a file with its path.

    Raises `OutsideError` for a file that the settings may not name.
    """
    if name.startswith(("http://", "https://")):
        return name
    is_path = "/" in name or os.sep in name or name.startswith("~") or "\0" in name
    if not is_path and not (name.endswith((".csl", ".bst")) and (places.folder / name).is_file()):
        return name
    return str(places.to_read(name, setting))


def check_owner(path: Path, named: Iterable[str]) -> None:
    """Nothing; raises `ConfigError` for a settings file, or a folder of one, that is another user's.

    Files of the administrator count as the user's own. Windows is not checked.
    """
    if not hasattr(os, "getuid"):
        return
    uid = os.getuid()
    own = {ROOT, uid}
    if uid == ROOT and (sudo := os.environ.get("SUDO_UID", "")).isdigit():
        own.add(int(sudo))
    owners = {place.stat().st_uid for place in (path, path.parent)}
    if owners <= own:
        return
    if any(real_path(path).is_relative_to(real_path(place)) for place in allowed_paths(named)):
        return
    raise ConfigError(
        "these settings belong to another user, so they are not used",
        path=str(path),
        hint=f"to use them: --allow {path.parent}, or a line with this path in {allow_file()}",
    )
