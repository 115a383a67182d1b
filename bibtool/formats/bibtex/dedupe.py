"""Duplicates in BibTeX files merged by local edits: whatever is not merged keeps its bytes.

One entry of each work stays, the one that `bibtool.model.works.combine` lets lead. It gets the fields that only the
others have, as they are written there, the key that was chosen, and the old keys in biblatex's ``ids`` (its manual,
2.2.3). The others are cut out; comments between entries stay. ``crossref``, ``xref``, ``xdata``, ``related`` and
``entryset`` follow to the new keys. The result is parsed again and compared before it is given back.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bibtool.bib.annotations import base_of, read_annotations, write_annotations
from bibtool.bib.document import Document, Entry
from bibtool.bib.edit import Editor
from bibtool.bib.names import parse_names
from bibtool.errors import IdentifierError, OutputError
from bibtool.formats.bibtex.reader import read_document
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.marks import bare
from bibtool.model.names import Names
from bibtool.model.text.fold import title_key
from bibtool.model.works.combine import Difference, choose_base, combine
from bibtool.model.works.identity import identifiers
from bibtool.model.works.merge import completes, same_publication
from bibtool.model.works.people import united
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.bib.document import Field
    from bibtool.formats.base import ReadOptions
    from bibtool.model.names import Name
    from bibtool.model.record import Record, Value
    from bibtool.problems import Problem

# fields that say the same in the two dialects
_TWINS: Final = {
    name: twins
    for twins in (
        ("journal", "journaltitle"), ("address", "location"), ("school", "institution"), ("annote", "annotation"),
        ("archiveprefix", "eprinttype"), ("primaryclass", "eprintclass"), ("key", "sortkey"), ("pdf", "file"),
    )
    for name in twins
}  # fmt: skip
_PUBLICATION: Final = frozenset(
    (
        "journal journaltitle journalsubtitle shortjournal booktitle booksubtitle series volume number issue "
        "issuetitle pages publisher address location eventtitle eventdate venue doi isbn issn edition chapter"
    ).split()
)
_DATES: Final = frozenset({"year", "month", "day", "date"})
_EPRINT: Final = frozenset({"eprint", "archiveprefix", "eprinttype", "primaryclass", "eprintclass"})
_NAMES: Final = frozenset({"author", "editor", "translator"})
_NAME_VARIABLES: Final = {
    "author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author",
}  # fmt: skip
_LINKS: Final = frozenset({"crossref", "xref"})
_LINK_LISTS: Final = frozenset({"xdata", "related", "entryset"})
_SAYS_ARXIV: Final = frozenset({"note", "howpublished", "journal", "journaltitle", "volume", "url", "doi", "number"})
_ARXIV_FIELDS: Final = frozenset("eprint arxiv arxivid doi url howpublished journal journaltitle volume note".split())
_COMMENT = lazy_pattern(r"%[^\r\n]*")


@dataclass(frozen=True)
class Source:
    """One file: its document, and for each record the entry that it was read from."""

    document: Document
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that are records, in the order of `records`."""
        return tuple(entry for entry in self.document.entries if entry.type != "xdata")

    @classmethod
    def from_bytes(cls, data: bytes, options: ReadOptions) -> Source:
        """The file of these bytes; broken entries are among the problems. An empty file has no records."""
        document = Document.from_bytes(data, options.path)
        result = read_document(document, options)
        entries = (entry for entry in document.entries if entry.type != "xdata")
        records = tuple(_own_ids(entry, record) for entry, record in zip(entries, result.records, strict=True))
        return cls(document, records, result.problems)


