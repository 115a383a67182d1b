"""JSON values as the text of a leftover, and back: strings as they are, anything else as JSON."""

from __future__ import annotations

import json

from bibtool.formats.csl.values import JsonConstant, JsonNumber, JsonWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_text(value: Any) -> str:
    """Any JSON value as text: strings as they are, unless they would read as another value."""
    if isinstance(value, str) and not isinstance(value, (JsonNumber, JsonConstant, JsonWord)):
        return str(value) if isinstance(from_text(value), str) else json.dumps(value, ensure_ascii=False)
    return json.dumps(plain(value), ensure_ascii=False)


def from_text(text: str) -> Any:
    """The JSON value of a text; text that is not JSON is a string."""
    if not text or (text[0] not in '{["-0123456789tfn'):
        return text
    try:
        value = json.loads(text, parse_constant=JsonConstant)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, JsonConstant) else value


def plain(value: Any) -> Any:
    """The value with numbers as Python has them; numbers beyond that stay text."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, JsonNumber):
        if len(value) < 18:
            number = json.loads(value)
            if str(number) == value:
                return number
        return str(value)
    if isinstance(value, JsonWord):
        return value == "true"
    return str(value) if isinstance(value, JsonConstant) else value
