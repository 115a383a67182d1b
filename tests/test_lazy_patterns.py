"""Patterns are compiled at first use, so that a faulty one has to be found here."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import bibtool
from bibtool.lazy import lazy_pattern


@pytest.mark.slow
def test_all_patterns_of_the_package_compile() -> None:
    patterns = 0
    for module in pkgutil.walk_packages(bibtool.__path__, "bibtool."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if type(value) is type(lazy_pattern("")):
                assert value.groups >= 0, f"{module.name}.{name}"
                patterns += 1
    assert patterns > 400


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
