"""Clients of the sources from plain choices; whoever asks says where answers and the pace are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from bibtool.enrich.connect import pacer_of, user_agent
from bibtool.enrich.sources.answers import Answers
from bibtool.enrich.sources.client import DAY_S, DEFAULT_MAX_AGE_S, SourceClient
from bibtool.enrich.sources.limits import budget_wait_s, stated_delay_s
from bibtool.enrich.sources.table import BESIDES, SOURCES
from bibtool.enrich.transport import LOOPBACK, Policy, Transport
from bibtool.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bibtool.enrich.sources.source import Source


def connect_sources(
    names: Sequence[str],
    *,
    urls: Mapping[str, str] | None = None,
    cache: Path | None = None,
    pace: Path | None = None,
    delay_s: float | None = None,
    contact: str = "",
    keys: Mapping[str, str] | None = None,
    offline: bool = False,
    max_age_days: float | None = None,
) -> dict[str, SourceClient]:
    """The clients of the named sources by name; nothing is asked yet.

    ``urls`` are other addresses by name of source. ``cache`` is the folder of answers, ``pace`` the one in which the
    processes of a user agree on one pace for each server; None keeps both in this process. ``delay_s`` replaces the
    time between requests for servers on this machine, and can only lengthen it for others. ``contact`` is a mail
    address that is sent along; most services allow more to those who name one. ``keys`` are the user's keys by name of
    source; one that can't be asked without its key is left out. Raises `UnknownNameError` for a source
    that is not known, `UsageError` for an address that is not one of http.
    """
    clients: dict[str, SourceClient] = {}
    for name in names:
        if name not in SOURCES:
            raise UnknownNameError("source", name, list(SOURCES))
        source = SOURCES[name]
        key = (keys or {}).get(name, "")
        if source.needs_key and not key:
            continue
        url = (urls or {}).get(name) or source.url
        for asked in (source, *BESIDES.get(name, ())):
            clients[asked.name] = _client(
                asked, url, cache, pace, delay_s, contact, key, offline=offline, max_age_days=max_age_days
            )
    return clients


def _client(
    source: Source,
    url: str,
    cache: Path | None,
    pace: Path | None,
    delay_s: float | None,
    contact: str,
    key: str,
    *,
    offline: bool,
    max_age_days: float | None,
) -> SourceClient:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise UsageError(f"{url!r} is not a valid address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"{url!r} is not an http address", hint=f"the one of {source.title} is {source.url}")
    agent = user_agent(contact)
    usual_s = source.polite_delay_s if "mailto:" in agent else source.delay_s
    pause_s = usual_s if delay_s is None else delay_s if host in LOOPBACK else max(usual_s, delay_s)
    standard = Policy(tries=3, read_timeout_s=30.0, total_timeout_s=60.0)
    pressed = min(1.0, pause_s / usual_s)  # only ever below 1 for a test server on this machine
    policy = Policy(
        tries=standard.tries,
        first_wait_s=standard.first_wait_s * pressed,
        max_wait_s=standard.max_wait_s * pressed,
        cooldown_s=standard.cooldown_s * pressed,
        read_timeout_s=standard.read_timeout_s,
        total_timeout_s=standard.total_timeout_s,
    )
    pacer = pacer_of(pace, parts.netloc, pause_s)
    transport = Transport(
        user_agent=agent,
        pacer=pacer,
        policy=policy,
        service=source.title,
        accept=source.accept,
        key_headers=_key_headers(source, key),
        key_query=urlencode({source.key_parameter: key}) if key and source.key_parameter else "",
    )
    client = SourceClient(
        source,
        transport,
        Answers(None if cache is None else cache / source.name),
        url=url,
        offline=offline,
        max_age_s=DEFAULT_MAX_AGE_S if max_age_days is None else max_age_days * DAY_S,
    )

    def obey(headers: Mapping[str, str]) -> float | None:
        """Slow down where an answer states a limit that is lower than the usual one, and stop where nothing is left."""
        pacer.delay_s = max(pause_s, stated_delay_s(headers))
        wait_s = budget_wait_s(headers, client.clock())
        if wait_s is not None:
            pacer.postpone(wait_s)
            client.stopped = f"{source.title}'s budget is spent; it is renewed in {max(1.0, wait_s / 60):.0f} min"
        return wait_s

    transport.on_headers = obey
    return client


def _key_headers(source: Source, key: str) -> dict[str, str]:
    if not key or not source.key_header:
        return {}
    return {source.key_header: f"Bearer {key}" if source.key_header == "Authorization" else key}
