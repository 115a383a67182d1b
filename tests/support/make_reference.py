"""Writes the pages of docs/ that are made from the code, and the schema of the settings.

``python -m tests.support.make_reference``
Read the difference before you commit it. `tests/docs/test_reference.py` holds every page equal to what is made here.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.check import docs as rules
from bibtool.cli.commands import COMMANDS
from bibtool.cli.config import all_settings, schema
from bibtool.cli.exits import ASKING, MEANINGS, WHEN_FAILED
from bibtool.cli.parser import cli
from bibtool.cv.targets import TARGETS
from bibtool.formats.bibtex.tidy.options import option_table
from tests.support import make_api_page, make_formats_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bibtool.settings import Setting

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SCHEMA = ROOT / "bibtool" / "project" / "schema.json"
HOW = "python -m tests.support.make_reference"
NOTE = f"<!-- Made from the code by `{HOW}`; don't edit. -->"

# what the tests need to run the examples of a command: comments before the block, see `tests.docs.blocks`
RUN = {
    "import": "<!-- scene: clipboard -->\n<!-- waits: --review -->",
    "index": "<!-- scene: dumps -->",
    "verify": "<!-- scene: dumps -->",
    "cv": "<!-- scene: owner -->\n<!-- waits: --watch -->",
    "fmt": "<!-- scene: faulty -->\n<!-- exits: 1 -->",
    "check": "<!-- scene: faulty -->\n<!-- exits: 1 -->",
    "library": "<!-- scene: backups -->",
    "dedupe": "<!-- scene: duplicates -->\n<!-- exits: 1 -->",
    "refs": "<!-- scene: project -->\n<!-- waits: --watch -->",
    "cited": "<!-- scene: project -->",
    "install-hook": "<!-- scene: project -->",
    "diff": "<!-- exits: 1 -->",
    "batch": "<!-- scene: papers -->\n<!-- waits: --scheduler -->",
    "outdated": "<!-- exits: 1 -->",
    "refresh": "<!-- scene: default -->\n<!-- exits: 1 -->",
    "serve": "<!-- waits: serve -->",
    "completion": "<!-- scene: completions -->",
}

COMMANDS_HEAD = f"""# Commands

{NOTE}

Data goes to standard output, everything else to standard error. [Exit codes](exit-codes.md) mean the same for all
commands.

"""
EXITS_HEAD = f"""# Exit codes

{NOTE}

| code | meaning |
|---|---|
"""
EXITS_MIDDLE = """
What was lost or refused is an *error* in bibtool's messages; what was taken but should be looked at is a *warning*. A
warning does not change the exit code. With `--strict`, before or after the command, it makes it 1. If several codes
would fit, the order is 130, 3, 2, 1, 4, 0.

A reader that stops early (`bibtool list | head -1`) is not an error: the code is 0. If standard output is closed or the
disk is full, it is 1.

## By command

Each command ends with 1 also where a file that it was given can't be read, and with 2 for a usage error. One whose
library is on a server ends with 4 if the server can't be reached, or goes away.

| command | 1 when | 4 |
|---|---|---|
"""
GLOBAL = "These go before the command. `--library`, `--quiet`, `--strict` and `--debug` may also go after it."
EVERYWHERE = frozenset({"--library", "--quiet", "--strict", "--debug", "--help"})
SETTINGS_HEAD = f"""# Settings

{NOTE}

Settings are in `bibtool.toml`, or in the tables below `[tool.bibtool]` in `pyproject.toml`. The nearest file is used,
searched from the current folder upward; `--config FILE` or the variable `BIBTOOL_CONFIG` names another. Paths are
relative to the file. An unknown setting, or a value of the wrong kind, is an error with its line.

For editors, `bibtool/project/schema.json` in the source has the same tables as a JSON schema.

"""
KINDS = {
    "word": "text",
    "words": "list of texts",
    "choice": "one of",
    "day": "day, `2026-11-23`",
    "flag": "`true` or `false`",
    "count": "number",
    "tables": "tables",
    "table-of-word": "table: name = text",
    "table-of-words": "table: name = list of texts",
    "table-of-choices": "table: name = one of",
}
FMT = "The options of `bibtool fmt`. Names with underscores work too."
VARIABLES = """## Environment variables

