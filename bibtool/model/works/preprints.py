"""One form for preprints, however they were exported: as journals, reports, misc, with fake volumes and pages. Pure.

The servers, their DOIs and numbers are in the table `SERVERS`, written down from what each server says about citing its
papers (https://info.arxiv.org/help/bib_feed.html, https://www.biorxiv.org/about/FAQ, SSRN's and OSF's "cite" boxes,
https://eprint.iacr.org/citation.html) and from how Google Scholar, DBLP, Semantic Scholar, ADS and Zotero export them.
Names alone, without DOIs or numbers, are known to `bibtool.model.works.venues`.
"""

from __future__ import annotations

import re

from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.text.fold import title_key, words
from bibtool.model.works.venues import is_preprint_server, names_preprint_server
from bibtool.structs import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Value


@dataclass(frozen=True, slots=True)
class Server:
    """A preprint server: its name, other names (folded), and patterns of its DOIs, addresses and numbers.

    The group ``number`` of a pattern is the number of the paper. ``hosts`` are publishers that its exports name in
    place of the server. ``printed``, ``doi_of`` and ``url_of`` make the printed number,
    the DOI and the address from it. ``by_year`` says that papers are counted from 1 in each year: year, slash, three
    digits or more.
    """

    name: str
    names: tuple[str, ...] = ()
    doi: str = ""
    url: str = ""
    number: str = ""
    hosts: tuple[str, ...] = ()
    printed: str = ""
    doi_of: str = ""
    url_of: str = ""
    genre: str = ""
    by_year: bool = False


_CSHL: Final = ("cold spring harbor laboratory", "cold spring harbor laboratory press", "openrxiv")
_OSF_HOSTS: Final = ("osf", "osf preprints", "center for open science", "open science framework")
_RXIV_NUMBER: Final = r"(?P<number>\d{4}\.\d{2}\.\d{2}\.\d{6,8}|\d{6})"
ARXIV: Final = Server(
    "arXiv",
    ("corr", "computing research repository"),
    hosts=("cornell university", "cornell university library", "arxiv org", "ithaca ny arxiv cornell university"),
)
SERVERS: Final = (
    Server("bioRxiv", doi=r"10\.1101/(?P<number>\d{6})", url=r"biorxiv\.org", number=_RXIV_NUMBER, hosts=_CSHL),
    Server("medRxiv", url=r"medrxiv\.org", number=_RXIV_NUMBER, hosts=_CSHL),
    Server(
        "SSRN",
        ("ssrn electronic journal", "social science research network", "ssrn scholarly paper"),
        doi=r"10\.2139/ssrn\.(?P<number>\d+)",
        url=r"ssrn\.com/(?:.*abstract(?:_id)?=)?(?P<number>\d{5,8})",
        number=r"(?P<number>\d{5,8})",
        hosts=("elsevier bv", "elsevier", "social science electronic publishing"),
        printed="{}",
        doi_of="10.2139/ssrn.{}",
        genre="SSRN Scholarly Paper",
    ),
    Server(
        "Cryptology ePrint Archive",
        ("cryptology eprint arch", "iacr cryptol eprint arch", "iacr cryptology eprint archive", "iacr eprint",
         "iacr eprint archive", "iacr cryptology eprint arch", "cryptology eprint archive"),
        url=r"eprint\.iacr\.org/(?P<number>(?:19|20)\d{2}/\d{1,4})",
        number=r"(?P<number>(?:19|20)\d{2}/\d{1,4})",
        hosts=("international association for cryptologic research", "iacr"),
        printed="Paper {}",
        url_of="https://eprint.iacr.org/{}",
        by_year=True,
    ),
    Server("PsyArXiv", doi=r"10\.31234/osf\.io/.+", url=r"psyarxiv\.com", hosts=_OSF_HOSTS),
    Server("SocArXiv", doi=r"10\.31235/osf\.io/.+", hosts=_OSF_HOSTS),
    Server("EdArXiv", doi=r"10\.35542/osf\.io/.+", hosts=_OSF_HOSTS),
    Server("MetaArXiv", doi=r"10\.31222/osf\.io/.+", hosts=_OSF_HOSTS),
    Server("EarthArXiv", doi=r"10\.31223/.+", hosts=(*_OSF_HOSTS, "california digital library cdl")),
    Server("OSF Preprints", ("osf", "open science framework"), doi=r"10\.31219/osf\.io/.+",
           hosts=("center for open science",)),
    Server("ChemRxiv", doi=r"10\.26434/chemrxiv.+", url=r"chemrxiv\.org",
           hosts=("american chemical society acs", "cambridge university press", "american chemical society")),
    Server("Research Square", ("researchsquare", "research square platform"), doi=r"10\.21203/rs\..+",
           url=r"researchsquare\.com",
           hosts=("research square platform llc", "springer science and business media llc")),
    Server("Preprints.org", ("preprints", "preprints org"), doi=r"10\.20944/preprints.+", url=r"preprints\.org",
           hosts=("mdpi", "mdpi ag")),
    Server("TechRxiv", doi=r"10\.36227/techrxiv.+", url=r"techrxiv\.org",
           hosts=("institute of electrical and electronics engineers ieee", "ieee")),
    Server("Authorea", doi=r"10\.22541/au\..+", url=r"authorea\.com", hosts=("authorea inc", "wiley")),
    Server("PeerJ Preprints", doi=r"10\.7287/peerj\.preprints\..+", hosts=("peerj", "peerj inc")),
)  # fmt: skip
_HOSTS: Final = frozenset(host for server in (ARXIV, *SERVERS) for host in server.hosts)
# what the address of a paper on any of them has
_ANY_URL: Final = lazy_pattern(
    "|".join(server.url.replace("?P<number>", "?:") for server in SERVERS if server.url), re.IGNORECASE
)
# both bioRxiv and medRxiv register DOIs with a date in them
_RXIV_DOI: Final = lazy_pattern(rf"10\.(?:1101|64898)/{_RXIV_NUMBER}(?:v\d+)?", re.IGNORECASE)
_RXIV_IN_URL: Final = lazy_pattern(rf"(10\.(?:1101|64898)/{_RXIV_NUMBER})", re.IGNORECASE)

