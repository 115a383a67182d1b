"""Patterns are compiled at first use, so that a faulty one has to be found here."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING, Any

import pytest

import bibtool
from bibtool.lazy import lazy_pattern
from tests.support.ambiguity import ambiguous_loops

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Place and pattern of all that modules have by name, each once."""
    seen: set[int] = set()
    for module in pkgutil.walk_packages(bibtool.__path__, "bibtool."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            is_pattern = isinstance(value, re.Pattern) or type(value) is type(lazy_pattern(""))
            if is_pattern and id(value) not in seen:
                seen.add(id(value))
                yield f"{module.name.removeprefix('bibtool.')}.{name}", value


@pytest.mark.slow
def test_all_patterns_of_the_package_compile() -> None:
    patterns = 0
    for place, pattern in all_patterns():
        assert pattern.groups >= 0, place
        patterns += 1
    assert patterns > 400


# Seen, and harmless: nothing follows the loop that might not match, or the parts never match the same text.
HARMLESS = {
    "bib.names._SIMPLE",  # braces are not among the other characters
    "bib.names._INVERTED",
    "formats.bibtex.from_record.BAD_IN_KEY",
    "formats.bibtex.tidy.values._PARAGRAPH",
    "formats.listing.layouts.BUTTONS",  # a bar begins a badge only where a word follows
    "formats.listing.oneline._BADGES",  # a word follows a bracket or a space only
    "formats.references.people._LEAD",
    "project.scan.mdblocks._QUOTE",
}


@pytest.mark.slow
def test_no_loop_of_a_pattern_has_two_ways_through_a_text() -> None:
    """With each turn of such a loop, the time to find that something does not match would double."""
    found = {
        place
        for place, pattern in all_patterns()
        if isinstance(pattern.pattern, str) and ambiguous_loops(pattern.pattern, pattern.flags)
    }
    assert found == HARMLESS


@pytest.mark.parametrize(
    ("pattern", "is_ambiguous"),
    [
        (r"(?:\w\.\s*-?\s*)+", True),
        (r"(?:\w\.\s*+(?:-\s*+)?)+", False),
        (r"(?:\d{1,2}|,)*", True),
        (r"[\d,]*", False),
        (r"(?:a+b)+", False),
        (r"(?:a+b?)+", True),
        (r"(?:a+b?)++", False),
        (r"\s*-?\s*", False),
    ],
)
def test_ambiguous_loops_are_told(pattern: str, is_ambiguous: bool) -> None:
    assert bool(ambiguous_loops(pattern)) is is_ambiguous


def test_a_lazy_pattern_does_what_a_compiled_one_does() -> None:
    lazy, compiled = lazy_pattern(r"(?P<year>\d{4})", re.ASCII), re.compile(r"(?P<year>\d{4})", re.ASCII)
    for text in ("", "in 2024, and 1999", "٢٠٢٤"):
        assert lazy.findall(text) == compiled.findall(text)
        assert lazy.sub("X", text) == compiled.sub("X", text)
        assert bool(lazy.search(text)) == bool(compiled.search(text))
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (compiled.pattern, compiled.flags, compiled.groupindex)


def test_bytes_patterns_are_lazy_as_well() -> None:
    assert lazy_pattern(rb"\d+").findall(b"1 and 22") == [b"1", b"22"]


def test_a_faulty_pattern_raises_at_first_use() -> None:
    faulty = lazy_pattern("(")
    with pytest.raises(re.error):
        faulty.match("(")
