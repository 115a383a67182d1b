"""A record as the compiled style reads it: pieces of output by variable, people, dates."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, TypeAlias

from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.particles import with_particles
from bibtool.model.richtext import Text
from bibtool.styles.fieldtext import affix_piece, piece_of, string_piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.model.record import Record
    from bibtool.styles.namemarks import NameMarks
    from bibtool.styles.rich import Out

# Scripts whose names are written given name first: Latin, Greek, Cyrillic, Hebrew, Arabic, Thai ("Name-part Order").
_ALPHABETIC = lazy_pattern(
    "[&a-zA-Z\u0e01-\u0e5b\u00c0-\u024f\u0370-\u052f\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u1e00-\u1fff\u200c-\u200e\u202a-\u202e]"
)

_BEHIND_FIRST = lazy_pattern(r"\s*(?:[-\u2013\u2014]|&|,)")  # the page

Fact: TypeAlias = "str | tuple[str, str]"

OTHER_SPELLINGS = {"container-title-short": "journalAbbreviation", "title-short": "shortTitle"}


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


class People:
    """The persons of a list, by name and language of the item.

    Readers give names that are written alike as one object, so that it is looked up by that first: to compare all parts
    of a name takes longer.
    """

    __slots__ = ("_by_name", "_by_object")

    def __init__(self) -> None:
        self._by_name: dict[tuple[Name, str], Person] = {}
        self._by_object: dict[tuple[int, str], tuple[Name, Person]] = {}  # the names are there so that they stay

    def of(self, name: Name, language: str) -> Person | None:
        """The person; None for a name without parts."""
        found = self._by_object.get((id(name), language))
        if found is not None:
            return found[1]
        if not (name.family or name.literal or name.given):
            return None
        person = self._by_name.get((name, language))
        if person is None:
            person = self._by_name[name, language] = Person(name, language)
        self._by_object[id(name), language] = name, person
        return person


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


class Item:
    """A record prepared for rendering. ``text`` holds plain characters, ``pieces`` the output of each variable.

    ``shape`` is a text that is the same for items with the same `facts`. ``people`` collects the persons of a list:
    each of their names is rendered once.
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

    def __init__(self, record: Record, marks: NameMarks | None = None, people: People | None = None) -> None:
        self.record = record
        self.marks = marks
        self.id = record.key
        self.type = record.type
        self.text: dict[str, str] = {}
        self.pieces: dict[str, Out] = {}
        self.names: dict[str, tuple[Person, ...]] = {}
        self.dates: dict[str, Date] = {}
        self._facts: frozenset[Fact] | None = None
        language = record.variables.get("language")
        self.language = str(language).strip().lower().replace("_", "-") if language is not None else ""
        self._read(record.variables, People() if people is None else people)
        filled = {*self.pieces, *self.names, *self.dates}  # what is in text is in pieces
        uncertain = [f"{name}?" for name, date in self.dates.items() if date.circa or date.uncertain]
        self.shape = intern(" ".join((self.type, *sorted(filled), *uncertain)))

    @property
    def facts(self) -> frozenset[Fact]:
        """What a style can decide by: the variables of the item, its type, and which of its dates are uncertain."""
        if self._facts is None:
            uncertain = (("uncertain", name) for name, date in self.dates.items() if date.circa or date.uncertain)
            self._facts = frozenset(
                (*self.pieces, *self.text, *self.names, *self.dates, ("type", self.type), *uncertain)
            )
        return self._facts

    def _read(self, variables: Mapping[str, object], known: People) -> None:
        text, pieces, language = self.text, self.pieces, self.language
        for variable, value in variables.items():
            if isinstance(value, Text):
                piece = piece_of(value)
                if isinstance(piece, str) and not piece.strip():
                    continue
                pieces[variable] = piece
                text[variable] = value.plain()
            elif isinstance(value, Names):
                people = [person for name in value.names if (person := known.of(name, language)) is not None]
                if people:
                    if value.truncated:
                        people.append(Person(Name(literal="\0"), ""))
                    self.names[variable] = tuple(people)
            elif isinstance(value, Date):
                if value.start or value.end or value.literal:
                    self.dates[variable] = value
            else:
                plain = str(value)
                if plain.strip():
                    text[variable] = plain
                    pieces[variable] = string_piece(plain) if isinstance(value, Number) else plain
        for short, other in OTHER_SPELLINGS.items():
            if short not in pieces and other in pieces:
                pieces[short] = pieces[other]
                text[short] = text[other]
        if "page-first" not in text and "page" in text:
            first = _BEHIND_FIRST.split(text["page"].strip(), maxsplit=1)[0]
            if first:
                text["page-first"] = pieces["page-first"] = first

    def is_english(self, style_language: str) -> bool:
        """Whether title case applies ("Non-English Items")."""
        if style_language[:2].lower() == "en" or not style_language:
            return not self.language or self.language.startswith("en")
        return self.language.startswith("en")

    def has(self, variable: str) -> bool:
        """The `variable` condition: any kind of value that is not empty."""
        return variable in self.pieces or variable in self.names or variable in self.dates
