"""The cycle collector, which waits while records are made."""

from __future__ import annotations

import gc
import weakref

import pytest

from bibtool import collector
from bibtool.cli.common import holding_records
from bibtool.collector import collector_paused
from bibtool.styles.processor import Processor
from bibtool.styles.style import Style
from tests.styles.data import record, style_source


class Node:
    """Something that can hold itself."""

    def __init__(self) -> None:
        self.own = self


def test_it_waits_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_cycles_do_not_pile_up_in_a_process_that_reads_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MAX_UNSEEN", 1000)
    monkeypatch.setattr(collector, "_unseen", 0)
    alive: list[weakref.ref[Node]] = []
    for _ in range(50):
        with collector_paused():
            alive.append(weakref.ref(Node()))
            kept: list[list[int]] = [[] for _ in range(200)]
        del kept
    assert sum(each() is not None for each in alive) < 15


def test_what_is_left_for_later_is_found_by_the_next_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MAX_UNSEEN", 1000)
    monkeypatch.setattr(collector, "_unseen", 0)
    with collector_paused(later=True):
        left = weakref.ref(Node())
        kept: list[list[int]] = [[] for _ in range(2000)]
    assert gc.isenabled()
    assert left() is not None
    with collector_paused():
        pass
    assert left() is None
    assert len(kept) == 2000


def test_a_command_that_holds_all_records_leaves_the_collector_on() -> None:
    states: list[bool] = []

    @holding_records
    def command(number: int, *, fails: bool = False) -> int:
        states.append(gc.isenabled())
        if fails:
            raise ValueError
        return number

    assert command(3) == 3
    with pytest.raises(ValueError):
        command(3, fails=True)
    assert states == [False, False]
    assert gc.isenabled()


def test_objects_that_the_program_keeps_apart_stay_apart() -> None:
    gc.freeze()
    try:
        before = gc.get_freeze_count()
        with collector_paused():
            pass
        # some of them may have been freed; all would be back if they were mixed with the others
        assert gc.get_freeze_count() > before // 2 > 0
    finally:
        gc.unfreeze()


def test_it_waits_while_a_list_is_formatted() -> None:
    style = Style.parse(style_source(bibliography='<layout><text variable="title"/></layout>'))
    records = [record(f"k{number}", title=f"Title {number}") for number in range(300)]
    begun: list[int] = []

    def note(phase: str, details: dict[str, int]) -> None:
        if phase == "start":
            begun.append(details["generation"])

    before = gc.get_threshold()
    gc.set_threshold(20)
    gc.callbacks.append(note)
    try:
        begun.clear()
        processor = Processor(style, records)
        processor.bibliography()
        assert len(begun) < 5  # between the two calls, not for every twentieth of thousands of objects
        assert gc.isenabled()
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
