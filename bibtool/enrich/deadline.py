"""A session of `requests` whose exchanges end in time, whatever the server does.

The timeouts of requests count from the last byte: a server that sends one now and then, in the headers, as a line of
``100 Continue`` or in the body, is never waited for too long by them. So a timer shuts the sockets of the exchange
down, which ends every wait for them, also that for a handshake or a redirect.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Iterator


KEY_HEADER = "x-api-key"  # besides Authorization, which requests knows


class Watch:
    """The sockets of one exchange; ``expired`` says that its time ran out and that they were shut down."""

    def __init__(self) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._guard = threading.Lock()

    def add(self, fileno: int) -> None:
        """Watch a socket, by a second handle: the first one may be wrapped for TLS meanwhile."""
        with self._guard, contextlib.suppress(OSError):
            self._sockets.append(socket.socket(fileno=socket.dup(fileno)))
        if self.expired:
            self.expire()

    def expire(self) -> None:
        """End all waits for the sockets."""
        self.expired = True
        with self._guard:
            for watched in self._sockets:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the sockets, which stay open for the session."""
        with self._guard:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()


class DeadlineSession(requests.Session):
    """A session with `within`, the limit of the exchanges in its block; ``use_proxies``: those of the environment."""

    def __init__(self, max_redirects: int, *, use_proxies: bool) -> None:
        super().__init__()
        self.max_redirects = max_redirects
        self.trust_env = use_proxies
        self.watch = Watch()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self))

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Send no key to another server to which an answer leads."""
        asked, leads_to = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(asked, leads_to):  # type: ignore[no-untyped-call] # as types-requests has it
            prepared_request.headers.pop(KEY_HEADER, None)
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call] # not typed there either

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[Watch]:
        """Ends what is under way after so many seconds; the watch says whether it had to."""
        watch = self.watch = Watch()
        timer = threading.Timer(seconds, watch.expire)
        timer.daemon = True
        timer.start()
        try:
            yield watch
        finally:
            timer.cancel()
            watch.close()


class _Adapter(HTTPAdapter):
    """Has each connection report its socket to the watch of the session."""

    def __init__(self, session: DeadlineSession) -> None:
        # urllib3 keeps the connections of a pool until that is gone, so they may not keep the session that has it
        known = weakref.ref(session)

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _watched(known, super()._new_conn())

            def request(self, *args: Any, **kwargs: Any) -> None:
                _watch_again(known, self.sock)
                super().request(*args, **kwargs)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _watched(known, super()._new_conn())

            def request(self, *args: Any, **kwargs: Any) -> None:
                _watch_again(known, self.sock)
                super().request(*args, **kwargs)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self._pools = {"http": PlainPool, "https": SecurePool}
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _watched(session: weakref.ref[DeadlineSession], made: socket.socket) -> socket.socket:
    _watch_again(session, made)
    return made


def _watch_again(session: weakref.ref[DeadlineSession], known: Any) -> None:
    """Watch the socket of a connection that is used, perhaps again."""
    asking = session()
    if known is not None and asking is not None:
        asking.watch.add(known.fileno())
