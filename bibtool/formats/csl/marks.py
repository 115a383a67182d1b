"""Marks and ORCID iDs of a name list as a member of ``custom.bibtool.marks``, for which CSL has no property.

::

    {"names": [{"at": 2, "name": "Bea Ash", "marks": ["equal"], "orcid": "0000-0002-1825-0097"}],
     "list": ["alphabetical"]}

``at`` counts the names from 1. The name is there too, so that nobody is marked in place of another person after another
program has changed the list.
"""

from __future__ import annotations

from bibtool.model.identifiers import orcid_of
from bibtool.model.marks import is_mark
from bibtool.model.names import Name, Names
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def write_marks(names: Names) -> dict[str, Any]:
    """The member; empty where nothing is marked."""
    people = []
    for number, name in enumerate(names, 1):
        if name.marks or name.orcid:
            entry: dict[str, Any] = {"at": number, "name": name.display()}
            if name.marks:
                entry["marks"] = list(name.marks)
            if name.orcid:
                entry["orcid"] = name.orcid
            people.append(entry)
    member: dict[str, Any] = {"names": people} if people else {}
    if names.marks:
        member["list"] = list(names.marks)
    return member


def read_marks(names: Names, data: Any) -> Names:
    """The names with what the member says of them; members that are damaged or fit nobody in the list are ignored."""
    if not isinstance(data, dict):
        return names
    people = list(names.names)
    for entry in _list(data.get("names")):
        at = _place(people, entry) if isinstance(entry, dict) else None
        if at is not None:
            marks = _marks(entry.get("marks"))
            people[at] = replace(people[at], marks=marks, orcid=orcid_of(entry.get("orcid")))
    return Names(tuple(people), names.truncated, _marks(data.get("list")))


def _place(people: list[Name], entry: dict[str, Any]) -> int | None:
    """The place of the person now: the number, or the place of the only such name."""
    said = entry.get("name")
    number = str(entry.get("at"))
    if number.isascii() and number.isdigit() and len(number) < 8:
        at = int(number) - 1
        if 0 <= at < len(people) and people[at].display() == said:
            return at
    places = [at for at, name in enumerate(people) if name.display() == said]
    return places[0] if len(places) == 1 else None


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _marks(data: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(word) for word in _list(data) if is_mark(word)))
