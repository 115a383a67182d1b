"""`convert` and `export` write record by record: what they say, in which order, and nothing is put out too early."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "@book{a, title = {A}, doi = {nonsense}}\n@book{b, title = {B}, version = {2}, crossref = {none}}\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.bib").write_text(GOOD)
    (tmp_path / "bad.bib").write_bytes(b"\x00")


def places(text: str, *parts: str) -> list[int]:
    assert all(part in text for part in parts), text
    return [text.index(part) for part in parts]


@pytest.mark.parametrize("target", ["csl-json", "bibtex", "ris", "html"])
@pytest.mark.parametrize("other", ["bad.bib", "missing.bib"])
def test_nothing_is_put_out_where_a_later_file_can_not_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, target: str, other: str
) -> None:
    out = tmp_path / "out.txt"
    out.write_text("as it was")
    for more in ([], ["-o", str(out)]):
        done = call(monkeypatch, "convert", "good.bib", other, "--to", target, *more)
        assert (done.code, done.out) == (1, "")
        found = places(done.err, "malformed-doi", f"bibtool: {other}")
        assert found == sorted(found)
        assert "not-representable" not in done.err  # what writing has to say comes after reading
    assert out.read_text() == "as it was"


def test_problems_of_reading_come_before_those_of_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "convert", "good.bib", "good.bib", "--to", "bibtex")
    assert done.code == 0
    assert done.out.count("@book{a,") == 2
    last = done.err.rindex("malformed-doi")
    assert done.err.count("malformed-doi") == 2
    assert done.err.index("two records have the key 'a'") > last


def test_a_key_is_made_that_no_later_record_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keyless.bib").write_text("@book{, title = {Some}, year = 2001}\n@book{anon2001some, title = {T}}")
    done = call(monkeypatch, "convert", "good.bib", "keyless.bib", "--to", "csl-json")
    assert '"id": "anon2001somea"' in done.out


def test_a_misspelt_field_to_leave_out_is_told_after_reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for target in ("csl-json", "bibtex", "html"):
        done = call(monkeypatch, "convert", "good.bib", "--to", target, "--omit", "abstrct")
        assert (done.code, done.out) == (2, "")
        found = places(done.err, "malformed-doi", "abstrct")
        assert found == sorted(found)
    (tmp_path / "own.bib").write_text("@book{a, title = {A}, abstrct = {x}}")
    done = call(monkeypatch, "convert", "own.bib", "--to", "csl-json", "--omit", "abstrct")
    assert done.code == 0
    assert "abstrct" not in done.out


def test_where_and_sort(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "years.bib").write_text(
        "".join(f"@book{{k{y}, title = {{T}}, year = {y}}}\n" for y in (2001, 1999, 2003))
    )
    done = call(monkeypatch, "convert", "years.bib", "--to", "bibtex", "--where", "year>2000", "--sort", "-year")
    assert [line[6:11] for line in done.out.splitlines() if line.startswith("@")] == ["k2003", "k2001"]


def test_export_says_what_was_retracted_before_what_is_not_held(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    items = [
        {"id": "a", "type": "book", "title": "A", "note": "RETRACTED: Crossref says so"},
        {"id": "b", "type": "book", "title": "B", "medium": "vellum"},
    ]
    (tmp_path / "library.json").write_text(json.dumps(items))
    library = str(tmp_path / "library.sqlite")
    assert call(monkeypatch, "import", "library.json", "--library", library).code == 0
    done = call(monkeypatch, "export", "--library", library, "--format", "bibtex")
    found = places(done.err, "a: RETRACTED", "BibTeX has no field for")
    assert found == sorted(found)
    done = call(monkeypatch, "export", "--library", library, "--format", "csl-json", "--where", "year=1900")
    assert done.out == "[]\n"
    assert "no records to export" in done.err
