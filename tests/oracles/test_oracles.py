"""Values of our own entries as other programs read them: `accepted.toml` gives a reason for every difference.

The answers are recorded, so that the fast tests need no other program; the slow ones ask again (see `programs`).
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bibtool.bib.latex import from_latex
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.names import Names
from tests.oracles.programs import FORMATS, HERE, QUESTIONS, Question, ask
from tests.oracles.values import differences, values_of

ACCEPTED = HERE / "accepted.toml"


@cache
def items_of(path: Path, name: str) -> dict[str, dict[str, Any]]:
    """The items of a file as we read it, by key."""
    records = read_bytes(path.read_bytes(), name).records
    return {item["id"]: item for item in json.loads(write_bytes(records, "csl-json").data)}


def compared(question: Question) -> tuple[dict[str, str], int]:
    """Our values that differ from the program's, by entry and variable, and the number of all values."""
    if question.program == "bibtex":
        return _compared_names(question)
    mine = items_of(HERE / question.file, FORMATS[question.file])
    if question.program == "biber":
        theirs = items_of(question.answer, "biblatex")
    else:
        theirs = {item["id"]: item for item in json.loads(question.answer.read_text(encoding="utf-8"))}
    differing: dict[str, str] = {}
    count = 0
    for key in mine.keys() & theirs.keys():
        count += len(values_of(mine[key]).keys() | values_of(theirs[key]).keys())
        differing |= {f"{key} {name}": own for name, own, _ in differences(mine[key], theirs[key])}
    return differing, count


def _compared_names(question: Question) -> tuple[dict[str, str], int]:
    mine: dict[str, str] = {}
    for record in read_bytes((HERE / question.file).read_bytes(), "bibtex").records:
        for variable in ("author", "editor"):
            names = record.variables.get(variable)
            assert names is None or isinstance(names, Names)
            for number, name in enumerate(names or ()):
                said = (name.given, name.non_dropping_particle, name.family or name.literal, name.suffix)
                mine[f"{record.key} {variable}.{number}"] = " | ".join(said)
    theirs: dict[str, str] = {}
    for line in question.answer.read_text(encoding="utf-8").splitlines():
        key, variable, *parts = line.split("|")
        if parts[2] == "others":
            continue
        number = sum(name.startswith(f"{key} {variable}.") for name in theirs)
        theirs[f"{key} {variable}.{number}"] = " | ".join(
            from_latex(part).plain().replace("\u00a0", " ") for part in parts
        )
    names_of_both = mine.keys() | theirs.keys()
    return {name: mine.get(name, "") for name in names_of_both if mine.get(name) != theirs.get(name)}, len(
        names_of_both
    )


def accepted(question: Question) -> dict[str, str]:
    """Our values that may differ from the program's."""
    tables = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]
    asked = f"{question.program} {question.file}"
    return {name: value for table in tables for name, value in table["values"].get(asked, {}).items()}


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_every_difference_to_another_program_has_a_reason(question: Question) -> None:
    differing, count = compared(question)
    assert count > 50
    assert differing == accepted(question)


def test_every_reason_is_said_once_and_used() -> None:
    tables = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]
    reasons = [table["reason"] for table in tables]
    assert len(set(reasons)) == len(reasons)
    assert all(len(reason) > 20 for reason in reasons)
    assert {asked for table in tables for asked in table["values"]} <= {" ".join(question) for question in QUESTIONS}
    named = [(asked, name) for table in tables for asked in table["values"] for name in table["values"][asked]]
    assert len(set(named)) == len(named)


def test_our_entries_are_read_without_a_loss() -> None:
    keys: list[str] = []
    for file, name in FORMATS.items():
        result = read_bytes((HERE / file).read_bytes(), name)
        assert [problem.message for problem in result.problems if problem.code != "no-record"] == []
        keys += [record.key for record in result.records]
    assert len(keys) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_program_still_says_what_is_recorded(question: Question) -> None:
    said = ask(question)
    if said is None:
        pytest.skip(
            f"{question.program} is not installed in the version that was asked (see tests/oracles/programs.py)"
        )
    assert said == question.answer.read_text(encoding="utf-8")
