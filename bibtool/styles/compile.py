"""Compiles the elements of a style into closures for one locale and one place (citation, bibliography, sort key).

A closure gets the context and a list and appends what it renders: nothing, one piece or (``cs:choose``) several. No XML
is looked at after compiling.
"""

from __future__ import annotations

from bibtool.styles.branches import compile_choose
from bibtool.styles.dates import EN_DASH, DatePart, render_parts, sort_key, usual_date
from bibtool.styles.elements import Placement, Render, Wrap, format_of, wrapper
from bibtool.styles.fieldtext import short_address, string_piece, term_piece
from bibtool.styles.groups import Around, compile_grouped
from bibtool.styles.labels import compile_citation_label, compile_label
from bibtool.styles.namelist import compile_names
from bibtool.styles.numbers import (
    all_with_digits,
    format_number,
    joined,
    parse_number,
    same_prefixes,
    with_page_ranges,
)
from bibtool.styles.rich import DIGITS, NUMBER, SUFFIX, UNBOXED, Frame, Node, Out, node_of
from bibtool.styles.shape import Body, Needs, Says, Traits, Values
from bibtool.styles.textcase import convert
from bibtool.xmltree import Element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.styles.context import Context
    from bibtool.styles.locale import Locale
    from bibtool.styles.names import NameOptions
    from bibtool.styles.namespelling import NameTexts
    from bibtool.styles.shape import Facts
    from bibtool.styles.style import Style

NUMBER_VARIABLES = frozenset(
    {
        "chapter-number",
        "citation-number",
        "collection-number",
        "edition",
        "first-reference-note-number",
        "issue",
        "locator",
        "number",
        "number-of-pages",
        "number-of-volumes",
        "page",
        "page-first",
        "part-number",
        "printing-number",
        "section",
        "supplement-number",
        "version",
        "volume",
    }
)
# rendered as numbers also by cs:text: hyphens become range delimiters
AS_NUMBER = NUMBER_VARIABLES - {"section", "version", "citation-number", "first-reference-note-number"}
_WITH_RANGE = frozenset({"page", "page-first", "locator", "issue", "volume", "edition", "number", "collection-number"})
_AFFIXES = frozenset({"prefix", "suffix"})
# what comes before an identifier in the address that it links to ("Links")
_ADDRESSES = {
    "DOI": "https://doi.org/",
    "PMCID": "https://www.ncbi.nlm.nih.gov/pmc/articles/",
    "PMID": "https://www.ncbi.nlm.nih.gov/pubmed/",
    "URL": "",
}
# what a localized date format has for the whole date ("Localized Date Formats")
_OF_DATE_FORMATS = frozenset(
    {"font-style", "font-variant", "font-weight", "text-case", "text-decoration", "vertical-align"}
)
# records of older data; the other way round would print an event where styles written for it don't expect one
SPELLINGS = {"event-title": ("event-title", "event")}


