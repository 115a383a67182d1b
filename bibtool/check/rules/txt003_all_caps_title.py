"""A title in capitals only.

## What it does
Reports titles of several words without a single lower-case letter.

## Why is this bad
It shouts, and no style can make it quiet again without guessing which words are names.

## Example
```bibtex
title = {ON COMPUTABLE NUMBERS, WITH AN APPLICATION}
```

## Use instead
```bibtex
title = {On Computable Numbers, with an Application}
```

## References
* Chicago Manual of Style, 17th edition, 8.157 to 8.167
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import Rule
from bibtool.check.vocabulary import letters
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_WORD = re.compile(r"[^\W\d_]+")


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where the title is all capitals."""
    del context
    if all_capitals(field.content):
        yield field.hit("the title is all in capitals", hint="write it as a sentence, names and acronyms in capitals")


def all_capitals(content: str) -> bool:
    """Whether a title has several words, one of them longer than acronyms are, and no lower-case letter."""
    if len(content) > 20_000 or (not content.isupper() and "\\" not in content and "$" not in content):
        return False
    text = letters(content)
    if not text.isupper():
        return False
    words = _WORD.findall(text)
    return len(words) > 1 and sum(map(len, words)) >= 12 and max(map(len, words)) >= 7


RULE = Rule(
    code="TXT003",
    name="all-caps-title",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fields=frozenset({"title", "booktitle", "subtitle", "maintitle"}),
    on_field=check,
)
