"""What the stand-in arXiv can do wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import formatdate

TRICKLES = ("slow-headers", "continue", "slow-body", "slow-open-body", "slow-redirect")  # endless, a byte now and then
KINDS = (
    "429",
    "429-seconds",
    "429-date",
    "503",
    "500",
    "slow",
    "reset",
    "cut",
    "html",
    "text",
    "empty",
    "empty-page",
    "zero",
    "malformed",
    "bomb",
    *TRICKLES,
)

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>'
)
BUSY_PAGE = b"<!DOCTYPE html>\n<html><head><title>Busy</title></head><body><p>Rate exceeded.</p></body></html>\n"
DENIED_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>"
    b"<p>Automated retrieval was noticed.</p></body></html>\n"
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of one kind for some requests, which count from 1.

    ``first`` for so many requests (None: all), or ``at`` for this one only. ``retry_after`` in seconds for the two
    kinds of 429 that send one; ``seconds`` for "slow".
    """

    kind: str
    first: int | None = None
    at: int | None = None
    retry_after: int = 7
    seconds: float = 5.0

    def applies(self, request: int) -> bool:
        """True where this request meets the fault."""
        if self.at is not None:
            return request == self.at
        return self.first is None or request <= self.first


@dataclass(frozen=True)
class Answer:
    """Status, headers and body to send; ``cut``: the connection closes behind half of the body."""

    status: int
    body: bytes
    content_type: str = "application/atom+xml; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False


def spoil(fault: Fault, good: Answer, empty: bytes, zero: bytes) -> Answer:
    """The faulty answer; "slow" and "reset" are the server's own business and leave it as it is."""
    plain = "text/plain; charset=utf-8"
    html = "text/html; charset=utf-8"
    if fault.kind.startswith("429"):
        headers: tuple[tuple[str, str], ...] = ()
        if fault.kind == "429-seconds":
            headers = (("Retry-After", str(fault.retry_after)),)
        elif fault.kind == "429-date":
            headers = (("Retry-After", formatdate(time.time() + fault.retry_after, usegmt=True)),)
        return Answer(429, b"Rate exceeded.", plain, headers)
    made = {
        "503": Answer(503, b"Service Unavailable", plain),
        "500": Answer(500, b"Internal Server Error", plain),
        "cut": Answer(good.status, good.body, good.content_type, good.headers, cut=True),
        "html": Answer(200, BUSY_PAGE, html),
        "denied": Answer(200, DENIED_PAGE, html),
        "text": Answer(200, b"Rate exceeded.", plain),
        "empty": Answer(200, b""),
        "empty-page": Answer(200, empty),
        "zero": Answer(200, zero),
        "malformed": Answer(200, good.body[: len(good.body) // 2] + b"</entry>"),
        "bomb": Answer(200, BOMB),
        "redirect": Answer(301, b"", plain, (("Location", "/moved/api/query"),)),
    }
    return made.get(fault.kind, good)
