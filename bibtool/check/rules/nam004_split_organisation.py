"""An organisation that is split into first and last name.

## What it does
Reports names without braces that hold a word such as `Collaboration`, `University`, `Team` or `Institute`.

## Why is this bad
It is sorted under its last word and abbreviated as `W. H. Organization`.

## Fix
Safe: the name is put in braces. Names with a comma have to be put in order by hand.

## Example
```bibtex
author = {World Health Organization}
```

## Use instead
```bibtex
author = {{World Health Organization}}
```

## References
* btxdoc.tex, section 4: braces keep a name together
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.namelists import spans
from bibtool.check.rule import Rule
from bibtool.check.vocabulary import NAMES
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_WORDS = re.compile(
    r"(?<![\w-])(?:collaborations?|consortium|team|university|universit[àäéy]\w*|institutes?|laborator(?:y|ies)|agency|"
    r"association|committee|society|council|foundation|department|ministry|organi[sz]ation|corporation|"
    r"inc\.?|gmbh|ltd\.?|observatory|federation|commission|contributors|(?:working|task|study|research)\s+group|"
    r"task\s+force|developers|project)(?![\w-])",
    re.IGNORECASE,
)
# a quick look before the slow one: each match of the patterns holds one of these
_STEMS = (
    "collaboration", "consorti", "team", "universit", "institut", "laborator", "agency", "associat", "committee",
    "society", "council", "foundation", "department", "ministry", "organi", "corporation", "inc", "gmbh", "ltd",
    "observatory", "federation", "commission", "contributor", "group", "force", "developer", "project", "for", "of",
)  # fmt: skip
_FOR = re.compile(r"\S\s+(?:for|of\s+the)\s+\S")


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each name in parts that is no person's."""
    del context
    content = field.content
    folded = content.casefold()
    if not any(stem in folded for stem in _STEMS):
        return
    for name, first in spans(content):
        if "{" in name or len(name) > 500 or not re.search(r"[\s~]", name):
            continue
        if not (_WORDS.search(name) or _FOR.search(name)):
            continue
        whole = "," not in name and "&" not in name
        yield field.hit(
            f"{name[:80]!r} is an organisation, but is read as first and last name",
            first,
            first + len(name),
            hint=f"write {{{name[:80]}}}",
            new="{" + name + "}" if whole else None,
            done="organisation in braces",
        )


RULE = Rule(
    code="NAM004",
    name="split-organisation",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=NAMES - {"shortauthor", "shorteditor"},
    on_field=check,
)
