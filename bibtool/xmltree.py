"""XML from outside as a tree of elements: the one parser of styles, formats, arXiv's answers and biber's files.

Like `bibtool.files` it is below the model, as enrich, formats, project and styles all read XML and do not import one
another; so it knows none of their errors and returns faults as data. XML features that these documents don't need are
refused: an entity is an error where it is declared, so that a tree is never larger than its document (no entity bombs)
and no file of this machine is read. Depth is bounded, and on request the number of elements; the callers bound the
bytes.
"""

from __future__ import annotations

import pyexpat as expat  # all that `xml.parsers.expat` is, which two packages have to be loaded for

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Container, Iterator, Sequence
    from typing import TypeAlias

_BREAK = lazy_pattern(r"[ \t]*[\r\n][ \t\r\n]*")
Content: TypeAlias = "Element | str"


class Element:
    """One element: local name, namespace, attributes by local name, children, all content in order, and its place.

    ``line`` and ``column`` (in characters) count from 1. Nobody changes an element once its document is parsed.
    """

    __slots__ = ("attributes", "children", "column", "content", "line", "name", "namespace")

    def __init__(
        self, name: str, attributes: dict[str, str], namespace: str = "", line: int = 0, column: int = 0
    ) -> None:
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.line = line
        self.column = column
        self.children: Sequence[Element] = ()
        self.content: Sequence[Content] = ()

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def first(self, path: str) -> Element | None:
        """The first element on a path of names (``front/article-meta``), or None."""
        element: Element = self
        for name in path.split("/"):
            for child in element.children:
                if child.name == name:
                    element = child
                    break
            else:
                return None
        return element

    def all(self, path: str) -> list[Element]:
        """All elements on a path of names, in their order."""
        level = [self]
        for name in path.split("/"):
            level = [child for element in level for child in element.children if child.name == name]
        return level

    @property
    def own_text(self) -> str:
        """The characters directly inside, without those of children."""
        content = self.content
        if len(content) == 1 and isinstance(content[0], str):
            return content[0]
        return "".join([piece for piece in content if isinstance(piece, str)])

    def text(self, path: str = "") -> str:
        """The characters inside (of the first element on the path), line breaks as spaces; "" where there are none."""
        element = self.first(path) if path else self
        return _BREAK.sub(" ", "".join(element.raw())).strip(" \t\r\n") if element is not None else ""

    def raw(self) -> Iterator[str]:
        """All characters inside, unchanged."""
        for piece in self.content:
            if isinstance(piece, str):
                yield piece
            else:
                yield from piece.raw()


@dataclass(frozen=True, slots=True)
class XmlFault:
    """What stopped the parser, and where (line and column from 1).

    ``kind`` is "syntax", "dtd", "entities", "depth", "elements" or "encoding"; ``message`` expat's or Python's words,
    or the name of the element that is too deep or one too many.
    """

    kind: str
    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ParsedXml:
    """The root, None where there is none; what is wrong; and the elements without end, from the root inward.

    After a fault, the tree holds what was read before it.
    """

    root: Element | None
    fault: XmlFault | None = None
    unclosed: tuple[Element, ...] = ()


