"""The parser of the command line. Each command is in a module of its own that is imported when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool import __version__
from bibtool.cli.commands import COMMANDS, OPTION_SYNONYMS, SECTIONS, SYNONYMS
from bibtool.cli.exits import DONE, USAGE
from bibtool.cli.streams import complain, one_line
from bibtool.errors import UnknownNameError
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

    app = ctx.obj = App(**options)
    if ctx.invoked_subcommand != "doctor":  # which reports it with whatever else is wrong
        app.check_config()
    if ctx.invoked_subcommand is None:  # as ruff and uv: the help, but a script that lost its command does not succeed
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


def invoke(words: Sequence[str]) -> int:
    """The exit code of a call; prints what is wrong with its usage, and raises what the command raises."""
    try:
        with cli.make_context("bibtool", [*words]) as context:
            result: Any = cli.invoke(context)
    except click.Abort:  # Ctrl-C or Ctrl-D at a question
        raise KeyboardInterrupt from None
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _usage(error, words)
    return result if isinstance(result, int) else DONE


def _usage(error: click.ClickException, arguments: Sequence[str]) -> int:
    context: click.Context | None = getattr(error, "ctx", None)
    message = one_line(error.format_message())
    if isinstance(error, click.NoSuchOption) and context is not None:
        known = [
            name for param in context.command.params if not _hidden(param) for name in param.opts if name[:1] == "-"
        ]
        unknown = UnknownNameError("option", error.option_name, known, synonyms=OPTION_SYNONYMS)
        message = str(unknown)
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    path = context.command_path if context is not None else f"bibtool {command}".rstrip()
    hint = f"`{path} --help` shows the usage"
    complain(message[:1].lower() + message[1:].rstrip("."), hint)
    return error.exit_code


def _hidden(param: click.Parameter) -> bool:
    return bool(getattr(param, "hidden", False))
