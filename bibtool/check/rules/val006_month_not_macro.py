"""A month that isn't written as a macro.

## What it does
Reports months that are written out, abbreviated in braces, or, in files for BibTeX, as numbers.

## Why is this bad
Styles define `jan` to `dec` in the language and length that they want; text in braces stays English and can't be
sorted.

## Fix
Safe: every style defines the twelve macros.

## Example
```bibtex
month = {January}
```

## Use instead
```bibtex
month = jan
```

## References
* btxdoc.tex, section 3.2: `month`
* biblatex manual, section 2.3.9 (months and journal issues)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Edit, Fix, Hit, Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import Field

_MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the value names a month but is no macro."""
    value = field.value
    text = value.strip('{}" \t\r\n').rstrip(".").casefold()
    if len(text) > 40 or value.casefold() in _MACROS or "#" in value:
        return
    macro = _macro(text)
    if macro is None:
        days = re.fullmatch(r"(\w+)\.?[\s~-].*", text)
        if field.inner >= 0 and days and _macro(days[1].rstrip(".")) and not days[1].isdigit():
            yield field.hit(
                f"{field.content.strip()!r} is no month by itself",
                hint=f'write {_macro(days[1])} # "~12" for a day, or a date field',
            )
        return
    if text.isdigit() and context.dialect(field.entry) == "biblatex":
        return
    start, end = field.raw.value, field.raw.value_end
    yield Hit(
        source=field.source,
        entry=field.entry,
        start=start,
        end=end,
        message=f"the month is written as {value[:40]} and not as a macro",
        hint=f"write {macro}, without braces",
        fix=Fix(f"month as the macro {macro}", (Edit(start, end, macro),)),
    )


def _macro(text: str) -> str | None:
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return _MACROS[int(text) - 1] if 1 <= int(text) <= 12 else None
    for macro, name in zip(_MACROS, _NAMES, strict=True):
        if text in (macro, name) or (macro == "sep" and text == "sept"):
            return macro
    return None


RULE = Rule(
    code="VAL006",
    name="month-not-macro",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"month"}),
    on_field=check,
)
