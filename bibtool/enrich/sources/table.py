"""All sources by name, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.sources.crossref import CROSSREF, CROSSREF_SEARCH
from bibtool.enrich.sources.datacite import DATACITE
from bibtool.enrich.sources.doiorg import AGENCY, DOI_ORG
from bibtool.enrich.sources.openlibrary import OPEN_LIBRARY
from bibtool.enrich.sources.pubmed import PUBMED

if TYPE_CHECKING:
    from bibtool.enrich.sources.source import Source

SOURCES: dict[str, Source] = {source.name: source for source in (CROSSREF, DATACITE, DOI_ORG, PUBMED, OPEN_LIBRARY)}
# other questions to the same services, by the name of the source with which they are chosen
BESIDES: dict[str, tuple[Source, ...]] = {CROSSREF.name: (CROSSREF_SEARCH,), DOI_ORG.name: (AGENCY,)}
