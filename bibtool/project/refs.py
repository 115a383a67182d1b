"""What `bibtool refs` writes: the bibliography of just what is cited, and the lock, as bytes and with all reasons.

For each cited key the first of these that has it counts:

1. the sources, in their order. If the lock pins the key from the same source in the same state, the lock's data is
   taken, which is the source's own or what a refresh made of it. If the source has changed the pin is renewed. If it is
   about another work than the pin, nothing is written until the key is named with ``relock``.
2. the lock: sources that are not on this machine are not needed.
3. the output file: an entry that somebody wrote there by hand. It stays as it is and is pinned too.

In each of them the key of an entry comes before its other keys (``ids``, merged keys). An entry that is cited by one of
those is written under it, with its own key among its ``ids``. Where both are cited biblatex gets one entry, which has
the others as ``ids``; BibTeX knows no ``ids`` and gets the entry under each of the keys.

A key that is an identifier (``arXiv:2301.01234``) and in none of them is looked up as a work in the sources and then in
the lock, and its entry gets the key as it is cited, since that is the key LaTeX will ask for.

Entries of the output that nothing cites any more go if they came from a source, which the lock or a source says. Others
stay until ``prune``.

With the setting ``keep`` the output is the author's own: what is in it comes before all sources and the lock, entries
that are missing are added to it and belong to it from then on, and nothing else is changed.

BibTeX compares keys without regard to case, so with that dialect an entry also answers for a key that LaTeX documents
cite in another case.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.bib.entrytext import aliases_of, drop_fields, inherits_from, parents_of, strings_in, with_key
from bibtool.bib.index import conflict_line
from bibtool.errors import InputError, OutputError
from bibtool.model.works.retractions import MARK
from bibtool.problems import Position, Problem, Severity
from bibtool.project.changes import lock_changes, output_changes
from bibtool.project.keycase import folded, goes_by_bibtex
from bibtool.project.layout import OutputLayout
from bibtool.project.lock import Lock, Pin, confirmed_at, digest, lines_of
from bibtool.project.output import Output, Wanted, Written
from bibtool.project.pins import entry_of, expanded, is_other_work, is_unchanged, named, needed, strings_for, works
from bibtool.project.plan import Plan, RefsRun
from bibtool.project.scan.base import Kind
from bibtool.project.versions import Versions
from bibtool.structs import replace
from bibtool.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bibtool.project.scan.base import Citation, Identifier
    from bibtool.project.settings import RefsSettings
    from bibtool.project.sources import SourceEntry, Sources


def make_plan(
    citations: Sequence[Citation],
    sources: Sources,
    lock: Lock,
    output: Output,
    settings: RefsSettings,
    run: RefsRun | None = None,
    layout: OutputLayout | None = None,
) -> Plan:
    """The plan for what documents cite. Pure, except that the sources are read.

    Raises `InputError` for a source or an output that can't be read or has merge conflict marks, `OutputError` for an
    output kept by hand to which an entry can't be added.
    """
    planner = _Planner(citations, sources, lock, output, settings, run or RefsRun())
    planner.layout = layout or planner.layout
    return planner.plan()


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
        self.layout = OutputLayout()
        self.cited = frozenset(citation.key for citation in citations if citation.kind is not Kind.ALL)
        self.versions = Versions(sources, settings.prefer, settings.prefer_for, settings.dialect, self.cited)
        self.problems: list[Problem] = []
        self.pins: dict[str, Pin] = {}
        self.everything = any(citation.kind is Kind.ALL for citation in citations)
        self.undefined: list[str] = []
        self.unresolved: list[str] = []

    def plan(self) -> Plan:
        self._check_output()
        wanted = self._wanted_keys()
        self.cited |= {key for key, places in wanted.items() if places}
        for key, places in wanted.items():
            self._resolve(key, places)
        self._take_parents()
        self._join_aliases()
        self.problems += self.sources.problems()
        if any(problem.severity is Severity.ERROR for problem in self.problems):
            return self._result()
        if not self.pins and self.output.data is None and not self.lock.exists:
            return self._result()
        if self.settings.keep:
            unneeded = self._unneeded(self.pins)
            return self._result(self._add_to_output(unneeded if self.run.prune else ()), unneeded)
        entries, strings, preambles = self._texts()
        unneeded = self._unneeded(entries)
        written = self.output.rewrite(
            Wanted(entries=entries, strings=strings, preambles=preambles, any_place=self._any_place),
            keep=() if self.run.prune else unneeded,
            known=self._known_blocks(),
        )
        written = replace(written, data=self.layout.file(self.output.data, written.data))
        return self._result(written, unneeded)

    # ---- what is there ----------------------------------------------------------------------------------------------

    def _check_output(self) -> None:
        if (line := conflict_line(self.output.index.text)) is not None:
            raise InputError(
                "the file has merge conflict marks",
                path=self.settings.output,
                line=line,
                hint="resolve the conflict, or delete the file and run `bibtool refs`: the lock has its data",
            )
        for key, line in self.output.broken():
            message = f"the entry {key!r} can't be read" if key else "this can't be read as an entry"
            hint = "fix it, or delete it: `bibtool refs` writes it again"
            severity = Severity.ERROR
            if self.settings.keep and key not in self.cited:  # nothing near it is going to be changed
                hint, severity = f"`bibtool check {self.settings.output}` says what is wrong", Severity.WARNING
            place = Position(self.settings.output, line, 1)
            self._problem("broken-output", message, key or None, hint, severity, place)

    def _wanted_keys(self) -> dict[str, list[Citation]]:
        wanted: dict[str, list[Citation]] = {}
        for citation in self.citations:
            if citation.kind is not Kind.ALL:
                wanted.setdefault(citation.key, []).append(citation)
        wanted = self._respell(wanted)
        if self.everything:
            entries = {entry.key for key in wanted if (entry := self.sources.find(key)) is not None}
            known: Iterable[str] = (*self.sources.file_keys(), *self.output.index.entries, *self.lock.pins)
            for key in self.output.index.entries if self.settings.keep else known:
                pin = self.lock.pins.get(key)
                if pin and key not in wanted and pin.entry.lower().startswith("@xdata"):
                    continue
                entry = self.sources.find(key) if not self.settings.keep else None
                own = entry.key if entry is not None else key
                if own not in entries:
                    wanted.setdefault(own, [])
        return dict(sorted(wanted.items()))

    def _respell(self, wanted: Mapping[str, list[Citation]]) -> dict[str, list[Citation]]:
        """The citations by the key as the entry has it, where BibTeX finds that in another case."""
        result: dict[str, list[Citation]] = {}
        for key, places in wanted.items():
            own = self._own_spelling(key) if goes_by_bibtex(places) else key
            result.setdefault(own, []).extend(places)
            if own == key or places[0].kind is Kind.IDENTIFIER:
                continue
            place = Position(places[0].path, places[0].line, places[0].column)
            if own in wanted:
                message = f"{key!r} and {own!r} are both cited and differ in case only, at which BibTeX stops"
                self._problem("cited-case", message, key, "use one spelling", Severity.WARNING, place)
            else:
                message = f"{key!r} is cited, and the entry is {own!r}; BibTeX ignores the case of keys"
                self._problem("key-case", message, key, None, Severity.NOTE, place)
        return result

    def _own_spelling(self, key: str) -> str:
        """The key as an entry has it that BibTeX finds by this one; the same where there is no such entry."""
        if self.settings.dialect != "bibtex" or key in self.lock.pins or self.output.entry(key) is not None:
            return key
        if self.output.own_key(key) is not None or self.sources.find(key) is not None:
            return key
        return self._by_folded_key.get(folded(key), key)

    @cached_property
    def _by_folded_key(self) -> dict[str, str]:
        """Folded key -> the first known key that is spelled so; made once, since many keys may be missing."""
        by_folded: dict[str, str] = {}
        for known in self._known_keys():
            by_folded.setdefault(folded(known), known)
        return by_folded

    def _known_keys(self) -> Iterator[str]:
        yield from self.output.index.entries if self.settings.keep else ()
        yield from self.sources.all_keys()
        yield from self.lock.pins
        yield from self.output.index.entries

    @property
    def _any_place(self) -> frozenset[str] | None:
        r"""Keys of parents that may be anywhere in the file, as BibTeX knows of them before it reads it; None for all.

        biber minds no order, and BibTeX none for what is cited itself, by ``\nocite{*}`` too.
        """
        return None if self.settings.dialect == "biblatex" or self.everything else self.cited

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
            if MARK in pin.entry:
                place = Position(places[0].path, places[0].line, places[0].column) if places else Position()
                hint = "cite another work, or give it a note of your own that says so"
                message = f"{key!r} was retracted, its entry says"
                self._problem("cites-retracted", message, key, hint, Severity.WARNING, place)
        elif places and places[0].kind is Kind.IDENTIFIER:
            self.unresolved.append(key)
            hint = "`bibtool refresh` looks it up online, or add it to a source"
            self._miss("unresolved-identifier", f"neither a source nor the lock has the work {key}", places, hint)
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
        severity = Severity.WARNING if self.run.allow_missing else Severity.ERROR
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
        known = list(dict.fromkeys(self._known_keys()))
        same = [name for name in known if name.casefold() == key.casefold()]
        return tuple(same[:1]) or nearest(key, known)

    def _pin(self, key: str, identifier: Identifier | None) -> Pin | None:
        """The entry for a key, or None; see the module's description for the order.

        The pin has another key where an entry of the output that stays as it is has this one among its ``ids``.
        """
        pin = self.lock.pins.get(key)
        text = self.output.entry(key)
        if self.settings.keep and text is not None:
            return self._from_output(key, text, pin)
        entry = self.sources.find(key)
        if entry is not None:
            entry = self.versions.of_key(key, entry, pin)
        elif identifier is not None:
            entry = self.versions.of_work(key, identifier, pin)
        if entry is not None and not self.versions.stays(pin, entry):
            return self._from_source(key, entry, pin)
        if pin is not None and (pin.source != self.settings.output or text is None):
            if pin.source in self.sources.present:
                message = f"{key!r} is no longer in {pin.source}; the lock's data is used"
                hint = "put it back into a source, or stop citing it"
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
        if pin is not None and pin.source == self.settings.output:
            if pin.origin == origin:
                return pin
            if (pin.entry, pin.strings) == (text, strings):  # what a refresh made of it has been written
                return replace(pin, origin=origin)
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
            for named_key in parents_of(self.pins[key].entry):
                parent = named_key if named_key in self.pins else self._own_spelling(named_key)
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
                    message = f"no source has {parent!r}, to which {key!r} refers by crossref"
                    hint = "add it to a source, or remove the field"
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

    def _add_to_output(self, deleted: Collection[str]) -> Written:
        """The output kept by hand with what is missing; the pins of that become pins of the output."""
        from bibtool.project.handkept import Additions, parents_too_early, second_entries, with_additions

        own_strings = self.output.index.strings
        new: dict[str, str] = {}
        refreshed: dict[str, str] = {}
        strings: dict[str, str] = {}
        preambles: dict[str, None] = {}
        for key, pin in sorted(self.pins.items()):
            text = self.output.entry(key)
            if text is not None:
                if pin.entry != text:
                    refreshed[key] = pin.entry
                continue
            text = drop_fields(pin.entry, self.settings.drop)
            blocks = {name: block for block in pin.strings for name in strings_in(block)}
            known = {**strings, **own_strings}
            clash = any(strings_in(known[name]) != strings_in(blocks[name]) for name in blocks if name in known)
            if not clash:
                strings.update((name, block) for name, block in blocks.items() if name not in known)
            new[key] = self.layout.entry(expanded(text, pin.strings) if clash else text, None)
            preambles.update((block, None) for block in pin.preambles if block not in self.output.index.preambles)
        any_place = self._any_place
        additions = Additions(
            entries=new,
            refreshed=refreshed,
            strings=strings,
            preambles=tuple(preambles),
            deleted=deleted,
            any_place=any_place,
        )
        written = with_additions(self.output, additions)
        for key, text in new.items():
            used = strings_for(text, {**strings, **own_strings})
            self.pins[key] = replace(
                self.pins[key],
                source=self.settings.output,
                source_key="",
                origin=digest(text, *used),
                entry=text,
                strings=used,
                preambles=(),
                dialect="",
                record_lines=(),
            )
        for parent, child in parents_too_early(self.output, self.pins, any_place).items():
            message = f"BibTeX does not find {parent!r} for {child!r}, since the entry comes before it and is not cited"
            place = Position(self.settings.output, self.output.line_of(parent), 1)
            hint = f"move it to the end of the file, or add \\nocite{{{parent}}} to the document"
            self._problem("parent-too-early", message, parent, hint, Severity.WARNING, place)
        self._warn_of_case(self.pins)
        return replace(written, doubles=second_entries(self.output, self.pins))

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
            entries[key] = self.layout.entry(text, self.output.entry(key))
            preambles.update(dict.fromkeys(pin.preambles))
        self._warn_of_case(entries)
        self._same_work_twice()
        return entries, strings, tuple(preambles)

    def _warn_of_case(self, keys: Collection[str]) -> None:
        for first_key, second_key in _folded_twice(keys):
            message = f"the keys {first_key!r} and {second_key!r} differ in case only, which BibTeX refuses"
            hint = "cite the work by one of them"
            self._problem("keys-differ-in-case", message, first_key, hint, Severity.WARNING)

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

    def _unneeded(self, needed: Collection[str]) -> tuple[str, ...]:
        """Keys of entries of the output that nothing needs and no source or lock knows, with what they refer to."""
        rest = [key for key in self.output.index.entries if key not in needed]
        if self.settings.keep:
            return tuple(rest)
        unknown = []
        for key in rest:
            pin = self.lock.pins.get(key)
            if pin is not None and pin.source != self.settings.output:
                continue
            if pin is None and self.sources.find(key) is not None:
                continue
            unknown.append(key)
        reached = set(unknown)
        waiting = list(unknown)
        while waiting:
            for named_key in parents_of(self.output.entry(waiting.pop()) or ""):
                parent = self.output.own_key(named_key) or named_key
                if parent not in reached:
                    reached.add(parent)
                    waiting.append(parent)
        return (*unknown, *(key for key in rest if key in reached and key not in unknown))

    def _known_blocks(self) -> frozenset[str]:
        """The ``@string`` and ``@preamble`` blocks that came from a source; what somebody wrote here is not theirs."""
        pins = [pin for pin in (*self.lock.pins.values(), *self.pins.values()) if pin.source != self.settings.output]
        return frozenset(block for pin in pins for block in (*pin.strings, *pin.preambles))

    def _result(self, written: Written | None = None, unneeded: Sequence[str] = ()) -> Plan:
        plan = Plan(
            problems=tuple(self.problems),
            keys=tuple(sorted(self.pins)),
            undefined=tuple(self.undefined),
            unresolved=tuple(self.unresolved),
        )
        if written is None:
            return plan
        name, lock_name = self.settings.output, self.settings.lock
        changes = output_changes(written, name, pruned=unneeded if self.run.prune else ())
        output = written.data if written.data != self.output.data else None
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
        plan = replace(plan, output=output, lock=lock, changes=tuple(changes), problems=tuple(self.problems))
        if self.run.prune:
            return replace(plan, pruned=tuple(unneeded))
        new = unneeded if not self.lock.exists else [key for key in unneeded if key in self.lock.pins]
        return replace(plan, kept=tuple(unneeded), newly_kept=tuple(new))


def _cited_as(pin: Pin, key: str) -> Pin:
    """The pin for another key of the same entry."""
    own = pin.source_key or pin.key
    return replace(pin, key=key, source_key=own if own != key else "", entry=with_key(pin.entry, key))


def _source_of(pin: Pin) -> tuple[str, str]:
    """The source of a pin, and the key of the entry there."""
    return pin.source, pin.source_key or pin.key


def _folded_twice(keys: Collection[str]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    return [(seen[folded(key)], key) for key in sorted(keys) if seen.setdefault(folded(key), key) != key]
