"""DataCite's JSON (REST API and ``application/vnd.datacite.datacite+json``, metadata schema 4), read only.

Source: the DataCite Metadata Schema 4.6 and the JSON that DataCite's API gives. Attributes that no variable fits are
kept; the schema's standard values for unknown information (``(:unav)``) count as missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.formats.base import Row
from bibtool.formats.crossref import plain_markup
from bibtool.formats.csl.leftover import to_text
from bibtool.formats.fields import Draft, as_list, inverted_name, person
from bibtool.formats.jsonitems import AgencyItem, json_head, read_items
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.model.vocabulary import TYPES as CSL_TYPES
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions, ReadResult

SOURCE = "datacite"

# resourceTypeGeneral -> CSL type
TYPES: dict[str, str] = {
    "Audiovisual": "motion_picture", "Award": "document", "Book": "book", "BookChapter": "chapter",
    "Collection": "collection", "ComputationalNotebook": "software", "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "book", "DataPaper": "article-journal", "Dataset": "dataset", "Dissertation": "thesis",
    "Event": "event", "Image": "graphic", "Instrument": "document", "InteractiveResource": "webpage",
    "Journal": "periodical", "JournalArticle": "article-journal", "Model": "dataset",
    "OutputManagementPlan": "report", "PeerReview": "review", "PhysicalObject": "document", "Poster": "speech",
    "Preprint": "article", "Presentation": "speech",
    "Project": "document", "Report": "report", "Service": "document", "Software": "software", "Sound": "song",
    "Standard": "standard", "StudyRegistration": "document", "Text": "document", "Workflow": "software",
    "Other": "document",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("doi", "DOI"), Row("types.resourceTypeGeneral, types.citeproc", "", "the type"),
    Row("types.resourceType", "genre", "what a Text is comes from here and from relatedItems"),
    Row("titles", "title", "with its subtitle; a translated title where there is no other"),
    Row("creators", "author", "ORCID iDs of nameIdentifiers; others are kept"),
    Row("contributors[Editor]", "editor"), Row("contributors[Translator]", "translator"),
    Row("contributors[Producer]", "producer"), Row("contributors[DataCurator]", "curator"),
    Row("contributors[Supervisor]", "contributor"),
    Row("contributors[DataCollector ...]", "", "kept"), Row("publisher", "publisher"),
    Row("dates[Issued], publicationYear", "issued", "RKMS-ISO8601: EDTF ranges"),
    Row("dates[Submitted]", "submitted"), Row("dates[Available]", "available-date"),
    Row("subjects", "keyword"), Row("descriptions[Abstract]", "abstract"),
    Row("descriptions[SeriesInformation]", "", "kept"),
    Row("container.title", "container-title"), Row("container.volume", "volume"), Row("container.issue", "issue"),
    Row("container.firstPage, container.lastPage", "page"), Row("url", "URL", "unless it is the DOI's"),
    Row("language", "language"), Row("version", "version"), Row("rightsList", "license"), Row("sizes", "dimensions"),
    Row("identifiers[arXiv]", "", "the arXiv id"),
    Row("relatedItems[IsPublishedIn].titles", "container-title", "of a whole book the series; others are kept"),
    Row("relatedItems[IsPublishedIn].volume, .issue, .edition", "volume"),
    Row("relatedItems[IsPublishedIn].number", "number", "numberType Chapter: chapter-number"),
    Row("relatedItems[IsPublishedIn].firstPage, .lastPage", "page"),
    Row("relatedItems[IsPublishedIn].contributors[Editor]", "editor"),
    Row("relatedItems[IsPublishedIn].publisher", "publisher", "read instead of the repository of a text"),
    Row("relatedItems[IsPublishedIn].relatedItemIdentifier", "ISBN", "or ISSN; also relatedIdentifiers[IsPartOf]"),
)  # fmt: skip
_CONTRIBUTORS = {
    "Editor": "editor", "Translator": "translator", "Producer": "producer", "DataCurator": "curator",
    "Supervisor": "contributor",
}  # fmt: skip
# words of resourceType that say what a Text is, and the kinds of related items that a text is published in
_TEXTS = (
    ("thesis", "thesis"), ("dissertation", "thesis"), ("conference", "paper-conference"), ("chapter", "chapter"),
    ("monogra", "book"),
    ("preprint", "article"), ("report", "report"), ("working paper", "report"), ("book", "book"),
    ("poster", "speech"), ("presentation", "speech"), ("article", "article-journal"),
)  # fmt: skip
_PUBLISHED_IN = {
    "Journal": "article-journal", "Book": "chapter", "ConferenceProceeding": "paper-conference",
}  # fmt: skip
_UNKNOWN = lazy_pattern(r":(?:unac|unal|unap|unas|unav|unkn|none|null|tba)\)?", re.IGNORECASE)
_WHOLE = frozenset({"book", "report", "thesis", "collection", "standard"})
_IGNORED = frozenset(
    "id prefix suffix schemaVersion providerId clientId agency state created registered updated published isActive "
    "metadataVersion viewCount viewsOverTime downloadCount downloadsOverTime referenceCount citationCount "
    "citationsOverTime partCount partOfCount versionCount versionOfCount reason source contentUrl xml types "
    "publicationYear dates container".split()
)
_AFFILIATION = lazy_pattern(r"\s*\([^()]*\)\s*\Z")
_SUBJECT_AXIS = lazy_pattern(r"FOS: ")


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The works of an answer: ``{"data": {...}}``, ``{"data": [...]}``, or the attributes alone."""
    return read_items(data, options, SOURCE, _draft)


