"""Safe fixes: they change only what a finding is about, and only if the file holds the same entries afterwards.

A round takes all fixes that don't touch each other and makes a new document of them; rounds go on until nothing is
left to fix, as one fix may uncover another. Each new document is read again before it counts: the same entries with
the same types and keys must be there, and no more broken blocks than before.

Fixes that lead back to an earlier state of the file are neither made nor counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.check.engine import check
from bibtool.check.source import CheckedFile
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.check.rule import Finding
    from bibtool.check.settings import CheckSettings
    from bibtool.check.source import Edit

MAX_ROUNDS = 10
MAX_ATTEMPTS = 64


@dataclass(frozen=True, slots=True)
class Fixed:
    """The files after fixing, the findings that were fixed, and those that remain, with places in the new files."""

    files: tuple[CheckedFile, ...]
    fixed: tuple[Finding, ...]
    remaining: tuple[Finding, ...]


def fix(files: Sequence[CheckedFile], settings: CheckSettings | None = None) -> Fixed:
    """Fix what can be fixed safely. Fixing the result again changes nothing."""
    current = tuple(files)
    fixed: list[Finding] = []
    refused: set[int] = set()  # files whose last fixes would have damaged them
    states = [{file.text} for file in current]
    findings = check(current, settings)
    for _ in range(MAX_ROUNDS):
        changed = False
        following = list(current)
        for number, file in enumerate(current):
            if number in refused:
                continue
            chosen = _compatible([finding for finding in findings if finding.hit.file is file and finding.hit.fix])
            if not chosen:
                continue
            new = _apply(file, chosen)
            if new is None:
                new, chosen = _apply_some(file, chosen)
                refused.add(number)
            if new.text in states[number]:
                refused.add(number)
            elif chosen:
                states[number].add(new.text)
                following[number] = new
                fixed += chosen
                changed = True
        if not changed:
            break
        current = tuple(following)
        findings = check(current, settings)
    return Fixed(current, tuple(fixed), findings)


def _compatible(findings: list[Finding]) -> list[Finding]:
    """As many of the findings as have fixes that don't overlap, earlier ones first."""
    taken: list[Finding] = []
    end = -1
    deletes = True
    for finding in sorted(findings, key=lambda finding: _edits(finding)[0].start):
        edits = _edits(finding)
        # Two deletions may meet; where one of two that meet inserts something, their order would be a guess.
        if edits[0].start > end or (edits[0].start == end and deletes and not any(edit.text for edit in edits)):
            taken.append(finding)
            end = max(edit.end for edit in edits)
            deletes = not any(edit.text for edit in edits)
    return taken


def _edits(finding: Finding) -> tuple[Edit, ...]:
    assert finding.hit.fix is not None
    return finding.hit.fix.edits


def _apply(file: CheckedFile, findings: Sequence[Finding]) -> CheckedFile | None:
    """The file with these fixes; None if it would not be the same file any more."""
    return edited(file, [edit for finding in findings for edit in _edits(finding)])


def edited(file: CheckedFile, edits: Iterable[Edit]) -> CheckedFile | None:
    """The file with these edits, which don't overlap; None if it would have other entries or more broken blocks."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts += (file.text[at : edit.start], edit.text)
        at = edit.end
    parts.append(file.text[at:])
    old = file.document
    new = Document("".join(parts), encoding=old.encoding, bom=old.bom, tail=old.tail, path=old.path)
    return CheckedFile(new, file.path) if _same_file(old, new) else None


def _apply_some(file: CheckedFile, findings: Sequence[Finding]) -> tuple[CheckedFile, list[Finding]]:
    """As many of the fixes as leave the file whole, found by halving, in a bounded number of attempts."""
    good: list[Finding] = []
    best = file
    waiting = [list(findings)]
    for _ in range(MAX_ATTEMPTS):
        if not waiting:
            break
        some = waiting.pop()
        new = _apply(file, [*good, *some])
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
    # the new text must survive writing and reading in the encoding of the file
    return Document.from_bytes(new.to_bytes(), path=new.path).text == new.text
