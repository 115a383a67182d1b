"""The fields of reference types in RIS and EndNote XML: what each means, and that what is written is read again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.formats import endnotexml, mods, nbib, reftypes, ris
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.vocabulary import RENDER_TIME, TYPES, VARIABLES

if TYPE_CHECKING:
    from bibtool.model.record import Value

FORMATS = {"ris": ris, "endnote-xml": endnotexml, "mods": mods, "nbib": nbib}
_EXACT: dict[str, Value] = {
    "ISBN": Verbatim("9780306406157"), "ISSN": Verbatim("0005-8580"), "DOI": Verbatim("10.5555/invented"),
    "PMID": Verbatim("123"), "PMCID": Verbatim("PMC123"), "URL": Verbatim("https://example.org/a"),
}  # fmt: skip
_CASES = [(name, csl) for name in FORMATS for csl in sorted(TYPES)]


def value_of(variable: str) -> st.SearchStrategy[Value]:
    """Values of a variable that are its own, so that one in a wrong place is seen."""
    kind = VARIABLES[variable]
    if variable in _EXACT:
        return st.just(_EXACT[variable])
    if kind == "names":
        person = Name(family=variable.title().replace("-", ""), given="Ann")
        body = Name(literal=f"The Invented Society for {variable}")
        return st.sampled_from([Names((person,)), Names((person, body)), Names((body,))])
    if kind == "date":
        return st.sampled_from([Date.of(1999), Date.of(2001, 5), Date.of(2002, 6, 7)])
    if variable == "page":
        return st.sampled_from([Number("12-34"), Number("77"), Number("e102")])
    if kind == "number":
        return st.integers(1, 99).map(lambda number: Number(str(number)))
    if kind == "verbatim":
        return st.just(Verbatim(f"x {variable}"))
    return st.just(Text.of(f"A {variable.replace('-', ' ')}"))


@st.composite
def records(draw: st.DrawFn, csl_type: str) -> Record:
    held = sorted(VARIABLES.keys() - RENDER_TIME)
    names = draw(st.lists(st.sampled_from(held), min_size=1, max_size=12, unique=True))
    return Record("key1", csl_type, variables={name: draw(value_of(name)) for name in names})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "csl_type"), _CASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_again_or_was_said_to_be_lost(name: str, csl_type: str, data: st.DataObject) -> None:
    record = data.draw(records(csl_type))
    written = FORMATS[name].write([record], WriteOptions())
    (again,) = FORMATS[name].read(written.data, ReadOptions()).records
    lost = " ".join(problem.message.partition(": ")[2] for problem in written.problems)
    if "type" not in lost:
        assert again.type == record.type
    for variable in record.variables.keys() | again.variables.keys():
        if not re.search(rf"(?<![-\w]){variable}(?![-\w])", lost):
            assert again.variables.get(variable) == record.variables.get(variable), (variable, written.data.decode())
    assert again.leftovers == ()


def read(lines: str) -> Record:
    """The one record of a RIS reference, given without its end."""
    (record,) = ris.read(f"{lines}\nER  - \n".encode(), ReadOptions()).records
    return record


def shown(record: Record) -> dict[str, str]:
    """The variables of a record as plain text."""
    return {
        name: "; ".join(person.display() for person in value.names) if isinstance(value, Names) else record.text(name)
        for name, value in record.variables.items()
        if not isinstance(value, Date)
    }


# reference, its CSL type, and what it says beside title and date
RIS_CASES = {
    "an edited book in a series": (
        "TY  - BOOK\nA3  - Hand, Eva\nA2  - Serie, Sol\nT2  - Studies in Dust\nM1  - 4\nVL  - 2",
        "book",
        {
            "editor": "Eva Hand",
            "collection-editor": "Sol Serie",
            "collection-title": "Studies in Dust",
            "collection-number": "4",
            "volume": "2",
        },
    ),
    "an edited book of EndNote": (
        "TY  - EDBOOK\nAU  - Hand, Eva\nA2  - Serie, Sol\nT2  - Studies in Dust",
        "book",
        {"editor": "Eva Hand", "collection-editor": "Sol Serie", "collection-title": "Studies in Dust"},
    ),
    "a book that knows one kind of editor": ("TY  - BOOK\nA2  - Hand, Eva", "book", {"editor": "Eva Hand"}),
    "a book whose editor has a tag of the old rules": (
        "TY  - BOOK\nED  - Hand, Eva\nT3  - Studies in Dust",
        "book",
        {"editor": "Eva Hand", "collection-title": "Studies in Dust"},
    ),
    "the length of a book": (
        "TY  - BOOK\nAU  - Doe, Al\nSP  - 322",
        "book",
        {"author": "Al Doe", "number-of-pages": "322"},
    ),
    "pages of a book": ("TY  - BOOK\nSP  - 12\nEP  - 20", "book", {"page": "12-20"}),
    "pages given twice": ("TY  - JOUR\nSP  - 12-20\nEP  - 20", "article-journal", {"page": "12-20"}),
    "a chapter": (
        "TY  - CHAP\nA2  - Hand, Eva\nA3  - Serie, Sol\nT2  - Book of Dust\nT3  - Studies\nSV  - 7\nIS  - 3\nSE  - 5",
        "chapter",
        {
            "editor": "Eva Hand",
            "collection-editor": "Sol Serie",
            "container-title": "Book of Dust",
            "collection-title": "Studies",
            "collection-number": "7",
            "number-of-volumes": "3",
            "chapter-number": "5",
        },
    ),
    "a conference paper with the title of its proceedings": (
        "TY  - CONF\nT2  - Dust 19\nC3  - Proceedings of Dust\nC1  - Turku\nCY  - Oulu",
        "paper-conference",
        {
            "event-title": "Dust 19",
            "container-title": "Proceedings of Dust",
            "publisher-place": "Turku",
            "event-place": "Oulu",
        },
    ),
    "a conference paper as publishers write it": (
        "TY  - CPAPER\nT2  - Proceedings of Dust\nPB  - Press\nCY  - Turku",
        "paper-conference",
        {"container-title": "Proceedings of Dust", "publisher": "Press", "publisher-place": "Turku"},
    ),
    "a thesis": (
        "TY  - THES\nAU  - Doe, Al\nA3  - Visor, Ada\nM3  - PhD thesis\nPB  - University of Dust\nSP  - 200",
        "thesis",
        {
            "author": "Al Doe",
            "contributor": "Ada Visor",
            "genre": "PhD thesis",
            "publisher": "University of Dust",
            "number-of-pages": "200",
        },
    ),
    "a report": (
        "TY  - RPRT\nA2  - Serie, Sol\nT2  - Dust Papers\nSN  - TR-7\nPB  - Institute",
        "report",
        {
            "collection-editor": "Sol Serie",
            "collection-title": "Dust Papers",
            "number": "TR-7",
            "publisher": "Institute",
        },
    ),
    "a report with an ISBN": (
        "TY  - RPRT\nSN  - 978-0-306-40615-7\nM1  - 12",
        "report",
        {"ISBN": "978-0-306-40615-7", "number": "12"},
    ),
    "a patent": (
        "TY  - PAT\nAU  - Doe, Al\nSN  - US 123\nA2  - Office\nC6  - granted",
        "patent",
        {"author": "Al Doe", "number": "US 123", "authority": "Office", "status": "granted"},
    ),
    "a letter": (
        "TY  - PCOMM\nAU  - Doe, Al\nA2  - Roe, Bo",
        "personal_communication",
        {"author": "Al Doe", "recipient": "Bo Roe"},
    ),
    "an e-mail": (
        "TY  - ICOMM\nAU  - Doe, Al\nA2  - Roe, Bo",
        "personal_communication",
        {"author": "Al Doe", "recipient": "Bo Roe"},
    ),
    "a message in a forum": (
        "TY  - ICOMM\nAU  - Doe, Al\nT2  - Dust forum",
        "post",
        {"author": "Al Doe", "container-title": "Dust forum"},
    ),
    "a film": (
        "TY  - MPCT\nA1  - Regie, Rita\nA3  - Pro, Per\nPB  - Studio\nSP  - 90 min",
        "motion_picture",
        {"director": "Rita Regie", "producer": "Per Pro", "publisher": "Studio", "dimensions": "90 min"},
    ),
    "a video": ("TY  - VIDEO\nAU  - Regie, Rita", "motion_picture", {"director": "Rita Regie"}),
    "a map": (
        "TY  - MAP\nAU  - Carta, Ca\nC1  - 1:500\nT2  - Maps of Dust",
        "map",
        {"author": "Ca Carta", "scale": "1:500", "collection-title": "Maps of Dust"},
    ),
    "a recording": (
        "TY  - SOUND\nAU  - Doe, Al\nA2  - Singer, Sy\nPB  - Label",
        "song",
        {"author": "Al Doe", "performer": "Sy Singer", "publisher": "Label"},
    ),
    "software": (
        "TY  - COMP\nAU  - Doe, Al\nET  - 2.1\nPB  - Firm",
        "software",
        {"author": "Al Doe", "version": "2.1", "publisher": "Firm"},
    ),
    "a dataset": (
        "TY  - DATA\nAU  - Doe, Al\nA2  - Pro, Per\nET  - 3",
        "dataset",
        {"author": "Al Doe", "producer": "Per Pro", "version": "3"},
    ),
    "a web page": (
        "TY  - ELEC\nAU  - Doe, Al\nT2  - Site of Dust",
        "webpage",
        {"author": "Al Doe", "container-title": "Site of Dust"},
    ),
    "a blog post": (
        "TY  - BLOG\nT2  - Dust blog\nA2  - Hand, Eva",
        "post-weblog",
        {"container-title": "Dust blog", "editor": "Eva Hand"},
    ),
    "a case": (
        "TY  - CASE\nA2  - Dust Reports\nPB  - High Court\nVL  - 5\nSP  - 12",
        "legal_case",
        {"container-title": "Dust Reports", "authority": "High Court", "volume": "5", "page": "12"},
    ),
    "a statute": (
        "TY  - STAT\nT2  - Code of Dust\nVL  - 3\nSE  - 12",
        "legislation",
        {"container-title": "Code of Dust", "volume": "3", "section": "12"},
    ),
    "a bill": (
        "TY  - BILL\nA2  - Senator, Sue\nM1  - 44\nT3  - Senate",
        "bill",
        {"author": "Sue Senator", "number": "44", "authority": "Senate"},
    ),
    "a hearing": ("TY  - HEAR\nT3  - Senate\nM1  - 9", "hearing", {"authority": "Senate", "number": "9"}),
    "a magazine": (
        "TY  - MGZN\nT2  - Dust Weekly\nM1  - 3",
        "article-magazine",
        {"container-title": "Dust Weekly", "issue": "3"},
    ),
    "an issue in EndNote's place": (
        "TY  - JOUR\nT2  - J. Dust\nM1  - 3\nC7  - e12",
        "article-journal",
        {"container-title": "J. Dust", "issue": "3", "number": "e12"},
    ),
    "a generic reference to a journal": (
        "TY  - GEN\nJO  - Journal of Dust\nVL  - 3",
        "article-journal",
        {"container-title": "Journal of Dust", "volume": "3"},
    ),
    "a generic reference": (
        "TY  - GEN\nAU  - Doe, Al\nPB  - Press",
        "document",
        {"author": "Al Doe", "publisher": "Press"},
    ),
    "a dictionary entry": (
        "TY  - DICT\nT2  - Words of Dust\nA2  - Hand, Eva",
        "entry-dictionary",
        {"container-title": "Words of Dust", "editor": "Eva Hand"},
    ),
    "a government document": (
        "TY  - GOVDOC\nC1  - Ministry\nSN  - D-5",
        "report",
        {"authority": "Ministry", "number": "D-5"},
    ),
    "a rule": ("TY  - LEGAL\nA2  - Ministry\nSE  - 5", "regulation", {"authority": "Ministry", "section": "5"}),
    "a DOI as type of work": ("TY  - JOUR\nM3  - 10.5555/dust", "article-journal", {"DOI": "10.5555/dust"}),
    "a PubMed accession number": (
        "TY  - JOUR\nAN  - 1234567\nDB  - PubMed",
        "article-journal",
        {"PMID": "1234567", "source": "PubMed"},
    ),
    "keywords below one another": (
        "TY  - JOUR\nKW  - dust\nold dust\nnew dust",
        "article-journal",
        {"keyword": "dust, old dust, new dust"},
    ),
    "keywords in one line": ("TY  - JOUR\nKW  - dust; old dust", "article-journal", {"keyword": "dust, old dust"}),
    "names without commas": (
        "TY  - JOUR\nAU  - A. B. Doe\nAU  - Dust Research Institute\nAU  - Roe",
        "article-journal",
        {"author": "A. B. Doe; Dust Research Institute; Roe"},
    ),
}


@pytest.mark.parametrize("case", RIS_CASES)
def test_a_tag_means_what_its_reference_type_says(case: str) -> None:
    lines, csl_type, values = RIS_CASES[case]
    record = read(lines)
    assert record.type == csl_type
    assert shown(record) == values
    again = ris.read(ris.write([record], WriteOptions()).data, ReadOptions()).records[0]
    assert (again.type, again.variables) == (record.type, record.variables)


def test_a_person_without_a_comma_is_taken_apart() -> None:
    names = read("TY  - JOUR\nAU  - A. B. Doe\nAU  - Dust Research Institute\nAU  - Jane van Roe").names("author")
    assert names.names == (
        Name(family="Doe", given="A. B."),
        Name(literal="Dust Research Institute"),
        Name(family="Roe", given="Jane", non_dropping_particle="van"),
    )


ENDNOTE_CASES = {
    "a book": (
        (
            '<ref-type name="Book">6</ref-type><contributors><secondary-authors><author>Serie, Sol</author>'
            "</secondary-authors><tertiary-authors><author>Hand, Eva</author></tertiary-authors></contributors><titles>"
            "<secondary-title>Studies</secondary-title></titles><number>4</number><pages>322</pages>"
        ),
        "book",
        {
            "editor": "Eva Hand",
            "collection-editor": "Sol Serie",
            "collection-title": "Studies",
            "collection-number": "4",
            "number-of-pages": "322",
        },
    ),
    "a patent": (
        '<ref-type name="Patent">25</ref-type><isbn>US 123</isbn><custom6>granted</custom6>',
        "patent",
        {"number": "US 123", "status": "granted"},
    ),
    "a report": (
        (
            '<ref-type name="Report">27</ref-type><titles><secondary-title>Papers</secondary-title></titles>'
            "<isbn>TR-7</isbn><work-type>working paper</work-type>"
        ),
        "report",
        {"collection-title": "Papers", "number": "TR-7", "genre": "working paper"},
    ),
    "an article": (
        (
            '<ref-type name="Journal Article">17</ref-type><titles><secondary-title>J. Dust</secondary-title></titles>'
            "<periodical><full-title>J. Dust</full-title></periodical><pages>12-20</pages><number>3</number>"
            "<section>12</section><custom2>PMC12</custom2><custom7>e12</custom7>"
        ),
        "article-journal",
        {"container-title": "J. Dust", "page": "12-20", "issue": "3", "PMCID": "PMC12", "number": "e12"},
    ),
    "a chapter": (
        (
            '<ref-type name="Book Section">5</ref-type><contributors><secondary-authors><author>Hand, Eva</author>'
            "</secondary-authors><subsidiary-authors><author>Trans, Tor</author></subsidiary-authors></contributors>"
            "<titles><secondary-title>Book</secondary-title><tertiary-title>Studies</tertiary-title></titles>"
            "<num-vols>3</num-vols><section>5</section>"
        ),
        "chapter",
        {
            "editor": "Eva Hand",
            "translator": "Tor Trans",
            "container-title": "Book",
            "collection-title": "Studies",
            "number-of-volumes": "3",
            "chapter-number": "5",
        },
    ),
    "a film": (
        (
            '<ref-type name="Film or Broadcast">21</ref-type><contributors><authors><author>Regie, Rita</author>'
            "</authors></contributors><work-type>DVD</work-type>"
        ),
        "motion_picture",
        {"director": "Rita Regie", "medium": "DVD"},
    ),
    "a thesis": (
        (
            '<ref-type name="Thesis">32</ref-type><contributors><tertiary-authors><author>Visor, Ada</author>'
            "</tertiary-authors></contributors><work-type>PhD</work-type><publisher>University</publisher>"
        ),
        "thesis",
        {"contributor": "Ada Visor", "genre": "PhD", "publisher": "University"},
    ),
}


@pytest.mark.parametrize("case", ENDNOTE_CASES)
def test_an_element_means_what_its_reference_type_says(case: str) -> None:
    inner, csl_type, values = ENDNOTE_CASES[case]
    data = f"<xml><records><record>{inner}</record></records></xml>".encode()
    (record,) = endnotexml.read(data, ReadOptions()).records
    assert record.type == csl_type
    assert shown(record) == values
    again = endnotexml.read(endnotexml.write([record], WriteOptions()).data, ReadOptions()).records[0]
    assert (again.type, again.variables) == (record.type, record.variables)


def test_the_table_speaks_the_vocabulary() -> None:
    for field in reftypes.FIELDS:
        assert set(field.special) <= reftypes.TYPES.keys(), field
        for variable in {field.variable, *field.special.values()}:
            assert not variable or variable.removeprefix("<") in VARIABLES, field
    assert set(endnotexml.REFERENCE_TYPES.values()) <= reftypes.TYPES.keys()


def test_an_editor_without_a_field_does_not_hide_what_becomes_of_the_collection_editor() -> None:
    """Apart from the authors', EndNote's Catalog has one field for people: that of series editors."""
    editors = {"editor": Name(family="Hand", given="Eva"), "collection-editor": Name(family="Serie", given="Sol")}
    record = Record("key1", "collection", variables={role: Names((name,)) for role, name in editors.items()})
    written = FORMATS["endnote-xml"].write([record], WriteOptions())
    (again,) = FORMATS["endnote-xml"].read(written.data, ReadOptions()).records
    assert again.names("editor") == record.names("collection-editor")
    (problem,) = written.problems
    assert "editor, type collection, that the editor is the collection-editor" in problem.message
