"""What comes after title and authors in a list: venue, volume, issue, pages, year and identifiers out of one text.

The pieces are taken off the end one after the other, each by a row of a table, until none fits; what is left is the
name of the venue. So their order does not matter: ``Journal 35(8):1-9, 2013``, ``Journal 35 (2013) 8, 1-9`` and
``Journal, March 2013, pp. 1-9`` give the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.monthnames import MONTH_WORDS
from bibtool.model.works.venues import names_proceedings

if TYPE_CHECKING:
    from collections.abc import Mapping

YEAR: Final = r"(?:1[5-9]|20)\d\d"
MONTH: Final = rf"(?:{'|'.join(word.capitalize() for word in MONTH_WORDS)})\.?"
DASH: Final = r"[-\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}]"
_PAGE = r"[A-Za-z]{0,3}\d(?:[\dA-Za-z.]{0,8}[\dA-Za-z])?"
PAGES: Final = rf"{_PAGE}\s?{DASH}{{1,3}}\s?{_PAGE}"
# an article's number and its own pages, as in the journals of ACM: 5:1-5:42
ARTICLE_PAGES: Final = rf"\d{{1,5}}:\d{{1,4}}\s?{DASH}{{1,3}}\s?\d{{1,5}}:\d{{1,4}}"
DOI: Final = r"10\.\d{4,9}/[^\s\"<>]{1,200}?"
ARXIV: Final = r"\d{4}\.\d{4,5}(?:v\d{1,3})?|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,3})?"
_MAX_PIECES: Final = 16
_MAX_VENUE: Final = 600
_REACH: Final = 260  # characters of the end that a piece may take

_EPRINT = r"(?:e-?print:?\s{0,3}|preprint:?\s{0,3})?(?:arxiv\s?(?:preprint\s)?(?:arXiv)?:\s{0,3})"
_VOLUME = r"(?:vol(?:ume|\.)?|Bd\.|Band)"
_ISSUE = rf"[A-Z]?\d{{1,5}}(?:\s?{DASH}\s?\d{{1,5}})?|S\d+|Suppl\.?(?:\s\d+)?"
_STATUS = (
    r"to appear|in press|forthcoming|accepted|submitted|under review|oral|(?:workshop )?poster|spotlight|"
    r"notable\stop\s\d{1,2}%|contributed talk"
)

# each takes its piece off the end; the names of groups are CSL variables, "number" is a volume or an issue
_TAILS: Final = tuple(
    lazy_pattern(rf"{pattern}$", re.IGNORECASE)
    for pattern in (
        rf"[\s,;.]*(?:https?://(?:dx\.)?doi\.org/|doi[:\s]\s*(?:https?://(?:dx\.)?doi\.org/)?)(?P<DOI>{DOI})[.,;]?",
        rf"[\s,;.\N{{BULLET}}\N{{MIDDLE DOT}}|]*{_EPRINT}(?P<arxiv>{ARXIV})(?:\s?\[[\w.-]{{2,20}}\])?",
        rf"[\s,;.\N{{BULLET}}|]*e-print:\s{{0,3}}(?P<arxiv>{ARXIV})(?:\s?\[[\w.-]{{2,20}}\])?",
        rf"(?:^|[\s,;.]+)CoRR[\s,]{{1,3}}(?:abs/)?(?P<arxiv>{ARXIV})",
        r"[\s,;.]*PMID:?\s?(?P<PMID>\d{1,9})",
        r"[\s,;.]*ISBN:?\s?(?P<ISBN>(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])",
        rf"(?:^|[\s,;:.(]+)(?:pp?\.|pages?|pgs?\.|Seiten|S\.|p(?=p?\s))p?\s{{0,2}}(?P<page>{PAGES}|{_PAGE})\)?",
        rf"(?:^|\s?[,;:]|\spp?\.)\s{{0,2}}(?P<page>{ARTICLE_PAGES})",
        r"[\s,;.(]+art(?:icle)?\.?\s?(?:no\.?|number|id)?:?\s?(?P<page>[A-Za-z]?\d{1,9})\)?",
        rf"\s?[,;:]\s{{0,2}}(?P<page>{PAGES})",
        rf"(?<=[\d)]):\s{{0,2}}(?P<page>{_PAGE})",
        rf"\s(?P<page>\d{{1,6}}\s?{DASH}{{1,3}}\s?\d{{1,6}})",
        rf"(?:^|[\s,;.(\[]+)(?P<issued>(?:\d{{1,2}}\s)?{MONTH}\s{{1,2}}(?:\d{{1,2}},\s)?{YEAR})[)\]]?",
        rf"(?:^|[\s,;.(\[]+)(?P<year>{YEAR})[a-z]?[)\]]?",
        rf"[\s,;.(]+{MONTH}(?:\s?[-/\N{{EN DASH}}]\s?{MONTH})?\s?\d{{0,2}}",
        rf"[\s,;]+{_VOLUME}?\s?(?P<volume>[A-Z]?\d{{1,5}})\s?\((?:no\.?\s?|issue\s)?(?P<issue>{_ISSUE})\)",
        r"[\s,;.]+(?:no\.?|nr\.?|issue|number|Heft)\s?(?P<issue>\d{1,5}(?:\s?[-/\N{EN DASH}]\s?\d{1,5})?)",
        rf"[\s,;.]+{_VOLUME}\s?(?P<volume>[A-Z]?\d{{1,5}}|[IVXLC]{{1,8}})",
        r"(?:,\s?|\s)(?P<number>[A-Z]?\d{1,5})",
        rf"\s?[(\[](?P<status>(?:{_STATUS}|[^()\[\]]{{0,30}}award[^()\[\]]{{0,20}})[^()\[\]]{{0,40}})[)\]]",
        rf"[\s,;.]+(?P<status>(?:{_STATUS})(?:\spresentation)?)",
        r"[\s,;|]*\[{1,2}(?:pdf|code|slides|video|bibtex|bib|doi|arxiv|poster|project|html|demo|abstract|link)\]{1,2}",
        r"[\s,;.|]+(?:doi|pdf|arxiv|bibtex|link)",
        r"[\s,;.:]+",
    )
)
_INTRO = lazy_pattern(r"^(?:(?:published|appeared|accepted)\s)?(?:in|at|to)(?::\s?|\s(?=[A-Z0-9\"(]))", re.IGNORECASE)
_ARXIV_ONLY = lazy_pattern(r"(?:arXiv(?:\.org)?|CoRR|ArXiv e-prints)(?:\s(?:preprint|abs))?", re.IGNORECASE)
_CONFERENCE = lazy_pattern(
    r"\b(?:proceedings|proc\.|conference|conf\.|workshops?|symposium|symp\.|advances in neural|meeting|congress|"
    r"(?:ICML|ICLR|NeurIPS|NIPS|AAAI|IJCAI|ACL|EMNLP|NAACL|CVPR|ICCV|ECCV|KDD|CHI|STOC|FOCS|SODA|UAI|AISTATS|COLT))\b|"
    r"^\d{4}\s+IEEE|\bTagung|\bKonferenz|\bcongr[eé]s",
    re.IGNORECASE,
)
_THESIS = lazy_pattern(
    r"\b(?:ph\.?\s?d\.?|master'?s?|doctoral|bachelor'?s?|habilitation)\s(?:thesis|dissertation)\b", re.IGNORECASE
)
PUBLISHER: Final = lazy_pattern(
    r"[^\d,]*\b(?:press|verlag|publishers?|publishing|[eé]ditions)|[^\d,]*\buniversity press\b[^\d,]{0,30}|"
    r"springer(?: (?:science|nature|berlin|international|us|singapore)\b.{0,40})?|elsevier(?: science)?|"
    r"(?:john )?wiley(?: (?:&|and) sons.{0,10})?|de gruyter(?: mouton)?|routledge|sage publications?|"
    r"mcgraw[- ]hill(?: \w+)?|pearson(?: education)?|addison[- ]wesley",
    re.IGNORECASE,
)
VENUE_WORDS: Final = lazy_pattern(
    r"\b(?:journal|proceedings|proc|transactions|trans|letters|review|reviews|annals|conference|conf|workshop|"
    r"symposium|"
    r"advances|lecture notes|magazine|bulletin|archives?|press|university|quarterly|communications|arxiv|zeitschrift|"
    r"revue|revista|annales|international|int|acta)\b",
    re.IGNORECASE,
)


def venue_parts(text: str) -> dict[str, str]:
    """CSL variables of what follows title and authors; ``container-title`` is what no other piece took.

    ``year`` and ``issued`` (with month) are as written, ``arxiv`` is an id. Empty text gives nothing.
    """
    parts: dict[str, str] = {}
    rest = text.strip()
    if len(rest) > _MAX_VENUE:
        return parts
    numbers: list[str] = []
    for _ in range(_MAX_PIECES):
        for pattern in _TAILS:
            piece = pattern.search(rest, max(0, len(rest) - _REACH))
            if piece is None or piece.end() == piece.start():
                continue
            groups = {name: value for name, value in piece.groupdict().items() if value}
            if any(name in parts for name in groups) or ("number" in groups and len(numbers) > 1):
                continue
            if "number" in groups and ("volume" in parts or piece.start() == 0):
                continue
            if number := groups.pop("number", ""):
                numbers.append(number)
            parts.update(groups)
            rest = rest[: piece.start()]
            break
        else:
            break
    if len(numbers) == 2 and "issue" not in parts:
        parts["issue"], parts["volume"] = numbers
    elif numbers:
        parts["volume"] = numbers[-1]
    name = _INTRO.sub("", rest.strip(" ,;:.\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"), count=1)
    name = _unwrapped(name.strip())
    if "." in name and text[text.find(name) + len(name) :][:1] == ".":  # the full stop of a last abbreviation
        name += "."
    if _ARXIV_ONLY.fullmatch(name):
        parts.setdefault("arxiv", "")
    elif name:
        parts["container-title"] = name
    return parts


def _unwrapped(name: str) -> str:
    """The name without brackets around all of it."""
    if len(name) > 2 and name[0] in "([" and name.find(")" if name[0] == "(" else "]") == len(name) - 1:
        return name[1:-1].strip()
    return name


def type_of(parts: Mapping[str, str]) -> str:
    """The CSL type that the parts of a venue speak for, "document" where they leave it open."""
    name = parts.get("container-title", "")
    if _THESIS.search(name):
        return "thesis"
    if _CONFERENCE.search(name):
        return "paper-conference"
    if parts.get("volume") or parts.get("issue"):
        return "article-journal"
    if "arxiv" in parts and not name:
        return "article"
    if re.search(r"\b(?:journal|transactions|letters|annals|zeitschrift|revue|revista)\b", name, re.IGNORECASE):
        return "article-journal"
    return "paper-conference" if name and names_proceedings(name) else "document"
