"""A call of the command line: what runs it, and errors as one clear line. Without click, see `bibtool.cli.direct`."""

from __future__ import annotations

import errno
import os
import sys
import warnings

from bibtool import __version__
from bibtool.cli import direct
from bibtool.cli.commands import COMMANDS
from bibtool.cli.exits import BUG, DONE, FAILED, INTERRUPTED
from bibtool.cli.streams import complain, guarded, one_line, silence, tell
from bibtool.errors import OPTIONAL_PACKAGES, BibtoolError, MissingPackageError, UsageError

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def run(arguments: Sequence[str]) -> int:
    """The exit code of a call; prints every error as one clear line on standard error."""
    if shell := os.environ.get("_BIBTOOL_COMPLETE"):
        from bibtool.cli.completion import answer
        from bibtool.cli.parser import cli

        return answer(cli, shell, arguments)
    with guarded(), warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = _show_warning
        try:
            code = _run(arguments)
        except BrokenPipeError:  # the reader has had enough; nothing more is to be written
            silence(sys.stdout)
            return DONE
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            silence(sys.stdout)
        except OSError as error:
            silence(sys.stdout)
            return _failure(error, arguments)
        return code


def _show_warning(message: Warning | str, category: type[Warning], *place: Any, **_: Any) -> None:
    """Print what could not be kept of a file as a line of ours; other warnings are for developers."""
    if category.__name__ == "FileWarning":
        complain(one_line(str(message)))
    else:
        tell(warnings.formatwarning(message, category, *place[:2]), end="")


def _run(arguments: Sequence[str]) -> int:
    # `bibtool --help import` asks for the help of import
    words = [*arguments[1:2], "--help"] if arguments[:1] in (["--help"], ["-h"]) and arguments[1:] else [*arguments]
    try:
        _refuse_foreign(words)
        _refuse_files(words)
        code = direct.run(words)
        if code is None:
            from bibtool.cli.parser import invoke

            code = invoke(words)
    except (KeyboardInterrupt, EOFError):
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - what is not known is our bug, and gets exit code 3
        return _failure(error, words)
    return code


def _failure(error: Exception, arguments: Sequence[str]) -> int:
    """The exit code of an error; says what is wrong."""
    debug = "--debug" in arguments
    if debug:
        import traceback

        tell("".join(traceback.format_exception(error)), end="")
    if isinstance(error, ModuleNotFoundError) and (module := (error.name or "").partition(".")[0]) in OPTIONAL_PACKAGES:
        error = MissingPackageError(module)
    if isinstance(error, BibtoolError):
        hint = error.hint
        if len(arguments) > 1 and arguments[0] in COMMANDS and arguments[-1] == "help":
            hint = f"`bibtool help {arguments[0]}` explains the command"
        complain(one_line(str(error)), hint)
        return error.exit_code
    if isinstance(error, OSError):
        where = error.filename or ("standard output" if error.errno == errno.ENOSPC else "")
        complain(f"{where}: {error.strerror or error}" if where else error.strerror or str(error))
        return FAILED
    if isinstance(error, (MemoryError, RecursionError)):
        complain(f"the input is too large or too deeply nested ({type(error).__name__})")
        return FAILED
    import platform

    complain(
        f"this is a bug in bibtool {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}: {one_line(str(error))[:500]}",
        None if debug else "run it again with --debug and report the traceback; your files were not changed",
    )
    return BUG


def _refuse_foreign(arguments: Sequence[str]) -> None:
    """Raise `UsageError` for a call that is meant for another program called bibtool."""
    if not arguments or arguments[0] in COMMANDS or not any(word.startswith("-") for word in arguments):
        return
    from bibtool.cli.foreign import equivalent

    if line := equivalent(arguments, list(COMMANDS)):
        raise UsageError(f"these are options of another program called bibtool; with this one: {line}")


def _refuse_files(arguments: Sequence[str]) -> None:
    """Raise `UsageError` for a file whose name would be taken for an option, as `*` or a hook passes it.

    A repository chooses the names of its files, and the user alone what bibtool may do (``--allow=/...``).
    """
    for word in arguments:
        if word == "--":
            return
        if len(word) > 1 and word.startswith("-") and os.path.lexists(word):
            message = f"{word!r} is an option and the name of a file here"
            hint = "for the file write ./ before its name; for the option, rename the file or use another folder"
            raise UsageError(message, hint=hint)
