"""arXiv ids, DOIs, ISBNs, ISSNs, PubMed and ORCID ids: parsed, normalised and validated in this one place.

Sources: https://info.arxiv.org/help/arxiv_identifier.html and arxiv_identifier_for_services (old and new style),
https://info.arxiv.org/help/doi.html (10.48550/arXiv.*), DOI Handbook 2.4 (case-insensitive), ISO 2108 and 3297 (check
digits of ISBN and ISSN), "Structure of the ORCID Identifier" (https://support.orcid.org). Every ``parse_*`` raises
`IdentifierError` for anything it can't be sure of.
"""

from __future__ import annotations

import contextlib
import re

from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.normal.dress import undressed, unquoted
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _T = TypeVar("_T")

ARXIV_DOI_PREFIX = "10.48550/arxiv."


def _read_either_way(parse: Callable[[str], _T], text: str) -> _T:
    """What ``parse`` makes of the text, or else of the text without what is around an identifier."""
    try:
        return parse(text)
    except IdentifierError:
        for bare in undressed(text):
            with contextlib.suppress(IdentifierError):
                return parse(bare)
        raise


# arXiv itself, its mirrors by country and of old (xxx.lanl.gov), and sites that show its papers under the same number
_ARXIV_PREFIX = lazy_pattern(
    r"(?:https?://)?(?:(?:[a-z]{2,7}\.)?(?:arxiv\.org|alphaxiv\.org)|xxx\.lanl\.gov|ar5iv\.(?:labs\.arxiv\.)?org)"
    r"/(?:abs|pdf|html|format|e-print|src|ps|list|ftp/(?:arxiv|[a-z-]+)/papers/\d{4})/(?:arxiv:)?|"
    r"(?:https?://)?huggingface\.co/papers/|(?:https?://)?(?:dx\.)?doi\.org/10\.48550/arxiv\.|"
    r"(?:doi:\s*)?10\.48550/arxiv\.|(?:urn:|info:|e-?print\s+)?"
    r"arxiv(?:\s+(?:preprints?|e-?prints?|id))?,?(?:\s+arxiv)?\s*[:./\s]\s*|"
    r"oai:arxiv\.org:|(?:corr\b[\s,:]*)?abs/",
    re.IGNORECASE,
)
# what arXiv's pages put after a number: "[cs.LG]", "[cs.LG] 2 Mar 2022", "[cs], arXiv: 2203.01360" (Zotero)
_ARXIV_AFTER = lazy_pattern(
    r"(?:\s*\[[\w.-]{2,20}\](?:\s*\(?\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\)?|,\s*arxiv:\s*[\w./-]{9,25}+)?|\.pdf|/)*(?:[?#].*)?$",
    re.IGNORECASE,
)
_MAX_ARXIV = 1000  # characters of an id in a URL with everything that may follow it
_ARXIV_NEW = lazy_pattern(
    r"(?P<number>(?P<yy>\d{2})(?P<mm>\d{2})\.(?P<serial>\d{4,5}))(?:v(?P<version>\d{1,3}))?", re.ASCII
)
_ARXIV_OLD = lazy_pattern(
    r"(?P<archive>(?:[a-z]{2,}(?:-[a-z]{2,})?|[A-Z]{2,}(?:-[A-Z]{2,})?))(?:\.[A-Za-z]{2}(?:-[a-z]+)?)?/"
    r"(?P<yy>\d{2})(?P<mm>\d{2})(?P<serial>\d{3})(?:v(?P<version>\d{1,3}))?",
    re.ASCII,
)
_OLD_ARCHIVES = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs "
    "dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol "
    "physics plasm-ph q-alg q-bio quant-ph solv-int supr-con".split()
)


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv number without version, as arXiv writes it (``2203.01360``, ``math/0309136``), and the version or None.

    Two ids name the same work if their ``number`` is the same.
    """

    number: str
    version: int | None = None

    def __str__(self) -> str:
        return self.number if self.version is None else f"{self.number}v{self.version}"

    @property
    def url(self) -> str:
        """The abstract page, with the version if there is one."""
        return f"https://arxiv.org/abs/{self}"

    @property
    def doi(self) -> str:
        """ArXiv's own DOI: one per paper, never versioned."""
        return f"10.48550/arXiv.{self.number}"

    @property
    def year_month(self) -> tuple[int, int]:
        """Year and month in which the number was given."""
        digits = self.number.rsplit("/", maxsplit=1)[-1]
        yy = int(digits[:2])
        return (1900 + yy if yy >= 91 else 2000 + yy), int(digits[2:4])


