"""One request at a time, some seconds apart, over all processes of this user.

arXiv's terms (https://info.arxiv.org/help/api/tou.html): at most one request in three seconds and one connection, over
all machines together. The processes of one user meet in a lock file; next to it is a small state file with the end
of the last request and the time before which arXiv does not want to be asked again.

The lock is held only for a look at the state, never during a request: the state says who has its turn and until when.
The turn of a process that died, and of a request that takes longer than `LEASE_S`, is over, so that no run waits for
another that hangs. Times are wall-clock times, since only these are the same in
all processes; one that lies in the future (the clock was set back) is never waited for longer than the rule asks.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from dataclasses import asdict
from typing import IO, TYPE_CHECKING

from bibtool.files import write_cached
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DELAY_S = 3.0
MAX_POSTPONE_S = 900.0
LEASE_S = 30.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class State:
    """Seconds since the epoch, 0 for never.

    ``ended`` is the end of the last request; ``not_before`` the time before which none may be sent; until
    ``broken_until`` a request is only a probe, since the ones before it failed for ``reason``. ``owner`` has its turn
    until ``taken_until``.
    """

    ended: float = 0.0
    not_before: float = 0.0
    broken_until: float = 0.0
    reason: str = ""
    owner: str = ""
    taken_until: float = 0.0


@dataclass(slots=True)
class Pacer:
    """Slots for requests. ``folder`` is shared by all processes of the user; None keeps the pace in this one only.

    ``clock`` gives seconds since the epoch, ``sleep`` waits; both are passed in, so that tests wait for nothing.
    """

    folder: Path | None = None
    delay_s: float = DELAY_S
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _own: State = State()

    def waiting_s(self) -> float:
        """Seconds until the next request may be sent."""
        state, now = self._read(), self.clock()
        wait = self.asked_to_wait_s()
        if state.ended:
            # a time in the future means that the clock was changed: then the full distance is kept, no more
            wait = max(wait, self.delay_s - max(0.0, now - state.ended))
        return max(0.0, wait)

    def asked_to_wait_s(self) -> float:
        """Seconds for which arXiv asked not to be asked."""
        left = self._read().not_before - self.clock()
        return left if 0 < left <= MAX_POSTPONE_S else 0.0

    def postpone(self, seconds: float) -> None:
        """No process sends a request for that long (at most a quarter of an hour)."""
        until = self.clock() + min(max(0.0, seconds), MAX_POSTPONE_S)
        self._write(replace(self._read(), not_before=until))

    def tripped(self) -> str:
        """Why the last requests failed, if that was a short time ago; else ""."""
        state = self._read()
        left = state.broken_until - self.clock()
        return state.reason if 0 < left <= MAX_POSTPONE_S else ""

    def trip(self, seconds: float, reason: str) -> None:
        """For that long, requests of all processes are single probes."""
        until = self.clock() + min(seconds, MAX_POSTPONE_S)
        self._write(replace(self._read(), broken_until=until, reason=reason[:200]))

    def heal(self) -> None:
        """An answer came: everything is as usual."""
        state = self._read()
        if state.broken_until or state.reason:
            self._write(replace(state, broken_until=0.0, reason=""))

    @contextlib.contextmanager
    def slot(self) -> Iterator[None]:
        """Waits for its turn, then has it for the length of the block, up to `LEASE_S`. Not to be nested."""
        owner = _new_owner()
        while True:
            with self._lock():
                state = self._read()
                if not self._is_taken(state):
                    # once only: nobody else moves the state meanwhile, and a clock set back must not wait for ever
                    wait = self.waiting_s()
                    self._write(replace(state, owner=owner, taken_until=self.clock() + wait + LEASE_S))
                    break
            self.sleep(_POLL_S)
        try:
            if wait > 0:
                self.sleep(wait)
            yield
        finally:
            with self._lock():
                state = self._read()
                if state.owner == owner:
                    state = replace(state, owner="", taken_until=0.0)
                self._write(replace(state, ended=self.clock()))

    def _is_taken(self, state: State) -> bool:
        """Whether another run has its turn now; a time far in the future means that the clock was changed."""
        left = state.taken_until - self.clock()
        return bool(state.owner) and 0 < left <= MAX_POSTPONE_S + LEASE_S and _is_alive(state.owner)

    # -- files: a pace that can't be kept on disk is kept in this process ------------------------------------------

    def _read(self) -> State:
        if self.folder is None:
            return self._own
        try:
            found = json.loads((self.folder / "pace.json").read_text(encoding="ascii"))
            ended, not_before, broken = (float(found[name]) for name in ("ended", "not_before", "broken_until"))
            owner, until = str(found.get("owner", "")), float(found.get("taken_until", 0.0))
            return State(ended, not_before, broken, str(found["reason"]), owner, until)
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return self._own

    def _write(self, state: State) -> None:
        self._own = state
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            write_cached(self.folder / "pace.json", json.dumps(asdict(state)).encode("ascii"))

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        handle = self._open_lock()
        if handle is None:
            yield
            return
        with handle:
            while not _try_lock(handle):
                self.sleep(_POLL_S)
            try:
                yield
            finally:
                _unlock(handle)

    def _open_lock(self) -> IO[bytes] | None:
        if self.folder is None:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return (self.folder / "pace.lock").open("a+b")
        except OSError:
            return None


def _new_owner() -> str:
    """A name for one turn: machine, process, and chance."""
    return f"{socket.gethostname()} {os.getpid()} {os.urandom(4).hex()}"


def _is_alive(owner: str) -> bool:
    """False where the process that had the turn is known to have ended: one of this machine."""
    machine, _, rest = owner.partition(" ")
    number = rest.partition(" ")[0]
    if os.name != "posix" or machine != socket.gethostname() or not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        import fcntl
    except ImportError:
        return _try_lock_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: better a pace in one process than none at all
        return True
    return True


def _unlock(handle: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:
        _unlock_windows(handle)
        return
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_UN)


def _try_lock_windows(handle: IO[bytes]) -> bool:
    from importlib import import_module

    msvcrt = import_module("msvcrt")  # by name: the type checker knows this module on Windows only
    handle.seek(0)
    try:
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def _unlock_windows(handle: IO[bytes]) -> None:
    from importlib import import_module

    msvcrt = import_module("msvcrt")
    handle.seek(0)
    with contextlib.suppress(OSError):
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
