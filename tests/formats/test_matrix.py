"""Every reader with every writer, both taken from the registry; every fixture is recognised by its content."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.registry import FORMATS, find_format, guess_format, reader_of, writer_of
from bibtool.lazy import load
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.model.showntext import shown_text
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.problems import Severity

ROOT = Path(__file__).parents[2] / "fixtures"
PLACES = {"listing": ("listings", "*.txt"), "bibtex": ("bibtex/valid", "*.bib"), "biblatex": ("bibtex/valid", "*.bib")}
OPTIONS = ReadOptions(as_of=dt.date(2026, 11, 23))
READERS = [one.name for one in FORMATS if one.reader]
WRITERS = [one.name for one in FORMATS if one.writer]
# formats that hold nothing but one identifier for each record
IDS_ONLY = {"ids"}
# types that become another one in a format, since it has none of its own: compared by class
CLASSES = {
    **{name: "article" for name in TYPES if name.startswith(("article", "review"))},
    "paper-conference": "article", "chapter": "book", "post-weblog": "web", "webpage": "web", "post": "web",
    "book": "book", "collection": "book", "report": "report", "thesis": "thesis", "software": "software",
}  # fmt: skip


def fixtures_of(name: str) -> list[Path]:
    folder, pattern = PLACES.get(name, (name, "*"))
    return sorted(path for path in (ROOT / folder).rglob(pattern) if path.is_file())


def read(name: str, path: Path) -> tuple[Record, ...]:
    """The records of a fixture; none of one that is made to be refused."""
    try:
        return reader_of(name)(path.read_bytes(), replace(OPTIONS, path=path.name)).records
    except InputError:
        return ()


@cache
def records_of(name: str) -> tuple[Record, ...]:
    """The records of a format's fixtures, with keys that are plain and differ."""
    found = [record for path in fixtures_of(name) for record in read(name, path)]
    return tuple(replace(record, key=f"{name.replace('-', '')}{n}x") for n, record in enumerate(found[:60]))


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("reader", READERS)
def test_each_reader_goes_with_each_writer(reader: str, writer: str) -> None:
    records = records_of(reader)
    assert records, f"there is no fixture for {reader}"
    written = writer_of(writer)(records, WriteOptions())
    assert written == writer_of(writer)(records, WriteOptions()), "two runs differ"
    assert b"\r" not in written.data
    assert written.data.endswith(b"\n")
    written.data.decode("utf-8")
    lost = [p for p in written.problems if p.severity is Severity.ERROR]
    assert not lost or writer in IDS_ONLY
    if writer in IDS_ONLY:
        assert {p.code for p in lost} <= {"not-representable"}
        again = reader_of(writer)(written.data, OPTIONS).records
        assert len(again) + len(lost) == len(records)
        return
    if not find_format(writer).reader:
        return
    result = reader_of(writer)(written.data, OPTIONS)
    assert not [p for p in result.problems if p.severity is Severity.ERROR], result.problems
    assert [record.key for record in result.records] == [record.key for record in records]
    for before, after in zip(records, result.records, strict=True):
        compare(before, after, lost={p.message for p in written.problems if p.key == before.key})


def visible(text: str) -> str:
    """The words without control characters, which few formats have, and what stands in for them."""
    return " ".join("".join(max(char, " ") for char in text.replace("\ufffd", " ")).split())


def shown_title(record: Record) -> str:
    """The title with its mathematics as formats without TeX have it."""
    title = record.variables.get("title")
    return shown_text(title).plain() if isinstance(title, Text) else ""


def compare(before: Record, after: Record, lost: set[str]) -> None:
    """What every format can hold is the same; anything else that is missing was reported."""
    said = " ".join(lost)
    if "type" not in said:
        assert CLASSES.get(after.type, after.type) == CLASSES.get(before.type, before.type)
    assert visible(shown_title(after)) == visible(shown_title(before))
    if before.names("author").names and "parts of the name" not in said:
        first = after.names("author")[0]
        wanted = before.names("author")[0]
        assert (first.family or first.literal) == (wanted.family or wanted.literal)
    if "issued" not in said:
        assert after.year == before.year
    if before.text("DOI") and "DOI" not in said and (before.arxiv is None or before.arxiv.id is None):
        assert after.text("DOI").casefold() == before.text("DOI").casefold()
    if before.arxiv is not None and before.arxiv.id is not None:
        assert after.arxiv is not None
        assert after.arxiv.id == before.arxiv.id


def guess_or_none(data: bytes) -> str | None:
    try:
        return guess_format(data).name
    except InputError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.sniffer])
