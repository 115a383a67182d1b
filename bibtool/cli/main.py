"""The parser of the command line. Each command is in a module of its own that is imported when it is called."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

import click

from bibtool import __version__
from bibtool.cli.commands import COMMANDS, OPTION_SYNONYMS, SECTIONS, SYNONYMS
from bibtool.cli.exits import BUG, DONE, FAILED, INTERRUPTED, USAGE
from bibtool.cli.streams import guarded, harmless, silence
from bibtool.errors import OPTIONAL_PACKAGES, BibtoolError, MissingPackageError, UnknownNameError, UsageError
from bibtool.lazy import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """A group that knows its commands by name and imports one only to run it or to show its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = load(COMMANDS[cmd_name][0])
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return names or click.Command.shell_complete(self, ctx, incomplete)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands first: they are what most people look for."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        width = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), text) for name, (_, text) in commands.items()])


def unknown_command(name: str) -> UnknownNameError:
    """The error for a command that does not exist, with what may have been meant."""
    if name == "version":
        return UnknownNameError("command", name, hint="`bibtool --version` prints it")
    if "." in name or "/" in name:
        hint = f"a file goes after a command: `bibtool check {name}`, `bibtool import {name}`"
    else:
        hint = "`bibtool --help` lists the commands"
    return UnknownNameError("command", name, list(COMMANDS), synonyms=SYNONYMS, hint=hint)


EPILOG = """\b
Examples:
  bibtool import profile.txt               add a pasted publication list to the library
  bibtool enrich                           confirm every record on arXiv
  bibtool cv --to html -o papers.html      write a publication list
  bibtool convert refs.bib --to csl-json   convert a file, without a library
  bibtool init && bibtool refs             a paper's bibliography, from what it cites

`bibtool help COMMAND` explains a command.
"""


@click.group(cls=_Commands, context_settings=CONTEXT, epilog=EPILOG, invoke_without_command=True, no_args_is_help=False)
@click.version_option(__version__, message="bibtool %(version)s (Python bibliography tool)")
@click.option("--library", metavar="PATH", help="The library to use (also: BIBTOOL_LIBRARY, or bibtool.toml).")
@click.option("--config", "config_path", metavar="FILE", help="Use these settings instead of the nearest bibtool.toml.")
@click.option(
    "--allow",
    multiple=True,
    metavar="PATH",
    help="A file or folder outside the project that bibtool.toml may name (also: BIBTOOL_ALLOW).",
)
@click.option("-q", "--quiet", is_flag=True, help="Only print errors.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Bibliographies from what researchers have: read, check, complete, cite, publish.

    Data goes to standard output, everything else to standard error. Exit codes: 0 done; 1 something was lost or
    refused, or a check found something; 2 usage error; 3 a bug in bibtool; 4 a service could not be asked.
    """
    from bibtool.cli.common import App

    ctx.obj = App(**options)
    if ctx.invoked_subcommand is None:  # as ruff and uv: the help, but a script that lost its command does not succeed
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


def run(arguments: Sequence[str]) -> int:
    """The exit code of a call; prints every error as one clear line on standard error."""
    if shell := os.environ.get("_BIBTOOL_COMPLETE"):
        from bibtool.cli.completion import answer

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
        _complain(_one_line(str(message)))
    else:
        click.echo(warnings.formatwarning(message, category, *place[:2]), err=True, nl=False)


def _run(arguments: Sequence[str]) -> int:
    # `bibtool --help import` asks for the help of import
    words = [*arguments[1:2], "--help"] if arguments[:1] in (["--help"], ["-h"]) and arguments[1:] else [*arguments]
    try:
        _refuse_foreign(words)
        _refuse_files(words)
        with cli.make_context("bibtool", words) as context:
            result: Any = cli.invoke(context)
    except (KeyboardInterrupt, EOFError, click.Abort):
        _complain("interrupted")
        return INTERRUPTED
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _usage(error, words)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - what is not known is our bug, and gets exit code 3
        return _failure(error, words)
    return result if isinstance(result, int) else DONE


def _failure(error: Exception, arguments: Sequence[str]) -> int:
    """The exit code of an error; says what is wrong."""
    debug = "--debug" in arguments
    if debug:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    if isinstance(error, ModuleNotFoundError) and (module := (error.name or "").partition(".")[0]) in OPTIONAL_PACKAGES:
        error = MissingPackageError(module)
    if isinstance(error, BibtoolError):
        hint = error.hint
        if len(arguments) > 1 and arguments[0] in COMMANDS and arguments[-1] == "help":
            hint = f"`bibtool help {arguments[0]}` explains the command"
        _complain(_one_line(str(error)), hint)
        return error.exit_code
    if isinstance(error, OSError):
        where = error.filename or ("standard output" if error.errno == errno.ENOSPC else "")
        _complain(f"{where}: {error.strerror or error}" if where else error.strerror or str(error))
        return FAILED
    if isinstance(error, (MemoryError, RecursionError)):
        _complain(f"the input is too large or too deeply nested ({type(error).__name__})")
        return FAILED
    import platform

    _complain(
        f"this is a bug in bibtool {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}: {_one_line(str(error))[:500]}",
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


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _complain(message: str, hint: str | None = None) -> None:
    text = f"bibtool: {message}"
    if hint:
        text += f"\n  {hint}"
    click.echo(harmless(text), err=True)


def _usage(error: click.ClickException, arguments: Sequence[str]) -> int:
    context: click.Context | None = getattr(error, "ctx", None)
    message = _one_line(error.format_message())
    if isinstance(error, click.NoSuchOption) and context is not None:
        known = [
            name for param in context.command.params if not _hidden(param) for name in param.opts if name[:1] == "-"
        ]
        unknown = UnknownNameError("option", error.option_name, known, synonyms=OPTION_SYNONYMS)
        message = str(unknown)
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    path = context.command_path if context is not None else f"bibtool {command}".rstrip()
    hint = f"`{path} --help` shows the usage"
    _complain(message[:1].lower() + message[1:].rstrip("."), hint)
    return error.exit_code


def _hidden(param: click.Parameter) -> bool:
    return bool(getattr(param, "hidden", False))
