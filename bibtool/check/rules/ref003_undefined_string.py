"""A macro that no `@string` defines.

## What it does
Reports values that use an undefined macro, one that is defined further down, or one that is defined by itself. Months
and the journals that the standard styles define are known; macros of all files that are checked together count.

## Why is this bad
BibTeX warns and puts nothing in the place of the macro.

## Example
```bibtex
@article{knuth84,
  title = {Literate Programming},
  journal = cj
}
```

## Use instead
```bibtex
@string{cj = {The Computer Journal}}
@article{knuth84,
  title = {Literate Programming},
  journal = cj
}
```

## References
* btxdoc.tex, section 2.1; plain.bst for the abbreviations of journals
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.check.faults import hit_of, problems_of
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit

# defined by plain.bst and the styles made from it
_STANDARD = frozenset(
    (
        "acmcs acta cacm ibmjrd ibmsj ieeese ieeetc ieeetcad ipl jacm jcss scp sicomp tocs tods tog toms toois toplas "
        "tcs"
    ).split()
)
_MACRO = re.compile(r"[^\s\"#%'(),={}]+")


def check(context: Context) -> Iterator[Hit]:
    """A hit for each use of a macro that has no meaning at its place."""
    for source in context.sources:
        for problem in problems_of(source, "REF003"):
            hit = hit_of(source, problem)
            found = _MACRO.match(source.text, hit.start)
            name = found[0] if found else ""
            folded = name.lower()
            if problem.code == "undefined-macro" and (folded in _STANDARD or folded in context.macros):
                continue
            yield replace(hit, end=hit.start + max(1, len(name)), severity=None)


RULE = Rule(
    code="REF003",
    name="undefined-string",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=check,
)
