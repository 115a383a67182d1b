"""A document with citations that come, change and go, answering like citeproc-js's ``processCitationCluster``."""

from __future__ import annotations

from bibtool.errors import UsageError
from bibtool.structs import dataclass, replace
from bibtool.styles.cluster import Placed, sort_cites
from bibtool.styles.context import FIRST, IBID, IBID_WITH_LOCATOR, SUBSEQUENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.styles.cites import Citation, CitationItem
    from bibtool.styles.processor import Bibliography, Processor


@dataclass(frozen=True, slots=True)
class Update:
    """A citation whose text is new: its place in the document from 0, its text, its id."""

    index: int
    text: str
    id: str


class Session:
    """The citations of one document, in order. Only those that a change touches are rendered again."""

    def __init__(self, processor: Processor, uncited: Sequence[str] = ()) -> None:
        self.processor = processor
        self.citations: list[Citation] = []
        self.texts: dict[str, str] = {}
        self._keys: dict[str, tuple[object, ...]] = {}
        self._uncited = list(uncited)
        self._count = 0

    def process(
        self,
        citation: Citation,
        before: Sequence[tuple[str, int]] = (),
        after: Sequence[tuple[str, int]] = (),
    ) -> list[Update]:
        """Insert or change a citation between others, given as (id, note number); the texts that are new.

        Citations that are in neither list leave the document. Raises `UsageError` for an unknown id.
        """
        if not citation.id:
            self._count += 1
            citation = replace(citation, id=f"citation-{self._count}")
        known = {old.id: old for old in self.citations}
        known[citation.id] = citation
        places = [*before, (citation.id, citation.note), *after]
        order = []
        for name, note in places:
            found = known.get(name)
            if found is None:
                raise UsageError(f"no citation {name!r} in the document")
            order.append(replace(found, note=note))
        self.citations = order
        self._keys.pop(citation.id, None)
        return self._update()

    def append(self, citation: Citation) -> list[Update]:
        """Add a citation at the end."""
        return self.process(citation, [(old.id, old.note) for old in self.citations])

    def replace(self, citations: Sequence[Citation]) -> list[Update]:
        """Make these the citations of the document, in their order; each needs an id of its own."""
        self.citations = list(citations)
        return self._update()

    def remove(self, name: str) -> list[Update]:
        """Take a citation out."""
        self.citations = [old for old in self.citations if old.id != name]
        self._keys.pop(name, None)
        self.texts.pop(name, None)
        return self._update()

    def bibliography(self) -> Bibliography:
        """The bibliography of what is cited, and of the uncited keys."""
        self._register()
        return self.processor.bibliography()

    def _register(self) -> None:
        keys = dict.fromkeys(cite.key for citation in self.citations for cite in citation.items)
        for key in (*keys, *self._uncited):
            self.processor.item(key)
        order = list(dict.fromkeys([*keys, *self._uncited]))
        self.processor.register(order, first_notes=first_notes(self.citations))

    def _update(self) -> list[Update]:
        self._register()
        processor = self.processor
        updates = []
        backs = processor.engine.cites_first_note
        numbered = processor.engine.cites_numbers
        clusters = [self._sorted(citation) for citation in self.citations]
        place_cites(self.citations, clusters, processor.engine.near_distance)
        for index, (citation, cluster) in enumerate(zip(self.citations, clusters, strict=True)):
            key = (
                replace(citation, note=0),
                *(_state(placed, numbered, placed.origin if backs else 0) for placed in cluster),
            )
            if self._keys.get(citation.id) == key:
                continue
            text = processor.render(cluster, citation)
            self._keys[citation.id] = key
            self.texts[citation.id] = text
            updates.append(Update(index, text, citation.id))
        return updates

    def _sorted(self, citation: Citation) -> list[Placed]:
        placed = self.processor.placed(citation.items)
        return sort_cites(self.processor.engine, placed, in_document=True) if citation.sort else placed


def _state(placed: Placed, numbered: bool, origin: int) -> tuple[object, ...]:
    """All that decides how a cite is rendered."""
    return (
        placed.item.id,
        placed.cite,
        placed.disambiguation.key(),
        placed.number if numbered else 0,
        placed.position,
        placed.near_note,
        placed.first_note,
        placed.year_suffix,
        origin,
    )


def first_notes(citations: Iterable[Citation]) -> dict[str, str]:
    """For each work that notes cite, the first of the works that are first cited in the same note, both by key.

    Two works have the same value if their first note is the same; notes that come and go elsewhere don't change it.
    """
    found: dict[str, str] = {}
    new: dict[int, str] = {}
    for citation in citations:
        if citation.note and citation.mode != "author-only":
            for cite in citation.items:
                if cite.key not in found:
                    found[cite.key] = new.setdefault(citation.note, cite.key)
    return found


def place_cites(citations: Sequence[Citation], clusters: Sequence[list[Placed]], near_distance: int) -> None:
    """Set position, near-note and first note of all cites (CSL 1.0.2, "Choose": ``position``).

    Citations in notes and in the text are two sequences.
    """
    for in_notes in (False, True):
        first_note: dict[str, int] = {}
        last_note: dict[str, int] = {}
        before: list[Placed] = []
        before_note = 0
        per_note: dict[int, int] = {}
        chosen = [
            (citation, cluster)
            for citation, cluster in zip(citations, clusters, strict=True)
            if bool(citation.note) is in_notes
        ]
        for citation, cluster in chosen:
            per_note[citation.note] = per_note.get(citation.note, 0) + len(cluster)
        for citation, cluster in chosen:
            previous: Placed | None = None
            for index, placed in enumerate(cluster):
                key = placed.item.id
                placed.near_note, placed.first_note = False, ""
                placed.origin = first_note.get(key, citation.note)
                if key not in first_note:
                    placed.position = FIRST
                    if citation.mode != "author-only":
                        first_note[key] = citation.note
                        last_note[key] = citation.note
                else:
                    if index:
                        assert previous is not None
                        immediate = previous if previous.item.id == key else None
                    else:
                        immediate = _single_before(before, before_note, key, citation.note, per_note)
                    placed.position = _repeated(immediate.cite, placed.cite) if immediate else SUBSEQUENT
                    if in_notes:  # "Both cites have to be located in foot or endnotes"
                        if first_note[key] != citation.note:  # "the number of a preceding note"
                            placed.first_note = str(first_note[key])
                        placed.near_note = citation.note - last_note[key] <= near_distance
                    last_note[key] = citation.note
                previous = placed
            if cluster:
                before, before_note = cluster, citation.note


def _single_before(
    before: list[Placed], before_note: int, key: str, note: int, per_note: dict[int, int]
) -> Placed | None:
    """The cite of the citation before, where that is a single one of the same item, in this or the last note."""
    if len(before) != 1 or before[0].item.id != key:
        return None
    if note and (before_note < note - 1 or (before_note != note and per_note.get(before_note, 0) != 1)):
        return None
    return before[0]


def _repeated(before: CitationItem, now: CitationItem) -> int:
    """The position of a cite right after one of the same item, by their locators."""
    old = (before.locator.strip(), before.label or "page") if before.locator.strip() else None
    new = (now.locator.strip(), now.label or "page") if now.locator.strip() else None
    if old is None:
        return IBID if new is None else IBID_WITH_LOCATOR
    if new == old:
        return IBID
    return SUBSEQUENT if new is None else IBID_WITH_LOCATOR
