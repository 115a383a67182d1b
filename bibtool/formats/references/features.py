"""What the sequence model sees of each token: the word, its shape, its neighbours, and its place in the reference.

Training and decoding share these functions, so that a model is only good for the version it was trained with.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from bibtool.model.normal.months import month_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.references.tokens import Token

_ROMAN: Final = frozenset("ivxlcdm")
_ENDS_CHUNK: Final = frozenset('.,;:()[]"?!/{}<>')
OFFSETS: Final = (-2, -1, 0, 1, 2)

Key: TypeAlias = "tuple[str, ...]"


@lru_cache(maxsize=20_000)
def shape_of(word: str) -> str:
    """A class of words by their characters: ``d3`` for three digits, ``year``, ``X`` for an initial, ``Xx`` ..."""
    first = word[0]
    if first.isdigit():
        if word.isdigit():
            if len(word) == 4 and "1500" <= word <= "2039":
                return "year"
            return f"d{min(len(word), 6)}"
        digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
        if len(digits) == 4 and digits.isdigit() and len(word) == 5:
            return "yearx"
        return "dx" if word[-1].islower() else "dX"
    if "/" in word:
        return "doi" if word.startswith("10.") else "url"
    if first >= "\u3040" and not first.isupper() and not first.islower():
        return f"wide{min(len(word), 5)}"
    if not first.isalpha():
        return "?"
    if len(word) == 1:
        return "X" if first.isupper() else "x1"
    if word[-1].isdigit():
        return "Xd" if first.isupper() else "xd"
    if word.isupper():
        return f"XX{min(len(word), 4)}"
    if word.islower():
        return "x"
    if "-" in word:
        return "X-X" if word.partition("-")[2][:1].isupper() else "X-x"
    rest = word[1:]
    if first.isupper():
        return "Xx" if rest.islower() else "XxX"
    return "xX"


@lru_cache(maxsize=20_000)
def word_features(word: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The features of a word where it is the token itself, where it is next to it, and where it is two away."""
    lower = word.lower()
    shape = shape_of(word)
    if shape in {"url", "doi"}:
        host = "w=" + lower.removeprefix("https://").removeprefix("http://").partition("/")[0][:24]
        return ("s=" + shape, host), ("s=" + shape,), ("s=" + shape,)
    bare = "w=#" if lower.isdigit() and len(lower) > 1 else "w=" + lower[:24]
    far: tuple[str, ...] = ("s=" + shape, bare)
    near: tuple[str, ...] = (*far, "x=" + lower[-3:])
    own = [*near, "y=" + lower[-2:], "p=" + lower[:3], "z=" + lower[-4:]]
    if shape in {"Xx", "x", "XX3", "XX4"} and month_of(lower) is not None:
        own.append("month")
        near, far = (*near, "month"), (*far, "month")
    if len(lower) > 1 and _ROMAN.issuperset(lower):
        own.append("roman")
    if len(word) > 9:
        own.append("long")
    return tuple(own), near, far


def sequence_features(tokens: Sequence[Token], gaps: Sequence[str]) -> list[list[str]]:
    """The features of every token, as strings: those of words with their offset, then those of the context."""
    words = [word_features(token.text) for token in tokens]
    context = context_features(tokens, gaps)
    every = []
    for index, keys in enumerate(context):
        features = [name for key in keys for name in expanded(key)]
        for offset in OFFSETS:
            at = index + offset
            if 0 <= at < len(words):
                features += [f"{offset}{name}" for name in words[at][abs(offset)]]
        every.append(features)
    return every


