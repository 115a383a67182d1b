"""Entries compared with the records of indexes: which record an entry means, and what it states differently.

*confirmed*: a source has the work, and all that could be compared agrees. *contradicts*: it has the work, and something
differs. *not found*: nothing like it is there. *could not check*: no source has works of this kind, or the entry says
too little. What only the entry has is reported as not compared and counts neither way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from bibtool.model.works.card import SAME, card_of, relation
from bibtool.model.works.identity import identifiers
from bibtool.model.works.likeness import prepare_title, title_ratio
from bibtool.model.works.manifestation import is_preprint, is_published
from bibtool.model.works.people import Agreement, compare_authors, prepare_authors
from bibtool.model.works.reference import Comparison, compare_reference, doi_key
from bibtool.model.works.titles import is_main_title, is_subtitle_apart, same_wording
from bibtool.model.works.verdict import Verdict, compare
from bibtool.project.verify import (
    CONFIRMED,
    CONTRADICTS,
    NOT_CHECKED,
    NOT_FOUND,
    Contradiction,
    Nearest,
    Verified,
    says_withdrawn,
)
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.model.record import Record
    from bibtool.store.index.base import Indexed, Info

NEAR_TITLE: Final = 0.72  # with people in common it is the same paper under a title that is a little off
LIKELY_TITLE: Final = 0.9  # and so with other people
MAX_COMPARED: Final = 8  # candidates of one entry
SHOWN_TITLE: Final = 0.5  # below, the nearest candidate is not worth showing
# sources that have many titles without the subtitle
_SUBTITLES_APART: Final = frozenset({"crossref", "openalex", "semantic scholar", "open library", "pubmed"})
# types of which no bibliographic source has all: their absence says nothing
_NOT_HELD: Final = frozenset(
    "webpage post post-weblog personal_communication software dataset legislation legal_case bill regulation treaty "
    "hearing patent motion_picture song broadcast interview speech manuscript map graphic figure musical_score "
    "performance event classic collection pamphlet document".split()
)


@dataclass(frozen=True, slots=True)
class _Match:
    """A record that the entry means, with the comparison."""

    indexed: Indexed
    comparison: Comparison
    ratio: float
    by_identifier: bool

    @property
    def weight(self) -> tuple[int, int, float]:
        """The less, the better: contradictions, what can't be compared, and how far the title is off."""
        return len(self.comparison.differences), len(self.comparison.not_compared), -self.ratio


class Held(Protocol):
    """What entries are compared with: an index, or the answer of a service."""

    def info(self) -> Info:
        """What it holds."""

    def candidates(self, record: Record) -> list[Indexed]:
        """Records that may be this one."""

    def by_identifiers(self, identifiers: Sequence[str]) -> list[Indexed]:
        """The records that have one of these, as `Index.by_identifiers` takes them."""


def _best(record: Record, matches: Sequence[_Match]) -> _Match:
    """The match with the least weight, of the manifestation that the entry states where a source has that one.

    The publication of a paper and its preprint are two records: pages and the year of one with the server and the
    number of the other are not a third.
    """
    published, preprint = is_published(record), is_preprint(record)
    if published or preprint:
        alike = [match for match in matches if is_published(match.indexed.record) == published]
        people = [match for match in alike if not {"title", "author"} <= _differing(match)]
        matches = people or matches
    return min(matches, key=lambda match: match.weight)


def _differing(match: _Match) -> set[str]:
    return {each.field for each in match.comparison.differences}


