"""Text-case conversion (CSL 1.0.2, "Text-case"), for plain strings and for trees."""

from __future__ import annotations

from functools import lru_cache

from bibtool.lazy import lazy_pattern
from bibtool.styles.rich import HELD, Out, Span, node_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Words that title case leaves small: those of the CSL schema's list of stop words.
STOP_WORDS = frozenset(
    """
    a according across afore after against ahead al along alongside amid amidst among amongst an and anenst apropos
    apud around as aside astride at athwart atop back barring because before behind below beneath beside besides
    between beyond but by c ca circa close d' de despite down due during et except far for forenenst from given in
    inside into lest like modulo near next nor notwithstanding of off on onto or out over per plus pro prior pursuant
    qua rather regardless sans since so such than that the through thru throughout thruout till to toward towards under
    underneath until unto up upon v v. van versus via vis-à-vis von vs vs. where with within without yet about above
    """.split()
) - frozenset("according ahead back because close due far prior pursuant rather regardless such that where".split())

_WORD = lazy_pattern(r"[^\s\u00a0\u2000-\u200b\u202f\-\u2010\u2011\u2013\u2014/.,;?!:\[\]()\"“”‘]+")
_HYPHENS = frozenset("-\u2010\u2011")


_DOTTED = frozenset({"az", "tr"})


@lru_cache(maxsize=256)
def is_dotted(language: str) -> bool:
    """Whether the capital letter of i has a dot in the language."""
    return language[:2].lower() in _DOTTED


def _capital(word: str, *, dotted: bool = False) -> str:
    """The word with its first character in upper case; one Greek letter alone is a symbol and stays."""
    if dotted and word[:1] == "i":
        return "İ" + word[1:]
    if len(word) == 1 and "\u0370" <= word <= "\u03ff":
        return word
    return word[:1].upper() + word[1:]


class _Caser:
    """Converts pieces of one text in reading order; ``done`` stops the rest (for capitalize-first)."""

    __slots__ = ("after_colon", "before", "dotted", "first", "how", "upper")

    def __init__(self, how: str, dotted: bool, *, upper: bool = False) -> None:
        self.how = how
        self.dotted = dotted
        self.upper = upper  # the whole text is in capitals, which says nothing of its words
        self.first = True
        self.after_colon = False
        self.before = ""  # the last character of the piece before

    def string(self, text: str) -> str:
        how = self.how
        if how == "lowercase":
            return text.lower()
        if how == "uppercase":
            return (text.replace("i", "İ") if self.dotted else text).upper()
        if how == "capitalize-first":
            return self._first(text)
        if how == "capitalize-all":
            return _WORD.sub(lambda found: self._capital(found[0]) if found[0].islower() else found[0], text)
        if how == "sentence":
            return self._sentence(text)
        return self._title(text)

    def _capital(self, word: str) -> str:
        return _capital(word, dotted=self.dotted)

    def _first(self, text: str) -> str:
        if not self.first:
            return text
        found = _WORD.search(text)
        if not found:
            return text
        self.first = False
        word = found[0]
        if not word.islower():
            return text
        return text[: found.start()] + self._capital(word) + text[found.end() :]

    def _sentence(self, text: str) -> str:
        if not self.first:
            return text.lower()
        found = _WORD.search(text)
        if not found:
            return text
        self.first = False
        word = found[0].lower() if self.upper else found[0]
        if word.islower():
            word = self._capital(word)
        return text[: found.start()] + word + text[found.end() :].lower()

    def _title(self, text: str) -> str:
        first, after_colon, before, dotted = self.first, self.after_colon, self.before, self.dotted
        pieces: list[str] = []
        at = done = 0
        for found in _WORD.finditer(text):
            start, end = found.span()
            between = text[at:start]
            if between != " " and _opens(between):
                after_colon = True
            stays_small, capital = _in_title(found[0], dotted)
            if (
                capital
                and (
                    not stays_small
                    or first
                    or after_colon
                    # the first element of a compound is a word of its own: "On-Line", but "State-of-the-Art"
                    or (text[end : end + 1] in _HYPHENS and (text[start - 1] if start else before) not in _HYPHENS)
                )
            ):
                pieces.append(text[done:start])
                pieces.append(capital)
                done = end
            first = after_colon = False
            at = end
        self.first = first
        self.before = text[-1:]
        self.after_colon = after_colon or _opens(text[at:])
        pieces.append(text[done:])
        return "".join(pieces)


