"""A field that the entry type requires is missing or empty.

## What it does
Reports entries without a field that their type requires. Each file is judged by BibTeX's or BibLaTeX's rules,
whichever it is written for (`--dialect` says it outright). Fields from `crossref` and `xdata` count, and so do the
other names of a field: `journal` and `journaltitle`, `year` and `date`, `school` and `institution`.

## Why is this bad
The printed reference has a hole where the field belongs, and BibTeX warns about it.

## Example
```bibtex
@article{knuth84,
  author = {Donald E. Knuth},
  title = {Literate Programming},
  year = 1984
}
```

## Use instead
```bibtex
@article{knuth84,
  author = {Donald E. Knuth},
  title = {Literate Programming},
  journal = {The Computer Journal},
  year = 1984
}
```

## References
* btxdoc.tex, section 3.1
* biblatex manual, section 2.1.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.entrytypes import KNOWN, missing
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(entry: Entry, context: Context) -> Iterator[Hit]:
    """One hit that names all missing fields; none where a parent is not among the files."""
    if entry.type not in KNOWN:
        return
    names = context.available(entry)
    if names is None:
        return
    biblatex = context.dialect(entry) == "biblatex"
    absent = missing(entry.type, names, biblatex=biblatex)
    if absent:
        what = "fields that it needs are" if len(absent) > 1 else "a field that it needs is"
        yield entry.hit(
            f"this @{entry.type} is incomplete; {what} missing: {', '.join(absent)}",
            hint=f"judged by the rules of {'BibLaTeX' if biblatex else 'BibTeX'}",
        )


RULE = Rule(
    code="REQ001",
    name="missing-field",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_entry=check,
)