class Compiler:
    """Compiles elements of one style for one locale and place; macros are compiled once each, at first use."""

    def __init__(
        self,
        style: Style,
        locale: Locale,
        place: Placement,
        *,
        has_year_suffix: bool,
        links: bool = False,
        abbreviations: Mapping[str, Mapping[str, str]] | None = None,
        facts: Facts | None = None,
        recases: bool = True,
    ) -> None:
        self.style = style
        self.locale = locale
        self.place = place
        self.has_year_suffix = has_year_suffix
        self.links = links
        self.abbreviations = abbreviations or {}
        self.language = locale.lang  # the style's default, or what the user chose instead
        self.range_delimiter = locale.term("page-range-delimiter") or EN_DASH
        self.ampersand = locale.symbol_for_and()
        self.page_format = style.options.get("page-range-format", "")
        self.capitalise_terms = (style.is_note or place.area == "bibliography") and not place.sorting
        area = style.citation if place.area == "citation" else style.bibliography
        self.inherited: tuple[Mapping[str, str], Mapping[str, str]] = (
            area.attributes if area is not None else {},
            style.options,
        )
        # whether a list of names may be one text, as nothing looks at its names again
        in_list = place.area == "bibliography" and not place.sorting
        self.joins_names = in_list and not recases and "subsequent-author-substitute" not in self.inherited[0]
        self.substituting: Element | None = None  # the cs:names whose substitutes are being compiled
        self.traits = Traits(facts)
        self.options: dict[object, NameOptions] = {}
        self.name_texts: NameTexts = {}
        self._macros: dict[str, Body] = {}

    def forget(self) -> None:
        """Let go of all that was compiled; it is not to be rendered afterwards."""
        self.traits.forget()
        self._macros.clear()

    # structure

    def sequence(self, elements: Sequence[Element]) -> list[Render]:
        """The compiled elements."""
        return [render for element in elements if (render := self.element(element)) is not None]

    def element(self, element: Element) -> Render | None:
        """One compiled rendering element; None where it can never print anything."""
        name = element.name
        if name == "text":
            return self.text(element)
        if name == "group":
            return self.group(element)
        if name == "choose":
            return compile_choose(self, element)
        if name == "names":
            return compile_names(self, element)
        if name == "date":
            return self.date(element)
        if name == "number":
            return self.number(element)
        if name == "label":
            return compile_label(self, element)
        return None

    def wrap(self, element: Element) -> Wrap | None:
        """The formatting of an element."""
        return wrapper(element, self.language)

    def body(self, elements: Sequence[Element]) -> Body:
        """The compiled elements, to be rendered by shape."""
        return Body(self.sequence(elements), self.traits)

    def macro(self, name: str) -> Body:
        """The compiled children of a macro."""
        known = self._macros.get(name)
        if known is None:
            outer, self.substituting = self.substituting, None
            known = self._macros[name] = self.body(self.style.macros[name].children)
            self.substituting = outer
        return known

    def group(self, element: Element) -> Render:
        """``cs:group``, left out where it calls variables and all of them are empty."""
        body = self.body(element.children)
        fmt, delim = format_of(element), element.get("delimiter")
        if fmt is not None and fmt.display:
            around = Around(Frame(delim=delim), block=wrapper(element, self.language))
        else:
            around = Around(Frame(fmt, element.get("prefix"), element.get("suffix"), delim))
        return compile_grouped(self.traits, body, around)

    # text

    def text(self, element: Element) -> Render | None:
        """``cs:text`` of any of its four kinds."""
        get = element.attributes.get
        if (variable := get("variable")) is not None:
            return self.text_variable(element, variable.strip())
        if (macro := get("macro")) is not None:
            return self.text_macro(element, macro)
        if (term := get("term")) is not None:
            return self.text_term(element, term)
        value = get("value", "")
        return self.text_value(element, value) if value else None

    def text_value(self, element: Element, value: str) -> Render:
        """``cs:text value``."""
        wrap = self.wrap(element)
        piece = term_piece(value)

        def render(ctx: Context, out: list[Out]) -> None:
            ctx.term = True
            ctx.predecessor = True
            out.append(piece if wrap is None else wrap(ctx, piece))

        return self.traits.note(render, Says())

    def text_term(self, element: Element, name: str) -> Render | None:
        """``cs:text term``; capitalised at the start of a note or an entry."""
        value = self.locale.term(name, element.get("form", "long"), plural=element.get("plural") == "true")
        if not value:
            return None
        wrap = self.wrap(element)
        piece = term_piece(value)
        first = convert("capitalize-first", piece, self.language) if self.capitalise_terms else piece
        at_start: Out = first

        def render(ctx: Context, out: list[Out]) -> None:
            ctx.term = True
            shown = piece if ctx.predecessor else at_start
            ctx.predecessor = True
            out.append(shown if wrap is None else wrap(ctx, shown))

        return self.traits.note(render, Says())

    def text_macro(self, element: Element, name: str) -> Render:
        """``cs:text macro``."""
        # a macro is a group: what it prints counts as a variable that is not empty
        return compile_grouped(self.traits, self.macro(name), Around(wrap=self.wrap(element)))

    def text_variable(self, element: Element, variable: str) -> Render:
        """``cs:text variable``."""
        if variable in ("citation-number", "year-suffix", "first-reference-note-number", "locator"):
            return self.cite_variable(element, variable)
        if variable == "citation-label":
            return compile_citation_label(self, element)
        if variable in AS_NUMBER:
            return self.number_variable(element, variable, "")
        wrap = self.wrap(element)
        names = SPELLINGS.get(variable, (variable,))
        if element.get("form") == "short" and not variable.endswith("-short"):
            names = (f"{variable}-short", *names)
        abbreviations = self.abbreviations.get(variable) if element.get("form") == "short" else None
        if variable in _ADDRESSES and self.links:
            return self.link(element, variable)
        shorten = variable == "URL" and element.get("form") == "short"
        whole = variable.removesuffix("-short")  # what a substitute used up may be its other form

        def value(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            piece = ctx.item.pieces.get(variable)
            if piece is None:
                return
            done = ctx.done
            if done is not None and (variable in done or whole in done):
                return
            ctx.hit = ctx.predecessor = True
            if ctx.in_substitute:
                ctx.use(variable)
            out.append(piece if wrap is None else wrap(ctx, piece))

        def form(ctx: Context, out: list[Out]) -> None:
            """A value that has several forms."""
            ctx.tried = True
            pieces = ctx.item.pieces
            piece = next((piece for name in names if (piece := pieces.get(name)) is not None), None)
            if piece is None:
                return
            if ctx.done is not None and (variable in ctx.done or whole in ctx.done):
                return
            if abbreviations:
                short = abbreviations.get(ctx.item.text.get(variable, ""))
                if short:
                    piece = string_piece(short)
            if shorten:
                piece = short_address(ctx.item.text[variable])
            ctx.hit = ctx.predecessor = True
            if ctx.in_substitute:
                ctx.use(variable)
            out.append(piece if wrap is None else wrap(ctx, piece))

        is_single = names == (variable,) and not abbreviations and not shorten
        return self.traits.note(value if is_single else form, Needs(frozenset(names), placeless=wrap is None))

    def link(self, element: Element, variable: str) -> Render:
        """A variable that is an address: the text of the link takes in a prefix that belongs to the address."""
        fmt = format_of(element)
        prefix, suffix = element.get("prefix"), element.get("suffix")
        base = _ADDRESSES[variable]
        at = prefix.find("http")
        inside = prefix[at:] if at >= 0 else ""
        outside = prefix[:at] if at >= 0 else prefix
        shorten = variable == "URL" and element.get("form") == "short"
        affixes = Frame(prefix=outside, suffix=suffix)

        def render(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            text = ctx.item.text.get(variable, "").strip()
            if not text or (ctx.done is not None and variable in ctx.done):
                return
            ctx.hit = ctx.predecessor = True
            if ctx.in_substitute:
                ctx.use(variable)
            target = text if text.startswith(("http://", "https://")) else base + text
            node = node_of([inside + (short_address(text) if shorten else text)], Frame(fmt, link=target))
            out.append(node_of([node], affixes))

        return self.traits.note(render, Needs(frozenset((variable,))))

    def cite_variable(self, element: Element, variable: str) -> Render:
        """A variable that the place of a cite decides: number, year-suffix, note of the first reference, locator."""
        if variable == "locator":
            return self.number_variable(element, variable, "")
        wrap = self.wrap(element)
        sorting = self.place.sorting

        def number(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            if ctx.number:
                ctx.hit = ctx.predecessor = True
                text = f"{ctx.number:08d}" if sorting else str(ctx.number)
                piece = node_of([text], NUMBER)
                out.append(piece if wrap is None else wrap(ctx, piece))

        def suffix(ctx: Context, out: list[Out]) -> None:
            # counts as printed also where there is none, so that "n.d." may share a group with it
            ctx.hit = True
            if ctx.year_suffix:
                ctx.predecessor = True
                ctx.year_suffix_done = True
                piece = node_of([ctx.year_suffix], SUFFIX)
                out.append(piece if wrap is None else wrap(ctx, piece))

        def note(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            if ctx.first_note:
                ctx.hit = ctx.predecessor = True
                out.append(ctx.first_note if wrap is None else wrap(ctx, ctx.first_note))

        render = {"citation-number": number, "year-suffix": suffix}.get(variable, note)
        return self.traits.note(render, Values(placeless=wrap is None))

    # numbers

    def number(self, element: Element) -> Render:
        """``cs:number``."""
        variable = element.get("variable")
        if variable == "citation-number":
            return self.cite_variable(element, variable)
        return self.number_variable(element, variable, element.get("form"))

    def number_variable(self, element: Element, variable: str, form: str) -> Render:
        """A number variable in a form ("" for numeric)."""
        wrap = self.wrap(element)
        locale = self.locale
        gender = locale.genders.get(variable, "")
        show = self.number_text(variable)
        sorting = self.place.sorting
        is_locator = variable == "locator"
        is_note = variable == "first-reference-note-number"

        def render(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            if is_locator:
                text = ctx.locator
            elif is_note:
                text = ctx.first_note
            else:
                text = ctx.item.text.get(variable, "")
            if not text or (ctx.done is not None and variable in ctx.done):
                return
            ctx.hit = ctx.predecessor = True
            if ctx.in_substitute or (is_locator and not ctx.comparing):
                ctx.use(variable)  # a locator is printed once in a cite
            value = parse_number(text)
            if sorting:
                out.append(text.zfill(8) if text.isdigit() else text)
                return
            if form in ("ordinal", "long-ordinal", "roman") and value.is_numeric:
                noun = ctx.locator_label if is_locator else ""
                use = locale.genders.get(noun, "") if noun else gender
                parts = tuple(
                    part if index % 2 else format_number(part, form, locale, use)
                    for index, part in enumerate(value.parts)
                )
                delimiter = self.range_delimiter if variable in _WITH_RANGE else "-"
                piece: Out = joined(parts, delimiter, self.ampersand)
            else:
                piece = show(ctx, text)
            node = Node()
            node.kids, node.frame, node.boxed = [piece], DIGITS, UNBOXED
            out.append(node if wrap is None else wrap(ctx, node))

        if is_locator or is_note:
            return self.traits.note(render, Values(placeless=wrap is None))
        return self.traits.note(render, Needs(frozenset((variable,)), placeless=wrap is None))

    def number_text(self, variable: str) -> Callable[[Context, str], Out]:
        """A number variable without a form: ranges get their delimiter, pages the page-range-format."""
        page_format = self.page_format
        delimiter = self.range_delimiter
        ampersand = self.ampersand
        with_range = variable in _WITH_RANGE
        always = variable == "locator"

        def show(ctx: Context, text: str) -> Out:
            value = parse_number(text)
            parts = value.parts
            if len(parts) == 1:
                piece = ctx.item.pieces.get(variable, text) if not always else string_piece(text)
                return piece.strip() if piece.__class__ is str else piece
            is_page = variable in ("page", "page-first") or (always and ctx.locator_label in ("page", ""))
            ranges = with_range and (always or same_prefixes(parts))
            if is_page and page_format and ranges:
                parts = with_page_ranges(parts, page_format)
            if always or value.is_numeric or value.is_list or (is_page and all_with_digits(parts)):
                return joined(parts, delimiter if ranges else "-", ampersand)
            if "\\-" in text:
                return string_piece(text.replace("\\-", "-"))
            piece = ctx.item.pieces.get(variable, text)
            return piece.strip() if isinstance(piece, str) else piece

        return show

    # dates

    def date_part(self, element: Element) -> DatePart:
        """``cs:date-part``, of a style or a locale."""
        return DatePart(
            name=element.get("name"),
            form=element.get("form"),
            frame=Frame(format_of(element), element.get("prefix"), element.get("suffix")),
            text_case=element.get("text-case"),
            strip_periods=element.get("strip-periods") == "true",
            range_delimiter=element.get("range-delimiter", EN_DASH),
        )

    def date_parts(self, element: Element) -> tuple[list[DatePart], str]:
        """The parts that a ``cs:date`` prints, and the delimiter between them.

        The style's own ``cs:date-part`` overrides that of a localized format; affixes stay the locale's ("Date").
        """
        own = element.all("date-part")
        localized = self._localized(element)
        if localized is None:
            return [self.date_part(child) for child in own], element.get("delimiter")
        overrides = {child.get("name"): child.attributes for child in own}
        wanted = element.get("date-parts", "year-month-day").split("-")
        parts = []
        for child in localized.all("date-part"):
            name = child.get("name")
            if name not in wanted:
                continue
            said = {key: value for key, value in overrides.get(name, {}).items() if key not in _AFFIXES}
            parts.append(self.date_part(Element(child.name, {**child.attributes, **said}) if said else child))
        return parts, localized.get("delimiter")

    def _localized(self, element: Element) -> Element | None:
        """The localized format that a ``cs:date`` calls."""
        form = element.get("form")
        return self.locale.dates.get(form) if form else None

    def as_localized(self, element: Element) -> Element:
        """A ``cs:date`` with the formatting that the localized format has and it does not say itself."""
        localized = self._localized(element)
        if localized is None:
            return element
        formatting = {key: value for key, value in localized.attributes.items() if key in _OF_DATE_FORMATS}
        if not formatting:
            return element
        return Element(element.name, {**formatting, **element.attributes})

    def date(self, element: Element) -> Render:
        """``cs:date``."""
        variable = element.get("variable").strip()
        parts, delim = self.date_parts(element)
        locale = self.locale
        names = frozenset(part.name for part in parts)
        if self.place.sorting:
            return self._date_sort_key(variable, names)
        wrap = self.wrap(self.as_localized(element))
        explicit = self.has_year_suffix
        with_year = "year" in names
        between = Frame(delim=delim)
        short_cut = usual_date(parts, locale, delim) if self.place.area == "bibliography" else None

        def render(ctx: Context, out: list[Out]) -> None:
            ctx.tried = True
            date = ctx.item.dates.get(variable)
            if date is None or (ctx.done is not None and variable in ctx.done):
                return
            if ctx.comparing and variable == "accessed":
                return  # works that differ only in when they were looked at are ambiguous
            suffix: Out = ""
            if ctx.year_suffix and with_year and not explicit and not ctx.year_suffix_done:
                suffix = node_of([ctx.year_suffix], SUFFIX)
            piece = short_cut(date) if short_cut is not None and suffix == "" else None
            if piece is None:
                kids = render_parts(parts, date, locale, suffix, delim)
                if not kids:
                    return
                piece = kids[0] if len(kids) == 1 else node_of(kids, between)
            if suffix != "":
                ctx.year_suffix_done = True
            ctx.hit = ctx.predecessor = True
            if ctx.in_substitute:
                ctx.use(variable)
            out.append(piece if wrap is None else wrap(ctx, piece))

        placeless = wrap is None and all(part.frame.fmt is None for part in parts)
        return self.traits.note(render, Needs(frozenset((variable,)), placeless=placeless))

    def _date_sort_key(self, variable: str, names: frozenset[str]) -> Render:
        def render(ctx: Context, out: list[Out]) -> None:
            date = ctx.item.dates.get(variable)
            ctx.tried = True
            if date is None:
                return
            key = sort_key(date, names)
            if key:
                ctx.hit = True
                out.append(key)
            elif date.literal:
                ctx.hit = True
                out.append(date.literal)

        return render


def uses_variable(style: Style, variable: str) -> bool:
    """True where the style prints the variable by ``cs:text`` anywhere in its citations or bibliography."""
    stack = [style.citation]
    if style.bibliography is not None:
        stack.append(style.bibliography)
    seen: set[str] = set()
    while stack:
        element = stack.pop()
        if element.name == "text":
            if element.get("variable") == variable:
                return True
            macro = element.get("macro")
            if macro and macro not in seen and macro in style.macros:
                seen.add(macro)
                stack.append(style.macros[macro])
        stack.extend(element.children)
    return False
