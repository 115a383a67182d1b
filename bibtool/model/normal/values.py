"""The one form in which a variable's value is kept, whatever program wrote it.

Every reader, the editor and records made by hand call `normalised` (formats by way of `bibtool.formats.fields.value_of`
or their own reading of a field). The rules by variable:

==================  ====================================================================================
``DOI``             the bare name, DOI Handbook 2.2 and 3.8 (CSL 1.0.2 and biblatex 2.2.2 put the resolver before it)
``ISBN``, ``ISSN``  the first valid number, see `bibtool.model.normal.standardnumbers`
``PMID``            digits, ``PMCID`` ``PMC`` and digits (NLM, "PMCID/PMID/NIHMSID")
``page``            ranges with one dash, `bibtool.model.normal.pages`; ``number-of-pages`` the number alone
``edition``         the number where it is one, `bibtool.model.normal.editions`
``language``        BCP 47, `bibtool.model.normal.languages`
``URL``             the address without angle brackets or an HTML link around it (RFC 3986, appendix C)
==================  ====================================================================================

Normalising twice gives what normalising once gives.
"""

from __future__ import annotations

import contextlib
import re

from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_function, lazy_pattern
from bibtool.model.identifiers import isbn13, parse_doi, parse_isbn, parse_issn, parse_pmcid, parse_pmid
from bibtool.model.normal.dress import unquoted, unwrapped
from bibtool.model.normal.pages import normal_number_of_pages, normal_pages
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from bibtool.model.normal.editions import normal_edition
    from bibtool.model.normal.languages import normal_language
    from bibtool.model.normal.standardnumbers import standard_numbers
else:  # few works have an edition or a language, and few fields several numbers
    normal_edition = lazy_function("bibtool.model.normal.editions:normal_edition")
    normal_language = lazy_function("bibtool.model.normal.languages:normal_language")
    standard_numbers = lazy_function("bibtool.model.normal.standardnumbers:standard_numbers")


@dataclass(frozen=True, slots=True)
class Normal:
    """A value in its one form.

    ``rest`` are further values that the text held; ``fault`` says what is wrong with it, "" for nothing; ``code`` is
    the code of that problem.
    """

    text: str
    rest: tuple[str, ...] = ()
    fault: str = ""
    code: str = ""


def normalised(variable: str, text: str) -> Normal:
    """The value of a verbatim or number variable in its one form; unchanged for a variable without a rule.

    Empty text stays empty. Never raises: what is not valid is kept as it is, with the reason in ``fault``.
    """
    rule = _RULES.get(variable)
    return Normal(text) if rule is None or not text.strip() else rule(variable, text)


