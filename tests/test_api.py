"""What ``import bibtool`` offers, used as the how-to and the reference show it."""

from __future__ import annotations

import doctest
import io
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import bibtool
from bibtool import api
from bibtool.errors import UsageError
from bibtool.styles import CitationItem, Processor, Style
from tests.enrich.support import listed
from tests.support.arxiv_papers import facts
from tests.support.arxiv_server import Server

REFS = (
    "@article{doe20,\n  title = {A title},\n  author = {Doe, Jane and Lind, Bo},\n  journal = {Journal of Things},\n"
    "  volume = 3,\n  year = 2020\n}\n% a comment\n@book{lind18, title={Everything}, author={Lind, Bo}, year=2018,\n"
    "  publisher = {Acme}}\n"
)


@pytest.fixture
def refs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small .bib file in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text(REFS, encoding="utf-8")
    return tmp_path / "refs.bib"


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    ["bibtool", "bibtool.api", "bibtool.model.record", "bibtool.model.names", "bibtool.model.dates",
     "bibtool.model.richtext"],
)  # fmt: skip
@pytest.mark.usefixtures("refs")
def test_examples_in_docstrings(module: str) -> None:
    records = list(bibtool.read("refs.bib"))
    names = {
        "bibtool": bibtool, "records": records, "record": records[0], "Record": bibtool.Record, "Name": bibtool.Name,
        "Date": bibtool.Date, "Text": bibtool.Text,
    }  # fmt: skip
    failed, tried = doctest.testmod(import_module(module), extraglobs=names)
    assert tried
    assert not failed


def test_nothing_is_loaded_until_it_is_used() -> None:
    code = "import sys, bibtool; print([name for name in sys.modules if name.startswith('bibtool.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['bibtool.lazy', 'bibtool.version']"


@pytest.mark.slow
@pytest.mark.parametrize("imported", ["bibtool.check.engine", "bibtool.enrich.service", "bibtool"])
def test_functions_with_the_name_of_a_package_can_be_called_whatever_was_imported(imported: str) -> None:
    code = (
        f"import bibtool, {imported}; print(bibtool.check(b'@a{{'), bibtool.enrich([]).results, bibtool.check.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "SYN" in done.stdout
    assert "() bibtool.check" in done.stdout


# reading and writing


def test_a_result_is_its_records(refs: Path) -> None:
    result = bibtool.read(refs)
    assert [record.key for record in result] == ["doe20", "lind18"]
    assert len(result) == 2
    assert "lind18" in result
    assert "nobody" not in result
    assert (result["lind18"], result[0]) == (result.records[1], result.records[0])
    with pytest.raises(bibtool.UnknownNameError, match="did you mean 'lind18'"):
        result["lind81"]


def test_a_result_knows_aliases() -> None:
    result = bibtool.read_text("@misc{new, ids = {old}, title = {X}}", "biblatex")
    assert "old" in result
    assert result["old"].key == "new"


def test_files_paths_bytes_and_text_give_the_same_records(refs: Path) -> None:
    with refs.open("rb") as binary, refs.open(encoding="utf-8") as text:
        from_files = [bibtool.read(str(refs)), bibtool.read(refs), bibtool.read(binary), bibtool.read(text)]
    assert all(result == from_files[0] for result in from_files)
    from_content = [bibtool.read_text(REFS), bibtool.read_bytes(REFS.encode()), bibtool.read(io.StringIO(REFS))]
    for result in from_content:  # which have another place than the file
        assert [dict(record.variables) for record in result] == [dict(record.variables) for record in from_files[0]]


def test_text_for_bytes_and_bytes_for_a_path_are_told_apart() -> None:
    with pytest.raises(TypeError, match="read_text takes text"):
        bibtool.read_bytes("@book{b, title={X}}")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="read_bytes"):
        bibtool.read(b"@book{b, title={X}}")  # type: ignore[arg-type]
    with pytest.raises(bibtool.InputError, match="missing"):
        bibtool.read("missing.bib")
    with pytest.raises(bibtool.UnknownNameError, match="did you mean 'bibtex'"):
        bibtool.read_text(REFS, "bibtx")


