"""What arXiv fills, what stays, what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.enrich.atom import AtomAuthor, AtomEntry
from bibtool.enrich.complete import complete
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.marks import bare, with_marks, with_orcids
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Provenance, Record, Verbatim
from bibtool.model.richtext import Text

ENTRY = AtomEntry(
    id=ArxivId("2203.01360", 4),
    title="Sliding of glaciers over deformable beds",
    authors=tuple(AtomAuthor(name) for name in ("Ana Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dora Weiss")),
    summary="Ice moves.",
    published="2022-03-02T17:30:00Z",
    updated="2023-01-01T00:00:00Z",
    primary_category="math.NA",
    categories=("math.NA", "physics.ao-ph"),
    dois=("10.1000/x",),
    journal_ref="J. Glac. 1 (2023) 1-9",
    comment="9 pages",
)


def made(source: str, **changed: Any) -> Record:
    values: dict[str, Any] = {
        "title": Text.of("Sliding of Glaciers over deformable beds"),
        "author": Names((parse_name("Ana Ruiz"), parse_name("Bo Lindqvist"), parse_name("Chidi Okafor")), True),
        "issued": Date.of(2022, 3, 1),
        **changed,
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Record(
        key="ruiz2022",
        type="article",
        variables=values,
        arxiv=Arxiv(candidates=("math.NA", "cs.NA")),
        provenance=dict.fromkeys(values, Provenance(source=source)),
    )


def test_a_listing_is_completed_without_a_word() -> None:
    record, changed, conflicts, changes, notes = complete(made("listing"), ENTRY, when="2026-03-01")
    assert record.key == "ruiz2022"
    assert record.title == ENTRY.title
    assert [name.family for name in record.names("author")] == ["Ruiz", "Lindqvist", "Okafor", "Weiss"]
    assert not record.names("author").truncated
    assert record.date() == Date.of(2022, 3, 2)
    assert record.text("DOI") == "10.1000/x"
    assert record.arxiv == Arxiv(
        id=ArxivId(ENTRY.id.number),
        latest=4,
        primary_category="math.NA",
        categories=ENTRY.categories,
        comment="9 pages",
        journal_ref=ENTRY.journal_ref,
        updated="2023-01-01",
    )
    assert record.provenance["author"] == Provenance(source="arxiv", detail="2203.01360v4", when="2026-03-01")
    assert (conflicts, changes, notes) == ((), (), ())
    assert set(changed) >= {"title", "author", "issued", "DOI", "arxiv.id"}


def test_the_users_own_values_stay_and_the_difference_is_said() -> None:
    mine = made("user", title=Text.of("Ice: my own title"), issued=Date.of(2021))
    record, _, conflicts, _, _ = complete(mine, ENTRY)
    assert record.title == "Ice: my own title"
    assert record.date() == Date.of(2021)
    assert record.names("author") == mine.names("author")
    assert record.arxiv is not None
    assert (record.arxiv.id, record.arxiv.latest) == (ArxivId("2203.01360"), 4)
    found = {conflict.field: (conflict.kept, conflict.other, conflict.kept_source) for conflict in conflicts}
    assert found["title"] == ("Ice: my own title", ENTRY.title, "user")
    assert found["issued"] == ("2021", "2022-03-02", "user")


def test_values_of_a_bibtex_file_stay_but_a_cut_list_is_completed() -> None:
    record, _, conflicts, _, _ = complete(made("bibtex", issued=Date.of(2021)), ENTRY)
    assert len(record.names("author")) == 4
    assert record.date() == Date.of(2021)
    assert {conflict.field for conflict in conflicts} == {"issued"}  # a capital in the title is no conflict


def test_a_title_that_differs_in_more_than_spelling_is_reported() -> None:
    _, _, _, changes, _ = complete(made("listing", title=Text.of("Ice on the move")), ENTRY)
    assert [(c.field, c.before, c.after) for c in changes] == [("title", "Ice on the move", ENTRY.title)]


def test_a_withdrawal_is_said_once() -> None:
    gone = replace(ENTRY, comment="This paper has been withdrawn: a lemma is wrong")
    first, _, _, changes, notes = complete(made("listing"), gone)
    assert first.arxiv is not None
    assert first.arxiv.withdrawn
    assert [c.field for c in changes] == ["withdrawn"]
    assert notes == (f"withdrawn on arXiv ({gone.comment})",)
    _, changed, _, changes, notes = complete(first, gone)
    assert (changed, changes) == ((), ())
    assert notes


def test_a_withdrawal_that_was_taken_back_is_forgotten() -> None:
    gone = replace(ENTRY, comment="withdrawn")
    first = complete(made("listing"), gone)[0]
    back = complete(first, replace(ENTRY, id=ArxivId("2203.01360", 5)))[0]
    assert back.arxiv is not None
    assert not back.arxiv.withdrawn


def test_a_published_record_keeps_its_venue_and_year() -> None:
    mine = made(
        "bibtex",
        issued=Date.of(2024),
        **{"container-title": Text.of("Journal of Glaciers"), "DOI": Verbatim("10.2000/y")},
    )
    record, _, _, _, _ = complete(replace(mine, type="article-journal"), ENTRY)
    assert (record.type, record.year, record.text("DOI")) == ("article-journal", 2024, "10.2000/y")


def test_a_category_that_the_listing_does_not_allow_is_said() -> None:
    _, _, _, _, notes = complete(replace(made("listing"), arxiv=Arxiv(candidates=("cs.LG",))), ENTRY)
    assert any("cs.LG" in note for note in notes)


@pytest.mark.parametrize("source", ["listing", "user", "bibtex", "arxiv", ""])
def test_completing_twice_is_completing_once(source: str) -> None:
    once = complete(made(source), ENTRY, when="2026-03-01")[0]
    twice, changed, _, changes, _ = complete(once, ENTRY, when="2026-09-09")
    assert twice == once
    assert (changed, changes) == ((), ())


ORCID = "0000-0002-1825-0097"


@pytest.mark.parametrize("source", ["listing", "user", "bibtex", "arxiv", ""])
def test_marks_and_orcid_ids_survive_the_full_list(source: str) -> None:
    cut = with_orcids(with_marks(made(source).names("author"), "1=equal; 3=student; =alphabetical"), f'2="{ORCID}"')
    record, _, conflicts, changes, _ = complete(made(source, author=cut), ENTRY)
    names = record.names("author")
    if source != "user":
        assert [name.family for name in names] == ["Ruiz", "Lindqvist", "Okafor", "Weiss"]
    assert [name.marks for name in names][:3] == [("equal",), (), ("student",)]
    assert [name.orcid for name in names][:3] == ["", ORCID, ""]
    assert names.marks == ("alphabetical",)
    assert not any(conflict.field.startswith("author") for conflict in conflicts)
    assert not any(change.field == "author" for change in changes)
    assert complete(record, ENTRY)[:2] == (record, ())


def test_marks_follow_people_into_a_later_version_of_the_list() -> None:
    first = complete(made("listing"), ENTRY)[0]
    marked = first.with_values({"author": with_marks(first.names("author"), "2=equal; 4=corresponding")})
    assert complete(marked, ENTRY)[:2] == (marked, ())
    authors = tuple(AtomAuthor(name) for name in ("Eve New", "Ana Ruiz", "Dora Weiss", "Bo Lindqvist"))
    record, changed, _, changes, _ = complete(marked, replace(ENTRY, id=ArxivId("2203.01360", 5), authors=authors))
    assert [(name.family, name.marks) for name in record.names("author")] == [
        ("New", ()),
        ("Ruiz", ()),
        ("Weiss", ("corresponding",)),
        ("Lindqvist", ("equal",)),
    ]
    assert "author" in changed
    assert [change.field for change in changes if change.field == "author"] == ["author"]
    assert bare(first.names("author")) == first.names("author")


_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Ice", ENTRY.title, "0"]).map(Text.of),
        "author": st.sampled_from([ENTRY.authors[:2], ENTRY.authors, ENTRY.authors[::-1]]).flatmap(
            lambda people: st.booleans().map(lambda cut: Names(tuple(parse_name(p.name) for p in people), cut))
        )
        | st.just(with_marks(Names(tuple(parse_name(p.name) for p in ENTRY.authors[:2]), True), "2=equal")),
        "issued": st.sampled_from([Date.of(2022, 3, 2), Date.of(2022), Date.of(2019), Date(literal="soon")]),
        "DOI": st.sampled_from(["10.1000/x", "10.1000/X", "10.9/z", "10.48550/arXiv.2203.01360"]).map(Verbatim),
        "container-title": st.just(Text.of("J")),
        "URL": st.just(Verbatim("https://example.org")),
    },
)


@pytest.mark.slow
@given(
    _FIELDS,
    st.sampled_from(["user", "listing", "bibtex", "arxiv"]),
    st.sampled_from(["article", "article-journal", "document"]),
    st.booleans(),
)
def test_any_record_is_completed_once_and_never_loses_a_value(
    values: dict[str, Any], source: str, kind: str, accepted: bool
) -> None:
    record = Record(key="k", type=kind, variables=values, provenance=dict.fromkeys(values, Provenance(source=source)))
    once = complete(record, ENTRY, accepted=accepted)[0]
    assert set(once.variables) >= set(values)
    assert complete(once, ENTRY, accepted=accepted)[0] == once
    if source == "user":
        assert {name: once.variables[name] for name in values} == values
