"""A DOI that can't be one.

## What it does
Reports values of `doi` that don't have the form `10.NNNN/suffix`, and such that end in a full stop, comma or
semicolon.

## Why is this bad
The link leads nowhere, and no program recognises the work by it.

## Example
```bibtex
doi = {10.1093 comjnl/27.2.97}
```

## Use instead
```bibtex
doi = {10.1093/comjnl/27.2.97}
```

## References
* DOI Handbook, section 3 (syntax of a DOI name)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.latex import verbatim_from_latex
from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_doi
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the value is no DOI."""
    del context
    value = verbatim_from_latex(field.content).strip()
    if not value:
        return
    try:
        parse_doi(value)
    except IdentifierError as error:
        yield field.hit(f"{value[:80]!r} is no DOI: {error.reason}", hint="write it as 10.NNNN/suffix")
        return
    if value[-1] in ".,;":
        yield field.hit(f"the DOI ends in {value[-1]!r}, which hardly belongs to it", hint="remove that character")


RULE = Rule(
    code="IDS001",
    name="malformed-doi",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fields=frozenset({"doi"}),
    on_field=check,
)
