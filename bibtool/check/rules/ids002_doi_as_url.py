"""A DOI written as a link.

## What it does
Reports values of `doi` that begin with `https://doi.org/`, `doi:` or the like.

## Why is this bad
Styles put the address of the resolver in front of the value, so that the link becomes
`https://doi.org/https://doi.org/10...`.

## Fix
Safe: the DOI itself stays.

## Example
```bibtex
doi = {https://doi.org/10.1093/comjnl/27.2.97}
```

## Use instead
```bibtex
doi = {10.1093/comjnl/27.2.97}
```

## References
* biblatex manual, section 2.2.2: `doi`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_doi
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_PREFIX = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*(?=10\.)", re.IGNORECASE)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the value has a prefix and a DOI behind it."""
    del context
    value = field.content.strip()
    if not _PREFIX.match(value):
        return
    try:
        bare = parse_doi(value)
    except IdentifierError:
        return
    yield field.hit(
        "the DOI is written as a link", hint=f"write {bare[:80]}", new=bare, done="DOI without the resolver's address"
    )


RULE = Rule(
    code="IDS002",
    name="doi-as-url",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"doi"}),
    on_field=check,
)
