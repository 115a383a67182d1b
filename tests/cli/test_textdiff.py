"""Unified diffs: valid whatever the texts, and linear in their size."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.cli.common import _LINES_AT_ONCE
from bibtool.cli.textdiff import unified_diff
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

LINES = st.sampled_from(
    [
        "@book{a,\n",
        "@book{b,\n",
        "@BOOK{a,\n",
        "}\n",
        "\n",
        "  x = 1,\n",
        "  x  = 1,\n",
        "é\r\n",
        "@",
        "last",
        " @misc{a\n",
    ]
)
TEXTS = st.lists(LINES, max_size=40).map("".join)


def applied(diff: list[str], before: str) -> str:
    """The text that a diff makes of another, checked line by line as `patch` does."""
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at = 0
    left = [0, 0]  # lines of both sides that the hunk still has to name
    for item in diff[2:]:
        if head := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", item):
            assert left == [0, 0]
            left = [int(head[2] or 1), int(head[4] or 1)]
            start = int(head[1]) - (left[0] > 0)
            new += old[at:start]
            at = start
            assert len(new) == int(head[3]) - (left[1] > 0)
            continue
        line = item[1:].removesuffix("\n\\ No newline at end of file\n")
        if item[0] in " -":
            assert old[at] == line
            at += 1
            left[0] -= 1
        if item[0] in " +":
            new.append(line)
            left[1] -= 1
    assert left == [0, 0]
    return "".join(new + old[at:])


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_it_makes_one_text_of_the_other(before: str, after: str) -> None:
    diff = list(unified_diff(before, after, "a", "b"))
    assert bool(diff) == (before != after)
    assert applied(diff, before) == after if diff else before == after


def test_hunks_have_three_lines_of_context() -> None:
    lines = [f"{number}\n" for number in range(1, 31)]
    changed = [*lines[:4], "five\n", *lines[5:9], "ten\n", *lines[10:24], *lines[25:]]
    assert "".join(unified_diff("".join(lines), "".join(changed), "a", "b")) == (
        "--- a\n+++ b\n@@ -2,12 +2,12 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"
        "@@ -22,7 +22,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("", "a\n", ["@@ -0,0 +1 @@\n", "+a\n"]),
        ("a\n", "", ["@@ -1 +0,0 @@\n", "-a\n"]),
        ("a", "a\n", ["@@ -1 +1 @@\n", "-a\n\\ No newline at end of file\n", "+a\n"]),
        ("a\n", "a\r\n", ["@@ -1 +1 @@\n", "-a\n", "+a\r\n"]),
    ],
)
def test_ends_of_files(before: str, after: str, lines: list[str]) -> None:
    assert list(unified_diff(before, after, "a", "b"))[2:] == lines


def entries(number: int, gap: str) -> str:
    return "".join(f"@book{{k{one},\n  title{gap}= {{T{one}}},\n  year{gap}= {{19}},\n}}\n\n" for one in range(number))


def test_a_moved_entry_is_shown_as_moved() -> None:
    blocks = entries(4, " ").split("\n\n")[:4]
    diff = unified_diff("\n\n".join(blocks), "\n\n".join([*blocks[1:], blocks[0]]), "a", "b")
    assert sum(line.startswith("-@book") for line in diff) == 1


@pytest.mark.slow
def test_twenty_thousand_changed_entries_take_seconds() -> None:
    start = time.perf_counter()
    diff = unified_diff(entries(20_000, " "), entries(20_000, "   "), "a", "b")
    assert sum(line.startswith("+") for line in diff) == 2 * 20_000 + 1
    assert time.perf_counter() - start < 60  # comparing all lines with all takes hours


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("patch") is None, reason="the real tool is not installed (patch)")
@pytest.mark.parametrize("order", [1, -1])
def test_patch_applies_it(tmp_path: Path, order: int) -> None:
    before = entries(200, " ")
    after = "\n\n".join(entries(200, "  ").split("\n\n")[::order]).strip("\n")
    (tmp_path / "refs.bib").write_text(before, encoding="utf-8", newline="")
    diff = "".join(unified_diff(before, after, "refs.bib", "refs.bib (tidied)"))
    subprocess.run(["patch", "-s", "refs.bib"], cwd=tmp_path, input=diff.encode(), check=True)
    assert (tmp_path / "refs.bib").read_text(encoding="utf-8") == after


def test_a_long_diff_is_printed_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = entries(900, "")
    (tmp_path / "refs.bib").write_text(before, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    diff = call(monkeypatch, "fmt", "--diff", "refs.bib").out.splitlines(keepends=True)
    after = call(monkeypatch, "fmt", "-", stdin=before.encode()).out
    assert len(diff) > 3 * _LINES_AT_ONCE
    assert diff == list(unified_diff(before, after, "refs.bib", "refs.bib (tidied)"))
    assert applied(diff, before) == after
