"""Journal references of arXiv: what is certain, what is a suggestion, and what is neither."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from bibtool.enrich.journalref import Publication, article_of, publication_of
from tests.support.arxiv_papers import papers

PMLR = "Proceedings of Machine Learning Research"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (
            "J. Comput. Phys. 496 (2024) 112588",
            Publication(venue="J. Comput. Phys.", volume="496", pages="112588", year=2024),
        ),
        (
            "Communications on Things 78(12) (2025) 2354-2435",
            Publication(venue="Communications on Things", volume="78", issue="12", pages="2354-2435", year=2025),
        ),
        ("Phys. Rev. D 71, 063004 (2005)", Publication(venue="Phys. Rev. D", volume="71", pages="063004", year=2005)),
        ("Annals of X, vol. 3, pp. 4--9 (1999).", Publication(venue="Annals of X", volume="3", pages="4-9", year=1999)),
        ("JMLR 22(1):1-40, 2021", Publication(venue="JMLR", volume="22", issue="1", pages="1-40", year=2021)),
        ("Advances in Neural Things 35 (2022) 1-9", None),
        ("Proceedings of X, PMLR 202:4330-4391", None),
        ("Journal of High Things 2021, 12 (2021)", None),
        ("J. Things 1 (2022) 3-4; erratum ibid. 5", None),
        ("Machine Learning (2025)", None),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_articles_in_the_usual_forms(reference: str, found: Publication | None) -> None:
    assert article_of(reference) == found


def conference(venue: str, year: int, **more: str) -> Publication:
    return Publication(type="paper-conference", venue=venue, year=year, **more)


NEURIPS = "Advances in Neural Information Processing Systems"
ICML40 = "Proceedings of the 40th International Conference on Machine Learning"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (f"{NEURIPS} 35 (NeurIPS 2022)", conference(NEURIPS, 2022, volume="35")),
        (f"{NEURIPS} (NeurIPS 2025), spotlight", conference(NEURIPS, 2025)),
        ("NeurIPS 2021", conference(NEURIPS, 2021)),
        ("ICLR, 2019", conference("International Conference on Learning Representations", 2019)),
        ("NeurIPS 2021 Workshop on Trees", conference("NeurIPS 2021 Workshop on Trees", 2021)),
        (
            f"{ICML40} (ICML 2023), PMLR 202:4330-4391",
            conference(ICML40, 2023, volume="202", pages="4330-4391", series=PMLR, publisher="PMLR"),
        ),
        (f"{ICML40}, PMLR 202 (guth23a), 2023", conference(ICML40, 2023, volume="202", series=PMLR, publisher="PMLR")),
        (
            'Conference on Trees (COT 2025), as "Trees and Other Things"',
            conference("Conference on Trees", 2025, title="Trees and Other Things"),
        ),
        (
            "In Proceedings of the 19th Symposium on Trees, pp. 342-350, 2016",
            conference("Proceedings of the 19th Symposium on Trees", 2016, pages="342-350"),
        ),
        (
            "2022 IEEE International Conference On Trees (AITest), 2022, pp. 26-33",
            conference("2022 IEEE International Conference On Trees (AITest)", 2022, pages="26-33"),
        ),
        (
            "Trees - Beyond Leaves, LNAI 13200, Springer (2022) 91-115",
            Publication(
                type="chapter",
                venue="Trees - Beyond Leaves",
                year=2022,
                volume="13200",
                pages="91-115",
                series="Lecture Notes in Artificial Intelligence",
                publisher="Springer",
            ),
        ),
        (
            "JMLR 22(1):1-40, 2021",
            Publication(venue="Journal of Machine Learning Research", volume="22", issue="1", pages="1-40", year=2021),
        ),
        (
            "Machine Learning: Science and Technology (2025)",
            Publication(venue="Machine Learning: Science and Technology", year=2025),
        ),
        (
            "The Journal of Trees, Volume 63, Issue 3, July 2021, pp. 333--341",
            Publication(venue="The Journal of Trees", year=2021, volume="63", issue="3", pages="333-341"),
        ),
        ("Astrophys.J.517:565-586,1999", Publication(venue="Astrophys.J.", year=1999, volume="517", pages="565-586")),
        (
            "Proceedings of the National Academy of Sciences 118 (2021) e2100001118",
            Publication(
                venue="Proceedings of the National Academy of Sciences", year=2021, volume="118", pages="e2100001118"
            ),
        ),
        ("Conference on Trees (COT 2027), to appear", None),
        ("Accepted at ICML 2019", None),
        ("Submitted to Annals of Trees (2024)", None),
        ("Ph.D. thesis, University of Trees, 2003", None),
        ("Doe, J. (2017). A tale of trees. Annals of Trees, 20(10), 101301", None),
        ("Report TREES-2013-002, pp.237-240", None),
        ("Annals of Trees", None),
        ("J. Things 1 (2022) 3-4; erratum ibid. 5", None),
        ("2021", None),
        ("(((((((((" * 30, None),
        ("12 " * 100, None),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_what_a_reference_seems_to_say(reference: str, found: Publication | None) -> None:
    assert publication_of(reference) == found


def test_the_references_of_one_researcher_are_read() -> None:
    references = {paper.journal_ref for paper in papers() if paper.journal_ref}
    assert len(references) > 20
    assert [reference for reference in references if publication_of(reference) is None] == []


def test_references_of_real_answers(shared: Path) -> None:
    """Nothing is made up: every number that is taken is a number of the reference."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (shared / "arxiv-api" / "feeds").iterdir()]
    references = {unescape(ref) for text in texts for ref in re.findall(r"journal_ref[^>]*>([^<]+)<", text)}
    assert len(references) > 50
    read = {reference: made for reference in references if (made := publication_of(reference))}
    assert len(read) > len(references) * 0.6
    for reference, made in read.items():
        numbers = set(re.findall(r"\d+", reference))
        assert set(re.findall(r"\d+", f"{made.volume} {made.issue} {made.pages} {made.year}")) <= numbers, reference


def test_values_replace_those_of_the_preprint() -> None:
    values = conference("Conference on Trees", 2025, title="Trees").values("10.1000/x")
    shown = {name: value and str(value) for name, value in values.items()}
    assert json.loads(json.dumps(shown)) == {
        "container-title": "Conference on Trees",
        "volume": None,
        "issue": None,
        "page": None,
        "issued": "2025",
        "DOI": "10.1000/x",
        "collection-title": None,
        "publisher": None,
        "title": "Trees",
    }
