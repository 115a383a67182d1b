r"""An odd number of dollar signs.

## What it does
Reports values with a `$` that begins mathematics and none that ends it. `\$` is a dollar and is not counted.

## Why is this bad
LaTeX sets the rest of the reference, often of the whole page, as mathematics, or stops.

## Example
```bibtex
title = {The cost of $O(n log n) sorting}
```

## Use instead
```bibtex
title = {The cost of $O(n \log n)$ sorting}
```

## References
* The TeXbook, chapter 16
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.vocabulary import PRINTED
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the number of dollars is odd."""
    del context
    if "$" not in field.content:
        return
    places = [found.start() for found in _DOLLAR.finditer(field.content) if found[0] == "$"]
    if len(places) % 2:
        yield field.hit(
            f"{field.shown!r} has a $ without its partner",
            places[-1],
            places[-1] + 1,
            hint="write \\$ for the sign, or close the mathematics",
        )


RULE = Rule(
    code="VAL005",
    name="unbalanced-dollar",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fields=PRINTED,
    on_field=check,
)
