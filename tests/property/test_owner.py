"""Laws of finding the owner of a list."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.cv.owner import Finder, Verdict, make_owner
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.record import Record
from bibtool.model.works.fit import Answer

GIVEN = "Joan Manuel Jordi Ánna Zoë Renée Søren Jürgen Łukasz Íñigo Wei Ming Иван Mária Thomas Özlem".split()
FAMILY = "Bruna Puig García Márquez Müller Ångström Weiß Dvořák Wałęsa Nguyễn Петров Wang Thomas Șerban Gauß".split()
PARTICLES = ["", "", "", "van", "de la", "von", "d'"]
NUMBERS = ["", "", "", " 0001", " 0002"]
WRITTEN = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"}


@st.composite
def full_names(draw: st.DrawFn) -> tuple[list[str], str]:
    """Given names in full, and a family name with its particle."""
    words = draw(st.lists(st.sampled_from(GIVEN), min_size=1, max_size=3, unique=True))
    particle = draw(st.sampled_from(PARTICLES))
    halves = draw(st.lists(st.sampled_from(FAMILY), min_size=1, max_size=2, unique=True))
    return words, f"{particle}{'' if particle.endswith(chr(39)) or not particle else ' '}{'-'.join(halves)}"


def plain(text: str) -> str:
    """Without accents, also those that Unicode does not take apart."""
    text = text.translate({ord("ø"): "o", ord("Ø"): "O", ord("ł"): "l", ord("Ł"): "L", ord("ß"): "ss", ord("đ"): "d"})
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def written_out(text: str) -> str:
    """Umlauts as two letters."""
    for char, way in WRITTEN.items():
        text = text.replace(char, way).replace(char.upper(), way.capitalize())
    return text


@st.composite
def spellings(draw: st.DrawFn, words: list[str], family: str) -> str:
    """A spelling that is surely the person's: initials from some place on, left out at the end, either order ..."""
    kept = words[: draw(st.integers(1, len(words)))]
    first = draw(st.integers(0, len(kept)))
    dot = draw(st.sampled_from([".", ""]))
    written = written_out if draw(st.booleans()) else str
    given_names = [written(word) if place < first else word[0] + dot for place, word in enumerate(kept)]
    glue = draw(st.sampled_from([" ", "-"])) if all(len(one) == 1 + len(dot) for one in given_names) else " "
    name = glue.join(given_names)
    family = written(family)
    if draw(st.booleans()):
        family = family.replace("-", draw(st.sampled_from([" ", "-", "‐"])))
        text = f"{family}, {name}"  # the comma keeps words of the family name together
    else:
        text = f"{name} {family}"
    text = plain(text) if draw(st.booleans()) else text
    if draw(st.booleans()):
        text = text.replace("'", "’")
    text = draw(st.sampled_from([text, text, text.upper()]))
    text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    return text + draw(st.sampled_from(["", "", "*", "†", "¹", " (equal contribution)"]))


names = st.builds(
    Name,
    given=st.sampled_from(["", "Joan", "J.", "Joan M.", "Jordi", "J. M.", "Ánna", "Thomas", "Puig", "Bruna", "Jürgen"]),
    family=st.sampled_from(["Bruna", "Puig", "Bruna-Puig", "Bruna Puig", "Thomas", "Müller", "Wang", "J.", "Joan"]),
    non_dropping_particle=st.sampled_from(["", "", "de"]),
    suffix=st.sampled_from(["", "", "Jr."]),
    homonym=st.sampled_from(["", "", "0001", "0002"]),
)
variants = st.lists(
    st.builds(
        lambda words, family, number: f"{words} {family}{number}",
        st.sampled_from(["Joan", "J.", "Joan M.", "Joan Manuel", "Jordi", "J. M.", "Ánna", "Thomas", "Joan Bruna"]),
        st.sampled_from(["Bruna", "Puig", "Bruna-Puig", "Thomas", "de Bruna", "Müller"]),
        st.sampled_from(NUMBERS),
    ),
    min_size=1,
    max_size=4,
)


