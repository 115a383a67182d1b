"""Which records of many are one work.

::

    for group in find_duplicates(records):
        group.certain, group.members, [link.reason for link in group.links]

Records are compared in small blocks only: those with a common identifier, with the same title, with the same two rare
words in the title, by the same first author in neighbouring years. The size of a block is bounded (`MAX_BLOCK`; behind
that, neighbours in a fixed order are compared), so the work grows with the number of records and not with its square.
The order of the records does not matter.

One wrong link must not chain different works together: a set of records that links hold together, but in which two
have different DOIs (or editions, pages ...), falls apart again; the links that nobody can decide become doubtful.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bibtool.model.works.card import Card, card_of
from bibtool.model.works.identity import IDENTIFIERS, is_preprint_doi
from bibtool.model.works.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from bibtool.model.record import Record

MAX_BLOCK = 16
WINDOW = 6
NEAR_WINDOW = 3  # in the order of the titles, where nearly equal ones stand close together
_RARE_WORDS = 3
_MIN_WORD = 4
_KINDS = ("identifier", "title", "similar")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two records (by index, the smaller first) that are one work, certainly or perhaps.

    ``kind`` is ``identifier``, ``title`` (the same title) or ``similar`` (nearly); ``reason`` is for people.
    """

    one: int
    other: int
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
    links = list(_links(cards))
    work_of, demoted = _works(cards, links)
    certain: dict[int, list[Link]] = {}
    doubtful: list[Link] = []
    for link in links:
        if link.certain and link not in demoted:
            certain.setdefault(work_of[link.one], []).append(link)
        elif work_of[link.one] != work_of[link.other]:
            doubtful.append(demoted.get(link, link))
    groups = sorted((_group(found, index_of, True) for found in certain.values()), key=lambda group: group.members)
    components = _components(len(cards), doubtful)
    perhaps: dict[int, list[Link]] = {}
    for link in doubtful:
        perhaps.setdefault(components[link.one], []).append(link)
    groups += sorted((_group(found, index_of, False) for found in perhaps.values()), key=lambda group: group.members)
    return tuple(groups)


def _group(links: Iterable[Link], index_of: Sequence[int], certain: bool) -> Group:
    """The group of links between positions, told by index."""
    told = []
    for link in links:
        one, other = sorted((index_of[link.one], index_of[link.other]))
        told.append(replace(link, one=one, other=other))
    members = sorted({link.one for link in told} | {link.other for link in told})
    return Group(tuple(members), tuple(sorted(told)), certain)


# ---- blocks ---------------------------------------------------------------------------------------------------------


def _links(cards: Sequence[Card]) -> Iterator[Link]:
    """All links between cards, by position; each pair at most once."""
    seen: set[tuple[int, int]] = set()
    for one, other in _pairs(cards):
        if (one, other) in seen:
            continue
        seen.add((one, other))
        judgement = judge(cards[one], cards[other])
        if judgement.is_one_record or judgement.is_for_people:
            yield Link(one, other, judgement.is_one_record, judgement.basis, judgement.reason)


