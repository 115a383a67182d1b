"""Records as BibTeX or BibLaTeX: the same bytes on every run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats.base import WriteResult
from bibtool.formats.bibtex.from_record import Written, from_record
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.model.keys import DEFAULT_TEMPLATE, assign_keys
from bibtool.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import WriteOptions
    from bibtool.formats.bibtex.mapping import Dialect
    from bibtool.model.record import Record

_WIDTH = 13  # of "archivePrefix", the longest usual name
_BAD_IN_KEY = re.compile(r"[\s,{}\\%#\"~=()'\x00-\x1f\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NAME = re.compile(r"[^\s\"#%'(),={}@0-9\x00-\x1f\x7f][^\s\"#%'(),={}@\x00-\x1f\x7f]*")


def write_bibtex(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as BibTeX. ``options.extra["key-template"]`` is the template for records without a key."""
    return _write(records, options, BIBTEX)


def write_biblatex(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as BibLaTeX; see `write_bibtex`."""
    return _write(records, options, BIBLATEX)


def _write(records: Sequence[Record], options: WriteOptions, dialect: Dialect) -> WriteResult:
    problems: list[Problem] = []
    keyed = assign_keys(records, template=options.extra.get("key-template", DEFAULT_TEMPLATE))
    keys = [_safe_key(record.key, problems) for record in keyed]
    last_place = {key: index for index, key in enumerate(keys)}
    unheld: dict[str, list[str]] = {}
    entries = []
    seen: set[str] = set()
    for index, (record, key) in enumerate(zip(keyed, keys, strict=True)):
        if key.casefold() in seen:
            message = f"two records have the key {key!r}; both are written"
            problems.append(_warning("duplicate-key", message, key, hint="give one of them another key"))
        seen.add(key.casefold())
        # BibTeX wants the parent behind its children; elsewhere the inherited values stand in the entry itself
        parent = record.leftover("bibtex", "crossref").strip()
        keep_crossref = bool(parent) and last_place.get(parent, -1) > index
        if parent and not keep_crossref and parent not in last_place:
            message = f"the crossref {parent!r} is not among the records and is not written"
            problems.append(Problem(code="crossref-missing", message=message, severity=Severity.NOTE, key=key))
        entry = from_record(record, dialect, ascii_only=options.latex, keep_crossref=keep_crossref)
        for variable in entry.unheld:
            unheld.setdefault(variable, []).append(key)
        for name in entry.repeated:
            message = f"a second {name} of the record is not written"
            problems.append(Problem(code="repeated-field", message=message, severity=Severity.NOTE, key=key))
        entries.append(_layout(entry.type, key, entry.fields, problems))
    for variable, holders in unheld.items():
        problems.append(_unheld(variable, holders, dialect))
    text = "\n".join(entries)
    return WriteResult(text.encode("utf-8"), tuple(problems))


def _warning(code: str, message: str, key: str, *, hint: str | None = None, raw: str | None = None) -> Problem:
    return Problem(code=code, message=message, severity=Severity.WARNING, key=key, hint=hint, raw=raw)


def _unheld(variable: str, keys: list[str], dialect: Dialect) -> Problem:
    name = "BibTeX" if dialect is BIBTEX else "BibLaTeX"
    some = ", ".join(keys[:3]) + (", ..." if len(keys) > 3 else "")
    return Problem(
        code="not-representable",
        message=f"{name} has no field for {variable!r} ({len(keys)} record{'s' if len(keys) > 1 else ''}: {some})",
        severity=Severity.NOTE,
        hint="csl-json holds it",
    )


def _safe_key(key: str, problems: list[Problem]) -> str:
    safe = _BAD_IN_KEY.sub("-", key) or "-"
    if safe != key:
        message = f"the key {key!r} can't stand in a BibTeX file; {safe!r} is written"
        problems.append(_warning("unusable-key", message, key, hint="give the record another key"))
    return safe


def _layout(entry_type: str, key: str, fields: list[Written], problems: list[Problem]) -> str:
    lines = [f"@{entry_type}{{{key},\n"]
    for name, written, is_expression in fields:
        if not _NAME.fullmatch(name):
            message = "the name of the field can't stand in a BibTeX file; it is left out"
            problems.append(_warning("unsafe-text", message, key, raw=written))
            continue
        value = written if is_expression else f"{{{_safe_value(written)}}}"
        if not is_expression and value[1:-1] != written:
            message = f"{name} would have broken the file; it was made safe"
            problems.append(_warning("unsafe-text", message, key, raw=written))
        lines.append(f"  {name:<{_WIDTH}} = {value},\n")
    lines.append("}\n")
    return "".join(lines)


def _safe_value(value: str) -> str:
    """The value with its braces balanced as BibTeX counts them, and without control characters."""
    if _CONTROL.search(value):
        value = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    if "{" not in value and "}" not in value:
        return value
    lone: set[int] = set()
    opened: list[int] = []
    for index, char in enumerate(value):
        if char == "{":
            opened.append(index)
        elif char == "}" and opened:
            opened.pop()
        elif char == "}":
            lone.add(index)
    lone.update(opened)
    if not lone:
        return value
    out = []
    for index, char in enumerate(value):
        if index not in lone:
            out.append(char)
            continue
        if out and out[-1] == "\\":
            out.pop()
        out.append("\\textbraceleft{}" if char == "{" else "\\textbraceright{}")
    return "".join(out)
