"""The bodies of answers: what is not an answer, whatever the status says, raises `NetworkError`.

A page that keeps robots out comes with status 200, 401 or 500, and a page of a proxy with any of them: what was asked
for decides, by the first characters and then by the whole.
"""

from __future__ import annotations

import json
from typing import Any

from bibtool.errors import NetworkError, RefusedError

_ROBOT_CHECKS = (b"not a bot", b"anubis", b"cf-challenge", b"just a moment...", b"captcha")


def refuse_robot_check(body: bytes) -> None:
    """Raises `RefusedError` for a page that wants to know whether a person asks."""
    head = body[:20_000].lower()
    if b"<html" in head and any(mark in head for mark in _ROBOT_CHECKS):
        raise RefusedError("it asks for a proof that no robot asks", hint="do not ask again for some hours")


def is_page(body: bytes) -> bool:
    """Whether the body is a web page."""
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def json_of(body: bytes) -> Any:
    """The JSON value of an answer. Raises `NetworkError` for a web page and for what is cut or no JSON."""
    refuse_robot_check(body)
    if is_page(body):
        raise NetworkError("it answered with a web page")
    try:
        return json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise NetworkError("its answer is cut, or no JSON" if body.strip() else "its answer is empty") from error


def packed(value: Any) -> bytes:
    """A JSON value as bytes, to be kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
