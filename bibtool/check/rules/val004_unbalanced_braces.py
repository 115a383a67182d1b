r"""Braces that don't match for LaTeX.

## What it does
Reports values in which BibTeX counts the same number of opening and closing braces but LaTeX doesn't, as a backslash
stands before one of them. (Braces that BibTeX itself can't match make the whole entry unreadable: SYN001.)

## Why is this bad
LaTeX stops with an error far from the cause.

## Example
```bibtex
title = {The set \{ a } of all sets}
```

## Use instead
```bibtex
title = {The set \{ a \} of all sets}
```

## References
* btxdoc.tex, section 2.1: braces must balance, whatever stands before them
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def check(context: Context) -> Iterator[Hit]:
    """A hit for each value with a protected brace whose other braces don't match."""
    for source in context.sources:
        if "\\{" not in source.text and "\\}" not in source.text:
            continue
        for entry in source.entries:
            for field in entry.fields:
                if ("\\{" in field.content or "\\}" in field.content) and not _balanced(field.content):
                    yield field.hit(
                        f"the braces of {field.shown!r} don't match for LaTeX, which doesn't count \\{{ and \\}}",
                        hint="write \\{ and \\} in pairs, or \\lbrace and \\rbrace",
                    )


def _balanced(content: str) -> bool:
    depth = 0
    for found in _BRACE.finditer(content):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


RULE = Rule(
    code="VAL004",
    name="unbalanced-braces",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
