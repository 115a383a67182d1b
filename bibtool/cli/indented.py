"""JSON with line breaks, as ``json.dumps(indent=2)`` writes it, for lists that may be long: item by item, and faster.

Python writes JSON in C only without indentation.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring as _string
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_ONCE = 100  # items written by one call


def print_json_list(items: Iterable[Any]) -> None:
    """A list on standard output as `bibtool.cli.common.print_json` prints it, without holding all of it."""
    rest = iter(items)
    begun = False
    while page := list(islice(rest, _AT_ONCE)):
        click.echo(("," if begun else "[") + "\n  " + ",\n  ".join(indented(item, "\n  ") for item in page), nl=False)
        begun = True
    click.echo("\n]" if begun else "[]")


def indented(value: Any, line: str = "\n") -> str:
    """The value as ``json.dumps(value, ensure_ascii=False, indent=2)``; ``line`` begins each further line of it."""
    kind = type(value)
    if kind is str:
        return _string(value)
    deeper = line + "  "
    if kind is dict and value:
        # strings are most of what there is, and a call for each would take as long as the rest
        parts = [
            f"{_string(name) if type(name) is str else _name(name)}: "
            f"{_string(item) if type(item) is str else indented(item, deeper)}"
            for name, item in value.items()
        ]
        return f"{{{deeper}{f',{deeper}'.join(parts)}{line}}}"
    if kind is list and value:
        if len(value) == 4 and type(value[3]) is float and type(value[0]) is type(value[1]) is type(value[2]) is str:
            return _origin(*value, line)
        return _row(value, line)
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    if value is None:
        return "null"
    # empty ones, and what JSON makes of other types
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", line)


@lru_cache(maxsize=64)
def _origin(source: str, detail: str, when: str, confidence: float, line: str) -> str:
    """Where a value came from: the same for most values of a record."""
    return _row([source, detail, when, confidence], line)


def _row(value: list[Any], line: str) -> str:
    deeper = line + "  "
    parts = [_string(item) if type(item) is str else indented(item, deeper) for item in value]
    return f"[{deeper}{f',{deeper}'.join(parts)}{line}]"


def _name(name: Any) -> str:
    return json.dumps({name: 0}, ensure_ascii=False)[1:-4]