def _string(value: Any) -> str:
    """The text of a value; "" for what is not known."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ""
    text = str(value).strip()
    return "" if text.startswith((":", "(:")) and _UNKNOWN.fullmatch(text.removeprefix("(")) else text


def _draft(item: AgencyItem) -> Draft:
    outer = item.members
    work = outer["attributes"] if isinstance(outer.get("attributes"), dict) else outer
    draft = Draft(SOURCE, item.line)
    doi = _string(work.get("doi")) or _string(outer.get("id"))
    draft.put("DOI", re.sub(r"^https?://(?:dx\.)?doi\.org/", "", doi), "doi")
    published_in = next((related for related in _related_items(work) if _is_in(related)), None)
    _type(draft, work.get("types"), item, published_in)
    if published_in is not None:
        _published_in(draft, published_in)
    _dates(draft, work)
    container = work.get("container")
    if isinstance(container, dict):
        _container(draft, container)
    for name, value in work.items():
        if name in _IGNORED or name == "doi" or value in (None, "", [], {}):
            continue
        if name == "titles":
            _titles(draft, as_list(value))
        elif name in {"creators", "contributors"}:
            for creator in as_list(value):
                for contributor in _apart(creator):
                    _name(draft, name, contributor)
        elif name == "relatedItems":
            for related in as_list(value):
                if related is not published_in:
                    draft.leave(name, to_text(related))
        elif name == "relatedIdentifiers":
            for identifier in as_list(value):
                _related_identifier(draft, identifier)
        elif name == "publisher":
            draft.put("publisher", _string(value.get("name") if isinstance(value, dict) else value), name)
        elif name == "subjects":
            words = [
                _string(subject.get("subject") if isinstance(subject, dict) else subject) for subject in as_list(value)
            ]
            draft.keywords.extend(word for word in words if word and not _SUBJECT_AXIS.match(word))
        elif name == "descriptions":
            for description in as_list(value):
                text = _string(description.get("description") if isinstance(description, dict) else description)
                is_abstract = isinstance(description, dict) and description.get("descriptionType") == "Abstract"
                if is_abstract:
                    draft.put("abstract", plain_markup(text), name)
                else:
                    draft.leave(name, to_text(description))
        elif name in {"identifiers", "alternateIdentifiers"}:
            for identifier in as_list(value):
                _identifier(draft, name, identifier)
        elif name == "rightsList":
            for licence in as_list(value):
                rights = licence.get("rights") or licence.get("rightsUri") if isinstance(licence, dict) else licence
                draft.put("license", _string(rights), name)
        elif name == "url" and isinstance(value, str):
            if "doi.org/" not in value:
                draft.put("URL", str(value), name)
        elif name == "sizes":
            for size in as_list(value):
                draft.put("dimensions", _string(size), name)
        elif name in {"language", "version"} and isinstance(value, str):
            draft.put(name, str(value), name)
        else:
            draft.leave(name, to_text(value))
    draft.put_arxiv_of_doi("doi")
    return draft


def _related_items(work: dict[str, Any]) -> list[dict[str, Any]]:
    return [related for related in as_list(work.get("relatedItems")) if isinstance(related, dict)]


def _is_in(related: dict[str, Any]) -> bool:
    return _string(related.get("relationType")) == "IsPublishedIn"


def _published_in(draft: Draft, related: dict[str, Any]) -> None:
    """Set what the item says in which a work is published: a journal, a book, proceedings, a series."""
    field = "relatedItems"
    titles = [title for title in as_list(related.get("titles")) if isinstance(title, dict)]
    main = [title for title in titles if not title.get("titleType")] or titles
    text = plain_markup(_string(main[0].get("title"))) if main else ""
    is_whole = draft.type in _WHOLE
    draft.put("collection-title" if is_whole else "container-title", text, field)
    draft.put("collection-number" if is_whole else "volume", _string(related.get("volume")), field)
    draft.put("issue", _string(related.get("issue")), field)
    draft.put("edition", _string(related.get("edition")), field)
    is_chapter = _string(related.get("numberType")) == "Chapter"
    draft.put("chapter-number" if is_chapter else "number", _string(related.get("number")), field)
    pages = [page for name in ("firstPage", "lastPage") if (page := _string(related.get(name)))]
    draft.put("page", "-".join(pages), field)
    draft.put("publisher", _string(related.get("publisher")), field)
    identifier: Any = related.get("relatedItemIdentifier")
    kind: Any = related.get("relatedItemIdentifierType")
    if isinstance(identifier, dict):
        kind = identifier.get("relatedItemIdentifierType")
        identifier = identifier.get("relatedItemIdentifier")
    if _string(kind).upper() in {"ISBN", "ISSN", "EISSN", "LISSN"}:
        draft.put_standard_number(_string(identifier), field)
    for contributor in as_list(related.get("contributors")):
        _name(draft, "contributors", contributor)
    if draft.type == "chapter":
        for creator in as_list(related.get("creators")):
            _name(draft, "relatedItems.creators", creator)
    year = _string(related.get("publicationYear"))
    if year and "issued" not in draft.variables:
        draft.put_date("issued", parse_raw_date(year), field, year)


def _related_identifier(draft: Draft, identifier: Any) -> None:
    """Set the ISSN or ISBN of what a work is part of; every other relation is kept."""
    if isinstance(identifier, dict) and _string(identifier.get("relationType")) in {"IsPartOf", "IsPublishedIn"}:
        kind = _string(identifier.get("relatedIdentifierType")).upper().removeprefix("E").removeprefix("L")
        if kind in {"ISSN", "ISBN"} and kind not in draft.variables:
            draft.put_standard_number(_string(identifier.get("relatedIdentifier")), "relatedIdentifiers")
            return
    draft.leave("relatedIdentifiers", to_text(identifier))


def _type(draft: Draft, types: Any, item: AgencyItem, published_in: dict[str, Any] | None) -> None:
    if not isinstance(types, dict):
        types = {}
    general = _string(types.get("resourceTypeGeneral"))
    citeproc = _string(types.get("citeproc"))
    known = TYPES.get(general, "")
    draft.type = known if known not in {"", "document"} else citeproc if citeproc in CSL_TYPES else known or "document"
    if general and not known:
        draft.leave("types.resourceTypeGeneral", general)
        item.warn("unknown-type", f"{general[:40]!r} is not a type of DataCite", general)
    said = _string(types.get("resourceType"))
    if general in {"Text", ""}:  # which DataCite calls an article, whatever it is
        where = _string(published_in.get("relatedItemType")) if published_in else ""
        named = next((csl for word, csl in _TEXTS if word in said.casefold()), "")
        draft.type = named or _PUBLISHED_IN.get(where) or draft.type
    if said and said.casefold().replace(" ", "") != general.casefold():
        draft.put("genre", said, "types.resourceType")


def _dates(draft: Draft, work: dict[str, Any]) -> None:
    year = _string(work.get("publicationYear"))
    for entry in as_list(work.get("dates")):
        if not isinstance(entry, dict):
            continue
        text, kind = _string(entry.get("date")), _string(entry.get("dateType"))
        date = parse_raw_date(re.sub(r"T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?", "", text))
        variable = {"Issued": "issued", "Submitted": "submitted", "Available": "available-date"}.get(kind)
        if variable == "issued" and (date.literal or (year and str(date.year) != year)):
            draft.leave("dates.Issued", text)
        elif variable:
            draft.put_date(variable, date, f"dates.{kind}", text)
        elif text:
            draft.leave(f"dates.{kind}", text)
    if year and "issued" not in draft.variables:
        draft.put_date("issued", parse_raw_date(year), "publicationYear", year)


def _container(draft: Draft, container: dict[str, Any]) -> None:
    in_series = draft.type in _WHOLE and _string(container.get("type")).replace(" ", "") in {"Series", "BookSeries"}
    names = {"title": "container-title", "volume": "volume", "issue": "issue"}
    if in_series:
        names |= {"title": "collection-title", "volume": "collection-number"}
    for name, variable in names.items():
        draft.put(variable, _string(container.get(name)), f"container.{name}")
    pages = [page for name in ("firstPage", "lastPage") if (page := _string(container.get(name)))]
    draft.put("page", "-".join(pages), "container.firstPage")
    if _string(container.get("identifierType")).upper() in {"ISSN", "ISBN"}:
        draft.put_standard_number(_string(container.get("identifier")), "container.identifier")


def _titles(draft: Draft, titles: list[Any]) -> None:
    texts: dict[str, str] = {}
    for item in titles:
        text = plain_markup(_string(item.get("title") if isinstance(item, dict) else item))
        kind = _string(item.get("titleType")) if isinstance(item, dict) else ""
        if kind in texts or kind not in {"", "Subtitle", "TranslatedTitle", "AlternativeTitle"}:
            draft.leave("titles", to_text(item))
        elif text:
            texts[kind] = text
    alone = next((kind for kind in ("TranslatedTitle", "AlternativeTitle") if kind in texts), "")
    if alone and "" not in texts:
        texts[""] = texts.pop(alone)
    title = ": ".join(filter(None, (texts.get(""), texts.get("Subtitle"))))
    draft.put("title", title, "titles")
    for kind in ("TranslatedTitle", "AlternativeTitle"):
        if kind in texts:
            draft.leave(f"titles.{kind}", texts[kind])


def _apart(creator: Any) -> list[Any]:
    """The people of a creator that holds all of them, with semicolons between them and affiliations in brackets."""
    name = creator.get("name") if isinstance(creator, dict) else None
    if not isinstance(name, str) or ";" not in name or creator.get("nameType") or creator.get("familyName"):
        return [creator]
    people = [_AFFILIATION.sub("", part).strip() for part in name.split(";")]
    return [{**creator, "name": person_name} for person_name in people if person_name]


def _name(draft: Draft, field: str, data: Any) -> None:
    if not isinstance(data, dict):
        draft.leave(field, to_text(data))
        return
    of_field = {"creators": "author", "relatedItems.creators": "container-author"}
    variable = of_field.get(field) or _CONTRIBUTORS.get(_string(data.get("contributorType")))
    if variable is None:
        draft.leave(field, to_text(data))
        return
    whole = _string(data.get("name"))
    family, given = _string(data.get("familyName")), _string(data.get("givenName"))
    if data.get("nameType") == "Organizational":
        name = Name(literal=whole)
    elif family:
        name = person(family, given)
    else:
        name = inverted_name(whole) if whole else Name()
    identifiers = [
        (_string(known.get("nameIdentifierScheme")), identifier)
        for known in as_list(data.get("nameIdentifiers"))
        if isinstance(known, dict) and (identifier := _string(known.get("nameIdentifier")))
    ]
    # the scheme decides, for an ISNI looks just like an ORCID iD
    orcids = [
        orcid
        for scheme, text in identifiers
        if (scheme.casefold() == "orcid" or "orcid.org/" in text) and (orcid := orcid_of(text))
    ]
    orcid = orcids[0] if orcids else ""
    added = draft.put_name(variable, replace(name, orcid=orcid))
    for _, identifier in identifiers:
        if not (added and orcid and orcid_of(identifier) == orcid):
            draft.leave(f"{field}.nameIdentifier", f"{name.display()}: {identifier}")


def _identifier(draft: Draft, field: str, data: Any) -> None:
    if not isinstance(data, dict):
        draft.leave(field, to_text(data))
        return
    kind = _string(data.get("identifierType") or data.get("alternateIdentifierType")).casefold()
    text = _string(data.get("identifier") or data.get("alternateIdentifier"))
    if kind == "arxiv":
        draft.put_arxiv(text, field)
    elif kind in {"isbn", "issn", "pmid", "pmcid"}:
        draft.put(kind.upper(), text, field)
    elif kind != "doi":
        draft.leave(field, to_text(data))


def sniff(head: bytes) -> int:
    """95 for JSON with marks of DataCite's answers."""
    text = json_head(head)
    if not text:
        return 0
    marks = ('"resourceTypeGeneral"', '"schemaVersion"', '"relatedIdentifiers"', '"nameIdentifiers"')
    if any(mark in text for mark in marks):
        return 95
    return 90 if '"creators"' in text and '"titles"' in text else 0
