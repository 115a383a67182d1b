"""Many files done at once: by processes of this machine, or by the workers of a Dask scheduler."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread, active_count
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from bibtool.batch.work import FAILED, Outcome, do
from bibtool.errors import NetworkError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from bibtool.batch.files import Folder
    from bibtool.batch.work import Job

    class Named(Protocol):
        """What is handed out: a file, or another task."""

        @property
        def name(self) -> str:
            """What it is called; no two have the same."""
            ...

    T = TypeVar("T", bound=Named)
    Work = Callable[[Job, Folder, T], Outcome]

_WAITING: Final = 4  # portions per process that are handed out
_TOGETHER: Final = 4  # files of a portion, where there are many: each portion that is handed out costs all processes
_ATTEMPTS: Final = 3
_CONNECT_TIMEOUT_S: Final = 10


def by_processes(
    job: Job, inputs: Sequence[T], folder: Folder, workers: int, work: Work[Any] = do
) -> Iterator[Outcome]:
    """What becomes of each file, in any order; ``work`` is a function of a module, so that processes can import it.

    A process that is killed takes nothing with it: what it may have been at is repeated, by itself from the second
    time on, so that a file which kills every process is found, and is the only one that is given up.
    """
    waiting = deque(inputs)
    attempts: Counter[str] = Counter()
    while waiting:
        lost: list[T] = []
        yield from _one_pool(partial(work, job, folder), waiting, workers, lost)
        for each in lost:
            attempts[each.name] += 1
            while True:
                alone: list[T] = []
                if attempts[each.name] == 1:
                    waiting.append(each)
                    break
                yield from _one_pool(partial(work, job, folder), deque([each]), 1, alone)
                if not alone:
                    break
                attempts[each.name] += 1
                if attempts[each.name] >= _ATTEMPTS:
                    why = "the process that worked on it was ended each time: killed, or out of memory"
                    yield Outcome(each.name, status=FAILED, failed=True, problems=[f"{each.name}: {why}"])
                    break


def _one_pool(work: Callable[[T], Outcome], waiting: deque[T], workers: int, lost: list[T]) -> Iterator[Outcome]:
    """Outcomes until all is done, or a process has ended; ``lost`` gets what was handed out then."""
    running: dict[Future[list[Outcome]], list[T]] = {}
    together = max(1, min(_TOGETHER, len(waiting) // (workers * _WAITING * _TOGETHER)))
    with ProcessPoolExecutor(workers, mp_context=get_context(_start_method()), initializer=_prepare) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < workers * _WAITING:
                    some = [waiting.popleft() for _ in range(min(together, len(waiting)))]
                    running[pool.submit(_all_of, work, some)] = some
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    outcomes = future.result()
                    del running[future]
                    yield from outcomes
        except BrokenProcessPool:
            lost.extend(each for some in running.values() for each in some)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _all_of(work: Callable[[T], Outcome], some: Sequence[T]) -> list[Outcome]:
    return [work(each) for each in some]


def _start_method() -> str:
    """How processes are started: as copies of this one, which has loaded all, where that is safe.

    A lock that another thread holds would stay locked in a copy, and the system libraries of macOS don't allow for one.
    """
    return "fork" if sys.platform == "linux" and active_count() == 1 else "spawn"


def _prepare() -> None:
    """Leave Ctrl-C to the process that hands out the work, and end when that has ended, however it did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody waits for a result, and files are written as a whole


def by_dask(job: Job, inputs: Sequence[T], folder: Folder, address: str, work: Work[Any] = do) -> Iterator[Outcome]:
    """What becomes of each file, in any order; the paths must mean the same to all workers.

    Raises `UsageError` without the package `distributed`, and `NetworkError` if the scheduler can't be reached.
    """
    client, as_completed = _connected(address)
    with client:
        waiting = deque(inputs)
        running: dict[Any, T] = {}

        def hand_out(pool: Any) -> None:
            while waiting and len(running) < max(1, len(client.nthreads())) * _WAITING * 4:
                each = waiting.popleft()
                # the same file may be done twice, and gives the same bytes
                future = client.submit(work, job, folder, each, pure=False, retries=_ATTEMPTS - 1)
                running[future] = each
                pool.add(future)

        pool = as_completed(loop=client.loop)
        hand_out(pool)
        while running:
            future = next(pool)
            each = running.pop(future)
            error = future.exception()
            if error is None:
                yield future.result()
            else:
                said = f"{each.name}: the workers could not do it: {type(error).__name__}: {error}"
                yield Outcome(each.name, status=FAILED, failed=True, problems=[said[:500]])
            hand_out(pool)


def _connected(address: str) -> tuple[Any, Any]:
    try:
        import distributed
    except ImportError:
        hint = "pip install distributed"
        raise UsageError("--scheduler needs Dask's package distributed, which is not installed", hint=hint) from None
    try:
        connect: Any = distributed.Client  # has no types
        return connect(address, timeout=_CONNECT_TIMEOUT_S, set_as_default=False), distributed.as_completed
    except ValueError as error:
        raise UsageError(f"{address!r} is not the address of a scheduler: {error}", hint="tcp://HOST:8786") from None
    except OSError as error:
        raise NetworkError(f"no scheduler answers at {address}: {error}") from None
