"""The parts of a labelled reference, cut out of its text, and the record that they make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.formats.fields import Draft
from bibtool.formats.references.people import has_role, names_of
from bibtool.formats.references.tokens import IDENTIFIER
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import parse_arxiv_id, parse_doi
from bibtool.model.normal.editions import normal_edition
from bibtool.model.normal.pages import normal_pages
from bibtool.model.normal.standardnumbers import standard_numbers
from bibtool.model.normal.writtendates import parse_written_date
from bibtool.model.works.venues import names_proceedings
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.formats.references.tokens import Token

SOURCE: Final = "references"

_OPEN_OF: Final = {")": "(", "]": "[", "”": "“", "»": "«", "’": "‘", "』": "『", "」": "「", "》": "《"}
_EDGE: Final = " \t\u00a0.,;:/-–—|·"
_ABBREVIATED = lazy_pattern(r"[^\W\d_]\.(?:\s|$)")
_YEAR = lazy_pattern(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?:[a-z]\b)?(?!\d)")
_NUMBER_WORDS = lazy_pattern(
    r"^\W*(?:volume|vol|vols|jahrgang|jg|band|bd|tome|tomo|tom|t|v|jaargang|årg|årgång|том|т|cilt|č|č\.|roč|r|rocznik|"
    r"issue|iss|number|numbers|num|nos|no|nr|heft|h|n|número|núm|numéro|n[°º]|№|вып|выпуск|z|zeszyt|fasc|fascicule|sayı|"
    r"afl|cah|hft|第)\b\.?\s*[°º№]?\s*(?=\S*\d|[ivxlcdmIVXLCDM]+\b)",
    re.IGNORECASE,
)
_REPRINT = lazy_pattern(r"^\s*\[?\(?1[4-9]\d\d[\])]+\s*(?=\(?(?:1[4-9]|20)\d\d)")  # "[1776] 1976": of the first edition
_NUMBER_TAIL = lazy_pattern(
    r"(?<=[\dIVXLC])\s*\.?\s*(?:vols?|volumes?|jg|jahrgang|bde?|bände|tomes|tomos|t|v)\.?$", re.IGNORECASE
)
_PAGE_WORDS = lazy_pattern(
    r"^\W*(?:pages?|páginas?|págs?|pagine|pagg?|pag|pp|pgs?|p|seiten?|s|blz|str|strony|s\.s|ss|сс|с|стр|sayfa|art(?:icle)?"
    r"(?:\s*(?:no|id|number)\.?)?|第)\b\.?\s*(?=\S)",
    re.IGNORECASE,
)
_PAGE_COUNT = lazy_pattern(
    r"\W*(?:[xvil]+,?\s*\+?\s*)?(\d{1,4})\s*(?:pages?|pp?|s|seiten|с|стр|str|págs?|页|頁)\W*", re.IGNORECASE
)
_PAGES = lazy_pattern(
    r"[A-Za-z]{0,3}\.?\d[\w.:]*(?:\s*(?:[-‐-―−/]|--)\s*[A-Za-z]{0,3}\.?\d\w*(?::\d+)?)?(?:\s*[,+]\s*[A-Za-z]?\d\w*(?:\s*[-‐-―−]+\s*[A-Za-z]?\d\w*)?)*"
)
_EPUB = lazy_pattern(r"\W*epub(?: ahead of print)?\W*", re.IGNORECASE)  # PubMed's word before a date; nobody's name
_ARXIV = lazy_pattern(
    r"(?:arxiv(?:\s*preprint)?(?:\s*arxiv)?\s*[:.]?\s*|arxiv\.org/(?:abs|pdf)/)((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)",
    re.IGNORECASE,
)
_DOI = lazy_pattern(rf"10\.\d{{4,9}}/{IDENTIFIER}+")
_URL = lazy_pattern(rf"(?:https?://|www\.){IDENTIFIER}+")
_ISBN = lazy_pattern(r"\bISBN(?:-1[03])?:?\s*([\dXx -]{10,20})")
_KANA = lazy_pattern("[\u3040-\u30ff「『巻頁]")  # which Chinese does not have
_PMID = lazy_pattern(r"\bPMID:?\s*(\d{4,9})\b")
_THESIS = lazy_pattern(
    r"thes[ei]s|thèse|dissertation|diss\.|phd|doctora|habilitation|magister|диссерт|diplom|tesi|proefschrift|praca|mémoire|学位|博士|硕士",
    re.IGNORECASE,
)
_REPORT = lazy_pattern(
    r"report|bericht|rapport|informe|relatório|working paper|technical|memo|отчет|raport|tech\.", re.IGNORECASE
)
_MEETING = lazy_pattern(
    r"\b(?:proc(?:eedings)?\b|conference|symposium|workshop|congress|konferenz|tagung|colloque|actes|congreso|atti|"
    r"meeting|annual|advances in neural|международн|конференц|会议|論文集)",
    re.IGNORECASE,
)
_JOURNAL = lazy_pattern(
    r"\b(?:journal|j|review|revue|rev|zeitschrift|annals|ann|transactions|trans|letters|acta|proc natl|bulletin)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a reference: its label, its text, its place in the reference, and the lowest probability in it."""

    label: str
    text: str
    start: int
    end: int
    sure: float


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record in the making with the certainty of each of its variables (between 0 and 1)."""

    draft: Draft
    fields: dict[str, float]


def parts_of(text: str, tokens: Sequence[Token], labels: Sequence[str], sure: Sequence[float]) -> list[Part]:
    """The runs of tokens with one label, in order."""
    parts = []
    at = 0
    while at < len(tokens):
        end = at + 1
        while end < len(tokens) and labels[end] == labels[at]:
            end += 1
        start, stop = _widened(text, tokens, at, end)
        parts.append(Part(labels[at], text[start:stop], start, stop, min(sure[at:end])))
        at = end
    return parts


def _widened(text: str, tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Where a run begins and ends with the punctuation that is of it: brackets in pairs, a full stop, ``?``."""
    start, stop = tokens[first].start, tokens[end - 1].end
    limit = tokens[end].start if end < len(tokens) else len(text)
    floor = tokens[first - 1].end if first else 0
    inside = text[start:stop]
    while stop < limit:
        mark = text[stop]
        if mark == "'" and start > floor and text[start - 1] == "'":
            break  # the closing one of two quotation marks
        if mark in ".?!%…'" or (mark in _OPEN_OF and inside.count(_OPEN_OF[mark]) > inside.count(mark)):
            stop += 1
            inside = text[start:stop]
        else:
            break
    for closing, opening in _OPEN_OF.items():
        if inside.count(closing) > inside.count(opening) and start > floor and text[start - 1] == opening:
            start -= 1
            break
    return start, stop


