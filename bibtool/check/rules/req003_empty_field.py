"""A field without content.

## What it does
Reports fields whose value is empty or white space.

## Why is this bad
An empty field says nothing; but some styles print its punctuation, and in biber it hides the value that a `crossref`
parent would give.

## Fix
Safe: the field is removed, with its comma and its line.

## Example
```bibtex
@book{knuth86,
  title = {The TeXbook},
  note = {}
}
```

## Use instead
```bibtex
@book{knuth86,
  title = {The TeXbook}
}
```

## References
* btxhak.tex, section 4: `empty$` and missing fields
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Fix, Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(entry: Entry, context: Context) -> Iterator[Hit]:
    """A hit for each empty field."""
    del context
    for field in entry.fields:
        if field.content.strip() or field.raw.value == field.raw.value_end:
            continue
        removal = field.removal()
        yield field.name_hit(
            f"the field {field.shown!r} is empty",
            hint="fill it or remove it",
            fix=Fix(f"empty field {field.name} removed", (removal,)) if removal else None,
        )


RULE = Rule(
    code="REQ003",
    name="empty-field",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_entry=check,
)
