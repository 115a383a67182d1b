"""Putting a citation together: sorting, grouping and collapsing of its cites (CSL 1.0.2, "Cite Grouping")."""

from __future__ import annotations

import re
from itertools import groupby

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass
from bibtool.styles.context import FIRST, NO_DISAMBIGUATION, Context
from bibtool.styles.engine import prune
from bibtool.styles.fieldtext import affix_piece
from bibtool.styles.rich import BARE, Frame, Node, Out, node_of, plain
from bibtool.styles.sort import sorted_by
from bibtool.styles.writer import flatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.cites import CitationItem
    from bibtool.styles.context import Disambiguation
    from bibtool.styles.engine import Engine
    from bibtool.styles.item import Item
    from bibtool.styles.rich import Run
    from bibtool.styles.sort import SortKey

EN_DASH = "\N{EN DASH}"
_TAGS = lazy_pattern(r"<[^<>]{0,100}>")


@dataclass(slots=True, kw_only=True)
class Placed:
    """A cite with all that its place in the document decides."""

    item: Item
    cite: CitationItem
    disambiguation: Disambiguation
    number: int = 0
    position: int = FIRST
    near_note: bool = False
    first_note: str = ""
    year_suffix: str = ""
    origin: int = 0  # the note of the first cite of the item
    link: str = ""  # where the cite leads to, without the affixes of its user

    def context(self) -> Context:
        """A fresh context for rendering the cite."""
        ctx = Context(self.item, in_bibliography=False)
        ctx.cite = self.cite
        ctx.locator, ctx.locator_label = read_locator(self.cite.locator, self.cite.label)
        ctx.position = self.position
        ctx.near_note = self.near_note
        ctx.first_note = self.first_note
        ctx.number = self.number
        ctx.disambiguation = self.disambiguation
        ctx.year_suffix = self.year_suffix
        return ctx


# labels in short form, as they may be at the start of a locator
LABELS = {
    "art": "article-locator", "bk": "book", "ch": "chapter", "chap": "chapter", "col": "column", "eq": "equation",
    "fig": "figure", "fol": "folio", "l": "line", "n": "note", "no": "issue", "op": "opus", "p": "page",
    "para": "paragraph", "pp": "page", "pt": "part", "sc": "scene", "sec": "section", "supp": "supplement",
    "tbl": "table", "v": "verse", "vol": "volume",
}  # fmt: skip
_LABELLED = lazy_pattern(r"([a-z]{1,4})\.\s*(?=\S)")


def read_locator(locator: str, label: str) -> tuple[str, str]:
    """The locator and its label (a term); a label in short form at the start of the text comes before ``label``."""
    locator = locator.strip()
    if not locator:
        return "", ""
    if (found := _LABELLED.match(locator)) and found[1] in LABELS:
        return locator[found.end() :], LABELS[found[1]]
    return locator, (label or "page").replace(" ", "-")


@dataclass(slots=True)
class _Rendered:
    """A rendered cite while the citation is put together."""

    placed: Placed
    ctx: Context
    node: Node
    body: Node  # the same without what its user puts around it
    names: list[Out]  # of the first cite, where its names stand apart
    author: str = ""
    year: str = ""
    delimiter: str | None = None  # what is printed before it, if not the layout's delimiter
    hidden: bool = False
    suffix_only: bool = False
    collapsed: bool = False


def sort_cites(engine: Engine, cites: list[Placed], *, in_document: bool = False) -> list[Placed]:
    """The cites in the order that the style wants.

    Cites that are equal by all keys stay as the author has them; ``in_document``, groups of them are ordered by names.
    """
    if not engine.citation_keys or len(cites) < 2:
        return cites
    # names are compared as the style has them; spelt out for all cites alike they are other names, though
    by_cite = engine.name_rule == "by-cite"
    contexts = {id(placed): _sort_context(placed, by_cite=by_cite) for placed in cites}

    known: dict[tuple[int, int], str] = {}

    def value(key: SortKey, placed: Placed) -> str:
        place = (id(key), id(placed))
        if place not in known:
            known[place] = key.value(contexts[id(placed)])
        return known[place]

    ordered = sorted_by(cites, engine.citation_keys, value, engine.collate)
    if engine.style.is_note or engine.citation_keys[0].uses_number:
        return ordered
    if not engine.collapse and engine.group_delimiter is None:
        return ordered
    out: list[Placed] = []
    for _, same in groupby(ordered, lambda placed: value(engine.citation_keys[0], placed)):
        run = list(same)
        # cites that stand alone and are equal by all keys stay as they are
        if in_document or len({tuple(value(key, placed) for key in engine.citation_keys) for placed in run}) > 1:
            run = _by_names(engine, run)
        out += run
    return out


