"""A block that can't be read.

## What it does
Reports blocks that begin like an entry, a `@string` or a `@preamble` but can't be read to their end: a brace or quote
that is never closed, text where a field name was expected, a value that can't begin as it does.

## Why is this bad
BibTeX and biber skip such an entry, and often the ones behind it. bibtool keeps the text as it stands and reads on at
the next entry, but nobody can cite this one.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming,
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
* `bibtex.web`, sections 223 to 276: what BibTeX reads, and where it gives up
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN001",
    name="broken-entry",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=reporter("SYN001"),
)
