"""Comments that ignore what is found in a file now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.check.engine import check
from bibtool.check.ignoring import add_ignores
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from tests.check.test_engine import PIECES

if TYPE_CHECKING:
    from pathlib import Path

ALL = CheckSettings(select=("ALL",), ignore=("SUP002",))
BAD = "@book{a, doi = {nonsense}, isbn = {1}}"


def file_of(text: str | bytes) -> CheckedFile:
    return CheckedFile.from_bytes(text if isinstance(text, bytes) else text.encode(), "x.bib")


def commented(text: str, select: str = "IDS") -> str:
    """The text with its comments, after which nothing is found and nothing is added."""
    options = CheckSettings(select=tuple(select.split(",")))
    result = add_ignores([file_of(text)], options)
    (file,) = result.files
    assert check(result.files, options) == result.remaining == ()
    assert add_ignores(result.files, options).files == result.files
    return file.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BAD, f"% bibtool: ignore=IDS001,IDS004\n{BAD}"),
        ("@book{b}\r\n\r\n" + BAD, f"@book{{b}}\r\n\r\n% bibtool: ignore=IDS001,IDS004\r\n{BAD}"),
        (f"% mine\n{BAD}", f"% mine\n% bibtool: ignore=IDS001,IDS004\n{BAD}"),
        (f"% bibtool: ignore=IDS004 \n{BAD}", f"% bibtool: ignore=IDS004,IDS001 \n{BAD}"),
        (f"@comment{{bibtool: ignore=IDS004}}\n{BAD}", f"@comment{{bibtool: ignore=IDS004,IDS001}}\n{BAD}"),
        (f"% bibtool: ignore-file=IDS004\n{BAD}", f"% bibtool: ignore-file=IDS004\n% bibtool: ignore=IDS001\n{BAD}"),
        (f"  {BAD}", f"% bibtool: ignore=IDS001,IDS004\n  {BAD}"),
        ("@book{b}", "@book{b}"),
        ("", ""),
    ],
)
def test_before_an_entry(before: str, after: str) -> None:
    assert commented(before) == after


def test_what_is_in_no_entry_is_ignored_for_the_file() -> None:
    text = "@book{a, title = {x}},\n  year = 1984\n}\n"
    assert commented(text, "SYN") == f"% bibtool: ignore-file=SYN007\n{text}"
    assert commented(f"% bibtool: ignore-file=IDS\n{text}", "SYN") == f"% bibtool: ignore-file=IDS,SYN007\n{text}"


def test_an_entry_in_the_middle_of_a_line_is_not_moved() -> None:
    text = f"@book{{b}} {BAD}\n"
    assert commented(text) == f"% bibtool: ignore-file=IDS001,IDS004\n{text}"


def test_an_entry_after_a_broken_one() -> None:
    text = f"@misc{{b, title = {{open\n\n{BAD}\n"
    assert commented(text) == text.replace(BAD, f"% bibtool: ignore=IDS001,IDS004\n{BAD}")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_stays(encoding: str) -> None:
    data = f"@misc{{é}}\n{BAD}\n".encode(encoding)
    (file,) = add_ignores([file_of(data)], CheckSettings(select=("IDS001",))).files
    assert file.document.to_bytes() == f"@misc{{é}}\n% bibtool: ignore=IDS001\n{BAD}\n".encode(encoding)


def test_duplicates_in_two_files() -> None:
    files = [CheckedFile.from_bytes(b"@book{a}\n", f"{number}.bib") for number in (1, 2)]
    result = add_ignores(files, CheckSettings(select=("KEY",)))
    assert [file.text for file in result.files] == ["@book{a}\n", "% bibtool: ignore=KEY001\n@book{a}\n"]
    assert len(result.hidden) == 1


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_the_file_only_comments_are_added(text: str) -> None:
    before = file_of(text)
    result = add_ignores([before], ALL)
    (after,) = result.files
    assert [(entry.type, entry.key) for entry in after.entries] == [(entry.type, entry.key) for entry in before.entries]
    assert add_ignores(result.files, ALL).files[0].text == after.text
    lines = iter(after.text.splitlines())
    assert all(line in lines for line in before.text.splitlines() if "bibtool:" not in line)


@pytest.mark.slow
def test_every_file_of_the_fixtures_is_clean_afterwards(fixtures: Path) -> None:
    paths = [path for path in sorted((fixtures / "bibtex").rglob("*")) if path.is_file()]
    assert paths
    for path in paths:
        result = add_ignores([file_of(path.read_bytes())], ALL)
        assert result.remaining == (), path.name
