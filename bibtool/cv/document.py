"""A finished publication list: what every target writes. Nothing in it is escaped for any target yet.

::

    PublicationList
    ├── profile     name and links of the owner
    ├── sections    heading and entries, in the order in which they are printed
    ├── legend      what the signs after names mean
    └── summary     counts by kind and year
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from bibtool.model.names import Name
    from bibtool.model.record import Record
    from bibtool.styles.rich import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address: ``kind`` is doi, arxiv, pdf, code, url, orcid or arxiv-author, ``label`` what is shown for it.

    ``url`` begins with ``https://`` or ``http://``; other addresses of records never become links.
    """

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Whose list it is; an empty name where no owner is set."""

    name: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One name of an entry's author list: whether it is the owner, its marks (``equal``) and their signs (``*``)."""

    name: Name
    owner: bool = False
    marks: tuple[str, ...] = ()
    signs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One work of the list.

    ``number``    the number before it, None where entries are not numbered
    ``run``       the reference in the style, the owner marked, without number, links and status
    ``record``    the version that is listed; ``preprint`` the other one, where both are known
    ``authors``   all names, also those that the style leaves out; ``truncated``: the source has no more of them
    ``status``    ``submitted``, ``in press`` ... in the words of the locale, or ""
    ``kind``      see `bibtool.cv.kinds.KINDS`
    ``tags``      keywords of the record
    """

    key: str
    number: int | None = None
    run: tuple[str | Mark, ...] = ()
    record: Record
    preprint: Record | None = None
    authors: tuple[Author, ...] = ()
    truncated: bool = False
    links: tuple[Link, ...] = ()
    status: str = ""
    kind: str = "other"
    year: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its entries; ``id`` is fit for an anchor, the heading is "" for a list without sections."""

    id: str
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A sign, what it means, and the mark of names that it represents."""

    sign: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts: works in all, by kind (id, heading, count), by year (every year from the first to the last)."""

    total: int = 0
    by_kind: tuple[tuple[str, str, int], ...] = ()
    by_year: tuple[tuple[int, int], ...] = ()
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationList:
    """The list. ``language`` is a BCP 47 tag; ``hanging`` says that the style sets entries with a hanging indent."""

    title: str
    language: str = "en-US"
    profile: Profile = field(default_factory=Profile)
    sections: tuple[Section, ...] = ()
    legend: tuple[LegendLine, ...] = ()
    summary: Summary = field(default_factory=Summary)
    hanging: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order in which they are printed; one that is in two sections comes twice."""
        return tuple(entry for section in self.sections for entry in section.entries)
