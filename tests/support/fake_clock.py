"""A clock that only moves when somebody sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FakeClock:
    """``now`` seconds since the epoch; ``sleeps`` is the list of waits."""

    now: float = 1_767_225_600.0  # 2026-01-01
    sleeps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.sleeps.append(seconds)
        self.now += seconds
