"""Number variables: text that may be a number (CSL 1.0.2, "Number Variables" and the `is-numeric` condition)."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

# CSL 1.0.2, is-numeric: digits, possibly with a prefix and suffix of letters ("D2", "2b", "L2d"), separated by comma,
# hyphen or ampersand, with or without spaces ("2, 3", "2-4", "2 & 4").
_ONE = r"[^\W\d_]*\d+[^\W\d_]*"
_NUMERIC = lazy_pattern(rf"\s*{_ONE}(?:\s*[,&\-\N{{EN DASH}}\N{{EM DASH}}]\s*{_ONE})*\s*")


@dataclass(frozen=True, slots=True)
class Number:
    """A volume, page, edition ...: the unchanged text; ``value`` if it is a plain integer."""

    text: str

    @property
    def value(self) -> int | None:
        """The integer, or None where the text is something else ("S2-A", "12-14")."""
        text = self.text.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    @property
    def is_numeric(self) -> bool:
        """CSL's `is-numeric`."""
        return _NUMERIC.fullmatch(self.text) is not None

    def __str__(self) -> str:
        return self.text
