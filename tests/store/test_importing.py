"""Imports: each work once, twice is once, keys are kept or reported."""

from __future__ import annotations

import itertools
import random
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bibtool.errors import LibraryError
from bibtool.model.record import Provenance, Record
from bibtool.model.richtext import Text
from bibtool.model.works.blocks import Blocks
from bibtool.model.works.card import Card, card_of
from bibtool.model.works.verdict import Judgement, compare, is_one_by_key, judge
from bibtool.store import ImportReport, Library, import_records, importing, open_library
from bibtool.store.importing import fingerprint
from bibtool.store.report import KeyReason, Outcome
from tests.store.made import clock, count_keys, work

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bibtool.store.base import Transaction
    from tests.support.postgres import Server

ONE = work("bruna2022", "Neural Galerkin Schemes", "Joan Bruna;Benjamin Peherstorfer", 2022)
TWO = work("gabrie2020", "Mean-field inference methods", "Marylou Gabrié", 2020)


def put_in(library: Library, *records: Record, what: str = "import") -> ImportReport:
    return import_records(library, records, key_maker=count_keys, what=what)


def outcomes(report: ImportReport) -> list[str]:
    return [str(item.outcome) for item in report.items]


def test_an_import_is_one_change_with_a_report_in_order(library: Library) -> None:
    report = put_in(library, TWO, ONE, what="import refs.bib")
    assert outcomes(report) == ["added", "added"]
    assert [item.key for item in report.items] == ["gabrie2020", "bruna2022"]
    assert report.key_changes == ()
    assert report.change is not None
    assert report.change == library.history()[0]
    assert (report.change.what, report.change.added) == ("import refs.bib", 2)
    assert list(library.records()) == [ONE, TWO]
    library.undo()
    assert len(library) == 0


def test_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    records = (ONE, TWO, work("", "Untitled", "A Keyless", 1999), work("x"), work(""), work("", "Only a title"))
    with open_library(path) as library:
        put_in(library, *records)
        content = path.read_bytes()
        report = put_in(library, *records)
        assert outcomes(report) == ["unchanged"] * 6
        assert report.change is None
        assert report.conflicts == ()
        assert [item.key for item in report.items][:2] == ["bruna2022", "gabrie2020"]
    assert path.read_bytes() == content


def test_an_empty_import(library: Library) -> None:
    report = put_in(library)
    assert report.items == ()
    assert report.change is None
    assert library.history() == ()


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with open_library(path) as library:
        put_in(library, ONE)
    content = path.read_bytes()
    records = (replace(ONE, key="other").with_values({"abstract": Text.of("New")}), TWO, work("gabrie2020", "U", "B C"))
    with open_library(path, read_only=True) as library:
        tried = import_records(library, records, key_maker=count_keys, dry_run=True)
    assert tried.change is None
    assert path.read_bytes() == content
    with open_library(path) as library:
        assert put_in(library, *records).items == tried.items
    assert outcomes(tried) == ["merged", "added", "added"]


def test_the_place_of_the_file_does_not_matter(library: Library) -> None:
    moved = replace(ONE, provenance={"title": Provenance(source="bibtex", detail="other.bib:7", when="2027-01-01")})
    assert fingerprint(moved) == fingerprint(ONE)
    put_in(library, ONE)
    assert put_in(library, moved).change is None


def test_a_title_that_was_changed_since_does_not_make_a_second_record(library: Library) -> None:
    listed = work("", "An old title", "Joan Bruna", 2022, source="listing")
    put_in(library, listed)
    (stored,) = library.records()
    with library.change("enrich") as change:
        change.put(stored.with_values({"title": Text.of("The new title")}))
    report = put_in(library, listed)
    assert outcomes(report) == ["unchanged"]
    assert len(library) == 1
    assert library.get(stored.key).title == "The new title"


@pytest.mark.slow
def test_after_undo_the_import_can_be_done_again(library: Library) -> None:
    put_in(library, ONE)
    completed = replace(ONE, key="other").with_values({"abstract": Text.of("Abstract")})
    assert outcomes(put_in(library, completed)) == ["merged"]
    library.undo()
    assert outcomes(put_in(library, completed)) == ["merged"]
    library.undo()
    put_in(library, TWO)  # now what was undone is forgotten
    assert outcomes(put_in(library, completed)) == ["merged"]
    while library.undo():
        pass
    assert outcomes(put_in(library, ONE, completed)) == ["added", "merged"]


