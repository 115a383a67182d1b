"""The properties of a CSL-JSON item: which variable each of them is, and the order in which they are written."""

from __future__ import annotations

from bibtool.formats.base import Row
from bibtool.model.vocabulary import CSL_JSON_NAMES, IN_CSL_JSON, VARIABLES

# the order of the properties; others follow by name, then abstract, note, categories, custom
ORDER = (
    "id", "type", "citation-key", "title", "title-short", "author", "editor", "translator", "issued",
    "container-title", "container-title-short", "container-author", "collection-title", "collection-number",
    "collection-editor", "volume", "issue", "number", "page", "page-first", "number-of-pages", "edition", "version",
    "genre", "event-title", "event-date", "event-place", "publisher", "publisher-place",
    "DOI", "URL", "ISBN", "ISSN", "PMID", "PMCID", "language",
)  # fmt: skip
_LAST = ("keyword", "abstract", "note", "annote", "categories", "custom")
PROPERTY = {name: CSL_JSON_NAMES.get(name, name) for name in VARIABLES if name in IN_CSL_JSON}
RANK = {
    name: rank
    for rank, name in enumerate(
        (*ORDER, *sorted(set(PROPERTY.values()) - set(ORDER) - set(_LAST)), "volume-title-short", *_LAST)
    )
}
FIELDS: tuple[Row, ...] = (
    Row("id", "", "the citation key"),
    Row("type", "", "the type"),
    *(Row(written, name) for name, written in sorted(PROPERTY.items())),
    *(Row(f"custom.bibtool.variables.{name}", name) for name in sorted(VARIABLES.keys() - IN_CSL_JSON)),
    Row("categories", "", "arXiv categories that are certain"),
    Row("custom.bibtool.arxiv", "", "the arXiv id, categories, candidates, comment, journal reference"),
    Row("custom.bibtool.marks", "", "marks and ORCID iDs of names"),
    Row("custom.bibtool.tex", "", "texts whose mathematics the property shows by characters, with its TeX"),
)
