"""HTTP with patience: one GET that either gives a checked answer or says why there is none.

Tried again: 429, 5xx, timeouts, broken connections, and answers with status 200 that are none (HTML, empty, cut). Not
tried again: any other 4xx, and a page that refuses robots. ``Retry-After`` is obeyed. After the last try a circuit
breaker is noted for all processes of the user (`Pacer.trip`): for some minutes a request gets a short probe only.
"""

from __future__ import annotations

import random
import socket
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from bibtool.enrich.pace import MAX_POSTPONE_S, Pacer
from bibtool.errors import NetworkError, RefusedError, UnreachableError
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

T = TypeVar("T")

MAX_BODY_BYTES = 32_000_000
MAX_REDIRECTS = 5
PROBE_TRIES = 2  # as long as the service is known to fail
AGAIN = "run the same command later: what is known by now is kept"


class Response(Protocol):
    """What is used of `requests.Response`."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]:
        """Header names in any case."""
        ...

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        """The body, decompressed."""
        ...


class Watch(Protocol):
    """What is used of `bibtool.enrich.deadline.Watch`."""

    expired: bool


class Session(Protocol):
    """What is used of `bibtool.enrich.deadline.DeadlineSession`: one GET as a context manager, within a time."""

    def within(self, seconds: float) -> AbstractContextManager[Watch]:
        """Ends what is under way after so many seconds."""
        ...

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
        stream: bool,
        allow_redirects: bool,
    ) -> AbstractContextManager[Response]:
        """The answer, its body not read yet."""
        ...

    def post(
        self,
        url: str,
        data: bytes,
        *,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
        stream: bool,
        allow_redirects: bool,
    ) -> AbstractContextManager[Response]:
        """The same for a question that is sent as a body."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of patience, all in seconds but ``tries``.

    Waits between tries grow threefold from ``first_wait_s`` with a quarter of jitter. A ``Retry-After`` beyond
    ``max_retry_after_s`` is not waited for but ends the asking. ``cooldown_s`` is how long nobody asks after the end.
    ``total_timeout_s`` is for one exchange, from the connection to the last byte.
    """

    tries: int = 4
    first_wait_s: float = 5.0
    max_wait_s: float = 60.0
    max_retry_after_s: float = 180.0
    cooldown_s: float = 120.0
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0
    total_timeout_s: float = 120.0


class _TemporaryError(Exception):
    """This try failed; the next may not."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        hopeless: bool = False,
        is_slow: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.hopeless = hopeless
        self.is_slow = is_slow


class FinalError(NetworkError):
    """An answer that would be the same again, though it is none: nothing is tried again, and others may be asked."""


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def new_session(url: str) -> Session:
    """A session with limits of redirects and time; the environment's proxies are used, except for this machine."""
    from bibtool.enrich.deadline import DeadlineSession

    return DeadlineSession(MAX_REDIRECTS, use_proxies=urlsplit(url).hostname not in LOOPBACK)