def parse(text: str, parts: Sequence[Part], line: int) -> Parsed:
    """The record of a reference whose parts are known."""
    draft = Draft(SOURCE, line)
    fields: dict[str, float] = {}
    parts = list(_unpacked(parts))
    by_label: dict[str, list[Part]] = {}
    for part in parts:
        by_label.setdefault(part.label, []).append(part)

    if "editor" not in by_label and (edited := [part for part in by_label.get("author", ()) if has_role(part.text)]):
        by_label["editor"] = edited
        by_label["author"] = [part for part in by_label["author"] if part not in edited]
    _identifiers(draft, text, fields)
    for label, variable in (("author", "author"), ("editor", "editor"), ("translator", "translator")):
        _people(draft, by_label.get(label, ()), variable, fields, japanese=_KANA.search(text) is not None)
    title = _longest(by_label.get("title", ()))
    if title is not None:
        draft.put("title", _escaped(_bare_title(title.text)), "title")
        fields["title"] = title.sure
    container = _longest(by_label.get("container", ()))
    if container is not None:
        draft.put("container-title", _escaped(_bare_container(container.text)), "container")
        fields["container-title"] = container.sure
    for label, variable in (
        ("series", "collection-title"),
        ("publisher", "publisher"),
        ("place", "publisher-place"),
        ("event", "event-title"),
    ):
        named = [part for part in by_label.get(label, ()) if not _EPUB.fullmatch(part.text)]
        if (longest := _longest(named)) is not None:
            draft.put(variable, _escaped(_bare_container(longest.text)), label)
            fields[variable] = longest.sure
    _date(draft, by_label.get("date", ()), fields)
    for part in by_label.get("volume", ()):
        if number := _number(part.text):
            draft.put("volume", number, "volume")
            fields.setdefault("volume", part.sure)
    for part in by_label.get("issue", ()):
        if number := _number(part.text):
            draft.put("issue", number, "issue")
            fields.setdefault("issue", part.sure)
    _pages(draft, by_label.get("pages", ()), fields)
    for part in by_label.get("edition", ()):
        edition = normal_edition(part.text.strip(_EDGE + "()"))
        draft.put("edition", edition, "edition")
        fields.setdefault("edition", part.sure)
    genre = " ".join(part.text.strip(_EDGE + "()[]") for part in by_label.get("genre", ()))
    if genre:
        draft.put("genre", _escaped(genre), "genre")
        fields["genre"] = min(part.sure for part in by_label["genre"])
    for label in ("other", "number"):
        for part in by_label.get(label, ()):
            if len(part.text) > 3:
                draft.leave(label, part.text.strip())
    kind = _KIND_CODE.search(text)
    draft.type = _KINDS[kind[1]] if kind else _type_of(draft, genre)
    return Parsed(draft, fields)


