"""Runs a function of bibtool in a process of its own, with limits: for styles and templates that others wrote.

The function gets and returns what JSON can hold. Time of computing and memory are limited by the operating system where
it can (Linux; macOS limits time only); everywhere the process is stopped after a while.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from bibtool import errors
from bibtool.structs import dataclass

CPU_S: Final = 20
WALL_S: Final = 120  # the computer may have other things to do
MEMORY_BYTES: Final = 1 << 30
# the child finds bibtool where this process has it, whatever the current folder holds
_CHILD: Final = "import sys; sys.path[:] = {path!r}; from bibtool.bounded import serve; serve()"
_ERRORS: Final = {"InputError": errors.InputError, "StyleError": errors.StyleError}
_OUT_OF_TIME: Final = (-24, 152)  # SIGXCPU, as Python and as a shell have it


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of computing, seconds in all, and bytes of memory."""

    cpu_s: int = CPU_S
    wall_s: float = WALL_S
    memory: int = MEMORY_BYTES


class OutOfBoundsError(Exception):
    """The function took more than it may; the message says of what."""


def run_bounded(function: str, *arguments: Any, limits: Limits | None = None) -> Any:
    """What ``module:function`` returns for the arguments.

    Raises `OutOfBoundsError`, and `InputError` or `StyleError` as the function does.
    """
    limits = limits or Limits()
    task = json.dumps([function, arguments, limits.cpu_s, limits.memory])
    path = [str(Path(__file__).parents[1]), *(entry for entry in sys.path if entry)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD.format(path=path)],
            input=task.encode("ascii"),
            capture_output=True,
            check=False,
            timeout=limits.wall_s,
        )
    except subprocess.TimeoutExpired:
        raise OutOfBoundsError(f"took more than {limits.wall_s:g} seconds") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        if done.returncode in _OUT_OF_TIME:
            raise OutOfBoundsError(f"took more than {limits.cpu_s} seconds of computing") from None
        raise OutOfBoundsError(f"needed too much memory, or failed (status {done.returncode})") from None
    if "result" in answer:
        return answer["result"]
    if "memory" in answer:
        raise OutOfBoundsError(f"needed more than {limits.memory >> 20} MiB of memory")
    kind = _ERRORS[answer["error"]]
    raise kind(answer["message"], path=answer["path"], line=answer["line"], hint=answer["hint"])


def serve() -> None:
    """The child: read a task from standard input, and write the answer."""
    function, arguments, cpu_s, memory = json.loads(sys.stdin.buffer.read())
    module, _, name = function.partition(":")
    work = getattr(import_module(module), name)
    _limit(cpu_s, memory)
    answer: dict[str, Any]
    try:
        answer = {"result": work(*arguments)}
    except (errors.InputError, errors.StyleError) as error:
        answer = {
            "error": type(error).__name__ if type(error).__name__ in _ERRORS else "InputError",
            "message": error.message,
            "path": error.path,
            "line": error.line,
            "hint": error.hint,
        }
    except MemoryError:
        answer = {"memory": True}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    sys.stdout.buffer.flush()


def _limit(cpu_s: int, memory: int) -> None:
    """Let the operating system limit this process, as far as it can."""
    if os.name != "posix":
        return
    import resource

    for kind, limit in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            continue
