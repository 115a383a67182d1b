"""Europe PMC: biomedicine and its preprints by DOI or PMID, and by title.

``commentCorrectionList`` names retractions, corrections, and the other manifestation of a preprint, which is found by
title and first author at times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bibtool.enrich.sources.bodies import json_of, packed
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.ids import joined, kinds, parted
from bibtool.enrich.sources.items import (
    facts_of,
    found_by,
    item_of,
    objects,
    plain,
    quoted_title,
    with_facts,
    without_stop,
)
from bibtool.enrich.sources.source import Source, searching
from bibtool.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

ROWS = 5
_NOTICES = {
    "Retraction in": "retraction", "Partial retraction in": "partial_retraction", "Erratum in": "erratum",
    "Expression of concern in": "expression_of_concern", "Corrected and republished in": "correction",
}  # fmt: skip


def question(identifiers: Sequence[str]) -> str:
    """The path of a query for several identifiers."""
    wanted = [
        f'DOI:"{number.replace(chr(34), "")}"' if kind == "DOI" else f"(EXT_ID:{number} AND SRC:MED)"
        for kind, number in map(parted, identifiers)
    ]
    return _query(" OR ".join(wanted), 2 * len(identifiers))


def _query(words: str, rows: int) -> str:
    return f"/search?query={quote(words, safe='')}&resultType=core&format=json&pageSize={rows}"


def split(body: bytes, identifiers: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works by the identifiers that were asked for. Raises `NetworkError` for what is not an answer."""
    asked = {identifier.casefold(): identifier for identifier in identifiers}
    found: dict[str, bytes] = {}
    for work in _works(body):
        names = joined("doi", str(work.get("doi") or "").casefold()), joined("pmid", str(work.get("pmid") or ""))
        for name in names:
            if name in asked:
                found.setdefault(asked[name], packed(_item(work)))
    return found


def words_of(record: Record) -> str:
    """A query for the title."""
    title = quoted_title(record)
    return f"TITLE:{title}" if title else ""


def search_question(words: Sequence[str]) -> str:
    """The path of a search."""
    return _query(words[0], ROWS)


def split_search(body: bytes, words: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """CSL-JSON of the works that were found; nothing where there are none. Raises as `split` does."""
    return found_by(words[0], map(_item, _works(body)))


def _works(body: bytes) -> list[dict[str, Any]]:
    answer = json_of(body)
    results = answer.get("resultList") if isinstance(answer, dict) else None
    works = results.get("result", []) if isinstance(results, dict) else None
    if not isinstance(works, list):
        raise NetworkError("its answer holds no list of works")
    return objects(works)


def _inner(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _item(work: dict[str, Any]) -> dict[str, Any]:
    issue = work.get("journalInfo") if isinstance(work.get("journalInfo"), dict) else {}
    people: list[str | dict[str, str]] = []
    for each in objects(_inner(work.get("authorList"), "author")):
        if collective := plain(each.get("collectiveName")):
            people.append({"literal": collective})
            continue
        family, given = plain(each.get("lastName")), plain(each.get("firstName")) or plain(each.get("initials"))
        people.append({name: words for name, words in (("family", family), ("given", given)) if words})
    is_preprint = work.get("source") == "PPR"
    item = item_of(
        "article" if is_preprint else "article-journal",
        without_stop(plain(work.get("title"))),
        [name for name in people if name],
        year=plain(work.get("pubYear")) or _inner(issue, "yearOfPublication"),
        container_title=plain(_inner(_inner(issue, "journal"), "title")),
        volume=plain(_inner(issue, "volume")),
        issue=plain(_inner(issue, "issue")),
        page=plain(work.get("pageInfo")),
        DOI=plain(work.get("doi")),
        PMID=plain(work.get("pmid")),
        PMCID=plain(work.get("pmcid")),
    )
    said = objects(_inner(work.get("commentCorrectionList"), "commentCorrection"))
    notices = [Notice(_NOTICES[kind]) for each in said if (kind := str(each.get("type"))) in _NOTICES]
    if "Retracted Publication" in (_inner(work.get("pubTypeList"), "pubType") or []):
        notices.append(Notice("retraction"))
    return with_facts(item, Facts(notices=tuple(dict.fromkeys(notices))))


EUROPE_PMC = Source(
    name="europepmc",
    title="Europe PMC",
    url="https://www.ebi.ac.uk/europepmc/webservices/rest",
    format="csl-json",
    question=question,
    split=split,
    facts=facts_of,
    knows=kinds("DOI", "PMID"),
    batch=25,
    is_list=True,
    delay_s=0.5,
    polite_delay_s=0.2,
)
EUROPE_PMC_SEARCH = searching(EUROPE_PMC, search_question, split_search, words_of)
