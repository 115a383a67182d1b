"""Messages that are equal for many records, given once with a count."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_NAMED = 3  # so many records are named even if they are not asked for
WIDTH = 100


def grouped(what: str, reasons: Iterable[tuple[str, str]], *, verbose: bool) -> Iterator[str]:
    """What holds of records (key, reason) in lines, equal reasons together; with ``verbose`` all keys are named.

    A few: ``KEY, KEY: not checked: the reason``; many: ``50 not checked: the reason``.
    """
    keys_of: dict[str, list[str]] = {}
    for key, reason in reasons:
        keys_of.setdefault(reason, []).append(key)
    for reason, keys in keys_of.items():
        if len(keys) <= MAX_NAMED:
            yield f"{', '.join(keys)}: {what}: {reason}"
            continue
        yield f"{len(keys):,} {what}: {reason}"
        if verbose:
            yield from folded(", ".join(keys))


def folded(text: str) -> list[str]:
    """The text in indented lines; words, such as keys, stay whole."""
    return wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
