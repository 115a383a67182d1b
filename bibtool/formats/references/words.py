"""A reference as the rules look at it: its words with what is between them, and the runs of a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.features import word_features
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.formats.references.tokens import Token

COUNTED: Final = frozenset({"volume", "issue", "pages"})
"""The labels of what an article in a journal has, and a book has not."""
CAPITAL: Final = frozenset({"Xx", "XxX", "X-X", "X-x", "XX2", "XX3", "XX4"})
"""The shapes of words that begin with a capital letter."""
NAME: Final = frozenset({"Xx", "X", "XxX", "X-X", "X-x"})
"""The shapes of words in names of people."""

_QUOTED = lazy_pattern(
    r"“(?:[^“”]|“[^“”]*”){3,}?”|„[^„“”\"]{3,}[“”\"]|«(?:[^«»]|«[^«»]*»){3,}»|(?<!\w)\"[^\"]{3,}\"(?!\w)"
    r"|(?<!\w)‘[^‘]{3,}?’(?!\w)|``[^`]{3,}?''"
)


class Words(NamedTuple):
    """A reference: its text, its tokens, what is between them; the tokens in small letters, and their shapes."""

    text: str
    tokens: Sequence[Token]
    gaps: Sequence[str]
    lowers: Sequence[str]
    shapes: Sequence[str]

    def lower(self, index: int) -> str:
        """A token in small letters; "" where there is none."""
        return self.lowers[index] if 0 <= index < len(self.lowers) else ""

    def shape(self, index: int) -> str:
        """The shape of a token; "" where there is none."""
        return self.shapes[index] if 0 <= index < len(self.shapes) else ""

    def is_month(self, index: int) -> bool:
        """True for the name of a month."""
        return "month" in word_features(self.tokens[index].text)[1]

    def ends_sentence(self, index: int) -> bool:
        """True where a sentence ends before a token: a full stop that is not that of an initial."""
        return index > 0 and ". " in self.gaps[index] and self.shape(index - 1) != "X"


def runs_of(labels: Sequence[str], label: str) -> Iterator[tuple[int, int]]:
    """Where the runs of a label begin and end."""
    end, count = 0, len(labels)
    while label in labels[end:]:
        at = labels.index(label, end)
        end = at + 1
        while end < count and labels[end] == label:
            end += 1
        yield at, end


def title_of(labels: Sequence[str]) -> tuple[int, int] | None:
    """Where the first run of the title begins and ends."""
    return next(runs_of(labels, "title"), None)


def quoted_spans(words: Words) -> Iterator[tuple[int, int]]:
    """First token and end of each part in quotation marks that has two words or more."""
    text = words.text
    if not any(mark in text for mark in '“„«"‘`'):
        return
    at = 0
    for match in _QUOTED.finditer(text):
        while at < len(words.tokens) and words.tokens[at].start < match.start():
            at += 1
        end = at
        while end < len(words.tokens) and words.tokens[end].start < match.end():
            end += 1
        if end - at > 1:
            yield at, end
