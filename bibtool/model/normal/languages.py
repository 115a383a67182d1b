"""Languages as BCP 47 tags, which CSL's ``language`` is, from any of the names that programs write.

Sources: babel's locale files and manual (names of languages, old names such as ``ngerman``); biblatex manual, 2.2.2
(``language``, ``langid``: babel's names; ``lang...`` keys of 4.9.2.18) and 2.3.12; ISO 639-2 (both kinds of codes);
BCP 47 (RFC 5646, 2.1.1: the case of subtags).
"""

from __future__ import annotations

import re
from functools import cache

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# names of languages in other words, and what is left of biblatex's keys
_OTHER_NAMES: Final = {
    "deutsch": "de", "français": "fr", "español": "es", "castellano": "es", "italiano": "it", "português": "pt",
    "nederlands": "nl", "dansk": "da", "svenska": "sv", "suomi": "fi", "polski": "pl", "čeština": "cs", "русский": "ru",
    "українська": "uk", "ελληνικά": "el", "türkçe": "tr", "日本語": "ja", "中文": "zh", "한국어": "ko",
    "english (us)": "en-US",    "english (uk)": "en-GB", "american english": "en-US", "british english": "en-GB",
    "us english": "en-US",
    "modern greek": "el", "farsi": "fa", "mandarin": "zh", "norwegian bokmål": "nb", "norwegian nynorsk": "nn",
    "brazilian portuguese": "pt-BR",
}  # fmt: skip
_TAG = lazy_pattern(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?((?:[-_][A-Za-z0-9]{2,8})*)")
_SEVERAL = lazy_pattern(r"\s+and\s+|\s*[,;/]\s*", re.IGNORECASE)
_CODES = frozenset(
    "en de fr es it pt nl da sv nb nn no fi is et lv lt pl cs sk sl hr sr bs mk bg ru uk be ro hu el tr he ar fa ur hi "
    "mr bn th vi id ms ca gl eu ga cy la eo af sq hy ka kk uz az zh ja ko".split()
)


@cache
def tags_of_babel() -> dict[str, str]:
    """Babel's name of a language -> its BCP 47 tag."""
    from bibtool.model.normal.languagedata import BABEL_NAMES

    return dict(word.split(":") for word in BABEL_NAMES.split())


@cache
def _iso() -> dict[str, str]:
    from bibtool.model.normal.languagedata import ISO_639_2

    return dict(word.split(":") for word in ISO_639_2.split())


@cache
def normal_language(text: str) -> str:
    """The tag of a language; of several, their tags with commas between them. Unknown names stay as they are."""
    text = " ".join(text.split())
    tag = _tag(text)
    if tag:
        return tag
    pieces = _SEVERAL.split(text)
    tags = [_tag(piece) for piece in pieces]
    return ", ".join(tags) if len(tags) > 1 and all(tags) else text


def _tag(text: str) -> str:
    name = text.casefold()
    known = tags_of_babel().get(name) or _OTHER_NAMES.get(name)
    if known is None and name.startswith("lang"):
        known = tags_of_babel().get(name[4:])  # biblatex's keys: langlatin
    if known is not None:
        return known
    match = _TAG.fullmatch(text)
    if match is None:
        return ""
    language = match[1].lower()
    if len(language) == 3:
        code = _iso().get(language)
        if code is None:
            return text if "-" in text else ""
        language = code
    elif match[0] == match[1] and language not in _CODES:
        return text.lower() if text.isascii() and text.isupper() else text
    rest = [part for part in re.split("[-_]", match[4]) if part]
    subtags = [language, (match[2] or "").title(), (match[3] or "").upper(), *rest]
    return "-".join(part for part in subtags if part)


@cache
def _babel_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, tag in tags_of_babel().items():
        names.setdefault(tag, name)
    return names


def babel_name(tag: str) -> str:
    """Babel's name of a tag, of several with ``and`` between them; "" where babel has none."""
    name = _babel_names().get(tag)
    if name is not None or "," not in tag:
        return name or ""
    names = [_babel_names().get(part.strip(), "") for part in tag.split(",")]
    return " and ".join(names) if all(names) else ""
