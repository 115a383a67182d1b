"""EndNote XML, the export of EndNote that others read too (Zotero, JabRef, Mendeley).

Source: the DTD that EndNote ships (RSXML), and what EndNote, Zotero and JabRef write. Texts are runs of ``<style>``
with a face; markup that no face says stays in CSL-JSON's tags.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats import reftypes, safexml
from bibtool.formats.base import ReadResult, Row, WriteResult
from bibtool.formats.fields import Draft, Outgoing, built, reverse, without_gaps, write_each
from bibtool.formats.rawdate import parse_raw_date
from bibtool.formats.safexml import element, escape, wrap
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, parse_date
from bibtool.model.richtext import Text
from bibtool.xmltree import Element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "endnote-xml"

# EndNote's number and name of a reference type -> the RIS type of the same fields; names without a number are only read
REFERENCE_TYPES: dict[tuple[str, str], str] = {
    ("17", "Journal Article"): "JOUR", ("19", "Magazine Article"): "MGZN", ("23", "Newspaper Article"): "NEWS",
    ("6", "Book"): "BOOK", ("5", "Book Section"): "CHAP", ("10", "Conference Proceedings"): "CONF",
    ("47", "Conference Paper"): "CPAPER", ("32", "Thesis"): "THES", ("27", "Report"): "RPRT",
    ("34", "Unpublished Work"): "UNPB", ("36", "Manuscript"): "MANSCPT", ("12", "Web Page"): "ELEC",
    ("56", "Blog"): "BLOG", ("26", "Personal Communication"): "PCOMM", ("59", "Dataset"): "DATA",
    ("9", "Computer Program"): "COMP", ("25", "Patent"): "PAT", ("58", "Standard"): "STAND", ("31", "Statute"): "STAT",
    ("4", "Bill"): "BILL", ("7", "Case"): "CASE", ("14", "Hearing"): "HEAR",
    ("50", "Legal Rule or Regulation"): "LEGAL", ("52", "Dictionary"): "DICT", ("53", "Encyclopedia"): "ENCYC",
    ("20", "Map"): "MAP", ("2", "Artwork"): "ART", ("37", "Figure"): "FIGURE", ("21", "Film or Broadcast"): "MPCT",
    ("3", "Audiovisual Material"): "ADVS", ("48", "Online Multimedia"): "MULTI", ("61", "Music"): "MUSIC",
    ("24", "Pamphlet"): "PAMP", ("49", "Classical Work"): "CLSWK", ("51", "Ancient Text"): "ANCIENT",
    ("28", "Edited Book"): "EDBOOK", ("44", "Electronic Book"): "EBOOK", ("57", "Serial"): "SER",
    ("8", "Catalog"): "CTLG", ("60", "Electronic Book Section"): "ECHAP", ("43", "Electronic Article"): "EJOUR",
    ("46", "Government Document"): "GOVDOC", ("45", "Online Database"): "DBASE", ("55", "Aggregated Database"): "AGGR",
    ("38", "Chart or Table"): "CHART", ("39", "Equation"): "EQUA", ("54", "Grant"): "GRANT", ("13", "Generic"): "GEN",
    ("", "Podcast"): "SOUND", ("", "Interview"): "PCOMM", ("", "Press Release"): "ELEC",
    ("", "Social Media"): "ELEC", ("", "Discussion Forum"): "ELEC", ("", "Television Episode"): "MPCT",
    ("", "Multimedia Application"): "COMP", ("", "Internet Communication"): "ICOMM", ("", "Electronic Source"): "ELEC",
}  # fmt: skip
# CSL types that an EndNote name says better than the RIS type does
_CSL_TYPES = {
    "Interview": "interview", "Television Episode": "broadcast", "Social Media": "post", "Discussion Forum": "post",
    "Podcast": "broadcast",
}  # fmt: skip
# where a RIS type that is written has no number in EndNote
_WRITTEN_AS = {"SOUND": "ADVS", "SLIDE": "CONF", "ICOMM": "PCOMM", "JFULL": "JOUR"}
_PERIODICALS = reftypes.ARTICLES | {"MGZN", "NEWS"}
_AUTHORS = ("authors", "secondary-authors", "tertiary-authors", "subsidiary-authors", "translated-authors")
_TITLES = ("title", "secondary-title", "tertiary-title", "alt-title", "short-title", "translated-title")


def _path(element: str) -> str:
    if element in _AUTHORS:
        return f"contributors/{element}/author"
    return f"titles/{element}" if element in _TITLES else element


FIELDS: tuple[Row, ...] = (
    Row("label", "", "the citation key"),
    *(
        row
        for row in reftypes.docs_rows(
            tuple((_path(field.element), field) for field in reftypes.FIELDS if field.element)
        )
        if row.field not in {"isbn", "alt-title", "pages"}
    ),
    Row("isbn", "ISBN", "ISBN or ISSN by its digits"), Row("isbn", "number", "of a report, patent, standard"),
    Row("pages", "page", "and a range in a book or thesis"),
    Row("pages", "number-of-pages", "for BOOK, CLSWK, EBOOK, EDBOOK, MANSCPT, THES"),
    Row("periodical/full-title", "container-title", "of a periodical, and where secondary-title is the series"),
    Row("periodical/abbr-1", "container-title-short"),
    Row("keywords/keyword", "keyword"), Row("dates/year", "issued", "the year"),
    Row("dates/pub-dates/date", "issued", "EDTF, if there is more than a year"),
    Row("accession-num", "PMID", "PMID:..., PMCID:..., arXiv:..."), Row("urls/related-urls/url", "URL"),
)  # fmt: skip
_IGNORED = frozenset({"database", "source-app", "rec-number", "foreign-keys"})
_BY_NAME = {name.casefold(): name for _, name in REFERENCE_TYPES}
_BY_NUMBER = {number: name for number, name in REFERENCE_TYPES if number}
_RIS_TYPES = {name: reference_type for (_, name), reference_type in REFERENCE_TYPES.items()}
_ENDNOTE_TYPES = {held: pair for pair, held in REFERENCE_TYPES.items() if pair[0]}
_FACES = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
_TAGS = reverse(_FACES)
_RUN = lazy_pattern(r"<(/?)(i|b|sup|sub)>")


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a file."""
    nodes, problems = safexml.read_records(data, {"record"}, options)
    records = built((_draft(node, options) for node in nodes), options, problems)
    return ReadResult(records, tuple(problems))


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
    """The markup as ``<style>`` runs; neighbours of one face become one, which is reported to ``out``."""
    runs = split_runs(text)
    if out is not None and join_runs(runs) != text:
        out.lose("markup of the same kind side by side")
    return "".join(
        f'<style face="{" ".join(faces) or "normal"}" font="default" size="100%">{escape(piece)}</style>'
        for faces, piece in runs
    )


