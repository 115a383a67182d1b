"""Reading, writing, searching, undoing: one process, one library."""

from __future__ import annotations

from pathlib import Path

import pytest

import bibtool.store
from bibtool.errors import UnknownNameError, UsageError
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text, parse_markup
from bibtool.store import Library, open_library
from bibtool.store import history as history_module
from tests.store.made import TIME, clock, work


def fill(library: Library, *records: Record) -> None:
    with library.change("fill") as change:
        for record in records:
            change.put(record)


def found(library: Library, words: str, limit: int | None = None) -> list[str]:
    return [record.key for record in library.search(words, limit)]


def test_public_names_load() -> None:
    for name in bibtool.store.__all__:
        assert getattr(bibtool.store, name)
    with pytest.raises(AttributeError):
        _ = bibtool.store.nothing
    assert dir(bibtool.store) == sorted(bibtool.store.__all__)


def test_an_empty_library(library: Library) -> None:
    assert len(library) == 0
    assert library.keys() == ()
    assert list(library.records()) == []
    assert library.history() == ()
    assert library.undo() is None
    assert library.redo() is None
    assert found(library, "anything") == []


def test_what_is_put_comes_back(library: Library) -> None:
    record = work("Bruna2022", "Neural Galerkin", "Joan Bruna;Benjamin Peherstorfer", 2022, doi="10.1/x", note="kept")
    record = record.with_values({"title": parse_markup("On <i>things</i> & $x^2$")})
    fill(library, record)
    assert library.get("Bruna2022") == record
    assert list(library.records()) == [record]
    assert "Bruna2022" in library
    assert "other" not in library
    assert 5 not in library
    assert len(library) == 1


def test_it_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "library.db"
    with open_library(path) as library:
        fill(library, work("a", "One"))
        assert library.location == str(path)
    with open_library(path, create=False) as library:
        assert library.get("a") == work("a", "One")
    assert [p.name for p in path.parent.iterdir()] == ["library.db"]


def test_keys_differ_by_more_than_case(library: Library) -> None:
    fill(library, work("Smith2020", "One"))
    assert library.get("sMITH2020").key == "Smith2020"
    fill(library, work("smith2020", "Two"))
    assert library.keys() == ("smith2020",)
    assert library.get("SMITH2020").title == "Two"


def test_an_unknown_key_names_its_neighbours(library: Library) -> None:
    fill(library, work("bruna2022neural"), work("bruna2023"), work("zhang1999"))
    with pytest.raises(UnknownNameError) as caught:
        library.get("bruna2022nural")
    assert caught.value.suggestions[0] == "bruna2022neural"
    with pytest.raises(UnknownNameError) as caught:
        library.get("bxuna2023")
    assert "bruna2023" in caught.value.suggestions
    for odd in ("", "\0", "\ud800", "%", "'"):
        with pytest.raises(UnknownNameError):
            library.get(odd)


def test_order_is_that_of_the_keys_or_of_the_call(library: Library) -> None:
    fill(library, work("b"), work("C"), work("a"))
    assert library.keys() == ("a", "b", "C")
    assert [r.key for r in library.records()] == ["a", "b", "C"]
    assert [r.key for r in library.records(["c", "A", "C"])] == ["C", "a"]
    with pytest.raises(UnknownNameError):
        library.records(["a", "d"])  # at once, without reading


@pytest.mark.slow
def test_records_stream_over_many_pages_while_they_change(library: Library) -> None:
    fill(library, *(work(f"k{number:04}") for number in range(1300)))
    stream = library.records()
    first = next(stream)
    with library.change("meanwhile") as change:
        change.remove("k1200")
        change.rename("k1201", "a")
        change.put(work("new"))
    rest = [record.key for record in stream]
    assert first.key == "k0000"
    assert len(rest) == 1298
    assert "a" in rest
    assert "new" not in rest


@pytest.mark.parametrize("key", ["", " a", "a ", "a\nb", "\ud800", "x" * 256, "a\0"])
def test_keys_that_can_not_be_stored(library: Library, key: str) -> None:
    with pytest.raises(UsageError), library.change("x") as change:
        change.put(work(key, "T"))
    fill(library, work("good"))
    with pytest.raises(UsageError), library.change("x") as change:
        change.rename("good", key)
    assert library.keys() == ("good",)
    assert len(library.history()) == 1


