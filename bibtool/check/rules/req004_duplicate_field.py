"""A field that occurs twice in one entry.

## What it does
Reports each further field of a name that the entry already has.

## Why is this bad
BibTeX uses the first one, other programs the last one.

## Fix
Safe where both values are the same to the letter: the later field is removed. Else it has to be done by hand.

## Example
```bibtex
@book{knuth86,
  title = {The TeXbook},
  title = {The METAFONTbook}
}
```

## Use instead
```bibtex
@book{knuth86,
  title = {The TeXbook}
}
```

## References
* `bibtex.web`, section 263: the extra field is ignored
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
    """A hit for each field after the first of its name."""
    del context
    if len(entry.fields) == len(entry.names):
        return
    for field in entry.fields:
        first = entry.field(field.name)
        if first is None or first is field:
            continue
        same = first.value == field.value
        removal = field.removal() if same else None
        yield field.name_hit(
            f"the field {field.shown!r} occurs again" + (" with the same value" if same else " with another value"),
            hint="BibTeX uses the first one; remove one of the two",
            fix=Fix(f"repeated field {field.name} removed", (removal,)) if removal else None,
        )


RULE = Rule(
    code="REQ004",
    name="duplicate-field",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_entry=check,
)
