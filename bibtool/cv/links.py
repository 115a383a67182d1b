"""The addresses of a work: DOI, arXiv, PDF, code. Only those of the web, whatever a record says."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bibtool.cv.document import Link
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import arxiv_id_of_doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bibtool.model.record import Record
    from bibtool.model.works.versions import Work

LINK_KINDS: Final = ("doi", "arxiv", "pdf", "code", "url")
_WEB = ("https://", "http://")
# what surrounds an address in running text is not a part of it
_ADDRESS = lazy_pattern(r"https?://[^\s<>\"'{}|\\^`\u0000-\u001f]+", re.IGNORECASE)
_HOSTS_OF_CODE = lazy_pattern(
    r"^https?://(?:www\.)?(?:github\.com|gitlab\.[a-z.]+|codeberg\.org|bitbucket\.org|sr\.ht|[\w-]+\.github\.io|"
    r"huggingface\.co|git\.[\w.-]+)/[^/\s]+",
    re.IGNORECASE,
)
_CODE_FIELDS = frozenset({"code", "github", "repository", "software", "repo"})
_PDF_FIELDS = frozenset({"pdf", "url_pdf", "paperurl"})


def links_of(work: Work, words: Mapping[str, str], kinds: Iterable[str] = LINK_KINDS) -> tuple[Link, ...]:
    """The links of all versions of a work in the order of ``kinds``, each address once.

    ``url`` is given only where there is nothing else to follow.
    """
    versions = (work.record, *work.versions)
    makers = {"doi": _doi, "arxiv": _arxiv, "pdf": _pdf, "code": _code}
    links: dict[str, Link] = {}
    for kind in kinds:
        if kind == "url":
            continue
        for link in islice(makers[kind](versions, words), 1):
            links.setdefault(link.url, link)
    if "url" in kinds and not any(link.kind in {"doi", "arxiv"} for link in links.values()):
        for link in islice(_url(versions, words), 1):
            links.setdefault(link.url, link)
    return tuple(links.values())


@lru_cache(maxsize=256)
def web_address(text: str) -> str:
    """The address if it is one of the web, with what would end it early written out; "" for any other."""
    text = text.strip()
    if not text.lower().startswith(_WEB):
        return ""
    if (" " in text or not text.isprintable()) and any(char.isspace() or char < " " for char in text):
        return ""
    return quote(text, safe="%/:=&?~#+!$,;'@()*[]")


def _doi(versions: Iterable[Record], _words: Mapping[str, str]) -> Iterator[Link]:
    for record in versions:
        doi = record.text("DOI").strip()
        if doi and arxiv_id_of_doi(doi) is None:
            yield Link(kind="doi", label="DOI", url="https://doi.org/" + quote(doi, safe="/:;()"))


def _arxiv(versions: Iterable[Record], _words: Mapping[str, str]) -> Iterator[Link]:
    for record in versions:
        if record.arxiv is not None and record.arxiv.id is not None:
            yield Link(kind="arxiv", label=f"arXiv:{record.arxiv.id}", url=record.arxiv.id.url)


def _pdf(versions: Iterable[Record], words: Mapping[str, str]) -> Iterator[Link]:
    for record in versions:
        for item in record.leftovers:
            if item.name.casefold() in _PDF_FIELDS and (url := web_address(item.value)):
                yield Link(kind="pdf", label=words["pdf"], url=url)
        url = web_address(record.text("URL"))
        if url.lower().partition("?")[0].endswith(".pdf"):
            yield Link(kind="pdf", label=words["pdf"], url=url)
    for record in versions:
        if record.arxiv is not None and record.arxiv.id is not None:
            yield Link(kind="pdf", label=words["pdf"], url=f"https://arxiv.org/pdf/{record.arxiv.id}")


def _code(versions: Iterable[Record], words: Mapping[str, str]) -> Iterator[Link]:
    """The first of: a field that names the code, an address of a code host in the texts, arXiv's page for a badge.

    A listing's badge says that there is code but not where; arXiv shows it in a tab of the paper's page.
    """
    badge = False
    for record in versions:
        for item in record.leftovers:
            if item.name.casefold() in _CODE_FIELDS and (url := web_address(item.value)):
                yield Link(kind="code", label=words["code"], url=url)
            badge = badge or (item.name == "badge" and item.value.casefold() == "code")
    for record in versions:
        comment = record.arxiv.comment if record.arxiv is not None else ""
        for text in (comment, record.text("note"), record.text("abstract"), record.text("URL")):
            if "://" not in text:
                continue
            for match in _ADDRESS.finditer(text):
                url = web_address(match[0].rstrip(".,;:!?)]"))
                if url and _HOSTS_OF_CODE.match(url):
                    yield Link(kind="code", label=words["code"], url=url)
    if badge:
        for link in _arxiv(versions, words):
            yield Link(kind="code", label=words["code"], url=f"{link.url}#labstabs")


def _url(versions: Iterable[Record], words: Mapping[str, str]) -> Iterator[Link]:
    for record in versions:
        if url := web_address(record.text("URL")):
            yield Link(kind="url", label=words["link"], url=url)
