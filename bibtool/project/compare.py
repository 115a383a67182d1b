"""Two bibliographies compared by meaning: `compare`. Pure; works on records, so on every format.

LaTeX spelling, order, braces and white space do not count: readers have removed them. `summary` says what counts in
words: "2 upgraded to their published version, 1 new author list".
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

from bibtool.model.marks import show
from bibtool.model.names import Names
from bibtool.model.text.fold import title_key
from bibtool.model.works.blocks import Blocks
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import PUBLICATION_GROUP
from bibtool.model.works.people import authors_agree
from bibtool.model.works.verdict import compare as judge_works
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence

    from bibtool.bib.document import Document
    from bibtool.model.record import Record, Value

# class of change -> how one and how several are counted; in the order in which they are named
WORDS: Mapping[str, tuple[str, str]] = {
    "added": ("added", "added"),
    "removed": ("removed", "removed"),
    "renamed": ("key renamed", "keys renamed"),
    "upgraded": ("upgraded to its published version", "upgraded to their published version"),
    "withdrawn": ("withdrawn", "withdrawn"),
    "version": ("new version", "new versions"),
    "authors": ("new author list", "new author lists"),
    "completed": ("author list completed", "author lists completed"),
    "names": ("author list respelled", "author lists respelled"),
    "title": ("title changed", "titles changed"),
    "respelled": ("title respelled", "titles respelled"),
    "doi": ("new DOI", "new DOIs"),
    "journal-ref": ("new journal reference", "new journal references"),
    "type": ("entry type changed", "entry types changed"),
    "other": ("with other fields changed", "with other fields changed"),
    "spelling": ("spelled differently", "spelled differently"),
    "unreadable": ("unreadable part changed", "unreadable parts changed"),
}


# the same of changes that have not been made
_CONDITIONAL: Mapping[str, tuple[str, str]] = {
    "added": ("would be added", "would be added"),
    "removed": ("would be removed", "would be removed"),
    "renamed": ("key would be renamed", "keys would be renamed"),
    "upgraded": ("would be upgraded to its published version", "would be upgraded to their published version"),
    "withdrawn": ("was withdrawn", "were withdrawn"),
    "version": ("has a new version", "have a new version"),
    "authors": ("would get a new author list", "would get a new author list"),
    "completed": ("author list would be completed", "author lists would be completed"),
    "names": ("author list would be respelled", "author lists would be respelled"),
    "title": ("title would be changed", "titles would be changed"),
    "respelled": ("title would be respelled", "titles would be respelled"),
    "doi": ("would get a new DOI", "would get a new DOI"),
    "journal-ref": ("would get a new journal reference", "would get a new journal reference"),
    "type": ("entry type would be changed", "entry types would be changed"),
    "other": ("would have other fields changed", "would have other fields changed"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that differs, in one line of text each; "" where there is none. ``name`` is CSL's."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """One work on both sides. ``classes`` are keys of `WORDS`; ``old_key`` differs from ``key`` after a renaming."""

    key: str
    old_key: str
    fields: tuple[FieldChange, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is new, what is gone, what is different, and the unreadable parts that only one side has."""

    added: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()
    changed: tuple[EntryChange, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both sides say the same."""
        return not (self.added or self.removed or self.changed or self.unreadable)

    def counts(self) -> dict[str, int]:
        """Class of change -> number of entries, in the order of `WORDS`, without zeros."""
        numbers = Counter(name for change in self.changed for name in change.classes)
        numbers["added"], numbers["removed"] = len(self.added), len(self.removed)
        numbers["unreadable"] = len(self.unreadable)
        return {name: numbers[name] for name in WORDS if numbers[name]}


def summary(counts: Mapping[str, int]) -> str:
    """The classes of change in words, joined by commas; "no change" for none."""
    parts = [f"{number} {WORDS[name][number != 1]}" for name, number in counts.items()]
    return ", ".join(parts) or "no change"


def conditional_summary(counts: Mapping[str, int]) -> str:
    """As `summary`, of changes that have not been made."""
    parts = [f"{number} {_CONDITIONAL.get(name, WORDS[name])[number != 1]}" for name, number in counts.items()]
    return ", ".join(parts) or summary({})


def compare(
    old: Sequence[Record], new: Sequence[Record], *, unreadable: tuple[Iterable[str], Iterable[str]] = ((), ())
) -> Comparison:
    """The differences between two lists of records, in the order of ``new``; what was removed in the order of ``old``.

    ``unreadable`` are the parts of both inputs that could not be read, as text.
    """
    pairs, removed, added = match(old, new)
    changes = [
        change
        for before_record, after_record in pairs
        if (change := compare_records(before_record, after_record)) is not None
    ]
    before, after = (Counter(" ".join(raw.split()) for raw in side) for side in unreadable)
    return Comparison(
        added=tuple(added),
        removed=tuple(removed),
        changed=tuple(changes),
        unreadable=(*(before - after).elements(), *(after - before).elements()),
    )


def match(
    old: Sequence[Record], new: Sequence[Record]
) -> tuple[list[tuple[Record, Record]], list[Record], list[Record]]:
    """Pairs in the order of ``new``, records of ``old`` alone, records of ``new`` alone.

    By key; of what is left, by key without case, then works that are one by `bibtool.model.works.verdict`; each only
    if exactly one record of either side matches.
    """
    partner: dict[int, int] = {}
    _pair(partner, _numbered(old), _numbered(new))
    _pair(partner, [record.key.casefold() for record in old], [record.key.casefold() for record in new])
    _pair_works(partner, old, new)
    taken = set(partner.values())
    return (
        [(old[partner[at]], record) for at, record in enumerate(new) if at in partner],
        [record for at, record in enumerate(old) if at not in taken],
        [record for at, record in enumerate(new) if at not in partner],
    )


def _pair_works(partner: dict[int, int], old: Sequence[Record], new: Sequence[Record]) -> None:
    """Adds the pairs of what is left that are one work, each where no other record of either side is that work too."""
    blocks: Blocks[int] = Blocks()
    for before, record in enumerate(old):
        if before not in partner.values():
            blocks.add(before, record)
    works = {
        at: [before for before in blocks.alike(record) if judge_works(old[before], record).is_one_record]
        for at, record in enumerate(new)
        if at not in partner
    }
    wanted = Counter(before for candidates in works.values() for before in candidates)
    partner.update(
        {at: candidates[0] for at, candidates in works.items() if len(candidates) == 1 == wanted[candidates[0]]}
    )


def _numbered(records: Sequence[Record]) -> list[tuple[str, int]]:
    """The key of each record, and how many records before it have that key."""
    seen: dict[str, Iterator[int]] = {}
    return [(record.key, next(seen.setdefault(record.key, count()))) for record in records]


def _pair(partner: dict[int, int], old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
    """Adds the pairs (index of new -> index of old) of what is left and shares a mark that nothing else has."""
    left = _once(old, partner.values())
    partner.update({at: left[mark] for mark, at in _once(new, partner.keys()).items() if mark in left})


def _once(marks: Sequence[Hashable], without: Collection[int]) -> dict[Hashable, int]:
    """The index of each mark that is there once, without those at these indexes and empty ones."""
    passed = set(without)
    left = {at: mark for at, mark in enumerate(marks) if mark and at not in passed}
    times = Counter(left.values())
    return {mark: at for at, mark in left.items() if times[mark] == 1}


# ---- one record -----------------------------------------------------------------------------------------------------


def compare_records(old: Record, new: Record) -> EntryChange | None:
    """What differs between two records of one work; None where nothing does."""
    fields = tuple(_fields(old, new))
    if not fields and old.key == new.key:
        return None
    names = {change.name for change in fields}
    return EntryChange(key=new.key, old_key=old.key, fields=fields, classes=tuple(_classes(old, new, names)))


def _fields(old: Record, new: Record) -> Iterator[FieldChange]:
    if old.type != new.type:
        yield FieldChange("type", old.type, new.type)
    for name in dict.fromkeys([*old.variables, *new.variables]):
        own, its = old.variables.get(name), new.variables.get(name)
        if not same_meaning(name, own, its):
            yield FieldChange(name, _shown(own), _shown(its))
    mine_arxiv, their_arxiv = _arxiv_values(old), _arxiv_values(new)
    for name in dict.fromkeys([*mine_arxiv, *their_arxiv]):
        was, now = mine_arxiv.get(name, ""), their_arxiv.get(name, "")
        if was != now:
            yield FieldChange(name, was, now)
    before, after = (Counter(_leftovers(record)) for record in (old, new))
    gone: dict[str, list[str]] = {}
    for name, value in (before - after).elements():
        gone.setdefault(name, []).append(value)
    for name, value in (after - before).elements():
        yield FieldChange(name, gone[name].pop(0) if gone.get(name) else "", value)
    for name, values in gone.items():
        for value in values:
            yield FieldChange(name, value, "")


def same_meaning(name: str, left: Value | None, right: Value | None) -> bool:
    """Whether two values say the same: without markup, white space and protected capitals; a DOI in any case."""
    if left == right:
        return True
    if left is None or right is None or isinstance(left, Names) != isinstance(right, Names):
        return False
    mine, their = _plain(show(left)), _plain(show(right))
    return mine == their or (name == "DOI" and mine.casefold() == their.casefold())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _shown(value: Value | None) -> str:
    return "" if value is None else _plain(show(value))


def _arxiv_values(record: Record) -> dict[str, str]:
    known = record.arxiv
    if known is None:
        return {}
    values = {
        "arxiv.id": str(known.id) if known.id else "",
        "arxiv.category": known.primary_category,
        "arxiv.categories": " ".join(known.categories),
        "arxiv.latest": f"v{known.latest}" if known.latest else "",
        "arxiv.comment": _plain(known.comment),
        "arxiv.journal-ref": _plain(known.journal_ref),
        "arxiv.withdrawn": "yes" if known.withdrawn else "",
    }
    return {name: value for name, value in values.items() if value}


def _leftovers(record: Record) -> Iterator[tuple[str, str]]:
    from bibtool.formats.bibtex.builder import FORM

    for leftover in record.leftovers:
        if leftover.source == FORM:
            continue  # how a value was written, which is not part of its meaning
        value = leftover.value
        if leftover.source in ("bibtex", "biblatex"):
            from bibtool.bib.latex import plain_from_latex

            value = plain_from_latex(value)
        yield leftover.name, _plain(value)


def _classes(old: Record, new: Record, names: set[str]) -> Iterator[str]:
    """The classes of the change, in the order of `WORDS`."""
    left = set(names)
    if old.key != new.key:
        yield "renamed"
    upgraded = is_published(new) and not is_published(old)
    if upgraded:
        yield "upgraded"
        left -= {*PUBLICATION_GROUP, "type"}
    if new.arxiv is not None and new.arxiv.withdrawn and not (old.arxiv is not None and old.arxiv.withdrawn):
        yield "withdrawn"
    left.discard("arxiv.withdrawn")
    if ("arxiv.latest" in names or "arxiv.id" in names) and _version(new) > _version(old) > 0:
        yield "version"
        left -= {"arxiv.latest", "arxiv.id"}
    if "author" in names:
        yield _authors_class(old.names("author"), new.names("author"))
        left.discard("author")
    if "title" in names:
        yield "respelled" if title_key(old.title) == title_key(new.title) else "title"
        left.discard("title")
    if "DOI" in left and new.text("DOI"):
        yield "doi"
        left -= {"DOI"}
    if "arxiv.journal-ref" in left and new.arxiv is not None and new.arxiv.journal_ref:
        if not upgraded:
            yield "journal-ref"
        left.discard("arxiv.journal-ref")
    if "type" in left:
        yield "type"
        left.discard("type")
    if left:
        yield "other"


def _authors_class(old: Names, new: Names) -> str:
    if old.names and not authors_agree(old, new):
        return "authors"
    return "completed" if len(new) > len(old) or (old.truncated and not new.truncated) else "names"


def _version(record: Record) -> int:
    if record.arxiv is None:
        return 0
    own = record.arxiv.id.version if record.arxiv.id else None
    return max(own or 0, record.arxiv.latest or 0)


# ---- bytes ----------------------------------------------------------------------------------------------------------


def spelling_changes(old: Document, new: Document, comparison: Comparison) -> tuple[EntryChange, ...]:
    """The entries of two BibTeX files that say the same and are written differently, in the order of ``new``."""
    known = {change.key for change in comparison.changed}
    changes = []
    for key, entry in new.by_key.items():
        before = old.entry(key)
        if before is None or key in known or before.text == entry.text:
            continue
        mine, their = ({f.name: f.raw for f in reversed(version.fields)} for version in (before, entry))
        fields = tuple(
            FieldChange(name, mine.get(name, ""), their.get(name, ""))
            for name in dict.fromkeys([*(f.name for f in before.fields), *(f.name for f in entry.fields)])
            if mine.get(name) != their.get(name)
        )
        changes.append(EntryChange(key=key, old_key=key, fields=fields, classes=("spelling",)))
    return tuple(changes)


def to_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison for scripts."""
    return {
        "same": comparison.same,
        "summary": summary(comparison.counts()),
        "counts": comparison.counts(),
        "added": [_named(record) for record in comparison.added],
        "removed": [_named(record) for record in comparison.removed],
        "changed": [
            {
                "key": change.key,
                "old_key": change.old_key,
                "classes": list(change.classes),
                "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in change.fields],
            }
            for change in comparison.changed
        ],
        "unreadable": list(comparison.unreadable),
    }


def _named(record: Record) -> dict[str, Any]:
    return {"key": record.key, "title": record.title, "year": record.year}


def textconv(document: Document) -> str:
    """The file as ``git diff`` is to see it: one field per line, in a fixed order, LaTeX and white space removed.

    Entries stay in the order of the file. Everything else is one line each.
    """
    from bibtool.bib.document import Entry
    from bibtool.bib.latex import plain_from_latex
    from bibtool.model.text.decode import readable

    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Entry):
            lines += ["", f"@{block.type}{{{readable(block.key)}"]
            fields = sorted(block.items(), key=lambda pair: pair[0])
            lines += [f"  {readable(name)} = {_plain(plain_from_latex(_plain(value)))}" for name, value in fields]
            lines.append("}")
        elif text := _plain(readable(block.text)):
            lines.append(text)
    return "".join(line + "\n" for line in lines).lstrip("\n")
