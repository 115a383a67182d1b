"""A comment that switches off a rule that doesn't exist.

## What it does
Reports codes in `% bibtool: ignore=...` that no rule has.

## Why is this bad
The comment has no effect, and nobody notices.

## Example
```bibtex
% bibtool: ignore=ISD001
@book{knuth86,
  title = {The TeXbook}
}
```

## Use instead
```bibtex
% bibtool: ignore=IDS001
@book{knuth86,
  title = {The TeXbook}
}
```

## References
* `bibtool check --list-rules`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Hit, Rule
from bibtool.check.suppress import Suppressions
from bibtool.check.table import unknown
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context


MAX_SUGGESTIONS = 20  # looking for the nearest code takes a while


def check(context: Context) -> Iterator[Hit]:
    """A hit for each unknown code."""
    asked = 0
    for source in context.sources:
        for one in Suppressions(source).all:
            for name in one.unknown:
                asked += 1
                yield Hit(
                    source=source,
                    start=one.at,
                    end=one.end,
                    message=unknown(name[:80]).message if asked <= MAX_SUGGESTIONS else f"no rule {name[:80]!r}",
                    hint="`bibtool check --list-rules` lists the rules",
                )


RULE = Rule(
    code="SUP001",
    name="unknown-suppression",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
