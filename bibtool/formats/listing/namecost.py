"""How little a piece of text looks like a personal name, or like the end of a title: costs for choosing a boundary.

A cost of 0 is what one expects to see; each unit makes a reading about e times less likely. The figures were set by
hand from how often a form occurs among authors' names in general; they rank readings, but are not probabilities.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bibtool.formats.listing import facts
from bibtool.lazy import lazy_pattern
from bibtool.model.names import looks_like_organisation
from bibtool.model.text.fold import without_accents
from bibtool.structs import dataclass

MATH_MARK: Final = "\ue000"  # stands for each character of a formula (private use: never part of a word)

IMPOSSIBLE: Final = 30.0
_HOMONYM = lazy_pattern(r" \d{4}$", re.ASCII)
_SUFFIX = lazy_pattern(r"(?:,? (?:Jr|Sr|II|III|IV)\.?)$")
_INITIALS = lazy_pattern(r"(?:[^\W\d_]\.-?){1,5}")
_HYPHENS = lazy_pattern(r"[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]")
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}`\N{ACUTE ACCENT}"
_APOSTROPHE = lazy_pattern(f"[{_APOSTROPHES}]")
_NICKNAME = lazy_pattern(
    r"[(\"'\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}]\w[\w.-]{0,20}"
    r"[)\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]"
)
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєαεηιουω")
_WORD_COUNT = (IMPOSSIBLE, 4.0, 0.0, 0.2, 0.9, 2.0, 3.5, 5.0, 7.0)
# two consonants that open no word of the usual languages; y, h and j make the first one soft, s comes before others
_ODD_ONSET = lazy_pattern(
    r"(?:b[cdfgkmnpqstvwxz]|c[bdfgjkmnpqtvwx]|d[bcdfgknpqtx]|f[bcdghkmnpqstvwxz]|g[bcdfgkmpqtvxz]|"
    r"[hjqx][bcdfgkmnpqstvwxz]|"
    r"k[bcdfgmpqtxz]|l[bcdfgkmnpqrstvwxz]|m[bdfghkmpqrstvwxz]|n[bcfkmnpqrstvwxz]|p[bcdgkmqtvwxz]|r[bcdfgkmnpqrstvwxz]|"
    r"s[bdfgsx]|t[bcdfgkmnpqtx]|v[bcdfghkmnpqstvwxz]|w[bcdfgkmnpqstvwxz]|z[cfkpqtx])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rest of a page tells: its words in lower case, the names of its authors, their first words.

    ``long_lists``: author lists of more than three names occur in the page.
    """

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    long_lists: bool = False


