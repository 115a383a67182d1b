"""Characters that LaTeX has no command for are reported wherever LaTeX is written."""

from __future__ import annotations

import pytest

from bibtool.bib.latexforms import without_form
from bibtool.formats.base import WriteOptions
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.project.formatted import render_list
from bibtool.styles.style import StyleIndex


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("plain", ""),
        ("Müller, Łukasz, Ş, –, α, ≤, ℏ, ₂", ""),
        ("中 and Ж", "Ж 中"),
        ("★ and 𝔸", "★ 𝔸"),
        ("a letter e\u0301 with a mark", ""),
    ],
)
def test_what_has_no_command_is_named(text: str, named: str) -> None:
    problem = without_form(text)
    assert (problem.message.rpartition(": ")[2] if problem else "") == named


@pytest.mark.parametrize(
    ("field", "place"),
    [("title = {Ж}", (2, 3)), ("title = {x},\n  note = {★}", (3, 3)), ("url = {https://a.org/Ж}", None)],
)
def test_fmt_escape_names_them_with_the_place_of_the_first(field: str, place: tuple[int, int] | None) -> None:
    result = tidy(f"@article{{a, {field}}}\n".encode(), TidyOptions(escape=True))
    found = [problem.position for problem in result.problems if problem.code == "no-latex-form"]
    assert [(position.line, position.column) for position in found if position] == ([place] if place else [])
    again = tidy(result.data, TidyOptions(escape=True))
    assert again.data == result.data


def test_fmt_without_escape_says_nothing() -> None:
    assert tidy("@article{a, title = {Ж}}\n".encode()).problems == ()


@pytest.mark.slow
def test_writing_bibtex_and_lists_in_latex_reports_them() -> None:
    (record,) = read_bytes("@misc{a, title={Ж and ü}, author={Lund, Per}, year=2000}".encode(), "bibtex").records
    result = write_bytes(record, "bibtex", WriteOptions(latex=True))
    assert [problem.code for problem in result.problems] == ["no-latex-form"]
    _, problems = render_list([record], "latex", "plain", StyleIndex([]).load)
    assert [problem.message.rpartition(": ")[2] for problem in problems] == ["Ж"]
