"""The settings file: known settings of the right kind, everything else an error with its line."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from bibtool.cli.config import Settings, all_settings, find_config, read_config, schema
from bibtool.cli.cvtemplate import propose_cv
from bibtool.errors import ConfigError
from bibtool.project.templates import propose

SCHEMA = Path(__file__).parents[2] / "bibtool" / "project" / "schema.json"


def read(folder: Path, text: str, name: str = "bibtool.toml") -> Settings:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_all_settings_of_a_project(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        library = "lib.sqlite"
        [refs]
        sources = ["library", "a.bib"]
        documents = ["paper.tex"]
        output = "out.bib"
        dialect = "biblatex"
        prefer = "both"
        prefer-for = { "knuth84" = "preprint" }
        drop = ["abstract"]
        lock = "x.lock"
        cite-commands = ["mycite:2"]
        as-of = 2026-11-23
        [keys]
        template = "{auth}{year}"
        """,
    )
    refs = found.refs
    assert (refs.sources, refs.documents, refs.output) == (("library", "a.bib"), ("paper.tex",), "out.bib")
    assert (refs.dialect, refs.prefer, refs.prefer_for) == ("biblatex", "both", {"knuth84": "preprint"})
    assert (refs.drop, refs.lock, refs.cite_commands) == (("abstract",), "x.lock", ("mycite:2",))
    assert (refs.as_of, found.key_template, found.folder) == ("2026-11-23", "{auth}{year}", tmp_path)


def test_pyproject(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.other]\nx = 1\n[tool.bibtool.refs]\noutput = "o.bib"\n', "pyproject.toml")
    assert found.refs.output == "o.bib"


def test_known_tables_may_be_empty(tmp_path: Path) -> None:
    tables = "".join(f"[{name}]\n" for name in ("keys", "export", "check", "refs", "owner", "cv", "sources", "fmt"))
    assert not read(tmp_path, tables + "[refs.prefer-for]\n[check.per-file-ignores]\n").refs.prefer_for


@pytest.mark.parametrize("text", ["tool = 'tool.bibtool'\n", "[[tool]]\nbibtool = 'tool.bibtool'\n"])
def test_a_pyproject_whose_tool_is_no_table_has_no_settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    found = find_config(tmp_path)
    assert found is None or found.parent != tmp_path


