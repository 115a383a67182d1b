"""OpenReview: papers of ICLR, NeurIPS, TMLR and others by the number of their page, and by title.

Whether a paper was accepted is in ``venue`` and ``venueid``: a rejected or withdrawn submission, and one that is still
under review, is a preprint. Fields are objects with a ``value`` in the second version of the interface, bare in the
first one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.ids import kinds, parted
from bibtool.enrich.sources.items import facts_of, item_of, objects, plain
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 5
_VENUE = lazy_pattern(r"(?P<name>.+?)[ ,]+(?P<year>(?:19|20)\d\d)\b.*")
_NOT_ACCEPTED = lazy_pattern(r"submitted|rejected|withdrawn|desk.reject|under review|submission\b")
_JOURNALS = ("TMLR", "Transactions on Machine Learning Research")


def question(numbers: Sequence[str]) -> str:
    """The path of one paper."""
    return f"/notes?id={quote(parted(numbers[0])[1], safe='')}"


def split(body: bytes, numbers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the paper. Raises `NetworkError` for what is not an answer to this question."""
    for note in _notes(body):
        if note.get("id") == parted(numbers[0])[1]:
            return {numbers[0]: packed(_item(note))}
    return {}


def words_of(record: Record) -> str:
    """The title."""
    return " ".join(record.title.split())[:300]


def search_question(words: Sequence[str]) -> str:
    """The path of a search by title."""
    return f"/notes/search?term={quote(words[0], safe='')}&content=title&limit={ROWS}"


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the papers that were found; nothing where there are none. Raises as `split` does."""
    items = [item for note in _notes(body) if (item := _item(note))["title"] and "author" in item]
    return {words[0]: packed(items)} if items else {}


def _notes(body: bytes) -> list[dict[str, Any]]:
    answer = json_of(body)
    notes = answer.get("notes") if isinstance(answer, dict) else None
    if not isinstance(notes, list):
        raise NetworkError("its answer holds no list of papers")
    return objects(notes)


def _item(note: dict[str, Any]) -> dict[str, Any]:
    content = note.get("content")
    content = content if isinstance(content, dict) else {}
    values = {name: field.get("value") if isinstance(field, dict) else field for name, field in content.items()}
    authors = values.get("authors")
    venue = plain(values.get("venue"))
    place = _VENUE.fullmatch(venue)
    said = f"{venue} {plain(values.get('venueid'))}".casefold().replace("_", " ")
    is_journal = venue.startswith(_JOURNALS)
    accepted = bool(venue) and (is_journal or place is not None) and not _NOT_ACCEPTED.search(said)
    when = note.get("pdate") or note.get("cdate")
    year = place["year"] if accepted and place else _year(when)
    return item_of(
        ("article-journal" if is_journal else "paper-conference") if accepted else "article",
        plain(values.get("title")),
        [plain(name) for name in authors] if isinstance(authors, list) else [],
        year=year,
        container_title=(place["name"] if place else venue) if accepted else "",
        URL=f"https://openreview.net/forum?id={note.get('forum') or note.get('id')}",
    )


def _year(milliseconds: Any) -> str:
    """The year of a time in milliseconds since the epoch; "" for none."""
    import datetime as dt

    if not isinstance(milliseconds, (int, float)) or not 0 < milliseconds < 1e14:
        return ""
    return str(dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC).year)


OPENREVIEW = Source(
    name="openreview",
    title="OpenReview",
    url="https://api2.openreview.net",
    format="csl-json",
    question=question,
    split=split,
    facts=facts_of,
    knows=kinds("OpenReview"),
    delay_s=1.0,
    polite_delay_s=1.0,
)
OPENREVIEW_SEARCH = searching(OPENREVIEW, search_question, split_search, words_of, is_list=True)
