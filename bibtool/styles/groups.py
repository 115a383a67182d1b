"""Groups and macros as closures: what they hold is printed together or not at all (CSL 1.0.2, "Group").

For each set of children that a shape of items leaves (see `bibtool.styles.shape`) there is a closure of its own, which
does no more than these children need.
"""

from __future__ import annotations

from bibtool.styles.rich import ALONE, BARE, GROUP, LEADING, UNBOXED, Frame, Node, Out
from bibtool.styles.shape import Grouped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Render, Wrap
    from bibtool.styles.shape import Body, Kept, Traits


class Around:
    """What is around the children of a group or macro: nothing, if it is ``bare``.

    ``wrap`` is the formatting of a macro, ``block`` all there is around a group with a ``display``.
    """

    __slots__ = ("bare", "block", "frame", "wrap")

    def __init__(self, frame: Frame = BARE, *, wrap: Wrap | None = None, block: Wrap | None = None) -> None:
        self.frame = frame
        self.wrap = wrap
        self.block = block
        self.bare = not frame.around and block is None


def compile_grouped(traits: Traits, body: Body, around: Around) -> Render:
    """A group or macro, left out where it calls variables and all of them are empty."""

    def make(kept: Kept, place: int) -> Render:
        return _with_children(traits, kept, around, place)

    grouped = Grouped(body, around.bare and around.wrap is None, make)
    shapes = body.shapes

    def render(ctx: Context, out: list[Out]) -> None:
        """The element where what is around it was not made for a shape."""
        traits.made(grouped, shapes.get(ctx.item.shape) or body.resolve(ctx), GROUP)(ctx, out)

    return traits.note(render, grouped)


def _with_children(traits: Traits, kept: Kept, around: Around, place: int) -> Render:
    """The element with the children that a shape leaves; ``place`` says whether it is all that another one holds."""
    children, gave_up = kept
    if not all(map(traits.prints_values, children)):
        children, gave_up = (_all_or_nothing(children, gave_up),), False
    return (_bare if around.bare else _framed)(children, gave_up, around, place)


def _all_or_nothing(children: tuple[Render, ...], gave_up: bool) -> Render:
    """Children of which some print words of the style: all are left out where no variable has a value.

    Where there are no words, this needs no care: what prints anything is a value.
    """

    def render(ctx: Context, kids: list[Out]) -> None:
        tried, hit, term, predecessor = ctx.tried, ctx.hit, ctx.term, ctx.predecessor
        ctx.tried = gave_up
        ctx.hit = ctx.term = False
        for child in children:
            child(ctx, kids)
        if kids and (ctx.hit or (ctx.term and not ctx.tried)):
            ctx.hit = True  # what is around the group prints whatever else there is
        else:
            kids.clear()
            ctx.hit = hit or ctx.hit
            ctx.tried = tried or ctx.tried
            ctx.term = term
            ctx.predecessor = predecessor

    return render


def _bare(children: tuple[Render, ...], gave_up: bool, around: Around, place: int) -> Render:
    frame, wrap = around.frame, around.wrap

    def render(ctx: Context, out: list[Out]) -> None:
        kids: list[Out] = []
        for child in children:
            child(ctx, kids)
        if not kids:
            if gave_up:
                ctx.tried = True
            return
        piece = kids[0]
        if len(kids) == 1:
            if piece.__class__ is Node:
                piece.boxed = ALONE
        else:
            if piece.__class__ is Node and not piece.boxed:
                piece.boxed = LEADING  # its prefix meets what is before the group
            node = Node()
            node.kids, node.frame, node.boxed = kids, frame, UNBOXED
            piece = node
        if wrap is not None:
            piece = wrap(ctx, piece)
            if piece.__class__ is Node:
                piece.boxed = place
        out.append(piece)

    return render


def _framed(children: tuple[Render, ...], gave_up: bool, around: Around, place: int) -> Render:
    frame, block = around.frame, around.block
    leads = frame.fmt is None and not frame.prefix and block is None

    def render(ctx: Context, out: list[Out]) -> None:
        kids: list[Out] = []
        for child in children:
            child(ctx, kids)
        if not kids:
            if gave_up:
                ctx.tried = True
            return
        if leads:
            first = kids[0]
            if first.__class__ is Node and not first.boxed:
                first.boxed = LEADING
        node = Node()
        node.kids, node.frame, node.boxed = kids, frame, place
        if block is None:
            out.append(node)
            return
        piece = block(ctx, node)
        if place == ALONE and piece.__class__ is Node:
            piece.boxed = ALONE
        out.append(piece)

    return render
