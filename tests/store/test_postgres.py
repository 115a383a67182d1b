"""What only a library on a server has: addresses, passwords, roles, lost connections, versions."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryTooNewError,
    LibraryUnreachableError,
    UnknownNameError,
    UsageError,
)
from bibtool.store import import_records, open_library
from bibtool.store.checking import examine
from bibtool.store.library import StoredLibrary
from bibtool.store.opening import refuse_password
from bibtool.store.postgres import words as words_module
from bibtool.store.postgres.address import parse_address
from bibtool.store.postgres.words import query_of, vectors
from bibtool.store.search import COLUMNS
from tests.store.made import clock, count_keys, work
from tests.support.postgres import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.model.record import Record
    from bibtool.store import Library
    from tests.support.postgres import Server

PROJECT = Path(__file__).parents[2]
SECRET = "hunter2"


def fill(place: str, *keys: str) -> None:
    with open_library(place, clock=clock) as library, library.change("fill") as change:
        change.put_all([work(key, f"Title {key}", "Ann Bell", 2000, abstract="some words") for key in keys])


# addresses


@pytest.mark.parametrize(
    ("url", "schema", "parameters"),
    [
        ("postgresql://ann@host:5433/papers?schema=group", "group",
         {"user": "ann", "host": "host", "port": "5433", "dbname": "papers"}),
        ("postgres://host/papers", "bibtool", {"host": "host", "dbname": "papers"}),
        ("postgresql://", "bibtool", {}),
        ("postgresql:///?service=group&schema=a%20b", "a b", {"service": "group"}),
        ("postgresql:///papers?host=/var/run", "bibtool", {"dbname": "papers", "host": "/var/run"}),
        ("postgresql://%2Ftmp%2Fsocket/papers", "bibtool", {"host": "/tmp/socket", "dbname": "papers"}),
        ("postgresql://a%40b@[::1]:5432/x", "bibtool", {"user": "a@b", "host": "::1", "port": "5432", "dbname": "x"}),
        ("postgresql://one:1,two:2/x", "bibtool", {"host": "one,two", "port": "1,2", "dbname": "x"}),
        ("postgresql://h/x?sslmode=verify-full", "bibtool", {"host": "h", "dbname": "x", "sslmode": "verify-full"}),
    ],
)  # fmt: skip
def test_addresses(url: str, schema: str, parameters: dict[str, str]) -> None:
    address = parse_address(url)
    assert (address.schema, address.parameters, address.url) == (schema, parameters, url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://h/x?schema=", "postgresql://h/x?schema=pg_catalog", "postgresql://h/x?schema=a%0Ab",
        "postgresql://h/x?schema=" + "s" * 64, "postgresql://h/x?options=-c%20x", "postgresql://h:port/x",
        "postgresql://h/x/y", "postgresql://h/x#y", "postgresql://h/x?search_path=x",
    ],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(url)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@host/db", f"postgresql://:{SECRET}@host", f"postgresql://host/db?password={SECRET}",
        f"postgresql://host/db?schema=x&sslpassword={SECRET}", f"postgresql://ann:{SECRET}/x@host/db",
        f"postgres://ann:{SECRET}@x@host/db", f"mysql://ann:{SECRET}@host/db",
    ],
)  # fmt: skip
def test_a_password_in_an_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        refuse_password(url)
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    with pytest.raises(UsageError) as caught:
        open_library(url)
    assert SECRET not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("url", [f"postgresql://ann:{SECRET}?x@host", f"postgresql://ann:{SECRET}#@host/x"])
def test_malformed_addresses_are_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_library(url)
    assert SECRET not in f"{caught.value} {caught.value.hint}"


# words


def test_words_have_the_weight_of_their_column() -> None:
    texts = dict.fromkeys(COLUMNS, "")
    texts |= {"title": "it's so", "abstract": "so back\\slash", "year": "1999"}
    head, whole = vectors(tuple(texts[name] for name in COLUMNS))
    assert head == r"'it''s':6A 'so':7A '1999':33C"
    assert whole == r"'it''s':6A 'so':7A,39D '1999':33C 'back\\slash':40D"


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("", ""),
        ("?!", ""),
        ("deep nets", "('deep') & ('nets':*)"),
        ('"deep nets"', "('deep' <-> 'nets')"),
        ("mean-field", "('mean' <-> 'field':*)"),
    ],
)
def test_a_search_in_the_language_of_the_server(words: str, query: str) -> None:
    assert query_of(words) == query


@pytest.mark.slow
def test_records_of_any_size_are_stored_and_found(postgres: Server) -> None:
    many = " ".join(f"word{number}" for number in range(200_000))
    with open_library(postgres.empty()) as library, library.change("fill") as change:
        change.put(work("long", "x" * 20_000, "y" * 20_000, 2000, abstract=many, doi="10.1000/" + "z" * 20_000))
        change.put(work("repeated", "again " * 5000, abstract="again " * 50_000))
        assert [record.key for record in library.search("word1 word30000")] == ["long"]
        assert [record.key for record in library.search("again")] == ["repeated"]
        assert [record.key for record in library.alike(library.get("long"))] == ["long"]


@pytest.mark.slow
def test_short_records_have_the_vectors_of_long_ones(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    some = ["a", "b1", "été", "1", "中", "½", "x" * 300, "x" * 250 + "y"]
    cases = [tuple(" ".join(chance.choices(some, k=chance.choice((0, 1, 3, 50)))) for _ in COLUMNS) for _ in range(60)]
    cases.append(("z " * 600 + "y",) * len(COLUMNS))
    short = [vectors(columns) for columns in cases]
    monkeypatch.setattr(words_module, "_SHORT", 0)
    for columns, (head, whole) in zip(cases, short, strict=True):
        quoted = [text.replace("'", "''") for text in vectors(columns)]
        texts = ", ".join(f"'{a}'::tsvector = '{b}'::tsvector" for a, b in zip((head, whole), quoted, strict=True))
        assert postgres.run(f"SELECT {texts}") == [(True, True)]


# the server


def test_no_server_is_one_clear_error() -> None:
    with pytest.raises(LibraryUnreachableError) as caught:
        open_library("postgresql://ann@127.0.0.1:9/papers", busy_timeout_s=0)
    assert "no connection" in str(caught.value)
    assert "PGPASSWORD" in (caught.value.hint or "")
    assert caught.value.exit_code == 4


@pytest.mark.slow
def test_a_missing_database_and_a_missing_library(postgres: Server) -> None:
    with pytest.raises(LibraryError, match="nowhere") as caught:
        open_library(postgres.url().replace("/postgres?", "/nowhere?"))
    assert "createdb" in (caught.value.hint or "")
    place = postgres.url("Odd \"schema' é")
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(LibraryError, match=r"no library at .* yet"):
            open_library(place, **options)  # type: ignore[arg-type] # mypy can't tell that the options fit
    fill(place, "a")
    with open_library(place, create=False) as library:
        assert library.keys() == ("a",)


@pytest.mark.slow
def test_passwords_come_from_where_libpq_looks(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    role = f"CREATE ROLE ann LOGIN SUPERUSER PASSWORD '{SECRET}'"
    postgres.run("CREATE DATABASE with_password", role)
    place = postgres.url("private", "ann").replace("/postgres?", "/with_password?")
    with pytest.raises(LibraryUnreachableError, match="password"):
        open_library(place)
    monkeypatch.setenv("PGPASSWORD", "wrong" + SECRET)
    with pytest.raises(LibraryUnreachableError) as caught:
        open_library(place)
    assert SECRET not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with open_library(place) as library:
        assert len(library) == 0
    monkeypatch.delenv("PGPASSWORD")
    passwords = tmp_path / "passwords"
    passwords.write_text(f"127.0.0.1:{postgres.port}:with_password:ann:{SECRET}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    with open_library(place, create=False) as library:
        assert len(library) == 0


@pytest.mark.slow
def test_the_tables_of_another_program_are_left_alone(postgres: Server) -> None:
    postgres.run("CREATE SCHEMA taken", "CREATE TABLE taken.record (x int)")
    with pytest.raises(LibraryDamagedError, match="another program"):
        open_library(postgres.url("taken"))
    postgres.run("CREATE SCHEMA others", "CREATE TABLE others.unrelated (x int)")
    fill(postgres.url("others"), "a")  # next to tables of other names there is room


@pytest.mark.slow
def test_a_later_library_is_refused_and_one_without_a_table_is_damaged(postgres: Server) -> None:
    fill(place := postgres.url("later"), "a")
    postgres.run("INSERT INTO later.migration VALUES (99, 'later', '2099')")
    with pytest.raises(LibraryTooNewError) as caught:
        open_library(place)
    assert caught.value.hint == "update bibtool"
    postgres.run("DELETE FROM later.migration WHERE number = 99", "DROP TABLE later.step")
    with pytest.raises(LibraryDamagedError, match="step"):
        open_library(place)


@pytest.mark.slow
def test_migrations_are_done_once_and_as_a_whole(postgres: Server) -> None:
    from bibtool.store.postgres.engine import open_url
    from bibtool.store.postgres.schema import MIGRATIONS

    fill(place := postgres.url("older"), "a")
    later = (*MIGRATIONS, ("add a table", ("CREATE TABLE shelf (name text)",)))
    failing = (*later, ("fail", ("CREATE TABLE half (name text)", "SELECT * FROM nowhere")))

    def opened(migrations: tuple[tuple[str, tuple[str, ...]], ...], *, read_only: bool = False) -> Library:
        return open_url(place, create=True, read_only=read_only, busy_timeout_s=5, clock=clock, migrations=migrations)

    with pytest.raises(LibraryError, match="old version"):
        opened(later, read_only=True)
    with pytest.raises(LibraryError, match="nowhere"):
        opened(failing)
    assert postgres.run("SELECT to_regclass('older.shelf')") == [(None,)]  # unlike a file, all steps are one
    threads = [threading.Thread(target=lambda: opened(later).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert postgres.run("SELECT number FROM older.migration ORDER BY 1") == [
        (number,) for number in range(1, len(later) + 1)
    ]
    with opened(later) as library:
        assert library.keys() == ("a",)
    with pytest.raises(LibraryTooNewError):
        opened(MIGRATIONS)


RECORD_OF_OLD = "id, key, key_folded, title_key, title_block, first_author, year, type, data"


@pytest.mark.slow
def test_a_library_of_the_first_version_is_searched_like_a_new_one(postgres: Server) -> None:
    from bibtool.store.postgres.engine import open_url
    from bibtool.store.postgres.schema import MIGRATIONS

    first, new = postgres.url("first"), postgres.url("second")
    fill(new, "a", "b", "c")
    open_url(first, create=True, read_only=False, busy_timeout_s=5, clock=clock, migrations=MIGRATIONS[:1]).close()
    copied = [f"INSERT INTO first.{name} SELECT * FROM second.{name}" for name in ("identifier", "step")]
    postgres.run(
        f"INSERT INTO first.record SELECT {RECORD_OF_OLD} FROM second.record",
        *copied,
        "INSERT INTO first.record_text SELECT record_id, key_folded, head, whole "
        "FROM second.record_heading JOIN second.record_text USING (record_id, key_folded)",
        "CREATE ROLE looker LOGIN",
        "GRANT USAGE ON SCHEMA first TO looker",
        "GRANT SELECT ON ALL TABLES IN SCHEMA first TO looker",
    )
    with pytest.raises(LibraryError, match="old version 1"):
        open_library(first.replace("owner@", "looker@"), create=False, read_only=True)
    with open_library(new) as library:
        wanted = [record.key for record in library.search("title words")]
        open_library(first).close()
        with open_library(first.replace("owner@", "looker@"), create=False) as migrated:
            assert isinstance(migrated, StoredLibrary)
            assert [record.key for record in migrated.search("title words")] == wanted != []
            assert list(migrated.listed()) == list(library.listed()) != []
            assert examine(migrated.engine) == ()


@pytest.mark.slow
def test_a_library_of_an_earlier_version_may_have_types_of_any_length(postgres: Server) -> None:
    from bibtool.store.postgres.engine import open_url
    from bibtool.store.postgres.schema import MIGRATIONS

    place = postgres.url("typed")
    open_url(place, create=True, read_only=False, busy_timeout_s=5, clock=clock, migrations=MIGRATIONS[:2]).close()
    fill(new := postgres.url("untyped"), "a", "b", "c")
    tables = "record_heading", "record_text"
    postgres.run(
        f"INSERT INTO typed.record SELECT {RECORD_OF_OLD} FROM untyped.record",
        *(f"INSERT INTO typed.{name} SELECT * FROM untyped.{name}" for name in tables),
        "UPDATE typed.record SET type = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 500) AS n) "
        "WHERE key = 'b'",
    )
    with open_library(place) as library:
        assert [record.key for record in library.find(type="article-journal")] == ["a", "c"]
        assert [record.key for record in library.search("title")] == ["a", "b", "c"]
    with open_library(new) as library:
        assert [record.key for record in library.find(type="article-journal")] == ["a", "b", "c"]


# many records, which are sent while the next are prepared


def many(count: int) -> list[Record]:
    return [work(f"k{number}", f"Title {number}", f"Author {number}", 2000) for number in range(count)]


@pytest.mark.slow
def test_what_was_sent_in_the_background_is_there_for_the_next_statement(postgres: Server) -> None:
    with open_library(postgres.empty()) as library, library.change("fill") as change:
        change.put_all(many(1700))
        assert len(library) == 1700
        assert [record.key for record in library.search("1699")] == ["k1699"]
        change.put_all([work("more", "Another title"), *many(3)])
        assert change.remove("k1699").key == "k1699"
        assert len(library) == 1700


@pytest.mark.slow
def test_an_error_of_what_was_sent_in_the_background_leaves_nothing(postgres: Server) -> None:
    fill(place := postgres.url("refusing"), "old")
    postgres.run("ALTER TABLE refusing.identifier ADD CHECK (value <> 'k1200x')")
    refused = [replace(record, aliases=(f"{record.key}x",)) for record in many(1700)]

    def failing(what: str) -> None:
        with library.change("many") as change:
            change.put_all(refused)
            if what == "asks":
                change.remove("k1")

    with open_library(place) as library:
        for what in ("ends", "asks"):
            with pytest.raises(LibraryError, match="check constraint"):
                failing(what)
            assert library.keys() == ("old",)
        assert [entry.what for entry in library.history()] == ["fill"]
        with library.change("few") as change:
            change.put(work("new"))
        assert library.keys() == ("new", "old")


@pytest.mark.slow
def test_an_interrupted_change_of_many_records_leaves_nothing(postgres: Server) -> None:
    turn = sys.getswitchinterval()
    fill(place := postgres.empty(), "old")

    def interrupted() -> None:
        with library.change("many") as change:
            change.put_all(many(1700))
            raise KeyboardInterrupt

    with open_library(place) as library:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert library.keys() == ("old",)
        import_records(library, many(1700))
        assert len(library) == 1701
        assert sys.getswitchinterval() == turn
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("bibtool-copy")]


@pytest.mark.slow
def test_more_words_wait_for_the_index_in_a_large_change_only(postgres: Server) -> None:
    with open_library(postgres.empty()) as library:
        assert isinstance(library, StoredLibrary)
        engine = library.engine

        def waiting() -> object:
            return engine.rows("SHOW gin_pending_list_limit")

        with library.change("few") as change:
            change.put_all(many(20))
            assert waiting() == [("1MB",)]
        with library.change("many") as change:
            change.put_all(many(900))
            assert waiting() == [("16MB",)]
        assert waiting() == [("1MB",)]


@pytest.mark.slow
def test_the_server_knows_the_size_of_a_library_after_a_large_change(postgres: Server) -> None:
    query = "SELECT reltuples FROM pg_class WHERE oid = 'counted.{}'::regclass"
    tables = "record", "record_heading", "record_text", "source", "step"
    with open_library(postgres.url("counted")) as library:
        with library.change("few") as change:
            change.put(work("a", "One"))
        # the server itself would count them within some seconds
        postgres.run(*(f"ALTER TABLE counted.{name} SET (autovacuum_enabled = off)" for name in tables))
        assert postgres.run(query.format("source")) in ([(-1,)], [(0,)])  # as of version 14, and before
        import_records(library, [work(f"k{number}", f"Work {number}") for number in range(400)])
        assert [postgres.run(query.format(name)) for name in tables] == [[(n,)] for n in (401, 401, 401, 400, 401)]
        library.undo()
        assert postgres.run(query.format("record")) == [(1,)]


@pytest.mark.slow
def test_a_role_that_may_only_select_does_everything_that_reads(postgres: Server) -> None:
    fill(place := postgres.url("readable"), "bell2000", "bell2001")
    postgres.run(
        "CREATE ROLE reader LOGIN",
        "GRANT USAGE ON SCHEMA readable TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA readable TO reader",
    )
    with open_library(postgres.url("readable", "reader")) as library:
        assert library.keys() == ("bell2000", "bell2001")
        assert len(library) == len(list(library.records())) == len(list(library.search("title"))) == 2
        assert library.get("BELL2000").key == "bell2000"
        assert library.find(year=2000, limit=1)
        assert library.alike(work("", "Title bell2000", "Ann Bell", 2000))
        assert library.history()[0].who == "owner"
        assert library.aliases() == {}
        assert library.imported_as(b"x") is None
        with pytest.raises(UnknownNameError):
            library.get("bell2002")
        report = import_records(library, [work("new", "New")], key_maker=count_keys, dry_run=True)
        assert [item.key for item in report.items] == ["new"]
        with pytest.raises(LibraryError, match="not allowed") as caught, library.change("x") as change:
            change.put(work("new", "New"))
        assert caught.value.exit_code == 1
        assert library.keys() == ("bell2000", "bell2001")  # and it goes on working
        assert library.undo() is None
    with pytest.raises(LibraryError, match="not allowed"):
        open_library(postgres.url("new_of_reader", "reader"))
    with open_library(place, read_only=True) as library, pytest.raises(LibraryError, match="read-only"):
        library.undo()


@pytest.mark.slow
def test_a_writer_waits_for_another_and_says_so(postgres: Server) -> None:
    fill(place := postgres.empty(), "a")
    with open_library(place) as writing, open_library(place, busy_timeout_s=0.1) as waiting:
        with writing.change("long") as change:
            change.put(work("b"))
            assert waiting.keys() == ("a",)  # reading waits for nobody
            with pytest.raises(LibraryBusyError, match="somebody else"), waiting.change("second"):
                pass
        with waiting.change("second") as second:
            second.put(work("c"))
        assert writing.keys() == ("a", "b", "c")


@pytest.mark.slow
def test_similar_keys_are_named_if_the_server_knows_trigrams(postgres: Server) -> None:
    fill(place := postgres.empty(), "bruna2022neural", "zhang1999")
    with open_library(place) as library:
        with pytest.raises(UnknownNameError) as caught:
            library.get("xruna2022neural")
        assert caught.value.suggestions == ()
        postgres.run("CREATE EXTENSION pg_trgm SCHEMA public")
        with pytest.raises(UnknownNameError) as caught:
            library.get("xruna2022neural")
        assert caught.value.suggestions == ("bruna2022neural",)
    postgres.run("DROP EXTENSION pg_trgm")


# lost connections


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may kill."""
    yield from started()


