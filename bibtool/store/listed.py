"""The line of a list, taken from the stored data where a library keeps none.

For nearly all records, it can be taken straight from the data, so the record isn't made, and the modules that make
records aren't loaded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bibtool.store.lines import NO_TITLE, listed
from bibtool.store.rows import from_json

if TYPE_CHECKING:
    from bibtool.store.base import Listed


def listed_in(data: str, path: str) -> Listed:
    """What `listed` gives for the record stored as this JSON; raises `LibraryDamagedError` if that is not a record."""
    try:
        found = _taken(json.loads(data))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
        found = None  # something else than `encode` writes: a record of it, or the error, says what it is
    return found or listed(from_json(data, path))


def _taken(data: Any) -> Listed | None:
    """The line, from what `bibtool.model.codec.encode` gives; None where only a record can say it."""
    variables = data["variables"]
    title = _only(variables.get("title"), "text")
    if "<" in title or "&" in title or "$" in title:
        title = _plain(title)
    issued = variables.get("issued")
    year = 0 if issued is None else _year(issued["date"])
    if year is None or (issued is not None and len(issued) > 1):
        return None
    people = _people(variables.get("author"))
    if people is None:
        people = _people(variables.get("editor")) or ""
    arxiv = data.get("arxiv", {})
    identifier = arxiv["id"] if "id" in arxiv else _only(variables.get("DOI"), "verbatim")
    row = data["key"], str(year or ""), people, title or NO_TITLE, identifier
    return row if all(type(cell) is str for cell in row) else None


def _plain(title: str) -> str:
    """The characters of a title with markup. Most of it protects words from another case, one after the other."""
    opening, closing = '<span class="nocase">', "</span>"
    before, *spans = title.split(opening)
    if (
        "$" in title
        or ("&" in title and ";" in title)
        or "<" in before
        or any(span.count("<") != 1 or closing not in span for span in spans)
    ):
        from bibtool.model.richtext import parse_markup  # takes as long to load as 100 lines to make

        return parse_markup(title).plain()
    return title.replace(opening, "").replace(closing, "")


def _only(value: Any, kind: str) -> str:
    """The characters of a value of that kind; "" for no value, `ValueError` for any other."""
    if value is None:
        return ""
    ((found, text),) = value.items()
    if found != kind or type(text) is not str:
        raise ValueError(kind)
    return text


def _year(date: Any) -> int | None:
    """The year as `Date.year` has it; None where it is in words."""
    parts = date.get("start") or date.get("end")
    return parts[0] if parts and type(parts[0]) is int else None


def _people(value: Any) -> str | None:
    """What `Names.first_three` gives; None without a list of names, or for an empty one."""
    if value is None or not (value["names"] or value.get("truncated")):
        return None
    families = [name.get("literal") or name.get("family", "") for name in value["names"]]
    return ", ".join(families[:3]) + (" et al." if value.get("truncated") or len(families) > 3 else "")
