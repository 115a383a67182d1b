"""Records as BibTeX or BibLaTeX: the same bytes on every run, in the layout that `bibtool fmt` leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.annotations import base_of
from bibtool.bib.latexforms import without_form
from bibtool.formats.base import WriteResult
from bibtool.formats.bibtex.from_record import BAD_IN_KEY, Written, from_record
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.tidy.layout import entry_text
from bibtool.formats.bibtex.tidy.options import TidyOptions, is_layout_only
from bibtool.formats.bibtex.tidy.values import one_line
from bibtool.lazy import lazy_pattern
from bibtool.model.keys import DEFAULT_TEMPLATE, assign_keys
from bibtool.model.text.decode import readable
from bibtool.problems import Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import WriteOptions
    from bibtool.formats.bibtex.mapping import Dialect
    from bibtool.model.record import Record

_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NO_ENTRIES = frozenset({"comment", "preamble", "string"})
_BAD_IN_NAME = lazy_pattern(r"[\s\"#%'(),={}@\x00-\x1f\x7f]")
_NAME = lazy_pattern(r"[^\s\"#%'(),={}@0-9\x00-\x1f\x7f][^\s\"#%'(),={}@\x00-\x1f\x7f]*")


def write_bibtex(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    r"""The records as BibTeX. ``options.extra["key-template"]`` is the template for records without a key.

    With ``extra["commands"] == "text"`` unknown commands of TeX from BibTeX files (``\input``) are written as text.
    """
    return _write(records, options, BIBTEX)


def write_biblatex(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as BibLaTeX; see `write_bibtex`."""
    return _write(records, options, BIBLATEX)


def _write(records: Sequence[Record], options: WriteOptions, dialect: Dialect) -> WriteResult:
    problems: list[Problem] = []
    layout = options.layout or TidyOptions()
    commands = options.extra.get("commands") != "text"
    omit = frozenset(name.lower() for name in (*options.omit, *layout.omit))
    keyed = assign_keys(records, template=options.extra.get("key-template", DEFAULT_TEMPLATE))
    keys = [_safe_key(record.key, problems) for record in keyed]
    last_place = {key if dialect is BIBLATEX else key.casefold(): index for index, key in enumerate(keys)}
    unheld: dict[str, list[str]] = {}
    entries = []
    seen: set[str] = set()
    for index, (record, key) in enumerate(zip(keyed, keys, strict=True)):
        if key.casefold() in seen:
            message = f"two records have the key {key!r}; both are written"
            problems.append(_warning("duplicate-key", message, key, hint="give one of them another key"))
        seen.add(key.casefold())
        # BibTeX wants the parent after its children; otherwise the entry itself has the inherited values
        parent = record.leftover("bibtex", "crossref").strip()
        place = last_place.get(parent if dialect is BIBLATEX else parent.casefold(), -1)
        # a reference that led nowhere gave the entry nothing, so that it is all that is known
        keep_crossref = bool(parent) and (place > index or bool(record.leftover("bibtex-form", "crossref")))
        if parent and not keep_crossref and place < 0:
            message = f"the crossref {parent!r} is not among the records; the entry has its fields instead"
            problems.append(Problem(code="crossref-missing", message=message, severity=Severity.NOTE, key=key))
        entry = from_record(record, dialect, ascii_only=options.latex, keep_crossref=keep_crossref, commands=commands)
        written = entry.fields
        if omit:
            written = [field for field in written if not {field.name.lower(), base_of(field.name.lower())} & omit]
        for variable in entry.unheld:
            unheld.setdefault(variable, []).append(key)
        for name in entry.repeated:
            message = f"a second {name} of the record is not written"
            problems.append(Problem(code="repeated-field", message=message, severity=Severity.NOTE, key=key))
        entries.append(
            entry_text(_safe_type(entry.type, key, problems), key, _expressions(key, written, problems), layout) + "\n"
        )
    for variable, holders in unheld.items():
        problems.append(_unheld(variable, holders, dialect))
    data = ("\n" if layout.blank_lines else "").join(entries).encode("utf-8")
    if not is_layout_only(layout):
        from bibtool.formats.bibtex.tidy.run import tidy

        data = tidy(data, replace(layout, generate_keys="")).data
    if options.latex and (problem := without_form(data.decode("utf-8"))):
        problems.append(problem)
    return WriteResult(data, tuple(problems))


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
    safe = BAD_IN_KEY.sub("-", readable(key)) or "-"
    if safe != key:
        message = f"the key {key!r} is not valid in a BibTeX file; {safe!r} is written"
        problems.append(_warning("unusable-key", message, key, hint="give the record another key"))
    return safe


def _safe_type(entry_type: str, key: str, problems: list[Problem]) -> str:
    """A type of entry as a file had it, without what a reader would not take for a part of it."""
    safe = readable(entry_type)
    if _NAME.fullmatch(safe) and safe.casefold() not in _NO_ENTRIES:
        return safe
    safe = _BAD_IN_NAME.sub("-", safe)
    safe = safe if _NAME.fullmatch(safe) and safe.casefold() not in _NO_ENTRIES else "misc"
    problems.append(_warning("unsafe-text", f"the entry type is not valid; {safe!r} is written", key, raw=entry_type))
    return safe


def _expressions(key: str, fields: list[Written], problems: list[Problem]) -> list[tuple[str, str]]:
    """Name and value expression of the fields that a file can hold; the others are problems."""
    pairs: list[tuple[str, str]] = []
    for given_name, written, is_expression in fields:
        name = readable(given_name)
        if not (name.isascii() and name.isalpha()) and not _NAME.fullmatch(name):
            message = "the name of the field is not valid in a BibTeX file; the field is left out"
            problems.append(_warning("unsafe-text", message, key, raw=written))
            continue
        if is_expression:
            pairs.append((name, written))
            continue
        safe = _safe_value(written)
        if safe != written:
            message = f"{name} would have broken the file; it was made safe"
            problems.append(_warning("unsafe-text", message, key, raw=written))
        pairs.append((name, "{" + one_line(safe, name.lower(), "\n") + "}"))
    return pairs


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