def test_hostile_values_survive(library: Library) -> None:
    odd = Record(
        key="odd",
        type="document",
        variables={
            "title": Text.of("lone \ud83d surrogate \0 and nul"),
            "author": Names((Name(family="\udfff"), Name(literal="'; DROP TABLE record; --"))),
            "issued": Date(literal="\ud800"),
        },
    )
    huge_year = work("year", "T", "A B", 10**40)
    fill(library, odd, huge_year)
    assert library.get("odd") == odd
    assert library.get("year") == huge_year
    assert found(library, "surrogate nul") == ["odd"]
    assert found(library, "drop table") == ["odd"]


# search


@pytest.fixture
def shelf(library: Library) -> Library:
    fill(
        library,
        work("bruna2022", "Neural Galerkin schemes", "Joan Bruna", 2022, arxiv="2203.01360", abstract="deep networks"),
        work("gabrie2020", "Mean-field inference", "Marylou Gabrié", 2020, doi="10.1088/1751-8121/ab7f65"),
        work("moller", "Ørsted und die Größe", "Søren Møller", 1999, note="see the Ångström archive"),
        work("deep2", "Deep learning AND logic", "A. Author", 2015, abstract="nothing on networks that are deep"),
        work("wang", "深度学习综述", "Wei Wang", 2021),
    )
    return library


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("galerkin", {"bruna2022"}),
        ("GALERKIN neural", {"bruna2022"}),
        ("gabrie", {"gabrie2020"}),
        ("Gabrié", {"gabrie2020"}),
        ("moller", {"moller"}),
        ("MØLLER orsted", {"moller"}),
        ("grosse", {"moller"}),
        ("angstrom", {"moller"}),
        ("2203.01360", {"bruna2022"}),
        ("10.1088/1751-8121/ab7f65", {"gabrie2020"}),
        ("ab7f6", {"gabrie2020"}),
        ("2020", {"gabrie2020"}),
        ("mean-field", {"gabrie2020"}),
        ("gal", {"bruna2022"}),
        ("gal schemes", set()),
        ("AND", {"deep2"}),
        ("NOT galerkin", set()),
        ("title:galerkin", set()),
        ("deep networks", {"bruna2022", "deep2"}),
        ('"deep networks"', {"bruna2022"}),
        ('"deep netw"', set()),
        ('"deep networks" gal', {"bruna2022"}),
        ("学习", {"wang"}),
        ("习学", set()),
        ("", set()),
        ("  ?! ", set()),
        ('"', set()),
        ('""', set()),
        ("*", set()),
    ],
)
def test_search(shelf: Library, words: str, keys: set[str]) -> None:
    assert set(found(shelf, words)) == keys


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        '"',
        "a*b",
        "NEAR(a b)",
        "a^",
        "{title}:x",
        "(",
        "-x",
        "a OR",
        "x\0y",
        "\ud800 a",
        '""" "a',
        "a" * 10**5,
        "a " * 10**4,
    ],
)
def test_nothing_typed_is_syntax(shelf: Library, words: str) -> None:
    list(shelf.search(words))


def test_best_first_and_ties_by_key(library: Library) -> None:
    fill(
        library,
        work("z", "Other", abstract="about turbulence in pipes " + "and more words " * 20),
        work("y", "Turbulence"),
        work("b", "Same words here"),
        work("a", "Same words here"),
    )
    assert found(library, "turbulence") == ["y", "z"]
    assert found(library, "same") == ["a", "b"]
    assert found(library, "same", 1) == ["a"]
    assert found(library, "same", 0) == []
    with pytest.raises(UsageError):
        library.search("same", -1)


@pytest.mark.slow
def test_the_index_follows_every_change(library: Library) -> None:
    fill(library, work("a", "First title"))
    with library.change("edit") as change:
        change.put(work("a", "Second title"))
        assert found(library, "second") == ["a"]
    assert found(library, "first") == []
    with library.change("rename") as change:
        change.rename("a", "other")
    assert found(library, "other") == ["other"]
    with library.change("remove") as change:
        change.remove("other")
    assert found(library, "second") == []
    library.undo()
    library.undo()
    library.undo()
    assert found(library, "first") == ["a"]
    assert found(library, "second") == []


def test_find_by_index(shelf: Library) -> None:
    assert [r.key for r in shelf.find(arxiv="2203.01360")] == ["bruna2022"]
    assert [r.key for r in shelf.find(doi="10.1088/1751-8121/AB7F65")] == ["gabrie2020"]
    assert [r.key for r in shelf.find(title_key="neural galerkin schemes")] == ["bruna2022"]
    assert [r.key for r in shelf.find(year=1999, type="article-journal")] == ["moller"]
    assert len(shelf.find(type="article-journal")) == 5
    assert len(shelf.find(type="article-journal", limit=2)) == 2
    assert shelf.find(arxiv="2203.01360", year=1999) == ()
    assert shelf.find() == ()


def test_find_forgets_old_identifiers(library: Library) -> None:
    fill(library, work("a", "T", doi="10.1000/old"))
    fill(library, work("a", "T", doi="10.1000/new"))
    assert library.find(doi="10.1000/old") == ()
    assert len(library.find(doi="10.1000/new")) == 1
    library.undo()
    assert len(library.find(doi="10.1000/old")) == 1


def test_arxiv_s_own_doi_is_an_arxiv_number(library: Library) -> None:
    fill(library, work("a", "T", doi="10.48550/arXiv.2203.01360"))
    assert [r.key for r in library.find(arxiv="2203.01360")] == ["a"]
    assert found(library, "2203.01360") == ["a"]


# changes


def test_a_change_is_all_or_nothing(library: Library) -> None:
    fill(library, work("a", "One"))

    def fail() -> None:
        with library.change("fails") as change:
            change.put(work("b"))
            change.remove("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert library.keys() == ("a",)
    assert [c.what for c in library.history()] == ["fill"]
    fill(library, work("c"))  # and the library goes on working
    assert library.keys() == ("a", "c")


def test_nothing_is_written_if_nothing_differs(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with open_library(path) as library:
        fill(library, work("a", "One"), work("b"))
        before = path.read_bytes()
        with library.change("nothing") as change:
            assert not change.put(work("a", "One"))
            change.rename("a", "x")
            change.rename("x", "a")
            change.remove("b")
            change.put(work("b"))
            change.put(work("c"))
            change.remove("c")
            change.remember(b"1", "a")
        assert change.change is None
        assert len(library.history()) == 1
        assert library.imported_as(b"1") is None
    assert path.read_bytes() == before


def test_the_history_says_what_happened(library: Library) -> None:
    fill(library, work("a"), work("b"))
    with library.change("edit") as change:
        change.put(work("a", "Title"))
        change.put(work("c"))
        change.remove("b")
    entry = change.change
    assert entry is not None
    assert (entry.what, entry.when, entry.undone) == ("edit", TIME, False)
    assert (entry.added, entry.changed, entry.removed) == (1, 1, 1)
    assert library.history(1) == (entry,)
    assert [c.what for c in library.history()] == ["edit", "fill"]


def test_remove_and_rename(library: Library) -> None:
    fill(library, work("a", "One"), work("b", "Two"))
    with library.change("x") as change:
        assert change.rename("A", "Neu").key == "Neu"
        with pytest.raises(UsageError):
            change.rename("neu", "B")
        with pytest.raises(UnknownNameError):
            change.rename("a", "c")
        assert change.remove("B") == work("b", "Two")
        with pytest.raises(UnknownNameError):
            change.remove("b")
        assert change.rename("neu", "NEU").key == "NEU"
    assert library.keys() == ("NEU",)


def test_what_a_change_adds_and_removes_again_is_not_in_the_history(library: Library) -> None:
    with library.change("x") as change:
        change.put_all([work("a"), work("b"), work("c")])
        for key in "abc":
            change.remove(key)
        change.put(work("b"))
        change.rename("b", "a")
        change.remove("a")
        change.put(work("c"))
    entry = change.change
    assert entry is not None
    assert (entry.added, entry.changed, entry.removed) == (1, 0, 0)
    assert library.keys() == ("c",)
    assert library.undo() is not None
    assert library.keys() == ()
    assert library.redo() is not None
    assert library.keys() == ("c",)


def test_changes_do_not_nest_and_end(library: Library) -> None:
    with library.change("outer") as outer:
        with pytest.raises(RuntimeError), library.change("inner"):
            pass
        with pytest.raises(RuntimeError):
            library.undo()
        outer.put(work("a"))
    assert library.keys() == ("a",)
    with pytest.raises(RuntimeError):
        outer.put(work("b"))


@pytest.mark.slow
def test_undo_twice_takes_back_two_changes_and_redo_brings_them_back(library: Library) -> None:
    fill(library, work("a", "One"))
    fill(library, work("a", "Two"), work("b"))
    undone = library.undo()
    assert undone is not None
    assert undone.undone
    assert list(library.records()) == [work("a", "One")]
    assert library.undo() is not None
    assert list(library.records()) == []
    assert library.undo() is None
    assert [c.undone for c in library.history()] == [True, True]
    assert library.redo() is not None
    assert list(library.records()) == [work("a", "One")]
    assert library.redo() is not None
    assert list(library.records()) == [work("a", "Two"), work("b")]
    assert library.redo() is None
    assert [c.undone for c in library.history()] == [False, False]


def test_a_new_change_forgets_what_was_undone(library: Library) -> None:
    fill(library, work("a"))
    fill(library, work("b"))
    library.undo()
    fill(library, work("c"))
    assert library.redo() is None
    assert len(library.history()) == 2
    assert library.history()[0].number == 3  # a number is never given twice
    library.undo()
    assert library.keys() == ("a",)


@pytest.mark.slow
def test_undo_where_keys_went_from_one_record_to_another(library: Library) -> None:
    fill(library, work("a", "One"), work("b", "Two"))
    with library.change("swap") as change:
        change.rename("a", "between")
        change.rename("b", "a")
        change.rename("between", "b")
    assert library.get("a").title == "Two"
    library.undo()
    assert library.get("a").title == "One"
    library.redo()
    assert library.get("b").title == "One"


@pytest.mark.slow
def test_undo_of_the_same_key_in_another_record(library: Library) -> None:
    fill(library, work("a", "One"))
    with library.change("x") as change:
        change.rename("a", "b")
        change.put(work("a", "New"))
    library.undo()
    assert list(library.records()) == [work("a", "One")]


@pytest.mark.slow
def test_only_so_many_changes_are_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "KEPT_CHANGES", 3)
    for number in range(6):
        fill(library, work(f"k{number}"))
    assert [c.number for c in library.history()] == [6, 5, 4]
    while library.undo():
        pass
    assert library.keys() == ("k0", "k1", "k2")


@pytest.mark.slow
def test_fingerprints_stand_and_fall_with_their_change(library: Library) -> None:
    with library.change("import") as change:
        change.put(work("a"))
        change.remember(b"x", "a")
    assert library.imported_as(b"x") == "a"
    library.undo()
    assert library.imported_as(b"x") is None
    library.redo()
    assert library.imported_as(b"x") == "a"
    with library.change("rename") as change:
        change.rename("a", "b")
    assert library.imported_as(b"x") == "b"
    with library.change("remove") as change:
        change.remove("b")
    assert library.imported_as(b"x") is None
    library.undo()
    assert library.imported_as(b"x") == "b"


@pytest.mark.slow
def test_two_libraries_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with open_library(path, clock=clock) as one, open_library(path, clock=clock) as other:
        fill(one, work("a"))
        assert other.keys() == ("a",)
        stream = other.records()
        next(stream)
        fill(one, work("b"))  # a reader that pauses does not keep a writer out
        assert other.undo() is not None
        assert one.keys() == ("a",)


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    library = open_library(tmp_path / "library.db")
    library.close()
    library.close()


@pytest.mark.slow
def test_many_records_are_put_as_one_by_one(library: Library) -> None:
    fill(library, work("Old", "Before"), work("gone", "Removed"), work("same", "Same"))
    with library.change("many") as change:
        change.remove("gone")
        change.put_all(
            [work("a", "First"), work("old", "After"), work("same", "Same"), work("b", "Lost"), work("B", "Second")]
        )
        change.put_all([work("gone", "Back"), work("c", "Third")])
        change.put_all([])
        change.remember(b"1", "A")
        change.remove("c")
    titles = {record.key: str(record.title) for record in library}
    assert titles == {"a": "First", "B": "Second", "gone": "Back", "old": "After", "same": "Same"}
    assert found(library, "second") == ["B"]
    assert found(library, "lost") == []
    assert library.imported_as(b"1") == "a"
    assert change.change is not None
    assert (change.change.added, change.change.changed, change.change.removed) == (2, 2, 0)
    library.undo()
    assert {record.key: str(record.title) for record in library} == {"Old": "Before", "gone": "Removed", "same": "Same"}
    assert library.imported_as(b"1") is None
    library.redo()
    assert {record.key: str(record.title) for record in library} == titles


@pytest.mark.slow
def test_more_records_than_one_statement_takes_are_put(library: Library) -> None:
    count = 2 * history_module.NEW_AT_ONCE + 1
    with library.change("many") as change:
        change.put_all(work(f"k{number}", f"Title {number}") for number in range(count))
    assert len(library) == count
    assert found(library, f"title {count - 1}") == [f"k{count - 1}"]
    library.undo()
    assert len(library) == 0


def test_put_all_refuses_bad_keys_and_ended_changes(library: Library) -> None:
    with pytest.raises(UsageError), library.change("bad") as change:
        change.put_all([work("good", "Good"), work("", "Without a key")])
    assert len(library) == 0
    with pytest.raises(RuntimeError, match="ended"):
        change.put_all([work("late", "Late")])
