"""Where a work was published, from the journal reference that its authors gave arXiv. Pure.

The field is free text (https://info.arxiv.org/help/prep.html#journal), so there are two readers. `article_of` takes the
common forms of a journal article with volume, pages and year, from beginning to end: together with a DOI that is
certain enough to be used as it is. `publication_of` also reads proceedings, series, short names of conferences
(``NeurIPS 2021``) and references without pages; what it gives is a suggestion for a person to look at.

References that say that something is still to come ("to appear", "submitted") name no publication.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.numbers import Number
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.model.record import Value

MAX_REFERENCE = 300  # characters of a journal reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where a work appeared. ``type`` is CSL's; ``title`` is the work's title there, "" where it is not another."""

    venue: str
    year: int
    type: str = "article-journal"
    volume: str = ""
    issue: str = ""
    pages: str = ""
    series: str = ""
    publisher: str = ""
    title: str = ""

    def values(self, doi: str = "") -> dict[str, Value | None]:
        """The values of a record that is this publication; None removes what a preprint says in their place."""
        made: dict[str, Value | None] = {
            "container-title": Text.of(self.venue),
            "volume": Number(self.volume) if self.volume else None,
            "issue": Number(self.issue) if self.issue else None,
            "page": Number(self.pages) if self.pages else None,
            "issued": Date.of(self.year),
        }
        if doi:
            made["DOI"] = Verbatim(doi)
        if self.type != "article-journal":
            made["collection-title"] = Text.of(self.series) if self.series else None
            made["publisher"] = Text.of(self.publisher) if self.publisher else None
        if self.title:
            made["title"] = Text.of(self.title)
        return made

    def __str__(self) -> str:
        """The publication in one line."""
        number = f"{self.volume}({self.issue})" if self.issue else self.volume
        parts = (self.venue, number, self.pages, str(self.year))
        return ", ".join(part for part in parts if part) + (f', as "{self.title}"' if self.title else "")


# ---- articles -------------------------------------------------------------------------------------------------------

_NUMBERS = r"(?P<volume>[0-9]{1,5})(?:\s?\((?P<issue>[0-9]{1,4}(?:[-/][0-9]{1,4})?)\))?"
_VENUE = r"(?P<venue>[^\W\d_][^\d_,;:()\"]{1,150}[^\W\d_]\.?)"
_PAGE_RANGE = r"[A-Za-z]?[0-9]{1,12}(?:\s?(?:--?|\u2013)\s?[A-Za-z]?[0-9]{1,9})?(?:\(R\))?"
_PAGE_GROUP = rf"(?P<pages>{_PAGE_RANGE})"
_PAGES = rf"(?:pp?\.\s?)?{_PAGE_GROUP}"
_FOUR_DIGITS = r"(?:19|20)[0-9]{2}"
_YEAR = rf"(?P<year>{_FOUR_DIGITS})"
_BARE_YEAR = rf"(?P<bare>{_FOUR_DIGITS})"
_NO_JOURNAL = lazy_pattern(
    r"proceedings|proc\.|advances in|conference|conf\.|workshop|symposium|lecture notes|lncs|in:", re.IGNORECASE
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_VENUE},?\s{_NUMBERS},?\s\({_YEAR}\),?\s?{_PAGES}",  # J. Comput. Phys. 496 (2024) 112588
        rf"{_VENUE},?\s(?:[Vv]ol\.?\s?)?{_NUMBERS},\s?{_PAGES},?\s\({_YEAR}\)",  # Phys. Rev. D 71, 063004 (2005)
        rf"{_VENUE},?\s{_NUMBERS}:\s?{_PAGES},?\s(?:\({_YEAR}\)|{_BARE_YEAR})",  # JMLR 22(1):1-40, 2021
    )
)


def article_of(reference: str) -> Publication | None:
    """The article that a journal reference names, if it is in one of the usual forms from beginning to end.

    None for proceedings and series, and for a volume that may be a year: there is a doubt what is what.
    """
    text = _bare(reference)
    if len(text) > MAX_REFERENCE:
        return None
    for form in _FORMS:
        if parts := form.fullmatch(text):
            if _NO_JOURNAL.match(parts["venue"]) or int(parts["volume"]) in range(1900, 2100):
                return None
            return Publication(
                venue=parts["venue"].strip(),
                volume=parts["volume"],
                pages=_range(parts["pages"]),
                year=int(parts["year"] or parts.groupdict().get("bare") or 0),
                issue=parts["issue"] or "",
            )
    return None


def _bare(reference: str) -> str:
    return " ".join(reference.split()).removesuffix(".")


def _range(pages: str) -> str:
    return re.sub(r"\s?(?:--?|\u2013)\s?", "-", pages)


