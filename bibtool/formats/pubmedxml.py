"""PubMed's XML (``PubmedArticleSet``: what efetch and the export of PubMed give), read only.

Source: the National Library of Medicine's "PubMed DTD Elements". Articles are ``PubmedArticle``, books and their
chapters ``PubmedBookArticle``. Indexing (MeSH, chemicals) and the list of references are not kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row
from bibtool.formats.fields import Draft, built, person
from bibtool.formats.jats import rich
from bibtool.formats.nbib import TYPES as PUBLICATION_TYPES
from bibtool.formats.rawdate import parse_raw_date, worded_parts
from bibtool.model.dates import Date, checked_parts
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.xmltree import Element

SOURCE = "pubmed-xml"

FIELDS: tuple[Row, ...] = (
    Row("PublicationTypeList/PublicationType", "", "the type"), Row("ArticleTitle", "title", "without its full stop"),
    Row("VernacularTitle", "original-title"), Row("BookTitle", "title", "the container of a chapter"),
    Row("AuthorList/Author", "author", "with its ORCID"), Row("AuthorList[editors]/Author", "editor"),
    Row("Journal/Title", "container-title"), Row("Journal/ISOAbbreviation", "container-title-short"),
    Row("Journal/ISSN", "ISSN"), Row("JournalIssue/Volume", "volume"), Row("JournalIssue/Issue", "issue"),
    Row("JournalIssue/PubDate, Book/PubDate", "issued"), Row("ArticleDate", "available-date"),
    Row("Pagination/MedlinePgn, StartPage, EndPage", "page"), Row("ELocationID[doi], ArticleId[doi]", "DOI"),
    Row("PMID", "PMID"), Row("ArticleId[pmc]", "PMCID"), Row("Language", "language"), Row("Book/Isbn", "ISBN"),
    Row("Book/Publisher/PublisherName", "publisher"), Row("Book/Publisher/PublisherLocation", "publisher-place"),
    Row("Book/CollectionTitle", "collection-title"), Row("Book/Edition", "edition"), Row("Book/Volume", "volume"),
    Row("KeywordList/Keyword", "keyword"), Row("Abstract/AbstractText", "abstract"),
)  # fmt: skip
_TAGS = frozenset({"PubmedArticle", "PubmedBookArticle"})
_IDS = {"doi": "DOI", "pmc": "PMCID", "pmcid": "PMCID"}
_ROLES = {"authors": "author", "editors": "editor", "": "author"}
_MISSING = "this XML has no PubmedArticle and no PubmedBookArticle"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The citations of a file. Raises `InputError` where it has none."""
    nodes, problems = safexml.read_records(data, _TAGS, options)
    if not nodes:
        raise InputError(_MISSING, path=options.path, line=1)
    records = built(map(_draft, nodes), options, problems)
    return ReadResult(records, tuple(problems))


def _draft(node: Element) -> Draft:
    draft = Draft(SOURCE, node.line)
    if node.name == "PubmedBookArticle":
        _book(draft, node.first("BookDocument") or node)
    else:
        _article(draft, node.first("MedlineCitation") or node)
    data = node.first("PubmedData") or node.first("PubmedBookData")
    if data is not None:
        _identifiers(draft, data)
    draft.put_arxiv_of_doi("ELocationID")
    return draft


def _article(draft: Draft, citation: Element) -> None:
    article = citation.first("Article") or citation
    draft.put("PMID", citation.text("PMID"), "PMID")
    _type(draft, article, "article-journal")
    draft.put("title", _title(article.first("ArticleTitle")), "ArticleTitle")
    draft.put("original-title", _title(article.first("VernacularTitle")), "VernacularTitle")
    _people(draft, article)
    journal = article.first("Journal")
    if journal is not None:
        draft.put("container-title", _journal_title(rich(journal.first("Title"))), "Journal/Title")
        draft.put("container-title-short", journal.text("ISOAbbreviation"), "ISOAbbreviation")
        draft.put("ISSN", journal.text("ISSN"), "ISSN")
        draft.put("volume", journal.text("JournalIssue/Volume"), "Volume")
        draft.put("issue", journal.text("JournalIssue/Issue"), "Issue")
        _date(draft, "issued", journal.first("JournalIssue/PubDate"))
    draft.put("container-title-short", citation.text("MedlineJournalInfo/MedlineTA"), "MedlineTA")
    _date(draft, "available-date", article.first("ArticleDate"))
    if "issued" not in draft.variables:
        _date(draft, "issued", article.first("ArticleDate"))
    _common(draft, article)
    _keywords(draft, citation)
    for correction in citation.all("CommentsCorrectionsList/CommentsCorrections"):
        text = correction.text("RefSource")
        if text and correction.get("RefType") != "Cites":
            draft.leave(f"CommentsCorrections[{correction.get('RefType')}]", text)


