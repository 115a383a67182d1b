"""Records made by hand: plain values, names that don't exist, and that nothing changes afterwards."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from dataclasses import replace
from typing import Any

import pytest

from bibtool.errors import BibtoolError, IdentifierError, InputError, RecordError
from bibtool.model.codec import decode, encode
from bibtool.model.dates import Date
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Verbatim
from bibtool.model.richtext import Text

DOE = Name(family="Doe", given="Jane")
LIND = Name(family="Lind", given="Bo")


def test_plain_values_become_values_of_their_variables() -> None:
    record = Record(
        "doe20",
        "article-journal",
        title="On < and $5",
        volume=3,
        page="1-9",
        author="Jane Doe and Lind, Bo",
        issued=2020,
        DOI="https://doi.org/10.1000/xyz",
        container_title="Journal of Things",
        PMID=123,
    )
    assert record == Record(
        key="doe20",
        type="article-journal",
        variables={
            "title": Text.of("On < and $5"),
            "volume": Number("3"),
            "page": Number("1-9"),
            "author": Names((DOE, LIND)),
            "issued": Date.of(2020),
            "DOI": Verbatim("10.1000/xyz"),
            "container-title": Text.of("Journal of Things"),
            "PMID": Verbatim("123"),
        },
    )
    assert (record.doi, record.journal, record.authors[1], record.year) == (
        "10.1000/xyz", "Journal of Things", LIND, 2020,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Jane Doe", Names((DOE,))),
        ("Jane Doe; Bo Lind", Names((DOE, LIND))),
        ("Jane Doe and others", Names((DOE,), truncated=True)),
        (["Jane Doe", LIND, "et al."], Names((DOE, LIND), truncated=True)),
        (["Food and Drug Administration"], Names((Name(family="Administration", given="Food and Drug"),))),
        (DOE, Names((DOE,))),
        ((person for person in (DOE, LIND)), Names((DOE, LIND))),
    ],
)
def test_names_from_text_and_lists(given: object, names: Names) -> None:
    made = Record(variables={"author": given}).authors  # type: ignore[dict-item]  # the type of each case is another
    assert (len(made), made.truncated) == (len(names), names.truncated)
    if given != ["Food and Drug Administration"]:
        assert made == names


@pytest.mark.parametrize(
    ("given", "edtf"),
    [(2020, "2020"), ("2020-03", "2020-03"), (dt.date(2020, 3, 1), "2020-03-01"), ("2019/2021", "2019/2021")],
)
def test_dates_from_years_text_and_days(given: int | str | dt.date, edtf: str) -> None:
    date = Record(issued=given).date()
    assert date is not None
    assert (date.edtf(), date.literal) == (edtf, "")


def test_text_that_is_not_a_date_is_kept_as_it_stands() -> None:
    assert Record(issued="before the war").date() == Date(literal="before the war")


def test_none_and_nothing_are_left_out() -> None:
    assert not Record(title="", author=[], issued=None, volume=" ", variables={"page": None}).variables


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"titel": "A"}, ("'titel'", "did you mean 'title'")),
        ({"journal": "A"}, ("did you mean 'container-title'",)),
        ({"doi": "10.1000/x"}, ("did you mean 'DOI'",)),
        ({"title": 3.5}, ("title must be text", "float")),
        ({"title": Number("3")}, ("title must be text", "Number")),
        ({"volume": True}, ("volume must be", "bool")),
        ({"author": 7}, ("author must be names", "int")),
        ({"author": [7]}, ("author must be names", "int")),
        ({"author": {"family": "Doe"}}, ("author must be names", "dict")),
        ({"issued": [2020]}, ("issued must be a date", "list")),
        ({"container_title": "A", "container-title": "B"}, ("given twice",)),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_what_does(values: dict[str, object], words: tuple[str, ...]) -> None:
    with pytest.raises(RecordError) as caught:
        Record(variables=values)  # type: ignore[arg-type]  # that is what is tested
    assert isinstance(caught.value, BibtoolError)
    assert isinstance(caught.value, ValueError)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(RecordError):
        Record("k").with_values(values)  # type: ignore[arg-type]


def test_an_unknown_type_is_an_error_with_the_nearest_types() -> None:
    with pytest.raises(RecordError, match="no CSL type 'artcle'; did you mean 'article'") as caught:
        Record("k", "artcle")
    assert caught.value.suggestions[0] == "article"
    assert pickle.loads(pickle.dumps(caught.value)).suggestions == caught.value.suggestions
    with pytest.raises(RecordError):
        replace(Record("k"), type="artcle")


def test_text_that_is_not_a_doi_is_an_error_and_a_short_one_is_taken() -> None:
    with pytest.raises(IdentifierError, match="not a valid DOI"):
        Record(DOI="see the publisher's page")
    assert Record(DOI="https://doi.org/10.1/X").doi == "10.1/X"


def test_a_record_does_not_change() -> None:
    variables = {"title": Text.of("A")}
    origins = {"title": Provenance(source="user")}
    record = Record("k", variables=variables, provenance=origins)
    variables["title"] = Text.of("B")
    origins.clear()
    assert record.title == "A"
    assert record.provenance["title"].source == "user"
    with pytest.raises(TypeError):
        record.variables["title"] = Text.of("C")  # type: ignore[index]
    with pytest.raises(TypeError):
        record.provenance["title"] = Provenance(source="x")  # type: ignore[index]
    with pytest.raises(AttributeError):
        record.key = "other"  # type: ignore[misc]


@pytest.mark.parametrize("record", [Record(), Record("k", title="A", author="Jane Doe", leftovers=())])
def test_records_can_be_copied_pickled_and_hashed(record: Record) -> None:
    for again in (pickle.loads(pickle.dumps(record)), copy.copy(record), copy.deepcopy(record), replace(record)):
        assert again == record
        assert hash(again) == hash(record)


def test_repr_is_short() -> None:
    assert repr(Record()) == "<Record document>"
    record = Record("k", "book", title="T" * 200, author="Jane Doe and Bo Lind and Carl Smith", issued=2020)
    assert repr(record).startswith("<Record k book: Doe et al. (2020), TTT")
    assert len(repr(record)) < 110


def test_values_that_are_set_are_checked_and_their_origin_follows() -> None:
    origin = Provenance(source="user")
    record = Record("k", title="A", volume=1, provenance={"volume": origin})
    changed = record.with_values({"title": "B", "container_title": "C", "volume": None}, origin)
    assert dict(changed.variables) == {"title": Text.of("B"), "container-title": Text.of("C")}
    assert dict(changed.provenance) == {"title": origin, "container-title": origin}
    assert record.title == "A"


def test_csl_items() -> None:
    item = {
        "id": "doe20",
        "type": "article-journal",
        "title": "On <i>E. coli</i>",
        "author": [{"family": "Doe", "given": "Jane"}],
        "issued": {"date-parts": [[2020, 3]]},
        "volume": 3,
        "reference-count": 7,
    }
    record = Record.from_csl(item)
    assert (record.key, record.title, record.text("volume"), record.authors[0]) == ("doe20", "On E. coli", "3", DOE)
    assert record.leftovers == (Leftover("csl-json", "reference-count", "7"),)
    written = record.to_csl()
    assert written["title"] == "On <i>E. coli</i>"
    assert Record.from_csl(written) == record


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"id": "k", "type": "article-jurnal"}, "did you mean 'article-journal'"),
        ({"id": "k", "type": "book", "title": {"a": 1}}, "title"),
        ({"id": "k", "type": "book", "issued": {"date-parts": [["x"]]}}, "issued"),
    ],
)
def test_csl_items_that_are_wrong_are_errors(item: dict[str, object], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        Record.from_csl(item)


def test_an_item_that_is_no_object_is_an_error() -> None:
    with pytest.raises(RecordError, match="has to be an object"):
        Record.from_csl(json.loads('[{"id": "k"}]'))


@pytest.mark.parametrize("parts", [(2020, 13), (2020, 0), (2020, 21), (2023, 2, 29), (2020, 4, 31), (2020, None, 3)])
def test_a_date_that_the_calendar_has_not_is_an_error(parts: tuple[int, int | None]) -> None:
    with pytest.raises(RecordError, match="no such date"):
        Date.of(*parts)


STORED = encode(
    Record(
        "k",
        title="A",
        volume=3,
        author="Jane Doe",
        issued=2020,
        DOI="10.1000/x",
        arxiv=Arxiv(id=parse_arxiv_id("2203.01360"), comment="12 pages", categories=("math.NA",)),
        aliases=("old",),
        leftovers=(Leftover("bibtex", "x", "y"),),
        provenance={"title": Provenance(source="bibtex")},
    )
)


@pytest.mark.parametrize(
    "change",
    [
        {"key": 5},
        {"aliases": [5]},
        {"leftovers": [["bibtex", 5, "y"]]},
        {"leftovers": [["bibtex", "x", 5]]},
        {"provenance": {"title": [5, "", "", 1.0]}},
        {"provenance": {"title": ["bibtex", "", "", "sure"]}},
        {"arxiv": {"id": 5}},
        {"arxiv": {"id": "no number"}},
        {"arxiv": {"id": "2203.01360", "version": "v1"}},
        {"arxiv": {"comment": 5}},
        {"arxiv": {"categories": [5]}},
        {"variables": {"volume": {"number": 5}}},
        {"variables": {"DOI": {"verbatim": ["10.1000/x"]}}},
        {"variables": {"title": {"text": 5}}},
        {"variables": {"author": {"names": [{"family": 5, "given": "Jane"}]}}},
        {"variables": {"author": {"names": [{"literal": None}]}}},
        {"variables": {"author": {"names": [{"family": "Doe", "comma_suffix": "yes"}]}}},
        {"variables": {"author": {"names": [{"family": "Doe", "marks": [5]}]}}},
        {"variables": {"author": {"names": ["Jane Doe"]}}},
        {"variables": {"issued": {"date": {"start": [2020, 13, None, None]}}}},
        {"variables": {"issued": {"date": {"start": [2020, None, None, 5]}}}},
        {"variables": {"issued": {"date": {"start": [2020, "3", None, None]}}}},
        {"variables": {"issued": {"date": {"start": [None, 3, None, None]}}}},
        {"variables": {"issued": {"date": {"literal": 5}}}},
    ],
    ids=str,
)
def test_stored_values_of_the_wrong_kind_are_errors(change: dict[str, Any]) -> None:
    assert decode(STORED).key == "k"
    with pytest.raises(InputError, match="not a stored record"):
        decode(STORED | change)


def test_what_earlier_versions_stored_comes_back_as_a_leftover() -> None:
    data = encode(Record("k", title="A"))
    data["type"] = "artcle"
    data["variables"]["colour"] = {"text": "red"}
    record = decode(data)
    assert (record.type, record.title) == ("document", "A")
    assert record.leftovers == (Leftover("csl", "type", "artcle"), Leftover("csl", "colour", '{"text": "red"}'))
    assert decode(encode(record)) == record
