"""A `@string` that doesn't define exactly one macro.

## What it does
Reports `@string` blocks with several macros or with none.

## Why is this bad
BibTeX reads one macro from each `@string` and complains about the rest of the block.

## Example
```bibtex
@string{jacm = {Journal of the ACM}, cacm = {Communications of the ACM}}
```

## Use instead
```bibtex
@string{jacm = {Journal of the ACM}}
@string{cacm = {Communications of the ACM}}
```

## References
* `bibtex.web`, section 243
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN009",
    name="bad-string",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=reporter("SYN009"),
)
