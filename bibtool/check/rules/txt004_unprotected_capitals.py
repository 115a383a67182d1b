r"""Capitals inside a word that a style would lose.

## What it does
Reports words with capitals behind the first letter (`DNA`, `BERT`, `LaTeX`, `McDonald`) outside of braces, in titles
that styles set in lower case. Ordinary title case is not reported, nor are titles of whole books.

## Why is this bad
`plain` and many other styles print the title of an article in lower case: `Dna repair in bert`.

## Fix
Safe: each of the words is put in braces.

## Example
```bibtex
title = {DNA Repair in E. coli}
```

## Use instead
```bibtex
title = {{DNA} Repair in E. coli}
```

## References
* btxhak.tex, section 4: `change.case$`
* biblatex manual, section 4.6.4: `\MakeSentenceCase`
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.check.rule import Edit, Fix, Rule
from bibtool.check.rules.txt003_all_caps_title import all_capitals
from bibtool.check.vocabulary import pieces
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# their titles are set as they stand by the standard styles
_WHOLE = frozenset(
    "book mvbook collection mvcollection proceedings mvproceedings reference mvreference periodical manual phdthesis "
    "booklet xdata set".split()
)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """One hit for each title with such words; its fix puts each of them in braces."""
    del context
    content = field.content
    if field.entry.type in _WHOLE or len(content) > 20_000 or content.islower() or all_capitals(content):
        return
    found = list(_words(content))
    if not found:
        return
    first, last = found[0]
    words = list(dict.fromkeys(content[one:two] for one, two in found))
    shown = ", ".join(words[:5]) + (" ..." if len(words) > 5 else "")
    hit = field.hit(f"capitals without braces: {shown}", first, last, hint=f"write {{{words[0]}}}")
    if field.inner < 0:
        yield hit
        return
    edits = [Edit(field.inner + one, field.inner + two, "{" + content[one:two] + "}") for one, two in found]
    yield replace(hit, fix=Fix("capitals in braces", tuple(edits)))


def _words(content: str) -> Iterator[tuple[int, int]]:
    """First and last offset of each word outside of braces with a capital behind its first character."""
    for at, text, depth in pieces(content):
        if depth or text.islower():
            continue
        for found in _WORD.finditer(text):
            word = found[0]
            if len(word) > 1 and word[1:] != word[1:].lower():
                yield at + found.start(), at + found.end()


RULE = Rule(
    code="TXT004",
    name="unprotected-capitals",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"title", "subtitle"}),
    on_field=check,
)