@dataclass(slots=True)
class Transport:
    """Everything with an effect is passed in: session, clocks, sleep and chance.

    ``requests_made`` counts what was really sent, tries included. ``on_wait`` is called before every wait for a new
    try, with seconds and reason. ``service`` is the name of the service in messages; ``on_headers`` gets the headers of
    every answer, where a service states its limits, and may give the seconds until another request makes sense.
    ``moved``: the last answer came from another address than was asked. ``key_headers`` and ``key_query`` hold the
    user's key; they are never part of a message.
    """

    user_agent: str
    pacer: Pacer
    policy: Policy = field(default_factory=Policy)
    session: Session | None = None
    chance: Callable[[], float] = random.random
    on_wait: Callable[[float, str], None] | None = None
    requests_made: int = 0
    service: str = "arXiv"
    accept: str = "application/atom+xml"
    on_headers: Callable[[Mapping[str, str]], float | None] | None = None
    moved: bool = False
    key_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    key_query: str = field(default="", repr=False)

    def get(
        self,
        url: str,
        check: Callable[[bytes, bool], T],
        *,
        absent: Callable[[bytes], T] | None = None,
        sent: bytes | None = None,
    ) -> T:
        """What ``check`` makes of the body.

        ``check`` gets the body and whether this is the last try; it raises `NetworkError` for a body that is not an
        answer, which counts as a failed try, or `RefusedError`, which ends the asking. Status 400 is passed to it too,
        since arXiv explains itself in a feed there. ``absent`` makes something of the body of a status 404 or 410, for
        a service that says "there is none" that way. ``sent`` is JSON that is sent along, by POST. Raises
        `NetworkError` with ``status`` and ``attempts``.
        """
        self._be_patient(url)
        tries = PROBE_TRIES if self.pacer.tripped() else self.policy.tries
        failure = _TemporaryError("no try was made")
        attempt = 0
        while attempt < tries:
            attempt += 1
            try:
                answer = self._once(url, check, absent, sent, last=attempt == tries)
            except RefusedError as error:
                error.url, error.attempts = url, attempt
                self.pacer.trip(MAX_POSTPONE_S, "it refused us")
                raise
            except _TemporaryError as error:
                failure = error
            else:
                self.pacer.heal()
                return answer
            if failure.hopeless:
                # without a network more patience is of no use: one more try soon, in case it just came up
                tries = min(tries, PROBE_TRIES)
            if failure.is_slow:  # all of its time was used up: a second try is enough
                tries = min(tries, PROBE_TRIES)
            wait = self._wait_s(attempt, failure)
            if wait is None:
                break
            if attempt < tries:
                if self.on_wait is not None:
                    self.on_wait(wait, failure.reason)
                self.pacer.postpone(wait)
        if failure.retry_after:
            self.pacer.postpone(failure.retry_after)
        self.pacer.trip(self.policy.cooldown_s, failure.reason)
        tried = f"{attempt} {'try' if attempt == 1 else 'tries'}"
        if failure.hopeless:
            raise UnreachableError(
                f"could not reach {self.service} ({tried}): {failure.reason}", url=url, attempts=attempt, hint=AGAIN
            )
        raise NetworkError(
            f"could not reach {self.service} ({tried}): {failure.reason}",
            url=url,
            status=failure.status,
            attempts=attempt,
            hint=AGAIN,
        )

    def _be_patient(self, url: str) -> None:
        """Raises `NetworkError` where the service has asked for more patience than a run has."""
        left = self.pacer.asked_to_wait_s()
        if left > self.policy.max_retry_after_s:
            raise NetworkError(f"{self.service} asked us to wait another {left:.0f} s", url=url, hint=AGAIN)

    def _wait_s(self, attempt: int, failure: _TemporaryError) -> float | None:
        """Seconds before the next try, or None if the service wants more patience than a run has."""
        if failure.retry_after is not None:
            return failure.retry_after if failure.retry_after <= self.policy.max_retry_after_s else None
        if failure.hopeless:
            return self.pacer.delay_s
        wait = min(self.policy.max_wait_s, self.policy.first_wait_s * 3.0 ** (attempt - 1))
        return wait * (1 + self.chance() / 4)

    def _once(
        self,
        url: str,
        check: Callable[[bytes, bool], T],
        absent: Callable[[bytes], T] | None,
        sent: bytes | None,
        *,
        last: bool,
    ) -> T:
        import requests

        with self.pacer.slot():
            self.requests_made += 1
            try:
                status, retry_after, body = self._fetch(url, sent)
            except (
                requests.exceptions.InvalidSchema,
                requests.exceptions.InvalidURL,
                requests.exceptions.MissingSchema,
                requests.exceptions.TooManyRedirects,
            ) as error:
                raise NetworkError(f"the address can't be used: {error}", url=url, attempts=1) from error
            except requests.exceptions.SSLError as error:
                raise NetworkError(f"no secure connection: {_words(error)}", url=url, attempts=1) from error
            except requests.exceptions.ConnectTimeout as error:
                raise _TemporaryError("the connection timed out", hopeless=True) from error
            except requests.exceptions.Timeout as error:
                raise _TemporaryError("it took too long to answer") from error
            except (requests.exceptions.RequestException, OSError) as error:
                raise _TemporaryError(_words(error), hopeless=_no_network(error)) from error
        if status == 429 or status >= 500:
            words = {429: "it is busy (429)", 503: "it is overloaded (503)"}.get(status, f"server error {status}")
            raise _TemporaryError(words, status=status, retry_after=retry_after)
        if status == 403:
            see = "; see https://info.arxiv.org/help/robots.html" if self.service == "arXiv" else ""
            raise RefusedError(
                f"{self.service} refuses to answer (403)",
                status=status,
                hint=f"do not ask again for some hours{see}",
            )
        is_absent = absent is not None and status in {404, 410}
        if status not in {200, 400} and not is_absent:
            raise NetworkError(f"{self.service} answered with status {status}", url=url, status=status, attempts=1)
        try:
            return absent(body) if absent is not None and is_absent else check(body, last)
        except (RefusedError, FinalError):
            raise
        except NetworkError as error:
            if status == 400:
                raise NetworkError(
                    f"{self.service} rejected the request (400)", url=url, status=400, attempts=1
                ) from error
            raise _TemporaryError(error.message, status=status, retry_after=retry_after) from error

    def _fetch(self, url: str, sent: bytes | None) -> tuple[int, float | None, bytes]:
        if self.session is None:
            self.session = new_session(url)
        with self.session.within(self.policy.total_timeout_s) as watch:
            try:
                answer = self._read(self.session, url, sent, watch)
            except Exception as error:
                if watch.expired:  # what the reader says of a connection that was shut down is of no interest
                    raise _TemporaryError("it took too long to answer", is_slow=True) from error
                raise
            if watch.expired:  # a body without a length just seems to end
                raise _TemporaryError("it took too long to answer", is_slow=True)
        return answer

    def _asking(self, session: Session, url: str, sent: bytes | None) -> AbstractContextManager[Response]:
        headers = {"User-Agent": self.user_agent, "Accept": self.accept, **self.key_headers}
        timeout = (self.policy.connect_timeout_s, self.policy.read_timeout_s)
        if self.key_query:
            url += f"{'&' if '?' in url else '?'}{self.key_query}"
        if sent is None:
            return session.get(url, headers=headers, timeout=timeout, stream=True, allow_redirects=True)
        headers["Content-Type"] = "application/json"
        return session.post(url, sent, headers=headers, timeout=timeout, stream=True, allow_redirects=True)

    def _read(self, session: Session, url: str, sent: bytes | None, watch: Watch) -> tuple[int, float | None, bytes]:
        with self._asking(session, url, sent) as response:
            body = bytearray()
            for chunk in response.iter_content(65536):
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _TemporaryError(f"the answer is longer than {MAX_BODY_BYTES // 1_000_000} MB")
                if watch.expired:
                    break
            self.moved = bool(getattr(response, "history", ()))
            stated = None if self.on_headers is None else self.on_headers(response.headers)
            # a date is meant by the server's clock, which may not be ours
            now = _instant(response.headers.get("Date"))
            wanted = parse_retry_after(response.headers.get("Retry-After"), self.pacer.clock() if now is None else now)
            return response.status_code, stated if wanted is None else wanted, bytes(body)


def _innermost(error: BaseException) -> BaseException:
    """The first of a chain of errors: requests wraps its errors several times."""
    for _ in range(20):
        inner = error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return error


def _words(error: Exception) -> str:
    """The innermost reason in few words, as they are said within a sentence."""
    inner = _innermost(error)
    system = (inner.strerror or "") if isinstance(inner, OSError) else ""
    words = " ".join((system or str(inner)).split())
    if system and words[1:2].islower():
        words = words[0].lower() + words[1:]
    return (words or type(inner).__name__)[:120]


def _no_network(error: Exception) -> bool:
    """True where the host has no address, can't be reached, or nobody listens there."""
    return isinstance(_innermost(error), (socket.gaierror, ConnectionRefusedError)) or "unreachable" in _words(error)


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Seconds to wait from a ``Retry-After`` header: a number of seconds or an HTTP date (RFC 9110, 10.2.3).

    None for a missing or unreadable value; a date in the past is 0.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else MAX_POSTPONE_S
    instant = _instant(text)
    return None if instant is None else max(0.0, instant - now)


def _instant(text: str | None) -> float | None:
    """Seconds since the epoch of an HTTP date, or None."""
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
