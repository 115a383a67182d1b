"""Identifiers: DOI, arXiv id, ISBN, ISSN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bibtool.bib.latex import verbatim_from_latex
from bibtool.check.rule import field_rule
from bibtool.check.works import works_of
from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_arxiv_id, parse_doi, parse_isbn, parse_issn, same_doi
from bibtool.model.normal.values import normalised
from bibtool.problems import Severity, quoted
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, CheckedField, Hit


@field_rule("IDS001", "malformed-doi", fields={"doi"}, severity=Severity.ERROR)
def malformed_doi(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A DOI that can't be one.

    ## What it does
    Reports values of `doi` that don't have the form `10.NNNN/suffix`, and DOIs that end in a full stop, comma or
    semicolon.

    ## Why is this bad
    The link leads nowhere, and no program recognises the work by it.

    ## Known limits
    Whether the DOI exists is not looked up. A mistyped suffix looks like any other.

    ## Example
    ```bibtex
    doi = {10.1093 comjnl/27.2.97}
    ```

    ## Use instead
    ```bibtex
    doi = {10.1093/comjnl/27.2.97}
    ```

    ## References
    * DOI Handbook, section 3 (syntax of a DOI name)
    """
    value = verbatim_from_latex(field.content).strip()
    if not value:
        return
    try:
        parse_doi(value)
    except IdentifierError as error:
        yield field.hit(f"{quoted(value[:80])} is not a valid DOI: {error.reason}", hint="write it as 10.NNNN/suffix")
        return
    if value[-1] in ".,;":
        yield field.hit(f"the DOI ends in {value[-1]!r}, which hardly belongs to it", hint="remove that character")


