"""The limits that services state in the headers of their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = lazy_pattern(r"\s*(\d{1,10})\s*s?\s*")
_AMOUNT = lazy_pattern(r"\d{1,9}(?:\.\d+)?")
_LONG_AGO = 1e9  # a time since the epoch, not a number of seconds to wait
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


def budget_wait_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the budget of a day is there again; None where something is left, or no budget is stated.

    ``x-ratelimit-remaining``, also ``-usd``, is what is left; ``x-ratelimit-reset`` are the seconds until it is
    renewed, or the time since the epoch. ``now`` is the time in seconds since the epoch.
    """
    reset = _number(headers.get("x-ratelimit-reset"))
    left = [headers.get(f"x-ratelimit-remaining{unit}") for unit in ("", "-usd")]
    if reset is None or not any(_AMOUNT.fullmatch(text or "") and float(text or 0) <= 0 for text in left):
        return None
    return max(0.0, reset - now if reset > _LONG_AGO else reset)


def _number(text: str | None) -> float | None:
    number = _SECONDS.fullmatch(text or "")
    return float(number[1]) if number else None
