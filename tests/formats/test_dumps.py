"""Dumps as they are distributed: which kind a file is, and what its records say."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats.dumps.base import DumpRecord, Tally
from bibtool.formats.dumps.bibtex import parts_of
from bibtool.formats.dumps.opening import kind_of, records_of, source_name

DBLP = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<inproceedings key="conf/x/MuellerL20" mdate="2021-01-01"><author>J&uuml;rgen M&ouml;ller 0002</author>
<author orcid="0000-0002-1825-0097">Bo Lind</author><title>Trees &amp; H<sub>2</sub>O in <i>Gardens</i>.</title>
<pages>1-9</pages><year>2020</year><booktitle>XCONF</booktitle><ee>https://doi.org/10.1000/X.1</ee></inproceedings>
<article key="journals/corr/abs-2001-00001" publtype="withdrawn"><author>Ada Ash</author><title>Slow Trees.</title>
<journal>CoRR</journal><volume>abs/2001.00001</volume><year>2020</year></article>
<www key="homepages/1"><author>Ada Ash</author><title>Home Page</title></www>
</dblp>
"""
ARXIV = {
    "id": "0704.0001", "authors": "A. Ash, B. Lind", "title": "Slow trees\n  and fast bushes", "comments": None,
    "journal-ref": "J. Trees 7 (2009)", "doi": "10.1000/abc", "categories": "cs.LG stat.ML", "abstract": "  We ...",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                 {"version": "v2", "created": "Tue, 24 Jul 2008 20:10:27 GMT"}],
    "update_date": "2021-11-26", "authors_parsed": [["Ash", "A.", ""], ["Lind", "B.", "Jr."]],
}  # fmt: skip
OPENALEX = {
    "id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/abc", "title": "Slow trees", "type": "article",
    "publication_year": 2019, "is_retracted": True, "biblio": {"volume": "3", "first_page": "5", "last_page": "9"},
    "primary_location": {"source": {"display_name": "Journal of Trees"}},
    "authorships": [{"raw_author_name": "Ash, Ada", "author": {"display_name": "Ada B. Ash"}}],
}  # fmt: skip
CROSSREF = {
    "DOI": "10.1000/abc", "type": "journal-article", "title": ["Slow trees"], "container-title": ["Journal of Trees"],
    "author": [{"given": "Ada", "family": "Ash"}], "issued": {"date-parts": [[2019, 3]]},
    "updated-by": [{"type": "retraction", "DOI": "10.1000/notice"}],
}  # fmt: skip


def rows(path: Path) -> list[DumpRecord]:
    return list(records_of(path, kind_of(path), Tally()))


def test_dblp(tmp_path: Path) -> None:
    path = tmp_path / "dblp.xml.gz"
    path.write_bytes(gzip.compress(DBLP))
    assert source_name(path, kind_of(path)) == "dblp"
    paper, preprint = rows(path)
    assert paper.record.title == "Trees & H2O in Gardens"
    assert [str(name.inverted()) for name in paper.record.authors] == ["Möller, Jürgen", "Lind, Bo"]
    assert (paper.record.doi, paper.record.text("page"), paper.record.journal) == ("10.1000/X.1", "1-9", "XCONF")
    assert preprint.record.arxiv is not None
    assert str(preprint.record.arxiv.id) == "2001.00001"
    assert preprint.retracted


@pytest.mark.parametrize("size", [1, 7, 64])
def test_dblp_in_chunks_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    path = tmp_path / "dblp.xml"
    path.write_bytes(DBLP)
    whole = rows(path)
    monkeypatch.setattr("bibtool.formats.dumps.dblp._CHUNK", size)
    assert rows(path) == whole


def test_dblp_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dblp.xml"
    path.write_bytes(DBLP.replace(b'SYSTEM "dblp.dtd"', b'[<!ENTITY a "aaaa">]'))
    with pytest.raises(InputError, match="entities of its own"):
        rows(path)


