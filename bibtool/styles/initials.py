"""Initials of given names (CSL 1.0.2, ``initialize``, ``initialize-with``, ``initialize-with-hyphen``)."""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SEPARATOR = lazy_pattern(r"([-\s]+)")
_POINT_WITHIN = lazy_pattern(r"\.(?=[^\s.])")
_WORD = lazy_pattern(r"([^\W\d_])([^\W\d_]*)(\.*)")
_BLANKS = lazy_pattern(r"[ \t\n\r\f\v]+")
_HYPHEN = lazy_pattern(r"\s*-\s*")


def _words(given: str, *, hyphen: bool) -> list[str]:
    """Words and separators in turn; points inside a word end it (``J.R.`` is two initials)."""
    given = given.strip()
    if "-" not in given and "." not in given[:-1] and _is_evenly_spaced(given):  # as most names are
        words = given.split(" ")
        out = [" "] * (2 * len(words) - 1)
        out[::2] = words
        return out
    given = _evenly_spaced(given)
    if not hyphen:
        given = given.replace(".-", ". ")
    given = re.sub(r"-(?=[^\W\d_])", lambda m: "\u2013" if given[m.end()].islower() else "-", given)
    if not hyphen:
        given = given.replace("-", " ").strip()
    given = _POINT_WITHIN.sub(lambda m: "." if given[m.end()] == "-" else ". ", given)
    return _SEPARATOR.split(given)


def _is_evenly_spaced(text: str) -> bool:
    """Whether single spaces between words are all the white space."""
    return " ".join(text.split()) == text


def _evenly_spaced(text: str) -> str:
    """The text with one space for several, and none next to hyphens."""
    if not _is_evenly_spaced(text):
        text = _BLANKS.sub(" ", text)
    return _HYPHEN.sub("-", text) if "-" in text else text


def _parts_of(word: str) -> tuple[str, ...] | None:
    """The first letter, the other letters and the points after them; None for a word that begins with no letter."""
    if word.isalpha():
        return word[0], word[1:], ""
    if word[-1] == "." and word[:-1].isalpha():
        return word[0], word[1:-1], "."
    found = _WORD.match(word)
    return found.groups() if found else None


_TAG = lazy_pattern(r"(<[^<>]{1,100}>)")
_LEAD = lazy_pattern(r"[\s-]*")


@lru_cache(maxsize=16384)
def initialize(given: str, mark: str, *, hyphen: bool = True) -> str:
    """``Jean-Luc`` with ". " gives ``J.-L.``; words in small letters stay (``Guy de`` gives ``G. de``).

    Names in scripts without capitals and lower-case names stay as they are. Markup in a name stays in place.
    """
    if "<" in given and _TAG.search(given):
        return _around_tags(given, mark, hyphen=hyphen, change=initialize)
    if not given or not given[0].isalpha() or (not given[0].isupper() and given[0].upper() == given[0]):
        return given
    words = _words(given, hyphen=hyphen)
    out: list[str] = []
    count = len(words)
    for index in range(0, count, 2):
        word = words[index]
        if not word:
            continue
        separator = words[index + 1] if index + 1 < count else ""
        found = _parts_of(word)
        if found and word[0].isupper():
            first, rest, point = found
            if rest and point:
                initial = first + rest  # an abbreviation: "Ph." stays
            else:
                capitals = len(rest) - len(rest.lstrip("".join(char for char in rest if char.isupper()) or "\0"))
                initial = first + (rest[:capitals].lower() if capitals < len(rest) else "")
            out.append(initial + mark)
            if "-" in separator:
                out.append("-")
        else:
            if out and not out[-1].endswith((" ", "-")):
                out.append(" ")
            out.append(word + (separator or ""))
    text = "".join(out).replace("\u2013", "-")
    return _evenly_spaced(text.rstrip("\t\n\v\f\r \ufeff\u00a0"))


@lru_cache(maxsize=16384)
def mark_initials(given: str, mark: str, *, hyphen: bool = True) -> str:
    """With ``initialize`` off: only initials that are there get the mark (``James T Kirk`` gives ``James T. Kirk``)."""
    if "<" in given and _TAG.search(given):
        return _around_tags(given, mark, hyphen=hyphen, change=mark_initials)
    if not given or not given[0].isalpha():
        return given
    words = _words(given, hyphen=hyphen)
    out: list[str] = []
    count = len(words)
    for index in range(0, count, 2):
        word = words[index]
        if not word:
            continue
        separator = words[index + 1] if index + 1 < count else ""
        bare = word.rstrip(".")
        following = words[index + 2] if index + 2 < count else ""
        if (word.endswith(".") and bare) or (len(bare) == 1 and bare.isupper()):
            out.append(bare)
            next_is_initial = following.endswith(".") or (len(following) == 1 and following.isupper())
            out.append(mark)
            if "-" in separator:
                out.append("-")
            elif separator and not next_is_initial:
                out.append(" ")
        else:
            out.append(word + separator)
    text = "".join(out).replace("\u2013", "-")
    return _evenly_spaced(text.rstrip("\t\n\v\f\r \ufeff\u00a0"))


def _around_tags(given: str, mark: str, *, hyphen: bool, change: Callable[..., str]) -> str:
    out = ""
    for piece in _TAG.split(given):
        if _TAG.fullmatch(piece):
            out += piece
            continue
        lead = _LEAD.match(piece)
        blank = lead[0] if lead else ""
        out += blank + change(piece[len(blank) :], mark, hyphen=hyphen)
        if piece[-1:].isspace():
            out += " "
    return out.rstrip()
