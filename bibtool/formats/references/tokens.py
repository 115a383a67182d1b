"""The words of a reference, and the punctuation between them.

Only words, numbers and identifiers are labelled. The punctuation between two of them, the gap, is evidence for where
one part ends and the next begins, and belongs to a part only if words of that part are on both sides of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TOKENS: Final = 400  # of one reference; what follows has no part

_WIDE = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"  # kana, Han, Hangul: no spaces between words
)
_WIDE_CHARACTER = lazy_pattern(f"[{_WIDE}]")
_LETTER = rf"[^\W\d_{_WIDE}][\u0300-\u036f]*"
# of an address or a DOI; older DOIs have a part in angle brackets: 17:15/16<1661::AID-SIM968>3.0.CO;2-2
IDENTIFIER: Final = r"(?:<\d{1,5}:[^\s<>]{1,20}>|[^\s<>\"“”．，。；、])"
_TOKEN = lazy_pattern(
    rf"(?:https?://|www\.){IDENTIFIER}+"
    rf"|10\.\d{{4,9}}/{IDENTIFIER}+"
    rf"|(?:{_LETTER})+(?:['’‐-](?:{_LETTER})+)*\d*"
    rf"|\d+(?:{_LETTER})*"
    rf"|[{_WIDE}]+"
)
_QUOTE_MARKS: Final = dict.fromkeys(map(ord, "“”„‟«»‹›『』「」《》〈〉‘‚‛"), '"') | dict.fromkeys(
    map(ord, "‐‑‒–—―−－"), "-"
)
_MARKS: Final = _QUOTE_MARKS | {
    ord("’"): "'", ord("（"): "(", ord("）"): ")", ord("，"): ",", ord("。"): ".", ord("．"): ".", ord("："): ":",
    ord("；"): ";", ord("、"): ",", ord("［"): "[", ord("］"): "]", ord("｢"): '"', ord("｣"): '"', ord("〔"): "[",
    ord("〕"): "]", ord("\u00a0"): " ", ord("\u3000"): " ", ord("\t"): " ", ord("…"): ".",
}  # fmt: skip
_RUN = lazy_pattern(r"\s+")
_TRAILING: Final = ".,;:!?)]}>'’»"


def width(text: str) -> int:
    """The length of a text where Chinese, Japanese and Korean characters count twice, as they say more."""
    return len(text) if text.isascii() else len(text) + len(_WIDE_CHARACTER.findall(text))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or identifier, and where it is in the text of the reference."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a reference in order, at most `MAX_TOKENS`; none for a text without words.

    Addresses and DOIs are one token each, without the punctuation that ends the sentence.
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        word, end = match[0], match.end()
        if "/" in word or "." in word:
            while word and word[-1] in _TRAILING and not (word[-1] == ")" and word.count("(") >= word.count(")")):
                word = word[:-1]
            end = match.start() + len(word)
        tokens.append(Token(word, match.start(), end))
        if len(tokens) == MAX_TOKENS:
            break
    return tokens


def gaps_of(text: str, tokens: Sequence[Token]) -> list[str]:
    """What is before the first token, between each two, and after the last one, in a common spelling.

    Quotation marks are ``"``, dashes ``-``, white space one space; no more than six characters.
    """
    gaps = []
    start = 0
    for token in tokens:
        gaps.append(_normal_gap(text[start : token.start]))
        start = token.end
    gaps.append(_normal_gap(text[start : start + 12]))
    return gaps


def _normal_gap(gap: str) -> str:
    if gap in {" ", ", ", ". ", ""}:
        return gap
    return _RUN.sub(" ", gap.translate(_MARKS).replace("''", '"').replace("``", '"').replace("--", "-"))[:6]
