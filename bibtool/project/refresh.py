"""What arXiv has that is newer than a record, and the record brought up to date: `refresh_record`. Pure.

An upgrade to the published version is all or nothing: venue, volume, pages, year and DOI are taken together, and only
where arXiv gives a DOI and a journal reference that can be read without doubt. Anything else that a journal reference
seems to say is a suggestion (`Published`), taken only if the user accepts it. Key and arXiv id never change. Values of
an entry that is published already, and those typed by the user, are never replaced; differences are reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.bib.edit import Editor
from bibtool.enrich.journalref import article_of, publication_of
from bibtool.enrich.match import known_number
from bibtool.model.marks import show
from bibtool.model.record import Provenance
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import completes, merge_arxiv
from bibtool.project.compare import compare_records
from bibtool.project.verify import Fact, NoFact, published_as, same_people, same_title, says_withdrawn
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.bib.document import Entry
    from bibtool.enrich.journalref import Publication
    from bibtool.model.record import Record, Value
    from bibtool.project.compare import EntryChange
    from bibtool.project.lock import Lock, Pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication of a preprint that was not taken: arXiv's journal reference and DOI ("" for none).

    ``publication`` is what the reference seems to say, None if that is unclear; ``wanted`` is False if the user wants
    to cite the preprint.
    """

    reference: str
    doi: str = ""
    publication: Publication | None = None
    wanted: bool = True

    def __str__(self) -> str:
        """Reference and DOI in one line."""
        return ", ".join(part for part in (self.reference, f"DOI {self.doi}" if self.doi else "") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """One record: as it was, as it is to be (the same where nothing is new), what that changes, what else is to say.

    ``published`` is a publication that was not taken. ``trouble`` says why arXiv's answer is missing, "" where it is
    there; ``unasked``, that this was because arXiv could not be asked.
    """

    before: Record
    after: Record
    change: EntryChange | None = None
    notes: tuple[str, ...] = ()
    published: Published | None = None
    trouble: str = ""
    unasked: bool = False


def refresh_record(
    record: Record, fact: Fact | NoFact, *, in_library: bool, upgrade: bool = True, accept: bool = False
) -> Refreshed:
    """The record brought up to date; one without arXiv id stays as it is, without a word.

    ``in_library``: what arXiv says besides the fields is stored too. Without ``upgrade`` a published version is only
    reported, because the preprint is what the user wants to cite. ``accept``: a publication that is only suggested is
    taken as well.
    """
    if not known_number(record):
        return Refreshed(before=record, after=record)
    if isinstance(fact, NoFact):
        if fact.missing:
            return Refreshed(before=record, after=record, notes=(f"{fact.reason}: is the id right?",))
        return Refreshed(before=record, after=record, trouble=fact.reason, unasked=fact.unasked)
    paper = fact.record
    if _is_other(record, paper):
        note = f"arXiv:{fact.number} is another paper, {paper.title!r}: is the id right?"
        return Refreshed(before=record, after=record, notes=(note,))
    notes: list[str] = []
    published, certain = _publication(record, paper, notes, upgrade=upgrade)
    values = _title_and_people(record, paper, notes)
    origin = Provenance(source="arxiv", detail=fact.number, when=fact.when)
    after = record.with_values(values, origin) if values else record
    if published is not None and published.publication is not None and (certain or (accept and published.wanted)):
        by = (
            origin
            if certain
            else Provenance(source="user", detail=f"accepted from arXiv {fact.number}", when=fact.when)
        )
        after = replace(
            after.with_values(published.publication.values(published.doi), by), type=published.publication.type
        )
        published = None
    after = _with_arxiv(after, paper, origin, notes, in_library=in_library)
    change = compare_records(record, after)
    if change is None:
        after = record
    return Refreshed(before=record, after=after, change=change, notes=tuple(notes), published=published)


def _is_other(record: Record, paper: Record) -> bool:
    return (
        bool(record.title and record.names("author").names)
        and not same_title(record.title, paper.title)
        and not published_as(record, paper)
        and not same_people(record, paper)
    )


def _typed_in(record: Record, name: str) -> bool:
    origin = record.provenance.get(name)
    return origin is not None and origin.source == "user"


def _title_and_people(record: Record, paper: Record, notes: list[str]) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {}
    fixed = is_published(record)
    for name in ("title", "author"):
        own, arxiv = record.variables.get(name), paper.variables.get(name)
        if arxiv is None:
            continue
        if own is None:
            values[name] = arxiv
            continue
        if name == "title":
            same = same_title(record.title, paper.title) or published_as(record, paper)
        else:
            same = same_people(record, paper)
        fuller = same and completes(own, arxiv)
        if same and not fuller:
            continue
        if _typed_in(record, name) or (fixed and not fuller):
            notes.append(f"{name} is {show(own)!r}, arXiv has {show(arxiv)!r}; not changed")
            continue
        values[name] = arxiv
    return values


def _publication(record: Record, paper: Record, notes: list[str], *, upgrade: bool) -> tuple[Published | None, bool]:
    """What arXiv says of a publication of the preprint, and whether that is certain enough to be taken unasked."""
    doi = paper.text("DOI")
    reference = paper.arxiv.journal_ref if paper.arxiv is not None else ""
    if is_published(record):
        if doi and not record.text("DOI"):
            notes.append(f"arXiv names the publication https://doi.org/{doi}")
        return None, False
    if not doi and not reference:
        return None, False
    if not upgrade:
        return Published(reference=reference, doi=doi, wanted=False), False
    article = article_of(reference)
    if doi and article is not None and not _typed_in(record, "issued"):
        return Published(reference=reference, doi=doi, publication=article), True
    return Published(reference=reference, doi=doi, publication=publication_of(reference)), False


def _with_arxiv(record: Record, paper: Record, origin: Provenance, notes: list[str], *, in_library: bool) -> Record:
    """The record with arXiv's own data: all of it in a library, otherwise only that the paper was withdrawn."""
    told = paper.arxiv
    if told is None:
        return record
    own = record.arxiv.id if record.arxiv is not None else None
    if own is not None and own.version and told.latest and told.latest > own.version:
        notes.append(f"version {own.version} is cited, the latest is {told.latest}")
    if in_library:
        merged, changed = merge_arxiv(record.arxiv, told)
        if not changed:
            return record
        return replace(record, arxiv=merged, provenance={**record.provenance, **dict.fromkeys(changed, origin)})
    if told.withdrawn and not says_withdrawn(record):
        if record.arxiv is not None:
            return replace(record, arxiv=replace(record.arxiv, withdrawn=True))
        notes.append("withdrawn on arXiv")
    return record


# ---- BibTeX files ---------------------------------------------------------------------------------------------------

_WRITTEN = frozenset(
    "title author author+an author+an:orcid journal journaltitle booktitle series publisher editor volume number issue "
    "pages year month date doi isbn note".split()
)


def entries_of(document: Document) -> list[Entry]:
    """The entries of a document that are records, in the order in which reading gives them."""
    return [entry for entry in document.entries if entry.type != "xdata"]


def apply_to_document(document: Document, results: Sequence[Refreshed]) -> tuple[Document, list[str]]:
    """The document with the changes as local edits, and keys of entries that could not be edited.

    ``results`` are those of `entries_of`, in that order. An entry gets all of its changes or none.
    """
    from bibtool.formats.bibtex.amend import amend, dialect_of
    from bibtool.formats.bibtex.from_record import from_record

    editor = Editor(document)
    failed: list[str] = []
    for entry, result in zip(entries_of(document), results, strict=True):
        if result.change is None:
            continue
        dialect = dialect_of(entry)
        before = from_record(result.before, dialect, ascii_only=document.text.isascii())
        after = from_record(result.after, dialect, ascii_only=document.text.isascii())
        retype = result.after.type != result.before.type
        if not amend(editor, entry, before, after, names=_WRITTEN, retype=retype):
            failed.append(entry.key)
    return editor.document(), failed


# ---- the lock -------------------------------------------------------------------------------------------------------


def records_of_lock(lock: Lock) -> list[Record]:
    """The record of each pin, in the order of the pins; of one that can't be read an empty one."""
    return [_record_of(pin) for pin in lock.pins.values()]


def _record_of(pin: Pin) -> Record:
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.bibtex.reader import read_document
    from bibtool.model.record import Record

    own = pin.record()
    if own is not None:
        return own
    records = read_document(Document.from_text(_pinned(pin)), ReadOptions(path="")).records
    return records[0] if len(records) == 1 else Record(key=pin.key)


def _pinned(pin: Pin) -> str:
    return "\n".join([*pin.strings, pin.entry])


def apply_to_lock(lock: Lock, results: Sequence[Refreshed], *, when: str) -> tuple[Lock, list[str]]:
    """The lock with the changes, and keys of pins that could not be edited; ``when`` is the ISO time noted in them.

    ``results`` are those of `records_of_lock`, in that order. `bibtool refs` writes the output from it.
    """
    from bibtool.project.lock import lines_of

    pins: list[Pin] = []
    failed: list[str] = []
    for pin, result in zip(lock.pins.values(), results, strict=True):
        if result.trouble or result.before == result.after:
            pins.append(pin)
            continue
        document = Document.from_text(_pinned(pin))
        entries = entries_of(document)
        changed, bad = apply_to_document(document, [result]) if len(entries) == 1 else (document, [pin.key])
        if bad:
            failed += bad
            pins.append(pin)
            continue
        lines = lines_of(result.after, origins=True) if pin.record_lines else ()
        text = entries_of(changed)[0].text
        pins.append(replace(pin, entry=text, record_lines=lines, confirmed=when, refreshed=when))
    return lock.with_pins(pins), failed


def pin_of(key: str, fact: Fact, *, dialect: str, when: str) -> Pin:
    """A new pin for a work that documents cite by its arXiv id and that no source has; its source is ``arxiv``."""
    from bibtool.project.lock import Pin, digest, lines_of
    from bibtool.project.pins import entry_of, works

    record = replace(fact.record, key=key)
    lines = lines_of(record, origins=True)
    return Pin(
        key=key,
        source="arxiv",
        origin=digest(*lines),
        work=works(record, ""),
        confirmed=when,
        dialect=dialect,
        entry=entry_of(record, dialect),
        record_lines=lines,
    )
