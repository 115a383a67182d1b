"""Titles compared: which differences are spelling, and which distinguish two works. Pure."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import title_key
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_WORDS: Final = 60
MAX_LENGTH: Final = 1000  # characters of a title that is searched for what it says of its manifestation
SIMILAR: Final = 88.0  # per cent, by which titles that are not equal have to agree
CLOSE_WORDS: Final = 75.0  # per cent

_GENERIC = frozenset(
    (
        "editorial|guest editorial|editors note|editor note|from the editor|from the editors|letter from the editor|"
        "preface|foreword|introduction|general introduction|conclusion|conclusions|abstract|abstracts|discussion|"
        "comment|comments|reply|response|rejoinder|erratum|errata|corrigendum|corrigenda|correction|corrections|"
        "addendum|retraction|contents|table of contents|index|appendix|acknowledgments|acknowledgements|afterword|"
        "epilogue|prologue|obituary|in memoriam|news|announcements|announcement|book review|book reviews|review|"
        "reviews|letter|letters|letter to the editor|letters to the editor|welcome|welcome message|untitled|title|"
        "front matter|back matter|frontmatter|backmatter|front cover|cover|masthead|overview|summary|references|"
        "bibliography|notes|note|poster|keynote|keynote address|panel|interview|problems|solutions|homework|"
        "lecture notes|chairs message|message from the chairs|message from the general chair|program committee|"
        "organizing committee|list of reviewers|reviewers|personal communication|private communication"
    ).split("|")
)
# words that make another work of a title, where only one of two titles has them
TELLING_WORDS: Final = frozenset(
    (
        "erratum errata corrigendum corrigenda correction corrections addendum retraction comment comments reply "
        "response rejoinder discussion supplement supplementary appendix part volume first second third fourth fifth "
        "sixth seventh one two three four five six seven eight nine ten not no without abstract poster demo slides "
        "talk revisited extended short revised new continued preliminary sequel non never against"
    ).split()
)
SMALL_WORDS: Final = frozenset("a an the of on for and in to with via by from at as is its or some".split())
ROMAN = lazy_pattern(r"m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
# words before a title that make it that of a text about the work
_ABOUT = frozenset(
    (
        "erratum errata corrigendum corrigenda correction corrections addendum retraction comment comments reply "
        "response rejoinder discussion review"
    ).split()
)
_SUBTITLE = lazy_pattern(r"\s*[:.?!;\u2013\u2014]|\s+-{1,3}\s")
_SETTING_OFF = lazy_pattern(r"[:?!;.\u2013\u2014-]")
_SET_OFF = lazy_pattern(r"\s*(?:[:?!;]|[.\u2013\u2014]\s)|\s+-{1,3}\s")


def is_generic(title: str) -> bool:
    """Whether many works have this title (as `title_key` gives it): "editorial", "introduction"."""
    return title in _GENERIC


_TAG = lazy_pattern(r"</?(?:i|b|em|strong|sub|sup|sc|scp|tt|span)(?: [^<>]{0,80})?>", re.IGNORECASE)
# what a title says of its manifestation: "Poster: ...", "Abstract P12: ...", "... (extended abstract)"
_PRESENTED = lazy_pattern(
    r"\s*(?:(?:poster|demo|talk|slides|abstract)(?:\s+[\w.-]{1,8})?\s*:\s*(?P<after>.+)"
    r"|(?P<before>.+?)\s*[(\[](?:extended abstract|abstract|poster|demo|talk|slides)[)\]]\.?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_VERSION = lazy_pattern(
    r"(?P<before>.+?)(?:\s*[:,(]\s*|\s+)v(?:ersion )?\.?(?P<version>\d+(?:[.-]\w+)+)\)?\s*", re.DOTALL
)


# the medium, as in "Deep learning [J]" and "... [online]" (GB/T 7714, ISO 690)
_MARKED = lazy_pattern(
    r"(.+?)\s*\[(?:online|internet|electronic resource|preprint|[a-z]{1,2}(?:/ol)?)\]\.?\s*", re.IGNORECASE
)
# What nearly all titles fail at, so that the patterns above are seldom tried. The letter comes first in the second
# one, as it is found faster than a boundary.
_PRESENTED_WORDS = ("poster", "demo", "talk", "slides", "abstract")
_ODD_LETTERS = "\u017f\u0131\u0130"  # s and i to the pattern, though `lower` makes neither of them
_PRESENTED_WORD = lazy_pattern("|".join(_PRESENTED_WORDS), re.IGNORECASE)
_VERSION_NUMBER = lazy_pattern(r"v(?<!\wv)(?:ersion )?\.?\d+[.-]")


@dataclass(frozen=True, slots=True)
class BareTitle:
    """A title without what it says of its manifestation: whether it is an abstract or talk, and of which version."""

    text: str
    is_presented: bool = False
    version: str = ""


@lru_cache(maxsize=1024)
def bare_title(title: str) -> BareTitle:
    """The title as it is compared; "" has none of it."""
    text = _TAG.sub("", title) if "<" in title else title
    if len(text) > MAX_LENGTH:
        return BareTitle(text)
    if "&" in text and ";" in text:
        from html import unescape  # with its table of 2,200 names

        text = unescape(text)
    if "]" in text and (marked := _MARKED.fullmatch(text)):
        text = marked[1]
    if _has_presented_word(text) and (presented := _PRESENTED.fullmatch(text)):
        return BareTitle(presented["after"] or presented["before"], is_presented=True)
    if _VERSION_NUMBER.search(text) and (versioned := _VERSION.fullmatch(text)):
        return BareTitle(versioned["before"], version=versioned["version"])
    return BareTitle(text)


def _has_presented_word(text: str) -> bool:
    if not text.isascii() and any(letter in text for letter in _ODD_LETTERS):
        return _PRESENTED_WORD.search(text) is not None
    low = text.lower()
    return "poster" in low or "demo" in low or "talk" in low or "slides" in low or "abstract" in low


_NUMBERS = {
    word: str(number)
    for number, group in enumerate(
        ("one first", "two second ii", "three third iii", "four fourth iv", "five fifth", "six sixth vi",
         "seven seventh vii", "eight eighth viii", "nine ninth ix", "ten tenth"),
        start=1,
    )
    for word in group.split()
}  # fmt: skip
_COUNTED = frozenset("part volume chapter section book phase lecture number".split())
_LETTERS = {"i": "1", "v": "5", "x": "10"}
# British and American endings, transliterated umlauts; the result need not be a word, only the same for both. The
# letters in front are in every word that the pattern changes, and are found faster.
_SPELLINGS = tuple(
    (letters, lazy_pattern(pattern), plain)
    for letters, pattern, plain in (
        ("is", r"is(e|ed|es|er|ers|ing|ation|ational|ations|able)$", r"iz\1"),
        ("ys", r"ys(e|ed|es|er|ing)$", r"yz\1"),
        ("our", r"(?<=.{2})our", "or"),
        ("tre", r"(?<=.{3})tre(s?)$", r"ter\1"),
        ("ll", r"(?<=.{2})ll(ed|ing|er|ers)$", r"l\1"),
        ("ogue", r"(?<=.{2})ogue(s?)$", r"og\1"),
    )
)


@lru_cache(maxsize=1024)
def squashed(title: str) -> str:
    """A title (as `title_key` gives it) as one word that all its spellings share.

    Hyphens, spaces, small words, plurals, British and American spelling, transliterations, ways to write a number make
    no difference.
    """
    words = title.split()
    if _LETTERS.keys().isdisjoint(words):
        joined = "".join([_FORM_OF[word] for word in words if word not in SMALL_WORDS])
    else:
        joined = "".join(
            _LETTERS[word] if word in _LETTERS and at and words[at - 1] in _COUNTED else _FORM_OF[word]
            for at, word in enumerate(words)
            if word not in SMALL_WORDS
        )
    return (joined or "".join(words)).replace("ae", "a").replace("oe", "o").replace("ue", "u")


class _Forms(dict[str, str]):
    """What a function makes of the words met so far: a dictionary gives it many times as fast as a cached call."""

    def __init__(self, form_of: Callable[[str], str]) -> None:
        super().__init__()
        self._form_of = form_of

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_FORMS:
            self.clear()
        self[word] = form = self._form_of(word)
        return form


_MAX_FORMS: Final = 20_000


def canonical(word: str) -> str:
    """One form for all spellings of a word."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    return _spelled(stem(word))


