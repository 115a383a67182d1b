"""XML of styles and locales as a frozen tree, read safely.

Styles come from anywhere, so nothing of XML is allowed that a style does not need: no document type, no entities of
its own, no external resources; size and depth are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from bibtool.errors import StyleError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 8_000_000
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000

_CSL = "http://purl.org/net/xbiblio/csl}"
_XML = "http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element: local name, attributes (``xml:lang`` is ``lang``), children, own text, line (from 1)."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    text: str
    line: int

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def find(self, name: str) -> Element | None:
        """The first child of that name."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def all(self, name: str) -> tuple[Element, ...]:
        """All children of that name."""
        return tuple(child for child in self.children if child.name == name)

    def text_of(self, name: str) -> str:
        """The stripped text of the first child of that name, or ""."""
        child = self.find(name)
        return child.text.strip() if child else ""


class _Builder:
    """Collects expat's events; one use per document."""

    def __init__(self, path: str | None, stop_after: str) -> None:
        self.path = path
        self.root: Element | None = None
        self.stack: list[tuple[str, dict[str, str], list[Element], list[str], int]] = []
        self.count = 0
        self.stop_after = stop_after
        self.parser = expat.ParserCreate(namespace_separator="}")
        parser = self.parser
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse
        parser.ExternalEntityRefHandler = self.refuse

    def refuse(self, *_: object) -> int:
        raise StyleError(
            "a style may hold no document type and no entities",
            path=self.path,
            line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        self.count += 1
        name = tag.rpartition("}")[2]
        if len(self.stack) >= MAX_DEPTH:
            raise StyleError(f"<{name}> is nested deeper than {MAX_DEPTH} elements", path=self.path, line=line)
        if self.count > MAX_ELEMENTS:
            raise StyleError(f"<{name}>: more than {MAX_ELEMENTS} elements", path=self.path, line=line)
        if attributes:
            attributes = {key.rpartition("}")[2]: _value(value) for key, value in attributes.items()}
        self.stack.append((name, attributes, [], [], line))

    def characters(self, data: str) -> None:
        if self.stack:
            self.stack[-1][3].append(data)

    def end(self, _: str) -> None:
        name, attributes, children, text, line = self.stack.pop()
        element = Element(name, attributes, tuple(children), "".join(text), line)
        if self.stack:
            self.stack[-1][2].append(element)
            if name == self.stop_after and len(self.stack) == 1:
                raise _Enough(element)
        else:
            self.root = element


_REFERENCE = re.compile(r"&#(\d{1,6});")


def _value(value: str) -> str:
    """An attribute; character references that were escaped twice, as some styles have them, are resolved."""
    if "&#" in value:
        return _REFERENCE.sub(lambda found: chr(int(found[1])) if 32 <= int(found[1]) < 0xD800 else found[0], value)
    return value


class _Enough(Exception):  # noqa: N818 - a signal, not an error
    """The wanted element is complete; the rest of the document need not be read."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self.element = element


def parse_xml(source: bytes | str, *, path: str | None = None, stop_after: str = "") -> Element:
    """The root element of a document; raises `StyleError` with line and column for anything else.

    With ``stop_after`` set to the name of a child of the root, only that child is read and returned.
    """
    data = source.encode("utf-8") if isinstance(source, str) else source
    if len(data) > MAX_BYTES:
        raise StyleError(f"larger than {MAX_BYTES} bytes", path=path)
    builder = _Builder(path, stop_after)
    try:
        builder.parser.Parse(data.lstrip(), True)
    except expat.ExpatError as error:
        raise StyleError(
            f"not well-formed XML: {expat.ErrorString(error.code)}",
            path=path,
            line=error.lineno,
            column=error.offset + 1,
        ) from error
    except _Enough as enough:
        return enough.element
    except (ValueError, LookupError) as error:  # an unknown encoding
        raise StyleError(f"unreadable XML: {error}", path=path) from error
    if builder.root is None:
        raise StyleError("an empty document", path=path)
    return builder.root
