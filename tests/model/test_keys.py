"""Citation keys."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.errors import ConfigError
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.keys import assign_keys, check_template, make_key, suffixes, to_ascii
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record, Value, Verbatim
from bibtool.model.richtext import Math, Span, Text
from tests.property.strategies import records

VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?")


def work(author: Name | None, year: int | None, title: str, key: str = "", **more: Value) -> Record:
    variables: dict[str, Value] = dict(more)
    if author is not None:
        variables["author"] = Names((author, Name(family="Second", given="B.")))
    if year is not None:
        variables["issued"] = Date.of(year, 3)
    if title:
        variables["title"] = Text.of(title)
    return Record(key=key, variables=variables)


BRUNA = Name(family="Bruna", given="Joan")


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (work(BRUNA, 2022, "Neural Galerkin Schemes"), "bruna2022neural"),
        (work(BRUNA, 2022, "On the High-Dimensional Case"), "bruna2022high"),
        (work(BRUNA, 2022, "Is That To Be?"), "bruna2022that"),
        (work(BRUNA, None, "Neural Schemes"), "brunaneural"),
        (work(BRUNA, 2022, ""), "bruna2022"),
        (work(None, 2022, "Neural Schemes"), "anon2022neural"),
        (work(Name(literal="The European Space Agency"), 2022, "Gaia"), "european2022gaia"),
        (work(Name(family="Lévêque"), 2006, "Œuvre"), "leveque2006oeuvre"),
        (work(Name(family="Müller-Groß"), 2006, "Übung"), "mullergross2006ubung"),
        (work(Name(family="Beethoven", non_dropping_particle="van"), 1800, "Œ"), "beethoven1800oe"),
        (work(Name(family="Щедрин"), 1999, "Война и мир"), "shchedrin1999voina"),
        (work(Name(family="Παπαδόπουλος"), 1999, "Θεωρία"), "papadopoulos1999theoria"),
        (work(Name(family="O'Brien"), 2001, "Don't"), "obrien2001dont"),
        (work(Name(family="Wang", homonym="0001"), 2001, "A"), "wang2001a"),
        (work(Name(family="王"), 2001, "Deep Nets"), "anon2001deep"),
    ],
)
def test_default_keys(record: Record, key: str) -> None:
    assert make_key(record) == key


def test_markup_and_mathematics_in_titles() -> None:
    title = Text((Math("L_2"), " ", Span("nocase", ("BERT",)), "s"))
    assert make_key(Record(variables={"title": title})) == "anonberts"


def test_without_letters_an_identifier_or_a_hash_is_the_key() -> None:
    chinese = work(Name(family="王"), 2001, "深度学习")
    assert re.fullmatch(r"ref[0-9a-f]{8}", make_key(chinese))
    assert make_key(chinese) == make_key(chinese)
    assert make_key(work(Name(family="王"), 2001, "深度学习", DOI=Verbatim("10.1000/x(1)"))) == "doi10.1000-x-1"
    arxiv = Record(arxiv=Arxiv(id=ArxivId("math/0309136", 2)))
    assert make_key(arxiv) == "arxivmath-0309136"
    assert make_key(Record()) != ""


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("{auth}{year}", "Bruna2022"),
        ("{authors2}:{shortyear}{month}", "BrunaSecond:2203"),
        ("{auth:3:upper}_{words2:capital}", "BRU_NeuralGalerkin"),
        ("{title:lower:9}", "neuralgal"),
        ("x-{arxiv}", "x"),
        ("{type}.{word}", "document.Neural"),
    ],
)
def test_templates(template: str, key: str) -> None:
    check_template(template)
    assert make_key(work(BRUNA, 2022, "Neural Galerkin Schemes"), template) == key


@pytest.mark.parametrize(
    "template", ["{nothing}", "{auth:rot13}", "{auth", "plain", "{auth} {year}", "{year2}", "{}", ""]
)
def test_bad_templates_are_refused(template: str) -> None:
    with pytest.raises(ConfigError):
        check_template(template)


def test_collisions_get_letters_and_existing_keys_stay() -> None:
    new = work(BRUNA, 2022, "Neural Schemes")
    old = work(BRUNA, 2022, "Neural Schemes", key="Bruna2022NeuralA")
    found = assign_keys([new, new, old, new], taken=["bruna2022neural"])
    # "a" is taken whatever its case, the plain key elsewhere
    assert [record.key for record in found] == [
        "bruna2022neuralb",
        "bruna2022neuralc",
        "Bruna2022NeuralA",
        "bruna2022neurald",
    ]


def test_suffixes_go_on_behind_z() -> None:
    assert list(islice(suffixes(), 25, 29)) == ["z", "aa", "ab", "ac"]
    assert list(islice(suffixes(), 701, 704)) == ["zz", "aaa", "aab"]


@pytest.mark.slow
def test_many_collisions_take_linear_time() -> None:
    same = work(BRUNA, 2022, "Neural Schemes")
    keys = [record.key for record in assign_keys([same] * 20_000)]
    assert len(set(keys)) == 20_000


@pytest.mark.slow
@given(st.lists(records(key=False), max_size=5), st.sets(st.sampled_from(["anon", "ref", "a"])))
@settings(max_examples=50, deadline=None)
def test_keys_are_valid_and_differ(found: list[Record], taken: set[str]) -> None:
    keyed = assign_keys(found, taken)
    keys = [record.key.casefold() for record in keyed]
    assert len(set(keys) | taken) == len(keys) + len(taken)
    assert all(VALID.fullmatch(record.key) for record in keyed)
    assert assign_keys(keyed, taken) == keyed


@pytest.mark.slow
@given(st.text(max_size=20))
def test_the_table_gives_ascii(text: str) -> None:
    assert to_ascii(text).isascii()
    assert to_ascii(to_ascii(text)) == to_ascii(text)
