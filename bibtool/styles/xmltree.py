"""XML of styles and locales: bounded, without a document type, and with errors that name their file.

Styles come from anywhere, so nothing of XML is allowed that a style does not need.
"""

from __future__ import annotations

from bibtool import xmltree
from bibtool.errors import StyleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.xmltree import Element

MAX_BYTES = 8_000_000
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000
# what has text: the rest of a style is attributes
_WITH_TEXT = frozenset(
    {"eissn", "id", "issn", "issnl", "multiple", "single", "term", "title", "title-short", "updated"}
)


def parse_xml(source: bytes | str, *, path: str | None = None, stop_after: str = "") -> Element:
    """The root element of a document; raises `StyleError` with line and column for anything else.

    With ``stop_after`` set to the name of a child of the root, only that child is read and returned.
    """
    data = source.encode("utf-8") if isinstance(source, str) else source
    if len(data) > MAX_BYTES:
        raise StyleError(f"larger than {MAX_BYTES} bytes", path=path)
    parsed = xmltree.parse_xml(
        data.lstrip(),
        max_depth=MAX_DEPTH,
        max_elements=MAX_ELEMENTS,
        allow_dtd=False,
        stop_after=stop_after,
        unescape_twice=True,
        text_in=_WITH_TEXT,
    )
    fault = parsed.fault
    if fault is None and parsed.root is not None:
        return parsed.root
    if fault is None or fault.kind == "encoding":
        raise StyleError(f"unreadable XML: {fault.message}" if fault else "an empty document", path=path)
    if fault.kind in {"dtd", "entities"}:
        message = "a style may hold no document type and no entities"
        raise StyleError(message, path=path, line=fault.line, column=fault.column)
    if fault.kind == "depth":
        message = f"<{fault.message}> is nested deeper than {MAX_DEPTH} elements"
        raise StyleError(message, path=path, line=fault.line)
    if fault.kind == "elements":
        raise StyleError(f"<{fault.message}>: more than {MAX_ELEMENTS} elements", path=path, line=fault.line)
    raise StyleError(f"not well-formed XML: {fault.message}", path=path, line=fault.line, column=fault.column)