class IndexChecker:
    """Checks entries against indexes, which are asked in their order as if they were one."""

    def __init__(self, indexes: Sequence[Held]) -> None:
        self._indexes = indexes
        self._infos: list[Info] = [index.info() for index in indexes]
        self.sources: tuple[str, ...] = tuple(
            dict.fromkeys(source.name for info in self._infos for source in info.sources)
        )

    def check(self, record: Record) -> Verified:
        """The verdict on one entry."""
        if not record.title and not list(identifiers(record)):
            return self._unchecked(record, "the entry has neither a title nor an identifier")
        candidates = self._candidates(record)
        matches = [match for candidate in candidates if (match := _match(record, candidate)) is not None]
        if not matches:
            return self._without_match(record, candidates, _strangers(record, None, candidates))
        best = _best(record, matches)
        strange = _strangers(record, best.indexed.record, candidates)
        contradictions = [
            Contradiction(each.field, each.mine, each.theirs, each.sentence, best.indexed.source)
            for each in best.comparison.differences
            if not self._says_little(each.field, best.indexed.record)
        ]
        not_compared = [*best.comparison.not_compared]
        not_compared += [
            each.field for each in best.comparison.differences if self._says_little(each.field, best.indexed.record)
        ]
        if strange and not any(each.field in ("DOI", "arXiv id") for each in contradictions):
            contradictions.extend(strange)
        contradictions += self._unknown_number(record, not_compared)
        contradictions += _of_others(record, best, matches, contradictions, not_compared)
        if best.by_identifier and {"title", "author"} <= {each.field for each in contradictions}:
            contradictions = [_another(record, best), *contradictions]
        if not {"title", "author"} & {*best.comparison.agreeing, *(each.field for each in contradictions)}:
            return self._unchecked(record, "the entry has neither title nor authors to compare")
        retracted = best.indexed.retracted
        if retracted and says_withdrawn(record):
            retracted = ""
        return Verified(
            record=record,
            verdict=CONTRADICTS if contradictions else CONFIRMED,
            contradictions=tuple(contradictions),
            checked=best.comparison.agreeing,
            not_compared=tuple(dict.fromkeys(not_compared)),
            sources=tuple(dict.fromkeys(match.indexed.source for match in matches)),
            nearest=_nearest(record, [best.indexed]),
            retracted=retracted,
            theirs=best.indexed.record,
            denied=frozenset(
                field
                for match in matches
                if match is not best and is_published(match.indexed.record) == is_published(best.indexed.record)
                for field in match.comparison.agreeing
            ),
        )

    def _candidates(self, record: Record) -> list[Indexed]:
        """The candidates of all indexes: those that share an identifier, and the `MAX_COMPARED` nearest by title."""
        every = [candidate for index in self._indexes for candidate in index.candidates(record)]
        if len(every) <= MAX_COMPARED:
            return every
        mine, title = set(identifiers(record)), prepare_title(record.title)
        shared: list[Indexed] = []
        others: list[Indexed] = []
        for candidate in every:
            (shared if mine & set(identifiers(candidate.record)) else others).append(candidate)
        others.sort(key=lambda candidate: -title_ratio(title, prepare_title(candidate.record.title)))
        return [*shared, *others[:MAX_COMPARED]]

    def _says_little(self, field: str, source: Record) -> bool:
        """Whether a venue is only denied by sources that have nothing but preprints."""
        return field == "venue" and not is_published(source) and not any(info.published for info in self._infos)

    def _unknown_number(self, record: Record, not_compared: list[str]) -> list[Contradiction]:
        """An arXiv id that no record has, where the indexes hold arXiv: it can't be compared, but it is known."""
        if "arXiv id" not in not_compared or record.arxiv is None or record.arxiv.id is None:
            return []
        if "arxiv" not in self.sources:
            return []
        number = record.arxiv.id.number
        if any(index.by_identifiers([f"arxiv:{number}"]) for index in self._indexes):
            return []
        not_compared.remove("arXiv id")
        sentence = f"arXiv has no paper {number}"
        return [Contradiction("arXiv id", number, "no such paper", sentence, "arxiv")]

    def _without_match(
        self, record: Record, candidates: Sequence[Indexed], strange: Sequence[Contradiction]
    ) -> Verified:
        nearest = _nearest(record, candidates)
        if strange:
            return Verified(
                record=record, verdict=CONTRADICTS, contradictions=tuple(strange), sources=self.sources, nearest=nearest
            )
        if not any(info.records for info in self._infos):
            return self._unchecked(record, "the index is empty")
        if reason := self._not_held(record):
            return self._unchecked(record, reason)
        return Verified(
            record=record,
            verdict=NOT_FOUND,
            reason=f"not found in {', '.join(self.sources)}",
            sources=self.sources,
            nearest=nearest,
        )

    def _not_held(self, record: Record) -> str:
        """Why the absence of a record says nothing; "" if the indexes hold works of this kind."""
        if record.type in _NOT_HELD and not is_preprint(record) and not _has_number(record):
            return f"no source has all works of the type {record.type}"
        if record.type in ("book", "thesis", "report", "standard") and not any(
            info.types.get(record.type) for info in self._infos
        ):
            return f"the index has no works of the type {record.type}"
        return ""

    def _unchecked(self, record: Record, reason: str) -> Verified:
        return Verified(record=record, verdict=NOT_CHECKED, reason=reason, sources=self.sources)


# fields of which another record of the work may know what the best one does not say
_OF_OTHERS: Final = ("arXiv id", "arXiv version")


def _of_others(
    record: Record, best: _Match, matches: Sequence[_Match], found: Sequence[Contradiction], not_compared: list[str]
) -> list[Contradiction]:
    """What other records of the work, as the preprint, say of identifiers that the best one lacks.

    A year that is off by one may be that of the online version, but not if a preprint has it, and the other way round.
    """
    contradictions = []
    for match in matches:
        if match is best or {"title", "author"} & _differing(match):
            continue
        agreeing = match.comparison.agreeing
        for field in _OF_OTHERS:
            wrong = [each for each in match.comparison.differences if each.field == "arXiv id"]
            if field in not_compared and (wrong or field in agreeing or "arXiv id" in agreeing):
                not_compared.remove(field)
                contradictions += [
                    Contradiction(each.field, each.mine, each.theirs, each.sentence, match.indexed.source)
                    for each in wrong
                ]
    told = {each.field for each in (*found, *contradictions)}
    source = best.indexed.record
    if "year" in told or record.year is None or source.year is None or record.year == source.year:
        return contradictions
    for match in matches:
        other = match.indexed.record
        differs = is_published(other) != is_published(source) and not {"title", "author"} & _differing(match)
        if differs and other.year == record.year and is_published(record) == is_published(source):
            kind = "preprint" if is_published(source) else "publication"
            said = f"the year {record.year} is that of the {kind}; {best.indexed.source} has {source.year}"
            contradictions.append(Contradiction("year", str(record.year), str(source.year), said, best.indexed.source))
            break
    return contradictions


