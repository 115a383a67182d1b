"""The values of MODS elements as catalogues write them: titles, names and their roles, dates, languages, extents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats import safexml
from bibtool.formats.fields import inverted_name, person
from bibtool.formats.modstables import LANGUAGES
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name, looks_like_organisation, parse_name

if TYPE_CHECKING:
    from bibtool.formats.fields import Draft
    from bibtool.xmltree import Element

# the punctuation that a catalogue puts before the next element: "Ithaca :", "Title /"
_END = lazy_pattern(r"\s*(?:[,;]|\s[:/=])\s*$")
# the years of a life after a name: ", 1960-"
_LIFE = lazy_pattern(r",\s*(?:b\.|d\.|ca\.|approximately|born|active)?\s*\d{3,4}\??\s*(?:-\s*(?:\d{3,4}\??)?)?\.?$")
# 322 of "vii, 322 p. ; 23 cm.", 3 of "3 v."
NUMBERED_PAGES = lazy_pattern(r"(\d+)\s*(?:pp?\b\.?|pages?\b|leaves\b|S\.|Seiten\b)", re.IGNORECASE)
NUMBERED_VOLUMES = lazy_pattern(r"(\d+)\s*(?:v\b\.?|vols?\b\.?|volumes?\b|Bde?\b\.?)", re.IGNORECASE)


_BLANK_LINE = lazy_pattern(r"\r?\n[ \t]*\r?\n\s*")
_LINE_BREAK = lazy_pattern(r"[ \t]*[\r\n]\s*")


def in_paragraphs(text: str) -> str:
    """The text with its paragraphs between blank lines, each on one line."""
    if "\n" not in text and "\r" not in text:
        return text.strip()
    paragraphs = (_LINE_BREAK.sub(" ", paragraph.strip()) for paragraph in _BLANK_LINE.split(text))
    return "\n\n".join(filter(None, paragraphs))


def paragraphs_of(part: Element) -> str:
    """The characters of an element in their paragraphs: white space is kept in MODS, and line breaks are layout."""
    return in_paragraphs("".join(part.raw()))


def without_end(text: str) -> str:
    """The text without the punctuation that leads to the next element of a catalogue's record."""
    return _END.sub("", text)


def full_title(part: Element) -> str:
    """The title with subtitle and part: ``The Fury: a story. Vol. 2: Ashes``."""
    title = title_without_part(part)
    number, name = without_end(part.text("partNumber")), without_end(part.text("partName"))
    piece = ": ".join(filter(None, (number, name)))
    if not title or not piece:
        return title
    return f"{title} {piece}" if title.endswith((".", "?", "!")) else f"{title}. {piece}"


def title_without_part(part: Element) -> str:
    """The title with its article and subtitle: ``The Fury: a story``."""
    first, title = part.text("nonSort"), part.text("title")
    if first and title:
        title = (
            f"{first}{title}" if first.endswith(("'", "\N{RIGHT SINGLE QUOTATION MARK}", "-")) else f"{first} {title}"
        )
    title = without_end(title or first)
    subtitle = without_end(part.text("subTitle"))
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def read_name(part: Element) -> Name:
    """The name of a ``name`` element; without parts the form for display."""
    parts: dict[str, list[str]] = {}
    for piece in part.all("namePart"):
        if text := without_end(piece.text()):
            parts.setdefault(piece.get("type"), []).append(text)
    whole = " ".join(parts.get("", ()))
    family = " ".join(parts.get("family", ()))
    given = " ".join(parts.get("given", ()))
    if not whole and not family and not given:
        whole = part.text("displayForm")
    if whole and not family and not given:
        if part.get("type") == "personal":
            whole = _LIFE.sub("", whole)
            return inverted_name(whole) if "," in whole else parse_name(whole)
        # without a type it may be anything; a comma is what catalogues put into the names of people
        bare = "" if part.get("type") else _LIFE.sub("", whole)
        return inverted_name(bare) if "," in bare and not looks_like_organisation(bare) else Name(literal=whole)
    return person(family, given, " ".join(parts.get("termsOfAddress", ())))


