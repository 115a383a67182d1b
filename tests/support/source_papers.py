"""Papers in the shapes in which further services give them: stand-ins for `tests.support.source_server.Sources`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.source_server import PAGE, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

KEYED = ("openalex", "ads")  # without a key nobody asks these


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper as the services know it; "" where it has no such number."""

    title: str
    people: tuple[tuple[str, str], ...]
    year: int
    venue: str = ""
    volume: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    pmid: str = ""
    openreview: str = ""
    acl: str = ""
    dblp: str = ""
    retracted: bool = False
    is_journal: bool = True

    @property
    def names(self) -> list[str]:
        """The authors, given names first."""
        return [f"{given} {family}" for given, family in self.people]


def stand_ins(papers: Sequence[Paper]) -> dict[str, Callable[[str, bytes], Reply]]:
    """The services by name; all of them have all of the papers that have their kind of number."""
    return {
        "dblp": lambda path, _: _dblp(papers, path),
        "acl": lambda path, _: _acl(papers, path),
        "inspire": lambda path, _: _inspire(papers, path),
        "europepmc": lambda path, _: _europepmc(papers, path),
        "ads": lambda path, _: _ads(papers, path),
        "openreview": lambda path, _: _openreview(papers, path),
        "openalex": lambda path, _: _openalex(papers, path),
        "semanticscholar": lambda path, sent: _semanticscholar(papers, path, sent),
    }


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())


def _query(path: str, name: str) -> str:
    return parse_qs(urlsplit(path).query).get(name, [""])[0]


def nearest(papers: Iterable[Paper], words: str, most: int = 5) -> list[Paper]:
    """The papers with most words in common, whatever they are: no search says that it has found nothing."""
    wanted = set(re.findall(r"\w+", words.casefold()))
    return sorted(papers, key=lambda paper: -len(wanted & set(re.findall(r"\w+", paper.title.casefold()))))[:most]


def _bibtex(key: str, paper: Paper) -> Reply:
    fields = {
        "author": " and ".join(f"{family}, {given}" for given, family in paper.people),
        "title": paper.title,
        "journal" if paper.is_journal else "booktitle": paper.venue,
        "volume": paper.volume,
        "pages": paper.pages,
        "year": str(paper.year),
        "doi": paper.doi,
        "url": f"https://aclanthology.org/{paper.acl}/" if paper.acl else "",
    }
    lines = ",\n".join(f"    {name} = {{{value}}}" for name, value in fields.items() if value)
    kind = "article" if paper.is_journal else "inproceedings"
    return Reply(200, f"@{kind}{{{key},\n{lines}\n}}\n".encode(), "text/plain; charset=utf-8")


def _dblp(papers: Sequence[Paper], path: str) -> Reply:
    if path.startswith("/rec/"):
        key = unquote(urlsplit(path).path.removeprefix("/rec/").removesuffix(".bib"))
        for paper in papers:
            if paper.dblp == key:
                return _bibtex(f"DBLP:{key}", paper)
        return Reply(404, PAGE, "text/html")
    wanted = re.findall(r"\w+", _query(path, "q").casefold())
    hits = []
    for paper in papers:
        words = set(re.findall(r"\w+", " ".join([paper.title, *paper.names]).casefold()))
        if paper.dblp and all(any(word.startswith(start) for word in words) for start in wanted):
            hits.append({"@score": "1", "info": _dblp_info(paper)})
    total = {"@total": str(len(hits)), "@sent": str(len(hits))}
    return _json({"result": {"hits": {**total, "hit": hits} if hits else total}})


def _dblp_info(paper: Paper) -> dict[str, Any]:
    authors: Any = [{"@pid": "1/1", "text": f"{name} 0001"} for name in paper.names]
    info = {
        "authors": {"author": authors[0] if len(authors) == 1 else authors},
        "title": f"{paper.title}.",
        "venue": paper.venue or "CoRR",
        "volume": paper.volume or (f"abs/{paper.arxiv}" if not paper.venue else ""),
        "pages": paper.pages,
        "year": str(paper.year),
        "type": "Journal Articles" if paper.is_journal else "Conference and Workshop Papers",
        "key": paper.dblp,
        "doi": paper.doi.upper(),
    }
    return {name: value for name, value in info.items() if value}


