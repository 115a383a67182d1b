"""A reference list put together from formatted entries, for each output; and the page around a list in HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def join(entries: Sequence[tuple[str, str, str]], output: str) -> str:
    """The list of (citation key, label, text); the texts are in the syntax of the output already.

    ``text``: one paragraph an entry, its label in brackets; ``markdown``: a list; ``latex``: a thebibliography;
    ``html``: a ``csl-bib-body`` with one ``csl-entry`` an item. Ends in a newline.
    """
    if output == "html":
        return _html(entries)
    if output == "latex":
        widest = max((label for _, label, _ in entries), key=len, default="")
        items = "\n\n".join(f"\\bibitem[{label}]{{{key}}}\n{text}" for key, label, text in entries)
        return f"\\begin{{thebibliography}}{{{widest}}}\n\n{items}\n\n\\end{{thebibliography}}\n"
    if output == "markdown":
        return "".join(f"{_marker(label)} {text}\n" for _, label, text in entries)
    return "\n".join(f"[{label}] {text}\n" for _, label, text in entries)


def _marker(label: str) -> str:
    return f"{label}." if label.isdigit() else f"- **\\[{label}\\]**"


def _html(entries: Sequence[tuple[str, str, str]]) -> str:
    rows = "".join(
        f'  <div class="csl-entry" id="ref-{escape(key, quote=True)}">'
        f'<div class="csl-left-margin">[{escape(label)}]</div>'
        f'<div class="csl-right-inline">{text}</div></div>\n'
        for key, label, text in entries
    )
    return f'<div class="csl-bib-body">\n{rows}</div>\n'


_CSS = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; }
.csl-entry { margin: 0 0 .8em; overflow-wrap: anywhere; }
.csl-entry:has(> .csl-left-margin) { display: grid; grid-template-columns: minmax(2.6em, max-content) 1fr; gap: .6em; }
.csl-left-margin { text-align: right; font-variant-numeric: tabular-nums; }
.hanging .csl-entry { padding-left: 2em; text-indent: -2em; }
a { color: LinkText; text-decoration-thickness: .06em; text-underline-offset: .15em; }
:target { background: color-mix(in srgb, Mark 35%, transparent); }
@media print { body { max-width: none; margin: 0; } .csl-entry { break-inside: avoid; } a { color: inherit; } }
"""


def html_page(body: str, *, title: str = "References", language: str = "en", hanging: bool = False) -> str:
    """A page of its own around a list: no script, nothing loaded from outside, fit for phone, print and the dark.

    ``hanging`` sets all lines of an entry but the first in, where a style asks for it.
    """
    klass = ' class="hanging"' if hanging else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main{klass}>\n"
        f"<h1>{escape(title)}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
