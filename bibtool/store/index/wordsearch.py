"""Which words of a title or a search FTS5 is asked for. Pure: how common a word is, the index says.

FTS5 walks through the list of every word that it is asked for, and some are in a tenth of all titles. So it gets few
words, the rarest first; what it finds is compared with the rest elsewhere.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

RARE_WORDS: Final = 5  # words of a title that are searched for
COMMON: Final = 2_000  # records with a word from which on two such words say too little
MAX_WALKED: Final = 100_000  # entries of lists of words that the searches for one title may walk through

CHEAP: Final = 10_000  # entries of lists that a search may walk through although its answer may be known
_SKIPPED: Final = 2_000  # entries of a long list that FTS5 can pass over at once, a page of them
_FIRST: Final = 3  # words that are asked for at first


def groups_of(words: Sequence[str], works: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Groups of rare words of a title, the rarest first: records that have all of a group may be the work.

    ``works`` says how many records have a word; one that it does not name is rare. Pairs, or three where two words are
    still common. Ends where more would cost too much.
    """
    rare = sorted(dict.fromkeys(words), key=lambda word: (works.get(word, 0), -len(word)))[:RARE_WORDS]
    if len(rare) < 2:
        yield from ((word,) for word in rare)
        return
    size = 3 if len(rare) > 3 and works.get(rare[1], 0) > COMMON else 2
    walked = 0
    groups = itertools.combinations(rare, size)
    for group in sorted(groups, key=lambda group: sum(works.get(word, 0) for word in group)):
        walked += sum(works.get(word, 0) for word in group)
        if walked > MAX_WALKED:
            return
        yield group


def steps_of(words: Sequence[str], works: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """The words of a search that are asked for at first, and more of them where that finds too many; at last all."""
    by_rarity = sorted(dict.fromkeys(words), key=lambda word: works.get(word, 0))
    for size in (_FIRST, _FIRST + 1, 2 * _FIRST, len(by_rarity)):
        if size < len(by_rarity):
            yield tuple(by_rarity[:size])
    yield tuple(by_rarity)


def walked(words: Sequence[str], works: Mapping[str, int]) -> int:
    """How many entries of lists FTS5 walks through for the first of `steps_of`, at most."""
    rarest = sorted(works.get(word, 0) for word in dict.fromkeys(words))[:_FIRST]
    return sum(min(number, _SKIPPED * (rarest[0] + 1)) for number in rarest)


def match_all(words: Sequence[str]) -> str:
    """FTS5's expression for records with all the words."""
    return " AND ".join(f'"{word}"' for word in words)
