"""Records into a library, each work once.

For every record, in the order of the input:

1. If this very record was imported before (a fingerprint of everything but its provenance), nothing is done, even if
   the user or arXiv has changed the stored one since, its title for instance.
2. If the library, or the input before it, holds the same work (`same_work`; a common key with a common title also
   tells), both are merged: values of the user win, differences are reported.
3. Else it is added. A key given in the input stays unless a different work has it: then it gets a suffix, ``a``, ``b``
   ... and this is reported. Records without key get one from ``key_maker`` when all given keys have their places, for
   a given key is cited in documents and a made one is not yet.

All of it is one change of the library. The work grows with the length of the input, not of the library: matches are
looked up by index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from bibtool.model.codec import encode
from bibtool.model.text.fold import title_key
from bibtool.model.works.merge import authors_agree, identifiers, merge, same_work
from bibtool.store.base import MAX_KEY_LENGTH, fold_key, key_fault
from bibtool.store.rows import first_author

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.model.works.merge import Conflict
    from bibtool.store.base import Change, Library, Transaction

_MAX_ALIKE = 20


class KeyMaker(Protocol):
    """Gives keys to records without: same records, same order, none of the keys in ``taken`` (compared folded)."""

    def __call__(self, records: Sequence[Record], *, taken: Collection[str]) -> Sequence[Record]:
        """The records with keys."""
        ...


class Outcome(StrEnum):
    """What became of a record of the input."""

    ADDED = "added"
    MERGED = "merged"
    UNCHANGED = "unchanged"


class KeyReason(StrEnum):
    """Why a record has another key than in the input."""

    MADE = "made"  # it had none
    SAME_WORK = "same work"  # the work was there under this key
    TAKEN = "taken"  # a different work has the key
    UNUSABLE = "unusable"  # the key can't be stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One record of the input: what became of it, its key there ("" for none) and in the library.

    ``key_reason`` is None where both keys are the same. ``conflicts`` are differences found by this import.
    """

    outcome: Outcome
    key: str
    given_key: str = ""
    key_reason: KeyReason | None = None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One item for every record, in the order of the input, and the entry of the history (None: nothing changed)."""

    items: tuple[Imported, ...] = ()
    change: Change | None = None

    def _of(self, outcome: Outcome) -> tuple[Imported, ...]:
        return tuple(item for item in self.items if item.outcome is outcome)

    @property
    def added(self) -> tuple[Imported, ...]:
        """Those that the library did not have."""
        return self._of(Outcome.ADDED)

    @property
    def merged(self) -> tuple[Imported, ...]:
        """Those that completed a record."""
        return self._of(Outcome.MERGED)

    @property
    def unchanged(self) -> tuple[Imported, ...]:
        """Those that brought nothing new."""
        return self._of(Outcome.UNCHANGED)

    @property
    def conflicts(self) -> tuple[tuple[str, Conflict], ...]:
        """Key and difference."""
        return tuple((item.key, conflict) for item in self.items for conflict in item.conflicts)

    @property
    def key_changes(self) -> tuple[Imported, ...]:
        """Those whose key in the input is not their key in the library; records without key are left out."""
        return tuple(item for item in self.items if item.given_key and item.given_key != item.key)


def fingerprint(record: Record) -> bytes:
    """16 bytes that are the same for records that differ at most in provenance."""
    data = json.dumps(encode(replace(record, provenance={})), sort_keys=True, separators=(",", ":"))
    return blake2b(data.encode("ascii"), digest_size=16).digest()


def import_records(
    library: Library, records: Iterable[Record], *, key_maker: KeyMaker, what: str = "import", dry_run: bool = False
) -> ImportReport:
    """What became of each record; see the module. ``what`` stands in the history.

    Importing the same records again changes nothing; ``dry_run`` only says what would become of them. Raises
    `LibraryError`; then nothing was changed.
    """
    if dry_run:
        return ImportReport(_planned(library, records, key_maker).report())
    with library.change(what) as transaction:  # matching is inside: no other process may write in between
        run = _planned(library, records, key_maker)
        run.write(transaction)
    return ImportReport(run.report(), transaction.change)


def _planned(library: Library, records: Iterable[Record], key_maker: KeyMaker) -> _Run:
    run = _Run(library)
    for record in records:
        run.take(record)
    run.give_keys(key_maker)
    return run


@dataclass(slots=True, eq=False)
class _Slot:
    """One work that the import touches: ``stored`` is its key in the library, "" for a new work."""

    record: Record
    stored: str = ""
    changed: bool = False
    key: str = ""  # the final one
    suffixed: bool = False


@dataclass(slots=True)
class _Item:
    slot: _Slot | None
    given_key: str
    outcome: Outcome
    key: str = ""  # where no slot was needed
    unusable: bool = False
    fingerprint: bytes = b""
    conflicts: tuple[Conflict, ...] = ()


@dataclass(slots=True)
class _Index:
    """The slots by what `same_work` goes by, so that each record is compared with few."""

    by_id: dict[tuple[str, str], _Slot] = field(default_factory=dict)
    by_title: dict[tuple[str, str], list[_Slot]] = field(default_factory=dict)
    by_key: dict[str, _Slot] = field(default_factory=dict)

    def add(self, slot: _Slot) -> None:
        """Note the slot under everything that its record is known by now."""
        for pair in identifiers(slot.record):
            self.by_id.setdefault(pair, slot)
        title, author = title_key(slot.record.title), first_author(slot.record)
        if title and author:
            others = self.by_title.setdefault((title, author), [])
            if len(others) < _MAX_ALIKE and slot not in others:
                others.append(slot)
        if slot.record.key:
            self.by_key.setdefault(fold_key(slot.record.key), slot)

    def alike(self, record: Record) -> Iterator[_Slot]:
        """Slots that may be the same work, most telling first."""
        for pair in identifiers(record):
            if found := self.by_id.get(pair):
                yield found
        yield from self.by_title.get((title_key(record.title), first_author(record)), ())


class _Run:
    """One import: first all records are matched in memory, then keys are given, then everything is written."""

    def __init__(self, library: Library) -> None:
        self._library = library
        # documents may still cite a record by its old keys: no other record gets one of them
        self._taken = {*map(fold_key, library.keys()), *library.aliases()}
        self._index = _Index()
        self._slots: list[_Slot] = []
        self._stored: dict[str, _Slot] = {}
        self._items: list[_Item] = []
        self._seen: dict[bytes, _Item] = {}

    def take(self, record: Record) -> None:
        """Find the work of the record, or a new place for it."""
        given = record.key
        mark = fingerprint(record)
        if (again := self._seen.get(mark)) is not None:
            unusable = again.unusable
            self._items.append(_Item(again.slot, given, Outcome.UNCHANGED, key=again.key, unusable=unusable))
            return
        unusable = bool(given and key_fault(given))
        if unusable:
            record = replace(record, key="")
        known = self._library.imported_as(mark)
        if known is not None:
            item = _Item(None, given, Outcome.UNCHANGED, key=known, unusable=unusable)
        else:
            item = self._match(record, given)
            item.unusable, item.fingerprint = unusable, mark
        self._items.append(item)
        self._seen[mark] = item

    def _match(self, record: Record, given: str) -> _Item:
        slot = self._same(record)
        if slot is None:
            slot = _Slot(record)
            self._slots.append(slot)
            self._index.add(slot)
            return _Item(slot, given, Outcome.ADDED)
        result = merge(slot.record, record)
        merged = result.record
        if not merged.key and record.key:
            merged = replace(merged, key=record.key)
        outcome = Outcome.UNCHANGED
        if merged != slot.record:
            slot.record, slot.changed, outcome = merged, True, Outcome.MERGED
            self._index.add(slot)
        return _Item(slot, given, outcome, conflicts=result.conflicts)

    def _same(self, record: Record) -> _Slot | None:
        """The slot of the same work, made for it where only the library has it."""
        candidates: list[_Slot | Record] = [
            self._stored.get(fold_key(stored.key), stored) for stored in self._library.alike(record)
        ]
        candidates += [slot for slot in self._index.alike(record) if slot not in candidates]
        kinds = list(identifiers(record))
        candidates.sort(key=lambda one: _strength(kinds, one))  # stable: the older ones first
        for one in candidates:
            if same_work(one.record if isinstance(one, _Slot) else one, record):
                return one if isinstance(one, _Slot) else self._open(one)
        if not record.key:
            return None
        folded = fold_key(record.key)
        namesake = self._index.by_key.get(folded)
        if namesake is not None and _same_by_key(namesake.record, record):
            return namesake
        if folded in self._taken and folded not in self._stored:
            stored = self._library.get(record.key)
            if (opened := self._stored.get(fold_key(stored.key))) is not None:
                return opened if _same_by_key(opened.record, record) else None
            return self._open(stored) if _same_by_key(stored, record) else None
        return None

    def _open(self, stored: Record) -> _Slot:
        slot = _Slot(stored, stored=stored.key, key=stored.key)
        self._slots.append(slot)
        self._stored[fold_key(stored.key)] = slot
        self._index.add(slot)
        return slot

    def give_keys(self, key_maker: KeyMaker) -> None:
        """Final keys for all new works."""
        new = [slot for slot in self._slots if not slot.stored]
        counters: dict[str, int] = {}
        for slot in new:
            if slot.record.key:
                slot.key = self._free(slot.record.key, counters)
                slot.suffixed = slot.key != slot.record.key
                self._taken.add(fold_key(slot.key))
        bare = [slot for slot in new if not slot.record.key]
        if not bare:
            return
        made = key_maker([slot.record for slot in bare], taken=self._taken)
        for slot, record in zip(bare, made, strict=True):
            key = "record" if key_fault(record.key) else record.key
            slot.key = self._free(key, counters)
            self._taken.add(fold_key(slot.key))

    def _free(self, key: str, counters: dict[str, int]) -> str:
        """The key, with the first suffix that makes it free where it is taken."""
        folded = fold_key(key)
        if folded not in self._taken:
            return key
        number = counters.get(folded, 0)
        while True:
            suffix = _letters(number)
            number += 1
            candidate = key[: MAX_KEY_LENGTH - len(suffix)] + suffix
            if fold_key(candidate) not in self._taken:
                counters[folded] = number
                return candidate

    def write(self, transaction: Transaction) -> None:
        """Put everything into the library."""
        for slot in self._slots:
            if slot.changed or not slot.stored:
                record = slot.record
                transaction.put(record if record.key == slot.key else replace(record, key=slot.key))
        for item in self._items:
            if item.slot is not None and item.fingerprint:
                transaction.remember(item.fingerprint, item.slot.key)

    def report(self) -> tuple[Imported, ...]:
        """What became of each record."""
        return tuple(self._imported(item) for item in self._items)

    @staticmethod
    def _imported(item: _Item) -> Imported:
        slot = item.slot
        key = slot.key if slot is not None else item.key
        reason = None
        if key != item.given_key:
            if not item.given_key:
                reason = KeyReason.MADE
            elif item.unusable:
                reason = KeyReason.UNUSABLE
            elif slot is not None and slot.suffixed and slot.record.key == item.given_key:
                reason = KeyReason.TAKEN
            else:
                reason = KeyReason.SAME_WORK
        return Imported(
            outcome=item.outcome, key=key, given_key=item.given_key, key_reason=reason, conflicts=item.conflicts
        )


def _strength(wanted: Sequence[tuple[str, str]], candidate: _Slot | Record) -> int:
    """The place of the first common identifier, so that the most telling one decides; last where there is none."""
    found = set(identifiers(candidate.record if isinstance(candidate, _Slot) else candidate))
    return next((place for place, pair in enumerate(wanted) if pair in found), len(wanted))


def _same_by_key(one: Record, other: Record) -> bool:
    """True for two records of one key where title and year agree and nothing speaks against it.

    `same_work` asks for authors, which manuals and web pages often lack; a common key stands in for them.
    """
    title = title_key(one.title)
    if not title or title != title_key(other.title):
        return False
    ids_one, ids_other = dict(identifiers(one)), dict(identifiers(other))
    if ids_one.keys() & ids_other.keys():
        return False  # `same_work` has found them different
    if one.year is not None and other.year is not None and abs(one.year - other.year) > 1:
        return False
    authors_one, authors_other = one.names("author"), other.names("author")
    return not len(authors_one) or not len(authors_other) or authors_agree(authors_one, authors_other)


def _letters(number: int) -> str:
    """``a`` ... ``z``, ``aa``, ``ab`` ... for 0, 1, 2 ..."""
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(97 + digit) + text
    return text
