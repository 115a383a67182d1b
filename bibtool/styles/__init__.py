"""Citation styles: a CSL 1.0.2 processor, and BibTeX's styles.

>>> from bibtool.styles import Processor, Style
>>> processor = Processor(Style.load("apa"), records, output="text")  # doctest: +SKIP
>>> print(processor.bibliography())  # doctest: +SKIP

Importing the package is cheap: the public names are loaded at first use (PEP 562).
"""

from __future__ import annotations

from bibtool.lazy import attach

_HOMES = {
    "Bibliography": "bibtool.styles.processor",
    "Citation": "bibtool.styles.cites",
    "CitationItem": "bibtool.styles.cites",
    "Locale": "bibtool.styles.locale",
    "Processor": "bibtool.styles.processor",
    "Session": "bibtool.styles.session",
    "Style": "bibtool.styles.style",
    "StyleIndex": "bibtool.styles.style",
}

__all__ = [
    "Bibliography",
    "Citation",
    "CitationItem",
    "Locale",
    "Processor",
    "Session",
    "Style",
    "StyleIndex",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.cites import Citation, CitationItem
    from bibtool.styles.locale import Locale
    from bibtool.styles.processor import Bibliography, Processor
    from bibtool.styles.session import Session
    from bibtool.styles.style import Style, StyleIndex

__getattr__, __dir__ = attach(__name__, _HOMES)
