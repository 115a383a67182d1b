"""doi.org: who registered a DOI, and CSL-JSON of the agencies that give it.

An agency without data leads to a web page with status 200, or to a 406: then the DOI exists, and nothing more is known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from bibtool.enrich.sources.bodies import is_page, json_of, packed, refuse_robot_check
from bibtool.enrich.sources.source import Source
from bibtool.enrich.transport import FinalError
from bibtool.errors import NetworkError
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

# Crossref's own names of types, which are not those of CSL
_TYPES = {
    "journal-article": "article-journal", "proceedings-article": "paper-conference", "book-chapter": "chapter",
    "monograph": "book", "edited-book": "book", "reference-book": "book", "proceedings": "book",
    "posted-content": "article", "dissertation": "thesis", "reference-entry": "entry-encyclopedia",
}  # fmt: skip


def question(dois: Sequence[str]) -> str:
    """The path of one DOI."""
    return f"/{quote(dois[0], safe='')}"


def split(body: bytes, dois: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The item, under the DOI that was asked for. Raises `NetworkError` for what is none."""
    refuse_robot_check(body)
    if is_page(body):
        raise FinalError("doi.org leads to a web page: the agency that registered this DOI gives no data")
    item = json_of(body)
    if not isinstance(item, dict) or not (item.get("title") or item.get("author")):
        raise NetworkError("its answer holds no work")
    # the redirect is that of the resolver, and says nothing of aliases
    doi = str(item.get("DOI") or dois[0]).casefold()
    if doi != dois[0].casefold():
        raise FinalError(f"doi.org leads to another work, {doi[:80]}")
    for name in ("title", "container-title"):
        if isinstance(item.get(name), list):
            item[name] = next((text for text in item[name] if isinstance(text, str) and text), "")
    item["type"] = _TYPES.get(str(item.get("type")), item.get("type"))
    return {dois[0]: packed(item)}


def agency_question(dois: Sequence[str]) -> str:
    """The path that tells who registered a DOI."""
    return f"/ra/{quote(dois[0], safe='')}"


def split_agency(body: bytes, dois: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The answer as it is; nothing for a DOI that does not exist."""
    answer = json_of(body)
    known = answer[0] if isinstance(answer, list) and answer else None
    if not isinstance(known, dict):
        raise NetworkError("its answer names no agency")
    if isinstance(known.get("RA"), str):
        return {dois[0]: packed(known)}
    if "does not exist" in str(known.get("status")).casefold() or "invalid" in str(known.get("status")).casefold():
        return {}
    raise NetworkError("its answer names no agency")


def agency_of(part: bytes) -> str:
    """The name of the agency in an answer of `AGENCY`."""
    return str(json.loads(part)["RA"])


DOI_ORG = Source(
    name="doi.org",
    title="doi.org",
    url="https://doi.org",
    variable="DOI",
    format="csl-json",
    question=question,
    split=split,
    delay_s=1.0,
    polite_delay_s=0.5,
    accept="application/vnd.citationstyles.csl+json",
)
AGENCY = replace(
    DOI_ORG, name="doi.org-agency", question=agency_question, split=split_agency, format="", accept="application/json"
)
