"""Where numbers, and the words and short names before them, belong to: volumes, editions, series, days of a visit.

A chain of labels gives a short name of a journal to the volume after it (``ApJ, 517``), the edition to the volume
(``17. ed.``), and the days of a visit to the pages. Each rule holds for references of all styles, and is applied where
the labels break it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.titles import VOLUME_WORDS
from bibtool.formats.references.words import CAPITAL, runs_of, title_of

if TYPE_CHECKING:
    from bibtool.formats.references.words import Words

_EDITION: Final = frozenset(
    "ed edn edition éd édition edición ediz edizione edição aufl auflage uppl upplagan bs baskı wyd vyd druk "
    "изд".split()
)
_VISITED: Final = frozenset({"access", "retrie", "abgeru", "zugrif", "visite", "consul", "acesso", "viewed", "дата"})
_NUMBER: Final = frozenset({"d1", "d2", "d3", "d4", "dx", "year", "X", "XX2", "XX3", "XX4"})
_NUMBER_WORDS: Final = VOLUME_WORDS | frozenset(
    "no nos nr number issue iss heft h n num núm fasc series ser new suppl supplement band roč árg årg cilt c tom "
    "v part pt book jaargang jrg".split()
)
_OF: Final = frozenset({"of", "der"})
_THESES: Final = frozenset(
    "dissertation thesis thèse mémoire doktorarbeit diplomarbeit habilitationsschrift masterarbeit tesis tesi tese "
    "proefschrift дис диссертация".split()
)
ABBREVIATIONS: Final = frozenset(
    "acta acad adv amer am anal ann appl arch astron biochem biol br bull can chem clin comm commun comp comput "
    "comptes eng environ eur exp geol geophys ind inorg int inst intl ital j jpn lett mater math mech med mem mol nat "
    "natl nucl org philos phil phys plant proc psychol publ quart rep res rev sci ser soc stat statist surv tech theor "
    "trans transl univ vestn z zh докл изв вестн журн тр учен вопр физ хим мат сб".split()
)
"""Short words that names of journals begin with."""
_AVAILABLE: Final = frozenset(
    "available retrieved accessed online доступно извлечено disponible disponível verfügbar abgerufen "
    "recuperado".split()
)
_MOST_NAMED: Final = 4  # words of a short name before a volume
_LONGEST_EDITION: Final = 4  # words for an edition
_LONGEST_THESIS: Final = 4  # words for a kind of thesis


def numbered(words: Words, labels: list[str]) -> None:
    """Move words, in place, from a number to what they belong to, and numbers to what the words around them say."""
    _pages_of_article(words, labels)
    _pages_as_volume(words, labels)
    _code(words, labels)
    _volume_and_page(words, labels)
    _short_name(words, labels)
    _edition(words, labels)
    _edition_in_title(words, labels)
    _number_in_title(words, labels)
    _volume_of_series(words, labels)
    _volume_in_title(words, labels)
    _abbreviated(words, labels)
    _letter_of_journal(words, labels)
    _thesis(words, labels)
    _visit(words, labels)
    _month(words, labels)
    _available(words, labels)


def _pages_of_article(words: Words, labels: list[str]) -> None:
    """``22, 27:1-27:63``: the number of the article is before both pages, and not a second volume."""
    for at in range(1, len(labels) - 3):
        if words.gaps[at + 1] != ":" or words.gaps[at + 3] != ":" or words.gaps[at + 2].strip() != "-":
            continue
        if words.lower(at) == words.lower(at + 2) and labels[at + 1] == "pages" and labels[at] != "title":
            labels[at : at + 4] = ["pages"] * 4


def _pages_as_volume(words: Words, labels: list[str]) -> None:
    """``4339-4348`` are pages where nothing else is."""
    if "pages" in labels:
        return
    for start, end in runs_of(labels, "volume"):
        if (
            end - start == 2
            and words.gaps[end - 1].strip() == "-"
            and start
            and words.lower(start - 1) not in VOLUME_WORDS
        ):
            first, last = words.tokens[start].text, words.tokens[start + 1].text
            if first.isdigit() and last.isdigit() and len(first) > 2 and int(first) < int(last):
                labels[start:end] = ["pages"] * 2


def _code(words: Words, labels: list[str]) -> None:
    """``Tech. Rep. AR-15-80``: letters and numbers with dashes are the number of a report."""
    for start, end in runs_of(labels, "volume"):
        first = start - 1 if start and words.gaps[start] == "-" else start
        dashes = all(words.gaps[at] == "-" for at in range(first + 1, end))
        if end - first > 2 and dashes and words.shape(first) in {"XX2", "XX3", "XX4"}:
            labels[first:end] = ["number"] * (end - first)


def _volume_and_page(words: Words, labels: list[str]) -> None:
    """``3 Tide L. Rev. 12``, ``Tide Lett. 116 061102``, ``2001, 40, 2004``: the last number is the page."""
    for start, end in runs_of(labels, "pages"):
        two = end - start == 2 and words.gaps[start + 1] == " " and "volume" not in labels
        if two and labels[start - 1 : start] == ["container"] and words.shape(start) in {"d1", "d2", "d3"}:
            labels[start] = "volume"
    if "pages" in labels:
        return
    runs = list(runs_of(labels, "volume"))
    if len(runs) == 2 and labels[runs[0][1] : runs[1][0]] == ["container"] * (runs[1][0] - runs[0][1]):
        labels[runs[1][0] : runs[1][1]] = ["pages"] * (runs[1][1] - runs[1][0])
    last = len(labels) - 1
    if last < 3 or words.shape(last) != "year" or labels[last - 1] != "volume" or words.gaps[last] != ", ":
        return
    if labels[last] in {"date", "other"} and "date" in labels[: last - 1]:
        labels[last] = "pages"


def _short_name(words: Words, labels: list[str]) -> None:
    """``ApJ, 517``: what is before the number of a volume and no word for it is the journal, or its section."""
    for start, end in runs_of(labels, "volume"):
        number = next((at for at in range(start, end) if words.shape(at)[0] in "dy"), start)
        if number == start or number - start > _MOST_NAMED:
            continue
        if words.gaps[number].strip(". ") not in {"", ","} or words.lower(number - 1) in _NUMBER_WORDS:
            continue
        before = range(start, number)
        if any(words.lower(at) in _NUMBER_WORDS for at in before) or words.shape(start) not in CAPITAL | {"X"}:
            continue
        if "container" not in labels:
            if words.gaps[number].startswith(",") or number - start > 1:
                labels[start:number] = ["container"] * (number - start)
        elif start and labels[start - 1] == "container" and words.gaps[start] in {" ", ". ", ", "}:
            labels[start:number] = ["container"] * (number - start)


def _edition(words: Words, labels: list[str]) -> None:
    """``17. ed.`` is an edition."""
    for start, end in runs_of(labels, "volume"):
        follows = words.lower(end)
        if end - start == 1 and follows in _EDITION and words.shape(start) in {"d1", "d2", "dx"}:
            labels[start : end + 1] = ["edition"] * (end + 1 - start)


def _edition_in_title(words: Words, labels: list[str]) -> None:
    """``Tides. – Изд. 4-е. – М.``, ``Tides. Editio decima. Ellery``: a sentence for the edition is not of the title."""
    title = title_of(labels)
    if title is None:
        return
    start, end = title
    tail = max(
        (at for at in range(max(start + 2, end - _LONGEST_EDITION), end) if words.gaps[at] in {", ", ". "}), default=0
    )
    if tail and words.shape(tail) in {"d1", "d2", "dx"} and words.lower(end - 1) in _EDITION and end - tail > 1:
        labels[tail:end] = ["edition"] * (end - tail)
        return
    for at in range(start + 1, end):
        if words.lower(at) in _EDITION | {"editio"} and ". " in words.gaps[at] and words.shape(at - 1) != "X":
            stop = end
            while stop < len(labels) and words.shape(stop) in {"d1", "d2", "x1"} and labels[stop] == "place":
                stop += 1
            if stop - at <= _LONGEST_EDITION:
                labels[at:stop] = ["edition"] * (stop - at)
            return


def _number_in_title(words: Words, labels: list[str]) -> None:
    """``Generic syntax. RFC 3986``: letters with a number, as a sentence after the title, are of a report."""
    title = title_of(labels)
    if title is None:
        return
    at = title[1] - 2
    if at < title[0] + 2 or not words.ends_sentence(at) or words.gaps[at + 1] not in {" ", "-"}:
        return
    if words.shape(at) in {"XX2", "XX3", "XX4"} and words.shape(at + 1) in {"d2", "d3", "d4", "d5"}:
        labels[at : at + 2] = ["number"] * 2


def _volume_of_series(words: Words, labels: list[str]) -> None:
    """``Tides, volume 52 of Notes on Clocks. Pier Press``: before it is the title, after it the series."""
    for at in range(2, len(labels) - 3):
        if words.lower(at) not in VOLUME_WORDS or words.lower(at + 2) not in _OF or words.shape(at + 1) not in _NUMBER:
            continue
        if words.gaps[at].strip() not in {",", ".", "("} or words.shape(at + 3) not in CAPITAL:
            continue
        if {"pages", "issue"} & set(labels[at:]) or "author" in labels[at:]:
            continue  # of a chapter
        start = at
        while start and labels[start - 1] in {"title", "container", "series"}:
            start -= 1
        if start == at or "title" in labels[:start]:
            continue
        end = at + 3
        while end < len(labels) and labels[end] in {"title", "container", "series"} and not words.ends_sentence(end):
            end += 1
        labels[start:at] = ["title"] * (at - start)
        labels[at : at + 2] = ["volume"] * 2
        labels[at + 2] = "other"
        labels[at + 3 : end] = ["series"] * (end - at - 3)
        return


def _volume_in_title(words: Words, labels: list[str]) -> None:
    """``History of Tides, Volume 4: The Coast`` is one title where nothing else has a volume."""
    for start, end in runs_of(labels, "volume"):
        if end - start != 2 or words.lower(start) not in VOLUME_WORDS or not 1 < start < end < len(labels):
            continue
        parts = {"title", "container"}
        if ":" not in words.gaps[end] or labels[start - 1] not in parts or labels[end] not in parts:
            continue
        first, last = start, end
        while first and labels[first - 1] in parts:
            first -= 1
        while last < len(labels) and labels[last] in parts and not words.ends_sentence(last):
            last += 1
        if {"title", "pages", "issue"} & set(labels[:first] + labels[last:]):
            continue
        labels[first:last] = ["title"] * (last - first)
        return


def _abbreviated(words: Words, labels: list[str]) -> None:
    """A journal begins with its first abbreviation: ``Tides of the coast Phys. Rev. Lett. 12``."""
    title = title_of(labels)
    if title is None:
        return
    start, end = title
    if end >= len(labels) or labels[end] != "container" or not words.gaps[end].startswith(". "):
        return
    at = end
    while at - 1 > start + 1 and words.lower(at - 1) in ABBREVIATIONS and words.shape(at - 1) in CAPITAL | {"X"}:
        at -= 1
        if words.gaps[at] not in {". ", "."}:
            break
    if at < end and not any(mark in words.gaps[end] for mark in "\"'(["):
        labels[at:end] = ["container"] * (end - at)


def _letter_of_journal(words: Words, labels: list[str]) -> None:
    """``Lind, A. D. J. Tide. Phys. 12``: of the initials before an abbreviated name the last one is the journal's."""
    author = next(runs_of(labels, "author"), None)
    if author is None or "title" in labels:
        return
    end = author[1]
    if labels[end : end + 1] != ["container"] or words.lower(end) not in ABBREVIATIONS or words.gaps[end] != ". ":
        return
    if words.lower(end - 1) in {"j", "z"} and end - author[0] > 2 and words.shape(end - 2) == "X":
        labels[end - 1] = "container"


