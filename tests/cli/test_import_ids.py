"""``bibtool import ID``: papers by arXiv id, DOI or address, mixed with files; and files that hold no records."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bibtool.cli import exits
from bibtool.model.record import Record
from bibtool.store import open_library
from tests.cli.runner import Outcome, call
from tests.support.arxiv_server import Server

NEURAL = "Neural Galerkin Schemes with Active Learning for High-Dimensional Evolution Equations"


class Shelf:
    """A folder with a library, and the import command in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "library.sqlite"
        self.monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("BIBTOOL_LIBRARY", str(self.path))

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        return call(self.monkeypatch, "import", *arguments, stdin=stdin)

    def records(self) -> list[Record]:
        with open_library(str(self.path)) as library:
            return list(library.records())


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed",
    [
        "2203.01360",
        "arXiv:2203.01360",
        "arxiv:2203.01360v2",
        "https://arxiv.org/abs/2203.01360",
        "http://www.arxiv.org/pdf/2203.01360v1.pdf",
        "10.48550/arXiv.2203.01360",
        "https://doi.org/10.48550/arXiv.2203.01360",
    ],
)
def test_an_arxiv_id_gives_the_whole_record(server: Server, shelf: Shelf, typed: str) -> None:
    done = shelf(typed)
    assert done.code == 0
    assert done.err.splitlines() == [
        f"bruna2022neural: {NEURAL}",
        "1 added, 0 completed, 0 unchanged",
        "next: `bibtool show KEY` shows all that is known",
    ]
    (record,) = shelf.records()
    assert (record.key, record.title, len(record.authors)) == ("bruna2022neural", NEURAL, 3)
    assert len(server.log) == 1
    assert "0 added, 0 completed, 1 unchanged" in shelf("2203.01360").err
    assert len(server.log) == 1


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("10.1000/xyz", "DOI", "10.1000/xyz"),
        ("doi:10.1000/xyz", "DOI", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz", "DOI", "10.1000/xyz"),
        ("https://journals.example.org/abstract/10.1000/xyz?ref=1", "DOI", "10.1000/xyz"),
        ("PMID:123456", "PMID", "123456"),
        ("978-0-306-40615-7", "ISBN", "978-0-306-40615-7"),
    ],
)
def test_other_identifiers_are_stored_as_they_are(shelf: Shelf, typed: str, field: str, value: str) -> None:
    done = shelf(typed)
    assert done.code == 0
    assert "only the identifier was imported" in done.err
    assert ("https://doi.org/10.1000/xyz | bibtool import -" in done.err) == (field == "DOI")
    (record,) = shelf.records()
    assert record.text(field).replace("-", "") == value.replace("-", "")


@pytest.mark.slow
def test_files_and_ids_go_in_together_and_a_file_wins(server: Server, shelf: Shelf) -> None:
    Path("more.bib").write_text("@book{mine, title = {Mine}, year = 1990}\n", encoding="utf-8")
    Path("2310.02117").write_text("@book{other, title = {Other}, year = 1991}\n", encoding="utf-8")
    done = shelf("2203.01360", "more.bib", "2310.02117", "-", "--json", stdin=b"@book{third, title = {Third}}")
    assert done.code == 0
    assert json.loads(done.out)["added"] == ["bruna2022neural", "mine", "other", "third"]
    with open_library(str(shelf.path)) as library:
        assert library.history()[0].what == "import 2203.01360 more.bib 2310.02117 standard input"


@pytest.mark.slow
def test_importing_ones_own_export_changes_nothing(server: Server, shelf: Shelf) -> None:
    shelf("2203.01360")
    shelf("2310.02117", "10.1000/xyz", "--offline")
    own = call(shelf.monkeypatch, "export", "--format", "bibtex").data
    done = shelf("-", stdin=own)
    assert done.err.splitlines()[-1] == "0 added, 0 completed, 3 unchanged"


@pytest.mark.slow
def test_an_id_that_arxiv_does_not_have_is_refused(server: Server, shelf: Shelf) -> None:
    done = shelf("2203.99999", "2203.01360")
    assert done.code == 1
    assert "error: arXiv has no paper 2203.99999; nothing was imported for it" in done.err
    assert [record.key for record in shelf.records()] == ["bruna2022neural"]


