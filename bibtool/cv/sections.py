"""Works in sections, in order, with numbers, and their counts by kind and year."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bibtool.cv.document import Summary
from bibtool.cv.kinds import KINDS, kind_of
from bibtool.cv.listed import as_listed
from bibtool.model.query import sort_records
from bibtool.model.text.fold import fold
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bibtool.cv.document import Entry, Section
    from bibtool.model.record import Record
    from bibtool.model.works.versions import Work

GROUPINGS: Final = ("type", "year", "none")
NUMBERINGS: Final = ("down", "up", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRule:
    """A section of the user's own: what fits ``test``, or the works with these keys, or the newest so many.

    A work is in the first section that takes it; a rule without conditions takes all that is left.
    """

    heading: str
    test: Callable[[Record], bool] | None = None
    keys: tuple[str, ...] = ()
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A section before its entries are rendered: anchor, heading, works in order."""

    id: str
    heading: str
    works: tuple[Work, ...]


def sort_works(works: Iterable[Work], fields: str = "", language: str = "") -> list[Work]:
    """The works by a list of fields as in ``--sort``, text in the order of a language; without fields, newest first.

    Works of one day are in order of title and key. What has no date because it is not out yet (submitted, in press) is
    newer than all; other undated works come last.
    """
    ordered = sorted(works, key=lambda work: (fold(work.record.title), work.record.key))
    if fields:
        in_order = sort_records([work.record for work in ordered], fields, language)
        place = {id(record): at for at, record in enumerate(in_order)}
        return sorted(ordered, key=lambda work: place[id(work.record)])
    return sorted(ordered, key=lambda work: _newness(work.record), reverse=True) if ordered else []


def _newness(record: Record) -> tuple[int, int, int, int]:
    issued = record.date()
    start = issued.start or issued.end if issued is not None else None
    if start is None:
        waits = bool(record.text("status")) or (issued is not None and bool(issued.literal))
        return (1 if waits else -1, 0, 0, 0)
    return (0, start.year, start.month or 0, start.day or 0)


def plan_sections(
    works: Sequence[Work], grouping: str, headings: Mapping[str, str], kinds: Sequence[str] = ()
) -> list[Plan]:
    """The sorted works by kind (``kinds`` first, then the others in their usual order), by year, or in one section."""
    if grouping == "type":
        order = dict.fromkeys([*kinds, *KINDS])
        parts: dict[str, list[Work]] = {kind: [] for kind in order}
        for work in works:
            parts[kind_of(work.record)].append(work)
        return [Plan(kind, headings[kind], tuple(part)) for kind, part in parts.items() if part]
    if grouping == "year":
        years: dict[int | None, list[Work]] = {}
        for work in works:
            years.setdefault(work.record.year, []).append(work)
        # years in the order in which the sorting has them; undated works where the sorting put the first of them
        return [
            Plan(f"year-{year}", str(year), tuple(part))
            if year is not None
            else Plan("undated", headings["undated"], tuple(part))
            for year, part in years.items()
        ]
    return [Plan("all", "", tuple(works))] if works else []


def plan_own_sections(works: Sequence[Work], rules: Sequence[SectionRule]) -> tuple[list[Plan], list[Work]]:
    """The sections that the rules make, without empty ones, and the works that none of them takes."""
    left = list(works)
    plans = []
    for at, rule in enumerate(rules, start=1):
        taken = _taken(left, rule)
        held = {id(work) for work in taken}
        left = [work for work in left if id(work) not in held]
        if taken:
            plans.append(Plan(f"section-{at}", rule.heading, tuple(taken)))
    return plans, left


def _taken(works: Sequence[Work], rule: SectionRule) -> list[Work]:
    if rule.keys:
        return by_keys(works, rule.keys)[0]
    fitting = [work for work in works if rule.test is None or rule.test(as_listed(work.record))]
    if rule.newest is not None:
        return sort_works(fitting)[: rule.newest]
    return fitting


def by_keys(works: Iterable[Work], keys: Iterable[str]) -> tuple[list[Work], list[str]]:
    """The works with these keys (also those of versions and aliases) in the order of the keys; the keys of none."""
    known: dict[str, Work] = {}
    for work in works:
        for record in (work.record, *work.versions):
            for key in (record.key, *record.aliases):
                known.setdefault(key.casefold(), work)
    chosen: dict[int, Work] = {}
    missing = []
    for key in keys:
        if (named := known.get(key.casefold())) is None:
            missing.append(key)
        else:
            chosen[id(named)] = named
    return list(chosen.values()), missing


def numbered(sections: Sequence[Section], numbering: str, *, per_section: bool) -> tuple[Section, ...]:
    """The sections with numbers: up from 1, or down so that the first number is the count; over all or each its own."""
    if numbering == "none":
        return tuple(sections)

    def numbers(count: int) -> Iterator[int]:
        return iter(range(1, count + 1) if numbering == "up" else range(count, 0, -1))

    over_all = numbers(sum(len(section.entries) for section in sections))
    return tuple(
        replace(
            section,
            entries=tuple(
                replace(entry, number=number)
                for entry, number in zip(
                    section.entries, numbers(len(section.entries)) if per_section else over_all, strict=False
                )
            ),
        )
        for section in sections
    )


_MAX_YEARS = 150  # a misspelt year must not make a chart of a thousand empty columns


def summarise(entries: Iterable[Entry], headings: Mapping[str, str]) -> Summary:
    """How many works there are; years without any have a 0 between the first and the last.

    A work that is in two sections counts once.
    """
    works = {entry.key: entry for entry in entries}.values()
    kinds = Counter(entry.kind for entry in works)
    years = Counter(entry.year for entry in works if entry.year is not None)
    by_year: list[tuple[int, int]] = sorted(years.items())
    if by_year and by_year[-1][0] - by_year[0][0] < _MAX_YEARS:
        by_year = [(year, years[year]) for year in range(by_year[0][0], by_year[-1][0] + 1)]
    return Summary(
        total=len(works),
        by_kind=tuple((kind, headings[kind], kinds[kind]) for kind in KINDS if kinds[kind]),
        by_year=tuple(by_year),
        undated=sum(entry.year is None for entry in works),
    )
