"""Keys that put text in the order of a language (Unicode Technical Standard 10, tailored as CLDR has it).

`collation` gives the function that makes such keys. Letters are compared first, without case, accents and punctuation;
spaces come before letters ("De Witt" before "Dewar") and `BREAK` before spaces, numbers are compared by value; accents
decide last. What differs by language is in `bibtool.model.text.tailorings`.

The characters of Chinese have no order that could be computed. Those of everyday use come from the national character
sets, which list them by reading or by strokes: GB 2312 (level 1) by pinyin, Big5 (level 1) by strokes, JIS X 0208 in
the Japanese order, KS X 1001 by their Korean reading. For the others, Chinese and Korean need ICU (PyICU).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import import_module

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import UNDECOMPOSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from re import Match
    from typing import Any, Protocol

    class Collation(Protocol):
        """Makes a comparable key of a string."""

        def __call__(self, text: str, /) -> object:
            """The key."""


# Between the parts of a text that are compared one after the other, and between such texts in a row: both come before
# spaces, so that "Garcia" as a whole is before "Garcia Lopez", whatever follows it.
BREAK = "\x1f"
END = "\x1e"

_FOREIGN = lazy_pattern(r"[^\x00-\x7f]+")
_DIGITS = lazy_pattern(r"\d+")
# marks between two numbers, which would be one without them; those before three digits belong to a number ("20,000")
_BETWEEN_NUMBERS = lazy_pattern(r"(?<=\d)(?![,.'\u2019]\d{3}(?!\d))[^\w\s]+(?=\d)")
_MARK = 0x10FF00  # these characters, which no text has, follow a letter to make those that come after it
# vowel signs of the scripts of India and South-East Asia are letters
_KEPT = (("\u0900", "\u0fff"), ("\u1780", "\u17ff"), ("\U0010ff00", "\U0010fffd"))
_IGNORED = lazy_pattern(rf"[^\w\s{''.join(f'{low}-{high}' for low, high in _KEPT)}]|_")
# the ASCII characters among the ignored ones
_IGNORED_ASCII = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code).isspace()))
_BEHIND = 0x40000  # added to the letters of scripts that are not the language's own
_HAN_RANKED = 0x3400  # characters with a known rank; others of the script come after them
_HAN_OTHER = 0x10000
_VOWEL_CLASSES = frozenset({0, 9, 103})  # of combining characters: signs that are no accents, as Thai's short u
_UNDECOMPOSED = str.maketrans(UNDECOMPOSED)
_DOTTED = str.maketrans({"I": "ı", "İ": "i"})
_THAI_PREFIX = lazy_pattern("([เ-ไ])([ก-ฮ])")  # vowels written before the consonant after which they are spoken
_PROLONGED = lazy_pattern("(.)ー")
_VOWELS = {"A": "あ", "I": "い", "U": "う", "E": "え", "O": "お"}
_STROKE_REGIONS = frozenset({"TW", "HK", "MO"})
_CHARACTER_SETS = {"pinyin": "gb2312", "stroke": "big5", "ja": "euc_jp", "ko": "euc_kr"}


@lru_cache(maxsize=32)
def collation(lang: str) -> Collation:
    """The order of a BCP 47 tag (``sv-SE``, ``de-u-co-phonebk``); the order of English for a language not known."""
    language, order = _read(lang)
    if order in ("pinyin", "stroke") or language == "ko":
        key = _by_icu(language if language == "ko" else f"zh-u-co-{order}")
        if key is not None:
            return lru_cache(maxsize=65536)(key)
    return lru_cache(maxsize=65536)(_Tailored(language, order, lang).key)


def not_ordered(lang: str, texts: Iterable[str]) -> str:
    """The first character of the texts whose place in the order of the language only ICU knows; "" for none.

    Always "" where PyICU is installed.
    """
    language, order = _read(lang)
    if language != "ko" and order not in ("pinyin", "stroke"):
        return ""
    for text in texts:
        if text.isascii():
            continue
        for char in text:
            if _is_han(ord(char)) and (language == "ko" or not _is_everyday(char, order)):
                return char if _icu() is None else ""
    return ""


def _read(lang: str) -> tuple[str, str]:
    """The language in lower case and the type of its order, "" for the usual one."""
    parts = lang.replace("_", "-").split("-")
    language = parts[0].lower()
    low = [part.lower() for part in parts]
    order = ""
    if "u" in low and "co" in low[low.index("u") :]:
        after = low[low.index("co", low.index("u")) + 1 :]
        order = after[0] if after else ""
    if language == "zh" and order not in ("pinyin", "stroke"):
        traditional = "Hant" in parts or ("Hans" not in parts and not _STROKE_REGIONS.isdisjoint(parts))
        order = "stroke" if traditional else "pinyin"
    return language, order


@lru_cache(maxsize=1)
def _icu() -> Any:
    """PyICU, or None; any folder named ``icu`` can be imported, too."""
    try:
        icu = import_module("icu")
    except ImportError:
        return None
    return icu if hasattr(icu, "Collator") else None


def _by_icu(tag: str) -> Callable[[str], bytes] | None:
    """The keys of ICU, of the same letters as ours; None where PyICU is not installed."""
    icu = _icu()
    if icu is None:
        return None
    collator = icu.Collator.createInstance(icu.Locale.forLanguageTag(tag))
    collator.setStrength(icu.Collator.SECONDARY)
    collator.setAttribute(icu.UCollAttribute.NUMERIC_COLLATION, icu.UCollAttributeValue.ON)

    def key(text: str) -> bytes:
        key: bytes = collator.getSortKey(" ".join(_IGNORED.sub("", _BETWEEN_NUMBERS.sub(" ", text)).split()))
        return key

    return key


def _is_ignored(char: str) -> bool:
    """What `_IGNORED` finds."""
    return not (char.isalnum() or char.isspace() or any(low <= char <= high for low, high in _KEPT))


class _Letters(dict[int, str]):
    """A table for `str.translate` that works out each character at its first use; "" for those that are ignored."""

    def __init__(self, tailored: dict[str, str], first: tuple[tuple[tuple[int, int], ...], ...], han: str) -> None:
        super().__init__()
        self.tailored = tailored
        self.first = first
        self.han = han

    def __missing__(self, code: int) -> str:
        char = chr(code)
        value = self[code] = "" if _is_ignored(char) else "".join(map(self._place, self._letters(char)))
        return value

    def _letters(self, char: str) -> str:
        """The letters that the character counts as."""
        letters = self.tailored.get(char)
        if letters is not None:
            return letters
        if ord(char) >= _MARK:
            return char
        decomposed = unicodedata.normalize("NFD", char)
        for mark in decomposed[1:]:  # ế is ê and a tone to Vietnamese
            letters = self.tailored.get(unicodedata.normalize("NFC", decomposed[0] + mark))
            if letters is not None:
                return letters
        whole = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", char.translate(_UNDECOMPOSED)))
        if _is_hangul(whole):
            return whole
        if self.han == "euc_jp" and "ァ" <= whole <= "ヶ":
            whole = chr(ord(whole) - 0x60)  # Hiragana and Katakana are one
        plain = (part for part in unicodedata.normalize("NFD", whole) if unicodedata.combining(part) in _VOWEL_CLASSES)
        return "".join(self.tailored.get(part, part) for part in plain)

    def _place(self, letter: str) -> str:
        code = ord(letter)
        if code >= _MARK:
            return letter
        if self.han and _is_han(code):
            rank = _rank(letter, self.han)
            letter = chr(_HAN_OTHER + code if rank is None else _HAN_RANKED + rank)
        if not self.first or not letter.isalpha():
            return letter
        for number, ranges in enumerate(self.first):
            if any(low <= code <= high for low, high in ranges):
                return chr(ord(letter) + number * _BEHIND)
        return chr(ord(letter) + len(self.first) * _BEHIND) if code < _BEHIND else letter


class _Tailored:
    """The order of one language by our tables."""

    def __init__(self, language: str, order: str, lang: str) -> None:
        from bibtool.model.text import tailorings

        region = next((part for part in lang.replace("_", "-").split("-")[1:] if len(part) == 2 and part.isupper()), "")
        rules = tailorings.LETTERS
        own = rules.get(f"{language}-{region}-{order}") or rules.get(f"{language}-{order}") or rules.get(language, "")
        letters = _parsed(f"{tailorings.COMMON} {own}")
        first = tuple(tailorings.SCRIPTS[script] for script in tailorings.FIRST_SCRIPTS.get(language, ()))
        self.table = _Letters(
            {letter: place for letter, place in letters.items() if len(letter) == 1},
            first,
            _CHARACTER_SETS.get(order) or _CHARACTER_SETS.get(language, ""),
        )
        self.plain_ascii = not first and not any(letter.isascii() for letter in letters)
        self.digraphs = {letter: place for letter, place in letters.items() if len(letter) > 1}
        self.find_digraphs: Callable[[str], str] | None = None
        if self.digraphs:
            longest = "|".join(sorted(self.digraphs, key=lambda letter: (-len(letter), letter)))
            pattern = lazy_pattern(longest)
            self.find_digraphs = lambda text: pattern.sub(lambda match: self.digraphs[match[0]], text)
        self.dotless = language in ("tr", "az")
        self.prepare = {"ja": _spoken_kana, "th": _spoken_thai}.get(language)
        marks = tailorings.TONES if language == "vi" else tailorings.MARKS
        self.marks = str.maketrans(marks, "".join(chr(0x0300 + number) for number in range(len(marks))))
        self.marks |= {ord(mark): 0x0370 for mark in tailorings.MARKS + tailorings.TONES if mark not in marks}

        def accents(part: str) -> str:
            return unicodedata.normalize("NFKD", part.translate(_UNDECOMPOSED)).translate(self.marks)

        self.accents = _by_parts(accents)

    def key(self, text: str) -> tuple[str, str]:
        """Letters first, then the accents."""
        folded = text.translate(_DOTTED).casefold() if self.dotless else text.casefold()
        is_ascii = folded.isascii()
        accents = folded
        if not is_ascii:
            accents = _FOREIGN.sub(self.accents, folded)
            folded = unicodedata.normalize("NFC", folded)
            if self.prepare is not None:
                folded = self.prepare(folded)
        if self.find_digraphs is not None:
            folded = self.find_digraphs(folded)
        base, has_others = self._base(folded)
        if has_others:
            if _BETWEEN_NUMBERS.search(folded):
                base, _ = self._base(_BETWEEN_NUMBERS.sub(" ", folded))
            base = _DIGITS.sub(lambda number: number[0].lstrip("0").rjust(12, "0"), base)
        return base, accents

    def _base(self, folded: str) -> tuple[str, bool]:
        """The letters, digits and spaces of a text, and whether there are others than letters and spaces."""
        if folded.isascii() and self.plain_ascii:
            base = folded.encode().translate(None, _IGNORED_ASCII).decode()
        else:
            base = folded.translate(self.table)
        words = base.split()
        base = " ".join(words) if BREAK not in base and END not in base else _by_fields(base)
        return base, not "".join(words).isalpha()


def _by_fields(text: str) -> str:
    """The text with one space for several within each of its fields."""
    if " " not in text:
        return text.strip(BREAK + END)
    fields = (BREAK.join(" ".join(part.split()) for part in one.split(BREAK)) for one in text.split(END))
    return END.join(fields).strip(BREAK + END)


def _by_parts(change: Callable[[str], str]) -> Callable[[Match[str]], str]:
    """The change of one part of a text that is not ASCII; each part is changed once."""
    known = lru_cache(maxsize=4096)(change)
    return lambda part: known(part[0])


def _parsed(rules: str) -> dict[str, str]:
    """The letters of the rules, and what they are sorted as; later rules replace earlier ones."""
    import re

    chains: dict[str, list[str]] = {}
    expansions: dict[str, str] = {}
    for rule in rules.split():
        if ">" in rule:
            letter, _, letters = rule.partition(">")
            expansions[letter] = letters
        else:
            base, *rest = re.split(r"(?=[<=])", rule)
            chains[base] = rest
    places: dict[str, str] = {}
    for base, rest in chains.items():
        place, number = base, 0
        for step in rest:
            if step[0] == "<":
                number += 1
                place = f"{base}{chr(_MARK + number)}"
            places[step[1:]] = place
    for letter, letters in expansions.items():
        half = letters[: len(letters) // 2]
        places[letter] = places[half] * 2 if half in places and half * 2 == letters else letters
    return places


def _is_han(code: int) -> bool:
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF or code == 0x3007


def _is_hangul(text: str) -> bool:
    return len(text) == 1 and 0xAC00 <= ord(text) <= 0xD7AF


def _rank(char: str, character_set: str) -> int | None:
    """The place of the character in its national set, None where it is not in there."""
    try:
        data = char.encode(character_set)
    except UnicodeEncodeError:
        return None
    if len(data) != 2:  # EUC-JP has a second set in three bytes
        return None
    return (
        (data[0] - 0xA1) * 0xC0 + data[1] - 0x40 if character_set == "big5" else (data[0] - 0xA1) * 94 + data[1] - 0xA1
    )


def _is_everyday(char: str, order: str) -> bool:
    """True for level 1 of the sets, which is ordered as a whole."""
    try:
        data = char.encode(_CHARACTER_SETS[order])
    except UnicodeEncodeError:
        return False
    return len(data) == 2 and (data < b"\xd8" if order == "pinyin" else data < b"\xc9")


def _spoken_kana(text: str) -> str:
    """The text with the sign of length as the vowel that it prolongs."""

    def vowel(match: Match[str]) -> str:
        name = unicodedata.name(match[1], "")
        return match[1] + (_VOWELS.get(name[-1], "") if "KATAKANA" in name or "HIRAGANA" in name else "")

    return _PROLONGED.sub(vowel, text) if "ー" in text else text


def _spoken_thai(text: str) -> str:
    return _THAI_PREFIX.sub(r"\2\1", text)