@dataclass(frozen=True, slots=True)
class Plan:
    """Entries that are one work, each as (file, place among its records), and the key that stays."""

    members: tuple[tuple[int, int], ...]
    key: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The documents after merging, old key -> new key, and what of the removed entries is not in those that stay."""

    documents: tuple[Document, ...]
    replaced: Mapping[str, str]
    differences: tuple[Difference, ...]


def merge_entries(sources: Sequence[Source], plans: Iterable[Plan], *, ids: bool = True) -> Merged:
    """The files with each plan carried out; an entry may be in one plan only.

    Raises `OutputError` where the result would lose or change anything else; then nothing has happened.
    """
    plans = tuple(plans)
    if not plans:  # as for most files; all that follows reads every entry of them
        return Merged(tuple(source.document for source in sources), {}, ())
    run = _MergeRun(sources, ids=ids, staying=_staying(sources, plans))
    for plan in plans:
        run.merge(plan)
    run.relink()
    return run.result()


def _staying(sources: Sequence[Source], plans: Iterable[Plan]) -> frozenset[str]:
    """The keys of the entries that are in no plan: they can't lead to another entry."""
    planned = {place for plan in plans for place in plan.members}
    return frozenset(
        entry.key
        for file, source in enumerate(sources)
        for at, entry in enumerate(source.entries)
        if (file, at) not in planned
    )


@dataclass(slots=True)
class _Target:
    """An entry that stays and changes: its editor, its key, and the fields that it has to have in the end."""

    editor: Editor
    entry: Entry
    key: str
    fields: dict[str, str]

    def set(self, name: str, content: str, expression: str = "") -> None:
        """Give a field that content, written as the expression where there is one; raises `OutputError`."""
        self.editor.set_field(self.entry, name, expression or content, expression=bool(expression))
        self.fields[name.lower()] = content

    def remove(self, name: str) -> None:
        """Leave a field out."""
        self.editor.remove_field(self.entry, name)
        del self.fields[name]


