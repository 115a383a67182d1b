"""What a labelling cannot know of itself: the rules that hold for a whole reference, applied to its labels.

A chain of labels sees a few words at a time. That a quoted title ends with its quotation mark, that ``(eds.)`` belongs
to the names before it, or that a reference has a title, are rules that need no learning; each is applied where the
labels break it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.features import quotes_after, shape_of
from bibtool.formats.references.imprint import published
from bibtool.formats.references.nameends import after_names
from bibtool.formats.references.numbers import numbered
from bibtool.formats.references.people import names_of
from bibtool.formats.references.titleends import ended
from bibtool.formats.references.titles import begun
from bibtool.formats.references.wide import long_name, widened
from bibtool.formats.references.words import Words, runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.references.tokens import Token

_PEOPLE: Final = frozenset({"author", "editor", "translator"})
_ROLES: Final = {
    **dict.fromkeys(
        "ed eds éd éds editor editors hrsg hg herausgeber org orgs coord coords dir dirs comp comps szerk ред".split(),
        "editor",
    ),
    **dict.fromkeys("trans transl trad translator translators übers пер".split(), "translator"),
}
_MADE: Final = {
    **dict.fromkeys("edited ed eds éd hrsg hg herausgegeben".split(), "editor"),
    **dict.fromkeys("translated trans transl trad traduit traducido übersetzt übers".split(), "translator"),
}
_BY: Final = frozenset({"by", "von", "par", "por"})
_BETWEEN_PARTICIPLES: Final = frozenset({"and", "with", "introduced", "translated", "edited", "introduction", "an"})
_ARTICLES: Final = frozenset("the la le les das il lo el los las une".split())
_PARTICLES: Final = frozenset("van von der den de la le du di da del della dos das do ten ter af av".split())
_AND: Final = frozenset({"and", "und", "et", "y", "e", "&"})
_NAME_SHAPES: Final = frozenset({"Xx", "X", "XxX", "X-X", "X-x"})
_PUBLISHED: Final = frozenset({"publisher", "place", "edition"})
_UNFINISHED: Final = frozenset("new san los las saint st of the north south east west".split())
_IN: Final = frozenset({"in", "dans", "en", "em", "в"})
_MEETING_WORDS: Final = frozenset("proceedings proc advances symposium conference workshop international".split())
_LONGEST_TAIL: Final = 8  # words of a journal's name that went to the title
_LONGEST_PLACE: Final = 8  # words between the name of a meeting and its date
_PLACED: Final = frozenset({"place", "container", "event", "other", "publisher"})
_VISITED: Final = frozenset({"access", "retrie", "abgeru", "zugrif", "visite", "consul", "acesso", "viewed", "дата"})
_INSIDE: Final = frozenset({"title", "container", "other", "publisher", "series", "event"})


def repaired(text: str, tokens: Sequence[Token], gaps: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The labels of a reference, changed where they break a rule; the same length, empty for none."""
    result = list(labels)
    if not result:
        return result
    written = [token.text for token in tokens]
    words = Words(text, tokens, gaps, [word.lower() for word in written], [shape_of(word) for word in written])
    _quoted_title(words, result)
    _roles(words, result)
    _made_by(words, result)
    _words_for_in(words, result)
    _odd_name(words, result)
    after_names(words, result)
    long_name(words, result)
    _second_title(words, result)
    _sentences(words, result)
    _publisher_and_place(words, result)
    _missing_title(words, result)
    _year_as_volume(words, result)
    _meeting(words, result)
    _missing_date(words, result)
    begun(words, result)
    ended(words, result)
    numbered(words, result)
    published(words, result)
    widened(words, result)
    return result


