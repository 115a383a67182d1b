"""An ISBN with a wrong check digit or length.

## What it does
Reports ISBNs that don't have 10 or 13 digits or whose check digit is wrong. Several ISBNs in one field are judged one
by one, words in parentheses are passed over.

## Why is this bad
A digit was mistyped; the number finds another book or none.

## Example
```bibtex
isbn = {0-201-13448-8}
```

## Use instead
```bibtex
isbn = {0-201-13448-9}
```

## References
* ISO 2108; ISBN Users' Manual, section 5 (check digit)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_isbn
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_CANDIDATE = re.compile(r"(?:97[89][\s\-\u2010-\u2015]?)?(?:\d[\s\-\u2010-\u2015]?){9}[\dXx]")


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each number that is none."""
    del context
    content = field.content
    if not content.strip("?-xX {}\t\r\n") or _valid(content):
        return
    parts = [part for part in re.split(r"[,;/]|\band\b", re.sub(r"\([^()]*\)", " ", content)) if part.strip()]
    for part in parts:
        numbers = [found[0] for found in _CANDIDATE.finditer(part)]
        if _valid(part) or (numbers and all(_valid(number) for number in numbers)):
            continue
        yield field.hit(f"{part.strip()[:60]!r} is no ISBN: {_reason(part)}", hint="compare it with the book itself")


def _valid(text: str) -> bool:
    return not _reason(text)


def _reason(text: str) -> str:
    try:
        parse_isbn(text.strip("{} "))
    except IdentifierError as error:
        return error.reason
    return ""


RULE = Rule(
    code="IDS004",
    name="bad-isbn",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"isbn"}),
    on_field=check,
)
