"""Web addresses that hold an identifier, or are one: pages of publishers, of preprint servers and of libraries."""

from __future__ import annotations

import re
from typing import Final

from bibtool.lazy import lazy_pattern

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


def of_address(url: str) -> str:
    """The identifier that an address holds, the address itself where it is of a work's page, else ""."""
    if "%" in url and "doi.org/10." in url:  # publishers link to doi.org/10.1038%2Fnature14539
        from urllib.parse import unquote

        url = unquote(url)
    for pattern, becomes in _TABLE:
        match = pattern.fullmatch(url)
        if match:
            return match.expand(becomes) if becomes else ""
    return ""
