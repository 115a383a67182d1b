"""Which records are the owner's, and what a person should look at: doubtful names, near misses, lists cut off."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from bibtool.model.text.inert import inert
from bibtool.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.cv.owner import Finder, Hit
    from bibtool.model.record import Record
    from bibtool.model.works.versions import Work

# whoever is named here has had no part in the work itself
_NO_PART = frozenset({"recipient", "reviewed-author", "original-author", "container-author", "collection-editor"})
# in a whole, whose editor is named with its parts
_PARTS = frozenset({"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"})
_SPELLING_HINT = (
    "correct the name, add the spelling to [owner] names in bibtool.toml, or to [owner] not if it is somebody else"
)


def records_of_owner(
    records: Sequence[Record], owner: Finder | None, *, everyone: bool, problems: list[Problem]
) -> tuple[list[Record], dict[str, Hit]]:
    """The records that may be the owner's, and where the owner is in each; all records without an owner.

    ``everyone``: the other records too.
    """
    if owner is None:
        from bibtool.cv.owner import Hit

        return list(records), defaultdict(Hit)
    hits = {record.key: owner.find(record) for record in records}
    named = {key for key, hit in hits.items() if hit.places or hit.doubtful}
    if records and not named:
        problems.append(_unknown_owner(owner, records))
    else:
        problems.extend(owner.owner.problems())
    own = [record for record in records if _has_part(record, hits[record.key])]
    if len(own) < len(records):
        chosen = {record.key for record in own}
        others = [record for record in records if record.key not in chosen]
        if own:
            _report_near_misses(owner, [record for record in others if record.key not in named], problems)
        if not everyone and (own or named):
            verb, whose = ("is", "its") if len(others) == 1 else ("are", "their")
            message = f"{len(others)} of {len(records)} records {verb} left out: the owner is not among {whose} authors"
            hint = "--everyone lists them too; [owner] names in bibtool.toml holds the spellings of the owner's name"
            problems.append(Problem(code="cv-not-owner", message=message, severity=Severity.NOTE, hint=hint))
    return (list(records) if everyone else own), hits


def _has_part(record: Record, hit: Hit) -> bool:
    variables = {place[0] for place in (*hit.places, *hit.doubtful)} - _NO_PART
    if record.type in _PARTS and record.names("author"):
        variables.discard("editor")
    return bool(variables) or hit.hidden


def _unknown_owner(owner: Finder, records: Sequence[Record]) -> Problem:
    """The owner is in none of the records: whom the user may have meant."""
    from bibtool.cv.nearmiss import likely_owners

    names = " or ".join(repr(name) for name in owner.owner.names)
    likely = [f"{name!r} ({_works(number)})" for name, number in likely_owners(owner, records)]
    message = (
        f"{names} is not an author of any of the {_works(len(records))}"
        if len(records) > 1
        else (f"{names} is not an author of the work")
    )
    return Problem(
        code="cv-not-owner",
        message=inert(message + (f"; did you mean {' or '.join(likely)}?" if likely else "")),
        severity=Severity.WARNING,
        hint="set the name by --owner, or by [owner] names in bibtool.toml; --everyone lists all works",
    )


def _works(number: int) -> str:
    return f"{number} work{'' if number == 1 else 's'}"


def _report_near_misses(owner: Finder, records: Iterable[Record], problems: list[Problem]) -> None:
    from bibtool.cv.nearmiss import NearMisses

    misses = NearMisses(owner)
    keys: dict[str, list[str]] = {}
    for record in records:
        for _, _, reason in misses.find(record):
            keys.setdefault(reason, []).append(record.key)
    problems.extend(_doubt(f"the owner was not recognised, though {reason}", near) for reason, near in keys.items())


def _doubt(question: str, keys: Sequence[str]) -> Problem:
    where = keys[0] if len(keys) == 1 else f"{_works(len(keys))} ({some_keys(keys)})"
    return Problem(
        code="cv-doubtful-owner",
        message=inert(f"{where}: {question}"),
        severity=Severity.WARNING,
        key=keys[0],
        hint=_SPELLING_HINT,
    )


def report_owner(works: Iterable[Work], hits: Mapping[str, Hit], problems: list[Problem]) -> None:
    """Adds the doubtful names of the listed works, one problem for each name, and the lists that are cut off."""
    doubts: dict[tuple[str, str], list[str]] = {}
    hidden: list[str] = []
    for work in works:
        record, hit = work.record, hits[work.record.key]
        for variable, at, reason in hit.doubtful:
            doubts.setdefault((record.names(variable)[at].display(), reason), []).append(record.key)
        if hit.hidden and not hit.places and not hit.doubtful:
            hidden.append(record.key)
    problems.extend(_doubt(f"is {name!r} the owner? {reason}", keys) for (name, reason), keys in doubts.items())
    if hidden:
        lists = "1 list of authors is" if len(hidden) == 1 else f"{len(hidden)} lists of authors are"
        message = f"{lists} cut off, and the owner is not in the part that is there: {some_keys(hidden)}"
        hint = "`bibtool enrich` completes lists of authors"
        problems.append(
            Problem(code="cv-hidden-owner", message=message, severity=Severity.WARNING, key=hidden[0], hint=hint)
        )


def most_frequent_author(records: Iterable[Record]) -> tuple[str, int]:
    """The name that most lists of authors have, and how many; of equals the one that comes first. ("", 0) for none."""
    counts: Counter[str] = Counter()
    for record in records:
        counts.update(list(dict.fromkeys(name.display() for name in record.names("author").names)))
    return max(counts.items(), key=lambda item: item[1], default=("", 0))


def some_keys(keys: Sequence[str]) -> str:
    """The first few of the keys; how many more there are."""
    more = len(keys) - 5
    return ", ".join(keys[:5]) + (f" and {more} more" if more > 0 else "")
