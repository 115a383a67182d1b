"""A BibTeX document as a row of items with gaps between them: what a three-way merge compares and puts together.

An item is an entry, a ``@string``, ``@preamble`` or ``@comment``, a broken block, or a paragraph of free text; a gap is
the white space before an item. Items have an identity (`Id`) by which those of several versions of a file are matched:
the key of an entry (of a broken one too, where it is clear), the name of a macro, or the text itself.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from bibtool.bib.document import Document, Entry, StringBlock
from bibtool.bib.entrytext import macros_of
from bibtool.bib.latex import from_latex, verbatim_from_latex
from bibtool.bib.scan import scan_block
from bibtool.bib.values import pieces_of
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_arxiv_id, parse_doi
from bibtool.model.text.lines import LINE_END
from bibtool.structs import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bibtool.bib.document import Block


class Id(NamedTuple):
    """The identity of an item; ``nth`` distinguishes items of one name in one file, in their order."""

    kind: str
    name: str
    nth: int = 0


START = Id("", "start")
END = Id("", "end")

_SPACE = lazy_pattern(r"\s+")
_SEPARATORS = lazy_pattern(r"[\s,]*+")
_LABELLED = lazy_pattern(r"@\s*+comment\s*+[{(]\s*+([A-Za-z][\w-]{0,60}+:\s?[\w-]{0,60}+)", re.IGNORECASE)
_VERBATIM = frozenset("doi eprint url file isbn issn pmid pmcid keywords crossref xdata ids groups".split())


class Value(NamedTuple):
    """One field of a plain entry: value expression as written, spelling of the name, and the layout around it."""

    raw: str
    layout: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """A block that is nothing but type, key and fields without repetition, so that it can be merged by field."""

    type: str
    key: str
    fields: Mapping[str, Value]
    frame: tuple[str, str]  # the opening delimiter, the text after the last value


@dataclass(slots=True)
class Item:
    """One item; ``plain`` says that its block could be read without a fault."""

    id: Id
    text: str
    key: str = ""
    plain: bool = False
    _form: Form | None = field(default=None, init=False, compare=False)
    _formed: bool = field(default=False, init=False, compare=False)

    @property
    def form(self) -> Form | None:
        """The fields, None where only the whole text can be compared; read at first use, since few items need it."""
        if not self._formed:
            self._formed = True
            self._form = form_of(self.text, self.key) if self.plain else None
        return self._form


@dataclass(slots=True)
class Layout:
    """A document as items by identity, in order, and the gaps; ``pairs`` are the gaps by their neighbours."""

    items: dict[Id, Item] = field(default_factory=dict)
    pairs: dict[tuple[Id, Id], str] = field(default_factory=dict)
    before: dict[Id, str] = field(default_factory=dict)  # the gap before an item that is not the first
    after: dict[Id, str] = field(default_factory=dict)  # the gap after an item that is not the last

    @property
    def first(self) -> str:
        """The white space at the beginning."""
        return next((gap for (before, _), gap in self.pairs.items() if before == START), "")

    @property
    def last(self) -> str:
        """The white space at the end."""
        return next((gap for (_, after), gap in reversed(self.pairs.items()) if after == END), "")


def layout_of(document: Document, counted: frozenset[str] = frozenset()) -> Layout:
    """The items and gaps of a document. Kinds in ``counted`` are known by their number, whatever their text is."""
    seen: Counter[tuple[str, str]] = Counter()
    layout = Layout()
    previous = START
    for gap, text, block in _stretches(document):
        kind, name = _name_of(text, block, counted)
        made = Id(kind, name, seen[kind, name])
        seen[kind, name] += 1
        plain = isinstance(block, (Entry, StringBlock)) and not block.problems
        layout.items[made] = Item(made, text, block.key if kind == "entry" and block is not None else "", plain)
        layout.pairs[previous, made] = gap
        if previous != START:
            layout.before[made] = layout.after[previous] = gap
        previous = made
    layout.pairs[previous, END] = document.text[len(document.text.rstrip()) :]
    return layout


def renamed(layout: Layout, names: Mapping[Id, Id]) -> Layout:
    """The same layout with other identities."""
    if not names:
        return layout

    def new(id_: Id) -> Id:
        return names.get(id_, id_)

    return Layout(
        {new(i): Item(new(i), item.text, item.key, item.plain) for i, item in layout.items.items()},
        {(new(a), new(b)): gap for (a, b), gap in layout.pairs.items()},
        {new(i): gap for i, gap in layout.before.items()},
        {new(i): gap for i, gap in layout.after.items()},
    )


def _stretches(document: Document) -> Iterator[tuple[str, str, Block | None]]:
    """Gap, text and block of each item; paragraphs of free text have no block."""
    text = document.text
    last = 0
    for block in document.blocks:
        if block.kind != "free":
            yield text[last : block.start], block.text, block
            last = block.end
            continue
        for start, end in _paragraphs(block.text):
            yield text[last : block.start + start], block.text[start:end], None
            last = block.start + end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the paragraphs, without white space around them; a blank line divides them."""
    start = 0
    for blank in _SPACE.finditer(text):
        if blank.start() == start:
            start = blank.end()
        elif blank.end() == len(text) or len(LINE_END.findall(blank[0])) > 1:
            yield start, blank.start()
            start = blank.end()
    if start < len(text):
        yield start, len(text)


def _name_of(text: str, block: Block | None, counted: frozenset[str]) -> tuple[str, str]:
    if block is None:
        return "text", text
    if block.kind == "entry" or (block.kind == "broken" and block.key):
        return "entry", block.key
    if isinstance(block, StringBlock) and len(block.definitions) == 1:
        return "string", block.name.lower()
    if block.kind in counted:
        return block.kind, ""
    if block.kind == "comment" and (label := _LABELLED.match(text)):
        return "comment", label[1].lower()
    return block.kind, text


