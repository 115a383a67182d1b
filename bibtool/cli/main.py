"""The parser of the command line. Each command stands in a module of its own that is imported when it is called."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bibtool import __version__
from bibtool.errors import OPTIONAL_PACKAGES, BibtoolError, MissingPackageError, UnknownNameError, UsageError
from bibtool.lazy import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

# name -> (module:command, one line of help); the line stands here so that ``bibtool --help`` imports no command
COMMANDS: dict[str, tuple[str, str]] = {
    "import": ("bibtool.cli.importing:command", "Put the records of files into the library."),
    "enrich": ("bibtool.cli.enrich:command", "Confirm and complete records through the arXiv API."),
    "export": ("bibtool.cli.export:command", "Write records of the library in a format or as a formatted list."),
    "cv": ("bibtool.cli.cv:command", "Write the publication list of a person, for a CV or a web page."),
    "convert": ("bibtool.cli.convert:command", "Read a file in one format and write it in another, without a library."),
    "fmt": ("bibtool.cli.fmt:command", "Tidy BibTeX files in place, losing nothing."),
    "check": ("bibtool.cli.check:command", "Check BibTeX files for mistakes, and mend what is safe to mend."),
    "dedupe": ("bibtool.cli.dedupe:command", "Find and merge duplicates in the library or in BibTeX files."),
    "init": ("bibtool.cli.init:command", "Write a first bibtool.toml for the documents in this folder."),
    "refs": ("bibtool.cli.refs:command", "Write the bibliography of what the documents cite, and its lock."),
    "cited": ("bibtool.cli.cited:command", "List what documents cite; find undefined keys and unused entries."),
    "diff": ("bibtool.cli.diff:command", "Compare two bibliographies by what they say."),
    "verify": ("bibtool.cli.verify:command", "Compare entries with what arXiv says of them."),
    "outdated": (
        "bibtool.cli.refresh:outdated_command",
        "List what is new on arXiv for records, BibTeX files or a lock.",
    ),
    "refresh": ("bibtool.cli.refresh:command", "Bring records, BibTeX files or a lock up to date with arXiv."),
    "merge-driver": ("bibtool.cli.merge_driver:driver_command", "Merge BibTeX files for git, by entry and field."),
    "textconv": ("bibtool.cli.merge_driver:textconv_command", "Print a BibTeX file for git diff."),
    "git-setup": ("bibtool.cli.merge_driver:setup_command", "Make git merge and show .bib files with bibtool."),
    "list": ("bibtool.cli.library:list_command", "List the records of the library."),
    "show": ("bibtool.cli.library:show_command", "Show everything known of a record, and where it came from."),
    "search": ("bibtool.cli.library:search_command", "Search the library for words."),
    "edit": ("bibtool.cli.library:edit_command", "Set or remove fields of a record."),
    "remove": ("bibtool.cli.library:remove_command", "Remove records from the library."),
    "undo": ("bibtool.cli.library:undo_command", "Take back the last change of the library."),
    "redo": ("bibtool.cli.library:redo_command", "Do again what undo took back."),
    "styles": ("bibtool.cli.styles:styles_command", "Search the citation styles."),
    "cite": ("bibtool.cli.styles:cite_command", "Write the citation of records as it stands in a text."),
    "preview": ("bibtool.cli.styles:preview_command", "Show one record in several styles."),
    "install-hook": ("bibtool.cli.install_hook:command", "Run `bibtool refs` before each git commit."),
    "doctor": ("bibtool.cli.doctor:command", "Show every bibtool on PATH, versions, settings, library, cache."),
    "formats": ("bibtool.cli.formats:command", "List the formats that bibtool reads and writes."),
    "serve": ("bibtool.cli.serve:command", "Show the library in the browser, on this computer only."),
    "completion": ("bibtool.cli.completion:command", "Print the completion script for bash, zsh or fish."),
}

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
            raise UnknownNameError("command", args[0], list(COMMANDS), hint="`bibtool --help` lists them")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return names or click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


EPILOG = """\b
Examples:
  bibtool import profile.txt            read a pasted publication listing into the library
  bibtool enrich                        confirm every record on arXiv
  bibtool export --format bibtex > refs.bib
  bibtool convert refs.bib --to csl-json
"""


@click.group(cls=_Commands, context_settings=CONTEXT, epilog=EPILOG, invoke_without_command=False)
@click.version_option(__version__, message="bibtool %(version)s (Python bibliography tool)")
@click.option("--library", metavar="PATH", help="The library to use (also: BIBTOOL_LIBRARY, or bibtool.toml).")
@click.option(
    "--config", "config_path", metavar="FILE", help="The settings to use instead of the bibtool.toml found upward."
)
@click.option("-q", "--quiet", is_flag=True, help="Only print errors.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """Bibliographies from what researchers have: read, confirm on arXiv, export.

    Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 something was lost or
    refused or a check found something, 2 usage error, 3 a bug in bibtool, 4 a service could not be asked, 130
    interrupted.
    """
    from bibtool.cli.common import App

    ctx.obj = App(**options)


def run(arguments: Sequence[str]) -> int:
    """The exit code of a call; prints every error as one clear line on standard error."""
    if shell := os.environ.get("_BIBTOOL_COMPLETE"):
        from bibtool.cli.completion import answer

        return answer(cli, shell, arguments)
    debug = "--debug" in arguments
    try:
        _refuse_foreign(arguments)
        result: Any = cli.main(args=list(arguments), prog_name="bibtool", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        _complain("interrupted")
        return 130
    except click.ClickException as error:
        return _usage(error)
    except BrokenPipeError:
        return _broken_pipe()
    except Exception as error:  # noqa: BLE001 - what is not known is our bug, and gets exit code 3
        if debug:
            import traceback

            click.echo(traceback.format_exc(), err=True, nl=False)
        return _failure(error, debug=debug)
    return result if isinstance(result, int) else 0


def _failure(error: Exception, *, debug: bool) -> int:
    """The exit code of an error; says what is wrong."""
    if isinstance(error, ModuleNotFoundError) and (module := (error.name or "").partition(".")[0]) in OPTIONAL_PACKAGES:
        error = MissingPackageError(module)
    if isinstance(error, BibtoolError):
        _complain(_one_line(str(error)), getattr(error, "hint", None))
        return error.exit_code
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or error}")
        return 1
    if isinstance(error, (MemoryError, RecursionError)):
        _complain(f"the input is too large or too deeply nested ({type(error).__name__})")
        return 1
    import platform

    _complain(
        f"this is a bug of bibtool {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}: {_one_line(str(error))[:500]}",
        None if debug else "run it again with --debug and report the traceback; your files were not changed",
    )
    return 3


def _refuse_foreign(arguments: Sequence[str]) -> None:
    """Raise `UsageError` for a call in the manner of another program of this name."""
    if not arguments or arguments[0] in COMMANDS or not any(word.startswith("-") for word in arguments):
        return
    from bibtool.cli.foreign import equivalent

    if line := equivalent(arguments, list(COMMANDS)):
        raise UsageError(f"this is not the bibtool that takes these options; here it is: {line}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _complain(message: str, hint: str | None = None) -> None:
    text = f"bibtool: {message}"
    if hint:
        text += f"\n  {hint}"
    click.echo(text, err=True)


def _usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    message = _one_line(error.format_message())
    where = f"`{context.command_path} --help` shows how to call it" if context is not None else None
    _complain(message, where)
    return error.exit_code


def _broken_pipe() -> int:
    """``bibtool list | head``: the reader has had enough; that is no error, and nothing more is to be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
    return 0
