"""The comparison of sort keys."""

from __future__ import annotations

from typing import Any

from bibtool.styles.sort import SortKey, sorted_by


def value_of(key: SortKey, thing: Any) -> str:
    return key.value(thing)


def test_a_key_is_asked_only_where_the_keys_before_it_do_not_decide() -> None:
    asked: list[str] = []

    def key(values: dict[str, str], *, descending: bool = False) -> SortKey:
        def value(thing: Any) -> str:
            asked.append(thing)
            return values.get(thing, "")

        return SortKey(value, descending, uses_number=False)

    first, second = key({"a": "2", "b": "1", "c": "2"}), key({"a": "x", "c": "y", "e": "z"}, descending=True)
    assert sorted_by("abcde", [first, second], value_of, str) == ["b", "c", "a", "e", "d"]
    assert sorted(asked[5:]) == ["a", "c", "d", "e"]


def test_equal_things_stay_in_their_order_in_both_directions() -> None:
    for descending in (False, True):
        keys = [SortKey(lambda _: "same", descending, uses_number=False)]
        assert sorted_by("cab", keys, value_of, str) == ["c", "a", "b"]
        assert sorted_by("", keys, value_of, str) == []