def test_after_removal_the_import_brings_it_back(library: Library) -> None:
    put_in(library, ONE)
    with library.change("remove") as change:
        change.remove(ONE.key)
    assert outcomes(put_in(library, ONE)) == ["added"]
    assert outcomes(put_in(library, ONE)) == ["unchanged"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (work("a", "Early", "A B", 2000, arxiv="2203.01360"), work("b", "Late", "A B", 1990, arxiv="2203.01360")),
        (work("a", "T", "A B", 2000, doi="10.1000/X"), work("b", "t", "", 1990, doi="https://doi.org/10.1000/x")),
        (work("a", "Early", "A B", arxiv="2203.01360"), work("b", "Late", "A B", doi="10.48550/arXiv.2203.01360")),
        (ONE, work("b", "neural galerkin schemes.", "J. Bruna;B. Peherstorfer", 2023)),
        (ONE, work("", "Neural Galerkin Schemes", "Joan Bruna;Benjamin Peherstorfer")),
        (work("gnu", "GNU Make"), work("GNU", "GNU make", year=2020)),
    ],
)
def test_the_same_work_is_merged_whether_stored_or_from_the_same_input(
    new_place: Callable[[], str], one: Record, other: Record
) -> None:
    for inputs in (((one,), (other,)), ((one, other),)):
        with open_library(new_place()) as library:
            for records in inputs:
                report = put_in(library, *records)
            assert library.keys() == (one.key,)
            last = report.items[-1]
            assert last.outcome is not Outcome.ADDED
            assert last.key == one.key
            assert last.given_key == other.key
            if other.key:
                assert library.get(other.key).key == one.key  # documents that cite it go on working
                assert last.key_reason is KeyReason.SAME_WORK
                assert [item.given_key for item in report.key_changes] == [other.key]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (work("a", "T", "A B", 2000, arxiv="2203.01360"), work("b", "U", "C D", 1990, arxiv="2203.01360")),
        (work("a", "T", "A B", 2000, doi="10.1000/X"), work("b", "U", "C D", 1990, doi="https://doi.org/10.1000/x")),
        (work("a", "T", "A B", arxiv="2203.01360"), work("b", "U", "C D", doi="10.48550/arXiv.2203.01360")),
        (ONE, work("b", "Neural Galerkin Schemes", "Wei Zhang", 2022)),
        (ONE, work("b", "Neural Galerkin Schemes", "Joan Bruna;Benjamin Peherstorfer", 2012)),
        (work("a", "T", "A B", 2000, arxiv="2203.01360"), work("b", "T", "A B", 2000, arxiv="2203.01361")),
        (work("a", "Editorial"), work("b", "Editorial")),
        (work("a"), work("b")),
    ],
)
def test_different_works_stay_two(library: Library, one: Record, other: Record) -> None:
    assert outcomes(put_in(library, one, other)) == ["added", "added"]
    assert set(library.keys()) == {one.key, "b"}
    assert put_in(library, other, one).change is None


def test_merging_keeps_both_sides_and_the_user_wins(library: Library) -> None:
    mine = work("mine", "My Title", "Joan Bruna", 2022, arxiv="2203.01360", source="user")
    theirs = work("theirs", "Their Title", "Joan Bruna", 2022, arxiv="2203.01360", abstract="New", source="bibtex")
    put_in(library, mine)
    report = put_in(library, theirs)
    record = library.get("mine")
    assert record.title == "My Title"
    assert record.text("abstract") == "New"
    assert record.provenance["abstract"].source == "bibtex"
    assert [(key, c.field, c.kept, c.other) for key, c in report.conflicts] == [
        ("mine", "title", "My Title", "Their Title")
    ]


def test_a_value_that_the_user_took_away_stays_away(library: Library) -> None:
    record = work("a", "T", "A B", 2000, abstract="Unwanted")
    put_in(library, record)
    with library.change("edit") as change:
        change.put(record.with_values({"abstract": None}))
    put_in(library, record)
    assert library.get("a").text("abstract") == ""


def test_a_later_record_finds_what_an_earlier_one_brought(library: Library) -> None:
    """The second brings the arXiv id to the first, and the third has nothing but that id in common."""
    first = work("a", "Early", "A B", 2000, doi="10.1000/x")
    second = work("b", "Early", "A B", 2000, doi="10.1000/x", arxiv="2203.01360")
    third = work("c", "Later", "A B", 2000, arxiv="2203.01360")
    put_in(library, first)
    report = put_in(library, second, third)
    assert [item.key for item in report.items] == ["a", "a"]
    assert library.keys() == ("a",)


