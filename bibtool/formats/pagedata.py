"""Works that a web page describes in its markup: the ``citation_...`` tags for indexers, Dublin Core, PRISM, and COinS.

Sources: the inclusion guidelines of Google Scholar for ``<meta name="citation_title">`` and its kin, DCMI's rules for
Dublin Core in HTML, PRISM 3.0, and OpenURL (Z39.88-2004) as COinS puts it into ``<span class="Z3988" title="...">``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from bibtool.formats.fields import Draft, inverted_name
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, looks_like_organisation, parse_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record

MAX_VALUES: Final = 20_000  # of one page

# name of a tag without its prefix -> CSL variable; the first tag that is there counts
META: Final = {
    "title": "title", "journal_title": "container-title", "journal": "container-title",
    "conference_title": "container-title", "conference": "container-title", "inbook_title": "container-title",
    "book_title": "container-title", "publicationname": "container-title", "series_title": "collection-title",
    "volume": "volume", "issue": "issue", "number": "issue", "doi": "DOI", "pmid": "PMID", "issn": "ISSN",
    "isbn": "ISBN", "publisher": "publisher", "dissertation_institution": "publisher",
    "technical_report_institution": "publisher", "technical_report_number": "number", "language": "language",
    "abstract": "abstract", "description": "abstract", "dissertation_name": "genre",
}  # fmt: skip
_PREFIX: Final = r"(?:bepress_)?citation[_.]|dc(?:terms)?\.|prism\.|eprints\."
_DATES: Final = ("publication_date", "publicationdate", "cover_date", "coverdate", "date", "issued", "year",
                 "online_date", "created")  # fmt: skip
_JOURNAL: Final = frozenset({"journal_title", "journal", "publicationname"})
_CONFERENCE: Final = frozenset({"conference_title", "conference"})
_GENRES: Final = {
    "article": "article-journal", "proceeding": "paper-conference", "conference": "paper-conference", "book": "book",
    "bookitem": "chapter", "dissertation": "thesis", "preprint": "article", "report": "report", "patent": "patent",
    "document": "document", "issue": "periodical",
}  # fmt: skip
_COINS: Final = {
    "atitle": "title", "jtitle": "container-title", "stitle": "container-title-short", "volume": "volume",
    "issue": "issue", "pages": "page", "issn": "ISSN", "eissn": "ISSN", "isbn": "ISBN", "pub": "publisher",
    "inst": "publisher", "place": "publisher-place", "series": "collection-title", "edition": "edition",
    "degree": "genre", "number": "number",
}  # fmt: skip


def person_of(text: str) -> Name:
    """The name of one author in whichever order it is written."""
    text = " ".join(text.split())
    if looks_like_organisation(text):
        return Name(literal=text)
    return inverted_name(text) if "," in text else parse_name(text)


def read_meta(tags: Sequence[tuple[str, str, int]], options: ReadOptions) -> Record | None:
    """The work that the ``<meta>`` tags (name, content, line) describe; None where they have no title."""
    values: dict[str, list[str]] = {}
    line = 0
    for name, content, at in tags[:MAX_VALUES]:
        short = re.sub(_PREFIX, "", name.casefold(), count=1)
        if short != name.casefold() and content.strip():
            line = line or at
            texts = values.setdefault(short, [])
            if content not in texts:
                texts.append(" ".join(content.split()))
    if not values.get("title"):
        return None
    draft = Draft("meta", line)
    for name, variable in META.items():
        if texts := values.get(name, []):
            several = variable in {"ISSN", "ISBN"}
            for text in texts if several else texts[:1]:
                if several or variable not in draft.variables:
                    draft.put(variable, _escaped(text) if variable in _MARKUP else text, name)
    for variable, names in (("author", ("author", "authors", "creator", "creators_name")), ("editor", ("editor",))):
        for text in next((values[name] for name in names if name in values), []):
            for part in text.split(";"):
                if part.strip():
                    draft.put_name(variable, person_of(part))
    for name in _DATES:
        if name in values:
            raw = values[name][0]
            draft.put_date("issued", parse_raw_date(re.sub(r"T\d\d:.*", "", raw).replace("/", "-")), name, raw)
            break
    first, last = (values.get(name, [""])[0] for name in ("firstpage", "lastpage"))
    first = first or values.get("startingpage", [""])[0]
    last = last or values.get("endingpage", [""])[0]
    draft.put("page", "-".join(dict.fromkeys(page for page in (first, last) if page)), "firstpage")
    for text in values.get("arxiv_id", []):
        draft.put_arxiv(text, "arxiv_id")
    for text in values.get("identifier", []):
        _put_identifier(draft, text)
    for text in values.get("abstract_html_url", [])[:1]:
        draft.put("URL", text, "abstract_html_url")
    draft.type = _type_of_tags(values, draft)
    draft.put_arxiv_of_doi("doi")
    return draft.build(options)


_TAG_PAIR = lazy_pattern(r"&lt;(i|em|b|strong|sub|sup|sc)>((?:(?!&lt;/?\1>).){1,400})&lt;/\1>")
_MARKUP: Final = frozenset({"title", "container-title", "collection-title", "abstract", "publisher"})


def _escaped(text: str) -> str:
    """Plain text as the markup of rich text; the tags that publishers leave in titles are markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    for _ in range(3):  # one inside of another
        text, count = _TAG_PAIR.subn(r"<\1>\2</\1>", text)
        if not count:
            break
    return text


