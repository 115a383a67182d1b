"""The documents in fixtures/scan, and what is found in them, with everything that they take in.

``*.expected.json`` beside each document. Run with ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment to write these files
anew; then look at the difference. A key whose name begins with "hidden" must never be found.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.project.scan.doctypes import TYPES, type_of
from bibtool.project.scan.follow import scan_files
from tests.support.golden import expected

FOLDER = Path(__file__).parents[2] / "fixtures" / "scan"
# files that others take in
PARTS = frozenset(
    "one.tex two.tex deeper.tex three.tex four.tex macros.tex _part.qmd chapter.typ lib.typ part.org part.rst "
    "chapter.aux".split()
)
DOCUMENTS = sorted(p for p in FOLDER.rglob("*") if p.is_file() and type_of(p.name) and p.name not in PARTS)


def read(path: str) -> bytes | None:
    target = FOLDER / path
    return target.read_bytes() if target.is_file() else None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(FOLDER).as_posix())
def test_what_is_found(path: Path) -> None:
    cited = scan_files([path.relative_to(FOLDER).as_posix()], read)
    found = {
        "files": list(cited.files),
        "citations": [
            f"{one.path}:{one.line}:{one.column}: {one.key} {one.syntax}"
            + (f" {one.kind} {one.identifier or ''}".rstrip() if one.kind != "key" else "")
            for one in cited.citations
        ],
        "bibliographies": [named.name for named in cited.bibliographies],
        "problems": [str(problem) for problem in cited.problems],
    }
    assert not [one for one in cited.keys if one.startswith("hidden")]
    for one in cited.citations:  # the place is that of the key
        text = (FOLDER / one.path).read_bytes()
        lines = text.decode("latin-1" if one.path.endswith("four.tex") else "utf-8").splitlines()
        assert lines[one.line - 1][one.column - 1 :].replace("&amp;", "&").startswith(one.key) or one.key == "*"
    golden = path.with_name(path.name + ".expected.json")
    actual = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    assert found == json.loads(expected(golden, actual.encode()))


def test_every_type_has_a_document() -> None:
    suffixes = {kind.name for kind in TYPES}
    assert {kind.name for path in DOCUMENTS if (kind := type_of(path.name))} == suffixes


def test_no_fixture_is_unused() -> None:
    read_files: set[str] = set()
    for golden in FOLDER.rglob("*.expected.json"):
        read_files.update(json.loads(golden.read_text(encoding="utf-8"))["files"])
    assert read_files == {
        p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file() and type_of(p.name)
    }
