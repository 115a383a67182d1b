"""CSL-JSON that is read by the shape of its items: what comes of it is what reading with all care gives."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.formats.base import ReadOptions
from bibtool.formats.csl import json as csljson
from bibtool.formats.csl.itemreader import ItemReader
from bibtool.formats.csl.shapes import ShapeReader
from bibtool.model.vocabulary import TYPES, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.formats.base import ReadResult

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").rglob("csl*/*.json"))
OTHERS = ("shortTitle", "journalAbbreviation", "part", "doi", "Url", "Note", "x", "custom", "categories", "id", "type")
NAMES = sorted({*VARIABLES, *OTHERS})
TEXTS = (
    *(
        "",
        " ",
        "A title",
        "<i>E. coli</i> in vitro",
        "a &amp; b",
        "<i></i>",
        "<jats:p>x</jats:p>",
        "$x_1$",
        "$5",
        "x<y",
    ),
    *("12", "007", "1-10", "1--10", "1–10", "pp. 3-4", "A-12–A-20", " 12", "2nd ed.", "Second", "5, 7-9", "12-"),
    *("10.1000/182", "doi:10.1000/182", "10.48550/arXiv.2203.01360", "https://doi.org/10.1/x", "10.1000/a 10.1000/b"),
    *("https://a.b/c", " https://a.b/c ", "<https://a.b>", "url: http://a.b", "http://a.b; http://c.d"),
    *("https://arxiv.org/abs/2203.01360", "https://psyarxiv.com/abc", "www.a.b", "httpx", "ssrn.com/abstract=1234567"),
    *("arXiv:2203.01360", "arXiv", "CoRR", "bioRxiv", "SSRN", "Preprint", "Cornell University", "Nature", "OSF"),
    *("978-3-16-148410-0", "1234-5679", "1234-5678", "PMC123", "123", "english", "deutsch", "de-DE", "NaN"),
    *("Label: value", "DOI: 10.1000/182", "line\nDOI: x", "2022-03-02", "2022", "1984~", "spring", "article", "BOOK"),
    *(
        "others",
        "et al.",
        "Jane Doe",
        "true",
        "0",
        "\N{MATHEMATICAL ITALIC SMALL X}",
        "\u00e9",
        "http://zotero.org/a/1",
    ),
)
VALUES = (
    *map(json.dumps, TEXTS),
    *("null", "true", "false", "0", "12", "-44", "2022", "1.5", "1e3", "NaN", "Infinity", "9" * 40, "[]", "{}", "[[]]"),
    *('"\\ud800"', '"\\ud835\\udc65"', '["a", "b"]', '["a", 1]', '[{"a": [{}]}]', "[" * 40 + "]" * 40),
    *('{"date-parts": [[2022, 3, 2]]}', '{"date-parts": [["2022", "03"]]}', '{"date-parts": [[2022, 13]]}'),
    *('{"date-parts": [[2022, 0, 0]]}', '{"date-parts": [[2020], [2021]]}', '{"date-parts": [[2022, 2, 30]]}'),
    *('{"date-parts": [[null]]}', '{"date-parts": [[0]]}', '{"date-parts": [2022, 5]}', '{"date-parts": [[1.5]]}'),
    *('{"date-parts": [[2022, ""]]}', '{"date-parts": [[true]]}', '{"date-parts": [[NaN]]}', '{"date-parts": []}'),
    *('{"date-parts": [["2022-03-02"]]}', '{"date-parts": [[2022, 1, 2, 3]]}', '{"date-parts": [[2022]], "x": 1}'),
    *('{"date-parts": [[2022]], "season": 2}', '{"date-parts": [[2022]], "circa": true}', '{"raw": "May 2022"}'),
    *('{"date-parts": [[{"a": "b"}]]}', '[["date-parts", [[2022]]]]', '{"date-parts": [[-44, 3]]}', '{"literal": "x"}'),
    *(
        '{"date-parts": [["\\u0662\\u0660\\u0662\\u0662"]]}',
        '{"date-parts": [["1_0"]]}',
        '{"date-parts": [[99999999]]}',
    ),
    *('[{"family": "Doe", "given": "Jane"}]', '[{"given": "Jane", "family": "Doe"}]', '[{"family": "Doe"}]'),
    *('[{"family": "van der Berg", "given": "A, Jr."}]', '[{"family": "Doe", "given": ""}]', '[{"literal": "ACME"}]'),
    *('[{"family": "Doe", "given": null}]', '[{"family": "Doe", "given": 7}]', '[{"family": "Doe", "given": NaN}]'),
    *('[{"family": "Doe"}, {"literal": "others"}]', '[{"family": "others"}]', '[{"family": "Doe", "x": 1}]', "[{}]"),
    *('[{"family": "Doe", "ORCID": "0000-0002-1825-0097"}]', '[{"family": "Doe", "family": ""}]', '["Doe", "Roe"]'),
    *('[{"family": "de la X", "given": "Y", "parse-names": false}]', '[{"family": "Doe", "comma-suffix": true}]'),
    *('[{"family": "Doe", "comma-suffix": 1}]', '[{"family": "NaN", "given": "Jane"}]', '{"family": "Doe"}'),
    *(
        '[{"family": ["Doe"]}]',
        '[{"family": {"a": "b"}}]',
        '[[["family", "Doe"]]]',
        '[{"family": "Doe", "given": "7"}]',
    ),
    *(
        '{"bibtool": {"variables": {"license": "MIT"}}}',
        '{"bibtool": {"derived": ["DOI"]}, "y": [1]}',
        '{"y": {"z": 1}}',
    ),
)

CONTENTS = st.sampled_from(VALUES)
ANYTHING = st.one_of(CONTENTS, CONTENTS, st.text(max_size=6).map(json.dumps))
MEMBERS = st.lists(st.tuples(st.sampled_from(NAMES), ANYTHING), max_size=7)
HEADS = st.sampled_from(
    (
        '"id": "a", "type": "article-journal"',
        '"id": "http://a/b", "type": "document"',
        '"id": 7, "type": "webpage"',
        '"type": "book", "id": "b"',
        '"type": "X"',
    )
)


def item(head: str, members: list[tuple[str, str]]) -> str:
    """An item in JSON; a name may be there twice."""
    return "{" + ", ".join([head, *(f"{json.dumps(name)}: {value}" for name, value in members)]) + "}"


def told(value: Any) -> Any:
    """All that a value says, with the exact class of each part and the order of variables."""
    if dataclasses.is_dataclass(value):
        return type(value).__name__, [told(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, (tuple, list)):
        return type(value).__name__, [told(each) for each in value]
    if hasattr(value, "items"):
        return [(told(name), told(each)) for name, each in value.items()]
    return type(value).__name__, value


def read_both(text: str, options: ReadOptions | None = None) -> tuple[ReadResult, int]:
    """What a text says, and how many of its items were read by their shape; fails where that makes a difference.

    Nor may it make one whether items are decoded one by one, some at once, or all.
    """
    options = options or ReadOptions(path="x.json")
    carefully: list[Any] = []
    original = ItemReader.read

    def counted(self: ItemReader, found: Mapping[str, Any]) -> Any:
        record = original(self, found)
        carefully.append(found)
        return record

    with mock.patch.object(ItemReader, "read", counted):
        quick = csljson.read(text.encode(), options)
    others = []
    with mock.patch.object(csljson, "_MANY", 60):
        others.append(csljson.read(text.encode(), options))
    with mock.patch.object(csljson._Reading, "_several", return_value=None):
        others.append(csljson.read(text.encode(), options))
        with mock.patch.object(ShapeReader, "read", return_value=None):
            others.append(csljson.read(text.encode(), options))
    for other in others:
        assert told(quick) == told(other)
        assert quick == other
    return quick, len(quick.records) - len(carefully)


@given(st.lists(st.builds(item, HEADS, MEMBERS), min_size=1, max_size=4))
@settings(max_examples=1500)
def test_any_items(items: list[str]) -> None:
    read_both(f"[{', '.join(items)}]")


@pytest.mark.parametrize("name", NAMES)
def test_each_content_of_each_member(name: str) -> None:
    head = '"id": "a", "type": "article-journal"'
    # one after the other in one file, so that what was made of one content stands beside what equals it
    read_both(f"[{', '.join(item(head, [(name, value), ('title', json.dumps('T'))]) for value in VALUES)}]")
    read_both(f"[{', '.join(item(head, [(name, value)]) for value in reversed(VALUES))}]")


@pytest.mark.parametrize("record_type", sorted(TYPES))
def test_each_type(record_type: str) -> None:
    heads = f'"id": "a", "type": "{record_type}"'
    places: tuple[dict[str, str], ...] = (
        {},
        {"container-title": "Nature"},
        {"container-title": "bioRxiv"},
        {"publisher": "SSRN"},
        {"note": "arXiv"},
    )
    texts = [item(heads, [(k, json.dumps(v)) for k, v in place.items()]) for place in places]
    read_both(f"[{', '.join(texts)}]", ReadOptions(path="x.json", when="2022-03-02", keys={"a"}))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_items_of_files(path: Path) -> None:
    read_both(path.read_text(encoding="utf-8"))


COMMON: Mapping[str, Any] = {
    "id": "a",
    "type": "article-journal",
    "title": "On <i>E. coli</i>",
    "author": [{"family": "Doe", "given": "Jane"}, {"literal": "ACME"}],
    "issued": {"date-parts": [[2022, 3]]},
    "container-title": "Nature",
    "volume": 12,
    "page": "1-10",
    "DOI": "10.1000/182",
    "URL": "https://a.b/c",
    "note": "In print",
}


def changed(**members: Any) -> str:
    return json.dumps([{**COMMON, **members}])


USUAL = (
    changed(),
    changed(volume="", abstract=None),
    changed(author=[{"family": "Doe", "given": ""}, {"literal": "others"}]),
    changed(issued={"date-parts": [["2020"], ["2021"]]}, accessed={"raw": "May 2022"}),
    changed(type="article", **{"container-title": "bioRxiv"}),
    changed(note="DOI: 10.1000/182\narXiv: 2203.01360\nIn print"),
    changed(DOI="10.48550/arXiv.2203.01360"),
    changed(number="arXiv:2203.01360", id=7),
    changed(id="http://zotero.org/1", **{"citation-key": "doe22"}),
    changed(custom={"bibtool": {"leftovers": [["bibtex", "x", "y"]], "aliases": ["b"]}, "a": {"b": 1}}),
    changed(custom={"bibtool": {"arxiv": {"id": "2203.01360", "categories": ["cs.LG"]}}}, categories=["cs.LG"]),
    changed(x="y", categories=["cs.LG"], z=None, Note="In print"),
    json.dumps({"Note" if name == "note" else name: value for name, value in COMMON.items()}),
    json.dumps(COMMON),
    json.dumps({"items": [COMMON]}),
)


@pytest.mark.parametrize("text", USUAL)
def test_what_is_usual_is_read_by_its_shape(text: str) -> None:
    result, by_shape = read_both(text)
    assert by_shape == len(result.records) == 1
    assert {problem.code for problem in result.problems} <= {"unknown-property"}


@pytest.mark.parametrize(
    "text",
    [
        changed(x="y", custom={"a": 1}),
        changed(type="X"),
        changed(note=7),
        changed(DOI="10.1000/a b"),
        changed(custom=None),
        changed(volume=[{}]),
        changed(issued={"date-parts": [[2022, 2, 30]]}),
        changed(author=[{"family": "Doe", "x": 1}]),
        changed(title="\ud800"),
        changed(title=float("nan")),
        changed(id=None),
        changed()[:-2] + ', "title": "Another"}]',
        changed()[:-2] + ', "title" : "Another"}]',
        changed(**{"y\\": 1})[:-2] + ', "y\\\\": 2}]',
    ],
)
def test_what_has_to_be_read_carefully_is(text: str) -> None:
    _, by_shape = read_both(text)
    assert by_shape == 0


ONE = json.dumps(COMMON)
TWO = json.dumps({**COMMON, "id": "b", "title": 'What is "x": a title'})
ODD = json.dumps({**COMMON, "id": "c", "x": "y"})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"[{ONE}, {TWO}]", []),
        (f"[{ONE},{TWO},{ODD},{TWO}]", ["unknown-property", "duplicate-key"]),
        (f"[{ONE}, {TWO},]", []),
        (f"[{ONE}, {TWO} {ODD}]", ["json-syntax", "unknown-property"]),
        (f"[{ONE}, {TWO},, {ODD}]", ["json-syntax", "unknown-property"]),
        (f"[{ONE}, 7, {TWO}]", ["not-an-item"]),
        (f"[{ONE}, {TWO}", ["json-syntax"]),
        (f"[{ONE}, {TWO}] x", ["json-syntax"]),
        (f"{ONE}\n{TWO}\n{ODD}", ["unknown-property"]),
        (f'{{"items": [{ONE}, {TWO}], "x": 1}}', ["json-member"]),
        (f'[{ONE}, {{"type": "book", "title" : "T", "title": "U", "id": "z"}}]', ["repeated-member"]),
        (f'[{ONE}, {{"id": "d", "title": "}}, {{\\"id\\": 1"}}, {TWO}]', []),
    ],
)
def test_items_that_are_decoded_at_once(text: str, codes: list[str]) -> None:
    result, _ = read_both(text)
    assert [problem.code for problem in result.problems] == codes
    for problem in result.problems:  # each is where its item is
        if problem.code == "unknown-property":
            assert problem.position is not None
            line, column = problem.position.line or 0, problem.position.column or 0
            assert text.splitlines()[line - 1][column - 1 :].startswith(ODD)


@given(
    st.lists(st.sampled_from((ONE, TWO, ODD, '{"id": "e", "note": "x"}', "{}", "7", "")), max_size=40), st.booleans()
)
@settings(max_examples=150)
def test_any_number_of_items(items: list[str], is_spread: bool) -> None:
    between = ",\n  " if is_spread else ", "
    read_both(f"[{between.join(items)}]")


def test_that_items_are_decoded_at_once() -> None:
    text = f"[{', '.join(json.dumps({**COMMON, 'id': f'k{n}'}) for n in range(300))}]"
    with mock.patch.object(csljson, "_decode", side_effect=csljson._decode) as decode:
        assert len(csljson.read(text.encode(), ReadOptions()).records) == 300
    assert decode.call_count < 10


def test_a_list_with_much_to_say_of_is_read_item_by_item() -> None:
    text = f"[{', '.join(json.dumps({**COMMON, 'id': f'k{n}', 'x': 'y'}) for n in range(600))}]"
    with mock.patch.object(csljson, "_decode", side_effect=csljson._decode) as decode:
        assert len(csljson.read(text.encode(), ReadOptions()).problems) == 600
    assert decode.call_count < 610