def _acl(papers: Sequence[Paper], path: str) -> Reply:
    number = unquote(path).strip("/").removesuffix(".bib")
    for paper in papers:
        if paper.acl == number:
            return _bibtex("an-etal-example", paper)
    return Reply(404, PAGE, "text/html")


def _inspire(papers: Sequence[Paper], path: str) -> Reply:
    query = _query(path, "q")
    if query.startswith("t "):
        found = nearest(papers, query[2:])
    else:
        numbers = {number.casefold() for number in re.findall(r'"([^"]+)"', query)}
        found = [paper for paper in papers if {paper.doi.casefold(), paper.arxiv.casefold()} & numbers]
    works = []
    for paper in reversed(found):
        place = {"journal_title": paper.venue, "journal_volume": paper.volume, "page_start": paper.pages}
        works.append(
            {
                "metadata": {
                    "titles": [{"title": paper.title}],
                    "authors": [{"full_name": f"{family}, {given}"} for given, family in paper.people],
                    "dois": [{"value": paper.doi}, {"value": paper.doi}] if paper.doi else [],
                    "arxiv_eprints": [{"value": paper.arxiv}] if paper.arxiv else [],
                    "publication_info": [{**place, "year": paper.year}] if paper.venue else [],
                    "earliest_date": f"{paper.year}-01-01",
                    "document_type": ["article" if paper.is_journal else "conference paper"],
                    "retracted": paper.retracted,
                }
            }
        )
    return _json({"hits": {"hits": works, "total": len(works)}})


def _europepmc(papers: Sequence[Paper], path: str) -> Reply:
    query = _query(path, "query")
    if query.startswith("TITLE:"):
        found = nearest(papers, query[6:])
    else:
        numbers = {*re.findall(r'"([^"]+)"', query.casefold()), *re.findall(r"ext_id:(\d+)", query.casefold())}
        found = [paper for paper in papers if {paper.doi.casefold(), paper.pmid} & numbers]
    results = []
    for paper in reversed(found):
        people = [{"firstName": given, "lastName": family} for given, family in paper.people]
        notice = [{"type": "Retraction in", "reference": "Ann Inv. 2020"}] if paper.retracted else []
        results.append(
            {
                "source": "MED",
                "pmid": paper.pmid,
                "doi": paper.doi,
                "title": f"{paper.title}.",
                "authorList": {"author": people},
                "pubYear": str(paper.year),
                "pageInfo": paper.pages,
                "journalInfo": {"volume": paper.volume, "journal": {"title": paper.venue}},
                "commentCorrectionList": {"commentCorrection": notice},
            }
        )
    return _json({"hitCount": len(results), "resultList": {"result": results}})


def _ads(papers: Sequence[Paper], path: str) -> Reply:
    query = _query(path, "q")
    if query.startswith("title:"):
        found = nearest(papers, query[6:])
    else:
        numbers = {number.casefold() for number in re.findall(r'"([^"]+)"', query)}
        found = [paper for paper in papers if {paper.doi.casefold(), paper.arxiv.casefold()} & numbers]
    docs = [
        {
            "bibcode": "2018AnInv..12..101M",
            "title": [paper.title],
            "author": [f"{family}, {given}" for given, family in paper.people],
            "year": str(paper.year),
            "pub": paper.venue or "arXiv e-prints",
            "volume": paper.volume,
            "page": [paper.pages.split("-")[0]] if paper.pages else [],
            "doi": [paper.doi] if paper.doi else [],
            "identifier": [f"arXiv:{paper.arxiv}"] if paper.arxiv else [],
            "doctype": "article" if paper.is_journal and paper.venue else "inproceedings" if paper.venue else "eprint",
        }
        for paper in reversed(found)
    ]
    return _json({"response": {"numFound": len(docs), "docs": docs}})