| variable | meaning |
|---|---|
| `BIBTOOL_LIBRARY` | path or URL of the library |
| `BIBTOOL_CONFIG` | the settings file to use instead of the nearest one |
| `BIBTOOL_CACHE` | the folder for arXiv's answers and other data that can be made again |
| `BIBTOOL_ALLOW` | paths outside the project that settings may name, with `:` between them (`;` on Windows) |
| `BIBTOOL_CONTACT` | a mail address that is sent to arXiv and the other services with each request |
| `BIBTOOL_ARXIV_URL` | another address for the arXiv API |
| `BIBTOOL_SOURCES` | the services besides arXiv, as in `sources.use`; `none` for arXiv only |
| `BIBTOOL_SOURCES_DELAY` | seconds between two requests to a service besides arXiv, if more than it asks for |
| `BIBTOOL_ARXIV_DELAY` | the same for arXiv, which asks for 3 |
| `BIBTOOL_OPENALEX_KEY` | your key for OpenAlex; also `..._ADS_KEY` and `..._SEMANTICSCHOLAR_KEY` |
| `BIBTOOL_CROSSREF_URL` | another address for Crossref; also `..._DATACITE_URL`, `..._DOIORG_URL` and so on |
| `NO_COLOR` | no colours |

Keys and `contact` can also be lines such as `openalex = "..."` in `keys.toml` in your own settings folder
(`~/.config/bibtool` on Linux), which nobody else may be able to read (`chmod 600`).
"""
TARGETS_HEAD = f"""# Targets of `bibtool cv`

{NOTE}

`bibtool cv --to NAME -o FILE` writes a file, or a folder if the table says so.

