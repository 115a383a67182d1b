"""Whether two statements of pages may mean the same pages. Pure."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import fold
from bibtool.structs import dataclass

_BEFORE = lazy_pattern(r"\s*(?:(?:pp?|pages?|pgs?|s|seiten?|articles?|art|no|nr|paper|id)\b[. ]*){0,3}")
_PAGES = lazy_pattern(
    r"([a-z]{0,3}\d[\w.:/]*?)\.?\s*(?:(?:[-\u2010-\u2015]+|\bto\b|\bbis\b)\s*([a-z]{0,3}\d[\w:/]*)?|(?:ff?|sqq?)?(?![\w:/]))"
)


@dataclass(frozen=True, slots=True)
class _Pages:
    """First and last page, "" where not said; ``article`` is the number of which they are a part (``12:1-12:25``)."""

    first: str
    last: str
    article: str = ""


def pages_fit(pages: str, other: str) -> bool:
    """Whether two page ranges may be one: ``342-5`` and ``342--345``, ``pp. 342ff.``, a first page alone.

    ``12:1-12:25``, article 12 with 25 pages, is also written ``12``, ``12:1-25`` and ``1-25``.
    """
    mine, theirs = _read(pages), _read(other)
    if mine is None or theirs is None:
        return fold(pages).strip() == fold(other).strip()
    if bool(mine.article) == bool(theirs.article):
        return mine.article == theirs.article and _same_range(mine, theirs)
    plain, numbered = (theirs, mine) if mine.article else (mine, theirs)
    return _same_range(plain, numbered) or (not plain.last and plain.first == numbered.article)


def _same_range(mine: _Pages, theirs: _Pages) -> bool:
    return mine.first == theirs.first and (not mine.last or not theirs.last or mine.last == theirs.last)


def _read(text: str) -> _Pages | None:
    folded = fold(text)
    before = _BEFORE.match(folded)
    found = _PAGES.match(folded, before.end() if before else 0)
    if found is None:
        return None
    article, colon, first = found[1].rpartition(":")
    last = found[2] or ""
    if colon:
        last = last.removeprefix(f"{article}:")
    if first.endswith("ff") or (first.endswith("f") and first[:-1].isdigit()):
        first = first.rstrip("f")
    return _Pages(_bare(first), _bare(_whole(first, last)), _bare(article))


def _bare(number: str) -> str:
    """Without leading zeros, and without the ``e`` of an electronic article."""
    without = number.removeprefix("e").lstrip("0")
    return without if without[:1].isdigit() else number.lstrip("0")


def _whole(first: str, last: str) -> str:
    """The last page in full: of ``342-5`` it is 345."""
    if last.isdigit() and first.isdigit() and len(last) < len(first):
        return first[: len(first) - len(last)] + last
    return last
