r"""An HTML or JATS tag.

## What it does
Reports tags such as `<i>`, `<sub>`, `<p>` and `<jats:title>` in any value but links.

## Why is this bad
They are printed as they stand.

## Fix
Safe for italics, bold, small capitals, typewriter, sub- and superscripts that are opened and closed in order.

## Example
```bibtex
title = {Growth of <i>E. coli</i>}
```

## Use instead
```bibtex
title = {Growth of \textit{E. coli}}
```

## References
* JATS, "Formatting elements"; HTML standard, section 4.5
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.check.rule import Edit, Fix, Rule
from bibtool.check.vocabulary import VERBATIM
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_TAG = re.compile(
    r"</?(?P<name>i|b|u|p|a|em|strong|sub|sup|sc|scp|tt|br|span|div|small|italic|bold|inline-formula|tex-math|"
    r"(?:jats|mml):[\w-]{1,30})(?:\s[^<>{}]{0,300})?/?>",
    re.IGNORECASE,
)
_COMMANDS = {
    "i": "\\textit", "em": "\\textit", "italic": "\\textit", "b": "\\textbf", "strong": "\\textbf",
    "bold": "\\textbf", "sub": "\\textsubscript", "sup": "\\textsuperscript", "sc": "\\textsc",
    "scp": "\\textsc", "tt": "\\texttt",
}  # fmt: skip


def check(context: Context) -> Iterator[Hit]:
    """One hit for each value with tags."""
    for source in context.sources:
        if "<" not in source.text:
            continue
        tagged: dict[int, tuple[Field, list[tuple[int, int, str]]]] = {}
        for field, first, last, found in source.matches(_TAG):
            if field.name not in VERBATIM:
                tagged.setdefault(id(field), (field, []))[1].append((first, last, found[0]))
        for field, tags in tagged.values():
            if _in_math(field.content, [first for first, _, _ in tags]):
                continue
            first, last, text = tags[0]
            hit = field.hit(
                f"{text[:40]!r} in {field.shown!r} is HTML"
                if len(tags) < 3
                else f"there are {len(tags)} tags of HTML in {field.shown!r}",
                first,
                last,
                hint="use LaTeX: \\textit{...}, \\textsubscript{...}",
            )
            edits = _edits(field, tags)
            yield replace(hit, fix=Fix("HTML tags replaced by LaTeX", edits)) if edits else hit


def _in_math(content: str, places: list[int]) -> bool:
    """Whether one of the places is inside of ``$...$``, where ``<b>`` may be mathematics."""
    dollars = at = 0
    for place in places:
        dollars += content.count("$", at, place)
        at = place
        if dollars % 2:
            return True
    return False


def _edits(field: Field, tags: list[tuple[int, int, str]]) -> tuple[Edit, ...]:
    """Edits for all tags of a value; () unless each is a known one that is opened and closed in order."""
    edits: list[Edit] = []
    waiting: list[tuple[str, int]] = []
    for first, last, text in tags:
        name = text.strip("</> \t\r\n").partition(" ")[0].lower().removeprefix("jats:")
        if name not in _COMMANDS or text.endswith("/>"):
            return ()
        if text.startswith("</"):
            if not waiting or waiting[-1][0] != name:
                return ()
            _, begin = waiting.pop()
            if not _whole(field.content[begin:first]):
                return ()
            edits.append(Edit(field.inner + first, field.inner + last, "}"))
        else:
            if len(waiting) > 8:
                return ()
            waiting.append((name, last))
            edits.append(Edit(field.inner + first, field.inner + last, _COMMANDS[name] + "{"))
    return () if waiting else tuple(edits)


def _whole(text: str) -> bool:
    """Whether the braces within the tag match, so that the new ones can't cross them."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


RULE = Rule(
    code="TXT002",
    name="html-tag",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_project=check,
)
