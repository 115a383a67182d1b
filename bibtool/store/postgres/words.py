"""The words of a record as PostgreSQL's ``tsvector``, and a search as its ``tsquery``.

Both are written in their text form, so that PostgreSQL's own parser and dictionaries, which differ between servers and
cut numbers and identifiers to pieces, have no part in it: what a word is, `bibtool.store.search` alone decides.
Limits: https://www.postgresql.org/docs/current/textsearch-limitations.html. A word is cut to `_LONGEST` characters.
Of a record with more than 16,383 words, a phrase is found up to there; of one with more than some 50,000 different
words, those up to there are found.
"""

from __future__ import annotations

from operator import add
from typing import Final

from bibtool.store.search import COLUMNS, phrases_of

# the label of each column, most telling first, and what a hit with each label (D, C, B, A) counts
_LABELS: Final = {
    "key": "A", "title": "A", "ids": "A", "names": "B", "keywords": "B", "container": "C", "year": "C",
    "abstract": "D", "other": "D",
}  # fmt: skip
WEIGHTS: Final = "ARRAY[0.1, 0.3, 0.6, 1]::real[]"
_HEAD: Final = tuple(name for name, label in _LABELS.items() if label != "D")
_BODY: Final = tuple(name for name, label in _LABELS.items() if label == "D")

_LONGEST = 250
_LAST_POSITION = 16_383
_MOST_POSITIONS = 256  # of one word, as PostgreSQL keeps
_MOST_BYTES = 1_000_000  # of a vector, which has less than 1 MiB
_GAP = 5  # positions between columns, so that no phrase reaches from one into the next
_SHORT = 30_000  # characters of a record that has less words than positions, as nearly all have

_places: Final[dict[str, list[str]]] = {label: [] for label in "ABCD"}  # ":0A", ":1A" ...; filled as far as needed


def vectors(columns: tuple[str, ...]) -> tuple[str, str]:
    """The words of title, names, identifiers and so on; and all words, with abstract and notes.

    PostgreSQL itself joins the places of a word that is there twice.
    """
    texts = dict(zip(COLUMNS, columns, strict=True))
    joined = "".join(columns)
    if len(joined) > _SHORT or not joined.replace(" ", "").isalnum():
        return _vectors_of_long(texts)
    position, head = _placed(texts, _HEAD, 1)
    _, body = _placed(texts, _BODY, position)
    return " ".join(head), " ".join((*head, *body))


def _placed(texts: dict[str, str], names: tuple[str, ...], position: int) -> tuple[int, list[str]]:
    """The next position, and the words of these columns with theirs; for words of letters and digits only."""
    parts = []
    for name in names:
        if words := texts[name].split():
            if len(texts[name]) > _LONGEST and max(map(len, words)) > _LONGEST:
                words = [word[:_LONGEST] for word in words]
            places, end = _places[_LABELS[name]], position + len(words)
            if len(places) < end:
                places += [f":{number}{_LABELS[name]}" for number in range(len(places), end)]
            parts.append(" ".join(map(add, words, places[position:end])))
            position = end
        position += _GAP
    return position, parts


def _vectors_of_long(texts: dict[str, str]) -> tuple[str, str]:
    """`vectors` for a record with so many words that the limits of PostgreSQL count, or any signs in them."""
    places: dict[str, list[str]] = {}
    position, size = _add(places, texts, _HEAD, 1, 0)
    head = _vector(places)
    _add(places, texts, _BODY, position, size)
    return head, _vector(places)


def _add(
    places: dict[str, list[str]], texts: dict[str, str], names: tuple[str, ...], position: int, size: int
) -> tuple[int, int]:
    """Add the words of these columns; the next position, and the bytes so far."""
    for name in names:
        label = _LABELS[name]
        for word in texts[name].split():
            shortened = word[:_LONGEST]
            found = places.get(shortened)
            if found is None:
                size += len(shortened.encode("utf-8", "replace")) + 6
                if size > _MOST_BYTES:
                    return position, size
                found = places[shortened] = []
            if len(found) < _MOST_POSITIONS:
                size += 2
                found.append(f"{min(position, _LAST_POSITION)}{label}")
            position += 1
        position += _GAP
    return position, size


def _vector(places: dict[str, list[str]]) -> str:
    return " ".join(f"{_quoted(word)}:{','.join(found)}" for word, found in places.items())


def query_of(words: str) -> str:
    """The search in the language of ``tsquery``, every word in quotes, so that nothing typed is syntax; "" for none."""
    phrases, open_end = phrases_of(words)
    parts = ["(" + " <-> ".join(_quoted(word[:_LONGEST]) for word in phrase) + ")" for phrase in phrases]
    if parts and open_end:
        parts[-1] = parts[-1][:-1] + ":*)"
    return " & ".join(parts)


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