def _has_number(record: Record) -> bool:
    return bool(doi_key(record.text("DOI"))) or (record.arxiv is not None and record.arxiv.id is not None)


def _match(record: Record, candidate: Indexed) -> _Match | None:
    """The comparison, if the entry means this record."""
    other = candidate.record
    shared = set(identifiers(record)) & set(identifiers(other))
    ratio = title_ratio(prepare_title(record.title), prepare_title(other.title)) if record.title else 0.0
    if not _is_meant(record, other, ratio, by_identifier=bool(shared)):
        return None
    comparison = compare_reference(record, other, whole_titles=candidate.source.casefold() not in _SUBTITLES_APART)
    return _Match(candidate, comparison, ratio, bool(shared))


def _is_meant(record: Record, other: Record, ratio: float, *, by_identifier: bool) -> bool:
    if not record.title:
        return by_identifier
    if same_wording(record.title, other.title):
        return by_identifier or len(record.title.split()) > 3 or _people_in_common(record, other)
    if by_identifier and ratio >= SHOWN_TITLE:
        return True
    people = _people_in_common(record, other)
    if people and (is_subtitle_apart(record.title, other.title) or is_main_title(record.title, other.title)):
        return True
    if ratio >= LIKELY_TITLE:
        return people or compare(record, other).verdict is not Verdict.DIFFERENT
    if by_identifier:
        return people and relation(card_of(record), card_of(other)) == SAME
    if ratio >= NEAR_TITLE and people:
        return True
    return people and compare(record, other).verdict in (Verdict.SAME, Verdict.MANIFESTATION)


def _people_in_common(record: Record, other: Record) -> bool:
    mine, theirs = record.names("author") or record.names("editor"), other.names("author") or other.names("editor")
    return compare_authors(prepare_authors(mine), prepare_authors(theirs))[1] > 0.0


def _strangers(record: Record, meant: Record | None, candidates: Iterable[Indexed]) -> list[Contradiction]:
    """Identifiers of the entry that are those of papers other than the one that it means."""
    mine = dict(identifiers(record))
    if meant is not None:
        theirs = dict(identifiers(meant))
        mine = {kind: value for kind, value in mine.items() if theirs.get(kind) != value}
    for candidate in candidates:
        theirs = dict(identifiers(candidate.record))
        for kind, field in (("doi", "DOI"), ("arxiv", "arXiv id")):
            if kind not in mine or theirs.get(kind) != mine[kind]:
                continue
            if meant is not None and compare(meant, candidate.record).verdict is not Verdict.DIFFERENT:
                continue
            title, value = candidate.record.title, record.text("DOI") if kind == "doi" else mine[kind]
            said = f"{value} is another paper, {title!r}"
            return [Contradiction(field, value, f"the {field} of another paper: {title}", said, candidate.source)]
    return []


def _another(record: Record, match: _Match) -> Contradiction:
    title = match.indexed.record.title
    field = "DOI" if record.text("DOI") else "arXiv id"
    value = record.text("DOI") or dict(identifiers(record)).get("arxiv", "")
    said = f"{value} is another paper, {title!r}"
    return Contradiction(field, value, f"the {field} of another paper: {title}", said, match.indexed.source)


def _nearest(record: Record, candidates: Sequence[Indexed]) -> Nearest | None:
    """The candidate whose title comes nearest, and people where titles come equally near."""
    title, people = prepare_title(record.title), prepare_authors(record.names("author"))
    best: Nearest | None = None
    for candidate in candidates:
        other = candidate.record
        ratio = title_ratio(title, prepare_title(other.title))
        agreement, share = compare_authors(people, prepare_authors(other.names("author")))
        score = ratio + (0.1 * share if agreement > Agreement.NONE else 0.0)
        if ratio >= SHOWN_TITLE and (best is None or score > best.score):
            best = Nearest(other, candidate.source, ratio, score)
    return best


def is_open(result: Verified) -> bool:
    """Whether another source is to be asked as well."""
    return result.verdict in (NOT_FOUND, NOT_CHECKED)


def combined(first: Verified, later: Verified, *, offline: bool) -> Verified:
    """One verdict of what the first source leaves open and a later one says.

    The later one confirms or contradicts what it has. Its silence changes nothing. If it could not be asked,
    *not found* stays for what says that it was published; of a preprint nobody can know then.
    """
    if later.verdict in (CONFIRMED, CONTRADICTS):
        return later
    if first.verdict == NOT_CHECKED:
        return replace(first, unasked=first.unasked or later.unasked)
    if later.unasked:
        if not offline and is_preprint(first.record):
            return replace(later, nearest=first.nearest, sources=first.sources)
        return first if offline else replace(first, unasked=True)
    sources = (*first.sources, *later.sources)
    return replace(first, sources=sources, reason=f"not found in {', '.join(sources)}")
