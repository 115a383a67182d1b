"""The lock: the same bytes for the same pins, full data, and a clear error for all that does not fit."""

from __future__ import annotations

import contextlib
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.model.record import Provenance
from bibtool.project.lock import (
    _MANY,
    Lock,
    Pin,
    _pin_of,
    _pin_of_lines,
    _pin_of_table,
    confirmed_at,
    digest,
    lines_of,
    read_lock,
    record_of,
    table_of,
)
from bibtool.store import open_library
from bibtool.structs import replace
from tests.project.making import BIB, KNUTH, LAMPORT, cite, codes, make, output, run, space
from tests.property.strategies import records

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.model.record import Record


def lock_of(*pins: Pin) -> Lock:
    return Lock().with_pins(pins)


def pin(key: str = "a") -> Pin:
    return Pin(key=key, source="all.bib", origin="sha256:1", entry=f"@misc{{{key}}}")


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
PINS = st.builds(
    Pin,
    key=WORDS,
    source=WORDS,
    origin=WORDS,
    entry=WORDS.filter(str.strip),
    source_key=st.just("") | WORDS,
    work=st.lists(WORDS, max_size=3).map(tuple),
    confirmed=st.just("") | WORDS,
    strings=st.lists(WORDS, max_size=2).map(tuple),
    record_lines=st.lists(WORDS, max_size=3).map(tuple),
)


