"""An ISSN with a wrong check digit or length.

## What it does
Reports ISSNs that don't have eight digits or whose check digit is wrong.

## Why is this bad
A digit was mistyped; the number finds another journal or none.

## Example
```bibtex
issn = {0010-4621}
```

## Use instead
```bibtex
issn = {0010-4620}
```

## References
* ISO 3297, annex on the check digit
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_issn
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_CANDIDATE = re.compile(r"\d{4}[\-\u2010-\u2015]?\d{3}[\dXx]")


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
        yield field.hit(f"{part.strip()[:60]!r} is no ISSN: {_reason(part)}", hint="compare it with the journal itself")


def _valid(text: str) -> bool:
    return not _reason(text)


def _reason(text: str) -> str:
    try:
        parse_issn(text.strip("{} "))
    except IdentifierError as error:
        return error.reason
    return ""


RULE = Rule(
    code="IDS005",
    name="bad-issn",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"issn"}),
    on_field=check,
)
