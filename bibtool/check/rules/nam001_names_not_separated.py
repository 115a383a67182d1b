"""Names that are separated by something other than `and`.

## What it does
Reports lists of names with commas, semicolons or `&` where `and` should stand. It is sure of it where a name has more
than two commas, where the part between two commas is no `Jr`, where initials show that a whole name stands before a
comma, and where a name ends in one.

## Why is this bad
BibTeX takes the whole list for one person, or for a person with a strange first name.

## Fix
Safe for semicolons between plain names, which become `and`, and for a comma at the end of a name, which is removed.
Other commas have to be judged by a person.

## Example
```bibtex
author = {D. E. Knuth, L. Lamport, and P. Halmos}
```

## Use instead
```bibtex
author = {D. E. Knuth and L. Lamport and P. Halmos}
```

## References
* btxdoc.tex, section 4: names are separated by `and`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.namelists import outside_braces, spans
from bibtool.check.rule import Rule
from bibtool.check.vocabulary import NAMES
from bibtool.model.names import looks_like_organisation
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_JUNIOR = re.compile(r"(?:jr|sr|i{1,3}|iv|vi{0,3}|filho|neto|j\x27r|ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)
_INITIALS_FIRST = re.compile(r"(?:[^\W\d_]\.[-\s~]*)+[^\W\d_][^\W\d_'’-]+(?:\s[^\W\d_][^\W\d_'’-]+)?")
_ENTITY = re.compile(r"&(?:#?\w{1,31});")
_INITIALS_LAST = re.compile(r"[^\W\d_][^\W\d_'’-]+\s[A-Z]{1,3}")  # Doe JR, as PubMed writes names
MAX_NAME = 5_000  # characters; a longer one is no name, and is judged by its commas alone


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit for each name that must be several."""
    del context
    content = field.content
    if "," not in content and ";" not in content and "&" not in content:
        return
    for name, first in spans(content):
        last = first + len(name)
        if name.startswith("{") and name.endswith("}"):
            continue
        if "=" in name:
            continue  # an extended name of biblatex
        bare = outside_braces(_ENTITY.sub("e", name))
        if ";" in bare:
            parts = [part.strip() for part in name.split(";") if part.strip()]
            plain = "{" not in name and "&" not in name and all(part.count(",") <= 1 for part in parts)
            yield field.hit(
                "names are separated by semicolons",
                first,
                last,
                hint="separate them by and",
                new=" and ".join(parts) if plain and len(parts) > 1 else None,
                done="names separated by and",
            )
        elif re.search(r"[^\s\\]\s*\\?&\s*\S", bare) and not looks_like_organisation(bare) and "," in bare:
            yield field.hit("two names are joined by an ampersand", first, last, hint="separate them by and")
        elif reason := _commas(bare.rstrip(" \t\r\n,")):
            yield field.hit(reason, first, last, hint="separate names by and")
        elif bare.rstrip().endswith(","):
            yield field.hit(
                "there is a comma at the end of a name",
                first,
                last,
                hint="remove the comma",
                new=name.rstrip(" \t\r\n,"),
                done="comma behind a name removed",
            )


def _commas(bare: str) -> str:
    parts = [part.strip() for part in bare.split(",")]
    if len(parts) > 3:
        return f"there are {len(parts) - 1} commas in one name"
    if len(parts) == 3 and parts[2] and not _JUNIOR.fullmatch(parts[1]) and not _JUNIOR.fullmatch(parts[2]):
        return f"{parts[1][:40]!r} between two commas is no Jr: these are several names"
    if len(parts) >= 2 and len(bare) <= MAX_NAME and parts[1] and _INITIALS_FIRST.fullmatch(parts[0]):
        return f"{parts[0][:40]!r} before the comma is a whole name: these are several names"
    if len(parts) == 2 and len(bare) <= MAX_NAME and all(_INITIALS_LAST.fullmatch(part) for part in parts):
        return f"{parts[0][:40]!r} and {parts[1][:40]!r} are two names"
    return ""


RULE = Rule(
    code="NAM001",
    name="names-not-separated",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fixable=True,
    fields=NAMES,
    on_field=check,
)
