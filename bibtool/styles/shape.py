"""What of a style can be decided by the shape of an item, which is its type and the variables that it has.

A list has a few dozen shapes. For each of them a `Body` keeps those of its elements that may print something: the
branch of a condition on nothing but the shape takes its place, and what prints nothing without certain variables,
or holds nothing but that, is left out where an item has none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bibtool.styles.context import Context
    from bibtool.styles.rich import Out
    from bibtool.xmltree import Element

    Render = Callable[[Context, list[Out]], None]

# what these have depends on the place of a cite, not on its item
_OF_THE_PLACE: Final = frozenset(
    {"citation-label", "citation-number", "first-reference-note-number", "locator", "year-suffix"}
)
_SHAPE_TESTS: Final = frozenset({"match", "type", "variable"})
_NEVER_IN_LISTS: Final = frozenset({"locator", "position"})


def is_of_shape(condition: Element, *, in_list: bool) -> bool:
    """Whether the shape of an item decides the condition of ``cs:if`` or ``cs:else-if``; ``in_list``: in its entry."""
    tests = _SHAPE_TESTS | _NEVER_IN_LISTS if in_list else _SHAPE_TESTS
    return condition.attributes.keys() <= tests and _OF_THE_PLACE.isdisjoint(condition.get("variable").split())


class Needs(NamedTuple):
    """An element prints only where one of the variables has a value; ``tries`` if it counts as calling a variable."""

    variables: frozenset[str]
    tries: bool = True


class Says(NamedTuple):
    """An element prints words of the style and nothing else; ``variables`` as in `Needs`, None if it needs none."""

    variables: frozenset[str] | None = None


class Grouped(NamedTuple):
    """An element is a group or macro: left out with its variables if all that it calls are empty.

    ``bare`` is one that gives a single part as it is; of a macro that is so, also its own part (``is_macro``).
    """

    body: Body
    bare: bool = False
    is_macro: bool = False


class Chosen(NamedTuple):
    """An element is a choice by shape, and prints what the branch for an item prints."""

    branch: Callable[[Context], Body | None]


Trait: TypeAlias = "Needs | Says | Grouped | Chosen"
Kept: TypeAlias = "tuple[tuple[Render, ...], bool]"


class Traits:
    """What is known of the compiled elements of one style and place; nothing of most of them."""

    def __init__(self) -> None:
        self._known: dict[Render, Trait] = {}

    def note(self, render: Render, trait: Trait) -> Render:
        """The element, once what is known of it is kept."""
        self._known[render] = trait
        return render

    def of(self, render: Render) -> Trait | None:
        """What is known of an element."""
        return self._known.get(render)


class Body:
    """The compiled children of an element.

    ``shapes`` has by shape those that may print, and whether any that was left out calls a variable; `resolve` adds to
    it.
    """

    __slots__ = ("_renders", "_traits", "shapes")

    def __init__(self, renders: Iterable[Render], traits: Traits) -> None:
        self._renders = tuple(renders)
        self._traits = traits
        self.shapes: dict[str, Kept] = {}

    def of(self, ctx: Context) -> Kept:
        """What `shapes` has for the item of the context."""
        return self.shapes.get(ctx.item.shape) or self.resolve(ctx)

    def resolve(self, ctx: Context) -> Kept:
        """Find out what may print of the item of the context, and of all that have its shape."""
        filled = ctx.item.filled
        kept: list[Render] = []
        tried = False
        for render in self._renders:
            trait = self._traits.of(render)
            if isinstance(trait, Chosen):
                branch = trait.branch(ctx)
                if branch is not None:
                    inner, gave_up = branch.of(ctx)
                    kept += inner
                    tried = tried or gave_up
                continue
            if isinstance(trait, Grouped):
                inner, gave_up = trait.body.of(ctx)
                if not inner or (gave_up and self._only_says(inner)):
                    tried = tried or gave_up
                    continue
                if trait.bare and len(inner) == 1 and self._is_bare_macro(inner[0]):
                    tried = tried or gave_up
                    render = inner[0]  # noqa: PLW2901 # a macro of nothing but a macro is that one
            elif isinstance(trait, Needs):
                if trait.variables.isdisjoint(filled):
                    tried = tried or trait.tries
                    continue
            elif isinstance(trait, Says) and trait.variables is not None and trait.variables.isdisjoint(filled):
                continue
            kept.append(render)
        found = self.shapes[ctx.item.shape] = (tuple(kept), tried)
        return found

    def _is_bare_macro(self, render: Render) -> bool:
        trait = self._traits.of(render)
        return isinstance(trait, Grouped) and trait.bare and trait.is_macro

    def _only_says(self, renders: Iterable[Render]) -> bool:
        return all(isinstance(self._traits.of(render), Says) for render in renders)
