"""HTTP with patience: what is tried again, what is not, and how long is waited."""

from __future__ import annotations

import gc
import time
import weakref
from email.utils import formatdate
from pathlib import Path

import pytest

from bibtool.enrich.atom import Feed, parse_feed
from bibtool.enrich.pace import Pacer
from bibtool.enrich.transport import Policy, Transport, parse_retry_after
from bibtool.errors import NetworkError, RefusedError
from tests.support.arxiv_faults import TRICKLES, Fault
from tests.support.arxiv_server import Server
from tests.support.fake_clock import FakeClock

QUESTION = "?id_list=2203.01360&max_results=1"


def transport(clock: FakeClock, folder: Path | None = None, **policy: float) -> Transport:
    return Transport(
        user_agent="bibtool/test (somebody)",
        pacer=Pacer(folder, clock=clock, sleep=clock.sleep),
        policy=Policy(**policy),  # type: ignore[arg-type]  # tries is an int
        chance=lambda: 0.0,
    )


def check(body: bytes, _last: bool) -> Feed:
    return parse_feed(body)


@pytest.mark.slow
def test_a_good_answer_takes_one_request_and_says_who_asks() -> None:
    clock = FakeClock()
    with Server() as server:
        own = transport(clock)
        assert own.get(server.url + QUESTION, check).total == 1
    assert own.requests_made == len(server.log) == 1
    assert server.log[0].headers["User-Agent"] == "bibtool/test (somebody)"
    assert clock.sleeps == []


def test_a_transport_that_is_gone_keeps_no_connection() -> None:
    clock = FakeClock()
    with Server() as server:
        own = transport(clock)
        own.get(server.url + QUESTION, check)
        session = weakref.ref(own.session)
        del own
        gc.collect()
        assert session() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", ["429", "503", "500", "slow", "reset", "cut", "html", "text", "empty", "malformed", "bomb"]
)
def test_passing_faults_are_waited_out_with_growing_waits(kind: str) -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind=kind, first=2),)) as server:
        own = transport(clock, read_timeout_s=0.4 if kind == "slow" else 30.0)
        assert own.get(server.url + QUESTION, check).total == 1
    assert own.requests_made == 3
    # five seconds, then three times as much
    assert clock.sleeps == pytest.approx([5.0, 15.0], abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("kind", TRICKLES)
def test_an_exchange_ends_in_time_however_slowly_it_goes(kind: str) -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind=kind),)) as server:
        own = transport(clock, total_timeout_s=0.4, read_timeout_s=30.0)
        began = time.monotonic()
        with pytest.raises(NetworkError, match="it took too long to answer"):
            own.get(server.url + QUESTION, check)
        assert time.monotonic() - began < 20  # the server goes on for ten minutes
    assert own.requests_made == 2


@pytest.mark.slow
def test_a_connection_that_is_used_again_is_watched_too() -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind="slow-headers", at=2), Fault(kind="slow-headers", at=3))) as server:
        own = transport(clock, total_timeout_s=0.4, read_timeout_s=30.0)
        assert own.get(server.url + QUESTION, check).total == 1
        with pytest.raises(NetworkError, match="it took too long to answer"):
            own.get(server.url + QUESTION, check)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["429-seconds", "429-date"])
def test_retry_after_is_obeyed(kind: str) -> None:
    clock = FakeClock()  # months away from the server's: its own "Date" is what counts
    with Server(faults=(Fault(kind=kind, first=1, retry_after=40),)) as server:
        own = transport(clock)
        assert own.get(server.url + QUESTION, check).total == 1
    assert sum(clock.sleeps) == pytest.approx(40, abs=2)


def test_a_longer_retry_after_than_a_run_has_patience_for_ends_it(tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind="429-seconds", first=1, retry_after=600),)) as server:
        with pytest.raises(NetworkError) as caught:
            transport(clock, tmp_path).get(server.url + QUESTION, check)
        assert (caught.value.status, caught.value.attempts) == (429, 1)
        # and no other process asks before the time has come
        with pytest.raises(NetworkError, match="asked us to wait"):
            transport(clock, tmp_path).get(server.url + QUESTION, check)
        assert len(server.log) == 1
        clock.now += 601
        assert transport(clock, tmp_path).get(server.url + QUESTION, check).total == 1


@pytest.mark.slow
def test_after_the_last_try_only_a_probe_is_sent_until_the_service_is_back(tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind="503", first=6),)) as server:
        with pytest.raises(NetworkError) as caught:
            transport(clock, tmp_path).get(server.url + QUESTION, check)
        assert caught.value.attempts == 4
        assert caught.value.status == 503
        assert caught.value.hint
        with pytest.raises(NetworkError):
            transport(clock, tmp_path).get(server.url + QUESTION, check)
        assert len(server.log) == 6  # four tries, then two
        assert transport(clock, tmp_path).get(server.url + QUESTION, check).total == 1
        assert Pacer(tmp_path, clock=clock).tripped() == ""


@pytest.mark.slow
def test_a_refusal_ends_the_asking_at_once(tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind="denied"),)) as server:
        with pytest.raises(RefusedError):
            transport(clock, tmp_path).get(server.url + QUESTION, check)
        assert len(server.log) == 1


@pytest.mark.slow
def test_a_wrong_request_is_not_sent_again() -> None:
    clock = FakeClock()
    with Server() as server:
        own = transport(clock)
        found = own.get(f"{server.url}?id_list=abc", check)
        assert found.error == "incorrect id format for abc"  # arXiv's own words
        with pytest.raises(NetworkError) as caught:
            own.get(server.url.replace("/api/query", "/elsewhere"), check)
        assert caught.value.status == 404
        assert len(server.log) == 2


@pytest.mark.slow
def test_redirects_are_followed() -> None:
    clock = FakeClock()
    with Server(faults=(Fault(kind="redirect", at=1),)) as server:
        # the new place gets the question without its parameters, as the header says
        found = transport(clock).get(server.url + QUESTION, check)
    assert found.error
    assert [request.path for request in server.log] == ["/api/query", "/moved/api/query"]


def test_only_web_addresses_are_asked() -> None:
    with pytest.raises(NetworkError, match="address"):
        transport(FakeClock()).get("file:///etc/passwd", check)


def test_nobody_listening_is_tried_twice_only() -> None:
    clock = FakeClock()
    own = transport(clock)
    with pytest.raises(NetworkError, match=r"could not reach arXiv \(2 tries\): connection refused"):
        own.get("http://127.0.0.1:9/api/query", check)
    assert own.requests_made == 2


def test_a_proxy_is_not_asked_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Server() as server:
        assert transport(FakeClock()).get(server.url + QUESTION, check).total == 1


@pytest.mark.slow
def test_waits_are_announced() -> None:
    clock = FakeClock()
    said: list[tuple[float, str]] = []
    with Server(faults=(Fault(kind="429", first=1),)) as server:
        own = transport(clock)
        own.on_wait = lambda seconds, reason: said.append((seconds, reason))
        own.get(server.url + QUESTION, check)
    assert said == [(5.0, "it is busy (429)")]


NOW = 1_767_225_600.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("17", 17.0),
        (" 0 ", 0.0),
        ("-3", None),
        ("99999999999", 900.0),
        (formatdate(NOW + 60, usegmt=True), 60.0),
        (formatdate(NOW - 60, usegmt=True), 0.0),
        ("Mon, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after_as_it_may_stand(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds
