"""Several people on one library: edits at the same time, whose change it was, and what each can undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import LibraryChangedError, LibraryError, UsageError
from bibtool.model.record import Provenance
from bibtool.store import open_library
from bibtool.store.rows import differing_fields
from tests.cli.runner import call
from tests.store.made import clock, work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.model.record import Record
    from bibtool.store import Library
    from tests.support.postgres import Server


def put(library: Library, *records: Record, what: str = "put") -> None:
    with library.change(what) as change:
        for record in records:
            change.put(record)


# two edits at once


def test_an_edit_replaces_what_was_read(library: Library) -> None:
    put(library, work("a", "One"), work("b", "Two"))
    with library.change("edit") as change:
        change.replace(work("a", "One"), work("a", "New"))
        with pytest.raises(UsageError):
            change.replace(work("b", "Two"), work("a", "Two"))
        change.replace(work("b", "Two"), work("c", "Two"))
    assert [(record.key, record.title) for record in library] == [("a", "New"), ("c", "Two")]


def test_the_later_of_two_edits_is_told_what_has_changed(library: Library) -> None:
    read = work("a", "One", "Ann Bell", 2000)
    put(library, read)
    put(library, work("a", "One", "Ann Bell", 2001, doi="10.1000/x"), what="edit a")
    with (
        pytest.raises(LibraryChangedError, match=r"a: .* has changed .*issued") as caught,
        library.change("x") as change,
    ):
        change.replace(read, work("a", "New", "Ann Bell", 2000))
    assert "DOI" in str(caught.value)
    assert library.get("a").year == 2001
    with pytest.raises(LibraryChangedError, match="removed or renamed"), library.change("x") as change:
        change.replace(work("gone", "One"), work("gone", "Two"))
    assert len(library.history()) == 2


def test_fields_that_differ_have_their_names() -> None:
    one = work("a", "One", "Ann Bell", 2000, note="x")
    assert differing_fields(one, one) == ()
    assert differing_fields(one, work("b", "Two", "Ann Bell", 2000)) == ("title", "key", "leftovers")
    told = replace(one, provenance={"title": Provenance(source="user")})
    assert differing_fields(one, told) == ("provenance",)
    assert differing_fields(told, work("a", "Two", "Ann Bell", 2000, note="x")) == ("title",)


def test_the_command_tells_it_too(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put(library, work("a", "One", "Ann Bell", 2000))
    from bibtool.model import edit

    real = edit.apply_changes

    def slowly(*arguments: object, **named: object) -> object:
        put(library, work("a", "One", "Ben Cole", 2000), what="edit a")
        return real(*arguments, **named)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr(edit, "apply_changes", slowly)
    done = call(monkeypatch, "edit", "a", "title=Mine", "--library", library.location)
    assert done.code == 1
    assert "has changed author meanwhile" in done.err
    assert library.get("a").title == "One"


# who did what


@pytest.fixture
def people(postgres: Server) -> Iterator[tuple[Library, Library]]:
    """The library as Ann and as Ben has it open."""
    place = postgres.empty()
    with open_library(place):
        pass
    schema = place.rpartition("=")[2]
    for name in ("ann_writes", "ben_writes"):
        if not postgres.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):
            postgres.run(f"CREATE ROLE {name} LOGIN")
        postgres.run(
            f"GRANT USAGE ON SCHEMA {schema} TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}",
        )
    with (
        open_library(postgres.url(schema, "ann_writes"), clock=clock) as ann,
        open_library(postgres.url(schema, "ben_writes"), clock=clock) as ben,
    ):
        yield ann, ben


@pytest.mark.slow
def test_each_undoes_and_redoes_the_own_changes(people: tuple[Library, Library]) -> None:
    ann, ben = people
    put(ann, work("a1"), what="first of Ann")
    put(ben, work("b1"), what="first of Ben")
    put(ann, work("a2"), what="second of Ann")
    assert [(entry.what, entry.who) for entry in ann.history()] == [
        ("second of Ann", "ann_writes"),
        ("first of Ben", "ben_writes"),
        ("first of Ann", "ann_writes"),
    ]
    undone = ben.undo()
    assert undone is not None
    assert undone.what == "first of Ben"
    assert ben.undo() is None
    assert ann.keys() == ("a1", "a2")
    assert [ann.undo() is not None for _ in range(3)] == [True, True, False]
    assert ann.keys() == ()
    redone = ben.redo()
    assert redone is not None
    assert redone.what == "first of Ben"
    put(ben, work("b2"))  # discards only what Ben has undone
    assert [(ann.redo() or undone).what for _ in range(2)] == ["first of Ann", "second of Ann"]
    assert ann.keys() == ("a1", "a2", "b1", "b2")


@pytest.mark.slow
def test_undo_says_whose_later_change_is_in_the_way(people: tuple[Library, Library]) -> None:
    ann, ben = people
    put(ann, work("a", "One"), work("other"), what="import refs.bib")
    put(ben, work("a", "Two"), what="edit a")
    with pytest.raises(LibraryError, match=r"'import refs.bib' can't be undone: ben_writes .*'edit a'") as caught:
        ann.undo()
    assert "ben_writes" in (caught.value.hint or "")
    assert ann.get("a").title == "Two"
    assert ben.undo() is not None
    assert ann.undo() is not None
    assert ann.keys() == ()


@pytest.mark.slow
def test_undo_does_not_take_a_key_that_somebody_else_has_given_since(people: tuple[Library, Library]) -> None:
    ann, ben = people
    put(ann, work("a", "One"))
    with ann.change("rename a") as change:
        change.rename("a", "b")
    put(ben, work("A", "Other"), what="add A")
    with pytest.raises(LibraryError, match=r"'rename a' can't be undone: ben_writes .*'add A'"):
        ann.undo()
    assert [(record.key, record.title) for record in ann] == [("A", "Other"), ("b", "One")]


@pytest.mark.slow
def test_a_change_discards_what_others_have_undone_of_its_records(people: tuple[Library, Library]) -> None:
    ann, ben = people
    put(ann, work("a", "One"), work("b", "One"))
    put(ann, work("a", "Two"), what="edit a")
    ann.undo()
    put(ben, work("b", "Ben"))  # another record: it stays
    assert ann.redo() is not None
    ann.undo()
    put(ben, work("a", "Ben"))
    assert ann.redo() is None
    assert ann.get("a").title == "Ben"


@pytest.mark.slow
def test_redo_says_which_earlier_change_comes_first(people: tuple[Library, Library]) -> None:
    ann, ben = people
    put(ben, work("a", "One"), what="add a")
    put(ann, work("a", "Two"), what="edit a")
    ann.undo()
    ben.undo()
    with pytest.raises(LibraryError, match=r"'edit a' can't be redone: ben_writes has undone .*'add a'"):
        ann.redo()
    assert ben.redo() is not None
    assert ann.redo() is not None
    assert ben.get("a").title == "Two"


@pytest.mark.slow
def test_the_history_is_listed(people: tuple[Library, Library], monkeypatch: pytest.MonkeyPatch) -> None:
    ann, ben = people
    put(ann, work("a", "One"), work("b"), what="import refs.bib")
    put(ben, work("a", "Two"), what="edit a")
    ben.undo()
    done = call(monkeypatch, "history", "--library", ann.location)
    assert done.out.splitlines() == [
        "2  2026-01-02T03:04:05Z  ben_writes  edit a  (1 changed)  undone",
        "1  2026-01-02T03:04:05Z  ann_writes  import refs.bib  (2 added)",
    ]
    assert (
        '"who": "ben_writes"' in call(monkeypatch, "history", "--json", "--limit", "1", "--library", ann.location).out
    )
