"""arXiv's DOI in the entry of a published work.

## What it does
Reports DOIs that begin with `10.48550/arXiv` in articles with a journal and in papers of proceedings or books.

## Why is this bad
The reference names the journal and leads to the preprint. The journal's own DOI is the one to give; the arXiv number
has its place in `eprint`.

## Example
```bibtex
@article{doe22,
  journal = {Physical Review D},
  doi = {10.48550/arXiv.2203.01360}
}
```

## Use instead
```bibtex
@article{doe22,
  journal = {Physical Review D},
  eprint = {2203.01360},
  archiveprefix = {arXiv}
}
```

## References
* arXiv help, "DOIs for arXiv articles"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.works import is_published
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the entry is that of a publication."""
    del context
    if "10.48550/" in field.content and is_published(field.entry):
        yield field.hit(
            "this is the DOI of the preprint on arXiv, but the entry is that of the published work",
            hint="give the publisher's DOI, and the arXiv number as eprint",
        )


RULE = Rule(
    code="IDS007",
    name="arxiv-doi-in-published",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"doi"}),
    on_field=check,
)
