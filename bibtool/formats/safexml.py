"""XML from outside as small nodes with lines: no entities, bounded depth, whole records around faults.

defusedxml refuses every declared entity, so that neither entity bombs nor files of this machine come in. Named
characters of HTML (``&nbsp;``, ``&eacute;``), which exports contain without declaring them, are replaced first.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from bibtool.errors import InputError
from bibtool.formats.base import decode_text
from bibtool.formats.sniffing import head_text
from bibtool.problems import Position, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bibtool.formats.base import ReadOptions

MAX_DEPTH = 150
_MAX_RESTARTS = 100
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_XMLNS = re.compile(r"xmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}')")


class Node:
    """An element: local name, attributes by local name, line, and its content in order."""

    __slots__ = ("attributes", "content", "line", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.content: list[Node | str] = []

    def children(self, tag: str = "") -> Iterator[Node]:
        """The elements directly inside, of that name or all."""
        return (one for one in self.content if isinstance(one, Node) and (not tag or one.tag == tag))

    def first(self, path: str) -> Node | None:
        """The first element on a path of names (``front/article-meta``), or None."""
        found: Node | None = self
        for tag in path.split("/"):
            found = next(found.children(tag), None) if found else None
        return found

    def all(self, path: str) -> list[Node]:
        """All elements on a path of names, in their order."""
        level = [self]
        for tag in path.split("/"):
            level = [child for node in level for child in node.children(tag)]
        return level

    def get(self, name: str) -> str:
        """An attribute, or ""."""
        return self.attributes.get(name, "")

    def text(self, path: str = "") -> str:
        """The characters inside (of the first element on the path), line breaks as blanks; "" where there are none."""
        node = self.first(path) if path else self
        return _BREAK.sub(" ", "".join(node.raw())).strip(" \t\r\n") if node else ""

    def raw(self) -> Iterator[str]:
        """All characters inside, as they stand."""
        for one in self.content:
            if isinstance(one, str):
                yield one
            else:
                yield from one.raw()


class _Target:
    """Builds nodes; keeps the records that were closed, wherever they stand."""

    def __init__(self, tags: Collection[str]) -> None:
        self.tags = tags
        self.parser: Any = None
        self.stack: list[Node] = []
        self.records: list[Node] = []
        self.root = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _TooDeepError
        local = tag.rsplit("}", maxsplit=1)[-1]
        node = Node(
            local,
            {name.rsplit("}", maxsplit=1)[-1]: value for name, value in attributes.items()},
            self.parser.parser.CurrentLineNumber,
        )
        if self.stack:
            self.stack[-1].content.append(node)
        elif not self.root:
            self.root = local
        self.stack.append(node)

    def end(self, tag: str) -> None:  # noqa: ARG002 -- the parser's form
        node = self.stack.pop()
        if node.tag in self.tags and not any(outer.tag in self.tags for outer in self.stack):
            self.records.append(node)

    def data(self, data: str) -> None:
        if self.stack:
            self.stack[-1].content.append(data)

    def close(self) -> None:
        pass


class _TooDeepError(Exception):
    pass


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


def read_records(data: bytes, tags: Collection[str], options: ReadOptions) -> tuple[list[Node], list[Problem]]:
    """The elements of those names, and what is wrong; raises `InputError` where none is found and the XML is damaged.

    Behind damage reading goes on at the next start tag of such an element.
    """
    text, found = xml_text(data, options)
    problems = list(found)
    text = _without_named_characters(text)
    if not text.lstrip().startswith("<"):
        raise InputError("this is no XML: it does not begin with <", path=options.path, line=1, column=1)
    opening = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(map(re.escape, sorted(tags)))})(?=[\s>/])")
    records: list[Node] = []
    spaces = " ".join(dict.fromkeys(_XMLNS.findall(text[:20_000])))
    at, head = 0, ""
    for _ in range(_MAX_RESTARTS):
        part, fault = _parse(head + text[at:], tags)
        first_line = text.count("\n", 0, at)
        for record in part:
            if first_line:
                _shift(record, first_line)
            records.append(record)
        if fault is None:
            return records, problems
        message, line, column = fault
        wrong = at + _offset(text[at:], line, column - (len(head) if line == 1 else 0))
        position = Position(options.path, first_line + line, column - (len(head) if line == 1 and at else 0) + 1)
        restart = opening.search(text, wrong)
        start = max(at, text.rfind("<", at, wrong))
        end = restart.start() if restart else len(text)
        problems.append(
            Problem(
                code="xml-syntax",
                message=message,
                position=position,
                raw=text[start:end],
                hint="the records before and behind this place were read",
            )
        )
        if "entities" in message or restart is None:
            break
        at, head = restart.start(), f"<bibtool {spaces}>"
    if not records:
        first = next(p for p in problems if p.code == "xml-syntax")
        raise InputError(first.message, path=options.path, line=first.position.line, column=first.position.column)
    return records, problems


def _parse(text: str, tags: Collection[str]) -> tuple[list[Node], tuple[str, int, int] | None]:
    """Records, and message, line (from 1) and column (from 0) of what stopped the parser."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    target = _Target(tags)
    parser = DefusedXMLParser(target=target)
    target.parser = parser
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        line, column = error.position
        if text.startswith("<bibtool ") and target.stack == [] and "junk after" in str(error):
            return target.records, None
        if text.startswith("<bibtool ") and len(target.stack) <= 2 and "mismatched" in str(error):
            return target.records, None  # the end tags of what was open before the damage
        return target.records, (str(error).split(":", maxsplit=1)[0], line, column)
    except DefusedXmlException:
        expat = parser.parser
        message = "entities are not taken from a file (they can be endless)"
        return target.records, (message, expat.CurrentLineNumber, expat.CurrentColumnNumber)
    except _TooDeepError:
        expat = parser.parser
        return target.records, ("elements are nested too deeply", expat.CurrentLineNumber, expat.CurrentColumnNumber)
    return target.records, None