def _by_names(engine: Engine, cites: list[Placed]) -> list[Placed]:
    """Cites of which the first sort key is the same, by their names as printed.

    "Cite Grouping" puts a group at the place of its first cite, and leaves the order of groups open that have the same
    first key; by names, one author comes before the same with others, as in the list.
    """
    if len(cites) < 2:
        return cites
    named = [(_printed_names(engine, placed), placed) for placed in cites]
    with_names = [(engine.collate(names), placed) for names, placed in named if names]
    descending = engine.citation_keys[0].descending
    with_names.sort(key=lambda pair: pair[0], reverse=descending)  # type: ignore[arg-type, return-value] # keys compare
    return [placed for _, placed in with_names] + [placed for names, placed in named if not names]


def _printed_names(engine: Engine, placed: Placed) -> str:
    ctx = placed.context()
    engine.cite(ctx)
    names = ctx.first_names
    return "" if names is None or names.frame.tag != "names" else _text(engine, names)


def _sort_context(placed: Placed, *, by_cite: bool) -> Context:
    ctx = placed.context()
    if by_cite:
        ctx.disambiguation = NO_DISAMBIGUATION
    return ctx


def render_citation(
    engine: Engine,
    cites: list[Placed],
    *,
    prefix: str = "",
    suffix: str = "",
    mode: str = "",
    empty: str = "",
) -> Run:
    """The run of a citation; ``cites`` are in their final order; ``empty`` stands for a first cite without text."""
    rendered = [_render(engine, placed, index, mode) for index, placed in enumerate(cites)]
    return _put_together(engine, rendered, prefix=prefix, suffix=suffix, mode=mode, empty=empty)


def render_in_parts(engine: Engine, cites: list[Placed]) -> tuple[Run, Run]:
    """What the modes "author-only" and "suppress-author" of `render_citation` give; the cites are rendered once.

    Where the first one gives nothing, the second is the whole citation.
    """
    rendered = [_render(engine, placed, index, "in-parts") for index, placed in enumerate(cites)]
    names = flatten(rendered[0].names, engine.quotes)
    if any(piece.__class__ is str for piece in names) or rendered[0].ctx.first_names is None:
        return names, _put_together(engine, rendered)
    return [], render_citation(engine, cites)


def _put_together(
    engine: Engine, rendered: list[_Rendered], *, prefix: str = "", suffix: str = "", mode: str = "", empty: str = ""
) -> Run:
    layout = engine.citation
    if empty and rendered and not rendered[0].placed.cite.suppress_author and not prune(rendered[0].node):
        rendered[0].node.kids.append(empty)
    if mode == "author-only" or (rendered and rendered[0].placed.cite.author_only):
        pieces: list[Out] = [_author_only(rendered[0].ctx)] if rendered else []
        if rendered and rendered[0].placed.cite.author_only:
            pieces = _with_affixes(rendered[0].placed.cite, pieces)
        return flatten(pieces, engine.quotes)
    if engine.collapse or engine.group_delimiter is not None:
        rendered = _grouped(engine, rendered)
    if engine.collapse == "citation-number":
        _collapse_numbers(engine, rendered)
    kids: list[Out] = []
    before: _Rendered | None = None
    for cite in rendered:
        if cite.hidden or not prune(cite.node):
            continue
        if before is not None:
            delimiter = layout.delimiter if cite.delimiter is None else cite.delimiter
            kids.append(_splice(delimiter, before.placed.cite, cite.placed.cite))
        kids.append(cite.node)
        before = cite
    if not kids:
        return []
    start: list[Out] = [layout.prefix] if layout.prefix else []
    if prefix:
        start.append(affix_piece(spaced_prefix(prefix)))
    end: list[Out] = [affix_piece(spaced_suffix(suffix))] if suffix else []
    if layout.suffix:
        end.append(layout.suffix)
    node = node_of([*start, *(kid for kid in kids if kid != ""), *end], layout.frame)
    return flatten([node], engine.quotes)


def spaced_prefix(prefix: str) -> str:
    """A user's prefix with the space that it needs before the cite."""
    prefix = re.sub(r"\s+", " ", prefix)
    bare = _TAGS.sub("", prefix).rstrip("\"'”’»\u202f\u00a0 ")
    if bare and (bare[-1].isalnum() or bare[-1] in ":.;!?)],") and not prefix.endswith((" ", "\u00a0")):
        return prefix + " "
    return prefix


