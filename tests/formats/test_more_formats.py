"""EndNote's Refer, Web of Science, PubMed XML, MARCXML, Zotero's JSON, BibJSON, JSON-LD, web pages, Scopus' CSV."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.registry import guess_format, read_bytes, reader_of, write_bytes, writer_of
from bibtool.model.record import Record

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPTIONS = ReadOptions(path="input", when="2026-11-23T00:00:00Z")
ORCID = "0000-0002-1825-0097"


def read(name: str, text: str) -> tuple[Record, ...]:
    return reader_of(name)(text.encode(), OPTIONS).records


def fixture(name: str, file: str) -> tuple[Record, ...]:
    return reader_of(name)((FIXTURES / name / file).read_bytes(), OPTIONS).records


def people(record: Record, variable: str = "author") -> str:
    return "; ".join(name.display() for name in record.names(variable))


def values(record: Record, *variables: str) -> list[str]:
    return [str(record.variables.get(variable, "")) for variable in variables]


# -- which format it is ----------------------------------------------------------------------------------------------

JSON_KINDS = {
    "csl-json": [
        '[{"id": "a", "type": "book", "title": "T"}]',
        '{"items": [{"id": "a", "title": "T", "issued": {"date-parts": [[2001]]}}]}',
        '[{"id": "a", "author": [{"family": "Lind", "given": "S."}], "type": "article-journal"}]',
        "[]",
    ],
    "zotero": [
        '{"items": [{"itemType": "book", "title": "T", "creators": []}]}',
        '[{"data": {"itemType": "report", "title": "T", "type": "article"}}]',
        '[{"key": "A", "version": 1, "itemType": "bookSection", "DOI": "10.5555/a", "issued": "2001"}]',
    ],
    "bibjson": [
        '{"type": "article", "id": "a", "title": "T", "author": [{"name": "Lind, S."}], "year": 2001}',
        '{"records": [{"title": "T", "identifier": [{"type": "doi", "id": "10.5555/a"}]}]}',
        '[{"title": "T", "type": "book", "journal": {"name": "J"}, "author": ["S. Lind"], "year": "2001"}]',
    ],
    "json-ld": [
        '{"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "T"}',
        '{"@context": "http://schema.org/", "@graph": [{"@type": ["Thing", "Book"], "name": "T", "id": "x"}]}',
        '[{"@type": ["http://schema.org/Dataset"], "http://schema.org/name": [{"@value": "T"}]}]',
    ],
    "crossref": ['{"message-type": "work", "message": {"DOI": "10.5555/a", "type": "book", "title": ["T"]}}'],
    "datacite": ['{"data": {"attributes": {"doi": "10.5555/a", "titles": [{"title": "T"}], "creators": []}}}'],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in JSON_KINDS.items() for text in texts])
@pytest.mark.parametrize("path", ["", "a.json"])
def test_json_is_told_by_its_members(name: str, text: str, path: str) -> None:
    assert guess_format(text.encode(), path).name == name


@pytest.mark.parametrize(
    "text",
    [
        "[1] Smith, J. (2001). On bells. J. Bells 3, 1-9.\n[2] Lind, S. Rain. 1999.\n",
        '[12] A. Brook, "Gutters," 2015.\n',
        "[a] is not a list\n",
        "{Smith 2001} On bells\n",
    ],
)
def test_a_bracket_alone_is_not_json(text: str) -> None:
    try:
        name = guess_format(text.encode()).name
    except InputError:
        return
    assert name in {"listing", "ids"}


@pytest.mark.parametrize("path", ["", "data.json"])
@pytest.mark.parametrize(
    "text",
    [
        '{"temperature": [1, 2], "unit": "K"}',
        '[{"id": 3, "name": "x", "volume": 7}]',
        '{"name": "pkg", "version": "1"}',
    ],
)
def test_json_without_bibliographic_members_is_refused(text: str, path: str) -> None:
    with pytest.raises(InputError, match="no bibliographic members: no title"):
        read_bytes(text.encode(), None, ReadOptions(path=path))


@pytest.mark.parametrize("path", ["", "data.csv"])
@pytest.mark.parametrize(
    "text", ["time,volume,number\n1,2,3\n", "date;volume;page;note\n2001;1;2;x\n", "issue,section\n1,2\n"]
)
def test_a_table_of_measurements_is_refused(text: str, path: str) -> None:
    with pytest.raises(InputError):
        read_bytes(text.encode(), None, ReadOptions(path=path))
    with pytest.raises(InputError, match="no column by which a work is known: title"):
        read_bytes(text.encode(), "csv")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("zotero", '[{"itemType": "note", "note": "x"}]', "itemType"),
        ("bibjson", '{"metadata": {}, "records": []}', "title"),
        ("bibjson", '[{"name": "x"}]', "title"),
        ("json-ld", '{"@context": "https://schema.org", "@type": "Organization", "name": "X"}', "ScholarlyArticle"),
        ("html", "<html><body><p>Hello @all</p></body></html>", "neither JSON-LD"),
        ("pubmed-xml", "<PubmedArticleSet></PubmedArticleSet>", "PubmedArticle"),
        ("marcxml", "<collection><record><leader/></record></collection>", "245"),
        ("scopus", "a,b\n1,2\n", "heading"),
        ("refer", "hello\n", "no line has a tag"),
        ("wos", "hello\n", "no line has a tag"),
    ],
)
def test_an_input_without_works_says_what_is_missing(name: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(name, text)


# -- Refer -----------------------------------------------------------------------------------------------------------


def test_refer_of_endnote() -> None:
    article, edited, part, thesis, unknown = fixture("refer", "endnote.enw")
    assert (article.key, article.type) == ("tannhauser2019", "article-journal")
    assert people(article) == "Ilse Tannhäuser; Pieter van Dalen; Roof Survey Group"
    assert values(article, "issued", "issue", "DOI", "keyword") == [
        "2019-03-04",
        "3",
        "10.5555/aib.2019.201",
        "mosses, slate, roofs",
    ]
    assert article.text("abstract") == "Slate keeps water.\n\nMosses like that."
    assert (people(edited), people(edited, "editor"), people(edited, "collection-editor")) == (
        "",
        "Ngozi Okafor",
        "Sara Lind",
    )
    assert values(edited, "collection-title", "container-title") == ["Studies in Small Places", ""]
    assert values(part, "container-title", "collection-title", "PMID") == [
        "Roofs and What Lives on Them", "Studies in Small Places", "12345678",
    ]  # fmt: skip
    assert values(thesis, "publisher", "genre") == ["University of Elsewhere", "PhD thesis"]
    assert [(left.name, left.value) for left in unknown.leftovers] == [("%0", "Cave Painting")]


@pytest.mark.parametrize("after", ["%T Another title", "%Z A note\n\nin two parts\n%T Another title"])
def test_an_empty_line_within_a_value_of_refer_does_not_end_the_reference(after: str) -> None:
    """A repeated title begins the next reference only directly after an empty line."""
    text = f"%0 Book\n%T A title\n%A Ash, Bea\n%X One paragraph.\n\nAnother one.\n{after}\n\n%0 Book\n%T Next\n"
    records = read_bytes(text.encode(), "refer").records
    assert [record.title for record in records] == ["A title", "Next"]
    assert records[0].text("abstract") == "One paragraph.\n\nAnother one."
    again = read_bytes(write_bytes(records, "refer").data, "refer").records
    assert len(again) == 2


def test_refer_of_unix() -> None:
    article, report = fixture("refer", "unix.refer")
    assert (article.key, article.type, article.year) == ("okafor87", "article-journal", 1987)
    assert people(article) == "Ngozi Okafor; Tom Brook"
    assert values(article, "note", "issue") == ["Reprinted in 1990", "1"]
    assert (report.type, report.text("number")) == ("report", "Report 17")


@pytest.mark.parametrize("kind", ["book", "report", "chapter", "article", "dataset", "patent"])
def test_refer_says_what_it_cannot_hold(kind: str) -> None:
    record = Record.from_csl(
        {"id": "k", "type": kind, "title": "T", "container-title": "C", "number": "7", "issue": "2"}
    )
    written = writer_of("refer")([record], WriteOptions())
    again = reader_of("refer")(written.data, ReadOptions()).records[0]
    assert again.type == kind
    lost = " ".join(problem.message for problem in written.problems)
    for variable in ("title", "container-title", "number", "issue"):
        assert str(again.variables.get(variable, "")) == str(record.variables[variable]) or variable in lost


# -- tagged and tabular exports of citation databases -----------------------------------------------------------------


def test_web_of_science() -> None:
    article, paper, book = fixture("wos", "savedrecs.txt")
    assert people(article) == "Ilse Tannhauser; Pieter van Dalen; Roof Survey Grp"
    assert [name.orcid for name in article.names("author")] == ["", ORCID, ""]
    assert values(article, "title", "issued", "page", "PMID") == [
        "Mosses on slate roofs of northern towns", "2019-03/2019-04", "201-219", "12345678",
    ]  # fmt: skip
    assert (paper.type, book.type) == ("paper-conference", "book")
    assert values(paper, "page", "DOI", "collection-title", "issued") == [
        "17",
        "10.5555/lnr.88",
        "Lecture Notes in Rain",
        "2016-06-03",
    ]
    assert (people(book), *values(book, "number-of-pages", "container-title")) == ("Ngozi Okafor", "322", "")


def test_web_of_science_without_its_ends() -> None:
    result = reader_of("wos")(b"PT J\nTI A\nPT B\nTI B\nSO C\n", OPTIONS)
    assert [(record.title, record.type) for record in result.records] == [("A", "article-journal"), ("B", "chapter")]
    assert [problem.code for problem in result.problems] == ["wos-unclosed", "wos-unclosed"]


def test_scopus() -> None:
    article, paper = fixture("scopus", "scopus.csv")
    assert people(article) == "Ilse M. Tannhäuser; Pieter van Dalen"
    assert values(article, "ISSN", "abstract", "keyword") == ["1234-5679", 'Slate keeps "water".', "mosses, slate"]
    assert people(paper) == "T. Brook Jr.; N. Okafor"
    assert people(paper, "editor") == "S. Lind; J.-P. O'Neil"
    assert values(paper, "page", "event-date", "event-place") == ["17", "2016-06-03/2016-06-07", "Leeds"]
    review, book = fixture("scopus", "older.csv")
    assert people(review) == "I.M. Tannhäuser; P. van Dalen; Roof Survey Group"
    assert values(book, "page", "container-title", "number-of-pages") == ["", "", "322"]


# -- XML ---------------------------------------------------------------------------------------------------------------


def test_pubmed_xml() -> None:
    article, translated, chapter = fixture("pubmed-xml", "efetch.xml")
    assert article.variables["title"].markup() == "Sleep after <i>Bryum</i> tea: a trial with CO<sub>2</sub>"  # type: ignore[union-attr]
    assert people(article) == "Ilse M Tannhäuser; Tom Brook Jr; Sleep Group"
    assert article.names("author")[0].orcid == ORCID
    assert values(article, "page", "PMCID", "available-date", "container-title") == [
        "737-738", "PMC9123456", "2018-12-20", "Annals of invented medicine",
    ]  # fmt: skip
    assert values(translated, "title", "original-title", "issued") == [
        "On roofs and rain",
        "Di tetti e pioggia",
        "2000-11/2000-12",
    ]
    assert translated.names("author").truncated
    assert (chapter.type, *values(chapter, "title", "container-title")) == (
        "chapter",
        "Falls from ladders",
        "Roofs in Medicine",
    )
    assert (people(chapter), people(chapter, "editor")) == ("Tom Brook", "Ngozi Okafor")


def test_marcxml() -> None:
    book, article, thesis = fixture("marcxml", "catalogue.xml")
    assert (book.type, book.title, book.year) == ("book", "The mosses of slate: a guide for roofers", 1999)
    assert (people(book), people(book, "translator")) == ("Ilse M. Tannhäuser", "Tom Brook")
    assert values(book, "ISBN", "publisher", "publisher-place", "number-of-pages", "collection-number") == [
        "0306406152", "Gable Press", "Leeds", "322", "7",
    ]  # fmt: skip
    assert (article.type, people(article)) == ("article-journal", "S. A. Lind")
    assert values(article, "container-title", "volume", "issue", "page", "issued") == [
        "Annalen der Dachkunde",
        "12",
        "3",
        "201-219",
        "2019",
    ]
    assert (thesis.type, *values(thesis, "publisher", "genre", "issued")) == (
        "thesis",
        "University of Elsewhere",
        "Ph. D.",
        "2015?",
    )


@pytest.mark.parametrize(
    ("heading", "relator", "variable"),
    [("Lind, Sara", "edt", "editor"), ("Lind, Sara,", "editor.", "editor"), ("Lind, Sara", "joint author", "author"),
     ("Lind, S.", "http://id.loc.gov/vocabulary/relators/ill", "illustrator"), ("Lind, Sara", "", "author")],
)  # fmt: skip
def test_marc_roles_by_code_and_term(heading: str, relator: str, variable: str) -> None:
    code = "4" if len(relator) == 3 or "/" in relator else "e"
    role = f'<subfield code="{code}">{relator}</subfield>' if relator else ""
    title = '<leader>00000nam a2200000 a 4500</leader><datafield tag="245"><subfield code="a">T</subfield></datafield>'
    name = f'<datafield tag="700" ind1="1"><subfield code="a">{heading}</subfield>{role}</datafield>'
    text = f"<record>{title}{name}</record>"
    (record,) = read("marcxml", text)
    assert [name.family for name in record.names(variable)] == ["Lind"]


# -- JSON and web pages ----------------------------------------------------------------------------------------------


def test_zotero() -> None:
    article, chapter, preprint = fixture("zotero", "betterbibtex.json")
    assert (article.key, people(article)) == ("tannhauserMosses2019", "Ilse Tannhäuser; Roof Survey Group")
    assert values(article, "PMID", "original-date", "note", "accessed") == [
        "12345678",
        "1987",
        "read on the train",
        "2020-01-02",
    ]
    assert people(article, "reviewed-author") == "Tom Brook"
    assert (people(chapter, "editor"), people(chapter, "collection-editor")) == ("Ngozi Okafor", "P. van Dalen")
    assert preprint.arxiv is not None
    assert str(preprint.arxiv.id) == "2203.91360"
    thesis, film = fixture("zotero", "api.json")
    assert (thesis.key, *values(thesis, "genre", "publisher")) == ("brook2015", "PhD thesis", "University of Elsewhere")
    assert people(film, "director") == "Sara Lind"


def test_zotero_unknown_fields_and_types_are_kept() -> None:
    item = {"itemType": "spell", "title": "T", "wand": "oak", "creators": [{"creatorType": "counsel", "name": "X"}, 3]}
    result = reader_of("zotero")(json.dumps([item]).encode(), OPTIONS)
    assert [problem.code for problem in result.problems] == ["unknown-type"]
    names = [left.name for left in result.records[0].leftovers]
    assert sorted(names) == ["creators", "creators.counsel", "itemType", "wand"]


def test_bibjson() -> None:
    article, chapter = fixture("bibjson", "collection.json")
    assert (article.key, people(article)) == ("tannhauser2019", "Ilse Tannhäuser; Pieter van Dalen")
    assert values(article, "container-title", "ISSN", "DOI", "issued", "page") == [
        "Annals of Invented Botany", "1234-5679", "10.5555/aib.2019.201", "2019-03", "201-219",
    ]  # fmt: skip
    assert (people(chapter), people(chapter, "editor"), chapter.text("ISBN")) == (
        "Sara Lind",
        "Ngozi Okafor",
        "978-0-306-40615-7",
    )
    assert chapter.arxiv is not None


def test_json_ld() -> None:
    article, chapter, thesis = fixture("json-ld", "graph.json")
    assert people(article) == "Ilse Tannhäuser; Pieter van Dalen; Roof Survey Group"
    assert article.names("author")[0].orcid == ORCID
    assert values(article, "container-title", "volume", "issue", "page", "issued", "DOI") == [
        "Annals of Invented Botany", "35", "8", "201-219", "2013-03", "10.5555/aib.2013.201",
    ]  # fmt: skip
    assert values(chapter, "container-title", "collection-title", "publisher", "publisher-place", "issued") == [
        "Roofs and What Lives on Them", "Studies in Small Places", "Gable Press", "Leeds", "2008",
    ]  # fmt: skip
    assert (people(chapter), people(chapter, "editor")) == ("Sara Lind", "Ngozi Okafor")
    assert (thesis.type, *values(thesis, "genre", "publisher")) == ("thesis", "PhD", "University of Elsewhere")
    (dataset,) = fixture("json-ld", "expanded.jsonld")
    assert (dataset.type, people(dataset), *values(dataset, "DOI", "version")) == (
        "dataset",
        "Sara Lind",
        "10.5555/rain.1",
        "1.2",
    )


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ('"isPartOf": "Annals"', "Annals"),
        ('"isPartOf": {"@type": "Periodical", "name": "Annals"}', "Annals"),
        (
            '"isPartOf": [{"@type": "PublicationVolume", "isPartOf": {"@type": "Periodical", "name": "Annals"}}]',
            "Annals",
        ),
        ('"isPartOf": "https://example.org/annals"', ""),
    ],
)
def test_json_ld_container(part: str, expected: str) -> None:
    (record,) = read(
        "json-ld", f'{{"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "T", {part}}}'
    )
    assert record.text("container-title") == expected


def test_web_pages() -> None:
    (article,) = fixture("html", "article.html")
    assert (article.title, article.text("DOI"), people(article)) == (
        "Mosses on slate roofs",
        "10.5555/aib.2019.201",
        "Ilse Tannhäuser",
    )
    book, thesis = fixture("html", "bibtex.html")
    assert (book.title, people(book), book.text("publisher")) == (
        "Roofs & What Lives on Them", "Ngozi Okafor; Ilse Tännhäuser", "Gable Press",
    )  # fmt: skip
    assert (thesis.title, thesis.year) == ("A Theory of Gutters", 2015)
    page = (FIXTURES / "html" / "bibtex.html").read_text(encoding="utf-8").split("\n")
    for record in (book, thesis):
        line = int(record.provenance["title"].detail.rpartition(":")[2])
        assert record.key in page[line - 1]


def test_json_ld_of_a_page_has_the_line_of_the_page() -> None:
    (article,) = fixture("html", "article.html")
    line = int(article.provenance["title"].detail.rpartition(":")[2])
    page = (FIXTURES / "html" / "article.html").read_text(encoding="utf-8").split("\n")
    assert '"ScholarlyArticle"' in page[line - 1]


# -- any input ---------------------------------------------------------------------------------------------------------

DEEP = 60_000


def marc_field(tag: str, code: str, text: str) -> str:
    """A record with a title and one more field."""
    return (
        '<record><datafield tag="245"/>'
        f'<datafield tag="{tag}"><subfield code="{code}">{text}</subfield></datafield></record>'
    )


HARD = {
    "refer": ["%T \n" * 20_000, "%0 Book\n%A " + "a " * 50_000, "%K " + "<" * 40_000 + ";"],
    "wos": ["PT J\nOI " + "a" * 50_000, "PT J\nAB x\n" + "   y\n" * 20_000],
    "pubmed-xml": [
        "<PubmedArticle>" * 2_000,
        "<PubmedArticle><Article><ArticleTitle>" + "[" * 50_000 + "</ArticleTitle></Article></PubmedArticle>",
    ],
    "marcxml": [
        marc_field("502", "a", "a (" * 30_000),
        marc_field("773", "d", "a : " * 30_000),
        marc_field("773", "g", "no. " * 30_000),
    ],
    "zotero": ['{"items":' * DEEP, "[" * DEEP, '[{"itemType":"book","extra":"' + "a: " * 30_000 + '"}]'],
    "bibjson": ['{"a":' * DEEP, '{"title":"' + "x" * 50_000],
    "json-ld": [
        '{"isPartOf":' * DEEP,
        '{"@type":"Book","isPartOf":' * 90 + "1" + "}" * 90,
        '{"@type":[' + '"a",' * 30_000,
    ],
    "html": [
        "<" * 60_000,
        '<a "' * 20_000,
        "<!--" * 20_000,
        "<script>" * 20_000,
        "<pre>@" + " " * 60_000,
        "&" * 60_000,
        "@a{" * 20_000,
    ],
    "scopus": [
        "Title,EID,Authors\na,b," + "A B." * 20_000 + "\n",
        'Title,EID,Authors\n"' * 20_000,
        "Title,EID,Authors\na,b," + " " * 60_000 + "x\n",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, texts in HARD.items() for number in range(len(texts))]
)
def test_hard_inputs_take_linear_time(name: str, number: int) -> None:
    data = HARD[name][number].encode()
    started = time.process_time()
    try:
        reader_of(name)(data, ReadOptions())
        guess_format(data)
    except InputError:
        pass
    assert time.process_time() - started < 5
