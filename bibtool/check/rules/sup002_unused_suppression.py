"""A comment that switches off a rule which found nothing there.

## What it does
Reports `% bibtool: ignore` comments that hide nothing any more.

## Why is this bad
Such a comment hides the next problem of its kind.

## Example
```bibtex
% bibtool: ignore=IDS001
@book{knuth86,
  title = {The TeXbook}
}
```

## Use instead
```bibtex
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
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bibtool.check.source import Source
    from bibtool.check.suppress import Suppression


def hits(source: Source, unused: Iterable[Suppression]) -> Iterator[Hit]:
    """A hit for each comment that hid nothing; the engine asks when all other rules are done."""
    for one in unused:
        yield Hit(
            source=source, start=one.at, end=one.end, message="this comment hides nothing", hint="remove the comment"
        )


RULE = Rule(
    code="SUP002",
    name="unused-suppression",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    default=False,
)