def spaced_suffix(suffix: str) -> str:
    """A user's suffix with the space that it needs after the cite."""
    bare = _TAGS.sub("", suffix)
    if bare and (bare[0].isalpha() or bare[0] in "[(&"):
        return " " + suffix
    return suffix


def _splice(delimiter: str, before: CitationItem, after: CitationItem) -> str:
    """The delimiter between two cites, shortened where the user's affixes already end or start a clause."""
    if before.suffix and before.suffix[-1] in ";.,":
        at = delimiter.find(" ")
        return delimiter[at:] if at >= 0 else ""
    if not before.suffix and after.prefix and after.prefix[0] in ";.,":
        return ""
    return delimiter


def _render(engine: Engine, placed: Placed, index: int, mode: str) -> _Rendered:
    ctx = placed.context()
    cite = placed.cite
    prefix = spaced_prefix(cite.prefix) if cite.prefix else ""
    ctx.predecessor = index > 0
    if prefix.strip():
        bare = _TAGS.sub("", prefix).rstrip("\"'”’»\u202f\u00a0 ")
        ctx.predecessor = not (bare[-1:] in tuple(":.;!?") and " " in prefix.strip()) if bare else ctx.predecessor
    pieces = engine.cite(ctx)
    in_parts = mode == "in-parts" and index == 0
    names: list[Out] = [_author_only(ctx)] if in_parts and prune(node_of(pieces)) else []
    suppressed = cite.suppress_author or in_parts or (mode == "suppress-author" and index == 0)
    if suppressed and ctx.first_names is not None:
        ctx.first_names.kids.clear()
    suffix = spaced_suffix(cite.suffix) if cite.suffix else ""
    body = node_of(pieces, Frame(link=placed.link) if placed.link else BARE)
    if not prune(body):
        # words of the author of the document are printed all the same, which the specification leaves open
        words: list[Out] = [affix_piece(prefix), affix_piece(suffix)] if (prefix + suffix).strip() else []
        return _Rendered(placed, ctx, node_of(words), body, names)
    node = node_of([affix_piece(prefix), body, affix_piece(suffix)] if prefix or suffix or placed.link else pieces)
    return _Rendered(placed, ctx, node, body, names)


def _with_affixes(cite: CitationItem, pieces: list[Out]) -> list[Out]:
    before: list[Out] = [affix_piece(spaced_prefix(cite.prefix))] if cite.prefix else []
    return [*before, *pieces, *([affix_piece(spaced_suffix(cite.suffix))] if cite.suffix else [])]


def _author_only(ctx: Context) -> Node:
    names = ctx.first_names
    return node_of([]) if names is None else node_of(list(names.kids), Frame(delim=names.frame.delim))


def _text(engine: Engine, piece: Out | None) -> str:
    return "" if piece is None else plain(flatten([piece], engine.quotes))


def _tagged(piece: Out, tag: str) -> Node | None:
    """The first node with that tag."""
    if not isinstance(piece, Node):
        return None
    if piece.frame.tag == tag:
        return piece
    for kid in piece.kids:
        if (found := _tagged(kid, tag)) is not None:
            return found
    return None


def _grouped(engine: Engine, rendered: list[_Rendered]) -> list[_Rendered]:
    """Cites with the same names side by side, collapsed by the style's ``collapse``."""
    if engine.collapse == "citation-number":
        return rendered
    groups: dict[object, list[_Rendered]] = {}
    run = 0
    before = ""
    for index, cite in enumerate(rendered):
        names = cite.ctx.first_names
        cite.author = "" if names is None or names.frame.tag != "names" else _text(engine, names)
        if cite.author != before and not (engine.citation_keys and not engine.style.is_note):
            run += 1  # cites that are not sorted stay where the author of the document put them
        before = cite.author
        alone = not cite.author and (not engine.collapse or not _is_of_nameless(engine, cite))
        groups.setdefault(index if alone else (cite.author, run), []).append(cite)
    out: list[_Rendered] = []
    last_collapsed = False
    layout_delimiter = engine.citation.delimiter
    for members in groups.values():
        first = members[0]
        if out and engine.after_collapse is not None and (last_collapsed or engine.collapse != "year-suffix"):
            first.delimiter = engine.after_collapse
        if len(members) > 1:
            _collapse_group(engine, members, layout_delimiter)
        last_collapsed = len(members) > 1 and bool(engine.collapse)
        out.extend(members)
    return out


