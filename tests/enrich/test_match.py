"""Which paper is a record's; look-alikes are not taken."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.enrich.atom import AtomAuthor, AtomEntry
from bibtool.enrich.judge import Tier
from bibtool.enrich.match import Match, known_number, match_all
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Provenance, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works.people import Agreement, compare_authors, person_ratio, prepare_authors, prepare_person
from tests.enrich.support import listing, truth
from tests.support.arxiv_papers import Paper, decoys, papers

ABSTRACT = (
    "Glaciers slide over sediment whose strength depends on water pressure. Friction laws with regularised Coulomb "
    "terms are calibrated against borehole records, and an adjoint solver recovers basal drag beneath three streams."
)
OTHER = (
    "Auctions with budget limits are studied under truthful bidding. Approximation ratios improve when valuations come "
    "from hazard-rate distributions, while worst-case examples show that randomised posted prices remain necessary."
)


def entry(title: str, *authors: str, day: str = "2022-03-02", number: str = "2203.01360", **more: Any) -> AtomEntry:
    return AtomEntry(
        id=ArxivId(number, 1),
        title=title,
        authors=tuple(AtomAuthor(name) for name in authors),
        published=f"{day}T12:00:00Z",
        updated=f"{day}T12:00:00Z",
        **{"summary": ABSTRACT, "primary_category": "cs.LG", "categories": ("cs.LG",), **more},
    )


def record(
    title: str,
    *authors: str,
    day: str = "2022-03-02",
    source: str = "listing",
    cut: bool = False,
    abstract: str = ABSTRACT,
    **more: Any,
) -> Record:
    values: dict[str, Any] = {"title": Text.of(title)}
    if authors:
        values["author"] = Names(tuple(parse_name(name) for name in authors), cut)
    if day:
        values["issued"] = parse_date(day)
    if abstract:
        values["abstract"] = Text.of(abstract)
    return Record(
        key=more.pop("key", "k"),
        variables={**values, **more.pop("variables", {})},
        provenance={"issued": Provenance(source=source)},
        **more,
    )


def one(wanted: Record, *entries: AtomEntry) -> Match:
    return match_all([wanted], entries)[0]


TITLE = "Sliding of glaciers over deformable beds"
PEOPLE = ("Ana Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss")


# -- what is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        record(TITLE, *PEOPLE),
        record(TITLE, *PEOPLE[:3], cut=True),
        record(TITLE, *PEOPLE[:1], cut=True),
        record("Sliding of Glaciers over Deformable Beds", *PEOPLE),
        record(r"{S}liding of glaciers over \emph{deformable} bed", *PEOPLE),
        record(TITLE, "A. Ruiz", "B. Lindqvist", "C. Okafor", "D. Weiss"),
        record(TITLE, "Ruiz, Ana", "Lindqvist, Bo", "Okafor, Chidi", "Weiß, Dora"),
        record(TITLE, *PEOPLE, abstract=""),
        record(TITLE, *PEOPLE, day="2022-03-09"),  # announced a week later
        record(TITLE, *PEOPLE, day=""),
        record(TITLE, *PEOPLE, day="2025", source="bibtex"),  # appeared three years later
        record(TITLE, *PEOPLE, day="2024-05-01", source="csl-json"),
        record(TITLE, *PEOPLE, abstract=OTHER),  # the abstract was rewritten
    ],
)
def test_the_same_title_and_people_at_a_plausible_time(wanted: Record) -> None:
    found = one(wanted, entry(TITLE, *PEOPLE), entry("Another title", *PEOPLE, number="2203.00001", summary=OTHER))
    assert found.taken is not None
    assert found.taken.entry.id.number == "2203.01360"
    assert found.taken.reasons


@pytest.mark.parametrize(
    "people",
    [
        ("Ana Ruiz (GLACIO)", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss"),
        ("Ana M. Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss"),
        ("Ruiz Ana", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss"),
        ("Ana Ruíz", "Bo Lindqvist", "Chidi Okafor", "Dora Weiß"),
        ("Ana Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss", "The Ice Collaboration"),
    ],
)
def test_dirty_author_fields_still_agree(people: tuple[str, ...]) -> None:
    from bibtool.enrich.atom import clean_author

    names = [author.name for name in people for author in clean_author(name)]
    assert one(record(TITLE, *PEOPLE), entry(TITLE, *names)).taken


def test_a_changed_title_is_found_through_authors_date_and_abstract() -> None:
    found = one(record("Ice on the move", *PEOPLE), entry(TITLE, *PEOPLE))
    assert found.taken is not None
    assert found.taken.tier is Tier.CHANGED
    assert "another title" in found.taken.reasons


def test_a_changed_title_with_an_abstract_cut_short() -> None:
    assert one(record("Ice on the move", *PEOPLE, abstract=ABSTRACT[:120]), entry(TITLE, *PEOPLE)).taken


def test_the_doi_decides_over_the_title() -> None:
    wanted = record("Ice on the move", *PEOPLE, day="", abstract="", variables={"DOI": Verbatim("10.1000/ABC")})
    found = one(wanted, entry(TITLE, *PEOPLE, dois=("10.1000/abc",)), entry("Ice on the move", "X Y", number="2203.1"))
    assert found.taken is not None
    assert found.taken.tier is Tier.DOI


def test_the_id_beats_the_text() -> None:
    wanted = record(TITLE, *PEOPLE, arxiv=Arxiv(id=ArxivId("2203.00001", 2)))
    found = one(wanted, entry(TITLE, *PEOPLE), entry("Something else", *PEOPLE, number="2203.00001"))
    assert found.taken is not None
    assert found.taken.entry.id.number == "2203.00001"
    assert "under another title" in found.taken.reasons


def test_an_id_of_another_title_by_other_people_is_doubtful() -> None:
    wanted = record(TITLE, *PEOPLE, arxiv=Arxiv(id=ArxivId("2203.00001", 2)))
    found = one(wanted, entry(TITLE, *PEOPLE), entry("Something else", "Xi Yu", number="2203.00001"))
    assert found.taken is None
    assert [candidate.entry.id.number for candidate in found.candidates] == ["2203.00001"]
    assert "with other authors" in found.candidates[0].reasons


def test_a_record_with_an_id_takes_nothing_else() -> None:
    found = one(record(TITLE, *PEOPLE, arxiv=Arxiv(id=ArxivId("2203.00001"))), entry(TITLE, *PEOPLE))
    assert found == Match()


@pytest.mark.parametrize(
    "variables",
    [
        {"DOI": Verbatim("10.48550/arXiv.2203.01360")},
        {"URL": Verbatim("https://arxiv.org/pdf/2203.01360v2")},
        {"URL": Verbatim("http://www.arxiv.org/abs/2203.01360")},
    ],
)
def test_ids_hide_in_dois_and_links(variables: dict[str, Any]) -> None:
    assert known_number(Record(variables=variables)) == "2203.01360"


def test_other_links_hide_none() -> None:
    assert known_number(Record(variables={"URL": Verbatim("https://arxiv.org/a/someone_1")})) == ""
    assert known_number(Record(variables={"URL": Verbatim("https://example.org/2203.01360")})) == ""


def test_a_reworded_title_by_the_same_people_on_the_same_day() -> None:
    wanted = record("Sliding of glaciers over sediment and deformable beds", *PEOPLE)
    assert one(wanted, entry("Sliding of glaciers over deformable beds of sediment", *PEOPLE, summary=OTHER)).taken
    assert not one(wanted, entry("Sliding of glaciers over deformable walls", *PEOPLE, summary=OTHER)).taken


# -- what is not taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        # the title by other people
        (record(TITLE, *PEOPLE), entry(TITLE, "Xi Yu", "Pia Moe")),
        # by people of the same family names
        (record(TITLE, *PEOPLE), entry(TITLE, "Luis Ruiz", "Eva Lindqvist", "Uma Okafor", "Max Weiss")),
        # the sequel
        (record(TITLE, *PEOPLE), entry(f"{TITLE} II", *PEOPLE)),
        (record(f"{TITLE}, Part I", *PEOPLE), entry(f"{TITLE}, Part II", *PEOPLE)),
        (record(f"{TITLE}: one", *PEOPLE), entry(f"{TITLE}: two", *PEOPLE)),
        # a sign that makes another title
        (record(f"{TITLE} in C", *PEOPLE), entry(f"{TITLE} in C++", *PEOPLE)),
        (record(f"{TITLE} by $\\pi^-$", *PEOPLE), entry(f"{TITLE} by $\\pi^+$", *PEOPLE)),
        # a reply
        (record(TITLE, *PEOPLE), entry(f"Reply to {TITLE}", *PEOPLE)),
        # another subject of the same people on the same day
        (record("Ice on the move", *PEOPLE), entry("Bidding with budgets", *PEOPLE, summary=OTHER)),
        # nearly the title, another abstract
        (record(TITLE, *PEOPLE), entry("Sliding of glaciers over granular beds", *PEOPLE, summary=OTHER)),
        # an implausible date
        (record(TITLE, *PEOPLE), entry(TITLE, *PEOPLE, day="2019-01-01")),
        (record(TITLE, *PEOPLE, day="2010", source="bibtex"), entry(TITLE, *PEOPLE)),
        # no authors
        (record(TITLE), entry(TITLE, *PEOPLE)),
        # authors in another order, or one too few without "et al."
        (record(TITLE, *reversed(PEOPLE)), entry(TITLE, *PEOPLE)),
        (record(TITLE, *PEOPLE[:3]), entry(TITLE, *PEOPLE)),
        # a changed title on another day, or in another category
        (record("Ice on the move", *PEOPLE, abstract=""), entry(TITLE, *PEOPLE)),
        (
            record("Ice on the move", *PEOPLE, arxiv=Arxiv(candidates=("math.NA", "cs.NA"))),
            entry(TITLE, *PEOPLE),
        ),
        # a title that many works bear
        (record("Deep Learning", "A. Ruiz", day="2022", abstract=""), entry("Deep Learning", "Ana Ruiz")),
    ],
)
def test_look_alikes_are_not_taken(wanted: Record, other: AtomEntry) -> None:
    assert one(wanted, other).taken is None


def test_a_title_by_other_people_is_counted_not_proposed() -> None:
    found = one(record(TITLE, *PEOPLE), entry(TITLE, "Xi Yu"), entry(TITLE, "Pia Moe", number="2203.00002"))
    assert found == Match(others=2) or found.others == 2
    assert found.candidates == ()


def test_doubtful_ones_come_with_reasons() -> None:
    (candidate,) = one(record(TITLE, *PEOPLE), entry(TITLE, *PEOPLE, day="2019-01-01")).candidates
    assert not candidate.sure
    assert any("2019-01-01" in reason for reason in candidate.reasons)


def test_two_papers_that_are_equally_good_are_both_shown() -> None:
    found = one(record(TITLE, *PEOPLE), entry(TITLE, *PEOPLE), entry(TITLE, *PEOPLE, number="2203.00002"))
    assert found.taken is None
    assert {c.entry.id.number for c in found.candidates} == {"2203.01360", "2203.00002"}


def test_the_better_of_two_is_taken_if_it_is_much_better() -> None:
    late = entry(TITLE, *PEOPLE, number="2203.00002", day="2022-03-11", summary=OTHER)
    found = one(record(TITLE, *PEOPLE), entry(TITLE, *PEOPLE), late)
    assert found.taken is not None
    assert found.taken.entry.id.number == "2203.01360"


def test_two_versions_of_a_paper_are_one_paper() -> None:
    old = entry("Ice on the move", *PEOPLE)
    new = replace(entry(TITLE, *PEOPLE), id=ArxivId("2203.01360", 3))
    found = one(record(TITLE, *PEOPLE), new, old)
    assert found.taken is not None
    assert found.taken.entry.id.version == 3


def test_a_paper_is_taken_once() -> None:
    twice = [record(TITLE, *PEOPLE, key="b"), record(TITLE, *PEOPLE, key="a")]
    second, first = match_all(twice, [entry(TITLE, *PEOPLE)])
    assert first.taken
    assert not second.taken
    assert any("already the match of 'a'" in reason for reason in second.candidates[0].reasons)


def test_a_work_and_its_sequel_find_their_own() -> None:
    both = [record(f"{TITLE} II", *PEOPLE, key="two"), record(TITLE, *PEOPLE, key="one")]
    papers_ = [entry(TITLE, *PEOPLE), entry(f"{TITLE} II", *PEOPLE, number="2203.00002")]
    assert [m.taken and m.taken.entry.id.number for m in match_all(both, papers_)] == ["2203.00002", "2203.01360"]


# -- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one_name", "other", "least", "most"),
    [
        ("Joan Bruna", "Joan Bruna", 1, 1),
        ("J. Bruna", "Joan Bruna", 0.9, 0.99),
        ("JD Lee", "Jason D. Lee", 0.9, 0.99),
        ("Bruna, Joan", "Joan Bruna", 1, 1),
        ("Bruna Joan", "Joan Bruna", 1, 1),
        ("Marylou Gabrie", "Marylou Gabrié", 1, 1),
        ("Jürgen Müller", "Juergen Mueller", 0.9, 1),
        ("Chris Pedersen", "Christian Pedersen", 0.9, 0.9),
        ("Will Whitney", "William F. Whitney", 0.9, 0.9),
        ("Eric Vanden-Eijnden", "Eric Vanden Eijnden", 0.9, 1),
        ("Yen-Chi Chen", "Yenchi Chen", 1, 1),
        ("Peter H. N. de With", "Peter de With", 0.9, 1),
        ("Jordi Bruna", "Joan Bruna", 0.5, 0.5),
        ("Maria Bruna", "Joan Bruna", 0, 0),
        ("M. Bruna", "Joan Bruna", 0, 0),
        ("J. A. Smith", "J. B. Smith", 0, 0.5),
        ("Joan Brown", "Joan Bruna", 0, 0),
        ("The LIGO Scientific Collaboration", "LIGO Scientific Collaboration", 1, 1),
        ("The LIGO Scientific Collaboration", "the Virgo Collaboration", 0, 0),
    ],
)
def test_names_of_one_person(one_name: str, other: str, least: float, most: float) -> None:
    ratio = person_ratio(prepare_person(parse_name(one_name)), prepare_person(parse_name(other)))
    assert least <= ratio <= most
    assert ratio == person_ratio(prepare_person(parse_name(other)), prepare_person(parse_name(one_name)))


def agreement(mine: list[str], theirs: list[str], *, cut: bool = False) -> Agreement:
    lists = [Names(tuple(map(parse_name, mine)), cut), Names(tuple(map(parse_name, theirs)))]
    return compare_authors(prepare_authors(lists[0]), prepare_authors(lists[1]))[0]


def test_author_lists() -> None:
    full = list(PEOPLE)
    assert agreement(full, full) is Agreement.FULL
    assert agreement(full[:2], full, cut=True) is Agreement.PREFIX
    assert agreement(full[:2], full) is Agreement.LOOSE
    assert agreement(full[::-1], full) is Agreement.LOOSE
    assert agreement(full[1:3], full, cut=True) is Agreement.LOOSE
    assert agreement(["Xi Yu"], full) is Agreement.NONE
    assert agreement([], full) is Agreement.NONE
    assert agreement(full, []) is Agreement.NONE


# -- the fifty --------------------------------------------------------------------------------------------------------


def as_entry(paper: Paper) -> AtomEntry:
    from bibtool.enrich.atom import clean_author

    return AtomEntry(
        id=ArxivId(paper.number, paper.versions),
        title=paper.title,
        authors=tuple(author for name in paper.authors for author in clean_author(name)),
        summary=paper.summary,
        published=f"{paper.published}T17:30:00Z",
        updated=f"{paper.updated}T17:30:00Z",
        primary_category=paper.categories[0],
        categories=paper.categories,
    )


def known(*, titles: str = "latest", truth: bool = True) -> list[AtomEntry]:
    true = papers(titles=titles)
    return [as_entry(paper) for paper in (true if truth else []) + decoys(true)]


@pytest.mark.slow
@pytest.mark.parametrize("titles", ["latest", "first"])
def test_each_of_the_fifty_finds_its_paper_among_the_decoys(titles: str) -> None:
    records = listing()
    found = match_all(records, known(titles=titles))
    assert {r.key: m.taken.entry.id.number if m.taken else None for r, m in zip(records, found, strict=True)} == truth()


@pytest.mark.slow
@pytest.mark.parametrize("abstract", [True, False])
def test_none_of_the_decoys_is_taken_in_its_place(abstract: bool) -> None:
    found = match_all(listing(abstract=abstract), known(truth=False))
    assert [m.taken for m in found] == [None] * 50


@pytest.mark.slow
def test_one_true_paper_missing_makes_one_record_doubtful_and_no_other_wrong() -> None:
    records, entries, right = listing(), known(), truth()
    for gone in ("2104.07531", "2107.05134", "2504.13110", "2605.22010", "2110.08252", "2110.03485"):
        found = match_all(records, [e for e in entries if e.id.number != gone])
        taken = {r.key: m.taken.entry.id.number for r, m in zip(records, found, strict=True) if m.taken}
        assert taken == {key: number for key, number in right.items() if number != gone}


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_and_papers_does_not_matter(chance: Any) -> None:
    records, entries = listing()[20:35], known(titles="first")
    plain = dict(zip((r.key for r in records), match_all(records, entries), strict=True))
    chance.shuffle(records)
    chance.shuffle(entries)
    assert dict(zip((r.key for r in records), match_all(records, entries), strict=True)) == plain


@pytest.mark.slow
def test_nothing_to_match() -> None:
    assert match_all([], known()) == []
    assert match_all([Record()], []) == [Match()]
    assert match_all([Record()], known()) == [Match()]


def test_strange_dates_do_no_harm() -> None:
    for date in (Date(literal="forthcoming"), Date.of(-300), Date.of(99999), Date.of(2022)):
        wanted = record(TITLE, *PEOPLE, variables={"issued": date})
        one(wanted, entry(TITLE, *PEOPLE), replace(entry(TITLE, *PEOPLE), published=""))
    assert dt.MAXYEAR == 9999