def _quoted_title(words: Words, labels: list[str]) -> None:
    """A part in quotation marks that begins a title is the title, up to the closing mark."""
    gaps = words.gaps
    opened, start = "", -1
    for index in range(len(labels)):
        gap = gaps[index]
        if '"' not in gap and "'" not in gap:
            continue
        before, opened = opened, quotes_after(gap, opened, first=index == 0)
        if opened and not before:
            start = index
        elif before and not opened and start >= 0:
            run = labels[start:index]
            led = start == 0 or labels[start - 1] != "title"
            if led and len(run) > 1 and run[0] == "title" and run.count("title") * 2 >= len(run):
                after = index
                while after < len(labels) and labels[after] == "title":
                    after += 1
                labels[start:index] = ["title"] * len(run)
                if index < after < len(labels) and labels[after] == "container" and not set(gaps[after]) & set(".;:("):
                    labels[index:after] = ["container"] * (after - index)
                return
            start = -1


def _roles(words: Words, labels: list[str]) -> None:
    """``(eds.)`` belongs to the names before it, and says of ``Title, Jane Doe (trans.)`` which are names."""
    for index in range(1, len(labels)):
        lower = words.lowers[index]
        role = _ROLES.get(lower)
        if role is None or not ("(" in words.gaps[index] or "[" in words.gaps[index]):
            continue
        if ")" not in words.gaps[index + 1] and "]" not in words.gaps[index + 1]:
            continue
        if not lower.endswith("s") and (title := _third_element(words, labels, index)):
            labels[title[0] : title[1]] = ["title"] * (title[1] - title[0])
            labels[title[1] : index + 1] = [role] * (index + 1 - title[1])
            continue
        if labels[index - 1] in _PEOPLE:
            labels[index] = labels[index - 1]
            if labels[index - 1] != "author" or not _authors_before(words, labels, index):
                continue
        elif labels[index - 1] not in {"title", "container", "other", "publisher"}:
            continue
        start = _names_before(words, index, plural=lower.endswith("s"))
        if start and "author" in labels[: start - 1]:
            labels[start : index + 1] = [role] * (index + 1 - start)


def _third_element(words: Words, labels: Sequence[str], end: int) -> tuple[int, int] | None:
    """The title in ``Family, Given, Title, Jane Doe (ed.)`` where it was taken for one more name."""
    if "title" in labels[:end] or labels[0] != "author":
        return None
    commas = [index for index in range(1, end) if words.gaps[index] == ", "]
    if len(commas) != 3 or commas[0] > 2 or commas[1] - commas[0] > 3 or end - commas[2] > 4:
        return None
    if any(words.lower(index) in _AND for index in range(commas[1])) or words.shape(commas[2] - 1) == "X":
        return None
    return commas[1], commas[2]


def _authors_before(words: Words, labels: Sequence[str], index: int) -> bool:
    """True where the names that end before a token do not begin the reference."""
    return "title" in labels[:index] or any(
        words.lower(place) in _ARTICLES and words.gaps[place] == ", " for place in range(1, index)
    )


def _names_before(words: Words, end: int, *, plural: bool) -> int:
    """Where the names before a token begin, 0 where there are none: words with capitals, commas between them."""
    start = 0
    at = end
    while at > 0:
        first = at - 1
        while first > 0 and words.gaps[first] in {" ", ". ", ".", ".-"} and at - first < 5:
            first -= 1
        inside = range(first, at)
        shapes = [words.shape(place) for place in inside if words.lower(place) not in _PARTICLES | _AND]
        named = 2 <= len(shapes) <= 4 and all(shape in _NAME_SHAPES for shape in shapes)
        if not named or words.lower(first) in _ARTICLES or words.gaps[first][:1] not in {",", "."}:
            break
        start = at = first
        if not plural:
            break
    return start


