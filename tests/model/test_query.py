"""--where and --sort."""

from __future__ import annotations

import pytest

from bibtool.errors import UnknownNameError, UsageError
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.query import parse_where, sort_records
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Text

OLD = Record(
    key="old1999",
    type="article-journal",
    variables={
        "title": Text.of("Éléments of Style"),
        "author": Names((parse_name("Émile Zola"),)),
        "issued": Date.of(1999),
        "DOI": Verbatim("10.1000/x"),
        "container-title": Text.of("Journal of Style"),
    },
)
NEW = Record(
    key="new2023",
    type="article",
    variables={
        "title": Text.of("Neural Fields"),
        "author": Names((parse_name("Joan Bruna"), parse_name("Ada Zola"))),
        "issued": Date.of(2023, 5),
    },
    arxiv=Arxiv(id=ArxivId("2305.00001"), primary_category="cs.LG", categories=("cs.LG", "stat.ML")),
)
BARE = Record(key="bare")
ALL = [OLD, NEW, BARE]


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("year>=2021", "new2023"),
        ("year >= 1999 and year<2023", "old1999"),
        ("type==preprint", "new2023"),
        ("type!=preprint", "old1999 bare"),
        ("author~zola", "old1999 new2023"),
        ("author~'joan bruna' or doi", "old1999 new2023"),
        ("not doi and not arxiv", "bare"),
        ("category==stat.ml", "new2023"),
        ("title~elements", "old1999"),
        ('title="neural fields"', "new2023"),
        ("(year<2000 or year>2020) and journal~style", "old1999"),
        ("issued>2023-01", "new2023"),
        ("key=OLD1999", "old1999"),
        ("title!~neural", "old1999 bare"),
    ],
)
def test_where(where: str, keys: str) -> None:
    assert [record.key for record in ALL if parse_where(where)(record)] == keys.split()


@pytest.mark.parametrize(
    "where", ["", "year>=", "year>= and", "(year", "and", "year 2020", "year==1 )", "'x", "(" * 99]
)
def test_faults_are_usage_errors(where: str) -> None:
    with pytest.raises(UsageError):
        parse_where(where)


def test_a_misspelt_field_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="'author'"):
        parse_where("auhtor~bruna")


def test_sort() -> None:
    assert [r.key for r in sort_records(ALL, "year")] == ["old1999", "new2023", "bare"]
    assert [r.key for r in sort_records(ALL, "-year,author")] == ["new2023", "old1999", "bare"]
    assert [r.key for r in sort_records(ALL, "author")] == ["new2023", "old1999", "bare"]
    assert [r.key for r in sort_records(ALL, "")] == ["old1999", "new2023", "bare"]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("", ["Ångström", "Asker", "Zorn"]),
        ("sv-SE", ["Asker", "Zorn", "Ångström"]),
        ("de-DE", ["Ångström", "Asker", "Zorn"]),
    ],
)
def test_text_is_in_the_order_of_a_language(language: str, wanted: list[str]) -> None:
    records = [
        Record(key=family, variables={"author": Names((Name(family=family),)), "title": Text.of(family)})
        for family in ("Zorn", "Asker", "Ångström")
    ]
    for fields in ("author", "title"):
        assert [record.key for record in sort_records(records, fields, language)] == wanted
