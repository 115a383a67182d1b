"""The tables of the two dialects, and what follows from them."""

from __future__ import annotations

import pytest

from bibtool.formats.bibtex.mapping import Dialect
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.to_record import csl_type
from bibtool.model.normal.languages import babel_name, tags_of_babel
from bibtool.model.vocabulary import TYPES, VARIABLES

both = pytest.mark.parametrize("dialect", [BIBTEX, BIBLATEX], ids=lambda dialect: dialect.name)


@both
def test_every_row_leads_to_csl(dialect: Dialect) -> None:
    assert {row.csl for row in dialect.types} <= TYPES
    assert {row.variable for row in dialect.fields} <= VARIABLES.keys()
    assert len({row.entry for row in dialect.types}) == len(dialect.types)


@both
def test_every_csl_type_has_an_entry_type_and_comes_back(dialect: Dialect) -> None:
    for csl in TYPES:
        entry = dialect.entry_of_type[csl]
        plain = csl_type(entry, {}, dialect, on_arxiv=False)
        named = csl_type(entry, {"entrysubtype": csl}, dialect, on_arxiv=False)
        assert csl in {plain, named}


@both
def test_what_is_written_is_read_as_the_same_variable(dialect: Dialect) -> None:
    for csl in TYPES:
        reading = dialect.variables_of(csl)
        writing = dialect.fields_of(csl)
        assert len(set(writing.values())) == len(writing)
        for variable, field in writing.items():
            assert reading[field] == variable


@both
@pytest.mark.parametrize(
    "variable", ["author", "editor", "title", "container-title", "volume", "page", "publisher", "DOI", "URL"]
)
def test_the_common_variables_have_a_field_in_every_type(dialect: Dialect, variable: str) -> None:
    for csl in TYPES:
        assert variable in dialect.fields_of(csl), csl


@both
def test_every_written_field_has_a_place(dialect: Dialect) -> None:
    written = {field for csl in TYPES for field in dialect.fields_of(csl).values()}
    assert written <= {name.lower() for name in dialect.order}


def test_bibtex_has_the_entry_types_of_its_manual() -> None:
    manual = "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis"
    assert set(manual.split()) | {"proceedings", "techreport", "unpublished"} == set(BIBTEX.type_of_entry)


def test_each_language_has_one_name_that_is_written() -> None:
    for tag in set(tags_of_babel().values()):
        assert tags_of_babel()[babel_name(tag)] == tag
