"""Outputs: one renderer per format, each escaping the text of records in its own way."""

from __future__ import annotations

from importlib import import_module

from bibtool.errors import UnknownNameError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, Protocol

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

    class Renderer(Protocol):
        """Writes marked text in one format."""

        def inline(self, run: Run) -> str:
            """The characters of a citation or an entry, escaped and marked up."""

        def document(self, entries: Sequence[str], options: EntryOptions) -> str:
            """A whole bibliography of rendered entries; "" for none."""


# name -> module with a class `Output`
OUTPUTS: Final[dict[str, str]] = {
    "html": "bibtool.styles.output.html",
    "text": "bibtool.styles.output.text",
    "markdown": "bibtool.styles.output.markdown",
    "latex": "bibtool.styles.output.latex",
    "rtf": "bibtool.styles.output.rtf",
    "typst": "bibtool.styles.output.typst",
    "rst": "bibtool.styles.output.rst",
    "ansi": "bibtool.styles.output.ansi",
}


def renderer(name: str) -> Renderer:
    """The renderer of an output format; raises `UnknownNameError` with suggestions."""
    home = OUTPUTS.get(name)
    if home is None:
        raise UnknownNameError("output", name, list(OUTPUTS))
    found: Renderer = import_module(home).Output()
    return found
