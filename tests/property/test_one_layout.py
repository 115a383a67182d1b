"""What the writers of BibTeX and BibLaTeX write is what `bibtool fmt` with the same options leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bibtool.formats.base import WriteOptions
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.bibtex.writer import write_biblatex, write_bibtex
from bibtool.model.record import Leftover, Record
from bibtool.model.richtext import Text
from tests.property import strategies as own

if TYPE_CHECKING:
    from bibtool.formats.base import Writer

LAYOUTS = {
    "default": TidyOptions(),
    "tab": TidyOptions(tab=True, align=0, trailing_commas=False, blank_lines=False),
    "narrow": TidyOptions(indent=4, align=6, lowercase=False, wrap=60),
    "values": TidyOptions(numeric=True, months=True, page_ranges=True, strip_enclosing_braces=True, encode_urls=True),
    "braces": TidyOptions(curly=True, enclosing_braces=("title",), remove_braces=("note", "journal"), escape=True),
    "unicode": TidyOptions(unescape=True, drop_all_caps=True, max_authors=2, remove_empty_fields=True),
    "order": TidyOptions(sort=("-year", "key"), sort_fields=("default",), remove_duplicate_fields=True),
    "fewer": TidyOptions(omit=("abstract", "month", "eprint"), sort=("type", "title"), strip_comments=True),
}
WRITERS = {"bibtex": write_bibtex, "biblatex": write_biblatex}
LONG = "mendeley-groups-of-a-project"


@pytest.mark.slow
@pytest.mark.parametrize("dialect", WRITERS)
@pytest.mark.parametrize("name", LAYOUTS)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@example(
    (
        Record(
            key="a",
            variables={"title": Text.of("A title"), "abstract": Text.of("one\n\ntwo")},
            leftovers=(
                Leftover("bibtex", "Mendeley-Groups", "one\n\n  two"),
                Leftover("bibtex", "note+an", "x   y"),
                Leftover("bibtex", LONG, '"quoted" # text'),
                Leftover("bibtex", "crossref", "b"),
            ),
        ),
        Record(key="b", type="book", variables={"title": Text.of("B")}),
    )
)
@given(records=own.record_lists())
def test_fmt_has_nothing_to_do(dialect: str, name: str, records: tuple[Record, ...]) -> None:
    write: Writer = WRITERS[dialect]
    for latex in (False, True):
        data = write(records, WriteOptions(layout=LAYOUTS[name], latex=latex)).data
        assert tidy(data, LAYOUTS[name]).data.decode() == data.decode()


_any_text = st.text(st.characters(exclude_categories=()), min_size=1, max_size=30)


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYOUTS)
@settings(deadline=None, max_examples=40)
@given(field=_any_text, value=_any_text, key=_any_text)
def test_fmt_has_nothing_to_do_after_hostile_fields(name: str, field: str, value: str, key: str) -> None:
    record = Record(key=key, variables={"title": Text.of(value)}, leftovers=(Leftover("bibtex", field, value),))
    data = write_bibtex([record], WriteOptions(layout=LAYOUTS[name])).data
    assert tidy(data, LAYOUTS[name]).data == data
