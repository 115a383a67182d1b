"""Reads ``custom.bibtool``, see `bibtool.formats.csl.own` for its members: items of other programs have none."""

from __future__ import annotations

import contextlib

from bibtool.errors import IdentifierError
from bibtool.formats.csl.own import ARXIV_MEMBERS, OWN_MEMBERS, categories_of
from bibtool.formats.csl.values import JsonNumber, JsonWord, read_date, read_names, write_date
from bibtool.lazy import lazy_function
from bibtool.model.dates import parse_date
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.particles import split_person
from bibtool.model.record import Arxiv, Leftover, Record
from bibtool.model.richtext import parse_markup
from bibtool.model.values import fits
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from bibtool.formats.csl.marks import read_marks
    from bibtool.model.codec import decode_value
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Value
    from bibtool.model.showntext import shown_text
    from bibtool.model.standins import derived_values

    ReadValue: TypeAlias = "Callable[[str, str, Any], Value | None]"  # of a variable, the member's name and content
    Leave: TypeAlias = "Callable[[str, Any], None]"  # as a leftover of this name
else:  # most items have leftovers and aliases alone
    read_marks = lazy_function("bibtool.formats.csl.marks:read_marks")
    decode_value = lazy_function("bibtool.model.codec:decode_value")
    shown_text = lazy_function("bibtool.model.showntext:shown_text")
    derived_values = lazy_function("bibtool.model.standins:derived_values")


def with_facts(own: dict[str, Any]) -> dict[str, Any]:
    """The members of ``custom.bibtool``, with the arXiv facts of it as ``_arxiv`` and their ``_categories``."""
    arxiv = own.get("arxiv")
    if isinstance(arxiv, dict):
        facts = _arxiv(arxiv)
        return {**own, "_arxiv": facts, "_categories": categories_of(facts)}
    return {name: value for name, value in own.items() if name not in {"_arxiv", "_categories"}}


def unknown_members(own: Mapping[str, Any]) -> list[str]:
    """The names of members of ``custom.bibtool`` that it does not have in this version."""
    return sorted(own.keys() - set(OWN_MEMBERS))


def add_values(own: dict[str, Any], variables: dict[str, Value], read_value: ReadValue, leave: Leave) -> Arxiv | None:
    """Add what ``custom.bibtool`` has for the variables, and give what it has of arXiv.

    A member that is damaged, or that an edit made false, is left out.
    """
    for name, text in _pairs(own.get("dates")):
        date = parse_date(text) if isinstance(text, str) else None
        if date is not None and variables.get(name) == read_date(write_date(date), [])[0]:
            variables[name] = date
    for name, whole in _pairs(own.get("whole")):
        value = variables.get(name)
        if isinstance(value, Names) and (unsplit := _whole_names(whole)):
            people = tuple(unsplit.get(person, person) for person in value.names)
            variables[name] = Names(people, value.truncated, value.marks)
    for name, numbers in _pairs(own.get("homonyms")):
        names = variables.get(name)
        if isinstance(names, Names) and isinstance(numbers, list) and len(numbers) == len(names):
            variables[name] = replace(names, names=tuple(map(_with_homonym, names, numbers)))
    for name in _list(own.get("truncated")):
        names = variables.get(name, Names()) if isinstance(name, str) else None
        if isinstance(names, Names) and VARIABLES.get(name) == "names":
            variables[name] = Names(names.names, truncated=True)
    for name, marks in _pairs(own.get("marks")):
        names = variables.get(name)
        if isinstance(names, Names):
            variables[name] = read_marks(names, marks)
    for name, value in _pairs(own.get("variables")):
        if name not in variables:
            try:
                read = _other(name, value, read_value)
            except (KeyError, TypeError, ValueError, AttributeError):
                read = None
            if read is None or not fits(name, read):
                leave(f"custom/bibtool/variables/{name}", value)
            else:
                variables[name] = read
    return own.get("_arxiv")


def _other(name: str, value: Any, read_value: ReadValue) -> Value | None:
    if isinstance(value, dict) and len(value.keys() - {"truncated", "marks"}) == 1:
        return decode_value(_integers(value))
    return read_value(name, name, value) if name in VARIABLES else None


def _whole_names(data: Any) -> dict[Name, Name]:
    """Names as they are split by the reader -> the names as they are to be; {} where the data is damaged."""
    try:
        found = read_names([{**entry, "parse-names": False} for entry in _list(data)], [])
    except TypeError:
        return {}
    return {split_person(name): name for name in found or ()}


def bring_back_tex(own: dict[str, Any], variables: dict[str, Value]) -> None:
    """Put mathematics and quotations of ``custom.bibtool.tex`` in the place of text that still shows them."""
    for name, markup in _pairs(own.get("tex")):
        text = parse_markup(markup) if isinstance(markup, str) else None
        if text is not None and shown_text(text) == variables.get(name):
            variables[name] = text


def remove_derived(own: Mapping[str, Any], variables: dict[str, Value], arxiv: Arxiv | None) -> None:
    """Take the properties out that were added for other programs, where they still have the values from then."""
    if skipped := {name for name in _list(own.get("derived")) if isinstance(name, str)}:
        bare = Record(variables={name: value for name, value in variables.items() if name not in skipped}, arxiv=arxiv)
        for name, text in derived_values(bare).items():
            if name in skipped and str(variables.get(name, "")) == text:
                del variables[name]


def aliases_of(own: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys under which the record was cited before."""
    return tuple(str(alias) for alias in _list(own.get("aliases")) if isinstance(alias, str))


def leftovers_of(own: Mapping[str, Any]) -> tuple[Leftover, ...]:
    """The source fields that no variable fitted."""
    leftovers = own.get("leftovers")
    if not isinstance(leftovers, list):
        return ()
    return tuple(
        Leftover(str(row[0]), str(row[1]), str(row[2])) for row in leftovers if isinstance(row, list) and len(row) == 3
    )


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _pairs(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, dict) else []


def _with_homonym(name: Name, number: Any) -> Name:
    if not number:
        return name
    return replace(name, homonym=str(number))


def _integers(value: Any) -> Any:
    """The data of `encode_value` with its numbers as integers again."""
    if isinstance(value, JsonNumber):
        return int(value)
    if isinstance(value, JsonWord):
        return value == "true"
    if isinstance(value, dict):
        return {name: _integers(member) for name, member in value.items()}
    return [_integers(item) for item in value] if isinstance(value, list) else value


def _arxiv(data: Mapping[str, Any]) -> Arxiv:
    """The arXiv facts of ``custom.bibtool.arxiv``; other members are left out."""
    values: dict[str, Any] = {}
    for member, attribute in ARXIV_MEMBERS.items():
        value = data.get(member)
        if attribute in {"categories", "candidates"}:
            if isinstance(value, list):
                values[attribute] = tuple(str(category) for category in value)
        elif attribute == "latest":
            if (number := Number(str(value)).value) is not None:
                values[attribute] = number
        elif isinstance(value, str):
            values[attribute] = str(value)
    arxiv_id: ArxivId | None = None
    with contextlib.suppress(IdentifierError):
        arxiv_id = parse_arxiv_id(str(data.get("id", "")))
    return Arxiv(id=arxiv_id, withdrawn=data.get("withdrawn") in (True, "true"), **values)
