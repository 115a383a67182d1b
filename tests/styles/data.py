"""Records and small styles of our own for the tests of the style engine."""

from __future__ import annotations

from typing import Any

from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Record
from bibtool.model.richtext import parse_markup

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="{kind}"{more}>'
INFO = "<info><title>T</title><id>t</id><updated>2024-01-01T00:00:00+00:00</updated></info>"


def style_source(
    citation: str = '<layout><text variable="title"/></layout>',
    bibliography: str = "",
    *,
    macros: str = "",
    kind: str = "in-text",
    more: str = "",
    citation_options: str = "",
    bibliography_options: str = "",
) -> str:
    """The source of a style with these parts."""
    source = HEAD.format(kind=kind, more=f" {more}" if more else "") + INFO + macros
    source += f"<citation {citation_options}>{citation}</citation>"
    if bibliography:
        source += f"<bibliography {bibliography_options}>{bibliography}</bibliography>"
    return source + "</style>"


def person(text: str) -> Name:
    """``family, given``."""
    family, _, given = text.partition(", ")
    return Name(family=family, given=given)


def record(key: str, kind: str = "book", **values: Any) -> Record:
    """A record; ``author="A, B; C, D"``, ``issued=(2020, 3)``, other values are text or numbers."""
    variables: dict[str, Any] = {}
    for name, value in values.items():
        variable = name.replace("_", "-")
        if variable in ("author", "editor", "translator"):
            variables[variable] = Names(tuple(person(one) for one in value.split("; ")))
        elif variable in ("issued", "accessed"):
            variables[variable] = Date.of(*value) if isinstance(value, tuple) else value
        elif variable in ("page", "volume", "edition", "issue", "number", "number-of-pages"):
            variables[variable] = Number(value)
        else:
            variables[variable] = parse_markup(value)
    return Record(key=key, type=kind, variables=variables)
