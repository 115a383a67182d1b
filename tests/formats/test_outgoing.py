"""A writer takes what arXiv says of a record, or it is a problem."""

from __future__ import annotations

import pytest

from bibtool.formats.base import WriteOptions
from bibtool.formats.fields import Outgoing
from bibtool.formats.registry import FORMATS, writer_of
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Text

NUMBER = "2203.01360"
PAPER = Record(
    key="k",
    type="article",
    variables={"title": Text.of("T")},
    arxiv=Arxiv(id=parse_arxiv_id(NUMBER), primary_category="math.NA", comment="12 pages"),
)
# a list of ids is nothing but ids, and says so once for all records
WRITERS = [form.name for form in FORMATS if form.writer and form.name != "ids"]


def lost(out: Outgoing) -> str:
    return " ".join(problem.message for problem in out.problems() if problem.code == "not-representable")


def test_an_arxiv_id_that_was_not_taken_is_lost() -> None:
    out = Outgoing(PAPER.with_values({"DOI": Verbatim("10.1000/1")}), "k", "test")
    out.text("title")
    out.text("DOI")
    assert "arXiv id 2203.01360" in lost(out)
    assert "arXiv comment" in lost(out)


def test_an_arxiv_id_that_was_taken_is_not() -> None:
    out = Outgoing(PAPER, "k", "test")
    assert out.arxiv_id() == NUMBER
    assert "arXiv id" not in lost(out)
    assert lost(out).count("arXiv comment") == 1


def test_the_address_of_the_paper_has_its_number() -> None:
    out = Outgoing(PAPER, "k", "test")
    assert NUMBER in out.text("URL")
    assert "arXiv id" not in lost(out)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("doi", ["", "10.1000/1"])
@pytest.mark.parametrize("has_id", [True, False])
def test_every_writer_says_what_it_does_not_write(name: str, doi: str, has_id: bool) -> None:
    record = PAPER.with_values({"DOI": Verbatim(doi)}) if doi else PAPER
    arxiv = Arxiv(id=PAPER.arxiv.id if has_id and PAPER.arxiv else None, primary_category="math.NA", comment="12 pages")
    result = writer_of(name)([Record(key="k", type="article", variables=record.variables, arxiv=arxiv)], WriteOptions())
    messages = " ".join(problem.message for problem in result.problems)
    assert "12 pages" in result.text or "arXiv comment" in messages
    assert "math.NA" in result.text or "arXiv primary category" in messages
    assert not has_id or NUMBER in result.text or "arXiv id" in messages