BY_NUMBER = work("number", "Slow light in thick glass", "Øyvind Strand", 2017, arxiv="2203.01360")
BY_DOI = work("doi", "Notes on slow light", "Øyvind Strand", 2018, doi="10.1000/light")
BRIDGE = work("bridge", "Slow light in thick glass", "Øyvind Strand", 2017, arxiv="2203.01360", doi="10.1000/light")


@pytest.mark.parametrize("order", list(itertools.permutations([BY_NUMBER, BY_DOI, BRIDGE])))
def test_a_record_that_tells_two_others_to_be_one_work_unites_them(library: Library, order: tuple[Record, ...]) -> None:
    """Whatever comes first, and whether the others come with it or were there."""
    assert not compare(BY_NUMBER, BY_DOI).is_one_record
    for some in (order, order[:1], order[1:], order[:2], order[2:]):
        put_in(library, *some)
    assert len(library) == 1
    only = next(iter(library))
    assert (only.doi, only.arxiv) == ("10.1000/light", BY_NUMBER.arxiv)
    assert {library.get(key).key for key in ("number", "doi", "bridge")} == {only.key}


def test_a_record_of_the_library_that_became_one_with_another_is_reported(library: Library) -> None:
    put_in(library, BY_NUMBER, BY_DOI)
    before = contents(library)
    report = put_in(library, BRIDGE)
    assert len(library) == 1
    (item,) = report.items
    assert item.outcome is Outcome.MERGED
    assert [old for old, _ in item.joined] == [key for key in ("number", "doi") if key != item.key]
    assert {library.get(key).key for key in ("number", "doi", "bridge")} == {item.key}
    again = put_in(library, BY_NUMBER, BRIDGE, BY_DOI)
    assert again.change is None
    library.undo()
    assert contents(library) == before


def test_works_of_one_input_that_become_one_are_added_once(library: Library) -> None:
    report = put_in(library, BY_NUMBER, BY_DOI, BRIDGE)
    assert outcomes(report) == ["added", "merged", "merged"]
    assert {item.key for item in report.items} == {"number"}
    assert [item.joined for item in report.items] == [(), (), ()]
    assert [item.alike for item in report.items] == [(), (), ()]
    assert put_in(library, BY_NUMBER, BY_DOI, BRIDGE).change is None


# keys


@pytest.mark.slow
def test_the_same_key_for_different_works_gets_a_suffix(library: Library) -> None:
    records = [work("smith", f"Title {number}", f"Author {number}", 2000) for number in range(30)]
    report = put_in(library, *records)
    keys = [item.key for item in report.items]
    assert keys[:4] == ["smith", "smitha", "smithb", "smithc"]
    assert keys[26:] == ["smithz", "smithaa", "smithab", "smithac"]
    assert len(report.key_changes) == 29
    assert {item.key_reason for item in report.key_changes} == {KeyReason.TAKEN}
    assert [library.get(key).title for key in keys] == [record.title for record in records]
    again = put_in(library, *records)
    assert again.change is None
    assert [item.key for item in again.items] == keys


def test_the_library_s_key_stays_and_the_new_one_gets_the_suffix(library: Library) -> None:
    put_in(library, work("Smith", "One", "A B", 2000), work("smitha", "Three", "E F", 2000))
    report = put_in(library, work("smith", "Two", "C D", 2000))
    assert [item.key for item in report.items] == ["smithb"]
    assert library.get("smith").title == "One"


def test_given_keys_go_before_made_ones(library: Library) -> None:
    report = put_in(library, work("", "One", "A Bell", 2000), work("bell2000", "Two", "C Bell", 2000))
    assert [item.key for item in report.items] == ["bell2000n2", "bell2000"]
    assert report.items[0].key_reason is KeyReason.MADE
    assert report.key_changes == ()


def test_a_key_of_a_keyless_record_comes_from_its_double(library: Library) -> None:
    report = put_in(library, replace(ONE, key=""), replace(ONE, key="cited"))
    assert library.keys() == ("cited",)
    assert [item.key_reason for item in report.items] == [KeyReason.MADE, None]


