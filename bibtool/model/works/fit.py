"""How well a name fits a person's spelling of it.

The family name must be the same. Given names are compared word by word: two full words must be equal, an initial fits a
word that begins with it. What the name leaves out does not contradict; an additional word makes it doubtful; a
different word is another person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from bibtool.model.works.spelling import PARTICLES, Spelling, Word, joined, spellings_of
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.model.names import Name


class Answer(StrEnum):
    """Whether a name is the person's."""

    YES = "yes"
    DOUBTFUL = "doubtful"
    NO = "no"


# strength: the tens say of which sort the fit is, the units how many given names agree
NUMBERED = 60  # the same DBLP number
EXACT = 50
FULL = 40
FAMILY_FIRST = 30
INITIALS = 20
INITIALS_BEHIND = 15  # Bruna J.
LIKELY = 10  # doubtful, though the first name agrees
WEAK = 5


@dataclass(frozen=True, slots=True)
class Fit:
    """How a name fits a spelling; ``same``: word for word; ``rival``: only a middle name speaks against it."""

    answer: Answer = Answer.NO
    strength: int = 0
    reason: str = ""
    same: bool = False
    rival: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """For finding the best fit."""
        return (Answer.NO, Answer.DOUBTFUL, Answer.YES).index(self.answer), self.strength


