"""HTML, as other CSL processors write it: ``<div class="csl-bib-body">`` around ``<div class="csl-entry">``."""

from __future__ import annotations

import unicodedata
from itertools import filterfalse

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math
from bibtool.model.text.inert import no_templates
from bibtool.styles.output.marks import has_mathematics, inert_run, mathematics, shown_pieces
from bibtool.styles.rich import CLOSE, OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Mark, Run

_TAGS = {
    "italic": ("<i>", "</i>"),
    "oblique": ("<em>", "</em>"),
    "style-normal": ('<span style="font-style:normal;">', "</span>"),
    "small-caps": ('<span style="font-variant:small-caps;">', "</span>"),
    "variant-normal": ('<span style="font-variant:normal;">', "</span>"),
    "bold": ("<b>", "</b>"),
    "light": ('<span style="font-weight:lighter;">', "</span>"),
    "weight-normal": ('<span style="font-weight:normal;">', "</span>"),
    "underline": ('<span style="text-decoration:underline;">', "</span>"),
    "decoration-none": ('<span style="text-decoration:none;">', "</span>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "baseline": ('<span style="baseline">', "</span>"),
    "code": ("<code>", "</code>"),
    "block": ('\n\n    <div class="csl-block">', "</div>\n"),
    "left-margin": ('\n    <div class="csl-left-margin">', "</div>"),
    "right-inline": ('<div class="csl-right-inline">', "</div>\n  "),
    "indent": ('<div class="csl-indent">', "</div>\n  "),
}
_WRITTEN: dict[Mark | str, str] = {
    mark: tag for kind, tags in _TAGS.items() for mark, tag in zip((OPEN[kind], CLOSE[kind]), tags, strict=True)
}
_UNMARKED = dict.fromkeys(_WRITTEN, "")
_SAFE_LINKS = ("https://", "http://")


# letters that Unicode has as superscripts but does not decompose
_RAISED = {"\u02c0": "\u0294", "\u02c1": "\u0295", "\u02e4": "\u0295", "\u06e5": "\u0648", "\u06e6": "\u064a"}


def raised(char: str) -> str:
    """What a superscript character is a superscript of, or the character itself."""
    kind, _, codes = unicodedata.decomposition(char).partition(" ")
    if kind == "<super>":
        return "".join(chr(int(code, 16)) for code in codes.split())
    return _RAISED.get(char, char)


_SUPERSCRIPT = lazy_pattern(
    "[\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u02c0\u02c1\u02e0-\u02e4\u06e5\u06e6\u1d2c-\u1d61\u1d78\u1d9b-\u1dbf"
    "\u2070\u2071\u2074-\u207f\u2120\u2122\u2c7d\u3192-\u319f]"
)


def escape(text: str) -> str:
    """Characters that HTML would take for markup as references, superscript characters as ``<sup>``."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if not text.isascii():
        text = _SUPERSCRIPT.sub(lambda found: f"<sup>{raised(found[0])}</sup>", text)
    return text


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with tags; addresses other than of the web are not linked."""
        # loops in C, as a list has ten thousands of pieces
        texts = list(map(_UNMARKED.get, run, run))
        try:
            text = "".join(texts)  # type: ignore[arg-type] # raises for a link and for a mark of mathematics
        except TypeError:
            return self._by_piece(run)
        if not text.isprintable() or "<" in text or ">" in text:
            return self._by_piece(run)
        # to look through all of a text takes long, and what is not ASCII is mostly a dash or a quotation mark
        if not text.isascii() and _SUPERSCRIPT.search("".join(filterfalse(str.isascii, texts))) is not None:  # type: ignore[arg-type] # as above
            return self._by_piece(run)
        tagged = "".join(map(_WRITTEN.get, run, run))  # type: ignore[arg-type] # as above
        return no_templates(tagged.replace("&", "&amp;") if "&" in text else tagged)

    def _by_piece(self, run: Run) -> str:
        """The same for a run with links, mathematics or characters that are left out."""
        pieces: list[str] = []
        linked = False
        run = inert_run(run)
        for piece in mathematics(run) if has_mathematics(run) else run:
            if isinstance(piece, str):
                pieces.append(escape(piece))
            elif isinstance(piece, Math):
                pieces.append(_formula(piece.tex))
            elif piece.kind == "link":
                if not piece.close:
                    linked = piece.href.startswith(_SAFE_LINKS)
                    if linked:
                        pieces.append(f'<a href="{escape(piece.href).replace(chr(34), "&quot;")}">')
                elif linked:
                    pieces.append("</a>")
            else:
                pieces.append(_tag(piece))
        return no_templates("".join(pieces))

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """The list of entries."""
        del options
        lines = [f'  <div class="csl-entry">{entry}</div>\n' for entry in entries]
        return "".join(['<div class="csl-bib-body">\n', *lines, "</div>"])


def _formula(tex: str) -> str:
    """Simple mathematics as text with ``<sub>`` and ``<sup>``, other as MathML, what is not known as its TeX."""
    from bibtool.model.mathshown import mathml, shown  # few records have any

    if shown(tex) is not None:
        return "".join(
            escape(piece) if isinstance(piece, str) else _tag(piece) for piece in shown_pieces(tex, marks=True)
        )
    return mathml(tex) or f'<span class="math">{escape(f"${tex}$")}</span>'


def _tag(mark: Mark) -> str:
    return _TAGS[mark.kind][1 if mark.close else 0]
