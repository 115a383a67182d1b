"""Short forms of given names: Bob for Robert. No spelling, so that the judge takes them for other names. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bibtool.model.works.people import Person

# full names and their short forms that do not begin alike, or may be taken for other names
_SHORT_FORMS: Final = {
    short: frozenset(full.split())
    for full, shorts in (
        line.split(": ")
        for line in (
            "alexander alexandra: alex sasha sandra|andrew andreas: andy drew|anthony antonio: tony|benjamin: ben|"
            "charles: charlie chuck|christopher christian christine: chris|daniel daniela: dan danny|david: dave|"
            "deborah: debbie deb|donald: don|edward eduardo: ed eddie ted|elizabeth: liz beth betty eliza lisa|"
            "francis francisco franklin: frank paco|gerald gerard: jerry gerry|gregory: greg|henry: harry hank|"
            "james: jim jimmy jamie|jeffrey: jeff|jennifer: jen jenny|john: jack johnny|jonathan: jon|"
            "joseph: joe|katherine catherine kathleen: kate kathy cathy katie|kenneth: ken|lawrence: larry|"
            "leonard leonardo: len leo|margaret: maggie peggy meg|matthew: matt|michael: mike mick|"
            "nicholas: nick nico|patricia patrick: pat|peter: pete|philip phillip: phil|rebecca: becky|"
            "richard: rick dick rich|robert roberto: bob rob bobby|ronald: ron|samuel samantha: sam|"
            "stephen steven: steve|"
            "susan susanne: sue|theodore: ted|thomas: tom|timothy: tim|victoria: vicky|vincent: vince|walter: walt|"
            "william: bill will|zachary: zach"
        ).split("|")
    )
    for short in shorts.split()
}  # fmt: skip


def is_short_form(person: Person, other: Person) -> bool:
    """Whether one of two people of the same family name has a short form of the other's given name."""
    if person.family != other.family or not person.given or not other.given:
        return False
    first, second = person.given[0], other.given[0]
    if second not in _SHORT_FORMS.get(first, ()) and first not in _SHORT_FORMS.get(second, ()):
        return False
    middle = zip(person.given[1:], other.given[1:], strict=False)
    return all(mine.startswith(theirs) or theirs.startswith(mine) for mine, theirs in middle)
