"""EndNote XML, the export of EndNote that others read too (Zotero, JabRef, Mendeley).

Source: the DTD that EndNote ships (RSXML), and what EndNote, Zotero and JabRef write. Texts are runs of ``<style>``
with a face; markup that no face says stays in CSL-JSON's tags.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row, WriteResult
from bibtool.formats.fields import Draft, Outgoing, inverted_name, reverse, without_gaps, write_each
from bibtool.formats.rawdate import parse_raw_date
from bibtool.formats.safexml import element, escape, wrap
from bibtool.model.dates import Date, parse_date
from bibtool.xmltree import Element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "endnote-xml"

# EndNote's number and name of a reference type -> CSL type; the first of a CSL type is written
TYPES: dict[tuple[str, str], str] = {
    ("17", "Journal Article"): "article-journal", ("19", "Magazine Article"): "article-magazine",
    ("23", "Newspaper Article"): "article-newspaper", ("6", "Book"): "book", ("5", "Book Section"): "chapter",
    ("47", "Conference Paper"): "paper-conference", ("10", "Conference Proceedings"): "paper-conference",
    ("32", "Thesis"): "thesis", ("27", "Report"): "report", ("34", "Unpublished Work"): "article",
    ("36", "Manuscript"): "manuscript", ("12", "Web Page"): "webpage", ("56", "Blog"): "post-weblog",
    ("59", "Dataset"): "dataset", ("9", "Computer Program"): "software", ("25", "Patent"): "patent",
    ("58", "Standard"): "standard", ("31", "Statute"): "legislation", ("4", "Bill"): "bill",
    ("7", "Case"): "legal_case",
    ("14", "Hearing"): "hearing", ("46", "Government Document"): "regulation", ("52", "Dictionary"): "entry-dictionary",
    ("53", "Encyclopedia"): "entry-encyclopedia", ("20", "Map"): "map", ("2", "Artwork"): "graphic",
    ("37", "Figure"): "figure", ("21", "Film or Broadcast"): "motion_picture", ("61", "Music"): "musical_score",
    ("3", "Audiovisual Material"): "broadcast", ("26", "Personal Communication"): "personal_communication",
    ("55", "Pamphlet"): "pamphlet", ("57", "Serial"): "periodical", ("49", "Classical Work"): "classic",
    ("28", "Edited Book"): "book", ("43", "Electronic Article"): "article-journal",
    ("44", "Electronic Book"): "book", ("60", "Electronic Book Section"): "chapter",
    ("45", "Online Database"): "dataset", ("16", "Online Multimedia"): "motion_picture", ("13", "Generic"): "document",
}  # fmt: skip

FIELDS: tuple[Row, ...] = (
    Row("label", "", "the citation key"),
    Row("contributors/authors/author", "author", "Family, Given, Suffix"),
    Row("contributors/secondary-authors/author", "editor"),
    Row("contributors/tertiary-authors/author", "collection-editor"),
    Row("contributors/translated-authors/author", "translator"),
    Row("titles/title", "title"), Row("titles/secondary-title", "container-title"),
    Row("titles/tertiary-title", "collection-title"), Row("titles/short-title", "title-short"),
    Row("titles/translated-title", "original-title"),
    Row("periodical/full-title", "container-title", "read only where there is no secondary-title"),
    Row("periodical/abbr-1", "container-title-short"), Row("titles/alt-title", "container-title-short", "read only"),
    Row("pages", "page"), Row("volume", "volume"), Row("number", "issue", "the number of a report or another whole"),
    Row("issue", "issue", "of anything but an article"), Row("report-id", "number", "of an article"),
    Row("num-vols", "number-of-volumes"), Row("edition", "edition"), Row("section", "section"),
    Row("keywords/keyword", "keyword"), Row("dates/year", "issued", "the year"),
    Row("dates/pub-dates/date", "issued", "EDTF, if there is more than a year"),
    Row("pub-location", "publisher-place"), Row("publisher", "publisher"),
    Row("meeting-place", "event-place"), Row("isbn", "ISBN", "ISBN or ISSN by its digits"),
    Row("accession-num", "PMID", "PMID:..., PMCID:..., arXiv:..."), Row("call-num", "call-number"),
    Row("electronic-resource-num", "DOI"), Row("abstract", "abstract"), Row("notes", "note"),
    Row("research-notes", "annote"), Row("work-type", "genre"), Row("remote-database-name", "source"),
    Row("language", "language"), Row("urls/related-urls/url", "URL"), Row("access-date", "accessed"),
)  # fmt: skip
_NAMES = {row.field.split("/")[1]: row.variable for row in FIELDS if row.field.startswith("contributors/")}
_TITLES = {row.field.removeprefix("titles/"): row.variable for row in FIELDS if row.field.startswith("titles/")}
_SPECIAL = frozenset({"label", "number", "issue", "report-id", "isbn", "accession-num", "access-date"})
_PLAIN = {row.field: row.variable for row in FIELDS if "/" not in row.field and row.field not in _SPECIAL}
_IGNORED = frozenset({"database", "source-app", "rec-number", "foreign-keys"})
_ARTICLES = frozenset(
    {"article-journal", "article-magazine", "article-newspaper", "periodical", "review", "review-book"}
)
_BY_NAME = {name.casefold(): csl for (_, name), csl in TYPES.items()}
_BY_NUMBER = {number: csl for (number, _), csl in TYPES.items()}
_WRITTEN_TYPES = {csl: pair for pair, csl in reversed(TYPES.items())}
_FACES = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
_TAGS = reverse(_FACES)
_RUN = re.compile(r"<(/?)(i|b|sup|sub)>")


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a file."""
    nodes, problems = safexml.read_records(data, {"record"}, options)
    return ReadResult(tuple(_record(node, options, problems) for node in nodes), tuple(problems))