def _made_by(words: Words, labels: list[str]) -> None:
    """``Edited by Jane Doe`` is not of the title that it follows."""
    for index in range(1, len(labels)):
        role = _MADE.get(words.lowers[index])
        if role is None or labels[index] not in _INSIDE or words.gaps[index] == " ":
            continue
        by = index + 1
        while by < len(labels) and by < index + 5 and words.lower(by) in _BETWEEN_PARTICIPLES:
            by += 1
        if words.lower(by) not in _BY:
            continue
        end = by + 1
        while end < len(labels) and (
            words.shape(end) in _NAME_SHAPES or words.lower(end) in _PARTICLES or words.lower(end) in _AND
        ):
            if end > by + 1 and (words.ends_sentence(end) or words.gaps[end] not in {" ", ", ", ". ", ".", ".-"}):
                break
            if labels[end] in _PUBLISHED and words.gaps[end] != " ":
                break
            end += 1
        if end > by + 1:
            labels[index : by + 1] = ["other"] * (by + 1 - index)
            labels[by + 1 : end] = [role] * (end - by - 1)


def _words_for_in(words: Words, labels: list[str]) -> None:
    """The word "in" before a container is not of it."""
    for start, end in runs_of(labels, "container"):
        if end - start < 2 or words.lower(start) not in _IN:
            continue
        small = words.tokens[start].text.islower()
        if ":" in words.gaps[start + 1] or (start and small) or words.lower(start + 1) in _MEETING_WORDS:
            labels[start] = "other"


def _odd_name(words: Words, labels: list[str]) -> None:
    """The last of some names that is none, as in ``Doe, Jane, Untamed: Life outdoors``, begins the title."""
    first = next(runs_of(labels, "author"), None)
    if first is None:
        return
    start, end = first
    tail = max((index for index in range(start + 1, end) if words.gaps[index] == ", "), default=0)
    if not tail or end >= len(labels):
        return
    follows = labels[end] == "title"
    if words.lower(tail) in _ARTICLES and end - tail > 1:
        if follows or "title" not in labels:
            labels[tail:end] = ["title"] * (end - tail)
        return
    if end - tail != 1 or words.shape(tail) not in {"Xx", "X"} or not follows:
        return
    gap = words.gaps[end]
    if gap.startswith("/") or (":" in gap and words.shape(tail) == "Xx"):
        text, tokens = words.text, words.tokens
        whole = names_of(text[tokens[start].start : tokens[end - 1].end])[1]
        without = names_of(text[tokens[start].start : tokens[tail - 1].end])[1]
        if whole < without == 1.0:
            labels[tail] = "title"


def _sentences(words: Words, labels: list[str]) -> None:
    """Title and container part at a full stop rather than at a comma, where one of them has a full stop inside."""
    for start, end in runs_of(labels, "title"):
        if end >= len(labels) or labels[end] != "container" or words.gaps[end][:1] not in {",", ":"}:
            continue
        if words.gaps[end].strip() not in {",", ":"} or not (start == 0 or words.gaps[start].endswith((". ", ") "))):
            continue
        stop = max((index for index in range(start + 2, end) if words.ends_sentence(index)), default=0)
        if stop and end - stop <= _LONGEST_TAIL and words.shape(stop) in {"Xx", "XxX", "XX3", "XX4"}:
            labels[stop:end] = ["container"] * (end - stop)
            continue
        last = next((index for index in range(end, len(labels) + 1) if labels[index : index + 1] != ["container"]), end)
        stop = next((index for index in range(end + 1, last) if words.ends_sentence(index)), 0)
        if stop and any(words.shape(index) == "x" and len(words.tokens[index].text) > 3 for index in range(end, stop)):
            labels[end:stop] = ["title"] * (stop - end)


def _publisher_and_place(words: Words, labels: list[str]) -> None:
    """Publisher and place part at a comma, not between two words of a name: ``Pier Press, Boca Raton``."""
    for start, end in runs_of(labels, "publisher"):
        if end >= len(labels) or labels[end] != "place" or words.gaps[end] != " ":
            continue
        comma = max((index for index in range(start + 1, end) if words.gaps[index] == ", "), default=0)
        if comma and end - comma <= 2:
            labels[comma:end] = ["place"] * (end - comma)
        elif words.lower(end - 1) in _UNFINISHED or words.shape(end - 1) == "x":
            place = end
            while place < len(labels) and labels[place] == "place" and words.gaps[place] == " ":
                labels[place] = "publisher"
                place += 1