_FORM_OF: Final = _Forms(canonical)


def _spelled(word: str) -> str:
    """One form for British and American spelling."""
    for letters, pattern, plain in _SPELLINGS:
        if letters in word:
            word = pattern.sub(plain, word)
    return word


_SPELLING_OF: Final = _Forms(_spelled)


def stem(word: str) -> str:
    """A word of some length without the ``s`` of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def may_be_alike(title: str, other: str) -> bool:
    """Whether two titles (as `title_key` gives them) are worth a closer look: nearly equal, or one begins the other."""
    short, long = (title, other) if len(title) <= len(other) else (other, title)
    if long.startswith(short) and long[len(short) : len(short) + 1] == " ":
        return True
    return similar_ratio(title, other) > 0


def alike_among(title: str, others: Sequence[str]) -> list[int]:
    """The places of the titles of which `may_be_alike` is true; many are compared at once in a tenth of the time."""
    if len(others) < _MANY:
        least, most = int(len(title) * _SHORTEST), int(len(title) / _SHORTEST) + 1
        return [
            at
            for at, other in enumerate(others)
            if (least <= len(other) <= most or other.startswith(title) or title.startswith(other))
            and may_be_alike(title, other)
        ]
    close = _extract()(title, others, scorer=_ratio(), processor=None, score_cutoff=SIMILAR, limit=None)
    found = {at for _, _, at in close}
    word = title.partition(" ")[0]
    starting = [at for at, other in enumerate(others) if other.startswith(word)]
    if starting:
        begun = title + " "
        found.update(at for at in starting if others[at].startswith(begun) or begun.startswith(others[at] + " "))
    return sorted(found)


_MANY: Final = 8
_SHORTEST: Final = SIMILAR / (200 - SIMILAR)  # length of titles that agree by so much, relative to the other's


def none_is_alike(title: str, others: Sequence[str]) -> bool:
    """Whether `may_be_alike` is true of none of the titles; False also for some where it takes a closer look.

    It is quick, as nothing is written out for each of many.
    """
    if len(others) < _MANY:
        return not alike_among(title, others)
    if title.startswith(tuple(others)) or True in map(str.startswith, others, repeat(title)):
        return False
    return not _extract()(title, others, scorer=_ratio(), processor=None, score_cutoff=SIMILAR, limit=None)


def similar_ratio(title: str, other: str) -> float:
    """The per cent by which two titles agree (Indel); 0 for less than `SIMILAR`."""
    short, long = len(title), len(other)
    if 200 * min(short, long) < SIMILAR * (short + long):  # it can't be reached
        return 0.0
    return _ratio()(title, other, score_cutoff=SIMILAR)


@cache
def _ratio() -> Callable[..., float]:
    from rapidfuzz import fuzz  # not in `similar_ratio`: an import takes as long as the comparison of two titles

    return fuzz.ratio


@cache
def _extract() -> Callable[..., list[tuple[str, float, int]]]:
    from rapidfuzz import process

    return process.extract


def is_telling(word: str) -> bool:
    """Whether one such word makes another work: a number, a letter, "reply"."""
    if len(word) == 1 and word not in SMALL_WORDS:
        return True
    return word in TELLING_WORDS or any(char.isdigit() for char in word) or bool(ROMAN.fullmatch(word))


def differences(words: Sequence[str], other: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """The runs of words in which two titles differ."""
    from rapidfuzz.distance import Levenshtein

    a, b = list(words[:MAX_WORDS]), list(other[:MAX_WORDS])
    runs: list[tuple[list[str], list[str]]] = []
    joined = False
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "equal":
            joined = False
            continue
        left, right = a[step.src_start : step.src_end], b[step.dest_start : step.dest_end]
        if joined:
            runs[-1][0].extend(left)
            runs[-1][1].extend(right)
        else:
            runs.append((left, right))
        joined = True
    return runs


def tell_parts_apart(words: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles differ in a number or the like: "part 1", "part 2"."""
    for left, right in differences(words, other):
        telling = {word for word in left if is_telling(word)}
        if telling and telling.isdisjoint(right) and any(is_telling(word) for word in right):
            return True
    return False


