"""The user's own folders of bibtool, and whether a project may have settings here.

Every command looks for its library, so this does without pathlib, which takes long to load.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from typing import Literal


def own_folder(kind: Literal["cache", "config", "data"]) -> str:
    """The folder for the user's data of this kind, as the system has it; it may not exist."""
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
