"""A `crossref` parent that stands before its child.

## What it does
Reports, in files written for BibTeX, parents that stand above an entry that refers to them. BibLaTeX files are not
judged, as biber doesn't mind.

## Why is this bad
BibTeX reads the file once: it must have met the child when it comes to the parent, else it says that the parent
doesn't exist.

## Example
```bibtex
@proceedings{proc50,
  title = {The Proceedings},
  year = 1950
}
@inproceedings{turing50,
  title = {A Title},
  crossref = {proc50}
}
```

## Use instead
```bibtex
@inproceedings{turing50,
  title = {A Title},
  crossref = {proc50}
}
@proceedings{proc50,
  title = {The Proceedings},
  year = 1950
}
```

## References
* btxdoc.tex, section 2.2 (cross references)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the parent stands above, in the same file."""
    entry = field.entry
    parent = context.find(field.content.strip())
    if parent is None or parent.source is not entry.source or parent.block.start >= entry.block.start:
        return
    if context.file_dialect(entry.source) == "bibtex":
        yield field.hit(
            f"the parent {parent.shown!r} stands above this entry, and BibTeX needs it below",
            hint="move the parent to the end of the file",
            related=(parent.related("the parent"),),
        )


RULE = Rule(
    code="REF005",
    name="crossref-order",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"crossref"}),
    on_field=check,
)