def end_connections(server: Server) -> None:
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bibtool'")


@pytest.mark.slow
def test_reading_goes_on_after_a_lost_connection_and_a_change_is_not_repeated(postgres: Server) -> None:
    fill(place := postgres.empty(), "a", "b")
    with open_library(place) as library:
        stream = library.records()
        end_connections(postgres)
        assert [record.key for record in stream] == ["a", "b"]
        end_connections(postgres)
        with library.change("after") as change:  # nothing was done before, so it is safe
            change.put(work("c"))

        def interrupted() -> None:
            with library.change("lost") as change:
                change.put(work("d"))
                end_connections(postgres)
                change.put(work("e"))

        with pytest.raises(LibraryUnreachableError, match="lost") as caught:
            interrupted()
        assert "nothing was changed" in (caught.value.hint or "")
        assert library.keys() == ("a", "b", "c")
        assert [entry.what for entry in library.history()] == ["after", "fill"]


@pytest.mark.slow
def test_a_server_killed_within_an_import_leaves_nothing_of_it(own_server: Server) -> None:
    fill(place := own_server.url(), "old")
    records = [work(f"new{number}", f"Title {number}", f"Author {number}", 2000) for number in range(600)]
    with open_library(place) as library:
        before = list(library.records())

        def killed() -> None:
            with library.change("import") as change:
                change.put_all(records)
                own_server.kill()

        with pytest.raises(LibraryUnreachableError, match="lost"):
            killed()
        with pytest.raises(LibraryUnreachableError):
            library.keys()
        own_server.start()
        assert list(library.records()) == before
        assert [entry.what for entry in library.history()] == ["fill"]
        assert len(import_records(library, records, key_maker=count_keys).added) == 600
        assert library.undo() is not None
        assert list(library.records()) == before


