"""Compiles ``cs:names``: variables, labels, et-al and substitution (CSL 1.0.2, "Names")."""

from __future__ import annotations

from bibtool.model.text.collation import END
from bibtool.styles.elements import format_of
from bibtool.styles.fieldtext import term_piece
from bibtool.styles.literal import whole
from bibtool.styles.names import (
    NameOptions,
    NameTerms,
    PartFormat,
    is_romanesque_start,
    names_shown,
    render_list,
    same_people,
)
from bibtool.styles.namespelling import NameSpelling
from bibtool.styles.rich import MEET, UNBOXED, Frame, Node, Out, has_text, node_of
from bibtool.styles.shape import Needs, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from bibtool.styles.context import Context
    from bibtool.styles.elements import Compiling, Render, Wrap
    from bibtool.styles.item import Person
    from bibtool.xmltree import Element


def _number(text: str | None, default: int = 0) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() else default


def name_options(compiler: Compiling, name: Element | None) -> NameOptions:
    """The options of a ``cs:name``: its own attributes, then those of the area, then those of the style."""
    own = name.attributes if name is not None else {}
    area, style = compiler.inherited

    def get(key: str, inherited_key: str = "") -> str | None:
        value = own.get(key)
        if value is not None:
            return value
        other = inherited_key or key
        return area.get(other, style.get(other))

    place = compiler.place
    parts: dict[str, PartFormat] = {}
    if name is not None:
        for part in name.all("name-part"):
            parts[part.get("name")] = PartFormat(
                format_of(part), part.get("prefix"), part.get("suffix"), part.get("text-case")
            )
    form = get("form", "name-form") or "long"
    least = _number(get("et-al-min"))
    first = _number(get("et-al-use-first"), -1)
    use_last = get("et-al-use-last") == "true"
    later_least = _number(get("et-al-subsequent-min"))
    later_first = _number(get("et-al-subsequent-use-first"), -1)
    if place.sorting:
        if place.names_min is not None:
            least = later_least = place.names_min
        if place.names_use_first is not None:
            first = later_first = place.names_use_first
        if place.names_use_last is not None:
            use_last = place.names_use_last
    default_language = compiler.language[:2].lower()
    rule = area.get("givenname-disambiguation-rule", "") or compiler.style.citation.get("givenname-disambiguation-rule")
    return NameOptions(
        form=form,
        and_=get("and") or "",
        delimiter=END if place.sorting else _default(get("delimiter", "name-delimiter"), ", "),
        precedes_last=get("delimiter-precedes-last") or "contextual",
        precedes_et_al=get("delimiter-precedes-et-al") or "contextual",
        et_al_min=least,
        et_al_use_first=first,
        et_al_subsequent_min=later_least,
        et_al_subsequent_use_first=later_first,
        et_al_use_last=use_last,
        initialize=get("initialize") != "false",
        initialize_with=get("initialize-with"),
        hyphen=compiler.style.options.get("initialize-with-hyphen") != "false",
        sort_order="all" if place.sorting else (get("name-as-sort-order") or ""),
        sort_separator=_default(get("sort-separator"), ", "),
        demote=compiler.style.options.get("demote-non-dropping-particle", "display-and-sort"),
        language=compiler.language,
        nbsp=default_language in ("fr", "ru", "cs"),
        sorting=place.sorting,
        family=parts.get("family"),
        given=parts.get("given"),
        with_initials_rule=rule.endswith("-with-initials"),
        prefix="" if name is None else name.get("prefix"),
        suffix="" if name is None else name.get("suffix"),
        fmt=None if name is None else format_of(name),
    )


def _shared_options(compiler: Compiling, name: Element | None) -> NameOptions:
    """The options of a ``cs:name``; those of elements that say the same are one object."""
    if name is not None and name.children:
        return name_options(compiler, name)
    said = None if name is None else tuple(name.attributes.items())
    found = compiler.options.get(said)
    if found is None:
        found = compiler.options[said] = name_options(compiler, name)
    return found


def _default(value: str | None, default: str) -> str:
    return default if value is None else value


def name_terms(compiler: Compiling, options: NameOptions, et_al: Element | None) -> NameTerms:
    """The words between names: "and" by the option, "et al." with its formatting."""
    locale = compiler.locale
    and_ = ""
    if options.sorting:
        pass  # names are compared, not read out
    elif options.and_ == "text":
        and_ = locale.term("and") or ""
    elif options.and_ == "symbol":
        and_ = locale.symbol_for_and()
    term = et_al.get("term", "et-al") if et_al is not None else "et-al"
    text = locale.term(term) or ""
    piece: Out = term_piece(text) if text else ""
    if text and et_al is not None and (fmt := format_of(et_al)) is not None:
        piece = node_of([piece], Frame(fmt))
    return NameTerms(and_, piece, is_romanesque_start(text))


