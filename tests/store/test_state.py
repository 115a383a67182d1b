"""A random sequence of changes, undos and redos behaves like a list of dictionaries."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bibtool.errors import UnknownNameError, UsageError
from bibtool.model.record import Record
from bibtool.store import Library, Transaction, open_library
from tests.store.made import clock, work

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = st.sampled_from(["a", "A", "b", "c", "é", "É"])
TITLES = st.sampled_from(["One", "Two", "Three"])
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, TITLES),
        st.tuples(st.just("remove"), KEYS, st.just("")),
        st.tuples(st.just("rename"), KEYS, KEYS),
    ),
    max_size=5,
)
State = dict[str, Record]


def act(state: State, change: Transaction, action: tuple[str, str, str]) -> None:
    """Do one action on both sides; what is not possible has to be refused."""
    kind, key, other = action
    folded = key.casefold()
    if kind == "put":
        record = work(key, other, "Ann Bell", 2000)
        assert change.put(record) == (state.get(folded) != record)
        state[folded] = record
    elif folded not in state:
        with pytest.raises(UnknownNameError):
            change.remove(key) if kind == "remove" else change.rename(key, other)
    elif kind == "remove":
        assert change.remove(key) == state.pop(folded)
    elif other.casefold() != folded and other.casefold() in state:
        with pytest.raises(UsageError):
            change.rename(key, other)
    else:
        record = replace(state.pop(folded), key=other)
        assert change.rename(key, other) == record
        state[other.casefold()] = record


class LibraryMachine(RuleBasedStateMachine):
    """`states[at]` is what the library holds; the states before it can be undone to, those behind it redone to."""

    new_place: Callable[[], str]

    @initialize()
    def start(self) -> None:
        self.place = type(self).new_place()
        self.library: Library = open_library(self.place, clock=clock)
        self.states: list[State] = [{}]
        self.at = 0

    @rule(actions=ACTIONS, fails=st.booleans())
    def change(self, actions: list[tuple[str, str, str]], fails: bool) -> None:
        state = dict(self.states[self.at])
        with suppress(ZeroDivisionError), self.library.change("change") as change:
            for action in actions:
                act(state, change, action)
            assert 1 // (not fails)
        if fails:
            return
        if state != self.states[self.at]:
            self.states = [*self.states[: self.at + 1], state]
            self.at += 1

    @rule()
    def undo(self) -> None:
        change = self.library.undo()
        assert (change is None) == (self.at == 0)
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        change = self.library.redo()
        assert (change is None) == (self.at == len(self.states) - 1)
        self.at = min(len(self.states) - 1, self.at + 1)

    @rule()
    def open_again(self) -> None:
        self.library.close()
        self.library = open_library(self.place, create=False, clock=clock)

    @invariant()
    def holds_the_state(self) -> None:
        state = self.states[self.at]
        assert {record.key.casefold(): record for record in self.library.records()} == state
        assert len(self.library) == len(state)
        assert self.library.keys() == tuple(state[key].key for key in sorted(state))
        assert len(self.library.history()) == len(self.states) - 1
        for title in ("One", "Two", "Three"):
            keys = {record.key for record in state.values() if record.title == title}
            assert {record.key for record in self.library.search(f'"{title}"')} == keys
            assert {record.key for record in self.library.find(title_key=title.casefold())} == keys

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()


@pytest.mark.slow
def test_a_random_sequence(new_place: Callable[[], str]) -> None:
    examples = 6 if "://" in new_place() else 40

    class Machine(LibraryMachine):
        pass

    Machine.new_place = staticmethod(new_place)
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None))
