"""Web pages, read only: JSON-LD in ``<script type="application/ld+json">``, and BibTeX in the text.

BibTeX is what the page shows (in ``<pre>``, ``<code>``, ``<textarea>`` or anywhere else): character references are
replaced, tags are left out, ``<br>`` ends a line. Source: the HTML standard of the WHATWG.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, decode_text, head_text
from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "html"
FIELDS: tuple[Row, ...] = (
    Row('script type="application/ld+json"', "", "as `json-ld`"),
    Row("pre, code, textarea, text", "", "BibTeX, as `bibtex`"),
)  # fmt: skip
_NAME = lazy_pattern(r"/?[A-Za-z][A-Za-z0-9:-]{0,40}")
# a tag's end; quoted values are bounded, so that an open quotation mark costs no more than its tag
_TAG_REST = lazy_pattern(r"(?:[^<>\"']|\"[^\"<>]{0,4000}\"|'[^'<>]{0,4000}')*+[\"']?>")
_LD_TYPE = lazy_pattern(r"""type\s*=\s*["']?application/ld\+json""", re.IGNORECASE)
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_BREAKING = frozenset({"br", "p", "div", "li", "tr", "pre", "textarea", "h1", "h2", "h3", "h4", "td", "dd", "dt"})
_ENTRY = lazy_pattern(r"@[ \t]*[A-Za-z]{3,20}[ \t]*[{(]\s*[^\s,{}()=\"]{1,200}\s*,")
_MISSING = "this web page has neither JSON-LD that describes a work nor an entry of BibTeX"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The works that a page describes, first those of its JSON-LD. Raises `InputError` where it describes none."""
    text, decoding_problems = decode_text(data, options)
    scripts, shown, lines = _parts(text)
    records: list[Record] = []
    problems: list[Problem] = list(decoding_problems)
    for line, script in scripts:
        result = _read_script(script, line, options)
        records += result.records
        problems += result.problems
    if _ENTRY.search(shown):
        from bibtool.formats.bibtex import reader as bibtex

        found = bibtex.read(shown.encode("utf-8", "replace"), options)
        records += (_moved(record, lines, options) for record in found.records)
        problems += (_at_line(problem, lines) for problem in found.problems)
    if not records:
        raise InputError(_MISSING, path=options.path, hint="save the page's citation export and read that")
    return ReadResult(tuple(records), tuple(problems))


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


def _parts(text: str) -> tuple[list[tuple[int, str]], str, list[int]]:
    """The scripts of JSON-LD with their lines, what the page shows, and the line of the page for each line of that."""
    scripts: list[tuple[int, str]] = []
    shown: list[str] = []
    lines: list[int] = [1]
    line = 1
    for kind, piece, start_line in _tokens(text):
        line = start_line
        if kind == "ld":
            scripts.append((line, piece))
        elif kind == "break":
            shown.append("\n")
            lines.append(line)
        else:
            clean = entities.unescape(piece)
            shown.append(clean)
            # a reference like &#10; is a line end that the page's own lines do not have
            breaks, own = len(LINE_END.findall(clean)), len(LINE_END.findall(piece))
            lines.extend(line + min(number, own) for number in range(1, breaks + 1))
    return scripts, "".join(shown), lines


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """(kind, text, line) of texts ("text"), line breaks ("break") and JSON-LD ("ld"), in time linear to the page."""
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
            if tag == "script" and _LD_TYPE.search(rest[0][:4000]):
                before = line + len(LINE_END.findall(text, counted, at))
                yield "ld", text[at:end], before
            at = end
        elif tag.lstrip("/") in _BREAKING:
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


def _line_of(lines: list[int], number: int) -> int:
    return lines[min(max(number, 1), len(lines)) - 1]


def _at_line(problem: Problem, lines: list[int]) -> Problem:
    number = problem.position.line
    if number is None:
        return problem
    return replace(problem, position=replace(problem.position, line=_line_of(lines, number)))


def _moved(record: Record, lines: list[int], options: ReadOptions) -> Record:
    """The record with the lines of the page in its provenance."""
    prefix = f"{options.path}:"
    provenance = {
        name: replace(origin, detail=f"{prefix}{_line_of(lines, int(number))}")
        if origin.detail.startswith(prefix) and (number := origin.detail[len(prefix) :]).isdigit()
        else origin
        for name, origin in record.provenance.items()
    }
    return replace(record, provenance=provenance)


def sniff(head: bytes) -> int:
    """90 for a page with JSON-LD about a work, 75 for one with BibTeX, 0 for other pages and anything else."""
    text = head_text(head)
    if not re.match(
        r"<(?:!doctype\s+html|html|head|body|pre|div|p|script|section|main|article|textarea|title|meta|!--)\b",
        text,
        re.IGNORECASE,
    ):
        return 0
    if _LD_TYPE.search(text):
        from bibtool.formats.jsonld import TYPES

        if re.search(rf'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/|schema:)?(?:{"|".join(TYPES)})"', text):
            return 90
    return 75 if _ENTRY.search(text) else 0