def _type_of_tags(values: dict[str, list[str]], draft: Draft) -> str:
    if "dissertation_institution" in values or "dissertation_name" in values:
        return "thesis"
    if "technical_report_institution" in values or "technical_report_number" in values:
        return "report"
    if _CONFERENCE & values.keys():
        return "paper-conference"
    if _JOURNAL & values.keys():
        return "article-journal"
    if "inbook_title" in values or "book_title" in values:
        return "chapter"
    if draft.arxiv is not None:
        return "article"
    return "book" if "isbn" in values else "document"


def _put_identifier(draft: Draft, text: str) -> None:
    """A DOI, an arXiv id or an address among the identifiers of Dublin Core."""
    if match := re.search(r"10\.\d{4,9}/\S+", text):
        if "DOI" not in draft.variables:
            draft.put("DOI", match[0], "identifier")
    elif re.match(r"(?:arXiv:|https?://arxiv\.org/)", text, re.IGNORECASE):
        draft.put_arxiv(text, "identifier")
    elif text.startswith(("http://", "https://")):
        draft.put("URL", text, "identifier")


def read_coins(title: str, line: int, options: ReadOptions) -> Record | None:
    """The work of one ``Z3988`` span; None where its context object names no title."""
    try:
        pairs = parse_qsl(title[:40_000], max_num_fields=500)
    except ValueError:  # more fields than any work has
        return None
    draft = Draft("coins", line)
    genre = kind = ""
    family = given = ""
    spage = epage = ""
    later: list[tuple[str, str]] = []
    for name, written in pairs:
        value = " ".join(written.split())
        key = name.removeprefix("rft.")
        if not value:
            continue
        if name == "rft_val_fmt":
            kind = value.rsplit(":", 1)[-1]
        elif name == "rft_id":
            later.append(("id", value))
        elif not name.startswith("rft."):
            continue
        elif key == "genre":
            genre = value
        elif key == "au":
            draft.put_name("author", person_of(value))
        elif key == "aucorp":
            draft.put_name("author", Name(literal=value))
        elif key == "aulast":
            family = value
        elif key in {"aufirst", "auinit"}:
            given = given or value
        elif key == "date":
            draft.put_date("issued", parse_raw_date(value), "date", value)
        elif key == "spage":
            spage = value
        elif key == "epage":
            epage = value
        elif key in {"title", "btitle"}:
            later.append((key, value))
        elif key in _COINS:
            draft.put(_COINS[key], _escaped(value) if _COINS[key] in _MARKUP else value, key)
    for key, value in later:
        if key == "id":
            _put_rft_id(draft, value)
        else:  # the title of a book, and what a chapter is in
            draft.put("container-title" if "title" in draft.variables else "title", _escaped(value), key)
    if "title" not in draft.variables:
        return None
    if family and not draft.has_names("author"):
        draft.put_name("author", person_of(f"{family}, {given}" if given else family))
    if "page" not in draft.variables:
        draft.put("page", "-".join(dict.fromkeys(page for page in (spage, epage) if page)), "spage")
    draft.type = _GENRES.get(genre) or {"journal": "article-journal", "book": "book", "dissertation": "thesis"}.get(
        kind, "document"
    )
    draft.put_arxiv_of_doi("rft_id")
    return draft.build(options)


def _put_rft_id(draft: Draft, value: str) -> None:
    if match := re.match(r"info:(doi|pmid|arxiv)/(?:arxiv:)?(.+)", value, re.IGNORECASE):
        if match[1].casefold() == "arxiv":
            draft.put_arxiv(match[2], "rft_id")
        else:
            draft.put(match[1].upper(), match[2], "rft_id")
    elif match := re.match(r"urn:(ISBN|ISSN):(.+)", value, re.IGNORECASE):
        draft.put(match[1].upper(), match[2], "rft_id")
    else:
        _put_identifier(draft, value)
