"""Values of CSL-JSON as other programs write them, made comparable member by member."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

NAME_PARTS = ("family", "given", "non-dropping-particle", "dropping-particle", "suffix", "literal")
# not about the work: the key, bibtool's own data, and what each program says of the source
LEFT_OUT = frozenset({"id", "custom", "citation-key", "citation-label", "_graph", "source", "system_id"})
_NO_CASE = re.compile(r"</?span(?: class=\"nocase\")?>")


class Value(NamedTuple):
    """A member of an item; ``text`` is "" where a program does not have it."""

    entry: str
    variable: str
    text: str


def values_of(item: dict[str, Any]) -> dict[str, str]:
    """The members of an item as comparable text, by variable."""
    return {name: _text(value) for name, value in item.items() if name not in LEFT_OUT and _text(value)}


def _text(value: object) -> str:
    if isinstance(value, dict):
        return _date(value)
    if isinstance(value, list):
        return "; ".join(_name(name) if isinstance(name, dict) else _plain(str(name)) for name in value)
    return _plain(str(value))


def _plain(text: str) -> str:
    """Text without the spans that only protect its case, with one form of characters, spaces and quotation marks."""
    text = unicodedata.normalize("NFC", _NO_CASE.sub("", text))
    return " ".join(text.replace("\u00a0", " ").translate(_QUOTES).split())


_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def _name(name: dict[str, Any]) -> str:
    if not name.keys() & set(NAME_PARTS[1:5]):
        return _plain(str(name.get("literal") or name.get("family", "")))
    return " | ".join(_plain(str(name.get(part, ""))) for part in NAME_PARTS)


def _date(date: dict[str, Any]) -> str:
    parts = date.get("date-parts")
    if not parts or not all(parts):
        return _plain(str(date.get("literal") or date.get("raw") or ""))
    text = "/".join("-".join(str(int(number)) for number in half if number not in ("", None)) for half in parts)
    season = f" season {int(date['season'])}" if str(date.get("season", "")).isdigit() else ""
    circa = " circa" if date.get("circa") not in (None, False, 0, "0", "false") else ""
    return f"{text}{season}{circa}"


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(variable, mine, theirs) for each member that is not the same in both items."""
    own, other = values_of(mine), values_of(theirs)
    return [
        (name, own.get(name, ""), other.get(name, ""))
        for name in sorted({*own, *other})
        if own.get(name, "") != other.get(name, "")
    ]
