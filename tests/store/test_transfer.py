"""Whole libraries from one store to another and through dumps: the same records, history and hashes."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import LibraryDamagedError, LibraryError
from bibtool.model.record import Record
from bibtool.store import import_records, open_library, transfer
from bibtool.store.library import StoredLibrary
from bibtool.store.transfer import Summary, copy_library, dump_lines, fill, read_dump, summary_of
from tests.cli.runner import call
from tests.store.made import clock, count_keys, work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bibtool.store import Library


def opened(place: str) -> StoredLibrary:
    library = open_library(place, clock=clock)
    assert isinstance(library, StoredLibrary)
    return library


def live(place: str, count: int = 5) -> None:
    """A library with all that one can have: a removed record, an undone change, aliases, fingerprints."""
    with opened(place) as library:
        records = [work(f"k{number}", f"Title {number}", f"Author {number}", 2000) for number in range(count)]
        import_records(library, records, key_maker=count_keys, what="import «refs.bib»")
        with library.change("remove k1") as change:
            change.remove("k1")
            change.put(replace(work("é", "Ünïcode \0 \ud800", "Ann Bell", 1999, doi="10.1000/x"), aliases=("old",)))
        with library.change("edit k0") as change:
            change.put(work("k0", "Another"))
        library.undo()


def assert_same(place: str, other: str) -> None:
    with opened(place) as one, opened(other) as two:
        assert list(one.records()) == list(two.records())
        assert [replace(entry, who="") for entry in one.history()] == [
            replace(entry, who="") for entry in two.history()
        ]
        assert summary_of(one).as_dict() == summary_of(two).as_dict()
        assert two.examine() == ()


def goes_on(place: str) -> None:
    """Undo, redo, numbers, search and fingerprints work as in the original."""
    with opened(place) as library:
        assert [record.key for record in library.search("unicode")] == ["é"]
        assert library.get("OLD").key == "é"
        again = [work(f"k{number}", f"Title {number}", f"Author {number}", 2000) for number in (0, 2)]
        assert import_records(library, again, key_maker=count_keys).change is None
        with library.change("add") as change:
            change.put(work("new", "New"))
        assert change.change is not None
        assert change.change.number == 4
        assert library.undo() is not None
        assert "new" not in library


@pytest.fixture
def both(new_place: Callable[[], str], tmp_path: Path) -> tuple[str, str, str]:
    """A file, a place in the store of the test, and another file."""
    return str(tmp_path / "first.db"), new_place(), str(tmp_path / "back.db")


def test_there_and_back_it_is_the_same(both: tuple[str, str, str]) -> None:
    first, there, back = both
    live(first)
    with opened(first) as source, opened(there) as target:
        summary = copy_library(source, target)
    assert summary.counts == {"record": 5, "change": 3, "step": 8, "source": 5}
    with opened(there) as source, opened(back) as target:
        assert copy_library(source, target).as_dict() == summary.as_dict()
    assert_same(first, there)
    assert_same(there, back)
    goes_on(back)


def test_a_dump_is_one_state_and_comes_back(both: tuple[str, str, str]) -> None:
    first, there, back = both
    live(there)
    with opened(there) as library:
        lines = list(dump_lines(library, summary := Summary()))
    with opened(first) as library:
        assert fill(library, read_dump(lines, "dump")).as_dict() == summary.as_dict()
    with opened(back) as library:
        assert list(dump_lines(library, Summary())) != lines
    assert_same(there, first)
    goes_on(first)


def test_nothing_is_copied_over_a_library(both: tuple[str, str, str]) -> None:
    first, there, _ = both
    live(first)
    live(there, 2)
    with opened(first) as source, opened(there) as target:
        before = list(target.records())
        with pytest.raises(LibraryError, match="not empty"):
            copy_library(source, target)
        assert list(target.records()) == before


def test_a_damaged_dump_leaves_nothing(both: tuple[str, str, str]) -> None:
    first, there, _ = both
    live(first)
    with opened(first) as library:
        lines = list(dump_lines(library, Summary()))
    other = [*lines[:2], lines[2].replace("Title", "Other"), *lines[3:]]
    damaged: tuple[list[str], ...] = (
        lines[:-1], lines[:3], other, [*lines[:3], *lines[4:]], [*lines, lines[1]], ["{}", *lines[1:]], [],
        [*lines[:2], "no json", *lines[2:]], [lines[0], '["nothing",[]]', *lines[1:]], [lines[0], "7", *lines[1:]],
    )  # fmt: skip
    for changed in damaged:
        with opened(there) as library:
            with pytest.raises(LibraryDamagedError):
                fill(library, read_dump(changed, "dump"))
            assert len(library) == 0
            assert library.history() == ()
    with opened(there) as library:
        fill(library, read_dump(lines, "dump"))
    assert_same(first, there)


@pytest.mark.slow
def test_a_copy_that_is_not_the_same_is_not_kept(both: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    first, there, _ = both
    live(first)
    with opened(first) as source, opened(there) as target:
        insert = transfer._insert
        monkeypatch.setattr(transfer, "_insert", lambda engine, table, rows: insert(engine, table, rows[:3]))
        with pytest.raises(LibraryError, match="differs"):
            copy_library(source, target)
        assert len(target) == 0


def test_the_words_of_a_record_are_the_same_however_its_values_came(library: Library) -> None:
    assert isinstance(library, StoredLibrary)
    variables = {"title": "Trees", "volume": "22", "container-title": "Annals", "collection-title": "S", "issue": "1"}
    library.add(Record(key="a", type="article-journal", variables=variables))
    assert library.examine() == ()


@pytest.mark.slow
def test_damage_of_the_indexes_is_found(library: Library) -> None:
    assert isinstance(library, StoredLibrary)
    with library.change("fill") as change:
        change.put_all([work("a", "One", doi="10.1000/x"), work("b", "Two"), work("c", "Three")])
    assert library.examine() == ()
    engine = library.engine
    engine.run("UPDATE record SET title_key = 'other' WHERE key = 'a'")
    engine.run("DELETE FROM identifier")
    engine.erase_texts([2])
    engine.run("UPDATE record SET data = '{}' WHERE key = 'c'")
    found = [(problem.code, problem.key) for problem in library.examine() if problem.key]
    assert found == [("library-index", "a"), ("library-index", "a"), ("library-index", "b"), ("library-damaged", "c")]


# the commands


@pytest.mark.slow
def test_the_commands_copy_dump_restore_and_describe(
    both: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, there, back = both
    live(first)
    assert call(monkeypatch, "library", "copy", first, there).err == f"copied 5 records and 3 changes to {there}\n"
    assert call(monkeypatch, "library", "check", "--library", there).code == 0
    assert call(monkeypatch, "library", "copy", first, there).code == 1
    for name in ("dump.jsonl", "dump.jsonl.gz"):
        done = call(monkeypatch, "library", "dump", str(tmp_path / name), "--library", there)
        assert (done.code, done.err) == (0, f"wrote {tmp_path / name}: 5 records, 3 changes\n")
        assert call(monkeypatch, "library", "dump", str(tmp_path / name), "--library", there).code == 1
    dump = tmp_path / "dump.jsonl"
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "library", "dump", "-", "--library", there)
    assert (done.code, done.data, done.err, (tmp_path / "-").exists()) == (0, dump.read_bytes(), "", False)
    assert call(monkeypatch, "library", "backup", "-", "--library", first).code == 2
    assert call(monkeypatch, "library", "recover", first, "-o", "-").code == 2
    assert gzip.decompress((tmp_path / "dump.jsonl.gz").read_bytes()) == dump.read_bytes()
    assert call(monkeypatch, "library", "restore", str(tmp_path / "dump.jsonl.gz"), "--library", back).code == 0
    assert_same(there, back)
    hashes = set()
    for place in (first, there, back):
        done = call(monkeypatch, "library", "info", "--hash", "--json", "--library", place)
        facts = json.loads(done.out)
        assert (facts["records"], facts["changes"], facts["may_write"]) == (5, 3, True)
        assert facts["bytes"] > 1000
        hashes.add(facts["hash"])
        assert "records      5" in call(monkeypatch, "library", "info", "--library", place).out
    assert len(hashes) == 1
    # over a library: a file is kept next to it, on a server nothing is replaced
    done = call(monkeypatch, "library", "restore", str(dump), "--library", there)
    assert done.code == (1 if "://" in there else 0)
    (tmp_path / "cut.gz").write_bytes((tmp_path / "dump.jsonl.gz").read_bytes()[:-20])
    done = call(monkeypatch, "library", "restore", str(tmp_path / "cut.gz"), "--library", back)
    assert done.code == 1
    assert "damaged" in done.err
    assert_same(first, there)
    assert_same(first, back)
    done = call(monkeypatch, "library", "restore", first, "--library", there)
    assert done.code == (2 if "://" in there else 0)
    assert call(monkeypatch, "library", "copy", "postgresql://a:b@h/x", first).code == 2


@pytest.mark.slow
@pytest.mark.parametrize("fault", [KeyboardInterrupt, LibraryError("the disk is full")])
def test_a_copy_that_fails_leaves_no_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException | type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise fault

    source, target = tmp_path / "first.sqlite", tmp_path / "copy.sqlite"
    live(str(source))
    monkeypatch.setattr(transfer, "_insert", fail)
    done = call(monkeypatch, "library", "copy", str(source), str(target))
    assert done.code == (130 if fault is KeyboardInterrupt else 1)
    assert done.err in ("bibtool: interrupted\n", "bibtool: the disk is full\n")
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".sqlite") == ["first.sqlite"]
    with opened(str(target)):
        pass
    assert call(monkeypatch, "library", "copy", str(source), str(target)).code != 0
    assert target.exists()  # an empty library that was there before is not ours to remove


def test_a_dump_that_unpacks_to_one_endless_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"bibtool": "' + b" " * (80 << 20), 1))
    done = call(monkeypatch, "library", "restore", str(path), "--library", str(tmp_path / "made.sqlite"))
    assert (done.code, "longer than any record" in done.err) == (1, True)
