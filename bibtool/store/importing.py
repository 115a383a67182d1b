"""Records into a library, each work once.

For every record, in the order of the input:

1. If this very record was imported before (a fingerprint of everything but its provenance), nothing is done, even if
   the user or arXiv has changed the stored one since, its title for instance.
2. If the library, or the input before it, holds the same work (`bibtool.model.works.verdict` decides; a common key
   with a common title also tells), both are merged: values of the user win, differences are reported. The key of the
   input becomes another key of that record, so that documents which cite it go on working.
   What was completed may now tell that two records are one work which nobody could tell before: they are merged too,
   as ``dedupe`` would do it, and a key of the library that leads to another record from now on is reported.
3. Otherwise it is added, and a record that may be the same work is named. A key given in the input stays unless a
   different work has it: then it gets a suffix, ``a``, ``b`` ... and this is reported. Records without key get one
   from ``key_maker`` after all given keys have their places, as documents cite given keys, and generated ones not yet.

All of it is one change of the library. The work grows with the length of the input, not of the library: matches are
looked up by index.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

from bibtool.model.jsontext import encoded_text
from bibtool.model.record import Record
from bibtool.model.works.blocks import MAX_ALIKE, Blocks
from bibtool.model.works.card import card_of
from bibtool.model.works.combine import combine
from bibtool.model.works.identity import identifiers
from bibtool.model.works.merge import Conflict, merge
from bibtool.model.works.verdict import is_one_by_key, judge
from bibtool.store.base import MAX_KEY_LENGTH, fold_key, key_fault
from bibtool.store.report import Imported, ImportReport, KeyReason, Outcome
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.model.works.blocks import Known
    from bibtool.model.works.card import Card
    from bibtool.store.base import Library, Transaction
    from bibtool.store.report import KeyMaker


_AT_ONCE = 500  # records that are looked up in the library together


def fingerprint(record: Record) -> bytes:
    """16 bytes that are the same for records that differ at most in provenance."""
    return blake2b(encoded_text(record, provenance=False).encode("ascii"), digest_size=16).digest()


def import_records(
    library: Library,
    records: Iterable[Record],
    *,
    key_maker: KeyMaker | None = None,
    what: str = "import",
    dry_run: bool = False,
) -> ImportReport:
    """What became of each record; see the module. ``what`` is the text in the history.

    Keys are made by `assign_keys` without a ``key_maker``. Importing the same records again changes nothing; with
    ``dry_run`` nothing is written. Raises `LibraryError`; then nothing was changed.
    """
    if dry_run:
        return ImportReport(_planned(library, records, key_maker).report())
    with library.change(what) as transaction:  # matching is inside: no other process may write in between
        run = _planned(library, records, key_maker)
        run.write(transaction)
    return ImportReport(run.report(), transaction.change)


def _planned(library: Library, records: Iterable[Record], key_maker: KeyMaker | None) -> _Run:
    from bibtool.model.keys import assign_keys

    run = _Run(library)
    rest = iter(records)
    while page := list(islice(rest, _AT_ONCE)):
        run.take_all(page)
    run.look_again()
    run.give_keys(key_maker or assign_keys)
    return run


@dataclass(slots=True, eq=False)
class _Slot:
    """One work that the import touches: ``stored`` is its key in the library, "" for a new work."""

    record: Record
    number: int
    stored: str = ""
    changed: bool = False
    key: str = ""  # the final one
    suffixed: bool = False
    card: Card | None = None
    known: Known | None = None  # what the record is known by
    into: _Slot | None = None  # the slot of the same work, where that was noticed later

    def final(self) -> _Slot:
        """The slot that has the work in the end."""
        slot = self
        while slot.into is not None:
            slot = slot.into
        return slot


@dataclass(slots=True)
class _Item:
    slot: _Slot | None
    given_key: str
    outcome: Outcome
    number: int
    key: str = ""  # where no slot was needed
    unusable: bool = False
    unreachable: bool = False  # the key given is another record's
    fingerprint: bytes = b""
    conflicts: tuple[Conflict, ...] = ()
    alike: tuple[tuple[_Slot | Record, str], ...] = ()
    joined: tuple[tuple[str, str], ...] = ()


class _Run:
    """One import: first all records are matched in memory, then keys are given, then everything is written."""

    def __init__(self, library: Library) -> None:
        self._library = library
        # documents may still cite a record by its old keys: no other record gets one of them
        self._keys = frozenset(map(fold_key, library.keys()))
        self._kept = self._keys | library.aliases().keys()
        self._taken = set(self._kept)
        self._blocks: Blocks[_Slot] = Blocks()
        self._by_key: dict[str, list[_Slot]] = {}
        self._slots: list[_Slot] = []
        self._stored: dict[str, _Slot] = {}
        self._removed: list[str] = []
        self._items: list[_Item] = []
        self._seen: dict[bytes, _Item] = {}

    def take_all(self, records: Sequence[Record]) -> None:
        """Find the work of each record, or a new place for it."""
        marks = [fingerprint(record) for record in records]
        known = self._library.all_imported_as(marks) if self._kept else {}
        new: dict[bytes, Record] = {}
        for record, mark in zip(records, marks, strict=True):
            if mark not in known and mark not in self._seen:
                new.setdefault(mark, record)
        alike = self._library.alike_all(new.values()) if self._kept else repeat(())
        # a key that can't be stored is in no library
        keys = dict.fromkeys(folded for record in new.values() if (folded := fold_key(record.key)) in self._keys)
        namesakes = dict(zip(keys, self._library.records(keys) if keys else (), strict=True))
        for record, mark in zip(records, marks, strict=True):
            self._take(record, mark, known.get(mark), alike, namesakes)

    def _take(
        self,
        record: Record,
        mark: bytes,
        known: str | None,
        alike: Iterator[tuple[Record, ...]],
        namesakes: Mapping[str, Record],
    ) -> None:
        given = record.key
        if (again := self._seen.get(mark)) is not None:
            unusable = again.unusable
            place = len(self._items)
            self._items.append(_Item(again.slot, given, Outcome.UNCHANGED, place, key=again.key, unusable=unusable))
            return
        unusable = bool(given and key_fault(given))
        if unusable:
            record = replace(record, key="")
        if known is not None:
            item = _Item(None, given, Outcome.UNCHANGED, len(self._items), key=known, unusable=unusable)
        else:
            item = self._match(record, given, next(alike), namesakes)
            item.unusable, item.fingerprint = unusable, mark
        self._items.append(item)
        self._seen[mark] = item

    def _note(self, slot: _Slot) -> None:
        """Let the slot be found by all that its record is known by now."""
        slot.known = self._blocks.add(slot, slot.record)
        if slot.record.key:
            namesakes = self._by_key.setdefault(fold_key(slot.record.key), [])
            if slot not in namesakes and len(namesakes) < MAX_ALIKE:
                namesakes.append(slot)

    def _match(self, record: Record, given: str, stored: Sequence[Record], namesakes: Mapping[str, Record]) -> _Item:
        slot, alike = self._same(record, stored, namesakes)
        if slot is None:
            slot = _Slot(record, len(self._slots))
            self._slots.append(slot)
            self._note(slot)
            return _Item(slot, given, Outcome.ADDED, len(self._items), alike=alike)
        result = merge(slot.record, record)
        merged = result.record
        if not merged.key and record.key:
            merged = replace(merged, key=record.key)
        outcome = Outcome.UNCHANGED
        if merged != slot.record:
            slot.record, slot.card, slot.changed, outcome = merged, None, True, Outcome.MERGED
            self._note(slot)
        return _Item(slot, given, outcome, len(self._items), conflicts=result.conflicts)

    def _same(
        self, record: Record, stored: Sequence[Record], known_namesakes: Mapping[str, Record]
    ) -> tuple[_Slot | None, tuple[tuple[_Slot | Record, str], ...]]:
        """The slot of the same work, made for it where only the library has it; and what a person should look at.

        ``stored`` are the records of the library that are alike, ``known_namesakes`` those with keys of the input.
        """
        candidates: list[_Slot | Record] = [self._stored.get(fold_key(each.key), each) for each in stored]
        candidates += [slot for slot in self._blocks.alike(record) if slot not in candidates]
        namesakes = list(self._namesakes(record.key, known_namesakes))
        if not candidates and not namesakes:
            return None, ()
        kinds = list(identifiers(record))
        candidates.sort(key=lambda candidate: _strength(kinds, candidate))  # stable: the older ones first
        card = card_of(record)
        alike: list[tuple[_Slot | Record, str]] = []
        for candidate in candidates:
            judgement = judge(_card(candidate), card)
            if judgement.is_one_record:
                return (candidate if isinstance(candidate, _Slot) else self._open(candidate)), ()
            if judgement.is_for_people and not any(candidate is known for known, _ in alike):
                alike.append((candidate, judgement.reason))
        for namesake in namesakes:
            if is_one_by_key(_card(namesake), card):
                return (namesake if isinstance(namesake, _Slot) else self._open(namesake)), ()
        return None, tuple(alike)

    def _namesakes(self, key: str, known: Mapping[str, Record]) -> Iterator[_Slot | Record]:
        """The works that have this key in the library and in the input."""
        folded = fold_key(key)
        if key and folded in self._kept:
            stored = known.get(folded) or self._library.get(key)
            yield self._stored.get(fold_key(stored.key), stored)
        yield from self._by_key.get(folded, ())

    def _open(self, stored: Record) -> _Slot:
        slot = _Slot(stored, len(self._slots), stored=stored.key, key=stored.key)
        self._slots.append(slot)
        self._stored[fold_key(stored.key)] = slot
        self._note(slot)
        return slot

    def look_again(self) -> None:
        """Merge the works that turned out to be one by what the import has completed.

        The order of the input would decide otherwise: a record that tells two others to be one work brings them
        together only if it comes before one of them.
        """
        waiting = [slot for slot in self._slots if slot.changed]
        items_of: dict[_Slot, list[_Item]] = {}
        for item in self._items if waiting else ():
            if item.slot is not None:
                items_of.setdefault(item.slot, []).append(item)
        while waiting:
            stored = self._library.alike_all([slot.record for slot in waiting]) if self._kept else repeat(())
            grown: list[_Slot] = []
            for slot, alike in zip(waiting, stored, strict=False):
                if slot.into is None and (found := self._one_work(slot, alike)) is not None:
                    grown.append(self._join(slot, *found, items_of))
            waiting = [slot for slot in dict.fromkeys(grown) if slot.into is None]

    def _one_work(self, slot: _Slot, stored: Sequence[Record]) -> tuple[_Slot, str] | None:
        """Another slot with the work of this one, made for it where only the library has it, and the reason."""
        candidates: dict[_Slot | Record, None] = {}
        known = (self._stored.get(fold_key(each.key), each) for each in stored)
        for candidate in chain(known, self._blocks.alike(slot.record)):
            candidates[candidate.final() if isinstance(candidate, _Slot) else candidate] = None
        candidates.pop(slot, None)
        for candidate in candidates:
            judgement = judge(_card(candidate), _card(slot))
            if judgement.is_one_record:
                found = candidate if isinstance(candidate, _Slot) else self._open(candidate)
                return found, judgement.reason
        return None

    def _join(self, slot: _Slot, other: _Slot, reason: str, items_of: dict[_Slot, list[_Item]]) -> _Slot:
        """The slot that has the work of both from now on: one of the library, the older one of two new ones.

        ``items_of`` has the items of each slot; the last one of the two reports what follows.
        """
        first, second = sorted((slot, other), key=lambda each: (not each.stored, each.number))
        items = sorted((*items_of.pop(first, ()), *items_of.pop(second, ())), key=lambda item: item.number)
        if second.stored:
            combined = combine([first.record, second.record])
            if combined.record.key == second.key:
                first, second = second, first
            conflicts = tuple(Conflict(each.field, each.kept, each.other) for each in combined.differences)
            record = combined.record
            self._removed.append(second.stored)
            items[-1].joined = (*items[-1].joined, (second.stored, reason))
        else:
            merged = merge(first.record, second.record)
            record, conflicts = merged.record, merged.conflicts
            if not record.key and second.record.key:
                record = replace(record, key=second.record.key)
            for item in items:
                assert item.slot is not None
                if item.slot.final() is second and item.outcome is Outcome.ADDED:
                    item.outcome = Outcome.MERGED
        items_of[first] = items
        items[-1].conflicts = (*items[-1].conflicts, *conflicts)
        second.into = first
        first.record, first.card, first.changed = record, None, True
        self._note(first)
        return first

    def give_keys(self, key_maker: KeyMaker) -> None:
        """Final keys for all new works, and the keys given for works that were there as their other keys."""
        self._slots = [slot for slot in self._slots if slot.into is None]
        for item in self._items:
            item.slot = item.slot and item.slot.final()
        new = [slot for slot in self._slots if not slot.stored]
        counters: dict[str, int] = {}
        for slot in new:
            if slot.record.key:
                slot.key = self._free(slot.record.key, counters)
                slot.suffixed = slot.key != slot.record.key
                self._taken.add(fold_key(slot.key))
        bare = [slot for slot in new if not slot.record.key]
        if bare:
            made = key_maker([slot.record for slot in bare], taken=self._taken)
            for slot, record in zip(bare, made, strict=True):
                key = "record" if key_fault(record.key) else record.key
                slot.key = self._free(key, counters)
                self._taken.add(fold_key(slot.key))
        for item in self._items:
            if item.slot is not None and item.given_key and not item.unusable:
                self._lead(item.given_key, item)
        # nothing is looked for from here on: what follows takes the memory
        self._blocks = Blocks()
        self._by_key = {}
        self._seen = {}

    def _lead(self, key: str, item: _Item) -> None:
        """Let a key that the input has for a work lead to it, unless it leads to another record already."""
        slot, folded = item.slot, fold_key(key)
        assert slot is not None
        if folded == fold_key(slot.key) or folded in map(fold_key, slot.record.aliases):
            return
        if folded in self._taken:
            item.unreachable = True
            return
        slot.record = replace(slot.record, aliases=(*slot.record.aliases, key))
        slot.changed = True
        self._taken.add(folded)

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
        for key in self._removed:
            transaction.remove(key)
        slots = [slot for slot in self._slots if slot.changed or not slot.stored]
        records = (slot.record if slot.record.key == slot.key else replace(slot.record, key=slot.key) for slot in slots)
        transaction.put_all(records, [slot.known for slot in slots])
        for item in self._items:
            if item.slot is not None and item.fingerprint:
                transaction.remember(item.fingerprint, item.slot.key)

    def report(self) -> tuple[Imported, ...]:
        """What became of each record."""
        return tuple(self._imported(item) for item in self._items)

    def _imported(self, item: _Item) -> Imported:
        slot = item.slot
        key = slot.key if slot is not None else item.key
        reason = None
        if key != item.given_key:
            if not item.given_key:
                reason = KeyReason.MADE
            elif item.unusable:
                reason = KeyReason.UNUSABLE
            elif item.unreachable and item.outcome is not Outcome.ADDED:
                reason = KeyReason.OTHERS
            elif slot is not None and slot.suffixed and slot.record.key == item.given_key:
                reason = KeyReason.TAKEN
            else:
                reason = KeyReason.SAME_WORK
        return Imported(
            outcome=item.outcome,
            key=key,
            given_key=item.given_key,
            key_reason=reason,
            conflicts=item.conflicts,
            alike=tuple((candidate.key, reason) for candidate, reason in self._alike(item)),
            joined=item.joined,
        )

    def _alike(self, item: _Item) -> Iterator[tuple[_Slot | Record, str]]:
        """The works that may be that of the item, without those that turned out to be."""
        for candidate, reason in item.alike:
            known = candidate if isinstance(candidate, _Slot) else self._stored.get(fold_key(candidate.key), candidate)
            found = known.final() if isinstance(known, _Slot) else known
            if found is not item.slot:
                yield found, reason


def _card(candidate: _Slot | Record) -> Card:
    if isinstance(candidate, Record):
        return card_of(candidate)
    if candidate.card is None:
        candidate.card = card_of(candidate.record)
    return candidate.card


def _strength(wanted: Sequence[tuple[str, str]], candidate: _Slot | Record) -> int:
    """The place of the first common identifier, so that the most telling one decides; last where there is none."""
    found = set(identifiers(candidate.record if isinstance(candidate, _Slot) else candidate))
    return next((place for place, pair in enumerate(wanted) if pair in found), len(wanted))


def _letters(number: int) -> str:
    """``a`` ... ``z``, ``aa``, ``ab`` ... for 0, 1, 2 ..."""
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(97 + digit) + text
    return text
