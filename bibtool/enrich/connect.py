"""A client of arXiv from plain choices; whoever asks says where answers and the pace are kept."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bibtool.enrich.arxiv import DAY_S, DEFAULT_MAX_AGE_S, DEFAULT_URL, ArxivClient
from bibtool.enrich.cache import Cache
from bibtool.enrich.pace import DELAY_S, Pacer
from bibtool.enrich.transport import LOOPBACK, Policy, Transport
from bibtool.errors import UsageError
from bibtool.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path


def connect(
    *,
    url: str | None = None,
    cache: Path | None = None,
    pace: Path | None = None,
    delay_s: float | None = None,
    contact: str = "",
    offline: bool = False,
    max_age_days: float | None = None,
) -> ArxivClient:
    """The client of that server (None: arXiv's own); nothing is asked yet.

    ``cache`` is the folder of answers, None to keep none. ``pace`` is the folder in which all processes of a user
    agree on one pace for each server; None keeps the pace in this process. ``delay_s`` lengthens the time between
    requests; only for a server on this machine it may also shorten it. ``contact`` is a mail address that is sent
    along. ``offline`` uses cached answers only, however old; else those older than ``max_age_days`` (None: 30) are
    asked for again. Raises `UsageError` for an address that is not one of http.
    """
    url = url or DEFAULT_URL
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"{url!r} is not an http address", hint=f"the default is {DEFAULT_URL}")
    usual_s = DELAY_S if delay_s is None else delay_s if host in LOOPBACK else max(DELAY_S, delay_s)
    standard = Policy()
    pressed = min(1.0, usual_s / DELAY_S)  # only ever below 1 for a test server on this machine
    policy = Policy(
        first_wait_s=standard.first_wait_s * pressed,
        max_wait_s=standard.max_wait_s * pressed,
        cooldown_s=standard.cooldown_s * pressed,
    )
    return ArxivClient(
        Transport(user_agent=user_agent(contact), pacer=pacer_of(pace, parts.netloc, usual_s), policy=policy),
        Cache(cache),
        url=url,
        offline=offline,
        max_age_s=DEFAULT_MAX_AGE_S if max_age_days is None else max_age_days * DAY_S,
    )


def user_agent(contact: str) -> str:
    """The name under which services are asked, with the user's mail address where it is one."""
    address = " ".join(contact.split())
    address = address if address.isascii() and address.isprintable() else ""
    return f"bibtool/{VERSION} (Python bibliography tool; {f'mailto:{address}' if address else 'no contact given'})"


@lru_cache
def pacer_of(folder: Path | None, server: str, delay_s: float) -> Pacer:
    """The pace for a server, the same one for all clients of this process."""
    own = None if folder is None else folder / sha256(server.encode()).hexdigest()[:12]
    return Pacer(own, delay_s=delay_s)
