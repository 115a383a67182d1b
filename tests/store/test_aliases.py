"""Old keys of merged records: they find the record that has them now, and no other record gets them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bibtool.errors import UnknownNameError
from bibtool.model.keys import assign_keys
from bibtool.store.base import Library
from bibtool.store.importing import import_records
from tests.store.made import work


def put(library: Library, *records: object) -> None:
    with library.change("fill") as change:
        for record in records:
            change.put(record)  # type: ignore[arg-type] # records made by `work`


def test_an_alias_finds_its_record_in_any_case(library: Library) -> None:
    merged = replace(work("new", "One"), aliases=("Old", "Ölder"))
    put(library, merged)
    assert library.get("old") == library.get("öLDER") == merged
    assert list(library.records(["OLD", "new"])) == [merged]
    assert library.aliases() == {"old": "new", "ölder": "new"}
    assert library.keys() == ("new",)
    assert [record.key for record in library.search("older")] == ["new"]


def test_a_key_goes_before_an_alias(library: Library) -> None:
    put(library, replace(work("new", "One"), aliases=("old",)), work("old", "Two"))
    assert library.get("old") == work("old", "Two")
    assert library.aliases() == {}


@pytest.mark.slow
def test_aliases_go_and_come_back_with_their_record(library: Library) -> None:
    put(library, work("old", "Two"), work("new", "One"))
    with library.change("merge") as change:
        change.remove("old")
        change.put(replace(work("new", "One"), aliases=("old",)))
    assert library.get("old").key == "new"
    library.undo()
    assert library.get("old").key == "old"
    library.redo()
    assert library.get("old").key == "new"
    with library.change("remove") as change:
        change.remove("new")
    with pytest.raises(UnknownNameError):
        library.get("old")
    assert library.aliases() == {}


def test_an_alias_tells_no_work(library: Library) -> None:
    put(library, replace(work("new", "One"), aliases=("old",)))
    assert library.alike(work("old", "Quite another")) == ()


def test_an_import_gives_an_old_key_to_no_other_record(library: Library) -> None:
    put(library, replace(work("new", "One"), aliases=("old",)))
    report = import_records(library, [work("old", "Quite another")], key_maker=assign_keys, what="import")
    assert len(report.added) == 1
    assert library.keys() == ("new", "olda")
    assert library.get("old").key == "new"


def test_an_import_under_an_old_key_completes_the_record(library: Library) -> None:
    put(library, replace(work("new", "One"), aliases=("old",)))
    report = import_records(library, [work("old", "One")], key_maker=assign_keys, what="import")
    assert not report.added
    assert library.keys() == ("new",)
    assert library.get("new").aliases == ("old",)


def test_a_library_holds_what_it_can_give(library: Library) -> None:
    put(library, replace(work("new", "One"), aliases=("Old",)))
    for key in ("new", "NEW", "Old", "old"):
        assert key in library
        assert library[key].key == "new"
    assert "older" not in library
