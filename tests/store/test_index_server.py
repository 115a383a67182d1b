"""An index on a server of PostgreSQL: filled by several machines, the same verdicts as from a file, errors."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from bibtool.errors import IndexFileError, LibraryError, LibraryUnreachableError, UsageError
from bibtool.formats.dumps.base import DumpRecord
from bibtool.model.record import Record
from bibtool.store.index import open_index
from tests.cli.runner import call, start
from tests.support.false_references import as_bibtex, make_world, references

if TYPE_CHECKING:
    from tests.support.postgres import Server

pytestmark = pytest.mark.slow

FILE = "".join(
    f"@article{{k{at}, author={{Ash, Ann}}, title={{Work number {at} on trees}}, year=2020, doi={{10.5555/{at}}}}}\n"
    for at in range(400)
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_CACHE", str(tmp_path / "cache"))
    Path("trees.bib").write_text(FILE)


def test_the_commands_take_an_address(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    place = postgres.url()
    done = call(monkeypatch, "index", "add", "trees.bib", "--index", place)
    assert done.code == 0, done.err
    assert "400 records, 400 new" in done.err
    assert "has not changed" in call(monkeypatch, "index", "add", "trees.bib", "--index", place).err
    info = json.loads(call(monkeypatch, "index", "info", "--json", "--index", place).out)
    assert (info["index"], info["records"], info["types"]) == (place, 400, {"article-journal": 400})
    assert info["bytes"] > 0
    found = json.loads(call(monkeypatch, "index", "search", "ash", "number", "17", "--json", "--index", place).out)
    assert [each["record"]["id"] for each in found] == ["k17"]
    assert call(monkeypatch, "index", "remove", "trees", "--index", place).code == 0
    assert call(monkeypatch, "index", "search", "ash", "--index", place).code == exits.FAILED


def test_the_verdicts_are_those_of_an_index_in_a_file(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(300)
    for place in ("x.index", place_on_server := postgres.url()):
        with contextlib.closing(open_index(place, create=True)) as index:
            run, _ = index.begin("world", "world", "1", "2026-01-01T00:00:00Z")
            index.add("world", [DumpRecord(record, record.key) for record in world], run=run)
            index.finish()
    Path("refs.bib").write_bytes(as_bibtex(list(references(world, 150)), random.Random(1)))
    told = [
        json.loads(call(monkeypatch, "verify", "--offline", "--json", "--index", place, "refs.bib").out)["results"]
        for place in ("x.index", place_on_server)
    ]
    for results in told:
        assert len(results) > 150
        assert {each["verdict"] for each in results} >= {"confirmed", "contradicts"}
        for each in results:
            each.pop("nearest")  # of several that are as near, the first; the order is that of the store
    assert told[0] == told[1]


def test_two_machines_fill_it_at_once(postgres: Server) -> None:
    place = postgres.url()
    Path("more.bib").write_text(FILE.replace("10.5555/", "10.5555/more").replace("on trees", "on bushes"))
    calls = [
        start("index", "add", file, "--name", name, "--index", place)
        for file, name in (("trees.bib", "trees"), ("more.bib", "more"), ("trees.bib", "trees"), ("more.bib", "more"))
    ]
    errors = [process.communicate()[1] for process in calls]
    assert [process.returncode for process in calls] == [0] * 4, errors
    with contextlib.closing(open_index(place)) as index:
        assert index.info().records == 800
        assert [each.record.key for each in index.by_identifiers(["doi:10.5555/more7"])] == ["k7"]


def test_an_add_that_fails_leaves_nothing_of_its_rows(postgres: Server) -> None:
    def rows() -> object:
        for at in range(300):
            yield DumpRecord(Record(f"k{at}", "book", title=f"Book {at}", DOI=f"10.5555/{at}"), f"k{at}")
            if at == 299:
                raise RuntimeError

    with contextlib.closing(open_index(postgres.url(), create=True)) as index:
        run, _ = index.begin("s", "file", "1", "2026-01-01T00:00:00Z")
        with pytest.raises(RuntimeError):
            index.add("s", rows(), run=run)  # type: ignore[arg-type] # an iterator of rows
        assert index.info().records == 0
        assert index.add("s", [DumpRecord(Record("k", "book", title="Ab\0c \ud800 d'e\\\\f"), "k")], run=run) == 1
        assert [each.record.key for each in index.search("d'e\\\\f")] == ["k"]


def test_a_role_that_may_only_select_can_search(postgres: Server) -> None:
    place = postgres.url("works_to_read")
    with contextlib.closing(open_index(place, create=True)) as index:
        run, _ = index.begin("s", "file", "1", "2026-01-01T00:00:00Z")
        index.add("s", [DumpRecord(Record("k", "book", title="Book of trees"), "k")], run=run)
        index.finish()
    postgres.run(
        "CREATE ROLE searcher LOGIN",
        "GRANT USAGE ON SCHEMA works_to_read TO searcher",
        "GRANT SELECT ON ALL TABLES IN SCHEMA works_to_read TO searcher",
    )
    with contextlib.closing(open_index(postgres.url("works_to_read", "searcher"))) as index:
        assert [each.record.key for each in index.search("trees")] == ["k"]
        with pytest.raises(LibraryError, match="not allowed"):
            index.begin("s", "other", "1", "2026-01-01T00:00:00Z")


def test_errors_say_what_is_wrong(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexFileError, match="no index here"):
        open_index(postgres.url())
    with pytest.raises(UsageError, match="password"):
        open_index("postgresql://ann:secret@127.0.0.1/works")
    with pytest.raises(LibraryUnreachableError):
        open_index("postgresql://ann@127.0.0.1:1/works")
    done = call(monkeypatch, "verify", "--offline", "--index", "postgresql://ann@127.0.0.1:1/works", "trees.bib")
    assert done.code == exits.NOT_ASKED
    postgres.run("CREATE SCHEMA foreign_index", "CREATE TABLE foreign_index.index_source (id integer)")
    with pytest.raises(IndexFileError, match="another program"):
        open_index(postgres.url("foreign_index"))


def test_settings_of_a_project_name_a_server_only_if_its_user_allows_it(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = postgres.url()
    assert call(monkeypatch, "index", "add", "trees.bib", "--index", place).code == 0
    Path("bibtool.toml").write_text(f'[sources]\nindex = ["{place}"]\n')
    refused = call(monkeypatch, "verify", "--offline", "trees.bib")
    assert refused.code == exits.USAGE
    assert "sources.index" in refused.err
    assert "name it with --index" in refused.err
    assert call(monkeypatch, "--allow", place, "verify", "--offline", "trees.bib").code == 0
