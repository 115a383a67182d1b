"""Sort keys and their comparison (CSL 1.0.2, "Sorting")."""

from __future__ import annotations

from functools import partial
from operator import itemgetter

from bibtool.lazy import lazy_pattern
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import dataclass
from bibtool.styles.compile import NUMBER_VARIABLES, Compiler
from bibtool.styles.dates import date_key
from bibtool.styles.elements import Placement
from bibtool.styles.labels import make_label
from bibtool.styles.numbers import parse_number
from bibtool.styles.rich import Out, Quotes, plain
from bibtool.styles.spelling import Speller
from bibtool.styles.writer import flatten
from bibtool.xmltree import Element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from bibtool.model.text.collation import Collation
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Render

    T = TypeVar("T")

_DIGITS = lazy_pattern(r"\d+")
NO_QUOTES = Quotes(("", ""), ("", ""), inside=False)


@dataclass(frozen=True, slots=True)
class SortKey:
    """One ``cs:key``: how to get the text for an item, and the direction. ``value`` leaves the context as it is."""

    value: Callable[[Context], str]
    descending: bool
    uses_number: bool


def compile_keys(
    sort: Element | None, make: Callable[[Placement], Compiler], area: str, style_language: str
) -> tuple[SortKey, ...]:
    """The keys of a ``cs:sort``."""
    del style_language
    if sort is None:
        return ()
    keys = []
    for key in sort.all("key"):
        get = key.attributes.get
        use_last = get("names-use-last")
        place = Placement(
            area=area,
            sorting=True,
            names_min=int(least) if (least := get("names-min")) else None,
            names_use_first=int(first) if (first := get("names-use-first")) else None,
            names_use_last=None if use_last is None else use_last == "true",
        )
        compiler = make(place)
        macro, variable = get("macro"), get("variable", "")
        if macro is not None:
            element = Element("text", {"macro": macro})
            value = _spelled(Speller(compiler, (element,)), partial(compiler.text_macro, element, macro))
            uses_number = False
        else:
            value = _variable_value(compiler, variable)
            uses_number = variable == "citation-number"
        keys.append(SortKey(value, get("sort") == "descending", uses_number))
    return tuple(keys)


def _spelled(speller: Speller, make: Callable[[], Render]) -> Callable[[Context], str]:
    """The characters that elements print, which ``make`` compiles where they have to be rendered to know them.

    The context stays as it is.
    """
    made: list[Render] = []

    def value(ctx: Context) -> str:
        spelling = speller.of(ctx.item)
        text = None if spelling is None else spelling.text(ctx)
        if text is not None:
            return text
        if not made:
            made.append(make())
        out: list[Out] = []
        made[0](ctx.copy(), out)
        if not out:
            return ""
        if len(out) == 1 and isinstance(out[0], str):
            return out[0]
        return plain(flatten(out, NO_QUOTES))

    return value


def _variable_value(compiler: Compiler, variable: str) -> Callable[[Context], str]:
    kind = VARIABLES.get(variable)
    if variable == "citation-number":
        return lambda ctx: f"{ctx.number:08d}" if ctx.number else ""
    if variable == "citation-label":
        return lambda ctx: ctx.item.text.get("citation-label") or make_label(ctx.item)
    if kind == "names":
        # all names: "et-al abbreviation can be used" only with a macro ("Sorting Macros"), or with names-min of the key
        names = Element("name", {"form": "long", "et-al-min": "0", "et-al-subsequent-min": "0"})
        element = Element("names", {"variable": variable})
        element.children = (names,)
        from bibtool.styles.namelist import compile_names

        return _spelled(Speller(compiler, (element,)), partial(compile_names, compiler, element))
    if kind == "date":
        everything = frozenset({"year", "month", "day"})

        def date_value(ctx: Context) -> str:
            date = ctx.item.dates.get(variable)
            return "" if date is None else date_key(date, everything)

        return date_value
    if variable in NUMBER_VARIABLES:

        def number_value(ctx: Context) -> str:
            text = ctx.item.text.get(variable, "")
            if not text:
                return ""
            return _DIGITS.sub(lambda found: found[0].zfill(10), text) if parse_number(text).is_numeric else text

        return number_value

    def text_value(ctx: Context) -> str:
        piece = ctx.item.pieces.get(variable)
        if piece is None:
            return ""
        return piece if isinstance(piece, str) else plain(flatten([piece], NO_QUOTES))

    return text_value


def sorted_by(
    things: Sequence[T], keys: Sequence[SortKey], value_of: Callable[[SortKey, T], str], collate: Collation
) -> list[T]:
    """The things in order of the keys; empty values last in both directions, equal ones in the order given.

    A key is asked only about things that have the same keys before it.
    """
    if not keys or len(things) < 2:
        return list(things)
    key, later = keys[0], keys[1:]
    filled: list[tuple[object, T]] = []
    empty: list[T] = []
    for thing in things:
        text = value_of(key, thing)
        if text and not text.isspace():
            filled.append((collate(text), thing))
        else:
            empty.append(thing)
    filled.sort(key=itemgetter(0), reverse=key.descending)
    if not later:
        return [thing for _, thing in filled] + empty
    order: list[T] = []
    same: list[T] = []
    before: object = None
    for place, thing in filled:
        if same and place != before:
            order += same if len(same) == 1 else sorted_by(same, later, value_of, collate)
            same = []
        before = place
        same.append(thing)
    return order + sorted_by(same, later, value_of, collate) + sorted_by(empty, later, value_of, collate)
