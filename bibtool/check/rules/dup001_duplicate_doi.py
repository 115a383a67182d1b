"""Two entries have the same DOI.

## What it does
Reports entries whose DOI another entry has, in one file or in several that are checked together. The case of letters
and the way the DOI is written don't matter. Parts of one book, and entries that refer to each other, may share a DOI.

## Why is this bad
The work is in the bibliography twice, or one of the two has the DOI of the other.

## Example
```bibtex
@article{a,
  title = {Literate Programming},
  doi = {10.1093/comjnl/27.2.97}
}
@article{b,
  title = {Literate Programming},
  doi = {10.1093/COMJNL/27.2.97}
}
```

## Use instead
```bibtex
@article{a,
  title = {Literate Programming},
  doi = {10.1093/comjnl/27.2.97}
}
```

## References
* DOI Handbook, section 2.4: names are not sensitive to case
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.works import are_parts, doi_of, related_entries
from bibtool.model.identifiers import ARXIV_DOI_PREFIX
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(context: Context) -> Iterator[Hit]:
    """A hit for each later entry with a DOI that is taken."""
    first: dict[str, Entry] = {}
    for entry in context.entries:
        doi = doi_of(entry)
        if not doi or doi.startswith(ARXIV_DOI_PREFIX):
            continue
        other = first.setdefault(doi, entry)
        if other is entry or related_entries(other, entry) or are_parts(other, entry):
            continue
        yield entry.hit(
            f"the DOI {doi[:80]} is also that of {other.shown!r} {entry.place_of(other)}",
            hint="remove one of the two entries, or correct its DOI",
            related=(other.related("the first entry with this DOI"),),
        )


RULE = Rule(
    code="DUP001",
    name="duplicate-doi",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
