"""What of a style can be decided by the shape of an item: its type, its variables, and which dates are uncertain.

A list has a few dozen shapes. For each of them a `Body` keeps those of its elements that may print something: the
branch that the shape decides takes the place of a condition, and what prints nothing without certain variables, or
holds nothing but that, is left out where an item has none of these. An element asks for few of the facts that make a
shape, so that most shapes share what was found for another one. Sets of facts are numbers here, with a bit for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from bibtool.styles.context import Context
    from bibtool.styles.item import Fact, Item
    from bibtool.styles.rich import Out

    Render = Callable[[Context, list[Out]], None]

    class Branch(Protocol):
        """A branch of a choice."""

        def judge(self, facts: int) -> bool | None:
            """Whether an item takes it, None where facts do not say."""

        def asked(self) -> int:
            """The facts on which `judge` depends."""

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


# Near the root of an entry nearly every shape is decided by other facts, and looking for one that is not takes longer
# than to put the result together from those of the children.
MAX_KINDS = 6

Trait: TypeAlias = "Needs | Says | Grouped | Chosen"
Kept: TypeAlias = "tuple[tuple[Render, ...], bool]"


class Traits:
    """What is known of the compiled elements of one style and place; nothing of most of them."""

    def __init__(self) -> None:
        self._known: dict[Render, Trait] = {}
        self._alone: dict[Render, Render] = {}
        self._bits: dict[Fact, int] = {}
        self._items: dict[str, int] = {}

    def bits(self, facts: Iterable[Fact]) -> int:
        """The number that stands for a set of facts."""
        known = self._bits
        number = 0
        for fact in facts:
            number |= known.get(fact) or known.setdefault(fact, 1 << len(known))
        return number

    def facts(self, item: Item) -> int:
        """The facts that hold for an item."""
        found = self._items.get(item.shape)
        if found is None:
            found = self._items[item.shape] = self.bits(item.facts)
        return found

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

    ``shapes`` has by shape those that may print, and whether any that was left out calls a variable. ``asked`` has the
    facts that decided this, be it that they hold or that they don't. `resolve` adds to both.
    """

    __slots__ = ("_known", "_renders", "_same", "_traits", "asked", "shapes")

    def __init__(self, renders: Iterable[Render], traits: Traits) -> None:
        self._renders = tuple(renders)
        self._traits = traits
        # with their traits and the facts that these name
        self._known: list[tuple[Render, Any, int | None]] | None = None
        self.shapes: dict[str, Kept] = {}
        self.asked: dict[str, int] = {}
        # by the facts that decided, and by those of them that hold for an item
        self._same: dict[int, dict[int, Kept]] = {}

    def of(self, ctx: Context) -> Kept:
        """What `shapes` has for the item of the context."""
        return self.shapes.get(ctx.item.shape) or self.resolve(ctx)

    def resolve(self, ctx: Context) -> Kept:
        """Find out what may print of the item of the context, and of all that have its shape."""
        shape, facts = ctx.item.shape, self._traits.facts(ctx.item)
        same = self._same
        for asked, found in same.items():
            kept = found.get(facts & asked)
            if kept is not None:
                break
        else:
            kept, asked = self._find(ctx, facts)
            if asked in same or len(same) < MAX_KINDS:
                same.setdefault(asked, {})[facts & asked] = kept
        self.shapes[shape], self.asked[shape] = kept, asked
        return kept

    def _find(self, ctx: Context, facts: int) -> tuple[Kept, int]:
        """What may print, and the facts that decided it: those that hold and those that don't."""
        if self._known is None:
            self._known = self._with_traits()
        shape = ctx.item.shape
        kept: list[Render] = []
        tried = False
        asked = 0
        for render, trait, named in self._known:
            kind = trait.__class__
            if kind is Grouped:
                body = trait.body
                inner, gave_up = body.shapes.get(shape) or body.resolve(ctx)
                asked |= body.asked[shape]
                if not inner or (gave_up and self._only_says(inner)):
                    tried = tried or gave_up
                    continue
                if trait.bare and len(inner) == 1 and (alone := self._traits.alone(inner[0])) is not None:
                    tried = tried or gave_up
                    render = alone  # noqa: PLW2901 # a group of nothing but a group is that one
            elif kind is Chosen:
                branches, settled, told = _left(trait.branches, facts)
                asked |= told
                if settled and len(branches) == 1:
                    body = branches[0].body()
                    inner, gave_up = body.shapes.get(shape) or body.resolve(ctx)
                    asked |= body.asked[shape]
                    kept += inner
                    tried = tried or gave_up
                elif branches:
                    is_whole = len(branches) == len(trait.branches)
                    kept.append(render if is_whole else trait.make(branches, settled))
                continue
            elif named is not None:
                asked |= named
                if not named & facts:
                    tried = tried or kind is Needs
                    continue
            kept.append(render)
        return (tuple(kept), tried), asked

    def _with_traits(self) -> list[tuple[Render, Any, int | None]]:
        known: list[tuple[Render, Any, int | None]] = []
        for render in self._renders:
            trait = self._traits.of(render)
            named = trait.variables if isinstance(trait, (Needs, Says)) else None
            known.append((render, trait, None if named is None else self._traits.bits(named)))
        return known

    def _only_says(self, renders: Iterable[Render]) -> bool:
        return all(isinstance(self._traits.of(render), Says) for render in renders)


def _left(branches: Iterable[Branch], facts: int) -> tuple[tuple[Branch, ...], bool, int]:
    """The branches that an item may take, whether it takes the last of them where it takes no other, and what decided.

    The last are the facts on which this depends.
    """
    left: list[Branch] = []
    asked = 0
    for branch in branches:
        verdict = branch.judge(facts)
        asked |= branch.asked()
        if verdict is not False:
            left.append(branch)
            if verdict:
                return tuple(left), True, asked
    return tuple(left), False, asked
