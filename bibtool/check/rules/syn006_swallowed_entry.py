"""An entry that stands inside another value or comment.

## What it does
Reports lines that look like the beginning of an entry but were read as part of a value or of a `@comment`, and
comments that are never closed.

## Why is this bad
Most often a closing brace is missing somewhere before. The swallowed entries can't be cited.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming,
@book{knuth86,
  title = {The TeXbook}
}}}
```

## Use instead
```bibtex
@article{knuth84,
  title = {Literate Programming}
}
@book{knuth86,
  title = {The TeXbook}
}
```

## References
* `bibtex.web`, section 253: a value reaches to its own closing brace
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN006",
    name="swallowed-entry",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=reporter("SYN006"),
)
