"""A reference list put together from formatted entries, for each output."""

from __future__ import annotations

from html import escape

from bibtool.model.text.inert import no_templates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def join(entries: Sequence[tuple[str, str, str]], output: str) -> str:
    """The list of (citation key, label, text); the texts are in the syntax of the output already.

    ``text``: one paragraph per entry, its label in brackets; ``markdown``: a list; ``latex``: a thebibliography;
    ``html``: a ``csl-bib-body`` with one ``csl-entry`` per item. Ends with a newline.
    """
    if output == "html":
        return no_templates(_html(entries))
    if output == "latex":
        widest = max((label for _, label, _ in entries), key=len, default="")
        items = "\n\n".join(f"\\bibitem[{label}]{{{key}}}\n{text}" for key, label, text in entries)
        return f"\\begin{{thebibliography}}{{{widest}}}\n\n{items}\n\n\\end{{thebibliography}}\n"
    if output == "markdown":
        return no_templates("".join(f"{_marker(label)} {text}\n" for _, label, text in entries))
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
