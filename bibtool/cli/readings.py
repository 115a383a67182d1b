"""References that were read off running text: which are taken, what is said of them, and going through the doubtful."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.library import printable
from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.cli.common import App
    from bibtool.formats.base import Reading
    from bibtool.model.record import Record
    from bibtool.problems import Problem

ALL = "all"
_SHOWN = ("author", "title", "container-title", "issued", "volume", "issue", "page", "publisher", "DOI")
_MARKED_BELOW = 0.9  # fields that are marked as doubtful


def accepted_lines(text: str | None) -> frozenset[int] | None:
    """The lines of ``--accept``: ``3``, ``3,7-9``; None for ``all``, empty without the option.

    Raises `UsageError` for anything else.
    """
    if text is None:
        return frozenset()
    if text.strip().casefold() == ALL:
        return None
    lines: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.strip().isdecimal()):
            raise UsageError(f"--accept: {text!r} is not a list of lines", hint="write 3, 3,7-9 or all")
        lines.update(range(int(first), min(int(last or first), int(first) + 100_000) + 1))
    return frozenset(lines)


def divided(
    readings: Sequence[Reading], lines: frozenset[int] | None, *, review: bool
) -> tuple[list[Reading], list[Reading]]:
    """The readings that are taken, and those that stay doubtful. With ``review`` a person decides, key by key."""
    taken = [reading for reading in readings if not reading.doubt or lines is None or reading.line in lines]
    left = [reading for reading in readings if reading.doubt and not (lines is None or reading.line in lines)]
    if review and left:
        chosen = _reviewed(left)
        taken = [reading for reading in readings if reading in taken or reading in chosen]
        left = [reading for reading in left if reading not in chosen]
    return taken, left


def _reviewed(doubtful: Sequence[Reading]) -> list[Reading]:
    """The doubtful readings that a person takes. Stops at the end of the input, or at ``q``."""
    chosen: list[Reading] = []
    for number, reading in enumerate(doubtful, start=1):
        click.echo(f"\n{number} of {len(doubtful)}, line {reading.line}: {reading.doubt}", err=True)
        click.echo(printable(f"  {' '.join(reading.raw.split())}"), err=True)
        for line in fields_shown(reading):
            click.echo(printable(line), err=True)
        key = _key("take it? y(es), n(o), a(ll from here on), q(uit): ", "ynaq")
        if key == "a":
            return [*chosen, *doubtful[number - 1 :]]
        if key == "q":
            break
        if key == "y":
            chosen.append(reading)
    return chosen


def _key(question: str, keys: str) -> str:
    """One of the keys; ``q`` where no more can be read."""
    while True:
        click.echo(question, nl=False, err=True)
        try:
            key = (click.getchar() if sys.stdin.isatty() else _piped_key()).casefold()
        except (EOFError, KeyboardInterrupt, OSError):
            key = "q"
        click.echo(key if key.isprintable() else "", err=True)
        if key in {"", "\x04", "\x03", "\x1b"}:
            return "q"
        if key in keys:
            return key


def _piped_key() -> str:
    """The next character of standard input that is not white space, "" at its end."""
    while (key := sys.stdin.read(1)) and key.isspace():
        pass
    return key


def fields_shown(reading: Reading) -> list[str]:
    """The fields of a reading line by line, the doubtful ones marked with a question mark."""
    shown = []
    for name in _SHOWN:
        value = value_shown(reading.record, name)
        if value:
            sure = reading.fields.get(name, reading.confidence)
            mark = "?" if sure < _MARKED_BELOW else " "
            shown.append(f"  {mark} {name:<16}{value}")
    return shown


def value_shown(record: Record, variable: str) -> str:
    """The value of a variable on one line, "" where there is none."""
    from bibtool.model.names import Names

    value = record.variables.get(variable)
    if isinstance(value, Names):
        return "; ".join(name.inverted() for name in value) + (" et al." if value.truncated else "")
    return " ".join(record.text(variable).split()) if value is not None else ""


def say_readings(app: App, taken: Sequence[Reading], left: Sequence[Reading]) -> None:
    """Say line by line what was taken, and what is doubtful and why."""
    doubtful = {id(reading) for reading in left}
    for reading in sorted([*taken, *left], key=lambda reading: reading.line):
        record = reading.record
        what = f"{record.authors.in_brief()} ({record.year or 'no year'}): {record.title or '(no title)'}".strip()
        if id(reading) not in doubtful:
            app.say(printable(f"line {reading.line}: {what}"))
            continue
        app.say(printable(f"line {reading.line}: doubtful, not imported: {reading.doubt}"))
        for line in fields_shown(reading):
            app.say(printable(line))
    if left:
        lines = ",".join(str(reading.line) for reading in left[:20]) + (",..." if len(left) > 20 else "")
        app.say(f"to import them all the same: --accept {lines}, or --review to go through them one by one")


def without_doubts(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without those that `say_readings` says with all fields."""
    return [p for p in problems if p.code != "references-doubtful"]


def reading_as_json(record: Record, reading: Reading | None) -> dict[str, Any]:
    """What ``--json`` prints of a record: its line, text, certainty, and the record as CSL-JSON."""
    if reading is not None:
        return {
            "line": reading.line,
            "raw": reading.raw,
            "confidence": reading.confidence,
            "fields": dict(reading.fields),
            **({"reason": reading.doubt} if reading.doubt else {}),
            "item": record.to_csl(),
        }
    fields = {name: origin.confidence for name, origin in record.provenance.items() if name != "type"}
    detail = next((origin.detail for origin in record.provenance.values()), "")
    line = detail.rpartition(":")[2]
    return {
        "line": int(line) if line.isdecimal() else None,
        "raw": "",
        "confidence": min(fields.values(), default=1.0),
        "fields": fields,
        "item": record.to_csl(),
    }
