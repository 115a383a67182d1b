"""``bibtool enrich FILE``: the fields that entries of BibTeX files lack, filled and shown as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cli.common import count, show_diff
from bibtool.cli.library import printable
from bibtool.errors import UnknownNameError
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.cli.bibtarget import BibTarget
    from bibtool.cli.common import App
    from bibtool.enrich.report import EnrichReport
    from bibtool.project.filling import Filled


def expect_keys(targets: Sequence[BibTarget], keys: Sequence[str]) -> None:
    """Raises `UnknownNameError` for a key that no file has."""
    known = [record.key for target in targets for record in target.records]
    for key in keys:
        if key not in known:
            raise UnknownNameError("entry", key, known)


def fill_targets(
    app: App, targets: Sequence[BibTarget], report: EnrichReport, fields: Collection[str], *, write: bool, quiet: bool
) -> tuple[EnrichReport, list[dict[str, object]]]:
    """The report of what the files got, and the same for scripts; the diff is shown unless ``quiet``.

    ``report`` has a result for each record of the targets, in their order.
    """
    from bibtool.files import rewrite
    from bibtool.project.filling import fill
    from bibtool.project.refresh import entries_of

    results = list(report.results)
    told: list[dict[str, object]] = []
    at = 0
    for target in targets:
        places = range(at, at := at + len(target.records))
        if len(places) != len(entries_of(target.document)):
            app.say(f"{target.path}: not changed: its entries could not all be read")
            continue
        changes = [(results[place].before, results[place].after) for place in places]
        changed, filled = fill(target.document, changes, fields)
        for place, each in zip(places, filled, strict=True):
            told += [{"path": target.path, "key": each.key, "fields": list(each.fields)}] if each.fields else []
            if not each.fields:
                results[place] = replace(results[place], after=results[place].before, changed=())
            _say(app, target, each)
        if changed.text != target.document.text:
            if not quiet:
                show_diff(target.document.text, changed.text, target.path, "enriched")
            if write:
                rewrite(target.original, changed.to_bytes())
    return replace(report, results=tuple(results)), told


def _say(app: App, target: BibTarget, filled: Filled) -> None:
    if filled.published:
        text = f"{filled.key}: it was published; `bibtool refresh {target.path}` takes the publication as a whole"
        app.say(printable(text))
    if filled.failed:
        app.say(printable(f"{filled.key}: the fields could not be written, so the entry was left as it is"))


def summary(told: Sequence[dict[str, object]], *, dry_run: bool) -> str:
    """What the files got, in a line."""
    if not told:
        return "no entry lacks a field that a source has"
    fields = sum(len(each["fields"]) for each in told if isinstance(each["fields"], list))
    verb = "would be added" if dry_run else "added"
    return f"{count(fields, 'field')} {verb} to {count(len(told), 'entry', 'entries')}"
