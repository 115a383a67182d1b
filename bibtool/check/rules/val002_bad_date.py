"""A date that biblatex can't read.

## What it does
Reports values of `date`, `origdate`, `eventdate` and, in files written for BibLaTeX, `urldate` that are no dates of
ISO 8601-2 (EDTF), or name a day that doesn't exist.

## Why is this bad
biber warns and leaves the date out.

## Example
```bibtex
date = {30.2.2022}
```

## Use instead
```bibtex
date = {2022-02-28}
```

## References
* biblatex manual, section 2.3.8 (date and time specifications)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_SIDE = re.compile(
    r"(?:-?\d{4}|\d{3}X|\d{2}XX|Y-?\d{5,9})(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?"
    r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?[?~%]?",
    re.ASCII | re.IGNORECASE,
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the value is no date."""
    value = field.content.strip("{} \t\r\n")
    if not value or (field.name == "urldate" and context.dialect(field.entry) == "bibtex"):
        return
    sides = value.split("/")
    if len(sides) <= 2 and all(_is_date(side) or (len(sides) == 2 and side in ("", "..")) for side in sides):
        return
    yield field.hit(f"{value[:60]!r} is no date that biblatex reads", hint="write it as 2022-02-28, 2022-02 or 2022")


def _is_date(text: str) -> bool:
    found = _SIDE.fullmatch(text)
    if not found:
        return False
    month, day = found[1], found[2]
    if month is None or not month.isdigit():
        return True
    if 21 <= int(month) <= 41:
        return day is None
    if not 1 <= int(month) <= 12:
        return False
    if int(month) == 2 and day == "29" and text[:4].isdigit():
        year = int(text[:4])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day is None or not day.isdigit() or 1 <= int(day) <= _DAYS[int(month) - 1]


RULE = Rule(
    code="VAL002",
    name="bad-date",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"date", "origdate", "eventdate", "urldate"}),
    on_field=check,
)
