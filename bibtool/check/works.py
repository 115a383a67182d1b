"""Which entries may be one work: read as records where that is worth it, and put before the judge of works."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.bib.latex import verbatim_from_latex
from bibtool.check.entrytypes import KNOWN
from bibtool.errors import IdentifierError
from bibtool.formats.bibtex.arxiv_fields import arxiv_id_of
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_doi
from bibtool.model.text.fold import fold, title_key
from bibtool.model.works.similar import SimilarTitles, near_in
from bibtool.model.works.titles import bare_title, squashed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, CheckedFile
    from bibtool.formats.bibtex.inherit import RawEntry
    from bibtool.model.record import Record
    from bibtool.model.works.card import Card
    from bibtool.model.works.verdict import Judgement

MAX_TEXT = 500  # characters of other values that are compared
MAX_TITLE = 2000  # characters of a title that is compared
MAX_GROUP = 50  # of entries with one title; more are a series of reports or of editorials

_PARTS = frozenset({"inbook", "incollection", "bookinbook", "suppbook", "inreference", "suppcollection"})
_MENTIONS = (b"rxiv", b"eprint", b"48550", b"abs/")
_DIGITS = lazy_pattern(r"\w+")
_YEAR = lazy_pattern(r"\d{4}")
_UNSIGNED = lazy_pattern(r"[{}\s]*(?:anon(?:ymous|\.)?)?[{}\s]*", re.IGNORECASE)


def works_of(context: Context) -> Works:
    """The works of one call, shared by the rules that ask."""
    works = context.shared.get(Works)
    if works is None:
        works = context.shared[Works] = Works(context)
    return works


class Works:
    """The entries of all files as records, read when they are asked for, and what the judge of works says of pairs."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cards: dict[CheckedEntry, Card] = {}

    def card(self, entry: CheckedEntry) -> Card:
        """What is compared of an entry, with what it inherits."""
        card = self._cards.get(entry)
        if card is None:
            from bibtool.model.works.card import card_of  # here and below: most files have nothing to compare

            card = self._cards[entry] = card_of(self._record(entry))
        return card

    def judge(self, entry: CheckedEntry, other: CheckedEntry) -> Judgement:
        """Whether two entries are one work."""
        from bibtool.model.works.verdict import judge

        return judge(self.card(entry), self.card(other))

    def share_number(self, entry: CheckedEntry, other: CheckedEntry) -> bool:
        """Whether both entries have one DOI or arXiv number of their own."""
        ids, others = self.card(entry).ids, self.card(other).ids
        return any(kind in ids and ids[kind] == others.get(kind) for kind in ("doi", "arxiv"))

    def is_published(self, entry: CheckedEntry) -> bool:
        """Whether an entry says where the work appeared, other than on a preprint server."""
        return self.card(entry).published

    def is_preprint(self, entry: CheckedEntry) -> bool:
        """Whether an entry describes a preprint."""
        from bibtool.model.works.manifestation import Manifestation

        return self.card(entry).manifestation is Manifestation.PREPRINT

    def _record(self, entry: CheckedEntry) -> Record:
        from bibtool.formats.bibtex.inherit import inherit
        from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
        from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
        from bibtool.formats.bibtex.to_record import to_record
        from bibtool.model.record import Provenance

        source = _source(entry)
        fields: Mapping[str, str] = source.fields
        if "crossref" in fields or "xdata" in fields or any("xdata=" in content for content in fields.values()):
            fields = inherit(source, _Sources(self._context)).fields
        added = fields.keys() - source.fields.keys()
        dialect = BIBLATEX if self._context.dialect(entry) == "biblatex" else BIBTEX
        return to_record(
            _known_type(entry.type), entry.key, fields, dialect, provenance=Provenance(source="bibtex"), inherited=added
        ).record

    @cached_property
    def arxiv_numbers(self) -> tuple[tuple[CheckedEntry, str], ...]:
        """Every entry with an arXiv number, and the number; in the order of the files."""
        return tuple(_arxiv_numbers(self._context.files))

    @cached_property
    def pairs(self) -> tuple[tuple[CheckedEntry, CheckedEntry], ...]:
        """Pairs of entries that may be one work, the earlier one first, in the order of the later one.

        Those with the same title, whatever its spelling, and those with a similar title by the same first author in
        the same year or the next.
        """
        titles = [(entry, title_key(bare_title(_title_of(entry)).text)) for entry in self._context.entries]
        blocks = [squashed(title) for _, title in titles]
        sizes = Counter(blocks)
        by_title: dict[str, list[CheckedEntry]] = {}
        by_author: dict[tuple[str, int], SimilarTitles[CheckedEntry]] = {}
        pairs = []
        for (entry, title), block in zip(titles, blocks, strict=True):
            if not block or sizes[block] > MAX_GROUP:
                continue
            same = by_title.setdefault(block, [])
            near = [other for other in _near(entry, title, by_author) if other not in same]
            pairs += [(earlier, entry) for earlier in (*same, *near)]
            same.append(entry)
        return tuple(pairs)