def _draft(node: Element, options: ReadOptions) -> Draft:
    draft = Draft(SOURCE, node.line)
    reference_type = _type(node, draft, options)
    present = {part.name for part in node.children}
    for group_name in ("contributors", "titles"):
        present |= {part.name for group in node.all(group_name) for part in group.children}
    read = reftypes.meanings(present, reftypes.BY_ELEMENT, reference_type)
    for part in node.children:
        tag = part.name
        if tag in _IGNORED or tag == "ref-type":
            continue
        if tag == "contributors":
            for group in part.children:
                for person in group.children:
                    _field(draft, read.get(group.name, ""), person.text(), f"contributors/{group.name}/author")
        elif tag == "titles":
            for title in part.children:
                if title.name == "alt-title" and title.text() == node.text("periodical/abbr-1"):
                    continue
                _field(draft, read.get(title.name, ""), _rich(title), f"titles/{title.name}")
        elif tag == "keywords":
            draft.keywords.extend(word for keyword in part.children if (word := keyword.text()))
        elif tag == "label" and not draft.key:
            draft.key = part.text()
        elif tag == "isbn":
            for line in _lines(part):
                reftypes.put_number(draft, reference_type, line, tag)
        elif tag == "pages":
            reftypes.put_pages(draft, reference_type, _rich(part), tag)
        elif tag == "section" and reference_type in reftypes.ARTICLES:
            _start_page(draft, node.text("pages"), part)
        elif tag == "accession-num":
            for line in _lines(part):
                draft.put_numbered(line, tag)
        elif tag == "access-date":
            draft.put_date("accessed", parse_raw_date(part.text()), tag, part.text())
        elif tag == "urls":
            _urls(draft, part)
        elif tag not in {"dates", "periodical"}:
            _field(draft, read.get(tag, ""), _rich(part), tag)
    for name, variable in (("full-title", "container-title"), ("abbr-1", "container-title-short")):
        for title in node.all(f"periodical/{name}"):
            text = _rich(title)
            if text and text != node.text("titles/secondary-title"):
                draft.put(variable, text, f"periodical/{name}")
    if draft.variables.get("event-title") == draft.variables.get("container-title"):
        draft.variables.pop("event-title", None)
    _dates(draft, node)
    return draft


