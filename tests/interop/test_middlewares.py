"""Middlewares that a caller or the command line hands in."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from bibtexparser.middlewares import (
    MergeCoAuthors,
    MergeNameParts,
    MonthIntMiddleware,
    NormalizeFieldKeys,
    SeparateCoAuthors,
    SortBlocksByTypeAndKeyMiddleware,
    SplitNameParts,
)

from bibtool.bib import Document
from bibtool.errors import MiddlewareError, UnknownNameError, UsageError
from bibtool.formats.registry import read_bytes
from bibtool.interop import apply_middlewares, find_middleware
from tests.interop.sample_middlewares import DropNotes, Failing, GivesNothing, ShoutTitles

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = "% c\n@misc{b, title = {Old}, note = {n}, month = mar}\n@article{a, author = {A B and C van D}}\n"
HERE = "tests.interop.sample_middlewares"


def test_they_run_in_their_order() -> None:
    result = apply_middlewares(Document.from_text(SAMPLE), [ShoutTitles(), DropNotes(), MonthIntMiddleware()])
    assert result.document.text == "\n" + SAMPLE[4:].replace("Old", "OLD").replace(" note = {n},", "").replace(
        "mar", "3"
    )
    assert result.problems == ()


def test_none_changes_nothing() -> None:
    assert apply_middlewares(Document.from_text(SAMPLE), []).document.text == SAMPLE


def test_lists_and_parts_of_names_need_not_be_merged_again() -> None:
    document = Document.from_text(SAMPLE)
    names = apply_middlewares(document, [SeparateCoAuthors()]).document.by_key["a"].get("author")
    assert names == "A B and C van D"
    names = apply_middlewares(document, [SeparateCoAuthors(), SplitNameParts()]).document.by_key["a"].get("author")
    assert names == "B, A and van D, C"
    both = [SeparateCoAuthors(), SplitNameParts(), MergeNameParts(), MergeCoAuthors()]
    assert apply_middlewares(document, both).document.by_key["a"].get("author") == "B, A and van D, C"


def test_a_sorted_library_is_a_sorted_document() -> None:
    document = apply_middlewares(Document.from_text(SAMPLE), [SortBlocksByTypeAndKeyMiddleware()]).document
    assert [entry.key for entry in document.entries] == ["a", "b"]
    assert document.problems == ()


def test_a_name_that_can_not_be_split_is_a_problem_and_stays() -> None:
    text = "@misc{k, author = {A, B, C, D, E}}\n"
    result = apply_middlewares(Document.from_text(text), [SeparateCoAuthors(), SplitNameParts()])
    assert [(problem.code, problem.key) for problem in result.problems] == [("middleware-error", "k")]
    assert result.document.text == text


def test_records_are_read_again() -> None:
    records = read_bytes(b"@article{k, title = {Old}, year = 1999}", "bibtex").records
    (changed,) = apply_middlewares(records, [ShoutTitles()]).read().records
    assert (changed.key, changed.type) == ("k", records[0].type)
    assert changed.variables["title"].plain() == "OLD"  # type: ignore[union-attr]
    assert changed.variables["issued"] == records[0].variables["issued"]


def test_what_bibtex_can_not_hold_of_a_record_is_reported() -> None:
    (record,) = read_bytes(b'[{"id": "k", "type": "song", "title": "T", "medium": "tape"}]', "csl-json").records
    result = apply_middlewares([record], [NormalizeFieldKeys()])
    assert [problem.code for problem in result.problems] == ["not-representable"]


@pytest.mark.parametrize("middleware", [Failing(), GivesNothing()])
def test_a_middleware_that_fails_is_one_clear_error(middleware: Failing | GivesNothing) -> None:
    with pytest.raises(MiddlewareError, match=type(middleware).__name__) as caught:
        apply_middlewares(Document.from_text(SAMPLE), [middleware])
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1


def test_a_middleware_is_found_by_its_name() -> None:
    assert isinstance(find_middleware("bibtexparser.middlewares:MonthIntMiddleware"), MonthIntMiddleware)
    assert isinstance(find_middleware(f"{HERE}:SHOUT"), ShoutTitles)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nothing",
        "bibtexparser.middlewares:",
        ":MonthIntMiddleware",
        "no such module:X",
        "..:X",
        "no_such_module:X",
        "bibtexparser.no_such_module:X",
        f"{HERE}:NOT_ONE",
        f"{HERE}:NeedsArguments",
        f"{HERE}:Middleware",
        f"{HERE}:BlockMiddleware.transform",
        "os:getcwd",
    ],
)
def test_what_is_not_a_middleware_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_middleware(name)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ShoutTitles'"):
        find_middleware(f"{HERE}:ShoutTitle")


@pytest.mark.parametrize("code", ["raise SystemExit(0)", "1 +", "raise ValueError('a\\nb')"])
def test_a_module_that_can_not_be_imported(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_module_of_a_user.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="can't be imported") as caught:
        find_middleware("broken_module_of_a_user:X")
    assert "\n" not in str(caught.value)


# ---- the command line -----------------------------------------------------------------------------------------------


def convert(
    tmp_path: Path, *arguments: str, name: str = "refs.bib", text: str = SAMPLE
) -> subprocess.CompletedProcess[str]:
    (tmp_path / name).write_text(text)
    call = [sys.executable, "-m", "bibtool", "convert", str(tmp_path / name), *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_convert_applies_middlewares_in_their_order(tmp_path: Path) -> None:
    chosen = ["--middleware", f"{HERE}:ShoutTitles", "--middleware", "bibtexparser.middlewares:MonthIntMiddleware"]
    done = convert(tmp_path, "--to", "bibtex", *chosen)
    assert done.returncode == 0, done.stderr
    assert "title         = {OLD}" in done.stdout
    assert "month         = {3}" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_convert_applies_them_to_records_of_other_formats(tmp_path: Path) -> None:
    text = '[{"id": "k", "type": "book", "title": "Old"}]'
    done = convert(tmp_path, "--to", "csl-json", "--middleware", f"{HERE}:ShoutTitles", name="refs.json", text=text)
    assert done.returncode == 0, done.stderr
    assert '"title": "OLD"' in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        (f"{HERE}:Failing", 1, "the middleware Failing failed: LookupError: nothing here"),
        (f"{HERE}:GivesNothing", 1, "it returned a NoneType, not a Library"),
        ("no_such_module:X", 2, "can't be imported"),
        (f"{HERE}:ShoutTitle", 2, "did you mean 'ShoutTitles'?"),
        (f"{HERE}:NOT_ONE", 2, "is not a middleware of bibtexparser"),
    ],
)
def test_convert_says_in_one_line_what_is_wrong(tmp_path: Path, name: str, code: int, words: str) -> None:
    done = convert(tmp_path, "--to", "bibtex", "--middleware", name)
    assert done.returncode == code
    assert done.stdout == ""
    first, *hint = done.stderr.splitlines()
    assert words in first
    assert len(hint) == 1


@pytest.mark.slow
def test_no_setting_names_a_middleware(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(SAMPLE)
    (tmp_path / "bibtool.toml").write_text(f'middleware = ["{HERE}:Failing"]\n')
    call = [sys.executable, "-m", "bibtool", "convert", "refs.bib", "--to", "bibtex"]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Failing failed" not in done.stderr
