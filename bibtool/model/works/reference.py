"""A reference compared field by field with what a source says: what agrees, differs, can't be compared. Pure.

Stricter than the judge (`bibtool.model.works.verdict`), who asks whether two records are one work: here they are, or
may be, and the question is what the reference states wrongly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import arxiv_id_of_doi, parse_doi
from bibtool.model.text.fold import title_key
from bibtool.model.works.identity import is_preprint_doi
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.pages import pages_fit
from bibtool.model.works.people import COMPATIBLE, SLIP, Person, person_ratio, prepare_authors
from bibtool.model.works.places import place_of
from bibtool.model.works.shortnames import is_short_form
from bibtool.model.works.titles import is_main_title, is_subtitle_apart, same_wording
from bibtool.model.works.venuenames import editions_differ, is_series, prepare_venue, same_venue
from bibtool.model.works.venues import names_preprint_server
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.model.record import Record

YEARS_TO_PRINT: Final = 6  # a publication may come out so many years after the preprint
YEARS_BEFORE: Final = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the reference states differently. ``sentence`` says it in words, "" if the two values do."""

    field: str
    mine: str
    theirs: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing showed: differences, names of fields that agree, and of fields that only the reference has."""

    differences: tuple[Difference, ...]
    agreeing: tuple[str, ...]
    not_compared: tuple[str, ...]


class _Findings:
    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self.agreeing: list[str] = []
        self.not_compared: list[str] = []

    def add(self, field: str, difference: Difference | None) -> None:
        if difference is None:
            self.agreeing.append(field)
        else:
            self.differences.append(difference)


def compare_reference(reference: Record, source: Record, *, whole_titles: bool = True) -> Comparison:
    """The comparison of a reference with one manifestation that a source has of the work.

    ``whole_titles``: the source gives titles with their subtitles, so that one which it doesn't have is invented.
    """
    findings = _Findings()
    _title(reference, source, findings, whole_titles=whole_titles)
    _authors(reference, source, findings)
    _year(reference, source, findings)
    _venue(reference, source, findings)
    _place(reference, source, findings)
    _doi(reference, source, findings)
    _arxiv(reference, source, findings)
    return Comparison(tuple(findings.differences), tuple(findings.agreeing), tuple(findings.not_compared))


def _title(reference: Record, source: Record, findings: _Findings, *, whole_titles: bool) -> None:
    if not reference.title:
        return
    if not source.title:
        findings.not_compared.append("title")
        return
    difference = title_difference(reference.title, source.title)
    if difference is None and _has_more(reference.title, source.title):
        if whole_titles and source.type not in _TITLED_APART:
            said = f"{source.title!r} has no subtitle; the title is {reference.title!r}"
            difference = Difference("title", reference.title, source.title, said)
        else:
            findings.not_compared.append("subtitle")
    findings.add("title", difference)


# of books, catalogues often have the subtitle elsewhere
_TITLED_APART: Final = frozenset({"book", "chapter", "thesis", "report"})


def _has_more(title: str, other: str) -> bool:
    """Whether the first of two titles that differ in a subtitle alone is the one that has it."""
    return not same_wording(title, other) and len(title_key(title).split()) > len(title_key(other).split())


def title_difference(title: str, other: str) -> Difference | None:
    """How two titles differ in a word, None if in spelling only, or if one leaves out the subtitle."""
    if same_wording(title, other) or is_subtitle_apart(title, other) or is_main_title(title, other):
        return None
    return Difference("title", title, other)


# ---- people ---------------------------------------------------------------------------------------------------------


def _authors(reference: Record, source: Record, findings: _Findings) -> None:
    """The authors of both; the editors of a book that has no authors."""
    role = "author" if reference.names("author") else "editor"
    mine, theirs = reference.names(role), source.names(role)
    if not mine:
        return
    if role == "editor" and source.names("author"):
        return
    if not theirs or not theirs.names:
        findings.not_compared.append(role)
        return
    shown = tuple("; ".join(name.inverted() for name in names.names) for names in (mine, theirs))
    ours, others = prepare_authors(mine), prepare_authors(theirs)
    sentence = people_difference(ours.people, others.people, cut=ours.truncated, source_cut=others.truncated)
    findings.add(role, Difference(role, shown[0], shown[1], sentence) if sentence else None)


def people_difference(
    mine: Sequence[Person], theirs: Sequence[Person], *, cut: bool = False, source_cut: bool = False
) -> str:
    """How two lists of people differ, in words; "" if they don't. A list that is cut is the beginning of the other."""
    if not mine:
        return "" if cut else "the authors are placeholders"
    if not any(person.literal for person in mine):
        theirs = tuple(person for person in theirs if not person.literal) or theirs
    for at, (person, other) in enumerate(zip(mine, theirs, strict=False), start=1):
        if _may_be(person, other):
            continue
        if _elsewhere(person, theirs) and (at > len(mine) or _elsewhere(other, mine)):
            return f"the authors are in another order: author {at} is {_shown(other)}, not {_shown(person)}"
        if person_ratio(person, other) == SLIP and not person.literal:
            return f"author {at} is {_shown(other)}, not {_shown(person)} (a typo?)"
        return f"author {at} is {_shown(other)}, not {_shown(person)}"
    if len(mine) > len(theirs) and not source_cut:
        return f"the source has {len(theirs)} authors, not {len(mine)}: {_shown(mine[len(theirs)])} is not among them"
    if len(mine) < len(theirs) and not cut:
        return f"{len(theirs) - len(mine)} of {len(theirs)} authors are missing, without 'and others'"
    return ""


