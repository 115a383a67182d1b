"""A `crossref` or `xref` to an entry that isn't there.

## What it does
Reports references to a parent that is in none of the files that are checked together.

## Why is this bad
The entry lacks everything that the parent would give it: book title, editors, publisher, year.

## Example
```bibtex
@inproceedings{turing50,
  title = {A Title},
  crossref = {proc50}
}
```

## Use instead
```bibtex
@inproceedings{turing50,
  title = {A Title},
  crossref = {proc50}
}
@proceedings{proc50,
  title = {The Proceedings},
  year = 1950
}
```

## References
* btxdoc.tex, section 2.2 (cross references)
* biblatex manual, section 2.4.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where no entry has that key."""
    key = field.content.strip()
    if key and context.find(key) is None:
        yield field.hit(
            f"{field.name} names {key[:80]!r}, but there is no entry with that key", hint=context.near_key(key)
        )


RULE = Rule(
    code="REF001",
    name="unresolved-crossref",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fields=frozenset({"crossref", "xref"}),
    on_field=check,
)
