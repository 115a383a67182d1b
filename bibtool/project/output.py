"""The output file: what is there stays as it is, byte for byte, and what is new or changed is put in its place.

A new file has a comment, preambles, strings, and entries sorted by key, parents after their children as BibTeX wants
it. In an existing file every entry keeps its place, and its bytes as long as it says the same, whatever its layout;
comments and free text stay; new entries go where their key sorts. A parent moves only if BibTeX would not find it.

A file that its author keeps by hand is not rewritten at all, see `bibtool.project.handkept`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.entrytext import differences, inherits_from, macros_of, say_the_same, strings_in
from bibtool.bib.index import BibIndex, read_index
from bibtool.model.text.decode import BYTE_ORDER_MARKS, encode
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from bibtool.bib.blocks import RawBlock

HEADER_MARK = b"% Written by bibtool refs"
HEADER = "% Written by bibtool refs: what the documents cite. Edit the sources, not the entries here.\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the output is to hold: texts of entries by key, ``@string`` blocks by name in lower case, preambles.

    ``any_place`` are keys of parents that may come before their children: BibTeX finds an entry that is cited itself
    wherever it is. None means that this holds for all, as it does for biber.
    """

    entries: Mapping[str, str]
    strings: Mapping[str, str] = field(default_factory=dict)
    preambles: Sequence[str] = ()
    any_place: Collection[str] | None = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The new bytes, and what became of the entries.

    ``changed`` has the fields with old and new value, ``moved`` each parent with a child that it now follows,
    ``copies`` the keys of second copies that were removed, ``doubles`` key and line of second entries that differ.
    ``definitions`` are pairs such as ``("added", "@string cj")``.
    """

    data: bytes
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    copies: tuple[str, ...] = ()
    doubles: tuple[tuple[str, int], ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, eq=False)
class _Unit:
    """One block with what is before it. ``fresh``: not in the file so far; ``follows``: what it came after there."""

    kind: str
    key: str
    text: str
    lead: str
    fresh: bool = False
    follows: _Unit | None = None


class Output:
    """The output file as it is, or None if there is none yet. ``newline`` is that of a new file."""

    def __init__(self, data: bytes | None, path: str, *, newline: str = "\n", cache: Path | None = None) -> None:
        self.data = data
        self.path = path
        self.index: BibIndex = (
            read_index(data, path, cache) if data is not None else BibIndex("", (), path, "utf-8", newline)
        )

    def entry(self, key: str) -> str | None:
        """The text of an entry; None if the file has none with this key."""
        entry = self.index.entries.get(key)
        return None if entry is None else self.index.slice(entry)

    def own_key(self, alias: str) -> str | None:
        """The key of the entry that has this key among its ``ids``; None if there is none."""
        piece = self.index.aliases.get(alias)
        return None if piece is None else piece.key

    def line_of(self, key: str) -> int:
        """The line, from 1, where the entry with this key begins; raises `KeyError`."""
        return self.index.line_of(self.index.entries[key].start)

    def broken(self) -> tuple[tuple[str, int], ...]:
        """Key and line of the blocks that can't be read."""
        return tuple(
            (block.key, self.index.line_of(block.start)) for block in self.index.blocks if block.kind == "broken"
        )

    # ---- the new file -----------------------------------------------------------------------------------------------

    def rewrite(self, wanted: Wanted, *, keep: Collection[str], known: Collection[str]) -> Written:
        """The file with what is wanted.

        ``keep`` are keys of entries that stay although they are not wanted. ``known`` are the ``@string`` and
        ``@preamble`` blocks that go when nothing needs them any more; all others stay.
        """
        head, units, tail = self._units()
        last = units[-1][0] if units else None
        removed: list[str] = []
        copies: list[str] = []
        changed: dict[str, tuple[tuple[str, str, str], ...]] = {}
        doubles: list[tuple[str, int]] = []
        stayed: list[_Unit] = []
        seen: dict[str, str] = {}
        orphan = ""  # comments before a block that goes
        for unit, block in units:
            stays = True
            if unit.kind == "entry" and unit.key in seen:
                stays = not say_the_same(unit.text, seen[unit.key])
                if stays:
                    doubles.append((unit.key, self.index.line_of(block.start)))
                else:
                    copies.append(unit.key)
            elif unit.kind == "entry":
                seen[unit.key] = unit.text
                if unit.key in wanted.entries:
                    text = wanted.entries[unit.key]
                    if not say_the_same(text, unit.text):
                        changed[unit.key] = differences(unit.text, text)
                        unit.text = text
                elif unit.key not in keep:
                    removed.append(unit.key)
                    stays = False
            if stays:
                unit.lead = orphan + (unit.lead.lstrip("\n") if orphan else unit.lead)
                orphan = ""
                stayed.append(unit)
            elif unit.lead.strip():
                orphan += unit.lead
        tail = orphan + tail
        definitions: list[tuple[str, str]] = []
        stayed, tail = self._definitions(stayed, tail, wanted, known, definitions)
        new = [key for key in wanted.entries if key not in seen]
        stayed, moved = _place(stayed, {key: wanted.entries[key] for key in new}, wanted.any_place)
        return Written(
            data=self._bytes(_join(head, stayed, tail, last)),
            added=tuple(sorted(new, key=lambda key: (key.casefold(), key))),
            removed=tuple(removed),
            changed=changed,
            moved=moved,
            copies=tuple(copies),
            doubles=tuple(doubles),
            definitions=tuple(definitions),
        )

    def _units(self) -> tuple[str, list[tuple[_Unit, RawBlock]], str]:
        """The head of the file, its entries, strings and preambles, and its tail."""
        text = self.index.text
        if self.data is None:
            return HEADER, [], ""
        units: list[tuple[_Unit, RawBlock]] = []
        at = 0
        for block in self.index.blocks:
            if block.kind in ("entry", "string", "preamble"):
                lead = text[at : block.start]
                follows = units[-1][0] if units else None
                unit = _Unit(block.kind, block.key, text[block.start : block.end], lead, follows=follows)
                units.append((unit, block))
                at = block.end
        tail = text[at:]
        if not units:
            return tail, [], ""
        first = units[0][0]
        cut = first.lead.rfind("\n\n")
        cut = cut + 2 if cut >= 0 else 0
        head, first.lead = first.lead[:cut], first.lead[cut:]
        return head, units, tail

    def _definitions(
        self, units: list[_Unit], tail: str, wanted: Wanted, known: Collection[str], noted: list[tuple[str, str]]
    ) -> tuple[list[_Unit], str]:
        """The units with the strings and preambles that are needed, before the entries; ``noted`` gets what changed."""
        texts = [unit.text for unit in units if unit.kind == "entry"] + list(wanted.entries.values())
        names = {name: tuple(strings_in(unit.text)) for unit in units if unit.kind == "string" for name in [unit.text]}
        used: set[str] = set(wanted.strings)
        rest = {name for defined in names.values() for name in defined} - used
        if rest:
            used |= {name for text in texts if any(macro in text.lower() for macro in rest) for name in macros_of(text)}
            for text in reversed(list(names)):
                if used.intersection(names[text]):
                    used |= macros_of(text)
        have: set[str] = set()
        result: list[_Unit] = []
        preambles: set[str] = set()
        for unit in units:
            if unit.kind == "string":
                defined = names[unit.text]
                if not used.intersection(defined) and unit.text in known:
                    noted += [("removed", f"@string {name}") for name in defined]
                    tail = (unit.lead.rstrip(" \n").lstrip("\n") + tail) if unit.lead.strip() else tail
                    continue
                for name in defined:
                    if name in wanted.strings and len(defined) == 1 and not _same(unit.text, wanted.strings[name]):
                        unit.text = wanted.strings[name]
                        noted.append(("changed", f"@string {name}"))
                have.update(defined)
            elif unit.kind == "preamble":
                if unit.text not in wanted.preambles and unit.text in known:
                    noted.append(("removed", "@preamble"))
                    continue
                preambles.add(unit.text)
            result.append(unit)
        fresh = [_Unit("preamble", "", text, "\n\n", True) for text in wanted.preambles if text not in preambles]
        new_strings: dict[str, None] = {}
        for name, text in wanted.strings.items():
            if name not in have:
                new_strings[text] = None
                noted.append(("added", f"@string {name}"))
        noted += [("added", "@preamble") for unit in fresh if unit.kind == "preamble"]
        fresh += [_Unit("string", "", text, "\n", True) for text in new_strings]
        for index, unit in enumerate(fresh):
            if index == 0 or fresh[index - 1].kind != unit.kind:
                unit.lead = "\n\n"
        at = next((index for index, unit in enumerate(result) if unit.kind == "entry"), len(result))
        if fresh and at and result[at - 1].kind == fresh[0].kind == "string":
            fresh[0].lead = "\n"
        return result[:at] + fresh + result[at:], tail

    def _bytes(self, text: str) -> bytes:
        if self.index.newline != "\n":
            text = text.replace("\n", self.index.newline)
        encoding = self.index.encoding
        bom = b""
        if self.data is not None:
            bom = next((mark for mark, _ in BYTE_ORDER_MARKS if self.data.startswith(mark)), b"")
        try:
            return bom + encode(text, encoding)
        except UnicodeEncodeError:  # a new entry has a character that the old file's encoding lacks
            return text.encode("utf-8", "replace")


