"""Two citation keys differ in upper and lower case only.

## What it does
Reports keys that another entry has in a different spelling of upper and lower case.

## Why is this bad
BibTeX compares keys without regard to case and refuses the second entry; biber and Typst take them for two. The
document works with one program and not with the other.

## Example
```bibtex
@book{Knuth86,
  title = {The TeXbook}
}
@book{knuth86,
  title = {The METAFONTbook}
}
```

## Use instead
```bibtex
@book{Knuth86tex,
  title = {The TeXbook}
}
@book{Knuth86mf,
  title = {The METAFONTbook}
}
```

## References
* `bibtex.web`, section 267: keys are compared in lower case
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(context: Context) -> Iterator[Hit]:
    """A hit for each first occurrence of a further spelling."""
    spellings: dict[str, dict[str, Entry]] = {}
    for entry in context.entries:
        known = spellings.setdefault(entry.key.lower(), {})
        if entry.key and entry.key not in known:
            if known:
                other = next(iter(known.values()))
                yield entry.hit(
                    f"the key {entry.shown!r} differs only by case from {other.shown!r} {entry.place_of(other)}",
                    hint="give one of the two another key",
                    related=(other.related("the other spelling"),),
                )
            known[entry.key] = entry


RULE = Rule(
    code="KEY002",
    name="key-differs-by-case",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
