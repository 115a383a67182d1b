"""Damaged and hostile index files: a clear error, no traceback, and nothing that is stored in them acts."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call
from tests.store.damage import BYTES
from tests.store.test_index import TREES, filled

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("BIBTOOL_DAMAGE_ROUNDS", "3"))
BIB = """@article{mine, title={The slow growth of trees in gardens}, author={van Ash, Ada and Lind, Bo}, year=2020,
  doi={10.1000/trees}}
@article{far, title={The slow growth of everything in gardens}, author={Ash, Ada}, year=2020}
"""
COMMANDS = (
    ("index", "info", "--index", "x.index"),
    ("index", "search", "growth", "--index", "x.index"),
    ("index", "search", "10.1000/trees", "--json", "--index", "x.index"),
    ("verify", "--offline", "--index", "x.index", "a.bib"),
    ("verify", "--only", "retractions", "--offline", "--index", "x.index", "a.bib"),
    ("index", "add", "a.bib", "--index", "x.index"),
    ("index", "remove", "s", "--index", "x.index"),
)
VALUES = {
    "half": "substr(data, 1, length(data) / 2)",
    "empty": "''",
    "null": "'null'",
    "list": "'[1, 2]'",
    "numbers": "'[1,2,3,4,5,6]'",
    "wrong-types": """'[["a"],{"b":1},{"c":2},"2020",7,{"d":["x"],"a":[1],"E":3,"r":{},"k":5}]'""",
    "names": """'["book","T",["A, B",[1,2],null,0],[2020],"",{}]'""",
    "date": """'["book","T",["A, B"],["x",-1,99],"",{}]'""",
    "arxiv": """'["book","T",["A, B"],[2020],"",{"a":["nothing",0,"","","",0]}]'""",
    "deep": f"'{'[' * 30_000}{']' * 30_000}'",
    "blob": "x'00ff00ff'",
    "not-utf-8": "CAST(x'5b22ff225d' AS TEXT)",
}
STATEMENTS = {
    "source-blob": "UPDATE source SET name = x'ff', added = 7",
    "source-number": "UPDATE work SET source = 'none'",
    "type": "UPDATE work SET type = x'ff'",
    "hash": "UPDATE hash SET work = 'none' || work",
    "common": "UPDATE common SET works = 'many'",
    "words": "DROP TABLE words_idx",
    "no-words": "DROP TABLE words",
    "no-hash": "DROP TABLE hash",
    "no-source": "DROP TABLE source",
    "column": "ALTER TABLE work RENAME COLUMN data TO datum",
    "not-ours": "PRAGMA application_id = 7",
    "later": "PRAGMA user_version = 99",
}
ACTING = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON work BEGIN DELETE FROM hash; END",
    "view": "DROP TABLE common; CREATE VIEW common AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) "
    "SELECT n AS word, n AS works FROM c",
    "computed": "DROP TABLE common; CREATE TABLE common (word text, works AS (length(hex(zeroblob(400000000)))))",
    "virtual": "DROP TABLE common; CREATE VIRTUAL TABLE common USING fts5 (word, works)",
}


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.bib").write_text(BIB)
    path = tmp_path / "sound.index"
    others = [TREES.with_values({"title": f"Growth number {n} of other trees", "DOI": f"10.1/{n}"}) for n in range(40)]
    filled(path, TREES, *others)
    return path


def tried(folder: Path, data: bytes, monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    codes = []
    for command in COMMANDS:
        for left in folder.glob("x.index*"):
            left.unlink()
        (folder / "x.index").write_bytes(data)
        began = time.process_time()
        done = call(monkeypatch, *command)
        assert time.process_time() - began < 10, (name, command)
        assert done.code in (0, 1, 2), (name, command, done.err)
        assert "Traceback" not in done.err, (name, command)
        codes.append(done.code)
    return codes


@pytest.mark.slow
def test_no_damage_ends_in_a_traceback(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    data = sound.read_bytes()
    assert tried(tmp_path, data, monkeypatch, "sound")[:3] == [0, 0, 0]
    for number in range(ROUNDS):
        for damage in BYTES:
            changed = bytearray(data)
            damage(changed, dice)
            tried(tmp_path, bytes(changed), monkeypatch, f"{damage.__name__} {number}")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*VALUES, *STATEMENTS])
def test_odd_values_end_in_words(name: str, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = STATEMENTS.get(name) or f"UPDATE work SET data = {VALUES[name]}"
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(truncate)")
    codes = tried(tmp_path, sound.read_bytes(), monkeypatch, name)
    if name in VALUES:
        assert codes[2] == 1  # a row that can't be understood is no hit


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTING)
def test_what_is_stored_does_not_act(name: str, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.executescript(ACTING[name])
        connection.execute("PRAGMA wal_checkpoint(truncate)")
    data = sound.read_bytes()
    assert set(tried(tmp_path, data, monkeypatch, name)) == {1}
    assert (tmp_path / "x.index").read_bytes() == data
