"""The files of one `bibtool check`: read, checked in groups, changed and written."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.ignoring import add_ignores
from bibtool.check.source import CheckedFile
from bibtool.cli.app import shown_path
from bibtool.cli.streams import complain, load_input, put_out
from bibtool.collector import collector_paused
from bibtool.errors import BibtoolError, InputError, UsageError
from bibtool.structs import dataclass, replace

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.check.fixing import Fixed
    from bibtool.check.ignoring import Ignoring
    from bibtool.check.rule import Finding
    from bibtool.check.settings import CheckSettings
    from bibtool.cli.config import Settings

Group = tuple[CheckedFile, ...]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What a run made of the files: their states before and after, and what was fixed, hidden, or remains.

    ``failed`` are the paths of files that could not be written.
    """

    before: Group
    after: Group
    remaining: tuple[Finding, ...]
    fixed: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()
    failed: frozenset[str] = frozenset()


@collector_paused(later=True)
def run_check(groups: Sequence[Group], options: CheckSettings) -> CheckRun:
    """Only what is found."""
    files = tuple(file for group in groups for file in group)
    return CheckRun(files, files, tuple(finding for group in groups for finding in check(group, options)))


def run_fix(groups: Sequence[Group], options: CheckSettings) -> CheckRun:
    """What `fix` makes of each group."""
    results = [fix(group, options) for group in groups]
    return replace(_changed(groups, results), fixed=tuple(finding for result in results for finding in result.fixed))


def run_add_ignores(groups: Sequence[Group], options: CheckSettings) -> CheckRun:
    """What `add_ignores` makes of each group."""
    results = [add_ignores(group, options) for group in groups]
    return replace(_changed(groups, results), hidden=tuple(finding for result in results for finding in result.hidden))


def _changed(groups: Sequence[Group], results: Sequence[Fixed | Ignoring]) -> CheckRun:
    """The files before and after a change of each group, and the findings that remain."""
    return CheckRun(
        before=tuple(file for group in groups for file in group),
        after=tuple(file for result in results for file in result.files),
        remaining=tuple(finding for result in results for finding in result.remaining),
    )


@collector_paused(later=True)
def load_groups(paths: Sequence[Sequence[str]], settings: Settings) -> tuple[list[Group], dict[str, bytes]]:
    """The groups of files that are checked together, and the bytes of each file by its name in reports.

    A file that can't be read becomes a finding; one that is not BibTeX at all raises `UsageError`. The file that
    `bibtool refs` writes is checked by itself, as it repeats entries of its sources.
    """
    originals: dict[str, bytes] = {}
    groups: list[Group] = []
    for group in paths:
        files = tuple(_load(path, originals) for path in group)
        groups += _without_output(files, settings)
    return groups, originals


def _load(path: str, originals: dict[str, bytes]) -> CheckedFile:
    name = shown_path(path)
    try:
        data = load_input(path)
    except InputError as error:
        return CheckedFile.unreadable(name, error.message)
    file = CheckedFile.from_bytes(data, name)
    if all(block.kind == "free" for block in file.document.blocks) or not _is_bib(path):
        _refuse_other_kinds(data, path)
    originals[name] = data
    return file


def _is_bib(path: str) -> bool:
    return path == "-" or PurePath(path).suffix.lower() == ".bib"


def _refuse_other_kinds(data: bytes, path: str) -> None:
    """Raise `UsageError` for a file that is not BibTeX: checking it would find nothing, for ever."""
    from bibtool.formats.bibtex.sniff import sniff
    from bibtool.formats.looks import CERTAIN, looks_like

    kind = looks_like(data, "" if path == "-" else path)
    if _is_bib(path) and path != "-" and kind is not None and kind.format and kind.format not in CERTAIN:
        return
    if kind is None and (_is_bib(path) or not data.strip() or sniff(data)):
        return
    message = f"{shown_path(path)} is not a BibTeX file"
    if kind is None:
        raise UsageError(message, hint="name a .bib file")
    if kind.format and path != "-":
        raise UsageError(f"{message}; it looks like {kind.words}", hint=f"`bibtool import {path}` reads it")
    if kind.words == "a LaTeX document" and path != "-":
        raise UsageError(f"{message}; it looks like {kind.words}", hint=f"`bibtool cited {path}` shows what it cites")
    raise UsageError(f"{message}; it looks like {kind.words}", hint="name a .bib file")


def _without_output(files: Group, settings: Settings) -> list[Group]:
    """The group, and the file that `bibtool refs` writes as a group of its own where it is one of several."""
    if len(files) < 2 or settings.folder is None or not (settings.folder / settings.refs.lock).exists():
        return [files] if files else []
    output = os.path.realpath(settings.folder / settings.refs.output)
    written = tuple(file for file in files if os.path.realpath(file.path) == output)
    rest = tuple(file for file in files if file not in written)
    return [group for group in (rest, written) if group]


def write_files(run: CheckRun, originals: Mapping[str, bytes]) -> CheckRun:
    """Replace the files that changed, and put out standard input; the run without what could not be written."""
    from bibtool.files import Original, rewrite

    failed: set[str] = set()
    for file in run.after:
        before = originals.get(file.path)
        if before is None:
            continue
        after = file.document.to_bytes()
        if file.path == "<stdin>":
            put_out(after)
        elif after != before:
            try:
                rewrite(Original.of(Path(file.path), before), after)
            except BibtoolError as error:
                complain(str(error))
                failed.add(file.path)
    return replace(
        run,
        fixed=tuple(finding for finding in run.fixed if finding.hit.file.path not in failed),
        hidden=tuple(finding for finding in run.hidden if finding.hit.file.path not in failed),
        failed=frozenset(failed),
    )
