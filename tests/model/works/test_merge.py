"""Merging: laws, and who wins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.marks import show
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Value, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works.merge import merge
from bibtool.model.works.people import authors_agree
from bibtool.model.works.verdict import compare

if TYPE_CHECKING:
    from collections.abc import Sequence


def names(*people: str, truncated: bool = False) -> Names:
    return Names(tuple(parse_name(p) for p in people), truncated)


def record(source: str = "bibtex", type_: str = "article", arxiv: Arxiv | None = None, **values: Value) -> Record:
    variables = {name.replace("_", "-"): value for name, value in values.items()}
    origin = Provenance(source=source)
    return Record(key="k", type=type_, variables=variables, arxiv=arxiv, provenance=dict.fromkeys(variables, origin))


CARBERRY, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


def marked(people: Names, marks: Sequence[Sequence[str]], orcids: Sequence[str], whole: tuple[str, ...] = ()) -> Names:
    """The names with these marks and ORCID iDs, one for each as far as they go."""
    found = list(people)
    for at, own in enumerate(marks[: len(found)]):
        found[at] = replace(found[at], marks=tuple(own))
    for at, orcid in enumerate(orcids[: len(found)]):
        found[at] = replace(found[at], orcid=orcid)
    return Names(tuple(found), people.truncated, whole)


TITLE = Text.of("Neural Galerkin Schemes")
THREE = names("Joan Bruna", "Benjamin Peherstorfer", "Eric Vanden-Eijnden")


def is_one(record: Record, other: Record) -> bool:
    return compare(record, other).is_one_record


def test_one_record_by_identifier_title_and_authors() -> None:
    one = record(title=TITLE, author=THREE, issued=Date.of(2022))
    assert is_one(one, record(title=Text.of("Neural {G}alerkin schemes."), author=THREE, issued=Date.of(2023)))
    assert not is_one(one, record(title=TITLE, author=THREE, issued=Date.of(2019)))
    assert not is_one(one, record(title=TITLE, author=names("Ann Other"), issued=Date.of(2022)))
    assert not is_one(one, record(title=TITLE, issued=Date.of(2022)))
    left = record(arxiv=Arxiv(id=ArxivId("2203.01360", 1)), title=TITLE, author=THREE)
    retitled = record(arxiv=Arxiv(id=ArxivId("2203.01360", 4)), title=Text.of("Another title"), author=THREE)
    assert is_one(left, retitled)
    assert not is_one(left, retitled.with_values({"author": names("Ann Other")}))
    assert is_one(left, record(DOI=Verbatim("10.48550/arXiv.2203.01360")))
    assert not is_one(
        replace(left, variables={"title": TITLE, "author": THREE}),
        record(arxiv=Arxiv(id=ArxivId("2203.09999")), title=TITLE, author=THREE),
    )


def test_authors_agree() -> None:
    assert authors_agree(THREE, names("J. Bruna", "B. Peherstorfer", "E. VANDEN-EIJNDEN"))
    assert authors_agree(names("Joan Bruna", truncated=True), THREE)
    assert not authors_agree(names("Joan Bruna"), THREE)
    assert not authors_agree(names("Benjamin Peherstorfer", "Joan Bruna", "Eric Vanden-Eijnden"), THREE)
    assert not authors_agree(names("Karl Bruna"), names("Joan Bruna"))
    assert not authors_agree(names("Jordi Bruna"), names("Joan Bruna"))
    assert authors_agree(names("Alex Damian", "José Pérez"), names("Alexandru Damian", "Jose A. PEREZ"))
    assert not authors_agree(Names(), Names())


def test_the_user_wins_and_the_conflict_is_shown() -> None:
    mine = record("user", title=Text.of("My title"))
    merged = merge(mine, record("arxiv", title=TITLE))
    assert merged.record.title == "My title"
    assert [(c.field, c.kept, c.other, c.other_source) for c in merged.conflicts] == [
        ("title", "My title", "Neural Galerkin Schemes", "arxiv")
    ]


def test_a_listing_gives_way_and_a_full_list_completes_a_truncated_one() -> None:
    merged = merge(
        record("listing", title=Text.of("Neural galerkin schemes"), author=names("Joan Bruna", truncated=True)),
        record("arxiv", title=TITLE, author=THREE),
    )
    assert merged.record.title == "Neural Galerkin Schemes"
    assert merged.record.names("author") == THREE
    assert merge(record(author=names("Joan Bruna", truncated=True)), record(author=THREE)).conflicts == ()


def test_an_upgrade_takes_the_whole_publication_or_nothing() -> None:
    preprint = record(title=TITLE, issued=Date.of(2022, 3), arxiv=Arxiv(id=ArxivId("2203.01360")))
    paper = record(
        type_="article-journal", title=TITLE, issued=Date.of(2024), container_title=Text.of("J. Comput. Phys."),
        DOI=Verbatim("10.1016/j.jcp.2023.112588"),
    )  # fmt: skip
    for merged in (merge(preprint, paper), merge(paper, preprint)):
        assert merged.record.type == "article-journal"
        assert merged.record.year == 2024
        assert merged.record.text("DOI") == "10.1016/j.jcp.2023.112588"
        assert merged.record.arxiv == preprint.arxiv
        assert merged.conflicts == ()


def test_leftovers_and_candidates() -> None:
    one = replace(
        record(arxiv=Arxiv(candidates=("math.NA", "cs.NA"))), leftovers=(Leftover("listing", "badge", "Code"),)
    )
    two = replace(record(arxiv=Arxiv(primary_category="math.NA")), leftovers=(Leftover("bibtex", "x", "y"),))
    merged = merge(one, two).record
    assert merged.arxiv == Arxiv(primary_category="math.NA")
    assert merged.leftovers == one.leftovers + two.leftovers


def test_a_record_that_becomes_a_publication_keeps_the_preprints_year_aside_at_once() -> None:
    article = record("user", type_="article-journal", issued=Date.of(2020))
    preprint = record("user", issued=Date.of(2021), DOI=Verbatim("10.1000/a"), arxiv=Arxiv(id=ArxivId("2203.01360")))
    merged = merge(article, preprint)
    assert merged.record.leftovers == (Leftover("preprint", "issued", "2021"),)
    assert "preprint.issued" in merged.changed
    assert merge(merged.record, preprint).changed == ()


VALUES = {
    "title": st.sampled_from(["Alpha", "Beta", "alpha"]).map(Text.of),
    "issued": st.sampled_from([Date.of(2020), Date.of(2020, 5), Date.of(2021)]),
    "author": st.builds(
        marked,
        st.sampled_from(
            [THREE, names("Joan Bruna", truncated=True), names("Ann Other"), names("E. Vanden-Eijnden", "J. Bruna")]
        ),
        st.lists(st.sampled_from([(), ("equal",), ("corresponding", "equal")]), min_size=3, max_size=3),
        st.lists(st.sampled_from(["", CARBERRY, OTHER]), min_size=3, max_size=3),
        st.sampled_from([(), ("alphabetical",)]),
    ),
    "DOI": st.sampled_from(["10.1000/a", "10.1000/b"]).map(Verbatim),
    "container-title": st.just(Text.of("Journal")),
}
ARXIVS = st.none() | st.builds(
    Arxiv,
    id=st.none() | st.builds(ArxivId, st.sampled_from(["2203.01360", "2203.01361"]), st.none() | st.integers(1, 3)),
    candidates=st.sampled_from([(), ("math.NA", "cs.NA")]),
    primary_category=st.sampled_from(["", "math.NA"]),
    withdrawn=st.booleans(),
)
RECORDS = st.builds(
    lambda source, type_, variables, arxiv: Record(
        key="k", type=type_, variables=variables, arxiv=arxiv,
        provenance=dict.fromkeys(variables, Provenance(source=source)),
    ),
    st.sampled_from(["user", "listing", "arxiv", "bibtex"]),
    st.sampled_from(["article", "article-journal", "document", "book"]),
    st.fixed_dictionaries({}, optional=VALUES),
    ARXIVS,
)  # fmt: skip


@given(RECORDS)
def test_merging_with_itself_changes_nothing(one: Record) -> None:
    assert merge(one, one).record == one
    assert merge(one, one).changed == ()


@given(RECORDS, RECORDS)
def test_merging_is_idempotent(one: Record, two: Record) -> None:
    once = merge(one, two).record
    assert merge(once, two).record == once


@given(RECORDS, RECORDS)
def test_no_variable_is_lost(one: Record, two: Record) -> None:
    result = merge(one, two)
    aside = {item.name for item in result.record.leftovers} | {conflict.field for conflict in result.conflicts}
    assert {*one.variables, *two.variables} <= {*result.record.variables, *aside, "DOI"}
    assert result.record.key == one.key


# -- marks and ORCID iDs ---------------------------------------------------------------------------------------------

EQUAL = ("equal",)


def test_equal_lists_complete_each_other() -> None:
    one = record(author=marked(THREE, [EQUAL, (), ()], ["", CARBERRY, ""]))
    two = record(author=marked(THREE, [("corresponding",), EQUAL, ()], ["", "", OTHER], ("alphabetical",)))
    merged = merge(one, two)
    wanted = marked(THREE, [("equal", "corresponding"), EQUAL, ()], ["", CARBERRY, OTHER], ("alphabetical",))
    assert merged.record.variables["author"] == wanted
    assert merged.conflicts == ()
    assert merged.changed == ("author",)
    assert merged.record.provenance == one.provenance


def test_two_orcid_ids_of_one_person_are_a_conflict_and_marks_are_not() -> None:
    one = record(author=marked(THREE, [EQUAL], [CARBERRY]))
    two = record(author=marked(THREE, [("student",)], [OTHER]))
    merged = merge(one, two)
    assert merged.record.variables["author"] == marked(THREE, [("equal", "student")], [CARBERRY])
    assert [(c.field, c.kept, c.other) for c in merged.conflicts] == [
        ("author+an:orcid", f"Joan Bruna {CARBERRY}", f"Joan Bruna {OTHER}")
    ]


def test_the_orcid_id_of_the_user_wins() -> None:
    one = record("bibtex", author=marked(THREE, [()], [CARBERRY]))
    two = record("user", author=marked(THREE, [()], [OTHER]))
    assert merge(one, two).record.names("author")[0].orcid == OTHER
    assert merge(two, one).record.names("author")[0].orcid == OTHER


def test_a_cut_list_leaves_its_marks_to_the_right_people() -> None:
    cut = marked(names("J. Bruna", "B. Peherstorfer", truncated=True), [(), EQUAL], ["", CARBERRY])
    for one, two in ((cut, THREE), (THREE, cut)):
        merged = merge(record(author=one), record(author=two))
        assert merged.record.variables["author"] == marked(THREE, [(), EQUAL], ["", CARBERRY])
        assert merged.conflicts == ()


def test_marks_follow_the_person_into_another_order_but_not_a_namesake() -> None:
    mine = marked(names("Ann Other", "Eric Vanden-Eijnden"), [EQUAL, ("student",)], ["", CARBERRY])
    merged = merge(record(author=THREE), record(author=mine)).record.names("author")
    assert [name.marks for name in merged] == [(), (), ("student",)]
    assert merged[2].orcid == CARBERRY
    wangs = names("J. Wang", "Jin Wang", "Ann Other")
    other = marked(names("Bea Ash", "Jin Wang", "Jun Wang"), [(), EQUAL, ("student",)], ["", "", ""])
    merged = merge(record(author=wangs), record(author=other)).record.names("author")
    assert [name.marks for name in merged] == [("student",), EQUAL, ()]  # Jun is the one that J. may be
    two = names("J. Wang", "J. Wang", "Ann Other")  # which of them is Jun?
    other = marked(names("Bea Ash", "Ann Other", "Jun Wang"), [("student",), (), EQUAL], ["", "", ""])
    merged = merge(record(author=two), record(author=other)).record.names("author")
    assert [name.marks for name in merged] == [(), (), ()]


def test_authors_agree_whatever_their_marks() -> None:
    assert authors_agree(THREE, marked(THREE, [EQUAL], [CARBERRY], ("alphabetical",)))


def test_marks_are_shown_behind_the_name() -> None:
    shown = show(marked(names("Bea Ash", "Cy Bell", truncated=True), [("equal", "corresponding")], ["", CARBERRY]))
    assert shown == f"Bea Ash [equal, corresponding]; Cy Bell [{CARBERRY}] et al."
    assert show(Names(names("Bea Ash").names, marks=("alphabetical",))) == "Bea Ash (alphabetical)"
