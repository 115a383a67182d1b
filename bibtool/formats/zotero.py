"""Zotero's own JSON, read only: Better BibTeX's export ("BetterBibTeX JSON") and the items of Zotero's web API.

Source: zotero-schema (https://github.com/zotero/zotero-schema), its item types, creator types and base fields, and the
CSL variables that it gives for them; Zotero's manual, "Citing Fields from Extra". Notes and attachments are skipped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.formats.base import Row
from bibtool.formats.csl.leftover import to_text
from bibtool.formats.csl.note import split_note
from bibtool.formats.fields import Draft, inverted_name, person
from bibtool.formats.jsonitems import AgencyItem, json_head, member_names, read_items
from bibtool.formats.rawdate import parse_raw_date
from bibtool.model.names import Name
from bibtool.model.vocabulary import TYPES as CSL_TYPES
from bibtool.model.vocabulary import VARIABLES

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions, ReadResult

SOURCE = "zotero"

TYPES: dict[str, str] = {
    "artwork": "graphic", "audioRecording": "song", "bill": "bill", "blogPost": "post-weblog", "book": "book",
    "bookSection": "chapter", "case": "legal_case", "computerProgram": "software",
    "conferencePaper": "paper-conference", "dataset": "dataset", "dictionaryEntry": "entry-dictionary",
    "document": "document", "email": "personal_communication", "encyclopediaArticle": "entry-encyclopedia",
    "film": "motion_picture", "forumPost": "post", "hearing": "hearing", "instantMessage": "personal_communication",
    "interview": "interview", "journalArticle": "article-journal", "letter": "personal_communication",
    "magazineArticle": "article-magazine", "manuscript": "manuscript", "map": "map",
    "newspaperArticle": "article-newspaper", "patent": "patent", "podcast": "broadcast", "preprint": "article",
    "presentation": "speech", "radioBroadcast": "broadcast", "report": "report", "standard": "standard",
    "statute": "legislation", "thesis": "thesis", "tvBroadcast": "broadcast", "videoRecording": "motion_picture",
    "webpage": "webpage",
}  # fmt: skip
_NOT_WORKS = frozenset({"attachment", "note", "annotation"})
# Zotero's field, or those that are it in one item type each -> CSL variable
FIELDS: tuple[Row, ...] = (
    Row("citationKey, citekey", "", "the citation key; also `Citation Key:` in extra"), Row("itemType", "", "the type"),
    Row("title, caseName, nameOfAct, subject", "title"), Row("shortTitle", "title-short"),
    Row("publicationTitle, bookTitle, proceedingsTitle, encyclopediaTitle, dictionaryTitle, websiteTitle, forumTitle, "
        "blogTitle, programTitle, reporter, code", "container-title"),
    Row("journalAbbreviation", "container-title-short"), Row("series, seriesTitle", "collection-title"),
    Row("seriesNumber", "collection-number"), Row("conferenceName, meetingName", "event-title"),
    Row("date, dateDecided, dateEnacted, issueDate", "issued"), Row("originalDate", "original-date"),
    Row("filingDate", "submitted"), Row("accessDate", "accessed"),
    Row("volume, codeVolume, reporterVolume, codeNumber", "volume"),
    Row("issue, priorityNumbers", "issue"), Row("pages, firstPage, codePages", "page"), Row("edition", "edition"),
    Row("number, reportNumber, billNumber, docketNumber, documentNumber, episodeNumber, patentNumber, "
        "publicLawNumber, identifier, archiveID", "number", "archiveID of arXiv is the arXiv id"),
    Row("numPages", "number-of-pages"), Row("numberOfVolumes", "number-of-volumes"),
    Row("section, committee", "section"),
    Row("session", "chapter-number"), Row("versionNumber", "version"),
    Row("publisher, university, institution, company, distributor, label, network, studio, repository", "publisher"),
    Row("place, repositoryLocation", "publisher-place", "of a presentation the place of the event"),
    Row("authority, court, legislativeBody, issuingAuthority, organization", "authority"),
    Row("type, thesisType, reportType, letterType, manuscriptType, mapType, websiteType, postType, presentationType, "
        "genre, programmingLanguage", "genre"),
    Row("medium, artworkMedium, interviewMedium, audioRecordingFormat, videoRecordingFormat, format, system", "medium"),
    Row("artworkSize, runningTime", "dimensions"), Row("scale", "scale"), Row("status, legalStatus", "status"),
    Row("language", "language"), Row("rights", "license"), Row("abstractNote", "abstract"),
    Row("archive", "archive"), Row("archiveLocation", "archive_location"),
    Row("callNumber, applicationNumber", "call-number"),
    Row("libraryCatalog", "source"), Row("history, references", "references"), Row("DOI", "DOI"), Row("ISBN", "ISBN"),
    Row("ISSN", "ISSN"), Row("url", "URL"), Row("tags", "keyword"),
    Row("extra", "note", "after its lines `Label: value`"),
)  # fmt: skip
_VARIABLES = {
    name: row.variable
    for row in FIELDS
    if row.variable
    for name in row.field.split(", ")
    if name not in {"tags", "extra"}
}
_CREATORS: dict[str, str] = {
    "author": "author", "artist": "author", "cartographer": "author", "interviewee": "author", "inventor": "author",
    "presenter": "author", "programmer": "author", "sponsor": "author", "creator": "author",
    "bookAuthor": "container-author",
    "castMember": "performer", "composer": "composer", "contributor": "contributor", "director": "director",
    "editor": "editor", "executiveProducer": "executive-producer", "guest": "guest", "host": "host",
    "illustrator": "illustrator", "interviewer": "interviewer", "narrator": "narrator", "organizer": "organizer",
    "chair": "chair", "originalCreator": "original-author", "performer": "performer", "podcaster": "host",
    "producer": "producer",
    "recipient": "recipient", "reviewedAuthor": "reviewed-author", "scriptwriter": "script-writer",
    "seriesEditor": "collection-editor", "translator": "translator", "compiler": "compiler",
}  # fmt: skip
# bookkeeping of a library, which says nothing of the work
_IGNORED = frozenset(
    "itemType creators tags extra citationKey citekey key version itemID itemKey libraryID library uri select "
    "collections relations attachments notes dateAdded dateModified seeAlso uniqueFields meta links csljson bib "
    "citation "
    "deleted inPublications parentItem thumbs archiveID".split()
)
_MISSING = 'this has no Zotero item: one has "itemType" and, unless it is a note or attachment, a title or "creators"'


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The items of an export (``{"items": [...]}``), of the web API (a list, ``data`` in each), or a single one.

    Raises `InputError` where there is no item that describes a work.
    """
    return read_items(data, options, SOURCE, _draft, missing=_MISSING)


