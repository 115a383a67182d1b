"""Identifiers anywhere in a text: each becomes a record that has nothing else yet, to be completed.

DOIs, arXiv ids, PMIDs, PMCIDs and ISBNs where the text says that they are such, and addresses of publishers' pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.formats.ids import parse_identifier
from bibtool.formats.listing.build import ListedRecord
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.venues import ARXIV
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Leftover, Provenance, Record, Verbatim
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.lines import Line

_END = r"[^\s<>\"'\]}|]{1,200}"
_PATTERN: Final = lazy_pattern(
    r"(?P<url>https?://[^\s<>\"\]}|]{4,400})"
    rf"|(?<![\w/.])(?:doi\s?[:=]?\s{{0,2}})?(?P<doi>10\.\d{{4,9}}/{_END})"
    rf"|\barxiv(?:\s?(?:e-?prints?|preprint))?\s?[:.]?\s?(?:abs/)?(?P<arxiv>{ARXIV})(?![\d.]\d)"
    r"|\bPMID\s?[:=]?\s?(?P<pmid>\d{4,9})\b|\b(?P<pmcid>PMC\d{4,9})\b"
    r"|\bISBN(?:-1[03])?\s?[:=]?\s?(?P<isbn>(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])\b",
    re.IGNORECASE,
)
_BEFORE_DOI = r"(?:doi|abs|full|pdf|epdf|article|content)/(?:abs/|full/|pdf/|epdf/|book/|pdfdirect/)?"
# addresses (behind https://www.) that hold an identifier, or are one themselves: pattern, and what it becomes
_ADDRESSES: Final = (
    (r"(?:dx\.)?doi\.org/(10\.\d{4,9}/.+)", r"doi:\1"),
    (r"(?:export\.)?arxiv\.org/(?:abs|pdf|html|format)/(.+?)(?:v\d+)?(?:\.pdf)?", r"arXiv:\1"),
    (r"alphaxiv\.org/(?:abs|overview)/(.+)", r"arXiv:\1"),
    (r"ncbi\.nlm\.nih\.gov/pubmed/(\d+)/?", r"PMID:\1"),
    (r"pubmed\.ncbi\.nlm\.nih\.gov/(\d+)/?", r"PMID:\1"),
    (r"(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(PMC\d+)/?.*", r"\1"),
    (r"link\.springer\.com/(?:article|chapter|book|content/pdf|\w+entry)/(10\.\d{4,9}/[^?#]+?)(?:\.pdf)?", r"doi:\1"),
    (r"nature\.com/articles/((?:s\d|nature|n[a-z]{2,8}\.?\d)[\w.-]+?)(?:\.pdf)?", r"doi:10.1038/\1"),
    (r"journals\.aps\.org/\w+/(?:abstract|pdf)/(10\.1103/[^?#]+)", r"doi:\1"),
    (r"biorxiv\.org/content/(10\.1101/[\d.]+?)(?:v\d+)?(?:\.(?:full|abstract).*)?", r"doi:\1"),
    (r"medrxiv\.org/content/(10\.1101/[\d.]+?)(?:v\d+)?(?:\.(?:full|abstract).*)?", r"doi:\1"),
    (r"journals\.plos\.org/\w+/article\?id=(10\.1371/[^&#]+)", r"doi:\1"),
    (r"usenix\.org/(?:conference|legacy)/\S+", ""),
    (r"openreview\.net/(?:forum|pdf)\?(?:.*&)?id=([\w-]{6,20}).*", r"https://openreview.net/forum?id=\1"),
    (r"aclanthology\.org/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?:\.pdf)?/?", r"https://aclanthology.org/\1/"),
    (r"aclweb\.org/anthology/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?:\.pdf)?/?", r"https://aclanthology.org/\1/"),
    (r"proceedings\.mlr\.press/v\d+/[\w-]+\.html", r"\g<0>"),
    (r"(?:papers|proceedings)\.(?:nips|neurips)\.cc/paper\w*/\S+", r"\g<0>"),
    (r"openaccess\.thecvf\.com/\S+\.html", r"\g<0>"),
    (r"ieeexplore\.ieee\.org/(?:abstract/)?document/(\d+)/?.*", r"https://ieeexplore.ieee.org/document/\1"),
    (r"sciencedirect\.com/science/article/(?:abs/|am/)?pii/(\w+).*", r"https://www.sciencedirect.com/science/article/pii/\1"),
    (r"jstor\.org/stable/(\w+).*", r"https://www.jstor.org/stable/\1"),
    (rf"(?:[\w-]+\.){{1,4}}\w+/(?:\S{{0,200}}?/)?{_BEFORE_DOI}(10\.\d{{4,9}}/[^?#\s]+)(?:[?#].*)?", r"doi:\1"),
)  # fmt: skip
_TABLE: Final = tuple(
    (lazy_pattern(rf"https?://(?:www\.)?{pattern}", re.IGNORECASE), becomes) for pattern, becomes in _ADDRESSES
)
_TYPES: Final = (("aclanthology.org", "paper-conference"), ("openreview.net", "paper-conference"),
                 ("proceedings.mlr.press", "paper-conference"), ("neurips.cc", "paper-conference"),
                 ("nips.cc", "paper-conference"), ("thecvf.com", "paper-conference"))  # fmt: skip
MAX_LINE: Final = 20_000
SOURCE: Final = "identifiers"


def identifiers_in(text: str) -> Iterator[tuple[int, str]]:
    """(offset, identifier) of each identifier in a text, in a form that `parse_identifier` or a URL has."""
    for match in _PATTERN.finditer(text[:MAX_LINE]):
        kind = match.lastgroup or ""
        value = _trimmed(match[kind])
        if kind == "url":
            if made := of_address(value):
                yield match.start(), made
        else:
            prefix = {"doi": "doi:", "arxiv": "arXiv:", "pmid": "PMID:", "isbn": "ISBN "}.get(kind, "")
            yield match.start(), prefix + value


def of_address(url: str) -> str:
    """The identifier that an address holds, the address itself where it is of a work's page, else ""."""
    for pattern, becomes in _TABLE:
        match = pattern.fullmatch(url)
        if match:
            return match.expand(becomes) if becomes else ""
    return ""


