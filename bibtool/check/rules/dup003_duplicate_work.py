"""Two entries have the same title and authors.

## What it does
Reports entries with the same title and the same authors, however they are spelt. Entries that something tells apart
are not reported: DOI, volume, number, edition, pages, years that are further apart than one, a journal here and a
conference there; nor are titles of one or two words, unless journal and year are the same too.

## Why is this bad
The work is in the bibliography twice, and is cited under two keys.

## Example
```bibtex
@article{a,
  author = {Knuth, Donald E.},
  title = {Literate Programming and Other Things},
  year = 1984
}
@article{b,
  author = {D. E. Knuth},
  title = {{Literate programming} and other things},
  year = 1984
}
```

## Use instead
```bibtex
@article{a,
  author = {Knuth, Donald E.},
  title = {Literate Programming and Other Things},
  year = 1984
}
```

## References
* `bibtool dedupe` merges such entries
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.works import arxiv_of, doi_of, is_preprint, is_published, same_titles, share_authors, told_apart
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry

MAX_GROUP = 50  # of entries with one title; more are a series of reports or of editorials


def check(context: Context) -> Iterator[Hit]:
    """A hit for each later entry that is the same work as one before it."""
    for group in same_titles(context.entries):
        if len(group) > MAX_GROUP:
            continue
        for number, entry in enumerate(group):
            other = next((one for one in group[:number] if _same(one, entry)), None)
            if other is not None:
                yield entry.hit(
                    f"title and authors are those of {other.shown!r} {entry.place_of(other)}",
                    hint="remove one of the two entries",
                    related=(other.related("the first entry of this work"),),
                )


def _same(one: Entry, other: Entry) -> bool:
    if is_preprint(one) != is_preprint(other) and (is_published(one) or is_published(other)):
        return False  # DUP004
    doi = doi_of(one)
    if doi and doi == doi_of(other):
        return False  # DUP001
    arxiv = arxiv_of(one)
    if arxiv and arxiv == arxiv_of(other):
        return False  # DUP002
    return share_authors(one, other) and not told_apart(one, other)


RULE = Rule(
    code="DUP003",
    name="duplicate-work",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=check,
)