def roles_of(part: Element) -> list[str]:
    """The codes and terms of a name's roles, without the punctuation and addresses of catalogues."""
    words: list[str] = []
    for term in part.all("role/roleTerm"):
        for text in (term.text(), term.get("valueURI")):
            word = text.rstrip("/").rpartition("/")[2] if "/relators/" in text else text
            words.append(word.casefold().strip(" .,;:"))
    return [word for word in words if word]


def language_of(part: Element) -> str:
    """The language; a code before a name, of two letters where there is one."""
    terms = sorted(part.all("languageTerm"), key=lambda term: term.get("type") != "code")
    text = terms[0].text() if terms else ""
    return LANGUAGES.get(text.casefold(), text)


def put_extent(draft: Draft, part: Element) -> None:
    """Set the number of pages or volumes of ``vii, 322 p. ; 23 cm.``; what says more is kept as well."""
    text = part.text("extent")
    pages = NUMBERED_PAGES.search(text)
    volumes = None if pages else NUMBERED_VOLUMES.search(text)
    if pages or volumes:
        variable = "number-of-pages" if pages else "number-of-volumes"
        draft.put(variable, (pages or volumes or [""] * 2)[1], part.name)
    elif not re.search(r"[^\W\d_]{4}", text):  # digits and roman numerals
        draft.put("number-of-pages", text, part.name)
    more = len(part.children) > 1 or not (pages or volumes) or len(text) > len((pages or volumes or [""])[0])
    if more and str(draft.variables.get("number-of-pages", "")) != text:
        draft.leave(part.name, safexml.to_xml(part))


_LAST_YEAR = lazy_pattern(r"[<\[]?\s?[-–—]\s?\[?(\d{4})\]?[>.]?")


def put_dates(draft: Draft, origins: list[Element]) -> None:
    """Set the dates of publication: encoded before printed (``c1999``), issued before copyright and creation."""
    for names in (("dateIssued",), ("copyrightDate",), ("dateCreated",)):
        dates = [child for origin in origins for child in origin.children if child.name in names and child.text()]
        for group in (
            [child for child in dates if child.get("encoding") or child.get("keyDate")],
            [child for child in dates if not child.get("encoding") and not child.get("keyDate")],
        ):
            if "issued" not in draft.variables and group:
                _date_of(draft, group)
        if "issued" in draft.variables and names == ("dateIssued",):
            _leave_other_dates(draft, dates)
            return


def _date_of(draft: Draft, dates: list[Element]) -> None:
    points = {child.get("point"): _encoded(child) for child in dates if child.get("point")}
    if points:
        end = points.get("end", "")
        text = f"{points.get('start', '..')}/{'..' if end == '9999' else end or '..'}"
        draft.put_date("issued", parse_raw_date(text), dates[0].name, text)
        return
    text = _encoded(dates[0])
    # a serial of which only the last year is known (AACR2 1.4F8); with an encoding it is a year before Christ
    last = None if dates[0].get("encoding") else _LAST_YEAR.fullmatch(text)
    date = parse_raw_date(f"../{last[1]}" if last else text)
    if not (date.literal and dates[0].get("encoding") == "marc"):
        draft.put_date("issued", date, dates[0].name, text)


def _encoded(child: Element) -> str:
    """The text of a date; MARC writes u for an unknown digit, EDTF X."""
    text = child.text()
    return text.replace("u", "X") if child.get("encoding") == "marc" else text


def _leave_other_dates(draft: Draft, dates: list[Element]) -> None:
    issued = draft.variables["issued"]
    for child in dates:
        said_again = isinstance(issued, Date) and (
            issued.literal or str(issued.year) in child.text() or parse_raw_date(_encoded(child)) == issued
        )
        if not said_again and not child.get("point"):
            draft.leave("originInfo", safexml.to_xml(child))
