"""Which of many records are worth a comparison: those that are together in a small block.

A block holds the records with a common identifier, with the same title, with the same two rare words in the title, or
by the same first author in neighbouring years. The size of a block is bounded (`MAX_BLOCK`; above that, it is divided,
and then neighbours in a fixed order are compared), so the work grows with the number of records, not with its square.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, Final

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from bibtool.model.works.card import Card

    Rarity = Callable[[str], Any]  # of a word: a value by which the rarest word comes first; no two words have the same
    Pairs = Iterable[tuple[int, int]]

MAX_BLOCK: Final = 16
WINDOW: Final = 6
NEAR_WINDOW: Final = 3  # in the order of the titles, where nearly equal ones are close together
_RARE_WORDS: Final = 3
_MIN_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of block: its keys for a card, each once; what divides too large a block, and then its window."""

    keys: Callable[[Card, Rarity], Iterable[Hashable]]
    finer: tuple[Callable[[Card], Hashable], ...] = ()
    window: int = WINDOW


def _of_identifiers(card: Card, _: Rarity) -> Iterable[Hashable]:
    return card.ids.items()


def _of_title(card: Card, _: Rarity) -> Iterable[Hashable]:
    return (card.squashed,) if card.squashed else ()


def _of_rare_words(card: Card, rarity: Rarity) -> Iterable[Hashable]:
    """The pairs of the rarest words of the title; with a typing error in one the two others stay."""
    return combinations(sorted(sorted(telling_words(card), key=rarity)[:_RARE_WORDS]), 2)


def _of_years(card: Card, _: Rarity) -> Iterable[Hashable]:
    """A year lies in two blocks, so that neighbouring years meet in one."""
    return ((card.first, card.year), (card.first, card.year + 1)) if card.first and card.year is not None else ()


_BY_TITLE: Final[tuple[Callable[[Card], Hashable], ...]] = (
    lambda card: card.first,
    lambda card: (card.place.container, card.place.volume),
    lambda card: (card.year, card.place.page),
)
SORTS: Final = (
    Sort(_of_identifiers),
    Sort(_of_title, _BY_TITLE),
    Sort(_of_rare_words, _BY_TITLE[:1], NEAR_WINDOW),
    Sort(_of_years, window=NEAR_WINDOW),
)


def telling_words(card: Card) -> set[str]:
    """The words of the title that are long enough to be rare."""
    return {word for word in card.words if len(word) >= _MIN_WORD}


def worth_comparing(cards: Sequence[Card]) -> Pairs:
    """Pairs of positions that are worth a comparison, the smaller first; each once. Cards are in a fixed order."""
    rarity = _rarity_among(cards)
    return dict.fromkeys(chain.from_iterable(chain.from_iterable(_blocked(cards, sort, rarity) for sort in SORTS)))


def _rarity_among(cards: Sequence[Card]) -> Rarity:
    frequency = Counter(chain.from_iterable(map(telling_words, cards)))
    # each word has its place among all of them, so that those of a title are sorted by a number
    return {
        word: place for place, (_, word) in enumerate(sorted((n, word) for word, n in frequency.items()))
    }.__getitem__


def _blocked(cards: Sequence[Card], sort: Sort, rarity: Rarity) -> Iterator[Pairs]:
    """The pairs within the blocks of one sort."""
    blocks: dict[Hashable, list[int]] = {}
    for position, card in enumerate(cards):
        for key in sort.keys(card, rarity):
            blocks.setdefault(key, []).append(position)
    for block in blocks.values():
        if len(block) > 1:
            yield from pairs_within(cards, block, sort.finer, sort.window)


def pairs_within(
    cards: Sequence[Card], block: Sequence[int], finer: Sequence[Callable[[Card], Hashable]], window: int
) -> Iterator[Pairs]:
    """The pairs of a block, which are positions in a fixed order."""
    if len(block) <= MAX_BLOCK:
        yield combinations(block, 2)
    elif not finer:
        yield [(first, second) for place, first in enumerate(block, 1) for second in block[place : place + window]]
    else:
        parts: dict[Hashable, list[int]] = {}
        for position in block:
            parts.setdefault(finer[0](cards[position]), []).append(position)
        for part in parts.values():
            if len(part) > 1:
                yield from pairs_within(cards, part, finer[1:], window)