def _book(draft: Draft, document: Element) -> None:
    book = document.first("Book") or document
    title, part = _title(book.first("BookTitle")), _title(document.first("ArticleTitle"))
    is_part = bool(part) and part.casefold() != title.casefold()
    _type(draft, document, "chapter" if is_part else "book")
    if draft.type in {"book", "chapter"}:
        draft.type = "chapter" if is_part else "book"
    draft.put("PMID", document.text("PMID"), "PMID")
    draft.put("title", part if is_part else title, "BookTitle")
    if is_part:
        draft.put("container-title", title, "BookTitle")
    draft.put("original-title", _title(document.first("VernacularTitle")), "VernacularTitle")
    _people(draft, document)
    _people(draft, book, "container-author" if is_part and document.all("AuthorList") else "author")
    draft.put("publisher", book.text("Publisher/PublisherName"), "PublisherName")
    draft.put("publisher-place", book.text("Publisher/PublisherLocation"), "PublisherLocation")
    draft.put("collection-title", rich(book.first("CollectionTitle")), "CollectionTitle")
    draft.put("volume", book.text("Volume"), "Volume")
    draft.put("edition", book.text("Edition"), "Edition")
    draft.put("genre", book.text("Medium") if book.text("Medium") not in {"Internet", "Print"} else "", "Medium")
    for isbn in book.all("Isbn"):
        draft.put("ISBN", isbn.text(), "Isbn")
    # a chapter may have been contributed in another year than the book began
    _date(draft, "issued", book.first("PubDate"))
    _date(draft, "issued", document.first("ContributionDate"))
    for place in book.all("ELocationID"):
        _located(draft, place)
    _common(draft, document)
    _keywords(draft, document)
    _identifiers(draft, document)


def _common(draft: Draft, node: Element) -> None:
    start, end = node.text("Pagination/StartPage"), node.text("Pagination/EndPage")
    pages = node.text("Pagination/MedlinePgn") or "-".join(page for page in (start, end) if page)
    draft.put("page", _whole_pages(pages), "Pagination")
    for place in node.all("ELocationID"):
        if place.get("ValidYN", "Y") == "Y":
            _located(draft, place)
    languages = [language.text() for language in node.all("Language") if language.text()]
    draft.put("language", languages[0] if languages else "", "Language")
    for language in languages[1:]:
        draft.leave("Language", language)
    lines: list[str] = []
    for part in node.all("Abstract/AbstractText"):
        label, body = part.get("Label"), rich(part)
        if body:
            lines.append(f"{label.capitalize() if label.isupper() else label}: {body}" if label else body)
    draft.put("abstract", "\n".join(lines), "AbstractText")


def _type(draft: Draft, node: Element, otherwise: str) -> None:
    """The type that the publication types say; ``Journal Article`` and its kinds last."""
    draft.type = otherwise
    words = [
        word.text() for path in ("PublicationTypeList/PublicationType", "PublicationType") for word in node.all(path)
    ]
    known = [PUBLICATION_TYPES[word] for word in words if word in PUBLICATION_TYPES]
    draft.type = next((csl for csl in known if csl not in {"article-journal", "document"}), otherwise)
    for word in words:
        if word not in PUBLICATION_TYPES:
            draft.leave("PublicationType", word)


