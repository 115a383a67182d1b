"""Names and dates in the form of CSL-JSON (csl-data.json 1.0.2: name-variable, date-variable), and back.

Reading takes more than the schema allows: numbers as strings, EDTF strings, ``raw`` dates, pandoc's ``year`` and
``month`` members, months 13-16 and 21-24 for seasons, an end of ``[0]`` for an open range.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from operator import attrgetter

from bibtool.lazy import lazy_function, lazy_pattern
from bibtool.model.dates import Date, DateParts, checked_parts, date_of, parse_date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name, Names, name_of
from bibtool.model.particles import split_person
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bibtool.formats.rawdate import parse_raw_date, season_of
else:  # most dates are numbers
    parse_raw_date = lazy_function("bibtool.formats.rawdate:parse_raw_date")
    season_of = lazy_function("bibtool.formats.rawdate:season_of")

# in the order in which they are written
_NAME_PARTS = {
    "literal": "literal", "family": "family", "given": "given", "dropping-particle": "dropping_particle",
    "non-dropping-particle": "non_dropping_particle", "suffix": "suffix",
}  # fmt: skip
_NAME_FLAGS = {"comma-suffix": "comma_suffix", "static-ordering": "static_ordering"}
_MEMBERS = (*_NAME_PARTS, *_NAME_FLAGS)
_values_of = attrgetter(*_NAME_PARTS.values(), *_NAME_FLAGS.values())
_more_of = attrgetter(*(part for part in Name.__slots__ if part not in {"family", "given"}))
_NO_MORE = _more_of(Name())
_PARSING = frozenset({"parse-names", "static-particles"})  # whether particles are to be looked for, of citeproc-js
_FLAG_WORDS = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}
_OTHERS = frozenset({"others", "and others", "et al", "et al.", "et alii"})
_MAX_YEAR = 999_999_999
# properties of the schema that are not variables here: kept as leftovers, written back in their place
NOT_VARIABLES = frozenset({"categories", "volume-title-short"})


class JsonNumber(str):
    """A number of a JSON text, as it was written: no digit is lost or added."""

    __slots__ = ()


class JsonWord(str):
    """``true`` or ``false`` where YAML does not show whether a truth value or a word is meant."""

    __slots__ = ()


class JsonConstant(str):
    """``NaN`` or ``Infinity``: not JSON, and not a value for any variable. It equals itself alone, not its text."""

    __slots__ = ()

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


def json_decoder(
    members: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Callable[[str, int], tuple[Any, int]]:
    """A function for the JSON value at an offset of a text, numbers as they were written, and the offset after it.

    It raises `json.JSONDecodeError`, also for what is nested too deeply. ``members`` makes the objects.
    """
    raw_decode = json.JSONDecoder(
        object_pairs_hook=members,
        parse_int=JsonNumber,
        parse_float=JsonNumber,
        parse_constant=JsonConstant,
        strict=False,
    ).raw_decode

    def decode(text: str, at: int) -> tuple[Any, int]:
        try:
            return raw_decode(text, at)
        except RecursionError:
            raise json.JSONDecodeError("it is nested too deeply", text, at) from None

    return decode


def as_dicts(value: Any) -> Any:
    """The value with dicts for objects, which are tuples of pairs where the decoder's ``members`` is `tuple`.

    Lists are changed in place. However deep the value is, it takes no recursion.
    """
    top = [value]
    waiting: list[Any] = [top]
    while waiting:
        holder = waiting.pop()
        for place, member in enumerate(holder) if holder.__class__ is list else list(holder.items()):
            if member.__class__ is tuple:
                made = holder[place] = dict(member)
                waiting.append(made)
            elif member.__class__ is list:
                waiting.append(member)
    return top[0]


# names


def write_name(name: Name) -> dict[str, Any]:
    """The members of one name that are not empty."""
    return {member: value for member, value in zip(_MEMBERS, _values_of(name), strict=True) if value}


def is_plain(name: Name) -> bool:
    """Whether the name has a family and a given name that no particle is looked for in, and nothing else."""
    family, given = name.family, name.given
    return bool(family and given) and " " not in family and "," not in given and _more_of(name) == _NO_MORE


def plain_names(names: Names) -> list[dict[str, Any]] | None:
    """The members of the names if all are plain."""
    if names.marks or not all(map(is_plain, names.names)):
        return None
    return [{"family": name.family, "given": name.given} for name in names.names]


def read_names(data: Any, rest: list[tuple[str, Any]]) -> Names | None:
    """The names of a list (or of one name); None if the data is not a list of names.

    Members that no part fits are appended to ``rest`` as (``index/member``, value). "others" at the end is the
    truncated flag. A bare string becomes a literal. ``ORCID``, which Crossref's CSL-JSON has, is not a leftover.
    Particles and suffixes inside a name are split off unless ``parse-names`` is false.
    """
    if isinstance(data, dict) or (type(data) is str and data.strip()):
        data = [data]
    if not isinstance(data, list):
        return None
    names: list[Name] = []
    truncated = False
    for index, item in enumerate(data):
        if type(item) is str:
            item = {"literal": item}  # noqa: PLW2901 -- the same name in its longer writing
        if not isinstance(item, dict):
            return None
        if (usual := _usual_name(item)) is not None:
            names.append(usual)
            truncated = False
            continue
        parts: dict[str, Any] = {}
        unsplit = False
        orcid = orcid_of(item.get("ORCID"))
        for member, value in item.items():
            part = _NAME_PARTS.get(member)
            if part is not None and isinstance(value, str) and not isinstance(value, JsonConstant):
                if value:
                    parts[part] = str(value)
            elif member in _NAME_FLAGS and (flag := _flag(value)) is not None:
                if flag:
                    parts[_NAME_FLAGS[member]] = True
            elif member in _PARSING and _flag(value) is not None:
                unsplit = unsplit or _flag(value) is (member == "static-particles")
            elif value not in (None, "") and not (member == "ORCID" and orcid):
                rest.append((f"{index}/{member}", value))
        if parts:
            truncated = len(parts) == 1 and _says_others(parts)  # of the last name; empty ones after it don't count
            name = Name(**parts, orcid=orcid)
            names.append(name if unsplit else split_person(name))
    return Names(tuple(names[:-1] if truncated else names), truncated)


def _usual_name(item: dict[str, Any]) -> Name | None:
    """The name of an item that has text for parts of a name and nothing else; None for any other item."""
    try:
        return _name_of(tuple(item), *item.values())
    except TypeError:  # a member that is an object or a list
        return None


@lru_cache(maxsize=8192, typed=True)
def _name_of(members: tuple[str, ...], *texts: object) -> Name | None:
    """The name of these members, made once for all its works; None if one of them is not text for a part of it."""
    parts: dict[str, Any] = {}
    for member, text in zip(members, texts, strict=True):
        part = _NAME_PARTS.get(member)
        if part is None or type(text) is not str or not text:
            return None
        parts[part] = text
    return None if not parts or (len(parts) == 1 and _says_others(parts)) else split_person(Name(**parts))


def plain_name(pairs: tuple[tuple[str, Any], ...]) -> Name | None:
    """The name whose members are these, text for parts of it alone; None for any other."""
    if len(pairs) == 2:
        (first, family), (second, given) = pairs
        if first == "family" and second == "given" and type(family) is type(given) is str and family and given:
            name = name_of(family, given)
            return split_person(name) if " " in family or "," in given else name
    parts: dict[str, Any] = {}
    for member, text in pairs:
        part = _NAME_PARTS.get(member)
        if part is None or type(text) is not str:
            return None
        if text:
            parts[part] = text
        else:
            parts.pop(part, None)
    return None if not parts or (len(parts) == 1 and _says_others(parts)) else split_person(Name(**parts))


def _says_others(parts: dict[str, Any]) -> bool:
    return str(parts.get("literal") or parts.get("family") or "").casefold() in _OTHERS


def _flag(value: Any) -> bool | None:
    """What ``true``, ``1``, ``"true"`` and their opposites mean; None for anything else."""
    if value is None or isinstance(value, bool):
        return bool(value)
    return _FLAG_WORDS.get(value.strip().casefold()) if isinstance(value, str) else None


# dates


def write_date(date: Date) -> dict[str, Any]:
    """The date as ``date-parts`` if they can express it, otherwise as ``literal``.

    What neither can express (uncertain, an open start, year 0, which reads as "no date", and what ``date.written``
    adds) must be kept by the caller: compare with ``read_date(write_date(date))``.
    """
    if date.start is None:
        return {"literal": f"\N{EN DASH}{date.end.edtf()}" if date.end is not None else date.literal}
    if date.start.year == 0 and (date.end is not None or date.open_end or date.circa or date.start.season):
        return {"literal": date.edtf()}
    out: dict[str, Any] = {}
    parts = [_write_parts(date.start)]
    if date.end is not None:
        parts.append(_write_parts(date.end))
    elif date.open_end:
        parts.append([0])
    elif date.start.season is not None:
        out["date-parts"] = [[date.start.year]]
        out["season"] = date.start.season
    if not out:
        out["date-parts"] = parts
    if date.circa:
        out["circa"] = True
    return out


def _write_parts(parts: DateParts) -> list[int]:
    if parts.season is not None:
        return [parts.year, 20 + parts.season]
    if parts.month is None:
        return [parts.year]
    return [parts.year, parts.month] if parts.day is None else [parts.year, parts.month, parts.day]


def read_date(data: Any, rest: list[tuple[str, Any]]) -> tuple[Date | None, str]:
    """The date and "", or a literal and what is wrong with it; None for an empty date.

    Members without a place in a date are appended to ``rest``. Raises `TypeError` if the data is not a date at all.
    """
    if isinstance(data, JsonConstant):
        raise TypeError(data)
    if isinstance(data, JsonNumber):
        return _checked([[data]])
    if isinstance(data, str):
        return _dated(parse_raw_date(data)), ""
    if isinstance(data, list):  # pandoc: a range as a list of maps; some write the parts without their member name
        if data and all(isinstance(item, dict) for item in data):
            return _checked([_members(item, rest) for item in data[:2]])
        return _checked(data if data and isinstance(data[0], list) else [data])
    if not isinstance(data, dict):
        raise TypeError(data)
    if len(data) == 1 and (sides := data.get("date-parts")).__class__ is list and len(sides) == 1:
        side = sides[0]
        if side.__class__ is list and 0 < len(side) <= 3 and list not in map(type, side):
            return _date_of(*side)
    return _read_object(data, rest)


@lru_cache(maxsize=4096, typed=True)
def _date_of(*side: object) -> tuple[Date | None, str]:
    """A single date by its parts, made once for all works that have it."""
    return _checked([list(side)])


def single_date(side: tuple[Any, ...]) -> Date | None:
    """The single date of these parts, text or numbers; None where they are anything else, or no date."""
    try:
        digits = "".join(side)
        if 0 < len(digits) <= _LONGEST_DATE and digits.isascii() and digits.isdigit() and len(side) <= 3:
            numbers = list(map(int, side))
            if 0 not in numbers and (len(numbers) == 1 or numbers[1] <= 12):
                parts = checked_parts(*numbers)
                return None if parts is None else date_of(parts)
    except (TypeError, ValueError):  # a part that isn't text, or is empty
        pass
    if not 0 < len(side) <= 3 or not all(type(part) is str or type(part) is JsonNumber for part in side):
        return None
    date, wrong = _checked([list(side)])
    return None if wrong else date


_LONGEST_DATE = len("20221231")


def _members(item: dict[str, Any], rest: list[tuple[str, Any]]) -> list[Any]:
    known = ("year", "month", "day")
    if "season" in item and not item.get("month"):
        number = season_of(str(item["season"]))
        known = ("year", "season", "day")
        if number is not None:
            item = {**item, "season": JsonNumber(20 + number)}
    rest.extend((name, value) for name, value in item.items() if name not in known and value not in (None, ""))
    return [item.get(name) for name in known]


def _read_object(data: dict[str, Any], rest: list[tuple[str, Any]]) -> tuple[Date | None, str]:
    date: Date | None = None
    wrong = ""
    used = set()
    if data.get("date-parts"):
        parts = data["date-parts"]
        if not isinstance(parts, list):
            raise TypeError(parts)
        date, wrong = _checked(parts if isinstance(parts[0], list) else [parts])
        used.add("date-parts")
    elif "year" in data:
        date, wrong = _checked([_members({k: data[k] for k in ("year", "month", "day", "season") if k in data}, rest)])
        used.update(("year", "month", "day", "season"))
    for member in ("raw", "edtf", "literal"):
        text = data.get(member)
        if date is None and isinstance(text, str) and text and not isinstance(text, JsonConstant):
            date = Date(literal=str(text)) if member == "literal" else _dated(parse_raw_date(text))
            used.add(member)
    if date is not None and not date.literal:
        season = data.get("season")
        number = season_of(str(season)) if isinstance(season, (str, int)) else None
        start = date.start
        if number is not None and start is not None and start.month is None and date.end is None:
            if start.season is None:
                date = Date(DateParts(start.year, season=number), circa=date.circa, uncertain=date.uncertain)
            used.add("season")
        if "circa" in data and (flag := _flag(data["circa"])) is not None:
            if flag and not date.circa:
                date = replace(date, circa=True, written="")
            used.add("circa")
    rest.extend((name, value) for name, value in data.items() if name not in used and value not in (None, "", []))
    return date, wrong


def _dated(date: Date) -> Date | None:
    return date if date != Date() else None


_DIGITS = lazy_pattern(r"\s*-?\d{1,9}\s*", re.ASCII)


def _checked(sides: list[Any]) -> tuple[Date | None, str]:
    """The date of one or two lists of parts; a literal with the reason where the calendar has no such date."""
    read = [_numbers(side) for side in sides[:2]]
    if None in read or len(sides) > 2:
        if len(sides) == 1 and isinstance(sides[0], list) and len(sides[0]) == 1 and isinstance(sides[0][0], str):
            # the whole date in place of the year
            date = parse_date(str(sides[0][0]))
            return _dated(date), "date-parts are not numbers" if date.literal else ""
        return Date(literal=_as_text(sides)), "date-parts are not numbers"
    first = read[0] if read else None
    last = read[1] if len(read) > 1 else None
    if not first or first == [0]:
        if not last or last == [0]:
            return None, ""
        return Date(literal=_as_text(sides)), "a range without a start"
    start = _parts(first)
    end = _parts(last) if last and last != [0] else None
    if start is None or (last and last != [0] and end is None):
        return Date(literal=_as_text(sides)), "there is no such date"
    return Date(start, end, open_end=last == [0]), ""


def _numbers(side: Any) -> list[int] | None:
    """Year, month, day as far as given; zeros and spaces at the end left out; None if something is not a number."""
    if not isinstance(side, list) or len(side) > 3:
        return None
    out: list[int] = []
    for part in side:
        if part is None or (isinstance(part, str) and not part.strip()):
            out.append(0)
        elif isinstance(part, str) and _DIGITS.fullmatch(part):
            out.append(int(part))
        elif isinstance(part, int) and not isinstance(part, bool) and abs(part) <= _MAX_YEAR:
            out.append(part)
        else:
            return None
    while len(out) > 1 and out[-1] == 0:
        out.pop()
    return out


def _parts(numbers: list[int]) -> DateParts | None:
    year, month, day = [*numbers, 0, 0][:3]
    if 13 <= month <= 16:  # citeproc-js's older numbers for the seasons
        month += 8
    return checked_parts(year, month or None, day or None)


def _as_text(sides: list[Any]) -> str:
    """The parts as they were written: ``2022-13-1/2023``."""
    return "/".join(
        "-".join(str(part) for part in side if part is not None) if isinstance(side, list) else str(side)
        for side in sides
    )