NO_EVIDENCE: Final = Evidence()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, for looking words up in the tables; not `bibtool.model.text.fold.fold`.

    That makes ø an o and a dash a space, so that names would be taken for English words.
    """
    text = text.casefold()
    return text if text.isascii() else without_accents(text)


def is_uncased(char: str) -> bool:
    """True for letters of scripts without capitals (Han, Kana, Hangul, Arabic, ...)."""
    return char.isalpha() and not char.isupper() and not char.islower() and not char.istitle()


def camel_parts(word: str) -> list[str]:
    """The parts of a word with capitals inside: ``PyTorch`` gives Py, Torch; ``RNNsX`` gives RNNs, X."""
    cuts = [i for i in range(1, len(word)) if word[i].isupper() and not word[i - 1].isupper()]
    return [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and (len(word) == 1 or word[1:].islower())


def given_cost(word: str, evidence: Evidence = NO_EVIDENCE) -> float:
    """The cost of ``word`` as the first word of a name."""
    if word in evidence.given:
        return 0.0
    return _first_word(word)


@lru_cache(maxsize=4096)
def _first_word(word: str) -> float:
    if not word:
        return IMPOSSIBLE
    if _INITIALS.fullmatch(word):
        return 0.3 if word[0].isupper() else 5.0
    parts = _HYPHENS.split(word)
    if word[-1] == "." and not _INITIALS.fullmatch(parts[-1]):
        if word in facts.SHORTENED:
            return 0.3
        return 0.8 + _first_word(word[:-1]) if len(word) <= 5 else 6.0
    if len(parts) > 1:
        if not all(parts) or len(parts) > 4 or any(c.isdigit() for c in word):
            return 8.0
        costs = [_first_word(part) for part in parts]
        # Jean-Pierre, Li-wei, A-Reum, al-Zahra: the later parts may be in lower case
        rest = max(
            (0.4 if part.islower() and part.isalpha() else cost) for part, cost in zip(parts, costs, strict=True)
        )
        first = costs[0] if not parts[0].islower() or fold(parts[0]) not in facts.PARTICLES else 2.0
        return max(first, min(rest, 4.0) * 0.7)
    return _plain_first_word(word)


def _plain_first_word(word: str) -> float:
    if any(not (c.isalpha() or c in _APOSTROPHES or unicodedata.combining(c)) for c in word):
        return 8.0
    if is_uncased(word[0]):
        return 0.3
    folded = fold(word)
    if word[0].islower():
        if folded in facts.PARTICLES:
            return 4.0 if folded in facts.WORD_ENDINGS else 3.0
        return 6.0
    if len(word) == 1:
        return 1.8
    if len(word) > 2 and word[1] in _APOSTROPHES:
        return 0.7 if word[2].isupper() and word[0] in "ODLMN" else 3.0
    halves = _APOSTROPHE.split(word)
    if len(halves) > 1:  # Marc'Aurelio; Ma'ayan and Shi'ao go on in small letters
        good = all(half[:1].isupper() or half.islower() for half in halves) and len(halves) == 2
        return 1.0 if good and len(halves[0]) > 1 and _is_capitalised(halves[0]) else 3.0
    if _is_capitalised("".join(c for c in word if c not in _APOSTROPHES)):
        if folded in facts.GIVEN_NAMES:
            return 0.0
        if folded in facts.SYLLABLES:
            return 0.3
        cost = 0.7 if len(word) > 2 else 1.2
        if not any(c in _VOWELS for c in folded):
            return cost + 0.6
        return cost + (1.5 if _ODD_ONSET.match(folded) else 0.0)
    if word.isupper():
        return (1.5 if word in facts.CAPITAL_PAIRS else 2.6) if len(word) == 2 else 3.5
    return _camel_given(word)


def _camel_given(word: str) -> float:
    """McKenzie, DeShawn, XiaoFeng, JeanPaul; anything else with capitals inside is hardly a name."""
    parts = camel_parts(word)
    if not all(_is_capitalised(part) and len(part) > 1 for part in parts):
        return 4.5 if len(parts) > 1 and word[1:2].islower() else 5.5
    folded = [fold(part) for part in parts]
    if len(parts) == 2 and folded[0] in ("mc", "mac"):
        return 0.8
    if len(parts) <= 3 and all(part in facts.SYLLABLES for part in folded):
        return 1.0
    if len(parts) == 2 and folded[0] in facts.INNER_PREFIXES:
        return 1.5 if folded[1] in facts.GIVEN_NAMES else 2.2
    if len(parts) == 2 and all(part in facts.GIVEN_NAMES or part in facts.SYLLABLES for part in folded):
        return 1.6
    return 4.0 + 1.5 * (len(parts) - 2)


@lru_cache(maxsize=4096)
def _later_word(word: str, *, last: bool) -> float:
    """The cost of a word after the first one of a name."""
    if word[0].islower() and word in facts.FUNCTION_WORDS:
        return 9.0
    if word in facts.PARTICLES:
        return 0.2 if not last else 4.0
    if _NICKNAME.fullmatch(word) and not last:
        return 0.6
    if _INITIALS.fullmatch(word):
        return 0.0 if word[0].isupper() else 2.0
    parts = _HYPHENS.split(word)
    if word[-1] == "." and _INITIALS.fullmatch(parts[-1]):
        parts.pop()  # "Ulf-G.", and "-W." after a first initial and a space
        parts = parts if any(parts) else ["A"]
    elif word[-1] == ".":
        return 1.0 + _later_word(word[:-1], last=last) if 1 < len(word) <= 5 else 5.0
    if any(c.isdigit() or c == MATH_MARK for c in word):
        return 8.0
    cost = 0.0
    for part in parts:
        if not part:
            return 6.0
        if any(not (c.isalpha() or c in _APOSTROPHES or unicodedata.combining(c)) for c in part):
            return 7.0
        cost = max(cost, _later_part(part, hyphened=len(part) < len(word)))
    return cost


def _later_part(part: str, *, hyphened: bool) -> float:
    if is_uncased(part[0]) or _is_capitalised(part):
        return 0.1
    if part[0].islower():
        return 0.3 if hyphened or fold(part) in facts.PARTICLES or part[1:2] in tuple(_APOSTROPHES) else 3.0
    if part.isupper():
        return 1.5
    return min(1.5, _plain_first_word(part))


def name_cost(text: str, evidence: Evidence = NO_EVIDENCE) -> float:
    """The cost of reading ``text`` (single spaces, none at its ends) as one author's name."""
    bare = _HOMONYM.sub("", text)
    if bare in evidence.names:
        return -3.0
    bare = _SUFFIX.sub("", bare)
    if not bare or len(bare) > 120:
        return IMPOSSIBLE
    if is_uncased(bare[0]) and " " not in bare:
        if "\N{KATAKANA MIDDLE DOT}" in bare:
            return 0.2
        return {2: 0.6, 3: 0.2, 4: 0.8}.get(len(bare), 2.0 + 0.5 * len(bare))
    words = bare.split(" ")
    if len(words) > 1 and bare[0].isupper() and looks_like_organisation(bare):
        return 1.0 + _organisation_start(words[0]) + 0.4 * max(0, len(words) - 5)
    count = _WORD_COUNT[len(words)] if len(words) < len(_WORD_COUNT) else 4.0 * len(words)
    if bare.isupper() and len(words) > 1 and any(len(word) > 2 for word in words):
        return 2.0 + count  # the whole name in capitals
    first = given_cost(words[0], evidence) + _glued_particle(words)
    if len(words) == 1:
        capped = min(first, 1.5) if first < 6.0 else first  # OpenAI may be a whole name, T-4 may not
        return count + capped + (2.0 if words[0][0].islower() else 0.0)
    cost = count + first
    for index, word in enumerate(words[1:], start=2):
        cost += _later_word(word, last=index == len(words))
    return cost