def parse_xml(
    source: bytes | str,
    *,
    max_depth: int,
    max_elements: int | None = None,
    allow_dtd: bool = True,
    stop_after: str = "",
    unescape_twice: bool = False,
    first_line: int = 1,
    text_in: Container[str] | None = None,
) -> ParsedXml:
    """The tree of a document; what is wrong with the document is in the result, nothing is raised for it.

    A document type without entities is ignored, or is a fault if ``allow_dtd`` is false. With ``stop_after`` set to
    the name of a child of the root, reading ends with the first such child. With ``unescape_twice``, references to
    characters that were escaped once more (``&amp;#8211;``) are resolved in attributes. ``first_line`` is the line in
    its file on which ``source`` begins. With ``text_in``, characters are only kept directly inside elements of these
    names: most of those of a style are the line breaks between its elements.
    """
    unescape_twice = unescape_twice and _has_escaped(source)
    builder = _Builder(max_depth, max_elements, stop_after, unescape_twice, first_line, text_in)
    if allow_dtd:
        builder.parser.DefaultHandlerExpand = builder.other
    else:
        builder.parser.StartDoctypeDeclHandler = builder.refuse_dtd
    fault = None
    try:
        builder.parser.Parse(source, True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        fault = XmlFault("syntax", message, first_line - 1 + error.lineno, error.offset + 1)
    except _StopError as stop:
        fault = stop.fault
    except (ValueError, LookupError) as error:  # characters or an encoding that can't be read
        fault = XmlFault("encoding", str(error), first_line, 1)
    del builder.parser  # it refers to the builder, so that both and the text would stay for the cycle collector
    return ParsedXml(builder.root, fault, tuple(builder.stack) if fault else ())


_REFERENCE = lazy_pattern(r"&#(\d{1,6});")


def _has_escaped(source: bytes | str) -> bool:
    """Whether an escaped ``&`` may be before a ``#`` anywhere."""
    if isinstance(source, str):
        return ";#" in source
    return b";#" in source or b"\0" in source  # UTF-16


def _character(reference: re.Match[str]) -> str:
    number = int(reference[1])
    return chr(number) if 32 <= number < 0xD800 else reference[0]


class _StopError(Exception):
    """Reading ends: with a fault, or (None) as what was wanted is complete."""

    def __init__(self, fault: XmlFault | None) -> None:
        super().__init__()
        self.fault = fault


class _Builder:
    """Collects expat's events; one use per document."""

    def __init__(
        self,
        max_depth: int,
        max_elements: int | None,
        stop_after: str,
        unescape_twice: bool,
        first_line: int,
        text_in: Container[str] | None,
    ) -> None:
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.max_depth = max_depth
        self.left = max_elements if max_elements is not None else -1
        self.stop_after = stop_after
        self.unescape_twice = unescape_twice
        self.lines_before = first_line - 1
        self.text_in = text_in
        self.names: dict[str, tuple[str, str, bool]] = {}  # by tag: namespace, local name, whether its text is kept
        self.plain: set[str] = set()  # names of attributes without a namespace, which are most
        self.parser = expat.ParserCreate(namespace_separator="}")
        parser = self.parser
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        self.listen(text_in is None)
        parser.EntityDeclHandler = self.refuse_entity
        parser.UnparsedEntityDeclHandler = self.refuse_entity
        parser.ExternalEntityRefHandler = self.refuse_entity

    def stop(self, kind: str, message: str = "") -> _StopError:
        parser = self.parser
        line, column = self.lines_before + parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        return _StopError(XmlFault(kind, message, line, column))

    def refuse_dtd(self, *_: object) -> None:
        raise self.stop("dtd")

    def refuse_entity(self, *_: object) -> int:
        raise self.stop("entities")

    def other(self, text: str) -> None:
        """Comments, declarations, and entities that a document type left out may have declared."""
        if text.startswith("&"):
            raise self.stop("syntax", f"undefined entity {text}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        stack = self.stack
        known = self.names.get(tag)
        if known is None:
            namespace, _, name = tag.rpartition("}")
            known = self.names[tag] = namespace, name, self.text_in is None or name in self.text_in
        namespace, name, has_text = known
        if len(stack) >= self.max_depth:
            raise self.stop("depth", name)
        if self.left == 0:
            raise self.stop("elements", name)
        self.left -= 1
        if not self.plain.issuperset(attributes):
            if any("}" in key for key in attributes):
                attributes = {key.rpartition("}")[2]: value for key, value in attributes.items()}
            else:
                self.plain.update(attributes)
        if self.unescape_twice:
            for value in attributes.values():
                if "&#" in value:
                    attributes = {key: _REFERENCE.sub(_character, value) for key, value in attributes.items()}
                    break
        parser = self.parser
        line, column = self.lines_before + parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        element = Element(name, attributes, namespace, line, column)
        if stack:
            parent = stack[-1]
            # most elements are leaves without text: lists of their own would be the larger part of a tree
            if parent.children:
                parent.children.append(element)  # type: ignore[attr-defined] # a list once it has one
                if parent.content is not parent.children:
                    parent.content.append(element)  # type: ignore[attr-defined] # as above
            else:
                parent.children = [element]
                if parent.content:
                    parent.content.append(element)  # type: ignore[attr-defined] # as above
                else:
                    parent.content = parent.children
        else:
            self.root = element
        stack.append(element)
        if has_text is not self.listens:
            self.listen(has_text)

    def listen(self, wanted: bool) -> None:
        """Take characters from here on, or don't."""
        self.listens = wanted
        self.parser.CharacterDataHandler = self.characters if wanted else None

    def characters(self, data: str) -> None:
        if self.stack:
            parent = self.stack[-1]
            if not parent.content:
                parent.content = [data]
            elif parent.content is parent.children:
                parent.content = [*parent.children, data]
            else:
                parent.content.append(data)  # type: ignore[attr-defined] # a list once it has one

    def end(self, _: str) -> None:
        element = self.stack.pop()
        if self.text_in is not None and self.stack and self.listens is not (self.stack[-1].name in self.text_in):
            self.listen(not self.listens)
        if self.stop_after and element.name == self.stop_after and len(self.stack) == 1:
            self.root = element
            raise _StopError(None)