def _title(node: Element | None) -> str:
    """A title without the full stop that PubMed adds, and without the brackets around a translated one."""
    text = rich(node)
    if text.endswith(".") and not text.endswith(("..", " al.")):
        text = text[:-1].rstrip()
    bracketed = re.fullmatch(r"\[([^\[\]]*)\]\.?", text)
    return bracketed[1].rstrip(". ") if bracketed else text


def _journal_title(text: str) -> str:
    """The title without what NLM's catalogue says after it (``: official journal of the ...``)."""
    title, mark, rest = text.partition(" : ")
    if mark and re.match(
        r"(?:the )?(?:official|an? official|journal of|organ of|a publication|the journal)", rest, re.IGNORECASE
    ):
        return title
    return text


def _people(draft: Draft, node: Element, author: str = "author") -> None:
    for group in node.all("AuthorList"):
        variable = _ROLES.get(group.get("Type"), "author")
        variable = author if variable == "author" else variable
        for contributor in group.all("Author"):
            if contributor.get("ValidYN", "Y") != "Y":
                continue
            collective = rich(contributor.first("CollectiveName"))
            given = contributor.text("ForeName") or " ".join(contributor.text("Initials"))
            name = (
                Name(literal=collective)
                if collective
                else person(contributor.text("LastName"), given, contributor.text("Suffix"))
            )
            orcids = [known.text() for known in contributor.all("Identifier") if known.get("Source") == "ORCID"]
            draft.put_name(variable, replace(name, orcid=orcid_of(orcids[0]) if orcids else ""))
        if group.get("CompleteYN", "Y") == "N":
            draft.truncate(variable)


def _date(draft: Draft, variable: str, node: Element | None) -> None:
    if node is None:
        return
    medline, year = node.text("MedlineDate"), node.text("Year")
    if medline:
        draft.put_date(variable, parse_raw_date(medline), "PubDate", medline)
        return
    if not re.fullmatch(r"\d{4}", year, re.ASCII):
        return
    month, day, season = node.text("Month"), node.text("Day"), node.text("Season")
    number = int(day) if re.fullmatch(r"\d{1,2}", day, re.ASCII) else None
    parts = None
    if season:
        parts = worded_parts(int(year), season)
    elif re.fullmatch(r"\d{1,2}", month, re.ASCII):
        parts = checked_parts(int(year), int(month), number)
    elif month:
        parts = worded_parts(int(year), month, number)
    draft.put_date(variable, Date(parts) if parts is not None else Date.of(int(year)), "PubDate", year)


def _whole_pages(text: str) -> str:
    """``737-8`` is 737-738: NLM leaves out the digits that repeat."""
    pages = re.fullmatch(r"(\d+)-(\d+)", text, re.ASCII)
    if pages and len(pages[2]) < len(pages[1]):
        return f"{pages[1]}-{pages[1][: len(pages[1]) - len(pages[2])]}{pages[2]}"
    return text


def _located(draft: Draft, place: Element) -> None:
    if place.get("EIdType") == "doi":
        draft.put("DOI", place.text(), "ELocationID")
    elif place.text():
        draft.leave(f"ELocationID[{place.get('EIdType')}]", place.text())


def _identifiers(draft: Draft, node: Element) -> None:
    for identifier in node.all("ArticleIdList/ArticleId"):
        kind, text = identifier.get("IdType"), identifier.text()
        if kind in _IDS:
            draft.put(_IDS[kind], text, f"ArticleId[{kind}]")
        elif kind == "arxiv":
            draft.put_arxiv(text, "ArticleId")
        elif kind not in {"pubmed", "pii"} and text:
            draft.leave(f"ArticleId[{kind}]", text)


def _keywords(draft: Draft, node: Element) -> None:
    for words in node.all("KeywordList"):
        draft.keywords.extend(word for keyword in words.all("Keyword") if (word := rich(keyword)))


def sniff(head: bytes) -> int:
    """95 for XML whose first element is a set of PubMed's citations or one of them."""
    root = safexml.root_tag(head)
    return 95 if root in {"PubmedArticleSet", "PubmedBookArticleSet", *_TAGS} else 0
