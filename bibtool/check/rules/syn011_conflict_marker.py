"""The marks of a merge that was not finished.

## What it does
Reports the lines `<<<<<<<`, `=======` and `>>>>>>>` that git leaves in a file when two people changed the same place.

## Why is this bad
The file holds both versions of the place: BibTeX reads some fields or entries twice and stops at the marks.

## Example
```bibtex
@article{knuth84,
<<<<<<< HEAD
  year = 1984,
=======
  year = 1983,
>>>>>>> theirs
  title = {Literate Programming}
}
```

## Use instead
```bibtex
@article{knuth84,
  year = 1984,
  title = {Literate Programming}
}
```

## References
* git manual, git-merge, "How conflicts are presented"
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN011",
    name="conflict-marker",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=reporter("SYN011"),
)
