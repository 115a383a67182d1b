"""A record as the list shows it: a preprint that has appeared, under the name and year of its venue. Pure.

Authors tell arXiv where a paper appeared in words of their own (``Advances in Neural Information Processing Systems 35
(NeurIPS 2022)``). They are not taken apart into volume and pages, since there is no one form, but they are what a
reader of the list looks for: so they take the place of the container, and "arXiv" is not printed as the publisher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.cv.kinds import kind_of, kind_of_type, published_in
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.richtext import Span, Text
from bibtool.model.works.venues import names_preprint_server
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.model.record import Record, Value

_TYPE_OF: Final = {
    "journal": "article-journal",
    "conference": "paper-conference",
    "chapter": "chapter",
    "thesis": "thesis",
    "preprint": "article",
}
_HAS_VENUE: Final = frozenset({"journal", "conference", "chapter"})
# what a record says of arXiv as if it were the publisher
_OF_PREPRINT: Final = ("number", "genre", "archive", "archive_location", "version", "medium")
_QUOTED: Final = lazy_pattern('"[^"]*"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}]*')
# four digits that are not a part of a range of pages
_YEAR: Final = lazy_pattern(r"(?<![\d:.])(?<![-\u2013])(?<![-\u2013]\s)(?:19|20)\d\d(?![\d:]|\.\d|\s?[-\u2013]+\s?\d)")
_YEAR_IN_BRACKETS: Final = lazy_pattern(r"\(((?:19|20)\d\d)\)")
_MAX_YEARS_TO_PRINT: Final = 10


def as_listed(record: Record) -> Record:
    """The record with the type of its heading and, for a preprint that has appeared, its venue and the year of it.

    Applied twice it is the same. Conditions are tested on it: ``type==preprint`` means what the headings say.
    """
    kind = kind_of(record)
    changes: dict[str, Value | None] = {}
    venue = published_in(record) if kind in _HAS_VENUE else ""
    if venue:
        changes["container-title"] = Text.of(_on_one_line(venue))
        changes.update((name, None) for name in _OF_PREPRINT if name in record.variables)
        year = year_in(venue, record.year) or record.year
        if year is not None:  # month and day are those of the preprint
            changes["issued"] = Date.of(year)
    if (
        kind != "preprint"
        and names_preprint_server(record.text("publisher"))
        and (venue or record.text("container-title"))
    ):
        changes["publisher"] = None
    if changes:
        record = record.with_values(changes)
    if kind_of_type(record.type) == kind:
        return record
    return replace(record, type=_TYPE_OF.get(kind, record.type))


def with_fixed_venue(record: Record) -> Record:
    """The record for a style: the words of the authors stay in the case that they have ("spotlight", "pp. 5")."""
    told = _on_one_line(record.arxiv.journal_ref) if record.arxiv is not None else ""
    if not told or told != record.text("container-title"):
        return record
    return record.with_values({"container-title": Text((Span("nocase", (told,)),))})


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def year_in(place: str, posted: int | None) -> int | None:
    """The year of publication in the words of the authors; None where there is none or where it may be another number.

    ``posted`` is the year of the preprint, which appears at most a year before and rarely ten years after it.
    """
    words = _QUOTED.sub("", place)
    for pattern in (_YEAR, _YEAR_IN_BRACKETS):
        years = {int(digits) for digits in pattern.findall(words)}
        if posted is not None:
            years = {year for year in years if posted - 1 <= year <= posted + _MAX_YEARS_TO_PRINT}
        if len(years) == 1:
            return years.pop()
    return None
