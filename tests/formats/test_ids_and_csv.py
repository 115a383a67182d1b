"""Lists of identifiers, and tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import csvtable, ids
from bibtool.formats.base import ReadOptions, ReadResult, WriteOptions
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPTIONS = ReadOptions(path="x")


def identifiers(result: ReadResult) -> list[str]:
    return [
        str(r.arxiv.id) if r.arxiv else next(f"{name} {value}" for name, value in r.variables.items())
        for r in result.records
    ]


def test_a_list_of_all_kinds() -> None:
    result = ids.read((FIXTURES / "ids/list.ids").read_bytes(), OPTIONS)
    assert result.problems == ()
    assert identifiers(result) == [
        "2203.01360", "math/0309136v2", "DOI 10.1112/plms/s2-42.1.230", "DOI 10.5555/12345678", "PMID 13054692",
        "PMCID PMC1234567", "ISBN 9780306406157", "URL https://example.org/a/page",
    ]  # fmt: skip
    assert result.records[0].arxiv is not None
    assert result.records[0].arxiv.primary_category == "math.NA"


def test_the_page_of_a_publisher_is_its_doi() -> None:
    text = (
        "https://link.springer.com/article/10.5555/s1-2\nhttps://dl.acm.org/doi/10.5555/12.34\n"
        "https://www.nature.com/articles/s41586-021-03819-2\nhttps://example.org/a/page\n"
    )
    assert identifiers(ids.read(text.encode(), OPTIONS)) == [
        "DOI 10.5555/s1-2", "DOI 10.5555/12.34", "DOI 10.1038/s41586-021-03819-2", "URL https://example.org/a/page",
    ]  # fmt: skip


def test_what_is_no_identifier_is_named_with_its_place() -> None:
    result = ids.read(b"2203.01360\n  hello 10.1000/x\n9780306406158\n2213.01360, 123456\n", OPTIONS)
    assert identifiers(result) == ["2203.01360", "DOI 10.1000/x", "PMID 123456"]
    assert [(p.raw, p.position.line, p.position.column) for p in result.problems] == [
        ("hello", 2, 3), ("9780306406158", 3, 1), ("2213.01360", 4, 1),
    ]  # fmt: skip
    assert "check digit" in (result.problems[1].hint or "")


def test_commas_without_blanks_and_dois_with_commas() -> None:
    text = "2203.01360,2203.01361,10.1000/a,b;c,10.1000/d"
    assert identifiers(ids.read(text.encode(), OPTIONS)) == [
        "2203.01360", "2203.01361", "DOI 10.1000/a,b;c", "DOI 10.1000/d",
    ]  # fmt: skip


@pytest.mark.parametrize("doi", ["10.5555/a,10.5555/b", "10.5555/a;doi:10", "10.5555/a,123456,b", "10.5555/é,https:b"])
def test_a_doi_in_which_another_identifier_could_begin_comes_back(doi: str) -> None:
    result = ids.write([Record("a", DOI=Verbatim(doi))], WriteOptions())
    (record,) = ids.read(result.data, OPTIONS).records
    assert record.text("DOI") == doi


def test_a_record_without_identifier_is_a_problem() -> None:
    written = ids.write(
        [Record(key="a", variables={"title": Text.of("T")}), Record(variables={"DOI": Verbatim("10.1/x")})],
        WriteOptions(),
    )
    assert next(p.code for p in written.problems) == "not-representable"


def test_a_table() -> None:
    result = csvtable.read((FIXTURES / "csv/table.csv").read_bytes(), OPTIONS)
    assert result.problems == ()
    first, second = result.records
    assert first.title == 'On "undecidable" propositions; part I'
    assert first.leftover("csv", "shelf") == "B 3"
    assert second.title == "=SUM of parts"
    assert second.names("author") == Names(
        (Name(literal="The Team; of Reports"), Name(family="Vries", given="Anna", non_dropping_particle="de")),
        truncated=True,
    )
    assert second.date() == Date.of(2020, 3)
    data = csvtable.write(result.records, WriteOptions()).data
    assert csvtable.read(data, OPTIONS).records == result.records


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''@", "'", "'a", "a=b", "=", "\t=1"])
def test_formulas_are_inert_and_come_back(text: str) -> None:
    record = Record(key="a", variables={"title": Text.of(text)})
    data = csvtable.write([record], WriteOptions()).data
    cell = data.decode().splitlines()[1].split(",")[2].strip('"')
    assert cell[0] not in "=+-@\t"
    assert csvtable.read(data, OPTIONS).records == (record,)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_delimiter_and_encoding_are_found_out(delimiter: str, encoding: str) -> None:
    text = f'id{delimiter}title{delimiter}author\r\na{delimiter}Größe{delimiter}"Doe, Jane"\r\n'
    result = csvtable.read(text.encode(encoding), OPTIONS)
    assert result.records[0].title == "Größe"
    assert result.records[0].names("author") == Names((Name(family="Doe", given="Jane"),))


@pytest.mark.parametrize("outer", ["|", ""])
def test_a_table_of_markdown(outer: str) -> None:
    # GitHub Flavored Markdown, 4.10: a row of dashes below the headings, outer bars may be left out
    rows = [
        "Year | Title | Authors | DOI",
        "---- | :--- | :---: | ---",
        "2023 | [Slow **Clocks**](https://x.example/c.pdf) | L. Lind, J. R. Moor and Ø. Strand | 10.5555/at.1",
        "2022 | Tuning Bells | Lind, Lena; Moor, Jan |  ",
    ]
    text = "".join(f"{outer} {row} {outer}".strip() + "\n" for row in rows)
    first, second = csvtable.read(text.encode(), OPTIONS).records
    assert (first.title, first.text("DOI"), first.text("issued")) == ("Slow Clocks", "10.5555/at.1", "2023")
    assert [name.family for name in first.names("author")] == ["Lind", "Moor", "Strand"]
    assert (second.title, [name.family for name in second.names("author")]) == ("Tuning Bells", ["Lind", "Moor"])


@pytest.mark.parametrize(
    ("cell", "families"),
    [
        ("Lind, Lena", ["Lind"]),
        ("L. Lind, J. Moor", ["Lind", "Moor"]),
        ("L. Lind and J. Moor", ["Lind", "Moor"]),
        ("L. Lind, Jr.", ["L. Lind"]),
        ("Garcia Marquez, Gabriel Jose", ["Garcia Marquez"]),
    ],
)
def test_names_of_a_cell(cell: str, families: list[str]) -> None:
    (record,) = csvtable.read(f'title,author\nT,"{cell}"\n'.encode(), OPTIONS).records
    assert [name.family for name in record.names("author")] == families


def test_a_quote_that_never_closes_has_good_neighbours() -> None:
    result = csvtable.read(b'id,title\na,A\nb,"B\nc,C\n', OPTIONS)
    assert [r.key for r in result.records] == ["a", "b", "c"]
    assert [(p.code, p.position.line) for p in result.problems] == [("csv-quote", 3)]


def test_rows_that_are_too_long_or_too_short() -> None:
    result = csvtable.read(b"id,title\na,A,more\nb\n\nc,C\n", OPTIONS)
    assert [r.key for r in result.records] == ["a", "b", "c"]
    assert result.records[0].leftover("csv", "column 3") == "more"
    assert [(p.code, p.position.line) for p in result.problems] == [("csv-cells", 2)]


@pytest.mark.parametrize("data", [b"", b"one,two\n1,2\n", b"\x00"])
def test_what_is_no_table_is_one_error(data: bytes) -> None:
    with pytest.raises(InputError):
        csvtable.read(data, OPTIONS)


@pytest.mark.slow
def test_a_table_of_quotes_is_read_in_linear_time() -> None:
    result = csvtable.read(b"id,title\n" + b'"a,' * 20_000 + b"\n" + b'x,"y\n' * 5_000, OPTIONS)
    assert result.problems
