"""The bibliography of a thesis, its references mixed as theses mix them, and what each service knows of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record
from tests.support import arxiv_papers
from tests.support.false_references import Reference, make_world
from tests.support.source_papers import Paper
from tests.support.source_server import article, dataset

if TYPE_CHECKING:
    from collections.abc import Callable

# of each kind in a hundred references
SHARES = {
    "article, DOI": 27, "conference paper, DOI": 13, "preprint, arXiv id": 17, "NeurIPS paper, no DOI": 8,
    "article, PMID": 7, "book, ISBN": 7, "data, DOI of DataCite": 5, "report, DOI of another agency": 3,
    "article, no identifier": 7, "false: wholly invented": 3, "false: authors of another paper": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thesis:
    """The references, and the content of the stand-ins: of `Sources`, of the further services, and of arXiv."""

    references: tuple[Reference, ...]
    content: dict[str, Any]
    papers: tuple[Paper, ...]
    on_arxiv: tuple[arxiv_papers.Paper, ...]


class _Maker:
    """The worlds that grow with each reference."""

    def __init__(self, seed: int, size: int) -> None:
        self.titles = iter(make_world(3 * size, seed=seed))
        self.content: dict[str, Any] = {
            name: {} for name in ("works", "data", "items", "articles", "books", "agencies")
        }
        self.papers: list[Paper] = []
        self.on_arxiv: list[arxiv_papers.Paper] = []
        self.number = 0

    def next(self) -> tuple[str, Names, list[tuple[str, str]], int]:
        """Title, authors in two forms, and year of a paper that nothing else is about."""
        record = next(record for record in self.titles if record.arxiv is None)
        self.number += 1
        people = record.names("author")
        return record.title, people, [(name.given, name.family) for name in people], record.year or 2020

    def article(self, **more: Any) -> Record:
        title, people, pairs, year = self.next()
        doi = f"10.1234/jir.{year}.{self.number}"
        self.content["works"][doi] = article(doi, title, pairs, year, **more)
        self.content["agencies"][doi] = "Crossref"
        values = {"container-title": "Journal of Invented Results", "volume": "12", "page": "101-120", "DOI": doi}
        return Record("", "article-journal", title=title, author=people, issued=year, variables=values)

    def conference_paper(self) -> Record:
        record = self.article(type="proceedings-article")
        values = {"container-title": "Journal of Invented Results", "page": "101-120", "DOI": record.doi}
        kept = {name: record.variables[name] for name in ("title", "author", "issued")}
        return Record("", "paper-conference", variables={**kept, **values})

    def preprint(self) -> Record:
        title, people, pairs, year = self.next()
        year = min(max(year, 2008), 2024)
        number = f"{year % 100:02}03.{self.number:0{4 if year < 2015 else 5}}"
        day = dt.date(year, 3, 1)
        names = tuple(f"{given} {family}" for given, family in pairs)
        self.on_arxiv.append(arxiv_papers.Paper(number=number, title=title, authors=names, published=day, updated=day))
        return Record("", "article", title=title, author=people, issued=year, arxiv=Arxiv(id=ArxivId(number)))

    def neurips_paper(self) -> Record:
        title, people, pairs, year = self.next()
        self.papers.append(
            Paper(
                title=title,
                people=tuple(pairs),
                year=year,
                venue="NeurIPS",
                is_journal=False,
                dblp=f"conf/nips/X{self.number}",
                openreview=f"abcdef{self.number:04}",
            )
        )
        return Record(
            "", "paper-conference", title=title, author=people, issued=year, variables={"container-title": "NeurIPS"}
        )

    def medical_article(self) -> Record:
        title, people, pairs, year = self.next()
        pmid = str(30_000_000 + self.number)
        authors = "".join(
            f"<Author><LastName>{family}</LastName><ForeName>{given}</ForeName></Author>" for given, family in pairs
        )
        self.content["articles"][pmid] = (
            f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue>'
            f"<Volume>4</Volume><PubDate><Year>{year}</Year></PubDate></JournalIssue><Title>Annals of invented medicine"
            f"</Title></Journal><ArticleTitle>{title}.</ArticleTitle><AuthorList>{authors}</AuthorList></Article>"
            "</MedlineCitation></PubmedArticle>"
        )
        values = {"container-title": "Annals of invented medicine", "volume": "4", "PMID": pmid}
        return Record("", "article-journal", title=title, author=people, issued=year, variables=values)

    def book(self) -> Record:
        title, people, pairs, year = self.next()
        isbn = _isbn(self.number)
        self.content["books"][isbn] = {
            "title": title,
            "authors": [{"name": f"{given} {family}"} for given, family in pairs],
            "publish_date": str(year),
            "publishers": [{"name": "Invented Press"}],
        }
        values = {"publisher": "Invented Press", "ISBN": isbn}
        return Record("", "book", title=title, author=people, issued=year, variables=values)

    def data(self) -> Record:
        title, people, pairs, year = self.next()
        doi = f"10.5281/zenodo.{self.number}"
        self.content["data"][doi] = dataset(doi, title, pairs[0], year)
        first = Names(tuple(people)[:1])
        values = {"DOI": doi, "publisher": "Invented Archive"}
        return Record("", "dataset", title=title, author=first, issued=year, variables=values)

    def report(self) -> Record:
        title, people, pairs, year = self.next()
        doi = f"10.2903/report.{self.number}"
        self.content["agencies"][doi] = "OP"
        self.content["items"][doi] = {
            "DOI": doi,
            "type": "report",
            "title": title,
            "author": [{"given": given, "family": family} for given, family in pairs],
            "issued": {"date-parts": [[year]]},
        }
        return Record("", "report", title=title, author=people, issued=year, variables={"DOI": doi})

    def article_without_identifier(self) -> Record:
        return self.article().with_values({"DOI": None})

    def invented(self) -> Record:
        title, people, _, year = self.next()
        values = {"container-title": "Journal of Invented Results", "volume": "3", "page": "7-19"}
        return Record("", "article-journal", title=title, author=people, issued=year, variables=values)

    def wrong_people(self) -> Record:
        strangers = Names((Name(given="Otto", family="Falsch"), Name(given="Eva", family="Irrtum")))
        return self.article().with_values({"author": strangers})


_MAKERS: dict[str, Callable[[_Maker], Record]] = dict(
    zip(
        SHARES,
        (
            _Maker.article,
            _Maker.conference_paper,
            _Maker.preprint,
            _Maker.neurips_paper,
            _Maker.medical_article,
            _Maker.book,
            _Maker.data,
            _Maker.report,
            _Maker.article_without_identifier,
            _Maker.invented,
            _Maker.wrong_people,
        ),
        strict=True,
    )
)


def _isbn(number: int) -> str:
    digits = f"978316{number:06}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def make_thesis(number: int = 300, seed: int = 11) -> Thesis:
    """A bibliography of so many references, at least one of each kind; everything comes from the seed."""
    maker = _Maker(seed, number)
    references = []
    for kind, share in SHARES.items():
        name = kind if kind.startswith("false") else f"true: {kind}"
        for _ in range(max(1, round(number * share / 100))):
            record = replace(_MAKERS[kind](maker), key=f"r{maker.number}")
            references.append(Reference(record, name))
    return Thesis(tuple(references), maker.content, tuple(maker.papers), tuple(maker.on_arxiv))
