"""Text made comparable: titles and names without TeX, case, accents and punctuation."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from bibtool.lazy import lazy_pattern

# Latin letters that Unicode does not decompose
UNDECOMPOSED = {
    "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d",
    "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ı": "i", "ŋ": "n", "Ŋ": "n",
}  # fmt: skip
# a hyphen that only shows at the end of a line, and spaces without width, which text copied from a PDF or page has
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_FOLD = str.maketrans(UNDECOMPOSED | dict.fromkeys("‐‑–—−", " ") | dict.fromkeys(_UNSEEN, ""))
# an accent that is a letter ends where no letter follows: \t{oo}, but not \theta
_TEX_ACCENT = lazy_pattern(r"\\(?:[`'^\"~=.]|[uvHtcdbkr](?![A-Za-z]))\s*\{?\s*\\?([A-Za-z])\s*\}?")
_TEX_COMMAND = lazy_pattern(r"\\([A-Za-z]+)\*?")
_FOLDED = frozenset(map(chr, _FOLD))
_TEX_STYLE = frozenset(
    "emph textit textbf texttt textsc textrm textsf textup textsl mathrm mathit mathbf mathsf mathtt mathcal mathbb "
    "mathfrak mathscr operatorname text mbox ensuremath boldsymbol bm bf it rm em tt sc left right big Big".split()
)
_WORD = lazy_pattern(r"[^\W_]+")
# the same for ASCII, at a fraction of the time: letters in lower case, digits, and a space for all others
_ASCII_WORDS = bytes(
    code + 32 if 65 <= code <= 90 else code if chr(code).isalnum() else 32 for code in range(128)
).ljust(256)


def fold(text: str) -> str:
    """Lower case without accents: ``Gabrié`` and ``GABRIE`` are the same. Spaces and punctuation stay."""
    if text.isascii():
        return text.casefold()
    # to look for a letter takes a fraction of the time that translating does, and few texts have one of these
    if not _FOLDED.isdisjoint(text):
        text = text.translate(_FOLD)
    folded = without_accents(text).casefold()
    return folded if folded.isascii() or _FOLDED.isdisjoint(folded) else folded.translate(_FOLD)


def without_accents(text: str) -> str:
    """The text decomposed (NFKD) and without combining characters; letters such as ø and ł, which have none, stay."""
    decomposed = unicodedata.normalize("NFKD", text)
    for char in set(decomposed):  # few are different, and no character before U+0300 combines
        if char >= "\u0300" and unicodedata.combining(char):
            decomposed = decomposed.replace(char, "")
    return decomposed


def words(text: str) -> list[str]:
    r"""The words of a text, folded, without TeX and punctuation; ``\theta`` and ``θ`` are ``theta``."""
    if "\\" in text:
        text = _TEX_ACCENT.sub(r"\1", text)
        text = text.replace("\\ell", "ℓ")
        text = _TEX_COMMAND.sub(lambda command: "" if command[1] in _TEX_STYLE else f" {command[1]} ", text)
        text = text.replace("\\", "")
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS, b"{}'").decode().split()
    text = fold(text.replace("{", "").replace("}", "").replace("'", "").replace("’", ""))
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS).decode().split()
    names = _greek_names()
    return _WORD.findall("".join([f" {names[char]} " if char in names else char for char in text]))


@cache
def _greek_names() -> dict[str, str]:
    """Greek letters in lower case with their names in TeX, of which most texts need none."""
    from bibtool.model.text.texsymbols import GREEK

    # TeX has no \omicron, so nobody writes an o as its name
    return {letter: name for name, letter in GREEK.items() if letter.islower() and name != "omicron"}


@lru_cache(maxsize=1024)
def title_key(text: str) -> str:
    """One string for titles that differ in spelling only; "" for a title without letters and digits."""
    return " ".join(words(text))
