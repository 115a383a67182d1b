"""All sources by name, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.sources.acl import ACL
from bibtool.enrich.sources.ads import ADS, ADS_SEARCH
from bibtool.enrich.sources.crossref import CROSSREF, CROSSREF_SEARCH
from bibtool.enrich.sources.datacite import DATACITE, DATACITE_SEARCH
from bibtool.enrich.sources.dblp import DBLP, DBLP_SEARCH
from bibtool.enrich.sources.doiorg import AGENCY, DOI_ORG
from bibtool.enrich.sources.europepmc import EUROPE_PMC, EUROPE_PMC_SEARCH
from bibtool.enrich.sources.inspire import INSPIRE, INSPIRE_SEARCH
from bibtool.enrich.sources.openalex import OPENALEX, OPENALEX_SEARCH
from bibtool.enrich.sources.openlibrary import OPEN_LIBRARY
from bibtool.enrich.sources.openreview import OPENREVIEW, OPENREVIEW_SEARCH
from bibtool.enrich.sources.pubmed import PUBMED
from bibtool.enrich.sources.semanticscholar import SEMANTIC_SCHOLAR, SEMANTIC_SCHOLAR_SEARCH

if TYPE_CHECKING:
    from bibtool.enrich.sources.source import Source

# those that registered an identifier come first, then curated ones, then those that gather from others
_ALL = (
    CROSSREF, DATACITE, DOI_ORG, PUBMED, OPEN_LIBRARY, DBLP, ACL, INSPIRE, EUROPE_PMC, ADS, OPENREVIEW, OPENALEX,
    SEMANTIC_SCHOLAR,
)  # fmt: skip
SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
# other questions to the same services, by the name of the source with which they are chosen
BESIDES: dict[str, tuple[Source, ...]] = {
    CROSSREF.name: (CROSSREF_SEARCH,),
    DATACITE.name: (DATACITE_SEARCH,),
    DOI_ORG.name: (AGENCY,),
    DBLP.name: (DBLP_SEARCH,),
    INSPIRE.name: (INSPIRE_SEARCH,),
    EUROPE_PMC.name: (EUROPE_PMC_SEARCH,),
    ADS.name: (ADS_SEARCH,),
    OPENREVIEW.name: (OPENREVIEW_SEARCH,),
    OPENALEX.name: (OPENALEX_SEARCH,),
    SEMANTIC_SCHOLAR.name: (SEMANTIC_SCHOLAR_SEARCH,),
}
# in the order in which they are searched: preprints and data come last
SEARCHES: tuple[Source, ...] = (
    CROSSREF_SEARCH, DBLP_SEARCH, OPENREVIEW_SEARCH, INSPIRE_SEARCH, EUROPE_PMC_SEARCH, ADS_SEARCH, OPENALEX_SEARCH,
    SEMANTIC_SCHOLAR_SEARCH, DATACITE_SEARCH,
)  # fmt: skip
