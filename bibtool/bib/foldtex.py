r"""The TeX that arXiv's metadata still carries: accents and special letters become Unicode, mathematics stays.

The old server sent ``H\"older`` as the authors typed it, the new one sends ``Hölder``; both give the same text here.
"""

from __future__ import annotations

import re
import unicodedata

from bibtool.model.richtext import Text, parse_markup

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "i": "ı",
    "j": "ȷ",
}
# accents that are letters need a brace or a blank behind them (\v{c}, \v c), the others do not (\'e)
_ACCENT = re.compile(
    r"\{?\\(?:(?P<sign>[`'^~=.\"])\s*|(?P<letter>[uvHrdckb])(?=[\s{\\])\s*)"
    r"(?:\{\s*(?P<braced>\\?[A-Za-z])\s*\}|(?P<bare>\\?[A-Za-z])(?![A-Za-z])|(?P<next>[A-Za-z]))\}?"
)
_LETTER = re.compile(r"\{?\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|o|O|l|L|i|j)(?:\{\}|\s+|(?![A-Za-z]))\}?")
_MATH = re.compile(r"(\$[^$]{0,2000}\$)")
_SPACES = re.compile(r"\s+")


def collapse(text: str) -> str:
    """The text on one line, with single blanks."""
    return _SPACES.sub(" ", text).strip()


def detex(text: str) -> str:
    r"""The text with TeX accents and letters outside ``$math$`` as Unicode (NFC); other commands stay as they are."""
    if "\\" in text:
        pieces = _MATH.split(text)
        text = "".join(piece if index % 2 else _plain(piece) for index, piece in enumerate(pieces))
    return unicodedata.normalize("NFC", text)


def _plain(text: str) -> str:
    return _LETTER.sub(lambda found: _LETTERS[found[1]], _ACCENT.sub(_accented, text))


def _accented(found: re.Match[str]) -> str:
    base = found["braced"] or found["bare"] or found["next"]
    base = base.lstrip("\\")
    whole = found[0]
    # the pattern takes a brace on either side; one without its partner belongs to the text around
    inner = whole.count("{") - whole.count("}")
    before = "{" if inner > 0 and whole.startswith("{") else ""
    behind = "}" if inner < 0 and whole.endswith("}") else ""
    made = unicodedata.normalize("NFC", base + _COMBINING[found["sign"] or found["letter"]])
    return before + made + behind


def to_text(text: str) -> Text:
    """Plain characters with ``$math$`` as mathematics; nothing else in it is markup."""
    return parse_markup(text.replace("&", "&amp;").replace("<", "&lt;"))