def test_records_edited_and_written_elsewhere(refs: Path) -> None:
    edited = [record.with_values({"publisher": "ACME", "volume": None}) for record in bibtool.read(refs)]
    result = bibtool.write(edited, "out.json")
    assert result.problems == ()
    assert Path("out.json").read_bytes() == result.data
    assert [record.text("publisher") for record in bibtool.read("out.json")] == ["ACME", "ACME"]
    stream = io.BytesIO()
    bibtool.write(edited[0], stream, "csl-json")
    assert stream.getvalue() == bibtool.write(edited[0], format="csl-json").data
    with pytest.raises(bibtool.BibtoolError, match=r"\*.odt"):
        bibtool.write(edited, "out.odt")
    with pytest.raises(TypeError, match="format"):
        bibtool.write(edited)


@pytest.mark.parametrize("writer", ["bibtex", "biblatex", "csl-json", "csl-yaml", "ris", "mods", "hayagriva", "csv"])
def test_plain_values_reach_every_format(writer: str) -> None:
    record = bibtool.Record("x", "article-journal", title="A title", volume=3, issued=2020, author="Jane Doe")
    (again,) = bibtool.read_bytes(bibtool.write_bytes(record, writer).data, writer)
    assert (again.title, again.text("volume"), again.year, again.authors[0].family) == ("A title", "3", 2020, "Doe")


# styles


@pytest.mark.slow
def test_a_single_key_is_not_taken_for_its_letters(refs: Path) -> None:
    records = bibtool.read(refs).records
    processor = Processor(Style.load("apa"), records, output="text")
    assert processor.cite("doe20") == processor.cite(["doe20"]) == "(Doe & Lind, 2020)"
    assert processor.cite(CitationItem(key="doe20", locator="4")) == "(Doe & Lind, 2020, p. 4)"
    assert bibtool.cite(records, ["doe20", "lind18"]) == "(Doe & Lind, 2020; Lind, 2018)"
    with pytest.raises(bibtool.UnknownNameError, match="did you mean 'doe20'"):
        bibtool.cite(records, "doe02")


@pytest.mark.slow
def test_lists_in_styles_and_outputs(refs: Path) -> None:
    records = bibtool.read(refs).records
    assert bibtool.format_list(records, "apa").startswith("Doe, J., & Lind, B. (2020). A title.")
    assert "<i>Everything</i>" in bibtool.format_list(records, "apa", "html")
    assert "[1]" in bibtool.format_list(records, "plain")
    kept = bibtool.format_list(records[::-1], "apa", keep_order=True)
    assert kept.index("Everything") < kept.index("A title")
    for arguments in (("appa", "text"), ("apa", "txt")):
        with pytest.raises(bibtool.UnknownNameError):
            bibtool.format_list(records, *arguments)
    with pytest.raises(bibtool.UnknownNameError):
        bibtool.format_list(records, locale="xx-YY")


@pytest.mark.slow
def test_publications_of_a_person(refs: Path) -> None:
    built = bibtool.publication_list(bibtool.read(refs), "Jane Doe")
    text = built.write("markdown").decode()
    assert "A title" in text
    assert "Everything" not in text


# the library


@pytest.mark.slow
def test_a_library_as_a_collection(refs: Path) -> None:
    with bibtool.open_library("own.sqlite") as library:
        report = library.add(bibtool.read(refs))
        assert [item.key for item in report.added] == ["doe20", "lind18"]
        assert library.add(bibtool.read(refs)).unchanged
        assert len(library) == 2
        assert [record.key for record in library] == ["doe20", "lind18"]
        assert library["DOE20"].title == "A title"
        made = library.add(bibtool.Record(title="New things", author="Ann Ash", issued=2021))
        assert library[made.added[0].key].title == "New things"
        assert [record.key for record in library.search("everything")] == ["lind18"]
        with library.change("status") as change:
            change.put(library["doe20"].with_values({"status": "read"}))
        assert library.remove("lind18").title == "Everything"
        assert "lind18" not in library
        with pytest.raises(bibtool.UnknownNameError):
            library.remove("lind18")
        with pytest.raises(LookupError):
            library["nobody"]
        assert [change.what for change in library.history()] == ["remove lind18", "status", "add", "add"]


# .bib files


