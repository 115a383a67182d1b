"""The owner of a list: found in every spelling, never in somebody else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bibtool.cv.nearmiss import NearMisses, likely_owners
from bibtool.cv.owner import Finder, Hit, Owner, make_owner
from bibtool.errors import BibtoolError, IdentifierError, UsageError
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.record import Record
from bibtool.model.works.fit import Answer
from tests.enrich.support import listing
from tests.support.arxiv_papers import facts

ORCID = "0000-0002-1825-0097"
OTHER_ORCID = "0000-0002-1694-233X"
DECOYS = Path(__file__).parents[2] / "fixtures" / "cv" / "decoys.txt"

YES = """
Joan Bruna | Joan Bruna; J. Bruna; J Bruna; Bruna, Joan; Bruna, J.; bruna, j; BRUNA, JOAN; Joan BRUNA
Joan Bruna | Bruna Joan; BRUNA J; Bruna J.; Bruna J
Joan Bruna | Joan Bruna*; Joan Bruna†; Joan Bruna¹; Joan Bruna¹,²; Joan Bruna 1; Joan Brunaᵃ; Joan Bruna a
Joan Bruna | Joan Bruna (corresponding author); Bruna (2), Joan; Joan Bruna [1]; *Joan Bruna; Joan Bruna,†
Joan Bruna | Dr. Joan Bruna; Joan Bruna, PhD; Joan Bruna, Ph.D.; Jo. Bruna
Joan Bruna | Joan\u00a0Bruna; Joán Bruña; Joan\u200b Bruna
Joan Manuel Bruna | J. M. Bruna; J.M. Bruna; JM Bruna; Bruna JM; Bruna J.M.; BRUNA JM; J Manuel Bruna; Joan M Bruna
Joan Manuel Bruna | Joan Bruna; Joan-Manuel Bruna; J. Bruna; joan manuel bruna; Bruna, Joan M.
Joan Manuel Bruna | Bruna Joan Manuel; Bruna Joan M.
Joan M. Bruna | Joan Manuel Bruna; J. M. Bruna; Joan Bruna
Joan Bruna; J. M. Bruna | Joan Manuel Bruna; J. M. Bruna; Joan M. Bruna; J. Bruna
Eric Vanden-Eijnden | E. Vanden Eijnden; Vanden Eijnden, Eric; Eric VandenEijnden; Vanden Eijnden E
Eric Vanden-Eijnden | Eric Van den Eijnden
Juan de la Cruz | Juan De La Cruz; J. de-la-Cruz; DE LA CRUZ, JUAN; Cruz, Juan de la; J. Delacruz; de la Cruz J
Juan De La Cruz | Juan de la Cruz; J. De La Cruz; Cruz, Juan de la
John von Neumann | J. von Neumann; J. v. Neumann; J v Neumann; Neumann, John von; Von Neumann, J.
Jean Le Rond d'Alembert | J. d’Alembert; J. L. R. D'Alembert; d’Alembert, Jean; DALEMBERT J
Ludwig van Beethoven | L. van Beethoven; Beethoven, Ludwig van; Vanbeethoven, L.
Jean-Luc Picard | Jean Luc Picard; J.-L. Picard; J.L. Picard; J-L Picard; JL Picard; J. Picard; Jeanluc Picard
Jean-Luc Picard | PICARD Jean-Luc
Jürgen Müller | Juergen Mueller; Jurgen Muller; J. Müller; J. Mueller; MÜLLER, JÜRGEN; Ju\u0308rgen Mu\u0308ller
Juergen Mueller | Jürgen Müller; J. Müller
Søren Ångström | Soren Angstrom; Soeren Aangstroem; S. Angstroem; Søren A\u030angstro\u0308m
Jörg Weiß | Joerg Weiss; J. Weiss; JÖRG WEISS; JÖRG WEIẞ; Jorg Weis
Łukasz Wałęsa | Lukasz Walesa; L. Walesa; Ł. Wałęsa
Þór Guðmundsson | Thor Gudmundsson; T. Gudmundsson; Þ. Guðmundsson; Thor Guthmundsson
Ærø Đinđić | Aero Dindic; A. Djindjic
İbrahim Yılmaz | Ibrahim Yilmaz; I. YILMAZ; İ. YILMAZ
Pat O'Brien | Pat O’Brien; P. OBrien; Pat O Brien; O'BRIEN P; P. O´Brien
Fiona McDonald | F. McDonald; Fiona Mc Donald; F. Mc Donald; MCDONALD F
Gabriel García Márquez | G. García-Márquez; Garcia Marquez, G.; Gabriel GARCIA MARQUEZ; G. G. Márquez; GARCÍA MÁRQUEZ G
García Márquez, Gabriel | Gabriel García Márquez; G. Garcia-Marquez; García-Márquez, Gabriel; Garcia Marquez G.
José Ortega y Gasset | J. Ortega y Gasset; José Ortega Gasset; J. Ortega-Gasset; ORTEGA Y GASSET J
José Ortega y Gasset | Ortega y Gasset, José
Josep Puig i Cadafalch | J. Puig i Cadafalch; Josep Puig Cadafalch; Puig-Cadafalch, J.
Maria José Silva | Mª José Silva; M.ª José Silva; M. J. Silva
Xiaoming Wang | Xiao-Ming Wang; Xiao Ming Wang; X. Wang; Wang Xiaoming; Wang Xiao-Ming; Wang X; WANG, Xiaoming
Xiao-Ming Wang | Xiaoming Wang; X.-M. Wang; X. M. Wang; XM Wang; Wang XM; WANG Xiaoming
Min Jae Song | Min-Jae Song; Minjae Song; M. J. Song; M.-J. Song; Song Min Jae; Song Minjae
Wei Wang | Wang Wei; W. Wang; Wang W; WANG Wei
Ming Ouyang | Ming Ou-Yang; Ming Ou Yang; M. Ou-Yang
Weinan E | W. E; E, W.; E, Weinan; E Weinan; weinan e
Andrew Ng | A. Ng; Ng, Andrew; Ng A
Minh Van Nguyen | Minh Nguyen; M. V. Nguyen; Nguyen Minh Van
Nagy János | János Nagy; Nagy János
Yuri Petrov | Yu. Petrov; Y. Petrov; Petrov Yu.
Иван Петров | И. Петров; Петров Иван; ПЕТРОВ И.; Петров, И.
王伟; Wei Wang | 王伟; 王 伟; 伟 王; 王, 伟; Wei Wang
山田 太郎 | 山田太郎; 太郎 山田; 山田, 太郎
김민재 | 김 민재; 민재 김
Maria Rossi; Maria Bianchi | M. Bianchi; Rossi, M.; Bianchi Maria
Martin King Jr. | Martin King; M. King, Jr.; King, Jr., Martin; King, Martin, Jr
Wei Wang 0001 | Wei Wang; Wei Wang 0001; W. Wang
Suharto | Suharto; SUHARTO
"""

DOUBTFUL = """
Joan Bruna | Joan M. Bruna; Joan Manuel Bruna; J. M. Bruna; Joan-Maria Bruna; M. Joan Bruna; Bruna J.M.; JM Bruna
Joan Bruna | Bruna; Joan Bruna-Puig; Joan Bruna Puig; Joan Puig Bruna; Joan de Bruna; Joan Bruna Jr.; Joan Bruna, Jr.
Joan Bruna | Joan Bruna 0003; J. Bru Na
Joan Manuel Bruna | M. Bruna; Manuel Bruna; Joan Manuel; Bruna Joan; Joan Manuel P. Bruna
J. Bruna | Joan Bruna; Jordi Bruna; J. M. Bruna
J. M. Bruna | J. Miquel Bruna
Jean-Luc Picard | Jean Picard
Eric Vanden-Eijnden | Eric Eijnden
Juan de la Cruz | Juan Cruz
Juan De La Cruz | Juan Cruz
Gabriel García Márquez | Gabriel García
García Márquez, Gabriel | Gabriel García; Gabriel Márquez
Gabriel García | Gabriel García Márquez; Gabriel García-Márquez; García Márquez, Gabriel
Xiaoming Wang | X. M. Wang
"""

NO = """
Amy X. Zhang | Xuan Zhang; Xiaopeng Zhang; Xiao Zhang
Joan Bruna | Joanna Bruna; Jo Bruna; Joana Bruna; Jordi Bruna; Juan Bruna; Maria Joan Bruna; A. Bruna; Joan Brunat
Joan Bruna | J. Bruna-Puig; J. Bruna Puig; J. van Bruna; J. De Bruna; Bruna Team; Joan Bruna Institute; Joan
Joan Bruna | Bruna Jordi
Joan Bruna | J.; JB; Bruna Silva; Bruna J. Silva Neto; Bruna Joan Miró; A. J. Bruna; *; 1
Joan Manuel Bruna | Joan P. Bruna; J. P. Bruna; Joan Pere Bruna; J.-P. Bruna; J. Manuel; P. Bruna; Manuel Joan Bruna
Joan Bruna; Joan M. Bruna | Joan P. Bruna; J. P. Bruna
Joan Bruna; J. Bruna | Jordi Bruna; Jo Bruna
Jean-Luc Picard | J.-M. Picard; JM Picard; Jean-Marc Picard
Eric Vanden-Eijnden | E. Eijnden; E. Vanden; Erica Vanden-Eijnden
Juan De La Cruz | J. Cruz
Juan de la Cruz | J. Cruz; Juana de la Cruz
Gabriel García Márquez | G. García; G. García-Lorca
García Márquez, Gabriel | G. García; G. Márquez
Gabriel García | G. García Márquez; G. García-Márquez
Jürgen Müller | Jürgen Möller; J. Miller; J. Mueler
Jurgen Muller | Juergen Mueller
Pat O'Brien | P. O. Brien; P. Brien
Xiaoming Wang | Xiaomin Wang; Xiao Wang; X. Wong
Wei Wang | Wei Weng; Wang Weiwei; W. Wei
Иван Петров | Иванна Петров; П. Петров; Иван Петровский
王伟 | 王芳; 王; 伟
ガク カトウ | カク カトウ
Martin King Jr. | Martin King Sr.; Martin King III
Wei Wang 0001 | Wei Wang 0002; W. Wang 0002
Suharto | Tommy Suharto
Weinan E | E. Weinan; W. E. Smith
"""


def rows(table: str) -> list[tuple[tuple[str, ...], str]]:
    """(variants, spelling) of a table."""
    found: list[tuple[tuple[str, ...], str]] = []
    for line in table.strip().splitlines():
        known, spellings, *_ = line.split("|")
        variants = tuple(one.strip() for one in known.split(";"))
        found.extend((variants, spelling) for one in spellings.split(";") if (spelling := one.strip(" ")))
    return found


@cache
def finder(variants: tuple[str, ...], others: tuple[str, ...] = (), orcid: str = "") -> Finder:
    return Finder(make_owner(variants, orcid=orcid, others=others))


def answer(variants: tuple[str, ...], spelling: str, **values: tuple[str, ...]) -> str:
    return str(finder(variants, **values).verdict(parse_name(spelling)).answer)


def record(*names: str | Name, truncated: bool = False, variable: str = "author") -> Record:
    people = tuple(parse_name(name) if isinstance(name, str) else name for name in names)
    return Record(key="x", variables={variable: Names(people, truncated)})


@pytest.mark.parametrize(("variants", "spelling"), rows(YES))
def test_spellings_of_the_owner_are_found(variants: tuple[str, ...], spelling: str) -> None:
    verdict = finder(variants).verdict(parse_name(spelling))
    assert verdict.answer is Answer.YES, verdict.reason
    assert verdict.reason == ""
    assert finder(variants).find(record("Ada Lovelace", spelling)).places == (("author", 1),)


@pytest.mark.parametrize(("variants", "spelling"), rows(DOUBTFUL))
def test_spellings_that_may_be_another_person_are_doubtful(variants: tuple[str, ...], spelling: str) -> None:
    verdict = finder(variants).verdict(parse_name(spelling))
    assert verdict.answer is Answer.DOUBTFUL
    assert finder(variants).find(record("Ada Lovelace", spelling)) == Hit(doubtful=(("author", 1, verdict.reason),))
    assert verdict.reason


@pytest.mark.parametrize(("variants", "spelling"), rows(NO))
def test_other_people_are_not_found(variants: tuple[str, ...], spelling: str) -> None:
    assert answer(variants, spelling) == "no"
    assert finder(variants).find(record("Ada Lovelace", spelling)) == Hit()


@pytest.mark.parametrize(
    ("variants", "spelling", "reason"),
    [
        ("Joan Bruna", "Joan M. Bruna", "'Joan M. Bruna' has a middle initial that none of the owner's names has"),
        ("Joan Bruna", "Joan Pere Bruna", "'Joan Pere Bruna' has a middle name that none of the owner's names has"),
        ("Joan Bruna", "M. Joan Bruna", "'M. Joan Bruna' has a first initial that none of the owner's names has"),
        ("Joan Bruna", "Bruna", "'Bruna' has no given name"),
        ("Joan Bruna", "Joan Bruna III", "'Joan Bruna III' has a suffix that none of the owner's names has"),
        ("Joan Bruna", "Joan Bruna-Puig", "the family name in 'Joan Bruna-Puig' is not quite the owner's"),
        ("Joan M. Bruna", "M. Bruna", "'M. Bruna' leaves out the first name"),
        ("J. Bruna", "Joan Bruna", "none of the owner's names says what 'J' in 'J. Bruna' stands for"),
        ("Jean-Luc Picard", "Jean Picard", "'Jean Picard' has only a part of a compound given name"),
    ],
)
def test_a_doubt_says_why(variants: str, spelling: str, reason: str) -> None:
    assert finder((variants,)).verdict(parse_name(spelling)).reason == reason


def test_parts_of_a_name_may_stand_in_any_field() -> None:
    owner = finder(("Ludwig van Beethoven",))
    for name in (
        Name(given="Ludwig", dropping_particle="van", family="Beethoven"),
        Name(given="L.", non_dropping_particle="van", family="Beethoven"),
        Name(given="Ludwig van", family="Beethoven"),
        Name(given="Ludwig", family="van Beethoven"),
        Name(family="Ludwig van Beethoven"),
        Name(given="Ludwig van Beethoven"),
        Name(literal="Ludwig van Beethoven"),
        Name(literal="van Beethoven, Ludwig"),
        Name(given="Ludwig", family="van Beethoven", marks=("equal",)),
    ):
        assert owner.verdict(name).answer is Answer.YES, name
        assert owner.find(record(name)).places == (("author", 0),), name
    assert owner.verdict(Name(literal="Ludwig van Beethoven Foundation")).answer is Answer.NO
    assert owner.verdict(Name()).answer is Answer.NO


def test_an_orcid_id_decides_whatever_the_name_says() -> None:
    owner = finder(("Joan Bruna",), others=("Joan Bruna Foe", "Joana Bruna"), orcid=ORCID)
    assert owner.verdict(Name(given="J.", family="Puig", orcid=ORCID)).answer is Answer.YES
    assert owner.verdict(Name(given="Joana", family="Bruna", orcid=ORCID.lower())).answer is Answer.YES
    assert owner.verdict(Name(literal="Bruna Team", orcid=ORCID)).answer is Answer.YES
    assert owner.verdict(Name(given="Joan", family="Bruna", orcid=OTHER_ORCID)).answer is Answer.NO
    assert owner.verdict(Name(given="Joan", family="Bruna")).answer is Answer.YES
    # an owner without ORCID iD is found by name
    assert finder(("Joan Bruna",)).verdict(Name(given="Joan", family="Bruna", orcid=ORCID)).answer is Answer.YES
    there = record(Name(given="Joan", family="Bruna"), Name(given="J.", family="Puig", orcid=ORCID))
    assert owner.find(there) == Hit(places=(("author", 1),))


@pytest.mark.parametrize(
    ("others", "spelling", "expected"),
    [
        ("Jordi Bruna", "J. Bruna", "doubtful"),
        ("Jordi Bruna", "Joan Bruna", "yes"),
        ("Jordi Bruna", "Jordi Bruna", "no"),
        ("Jordi M. Bruna", "J. M. Bruna", "no"),
        ("Joan M. Bruna", "Joan M. Bruna", "no"),
        ("Joan M. Bruna", "Joan Bruna", "yes"),
        ("Joan M. Bruna", "J. Bruna", "doubtful"),
        ("Joan Bruna", "Joan Bruna", "no"),
        ("J. Bruna", "J. Bruna", "no"),
        ("J. Bruna", "Joan Bruna", "yes"),
        ("Bruna Joan", "Bruna Joan", "no"),
        ("Joan Bruna Puig", "Joan Bruna Puig", "no"),
        ("Jordi Brunat", "J. Bruna", "yes"),
    ],
)
def test_names_of_others_are_never_the_owner(others: str, spelling: str, expected: str) -> None:
    assert answer(("Joan Bruna",), spelling, others=(others,)) == expected


def test_dblp_numbers_tell_namesakes_apart() -> None:
    assert answer(("Wei Wang 0001", "Wei Wang"), "Wei Wang 0002") == "no"
    assert answer(("Wei Wang 0001",), "Wei Wang 0001", others=("Wei Wang",)) == "yes"
    assert answer(("Wei Wang 0001",), "Wei Wang", others=("Wei Wang 0002",)) == "doubtful"
    assert answer(("Wei Wang",), "Wei Wang 0002", others=("Wei Wang 0002",)) == "no"
    owner = finder(("Wei Wang 0001",))
    assert owner.find(record("Wei Wang", "Wei Wang 0001")).places == (("author", 1),)


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["J. Bruna", "Joan Bruna"], 1),
        (["Joan Bruna", "Joan M. Bruna"], 0),
        (["Joan Bruna", "J. Bruna", "Jordi Bruna"], 0),
        (["Bruna Joan", "Joan Bruna"], 1),
        (["Jordi Bruna", "J. Bruna"], 1),
        (["J. M. Bruna", "J. Bruna"], 1),
    ],
)
def test_the_best_of_two_names_in_a_list_is_the_owner(names: list[str], place: int) -> None:
    assert finder(("Joan Bruna",)).find(record(*names)) == Hit(places=(("author", place),))


@pytest.mark.parametrize(
    "names", [["J. Bruna", "J. Bruna"], ["Joan Bruna", "Joan Bruna*"], ["J. Bruna", "Joan M. Bruna"]]
)
def test_two_names_of_one_list_that_fit_alike_are_both_doubtful(names: list[str]) -> None:
    hit = finder(("Joan Bruna",)).find(record("Ada Lovelace", *names))
    reason = f"{names[0]!r} and {names[1]!r} are in the same list, and either may be the owner"
    assert hit == Hit(doubtful=(("author", 1, reason), ("author", 2, reason)))


def test_the_owner_may_be_author_and_editor_of_one_work() -> None:
    people = Names((parse_name("Ada Lovelace"), parse_name("J. Bruna")))
    both = Record(key="x", variables={"translator": people, "author": people, "editor": Names((people[1],))})
    assert finder(("Joan Bruna",)).find(both).places == (("author", 1), ("editor", 0), ("translator", 1))


def test_an_owner_behind_et_al_is_hidden() -> None:
    owner = finder(("Joan Bruna",))
    assert owner.find(record("Ada Lovelace", truncated=True)) == Hit(hidden=True)
    assert owner.find(record("Ada Lovelace")) == Hit()
    assert not owner.find(record("J. Bruna", truncated=True)).hidden
    assert not owner.find(record("Joan M. Bruna", truncated=True)).hidden
    assert not owner.find(record("Ada Lovelace", truncated=True, variable="editor")).hidden


def test_a_name_met_again_gets_the_same_verdict_whatever_came_between() -> None:
    owner = Finder(make_owner(["Joan Bruna"], orcid=ORCID))
    plain = Name(given="Joan", family="Bruna")
    stranger = Name(given="Ada", family="Lovelace")
    assert owner.find(record(stranger, plain)).places == (("author", 1),)
    assert owner.find(record(Name(given="Joan", family="Bruna", orcid=OTHER_ORCID))) == Hit()
    assert owner.find(record(Name(given="Ada", family="Lovelace", orcid=ORCID), plain)).places == (("author", 0),)
    assert owner.find(record(Name(given="Joan", family="Bruna", suffix="Jr."))).doubtful
    assert owner.find(record(stranger, plain)).places == (("author", 1),)


# the fixture: 50 papers of one person, 200 names that are not


def test_the_owner_is_found_in_all_papers_of_the_fixture() -> None:
    owner = finder(("Joan Bruna",))
    for item in facts():
        expected = item["authors"].index("Joan Bruna")
        for names in (item["authors"], item.get("authors_as_sent", item["authors"])):
            assert owner.find(record(*names)) == Hit(places=(("author", expected),)), item["title"]
    assert len(facts()) == 50


def test_the_owner_is_found_or_hidden_in_the_listing() -> None:
    owner = finder(("Joan Bruna",))
    for one, item in zip(listing(), facts(), strict=True):
        hit = owner.find(one)
        shown = item["authors"].index("Joan Bruna") < len(one.names("author"))
        assert bool(hit.places) is shown
        assert hit.hidden is not shown
        assert not hit.doubtful


@cache
def decoys() -> tuple[tuple[str, str], ...]:
    """(kind, name) of the file."""
    lines = DECOYS.read_text(encoding="utf-8").splitlines()
    return tuple((kind, name) for line in lines if not line.startswith("#") for kind, _, name in [line.partition("\t")])


def test_there_are_two_hundred_decoys() -> None:
    assert len(set(decoys())) == 200


@pytest.mark.parametrize("at", range(200))
def test_no_decoy_is_taken_for_the_owner(at: int) -> None:
    kind, decoy = decoys()[at]
    owner = finder(("Joan Bruna",))
    colleagues = [name for name in facts()[at % 50]["authors"] if name != "Joan Bruna"]
    place = at % (len(colleagues) + 1)
    names = [*colleagues[:place], decoy, *colleagues[place:]]
    hit = owner.find(record(*names))
    assert hit.places == ()
    assert {index for _, index, _ in hit.doubtful} <= {place}
    if kind in {"given", "initial", "organisation"}:
        assert hit == Hit()
    # beside the owner, in front of the decoy or behind it, only the owner is marked
    assert owner.find(record("Joan Bruna", *names)) == Hit(places=(("author", 0),))
    assert owner.find(record(*names, "Joan Bruna")) == Hit(places=(("author", len(names)),))
    beside = owner.find(record(*names, "J. Bruna"))
    assert beside.places in {(), (("author", len(names)),)}
    assert beside.places or {index for _, index, _ in beside.doubtful} == {place, len(names)}


# the owner as it is set


def test_an_owner_is_normalised() -> None:
    owner = make_owner(
        [" Joan  Bruna ", "Joan Bruna"],
        f"https://orcid.org/{ORCID}",
        "https://arxiv.org/a/Bruna_J_1.atom",
        ["Jordi Bruna"],
    )
    assert owner == Owner(names=("Joan Bruna",), orcid=ORCID, arxiv_author="bruna_j_1", others=("Jordi Bruna",))
    assert make_owner(["Joan Bruna"]) == Owner(names=("Joan Bruna",))


def test_an_orcid_id_as_arxiv_author_is_the_owners() -> None:
    owner = make_owner(["Joan Bruna"], arxiv_author=f"arxiv.org/a/{ORCID}")
    assert owner.orcid == owner.arxiv_author == ORCID
    with pytest.raises(UsageError, match="two ORCID iDs"):
        make_owner(["Joan Bruna"], orcid=OTHER_ORCID, arxiv_author=ORCID)


@pytest.mark.parametrize("text", ["vanden-eijnden_e_1", "de_la_cruz_j_12", "o'brien_p_3"])
def test_arxiv_author_ids(text: str) -> None:
    assert make_owner(["Joan Bruna"], arxiv_author=text).arxiv_author == text


@pytest.mark.parametrize(
    ("names", "orcid", "author", "others", "kind", "message"),
    [
        ([], "", "", [], UsageError, "no name"),
        (["  "], "", "", [], UsageError, "not an owner's name"),
        (["123"], "", "", [], UsageError, "not an owner's name"),
        (["(Joan)"], "", "", [], UsageError, "not an owner's name"),
        (["Bruna Team"], "", "", [], UsageError, "organisation"),
        (["Joan Bruna"], "", "", ["!"], UsageError, "not another person's name"),
        (["Joan Bruna"], "0000-0002-1825-0098", "", [], IdentifierError, "check digit"),
        (["Joan Bruna"], "joan", "", [], IdentifierError, "sixteen digits"),
        (["Joan Bruna"], "", "bruna", [], IdentifierError, "arXiv author id"),
        (["Joan Bruna"], "", "Joan Bruna", [], IdentifierError, "arXiv author id"),
    ],
)
def test_what_is_no_owner_is_refused(
    names: list[str], orcid: str, author: str, others: list[str], kind: type[BibtoolError], message: str
) -> None:
    with pytest.raises(kind, match=message):
        make_owner(names, orcid, author, others)


@pytest.mark.parametrize(
    ("names", "others", "codes"),
    [
        (["Joan Bruna", "J. Bruna"], ["Jordi Bruna"], []),
        (["J. Bruna"], [], ["owner-initials-only"]),
        (["Joan Bruna"], ["Bruna, Joan"], ["owner-and-other"]),
        (["Wei Wang 0001"], ["Wei Wang 0002"], []),
        (["Suharto"], [], ["owner-one-word"]),
        (["王伟", "Wei Wang"], [], []),
    ],
)
def test_advice_on_an_owner(names: list[str], others: list[str], codes: list[str]) -> None:
    problems = make_owner(names, others=others).problems()
    assert [problem.code for problem in problems] == codes
    assert all(problem.hint for problem in problems)


# near misses

SEVERAL = "seems to be several people, the owner among them"


def near(owner: str, *names: str | Name, others: tuple[str, ...] = ()) -> list[str]:
    misses = NearMisses(finder((owner,), others))
    return [reason.rpartition("' ")[2] for _, _, reason in misses.find(record(*names))]


@pytest.mark.parametrize(
    ("owner", "name", "reason"),
    [
        ("Joan Bruna", "Jaon Bruna", "is nearly the owner's name"),
        ("Joan Bruna", "Joan Burna", "is nearly the owner's name"),
        ("Joan Bruna", "Joana Bruna", "is nearly the owner's name"),
        ("Joan Bruna", "JoanBruna", "is nearly the owner's name"),
        ("Joan Bruna", "Joan Joan Brunna", "is nearly the owner's name"),
        ("Gabriel García Márquez", "Gabirel Garcia Marqez", "is nearly the owner's name"),
        ("Joan Manuel Bruna", "M. J. Bruna", "has the owner's initials in another order"),
        ("Joan Bruna", "Joan Bruna, Eric Vanden-Eijnden, Ben Peherstorfer", SEVERAL),
        ("Joan Bruna", "Eric Smith, Joan Bruna, Ben Peherstorfer", SEVERAL),
        ("Joan Bruna", "Joan Bruna, Eric Vanden-Eijnden", SEVERAL),
        ("Joan Bruna", "Bruna, J., Smith, A.", SEVERAL),
        ("Joan Bruna", Name(literal="Ann Lee, Bruna, J., Bo Li"), SEVERAL),
    ],
)  # fmt: skip
def test_names_that_are_nearly_the_owners(owner: str, name: str | Name, reason: str) -> None:
    assert near(owner, name) == [reason]


def test_somebody_else_of_the_settings_is_no_near_miss() -> None:
    assert near("Joan Bruna", "Joana Bruna", "Jaon Bruna", others=("Joana Bruna",)) == ["is nearly the owner's name"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("Joan Bruna", "Jordi Bruna"), ("Joan Bruna", "Bruna Silva"), ("Joan Bruna", "A. Bruna"),
        ("Wei Wang", "Wei Weng"), ("Joan M. Bruna", "Joan P. Bruna"), ("Joan Manuel Bruna", "P. M. Bruna"),
        ("Joan Bruna", "Ada Lovelace"),
        ("王伟", "王芳"), ("Joan Bruna", "*"), ("Joan Bruna", "Ada Lovelace, Eric Vanden-Eijnden"),
    ],
)  # fmt: skip
def test_names_that_are_other_peoples(owner: str, name: str) -> None:
    assert near(owner, name) == []


def test_the_name_that_was_meant_is_the_one_with_most_works() -> None:
    records = [record("Joan Bruna"), record("Joan Bruna", "Jordi Bruna"), record("Eric Vanden-Eijnden")]
    assert likely_owners(finder(("Joan Burna",)), records) == [("Joan Bruna", 2)]
    assert likely_owners(finder(("Bruna",)), records) == [("Joan Bruna", 2), ("Jordi Bruna", 1)]
    assert likely_owners(finder(("Vanden-Eijnden",)), records) == [("Eric Vanden-Eijnden", 1)]
    assert likely_owners(finder(("Ada Lovelace",)), records) == []
    assert likely_owners(finder(("Ada Lovelace",)), []) == []