def form_of(text: str, key: str) -> Form | None:
    """The fields of a block that is plain: nothing wrong with it, no text between the fields, no field twice."""
    scan = scan_block(text)
    if scan is None or scan.faults or scan.end != len(text):
        return None
    fields: dict[str, Value] = {}
    last = scan.key_end if scan.kind == "entry" else scan.open + 1
    for raw in scan.fields:
        lead, name = text[last : raw.name], text[raw.name : raw.name_end]
        if not _SEPARATORS.fullmatch(lead) or name.lower() in fields or raw.value == raw.value_end:
            return None
        fields[name.lower()] = Value(text[raw.value : raw.value_end], (lead, name, text[raw.name_end : raw.value]))
        last = raw.value_end
    tail = text[last : scan.end - 1]
    if not _SEPARATORS.fullmatch(tail):
        return None
    kind = text[scan.type_start : scan.type_end]
    return Form(kind.lower(), key, fields, (text[scan.open : scan.open + 1], text[last : scan.end]))


# ---- meaning --------------------------------------------------------------------------------------------------------


def meaning(name: str, raw: str) -> tuple[tuple[str, object], ...]:
    """What a value expression says, spelling aside: delimiters, white space and LaTeX for characters do not matter.

    Braces that protect capitals do matter, and a macro is not the text it stands for.
    """
    said: list[tuple[str, object]] = []
    literal: list[str] = []

    def close() -> None:
        if literal:
            plain = " ".join("".join(literal).split())
            said.append(("text", verbatim_from_latex(plain) if name in _VERBATIM else from_latex(plain)))
            literal.clear()

    for piece in pieces_of(raw, 0, len(raw)):
        if piece.kind == "macro":
            close()
            said.append(("macro", piece.content.lower()))
        else:
            literal.append(piece.content)
    close()
    return tuple(said)


def same_value(name: str, left: str | None, right: str | None) -> bool:
    """Whether two value expressions (None: no such field) say the same."""
    if left == right:
        return True
    if left is None or right is None:
        return False
    return meaning(name, left) == meaning(name, right)


def squeezed(text: str) -> str:
    """The text with all white space alike."""
    return " ".join(text.split())


def same_item(left: Item, right: Item) -> bool:
    """Whether two versions of an item say the same: formatting aside, where they can be compared by field."""
    if left.text == right.text:
        return True
    if left.form is None or right.form is None:
        return squeezed(left.text) == squeezed(right.text)
    mine, theirs = left.form, right.form
    return (
        (mine.type, mine.key) == (theirs.type, theirs.key)
        and mine.fields.keys() == theirs.fields.keys()
        and all(same_value(name, value.raw, theirs.fields[name].raw) for name, value in mine.fields.items())
    )


def macros_used(texts: Iterable[str]) -> set[str]:
    """The macros, in lower case, that blocks use: those of value expressions that can be read."""
    blocks = Document.from_text("\n".join(texts)).blocks
    return {name for block in blocks if block.kind in ("entry", "string") for name in macros_of(block.text)}


# ---- renames --------------------------------------------------------------------------------------------------------


def renames(base: Layout, side: Layout) -> dict[Id, Id]:
    """Identity in ``side`` -> identity in ``base`` of the entries that certainly have only got another key.

    Certain is: the same fields with the same contents, or the same DOI or arXiv id and no other of either that
    differs; and on both sides there is only one such entry.
    """
    gone = [item for i, item in base.items.items() if i.kind == "entry" and i not in side.items and item.form]
    come = [item for i, item in side.items.items() if i.kind == "entry" and i not in base.items and item.form]
    if not gone or not come:
        return {}
    twins_of: dict[Id, Id] = {}
    for mark in (_content_mark, partial(_identifier, name="doi"), partial(_identifier, name="eprint")):
        twins = set(twins_of.values())
        left = _unique((item for item in gone if item.id not in twins), mark)
        right = _unique((item for item in come if item.id not in twins_of), mark)
        for sign, item in right.items():
            twin = left.get(sign)
            if twin is not None and _identifiers_agree(item, twin):
                twins_of[item.id] = twin.id
    return twins_of


def _unique(items: Iterable[Item], mark: Callable[[Item], object]) -> dict[object, Item]:
    """Mark -> item, for the marks that one item only has."""
    unique: dict[object, Item] = {}
    double: set[object] = set()
    for item in items:
        sign = mark(item)
        if sign is None:
            continue
        if sign in unique:
            double.add(sign)
        unique[sign] = item
    return {sign: item for sign, item in unique.items() if sign not in double}


def _content_mark(item: Item) -> object:
    assert item.form is not None
    fields = item.form.fields
    if len(fields) < 2:
        return None
    return item.form.type, tuple(sorted((name, repr(meaning(name, value.raw))) for name, value in fields.items()))


def _identifier(item: Item, name: str) -> str | None:
    assert item.form is not None
    value = item.form.fields.get(name)
    if value is None:
        return None
    text = " ".join(str(part) for kind, part in meaning(name, value.raw) if kind == "text")
    try:
        return parse_doi(text).casefold() if name == "doi" else parse_arxiv_id(text).number
    except ValueError:
        return None


def _identifiers_agree(left: Item, right: Item) -> bool:
    for name in ("doi", "eprint"):
        mine, theirs = _identifier(left, name), _identifier(right, name)
        if mine is not None and theirs is not None and mine != theirs:
            return False
    return True
