"""Word documents with a list of publications, read only: each paragraph is a line, read as pasted text.

Source: ECMA-376 part 1 (WordprocessingML): ``w:p``, ``w:t``, ``w:tab``, ``w:br`` and links of ``word/document.xml``.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row
from bibtool.xmltree import parse_xml

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.xmltree import Element

SOURCE = "docx"
FIELDS: tuple[Row, ...] = (Row("paragraphs", "", "lines, as `listing`; the number of a line is that of its paragraph"),)
_MAX_XML: Final = 32 << 20  # bytes of the unpacked text; a thesis has one or two million
_MAX_DEPTH: Final = 200
_HINT: Final = "copy its text, and import that: `bibtool import -` reads what you paste"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a Word document's paragraphs. Raises `InputError` for any other file, and for one too large."""
    from bibtool.formats.listing import reader as listing

    text = "\n".join(paragraphs(data, options))
    if not text.strip():
        raise InputError("this Word document has no text", path=options.path)
    return listing.read(text.encode("utf-8", "replace"), options)


def paragraphs(data: bytes, options: ReadOptions) -> list[str]:
    """The text of each paragraph, in the order of the document, those of tables too."""
    return [_text(element) for element in _all(_document(data, options), "p")]


def _document(data: bytes, options: ReadOptions) -> Element:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as file:
            xml = file.read(_MAX_XML + 1)
    except KeyError:
        raise InputError("this is not a Word document: it has no word/document.xml", path=options.path) from None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        reason = str(error)[:120] or type(error).__name__
        raise InputError(f"this Word document can't be opened: {reason}", path=options.path, hint=_HINT) from None
    except Exception as error:  # zlib.error is no OSError; damage may show in any decompressor
        if type(error).__name__ not in {"error", "LZMAError"}:
            raise
        raise InputError(f"this Word document is damaged: {error}", path=options.path, hint=_HINT) from None
    if len(xml) > _MAX_XML:
        raise InputError(f"the text of this Word document is larger than {_MAX_XML >> 20} MiB", path=options.path)
    parsed = parse_xml(xml.decode("utf-8", "replace"), max_depth=_MAX_DEPTH, allow_dtd=False)
    if parsed.root is None or parsed.fault is not None:
        raise InputError("the text of this Word document is damaged", path=options.path, hint=_HINT)
    return parsed.root


def _all(root: Element, name: str) -> list[Element]:
    """The elements of a name in the order of the document; those inside another one belong to that."""
    out: list[Element] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name == name:
            out.append(element)
        else:
            waiting.extend(reversed(element.children))
    return out


def _text(paragraph: Element) -> str:
    pieces: list[str] = []
    waiting: list[Element | str] = [paragraph]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif node.name == "t":
            pieces.append("".join(piece for piece in node.content if isinstance(piece, str)))
        elif node.name == "tab":
            pieces.append("\t")
        elif node.name in {"br", "cr"}:
            pieces.append(" ")
        elif node.name not in {"instrText", "delText", "pPr", "rPr"}:
            waiting.extend(reversed(node.children))
    return "".join(pieces)


def sniff(head: bytes) -> int:
    """95 for a ZIP archive with the parts of a Word document."""
    return 95 if head.startswith(b"PK\x03\x04") and b"word/" in head else 0
