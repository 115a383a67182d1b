"""PubMed's E-utilities: biomedicine by PMID.

Errors come with status 200, as an ``ERROR`` element; an unknown PMID gives an empty set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from bibtool.enrich.sources.bodies import is_page, refuse_robot_check
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.source import Source
from bibtool.errors import NetworkError
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLE = lazy_pattern(rb"<(PubmedArticle|PubmedBookArticle)(?:\s[^>]*)?>.*?</\1>", re.DOTALL)
_PMID = lazy_pattern(rb"<PMID(?:\s[^>]*)?>\s*(\d+)\s*</PMID>")
_ERROR = lazy_pattern(rb"<ERROR>(.{0,300}?)</ERROR>", re.DOTALL)
_CORRECTION = lazy_pattern(rb'<CommentsCorrections\s[^>]*RefType="(\w+)"[^>]*>(.*?)</CommentsCorrections>', re.DOTALL)
_DOI = lazy_pattern(rb"doi:\s*(10\.\d{4,9}/[^\s<;]+)", re.IGNORECASE)
_KINDS = {
    b"RetractionIn": "retraction", b"ErratumIn": "erratum", b"ExpressionOfConcernIn": "expression_of_concern",
    b"PartialRetractionIn": "partial_retraction", b"CorrectedandRepublishedIn": "correction",
}  # fmt: skip


def question(pmids: Sequence[str]) -> str:
    """The path of a list of PMIDs."""
    return f"/efetch.fcgi?db=pubmed&id={quote(','.join(pmids), safe='')}&retmode=xml&tool=bibtool"


def split(body: bytes, pmids: Sequence[str], _moved: bool) -> dict[str, bytes]:
    """The articles of an answer by the PMIDs that were asked for. Raises `NetworkError` for what is not an answer."""
    refuse_robot_check(body)
    if is_page(body):
        raise NetworkError("it answered with a web page")
    error = _ERROR.search(body)
    if error:
        raise NetworkError(f"it reports an error: {error[1].decode(errors='replace').strip()[:100]}")
    if b"<PubmedArticleSet" not in body:
        raise NetworkError("its answer has no articles")
    if b"</PubmedArticleSet>" not in body and b"<PubmedArticleSet/>" not in body.replace(b" ", b""):
        raise NetworkError("its answer is cut")
    found = {}
    for article in _ARTICLE.finditer(body):
        pmid = _PMID.search(article[0])
        number = pmid[1].decode() if pmid else ""
        if number in pmids:
            whole = b"<PubmedArticleSet>" + article[0] + b"</PubmedArticleSet>"
            found[number] = b'<?xml version="1.0" encoding="UTF-8"?>\n' + whole
    return found


def facts(part: bytes) -> Facts:
    """Notices about the article, its preprint and its publication."""
    notices: list[Notice] = []
    published: list[str] = []
    preprints: list[str] = []
    for correction in _CORRECTION.finditer(part):
        doi = _DOI.search(correction[2])
        named = doi[1].decode(errors="replace").rstrip(".").casefold() if doi else ""
        if correction[1] in _KINDS:
            notices.append(Notice(_KINDS[correction[1]], named))
        elif named and correction[1] == b"UpdateIn":
            published.append(named)
        elif named and correction[1] == b"UpdateOf":
            preprints.append(named)
    if b">Retracted Publication<" in part and not any(notice.is_retraction for notice in notices):
        notices.append(Notice("retraction"))
    is_preprint = b">Preprint<" in part
    return Facts(
        notices=tuple(dict.fromkeys(notices)),
        published=tuple(dict.fromkeys(published)) if is_preprint else (),
        preprints=tuple(dict.fromkeys(preprints)),
    )


PUBMED = Source(
    name="pubmed",
    title="PubMed",
    url="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    variable="PMID",
    format="pubmed-xml",
    question=question,
    split=split,
    facts=facts,
    batch=100,
    delay_s=0.34,
    polite_delay_s=0.34,
    accept="application/xml, text/xml",
)
