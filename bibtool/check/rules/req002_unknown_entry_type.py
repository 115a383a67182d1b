"""An entry type that neither BibTeX nor BibLaTeX knows.

## What it does
Reports entry types that are in neither manual, with the nearest one that is.

## Why is this bad
BibTeX warns and prints the entry by the rules of `@misc`; biber drops it or does the same.

## Example
```bibtex
@inproceeding{turing50,
  title = {A Title}
}
```

## Use instead
```bibtex
@inproceedings{turing50,
  title = {A Title}
}
```

## References
* btxdoc.tex, section 3.1
* biblatex manual, sections 2.1.1 to 2.1.3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.entrytypes import KNOWN
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(entry: Entry, context: Context) -> Iterator[Hit]:
    """A hit where the type is unknown."""
    del context
    if entry.type not in KNOWN:
        from rapidfuzz.fuzz import ratio
        from rapidfuzz.process import extractOne

        near = extractOne(entry.type[:40], KNOWN, scorer=ratio, score_cutoff=75)
        yield entry.hit(
            f"@{entry.type[:40]} is no entry type of BibTeX or BibLaTeX",
            hint=f"did you mean @{near[0]}?" if near else "@misc is for everything that fits nowhere else",
            on_type=True,
        )


RULE = Rule(
    code="REQ002",
    name="unknown-entry-type",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_entry=check,
)
