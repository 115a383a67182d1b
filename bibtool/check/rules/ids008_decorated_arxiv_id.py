"""An arXiv id with a prefix or written as a link.

## What it does
Reports `eprint` values such as `arXiv:2203.01360` or `https://arxiv.org/abs/2203.01360` in entries that already say
that the eprint is on arXiv.

## Why is this bad
Styles write the prefix themselves: the reader gets `arXiv: arXiv:2203.01360`, and the link is broken.

## Fix
Safe: the id itself stays, with its version.

## Example
```bibtex
eprint = {arXiv:2203.01360},
archiveprefix = {arXiv}
```

## Use instead
```bibtex
eprint = {2203.01360},
archiveprefix = {arXiv}
```

## References
* biblatex manual, section 3.14.7 (electronic publishing information)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_DECORATION = re.compile(r"https?:|(?:www\.)?arxiv|oai:|doi|10\.48550", re.IGNORECASE)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where there is more than the id."""
    del context
    value = field.content.strip()
    kind = (field.entry.get("eprinttype") or field.entry.get("archiveprefix")).strip("{} ").casefold()
    if kind != "arxiv" or not _DECORATION.match(value):
        return
    try:
        bare = str(parse_arxiv_id(value))
    except IdentifierError:
        return
    yield field.hit("the arXiv id has a prefix", hint=f"write {bare}", new=bare, done="arXiv id without prefix")


RULE = Rule(
    code="IDS008",
    name="decorated-arxiv-id",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"eprint"}),
    on_field=check,
)
