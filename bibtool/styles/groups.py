"""Groups and macros as closures: what they hold is printed together or not at all (CSL 1.0.2, "Group").

For each set of children that a shape of items leaves (see `bibtool.styles.shape`) there is a closure of its own, which
does no more than these children need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.styles.rich import ALONE, GROUP, LEADING, UNBOXED, Fmt, Node, Out
from bibtool.styles.shape import Grouped

if TYPE_CHECKING:
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Render, Wrap
    from bibtool.styles.shape import Body, Kept, Traits


class Frame:
    """What is around the children of a group or macro.

    ``wrap`` changes the whole: the formatting of a macro, or with ``is_block`` that of a group with a ``display``.
    """

    __slots__ = ("bare", "delim", "fmt", "is_block", "prefix", "suffix", "wrap")

    def __init__(
        self,
        *,
        fmt: Fmt | None = None,
        prefix: str = "",
        suffix: str = "",
        delim: str = "",
        wrap: Wrap | None = None,
        is_block: bool = False,
    ) -> None:
        self.fmt = fmt
        self.prefix = prefix
        self.suffix = suffix
        self.delim = delim
        self.wrap = wrap
        self.is_block = is_block
        self.bare = fmt is None and not prefix and not suffix and not is_block


def compile_grouped(traits: Traits, body: Body, frame: Frame) -> Render:
    """A group or macro, left out where it calls variables and all of them are empty."""

    def make(kept: Kept, place: int) -> Render:
        return _with_children(traits, kept, frame, place)

    grouped = Grouped(body, frame.bare and frame.wrap is None, make)
    shapes = body.shapes

    def render(ctx: Context, out: list[Out]) -> None:
        """The element where what is around it was not made for a shape."""
        traits.made(grouped, shapes.get(ctx.item.shape) or body.resolve(ctx), GROUP)(ctx, out)

    return traits.note(render, grouped)


def _with_children(traits: Traits, kept: Kept, frame: Frame, place: int) -> Render:
    """The element with the children that a shape leaves; ``place`` says whether it is all that another one holds."""
    children, gave_up = kept
    # without words of the style, something is printed where a variable is not empty, and only there
    wordless = all(map(traits.prints_values, children))
    fmt, prefix, suffix, delim, bare, wrap = frame.fmt, frame.prefix, frame.suffix, frame.delim, frame.bare, frame.wrap
    leads = fmt is None and not prefix and not frame.is_block
    wrapped = UNBOXED if frame.is_block and place == GROUP else place

    def render(ctx: Context, out: list[Out]) -> None:
        kids: list[Out] = []
        if wordless:
            for child in children:
                child(ctx, kids)
            if not kids:
                if gave_up:
                    ctx.tried = True
                return
        else:
            tried, hit, term, predecessor = ctx.tried, ctx.hit, ctx.term, ctx.predecessor
            ctx.tried = gave_up
            ctx.hit = ctx.term = False
            for child in children:
                child(ctx, kids)
            if not kids or not (ctx.hit or (ctx.term and not ctx.tried)):
                ctx.hit = hit or ctx.hit
                ctx.tried = tried or ctx.tried
                ctx.term = term
                ctx.predecessor = predecessor
                return
            ctx.hit = True  # what is around it prints whatever else there is
        piece = kids[0]
        if bare and len(kids) == 1:
            if piece.__class__ is Node:
                piece.boxed = ALONE  # type: ignore[union-attr] # mypy does not narrow by __class__
        else:
            if leads and piece.__class__ is Node and piece.boxed == UNBOXED:  # type: ignore[union-attr] # as above
                # the first of a group without formatting: its prefix meets what is before the group
                piece.boxed = LEADING  # type: ignore[union-attr] # as above
            piece = Node(kids, fmt, prefix, suffix, delim)
            piece.boxed = place
        if wrap is not None:
            piece = wrap(ctx, piece)
            if piece.__class__ is Node:
                piece.boxed = wrapped  # type: ignore[union-attr] # as above
        out.append(piece)

    return render
