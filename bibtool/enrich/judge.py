"""One record and one paper: how well they fit, and whether that is enough to take it. Pure."""

from __future__ import annotations

import datetime as dt
from enum import IntEnum
from typing import TYPE_CHECKING

from bibtool.enrich.atom import AtomEntry, author_names, to_record
from bibtool.model.identifiers import same_doi
from bibtool.model.works.identity import doi_of
from bibtool.model.works.likeness import (
    Abstract,
    DateFit,
    Title,
    When,
    abstract_ratio,
    compare_dates,
    prepare_abstract,
    prepare_title,
    title_covered,
    title_ratio,
)
from bibtool.model.works.people import Agreement, Authors, compare_authors, prepare_authors
from bibtool.model.works.verdict import Verdict, compare
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from bibtool.model.record import Record

NEAR_TITLE = 0.88
SPELLING_TITLE = 0.95
TYPO_TITLE = 0.97
RELATED_TITLE = 0.75
SAME_ABSTRACT = 0.45
EQUAL_ABSTRACT = 0.6


class Tier(IntEnum):
    """What a match rests on; the higher the stronger."""

    CHANGED = 1  # authors, date and abstract, under another title
    NEAR = 2  # a title that is nearly the same, and the rest
    EXACT = 3  # the title, authors and date
    DOI = 4
    ID = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that may be a record's. ``sure``: the rules allow taking it; ``reasons``: what speaks for or against."""

    entry: AtomEntry
    tier: Tier
    score: float
    sure: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """What records and papers are compared by."""

    title: Title
    authors: Authors
    abstract: Abstract
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record, prepared. ``accepted``: a person has chosen the number."""

    record: Record
    features: Features
    when: When
    number: str
    order: tuple[str, ...]
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry, prepared."""

    entry: AtomEntry
    features: Features
    published: dt.date | None
    updated: dt.date | None
    categories: frozenset[str] = field(default_factory=frozenset)


def rank(candidate: Candidate) -> tuple[bool, int, float, str]:
    """A key for sorting: sure ones first, then the better ones."""
    return (not candidate.sure, -candidate.tier, -candidate.score, candidate.entry.id.number)


def prepare_record(record: Record, number: str, *, accepted: bool = False) -> Wanted:
    """The record made comparable; ``number`` is its arXiv number or "", ``accepted`` if a person has chosen it now."""
    origin = record.provenance.get("issued")
    source = origin.source if origin else ""
    features = Features(
        prepare_title(record.title),
        prepare_authors(record.names("author")),
        prepare_abstract(record.text("abstract")),
        doi_of(record),
    )
    when = When(
        record.date(),
        first_version=source in {"listing", "arxiv"},
        year_guessed=origin is not None and origin.confidence < 1,
    )
    order = (record.key, record.title, record.text("issued"), record.text("abstract"))
    chosen = record.provenance.get("arxiv.id")
    accepted = accepted or (chosen is not None and chosen.source == "user")
    return Wanted(record, features, when, number, order, accepted)


def prepare_entry(entry: AtomEntry) -> Paper:
    """The entry made comparable."""
    features = Features(
        prepare_title(entry.title),
        prepare_authors(author_names(entry)),
        prepare_abstract(entry.summary),
        entry.doi,
    )
    return Paper(
        entry,
        features,
        _day(entry.published),
        _day(entry.updated),
        frozenset((entry.primary_category, *entry.categories)),
    )