def context_features(tokens: Sequence[Token], gaps: Sequence[str]) -> list[tuple[Key, ...]]:
    """What is around every token, and where it is: gaps and shapes, chunks between marks, brackets, place.

    Each key stands for the features that `expanded` gives; most keys come again, so that their sums can be kept.
    """
    count = len(tokens)
    shapes = [shape_of(token.text) for token in tokens]
    chunk_of, chunks = _chunks(shapes, tokens, gaps)
    year_at = next((index for index, shape in enumerate(shapes) if shape in {"year", "yearx"}), -1)
    quoted = any('"' in gap for gap in gaps)
    names_first = chunks[0].startswith(("X.", "Xx+X", "Xx,")) if chunks else False
    head = f"{'q' if quoted else ''}{'y' if 0 <= year_at < count * 0.4 else ''}{'n' if names_first else ''}"
    every: list[tuple[Key, ...]] = []
    open_quote, depth, seen_year, numbers, stops, after_quote = False, 0, "", 0, 0, ""
    for index in range(count):
        before, after = gaps[index], gaps[index + 1]
        for mark in before:
            if mark in "([":
                depth += 1
            elif mark in ")]":
                depth = max(0, depth - 1)
            elif mark == '"':
                if open_quote:
                    after_quote = "Q"
                open_quote = not open_quote
        if ". " in before and shapes[index - 1] != "X":
            stops = min(stops + 1, 5)
        shape = shapes[index]
        chunk = chunk_of[index]
        size = chunks[chunk]
        place = f"{min(9, index * 10 // count)}"
        state = f"{'q' if open_quote else ''}{'(' if depth else ''}{after_quote}{seen_year}"
        at = f"{'0' if index == 0 else '1' if index == 1 else ''}{'$' if index == count - 1 else ''}"
        last_shape = shapes[index - 1] if index else "^"
        next_shape = shapes[index + 1] if index + 1 < count else "$"
        last_chunk = chunks[chunk - 1] if chunk else "^"
        next_chunk = chunks[chunk + 1] if chunk + 1 < len(chunks) else "$"
        next_but_one = chunks[chunk + 2] if chunk + 2 < len(chunks) else "$"
        every.append(
            (
                ("1", before, after, last_shape, shape, next_shape),
                ("2", last_chunk, size, next_chunk, next_but_one, before),
                ("3", place, head, str(stops), state, str(min(numbers, 4)), shape, at),
                ("4", tokens[index - 1].text.lower()[:16] if index else "^", before),
                ("5", gaps[index - 1] if index else "^", gaps[index + 2] if index + 2 < len(gaps) else "$"),
            )
        )
        if shape in {"year", "yearx"}:
            seen_year = "Y"
        elif shape[0] == "d":
            numbers += 1
    return every


def quotes_after(gap: str, opened: str, *, first: bool) -> str:
    """The quotation marks that are open after a gap, of those that were open before it.

    A mark that touches the next word alone opens; an apostrophe after a word closes only what an apostrophe opened.
    """
    for at, mark in enumerate(gap):
        if mark not in "\"'":
            continue
        rest = gap[at:].strip("\"'")
        touches_next = rest in {"", " "} and (at > 0 or first or (mark == '"' and not opened))
        if touches_next and not (opened and gap[-1] == " "):
            opened += mark
        elif mark in opened:
            opened = opened[: opened.rindex(mark)] if mark == '"' or opened[-1] == mark else opened
    return opened


def expanded(key: Key) -> list[str]:
    """The features that a key of `context_features` stands for."""
    if key[0] == "1":
        _, before, after, last_shape, shape, next_shape = key
        return [
            "b" + before, "a" + after, f"ba{before}|{after}", f"bs{before}|{shape}", f"sa{shape}|{after}",
            f"sbs{last_shape}|{before}|{shape}", f"sas{shape}|{after}|{next_shape}", f"bsa{before}|{shape}|{after}",
        ]  # fmt: skip
    if key[0] == "2":
        _, last_chunk, size, next_chunk, next_but_one, before = key
        return ["c" + size, f"cl{last_chunk}|{size}", f"cn{size}|{next_chunk}", f"cb{before}|{size}",
                f"cnn{next_chunk}|{next_but_one}"]  # fmt: skip
    if key[0] == "3":
        _, place, head, stops, state, numbers, shape, at = key
        return ["o" + place + head, f"h{head}{stops}", f"t{state}{stops}", f"n{state}{numbers}{shape}", "e" + at]
    if key[0] == "4":
        return [f"wb{key[1]}|{key[2]}"]
    return ["g" + key[1], "j" + key[2]]


def _chunks(shapes: Sequence[str], tokens: Sequence[Token], gaps: Sequence[str]) -> tuple[list[int], list[str]]:
    """The chunk of each token, and a short description of each chunk: the tokens between two marks of punctuation."""
    chunk_of: list[int] = []
    chunks: list[list[int]] = []
    for index in range(len(shapes)):
        gap = gaps[index]
        ends = any(mark in _ENDS_CHUNK for mark in gap)
        if ends and gap == ". " and shapes[index - 1] == "X" and shapes[index] in {"X", "Xx", "XxX"}:
            ends = False  # initials go on
        if index == 0 or ends:
            chunks.append([])
        chunks[-1].append(index)
        chunk_of.append(len(chunks) - 1)
    return chunk_of, [_described(chunk, shapes, tokens) for chunk in chunks]


def _described(chunk: Sequence[int], shapes: Sequence[str], tokens: Sequence[Token]) -> str:
    kinds = [shapes[index] for index in chunk]
    if len(kinds) == 1:
        kind = kinds[0]
        return kind if kind != "x" else "x:" + tokens[chunk[0]].text[:5]
    if len(kinds) <= 3:
        return "+".join(kinds)
    lower = sum(kind == "x" for kind in kinds)
    capital = sum(kind in {"X", "Xx", "XxX", "X-X"} for kind in kinds)
    mixed = "l" if lower * 2 >= len(kinds) else "C" if capital == len(kinds) else "m"
    return f"{mixed}{min(len(kinds) // 2, 6)}"
