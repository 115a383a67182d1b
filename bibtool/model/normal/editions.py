"""Editions: a number where the text says nothing but a number, and the words that BibTeX's styles print.

Sources: btxdoc.tex, section 3.2 (``edition``: "an ordinal ... and should have the first letter capitalized", such as
``Second``); biblatex manual, 2.2.2 (``edition`` is an integer where it can be one); CSL 1.0.2 (``edition`` is a number
variable). AACR2 1.2B and appendix B.9 for the abbreviations (``2nd ed.``, ``2. Aufl.``, ``2e éd.``).
"""

from __future__ import annotations

import re
import unicodedata

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# ordinals from first to twelfth; the endings of gender are taken off before
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte",
    "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième",
    "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
    "prima seconda terza quarta quinta sesta settima ottava nona decima",
    "primeira segunda terceira quarta quinta sexta sétima oitava nona décima",
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde",
)
_NUMBERS: Final = {
    unicodedata.normalize("NFC", word): number
    for row in reversed(_ORDINALS)
    for number, word in enumerate(row.split(), start=1)
}
_WORDS: Final = tuple(word.capitalize() for word in _ORDINALS[0].split())
_EDITION = (
    r"(?:editions?|edn\.?|edit\.|eds?\.?|auflage|aufl\.?|ausgabe|ausg\.|éditions?|éd\.?|edición|edizione|edição|"
    r"druk|dr\.|uppl\.?|upplagan?|изд\.?|издание)"
)
_NUMBERED = lazy_pattern(
    rf"(?P<number>\d{{1,3}})(?:\s?(?:st|nd|rd|th|er|re|ère|ème|eme|e|ste|de|ed|a|o|ª|º|°|\.ª|\.º|-е|-oe|/e))?\.?"
    rf"(?:\s*{_EDITION})?",
    re.IGNORECASE,
)
_BEHIND = lazy_pattern(rf"{_EDITION}\s*(?P<number>\d{{1,3}})\.?", re.IGNORECASE)
_WORDED = lazy_pattern(rf"(?:the\s+|die\s+|la\s+)?(?P<word>[^\W\d_]+)(?:\s+{_EDITION})?", re.IGNORECASE)


def normal_edition(text: str) -> str:
    """``2`` for ``Second``, ``2nd ed.``, ``2. Aufl.``; any text that says more (``2nd rev. ed.``) as it is."""
    bare = unicodedata.normalize("NFC", " ".join(text.split()))
    if (bare.isascii() and bare.isdigit()) or len(bare) > 60:
        return bare
    if match := _NUMBERED.fullmatch(bare) or _BEHIND.fullmatch(bare):
        return str(int(match["number"])) if int(match["number"]) else bare
    if match := _WORDED.fullmatch(bare):
        word = match["word"].casefold()
        for ending in ("", "n", "r"):  # the German endings of "in zweiter Auflage"
            number = _NUMBERS.get(word.removesuffix(ending))
            if number is not None:
                return str(number)
    return bare


def edition_in_bibtex(text: str) -> str:
    """``Second`` for ``2``, ``21st`` for ``21``; anything else, such as ``007``, as it is."""
    if not (text.isascii() and text.isdigit()) or len(text) > 3 or text.startswith("0"):
        return text
    number = int(text)
    if 1 <= number <= len(_WORDS):
        return _WORDS[number - 1]
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