class _MergeRun:
    def __init__(self, sources: Sequence[Source], *, ids: bool, staying: frozenset[str]) -> None:
        self.sources = sources
        self.staying = staying
        self.ids = ids
        self.editors: list[Editor] = [Editor(source.document) for source in sources]
        self.removed: list[set[int]] = [set() for _ in sources]  # indexes of blocks
        self.targets: list[dict[int, _Target]] = [{} for _ in sources]  # by the index of the block
        self.replaced: dict[str, str] = {}
        self.differences: list[Difference] = []
        self.parents = {
            content.strip()
            for source in sources
            for entry in source.entries
            for name, content in entry.items()
            if name == "crossref"
        }

    def target(self, file: int, entry: Entry, key: str = "") -> _Target:
        """The entry as one that changes, with another key if one is given."""
        return self.targets[file].setdefault(
            entry.index, _Target(self.editors[file], entry, key or entry.key, _first_fields(entry))
        )

    # ---- one work ------------------------------------------------------------------------------------------------

    def merge(self, plan: Plan) -> None:
        """Merge the entries of one work."""
        records = [self.sources[file].records[place] for file, place in plan.members]
        entries = [self.sources[file].entries[place] for file, place in plan.members]
        lead = choose_base(records)
        if any(record.key in self.parents for record in records):
            # BibTeX needs the entry that others inherit from after all of them
            lead = max(range(len(records)), key=lambda at: plan.members[at])
        combined = combine(records, plan.key, lead)
        target = self.target(plan.members[lead][0], entries[lead], plan.key)
        old_keys = list(combined.replaced)
        for at, ((file, _), entry) in enumerate(zip(plan.members, entries, strict=True)):
            if at != lead:
                self._complete(target, records[lead], entry, records[at], combined.record)
                self.differences += _comments_inside(entry)
                self.editors[file].remove_entry(entry)
                self.removed[file].add(entry.index)
            old_keys += (key for key in (entry.key, *_keys(entry.get("ids") or "")) if key and key != plan.key)
        self._mark_people(target, [record for at, record in enumerate(records) if at != lead])
        self._say_arxiv_id(target, records[lead], combined.record)
        replaced = {key: plan.key for key in old_keys if key not in self.staying}
        if self.ids and replaced:
            known = _keys(entries[lead].get("ids") or "")
            wanted = [key for key in dict.fromkeys([*known, *replaced]) if key != plan.key]
            if wanted != known:
                target.set("ids", ", ".join(wanted))
        if target.key != target.entry.key:
            target.editor.rename_key(target.entry, target.key)
        self.replaced |= replaced

    def _complete(self, target: _Target, base: Record, donor: Entry, record: Record, merged: Record) -> None:
        """Give the entry what only ``donor`` has; note what it has differently."""
        whole = same_publication(base, record)
        seen: set[str] = set()
        for field in donor.fields:
            name, content = field.name, field.content
            if not content.strip() or name == "ids":
                continue
            people = _NAME_VARIABLES.get(base_of(name))
            if people and not record.leftover("bibtex", name):
                continue  # `_mark_people` sees to it
            present = _value_of(target.fields, name)
            if people and not present and bare(base.names(people)) != bare(record.names(people)):
                self._differ(record, name, "", content)  # its numbers are those of another list
                continue
            if name in seen:
                present = present if present is not None else ""
            seen.add(name)
            if present is not None and present.strip():
                self._compare(target, base, field, record, present, _number(merged))
            elif self._is_said(name, content, target.fields, base, record, merged):
                continue
            elif name in _DATES:
                if not self._date(target, field, base, record, whole=whole):
                    self._differ(record, name, "", content)
            elif (name in _PUBLICATION and not whole) or name in _LINKS | {"xdata"}:
                self._differ(record, name, "", content)
            else:
                self._add(target, field, record)

    def _compare(
        self, target: _Target, base: Record, field: Field, record: Record, present: str, number: str | None
    ) -> None:
        """Both have the field."""
        name, content = field.name, field.content
        if _same_content(present, content):
            return
        if name in _NAMES:
            a, b = base.variables.get(name), record.variables.get(name)
            if a is not None and b is not None:
                if isinstance(a, Names) and isinstance(b, Names):
                    a, b = bare(a), bare(b)
                if a == b or completes(b, a):
                    return
                if completes(a, b):
                    self._replace(target, field, record)
                    return
        elif name in _EPRINT and base.arxiv is not None and record.arxiv is not None and base.arxiv.id is not None:
            if base.arxiv.id == record.arxiv.id and name in ("eprint", "archiveprefix", "eprinttype"):
                return
        elif name == "isbn":
            if dict(identifiers(base)).get("isbn", "") == dict(identifiers(record)).get("isbn"):
                return
        elif name == "doi":
            own = _arxiv_number(content)
            if base.text("DOI").casefold() == record.text("DOI").casefold() or (own and own == number):
                return
        self._differ(record, name, present, content)

    def _is_said(
        self, name: str, content: str, fields: Mapping[str, str], base: Record, record: Record, merged: Record
    ) -> bool:
        """Whether the field only says an arXiv id that the merged entry says anyway."""
        if name in _EPRINT:
            return "eprint" in fields and _number(base) is not None and _number(base) == _number(record)
        number = _number(merged)
        return number is not None and name in _SAYS_ARXIV and _arxiv_number(content) == number

    def _date(self, target: _Target, field: Field, base: Record, record: Record, *, whole: bool) -> bool:
        """Whether the date of the entry says what the field says, completed where that is possible."""
        present, date = base.date(), record.date()
        if not any(name in target.fields for name in ("year", "date")):
            return whole and self._add(target, field, record, quiet=True)
        if present is None or date is None:
            return False
        if present == date or completes(date, present):
            return True
        if not whole or not completes(present, date):
            return False
        start = date.start
        if "date" in target.fields:
            target.set("date", date.edtf())
        elif field.name in ("month", "day"):
            return self._add(target, field, record, quiet=True)
        elif start is not None and start.month is not None and start.day is None and "month" not in target.fields:
            target.set("month", str(start.month))
        else:
            return False
        return True

    def _differ(self, record: Record, name: str, present: str, content: str) -> None:
        self.differences.append(Difference(record.key, name, _one_line(present), _one_line(content)))

    # ---- edits ---------------------------------------------------------------------------------------------------

    def _add(self, target: _Target, field: Field, record: Record, *, quiet: bool = False) -> bool:
        """Whether the field could be copied: as it is written there if that means the same here."""
        document = target.entry.document
        macros = [piece for piece in field.pieces if piece.kind == "macro"]
        try:
            expression = ""
            if macros and all(macro.content in document.macros for macro in macros):
                resolved = document.macros.resolve(field.pieces, target.entry.start)
                if not resolved.faults and resolved.content == field.content:
                    expression = field.raw
            target.set(field.spelling, field.content, expression)
        except OutputError:
            if not quiet:
                self._differ(record, field.name, "", field.content)
            return False
        return True

    def _replace(self, target: _Target, field: Field, record: Record) -> None:
        try:
            target.set(field.name, field.content)
        except OutputError:
            self._differ(record, field.name, target.fields.get(field.name, ""), field.content)

    def _mark_people(self, target: _Target, others: Sequence[Record]) -> None:
        """Give the people of the entry the marks and ORCID iDs that the others have of them."""
        for field_name, variable in _NAME_VARIABLES.items():
            plain = parse_names(target.fields.get(field_name, ""))
            before = after = read_annotations(field_name, plain, target.fields)
            for record in others:
                after, clashes = united(after, record.names(variable))
                for clash in clashes:
                    self._differ(record, f"{field_name}+an:orcid", *map(_with_orcid, clash))
            if after == before:
                continue
            old = dict(write_annotations(field_name, before))
            for name, value in write_annotations(field_name, after):
                if old.get(name) == value:
                    continue
                if name in target.fields and name not in old:  # it says things that we do not understand
                    for record in others:
                        self._differ(record, name, target.fields[name], value)
                else:
                    target.set(name, value)

    def _say_arxiv_id(self, target: _Target, base: Record, merged: Record) -> None:
        """Write the arXiv id where only a DOI, a URL or a journal of the others said it."""
        if merged.arxiv is None or merged.arxiv.id is None or _number(base) is not None or "eprint" in target.fields:
            return
        biblatex = any(
            name in {"journaltitle", "date", "eprinttype"}
            for entry in target.entry.document.entries
            for name in entry.names
        )
        target.set("eprint", str(merged.arxiv.id))
        target.set(*(("eprinttype", "arxiv") if biblatex else ("archivePrefix", "arXiv")))

    def relink(self) -> None:
        """Let the entries that name a removed key name the new one."""
        folded = {key.casefold(): new for key, new in self.replaced.items()}
        for file, source in enumerate(self.sources):
            merged = dict(self.targets[file])
            for entry in source.document.entries:
                if entry.index in self.removed[file]:
                    continue
                target = merged.get(entry.index)
                fields = _first_fields(entry) if target is None else dict(target.fields)
                for name in [name for name in fields if name in _LINKS or name in _LINK_LISTS]:
                    parts = fields[name].split(",") if name in _LINK_LISTS else [fields[name]]
                    new_keys = {
                        # BibTeX finds a crossref in any case
                        part: folded.get(part.strip().casefold())
                        if name == "crossref"
                        else self.replaced.get(part.strip())
                        for part in parts
                    }
                    kept = _relinked(parts, new_keys, "" if target is None else target.key)
                    if kept == parts:
                        continue
                    if kept:
                        content = ",".join(kept)
                        self.target(file, entry).set(name, content if len(kept) == len(parts) else content.strip())
                    else:
                        self.target(file, entry).remove(name)

    # ---- nothing is lost -----------------------------------------------------------------------------------------

    def result(self) -> Merged:
        """The new documents, checked."""
        documents = []
        for file, source in enumerate(self.sources):
            touched = self.removed[file] or self.targets[file]
            after = self.editors[file].document() if touched else source.document
            if touched:
                self._verify(file, source.document, after)
            documents.append(after)
        return Merged(tuple(documents), self.replaced, tuple(self.differences))

    def _verify(self, file: int, before: Document, after: Document) -> None:
        targets = self.targets[file]
        changed = self.removed[file] | targets.keys()
        untouched = [entry.text for entry in before.entries if entry.index not in changed]
        texts = Counter(entry.text for entry in after.entries)
        if Counter(untouched) - texts or len(after.entries) != len(untouched) + len(targets):
            raise _lost(before, "an entry that is not a duplicate")
        for kind in ("string", "preamble", "comment", "broken"):
            old, new = ([block.text for block in doc.blocks if block.kind == kind] for doc in (before, after))
            if old != new:
                raise _lost(before, f"a block of the kind {kind}")
        old_words, new_words = (
            [word for block in doc.blocks if block.kind == "free" for word in block.text.split()]
            for doc in (before, after)
        )
        if old_words != new_words:
            raise _lost(before, "text between the entries")
        pool: dict[str, list[dict[str, str]]] = {}
        for entry in after.entries:
            pool.setdefault(entry.key, []).append(_first_fields(entry))
        for target in targets.values():
            if target.fields not in pool.get(target.key, []):
                raise _lost(before, f"a field of {target.key!r}")


