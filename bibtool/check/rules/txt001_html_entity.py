r"""An HTML entity.

## What it does
Reports `&amp;`, `&#39;`, `&eacute;` and all other entities of HTML in any value.

## Why is this bad
They are printed as they stand, and the `&` stops LaTeX.

## Fix
Safe: the character that the entity stands for is written, as LaTeX where the file is in ASCII. Mathematics is left
alone.

## Example
```bibtex
title = {Search &amp; Rescue}
```

## Use instead
```bibtex
title = {Search \& Rescue}
```

## References
* HTML standard, section 13.5 (named character references)
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING

from bibtool.bib.latexwriting import to_latex
from bibtool.check.rule import Rule
from bibtool.check.vocabulary import VERBATIM
from bibtool.model.richtext import Text
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_ENTITY = re.compile(
    r"\\?&(?:amp;)?(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31})|\\?#(?:(?P<decimal>\d{1,7})|[xX](?P<hex>[0-9A-Fa-f]{1,6})));"
)


_COMMANDS = {"\xa0": "~", "<": "\\textless{}", ">": "\\textgreater{}"}


def check(context: Context) -> Iterator[Hit]:
    """A hit for each entity."""
    for source in context.sources:
        if "&" not in source.text:
            continue
        last_field, counted, dollars = None, 0, 0
        for field, first, last, found in source.matches(_ENTITY):
            if field is not last_field:
                last_field, counted, dollars = field, 0, 0
            dollars += field.content.count("$", counted, first)
            counted = first
            meaning = _meaning(found)
            if meaning is None:
                continue
            yield field.hit(
                f"{found[0]!r} is HTML for {meaning!r}",
                first,
                last,
                hint="write the character itself, or its LaTeX command",
                new=_written(meaning, field, in_math=bool(dollars % 2)),
                done="HTML entity replaced",
            )


def _meaning(found: re.Match[str]) -> str | None:
    if found["name"]:
        return html5.get(found["name"] + ";")
    number = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
    if not 32 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return None
    char = chr(number)
    return char if char.isprintable() or char == "\xa0" else None


def _written(meaning: str, field: Field, *, in_math: bool) -> str | None:
    """The character as LaTeX, in ASCII where the file is; as itself in links and identifiers; None inside of math."""
    if field.name in VERBATIM:
        return meaning if meaning.isprintable() and meaning not in "{}\\" else None
    if in_math or meaning == '"':
        return None  # which of the two quotation marks is meant?
    if meaning in _COMMANDS:
        return _COMMANDS[meaning]
    return to_latex(Text.of(meaning), ascii_only=field.source.text.isascii())


RULE = Rule(
    code="TXT001",
    name="html-entity",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_project=check,
)
