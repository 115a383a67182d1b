"""Identifiers of several kinds as one text, as in ``DOI:10.1000/x``, ``arXiv:2103.06995``, ``PMID:31234567``.

Sources that know works under more than one kind of identifier are asked with these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from bibtool.model.record import Record

_PAGES = (
    ("OpenReview", lazy_pattern(r"openreview\.net/(?:forum|pdf)\?id=([\w-]{6,20})")),
    ("ACL", lazy_pattern(r"aclanthology\.org/([A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)")),
    ("DBLP", lazy_pattern(r"dblp\.(?:org|uni-trier\.de)/rec/((?:conf|journals|books|series|phd)/[\w/-]+)")),
)


def joined(kind: str, identifier: str) -> str:
    """Kind and identifier as one text."""
    return f"{kind}:{identifier}"


def parted(text: str) -> tuple[str, str]:
    """Kind and identifier of such a text."""
    kind, _, identifier = text.partition(":")
    return kind, identifier


def kinds(*known: str) -> Callable[[str], bool]:
    """Whether an identifier is of one of these kinds."""
    return lambda text: parted(text)[0] in known


def page_identifier(record: Record) -> tuple[str, str] | None:
    """The number of a work at OpenReview, in the ACL Anthology or in DBLP, from its address or its key in DBLP."""
    if record.key.startswith("DBLP:") and "/" in record.key:
        return "DBLP", record.key.removeprefix("DBLP:")
    address = record.text("URL")
    for kind, pattern in _PAGES:
        if address and (found := pattern.search(address)):
            return kind, found[1]
    return None
