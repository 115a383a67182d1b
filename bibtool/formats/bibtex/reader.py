"""BibTeX and BibLaTeX files as records. Entries in = records out; what could not be read is named in the problems."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.formats.base import ReadResult, collector_paused, refuse_unreadable
from bibtool.formats.bibtex.builder import FORM, SOURCE, UNREAD
from bibtool.formats.bibtex.inherit import RawEntry, inherit
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.to_record import to_record
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Leftover, Provenance, Record
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bibtool.bib.document import Entry
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.bibtex.mapping import Dialect


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a BibTeX file; fields and types of BibLaTeX are understood where they occur.

    Raises `InputError` for an empty or binary input, and for one beyond `MAX_BYTES`.
    """
    return _read(data, options, BIBTEX)


def read_biblatex(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a BibLaTeX file; see `read`."""
    return _read(data, options, BIBLATEX)


@collector_paused()
def _read(data: bytes, options: ReadOptions, dialect: Dialect) -> ReadResult:
    refuse_unreadable(data, options, (b"\xff\xfe", b"\xfe\xff"))
    document = Document.from_bytes(data, options.path, read_all=options.keys is None)
    return read_document(document, options, dialect)


@collector_paused()
def read_document(document: Document, options: ReadOptions, dialect: Dialect = BIBTEX) -> ReadResult:
    """The records of a document: one for each entry but ``@xdata``, in the order of the file."""
    problems: list[Problem] = []
    parents = _Parents(document, any_case=dialect is BIBTEX)
    granular = "xdata=" in document.text
    records = []
    unread: dict[str, list[tuple[Entry, str]]] = {}
    for entry in document.entries:
        source, repeated = _raw(entry)
        if source.type == "xdata":
            problems.append(
                Problem(
                    code="no-record",
                    message=f"@xdata {source.key!r} only holds fields for other entries; it is not a record",
                    severity=Severity.NOTE,
                    position=entry.position,
                    key=source.key or None,
                )
            )
            continue
        if options.keys is not None and source.key not in options.keys and not _is_alias(source, options.keys):
            continue
        heir = not _HEIRS.isdisjoint(source.fields) or (granular and _refers(source.fields))
        records.append(_record(entry, source, repeated, parents if heir else None, dialect, options, problems, unread))
    problems[:0] = document.problems  # found last, as what has been read by then is known to have none
    problems += [_unread_command(command, *places) for command, places in unread.items()]
    if not document.entries and not problems:
        from bibtool.formats.otherfiles import recognise

        other = recognise(document.text[:10_000].encode("utf-8", "replace"))
        problems.append(
            Problem(
                code="no-entries",
                message="no BibTeX entry was found" + (f"; this looks like {other.what}" if other else ""),
                severity=Severity.ERROR if _is_other_text(document) else Severity.WARNING,
                position=Position(options.path),
                hint=other.advice if other else "if it has another format, `bibtool formats` lists what can be read",
            )
        )
    return ReadResult(tuple(records), tuple(problems))


_IDS = lazy_pattern(r"ids\s*=")
_HEIRS = frozenset({"crossref", "xdata"})


def _raw(entry: Entry) -> tuple[RawEntry, list[tuple[str, str]]]:
    """The first field of each name with a content, and the others."""
    plain = entry.plain_fields
    if plain is not None and "" not in plain.values():
        return RawEntry(entry.type, entry.key, plain), []
    fields: dict[str, str] = {}
    repeated: list[tuple[str, str]] = []
    for name, content in entry.items():
        if not content:
            content = _macro_name(entry, name)  # noqa: PLW2901  (a macro that nobody defines keeps its name)
        if fields.get(name):  # an empty field before says nothing
            repeated.append((name, content))
        else:
            fields[name] = content
    return RawEntry(entry.type, entry.key, fields), repeated


class _Parents:
    """The entries of a document as `inherit` looks them up: the first of each key, and by aliases that are not keys.

    As biber does, for which keys in another case are other keys. Not so for BibTeX: with ``any_case`` a key that no
    entry has as it is spelt is found in another case (btxdoc.tex, section 2.3). Each is read when it is asked for.
    """

    def __init__(self, document: Document, *, any_case: bool) -> None:
        self._document = document
        self._any_case = any_case

    def get(self, key: str) -> RawEntry | None:
        """The entry of a key or alias, or None."""
        entry = self._document.entry(key) or self._by_alias.get(key)
        if entry is None and self._any_case:
            entry = self._by_folded.get(key.casefold())
        return None if entry is None else _raw(entry)[0]

    @cached_property
    def _by_alias(self) -> dict[str, Entry]:
        by_alias: dict[str, Entry] = {}
        if _IDS.search(self._document.text.lower()):
            for entry in self._document.entries:
                for alias in _raw(entry)[0].fields.get("ids", "").split(","):
                    if alias.strip():
                        by_alias.setdefault(alias.strip(), entry)
        return by_alias

    @cached_property
    def _by_folded(self) -> dict[str, Entry]:
        by_folded: dict[str, Entry] = {}
        for known, entry in (*self._document.by_key.items(), *self._by_alias.items()):
            by_folded.setdefault(known.casefold(), entry)
        return by_folded


def _is_alias(source: RawEntry, keys: Collection[str]) -> bool:
    """Whether the entry has one of the keys under ``ids``."""
    ids = source.fields.get("ids")
    return ids is not None and any(key.strip() in keys for key in ids.split(","))


def _is_other_text(document: Document) -> bool:
    """Whether there is text in the file, and no block of BibTeX at all: a file of another kind."""
    blocks = [block for block in document.blocks if block.text.strip()]
    return bool(blocks) and all(block.kind == "free" for block in blocks)


def _refers(fields: Mapping[str, str]) -> bool:
    """Whether a value is taken from another entry (``xdata=key-field``)."""
    return any("xdata=" in content for content in fields.values())


def _macro_name(entry: Entry, name: str) -> str:
    field = entry.field(name)
    raw = field.raw.strip() if field is not None else ""
    return raw if raw and raw[0] not in '{"' and "#" not in raw else ""


def _record(
    entry: Entry,
    source: RawEntry,
    repeated: list[tuple[str, str]],
    parents: _Parents | None,
    dialect: Dialect,
    options: ReadOptions,
    problems: list[Problem],
    unread: dict[str, list[tuple[Entry, str]]],
) -> Record:
    fields = source.fields
    provenance = Provenance(source=SOURCE, detail=f"{options.path}:{entry.line}", when=options.when)
    orphan = False
    barred: list[str] = []
    if parents is not None:
        inherited = inherit(source, parents)
        barred = _barred(source, parents)
        fields = inherited.fields
        orphan = ("crossref-missing", fields.get("crossref", "").strip()) in inherited.faults
        for code, key in inherited.faults:
            name = "xdata" if code == "xdata-missing" else "crossref"
            hint = "add the entry, or remove the field"
            problems.append(_warning(entry, name, code, _MESSAGES[code].format(key=key), hint))
    record, findings = to_record(
        source.type,
        source.key,
        fields,
        dialect,
        provenance=provenance,
        repeated=repeated,
        inherited=fields.keys() - source.fields.keys(),
    )
    if orphan:
        record = replace(record, leftovers=(*record.leftovers, Leftover(FORM, "crossref", fields["crossref"])))
    if barred:
        record = replace(record, leftovers=(*record.leftovers, *(Leftover(SOURCE, name, "") for name in barred)))
    for finding in findings:
        if finding.code == UNREAD:
            unread.setdefault(finding.message, []).append((entry, finding.field))
            continue
        raw, hint = fields.get(finding.field), "the value is kept as it is"
        if finding.code.startswith("several-"):
            hint = "keep the one that belongs to the work"
        if finding.code == "malformed-names":
            hint = "`bibtool check` shows what to write"
        problems.append(_warning(entry, finding.field, finding.code, finding.message, hint, raw))
    return record


def _barred(source: RawEntry, parents: _Parents) -> list[str]:
    """The empty fields of an entry that would be inherited if they were left out; they are to be written again."""
    empty = [name for name, content in source.fields.items() if not content.strip()]
    if not empty:
        return []
    given = {name: content for name, content in source.fields.items() if name not in empty}
    inherited = inherit(source._replace(fields=given), parents).fields
    return [name for name in empty if inherited.get(name, "").strip()]


def _unread_command(command: str, first: tuple[Entry, str], *more: tuple[Entry, str]) -> Problem:
    """The one warning for a command, at the first field that has it."""
    times = f" ({len(more) + 1:,} fields)" if more else ""
    return _warning(
        *first,
        UNREAD,
        f"the command \\{command} is not known{times}",
        "BibTeX files keep it; anything else shows it as it is written",
    )


_MESSAGES = {
    "crossref-missing": "the entry's crossref {key!r} is not in the file",
    "xdata-missing": "the entry's xdata {key!r} is not in the file",
    "crossref-cycle": "the crossref of {key!r} leads back to itself",
}


def _warning(entry: Entry, name: str, code: str, message: str, hint: str, raw: str | None = None) -> Problem:
    """A warning at the field of that name, or at the entry where it has none (an inherited field)."""
    field = entry.field(name)
    return Problem(
        code=code,
        message=message,
        severity=Severity.WARNING,
        position=field.position if field is not None else entry.position,
        key=entry.key or None,
        hint=hint,
        raw=raw,
    )
