"""Loops of regular expressions that can go through one text in several ways.

Where such a loop is followed by something that does not match, Python's matcher tries all of them: their number doubles
with each turn. Told here from the parsed pattern: inside a loop, or from one turn to the next, two parts of variable
length follow each other that match the same character, as in ``(?:\\w\\.\\s*-?\\s*)+``. Possessive parts give
nothing back and are safe. A sign, not a proof: what two words have in common is not looked at.
"""

from __future__ import annotations

import re
import re._constants as c  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAMPLE = frozenset([*map(chr, range(32, 127)), *"\n\téßяА等–’"])
_MANY = 8  # turns of a loop; fewer can't do much
_CLASSES = {
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
}
_GREEDY = (c.MAX_REPEAT, c.MIN_REPEAT)
_REPEATS = (*_GREEDY, c.POSSESSIVE_REPEAT)


def ambiguous_loops(source: str, flags: int = 0) -> list[str]:
    """For each such place the characters that two parts share, a few of them; [] for a pattern without any."""
    found: list[str] = []
    _look(list(parser.parse(source, flags)), flags, False, found)
    return found


def _chars(part: Any, flags: int) -> frozenset[str] | None:
    """The characters of the sample that a part of one character matches; None for other parts."""
    kind, what = part
    if kind is c.LITERAL:
        return frozenset({chr(what), chr(what).swapcase()} if flags & re.IGNORECASE else {chr(what)})
    if kind is c.NOT_LITERAL:
        return _SAMPLE - {chr(what)}
    if kind is c.ANY:
        return _SAMPLE - {"\n"}
    if kind is not c.IN:
        return None
    chars: set[str] = set()
    for member, value in what:
        if member is c.LITERAL:
            chars.add(chr(value))
        elif member is c.RANGE:
            chars |= {char for char in _SAMPLE if value[0] <= ord(char) <= value[1]}
        elif member is c.CATEGORY:
            chars |= {char for char in _SAMPLE if re.match(_CLASSES[value], char)}
    if flags & re.IGNORECASE:
        chars |= {char.swapcase() for char in chars}
    return _SAMPLE - chars if what[0][0] is c.NEGATE else frozenset(chars)


def _inner(part: Any) -> list[Sequence[Any]]:
    """The sequences inside of a part: one, or the branches of an alternative."""
    kind, what = part
    if kind in _REPEATS:
        return [what[2]]
    if kind is c.SUBPATTERN:
        return [what[3]]
    if kind is c.ATOMIC_GROUP:
        return [what]
    return list(what[1]) if kind is c.BRANCH else []


def _may_be_empty(part: Any) -> bool:
    kind, what = part
    if kind in _REPEATS and what[0] == 0:
        return True
    inner = _inner(part)
    if inner:
        return any(all(map(_may_be_empty, sequence)) for sequence in inner)
    return kind in (c.AT, c.ASSERT, c.ASSERT_NOT, c.GROUPREF_EXISTS)


def _first(sequence: Sequence[Any], flags: int) -> frozenset[str]:
    """The characters with which a sequence may begin."""
    chars: frozenset[str] = frozenset()
    for part in sequence:
        chars |= _chars(part, flags) or frozenset().union(*(_first(inner, flags) for inner in _inner(part)))
        if not _may_be_empty(part):
            break
    return chars


def _given_back(sequence: Sequence[Any], flags: int) -> frozenset[str]:
    """The characters that a sequence may take at its end or leave to what follows."""
    chars: frozenset[str] = frozenset()
    for part in reversed(list(sequence)):
        kind, what = part
        if kind not in (c.POSSESSIVE_REPEAT, c.ATOMIC_GROUP):
            one = _chars(what[2][0], flags) if kind in _GREEDY and len(what[2]) == 1 else None
            if one is None:
                chars |= frozenset().union(*(_given_back(inner, flags) for inner in _inner(part)))
            elif what[1] > what[0]:
                chars |= one
        if not _may_be_empty(part):
            break
    return chars


def _look(sequence: Sequence[Any], flags: int, in_loop: bool, found: list[str]) -> None:
    for at, part in enumerate(sequence):
        kind, what = part
        rest = sequence[at + 1 :]
        if in_loop and rest:
            found.extend(_shared(_given_back([part], flags), _first(rest, flags)))
        is_loop = kind in _GREEDY and what[1] > _MANY and (len(what[2]) > 1 or _chars(what[2][0], flags) is None)
        if is_loop:
            found.extend(_shared(_given_back(what[2], flags), _first(what[2], flags)))
        keeps = kind in (c.POSSESSIVE_REPEAT, c.ATOMIC_GROUP)
        for inner in _inner(part):
            _look(list(inner), flags, (in_loop or is_loop) and not keeps, found)


def _shared(some: frozenset[str], others: frozenset[str]) -> Iterator[str]:
    if both := some & others:
        yield "".join(sorted(both))[:10]
