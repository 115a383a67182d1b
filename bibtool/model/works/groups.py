"""Which records of many are one work.

::

    for group in find_duplicates(records):
        group.certain, group.members, [link.reason for link in group.links]

Records are compared in small blocks only (`bibtool.model.works.candidates`), so the work grows with the number of
records and not with its square. The order of the records does not matter.

One wrong link must not chain different works together: a set of records that links hold together, but in which two
have different DOIs (or editions, pages ...), falls apart again; the links that nobody can decide become doubtful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.works.candidates import worth_comparing
from bibtool.model.works.card import Card, card_of
from bibtool.model.works.identity import IDENTIFIERS, is_preprint_doi
from bibtool.model.works.verdict import Verdict, judge
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.model.record import Record

_KINDS = ("identifier", "title", "similar")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two records (by index, the smaller first) that are one work, certainly or perhaps.

    ``kind`` is ``identifier``, ``title`` (the same title) or ``similar`` (nearly); ``reason`` is for people.
    """

    first: int
    second: int
    certain: bool
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one work: ``members`` by index, ascending, and the links that hold them together.

    A certain group has certain links only. Two members of a doubtful one may be together in a certain group: then it
    is that work that is perhaps one with another.
    """

    members: tuple[int, ...]
    links: tuple[Link, ...]
    certain: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of the links, each once, most telling first."""
        order = sorted(self.links, key=lambda link: (_KINDS.index(link.kind), link))
        return tuple(dict.fromkeys(link.reason for link in order))


def find_duplicates(records: Iterable[Record]) -> tuple[Group, ...]:
    """The groups of records that are one work: certain ones first, each sort in the order of the records.

    A record is in at most one certain and at most one doubtful group. Without records there are no groups.
    """
    pairs = sorted(((card_of(record), index) for index, record in enumerate(records)), key=lambda p: p[0].signature)
    cards = [card for card, _ in pairs]  # in an order that the order of the records has no influence on
    index_of = [index for _, index in pairs]
    return grouped(cards, list(links_of(cards, worth_comparing(cards))), index_of)


def grouped(cards: Sequence[Card], links: Sequence[Link], index_of: Sequence[int]) -> tuple[Group, ...]:
    """The groups that links between positions of cards make; ``index_of`` is what each position is called in them.

    Cards that no link leads to have no influence, nor have links that lead to none of the same cards. So the links of
    very many cards may be divided by what they hold together, and each part may be grouped by itself.
    """
    work_of, demoted = _works(cards, links)
    certain = [link for link in links if link.certain and link not in demoted]
    doubtful = [
        demoted.get(link, link)
        for link in links
        if (link in demoted or not link.certain) and work_of[link.first] != work_of[link.second]
    ]
    perhaps = _components(len(cards), doubtful)
    return (*_groups(certain, work_of, index_of, True), *_groups(doubtful, perhaps, index_of, False))


def _groups(links: Iterable[Link], part_of: Sequence[int], index_of: Sequence[int], certain: bool) -> list[Group]:
    """The groups of links between positions, told by index, in the order of their members."""
    groups = []
    for part in _parted(links, part_of):
        told = []
        for link in part:
            first, second = sorted((index_of[link.first], index_of[link.second]))
            told.append(replace(link, first=first, second=second))
        members = sorted({index for link in told for index in (link.first, link.second)})
        groups.append(Group(tuple(members), tuple(sorted(told)), certain))
    return sorted(groups, key=lambda group: group.members)


def _parted(links: Iterable[Link], part_of: Sequence[int]) -> Iterable[list[Link]]:
    """The links of each part, in their order."""
    parts: dict[int, list[Link]] = {}
    for link in links:
        parts.setdefault(part_of[link.first], []).append(link)
    return parts.values()


# ---- links ----------------------------------------------------------------------------------------------------------


def links_of(cards: Sequence[Card], pairs: Iterable[tuple[int, int]]) -> Iterator[Link]:
    """The links between the cards at these positions, one at most for each pair."""
    for first, second in pairs:
        judgement = judge(cards[first], cards[second])
        if judgement.verdict is Verdict.DIFFERENT:
            continue
        if judgement.is_one_record or judgement.is_for_people:
            yield Link(first, second, judgement.is_one_record, judgement.basis, judgement.reason)