class _Label:
    """A ``cs:label`` inside ``cs:names``."""

    __slots__ = ("_terms", "before", "compiler", "form", "plural", "wrap")

    def __init__(self, compiler: Compiling, element: Element, *, before: bool) -> None:
        self.compiler = compiler
        self.before = before
        self.form = element.get("form", "long")
        self.plural = element.get("plural", "contextual")
        self.wrap: Wrap | None = compiler.wrap(element)
        self._terms: dict[tuple[str, bool], Out] = {}

    def piece(self, ctx: Context, variable: str, count: int) -> Out:
        several = self.plural == "always" or (self.plural == "contextual" and count > 1)
        piece = self._terms.get((variable, several))
        if piece is None:
            term = self.compiler.locale.term(variable, self.form, plural=several)
            piece = self._terms[variable, several] = term_piece(term) if term else ""
        if piece == "":
            return ""
        if self.before and self.compiler.capitalise_terms and not ctx.predecessor:
            from bibtool.styles.textcase import convert

            changed = convert("capitalize-first", piece, self.compiler.language)
            piece = changed
        return piece if self.wrap is None else self.wrap(ctx, piece)


def _BLOCK(_: Context, __: list[Out]) -> None:  # noqa: N802 - a constant, compared by identity
    """Prints nothing and ends the search for a substitute."""


_SUBSTITUTE: Final = Frame(tag="substitute")
_TERM: Final = Frame(tag="term")
_NOTHING: Final[frozenset[str]] = frozenset()


class Listing:
    """What a ``cs:names`` says of the lists that it prints.

    ``parent`` is the one that it substitutes for, and whose children and formatting it takes over where it has none;
    ``formatting`` is the element whose affixes and formatting count. ``pair_term`` is the role of the two variables
    together, where the locale has a term for it.
    """

    __slots__ = ("counts", "delim", "formatting", "label", "options", "pair_term", "terms", "variables", "wrap")

    def __init__(self, compiler: Compiling, element: Element, parent: Element | None) -> None:
        self.variables = variables = tuple(element.get("variable").split())
        source = element
        if parent is not None and not element.children:
            source = parent
        name, et_al, label = source.first("name"), source.first("et-al"), source.first("label")
        if parent is not None and element.children:
            name = name if name is not None else parent.first("name")
            et_al = et_al if et_al is not None else parent.first("et-al")
        self.options = _shared_options(compiler, name)
        self.terms = name_terms(compiler, self.options, et_al)
        self.label: _Label | None = None
        if label is not None and not compiler.place.sorting:
            order = [child.name for child in source.children]
            before = "name" in order and order.index("label") < order.index("name")
            self.label = _Label(compiler, label, before=before)
        area, style = compiler.inherited
        delim = element.get("delimiter") if "delimiter" in element.attributes else None
        if delim is None and parent is not None and "delimiter" in parent.attributes:
            delim = parent.get("delimiter")
        self.delim = area.get("names-delimiter", style.get("names-delimiter", "")) if delim is None else delim
        self.formatting, self.wrap = element, compiler.wrap(element)
        if self.wrap is None and parent is not None:
            self.formatting, self.wrap = parent, compiler.wrap(parent)
        self.counts = self.options.form == "count"
        pair_term = "".join(sorted(variables)) if len(variables) == 2 else ""
        self.pair_term = pair_term if pair_term and compiler.locale.term(pair_term) else ""