def _rich(node: Element) -> str:
    """The markup of an element with ``<style>`` runs."""
    runs: list[tuple[tuple[str, ...], str]] = []
    for part in node.content:
        if isinstance(part, str):
            if node.name != "style" and not part.strip() and any(isinstance(x, Element) for x in node.content):
                continue  # indentation between runs
            runs.append(((), part))
        else:
            faces = tuple(face for face in part.get("face").split() if face in _FACES)
            runs.append((faces, "".join(part.raw())))
    return join_runs(runs).replace("\r", "\n").strip(" \t\n")


def join_runs(runs: list[tuple[tuple[str, ...], str]]) -> str:
    """The markup of runs, each with its faces from the outermost to the innermost."""
    out: list[str] = []
    faces: tuple[str, ...] = ()
    for wanted, text in [*runs, ((), "")]:
        same = 0
        while same < min(len(faces), len(wanted)) and faces[same] == wanted[same]:
            same += 1
        out += [f"</{_FACES[face]}>" for face in reversed(faces[same:])]
        out += [f"<{_FACES[face]}>" for face in wanted[same:]]
        out.append(text)
        faces = wanted
    return "".join(out)


def split_runs(text: str) -> list[tuple[tuple[str, ...], str]]:
    """The runs of a markup; tags that no face says stay characters."""
    runs: list[tuple[tuple[str, ...], str]] = []
    faces: list[str] = []
    at = 0
    for tag in _RUN.finditer(text):
        face = _TAGS[tag[2]]
        if tag[1] and (not faces or faces[-1] != face):
            continue
        if tag.start() > at:
            runs.append((tuple(faces), text[at : tag.start()]))
        at = tag.end()
        if tag[1]:
            faces.pop()
        else:
            faces.append(face)
    if at < len(text):
        runs.append((tuple(faces), text[at:]))
    return runs


