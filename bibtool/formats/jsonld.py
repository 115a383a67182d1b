"""JSON-LD with the vocabulary of schema.org, read only: works that pages and repositories describe for search engines.

Source: schema.org (CreativeWork and the types below it), and JSON-LD 1.1 for ``@graph``, ``@id`` references, ``@list``,
``@value`` and names with a prefix or as whole addresses. Volume, issue and journal are found through ``isPartOf``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.errors import IdentifierError
from bibtool.formats.base import Row
from bibtool.formats.crossref import plain_markup
from bibtool.formats.csl.leftover import to_text
from bibtool.formats.fields import Draft, as_list, person
from bibtool.formats.jsonitems import AgencyItem, json_head, member_names, read_items
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import orcid_of, parse_doi
from bibtool.model.names import Name, looks_like_organisation, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.formats.base import ReadOptions, ReadResult

SOURCE = "json-ld"

# type of schema.org -> CSL type
TYPES: dict[str, str] = {
    "ScholarlyArticle": "article-journal", "MedicalScholarlyArticle": "article-journal", "Article": "article-magazine",
    "NewsArticle": "article-newspaper", "OpinionNewsArticle": "article-newspaper",
    "ReportageNewsArticle": "article-newspaper", "TechArticle": "article-magazine", "BlogPosting": "post-weblog",
    "Book": "book", "Audiobook": "book", "Chapter": "chapter", "Thesis": "thesis", "Report": "report",
    "Dataset": "dataset", "SoftwareSourceCode": "software", "SoftwareApplication": "software",
    "PresentationDigitalDocument": "speech", "Legislation": "legislation", "Map": "map", "Manuscript": "manuscript",
    "Review": "review", "Movie": "motion_picture", "VideoObject": "motion_picture", "MusicComposition": "musical_score",
    "MusicRecording": "song", "Photograph": "graphic", "Painting": "graphic", "Periodical": "periodical",
    "PodcastEpisode": "broadcast",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("@type", "", "the type"), Row("name, headline", "title"), Row("alternativeHeadline", "title-short"),
    Row("author, creator", "author", "with its ORCID"), Row("editor", "editor"), Row("translator", "translator"),
    Row("contributor", "contributor"), Row("illustrator", "illustrator"), Row("director", "director"),
    Row("datePublished, copyrightYear, dateCreated", "issued", "the first of these"),
    Row("isPartOf (Periodical, Book, CreativeWork).name", "container-title"),
    Row("isPartOf (BookSeries).name", "collection-title"),
    Row("isPartOf.volumeNumber", "volume"), Row("isPartOf.issueNumber", "issue"), Row("isPartOf.issn", "ISSN"),
    Row("pagination, pageStart, pageEnd", "page"), Row("publisher", "publisher"),
    Row("publisher.address", "publisher-place"), Row("sourceOrganization", "publisher", "of a thesis or report"),
    Row("inSupportOf", "genre"), Row("bookEdition", "edition"), Row("numberOfPages", "number-of-pages"),
    Row("reportNumber", "number"), Row("version, softwareVersion", "version"), Row("position", "chapter-number"),
    Row("identifier, sameAs, @id", "DOI", "where it is a DOI; also PMID, PMCID and arXiv id"), Row("isbn", "ISBN"),
    Row("issn", "ISSN"), Row("url, @id", "URL", "unless it is the DOI's"), Row("inLanguage", "language"),
    Row("keywords", "keyword"), Row("abstract, description", "abstract"), Row("license", "license"),
)  # fmt: skip
_NAMES = {
    "author": "author", "creator": "author", "editor": "editor", "translator": "translator",
    "contributor": "contributor", "illustrator": "illustrator", "director": "director",
}  # fmt: skip
_PLAIN = {
    "bookEdition": "edition", "numberOfPages": "number-of-pages", "reportNumber": "number", "version": "version",
    "softwareVersion": "version", "inSupportOf": "genre", "alternativeHeadline": "title-short", "isbn": "ISBN",
    "issn": "ISSN", "license": "license", "volumeNumber": "volume", "issueNumber": "issue",
}  # fmt: skip
_HANDLED = frozenset(
    "@type @id @context @graph name headline isPartOf pagination pageStart pageEnd publisher sourceOrganization "
    "identifier sameAs url inLanguage keywords abstract description datePublished copyrightYear dateCreated position "
    "mainEntityOfPage image thumbnailUrl isAccessibleForFree hasPart potentialAction provider includedInDataCatalog "
    "dateModified copyrightHolder interactionStatistic".split()
)
_MAX_NODES = 20_000
_MAX_DEPTH = 12
_LOCAL = lazy_pattern(r"(?:https?://schema\.org/|schema:)(?=[A-Za-z])")
_NUMBERED = {"pmid": "PMID", "pubmed": "PMID", "pmcid": "PMCID", "pmc": "PMCID", "isbn": "ISBN", "issn": "ISSN"}
_MISSING = "this JSON-LD describes no work: no node has a type like ScholarlyArticle, Book, Chapter, Thesis or Dataset"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The works of a document; a work inside of another (``isPartOf``) is not one of its own.

    Raises `InputError` where it describes no work.
    """
    return read_items(data, options, SOURCE, _draft, unwrap=_works, missing=_MISSING)


