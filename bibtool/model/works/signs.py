r"""Signs in titles: ``\infty`` and ``∞`` are one spelling, and C and C++, π+ and π−, p ≤ 1 and p ≥ 1 are not. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    import re

_TAG: Final = lazy_pattern(r"</?[A-Za-z][^<>]{0,80}>")
_COMMAND: Final = lazy_pattern(r"\\([A-Za-z]{2,})(?![A-Za-z])")
_ASCII: Final = "+<>#"
# a number sign belongs to what precedes it, as in C#; elsewhere it stands for "number"
_SIGN_OF_NUMBER: Final = lazy_pattern(r"(?<![A-Za-z])#")
# what people write with words, in another way or not at all: "N=4", "H → WW", "x ∈ X"
_SPELLING: Final = frozenset("=~|∼≈≃≅∈−±×⋅∗∙∘⁄→←↔⟶")


def with_characters(title: str) -> str:
    r"""The title with characters for TeX's names of signs, and one name for both forms of a Greek letter."""
    return _COMMAND.sub(_character, title) if "\\" in title else title


def _character(command: re.Match[str]) -> str:
    char = _character_of(command[1])
    return f" {char} " if char else command[0]


@lru_cache(maxsize=1024)
def _character_of(name: str) -> str:
    """The sign of a command, or the letter that it is a variant of; "" for all other commands."""
    from bibtool.model.text.mathtree import sign_of
    from bibtool.model.text.texsymbols import GREEK

    if name.startswith("var") and (letter := GREEK.get(name[3:])):
        return letter
    if name == "sqrt":
        return "√"
    char = sign_of(name)
    return char if len(char) == 1 and not char.isalnum() else ""


def signs(title: str) -> tuple[str, ...]:
    """The signs of a title that distinguish works, sorted: ``+``, ``<``, ``∞``, the ``#`` of C#."""
    if title.isascii() and "\\" not in title and not any(sign in title for sign in _ASCII):
        return ()
    text = unicodedata.normalize("NFKC", with_characters(_TAG.sub("", title)))
    text = _SIGN_OF_NUMBER.sub("", text)
    return tuple(
        sorted(char for char in text if char not in _SPELLING and (char == "#" or unicodedata.category(char) == "Sm"))
    )
