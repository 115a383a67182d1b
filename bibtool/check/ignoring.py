"""Ignore comments for everything that is found in a file now, so that from then on only new findings are reported.

A finding in an entry or another block gets a comment on the line before it (``% bibtool: ignore=IDS001``), one outside
of all blocks a comment for the whole file. A comment that is there already for the same block takes the new codes in.
Nothing else is changed; a file that would be read differently afterwards is left as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from bibtool.check.engine import check
from bibtool.check.fixing import edited
from bibtool.check.source import Edit
from bibtool.check.suppress import Suppressions
from bibtool.check.table import selectors
from bibtool.model.text.lines import LINE_END
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.check.rule import Finding
    from bibtool.check.settings import CheckSettings
    from bibtool.check.source import CheckedFile

_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Ignoring:
    """The files with their comments, the findings that these hide, and those that no comment can hide."""

    files: tuple[CheckedFile, ...]
    hidden: tuple[Finding, ...]
    remaining: tuple[Finding, ...]


def add_ignores(files: Sequence[CheckedFile], settings: CheckSettings | None = None) -> Ignoring:
    """Comments for all findings in these files, which are checked together. Doing so again changes nothing."""
    before = check(files, settings)
    current = tuple(_with_comments(file, before, frozenset()) for file in files)
    findings = check(current, settings)
    if findings:
        # what no comment before a block hides has to be switched off for the whole file
        codes = {file: frozenset(_codes_in(file, findings)) for file in current}
        current = tuple(_with_comments(old, before, codes[new]) for old, new in zip(files, current, strict=True))
        findings = check(current, settings)
    remaining = {_identity(finding) for finding in findings}
    hidden = tuple(finding for finding in before if _identity(finding) not in remaining)
    return Ignoring(current, hidden, findings)


def _codes_in(file: CheckedFile, findings: Iterable[Finding]) -> set[str]:
    return {finding.code for finding in findings if finding.hit.file is file}


def _identity(finding: Finding) -> tuple[str, str, str | None, str]:
    return finding.hit.file.path, finding.code, finding.key, finding.hit.message


def _with_comments(file: CheckedFile, findings: Iterable[Finding], whole_file: frozenset[str]) -> CheckedFile:
    """The file with comments for the findings in it, for these codes at its beginning; itself if there are none."""
    if file.error:
        return file
    own = [finding for finding in findings if finding.hit.file is file and not finding.rule.last]
    places = [(finding.code, _block_at(file, finding.hit.start)) for finding in own]
    whole_file |= {code for code, place in places if place is None}
    codes: dict[int | None, set[str]] = {}
    for code, place in places:
        codes.setdefault(None if code in whole_file else place, set()).add(code)
    if not codes:
        return file
    present = {
        None if comment.scope == "file" else comment.first: comment
        for comment in reversed(Suppressions(file, selectors()).all)
        if comment.scope != "line"
    }
    newline = line_end[0] if (line_end := LINE_END.search(file.text)) else "\n"
    edits: list[Edit] = []
    for place, names in codes.items():
        listed = ",".join(sorted(names))
        if (comment := present.get(place)) is not None:
            end = comment.at + len(file.text[comment.at : comment.end].rstrip())
            edits.append(Edit(end, end, f",{listed}"))
        elif place is None:
            edits.append(Edit(0, 0, f"% bibtool: ignore-file={listed}{newline}"))
        else:
            line, _ = file.document.line_span(place)
            edits.append(Edit(line, line, f"% bibtool: ignore={listed}{newline}"))
    return edited(file, edits) or file


def _block_at(file: CheckedFile, offset: int) -> int | None:
    """Where the block begins that an offset lies in.

    None for text and comments between blocks, and for a block that doesn't begin its line: no comment can precede it.
    """
    blocks = file.document.blocks
    index = bisect_right(blocks, offset, key=_start) - 1
    if index < 0 or blocks[index].kind in ("free", "comment") or offset > blocks[index].end:
        return None
    start = blocks[index].start
    line, _ = file.document.line_span(start)
    return None if file.text[line:start].strip() else start
