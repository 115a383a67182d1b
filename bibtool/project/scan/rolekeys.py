"""The keys of a role of sphinxcontrib-bibtex, which reStructuredText and MyST share: ``{see}one{p. 3}, two``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.tex import split_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTE = lazy_pattern(r"\{(?:[^{}]|\{[^{}]*+\})*+\}")


def role_keys(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The keys between these offsets, without the notes in braces around them, and their offsets."""
    keys = _NOTE.sub(lambda note: " " * len(note[0]), text[start:end])
    for key, offset in split_keys(keys, 0, len(keys)):
        yield key, start + offset
