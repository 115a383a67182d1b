"""A full stop at the end of a title.

## What it does
Reports titles that end in a full stop. Abbreviations, initials and ellipses are not reported.

## Why is this bad
Styles add their own punctuation: the reader gets `Programming.,` or `Programming..`.

## Fix
Safe: the full stop is removed.

## Example
```bibtex
title = {Literate Programming.}
```

## Use instead
```bibtex
title = {Literate Programming}
```

## References
* btxhak.tex, section 4: `add.period$`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.vocabulary import TITLES
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_END = re.compile(r"(?P<word>[^\W\d_]{4,}|[)\]])\}?(?P<stop>\.)\s*$")
_ABBREVIATIONS = frozenset(
    "corp dept univ conf proc symp sect suppl assoc intl spec prof chap figs incl approx".split()
)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the last character is a full stop that ends a sentence."""
    del context
    tail = field.content[-80:]
    if "." not in tail[-10:]:
        return
    found = _END.search(tail)
    if found is None or found["word"].casefold() in _ABBREVIATIONS or found["word"][1:] != found["word"][1:].lower():
        return
    at = len(field.content) - len(tail) + found.start("stop")
    yield field.hit("the title ends in a full stop", at, at + 1, hint="remove it", new="", done="full stop removed")


RULE = Rule(
    code="TXT005",
    name="full-stop-in-title",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=TITLES,
    on_field=check,
)
