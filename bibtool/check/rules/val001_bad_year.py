"""A year that can't be one.

## What it does
Reports values of `year` without a number of four digits, with letters or marks behind it, or beyond 2100. Ranges,
circa, years before the common era `198?` and words such as `in press` are fine.

## Why is this bad
Styles sort and label by the year; what isn't one ends up in the wrong place.

## Fix
Safe for a comma, full stop or semicolon behind the year, which is removed.

## Example
```bibtex
year = {20I9}
```

## Use instead
```bibtex
year = {2019}
```

## References
* btxdoc.tex, section 3.2: the last four characters of `year` should be digits
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

_PLAIN = re.compile(r"\d{4}", re.ASCII)
_ANY = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_UNKNOWN = re.compile(r"\d{0,3}[?xX-]{1,4}", re.ASCII)  # 19xx, 198?, ????: the gap is there on purpose
_WORDS = re.compile(
    r"press|appear|forthcoming|submi|prepar|accept|review|preprint|draft|undated|unpublished|n\.?\s?d\.?$|no date|"
    r"s\.\s?[ad]\.|\bc\.|\bca\b|circa|before|after|century|\bb?\.?c\.?e?\.?$|\ba\.?d\b|^-|unknown|ongoing|present",
    re.IGNORECASE,
)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the value is no year and no word that stands for one."""
    del context
    value = field.content.strip("{} \t\r\n")
    if not value:
        return
    if _PLAIN.fullmatch(value):
        if not 1 <= int(value) <= 2100:
            yield field.hit(f"{value} can't be the year")
        return
    if _WORDS.search(value) or _UNKNOWN.fullmatch(value) or not value.isascii():
        return
    if re.fullmatch(r"\d+", value):
        yield field.hit(f"{value[:40]!r} is no year: it has {len(value)} digits", hint="write all four digits")
    elif re.fullmatch(r"\d{4}[.,;]", value):
        yield field.hit(
            f"there is a {value[-1]!r} behind the year",
            hint="remove it",
            new=value[:4],
            done="mark behind the year removed",
        )
    elif re.fullmatch(r"\d{4}[a-z]", value):
        yield field.hit(f"{value!r} has a letter behind the year", hint="styles add such letters themselves; remove it")
    elif not _ANY.search(value):
        yield field.hit(f"{value[:40]!r} is no year", hint="write four digits")


RULE = Rule(
    code="VAL001",
    name="bad-year",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"year"}),
    on_field=check,
)
