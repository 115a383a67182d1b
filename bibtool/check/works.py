"""Which entries are the same work: preprint or published, by identifier, by title and authors."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from bibtool.bib.latex import verbatim_from_latex
from bibtool.bib.names import parse_names
from bibtool.errors import IdentifierError
from bibtool.formats.bibtex.arxiv_fields import arxiv_id_of
from bibtool.model.identifiers import isbn13, parse_doi, parse_isbn
from bibtool.model.text.fold import fold, title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bibtool.check.source import CheckedEntry, CheckedFile

MAX_NAMES = 100_000  # characters of a list of names that is compared
MAX_TEXT = 500  # characters of other values that are compared

_PAPERS = frozenset({"inproceedings", "conference", "incollection", "inbook", "bookinbook", "suppbook"})
_ARTICLES = frozenset({"article", "suppperiodical"})
_LOOSE = frozenset({"misc", "online", "electronic", "www", "unpublished", "techreport", "report", "webpage", "manual"})
_KINDS = {
    **dict.fromkeys(_ARTICLES, "article"),
    **dict.fromkeys(_PAPERS, "paper"),
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings"), "book"),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
}
_PARTS = frozenset({"inbook", "incollection", "bookinbook", "suppbook", "inreference", "suppcollection"})

_SERVERS = re.compile(
    r"\barxiv\b|^corr$|^abs/|\b(?:bio|med|chem|soc|psy|earth|eng|tech)rxiv\b|\bpreprint|\be-?prints?\b|\bssrn\b|"
    r"\bresearch square\b|\bosf\b|\bzenodo\b|\bhal\b",
    re.IGNORECASE,
)
_MENTIONS = ("rxiv", "eprint", "48550", "abs/")
_HOMES = tuple(
    "journal journaltitle howpublished publisher institution organization note archiveprefix eprinttype".split()
)
_NOBODY = frozenset({"anonymous", "anon", "unknown", "various", "noauthor", "na"})
_DIGITS = re.compile(r"\w+")


def container(entry: CheckedEntry) -> str:
    """The journal or book that an entry appeared in, "" if it names none."""
    if entry.type in _ARTICLES:
        return entry.get("journaltitle") or entry.get("journal")
    return entry.get("booktitle")


def is_preprint(entry: CheckedEntry) -> bool:
    """Whether an entry is that of a preprint: on a preprint server and in no journal or book."""
    where = container(entry)
    if entry.type in _ARTICLES or entry.type in _PAPERS:
        if where or "crossref" in entry:
            return bool(_SERVERS.search(where[:MAX_TEXT].strip("{}")))
        return bool(entry.get("eprint"))
    if entry.type not in _LOOSE:
        return False
    return (
        bool(entry.get("eprint"))
        or arxiv_of(entry) is not None
        or any(_SERVERS.search(entry.get(name)[:MAX_TEXT]) for name in _HOMES)
    )


def is_published(entry: CheckedEntry) -> bool:
    """Whether an entry is that of an article in a journal or a paper in a book, and of no preprint."""
    if entry.type not in _ARTICLES and entry.type not in _PAPERS:
        return False
    return bool(container(entry) or "crossref" in entry) and not is_preprint(entry)


def doi_of(entry: CheckedEntry) -> str:
    """The DOI for comparing, "" if there is none or it is malformed."""
    if not entry.get("doi"):
        return ""
    try:
        return parse_doi(verbatim_from_latex(entry.get("doi"))).casefold()
    except IdentifierError:
        return ""


def arxiv_of(entry: CheckedEntry) -> str | None:
    """The arXiv number without version, or None."""
    fields = {field.name: field.content for field in reversed(entry.fields)}
    arxiv_id = arxiv_id_of(fields)
    return arxiv_id.number if arxiv_id else None


def arxiv_numbers(files: Iterable[CheckedFile]) -> Iterator[tuple[CheckedEntry, str]]:
    """Every entry with an arXiv number, and the number; entries that don't mention arXiv are never looked into."""
    for file in files:
        lower = file.text.lower()
        if len(lower) != len(file.text):  # some capitals become two letters
            lower = file.text
        last = None
        for at in sorted(at for word in _MENTIONS for at in _places(lower, word)):
            entry = file.entry_at(at)
            if entry is None or entry is last:
                continue
            last = entry
            number = arxiv_of(entry)
            if number is not None:
                yield entry, number


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def related_entries(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether one entry refers to the other, as a part does to its whole."""
    return any(
        target.key and target.key in re.split(r"\s*,\s*", entry.get(name))
        for entry, target in ((left, right), (right, left))
        for name in ("crossref", "xref", "xdata", "related", "entryset")
        if name in entry
    )


def are_parts(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether two entries are different parts of one book, which may share its identifiers."""
    if left.type not in _PARTS and right.type not in _PARTS:
        return False
    return left.type != right.type or any(
        comparable(left.get(name)) != comparable(right.get(name)) for name in ("title", "chapter", "pages")
    )


def comparable(text: str) -> tuple[str, ...]:
    """The words and numbers of a value, so that ``97--111`` and ``97-111`` are the same."""
    return tuple(_DIGITS.findall(fold(text[:MAX_TEXT])))


def same_titles(entries: Iterable[CheckedEntry]) -> Iterator[list[CheckedEntry]]:
    """Entries that have the same title but for spelling, in groups of two and more."""
    groups: dict[str, list[CheckedEntry]] = {}
    for entry in entries:
        title = entry.get("title")
        if not title or len(title) > 2000:
            continue
        if subtitle := entry.get("subtitle"):
            title = f"{title} {subtitle}"
        groups.setdefault(title_key(title), []).append(entry)
    for key, group in groups.items():
        if key and len(group) > 1:
            yield group


def families(entry: CheckedEntry) -> frozenset[str]:
    """The family names of authors (or editors) for comparing."""
    value = entry.get("author") or entry.get("editor")
    return _families(value) if value and len(value) <= MAX_NAMES else frozenset()


@lru_cache(maxsize=4096)
def _families(value: str) -> frozenset[str]:
    names = parse_names(value)
    folded = (fold(name.literal or name.family) for name in names)
    return frozenset("".join(char for char in family if char.isalnum()) for family in folded if family) - _NOBODY


def share_authors(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether two entries have the same authors: all of the shorter list, or most of both. No authors, no match."""
    first, second = families(left), families(right)
    if not first or not second:
        return False
    common = len(first & second)
    return common == min(len(first), len(second)) or common * 2 > max(len(first), len(second))


def same_kind(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether the types name the same kind of work, or one of them names none."""
    first, second = _KINDS.get(left.type), _KINDS.get(right.type)
    return first is None or second is None or first == second


def told_apart(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether two entries of the same title and authors differ in something that makes them two works."""
    first, second = doi_of(left), doi_of(right)
    if first and second and first != second:
        return True
    if not same_kind(left, right) or related_entries(left, right):
        return True
    if left.type != right.type and {_KINDS.get(left.type), _KINDS.get(right.type)} == {"thesis"}:
        return True
    if _isbns(left) and _isbns(right) and _isbns(left).isdisjoint(_isbns(right)):
        return True
    for name in ("volume", "number", "edition", "chapter", "part", "version", "eid"):
        mine, theirs = comparable(left.get(name)), comparable(right.get(name))
        if mine and theirs and mine != theirs:
            return True
    begins = first_page(left), first_page(right)
    if all(begins) and begins[0] != begins[1]:
        return True
    years = year_of(left), year_of(right)
    if None not in years and abs((years[0] or 0) - (years[1] or 0)) > 1:
        return True
    return is_short(left) and not (
        years[0] is not None
        and years[0] == years[1]
        and container(left)
        and (title_key(container(left)) == title_key(container(right)))
    )


def _isbns(entry: CheckedEntry) -> frozenset[str]:
    """The ISBNs of an entry in their form of 13 digits; malformed ones are left out."""
    isbns: set[str] = set()
    for name in ("isbn", "isbn-13"):
        for part in re.split(r"[,;]", entry.get(name)[:MAX_TEXT]):
            with suppress(IdentifierError):
                isbns.add(isbn13(parse_isbn(part.strip("{} "))))
    return frozenset(isbns)


def is_short(entry: CheckedEntry) -> bool:
    """Whether a title is so short that many works have it: ``Introduction``, ``Deep Learning``."""
    return len(title_key(entry.get("title")).split()) < 3


def first_page(entry: CheckedEntry) -> str:
    """The first page, "" if there is none."""
    page = _DIGITS.search(entry.get("pages")[:MAX_TEXT])
    return page[0].casefold() if page else ""


def year_of(entry: CheckedEntry) -> int | None:
    """The year of the first field that has one, or None."""
    for name in ("date", "year"):
        if year := re.search(r"\d{4}", entry.get(name)[:MAX_TEXT]):
            return int(year[0])
    return None
