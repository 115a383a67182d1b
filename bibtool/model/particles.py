"""Particles and suffixes inside the given or family name ("Names": particles; CSL-JSON `parse-names`).

Data of reference managers has them there ("van der Berg", "Antoine de la", "John, Jr."), though CSL has parts of
their own for them. Words of a family name are split off by the readers, as BibTeX's rule has it; what is joined to the
family name, or after the given name, only where a name is formatted, as formats without such parts keep it together.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from bibtool.model.names import Name

# Words in small letters behind a given name that belong to the family name; other such words are given names.
_BEHIND: Final = frozenset(
    """
    's 't af al am an auf av ben bin bint d' da dal dalla das de degli dei del dela della delle delli dello dem den
    der des di do don dos du d’ e el het ibn il im in la las le les lo los op s' t' te ten ter thoe til to tot uit
    und v. van vande vanden vander vom von vor y zu zum zur
    """.split()
)
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_JOINED = lazy_pattern("[^\\W\\d_]{1,5}['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}-](?=[^\\W\\d_])")


def split_family(family: str) -> tuple[str, str]:
    """The words in small letters that a family name begins with, and the rest of it.

    A name that has no capital letter is left as it is: somebody typed it without any.
    """
    if " " not in family or not family.lstrip(_APOSTROPHES)[:1].islower():
        return "", family
    words = family.split(" ")
    at = 0
    while at < len(words) - 1 and words[at].lstrip(_APOSTROPHES)[:1].islower():
        at += 1
    if words[-1].islower() and not all(word in _BEHIND for word in words[:at]):
        return "", family
    return " ".join(words[:at]), " ".join(words[at:])


def split_person(name: Name) -> Name:
    """The name with leading particles of the family name, and a suffix after the given name, as parts of their own.

    Names that have a particle already, lone names and names in quotation marks stay as they are.
    """
    family, given, suffix, particle = name.family, name.given, name.suffix, name.non_dropping_particle
    if not family or not given or (" " not in family and "," not in given):
        return name
    comma = name.comma_suffix
    if not particle:
        particle, family = split_family(family)
    if not suffix and "," in given:
        bare, _, behind = given.partition(",")
        if bare.strip() and behind.strip(" !"):
            comma = comma or behind.startswith("!")
            given, suffix = bare.strip(), behind.lstrip("!").strip()
    if family == name.family and given == name.given:
        return name
    return replace(name, family=family, given=given, suffix=suffix, non_dropping_particle=particle, comma_suffix=comma)


def with_particles(name: Name) -> Name:
    """The name for formatting: particles joined to the family name, and those after the given name, split off.

    "d'Alembert", "al-Farabi"; given "Antoine de la". What is in parts already is left alone.
    """
    family, given = name.family, name.given
    if not family or not given or name.non_dropping_particle:
        return name
    if family[0].islower() and (joined := _JOINED.match(family)) and family[joined.end()].isupper():
        name = replace(name, non_dropping_particle=joined[0], family=family[joined.end() :])
    if name.dropping_particle or " " not in given or given[-1].isupper():
        return name
    words = given.split(" ")
    at = len(words)
    while at > 1 and words[at - 1] in _BEHIND:
        at -= 1
    if at == len(words):
        return name
    return replace(name, given=" ".join(words[:at]), dropping_particle=" ".join(words[at:]))
