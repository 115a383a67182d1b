"""BibTeX and BibLaTeX entries as records."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.inherit import MAX_CHAIN
from bibtool.formats.bibtex.reader import read, read_biblatex
from bibtool.model.identifiers import ArxivId
from bibtool.model.record import Leftover, Record
from bibtool.problems import Problem, Severity


def records(text: str, *, biblatex: bool = False) -> dict[str, Record]:
    reader = read_biblatex if biblatex else read
    return {one.key: one for one in reader(text.encode(), ReadOptions(path="x.bib")).records}


def one(text: str, *, biblatex: bool = False) -> Record:
    (found,) = records(text, biblatex=biblatex).values()
    return found


def problems(text: str) -> list[Problem]:
    return list(read(text.encode(), ReadOptions(path="x.bib")).problems)


def test_an_article() -> None:
    record = one(
        """@article{k, author = {Joan Bruna and others}, title = {The {TeX}book -- \\& more}, journal = {J. X},
        volume = 3, number = {1--2}, pages = {10--12}, year = 2022, month = mar, doi = {https://doi.org/10.1000/182},
        issn = {03785955}, keywords = {a, b}, mrnumber = {MR1}}"""
    )
    assert record.type == "article-journal"
    assert record.text("title") == "The TeXbook – & more"
    assert record.variables["title"].markup() == 'The <span class="nocase">TeX</span>book – & more'  # type: ignore[union-attr] # a Text
    assert record.text("container-title") == "J. X"
    assert [record.text(name) for name in ("volume", "issue", "page", "issued")] == ["3", "1–2", "10-12", "2022-03"]
    assert (record.text("DOI"), record.text("ISSN"), record.text("keyword")) == ("10.1000/182", "0378-5955", "a, b")
    assert record.names("author").truncated
    assert record.leftovers == (Leftover("bibtex", "mrnumber", "MR1"),)
    assert record.provenance["title"].source == "bibtex"
    assert record.provenance["title"].detail == "x.bib:1"


@pytest.mark.parametrize(
    ("entry", "csl"),
    [
        ("@book{k, title=x}", "book"),
        ("@inproceedings{k, title=x}", "paper-conference"),
        ("@incollection{k, title=x}", "chapter"),
        ("@phdthesis{k, title=x}", "thesis"),
        ("@techreport{k, title=x}", "report"),
        ("@misc{k, title=x}", "document"),
        ("@online{k, title=x}", "webpage"),
        ("@dataset{k, title=x}", "dataset"),
        ("@nonsense{k, title=x}", "document"),
        ("@article{k, entrysubtype={magazine}}", "article-magazine"),
        ("@misc{k, entrysubtype={motion_picture}}", "motion_picture"),
        ("@misc{k, entrysubtype={book}}", "document"),
        ("@misc{k, eprint={2203.01360}, archivePrefix={arXiv}}", "article"),
        ("@article{k, journal={arXiv preprint arXiv:2203.01360}}", "article"),
        ("@article{k, journal={J. Comput. Phys.}, eprint={2203.01360}, archivePrefix={arXiv}}", "article-journal"),
    ],
)
def test_types(entry: str, csl: str) -> None:
    assert one(entry).type == csl


@pytest.mark.parametrize(
    ("fields", "number", "version"),
    [
        ("eprint={2203.01360v2}, archivePrefix={arXiv}", "2203.01360", 2),
        ("eprint={arXiv:2203.01360}", "2203.01360", None),
        ("eprint={math/0309136}, eprinttype={arxiv}, eprintclass={math.GT}", "math/0309136", None),
        ("doi={10.48550/arXiv.2203.01360}", "2203.01360", None),
        ("url={https://arxiv.org/abs/2203.01360}", "2203.01360", None),
        ("journal={CoRR}, volume={abs/2203.01360}", "2203.01360", None),
        ("journal={arXiv preprint arXiv:2203.01360}", "2203.01360", None),
        ("note={arXiv:2203.01360 [math.NA]}", "2203.01360", None),
        ("howpublished={\\url{https://arxiv.org/pdf/2203.01360.pdf}}", "2203.01360", None),
    ],
)
def test_arxiv_ids(fields: str, number: str, version: int | None) -> None:
    arxiv = one(f"@article{{k, title={{x}}, {fields}}}").arxiv
    assert arxiv is not None
    assert arxiv.id == ArxivId(number, version)


def test_other_archives_are_no_arxiv_ids() -> None:
    record = one("@misc{k, eprint={2203.01360}, eprinttype={hal}, eprintclass={x}}")
    assert record.arxiv is None
    assert {left.name for left in record.leftovers} == {"eprint", "eprinttype", "eprintclass"}
    assert one("@misc{k, eprint={123}, eprinttype={pubmed}}").text("PMID") == "123"


def test_identifiers_that_are_wrong_are_kept_and_told() -> None:
    text = (
        "@book{k,\n  doi = {nonsense},\n  isbn = {978-3-16-148410-1},\n  eprint = {9913.1}, archivePrefix = {arXiv}\n}"
    )
    record = one(text)
    assert record.text("DOI") == "nonsense"
    assert record.text("ISBN") == "978-3-16-148410-1"
    assert record.leftover("bibtex", "eprint") == "9913.1"
    found = {problem.code: (problem.position.line, problem.key) for problem in problems(text)}
    assert found == {"malformed-doi": (2, "k"), "malformed-isbn": (3, "k"), "malformed-arxiv": (4, "k")}


def test_biblatex_fields() -> None:
    record = one(
        """@thesis{k, author={family=Leo, given=Ann, prefix=de}, title={Main}, subtitle={Sub}, type={phdthesis},
        institution={Barnes and Noble}, location={Rome}, date={2004-04-05T14:34:00}, urldate={2020-01-02},
        langid={ngerman}, url={http://a.b/c\\_d}, pagetotal={12}}""",
        biblatex=True,
    )
    assert record.names("author")[0].non_dropping_particle == "de"
    assert record.title == "Main: Sub"
    assert [record.text(name) for name in ("genre", "publisher", "publisher-place", "issued", "accessed")] == [
        "PhD thesis",
        "Barnes and Noble",
        "Rome",
        "2004-04-05",
        "2020-01-02",
    ]
    assert [record.text(name) for name in ("language", "URL", "number-of-pages")] == ["de", "http://a.b/c_d", "12"]
    forms = {left.name: left.value for left in record.leftovers if left.source == "bibtex-form"}
    assert forms == {
        "author": "family=Leo, given=Ann, prefix=de",
        "subtitle": "Sub",
        "date": "2004-04-05T14:34:00",
        "langid": "ngerman",
    }


def test_crossref_by_bibers_rules() -> None:
    found = records(
        """@inproceedings{c, title={Child}, crossref={p}, year={2001}}
        @proceedings{p, title={Proc}, subtitle={Sub}, shorttitle={P}, editor={E Ditor}, year={1999}, month=jan}
        @inbook{i, title={In}, crossref={b}}
        @book{b, title={Book}, author={B Ook}, crossref={m}}
        @mvbook{m, title={Many}, publisher={Pub}}
        @article{a, title={A}, xdata={x, y}}
        @xdata{x, journal={J}, volume={1}}
        @xdata{y, volume={2}, number={7}}"""
    )
    assert set(found) == {"c", "p", "i", "b", "m", "a"}
    child = found["c"]
    assert child.text("container-title") == "Proc: Sub"
    assert child.names("editor")[0].family == "Ditor"
    assert (child.title, child.text("issued"), child.text("title-short")) == ("Child", "2001", "")
    inbook = found["i"]
    assert (inbook.title, inbook.text("container-title"), inbook.text("publisher")) == ("In", "Book", "Pub")
    assert inbook.names("container-author")[0].family == "Ook"
    assert inbook.leftover("bibtex", "maintitle") == "Many"
    article = found["a"]
    assert [article.text(name) for name in ("container-title", "volume", "issue")] == ["J", "1", "7"]


def test_parents_are_found_by_their_aliases() -> None:
    result = read_biblatex(
        b"""@inproceedings{c, title={Child}, crossref={old}, xdata={oldx}}
        @proceedings{p, ids={older, old}, title={Proc}, year={2001}}
        @xdata{x, ids={oldx}, publisher={P}}
        @inproceedings{d, title={A key wins over an alias}, crossref={c}}
        @proceedings{q, ids={c}, title={Not this one}}""",
        ReadOptions(),
    )
    child, _, other, _ = result.records
    assert (child.text("container-title"), child.text("publisher")) == ("Proc", "P")
    assert other.text("container-title") == "Proc"
    assert not [problem for problem in result.problems if problem.code.endswith("-missing")]


def test_crossrefs_that_lead_nowhere_or_in_circles() -> None:
    found = problems(
        "@book{a, title=1, crossref={b}}\n@book{b, crossref={a}}\n@book{c, crossref={none}}\n@book{d,xdata={q}}"
    )
    assert {problem.code for problem in found} == {"crossref-cycle", "crossref-missing", "xdata-missing"}
    assert all(problem.severity is Severity.WARNING and problem.position.line for problem in found)


def test_nothing_is_lost() -> None:
    text = """@inproceedings{k, title={A}, title={B}, publisher={P}, organization={O}, month={Michaelmas}, year=2001,
    date={}, mine={ {raw} \\x }, journal = undefinedmacro}"""
    record = one(text)
    left = {(one.name, one.value) for one in record.leftovers if one.source == "bibtex"}
    assert left == {("title", "B"), ("organization", "O"), ("month", "Michaelmas"), ("mine", " {raw} \\x ")}
    assert record.text("container-title") == "undefinedmacro"


def test_a_broken_entry_between_two_good_ones() -> None:
    text = "@book{a, title={A}}\n\n@book{b, title={B\n\n@book{c, title={C}}\n"
    result = read(text.encode(), ReadOptions(path="x.bib"))
    assert [record.key for record in result.records] == ["a", "c"]
    assert any(problem.position.line == 3 and problem.raw for problem in result.problems)


def test_duplicate_keys_are_told_and_both_kept() -> None:
    text = "@book{a, title={A}}\n@book{A, title={B}}\n@book{a, title={C}}"
    result = read(text.encode(), ReadOptions())
    assert [record.title for record in result.records] == ["A", "B", "C"]
    assert any(problem.code == "duplicate-key" for problem in result.problems)


@pytest.mark.parametrize("data", [b"", b"  \n", b"\x89PNG\r\n\x00\x00"])
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data, ReadOptions())


def test_a_text_without_entries_is_told() -> None:
    assert [problem.code for problem in problems("just prose")] == ["no-entries"]


@pytest.mark.slow
def test_the_real_sample(shared: Path) -> None:
    data = (shared / "corpus/dblp-1k.bib").read_bytes()
    result = read(data, ReadOptions(path="dblp-1k.bib"))
    assert len(result.records) == data.count(b"\n@") + data.startswith(b"@")
    assert {problem.code for problem in result.problems} == {"crossref-missing", "malformed-names"}  # "Isbell Jr."
    # a few titles hold a backslash as a character, by \textbackslash
    backslashes = data.count(b"textbackslash")
    assert sum("\\" in record.title or "{" in record.title for record in result.records) <= backslashes
    names = [name for record in result.records for name in record.names("author")]
    assert not any(char.isdigit() for name in names for char in name.display())


def test_other_keys_of_an_entry_are_its_aliases() -> None:
    assert one("@book{k, ids={old, older}}", biblatex=True).aliases == ("old", "older")


def test_many_ways_to_one_parent_are_walked_once() -> None:
    """Each level inherits twice from the one below, so that the ways double each time."""
    last = MAX_CHAIN - 2
    levels = [
        f"@xdata{{x{n}, xdata = {{x{n + 1}, y{n + 1}}}}}@xdata{{y{n}, xdata = {{x{n + 1}}}}}" for n in range(last)
    ]
    ends = [f"@xdata{{x{last}, publisher = {{P}}}}", f"@xdata{{y{last}}}"]
    data = "\n".join(["@misc{k, title = {T}, xdata = {x0, y0}}", *levels, *ends])
    result = read(data.encode(), ReadOptions())
    assert [record.text("publisher") for record in result.records] == ["P"]


@pytest.mark.parametrize("empty", ["", "{}", '""'])
def test_an_empty_field_before_another_one_of_its_name_says_nothing(empty: str) -> None:
    text = f"@article{{a, doi = {empty}, title = {{T}}, doi = {{10.5555/1}}}}"
    (record,) = read(text.encode(), ReadOptions()).records
    assert str(record.variables["DOI"]) == "10.5555/1"
    assert not record.leftovers
