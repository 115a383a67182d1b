"""NASA ADS: astronomy and physics by DOI or arXiv id, and by title, with the user's token.

Preprint and article are one record, whose ``identifier`` lists all names. A month ``00`` is not known. What is left of
the day's requests is in each answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.ids import joined, kinds, parted
from bibtool.enrich.sources.items import facts_of, found_by, item_of, objects, plain, quoted_title
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 5
_FIELDS = "bibcode,title,author,year,pub,volume,issue,page,doi,identifier,doctype,eid"
_TYPES = {
    "article": "article-journal", "eprint": "article", "inproceedings": "paper-conference", "proceedings": "book",
    "phdthesis": "thesis", "mastersthesis": "thesis", "book": "book", "inbook": "chapter", "software": "software",
    "techreport": "report",
}  # fmt: skip
_WORDS = {"DOI": "doi", "arXiv": "identifier"}


def question(identifiers: Sequence[str]) -> str:
    """The path of a query for several identifiers, of at most 1000 characters."""
    wanted = [f'{_WORDS[kind]}:"{number.replace(chr(34), "")}"' for kind, number in map(parted, identifiers)]
    return _query(" OR ".join(wanted), 2 * len(identifiers))


def _query(words: str, rows: int) -> str:
    return f"/search/query?q={quote(words, safe='')}&fl={_FIELDS}&rows={rows}"


def split(body: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works by the identifiers that were asked for. Raises `NetworkError` for what is not an answer."""
    asked = {identifier.casefold(): identifier for identifier in identifiers}
    found: dict[str, bytes] = {}
    for work in _works(body):
        names = [joined("doi", doi) for doi in _texts(work.get("doi"))]
        names += [joined("arxiv", number) for number in _arxiv_ids(work)]
        for name in names:
            if name.casefold() in asked:
                found.setdefault(asked[name.casefold()], packed(_item(work)))
    return found


def words_of(record: Record) -> str:
    """A query for the title."""
    title = quoted_title(record)
    return f"title:{title}" if title else ""


def search_question(words: Sequence[str]) -> str:
    """The path of a search."""
    return _query(words[0], ROWS)


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works that were found; nothing where there are none. Raises as `split` does."""
    return found_by(words[0], map(_item, _works(body)))


def _works(body: bytes) -> list[dict[str, Any]]:
    answer = json_of(body)
    response = answer.get("response") if isinstance(answer, dict) else None
    works = response.get("docs") if isinstance(response, dict) else None
    if not isinstance(works, list):
        raise NetworkError("its answer holds no list of works")
    return objects(works)


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := plain(item))]


def _arxiv_ids(work: dict[str, Any]) -> list[str]:
    names = _texts(work.get("identifier"))
    return [name[len("arXiv:") :] for name in names if name.casefold().startswith("arxiv:")]


def _item(work: dict[str, Any]) -> dict[str, Any]:
    kind = _TYPES.get(str(work.get("doctype")), "document")
    dois = [doi for doi in _texts(work.get("doi")) if not doi.casefold().startswith("10.48550/")]
    is_preprint = kind == "article"
    return item_of(
        kind,
        " ".join(_texts(work.get("title"))[:1]),
        _texts(work.get("author")),
        year=plain(work.get("year")),
        container_title="" if is_preprint else plain(work.get("pub")),
        volume=plain(work.get("volume")),
        issue=plain(work.get("issue")),
        page="-".join(_texts(work.get("page"))[:1]) or plain(work.get("eid")),
        DOI=next(iter(dois), ""),
        arxiv=next(iter(_arxiv_ids(work)), ""),
    )


ADS = Source(
    name="ads",
    title="NASA ADS",
    url="https://api.adsabs.harvard.edu/v1",
    format="csl-json",
    question=question,
    split=split,
    facts=facts_of,
    knows=kinds(*_WORDS),
    batch=15,
    is_list=True,
    delay_s=0.5,
    polite_delay_s=0.5,
    key_header="Authorization",
    needs_key=True,
)
ADS_SEARCH = searching(ADS, search_question, split_search, words_of)