def _lost(document: Document, what: str) -> OutputError:
    return OutputError(
        f"merging would lose or change {what}; the file was left as it was",
        path=document.path,
        hint="`bibtool check` shows what is wrong with the file",
    )


# ---- contents -------------------------------------------------------------------------------------------------------


def _relinked(parts: Sequence[str], new_keys: Mapping[str, str | None], own: str) -> list[str]:
    """The parts of a list of keys with new ones: none twice that was not before, none of the entry's own."""
    named = {part.strip() for part in parts if not new_keys[part]}
    kept = []
    for part in parts:
        new = new_keys[part]
        if own and own == (new or part.strip()):
            continue
        if not new:
            kept.append(part)
        elif new not in named:
            kept.append(part.replace(part.strip(), new))
            named.add(new)
    return kept


def _first_fields(entry: Entry) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, content in entry.items():
        fields.setdefault(name, content)
    return fields


def _value_of(fields: Mapping[str, str], name: str) -> str | None:
    """The content of the field, or of the one that says the same in the other dialect."""
    for twin in (name, *_TWINS.get(name, ())):
        if fields.get(twin, "").strip():
            return fields[twin]
    return None


def _keys(content: str) -> list[str]:
    return [key for part in content.split(",") if (key := part.strip())]


def _one_line(content: str) -> str:
    return " ".join(content.split())


