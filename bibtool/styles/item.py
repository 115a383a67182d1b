"""A record as the compiled style reads it: pieces of output by variable, people, dates."""

from __future__ import annotations

from sys import intern

from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name
from bibtool.model.particles import with_particles
from bibtool.model.richtext import Text
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import dataclass
from bibtool.styles.fieldtext import affix_piece, has_marks, piece_of
from bibtool.styles.rich import Node, node_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    from bibtool.model.dates import Date
    from bibtool.model.names import Names
    from bibtool.model.record import Record
    from bibtool.styles.namemarks import NameMarks
    from bibtool.styles.rich import Out

# Scripts whose names are written given name first: Latin, Greek, Cyrillic, Hebrew, Arabic, Thai ("Name-part Order").
_ALPHABETIC = lazy_pattern(
    "[&a-zA-Z\u0e01-\u0e5b\u00c0-\u024f\u0370-\u052f\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u1e00-\u1fff\u200c-\u200e\u202a-\u202e]"
)

_BEHIND_FIRST = lazy_pattern(r"\s*(?:[-\u2013\u2014]|&|,)")  # the page

Fact: TypeAlias = "str | tuple[str, str]"


class Person:
    """One name, its parts made into pieces of output once; shared by the items of a list, and so never changed."""

    __slots__ = (
        "cache",
        "comma_suffix",
        "dropping",
        "family",
        "given",
        "initial_key",
        "is_simple",
        "language",
        "literal",
        "non_dropping",
        "order",
        "raw",
        "suffix",
    )

    def __init__(self, name: Name, language: str = "") -> None:
        family = name.family
        if family and name.given and (family[0].islower() or " " in name.given):
            name = with_particles(name)
            family = name.family
        self.raw = name
        self.language = language
        self.literal: Out = affix_piece(name.literal) if name.literal else ""
        # as of letters alone there is nothing to mark
        self.family: Out = affix_piece(_unquoted(family)) if family and not family.isalpha() else family
        self.given = name.given
        self.dropping = name.dropping_particle
        self.non_dropping = name.non_dropping_particle
        self.suffix = name.suffix
        self.comma_suffix = name.comma_suffix
        self.order = (
            _order(name, language) if language or name.static_ordering or not family.isascii() else GIVEN_FAMILY
        )
        parts = name.literal or name.dropping_particle or name.non_dropping_particle or name.suffix
        self.is_simple = self.order == GIVEN_FAMILY and bool(family) and not parts
        self.cache: dict[object, Out] = {}
        self.initial_key = ""


class Shared:
    """What the items of a list share: persons by name and language of the item, texts without marks, what is where.

    Readers give names that are written alike as one object, so that it is looked up by that first: to compare all parts
    of a name takes longer.
    """

    __slots__ = ("_alike", "_by_object", "_names", "layouts", "pieces")

    def __init__(self) -> None:
        self._alike: dict[tuple[str, str, str], list[tuple[Name, Person]]] = {}
        self._by_object: dict[str, dict[int, Person]] = {}
        self._names: list[Name] = []  # those of which the address is known, so that they stay
        self.pieces = _Pieces()
        self.layouts = _Layouts()

    def known(self, language: str) -> dict[int, Person]:
        """The persons of items in a language by the address of their names."""
        known = self._by_object.get(language)
        if known is None:
            known = self._by_object[language] = {}
        return known

    def people(self, names: Names, language: str) -> tuple[Person, ...]:
        """The persons of a list; none for a name without parts."""
        known = self.known(language)
        persons = [known.get(id(name)) or self._new(name, language, known) for name in names.names]
        found = [person for person in persons if person is not None]
        if found and names.truncated:
            found.append(Person(Name(literal="\0"), ""))
        return tuple(found)

    def _new(self, name: Name, language: str, known: dict[int, Person]) -> Person | None:
        family, given = name.family, name.given
        if not (family or given or name.literal):
            return None
        # hardly ever is there already a name written alike: to hash all its parts takes as long as to make the person
        alike = self._alike.setdefault((family, given, language), [])
        person = next((person for other, person in alike if other == name), None)
        if person is None:
            person = Person(name, language)
            alike.append((name, person))
        known[id(name)] = person
        self._names.append(name)
        return person


class _Pieces(dict["str | tuple[object, ...]", "str | tuple[Out, str]"]):
    """What is printed of a text or number, by its nodes or characters: a text as it is, or a piece with its plain text.

    It is "" for white space. A journal or a publisher is looked at once for all its works, but each item gets nodes of
    its own, since those are changed where output is put together.
    """

    __slots__ = ()

    def __missing__(self, nodes: str | tuple[Any, ...]) -> str | tuple[Out, str]:
        text = nodes if nodes.__class__ is str else nodes[0] if len(nodes) == 1 else None
        made: str | tuple[Out, str]
        if text.__class__ is str and not has_marks(text):
            made = "" if text.isspace() else text
        else:
            whole = Text((nodes,) if isinstance(nodes, str) else nodes)
            piece = piece_of(whole)
            made = (piece, whole.plain()) if not isinstance(piece, str) or piece.strip() else ""
        self[nodes] = made
        return made


