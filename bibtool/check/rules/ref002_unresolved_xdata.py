"""An `xdata`, `related` or `entryset` that names an entry that isn't there.

## What it does
Reports the keys in these lists that no entry of the checked files has, and `xdata` that names an entry of another
type.

## Why is this bad
biber warns and goes on without the data of that entry.

## Example
```bibtex
@book{knuth86,
  title = {The TeXbook},
  xdata = {aw}
}
```

## Use instead
```bibtex
@book{knuth86,
  title = {The TeXbook},
  xdata = {aw}
}
@xdata{aw,
  publisher = {Addison-Wesley}
}
```

## References
* biblatex manual, sections 3.14.3 to 3.14.6
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.context import split_keys
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each key of the list without an entry."""
    for key in split_keys(field.content):
        found = context.find(key)
        if found is None:
            yield field.hit(
                f"{field.name} names {key[:80]!r}, but there is no entry with that key", hint=context.near_key(key)
            )
        elif field.name == "xdata" and found.type != "xdata":
            yield field.hit(
                f"xdata names {key[:80]!r}, which is a @{found.type[:40]} and no @xdata",
                hint="use crossref, or make that entry an @xdata",
            )


RULE = Rule(
    code="REF002",
    name="unresolved-xdata",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fields=frozenset({"xdata", "related", "entryset"}),
    on_field=check,
)
