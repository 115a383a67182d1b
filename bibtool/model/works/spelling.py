"""A person's name as words that can be compared, whatever case, accents, hyphens and order it was written in.

::

    spellings_of(parse_name("J.-L. Müller*"))  ->  words j. l. muller|mueller, the family name from the third on

What is taken away: case, accents, apostrophes, everything in parentheses, digits and other signs that pages glue to
names (``Bruna*``, ``Bruna¹,²``, ``Bruna (corresponding)``), degrees. Letters with a transliteration of their own are
kept in each way of writing: ``ü`` is ``u`` or ``ue``, but ``ue`` alone is never ``u``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, looks_like_organisation, parse_name
from bibtool.model.text.fold import fold
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# how letters are written where they are not to be had; the first way is the plain one
_WAYS = {
    "ä": ("a", "ae"), "ö": ("o", "oe"), "ü": ("u", "ue"), "ø": ("o", "oe"), "å": ("a", "aa"), "ß": ("ss", "s"),
    "æ": ("ae", "a"), "œ": ("oe", "o"), "ð": ("d", "th", "dh"), "þ": ("th",), "đ": ("d", "dj"), "ł": ("l",),
    "ĳ": ("ij", "y"), "ı": ("i",),
}  # fmt: skip
_MAX_CHOICES = 4  # letters of one word that are varied one by one; in longer rows all go the same way

_PARENTHESES = lazy_pattern(r"\([^()]*\)?|\[[^\[\]]*\]?")
_DEGREES = lazy_pattern(r"\b(?:Dr|Prof|Professor)\b\.?|\bPh\.? ?D\b\.?")
_LONE_DEGREES = frozenset({"md", "msc", "bsc", "phd", "frs", "mba"})
_APOSTROPHES = frozenset("'’‘`´′ʼʻʹ·")
_HYPHENS = frozenset("-‐‑‒–—−־")
_WORD = lazy_pattern(r"(-?)([^\s.\-]+)(\.?)")
_PLAIN = lazy_pattern(r"[A-Za-z .\-\n]*")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})  # Júnior and Neto are written like family names
_MARK_LETTERS = frozenset("abcdefgh")
_CJK = lazy_pattern("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
# scripts in which a sign above or below makes another letter: Indic ones and their kin, Japanese
_MARKED = lazy_pattern("[\u0900-\u0dff\u0e00-\u109f\u1700-\u1cff\u3040-\u30ff\ua800-\uabff]")
_VOWELS = frozenset("aeiouy")
_CONNECTORS = frozenset({"y", "i", "e"})  # Ortega y Gasset, Puig i Cadafalch
PARTICLES = frozenset(
    (
        "van von der den de del della dello di da do dos das du des la le los las ter ten te tot zu zum zur af av auf "
        "vom bin ibn ben bint al el ul abu vander vanden vande dela san st saint"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: the ways to write it, folded; ``initial`` also for ``Yu.``; ``hyphen``: joined to the word before."""

    text: str
    keys: tuple[str, ...]
    initial: bool = False
    dotted: bool = False
    hyphen: bool = False

    @property
    def joinable(self) -> tuple[str, ...]:
        """The keys for putting words together; ``O.`` keeps its dot, so that ``P. O. Brien`` is not ``P. O'Brien``."""
        return tuple(f"{key}." for key in self.keys) if self.dotted and len(self.text) == 1 else self.keys


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in the order of running text. ``family_at``: where its source says that the family name begins.

    ``whole`` are the ways to write a Chinese, Japanese or Korean name without spaces, family name first or last.
    """

    text: str
    words: tuple[Word, ...]
    family_at: int
    suffix: str = ""
    homonym: str = ""
    whole: frozenset[str] = frozenset()


def spellings_of(name: Name) -> tuple[Spelling, ...]:
    """The name; once more without the ``y`` of ``Ortega y Gasset``, and with ``JM`` as two initials, if it has such.

    Nothing for organisations and for names without a letter.
    """
    shown = name.display()
    if name.literal:
        if looks_like_organisation(name.literal):
            return ()
        name = parse_name(name.literal if not name.homonym else f"{name.literal} {name.homonym}")
    given, particles, family, suffix = _parts(name)
    words = (*given, *particles, *family)
    if not words:
        return ()
    mixed = any(char.islower() for word in words for char in word.text)
    capitals = any(char.isupper() for word in words for char in word.text)
    if not family or not given:
        at = _last_unit(words)
    else:
        at = len(given)
        if mixed and not capitals:  # without capitals each word looks like a particle; most of them are given names
            at += next((n for n, word in enumerate(particles) if word.keys[0] in _PARTICLES), len(particles))
    splits = [(words, at)]
    if mixed and capitals:
        splits.append(_without_connectors(words, at))
    splits.extend([_glued_apart(*split, mixed=mixed) for split in splits])
    whole: frozenset[str] = frozenset()
    if _CJK.search(shown):
        whole = joined((*words[at:], *words[:at])) | joined(words)
    return tuple(
        Spelling(shown, split, family_at, suffix, name.homonym, whole) for split, family_at in dict.fromkeys(splits)
    )


_PARTICLES = frozenset(
    "af al av bin d da das de degli dei del della den der des di do dos du el la las le los "
    "ten ter van vom von zu zum zur".split()
)


def joined(words: Iterable[Word]) -> frozenset[str]:
    """All ways to write these words as one."""
    ways = [word.joinable for word in words]
    if all(len(way) == 1 for way in ways):
        return frozenset(("".join(way[0] for way in ways),))
    spelled = {""}
    for way in ways:
        spelled = {start + end for start, end in product(spelled, way[: 3 if len(spelled) > 64 else None])}
    return frozenset(spelled)


def squeezed(text: str) -> tuple[str, ...]:
    """The letters of a text, folded, without anything between them, in each way of writing; nothing if too many.

    For a quick look whether a word can be part of a name at all; digits stay if the text is ASCII.
    """
    if text.isascii():
        return (text.translate(_NO_SIGNS).casefold(),)
    letters = _NO_LETTERS.sub("", _normal(text))
    special = len(_SPECIAL.findall(letters))
    if not special:
        return (_plain(letters),)
    return _ways(letters) if special <= _MAX_CHOICES else ()


_NO_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
_NO_LETTERS = lazy_pattern(r"[\W\d_]+")
_SPECIAL = lazy_pattern(f"[{''.join(_WAYS)}]")


def _parts(name: Name) -> tuple[list[Word], list[Word], list[Word], str]:
    """The words of given name, particles and family name, and the suffix."""
    parts = (name.given, name.dropping_particle, name.non_dropping_particle, name.family)
    text = "\n".join(part.replace("\n", " ") for part in parts)  # parentheses may span parts
    if _PLAIN.fullmatch(text) is None:
        text = _PARENTHESES.sub(lambda aside: "\n" * aside[0].count("\n"), text)
        text = _signs_away(text)
    text = _DEGREES.sub("", text)
    given, dropping, not_dropping, family = (_words(part) for part in text.split("\n"))
    if len(family) > 1 and given and all(_is_mark(word) or word.keys[0] in _LONE_DEGREES for word in given):
        given = []  # "Joan Bruna, MD", "Joan Bruna a,b" were taken for a family name and the part after a comma
    suffix = name.suffix
    if len(family) > 1 and len(given) == 1 and given[0].keys[0] in _SUFFIXES:
        suffix = suffix or given.pop().text  # "Martin King, Jr."
    for part in (family, given):
        if len(part) > 1 and part[-1].keys[0] in _SUFFIXES:
            suffix = suffix or part[-1].text
            part.pop()
    last = family or given
    if (
        last
        and len(given) + len(family) > 2
        and _is_mark(last[-1])
        and any(char.isupper() for word in (*given, *family) for char in word.text)
    ):
        last.pop()
    suffix = "".join(char for char in fold(suffix) if char.isalpha())
    return given, [*dropping, *not_dropping], family, {"junior": "jr", "senior": "sr"}.get(suffix, suffix)


def _is_mark(word: Word) -> bool:
    """A lone small letter, as it points to an affiliation."""
    return word.text in _MARK_LETTERS and not word.dotted


def _signs_away(text: str) -> str:
    """The text with letters, hyphens, dots, spaces and line ends only."""
    chars = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char in _APOSTROPHES or category == "Cf":
            continue
        if char in _HYPHENS:
            chars.append("-")
        elif char in ".\n" or category[0] == "M":
            chars.append(char)
        elif category[0] == "L":
            # a raised letter is a mark, no part of the name
            if not unicodedata.decomposition(char).startswith("<super>"):
                chars.append(char)
        else:
            chars.append(" ")
    return "".join(chars)


def _words(text: str) -> list[Word]:
    return [_word(match[2], match[3] == ".", match[1] == "-") for match in _WORD.finditer(text)]


@lru_cache(maxsize=1 << 12)
def _word(text: str, dotted: bool, hyphen: bool) -> Word:
    initial = text.lower() != text.upper() and (len(text) == 1 or (dotted and len(text) <= 3))
    return Word(text, _ways(text), initial, dotted, hyphen)


@lru_cache(maxsize=1 << 12)
def _ways(text: str) -> tuple[str, ...]:
    """The ways to write a word, folded; the plain one first."""
    if text.isascii():
        return (text.casefold(),)
    text = _normal(text)
    choices = [_WAYS.get(char) for char in text]
    count = sum(choice is not None for choice in choices)
    if not count:
        return (_plain(text),)
    if count > _MAX_CHOICES:
        rows = [
            [choice[min(way, len(choice) - 1)] if choice else char for choice, char in zip(choices, text, strict=True)]
            for way in range(3)
        ]
        return tuple(dict.fromkeys(_plain("".join(row)) for row in rows))
    rows_of = product(*(choice or (char,) for choice, char in zip(choices, text, strict=True)))
    return tuple(dict.fromkeys(_plain("".join(row)) for row in rows_of))


def _normal(text: str) -> str:
    # NFC after casefold: İ becomes i and a dot above it, ẞ becomes ss
    return unicodedata.normalize("NFC", text.lower().replace("i\u0307", "i"))


def _plain(text: str) -> str:
    """The text folded; where an accent makes another letter (Japanese voicing, Indic virama) it stays."""
    if text.isascii():
        return text.casefold()
    if _MARKED.search(text):
        return unicodedata.normalize("NFKC", text).casefold()
    return fold(text)


def _last_unit(words: Sequence[Word]) -> int:
    """Where the last word begins, with those that a hyphen joins to it."""
    at = len(words) - 1
    while at > 0 and words[at].hyphen:
        at -= 1
    return at


def _without_connectors(words: tuple[Word, ...], at: int) -> tuple[tuple[Word, ...], int]:
    rest = []
    family_at = at
    for index, word in enumerate(words):
        if 0 < index < len(words) - 1 and word.text in _CONNECTORS and not word.dotted:
            family_at -= index < at
        else:
            rest.append(word)
    return tuple(rest), family_at


def _glued_apart(words: tuple[Word, ...], at: int, *, mixed: bool) -> tuple[tuple[Word, ...], int]:
    """The words with ``JM`` as two initials; without capitals of its own a word is so only if nobody can speak it."""
    separate: list[Word] = []
    family_at = at
    for index, word in enumerate(words):
        glued = (
            2 <= len(word.text) <= 3
            and not word.dotted
            and word.text.isascii()
            and ((mixed and word.text.isupper()) or not _VOWELS & set(word.keys[0]))
        )
        if glued:
            separate.extend(_word(char, False, word.hyphen and not place) for place, char in enumerate(word.text))
            family_at += (len(word.text) - 1) * (index < at)
        else:
            separate.append(word)
    return tuple(separate), family_at
