"""What of a style can be decided by the shape of an item: its type, its variables, and which dates are uncertain.

A list has a few dozen shapes. For each of them a `Body` keeps those of its elements that may print something: the
branch that the shape decides takes the place of a condition, and what prints nothing without certain variables, or
holds nothing but that, is left out where an item has none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from bibtool.styles.context import Context
    from bibtool.styles.item import Fact
    from bibtool.styles.rich import Out

    Render = Callable[[Context, list[Out]], None]

    class Branch(Protocol):
        """A branch of a choice."""

        def judge(self, facts: frozenset[Fact]) -> bool | None:
            """Whether an item takes it, None where facts do not say."""

        def body(self) -> Body:
            """Its elements."""


class Needs:
    """An element prints only where one of the variables has a value; where none has, it still counts as calling one."""

    __slots__ = ("variables",)

    def __init__(self, variables: frozenset[str]) -> None:
        self.variables = variables


class Says:
    """An element prints words of the style and nothing else; ``variables`` as in `Needs`, None if it needs none."""

    __slots__ = ("variables",)

    def __init__(self, variables: frozenset[str] | None = None) -> None:
        self.variables = variables


class Grouped:
    """An element is a group or macro: left out with its variables if all that it calls are empty.

    ``bare`` is one that gives a single part as it is, and only says that it is alone; ``make_alone`` makes the element
    as it is in such a group or macro.
    """

    __slots__ = ("bare", "body", "make_alone")

    def __init__(self, body: Body, bare: bool, make_alone: Callable[[], Render]) -> None:
        self.body = body
        self.bare = bare
        self.make_alone = make_alone


class Chosen:
    """An element is a choice; ``make`` gives one of the branches that are left, the last one certain or not."""

    __slots__ = ("branches", "make")

    def __init__(self, branches: tuple[Any, ...], make: Callable[[tuple[Any, ...], bool], Render]) -> None:
        self.branches = branches
        self.make = make


Trait: TypeAlias = "Needs | Says | Grouped | Chosen"
Kept: TypeAlias = "tuple[tuple[Render, ...], bool]"


class Traits:
    """What is known of the compiled elements of one style and place; nothing of most of them."""

    def __init__(self) -> None:
        self._known: dict[Render, Trait] = {}
        self._alone: dict[Render, Render] = {}

    def note(self, render: Render, trait: Trait) -> Render:
        """The element, once what is known of it is kept."""
        self._known[render] = trait
        return render

    def of(self, render: Render) -> Trait | None:
        """What is known of an element."""
        return self._known.get(render)

    def alone(self, render: Render) -> Render | None:
        """A group or macro as the only part of a bare one, which it takes the place of; None for other elements."""
        trait = self._known.get(render)
        if not isinstance(trait, Grouped):
            return None
        found = self._alone.get(render)
        if found is None:
            found = self._alone[render] = self.note(trait.make_alone(), trait)
            self._alone[found] = found
        return found


class Body:
    """The compiled children of an element.

    ``shapes`` has by shape those that may print, and whether any that was left out calls a variable; `resolve` adds to
    it.
    """

    __slots__ = ("_known", "_renders", "_traits", "shapes")

    def __init__(self, renders: Iterable[Render], traits: Traits) -> None:
        self._renders = tuple(renders)
        self._traits = traits
        self._known: tuple[tuple[Render, Any], ...] | None = None  # with their traits
        self.shapes: dict[str, Kept] = {}

    def of(self, ctx: Context) -> Kept:
        """What `shapes` has for the item of the context."""
        return self.shapes.get(ctx.item.shape) or self.resolve(ctx)

    def resolve(self, ctx: Context) -> Kept:
        """Find out what may print of the item of the context, and of all that have its shape."""
        if self._known is None:
            self._known = tuple((render, self._traits.of(render)) for render in self._renders)
        facts = ctx.item.facts
        kept: list[Render] = []
        tried = False
        for render, trait in self._known:
            kind = trait.__class__
            if kind is Needs:
                if trait.variables.isdisjoint(facts):
                    tried = True
                    continue
            elif kind is Grouped:
                inner, gave_up = trait.body.of(ctx)
                if not inner or (gave_up and self._only_says(inner)):
                    tried = tried or gave_up
                    continue
                if trait.bare and len(inner) == 1 and (alone := self._traits.alone(inner[0])) is not None:
                    tried = tried or gave_up
                    render = alone  # noqa: PLW2901 # a group of nothing but a group is that one
            elif kind is Chosen:
                branches, settled = _left(trait.branches, facts)
                if settled and len(branches) == 1:
                    inner, gave_up = branches[0].body().of(ctx)
                    kept += inner
                    tried = tried or gave_up
                elif branches:
                    is_whole = len(branches) == len(trait.branches)
                    kept.append(render if is_whole else trait.make(branches, settled))
                continue
            elif kind is Says and trait.variables is not None and trait.variables.isdisjoint(facts):
                continue
            kept.append(render)
        found = self.shapes[ctx.item.shape] = tuple(kept), tried
        return found

    def _only_says(self, renders: Iterable[Render]) -> bool:
        return all(isinstance(self._traits.of(render), Says) for render in renders)


def _left(branches: Iterable[Branch], facts: frozenset[Fact]) -> tuple[tuple[Branch, ...], bool]:
    """The branches that an item may take, and whether it takes the last of them where it takes no other."""
    left: list[Branch] = []
    for branch in branches:
        verdict = branch.judge(facts)
        if verdict is not False:
            left.append(branch)
            if verdict:
                return tuple(left), True
    return tuple(left), False
