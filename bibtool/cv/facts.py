"""What an entry says, as plain words and numbers: shared by the targets that write data rather than a page.

Every text is on one line (abstracts keep their lines) and without characters that act on their surroundings;
escaping for a format is the target's own.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from bibtool.cv.links import web_address
from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import arxiv_id_of_doi, parse_doi
from bibtool.model.text.inert import inert, inert_lines
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.cv.document import Entry, Link
    from bibtool.model.dates import DateParts
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Record

SEPARATOR: Final = " · "  # between links and counts
# where a work appeared: the first that is set
_CONTAINERS: Final = ("container-title", "collection-title", "event-title", "publisher")
# CON, AUX ... are reserved names on Windows, with any suffix
_RESERVED: Final = lazy_pattern(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.ASCII)
_MAX_SLUG: Final = 60


def line(text: str) -> str:
    """The text on one line, with single spaces, accents joined with their letters."""
    return " ".join(unicodedata.normalize("NFC", inert(text)).split())


def spaced(text: str) -> str:
    """The text on one line, spaces as they are: for a piece of a longer text."""
    return unicodedata.normalize("NFC", inert(text))


def title(entry: Entry) -> str:
    """The title without markup."""
    return line(entry.record.title)


def author_names(entry: Entry) -> tuple[str, ...]:
    """All names as one reads them out, in their order."""
    return tuple(line(author.name.display()) for author in entry.authors)


def container(entry: Entry) -> str:
    """The journal, the book, the event or the publisher; "arXiv" for a preprint there; else ""."""
    for variable in _CONTAINERS:
        if place := line(entry.record.text(variable)):
            return place
    return "arXiv" if arxiv_id(entry) is not None else ""


def venue(entry: Entry) -> str:
    """Where the work appeared, its status in brackets after it; only the status where there is no place."""
    place, status = container(entry), line(entry.status)
    return f"{place} ({status})" if place and status else place or status


def abstract(entry: Entry) -> str:
    """The abstract of the listed version, else of the preprint; lines are kept, surrounding space is not."""
    for record in versions(entry):
        if text := inert_lines(record.text("abstract")).strip():
            return unicodedata.normalize("NFC", text)
    return ""


def versions(entry: Entry) -> Sequence[Record]:
    """The version that is listed and, where there is one, the preprint."""
    return (entry.record,) if entry.preprint is None else (entry.record, entry.preprint)


def arxiv_id(entry: Entry) -> ArxivId | None:
    """The arXiv id of the listed version, else of the preprint."""
    for record in versions(entry):
        if record.arxiv is not None and record.arxiv.id is not None:
            return record.arxiv.id
    return None


def doi(entry: Entry) -> str:
    """The DOI of the listed version, else one of the preprint that is not arXiv's own; "" for none that is valid."""
    return next((doi for record, doi in _dois(entry) if record is entry.record or arxiv_id_of_doi(doi) is None), "")


def _dois(entry: Entry) -> Iterator[tuple[Record, str]]:
    """The versions that have a valid DOI, each with its DOI."""
    for record in versions(entry):
        with suppress(IdentifierError):
            yield record, parse_doi(inert(record.text("DOI")))


def date(entry: Entry) -> DateParts | None:
    """The day of publication, or the first one of a range; None for no date and for one in words."""
    issued = entry.record.date()
    return None if issued is None else issued.start or issued.end


def iso_date(entry: Entry) -> str:
    """``2024``, ``2024-03`` or ``2024-03-02``, as much as is known, the year in four digits; "" for none."""
    parts = date(entry)
    if parts is None or not 1000 <= parts.year <= 9999:
        return ""
    known = takewhile(lambda number: number is not None, (parts.month, parts.day))
    return "-".join([f"{parts.year}", *(f"{number:02d}" for number in known)])


def full_date(entry: Entry) -> str:
    """A date with month and day, for programs that want one: the first of what is not known; "" for no year."""
    text = iso_date(entry)
    return text and text + "-01" * (2 - text.count("-"))


def links(entry: Entry) -> tuple[Link, ...]:
    """The links to the web, their addresses with all but the harmless characters written out, their labels clean."""
    return tuple(
        replace(link, url=url, label=line(link.label) or link.kind)
        for link in entry.links
        if (url := web_address(link.url))
    )


def address(entry: Entry, *kinds: str) -> str:
    """The address of the first link of these kinds, in their order; ""."""
    by_kind = {link.kind: link.url for link in reversed(links(entry))}
    return next((by_kind[kind] for kind in kinds if kind in by_kind), "")


def identities(entry: Entry) -> tuple[str, ...]:
    """What identifies the work, the surest first: ``arxiv:...``, ``doi:...``, ``key:...``.

    arXiv numbers have no version and DOIs are in lower case, for neither makes a difference. Former keys of the record
    come last.
    """
    names: dict[str, None] = {}
    for record in versions(entry):
        if record.arxiv is not None and record.arxiv.id is not None:
            names[f"arxiv:{record.arxiv.id.number}"] = None
    for _, own in _dois(entry):
        number = arxiv_id_of_doi(own)
        names[f"doi:{own.lower()}" if number is None else f"arxiv:{number.number}"] = None
    for record in versions(entry):
        for key in (record.key, *record.aliases):
            if key := line(key):
                names[f"key:{key}"] = None
    return tuple(sorted(names, key=lambda name: ("arxiv", "doi", "key").index(name.partition(":")[0])))


def slug(text: str) -> str:
    """The text as a part of a path: ASCII letters and digits in lower case, hyphens; "" if nothing is left of it.

    At most 60 characters, cut between words; never a name that Windows reserves.
    """
    plain = unicodedata.normalize("NFKD", inert(text)).encode("ascii", "ignore").decode("ascii").casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    made = ""
    for word in words:
        if made and len(made) + 1 + len(word) > _MAX_SLUG:
            break
        made = f"{made}-{word}" if made else word[:_MAX_SLUG]
    return f"{made}-paper" if _RESERVED.fullmatch(made) else made
