"""A `@string` that nothing uses.

## What it does
Reports macros that no value in any of the checked files uses. Files without entries are taken for collections of
macros and left alone.

## Why is this bad
It does no harm, but is often the trace of an entry that was removed, or of a misspelt macro.

## Example
```bibtex
@string{jacm = {Journal of the ACM}}
@book{knuth86,
  title = {The TeXbook}
}
```

## Use instead
```bibtex
@book{knuth86,
  title = {The TeXbook}
}
```

## References
* btxdoc.tex, section 2.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.values import pieces_of
from bibtool.check.rule import Hit, Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context


def check(context: Context) -> Iterator[Hit]:
    """A hit for each macro without a use."""
    used: set[str] = set()
    for source in context.sources:
        document = source.document
        for entry in source.entries:
            for field in entry.fields:
                if field.inner < 0:
                    pieces = pieces_of(source.text, field.raw.value, field.raw.value_end)
                    used.update(piece.content.lower() for piece in pieces if piece.kind == "macro")
        for block in document.strings:
            for _, pieces in block.definitions:
                used.update(piece.content.lower() for piece in pieces if piece.kind == "macro")
    for source in context.sources:
        if not source.entries:
            continue
        for block in source.document.strings:
            for name, _ in block.definitions:
                if name.lower() not in used:
                    yield Hit(
                        source=source,
                        start=block.start,
                        end=block.end,
                        message=f"nothing uses the macro {name[:80]!r}",
                        hint="remove it",
                    )


RULE = Rule(
    code="REF004",
    name="unused-string",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    default=False,
    on_project=check,
)
