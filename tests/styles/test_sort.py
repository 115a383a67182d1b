"""The comparison of sort keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.styles import Processor, Style
from bibtool.styles.sort import SortKey, sorted_by
from tests.styles.data import style_source

if TYPE_CHECKING:
    from collections.abc import Sequence


def value_of(key: SortKey, thing: Any) -> str:
    return key.value(thing)


def test_a_key_is_asked_only_where_the_keys_before_it_do_not_decide() -> None:
    asked: list[str] = []

    def key(values: dict[str, str], *, descending: bool = False) -> SortKey:
        def value(thing: Any) -> str:
            asked.append(thing)
            return values.get(thing, "")

        return SortKey(value, descending, uses_number=False)

    first, second = key({"a": "2", "b": "1", "c": "2"}), key({"a": "x", "c": "y", "e": "z"}, descending=True)
    assert sorted_by("abcde", [first, second], value_of, str) == ["b", "c", "a", "e", "d"]
    assert sorted(asked[5:]) == ["a", "c", "d", "e"]


def test_equal_things_stay_in_their_order_in_both_directions() -> None:
    for descending in (False, True):
        keys = [SortKey(lambda _: "same", descending, uses_number=False)]
        assert sorted_by("cab", keys, value_of, str) == ["c", "a", "b"]
        assert sorted_by("", keys, value_of, str) == []


def _order(
    people: Sequence[tuple[Name, ...]], key: str = 'variable="author"', *, more: str = "", macros: str = ""
) -> str:
    """The numbers of records by these people, in the order of the list."""
    layout = f'<sort><key {key}/></sort><layout><text variable="title"/></layout>'
    records = [
        Record(key=str(n), type="book", variables={"author": Names(names), "title": str(n)})
        for n, names in enumerate(people)
    ]
    source = style_source(bibliography=layout, more=more, macros=macros)
    return "".join(entry.key for entry in Processor(Style.parse(source), records).bibliography().entries)


SHORT = '<macro name="m"><names variable="author"><name form="short" delimiter="/"/></names></macro>'


def test_the_family_name_counts_before_given_names() -> None:
    """CSL 1.0.2, "Name-part Order": "The sort keys are listed in descending order of priority"."""
    people = [
        (Name(family="Garcia Lopez", given="Ana"),),
        (Name(family="Garcia", given="Zoe"),),
        (Name(family="Garcia", given="Zoe"), Name(family="Abel", given="Bo")),
        (Name(family="Garcia", given="Zoe Ann"),),
        (Name(family="Garcia"),),
    ]
    assert _order(people) == "41230"
    families = [(Name(family="Garcia Lopez"),), (Name(family="Garcia"), Name(family="Zimmer")), (Name(family="Garc"),)]
    assert _order(families, 'macro="m"', macros=SHORT) == "210"


def test_particles_count_before_given_names() -> None:
    people = [
        (Name(family="Gogh", given="Anton", dropping_particle="von"),),
        (Name(family="Gogh", given="Willem"),),
        (Name(family="Gogh", given="Vincent", dropping_particle="van", suffix="III"),),
        (Name(family="Gogh", given="Vincent", dropping_particle="van"),),
    ]
    for demote in ("never", "sort-only", "display-and-sort"):
        assert _order(people, more=f'demote-non-dropping-particle="{demote}"') == "1320"


@pytest.mark.parametrize(("demote", "wanted"), [("never", "120"), ("sort-only", "102"), ("display-and-sort", "102")])
def test_demoted_particles(demote: str, wanted: str) -> None:
    people = [
        (Name(family="Gogh", given="Vincent", non_dropping_particle="van"),),
        (Name(family="Gogh", given="Willem"),),
        (Name(family="Hals", given="Frans"),),
    ]
    assert _order(people, more=f'demote-non-dropping-particle="{demote}"') == wanted


def test_english_articles_do_not_count_in_names_without_parts() -> None:
    """CSL 1.0.2, "Name-part Order": "The New York Times" sorts as "New York Times"; a Danish "A" is not an article."""
    names = ["The New York Times", "Oxford", "An Office", "A Zoo", "Mid", "A & B", "Then"]
    people = [(Name(literal=name),) for name in names]
    assert _order(people) == "5402163"
    assert _order(people, more='default-locale="da-DK"') == "5324106"


def test_a_key_of_names_has_all_of_them() -> None:
    """CSL 1.0.2, "Sorting Macros": that "et-al abbreviation can be used" is an advantage of macros."""
    people = [tuple(Name(family=family) for family in families) for families in ("AZ", "AB", "AC")]
    macro = '<macro name="m"><names variable="author"/></macro>'
    options = 'et-al-min="2" et-al-use-first="1"'
    assert _order(people, more=options) == "120"
    assert _order(people, 'macro="m"', more=options, macros=macro) == "012"
    assert _order(people, 'macro="m" names-min="3" names-use-first="1"', more=options, macros=macro) == "120"
    assert _order(people, 'variable="author" names-min="2" names-use-first="1"') == "012"
