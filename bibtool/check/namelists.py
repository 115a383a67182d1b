"""Lists of names with the places of the single names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.names import split_names

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRACES = re.compile(r"[{}]|[^{}]+")


def spans(content: str) -> Iterator[tuple[str, int]]:
    """Each name of a list as it stands, and its offset in the content."""
    at = 0
    for name in split_names(content):
        found = content.find(name, at)
        if name and found >= 0:
            yield name, found
            at = found + len(name)


def outside_braces(text: str) -> str:
    """The text without braces and what stands in them."""
    depth = 0
    kept: list[str] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(found[0])
    return "".join(kept)
