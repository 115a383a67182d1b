"""Labelled references: a text, and which characters belong to which part. Real ones are read from tagged lines."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bibtool.formats.references.tokens import Token, tokens_of

if TYPE_CHECKING:
    from pathlib import Path

Span = tuple[int, int, str]

# anystyle's tags, and the labels of the model
TAGS = {
    "author": "author", "title": "title", "container-title": "container", "journal": "container", "date": "date",
    "volume": "volume", "pages": "pages", "publisher": "publisher", "location": "place", "editor": "editor",
    "doi": "doi", "url": "url", "note": "other", "edition": "edition", "translator": "translator", "genre": "genre",
    "collection-title": "series", "source": "container", "isbn": "number", "medium": "other", "director": "author",
    "producer": "editor", "citation-number": "other",
}  # fmt: skip
# words that introduce a part without being of it
_IN = re.compile(r"(?:(?:in|dans|en|em|w|v|в|içinde|i)\s*:\s*|in\s+)(?=\S)", re.IGNORECASE)
_ISSUE = re.compile(
    r"(?P<volume>.*?\d[\dA-Za-z]*)(?P<issue>\s*(?:[(\[][^)\]]+[)\]]|[,.;:/]?\s*(?:no|nos|nr|number|issue|iss|heft|"
    r"h|n|n[°º]|num|núm|№|fasc|cah)\b\.?\s*[°º]?\s*\S+|[.:/]\s?\d+(?:[-–/]\d+)?)\s*[,.:;)]*)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\W*(?:1[89]|20)\d\d\s*(?:[A-Z][a-z]{2,8}\.?\s*\d{0,2})?\s*;\s*(?=\S)")
_TAG = re.compile(r"</?italic>")
_ONLY_ISSUE = re.compile(
    r"\W*(?:no|nos|nr|number|issue|iss|heft|n|n[°º]|num|núm|№|fasc)\b\.?\s*[°º]?\s*\d\S*\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A reference with its spans in order; ``source`` says where it is from, for splits."""

    text: str
    spans: tuple[Span, ...]
    source: str = ""
    language: str = ""

    def labels(self, tokens: list[Token]) -> list[str]:
        """The label of each token: that of the span which it begins in, ``other`` outside of all."""
        labels = []
        at = 0
        for token in tokens:
            while at < len(self.spans) and self.spans[at][1] <= token.start:
                at += 1
            inside = at < len(self.spans) and self.spans[at][0] <= token.start
            labels.append(self.spans[at][2] if inside else "other")
        return labels

    def tagged(self) -> tuple[list[Token], list[str]]:
        """The tokens of the text and their labels."""
        tokens = tokens_of(self.text)
        return tokens, self.labels(tokens)

    def part(self, label: str) -> str:
        """The text of all spans of a label, joined by spaces."""
        return " ".join(self.text[start:end] for start, end, name in self.spans if name == label)


def build(pieces: list[tuple[str, str]], source: str = "", language: str = "") -> Labelled:
    """A reference out of its pieces, each with its label ("" for none), joined as they are."""
    text, spans = "", []
    for piece, label in pieces:
        if label and piece.strip():
            spans.append((len(text), len(text) + len(piece), label))
        text += piece
    return Labelled(text, tuple(spans), source, language)


def real_lines(path: Path) -> list[Labelled]:
    """The lines of a file of tagged references, in its order."""
    lines = []
    for index, sequence in enumerate(ET.parse(path).getroot()):
        pieces: list[tuple[str, str]] = []
        for child in sequence:
            text = unicodedata.normalize("NFC", " ".join(_TAG.sub("", child.text or "").split()))
            if not text:
                continue
            label = TAGS[child.tag]
            if pieces:
                pieces.append((" ", ""))
            if label in {"editor", "container", "translator", "title"} and (intro := _IN.match(text)):
                if label != "title":
                    pieces.append((intro[0], "other"))
                    text = text[intro.end() :]
            elif label == "genre" and "report" in text.lower():
                label = "genre"
            if label == "volume" and (year := _YEAR.match(text)):
                pieces.append((year[0], "date"))
                text = text[year.end() :]
            if label == "volume":
                pieces += _volume_and_issue(text)
            else:
                pieces.append((text, label))
        lines.append(build(pieces, f"{sequence.get('set')}:{index}"))
    return lines


def _volume_and_issue(text: str) -> list[tuple[str, str]]:
    if _ONLY_ISSUE.fullmatch(text):
        return [(text, "issue")]
    match = _ISSUE.fullmatch(text)
    if match is None:
        return [(text, "volume")]
    return [(match["volume"], "volume"), (match["issue"], "issue")]


def split(lines: list[Labelled], *, block: int = 60, every: int = 5) -> tuple[list[Labelled], list[Labelled]]:
    """Lines to learn from and lines held out: of every five blocks of neighbours, which share a source, the last.

    Lines to learn from whose title is among those held out are dropped.
    """
    learn: list[Labelled] = []
    held: list[Labelled] = []
    for index, line in enumerate(lines):
        (held if (index // block) % every == every - 1 else learn).append(line)
    titles = {_key(line) for line in held}
    return [line for line in learn if _key(line) not in titles], held


def _key(line: Labelled) -> str:
    return re.sub(r"\W+", "", line.part("title").casefold()) or line.text
