"""RIS: tags of all kinds, faults between good references, dates."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import ris
from bibtool.formats.base import ReadOptions, ReadResult, WriteOptions
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text

FIXTURE = Path(__file__).parents[2] / "fixtures/ris/mixed.ris"


def read(text: str) -> ReadResult:
    return ris.read(text.encode(), ReadOptions(path="x.ris"))


def test_a_file_of_many_tags() -> None:
    result = ris.read(FIXTURE.read_bytes(), ReadOptions(path="x.ris"))
    assert result.problems == ()
    shannon, chapter, preprint = result.records
    assert (shannon.key, shannon.type) == ("shannon1948", "article-journal")
    assert shannon.date() == Date.of(1948, 7)
    assert shannon.text("page") == "379-423"
    assert shannon.text("ISSN") == "0005-8580"
    assert shannon.text("keyword") == "information; entropy, of sources"
    assert shannon.leftover("ris", "XY") == "a tag that nobody knows"
    assert chapter.names("author") == Names(
        (
            Name(family="Cruz", given="Ana", non_dropping_particle="de la"),
            Name(literal="The Group for Invented Things"),
        ),
        truncated=True,
    )
    assert chapter.date() == Date(DateParts(2001, season=1))
    assert chapter.text("ISBN") == "978-0-306-40615-7"
    assert chapter.text("abstract") == "First line of an abstract\nthat goes on in a second line."
    assert chapter.leftover("ris", "UR") == "https://example.org/b"
    assert preprint.arxiv is not None
    assert preprint.arxiv.id == parse_arxiv_id("2203.01360")


def test_written_again_it_is_the_same() -> None:
    first = ris.read(FIXTURE.read_bytes(), ReadOptions())
    data = ris.write(first.records, WriteOptions()).data
    assert b"XY  - a tag that nobody knows\n" in data
    again = ris.read(data, ReadOptions())
    assert again.problems == ()
    assert again.records[0] == first.records[0]
    assert ris.write(again.records, WriteOptions()).data == data


def test_an_et_al_is_reported_and_no_person() -> None:
    record = Record(key="a", variables={"author": Names((Name(family="A", given="B"),), truncated=True)})
    written = ris.write([record], WriteOptions())
    assert [p.code for p in written.problems] == ["not-representable"]
    assert "et al." in written.problems[0].message
    assert written.data.count(b"AU  - ") == 1


def test_a_bad_reference_has_good_neighbours() -> None:
    result = read(
        "TY  - JOUR\nTI  - A\nER  - \nlost words\nTY  - WHAT\nTI  - B\n"
        "TY  - BOOK\nTI  - C\nER  - \nER  - \nTY  - BOOK\nTI  - D"
    )
    assert [r.title for r in result.records] == ["A", "B", "C", "D"]
    assert [(p.code, p.position.line) for p in sorted(result.problems, key=lambda p: p.position.line or 0)] == [
        ("ris-outside", 4), ("ris-unclosed", 5), ("unknown-type", 5), ("ris-end", 10), ("ris-unclosed", 11),
    ]  # fmt: skip
    assert result.records[1].leftover("ris", "TY") == "WHAT"
    assert b"TY  - WHAT\n" in ris.write(result.records, WriteOptions()).data


def test_a_reference_of_nothing_but_its_type_is_none() -> None:
    result = read("TY  - JOUR\nER  - \nTY  - BOOK\nID  - k\nER  - \nTY  - WHAT\nER  - ")
    assert [r.key for r in result.records] == ["k"]
    assert [(p.code, p.position.line, p.raw) for p in result.problems] == [
        ("ris-empty", 1, "TY  - JOUR"), ("ris-empty", 6, "TY  - WHAT"),
    ]  # fmt: skip


def test_line_ends_and_a_missing_blank_do_no_harm() -> None:
    for end in ("\r\n", "\r", "\n"):
        result = read(f"TY  - JOUR{end}TI  - A{end}ER  -{end}{end}TY  - BOOK{end}TI  - B{end}ER  -")
        assert [r.title for r in result.records] == ["A", "B"]
        assert result.problems == ()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022", Date.of(2022)), ("2022//", Date.of(2022)), ("2022///", Date.of(2022)),
        ("2022/03//", Date.of(2022, 3)), ("2022/03/02/", Date.of(2022, 3, 2)), ("2022/3/2", Date.of(2022, 3, 2)),
        ("2022///Spring", Date(DateParts(2022, season=1))), ("2022///March", Date.of(2022, 3)),
        ("2020///2020/2022", Date(DateParts(2020), DateParts(2022))), ("2022-03-02", Date.of(2022, 3, 2)),
        ("2022/02/30/", Date(literal="2022/02/30/")), ("in press", Date(literal="in press")),
        ("///in press", Date(literal="in press")), ("2004/05//print", Date.of(2004, 5)),
        ("2004/05/06/Epub", Date.of(2004, 5, 6)), ("2004///print", Date.of(2004)),
        ("2020/12/31/Winter", Date.of(2020, 12, 31)), ("2020/02/30/print", Date(literal="2020/02/30/print")),
    ],
)  # fmt: skip
def test_dates(text: str, date: Date) -> None:
    assert ris.read_date(text) == date


@pytest.mark.parametrize("tag", ["PY", "Y1", "DA"])
@pytest.mark.parametrize("value", ["2004/05//print", "2004///Suppl", "2020/12/31/Winter"])
def test_other_information_of_a_date_is_kept(tag: str, value: str) -> None:
    # RIS, "Y1/PY": YYYY/MM/DD/other info; "the other info field can be any string of letters, spaces and hyphens"
    result = read(f"TY  - JOUR\n{tag}  - {value}\nER  - ")
    assert result.records[0].leftover("ris", tag) == value
    again = ris.read(ris.write(result.records, WriteOptions()).data, ReadOptions()).records[0]
    assert (again.date(), again.leftovers) == (result.records[0].date(), result.records[0].leftovers)
    assert read("TY  - JOUR\nPY  - 2020///Spring\nDA  - 2020///2020-21\nER  - ").records[0].leftovers == ()


def test_a_year_beside_a_date_says_nothing_new_and_another_year_is_kept() -> None:
    both = read("TY  - JOUR\nPY  - 2020\nDA  - 2020/05/06/\nER  - ").records[0]
    assert both.date() == Date.of(2020, 5, 6)
    other = read("TY  - JOUR\nPY  - 2020\nDA  - 2019/05/06/\nER  - ").records[0]
    assert other.date() == Date.of(2020)
    assert other.leftover("ris", "DA") == "2019/05/06/"


def test_a_value_can_not_become_a_tag() -> None:
    record = Record(key="a", variables={"abstract": Text.of("one\nER  - \nTY  - BOOK"), "title": Text.of("x\nER  - y")})
    result = ris.read(ris.write([record], WriteOptions()).data, ReadOptions())
    assert len(result.records) == 1
    assert result.records[0].text("abstract").splitlines()[1].strip() == "ER  -"


@pytest.mark.parametrize("data", [b"", b"hello\nworld", b"\x00\x01", b"TY: JOUR"])
def test_what_is_no_ris_is_one_error(data: bytes) -> None:
    with pytest.raises(InputError):
        ris.read(data, ReadOptions())
