"""Small parts of the compiler: formatting attributes, and the wrapping of output in them."""

from __future__ import annotations

from functools import partial

from bibtool.structs import dataclass
from bibtool.styles.rich import HELD, UNBOXED, Fmt, Frame, Node, Out, Span, node_of
from bibtool.styles.textcase import convert
from bibtool.xmltree import Element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Final, Protocol, TypeAlias

    from bibtool.styles.context import Context
    from bibtool.styles.locale import Locale
    from bibtool.styles.names import NameOptions
    from bibtool.styles.namespelling import NameTexts
    from bibtool.styles.shape import Traits
    from bibtool.styles.style import Style

    class Compiling(Protocol):
        """What the compilers of single elements ask of the compiler that calls them: style, place, other elements.

        `bibtool.styles.compile.Compiler` is the one there is; they see no more of it, so that it can import them.
        """

        style: Style
        locale: Locale
        place: Placement
        language: str
        capitalise_terms: bool
        substituting: Element | None
        traits: Traits
        joins_names: bool
        options: dict[object, NameOptions]  # of `cs:name` elements, by what these say
        name_texts: NameTexts

        @property
        def inherited(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
            """The options of the area and those of the style."""
            ...

        def element(self, element: Element) -> Render | None:
            """One compiled rendering element; None where it can never print anything."""
            ...

        def sequence(self, elements: Sequence[Element]) -> list[Render]:
            """The compiled elements."""
            ...

        def wrap(self, element: Element) -> Wrap | None:
            """The formatting of an element."""
            ...


Render: TypeAlias = "Callable[[Context, list[Out]], None]"
Wrap: TypeAlias = "Callable[[Context, Out], Out]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an element is compiled for: the area whose options it inherits, and whether for a sort key."""

    area: str = "citation"
    sorting: bool = False
    names_min: int | None = None
    names_use_first: int | None = None
    names_use_last: bool | None = None
    parents: tuple[Element, ...] = ()


# most elements have none of these
_FORMATTING: Final = frozenset(
    {"display", "font-style", "font-variant", "font-weight", "quotes", "text-decoration", "vertical-align"}
)
_CHANGING: Final = _FORMATTING | {"prefix", "strip-periods", "suffix", "text-case"}


def format_of(element: Element) -> Fmt | None:
    """The formatting attributes of an element, or None where it has none."""
    if _FORMATTING.isdisjoint(element.attributes):
        return None
    get = element.attributes.get
    style, variant, weight = get("font-style", ""), get("font-variant", ""), get("font-weight", "")
    decoration, valign = get("text-decoration", ""), get("vertical-align", "")
    quotes, display = get("quotes") == "true", get("display", "")
    if not (style or variant or weight or decoration or valign or quotes or display):
        return None
    return Fmt(
        style=style if style in ("normal", "italic", "oblique") else "",
        variant=variant if variant in ("normal", "small-caps") else "",
        weight=weight if weight in ("normal", "bold", "light") else "",
        decoration=decoration if decoration in ("none", "underline") else "",
        valign=valign if valign in ("baseline", "sup", "sub") else "",
        quotes=quotes,
        display=display,
    )


def without_periods(piece: Out) -> Out:
    """The piece with all full stops removed (``strip-periods``), affixes of inner elements included."""
    if isinstance(piece, str):
        return piece.replace(".", "")
    if not isinstance(piece, Node):
        return Span(piece.kind, [without_periods(kid) for kid in piece.kids])
    kids = [without_periods(kid) for kid in piece.kids]
    old = piece.frame
    prefix, suffix, delim = without_periods(old.prefix), without_periods(old.suffix), old.delim.replace(".", "")
    frame = Frame(old.fmt, prefix, suffix, delim, old.tag, old.link)
    if old.tag in HELD:
        piece.kids, piece.frame = kids, frame
        return piece
    return node_of(kids, frame)


def _names_kept(ctx: Context, change: Callable[[Out], Out], piece: Out) -> Out:
    """The changed piece; the lists of names in the context go on to know which of their pieces are names."""
    if not ctx.blocks:
        return change(piece)
    places = [_places(block.rendered, block.list_node.kids) for block in ctx.blocks]
    changed = change(piece)
    for block, spots in zip(ctx.blocks, places, strict=True):
        kids = block.list_node.kids
        block.rendered = [name if at < 0 else kids[at] for name, at in zip(block.rendered, spots, strict=True)]
    return changed


def _places(names: list[Out], kids: list[Out]) -> list[int]:
    """Where the names of a list are among its pieces; -1 for one that is not."""
    found = []
    start = 0
    for name in names:
        at = next((at for at in range(start, len(kids)) if kids[at] is name), -1)
        found.append(at)
        start = max(start, at + 1)
    return found


def _without_display(element: Element) -> Element:
    """An element with the same formatting, except for its display."""
    attributes = {key: value for key, value in element.attributes.items() if key != "display"}
    return Element(element.name, attributes)


def wrapper(element: Element, style_language: str) -> Wrap | None:
    """What the element does to its output: text-case, strip-periods, formatting, affixes; None for nothing."""
    if _CHANGING.isdisjoint(element.attributes):
        return None
    fmt = format_of(element)
    prefix, suffix = element.get("prefix"), element.get("suffix")
    case = element.get("text-case")
    strip = element.get("strip-periods") == "true"
    # the rule for items in other languages is about their texts, not about words of the style
    is_term = element.name == "label" or "term" in element.attributes
    is_macro = "macro" in element.attributes
    if case == "normal":
        case = ""
    if fmt is None and not prefix and not suffix and not case and not strip:
        return None
    if fmt is not None and fmt.display:
        # affixes belong into the block
        block = Frame(Fmt(display=fmt.display))
        inner = wrapper(_without_display(element), style_language)
        if inner is None:
            return lambda _, piece: node_of([piece], block)
        return lambda ctx, piece: node_of([inner(ctx, piece)], block)
    frame = Frame(fmt, prefix, suffix)
    if not case and not strip:

        def simple(_: Context, piece: Out) -> Out:
            node = Node()
            node.kids, node.frame, node.boxed = [piece], frame, UNBOXED
            return node

        return simple

    def full(ctx: Context, piece: Out) -> Out:
        if case and (case != "title" or is_term or ctx.item.is_english(style_language)):
            # words are in the language of their work; where that isn't known, and for terms, in that of the locale
            language = (not is_term and ctx.item.language) or style_language
            if piece.__class__ is str:
                piece = convert(case, piece, language)
            else:
                change = partial(convert, case, language=language)
                piece = _names_kept(ctx, change, piece) if is_macro else change(piece)
        if strip:
            piece = _names_kept(ctx, without_periods, piece) if is_macro else without_periods(piece)
        return node_of([piece], frame) if frame.around else piece

    return full
