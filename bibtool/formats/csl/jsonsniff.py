"""Whether an input is CSL-JSON."""

from __future__ import annotations

from bibtool.formats.jsonitems import json_head, member_names
from bibtool.lazy import lazy_pattern

_TYPE_MEMBER = lazy_pattern(r'"type"\s*:\s*"([a-z_-]{3,40})"')
_ITEM_MEMBERS = frozenset(
    "id type custom family given literal suffix non-dropping-particle dropping-particle comma-suffix static-ordering "
    "parse-names isInstitution circa season raw citation-key items categories".split()
)
_EMPTY = lazy_pattern(r"(?:\[\s*\]|\{\s*\"(?:items|references)\"\s*:\s*\[\s*\]\s*\})\s*\Z")
# variables that only a work has; a volume, a page or a note is found in any JSON
_TELLING = frozenset(
    {"title", "DOI", "ISBN", "ISSN", "PMID", "PMCID", "container-title", "title-short", "citation-key"}
)


def sniff(head: bytes) -> int:
    """90 for JSON with a CSL type or ``date-parts``, less for JSON that only may be CSL, 0 for anything else."""
    text = json_head(head)
    if not text:
        return 0
    from bibtool.formats import bibjson
    from bibtool.model.vocabulary import TYPES, VARIABLES

    compact = text[:20_000]
    if any(mark in compact for mark in ('"message-type"', '"is-referenced-by-count"', '"creators"', '"relatedIdent')):
        return 15
    if bibjson.sniff(head) >= 85:  # "article" and "book" are types of both
        return 15
    if not TYPES.isdisjoint(match[1] for match in _TYPE_MEMBER.finditer(compact)):
        return 90 if '"id"' in compact or '"date-parts"' in compact else 70
    if '"date-parts"' in compact or '"issued"' in compact:
        return 60
    names = member_names(head)
    if "@context" in names or "@type" in names or "itemType" in names:
        return 0
    telling = {name for name, kind in VARIABLES.items() if kind == "names"} | _TELLING
    if not names & telling:
        return 10 if _EMPTY.match(text) else 0
    # the manifest of a program has an author, and a page's settings have a title: most members have to be CSL's
    known = names & (VARIABLES.keys() | _ITEM_MEMBERS)
    return 20 if len(known) * 2 > len(names) else 0
