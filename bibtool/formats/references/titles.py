"""Where the title begins: rules on quotation marks, brackets, names and years before it.

A chain of labels takes a bracket after the names or the last of the names for the beginning of the title now and then,
and leaves the front of a quoted title to what is before it. Each rule here holds for references of all styles, and is
applied where the labels break it. `titleends` has the rules for the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.words import CAPITAL, COUNTED, NAME, quoted_spans, runs_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.references.words import Words

_AND: Final = frozenset({"and", "und", "et", "y", "e", "&"})
_PARTICLES: Final = frozenset("van von der den de la le du di da del della dos das do ten ter".split())
_ARTICLES: Final = frozenset("the la le les das der die il lo el los las une un ein eine".split())
VOLUME_WORDS: Final = frozenset("vol volume vols bd band tome tomo t т том jg jahrgang".split())
_LONGEST_BRACKET: Final = 12  # words between brackets before a title
_LONGEST_LIST: Final = 8  # words of a list in a title, up to its last "and"
_LONGEST_OFFICE: Final = 16  # words of the name of an office or society


def begun(words: Words, labels: list[str]) -> None:
    """Move the beginning of the title, in place, to where its quotation marks, brackets and names have it."""
    _first_quoted(words, labels)
    _early_date(words, labels)
    _names_before(words, labels)
    _american_office(words, labels)
    _bracket_before(words, labels)
    _first_word(words, labels)


def _first_quoted(words: Words, labels: list[str]) -> None:
    """The first part in quotation marks is the title where nothing before it is one."""
    start, end = next(quoted_spans(words), (0, 0))
    _names_before_quotation(words, labels, start)
    if start == end or {"title", "container", "editor"} & set(labels[:start]):
        return
    run = labels[start:end]
    if run.count("author") * 2 > len(run) or (start and end < len(labels) and labels[start - 1] == labels[end]):
        return
    labels[start:end] = ["title"] * (end - start)
    after = end
    while after < len(labels) and labels[after] == "title":
        after += 1
    if after == end or "container" in labels or set(words.gaps[end]) & set(";:("):
        return
    finished = any(mark in words.gaps[end] for mark in ",.?!") and words.shape(end) in CAPITAL
    if not finished and ("." in words.gaps[end] or not COUNTED & set(labels[after:])):
        return
    if words.lower(after - 1) in VOLUME_WORDS:
        labels[after - 1] = "volume"
        after -= 1
    labels[end:after] = ["container"] * (after - end)


def _names_before_quotation(words: Words, labels: list[str], start: int) -> None:
    """``Bo Lind, Jo van der Smythe, “Tides”``: the last of the names is not of the title in quotation marks."""
    title = title_of(labels)
    if title is None or not 0 < title[0] < start < title[1] or not words.gaps[start].startswith(","):
        return
    first = title[0]
    if labels[first - 1] != "author" or words.gaps[first] not in {", ", " "}:
        return
    if all(words.shape(at) in NAME or words.lower(at) in _PARTICLES | _AND for at in range(first, start)):
        labels[first:start] = ["author"] * (start - first)


def _early_date(words: Words, labels: list[str]) -> None:
    """Who is before the year that is before the title is its author: ``Ministry of Tides (2003). Title``."""
    if {"author", "editor"} & set(labels) or words.lower(0) in {"anon", "anonymous"}:
        return
    date, title = next(runs_of(labels, "date"), None), title_of(labels)
    if date is None or title is None or date[0] == 0 or title[0] != date[1] or date[0] > _LONGEST_OFFICE:
        return
    if "(" in words.gaps[date[0]] or words.ends_sentence(date[0]):
        labels[: date[0]] = ["author"] * date[0]


def _names_before(words: Words, labels: list[str]) -> None:
    """Names go on to the stop after a particle or the last name: ``SILVA, Ana da. Title``, ``and Bo Wu. Title``."""
    title, author = title_of(labels), next(runs_of(labels, "author"), None)
    if title is None:
        return
    start, end = title
    if author is None:
        _name_and_article(words, labels, start, end)
        return
    if author[1] != start:
        return
    stop = next((at for at in range(start + 1, min(end, start + 9)) if ". " in words.gaps[at]), 0)
    if stop and stop < end - 1:
        inside = range(start, stop)
        named = all(words.shape(at) in NAME or words.lower(at) in _PARTICLES | _AND for at in inside)
        goes_on = words.gaps[start] == ", " and words.shape(stop - 1) != "X"
        last_of_all = goes_on and any(
            words.lower(at) in _AND and stop - at <= 4 and words.gaps[at] == ", " for at in inside
        )
        if named and (last_of_all or (words.lower(stop - 1) in _PARTICLES and stop - start <= 4)):
            labels[start:stop] = ["author"] * (stop - start)
    if labels[start] == "title" and words.gaps[start] == ", ":
        _stop_among_names(words, labels, author[0], start)
    if labels[start] == "title" and words.gaps[start] == ", ":
        _word_after_initials(words, labels, author[0], start)


def _stop_among_names(words: Words, labels: list[str], first: int, start: int) -> None:
    """``Lind, Anna. Winds, Tides and Clocks``: the title begins at the stop, not at the comma after it."""
    stop = next((at for at in range(start - 1, first, -1) if words.ends_sentence(at)), 0)
    if not stop or start - stop > 3 or words.shape(stop - 1) not in CAPITAL or words.lower(stop - 1) in {"jr", "sr"}:
        return
    if not any(words.gaps[at] == ", " and words.shape(at) == "X" for at in range(stop, start + 1)):
        labels[stop:start] = ["title"] * (start - stop)


def _word_after_initials(words: Words, labels: list[str], first: int, start: int) -> None:
    """``Lind, A., & Smythe, K. H. Winds, Tides and Clocks``: family names are first, so *Winds* is of the title."""
    word = start - 1
    if words.shape(word) not in CAPITAL or words.gaps[word] != ". " or not _is_initials(words, word - 1):
        return
    if not any(words.lower(at) in _AND for at in range(start + 1, start + _LONGEST_LIST)):
        return
    initials = word - 1
    while initials > first and words.shape(initials - 1) == "X" and words.gaps[initials] in {". ", ".", ".-", "-", " "}:
        initials -= 1
    family = next((at for at in range(first, initials) if words.lower(at) not in _PARTICLES), initials)
    if words.shape(initials - 1) not in CAPITAL or words.shape(family) not in CAPITAL:
        return
    between = words.gaps[initials]
    alone = initials - 1 == family
    if words.gaps[family + 1] != between or not _is_initials(words, family + 1):
        return
    if between == ", " or (between == " " and not alone and words.gaps[family + 2].startswith(",")):
        labels[word] = "title"


def _is_initials(words: Words, at: int) -> bool:
    return words.shape(at) in {"X", "XX2", "XX3"}


def _name_and_article(words: Words, labels: list[str], start: int, end: int) -> None:
    """``Anna Lind, The Clocks``: a name before a comma and an article, where there are no authors."""
    if start or "editor" in labels:
        return
    comma = next((at for at in range(1, min(end, 5)) if words.gaps[at] != " "), 0)
    if (
        comma < 2
        or words.gaps[comma] != ", "
        or words.lower(comma) not in _ARTICLES
        or words.tokens[comma].text.islower()
    ):
        return
    if all(words.shape(at) in NAME for at in range(comma)) and words.lower(0) not in _ARTICLES:
        labels[:comma] = ["author"] * comma


def _american_office(words: Words, labels: list[str]) -> None:
    """``U.S. National Library of Tides``: the author goes on after the two letters."""
    title, author = title_of(labels), next(runs_of(labels, "author"), None)
    if title is None or author is None or author[1] != title[0] or author[0]:
        return
    if "".join(words.lowers[: author[1]]) not in {"us", "uk", "usa"}:
        return
    start, end = title
    stop = next((at for at in range(start + 2, end) if words.ends_sentence(at) or "(" in words.gaps[at]), 0)
    if stop:
        labels[start:stop] = ["author"] * (stop - start)


def _bracket_before(words: Words, labels: list[str]) -> None:
    """What is in brackets after the names, or the rest of a range of years, is not of the title."""
    title = title_of(labels)
    if title is None:
        return
    start, end = title
    if start and words.gaps[start] == "-" and words.shape(start) == "year" and labels[start - 1] == "date":
        labels[start] = "date"
        return
    if start == 0:
        return
    closing = next((at for at in range(start + 1, min(end, start + _LONGEST_BRACKET)) if ")" in words.gaps[at]), 0)
    if not closing or any("(" in words.gaps[at] for at in range(start + 1, closing + 1)):
        return
    opening = next((at for at in range(start, max(start - 4, 0), -1) if "(" in words.gaps[at]), 0)
    if not opening or closing >= end:
        return
    after = words.gaps[closing].lstrip(".")
    if after.startswith((").", "),", "):")) or after == ') "':
        labels[start:closing] = ["other"] * (closing - start)


def _first_word(words: Words, labels: list[str]) -> None:
    """A first word that has another label, with nothing but a space or a bracket before the title, is of it."""
    title = title_of(labels)
    if title is None or not 0 < title[0] <= 2 or {"author", "editor", "date", "title"} & set(labels[: title[0]]):
        return
    if all(words.gaps[at] in {" ", " (", "-"} for at in range(1, title[0] + 1)) and labels[0] != "other":
        labels[: title[0]] = ["title"] * title[0]


def title_from_stop(labels: list[str], gaps: Sequence[str]) -> list[str]:
    """The labels for a list in which a full stop ends the names: of the last one, at most two words go to the title."""
    author = next(runs_of(labels, "author"), None)
    if author is None or labels[author[1] : author[1] + 1] != ["title"] or gaps[author[1]] != ", ":
        return labels
    end = author[1]
    stop = next((at for at in range(end - 1, max(end - 3, author[0]), -1) if gaps[at] == ". "), end)
    return [*labels[:stop], *["title"] * (end - stop), *labels[end:]]
