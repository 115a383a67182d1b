"""A value without proper delimiters.

## What it does
Reports values that are neither in braces nor in quotes nor a number nor a macro, quotes inside quotes, a `#` with
nothing behind it, and fields without any value.

## Why is this bad
BibTeX takes a bare word for the name of a macro and ends a quoted value at the first quote outside of braces. What
follows is lost.

## Example
```bibtex
@article{knuth84,
  title = "The "TeX" book",
  note = to appear
}
```

## Use instead
```bibtex
@article{knuth84,
  title = {The "TeX" book},
  note = {to appear}
}
```

## References
* btxdoc.tex, section 2.1: how strings are delimited
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN004",
    name="bad-value",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=reporter("SYN004"),
)