def _same(left: str, right: str) -> bool:
    return left == right or strings_in(left) == strings_in(right)


def _place(
    units: list[_Unit], new: Mapping[str, str], any_place: Collection[str] | None
) -> tuple[list[_Unit], dict[str, str]]:
    """The units with the new entries where their keys sort, and parents after their children; with what was moved."""
    texts = {unit.key: unit.text for unit in units if unit.kind == "entry"} | dict(new)
    depth = depths(texts)

    def rank(key: str) -> tuple[int, str, str]:
        return depth.get(key, 0), key.casefold(), key

    waiting = sorted(new, key=rank)
    result: list[_Unit] = []
    for unit in units:
        if unit.kind == "entry":
            while waiting and rank(waiting[0]) < rank(unit.key):
                key = waiting.pop(0)
                result.append(_Unit("entry", key, new[key], "\n\n", True))
        result.append(unit)
    result += [_Unit("entry", key, new[key], "\n\n", True) for key in waiting]
    moved: dict[str, str] = {}
    return _parents_last(result, depth, any_place, moved), moved


def depths(texts: Mapping[str, str]) -> dict[str, int]:
    """Key of a parent -> how far after the others it has to be; entries without children have 0."""
    children = {key: inherits_from(text) for key, text in texts.items()}
    depth: dict[str, int] = {}
    for key, parents in children.items():
        level, chain = 0, {key}
        while parents and parents[0] in texts and parents[0] not in chain:
            level += 1
            parent = parents[0]
            depth[parent] = max(depth.get(parent, 0), level)
            chain.add(parent)
            parents = children[parent]  # noqa: PLW2901 - one step up
    return depth


