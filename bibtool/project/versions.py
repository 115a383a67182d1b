"""The versions of one work, preprint and publication, and which of them is written: the setting ``prefer``.

Two entries are versions of one work if they share an arXiv id or a DOI, or if a third entry has what they share: a
preprint that names the DOI of its publication leads to it.

* For a work that is cited by its identifier, ``published`` and ``preprint`` say which entry is taken. A key that is
  cited as such means the entry under it, unless ``prefer-for`` names that key.
* ``both`` is for all: the published entry, with the fields of the preprint that say where that is (``eprint`` and what
  belongs to it). An entry that has them already stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.entrytext import fields_of, with_values
from bibtool.project.pins import entry_of, is_preprint, works
from bibtool.project.scan.base import Identifier
from bibtool.project.sources import works_of_entry
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bibtool.project.lock import Pin
    from bibtool.project.sources import SourceEntry, Sources

PREPRINT = "preprint"
BOTH = "both"
MAX_VERSIONS = 20  # entries of one work that are looked at
_EPRINT = ("eprint", "archiveprefix", "primaryclass", "eprinttype", "eprintclass")
_SPELLING = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass"}


class Versions:
    """Chooses among the versions that the sources have. ``cited`` are all keys that documents ask for."""

    def __init__(
        self, sources: Sources, prefer: str, prefer_for: Mapping[str, str], dialect: str, cited: Collection[str]
    ) -> None:
        self.sources = sources
        self.prefer = prefer
        self.prefer_for = prefer_for
        self.dialect = dialect
        self.cited = cited

    def wish(self, key: str) -> str:
        """What is preferred for a key."""
        return self.prefer_for.get(key, self.prefer)

    def chooses(self, key: str) -> bool:
        """Whether another entry than the one under a cited key can be written for it."""
        return key in self.prefer_for or self.prefer == BOTH

    def stays(self, pin: Pin | None, entry: SourceEntry) -> bool:
        """Whether a pin counts before what a source has: its own source is not on this machine and would come first."""
        if pin is None or pin.source not in self.sources.missing:
            return False
        order = [source.name for source in self.sources.all]
        return self.chooses(pin.key) or order.index(pin.source) < order.index(entry.source)

    def of_key(self, key: str, entry: SourceEntry, pin: Pin | None) -> SourceEntry:
        """What to write for a key under which a source has this entry."""
        if not self.chooses(key):
            return entry
        others = self._all(key, _works(entry))
        return self._chosen(key, [entry, *(version for version in others if not _same(version, entry))], pin)

    def of_work(self, key: str, identifier: Identifier, pin: Pin | None) -> SourceEntry | None:
        """What to write for a work that is cited by its identifier; None if no source has it."""
        entries = self._all(key, [identifier])
        return self._chosen(key, entries, pin) if entries else None

    def _all(self, key: str, identifiers: Sequence[Identifier]) -> list[SourceEntry]:
        """All entries of a work by its identifiers, and by those which these entries have; nearest first."""
        entries: list[SourceEntry] = []
        waiting, asked = list(identifiers), set(identifiers)
        while waiting and len(entries) < MAX_VERSIONS:
            for entry in self.sources.find_work(waiting.pop(0)):
                # an entry whose own key is cited too is listed by itself
                if any(_same(entry, known) for known in entries) or (entry.key in self.cited and entry.key != key):
                    continue
                entries.append(entry)
                fresh = [work for work in _works(entry) if work not in asked]
                waiting += fresh
                asked.update(fresh)
        return entries

    def _chosen(self, key: str, entries: Sequence[SourceEntry], pin: Pin | None) -> SourceEntry:
        wish = self.wish(key)
        first = next((entry for entry in entries if is_preprint(entry) is (wish == PREPRINT)), entries[0])
        if wish != BOTH or is_preprint(first):
            return first
        preprints = [entry for entry in entries if is_preprint(entry)]
        return _with_eprint(first, preprints, self.dialect, pin if self.sources.missing else None)


def _same(entry: SourceEntry, known: SourceEntry) -> bool:
    return (entry.source, entry.key) == (known.source, known.key)


def _works(entry: SourceEntry) -> list[Identifier]:
    """The arXiv id and the DOI of an entry."""
    named = (work.partition(":") for work in works(entry.record, entry.text))
    return [Identifier(scheme, value) for scheme, _, value in named if scheme in ("arxiv", "doi")]


def _with_eprint(entry: SourceEntry, preprints: Sequence[SourceEntry], dialect: str, pin: Pin | None) -> SourceEntry:
    """A published entry with the eprint of the first preprint; of the pin where that source is not on this machine."""
    texts = [preprint.text if preprint.record is None else entry_of(preprint.record, dialect) for preprint in preprints]
    if pin is not None and (pin.source, pin.source_key or pin.key) == (entry.source, entry.key):
        texts.append(pin.entry)
    values = next((fields for text in texts if (fields := _eprint_of(text))), {})
    if not values:
        return entry
    if entry.record is None:
        return entry if "eprint" in fields_of(entry.text) else replace(entry, text=with_values(entry.text, values))
    if entry.record.arxiv is not None and entry.record.arxiv.id is not None:
        return entry
    from bibtool.model.identifiers import parse_arxiv_id
    from bibtool.model.record import Arxiv

    known = Arxiv(
        id=parse_arxiv_id(values["eprint"]),
        primary_category=values.get("primaryClass", "") or values.get("eprintclass", ""),
    )
    return replace(entry, record=replace(entry.record, arxiv=known))


def _eprint_of(text: str) -> dict[str, str]:
    """The fields that say where a preprint is, under the names that the entry has for them."""
    number = dict(works_of_entry(text)).get("arxiv")
    if number is None:
        return {}
    fields = fields_of(text)
    if "eprint" not in fields:
        return {"eprint": number, "archivePrefix": "arXiv"}
    return {_SPELLING.get(name, name): fields[name] for name in _EPRINT if fields.get(name)}
