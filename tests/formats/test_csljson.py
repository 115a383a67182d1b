"""CSL-JSON: everything that real files hold, what the schema forgot, damaged files, hostile ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions, ReadResult, WriteOptions
from bibtool.formats.csl import json as csljson
from bibtool.formats.csl import jsonsniff, jsonwriter
from bibtool.model.dates import Date, DateParts, parse_date
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Record, Verbatim
from bibtool.model.richtext import Math, Span, Text
from bibtool.problems import Severity

MIXED = Path(__file__).parents[2] / "fixtures/csl-json/mixed.json"


def read(data: bytes | str | Any) -> ReadResult:
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data)
    return csljson.read(data.encode() if isinstance(data, str) else data, ReadOptions(path="x.json"))


def one(**members: Any) -> Record:
    result = read([{"id": "a", "type": "book", **members}])
    assert len(result.records) == 1
    return result.records[0]


def written(*records: Record) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(jsonwriter.write(records, WriteOptions()).data)
    return items


def codes(result: ReadResult) -> list[str]:
    return [p.code for p in result.problems]


def test_a_file_of_many_spellings_is_read() -> None:
    result = read(MIXED.read_bytes())
    assert codes(result) == ["unknown-property"]
    first, second, third = result.records
    assert first.key == "turing1936"
    assert first.variables["title"] == Text(
        ("On computable numbers, with an application to the ", Span("italic", ("Entscheidungsproblem",)))
    )
    assert first.text("container-title-short") == "Proc. London Math. Soc."
    assert first.variables["volume"] == Number("42")
    assert first.text("PMID") == "12345"
    assert first.text("note") == "Read in the reading group"
    assert first.arxiv is not None
    assert first.arxiv.id == parse_arxiv_id("2203.01360")
    assert first.leftover("csl-json", "note/arXiv") == "2203.01360 [math.NA]"
    assert second.key == "17"
    assert second.names("author") == Names(
        (Name(family="Whittaker", given="E. T.", suffix="Sr.", comma_suffix=True),), truncated=True
    )
    assert second.date() == Date(DateParts(1910, 4), DateParts(1911), circa=True)
    assert second.date("accessed") == Date.of(2022, 3, 2)
    assert second.variables["volume"] == Number("007")
    assert second.leftover("csl-json", "author/0/ORCID") == "0000-0000"
    assert json.loads(second.leftover("csl-json", "x-shelf")) == {"room": 3, "row": "B"}
    assert third.date() == Date(DateParts(1811, season=1))
    assert third.date("event-date") == Date(DateParts(1811, 3), DateParts(1811, 4))
    assert third.date("submitted") == Date(literal="before the war")


def test_nothing_of_that_file_is_lost_on_the_way() -> None:
    result = read(MIXED.read_bytes())
    data = jsonwriter.write(result.records, WriteOptions()).data
    again = read(data)
    assert again.problems == ()
    assert again.records == result.records
    assert jsonwriter.write(again.records, WriteOptions()).data == data
    items = json.loads(data)
    assert items[1]["custom"]["short_id"] == "wh"
    assert items[1]["custom"]["read"] is True


def test_a_published_layout() -> None:
    record = Record(
        key="bruna2022neural",
        type="article",
        variables={
            "issued": Date.of(2022, 3, 2),
            "author": Names((Name(family="Bruna", given="Joan"), Name(family="Peherstorfer", given="B.")), True),
            "title": Text(("On ", Math("x<y"), " & more")),
        },
        arxiv=Arxiv(id=parse_arxiv_id("2203.01360"), categories=("math.NA", "cs.LG"), candidates=("cs.NA",)),
        leftovers=(Leftover("listing", "token", "NA"),),
    )
    assert (
        jsonwriter.write([record], WriteOptions()).data.decode()
        == """[
  {
    "id": "bruna2022neural",
    "type": "article",
    "title": "On x<y & more",
    "author": [
      {"family": "Bruna", "given": "Joan"},
      {"family": "Peherstorfer", "given": "B."}
    ],
    "issued": {"date-parts": [[2022, 3, 2]]},
    "number": "arXiv:2203.01360",
    "publisher": "arXiv",
    "DOI": "10.48550/arXiv.2203.01360",
    "URL": "https://arxiv.org/abs/2203.01360",
    "categories": ["math.NA", "cs.LG"],
    "custom": {
      "bibtool": {
        "arxiv": {"id": "2203.01360", "categories": ["math.NA", "cs.LG"], "category-candidates": ["cs.NA"]},
        "derived": ["DOI", "URL", "number", "publisher"],
        "truncated": ["author"],
        "tex": {"title": "On $x<y$ & more"},
        "leftovers": [["listing", "token", "NA"]]
      }
    }
  }
]
"""
    )


@pytest.mark.parametrize("date", "0000 0000~ 0000? 0000% 0000-07~ 0000-21 0000-21~ 0000/0003 0000/..".split())
def test_a_year_0_comes_back_with_what_is_said_of_it(date: str) -> None:
    record = Record(key="a", variables={"issued": parse_date(date)})
    result = csljson.read(jsonwriter.write([record], WriteOptions()).data, ReadOptions())
    assert result.problems == ()
    assert result.records == (record,)


def test_candidates_are_never_categories() -> None:
    item = written(Record(key="a", arxiv=Arxiv(candidates=("math.NA", "cs.NA"))))[0]
    assert "categories" not in item


PREPRINT = Arxiv(id=parse_arxiv_id("2101.00001v3"))


def test_values_made_up_for_other_programs_do_not_come_back() -> None:
    record = Record(key="a", type="article", variables={"title": Text.of("T")}, arxiv=PREPRINT)
    assert written(record)[0]["DOI"] == "10.48550/arXiv.2101.00001"
    assert read(jsonwriter.write([record], WriteOptions()).data).records == (record,)


def test_values_that_were_there_come_back() -> None:
    given = {"DOI": Verbatim("10.48550/arXiv.2101.00001"), "URL": Verbatim("https://arxiv.org/abs/2101.00001v3")}
    record = Record(key="a", type="article", variables=given, arxiv=PREPRINT)
    assert read(jsonwriter.write([record], WriteOptions()).data).records == (record,)


def test_a_made_up_value_that_somebody_edited_is_his() -> None:
    record = Record(key="a", type="article", arxiv=PREPRINT)
    item = written(record)[0]
    item["DOI"] = "10.1000/published"
    item["publisher"] = "Springer"
    again = read([item]).records[0]
    assert again.text("DOI") == "10.1000/published"
    assert again.text("publisher") == "Springer"


def test_a_published_paper_gets_no_doi_of_arxiv() -> None:
    record = Record(key="a", variables={"DOI": Verbatim("10.1000/x")}, arxiv=PREPRINT)
    assert written(record)[0].keys() & {"DOI", "URL", "number", "publisher"} == {"DOI"}
    in_journal = Record(key="a", variables={"container-title": Text.of("J")}, arxiv=PREPRINT)
    assert written(in_journal)[0].keys() & {"DOI", "URL", "number", "publisher"} == {"URL"}


def test_a_date_edited_beside_our_own_wins() -> None:
    record = Record(key="a", variables={"issued": Date(DateParts(1900), uncertain=True)})
    item = written(record)[0]
    assert item["custom"]["bibtool"]["dates"] == {"issued": "1900?"}
    assert read([item]).records == (record,)
    item["issued"] = {"date-parts": [[1901]]}
    assert read([item]).records[0].date() == Date.of(1901)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"date-parts": [["2022", "03", "02"]]}, Date.of(2022, 3, 2)),
        ({"date-parts": [[2022, 0, 0]]}, Date.of(2022)),
        ({"date-parts": [[2022, None]]}, Date.of(2022)),
        ({"date-parts": [2022, 5]}, Date.of(2022, 5)),
        ({"date-parts": [[2022, 14]]}, Date(DateParts(2022, season=2))),
        ({"date-parts": [[2022, 24]]}, Date(DateParts(2022, season=4))),
        ({"date-parts": [[2020], [0]]}, Date(DateParts(2020), open_end=True)),
        ({"date-parts": [[-44, 3, 15]]}, Date.of(-44, 3, 15)),
        ({"date-parts": [["2022-03-02"]]}, Date.of(2022, 3, 2)),
        ({"date-parts": [[1999]], "season": "3"}, Date(DateParts(1999, season=3))),
        ({"date-parts": [[1999]], "circa": "false"}, Date.of(1999)),
        ({"raw": "March 2, 2022"}, Date.of(2022, 3, 2)),
        ({"raw": "3/2/2022"}, Date(literal="3/2/2022")),
        ("2022-03-02", Date.of(2022, 3, 2)),
        ("2004-06~/2006", Date(DateParts(2004, 6), DateParts(2006), circa=True, written="2004-06~/2006")),
        (2022, Date.of(2022)),
        ({"year": 2022, "month": "3"}, Date.of(2022, 3)),
        ([{"year": 2020}, {"year": 2021}], Date(DateParts(2020), DateParts(2021))),
        ({"date-parts": [[2022, 2, 30]]}, Date(literal="2022-2-30")),
        ({"date-parts": [[2022, "May"]]}, Date(literal="2022-May")),
    ],
)
def test_dates_of_all_spellings(data: Any, expected: Date) -> None:
    assert one(issued=data).date() == expected


@pytest.mark.parametrize("empty", [{}, {"date-parts": []}, {"date-parts": [[]]}, {"date-parts": [[""]]}, "", None])
def test_an_empty_date_is_none(empty: Any) -> None:
    assert "issued" not in one(issued=empty).variables


def test_a_day_that_does_not_exist_is_reported() -> None:
    result = read([{"id": "a", "type": "book", "issued": {"date-parts": [[2022, 2, 30]]}}])
    assert codes(result) == ["bad-date"]


def test_an_et_al_is_a_flag_and_a_person_called_others_does_not_exist() -> None:
    for last in ({"literal": "et al."}, {"family": "others"}, "and others"):
        names = one(author=[{"family": "A"}, last]).names("author")
        assert names == Names((Name(family="A"),), truncated=True)


def test_damaged_names_of_derived_properties_are_passed_over() -> None:
    record = one(URL="https://arxiv.org/abs/2203.01360", custom={"bibtool": {"derived": [["URL"], None, 1]}})
    assert record.text("URL") == "https://arxiv.org/abs/2203.01360"


def test_two_spellings_of_one_variable_are_both_kept() -> None:
    record = one(**{"title-short": "A", "shortTitle": "B", "doi": "10.1000/x"})
    assert record.text("title-short") == "A"
    assert record.leftover("csl-json", "shortTitle") == "B"
    assert record.text("DOI") == "10.1000/x"


def test_wrong_values_are_kept_and_named() -> None:
    result = read([{"id": "a", "type": "tweet", "title": {"x": 1}, "volume": True, "author": 5, "issued": True}])
    record = result.records[0]
    assert record.type == "document"
    assert {(x.name, x.value) for x in record.leftovers} == {
        ("type", "tweet"), ("title", '{"x": 1}'), ("volume", "true"), ("author", "5"), ("issued", "true"),
    }  # fmt: skip
    assert sorted(codes(result)) == ["unknown-type", *["wrong-value"] * 4]
    assert read(jsonwriter.write(result.records, WriteOptions()).data).records == result.records


def test_a_line_of_a_note_is_taken_only_if_it_is_one() -> None:
    assert one(note="It holds: nothing").text("note") == "It holds: nothing"
    assert one(note="First prose\nDOI: 10.1000/x").text("note") == "First prose\nDOI: 10.1000/x"
    taken = one(note="Original Date: 1899\nDOI: 10.1000/x", DOI="10.1000/y")
    assert taken.date("original-date") == Date.of(1899)
    assert taken.text("DOI") == "10.1000/y"
    assert taken.text("note") == "DOI: 10.1000/x"


@pytest.mark.parametrize(
    ("note", "variable", "value"),
    [
        ("number: e77", "number", "e77"),
        ("Number: 2021/4", "number", "2021/4"),
        ("{:number: twelve}", "number", "twelve"),
        ("{:source: a box}", "source", "a box"),
    ],
)
def test_words_of_prose_name_a_variable_with_a_number_or_in_braces(note: str, variable: str, value: str) -> None:
    record = one(note=note)
    assert record.text(variable) == value
    assert "note" not in record.variables


@pytest.mark.parametrize("note", ["Number: see the cover", "number: twelve", "Source: archive 7", "Section: on water"])
def test_words_of_prose_stay_prose(note: str) -> None:
    assert one(note=note).text("note") == note


def test_a_note_that_only_looks_like_such_lines_stays() -> None:
    record = Record(key="a", variables={"note": Text.of("PMID: 5")})
    assert read(jsonwriter.write([record], WriteOptions()).data).records == (record,)


@pytest.mark.parametrize("member", ["items", "references"])
def test_items_inside_an_object(member: str) -> None:
    result = read({"config": {"x": [1]}, member: [{"id": "a", "type": "book"}, {"id": "b", "type": "book"}], "z": 1})
    assert [r.key for r in result.records] == ["a", "b"]
    assert {p.severity for p in result.problems} == {Severity.NOTE}


def test_one_item_alone_and_items_in_lines() -> None:
    assert [r.key for r in read({"id": "a", "type": "book"}).records] == ["a"]
    lines = read('{"id": "a", "type": "book"}\n{"id": "b", "type": "book"}\n')
    assert [r.key for r in lines.records] == ["a", "b"]
    assert lines.problems == ()


def test_a_bad_item_has_good_neighbours() -> None:
    result = read('[\n {"id": "a", "type": "book"},\n 5,\n {"id": "b", "type": "book"}\n]')
    assert [r.key for r in result.records] == ["a", "b"]
    assert codes(result) == ["not-an-item"]
    assert (result.problems[0].position.line, result.problems[0].position.column) == (3, 2)
    assert result.problems[0].raw == "5"


def test_reading_goes_on_behind_broken_syntax() -> None:
    broken = '{"id": "b", "author": [{"family": "B" "given": "C"}, {"family": "D"}], "type": "book"}'
    result = read(f'[\n{{"id": "a", "type": "book"}},\n{broken},\n{{"id": "c", "type": "book"}}\n]')
    assert [r.key for r in result.records] == ["a", "c"]
    assert codes(result) == ["json-syntax"]
    problem = result.problems[0]
    assert (problem.position.line, problem.position.column) == (3, 39)
    assert problem.raw == broken


def test_a_cut_file_gives_what_was_whole() -> None:
    result = read('[{"id": "a", "type": "book"}, {"id": "b", "ty')
    assert [r.key for r in result.records] == ["a"]
    assert "json-syntax" in codes(result)
    assert result.problems[0].raw == '{"id": "b", "ty'


def test_two_items_of_one_id_are_both_kept() -> None:
    result = read([{"id": "a", "type": "book"}, {"id": "A", "type": "map"}])
    assert [r.key for r in result.records] == ["a", "A"]
    assert codes(result) == ["duplicate-key"]


def test_a_member_that_stands_twice_is_reported() -> None:
    result = read('[{"id": "a", "type": "book", "title": "X", "title": "Y"}]')
    assert codes(result) == ["repeated-member"]
    assert result.records[0].title == "Y"
    assert result.problems[0].raw == "X"


@pytest.mark.parametrize(
    "text", ["", "  \n", "hello", "\x00\x01", "<xml/>"], ids=["empty", "blank", "prose", "binary", "xml"]
)
def test_what_is_no_json_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert "x.json" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        '[{"id": ' + "[" * 100_000 + "]" * 100_000 + "}]",
        '[{"id": "a", "type": "book", "x": ' + "[" * 900 + "]" * 900 + "}]",
        '[{"id": "a", "type": "book", "title": ' + "9" * 100_000 + ', "author": 1e999}]',
        '[{"id": "a", "type": "book", "volume": 1e999, "x": -1e999, "issued": {"date-parts": [[1e99]]}}]',
        '[{"id": "a", "type": "book", "volume": NaN, "issued": Infinity, "author": [NaN]}]',
        '[{"id": "a", "type": "book", "title": "\\ud800 half", "\\udc00": "\\udfff"}]',
        '[{"id": "a", "type": "book", "custom": {"bibtool": {"arxiv": 5, "dates": [1], "variables": {"x": {}}}}}, 5]',
        "[" + '{"id": "a" "b"}, ' * 3_000 + "]",
        "[" + "," * 10_000 + "]",
    ],
)
def test_hostile_files_give_problems_not_tracebacks(text: str) -> None:
    result = read(text)
    jsonwriter.write(result.records, WriteOptions()).data.decode()
    assert result.problems


def test_huge_numbers_are_kept_to_the_last_digit() -> None:
    digits = "9" * 5_000 + "7"
    result = read('[{"id": "a", "type": "book", "volume": ' + digits + ', "issue": 1e999, "number": 1.10}]')
    assert result.records[0].variables == {
        "volume": Number(digits), "issue": Number("1e999"), "number": Number("1.10"),
    }  # fmt: skip


def test_provenance_is_noted_when_a_time_is_given() -> None:
    options = ReadOptions(path="x.json", when="2026-01-01T00:00:00Z")
    data = b'[\n{"id": "a", "type": "book", "title": "T"}]'
    origin = csljson.read(data, options).records[0].provenance["title"]
    assert (origin.source, origin.detail, origin.when) == ("csl-json", "x.json:2", "2026-01-01T00:00:00Z")
    assert not csljson.read(data, ReadOptions()).records[0].provenance


def test_other_encodings() -> None:
    text = '[{"id": "a", "type": "book", "title": "Größe"}]'
    for data in (b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        assert read(data).records[0].title == "Größe"
        assert jsonsniff.sniff(data) >= 60
    assert codes(read(text.encode("latin-1"))) == ["encoding"]


@pytest.mark.slow
def test_the_suite_of_the_processors_is_read_and_comes_back(shared: Path) -> None:
    cases = sorted((shared / "csl-suite").glob("*.txt"))
    if not cases:
        pytest.skip("the processor suite is not installed")
    import re

    for path in cases:
        found = re.search(r">>=+ INPUT =+>>(.*?)<<=+ INPUT =+<<", path.read_text(encoding="utf-8"), re.DOTALL)
        if not found:
            continue
        result = read(found[1])
        assert not [p for p in result.problems if p.code in {"wrong-value", "json-syntax"}], path.name
        if all(record.key for record in result.records):
            assert read(jsonwriter.write(result.records, WriteOptions()).data).records == result.records, path.name


def test_an_item_of_zotero_without_plug_ins() -> None:
    item = {
        "id": "http://zotero.org/users/1/items/AB",
        "citation-key": "bruna2022",
        "type": "article",
        "note": "arXiv:2203.01360 [cs]",
    }
    (record,) = read(json.dumps([item]).encode()).records
    assert record.key == "bruna2022"
    assert record.arxiv is not None
    assert str(record.arxiv.id) == "2203.01360"
    again = written(record)[0]
    assert again["custom"]["id"] == item["id"]
    assert read(json.dumps([again]).encode()).records == (record,)


@pytest.mark.parametrize(
    "told", [{"DOI": "10.48550/arXiv.2203.01360"}, {"number": "arXiv:2203.01360"}, {"note": "arXiv: 2203.01360 [cs]"}]
)
def test_an_arxiv_id_wherever_other_programs_keep_it(told: dict[str, str]) -> None:
    (record,) = read(json.dumps([{"id": "a", "type": "article", **told}]).encode()).records
    assert record.arxiv is not None
    assert str(record.arxiv.id) == "2203.01360"
    assert read(jsonwriter.write([record], WriteOptions()).data).records == (record,)


@pytest.mark.parametrize("told", [{"number": "arXiv:x"}, {"number": "2203.01360"}, {"DOI": "10.5555/arXiv.2203.01360"}])
def test_what_is_no_arxiv_id_is_none(told: dict[str, str]) -> None:
    (record,) = read(json.dumps([{"id": "a", "type": "article", **told}]).encode()).records
    assert record.arxiv is None
