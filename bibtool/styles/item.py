"""A record as the compiled style reads it: pieces of output by variable, people, dates."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name
from bibtool.model.particles import with_particles
from bibtool.model.vocabulary import VARIABLES
from bibtool.styles.fieldtext import affix_piece, has_marks, piece_of, string_piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        if name.given and name.family and (name.family[0].islower() or " " in name.given):
            name = with_particles(name)
        self.raw = name
        self.language = language
        self.literal: Out = affix_piece(name.literal) if name.literal else ""
        self.family: Out = affix_piece(_unquoted(name.family)) if name.family else ""
        self.given = name.given
        self.dropping = name.dropping_particle
        self.non_dropping = name.non_dropping_particle
        self.suffix = name.suffix
        self.comma_suffix = name.comma_suffix
        self.order = _order(name, language)
        parts = name.literal or name.dropping_particle or name.non_dropping_particle or name.suffix
        self.is_simple = self.order == GIVEN_FAMILY and bool(name.family) and not parts
        self.cache: dict[object, Out] = {}
        self.initial_key = ""


class Shared:
    """What the items of a list share: persons by name and language of the item, texts without marks, what is where.

    Readers give names that are written alike as one object, so that it is looked up by that first: to compare all parts
    of a name takes longer.
    """

    __slots__ = ("_by_name", "_by_object", "_names", "layouts", "plain")

    def __init__(self) -> None:
        self._by_name: dict[tuple[Name, str], Person] = {}
        self._by_object: dict[str, dict[int, Person]] = {}
        self._names: list[Name] = []  # those of which the address is known, so that they stay
        self.plain = _Plain()
        self.layouts = _Layouts()

    def people(self, names: Names, language: str) -> tuple[Person, ...]:
        """The persons of a list; none for a name without parts."""
        known = self._by_object.get(language)
        if known is None:
            known = self._by_object[language] = {}
        try:
            found = tuple(map(known.__getitem__, map(id, names.names)))
        except KeyError:  # of a name that is new, or has no parts
            persons = [known.get(id(name)) or self._new(name, language, known) for name in names.names]
            found = tuple([person for person in persons if person is not None])
        if found and names.truncated:
            return (*found, Person(Name(literal="\0"), ""))
        return found

    def _new(self, name: Name, language: str, known: dict[int, Person]) -> Person | None:
        if not (name.family or name.literal or name.given):
            return None
        # the hash of a name takes as long as to make the person, which is hardly ever there already
        person = self._by_name.setdefault((name, language), Person(name, language))
        known[id(name)] = person
        self._names.append(name)
        return person


class _Plain(dict[tuple[object, ...], "str | None"]):
    """The nodes of a text -> the text, if it is a piece of output as it is; "" for white space, None for any other."""

    __slots__ = ()

    def __missing__(self, nodes: tuple[object, ...]) -> str | None:
        text = nodes[0] if len(nodes) == 1 else None
        piece = None if not isinstance(text, str) or has_marks(text) else "" if text.isspace() else text
        self[nodes] = piece
        return piece


class _Layout(NamedTuple):
    """The variables of an item by kind, and its shape if all of them are filled."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    verbatims: tuple[str, ...]
    names: tuple[str, ...]
    dates: tuple[str, ...]
    shape: str
    filled: int


class _Layouts(dict[tuple[str, ...], _Layout]):
    """Type and variables of a record -> what is where."""

    __slots__ = ()

    def __missing__(self, head: tuple[str, ...]) -> _Layout:
        record_type, *variables = head
        filled = {*variables, "page-first"} if "page" in variables else set(variables)

        def of(kind: str) -> tuple[str, ...]:
            return tuple([variable for variable in variables if VARIABLES[variable] == kind])

        shape = _shape(record_type, filled)
        layout = _Layout(of("text"), of("number"), of("verbatim"), of("names"), of("date"), shape, len(filled))
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


def _read_texts(
    variables: Mapping[str, Any],
    texts: tuple[str, ...],
    numbers: tuple[str, ...],
    verbatims: tuple[str, ...],
    pieces: dict[str, Out],
    plain: _Plain,
) -> dict[str, str]:
    """The plain characters of the variables that have a piece of output, which is put into ``pieces``."""
    other: dict[str, str] = {}  # texts that are not their pieces
    for variable in texts:
        ready = plain[variables[variable].nodes]
        if ready:
            pieces[variable] = ready
        elif ready is None:
            piece = piece_of(variables[variable])
            if not isinstance(piece, str) or piece.strip():
                pieces[variable] = piece
                other[variable] = variables[variable].plain()
    for variable in numbers:
        text = variables[variable].text
        ready = plain[(text,)]
        if ready:
            pieces[variable] = ready
        elif ready is None:
            pieces[variable] = string_piece(text)
            other[variable] = text
    for variable in verbatims:
        text = variables[variable].text
        if text.strip():
            pieces[variable] = text
    all_texts: dict[str, str] = {**pieces, **other} if other else pieces  # type: ignore[dict-item, assignment]
    if "page" in pieces and "page-first" not in pieces and (first := _first_page(all_texts["page"].strip())):
        all_texts["page-first"] = pieces["page-first"] = first
    return all_texts


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
        texts, numbers, verbatims, names, dates, shape, filled = layout
        self.record = record
        self.marks = marks
        self.id = record.key
        self.type = record.type
        self._facts: frozenset[Fact] | None = None
        language = ""
        if "language" in verbatims:
            language = str(variables["language"]).strip().lower().replace("_", "-")
        self.language = language
        pieces: dict[str, Out] = {}
        self.pieces = pieces
        self.text = _read_texts(variables, texts, numbers, verbatims, pieces, shared.plain)
        people_of: dict[str, tuple[Person, ...]] = {}
        for variable in names:
            if people := shared.people(variables[variable], language):
                people_of[variable] = people
        self.names = people_of
        self.dates: dict[str, Date] = {}
        is_certain = True
        for variable in dates:
            date = variables[variable]
            if date.start or date.end or date.literal:
                self.dates[variable] = date
                if date.circa or date.uncertain:
                    is_certain = False
        if is_certain and len(pieces) + len(people_of) + len(self.dates) == filled:
            self.shape = shape
        else:
            # what is in text is in pieces
            self.shape = _shape(self.type, (*pieces, *people_of, *self.dates), self._uncertain())

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