# ---- works ----------------------------------------------------------------------------------------------------------

_Marks = dict[str, frozenset[str]]


def _works(cards: Sequence[Card], links: Sequence[Link]) -> tuple[list[int], dict[Link, Link]]:
    """The work of each position (as the smallest position in it), and the certain links that became doubtful.

    First the links by identifier, in which only identifiers and editions can contradict each other; then those by
    title between what came out, where volumes and pages count too.
    """
    by_id = [link for link in links if link.certain and link.kind == "identifier"]
    by_title = [link for link in links if link.certain and link.kind != "identifier"]
    linked = {position for link in (*by_id, *by_title) for position in (link.first, link.second)}
    marks = {position: _hard_marks(cards[position]) for position in linked}
    demoted: dict[Link, Link] = {}
    by_id_only = _settle(len(cards), by_id, marks, demoted)
    joint: dict[int, _Marks] = {}
    for position in linked:
        whole = joint.setdefault(by_id_only[position], {})
        for kind, values in {**marks[position], **_soft_marks(cards[position])}.items():
            whole[kind] = whole.get(kind, frozenset()) | values
    between = {
        link: replace(link, first=by_id_only[link.first], second=by_id_only[link.second])
        for link in by_title
        if by_id_only[link.first] != by_id_only[link.second]
    }
    lifted: dict[Link, Link] = {}
    settled = _settle(len(cards), list(between.values()), joint, lifted)
    for link, moved in between.items():
        if moved in lifted:
            demoted[link] = replace(link, certain=False, reason=lifted[moved].reason)
    return [settled[work] for work in by_id_only], demoted


def _hard_marks(card: Card) -> _Marks:
    marks = {
        # the DOI of a preprint does not contradict that of its publication
        "preprint's doi" if kind == "doi" and is_preprint_doi(value) else kind: frozenset((value,))
        for kind, value in card.ids.items()
    }
    if card.edition:
        marks["edition"] = frozenset((card.edition,))
    return marks


def _soft_marks(card: Card) -> _Marks:
    return {
        name: frozenset((value,))
        for name, value in (("volume", card.place.volume), ("first page", card.place.page))
        if value
    }


def _settle(size: int, links: Sequence[Link], marks: Mapping[int, _Marks], demoted: dict[Link, Link]) -> list[int]:
    """The component of each position, after links were demoted until no component contradicts itself."""
    standing = list(links)
    while True:
        components = _components(size, standing)
        parts = _parted(standing, components)
        standing = []
        changed = False
        for part in parts:
            kinds = _contradictions(part, marks)
            if not kinds:
                standing += part
                continue
            changed = True
            agreeing = {link for link in part if _agree(link, marks, kinds)}
            if len(agreeing) == len(set(part)):
                agreeing = set()
            standing += [link for link in part if link in agreeing]
            told = " and ".join(f"{IDENTIFIERS.get(kind, kind)}s" for kind in kinds)
            for link in part:
                if link not in agreeing:
                    reason = f"{link.reason}; but the others that are linked to them have different {told}"
                    demoted[link] = replace(link, certain=False, reason=reason)
        if not changed:
            return components


def _contradictions(links: Iterable[Link], marks: Mapping[int, _Marks]) -> list[str]:
    """The kinds of marks of which the linked have no value in common."""
    common: dict[str, frozenset[str]] = {}
    for position in {place for link in links for place in (link.first, link.second)}:
        for kind, values in marks.get(position, {}).items():
            common[kind] = common[kind] & values if kind in common else values
    return sorted(kind for kind, values in common.items() if not values)


def _agree(link: Link, marks: Mapping[int, _Marks], kinds: Iterable[str]) -> bool:
    first, second = marks.get(link.first, {}), marks.get(link.second, {})
    none: frozenset[str] = frozenset()
    return any(first.get(kind, none) & second.get(kind, none) for kind in kinds)


def _components(size: int, links: Iterable[Link]) -> list[int]:
    """For each position the smallest position that links lead to."""
    parent = list(range(size))

    def root(position: int) -> int:
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    for link in links:
        low, high = sorted((root(link.first), root(link.second)))
        parent[high] = low
    return [root(position) for position in range(size)]