def test_each_fixture_is_recognised_by_its_content_alone(name: str) -> None:
    paths = [path for path in fixtures_of(name) if read(name, path)]
    assert paths
    for path in paths:
        data = path.read_bytes()
        assert guess_format(data, path.name).name == name, path
        if name == "bibtex":  # files made to be hard: nothing else may take them
            # a page around entries is read as a page, unless its file is named .bib
            assert guess_or_none(data) in {name, None, *(["html"] if data.lstrip().startswith(b"<") else [])}, path
            continue
        assert guess_format(data).name == name, path
        if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK")):
            assert guess_format(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")).name == name, path


@pytest.mark.parametrize("writer", [name for name in WRITERS if name != "biblatex"])
def test_what_is_written_is_recognised(writer: str) -> None:
    if not find_format(writer).reader:
        return
    data = writer_of(writer)(records_of("csl-json"), WriteOptions()).data
    assert guess_format(data).name == writer


OWN = [
    "csl.properties",
    "csl.yaml",
    "ris",
    "nbib",
    "endnotexml",
    "mods",
    "hayagriva",
    "cff",
    "crossref",
    "jats",
    "datacite",
    "ids",
    "csvtable",
    "refer",
    "wos",
    "pubmedxml",
    "marcxml",
    "zotero",
    "bibjson",
    "jsonld",
    "html",
    "scopus",
]


@pytest.mark.parametrize("module", OWN)
def test_mapping_tables_speak_the_vocabulary(module: str) -> None:
    found = import_module(f"bibtool.formats.{module}")
    assert found.FIELDS
    for row in found.FIELDS:
        assert row.variable == "" or row.variable in VARIABLES, row
        assert row.field
    if isinstance(found.__dict__.get("TYPES"), dict):
        assert set(found.TYPES.values()) <= TYPES
    for csl in getattr(found, "STAND_INS", {}):
        assert csl in TYPES


def test_every_reader_and_writer_of_the_table_exists() -> None:
    for one in FORMATS:
        for target in (one.reader, one.writer, one.sniffer):
            if target:
                assert callable(load(target))


@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.writer])
def test_no_records_are_an_empty_file_that_is_no_error(name: str) -> None:
    written = writer_of(name)((), WriteOptions())
    assert written.problems == ()


_MODS = 'xmlns="http://www.loc.gov/mods/v3"'
# a reference that has a type at most, or fields without a value; then one that has a key or a title too
EMPTY = {
    "ris": ("TY  - JOUR\nAU  - \nTI  - \nER  - \n", "TY  - WHAT\nER  - \nTY  - BOOK\nTI  - T\nER  - \n"),
    "refer": ("%0 Book\n%A\n%T\n", "%0\n\n%0 Book\n%T T\n"),
    "endnote-xml": (
        "<xml><records><record/></records></xml>",
        (
            "<xml><records><record><ref-type>6</ref-type></record><record><titles><title>T</title></titles></record>"
            "</records></xml>"
        ),
    ),
    "nbib": ("PMID- \nPT  - Journal Article\n", "PMID- \nTI  - \n\nPMID- 1\nTI  - T\n"),
    "mods": (
        f"<mods {_MODS}/>",
        (
            f"<modsCollection {_MODS}><mods><typeOfResource>text</typeOfResource></mods>"
            "<mods><titleInfo><title>T</title></titleInfo></mods></modsCollection>"
        ),
    ),
    "wos": ("PT J\nAU \nER\n", "PT J\nER\n\nPT J\nTI T\nER\n"),
    "pubmed-xml": (
        "<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>",
        (
            "<PubmedArticleSet><PubmedArticle/><PubmedArticle><MedlineCitation><Article><ArticleTitle>T</ArticleTitle>"
            "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
        ),
    ),
    "jats": (
        "<article><front><article-meta/></front></article>",
        (
            "<x><article/><article><front><article-meta><title-group><article-title>T</article-title></title-group>"
            "</article-meta></front></article></x>"
        ),
    ),
    "crossref": ('{"message": {}}', '{"message": {"items": [{"type": "book"}, {"title": ["T"]}]}}'),
    "datacite": ('{"data": {"attributes": {}}}', '[{"attributes": {}}, {"attributes": {"titles": [{"title": "T"}]}}]'),
    "zotero": ('[{"itemType": "book"}]', '[{"itemType": "book"}, {"itemType": "book", "title": "T"}]'),
    "json-ld": ('{"@type": "Book"}', '{"@graph": [{"@type": "Book"}, {"@type": "Book", "name": "T"}]}'),
    "csv": ("type,title\nbook,\n", "type,title\nbook,\nbook,T\n"),
    "scopus": ("Title,Document Type\n,Article\n", "Title,Document Type\n,Article\nT,Article\n"),
    "csl-json": ('[{"type": "book", "title": ""}]', '[{}, {"type": "book", "title": "T"}]'),
    "csl-yaml": ("references:\n- type: book\n", "references:\n- type: book\n- title: T\n"),
    "hayagriva": ("'':\n  type: book\n", "'':\n  type: book\nk:\n  title: T\n"),
    "cff": ("cff-version: 1.2.0\n", "cff-version: 1.2.0\nreferences:\n- title: T\n"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_reference_in_which_there_is_nothing_is_left_out(name: str) -> None:
    for at, text in enumerate(EMPTY[name]):
        result = reader_of(name)(text.encode(), OPTIONS)
        assert [record.title for record in result.records] == ["T"][:at]
        assert [problem.code for problem in result.problems] == [f"{name}-empty"]


def test_items_of_csl_json_without_anything_are_left_out_among_many() -> None:
    items = ",".join(f'{{"id": "k{n}", "type": "book", "title": "T{n}"}}' for n in range(2000))
    more = items.replace('"k', '"l')
    result = reader_of("csl-json")(f'[{items},\n{{"type": "book"}},{more}]'.encode(), OPTIONS)
    assert len(result.records) == 4000
    assert [(problem.code, problem.position.line) for problem in result.problems] == [("csl-json-empty", 2)]
