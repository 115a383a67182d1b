"""Two entries have the same arXiv id.

## What it does
Reports entries whose arXiv number another entry has: as `eprint`, as arXiv's DOI, as a link, or in the name of the
journal. Versions don't matter. A preprint beside its published version is DUP004.

## Why is this bad
The work is in the bibliography twice.

## Example
```bibtex
@misc{a,
  title = {A Title},
  eprint = {2203.01360},
  archiveprefix = {arXiv}
}
@article{b,
  title = {A Title},
  journal = {arXiv preprint arXiv:2203.01360v2}
}
```

## Use instead
```bibtex
@misc{a,
  title = {A Title},
  eprint = {2203.01360},
  archiveprefix = {arXiv}
}
```

## References
* arXiv help, "Understanding the arXiv identifier"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.works import arxiv_numbers, is_preprint, related_entries
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(context: Context) -> Iterator[Hit]:
    """A hit for each later entry with an arXiv number that is taken."""
    first: dict[str, Entry] = {}
    for entry, number in arxiv_numbers(context.sources):
        other = first.setdefault(number, entry)
        if other is entry or related_entries(other, entry) or is_preprint(entry) != is_preprint(other):
            continue
        yield entry.hit(
            f"the arXiv id {number} is also that of {other.shown!r} {entry.place_of(other)}",
            hint="remove one of the two entries, or correct its id",
            related=(other.related("the first entry with this id"),),
        )


RULE = Rule(
    code="DUP002",
    name="duplicate-arxiv-id",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
