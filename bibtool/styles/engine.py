"""A style compiled for a locale, and the rendering of single cites and entries with it."""

from __future__ import annotations

from bibtool.model.text.collation import collation
from bibtool.styles.compile import Compiler
from bibtool.styles.context import SUBSEQUENT, Context, Disambiguation
from bibtool.styles.elements import Placement, format_of
from bibtool.styles.rich import BARE, Frame, Node, Out, Quotes, has_text, plain
from bibtool.styles.shape import Facts
from bibtool.styles.sort import SortKey, compile_keys
from bibtool.styles.spelling import Speller
from bibtool.styles.survey import Survey
from bibtool.styles.writer import flatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.styles.item import Item
    from bibtool.styles.locale import Locale
    from bibtool.styles.shape import Body
    from bibtool.styles.style import Style
    from bibtool.xmltree import Element


def quotes_of(locale: Locale, *, is_note: bool) -> Quotes:
    """The quotation marks of a locale; "" where a style says so, English ones where no term is there.

    In notes, parentheses in the affixes of an element become brackets inside those of another: the specification says
    nothing of them, citeproc-js does so.
    """

    def mark(name: str, usual: str) -> str:
        found = locale.term(name)
        return usual if found is None else found

    return Quotes(
        (mark("open-quote", "“"), mark("close-quote", "”")),
        (mark("open-inner-quote", "‘"), mark("close-inner-quote", "’")),
        inside=locale.punctuation_in_quote,
        brackets=is_note,
    )


class Layout:
    """A ``cs:layout``, compiled at first need."""

    def __init__(self, element: Element, compiler: Compiler) -> None:
        layout = element.first("layout")
        assert layout is not None
        self._element = layout
        self._compiler = compiler
        self._body: Body | None = None
        self.prefix = layout.get("prefix")
        self.suffix = layout.get("suffix")
        self.delimiter = layout.get("delimiter")
        fmt = format_of(layout)
        self.frame = BARE if fmt is None else Frame(fmt)

    @property
    def body(self) -> Body:
        """Its compiled elements."""
        if self._body is None:
            self._body = self._compiler.body(self._element.children)
        return self._body

    def speller(self) -> Speller:
        """What spells its cites where they are only compared."""
        return Speller(self._compiler, self._element.children)


class Engine:
    """Everything of a style that does not change while it renders. Shared by the processors that use it."""

    def __init__(
        self,
        style: Style,
        locale: Locale,
        *,
        links: bool = False,
        abbreviations: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._compilers: list[Compiler] = []
        self.style = style
        self.locale = locale
        self.quotes = quotes_of(locale, is_note=style.is_note)
        self.collate = collation(locale.lang)
        survey = Survey.of(style)
        explicit = "year-suffix" in survey.printed or "citation-label" in survey.printed

        facts = Facts()

        def make(place: Placement) -> Compiler:
            made = Compiler(
                style,
                locale,
                place,
                has_year_suffix=explicit,
                links=links,
                abbreviations=abbreviations,
                facts=facts,
                recases=survey.recases,
            )
            self._compilers.append(made)
            return made

        language = style.default_locale or "en-US"
        self.citation = Layout(style.citation, make(Placement(area="citation")))
        self.speller = self.citation.speller()
        self.citation_keys = compile_keys(style.citation.first("sort"), make, "citation", language)
        self.bibliography: Layout | None = None
        self.bibliography_keys: tuple[SortKey, ...] = ()
        if style.bibliography is not None:
            self.bibliography = Layout(style.bibliography, make(Placement(area="bibliography")))
            self.bibliography_keys = compile_keys(style.bibliography.first("sort"), make, "bibliography", language)
        options = style.citation.attributes
        self.collapse = options.get("collapse", "")
        self.group_delimiter = options.get("cite-group-delimiter")
        self.after_collapse = options.get("after-collapse-delimiter")
        self.suffix_delimiter = options.get("year-suffix-delimiter")
        self.add_names = options.get("disambiguate-add-names") == "true"
        self.add_givenname = options.get("disambiguate-add-givenname") == "true"
        self.add_suffix = options.get("disambiguate-add-year-suffix") == "true"
        self.name_rule = options.get("givenname-disambiguation-rule", "by-cite")
        self.near_distance = int(options.get("near-note-distance", "5").strip() or 5)
        self.cites_numbers = "citation-number" in survey.printed
        self.cites_first_note = "first-reference-note-number" in survey.printed
        self.has_condition = survey.has_condition
        self.prints_number: dict[str, bool] = {}  # by type, see `bibtool.styles.bibliography.with_article_number`

    def __del__(self) -> None:
        # what is compiled refers to itself all over, and to the people of a list: it would stay for the cycle collector
        for compiler in self._compilers:
            compiler.forget()

    def cite(self, ctx: Context) -> list[Out]:
        """The pieces of one cite, without the affixes of the layout."""
        out: list[Out] = []
        for render in self.citation.body.of(ctx)[0]:
            render(ctx, out)
        return out

    def entry(self, ctx: Context) -> list[Out]:
        """The pieces of one entry of the bibliography, without the affixes of the layout."""
        out: list[Out] = []
        layout = self.bibliography
        if layout is not None:
            for render in layout.body.of(ctx)[0]:
                render(ctx, out)
        return out

    def bare(self, item: Item, how: Disambiguation, first_note: str = "") -> Context:
        """For a bare cite of the item, which is compared with others and not printed."""
        ctx = Context(item, in_bibliography=False)
        ctx.position = SUBSEQUENT
        ctx.near_note = True
        ctx.first_note = first_note
        ctx.comparing = True
        ctx.disambiguation = how
        ctx.predecessor = True
        return ctx

    def characters(self, pieces: list[Out]) -> str:
        """The characters of pieces."""
        if len(pieces) == 1 and isinstance(pieces[0], str):
            return pieces[0]
        return plain(flatten(pieces, self.quotes))


def cites_numbers(style: Style) -> bool:
    """True where citations or entries have the number of an entry."""
    return "citation-number" in Survey.of(style).printed


def prune(piece: Out) -> bool:
    """Take nodes without text out of the tree; True where something is left."""
    if piece.__class__ is str:
        return piece != ""
    kids = piece.kids  # type: ignore[union-attr] # text has returned above
    if piece.__class__ is not Node:
        return any(prune(kid) for kid in kids)
    empty = False
    for kid in kids:
        if not (kid if kid.__class__ is str else prune(kid)):
            empty = True
    if empty:
        piece.kids = kids = [kid for kid in kids if has_text(kid)]
    return bool(kids)