def _organisation_start(word: str) -> float:
    """The cost of the first word of an organisation: The LIGO ..., CERN ..., Planck Collaboration."""
    if word == "The":
        return 0.0
    if word.isupper():
        return 0.3 if len(word) > 1 else 5.0
    return 0.5 + _first_word(word)


def _glued_particle(words: list[str]) -> float:
    """The cost of a first word that ends in a particle: "Netvan der Berg" is rather "... Net" and "van der Berg"."""
    if len(words) < 2 or words[0][:1].islower() or fold(words[0]) in facts.GIVEN_NAMES:
        return 0.0
    if words[1] in facts.PARTICLES and words[0].endswith(facts.FIRST_OF_TWO):
        return 4.0
    return 1.5 if words[0].endswith(("van", "von", "de")) else 0.0


_OPENERS = frozenset("([{<\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}«")
_JOINERS = frozenset("-\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}/&@_=,;:\\|~")
_QUOTES = frozenset("'\"`\N{LEFT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}")
_CLOSERS = frozenset(")]}!?.+#%*'\"\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}" + MATH_MARK)
_DOTTED = lazy_pattern(r"\W*(?:[^\W\d_]\.){2,6}")
_TRAILING_LETTERS = lazy_pattern(r"[^\W\d_]+$")


def is_joiner(char: str) -> bool:
    """True for characters that join what is on both sides, or open a bracket: no title ends in them."""
    return char in _JOINERS or char in _OPENERS


