"""The user's own folders of bibtool, and whether a project may have settings here.

Every command looks for its library, so this does without pathlib and, on Linux, without platformdirs: to load both
takes longer than to search a library.
"""

from __future__ import annotations

import os
import sys
from typing import Final

# XDG Base Directory Specification 0.8: the variable, and what counts where it is not set
_XDG: Final = {
    "cache": ("XDG_CACHE_HOME", "~/.cache"),
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "data": ("XDG_DATA_HOME", "~/.local/share"),
}


def own_folder(kind: str) -> str:
    """The folder for the user's "cache", "config" or "data", which may not exist; that of `platformdirs`."""
    variable, usual = _XDG[kind]
    chosen, home = os.environ.get(variable, ""), os.environ.get("HOME", "/")
    # it has rules of its own for relative paths
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ and home[:1] == "/" and chosen[:1] in ("", "/"):
        return os.path.join(chosen or os.path.expanduser(usual), "bibtool")
    import platformdirs

    found: str = getattr(platformdirs, f"user_{kind}_dir")("bibtool", appauthor=False)
    return found


def own_library() -> str:
    """The user's own library, which a project uses if it names none."""
    return os.path.join(own_folder("data"), "library.sqlite")


def settings_above(names: tuple[str, ...]) -> bool:
    """Whether a file of one of these names may be in this folder or in one above it."""
    folder = os.getcwd()
    while True:
        for name in names:
            try:
                os.lstat(os.path.join(folder, name))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                pass
            return True
        folder, last = os.path.dirname(folder), folder
        if folder == last:
            return False