def _works(document: Any) -> Iterator[Any]:
    """The nodes that are works, with the nodes that they refer to put in."""
    roots = [_plain(node, 0) for node in as_list(document)]
    by_id: dict[str, dict[str, Any]] = {}
    works: list[dict[str, Any]] = []
    waiting = list(reversed(roots))
    count = 0
    while waiting and count < _MAX_NODES:
        node = waiting.pop()
        count += 1
        if not isinstance(node, dict):
            continue
        inside = node.get("@graph") or (None if _kinds(node) & TYPES.keys() else node.get("mainEntity"))
        if inside is not None:
            waiting.extend(reversed(as_list(inside)))
        if isinstance(node.get("@id"), str) and len(node) > 1:
            by_id.setdefault(node["@id"], node)
        if _kinds(node) & TYPES.keys():
            works.append(node)
    parts = {
        part["@id"]
        for work in works
        for part in as_list(work.get("isPartOf"))
        if isinstance(part, dict) and "@id" in part
    }
    for work in works:
        # the journal that an article of the same graph is part of is not cited itself
        if (
            work.get("@id") in parts
            and (_kinds(work) & {"Periodical", "Book"})
            and len(works) > 1
            and not work.get("author")
        ):
            continue
        yield {**work, "@graph": by_id}


def _plain(value: Any, depth: int) -> Any:
    """The value with schema.org's names in their short form, ``@list`` and ``@value`` as what they hold."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, list):
        members_of_list = (_plain(member, depth + 1) for member in value)
        return [plain for member in members_of_list for plain in (member if isinstance(member, list) else [member])]
    if not isinstance(value, dict):
        return value
    for name in ("@value", "@list", "@set"):
        if name in value:
            return _plain(value[name], depth + 1)
    members: dict[str, Any] = {}
    for name, member in value.items():
        short = _LOCAL.sub("", name, count=1)
        members["@type" if short == "type" else "@id" if short == "id" and ":" in str(member) else short] = _plain(
            member, depth + 1
        )
    return members


def _kinds(node: Any) -> set[str]:
    """The types of a node, without prefix or address."""
    kinds = as_list(node.get("@type")) if isinstance(node, dict) else []
    return {_LOCAL.sub("", kind, count=1) for kind in kinds if isinstance(kind, str)}


def _string(value: Any) -> str:
    """The text of a value: of the first of a list, the name of a node."""
    if isinstance(value, list):
        return next((text for member in value if (text := _string(member))), "")
    if isinstance(value, dict):
        return _string(value.get("name") or value.get("value"))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split())


def _draft(item: AgencyItem) -> Draft | None:
    work = item.members
    by_id: dict[str, dict[str, Any]] = work["@graph"]
    draft = Draft(SOURCE, item.line)
    kinds = [_LOCAL.sub("", kind, count=1) for kind in as_list(work.get("@type")) if isinstance(kind, str)]
    draft.type = next(csl for name, csl in TYPES.items() if name in kinds)
    title = plain_markup(_string(work.get("name")) or _string(work.get("headline")))
    draft.put("title", title, "name")
    for name, variable in _NAMES.items():
        if name == "creator" and work.get("author"):  # both are the same people
            continue
        for contributor in _contributors(work.get(name)):
            _name(draft, variable, _resolved(contributor, by_id))
    for name in ("datePublished", "copyrightYear", "dateCreated"):
        if text := re.sub(r"T\d\d:.*", "", _string(work.get(name))):
            draft.put_date("issued", parse_raw_date(text), name, text)
    _container(draft, work, by_id, 0)
    pages = "-".join(page for name in ("pageStart", "pageEnd") if (page := _string(work.get(name))))
    draft.put("page", _string(work.get("pagination")) or pages, "pagination")
    _publisher(draft, work, by_id)
    _identifiers(draft, work)
    language = work.get("inLanguage")
    draft.put(
        "language",
        _string(language.get("alternateName") or language.get("name"))
        if isinstance(language, dict)
        else _string(language),
        "inLanguage",
    )
    for words in as_list(work.get("keywords")):
        text = _string(words)
        draft.keywords.extend(
            word.strip() for word in re.split(r"[;,]" if isinstance(words, str) else r"$^", text) if word.strip()
        )
    draft.put("abstract", plain_markup(_string(work.get("abstract")) or _string(work.get("description"))), "abstract")
    if draft.type == "chapter":
        draft.put("chapter-number", _string(work.get("position")), "position")
    for name, value in work.items():
        if name in _HANDLED or name in _NAMES or value in (None, "", [], {}):
            continue
        if name in _PLAIN and _string(value):
            for member in as_list(value) if name in {"isbn", "issn"} else [value]:
                draft.put(_PLAIN[name], _string(member), name)
        else:
            draft.leave(name, to_text(value))
    draft.put_arxiv_of_doi("identifier")
    return draft


def _contributors(value: Any) -> list[Any]:
    """The contributors one by one; several in one text are separated by semicolons."""
    if isinstance(value, str) and ";" in value:
        return [text.strip() for text in value.split(";") if text.strip()]
    return as_list(value)


def _resolved(node: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """The node that a reference (``{"@id": ...}``) means, where the document has it."""
    if (
        isinstance(node, dict)
        and isinstance(node.get("@id"), str)
        and not node.get("name")
        and not node.get("familyName")
    ):
        return {**by_id.get(node["@id"], {}), **node}
    return node


def _name(draft: Draft, variable: str, contributor: Any) -> None:
    if not isinstance(contributor, dict):
        text = _string(contributor)
        if text and not text.startswith(("http:", "https:", "_:")):
            draft.put_name(variable, Name(literal=text) if looks_like_organisation(text) else parse_name(text))
        return
    family, given = _string(contributor.get("familyName")), _string(contributor.get("givenName"))
    whole = _string(contributor.get("name"))
    if family:
        name = person(family, given, _string(contributor.get("honorificSuffix")))
    elif _kinds(contributor) & {
        "Organization",
        "Consortium",
        "CollegeOrUniversity",
        "Corporation",
        "GovernmentOrganization",
    }:
        name = Name(literal=whole)
    else:
        name = parse_name(whole) if whole else Name()
    if not draft.put_name(variable, name):
        return
    for link in (
        *as_list(contributor.get("@id")),
        *as_list(contributor.get("sameAs")),
        *as_list(contributor.get("identifier")),
    ):
        if "orcid.org/" in (text := _string(link)):
            draft.identify(variable, orcid_of(text))


def _container(draft: Draft, node: dict[str, Any], by_id: dict[str, dict[str, Any]], depth: int) -> None:
    """What the work is part of, and what that is part of: an issue of a volume of a journal, a book of a series."""
    for part in as_list(node.get("isPartOf")):
        whole = _resolved(part, by_id)
        if not isinstance(whole, dict):
            text = _string(whole)
            if not text.startswith(("http:", "https:")):
                draft.put("container-title", text, "isPartOf")
            continue
        kinds = _kinds(whole)
        title = plain_markup(_string(whole.get("name")) or _string(whole.get("headline")))
        is_journal = bool(kinds & {"Periodical", "Newspaper", "Book", "Blog", "WebSite", "Collection"}) or not (
            kinds & {"PublicationIssue", "PublicationVolume", "BookSeries", "CreativeWorkSeries"}
        )
        if "BookSeries" in kinds or ("CreativeWorkSeries" in kinds and not is_journal):
            draft.put("collection-title", title, "isPartOf.name")
        elif is_journal and title:
            series = draft.type in {"book", "report"}
            draft.put("collection-title" if series else "container-title", title, "isPartOf.name")
        if "Book" in kinds and draft.type == "article-journal":
            draft.type = "chapter"
        draft.put("volume", _string(whole.get("volumeNumber")), "isPartOf.volumeNumber")
        draft.put("issue", _string(whole.get("issueNumber")), "isPartOf.issueNumber")
        for name in ("issn", "isbn"):
            for number in as_list(whole.get(name)):
                draft.put(name.upper(), _string(number), f"isPartOf.{name}")
        if "Book" in kinds:
            for editor in as_list(whole.get("editor")):
                _name(draft, "editor", _resolved(editor, by_id))
            _publisher(draft, whole, by_id)
        if "datePublished" in whole and "issued" not in draft.variables:
            text = re.sub(r"T\d\d:.*", "", _string(whole["datePublished"]))
            draft.put_date("issued", parse_raw_date(text), "isPartOf.datePublished", text)
        if depth < _MAX_DEPTH:
            _container(draft, whole, by_id, depth + 1)


def _publisher(draft: Draft, node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> None:
    names = ("sourceOrganization", "publisher") if draft.type in {"thesis", "report"} else ("publisher",)
    for name in names:
        organisation = _resolved(next(iter(as_list(node.get(name))), None), by_id)
        draft.put("publisher", _string(organisation), name)
        address = organisation.get("address") if isinstance(organisation, dict) else None
        place = _string(address.get("addressLocality")) if isinstance(address, dict) else _string(address)
        draft.put("publisher-place", place, f"{name}.address")


def _identifiers(draft: Draft, work: dict[str, Any]) -> None:
    links: list[str] = []
    for name in ("identifier", "sameAs", "@id", "url"):
        for identifier in as_list(work.get(name)):
            kind = ""
            if isinstance(identifier, dict):
                kind = _string(identifier.get("propertyID")).casefold().rsplit("/", 1)[-1]
                text = _string(identifier.get("value") or identifier.get("url") or identifier.get("@id"))
                kind = kind or _string(identifier.get("name")).casefold()
            else:
                text = _string(identifier)
            if not text:
                continue
            if doi := _doi(text):
                draft.put("DOI", doi, name)
            elif kind == "arxiv" or re.match(r"(?:https?://arxiv\.org/abs/|arxiv:)\S", text, re.IGNORECASE):
                draft.put_arxiv(text, name)
            elif kind in _NUMBERED:
                draft.put(_NUMBERED[kind], text, name)
            elif name in {"url", "@id"} and text.startswith(("http:", "https:")):
                links.append(text)
            elif name != "@id":
                draft.leave(name, to_text(identifier))
    # @id may be a name for the graph alone; the address of the page is url
    urls = as_list(work.get("url"))
    address = next(
        (_string(url) for url in urls if _string(url) in links), links[0] if links and "#" not in links[0] else ""
    )
    draft.put("URL", address, "url")


def _doi(text: str) -> str:
    try:
        return parse_doi(text)
    except IdentifierError:
        return ""


def sniff(head: bytes) -> int:
    """95 for JSON with ``@type`` of a work in schema.org's vocabulary, 40 for other JSON-LD of schema.org."""
    names = member_names(head)
    if not names & {"@type", "@context", "@graph"}:
        return 0
    text = json_head(head)
    kinds = "|".join(TYPES)
    if re.search(rf'"@type"\s*:\s*(?:\[[^\[\]]{{0,300}}?)?"(?:https?://schema\.org/|schema:)?(?:{kinds})"', text):
        return 95
    return 40 if "schema.org" in text else 0
