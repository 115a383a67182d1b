"""Letters that were read in the wrong encoding.

## What it does
Reports sequences such as `Ã©` for `é` and `â€“` for a dash: UTF-8 that was read as Windows-1252 or Latin-1 and saved
again. Also reports U+FFFD, the sign for a letter that is lost.

## Why is this bad
Names and titles are misspelt in print and not found in searches.

## Fix
Safe: the letters that UTF-8 gives are written in their place. U+FFFD can't be mended.

## Example
```bibtex
author = {LÃ©vesque, Hector}
```

## Use instead
```bibtex
author = {Lévesque, Hector}
```

## References
* Unicode Standard, section 3.9 (UTF-8), and the code page Windows-1252
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

_HIGH = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_SUSPECT = re.compile(f"(?:[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00ef][{_HIGH}]{{2}}|\u00f0[{_HIGH}]{{3}})+|\ufffd+")
_QUOTES = re.compile("[\u2013-\u201e\u2039\u203a\u00ab\u00bb\u2026]")


def check(context: Context) -> Iterator[Hit]:
    """A hit for each run of letters that give other letters when read as UTF-8."""
    for source in context.sources:
        if source.text.isascii() or not source.is_utf8:
            continue
        for field, first, last, found in source.matches(_SUSPECT):
            text = found[0]
            if text[0] == "\ufffd":
                yield field.hit(
                    f"a letter of {field.shown!r} is lost (U+FFFD)", first, last, hint="look it up and write it anew"
                )
                continue
            mended = _mend(text)
            if mended is None or _is_natural(text, field.content[max(0, first - 1) : first]):
                continue
            yield field.hit(
                f"{text!r} is probably {mended!r}, read in the wrong encoding",
                first,
                last,
                hint=f"write {mended!r}",
                new=mended,
                done="letters read in the right encoding",
            )


def _mend(text: str) -> str | None:
    """What the characters say as UTF-8; None if they say nothing, or nothing that is plausible."""
    data = bytearray()
    for char in text:
        try:
            data += char.encode("cp1252")
        except UnicodeEncodeError:
            data += char.encode("latin-1", "replace")
    try:
        mended = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return mended if all(char.isprintable() or char == "\xa0" for char in mended) else None


def _is_natural(text: str, before: str) -> bool:
    """Whether people write this: a capital before a quote or dash (``SOCI\u00c9T\u00c9\u201d``), or one rare pair."""
    if text[0] in "\u00e2\u00c2\u00c3" and not (before.isupper() and _QUOTES.match(text[1:])):
        return text[0] == "\u00c3" and bool(_QUOTES.match(text[1:])) and not before.isalpha()
    if len(text) >= 4:
        return False
    return bool(_QUOTES.match(text[1:])) or text[0] not in "\u00c2\u00c3\u00c4\u00c5\u00e2"


RULE = Rule(
    code="VAL008",
    name="mojibake",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    fixable=True,
    on_project=check,
)
