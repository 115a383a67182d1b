"""Records as BibTeX or BibLaTeX: the same bytes on every run, in the layout that `bibtool fmt` leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.annotations import base_of
from bibtool.bib.latexforms import without_form
from bibtool.formats.base import joined
from bibtool.formats.bibtex.from_record import BAD_IN_KEY, Written, from_record
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.tidy.layout import entry_text
from bibtool.formats.bibtex.tidy.options import TidyOptions, is_layout_only
from bibtool.formats.bibtex.tidy.values import one_line
from bibtool.lazy import lazy_pattern
from bibtool.model.keys import DEFAULT_TEMPLATE, with_keys
from bibtool.model.text.decode import readable
from bibtool.problems import Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.formats.base import Pieces, WriteOptions, WriteResult
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
    return joined(write_each_bibtex(records, options))


def write_biblatex(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as BibLaTeX; see `write_bibtex`."""
    return joined(write_each_biblatex(records, options))


def write_each_bibtex(records: Iterable[Record], options: WriteOptions) -> Pieces:
    """What `write_bibtex` gives, entry by entry."""
    return _write_each(records, options, BIBTEX)


def write_each_biblatex(records: Iterable[Record], options: WriteOptions) -> Pieces:
    """What `write_biblatex` gives, entry by entry."""
    return _write_each(records, options, BIBLATEX)


def _write_each(records: Iterable[Record], options: WriteOptions, dialect: Dialect) -> Pieces:
    """The entries one by one, unless something is asked for that needs the whole file."""
    layout = options.layout or TidyOptions()
    entries = _Entries(dialect, options, layout)
    named = with_keys(records, options.extra.get("key-template", DEFAULT_TEMPLATE))
    if is_layout_only(layout) and not options.latex:
        yield from entries.each(named)
        return entries.problems()
    data = b"".join(entries.each(named))
    problems = entries.problems()
    if not is_layout_only(layout):
        from bibtool.formats.bibtex.tidy.run import tidy

        data = tidy(data, replace(layout, generate_keys="")).data
    yield data
    if options.latex and (problem := without_form(data.decode("utf-8"))):
        return (*problems, problem)
    return problems


class _Entries:
    """Writes entry by entry; what is to be said of them is known at the end."""

    def __init__(self, dialect: Dialect, options: WriteOptions, layout: TidyOptions) -> None:
        self.dialect = dialect
        self.layout = layout
        self.latex = options.latex
        self.commands = options.extra.get("commands") != "text"
        self.omit = frozenset(name.lower() for name in (*options.omit, *layout.omit))
        self._of_keys: list[Problem] = []
        self._of_entries: list[Problem] = []
        self._unheld: dict[str, list[str]] = {}
        self._places: dict[str, int] = {}  # the last entry of each key; filled as far as `_count` has gone
        self._seen: set[str] = set()
        self._number = 0

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all entries that were written."""
        unheld = (_unheld(variable, holders, self.dialect) for variable, holders in self._unheld.items())
        return (*self._of_keys, *self._of_entries, *unheld)

    def each(self, records: Iterator[Record]) -> Iterator[bytes]:
        """The bytes of each entry."""
        between = "\n" if self.layout.blank_lines else ""
        before = ""
        for index, (record, key, parent) in enumerate(self._counted(records)):
            yield (before + self._entry(index, record, key, parent) + "\n").encode("utf-8")
            before = between

    def _counted(self, records: Iterator[Record]) -> Iterator[tuple[Record, str, str]]:
        """Each record with the key that is written and that of its parent, when the places of both are known.

        Whether a parent comes after its children, as BibTeX wants it, is only known once all keys are; so the first
        record with a parent takes all others with it.
        """
        for record in records:
            if _parent_of(record):
                yield from [(each, self._count(each), _parent_of(each)) for each in (record, *records)]
                return
            yield record, self._count(record), ""

    def _count(self, record: Record) -> str:
        key = _safe_key(record.key, self._of_keys)
        self._places[self._folded(key)] = self._number
        self._number += 1
        return key

    def _folded(self, key: str) -> str:
        return key if self.dialect is BIBLATEX else key.casefold()

    def _entry(self, index: int, record: Record, key: str, parent: str) -> str:
        problems = self._of_entries
        if key.casefold() in self._seen:
            message = f"two records have the key {key!r}; both are written"
            problems.append(_warning("duplicate-key", message, key, hint="give one of them another key"))
        self._seen.add(key.casefold())
        # BibTeX wants the parent after its children; otherwise the entry itself has the inherited values
        place = self._places.get(self._folded(parent), -1)
        # a reference that led nowhere gave the entry nothing, so that it is all that is known
        keep_crossref = bool(parent) and (place > index or bool(record.leftover("bibtex-form", "crossref")))
        if parent and not keep_crossref and place < 0:
            message = f"the crossref {parent!r} is not among the records; the entry has its fields instead"
            problems.append(Problem(code="crossref-missing", message=message, severity=Severity.NOTE, key=key))
        entry = from_record(
            record, self.dialect, ascii_only=self.latex, keep_crossref=keep_crossref, commands=self.commands
        )
        written = entry.fields
        if self.omit:
            written = [field for field in written if not {field.name.lower(), base_of(field.name.lower())} & self.omit]
        for variable in entry.unheld:
            self._unheld.setdefault(variable, []).append(key)
        for name in entry.repeated:
            message = f"a second {name} of the record is not written"
            problems.append(Problem(code="repeated-field", message=message, severity=Severity.NOTE, key=key))
        entry_type = _safe_type(entry.type, key, problems)
        return entry_text(entry_type, key, _expressions(key, written, problems), self.layout)


def _parent_of(record: Record) -> str:
    """The key under ``crossref``, "" without one."""
    return record.leftover("bibtex", "crossref").strip() if record.leftovers else ""


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