_ARXIV_IN_PLACE: Final = lazy_pattern(
    r"(?:abs/)?(?<![\d.])(?P<number>\d{4}\.\d{4,5}(?:v\d{1,3})?(?![\d.]*\d)|[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,3})?)",
    re.ASCII,
)
_CATEGORY: Final = lazy_pattern(
    r"(?:[a-z]{2,8}(?:-[a-z]{2,4})?\.[A-Za-z-]{2,8}|cs|math|physics|stat|eess|econ|q-bio|q-fin|nlin|"
    r"astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph)"
)
_BRACKETS: Final = lazy_pattern(r"[\[(]\s*(?P<words>[^\[\]()]*)[\])]")
# words that a place may have next to the name of the server and the number
_NOISE: Final = frozenset(
    "a abs at available article e electronic eprint eprints id in journal no nr number on online paper papers preprint "
    "preprints print prints report server the version www http https abstract".split()
)
# types that exports give to preprints; data, theses and books in an archive are what they say
_LOOSE: Final = frozenset({"article", "article-journal", "document", "manuscript", "post", "post-weblog", "webpage"})
PREPRINT_TYPES: Final = _LOOSE | {"report", "article-magazine", "paper-conference", "chapter"}
"""The types that works have which are preprints; no other record is one."""
_JUST_PREPRINT: Final = frozenset({"preprint", "preprints", "eprint", "eprints", "e print", "e prints", "pre print"})
_PLACES: Final = ("container-title", "publisher", "archive", "number", "issue", "volume", "page", "note", "genre")
_ZOTERO_TYPE: Final = lazy_pattern(r"\s*\btype: article$")  # Zotero's translator for arXiv ends its note so
_DATE_PAGES: Final = lazy_pattern(r"(?:19|20)\d{2}-{1,2}\d{1,2}(?:-{1,2}\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Preprint:
    """What a preprint looks like in one form: type, variables, and what is said of arXiv."""

    type: str
    variables: dict[str, Value]
    arxiv: Arxiv | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A preprint server named in a text, with the number and the arXiv category that it adds."""

    server: Server
    number: str = ""
    category: str = ""


def names_only_a_server(text: str) -> bool:
    """Whether a text says nothing but a preprint server, maybe with the number: ``arXiv preprint arXiv:2302.00001``."""
    return _place_in(text) is not None


def may_be_host(publisher: str) -> bool:
    """Whether a work of a publisher, which no other place is said of, may be a preprint that was exported with it."""
    key = title_key(publisher)
    return not key or key in _HOSTS


def as_preprint(record_type: str, variables: Mapping[str, Value], arxiv: Arxiv | None) -> Preprint | None:
    """The one form of a preprint; None where the values say that the work is none, or leave it open.

    The type is ``article``, the publisher is the server, the number as styles print it. Neither is a server a journal,
    nor are its numbers volumes or pages. On arXiv, id, DOI and address are in ``arxiv`` alone, from which
    `bibtool.model.standins` derives the rest. Text that says more than server and number is never touched.
    """
    if record_type not in PREPRINT_TYPES:
        return None
    container = _text(variables, "container-title")
    place = None
    if container:
        if not names_preprint_server(container) or (place := _place_in(container)) is None:
            return None
    elif record_type in _LOOSE or record_type == "report":
        place = _named_outside(record_type, variables, arxiv)
    if place is None:
        return None
    return _on_arxiv(variables, arxiv, place) if place.server is ARXIV else _elsewhere(variables, arxiv, place)


def _text(variables: Mapping[str, Value], name: str) -> str:
    value = variables.get(name)
    if value is None:
        return ""
    return value.plain().strip() if isinstance(value, Text) else str(value).strip()


def _named_outside(record_type: str, variables: Mapping[str, Value], arxiv: Arxiv | None) -> _Place | None:
    """The server of a record without a container: by publisher or archive, else by id, DOI or address."""
    for name in ("publisher", "archive"):
        text = _text(variables, name)
        if text and names_preprint_server(text) and (place := _place_in(text)) is not None:
            server = _server_of_doi(_text(variables, "DOI")) if place.server.name == "OSF Preprints" else None
            return place if server is None else _Place(server, place.number)
    if record_type == "report":
        return None
    publisher = title_key(_text(variables, "publisher"))
    if publisher and publisher not in _HOSTS:
        return None
    note = _text(variables, "note")
    if record_type in {"manuscript", "document"} and not publisher and names_preprint_server(note):
        return _place_in(note)
    if arxiv is not None and arxiv.id is not None:
        return _Place(ARXIV) if record_type == "article" and (not publisher or publisher in ARXIV.hosts) else None
    server = _server_of_doi(_text(variables, "DOI")) or _server_of_url(_text(variables, "URL"))
    if server is None or record_type == "manuscript":
        return None
    return _Place(server) if not publisher or publisher in server.hosts else None


def _server_of_doi(doi: str) -> Server | None:
    if not doi:
        return None
    if arxiv_id_of_doi(doi) is not None:
        return ARXIV
    return next((server for server in SERVERS if server.doi and re.fullmatch(server.doi, doi, re.IGNORECASE)), None)


def _server_of_url(url: str) -> Server | None:
    if "arxiv.org/" in url and (_arxiv_of(url)) is not None:
        return ARXIV
    if not url or not _ANY_URL.search(url):
        return None
    return next((server for server in SERVERS if server.url and re.search(server.url, url, re.IGNORECASE)), None)


def _arxiv_of(text: str) -> ArxivId | None:
    try:
        return parse_arxiv_id(text)
    except IdentifierError:
        return None


def _place_in(text: str) -> _Place | None:
    """The server that a text names and nothing but it; None for a text that says more, or names no server."""
    text = " ".join(text.split())
    if len(text) > 200:
        return None
    folded = title_key(text)
    if folded in _JUST_PREPRINT and text != "Preprints":
        return _Place(Server("", genre=text))
    for server in (ARXIV, *SERVERS):
        own = (title_key(server.name), *server.names)
        if any(name in folded and re.search(rf"\b{name}\b", folded) for name in own):
            place = _with_number(text, server, own)
            if place is not None:
                return place
    if is_preprint_server(text):
        return _Place(Server(text))
    return None


def _with_number(text: str, server: Server, own: tuple[str, ...]) -> _Place | None:
    number = category = ""
    pattern = _ARXIV_IN_PLACE if server is ARXIV else re.compile(server.number) if server.number else None
    rest = text
    for bracket in _BRACKETS.finditer(text):
        inner = bracket["words"].split(",")[0].strip()
        if server is ARXIV and all(
            _CATEGORY.fullmatch(word) for word in re.split(r"[,;\s]+", bracket["words"]) if word
        ):
            category, rest = category or inner, rest.replace(bracket[0], " ")
        elif title_key(inner) in server.hosts or re.fullmatch(r"(?:19|20)\d\d", inner):
            rest = rest.replace(bracket[0], " ")
    if pattern is not None:
        numbers = {found["number"] for found in pattern.finditer(rest)}
        if len(numbers) > 1:
            return None
        number = next(iter(numbers), "")
        rest = pattern.sub(" ", rest)
    known = {word for name in own for word in name.split()} | _NOISE | {"org", "rxiv", "com"}
    said = [word for word in words(rest) if word not in known]
    if said and server is not ARXIV and all(word.isdigit() and len(word) == 4 for word in said):
        said = []
    return None if said else _Place(server, number, category)


def _numbers(variables: Mapping[str, Value], server: Server, place: _Place) -> Iterator[str]:
    """What the variables say of the number of the paper, the surest first."""
    for variable, pattern in (("DOI", server.doi), ("URL", server.url)):
        found = re.search(pattern, _text(variables, variable), re.IGNORECASE) if pattern else None
        if found is not None and "number" in found.groupdict():
            yield found["number"]
    if found := _RXIV_DOI.fullmatch(_text(variables, "DOI")):
        yield found["number"]
    yield place.number
    for name in _PLACES:
        text = _text(variables, name)
        if (
            server.number
            and text
            and (found := re.search(server.number, text))
            and (names_preprint_server(text) or name in {"number", "volume", "issue"})
        ):
            yield found["number"]
    page = _text(variables, "page")
    if server.by_year and page.isascii() and page.isdigit() and len(page) <= 4:
        volume, issued = _text(variables, "volume"), variables.get("issued")
        year = volume or (issued.start.year if isinstance(issued, Date) and issued.start is not None else "")
        if re.fullmatch(r"(?:19|20)\d{2}", str(year)):  # DBLP's form; newer entries have no volume
            yield f"{year}/{page}"


def _on_arxiv(variables: Mapping[str, Value], arxiv: Arxiv | None, place: _Place) -> Preprint | None:
    arxiv_id = arxiv.id if arxiv is not None else None
    if arxiv_id is None:
        texts = [_text(variables, name) for name in ("DOI", "URL")]
        texts += [found["number"] for name in _PLACES if (found := _ARXIV_IN_PLACE.search(_text(variables, name)))]
        arxiv_id = next((known for text in texts if text and (known := _arxiv_of(text))), None)
    if arxiv_id is None:
        return _elsewhere(variables, arxiv, place)
    kept = dict(variables)
    category = place.category
    for name in ("container-title", "publisher", "archive", "number", "note"):
        text = _text(kept, name)
        if name == "publisher" and title_key(text) in ARXIV.hosts:
            del kept[name]
        elif text and (said := _said_of_arxiv(_ZOTERO_TYPE.sub("", text), arxiv_id)) is not None:
            category = category or said
            del kept[name]
    _drop_short(kept, variables)
    for name in ("volume", "issue", "page", "archive_location", "collection-number"):
        text = _text(kept, name)
        if text and _CATEGORY.fullmatch(text):
            category = text if "." in text or not category else category
            del kept[name]
        elif text and _said_of_arxiv(text if names_preprint_server(text) else f"arXiv {text}", arxiv_id) is not None:
            del kept[name]
    kept.pop("page-first", None)
    if title_key(_text(kept, "genre")) in _JUST_PREPRINT | {"arxiv preprint", "arxiv"}:
        del kept["genre"]
    if _text(kept, "DOI").casefold() == arxiv_id.doi.casefold():
        del kept["DOI"]
    url = _text(kept, "URL")
    if url and (said_id := _arxiv_of(url)) is not None and said_id in (arxiv_id, type(arxiv_id)(arxiv_id.number)):
        del kept["URL"]
    said_before = arxiv if arxiv is not None else Arxiv()
    category = said_before.primary_category or category
    return Preprint("article", kept, replace(said_before, id=arxiv_id, primary_category=category))


def _drop_short(kept: dict[str, Value], variables: Mapping[str, Value]) -> None:
    """Drop the short title of a container that was dropped, and one that only names a server."""
    short = _text(kept, "container-title-short")
    if short and "container-title" not in kept and ("container-title" in variables or _place_in(short) is not None):
        del kept["container-title-short"]


def _said_of_arxiv(text: str, arxiv_id: ArxivId) -> str | None:
    """The category that a text names which else says only that a paper is on arXiv under that id; None for more."""
    place = _place_in(text)
    if place is None or place.server is not ARXIV:
        return None
    if place.number and ((named := _arxiv_of(place.number)) is None or named.number != arxiv_id.number):
        return None
    return place.category


def _spellings_of(number: str, server: Server) -> set[str]:
    """What exports write as volume, page or number of a paper with this number."""
    parts = number.split("/")
    names = (f"{name} {number}" for name in ("Paper", "Report", server.name))
    return {number, *parts, parts[-1].lstrip("0"), *names}


def _elsewhere(variables: Mapping[str, Value], arxiv: Arxiv | None, place: _Place) -> Preprint:
    server = place.server
    kept = dict(variables)
    if not server.name:  # "Preprint" as a journal
        for name in ("container-title", "publisher"):
            if title_key(_text(kept, name)) in _JUST_PREPRINT:
                kept.pop(name, None)
        _drop_short(kept, variables)
        kept.setdefault("genre", Text.of(server.genre))
        return Preprint("article", kept, arxiv)
    number = next((number for number in _numbers(variables, server, place) if number), "")
    if server.by_year:
        year, slash, count = number.partition("/")
        number = year + slash + (count.zfill(3) if count else "")
    for name in ("container-title", "archive"):
        text = _text(kept, name)
        if text and (said := _place_in(text)) is not None and (not said.number or said.number == number):
            del kept[name]
    _drop_short(kept, variables)
    publisher = _text(kept, "publisher")
    if not publisher or title_key(publisher) in server.hosts or _place_in(publisher) is not None:
        kept["publisher"] = Text.of(server.name)
    own = _spellings_of(number, server) if number else set()
    if doi := _text(kept, "DOI"):
        own.add(doi.partition("/")[2])
    for name in ("number", "volume", "issue", "page", "collection-number"):
        text = _text(kept, name)
        if text and (
            text in own or (name == "page" and "rxiv" in server.name.casefold() and _DATE_PAGES.fullmatch(text))
        ):
            del kept[name]
    kept.pop("page-first", None)
    if number and server.printed:
        kept["number"] = Number(server.printed.format(number))
    if number and server.doi_of and "DOI" not in kept:
        kept["DOI"] = Verbatim(server.doi_of.format(number))
    if number and server.url_of and "URL" not in kept:
        kept["URL"] = Verbatim(server.url_of.format(number))
    if "DOI" not in kept and (found := _RXIV_IN_URL.search(_text(kept, "URL"))):
        kept["DOI"] = Verbatim(found[1])
    genre = title_key(_text(kept, "genre"))
    if server.genre and number and (not genre or genre in server.names):
        kept["genre"] = Text.of(server.genre)
    return Preprint("article", kept, arxiv)
