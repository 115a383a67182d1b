"""The listing reader on whole pages: profile pages, pages of arXiv, rows of a Scholar profile."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.formats.base import ReadOptions
from bibtool.formats.listing.reader import read, sniff
from bibtool.formats.registry import guess_format, read_bytes
from bibtool.model.codec import decode, encode
from bibtool.model.richtext import Math, Text
from bibtool.problems import Severity

if TYPE_CHECKING:
    from types import ModuleType

    from bibtool.formats.base import ReadResult
    from bibtool.model.record import Record

AS_OF = dt.date(2026, 11, 23)
OPTIONS = ReadOptions(path="page.txt", as_of=AS_OF, when="2026-11-23")


def read_text(text: str) -> ReadResult:
    return read(text.encode(), OPTIONS)


def authors(record: Record) -> list[str]:
    return [name.display() for name in record.names("author")]


def brief(record: Record) -> tuple[str, list[str], str, str]:
    return record.title, authors(record), str(record.date() or ""), record.text("abstract")


def serious(result: ReadResult) -> list[str]:
    return [str(p) for p in result.problems if p.severity is not Severity.NOTE]


def check_facts(result: ReadResult, facts: list[dict[str, Any]]) -> None:
    assert len(result.records) == len(facts)
    assert result.problems == ()
    for record, fact in zip(result.records, facts, strict=True):
        assert record.type == "article"
        assert record.key == ""
        assert record.title == fact["title"]
        assert authors(record) == fact["authors"][:3]
        assert record.names("author").truncated == fact["truncated"]
        assert str(record.date()) == fact["date"]
        assert record.leftover("listing", "category-token") == fact["token"]
        assert record.leftover("listing", "badge") == fact["badge"]
        assert record.text("abstract")


@pytest.mark.slow
def test_own_page_of_fifty_records(fixtures: Path) -> None:
    folder = fixtures / "listings"
    facts = json.loads((folder / "profile.expected.json").read_text(encoding="utf-8"))
    assert len(facts) == 50
    check_facts(read((folder / "profile.txt").read_bytes(), OPTIONS), facts)


@pytest.mark.slow
def test_the_listing_that_the_project_is_for(shared: Path) -> None:
    truth = json.loads((shared / "seed" / "truth.json").read_text(encoding="utf-8"))
    result = read((shared / "seed" / "listing.txt").read_bytes(), OPTIONS)
    facts = [
        {
            "title": one["title"],
            "authors": one["authors"],
            "truncated": one["truncated_in_listing"],
            "date": one["listing_date"],
            "token": one["category_token"],
            "badge": one["badge"] or "",
        }
        for one in truth
    ]
    check_facts(result, facts)
    for record, one in zip(result.records, truth, strict=True):
        assert record.arxiv is not None
        possible = record.arxiv.candidates or (record.arxiv.primary_category,)
        assert one["primary_category"] in possible
        assert record.provenance["title"].detail == f"page.txt:{one['line'] + 1}"
        assert record.provenance["issued"].detail == f"page.txt:{one['line']}"
        assert all(p.source == "listing" and p.when == "2026-11-23" for p in record.provenance.values())
        assert all(0.8 < p.confidence <= 1.0 for p in record.provenance.values())


@pytest.fixture(scope="module")
def benchmark_module() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "listing_split.py"
    spec = importlib.util.spec_from_file_location("listing_split", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["listing_split"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("way", ["alone", "as_page"])
@pytest.mark.parametrize("numbers", [True, False])
def test_a_thousand_entries_glued_in_the_same_way(
    shared: Path, benchmark_module: ModuleType, way: str, numbers: bool
) -> None:
    facts = benchmark_module.facts_of(shared / "corpus" / "dblp-1k.bib")
    assert len(facts) > 900
    if not numbers:
        facts = [benchmark_module.without_numbers(fact) for fact in facts]
    got = getattr(benchmark_module, way)(facts)
    exact = sum(found == (title, names[:3]) for (title, names), found in zip(facts, got, strict=True))
    assert exact / len(facts) >= 0.997


@pytest.mark.slow
def test_titles_with_the_authors_of_other_entries(shared: Path, benchmark_module: ModuleType) -> None:
    facts = benchmark_module.mixed(benchmark_module.facts_of(shared / "corpus" / "dblp-1k.bib"), 2000)
    got = benchmark_module.alone(facts)
    exact = sum(found == (title, names[:3]) for (title, names), found in zip(facts, got, strict=True))
    assert exact / len(facts) >= 0.995


# the three lines of a record in all their orders

RECORDS = [
    ("NAMar 2, 2022", "Weak Solvers for Strong FieldsMara Quillon, Tunde Abara", "Fields are solved. They are strong."),
    ("LGMay 21", "A Tour of Gardens: Hedges, and PondsTunde Abara et al.", "Gardens have hedges, and some have ponds."),
    ("OCDec 4, 2023Code", "Tuning Bells in 3DLotte van Houten", "Bells are tuned by ear, since $f(x) < 2$ & more."),
    ("MLJun 1, 2019", "Do Sheep Count?Øyvind Strand, Mara Quillon", "They do not."),
]
WANTED = [
    ("Weak Solvers for Strong Fields", ["Mara Quillon", "Tunde Abara"], "2022-03-02", RECORDS[0][2]),
    ("A Tour of Gardens: Hedges, and Ponds", ["Tunde Abara"], "2026-05-21", RECORDS[1][2]),
    ("Tuning Bells in 3D", ["Lotte van Houten"], "2023-12-04", RECORDS[2][2]),
    ("Do Sheep Count?", ["Øyvind Strand", "Mara Quillon"], "2019-06-01", RECORDS[3][2]),
]
ORDERS = list(itertools.permutations(range(3)))


def page(order: tuple[int, ...] = (0, 1, 2), between: str = "\n", behind: str = "\n") -> str:
    return behind.join(between.join(record[i] for i in order) for record in RECORDS) + "\n"


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("between", "behind"), [("\n", "\n"), ("\n", "\n\n"), ("\n\n", "\n\n"), ("\n\n", "\n\n\n")])
def test_the_lines_in_any_order(order: tuple[int, ...], between: str, behind: str) -> None:
    result = read_text(page(order, between, behind))
    assert [brief(r) for r in result.records] == WANTED
    assert serious(result) == []
    assert sniff(page(order, between, behind).encode()) >= 60


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("behind", ["\n", "\n\n"])
def test_headings_stand_before_any_order(order: tuple[int, ...], behind: str) -> None:
    result = read_text("Mara Quillon\nHome | Papers\n\n" + page(order, "\n", behind))
    assert [brief(r) for r in result.records] == WANTED
    assert [p.raw for p in result.problems] == ["Mara Quillon\nHome | Papers"]


@pytest.mark.parametrize("order", ORDERS)
def test_the_lines_in_any_order_without_abstracts(order: tuple[int, ...]) -> None:
    short = [i for i in order if i != 2]
    result = read_text(page(tuple(short)))
    assert [brief(r)[:3] for r in result.records] == [w[:3] for w in WANTED]
    assert all("abstract" not in r.variables for r in result.records)
    assert result.problems == ()


@pytest.mark.parametrize("missing", range(4))
def test_one_abstract_may_be_missing(missing: int) -> None:
    lines = [line for i, r in enumerate(RECORDS) for line in (r[:2] if i == missing else r)]
    result = read_text("\n".join(lines))
    wanted = [(*w[:3], "" if i == missing else w[3]) for i, w in enumerate(WANTED)]
    assert [brief(r) for r in result.records] == wanted
    assert result.problems == ()


@pytest.mark.slow
def test_how_the_file_was_saved_does_not_matter() -> None:
    plain = read_text(page())
    same = [
        page().replace("\n", "\r\n").encode(),
        page().replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + page().encode(),
        b"\xff\xfe" + page().encode("utf-16-le"),
        page().replace("\n", "  \t\n").encode(),
        page().replace(" ", "\N{NO-BREAK SPACE}").encode(),
        ("\n\n\n" + page()).rstrip().encode(),
        page().replace("\n", "\N{ZERO WIDTH SPACE}\n").encode(),
    ]
    for data in same:
        result = read(data, OPTIONS)
        assert [encode(r)["variables"] for r in result.records] == [encode(r)["variables"] for r in plain.records]
        assert result.problems == ()


def test_an_abstract_of_several_lines_and_paragraphs() -> None:
    text = "\n".join([*RECORDS[0], "This goes on", "over lines.", "", "And a paragraph.", "", *RECORDS[1]])
    result = read_text(text)
    assert result.records[0].text("abstract") == RECORDS[0][2] + " This goes on over lines.\n\nAnd a paragraph."
    assert brief(result.records[1]) == WANTED[1]


def test_headings_and_footers_are_reported_and_in_no_record() -> None:
    text = "Mara Quillon\nHome | Papers\n\n" + page(behind="\n\nShow more\n\n") + "\n© 2026 Quillon Lab\n"
    result = read_text(text)
    assert [brief(r) for r in result.records] == WANTED
    assert serious(result) == []
    raws = [p.raw for p in result.problems]
    assert raws == ["Mara Quillon\nHome | Papers", "Show more", "Show more", "Show more", "© 2026 Quillon Lab"]
    assert [p.position.line for p in result.problems] == [1, 8, 14, 20, 26]


def test_title_and_authors_on_two_lines() -> None:
    text = "NAMar 2, 2022\nWeak Solvers for Strong Fields\nMara Quillon, Tunde Abara\nFields are solved.\n" + page()
    result = read_text(text)
    assert brief(result.records[0]) == (*WANTED[0][:3], "Fields are solved.")
    assert [brief(r) for r in result.records[1:]] == WANTED


def test_categories_are_taken_only_if_the_token_has_one_meaning() -> None:
    na, lg, oc, ml = (r.arxiv for r in read_text(page()).records)
    assert na is not None
    assert (na.primary_category, na.categories, na.candidates) == ("", (), ("cs.NA", "math.NA"))
    assert lg is not None
    assert (lg.primary_category, lg.categories, lg.candidates) == ("cs.LG", ("cs.LG",), ())
    assert oc is not None
    assert oc.primary_category == "math.OC"
    assert ml is not None
    assert ml.primary_category == "stat.ML"


def test_math_is_math_and_other_signs_are_characters() -> None:
    line = "NAMar 2, 2022\nFlow in $a<b$ & <i>More</i>: AT&T's $H^1$ViewMara Quillon, Tunde Abara\n"
    record = read_text(line + "We find $x &lt; y$ for 3 $ a piece.\n").records[0]
    assert record.title == "Flow in $a<b$ & <i>More</i>: AT&T's $H^1$View"
    title = record.variables["title"]
    assert isinstance(title, Text)
    assert [node for node in title.nodes if not isinstance(node, str)] == [Math("a<b"), Math("H^1")]
    assert record.text("abstract") == "We find $x &lt; y$ for 3 $ a piece."
    assert decode(encode(record)) == record


def test_the_left_out_year_depends_on_as_of() -> None:
    for as_of, wanted in ((dt.date(2026, 5, 20), "2025-05-21"), (dt.date(2026, 5, 21), "2026-05-21")):
        result = read(page().encode(), ReadOptions(as_of=as_of))
        assert str(result.records[1].date()) == wanted
    today = read(page().encode(), ReadOptions()).records[1].date()
    assert today is not None
    assert today.edtf() <= dt.datetime.now().astimezone().date().isoformat()


def test_a_doubtful_split_is_said_and_has_low_confidence() -> None:
    result = read_text("LGMar 2, 2022\nSparse Grids on XQSK Hafizul Islam, Mara Quillon\nAbstract.\n")
    (problem,) = result.problems
    assert problem.code == "listing-doubtful-split"
    assert problem.position.line == 2
    assert problem.raw == "Sparse Grids on XQSK Hafizul Islam, Mara Quillon"
    assert result.records[0].provenance["author"].confidence < 0.8


def test_a_name_seen_elsewhere_on_the_page_decides() -> None:
    doubtful = "Sparse Grids on XQSK Hafizul Islam, Mara Quillon"
    clear = "On the Use of BellsSK Hafizul Islam, Tunde Abara"
    text = f"LGMar 2, 2022\n{doubtful}\nLGMar 3, 2022\n{clear}\n"
    record = read_text(text).records[0]
    assert (record.title, authors(record)) == ("Sparse Grids on XQ", ["SK Hafizul Islam", "Mara Quillon"])
    assert record.provenance["author"].confidence > 0.8


def test_a_page_without_any_date_line() -> None:
    lines = [record[1] for record in RECORDS]
    result = read_text("\n".join(lines))
    assert [brief(r)[:2] for r in result.records] == [w[:2] for w in WANTED]
    assert all("issued" not in r.variables for r in result.records)
    assert [p.code for p in result.problems] == ["listing-undated"]
    with_abstracts = read_text("\n\n".join(f"{r[1]}\n{r[2]}" for r in RECORDS))
    assert [r.text("abstract") for r in with_abstracts.records] == [w[3] for w in WANTED]
    alone = read_text("Weak Solvers for Strong FieldsMara Quillon, Tunde Abara")
    assert [brief(r)[:2] for r in alone.records] == [WANTED[0][:2]]


# pages of arXiv


def test_a_list_of_arxiv(fixtures: Path) -> None:
    result = read((fixtures / "listings" / "arxiv-list.txt").read_bytes(), OPTIONS)
    assert serious(result) == []
    first, second, third = result.records
    assert first.arxiv is not None
    assert str(first.arxiv.id) == "2203.91360"
    assert first.arxiv.categories == ("math.NA", "cs.LG")
    assert first.arxiv.primary_category == "math.NA"
    assert first.arxiv.comment == "24 pages, 3 figures"
    assert first.arxiv.journal_ref == "J. Invent. Anal. 35 (2023) 1872"
    assert first.text("DOI") == "10.5555/jia.2023.1872"
    assert first.title == "Weak Solvers for Strong Fields, or $H^1$ Revisited"
    assert authors(first) == ["Mara Quillon", "Tunde Abara", "Lotte van Houten"]
    assert str(first.date()) == "2022"
    assert first.provenance["issued"].confidence < 1.0
    assert second.title == "A Tour of Finite Gardens: Hedges, Paths, and Ponds"
    assert authors(second) == ["Tunde Abara", "Mara Quillon"]
    assert third.arxiv is not None
    assert str(third.arxiv.id) == "math/0309136v2"
    assert third.arxiv.withdrawn
    assert third.text("abstract").endswith("each layer is slower than the one before.")
    assert authors(third) == ["Øyvind Strand"]


def test_search_results_of_arxiv(fixtures: Path) -> None:
    result = read((fixtures / "listings" / "arxiv-search.txt").read_bytes(), OPTIONS)
    assert serious(result) == []
    first, second = result.records
    assert first.arxiv is not None
    assert first.arxiv.categories == ("math.NA", "cs.LG")
    assert first.arxiv.updated == "2023-10-17"
    assert first.arxiv.journal_ref == "J. Invent. Anal. 35 (2023) 1872"
    assert first.text("DOI") == "10.5555/jia.2023.1872"
    assert str(first.date()) == "2022-03-02"
    assert first.text("abstract").endswith("how weak they may be.")
    assert second.arxiv is not None
    assert second.arxiv.categories == ("cs.LG", "math.NA")
    assert second.title == "A Tour of Finite Gardens: Hedges, Paths, and Ponds"
    assert str(second.date()) == "2021-04-27"


# rows of a Scholar profile


@pytest.mark.parametrize("name", ["scholar-lines.txt", "scholar-tabs.txt"])
def test_scholar_rows(fixtures: Path, name: str) -> None:
    result = read((fixtures / "listings" / name).read_bytes(), OPTIONS)
    assert serious(result) == []
    by_title = {record.title: record for record in result.records}
    assert len(by_title) == (4 if name == "scholar-lines.txt" else 2)
    first = by_title["Weak Solvers for Strong Fields"]
    assert authors(first) == ["M Quillon", "T Abara", "L van Houten"]
    assert first.type == "article-journal"
    assert [first.text(v) for v in ("container-title", "volume", "issue", "page", "issued")] == [
        "Journal of Invented Analysis",
        "35",
        "8",
        "1872-1886",
        "2013",
    ]
    assert first.leftover("listing", "cited-by") == "1724"
    bells = by_title["Tuning Bells by Gradient Descent"]
    assert bells.type == "paper-conference"
    assert bells.leftover("listing", "cited-by") == ""
    if name == "scholar-lines.txt":
        garden = by_title["A Tour of Finite Gardens: Hedges, Paths, and Ponds"]
        assert garden.names("author").truncated
        assert garden.arxiv is not None
        assert str(garden.arxiv.id) == "2104.93478"
        light = by_title["Notes on Slow Light"]
        assert str(light.date()) == "2017"
        assert "container-title" not in light.variables


@pytest.mark.parametrize("end", ["1724\t2013", "1724\n2013", "1724*\n2013", "2013"])
def test_scholar_rows_with_count_and_year_on_any_lines(end: str) -> None:
    rows = [
        "Weak Solvers for Strong Fields\nM Quillon, T Abara\nJournal of Invented Analysis 35 (8), 1872-1886, 2013\n",
        "Slow Clocks in Fast Trains\nM Quillon, ...\nAdvances in Clocks 30, 2013\n",
    ]
    text = "".join(row + end + "\n" for row in rows) + "Notes on Slow Light\nØ Strand\n12\t2017\n"
    result = read(text.encode(), OPTIONS)
    assert serious(result) == []
    assert [record.title for record in result.records] == [
        "Weak Solvers for Strong Fields",
        "Slow Clocks in Fast Trains",
        "Notes on Slow Light",
    ]
    assert [record.text("issued") for record in result.records] == ["2013", "2013", "2017"]
    assert result.records[1].names("author").truncated


@pytest.mark.parametrize(
    ("venue", "expected"),
    [
        ("Advances in Clocks 30, 2013", ("article-journal", {"container-title": "Advances in Clocks", "volume": "30"})),
        ("Clocks and Trains, 2013", ("document", {"container-title": "Clocks and Trains"})),
        ("Clocks 4 (2), 2013", ("article-journal", {"container-title": "Clocks", "volume": "4", "issue": "2"})),
        ("Clocks 4 (2), 2054", ("article-journal", {"volume": "4", "issue": "2", "page": "2054"})),
        ("Clocks 4 (2), 1987, 2013", ("article-journal", {"volume": "4", "issue": "2", "page": "1987"})),
        ("Nowhere University press, 2013", ("book", {"publisher": "Nowhere University press"})),
        ("Springer Science & Business Media", ("book", {"publisher": "Springer Science & Business Media"})),
        ("University of Nowhere, 2013", ("document", {"publisher": "University of Nowhere"})),
        ("US Patent App. 10/452,978, 2013", ("patent", {"number": "10/452,978", "jurisdiction": "US"})),
    ],
)
def test_the_venue_of_a_scholar_row_with_the_year_after_it(venue: str, expected: tuple[str, dict[str, str]]) -> None:
    (record,) = read(f"Slow Clocks\nM Quillon, T Abara\n{venue}\n12\t2013\n".encode(), OPTIONS).records
    variables = {"container-title", "publisher", "volume", "issue", "page", "number", "jurisdiction"}
    found = {name: record.text(name) for name in variables & record.variables.keys()}
    assert (record.type, {**found, **expected[1]}) == (expected[0], found)
    assert ("page" in found) == ("page" in expected[1])


def test_several_layouts_in_one_paste(fixtures: Path) -> None:
    folder = fixtures / "listings"
    scholar, arxiv = ((folder / name).read_text(encoding="utf-8") for name in ("scholar-lines.txt", "arxiv-list.txt"))
    result = read_text(arxiv + "\n" + page() + "\n" + scholar)
    titles = [record.title for record in result.records]
    alone = [record.title for text in (arxiv, page(), scholar) for record in read_text(text).records]
    assert titles == alone


# finding the format


@pytest.mark.parametrize(
    "name", ["profile.txt", "arxiv-list.txt", "arxiv-search.txt", "scholar-lines.txt", "faulty.txt"]
)
def test_listings_are_recognised(fixtures: Path, name: str) -> None:
    data = (fixtures / "listings" / name).read_bytes()
    assert sniff(data) >= 60


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"@article{a,\n  author = {Joan Bruna},\n  date = {2022-03-02},\n}\n",
        b"% comment\n@string{x = {y}}\n@book{a, title = {T}}\n",
        b'[{"id": "a", "type": "article"}]',
        b'{"a": 1}',
        b'<?xml version="1.0"?><feed/>',
        b"<html><body>LGMar 2, 2022</body></html>",
        b"TY  - JOUR\nAU  - Bruna, Joan\nER  - \n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04rest",
        b"Dear Joan,\nthank you for the paper.\n",
    ],
)
def test_other_formats_are_not_taken_for_listings(data: bytes) -> None:
    assert sniff(data) == 0


@pytest.mark.slow
def test_the_registry_finds_the_reader_by_content(fixtures: Path) -> None:
    data = (fixtures / "listings" / "profile.txt").read_bytes()
    assert sniff(data[:4096]) == 90
    try:
        found = guess_format(data, "anything.txt")
    except ImportError:
        pytest.skip("another reader of this tree can't be loaded")
    assert found.name == "listing"
    assert len(read_bytes(data, "listing", OPTIONS).records) == 50
