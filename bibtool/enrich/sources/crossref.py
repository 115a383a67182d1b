"""Crossref's REST API: journals, conferences and books by DOI.

Facts that shape it: an unknown DOI is a 404 with plain text; an alias leads to another DOI by a redirect, and is
missing in a list; several values of one filter are joined by OR; a comma looks like the one between two filters. A
search gives its best hits even for nonsense. An article names its retraction in ``updated-by``, a notice what it
concerns in ``update-to``; journals also record "new versions" that are the article itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

SEARCH_ROWS = 5
MAX_TITLE = 300  # characters; longer ones are abstracts
_PEOPLE = 2
# what a search finds that nobody means (figures and supplements, reviews by referees, whole journals)
_NOT_CITED = frozenset({"component", "peer-review", "journal", "journal-issue", "journal-volume", "grant"})
_RETRACTED_TITLE = lazy_pattern(
    r"\s*(?:\[?retracted\b(?: article)?\]?\s*[:\u2013\u2014-]|withdrawn\s*:)", re.IGNORECASE
)


def question(dois: Sequence[str]) -> str:
    """The path of one DOI, or of a list that is asked for by filter."""
    if len(dois) == 1:
        return f"/works/{quote(dois[0], safe='')}"
    wanted = ",".join(f"doi:{doi}" for doi in dois)
    return f"/works?filter={quote(wanted, safe='')}&rows={len(dois)}"


def split(body: bytes, dois: Sequence[str], moved: bool) -> dict[str, bytes]:
    """The works of an answer by the DOIs that were asked for; works that nobody asked for are left out.

    Raises `NetworkError` for what is not an answer, such as the work of another DOI that no redirect explains.
    """
    answer = json_of(body)
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict) or answer.get("status") != "ok":
        raise NetworkError("its answer holds no works")
    if len(dois) == 1:
        if not isinstance(message.get("DOI"), str):
            raise NetworkError("its answer holds no work")
        if message["DOI"].casefold() != dois[0].casefold() and not moved:
            raise NetworkError(f"it answered with another work, {message['DOI'][:80]}")
        return {dois[0]: packed({"message": message})}
    items = message.get("items")
    if not isinstance(items, list):
        raise NetworkError("its answer holds no list of works")
    asked = {doi.casefold(): doi for doi in dois}
    found = {}
    for work in items:
        doi = work.get("DOI") if isinstance(work, dict) else None
        if isinstance(doi, str) and doi.casefold() in asked:
            found[asked[doi.casefold()]] = packed({"message": work})
    return found


def words_of(record: Record) -> str:
    """Title, first family names, year; "" for a record without a title."""
    title = " ".join(record.title.split())[:MAX_TITLE]
    if not title:
        return ""
    people = record.names("author") or record.names("editor")
    families = [name.literal or name.family for name in people][:_PEOPLE]
    return " ".join([title, *families, *([str(record.year)] if record.year else [])])


def search_question(words: Sequence[str]) -> str:
    """The path of a search for one reference in words."""
    return f"/works?query.bibliographic={quote(words[0], safe='')}&rows={SEARCH_ROWS}"


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The works that a search has found, as one part; nothing where it has found none. Raises as `split` does."""
    answer = json_of(body)
    message = answer.get("message") if isinstance(answer, dict) else None
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(items, list):
        raise NetworkError("its answer holds no list of works")
    works = [{"message": item} for item in items if isinstance(item, dict) and item.get("type") not in _NOT_CITED]
    return {words[0]: packed(works)} if works else {}


def facts(part: bytes) -> Facts:
    """Notices about the work, and its preprints and publications, as far as they are declared."""
    work = json.loads(part)["message"]
    own = str(work.get("DOI", "")).casefold()
    notices = [
        Notice(_kind(update), _doi(update), _day(update.get("updated")))
        for update in _objects(work.get("updated-by"))
        if _doi(update) != own and _kind(update) != "new_version"
    ]
    titles = work.get("title")
    title = titles[0] if isinstance(titles, list) and titles else ""
    if _RETRACTED_TITLE.match(str(title)) and not any(notice.is_retraction for notice in notices):
        notices.append(Notice("retraction"))
    return Facts(
        notices=tuple(dict.fromkeys(notices)),
        published=_related(work, "is-preprint-of", own),
        preprints=_related(work, "has-preprint", own),
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _doi(update: dict[str, Any]) -> str:
    return str(update.get("DOI") or "").casefold()


def _kind(update: dict[str, Any]) -> str:
    return str(update.get("type") or "").casefold().replace("-", "_").replace(" ", "_")


def _day(value: Any) -> str:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list) or not all(isinstance(number, int) for number in first):
        return ""
    return "-".join(f"{number:02d}" for number in first)


def _related(work: dict[str, Any], name: str, own: str) -> tuple[str, ...]:
    relation = work.get("relation")
    links = _objects(relation.get(name)) if isinstance(relation, dict) else []
    dois = [str(link.get("id") or "").casefold() for link in links if link.get("id-type") == "doi"]
    return tuple(dict.fromkeys(doi for doi in dois if doi.startswith("10.") and doi != own))


CROSSREF = Source(
    name="crossref",
    title="Crossref",
    url="https://api.crossref.org",
    variable="DOI",
    format="crossref",
    question=question,
    split=split,
    facts=facts,
    batch=50,
    # a list counts as more than a single work: 1 a second for everybody, 3 for those who name an address
    delay_s=1.0,
    polite_delay_s=0.34,
    single=lambda doi: "," in doi,
    lists_lack_aliases=True,
)
CROSSREF_SEARCH = searching(CROSSREF, search_question, split_search, words_of)