def _elsewhere(person: Person, people: Sequence[Person]) -> bool:
    return any(_may_be(person, other) for other in people)


def _may_be(person: Person, other: Person) -> bool:
    return person_ratio(person, other) >= COMPATIBLE or is_short_form(person, other)


def _shown(person: Person) -> str:
    return " ".join((*person.given, *person.family)).title()


# ---- when and where -------------------------------------------------------------------------------------------------


def _year(reference: Record, source: Record, findings: _Findings) -> None:
    mine, theirs = reference.year, source.year
    if mine is None:
        return
    if theirs is None:
        findings.not_compared.append("year")
        return
    published, source_published = is_published(reference), is_published(source)
    if published and source_published:
        fits = mine == theirs or (abs(mine - theirs) == 1 and _may_be_online(reference, source))
    elif source_published:  # the preprint of a publication
        fits = theirs - YEARS_TO_PRINT <= mine <= theirs + YEARS_BEFORE
    else:
        first, last = theirs, max(theirs, _last_year(source))
        if last == first and not _last_year(source):  # nothing is known of later versions
            last += 1
        fits = first <= mine <= (first + YEARS_TO_PRINT if published else last)
    findings.add("year", None if fits else Difference("year", str(mine), str(theirs)))


def _may_be_online(reference: Record, source: Record) -> bool:
    """Whether a year off by one may be that of the online version, or of the conference instead of its proceedings."""
    if source.type != "paper-conference":
        return True
    years = prepare_venue(venue_of(source)).years | prepare_venue(venue_of(reference)).years
    return reference.year in years and source.year is not None


def _last_year(record: Record) -> int:
    updated = record.arxiv.updated if record.arxiv is not None else ""
    return int(updated[:4]) if updated[:4].isdigit() else 0


def venue_of(record: Record) -> str:
    """The name of what the work appeared in; "" where it is not said."""
    return record.text("container-title") or record.text("event-title")


def _venue(reference: Record, source: Record, findings: _Findings) -> None:
    mine = venue_of(reference)
    if not mine:
        return
    theirs = venue_of(source)
    is_server = names_preprint_server(mine) or not is_published(reference)
    if not is_published(source):
        if is_server:
            findings.agreeing.append("venue")
        elif not theirs or names_preprint_server(theirs):
            _venue_of_preprint(source, mine, findings)
        return
    if is_server:  # the preprint of what the source knows as published
        findings.not_compared.append("venue")
        return
    if not theirs:
        findings.not_compared.append("venue")
        return
    others = [theirs, *(source.text(name) for name in ("container-title-short", "event-title", "collection-title"))]
    fitting = [other for other in others if other and same_venue(mine, other)]
    if not fitting and is_series(mine, theirs):
        findings.not_compared.append("venue")
        return
    if not fitting:
        findings.add("venue", Difference("venue", mine, theirs))
        return
    wrong = editions_differ(mine, theirs, year=source.year, volume=source.text("volume"))
    findings.add("venue", Difference("venue", mine, theirs, f"the venue is that of {wrong}") if wrong else None)


