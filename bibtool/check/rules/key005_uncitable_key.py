r"""A citation key with a character that BibTeX or biber can't read.

## What it does
Reports keys with white space or one of the characters `"`, `#`, `%`, `'`, `(`, `)`, `,`, `=`, `{`, `}`, `~`, `\` and
`@`.

## Why is this bad
biber's parser refuses such a key, and `\cite` in LaTeX takes some of the characters for something else.

## Example
```bibtex
@article{o'neill(2001),
  title = {A Title}
}
```

## Use instead
```bibtex
@article{oneill2001,
  title = {A Title}
}
```

## References
* the manual page `bt_language` of btparse, the parser of biber: which characters a name may have
* `bibtex.web`, sections 266 and 267
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.faults import hit_of, problems_of
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit

_BAD = re.compile(r"[\"#%'(),={}~\\@\s]")


def check(context: Context) -> Iterator[Hit]:
    """A hit for each key with a bad character, or with white space that the reader had to mend."""
    for source in context.sources:
        for problem in problems_of(source, "KEY005"):
            yield hit_of(source, problem)
    for entry in context.entries:
        bad = dict.fromkeys(_BAD.findall(entry.key))
        if bad and not any(char.isspace() for char in bad):
            yield entry.hit(
                f"the key {entry.shown!r} has characters that BibTeX or biber can't read: {' '.join(bad)}",
                hint="use letters, digits and - _ : . / + only",
            )


RULE = Rule(
    code="KEY005",
    name="uncitable-key",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