@dataclass(frozen=True, slots=True)
class _Layout:
    """The variables of an item by kind, and its shape if all of them are filled."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    verbatims: tuple[str, ...]
    names: tuple[str, ...]
    dates: tuple[str, ...]
    shape: str
    filled: int
    has_language: bool
    has_page: bool


class _Layouts(dict[tuple[str, ...], _Layout]):
    """Type and variables of a record -> what is where."""

    __slots__ = ()

    def __missing__(self, head: tuple[str, ...]) -> _Layout:
        record_type, *variables = head
        filled = {*variables, "page-first"} if "page" in variables else set(variables)

        def of(kind: str) -> tuple[str, ...]:
            return tuple([variable for variable in variables if VARIABLES[variable] == kind])

        shape = _shape(record_type, filled)
        layout = _Layout(
            *(of("text"), of("number"), of("verbatim"), of("names"), of("date")),
            shape=shape,
            filled=len(filled),
            has_language="language" in filled,
            has_page="page" in filled,
        )
        self[head] = layout
        return layout


def _shape(record_type: str, filled: Iterable[str], uncertain: Sequence[str] = ()) -> str:
    return intern(" ".join((record_type, *sorted(filled), *uncertain)))


FAMILY_GIVEN_JOINED = 0  # family name first, no space (Chinese, Japanese, Korean)
FAMILY_GIVEN = 1  # family name first, with a space
GIVEN_FAMILY = 2


def _unquoted(family: str) -> str:
    """The family name without quotation marks, which only say that it must not be parsed."""
    if len(family) > 2 and family[0] == '"' == family[-1]:
        return family[1:-1]
    return family


def _order(name: Name, language: str) -> int:
    if name.literal:
        return GIVEN_FAMILY
    order = GIVEN_FAMILY
    if name.family and not name.family.isascii() and _ALPHABETIC.search(name.family) is None:
        order = FAMILY_GIVEN_JOINED
        if name.given and _ALPHABETIC.match(name.given):
            order = FAMILY_GIVEN
    elif name.static_ordering or language[:2] in ("zh", "ja") or language in ("vi", "hu"):
        order = FAMILY_GIVEN
    return order


def _first_page(pages: str) -> str:
    first, _, _ = pages.partition("-")
    return first if first.isalnum() else _BEHIND_FIRST.split(pages, maxsplit=1)[0]


class Item:
    """A record prepared for rendering. ``text`` holds plain characters, ``pieces`` the output of each variable.

    ``shape`` is a text that is the same for items with the same `facts`. ``shared`` has what the items of a list
    share: each of their names is rendered once.
    """

    __slots__ = (
        "_facts",
        "dates",
        "id",
        "language",
        "marks",
        "names",
        "pieces",
        "record",
        "shape",
        "text",
        "type",
    )

    def __init__(self, record: Record, marks: NameMarks | None = None, shared: Shared | None = None) -> None:
        if shared is None:
            shared = Shared()
        variables: Mapping[str, Any] = record.variables  # each is of the class that goes with its kind
        layout = shared.layouts[(record.type, *variables)]
        self.record = record
        self.marks = marks
        self.id = record.key
        self.type = record.type
        self._facts: frozenset[Fact] | None = None
        language = ""
        if layout.has_language:
            language = str(variables["language"]).strip().lower().replace("_", "-")
        self.language = language
        pieces: dict[str, Out] = {}
        self.pieces = pieces
        plain: dict[str, str] = {}  # of those that are not their pieces
        known = shared.pieces
        printed = [(variable, variables[variable].nodes) for variable in layout.texts]
        printed += [(variable, variables[variable].text) for variable in layout.numbers]
        for variable, content in printed:
            piece = known[content]
            if piece.__class__ is str:
                if piece:
                    pieces[variable] = piece
            else:
                node, plain[variable] = piece  # type: ignore[str-unpack] # mypy does not narrow by __class__
                pieces[variable] = (
                    node_of([*node.kids]) if node.__class__ is Node else node
                )  # nodes change, spans don't
        for variable in layout.verbatims:
            text = variables[variable].text
            if text.strip():
                pieces[variable] = text
        texts: dict[str, str] = {**pieces, **plain} if plain else pieces  # type: ignore[dict-item, assignment] # what is no text is in plain
        if layout.has_page and "page" in pieces and "page-first" not in pieces:
            page = texts["page"]
            first = page if page.isalnum() else _first_page(page.strip())
            if first:
                texts["page-first"] = pieces["page-first"] = first
        self.text = texts
        people_of: dict[str, tuple[Person, ...]] = {}
        if layout.names:
            persons = shared.known(language)
            for variable in layout.names:
                value = variables[variable]
                try:
                    people = tuple([persons[id(name)] for name in value.names])
                except KeyError:
                    people = ()
                if not people or value.truncated:
                    people = shared.people(value, language)
                if people:
                    people_of[variable] = people
        self.names = people_of
        dates: dict[str, Date] = {}
        is_certain = True
        for variable in layout.dates:
            date = variables[variable]
            if date.start or date.end or date.literal:
                dates[variable] = date
                if date.circa or date.uncertain:
                    is_certain = False
        self.dates = dates
        if is_certain and len(pieces) + len(people_of) + len(dates) == layout.filled:
            self.shape = layout.shape
        else:
            # what is in text is in pieces
            self.shape = _shape(self.type, (*pieces, *people_of, *dates), self._uncertain())

    def _uncertain(self) -> list[str]:
        return [f"{name}?" for name, date in self.dates.items() if date.circa or date.uncertain]

    @property
    def facts(self) -> frozenset[Fact]:
        """What a style can decide by: the variables of the item, its type, and which of its dates are uncertain."""
        if self._facts is None:
            uncertain = (("uncertain", name) for name, date in self.dates.items() if date.circa or date.uncertain)
            self._facts = frozenset(
                (*self.pieces, *self.text, *self.names, *self.dates, ("type", self.type), *uncertain)
            )
        return self._facts

    def is_english(self, style_language: str) -> bool:
        """Whether title case applies ("Non-English Items")."""
        if style_language[:2].lower() == "en" or not style_language:
            return not self.language or self.language.startswith("en")
        return self.language.startswith("en")

    def has(self, variable: str) -> bool:
        """The `variable` condition: any kind of value that is not empty."""
        return variable in self.pieces or variable in self.names or variable in self.dates