def _is_of_nameless(engine: Engine, cite: _Rendered) -> bool:
    """Whether a cite without names is grouped with others of that kind: if a word, or nothing, stands for the names.

    A title in their place groups nothing, wherever the style takes it from.
    """
    names = cite.ctx.first_names
    if names is not None and names.frame.tag != "names":
        return names.frame.tag == "term"
    year = _text(engine, _tagged(cite.body, "year"))
    if not year:
        return False
    before, _, _ = _text(engine, cite.body).partition(year)
    return not any(char.isalnum() for char in before)


def _collapse_group(engine: Engine, members: list[_Rendered], layout_delimiter: str) -> None:
    before = members[0]
    inner = engine.group_delimiter
    if inner is None:
        inner = layout_delimiter if engine.style.is_note else ", "  # grouping is for citations in the text
    nameless = not before.author
    if nameless and engine.collapse == "year" and not engine.style.is_note:
        inner = ", " if engine.after_collapse is None else layout_delimiter
    with_suffix = engine.collapse in ("year-suffix", "year-suffix-ranged") and engine.add_suffix
    before.year = _text(engine, _tagged(before.node, "year"))
    for cite in members[1:]:
        cite.delimiter = inner
        if engine.collapse and cite.ctx.first_names is not None and not nameless:
            cite.ctx.first_names.kids.clear()
            cite.collapsed = True
        year = _tagged(cite.node, "year")
        cite.year = _text(engine, year)
        if (
            with_suffix
            and year is not None
            and cite.year == before.year
            and cite.placed.year_suffix
            and before.placed.year_suffix
            and not cite.placed.cite.locator
            and not before.placed.cite.locator
            and not cite.placed.cite.prefix
        ):
            year.kids.clear()
            cite.suffix_only = True
            cite.delimiter = _suffix_delimiter(engine, layout_delimiter)
        elif engine.after_collapse is not None and before.placed.cite.locator:
            cite.delimiter = engine.after_collapse
        before = cite
    if engine.collapse == "year-suffix-ranged":
        _collapse_suffixes(members)


def _suffix_delimiter(engine: Engine, layout_delimiter: str) -> str:
    if engine.suffix_delimiter is not None:
        return engine.suffix_delimiter
    if engine.group_delimiter is not None:
        return engine.group_delimiter
    return layout_delimiter


def _suffix_number(text: str) -> int:
    number = 0
    for char in text:
        number = number * 26 + ord(char) - 96
    return number


def _collapse_suffixes(members: list[_Rendered]) -> None:
    index = 0
    while index < len(members):
        end = index
        while (
            end + 1 < len(members)
            and members[end + 1].suffix_only
            and _suffix_number(members[end + 1].placed.year_suffix)
            == _suffix_number(members[end].placed.year_suffix) + 1
            and not members[end].placed.cite.suffix
        ):
            end += 1
        if end - index >= 2:
            for cite in members[index + 1 : end]:
                cite.hidden = True
            members[end].delimiter = EN_DASH
        index = end + 1


def _collapse_numbers(engine: Engine, rendered: list[_Rendered]) -> None:
    """Ranges of three or more consecutive numbers; cites that show a locator or have affixes are never part of one.

    A cite with a locator also has the delimiter of a range after it, as it has where years collapse ("Cite Collapsing"
    says nothing of locators here; citeproc-js does the same).
    """

    def eligible(cite: _Rendered) -> bool:
        asked = cite.placed.cite
        if asked.prefix or asked.suffix or not cite.placed.number:
            return False
        return _text(engine, _tagged(cite.node, "number")) != "" and not shows_locator(cite)

    def shows_locator(cite: _Rendered) -> bool:
        """Whether there is more than the number: most styles with numbers have no place for a locator."""
        if not cite.placed.cite.locator:
            return False
        number = _text(engine, _tagged(cite.body, "number"))
        return number == "" or list(filter(str.isalnum, _text(engine, cite.body))) != list(filter(str.isalnum, number))

    index = 0
    last_collapsed = False
    while index < len(rendered):
        if index and engine.after_collapse is not None and (last_collapsed or shows_locator(rendered[index - 1])):
            rendered[index].delimiter = engine.after_collapse
        end = index
        if eligible(rendered[index]):
            while (
                end + 1 < len(rendered)
                and rendered[end + 1].placed.number == rendered[end].placed.number + 1
                and eligible(rendered[end + 1])
            ):
                end += 1
        last_collapsed = end - index >= 2
        if last_collapsed:
            for cite in rendered[index + 1 : end]:
                cite.hidden = True
            rendered[end].delimiter = EN_DASH
            index = end + 1
        else:
            index += 1
            last_collapsed = False
