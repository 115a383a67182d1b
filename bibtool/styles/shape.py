"""What of a style can be decided by the shape of an item: its type, its variables, and which dates are uncertain.

A list has a few dozen shapes. For each of them a `Body` keeps those of its elements that may print something: the
branch that the shape decides takes the place of a condition, and what prints nothing without certain variables, or
holds nothing but that, is left out where an item has none of these. An element asks for few of the facts that make a
shape, so that most shapes share what was found for another one. Sets of facts are numbers here, with a bit for each.
"""

from __future__ import annotations

from bibtool.styles.rich import ALONE, GROUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Protocol, TypeAlias

    from bibtool.styles.context import Context
    from bibtool.styles.item import Fact, Item
    from bibtool.styles.rich import Out

    Render = Callable[[Context, list[Out]], None]

    class Judging(Protocol):
        """What facts say of a condition. All that count are ``asked``.

        Where it ``holds_with`` "any" or "all" of them, that is all there is to it.
        """

        asked: int
        holds_with: str

        def of(self, facts: int) -> bool | None:
            """Whether it holds for an item, None where facts do not say."""

    class Branch(Protocol):
        """A branch of a choice; ``judged`` is its `judgement` once it was asked for."""

        judged: Judging | None

        def judgement(self) -> Judging | None:
            """When an item takes it if it takes none before; None for always."""

        def body(self) -> Body:
            """Its elements."""


class Values:
    """An element prints values: where it prints anything, it counts as a variable that is not empty.

    ``placeless`` is one that makes the same of them wherever it is.
    """

    __slots__ = ("placeless",)

    def __init__(self, *, placeless: bool = False) -> None:
        self.placeless = placeless


class Needs(Values):
    """It does so only where one of the variables has a value; where none has, it still counts as calling one."""

    __slots__ = ("variables",)

    def __init__(self, variables: frozenset[str], *, placeless: bool = False) -> None:
        self.variables = variables
        self.placeless = placeless


class Says:
    """An element prints words of the style and nothing else; ``variables`` as in `Needs`, None if it needs none."""

    __slots__ = ("variables",)

    def __init__(self, variables: frozenset[str] | None = None) -> None:
        self.variables = variables


class Grouped:
    """An element is a group or macro: left out with its variables if all that it calls are empty.

    ``bare`` is one that gives a single part as it is, and only says that it is alone. ``make`` makes the element with
    the children that a shape leaves, for a place (`bibtool.styles.rich.GROUP` or ``ALONE``).
    """

    __slots__ = ("bare", "body", "made", "make")

    def __init__(self, body: Body, bare: bool, make: Callable[[Kept, int], Render]) -> None:
        self.body = body
        self.bare = bare
        self.make = make
        self.made: dict[tuple[Kept, int], Render] = {}


class Settled:
    """An element is a group or macro with the children that a shape leaves."""

    __slots__ = ("grouped", "kept")

    def __init__(self, grouped: Grouped, kept: Kept) -> None:
        self.grouped = grouped
        self.kept = kept


class Chosen:
    """An element is a choice; ``make`` gives one of the branches that are left, the last one certain or not."""

    __slots__ = ("branches", "make")

    def __init__(self, branches: tuple[Any, ...], make: Callable[[tuple[Any, ...], bool], Render]) -> None:
        self.branches = branches
        self.make = make


Trait: TypeAlias = "Values | Says | Grouped | Settled | Chosen"
Kept: TypeAlias = "tuple[tuple[Render, ...], bool]"
Way: TypeAlias = "tuple[Kept, int]"  # with the facts that decided


class Facts:
    """Sets of facts as numbers. ``of_shape`` has those that hold for an item by its shape; `learn` adds to it."""

    __slots__ = ("_bits", "of_shape")

    def __init__(self) -> None:
        self._bits: dict[Fact, int] = {}
        self.of_shape: dict[str, int] = {}

    def bits(self, facts: Iterable[Fact]) -> int:
        """The number that stands for a set of facts."""
        known = self._bits
        number = 0
        for fact in facts:
            if fact not in known:
                known[fact] = 1 << len(known)
            number |= known[fact]
        return number

    def learn(self, item: Item) -> int:
        """The facts that hold for an item of a new shape."""
        found = self.of_shape[item.shape] = self.bits(item.facts)
        return found


class Traits:
    """What is known of the compiled elements of one style and place; nothing of most of them.

    ``facts`` are shared by the places of a style.
    """

    def __init__(self, facts: Facts | None = None) -> None:
        self._known: dict[Render, Trait] = {}
        self.facts = Facts() if facts is None else facts

    def note(self, render: Render, trait: Trait) -> Render:
        """The element, once what is known of it is kept."""
        self._known[render] = trait
        return render

    def forget(self) -> None:
        """Let go of all elements."""
        self._known.clear()

    def of(self, render: Render) -> Trait | None:
        """What is known of an element."""
        return self._known.get(render)

    def prints_values(self, render: Render) -> bool:
        """Whether the element prints nothing, or counts as a variable that is not empty."""
        return isinstance(self._known.get(render), (Values, Settled, Grouped))

    def made(self, grouped: Grouped, kept: Kept, place: int) -> Render:
        """A group or macro with the children that a shape leaves."""
        found = grouped.made.get((kept, place))
        if found is None:
            found = grouped.made[kept, place] = self.note(grouped.make(kept, place), Settled(grouped, kept))
        return found

    def alone(self, render: Render) -> Render | None:
        """The element as the only part of a bare group or macro, which it takes the place of; None for most."""
        trait = self._known.get(render)
        if isinstance(trait, Settled):
            return self.made(trait.grouped, trait.kept, ALONE)
        return render if isinstance(trait, Values) and trait.placeless else None


