"""Titles and names that a database writes in capitals only, in their normal case.

Sources: The Chicago Manual of Style, 8.159 (headline style: articles, conjunctions and short prepositions in lower
case), 8.6-8.14 (particles, Mac and O'), 10.4 (acronyms). What the capitals of a word were can't be known for certain,
so that this is for sources which write everything in capitals, and for them only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.model.names import Name

_SMALL = frozenset(
    "a an and as at by for from in into nor of on or per the to up via vs with "  # English
    "de del der des di die du e el en et i la las le les los och og para pour sur und von y zu zur".split()
)
_PARTICLES = frozenset(
    "af al da das de del della den der des di do dos du la le les ten ter van vom von zu zur".split()
)
_ACRONYMS = frozenset(
    (
        "ACM ACS AIAA AIDS AIP AMA ASCE ASM ASME ASTM BBA BMC BMJ CA CAB CIRP COVID CRC CT DNA EEG EMBO ESA FEBS "
        "FEMS HIV IBM ICES IEE IEEE IEEJ IEICE IET IFAC IFIP IMA INFORMS IOP ISA ISPRS ISRN IUBMB JAMA JOM MIT MRI "
        "NASA NATO NDT NMR NY OECD PCR RNA RSC SIAM SIGMOD SPE SPIE UK US USA UV VLDB WHO"
    ).split()
)
# words without a vowel, and others, that are no acronyms
_WRITTEN = {"ltd": "Ltd", "gmbh": "GmbH", "st": "St", "dr": "Dr", "jr": "Jr", "mr": "Mr", "plc": "plc"}
_ROMAN = lazy_pattern(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_WORD = lazy_pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MIN_LETTERS = 4  # fewer are an acronym


def in_capitals(text: str) -> bool:
    """True for a text of several letters that all are capitals."""
    return not any(char.islower() for char in text) and sum(char.isupper() for char in text) >= _MIN_LETTERS


def title_from_capitals(title: str, known: Mapping[str, str] | None = None) -> str:
    """A title in capitals with each word capitalised but small ones; any other text as it is.

    ``known`` has words in small letters and how they are written (``plos`` and ``PLoS``), from another field. Words
    without a vowel, Roman numbers and acronyms of learned societies stay in capitals.
    """
    if not in_capitals(title):
        return title

    def word(match: re.Match[str]) -> str:
        written = match[0]
        low = written.lower()
        if known and low in known:
            return known[low]
        before = title[: match.start()].rstrip()
        starts = not before or before[-1] in ":.?!(["
        if low in {"st", "nd", "rd", "th"} and title[: match.start()][-1:].isdigit():
            return low
        if low in _WRITTEN:
            return _WRITTEN[low]
        if len(written) == 2 and before[-1:] == ",":
            return written  # a state: "Honolulu, HI"
        if low in _SMALL and not starts and match.end() < len(title):
            return low
        if (
            written in _ACRONYMS
            or (len(written) > 1 and _ROMAN.fullmatch(written))
            or not re.search("[AEIOUYÀ-ÿ]", written)
        ):
            return written
        if "'" in written or "’" in written:
            head, mark, tail = re.split("(['’])", written, maxsplit=1)
            return (
                _capitalised(head) + mark + (_capitalised(tail) if len(head) == 1 and len(tail) > 1 else tail.lower())
            )
        return _capitalised(written)

    return _WORD.sub(word, title)


def _capitalised(word: str) -> str:
    return word[:1] + word[1:].lower()


def name_from_capitals(name: Name) -> Name:
    """A person's name in capitals with a capital at the beginning of each part; initials stay.

    Particles at the beginning of the family name are in lower case. A literal, and a name in normal case, stay as they
    are.
    """
    if name.literal or not name.family or any(char.islower() for char in name.family + name.given):
        return name
    particles: list[str] = []
    words = name.family.split(" ")
    while len(words) > 1 and words[0].lower() in _PARTICLES:
        particles.append(words.pop(0).lower())
    family = " ".join(_WORD.sub(_family_word, word) for word in words)
    given = " ".join(_WORD.sub(_given_word, word) for word in name.given.split(" "))
    return replace(
        name, family=family, given=given, non_dropping_particle=" ".join(particles) or name.non_dropping_particle
    )


def _family_word(match: re.Match[str]) -> str:
    pieces = re.split("(['’])", match[0])  # O'Brien, D'Angelo
    return "".join(_mac(piece) for piece in pieces)


def _mac(word: str) -> str:
    low = _capitalised(word)
    return f"Mc{low[2:].capitalize()}" if low.startswith("Mc") and len(low) > 3 else low


def _given_word(match: re.Match[str]) -> str:
    word = match[0]
    has_vowel = any(char in "AEIOUY" or not char.isascii() for char in word)
    return _capitalised(word) if len(word) > 3 or (len(word) == 3 and has_vowel) else word
