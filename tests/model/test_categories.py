"""The taxonomy of arXiv and the tokens of profile pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.categories import (
    ALIASES,
    ARCHIVES,
    CATEGORIES,
    OLD_CATEGORIES,
    categories_of_token,
    is_category,
    parse_category,
    same_subject,
)


def test_the_taxonomy_has_the_size_that_arxiv_states() -> None:
    assert len(CATEGORIES) == 155
    assert len(ARCHIVES) == 20
    sizes = {a: sum(c == a or c.startswith(a + ".") for c in CATEGORIES) for a in ("cs", "math", "physics", "stat")}
    assert sizes == {"cs": 40, "math": 32, "physics": 22, "stat": 6}


@pytest.mark.parametrize(
    ("token", "wanted"),
    [
        ("NA", ("cs.NA", "math.NA")),
        ("LG", ("cs.LG",)),
        ("AO-PH", ("physics.ao-ph",)),
        ("ML", ("stat.ML",)),
        ("ST", ("math.ST", "q-fin.ST")),
        ("SY", ("cs.SY", "eess.SY")),
        ("CO", ("astro-ph.CO", "math.CO", "stat.CO")),
        ("IT", ("cs.IT", "math.IT")),
        ("CV", ("cs.CV", "math.CV")),
        ("OC", ("math.OC",)),
        ("HEP-TH", ("hep-th",)),
        ("cs.LG", ("cs.LG",)),
        ("oc", ("math.OC",)),
        ("ZZ", ()),
        ("", ()),
    ],
)
def test_a_token_gives_all_its_meanings(token: str, wanted: tuple[str, ...]) -> None:
    assert categories_of_token(token) == wanted


@given(st.sampled_from(sorted(CATEGORIES)))
def test_every_category_is_among_the_meanings_of_its_own_token(category: str) -> None:
    assert category in categories_of_token(category.rpartition(".")[2].upper())
    assert category in categories_of_token(category.upper())


def test_aliases_name_two_categories_both_ways() -> None:
    for one, other in ALIASES.items():
        assert one in CATEGORIES
        assert other in CATEGORIES
        assert one != other
        assert ALIASES[other] == one
        assert same_subject(one, other)
    assert same_subject("cs.LG", "cs.LG")
    assert not same_subject("cs.LG", "stat.ML")


def test_spelling_is_normalised_and_old_archives_are_known() -> None:
    assert parse_category(" CS.lg ") == "cs.LG"
    assert parse_category("Math.ao-ph") is None
    assert parse_category("alg-geom") == "alg-geom"
    assert parse_category("") is None
    assert is_category("q-alg")
    assert not is_category("CS.LG")
    assert not OLD_CATEGORIES & CATEGORIES
