"""Entries of one work merged by local edits: nothing lost, every other byte the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.errors import OutputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex import dedupe
from bibtool.formats.bibtex.dedupe import Merged, Plan, Source, merge_entries
from bibtool.model.text.fold import title_key
from bibtool.model.works.combine import choose_key
from bibtool.model.works.groups import find_duplicates


def sources_of(*files: str | bytes) -> list[Source]:
    return [
        Source.from_bytes(data if isinstance(data, bytes) else data.encode(), ReadOptions(path=f"{number}.bib"))
        for number, data in enumerate(files)
    ]


def merged(*files: str | bytes, key: str | None = None, ids: bool = True) -> Merged:
    """All certain groups merged."""
    sources = sources_of(*files)
    where = [(file, at) for file, source in enumerate(sources) for at in range(len(source.records))]
    records = [sources[file].records[at] for file, at in where]
    plans = []
    for group in find_duplicates(records):
        if group.certain:
            chosen = choose_key([records[at] for at in group.members], keep=[key] if key else [])
            plans.append(Plan(tuple(where[at] for at in group.members), chosen))
    return merge_entries(sources, plans, ids=ids)


def text_of(result: Merged, file: int = 0) -> str:
    return result.documents[file].to_bytes().decode()


def field(result: Merged, key: str, name: str) -> str | None:
    entry = result.documents[0].entry(key)
    assert entry is not None
    return entry.get(name)


ONE = "@article{one,\n  author = {Ortega, Lia},\n  title = {Moments of branching walks},\n  year = 2011,\n}\n"
TWO = '@ARTICLE{two,\n author="Lia Ortega",\n title="Moments of Branching {Walks}",\n'
TWO += ' year=2011, doi = "10.5555/m", note = {a # b}}\n'


def test_the_entry_that_stays_gets_what_only_the_others_have() -> None:
    result = merged("% top\n" + ONE + "\n% between\n\n" + TWO + "% end\n", key="one")
    assert result.replaced == {"two": "one"}
    assert text_of(result).startswith("% top\n% between\n\n@ARTICLE{one,\n")
    assert text_of(result).endswith("% end\n")
    assert field(result, "one", "ids") == "two"


def test_only_the_merged_entries_change() -> None:
    others = "@string{a = {b}}\r\n@misc{x,title={ Odd  }  , year = 1 # 2}\r\n@comment{two}\r\n"
    more = others.replace("x", "y").replace(" Odd ", " Even ")
    data = "\ufeff" + others + ONE + more + TWO + "\t@preamble{{z}} two"
    result = merged(data)
    new = text_of(result)
    for part in ("\ufeff" + others, more, "\t@preamble{{z}} two"):
        assert part in new
    assert result.documents[0].to_bytes().count(b"\r\n") == data.count("\r\n")


def test_no_duplicates_no_change() -> None:
    data = (ONE + "@misc{other, title = {Something else}}").encode("utf-8")
    sources = sources_of(data)
    assert merge_entries(sources, []).documents[0] is sources[0].document


def test_without_ids() -> None:
    result = merged(ONE + TWO, ids=False)
    assert "ids" not in text_of(result)
    assert result.replaced


def test_old_keys_join_the_old_keys() -> None:
    result = merged(ONE.replace("year", "ids = {older},\n  year") + TWO.replace("note", "ids = {eldest, one}, note"))
    assert field(result, "two", "ids") == "eldest, one, older"
    assert result.replaced == {"one": "two", "older": "two", "eldest": "two"}


def test_preprint_and_publication() -> None:
    pre = "@misc{pre, author={Ortega, Lia and others}, title={Moments of branching walks}, year=2010, month=mar,"
    pre += " eprint={1003.0001}, archivePrefix={arXiv}}\n"
    paper = "@article{paper,\n  author = {Ortega, Lia and Brandt, Theo},\n  title = {Moments of branching walks},\n"
    paper += "  journal = {J},\n  year = 2011,\n  doi = {10.5555/m}\n}\n"
    result = merged(pre + paper, key="pre")
    assert [entry.key for entry in result.documents[0].entries] == ["pre"]
    assert field(result, "pre", "eprint") == "1003.0001"
    assert field(result, "pre", "doi") == "10.5555/m"
    assert field(result, "pre", "year") == "2011"
    assert field(result, "pre", "month") is None
    assert {(d.key, d.field) for d in result.differences} == {("pre", "year"), ("pre", "month")}


def test_arxiv_id_that_only_a_doi_says() -> None:
    both = "author={Ortega, Lia}, title={Moments of branching walks}, year=2011"
    pre = f"@misc{{pre, {both}, doi={{10.48550/arXiv.1003.0001}}}}\n"
    paper = f"@article{{paper, {both}, journal={{J}}, doi={{10.5555/m}}}}\n"
    result = merged(pre + paper)
    assert field(result, "paper", "eprint") == "1003.0001"
    assert field(result, "paper", "archiveprefix") == "arXiv"
    assert not result.differences


def test_a_full_list_of_authors_replaces_a_truncated_one() -> None:
    full = ONE.replace("one", "full").replace("Ortega, Lia", "Ortega, Lia and Brandt, Theo")
    result = merged(ONE.replace("Ortega, Lia", "Ortega, Lia and others").replace("2011", "2011, volume = 3") + full)
    assert field(result, "one", "author") == "Ortega, Lia and Brandt, Theo"
    assert not result.differences


def test_macros_stay_macros_where_they_mean_the_same() -> None:
    strings = "@string{j = {Journal of Orders}}\n"
    result = merged(
        strings
        + ONE.replace("year", "volume = 7,\n  number = 2,\n  year")
        + TWO.replace("note", "month = feb, publisher = j, note")
    )
    assert "month = feb" in text_of(result)
    assert "publisher = j" in text_of(result)


def test_macros_of_another_file_are_written_out() -> None:
    first = ONE.replace("year", "volume = 7,\n  number = 2,\n  pages = {1},\n year")
    result = merged(first, "@string{j = {Journal of Orders}}\n" + TWO.replace("note", "publisher = j, note"))
    assert field(result, "one", "publisher") == "Journal of Orders"
    assert [entry.key for entry in result.documents[1].entries] == []
    assert "@string" in text_of(result, 1)


def test_links_follow_to_the_key_that_stays() -> None:
    data = (
        "@incollection{c, title={A chapter}, crossref={ one }}\n@misc{r, title={R}, related={x,one , y}}\n" + ONE + TWO
    )
    result = merged(data, key="two")
    assert "crossref={ two }" in text_of(result)
    assert "related={x,two , y}" in text_of(result)


def test_links_name_no_entry_twice_and_not_their_own() -> None:
    other = (
        "@set{s, entryset={one,two}}\n@set{t, entryset={one, x, two}}\n"
        "@incollection{c, title={A chapter}, crossref={ONE}, related={ one}}\n"  # in any case, as BibTeX allows
    )
    one = ONE.replace("  year", "  related = {two},\n  relatedtype = {reprintof},\n  year")
    two = TWO.replace("note =", "xref={one}, note =")
    result = merged(other + one + two, key="two")
    assert field(result, "s", "entryset") == "two"
    assert field(result, "t", "entryset") == "x, two"
    assert (field(result, "c", "crossref"), field(result, "c", "related")) == ("two", " two")
    assert field(result, "two", "related") is None
    assert field(result, "two", "xref") is None
    again = merged(text_of(result), key="two")
    assert text_of(again) == text_of(result)


def test_children_stay_before_their_parent() -> None:
    parent = "@proceedings{%s, title={Proceedings of Days}, editor={Faber, Jo}, year=2018%s}\n"
    child = "@inproceedings{c, author={Ekman, Ida}, title={Knots}, crossref={p1}}\n"
    result = merged(parent % ("p2", ", publisher={P}, isbn={3-16-148410-X}") + child + parent % ("p1", ""))
    assert [entry.key for entry in result.documents[0].entries] == ["c", "p2"]
    assert field(result, "c", "crossref") == "p2"


def test_a_key_that_another_work_has_too_leads_nowhere_else() -> None:
    result = merged(ONE + TWO + "@misc{one, title = {Something else}}\n", key="two")
    assert result.replaced == {}
    assert "ids" not in text_of(result)
    assert [entry.key for entry in result.documents[0].entries] == ["two", "one"]


def test_a_comment_inside_a_removed_entry_is_reported() -> None:
    result = merged(TWO + ONE.replace("  year", "  % from the library\n  year"))
    assert ("one", "comment", "% from the library") in {(d.key, d.field, d.other) for d in result.differences}


def test_inherited_identifiers_make_no_duplicates() -> None:
    data = (
        "@incollection{a, author={Ekman, Ida}, title={Knots in knots}, crossref={p}}\n"
        "@incollection{b, author={Ekman, Ida}, title={Loops of loops}, crossref={p}}\n"
        "@collection{p, editor={Ekman, Ida}, title={Knots}, doi={10.5555/p}, isbn={3-16-148410-X}, year=2018}\n"
    )
    assert not find_duplicates(sources_of(data)[0].records)


def test_a_character_that_the_file_can_t_hold_is_reported() -> None:
    latin = (
        ONE.replace("year", "volume = {7}, number = {2}, pages = {1}, year")
        .replace("Ortega", "Ortég")
        .encode("latin-1")
    )
    result = merged(latin, TWO.replace("Ortega", "Ortég").replace("a # b", "\u4e2d"))
    assert ("two", "note", "", "\u4e2d") in {(d.key, d.field, d.kept, d.other) for d in result.differences}
    assert result.documents[0].encoding != "utf-8"


def test_a_result_that_lost_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.bib.edit.Editor.document", lambda self: Document.from_text(TWO))
    with pytest.raises(OutputError, match="lose"):
        merged(ONE + TWO + "@misc{other, title = {Something else}}")


def test_fixture_with_everything(fixtures: Path) -> None:
    data = (fixtures / "dedupe" / "refs.bib").read_bytes()
    result = merged(data)
    document = result.documents[0]
    assert [entry.key for entry in document.entries] == ["adler2020", "child", "proc18b"]
    assert [block.key for block in document.broken] == ["broken"]
    assert result.replaced == {"adler19arxiv": "adler2020", "Adler-again": "adler2020", "proc18": "proc18b"}
    for line in (b"% the published one; cite this", b"@comment{jabref-meta: databaseType:bibtex;}", b"% the end"):
        assert line in document.to_bytes()
    assert_nothing_lost(data, result)
    assert merged(document.to_bytes()).documents[0].to_bytes() == document.to_bytes()


def test_look_alikes(fixtures: Path) -> None:
    assert find_duplicates(sources_of((fixtures / "dedupe" / "lookalikes.bib").read_bytes())[0].records) == ()


def assert_nothing_lost(data: bytes, result: Merged) -> None:
    """Each content of each old entry stands in an entry of its work, or is among the differences."""
    new = result.documents[0]
    for entry in Document.from_bytes(data).entries:
        kept = [e for e in new.entries if e.key == result.replaced.get(entry.key, entry.key)]
        told = {(d.key, d.field, d.other) for d in result.differences}
        contents = [content for e in kept for _, content in e.items()]
        for name, content in entry.items():
            line = " ".join(content.split())
            said = any(title_key(content) == title_key(one) for one in contents)
            wider = name in (
                "author",
                "doi",
                "isbn",
                "archiveprefix",
                "crossref",
            )  # completed, normalised, another dialect
            assert said or wider or (entry.key, name, line) in told, (entry.key, name)


FIELDS = [
    "title={Moments of branching walks}", "author={Ortega, Lia and Brandt, Theo}", "author={Ortega, Lia and others}",
    "year=2011", "year={2010}", "date={2011-03}", "month=mar", "doi={10.5555/m}", "eprint={1003.0001}",
    "archivePrefix={arXiv}", "journal={CoRR}", 'journal="J. of " # "Walks"', "journaltitle={Journal of Walks}",
    "volume={abs/1003.0001}", "volume=3", "pages={1--9}", "note={{A} note}", "note={other}", "keywords={a, b}",
    "url={https://arxiv.org/abs/1003.0001}", "ids={k9}", "file={x:y}", "crossref={k0}",
]  # fmt: skip
entries = st.lists(st.sampled_from(FIELDS), max_size=9).map(lambda some: ["title={Moments of branching walks}", *some])


@pytest.mark.slow
@given(st.lists(entries, min_size=2, max_size=4), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=120, deadline=None)
def test_nothing_is_lost_and_twice_is_once(found: list[list[str]], newline: str, commas: bool) -> None:
    blocks = [
        f"% about k{number}{newline}@article{{k{number},{newline}  "
        + f",{newline}  ".join(fields)
        + ("," if commas else "")
        + "}"
        for number, fields in enumerate(found)
    ]
    data = (newline.join(blocks) + newline).encode()
    source = sources_of(data)
    plan = Plan(tuple((0, at) for at in range(len(found))), "k0")
    result = merge_entries(source, [plan])
    (entry,) = result.documents[0].entries
    assert entry.key == "k0"
    for number in range(len(found)):
        assert f"% about k{number}".encode() in result.documents[0].to_bytes()
    told = {(d.key, d.field) for d in result.differences}
    for old in Document.from_bytes(data).entries:
        for name, content in old.items():
            said = any(title_key(content) == title_key(one) for _, one in entry.items())
            wider = name in (
                "author",
                "date",
                "month",
                "year",
                "archiveprefix",
                "ids",
                "crossref",
                "journal",
                "volume",
                "url",
            )
            assert said or (old.key, name) in told or wider, (old.key, name)
    again = merge_entries(sources_of(result.documents[0].to_bytes()), [Plan(((0, 0),), "k0")])
    assert again.documents[0].to_bytes() == result.documents[0].to_bytes()


def test_the_module_names_its_parts() -> None:
    assert {"Plan", "Source", "Merged", "merge_entries"} <= set(vars(dedupe))
