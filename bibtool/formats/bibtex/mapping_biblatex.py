"""BibLaTeX's entry types and fields (biblatex manual, sections 2.1 and 2.2)."""

from __future__ import annotations

from bibtool.formats.bibtex.mapping import ARTICLES, BOOKS, PARTS, Dialect, Fallback, TypeRow, rows, type_rows

_INSTITUTES = frozenset({"thesis", "report"})
_ORGANISED = frozenset({"webpage", "software", "document", "dataset", "post", "post-weblog", "standard"})

TYPES: tuple[TypeRow, ...] = (
    *type_rows(
        "article:article-journal suppperiodical:article-journal inproceedings:paper-conference "
        "conference:paper-conference incollection:chapter inbook:chapter bookinbook:chapter suppbook:chapter "
        "suppcollection:chapter book:book mvbook:book collection:book mvcollection:book "
        "proceedings:book mvproceedings:book reference:book mvreference:book manual:book commentary:book "
        "inreference:entry-encyclopedia booklet:pamphlet thesis:thesis"
    ),
    TypeRow("phdthesis", "thesis", "PhD thesis"),
    TypeRow("mastersthesis", "thesis", "Master's thesis"),
    *type_rows("report:report"),
    TypeRow("techreport", "report", "Technical report"),
    *type_rows(
        "unpublished:manuscript online:webpage electronic:webpage www:webpage webpage:webpage dataset:dataset "
        "software:software patent:patent periodical:periodical standard:standard review:review artwork:graphic "
        "image:graphic audio:song music:song movie:motion_picture video:motion_picture performance:performance "
        "jurisdiction:legal_case legislation:legislation letter:personal_communication misc:document"
    ),
)

FALLBACKS: tuple[Fallback, ...] = (
    Fallback(entry="article", csl=("article-magazine", "article-newspaper", "review-book")),
    Fallback(entry="online", csl=("article", "post", "post-weblog")),
    Fallback(entry="inreference", csl=("entry", "entry-dictionary")),
    Fallback(entry="book", csl=("classic", "collection")),
)

FIELDS = (
    *rows("author:author editor:editor title:title"),
    *rows("journaltitle:container-title", ARTICLES),
    *rows("journal:container-title", ARTICLES, written=False),
    *rows("booktitle:container-title"),
    *rows("journaltitle:container-title journal:container-title", written=False),
    *rows("maintitle:container-title", PARTS, written=False),
    *rows("issuetitle:volume-title", ARTICLES | {"periodical"}),
    *rows("series:collection-title volume:volume"),
    *rows("number:issue", ARTICLES | {"periodical"}),
    *rows("number:collection-number", BOOKS),
    *rows("number:number"),
    *rows("issue:issue"),
    *rows("eid:number", ARTICLES),
    *rows("elocation-id:number", ARTICLES, written=False),
    *rows("pages:page chapter:chapter-number edition:edition version:version"),
    *rows("volumes:number-of-volumes part:part-number pagetotal:number-of-pages"),
    *rows("numpages:number-of-pages", written=False),
    *rows("institution:publisher", _INSTITUTES),
    *rows("organization:publisher", _ORGANISED),
    *rows("publisher:publisher"),
    *rows("school:publisher institution:publisher organization:publisher howpublished:publisher", written=False),
    *rows("location:publisher-place"),
    *rows("address:publisher-place city:publisher-place", written=False),
    *rows("type:genre note:note annotation:annote"),
    *rows("addendum:note", written=False),
    *rows("annote:annote", written=False),
    *rows("abstract:abstract keywords:keyword"),
    *rows("langid:language"),
    *rows("language:language hyphenation:language", written=False),
    *rows("doi:DOI isbn:ISBN issn:ISSN url:URL pmid:PMID pmcid:PMCID"),
    *rows("translator:translator bookauthor:container-author"),
    *rows("shorttitle:title-short shortjournal:container-title-short"),
    *rows("eventtitle:event-title venue:event-place library:call-number pubstate:status"),
    *rows("origtitle:original-title origpublisher:original-publisher origlocation:original-publisher-place"),
    *rows("urldate:accessed origdate:original-date eventdate:event-date"),
    *rows("lastchecked:accessed lastaccessed:accessed lastvisited:accessed", written=False),
)

ORDER = tuple(
    (
        "author editor translator bookauthor title subtitle titleaddon shorttitle booktitle booksubtitle "
        "booktitleaddon journaltitle journalsubtitle journaltitleaddon issuetitle issuesubtitle issuetitleaddon "
        "shortjournal series volume number issue eid pages chapter part "
        "edition version type institution organization publisher location eventtitle venue eventdate date "
        "year origdate eprint eprinttype eprintclass doi isbn issn pmid pmcid url urldate pubstate note "
        "annotation abstract keywords langid library volumes pagetotal origtitle origpublisher origlocation "
        "entrysubtype ids"
    ).split()
)

BIBLATEX = Dialect("biblatex", TYPES, FIELDS, FALLBACKS, ORDER, None)