def compile_names(compiler: Compiling, element: Element, parent: Element | None = None) -> Render:
    """A ``cs:names``; ``parent`` is the one that it substitutes for and whose children it takes over."""
    nested = parent is None and compiler.substituting is not None  # in a group or choose of cs:substitute
    listing = Listing(compiler, element, compiler.substituting if parent is None else parent)
    variables, options, terms, label = listing.variables, listing.options, listing.terms, listing.label
    wrap, counting, pair_term = listing.wrap, listing.counts, listing.pair_term
    names_frame = Frame(delim=listing.delim, tag="names")
    spells = compiler.joins_names and "text-case" not in listing.formatting.attributes
    substitute_element = element.first("substitute")
    substitutes: list[tuple[frozenset[str], Render]] = []  # and the names that one can't do without
    if substitute_element is not None:
        outer, compiler.substituting = compiler.substituting, element
        for child in substitute_element.children:
            if child.name == "names":
                needed = _NOTHING if child.first("substitute") is not None else frozenset(child.get("variable").split())
                substitutes.append((needed, compile_names(compiler, child, element)))
            elif (compiled := compiler.element(child)) is not None:
                substitutes.append((_NOTHING, compiled))
            elif child.name == "text" and compiler.locale.term(child.get("term"), child.get("form", "long")) == "":
                substitutes.append((_NOTHING, _BLOCK))  # a term that is defined as empty is a substitute all the same
        compiler.substituting = outer

    # the names of a list that nothing looks at again, as substitution of authors and a change of case do
    spelled: dict[tuple[str, int], NameSpelling] = {}
    name_texts = compiler.name_texts

    def text_of(ctx: Context, variable: str) -> str:
        """The names of a variable as one text; "" where they are more than that."""
        place = variable, ctx.list_index
        spelling = spelled.get(place)
        if spelling is None:
            spelling = spelled[place] = NameSpelling(variable, options, terms, name_texts, ctx.list_index, printed=True)
        text = spelling(ctx)
        if not text or text[0] in MEET or whole((text,)) is None:
            return ""
        ctx.list_index += 1
        return text

    def list_of(ctx: Context, variable: str, people: tuple[Person, ...]) -> Out | None:
        """The names of a variable as a piece; None where nothing is shown."""
        text = text_of(ctx, variable) if spells and ctx.item.marks is None else ""
        return text or render_list(variable, people, options, terms, ctx)

    only = variables[0] if len(variables) == 1 else ""

    def people_of(ctx: Context) -> list[tuple[str, tuple[Person, ...]]]:
        found = []
        all_names = ctx.item.names
        for variable in variables:
            people = all_names.get(variable)
            if people and not (ctx.done is not None and variable in ctx.done):
                found.append((variable, people))
        if len(found) == 2 and pair_term and same_people(found[0][1], found[1][1]):
            return [(pair_term, found[0][1])]
        return found

    def render_found(ctx: Context, found: list[tuple[str, tuple[Person, ...]]]) -> list[Out]:
        kids: list[Out] = []
        for variable, people in found:
            if label is not None and label.before:
                mark = label.piece(ctx, variable, len(people))
                node = list_of(ctx, variable, people)
                if node is not None:
                    kids.append(node_of([mark, node]) if mark != "" else node)
            else:
                node = list_of(ctx, variable, people)
                if node is None:
                    continue
                mark = label.piece(ctx, variable, len(people)) if label is not None else ""
                kids.append(node_of([node, mark]) if mark != "" else node)
            ctx.predecessor = True
        return kids

    def render(ctx: Context, out: list[Out]) -> None:
        if nested and ctx.substituted:
            return  # only the first names that print are the substitute
        ctx.tried = True
        if only:
            people = ctx.item.names.get(only)
            found = [(only, people)] if people and not (ctx.done is not None and only in ctx.done) else []
        else:
            found = people_of(ctx)
        if counting:
            count = sum(names_shown(len(people), options, ctx) for _, people in found)
            if count:
                ctx.hit = ctx.predecessor = True
                text = f"{count:06d}" if options.sorting else str(count)
                out.append(text if wrap is None else wrap(ctx, text))
                return
        elif found:
            kids = render_found(ctx, found)
            if kids:
                ctx.hit = True
                if ctx.in_substitute:
                    ctx.substituted = True
                    for variable, _ in found:
                        for name in variables if variable == pair_term else (variable,):
                            ctx.use(name)
                node = Node()
                node.kids, node.frame, node.boxed = kids, names_frame, UNBOXED
                if ctx.first_names is None:
                    ctx.first_names = node
                out.append(node if wrap is None else wrap(ctx, node))
                return
        for needed, child in substitutes:
            if needed and needed.isdisjoint(ctx.item.names):
                continue
            if _substituted(ctx, child, out):
                return

    def _substituted(ctx: Context, child: Render, out: list[Out]) -> bool:
        if child is _BLOCK:
            return True
        pieces: list[Out] = []
        used = len(ctx.done or ())
        ctx.in_substitute += 1
        tried, hit, term, substituted = ctx.tried, ctx.hit, ctx.term, ctx.substituted
        ctx.hit = ctx.substituted = False
        child(ctx, pieces)
        by_variable = len(ctx.done or ()) > used
        ctx.hit = ctx.hit or hit
        ctx.in_substitute -= 1
        if len(pieces) != 1 or not has_text(pieces[0]):
            pieces = [piece for piece in pieces if has_text(piece)]
        if not pieces:
            ctx.tried, ctx.hit, ctx.term, ctx.substituted = tried, hit, term, substituted
            return False
        if len(pieces) == 1 and pieces[0].__class__ is Node and pieces[0].frame.tag == "names":
            out.append(pieces[0])  # names as they are
            return True
        node = node_of(pieces, _SUBSTITUTE if by_variable else _TERM)
        if ctx.first_names is None:
            ctx.first_names = node
        out.append(node)
        return True

    placeless = wrap is None
    if not substitutes and not nested:
        return compiler.traits.note(render, Needs(frozenset(variables), placeless=placeless))
    if all(compiler.traits.prints_values(child) for _, child in substitutes):
        return compiler.traits.note(render, Values(placeless=placeless))
    return render
