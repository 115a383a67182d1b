"""Semantic Scholar's graph: one paper for preprint and article, known by all of their identifiers.

It is the bridge between an arXiv id and a DOI. Year and venue are often the preprint's, so only title, people and
identifiers are taken. A batch answers in the order of its question, with null for what it doesn't have. A search by
title gives something near rather than nothing. Without a key, all anonymous users share one limit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts
from bibtool.enrich.sources.ids import kinds, parted
from bibtool.enrich.sources.items import facts_of, item_of, objects, plain, with_facts
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

_FIELDS = "title,authors,externalIds,publicationTypes"
_PREFIXES = {"DOI": "DOI", "arXiv": "ARXIV", "PMID": "PMID", "ACL": "ACL"}


def question(_identifiers: Sequence[str]) -> str:
    """The path of a batch."""
    return f"/paper/batch?fields={_FIELDS}"


def body(identifiers: Sequence[str]) -> bytes:
    """The identifiers of a batch, as they are sent."""
    wanted = [f"{_PREFIXES[kind]}:{number}" for kind, number in map(parted, identifiers)]
    return json.dumps({"ids": wanted}).encode()


def split(answer: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the papers by identifier. Raises `NetworkError` for what is not an answer to this question."""
    papers = json_of(answer)
    if not isinstance(papers, list) or len(papers) != len(identifiers):
        raise NetworkError("its answer is not a list of the papers that were asked for")
    pairs = zip(identifiers, papers, strict=True)
    return {identifier: packed(_item(paper)) for identifier, paper in pairs if isinstance(paper, dict)}


def search_question(words: Sequence[str]) -> str:
    """The path of a search for one title."""
    return f"/paper/search/match?query={quote(words[0], safe='')}&fields={_FIELDS}"


def words_of(record: Record) -> str:
    """The title."""
    return " ".join(record.title.split())[:300]


def split_search(answer: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the papers that were found; nothing where there are none. Raises as `split` does."""
    found = json_of(answer)
    papers = found.get("data", []) if isinstance(found, dict) and ("data" in found or "total" in found) else None
    if not isinstance(papers, list):
        raise NetworkError("its answer holds no list of papers")
    items = [_item(paper) for paper in objects(papers)]
    return {words[0]: packed(items)} if items else {}


def _item(paper: dict[str, Any]) -> dict[str, Any]:
    known = paper.get("externalIds")
    ids = {name: str(value) for name, value in known.items() if value} if isinstance(known, dict) else {}
    doi, arxiv = ids.get("DOI", ""), ids.get("ArXiv", "")
    if doi.casefold().startswith("10.48550/arxiv."):
        arxiv, doi = arxiv or doi[len("10.48550/arxiv.") :], ""
    types = paper.get("publicationTypes") or []
    kind = "paper-conference" if "Conference" in types else "article-journal" if doi else "article"
    item = item_of(
        kind,
        plain(paper.get("title")),
        [plain(each.get("name")) for each in objects(paper.get("authors"))],
        DOI=doi,
        PMID=ids.get("PubMed", ""),
        arxiv=arxiv,
    )
    return with_facts(item, Facts(published=(doi.casefold(),))) if doi and arxiv else item


SEMANTIC_SCHOLAR = Source(
    name="semanticscholar",
    title="Semantic Scholar",
    url="https://api.semanticscholar.org/graph/v1",
    format="csl-json",
    question=question,
    body=body,
    split=split,
    facts=facts_of,
    knows=kinds(*_PREFIXES),
    batch=500,
    is_list=True,
    delay_s=1.0,
    polite_delay_s=1.0,
    key_header="x-api-key",
)
SEMANTIC_SCHOLAR_SEARCH = searching(SEMANTIC_SCHOLAR, search_question, split_search, words_of, is_list=False)
