"""``bibtool completion``: completion for bash, zsh and fish.

The script of a shell calls ``bibtool-hook`` with the words of the line, and its name in ``_BIBTOOL_COMPLETE``. `answer`
prints what can be typed at the cursor, one candidate per line: kind, value and description, separated by tabs.
The kinds are ``plain``, and ``file`` for "any file name too". The scripts call ``bibtool-hook`` and not ``bibtool``,
because another program of that name would wait for its standard input.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem, ShellComplete

from bibtool.cli.common import App, common_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Complete = Callable[[click.Context, click.Parameter, str], Iterable[CompletionItem]]
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # generic since click 8.5 only

VARIABLE: Final = "_BIBTOOL_COMPLETE"

# bash cuts words at = and : too and replaces the last piece only, so it gets the whole line and `_bash_words` cuts it
_BASH = r"""_bibtool_completion() {
    local IFS=$'\t' kind value help files='' current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    while read -r kind value help; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) files=yes ;;
        esac
    done < <(_BIBTOOL_COMPLETE=bash bibtool-hook "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
    [[ $files ]] || return 0
    if (( ${#COMPREPLY[@]} )); then
        compopt -o filenames
        while read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
    else
        compopt -o default
    fi
}
complete -o nosort -F _bibtool_completion bibtool bibtool-hook
"""
_ZSH = r"""#compdef bibtool bibtool-hook
_bibtool() {
    local kind value help files=''
    local -a before values shown
    before=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    while IFS=$'\t' read -r kind value help; do
        case $kind in
            plain) values+=("$value"); shown+=("$value${help:+  -- $help}") ;;
            file) files=yes ;;
        esac
    done < <(_BIBTOOL_COMPLETE=zsh bibtool-hook "${before[@]}" 2>/dev/null </dev/null)
    [[ $PREFIX == --*=* ]] && compset -P '*='
    (( $#values )) && compadd -V bibtool -l -d shown -a values
    [[ -n $files ]] && _files
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _bibtool "$@"
else
    compdef _bibtool bibtool bibtool-hook
fi
"""
_FISH = r"""function __bibtool_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -lx _BIBTOOL_COMPLETE fish
    bibtool-hook $before[2..] "$current" 2>/dev/null </dev/null | while read -l -d \t kind value help
        switch $kind
            case plain
                printf '%s\t%s\n' $value $help
            case file
                __fish_complete_path "$current"
        end
    end
end
for name in bibtool bibtool-hook
    complete -c $name -f -a '(__bibtool_complete)'
end
"""
SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}

EPILOG = """\b
To enable it in every new shell, add this line to its settings:
  bash   ~/.bashrc:   source <(bibtool completion bash)
  zsh    ~/.zshrc:    source <(bibtool completion zsh)      after the line with compinit
  fish   ~/.config/fish/config.fish:   bibtool completion fish | source

\b
Examples:
  bibtool completion bash > ~/.local/share/bash-completion/completions/bibtool
"""


@click.command(epilog=EPILOG)
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SCRIPTS)))
@common_options
def command(shell: str) -> int:
    """Print the completion script for SHELL: bash, zsh or fish.

    It completes commands, options, formats, styles, rules, targets, files, and citation keys of the library.
    """
    click.echo(SCRIPTS[shell], nl=False)
    return 0


def answer(cli: click.Group, shell: str, words: Sequence[str]) -> int:
    """Print what can be typed at the cursor; always 0, and never an error message.

    ``words`` are those after the program's name, the last one incomplete; for bash there is one, the whole line up to
    the cursor.
    """
    try:
        for line in candidates(cli, shell, words):
            click.echo(line)
    except Exception:  # noqa: BLE001 - whoever presses Tab must not see an error of the library
        return 0
    return 0


def candidates(cli: click.Group, shell: str, words: Sequence[str]) -> list[str]:
    """The lines of an answer."""
    *before, incomplete = _bash_words(words[0]) if shell == "bash" else words
    finder = ShellComplete(cli, {}, "bibtool", VARIABLE)
    for name in before:
        if (known := cli.get_command(click.Context(cli), name)) is not None:
            _teach(known)
            break
    # `ShellComplete` cuts off the name of an option in --style=apa and adds it to the words before
    items = finder.get_completions(before, incomplete)
    lead = re.match(r"--[\w-]+=", incomplete)
    # bash takes what follows the last : or = for the word
    cut = max(incomplete.rfind(":"), incomplete.rfind("=")) + 1 if shell == "bash" else 0
    lines = []
    for item in items:
        value = item.value
        if item.type in {"file", "dir"}:
            lines.append("file\t\t")
            continue
        if not value or any(char in value for char in "\t\r\n"):
            continue
        if lead and shell != "zsh":
            value = lead[0] + value
        lines.append(f"plain\t{value[cut:]}\t{' '.join((item.help or '').split())}")
    return lines


def _bash_words(line: str) -> list[str]:
    """The words of a line after the program's name; the last one is what is directly before the cursor."""
    for end in ("", "'", '"'):  # a quote may still be open
        try:
            words = shlex.split(line + end)
        except ValueError:
            continue
        break
    else:
        words = line.split()
    while words and "=" in words[0] and not words[0].startswith("="):  # A=1 bibtool ...
        words.pop(0)
    if not end and (not line or line[-1].isspace()) and not line.endswith("\\ "):
        words.append("")
    return words[1:] or [""]


# what can be typed for a parameter, by the name that the help shows for it


class _Completed(ParamType):
    """A type that converts as another one does, and completes by a function."""

    def __init__(self, inner: ParamType, complete: Complete) -> None:
        self.inner, self.complete, self.name = inner, complete, inner.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self.inner.convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return list(self.complete(ctx, param, incomplete))


def _teach(command: click.Command) -> None:
    """Set how the parameters of a command are completed; choices and switches complete themselves."""
    for param in command.params:
        shown = re.sub(r"[\[\]]|\.\.\.", "", param.metavar or (param.name or "").upper())
        if isinstance(param, click.Option) and "--style" in param.opts:
            shown = "STYLES" if shown == "NAMES" else "STYLE"
        complete = COMPLETES.get(shown)
        if complete is not None and not isinstance(param.type, click.Choice):
            param.type = _Completed(param.type, complete)


def _starting(names: Iterable[str] | Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    """The names that begin with it; the values of a mapping are their help."""
    helps = names if isinstance(names, Mapping) else {}
    return [CompletionItem(name, help=helps.get(name)) for name in names if name.startswith(incomplete)]


def _files(_ctx: click.Context, _param: click.Parameter, _incomplete: str) -> list[CompletionItem]:
    return [CompletionItem("", type="file")]


def _formats(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats that can be read or written here, and formatted lists where those are written."""
    from bibtool.cli.formatted import LISTS
    from bibtool.formats.registry import FORMATS

    reads = "--from" in param.opts
    titles = {form.name: form.title for form in FORMATS if (form.reader if reads else form.writer)}
    if ctx.info_name == "cite":
        titles = {}
    return _starting(titles if reads else titles | LISTS, incomplete)


def _targets(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from bibtool.cv.targets import TARGETS

    return _starting({target.name: target.help for target in TARGETS}, incomplete)


def _styles(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of styles that begin with it.

    For no letters only a few of the ten thousand are offered, and styles that only refer to another one from the third
    letter on.
    """
    from bibtool.cli.formatted import style_index
    from bibtool.project.formatted import DEFAULT_STYLE
    from bibtool.styles.pybtex_styles import STYLES

    if not incomplete:
        return _starting([DEFAULT_STYLE, *STYLES], incomplete)
    names = set(STYLES)
    for folder in style_index(_app(ctx)).folders:
        if folder.endswith(f"{os.sep}dependent") and len(incomplete) < 3:
            continue
        with os.scandir(folder) as files:
            names.update(file.name.removesuffix(".csl") for file in files if file.name.endswith(".csl"))
    return _starting(sorted(names), incomplete) or _files(ctx, _param, incomplete)


def _style_list(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    head, comma, tail = incomplete.rpartition(",")
    return [CompletionItem(head + comma + item.value) for item in _styles(ctx, param, tail) if item.type == "plain"]


def _keys(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Citation keys of the library, which is opened read-only and without waiting for it."""
    from bibtool.errors import BibtoolError
    from bibtool.store import open_library

    try:
        with open_library(_app(ctx).library_location(), create=False, read_only=True, busy_timeout_s=0.2) as library:
            return _starting(library.keys(), incomplete)
    except (BibtoolError, OSError):
        return []


def _keys_and_files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [*_keys(ctx, param, incomplete), *_files(ctx, param, incomplete)]


def _rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from bibtool.check.table import rules

    head, comma, tail = incomplete.rpartition(",")
    names = {code: rule.name for code, rule in rules().items()}
    return [CompletionItem(head + comma + item.value, help=item.help) for item in _starting(names, tail.upper())]


def _locales(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from bibtool.styles.locale import known_locales

    return _starting(known_locales(), incomplete)


def _app(ctx: click.Context) -> App:
    """The library and settings of the call, as far as it is typed."""
    app = ctx.find_object(App) or App()
    whole = ctx.find_root().params
    app.library = app.library or whole.get("library")
    app.config_path = app.config_path or whole.get("config_path")
    return app


COMPLETES: Final[dict[str, Complete]] = {
    **dict.fromkeys(("KEY", "KEY=ID", "KEY=KEY", "KEY@LOCATOR"), _keys),
    "FILE|KEY": _keys_and_files,
    **dict.fromkeys(("FILE", "FILE_OR_FOLDER", "FILE|DIR", "FILE|N", "PATH", "GLOB", "OLD", "NEW"), _files),
    "FORMAT": _formats,
    "TARGET": _targets,
    "STYLE": _styles,
    "STYLES": _style_list,
    **dict.fromkeys(("CODE", "CODES"), _rules),
    "LANG": _locales,
}
