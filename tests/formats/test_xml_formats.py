"""EndNote XML, MODS and JATS: values, faults between good records, and XML that is meant to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import endnotexml, jats, mods, safexml
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.registry import reader_of
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names
from bibtool.model.richtext import Math, Span, Text

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPTIONS = ReadOptions(path="x.xml")


def test_endnote() -> None:
    result = endnotexml.read((FIXTURES / "endnote-xml/mixed.xml").read_bytes(), OPTIONS)
    assert result.problems == ()
    noether, berg = result.records
    assert noether.variables["title"] == Text(
        ("On ", Span("italic", ("Invarianten",)), " of x", Span("superscript", ("2",)))
    )
    assert noether.names("author") == Names(
        (Name(family="Noether", given="Emmy"), Name(literal="The Invented Society"))
    )
    assert noether.date() == Date.of(1918, 7, 26)
    assert (noether.text("issue"), noether.text("ISSN")) == ("2", "0005-8580")
    assert noether.leftover("endnote-xml", "custom3") == "a custom field"
    assert berg.title == "Cafés & their books"
    data = endnotexml.write(result.records, WriteOptions()).data
    assert b"internal-pdf://n.pdf" in data
    again = endnotexml.read(data, OPTIONS)
    assert again.records == result.records


def test_mods() -> None:
    result = mods.read((FIXTURES / "mods/mixed.xml").read_bytes(), OPTIONS)
    assert result.problems == ()
    hopper, report = result.records
    assert (hopper.key, hopper.type) == ("hopper1952", "paper-conference")
    assert hopper.title == "The Education of a Computer: an invented subtitle"
    assert hopper.names("author") == Names((Name(family="Hopper", given="Grace Murray"),), truncated=True)
    assert (hopper.text("page"), hopper.text("publisher")) == ("243-249", "ACM")
    assert hopper.date() == Date.of(1952, 5)
    assert report.names("author") == Names((Name(literal="Invented Agency for Reports"),))
    assert report.date() == Date(DateParts(2010), DateParts(2012))
    data = mods.write(result.records, WriteOptions()).data
    assert b'<targetAudience authority="x">everybody</targetAudience>' in data
    assert b"<frequency>once</frequency>" in data
    assert mods.read(data, OPTIONS).records == result.records


def test_jats() -> None:
    record = jats.read((FIXTURES / "jats/article.xml").read_bytes(), OPTIONS).records[0]
    assert record.variables["title"] == Text(
        ("The effect of ", Span("italic", ("E. inventi",)), " on H", Span("subscript", ("2",)), "O and ", Math("x^2"))
    )
    assert record.names("author") == Names(
        (Name(family="Neumann", given="Ida", non_dropping_particle="von"), Name(literal="The Invented Consortium"))
    )
    assert record.date() == Date.of(2017, 5, 3)
    assert record.date("submitted") == Date.of(2017, 2, 1)
    assert record.text("page") == "e102"
    assert record.text("abstract") == "Background: We tried.\nResults: It failed."


def endnote_record(title: str) -> str:
    return f'<record><ref-type name="Book">6</ref-type><titles><title>{title}</title></titles></record>'


@pytest.mark.parametrize(
    "broken",
    [
        "<record><titles><title>broken</titel></titles></record>",
        "<record><titles><title>a < b</title></titles></record>",
        "<record><titles><title>a & b</title></titles></record>",
        '<record><titles><title face=">broken</title></titles></record>',
    ],
)
def test_a_damaged_record_has_good_neighbours(broken: str) -> None:
    records = "\n".join([endnote_record("A"), broken, endnote_record("B"), endnote_record("C")])
    text = f"<xml><records>\n{records}\n</records></xml>"
    result = endnotexml.read(text.encode(), OPTIONS)
    titles = [record.title for record in result.records]
    assert titles[0] == "A"
    assert titles[-1] == "C"
    assert {p.code for p in result.problems} == {"xml-syntax"}
    assert result.problems[0].position.line in {3, 4}
    assert result.problems[0].raw


def test_a_cut_file_gives_what_was_whole() -> None:
    text = f"<xml><records>\n{endnote_record('A')}\n{endnote_record('B')[:60]}"
    result = endnotexml.read(text.encode(), OPTIONS)
    assert [record.title for record in result.records] == ["A"]
    assert [p.code for p in result.problems] == ["xml-syntax"]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("name", ["endnote-xml", "mods", "jats"])
@pytest.mark.parametrize(
    "text",
    [
        BOMB + "<xml><records><record>&j;</record></records></xml>",
        OUTSIDE + "<xml><records><record>&a;</record></records></xml>",
        "<a>" * 100_000,
        "<" * 1000,
        "<xml>\x01</xml>",
        "no xml",
        "<xml",
    ],
    ids=["bomb", "file", "deep", "brackets", "control", "prose", "cut"],
)
def test_harmful_xml_is_one_clear_error(name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        reader_of(name)(text.encode(), OPTIONS)
    assert "x.xml" in str(caught.value)


def test_the_encoding_that_a_file_declares_is_taken() -> None:
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?><xml><records>{endnote_record("Größe")}</records></xml>'
    result = endnotexml.read(text.encode("latin-1"), OPTIONS)
    assert result.records[0].title == "Größe"
    assert result.problems == ()


def test_named_characters_of_html_are_characters() -> None:
    text = f"<xml><records>{endnote_record('caf&eacute;&nbsp;&amp; &lt;i&gt;')}</records></xml>"
    assert endnotexml.read(text.encode(), OPTIONS).records[0].title == "café\xa0& <i>"


def test_characters_that_xml_does_not_have_are_reported() -> None:
    assert safexml.escape("a\x00\x1b<&\ud800") == "a\ufffd\ufffd&lt;&amp;\ufffd"
