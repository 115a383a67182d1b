"""Text made comparable: titles and names without TeX, case, accents and punctuation."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bibtool.lazy import lazy_pattern
from bibtool.model.text.texsymbols import GREEK

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
_TEX_STYLE = frozenset(
    "emph textit textbf texttt textsc textrm textsf textup textsl mathrm mathit mathbf mathsf mathtt mathcal mathbb "
    "mathfrak mathscr operatorname text mbox ensuremath boldsymbol bm bf it rm em tt sc left right big Big".split()
)
# TeX has no \omicron, so nobody writes an o as its name
_GREEK_NAMES = {letter: name for name, letter in GREEK.items() if letter.islower() and name != "omicron"}
_WORD = lazy_pattern(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without accents: ``Gabrié`` and ``GABRIE`` are the same. Spaces and punctuation stay."""
    if text.isascii():
        return text.casefold()
    return without_accents(text.translate(_FOLD)).casefold().translate(_FOLD)


def without_accents(text: str) -> str:
    """The text decomposed (NFKD) and without combining characters; letters such as ø and ł, which have none, stay."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    r"""The words of a text, folded, without TeX and punctuation; ``\theta`` and ``θ`` are ``theta``."""
    if "\\" in text:
        text = _TEX_ACCENT.sub(r"\1", text)
        text = text.replace("\\ell", "ℓ")
        text = _TEX_COMMAND.sub(lambda command: "" if command[1] in _TEX_STYLE else f" {command[1]} ", text)
        text = text.replace("\\", "")
    text = fold(text.replace("{", "").replace("}", "").replace("'", "").replace("’", ""))
    if not text.isascii():
        text = "".join(f" {_GREEK_NAMES[char]} " if char in _GREEK_NAMES else char for char in text)
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def title_key(text: str) -> str:
    """One string for titles that differ in spelling only; "" for a title without letters and digits."""
    return " ".join(words(text))
