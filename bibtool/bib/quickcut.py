"""The blocks of a .bib file in which nothing is in doubt, by one pattern; any other file is left to `blocks.split`.

A clean file is a row of ``@type{key, name = value, ...}`` and ``@string{name = value}`` blocks, each on a line of its
own, with blank lines and ``%`` lines between them. There the pattern finds just the blocks that `blocks.split`
finds, which a test holds, without loading bibtexparser: three times as fast, which is what a hook feels.
"""

from __future__ import annotations

import re

from bibtool.bib.syntax import BARE, BRACED, HEAD, NAME, QUOTED

_OPERAND = f"(?:{BRACED}|{QUOTED}|{BARE})"
_FIELD = rf"{NAME}\s*+=\s*+{_OPERAND}(?:\s*+\#\s*+{_OPERAND})*+"
_KEY = r"[^\s\"#%'(),={}\\@]++"
_ENTRY = re.compile(rf"@(\w++)[ \t]*+\{{\s*+({_KEY})\s*+,\s*+{_FIELD}(?:\s*+,\s*+{_FIELD})*+\s*+,?+\s*+\}}")
_STRING = re.compile(rf"@[Ss][Tt][Rr][Ii][Nn][Gg][ \t]*+\{{\s*+{_FIELD}\s*+\}}")
_BETWEEN = re.compile(r"[ \t]*+(?:\n(?:[ \t]*+%[^\n@]*+)?+[ \t]*+)++|\Z")
_START = re.compile(r"(?:[ \t]*+(?:%[^\n@]*+)?+\n)*+[ \t]*+")
_SPECIAL = frozenset({"string", "preamble", "comment"})


def quick_cut(text: str) -> list[tuple[str, int, int, str, str]] | None:
    """Kind, start, end, type and key of each block; None where that is not clear at once."""
    found: list[tuple[str, int, int, str, str]] = []
    gap = _START.match(text, 0)
    at = gap.end() if gap else 0
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is not None and entry[1].lower() not in _SPECIAL:
            end = entry.end()
            found.append(("entry", at, end, entry[1].lower(), entry[2]))
        elif (string := _STRING.match(text, at)) is not None:
            end = string.end()
            found.append(("string", at, end, "string", ""))
        else:
            return None
        if text.find("@", at + 1, end) >= 0 and HEAD.search(text, at + 1, end):
            return None  # could be a value without its end, which has swallowed the next entry
        between = _BETWEEN.match(text, end)
        if between is None:
            return None
        at = between.end()
    return found
