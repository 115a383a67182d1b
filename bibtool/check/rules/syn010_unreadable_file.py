"""A file that can't be opened.

## What it does
Reports files that don't exist, can't be read, or are folders. The other files are checked all the same.

## Why is this bad
Nothing in the file was checked.

## Example
```bibtex
$ bibtool check refs.bob
```

## Use instead
```bibtex
$ bibtool check refs.bib
```

## References
* `bibtool check --help`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Hit, Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context


def check(context: Context) -> Iterator[Hit]:
    """One hit for each file that could not be opened."""
    for source in context.sources:
        if source.error:
            yield Hit(source=source, start=0, end=0, message=source.error)


RULE = Rule(
    code="SYN010",
    name="unreadable-file",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=check,
)
