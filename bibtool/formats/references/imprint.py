"""Places and publishers: rules on the names of towns, and on what is around them.

In French, Italian and Spanish references a comma is between place and publisher, in either order, so that only the name
of the town tells which is which. Each rule holds for references of all styles, and is applied where the labels break
it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.formats.references.words import CAPITAL, COUNTED, runs_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.references.words import Words

CITIES: Final = frozenset(
    "amsterdam ankara athens atlanta austin baltimore barcelona basel beijing belgrade berkeley berlin bern "
    "bloomington bologna bonn bordeaux boston bruxelles brussels bucharest budapest calcutta cambridge chicago cologne "
    "copenhagen delhi dordrecht dresden dublin durham düsseldorf edinburgh firenze florence frankfurt genève geneva "
    "genova göttingen graz hamburg hannover harmondsworth heidelberg helsinki hildesheim istanbul ithaca jakarta jena "
    "jerusalem kiel krakow köln lausanne leiden leipzig leuven lisboa lisbon ljubljana london londres louvain lund "
    "lyon madrid malden maputo marburg marseille melbourne milan milano montreal montréal moscow moskva mumbai munich "
    "münchen münster nairobi napoli oslo ottawa oxford padova palermo paris philadelphia pisa praha prague princeton "
    "québec roma rome rotterdam salzburg santiago sevilla shanghai singapore sofia stanford stockholm strasbourg "
    "stuttgart sydney tokyo torino toronto toulouse tübingen uppsala utrecht valencia venezia venice vienna warsaw "
    "warszawa washington wien wiesbaden zagreb zürich москва ленинград киев минск".split()
)
"""Towns where many books are published, in small letters; names of one word."""

_MORE_CITIES: Final = CITIES | frozenset(
    "bari bergamo brescia catania perugia ravenna roma-bari siena trento trieste verona vicenza avignon besançon caen "
    "clermont-ferrand dijon grenoble lille limoges montpellier nancy nantes nice poitiers reims rennes rouen tours "
    "bilbao bogotá buenos caracas coimbra córdoba granada lima málaga méxico montevideo murcia oviedo pamplona porto "
    "quito salamanca zaragoza campinas curitiba recife salvador neuchâtel fribourg liège gent antwerpen "
    "санкт-петербург петербург новосибирск казань томск".split()
)
_REGIONS: Final = frozenset(
    "france germany deutschland italy italia spain españa portugal usa uk england scotland wales ireland canada "
    "australia netherlands nederland switzerland schweiz suisse austria österreich belgium belgique sweden norway "
    "denmark finland poland russia china japan india brazil brasil mexico argentina chile greece turkey israel "
    "massachusetts california illinois connecticut virginia maryland texas ontario quebec mass conn calif ill ny nj "
    "ca ma ct va md tx uk".split()
)
_SCHOOLS: Final = ("universit", "univ", "hochschule", "college", "école", "institut", "университет")
_LONGEST_CITY: Final = 4  # words, as in "Frankfurt am Main"


def published(words: Words, labels: list[str]) -> None:
    """Part places and publishers, in place, by the names of towns."""
    _school(words, labels)
    _among_places(words, labels)
    _in_container(words, labels)
    _subtitle_and_city(words, labels)


def _elements(words: Words, start: int, end: int) -> list[tuple[int, int]]:
    """The elements of a run between commas."""
    cuts = [start, *(at for at in range(start + 1, end) if words.gaps[at] == ", "), end]
    return list(pairwise(cuts))


def _is_city(words: Words, element: tuple[int, int]) -> bool:
    start, end = element
    return end - start <= _LONGEST_CITY and words.lower(start) in _MORE_CITIES


def _school(words: Words, labels: list[str]) -> None:
    """``Université de Paris`` is the publisher, not the place."""
    if "publisher" in labels:
        return
    for start, end in runs_of(labels, "place"):
        first = _elements(words, start, end)[0]
        if words.lower(start).startswith(_SCHOOLS) and first[1] - start > 1:
            labels[start : first[1]] = ["publisher"] * (first[1] - start)
            return


def _among_places(words: Words, labels: list[str]) -> None:
    """``Milano, Bompiani`` and ``Bompiani, Milano``: of two elements the one that is not a town is the publisher."""
    if "publisher" in labels:
        return
    for start, end in runs_of(labels, "place"):
        elements = _elements(words, start, end)
        if len(elements) != 2:
            continue
        cities = [_is_city(words, element) for element in elements]
        if cities[0] == cities[1]:
            continue
        other = elements[cities.index(False)]
        inside = range(*other)
        if any(words.lower(at) in _REGIONS or words.shape(at) in {"XX2", "XX3"} for at in inside):
            continue
        labels[other[0] : other[1]] = ["publisher"] * (other[1] - other[0])
        return


def _in_container(words: Words, labels: list[str]) -> None:
    """``La rebelión, Madrid, Revista de Occidente, 1930``: after a town comes who published a book, not a journal."""
    if {"publisher", "place"} & set(labels) or COUNTED & set(labels) or "title" not in labels:
        return
    for start, end in runs_of(labels, "container"):
        elements = _elements(words, start, end)
        if len(elements) == 2 and _is_city(words, elements[0]) and words.gaps[start].startswith(","):
            labels[start : elements[0][1]] = ["place"] * (elements[0][1] - start)
            labels[elements[1][0] : end] = ["publisher"] * (end - elements[1][0])
            return


def _subtitle_and_city(words: Words, labels: list[str]) -> None:
    """``Tides. Studies on clocks, Berlin 1990``: a book goes on to the town, where nothing is counted."""
    title = title_of(labels)
    if title is None or COUNTED & set(labels) or {"publisher", "place", "editor"} & set(labels):
        return
    end = title[1]
    last = _end_of(labels, end)
    if last == end or labels[end] != "container" or not words.ends_sentence(end) or words.shape(end) not in CAPITAL:
        return
    elements = _elements(words, end, last)
    if len(elements) < 2 or not _is_city(words, elements[-1]) or labels[last : last + 1] != ["date"]:
        return
    city = elements[-1][0]
    labels[end:city] = ["title"] * (city - end)
    labels[city:last] = ["place"] * (last - city)


def _end_of(labels: Sequence[str], start: int) -> int:
    end = start
    while end < len(labels) and labels[end] == labels[start]:
        end += 1
    return end
