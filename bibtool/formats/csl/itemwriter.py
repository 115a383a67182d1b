"""The CSL-JSON item (a dict, for JSON or YAML) of a record, from which `bibtool.formats.csl.itemreader` makes it again.

Numbers are always strings, as Zotero and pandoc write them: ``"007"`` stays unchanged, and 12 and "12" need not be
distinguished. What csl-data.json has no property for goes into ``custom.bibtool``, see `bibtool.formats.csl.own`.
"""

from __future__ import annotations

from functools import lru_cache

from bibtool.formats.csl.leftover import from_text, to_text
from bibtool.formats.csl.marks import write_marks
from bibtool.formats.csl.note import split_note
from bibtool.formats.csl.own import ARXIV_MEMBERS, OWN_MEMBERS, categories_of
from bibtool.formats.csl.properties import PROPERTY, RANK
from bibtool.formats.csl.values import NOT_VARIABLES, plain_names, read_date, write_date, write_name
from bibtool.model.codec import encode_value
from bibtool.model.dates import parse_date
from bibtool.model.names import Names
from bibtool.model.numbers import Number
from bibtool.model.particles import split_person
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text
from bibtool.model.showntext import shown_text
from bibtool.model.standins import derived_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bibtool.model.record import Arxiv, Leftover, Record, Value

SOURCE = "csl-json"  # of leftovers


def item_of(record: Record, key: str, people: Callable[[Names], Any | None] = plain_names) -> dict[str, Any]:
    """The record as an item that is valid by csl-data.json; ``key`` becomes the ``id``.

    ``people`` gives what stands for a list of plain names, None for any other list.
    """
    item: dict[str, Any] = {"id": key, "type": record.type}
    own: dict[str, Any] = {}
    if record.aliases:
        own["aliases"] = list(record.aliases)
    others: dict[str, Any] = {}
    for name, value in record.variables.items():
        written = PROPERTY.get(name)
        if written is None:
            others[name] = _other_value(value)
        elif isinstance(value, (Verbatim, Number)):
            item[written] = value.text
        elif (made := _value(written, value, own, people)) is not None:
            item[written] = made
    custom: dict[str, Any] = {}
    if record.arxiv is not None:
        own["arxiv"] = _write_arxiv(record.arxiv)
        if derived := derived_values(record):
            own["derived"] = sorted(derived)
            item.update(derived)
        if categories := categories_of(record.arxiv):
            item["categories"] = categories
    if "note" in item and split_note(item["note"])[0]:
        own["plain-note"] = True
    if others:
        own["variables"] = dict(sorted(others.items()))
    if record.leftovers:
        _write_leftovers(record.leftovers, item, own, custom)
    if own:
        for name in ("homonyms", "marks", "whole", "dates", "tex"):
            if name in own:
                own[name] = dict(sorted(own[name].items()))
        if "truncated" in own:
            own["truncated"].sort()
        custom["bibtool"] = {name: own[name] for name in OWN_MEMBERS if name in own}
    if custom:
        item["custom"] = custom
    return {name: item[name] for name in _in_order(tuple(item))}


@lru_cache(maxsize=1024)  # most items have the same properties as another one
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=RANK.__getitem__))


def _value(name: str, value: Value, own: dict[str, Any], people: Callable[[Names], Any | None]) -> Any:
    if isinstance(value, Text):
        if len(value.nodes) == 1 and type(value.nodes[0]) is str:  # as most are
            return value.markup()
        seen = shown_text(value)
        if seen is not value and seen != value:
            own.setdefault("tex", {})[name] = value.markup()
        return seen.markup()
    if isinstance(value, Names):
        if value.truncated:
            own.setdefault("truncated", []).append(name)
        return people(value) or _names(name, value, own) or None
    if isinstance(value, (Verbatim, Number)):
        return value.text
    data = write_date(value)
    start = value.start
    if value.uncertain or value.written or start is None or value.open_end or not start.year or value.end is not None:
        text = value.edtf()
        if read_date(data, [])[0] != value and parse_date(text) == value:
            own.setdefault("dates", {})[name] = text
    return data


def _names(name: str, value: Names, own: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of each name; what they can't hold goes into ``own``."""
    if any(person.homonym for person in value.names):
        own.setdefault("homonyms", {})[name] = [person.homonym for person in value.names]
    if marks := write_marks(value):
        own.setdefault("marks", {})[name] = marks
    if whole := [write_name(person) for person in value.names if split_person(person) is not person]:
        own.setdefault("whole", {})[name] = whole
    return [write_name(person) for person in value.names]


def _other_value(value: Value) -> Any:
    """A variable without a property: in the schema's form for its kind, or tagged if that can't express all of it."""
    if isinstance(value, Names) and _is_plain(value):
        return [write_name(person) for person in value]
    if isinstance(value, Text):
        return value.markup()
    return value.text if isinstance(value, (Verbatim, Number)) else encode_value(value)


def _is_plain(names: Names) -> bool:
    if names.truncated or names.marks:
        return False
    return not any(n.homonym or n.orcid or n.marks or split_person(n) is not n for n in names)


def _write_arxiv(arxiv: Arxiv) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if arxiv.id is not None:
        out["id"] = str(arxiv.id)
    for member, attribute in ARXIV_MEMBERS.items():
        value = getattr(arxiv, attribute)
        if value:
            out[member] = list(value) if isinstance(value, tuple) else value
    if arxiv.withdrawn:
        out["withdrawn"] = True
    return out


def _write_leftovers(
    leftovers: tuple[Leftover, ...], item: dict[str, Any], own: dict[str, Any], custom: dict[str, Any]
) -> None:
    rows: list[list[str]] = []
    for left in leftovers:
        if left.source == SOURCE:
            value = from_text(left.value)
            if to_text(value) == left.value:  # otherwise another program wrote it, and it stays as it is
                if left.name in NOT_VARIABLES and left.name not in item and _fits(left.name, value):
                    item[left.name] = value
                    continue
                member = left.name.removeprefix("custom/")
                if member != left.name and member not in custom and member != "bibtool":
                    custom[member] = value
                    continue
        rows.append([left.source, left.name, left.value])
    if rows:
        own["leftovers"] = rows


def _fits(name: str, value: Any) -> bool:
    if name == "categories":
        return isinstance(value, list) and all(isinstance(category, str) for category in value)
    return isinstance(value, str)
