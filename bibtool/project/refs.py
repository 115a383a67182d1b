"""What `bibtool refs` writes: the bibliography of just what is cited, and the lock, as bytes and with all reasons.

For each cited key the first of these that has it counts:

1. the sources, in their order. If the lock pins the key from the same source in the same state, the lock's data is
   taken, which is the source's own or what a refresh made of it. If the source has changed the pin is renewed. If it is
   about another work than the pin, nothing is written until the key is named with ``relock``.
2. the lock: sources that are not on this machine are not needed.
3. the output file: an entry that somebody wrote there by hand. It stays as it is and is pinned too.

In each of them the key of an entry goes before its other keys (``ids``, merged keys). An entry that is cited by one of
those is written under it, with its own key among its ``ids``. Where both are cited biblatex gets one entry, which has
the others as ``ids``; BibTeX knows no ``ids`` and gets the entry under each of the keys.

A key that is an identifier (``arXiv:2301.01234``) and in none of them is looked up as a work in the sources and then in
the lock, and its entry gets the key as it is cited, since that is the key LaTeX will ask for.

Entries of the output that nothing cites any more go if they came from a source, which the lock or a source says. Others
stay, and are reported, until ``prune``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bibtool.bib.entrytext import aliases_of, drop_fields, inherits_from, parents_of, strings_in, with_key
from bibtool.bib.index import conflict_line
from bibtool.errors import InputError, OutputError
from bibtool.problems import Position, Problem, Severity
from bibtool.project.changes import Change, details, lock_changes
from bibtool.project.lock import Lock, Pin, confirmed_at, digest, lines_of
from bibtool.project.output import Output, Wanted, Written
from bibtool.project.pins import entry_of, expanded, is_other_work, is_unchanged, named, needed, strings_for, works
from bibtool.project.scan.base import Kind
from bibtool.project.versions import Versions
from bibtool.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bibtool.project.scan.base import Citation, Identifier
    from bibtool.project.settings import RefsSettings
    from bibtool.project.sources import SourceEntry, Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class RefsRun:
    """What one run may do besides. ``relock`` are keys that may stand for another work now."""

    allow_missing: bool = False
    prune: bool = False
    relock: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write. ``output`` and ``lock`` are new bytes, None for a file that stays as it is.

    With a problem that is an error nothing is to be written, and both are None.
    """

    output: bytes | None = None
    lock: bytes | None = None
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    keys: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing stands against writing."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def make_plan(
    citations: Sequence[Citation],
    sources: Sources,
    lock: Lock,
    output: Output,
    settings: RefsSettings,
    run: RefsRun | None = None,
) -> Plan:
    """The plan for what documents cite. Pure but for the sources, which are read.

    Raises `InputError` for a source or an output that can't be read or has merge conflict marks.
    """
    return _Planner(citations, sources, lock, output, settings, run or RefsRun()).plan()


