"""Three versions of a BibTeX file merged by entry and by field: `merge_documents`. Pure.

Rules. What only one side has changed is taken from it. A change of formatting (order, white space, delimiters, LaTeX
spelling) never conflicts with a change of content. What both sides have added stays; two entries of one key become one
where their fields do not contradict each other. A deletion against a change is a conflict. Macros that somebody still
uses are not deleted. A conflict is marked around a whole entry (or other block) in git's manner; both versions shown
there have all that could be merged in them and differ in the fields in question only.

The outcome does not depend on which side is which, except for the labels: where either choice would do (both have
formatted a value, both have sorted the file), one is taken by its text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bibtool.bib.annotations import base_of
from bibtool.bib.document import Document
from bibtool.bib.edit import Editor
from bibtool.bib.mergeitems import (
    END,
    START,
    Form,
    Id,
    Item,
    Layout,
    Value,
    layout_of,
    macros_used,
    renamed,
    renames,
    same_item,
    same_value,
    squeezed,
)
from bibtool.errors import BibtoolError
from bibtool.model.text.decode import encode
from bibtool.model.text.lines import LINE_END
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MARKER_SIZE = 7
MAX_FIELDS = 300  # an entry with more is compared as a whole: each edit reads it again

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """What both sides have changed in different ways. ``key`` is an entry's key or a macro's name, "" for other blocks.

    ``kind`` is ``entry``, ``string``, ``preamble``, ``comment``, ``broken``, ``text`` or ``file`` (the file as a whole
    could not be merged); ``fields`` are the fields in question, empty where it is the whole block.
    """

    kind: str
    key: str
    reason: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The bytes of the merged file, with markers where there are conflicts."""

    data: bytes
    conflicts: tuple[MergeConflict, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.conflicts

    @property
    def document(self) -> Document:
        """The merged file; it reports each marker as a problem."""
        return Document.from_bytes(self.data)


@dataclass(slots=True)
class _Outcome:
    """What becomes of one item: its text (None: it goes), or two texts in conflict ("" for a deletion)."""

    text: str | None = None
    ours: str = ""
    theirs: str = ""
    conflict: MergeConflict | None = None


def merge_documents(
    base: Document,
    ours: Document,
    theirs: Document,
    labels: tuple[str, str] = ("ours", "theirs"),
    *,
    marker_size: int = MARKER_SIZE,
) -> Merged:
    """The merge of two versions of a file that come from one ``base``.

    If the file can't be split safely (markers of an earlier merge in it, half a character at its end), it has both
    whole versions, between markers.
    """
    data_base, data_ours, data_theirs = base.to_bytes(), ours.to_bytes(), theirs.to_bytes()
    if data_theirs in {data_ours, data_base}:
        return Merged(data_ours)
    if data_ours == data_base:
        return Merged(data_theirs)
    marks = _Marks(labels, marker_size)
    reason = _unsafe(base, ours, theirs)
    if reason:
        return _whole(ours, theirs, marks, reason)
    newline = _three(base.newline, ours.newline, theirs.newline) or min(ours.newline, theirs.newline)
    uniform = all(_uniform(document.text, document.newline) for document in (base, ours, theirs))
    if uniform and len({base.newline, ours.newline, theirs.newline}) > 1:
        same, mine, their = (Document.from_text(LINE_END.sub("\n", document.text)) for document in (base, ours, theirs))
        text, conflicts = _Merge(same, mine, their, marks, "\n").run()
        text = text.replace("\n", newline)
    else:
        text, conflicts = _Merge(base, ours, theirs, marks, newline).run()
    model = _template(base, ours, theirs)
    if conflicts is None:
        return _whole(ours, theirs, marks, "the merged file would not read back as intended")
    try:
        data = model.bom + encode(text, model.encoding)
    except UnicodeEncodeError:
        data = encode(text, "utf-8")  # one side has left the encoding that the other's additions need
    return Merged(data, tuple(conflicts))


def _three(base: T, ours: T, theirs: T) -> T | None:
    """The value that results where at most one side has changed it, or both alike; else None."""
    if theirs in (ours, base):
        return ours
    return theirs if ours == base else None


def _uniform(text: str, newline: str) -> bool:
    return all(end == newline for end in LINE_END.findall(text))


def _unsafe(*documents: Document) -> str:
    for document in documents:
        if document.tail:
            return "there is half a character at the end"
        if "<<<<<<<" in document.text and any(problem.code == "conflict-marker" for problem in document.problems):
            return "there are markers of an earlier merge in it"
    return ""


def _template(base: Document, ours: Document, theirs: Document) -> Document:
    """The version whose encoding and byte order mark the result has."""
    signs = {document: (document.encoding, document.bom) for document in (base, ours, theirs)}
    chosen = _three(signs[base], signs[ours], signs[theirs]) or min(signs[ours], signs[theirs])
    return next(document for document in (ours, theirs) if signs[document] == chosen)


# ---- markers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Marks:
    labels: tuple[str, str]
    size: int

    def around(self, ours: str, theirs: str, newline: str) -> str:
        """Both texts between markers; without a line end after the last one."""
        first, second = ("".join(c if c.isprintable() else " " for c in label).strip() for label in self.labels)
        rows = [f"{'<' * self.size} {first}".rstrip()]
        rows += [ours] if ours else []
        rows.append("=" * self.size)
        rows += [theirs] if theirs else []
        rows.append(f"{'>' * self.size} {second}".rstrip())
        return newline.join(rows)


def _whole(ours: Document, theirs: Document, marks: _Marks, reason: str) -> Merged:
    """Both files as a whole between markers: bytes for bytes, except where the encoding of one has to be taken."""
    newline = ours.newline
    codec = ours.encoding
    second = theirs.to_bytes()
    if (ours.encoding, ours.tail) != (theirs.encoding, theirs.tail):
        try:
            second = encode(theirs.text, codec)
        except UnicodeEncodeError:
            second = theirs.to_bytes()

    def line(text: str) -> bytes:
        return encode(text + newline, codec)

    top, middle, bottom = marks.around("\0", "", newline).replace("\0" + newline, "").split(newline)
    first = ours.to_bytes()[len(ours.bom) :]
    end = encode(newline, codec)
    parts = [ours.bom, line(top), first]
    parts += [end] if first and not first.endswith(end) else []
    parts += [line(middle), second]
    parts += [end] if second and not second.endswith(end) else []
    parts.append(line(bottom))
    return Merged(b"".join(parts), (MergeConflict("file", "", reason),))


# ---- the merge ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Merge:
    base_document: Document
    ours_document: Document
    theirs_document: Document
    marks: _Marks
    newline: str
    base: Layout = field(init=False)
    ours: Layout = field(init=False)
    theirs: Layout = field(init=False)

    def run(self) -> tuple[str, list[MergeConflict] | None]:
        """The merged text and the conflicts; None for these where the text would not read back."""
        counted = self._counted()
        self.base = layout_of(self.base_document, counted)
        ours, theirs = layout_of(self.ours_document, counted), layout_of(self.theirs_document, counted)
        # entries that got another key have the identities of the base
        self.ours, self.theirs = renamed(ours, renames(self.base, ours)), renamed(theirs, renames(self.base, theirs))
        outcomes = {
            id_: merge_item(self.base.items.get(id_), self.ours.items.get(id_), self.theirs.items.get(id_), id_)
            for id_ in {**self.base.items, **self.ours.items, **self.theirs.items}
        }
        self._keep_macros(outcomes)
        remaining = {id_ for id_, outcome in outcomes.items() if outcome.text is not None or outcome.conflict}
        order = arrange(list(self.base.items), list(self.ours.items), list(self.theirs.items), remaining)
        order = self._same_keys(self._macros_first(order, outcomes), outcomes)
        text = self._text(order, outcomes)
        conflicts = [outcome.conflict for id_ in order if (outcome := outcomes[id_]).conflict is not None]
        plain = Counter(
            outcome.text for id_ in order if id_.kind == "entry" and (outcome := outcomes[id_]).text is not None
        )
        texts = Counter(block.text for block in Document.from_text(text).blocks if block.kind != "free")
        if plain - texts:
            return text, None
        return text, conflicts

    def _counted(self) -> frozenset[str]:
        """The preamble is known by its number where all versions have equally many; else by its text."""
        documents = (self.base_document, self.ours_document, self.theirs_document)
        numbers = {sum(block.kind == "preamble" for block in document.blocks) for document in documents}
        return frozenset({"preamble"}) if len(numbers) == 1 else frozenset()

    def _keep_macros(self, outcomes: dict[Id, _Outcome]) -> None:
        """A macro that one side has deleted stays if something in the result uses it."""
        gone = {
            id_.name: id_
            for id_, outcome in outcomes.items()
            if id_.kind == "string" and outcome.text is None and outcome.conflict is None
        }
        if not gone:
            return
        used = macros_used(
            part for outcome in outcomes.values() for part in (outcome.text, outcome.ours, outcome.theirs) if part
        )
        waiting = sorted(gone.keys() & used)
        while waiting:
            id_ = gone.pop(waiting.pop())
            side = self.ours.items.get(id_) or self.theirs.items.get(id_)
            if side is not None:
                outcomes[id_] = _Outcome(side.text)
                more = gone.keys() & macros_used([side.text])
                waiting += sorted(more - set(waiting))

    def _macros_first(self, order: list[Id], outcomes: dict[Id, _Outcome]) -> list[Id]:
        """The order with each macro defined before what uses it, if that is so on a side: BibTeX reads but once."""
        macros = [id_ for id_ in order if id_.kind == "string"]
        if not macros or order[: len(macros)] == macros:  # as in most files
            return order
        by_name: dict[str, list[Id]] = {}
        for macro in macros:
            by_name.setdefault(macro.name, []).append(macro)
        places = [{id_: at for at, id_ in enumerate(side.items)} for side in (self.ours, self.theirs)]

        def needed(id_: Id) -> list[Id]:
            """The macros that it uses, and that are defined before it on a side."""
            outcome = outcomes[id_]
            used = macros_used(filter(None, (outcome.text, outcome.ours, outcome.theirs)))
            return [
                macro
                for name in sorted(used & by_name.keys())
                for macro in by_name[name]
                if any(macro in place and id_ in place and place[macro] < place[id_] for place in places)
            ]

        last = order.index(macros[-1])
        begun: set[Id] = set()
        done: dict[Id, None] = {}
        waiting = order[last - 1 :: -1] if last else []
        while waiting:
            id_ = waiting[-1]
            if id_ in begun:
                done[waiting.pop()] = None
            else:
                begun.add(id_)
                waiting += [macro for macro in reversed(needed(id_)) if macro not in begun]
        return [*done, *(id_ for id_ in order[last:] if id_ not in done)]

    def _same_keys(self, order: list[Id], outcomes: dict[Id, _Outcome]) -> list[Id]:
        """The order without entries that are now in one conflict with another: those that got the same key."""
        by_key: dict[str, list[Id]] = {}
        for id_ in order:
            if id_.kind == "entry" and outcomes[id_].text is not None:
                by_key.setdefault(self._key(id_, outcomes[id_]), []).append(id_)
        dropped: set[Id] = set()
        for key, places in by_key.items():
            if len(places) < 2 or not key:
                continue
            mine = {id_ for id_ in places if (item := self.ours.items.get(id_)) and item.key == key}
            their = {id_ for id_ in places if (item := self.theirs.items.get(id_)) and item.key == key}
            if len(places) <= max(len(mine), len(their)):
                continue  # the file of one side has it as often
            first = [id_ for id_ in places if id_ in mine]
            second = [id_ for id_ in places if id_ not in mine]
            texts = [self.newline.join(outcomes[id_].text or "" for id_ in part) for part in (first, second)]
            outcomes[places[0]] = _Outcome(
                None, texts[0], texts[1], MergeConflict("entry", key, "two different entries have got this key")
            )
            dropped.update(places[1:])
        return [id_ for id_ in order if id_ not in dropped]

    def _key(self, id_: Id, outcome: _Outcome) -> str:
        for side in (self.ours, self.theirs):
            item = side.items.get(id_)
            if item is not None and outcome.text == item.text:
                return item.key
        entries = Document.from_text(outcome.text or "").entries
        return entries[0].key if entries else id_.name

    def _text(self, order: Sequence[Id], outcomes: dict[Id, _Outcome]) -> str:
        parts: list[str] = []
        previous = START
        marked = False  # whether the item before is a conflict
        for id_ in [*order, END]:
            outcome = outcomes.get(id_)
            gap = self._gap(previous, id_)
            if marked and not gap.startswith(("\n", "\r")):
                gap = self.newline + gap
            marked = outcome is not None and outcome.conflict is not None
            if marked and (gap or previous != START) and not gap.endswith(("\n", "\r")):
                gap = gap.rstrip(" \t") + self.newline
            parts.append(gap)
            if outcome is not None:
                parts.append(
                    self.marks.around(outcome.ours, outcome.theirs, self.newline) if marked else outcome.text or ""
                )
            previous = id_
        return "".join(parts)

    def _gap(self, before: Id, after: Id) -> str:
        """The white space between two items: theirs if they are neighbours, otherwise as before such an item."""
        pair = (before, after)
        mine, their, old = (side.pairs.get(pair) for side in (self.ours, self.theirs, self.base))
        if mine is not None and their is not None:
            chosen = _three(old, mine, their)
            return chosen if chosen is not None else min(mine, their)
        if mine is not None or their is not None:
            return mine or their or ""
        if before == START:
            return min(self.ours.first, self.theirs.first)
        if after == END:
            return _widest([self.ours.last, self.theirs.last]) or ""
        wanted = [side.before[after] for side in (self.ours, self.theirs) if after in side.before]
        usual = [side.after[before] for side in (self.ours, self.theirs) if before in side.after]
        return _widest(wanted) or _widest(usual) or self.newline * 2


def _widest(gaps: Iterable[str]) -> str:
    """The gap with the most line ends; "" where none has one."""
    broken = [gap for gap in gaps if LINE_END.search(gap)]
    return min(broken, key=lambda gap: (-len(LINE_END.findall(gap)), gap), default="")


def arrange(base: Sequence[Id], ours: Sequence[Id], theirs: Sequence[Id], remaining: set[Id]) -> list[Id]:
    """The order of the result: what all have, sorted as by the side that has sorted; the rest after its neighbour."""
    mine, their = set(ours), set(theirs)
    common = [id_ for id_ in base if id_ in remaining and id_ in mine and id_ in their]
    fixed = set(common)
    order_ours = [id_ for id_ in ours if id_ in fixed]
    order_theirs = [id_ for id_ in theirs if id_ in fixed]
    spine = _three(common, order_ours, order_theirs) or min(order_ours, order_theirs)
    place = {id_: at for at, id_ in enumerate([START, *spine, END])}
    anchors: dict[Id, Id] = {}
    for side in (ours, theirs):
        anchor = START
        last = max((at for at, id_ in enumerate(side) if id_ in fixed), default=-1)
        for at, id_ in enumerate(side):
            if id_ in fixed:
                anchor = id_ if at < last else END  # the end of the file stays its end, with any item before it
            elif id_ in remaining and (id_ not in anchors or place[anchor] < place[anchors[id_]]):
                anchors[id_] = anchor
    runs: dict[Id, list[list[Id]]] = {}
    for number, side in enumerate((ours, theirs)):
        for id_ in side:
            if id_ in anchors:
                runs.setdefault(anchors[id_], [[], []])[number].append(id_)
    result: list[Id] = []
    for anchor in place:
        if anchor not in (START, END):
            result.append(anchor)
        first, second = sorted(runs.get(anchor, [[], []]), key=lambda run: [(i.name.casefold(), i) for i in run])
        result += first
        seen = set(first)
        result += [id_ for id_ in second if id_ not in seen]
    return result


# ---- one item -------------------------------------------------------------------------------------------------------


def merge_item(base: Item | None, ours: Item | None, theirs: Item | None, id_: Id) -> _Outcome:
    """What becomes of one item."""
    if ours is None or theirs is None:
        present = ours or theirs
        if present is None:
            return _Outcome()
        if base is None:
            return _Outcome(present.text)
        if same_item(base, present):
            return _Outcome()
        reason = "one side has deleted it, the other has changed it"
        return _conflict(id_, present, ours.text if ours else "", theirs.text if theirs else "", reason)
    text = _three(base.text if base else None, ours.text, theirs.text)
    if text is not None:
        return _Outcome(text)
    if ours.form is not None and theirs.form is not None and (base is None or base.form is not None):
        merged = _merge_forms(base.form if base else None, ours, theirs, id_)
        if merged is not None:
            return merged
    if base is not None and same_item(base, theirs):
        return _Outcome(ours.text)
    if base is not None and same_item(base, ours):
        return _Outcome(theirs.text)
    if squeezed(ours.text) == squeezed(theirs.text):
        return _Outcome(min(ours.text, theirs.text))
    reason = "both sides have changed it" if base else "both sides have added it"
    return _conflict(id_, ours, ours.text, theirs.text, reason)


def _conflict(id_: Id, item: Item, ours: str, theirs: str, reason: str, fields: tuple[str, ...] = ()) -> _Outcome:
    key = item.key or (id_.name if id_.kind == "string" else "")
    return _Outcome(None, ours, theirs, MergeConflict(id_.kind, key, reason, fields))


def _merge_forms(base: Form | None, ours: Item, theirs: Item, id_: Id) -> _Outcome | None:
    """The merge by field; None where the result could not be written."""
    mine, their = ours.form, theirs.form
    assert mine is not None
    assert their is not None
    old: dict[str, Value] = dict(base.fields) if base else {}
    first: dict[str, str | None] = {}
    second: dict[str, str | None] = {}
    disputed: list[str] = []
    names = dict.fromkeys([*old, *mine.fields, *their.fields])
    if len(names) > MAX_FIELDS:
        return None
    for name in names:
        raws = [_raw(fields, name) for fields in (old, mine.fields, their.fields)]
        chosen, certain = _merge_value(name, *raws)
        first[name] = chosen if certain else raws[1]
        second[name] = chosen if certain else raws[2]
        if not certain:
            disputed.append(name)
    for name in _misplaced(names, old, mine, their):
        if name not in disputed:
            disputed.append(name)
            first[name], second[name] = _raw(mine.fields, name), _raw(their.fields, name)
    type_ = _three(base.type if base else None, mine.type, their.type)
    key = _three(base.key if base else None, mine.key, their.key)
    if type_ is None:
        disputed.insert(0, "entry type")
    if key is None:
        disputed.insert(0, "key")
    skeleton = _skeleton(base, ours, theirs)
    try:
        text_ours = _written(skeleton, first, type_ or mine.type, key or mine.key)
        if not disputed:
            return _Outcome(text_ours)
        text_theirs = _written(skeleton, second, type_ or their.type, key or their.key)
    except BibtoolError:
        return None
    reason = f"both sides have {'changed' if base else 'added'} {', '.join(disputed)}"
    return _conflict(id_, ours, text_ours, text_theirs, reason, tuple(disputed))


def _misplaced(names: Iterable[str], old: Mapping[str, Value], mine: Form, their: Form) -> Iterator[str]:
    """Lists of names that one side has changed while the other has changed their annotations, which count the names."""

    def changed(name: str, side: Form) -> bool:
        return not same_value(name, _raw(side.fields, name), _raw(old, name))

    annotations: dict[str, list[str]] = {}
    for name in names:
        if base := base_of(name):
            annotations.setdefault(base, []).append(name)
    for base, counted in annotations.items():
        if same_value(base, _raw(mine.fields, base), _raw(their.fields, base)):
            continue
        for side, other_side in ((mine, their), (their, mine)):
            if changed(base, side) and any(changed(name, other_side) for name in counted):
                yield from (base, *counted)
                break


def _raw(fields: Mapping[str, Value], name: str) -> str | None:
    return fields[name].raw if name in fields else None


def _merge_value(name: str, old: str | None, mine: str | None, their: str | None) -> tuple[str | None, bool]:
    """The value expression (None: no such field), and whether it is certain."""
    if mine is not None and their is not None and same_value(name, mine, their):
        return _three(old, mine, their) or min(mine, their), True
    if same_value(name, mine, old):
        return their, True
    if same_value(name, their, old):
        return mine, True
    return mine, mine == their


def _skeleton(base: Form | None, ours: Item, theirs: Item) -> Item:
    """The side whose layout the result has: the one that has changed it."""
    by_text = min(ours, theirs, key=lambda item: item.text)
    if base is None or ours.form is None or theirs.form is None:
        return by_text
    same_ours, same_theirs = _same_layout(base, ours.form), _same_layout(base, theirs.form)
    if same_ours == same_theirs:
        return by_text
    return theirs if same_ours else ours


def _same_layout(base: Form, side: Form) -> bool:
    common = [name for name in base.fields if name in side.fields]
    return (
        base.frame == side.frame
        and common == [name for name in side.fields if name in base.fields]
        and all(base.fields[name].layout == side.fields[name].layout for name in common)
    )


def _written(skeleton: Item, values: dict[str, str | None], type_: str, key: str) -> str:
    """The text of the skeleton with these values; raises `BibtoolError` where that can't be written."""
    document = Document.from_text(skeleton.text)
    form = skeleton.form
    assert form is not None
    if skeleton.id.kind == "string":
        pieces = document.strings[0].definitions[0][1]
        value = next(iter(values.values())) or ""
        return skeleton.text[: pieces[0].start] + value + skeleton.text[pieces[-1].end :]
    editor = Editor(document)
    entry = document.entries[0]
    for name, raw in values.items():
        written = form.fields[name].raw if name in form.fields else None
        if raw == written:
            continue
        if raw is None:
            editor.remove_field(entry, name)
        else:
            editor.set_field(entry, name, raw, expression=True)
    if type_ != form.type:
        editor.set_type(entry, type_)
    if key != form.key:
        editor.rename_key(entry, key)
    return editor.document().text