def test_a_pyproject_whose_settings_are_no_table(tmp_path: Path) -> None:
    for text in ("[tool]\nbibtool = 'refs'\n", "[tool]\n\nbibtool = 3\n", "[[tool.bibtool]]\nlibrary = 'x'\n"):
        with pytest.raises(ConfigError, match=r"tool\.bibtool must be a table"):
            read(tmp_path, text, "pyproject.toml")
    assert read(tmp_path, "tool = 3\n", "pyproject.toml").library == ""  # as by --config


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[refs]\nsources = ["a.bib"]\noutptu = "x"\n', 3, "refs.output"),
        ('output = "x"\n', 1, "refs.outputs|no setting 'output'"),
        ("[refs]\n\nsources = 'a.bib'\n", 3, "a list of strings"),
        ('[refs]\nprefer = "publishd"\n', 2, "one of published, preprint, both"),
        ('[refs.prefer-for]\nx = "y"\n', None, "one of published"),
        ('[refs]\nas-of = "soon"\n', 2, "a date such as"),
        ("[refs]\ndrop = [1]\n", 2, "a list of strings"),
        ("[refs\n", 1, "not valid TOML"),
        ("[check]\n[chek]\n", 2, "no table 'chek'; did you mean 'check'"),
        ("x = {}\n", 1, "no table 'x'"),
        ("[check]\n\n[check.rules]\n", 3, "no table 'check.rules'"),
        ("[refs]\n[library]\n", 2, "library must be a string"),
        ("[fmt]\n[fmt.sort]\n", 2, "fmt.sort must be a list of field names"),
        ("[cv]\n\n[cv.sections]\nheading = 'x'\n", 3, "[[cv.sections]]"),
        ("[keys]\n\ntemplate = '{nosuch}'\n", 3, "keys.template: no field 'nosuch' for keys"),
        ("[fmt]\n\ngenerate_keys = '{nosuch}'\n", 3, "fmt.generate_keys: no field 'nosuch' for keys"),
        ("[refs]\n\ncite-commands = ['+']\n", 3, "refs.cite-commands: '+' is not a valid citation command"),
        ("[cv]\n[cv.headings]\nbook = 'Books'\nthesis = 3\n", 4, "a string"),
    ],
)
def test_what_can_not_be_followed(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert any(one in str(caught.value) for one in words.split("|"))
    assert caught.value.exit_code == 2
    assert caught.value.path is not None
    if line is not None:
        assert caught.value.line == line


def test_a_setting_in_the_wrong_table_is_told_its_home(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, 'output = "x"\n')
    assert "[refs]" in str(caught.value.hint)


def test_the_schema_that_is_shipped_is_that_of_the_table() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


@pytest.mark.slow
def test_the_schema_has_every_setting_and_no_other() -> None:
    properties = schema()["properties"]
    for one in all_settings():
        table, _, last = one.name.rpartition(".")
        assert last in (properties[table]["properties"] if table else properties)
    checker = jsonschema.Draft202012Validator(schema())
    checker.check_schema(schema())
    good = {"library": "x", "refs": {"sources": ["a.bib"], "prefer": "both", "prefer-for": {"k": "preprint"}}}
    assert not list(checker.iter_errors(good))
    for bad in ({"refs": {"outptu": "x"}}, {"refs": {"prefer": "none"}}, {"other": 1}, {"refs": {"sources": "a"}}):
        assert list(checker.iter_errors(bad)), bad


def test_the_proposal_of_init_is_valid_with_and_without_its_comments(tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\n\\usepackage{biblatex}\\addbibresource{refs.bib}")
    (tmp_path / "old.bib").write_text("@misc{a, title={b}}")
    proposal = propose(tmp_path, library=True)
    assert (proposal.documents, proposal.choice.output) == (("paper.tex",), "refs.bib")
    plain = read(tmp_path, proposal.text)
    assert (plain.refs.dialect, plain.refs.sources) == ("biblatex", ("old.bib", "library"))
    lines = [line[2:] if line.startswith("# ") and " = " in line else line for line in proposal.text.splitlines()]
    data = tomllib.loads("\n".join(lines))
    shown = {f"{table}.{name}" for table in ("refs", "keys", "export") for name in data[table]} | {"library"}
    elsewhere = ("check.", "owner.", "cv.", "sources.")
    assert shown == {one.name for one in all_settings() if not one.name.startswith(elsewhere)}
    read(tmp_path, "\n".join(lines))


def test_the_proposal_for_a_publication_list_is_valid_with_and_without_its_comments(tmp_path: Path) -> None:
    text = propose_cv(["Bea Ash", 'Bea "B." Ash'])
    assert read(tmp_path, text).owner.names == ("Bea Ash", 'Bea "B." Ash')
    lines = [line[2:] if re.match(r"# (?:\[\[|[\w-]+ = )", line) else line for line in text.splitlines()]
    data = tomllib.loads("\n".join(lines))
    shown = {f"{table}.{name}" for table in ("owner", "cv") for name in data[table]}
    assert shown == {one.name for one in all_settings() if one.name.startswith(("owner.", "cv."))}
    settings = read(tmp_path, "\n".join(lines))
    assert settings.cv.sections is not None
    assert settings.cv.sections[1] == {"heading": "Journals", "where": "type==journal", "newest": 20}
    assert settings.cv.max_authors == 10


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[cv]\nnumber = 'sideways'\n", 2, "one of down, up, none"),
        ("[cv]\nsummary = 'yes'\n", 2, "true or false"),
        ("[cv]\n\nmax-authors = -1\n", 3, "a number"),
        ("[cv]\nsections = ['x']\n", 2, "[[cv.sections]]"),
        ("[[cv.sections]]\nheading = 'x'\nwhree = 'y'\n", 3, "did you mean 'cv.sections.where'"),
        ("[[cv.sections]]\nheading = 1\n", 2, "a string"),
        ("[[cv.sections]]\nheading = 'x'\n[[cv.sections]]\nheading = 1\n", 4, "a string"),
        ("[[cv.sections]]\nheading = 'x'\n[[cv.sections]]\nheadng = 'y'\n", 4, "'cv.sections.heading'"),
        ("[cv]\nheadings = { journal = 1 }\n", 2, "a string"),
        ("[owner]\nname = ['x']\n", 2, "owner.names"),
    ],
)
def test_wrong_settings_of_a_publication_list_are_errors_with_a_line(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert (caught.value.line, told in caught.value.message) == (line, True), caught.value.message