def parse_arxiv_id(text: str) -> ArxivId:
    """The arXiv id in a bare id, ``arXiv:...``, a URL (abs, pdf), or arXiv's own DOI.

    ``math.GT/0309136`` is an older form of ``math/0309136``. Raises `IdentifierError`, also for months that do not
    exist and for the wrong number of digits for the year (four until 2014, five since).
    """
    if len(text) > _MAX_ARXIV:
        raise IdentifierError("arXiv id", text, "it is too long")
    return _read_either_way(_bare_arxiv_id, text)


def _bare_arxiv_id(text: str) -> ArxivId:
    bare = text.strip().strip("<>")
    if prefix := _ARXIV_PREFIX.match(bare):
        bare = bare[prefix.end() :]
    bare = unquoted(bare).strip()
    # one reading for each character: "####" could otherwise be cut in ever so many ways
    bare = _ARXIV_AFTER.sub("", bare)
    if new := _ARXIV_NEW.fullmatch(bare):
        yy, mm = int(new["yy"]), int(new["mm"])
        if not 1 <= mm <= 12 or (yy, mm) < (7, 4):
            raise IdentifierError("arXiv id", text, f"there is no month {new['yy']}{new['mm']} of new-style ids")
        if len(new["serial"]) != (4 if yy < 15 else 5):
            wanted = "four" if yy < 15 else "five"
            raise IdentifierError("arXiv id", text, f"ids of that year have {wanted} digits after the dot")
        return ArxivId(new["number"], _version(new["version"], text))
    if old := _ARXIV_OLD.fullmatch(bare):
        yy, mm = int(old["yy"]), int(old["mm"])
        archive = old["archive"].lower()
        if archive not in _OLD_ARCHIVES:
            raise IdentifierError("arXiv id", text, f"there is no archive {old['archive']!r}")
        if not 1 <= mm <= 12 or not (yy >= 91 or (yy, mm) <= (7, 3)):
            raise IdentifierError("arXiv id", text, f"there is no month {old['yy']}{old['mm']} of old-style ids")
        number = f"{archive}/{old['yy']}{old['mm']}{old['serial']}"
        return ArxivId(number, _version(old["version"], text))
    raise IdentifierError("arXiv id", text, "expected 2203.01360 or math/0309136, with or without v2")


def _version(digits: str | None, text: str) -> int | None:
    if digits is None:
        return None
    if int(digits) == 0:
        raise IdentifierError("arXiv id", text, "versions count from 1")
    return int(digits)


_DOI_PREFIX = lazy_pattern(
    r"(?:https?\s*:\s*/{1,2})?(?:(?:dx\.|www\.)?doi[.-](?:org|acm\.org|ieeecomputersociety\.org)(?:\.[a-z0-9.-]+)?|"
    r"hdl\.handle\.net)/(?:doi:|hdl:)?\s*|(?:info|urn|hdl):(?:doi[:/]|hdl[:/])?|"
    r"digital\s+object\s+identifier\s*:?\s*|doi(?:\s*[:=]\s*|\s+)?(?:\.\s*)?",
    re.IGNORECASE,
)
_DOI_SUFFIX = lazy_pattern(r"\s*\[doi\]$|[?#](?:utm_|ref=|casa_token=)[^\s]*$", re.IGNORECASE)
_PLACE_IN_PAGE = lazy_pattern(r"(?:#[\w-]{2,}|/)+$")  # one sign after # may be the check character of a SICI
_ADDRESS_AFTER = lazy_pattern(r"[,;]+(?:https?|ftp)://.*", re.IGNORECASE | re.DOTALL)
_DOI = lazy_pattern(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]{1,1000}")


def parse_doi(text: str) -> str:
    """The DOI in a bare DOI, ``doi:...`` or a URL: its spelling kept, prefixes and percent-encoding removed.

    A resolver reached through the proxy of a library and that of handles count, since a DOI is a handle. Compare with
    `same_doi`. Raises `IdentifierError`.
    """
    return _read_either_way(_bare_doi, text)


