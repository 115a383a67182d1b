"""Runs the command line in this process, and as a real process where that matters."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bibtool.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass(frozen=True)
class Outcome:
    """What a call gave back."""

    code: int
    out: str
    err: str
    data: bytes


class _Stream(io.TextIOWrapper):
    def __init__(self, data: bytes = b"") -> None:
        self.bytes = io.BytesIO(data)
        super().__init__(self.bytes, encoding="utf-8", write_through=True)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str, stdin: bytes = b"") -> Outcome:
    """The outcome of ``bibtool ARGUMENTS`` in this process."""
    out, err = _Stream(), _Stream()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", _Stream(stdin))
        patched.setattr(sys, "stdout", out)
        patched.setattr(sys, "stderr", err)
        code = run(list(arguments))
    data = out.bytes.getvalue()
    return Outcome(code, data.decode("utf-8", "replace"), err.bytes.getvalue().decode("utf-8"), data)


def process(*arguments: str, cwd: Path | None = None, stdin: bytes = b"") -> Outcome:
    """The outcome of a real process."""
    done = subprocess.run(
        [sys.executable, "-m", "bibtool", *arguments], cwd=cwd, input=stdin, capture_output=True, check=False
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode(), done.stdout)


def start(*arguments: str, cwd: Path | None = None, stdout: int | None = None) -> subprocess.Popen[str]:
    """A process that goes on, its standard error in a pipe. Ctrl-C ends it also where the tests run in the background.

    A shell has background jobs ignore SIGINT, and whatever they start inherits that.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "bibtool", *arguments],
        cwd=cwd,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_listen_to_interrupts if sys.platform != "win32" else None,  # noqa: PLW1509 - no threads there
    )


def _listen_to_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