| name | what it is | written as |
|---|---|---|
"""


def commands_page() -> str:
    """Every command: how it is called, what it does, its options, examples."""
    context = click.Context(cli, info_name="bibtool", **cli.context_settings)
    parts = [COMMANDS_HEAD, "## Options of all commands\n\n", GLOBAL, "\n\n", _options(cli, context, set())]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts.append(_command(name, command, click.Context(command, info_name=name, parent=context)))
    return "".join(parts).rstrip() + "\n"


def _command(name: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    first, _, rest = _unfolded(command.help or "").partition("\n\n")
    parts = [f"## bibtool {name}\n\n{first}\n\n```text\nbibtool {name} {usage}\n```\n\n"]
    if rest:
        parts.append(f"{rest}\n\n")
    parts.append(_options(command, context, EVERYWHERE))
    paragraphs = re.split(r"\n\n+", (command.epilog or "").strip("\n"))
    parts += [_epilog(name, paragraph.strip("\b\n")) for paragraph in paragraphs]
    return "".join(parts).rstrip() + "\n\n"


def _unfolded(text: str) -> str:
    """Text of a docstring with one line a paragraph."""
    import inspect

    return "\n\n".join(" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n"))


def _options(command: click.Command, context: click.Context, without: Iterable[str]) -> str:
    rows = []
    for param in command.get_params(context):
        if not isinstance(param, click.Option) or param.hidden or set(param.opts) & set(without):
            continue
        shown, text = param.get_help_record(context) or ("", "")
        rows.append(f"| `{_cell(shown)}` | {_cell(text)} |\n")
    return "| option | |\n|---|---|\n" + "".join(rows) + "\n" if rows else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _epilog(name: str, paragraph: str) -> str:
    """Lines of examples as a block of a shell, other text as it is."""
    head, *lines = paragraph.splitlines() or [""]
    if not lines or not all(line.startswith("  ") for line in lines):
        return f"{paragraph}\n\n" if paragraph else ""
    calls = [line.strip() for line in lines]
    if head != "Examples:" and not all(call.startswith(("echo", "git")) for call in calls):
        return f"{head}\n\n```text\n" + "\n".join(calls) + "\n```\n\n"
    run = f"{RUN[name]}\n" if name in RUN else ""
    run += "<!-- each line alone -->\n" if head == "Examples:" else ""
    title = "" if head == "Examples:" else f"{head}\n\n"
    return f"{title}{run}```sh\n{_remarks(calls)}\n```\n\n"


def _remarks(calls: list[str]) -> str:
    """Lines with two or more spaces between a call and what it does, as a shell reads them."""
    pairs = [re.match(r"(.*?)(?:\s{2,}(.*))?$", call) for call in calls]
    found = [(pair[1], pair[2] or "") for pair in pairs if pair]
    width = max((len(call) for call, remark in found if remark), default=0)
    return "\n".join(f"{call:<{width}}  # {remark}" if remark else call for call, remark in found)


def settings_page() -> str:
    """Every setting by table: what it says, its kind, its default."""
    groups: dict[str, list[Setting]] = {}
    for one in all_settings():
        groups.setdefault(one.name.rpartition(".")[0], []).append(one)
    parts = [SETTINGS_HEAD]
    for table, several in groups.items():
        parts.append(f"## {f'[{table}]' if table else 'Before all tables'}\n\n")
        parts.append("| setting | meaning | kind | default |\n|---|---|---|---|\n")
        parts += [_setting(one) for one in several]
        parts.append("\n")
        for one in several:
            if one.parts:
                parts.append(f"Each `[[{one.name}]]` has:\n\n| setting | meaning | kind |\n|---|---|---|\n")
                parts += [f"| `{part.name}` | {_cell(part.help)} | {_kind(part)} |\n" for part in one.parts]
                parts.append("\n")
    parts += [f"## [fmt]\n\n{FMT}\n\n", "| setting | meaning | default |\n|---|---|---|\n"]
    for name, default, text, _ in option_table():
        parts.append(f"| `{name.replace('_', '-')}` | {_cell(text)} | {_value(default)} |\n")
    return "".join(parts) + "\n" + VARIABLES


def _setting(one: Setting) -> str:
    return f"| `{one.name.rpartition('.')[2]}` | {_cell(one.help)} | {_kind(one)} | {_default(one)} |\n"


def _kind(one: Setting) -> str:
    kind = KINDS.get(one.kind, one.kind)
    return kind + " " + ", ".join(f"`{choice}`" for choice in one.choices) if one.choices else kind


def _default(one: Setting) -> str:
    return _value(one.default)


def _value(value: Any) -> str:
    if value is None or value == "" or (not isinstance(value, (bool, int)) and not value):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (tuple, list)):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def targets_page() -> str:
    """Every target of ``bibtool cv``."""
    rows = [
        f"| {', '.join(f'`{name}`' for name in (one.name, *one.aliases))} | {_cell(one.help)} | "
        f"{f'`{one.suffix}`' if one.suffix else 'a folder'} |\n"
        for one in TARGETS
    ]
    return TARGETS_HEAD + "".join(rows)


def exits_page() -> str:
    """What each exit code means, and when each command ends with 1."""
    codes = [f"| {code} | {text} |\n" for code, text in MEANINGS.items()]
    rows = [
        f"| `{name}` | {_cell(text) or 'never'} | {'a service could not be asked' if name in ASKING else ''} |\n"
        for name, text in WHEN_FAILED.items()
    ]
    return EXITS_HEAD + "".join(codes) + EXITS_MIDDLE + "".join(rows)


# page below docs/ -> what makes it
PAGES: dict[str, Callable[[], str]] = {
    "reference/formats.md": make_formats_page.page,
    "reference/rules.md": rules.page,
    "reference/commands.md": commands_page,
    "reference/exit-codes.md": exits_page,
    "reference/settings.md": settings_page,
    "reference/targets.md": targets_page,
    "reference/api.md": make_api_page.page,
}


def schema_file() -> str:
    """The JSON schema of the settings as it is shipped."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all pages, and the schema of the settings."""
    made = {DOCS / name: make for name, make in PAGES.items()} | {SCHEMA: schema_file}
    for path, make in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = make()
        if not path.is_file() or path.read_text(encoding="utf-8") != new:
            path.write_text(new, encoding="utf-8", newline="")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
