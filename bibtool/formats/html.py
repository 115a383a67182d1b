"""Web pages, read only: what their markup says of works, and what their text shows.

In this order: JSON-LD in ``<script type="application/ld+json">``, ``<meta>`` tags and COinS (`pagedata`), BibTeX, RIS
and MEDLINE in the text, and where a page has none of these, its text as one would paste it (`listing`). The text is
what the page shows: character references are replaced, tags are left out, ``<br>`` ends a line, a link to a DOI or to
arXiv is followed by its identifier. Source: the HTML standard of the WHATWG.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, decode_text, head_text
from bibtool.formats.sourcelines import at_lines_of_source
from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LINE_END
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "html"
FIELDS: tuple[Row, ...] = (
    Row('script type="application/ld+json"', "", "as `json-ld`"),
    Row("meta name=citation_..., dc..., prism...", "", "title, authors, journal, date, pages, identifiers"),
    Row("span class=Z3988", "", "COinS (OpenURL)"),
    Row("pre, code, textarea, text", "", "BibTeX, RIS and MEDLINE, as in their formats"),
    Row("script type=text/bibtex, attributes", "", "BibTeX that the page does not show"),
    Row("text", "", "lists and pages, as `listing`"),
)  # fmt: skip
_NAME = lazy_pattern(r"/?[A-Za-z][A-Za-z0-9:-]{0,40}")
# a tag's end; quoted values are bounded, so that an open quotation mark costs no more than its tag
_TAG_REST = lazy_pattern(r"(?:[^<>\"']|\"[^\"<>]{0,4000}\"|'[^'<>]{0,4000}')*+[\"']?>")
_LD_TYPE = lazy_pattern(r"""type\s*=\s*["']?application/ld\+json""", re.IGNORECASE)
_BIBTEX_TYPE = lazy_pattern(r"""type\s*=\s*["']?(?:text|application)/(?:x-)?bibtex""", re.IGNORECASE)
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_BREAKING = frozenset({"br", "p", "div", "li", "tr", "pre", "textarea", "h1", "h2", "h3", "h4", "td", "dd", "dt"})
_ENTRY = lazy_pattern(r"@[ \t]*[A-Za-z]{3,20}[ \t]*[{(]\s*([^\s,{}()=\"]{1,200})\s*,")
_ATTRIBUTE = lazy_pattern(r"""([A-Za-z][\w:.-]{0,60})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_META_NAME = lazy_pattern(r"(?:bepress_)?citation[_.]|dc(?:terms)?\.|prism\.|eprints\.", re.IGNORECASE)
_META_TAG = lazy_pattern(
    r"<meta\s[^<>]{0,400}[\"'](?:(?:bepress_)?citation_title|dc(?:terms)?\.title)[\"']", re.IGNORECASE
)
_WHOLE_PAGE = lazy_pattern(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_OTHER_RECORDS = lazy_pattern(r"(?m)^(?:TY {1,2}- ?[A-Z]{2,6}|PMID- \d)")
_SEEN = frozenset({"meta", "span", "a", "/a"})
_MISSING = "this web page has neither JSON-LD that describes a work nor tags or a list of works nor an entry of BibTeX"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The works that a page describes, first those of its JSON-LD. Raises `InputError` where it describes none."""
    text, decoding_problems = decode_text(data, options)
    page = _parts(text)
    records: list[Record] = []
    problems: list[Problem] = list(decoding_problems)
    for line, script in page.scripts:
        result = _read_script(script, line, options)
        records += result.records
        problems += result.problems
    if page.meta or page.coins:
        from bibtool.formats.pagedata import read_coins, read_meta

        described = [read_meta(page.meta, options), *(read_coins(title, line, options) for title, line in page.coins)]
        known = {_identity(record) for record in records}
        records += [record for record in described if record is not None and _identity(record) not in known]
    if _ENTRY.search(page.shown) or (not records and _has_other_records(page.shown)):
        found = _read_shown(page.shown, options, whole=False)
    elif not records:
        found = _read_shown(page.shown, options, whole=True)
    else:
        found = ReadResult()
    found = at_lines_of_source(found, page.lines, options)
    records += found.records
    if records:
        return ReadResult(tuple(records), (*problems, *found.problems), found.readings)
    why = next((problem.message for problem in found.problems if problem.severity == "error"), "")
    reason = why.partition(": ")[2] if why.startswith("no record") else why
    raise InputError(
        _MISSING + (f"; {reason}" if reason else ""),
        path=options.path,
        hint="save the page's citation export and read that",
    )


def _identity(record: Record) -> str:
    """What two descriptions of one work on a page have in common."""
    return record.text("DOI").casefold() or record.title.casefold()


def _has_other_records(shown: str) -> bool:
    from bibtool.formats.listing.parts import has_parts

    return has_parts(shown)


def _read_shown(shown: str, options: ReadOptions, *, whole: bool) -> ReadResult:
    """What the page shows, read as BibTeX or, where ``whole`` is set or other records are in it, as pasted text."""
    data = shown.encode("utf-8", "replace")
    if not whole and not _OTHER_RECORDS.search(shown):
        from bibtool.formats.bibtex import reader as bibtex

        return bibtex.read(data, options)
    from bibtool.formats.listing import reader as listing

    if not data.strip():
        return ReadResult()
    return listing.read(data, options)


def _read_script(script: str, line: int, options: ReadOptions) -> ReadResult:
    """The works of one script; a script about other things (the site, its owner) gives none."""
    from bibtool.formats import jsonld

    if not jsonld.sniff(script.encode("utf-8", "replace")[: 1 << 16]):
        return ReadResult()
    try:
        # line ends before the script keep its line numbers those of the page
        return jsonld.read(("\n" * (line - 1) + script).encode("utf-8", "replace"), options)
    except InputError:
        return ReadResult()


@dataclass(slots=True)
class _Page:
    """What a page holds: scripts of JSON-LD, meta tags and COinS with their lines, and the text that it shows.

    ``lines`` has the line of the page for each line of ``shown``.
    """

    scripts: list[tuple[int, str]] = field(default_factory=list)
    meta: list[tuple[str, str, int]] = field(default_factory=list)
    coins: list[tuple[str, int]] = field(default_factory=list)
    shown: str = ""
    lines: list[int] = field(default_factory=lambda: [1])


def _parts(text: str) -> _Page:
    """The parts of a page."""
    page = _Page()
    shown: list[str] = []
    link = ""
    hidden: list[tuple[int, str]] = []
    for kind, piece, line in _tokens(text):
        if kind == "ld":
            page.scripts.append((line, piece))
        elif kind == "break":
            shown.append("\n")
            page.lines.append(line)
        elif kind == "bibtex":
            hidden.append((line, piece))
        elif kind == "entry":
            values = (match[2] or match[3] or "" for match in _ATTRIBUTE.finditer(piece))
            hidden += ((line, entities.unescape(value)) for value in values if _ENTRY.search(value))
        elif kind == "tag":
            link = _note_tag(page, piece, line, shown, link)
        else:
            clean = entities.unescape(piece)
            shown.append(clean)
            # a reference like &#10; is a line end that the page's own lines do not have
            breaks, own = len(LINE_END.findall(clean)), len(LINE_END.findall(piece))
            page.lines.extend(line + min(number, own) for number in range(1, breaks + 1))
    page.shown = "".join(shown)
    keys = {match[1] for match in _ENTRY.finditer(page.shown)}
    for at, entries in hidden:
        if keys.isdisjoint(match[1] for match in _ENTRY.finditer(entries)):  # what the page shows is not read twice
            page.shown += f"\n{entries}\n"
            page.lines += [at + number for number in range(len(LINE_END.findall(entries)) + 1)] + [at]
    return page


def _note_tag(page: _Page, tag: str, line: int, shown: list[str], link: str) -> str:
    """Keep what a tag says; the identifier of a link is shown at the link's end. Gives the identifier that waits."""
    name = tag.partition(" ")[0]
    if name == "/a":
        if link:
            shown.append(f" {link} ")
        return ""
    found = {m[1].casefold(): entities.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(tag)}
    if name == "a":
        from bibtool.formats.addresses import of_address

        return of_address(found.get("href", "").strip()[:600])
    if name == "meta":
        key, content = found.get("name") or found.get("property") or "", found.get("content", "")
        if key and content and _META_NAME.match(key):
            page.meta.append((key, content, line))
    elif "z3988" in found.get("class", "").casefold() and found.get("title"):
        page.coins.append((found["title"], line))
    return link


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, text, line) of texts ("text"), breaks ("break"), JSON-LD ("ld") and tags ("tag"), in linear time."""
    at = counted = 0
    line = 1
    closers: dict[str, int] = {}
    while at < len(text):
        opening = text.find("<", at)
        opening = len(text) if opening < 0 else opening
        line += len(LINE_END.findall(text, counted, at)) if at > counted else 0
        counted = max(at, counted)
        if opening > at:
            yield "text", text[at:opening], line
        if opening >= len(text):
            return
        if text.startswith("<!--", opening):
            end = text.find("-->", opening + 4)
            at = len(text) if end < 0 else end + 3
            continue
        name = _NAME.match(text, opening + 1)
        rest = (
            _TAG_REST.match(text, name.end() if name else opening + 1)
            if name or text[opening + 1 : opening + 2] == "!"
            else None
        )
        if rest is None:
            yield "text", "<", line
            at = opening + 1
            continue
        at = rest.end()
        tag = name[0].casefold() if name else ""
        if tag in _HIDDEN:
            end = _closing(text, tag, at, closers)
            before = line + len(LINE_END.findall(text, counted, at))
            if tag == "script" and _LD_TYPE.search(rest[0][:4000]):
                yield "ld", text[at:end], before
            elif tag == "script" and _BIBTEX_TYPE.search(rest[0][:4000]):
                yield "bibtex", text[at:end], before
            at = end
        elif tag in _SEEN:
            yield "tag", f"{tag} {rest[0]}", line
        elif "@" in rest[0] and _ENTRY.search(rest[0]):  # of a button that copies it
            yield "entry", rest[0], line
        if tag in _HIDDEN or tag in _SEEN:
            continue
        if tag.lstrip("/") in _BREAKING:
            yield "break", "", line + len(LINE_END.findall(text, counted, opening))


def _closing(text: str, tag: str, at: int, closers: dict[str, int]) -> int:
    """Where the end tag of a hidden element begins, the end of the text where there is none."""
    if closers.get(tag, 0) < 0:  # none was found from an earlier place
        return len(text)
    end = re.compile(rf"</{tag}(?=[\s>/])", re.IGNORECASE).search(text, at)
    if end is None:
        closers[tag] = -1
        return len(text)
    return end.start()


def sniff(head: bytes) -> int:
    """90 for a page with JSON-LD about a work, 75 for one with BibTeX, 0 for other pages and anything else."""
    text = head_text(head)
    if not re.match(
        r"<(?:!doctype\s+html|html|head|body|pre|div|p|[uo]l|li|span|table|script|section|main|article|textarea|title|meta|"
        r"!--)\b",
        text,
        re.IGNORECASE,
    ):
        return 0
    if _LD_TYPE.search(text):
        from bibtool.formats.jsonld import TYPES

        if re.search(rf'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/|schema:)?(?:{"|".join(TYPES)})"', text):
            return 90
    if _ENTRY.search(text):
        return 75
    if "Z3988" in text or _META_TAG.search(text):
        return 85
    return 25 if _WHOLE_PAGE.match(text) or "<li" in text else 0
