"""Which paper is a record's: judged on identifiers, title, authors, date and abstract; doubtful ones are never taken.

Rules, in this order: an identifier beats text. A text match needs the title, the authors in order (a cut list is the
beginning of the full one) and a plausible date. A title that changed between versions is found through authors, date
and abstract together. Everything else that looks alike is a candidate for a person to decide. A paper is the match of
one record only. The result does not depend on the order of records or papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.judge import (
    RELATED_TITLE,
    Candidate,
    Paper,
    Tier,
    Wanted,
    judge,
    judge_number,
    prepare_entry,
    prepare_record,
    rank,
)
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.works.identity import identifiers
from bibtool.model.works.likeness import title_ratio
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bibtool.enrich.atom import AtomEntry
    from bibtool.model.record import Record
    from bibtool.model.works.people import Person

_MARGIN = 0.1
_MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The paper taken, or the doubtful candidates (best first), or neither; ``others``: look-alikes by other people."""

    taken: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    others: int = 0


def known_number(record: Record) -> str:
    """The arXiv number that the record itself gives: its id, arXiv's own DOI, or a link; else ""."""
    for kind, value in identifiers(record):
        if kind == "arxiv":
            return value
    url = record.text("URL")
    if "arxiv.org" in url.casefold():
        try:
            return parse_arxiv_id(url).number
        except IdentifierError:
            return ""
    return ""


def match_all(
    records: Sequence[Record], entries: Iterable[AtomEntry], *, numbers: Mapping[int, str] | None = None
) -> list[Match]:
    """The match of each record, in the order of the records; see `Matcher`."""
    matcher = Matcher(records, numbers=numbers)
    matcher.add(entries)
    return matcher.matches()


class Matcher:
    """Records, and the papers seen so far; each pair is judged once, when the paper comes.

    ``numbers`` gives the arXiv numbers of records by index where they are known from elsewhere; ``accepted`` are the
    indices of those that the user has chosen.
    A record with a known number is matched by it or not at all.
    """

    def __init__(
        self,
        records: Sequence[Record],
        *,
        numbers: Mapping[int, str] | None = None,
        accepted: Collection[int] = (),
    ) -> None:
        self._wanted = [
            prepare_record(record, (numbers or {}).get(at) or known_number(record), accepted=at in accepted)
            for at, record in enumerate(records)
        ]
        self._papers: dict[str, Paper] = {}
        self._answers: dict[str, list[Paper]] = {}  # what was answered about a number, where it was not the same
        self._contradicted: set[str] = set()
        self._judged: list[dict[str, Candidate]] = [{} for _ in self._wanted]
        self._others: list[set[str]] = [set() for _ in self._wanted]
        self._index: dict[str, list[int]] = {}
        for at, want in enumerate(self._wanted):
            for key in _record_keys(want):
                self._index.setdefault(key, []).append(at)
        self._matches: list[Match] | None = None

    def add(self, entries: Iterable[AtomEntry]) -> None:
        """Takes in papers; of several versions the highest counts.

        Two answers about one version with unlike titles contradict each other: neither is taken for certain.
        """
        for entry in entries:
            number = entry.id.number
            known = self._papers.get(number)
            if known is not None and known.entry == entry:
                continue
            paper = prepare_entry(entry)
            answers = self._answers.setdefault(number, [])
            if any(_contradict(paper, answer) for answer in answers):
                self._contradicted.add(number)
                self._matches = None
            answers.append(paper)
            if known is not None and (known.entry.id.version or 0) > (entry.id.version or 0):
                continue
            self._papers[number] = paper
            self._matches = None
            for at in {at for key in _paper_keys(paper) for at in self._index.get(key, ())}:
                self._judged[at].pop(number, None)
                self._others[at].discard(number)
                want = self._wanted[at]
                verdict = judge_number(want, paper) if want.number else judge(want, paper)
                if isinstance(verdict, Candidate):
                    self._judged[at][number] = verdict
                elif verdict:
                    self._others[at].add(number)

    def matches(self) -> list[Match]:
        """The match of each record, in the order of the records."""
        if self._matches is None:
            judged = {at: sorted(map(self._doubted, found.values()), key=rank) for at, found in enumerate(self._judged)}
            self._matches = _assign(self._wanted, judged, [len(others) for others in self._others])
        return self._matches

    def _doubted(self, candidate: Candidate) -> Candidate:
        """The candidate, which is not sure where arXiv contradicts itself about the paper."""
        number = candidate.entry.id.number
        if number not in self._contradicted:
            return candidate
        titles = dict.fromkeys(repr(answer.entry.title) for answer in self._answers[number])
        reason = f"arXiv contradicts itself about {number}: {' and '.join(titles)}"
        return replace(candidate, sure=False, reasons=(*candidate.reasons, reason))


