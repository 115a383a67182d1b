r"""A character that LaTeX takes for a command.

## What it does
Reports `&`, `#`, `%`, and `_` without a backslash in fields that are printed, outside of mathematics and of links.

## Why is this bad
`&`, `#` and `_` stop LaTeX with an error, `%` hides the rest of the line.

## Fix
Safe: a backslash is put before the character.

## Example
```bibtex
publisher = {Taylor & Francis}
```

## Use instead
```bibtex
publisher = {Taylor \& Francis}
```

## References
* The TeXbook, chapter 7 (the ten special characters)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.vocabulary import PRINTED, pieces
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_SPECIAL = re.compile(r"&(?!#?\w{2,31};)|[#%_]")
_LINK = re.compile(r"\b(?:https?|ftp)://|www\.", re.IGNORECASE)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each such character."""
    del context
    content = field.content
    if not any(char in content for char in "&#%_") or _LINK.search(content) or "\\verb" in content:
        return
    for at, text, _ in pieces(content):
        for found in _SPECIAL.finditer(text):
            first = at + found.start()
            yield field.hit(
                f"{found[0]!r} in {field.shown!r} is a command for LaTeX",
                first,
                first + 1,
                hint=f"write \\{found[0]}",
                new="\\" + found[0],
                done=f"{found[0]} with a backslash",
            )


RULE = Rule(
    code="TXT006",
    name="unescaped-character",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=PRINTED,
    on_field=check,
)
