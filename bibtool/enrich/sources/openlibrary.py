"""Open Library: books by ISBN.

Only the data of the edition is taken: a search would give the year and the numbers of other editions. ``publish_date``
is free text, of which the year is taken; an unknown ISBN is missing in the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.items import item_of
from bibtool.enrich.sources.source import Source
from bibtool.errors import IdentifierError, NetworkError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import isbn13, parse_isbn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_YEAR = lazy_pattern(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")


def question(isbns: Sequence[str]) -> str:
    """The path of a list of ISBNs."""
    return "/api/books?format=json&jscmd=data&bibkeys=" + ",".join(f"ISBN:{isbn}" for isbn in isbns)


def split(body: bytes, isbns: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the books by the ISBNs that were asked for. Raises `NetworkError` for what is not an answer.

    A book that names other ISBNs only is not the one that was asked for, and is left out.
    """
    answer = json_of(body)
    if not isinstance(answer, dict):
        raise NetworkError("its answer holds no books")
    found = {}
    for isbn in isbns:
        book = answer.get(f"ISBN:{isbn}")
        if isinstance(book, dict) and isinstance(book.get("title"), str) and _is_of(book, isbn):
            found[isbn] = packed(_item(book, isbn))
    return found


def _is_of(book: dict[str, Any], isbn: str) -> bool:
    identifiers = book.get("identifiers")
    named = [
        number
        for name in ("isbn_10", "isbn_13")
        for number in _strings(identifiers.get(name) if isinstance(identifiers, dict) else None)
    ]
    known = {number for text in named if (number := _thirteen(text))}
    return not known or _thirteen(isbn) in known


def _thirteen(text: str) -> str:
    try:
        return isbn13(parse_isbn(text)).replace("-", "")
    except IdentifierError:
        return ""


def _strings(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    """The names of a list of publishers, places or people."""
    items: Iterable[Any] = value if isinstance(value, list) else []
    named = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [" ".join(name.split()) for name in named if isinstance(name, str) and name.strip()]


def _item(book: dict[str, Any], isbn: str) -> dict[str, Any]:
    title = " ".join(str(book["title"]).split())
    subtitle = " ".join(str(book.get("subtitle") or "").split())
    year = _YEAR.search(str(book.get("publish_date") or ""))
    return item_of(
        "book",
        f"{title}: {subtitle}" if subtitle and subtitle.casefold() not in title.casefold() else title,
        _names(book.get("authors")),
        ISBN=isbn,
        year=year[1] if year else None,
        publisher=next(iter(_names(book.get("publishers"))), ""),
        publisher_place=next(iter(_names(book.get("publish_places"))), ""),
    )


OPEN_LIBRARY = Source(
    name="openlibrary",
    title="Open Library",
    url="https://openlibrary.org",
    variable="ISBN",
    format="csl-json",
    question=question,
    split=split,
    batch=50,
    delay_s=1.0,
    polite_delay_s=0.34,
)
