"""One comma too many.

## What it does
Reports commas with nothing between them. A comma behind the last field is allowed and not reported.

## Why is this bad
BibTeX expects a field name behind each comma and ignores the rest of the entry.

## Fix
Safe: the comma is taken away.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming},,
  year = 1984
}
```

## Use instead
```bibtex
@article{knuth84,
  title = {Literate Programming},
  year = 1984
}
```

## References
* `bibtex.web`, sections 274 and 275
"""

from __future__ import annotations

from bibtool.check.faults import deletion, reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN003",
    name="extra-comma",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_project=reporter("SYN003", {"extra-comma": deletion("comma removed")}),
)
