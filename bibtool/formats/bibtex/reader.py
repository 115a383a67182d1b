"""BibTeX and BibLaTeX files as records. Entries in = records out; what could not be read is named in the problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.formats.base import gathered, in_portions, refuse_unreadable
from bibtool.formats.bibtex.builder import FORM, SOURCE, UNREAD
from bibtool.formats.bibtex.inherit import inherit
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.rawentries import Parents, raw_entry
from bibtool.formats.bibtex.to_record import FROM_BIBTEX, to_record
from bibtool.model.record import Leftover, Provenance, Record
from bibtool.model.text.decode import WIDE_MARKS
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bibtool.bib.document import Entry
    from bibtool.formats.base import ReadOptions, ReadResult, Records
    from bibtool.formats.bibtex.inherit import RawEntry
    from bibtool.formats.bibtex.mapping import Dialect


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a BibTeX file; fields and types of BibLaTeX are understood where they occur.

    Raises `InputError` for an empty or binary input, and for one beyond `MAX_BYTES`.
    """
    return gathered(read_each(data, options))


def read_biblatex(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a BibLaTeX file; see `read`."""
    return gathered(read_each_biblatex(data, options))


def read_each(data: bytes, options: ReadOptions) -> Records:
    """What `read` gives, record by record; raises at once."""
    return _read_each(data, options, BIBTEX)


def read_each_biblatex(data: bytes, options: ReadOptions) -> Records:
    """What `read_biblatex` gives, record by record; raises at once."""
    return _read_each(data, options, BIBLATEX)


def _read_each(data: bytes, options: ReadOptions, dialect: Dialect) -> Records:
    refuse_unreadable(data, options, WIDE_MARKS)
    document = Document.from_bytes(data, options.path, read_all=options.keys is None)
    return _records(document, options, dialect)


def read_document(document: Document, options: ReadOptions, dialect: Dialect = BIBTEX) -> ReadResult:
    """The records of a document: one for each entry but ``@xdata``, in the order of the file."""
    return gathered(_records(document, options, dialect))


def _records(document: Document, options: ReadOptions, dialect: Dialect) -> Records:
    """The records of a document; entries are cut out of the text on the way, as far as none needs another one."""
    problems: list[Problem] = []
    parents = Parents(document, any_case=dialect is BIBTEX)
    granular = "xdata=" in document.text
    has_entries = False
    unread: dict[str, list[tuple[Entry, str]]] = {}
    for entry in in_portions(document.each_entry()):
        has_entries = True
        source, repeated = raw_entry(entry)
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
        yield _record(entry, source, repeated, parents if heir else None, dialect, options, problems, unread)
    problems[:0] = document.problems  # found last, as what has been read by then is known to have none
    problems += [_unread_command(command, *places) for command, places in unread.items()]
    if not has_entries and not problems:
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
    return tuple(problems)


_HEIRS = frozenset({"crossref", "xdata"})


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


def _record(
    entry: Entry,
    source: RawEntry,
    repeated: list[tuple[str, str]],
    parents: Parents | None,
    dialect: Dialect,
    options: ReadOptions,
    problems: list[Problem],
    unread: dict[str, list[tuple[Entry, str]]],
) -> Record:
    fields = source.fields
    provenance = FROM_BIBTEX
    if options.places or options.when:
        provenance = Provenance(source=SOURCE, detail=f"{options.path}:{entry.line}", when=options.when)
    orphans: dict[str, str] = {}
    barred: list[str] = []
    if parents is not None:
        inherited = inherit(source, parents)
        barred = _barred(source, parents)
        fields = inherited.fields
        orphans = _orphans(source.fields, inherited.faults)
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
    if orphans:
        kept = (Leftover(FORM, name, keys) for name, keys in orphans.items())
        record = replace(record, leftovers=(*record.leftovers, *kept))
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


def _orphans(fields: Mapping[str, str], faults: Collection[tuple[str, str]]) -> dict[str, str]:
    """What an entry refers to in vain, by field; to be written again, as nothing of it is in the record."""
    orphans = {}
    if ("crossref-missing", fields.get("crossref", "").strip()) in faults:
        orphans["crossref"] = fields["crossref"]
    missing = [key for key in map(str.strip, fields.get("xdata", "").split(",")) if ("xdata-missing", key) in faults]
    if missing:
        orphans["xdata"] = ",".join(missing)
    return orphans


def _barred(source: RawEntry, parents: Parents) -> list[str]:
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
