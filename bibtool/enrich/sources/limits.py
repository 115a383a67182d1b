"""The limits that services state in the headers of their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = lazy_pattern(r"\s*(\d{1,5})\s*s?\s*")
MAX_DELAY_S = 60.0


def stated_delay_s(headers: Mapping[str, str]) -> float:
    """Seconds between two requests that keep within the limit which an answer states; 0 where it states none.

    ``x-rate-limit-limit`` requests in ``x-rate-limit-interval`` (also written ``x-ratelimit-``); where nothing is left
    of them, the whole interval.
    """
    for prefix in ("x-rate-limit-", "x-ratelimit-"):
        limit = _number(headers.get(f"{prefix}limit"))
        if limit is None:
            continue
        interval = _number(headers.get(f"{prefix}interval"))
        seconds = 1.0 if interval is None else interval
        if limit == 0 or _number(headers.get(f"{prefix}remaining")) == 0:
            return min(MAX_DELAY_S, seconds)
        return min(MAX_DELAY_S, seconds / limit)
    return 0.0


def _number(text: str | None) -> float | None:
    number = _SECONDS.fullmatch(text or "")
    return float(number[1]) if number else None