@pytest.mark.slow
@given(st.lists(PINS, max_size=4, unique_by=lambda one: one.key), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read(pins: list[Pin], newline: str) -> None:
    """Also by any TOML parser, and after a checkout with other line ends."""
    data = lock_of(*pins).to_bytes()
    plain = tomllib.loads(data.decode())
    assert plain["version"] == 1
    assert set(plain.get("key", {})) == {one.key for one in pins}
    if newline == "\n" or not any("\r" in text for one in pins for text in (one.key, one.entry)):
        found = read_lock(data.replace(b"\n", newline.encode()))
        assert found.pins == {one.key: one for one in pins}
        assert found.to_bytes() == data.replace(b"\n", newline.encode()) or not pins


LINES = (
    "source = 's'\n", "origin = 'o'\n", 'origin = "o"\n', "entry = [\n  'e',\n]\n", "confirmed = 'it''s'\n",
    "confirmed = 3\n", "work = [\n  'a',\n  'b',\n]\n", "work = [\n  \"a'b\",\n  'c',\n]\n", "work = [\n]\n",
    "work = [\n  'a'\n", "work = 'w'\n", "dialect = [\n  'd',\n]\n", "hash = 'h'\n", "other = 'x'\n", "\n", "]\n",
    "  'x',\n", "#\n", "source = '", "' = '", "strings = [",
)  # fmt: skip


@pytest.mark.slow
@given(st.permutations(LINES), st.integers(1, len(LINES)), st.booleans())
def test_what_is_read_line_by_line_is_what_toml_says(lines: list[str], number: int, rest: bool) -> None:
    body = "".join([*(LINES[:2] if rest else ()), *lines[:number], *((LINES[3],) if rest else ())])
    found = _pin_of_lines("k", body)
    assert _pin_of_table("k", body) == found
    if found is not None:
        assert found == _pin_of("k", tomllib.loads(body))
    table = f"[key.k]\n{body}hash = '{digest('k', body)}'\n"
    with contextlib.suppress(InputError):
        assert read_lock((lock_of().to_bytes().decode() + "\n" + table).encode()).pins in ({}, {"k": found})


@given(PINS, st.sampled_from([("\n", "\n"), ("\n", "\n\n"), ("'", "''"), ("  '", " '"), ("a", "\n"), ("[", "[ ")]))
def test_a_table_that_is_read_at_once_is_what_its_lines_say(one: Pin, damage: tuple[str, str]) -> None:
    body = table_of(one).partition("\n")[2].rpartition("hash = ")[0]
    assert _pin_of_table(one.key, body) == _pin_of_lines(one.key, body) == one
    body = body.replace(*damage, 1)
    assert _pin_of_table(one.key, body) == _pin_of_lines(one.key, body)


def test_a_lock_of_many_pins_is_read_as_one_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("@misc{k,", "  title = {It's},", "}")
    pins = [
        replace(pin(f"k{number}"), work=("doi:1",) * (number % 3), entry="\n".join(lines[number % 2 :]))
        for number in range(_MANY + 1)
    ]
    data = lock_of(*pins).to_bytes()
    found = read_lock(data)
    assert found.pins == {one.key: one for one in pins}
    asked: list[str] = []
    monkeypatch.setattr("bibtool.project.lock._pin_of_lines", lambda key, body: asked.append(key))
    assert read_lock(lock_of(*[pin(f"k{number}") for number in range(_MANY + 1)]).to_bytes()).pins
    assert asked == []


@pytest.mark.parametrize("name", ["'a]b'", '"a\\n\'b"', "a-b", "'a'b'", "'a", '"a', "'a'\n["])
def test_names_of_tables(name: str) -> None:
    body = "source = 's'\norigin = 'o'\nentry = [\n  'e',\n]\n"
    head = lock_of().to_bytes().decode()
    try:
        (key,) = tomllib.loads(f"{name} = 1")
    except tomllib.TOMLDecodeError:
        with pytest.raises(InputError):
            read_lock(f"{head}\n[key.{name}]\n{body}hash = '{digest(name, body)}'\n".encode())
    else:
        found = read_lock(f"{head}\n[key.{name}]\n{body}hash = '{digest(key, body)}'\n".encode())
        assert found.pins == {key: Pin(key=key, source="s", origin="o", entry="e")}


@pytest.mark.slow
@given(st.lists(PINS, max_size=4, unique_by=lambda one: one.key), st.randoms())
def test_the_order_of_pins_does_not_matter(pins: list[Pin], random: object) -> None:
    mixed = list(pins)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert lock_of(*mixed).to_bytes() == lock_of(*pins).to_bytes()


@pytest.mark.slow
@given(records())
def test_a_record_in_lines_is_the_record(record: Record) -> None:
    found = record_of(lines_of(record, origins=True), record.key)
    assert (found.type, found.aliases, found.arxiv, found.leftovers) == (
        record.type, record.aliases, record.arxiv, record.leftovers,
    )  # fmt: skip
    assert dict(found.variables) == dict(record.variables)
    assert set(found.provenance) == set(record.provenance)


def test_a_layout_of_somebody_else_is_read_too() -> None:
    data = lock_of(pin("a"), pin("b.c")).to_bytes().decode()
    other = "# mine\n\n" + data.replace("'sha256:1'", '"sha256:1"')
    assert read_lock(other.encode()).pins == read_lock(data.encode()).pins


def test_two_branches_that_add_different_keys_merge_by_themselves(tmp_path: Path) -> None:
    both = {"one": ("a", "m", "n"), "base": ("m", "n"), "other": ("m", "n", "z")}
    for name, keys in both.items():
        (tmp_path / name).write_bytes(lock_of(*map(pin, keys)).to_bytes())
    done = subprocess.run(["git", "merge-file", "-p", *both], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout == lock_of(*map(pin, "amnz")).to_bytes()


GOOD = lock_of(pin("a"), pin("b")).to_bytes().decode()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD.replace("[key.b]", "<<<<<<< HEAD\n[key.b]"), 12, "merge conflict"),
        (GOOD.replace("version = 1", "version = 2"), 2, "later bibtool"),
        (GOOD.replace("@misc{b}", "@misc{c}"), 12, "b: the hash does not match"),
        (GOOD.replace("[key.b]", "[key.c]"), 12, "c: the hash does not match"),
        (GOOD[:-20], 18, "damaged"),
        (GOOD.replace("version = 1", ""), 1, "no version"),
        (GOOD.replace("[key.b]\n", "[key.b]\nextra = 1\n"), 12, "unknown 'extra'"),
        (GOOD.replace("version = 1", "version = 1\nother = 2"), 3, "unknown 'other'"),
        (GOOD.replace("source = 'all.bib'", "source = 3", 1), 4, "wrong kind"),
        ("version = 1\nkey = 3\n", 1, "damaged"),
        ("version = 1\n[key]\na = 3\n", None, "is not a table"),
        ("", 1, "no version"),
        ("[" * 5000, 1, "damaged"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_line(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_lock(text.encode(), "bibtool.lock")
    assert words in caught.value.message
    assert (caught.value.path, caught.value.exit_code) == ("bibtool.lock", 1)
    assert caught.value.line == line
    assert caught.value.hint
    make(tmp_path, "lamport94")
    (tmp_path / "bibtool.lock").write_bytes(text.encode())
    with pytest.raises(InputError):
        run(tmp_path)
    assert (tmp_path / "bibtool.lock").read_bytes() == text.encode()
    assert not (tmp_path / "refs.bib").exists()


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        read_lock(GOOD.encode() + b"\xff")


@pytest.mark.slow
@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_damage_is_an_error_or_changes_nothing(junk: bytes, at: int) -> None:
    data = GOOD.encode()
    try:
        found = read_lock(data[:at] + junk + data[at:])
    except InputError:
        return
    assert found.pins == read_lock(data).pins


def test_parts_of_a_digest_are_kept_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")


# ---- in use ---------------------------------------------------------------------------------------------------------


def test_without_sources_the_lock_gives_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path, "part", "knuth84", "lamport94")
    run(tmp_path)
    text, lock = output(tmp_path), (tmp_path / "bibtool.lock").read_bytes()
    (tmp_path / "all.bib").unlink()
    (tmp_path / "refs.bib").unlink()
    plan = run(tmp_path)
    assert {one.file for one in plan.changes} == {"refs.bib"}
    assert output(tmp_path) == text
    assert (tmp_path / "bibtool.lock").read_bytes() == lock


def test_a_source_that_changed_renews_its_pin_and_says_so(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", "lamport94")
    run(tmp_path)
    before = space(tmp_path).lock().pins
    (tmp_path / "all.bib").write_text(BIB.replace("Literate   Programming", "Literate Programs"))
    plan = run(tmp_path)
    assert [str(one) for one in plan.changes] == [
        "refs.bib: changed knuth84 (title: 'Literate Programming' -> 'Literate Programs')",
        "bibtool.lock: updated knuth84 (all.bib has changed)",
    ]
    after = space(tmp_path).lock().pins
    assert after["lamport94"] == before["lamport94"]
    assert after["knuth84"].origin != before["knuth84"].origin


def test_a_macro_that_changed_counts_as_a_change(tmp_path: Path) -> None:
    make(tmp_path, "knuth84")
    run(tmp_path)
    (tmp_path / "all.bib").write_text(BIB.replace('jj = "Journal"', 'jj = "J."').replace("jj = {Journal}", "jj = {J.}"))
    (tmp_path / "all.bib").write_text(BIB.replace('"Journal"', '"J."').replace("{Journal}", "{J.}"))
    plan = run(tmp_path)
    assert "bibtool.lock: updated knuth84 (all.bib has changed)" in [str(one) for one in plan.changes]
    assert "J." in output(tmp_path)


def test_another_work_under_the_same_key_is_reported_and_not_taken(tmp_path: Path) -> None:
    make(
        tmp_path,
        "smith",
        bib="@article{smith, title={On Bees}, author={Jo Smith}, doi={10.1/bees1}}".replace("10.1/", "10.1000/"),
    )
    run(tmp_path)
    text = output(tmp_path)
    (tmp_path / "all.bib").write_text("@article{smith, title={On Wasps}, author={Al Smith}, doi={10.1000/wasps}}")
    plan = run(tmp_path)
    assert codes(plan) == ["lock-other-work"]
    assert "--relock smith" in str(plan.problems[0].hint)
    assert output(tmp_path) == text
    plan = run(tmp_path, relock=frozenset({"smith"}))
    assert plan.ok
    assert "Wasps" in output(tmp_path)


def test_a_mended_entry_is_the_same_work(tmp_path: Path) -> None:
    make(tmp_path, "smith", bib="@article{smith, title={On Bees}, author={Jo Smith}, doi={10.1000/bees}}")
    run(tmp_path)
    (tmp_path / "all.bib").write_text("@article{smith, title={On Bees}, author={Jo Smith}, doi={10.1000/bees2}}")
    assert run(tmp_path).ok


def test_a_key_that_left_its_source_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", "lamport94")
    run(tmp_path)
    (tmp_path / "all.bib").write_text(LAMPORT)
    plan = run(tmp_path)
    assert codes(plan) == ["only-in-lock"]
    assert (plan.ok, plan.changes) == (True, ())
    assert KNUTH in output(tmp_path)


def test_pins_of_keys_that_nothing_cites_go(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", "part")
    run(tmp_path)
    cite(tmp_path, "knuth84")
    plan = run(tmp_path)
    assert {one.key for one in plan.changes if one.file == "bibtool.lock"} == {"part", "whole"}
    assert set(space(tmp_path).lock().pins) == {"knuth84"}


def test_what_a_refresh_put_into_the_lock_holds_until_the_source_changes(tmp_path: Path) -> None:
    from dataclasses import replace

    make(tmp_path, "lamport94")
    run(tmp_path)
    lock = space(tmp_path).lock()
    newer = replace(lock.pins["lamport94"], entry=LAMPORT.replace("1994", "1986"), refreshed="2026-01-01T00:00:00Z")
    (tmp_path / "bibtool.lock").write_bytes(lock.with_pins([newer]).to_bytes())
    plan = run(tmp_path)
    assert [one.file for one in plan.changes] == ["refs.bib"]
    assert "1986" in output(tmp_path)
    assert run(tmp_path).changes == ()
    (tmp_path / "all.bib").write_text(BIB.replace("A-W", "Addison-Wesley"))
    run(tmp_path)
    assert "1994" in output(tmp_path)


@pytest.mark.slow
def test_a_library_is_not_needed_by_others(tmp_path: Path) -> None:
    from dataclasses import replace

    from bibtool.formats.registry import read_bytes

    make(tmp_path, "vaswani", bib=None)
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["library"]\n')
    (record,) = read_bytes(BIB.encode(), "bibtex").records[-1:]
    when = "2026-01-02T03:04:05Z"
    record = record.with_values(dict(record.variables), Provenance(source="arxiv", detail="1706.03762", when=when))
    assert confirmed_at(record) == when
    with open_library(tmp_path / "lib.sqlite") as library, library.change("test") as change:
        change.put(record)
    project = space(tmp_path)
    with_library = replace(project, opener=lambda: open_library(tmp_path / "lib.sqlite", create=False))
    plan = with_library.plan()
    assert plan.ok
    with_library.write(plan)
    text = output(tmp_path)
    found = space(tmp_path).lock().pins["vaswani"]
    assert (found.source, found.confirmed, found.work) == ("library", when, ("arxiv:1706.03762",))
    kept = found.record()
    assert kept is not None
    assert kept.provenance["title"].when == when
    (tmp_path / "lib.sqlite").unlink()
    (tmp_path / "refs.bib").unlink()
    assert run(tmp_path).ok
    assert output(tmp_path) == text
    assert with_library is not project
