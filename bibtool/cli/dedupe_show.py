"""Duplicates side by side: as tables on a terminal, as plain lines in a pipe, as JSON."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import count, use_colour
from bibtool.cli.library import printable
from bibtool.model.marks import show as show_value
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.cli.common import App
    from bibtool.cli.dedupe_stock import Outcome, Stock
    from bibtool.model.record import Record
    from bibtool.model.works.groups import Group
    from bibtool.problems import Problem
    from bibtool.project.rewrite import Rewritten

_WIDTH = 160  # characters of a value that are shown; JSON has them all
_FIRST = ("type", "title", "author", "editor", "issued", "container-title")


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group as it is shown: the key that stays, and whether it is merged."""

    group: Group
    keep: str
    merged: bool


@dataclass(frozen=True, slots=True)
class DedupeReport:
    """All that is to be shown."""

    stock: Stock
    groups: Sequence[ShownGroup]
    outcome: Outcome
    rewritten: Mapping[str, Rewritten]
    problems: Sequence[Problem]
    applied: bool
    works: int = 0


def rows_of(records: Sequence[Record]) -> list[tuple[str, list[str]]]:
    """The fields in which the records differ, each with the value of every record, "" where it has none."""
    names = dict.fromkeys([*_FIRST, *sorted({name for record in records for name in record.variables})])
    rows = [(name, [_value(record, name) for record in records]) for name in names]
    rows.append(("arXiv", [str(record.arxiv.id) if record.arxiv and record.arxiv.id else "" for record in records]))
    left = dict.fromkeys((item.source, item.name) for record in records for item in record.leftovers)
    rows += [
        (f"{source}.{name}", [record.leftover(source, name) for record in records])
        for source, name in left
        if not source.endswith("-form")
    ]
    return [(name, values) for name, values in rows if len(set(values)) > 1]


def _value(record: Record, name: str) -> str:
    if name == "type":
        return record.type
    value = record.variables.get(name)
    return "" if value is None else show_value(value)


def as_dict(report: DedupeReport) -> dict[str, Any]:
    """The report as JSON data."""
    return {
        "applied": report.applied,
        "groups": [_group_data(report.stock, shown) for shown in report.groups],
        "map": report.outcome.replaced,
        "not_taken": [asdict(difference) for difference in report.outcome.differences],
        "rewritten": [
            {"path": path, **asdict(change)}
            for path, result in report.rewritten.items()
            for change in result.replacements
        ],
        "left": [{"path": path, **asdict(left)} for path, result in report.rewritten.items() for left in result.left],
        "problems": [problem.to_dict() for problem in report.problems],
    }


def _group_data(stock: Stock, shown: ShownGroup) -> dict[str, Any]:
    records = [stock.records[at] for at in shown.group.members]
    places = [stock.place(at) for at in shown.group.members]
    return {
        "certain": shown.group.certain,
        "merged": shown.merged,
        "reasons": list(shown.group.reasons),
        "keep": shown.keep,
        "members": [
            {"key": record.key, **({"path": path, "line": line} if path else {})}
            for record, (path, line) in zip(records, places, strict=True)
        ],
        "differing": dict(rows_of(records)),
    }


def show(app: App, report: DedupeReport, *, undo: bool) -> None:
    """Print everything: groups, keys and replacements on standard output, the summary on standard error."""
    for certain in (True, False):
        for shown in report.groups:
            if shown.group.certain is certain:
                _show_group(report.stock, shown)
    if report.outcome.differences and report.applied:
        click.echo("not kept, as the merged record has another value:")
        for gone in report.outcome.differences:
            kept = f" (kept: {_short(gone.kept)})" if gone.kept else ""
            click.echo(f"  {printable(gone.key)} {gone.field}: {_short(gone.other)}{kept}")
    if report.outcome.replaced:
        click.echo("old key -> new key:" if report.applied else "old key -> new key, once merged:")
        for old, new in sorted(report.outcome.replaced.items()):
            click.echo(f"  {printable(old)} -> {printable(new)}")
    for path, result in report.rewritten.items():
        for change in result.replacements:
            new = printable(change.new) if change.new else "(removed, the citation has the new key already)"
            click.echo(f"{path}:{change.line}:{change.column}: {printable(change.old)} -> {new}")
        for left in result.left:
            place = f"{path}:{left.line}:{left.column}"
            click.echo(f"{place}: {printable(left.old)} was left alone; replace it by hand: {printable(left.new)}")
    app.say(_summary(report, undo=undo))


def _summary(report: DedupeReport, *, undo: bool) -> str:
    if not report.groups and not report.works:
        return f"no duplicates among {count(len(report.stock.records), 'record')}"
    open_certain = sum(not shown.merged for shown in report.groups if shown.group.certain)
    open_doubtful = sum(not shown.merged for shown in report.groups if not shown.group.certain)
    parts = []
    if report.applied and report.works:
        parts.append(f"merged the records of {count(report.works, 'work')}")
        if undo:
            changed = any(result.replacements for result in report.rewritten.values())
            parts.append("`bibtool undo` undoes it" + (" (not in the documents)" if changed else ""))
    if open_certain:
        parts.append(f"{open_certain:,} certain: --apply merges them")
    if open_doubtful:
        parts.append(f"{open_doubtful:,} doubtful: --accept KEY=KEY merges a pair")
    return "; ".join(parts)


def _short(text: str) -> str:
    text = printable(" ".join(text.split()))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _show_group(stock: Stock, shown: ShownGroup) -> None:
    records = [stock.records[at] for at in shown.group.members]
    head = ("certain" if shown.group.certain else "doubtful") + (", merged" if shown.merged else "")
    click.echo(f"{head}: {_short(records[0].title) or '(no title)'}")
    for reason in shown.group.reasons:
        click.echo(f"  {printable(reason)}")
    places = [stock.place(at) for at in shown.group.members]
    labels = []
    stays = True
    for record, (path, line) in zip(records, places, strict=True):
        label = printable(record.key) or "(no key)"
        if path:
            label += f" ({path}:{line})"
        if record.key == shown.keep and stays and shown.group.certain:
            label += " stays"
            stays = False
        labels.append(label)
    rows = rows_of(records)
    if sys.stdout.isatty() and len(records) <= 4:
        _table(labels, rows)
    else:
        _lines(labels, rows)
    click.echo()


def _lines(labels: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> None:
    width = max(len(label) for label in labels)
    for label in labels:
        click.echo(f"  {label}")
    for name, values in rows:
        click.echo(f"  {name}")
        for label, value in zip(labels, values, strict=True):
            click.echo(f"    {label:<{width}}  {_short(value) or '-'}")


def _table(labels: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", pad_edge=False)
    table.add_column("")
    for label in labels:
        table.add_column(Text(label), overflow="fold")
    for name, values in rows:
        table.add_row(Text(name), *(Text(_short(value)) for value in values))
    Console(no_color=not use_colour(sys.stdout), highlight=False).print(table)
