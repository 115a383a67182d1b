"""Where the title ends: rules on brackets, colons, full stops and what commonly follows it.

A chain of labels cuts a title at its subtitle or a bracket now and then, or lets it run on into the publisher. Each
rule here holds for references of all styles, and is applied where the labels break it. `titles` has the rules for the
beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.imprint import CITIES
from bibtool.formats.references.titles import VOLUME_WORDS
from bibtool.formats.references.words import CAPITAL, COUNTED, quoted_spans, runs_of, title_of
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bibtool.formats.references.words import Words

_IMPRINT: Final = frozenset({"publisher", "place"})
_AND: Final = frozenset({"and", "und", "et", "y", "e", "&"})
_PARTICLES: Final = frozenset("van von der den de la le du di da del della dos das do ten ter".split())
_PREPOSITIONS: Final = frozenset("in of from to at for and a à en zu aus nach bei um über près sur dans".split())
_IN: Final = frozenset({"in", "dans", "в"})
_REPORT_STARTS: Final = (
    ("technical", "report"), ("tech", "report"), ("tech", "rep"), ("research", "report"), ("working", "paper"),
    ("discussion", "paper"), ("phd", "thesis"), ("phd", "dissertation"), ("doctoral", "thesis"),
    ("doctoral", "dissertation"), ("ph", "d"), ("master", "thesis"), ("master's", "thesis"), ("masters", "thesis"),
    ("policy", "brief"), ("research", "memorandum"),
)  # fmt: skip
_KINDS: Final = frozenset("report brief paper thesis dissertation memorandum".split())
_ROLES: Final = {
    **dict.fromkeys("ed eds éd éds editor editors hrsg hg dir dirs".split(), "editor"),
    **dict.fromkeys("tr trans transl trad translator translators übers".split(), "translator"),
}
_UNPUBLISHED: Final = (
    ("to", "appear"), ("to", "be"), ("submitted", "to"), ("submitted", "for"), ("accepted", "for"), ("accepted", "in"),
    ("accepted", "by"), ("forthcoming", "in"), ("in", "press"), ("in", "preparation"), ("under", "review"),
)  # fmt: skip
_SERIES: Final = frozenset("notes texts studies monographs topics contributions lectures".split())
_MEETING_WORDS: Final = frozenset("conference workshop symposium congress meeting colloquium".split())
_MEETINGS: Final = frozenset("proceedings proc actes atti tagungsband".split())
_LONGEST_BRACKET: Final = 12  # words between the brackets of a title


class _Cut(NamedTuple):
    """A place ``at`` in the title, from ``start`` to ``end``, where it may end."""

    words: Words
    labels: list[str]
    start: int
    at: int
    end: int


def ended(words: Words, labels: list[str]) -> None:
    """Move the end of the title, in place, to where brackets, full stops and the words after it have it."""
    for rule in _RULES:
        title = title_of(labels)
        if title is None:
            _first_element(words, labels)
            return
        rule(words, labels, title)


def _open_bracket(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A bracket that a title opens is closed in it, or is not of it."""
    start, end = title
    depth = 0
    opening = 0
    for at in range(start + 1, end):
        for mark in words.gaps[at]:
            if mark in "([":
                depth += 1
                opening = at
            elif mark in ")]":
                depth = max(0, depth - 1)
    if not depth:
        return
    at = end
    while at <= len(labels) and at - end <= _LONGEST_BRACKET:
        gap = words.gaps[at]
        for mark in gap:
            depth += (mark in "([") - (mark in ")]")
        if depth <= 0:
            break
        at += 1
    else:
        return
    if depth > 0:
        return
    inside = set(labels[end:at])
    if "container" in inside:
        comma = max((place for place in range(start + 2, opening + 1) if words.gaps[place] in {", ", ". "}), default=0)
        if comma and opening - comma <= 3 and words.shape(comma) in CAPITAL:
            labels[comma:at] = ["container"] * (at - comma)
            return
    if inside & {"volume", "issue", "pages", "publisher", "place"}:
        return
    if "date" in inside and "date" not in labels[:start] + labels[at:]:
        later = next((place for place in range(at, len(labels)) if words.shape(place) == "year"), 0)
        if not later or labels[later] in {"pages", "container"}:
            return
        labels[later] = "date"
    labels[end:at] = ["title"] * (at - end)
    nxt = next((place for place in range(at, len(labels)) if labels[place] == "title"), 0)
    if nxt and nxt - at <= 3:
        labels[at:nxt] = ["title"] * (nxt - at)
    elif at < len(labels) and words.gaps[at] in {") ", "] "} and labels[at] in {"container", "other", "publisher"}:
        stop = at
        while stop < len(labels) and labels[stop] == labels[at]:
            stop += 1
        if words.tokens[at].text.islower():
            labels[at:stop] = ["title"] * (stop - at)


