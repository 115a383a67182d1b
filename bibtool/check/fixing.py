"""Safe fixes: only the bytes that a finding is about, and only if the file is still the same one afterwards.

A round takes all fixes that don't touch each other and makes a new document of them; rounds go on until nothing is
left to fix, as one fix may uncover another. Each new document is read again before it counts: the same entries with
the same types and keys must be there, and no more broken blocks than before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.check.engine import check
from bibtool.check.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.check.engine import Options
    from bibtool.check.rule import Edit, Finding

MAX_ROUNDS = 10
MAX_ATTEMPTS = 64


@dataclass(frozen=True, slots=True)
class Fixed:
    """The files after fixing, the findings that were fixed, and those that remain, with places in the new files."""

    sources: tuple[Source, ...]
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]


def fix(sources: Sequence[Source], options: Options | None = None) -> Fixed:
    """Mend what can be mended safely. Fixing the result again changes nothing."""
    current = tuple(sources)
    fixed: list[Finding] = []
    refused: set[int] = set()  # files whose last fixes would have damaged them
    findings = check(current, options)
    for _ in range(MAX_ROUNDS):
        changed = False
        following = list(current)
        for number, source in enumerate(current):
            if number in refused:
                continue
            chosen = _compatible([one for one in findings if one.hit.source is source and one.hit.fix])
            if not chosen:
                continue
            new = _apply(source, chosen)
            if new is None:
                new, chosen = _one_by_one(source, chosen)
                refused.add(number)
            if chosen:
                following[number] = new
                fixed += chosen
                changed = True
        if not changed:
            break
        current = tuple(following)
        findings = check(current, options)
    return Fixed(current, tuple(fixed), findings)


def _compatible(findings: list[Finding]) -> list[Finding]:
    """As many as don't get in each other's way, first come first served."""
    taken: list[Finding] = []
    end = -1
    deletes = True
    for one in sorted(findings, key=_first):
        edits = _edits(one)
        # Two deletions may meet; where one of two that meet inserts something, their order would be a guess.
        if edits[0].start > end or (edits[0].start == end and deletes and not any(edit.text for edit in edits)):
            taken.append(one)
            end = max(edit.end for edit in edits)
            deletes = not any(edit.text for edit in edits)
    return taken


def _first(one: Finding) -> int:
    return _edits(one)[0].start


def _edits(one: Finding) -> tuple[Edit, ...]:
    assert one.hit.fix is not None
    return one.hit.fix.edits


def _apply(source: Source, findings: Sequence[Finding]) -> Source | None:
    """The file with these fixes; None if it would not be the same file any more."""
    parts: list[str] = []
    at = 0
    for edit in sorted((edit for one in findings for edit in _edits(one)), key=lambda edit: edit.start):
        parts += (source.text[at : edit.start], edit.text)
        at = edit.end
    parts.append(source.text[at:])
    old = source.document
    new = Document("".join(parts), encoding=old.encoding, bom=old.bom, tail=old.tail, path=old.path)
    return Source(new, source.path) if _same_file(old, new) else None


def _one_by_one(source: Source, findings: Sequence[Finding]) -> tuple[Source, list[Finding]]:
    """As many of the fixes as leave the file whole, found by halving, in a bounded number of attempts."""
    good: list[Finding] = []
    best = source
    waiting = [list(findings)]
    for _ in range(MAX_ATTEMPTS):
        if not waiting:
            break
        some = waiting.pop()
        new = _apply(source, [*good, *some])
        if new is not None:
            good += some
            best = new
        elif len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return best, good


def _same_file(old: Document, new: Document) -> bool:
    before = [(entry.type, entry.key) for entry in old.entries]
    after = [(entry.type, entry.key) for entry in new.entries]
    if before != after or len(old.broken) < len(new.broken) or len(old.strings) != len(new.strings):
        return False
    # what was written must be read back as it stands, in the encoding of the file
    return Document.from_bytes(new.to_bytes(), path=new.path).text == new.text
