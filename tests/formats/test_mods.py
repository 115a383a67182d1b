"""MODS of library catalogues: roles, dates, titles, extents, and what kind of work a record is of."""

from __future__ import annotations

import pytest

from bibtool.formats import mods
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.model.dates import Date
from bibtool.model.record import Record
from bibtool.model.richtext import Text


def read(inner: str) -> Record:
    (record,) = mods.read(f'<mods xmlns="http://www.loc.gov/mods/v3">{inner}</mods>'.encode(), ReadOptions()).records
    return record


def name(text: str, role: str = "", attributes: str = 'type="personal"') -> str:
    written = f"<role>{role}</role>" if role else ""
    return f"<name {attributes}><namePart>{text}</namePart>{written}</name>"


def people(record: Record, variable: str = "author") -> list[str]:
    return [person.display() for person in record.names(variable).names]


@pytest.mark.parametrize(
    ("role", "variable"),
    [
        ('<roleTerm type="text">creator</roleTerm>', "author"),
        ('<roleTerm type="code" authority="marcrelator">cre</roleTerm>', "author"),
        ('<roleTerm type="text">Cartographer.</roleTerm>', "author"),
        ("<roleTerm>http://id.loc.gov/vocabulary/relators/edt</roleTerm>", "editor"),
        ('<roleTerm type="text">ed.</roleTerm>', "editor"),
        ('<roleTerm type="text">film director</roleTerm>', "director"),
        ('<roleTerm type="code">aus</roleTerm>', "script-writer"),
        ('<roleTerm type="text">singer</roleTerm>', "performer"),
        ('<roleTerm type="text">thesis advisor</roleTerm>', "contributor"),
        ('<roleTerm valueURI="http://id.loc.gov/vocabulary/relators/trl">who turned it</roleTerm>', "translator"),
    ],
)
def test_a_role_is_a_code_a_term_or_an_address(role: str, variable: str) -> None:
    assert people(read(name("Quill, Erika", role)), variable) == ["Erika Quill"]


def test_no_name_is_lost() -> None:
    photographer = '<roleTerm type="code">pht</roleTerm>'
    alone = read(
        name("Foto, Greta", photographer)
        + name("Foto, Hans", photographer)
        + name("Binder, Bo", "<roleTerm>bnd</roleTerm>")
    )
    assert people(alone) == ["Greta Foto", "Hans Foto"]
    assert "Binder" in alone.leftover("mods", "name")
    beside = read(name("Quill, Erika", "<roleTerm>creator</roleTerm>") + name("Foto, Greta", photographer))
    assert people(beside) == ["Erika Quill"]
    assert "Foto" in beside.leftover("mods", "name")
    edited = read(name("Hand, Eva", "<roleTerm>edt</roleTerm>") + name("Foto, Greta", photographer))
    assert people(edited) == []
    main = read(
        name("Hand, Eva", "<roleTerm>edt</roleTerm>")
        + name("Foto, Greta", photographer, 'type="personal" usage="primary"')
    )
    assert (people(main), people(main, "editor")) == (["Greta Foto"], ["Eva Hand"])


