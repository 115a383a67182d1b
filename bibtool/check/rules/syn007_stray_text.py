"""Text outside of entries that looks as if it belonged to one.

## What it does
Reports fields and braces behind an entry that was already closed, and entries that begin in the middle of a line of
text.

## Why is this bad
The text behind a closed entry is not read by any program. An entry in the middle of a line is read, although a `%`
before it looks as if it were switched off.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming}},
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
* btxdoc.tex, section 2.1: everything between entries is a comment
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN007",
    name="stray-text",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=reporter("SYN007"),
)
