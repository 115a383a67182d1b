"""Two entries have the same citation key.

## What it does
Reports keys that occur more than once, in one file or in several that are checked together. The alias keys in
biblatex's `ids` count too.

## Why is this bad
BibTeX reports an error and drops the second entry, biber takes one of the two. Which work is cited depends on their
order.

## Example
```bibtex
@book{knuth,
  title = {The TeXbook}
}
@book{knuth,
  title = {The METAFONTbook}
}
```

## Use instead
```bibtex
@book{knuth86tex,
  title = {The TeXbook}
}
@book{knuth86mf,
  title = {The METAFONTbook}
}
```

## References
* `bibtex.web`, section 268: "Repeated entry"
* biblatex manual, section 2.2.3: `ids`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.context import split_keys
from bibtool.check.rule import Rule
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Entry


def check(context: Context) -> Iterator[Hit]:
    """A hit for each later entry with a key that is taken."""
    first: dict[str, Entry] = {}
    for entry in context.entries:
        own = [entry.key] if entry.key else []
        for key in dict.fromkeys([*own, *split_keys(entry.get("ids"))]):
            other = first.setdefault(key, entry)
            if other is not entry:
                yield entry.hit(
                    f"the key {key!r} is already taken by the entry {entry.place_of(other)}",
                    hint="give one of the two another key, or remove it",
                    related=(other.related("the first entry with this key"),),
                )


RULE = Rule(
    code="KEY001",
    name="duplicate-key",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    on_project=check,
)
