"""Entries of a bibliography: alignment of the second field, and substitution of repeated authors."""

from __future__ import annotations

from bibtool.model.record import Record
from bibtool.structs import dataclass, field
from bibtool.styles.context import Context
from bibtool.styles.engine import prune
from bibtool.styles.item import Item
from bibtool.styles.rich import BARE, Fmt, Frame, Mark, Node, Out, node_of, plain
from bibtool.styles.writer import flatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.context import Disambiguation, NameBlock
    from bibtool.styles.engine import Engine
    from bibtool.styles.rich import Run

_LEFT = Frame(Fmt(display="left-margin"))
_RIGHT = Frame(Fmt(display="right-inline"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOptions:
    """Options of ``cs:bibliography`` that say how entries are set, under the names of the attributes."""

    hanging_indent: bool = False
    second_field_align: str = ""
    line_spacing: int = 1
    entry_spacing: int = 1
    max_offset: int = 0  # characters of the longest first field, 0 where fields are not aligned


def entry_options(engine: Engine) -> EntryOptions:
    """What the style says of its entries."""
    element = engine.style.bibliography
    attributes = element.attributes if element is not None else {}

    def number(name: str, default: int) -> int:
        value = attributes.get(name, "").strip()
        return int(value) if value.isdigit() else default

    align = attributes.get("second-field-align", "")
    return EntryOptions(
        hanging_indent=attributes.get("hanging-indent") == "true",
        second_field_align=align if align in ("flush", "margin") else "",
        line_spacing=number("line-spacing", 1),
        entry_spacing=number("entry-spacing", 1),
    )


@dataclass(slots=True)
class Substitution:
    """``subsequent-author-substitute``: remembers the names of the entry before."""

    engine: Engine
    text: str | None = None
    rule: str = "complete-all"
    before: list[str] = field(default_factory=list)
    before_whole: str = ""

    @classmethod
    def of(cls, engine: Engine) -> Substitution:
        """The substitution of the engine's style; does nothing where the style has none."""
        element = engine.style.bibliography
        if element is None or "subsequent-author-substitute" not in element.attributes:
            return cls(engine)
        return cls(
            engine,
            element.get("subsequent-author-substitute"),
            element.get("subsequent-author-substitute-rule", "complete-all"),
        )

    def apply(self, ctx: Context) -> None:
        """Replace names in the entry just rendered that repeat those of the entry before."""
        if self.text is None:
            return
        first = ctx.first_names
        if first is None:
            self.before, self.before_whole = [], ""
            return
        if first.frame.tag == "term":
            return
        inside = {id(node) for node in _lists(first)}
        blocks = [block for block in ctx.blocks if id(block.list_node) in inside]
        quotes = self.engine.quotes
        names = [plain(flatten([name], quotes)) for block in blocks for name in block.rendered]
        # "complete-all": all rendered names are the same; "et al." is none of them
        whole = "|".join(names) if blocks else plain(flatten([first], quotes))
        same = bool(whole) and whole == self.before_whole
        if not blocks:  # a title stands for the names, and is compared as one name
            names = [whole]
            if whole and whole == (self.before_whole if self.rule.startswith("complete") else "".join(self.before[:1])):
                first.kids[:] = [self.text]
        elif self.rule in ("complete-all", "complete-each"):
            if same:
                self._complete(blocks)
        else:
            self._partial(names, blocks)
        self.before, self.before_whole = names, whole

    def _complete(self, blocks: list[NameBlock]) -> None:
        text = self.text or ""
        if self.rule == "complete-each":
            for block in blocks:
                _replace(block, text, len(block.rendered))
            return
        blocks[0].list_node.kids[:] = [text]
        for block in blocks[1:]:
            block.list_node.kids.clear()

    def _partial(self, names: list[str], blocks: list[NameBlock]) -> None:
        count = 0
        for name, old in zip(names, self.before, strict=False):
            if name != old:
                break
            count += 1
        if self.rule == "partial-first":
            count = min(count, 1)
        for block in blocks:
            _replace(block, self.text or "", count)
            count -= len(block.rendered)
            if count <= 0:
                break


def _lists(node: Out) -> list[Node]:
    found: list[Node] = []
    if isinstance(node, Node):
        if node.frame.tag == "list":
            found.append(node)
        else:
            for kid in node.kids:
                found.extend(_lists(kid))
    return found


def _replace(block: NameBlock, text: str, count: int) -> None:
    """Put the text in place of the first ``count`` names of the list."""
    kids = block.list_node.kids
    at = 0
    for name in block.rendered[: max(count, 0)]:
        while at < len(kids) and kids[at] is not name:
            at += 1
        if at < len(kids):
            kids[at] = text
            at += 1


def render_entry(
    engine: Engine,
    item: Item,
    *,
    number: int,
    disambiguation: Disambiguation,
    year_suffix: str,
    substitution: Substitution,
    align: str,
    empty: str = "",
) -> tuple[Run, int]:
    """The run of one entry, and the length of its first field where fields are aligned."""
    ctx = Context(item, in_bibliography=True)
    ctx.number = number
    # names that are added to cites show in the list where given names may be added too, as in citeproc-js
    hides = bool(disambiguation.names) and not engine.add_givenname
    ctx.disambiguation = disambiguation.replace(names=()) if hides else disambiguation
    ctx.year_suffix = year_suffix
    pieces = engine.entry(ctx)
    layout = engine.bibliography
    assert layout is not None
    if substitution.text is not None:
        substitution.apply(ctx)
        pieces = [piece for piece in pieces if prune(piece)]
    left: Node | None = None
    if align and pieces:
        head, tail = pieces[0], pieces[1:]
        left = node_of([layout.prefix, head] if layout.prefix else [head], _LEFT)
        body: list[Out] = [left]
        if tail:
            body.append(node_of(tail, _RIGHT))
        if layout.suffix:
            _add_suffix(body, layout.suffix)
    else:
        body = list(pieces)
        if not body and engine.cites_numbers and empty:
            return [f"{number}. {empty}"], 0
        if not body:
            return [], 0
        if layout.prefix:
            body.insert(0, layout.prefix)
        if layout.suffix:
            _add_suffix(body, layout.suffix)
    run = flatten(body if layout.frame is BARE else [node_of(body, layout.frame)], engine.quotes)
    offset = 0 if left is None else _field_length(run, left, engine) if len(pieces) > 1 else _length(left, engine)
    return _spaces_outside(run), offset


def _length(left: Node, engine: Engine) -> int:
    return len(plain(flatten([left], engine.quotes)))


def _field_length(run: Run, left: Node, engine: Engine) -> int:
    """The length of the first field, with which the run of the entry begins; others follow it.

    What follows starts a block of its own, and so meets nothing of it but a quotation mark that ends it.
    """
    length = depth = 0
    last = ""
    for piece in run:
        if isinstance(piece, str):
            length += len(piece) if depth else 0
            last = piece
        elif piece.kind == "left-margin":
            depth += -1 if piece.close else 1
            if not depth:
                break
    return _length(left, engine) if last in (engine.quotes.close, engine.quotes.inner_close) else length


_ARTICLES = frozenset({"article-journal", "article-magazine", "article-newspaper"})
_SEEN = "\ue000"


def with_article_number(engine: Engine, record: Record) -> Record:
    """The record, with the number of an article (``eid``) as its page where the style prints no such number.

    Many styles of journals print pages only, though their own articles have numbers (CSL 1.0.2 has the number in
    ``number``; pandoc and Zotero put it in ``page``). Whether a style prints it is tried out once a style and type.
    """
    if record.type not in _ARTICLES or "number" not in record.variables or engine.bibliography is None:
        return record
    if not {"page", "page-first"}.isdisjoint(record.variables):
        return record
    if record.type not in engine.prints_number:
        values = {"number": _SEEN, "title": "Title", "container-title": "Journal"}
        probe = Record("probe", record.type, variables=values)
        ctx = Context(Item(probe), in_bibliography=True)
        engine.prints_number[record.type] = _SEEN in plain(flatten(engine.entry(ctx), engine.quotes))
    return record if engine.prints_number[record.type] else record.with_values({"page": record.text("number")})


_BLOCKS = frozenset({"block", "left-margin", "right-inline", "indent"})


def _spaces_outside(run: Run) -> Run:
    """The run with a space at its very start or end moved out of its block."""
    if len(run) < 3:
        return run
    first, second, last, before = run[0], run[1], run[-1], run[-2]
    if first.__class__ is Mark and first.kind in _BLOCKS and second.__class__ is str and second[:1] == " ":
        run[:2] = [" ", first, second[1:]]
    if last.__class__ is Mark and last.kind in _BLOCKS and before.__class__ is str and before[-1:] == " ":
        run[-2:] = [before[:-1], last, " "]
    return run


def _add_suffix(body: list[Out], suffix: str) -> None:
    """The suffix of the layout; inside the last block where the entry is made of blocks."""
    last = body[-1]
    fmt = last.frame.fmt if isinstance(last, Node) else None
    if isinstance(last, Node) and fmt is not None and fmt.display:
        outer = last.frame
        inner = node_of(last.kids, Frame(None, outer.prefix, outer.suffix, outer.delim, outer.tag))
        bare = suffix.rstrip(" ")
        body[-1] = node_of([inner, bare] if bare else [inner], Frame(fmt))
        if bare != suffix:
            body.append(suffix[len(bare) :])  # a space at the end of a block would be visible
    else:
        body[:] = [node_of(list(body)), suffix]
