"""The pages that are made from the code say what the code says."""

from __future__ import annotations

import json

import click
import pytest

import bibtool
from bibtool.cli.commands import COMMANDS
from bibtool.cli.config import all_settings, schema
from bibtool.cli.parser import cli
from bibtool.cv.targets import TARGETS
from tests.docs.blocks import ROOT
from tests.support.make_api_page import MODULES, markdown
from tests.support.make_reference import DOCS, HOW, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), HOW


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_there(name: str) -> None:
    page = PAGES["reference/commands.md"]()
    section = page.partition(f"\n## bibtool {name}\n")[2].partition("\n## ")[0]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    head = page.partition("\n## bibtool import\n")[0]
    for option in options:
        assert option.help, option.name
        assert next(name for name in option.opts if name.startswith("--")) in section + head


def test_every_setting_is_there() -> None:
    page = PAGES["reference/settings.md"]()
    for one in all_settings():
        table, _, name = one.name.rpartition(".")
        section = page.partition(f"\n## [{table}]\n" if table else "\n## Before all tables\n")[2].partition("\n## ")[0]
        assert f"| `{name}` |" in section, one.name


def test_the_schema_beside_it_is_that_of_the_code() -> None:
    stored = json.loads((ROOT / "bibtool" / "project" / "schema.json").read_text(encoding="utf-8"))
    assert stored == schema()


def test_every_target_is_there() -> None:
    page = PAGES["reference/targets.md"]()
    assert all(f"| `{target.name}`" in page for target in TARGETS)


def test_every_public_name_is_there() -> None:
    page = PAGES["reference/api.md"]()
    for name in MODULES:
        assert f"\n## {name}\n" in page
    for name in bibtool.__all__:
        assert name.startswith("__") or f"\n### {name}\n" in page


def test_docstrings_become_markdown() -> None:
    rows = "``one``   the first\n          of them\n``two``   another"
    doc = f"What ``x`` is::\n\n    a tree\n      of lines\n\n{rows}\n\n>>> f(1)  # doctest: +SKIP"
    assert markdown(doc) == (
        "What `x` is:\n\n```text\na tree\n  of lines\n```\n\n"
        "- `one`: the first of them\n- `two`: another\n\n```pycon\n>>> f(1)\n```\n"
    )
