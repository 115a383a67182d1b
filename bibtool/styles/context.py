"""What a compiled style reads and changes while it renders one cite or entry."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.cites import CitationItem
    from bibtool.styles.item import Item, Person
    from bibtool.styles.rich import Node, Out

FIRST, SUBSEQUENT, IBID_WITH_LOCATOR, IBID = range(4)


class Disambiguation:
    """How far the names of one item are shown to tell its cites from others; equal objects render the same.

    ``names`` is the number of names to show by list of names, ``levels`` the form of single names (list, position) ->
    1 initials, 2 in full. ``suffix`` counts from 0, -1 is none. The first ``conditions`` tests of ``disambiguate`` in a
    cite are true.
    """

    __slots__ = ("conditions", "levels", "names", "suffix")

    def __init__(
        self,
        names: tuple[int, ...] = (),
        levels: dict[tuple[int, int], int] | None = None,
        suffix: int = -1,
        conditions: int = 0,
    ) -> None:
        self.names = names
        self.levels = levels or {}
        self.suffix = suffix
        self.conditions = conditions

    def key(self) -> tuple[object, ...]:
        """A hashable value, the same for the same rendering."""
        return (self.names, tuple(sorted(self.levels.items())), self.suffix, self.conditions)

    def replace(
        self, *, names: tuple[int, ...] | None = None, levels: dict[tuple[int, int], int] | None = None
    ) -> Disambiguation:
        """A copy with other names or levels."""
        return Disambiguation(
            self.names if names is None else names,
            dict(self.levels) if levels is None else levels,
            self.suffix,
            self.conditions,
        )


NO_DISAMBIGUATION = Disambiguation()


class ListedNames:
    """A list of names of which so many are shown: what disambiguation works on."""

    __slots__ = ("has_initials", "people", "shown", "total")

    def __init__(self, people: tuple[Person, ...], shown: int, *, has_initials: bool) -> None:
        self.people = people
        self.total = len(people)
        self.shown = shown
        self.has_initials = has_initials


class NameBlock(ListedNames):
    """One list of names as it was rendered: what substitution of authors works on."""

    __slots__ = ("list_node", "rendered", "variable")

    def __init__(
        self,
        variable: str,
        people: tuple[Person, ...],
        shown: int,
        rendered: list[Out],
        list_node: Node,
        *,
        has_initials: bool,
    ) -> None:
        self.people = people
        self.total = len(people)
        self.shown = shown
        self.has_initials = has_initials
        self.variable = variable
        self.rendered = rendered
        self.list_node = list_node


class Context:
    """State of one rendering. Named fields only; a style's closures get nothing else."""

    __slots__ = (
        "blocks",
        "cite",
        "comparing",
        "conditions",
        "disambiguation",
        "done",
        "first_names",
        "first_note",
        "hit",
        "in_bibliography",
        "in_substitute",
        "item",
        "list_index",
        "locator",
        "locator_label",
        "near_note",
        "number",
        "position",
        "predecessor",
        "substituted",
        "term",
        "tried",
        "year_suffix",
        "year_suffix_done",
    )

    def __init__(self, item: Item, *, in_bibliography: bool) -> None:
        self.item = item
        self.in_bibliography = in_bibliography
        self.cite: CitationItem | None = None
        self.locator = ""
        self.locator_label = ""
        self.comparing = False  # the cite is not printed, only compared with others
        self.conditions = 0  # tests of ``disambiguate`` so far, in this cite
        self.position = FIRST
        self.near_note = False
        self.first_note = ""
        self.number = 0
        self.disambiguation = NO_DISAMBIGUATION
        self.year_suffix = ""
        self.year_suffix_done = False
        self.tried = False
        self.hit = False
        self.term = False
        self.predecessor = False
        self.done: set[str] | None = None
        self.in_substitute = 0
        self.substituted = False  # names were printed by the substitute that is being rendered
        self.list_index = 0
        self.blocks: list[NameBlock] = []
        self.first_names: Node | None = None

    def copy(self) -> Context:
        """Another one of the same cite or entry, of which nothing has been rendered."""
        ctx = Context(self.item, in_bibliography=self.in_bibliography)
        ctx.cite = self.cite
        ctx.locator, ctx.locator_label = self.locator, self.locator_label
        ctx.comparing = self.comparing
        ctx.position, ctx.near_note, ctx.first_note = self.position, self.near_note, self.first_note
        ctx.number = self.number
        ctx.disambiguation = self.disambiguation
        ctx.year_suffix = self.year_suffix
        ctx.predecessor = self.predecessor
        return ctx

    def use(self, variable: str) -> None:
        """Note a variable that was printed as a substitute: it is empty for the rest of the cite."""
        if self.done is None:
            self.done = set()
        self.done.add(variable)