@pytest.mark.slow
def test_a_command_whose_server_is_killed_ends_with_4_and_the_next_run_goes_on(
    own_server: Server, tmp_path: Path
) -> None:
    import psycopg

    place = own_server.url("papers")
    open_library(place).close()
    entries = "".join(f"@misc{{k{number}, title={{Work {number}}}, year={{2000}}}}\n" for number in range(3000))
    (tmp_path / "many.bib").write_text(entries)
    command = [sys.executable, "-m", "bibtool", "import", "many.bib", "--library", place]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}

    def waiting() -> bool:
        """Whether it has written its records and waits for the table that is written last."""
        return bool(
            own_server.run(
                "SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_stat_activity USING (pid) "
                "WHERE application_name = 'bibtool' AND relname = 'source' AND NOT granted"
            )
        )

    holder = psycopg.connect(own_server.dsn())
    try:
        holder.execute("LOCK TABLE papers.source IN SHARE MODE")  # nobody writes to it, so the import can't end
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
            while not waiting() and process.poll() is None:
                time.sleep(0.02)
            own_server.kill()
            assert process.stderr is not None
            said = process.stderr.read()
    finally:
        holder.close()
    assert process.returncode == 4, said
    assert "Traceback" not in said
    assert "lost" in said
    own_server.start()
    with open_library(place) as library:
        assert len(library) == 0
        assert library.history() == ()
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    with open_library(place) as library:
        assert len(library) == 3000
        assert len(library.history()) == 1


# what is not installed

WITHOUT = """
import sys
sys.modules["psycopg"] = None
from bibtool.cli.main import run
sys.exit(run(["list", "--library", "postgresql://host/papers"]))
"""

LOADED = """
import json, sys
from bibtool.cli.main import run
run(["list", "--library", sys.argv[1]])
print(json.dumps([name for name in sys.modules if name.startswith(("psycopg", "bibtool.store.postgres"))]))
"""


@pytest.mark.slow
def test_without_psycopg_one_line_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "psycopg" in done.stderr
    assert "bibtool[postgres]" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_library_in_a_file_loads_nothing_of_it(tmp_path: Path) -> None:
    fill(path := str(tmp_path / "library.db"), "a")
    done = subprocess.run([sys.executable, "-c", LOADED, path], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
