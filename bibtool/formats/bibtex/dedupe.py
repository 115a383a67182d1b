"""Duplicates in BibTeX files merged by local edits: whatever is not merged keeps its bytes.

One entry of each work stays, the one that `bibtool.model.works.combine` lets lead. It gets the fields that only the
others have, as they are written there, the key that was chosen, and the old keys in biblatex's ``ids`` (its manual,
2.2.3). The others are cut out; comments between entries stay. ``crossref``, ``xref``, ``xdata``, ``related`` and
``entryset`` follow to the new keys. The result is parsed again and compared before it is given back.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bibtool.bib.annotations import base_of, read_annotations, write_annotations
from bibtool.bib.document import Document, Entry
from bibtool.bib.edit import Editor
from bibtool.bib.names import parse_names
from bibtool.errors import IdentifierError, OutputError
from bibtool.formats.bibtex.reader import read_document
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.marks import bare
from bibtool.model.names import Names
from bibtool.model.text.fold import title_key
from bibtool.model.works.combine import Difference, choose_base, combine
from bibtool.model.works.identity import identifiers
from bibtool.model.works.merge import completes, same_publication
from bibtool.model.works.people import united

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
_COMMENT = re.compile(r"%[^\r\n]*")


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
    replaced: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()


def merge_entries(sources: Sequence[Source], plans: Iterable[Plan], *, ids: bool = True) -> Merged:
    """The files with each plan carried out; an entry may be in one plan only.

    Raises `OutputError` where the result would lose or change anything else; then nothing has happened.
    """
    plans = tuple(plans)
    run = _Run(sources, ids=ids, staying=_staying(sources, plans))
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
class _Kept:
    """An entry that stays: where it is, its key, and the fields that it has to have in the end."""

    file: int
    entry: Entry
    key: str
    fields: dict[str, str]


class _Run:
    def __init__(self, sources: Sequence[Source], *, ids: bool, staying: frozenset[str]) -> None:
        self.sources = sources
        self.staying = staying
        self.ids = ids
        self.editors: list[Editor] = [Editor(source.document) for source in sources]
        self.removed: list[set[int]] = [set() for _ in sources]  # indexes of blocks
        self.kept: dict[tuple[int, int], _Kept] = {}
        self.replaced: dict[str, str] = {}
        self.differences: list[Difference] = []
        self.parents = {
            content.strip()
            for source in sources
            for entry in source.entries
            for name, content in entry.items()
            if name == "crossref"
        }

    # ---- one work ------------------------------------------------------------------------------------------------

    def merge(self, plan: Plan) -> None:
        """Merge the entries of one work."""
        records = [self.sources[file].records[place] for file, place in plan.members]
        lead = choose_base(records)
        if any(record.key in self.parents for record in records):
            # BibTeX wants the entry that others inherit from behind all of them
            lead = max(range(len(records)), key=lambda at: plan.members[at])
        file, place = plan.members[lead]
        entry = self.sources[file].entries[place]
        combined = combine(records, plan.key, lead)
        kept = _Kept(file, entry, plan.key or entry.key, _first_fields(entry))
        olds = dict.fromkeys(combined.replaced, plan.key)
        for at, (other_file, other_place) in enumerate(plan.members):
            if at != lead:
                other = self.sources[other_file].entries[other_place]
                self._complete(kept, records[lead], other, records[at], combined.record)
                self.differences += _comments_inside(other)
                self.editors[other_file].remove_entry(other)
                self.removed[other_file].add(other.index)
        self._mark_people(kept, [record for at, record in enumerate(records) if at != lead])
        self._say_arxiv_id(kept, records[lead], combined.record)
        known = _keys(entry.get("ids") or "")
        for _, member in enumerate(plan.members):
            one = self.sources[member[0]].entries[member[1]]
            olds |= {old: plan.key for old in (one.key, *_keys(one.get("ids") or "")) if old and old != plan.key}
        olds = {old: new for old, new in olds.items() if old not in self.staying}
        if self.ids and olds:
            wanted = [key for key in dict.fromkeys([*known, *olds]) if key != plan.key]
            if wanted != known:
                self._set(kept, "ids", ", ".join(wanted))
        if kept.key != entry.key:
            self.editors[file].rename_key(entry, kept.key)
        self.replaced |= olds
        self.kept[file, entry.index] = kept

    def _complete(self, kept: _Kept, base: Record, other: Entry, record: Record, merged: Record) -> None:
        """Give the entry what only ``other`` has; note what it has differently."""
        whole = same_publication(base, record)
        seen: set[str] = set()
        for one in other.fields:
            name, content = one.name, one.content
            if not content.strip() or name == "ids":
                continue
            people = _NAME_VARIABLES.get(base_of(name))
            if people and not record.leftover("bibtex", name):
                continue  # `_mark_people` sees to it
            mine = _value_of(kept.fields, name)
            if people and not mine and bare(base.names(people)) != bare(record.names(people)):
                self._differ(record, name, "", content)  # its numbers are those of another list
                continue
            if name in seen:
                mine = mine if mine is not None else ""
            seen.add(name)
            if mine is not None and mine.strip():
                self._compare(kept, base, one, record, mine, _number(merged))
            elif self._is_said(name, content, kept.fields, base, record, merged):
                continue
            elif name in _DATES:
                if not self._date(kept, one, base, record, whole=whole):
                    self._differ(record, name, "", content)
            elif (name in _PUBLICATION and not whole) or name in _LINKS | {"xdata"}:
                self._differ(record, name, "", content)
            else:
                self._add(kept, one, record)

    def _compare(self, kept: _Kept, base: Record, one: Field, record: Record, mine: str, number: str | None) -> None:
        """Both have the field."""
        name, content = one.name, one.content
        if _same_content(mine, content):
            return
        if name in _NAMES:
            a, b = base.variables.get(name), record.variables.get(name)
            if a is not None and b is not None:
                if isinstance(a, Names) and isinstance(b, Names):
                    a, b = bare(a), bare(b)
                if a == b or completes(b, a):
                    return
                if completes(a, b):
                    self._replace(kept, one, record)
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
        self._differ(record, name, mine, content)

    def _is_said(
        self, name: str, content: str, fields: Mapping[str, str], base: Record, record: Record, merged: Record
    ) -> bool:
        """Whether the field only says an arXiv id that the merged entry says anyway."""
        if name in _EPRINT:
            return "eprint" in fields and _number(base) is not None and _number(base) == _number(record)
        number = _number(merged)
        return number is not None and name in _SAYS_ARXIV and _arxiv_number(content) == number

    def _date(self, kept: _Kept, one: Field, base: Record, record: Record, *, whole: bool) -> bool:
        """Whether the date of the entry says what the field says, completed where that is possible."""
        mine, theirs = base.date(), record.date()
        if not any(name in kept.fields for name in ("year", "date")):
            return whole and self._add(kept, one, record, quiet=True)
        if mine is None or theirs is None:
            return False
        if mine == theirs or completes(theirs, mine):
            return True
        if not whole or not completes(mine, theirs):
            return False
        if "date" in kept.fields:
            return self._set(kept, "date", theirs.edtf())
        if one.name in ("month", "day"):
            return self._add(kept, one, record, quiet=True)
        start = theirs.start
        if start is not None and start.month is not None and start.day is None and "month" not in kept.fields:
            return self._set(kept, "month", str(start.month))
        return False

    def _differ(self, record: Record, name: str, mine: str, content: str) -> None:
        self.differences.append(Difference(record.key, name, _one_line(mine), _one_line(content)))

    # ---- edits ---------------------------------------------------------------------------------------------------

    def _add(self, kept: _Kept, one: Field, record: Record, *, quiet: bool = False) -> bool:
        """Whether the field could be copied: as it is written there if that means the same here."""
        document = self.sources[kept.file].document
        pieces = one.pieces
        macros = [piece for piece in pieces if piece.kind == "macro"]
        try:
            if macros and all(macro.content in document.macros for macro in macros):
                resolved = document.macros.resolve(pieces, kept.entry.start)
                if not resolved.faults and resolved.content == one.content:
                    self.editors[kept.file].set_field(kept.entry, one.spelling, one.raw, expression=True)
                    kept.fields[one.name] = one.content
                    return True
            self.editors[kept.file].set_field(kept.entry, one.spelling, one.content)
        except OutputError:
            if not quiet:
                self._differ(record, one.name, "", one.content)
            return False
        kept.fields[one.name] = one.content
        return True

    def _replace(self, kept: _Kept, one: Field, record: Record) -> None:
        try:
            self.editors[kept.file].set_field(kept.entry, one.name, one.content)
        except OutputError:
            self._differ(record, one.name, kept.fields.get(one.name, ""), one.content)
            return
        kept.fields[one.name] = one.content

    def _set(self, kept: _Kept, name: str, value: str) -> bool:
        self.editors[kept.file].set_field(kept.entry, name, value)
        kept.fields[name] = value
        return True

    def _mark_people(self, kept: _Kept, others: Sequence[Record]) -> None:
        """Give the people of the entry the marks and ORCID iDs that the others have of them."""
        for field_name, variable in _NAME_VARIABLES.items():
            plain = parse_names(kept.fields.get(field_name, ""))
            before = after = read_annotations(field_name, plain, kept.fields)
            for other in others:
                after, clashes = united(after, other.names(variable))
                for mine, theirs in clashes:
                    self._differ(other, f"{field_name}+an:orcid", _with_orcid(mine), _with_orcid(theirs))
            if after == before:
                continue
            old = dict(write_annotations(field_name, before))
            for name, value in write_annotations(field_name, after):
                if old.get(name) == value:
                    continue
                if name in kept.fields and name not in old:  # it says things that we do not understand
                    for other in others:
                        self._differ(other, name, kept.fields[name], value)
                else:
                    self._set(kept, name, value)

    def _say_arxiv_id(self, kept: _Kept, base: Record, merged: Record) -> None:
        """Write the arXiv id where only a DOI, a URL or a journal of the others said it."""
        if merged.arxiv is None or merged.arxiv.id is None or _number(base) is not None or "eprint" in kept.fields:
            return
        document = self.sources[kept.file].document
        biblatex = any(
            name in {"journaltitle", "date", "eprinttype"} for entry in document.entries for name in entry.names
        )
        self._set(kept, "eprint", str(merged.arxiv.id))
        if biblatex:
            self._set(kept, "eprinttype", "arxiv")
        else:
            self._set(kept, "archivePrefix", "arXiv")
            kept.fields["archiveprefix"] = kept.fields.pop("archivePrefix")

    def relink(self) -> None:
        """Let the entries that name a removed key name the new one."""
        for file, source in enumerate(self.sources):
            for entry in source.document.entries:
                if entry.index in self.removed[file]:
                    continue
                for one in entry.fields:
                    if one.name in _LINKS or one.name in _LINK_LISTS:
                        self._relink(file, entry, one)

    def _relink(self, file: int, entry: Entry, one: Field) -> None:
        parts = one.content.split(",") if one.name in _LINK_LISTS else [one.content]
        changed = [
            part.replace(key, self.replaced[key]) if (key := part.strip()) in self.replaced else part for part in parts
        ]
        if changed == parts:
            return
        kept = self.kept.get((file, entry.index))
        value = ",".join(changed)
        if kept is None:
            kept = _Kept(file, entry, entry.key, _first_fields(entry))
            self.kept[file, entry.index] = kept
        self._set(kept, one.name, value)

    # ---- nothing is lost -----------------------------------------------------------------------------------------

    def result(self) -> Merged:
        """The new documents, checked."""
        documents = []
        for file, source in enumerate(self.sources):
            touched = self.removed[file] or any(place[0] == file for place in self.kept)
            after = self.editors[file].document() if touched else source.document
            if touched:
                self._verify(file, source.document, after)
            documents.append(after)
        return Merged(tuple(documents), self.replaced, tuple(self.differences))

    def _verify(self, file: int, before: Document, after: Document) -> None:
        kept = {index: one for (place, index), one in self.kept.items() if place == file}
        untouched = [
            entry.text for entry in before.entries if entry.index not in self.removed[file] and entry.index not in kept
        ]
        there = Counter(entry.text for entry in after.entries)
        if Counter(untouched) - there or len(after.entries) != len(untouched) + len(kept):
            raise _lost(before, "an entry that is no duplicate")
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
        for one in kept.values():
            if one.fields not in pool.get(one.key, []):
                raise _lost(before, f"a field of {one.key!r}")


def _lost(document: Document, what: str) -> OutputError:
    return OutputError(
        f"merging would lose or change {what}; the file was left as it was",
        path=document.path,
        hint="`bibtool check` shows what is wrong with the file",
    )


# ---- contents -------------------------------------------------------------------------------------------------------


def _first_fields(entry: Entry) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, content in entry.items():
        found.setdefault(name, content)
    return found


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


def _same_content(one: str, other: str) -> bool:
    """Whether two contents differ in white space, braces, case and punctuation at most."""
    if _one_line(one) == _one_line(other):
        return True
    key = title_key(one)
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
    found = []
    at = entry.scan.key_end
    for start, end in [*((one.start, one.end) for one in entry.fields), (entry.end, entry.end)]:
        found += [Difference(entry.key, "comment", "", hit[0]) for hit in _COMMENT.finditer(text, at, start)]
        at = end
    return found


def _with_orcid(name: Name) -> str:
    return f"{name.display()} {name.orcid}"