def _missing_title(words: Words, labels: list[str]) -> None:
    """A reference to a book has a title: what was taken for its container, unless a word for "in" is before it."""
    if "title" in labels or "container" not in labels:
        return
    start, end = max(runs_of(labels, "container"), key=lambda run: run[1] - run[0])
    if any(words.lower(start - step) in _IN for step in (1, 2) if start >= step):
        return
    counted = "pages" in labels and ("volume" in labels or "issue" in labels)
    if _PUBLISHED & set(labels) or "editor" in labels or "translator" in labels:
        if not counted:
            labels[start:end] = ["title"] * (end - start)
    elif not {"volume", "issue", "pages"} & set(labels):
        labels[start:end] = ["title"] * (end - start)


def _year_as_volume(words: Words, labels: list[str]) -> None:
    """``Journal, 1847(11)`` has a volume that looks like a year."""
    if "volume" in labels:
        return
    for index in range(1, len(labels) - 1):
        if (
            words.shapes[index] == "year"
            and words.gaps[index + 1] == "("
            and words.shape(index + 1) in {"d1", "d2"}
            and labels[index - 1] == "container"
            and any(label == "date" and place != index for place, label in enumerate(labels))
        ):
            labels[index], labels[index + 1] = "volume", "issue"
            return


def _meeting(words: Words, labels: list[str]) -> None:
    """The place and the days of a meeting are of its name where the year is elsewhere as well.

    ``Conference on X, XYZ 2021, Paris, France, May 3-7, 2021`` is one name, as publishers and DBLP have it.
    """
    count = len(labels)
    if not any(map(words.is_month, range(count))):
        return
    first, last = next((span for index in range(1, count) if (span := _days(words, index)) is not None), (0, 0))
    back = next((index for index in range(first, -1, -1) if labels[index] == "container"), -1)
    if not last or back < 0 or first - back - 1 > _LONGEST_PLACE:
        return
    start = back
    while start > 0 and labels[start - 1] == "container":
        start -= 1
    start = _before_place(words, labels, start)
    between = words.text[words.tokens[start].start : words.tokens[last].end]
    if ";" in between or any(between.count(opening) != between.count(closing) for opening, closing in ("()", "[]")):
        return
    if any(words.ends_sentence(index) for index in range(back + 1, first + 1)):
        return
    numbers = sum(words.shape(index) in {"d1", "d2"} for index in range(first, last))
    if numbers < 2 and not any(words.lower(index) in _MEETING_WORDS for index in range(start, back + 1)):
        return
    years = [index for index in range(count) if not start <= index <= last and _is_year(words, labels, index)]
    if not years:
        return
    if start > 0 and words.shape(start - 1) == "year" and words.gaps[start] == " " and words.gaps[start - 1] != " (":
        start -= 1  # "2013 ACM Conference on ..."
    end = _after_place(words, labels, last + 1) if first - back <= 1 or labels[first - 1] == "container" else last + 1
    labels[start:end] = ["container"] * (end - start)
    _cut_off(words, labels, end)
    if "date" not in labels:
        labels[years[-1]] = "date"


def _before_place(words: Words, labels: Sequence[str], start: int) -> int:
    """Where the name of a meeting begins whose days alone were taken for it: ``XYZ 2018, Paris, France, June 3-7``."""
    at = start
    while at > 0 and start - at < _LONGEST_PLACE and labels[at - 1] in {"place", "event"}:
        at -= 1
    if at in {0, start} or labels[at - 1] != "container" or words.gaps[start] != ", " or words.gaps[at] != ", ":
        return start
    while at > 0 and labels[at - 1] == "container":
        at -= 1
    return at