def judge(known: list[str], name: Name, others: tuple[str, ...] = ()) -> Verdict:
    return Finder(make_owner(known, others=others)).verdict(name)


@pytest.mark.slow
@given(st.data(), full_names())
def test_every_spelling_made_of_a_full_name_is_the_owner(data: st.DataObject, whole: tuple[list[str], str]) -> None:
    words, family = whole
    known = f"{family}, {' '.join(words)}"
    text = data.draw(spellings(words, family))
    verdict = judge([known], parse_name(text))
    assert verdict.answer is Answer.YES, (known, text, verdict.reason)
    record = Record(key="x", variables={"author": Names((parse_name("Ada Lovelace"), parse_name(text)))})
    assert Finder(make_owner([known])).find(record).places == (("author", 1),)


@pytest.mark.slow
@given(variants, names)
def test_a_verdict_does_not_depend_on_case(known: list[str], name: Name) -> None:
    verdict = judge(known, name)
    for change in (str.upper, str.lower):
        changed = replace(name, given=change(name.given), family=change(name.family), suffix=change(name.suffix))
        assert judge(known, changed).answer is verdict.answer
        assert judge([change(one) for one in known], name).answer is verdict.answer


@pytest.mark.slow
@given(variants, names)
def test_a_verdict_does_not_depend_on_accents(known: list[str], name: Name) -> None:
    verdict = judge(known, name)
    bare = replace(name, given=plain(name.given), family=plain(name.family))
    assert judge(known, bare).answer is verdict.answer
    assert judge([plain(one) for one in known], bare).answer is verdict.answer


@pytest.mark.slow
@given(variants, variants, names, st.randoms(use_true_random=False))
def test_the_order_of_names_has_no_influence(known: list[str], others: list[str], name: Name, chance: object) -> None:
    shuffle = chance.shuffle  # type: ignore[attr-defined]
    mixed, mixed_others = list(known), list(others)
    shuffle(mixed)
    shuffle(mixed_others)
    assert judge(known, name, tuple(others)) == judge(mixed, name, tuple(mixed_others))


@given(variants, variants, names)
def test_one_more_name_of_the_owner_never_loses_a_spelling(known: list[str], more: list[str], name: Name) -> None:
    # a number is a statement on all names: then another number is another person
    more = [one.removesuffix(" 0001").removesuffix(" 0002") for one in more]
    if judge(known, name).answer is Answer.YES:
        assert judge([*known, *more], name).answer is Answer.YES


@pytest.mark.slow
@given(variants, variants, names)
def test_one_more_name_of_others_never_finds_a_spelling(known: list[str], others: list[str], name: Name) -> None:
    order = [Answer.NO, Answer.DOUBTFUL, Answer.YES]
    assert order.index(judge(known, name, tuple(others)).answer) <= order.index(judge(known, name).answer)


@pytest.mark.slow
@given(variants, st.lists(names, max_size=6), st.booleans())
def test_at_most_one_name_of_a_list_is_the_owner(known: list[str], people: list[Name], truncated: bool) -> None:
    finder = Finder(make_owner(known))
    record = Record(key="x", variables={"author": Names(tuple(people), truncated)})
    hit = finder.find(record)
    assert len(hit.places) <= 1
    assert not (hit.places and hit.doubtful)
    assert hit.hidden is (truncated and not hit.places and not hit.doubtful)
    for _, index in hit.places:
        assert finder.verdict(people[index]).answer is Answer.YES
    assert finder.find(record) == hit == Finder(make_owner(known)).find(record)
    # the quick look leaves nobody out
    near = [index for index, name in enumerate(people) if finder.verdict(name).answer is not Answer.NO]
    assert bool(near) is bool(hit.places or hit.doubtful)


@pytest.mark.slow
@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_as_a_name_has_a_verdict(text: str, family: str) -> None:
    finder = Finder(make_owner(["Joan Bruna", "王伟"]))
    for name in (parse_name(text), Name(given=text, family=family), Name(literal=text)):
        assert finder.verdict(name).answer in Answer
        finder.find(Record(key="x", variables={"author": Names((name,))}))
