"""Problems of writing that many records share are one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cli.grouping import summed_up
from bibtool.problems import Problem, Severity
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def lost(key: str, *parts: str) -> Problem:
    message = f"ris can't hold this of {key}: {', '.join(parts)}"
    return Problem(code="not-representable", message=message, severity=Severity.WARNING, key=key, parts=parts)


def test_a_few_stay_as_they_are() -> None:
    problems = [lost("a", "edition"), lost("b", "edition", "genre"), lost("c", "marks, and so on")]
    assert summed_up(problems) == problems


def test_many_become_one_line_with_counts_in_the_place_of_the_first() -> None:
    one = Problem(code="cut", message="the file is cut off")
    (first, second) = summed_up([lost("a", "edition"), one, *(lost(key, "genre", "edition") for key in "bcd")])
    assert str(first) == (
        "warning: ris can't hold this of 4 records (a, b, c, ...): edition (4), genre (3) [not-representable]"
    )
    assert second == one


def test_other_sentences_are_not_joined() -> None:
    problems = [Problem(code="odd", message=f"{key} is odd", key=key) for key in "abcdef"]
    assert summed_up(problems) == problems


def test_a_long_export_says_each_loss_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    entries = (f"@book{{k{n}, title = {{T{n}}}, oddfield = {{x}}, pagetotal = 7, ids = {{o{n}}}}}\n" for n in range(9))
    (tmp_path / "many.bib").write_text("".join(entries), encoding="utf-8")
    done = call(monkeypatch, "convert", "many.bib", "-o", "many.nbib")
    assert done.code == 0
    *told, wrote = done.err.splitlines()
    assert wrote == "wrote many.nbib"
    assert len(told) == 3, done.err
    assert all(" 9 records (k0, k1, k2, ...)" in line for line in told)
