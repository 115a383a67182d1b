"""An entry that inherits from itself.

## What it does
Reports entries whose `crossref` or `xdata` leads back to them, at once or over other entries.

## Why is this bad
BibTeX and biber report an error or inherit in an order that nobody can foresee.

## Example
```bibtex
@book{a,
  title = {A},
  crossref = {b}
}
@book{b,
  title = {B},
  crossref = {a}
}
```

## Use instead
```bibtex
@book{a,
  title = {A},
  crossref = {b}
}
@book{b,
  title = {B}
}
```

## References
* biblatex manual, section 2.4.1: circular dependencies are an error
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(context: Context) -> Iterator[Hit]:
    """A hit for each entry that is on a circle."""
    for entry in circular(context):
        yield entry.hit(
            f"{entry.shown!r} inherits from itself by crossref or xdata",
            hint="remove one of the references on the circle",
        )


def circular(context: Context) -> list[Entry]:
    """The entries on a circle of references, by Tarjan's components without recursion; linear in their number."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[Entry] = []
    on_path: set[int] = set()
    found: list[Entry] = []
    for root in context.entries:
        if id(root) in number or not ("crossref" in root or "xdata" in root):
            continue
        work = [(root, iter(_parents(root, context)))]
        number[id(root)] = low[id(root)] = len(number)
        path.append(root)
        on_path.add(id(root))
        while work:
            entry, parents = work[-1]
            parent = next(parents, None)
            if parent is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[id(above)] = min(low[id(above)], low[id(entry)])
                if low[id(entry)] == number[id(entry)]:
                    found += _component(entry, path, on_path, context)
            elif id(parent) not in number:
                number[id(parent)] = low[id(parent)] = len(number)
                path.append(parent)
                on_path.add(id(parent))
                work.append((parent, iter(_parents(parent, context))))
            elif id(parent) in on_path:
                low[id(entry)] = min(low[id(entry)], number[id(parent)])
    return found


def _component(entry: Entry, path: list[Entry], on_path: set[int], context: Context) -> list[Entry]:
    """Take the component of ``entry`` off the path; its members if it is a circle."""
    members: list[Entry] = []
    while True:
        member = path.pop()
        on_path.discard(id(member))
        members.append(member)
        if member is entry:
            break
    if len(members) > 1 or any(parent is entry for parent in _parents(entry, context)):
        return members
    return []


def _parents(entry: Entry, context: Context) -> list[Entry]:
    return [parent for _, parent in context.parents(entry) if parent is not None]


RULE = Rule(
    code="REF006",
    name="crossref-cycle",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=check,
)