@lru_cache(maxsize=4096)
def _in_title(word: str, dotted: bool) -> tuple[bool, str]:
    """Whether a word stays small inside of a title, and the word with a capital; "" for one that has capitals."""
    lower = word.lower()
    if word != lower:
        return False, ""
    elided = word[1:2] in ("'", "\u2019")  # an article: "l'eau"
    # a single letter is a word of another language (Война и мир), a variable or a part of "e.g." far more often than
    # one that the specification would have capitalised, as the "b" of "plan b"
    stays_small = lower in STOP_WORDS or elided or (len(word) == 1 and not lower.isdigit())
    return stays_small, _capital(word, dotted=dotted)


def _opens(between: str) -> bool:
    """True if a new heading starts after these characters: colon, question or exclamation mark."""
    return any(char in ":?!" for char in between)


@lru_cache(maxsize=4096)
def convert_string(how: str, text: str, dotted: bool = False) -> str:
    """The plain text in that case."""
    out = _Caser(how, dotted, upper=how == "sentence" and text.isupper()).string(text)
    return _capital_last(out) if how == "title" else out


def _capital_last(text: str) -> str:
    """The text with its last word capitalised, also where it is a stop word."""
    words = _WORD.findall(text)
    word = words[-1] if words else ""
    if len(word) > 1 and word.islower() and word in STOP_WORDS:
        at = text.rfind(word)
        return text[:at] + _capital(word) + text[at + len(word) :]
    return text


def convert(how: str, piece: Out, language: str = "") -> Out:
    """The piece in that case; text inside ``nocase`` stays, affixes of inner elements change with the rest.

    ``language`` is that of the words, of which the capital letter of i depends.
    """
    dotted = is_dotted(language)
    if piece.__class__ is str:
        return convert_string(how, piece, dotted)
    caser = _Caser(how, dotted, upper=how == "sentence" and _characters_any(piece).isupper())
    out = _walk(piece, caser.string, caser)
    if how == "title":
        _fix_last(out)
    return out


_PROTECTED = frozenset({"nocase", "superscript", "subscript", "smallcaps", "code", "math", "no-decoration"})


def _walk(piece: Out, change: Callable[[str], str], caser: _Caser) -> Out:
    if isinstance(piece, str):
        return change(piece)
    if isinstance(piece, Span):
        if piece.kind in _PROTECTED:
            if _characters_any(piece).strip():
                caser.first = False
                caser.after_colon = False
            return piece
        return Span(piece.kind, [_walk(kid, change, caser) for kid in piece.kids])
    frame = piece.frame
    prefix = _walk(frame.prefix, change, caser) if frame.prefix else frame.prefix
    kids = [_walk(kid, change, caser) for kid in piece.kids]
    suffix = _walk(frame.suffix, change, caser) if frame.suffix else frame.suffix
    frame = frame.with_affixes(prefix, suffix)
    if frame.tag in HELD:
        piece.kids, piece.frame = kids, frame
        return piece
    return node_of(kids, frame)


def _characters_any(piece: Out) -> str:
    if isinstance(piece, str):
        return piece
    return "".join(_characters_any(kid) for kid in piece.kids)


def _fix_last(piece: Out) -> bool:
    """Capitalise the last word of a tree in place; True once it was found."""
    if isinstance(piece, str):
        return False
    if isinstance(piece, Span) and piece.kind in _PROTECTED:
        return True
    for index in range(len(piece.kids) - 1, -1, -1):
        kid = piece.kids[index]
        if isinstance(kid, str):
            if _WORD.search(kid):
                piece.kids[index] = _capital_last(kid)
                return True
        elif _fix_last(kid):
            return True
    return False
