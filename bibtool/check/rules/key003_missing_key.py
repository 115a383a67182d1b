"""An entry without a citation key.

## What it does
Reports entries whose key is missing or empty.

## Why is this bad
Nothing can cite the entry, and BibTeX reads its first field as the key.

## Example
```bibtex
@article{
  title = {Literate Programming}
}
```

## Use instead
```bibtex
@article{knuth84,
  title = {Literate Programming}
}
```

## References
* `bibtex.web`, section 266
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="KEY003",
    name="missing-key",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=reporter("KEY003"),
)