def test_names_as_catalogues_write_them() -> None:
    assert people(read(name("Quill, Erika, 1960-"))) == ["Erika Quill"]
    assert people(read(name("Quill, Erika, 1860-1901."))) == ["Erika Quill"]
    assert people(read(name("Quill, Erika,"))) == ["Erika Quill"]
    assert people(read(name("Quill, Erika, 1960-", "", ""))) == ["Erika Quill"]
    assert people(read(name("Dust, Grime and Partners Institute", "", ""))) == ["Dust, Grime and Partners Institute"]
    assert people(read(name("Dust, Grime", "", 'type="corporate"'))) == ["Dust, Grime"]
    assert people(read("<name><displayForm>The Dust Office</displayForm></name>")) == ["The Dust Office"]
    assert read(name("Dust Congress", "", 'type="conference"')).text("event-title") == "Dust Congress"
    body = read(name("University of Dust", "<roleTerm>degree granting institution</roleTerm>", 'type="corporate"'))
    assert (body.text("publisher"), people(body)) == ("University of Dust", [])


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ('<dateIssued>c1999</dateIssued><dateIssued encoding="marc">1999</dateIssued>', Date.of(1999)),
        ('<dateIssued>[1982?]</dateIssued><dateIssued encoding="w3cdtf">1982-05</dateIssued>', Date.of(1982, 5)),
        ('<dateIssued keyDate="yes">2001</dateIssued><dateIssued>2003 printing</dateIssued>', Date.of(2001)),
        ('<copyrightDate encoding="marc">1998</copyrightDate><dateIssued>1999</dateIssued>', Date.of(1999)),
        ('<dateCreated encoding="marc">1998</dateCreated>', Date.of(1998)),
    ],
)
def test_an_encoded_date_is_taken_before_a_printed_one(dates: str, issued: Date) -> None:
    assert read(f"<originInfo>{dates}</originInfo>").date() == issued


def test_a_span_of_encoded_dates() -> None:
    printed = "<dateIssued>1998-</dateIssued>"
    start = '<dateIssued encoding="marc" point="start">1998</dateIssued>'
    for end, edtf in (("9999", "1998/.."), ("2001", "1998/2001")):
        last = f'<dateIssued encoding="marc" point="end">{end}</dateIssued>'
        date = read(f"<originInfo>{printed}{start}{last}</originInfo>").date()
        assert date is not None
        assert date.edtf() == edtf


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<nonSort>The </nonSort><title>Fury</title><subTitle>a story</subTitle>", "The Fury: a story"),
        ("<nonSort>L'</nonSort><title>ire</title>", "L'ire"),
        ("<title>Fury :</title><subTitle>a story /</subTitle>", "Fury: a story"),
        ("<title>Fury</title><partNumber>Vol. 2</partNumber>", "Fury. Vol. 2"),
        ("<title>Fury!</title><partNumber>2</partNumber><partName>Ashes</partName>", "Fury! 2: Ashes"),
        ("<title>Fury</title><partName>Ashes</partName>", "Fury. Ashes"),
    ],
)
def test_a_title_has_its_article_and_its_part(inner: str, title: str) -> None:
    assert read(f"<titleInfo>{inner}</titleInfo>").title == title


def test_a_translated_title_is_not_the_original_one() -> None:
    # MODS User Guidelines, titleInfo: "translated" is the title in another language than that of the resource;
    # relatedItem type="original" describes the original form
    translated = '<titleInfo type="translated"><title>The Fury</title></titleInfo>'
    record = read(f"<titleInfo><title>Die Wut</title></titleInfo>{translated}")
    assert (record.title, "original-title" in record.variables) == ("Die Wut", False)
    assert "The Fury" in record.leftover("mods", "titleInfo")
    assert read(translated).title == "The Fury"
    original = '<relatedItem type="original"><titleInfo><title>Die Wut</title></titleInfo></relatedItem>'
    record = read(f"<titleInfo><title>The Fury</title></titleInfo>{original}")
    assert (record.title, record.text("original-title")) == ("The Fury", "Die Wut")
    again = mods.write([record], WriteOptions()).data
    assert b"translated" not in again
    assert original.encode() in again


def test_what_else_is_said_about_an_original_is_kept() -> None:
    original = (
        '<relatedItem type="original"><titleInfo><title>Die Wut</title></titleInfo><note>Lost.</note></relatedItem>'
    )
    record = read(f"<titleInfo><title>The Fury</title></titleInfo>{original}")
    assert "original-title" not in record.variables
    assert "Lost." in record.leftover("mods", "relatedItem")


