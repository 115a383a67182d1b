"""A comma or an equals sign is missing.

## What it does
Reports a field that isn't separated by a comma from what stands before it, and a field name without `=`.

## Why is this bad
BibTeX stops at that place and ignores the rest of the entry; other programs read the two fields as one.

## Fix
Safe: the missing character is inserted, as only one reading makes sense.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming}
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
* `bibtex.web`, section 276: "I was expecting a `,' or a `}'"
"""

from __future__ import annotations

from bibtool.check.faults import insertion, reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN002",
    name="missing-separator",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fixable=True,
    on_project=reporter(
        "SYN002",
        {
            "missing-comma": insertion(",", "comma inserted"),
            "missing-equals": insertion(" =", "equals sign inserted"),
        },
    ),
)
