r"""The parts of one name by BibTeX's rules: First, von, Last and Jr (btxhak.tex, "names").

pybtex does the same, except for the foreign letters, whose control sequences it does not look at, and a property test
holds the two equal; importing it takes longer than reading 500 entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from re import Pattern

_SPACE = r"(?:\\ |\s|(?<!\\)~)+"  # "\~" is an accent
_WORDS = lazy_pattern(_SPACE)
_WORDS_OR_BRACE = lazy_pattern(rf"[{{}}]|{_SPACE}")
_COMMAS = lazy_pattern(",")
_COMMA_OR_BRACE = lazy_pattern("[{},]")


class PersonParts(NamedTuple):
    """The words of each part, still in LaTeX."""

    first: list[str]
    von: list[str]
    last: list[str]
    lineage: list[str]


def person_parts(raw: str) -> PersonParts:
    """The parts of one name; no words for a name without any. Never raises.

    A brace that is not closed is closed at the end. BibTeX takes what follows a third comma as first names.
    """
    raw = _close_braces(raw)
    if raw.count(",") > 2:
        parts = _split(raw, _COMMAS, _COMMA_OR_BRACE)
        if len(parts) > 3:
            raw = ", ".join([*parts[:2], " ".join(parts[2:])])
    parts = _split(raw.strip(), _COMMAS, _COMMA_OR_BRACE)
    if len(parts) > 1:
        return PersonParts(_words(parts[-1]), *_von_last(_words(parts[0])), _words(parts[1]) if len(parts) > 2 else [])
    words = _words(parts[0])
    at = next((place for place, word in enumerate(words) if _is_von(word)), max(len(words) - 1, 0))
    return PersonParts(words[:at], *_von_last(words[at:]), [])


def _von_last(words: list[str]) -> tuple[list[str], list[str]]:
    """The words up to the last von word, which is never the last word of all, and the words after it."""
    at = max((place for place, word in enumerate(words[:-1], 1) if _is_von(word)), default=0)
    return words[:at], words[at:]


def _words(text: str) -> list[str]:
    return [word for word in _split(text, _WORDS, _WORDS_OR_BRACE) if word]


def _split(text: str, separator: Pattern[str], separator_or_brace: Pattern[str]) -> list[str]:
    """The pieces between separators outside of braces, without white space around them."""
    if "{" not in text:
        return [piece.strip() for piece in separator.split(text)]
    pieces: list[str] = []
    depth = start = 0
    for found in separator_or_brace.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append(text[start : found.start()].strip())
            start = found.end()
    return [*pieces, text[start:].strip()]


def _close_braces(raw: str) -> str:
    if "{" not in raw:
        return raw
    depth = 0
    for char in raw:
        depth += (char == "{") - (char == "}" and depth > 0)
    return raw + "}" * depth


def _is_von(word: str) -> bool:
    r"""Whether the first letter outside of braces, or of a "special character" (``{\'e}``), is a small one."""
    if word[0].isupper() or word[0].islower():
        return word[0].islower()
    depth = 0
    for at, char in enumerate(word):
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and char.isalpha():
            return char.islower()
        elif depth == 1 and char == "\\":
            return word[at - 1] == "{" and _is_small_special(word[at + 1 :])
    return False


# the letters of other languages that BibTeX knows by their control sequences (bibtex.web, "von_token_found")
_FOREIGN = {"i", "j", "o", "O", "l", "L", "oe", "OE", "ae", "AE", "aa", "AA", "ss"}


def _is_small_special(rest: str) -> bool:
    """Whether the letter of a special character is a small one: that of its control sequence, or the first after it.

    False for none (bibtex.web, "Check the special character").
    """
    name = rest[: next((at for at, char in enumerate(rest) if not char.isalpha()), len(rest))]
    if name in _FOREIGN:
        return name[0].islower()
    depth = 1
    in_name = True
    for char in rest:
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return False
        if in_name:
            in_name = char.isalpha()
        elif char.isalpha():
            return char.islower()
    return False