_PACKED = lazy_pattern(
    r"\W*(?:(?P<date>(?:1[89]|20)\d\d)\s*;\s*)?(?P<volume>[A-Za-z.\s]{0,6}\d+)\s*(?:\((?P<issue>[^()]{1,20})\)\s*)?"
    r"(?:[:,]\s*(?P<pages>[A-Za-z]?\d+\s*(?:[-‐-―−]+\s*[A-Za-z]?\d+)?))?\W*"
)
# as ACM has it: "12, 3, Article 45"
_PACKED_BY_COMMAS = lazy_pattern(
    r"\W*(?P<volume>\d+),\s*(?P<issue>\d+(?:[-‐-―−]\d+)?)(?:,\s*(?:Article|Art\.)\s*(?P<pages>[A-Za-z]?\d+))?\W*"
)
_DAY = lazy_pattern(r"\W*\d{1,2}\s*;\s*(?=\d)")


def _unpacked(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts; a volume that has more in it, as in ``2014;12(3):201-19``, as several."""
    labels = {part.label for part in parts}
    for part in map(_without_day, parts):
        match = _PACKED.fullmatch(part.text) if part.label == "volume" else None
        others = labels - {"volume"}
        if part.label == "volume" and "pages" in labels and (by_commas := _PACKED_BY_COMMAS.fullmatch(part.text)):
            match, others = by_commas, others - {"pages"}  # what is labelled so is their number, or the pages
        found = {label for label, value in match.groupdict().items() if value} if match else set()
        if match is None or len(found) < 2 or found & others:
            yield part
            continue
        for label in ("date", "volume", "issue", "pages"):
            if label in found:
                start, end = part.start + match.start(label), part.start + match.end(label)
                yield Part(label, match[label], start, end, part.sure)


def _without_day(part: Part) -> Part:
    """A volume without the day before it, which is of the date: ``Jun 16;12``."""
    day = _DAY.match(part.text) if part.label == "volume" else None
    return part if day is None else replace(part, text=part.text[day.end() :], start=part.start + day.end())


def _identifiers(draft: Draft, text: str, fields: dict[str, float]) -> None:
    """What has a form of its own is found by it, whatever the labels are."""
    for match in _ARXIV.finditer(text):
        try:
            parse_arxiv_id(match[1])
        except IdentifierError:
            continue
        draft.put_arxiv(match[1], "arxiv")
        fields["arxiv.id"] = 1.0
        break
    for match in _DOI.finditer(text):
        doi = match[0].rstrip(".,;:'’")
        while doi and doi[-1] in ")]}" and doi.count("([{"[")]}".index(doi[-1])]) < doi.count(doi[-1]):
            doi = doi[:-1].rstrip(".,;:")
        try:
            draft.put("DOI", parse_doi(doi), "doi")
        except IdentifierError:
            continue
        fields["DOI"] = 1.0
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:'’>")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address.rstrip(").,")
        if "doi.org/10." in address or "arxiv.org/" in address:
            continue
        draft.put("URL", address if address.startswith("http") else f"http://{address}", "url")
        fields["URL"] = 1.0
    if isbn := _ISBN.search(text):
        for number in standard_numbers(f"ISBN {isbn[1].strip()}"):
            draft.put(number.variable, number.text, "isbn")
            fields[number.variable] = 1.0
    if pmid := _PMID.search(text):
        draft.put("PMID", pmid[1], "pmid")
        fields["PMID"] = 1.0


def _people(draft: Draft, parts: Sequence[Part], variable: str, fields: dict[str, float], *, japanese: bool) -> None:
    for index, part in enumerate(parts):
        names, regular = names_of(part.text, japanese=japanese)
        if index and draft.has_names(variable):
            draft.leave(variable, part.text)
            continue
        for name in names:
            draft.put_name(variable, name)
        if names.truncated:
            draft.truncate(variable)
        if names:
            fields[variable] = part.sure * (0.5 + regular / 2)


def _longest(parts: Sequence[Part]) -> Part | None:
    return max(parts, key=lambda part: len(part.text)) if parts else None


def _bare_title(text: str) -> str:
    text = text.strip(" \t\u00a0,;:/|")
    text = text.strip('"“”„«»‟『』「」《》')
    if text.endswith(".") and not text.endswith("..."):
        text = text.rstrip(". ")
    return text.strip(" ,;:")


def _bare_container(text: str) -> str:
    text = text.strip(_EDGE.replace(".", "") + '"“”„«»‟『』「」《》')
    if text.endswith(".") and not _ABBREVIATED.search(text[:-1]):
        text = text.rstrip(". ")
    return text


def _escaped(text: str) -> str:
    """Plain text as markup: ``<`` and ``&`` are characters here."""
    return (
        text.replace("&amp;", "&").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if "<" in text or "&" in text
        else text
    )


def _date(draft: Draft, parts: Sequence[Part], fields: dict[str, float]) -> None:
    dated = [part for part in parts if _YEAR.search(part.text)]
    for part in dated or parts[:1]:
        shown = _REPRINT.sub("", part.text)
        if shown == part.text and len(dated) > 1 and shown.strip().startswith("["):
            continue
        text = re.sub(r"(?<=\d{4})[a-z]\b", "", shown).strip(" .,;:()[]\u00a0")
        date = parse_written_date(text)
        if date.literal or date.year is None or not 1000 < date.year < 2100:
            year = _YEAR.search(shown)
            if year is None:
                continue
            date = Date.of(int(year[1]))
        draft.put_date("issued", date, "date", part.text)
        fields.setdefault("issued", part.sure)
        return


def _number(text: str) -> str:
    """The number of a volume or an issue, without its word: ``Vol. 12`` is ``12``."""
    text = text.strip(' .,;:()[]"\u00a0')
    for _ in range(2):
        text = _NUMBER_WORDS.sub("", text)
    text = _NUMBER_TAIL.sub("", text.strip(" .,;:()[]\u00a0号期卷巻"))
    return re.sub(r"\s*[‐-―−]+\s*", "–", text) if len(text) < 40 else ""


def _pages(draft: Draft, parts: Sequence[Part], fields: dict[str, float]) -> None:
    worded = [part for part in parts if _PAGE_WORDS.match(part.text)]
    for part in worded or parts:  # where some have a word for pages, other numbers are none
        text = part.text.strip(" ,;:()[]\u00a0")
        if count := _PAGE_COUNT.fullmatch(text):
            draft.put("number-of-pages", count[1], "pages")
            fields.setdefault("number-of-pages", part.sure)
            continue
        text = _PAGE_WORDS.sub("", text).strip(" .,;:()页頁")
        pages = _PAGES.search(text)
        if pages is None:
            if text:
                draft.leave("pages", part.text)
            continue
        draft.put(
            "page",
            normal_pages(re.sub(r"\s*[‐-―−]+\s*|\s*--\s*|(?<=\d)\s*-\s*(?=\d)", "-", pages[0].rstrip(".:"))),
            "pages",
        )
        fields.setdefault("page", part.sure)


# GB/T 7714-2015, Appendix B: the codes of kinds that nothing else in a reference tells from others
_KIND_CODE = lazy_pattern(r"(?<=\S)\s?\[(D|R|S|P|N|DB|DS|CP|EB)(?:/(?:OL|CD|MT|DK))?\]\s?(?=[.．。,，:：])")
_KINDS: Final = {
    "D": "thesis", "R": "report", "S": "standard", "P": "patent", "N": "article-newspaper", "DB": "dataset",
    "DS": "dataset", "CP": "software", "EB": "webpage",
}  # fmt: skip


def _type_of(draft: Draft, genre: str) -> str:
    has = draft.variables.keys() | ({"editor"} if draft.has_names("editor") else set())
    container = str(draft.variables["container-title"]) if "container-title" in has else ""
    if genre and _THESIS.search(genre):
        return "thesis"
    if genre and _REPORT.search(genre) and not container:
        return "report"
    if draft.arxiv is not None and "volume" not in has:
        return "article"
    if container:
        if _MEETING.search(container) and not ("volume" in has and _JOURNAL.search(container)):
            return "paper-conference"
        if "editor" in has or ("publisher" in has and "issue" not in has and not _JOURNAL.search(container)):
            return "chapter"
        if {"volume", "issue"} & has or _JOURNAL.search(container):
            return "article-journal"
        return (
            "article-journal"
            if "page" in has and "publisher" not in has
            else "chapter"
            if "publisher" in has
            else "paper-conference"
            if names_proceedings(container)
            else "article"
        )
    if "publisher" in has or "publisher-place" in has or "edition" in has or "number-of-pages" in has:
        return "book"
    if "URL" in has:
        return "webpage"
    return "document"