class Body:
    """The compiled children of an element.

    ``shapes`` has by shape those that may print, and whether any that was left out calls a variable. `resolve` adds to
    it, for a body that is rendered itself; of those inside groups, `way` is asked.
    """

    __slots__ = ("_known", "_last", "_lately", "_renders", "_traits", "_ways", "shapes")

    def __init__(self, renders: Iterable[Render], traits: Traits) -> None:
        self._renders = tuple(renders)
        self._traits = traits
        # with their traits and the facts that these name
        self._known: list[tuple[Render, Any, int | None]] | None = None
        self.shapes: dict[str, Kept] = {}
        # by the facts that decided: what was found by those of them that hold for an item
        self._ways: dict[int, dict[int, Way]] = {}
        # of these the last one for each type, and of all
        self._lately: dict[str, tuple[int, dict[int, Way]]] = {}
        self._last: tuple[int, dict[int, Way]] = (0, {})

    def of(self, ctx: Context) -> Kept:
        """What `shapes` has for the item of the context."""
        return self.shapes.get(ctx.item.shape) or self.resolve(ctx)

    def resolve(self, ctx: Context) -> Kept:
        """Find out what may print of the item of the context, and of all that have its shape."""
        item, known = ctx.item, self._traits.facts
        facts = known.of_shape.get(item.shape) or known.learn(item)
        kept = self.shapes[item.shape] = self.way(facts, item.type)[0]
        return kept

    def way(self, facts: int, kind: str) -> Way:
        """What may print of items of a type for which these facts hold, and the facts that decided it.

        The latter are those that hold and those that don't.
        """
        # items of one type mostly depend on the same facts, and near the root few others do
        last, lately = self._last, self._lately
        if kind in lately:
            asked, found = before = lately[kind]
            way = found.get(facts & asked)
            if way is not None:
                self._last = before
                return way
        asked, found = last
        way = found.get(facts & asked)
        if way is None:
            way = self._find(facts, kind)
            asked = way[1]
            if asked != last[0] or not found:
                if asked not in self._ways:
                    self._ways[asked] = {}
                self._last = last = asked, self._ways[asked]
            last[1][facts & asked] = way
        lately[kind] = last
        return way

    def _find(self, facts: int, kind: str) -> Way:
        known = self._known
        if known is None:
            known = self._known = self._with_traits()
        kept: list[Render] = []
        tried = False
        asked = 0
        for render, trait, named in known:
            family = trait.__class__
            if family is Grouped:
                children, decided = trait.body.way(facts, kind)
                inner, gave_up = children
                asked |= decided
                if not inner or (gave_up and self._only_says(inner)):
                    tried = tried or gave_up
                    continue
                alone = self._traits.alone(inner[0]) if trait.bare and len(inner) == 1 else None
                if alone is not None:
                    tried = tried or gave_up
                    kept.append(alone)  # a group of nothing but a group is that one
                else:
                    kept.append(self._traits.made(trait, children, GROUP))  # for this shape
                continue
            if family is Chosen:
                branches, settled, decided = _left(trait.branches, facts)
                asked |= decided
                if settled and len(branches) == 1:
                    (inner, gave_up), decided = branches[0].body().way(facts, kind)
                    asked |= decided
                    kept += inner
                    tried = tried or gave_up
                elif branches:
                    is_whole = len(branches) == len(trait.branches)
                    kept.append(render if is_whole else trait.make(branches, settled))
                continue
            if named is not None:
                asked |= named
                if not named & facts:
                    tried = tried or family is Needs
                    continue
            kept.append(render)
        return (tuple(kept), tried), asked

    def _with_traits(self) -> list[tuple[Render, Any, int | None]]:
        known: list[tuple[Render, Any, int | None]] = []
        for render in self._renders:
            trait = self._traits.of(render)
            named = trait.variables if isinstance(trait, (Needs, Says)) else None
            known.append((render, trait, None if named is None else self._traits.facts.bits(named)))
        return known

    def _only_says(self, renders: Iterable[Render]) -> bool:
        return all(isinstance(self._traits.of(render), Says) for render in renders)


def _left(branches: tuple[Branch, ...], facts: int) -> tuple[tuple[Branch, ...], bool, int]:
    """The branches that an item may take, whether it takes the last of them where it takes no other, and what decided.

    The last are the facts on which this depends.
    """
    left: tuple[Branch, ...] = ()
    asked = 0
    for branch in branches:
        judgement = branch.judged or branch.judgement()
        if judgement is None:
            return (*left, branch), True, asked
        named = judgement.asked
        asked |= named
        how = judgement.holds_with
        verdict = (
            named & facts != 0 if how == "any" else named & facts == named if how == "all" else judgement.of(facts)
        )
        if verdict is not False:
            left = (*left, branch)
            if verdict:
                return left, True, asked
    return left, False, asked
