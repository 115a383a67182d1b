"""What a style prints of an item, as characters alone: for sort keys, and for cites that are compared with others.

Most of them are names, a year and some words of the style, and which of these they are is the same for all items of a
shape (see `bibtool.styles.shape`). So the elements of the style are walked once per shape, in the order of rendering,
and each item only has its names and dates spelled. No tree of output is built, and no element is compiled.

A `Speller` knows less of styles than the compiler, and gives up where it doesn't know something: quotation marks,
text-case, numbers with a form, labels, conditions that a shape does not decide. Such items are rendered.
"""

from __future__ import annotations

from contextlib import suppress

from bibtool.styles.branches import Judgement
from bibtool.styles.compile import AS_NUMBER, SPELLINGS
from bibtool.styles.dates import date_key, plain_year, render_parts
from bibtool.styles.fieldtext import term_piece
from bibtool.styles.literal import literal, whole
from bibtool.styles.namelist import Listing
from bibtool.styles.names import names_shown, without_mark
from bibtool.styles.namespelling import NameSpelling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Final, TypeAlias

    from bibtool.styles.compile import Compiler
    from bibtool.styles.context import Context, ListedNames
    from bibtool.styles.item import Fact, Item, Person
    from bibtool.styles.rich import Out
    from bibtool.xmltree import Element

    Ask = Callable[[Context], str]

Part: TypeAlias = "str | Ask"
Piece: TypeAlias = "list[Part]"  # what is one piece of output when rendered

_LINKED: Final = frozenset({"DOI", "PMCID", "PMID", "URL"})
_OF_THE_PLACE: Final = frozenset(
    {"citation-label", "citation-number", "first-reference-note-number", "locator", "year-suffix"}
)
# of a cite that is only compared: see `bibtool.styles.engine.Engine.bare`
_BARE: Final[frozenset[Fact]] = frozenset({("position", "subsequent"), ("position", "near-note")})


class _Unknown(Exception):  # noqa: N818 - no error: the item is rendered
    """An element decides by more than the shape of an item, or prints more than characters."""


class Spelling:
    """How to spell what is printed of items of one shape.

    ``parts`` are words, and functions that give those of an item; ``lists`` are the names among them.
    """

    __slots__ = ("lists", "parts")

    def __init__(self, parts: Iterable[Part], lists: Iterable[NameSpelling]) -> None:
        self.parts = tuple(parts)
        self.lists = tuple(lists)

    def text(self, ctx: Context) -> str | None:
        """The characters for the item and the disambiguation of the context, which stays as it is.

        None where only rendering knows them: one of the parts is empty, so that what is around it might be left out.
        """
        texts: list[str] = []
        for part in self.parts:
            if part.__class__ is str:
                texts.append(part)
                continue
            text = part(ctx)  # type: ignore[operator] # not text
            if not text:
                return None
            texts.append(text)
        return whole(texts)

    def people(self, item: Item) -> list[tuple[Person, ...]] | None:
        """The persons in the lists of names that are printed, where `text` has an answer; None where one has nobody."""
        lists = []
        for part in self.lists:
            people = item.names.get(part.variable)
            if people is None:
                return None
            lists.append(without_mark(people)[0])
        return lists

    def names(self, ctx: Context) -> list[ListedNames]:
        """The lists of names that are printed, where `text` has an answer."""
        return [part.shown(ctx) for part in self.lists]


class Speller:
    """Spells what elements of a style print: of the sort key or the cites that the compiler is for."""

    def __init__(self, compiler: Compiler, elements: Sequence[Element]) -> None:
        self.compiler = compiler
        self.listings: dict[tuple[int, int], Listing] = {}
        self.judgements: dict[int, Judgement] = {}
        self._elements = elements
        self._shapes: dict[str, Spelling | None] = {}
        # by the facts that were asked for on the way through the elements, and those of them that held
        self._ways: dict[int, dict[int, Spelling | None]] = {}
        self._bare = 0 if compiler.place.sorting else compiler.traits.facts.bits(_BARE)

    def of(self, item: Item) -> Spelling | None:
        """How to spell it of this item; None where it has to be rendered."""
        shapes = self._shapes
        shape = item.shape
        if shape not in shapes:
            shapes[shape] = self._spelling(item)
        return shapes[shape]

    def _spelling(self, item: Item) -> Spelling | None:
        known_facts = self.compiler.traits.facts
        facts = self._bare | (known_facts.of_shape.get(item.shape) or known_facts.learn(item))
        for asked, known in self._ways.items():
            held = facts & asked
            if held in known:
                return known[held]
        walk = _Walk(self, facts)
        found: Spelling | None = None
        with suppress(_Unknown):
            found = Spelling(_joined(walk.sequence(self._elements), ""), walk.lists)
        self._ways.setdefault(walk.asked, {})[facts & walk.asked] = found
        return found


