"""Number variables: what is numeric, plural, and how it is written (CSL 1.0.2, "Number", "Label", "Page Ranges")."""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.locale import Locale

# a list of numbers is split at these; each keeps the spaces around it for non-numeric content
_JOINERS = r"\s*&\s*|,\s+and\s+|\s+and\s+|;\s+|,\s*|\s*\\?[-\u2013\u2014]+\s*"
_JOINER = lazy_pattern(f"({_JOINERS})")
_STRONG_JOINER = lazy_pattern(r"(\s*&\s*|;\s+|,\s*|\s*[\u2013\u2014]+\s*)")
_NUMERIC = lazy_pattern(r"[^\W\d_]{0,12}\d+[^\W\d_]{0,12}|[ivxlcdmIVXLCDM]+", re.ASCII)
_STRICT = lazy_pattern(r"[^\W\d_]{0,20}\d+[^\W\d_]{0,20}")
_SMALL_ROMAN = lazy_pattern(r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_LETTERS = frozenset("ivxlcdmIVXLCDM")
_LETTER = lazy_pattern(r"[^\W\d_a-z]")
_ROMAN = lazy_pattern(r"[ivxlcdmIVXLCDM]+")
_PARTS = lazy_pattern(r"([0-9]*[^\W\d_]+0*)?([0-9]+[a-z]*)")


class NumberValue:
    """A parsed number variable: ``parts`` alternates values and joiners (``-``, ``,``, ``&`` or the text as it was)."""

    __slots__ = ("is_list", "is_numeric", "is_plural", "parts", "text")

    def __init__(
        self, text: str, parts: tuple[str, ...], *, is_numeric: bool, is_plural: bool, is_list: bool = False
    ) -> None:
        self.text = text
        self.parts = parts
        self.is_numeric = is_numeric
        self.is_plural = is_plural
        self.is_list = is_list  # several numbers and nothing else


def _is_plain(value: str) -> bool:
    """Whether the value is of the digits 0 to 9."""
    return value.isascii() and value.isdigit()


@lru_cache(maxsize=64)
def _joiner(and_: str) -> re.Pattern[str]:
    """Splits also at the word for "and" of a language."""
    return re.compile(rf"(,?\s+{re.escape(and_)}\s+|{_JOINERS})")


@lru_cache(maxsize=16384)
def parse_number(text: str, and_: str = "") -> NumberValue:
    """The text split into numbers. ``is_plural`` is true for several numbers ("Label": contextual plural).

    ``and_`` is the locale's word for "and" where that is not English.
    """
    text = text.strip()
    if _is_plain(text):
        return NumberValue(text, (text,), is_numeric=True, is_plural=False)
    first, dash, last = text.partition("-")
    if dash and _is_plain(first) and _is_plain(last):  # as pages mostly are
        return NumberValue(text, (first, dash, last), is_numeric=True, is_plural=True, is_list=True)
    if dash and first.isalnum() and last.isalnum():  # nothing else is there to split at
        parts = [first, dash, last]
        values = [first, last]
    elif "\u2013" in text and "-" in text:  # the hyphens belong to the pages themselves
        parts = _STRONG_JOINER.split(text)
        values = [value.replace("-", "") for value in parts[::2]]
    else:
        parts = (_joiner(and_) if and_ else _JOINER).split(text)
        values = parts[::2]
    numeric = all(_is_numeric(value.strip()) for value in values)
    countable = numeric or all(_is_countable(value.strip()) for value in values)
    joiners = parts[1::2]
    if not countable:
        joiners = joiners[: max(_leading(values) - 1, 0)]  # words behind the numbers change nothing
    plural = any("\\" not in joiner for joiner in joiners)
    return NumberValue(text, tuple(parts), is_numeric=numeric, is_plural=plural, is_list=plural and countable)


def _is_numeric(value: str) -> bool:
    """Whether the value is a number, with letters before or after it or not; also one in small Roman letters, below 90.

    The specification is silent about those. They number the pages and chapters of introductions, and citeproc-js takes
    them for numbers; in capitals, and with c, d and m, they are letters and words as often.
    """
    if value.isalpha():
        return _SMALL_ROMAN.fullmatch(value) is not None
    return _is_plain(value) or _STRICT.fullmatch(value) is not None


def _is_countable(value: str) -> bool:
    """Whether the value is a number, also a Roman one."""
    if value.isalpha():
        return _ROMAN_LETTERS.issuperset(value)
    return _NUMERIC.fullmatch(value) is not None


def _leading(values: Sequence[str]) -> int:
    """How many numbers come first; words after the last of them belong to it ("14 passim").

    After a number, a capital letter counts as one: "ii, A, D-Z" are pages.
    """
    count = 0
    for value in values:
        if count and _LETTER.fullmatch(value.strip()):
            count += 1
            continue
        number = _NUMERIC.match(value.strip())
        if number is None or value.strip()[number.end() :][:1].strip():
            break
        count += 1
        if number.end() < len(value.strip()):
            break
    return count


def joined(values: tuple[str, ...], range_delimiter: str, ampersand: str = "&") -> str:
    """The values with their joiners in the form that the specification asks for."""
    pieces: list[str] = []
    for index, part in enumerate(values):
        if index % 2 == 0:
            pieces.append(part.strip())
            continue
        mark = part.strip()
        if mark.startswith("\\"):
            pieces.append("-")
        elif mark[:1] in "-\u2013\u2014" and mark:
            pieces.append(range_delimiter)
        elif mark == "&":
            pieces.append(f" {ampersand} ")
        elif mark == ",":
            pieces.append(", ")
        else:
            pieces.append(part)
    return "".join(pieces)


def roman(number: int) -> str:
    """Lower-case roman numerals for 1 to 5999, digits for other numbers."""
    if not 0 < number < 6000:
        return str(number)
    out = ""
    for value, letters in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        while number >= value:
            out += letters
            number -= value
    return out


def suffix_letters(number: int) -> str:
    """The year-suffix for 0, 1, 2 ...: a ... z, aa, ab ..."""
    out = ""
    number += 1
    while number > 0:
        number, digit = divmod(number - 1, 26)
        out = chr(97 + digit) + out
    return out


def format_number(value: str, form: str, locale: Locale, gender: str) -> str:
    """One number in the form ``ordinal``, ``long-ordinal`` or ``roman``; anything with letters stays as it is."""
    value = value.strip()
    if not _is_plain(value) or len(value) > 12:
        return value
    number = int(value)
    if form == "roman":
        return roman(number)
    if form == "long-ordinal":
        found = locale.long_ordinal(number, gender)
        if found is not None:
            return found
    if form in ("ordinal", "long-ordinal"):
        return value + locale.ordinal_suffix(number, gender)
    return value


_PREFIX = lazy_pattern(r"[0-9]*[^\W\d_]+(?=[0-9])")


def _is_hyphen(joiner: str) -> bool:
    return joiner.strip()[:1] in ("-", "\u2013", "\u2014")


def same_prefixes(parts: tuple[str, ...]) -> bool:
    """False where the ends of a range carry different letters ("N110-5"): that may be anything but a range."""
    for index in range(1, len(parts) - 1, 2):
        if _is_hyphen(parts[index]) and _prefix(parts[index - 1]) != _prefix(parts[index + 1]):
            return False
    return True


def _prefix(value: str) -> str:
    """The letters before the last number, with what is before them."""
    found = None if _is_plain(value) or value.isalpha() else _PREFIX.match(value.strip())
    return found[0] if found else ""


def all_with_digits(parts: tuple[str, ...]) -> bool:
    """True where each value has a digit: pages like "123N110" are numbers of a kind."""
    return all(any(char.isdigit() for char in value) for value in parts[::2])


def with_page_ranges(parts: tuple[str, ...], page_format: str) -> tuple[str, ...]:
    """Each pair of values with a hyphen between them in the page-range-format."""
    changed = list(parts)
    index = 1
    while index < len(changed) - 1:
        if _is_hyphen(changed[index]):
            first, last = page_range(changed[index - 1].strip(), changed[index + 1].strip(), page_format)
            changed[index - 1], changed[index + 1] = first, last
            index += 2  # the end of a range starts no other one
        index += 2
    return tuple(changed)


def page_range(first: str, last: str, how: str) -> tuple[str, str]:
    """Both ends of a page range in a page-range-format ("Appendix V"); anything but a range of numbers is unchanged."""
    lead = ""
    begin, end = first, last
    if not (_is_plain(first) and _is_plain(last)):
        one, two = _PARTS.fullmatch(first), _PARTS.fullmatch(last)
        if not one or not two or (one[1] or "") != (two[1] or ""):
            return first, last
        lead, begin, end = one[1] or "", one[2], two[2]
        if not (begin.isdigit() and end.isdigit()):
            return first, last
    if len(end) < len(begin):
        end = begin[: len(begin) - len(end)] + end
    if int(begin) >= int(end):
        return first, last
    if how == "expanded":
        return lead + begin, lead + end
    if how == "minimal":
        return lead + begin, _shorten(begin, end, 1)
    if how == "minimal-two":
        return lead + begin, _shorten(begin, end, 2)
    if how in ("chicago", "chicago-15"):
        return lead + begin, _chicago(begin, end, four_in_full=True)
    if how == "chicago-16":
        return lead + begin, _chicago(begin, end, four_in_full=False)
    return first, last


def _shorten(begin: str, end: str, least: int) -> str:
    if len(begin) != len(end):
        return end
    same = 0
    while same < len(end) - least and begin[same] == end[same]:
        same += 1
    return end[same:]


def _chicago(begin: str, end: str, *, four_in_full: bool) -> str:
    """Appendix V: below 100 and multiples of 100 in full; 101-109 changed part only; else two digits or more.

    ``four_in_full`` is the rule of the 15th edition: numbers of four digits of which three change.
    """
    first, last = int(begin), int(end)
    if first < 100 or first % 100 == 0 or len(begin) != len(end):
        return end
    for digits in range(2, len(end)):
        unit: int = 10**digits
        if first // unit == last // unit:
            return end if four_in_full and len(end) == 4 and digits > 2 else str(last % unit)
    return end
