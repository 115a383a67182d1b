"""What a plan changes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.project.lock import Lock
    from bibtool.project.output import Written

MAX_DETAILS = 6  # fields named in the report of a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference from a file as it is: ``file`` is the name of the output or of the lock.

    ``what`` is added, removed, changed, moved or updated. ``key`` is that of an entry, or ``@string NAME`` or
    ``@preamble``.
    """

    file: str
    what: str
    key: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.what} {self.key}" + (f" ({self.detail})" if self.detail else "")


def output_changes(written: Written, name: str, *, pruned: Collection[str] = ()) -> list[Change]:
    """What differs in the output: added, changed, moved and removed entries, then definitions.

    ``pruned`` are the keys of entries that were removed for no other reason than that this was asked for.
    """
    changes = [Change(file=name, what="added", key=key) for key in written.added]
    changes += [
        Change(file=name, what="changed", key=key, detail=details(fields)) for key, fields in written.changed.items()
    ]
    changes += [
        Change(file=name, what="moved", key=key, detail=f"BibTeX needs it after {child}, which refers to it")
        for key, child in written.moved.items()
    ]
    changes += [
        Change(file=name, what="removed", key=key, detail="" if key in pruned else "not cited")
        for key in written.removed
    ]
    changes += [Change(file=name, what="removed", key=key, detail="a second copy") for key in written.copies]
    changes += [Change(file=name, what=what, key=definition) for what, definition in written.definitions]
    return changes


def details(fields: Sequence[tuple[str, str, str]]) -> str:
    """The fields of an entry that differ, with their old and new values, cut where they are long."""
    shown = [
        f"{'type' if name == '@' else name}: {_short(old)} -> {_short(new)}" for name, old, new in fields[:MAX_DETAILS]
    ]
    if len(fields) > MAX_DETAILS:
        shown.append(f"and {len(fields) - MAX_DETAILS} more fields")
    return "; ".join(shown)


def _short(value: str) -> str:
    value = " ".join(value.split())
    if not value:
        return "nothing"
    return repr(value if len(value) <= 60 else value[:57] + "...")


def lock_changes(old: Lock, new: Lock, name: str) -> list[Change]:
    """What differs between two locks: added, updated with the reason, removed; each in order of key."""
    changes = [Change(file=name, what="added", key=key) for key in sorted(new.pins.keys() - old.pins.keys())]
    for key in sorted(new.pins.keys() & old.pins.keys()):
        before, after = old.pins[key], new.pins[key]
        if before == after:
            continue
        detail = f"{after.source} has changed"
        if before.source != after.source:
            detail = f"now from {after.source}, previously from {before.source}"
        elif before.origin == after.origin:
            detail = f"written for {after.dialect}"
        changes.append(Change(file=name, what="updated", key=key, detail=detail))
    changes += [Change(file=name, what="removed", key=key) for key in sorted(old.pins.keys() - new.pins.keys())]
    return changes
