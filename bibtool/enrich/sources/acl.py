"""The ACL Anthology: a BibTeX file for each paper, by its number or by the DOI that ends in it.

It has no search; ``anthology.bib.gz`` goes into an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bibtool.enrich.sources.bodies import is_page, refuse_robot_check
from bibtool.enrich.sources.ids import parted
from bibtool.enrich.sources.source import Source
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_PREFIXES = ("10.18653/v1/", "10.3115/v1/")
_OLD = lazy_pattern(r"[A-Za-z]\d\d-\d{4}")


def knows(identifier: str) -> bool:
    """Whether the identifier is a number of the anthology, or a DOI that holds one."""
    kind, number = parted(identifier)
    return kind == "ACL" or (kind == "DOI" and number.casefold().startswith(_PREFIXES))


def _number(identifier: str) -> str:
    kind, number = parted(identifier)
    if kind == "DOI":
        number = number[number.casefold().index("/v1/") + len("/v1/") :]
    return number.upper() if _OLD.fullmatch(number) else number.lower()


def question(identifiers: Sequence[str]) -> str:
    """The path of one paper."""
    return f"/{quote(_number(identifiers[0]), safe='')}.bib"


def split(body: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The entry as it is. Raises `NetworkError` for what is not one, or another one."""
    refuse_robot_check(body)
    if is_page(body):
        raise NetworkError("it answered with a web page")
    text = body.strip()
    if not text.startswith(b"@") or not text.endswith(b"}"):
        raise NetworkError("its answer is cut, or no BibTeX")
    if _number(identifiers[0]).casefold().encode() not in text.lower():
        raise NetworkError("it answered with another paper")
    return {identifiers[0]: text}


ACL = Source(
    name="acl",
    title="ACL Anthology",
    url="https://aclanthology.org",
    format="bibtex",
    question=question,
    split=split,
    knows=knows,
    delay_s=0.5,
    polite_delay_s=0.5,
    accept="application/x-bibtex, text/plain",
)
