"""`et al.` in a list of names.

## What it does
Reports `et al.` typed into a field of names, in any spelling.

## Why is this bad
BibTeX takes it for (a part of) a name: the last author is called `al.`. It has to be `and others`.

## Fix
Safe at the end of a list, where it becomes `and others`.

## Example
```bibtex
author = {Aad, Georges et al.}
```

## Use instead
```bibtex
author = {Aad, Georges and others}
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

_ET_AL = re.compile(
    r"(?<![^\s~{])(?:\{|\\(?:emph|textit)\{|\{\\(?:it|em)\s)?et\.?[\s~]{1,9}al(?:ii|\.)?(?:\\/)?\}{0,9}\.?",
    re.IGNORECASE,
)
_AND = re.compile(r"and\b", re.IGNORECASE)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where somebody is called et al."""
    del context
    content = field.content
    folded = content.casefold()
    if "et" not in folded or "al" not in folded:
        return
    for found in _ET_AL.finditer(content):
        after = _skip(content, found.end())
        if after < len(content) and content[after] != "," and not (after > found.end() and _AND.match(content, after)):
            continue
        first = _begin(content, found.start())
        if first == 0:
            continue
        whole = found[0].count("{") == found[0].count("}")
        yield field.hit(
            f"{found[0]!r} is read as a name",
            first,
            found.end(),
            hint="write and others",
            new=" and others" if after == len(content) and whole else None,
            done="et al. as and others",
        )


def _skip(content: str, at: int) -> int:
    """The first offset from ``at`` on that is no white space."""
    while at < len(content) and content[at].isspace():
        at += 1
    return at


def _begin(content: str, at: int) -> int:
    """The end of the name before ``at``: white space, one "and" and one comma are passed over."""
    for word in ("and", ","):
        while at and content[at - 1] in " \t\r\n~":
            at -= 1
        before = content[max(0, at - 4) : at].casefold()
        if word == "," and before.endswith(","):
            at -= 1
        elif word == "and" and before in (" and", "\nand", "\tand", "~and"):
            at -= 3
    while at and content[at - 1] in " \t\r\n~":
        at -= 1
    return at


RULE = Rule(
    code="NAM003",
    name="et-al",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fixable=True,
    fields=NAMES,
    on_field=check,
)
