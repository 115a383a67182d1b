"""Many people in one library on PostgreSQL: ``python -m benchmarks.library_clients [--seconds 120]``.

Each client is a process with a connection of its own. Readers search, show and list in turn, with a pause as between
two commands; writers add records and count up a field of one of ten shared records, by `Transaction.replace` and again
from what is stored if somebody was faster. At the end, the counts have to be the number of edits that were written: no
update is lost. Prints latencies by kind; exits with 1 after an error or a lost update.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks._table import show
from benchmarks.library import made_records, simple_keys
from bibtool.errors import BibtoolError, LibraryChangedError
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.store import import_records, open_library
from tests.support.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue

    from bibtool.store import Library

SHARED = 10
PAUSE_S = 0.1

Times = dict[str, list[float]]


def shared_record(number: int, count: int) -> Record:
    return Record(
        key=f"shared{number}", type="document", variables={"title": Text.of("Shared"), "note": Text.of(str(count))}
    )


def reader(library: Library, chance: random.Random, keys: list[str], times: Times) -> None:
    words = library.get(chance.choice(keys)).title.split()
    kinds: dict[str, Callable[[], object]] = {
        "search": lambda: list(library.search(" ".join(chance.sample(words, 2)), 50)),
        "show": lambda: library.get(chance.choice(keys)),
        "list 100": lambda: list(library.records(chance.sample(keys, 100))),
        "history": lambda: library.history(20),
    }
    for kind, action in kinds.items():
        timed(kind, action, times)
        time.sleep(chance.random() * 2 * PAUSE_S)


def timed(kind: str, action: Callable[[], object], times: Times) -> None:
    start = time.perf_counter()
    action()
    times.setdefault(kind, []).append(time.perf_counter() - start)


def writer(library: Library, chance: random.Random, name: str, times: Times) -> None:
    def add() -> None:
        with library.change(f"add by {name}") as change:
            change.put(Record(key=f"{name}x{chance.getrandbits(60)}", type="document"))

    def edit() -> None:
        while True:
            before = library.get(f"shared{chance.randrange(SHARED)}")
            count = int(before.text("note")) + 1
            try:
                with library.change(f"edit by {name}") as change:
                    change.replace(before, before.with_values({"note": Text.of(str(count))}))
            except LibraryChangedError:
                times.setdefault("edits told to look again", []).append(0.0)
                continue
            return

    for kind, action in (("add", add), ("edit", edit)):
        timed(kind, action, times)
        time.sleep(chance.random() * 2 * PAUSE_S)


def client(place: str, number: int, role: str, end: float, keys: list[str], results: Queue[tuple[Times, str]]) -> None:
    times: Times = {}
    error = ""
    chance = random.Random(number)
    try:
        with open_library(place, create=False) as library:
            while time.time() < end:
                if role == "read":
                    reader(library, chance, keys, times)
                else:
                    writer(library, chance, f"writer{number}", times)
    except BibtoolError as caught:
        error = f"{role} {number}: {caught}"
    results.put((times, error))


def run(place: str, seconds: float, readers: int, writers: int) -> tuple[Times, list[str]]:
    with open_library(place) as library:
        keys = [key for key in map(str, library.keys()) if not key.startswith("shared")]
    context = multiprocessing.get_context("fork")
    results: Queue[tuple[Times, str]] = context.Queue()
    end = time.time() + seconds
    roles = ["read"] * readers + ["write"] * writers
    processes = [
        context.Process(target=client, args=(place, number, role, end, keys, results))
        for number, role in enumerate(roles)
    ]
    for process in processes:
        process.start()
    times: Times = {}
    errors: list[str] = []
    for _ in processes:
        some, error = results.get(timeout=seconds + 120)
        for kind, values in some.items():
            times.setdefault(kind, []).extend(values)
        errors += [error] if error else []
    for process in processes:
        process.join()
    return times, errors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=10)
    parser.add_argument("--records", type=int, default=20_000)
    options = parser.parse_args()
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL is not installed")
    server = Server(found, {"fsync": "on", "shared_buffers": "128MB", "autovacuum_naptime": "15s"})
    try:
        server.start()
        place = server.url()
        with open_library(place) as library:
            import_records(library, made_records(options.records), key_maker=simple_keys)
            with library.change("share") as change:
                change.put_all(shared_record(number, 0) for number in range(SHARED))
        times, errors = run(place, options.seconds, options.readers, options.writers)
        with open_library(place) as library:
            counted = sum(int(library.get(f"shared{number}").text("note")) for number in range(SHARED))
            added = len(library) - options.records - SHARED
    finally:
        server.stop()
    again = len(times.pop("edits told to look again", []))
    rows = [
        (kind, len(values), *(f"{value * 1000:.1f}" for value in (*quantiles(values), max(values))))
        for kind, values in sorted(times.items())
    ]
    title = f"{options.readers} readers and {options.writers} writers for {options.seconds:.0f} s, ms"
    show(title, ("what", "calls", "median", "95 %", "99 %", "slowest"), rows)
    lost = len(times.get("edit", [])) - counted + len(times.get("add", [])) - added
    print(f"edits that were told to look again: {again}; lost updates: {lost}; errors: {len(errors)}")
    for error in errors[:5]:
        print(error)
    return 1 if errors or lost else 0


def quantiles(values: list[float]) -> tuple[float, float, float]:
    if len(values) < 2:
        return (values[0],) * 3
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94], cuts[98]


if __name__ == "__main__":
    raise SystemExit(main())
