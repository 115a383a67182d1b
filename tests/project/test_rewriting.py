"""An output that is there already: what is not touched keeps its bytes, and each change is called what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project.making import LAMPORT, PART, WHOLE, cite, codes, make, output, run

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.project.plan import Plan


def of_output(plan: Plan) -> list[str]:
    return [str(change) for change in plan.changes if change.file == "refs.bib"]


@pytest.mark.parametrize(
    "text",
    [
        "@string{A = {Ann. J.}},\n@article{x, title={T}, journal=A, year=2001}\n",
        "@string{a={A}}@article{x, title={T}}",
        "% head\n\n\n\n@article{x, title={T}}\n\n\n\n",
        "@article{x, title={T}}\nfree text",
        "{\n@article{x, title={T}}\n}\n",
    ],
    ids=["comma after @string", "no line end", "empty lines", "text at the end", "braces around"],
)
def test_a_file_that_says_what_is_wanted_is_not_touched(tmp_path: Path, text: str) -> None:
    make(tmp_path, "x", bib=None)
    (tmp_path / "refs.bib").write_text(text)
    plan = run(tmp_path)
    assert (plan.output, of_output(plan), output(tmp_path)) == (None, [], text)


@pytest.mark.parametrize(
    ("dialect", "cited", "moves"), [("bibtex", (), True), ("bibtex", ("whole",), False), ("biblatex", (), False)]
)
def test_a_parent_moves_only_where_bibtex_needs_it_and_that_is_said(
    tmp_path: Path, dialect: str, cited: tuple[str, ...], moves: bool
) -> None:
    make(tmp_path, "part", "lamport94", *cited, bib=None, settings=f'dialect = "{dialect}"\n')
    before = f"{WHOLE}\n\n{PART}\n\n{LAMPORT}\n"
    (tmp_path / "refs.bib").write_text(before)
    plan = run(tmp_path)
    told = ["refs.bib: moved whole (BibTeX needs it after part, which refers to it)"] if moves else []
    assert of_output(plan) == told
    assert output(tmp_path) == (f"{PART}\n\n{LAMPORT}\n\n{WHOLE}\n" if moves else before)
    assert run(tmp_path).changes == ()


def test_prune_leaves_definitions_that_somebody_wrote(tmp_path: Path) -> None:
    make(tmp_path, "x", bib=None)
    mine = '@preamble{"\\def\\x{}"}\n@string{used={U}}\n@string{idle={I}}\n'
    (tmp_path / "refs.bib").write_text(f"{mine}\n@misc{{x, title=used}}\n\n@misc{{y, title=used}}\n")
    run(tmp_path)
    plan = run(tmp_path, prune=True)
    assert (plan.pruned, of_output(plan)) == (("y",), ["refs.bib: removed y"])
    assert output(tmp_path) == f"{mine}\n@misc{{x, title=used}}\n"


def test_definitions_and_second_copies_are_named(tmp_path: Path) -> None:
    make(tmp_path, "knuth84")
    run(tmp_path)
    path = tmp_path / "refs.bib"
    path.write_text(path.read_text() + path.read_text()[path.read_text().index("@article") :])
    assert of_output(run(tmp_path)) == ["refs.bib: removed knuth84 (a second copy)"]
    cite(tmp_path, "lamport94")
    assert of_output(run(tmp_path)) == [
        "refs.bib: added lamport94",
        "refs.bib: removed knuth84 (not cited)",
        "refs.bib: removed @string cj",
        "refs.bib: removed @string jj",
    ]


# ---- keys in another case -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["source", "output", "kept output", "lock"])
def test_bibtex_finds_an_entry_under_another_case(tmp_path: Path, place: str) -> None:
    make(tmp_path, "LAMPORT94", bib=LAMPORT, settings="keep = true\n" if place == "kept output" else "")
    if place == "lock":
        run(tmp_path)
        (tmp_path / "refs.bib").unlink()
        (tmp_path / "all.bib").unlink()
    elif place != "source":
        (tmp_path / "all.bib").rename(tmp_path / "refs.bib")
    plan = run(tmp_path)
    assert (plan.ok, plan.keys, codes(plan)) == (True, ("lamport94",), ["key-case"])
    assert LAMPORT in output(tmp_path)
    assert run(tmp_path).changes == ()


@pytest.mark.parametrize(("name", "dialect"), [("paper.tex", "biblatex"), ("paper.md", "bibtex")])
def test_biber_and_pandoc_mind_the_case(tmp_path: Path, name: str, dialect: str) -> None:
    make(tmp_path, bib=LAMPORT, settings=f'dialect = "{dialect}"\ndocuments = ["{name}"]\n')
    (tmp_path / name).write_text("\\documentclass{a}\\cite{Lamport94}" if name.endswith("tex") else "[@Lamport94]")
    plan = run(tmp_path)
    assert codes(plan) == ["undefined-key"]
    assert "did you mean 'lamport94'?" in plan.problems[0].message


def test_two_spellings_stop_bibtex(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", "Lamport94", bib=LAMPORT)
    plan = run(tmp_path)
    assert (plan.ok, codes(plan)) == (True, ["cited-case"])


def test_a_parent_under_another_case(tmp_path: Path) -> None:
    make(tmp_path, "part", bib=f"{PART.replace('{whole}', '{WHOLE}')}\n{WHOLE}\n")
    assert run(tmp_path).keys == ("part", "whole")