def _subtitle(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A book is not cut at the colon before its subtitle."""
    start, end = title
    if end >= len(labels) or labels[end] not in {"container", "edition", "series"} or COUNTED & set(labels):
        return
    stop = end
    while stop < len(labels) and labels[stop] == labels[end]:
        stop += 1
    colon = words.gaps[end].strip() == ":"
    after = any(":" in words.gaps[at] for at in range(start + 1, end)) and words.gaps[end] == ", "
    if words.lower(end) in _IN | _MEETINGS or not (colon or after):
        return
    if labels[end] == "edition" and stop - end < 2:
        return
    following = labels[stop] if stop < len(labels) else ""
    published = bool(_IMPRINT & set(labels))
    joined = any(words.lower(at) in _AND for at in range(end, stop))
    if (colon and (published or following in {"date", "editor", "translator", ""})) or (after and joined and published):
        labels[end:stop] = ["title"] * (stop - end)


def _unmarked_end(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """Where nothing but a space is between title and container, a full stop inside the container is the end of it."""
    start, end = title
    if end >= len(labels) or labels[end] != "container" or words.gaps[end] != " ":
        return
    last = end
    while last < len(labels) and labels[last] == "container":
        last += 1
    stop = next((at for at in range(end + 1, last) if ". " in words.gaps[at]), 0)
    if stop and words.tokens[end].text.islower():
        labels[end:stop] = ["title"] * (stop - end)
    elif words.tokens[end - 1].text == "The" and end - start > 2:
        labels[end - 1] = "container"


def _span_of_years(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """Two years with a dash between them after the title of a book are of it: ``Tides and Clocks, 750-900, London``."""
    if "container" in labels:
        return
    end = title[1]
    last = end
    while last < len(labels) and labels[last] in {"pages", "volume"}:
        last += 1
    if last - end != 2 or words.gaps[end + 1] != "-" or labels[last : last + 1] not in (["place"], ["publisher"]):
        return
    if words.gaps[end] in {", ", " "} and all(words.shape(at) in {"d3", "year"} for at in range(end, last)):
        labels[end:last] = ["title"] * 2


def _inside(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A title ends before ``in``, ``to appear``, the kind of a report, the volume, a meeting, or its series."""
    start, end = title
    for at in range(start + 2, end):
        if words.gaps[at] != " " and any(follows(_Cut(words, labels, start, at, end)) for follows in _FOLLOWERS):
            return


def _ends_phrase(words: Words, at: int) -> bool:
    return words.ends_sentence(at) or words.gaps[at].endswith(", ")


def _unpublished(cut: _Cut) -> bool:
    """``to appear in Harbour Review`` is not of the title."""
    words, labels, at, end = cut.words, cut.labels, cut.at, cut.end
    if (words.lower(at), words.lower(at + 1)) not in _UNPUBLISHED or at + 1 >= end:
        return False
    if not (_ends_phrase(words, at) or "(" in words.gaps[at]):
        return False
    labels[at:end] = ["other"] * (end - at)
    if "container" not in labels and words.lower(at + 2) in _IN and at + 3 < end:
        labels[at + 3 : end] = ["container"] * (end - at - 3)
    return True


def _report(cut: _Cut) -> bool:
    """``Technical Report 12`` is not of the title."""
    words, labels, at, end = cut.words, cut.labels, cut.at, cut.end
    if (words.lower(at), words.lower(at + 1)) not in _REPORT_STARTS or at + 1 >= end:
        return False
    if not (_ends_phrase(words, at) or "(" in words.gaps[at]):
        return False
    labels[at:end] = ["genre"] * (end - at)
    return True


def _volume(cut: _Cut) -> bool:
    """``Vol. 3`` is not of the title."""
    words, labels, at, end = cut.words, cut.labels, cut.at, cut.end
    if words.lower(at) not in VOLUME_WORDS or words.shape(at + 1) not in {"d1", "d2", "d3"} or at + 1 >= end:
        return False
    if not (_ends_phrase(words, at) or words.gaps[at] == ": "):
        return False
    if ":" in words.gaps[at + 2] and at + 2 < end:
        return False  # "Volume 1: The Coast" is the title of a part
    labels[at : at + 2] = ["other" if "volume" in labels else "volume"] * 2
    labels[at + 2 : end] = ["other"] * (end - at - 2)
    return True


def _in_container(cut: _Cut) -> bool:
    """``, in Harbour Review`` and ``. In: Clocks of the Coast`` are not of the title."""
    words, labels, start, at, end = cut.words, cut.labels, cut.start, cut.at, cut.end
    if words.lower(at) not in _IN or at + 2 >= end or "container" in labels:
        return False
    gap, stop, comma = words.gaps[at], words.ends_sentence(at), words.gaps[at].endswith(", ")
    colon, capital = ":" in words.gaps[at + 1], words.shape(at + 1) in CAPITAL
    quoted = any(mark in words.gaps[start] and mark in gap for mark in "\"'") or (
        '"' in words.gaps[start] and "'" in gap
    )
    small = words.tokens[at].text.islower() and capital and not stop and (comma or "?" in gap or quoted)
    chapter = stop and capital and (colon or bool({"pages", "editor"} & set(labels)))
    if not (small or chapter or (colon and (stop or comma))):
        return False
    labels[at] = "other"
    labels[at + 1 : end] = ["container"] * (end - at - 1)
    return True


def _meeting(cut: _Cut) -> bool:
    """``, Proceedings of the Harbour Symposium`` is not of the title."""
    words, labels, at, end = cut.words, cut.labels, cut.at, cut.end
    if "container" in labels and labels[end : end + 1] != ["container"]:
        return False
    if not _ends_phrase(words, at) or not _names_meeting(words, at, end):
        return False
    labels[at:end] = ["container"] * (end - at)
    return True


def _series(cut: _Cut) -> bool:
    """``. Lecture Notes in Clocks`` before a publisher is not of the title."""
    words, labels, at, end = cut.words, cut.labels, cut.at, cut.end
    if (
        not words.ends_sentence(at)
        or not _IMPRINT & set(labels[end : end + 1])
        or {"container", "series"} & set(labels)
    ):
        return False
    if not any(words.lower(place) in _SERIES and words.lower(place + 1) in {"in", "on"} for place in range(at, end)):
        return False
    labels[at:end] = ["series"] * (end - at)
    return True


def _names_meeting(words: Words, at: int, end: int) -> bool:
    """True for ``Proceedings of``, ``First International Conference on``: capitals up to a word for a meeting."""
    if words.lower(at) in _MEETINGS:
        return True
    for place in range(at, min(at + 5, end - 1)):
        if words.shape(place) not in CAPITAL | {"dx", "year"} or (place > at and words.gaps[place] != " "):
            return False
        if words.lower(place) in _MEETING_WORDS:
            return place > at and words.lower(place + 1) in {"on", "of", "for", "in"}
    return False


def _last_quoted(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A part in quotation marks that ends the title after a full stop is the container."""
    if "container" in labels:
        return
    for start, end in quoted_spans(words):
        if title[0] + 1 < start and end == title[1] and words.ends_sentence(start):
            labels[start:end] = ["container"] * (end - start)
            return


def _imprint(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A short last sentence of the title before a place is the publisher: ``Title. Pier Press, Ellery, 1968``."""
    start, end = title
    if "publisher" in labels or end >= len(labels) or labels[end] != "place" or words.gaps[end] != ", ":
        return
    stop = max((at for at in range(start + 2, end) if words.ends_sentence(at)), default=0)
    if (
        stop
        and end - stop <= 3
        and all(words.shape(at) in CAPITAL or words.lower(at) in _AND for at in range(stop, end))
    ):
        labels[stop:end] = ["publisher"] * (end - stop)


def _year_of_title(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """``Tides of the coast in 2009, 2012``: of two years after the title the first is of it."""
    end = title[1]
    if end + 1 >= len(labels) or labels[end] != "date" or words.gaps[end] != " " or words.shape(end) != "year":
        return
    if (
        words.shape(end + 1) == "year"
        and words.gaps[end + 1] in {", ", ". ", " ("}
        and words.tokens[end - 1].text.islower()
    ):
        labels[end] = "title"
        labels[end + 1] = "date"


def _last_bracket(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """Brackets that end the title are not of it where they name its translator, or the kind of a report."""
    start, end = title
    if ")" not in words.gaps[end]:
        return
    opening = next((at for at in range(end - 1, max(start, end - _LONGEST_BRACKET), -1) if "(" in words.gaps[at]), 0)
    if opening - start < 2:
        return
    inside = range(opening, end)
    role = _ROLES.get(words.lower(end - 1)) or _ROLES.get(words.lower(opening))
    if role and end - opening > 1:
        labels[opening:end] = [role] * (end - opening)
    elif any(words.lower(at) in _KINDS for at in inside):
        labels[opening:end] = ["genre"] * (end - opening)


def _city(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """A town with a colon, or alone in the last sentence, ends the title: ``Tides and Clocks London: Pier Press``."""
    start, end = title
    if "container" in labels:
        return
    for at in range(start + 2, end):
        if words.lower(at) not in CITIES or words.gaps[at] not in {" ", ". ", ", "}:
            continue
        if words.gaps[at] == " " and words.tokens[at - 1].text in _PARTICLES | _PREPOSITIONS:
            continue
        if words.gaps[at + 1] in {": ", " : "} and (
            at + 1 < end or labels[end : end + 1] in (["publisher"], ["other"])
        ):
            labels[at] = "place"
            labels[at + 1 : end] = ["publisher"] * (end - at - 1)
            return
    stop = max((at for at in range(start + 2, end) if words.ends_sentence(at)), default=0)
    if stop and all(words.lower(at) in CITIES | _AND for at in range(stop, end)):
        labels[stop:end] = ["place"] * (end - stop)


def _other_titles(words: Words, labels: list[str], title: tuple[int, int]) -> None:
    """There is one title: a second one is the container, or something else where there is one."""
    if title[1] - title[0] < 2:
        return
    for start, end in list(runs_of(labels, "title"))[1:]:
        named = "container" not in labels and words.shape(start) in CAPITAL and not set(words.gaps[start]) & set("[(;")
        labels[start:end] = ["container" if named else "other"] * (end - start)


def _first_element(words: Words, labels: list[str]) -> None:
    """Where a container has a comma and nothing is the title, what is before the comma is it."""
    if "title" in labels or labels.count("container") < 3:
        return
    start, end = next(runs_of(labels, "container"))
    if start and words.lower(start - 1) in _IN:
        return
    comma = next((at for at in range(start + 1, end) if words.gaps[at] == ", "), 0)
    if comma and end - comma > 1 and COUNTED & set(labels[end:]) and "author" in labels[:start]:
        labels[start:comma] = ["title"] * (comma - start)


_FOLLOWERS: Final[tuple[Callable[[_Cut], bool], ...]] = (
    _unpublished, _report, _volume, _in_container, _meeting, _series,
)  # fmt: skip
_RULES: Final[tuple[Callable[[Words, list[str], tuple[int, int]], None], ...]] = (
    _open_bracket, _subtitle, _unmarked_end, _span_of_years, _inside, _last_quoted, _imprint, _year_of_title,
    _last_bracket, _city, _other_titles,
)  # fmt: skip