def _field(draft: Draft, variable: str, text: str, name: str) -> None:
    if text:
        reftypes.put_field(draft, variable, text, name, parse_raw_date)


def _lines(part: Element) -> list[str]:
    return [line for line in map(str.strip, "".join(part.raw()).splitlines()) if line]


def _start_page(draft: Draft, pages: str, part: Element) -> None:
    """The section of an article: EndNote repeats the first page there; anything else is a section."""
    text = part.text()
    if text and not re.match(rf"{re.escape(text)}\b", pages):
        draft.put("section", text, "section")


def _type(node: Element, draft: Draft, options: ReadOptions) -> str:
    """Set the CSL type, and return the RIS type by which the fields are read."""
    kind = node.first("ref-type")
    said = kind.get("name") if kind else ""
    number = kind.text() if kind else ""
    name = _BY_NAME.get(said.casefold()) or _BY_NUMBER.get(number)
    if name:
        reference_type = _RIS_TYPES[name]
        draft.type = _CSL_TYPES.get(name) or reftypes.TYPES[reference_type]
        return reference_type
    if kind:
        message = f"{said or number!r} is not a known type of EndNote; read as document"
        problem = options.problem(kind.line, "unknown-type", message, said or number or None)
        draft.leave_type("ref-type", said or number, problem)
    return "GEN"


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
    """The records as EndNote XML, one record per line; what it can't hold is a problem."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
    return write_each(records, SOURCE, _lay_out, head, "</records></xml>\n")


def _lay_out(out: Outgoing) -> str:
    reference_type = reftypes.written_type(out.type, out.record.variables)
    reference_type = _WRITTEN_AS.get(reference_type, reference_type)
    number, name = _ENDNOTE_TYPES[reference_type]
    if reftypes.TYPES[reference_type] != out.type:
        out.lose(f"type {out.type}")
    groups: dict[str, list[str]] = {"contributors": [], "titles": []}
    parts: list[str] = []
    full = ""
    for step in reftypes.plan(reference_type):
        tag, variable = step.field.element, step.variable
        if step.field.tag == "JF":  # where the secondary title is another one
            full = out.text("container-title")
        if not tag or tag == "alt-title" or not reftypes.is_due(out, step, reference_type):
            continue
        if tag == "pages":
            first, last = reftypes.take_pages(out, reference_type)
            parts.append(wrap(tag, _runs(f"{first}-{last}" if last else first, out)))
        elif tag == "isbn":
            parts += [wrap(tag, _runs(text, out)) for text in reftypes.take_numbers(out, reference_type)]
        elif step.kind == "date":
            parts.append(wrap(tag, _runs(out.written_date(variable, Date.edtf, parse_raw_date), out)))
        elif tag in _AUTHORS:
            is_text = step.kind != "names"  # the reporter of a case
            names = [reftypes.take_text(out, step, reference_type)] if is_text else []
            names += [] if is_text else reftypes.take_names(out, variable, reference_type, reftypes.BY_ELEMENT)
            groups["contributors"].append(wrap(tag, "".join(wrap("author", _runs(name, out)) for name in names)))
        else:
            if tag == "secondary-title" and variable == "container-title" and reference_type in _PERIODICALS:
                full = _container(out)
            text = wrap(tag, _runs(reftypes.take_text(out, step, reference_type), out))
            (groups["titles"] if tag in _TITLES else parts).append(text)
    periodical = wrap("full-title", _runs(full, out)) + wrap("abbr-1", _runs(out.text("container-title-short"), out))
    head = [
        wrap("ref-type", number, name=name),
        *(wrap(group, "".join(pieces)) for group, pieces in groups.items()),
        wrap("periodical", periodical),
    ]
    parts.append(wrap("keywords", "".join(wrap("keyword", _runs(word, out)) for word in out.keywords())))
    parts.append(wrap("dates", _write_date(out)))
    parts.append(wrap("accession-num", _runs("\n".join(out.numbered()), out)))
    parts.append(element("label", out.key))
    parts.append(wrap("urls", wrap("related-urls", wrap("url", _runs(out.text("URL"), out)))))
    for left in out.leftovers:
        written = _write_leftover(left.name, left.value)
        parts.append(written)
        if not written:
            out.lose(f"the field {left.name!r}")
    return without_gaps(out, f"<record>{''.join(head)}{''.join(parts)}</record>\n")


def _container(out: Outgoing) -> str:
    value = out.record.variables.get("container-title")
    return value.markup() if isinstance(value, Text) else ""


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
