"""``cs:label``, and labels that the processor makes for an item ("citation-label")."""

from __future__ import annotations

from bibtool.styles.fieldtext import string_piece, term_piece
from bibtool.styles.numbers import parse_number
from bibtool.styles.shape import Says

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Compiling, Render
    from bibtool.styles.item import Item
    from bibtool.styles.rich import Out
    from bibtool.xmltree import Element

_COUNTED = frozenset({"number-of-pages", "number-of-volumes"})


def is_plural(variable: str, text: str, and_: str = "") -> bool:
    """The contextual plural: several numbers, or a count above 1."""
    value = parse_number(text, and_)
    if variable in _COUNTED:
        return value.is_plural or (value.text.isdigit() and int(value.text[:9]) > 1)
    return value.is_plural


def compile_label(compiler: Compiling, element: Element) -> Render | None:
    """A label that is not inside ``cs:names``: the term of its variable, where that has a value."""
    variable = element.get("variable")
    form = element.get("form", "long")
    plural = element.get("plural", "contextual")
    wrap = compiler.wrap(element)
    locale = compiler.locale
    is_locator = variable == "locator"
    word = locale.term("and") or ""
    and_ = "" if word == "and" else word
    if not variable:
        return None

    def render(ctx: Context, out: list[Out]) -> None:
        if is_locator:
            text = ctx.locator
            name = ctx.locator_label or "page"
        elif variable == "first-reference-note-number":
            text, name = ctx.first_note, variable
        elif variable == "citation-number":
            text, name = str(ctx.number or ""), variable
        else:
            text = ctx.item.text.get(variable, "")
            name = "page" if variable == "page-first" else variable
        if not text:
            return
        several = plural == "always" or (plural == "contextual" and is_plural(variable, text, and_))
        term = locale.term(name, form, plural=several)
        if not term:
            return
        ctx.term = True
        ctx.predecessor = True
        piece = term_piece(term)
        out.append(piece if wrap is None else wrap(ctx, piece))

    if is_locator or variable in ("first-reference-note-number", "citation-number"):
        return compiler.traits.note(render, Says())
    return compiler.traits.note(render, Says(frozenset((variable,))))


def make_label(item: Item) -> str:
    """A label of letters from the first names and two digits of the year: ``Doe99``, ``DoRo99``, ``DoRS99``."""
    families: list[str] = []
    for variable in ("author", "editor", "translator", "container-author", "composer", "director"):
        people = item.names.get(variable)
        if people:
            families = [person.raw.family or person.raw.literal for person in people]
            break
    if not families:
        families = [item.text.get("title", "")]
    letters = {1: (4,), 2: (2, 2), 3: (2, 1, 1)}.get(len(families), (1, 1, 1, 1))
    label = ""
    for family, count in zip(families, letters, strict=False):
        word = "".join(char for char in family if char.isalnum())
        label += word[:count] if count > 1 else word[:1].upper()
    date = item.dates.get("issued")
    year = date.year if date else None
    return label + (f"{abs(year) % 100:02d}" if year is not None else "00")


def compile_citation_label(compiler: Compiling, element: Element) -> Render:
    """The record's own label, or one made from names and year, with the year-suffix."""
    wrap = compiler.wrap(element)

    def render(ctx: Context, out: list[Out]) -> None:
        ctx.tried = True
        label = ctx.item.text.get("citation-label") or make_label(ctx.item)
        if not label:
            return
        ctx.hit = ctx.predecessor = True
        if ctx.year_suffix:
            label += ctx.year_suffix
            ctx.year_suffix_done = True
        piece = string_piece(label)
        out.append(piece if wrap is None else wrap(ctx, piece))

    return render
