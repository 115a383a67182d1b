"""A character that can't be seen.

## What it does
Reports control characters, zero-width spaces, byte order marks and marks of writing direction inside values.

## Why is this bad
They come with text copied from web pages and PDF files. Links and identifiers with them are broken, searches fail,
and LaTeX stops at them.

## Fix
Safe for characters that stand for nothing; separators and marks of direction are left for you.

## Example
```bibtex
doi = {10.1093/comjnl<U+200B>/27.2.97}
```

## Use instead
```bibtex
doi = {10.1093/comjnl/27.2.97}
```

## References
* Unicode Standard, section 23 (special areas and format characters)
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

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+")
# taking these away joins or changes nothing that was meant to be separate
_NOTHING = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff]+")


def check(context: Context) -> Iterator[Hit]:
    """A hit for each run of such characters in a value."""
    for source in context.sources:
        for field, first, last, found in source.matches(_BAD):
            names = " ".join(f"U+{ord(char):04X}" for char in found[0][:4])
            yield field.hit(
                f"{field.shown!r} has an invisible character: {names}",
                first,
                last,
                hint="remove it",
                new="" if _NOTHING.fullmatch(found[0]) else None,
                done="invisible character removed",
            )


RULE = Rule(
    code="VAL007",
    name="control-character",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_project=check,
)
