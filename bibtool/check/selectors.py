"""What selects rules: ``ALL``, a code, the beginning of codes (``IDS``, ``IDS00``), or a name (``malformed-doi``)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS: Final[dict[str, str]] = {
    "SYN": "Syntax",
    "KEY": "Citation keys",
    "DUP": "Duplicates",
    "REQ": "Entries and their fields",
    "REF": "References within the file",
    "IDS": "Identifiers",
    "VAL": "Values",
    "NAM": "Names",
    "TXT": "Text",
    "SUP": "Suppressions",
}


class Selectors:
    """What selectors mean among these rules, given as code and name of each."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self.codes_of = lru_cache(maxsize=1024)(self._codes_of)

    def _codes_of(self, selector: str) -> frozenset[str]:
        """The codes that a selector means; none for a selector that means nothing."""
        wanted = selector.strip()
        upper = wanted.upper()
        if upper == "ALL":
            return frozenset(self._names)
        codes = frozenset(code for code in self._names if upper and code.startswith(upper))
        return codes or frozenset(code for code, name in self._names.items() if name == wanted.lower())

    def expand(self, selector: str) -> frozenset[str]:
        """As ``codes_of``, but raises `UnknownNameError` for a selector that means nothing."""
        codes = self.codes_of(selector)
        if not codes:
            raise self.unknown(selector)
        return codes

    def unknown(self, text: str) -> UnknownNameError:
        """The error for a text that is not a code, name or group, with suggestions."""
        names = [*self._names, *GROUPS, *self._names.values()]
        return UnknownNameError("rule", text, names, hint="`bibtool check --list-rules` lists them")