class _Sources:
    """The entries of all files as `inherit` asks for them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self, key: str) -> RawEntry | None:
        entry = self._context.find(key)
        return None if entry is None else _source(entry)


def _known_type(entry_type: str) -> str:
    """The type, or "thesis" for one such as ``@jurthesis`` that only a style knows."""
    return "thesis" if entry_type.endswith("thesis") and entry_type not in KNOWN else entry_type


def _source(entry: CheckedEntry) -> RawEntry:
    from bibtool.formats.bibtex.inherit import RawEntry

    fields = {field.name: field.content for field in reversed(entry.fields) if field.content}
    return RawEntry(entry.type, entry.key, dict(reversed(fields.items())))


def _title_of(entry: CheckedEntry) -> str:
    title, subtitle = entry.get("title")[:MAX_TITLE], entry.get("subtitle")[:MAX_TITLE]
    return f"{title}: {subtitle}" if title and subtitle else title


def _near(
    entry: CheckedEntry, title: str, by_author: dict[tuple[str, int], SimilarTitles[CheckedEntry]]
) -> Iterator[CheckedEntry]:
    """Earlier entries with a similar title by the same first author in neighbouring years; the entry is noted."""
    author, year = _first_family(entry), year_of(entry)
    if not author or year is None:
        return
    yield from near_in([by_author.get((author, each)) for each in (year - 1, year, year + 1)], title)
    by_author.setdefault((author, year), SimilarTitles()).add(title, entry)


def _first_family(entry: CheckedEntry) -> str:
    """The last word of the first family name, roughly: a key for looking, never a reason."""
    names = (entry.get("author") or entry.get("editor"))[:MAX_TEXT]
    first = names.split(" and ", 1)[0]
    words = title_key(first.split(",", 1)[0]).split()
    return words[-1] if words else ""


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


def _arxiv_numbers(files: Iterable[CheckedFile]) -> Iterator[tuple[CheckedEntry, str]]:
    """Every entry with an arXiv number, and the number; entries that don't mention arXiv are never looked into."""
    for file in files:
        lower = file.text.encode("latin-1", "replace").lower()  # one byte for each character, in a tenth of the time
        last = None
        for at in sorted(at for word in _MENTIONS for at in _places(lower, word)):
            entry = file.entry_at(at)
            if entry is None or entry is last:
                continue
            last = entry
            number = arxiv_of(entry)
            if number is not None:
                yield entry, number


def _places(text: bytes, word: bytes) -> Iterator[int]:
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


def are_apart(left: CheckedEntry, right: CheckedEntry) -> bool:
    """Whether entries are distinguished by what the judge of works does not look at.

    Unsigned works by what is printed in place of the author; the items that every issue has by their issue.
    """
    signed = not all(_UNSIGNED.fullmatch(entry.get("author") or entry.get("editor")) for entry in (left, right))
    if not signed and any(_differ(left, right, name) for name in ("shortauthor", "shorteditor", "shorthand")):
        return True
    return _differ(left, right, "number") and (not signed or _differ(left, right, "month"))


def _differ(left: CheckedEntry, right: CheckedEntry, name: str) -> bool:
    """Whether both have the field, with different words or numbers."""
    first, second = comparable(left.get(name)), comparable(right.get(name))
    return bool(first and second) and first != second


def comparable(text: str) -> tuple[str, ...]:
    """The words and numbers of a value, so that ``97--111`` and ``97-111`` are the same."""
    return tuple(_DIGITS.findall(fold(text[:MAX_TEXT])))


def year_of(entry: CheckedEntry) -> int | None:
    """The year of the first field that has one, or None."""
    for name in ("date", "year"):
        if (value := entry.get(name)) and (year := _YEAR.search(value[:MAX_TEXT])):
            return int(year[0])
    return None
