"""Records in XML files, also around damage, and XML to be written.

`bibtool.xmltree` refuses every declared entity. Named characters of HTML (``&nbsp;``, ``&eacute;``), which exports
contain without declaring them, are replaced first.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import decode_text, head_text
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity
from bibtool.xmltree import parse_xml

if TYPE_CHECKING:
    from collections.abc import Collection

    from bibtool.formats.base import ReadOptions
    from bibtool.problems import Problem
    from bibtool.xmltree import Element, ParsedXml

MAX_DEPTH = 150
_MAX_RESTARTS = 100
_ENTITY = lazy_pattern(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_CDATA = lazy_pattern(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_MESSAGES = {
    "entities": "entities are not taken from a file (they can be endless)",
    "depth": "elements are nested too deeply",
}
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARED = lazy_pattern(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XMLNS = lazy_pattern(r"xmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}')")


def xml_text(data: bytes, options: ReadOptions) -> tuple[str, tuple[Problem, ...]]:
    """The text of an XML file: in the encoding that it declares, if it is of one byte a character, else as any text."""
    declared = _DECLARED.match(data)
    if declared:
        name = declared[1].decode("ascii").lower()
        if re.fullmatch(r"iso-8859-\d{1,2}|windows-125\d|cp125\d|latin-?1|us-ascii", name):
            try:
                return codecs.decode(data, name), ()
            except (LookupError, UnicodeDecodeError):
                pass
    return decode_text(data, options)


def read_records(data: bytes, tags: Collection[str], options: ReadOptions) -> tuple[list[Element], list[Problem]]:
    """The elements of those names, and what is wrong; raises `InputError` where none is found and the XML is damaged.

    After damage reading goes on at the next start tag of such an element.
    """
    text, decoding_problems = xml_text(data, options)
    problems = list(decoding_problems)
    text = _without_named_characters(text)
    if not text.lstrip().startswith("<"):
        raise InputError("this is not XML: it does not begin with <", path=options.path, line=1, column=1)
    opening = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(map(re.escape, sorted(tags)))})(?=[\s>/])")
    records: list[Element] = []
    spaces = " ".join(dict.fromkeys(_XMLNS.findall(text[:20_000])))
    at, head = 0, ""
    for _ in range(_MAX_RESTARTS):
        first_line = 1 + text.count("\n", 0, at)
        parsed = parse_xml(head + text[at:], max_depth=MAX_DEPTH, first_line=first_line)
        records += _complete(parsed, tags)
        fault = parsed.fault
        if fault is None or (head and _ends_with_the_rest(parsed)):
            return records, problems
        column = fault.column - (len(head) if fault.line == first_line else 0)
        wrong = at + _offset(text[at:], fault.line - first_line + 1, column - 1)
        restart = opening.search(text, wrong)
        start = max(at, text.rfind("<", at, wrong))
        end = restart.start() if restart else len(text)
        problems.append(
            options.problem(
                fault.line,
                "xml-syntax",
                _MESSAGES.get(fault.kind, fault.message),
                text[start:end],
                severity=Severity.ERROR,
                column=column,
                hint="the records before and after this place were read",
            )
        )
        if fault.kind == "entities" or restart is None:
            break
        at, head = restart.start(), f"<bibtool {spaces}>"
    if not records:
        first = next(p for p in problems if p.code == "xml-syntax")
        raise InputError(first.message, path=options.path, line=first.position.line, column=first.position.column)
    return records, problems


def _complete(parsed: ParsedXml, tags: Collection[str]) -> list[Element]:
    """The complete elements of those names, at any depth, but not those inside another one."""
    records: list[Element] = []
    waiting = [parsed.root] if parsed.root is not None else []
    while waiting:
        element = waiting.pop()
        if element.name not in tags:
            waiting.extend(reversed(element.children))
        elif element not in parsed.unclosed:
            records.append(element)
    return records


def _ends_with_the_rest(parsed: ParsedXml) -> bool:
    """True where the fault is only the end tags of what was open before earlier damage, or what follows them."""
    message = parsed.fault.message if parsed.fault else ""
    return ("junk after" in message and not parsed.unclosed) or ("mismatched" in message and len(parsed.unclosed) <= 2)


def _offset(text: str, line: int, column: int) -> int:
    at = 0
    for _ in range(line - 1):
        next_line = text.find("\n", at)
        if next_line < 0:
            break
        at = next_line + 1
    return min(len(text), at + max(0, column))


def _without_named_characters(text: str) -> str:
    if "&" not in text:
        return text

    def character(entity: re.Match[str]) -> str:
        return entity[0] if entity[1] in _PREDEFINED else html5.get(entity[1] + ";", entity[0])

    if "<![CDATA[" not in text:
        return _ENTITY.sub(character, text)
    pieces: list[str] = []
    end = 0
    for section in _CDATA.finditer(text):
        pieces += [_ENTITY.sub(character, text[end : section.start()]), section[0]]
        end = section.end()
    pieces.append(_ENTITY.sub(character, text[end:]))
    return "".join(pieces)


_NOT_XML = lazy_pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """The text as XML content or attribute; characters that XML can't hold become U+FFFD."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def element(tag: str, content: str, **attributes: str) -> str:
    """An element with escaped content, or "" where there is none; ``type_`` stands for the attribute ``type``."""
    return wrap(tag, escape(content), **attributes) if content else ""


def wrap(tag: str, inner: str, **attributes: str) -> str:
    """An element around XML, or "" where there is none inside."""
    if not inner:
        return ""
    written = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{inner}</{tag}>"


def to_xml(element: Element) -> str:
    """The element as XML again, without namespaces; comments are gone."""
    inner = "".join(escape(piece) if isinstance(piece, str) else to_xml(piece) for piece in element.content)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes.items())
    return f"<{element.name}{attributes}>{inner}</{element.name}>" if inner else f"<{element.name}{attributes}/>"


def is_element(text: str) -> bool:
    """True for the text of exactly one well-formed element."""
    if not re.match(r"<[A-Za-z]", text):
        return False
    return parse_xml(text, max_depth=MAX_DEPTH).fault is None


# the first element after processing instructions, comments and the document type
_ROOT = lazy_pattern(
    r"(?:(?:(?><(?=\?).*?\?>)|(?><!(?=--).*?-->)|<!DOCTYPE[^>\[]*+(?:\[(?:[^\]]*+\])?+[^>]*+)?+>)\s*+)*+"
    r"<(?:[\w.-]{1,100}:)?([A-Za-z][\w.-]{0,100})[\s>/]",
    re.DOTALL,
)


def root_tag(head: bytes) -> str:
    """The local name of the first element of an input, or "" if it is not XML."""
    root = _ROOT.match(head_text(head))
    return root[1] if root else ""
