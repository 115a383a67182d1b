"""Why a text gave no record, and which of its lines look like works that no reader took: in words for a message."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.namecost import name_cost
from bibtool.formats.listing.oneline import FORMS, LABEL, cut, items_of
from bibtool.formats.listing.pages import read_pages
from bibtool.formats.references.segment import NO_YEAR
from bibtool.formats.references.tokens import width
from bibtool.lazy import lazy_pattern
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.lines import Line
    from bibtool.formats.listing.oneline import Item

_CODE = lazy_pattern(
    r"(?:def|class|import|from|return|if|for|while|else|elif|try|except|public|private|static|void|int|const|let|var|"
    r"function|fn|impl|use|struct|enum|package|namespace|using|template|print)\b.*[:;{(]?|#include\b.*|//.*|/\*.*|"
    r"[}\])]+[;,]?|.*[;{}]|\w+(?:\.\w+)*\s?[-+*/|]?=\s?.*|\w+(?:\.\w+)*\(.*\)"
)
_CONTENTS = lazy_pattern(r".{2,120}?(?:[.\s\N{MIDDLE DOT}]{3,}|\t|\s)(?:\d{1,4}|[ivxlc]{1,6})")
_NUMBER = lazy_pattern(r"[\"']?[-+]?\d[\d.,:/ T-]*(?:e[-+]?\d+)?[%\"']?", re.IGNORECASE)
# initials or a family name before a comma, and a year; with at least two ends of sentences
_REFERENCE = lazy_pattern(
    r"^(?=.{0,300}?(?:[^\W\d_a-z]\.|,))(?=.{0,1900}?\b(?:1[5-9]|20)\d\d)(?:(?:[^.]|\.(?!\s)){0,600}\.\s){2}",
    re.DOTALL,
)
_HEADING = lazy_pattern(r"(?:1[89]|20)\d\d|(?=.{3,60}$)[^\W\d_a-zß-ÿ][\w&’' -]*(?: \([^()]{1,20}\))?:?")
_LEAST_REFERENCE: Final = 40  # characters
_A_NAME: Final = 2.5  # a text that costs more is not a name
_SAMPLE: Final = 200  # lines that are looked at
_MAX_WORKS: Final = 200  # lines that are named one by one
_PASTE_HINT: Final = "copy the list itself, with titles, authors and years; `bibtool formats` lists what can be read"


def nothing_found(lines: Sequence[Line], options: ReadOptions) -> Problem:
    """The problem of a text without any record: what it looks like, or the nearest layout and what was missing."""
    message = f"no record was found in {len(lines)} line{'s' * (len(lines) != 1)}"
    reason, hint = _reason(lines, options)
    if reason:
        message += f": {reason}"
    return Problem(
        code="listing-nothing-found", message=message, position=Position(options.path, 1, 1), hint=hint or _PASTE_HINT
    )


def _reason(lines: Sequence[Line], options: ReadOptions) -> tuple[str, str]:
    """What the text looks like, and a hint; both "" where nothing is known."""
    sample = lines[:_SAMPLE]
    if not sample:
        return "", ""
    works = _works(sample)
    if works and len(works) * 2 >= len(sample):
        what = (
            f"it looks like {len(works)} formatted references"
            if len(works) > 1
            else "it looks like a formatted reference"
        )
        return what, "give its DOI or arXiv id, or the .bib file that it was made from"
    if kind := _kind(sample):
        return f"it looks like {kind}", ""
    _, nearest = read_pages(sample, options)
    if nearest is not None and nearest.missing:
        lacking, count = nearest.missing.most_common(1)[0]
        records = f"{nearest.anchors} possible record{'s' * (nearest.anchors != 1)}"
        return f"the nearest layout is {nearest.layout.name}, but {count} of {records} lack {lacking}", ""
    return "", ""


def _kind(lines: Sequence[Line]) -> str:
    """What most of the lines are, "" where they are of no known kind."""
    texts = [line.text for line in lines]
    most = max(2, 0.7 * len(texts))
    for mark, name in ((",", "commas"), ("\t", "tabs"), (";", "semicolons"), ("|", "bars")):
        counts = Counter(text.count(mark) for text in texts)
        usual, times = counts.most_common(1)[0]
        cells = [cell.strip() for text in texts[1:] for cell in text.split(mark)]
        numbers = sum(_NUMBER.fullmatch(cell[:60]) is not None for cell in cells)
        if usual and times >= most and len(texts) > 2 and numbers * 3 >= len(cells):
            return f"a table of values (cells between {name})"
    names = [re.split(r"\s*[,;(<\t]", LABEL.sub("", text, count=1), maxsplit=1)[0] for text in texts]
    names = [" ".join(name.split()) for name in names]
    if sum(" " in name and name_cost(name) < _A_NAME for name in names) >= most:
        return "a list of people"
    if sum(_CONTENTS.fullmatch(text[:200]) is not None for text in texts) >= most:
        return "a table of contents"
    if sum(_CODE.fullmatch(text[:300]) is not None for text in texts) >= most:
        return "source code"
    return ""


def _works(lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """The first line and text of each item that has the form of a reference, whichever form."""
    found = []
    for item in items_of(lines):
        if 40 <= len(item.text) <= 2000 and re.search(r"\d{4}", item.text):
            for form in FORMS:
                made = cut(item.text, form)
                if made is not None and made.cost <= 2.5:
                    found.append((item.lines[0], item.text))
                    break
    return found


def reference_lines(lines: Sequence[Line], taken: frozenset[int] = frozenset()) -> list[Line]:
    """All lines of the items that look like formatted references: a year, a name's initials or a list, sentences.

    One of their list that does not, as a work without a year, is among them: it has a label and follows or precedes
    another, or a line in ``taken``, which a record was read from; or it is between two without a blank line. One that
    says that it is in press, next to a line in ``taken``, is too. Headings between items with a label, such as the year
    of those below, do not count.
    """
    parted = [
        line if line.gap or index == 0 or lines[index - 1].number == line.number - 1 else replace(line, gap=True)
        for index, line in enumerate(lines)
    ]  # what other readers have taken out parts the lines around it
    items = items_of(parted)
    long = [width(item.text[:_LEAST_REFERENCE]) >= _LEAST_REFERENCE for item in items]
    kept = [
        enough and _REFERENCE.search(item.text[:2000]) is not None for enough, item in zip(long, items, strict=True)
    ]
    if not any(kept) and not taken:
        return []
    places = range(len(items))
    for order in (places, reversed(places)):
        for index in order:
            item = items[index]
            if kept[index] or not long[index]:
                continue
            before = index > 0 and kept[index - 1]
            after = index + 1 < len(items) and kept[index + 1]
            if LABEL.match(item.lines[0].text) is not None:
                near = item.lines[0].number - 1 in taken or item.lines[-1].number + 1 in taken
                kept[index] = before or after or near or _is_beside(items, kept, index)
            else:
                kept[index] = before and after and not item.lines[0].gap and not items[index + 1].lines[0].gap
                if not kept[index] and NO_YEAR.search(item.text):
                    kept[index] = item.lines[0].number - 1 in taken or item.lines[-1].number + 1 in taken
    return [line for index in places if kept[index] for line in items[index].lines]


def _is_beside(items: Sequence[Item], kept: Sequence[bool], index: int) -> bool:
    """True where nothing but headings are between an item and one that is kept."""
    for step in (-1, 1):
        place = index + step
        while 0 <= place < len(items) and _HEADING.fullmatch(items[place].text):
            place += step
        if 0 <= place < len(items) and kept[place]:
            return True
    return False


def unread_works(lines: Sequence[Line], options: ReadOptions) -> list[Problem]:
    """An error for each line that looks like a work although no reader took it."""
    return [
        line.problem(
            options,
            "listing-unread-work",
            f"this looks like a work, but it has not the form of the others: {text[:60]!r}",
            severity=Severity.ERROR,
            hint="give its DOI or arXiv id, or write it as the others are",
        )
        for line, text in _works(lines[: 20 * _MAX_WORKS])[:_MAX_WORKS]
    ]
