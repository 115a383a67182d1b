"""DataCite's REST API: data, software, theses, reports and preprints by DOI.

An unknown DOI is a 404 with JSON, and is missing in a list. A list is asked for by a query in Elasticsearch's syntax.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

SEARCH_ROWS = 5
# arXiv, Zenodo, figshare, Dryad, Harvard Dataverse, PANGAEA, OSF: known without asking who registered a DOI
PREFIXES = frozenset(
    {"10.48550", "10.5281", "10.6084", "10.5061", "10.7910", "10.1594", "10.17605", "10.3929", "10.5445", "10.17863"}
)


def question(dois: Sequence[str]) -> str:
    """The path of one DOI, or of a query for several."""
    if len(dois) == 1:
        return f"/dois/{quote(dois[0], safe='')}"
    escaped = [doi.replace("\\", "\\\\").replace('"', '\\"') for doi in dois]
    wanted = " OR ".join(f'"{doi}"' for doi in escaped)
    return f"/dois?query={quote(f'doi:({wanted})', safe='')}&page%5Bsize%5D={len(dois)}&disable-facets=true"


def split(body: bytes, dois: Sequence[str], moved: bool) -> dict[str, bytes]:
    """The works of an answer by the DOIs that were asked for. Raises `NetworkError` for what is not an answer."""
    answer = json_of(body)
    data = answer.get("data") if isinstance(answer, dict) else None
    works = [data] if isinstance(data, dict) else data
    if not isinstance(works, list):
        raise NetworkError("its answer holds no works")
    asked = {doi.casefold(): doi for doi in dois}
    found = {}
    for work in works:
        doi = _doi(work)
        if doi in asked:
            found[asked[doi]] = packed({"data": work})
    if len(dois) == 1 and not found and (works or isinstance(data, dict)):
        if not moved or not works:
            raise NetworkError("it answered with another work")
        found[dois[0]] = packed({"data": works[0]})
    return found


def words_of(record: Record) -> str:
    """A query for the title."""
    title = " ".join(record.title.replace("\\", " ").replace('"', " ").split())[:300]
    return f'titles.title:"{title}"' if title else ""


def search_question(words: Sequence[str]) -> str:
    """The path of a search by title."""
    return f"/dois?query={quote(words[0], safe='')}&page%5Bsize%5D={SEARCH_ROWS}&disable-facets=true"


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The works that a search has found, as one part; nothing where it has found none. Raises as `split` does."""
    answer = json_of(body)
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list):
        raise NetworkError("its answer holds no list of works")
    works = [{"data": work} for work in data if isinstance(work, dict)]
    return {words[0]: packed(works)} if works else {}


def _doi(work: Any) -> str:
    if not isinstance(work, dict):
        return ""
    attributes = work.get("attributes")
    doi = attributes.get("doi") if isinstance(attributes, dict) else None
    return str(doi or work.get("id") or "").casefold()


# what a preprint is to its publication, as DataCite's members write it
_PUBLICATION = frozenset({"IsPreviousVersionOf", "IsVersionOf", "IsVariantFormOf"})


def facts(part: bytes) -> Facts:
    """The publication of a preprint, where it is declared; other works have versions of the same kind only."""
    attributes = json.loads(part)["data"].get("attributes") or {}
    types = attributes.get("types")
    if not isinstance(types, dict) or types.get("resourceTypeGeneral") != "Preprint":
        return Facts()
    own_prefix = str(attributes.get("doi") or "").partition("/")[0]
    related = attributes.get("relatedIdentifiers")
    dois = [
        str(link.get("relatedIdentifier") or "").casefold()
        for link in (related if isinstance(related, list) else [])
        if isinstance(link, dict)
        and link.get("relationType") in _PUBLICATION
        and link.get("relatedIdentifierType") == "DOI"
    ]
    return Facts(published=tuple(doi for doi in dict.fromkeys(dois) if doi.partition("/")[0] != own_prefix))


DATACITE = Source(
    name="datacite",
    title="DataCite",
    url="https://api.datacite.org",
    variable="DOI",
    format="datacite",
    question=question,
    split=split,
    facts=facts,
    batch=50,
    # 1000 requests in five minutes for those who name an address, fewer for others
    delay_s=0.6,
    polite_delay_s=0.3,
    accept="application/vnd.api+json, application/json",
)
DATACITE_SEARCH = searching(DATACITE, search_question, split_search, words_of)