_PREFIX = lazy_pattern(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*[:=]?\s*(?=10\.)", re.IGNORECASE)


@field_rule("IDS002", "doi-as-url", fields={"doi"}, fixable=True)
def doi_as_url(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A DOI written as a link.

    ## What it does
    Reports values of `doi` that begin with `https://doi.org/`, `doi:` or the like.

    ## Why is this bad
    Styles put the address of the resolver in front of the value, so that the link becomes
    `https://doi.org/https://doi.org/10...`.

    ## Fix
    Safe: the DOI itself stays.

    ## Known limits
    DOIs in other fields, such as `note`, are not judged, nor links of a library's proxy.

    ## Example
    ```bibtex
    doi = {https://doi.org/10.1093/comjnl/27.2.97}
    ```

    ## Use instead
    ```bibtex
    doi = {10.1093/comjnl/27.2.97}
    ```

    ## References
    * biblatex manual, section 2.2.2: `doi`
    """
    value = field.content.strip()
    if not _PREFIX.match(value):
        return
    try:
        bare = parse_doi(value)
    except IdentifierError:
        return
    yield field.hit(
        "the DOI is written as a link", hint=f"write {bare[:80]}", new=bare, done="DOI without the resolver's address"
    )


_IN_TEXT = lazy_pattern(r"arxiv\s*:\s*(\d[\w.]*|[a-z-]{2,12}(?:\.[A-Za-z]{2})?/\d[\w.]*)", re.IGNORECASE)
_IN_URL = lazy_pattern(r"arxiv\.org/(?:abs|pdf)/((?:[a-z-]{2,12}(?:\.[A-Z]{2})?/)?\d[^\s?#},;)\]>\"']*)", re.ASCII)


@field_rule(
    "IDS003",
    "malformed-arxiv-id",
    fields={"eprint", "doi", "journal", "journaltitle", "howpublished", "note", "url", "arxiv", "arxivid"},
    severity=Severity.ERROR,
)
def malformed_arxiv_id(field: CheckedField, _: Context) -> Iterator[Hit]:
    """An arXiv id that can't be one.

    ## What it does
    Reports `eprint` values of arXiv entries, arXiv's own DOIs, links to arXiv and texts such as `arXiv:2203.0136` in
    `journal`, `howpublished` and `note` whose id has the wrong number of digits, an impossible month or an unknown
    archive.

    ## Why is this bad
    The paper can't be found by it, and the link is dead.

    ## Known limits
    Whether the paper exists is not looked up. Ids without the word arXiv or a link to it are only judged in `eprint`,
    where the archive is named.

    ## Example
    ```bibtex
    eprint = {2203.0136},
    archiveprefix = {arXiv}
    ```

    ## Use instead
    ```bibtex
    eprint = {2203.01360},
    archiveprefix = {arXiv}
    ```

    ## References
    * arXiv help, "Understanding the arXiv identifier"
    """
    entry = field.entry
    content = field.content
    if field.name == "eprint":
        kind = _eprint_type(entry)
        if kind == "arxiv" or (not kind and content.strip().casefold().startswith("arxiv:")):
            yield from _judge_arxiv_id(field, verbatim_from_latex(content).strip(), 0, len(content))
    elif field.name in ("arxiv", "arxivid"):
        yield from _judge_arxiv_id(field, verbatim_from_latex(content).strip(), 0, len(content))
    elif field.name == "url":
        if link := _IN_URL.search(content):
            yield from _judge_arxiv_id(field, verbatim_from_latex(link[1]).removesuffix(".pdf"), *link.span(1))
    elif field.name == "doi":
        at = content.casefold().find("10.48550/arxiv.")
        if at >= 0:
            yield from _judge_arxiv_id(field, content[at + len("10.48550/arxiv.") :].strip(), at, len(content))
    else:
        for mention in _IN_TEXT.finditer(content):
            yield from _judge_arxiv_id(field, mention[1].rstrip("."), *mention.span())


def _eprint_type(entry: CheckedEntry) -> str:
    """The archive of an entry's ``eprint`` in lower case, "" if none is named."""
    return (entry.get("eprinttype") or entry.get("archiveprefix")).strip("{} ").casefold()


def _judge_arxiv_id(field: CheckedField, text: str, first: int, last: int) -> Iterator[Hit]:
    if not text:
        return
    try:
        parse_arxiv_id(text)
    except IdentifierError as error:
        yield field.hit(f"{quoted(text[:80])} is not a valid arXiv id: {error.reason}", first, last)


_ISBN = lazy_pattern(r"(?:97[89][\s\-\u2010-\u2015]?)?(?:\d[\s\-\u2010-\u2015]?){9}[\dXx]")


@field_rule("IDS004", "bad-isbn", fields={"isbn"})
def bad_isbn(field: CheckedField, _: Context) -> Iterator[Hit]:
    """An ISBN with a wrong check digit or length.

    ## What it does
    Reports ISBNs that don't have 10 or 13 digits or whose check digit is wrong. Several ISBNs in one field are judged
    one by one, and reported as a note, which doesn't change the exit code, unless each has a remark in parentheses,
    such as `(paperback)`.

    ## Why is this bad
    A digit was mistyped; the number leads to another book or to none.

    ## Known limits
    A wrong number with a right check digit is not found. A missing hyphen or one in the wrong place is not reported.
    `????` and the like are taken for gaps left on purpose.

    ## Example
    ```bibtex
    isbn = {0-201-13448-8}
    ```

    ## Use instead
    ```bibtex
    isbn = {0-201-13448-9}
    ```

    ## References
    * ISO 2108; ISBN Users' Manual, section 5 (check digit)
    """
    yield from _bad_numbers(field, _ISBN, parse_isbn, "ISBN", hint="compare it with the book itself")


_REMARK = lazy_pattern(r"\([^()]*\)")
_PER_MEDIUM = 2  # ISSNs of one journal: in print and online (ISO 3297, section 5)


def _bad_numbers(
    field: CheckedField, pattern: re.Pattern[str], parse: Callable[[str], str], kind: str, hint: str
) -> Iterator[Hit]:
    """A hit for each part of a value that ``parse`` refuses, unless it takes all numbers in that part."""

    def reason(text: str) -> str:
        try:
            parse(text.strip("{} "))
        except IdentifierError as error:
            return error.reason
        return ""

    content = field.content
    if not content.strip("?-xX {}\t\r\n") or not reason(content):
        return
    count = len(normalised(kind, verbatim_from_latex(content)).rest) + 1
    told_apart = len(_REMARK.findall(content)) >= count or (kind == "ISSN" and count <= _PER_MEDIUM)
    wrong = False
    for part in re.split(r"[,;/]|\band\b", _REMARK.sub(" ", content)):
        numbers = pattern.findall(part)
        if part.strip() and reason(part) and not (numbers and all(not reason(number) for number in numbers)):
            wrong = True
            yield field.hit(f"{quoted(part.strip()[:60])} is not a valid {kind}: {reason(part)}", hint=hint)
    if count > 1 and not told_apart and not wrong:
        several = "keep the one that belongs to the work: most programs read one number"
        yield replace(field.hit(f"{field.shown!r} holds {count} {kind}s", hint=several), severity=Severity.NOTE)


_ISSN = lazy_pattern(r"\d{4}[\-\u2010-\u2015]?\d{3}[\dXx]")


@field_rule("IDS005", "bad-issn", fields={"issn"})
def bad_issn(field: CheckedField, _: Context) -> Iterator[Hit]:
    """An ISSN with a wrong check digit or length.

    ## What it does
    Reports ISSNs that don't have eight digits or whose check digit is wrong, and, as a note, which doesn't change the
    exit code, more than two in one field, unless each has a remark such as `(print)`. Two are fine: a journal has one
    in print and one online.

    ## Why is this bad
    A digit was mistyped; the number leads to another journal or to none.

    ## Known limits
    A wrong number with a right check digit is not found, nor an ISSN that belongs to another journal. Readers of other
    formats take the first of two.

    ## Example
    ```bibtex
    issn = {0010-4621}
    ```

    ## Use instead
    ```bibtex
    issn = {0010-4620}
    ```

    ## References
    * ISO 3297, annex on the check digit
    """
    yield from _bad_numbers(field, _ISSN, parse_issn, "ISSN", hint="compare it with the journal itself")


@field_rule("IDS006", "url-repeats-doi", fields={"url"}, default=False, fixable=True)
def url_repeats_doi(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A `url` that only repeats the DOI.

    ## What it does
    Reports `url` fields that are `https://doi.org/` and the value of `doi`.

    ## Why is this bad
    Many styles print both, so that the reader gets the same link twice.

    ## Fix
    Safe: the field is removed, the DOI stays.

    ## Known limits
    Links to the publisher's page of the same work are not compared with the DOI. If your style prints `url` and not
    `doi`, leave the rule off.

    ## Example
    ```bibtex
    doi = {10.1093/comjnl/27.2.97},
    url = {https://doi.org/10.1093/comjnl/27.2.97}
    ```

    ## Use instead
    ```bibtex
    doi = {10.1093/comjnl/27.2.97}
    ```

    ## References
    * biblatex manual, section 3.1.2.1: options `doi` and `url`
    """
    url = field.content.strip()
    doi = field.entry.get("doi")
    if not doi or "doi.org/" not in url.casefold():
        return
    try:
        same = same_doi(parse_doi(verbatim_from_latex(url)), parse_doi(verbatim_from_latex(doi)))
    except IdentifierError:
        return
    if same:
        fix = field.removal("url removed that repeats the DOI")
        yield field.name_hit("the url only repeats the DOI", hint="remove it", fix=fix)


@field_rule("IDS007", "arxiv-doi-in-published", fields={"doi"})
def arxiv_doi_in_published(field: CheckedField, context: Context) -> Iterator[Hit]:
    """arXiv's DOI in the entry of a published work.

    ## What it does
    Reports DOIs that begin with `10.48550/arXiv` in articles with a journal and in papers of proceedings or books.

    ## Why is this bad
    The reference names the journal and leads to the preprint. The journal's own DOI is the one to give; the arXiv
    number has its place in `eprint`.

    ## Known limits
    Types that may be either, such as `@misc`, are not judged. The DOIs of other preprint servers are not known here.

    ## Example
    ```bibtex
    @article{doe22,
      journal = {Physical Review D},
      doi = {10.48550/arXiv.2203.01360}
    }
    ```

    ## Use instead
    ```bibtex
    @article{doe22,
      journal = {Physical Review D},
      eprint = {2203.01360},
      archiveprefix = {arXiv}
    }
    ```

    ## References
    * arXiv help, "DOIs for arXiv articles"
    """  # noqa: D403  # arXiv begins in lower case
    if "10.48550/" in field.content and works_of(context).is_published(field.entry):
        yield field.hit(
            "this is the DOI of the preprint on arXiv, but the entry is that of the published work",
            hint="give the publisher's DOI, and the arXiv number as eprint",
        )


_DECORATION = lazy_pattern(r"https?:|(?:www\.)?arxiv|oai:|doi|10\.48550", re.IGNORECASE)


@field_rule("IDS008", "decorated-arxiv-id", fields={"eprint"}, fixable=True)
def decorated_arxiv_id(field: CheckedField, _: Context) -> Iterator[Hit]:
    """An arXiv id with a prefix or written as a link.

    ## What it does
    Reports `eprint` values such as `arXiv:2203.01360` or `https://arxiv.org/abs/2203.01360` in entries that already say
    that the eprint is on arXiv.

    ## Why is this bad
    Styles write the prefix themselves: the reader gets `arXiv: arXiv:2203.01360`, and the link is broken.

    ## Fix
    Safe: the id itself stays, with its version.

    ## Known limits
    An `eprint` without a named archive is not judged.

    ## Example
    ```bibtex
    eprint = {arXiv:2203.01360},
    archiveprefix = {arXiv}
    ```

    ## Use instead
    ```bibtex
    eprint = {2203.01360},
    archiveprefix = {arXiv}
    ```

    ## References
    * biblatex manual, section 3.14.7 (electronic publishing information)
    """
    value = field.content.strip()
    if _eprint_type(field.entry) != "arxiv" or not _DECORATION.match(value):
        return
    try:
        bare = str(parse_arxiv_id(value))
    except IdentifierError:
        return
    yield field.hit("the arXiv id has a prefix", hint=f"write {bare}", new=bare, done="arXiv id without prefix")


_ANCHOR = lazy_pattern(r"<a\s[^<>]*?href\s*=\s*[\"']?(?P<address>[^\"'<>\s]+)[\"']?[^<>]*>", re.IGNORECASE)
_MARKUP = lazy_pattern(
    r"</?(?:a|abbr|b|body|br|code|div|em|font|html|i|img|li|nobr|p|span|strong|sub|sup|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


@field_rule("IDS009", "html-link", fields={"url", "link", "biburl", "adsurl", "doi"}, fixable=True)
def html_link(field: CheckedField, _: Context) -> Iterator[Hit]:
    """HTML where an address belongs.

    ## What it does
    Reports values of `url`, `doi` and other fields for links that hold tags of HTML.

    ## Why is this bad
    The link is dead: LaTeX prints the tags and links to them, other programs take the whole for the address.

    ## Fix
    Safe where there is one address in the tags: only the address is kept, of `doi` the DOI.

    ## Known limits
    Only the tags that pages of journals use for links and text; other angle brackets are left alone.

    ## Example
    ```bibtex
    url = {doi:<a href="https://doi.org/10.1093/comjnl/27.2.97">10.1093/comjnl/27.2.97</a>}
    ```

    ## Use instead
    ```bibtex
    url = {https://doi.org/10.1093/comjnl/27.2.97}
    ```

    ## References
    * biblatex manual, section 2.2.2: `url`
    """
    content = field.content
    tag = _MARKUP.search(content) if "<" in content else None
    if tag is None:
        return
    if field.name == "doi":
        try:
            bare = parse_doi(verbatim_from_latex(content))
        except IdentifierError:
            return  # IDS001 says it
        message = f"{field.shown!r} holds HTML, {quoted(tag[0][:60])}, and not just a DOI"
        yield field.hit(message, hint=f"write {bare[:80]}", new=bare, done="DOI without HTML")
        return
    addresses = {anchor["address"] for anchor in _ANCHOR.finditer(content)}
    address = addresses.pop() if len(addresses) == 1 else ""
    whole = bool(address) and urlsplit(address).scheme in ("http", "https", "ftp")
    yield field.hit(
        f"{field.shown!r} holds HTML, {quoted(tag[0][:60])}, and not just an address",
        hint=f"write {address[:80]}" if whole else "write the address alone",
        new=address if whole else None,
        done="address without HTML",
    )
