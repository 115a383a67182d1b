"""A citation key with letters beyond ASCII.

## What it does
Reports keys with accented or non-Latin letters.

## Why is this bad
biber and Typst accept them, BibTeX compares bytes and pdfLaTeX may write the key to its files in another form, so the
citation stays undefined.

## Example
```bibtex
@article{lévesque2006,
  title = {A Title}
}
```

## Use instead
```bibtex
@article{levesque2006,
  title = {A Title}
}
```

## References
* btxdoc.tex, section 2.1; biblatex manual, section 2.4.3 on 7-bit keys
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(entry: Entry, context: Context) -> Iterator[Hit]:
    """A hit where the key has a character beyond ASCII."""
    del context
    if not entry.key.isascii():
        strange = "".join(dict.fromkeys(char for char in entry.key if not char.isascii()))[:20]
        yield entry.hit(f"the key {entry.shown!r} has letters beyond ASCII: {strange}", hint="write the key in ASCII")


RULE = Rule(
    code="KEY004",
    name="non-ascii-key",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_entry=check,
)