def one_is_about_the_other(words: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one title is the other with words before it that make another work: "Erratum to", "Reply to"."""
    short, long = sorted((tuple(words), tuple(other)), key=len)
    before = long[: len(long) - len(short)]
    return bool(short) and long[len(before) :] == short and any(word in _ABOUT for word in before)


def differ_in_spelling_only(words: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words in which two titles differ are spellings of each other, or small words."""
    from rapidfuzz import fuzz

    for left, right in differences(words, other):
        if all(word in SMALL_WORDS for word in (*left, *right)):
            continue
        a, b = "".join(left), "".join(right)
        if a == b:
            continue
        if not a or not b or any(is_telling(word) for word in (*left, *right)):
            return False
        # linear and nonlinear, stable and unstable
        if a.endswith(b) or b.endswith(a) or fuzz.ratio(a, b) < CLOSE_WORDS:
            return False
    return True


def is_subtitle_apart(title: str, other: str) -> bool:
    """Whether one title is the other followed by a subtitle that does not make another work of it."""
    short, long = sorted((title, other), key=lambda text: len(title_key(text).split()))
    short_words, long_words = title_key(short).split(), title_key(long).split()
    count = len(short_words)
    rest = long_words[count:]
    if long_words[:count] != short_words or not rest or any(map(is_telling, rest)):
        return False
    key = title_key(short)
    return any(title_key(long[: end.start()]) == key for end in _SUBTITLE.finditer(long[:1000]))


def main_title(title: str) -> str:
    """A title without its subtitle; the whole title if nothing sets one off."""
    if not _SETTING_OFF.search(title):  # many have none, and it is quick
        return title
    end = _SET_OFF.search(title[:MAX_LENGTH], 1)
    return title[: end.start()] if end is not None else title


def is_main_title(title: str, other: str) -> bool:
    """Whether a title is the other without its subtitle, whatever that says if it does not begin with a number."""
    main = main_title(other)
    rest = title_key(other[len(main) :]).split()
    return len(rest) > 2 and not is_telling(rest[0]) and same_wording(title, main)


_WORDS_OF_SIGNS: Final = (("&", " and "), ("\\&", " and "), ("+", " plus "))


@lru_cache(maxsize=20_000)
def wording(title: str) -> str:
    """A title as one word that is the same for all spellings of the same words, and for nothing else.

    Unlike in `squashed`, small words and plurals count: ``for`` instead of ``towards`` is another title.
    """
    text = bare_title(title).text
    for sign, word in _WORDS_OF_SIGNS:
        if sign in text:
            text = text.replace(sign, word)
    words = title_key(text).split()
    joined = "".join([_SPELLING_OF[word] for word in words])
    return joined.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def same_wording(title: str, other: str) -> bool:
    """Whether two titles have the same words, case, hyphens, accents, TeX and British spelling aside."""
    mine = wording(title)
    return bool(mine) and mine == wording(other)
