"""The suite's items as records.

The suite gives more than CSL-JSON holds: dates as text, variables in the note. That is read here and not in the engine,
whose input are records.
"""

from __future__ import annotations

import re
from typing import Any

from bibtool.formats.csl.values import read_names
from bibtool.formats.rawdate import parse_raw_date
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.vocabulary import VARIABLES

_NOTE = re.compile(r"\{:([-_a-z]+): *([^}]*)\}", re.IGNORECASE)
_NOTE_LINE = re.compile(r"^([-_A-Za-z]+): *(.+)$")
_OTHER_NAMES = {"journalAbbreviation": "container-title-short", "shortTitle": "title-short"}


def record_of(item: dict[str, Any]) -> Record:
    """The record of one item."""
    values = {key: value for key, value in item.items() if key not in ("id", "type")}
    kind = str(item.get("type", "document"))
    note = values.get("note")
    if isinstance(note, str):
        kind = _from_note(note, values, kind)
    variables: dict[str, Any] = {}
    for key, value in values.items():
        name = _OTHER_NAMES.get(key, key)
        made = _value(name, value) if name in VARIABLES else None  # some cases have members of other programs
        if made is not None:
            variables[name] = made
    return Record(key=str(item.get("id", "")), type=kind or "document", variables=variables)


def _from_note(note: str, values: dict[str, Any], kind: str) -> str:
    """Variables that users put into the note: ``{:name: value}`` anywhere, or lines ``name: value`` at the top."""
    found = dict(_NOTE.findall(note))
    for line in note.split("\n"):
        if not (match := _NOTE_LINE.match(line)):
            break
        found.setdefault(match[1], match[2])
    for key, value in found.items():
        name = key if key in VARIABLES else key.lower()
        if name == "type":
            kind = value.strip()
        elif VARIABLES.get(name) == "names":
            family, _, given = value.partition("||")
            person = {"family": family.strip(), "given": given.strip()} if given else {"literal": family.strip()}
            values.setdefault(name, []).append(person)
        elif VARIABLES.get(name) == "date":
            values[name] = {"raw": value.strip()}
        elif name in VARIABLES:
            values.setdefault(name, value.strip())
    return kind


def _value(key: str, value: Any) -> Any:
    if isinstance(value, list):
        names = tuple(name for data in value if isinstance(data, dict) and (name := name_of(data)) is not None)
        return Names(names) if names else None
    if isinstance(value, dict):
        return date_of(value)
    if value is None or isinstance(value, bool):
        return None
    text = str(value)
    if not text:
        return None
    kind = VARIABLES.get(key)
    if kind == "number":
        return Number(text)
    if kind == "verbatim" and key not in ("call-number", "archive_location", "dimensions"):
        return Verbatim(text)
    if kind == "date":
        return parse_raw_date(text)
    return parse_markup(text) or Text.of(text)


def name_of(data: dict[str, Any]) -> Name | None:
    """A name as the reader of CSL-JSON gives it; members that JSON of other programs has are left out."""
    if data.get("isInstitution") and data.get("family") and not data.get("given"):
        return Name(literal=str(data["family"]))
    names = read_names({key: value if isinstance(value, bool) else str(value) for key, value in data.items()}, [])
    return names[0] if names else None


def _parts(values: Any, season: int | None = None) -> DateParts | None:
    numbers: list[int] = []
    for value in values or []:
        text = str(value).strip()
        if not text or not text.lstrip("-").isdigit():
            break
        numbers.append(int(text))
    if not numbers:
        return None
    year = numbers[0]
    month = numbers[1] if len(numbers) > 1 else None
    day = numbers[2] if len(numbers) > 2 else None
    if month is not None and not month:
        month = day = None
    if month is not None and 13 <= month <= 24:
        season = month - 12 if month < 17 else month - 16 if month < 21 else month - 20
        month = day = None
    return DateParts(year, month, day or None, season if month is None else None)


def date_of(data: dict[str, Any]) -> Date | None:
    """The date of a CSL-JSON date object."""
    circa = bool(data.get("circa")) and str(data.get("circa")) not in ("0", "false")
    if "raw" in data and not data.get("date-parts"):
        found = parse_raw_date(str(data["raw"]))
        return Date(
            found.start, found.end, found.open_start, found.open_end, found.circa or circa, False, found.literal
        )
    season = data.get("season")
    number = int(season) if season is not None and str(season).isdigit() else None
    parts = data.get("date-parts") or []
    start = _parts(parts[0], number) if parts else None
    end = _parts(parts[1], number) if len(parts) > 1 else None
    open_end = len(parts) > 1 and end is not None and end.year == 0
    if open_end:
        end = None
    literal = str(data.get("literal") or "")
    if start is None and not literal and isinstance(season, str):
        literal = season
    if start is None and end is None and not literal:
        return None
    return Date(start, end, open_end=open_end, circa=circa, literal=literal)
