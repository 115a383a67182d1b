"""A Word document of a bibliography, through python-docx (the extra ``bibtool[docx]``). Same input, same bytes."""

from __future__ import annotations

import io
import zipfile

from bibtool.errors import MissingPackageError
from bibtool.lazy import lazy_pattern
from bibtool.styles.output.marks import shown_run
from bibtool.styles.rich import Mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

# characters that XML 1.0 can't hold (section 2.2)
_FORBIDDEN = lazy_pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def document(entries: Sequence[tuple[str, Run]], options: EntryOptions) -> bytes:
    """The bytes of a .docx with one paragraph per entry; raises `MissingPackageError` without python-docx."""
    made = new_document()
    from docx.shared import Cm, Pt

    made.add_heading("References", level=1)
    for _, run in entries:
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(6 * options.entry_spacing)
        paragraph.paragraph_format.line_spacing = float(options.line_spacing)
        if options.hanging_indent or options.second_field_align:
            paragraph.paragraph_format.left_indent = Cm(1)
            paragraph.paragraph_format.first_line_indent = Cm(-1)
        fill(paragraph, run)
    return saved(made)


def new_document() -> Any:
    """python-docx's empty document; raises `MissingPackageError` where the package is not installed."""
    try:
        import docx
    except ImportError:
        raise MissingPackageError("docx") from None
    return docx.Document()


def saved(made: Any) -> bytes:
    """The bytes of a document of python-docx, the same at every time of day."""
    buffer = io.BytesIO()
    made.save(buffer)
    return _timeless(buffer.getvalue())


def printable(text: str) -> str:
    """The text without characters that XML can't hold; python-docx would raise an error for them."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def add_link(paragraph: Any, label: str, address: str) -> Any:
    """Add a web link at the end of the paragraph; returns the run with its label, to be formatted."""
    return _add_run(paragraph, _hyperlink(paragraph, address), printable(label))


def fill(paragraph: Any, run: Run) -> None:
    """Write marked text into a paragraph; addresses other than of the web are not linked."""
    opened: list[Mark] = []
    for piece in shown_run(run):
        if isinstance(piece, Mark):
            if not piece.close:
                opened.append(piece)
                if piece.kind in {"block", "indent"} and paragraph.runs:
                    paragraph.add_run().add_break()
            else:
                _close(opened, piece.kind)
                if piece.kind == "left-margin":
                    paragraph.add_run("\t")
            continue
        link = next((mark.href for mark in reversed(opened) if mark.kind == "link"), "")
        target = _hyperlink(paragraph, link) if link.startswith(("https://", "http://")) else paragraph
        _format(_add_run(paragraph, target, printable(piece)), {mark.kind for mark in opened})


def _close(opened: list[Mark], kind: str) -> None:
    for index in range(len(opened) - 1, -1, -1):
        if opened[index].kind == kind:
            del opened[index]
            return


def _add_run(paragraph: Any, target: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    if target is not paragraph:
        target.append(run._r)  # noqa: SLF001 - python-docx has no other way to put a run into a link
    return run


def _hyperlink(paragraph: Any, address: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    address = "".join(f"%{ord(char):02X}" if char in '<>"{}|\\^` ' or ord(char) < 32 else char for char in address)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, _LINK, is_external=True))
    paragraph._p.append(link)  # noqa: SLF001 - see `_add_run`
    return link


def _format(run: Any, kinds: set[str]) -> None:
    font = run.font
    if kinds & {"italic", "oblique"} and "style-normal" not in kinds:
        font.italic = True
    if "bold" in kinds and "weight-normal" not in kinds:
        font.bold = True
    if "underline" in kinds and "decoration-none" not in kinds:
        font.underline = True
    if "small-caps" in kinds and "variant-normal" not in kinds:
        font.small_caps = True
    if "sup" in kinds:
        font.superscript = True
    if "sub" in kinds:
        font.subscript = True
    if "code" in kinds:
        font.name = "Courier New"


def _timeless(data: bytes) -> bytes:
    """The archive with the same date for each of its files, so that it does not depend on the time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