@pytest.mark.parametrize("key", [" a", "a\nb", "\ud800", "k" * 300])
def test_a_key_that_can_not_be_stored_is_replaced_and_reported(library: Library, key: str) -> None:
    report = put_in(library, replace(ONE, key=key), TWO)
    assert report.items[0].key == "bruna2022"
    assert report.items[0].given_key == key
    assert report.items[0].key_reason is KeyReason.UNUSABLE
    assert library.keys() == ("bruna2022", "gabrie2020")
    assert put_in(library, replace(ONE, key=key), TWO).change is None


def test_a_key_maker_that_gives_poor_keys_does_no_harm(library: Library) -> None:
    def poor(records: Sequence[Record], *, taken: Collection[str]) -> list[Record]:
        return [replace(record, key="" if number % 2 else "same") for number, record in enumerate(records)]

    records = [work("", f"T{number}", f"A{number} B", 2000) for number in range(5)]
    report = import_records(library, records, key_maker=poor)
    assert [item.key for item in report.items] == ["same", "record", "samea", "recorda", "sameb"]


def test_an_import_that_fails_leaves_nothing(library: Library) -> None:
    def broken(records: Sequence[Record], *, taken: Collection[str]) -> list[Record]:
        raise LibraryError("no")

    with pytest.raises(LibraryError):
        import_records(library, [ONE, replace(TWO, key="")], key_maker=broken)
    assert len(library) == 0
    assert library.history() == ()


