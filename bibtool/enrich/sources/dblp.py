"""DBLP: computer science by the key of a record, and by title.

Since 2026 the service answers with a proof-of-work page at times, so it is asked only if the user names it. Numbers
are strings, a list of one is written as its element, people of one name have a number after it, and titles end in a
full stop.
A record of CoRR is a preprint whose volume holds the arXiv id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import is_page, json_of, packed, refuse_robot_check
from bibtool.enrich.sources.ids import kinds, parted
from bibtool.enrich.sources.items import facts_of, item_of, objects, plain, without_stop
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 10
_HOMONYM = lazy_pattern(r" \d{4}$")
_WORD = lazy_pattern(r"[^\W_]+")
_TYPES = {
    "Journal Articles": "article-journal", "Conference and Workshop Papers": "paper-conference",
    "Parts in Books or Collections": "chapter", "Books and Theses": "book", "Editorship": "book",
    "Reference Works": "chapter", "Data and Artifacts": "dataset", "Informal and Other Publications": "article",
}  # fmt: skip


def question(keys: Sequence[str]) -> str:
    """The path of one record, in BibTeX."""
    return f"/rec/{quote(parted(keys[0])[1])}.bib?param=1"


def split(body: bytes, keys: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The record as it is. Raises `NetworkError` for what is not one, or another one."""
    refuse_robot_check(body)
    if is_page(body):
        raise NetworkError("it answered with a web page")
    text = body.strip()
    if not text.startswith(b"@") or not text.endswith(b"}"):
        raise NetworkError("its answer is cut, or no BibTeX")
    if b"DBLP:" + parted(keys[0])[1].encode() not in text:
        raise NetworkError("it answered with another record")
    return {keys[0]: text}


def words_of(record: Record) -> str:
    """All words of the title, which must be there, and the first family name."""
    words = _WORD.findall(record.title.split(": ")[0] if len(record.title) > 90 else record.title)
    people = record.names("author")
    family = [word for name in list(people)[:1] for word in _WORD.findall(name.family or name.literal)]
    return " ".join([*words, *family]) if len(words) > 1 else ""


def search_question(words: Sequence[str]) -> str:
    """The path of a search."""
    return f"/search/publ/api?q={quote(words[0], safe='')}&format=json&h={ROWS}&c=0"


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the publications that were found; nothing where there are none. Raises as `split` does."""
    answer = json_of(body)
    result = answer.get("result") if isinstance(answer, dict) else None
    hits = result.get("hits") if isinstance(result, dict) else None
    if not isinstance(hits, dict) or "@total" not in hits:
        raise NetworkError("its answer holds no list of publications")
    items = [_item(hit["info"]) for hit in objects(hits.get("hit")) if isinstance(hit.get("info"), dict)]
    items = [item for item in items if item["title"]]
    return {words[0]: packed(items)} if items else {}


def _first(value: Any) -> str:
    text = value[0] if isinstance(value, list) and value else value
    return plain(text)


def _item(info: dict[str, Any]) -> dict[str, Any]:
    authors = info.get("authors")
    people = objects(authors.get("author")) if isinstance(authors, dict) else []
    names = [_HOMONYM.sub("", plain(each.get("text"))) for each in people]
    kind = _TYPES.get(str(info.get("type")), "article")
    venue, volume, doi = _first(info.get("venue")), _first(info.get("volume")), _first(info.get("doi"))
    arxiv = volume.removeprefix("abs/") if venue == "CoRR" and volume.startswith("abs/") else ""
    if venue == "CoRR":
        kind, venue, volume = "article", "", ""
    return item_of(
        kind,
        without_stop(_first(info.get("title"))),
        names,
        year=_first(info.get("year")),
        container_title=venue if kind != "book" else "",
        volume=volume,
        issue=_first(info.get("number")),
        page=_first(info.get("pages")),
        publisher=_first(info.get("publisher")),
        DOI=doi if doi.startswith("10.") and not doi.casefold().startswith("10.48550/arxiv") else "",
        arxiv=arxiv,
    )


DBLP = Source(
    name="dblp",
    title="DBLP",
    url="https://dblp.org",
    format="bibtex",
    question=question,
    split=split,
    knows=kinds("DBLP"),
    delay_s=2.0,
    polite_delay_s=2.0,
    accept="application/x-bibtex, text/plain",
)
DBLP_SEARCH = searching(
    DBLP, search_question, split_search, words_of, format="csl-json", facts=facts_of, accept="application/json"
)
