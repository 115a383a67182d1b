"""Runs shell lines with bash in a scene, and a session on a terminal."""

from __future__ import annotations

import os
import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

MARK = "\x01"
_STYLE = re.compile(r"\x1b\[[0-9;?]*m")
_ERASED = re.compile(r"[^\n]*(?:\r|\x1b\[K)")
TIMEOUT_S = 60
# every command that fails is noted with its code, and the next one runs all the same
HEAD = 'set -o pipefail\ntrap \'echo "$? $BASH_COMMAND" >> "$FAILED"\' ERR\n'


@dataclass(frozen=True)
class Run:
    """What came of a script: output and messages, and code and text of each command that failed."""

    out: str
    err: str
    failed: tuple[tuple[int, str], ...]


def run_script(script: str, work: Path, environment: dict[str, str]) -> Run:
    """The outcome of a script in the folder ``work``."""
    note = _note(work)
    done = subprocess.run(
        ["bash", "-c", HEAD + script],
        cwd=work,
        env={**environment, "FAILED": str(note)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    return Run(done.stdout.decode("utf-8", "replace"), done.stderr.decode(), _failed(note, done.returncode))


def run_session(commands: list[str], work: Path, environment: dict[str, str]) -> tuple[list[str], Run]:
    """What a terminal of 100 columns shows for each command, and the outcome."""
    import fcntl
    import pty
    import termios

    note = _note(work)
    script = HEAD + "".join(f"{command}\nprintf '{MARK}'\n" for command in commands)
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(
        ["bash", "-c", script],
        cwd=work,
        env={**environment, "FAILED": str(note)},
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=side,
    )
    os.close(side)
    shown = b""
    try:
        while data := _read(main):
            shown += data
        code = process.wait(TIMEOUT_S)
    finally:
        process.kill()
        process.wait()
        os.close(main)
    text = _STYLE.sub("", shown.decode("utf-8", "replace").replace("\r\n", "\n"))
    return text.split(MARK)[:-1], Run(text, "", _failed(note, code))


def _note(work: Path) -> Path:
    """An empty place for what fails."""
    note = work.parent / "failed"
    note.unlink(missing_ok=True)
    return note


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def _failed(note: Path, code: int) -> tuple[tuple[int, str], ...]:
    lines = note.read_text().splitlines() if note.is_file() else []
    found = [(int(line.partition(" ")[0]), line.partition(" ")[2]) for line in lines if re.match(r"\d+ ", line)]
    # a failure before && is no failure for the trap, but the code of the script
    return tuple(found) or (((code, "the script"),) if code else ())


def shows(expected: list[str], output: str) -> bool:
    """True where the output is what is expected; ``...`` stands for any text, alone on a line for any lines."""
    pattern = ""
    for line in map(str.rstrip, expected):
        if line == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"[ \t]*\n"
    lines = [line.rstrip() for line in _ERASED.sub("", output).removesuffix("\n").split("\n")] if output else []
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None
