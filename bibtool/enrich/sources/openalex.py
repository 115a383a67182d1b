"""OpenAlex: works of all kinds by DOI or PMID, and by title, with the user's own key.

Each answer costs a part of a budget for the day and says what is left. Names are taken as they are printed, since
those of author profiles belong to people. A venue is taken only if it is a journal or a conference: many are platforms
or series. A comma, a colon or a bar in a filter would end it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.ids import joined, kinds, parted
from bibtool.enrich.sources.items import facts_of, item_of, objects, plain, with_facts
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 5
_SELECT = "id,doi,ids,title,publication_year,type,authorships,primary_location,locations,biblio,is_retracted"
_TYPES = {
    "article": "article-journal", "review": "article-journal", "letter": "article-journal", "editorial":
    "article-journal", "book": "book", "book-chapter": "chapter", "conference-paper": "paper-conference",
    "dataset": "dataset", "dissertation": "thesis", "preprint": "article", "report": "report", "standard": "standard",
}  # fmt: skip
_SYNTAX = lazy_pattern(r"[,:|!\"()]+")
_ARXIV = lazy_pattern(r"arxiv\.org/abs/([^/?#]+(?:/\d{7})?)")
_ARXIV_DOI = "10.48550/arxiv."


def question(identifiers: Sequence[str]) -> str:
    """The path of a list of DOIs, or of PMIDs; all are of the kind of the first."""
    kind = parted(identifiers[0])[0]
    wanted = "|".join(parted(identifier)[1] for identifier in identifiers)
    return f"/works?filter={kind.lower()}:{quote(wanted, safe='')}&per-page={len(identifiers)}&select={_SELECT}"


def split(body: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works by the identifiers that were asked for. Raises `NetworkError` for what is not an answer."""
    asked = {identifier.casefold(): identifier for identifier in identifiers}
    found: dict[str, bytes] = {}
    for work in _works(body):
        known = work.get("ids")
        numbers = known if isinstance(known, dict) else {}
        names = [
            joined("doi", _bare(work.get("doi") or numbers.get("doi"))),
            joined("pmid", str(numbers.get("pmid") or "").rstrip("/").rpartition("/")[2]),
        ]
        for name in names:
            if name in asked:
                found.setdefault(asked[name], packed(_item(work)))
    return found


def _works(body: bytes) -> list[dict[str, Any]]:
    answer = json_of(body)
    works = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(works, list):
        raise NetworkError("its answer holds no list of works")
    return objects(works)


def words_of(record: Record) -> str:
    """The title, without the marks of the query syntax."""
    return " ".join(_SYNTAX.sub(" ", record.title).split())[:300]


def search_question(words: Sequence[str]) -> str:
    """The path of a search by title."""
    return f"/works?filter=title.search:{quote(words[0], safe='')}&per-page={ROWS}&select={_SELECT}"


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works that were found; nothing where there are none. Raises as `split` does."""
    items = [item for work in _works(body) if (item := _item(work))["title"]]
    return {words[0]: packed(items)} if items else {}


def _bare(doi: Any) -> str:
    return str(doi or "").casefold().removeprefix("https://doi.org/")


def _item(work: dict[str, Any]) -> dict[str, Any]:
    location = work.get("primary_location")
    place = location.get("source") if isinstance(location, dict) else None
    place = place if isinstance(place, dict) else {}
    biblio = work.get("biblio")
    numbers = biblio if isinstance(biblio, dict) else {}
    doi, arxiv = _bare(work.get("doi")), ""
    if doi.startswith(_ARXIV_DOI):
        doi, arxiv = "", doi[len(_ARXIV_DOI) :]
    for each in objects(work.get("locations")):
        if not arxiv and (page := _ARXIV.search(str(each.get("landing_page_url") or ""))):
            arxiv = page[1]
    names = [
        plain(each.get("raw_author_name")) or plain((each.get("author") or {}).get("display_name"))
        for each in objects(work.get("authorships"))
    ]
    kind = _TYPES.get(str(work.get("type")), "document")
    if place.get("type") == "conference":
        kind = "paper-conference"
    pages = [str(page) for page in (numbers.get("first_page"), numbers.get("last_page")) if page]
    item = item_of(
        kind,
        plain(work.get("title")),
        [name.replace("\u2010", "-") for name in names],
        year=work.get("publication_year"),
        container_title=plain(place.get("display_name")) if place.get("type") in ("journal", "conference") else "",
        volume=plain(numbers.get("volume")),
        issue=plain(numbers.get("issue")),
        page="-".join(dict.fromkeys(pages)),
        DOI=doi,
        arxiv=arxiv,
    )
    return with_facts(item, Facts(notices=(Notice("retraction"),))) if work.get("is_retracted") is True else item


OPENALEX = Source(
    name="openalex",
    title="OpenAlex",
    url="https://api.openalex.org",
    format="csl-json",
    question=question,
    split=split,
    facts=facts_of,
    knows=kinds("DOI", "PMID"),
    batch=50,
    is_list=True,
    delay_s=0.1,
    polite_delay_s=0.1,
    key_parameter="api_key",
    needs_key=True,
    single=lambda identifier: not identifier.startswith("DOI:") or "," in identifier or "|" in identifier,
)
OPENALEX_SEARCH = searching(OPENALEX, search_question, split_search, words_of)
