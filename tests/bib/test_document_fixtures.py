"""Every file comes back byte for byte, and each fixture reads as the JSON beside it says.

Run with ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment to write the JSON files anew; then look at the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bibtool.bib import Document
from tests.support.golden import expected

FOLDER = Path(__file__).parents[2] / "fixtures" / "bibtex"
FILES = sorted(FOLDER.glob("*/*.bib"))

each_file = pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])


def reading(document: Document) -> dict[str, Any]:
    """What the JSON beside a fixture holds."""
    return {
        "encoding": document.encoding,
        "entries": [
            {"type": entry.type, "key": entry.key, "line": entry.line, "fields": [list(pair) for pair in entry.items()]}
            for entry in document.entries
        ],
        "strings": [[name, block.line] for block in document.strings for name, _ in block.definitions],
        "others": [[b.kind, b.line] for b in document.blocks if b.kind in ("preamble", "comment", "broken")],
        "problems": [
            f"{one.position.line}:{one.position.column} {one.severity} {one.code}" for one in document.problems
        ],
    }


def spread(found: dict[str, Any]) -> str:
    """JSON with one list item on each line, so that differences can be read."""
    parts = []
    for name, value in found.items():
        text = json.dumps(value)
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join("  " + json.dumps(item) for item in value) + "\n ]"
        parts.append(f' "{name}": {text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


@each_file
def test_every_byte_comes_back(path: Path) -> None:
    data = path.read_bytes()
    assert Document.from_bytes(data).to_bytes() == data


@each_file
def test_blocks_tile_the_file(path: Path) -> None:
    data = path.read_bytes()
    document = Document.from_bytes(data)
    assert document.bom + b"".join(block.data for block in document.blocks) + document.tail == data
    assert all(block.end > block.start for block in document.blocks)


@each_file
def test_reading(path: Path) -> None:
    found = reading(Document.from_bytes(path.read_bytes()))
    golden = path.with_suffix(".json")
    assert found == json.loads(expected(golden, spread(found).encode()))


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "broken"], ids=lambda path: path.stem)
def test_a_fault_has_good_neighbours(path: Path) -> None:
    """The entry before the fault and the one behind it are read in full, and something is said of the fault."""
    document = Document.from_bytes(path.read_bytes())
    before = document.entry("before")
    assert before is not None
    assert list(before.items()) == [("author", "Ada First"), ("title", "Stands before"), ("year", "1999")]
    if not path.stem.startswith("open-"):
        after = document.entry("after")
        assert after is not None
        assert list(after.items()) == [("author", "Zoe Last"), ("title", "Stands behind"), ("year", "2001")]
    if path.stem != "json-instead":
        assert document.problems
        assert all(one.hint and one.position.line and one.position.column for one in document.problems)


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "valid"], ids=lambda path: path.stem)
def test_what_bibtex_accepts_is_not_called_broken(path: Path) -> None:
    assert not Document.from_bytes(path.read_bytes()).broken


def test_there_are_enough_fixtures_and_all_are_listed() -> None:
    listed = (FOLDER.parent / "SOURCES.md").read_text(encoding="utf-8")
    assert len(FILES) >= 60
    assert [path for path in FILES if f"`{path.parent.name}/{path.name}`" not in listed] == []
    assert sorted(FOLDER.glob("*/*.json")) == sorted(path.with_suffix(".json") for path in FILES)


def test_git_leaves_the_bytes_alone() -> None:
    assert "* -text" in (FOLDER / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_files_of_the_corpus_come_back(shared: Path) -> None:
    paths = sorted(path for path in (shared / "corpus").rglob("*") if path.is_file())
    assert paths
    for path in paths:
        data = path.read_bytes()
        document = Document.from_bytes(data, str(path))
        assert document.to_bytes() == data
        assert "".join(block.text for block in document.blocks) == document.text


@pytest.mark.slow
def test_a_real_export_is_read_in_full(shared: Path) -> None:
    data = (shared / "corpus" / "dblp-1k.bib").read_bytes()
    document = Document.from_bytes(data)
    assert len(document.entries) == data.count(b"\n@") + data.startswith(b"@")
    assert document.problems == ()
    assert all(entry.get("title") and entry.get("year") for entry in document.entries)
