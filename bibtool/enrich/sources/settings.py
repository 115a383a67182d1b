"""What the settings file says about the sources."""

from __future__ import annotations

from dataclasses import dataclass

from bibtool.settings import setting

DEFAULT = ("crossref", "datacite", "doi.org", "pubmed", "openlibrary")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesSettings:
    """The table ``[sources]``.

    Addresses of servers and of people are not among them: the settings of a project that somebody else has written
    must not decide where questions go, nor in whose name.
    """

    use: tuple[str, ...] = setting(
        "The services besides arXiv that are asked about DOIs, PMIDs and ISBNs: crossref, datacite, doi.org, pubmed, "
        "openlibrary; an empty list for none.",
        DEFAULT,
    )
    index: tuple[str, ...] = setting("Indexes made by `bibtool index` that `bibtool verify` asks first.", ())