def test_arxiv_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text(f"{json.dumps(ARXIV)}\nbroken\n", encoding="utf-8")
    tally = Tally()
    (row,) = records_of(path, kind_of(path), tally)
    assert tally.lost == 1
    record = row.record
    assert (record.title, record.year, record.doi) == ("Slow trees and fast bushes", 2007, "10.1000/abc")
    assert record.arxiv is not None
    assert (record.arxiv.latest, record.arxiv.updated[:4]) == (2, "2008")


def test_openalex(tmp_path: Path) -> None:
    path = tmp_path / "part_0000.gz"
    path.write_bytes(gzip.compress(json.dumps(OPENALEX).encode()))
    (row,) = rows(path)
    assert row.retracted
    assert row.record.authors[0].family == "Ash"
    assert (row.record.journal, row.record.text("page")) == ("Journal of Trees", "5-9")


@pytest.mark.parametrize("form", ["items", "lines", "tar"])
def test_crossref(tmp_path: Path, form: str) -> None:
    path = tmp_path / form
    items = json.dumps({"items": [CROSSREF]}).encode()
    if form == "items":
        path.write_bytes(gzip.compress(items))
    elif form == "lines":
        path.write_text(json.dumps(CROSSREF) + "\n" + json.dumps(CROSSREF | {"DOI": "10.1000/other"}) + "\n")
    else:
        with tarfile.open(path, "w") as archive:
            member = tarfile.TarInfo("0.json.gz")
            member.size = len(gzip.compress(items))
            archive.addfile(member, io.BytesIO(gzip.compress(items)))
    first = rows(path)[0]
    assert first.record.title == "Slow trees"
    assert first.retracted == "retraction, notice 10.1000/notice"


@pytest.mark.parametrize("work", [ARXIV, OPENALEX, CROSSREF])
@pytest.mark.parametrize("depth", [200_000, 800])
def test_a_line_that_is_nested_too_deeply_is_lost_alone(tmp_path: Path, work: dict[str, object], depth: int) -> None:
    path = tmp_path / "lines.json"
    line = json.dumps(work)
    nested = f'{line[:-1]}, "deep": {"[" * depth}{"]" * depth}}}'
    path.write_text(f"{line}\n{nested}\n{line}\n", encoding="utf-8")
    tally = Tally()
    found = list(records_of(path, kind_of(path), tally))
    assert len(found) + tally.lost == 3
    assert len(found) >= 2


def test_what_is_not_a_work_of_crossref_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text(f"{json.dumps(CROSSREF)}\n5\n[]\nnull\n")
    tally = Tally()
    assert len(list(records_of(path, kind_of(path), tally))) == 1
    assert tally.lost == 3


def test_a_broken_member_of_a_tar_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "crossref.tar"
    with tarfile.open(path, "w") as archive:
        for number, content in enumerate((b'{"items": [', json.dumps({"items": [CROSSREF]}).encode())):
            member = tarfile.TarInfo(f"{number}.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    tally = Tally()
    assert len(list(records_of(path, kind_of(path), tally))) == 1
    assert tally.reasons is not None
    assert "0.json" in tally.reasons[0]


def test_a_document_that_is_too_large_for_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.formats.dumps.opening.MAX_DOCUMENT", 1000)
    path = tmp_path / "items.json"
    path.write_text(json.dumps({"items": [CROSSREF] * 9}, indent=1))
    with pytest.raises(InputError, match="one document of more than"):
        rows(path)


def test_a_file_that_ends_early_says_so(tmp_path: Path) -> None:
    path = tmp_path / "dblp.xml.gz"
    path.write_bytes(gzip.compress(DBLP * 1)[:-20])
    with pytest.raises(InputError, match=r"can't be unpacked|ends early"):
        rows(path)


def test_a_large_bibtex_file_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.formats.dumps.bibtex.WHOLE", 300)
    monkeypatch.setattr("bibtool.formats.dumps.bibtex.PART", 200)
    entries = [f"@misc{{k{at}, title = {{T {at}}}, note = s}}\n".encode() for at in range(60)]
    parts = list(parts_of(io.BytesIO(b'@string{s = "x"}\n' + b"".join(entries))))
    assert len(parts) > 3
    assert all(part.startswith(b"@string") for part in parts)
    assert b"".join(part.replace(b'@string{s = "x"}\n', b"") for part in parts) == b"".join(entries)