def _openreview(papers: Sequence[Paper], path: str) -> Reply:
    papers = [paper for paper in papers if paper.openreview]
    if path.startswith("/notes/search"):
        found = nearest(papers, _query(path, "term"))
    else:
        found = [paper for paper in papers if paper.openreview == _query(path, "id")]
        if not found:
            return _json({"name": "NotFoundError", "message": "The Note was not found", "status": 404}, 404)
    notes = [
        {
            "id": paper.openreview,
            "forum": paper.openreview,
            "cdate": 1_600_000_000_000,
            "content": {
                "title": {"value": paper.title},
                "authors": {"value": paper.names},
                "venue": {"value": f"{paper.venue} {paper.year} poster" if paper.venue else "Submitted to ICLR 2024"},
                "venueid": {"value": f"{paper.venue}.cc/{paper.year}/Conference"},
            },
        }
        for paper in found
    ]
    return _json({"notes": notes, "count": len(notes)})


def _openalex(papers: Sequence[Paper], path: str) -> Reply:
    wanted = _query(path, "filter")
    if wanted.startswith("title.search:"):
        found = nearest(papers, wanted)
    else:
        numbers = set(wanted.partition(":")[2].casefold().split("|"))
        found = [paper for paper in papers if {paper.doi.casefold(), paper.pmid} & numbers]
    results = []
    for paper in reversed(found):
        doi = paper.doi or (f"10.48550/arxiv.{paper.arxiv}" if paper.arxiv else "")
        pages = [*paper.pages.split("-"), ""]
        kind = "journal" if paper.is_journal else "conference"
        pmid = f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}" if paper.pmid else None
        results.append(
            {
                "id": "https://openalex.org/W1",
                "doi": f"https://doi.org/{doi.lower()}" if doi else None,
                "ids": {"pmid": pmid},
                "title": paper.title,
                "publication_year": paper.year,
                "type": "article",
                "authorships": [{"raw_author_name": name, "author": {"display_name": "X"}} for name in paper.names],
                "primary_location": {"source": {"display_name": paper.venue, "type": kind} if paper.venue else None},
                "locations": [{"landing_page_url": f"https://arxiv.org/abs/{paper.arxiv}"}] if paper.arxiv else [],
                "biblio": {"volume": paper.volume or None, "first_page": pages[0] or None, "last_page": pages[1]},
                "is_retracted": paper.retracted,
            }
        )
    return _json({"meta": {"count": len(results)}, "results": results})


def _semanticscholar(papers: Sequence[Paper], path: str, sent: bytes) -> Reply:
    if path.startswith("/paper/search/match"):
        found = nearest(papers, _query(path, "query"), 1)
        return _json({"data": [_s2(found[0])]}) if found else _json({"error": "Title match not found"}, 404)
    known: dict[str, Paper] = {}
    for paper in papers:
        for prefix, number in (("DOI", paper.doi), ("ARXIV", paper.arxiv), ("PMID", paper.pmid), ("ACL", paper.acl)):
            if number:
                known[f"{prefix}:{number}".casefold()] = paper
    wanted = [known.get(str(name).casefold()) for name in json.loads(sent)["ids"]]
    return _json([None if paper is None else _s2(paper) for paper in wanted])


def _s2(paper: Paper) -> dict[str, Any]:
    ids = {"DOI": paper.doi, "ArXiv": paper.arxiv, "PubMed": paper.pmid, "DBLP": paper.dblp, "CorpusId": "7"}
    return {
        "paperId": "0" * 40,
        "externalIds": {name: number for name, number in ids.items() if number},
        "title": paper.title,
        "year": paper.year - 1,  # that of the preprint
        "venue": "arXiv.org",
        "authors": [{"authorId": "1", "name": name} for name in paper.names],
        "publicationTypes": ["JournalArticle" if paper.is_journal else "Conference"],
    }