class _Planner:
    def __init__(
        self,
        citations: Sequence[Citation],
        sources: Sources,
        lock: Lock,
        output: Output,
        settings: RefsSettings,
        run: RefsRun,
    ) -> None:
        self.citations = citations
        self.sources = sources
        self.lock = lock
        self.output = output
        self.settings = settings
        self.run = run
        self.cited = frozenset(citation.key for citation in citations if citation.kind is not Kind.ALL)
        self.versions = Versions(sources, settings.prefer, settings.prefer_for, settings.dialect, self.cited)
        self.problems: list[Problem] = []
        self.pins: dict[str, Pin] = {}
        self.undefined: list[str] = []
        self.unresolved: list[str] = []

    def plan(self) -> Plan:
        self._check_output()
        wanted = self._wanted_keys()
        for key, places in wanted.items():
            self._resolve(key, places)
        self._take_parents()
        self._join_aliases()
        self.problems += self.sources.problems()
        if any(problem.severity is Severity.ERROR for problem in self.problems):
            return self._result()
        entries, strings, preambles = self._texts()
        handmade = self._handmade(entries)
        if not entries and self.output.data is None and not self.lock.exists:
            return self._result()
        written = self.output.rewrite(
            Wanted(entries=entries, strings=strings, preambles=preambles),
            keep=handmade,
            known=self._known_blocks(),
            prune=self.run.prune,
        )
        return self._result(written, handmade)

    # ---- what is there ----------------------------------------------------------------------------------------------

    def _check_output(self) -> None:
        if (line := conflict_line(self.output.index.text)) is not None:
            raise InputError(
                "the file has merge conflict marks",
                path=self.settings.output,
                line=line,
                hint="solve the conflict, or delete the file and run `bibtool refs`: the lock has its data",
            )
        for key, line in self.output.broken():
            message = f"the entry {key!r} can't be read" if key else "this can't be read as an entry"
            hint = "mend it, or delete it: bibtool refs writes it again"
            self._problem("broken-output", message, key or None, hint, place=Position(self.settings.output, line, 1))

    def _wanted_keys(self) -> dict[str, list[Citation]]:
        wanted: dict[str, list[Citation]] = {}
        everything = False
        for citation in self.citations:
            if citation.kind is Kind.ALL:
                everything = True
            else:
                wanted.setdefault(citation.key, []).append(citation)
        if everything:
            entries = {entry.key for key in wanted if (entry := self.sources.find(key)) is not None}
            for key in (*self.sources.file_keys(), *self.output.index.entries, *self.lock.pins):
                pin = self.lock.pins.get(key)
                if pin and key not in wanted and pin.entry.lower().startswith("@xdata"):
                    continue
                entry = self.sources.find(key)
                own = entry.key if entry is not None else key
                if own not in entries:
                    wanted.setdefault(own, [])
        return dict(sorted(wanted.items()))

    # ---- one key ----------------------------------------------------------------------------------------------------

    def _resolve(self, key: str, places: list[Citation]) -> None:
        try:
            pin = self._pin(key, places[0].identifier if places else None)
        except OutputError as error:
            place = Position(places[0].path, places[0].line, places[0].column) if places else Position()
            self._problem("unusable-key", str(error), key, error.hint, place=place)
            return
        if pin is not None:
            self.pins[pin.key] = pin
        elif places and places[0].kind is Kind.IDENTIFIER:
            self.unresolved.append(key)
            hint = "`bibtool refresh` looks it up online; or add it to a source"
            self._miss("unresolved-identifier", f"no source and no lock has the work {key}", places, hint)
        elif places:
            self.undefined.append(key)
            broken = self.sources.broken(key)
            if broken is not None:
                self.problems.append(broken)
            near = self._near(key)
            message = f"no entry for {key!r}"
            if near:
                message += f"; {did_you_mean(near)}"
            hint = "add it to a source, or correct the key"
            if gone := self.sources.missing:
                hint += f" (not on this machine: {', '.join(gone)})"
            self._miss("undefined-key", message, places, hint)

    def _miss(self, code: str, message: str, places: Sequence[Citation], hint: str) -> None:
        severity = Severity.NOTE if self.run.allow_missing else Severity.ERROR
        for place in places:
            self._problem(code, message, place.key, hint, severity, Position(place.path, place.line, place.column))

    def _problem(
        self,
        code: str,
        message: str,
        key: str | None,
        hint: str | None,
        severity: Severity = Severity.ERROR,
        place: Position = Position(),  # noqa: B008 - it is immutable
    ) -> None:
        problem = Problem(code=code, message=message, severity=severity, position=place, key=key, hint=hint)
        self.problems.append(problem)

    def _near(self, key: str) -> tuple[str, ...]:
        known = list(dict.fromkeys((*self.sources.all_keys(), *self.lock.pins, *self.output.index.entries)))
        same = [name for name in known if name.casefold() == key.casefold()]
        return tuple(same[:1]) or nearest(key, known)

    def _pin(self, key: str, identifier: Identifier | None) -> Pin | None:
        """The entry for a key, or None; see the module's description for the order.

        The pin has another key where an entry of the output that stays as it is has this one among its ``ids``.
        """
        pin = self.lock.pins.get(key)
        entry = self.sources.find(key)
        if entry is not None:
            entry = self.versions.of_key(key, entry, pin)
        elif identifier is not None:
            entry = self.versions.of_work(key, identifier, pin)
        if entry is not None and not self.versions.stays(pin, entry):
            return self._from_source(key, entry, pin)
        text = self.output.entry(key)
        if pin is not None and (pin.source != self.settings.output or text is None):
            if pin.source in self.sources.present:
                message = f"{key!r} is not in {pin.source} any more; the lock's data is used"
                hint = "put it back into a source, or cite it no more"
                self._problem("only-in-lock", message, key, hint, Severity.NOTE)
            return self._from_pin(pin)
        if text is not None:
            return self._from_output(key, text, pin)
        own = self.output.own_key(key)
        own_pin = self.lock.pins.get(own) if own is not None else None
        if own is not None and (own_pin is None or own_pin.source == self.settings.output):
            text = self.output.entry(own) or ""
            if self._knows_ids:
                return self._from_output(own, text, own_pin)
            return replace(self._from_output(key, with_key(text, key), pin), source_key=own)
        with_alias = next((pin for _, pin in sorted(self.lock.pins.items()) if key in aliases_of(pin.entry)), None)
        if with_alias is not None:
            return _cited_as(with_alias, key)
        if identifier is not None:
            work = ":".join(identifier.folded)
            of_work = next((pin for _, pin in sorted(self.lock.pins.items()) if work in pin.work), None)
            if of_work is not None:
                return _cited_as(of_work, key)
        return None

    def _from_source(self, key: str, entry: SourceEntry, pin: Pin | None) -> Pin:
        if pin is not None and is_unchanged(entry, pin):
            return pin
        strings, preambles = needed(entry)
        lines = lines_of(entry.record, origins=entry.source == "library") if entry.record is not None else ()
        origin = digest(entry.text, *strings, *preambles, *lines)
        if pin is not None and pin.origin == origin and pin.source == entry.source:
            return self._from_pin(pin)
        dialect = self.settings.dialect if entry.record is not None else ""
        text = entry_of(entry.record, dialect) if entry.record is not None else entry.text
        made = Pin(
            key=key,
            source=entry.source,
            source_key=entry.key if entry.key != key else "",
            origin=origin,
            work=works(entry.record, text),
            confirmed=confirmed_at(entry.record) if entry.record is not None else "",
            dialect=dialect,
            entry=with_key(text, key),
            strings=strings,
            preambles=preambles,
            record_lines=lines,
        )
        if pin is not None and key not in self.run.relock and is_other_work(pin, made):
            message = f"{key!r} is {named(pin)} in {self.settings.lock}, but {named(made)} in {made.source}"
            hint = f"give one of them another key, or accept the new one with `bibtool refs --relock {key}`"
            self._problem("lock-other-work", message, key, hint, place=Position(self.settings.lock))
        return made

    def _from_pin(self, pin: Pin) -> Pin:
        if pin.record_lines and pin.dialect != self.settings.dialect:
            record = pin.record()
            assert record is not None
            text = with_key(entry_of(record, self.settings.dialect), pin.key)
            return replace(pin, entry=text, dialect=self.settings.dialect)
        return pin

    def _from_output(self, key: str, text: str, pin: Pin | None) -> Pin:
        index = self.output.index
        strings = strings_for(text, index.strings)
        origin = digest(text, *strings)
        if pin is not None and pin.origin == origin:
            return pin
        return Pin(
            key=key,
            source=self.settings.output,
            origin=origin,
            work=works(None, text),
            entry=text,
            strings=strings,
        )

    def _take_parents(self) -> None:
        """Entries that the cited ones inherit from or refer to, however far away, from the same places."""
        waiting = list(self.pins)
        while waiting:
            key = waiting.pop()
            for parent in parents_of(self.pins[key].entry):
                if parent in self.pins:
                    continue
                try:
                    pin = self._pin(parent, None)
                except OutputError:
                    pin = None
                if pin is not None:
                    if pin.key not in self.pins:
                        self.pins[pin.key] = pin
                        waiting.append(pin.key)
                elif parent in inherits_from(self.pins[key].entry):
                    message = f"the crossref {parent!r} of {key!r} is in no source"
                    hint = "add it to a source, or take the field out"
                    self._problem("missing-parent", message, key, hint, Severity.WARNING)

    @property
    def _knows_ids(self) -> bool:
        """Whether an entry answers for all keys in its field ``ids``: biber and pandoc read it, BibTeX does not."""
        return self.settings.dialect == "biblatex" and "ids" not in {name.lower() for name in self.settings.drop}

    def _join_aliases(self) -> None:
        """Leave one pin of each entry whose ``ids`` have the keys of the others; that of its own key if it is there."""
        if not self._knows_ids:
            return
        same_entry: dict[tuple[str, str], list[Pin]] = {}
        for pin in self.pins.values():
            same_entry.setdefault(_source_of(pin), []).append(pin)
        for pins in same_entry.values():
            first = min(pins, key=lambda pin: (pin.source_key != "", pin.key))
            for key in aliases_of(first.entry) if len(pins) > 1 else ():
                if any(pin.key == key for pin in pins):
                    del self.pins[key]

    # ---- all together -----------------------------------------------------------------------------------------------

    def _texts(self) -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
        """Texts of entries, ``@string`` blocks and preambles; macros on which entries disagree are expanded."""
        entries: dict[str, str] = {}
        strings: dict[str, str] = {}
        preambles: dict[str, None] = {}
        for key, pin in sorted(self.pins.items()):
            text = drop_fields(pin.entry, self.settings.drop)
            clash = False
            for block in pin.strings:
                for name in strings_in(block):
                    first = strings.setdefault(name, block)
                    clash = clash or strings_in(first) != strings_in(block)
            if clash:
                text = expanded(text, pin.strings)
            entries[key] = text
            preambles.update(dict.fromkeys(pin.preambles))
        for first_key, second_key in _folded_twice(entries):
            message = f"the keys {first_key!r} and {second_key!r} differ in case only, which BibTeX refuses"
            hint = "cite the work by one of them"
            self._problem("keys-differ-in-case", message, first_key, hint, Severity.WARNING)
        self._same_work_twice()
        return entries, strings, tuple(preambles)

    def _same_work_twice(self) -> None:
        twins: dict[str, str] = {}
        for key, pin in sorted(self.pins.items()):
            if not pin.source_key:
                continue
            for twin_key, twin in self.pins.items():
                if twin_key == key or twins.get(twin_key) == key:
                    continue
                same_entry = _source_of(twin) == _source_of(pin) and {key, twin_key} <= self.cited
                if same_entry or set(twin.work) & set(pin.work):
                    twins[key] = twin_key
                    message = f"{key!r} and {twin_key!r} are one work, which will be listed twice"
                    self._problem("cited-twice", message, key, f"cite it as {twin_key} everywhere", Severity.NOTE)

    def _handmade(self, entries: Mapping[str, str]) -> tuple[str, ...]:
        """Keys of entries of the output that nothing needs and no source or lock knows: they stay."""
        if self.run.prune:
            return ()
        rest = [key for key in self.output.index.entries if key not in entries]
        unknown = []
        for key in rest:
            pin = self.lock.pins.get(key)
            if pin is not None and pin.source != self.settings.output:
                continue
            if pin is None and self.sources.find(key) is not None:
                continue
            unknown.append(key)
        needed_keys = set(unknown)
        waiting = list(unknown)
        while waiting:
            for named_key in parents_of(self.output.entry(waiting.pop()) or ""):
                parent = self.output.own_key(named_key) or named_key
                if parent not in needed_keys:
                    needed_keys.add(parent)
                    waiting.append(parent)
        return (*unknown, *(key for key in rest if key in needed_keys and key not in unknown))

    def _known_blocks(self) -> frozenset[str]:
        pins = (*self.lock.pins.values(), *self.pins.values())
        return frozenset(block for pin in pins for block in (*pin.strings, *pin.preambles))

    def _result(self, written: Written | None = None, kept: Sequence[str] = ()) -> Plan:
        plan = Plan(
            problems=tuple(self.problems),
            keys=tuple(sorted(self.pins)),
            undefined=tuple(self.undefined),
            unresolved=tuple(self.unresolved),
        )
        if written is None:
            return plan
        name, lock_name = self.settings.output, self.settings.lock
        changes = [Change(file=name, what="added", key=key) for key in written.added]
        changes += [
            Change(file=name, what="changed", key=key, detail=details(fields))
            for key, fields in written.changed.items()
        ]
        changes += [Change(file=name, what="removed", key=key, detail="not cited") for key in written.removed]
        if self.run.prune and written.removed:
            changes = [change if change.what != "removed" else replace(change, detail="") for change in changes]
        output = written.data if written.data != self.output.data else None
        if output is not None and not changes:
            changes.append(Change(file=name, what="changed", key="@string and @preamble"))
        new_lock = self.lock.with_pins(self.pins.values())
        if not self.lock.exists:
            new_lock = replace(new_lock, newline=self.output.index.newline)
        lock = None
        if new_lock.pins != self.lock.pins or not self.lock.exists:
            lock = new_lock.to_bytes()
            changes += lock_changes(self.lock, new_lock, lock_name)
        for key, line in written.doubles:
            message, place = f"a second entry {key!r}, which differs from the first", Position(name, line, 1)
            self._problem("double-entry", message, key, "delete one of them", Severity.WARNING, place)
        for key in kept:
            message = f"{key!r} is not cited and in no source; it was left where it is"
            place = Position(name, self.output.index.line_of(self.output.index.entries[key].start), 1)
            hint = "`bibtool refs --prune` takes such entries away"
            self._problem("kept-entry", message, key, hint, Severity.NOTE, place)
        problems = tuple(self.problems)
        return replace(plan, output=output, lock=lock, changes=tuple(changes), problems=problems, kept=tuple(kept))


def _cited_as(pin: Pin, key: str) -> Pin:
    """The pin for another key of the same entry."""
    own = pin.source_key or pin.key
    return replace(pin, key=key, source_key=own if own != key else "", entry=with_key(pin.entry, key))


def _source_of(pin: Pin) -> tuple[str, str]:
    """The source of a pin, and the key of the entry there."""
    return pin.source, pin.source_key or pin.key


def _folded_twice(keys: Collection[str]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    return [(seen[key.casefold()], key) for key in keys if seen.setdefault(key.casefold(), key) != key]