# ---- everything else ------------------------------------------------------------------------------------------------

_PUBLISHERS = "Springer(?:-Verlag| Nature)?|Elsevier|ACM|IEEE|PMLR|AAAI Press|Birkh\u00e4user|De Gruyter|MIT Press|SIAM"
_SERIES: Final = {
    "LNCS": "Lecture Notes in Computer Science",
    "LNAI": "Lecture Notes in Artificial Intelligence",
    "LNM": "Lecture Notes in Mathematics",
    "LNP": "Lecture Notes in Physics",
    "CCIS": "Communications in Computer and Information Science",
    "LIPIcs": "Leibniz International Proceedings in Informatics",
    "PMLR": "Proceedings of Machine Learning Research",
}
# conferences and journals that are named by their letters alone
_CONFERENCES: Final = {
    "AAAI": "AAAI Conference on Artificial Intelligence",
    "ACL": "Annual Meeting of the Association for Computational Linguistics",
    "AISTATS": "International Conference on Artificial Intelligence and Statistics",
    "COLT": "Conference on Learning Theory",
    "CVPR": "IEEE/CVF Conference on Computer Vision and Pattern Recognition",
    "ECCV": "European Conference on Computer Vision",
    "EMNLP": "Conference on Empirical Methods in Natural Language Processing",
    "ICASSP": "IEEE International Conference on Acoustics, Speech and Signal Processing",
    "ICCV": "IEEE/CVF International Conference on Computer Vision",
    "ICLR": "International Conference on Learning Representations",
    "ICML": "International Conference on Machine Learning",
    "IJCAI": "International Joint Conference on Artificial Intelligence",
    "KDD": "ACM SIGKDD Conference on Knowledge Discovery and Data Mining",
    "NAACL": "Conference of the North American Chapter of the Association for Computational Linguistics",
    "NeurIPS": "Advances in Neural Information Processing Systems",
    "NIPS": "Advances in Neural Information Processing Systems",
    "UAI": "Conference on Uncertainty in Artificial Intelligence",
}
_JOURNALS: Final = {
    "JMLR": "Journal of Machine Learning Research",
    "TMLR": "Transactions on Machine Learning Research",
    "PNAS": "Proceedings of the National Academy of Sciences",
}
_LETTERS = {name.casefold(): full for name, full in (*_CONFERENCES.items(), *_JOURNALS.items())}
_SHORT = lazy_pattern(
    rf"(?P<letters>{'|'.join(_CONFERENCES)}),? ?(?:\((?P<bracketed>{_FOUR_DIGITS})\)|'?{_YEAR})"
    r"(?P<part> (?:Workshop|Track|Tutorial)\b[^\d,;()]{0,120})?"
)
_COMING = lazy_pattern(
    r"\b(?:to appear|to be published|accepted|submitted|in press|forthcoming|under review|in preparation|arxiv|"
    r"preprint|thesis|retracted|withdrawn)\b",
    re.IGNORECASE,
)
_AS_TITLE = lazy_pattern(r",?\s\(?(?:as|under the title)\s[\"\u201c](?P<title>[^\"\u201c\u201d]{3,250})[\"\u201d]\)?\Z")
_PRAISE = lazy_pattern(
    r",?\s\(?(?:(?:spotlight|oral|poster)(?: presentation| paper| talk)?|best paper(?: award)?)\)?\Z",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
# PMLR 202:4330-4391, PMLR 202 (guth23a)
_IN_SERIES = (
    rf"\b(?P<series>{'|'.join(_SERIES)})(?: vol(?:ume|\.))?\s(?P<volume>[0-9]{{1,5}})(?:\s?:\s?{_PAGES})?"
    r"(?: \([a-z]{2,15}[0-9]{2}[a-z]\))?"
)
# what is found at the end of a reference; each is taken off, in whatever order, as long as it says something new
_PIECES: Final = tuple(
    re.compile(rf"[\s,;]*(?:{piece})\Z")
    for piece in (
        rf"\((?:[A-Za-z][A-Za-z0-9/&-]{{1,15}})[ ,']*{_YEAR}\)",  # (NeurIPS 2022)
        rf"\({_YEAR}\),?\s?(?:pp?\.\s?|pages\s)?{_PAGE_GROUP}",  # (2022) 443-458
        rf"\({_YEAR}\)",
        rf"\b(?:{_MONTH}[\s,]+)?{_YEAR}",
        rf"\(?\b(?:pp?\.\s?|[Pp]ages?\s){_PAGE_GROUP}\)?",
        _IN_SERIES,
        rf"\(?\b(?P<publisher>{_PUBLISHERS})\)?",
        rf"\b(?:[Ii]ssue|[Nn]o\.|[Nn]umber)\s?(?P<issue>[0-9]{{1,4}}),\s?{_PAGES}",  # no. 3, 253--257
        rf"(?<![\w-])(?:[Vv]ol(?:ume|\.)?\s?)?{_NUMBERS}\s?[:,]\s?{_PAGES}",  # 35(2):e1914
        r"\b(?:[Ii]ssue|[Nn]o\.|[Nn]umber)\s?(?P<issue>[0-9]{1,4})",
        r"\b(?:[Vv]ol(?:ume|\.))\s?(?P<volume>[0-9]{1,5})(?:\s?\((?P<issue>[0-9]{1,4})\))?",
        rf"(?<![\w-]){_NUMBERS}",
    )
)
_CONFERENCE = lazy_pattern(
    r"\b(?:proceedings|proc|advances in neural|conference|conf|workshops?|symposium|congress|colloquium|"
    r"(?:annual|international) meeting)\b|\b(?:19|20)[0-9]{2}\Z",
    re.IGNORECASE,
)
_ACADEMY = lazy_pattern(
    r"proc(?:eedings|\.) of the (?:national academy|royal society|amer|london math|ieee\Z)", re.IGNORECASE
)
# a venue: words, ordinals, a year of a conference, its letters in brackets at the end
_HEAD = lazy_pattern(
    rf"(?:(?P<year>{_FOUR_DIGITS})\s)?[^\W\d_](?:[^\d_;\"()]|\b[0-9]{{1,3}}(?:st|nd|rd|th)\b|\b{_FOUR_DIGITS}\b){{2,200}}"
    r"(?:\s\([A-Z][A-Za-z0-9]{1,12}\))?"
)
_NOTES = lazy_pattern(r"\blect(?:ure|\.)? ?notes\b", re.IGNORECASE)


def publication_of(reference: str) -> Publication | None:
    """The publication that a journal reference seems to name; None if its parts can't be recognised."""
    text = _bare(reference)
    if not text or len(text) > MAX_REFERENCE:
        return None
    as_title = _AS_TITLE.search(text)
    title = as_title["title"].strip() if as_title else ""
    text = text[: as_title.start()] if as_title else text
    text = _PRAISE.sub("", text)
    if _COMING.search(text):
        return None
    text = re.sub(r"\A(?:published )?in:?\s", "", text, flags=re.IGNORECASE)
    if article := article_of(text):
        return _titled(article, title)
    if short := _SHORT.fullmatch(text):
        letters, part = short["letters"], short["part"] or ""
        year = short["year"] or short["bracketed"]
        venue = f"{letters} {year}{part}" if part else _CONFERENCES[letters]
        return Publication(type="paper-conference", venue=venue, year=int(year), title=title)
    return _taken_apart(text, title)


def _titled(publication: Publication, title: str) -> Publication:
    from bibtool.structs import replace

    venue = _LETTERS.get(publication.venue.casefold(), publication.venue)
    return replace(publication, venue=venue, title=title)


def _taken_apart(text: str, title: str) -> Publication | None:
    """The publication of a reference whose end is taken off piece by piece; what is left is the venue."""
    parts: dict[str, str] = {}
    left = text
    while piece := next((m for form in _PIECES if (m := form.search(left)) and not _told(m, parts)), None):
        parts |= {name: value for name, value in piece.groupdict().items() if value}
        left = re.sub(r"(?<=[\d)])[\s.]+\Z", "", left[: piece.start()])
    head = _HEAD.fullmatch(venue := left.strip(" ,;:"))
    if head is None or venue.count(",") > 3 or _NOTES.search(venue):
        return None
    year = parts.get("year") or head["year"]
    if not year:
        return None
    volume = parts.get("volume", "")
    if volume and int(volume) in range(1900, 2100):
        return None
    series = parts.get("series", "")
    conference = bool(_CONFERENCE.search(venue)) and not _ACADEMY.match(venue)
    made = Publication(
        type="paper-conference" if conference else "chapter" if series else "article-journal",
        venue=venue,
        year=int(year),
        volume=volume,
        issue=parts.get("issue", ""),
        pages=_range(parts.get("pages", "")),
        series=_SERIES.get(series, ""),
        publisher=parts.get("publisher", "") or ("PMLR" if series == "PMLR" else ""),
    )
    short = len(venue) < 4 and venue.casefold() not in _LETTERS
    if made.type == "article-journal" and (short or re.search(r"\d", venue)):
        return None
    return _titled(made, title)


def _told(piece: re.Match[str], parts: dict[str, str]) -> bool:
    """Whether a piece says nothing new: then it belongs to the venue, or the reference is not understood."""
    new = {name for name, value in piece.groupdict().items() if value}
    return not new or bool(new & parts.keys())
