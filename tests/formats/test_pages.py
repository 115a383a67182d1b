"""Pages and lists that people copy: three of each kind or more, none of them one that a layout was written after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult
from bibtool.formats.listing.people import people_of
from bibtool.formats.registry import guess_format, read_bytes
from bibtool.model.names import Names
from bibtool.model.richtext import Text

PAGES = Path(__file__).parents[2] / "fixtures" / "paste"
EXPECTED = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))


def described(result: ReadResult) -> list[tuple[str, list[str], int | None]]:
    """Title, family names with their particles, and year of each record."""
    out = []
    for record in result:
        names = record.variables.get("author")
        people = names.names if isinstance(names, Names) else ()
        families = [
            " ".join(part for part in (name.dropping_particle, name.non_dropping_particle, name.family) if part)
            for name in people
        ]
        issued = record.variables.get("issued")
        start = getattr(issued, "start", None)
        out.append((record.title, families, start.year if start else None))
    return out


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_page_is_recognised_and_read(name: str) -> None:
    data = (PAGES / name).read_bytes()
    suffix = "" if name.endswith(".txt") else name
    result = read_bytes(data, guess_format(data, suffix).name)
    assert described(result) == [(title, families, year) for title, families, year in EXPECTED[name]]
    assert not [problem for problem in result.problems if problem.severity == "error"]


def text_of(result: ReadResult) -> str:
    return "\n".join(f"{problem.severity} {problem.message}" for problem in result.problems)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ines Falk\nTomas Rosa\nKeiko Arimura\nJan Berg\n", "a list of people"),
        (
            "Ines Falk, professor, room 12\nTomas Rosa, student, room 4\nKeiko Arimura, guest, room 7\n",
            "a list of people",
        ),
        (
            "Contents\n1 Clocks ..... 1\n1.1 Trains ..... 3\n2 Moss ..... 12\n2.1 Wood ..... 15\n",
            "a table of contents",
        ),
        ("a,b,c\n1,2.5,3\n2,2.7,4\n3,2.9,5\n", "a table of values"),
        ("import os\n\ndef main(x):\n    y = [1, 2]\n    return y[0]\n\nmain(3)\n", "source code"),
        (
            "Dear all,\n\nthe meeting of 12 March 2020 is moved. Tell Ines Falk.\n\nBest,\nBo\n",
            "no record was found",
        ),
        # an ACM page without the lines of names
        ("research-article\nSlow Clocks\nAnnals of Time, March 2013, pp 1-9\n" * 4, "ACM"),
        ("Slow Clocks\nView\n1 Mar 2013\nShare\nMoss\nView\n2 Mar 2014\nShare\n", "no "),
    ],
)
def test_a_text_without_works_gives_no_record_and_says_why(text: str, reason: str) -> None:
    result = read_bytes(text.encode(), "listing")
    assert described(result) == []
    assert reason in text_of(result)
    assert any(problem.severity == "error" for problem in result.problems)


@pytest.mark.parametrize(
    ("before", "lost", "after"),
    [
        (  # ORCID
            "Slow Clocks\nAnnals of Time\n2018-01 | Journal article\nContributors: Ines Falk; Jan Berg\n",
            "https://example.org/x\n2019 | Journal article\n",
            "What Moss Remembers\nAnnals of Wood\n2021-02 | Journal article\nContributors: Keiko Arimura\n",
        ),
        (  # INSPIRE
            "Slow Clocks\n#1\nInes Falk, Jan Berg (Jan, 2018)\n12 citations\n",
            "#2\nKeiko Arimura, Ines Falk (Feb, 2019)\n3 citations\n",
            "Sorting Clouds\n#3\nNadia Brandt (Mar, 2020)\n0 citations\n",
        ),
        (  # OpenReview
            "Slow Clocks\nInes Falk, Jan Berg\nPublished: 10 Jan 2018, Last Modified: 2 Mar 2018\nEveryone\n",
            "Everyone\nPublished: 11 Jan 2019, Last Modified: 2 Mar 2019\nEveryone\n",
            "Sorting Clouds\nNadia Brandt, Li Wei\nPublished: 12 Jan 2020, Last Modified: 2 Mar 2020\nEveryone\n",
        ),
    ],
)
def test_a_row_of_a_page_that_cannot_be_read_is_an_error(before: str, lost: str, after: str) -> None:
    result = read_bytes((before + lost + after).encode(), "listing")
    assert len(described(result)) == 2
    errors = [problem for problem in result.problems if problem.severity == "error"]
    first = before.count("\n") + 1
    assert [first <= (problem.position.line or 0) < first + lost.count("\n") for problem in errors] == [True]


def test_abbreviated_journals_of_dblp_are_no_part_of_the_title() -> None:
    works = [
        ("Slow clocks and graphs.", "IEEE Trans. Inf. Theory", " 65(3): 11-20 (2021)"),
        ("Counting moss.", "Commun. ACM", " 64(3): 21-30 (2021)"),
        ("The work of J. S. Moss.", "SIAM J. Comput.", " 6(3): 21-30 (2020)"),
        ("Clocks vs. Bells.", "Q. J. Exp. Psychol.", " 12(3): 201-219 (2019)"),
        ("Tides, ports, and dredging.", "Marit. Stud. Q.", " 12(3): 201-219 (2018)"),
        ("Why Moss Grows. A Short History.", "Annals of Quiet Botany", " 7(1): 15-40 (2017)"),
    ]
    page = "\n".join(
        f"[j{9 - number}]\nInes Falk, Tomas Rosa:\n{title} {venue}{rest}"
        for number, (title, venue, rest) in enumerate(works)
    )
    found = [(record.title, record.text("container-title")) for record in read_bytes(page.encode(), "listing")]
    assert found == [(title.removesuffix("."), venue) for title, venue, _ in works]


def test_other_rows_of_dblp_than_journals() -> None:
    page = (
        "[j3]\nInes Falk, Tomas Rosa:\nSlow clocks. Trans. Time Syst. 48(2): 5:1-5:42 (2023)\n"
        "[i2]\nInes Falk:\nClocks and moss: A survey. CoRR abs/2303.01234 (2023)\n"
        "[c5]\nInes Falk, Tomas Rosa:\nTree clocks. ICALP 2022: 5:1-5:18\n"
        "[b1]\nInes Falk:\nClocks in theory and practice. University of Nowhere, Germany, 2021, pp. 1-210\n"
        "[e2]\nInes Falk, Tomas Rosa (Eds.):\nProceedings of the 12th Workshop on Clocks, WOC 2020, May 3, 2020. "
        "Lecture Notes in Time 3210, Oak Press 2020, ISBN 978-0-306-40615-7\n"
    )
    result = read_bytes(page.encode(), "listing")
    assert [problem for problem in result.problems if problem.severity != "note"] == []
    variables = ("title", "container-title", "volume", "issue", "page")
    journal, preprint, paper, thesis, book = result
    assert [journal.text(name) for name in variables] == ["Slow clocks", "Trans. Time Syst.", "48", "2", "5:1-5:42"]
    assert preprint.arxiv is not None
    assert (str(preprint.arxiv.id), "container-title" in preprint.variables) == ("2303.01234", False)
    assert (paper.type, [paper.text(name) for name in variables]) == (
        "paper-conference",
        ["Tree clocks", "ICALP", "", "", "5:1-5:18"],
    )
    assert (thesis.title, thesis.text("page")) == ("Clocks in theory and practice", "1-210")
    assert (book.type, "author" in book.variables, len(book.names("editor").names)) == ("book", False, 2)
    series = [book.text(name) for name in ("collection-title", "collection-number", "publisher", "ISBN")]
    assert series == ["Lecture Notes in Time", "3210", "Oak Press", "9780306406157"]


def test_one_record_among_many_other_lines_is_not_taken() -> None:
    prose = [f"This is line {number} of a long letter about nothing in particular" for number in range(40)]
    page = ["Slow Clocks in Fast Trains", "Ines Falk, Tomas Rosa", "Annals of Time, 2013"]
    assert described(read_bytes("\n".join([*prose[:20], *page, *prose[20:]]).encode(), "listing")) == []


def test_each_part_of_a_text_is_read_by_its_own_reader() -> None:
    text = (
        "Hi,\ntwo:\n\n@article{a1,\n  title = {Slow Clocks},\n  author = {Falk, Ines},\n  year = {2013}\n}\n\n"
        "and\n\nTY  - JOUR\nTI  - What Moss Remembers\nAU  - Arimura, Keiko\nPY  - 2021\nER  - \n\n"
        "see also https://doi.org/10.5555/xyz.1.\n"
    )
    data = text.encode()
    result = read_bytes(data, guess_format(data).name)
    assert described(result)[:2] == [("Slow Clocks", ["Falk"], 2013), ("What Moss Remembers", ["Arimura"], 2021)]
    assert [record.text("DOI") for record in result] == ["", "", "10.5555/xyz.1"]


@pytest.mark.parametrize(
    ("text", "variable", "value"),
    [
        ("see doi:10.5555/abc(2013)4.", "DOI", "10.5555/abc(2013)4"),
        ("(https://doi.org/10.5555/abc)", "DOI", "10.5555/abc"),
        ("https://dl.acm.org/doi/pdf/10.1145/12.34?download=true", "DOI", "10.1145/12.34"),
        ("https://link.springer.com/article/10.1007/s1-2#Sec3", "DOI", "10.1007/s1-2"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/abc.12", "DOI", "10.1002/abc.12"),
        ("https://www.nature.com/articles/s41586-021-03819-2", "DOI", "10.1038/s41586-021-03819-2"),
        ("https://pubmed.ncbi.nlm.nih.gov/123456/", "PMID", "123456"),
        ("as in PMC1234567,", "PMCID", "PMC1234567"),
        ("PMID: 1234567 is it", "PMID", "1234567"),
        ("ISBN 978-0-306-40615-7 in print", "ISBN", "9780306406157"),
        ("https://openreview.net/pdf?id=kILAd8RdzA", "URL", "https://openreview.net/forum?id=kILAd8RdzA"),
        (
            "(doi: 10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2).",
            "DOI",
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        ),
        ("it is on doi.org/10.5555/abc, they say", "DOI", "10.5555/abc"),
        ("info:doi/10.5555/abc", "DOI", "10.5555/abc"),
        ("https://aclanthology.org/P19-1001.pdf", "URL", "https://aclanthology.org/P19-1001/"),
    ],
)
def test_identifiers_anywhere_become_records(text: str, variable: str, value: str) -> None:
    (record,) = read_bytes(f"Please read this one: {text}\nThanks!\n".encode(), "listing")
    assert record.text(variable).replace("-", "") == value.replace("-", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("as in hep-th/9711200, they say", "hep-th/9711200"),
        ("math.GT/0309136v2", "math/0309136v2"),
        ("see www.arxiv.org/abs/2203.91360 or ask", "2203.91360"),
        ("arxiv.org/pdf/quant-ph/9508027.pdf", "quant-ph/9508027"),
    ],
)
def test_arxiv_ids_of_all_forms_in_a_text(text: str, number: str) -> None:
    (record,) = read_bytes(text.encode(), "listing")
    assert record.arxiv is not None
    assert str(record.arxiv.id) == number


@pytest.mark.parametrize("text", ["and/1234567 or", "x.hep-th/9711200", "hep-th/97112001", "a@doi.org/10.5555/a"])
def test_what_only_looks_like_an_id_is_none(text: str) -> None:
    assert not read_bytes(text.encode(), "listing").records


def test_arxiv_ids_in_a_mail_are_taken_once() -> None:
    text = "See arXiv:2203.01360v2 and https://arxiv.org/abs/2203.01360 and hep-th/9901001 (arXiv:hep-th/9901001).\n"
    ids = [str(record.arxiv.id) for record in read_bytes(text.encode(), "listing") if record.arxiv]
    assert ids == ["2203.01360v2", "hep-th/9901001"]


def test_particles_on_an_authors_line_of_arxiv_stay() -> None:
    text = (
        "arXiv:2203.01360 [pdf]\nTitle: Slow Clocks\nAuthors: Anna von der Heide, Jan van der Berg\nComments: 3 pages\n"
    )
    (work,) = described(read_bytes(text.encode(), "listing"))
    assert work[1] == ["von der Heide", "van der Berg"]


def test_the_page_of_one_paper_on_arxiv() -> None:
    text = (
        "Mathematics > Numerical Analysis\narXiv:2203.91360 (math)\n"
        "[Submitted on 2 Mar 2022 (v1), last revised 8 Apr 2022 (this version, v2)]\nSlow Clocks in Fast Trains\n"
        "Ines Falk, Tomas de la Rosa\nView PDF HTML (experimental)\nClocks are slow.\nComments:\t24 pages\n"
        "Subjects:\tNumerical Analysis (math.NA)\nCite as:\narXiv:2203.91360 [math.NA]\n"
        "(or arXiv:2203.91360v2 [math.NA] for this version)\n"
    )
    result = read_bytes(text.encode(), "listing")
    assert described(result) == [("Slow Clocks in Fast Trains", ["Falk", "de la Rosa"], 2022)]
    assert "abstract" in result[0].variables


def test_the_page_of_one_paper_on_arxiv_without_its_id_above_the_title() -> None:
    text = (
        "Mathematics > Numerical Analysis\n"
        "[Submitted on 2 Mar 2022 (v1), last revised 8 Apr 2022 (this version, v2)]\nSlow Clocks in Fast Trains\n"
        "Ines Falk, Tomas de la Rosa\nClocks are slow.\nComments:\t24 pages\n"
        "Subjects:\tNumerical Analysis (math.NA)\nCite as:\tarXiv:2203.91360 [math.NA]\n"
        " \t(or arXiv:2203.91360v2 [math.NA] for this version)\n \t\nhttps://doi.org/10.48550/arXiv.2203.91360\n"
        "Focus to learn more\nJournal reference:\tAnn. Time 3 (2023) 3-9\nRelated DOI:\t\n"
        "https://doi.org/10.5555/at.3\nFocus to learn more\nSubmission history\nFrom: Ines Falk [view email]\n"
    )
    result = read_bytes(text.encode(), "listing")
    assert described(result) == [("Slow Clocks in Fast Trains", ["Falk", "de la Rosa"], 2022)]
    record = result[0]
    assert (record.text("DOI"), record.text("abstract")) == ("10.5555/at.3", "Clocks are slow.")
    assert record.arxiv is not None
    assert (str(record.arxiv.id), record.arxiv.journal_ref) == ("2203.91360", "Ann. Time 3 (2023) 3-9")


@pytest.mark.parametrize("marks", [("1. ", "2. "), ("[2] ", "[1] "), ("- ", "- "), ("\N{BULLET} ", "\N{BULLET} ")])
def test_numbers_and_bullets_before_titles_are_no_part_of_them(marks: tuple[str, str]) -> None:
    text = (
        f"{marks[0]}Slow Clocks in Fast Trains\nInes Falk, Tomas Rosa\nAnnals of Time, 2013\n\n"
        f"{marks[1]}Tuning Bells\nØystein Strand, Ines Falk\nProceedings of Bells, 2014\n"
    )
    titles = [title for title, _, _ in described(read_bytes(text.encode(), "listing"))]
    assert titles == ["Slow Clocks in Fast Trains", "Tuning Bells"]


def test_a_number_that_counts_nothing_is_part_of_the_title() -> None:
    text = (
        "1984. A Novel Reading of Clocks\nInes Falk, Tomas Rosa\nAnnals of Time, 2013\n\n"
        "Tuning Bells\nØystein Strand, Ines Falk\nProceedings of Bells, 2014\n"
    )
    assert described(read_bytes(text.encode(), "listing"))[0][0] == "1984. A Novel Reading of Clocks"


def test_an_export_of_scopus_as_text() -> None:
    text = (
        "Scopus\nEXPORT DATE: 03 May 2024\n\nFalk I.; de la Rosa T.; Paar-Lind K.H.\n"
        "AUTHOR FULL NAMES: Falk, Ines (57200000000); de la Rosa, Tomas (57200000001); Paar-Lind, Karl (57200000002)\n"
        "57200000000; 57200000001; 57200000002\nSlow clocks in fast trains\n"
        "(2023) Annals of Time, 48 (2), art. no. 5, Cited 12 times.\nDOI: 10.5555/at.5\n"
        "https://www.scopus.com/inward/record.uri?eid=2-s2.0-85123456789&partnerID=40\n\nABSTRACT: Clocks are slow.\n"
        "PUBLISHER: Oak Press\nISSN: 03625915\nDOCUMENT TYPE: Article\nSOURCE: Scopus\n\n"
        "Strand, Ø., Falk, I.\nTuning bells\n(2022) Proceedings of the Conference on Bells, pp. 11-19. Cited 3 times.\n"
        "https://www.scopus.com/inward/record.uri?eid=2-s2.0-85123456780&partnerID=40\n\n"
        "DOCUMENT TYPE: Conference Paper\nSOURCE: Scopus\n"
    )
    result = read_bytes(text.encode(), guess_format(text.encode()).name)
    assert described(result) == [
        ("Slow clocks in fast trains", ["Falk", "de la Rosa", "Paar-Lind"], 2023),
        ("Tuning bells", ["Strand", "Falk"], 2022),
    ]
    first, second = result
    variables = ("container-title", "volume", "issue", "page", "publisher", "DOI", "abstract")
    assert [first.text(name) for name in variables] == [
        "Annals of Time", "48", "2", "5", "Oak Press", "10.5555/at.5", "Clocks are slow.",
    ]  # fmt: skip
    assert (second.type, second.text("page")) == ("paper-conference", "11-19")


def test_what_inspire_says_of_a_publication() -> None:
    works = [
        ("Published in: J.Time 38 (1999) 11-13 (reprint), Adv.Bells 2 (1998) 231-2 \N{BULLET} e-Print: hep-th/9711200",
         ["article-journal", "J.Time", "38", "11-13", "1999", "hep-th/9711200"]),
        ("Published in: J.Time 12 (1998) 3, 201-219 \N{BULLET} e-Print: hep-th/9712001 [hep-th]",
         ["article-journal", "J.Time", "12", "201-219", "1998", "hep-th/9712001"]),
        ("Published in: J.Time 11 (1997) 1, 20-29", ["article-journal", "J.Time", "11", "20-29", "1997-12", ""]),
        ("e-Print: hep-th/9712002 [hep-th]", ["article", "", "", "", "1997-12", "hep-th/9712002"]),
        ("Published in: PoS CLOCKS1997 (1998) 123, Contribution to: Clocks 1997, 9 \N{BULLET} e-Print: hep-th/9712003",
         ["article-journal", "PoS CLOCKS1997", "123", "", "1998", "hep-th/9712003"]),
    ]  # fmt: skip
    text = "".join(
        f"A work on clocks, part {number}\n#{number}\nInes Falk (Slow U.), Tomas Rosa (Slow U.) (Dec, 1997)\n"
        f"{venue}\npdf\ncite\n"
        for number, (venue, _) in enumerate(works, start=1)
    )
    records = read_bytes(text.encode(), guess_format(text.encode()).name).records
    variables = ("container-title", "volume", "page", "issued")
    found = [
        [record.type, *map(record.text, variables), str(record.arxiv.id) if record.arxiv else ""] for record in records
    ]
    assert found == [expected for _, expected in works]


def test_a_list_of_ssrn() -> None:
    text = (
        "1.\nSlow Clocks and Bank Lending\nNowhere Discussion Paper No. 12345\n"
        "Number of pages: 54 Posted: 12 Mar 2021 Last Revised: 05 Jun 2022\nInes Falk and Tomas Rosa\n"
        "University of Nowhere and Nowhere School of Economics\nDownloads 1,234 (12,345)\nCitation 12\n"
        "2.\nThe Cost of Clocks\nNumber of pages: 38 Posted: 01 Feb 2019\nInes Falk\nUniversity of Nowhere\n"
        "Downloads 234 (112,345)\n"
    )
    result = read_bytes(text.encode(), guess_format(text.encode()).name)
    assert described(result) == [
        ("Slow Clocks and Bank Lending", ["Falk", "Rosa"], 2021),
        ("The Cost of Clocks", ["Falk"], 2019),
    ]
    assert ["container-title" in record.variables for record in result] == [False, False]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Falk I.; de la Rosa T.; Paar-Lind K.H.", ["Falk, I.", "de la Rosa, T.", "Paar-Lind, K. H."]),
        ("Falk I., de la Rosa T., Strand Ø.-P.", ["Falk, I.", "de la Rosa, T.", "Strand, Ø. P."]),
        ("Falk I. and Rosa T.", ["Falk, I.", "Rosa, T."]),
        ("I. Falk, T. Rosa", ["Falk, I.", "Rosa, T."]),
        ("Falk I, Jones M Jr, Houghton B 3rd", ["Falk, I.", "Jones, M., Jr", "Houghton, B., 3rd"]),
    ],
)
def test_initials_with_stops_after_family_names(names: str, expected: list[str]) -> None:
    assert [name.inverted() for name in people_of(names).names.names] == expected


ARTICLES = (
    "Adams, R. (2019). Measuring tides in narrow ports. Journal of Maritime Studies, 12(3), 201-219.",
    "Falk, I., & Rosa, T. (2023). Slow clocks in fast trains. Annals of Time, 48(2), 1–42.",
    "Gray, S. (2016). Boats in ice and snow. Annals of Ice, 3(1), 11–29.",
    "Ito, K. (2012). Waves of the northern sea. Journal of Waves, 1(1), 1–9.",
    "Strand, Ø. (2011). Tuning bells by ear. Annals of Bells, 5(2), 31–49.",
)
OTHERS = (
    ("Falk, I. (2021). Streams. In A. Rosa & B. Smith (Eds.), Handbook of clocks (2nd ed., pp. 33–58). Springer.",
     "chapter", "Streams", "Handbook of clocks", "Springer"),
    ("Hill, J., & Moor, K. (2014). Sonar and the sea. In Proceedings of the 3rd Conference on Boats (pp. 33–57). IEEE.",
     "paper-conference", "Sonar and the sea", "Proceedings of the 3rd Conference on Boats", "IEEE"),
    ("Kuhn, T. S. (1996). The structure of quiet revolutions (3rd ed.). University of Chicago Press.",
     "book", "The structure of quiet revolutions", "", "University of Chicago Press"),
    ("Moor, B. (2011). Boats in bottles. Cambridge, MA: MIT Press.", "book", "Boats in bottles", "", "MIT Press"),
    ("Moor, B. (2009). Boats on land, 2nd rev. edn. Oak Press, Nowhere", "book", "Boats on land", "", "Oak Press"),
    ("Moor, B. (2010). Boats in harbours (2., neu bearb. Aufl.). Berlin: Eiche.",
     "book", "Boats in harbours", "", "Eiche"),
)  # fmt: skip


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_work_of_another_kind_in_a_list_of_articles(other: tuple[str, str, str, str, str], place: int) -> None:
    line, kind, title, container, publisher = other
    text = "\n".join([*ARTICLES[:place], line, *ARTICLES[place:]])
    records = read_bytes(text.encode(), "listing").records
    record = records[place]
    found = record.type, record.title, record.text("container-title"), record.text("publisher")
    assert found == (kind, title, container, publisher)
    assert [r.type for r in records if r is not record] == ["article-journal"] * len(ARTICLES)


def test_links_below_a_work_are_its_own() -> None:
    nature = (
        '<html><body><h2>References</h2><ol><li><p id="r1">Falk, I. et al. Slow clocks in fast trains. <i>Nature</i> '
        '<b>596</b>, 583–589 (2021).</p><p><a href="https://doi.org/10.5555%2Fs4-2">Article</a>&nbsp;<a href="#">CAS'
        '</a>&nbsp;<a href="https://scholar.example/">Google Scholar</a></p></li><li><p id="r2">Strand, Ø. W. et al. '
        "Tuning bells by gradients. <i>Nature</i> <b>577</b>, 706–710 (2020).</p><p><a href="
        '"https://doi.org/10.5555%2Fs4-7">Article</a>&nbsp;<a href="https://scholar.example/">Google Scholar</a></p>'
        "</li></ol></body></html>"
    )
    scholar = (
        '<ol><li><div class="title">Slow clocks in fast trains</div><div class="author">Ines Falk, and Tomas Rosa</div>'
        '<div class="periodical">Nature, Jun 2021</div><div class="links"><a>Abs</a>\n'
        '<a href="https://doi.org/10.5555/s4-2">DOI</a>\n<a>Bib</a></div></li><li><div class="title">Tuning bells</div>'
        '<div class="author">Øystein Strand, and Ines Falk</div><div class="periodical">Nature, 2020</div>'
        '<div class="links"><a href="https://doi.org/10.5555/s4-7">DOI</a></div></li></ol>'
    )
    for page in (nature, scholar):
        result = read_bytes(page.encode(), "html")
        assert [year for _, _, year in described(result)] == [2021, 2020]
        assert [record.text("DOI") for record in result] == ["10.5555/s4-2", "10.5555/s4-7"]


@pytest.mark.parametrize("prefix", ["https://doi.org/", "doi:", "DOI: "])
def test_a_doi_on_the_line_below_each_work_is_its_own(prefix: str) -> None:
    text = "".join(f"{line}\n{prefix}10.5555/x.{number}\n" for number, line in enumerate(ARTICLES))
    result = read_bytes(text.encode(), "listing")
    assert [record.text("DOI") for record in result] == [f"10.5555/x.{number}" for number in range(len(ARTICLES))]
    assert all(record.title for record in result)
    one = "\n".join([*ARTICLES, f"{prefix}10.5555/y"])
    assert [record.text("DOI") for record in read_bytes(one.encode(), "listing")] == [""] * len(ARTICLES) + [
        "10.5555/y"
    ]


def test_doubtful_references_of_a_web_page_are_readings_with_their_lines() -> None:
    page = (
        "<html><body><ol>\n<li>Schulze, Gerd: Grenzen in: Zeitschrift 45. Jg. (2016), H. 3, S. 145-162.</li>\n"
        "<li>Brown K. In press. The economy of ports. Review of Quiet Economics 2020.</li></ol></body></html>\n"
    )
    result = read_bytes(page.encode(), "html")
    assert [(reading.line, bool(reading.doubt)) for reading in result.readings] == [(2, True), (3, True)]
    assert [id(reading.record) for reading in result.readings] == [id(record) for record in result.records]
    hints = [problem.hint for problem in result.problems if problem.code == "references-doubtful"]
    assert ["--accept 2`" in (hint or "") for hint in hints] == [True, False]


def test_doubtful_items_of_a_part_and_works_with_links_are_readings() -> None:
    text = (
        "\\begin{thebibliography}{9}\n\\bibitem{a} Schulze, Gerd: Grenzen in: Zeitschrift 45. Jg. (2016), S. 145-162.\n"
        "\\end{thebibliography}\n\nTY  - JOUR\nAU  - Falk, Ines\nTI  - Slow clocks\nPY  - 2013\nER  - \n"
    )
    result = read_bytes(text.encode(), "listing")
    assert [bool(reading.doubt) for reading in result.readings] == [True]
    assert id(result.readings[0].record) in {id(record) for record in result.records}
    links = (
        "Lind K. Tides, ports, and dredging. N Engl J Tide. 2020;382:503-513.\nArticle Google Scholar\n\n"
        "Brown K. In press. The economy of ports. Review of Quiet Economics 2020.\n"
        "Article doi:10.5555/x.1 Google Scholar\n"
    )
    result = read_bytes(links.encode(), "listing")
    assert {id(reading.record) for reading in result.readings} <= {id(record) for record in result.records}


def test_two_items_of_a_bibliography_on_one_line_of_a_web_page_are_two_works() -> None:
    page = (
        "<html><body><pre>\n\\begin{thebibliography}{9}\n\\bibitem{a} Schulze, Gerd: Grenzen in: Zeitschr. 45 (2016), "
        "S. 145-162. \\bibitem{b} Brown K. The economy of ports. Review of Economics 2020.\n\\end{thebibliography}\n\n"
        "TY  - JOUR\nAU  - Falk, Ines\nTI  - Slow clocks\nPY  - 2013\nER  - \n</pre></body></html>"
    )
    result = read_bytes(page.encode(), "html")
    assert [record.key for record in result][:2] == ["a", "b"]
    assert {id(reading.record) for reading in result.readings} <= {id(record) for record in result.records}


def test_a_doi_on_a_line_without_the_words_of_a_link_is_a_work_of_its_own() -> None:
    text = "Falk, I. (2021). Slow clocks in fast trains. Annals of Time, 3, 1-9.\n10.5555/at.3\n10.5555/at.4\n"
    result = read_bytes(text.encode(), "listing")
    assert [record.text("DOI") for record in result] == ["", "10.5555/at.3", "10.5555/at.4"]


def test_names_of_a_search_result_of_scholar_that_are_cut_at_a_name() -> None:
    text = (
        "Slow Clocks in Fast Trains\nI Falk, T de la Rosa, N Paar\N{HORIZONTAL ELLIPSIS} - Advances in Time "
        "\N{HORIZONTAL ELLIPSIS}, 2013 - example.org\nSave Cite Cited by 5 Related articles All 3 versions\n"
        "Tuning Bells\nØ Strand, L Bo... - Annals of Bells, 2014 - example.org\nSave Cite Cited by 5\n"
    )
    result = read_bytes(text.encode(), "listing")
    assert described(result) == [
        ("Slow Clocks in Fast Trains", ["Falk", "de la Rosa", "Paar"], 2013),
        ("Tuning Bells", ["Strand", "Bo"], 2014),
    ]
    assert all(record.names("author").truncated for record in result)


@pytest.mark.parametrize(
    "head",
    [
        "arXiv:2203.91360 [pdf, other] math.NA cs.LG doi 10.5555/at.3\n",
        "arXiv:2203.91360 [pdf, other]\nmath.NA cs.LG\ndoi 10.5555/at.3\n",
        "arXiv:2203.91360 [pdf, other]\nmath.NA cs.LG doi 10.5555/at.3\n",
        "arXiv:2203.91360 [pdf, other]\nmath.NA\ncs.LG\ndoi\n10.5555/at.3\n",
    ],
)
def test_categories_and_doi_of_a_search_result_stand_on_any_lines(head: str) -> None:
    text = f"{head}Slow Clocks in Fast Trains\nAuthors: Ines Falk, Tomas de la Rosa\nSubmitted 2 March, 2022;\n"
    result = read_bytes(text.encode(), "listing")
    assert described(result) == [("Slow Clocks in Fast Trains", ["Falk", "de la Rosa"], 2022)]
    assert result[0].text("DOI") == "10.5555/at.3"
    assert result[0].arxiv is not None
    assert result[0].arxiv.categories == ("math.NA", "cs.LG")


def test_an_id_alone_is_not_the_head_of_the_lines_after_it() -> None:
    text = (
        "arXiv:2203.91360\nhttps://arxiv.org/abs/2203.91361\ndoi:10.5555/at.3\nhttps://www.jstor.org/stable/1234567\n"
        "arXiv:2203.91362\nBo said that it is good.\n"
    )
    result = read_bytes(text.encode(), "listing")
    ids = [str(record.arxiv.id) if record.arxiv else record.text("DOI") or record.text("URL") for record in result]
    assert ids == ["2203.91360", "2203.91361", "10.5555/at.3", "https://www.jstor.org/stable/1234567", "2203.91362"]
    assert not any(record.title for record in result)


@pytest.mark.parametrize(
    ("content", "markup"),
    [
        (
            "Clocks &lt;i&gt;in vivo&lt;/i&gt; and CO&lt;sub&gt;2&lt;/sub&gt;",
            "Clocks <i>in vivo</i> and CO<sub>2</sub>",
        ),
        ("Clocks with x &lt; y &amp; z", "Clocks with x < y & z"),
        ("The &lt;i&gt; tag", "The &lt;i&gt; tag"),
    ],
)
def test_tags_in_the_title_of_a_tag_are_markup(content: str, markup: str) -> None:
    page = f'<html><head><meta name="citation_title" content="{content}"></head><body>x</body></html>'
    (record,) = read_bytes(page.encode(), "html")
    title = record.variables["title"]
    assert isinstance(title, Text)
    assert title.markup() == markup


META = (
    '<!doctype html><html><head><meta name="citation_title" content="Slow Clocks &amp; Trains">'
    '<meta name="citation_author" content="Falk, Ines"><meta content="Tomas de la Rosa" name="citation_author">'
    '<meta name="citation_journal_title" content="Annals of Time"><meta name="citation_firstpage" content="3">'
    '<meta name="citation_lastpage" content="9"><meta name="citation_publication_date" content="2013/03/01">'
    '<meta name="citation_doi" content="10.5555/at.3"></head><body>x</body></html>'
)
DUBLIN_CORE = (
    '<html><head><meta name="DC.title" content="Slow Clocks"><meta name="DC.creator" content="Falk, Ines">'
    '<meta name="DC.date" content="2013"><meta name="DC.identifier" content="doi:10.5555/at.3"></head></html>'
)
COINS = (
    '<p>x<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&amp;'
    "rft.genre=bookitem&amp;rft.atitle=Slow+Clocks&amp;rft.btitle=A+Book+of+Time&amp;rft.date=2013&amp;"
    'rft.spage=3&amp;rft.epage=9&amp;rft.aulast=Falk&amp;rft.aufirst=Ines&amp;rft_id=info%3Adoi%2F10.5555%2Fat.3">'
    "</span></p>"
)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (META, ("Slow Clocks & Trains", ["Falk", "de la Rosa"], 2013)),
        (DUBLIN_CORE, ("Slow Clocks", ["Falk"], 2013)),
        (COINS, ("Slow Clocks", ["Falk"], 2013)),
        (
            "<html><body><pre>TY  - JOUR\nTI  - Slow Clocks\nAU  - Falk, Ines\nPY  - 2013\nER  - \n</pre></html>",
            ("Slow Clocks", ["Falk"], 2013),
        ),
        # highwire: all authors in one tag, the year alone, and properties instead of names
        (
            (
                '<html><head><meta name="citation_title" content="Slow Clocks"><meta name="citation_authors" '
                'content="Falk, Ines; de la Rosa, Tomas"><meta name="citation_date" content="2013">'
                '<meta name="citation_doi" content="doi:10.5555/at.3"></head></html>'
            ),
            ("Slow Clocks", ["Falk", "de la Rosa"], 2013),
        ),
        (
            (
                '<html><head><meta name="citation_author" content="Ines Falk"><meta name="citation_author_institution" '
                'content="Slow University"><meta name="citation_author" content="Keiko Arimura">'
                '<meta name="citation_online_date" content="2012/12/30"><meta name="citation_publication_date" '
                'content="2013/01/15"><meta name="citation_title" content="Slow Clocks"></head></html>'
            ),
            ("Slow Clocks", ["Falk", "Arimura"], 2013),
        ),
        # Dublin Core: small letters, several creators, and the terms of DCMI
        (
            (
                '<html><head><meta name="dc.title" content="Slow Clocks"><meta name="dc.creator" content="Falk, Ines">'
                '<meta name="dc.creator" content="Arimura, Keiko"><meta name="dc.date" content="2013-03-01">'
                '<meta name="dc.identifier" content="https://doi.org/10.5555/at.3"></head></html>'
            ),
            ("Slow Clocks", ["Falk", "Arimura"], 2013),
        ),
        (
            (
                '<html><head><meta name="DCTERMS.title" content="Slow Clocks"><meta name="DCTERMS.creator" '
                'content="Ines Falk"><meta name="DCTERMS.issued" content="2013"></head></html>'
            ),
            ("Slow Clocks", ["Falk"], 2013),
        ),
        # COinS: a journal article by several people, and a dissertation
        (
            (
                '<li><span class="Z3988" title="ctx_ver=Z39.88-2004&rft_val_fmt=info:ofi/fmt:kev:mtx:journal&'
                "rft.genre=article&rft.atitle=Slow%20Clocks&rft.jtitle=Annals%20of%20Time&rft.volume=3&rft.date=2013-03&"
                'rft.au=Ines%20Falk&rft.au=Keiko%20Arimura"></span></li>'
            ),
            ("Slow Clocks", ["Falk", "Arimura"], 2013),
        ),
        (
            (
                '<span title="url_ver=Z39.88-2004&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Adissertation&amp;'
                'rft.title=Slow+Clocks&amp;rft.au=Falk%2C+Ines&amp;rft.date=2013" class="Z3988"></span>'
            ),
            ("Slow Clocks", ["Falk"], 2013),
        ),
        # JSON-LD in a page: one author, a graph, and a list of works
        (
            (
                '<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"ScholarlyArticle",'
                '"headline":"Slow Clocks","author":{"@type":"Person","name":"Ines Falk"},"datePublished":"2013-03-01"}'
                "</script></html>"
            ),
            ("Slow Clocks", ["Falk"], 2013),
        ),
        (
            (
                '<html><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite",'
                '"name":"Annals"},{"@type":"ScholarlyArticle","name":"Slow Clocks","author":[{"@type":"Person",'
                '"givenName":"Ines","familyName":"Falk"},{"@type":"Person","name":"Arimura, Keiko"}],'
                '"datePublished":"2013"}]}</script></html>'
            ),
            ("Slow Clocks", ["Falk", "Arimura"], 2013),
        ),
        (
            (
                '<html><script type="application/ld+json">[{"@context":"http://schema.org","@type":["Article",'
                '"ScholarlyArticle"],"name":"Slow Clocks","author":["Ines Falk"],"datePublished":2013}]</script></html>'
            ),
            ("Slow Clocks", ["Falk"], 2013),
        ),
    ],
)
def test_what_the_markup_of_a_page_says(page: str, expected: tuple[str, list[str], int]) -> None:
    data = page.encode()
    result = read_bytes(data, guess_format(data).name)
    assert described(result) == [expected]
    if "10.5555" in page:
        assert result[0].text("DOI") == "10.5555/at.3"


def test_a_long_file_of_bibtex_stays_bibtex_where_its_head_is_cut() -> None:
    entry = "@article{k%d,\n  title = {T},\n  doi = {10.5555/k},\n  url = {https://doi.org/10.5555/k}\n}\n\n"
    data = "".join(entry % number for number in range(2000)).encode()
    assert guess_format(data).name == "bibtex"


def test_the_initial_of_a_publisher_is_no_boundary_between_title_and_authors() -> None:
    result = read_bytes(b"Falk, I. (2013). Can clocks run? Armonk, NY: M.E. Sharpe\n", "listing")
    assert all("Sharpe" not in family for _, families, _ in described(result) for family in families)
    assert all("Armonk" not in title for title, _, _ in described(result))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "clocks", "version": "1.0", "author": "Ines Falk", "dependencies": {"trains": "1"}}',
        '{"title": "My page", "version": "1.0", "theme": {"color": "red"}}',
        '[{"name": "a", "value": 3}, {"name": "b", "value": 4}]',
    ],
)
def test_json_that_is_about_other_things_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="bibliographic"):
        guess_format(text.encode(), "x.json")