def _venue_of_preprint(source: Record, mine: str, findings: _Findings) -> None:
    """A publication is claimed of what the source knows as a preprint: its journal reference may name the venue."""
    said = source.arxiv.journal_ref if source.arxiv is not None else ""
    if said:
        fits = same_venue(mine, said.split(",")[0]) or same_venue(mine, said)
        findings.add("venue", None if fits else Difference("venue", mine, said))
        return
    known = venue_of(source) or "arXiv"
    sentence = f"the venue is {mine!r}; the source has the work only as a preprint ({known})"
    findings.add("venue", Difference("venue", mine, known, sentence))


def _place(reference: Record, source: Record, findings: _Findings) -> None:
    """Volume, issue and pages, of two publications only: a preprint's are those of its server."""
    if not is_published(reference) or not is_published(source):
        return
    mine, theirs = place_of(reference), place_of(source)
    for field, value, other in (("volume", mine.volume, theirs.volume), ("issue", mine.issue, theirs.issue)):
        if not value:
            continue
        if not other:
            findings.not_compared.append(field)
        else:
            said = Difference(field, reference.text(field), source.text(field))
            findings.add(field, None if value == other else said)
    pages, others = reference.text("page"), source.text("page")
    if not pages:
        return
    if not others:
        findings.not_compared.append("pages")
        return
    findings.add("pages", None if pages_fit(pages, others) else Difference("pages", pages, others))


# ---- identifiers ----------------------------------------------------------------------------------------------------


def doi_key(text: str) -> str:
    """A DOI as it is compared; "" for what is not one."""
    try:
        return parse_doi(text).casefold() if text else ""
    except IdentifierError:
        return ""


def _doi(reference: Record, source: Record, findings: _Findings) -> None:
    mine = doi_key(reference.text("DOI"))
    if not mine:
        if reference.text("DOI"):
            findings.not_compared.append("DOI")
        return
    own = arxiv_id_of_doi(mine)
    if own is not None:
        known = _number(source)
        if not known:
            findings.not_compared.append("DOI")
        else:
            wrong = Difference("DOI", mine, f"10.48550/arXiv.{known}")
            findings.add("DOI", None if own.number == known else wrong)
        return
    others = set(_dois(source))
    if not others:
        findings.not_compared.append("DOI")
    elif mine in others:
        findings.agreeing.append("DOI")
    elif is_preprint_doi(mine) != all(is_preprint_doi(other) for other in others):
        findings.not_compared.append("DOI")  # one is the preprint's
    else:
        findings.add("DOI", Difference("DOI", reference.text("DOI"), source.text("DOI") or min(others)))


def _dois(record: Record) -> Iterator[str]:
    for part in record.text("DOI").split():
        key = doi_key(part)
        if key and arxiv_id_of_doi(key) is None:
            yield key


def _number(record: Record) -> str:
    known = record.arxiv
    if known is not None and known.id is not None:
        return known.id.number
    own = arxiv_id_of_doi(record.text("DOI"))
    return own.number if own is not None else ""


def _arxiv(reference: Record, source: Record, findings: _Findings) -> None:
    mine = reference.arxiv.id if reference.arxiv is not None else None
    if mine is None:
        return
    theirs = _number(source)
    if not theirs:
        findings.not_compared.append("arXiv id")
        return
    if mine.number != theirs:
        findings.add("arXiv id", Difference("arXiv id", str(mine), theirs))
        return
    latest = source.arxiv.latest if source.arxiv is not None else None
    if mine.version and latest and mine.version > latest:
        said = f"arXiv:{mine} is cited, the latest version is v{latest}"
        findings.add("arXiv id", Difference("arXiv id", str(mine), f"v{latest}", said))
        return
    if mine.version and not latest:
        findings.not_compared.append("arXiv version")
    findings.agreeing.append("arXiv id")
