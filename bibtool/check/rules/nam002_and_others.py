"""A list of names that ends in `and others`.

## What it does
Reports, as a note that doesn't change the exit code, lists of authors or editors that are cut off by `and others`.

## Why is this bad
The list is incomplete: styles that print all names can't, and those left out are not found.

## Example
```bibtex
author = {Aad, Georges and others}
```

## Use instead
```bibtex
author = {Aad, Georges and Abbott, Brad and Abdallah, Jalal}
```

## References
* btxdoc.tex, section 4: `and others`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.vocabulary import NAMES
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_OTHERS = re.compile(r"\sand\s+(?:others|\{others\})\s*$", re.IGNORECASE)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the list is cut off."""
    del context
    if "others" in field.content[-40:].casefold() and (found := _OTHERS.search(field.content)):
        yield field.hit(
            f'the list of {field.name}s is cut off by "and others"',
            found.start() + 1,
            len(field.content.rstrip()),
            hint="give all names; styles shorten the list themselves",
        )


RULE = Rule(
    code="NAM002",
    name="and-others",
    severity=Severity.NOTE,
    doc=__doc__ or "",
    fields=NAMES,
    on_field=check,
)
