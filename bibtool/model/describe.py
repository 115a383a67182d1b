"""A record in rows, for people: what a reader looks for (`facts_of`), and everything that is known (`rows_of`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.model.marks import show
from bibtool.structs import NamedTuple, fields

if TYPE_CHECKING:
    from bibtool.model.record import Record


class DescribedValue(NamedTuple):
    """Name, value, where the value came from, and its address ("" for none; unchecked)."""

    name: str
    value: str
    origin: str = ""
    address: str = ""


def type_word(csl_type: str) -> str:
    """A CSL type as people call it: ``preprint`` for ``article``, which CSL uses for what is not in a journal."""
    return "preprint" if csl_type == "article" else csl_type


# the labels of variables where people say something else, in the order in which they are read
_LABELS = {
    "author": "authors", "editor": "editors", "translator": "translators", "container-author": "book authors",
    "collection-title": "series", "collection-number": "series no.", "edition": "edition", "publisher": "publisher",
    "publisher-place": "place", "event-title": "event", "event-place": "event place", "genre": "kind", "issued": "date",
}  # fmt: skip
_IDS = ("DOI", "ISBN", "ISSN", "PMID", "PMCID", "URL")
_LAST = {"keyword": "keywords", "note": "note", "abstract": "abstract"}
_VENUE = ("container-title", "volume", "issue", "page")


def facts_of(record: Record) -> list[tuple[str, str]]:
    """Label and value of all but title and key, in the order in which a reader looks for them, in plain words."""
    rows: list[tuple[str, str]] = []
    done = {"title", *_VENUE}

    def add(label: str, *names: str) -> None:
        done.update(names)
        rows.extend((label, _shown(record, name)) for name in names if name in record.variables)

    for name in ("author", "editor", "translator", "container-author"):
        add(_LABELS[name], name)
    if venue := _venue(record):
        rows.append(("published in", venue))
    for name in ("collection-title", "collection-number", "edition", "publisher", "publisher-place", "event-title"):
        add(_LABELS[name], name)
    for name in ("event-place", "genre", "issued"):
        add(_LABELS[name], name)
    rows += _arxiv_facts(record)
    for name in _IDS:
        add(name, name)
    for name in sorted(record.variables.keys() - done - _LAST.keys()):
        add(name, name)
    for name, label in _LAST.items():
        add(label, name)
    if record.aliases:
        rows.append(("other keys", ", ".join(record.aliases)))
    return rows


def _shown(record: Record, name: str) -> str:
    names = record.names(name)
    if not names:
        return record.text(name)
    return ", ".join(person.display() for person in names) + (" et al." if names.truncated else "")


def _venue(record: Record) -> str:
    volume, issue, pages = (record.text(name) for name in ("volume", "issue", "page"))
    number = f"{volume}({issue})" if volume and issue else volume or (f"no. {issue}" if issue else "")
    container = " ".join(part for part in (record.journal, number) if part)
    return ", ".join(part for part in (container, pages) if part)


def _arxiv_facts(record: Record) -> list[tuple[str, str]]:
    known = record.arxiv
    if known is None:
        return []
    rows = []
    categories = known.categories or ((known.primary_category,) if known.primary_category else known.candidates)
    if known.id is not None:
        latest = f", latest version {known.latest}" if known.latest and known.latest > 1 else ""
        rows.append(("arXiv", f"{known.id}" + (f" ({', '.join(categories)})" if categories else "") + latest))
    elif categories:
        rows.append(("arXiv", " or ".join(categories)))
    if known.withdrawn:
        rows.append(("withdrawn", "on arXiv"))
    if known.journal_ref and not _venue(record):
        rows.append(("published as", known.journal_ref))
    if known.comment:
        rows.append(("comment", known.comment))
    return rows


def doi_address(doi: str) -> str:
    """The address of a DOI at the resolver, with everything escaped that has a meaning in addresses."""
    from urllib.parse import quote  # takes longer to load than a record to print

    return f"https://doi.org/{quote(doi, safe='/:;()', errors='replace')}"


def page_of(record: Record) -> str:
    """The web page of the work: by DOI, on arXiv, at its own address, on PubMed; "" where none is known.

    An address is given only if it is one of http: a file or a script must not be opened because a record names it.
    """
    if doi := record.text("DOI"):
        return doi_address(doi)
    if record.arxiv is not None and record.arxiv.id is not None:
        return record.arxiv.id.url
    url = record.text("URL").strip()
    if url.casefold().startswith(("http://", "https://")) and url.isprintable() and not set(url) & set(' <>"\\'):
        return url
    pmid = record.text("PMID")
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdigit() else ""


def rows_of(record: Record) -> list[DescribedValue]:
    """Key, type and aliases; title, authors and date; the other variables; what arXiv says; what no variable holds."""
    rows = [DescribedValue("key", record.key), DescribedValue("type", type_word(record.type), _origin(record, "type"))]
    if record.aliases:
        rows.append(DescribedValue("aliases", ", ".join(record.aliases)))
    order = ["title", "author", "issued"]
    for name in sorted(record.variables, key=lambda name: (order.index(name) if name in order else len(order), name)):
        value = show(record.variables[name])
        address = ""
        if name in {"DOI", "URL"}:
            address = doi_address(value) if name == "DOI" else value
        rows.append(DescribedValue(name, value, _origin(record, name), address))
    if record.arxiv is not None:
        for part in fields(record.arxiv):
            held: Any = getattr(record.arxiv, part.name)
            if held:
                value = ", ".join(held) if isinstance(held, tuple) else str(held)
                address = held.url if part.name == "id" else ""
                rows.append(DescribedValue(f"arxiv.{part.name}", value, _origin(record, f"arxiv.{part.name}"), address))
    rows += [DescribedValue(f"{item.source}.{item.name}", item.value) for item in record.leftovers]
    return rows


def _origin(record: Record, name: str) -> str:
    origin = record.provenance.get(name)
    if origin is None:
        return ""
    parts = [f"{origin.source} {origin.detail}".strip(), origin.when[:10]]
    if origin.confidence < 1:
        parts.append(f"confidence {origin.confidence:.2f}")
    return ", ".join(part for part in parts if part)
