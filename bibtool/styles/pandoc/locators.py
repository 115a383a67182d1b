"""The locator at the start of a citation's suffix: ``p. 12-14``, ``[chap. 3]``, ``{ii, A, D-Z}``.

The rules are those of pandoc's manual ("Citations in note styles", "Specifying a citation"): the words are the terms of
the locale, in any form; a page where there is no word and the text begins with a digit; braces say what belongs to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.locale import Locale

LABELS = (
    "act appendix article-locator book canon chapter column elocation equation figure folio issue line note opus page "
    "paragraph part rule scene section sub-verbo supplement table timestamp title-locator verse version volume"
).split()
_ENGLISH = {"p": "page", "pp": "page", "chap": "chapter", "ch": "chapter", "sec": "section", "vol": "volume"}
_ROMAN = lazy_pattern(r"[ivxlcdm]+(?:[-–][ivxlcdm]+)?", re.IGNORECASE)
# a word of a locator: letters, digits and brackets in pairs, without the comma that ends it
_WORD = lazy_pattern(r"(?:\([^\s()<>]{0,40}\)|\[[^\s\[\]<>]{0,40}\]|[^\s,;:()\[\]{}<>\U000f0000-\U000ffffd])+")
_BETWEEN = lazy_pattern(r",?[ \u00a0]+(?:&[ \u00a0]+)?|,")
_LEAD = lazy_pattern(r"[ \u00a0]*,?[ \u00a0]*")


@lru_cache(maxsize=64)
def _known(terms: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    labels: dict[str, str] = {}
    for text, label in (*terms, *_ENGLISH.items()):
        bare = text.casefold().rstrip(".").strip()
        if bare:
            labels.setdefault(bare, label)
    words = "|".join(re.escape(word) for word in sorted(labels, key=len, reverse=True))
    return labels, re.compile(rf"({words})(?:\.[ \u00a0]*|[ \u00a0]+|(?<=[§¶])|(?=[\d(]))", re.IGNORECASE)


def _terms(locale: Locale) -> tuple[tuple[str, str], ...]:
    found = []
    for (name, _), term in locale.terms.items():
        if name in LABELS:
            found += [(term.single, name), (term.multiple, name)]
    return tuple(found)


class LocatorReader:
    """Reads the locators of a document in the terms of its locale."""

    def __init__(self, locale: Locale) -> None:
        self.labels, self.label = _known(_terms(locale))

    def read(self, suffix: str) -> tuple[str, str, str]:
        """The label (a term), the locator, and what is left of the suffix; ("", "", suffix) without a locator."""
        lead = _LEAD.match(suffix)
        start = lead.end() if lead else 0
        if suffix[start : start + 1] == "{":
            end = _closing(suffix, start)
            if end < 0:
                return "", "", suffix
            inside = suffix[start + 1 : end].strip()
            label, at = self._label(inside, 0)
            locator = inside[at:].strip()
            return (label if locator else ""), locator, suffix[end + 1 :]
        label, at = self._label(suffix, start)
        end = _words(suffix, at, explicit=at > start)
        if end == at:
            return "", "", suffix
        return label, suffix[at:end], suffix[end:]

    def _label(self, text: str, start: int) -> tuple[str, int]:
        match = self.label.match(text, start)
        if match is None:
            return "page", start
        return self.labels[match[1].casefold()], match.end()


def _words(text: str, start: int, *, explicit: bool) -> int:
    """The end of the locator that starts there."""
    end = start
    at = start
    while match := _WORD.match(text, at):
        word = match[0].rstrip(".!?")
        core = word.strip("()[]")
        if not (any(char.isdigit() for char in core) or (explicit and _ROMAN.fullmatch(core.replace(")-(", "-")))):
            break
        end = match.start() + len(word)
        explicit = explicit or end > start
        between = _BETWEEN.match(text, end)
        if between is None or word != match[0]:
            break
        at = between.end()
    return end


def _closing(text: str, start: int) -> int:
    """The place of the brace that closes the one at ``start``, -1 without one."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            return at
    return -1