def test_a_bib_file_edited_in_place(refs: Path) -> None:
    file = bibtool.BibFile.open(refs)
    assert [entry.key for entry in file] == ["doe20", "lind18"]
    assert (len(file), "doe20" in file, file["lind18"].get("publisher")) == (2, True, "Acme")
    with pytest.raises(bibtool.UnknownNameError, match="did you mean 'lind18'"):
        file["lind"]
    editor = bibtool.Editor(file)
    editor.set_field("doe20", "year", "2021")
    assert editor.document().save()
    assert refs.read_text(encoding="utf-8") == REFS.replace("year = 2020", "year = 2021")
    assert not bibtool.BibFile.open(refs).save()
    with pytest.raises(bibtool.BibtoolError, match="path"):
        bibtool.BibFile.from_bytes(b"").save()
    assert bibtool.BibFile.from_bytes(b"")  # a file without entries is a file


# checks and duplicates


def test_findings_of_a_file_are_problems(refs: Path) -> None:
    refs.write_text(REFS + "@article{x, title = {Y}, year = {202}}\n", encoding="utf-8")
    (problem,) = bibtool.check(refs, select=["REQ"])
    assert (problem.code, problem.key, problem.position.line, problem.position.path) == ("REQ001", "x", 11, str(refs))
    assert bibtool.check(bibtool.BibFile.open(refs), select=["REQ"]) == (problem,)
    assert bibtool.check(refs.read_bytes(), select=["REQ"])[0].message == problem.message
    assert not bibtool.check(refs, select=["REQ"], ignore=["REQ001"])
    with pytest.raises(bibtool.UnknownNameError):
        bibtool.check(refs, select=["QQQ"])


def test_duplicates() -> None:
    record = bibtool.Record("a", "book", title="On the nature of small things", author="Jane Doe", issued=2020)
    other = bibtool.Record("b", "book", title="Everything", author="Bo Lind", issued=2018)
    (group,) = bibtool.find_duplicates([record, other, bibtool.Record("c", "book", variables=record.variables)])
    assert (group.members, group.certain) == ((0, 2), True)


# arXiv


@pytest.mark.slow
def test_arxiv_is_asked_and_its_answers_are_kept(tmp_path: Path) -> None:
    records = [listed(item) for item in facts()[:3]]
    with Server() as server:
        report = bibtool.enrich(records, cache=tmp_path, url=server.url, delay_s=0, contact="me@example.org")
        sent = len(server.log)
        assert report.requests_made == sent > 0
        again = bibtool.enrich(records, cache=tmp_path, url=server.url, offline=True)
        assert len(server.log) == sent
    assert [result.after for result in again.results] == [result.after for result in report.results]
    for result, item in zip(report.results, facts(), strict=False):
        assert result.after.arxiv is not None
        assert result.after.arxiv.id is not None
        assert result.after.arxiv.id.number == item["id"]
    verdicts = bibtool.verify([result.after for result in report.results], cache=tmp_path, url=server.url, offline=True)
    assert [verified.verdict for verified in verdicts] == ["confirmed"] * 3


@pytest.mark.slow
def test_a_paper_that_the_user_has_chosen_is_taken() -> None:
    item = facts()[0]
    record = bibtool.Record("mine", "article", title="Quite another title", author="Jane Doe")
    with Server() as server:
        (result,) = bibtool.enrich(record, accept={"mine": item["id"]}, url=server.url, delay_s=0).results
    assert result.after.arxiv is not None
    assert str(result.after.arxiv.id).startswith(item["id"])
    assert [conflict.field for conflict in result.conflicts] == ["title", "author"]


def test_the_pace_is_kept_between_calls_without_a_folder() -> None:
    clients = [api._client(None, None, None, "", offline=False, max_age_days=None) for _ in range(2)]
    assert clients[0].transport.pacer is clients[1].transport.pacer
    assert clients[0].transport.pacer.delay_s == 3.0
    hurried = api._client(None, None, 0.0, "", offline=False, max_age_days=None)
    assert hurried.transport.pacer.delay_s == 3.0


def test_an_address_that_is_not_one_is_an_error() -> None:
    with pytest.raises(bibtool.BibtoolError, match="not an http address"):
        bibtool.enrich([], url="ftp://example.org")


def test_a_result_of_the_door_can_be_pickled(refs: Path) -> None:
    result = bibtool.read(refs)
    assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("bibtex", "format='bibtex' gives the text, without a file"),
        ("refs", "name the format, as in format='bibtex'"),
        ("refs.xyz", "name the format, as in format='bibtex'"),
    ],
)
def test_a_name_that_says_no_format_gets_advice(
    target: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        bibtool.write(bibtool.Record("k", "book", title="A"), target)
    assert caught.value.hint == hint
    assert not Path(target).exists()