def _pairs(cards: Sequence[Card]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that are worth a comparison, the smaller first; some of them more than once."""
    yield from _blocked(cards, lambda card: card.ids.items())
    by_title: tuple[Callable[[Card], Hashable], ...] = (
        lambda card: card.first,
        lambda card: (card.place.container, card.place.volume),
        lambda card: (card.year, card.place.page),
    )
    yield from _blocked(cards, lambda card: (card.squashed,) if card.squashed else (), by_title)
    frequency = Counter(word for card in cards for word in _content_words(card))
    yield from _blocked(cards, lambda card: _rare_pairs(card, frequency), by_title[:1], window=NEAR_WINDOW)
    # a year lies in two blocks, so that neighbouring years meet in one
    yield from _blocked(
        cards,
        lambda card: (
            ((card.first, card.year), (card.first, card.year + 1)) if card.first and card.year is not None else ()
        ),
        window=NEAR_WINDOW,
    )


def _blocked(
    cards: Sequence[Card],
    keys: Callable[[Card], Iterable[Hashable]],
    finer: Sequence[Callable[[Card], Hashable]] = (),
    *,
    window: int = WINDOW,
) -> Iterator[tuple[int, int]]:
    """The pairs within the blocks of one sort of key; ``finer`` divides those that are too large."""
    blocks: dict[Hashable, list[int]] = {}
    for position, card in enumerate(cards):
        for key in keys(card):
            blocks.setdefault(key, []).append(position)
    for block in blocks.values():
        if len(block) > 1:
            yield from _within(cards, block, finer, window)


def _within(
    cards: Sequence[Card], block: list[int], finer: Sequence[Callable[[Card], Hashable]], window: int
) -> Iterator[tuple[int, int]]:
    if len(block) > MAX_BLOCK and finer:
        parts: dict[Hashable, list[int]] = {}
        for position in block:
            parts.setdefault(finer[0](cards[position]), []).append(position)
        for part in parts.values():
            if len(part) > 1:
                yield from _within(cards, part, finer[1:], window)
        return
    reach = len(block) if len(block) <= MAX_BLOCK else window
    for place, one in enumerate(block):
        for other in block[place + 1 : place + 1 + reach]:
            if one != other:
                yield one, other


def _content_words(card: Card) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in card.words if len(word) >= _MIN_WORD))


def _rare_pairs(card: Card, frequency: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The pairs of the rarest words of a title; a word with a typing error leaves the pair of the two others."""
    rare = sorted(_content_words(card), key=lambda word: (frequency[word], word))[:_RARE_WORDS]
    rare.sort()
    for place, one in enumerate(rare):
        for other in rare[place + 1 :]:
            yield one, other


# ---- works ----------------------------------------------------------------------------------------------------------

_Marks = dict[str, frozenset[str]]


def _works(cards: Sequence[Card], links: Sequence[Link]) -> tuple[list[int], dict[Link, Link]]:
    """The work of each position (as the smallest position in it), and the certain links that became doubtful.

    First the links by identifier, in which only identifiers and editions can contradict each other; then those by
    title between what came out, where volumes and pages count too.
    """
    by_id = [link for link in links if link.certain and link.kind == "identifier"]
    by_title = [link for link in links if link.certain and link.kind != "identifier"]
    linked = {position for link in (*by_id, *by_title) for position in (link.one, link.other)}
    marks = {position: _hard_marks(cards[position]) for position in linked}
    demoted: dict[Link, Link] = {}
    first = _settle(len(cards), by_id, marks, demoted)
    joint: dict[int, _Marks] = {}
    for position in linked:
        _join(joint.setdefault(first[position], {}), {**marks[position], **_soft_marks(cards[position])})
    between = {
        link: replace(link, one=first[link.one], other=first[link.other])
        for link in by_title
        if first[link.one] != first[link.other]
    }
    lifted: dict[Link, Link] = {}
    second = _settle(len(cards), list(between.values()), joint, lifted)
    for link, moved in between.items():
        if moved in lifted:
            demoted[link] = replace(link, certain=False, reason=lifted[moved].reason)
    return [second[first[position]] for position in range(len(cards))], demoted


def _hard_marks(card: Card) -> _Marks:
    found = {
        # the DOI of a preprint does not contradict that of its publication
        "preprint's doi" if kind == "doi" and is_preprint_doi(value) else kind: frozenset((value,))
        for kind, value in card.ids.items()
    }
    if card.edition:
        found["edition"] = frozenset((card.edition,))
    return found


def _soft_marks(card: Card) -> _Marks:
    return {
        name: frozenset((value,))
        for name, value in (("volume", card.place.volume), ("first page", card.place.page))
        if value
    }


def _join(into: _Marks, more: _Marks) -> None:
    for kind, values in more.items():
        into[kind] = into.get(kind, frozenset()) | values


def _settle(size: int, links: Sequence[Link], marks: Mapping[int, _Marks], demoted: dict[Link, Link]) -> list[int]:
    """The component of each position, after links were demoted until no component contradicts itself."""
    standing = list(links)
    while True:
        components = _components(size, standing)
        parts: dict[int, list[Link]] = {}
        for link in standing:
            parts.setdefault(components[link.one], []).append(link)
        standing = []
        changed = False
        for part in parts.values():
            kinds = _contradictions(part, marks)
            if not kinds:
                standing += part
                continue
            changed = True
            kept = {link for link in part if _agree(link, marks, kinds)}
            if len(kept) == len(set(part)):
                kept = set()
            standing += [link for link in part if link in kept]
            told = " and ".join(f"{IDENTIFIERS.get(kind, kind)}s" for kind in kinds)
            for link in part:
                if link not in kept:
                    reason = f"{link.reason}; but the others that are linked to them have different {told}"
                    demoted[link] = replace(link, certain=False, reason=reason)
        if not changed:
            return components


def _contradictions(links: Iterable[Link], marks: Mapping[int, _Marks]) -> list[str]:
    """The kinds of marks of which the linked have no value in common."""
    common: dict[str, frozenset[str]] = {}
    for position in {place for link in links for place in (link.one, link.other)}:
        for kind, values in marks.get(position, {}).items():
            common[kind] = common[kind] & values if kind in common else values
    return sorted(kind for kind, values in common.items() if not values)


def _agree(link: Link, marks: Mapping[int, _Marks], kinds: Iterable[str]) -> bool:
    one, other = marks.get(link.one, {}), marks.get(link.other, {})
    none: frozenset[str] = frozenset()
    return any(one.get(kind, none) & other.get(kind, none) for kind in kinds)


def _components(size: int, links: Iterable[Link]) -> list[int]:
    """For each position the smallest position that links lead to."""
    parent = list(range(size))

    def root(position: int) -> int:
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    for link in links:
        one, other = root(link.one), root(link.other)
        if one != other:
            parent[max(one, other)] = min(one, other)
    return [root(position) for position in range(size)]