def test_without_a_connection_the_id_is_stored(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")  # nobody listens where conftest.py points
    done = shelf("2203.01360")
    assert done.code == 4
    assert (
        "only the id was imported (could not reach arXiv (2 tries): connection refused); `bibtool enrich` completes it"
    ) in done.err
    assert [str(record.arxiv and record.arxiv.id) for record in shelf.records()] == ["2203.01360"]


def test_offline_does_not_ask(server: Server, shelf: Shelf) -> None:
    done = shelf("2203.01360", "--offline")
    assert done.code == 0
    assert "only the id was imported (arXiv was not asked); `bibtool enrich` completes it" in done.err
    assert server.log == []


@pytest.mark.parametrize(
    ("typed", "said", "code"),
    [
        ("2203.0136", "not a valid arXiv id: ids of that year have five digits", exits.USAGE),
        ("https://example.org/paper", "no arXiv id, DOI, PMID or ISBN in this address", exits.USAGE),
        ("nosuch.bib", "nosuch.bib: can't be read: No such file or directory", exits.FAILED),
    ],
)
def test_what_is_neither_file_nor_id(shelf: Shelf, typed: str, said: str, code: int) -> None:
    done = shelf(typed)
    assert done.code == code
    assert said in done.err
    assert not shelf.path.exists()


def _office(inside: str) -> bytes:
    with zipfile.ZipFile("made.zip", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return Path("made.zip").read_bytes()


@pytest.mark.slow
def test_a_web_page_without_records_is_refused(shelf: Shelf) -> None:
    Path("a.html").write_text("<!DOCTYPE html>\n<html><body>Hi</body></html>", encoding="utf-8")
    done = shelf("a.html")
    assert done.code == 1
    assert "a.html: this web page has neither JSON-LD" in done.err
    assert "citation export" in done.err


@pytest.mark.parametrize(
    ("name", "data", "what", "advice"),
    [
        ("a.pdf", b"%PDF-1.5\n...", "a PDF", "import its DOI or arXiv id"),
        ("a", b"\n%PDF-1.5\n...", "a PDF", "import its DOI or arXiv id"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "an image", "type or copy the text"),
        (
            "a.tex",
            b"% a\n\\documentclass{article}\n\\begin{document}\nHi\n\\end{document}\n",
            "a LaTeX document",
            "cited",
        ),
        ("a.pptx", "ppt/presentation.xml", "a PowerPoint file", "copy its text"),
        ("a.xlsx", "xl/workbook.xml", "an Excel workbook", "save it as CSV"),
        ("a.zip", "refs.bib", "a ZIP archive", "unpack it"),
        ("a.gz", b"\x1f\x8b\x08\0", "a compressed file", "unpack it"),
        ("a.sqlite", b"SQLite format 3\0", "an SQLite database", "--library"),
        ("a.bin", b"\0\1\2\3", "a binary file", "bibtool formats"),
    ],
)
def test_files_without_records_are_named_for_what_they_are(
    shelf: Shelf, name: str, data: bytes | str, what: str, advice: str
) -> None:
    Path(name).write_bytes(_office(data) if isinstance(data, str) else data)
    done = shelf(name)
    assert done.code == 1
    first, second = done.err.splitlines()
    assert first == f"bibtool: {name}: this looks like {what}, which has no records"
    assert advice in second


@pytest.mark.slow
def test_a_word_document_is_read_and_one_without_text_refused(shelf: Shelf, fixtures: Path) -> None:
    Path("cv.docx").write_bytes((fixtures / "docx" / "cv.docx").read_bytes())
    assert shelf("cv.docx").code == 0
    Path("empty.docx").write_bytes(_office("word/document.xml"))
    done = shelf("empty.docx")
    assert (done.code, "this Word document has no text" in done.err) == (1, True)


@pytest.mark.slow
def test_a_named_format_that_does_not_fit_is_not_advised_again(shelf: Shelf) -> None:
    Path("a.tex").write_text("\\documentclass{article}\n", encoding="utf-8")
    Path("notes.txt").write_text("Some notes of mine.\n", encoding="utf-8")
    done = shelf("a.tex", "--from", "bibtex")
    assert "no BibTeX entry was found; this looks like a LaTeX document" in done.err
    assert "--from" not in done.err
    done = shelf("notes.txt", "--from", "bibtex")
    assert (done.code, "--from" in done.err) == (1, False)
