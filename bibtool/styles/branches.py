"""``cs:choose``: its branches, and what is known of them before any value is looked at (CSL 1.0.2, "Choose")."""

from __future__ import annotations

from bibtool.styles.conditions import NAMES, compile_condition
from bibtool.styles.rich import has_text
from bibtool.styles.shape import Body, Chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from bibtool.styles.conditions import Test
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Compiling, Render
    from bibtool.styles.rich import Out
    from bibtool.styles.shape import Facts, Judging
    from bibtool.xmltree import Element

# what these have depends on the place of a cite, not on its item
_OF_THE_PLACE: Final = frozenset(
    {"citation-label", "citation-number", "first-reference-note-number", "locator", "year-suffix"}
)


class Judgement:
    """The conditions of a branch as far as facts about an item decide them; ``asked`` are all these facts.

    ``holds_with`` says that they hold where one of the facts does ("any"), or all of them ("all"); "" for conditions
    that `of` has to decide.
    """

    __slots__ = ("_how", "_tests", "asked", "holds_with")

    def __init__(self, element: Element, facts: Facts, *, in_list: bool, compared: bool = False) -> None:
        self._how = element.get("match", "all")
        tests = self._tests = _tests(element, facts, in_list=in_list, compared=compared)
        self.asked = 0
        for named, _ in tests:
            self.asked |= named or 0
        self.holds_with = ""
        if self._how in ("any", "all") and tests and all(settles and named is not None for named, settles in tests):
            if self._how == "any" or len(tests) == 1:
                self.holds_with = "any"
            elif all(named and not named & (named - 1) for named, _ in tests):  # one fact each
                self.holds_with = "all"

    def of(self, facts: int) -> bool | None:
        """True or false, or None where the place of a cite or a value decides."""
        if self.holds_with == "any":
            return self.asked & facts != 0
        if self.holds_with == "all":
            return self.asked & facts == self.asked
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


def _tests(element: Element, facts: Facts, *, in_list: bool, compared: bool) -> list[tuple[int | None, bool]]:
    """The tests of a branch; ``in_list``: in an entry, which has no locator and no position.

    A cite that is only ``compared`` has no locator and no year-suffix; that it has a position is a fact.

    A test is false where none of its facts holds, and otherwise true if they settle it; None: no facts decide it. A
    value that an item does not have is not numeric. With `disambiguate`, which counts how often it is asked, no facts
    decide.
    """
    if "disambiguate" in element.attributes:
        return [(None, True)]
    tests: list[tuple[int | None, bool]] = []
    for name, value in element.attributes.items():
        if name not in NAMES:
            continue
        words = value.split()
        if name == "type":
            types = [("type", word) for word in words]
            # of several types an item has one, so that they are alternatives also where all tests count
            as_one = types and element.get("match", "all") == "all"
            tests += [(facts.bits(types), True)] if as_one else [(facts.bits((one,)), True) for one in types]
        elif compared and name in ("locator", "position"):
            tests += [(facts.bits(((name, word),)), True) for word in words]
        elif name in ("locator", "position"):
            tests += [(0 if in_list else None, True)] * len(words)
        elif name == "is-uncertain-date":
            tests += [(facts.bits((("uncertain", word),)), True) for word in words]
        else:
            for word in words:
                if word in _OF_THE_PLACE:
                    never = (word == "locator" and (in_list or compared)) or (
                        word == "year-suffix" and compared and name == "variable"
                    )
                    tests.append((0 if never else None, True))
                else:
                    tests.append((facts.bits((word,)), name == "variable"))
    return tests


class _Branch:
    """A branch, compiled when it is asked for: most branches of a style are never taken."""

    __slots__ = ("_body", "_compiled", "_compiler", "_element", "_is_else", "_substituting", "_test", "judged")

    def __init__(self, compiler: Compiling, element: Element) -> None:
        self._compiler = compiler
        self._element = element
        self._is_else = element.name == "else"
        self._substituting = compiler.substituting
        self._compiled: list[Render] | None = None
        self._body: Body | None = None
        self._test: Test | None = None
        self.judged: Judging | None = None

    def test(self) -> Test | None:
        """The condition, None for ``cs:else``."""
        if self._test is None and not self._is_else:
            self._test = compile_condition(self._element)
        return self._test

    def judgement(self) -> Judging | None:
        """When an item takes the branch if it takes none before; None for ``cs:else``."""
        if self.judged is None and not self._is_else:
            compiler = self._compiler
            in_list = compiler.place.area == "bibliography"
            self.judged = Judgement(self._element, compiler.traits.facts, in_list=in_list)
        return self.judged

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
