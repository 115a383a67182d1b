"""All styles of the collection compile; some of them, drawn once, also render odd records."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.csl_fixture import items
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.styles import Processor, Style
from bibtool.styles.sources import collection_folder
from tests.csl_suite.loader import record_of
from tests.styles.data import record

FOLDER = collection_folder()
STYLES = sorted(FOLDER.glob("*.csl")) if FOLDER else []
PARTS = 8  # so that worker processes can share them out
SAMPLE = random.Random(5).sample(STYLES, min(25, len(STYLES)))


def odd_records() -> list[Record]:
    many = Names(tuple(Name(family=f"Family{n}", given="Given") for n in range(500)))
    return [
        *[record_of(item) for item in items(40, seed=5)],
        Record(key="empty"),
        record("title", title="Only a title"),
        Record(key="many", type="article-journal", variables={"author": many}),
        record("future", issued=Date.of(2999, 12, 31), title="Later"),
        record("rtl", title="תפוחו תפוז", author="כהן, דוד"),
        record("literal", kind="event", title="T", issued=Date(literal="some time")),
        record("blank", title=" ", page="–"),
        record("quotes", title="“'\"’ ‘'” \"", author="O'Neil, J'"),
        record("deep", title="<i>" * 40 + "x" + "</i>" * 40),
        record("long", title="word " * 5000),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_a_style_renders_all_records(path: Path) -> None:
    records = odd_records()
    style = Style.parse(path.read_bytes(), path=path.name)
    for output in ("html", "text"):
        processor = Processor(style, records, output=output)
        bibliography = processor.bibliography()
        if style.bibliography is not None:
            assert len(bibliography.entries) == len(records)
        assert processor.cite(["many", "title", "empty"]) is not None


def test_the_sample_is_not_empty_where_styles_are_installed() -> None:
    if FOLDER is None:
        pytest.skip("the collection of styles is not installed")
    assert len(STYLES) > 2000


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_style_compiles(part: int) -> None:
    for path in STYLES[part::PARTS]:
        Processor(
            Style.parse(path.read_bytes(), path=path.name), [record("a", title="T")], output="text"
        ).bibliography()
