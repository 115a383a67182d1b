"""BibTeX's own styles (plain, alpha, unsrt, abbrv ...) through pybtex's Python versions of them.

They know BibTeX entries only, so the records come in as the bytes of a BibTeX file.
"""

from __future__ import annotations

from html import escape

from bibtool.errors import UnknownNameError
from bibtool.lazy import lazy_pattern
from bibtool.model.text.inert import inert
from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# name -> (pybtex's style, first names abbreviated): abbrv.bst is plain.bst with initials (btxbst.doc)
STYLES: dict[str, tuple[str, bool]] = {
    "plain": ("plain", False),
    "abbrv": ("plain", True),
    "alpha": ("alpha", False),
    "unsrt": ("unsrt", False),
    "unsrtalpha": ("unsrtalpha", False),
}
OUTPUTS = ("text", "markdown", "html", "latex")


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One formatted reference: citation key, label (``1``, ``BPV22``) and its text in the output's own syntax."""

    key: str
    label: str
    text: str


def render_entries(
    bibtex: bytes, style: str, output: str, *, keep_order: bool = False
) -> tuple[tuple[ListEntry, ...], tuple[Problem, ...]]:
    """The entries of a BibTeX file formatted by one of `STYLES`, in the style's order.

    ``keep_order`` leaves them in the order of the file. An entry that lacks what its type needs (an article without
    journal) is formatted as ``misc`` and reported. Raises `UnknownNameError` for an unknown style.
    """
    if style not in STYLES:
        raise UnknownNameError("style", style, list(STYLES))
    from pybtex.database import parse_string
    from pybtex.plugin import find_plugin

    name, abbreviate = STYLES[style]
    data = parse_string(bibtex.decode("utf-8"), "bibtex")
    options: dict[str, Any] = {"abbreviate_names": abbreviate}
    if keep_order:
        options["sorting_style"] = "none"
    formatter = find_plugin("pybtex.style.formatting", name)(**options)
    backend = _backend(output)
    problems: list[Problem] = []
    ordered = list(formatter.sort(list(data.entries.values())))
    labels = list(formatter.format_labels(ordered))
    found = []
    for entry, label in zip(ordered, labels, strict=True):
        formatted = _format(formatter, entry, label, data, problems)
        found.append(ListEntry(entry.key, str(label), inert(" ".join(formatted.text.render(backend).split()))))
    return tuple(found), tuple(problems)


def _format(formatter: Any, entry: Any, label: str, data: Any, problems: list[Problem]) -> Any:
    from pybtex.style.template import FieldIsMissing

    try:
        return formatter.format_entry(label, entry, bib_data=data)
    except (FieldIsMissing, AttributeError) as error:
        problems.append(
            Problem(
                code="list-incomplete",
                message=f"{entry.key}: formatted as misc, since its type {entry.type} lacks something ({error})",
                severity=Severity.NOTE,
                key=entry.key,
            )
        )
    from pybtex.database import Entry

    plain = Entry("misc", fields=dict(entry.fields.items()), persons=dict(entry.persons.items()))
    plain.key = entry.key
    return formatter.format_entry(label, plain, bib_data=data)


def _backend(output: str) -> Any:
    from pybtex.plugin import find_plugin

    if output not in OUTPUTS:
        raise UnknownNameError("output", output, list(OUTPUTS))
    base: Any = find_plugin("pybtex.backends", {"text": "plaintext"}.get(output, output))
    if output == "text":
        return base("utf-8")
    if output == "html":
        return _safe_html(base)("utf-8")
    if output == "markdown":
        return _safe_markdown(base)("utf-8")
    if output == "latex":
        return _safe_latex(base)("utf-8")
    return base("utf-8")


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://", "mailto:"))


def _safe_html(base: Any) -> Any:
    class Html(base):  # type: ignore[misc]  # the base is found at run time
        """pybtex leaves addresses unescaped and links to whatever the record says; we do neither."""

        symbols: dict[str, str] = {"ndash": "–", "newblock": " ", "nbsp": " "}  # noqa: RUF012 - pybtex's way

        def format_str(self, text: str) -> str:
            return escape(text)

        def format_protected(self, text: str) -> str:
            return text

        @staticmethod
        def format_href(url: str, text: str, external: bool = False) -> str:
            del external
            if not text or not _is_web_address(url):
                return text
            return f'<a href="{escape(url, quote=True)}">{text}</a>'

    return Html


def _safe_markdown(base: Any) -> Any:
    class Markdown(base):  # type: ignore[misc]  # the base is found at run time
        """pybtex escapes characters of Markdown, yet neither HTML in the text nor what would end an address."""

        symbols: dict[str, str] = {"ndash": "–", "newblock": " ", "nbsp": " "}  # noqa: RUF012 - pybtex's way

        def format_str(self, text: str) -> str:
            escaped: str = super().format_str(text)
            return escaped.replace("&", "&amp;").replace("<", "&lt;").replace("\\>", "&gt;").replace(">", "&gt;")

        @staticmethod
        def format_href(url: str, text: str, external: bool = False) -> str:
            del external
            if not text or not _is_web_address(url):
                return text
            safe = url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace("\n", "")
            return f"[{text}](<{safe}>)"

    return Markdown


# pandoc's rule, as in `bibtool.model.richtext`: no space inside the dollars and no digit after them
_MATH = lazy_pattern(r"(\$(?![\s$])[^$]+(?<!\s)\$(?!\d))")


def _safe_latex(base: Any) -> Any:
    from bibtool.model.text.texmath import is_safe_math
    from bibtool.styles.output.latex import address, escape

    class Latex(base):  # type: ignore[misc]  # the base is found at run time
        """pybtex writes a backslash of a text as one, so that the text would be a command."""

        def format_str(self, text: str) -> str:
            pieces = _MATH.split(text)
            return "".join(
                piece if at % 2 and is_safe_math(piece[1:-1]) else escape(piece) for at, piece in enumerate(pieces)
            )

        def format_href(self, url: str, text: str, external: bool = False) -> str:
            del external
            if not text or not _is_web_address(url):
                return text
            if text == self.format_str(url):
                return f"\\url{{{address(url)}}}"
            return f"\\href{{{address(url)}}}{{{text}}}"

    return Latex


def join_entries(entries: Sequence[ListEntry], output: str) -> str:
    """The entries as one list in the output's syntax; empty for no entries, except for html's empty container."""
    from bibtool.styles import lists

    return lists.join([(entry.key, entry.label, entry.text) for entry in entries], output)
