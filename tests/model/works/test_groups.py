"""Which records are one work: traps, chains, order, growth; and the merge of a group."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bibtool.formats.registry import read_path
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.marks import bare, show, with_marks
from bibtool.model.names import Names, parse_name
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Record, Value, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works import groups as duplicates
from bibtool.model.works.card import Card, card_of
from bibtool.model.works.combine import choose_key, combine
from bibtool.model.works.groups import Group, find_duplicates
from bibtool.model.works.identity import is_preprint_doi
from bibtool.model.works.merge import completes
from bibtool.model.works.people import united
from bibtool.model.works.places import same_container
from bibtool.model.works.verdict import Judgement, judge
from tests.property import strategies as own


def rec(key: str, title: str = "", people: str = "", year: int | None = None, **more: str) -> Record:
    """A record; further values by CSL name with _ for -, ``arxiv`` and ``kind``."""
    variables: dict[str, Value] = {}
    if title:
        variables["title"] = Text.of(title)
    if people:
        truncated = people.endswith(" et al.")
        names = [parse_name(one) for one in people.removesuffix(" et al.").split("; ")]
        variables["author"] = Names(tuple(names), truncated)
    if year:
        variables["issued"] = Date.of(year)
    arxiv = Arxiv(id=ArxivId(more.pop("arxiv"))) if "arxiv" in more else None
    kind = more.pop("kind", "article" if arxiv else "article-journal")
    for name, value in more.items():
        variable = name.replace("_", "-")
        if variable in ("DOI", "ISBN", "URL", "PMID"):
            variables[variable] = Verbatim(value)
        elif variable in ("volume", "issue", "page", "edition"):
            variables[variable] = Number(value)
        else:
            variables[variable] = Text.of(value)
    return Record(key=key, type=kind, variables=variables, arxiv=arxiv)


TITLE = "Neural Galerkin schemes with active learning"
PEOPLE = "Joan Bruna; Benjamin Peherstorfer"


def keys_of(records: list[Record], groups: tuple[Group, ...], *, certain: bool) -> set[frozenset[str]]:
    return {frozenset(records[at].key for at in group.members) for group in groups if group.certain is certain}


def both(one: Record, other: Record) -> str:
    """certain, doubtful or none."""
    groups = find_duplicates([one, other])
    assert len(groups) <= 1
    return "none" if not groups else "certain" if groups[0].certain else "doubtful"


CERTAIN = {
    "same DOI in another spelling": (
        rec("a", TITLE, PEOPLE, 2022, DOI="10.5555/ABC"),
        rec("b", TITLE, "", 2023, DOI="https://doi.org/10.5555/abc"),
    ),
    "preprint and publication": (
        rec("a", TITLE, PEOPLE, 2022, arxiv="2203.01360"),
        rec("b", TITLE.title(), "Bruna, J.; Peherstorfer, B.", 2023, container_title="J", DOI="10.5555/x"),
    ),
    "preprint server with DOIs": (
        rec("a", TITLE, PEOPLE, 2022, DOI="10.21203/rs.3.rs-1"),
        rec("b", TITLE, PEOPLE, 2022, DOI="10.5555/abc", container_title="Journal of Orders"),
    ),
    "truncated list of authors": (
        rec("a", TITLE, "Joan Bruna et al.", 2022),
        rec("b", TITLE, PEOPLE, 2022),
    ),
    "blanks and hyphens in the title": (
        rec("a", "Auto-encoders for closed data-bases", PEOPLE, 2022),
        rec("b", "Autoencoders for closed databases", PEOPLE, 2022),
    ),
    "a retitled preprint": (
        rec("a", "An early and quite other name", PEOPLE, 2021, arxiv="2203.01360"),
        rec("b", TITLE, PEOPLE, 2022, arxiv="2203.01360"),
    ),
    "ISBN in two lengths": (
        rec("a", "On books", PEOPLE, 2001, kind="book", ISBN="3-16-148410-X"),
        rec("b", "On books", PEOPLE, 2001, kind="book", ISBN="978-3-16-148410-0"),
    ),
    "a typing error, with the same pages": (
        rec("a", TITLE, PEOPLE, 2022, container_title="SIAM J. Numer. Anal.", volume="3", page="55-70"),
        rec(
            "b", TITLE.replace("active", "actve"), PEOPLE, 2022,
            container_title="SIAM Journal on Numerical Analysis", volume="3", page="55",
        ),
    ),
    "the same editorial": (
        rec("a", "Editorial", "June Hale", 2018, container_title="Maps", volume="4", page="87-88"),
        rec("b", "Editorial", "J. Hale", 2018, container_title="Maps", volume="4", page="87"),
    ),
}  # fmt: skip
DOUBTFUL = {
    "different arXiv ids": (
        rec("a", TITLE, PEOPLE, 2022, arxiv="2203.01360"),
        rec("b", TITLE, PEOPLE, 2022, arxiv="2203.01361"),
    ),
    "different DOIs": (rec("a", TITLE, PEOPLE, 2022, DOI="10.5555/a"), rec("b", TITLE, PEOPLE, 2022, DOI="10.5555/b")),
    "no authors": (rec("a", TITLE, "", 2022), rec("b", TITLE, PEOPLE, 2022)),
    "a typing error": (rec("a", TITLE, PEOPLE, 2022), rec("b", TITLE.replace("Galerkin", "Galerkni"), PEOPLE, 2022)),
    "subtitle": (rec("a", TITLE, PEOPLE, 2022), rec("b", TITLE + ": theory and practice", PEOPLE, 2022)),
    "same DOI, another work": (
        rec("a", TITLE, PEOPLE, 2022, DOI="10.5555/abc"),
        rec("b", "Growth of tomatoes in winter", "Ada Nowak", 2001, DOI="10.5555/abc"),
    ),
    "chapters with the DOI of the book": (
        rec("a", "Tilings of planes", PEOPLE, 2022, kind="chapter", DOI="10.5555/book"),
        rec("b", "Growth in winter", PEOPLE, 2022, kind="chapter", DOI="10.5555/book"),
    ),
    "same arXiv id, different DOIs": (
        rec("a", TITLE, PEOPLE, 2022, arxiv="2203.01360", DOI="10.5555/conf"),
        rec("b", TITLE, PEOPLE, 2023, arxiv="2203.01360", DOI="10.5555/jour"),
    ),
    "parts with one DOI": (
        rec("a", TITLE + " 1", PEOPLE, 2022, DOI="10.5555/abc"),
        rec("b", TITLE + " 2", PEOPLE, 2022, DOI="10.5555/abc"),
    ),
    "conference and journal": (
        rec("a", TITLE, PEOPLE, 2022, kind="paper-conference", container_title="Proc. Days"),
        rec("b", TITLE, PEOPLE, 2023, container_title="Journal of Orders"),
    ),
    "long wait": (
        rec("a", TITLE, PEOPLE, 2018, arxiv="1803.01360"),
        rec("b", TITLE, PEOPLE, 2022, container_title="Journal of Orders"),
    ),
    "order of authors": (rec("a", TITLE, PEOPLE, 2022), rec("b", TITLE, "Benjamin Peherstorfer; Joan Bruna", 2022)),
    "given names": (rec("a", TITLE, "Jing Wang", 2022), rec("b", TITLE, "Jun Wang", 2022)),
}
NONE = {
    "other people": (rec("a", TITLE, PEOPLE, 2022), rec("b", TITLE, "Ada Nowak; Li Wei", 2022)),
    "parts": (rec("a", TITLE + ", part I", PEOPLE, 2022), rec("b", TITLE + ", part II", PEOPLE, 2022)),
    "erratum": (rec("a", TITLE, PEOPLE, 2022), rec("b", "Erratum to: " + TITLE, PEOPLE, 2022)),
    "editions": (
        rec("a", TITLE, PEOPLE, 2022, kind="book", edition="1"),
        rec("b", TITLE, PEOPLE, 2022, kind="book", edition="second"),
    ),
    "years apart": (rec("a", TITLE, PEOPLE, 2010), rec("b", TITLE, PEOPLE, 2022)),
    "negation": (
        rec("a", "Convergence of linear schemes on grids", PEOPLE, 2022),
        rec("b", "Convergence of nonlinear schemes on grids", PEOPLE, 2022),
    ),
    "editorials": (
        rec("a", "Editorial", "June Hale", 2018, container_title="Maps", volume="4", page="1"),
        rec("b", "Editorial", "June Hale", 2018, container_title="Maps", volume="5", page="1"),
    ),
    "prefaces of years": (rec("a", "Preface", "June Hale", 2018), rec("b", "Preface", "June Hale", 2019)),
    "introductions without authors": (
        rec("a", "Introduction", "", 2018, container_title="Maps"),
        rec("b", "Introduction", "", 2018, container_title="Cities"),
    ),
    "one word more": (rec("a", TITLE, PEOPLE, 2022), rec("b", "Adaptive " + TITLE, PEOPLE, 2022)),
    "homonyms": (rec("a", TITLE, "Wei Wang 0001", 2022), rec("b", TITLE, "Wei Wang 0002", 2022)),
    "nothing at all": (rec("a"), rec("b")),
}


@pytest.mark.parametrize("name", CERTAIN)
def test_certain(name: str) -> None:
    assert both(*CERTAIN[name]) == "certain"


@pytest.mark.parametrize("name", DOUBTFUL)
def test_doubtful(name: str) -> None:
    assert both(*DOUBTFUL[name]) == "doubtful"


@pytest.mark.parametrize("name", NONE)
def test_two_works(name: str) -> None:
    assert both(*NONE[name]) == "none"


@pytest.mark.parametrize("name", [*CERTAIN, *DOUBTFUL, *NONE])
def test_a_verdict_is_symmetric(name: str) -> None:
    one, other = map(card_of, {**CERTAIN, **DOUBTFUL, **NONE}[name])
    assert judge(one, other) == judge(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("siam j numer anal", "siam journal on numerical analysis", True),
        ("pnas", "proceedings of the national academy of sciences", True),
        ("plos one", "nature of things", False),
        ("pami", "pattern analysis machine intelligence", True),
        ("journal of maps", "journal of cities", False),
    ],
)
def test_names_of_journals(one: str, other: str, same: bool) -> None:
    assert same_container(one, other) is same_container(other, one) is same


def test_a_bridge_without_doi_does_not_chain_two_dois() -> None:
    records = [
        rec("a", TITLE, PEOPLE, 2022, DOI="10.5555/a"),
        rec("bridge", TITLE, PEOPLE, 2022),
        rec("c", TITLE, PEOPLE, 2022, DOI="10.5555/c"),
    ]
    groups = find_duplicates(records)
    assert keys_of(records, groups, certain=True) == set()
    assert keys_of(records, groups, certain=False) == {frozenset({"a", "bridge", "c"})}
    assert all("DOIs" in reason for group in groups for reason in group.reasons)


def test_what_agrees_stays_together_when_a_chain_breaks() -> None:
    records = [
        rec("a1", TITLE, PEOPLE, 2022, DOI="10.5555/a"),
        rec("a2", TITLE, PEOPLE, 2022, DOI="10.5555/a"),
        rec("bridge", TITLE, PEOPLE, 2022),
        rec("c1", TITLE, PEOPLE, 2022, DOI="10.5555/c"),
        rec("c2", TITLE, PEOPLE, 2022, DOI="10.5555/c"),
    ]
    groups = find_duplicates(records)
    assert keys_of(records, groups, certain=True) == {frozenset({"a1", "a2"}), frozenset({"c1", "c2"})}
    assert any("bridge" in keys for keys in keys_of(records, groups, certain=False))


def test_a_wrong_arxiv_id_does_not_chain_two_works() -> None:
    records = [
        rec("a", TITLE, PEOPLE, 2022, DOI="10.5555/a", arxiv="2203.01360"),
        rec("bridge", TITLE, PEOPLE, 2022, arxiv="2203.01360"),
        rec("c", TITLE, PEOPLE, 2022, DOI="10.5555/c", arxiv="2203.01360"),
    ]
    groups = find_duplicates(records)
    assert keys_of(records, groups, certain=True) == set()
    assert keys_of(records, groups, certain=False) == {frozenset({"a", "bridge", "c"})}


def test_an_edition_is_no_bridge() -> None:
    records = [
        rec("first", TITLE, PEOPLE, 2022, kind="book", edition="1"),
        rec("any", TITLE, PEOPLE, 2022, kind="book"),
        rec("second", TITLE, PEOPLE, 2022, kind="book", edition="2"),
    ]
    assert not keys_of(records, find_duplicates(records), certain=True)


def test_no_records() -> None:
    assert find_duplicates([]) == ()


@pytest.mark.slow
def test_the_sample_of_dblp_has_no_duplicates(shared: Path) -> None:
    records = read_path(shared / "corpus" / "dblp-1k.bib").records
    assert len(records) > 900
    assert find_duplicates(records) == ()


@pytest.mark.slow
def test_copies_in_the_sample_of_dblp_are_all_found(shared: Path) -> None:
    records = list(read_path(shared / "corpus" / "dblp-1k.bib").records)
    dice = random.Random(3)
    copies = []
    for number, record in enumerate(dice.sample([r for r in records if len(r.names("author"))], 100)):
        gone = {"DOI": None, "URL": None, "page": None} if number % 2 else {}
        copies.append(
            replace(record.with_values(gone), key=f"copy{number}", arxiv=None if number % 2 else record.arxiv)
        )
    groups = find_duplicates([*records, *copies])
    found = {at for group in groups for at in group.members if at >= len(records)}
    assert len(found) == len(copies)
    assert all(len(group.members) == 2 for group in groups)


# ---- order and growth -----------------------------------------------------------------------------------------------

pool = st.sampled_from(
    [
        record
        for table in (CERTAIN, DOUBTFUL, NONE)
        for pair in table.values()
        for record in pair
    ]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(pool, max_size=14), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_records_does_not_matter(records: list[Record], dice: random.Random) -> None:
    numbered = [replace(record, key=f"{record.key}{number}") for number, record in enumerate(records)]
    shuffled = list(numbered)
    dice.shuffle(shuffled)

    def told(some: list[Record]) -> set[tuple[bool, frozenset[str], frozenset[str]]]:
        return {
            (group.certain, frozenset(some[at].key for at in group.members), frozenset(group.reasons))
            for group in find_duplicates(some)
        }

    assert told(numbered) == told(shuffled)


@pytest.mark.slow
@given(st.lists(pool, max_size=14))
@settings(max_examples=150, deadline=None)
def test_a_certain_group_never_contradicts_itself(records: list[Record]) -> None:
    for group in find_duplicates(records):
        if group.certain:
            ids = [card_of(records[at]).ids for at in group.members]
            for kind in ("doi", "arxiv", "isbn"):
                assert len({of[kind] for of in ids if kind in of and not is_preprint_doi(of[kind])}) <= 1


def _many(count: int, seed: int) -> list[Record]:
    """Records with the words and names of few people, as in real life, and one in twenty twice."""
    dice = random.Random(seed)
    words = ["".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randint(4, 9))) for _ in range(500)]
    made = []
    for number in range(count):
        title = " ".join(dice.choice(words) for _ in range(dice.randint(4, 8)))
        made.append(rec(f"k{number}", title, f"A {dice.choice(words[:60])}", dice.randint(2000, 2009)))
    return made + [replace(record, key=f"d{record.key}") for record in made[::20]]


@pytest.mark.slow
@pytest.mark.parametrize("make", [_many, lambda count, seed: [rec(f"k{n}", TITLE, PEOPLE, 2022) for n in range(count)]])
def test_comparisons_grow_with_the_number_of_records(make: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(make)
    count = 0

    def counted(one: Card, other: Card) -> Judgement:
        nonlocal count
        count += 1
        return judge(one, other)

    monkeypatch.setattr(duplicates, "judge", counted)
    for size in (100, 1000, 10_000):
        count = 0
        find_duplicates(make(size, 1))
        assert count <= 30 * size  # all pairs would be 50 million in the end


@pytest.mark.slow
def test_thirty_thousand_records(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counted(one: Card, other: Card) -> Judgement:
        nonlocal count
        count += 1
        return judge(one, other)

    monkeypatch.setattr(duplicates, "judge", counted)
    groups = find_duplicates(_many(30_000, 2))
    assert sum(group.certain for group in groups) >= 1470
    assert count <= 30 * 31_500


# ---- merging a group ------------------------------------------------------------------------------------------------

PREPRINT = rec("pre", TITLE, "Joan Bruna et al.", 2022, arxiv="2203.01360", abstract="Long.", note="draft")
PAPER = rec("paper", TITLE, PEOPLE, 2023, DOI="10.5555/jcp", container_title="J. Comp.", volume="7", page="1-20")


@pytest.mark.parametrize("records", [[PREPRINT, PAPER], [PAPER, PREPRINT]])
def test_preprint_and_publication_are_one_work(records: list[Record]) -> None:
    merged = combine(records)
    assert merged.record.key == "paper"
    assert merged.record.aliases == ("pre",)
    assert merged.replaced == {"pre": "paper"}
    assert str(merged.record.arxiv and merged.record.arxiv.id) == "2203.01360"
    assert merged.record.text("DOI") == "10.5555/jcp"
    assert merged.record.year == 2023
    assert merged.record.text("abstract") == "Long."
    assert len(merged.record.names("author")) == 2
    assert [(d.key, d.field, d.kept, d.other) for d in merged.differences] == [("pre", "issued", "2023", "2022")]


def test_no_half_of_a_preprint_in_a_publication() -> None:
    pre = rec("pre", TITLE, PEOPLE, 2021, container_title="CoRR", volume="abs/2203.01360", arxiv="2203.01360")
    paper = rec("paper", TITLE, PEOPLE, 2023, container_title="Proc. Days", kind="paper-conference")
    merged = combine([pre, paper])
    assert merged.record.text("volume") == ""
    assert merged.record.text("container-title") == "Proc. Days"
    assert {d.field for d in merged.differences} == {"issued", "container-title", "volume"}


def test_arxiv_s_own_doi_becomes_the_arxiv_id() -> None:
    pre = rec("pre", TITLE, PEOPLE, 2022, DOI="10.48550/arXiv.2203.01360", kind="article")
    merged = combine([PAPER, pre])
    assert str(merged.record.arxiv and merged.record.arxiv.id) == "2203.01360"
    assert merged.record.text("DOI") == "10.5555/jcp"
    assert [d.field for d in merged.differences] == ["issued"]


@pytest.mark.slow
@given(st.lists(own.records(), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_value_is_in_the_result_or_reported(records: list[Record]) -> None:
    records = [replace(record, key=f"{record.key}{number}") for number, record in enumerate(records)]
    merged = combine(records)
    assert merged.record == combine([merged.record, *records], merged.record.key, 0).record  # idempotent
    for record in records:
        assert record.key in {merged.record.key, *merged.record.aliases}
        told = {(d.field, d.other) for d in merged.differences if d.key == record.key}
        for name, value in record.variables.items():
            mine = merged.record.variables.get(name)
            if isinstance(value, Names) and isinstance(mine, Names):
                known, clashes = united(mine, value)
                assert known == mine, "a mark or an ORCID iD is lost"
                for kept_name, other in clashes:
                    assert kept_name.orcid != other.orcid
                    assert (f"{name}+an:orcid", f"{other.display()} {other.orcid}") in told
                mine, plain = bare(mine), bare(value)
                kept = show(mine) == show(plain) or completes(plain, mine)
            else:
                kept = mine is not None and (show(mine) == show(value) or completes(value, mine))
            assert kept or (name, show(value)) in told, name
        for item in record.leftovers:
            assert item in merged.record.leftovers or item.source.endswith("-form")


def test_which_key_stays() -> None:
    records = [PREPRINT, PAPER, rec("third", TITLE, PEOPLE, 2022)]
    assert choose_key(records) == "paper"
    assert choose_key(records, prefer="first") == "pre"
    assert choose_key(records, cited={"third": 2, "pre": 1}) == "third"
    assert choose_key(records, cited={"third": 2}, prefer="published") == "paper"
    assert choose_key(records, cited={"third": 2}, keep=["pre"]) == "pre"
    assert choose_key([replace(PAPER, key=""), PREPRINT]) == "pre"
    assert choose_key([Record()]) == ""


def test_aliases_of_the_merged_records_are_kept() -> None:
    merged = combine([replace(PREPRINT, aliases=("older",)), PAPER])
    assert merged.record.aliases == ("pre", "older")
    assert merged.replaced == {"pre": "paper", "older": "paper"}


@pytest.mark.parametrize("first", ["Abe, Sam", "Roe, Sam"])  # records are merged in the order of their people
def test_marks_reach_a_person_whom_only_a_later_record_names(first: str) -> None:
    def of(key: str, people: str, mark: str = "") -> Record:
        record = rec(key, TITLE, people, 2022)
        return record.with_values({"author": with_marks(record.names("author"), mark)})

    lead = of("lead", "Ash, Bea et al.").with_values({"DOI": Verbatim("10.5555/a"), "volume": Number("1")})
    other, full = of("other", f"{first}; Dee, Flo", "2=equal"), of("full", "Ash, Bea; Bell, Cy; Dee, Flo", "2=student")
    names = combine([lead, other, full], "lead", 0).record.names("author")
    assert [name.marks for name in names] == [(), ("student",), ("equal",)]