@pytest.mark.slow
def test_many_records_of_one_title_are_compared_with_few(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """An input made to be slow: all titles and first authors the same."""
    count = 0

    def counting(card: Card, other: Card) -> Judgement:
        nonlocal count
        count += 1
        return judge(card, other)

    monkeypatch.setattr("bibtool.store.importing.judge", counting)
    records = [work("same", "Editorial", f"A Bell;B Other{number}", 2000) for number in range(600)]
    assert len(put_in(library, *records).added) == 600
    assert put_in(library, *records).change is None
    assert count < 600 * 45


# properties

_TITLES = st.sampled_from(["Deep nets", "Shallow nets", "On time", ""])
_AUTHORS = st.sampled_from(["Ann Bell", "A. Bell", "Ann Bell;Carl Dorn", "Eva Frey", ""])
_RECORDS = st.builds(
    work,
    st.sampled_from(["", "", "key1", "Key1", "key2", "key3"]),
    _TITLES,
    _AUTHORS,
    st.sampled_from([None, 2000, 2001, 2010]),
    arxiv=st.sampled_from(["", "", "2203.01360", "2203.01361"]),
    doi=st.sampled_from(["", "", "10.1000/x", "10.1000/y"]),
    abstract=st.sampled_from(["", "one", "two"]),
    source=st.sampled_from(["user", "listing", "bibtex"]),
)


def test_many_are_looked_up_as_one_by_one(library: Library) -> None:
    chance = random.Random(5)

    def some(key: str) -> Record:
        return work(
            key,
            chance.choice(["Editorial", "Deep nets", "Deep nets for x", "On time", "On times", ""]),
            chance.choice(["Ann Bell", "A. Bell", "Bob Cole", ""]),
            chance.choice([None, 1999, 2000, 2001]),
            arxiv=chance.choice(["", f"2203.{chance.randrange(90):05}"]),
            doi=chance.choice(["", f"10.1000/{chance.randrange(9)}"]),
        )

    with library.change("fill") as change:
        change.put_all(some(f"k{number}") for number in range(300))
    asked = [some(f"asked{number}") for number in range(150)]
    found = list(library.alike_all(asked))
    assert found == [library.alike(record) for record in asked]
    assert max(map(len, found)) > 30
    assert min(map(len, found)) == 0
    assert list(library.alike_all([])) == []


def contents(library: Library) -> dict[str, Record]:
    return {record.key: record for record in library.records()}


def import_twice(new_place: Callable[[], str], records: list[Record]) -> None:
    with open_library(new_place(), clock=clock) as library:
        first = put_in(library, *records)
        once = contents(library)
        second = put_in(library, *records)
        assert contents(library) == once
        assert second.change is None
        assert {item.outcome for item in second.items} <= {Outcome.UNCHANGED}
        assert [item.key for item in second.items] == [item.key for item in first.items]
        assert {item.key for item in first.items} == set(once)
        if records:
            library.undo()
            assert contents(library) == {}


def clear_cut(records: Sequence[Record]) -> bool:
    """True where "one work" holds between all or none of the pairs within each group, and a key is that of one work.

    A key that is taken is changed, so that the library no longer knows that the record came under it.
    """

    def namesakes(a: Record, b: Record) -> bool:
        return bool(a.key) and a.key.casefold() == b.key.casefold()

    def one(a: Record, b: Record) -> bool:
        return compare(a, b).is_one_record or (namesakes(a, b) and is_one_by_key(card_of(a), card_of(b)))

    if any(namesakes(a, b) and not one(a, b) for a, b in itertools.combinations(records, 2)):
        return False
    return all(one(a, c) or not (one(a, b) and one(b, c)) for a, b, c in itertools.permutations(records, 3))


def import_in_two_halves(new_place: Callable[[], str], records: list[Record], at: int) -> None:
    """Records and what is merged into what; made keys may differ, as later given keys go before them.

    Where a record is the same work as two that are not the same, it goes to the better match of those that are there,
    so that the order counts; such inputs are left out.
    """
    with (
        open_library(new_place(), clock=clock) as whole,
        open_library(new_place(), clock=clock) as halves,
    ):
        report = put_in(whole, *records)
        items = put_in(halves, *records[:at]).items + put_in(halves, *records[at:]).items
        # a record of the first half may be merged into another one by what the second half says of both
        lead = {alias: record.key for record in halves.records() for alias in (record.key, *record.aliases)}
        groups: dict[str, str] = {}
        for one, other in zip(report.items, items, strict=True):
            assert groups.setdefault(one.key, lead[other.key]) == lead[other.key]
        assert len(set(groups.values())) == len(groups)
        # a key that comes later is the record's key in one library, and leads to a made one in the other
        assert {groups[key]: replace(record, key="", aliases=()) for key, record in contents(whole).items()} == {
            key: replace(record, key="", aliases=()) for key, record in contents(halves).items()
        }


def look_up(new_place: Callable[[], str], one: Record, other: Record) -> None:
    """`alike` leaves out nothing that the judge would take for one record."""
    with open_library(new_place(), clock=clock) as library:
        put_in(library, one)
        stored = next(iter(library.records()))
        if compare(stored, other).is_one_record:
            assert library.alike(other) == (stored,)


def files(factory: pytest.TempPathFactory) -> Callable[[], str]:
    return lambda: str(factory.mktemp("place") / "library.db")


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(records=st.lists(_RECORDS, max_size=12))
def test_import_twice_is_import_once(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> None:
    import_twice(files(tmp_path_factory), records)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(records=st.lists(_RECORDS, max_size=6), data=st.data())
def test_import_in_two_halves_is_import_at_once(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record], data: st.DataObject
) -> None:
    assume(clear_cut(records))
    import_in_two_halves(files(tmp_path_factory), records, data.draw(st.integers(0, len(records))))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(records=st.lists(_RECORDS, max_size=8), data=st.data())
def test_no_two_records_are_left_that_are_one(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(records)))
    with open_library(files(tmp_path_factory)(), clock=clock) as library:
        put_in(library, *records[:at])
        report = put_in(library, *records[at:])
        assert [pair for pair in itertools.combinations(library, 2) if compare(*pair).is_one_record] == []
        for item in report.items:
            for old, _ in item.joined:
                assert library.get(old).key == item.key


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(one=_RECORDS, other=_RECORDS)
def test_whatever_is_the_same_work_is_looked_up(
    tmp_path_factory: pytest.TempPathFactory, one: Record, other: Record
) -> None:
    look_up(files(tmp_path_factory), one, other)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(records=st.lists(_RECORDS, min_size=2, max_size=6), data=st.data())
def test_imports_on_a_server_do_the_same(postgres: Server, records: list[Record], data: st.DataObject) -> None:
    import_twice(postgres.empty, records)
    look_up(postgres.empty, *records[:2])
    assume(clear_cut(records))
    import_in_two_halves(postgres.empty, records, data.draw(st.integers(0, len(records))))


def test_what_is_only_there_to_match_is_gone_when_writing_begins(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[object]] = []
    left: list[object] = []

    class Noted(Blocks[object]):
        def __init__(self) -> None:
            super().__init__()
            made.append(weakref.ref(self))

    write = importing._Run.write

    def noted(run: importing._Run, transaction: Transaction) -> None:
        left.append(made[0]())
        write(run, transaction)

    monkeypatch.setattr(importing, "Blocks", Noted)
    monkeypatch.setattr(importing._Run, "write", noted)
    put_in(library, ONE, TWO)
    assert left == [None]