def _bare_doi(text: str) -> str:
    bare = text.strip().strip("<>")
    was_url = False
    for _ in range(3):  # "doi: https://doi.org/10..."
        prefix = None if bare.startswith("10.") else _DOI_PREFIX.match(bare)
        if prefix is None:
            break
        was_url = was_url or "/" in prefix[0]
        bare = bare[prefix.end() :].lstrip()
    if "%" in bare and (was_url or "%2f" in bare[:14].lower()):
        bare = unquoted(bare)
    if bare.endswith("]") or "?" in bare or "#" in bare:
        bare = _DOI_SUFFIX.sub("", bare)
    if was_url:
        bare = _PLACE_IN_PAGE.sub("", bare)
    if "://" in bare:
        bare = _ADDRESS_AFTER.sub("", bare)
    bare = bare.replace("\\_", "_").replace("{\\_}", "_")
    while bare and (bare[-1] in ".,;:'" or (bare[-1] in ")]}" and not _balanced(bare))):
        bare = bare[:-1]
    if not _is_usual_doi(bare) and not _DOI.fullmatch(bare):
        raise IdentifierError("DOI", text, "expected 10.NNNN/suffix without spaces")
    return bare


def _is_usual_doi(text: str) -> bool:
    """Whether there is a number of up to nine digits after ``10.``, and a name after the slash; that is a DOI."""
    prefix, _, name = text.partition("/")
    return (
        prefix[3:].isdecimal()
        and 7 <= len(prefix) <= 12
        and 1 <= len(name) <= 1000
        and prefix.startswith("10.")
        and name.isprintable()  # as white space is not, apart from a space
        and " " not in name
        and '"' not in name
    )


_PAIRS = {")": "(", "]": "[", "}": "{"}


def _balanced(text: str) -> bool:
    last = text[-1]
    return text.count(_PAIRS[last]) >= text.count(last)


def same_doi(first: str, second: str) -> bool:
    """DOIs are compared without regard to the case of ASCII letters (DOI Handbook 2.4)."""
    return first.casefold() == second.casefold()


def arxiv_id_of_doi(doi: str) -> ArxivId | None:
    """The arXiv id in arXiv's own DOI (10.48550/arXiv.2203.01360); None for other DOIs."""
    if not doi.casefold().startswith(ARXIV_DOI_PREFIX):
        return None
    try:
        return parse_arxiv_id(doi[len(ARXIV_DOI_PREFIX) :])
    except IdentifierError:
        return None


def parse_isbn(text: str) -> str:
    """The ISBN as 10 or 13 digits without hyphens (``X`` possible as the last of ten), check digit verified."""
    return _read_either_way(_bare_isbn, text)


def _bare_isbn(text: str) -> str:
    bare = re.sub(r"(?i)^\s*(?:urn:)?isbn(?:-1[03])?\s*:?", "", text)
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", bare).upper()
    if not re.fullmatch(r"\d{9}[\dX]|97[89]\d{10}", digits, re.ASCII):
        raise IdentifierError("ISBN", text, "expected 10 or 13 digits")
    if _weighted(digits) % 11 if len(digits) == 10 else _ean(digits) % 10:
        raise IdentifierError("ISBN", text, "the check digit is wrong")
    return digits


def _weighted(digits: str) -> int:
    """The sum of the digits times their position from the right, from 1; ``X`` is ten."""
    return sum(place * (10 if c == "X" else int(c)) for place, c in enumerate(reversed(digits), start=1))


def _ean(digits: str) -> int:
    """The sum of the digits times 1 and 3 in turn."""
    return sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(digits))


def isbn13(isbn: str) -> str:
    """The 13-digit form of a normalised ISBN, for comparing."""
    if len(isbn) == 13:
        return isbn
    stem = "978" + isbn[:9]
    return stem + str(-_ean(stem) % 10)


def parse_issn(text: str) -> str:
    """The ISSN as ``1234-567X``, check digit verified. ``urn:issn:`` and the ISSN Portal's address are read."""
    return _read_either_way(_bare_issn, text)


_ISSN_PREFIX = lazy_pattern(
    r"\s*(?:(?:https?://)?(?:portal|urn)\.issn\.org/(?:resource/issn(?:-l)?/|urn:issn:)|urn:\s*issn\s*:|e?-?issn\s*:?)",
    re.IGNORECASE,
)


def _bare_issn(text: str) -> str:
    prefix = _ISSN_PREFIX.match(text)
    bare = text[prefix.end() :] if prefix else text
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", bare).upper()
    if not re.fullmatch(r"\d{7}[\dX]", digits, re.ASCII):
        raise IdentifierError("ISSN", text, "expected eight digits, 1234-567X")
    if _weighted(digits) % 11:
        raise IdentifierError("ISSN", text, "the check digit is wrong")
    return f"{digits[:4]}-{digits[4:]}"


