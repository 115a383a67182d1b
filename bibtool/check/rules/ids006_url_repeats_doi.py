"""A `url` that only repeats the DOI.

## What it does
Reports `url` fields that are `https://doi.org/` and the value of `doi`.

## Why is this bad
Many styles print both, so that the reader gets the same link twice.

## Fix
Safe: the field is removed, the DOI stays.

## Example
```bibtex
doi = {10.1093/comjnl/27.2.97},
url = {https://doi.org/10.1093/comjnl/27.2.97}
```

## Use instead
```bibtex
doi = {10.1093/comjnl/27.2.97}
```

## References
* biblatex manual, section 3.1.2.1: options `doi` and `url`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.latex import verbatim_from_latex
from bibtool.check.rule import Fix, Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_doi, same_doi
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the link is the DOI."""
    del context
    url = field.content.strip()
    doi = field.entry.get("doi")
    if not doi or "doi.org/" not in url.casefold():
        return
    try:
        same = same_doi(parse_doi(verbatim_from_latex(url)), parse_doi(verbatim_from_latex(doi)))
    except IdentifierError:
        return
    if same:
        removal = field.removal()
        fix = Fix("url removed that repeats the DOI", (removal,)) if removal else None
        yield field.name_hit("the url only repeats the DOI", hint="remove it", fix=fix)


RULE = Rule(
    code="IDS006",
    name="url-repeats-doi",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    default=False,
    fixable=True,
    fields=frozenset({"url"}),
    on_field=check,
)