def _runs(text: str, out: Outgoing | None = None) -> str:
    """The markup as ``<style>`` runs; neighbours of one face become one, which ``out`` is told."""
    runs = split_runs(text)
    if out is not None and join_runs(runs) != text:
        out.lose("markup of the same kind side by side")
    return "".join(
        f'<style face="{" ".join(faces) or "normal"}" font="default" size="100%">{escape(piece)}</style>'
        for faces, piece in runs
    )


def _record(node: Element, options: ReadOptions, problems: list[Problem]) -> Record:
    draft = Draft(SOURCE, node.line)
    _type(node, draft, options, problems)
    for part in node.children:
        tag = part.name
        if tag in _IGNORED or tag == "ref-type":
            continue
        if tag == "contributors":
            for group in part.children:
                for person in group.children:
                    if group.name in _NAMES:
                        draft.put_name(_NAMES[group.name], inverted_name(person.text()))
                    else:
                        draft.leave(f"contributors/{group.name}/author", person.text())
        elif tag == "titles":
            for title in part.children:
                variable = _TITLES.get(title.name)
                if variable == "container-title-short" and node.first("periodical/abbr-1"):
                    variable = None if title.text() != node.text("periodical/abbr-1") else variable
                _put(draft, variable, _rich(title), f"titles/{title.name}")
        elif tag == "keywords":
            draft.keywords.extend(word for keyword in part.children if (word := keyword.text()))
        elif tag == "label" and not draft.key:
            draft.key = part.text()
        elif tag == "isbn":
            draft.put_standard_number(part.text(), tag)
        elif tag == "accession-num":
            for line in filter(None, map(str.strip, "".join(part.raw()).splitlines())):
                draft.put_numbered(line, tag)
        elif tag == "access-date":
            draft.put_date("accessed", parse_raw_date(part.text()), tag, part.text())
        elif tag in {"number", "issue", "report-id"}:
            article = draft.type in _ARTICLES
            _put(draft, "issue" if tag == "issue" or (tag == "number" and article) else "number", _rich(part), tag)
        elif tag == "urls":
            _urls(draft, part)
        elif tag in {"dates", "periodical"}:
            continue
        else:
            _put(draft, _PLAIN.get(tag), _rich(part), tag)
    for name, variable in (("full-title", "container-title"), ("abbr-1", "container-title-short")):
        for title in node.all(f"periodical/{name}"):
            _put(draft, variable, _rich(title), f"periodical/{name}")
    _dates(draft, node)
    return draft.build(options)


def _put(draft: Draft, variable: str | None, text: str, field: str) -> None:
    if variable:
        draft.put(variable, text, field)
    elif text:
        draft.leave(field, text)


def _type(node: Element, draft: Draft, options: ReadOptions, problems: list[Problem]) -> None:
    kind = node.first("ref-type")
    name = kind.get("name") if kind else ""
    number = kind.text() if kind else ""
    csl = _BY_NAME.get(name.casefold()) or _BY_NUMBER.get(number)
    if csl:
        draft.type = csl
    elif kind:
        draft.leave("ref-type", name or number)
        message = f"{name or number!r} is not a known type of EndNote; read as document"
        problems.append(options.problem(kind.line, "unknown-type", message, name or number or None))


def _urls(draft: Draft, part: Element) -> None:
    for group in part.children:
        for url in group.all("url"):
            if group.name in {"related-urls", "web-urls"} and "URL" not in draft.variables:
                draft.put("URL", url.text(), f"urls/{group.name}/url")
            elif url.text():
                draft.leave(f"urls/{group.name}/url", url.text())


def _dates(draft: Draft, node: Element) -> None:
    year = node.text("dates/year")
    exact = [child.text() for child in node.all("dates/pub-dates/date") if child.text()]
    for text in exact:
        date = parse_raw_date(text)
        if year and (date.literal or date.year is None):
            with_year = parse_raw_date(f"{text} {year}")
            date = with_year if not with_year.literal else date
        if date.literal and year and not parse_date(year).literal:
            draft.leave("dates/pub-dates/date", text)
        else:
            draft.put_date("issued", date, "dates/pub-dates/date", text)
    if year and "issued" not in draft.variables:
        draft.put_date("issued", parse_raw_date(year), "dates/year", year)


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as EndNote XML, one record a line; what it can't hold is a problem."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
    return write_each(records, SOURCE, _lay_out, head, "</records></xml>\n")