def _trimmed(token: str) -> str:
    """The token without the punctuation of the sentence around it; a bracket that it opens itself stays closed."""
    while token and token[-1] in ".,;:)'\"\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}*_>":
        if token[-1] == ")" and token.count("(") >= token.count(")"):
            break
        token = token[:-1]
    return token


def record_of(identifier: str) -> Record | None:
    """The record of one identifier, None where its check digit or form is wrong."""
    if identifier.startswith("http"):
        kind = next((csl for site, csl in _TYPES if site in identifier), "document")
        return Record(type=kind, variables={"URL": Verbatim(identifier)})
    return parse_identifier(identifier)


def identity(record: Record) -> str:
    """What two records of the same identifier have in common, "" for a record without any."""
    if record.arxiv is not None and record.arxiv.id is not None:
        return f"arxiv:{record.arxiv.id.number}"
    for variable in ("DOI", "PMID", "PMCID", "ISBN", "URL"):
        if text := record.text(variable):
            return f"{variable}:{text.casefold()}"
    return ""


def read_identifiers(lines: Sequence[Line], options: ReadOptions, known: frozenset[str] = frozenset()) -> LayoutResult:
    """A record for each identifier in the lines that ``known`` has not; the line itself is kept with it."""
    seen = set(known)
    records: list[ListedRecord] = []
    used: set[int] = set()
    for line in lines:
        for _, identifier in identifiers_in(line.text):
            record = record_of(identifier)
            if record is None:
                continue
            used.add(line.number)
            if (name := identity(record)) in seen:
                continue
            seen.add(name)
            records.append(ListedRecord(record=_noted(record, line, options), lines=(line.number,)))
    return LayoutResult(tuple(records), (), tuple(line for line in lines if line.number not in used))


def _noted(record: Record, line: Line, options: ReadOptions) -> Record:
    """The record with its line, and its provenance."""
    origin = Provenance(source=SOURCE, detail=f"{options.path}:{line.number}", when=options.when, confidence=1.0)
    names = [*record.variables, *(["arxiv.id"] if record.arxiv is not None else [])]
    leftovers = (*record.leftovers, Leftover(SOURCE, "line", line.text[:1000]))
    return replace(record, leftovers=leftovers, provenance=dict.fromkeys(names, origin))