def _parents_last(
    units: list[_Unit], depth: Mapping[str, int], any_place: Collection[str] | None, moved: dict[str, str]
) -> list[_Unit]:
    """The units with the parents that have to come later at the end, in the order of their depth.

    ``moved`` gets each of those that were in the file, with the last of its children.
    """
    if not depth:  # no entry has children here
        return units
    last: dict[str, int] = {}
    for index, unit in enumerate(units):
        if unit.kind == "entry":
            for parent in inherits_from(unit.text):
                last[parent] = index
    wrong = {
        unit.key
        for index, unit in enumerate(units)
        if unit.kind == "entry"
        and last.get(unit.key, -1) > index
        and depth.get(unit.key)
        and (unit.fresh or (any_place is not None and unit.key not in any_place))
    }
    if not wrong:
        return units
    stay = [unit for unit in units if unit.key not in wrong]
    late = [unit for unit in units if unit.key in wrong]
    late.sort(key=lambda unit: (depth[unit.key], unit.key.casefold(), unit.key))
    for unit in late:
        unit.lead = "\n\n" if not unit.lead.strip() else unit.lead
        if not unit.fresh:
            moved[unit.key] = units[last[unit.key]].key
    rest = {key: level for key, level in depth.items() if key not in wrong}
    return _parents_last(stay + late, rest, any_place, moved)


def _join(head: str, units: list[_Unit], tail: str, last: _Unit | None) -> str:
    """The text of the file.

    What is between two blocks that were neighbours before stays as it is, as does the end of the file if ``last``, its
    last block, is still the last one.
    """
    if units and head.strip() and not head.endswith("\n\n") and (units[0].fresh or units[0].follows is not None):
        head = head.rstrip("\n") + "\n\n"
    parts: list[str] = [head]
    before: _Unit | None = None
    for unit in units:
        lead = unit.lead
        if not unit.fresh and unit.follows is before:
            pass
        elif before is None:
            lead = lead.lstrip("\n") if head or unit.fresh or not lead.strip() else lead
        elif not lead.strip():
            lead = lead if "\n" in lead and not (before.kind != unit.kind and lead == "\n") else "\n\n"
        elif not lead.startswith("\n"):
            lead = "\n\n" + lead
        parts += [lead, unit.text]
        before = unit
    if before is not None and before is not last and not tail.startswith("\n"):
        parts.append("\n")
        if tail.strip():
            parts.append("\n")
    parts.append(tail)
    return "".join(parts)
