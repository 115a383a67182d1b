"""BibTeX's entry types and fields (btxdoc.tex, section 3), and the fields that its users add."""

from __future__ import annotations

from bibtool.formats.bibtex.mapping import ARTICLES, BOOKS, PARTS, Dialect, Fallback, TypeRow, rows, type_rows

_LOOSE = frozenset(
    "document webpage software dataset post post-weblog motion_picture song broadcast graphic figure map speech "
    "performance event interview article".split()
)

TYPES: tuple[TypeRow, ...] = (
    *type_rows(
        "article:article-journal inproceedings:paper-conference conference:paper-conference incollection:chapter "
        "inbook:chapter book:book proceedings:book manual:book booklet:pamphlet"
    ),
    TypeRow("phdthesis", "thesis", "PhD thesis"),
    TypeRow("mastersthesis", "thesis", "Master's thesis"),
    *type_rows("techreport:report unpublished:manuscript misc:document"),
)

FALLBACKS: tuple[Fallback, ...] = (
    Fallback(entry="article", csl=("article-magazine", "article-newspaper", "review", "review-book")),
    Fallback(entry="incollection", csl=("entry", "entry-dictionary", "entry-encyclopedia")),
    Fallback(entry="book", csl=("classic", "collection", "periodical")),
    Fallback(entry="techreport", csl=("standard",)),
)

FIELDS = (
    *rows("author:author editor:editor title:title"),
    *rows("journal:container-title", ARTICLES),
    *rows("booktitle:container-title"),
    *rows("journal:container-title journaltitle:container-title", written=False),
    *rows("maintitle:container-title", PARTS, written=False),
    *rows("issuetitle:volume-title", ARTICLES | {"periodical"}),
    *rows("series:collection-title volume:volume"),
    *rows("number:issue", ARTICLES | {"periodical"}),
    *rows("number:collection-number", BOOKS),
    *rows("number:number"),
    *rows("issue:issue"),
    *rows("eid:number", ARTICLES),
    *rows("elocation-id:number", ARTICLES, written=False),
    *rows("articleno:number", ARTICLES, written=False),
    *rows("pages:page chapter:chapter-number edition:edition"),
    *rows("school:publisher", frozenset({"thesis"})),
    *rows("institution:publisher", frozenset({"report", "standard"})),
    *rows("howpublished:publisher", _LOOSE),
    *rows("publisher:publisher"),
    *rows("school:publisher institution:publisher organization:publisher", written=False),
    *rows("address:publisher-place"),
    *rows("location:publisher-place city:publisher-place", written=False),
    *rows("type:genre note:note annote:annote"),
    *rows("annotation:annote", written=False),
    *rows("abstract:abstract keywords:keyword"),
    *rows("keyword:keyword", written=False),
    *rows("language:language"),
    *rows("langid:language hyphenation:language", written=False),
    *rows("doi:DOI isbn:ISBN issn:ISSN url:URL pmid:PMID pmcid:PMCID"),
    *rows("translator:translator numpages:number-of-pages volumes:number-of-volumes part:part-number version:version"),
    *rows("pagetotal:number-of-pages", written=False),
    *rows("shorttitle:title-short shortjournal:container-title-short bookauthor:container-author"),
    *rows("eventtitle:event-title venue:event-place library:call-number pubstate:status"),
    *rows("origtitle:original-title origpublisher:original-publisher origlocation:original-publisher-place"),
    *rows("urldate:accessed origdate:original-date eventdate:event-date"),
    *rows("lastchecked:accessed lastaccessed:accessed lastvisited:accessed", written=False),
)

ORDER = tuple(
    (
        "author editor translator bookauthor title shorttitle booktitle journal issuetitle shortjournal series "
        "volume number issue eid pages chapter part edition version type howpublished school institution "
        "organization publisher address eventtitle venue eventdate year month day date eprint "
        "archivePrefix primaryClass doi isbn issn pmid pmcid url urldate pubstate note annote abstract "
        "keywords language library numpages volumes origtitle origpublisher origlocation origdate "
        "entrysubtype ids"
    ).split()
)

# BibTeX's own fields, and two that say more than the preferred ones do
NATIVE = frozenset(
    (
        "address annote booktitle chapter edition howpublished institution journal note number organization pages "
        "publisher school series title type volume year month crossref key articleno langid language date entrysubtype"
    ).split()
)

BIBTEX = Dialect("bibtex", TYPES, FIELDS, FALLBACKS, ORDER, NATIVE)
