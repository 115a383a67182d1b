"""biber's control file (.bcf): the keys that biblatex asks for, and where from.

Layouts since 2011 differ in attributes only: ``bcf:citekey`` holds a key, ``*`` for all; a dynamic set has its members
in an attribute. Entities are refused, so that no file can grow beyond its size.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from bibtool.model.text.lines import LineIndex
from bibtool.project.scan.base import Findings

if TYPE_CHECKING:
    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


class _Target:
    """Takes the events of the parser; nothing is nested, so depth costs nothing."""

    def __init__(self, starts: list[int]) -> None:
        self.starts = starts
        self.parser: Any = None
        self.tag = ""
        self.offset = 0
        self.members = ""
        self.text: list[str] = []
        self.keys: list[tuple[str, int, str]] = []
        self.sources: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag.rsplit("}", maxsplit=1)[-1]
        self.text = []
        if self.tag == "citekey":
            expat = self.parser.parser
            self.offset = self.starts[expat.CurrentLineNumber - 1] + expat.CurrentColumnNumber
            self.members = attributes.get("members", "")

    def data(self, data: str) -> None:
        if self.tag:
            self.text.append(data)

    def end(self, tag: str) -> None:
        local = tag.rsplit("}", maxsplit=1)[-1]
        if local == self.tag == "citekey":
            members = [member.strip() for member in self.members.split(",")]
            # a dynamic set is made in the document; its members are the entries
            for key in [member for member in members if member] or ["".join(self.text).strip()]:
                self.keys.append((key, self.offset, self.members))
        elif local == self.tag == "datasource":
            self.sources.append("".join(self.text).strip())
        self.tag = ""

    def close(self) -> None:
        pass


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a .bcf file says; behind damage nothing is read, and a problem says so."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    del options
    found = Findings(source)
    # the text is decoded already; a declared encoding would be applied once more
    text = _DECLARATION.sub(lambda declaration: re.sub(r"[^\r\n]", " ", declaration[0]), source.text)
    starts = LineIndex(text, source.path).starts
    target = _Target(starts)
    parser = DefusedXMLParser(target=target)
    target.parser = parser
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        line, column = error.position
        message = str(error).split(":", maxsplit=1)[0]
        found.problem("scan-xml", f"damaged XML: {message}", starts[min(line, len(starts)) - 1] + column)
    except (DefusedXmlException, ValueError):
        found.problem("scan-xml", "entities, or characters that are not XML, are not taken from a file", 0)
    for key, offset, members in target.keys:
        at = text.find(">", offset) + 1
        if members:
            inside = text.find(key, text.find(members, offset))
            at = inside if inside >= 0 else at
        else:
            while text[at : at + 1].isspace():
                at += 1
        found.cite(key, at, "bcf:citekey")
    for name in dict.fromkeys(target.sources):
        found.bibliography(name)
    return found.result()
