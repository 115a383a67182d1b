"""The real pandoc, and the filter as a program that it can start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
    return program


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