def ending_cost(left: str, evidence: Evidence = NO_EVIDENCE) -> float:
    """The cost of ``left``, the piece of a word before a boundary, as the last thing in a title."""
    last = left[-1]
    if last == MATH_MARK:
        return 0.0
    if last.isdigit():
        return 0.2
    if last in _OPENERS or all(c in _QUOTES for c in left[-3:]):
        return 8.0
    if last in _JOINERS:
        return 6.0
    if last in _APOSTROPHES:
        # "EquationsO'" is the beginning of O'Neil; "'AI'" is a closing quotation mark
        quoted = left[0] in _QUOTES and not any(c in _APOSTROPHES for c in left[1:-1])
        if left[-2:-1] in tuple("ODLMN") and not quoted:
            return 6.0
        # without its opening mark in sight, it may be inside a name: Marc'Aurelio
        return 0.3 if quoted or len(left) < 2 else 0.3 + max(0.0, ending_cost(left[:-1], evidence))
    if last == ".":
        return _full_stop_cost(left)
    trailing = _TRAILING_LETTERS.search(left[-60:])
    if not trailing:
        return 0.2 if not unicodedata.combining(last) else 1.0
    word = trailing[0]
    if is_uncased(last):
        return 0.3 if all(is_uncased(c) for c in word[-2:]) and len(word) > 1 else 2.5
    cost = _ending_word(word, left[: -len(word)][-1:] if len(left) > len(word) else "")
    if len(word) > 2 and (word.casefold() in evidence.words or left.casefold() in evidence.words):
        cost = min(cost, 0.5) - 1.5
    return cost


def _full_stop_cost(left: str) -> float:
    """Titles seldom end in a full stop, and initials always do."""
    if _DOTTED.fullmatch(left):  # A.I., U.S.A.
        return 1.0
    if left[-2:-1].isupper():
        return 5.0
    return 4.0 if left.endswith(("Jr.", "Dr.", "St.", "Md.", "Mr.")) else 0.3


@lru_cache(maxsize=8192)
def _ending_word(word: str, before: str) -> float:
    if word in facts.MIXED_WORDS:
        return 0.0
    folded = fold(word)
    if word.islower():
        if before.isdigit() or before == ".":
            return 0.5 if len(word) <= 2 else 0.2
        if len(word) == 1 and not word.isascii():
            return 0.5  # a Greek letter
        if len(word) <= 2:
            return (0.8 if word in facts.SHORT_ENDINGS else 3.0) if not before else 2.0
        return 0.0 if any(c in _VOWELS for c in folded) else 1.5
    if len(word) == 1:
        return 2.0 if not before else 0.8
    if word.isupper():
        return 0.4
    if word[:-1].isupper() and word[-1] == "s":
        return 0.4
    if _is_capitalised(word):
        if folded in facts.INNER_PREFIXES:
            return 5.0
        cost = 0.2 if len(word) > 2 else 2.5
        if before.isdigit() or before in _CLOSERS:
            cost += 2.0  # 2.0Xiao, Abstract)Kyung: a name begins after these
        return cost + (1.0 if folded in facts.GIVEN_NAMES or folded in facts.SYLLABLES else 0.0)
    return _mixed_ending(word)


def _mixed_ending(word: str) -> float:
    """Words with capitals inside; a tail that is itself (the beginning of) a name speaks against them."""
    parts = camel_parts(word)
    tail = parts[-1]
    if len(parts) == 1:  # capitals, then small letters: XMLs, DNAse
        return 2.5
    cost = 2.2 + 0.4 * (len(parts) - 2)
    folded = fold(tail)
    if tail.isupper():  # LoRaWAN, mmW; a single capital is rather an initial
        return 1.0 if len(tail) > 1 else 4.0
    if folded in facts.INNER_PREFIXES:
        return cost + 4.0
    if folded in facts.SYLLABLES or folded in facts.GIVEN_NAMES:
        return cost + 1.5
    if not _is_capitalised(tail):
        return cost + 0.5
    return cost + (1.5 if len(tail) <= 2 else 0.0)