NO_FIT = Fit()
# particles that are nowhere given names, unlike Van, Le, Ben and Da
_NEVER_GIVEN = frozenset(
    {"de", "del", "della", "dello", "der", "den", "von", "vom", "zu", "zum", "zur", "du", "dos", "das"}
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A spelling that is known to be the person's, split into given and family name.

    ``family`` are the ways to write the family name as one word, ``halves`` those of its parts; ``undivided``: it is
    one word without an inner capital. ``all_given`` are the given names as one word, if none is an initial.
    """

    text: str
    given: tuple[Word, ...]
    family: frozenset[str]
    halves: frozenset[str] = frozenset()
    suffix: str = ""
    homonym: str = ""
    whole: frozenset[str] = frozenset()
    undivided: bool = False
    all_given: frozenset[str] = field(default_factory=frozenset)


def variants_of(spellings: Sequence[Spelling], *, inverted: bool) -> Iterator[Variant]:
    """The variants that a person's spelling stands for; ``inverted``: a comma shows where the family name ends."""
    for spelling in spellings:
        words, at = spelling.words, _with_particles(spelling)
        yield _variant(spelling, at, wide=False)
        if not inverted and all(not word.initial for word in words[1:at]):
            for wider in range(1, at):
                yield _variant(spelling, wider, wide=True)


def _with_particles(spelling: Spelling) -> int:
    """Where the family name begins, a capital particle taken to it (``Juan De La Cruz``, but ``Minh Van Nguyen``)."""
    at = spelling.family_at
    known = [word.text.casefold() for word in spelling.words]
    while at > 1 and known[at - 1] in PARTICLES:
        if at == spelling.family_at and not {known[at - 1], known[at - 2]} & _NEVER_GIVEN:
            break
        at -= 1
    return at


def _variant(spelling: Spelling, at: int, *, wide: bool) -> Variant:
    given, family = spelling.words[:at], spelling.words[at:]
    ways = set(joined(family))
    plain = [word for word in family if word.text.casefold() not in PARTICLES]
    particles = len(family) - len(plain)
    if particles and plain and family[-1] in plain:
        # J. v. Neumann, J. v Neumann
        for dot in (".", ""):
            ways |= joined(
                Word(word.text[:1] + dot, (word.keys[0][:1] + dot,)) if word.text.casefold() in PARTICLES else word
                for word in family
            )
    halves: set[str] = set()
    if len(family) > 1:
        for end in range(1, len(family)):
            halves |= joined(family[:end])
            if not wide:
                halves |= joined(family[end:])
        halves = {half for half in halves - PARTICLES if len(half) > 1 or not half.isascii()}
    return Variant(
        text=spelling.text,
        given=given,
        family=frozenset(ways),
        halves=frozenset(halves - ways),
        suffix=spelling.suffix,
        homonym=spelling.homonym,
        whole=spelling.whole,
        undivided=len(family) == 1 and (family[0].text[1:].islower() or family[0].text.isupper()),
        all_given=joined(given) if given and not any(word.initial for word in given) else frozenset(),
    )


def spelled_out(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The variants with initials replaced by the words of fuller ones: with ``Joan Bruna``, ``J. Bruna`` is Joan.

    Otherwise ``J. Bruna`` in a list of variants would stand for Jordi as well.
    """
    spelled: list[Variant] = []
    for variant in variants:
        fuller = [
            full
            for full in variants
            if variant.given
            and variant.given[0].initial
            and full.given
            and not full.given[0].initial
            and full.family & variant.family
            and _word_fit(variant.given[0], full.given[0]) == "initial"
        ]
        if not fuller:
            spelled.append(variant)
        for full in fuller:
            given = tuple(
                longer if word.initial and longer is not None and _word_fit(word, longer) == "initial" else word
                for word, longer in zip(variant.given, (*full.given, *[None] * len(variant.given)), strict=False)
            )
            whole_given = frozenset[str]() if any(word.initial for word in given) else joined(given)
            spelled.append(replace(variant, given=given, all_given=whole_given))
    return tuple(dict.fromkeys(spelled))


def is_certainly(person: Name, name: Name) -> bool:
    """Whether a name is certainly that of the person, of whom this one spelling is known.

    A number that distinguishes namesakes is another person's unless the person has it.
    """
    if name.homonym and name.homonym != person.homonym:
        return False
    variants = spelled_out(list(variants_of(spellings_of(person), inverted=True)))
    return best_fit(variants, spellings_of(name)).answer is Answer.YES


def best_fit(variants: Sequence[Variant], names: Sequence[Spelling]) -> Fit:
    """The best of all fits; the order of the variants has no influence."""
    fits = [fit(variant, name) for variant in variants for name in names]
    best = max(fits, key=lambda each: (each.rank, each.same, each.reason), default=NO_FIT)
    if best.answer is Answer.DOUBTFUL and best.rival and any(each.answer is Answer.NO and each.rival for each in fits):
        return NO_FIT  # a middle name that is new to one variant contradicts another
    return best


def fit(variant: Variant, name: Spelling) -> Fit:
    """How the name fits this variant, number and suffix included."""
    if variant.homonym and name.homonym and variant.homonym != name.homonym:
        return NO_FIT
    if variant.suffix and name.suffix and variant.suffix != name.suffix:
        return NO_FIT
    best = max(_fits(variant, name), key=lambda candidate: (candidate.rank, candidate.rival), default=NO_FIT)
    if best.answer is Answer.YES and name.suffix and not variant.suffix:
        return _doubt(f"{name.text!r} has a suffix that none of the owner's names has", likely=True)
    if best.answer is Answer.YES and variant.homonym:
        return replace(best, strength=NUMBERED) if name.homonym else replace(best, same=False)
    return best


def _fits(variant: Variant, name: Spelling) -> Iterator[Fit]:
    words, size, claimed = name.words, len(name.words), name.family_at
    if variant.whole & name.whole:
        yield Fit(Answer.YES, EXACT, same=True)
    for start in range(size):
        for end in range(start + 1, size + 1):
            ways = joined(words[start:end])
            if variant.family & ways:
                if end == size:
                    if claimed < start:
                        yield _half(variant, name, words[:claimed])
                    else:
                        yield _if_divided(variant, name, words[start:end], _running(variant, name, words[:start]))
                elif start == 0:
                    yield _family_first(variant, name, words[end:])
                else:
                    yield _half(variant, name, words[:start])
            elif variant.halves & ways and end == size and start in (claimed, size - 1):
                yield _half(variant, name, words[:start])


def _if_divided(variant: Variant, name: Spelling, family: Sequence[Word], result: Fit) -> Fit:
    """The fit; doubtful for initials and a family name that only this name writes as two words (``J. Bru Na``)."""
    if not variant.undivided or len(family) == 1 or result.answer is not Answer.YES or result.strength >= FULL:
        return result
    if family[0].keys[0] in {*PARTICLES, "mc", "mac"} or all(word.hyphen for word in family[1:]):
        return result
    return _doubt(f"the family name in {name.text!r} may be shorter than the owner's")


@dataclass(slots=True)
class _Given:
    """What comparing given names showed; ``no`` where they exclude each other."""

    first: Literal["full", "initial", "open", "middle", "none"] = "none"
    agreeing: int = 0
    kinds: set[str] = field(default_factory=set)
    extra: list[Word] = field(default_factory=list)
    omitted: list[Word] = field(default_factory=list)
    no: bool = False
    contradiction: bool = False


def _running(variant: Variant, name: Spelling, given: Sequence[Word]) -> Fit:
    """Given names in front of the family name."""
    ordinary = _running_given(variant, name, given)
    before = len(given)
    while len(given) > 1 and not given[-1].initial and given[-1].text.casefold() in PARTICLES:
        given = given[:-1]
    # what looks like a particle may be a given name: Minh Van Nguyen
    return ordinary if len(given) == before or ordinary.answer is Answer.YES else _half(variant, name, given)


def _running_given(variant: Variant, name: Spelling, given: Sequence[Word]) -> Fit:
    if not given and not variant.given:
        return Fit(Answer.YES, EXACT, same=True)
    if not variant.given:
        return NO_FIT
    if not given:
        return _doubt(f"{name.text!r} has no given name")
    comparison = _compare(given, variant.given)
    if comparison.no:
        return Fit(rival=comparison.contradiction)
    if comparison.first == "middle":
        return _doubt(f"{name.text!r} leaves out the first name")
    if comparison.extra:
        kind = "initial" if comparison.extra[0].initial else "name"
        place = "first" if comparison.extra[0] is given[0] else "middle"
        reason = f"{name.text!r} has a {place} {kind} that none of the owner's names has"
        return _doubt(reason, rival=True, likely=comparison.first == "full")
    if "open" in comparison.kinds and comparison.first != "full":
        return _doubt(f"none of the owner's names says what {variant.given[0].text!r} in {variant.text!r} stands for")
    if comparison.first == "full" and any(word.hyphen for word in comparison.omitted):
        return _doubt(f"{name.text!r} has only a part of a compound given name", likely=True)
    same = not comparison.omitted and "open" not in comparison.kinds and _same_initials(given, variant.given)
    if comparison.first == "full":
        if not comparison.omitted and comparison.kinds == {"full"}:
            return Fit(Answer.YES, EXACT, same=True)
        return Fit(Answer.YES, FULL + min(comparison.agreeing, 9), same=same)
    return Fit(Answer.YES, INITIALS + min(comparison.agreeing, 9), same=same)


def _family_first(variant: Variant, name: Spelling, rest: Sequence[Word]) -> Fit:
    """``Bruna Joan``, ``Bruna J.M.``: all words in full, or initials after the family name."""
    if not variant.given:
        return NO_FIT
    if variant.all_given and variant.all_given & joined(rest):
        return Fit(Answer.YES, FAMILY_FIRST + min(len(rest), 9))
    result = _running_given(variant, name, rest)
    initials = [word.initial for word in rest]
    if result.answer is Answer.YES:
        if all(initials):
            return Fit(Answer.YES, INITIALS_BEHIND + min(len(rest), 4))
        if not initials[0] and all(initials[1:]) and len(rest) > 1:
            return Fit(Answer.YES, FAMILY_FIRST + min(len(rest), 9))
        return _doubt(f"{name.text!r} may be the family name first, or another person", likely=True)
    # a word in full after it is the family name of somebody whose first name is Bruna
    return result if result.rival and all(initials[1:]) else NO_FIT


def _half(variant: Variant, name: Spelling, given: Sequence[Word]) -> Fit:
    """One family name of two: doubtful with the full first name, another person with initials."""
    if not given or not variant.given:
        return NO_FIT
    comparison = _compare(given, variant.given)
    if comparison.no or comparison.first != "full" or comparison.extra:
        return NO_FIT
    return _doubt(f"the family name in {name.text!r} is not quite the owner's", likely=True)


def _doubt(reason: str, *, rival: bool = False, likely: bool = False) -> Fit:
    return Fit(Answer.DOUBTFUL, LIKELY if likely else WEAK, reason, rival=rival)


def _compare(given: Sequence[Word], known: Sequence[Word]) -> _Given:
    """Word by word, in order; between two words that agree there may be gaps on one side, but not on both."""
    result = _Given()
    at, place = 0, 0
    gap: list[Word] = []
    while at < len(given):
        for start in range(place, len(known)):
            if taken := _take(given, at, known, start):
                break
        else:
            gap.append(given[at])
            at += 1
            continue
        kind, used, consumed = taken
        if not result.kinds:
            result.first = kind if start == 0 else "middle"
        _close(result, gap, known[place:start])
        gap = []
        result.kinds.add(kind)
        result.agreeing += consumed
        at, place = at + used, start + consumed
    _close(result, gap, known[place:])
    if result.first == "none" or (result.first == "middle" and (result.extra or result.kinds == {"open"})):
        # Xuan is not Amy X.: nobody is known by a name of which only the initial is known
        result.no, result.contradiction = True, False
    elif result.extra and result.extra[0] is given[0] and not (result.extra[0].initial and result.first == "full"):
        result.no, result.contradiction = True, False  # Maria Joan is not Joan; M. Joan may be
    return result


def _close(comparison: _Given, gap: Sequence[Word], skipped: Sequence[Word]) -> None:
    if gap and skipped:
        comparison.no = comparison.contradiction = True
    comparison.extra.extend(gap)
    comparison.omitted.extend(skipped)


def _take(
    given: Sequence[Word], at: int, known: Sequence[Word], start: int
) -> tuple[Literal["full", "initial", "open"], int, int] | None:
    """How the words at these places agree, and how many of each side that takes (Xiao Ming, Xiaoming)."""
    if kind := _word_fit(given[at], known[start]):
        return kind, 1, 1
    if given[at].initial or known[start].initial:
        return None
    for more in range(2, 4):
        if at + more <= len(given) and set(known[start].keys) & joined(given[at : at + more]):
            return "full", more, 1
        if start + more <= len(known) and set(given[at].keys) & joined(known[start : start + more]):
            return "full", 1, more
    return None


def _word_fit(word: Word, known: Word) -> Literal["full", "initial", "open"] | None:
    """``initial``: the name has an initial; ``open``: the known spelling has one where the name has a word."""
    if not word.initial and not known.initial:
        return "full" if set(word.keys) & set(known.keys) else None
    if word.initial:
        fits = any(known_key.startswith(key) for key in word.keys for known_key in known.keys)
        if not fits and known.initial:
            fits = any(key.startswith(known_key) for key in word.keys for known_key in known.keys)
        return "initial" if fits else None
    return "open" if any(key.startswith(known_key) for key in word.keys for known_key in known.keys) else None


def _same_initials(given: Sequence[Word], known: Sequence[Word]) -> bool:
    return len(given) == len(known) and all(
        word.initial == known_word.initial and set(word.keys) & set(known_word.keys)
        for word, known_word in zip(given, known, strict=True)
    )
