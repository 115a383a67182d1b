"""INSPIRE-HEP: high-energy physics by DOI or arXiv id, and by title; preprint and article are one record.

A DOI occurs several times in a record, also those of errata and of preprints. 15 requests are allowed in 5 seconds,
and refused ones count too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.ids import joined, kinds, parted
from bibtool.enrich.sources.items import facts_of, found_by, item_of, objects, plain, quoted_title, with_facts
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 5
_FIELDS = (
    "titles,authors.full_name,collaborations,dois,publication_info,arxiv_eprints,document_type,earliest_date,"
    "withdrawn,retracted"
)
_WORDS = {"DOI": "doi", "arXiv": "eprint"}
_TYPES = {
    "article": "article-journal", "conference paper": "paper-conference", "book": "book", "book chapter": "chapter",
    "thesis": "thesis", "report": "report", "proceedings": "book",
}  # fmt: skip


def question(identifiers: Sequence[str]) -> str:
    """The path of a query for several identifiers."""
    wanted = [f'{_WORDS[kind]}:"{number.replace(chr(34), "")}"' for kind, number in map(parted, identifiers)]
    return _query(" or ".join(wanted), len(identifiers))


def _query(words: str, rows: int) -> str:
    return f"/literature?q={quote(words, safe='')}&size={rows}&fields={_FIELDS}"


def split(body: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works by the identifiers that were asked for. Raises `NetworkError` for what is not an answer."""
    asked = {identifier.casefold(): identifier for identifier in identifiers}
    found: dict[str, bytes] = {}
    for work in _works(body):
        numbers = [joined("doi", doi) for doi in _values(work, "dois")]
        numbers += [joined("arxiv", number) for number in _values(work, "arxiv_eprints")]
        for name in numbers:
            if name.casefold() in asked:
                found.setdefault(asked[name.casefold()], packed(_item(work)))
    return found


def words_of(record: Record) -> str:
    """A query for the title."""
    title = quoted_title(record)
    return f"t {title}" if title else ""


def search_question(words: Sequence[str]) -> str:
    """The path of a search."""
    return _query(words[0], ROWS)


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works that were found; nothing where there are none. Raises as `split` does."""
    return found_by(words[0], map(_item, _works(body)))


def _works(body: bytes) -> list[dict[str, Any]]:
    answer = json_of(body)
    hits = answer.get("hits") if isinstance(answer, dict) else None
    works = hits.get("hits") if isinstance(hits, dict) else None
    if not isinstance(works, list):
        raise NetworkError("its answer holds no list of works")
    return [work["metadata"] for work in objects(works) if isinstance(work.get("metadata"), dict)]


def _values(work: dict[str, Any], name: str) -> list[str]:
    return [str(each.get("value") or "") for each in objects(work.get(name))]


def _item(work: dict[str, Any]) -> dict[str, Any]:
    places = [place for place in objects(work.get("publication_info")) if place.get("material") != "erratum"]
    place = next((each for each in places if each.get("journal_title")), places[0] if places else {})
    dois = [
        str(each.get("value") or "")
        for each in objects(work.get("dois"))
        if each.get("material") not in ("preprint", "erratum")
    ]
    doi = next((doi for doi in dois if not doi.casefold().startswith("10.48550/")), "")
    kind = next((_TYPES[name] for name in work.get("document_type") or [] if name in _TYPES), "article")
    if kind == "article-journal" and not place.get("journal_title"):
        kind = "article"
    people: list[str | dict[str, str]] = [plain(each.get("full_name")) for each in objects(work.get("authors"))]
    if not people:
        people = [{"literal": plain(each.get("value"))} for each in objects(work.get("collaborations"))]
    titles = objects(work.get("titles"))
    title, subtitle = (plain(titles[0].get(name)) for name in ("title", "subtitle")) if titles else ("", "")
    pages = [plain(place.get(name)) for name in ("page_start", "page_end")]
    item = item_of(
        kind,
        f"{title}: {subtitle}" if subtitle else title,
        people,
        year=place.get("year") or str(work.get("earliest_date") or "")[:4],
        container_title=plain(place.get("journal_title")),
        volume=plain(place.get("journal_volume")),
        issue=plain(place.get("journal_issue")),
        page="-".join(page for page in pages if page) or plain(place.get("artid")),
        DOI=doi,
        arxiv=next(iter(_values(work, "arxiv_eprints")), ""),
    )
    kinds_of = [("retraction", "retracted"), ("withdrawal", "withdrawn")]
    return with_facts(item, Facts(notices=tuple(Notice(kind) for kind, name in kinds_of if work.get(name) is True)))


INSPIRE = Source(
    name="inspire",
    title="INSPIRE",
    url="https://inspirehep.net/api",
    format="csl-json",
    question=question,
    split=split,
    facts=facts_of,
    knows=kinds(*_WORDS),
    batch=25,
    is_list=True,
    delay_s=0.4,
    polite_delay_s=0.4,
)
INSPIRE_SEARCH = searching(INSPIRE, search_question, split_search, words_of)