class _Walk:
    """One way through the elements, for the items that have certain facts.

    Goes the way of the functions that `bibtool.styles.compile` and `bibtool.styles.namelist` make, and keeps of the
    context what these do. Each part that is found has text: `Spelling.text` looks for it.
    """

    def __init__(self, speller: Speller, facts: int) -> None:
        self.speller = speller
        self.compiler = speller.compiler
        self.sorting = speller.compiler.place.sorting
        self.is_cite = self.sorting and self.compiler.place.area == "citation"  # printed, at a place in the text
        self.brackets = speller.compiler.style.is_note
        self._facts = facts
        self.asked = 0
        self.lists: list[NameSpelling] = []
        self.tried = self.hit = self.term = False
        self.done: set[str] = set()
        self.in_substitute = 0
        self.substituted = False  # names were printed by the substitute that is gone through
        self.substituting: Element | None = None

    def has(self, fact: Fact) -> bool:
        """Whether a fact holds; the way goes by nothing else."""
        bit = self.compiler.traits.facts.bits((fact,))
        self.asked |= bit
        return bool(bit & self._facts)

    def sequence(self, elements: Iterable[Element]) -> list[Piece]:
        pieces: list[Piece] = []
        for element in elements:
            pieces += self.element(element)
        return pieces

    def element(self, element: Element) -> list[Piece]:
        make: Any = _MAKERS.get(element.name)
        if make is None:
            return []
        found: list[Piece] = make(self, element)
        return found

    def affixed(self, element: Element, piece: Piece) -> Piece:
        """The piece with the affixes of its element."""
        get = element.attributes.get
        if get("quotes") == "true" or _changes_text(element):
            raise _Unknown
        prefix, suffix = get("prefix", ""), get("suffix", "")
        if self.brackets and "(" in prefix:
            raise _Unknown
        return [prefix, *piece, suffix]

    def formatted(self, element: Element, piece_of: Callable[[Context], Out | None]) -> Piece:
        """What an element makes of the text of an item."""
        is_quoted = element.get("quotes") == "true"
        marks = not self.sorting
        if is_quoted and marks:
            raise _Unknown
        if not (is_quoted or _changes_text(element)):
            return self.affixed(element, [lambda ctx: literal(piece_of(ctx) or "", marks=marks) or ""])
        wrap = self.compiler.wrap(element)
        assert wrap is not None

        def text(ctx: Context) -> str:
            piece = piece_of(ctx)
            if piece is None or literal(piece, marks=marks) is None:
                return ""
            return literal(wrap(ctx, piece), marks=marks) or ""

        return [text]

    def words(self, element: Element, text: str) -> list[Piece]:
        piece = term_piece(text)
        self.term = True
        if _changes_text(element):
            return [self.formatted(element, lambda _: piece)]
        spelled = literal(piece)
        if not spelled:
            raise _Unknown
        return [self.affixed(element, [spelled])]

    # structure

    def group(self, element: Element) -> list[Piece]:
        pieces = self.grouped(element.children)
        return [self.affixed(element, _joined(pieces, element.get("delimiter")))] if pieces else []

    def grouped(self, elements: Sequence[Element]) -> list[Piece]:
        """The pieces of a group or macro; none where it calls variables and all are empty."""
        tried, hit, term = self.tried, self.hit, self.term
        self.tried = self.hit = self.term = False
        pieces = self.sequence(elements)
        if not (self.hit or (self.term and not self.tried)):
            pieces = []
        self.hit = bool(pieces) or hit or self.hit
        self.tried = self.tried or tried
        self.term = term
        return pieces

    def macro(self, name: str) -> list[Piece]:
        outer, self.substituting = self.substituting, None
        pieces = self.grouped(self.compiler.style.macros[name].children)
        self.substituting = outer
        return [_joined(pieces, "")] if pieces else []

    def choose(self, element: Element) -> list[Piece]:
        for branch in element.children:
            if not self.takes(branch):
                continue
            if self.substituting is None:
                return self.sequence(branch.children)
            for child in branch.children:  # each is a substitute itself
                if pieces := self.element(child):
                    return pieces
            return []
        return []

    def takes(self, branch: Element) -> bool:
        if branch.name == "else":
            return True
        known = self.speller.judgements
        judgement = known.get(id(branch))
        if judgement is None:
            in_list = self.compiler.place.area == "bibliography"
            judgement = known[id(branch)] = Judgement(
                branch, self.compiler.traits.facts, in_list=in_list, compared=not self.sorting
            )
        self.asked |= judgement.asked
        verdict = judgement.of(self._facts)
        if verdict is None:
            raise _Unknown
        return verdict

    # text and numbers

    def text(self, element: Element) -> list[Piece]:
        get = element.attributes.get
        if (variable := get("variable")) is not None:
            return self.variable(element, variable.strip())
        if (macro := get("macro")) is not None:
            return [self.affixed(element, piece) for piece in self.macro(macro)]
        if (term := get("term")) is not None:
            value = self.compiler.locale.term(term, get("form", "long"), plural=get("plural") == "true") or ""
        else:
            value = get("value", "")
        return self.words(element, value) if value else []

    def variable(self, element: Element, variable: str) -> list[Piece]:
        if variable in _OF_THE_PLACE:
            return self.of_the_place(element, variable)
        if variable in AS_NUMBER:
            return self.number_variable(variable)
        if variable in SPELLINGS or (self.compiler.links and variable in _LINKED):
            raise _Unknown
        names = [variable]
        if element.get("form") == "short":
            if variable == "URL" or self.compiler.abbreviations:
                raise _Unknown
            if not variable.endswith("-short"):
                names.insert(0, f"{variable}-short")
        self.tried = True
        name = next((name for name in names if self.has(name)), None)
        if name is None or variable in self.done or variable.removesuffix("-short") in self.done:
            return []
        self.use(variable)
        return [self.formatted(element, lambda ctx: ctx.item.pieces.get(name))]

    def of_the_place(self, element: Element, variable: str) -> list[Piece]:
        """What a cite that is only compared doesn't have, nor an entry that has no place yet.

        A year-suffix counts as printed all the same.
        """
        if variable == "citation-label" or self.is_cite:
            raise _Unknown
        if variable == "first-reference-note-number" and not self.sorting:
            raise _Unknown
        if variable == "citation-number" and self.sorting:
            self.hit = True
            return [self.affixed(element, [lambda ctx: f"{ctx.number:08d}" if ctx.number else ""])]
        if variable == "year-suffix":
            self.hit = True
        else:
            self.tried = True
        return []

    def number(self, element: Element) -> list[Piece]:
        variable = element.get("variable")
        if variable in ("citation-number", "locator"):
            return self.of_the_place(element, variable)
        return self.number_variable(variable)

    def number_variable(self, variable: str) -> list[Piece]:
        if variable in _OF_THE_PLACE:
            raise _Unknown
        self.tried = True
        if not self.has(variable) or variable in self.done:
            return []
        if not self.sorting:
            raise _Unknown
        self.use(variable)

        def number(ctx: Context) -> str:
            text = ctx.item.text.get(variable, "")
            return text.zfill(8) if text.isdigit() else text

        return [[number]]

    def label(self, element: Element) -> list[Piece]:
        variable = element.get("variable")
        if self.has(variable) or variable in ("citation-number", "first-reference-note-number"):
            raise _Unknown
        if variable == "locator" and self.is_cite:
            raise _Unknown
        return []

    def use(self, variable: str) -> None:
        self.hit = True
        if self.in_substitute:
            self.done.add(variable)

    # dates

    def date(self, element: Element) -> list[Piece]:
        variable = element.get("variable").strip()
        self.tried = True
        if not self.has(variable):
            return []
        parts, delim = self.compiler.date_parts(element)
        names = frozenset(part.name for part in parts)
        if self.sorting:
            self.hit = True
            return [[lambda ctx: date_key(date, names) if (date := ctx.item.dates.get(variable)) else ""]]
        if variable in self.done or variable == "accessed":
            return []
        self.use(variable)
        locale = self.compiler.locale
        is_year = len(parts) == 1 and parts[0].name == "year" and parts[0].is_plain

        def date(ctx: Context) -> str:
            found = ctx.item.dates.get(variable)
            if found is None:
                return ""
            if is_year and (year := plain_year(found)):
                return year
            texts = [literal(piece) for piece in render_parts(parts, found, locale, "", delim)]
            return "" if None in texts or "" in texts else delim.join(texts)  # type: ignore[arg-type] # no None left

        return [self.affixed(self.compiler.as_localized(element), [date])]

    # names

    def names(self, element: Element, parent: Element | None = None) -> list[Piece]:
        found = [name for name in element.get("variable").split() if self.has(name) and name not in self.done]
        self.tried = True
        if parent is None and self.substituting is not None:  # in a group or choose of cs:substitute
            if found or self.substituted or element.children:
                raise _Unknown
            return []
        if not found:
            return self.substitutes(element)
        listing = self.listing(element, parent)
        if (len(found) == 2 and listing.pair_term) or listing.label is not None:
            raise _Unknown
        pieces = self.counted(listing, found) if listing.counts else self.listed(listing, found)
        return [self.affixed(listing.formatting, _joined(pieces, listing.delim))]

    def listing(self, element: Element, parent: Element | None) -> Listing:
        known = self.speller.listings
        key = (id(element), id(parent))
        if key not in known:
            known[key] = Listing(self.compiler, element, parent)
        return known[key]

    def counted(self, listing: Listing, found: list[str]) -> list[Piece]:
        self.hit = True
        options = listing.options

        def count(ctx: Context) -> str:
            names = ctx.item.names
            number = sum(names_shown(len(names.get(variable, ())), options, ctx) for variable in found)
            return (f"{number:06d}" if options.sorting else str(number)) if number else ""

        return [[count]]

    def listed(self, listing: Listing, found: list[str]) -> list[Piece]:
        pieces: list[Piece] = []
        for variable in found:
            part = NameSpelling(variable, listing.options, listing.terms, self.compiler.name_texts, len(self.lists))
            self.lists.append(part)
            pieces.append([part])
        for variable in found:
            self.use(variable)
        self.substituted = self.in_substitute > 0
        return pieces

    def substitutes(self, element: Element) -> list[Piece]:
        substitute = element.first("substitute")
        if substitute is None:
            return []
        outer, self.substituting = self.substituting, element
        self.in_substitute += 1
        tried, hit, term, substituted = self.tried, self.hit, self.term, self.substituted
        pieces: list[Piece] = []
        for child in substitute.children:
            self.hit = self.substituted = False
            pieces = self.names(child, element) if child.name == "names" else self.element(child)
            if pieces:
                self.hit = self.hit or hit
                break
            self.tried, self.hit, self.term, self.substituted = tried, hit, term, substituted
            if child.name == "text" and self.compiler.locale.term(child.get("term"), child.get("form", "long")) == "":
                break  # a term that is defined as empty is a substitute all the same
        self.in_substitute -= 1
        self.substituting = outer
        return [_joined(pieces, "")] if pieces else []


def _changes_text(element: Element) -> bool:
    """Whether text-case or strip-periods change the characters of an element."""
    get = element.attributes.get
    return get("text-case", "normal") not in ("normal", "") or get("strip-periods") == "true"


def _joined(pieces: Sequence[Piece], delim: str) -> Piece:
    """The pieces in one, with what is between them; words that meet are one part."""
    parts: Piece = []
    for number, piece in enumerate(pieces):
        for part in [delim, *piece] if number else piece:
            if part.__class__ is not str:
                parts.append(part)
            elif part:
                if parts and parts[-1].__class__ is str:
                    parts[-1] += part
                else:
                    parts.append(part)
    return parts


_MAKERS: Final = {
    "text": _Walk.text, "group": _Walk.group, "choose": _Walk.choose, "names": _Walk.names, "date": _Walk.date,
    "number": _Walk.number, "label": _Walk.label,
}  # fmt: skip