def _contradict(first: Paper, second: Paper) -> bool:
    return (first.entry.id.version or 0) == (second.entry.id.version or 0) and (
        title_ratio(first.features.title, second.features.title) < RELATED_TITLE
    )


# -- which pairs are looked at --------------------------------------------------------------------------------------

_MAX_PEOPLE = 4
_MAX_AUTHORS = 200


def _record_keys(want: Wanted) -> set[str]:
    """What a paper must share with the record to be looked at: the number; else DOI, title, or one of four authors."""
    if want.number:
        return {f"n:{want.number}"}
    keys = {f"t:{want.features.title.stem}"} if want.features.title.stem else set()
    if want.features.doi:
        keys.add(f"d:{want.features.doi.casefold()}")
    for person in want.features.authors.people[:_MAX_PEOPLE]:
        keys |= _person_keys(person) if person.given or person.literal else {f"f:{word}" for word in person.family}
    return keys


def _paper_keys(paper: Paper) -> set[str]:
    keys = {f"n:{paper.entry.id.number}", f"t:{paper.features.title.stem}"}
    keys |= {f"d:{doi.casefold()}" for doi in paper.entry.dois}
    for person in paper.features.authors.people[:_MAX_AUTHORS]:
        keys |= _person_keys(person) | {f"f:{word}" for word in person.family}
    return keys


def _person_keys(person: Person) -> set[str]:
    """Each word of the family name with the initial; and all words, for names the wrong way round."""
    keys = {f"a:{word}|{person.given[0][0] if person.given else ''}" for word in person.family}
    keys.add("w:" + " ".join(person.all_words))
    return keys


# -- all records together -------------------------------------------------------------------------------------------


def _assign(wanted: Sequence[Wanted], judged: Mapping[int, list[Candidate]], others: Sequence[int]) -> list[Match]:
    """Each paper to one record, best pairs first; a record with two papers that are equally good gets neither."""
    pairs = [(at, found) for at, candidates in judged.items() for found in candidates if found.sure]
    pairs.sort(key=lambda pair: (rank(pair[1]), wanted[pair[0]].order, pair[0]))
    by_paper: dict[str, list[tuple[int, Candidate]]] = {}
    for at, found in pairs:
        by_paper.setdefault(found.entry.id.number, []).append((at, found))
    taken: dict[int, Candidate] = {}
    owner: dict[str, int] = {}
    undecided: set[int] = set()
    for at, found in pairs:
        number = found.entry.id.number
        if at in taken or at in undecided:
            continue
        if number in owner:
            # two records that name the same id are the same work twice; both are confirmed
            if found.tier is Tier.ID:
                taken[at] = found
            continue
        rivals = [
            rival
            for rival in judged[at]
            if rival.sure
            and rival.tier is found.tier
            and rival is not found
            and rival.entry.id.number not in owner
            and rival.score > found.score - _MARGIN
            and not _wanted_elsewhere(at, rival, by_paper, taken)
        ]
        if rivals:
            undecided.add(at)
            continue
        taken[at] = found
        owner[number] = at
    matches = []
    for at in range(len(wanted)):
        if at in taken:
            matches.append(Match(taken=taken[at]))
            continue
        shown = [
            _claimed(found, wanted[owner[found.entry.id.number]].record) if found.entry.id.number in owner else found
            for found in judged[at]
            # a look-alike that is another record's sure match says nothing new; one that was ours to take does
            if found.sure or found.entry.id.number not in owner
        ]
        matches.append(Match(candidates=tuple(shown[:_MAX_CANDIDATES]), others=others[at]))
    return matches


def _wanted_elsewhere(
    at: int, rival: Candidate, by_paper: Mapping[str, list[tuple[int, Candidate]]], taken: Mapping[int, Candidate]
) -> bool:
    return any(
        other != at
        and other not in taken
        and (found.tier > rival.tier or (found.tier is rival.tier and found.score >= rival.score + _MARGIN))
        for other, found in by_paper[rival.entry.id.number]
    )


def _claimed(found: Candidate, record: Record) -> Candidate:
    reason = f"already the match of {record.key or record.title[:60]!r}: the same work twice?"
    return Candidate(
        entry=found.entry, tier=found.tier, score=found.score, sure=False, reasons=(*found.reasons, reason)
    )