def _draft(item: AgencyItem) -> Draft | None:
    members = item.members
    kind = _string(members.get("itemType"))
    if not kind or kind in _NOT_WORKS:
        return None
    draft = Draft(SOURCE, item.line)
    if kind in TYPES:
        draft.type = TYPES[kind]
    else:
        draft.leave("itemType", kind)
        item.warn("unknown-type", f"{kind[:40]!r} is not an item type of Zotero; taken as document", kind)
    draft.key = _string(members.get("citationKey")) or _string(members.get("citekey"))
    creators = members.get("creators")
    for creator in creators if isinstance(creators, list) else []:
        _creator(draft, creator)
    _archive_id(draft, _string(members.get("archiveID")))
    for name, value in members.items():
        text = _string(value)
        if name in _IGNORED or value in (None, "", [], {}, False):
            continue
        variable = _VARIABLES.get(name, "")
        if name == "place" and kind == "presentation":
            variable = "event-place"
        if not text or not variable:
            draft.leave(name, to_text(value))
        elif VARIABLES[variable] == "date":
            # a time of day follows the day where Zotero itself noted it
            draft.put_date(variable, parse_raw_date(re.sub(r"[T ]\d\d:\d\d.*", "", text)), name, text)
        else:
            draft.put(variable, text, name)
    tags = members.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        word = _string(tag.get("tag") if isinstance(tag, dict) else tag)
        if word:
            draft.keywords.append(word)
    _extra(draft, _string(members.get("extra")))
    draft.put_arxiv_of_doi("DOI")
    return draft


def _string(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _creator(draft: Draft, creator: Any) -> None:
    if not isinstance(creator, dict):
        draft.leave("creators", to_text(creator))
        return
    variable = _CREATORS.get(_string(creator.get("creatorType")) or "author")
    family, given = _string(creator.get("lastName")), _string(creator.get("firstName"))
    name = _string(creator.get("name")) or (family if not given or creator.get("fieldMode") == "1" else "")
    if variable is None:
        draft.leave(f"creators.{_string(creator.get('creatorType'))}", name or f"{family}, {given}")
    elif name:
        single = inverted_name(name) if "name" not in creator else Name(literal=name)
        draft.put_name(variable, single)
    elif given and not family:
        draft.put_name(variable, Name(literal=given))
    else:
        draft.put_name(variable, person(family, given))


def _archive_id(draft: Draft, text: str) -> None:
    if text.casefold().startswith("arxiv:"):
        draft.put_arxiv(text[6:].split(maxsplit=1)[0] if text[6:].split() else text, "archiveID")
    else:
        draft.put("number", text, "archiveID")


def _extra(draft: Draft, text: str) -> None:
    """The lines ``Label: value`` of extra as values of their own, the rest as a note."""
    pairs, rest = split_note(text)
    for variable, value in pairs:
        if variable == "citation-key":
            draft.key = draft.key or value
        elif variable == "arXiv":
            draft.put_arxiv(value.split()[0], "extra")
        elif variable == "type":
            known = TYPES.get(value, value)
            if known in CSL_TYPES:
                draft.type = known
            else:
                draft.leave("extra.type", value)
        elif VARIABLES[variable] == "names":
            family, mark, given = value.partition("||")
            draft.put_name(variable, person(family.strip(), given.strip()) if mark else inverted_name(value))
        elif VARIABLES[variable] == "date":
            draft.put_date(variable, parse_raw_date(value), f"extra.{variable}", value)
        else:
            draft.put(variable, value, f"extra.{variable}")
    draft.put("note", rest, "extra")


def sniff(head: bytes) -> int:
    """95 for JSON with ``itemType`` and another member of Zotero's items, 60 for ``itemType`` alone."""
    names = member_names(head)
    if "itemType" not in names or not json_head(head):
        return 0
    return 95 if names & {"creators", "itemKey", "dateAdded", "title", "version", "libraryID", "tags"} else 60
