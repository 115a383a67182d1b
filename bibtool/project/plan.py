"""What a run of refs is asked for, and what it would write: `RefsRun` and `Plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.project.changes import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class RefsRun:
    """What one run may do beyond the usual. ``relock`` are keys that may stand for another work now."""

    allow_missing: bool = False
    prune: bool = False
    relock: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write. ``output`` and ``lock`` are new bytes, None for a file that stays as it is.

    With a problem that is an error nothing is to be written, and both are None. ``kept`` are the keys of entries that
    nothing cites and that stay, ``newly_kept`` those of them that the last run still needed, or all where there was no
    run before. ``pruned`` are keys of entries that are deleted only because of ``prune``: no source has them.
    """

    output: bytes | None = None
    lock: bytes | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    keys: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    newly_kept: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error, so that the plan can be carried out."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)
