"""A service that means ill: bodies without end, bombs of gzip, redirects anywhere, ids that are paths or SQL."""

from __future__ import annotations

import gzip
import io
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bibtool.enrich.atom import Feed, parse_feed
from bibtool.enrich.report import Confirmed
from bibtool.enrich.service import enrich
from bibtool.enrich.transport import MAX_REDIRECTS
from bibtool.errors import NetworkError
from tests.enrich.support import make_client
from tests.enrich.test_honesty import known
from tests.support.arxiv_papers import papers
from tests.support.arxiv_server import Server
from tests.support.fake_clock import FakeClock

Behaviour = Callable[[BaseHTTPRequestHandler], None]
LIMIT = 1_000_000


@contextmanager
def service(behaviour: Behaviour) -> Iterator[tuple[str, list[str]]]:
    """The address of a service on this machine, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            try:
                behaviour(self)
            except OSError:  # the client has had enough
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api/query", asked
        server.shutdown()


def headers(handler: BaseHTTPRequestHandler, status: int = 200, **named: Any) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/atom+xml")
    for name, value in named.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


def zipped(data: bytes, times: int) -> bytes:
    for _ in range(times):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
            file.write(data)
        data = packed.getvalue()
    return data


class Endless:
    """A body of ten gigabytes, or one that states no length; counts what it could send."""

    def __init__(self, **stated: int) -> None:
        self.stated, self.sent = stated, 0

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        headers(handler, **self.stated)
        while True:
            self.sent += handler.wfile.write(b" " * 65_536)


@pytest.mark.slow
@pytest.mark.parametrize("stated", [{}, {"Content_Length": 10_000_000_000}])
def test_a_body_without_end_is_cut(stated: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.enrich.transport.MAX_BODY_BYTES", LIMIT)
    endless = Endless(**stated)
    with service(endless) as (url, asked):
        own = make_client(url, None).transport
        with pytest.raises(NetworkError, match="longer than 1 MB"):
            own.get(url, check)
    assert endless.sent / len(asked) < 20 * LIMIT  # what fits into the buffers of the system is sent


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_a_bomb_is_not_unpacked(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.enrich.transport.MAX_BODY_BYTES", LIMIT)
    body = zipped(b" " * 200 * LIMIT, times)
    encoding = ", ".join(["gzip"] * times)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        headers(handler, Content_Encoding=encoding, Content_Length=len(body))
        handler.wfile.write(body)

    with service(answer) as (url, _):
        own = make_client(url, None).transport
        tracemalloc.start()
        try:
            with pytest.raises(NetworkError):
                own.get(url, check)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 20 * LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    ["/api/query", "/api/query?{}", "file:///etc/passwd", "ftp://127.0.0.1/x", "//", "http://", "javascript:alert(1)"],
)
def test_a_redirect_leads_to_the_web_and_ends(place: str) -> None:
    turns = iter(range(10_000))
    with service(lambda handler: headers(handler, 302, Location=place.format(next(turns)))) as (url, asked):
        own = make_client(url, None).transport
        with pytest.raises(NetworkError) as caught:
            own.get(url, check)
    assert "\n" not in str(caught.value)
    assert len(asked) <= own.requests_made * (MAX_REDIRECTS + 1)


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["99999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "1e999", "9" * 5_000])
def test_no_wait_is_longer_than_a_run_has_patience_for(wanted: str) -> None:
    clock = FakeClock()
    with service(lambda handler: headers(handler, 429, Retry_After=wanted)) as (url, _):
        own = make_client(url, None, clock).transport
        with pytest.raises(NetworkError):
            own.get(url, check)
    assert sum(clock.sleeps) <= own.policy.max_retry_after_s * own.policy.tries


PAPER = papers()[0]
IDS = [
    "../../../../etc/passwd",
    "'; DROP TABLE record; --",
    "<script>alert(1)</script>",
    f"{PAPER.number}v99999999999999999999",
    "a" * 5_000,
    "\u202e1310.1022",
    "",
]


@pytest.mark.slow
@pytest.mark.parametrize("number", IDS)
def test_an_id_that_is_none_is_not_used(number: str, tmp_path: Path) -> None:
    """Beside the paper that was asked for, an entry with such an id: it is no path, and no word about the other."""

    class Lying(Server):
        def answer(self, parameters: dict[str, str]) -> Any:
            good = super().answer(parameters)
            shown = number.replace("&", "&amp;").replace("<", "&lt;")
            entry = f"<entry><id>http://arxiv.org/abs/{shown}</id><title>Another</title></entry></feed>"
            return type(good)(good.status, good.body.replace(b"</feed>", entry.encode()))

    folder = tmp_path / "cache"
    with Lying() as server:
        report = enrich(known(1), make_client(server.url, folder))
    (result,) = report.results
    assert not isinstance(result.verdict, Confirmed) or result.verdict.paper.entry.id.number == PAPER.number
    names = [path.name for path in tmp_path.rglob("*")]
    assert not [name for name in names if "passwd" in name or "DROP" in name or len(name) > 60]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    if result.after.arxiv is not None and result.after.arxiv.id is not None:
        assert result.after.arxiv.id.number == PAPER.number


def check(body: bytes, _last: bool) -> Feed:
    return parse_feed(body)