# the label, a URN or info URI, or an address of PubMed, Europe PMC (as MED) or identifiers.org
_PMID_PREFIX = lazy_pattern(
    r"(?:(?:https?://)?(?:(?:www\.|m\.)?pubmed(?:\.ncbi\.nlm\.nih)?\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/"
    r"|(?:www\.)?europepmc\.org/(?:article|abstract)/med/|(?:www\.)?identifiers\.org/pubmed[:/])(?:\?term=)?"
    r"|(?:urn:|info:)?(?:pmid|pubmed(?:\s*id)?)\s*[:/]?\s*)",
    re.IGNORECASE,
)
_PMCID_PREFIX = lazy_pattern(
    r"(?:(?:https?://)?(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|(?:www\.)?europepmc\.org)"
    r"/articles?/(?:pmc/)?|(?:https?://)?(?:www\.)?identifiers\.org/pmc[:/]"
    r"|(?:https?://)?(?:www\.)?pubmedcentral\.(?:nih\.)?gov/articlerender\.fcgi\?artid=|(?:urn:|info:)?pmcid\s*[:/]?\s*)",
    re.IGNORECASE,
)
_PUBMED_AFTER = lazy_pattern(r"\s*\[(?:pmid|pmc|pmcid)\]|/?(?:[?#].*)?$", re.IGNORECASE)
_PMCID = lazy_pattern(r"(?:pmc\s*:?\s*){0,2}(?P<number>\d{1,9})(?:\.\d)?(?:/.*)?", re.IGNORECASE | re.ASCII)


def parse_pmid(text: str) -> str:
    """The PubMed id as digits, from itself, after ``PMID:``, or from an address of PubMed or Europe PMC."""
    return _read_either_way(_bare_pmid, text)


def _bare_pmid(text: str) -> str:
    bare = text.strip()
    prefix = _PMID_PREFIX.match(bare)
    bare = _PUBMED_AFTER.sub("", bare[prefix.end() :] if prefix else bare).strip()
    if not re.fullmatch(r"[1-9]\d{0,8}", bare, re.ASCII):
        raise IdentifierError("PMID", text, "expected up to nine digits")
    return bare


def parse_pmcid(text: str) -> str:
    """The PubMed Central id as ``PMC1234567``, without the number of a version (``PMC1234567.1``)."""
    return _read_either_way(_bare_pmcid, text)


def _bare_pmcid(text: str) -> str:
    bare = text.strip()
    prefix = _PMCID_PREFIX.match(bare)
    match = _PMCID.fullmatch(_PUBMED_AFTER.sub("", bare[prefix.end() :] if prefix else bare))
    if not match:
        raise IdentifierError("PMCID", text, "expected PMC and up to nine digits")
    return f"PMC{match['number']}"


_ORCID_PREFIX = lazy_pattern(
    r"(?i)^\s*(?:(?:urn:|info:)?orcid(?!\.)(?:\s*id)?\s*[:=/]?\s*)?"
    r"(?:(?:https?://)?(?:www\.|sandbox\.)?orcid\.org/(?:my-orcid\?orcid=)?)?"
)


def parse_orcid(text: str) -> str:
    """The ORCID iD as ``0000-0002-1825-0097`` (``X`` possible as the last sign), check digit (ISO 7064, 11-2) verified.

    Bare, with or without hyphens, after ``orcid:``, or as a URL.
    """
    return _read_either_way(_bare_orcid, text)


def _bare_orcid(text: str) -> str:
    bare = _ORCID_PREFIX.sub("", text.strip().strip("<>"), count=1).strip()
    bare = re.sub(r"/?(?:print/?)?(?:[?#].*)?$", "", bare)
    digits = re.sub(r"[\s\-\u2010-\u2015]", "", bare).upper()
    if not re.fullmatch(r"\d{15}[\dX]", digits, re.ASCII):
        raise IdentifierError("ORCID iD", text, "expected sixteen digits, 0000-0002-1825-0097")
    total = 0
    for char in digits[:-1]:
        total = (total + int(char)) * 2 % 11
    if (12 - total) % 11 != (10 if digits[-1] == "X" else int(digits[-1])):
        raise IdentifierError("ORCID iD", text, "the check digit is wrong")
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def orcid_of(value: object) -> str:
    """The bare ORCID iD, or "" if the value is not one."""
    if not isinstance(value, str) or not value:
        return ""
    try:
        return parse_orcid(value)
    except IdentifierError:
        return ""


def orcid_url(orcid: str) -> str:
    """The address of an ORCID iD; "" for none."""
    return f"https://orcid.org/{orcid}" if orcid else ""
