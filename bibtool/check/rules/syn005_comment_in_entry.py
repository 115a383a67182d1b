"""A `%` inside an entry.

## What it does
Reports `%` between the fields of an entry.

## Why is this bad
A `%` begins no comment in a BibTeX file. Inside an entry BibTeX stops at it, while biber reads on, so that the two
see different entries.

## Example
```bibtex
@article{knuth84,
  % check this
  title = {Literate Programming}
}
```

## Use instead
```bibtex
% check this
@article{knuth84,
  title = {Literate Programming}
}
```

## References
* btxdoc.tex, section 2.1: everything between entries is a comment
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN005",
    name="comment-in-entry",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=reporter("SYN005"),
)