def test_an_abstract_has_its_paragraphs() -> None:
    record = read("<titleInfo><title>T</title></titleInfo><abstract>One\n  line.\n \n  Two.</abstract>")
    assert record.text("abstract") == "One line.\n\nTwo."
    result = mods.write([record], WriteOptions())
    assert result.problems == ()
    (again,) = mods.read(result.data, ReadOptions()).records
    assert again.text("abstract") == "One line.\n\nTwo."


def test_a_line_break_in_a_paragraph_is_said_to_be_lost() -> None:
    record = Record(type="book", key="a", variables={"title": Text(("T",)), "abstract": Text(("One.\nTwo.",))})
    assert ["line breaks of abstract" in p.message for p in mods.write([record], WriteOptions()).problems] == [True]


def test_a_uniform_title_is_one_where_there_is_no_other() -> None:
    uniform = '<titleInfo type="uniform"><title>Edda</title></titleInfo>'
    assert read(uniform).title == "Edda"
    assert read(uniform + "<titleInfo><title>The Edda</title></titleInfo>").title == "The Edda"


@pytest.mark.parametrize(
    ("extent", "variable", "number"),
    [
        ("vii, 322 p. ; 23 cm.", "number-of-pages", "322"), ("xii, 120 leaves", "number-of-pages", "120"),
        ("1 online resource (xi, 250 pages)", "number-of-pages", "250"), ("210 S.", "number-of-pages", "210"),
        ("322", "number-of-pages", "322"), ("3 v. ; 30 cm", "number-of-volumes", "3"),
        ("2 volumes", "number-of-volumes", "2"),
    ],
)  # fmt: skip
def test_an_extent(extent: str, variable: str, number: str) -> None:
    record = read(f"<physicalDescription><extent>{extent}</extent></physicalDescription>")
    assert record.text(variable) == number


def test_an_extent_that_counts_nothing_known_is_kept() -> None:
    record = read("<physicalDescription><extent>1 videodisc (90 min.)</extent></physicalDescription>")
    assert not record.variables
    assert "videodisc" in record.leftover("mods", "physicalDescription")


HOST_OF_PART = "<relatedItem type='host'><titleInfo><title>Whole</title></titleInfo>{}</relatedItem>"
PAGES = "<part><extent unit='pages'><start>1</start><end>9</end></extent></part>"


@pytest.mark.parametrize(
    ("inner", "csl_type"),
    [
        ("<typeOfResource>still image</typeOfResource>", "graphic"),
        ("<typeOfResource>sound recording-musical</typeOfResource>", "song"),
        (
            "<typeOfResource>cartographic</typeOfResource><originInfo><issuance>monographic</issuance></originInfo>",
            "map",
        ),
        ("<typeOfResource manuscript='yes'>text</typeOfResource>", "manuscript"),
        ("<typeOfResource>text</typeOfResource><originInfo><issuance>monographic</issuance></originInfo>", "book"),
        ("<originInfo><issuance>continuing</issuance></originInfo>", "periodical"),
        ("<genre authority='marcgt'>dictionary</genre>", "book"),
        ("<genre authority='marcgt'>dictionary</genre>" + HOST_OF_PART.format(PAGES), "entry-dictionary"),
        ("<genre authority='marcgt'>article</genre>" + HOST_OF_PART.format(PAGES), "article-journal"),
        ("<genre authority='csl'>article</genre>", "article"),
        ("<genre authority='marcgt'>theses</genre>", "thesis"),
        ("<genre>Web site</genre>", "webpage"),
        (HOST_OF_PART.format(PAGES), "chapter"),
        (HOST_OF_PART.format("<identifier type='issn'>0005-8580</identifier>" + PAGES), "article-journal"),
        (HOST_OF_PART.format("<part><detail type='issue'><number>2</number></detail></part>"), "article-journal"),
        (HOST_OF_PART.format("<genre>newspaper</genre>" + PAGES), "article-newspaper"),
        ("<typeOfResource>still image</typeOfResource>" + HOST_OF_PART.format(""), "graphic"),
    ],
)
def test_what_kind_of_work_it_is(inner: str, csl_type: str) -> None:
    assert read(f"<titleInfo><title>T</title></titleInfo>{inner}").type == csl_type


