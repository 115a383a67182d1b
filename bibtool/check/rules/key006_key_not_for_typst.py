"""A citation key that Typst can't cite as `@key`.

## What it does
Reports keys with characters other than letters, digits, `_`, `-`, `:` and `.`, and keys that end in `:` or `.`.

## Why is this bad
In Typst `@DBLP:conf/x/y` ends before the slash. Such a key has to be cited as `#cite(label("DBLP:conf/x/y"))`.

## Example
```bibtex
@book{DBLP:books/knuth86,
  title = {The TeXbook}
}
```

## Use instead
```bibtex
@book{DBLP-books-knuth86,
  title = {The TeXbook}
}
```

## References
* Typst reference, "Label" and "Reference"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry

_GOOD = re.compile(r"[\w.:-]*[\w-]")


def check(entry: Entry, context: Context) -> Iterator[Hit]:
    """A hit where the key is no label."""
    del context
    if entry.key and not _GOOD.fullmatch(entry.key):
        yield entry.hit(
            f"Typst can't cite the key {entry.shown!r} as @key", hint="use letters, digits and - _ : . only"
        )


RULE = Rule(
    code="KEY006",
    name="key-not-for-typst",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    default=False,
    on_entry=check,
)
