"""What the sequence model sees of each token: the word, its shape, its neighbours, and its place in the reference.

Training and decoding share these functions, so that a model is only good for the version it was trained with.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from bibtool.model.normal.months import month_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.references.tokens import Token

_ROMAN: Final = frozenset("ivxlcdm")
_ENDS_CHUNK: Final = frozenset('.,;:()[]"?!/{}<>')
OFFSETS: Final = (-2, -1, 0, 1, 2)
CLASSES: Final = "CPLATO"
"""Kinds of words, by the part that they are mostly found in: container, publisher, place, people, title, others."""

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


def sequence_features(tokens: Sequence[Token], gaps: Sequence[str], classes: Mapping[str, str]) -> list[list[str]]:
    """The features of every token, as strings: those of words with their offset, then those of the context.

    ``classes`` has the class of words in small letters, one of `CLASSES`.
    """
    words = [word_features(token.text) for token in tokens]
    context = context_features(tokens, gaps, classes)
    every = []
    for index, keys in enumerate(context):
        features = [name for key in keys for name in expanded(key)]
        for offset in OFFSETS:
            at = index + offset
            if 0 <= at < len(words):
                features += [f"{offset}{name}" for name in words[at][abs(offset)]]
        every.append(features)
    return every


def context_features(tokens: Sequence[Token], gaps: Sequence[str], classes: Mapping[str, str]) -> list[tuple[Key, ...]]:
    """What is around every token, and where it is: gaps and shapes, chunks between marks, brackets, place.

    Each key stands for the features that `expanded` gives; most keys come again, so that their sums can be kept.
    """
    count = len(tokens)
    shapes = [shape_of(token.text) for token in tokens]
    chunk_of, chunks, inside = _chunks(shapes, tokens, gaps)
    kinds = _kinds(inside, tokens, classes)
    year_at = next((index for index, shape in enumerate(shapes) if shape in {"year", "yearx"}), -1)
    quoted = any('"' in gap for gap in gaps)
    names_first = chunks[0].startswith(("X.", "Xx+X", "Xx,")) if chunks else False
    head = f"{'q' if quoted else ''}{'y' if 0 <= year_at < count * 0.4 else ''}{'n' if names_first else ''}"
    every: list[tuple[Key, ...]] = []
    opened, depth, seen_year, numbers, stops, after_quote = "", 0, "", 0, 0, ""
    for index in range(count):
        before, after = gaps[index], gaps[index + 1]
        for mark in before:
            if mark in "([":
                depth += 1
            elif mark in ")]":
                depth = max(0, depth - 1)
        if '"' in before or "'" in before:
            was, opened = opened, quotes_after(before, opened, first=index == 0)
            if was and not opened:
                after_quote = "Q"
        if ". " in before and shapes[index - 1] != "X":
            stops = min(stops + 1, 5)
        shape = shapes[index]
        chunk = chunk_of[index]
        size = chunks[chunk]
        place = f"{min(9, index * 10 // count)}"
        state = f"{'q' if opened else ''}{'(' if depth else ''}{after_quote}{seen_year}"
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
                kinds[chunk],
                ("7", kinds[chunk][2], before, shape),
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
    if key[0] == "6":
        _, last, own, following, next_but_one, seen, later = key
        return [f"k{own}", f"kl{last}|{own}", f"kn{own}|{following}", f"kr{own}|{following}|{next_but_one}",
                f"ks{own}|{seen}|{later}", f"kt{last}|{own}|{following}"]  # fmt: skip
    if key[0] == "7":
        return [f"kb{key[1]}|{key[2]}", f"kx{key[1]}|{key[3]}"]
    return ["g" + key[1], "j" + key[2]]


def _chunks(
    shapes: Sequence[str], tokens: Sequence[Token], gaps: Sequence[str]
) -> tuple[list[int], list[str], list[list[int]]]:
    """The chunk of each token; of each chunk, the tokens between two marks, a short description, and its tokens."""
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
    return chunk_of, [_described(chunk, shapes, tokens) for chunk in chunks], chunks


def _kinds(chunks: Sequence[Sequence[int]], tokens: Sequence[Token], classes: Mapping[str, str]) -> list[Key]:
    """What kind of words each chunk has, with the chunks around it and those before and after it."""
    own = [_kind(chunk, tokens, classes) for chunk in chunks]
    seen, later = "", ""
    after: list[str] = []
    for kind in reversed(own):
        after.append(later)
        if kind in {"C", "P", "L"} and kind not in later:
            later = "".join(sorted(later + kind))
    after.reverse()
    keys: list[Key] = []
    around = ["^", *own, "$", "$"]
    for place, kind in enumerate(own):
        keys.append(("6", around[place], kind, around[place + 2], around[place + 3], seen, after[place]))
        if kind in {"C", "P", "L"} and kind not in seen:
            seen = "".join(sorted(seen + kind))
    return keys


def _kind(chunk: Sequence[int], tokens: Sequence[Token], classes: Mapping[str, str]) -> str:
    """The commonest class of the words of a chunk: a capital letter for a third of them, ``-`` for none."""
    found = "".join([classes.get(tokens[index].text.lower(), "") for index in chunk])
    if not found:
        return "-"
    best = max(CLASSES, key=found.count)
    return best if found.count(best) * 3 >= len(chunk) else best.lower()


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
