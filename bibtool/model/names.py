"""Personal and organisational names, in the parts that CSL 1.0.2 gives them ("Names", CSL-JSON `name-variable`)."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass, open_twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name: either a person in parts, or ``literal`` (an organisation, or a name that must not be split).

    ``homonym`` is DBLP's number for one of several namesakes (``Wei Wang 0001``), never part of the name. ``orcid`` is
    the bare ORCID iD (``0000-0002-1825-0097``). ``marks`` are properties of this person in this list: ``equal``,
    ``corresponding``, ``student`` or a word of the user's own; they are never characters of the name.
    """

    family: str = ""
    given: str = ""
    dropping_particle: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    comma_suffix: bool = False
    static_ordering: bool = False
    literal: str = ""
    homonym: str = ""
    orcid: str = ""
    marks: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Name:
        """The name that running text or an index says; see `parse_name`.

        >>> Name.parse("Ludwig van Beethoven").inverted()
        'van Beethoven, Ludwig'
        >>> Name.parse("Doe, Jane").given
        'Jane'
        """
        return parse_name(text)

    @property
    def is_literal(self) -> bool:
        """True for organisations and other names that are not split."""
        return bool(self.literal)

    def display(self) -> str:
        """The name as one reads it out: given, particles, family, suffix."""
        if self.literal:
            return self.literal
        parts = (self.given, self.dropping_particle, self.non_dropping_particle, self.family)
        text = _glue(parts)
        if self.suffix:
            text += (", " if self.comma_suffix else " ") + self.suffix
        return text

    def inverted(self) -> str:
        """The name for an index: ``van Beethoven, Ludwig``; a literal stays as it is."""
        if self.literal:
            return self.literal
        family = _glue((self.non_dropping_particle, self.family))
        given = _glue((self.given, self.dropping_particle))
        return ", ".join(part for part in (family, given, self.suffix) if part)


def _glue(parts: tuple[str, ...]) -> str:
    """Join with spaces, but without one after an elided particle (``d'Alembert``)."""
    text = ""
    for part in parts:
        if not part:
            continue
        if text and not text.endswith(("'", "\N{RIGHT SINGLE QUOTATION MARK}", "-")):
            text += " "
        text += part
    return text


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names; ``truncated`` says that the source ended in "et al." or "and others".

    ``marks`` hold of the whole list: ``alphabetical`` says that the order of the names means nothing.
    """

    names: tuple[Name, ...] = ()
    truncated: bool = False
    marks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Name]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __bool__(self) -> bool:
        return bool(self.names) or self.truncated

    def __getitem__(self, index: int) -> Name:
        return self.names[index]

    def in_brief(self) -> str:
        """``Roe``, ``Roe and Doe``, ``Roe et al.``, as in a citation; "" without names."""
        families = [name.literal or name.family for name in self.names]
        return f"{families[0]} et al." if len(families) > 2 or (families and self.truncated) else " and ".join(families)

    def first_three(self) -> str:
        """``Roe, Doe, Poe et al.``, as in a table; "" without names."""
        families = [name.literal or name.family for name in self.names]
        return ", ".join(families[:3]) + (" et al." if self.truncated or len(families) > 3 else "")


_OpenName = open_twin(Name)
_OpenNames = open_twin(Names)


def name_of(family: str, given: str) -> Name:
    """What ``Name(family=family, given=given)`` gives, at a third of the cost: readers make one for each person."""
    made = _OpenName()
    made.family = family
    made.given = given
    made.dropping_particle = made.non_dropping_particle = made.suffix = ""
    made.literal = made.homonym = made.orcid = ""
    made.comma_suffix = made.static_ordering = False
    made.marks = ()
    made.__class__ = Name
    name: Name = made
    return name


def names_of(people: tuple[Name, ...]) -> Names:
    """What ``Names(people)`` gives, at half the cost: readers make one for each list."""
    made = _OpenNames()
    made.names = people
    made.truncated = False
    made.marks = ()
    made.__class__ = Names
    names: Names = made
    return names


# Lower-case words that belong to the family name in running text. A word in lower case before the last one is taken
# as a particle whatever it is (BibTeX's rule); this list is for words that some people write with a capital.
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})

_ORGANISATION = lazy_pattern(
    r"(?:^the\s)|\b(?:collaborations?|consortium|team|group|university|universit\S*|institut\S*|laborator\S+|agency|"
    r"association|committee|society|council|foundation|department|ministry|organi[sz]ation|project|network|"
    r"corporation|inc\.?|gmbh|ltd\.?|observatory|survey|federation|commission|union|contributors|authors|"
    r"working\s+group)(?:$|\W)",
    re.IGNORECASE,
)

_HOMONYM = lazy_pattern(r"\s+(\d{4})$")


def looks_like_organisation(text: str) -> bool:
    """True if the words are those of an organisation: ``The LIGO Scientific Collaboration``, ``OpenAI Team``."""
    return bool(_ORGANISATION.search(text))


def parse_name(text: str) -> Name:
    """One name as running text writes it, given name first (``Ludwig van Beethoven``, ``Martin L. King Jr.``).

    With a comma the family name comes first (``Bruna, Joan``; ``King, Jr., Martin``). Organisations become literals.
    A single word is a family name. Empty text gives an empty name. Never raises.
    """
    text = " ".join(text.split())
    homonym = ""
    if number := _HOMONYM.search(text):
        homonym, text = number[1], text[: number.start()]
    if not text:
        return Name(homonym=homonym)
    if looks_like_organisation(text):
        return Name(literal=text, homonym=homonym)
    if "," in text:
        return _parse_inverted(text, homonym)
    words = text.split(" ")
    suffix = ""
    if len(words) > 2 and words[-1].casefold() in _SUFFIXES:
        suffix = words.pop()
    if len(words) == 1:
        return Name(family=words[0], suffix=suffix, homonym=homonym)
    first_particle = len(words) - 1
    while first_particle > 1 and _is_particle(words[first_particle - 1]):
        first_particle -= 1
    # "Ludwig van Beethoven": van; "Maria de la Cruz Garcia": the lower-case run need not touch the last word
    for index in range(1, first_particle):
        if _is_particle(words[index]):
            first_particle = index
            break
    end_of_particle = first_particle
    while end_of_particle < len(words) - 1 and _is_particle(words[end_of_particle]):
        end_of_particle += 1
    return Name(
        given=" ".join(words[:first_particle]),
        non_dropping_particle=" ".join(words[first_particle:end_of_particle]),
        family=" ".join(words[end_of_particle:]),
        suffix=suffix,
        homonym=homonym,
    )


def _parse_inverted(text: str, homonym: str) -> Name:
    parts = [part.strip() for part in text.split(",")]
    family, given, suffix = parts[0], parts[-1] if len(parts) > 1 else "", ""
    if len(parts) > 2:
        suffix = parts[1]
        if given.casefold() in _SUFFIXES:  # "King, Martin Luther, Jr."
            given, suffix = suffix, given
    words = family.split(" ")
    at = 0
    while at < len(words) - 1 and _is_particle(words[at]):
        at += 1
    return Name(
        given=given,
        non_dropping_particle=" ".join(words[:at]),
        family=" ".join(words[at:]),
        suffix=suffix,
        homonym=homonym,
    )


def _is_particle(word: str) -> bool:
    first = next((char for char in word if char.isalpha()), "")
    return first.islower()
