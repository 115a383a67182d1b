"""What the settings file says about the sources."""

from __future__ import annotations

from bibtool.settings import setting
from bibtool.structs import dataclass

# DBLP keeps robots out; Semantic Scholar lets all those without a key share one limit
DEFAULT = (
    "crossref", "datacite", "doi.org", "pubmed", "openlibrary", "acl", "inspire", "europepmc", "ads", "openreview",
    "openalex",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesSettings:
    """The table ``[sources]``.

    Addresses of servers and of people are not among them: the settings of a project that somebody else has written
    must not decide where questions go, nor in whose name.
    """

    use: tuple[str, ...] = setting(
        "The services besides arXiv that are asked about identifiers and titles; also dblp and semanticscholar. "
        "openalex and ads are asked only if you have a key. An empty list for none.",
        DEFAULT,
    )
    index: tuple[str, ...] = setting("Indexes made by `bibtool index` that are asked before any service.", ())
