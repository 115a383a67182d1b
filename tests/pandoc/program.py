"""The real pandoc, and the filter as a program that it can start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = 3  # pandoc 2 writes other Markdown, and its templates have no lists of references


def pandoc() -> str:
    """The program in the PATH or of pypandoc_binary; skips the test where there is none."""
    program = shutil.which("pandoc")
    if program is None:
        spec = find_spec("pypandoc")
        for folder in spec.submodule_search_locations or () if spec else ():
            bundled = Path(folder) / "files" / "pandoc"
            program = str(bundled) if bundled.is_file() else program
    if program is None:
        pytest.skip("pandoc is not installed (pip install pypandoc_binary)")
    version = version_of(program)
    if int(version.partition(".")[0]) < OLDEST:
        pytest.skip(f"pandoc {version} is too old (pip install pypandoc_binary)")
    return program


@cache
def version_of(program: str) -> str:
    """The version of a pandoc, as in ``3.9.0.2``."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[1]


def converted(source: str, folder: Path, *arguments: str, to: str = "markdown-citations") -> str:
    """What pandoc makes of Markdown with the filter, or with the arguments given; raises `CalledProcessError`."""
    script = folder / "bibtool-citeproc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bibtool.cli.pandocfilter "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    wanted = arguments or ("--filter", str(script))
    done = subprocess.run(
        [pandoc(), "-f", "markdown", "-t", to, "--wrap=none", *wanted],
        input=source,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done.stdout