def _day(instant: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(instant[:10])
    except ValueError:
        return None


# -- one record and one paper ---------------------------------------------------------------------------------------


def judge_number(want: Wanted, paper: Paper) -> Candidate:
    """The paper whose number the record gives.

    Doubtful where the judge of works doubts it, under another title or by other people; but not what a person has
    chosen, nor a version by the same people that is newer than the record knows, since papers are renamed.
    """
    reasons = [f"the record names arXiv:{want.number}"]
    ratio = title_ratio(want.features.title, paper.features.title)
    agreement, _ = compare_authors(want.features.authors, paper.features.authors)
    other_title = bool(want.features.title.key) and ratio < RELATED_TITLE
    if other_title:
        reasons.append("under another title")
    if want.features.authors.people and agreement < Agreement.PREFIX:
        reasons.append("with other authors" if agreement is Agreement.NONE else "with partly other authors")
    strange = False
    renamed = agreement >= Agreement.PREFIX and (paper.entry.id.version or 0) > _known_version(want.record)
    if not want.accepted and not renamed and (other_title or agreement is Agreement.NONE):
        verdict = compare(want.record, to_record(paper.entry)).verdict
        strange = verdict is Verdict.DOUBTFUL or (verdict is Verdict.DIFFERENT and agreement is Agreement.NONE)
    return Candidate(entry=paper.entry, tier=Tier.ID, score=10.0, sure=not strange, reasons=tuple(reasons))


def _known_version(record: Record) -> int:
    arxiv = record.arxiv
    return max(arxiv.latest or 0, (arxiv.id.version or 0) if arxiv.id else 0) if arxiv else 0


def judge(want: Wanted, paper: Paper) -> Candidate | bool:
    """A candidate; or True for a paper with the same title by other people, False for one that has nothing to do."""
    mine, theirs = want.features, paper.features
    ratio = title_ratio(mine.title, theirs.title)
    agreement, share = compare_authors(mine.authors, theirs.authors)
    if mine.doi and theirs.doi and same_doi(mine.doi, theirs.doi):
        sure = agreement > Agreement.NONE or ratio >= RELATED_TITLE
        return _candidate(paper, Tier.DOI, ratio + share, sure, [f"the same DOI {theirs.doi}"])
    if ratio < RELATED_TITLE and agreement < Agreement.PREFIX:
        return False
    if agreement is Agreement.NONE and mine.authors.people:
        return ratio >= SPELLING_TITLE
    fit, days = compare_dates(want.when, paper.published, paper.updated)
    likeness = abstract_ratio(mine.abstract, theirs.abstract)
    turned = mine.title.numbers != theirs.title.numbers or (
        ratio >= RELATED_TITLE and mine.title.turning != theirs.title.turning
    )
    evidence = _Evidence(want, paper, ratio, agreement, share, fit, days, likeness, turned)
    if ratio == 1.0 and not turned:
        return evidence.exact()
    if ratio >= NEAR_TITLE:
        return evidence.near()
    return evidence.changed()


def _candidate(paper: Paper, tier: Tier, score: float, sure: bool, reasons: list[str]) -> Candidate:
    return Candidate(entry=paper.entry, tier=tier, score=round(score, 6), sure=sure, reasons=tuple(reasons))


_FIT_SCORE = {
    DateFit.SAME: 0.5,
    DateFit.NEAR: 0.3,
    DateFit.PLAUSIBLE: 0.15,
    DateFit.UNKNOWN: 0.15,
    DateFit.FAR: 0.0,
}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Everything that speaks for or against a pair."""

    want: Wanted
    paper: Paper
    ratio: float
    agreement: Agreement
    share: float
    fit: DateFit
    days: int | None
    likeness: float | None
    turned: bool

    @property
    def score(self) -> float:
        return self.ratio + 0.5 * self.share + _FIT_SCORE[self.fit] + 0.5 * (self.likeness or 0.0)

    @property
    def authors(self) -> bool:
        return self.agreement >= Agreement.PREFIX

    def exact(self) -> Candidate | bool:
        """The same title, apart from spelling."""
        reasons = ["the same title", *self._author_reasons(), *self._date_reasons()]
        sure = self.authors and self.fit is not DateFit.FAR
        if sure and self.want.features.title.short:
            alike = self.likeness is not None and self.likeness >= SAME_ABSTRACT
            named = self.share >= 0.9 and (len(self.want.features.authors.people) > 1 or self.fit is DateFit.SAME)
            sure = alike or (named and self.fit >= DateFit.NEAR)
            if not sure:
                reasons.append("a title that short is not enough")
        return _candidate(self.paper, Tier.EXACT, self.score, sure, reasons)

    def near(self) -> Candidate | bool:
        """Nearly the same title: another spelling, a word more or less; or the sequel."""
        reasons = ["nearly the same title", *self._author_reasons(), *self._date_reasons(), *self._abstract_reasons()]
        sure = self.authors and self.fit is not DateFit.FAR and not self.turned and not self.want.features.title.short
        if self.turned:
            reasons.append(self._turned_by)
        if sure and not self._reworded:
            if self.likeness is not None:
                sure = self.likeness >= SAME_ABSTRACT
            else:
                whole = self.agreement is Agreement.FULL or self.fit >= DateFit.NEAR
                sure = whole and self.ratio >= (RELATED_TITLE if self._same_day else SPELLING_TITLE)
        if (not self.authors and self.ratio < 0.93) or (self.turned and self.fit is DateFit.FAR):
            return False
        return _candidate(self.paper, Tier.NEAR, self.score, sure, reasons)

    @property
    def _turned_by(self) -> str:
        mine, theirs = self.want.features.title, self.paper.features.title
        if mine.numbers == theirs.numbers and not any(map(str.isalpha, {*mine.turning} ^ {*theirs.turning})):
            return "but the titles differ in a sign"
        return "but the titles differ in a number or a word like 'part', 'without', 'reply'"

    def changed(self) -> Candidate | bool:
        """Another title: the same work only if authors, date and abstract say so together."""
        if not self.authors:
            return False
        alike = self.likeness is not None and self.likeness >= SAME_ABSTRACT
        reasons = ["another title", *self._author_reasons(), *self._date_reasons(), *self._abstract_reasons()]
        fits = self._categories_fit() and not self.turned
        if not self._categories_fit():
            reasons.append("in another category")
        if self.turned:
            reasons.append("the titles differ in a number")
        if self.fit >= DateFit.SAME:
            # without abstracts only a related title of exactly these people on this day will do
            related = self.likeness is None and self.ratio >= RELATED_TITLE and self._same_day
            sure = fits and (alike or related or self._reworded)
            worth_showing = alike or self.ratio >= 0.5 or self._same_day
        else:
            equal = self.likeness is not None and self.likeness >= EQUAL_ABSTRACT
            sure = fits and equal and self.fit is not DateFit.FAR
            worth_showing = equal or (self.ratio >= RELATED_TITLE and self.fit >= DateFit.NEAR)
        if not sure and not worth_showing:
            return False
        return _candidate(self.paper, Tier.CHANGED, self.score, sure, reasons)

    @property
    def _same_day(self) -> bool:
        """Complete lists of at least two people that agree, and (time zones aside) the same day."""
        return (
            self.agreement is Agreement.FULL
            and len(self.want.features.authors.people) > 1
            and self.days is not None
            and abs(self.days) <= 1
        )

    @property
    def _reworded(self) -> bool:
        """A title that was only reworded, by exactly these people on this day; abstracts are rewritten as well then.

        One with a letter or two changed, or one whose words are all in the record's title or abstract.
        """
        if self.turned or not self._same_day or self.ratio < RELATED_TITLE:
            return False
        mine = self.want.features
        return self.ratio >= TYPO_TITLE or title_covered(self.paper.features.title, mine.title, mine.abstract)

    def _categories_fit(self) -> bool:
        arxiv = self.want.record.arxiv
        if arxiv is None or not self.paper.categories:
            return True
        asked = {arxiv.primary_category} if arxiv.primary_category else set(arxiv.candidates)
        return not asked or bool(asked & self.paper.categories)

    def _author_reasons(self) -> list[str]:
        if not self.want.features.authors.people:
            return ["but the record names no authors to compare"]
        return [
            {
                Agreement.FULL: "the same authors",
                Agreement.PREFIX: "the authors agree as far as they are listed",
                Agreement.LOOSE: "only some of the authors, or in another order",
                Agreement.NONE: "other authors",
            }[self.agreement]
        ]

    def _date_reasons(self) -> list[str]:
        if self.fit is DateFit.UNKNOWN:
            return ["no date to compare"]
        if self.fit is DateFit.FAR:
            return [f"first submitted on {self.paper.entry.published[:10]}, which does not fit the record's date"]
        if self.days is None or self.fit is DateFit.PLAUSIBLE:
            return ["a plausible date"]
        return ["the same date" if not self.days else f"{abs(self.days)} day{'s' * (abs(self.days) > 1)} apart"]

    def _abstract_reasons(self) -> list[str]:
        if self.likeness is None:
            return ["no abstracts to compare"]
        if self.likeness >= SAME_ABSTRACT:
            return ["the same abstract"]
        return ["another abstract"]
