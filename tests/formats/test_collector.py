"""The cycle collector, which waits while records are made."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bibtool import collector
from bibtool.cli.common import holding_records
from bibtool.collector import collector_paused
from bibtool.formats.registry import read_bytes
from bibtool.styles.processor import Processor
from bibtool.styles.style import Style
from bibtool.xmltree import parse_xml
from tests.styles.data import record, style_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


@pytest.fixture
def made_by_ours() -> Iterator[Callable[[], Counter[str]]]:
    """Counts the objects of our classes, while the collector is off."""

    def count() -> Counter[str]:
        classes = [type(one) for one in gc.get_objects()]
        return Counter(kind.__qualname__ for kind in classes if str(kind.__module__).startswith("bibtool."))

    gc.collect()
    gc.disable()
    try:
        yield count
    finally:
        gc.enable()


ITEMS = b"""[{"id": "a", "type": "book", "title": "Rivers", "author": [{"family": "Ito", "given": "A."}],
 "issued": {"date-parts": [[2001]]}},
 {"id": "b", "type": "article-journal", "title": "Lakes", "author": [{"family": "Ito", "given": "B."}],
 "container-title": "Waters", "issued": {"date-parts": [[2001]]}}]"""


@pytest.mark.parametrize("data", [ITEMS, ITEMS + b"x", ITEMS[:-1]])
def test_nothing_that_was_read_waits_for_the_collector(data: bytes, made_by_ours: Callable[[], Counter[str]]) -> None:
    assert len(read_bytes(ITEMS, "csl-json").records) == 2  # now all modules are there
    before = made_by_ours()
    assert len(read_bytes(data, "csl-json").records) == 2
    assert made_by_ours() - before == Counter()


def test_no_list_of_references_waits_for_the_collector(made_by_ours: Callable[[], Counter[str]]) -> None:
    records = read_bytes(ITEMS, "csl-json").records

    def formatted() -> str:
        processor = Processor(Style.load("apa"), records)
        return processor.cite(["a", "b"]) + str(processor.bibliography())

    text = formatted()
    before = made_by_ours()
    assert formatted() == text
    assert made_by_ours() - before == Counter()


def test_no_parsed_document_waits_for_the_collector(made_by_ours: Callable[[], Counter[str]]) -> None:
    before = made_by_ours()
    assert parse_xml("<a><b/></a>", max_depth=9).root is not None
    assert parse_xml("<a><b></a>", max_depth=9).fault is not None
    assert made_by_ours() - before == Counter()