def _thesis(words: Words, labels: list[str]) -> None:
    """``Dissertation, Univ. Ellery``, ``. Thèse de doctorat, Ellery``: the kind is of neither title nor school."""
    for start, end in runs_of(labels, "publisher"):
        comma = next((at for at in range(start + 1, end) if words.gaps[at].startswith(",")), 0)
        if comma and comma - start <= _LONGEST_THESIS and words.lower(start) in _THESES:
            labels[start:comma] = ["genre"] * (comma - start)
            return
    title = title_of(labels)
    if title is None:
        return
    start, end = title
    stop = max((at for at in range(start + 2, end) if words.ends_sentence(at)), default=0)
    if stop and end - stop <= _LONGEST_THESIS and words.lower(stop) in _THESES:
        labels[stop:end] = ["genre"] * (end - stop)


def _visit(words: Words, labels: list[str]) -> None:
    """The days on which somebody saw a page are not pages, volume or issue."""
    for index in range(len(labels) - 1):
        if words.lower(index)[:6] not in _VISITED or labels[index] in {"title", "container"}:
            continue
        for at in range(index + 1, min(index + 6, len(labels))):
            if labels[at] in {"pages", "volume", "issue"}:
                labels[at] = "other"


def _month(words: Words, labels: list[str]) -> None:
    """``84 (August): 488``: a month is not the number of an issue."""
    for start, end in runs_of(labels, "issue"):
        if end - start == 1 and words.is_month(start) and "date" in labels:
            labels[start] = "other"


def _available(words: Words, labels: list[str]) -> None:
    """``Available at: https://...``: words before an address are not a container."""
    for start, end in runs_of(labels, "container"):
        if words.lower(start) in _AVAILABLE and end - start <= _MOST_NAMED:
            labels[start:end] = ["other"] * (end - start)
