"""Runs other programs (git, kpsewhich) so that what a project names is never an option, a program or a pattern to them.

A name from settings or of a file comes after ``--``, where each of these programs takes no more options. A program is
taken from the folders of PATH alone: Windows would look in the current folder first, and a folder of PATH that is not
absolute is one of the project.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIMEOUT_S: Final = 30
_SUFFIX: Final = ".exe" if os.name == "nt" else ""  # a script of Windows would take arguments apart once more


def find_program(name: str) -> Path | None:
    """The file of a program in the folders of PATH; None if none has it."""
    for folder in os.get_exec_path():
        path = Path(folder, name + _SUFFIX)
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return path
    return None


def run_program(
    name: str,
    *options: str,
    names: Sequence[str] = (),
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """What the program prints and how it ends, with ``names`` after ``--``.

    ``environment`` replaces that of this process. Raises `OSError` if the program can't be run or takes longer
    than half a minute.
    """
    program = find_program(name)
    if program is None:
        raise FileNotFoundError(2, f"{name} is not on PATH")
    after = ["--", *names] if names else []
    try:
        return subprocess.run(
            [str(program), *options, *after],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{name} took more than {TIMEOUT_S} seconds") from error
    except ValueError as error:  # a null character
        raise OSError(str(error)) from error