def _same_content(content: str, other: str) -> bool:
    """Whether two contents differ in white space, braces, case and punctuation at most."""
    if _one_line(content) == _one_line(other):
        return True
    key = title_key(content)
    return bool(key) and key == title_key(other)


def _own_ids(entry: Entry, record: Record) -> Record:
    """The record without the identifiers that it only inherits: they are those of the whole book."""
    names = set(entry.names)
    if "crossref" not in names:
        return record
    gone: dict[str, Value | None] = {
        variable: None for variable, name in (("DOI", "doi"), ("ISBN", "isbn"), ("URL", "url")) if name not in names
    }
    record = record.with_values(gone)
    return record if names & _ARXIV_FIELDS else replace(record, arxiv=None)


def _number(record: Record) -> str | None:
    return record.arxiv.id.number if record.arxiv is not None and record.arxiv.id is not None else None


def _arxiv_number(content: str) -> str | None:
    """The arXiv number that is all that a field says (``arXiv preprint arXiv:2203.01360``, ``abs/2203.01360``)."""
    text = content.strip(" {}.")
    text = re.sub(r"^\\url\{([^{}]*)\}?$", r"\1", text)
    text = re.sub(r"^abs/", "", text)
    try:
        return parse_arxiv_id(text).number
    except IdentifierError:
        return None


def _comments_inside(entry: Entry) -> list[Difference]:
    """The ``%`` comments between the fields of an entry, which go with it."""
    text = entry.document.text
    comments: list[str] = []
    at = entry.scan.key_end
    for start, end in [*((field.start, field.end) for field in entry.fields), (entry.end, entry.end)]:
        comments += _COMMENT.findall(text, at, start)
        at = end
    return [Difference(entry.key, "comment", "", comment) for comment in comments]


def _with_orcid(name: Name) -> str:
    return f"{name.display()} {name.orcid}"
