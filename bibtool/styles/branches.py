"""``cs:choose``: its branches, and what is known of them before any value is looked at (CSL 1.0.2, "Choose")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.styles.conditions import NAMES, compile_condition
from bibtool.styles.rich import has_text
from bibtool.styles.shape import Body, Chosen

if TYPE_CHECKING:
    from bibtool.styles.conditions import Test
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Compiling, Render
    from bibtool.styles.item import Fact
    from bibtool.styles.rich import Out
    from bibtool.styles.shape import Traits
    from bibtool.xmltree import Element

# what these have depends on the place of a cite, not on its item
_OF_THE_PLACE: Final = frozenset(
    {"citation-label", "citation-number", "first-reference-note-number", "locator", "year-suffix"}
)


class _Row:
    """One test: false where none of the facts holds, and otherwise true if they settle it. None: no facts decide it."""

    __slots__ = ("facts", "settles")

    def __init__(self, facts: frozenset[Fact] | None, *, settles: bool = True) -> None:
        self.facts = facts
        self.settles = settles


def _rows(element: Element, *, in_list: bool) -> list[_Row]:
    """The tests of a branch; ``in_list``: in an entry, which has no locator and no position.

    A value that an item does not have is not numeric. With `disambiguate`, which counts how often it is asked, no facts
    decide.
    """
    if "disambiguate" in element.attributes:
        return [_Row(None)]
    rows: list[_Row] = []
    for name, value in element.attributes.items():
        words = value.split()
        if name == "type":
            types = frozenset(("type", word) for word in words)
            # of several types an item has one, so that they are alternatives also where all tests count
            as_one = types and element.get("match", "all") == "all"
            rows += [_Row(types)] if as_one else [_Row(frozenset({one})) for one in types]
        elif name in ("locator", "position"):
            rows += [_Row(frozenset() if in_list else None)] * len(words)
        elif name == "is-uncertain-date":
            rows += [_Row(frozenset({("uncertain", word)})) for word in words]
        elif name in NAMES:
            for word in words:
                if word in _OF_THE_PLACE:
                    rows.append(_Row(frozenset() if in_list and word == "locator" else None))
                else:
                    rows.append(_Row(frozenset({word}), settles=name == "variable"))
    return rows


class Judgement:
    """The conditions of a branch as far as facts about an item decide them; ``asked`` are all these facts."""

    __slots__ = ("_how", "_is_single", "_tests", "asked")

    def __init__(self, element: Element, traits: Traits, *, in_list: bool) -> None:
        self._how = element.get("match", "all")
        rows = _rows(element, in_list=in_list)
        self._tests = [(None if row.facts is None else traits.bits(row.facts), row.settles) for row in rows]
        # most branches have one test
        self._is_single = (
            len(rows) == 1 and rows[0].settles and rows[0].facts is not None and self._how in ("any", "all")
        )
        self.asked = 0
        for facts, _ in self._tests:
            self.asked |= facts or 0

    def of(self, facts: int) -> bool | None:
        """True or false, or None where the place of a cite or a value decides."""
        if self._is_single:
            return self.asked & facts != 0
        how = self._how
        some_true = some_false = some_open = False
        for named, settles in self._tests:
            if named is None:
                some_open = True
            elif not named & facts:
                some_false = True
            elif settles:
                some_true = True
            else:
                some_open = True
        if not self._tests:
            return False
        if how in ("any", "none"):
            return how == "any" if some_true else None if some_open else how == "none"
        return how == "nand" if some_false else None if some_open else how != "nand"


class _Branch:
    """A branch, compiled when it is asked for: most branches of a style are never taken."""

    __slots__ = ("_body", "_compiled", "_compiler", "_element", "_is_else", "_judgement", "_substituting", "_test")

    def __init__(self, compiler: Compiling, element: Element) -> None:
        self._compiler = compiler
        self._element = element
        self._is_else = element.name == "else"
        self._substituting = compiler.substituting
        self._compiled: list[Render] | None = None
        self._body: Body | None = None
        self._test: Test | None = None
        self._judgement: Judgement | None = None

    def test(self) -> Test | None:
        """The condition, None for ``cs:else``."""
        if self._test is None and not self._is_else:
            self._test = compile_condition(self._element)
        return self._test

    def judge(self, facts: int) -> bool | None:
        """Whether an item takes the branch if it takes none before; None where facts do not say."""
        if self._is_else:
            return True
        judgement = self._judgement
        if judgement is None:
            in_list = self._compiler.place.area == "bibliography"
            judgement = self._judgement = Judgement(self._element, self._compiler.traits, in_list=in_list)
        return judgement.of(facts)

    def asked(self) -> int:
        """The facts on which `judge` depends; it is asked first."""
        return 0 if self._judgement is None else self._judgement.asked

    def body(self) -> Body:
        """The compiled elements, by shape."""
        if self._body is None:
            self._body = Body(self.compiled(), self._compiler.traits)
        return self._body

    def compiled(self) -> list[Render]:
        """The compiled elements."""
        if self._compiled is None:
            compiler = self._compiler
            outer, compiler.substituting = compiler.substituting, self._substituting
            self._compiled = compiler.sequence(self._element.children)
            compiler.substituting = outer
        return self._compiled


def _choice(branches: tuple[_Branch, ...], settled: bool) -> Render:
    """The choice between branches; ``settled``: the last one needs no test."""
    tests: list[tuple[Test | None, _Branch]] = []

    def render(ctx: Context, out: list[Out]) -> None:
        if not tests:
            tests.extend((branch.test(), branch) for branch in branches)
            if settled:
                tests[-1] = (None, branches[-1])
        for test, branch in tests:
            if test is None or test(ctx):
                children, gave_up = branch.body().of(ctx)
                if gave_up:
                    ctx.tried = True
                for child in children:
                    child(ctx, out)
                return

    return render


def compile_choose(compiler: Compiling, element: Element) -> Render:
    """``cs:choose``: prints into the list of its parent, whose delimiter applies."""
    branches = tuple(_Branch(compiler, child) for child in element.children)

    def substitute(ctx: Context, out: list[Out]) -> None:
        """In ``cs:substitute`` the elements of a branch are substitutes themselves: one of them prints."""
        for branch in branches:
            test = branch.test()
            if test is None or test(ctx):
                before = len(out)
                for child in branch.compiled():
                    child(ctx, out)
                    if any(has_text(piece) for piece in out[before:]):
                        return
                return

    if compiler.substituting is not None:
        return substitute
    return compiler.traits.note(_choice(branches, settled=False), Chosen(branches, _choice))
