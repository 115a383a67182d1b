"""A preprint beside its published version.

## What it does
Reports preprints (arXiv, bioRxiv, SSRN and others) whose published version is in the checked files too: the same
arXiv number, or the same title and authors.

## Why is this bad
The list names one work twice. One entry can hold both: the journal with its DOI, and the arXiv number as `eprint`.

## Example
```bibtex
@misc{a,
  author = {Jane Doe},
  title = {On the Nature of Things},
  eprint = {2203.01360},
  archiveprefix = {arXiv}
}
@article{b,
  author = {Jane Doe},
  title = {On the Nature of Things},
  journal = {Nature}
}
```

## Use instead
```bibtex
@article{b,
  author = {Jane Doe},
  title = {On the Nature of Things},
  journal = {Nature},
  eprint = {2203.01360},
  archiveprefix = {arXiv}
}
```

## References
* biblatex manual, section 3.14.7 (electronic publishing information)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.works import arxiv_numbers, is_preprint, is_published, is_short, same_titles, share_authors
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry

MAX_GROUP = 50


def check(context: Context) -> Iterator[Hit]:
    """A hit for each preprint that has a published version."""
    published: dict[str, Entry] = {}
    preprints: dict[str, list[Entry]] = {}
    for entry, number in arxiv_numbers(context.sources):
        if is_preprint(entry):
            preprints.setdefault(number, []).append(entry)
        elif is_published(entry):
            published.setdefault(number, entry)
    reported: set[int] = set()
    for number, entries in preprints.items():
        if number in published:
            for entry in entries:
                reported.add(id(entry))
                yield _hit(entry, published[number])
    for group in same_titles(context.entries):
        finals = [entry for entry in group if is_published(entry)][:MAX_GROUP]
        for entry in group[:MAX_GROUP] if finals else ():
            if id(entry) in reported or not is_preprint(entry):
                continue
            other = next((one for one in finals if share_authors(one, entry) and not is_short(one)), None)
            if other is not None:
                yield _hit(entry, other)


def _hit(entry: Entry, other: Entry) -> Hit:
    return entry.hit(
        f"this preprint was published, and {other.shown!r} {entry.place_of(other)} is the published version",
        hint="keep one entry, with the arXiv number as eprint",
        related=(other.related("the published version"),),
    )


RULE = Rule(
    code="DUP004",
    name="preprint-beside-published",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