def test_a_book_in_a_journal_or_series_is_in_no_book() -> None:
    host = HOST_OF_PART.format("<originInfo><issuance>continuing</issuance></originInfo>")
    record = read(f"<originInfo><issuance>monographic</issuance></originInfo>{host}")
    assert (record.type, record.text("collection-title"), record.text("container-title")) == ("book", "Whole", "")


@pytest.mark.parametrize("isbn", ["0306406152 (pbk. : acid-free)", "0-306-40615-2 : $12.95", "0306406152(v. 1)"])
def test_an_isbn_has_no_binding_and_no_price(isbn: str) -> None:
    assert read(f"<identifier type='isbn'>{isbn}</identifier>").text("ISBN").replace("-", "") == "0306406152"


def test_the_identifiers_of_a_host_are_not_those_of_the_part() -> None:
    inner = "<identifier type='doi'>10.5555/whole</identifier><identifier type='isbn'>0306406152</identifier>"
    record = read(HOST_OF_PART.format(inner + PAGES))
    assert (record.text("DOI"), record.text("ISBN")) == ("", "0306406152")


@pytest.mark.parametrize(
    ("terms", "language"),
    [
        ("<languageTerm type='code' authority='iso639-2b'>ger</languageTerm>", "de"),
        ("<languageTerm type='text'>English</languageTerm><languageTerm type='code'>eng</languageTerm>", "en"),
        ("<languageTerm type='code' authority='rfc3066'>pt-BR</languageTerm>", "pt-BR"),
    ],
)
def test_a_language_is_a_tag_of_two_letters(terms: str, language: str) -> None:
    assert read(f"<language>{terms}</language>").text("language") == language


def test_a_catalogues_record_written_again_says_the_same() -> None:
    record = read(
        "<titleInfo><title>Fury</title></titleInfo>"
        + name("Quill, Erika", "<roleTerm>creator</roleTerm>")
        + name("Foto, Greta", "<roleTerm>pht</roleTerm>")
        + "<originInfo><dateIssued>c1999</dateIssued><dateIssued encoding='marc'>1999</dateIssued></originInfo>"
        "<physicalDescription><extent>vii, 322 p. ; 23 cm.</extent></physicalDescription>"
        "<relatedItem type='series'><titleInfo><title>Fires</title><partNumber>4</partNumber></titleInfo></relatedItem>"
    )
    data = mods.write([record], WriteOptions()).data
    (again,) = mods.read(data, ReadOptions()).records
    assert (again.variables, again.leftovers) == (record.variables, record.leftovers)


@pytest.mark.parametrize(
    ("date", "edtf"),
    [
        ("<dateIssued>-1988</dateIssued>", "../1988"),
        ("<dateIssued>[-1988]</dateIssued>", "../1988"),
        ('<dateIssued encoding="edtf">-1988</dateIssued>', "-1988"),
        ("<dateIssued>&lt;1990-&gt;</dateIssued>", "1990/.."),
        ("<dateIssued>1967 [i.e. 1976]</dateIssued>", "1976"),
        ('<dateIssued>-1988</dateIssued><dateIssued encoding="marc">1988</dateIssued>', "1988"),
    ],
)
def test_dates_of_catalogues(date: str, edtf: str) -> None:
    head = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>T</title></titleInfo>'
    text = f"{head}<originInfo>{date}</originInfo></mods>"
    (record,) = mods.read(text.encode(), ReadOptions()).records
    assert record.text("issued") == edtf


def test_a_date_that_is_read_is_not_kept_a_second_time() -> None:
    record = Record(key="a", type="book", variables={"issued": Date.of(-1)})
    data = mods.write([record], WriteOptions()).data
    (again,) = mods.read(data, ReadOptions()).records
    assert again.leftovers == ()
    assert mods.write([again], WriteOptions()).data == data