def _lay_out(out: Outgoing) -> str:
    number, name = _WRITTEN_TYPES.get(out.type, ("13", "Generic"))
    if TYPES[(number, name)] != out.type:
        out.lose(f"type {out.type}")
    parts = [wrap("ref-type", number, name=name)]

    def put(tag: str, text: str) -> None:
        parts.append(wrap(tag, _runs(text, out)))

    def put_plain(*tags: str) -> None:
        for tag in tags:
            put(tag, out.text(_PLAIN[tag]))

    groups = "".join(
        wrap(group, "".join(wrap("author", _runs(name, out)) for name in out.inverted(variable)))
        for group, variable in _NAMES.items()
    )
    parts.append(wrap("contributors", groups))
    container = out.text("container-title")
    short = out.text("container-title-short")
    titles = {tag: container if tag == "secondary-title" else "" for tag in _TITLES if tag != "alt-title"}
    inner = "".join(wrap(tag, _runs(text or out.text(_TITLES[tag]), out)) for tag, text in titles.items())
    parts.append(wrap("titles", inner))
    article = out.type in _ARTICLES
    full = container if article else ""
    parts.append(wrap("periodical", wrap("full-title", _runs(full, out)) + wrap("abbr-1", _runs(short, out))))
    put_plain("pages", "volume")
    put("number", out.text("issue" if article else "number"))
    put("report-id" if article else "issue", out.text("number" if article else "issue"))
    put_plain("num-vols", "edition", "section")
    parts.append(wrap("keywords", "".join(wrap("keyword", _runs(word, out)) for word in out.keywords())))
    parts.append(wrap("dates", _write_date(out)))
    put_plain("pub-location", "publisher", "meeting-place")
    for variable in ("ISBN", "ISSN"):
        put("isbn", out.standard_number(variable))
    put("accession-num", "\n".join(out.numbered()))
    put_plain("call-num", "electronic-resource-num", "abstract")
    parts.append(element("label", out.key))
    put_plain("notes", "research-notes", "work-type", "remote-database-name", "language")
    parts.append(wrap("urls", wrap("related-urls", wrap("url", _runs(out.text("URL"), out)))))
    put("access-date", out.written_date("accessed", Date.edtf, parse_raw_date))
    for left in out.leftovers:
        written = _write_leftover(left.name, left.value)
        parts.append(written)
        if not written:
            out.lose(f"the field {left.name!r}")
    return without_gaps(out, f"<record>{''.join(parts)}</record>\n")


def _write_date(out: Outgoing) -> str:
    text = out.written_date("issued", Date.edtf, parse_raw_date)
    if not text:
        return ""
    year = re.match(r"\d{4}(?!\d)", text)
    exact = "" if re.fullmatch(r"\d{4}", text) else wrap("pub-dates", wrap("date", _runs(text, out)))
    return wrap("year", _runs(year[0], out)) + exact if year else exact


def _write_leftover(name: str, value: str) -> str:
    tags = name.split("/")
    if not all(re.fullmatch(r"[a-z][a-z0-9-]{0,40}", tag) for tag in tags) or name == "ref-type":
        return ""
    text = _runs(value)
    for tag in reversed(tags):
        text = wrap(tag, text)
    return text


def sniff(head: bytes) -> int:
    """95 for XML with ``<xml>`` and ``<records>``, or ``<records>`` alone."""
    root = safexml.root_tag(head)
    if root in {"xml", "records"} and b"<record" in head:
        return 95 if b"ref-type" in head or b"<records" in head else 60
    return 0
