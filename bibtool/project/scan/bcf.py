"""biber's control file (.bcf): the keys that biblatex asks for, and where from.

Layouts since 2011 differ in attributes only: ``bcf:citekey`` holds a key, ``*`` for all; a dynamic set has its members
in an attribute. Entities are refused, so that no file can grow beyond its size.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LineIndex
from bibtool.project.scan.base import Findings
from bibtool.xmltree import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions
    from bibtool.xmltree import Element

_DECLARATION = lazy_pattern(r"\A\s*<\?xml[^>]*\?>")
_MAX_DEPTH = 150  # biber nests six elements


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a .bcf file says; nothing after damaged XML is read, and a problem says so."""
    del options
    findings = Findings(source)
    # the text is decoded already; a declared encoding would be applied once more
    text = _DECLARATION.sub(lambda declaration: re.sub(r"[^\r\n]", " ", declaration[0]), source.text)
    starts = LineIndex(text, source.path).starts
    parsed = parse_xml(text, max_depth=_MAX_DEPTH)
    if (fault := parsed.fault) is not None and fault.kind == "syntax":
        start = starts[min(fault.line, len(starts)) - 1]
        findings.problem("scan-xml", f"damaged XML: {fault.message}", start + fault.column - 1)
    elif fault is not None and fault.kind == "depth":
        findings.problem("scan-xml", "elements are nested too deeply", starts[fault.line - 1] + fault.column - 1)
    elif fault is not None:
        findings.problem("scan-xml", "entities, or characters that are not XML, are not accepted in a file", 0)
    leaves = [leaf for leaf in _leaves(parsed.root) if leaf not in parsed.unclosed] if parsed.root is not None else []
    for leaf in leaves:
        if leaf.name == "citekey":
            _cite(findings, leaf, text, starts[leaf.line - 1] + leaf.column - 1)
    for leaf in leaves:
        if leaf.name == "datasource":
            findings.bibliography(leaf.own_text, starts[leaf.line - 1])
    return findings.result()


def _leaves(element: Element) -> Iterator[Element]:
    if not element.children:
        yield element
    for child in element.children:
        yield from _leaves(child)


def _cite(findings: Findings, citekey: Element, text: str, offset: int) -> None:
    """Note the key of an element, or the members of a dynamic set, which is made in the document."""
    members = citekey.get("members")
    for key in [member.strip() for member in members.split(",") if member.strip()] or [citekey.own_text.strip()]:
        at = text.find(">", offset) + 1
        if members:
            inside = text.find(key, text.find(members, offset))
            at = inside if inside >= 0 else at
        else:
            while text[at : at + 1].isspace():
                at += 1
        findings.cite(key, at, "bcf:citekey")
