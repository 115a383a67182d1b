"""A Word document through python-docx: real headings, numbers, hanging indents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.cv.chart import text_chart
from bibtool.cv.targets import _typeset
from bibtool.styles.output.docx import add_link, fill, new_document, printable, saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

_FONT = "Times New Roman"
_POINT = 12_700  # Word measures in English metric units
_BLUE = (0x1F, 0x4E, 0x79)


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document; a fragment has no name and title. Raises `MissingPackageError` without python-docx."""
    made = new_document()
    _set_up(made, cv)
    if not options.fragment:
        _top(made, cv)
    if options.summary and cv.summary.total:
        _summary(made, cv, options)
    digits = _typeset.label_width(cv)
    for section in cv.sections:
        if section.heading:
            made.add_heading(_text(section.heading), level=1)
        for entry in section.entries:
            _entry(made, entry, digits, options)
    if cv.legend:
        _legend(made, cv)
    return saved(made)


def _set_up(made: Any, cv: PublicationList) -> None:
    """Page, fonts, language and properties; the template's dates stay, for they don't change."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = (Cm(21.59), Cm(27.94)) if _typeset.paper(cv) == "letter" else (Cm(21), Cm(29.7))
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    sizes = {"Normal": 11, "Heading 1": 14, "Title": 20, "Subtitle": 13}
    for name, size in sizes.items():
        style = made.styles[name]
        style.font.size = size * _POINT
        style.font.name = _FONT
        style.font.italic = False
        # a theme's font would win over the name
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
        for spread in style.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
            spread.getparent().remove(spread)
    for borders in made.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        borders.getparent().remove(borders)
    made.styles["Title"].font.bold = True
    for name, before, after in (("Title", 0, 2), ("Subtitle", 0, 2), ("Heading 1", 14, 5), ("Normal", 0, 4)):
        made.styles[name].paragraph_format.space_before = before * _POINT
        made.styles[name].paragraph_format.space_after = after * _POINT
    made.styles["Normal"].paragraph_format.line_spacing = 1.0
    language = _typeset.clean(cv.language)
    for element in made.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
    properties = made.core_properties
    properties.title, properties.author = _text(cv.title)[:255], _text(cv.profile.name)[:255]
    properties.language, properties.comments = language, ""


def _top(made: Any, cv: PublicationList) -> None:
    if cv.profile.name:
        made.add_paragraph(_text(cv.profile.name), style="Title")
    if cv.title:
        made.add_paragraph(_text(cv.title), style="Subtitle" if cv.profile.name else "Title")
    if links := _typeset.profile_labels(cv):
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.space_after = 10 * _POINT
        _links(paragraph, links, 10)


def _summary(made: Any, cv: PublicationList, options: TargetOptions) -> None:
    total, kinds = _typeset.counts(cv, options)
    paragraph = made.add_paragraph()
    paragraph.add_run(printable(total)).bold = True
    if len(kinds) > 1:
        paragraph.add_run("\u2003" + printable(_typeset.SEPARATOR.join(kinds)))
    if chart := text_chart(cv.summary.by_year, 48):
        caption = made.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(printable(_typeset.word(cv, options, "papers-a-year"))).font.size = 9 * _POINT
        run = made.add_paragraph().add_run(chart)
        run.font.name, run.font.size = "Courier New", 8 * _POINT


def _entry(made: Any, entry: Entry, digits: int, options: TargetOptions) -> None:
    paragraph = made.add_paragraph()
    indent = (6 * digits + 10) * _POINT if digits else 18 * _POINT
    paragraph.paragraph_format.left_indent = indent
    paragraph.paragraph_format.first_line_indent = -indent
    if digits:
        paragraph.paragraph_format.tab_stops.add_tab_stop(indent)
        paragraph.add_run(f"{entry.number}.\t" if entry.number is not None else "\t")
    fill(paragraph, _typeset.clean_run(entry.run) or [_typeset.clean(entry.record.title)])
    if status := _typeset.status_sentence(entry):
        paragraph.add_run(" ")
        paragraph.add_run(printable(status)).italic = True
    if links := _typeset.links_of(entry, options):
        paragraph.add_run("  ")
        _links(paragraph, links, 9)


def _links(paragraph: Any, links: Sequence[Link], size: int) -> None:
    from docx.shared import RGBColor

    for at, link in enumerate(links):
        if at:
            paragraph.add_run(_typeset.SEPARATOR).font.size = size * _POINT
        run = add_link(paragraph, link.label, _typeset.address(link.url))
        run.font.size = size * _POINT
        run.font.color.rgb = RGBColor(*_BLUE)


def _legend(made: Any, cv: PublicationList) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before = 8 * _POINT
    for at, line in enumerate(cv.legend):
        sign = paragraph.add_run(("\u2003" if at else "") + _text(line.sign))
        sign.font.superscript = True
        text = paragraph.add_run("\u2009" + _text(line.text))
        sign.font.size = text.font.size = 9 * _POINT


def _text(text: str) -> str:
    return printable(_typeset.clean(text))
