"""JSON with line breaks, written item by item, is that of the json module."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.cli.indented import indented, print_json_list

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4) | st.tuples(inner),
    max_leaves=12,
)


@given(_VALUES)
def test_a_value_is_written_as_by_the_json_module(value: Any) -> None:
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("value", [{1: {"a": []}, None: 2, 'q"': {}}, [(1, [2]), ()], math.inf, [True, "\ud800\n"]])
def test_other_types_and_names_too(value: Any) -> None:
    assert indented([value]) == json.dumps([value], ensure_ascii=False, indent=2)


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_a_list_is_written_in_pieces(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    items = [{"number": number, "of": ["é", {}]} for number in range(count)]
    print_json_list(iter(items))
    assert capsys.readouterr().out == json.dumps(items, ensure_ascii=False, indent=2) + "\n"
