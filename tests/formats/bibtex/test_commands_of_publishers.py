"""Records from entries with commands of publishers and packages: what is read, kept, and named as unknown."""

from __future__ import annotations

import pytest

from bibtool.bib.document import Document
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read
from bibtool.formats.bibtex.writer import write_bibtex

APS = r"\ifmmode \check{Z}\else \v{Z}\fi{}uma, S."
ENTRY = r"@article{a, author = {Pol, R. and AUTHOR}, title = {TITLE}, journal = {JOURNAL}, year = {YEAR}}"


def entry(author: str = "Ash, Bea", title: str = "T", journal: str = "J", year: str = "2001") -> bytes:
    text = ENTRY.replace("AUTHOR", author).replace("TITLE", title).replace("JOURNAL", journal).replace("YEAR", year)
    return text.encode()


@pytest.mark.parametrize(
    "author", [APS, r"\ifmmode\check{Z}\else\v{Z}\fi uma, S.", r"{\ifmmode \check{Z}\else \v{Z}\fi}uma, S."]
)
def test_names_as_the_aps_exports_them(author: str) -> None:
    (record,) = read(entry(author=author), ReadOptions()).records
    assert [name.family for name in record.names("author")] == ["Pol", "Žuma"]


def test_the_field_keeps_its_spelling_in_bibtex() -> None:
    data = entry(
        author=APS, title=r"\texorpdfstring{$\alpha$}{a} and \ce{H2O}", journal=r"\mnras", year=r"\noopsort{b}2001"
    )
    records = read(data, ReadOptions()).records
    written = write_bibtex(records, WriteOptions()).data
    before, after = (dict(Document.from_bytes(text).entries[0].items()) for text in (data, written))
    assert after == before
    assert str(records[0].variables["container-title"]) == "Monthly Notices of the Royal Astronomical Society"
    date = records[0].date()
    assert date is not None
    assert date.year == 2001


def test_a_command_that_is_not_known_is_named_once_with_its_line() -> None:
    data = entry(title=r"\foo and \bar{x} $\baz$ \emph{y}") + b"\n" + entry(title=r"\foo").replace(b"{a,", b"{b,")
    problems = [
        problem for problem in read(data, ReadOptions(path="x.bib")).problems if problem.code == "unknown-command"
    ]
    assert [problem.message for problem in problems] == [
        "the command \\foo is not known (2 fields)",
        "the command \\bar is not known",
        "the command \\baz is not known",
    ]
    assert [problem.position.line for problem in problems if problem.position] == [1, 1, 1]


@pytest.mark.parametrize("title", ["Plain", "$\\bar{x}$", "\\emph{x} \\ss", "a \\& b", "{\\tiny x}"])
def test_nothing_is_said_of_what_is_read(title: str) -> None:
    assert read(entry(title=title), ReadOptions()).problems == ()