_ANCHOR = lazy_pattern(r"<a\s[^<>]*?href\s*=\s*[\"']?(?P<address>[^\"'<>\s]+)[^<>]*>.*", re.IGNORECASE | re.DOTALL)
_TAG = lazy_pattern(
    r"</?(?:a|abbr|b|body|br|code|div|em|font|html|i|img|li|nobr|p|span|strong|sub|sup|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape  # it has a table of 2,000 names

    return unescape(text)


def without_html(text: str) -> str:
    """The text without HTML's tags and entities; the address of a link where the text is nothing else."""
    if "&" in text:
        text = _unescaped(text)
    if "<" not in text:
        return text
    bare = _TAG.sub("", text).strip()
    if not bare and (anchor := _ANCHOR.search(text)):
        return anchor["address"]
    return bare


SEVERAL: Final = "the field holds"
"""How the fault of a field with several values begins."""
_DOI_LIST = lazy_pattern(
    r"[\s;,|]+(?=(?:https?://|doi:?\s*|info:doi/)*(?:dx\.)?(?:doi\.org/)?10\.\d{4})", re.IGNORECASE
)
_DOI_ELEMENT = lazy_pattern(r"^<[A-Za-z][\w:-]{0,30}>|</[A-Za-z][\w:-]{0,30}>\s*$")  # of XML: <doi>10.1000/182</doi>
_DOI_REMARK = lazy_pattern(r"\s*[\[(](?:doi|online|print|electronic)[\])]\s*$", re.IGNORECASE)


def _doi(variable: str, text: str) -> Normal:
    bare = text.strip()
    if "<" in bare or "&" in bare:
        bare = _DOI_ELEMENT.sub("", without_html(bare))
    fault = ""
    if bare.count("10.") < 2 or not _DOI_LIST.search(bare):
        try:
            return Normal(parse_doi(bare))
        except IdentifierError as error:
            fault = error.message
        if bare != text.strip():
            with contextlib.suppress(IdentifierError):
                return Normal(parse_doi(text))  # the address of a link whose text is no DOI
    if bare[:4].casefold() == "http" and (within := _doi_in_address(bare)):
        return Normal(within)
    bare = _DOI_REMARK.sub("", bare)
    pieces = [piece for piece in _DOI_LIST.split(bare) if piece.strip()]
    dois: dict[str, str] = {}
    for piece in pieces:
        try:
            doi = parse_doi(piece)
        except IdentifierError as error:
            return Normal(text.strip(), fault=fault or error.message, code="malformed-doi")
        dois.setdefault(doi.casefold(), doi)
    return _first(variable, list(dois.values())) if dois else Normal(text.strip(), fault=fault, code="malformed-doi")


# paths of publishers' and indexes' pages before a DOI, and what they put after it
_DOI_PATH = lazy_pattern(
    r"https?://[^\s/?#]+/(?:[^\s?#]*?/)?(?:[^\s#]*?[?&](?:id|doi)=(?:doi:)?)?(?P<doi>10\.\d{4,9}/[^\s?#&]+)",
    re.IGNORECASE,
)
_AFTER_DOI = lazy_pattern(
    r"(?:/(?:full|fulltext|full-text|abstract|pdf|epdf|html|meta|summary|references|figures|download)(?:/html|/pdf)?|"
    r"(?:v\d{1,2})?\.(?:full|abstract|full-text|full\.pdf)|\.pdf|/)$",
    re.IGNORECASE,
)
_SERVER_VERSION = lazy_pattern(r"(10\.(?:1101|64898)/[\d.]+)v\d{1,2}")  # bioRxiv and medRxiv


def _doi_in_address(address: str) -> str:
    """The DOI in the address of a page about a work; "" where there is none."""
    if (match := _DOI_PATH.match(unquoted(address))) is None:
        return ""
    doi = _AFTER_DOI.sub("", match["doi"])
    if version := _SERVER_VERSION.fullmatch(doi):
        doi = version[1]
    try:
        return parse_doi(doi)
    except IdentifierError:
        return ""


def _first(variable: str, values: list[str]) -> Normal:
    if len(values) == 1:
        return Normal(values[0])
    fault = f"{SEVERAL} {len(values)} values: {', '.join(values)[:200]}; the first one is used"
    return Normal(values[0], tuple(values[1:]), fault, f"several-{variable.casefold()}")


_PLAIN: Mapping[str, Callable[[str], str]] = {"ISBN": parse_isbn, "ISSN": parse_issn}
_BARE_NUMBER = lazy_pattern(r"\d[\dX -]*", re.ASCII)
_DASHES = lazy_pattern("[\u2010-\u2015\u2212]|-{2,}")


def _standard(variable: str, text: str) -> Normal:
    parse = _PLAIN[variable]
    text = without_html(text.strip()) if "<" in text or "&" in text else text.strip()
    fault = ""
    try:
        number = parse(text)
    except IdentifierError as error:
        fault = error.message
    else:
        bare = _hyphenated(unwrapped(text))
        if variable == "ISSN" or _BARE_NUMBER.fullmatch(bare):
            return Normal(number if variable == "ISSN" else bare)
        text = unwrapped(text)
    numbers = [number for number in standard_numbers(text) if number.variable == variable]
    valid: dict[str, str] = {}
    wrong: list[str] = []
    for standard_number in numbers:
        if standard_number.fault:
            wrong.append(standard_number.text)
            continue
        written = _hyphenated(standard_number.text)
        same = isbn13(parse(written)) if variable == "ISBN" else written
        if same not in valid or len(parse(written)) > len(parse(valid[same])):
            valid[same] = written
    if valid:
        return _first(variable, [*valid.values(), *wrong])
    if len(numbers) == 1:
        return Normal(numbers[0].text, fault=numbers[0].fault, code=f"malformed-{variable.casefold()}")
    return Normal(text, fault=fault, code=f"malformed-{variable.casefold()}")


def _hyphenated(number: str) -> str:
    """A number with hyphens for other dashes and a capital as its check digit."""
    return number.upper() if number.isascii() and "--" not in number else _DASHES.sub("-", number).upper()


_PARSERS: Mapping[str, Callable[[str], str]] = {"PMID": parse_pmid, "PMCID": parse_pmcid}


def _pubmed(variable: str, text: str) -> Normal:
    try:
        return Normal(_PARSERS[variable](text))
    except IdentifierError as error:
        return Normal(text.strip(), fault=error.message, code=f"malformed-{variable.casefold()}")


_URL_LABEL = lazy_pattern(
    r"(?:url|available\s+(?:at|from)|retrieved\s+from)\s*:?\s*(?=https?://|ftp://)", re.IGNORECASE
)


# ``doi:<a href="https://doi.org/10.1000/182">10.1000/182</a>``, as some programs export a DOI as the address
_LABELLED_ANCHOR = lazy_pattern(
    r"(?:doi|url|link|available (?:at|from|online))\s*:?\s*"
    r"<a\s[^<>]*?href\s*=\s*[\"']?(?P<address>[^\"'<>\s]+)[\"']?[^<>]*>[^<>]*</a>[\s.,;]*",
    re.IGNORECASE,
)


# a comma can be part of an address, so only with a space after it does it come between two
_URL_LIST = lazy_pattern(r"\s*(?:;|[,|]\s|\s)\s*(?:and\s+|or\s+)?(?=(?:https?|ftp)://)", re.IGNORECASE)


def _url(variable: str, text: str) -> Normal:
    bare = text.strip()
    if bare.count("://") > 1 and "<" not in bare:
        urls = [_bare_url(url) for url in _URL_LIST.split(bare)]
        if len(urls) > 1 and all("://" in url and " " not in url for url in urls):
            return _first(variable, list(dict.fromkeys(urls)))
    return Normal(_bare_url(bare))


def _bare_url(bare: str) -> str:
    if bare.startswith("<"):
        if bare.endswith(">") and "<" not in bare[1:] and " " not in bare:
            bare = bare[1:-1]
        elif anchor := _ANCHOR.fullmatch(bare):
            bare = _unescaped(anchor["address"])
    elif "<" in bare and (anchor := _LABELLED_ANCHOR.fullmatch(bare)):
        bare = _unescaped(anchor["address"])
    elif bare[:1] in "uUaArR" and (label := _URL_LABEL.match(bare)):
        bare = bare[label.end() :]
    return bare


_RULES: Mapping[str, Callable[[str, str], Normal]] = {
    "DOI": _doi,
    "ISBN": _standard,
    "ISSN": _standard,
    "PMID": _pubmed,
    "PMCID": _pubmed,
    "URL": _url,
    "edition": lambda _, text: Normal(normal_edition(text)),
    "language": lambda _, text: Normal(normal_language(text)),
    "number-of-pages": lambda _, text: Normal(normal_number_of_pages(text)),
    "page": lambda _, text: Normal(normal_pages(text)),
}
RULED: Final = frozenset(_RULES)
"""The variables that have a rule; values of others stay as they are."""
CHECKED: Final = frozenset({"DOI", "ISBN", "ISSN", "PMID", "PMCID", "URL"})
"""The variables whose rule may find a fault or further values."""