def _after_place(words: Words, labels: Sequence[str], at: int) -> int:
    """Where the place ends that follows the date of a meeting: ``, Montréal, Canada``, ``, virtual``."""
    end = at
    for _ in range(3):
        if end >= len(labels) or words.gaps[end] != ", " or labels[end] not in _PLACED:
            break
        piece = end
        while piece < len(labels) and (piece == end or words.gaps[piece] == " ") and labels[piece] in _PLACED:
            piece += 1
        named = all(words.shape(place) in {"Xx", "XX2", "XX3", "X-X", "X-x"} for place in range(end, piece))
        if not named and words.lower(end) not in {"virtual", "online"}:
            break
        if piece < len(labels) and words.gaps[piece][:1] not in {",", ".", ";", ")", ""} and words.gaps[piece] != " (":
            break
        end = piece
    return end


def _cut_off(words: Words, labels: list[str], at: int) -> None:
    """What follows the name of a meeting after a stop or a semicolon is not of it."""
    if at >= len(labels) or labels[at] != "container" or words.gaps[at] == " ":
        return
    if words.gaps[at] == ", " and words.shape(at) not in {"X", "year"} and words.shape(at + 1) != "X":
        return
    end = at
    while end < len(labels) and labels[end] == "container":
        end += 1
    following = labels[end] if end < len(labels) else ""
    is_person = words.shape(at) == "X" or words.shape(at + 1) == "X"
    label = "editor" if is_person else following if following == "publisher" else "publisher"
    labels[at:end] = ["date" if words.shape(at) == "year" else label] * (end - at)


def _is_year(words: Words, labels: Sequence[str], index: int) -> bool:
    """True for a year that may be that of the reference: not in its title, and not that of a visit to its page."""
    if words.shape(index) not in {"year", "yearx"} or labels[index] in {"title", "url", "doi", "volume"}:
        return False
    return not any(words.lower(index - step)[:6] in _VISITED for step in range(1, 5))


def _missing_date(words: Words, labels: list[str]) -> None:
    """A year that nothing else claims is the date, with the month and the days before it."""
    if "date" in labels:
        return
    years = [index for index in range(1, len(labels)) if _is_year(words, labels, index)]
    if not years:
        return
    first = last = years[-1]
    if labels[last] == "pages" and (
        words.gaps[last + 1] == "-" or words.gaps[last] == "-" or labels.count("pages") == 1
    ):
        return
    while first > 1 and (words.shape(first - 1) in {"d1", "d2"} or words.is_month(first - 1)):
        if words.gaps[first].strip() not in {"", ",", "-", ".", "/"}:
            break
        first -= 1
    if first < last and words.shape(first) in {"d1", "d2"} and not words.is_month(first + 1):
        first = last  # a number of the container, no day
    labels[first : last + 1] = ["date"] * (last + 1 - first)


def _second_title(words: Words, labels: list[str]) -> None:
    """What comes after a word for "in" is the container, where a title is before it and there is no container."""
    runs = list(runs_of(labels, "title"))
    if len(runs) < 2 or "container" in labels:
        return
    _, after = runs[0]
    for start, end in runs[1:]:
        introduced = any(
            words.lower(index) in _IN and (words.gaps[index] != " " or ":" in words.gaps[index + 1])
            for index in range(after, start)
        )
        if introduced:
            labels[start:end] = ["container"] * (end - start)
            return


def _days(words: Words, index: int) -> tuple[int, int] | None:
    """First and last token of ``May 3-7, 2021``, ``3-7 May 2021`` or ``May 31 - June 4, 2015`` that begins here."""
    place, months, days = index, 0, 0
    while place < len(words.tokens) and place < index + 5:
        shape = words.shape(place)
        if shape == "year":
            return (index, place) if months and days else None
        if shape in {"d1", "d2"}:
            days += 1
        elif words.is_month(place):
            months += 1
        else:
            return None
        if place > index and words.gaps[place].strip() not in {"", ",", "-", ".", "/"}:
            return None
        place += 1
    return None
