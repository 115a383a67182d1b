"""Records as BibTeX and BibLaTeX. Golden files: fixtures/bibtex-out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bibtool.bib.document import Document
from bibtool.formats.base import ReadOptions, WriteOptions, WriteResult
from bibtool.formats.bibtex.reader import read, read_biblatex
from bibtool.formats.bibtex.writer import write_biblatex, write_bibtex
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.problems import Severity
from tests.support.golden import expected

LIGO = Name(literal="The LIGO and Virgo Collaborations")


def people(*names: str, truncated: bool = False) -> Names:
    return Names(tuple(parse_name(name) for name in names), truncated)


def samples() -> list[Record]:
    """One record for each thing that the writer has to care for."""
    return [
        Record(
            type="article",
            variables={
                "title": Text.of("Slow Flows of RNNs & PyTorch on 3D_x Grids"),
                "author": people("Anna de la Cruz", "Jürgen Müller", truncated=True),
                "issued": Date.of(2023, 3, 2),
                "DOI": Verbatim("10.48550/arXiv.2303.01360"),
                "abstract": parse_markup("We show 50% of $x_1$ in <i>vivo</i>."),
                "keyword": Text.of("flows, grids"),
            },
            arxiv=Arxiv(
                id=ArxivId("2303.01360", 2),
                primary_category="math.NA",
                categories=("math.NA", "cs.LG"),
                comment="12 pages",
                journal_ref="J. Slow Flows 3 (2024) 1-12",
            ),
        ),
        Record(
            type="article-journal",
            variables={
                "title": parse_markup('On <span class="nocase">Linux</span> and H<sub>2</sub>O'),
                "author": people("Anna de la Cruz"),
                "issued": Date.of(2023),
                "container-title": Text.of("Journal of A & B"),
                "volume": Number("12"),
                "issue": Number("3"),
                "page": Number("100-110"),
                "DOI": Verbatim("10.1000/flows.1_2"),
                "ISSN": Verbatim("0378-5955"),
            },
            arxiv=Arxiv(id=ArxivId("2303.01361"), primary_category="cs.LG", journal_ref="Journal of A & B 12 (2023)"),
        ),
        Record(
            key="kept:Key/1",
            type="paper-conference",
            variables={
                "title": Text.of("A Talk"),
                "author": Names((LIGO, Name(family="Wang", given="Wei", homonym="0001"))),
                "editor": people("Ed I. Tor"),
                "container-title": Text.of("Proceedings of the 3rd Meeting"),
                "collection-title": Text.of("LNCS"),
                "collection-number": Number("77"),
                "publisher": Text.of("Barnes and Noble"),
                "publisher-place": Text.of("Rome"),
                "issued": parse_date("2021-06-01/2021-06-03"),
                "DOI": Verbatim("10.48550/arXiv.2106.00001"),
            },
            arxiv=Arxiv(id=ArxivId("2106.00001"), withdrawn=True),
            leftovers=(Leftover("bibtex", "timestamp", "Mon, 1 Jun"), Leftover("ris", "M3", "not ours")),
        ),
        Record(
            type="thesis",
            variables={
                "title": Text.of("Über Flüsse"),
                "author": people("Gottfried Groß"),
                "genre": Text.of("Master's thesis"),
                "publisher": Text.of("Universität Köln"),
                "issued": parse_date("1999~"),
                "language": Verbatim("de"),
            },
        ),
        Record(
            type="webpage",
            variables={
                "title": Text.of("A page"),
                "URL": Verbatim("https://example.org/a_b%20c#{x}"),
                "accessed": Date.of(2024, 2, 29),
            },
        ),
        Record(
            type="software",
            variables={
                "title": Text.of("bib"),
                "version": Number("1.2-rc1"),
                "medium": Text.of("CD"),
                "issued": Date(literal="soon"),
            },
        ),
        Record(
            type="chapter",
            variables={
                "title": Text.of("Война и мир"),
                "author": people("Лев Толстой"),
                "page": Number("A-12"),
            },
        ),
        Record(
            type="report",
            variables={
                "title": Text.of("中文"),
                "genre": Text.of("Technical report"),
                "number": Number("TR-94-12"),
            },
        ),
    ]


GOLDEN = [
    ("bibtex.bib", write_bibtex, False),
    ("bibtex-escaped.bib", write_bibtex, True),
    ("biblatex.bib", write_biblatex, False),
    ("biblatex-escaped.bib", write_biblatex, True),
]


@pytest.mark.parametrize(("name", "write", "latex"), GOLDEN, ids=[g[0] for g in GOLDEN])
def test_golden_files(fixtures: Path, name: str, write: object, latex: bool) -> None:
    assert callable(write)
    path = fixtures / "bibtex-out" / name
    data = write(samples(), WriteOptions(latex=latex)).data
    assert data.decode() == expected(path, data).decode()


def test_what_the_format_has_no_field_for_is_told() -> None:
    result = write_bibtex(samples(), WriteOptions())
    (problem,) = [p for p in result.problems if p.code == "not-representable"]
    assert "'medium'" in problem.message
    assert problem.severity is Severity.NOTE


def fields(record: Record, *, biblatex: bool = False) -> dict[str, str]:
    write = write_biblatex if biblatex else write_bibtex
    (entry,) = Document.from_bytes(write([record], WriteOptions()).data).entries
    return {"@": entry.type, **dict(entry.items())}


def test_the_doi_of_the_preprint_is_never_that_of_the_article() -> None:
    found = fields(samples()[2])
    assert "doi" not in found
    assert found["eprint"] == "2106.00001"
    preprint = samples()[0]
    assert fields(preprint)["doi"] == "10.48550/arXiv.2303.01360"
    published = preprint.with_values({"container-title": Text.of("J. Slow Flows"), "DOI": Verbatim("10.1000/1")})
    found = fields(published)
    assert (found["@"], found["journal"], found["doi"]) == ("article", "J. Slow Flows", "10.1000/1")
    assert found["eprint"] == "2303.01360v2"
    assert "Published as" not in found["note"]


@pytest.mark.parametrize(
    ("entry", "doi"),
    [
        ("@misc{k, journal = {J. Slow Flows}", ""),
        ("@misc{k, journal = {J. Slow Flows}, volume = 3", ""),
        ("@misc{k, publisher = {Harbor Press}", ""),
        ("@misc{k, note = {To appear}", "10.48550/arXiv.2303.01360"),
        ("@misc{k, publisher = {arXiv}", "10.48550/arXiv.2303.01360"),
        ("@article{k, journal = {CoRR}, volume = {abs/2303.01360}", "10.48550/arXiv.2303.01360"),
        ("@misc{k, journal = {J. Slow Flows}, doi = {10.48550/arXiv.2303.01360}", "10.48550/arXiv.2303.01360"),
    ],
)
@pytest.mark.parametrize("biblatex", [False, True])
def test_arxivs_doi_is_added_to_what_names_no_other_place(entry: str, doi: str, *, biblatex: bool) -> None:
    text = f"{entry}, title = {{Slow}}, year = 2001, eprint = {{2303.01360}}, archiveprefix = {{arXiv}}}}"
    (record,) = read(text.encode(), ReadOptions()).records
    written = fields(record, biblatex=biblatex)
    assert written.get("doi", "") == doi
    assert written["eprint"] == "2303.01360"
    result = (write_biblatex if biblatex else write_bibtex)([record], WriteOptions())
    (again,) = read(result.data, ReadOptions()).records
    assert again.text("DOI") == record.text("DOI")


def test_titles_of_bibtex_files_keep_their_braces_as_they_are() -> None:
    title = Text.of("About BERT")
    mine = Record(key="k", variables={"title": title}, provenance={"title": Provenance(source="bibtex")})
    assert fields(mine)["title"] == "About BERT"
    assert fields(replace(mine, provenance={}))["title"] == "About {BERT}"


def test_what_would_break_the_file_is_made_safe_and_told() -> None:
    record = Record(
        key="bad key{,",
        variables={"title": Text.of("a\x07b"), "URL": Verbatim("http://a.b/}{")},
        leftovers=(Leftover("bibtex", "mine", "lone } brace \\{"), Leftover("bibtex", "no name", "x")),
    )
    result = write_bibtex([record, Record(key="next", variables={"title": Text.of("N")})], WriteOptions())
    document = Document.from_bytes(result.data)
    assert [entry.key for entry in document.entries] == ["bad-key-", "next"]
    assert document.broken == ()
    codes = [problem.code for problem in result.problems]
    assert codes.count("unsafe-text") == 4
    assert "unusable-key" in codes


def test_keys_that_exist_stay_and_new_ones_differ() -> None:
    one = Record(variables={"title": Text.of("Same"), "author": people("A. Same")})
    data = write_bibtex([one, replace(one, key="samesame"), one], WriteOptions()).data
    assert [entry.key for entry in Document.from_bytes(data).entries] == ["samesamea", "samesame", "samesameb"]
    named = WriteOptions(extra={"key-template": "{auth:upper}"})
    assert b"{SAME," in write_bibtex([one], named).data


def test_the_same_bytes_every_time() -> None:
    for write in (write_bibtex, write_biblatex):
        assert write(samples(), WriteOptions()).data == write(samples(), WriteOptions()).data
    assert write_bibtex([], WriteOptions()).data == b""


def test_forms_of_the_file_are_kept_in_their_dialect_and_dropped_when_edited() -> None:
    text = b"@manual{m, title={M}, organization={Org}, date={2004-04-05T10:00}, langid={ngerman}, type={phdthesis}}"
    (record,) = read_biblatex(text, ReadOptions()).records
    found = fields(record, biblatex=True)
    assert (found["@"], found["organization"], found["date"]) == ("manual", "Org", "2004-04-05T10:00")
    assert found["langid"] == "ngerman"
    edited = record.with_values({"publisher": Text.of("New"), "issued": Date.of(2005), "language": Verbatim("fr")})
    found = fields(edited, biblatex=True)
    assert (found["publisher"], found["date"], found["langid"]) == ("New", "2005", "french")
    assert "organization" not in found


def test_biblatex_types_become_bibtex_types_in_bibtex() -> None:
    (record,) = read(b"@online{o, title={O}, journaltitle={J}, date={2020-01}}", ReadOptions()).records
    found = fields(record)
    assert (found["@"], found["entrysubtype"], found["year"]) == ("misc", "webpage", "2020")
    assert fields(record, biblatex=True)["@"] == "online"


def test_crossref_is_written_only_before_its_parent() -> None:
    text = b"@inproceedings{c, title={C}, crossref={p}}\n@proceedings{p, title={P}, year=1999}"
    child, parent = read(text, ReadOptions()).records
    entries = Document.from_bytes(write_bibtex([child, parent], WriteOptions()).data).by_key
    assert entries["c"].get("crossref") == "p"
    assert entries["c"].get("booktitle") == "P"
    entries = Document.from_bytes(write_bibtex([parent, child], WriteOptions()).data).by_key
    assert entries["c"].get("crossref") is None
    alone = write_bibtex([child], WriteOptions())
    assert [problem.code for problem in alone.problems] == ["crossref-missing"]


@pytest.mark.slow
@pytest.mark.parametrize("latex", [False, True])
def test_bibtex_itself_takes_the_output(tmp_path: Path, fixtures: Path, latex: bool) -> None:
    program = shutil.which("bibtex")
    if program is None:
        pytest.skip("bibtex is not installed")
    shutil.copy(fixtures / "bibtex-out" / "plainish.bst", tmp_path)
    records = samples()
    data = write_bibtex(records, WriteOptions(latex=latex)).data
    (tmp_path / "refs.bib").write_bytes(data)
    (tmp_path / "paper.aux").write_text(
        "\\relax\n\\citation{*}\n\\bibstyle{plainish}\n\\bibdata{refs}\n", encoding="ascii"
    )
    done = subprocess.run([program, "paper"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "warning" not in done.stdout.casefold(), done.stdout
    assert done.returncode == 0, done.stdout
    listed = (tmp_path / "paper.bbl").read_text(encoding="utf-8")
    assert listed.count("\\bibitem") == len(records)
    assert "{RNNs} \\& {PyTorch} on {3D}\\_x grids" in listed  # lower case but where protected
    assert "Anna de~la Cruz" in listed


@pytest.mark.slow
@pytest.mark.parametrize("latex", [False, True])
def test_the_real_sample_is_stable_from_the_first_pass(shared: Path, latex: bool) -> None:
    data = (shared / "corpus/dblp-1k.bib").read_bytes()
    records = read(data, ReadOptions()).records
    for write, reader in ((write_bibtex, read), (write_biblatex, read_biblatex)):
        once = write(records, WriteOptions(latex=latex)).data
        assert once.isascii() or not latex
        again = reader(once, ReadOptions())
        assert {problem.code for problem in again.problems} <= {"crossref-missing"}
        assert len(again.records) == len(records)
        for old, new in zip(records, again.records, strict=True):
            led_nowhere = Leftover("bibtex-form", "crossref", old.leftover("bibtex", "crossref")) in old.leftovers
            left = tuple(one for one in old.leftovers if one.name != "crossref" or led_nowhere)
            assert replace(new, provenance={}) == replace(old, provenance={}, leftovers=left)
        assert write(again.records, WriteOptions(latex=latex)).data == once


@pytest.mark.parametrize(
    "entry_type",
    [
        "comment",
        "String",
        "preamble",
        "",
        "a b",
        "a\udca0",
        "a\udced\udca0\udc80b",
        "a{x, title={X}}\n@misc",
        "1",
        "@",
        "x,",
        "\x00",
    ],
)
@pytest.mark.parametrize("write", [write_bibtex, write_biblatex])
def test_whatever_the_type_of_an_entry_was_it_is_read_as_one_entry(
    entry_type: str, write: Callable[..., WriteResult]
) -> None:
    leftovers = (Leftover("bibtex-form", "entrytype", entry_type), Leftover("bibtex", "f\udca0", "x"))
    record = Record(type="document", key="k", variables={"title": Text.of("T")}, leftovers=leftovers)
    result = write([record, replace(record, key="m")], WriteOptions())
    assert [(found.key, str(found.title)) for found in read(result.data, ReadOptions()).records] == [
        ("k", "T"),
        ("m", "T"),
    ]
