"""What facts say of the conditions of a branch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bibtool.styles.branches import Judgement
from bibtool.styles.shape import Facts
from bibtool.xmltree import Element

NAMES = ("DOI", "URL", "issued", "author", "locator", "citation-number")
words = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(" ".join)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "match": st.sampled_from(("all", "any", "none", "nand")),
        "variable": words,
        "is-numeric": words,
        "is-uncertain-date": words,
        "type": st.sampled_from(("book", "book chapter", "")),
        "position": st.just("first"),
        "disambiguate": st.just("true"),
    },
)
held = st.sets(st.sampled_from((*NAMES[:4], ("type", "book"), ("type", "chapter"), ("uncertain", "issued"))))


@given(attributes, held, st.booleans(), st.booleans())
def test_the_quick_answer_is_that_of_all_tests(
    given_attributes: dict[str, str], holding: set[str | tuple[str, str]], in_list: bool, compared: bool
) -> None:
    known = Facts()
    judgement = Judgement(Element("if", given_attributes), known, in_list=in_list, compared=compared)
    facts = known.bits(holding)
    quick = {"any": bool(judgement.asked & facts), "all": judgement.asked & facts == judgement.asked}
    if judgement.holds_with:
        assert judgement.of(facts) is quick[judgement.holds_with]