def _shift(node: Node, lines: int) -> None:
    node.line += lines
    for child in node.children():
        _shift(child, lines)


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

    def character(found: re.Match[str]) -> str:
        if found[1] in _PREDEFINED:
            return found[0]
        return html5.get(found[1] + ";", found[0])

    if "<![CDATA[" not in text:
        return _ENTITY.sub(character, text)
    pieces: list[str] = []
    end = 0
    for section in _CDATA.finditer(text):
        pieces += [_ENTITY.sub(character, text[end : section.start()]), section[0]]
        end = section.end()
    pieces.append(_ENTITY.sub(character, text[end:]))
    return "".join(pieces)


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def to_xml(node: Node) -> str:
    """The element as XML again, without namespaces; comments are gone."""
    inner = "".join(escape(one) if isinstance(one, str) else to_xml(one) for one in node.content)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>" if inner else f"<{node.tag}{attributes}/>"


def is_element(text: str) -> bool:
    """True for the text of exactly one well-formed element."""
    if not re.match(r"<[A-Za-z]", text):
        return False
    _, fault = _parse(text, ())
    return fault is None


_PROLOG = (("<?", "?>"), ("<!--", "-->"))
_ROOT = re.compile(r"<(?:[\w.-]{1,100}:)?([A-Za-z][\w.-]{0,100})[\s>/]")


def root_tag(head: bytes) -> str:
    """The local name of the first element of an input, or "" where it is no XML."""
    text = head_text(head)
    at = 0
    while text.startswith("<", at):
        for opening, closing in _PROLOG:
            if text.startswith(opening, at):
                at = text.find(closing, at)
                if at < 0:
                    return ""
                at += len(closing)
                break
        else:
            if not text.startswith("<!DOCTYPE", at):
                found = _ROOT.match(text, at)
                return found[1] if found else ""
            end, inner = text.find(">", at), text.find("[", at)
            if 0 <= inner < end:
                end = text.find(">", max(text.find("]", inner), inner))
            if end < 0:
                return ""
            at = end + 1
        while at < len(text) and text[at].isspace():
            at += 1
    return ""


def warn(code: str, message: str, options: ReadOptions, line: int, raw: str = "") -> Problem:
    """A warning at the beginning of a line."""
    position = Position(options.path, line, 1)
    return Problem(code=code, message=message, severity=Severity.WARNING, position=position, raw=raw or None)
