"""Runs cases of the suite and compares what comes out."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bibtool.styles.cites import Citation, CitationItem
from bibtool.styles.cluster import Placed, sort_cites
from bibtool.styles.context import FIRST, IBID, IBID_WITH_LOCATOR, SUBSEQUENT
from bibtool.styles.processor import Processor
from bibtool.styles.session import Session
from bibtool.styles.style import Style
from tests.csl_suite.loader import record_of

if TYPE_CHECKING:
    from bibtool.model.record import Record
    from tests.csl_suite.cases import Case

# what the suite expects of a reference that prints nothing
EMPTY = "[CSL STYLE ERROR: reference with no printed form.]"
_REFERENCE = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);")
_SPELLING = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case gave."""

    name: str
    passed: bool
    wanted: str
    got: str


def normal(text: str) -> str:
    """The text with all spellings of a character reference made one; nothing else is loosened."""
    return _REFERENCE.sub(lambda found: _SPELLING.get(html.unescape(found[0]), found[0]), text).strip("\n")


def run_case(case: Case) -> Outcome:
    """Run one case; an exception is a failure that says so."""
    wanted = case.result
    try:
        got = render_case(case)
    except Exception as error:  # noqa: BLE001 - any error is a failed case
        got = f"{type(error).__name__}: {error}"
    return Outcome(case.name, normal(got) == normal(wanted), wanted, got)


def render_case(case: Case) -> str:
    style = Style.parse(case.sections["CSL"].strip())
    items = case.json("INPUT") or []
    records = [record_of(item) for item in items]
    processor = Processor(
        style, records, output="html", abbreviations=_abbreviations(case.json("ABBREVIATIONS")), empty=EMPTY
    )
    citations = case.json("CITATIONS")
    clusters = case.json("CITATION-ITEMS")
    uses_numbers = case.json("BIBENTRIES")
    session: Session | None = None
    if uses_numbers:
        for keys in uses_numbers:
            processor.register([str(key) for key in keys])
    if citations:
        session = Session(processor)
        session_text = _session(session, citations)
    if case.mode.startswith("bibliography"):
        return _bibliography(case, processor, session)
    if session is not None:
        return session_text
    if clusters:
        return "\n".join(_cluster(processor, cluster) for cluster in clusters)
    return _cluster(processor, [{"id": item.id} for item in processor.registry.bibliography])


def _abbreviations(data: Any) -> dict[str, dict[str, str]] | None:
    if not data:
        return None
    found = data.get("default", data)
    return {key: value for key, value in found.items() if isinstance(value, dict)}


def _cite(data: dict[str, Any]) -> CitationItem:
    return CitationItem(
        key=str(data["id"]),
        locator=str(data.get("locator", "")),
        label=str(data.get("label", "")),
        prefix=str(data.get("prefix", "")),
        suffix=str(data.get("suffix", "")),
        suppress_author=bool(data.get("suppress-author")),
        author_only=bool(data.get("author-only")),
    )


def _cluster(processor: Processor, cluster: list[dict[str, Any]]) -> str:
    cites = [_cite(data) for data in cluster]
    placed = processor.placed(cites)
    for one, data in zip(placed, cluster, strict=True):
        _place(one, data)
    return processor.render(sort_cites(processor.engine, placed), Citation(items=tuple(cites)))


def _place(placed: Placed, data: dict[str, Any]) -> None:
    """A case may say itself where a cite stands."""
    placed.position = {0: FIRST, 1: SUBSEQUENT, 2: IBID, 3: IBID_WITH_LOCATOR}[int(data.get("position", 0))]
    placed.near_note = bool(data.get("near-note"))
    placed.first_note = str(data.get("first-reference-note-number", "") or "")


def _session(session: Session, citations: list[Any]) -> str:
    updates = []
    for data, before, after in citations:
        properties = data.get("properties", {})
        citation = Citation(
            id=str(data["citationID"]),
            items=tuple(_cite(item) for item in data["citationItems"]),
            note=int(properties.get("noteIndex", 0) or 0),
            mode=properties.get("mode", ""),
            prefix=properties.get("prefix", ""),
            suffix=properties.get("suffix", ""),
            infix=properties.get("infix", ""),
            sort=not properties.get("unsorted", False),
        )
        updates = session.process(citation, [(str(a), int(b)) for a, b in before], [(str(a), int(b)) for a, b in after])
    changed = {update.id for update in updates}
    lines = []
    for index, citation in enumerate(session.citations):
        mark = ">>" if citation.id in changed else ".."
        lines.append(f"{mark}[{index}] {session.texts[citation.id]}")
    return "\n".join(lines)


def _bibliography(case: Case, processor: Processor, session: Session | None) -> str:
    if case.mode == "bibliography-nosort":
        processor.register(list(processor.items), sort=False)
    bibliography = session.bibliography() if session is not None else processor.bibliography()
    if case.mode == "bibliography-header":
        options = bibliography.options
        header = {
            "entryspacing": options.entry_spacing,
            "hangingindent": options.hanging_indent,
            "linespacing": options.line_spacing,
            "maxoffset": options.max_offset,
            "second-field-align": options.second_field_align or False,
        }
        return "\n".join(
            f"{key}: {str(value).lower() if isinstance(value, bool) else value}" for key, value in header.items()
        )
    section = case.json("BIBSECTION")
    if not section:
        return bibliography.document
    kept = [entry for entry in bibliography.entries if _selected(processor.items[entry.key].record, section)]
    return processor.renderer.document([entry.text for entry in kept], bibliography.options)


def _matches(record: Record, condition: dict[str, Any]) -> bool:
    field, value = condition["field"], condition["value"]
    if field == "type":
        return record.type == str(value)
    if field == "categories":
        return str(value) in record.text("categories")
    found = record.variables.get(field)
    if not value:
        return found is None
    return found is not None and str(found) == str(value)


def _selected(record: Record, section: dict[str, Any]) -> bool:
    if conditions := section.get("include"):
        return any(_matches(record, condition) for condition in conditions)
    if conditions := section.get("exclude"):
        return not any(_matches(record, condition) for condition in conditions)
    if conditions := section.get("select"):
        return all(_matches(record, condition) for condition in conditions)
    if conditions := section.get("quash"):
        return not all(_matches(record, condition) for condition in conditions)
    return True


__all__ = ["Outcome", "normal", "record_of", "render_case", "replace", "run_case"]
