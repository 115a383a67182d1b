"""A page range with a single hyphen or a Unicode dash.

## What it does
Reports page ranges that are not written with two hyphens: `97-111`, `97–111`, `97---111`. Numbers of articles and
pages with a hyphen of their own (`S-12`, `3-1--3-20`) are left alone.

## Why is this bad
`97-111` is typeset with a hyphen in place of a dash, and programs that look for `--` see no range.

## Fix
Safe: only the dash is replaced.

## Example
```bibtex
pages = {97-111}
```

## Use instead
```bibtex
pages = {97--111}
```

## References
* btxdoc.tex, section 3.2: `pages`
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
    from bibtool.check.source import Field

_DASHES = r"---?|[\u2010-\u2015\u2212]+|\\textendash(?:\{\}|\s)|-"
_RANGE = re.compile(
    r"(?:pp?\.?[\s~]{0,9})?(?P<from>(?P<prefix>[A-Za-z]{0,5})(?:\d{1,9}:)?(?P<first>\d{1,9})[a-z]?|[ivxlc]{1,9})"
    rf"(?P<dash>\s*(?:{_DASHES})\s*)"
    r"(?P<to>(?P<prefix2>[A-Za-z]{0,5})(?:\d{1,9}:)?(?P<last>\d{1,9})[a-z]?|[ivxlc]{1,9})",
    re.ASCII,
)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each part of the list that is a range with the wrong dash."""
    del context
    content = field.content
    if len(content) > 10_000:
        return
    at = 0
    for part in content.split(","):
        bare = part.strip("{} \t\r\n")
        begin = at + part.find(bare)
        at += len(part) + 1
        found = _RANGE.fullmatch(bare)
        if found is None or found["dash"].strip() == "--" or not _is_range(found):
            continue
        first, last = (begin + one for one in found.span("dash"))
        what = "a single hyphen" if found["dash"].strip() == "-" else f"{found['dash'].strip()!r}"
        yield field.hit(
            f"the page range {bare!r} is written with {what}",
            first,
            last,
            hint=f"write {found['from']}--{found['to']}",
            new="--",
            done="page range with two hyphens",
        )


def _is_range(found: re.Match[str]) -> bool:
    """Whether the second page comes after the first, written in full or without its leading digits."""
    if found["first"] is None or found["last"] is None:
        return found["first"] is None and found["last"] is None
    if found["prefix2"] and found["prefix"].lower() != found["prefix2"].lower():
        return False
    first, last = found["first"], found["last"]
    if found["dash"].strip() != "-" and len(last) >= len(first):
        return True
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return int(last) > int(first) or ":" in found["from"]


RULE = Rule(
    code="VAL003",
    name="page-range-dash",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    fields=frozenset({"pages"}),
    on_field=check,
)
