"""The pages that people copy, each as a short description of the lines of one record.

A layout says in ``lines`` which kinds of lines make up a record, in their order: ``title``, ``names`` and ``venue``
are known by what they look like, any other kind by its pattern in ``patterns``. ``?`` marks a line that may be
missing, ``+`` one that may come several times, ``!`` the anchor: a line that no other kind can be taken for, by which
the records of the page are found. ``after`` has patterns of lines that may follow anywhere before the next record;
``buttons`` are what the page has around. The groups of patterns are CSL variables, or the fields of
`bibtool.formats.listing.works.make_work`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.venues import ARTICLE_PAGES, ARXIV, DOI, MONTH, PAGES, YEAR
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOI_LINK = rf"(?:https?://(?:dx\.)?doi\.org/|doi:?\s?)(?P<DOI>{DOI})"
_DAY = rf"(?:\d{{1,2}} {MONTH},? {YEAR}|{MONTH} \d{{1,2}}, {YEAR}|{MONTH},? {YEAR}|{YEAR}-\d\d(?:-\d\d)?|{YEAR})"
_DOT = r"\s?[\N{MIDDLE DOT}\N{BULLET}]\s?"  # between the parts of a line
_KIND = (
    r"(?:journal[- ]|research[- ]|review[- ]|conference[- ]|short[- ]|survey[- ]|proceedings[- ])?"
    r"(?:article|paper)|preprint|chapter|book(?: chapter)?|thesis|dissertation|technical report|working paper|poster|"
    r"presentation|data(?:set| set)?|patent|survey|tutorial|editorial|keynote|letter|abstract|demonstration|"
    r"invited-talk"
)


class Slot(NamedTuple):
    """One kind of line in a record; ``times`` is "", "?" or "+", ``anchor`` as in the description of a layout."""

    kind: str
    times: str
    anchor: bool


@dataclass(frozen=True, kw_only=True)
class PageLayout:
    """The description of a page's records; see the module. ``confirm`` is a line that most records of it have.

    ``type`` is the CSL type of a record whose lines leave it open.
    """

    name: str
    lines: str
    patterns: Mapping[str, str]
    after: tuple[str, ...] = ()
    buttons: str = ""
    confirm: str = ""
    type: str = ""
    generic: bool = field(default=False)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The kinds of lines in their order."""
        words = re.findall(r"(\w+)([?+]?)(!?)", self.lines)
        return tuple(Slot(kind, times, bool(anchor)) for kind, times, anchor in words)

    @cached_property
    def compiled(self) -> dict[str, re.Pattern[str]]:
        """The patterns by their kinds; "" for the buttons."""
        patterns = {kind: re.compile(text, re.IGNORECASE) for kind, text in self.patterns.items()}
        if self.buttons:
            patterns[""] = re.compile(self.buttons, re.IGNORECASE)
        if self.confirm:
            patterns["confirm"] = re.compile(self.confirm, re.IGNORECASE)
        return patterns

    def is_anchor(self, text: str) -> bool:
        """True for a line by which a record of the page is found."""
        return any(slot.anchor and self.compiled[slot.kind].fullmatch(text) for slot in self.slots)

    @cached_property
    def compiled_after(self) -> tuple[re.Pattern[str], ...]:
        """The patterns of ``after``."""
        return tuple(re.compile(text, re.IGNORECASE) for text in self.after)


_IDENTIFIERS = (
    _DOI_LINK,
    rf"arXiv:\s?(?P<arxiv>{ARXIV})(?:\s?\[[\w.-]+\])?",
    r"PMID:?\s?(?P<PMID>\d{1,9})(?:\W.*)?",
    r"(?:PMCID:?\s?)?(?P<PMCID>PMC\d{4,9})(?:\W.*)?",
    r"ISBN:?\s?(?P<ISBN>[\dX-]{10,17})",
)

LAYOUTS: Final[tuple[PageLayout, ...]] = (
    PageLayout(
        name="a result page of Google Scholar",
        lines="title link? about!",
        patterns={
            "link": r"\[(?:PDF|HTML)\] \S+",
            "about": rf"(?P<names>.{{2,400}}?)\s-\s(?:(?P<venue>.{{2,300}}?,\s{YEAR})|"
            rf"(?P<year>{YEAR}))(?:\s-\s\S.{{0,80}})?",
        },
        buttons=r"\W*(?:save\s)?cite\b.*|.*\bcited by \d+.*|\[(?:PDF|HTML)\] \S+|related articles.*|all \d+ versions",
    ),
    PageLayout(
        name="a person's page of dblp",
        lines="label? names! work",
        patterns={
            "label": r"\[[a-z]{1,2}\d{1,4}\]",
            "names": r"(?P<names>[^:]{2,4000}):",
            "work": rf"(?P<work>.{{8,600}}(?:\({YEAR}\)|\b{YEAR}(?:\s?:\s?[\w-]+|: {PAGES}|: {ARTICLE_PAGES}|"
            rf", pp?\. {PAGES}|, ISBN [\dX-]{{10,17}})?|{YEAR}\)?)[.]?)",
        },
        buttons=r"\[[a-z]{1,2}\d{1,4}\]|view|electronic edition.*|export record|summarize record|share record|"
        r"ask others|"
        r"unpaywall|BibTeX|open access|no references.*|authority control.*|persistent URL:?|details & citations|"
        rf"\[\N{{EN DASH}}\].*|{YEAR}|share bibliographic record|references & citations|"
        r"refers to the.*|document type:.*|metadata version:.*",
    ),
    PageLayout(
        name="the list of works of ORCID",
        lines="title venue? when!",
        patterns={
            "when": rf"(?P<issued>{YEAR}(?:-\d\d){{0,2}})\s?\|\s?(?P<kind>[A-Za-z /-]{{3,40}}?)"
            r"(?:\s?\|\s?[A-Za-z ,&/-]{3,120})?"
        },
        after=(
            r"contributors?:\s?(?P<names>.+)",
            rf"DOI:\s?(?:https?://(?:dx\.)?doi\.org/)?(?P<DOI>{DOI})",
            r"ISBN:\s?(?P<ISBN>[\dX-]+)",
            rf"ARXIV:\s?(?:arXiv:)?(?P<arxiv>{ARXIV})",
            *_IDENTIFIERS,
        ),
        buttons=r"show (?:more|less) detail|source:.*|EID:.*|part of.*|WOSUID:.*|OTHER-ID:.*|preferred source.*|URL:.*|"
        r"crossref(?: metadata search)?|datacite|scopus.*|web of science.*|europe pubmed central|"
        r"check_circle|works \(\d+.*|sort\b.*|handle:.*|ISSN:.*|SOURCE-WORK-ID:.*",
    ),
    PageLayout(
        name="a profile of ResearchGate",
        lines="title kind access? date! names+ venue?",
        patterns={
            "kind": rf"(?P<kind>{_KIND})",
            "access": r"full-text available|source|file available|open access",
            "date": rf"(?P<issued>{MONTH} {YEAR}|{YEAR})(?:\s?[\N{{MIDDLE DOT}}\N{{BULLET}}]\s?(?P<venue>.+))?",
        },
        after=(*_IDENTIFIERS,),
        buttons=r"view|share|download|follow(?:ing)?|recommend|request (?:full-text|file)|"
        r"read (?:full-text|more).*|save|"
        r"\d+ (?:reads?|citations?|recommendations?)|full-text available|citations?|reads?|source|\[\.\.\.\]|"
        r"view (?:all|more).*|see all|show details?|all publications.*|featured.*|publications? \(\d+\)|"
        r"research items.*",
    ),
    PageLayout(
        name="a page of Semantic Scholar",
        lines="title names topics? venue? date!",
        patterns={
            "topics": r"(?:(?:computer science|mathematics|physics|medicine|biology|chemistry|engineering|economics|"
            r"psychology|sociology|geology|geography|business|philosophy|history|art|political science|law|linguistics|"
            r"environmental science|materials science|education|agricultural and food sciences)(?:,\s*|$))+",
            "date": rf"(?P<issued>{_DAY})",
        },
        confirm=r"TL\s?;?DR.*|PDF|save|alert|.*\bexpand|\[PDF\].*|view on .*|highly influential.*|cite",
        buttons=r"TL\s?;?DR|PDF|save|alert|cite|.{0,400}\bexpand|\[PDF\].*|view .{0,40}|highly influential.*|"
        r"\d{1,3}(?:,\d{3})*|"
        r"\d+ (?:publications|excerpts?|citations?).*|publications|sort by.*|co-author.*|claim.*|open access",
    ),
    PageLayout(
        name="a page of OpenReview",
        lines="title names dates! venue?",
        patterns={
            "dates": rf"(?:published|submitted|created):?\s(?P<issued>{_DAY})(?:,? (?:last )?modified:?\s.*)?",
            "venue": r"(?P<venue>(?!readers:|keywords:|TL;?DR|show |everyone).{2,200})",
        },
        buttons=r"readers:.*|keywords:.*|TL;?DR:?.*|everyone|revisions|bibtex|show (?:details|abstract).*|publications|"
        r"CC BY.*|\d+ (?:replies|reply).*|view all.*|pdf",
    ),
    PageLayout(
        name="a result page of the ACM Digital Library",
        lines="kind? access? title names+ about!",
        patterns={
            "kind": rf"(?P<kind>{_KIND})",
            "access": r"open access|free access|public access|just accepted",
            "about": rf"(?P<venue>.{{2,300}}?)(?:,\s|{_DOT})(?P<issued>{MONTH} {YEAR})"
            rf"(?:(?:,?\s|{_DOT})(?:article no\.?:? ?\S+?))?"
            rf"(?:(?:,?\s|{_DOT})(?:pp?\.?|pages?)\s(?P<page>{PAGES}|[\d:]+))?(?:(?:,?\s|{_DOT}){_DOI_LINK})?",
        },
        after=_IDENTIFIERS,
        buttons=rf"highlights|\d{{1,3}}(?:,\d{{3}})*|{_KIND}|\d+ results?.*|abstract.*|open access|get access|pdf|ePub|"
        r"(?:total )?(?:citations?|downloads?)\W*\d*|view online|export citation.*|save to binder|"
        r"select(?:ed)?|supplementary.*|add to .*",
    ),
    PageLayout(
        name="a result page of IEEE Xplore",
        lines="title names venue about!",
        patterns={
            "about": rf"(?:publication )?year:\s?(?P<year>{YEAR})\b(?:(?=.{{0,200}}\bvolume:\s?(?P<volume>\w{{1,8}})))?"
            rf"(?:(?=.{{0,200}}\bissue:\s?(?P<issue>[\w/-]{{1,12}})))?"
            rf"(?:(?=.{{0,200}}\bpages?(?:\(s\))?:\s?(?P<page>{PAGES}|\d+)))?"
            rf"(?:(?=.{{0,200}}\|\s?(?P<kind>[A-Za-z ]{{4,30}}(?:article|paper|chapter))))?.*",
        },
        after=(_DOI_LINK,),
        buttons=r"cited by:.*|abstract|html|pdf|\(?\d+(?:\.\d+)? ?[KMG]B\)?|media|show more|select all.*|export.*|"
        r"showing \d.*|\d+|first page of.*|view references.*",
    ),
    PageLayout(
        name="a result page of INSPIRE",
        lines="title number? about! venue?",
        patterns={
            "number": r"#\d{1,5}",
            "about": rf"(?P<names>.{{2,4000}}?)\s\((?P<earliest>{_DAY})\)",
            # the first of several: "Adv.Theor.Math.Phys. 2 (1998) 231-252, Int.J.Theor.Phys. 38 (1999) 1113-1133"
            "venue": r"(?:published in:|contribution to:|thesis:)\s?"
            rf"(?:(?P<first>[^()]+\({YEAR}\)\s(?:\d+, )?[\w.-]+)(?:\s\([^()]{{1,30}}\))?,\s"
            rf"(?P<also>[^()\d:]{{2,60}}\d[^()]*\({YEAR}\).*?)|(?P<venue>.+?))"
            r"(?:(?:,|\s[\N{BULLET}\N{MIDDLE DOT}])\scontribution to:\s?(?P<note>.+?))?"
            rf"(?:\s[\N{{BULLET}}\N{{MIDDLE DOT}}]\se-print:\s?(?P<arxiv>{ARXIV}).*)?"
            rf"|e-print:\s?(?P<eprint>{ARXIV}).*",
        },
        after=(rf"e-print:\s?(?P<arxiv>{ARXIV}).*", _DOI_LINK, r"DOI:\s?(?P<DOI>10\.\S+).*"),
        buttons=r"pdf|links?|DOI|cite(?: all)?|claim|reference search|\d+ (?:citations?|results?|pages?).*|datasets?|"
        r"contribution to:.*|#\d{1,5}",
    ),
    PageLayout(
        name="a result page of ADS",
        lines="bibcode! month? cited? title names",
        patterns={
            "bibcode": r"(?:\d{1,5}[.\s]\s*)?(?P<bibcode>(?P<year>(?:1[5-9]|"
            r"20)\d\d)(?=.{0,3}[A-Za-z&])[A-Za-z0-9&.]{13,14}[A-Z.])"
            r"(?:\s+(?P<issued>\d{4}/\d\d))?(?:\s+cited:\s*\d+)?",
            "month": r"(?P<issued>\d{4}/\d\d)(?:\s+cited:\s*\d+)?",
            "cited": r"cited:\s*\d+",
        },
        buttons=r"\d{1,5}|show (?:abstract|highlights).*|cited:\s*\d+|\d{4}/\d\d|select all.*|your search.*",
    ),
    PageLayout(
        name="a result page of PubMed",
        lines="title names about!",
        patterns={
            "about": rf"(?P<venue>[A-Z].{{1,150}}?)\.\s(?P<issued>{YEAR}(?: [A-Z][a-z]{{2}}(?:[- ](?:\d{{1,2}}|"
            rf"[A-Z][a-z]{{2}}))?)?)"
            r"(?:;(?P<volume>[\w ]{1,12}?)?(?:\((?P<issue>[^()]{1,20})\))?(?::(?P<page>[\w.-]{1,20}))?)?\."
            rf"(?:\s*doi:\s?(?P<DOI>{DOI})\.)?(?:\s.*)?",
        },
        after=_IDENTIFIERS,
        buttons=r"\d{1,6}|cite|share|free (?:PMC )?article\.?|review\.?|clinical trial\.?|item in clipboard|abstract|"
        r"no abstract available\.?|\d+ results?.*",
        type="article-journal",
    ),
    PageLayout(
        name="an export of Scopus as text",
        lines="names full? numbers? title about!",
        patterns={
            "full": r"author full names:.*",
            "numbers": r"\d{8,12}(?:;\s?\d{8,12})*;?",
            "about": rf"\((?P<year>{YEAR})\)\s(?P<venue>.{{2,300}}?)[.,;]*(?:\s+cited (?:\d+ times?|by \d+).*)?",
        },
        after=(
            r"document type:\s?(?P<kind>[A-Za-z ]{3,30})",
            r"abstract:\s?(?P<abstract>.+)",
            r"publisher:\s?(?P<publisher>.+)",
            *_IDENTIFIERS,
        ),
        confirm=r"document type:.*|source:\s?scopus|https?://www\.scopus\.com/.*",
        buttons=r"https?://www\.scopus\.com/.*|publication stage:.*|source:\s?scopus|access type:.*|export date:.*|"
        r"scopus|(?:abbreviated source title|language of original document|issn|coden|author keywords|index keywords|"
        r"affiliations|authors with affiliations|correspondence address|references|open access|editors|pubmed id):.*",
    ),
    PageLayout(
        name="a list of SSRN",
        lines="title series? about! names",
        patterns={
            "series": r"(?P<note>(?=.*\b(?:papers?|series|research|reports?|forthcoming)\b).{5,200})",
            "about": r"(?:number of pages:\s?\d+\s+)?posted:\s?(?P<issued>\d{1,2} [A-Z][a-z]{2,8} \d{4})"
            r"(?:\s+last revised:.{0,30})?",
        },
        after=(_DOI_LINK,),
        buttons=r"downloads [\d,]+.*|citations? \d+|abstract:?|\d{1,4}\.|keywords:.*|view pdf.*|open pdf.*|add paper.*",
        type="article",
    ),
    PageLayout(
        name="a list of zbMATH",
        lines="names title zbl! about",
        patterns={
            "title": r"(?P<title>.{3,300}?)\.?\s\((?:English|German|French|Russian|Italian|Spanish|[A-Z][a-z]{3,12})\)",
            "zbl": r"(?:Zbl|JFM|ERAM) [\d.]+",
            "about": rf"(?P<venue>.{{3,300}}\({YEAR}\))\.?",
        },
    ),
    PageLayout(
        name="a list of title, authors and venue, each on a line",
        lines="title names about!",
        patterns={"about": rf"(?P<venue>[^\s\d(].{{1,240}}\b{YEAR}\b\W{{0,3}}.{{0,80}}|\(?{YEAR}\)?)"},
        after=_IDENTIFIERS,
        generic=True,
    ),
    PageLayout(
        name="a list of authors, title and venue, each on a line",
        lines="names title about!",
        patterns={"about": rf"(?P<venue>[^\s\d(].{{1,240}}\b{YEAR}\b\W{{0,3}}.{{0,80}}|\(?{YEAR}\)?)"},
        after=_IDENTIFIERS,
        generic=True,
    ),
    PageLayout(
        name="a list of title, venue and authors, each on a line",
        lines="title about! names",
        patterns={"about": rf"(?P<venue>[^\s\d(].{{1,240}}\b{YEAR}\b\W{{0,3}}.{{0,80}})"},
        after=_IDENTIFIERS,
        generic=True,
    ),
)

# what pages have around their records, whichever they are; a line of badges ("[pdf] [code]") is one, too
BUTTONS: Final = lazy_pattern(
    r"(?:[\[(|]\s?(?:pdf|code|slides?|video|bibtex|bib|doi|arxiv|poster|project(?: page)?|supplement\w*|"
    r"abs(?:tract)?|html|"
    r"data(?:set)?|demo|talk|website|paper|preprint|link|cite|github|openreview|appendix|blog|press|errata|url|"
    r"publisher(?:'s version)?|full text|journal|erratum|software|tweet|thread)(?:\s?[\])])?[\s,/\N{MIDDLE DOT}|]*)+"
    r"|(?:(?:pdf|code|slides?|video|bibtex|bib|doi|arxiv|poster|project(?: page)?|abs(?:tract)?|html|demo|"
    r"github)\s*[\s,/\N{MIDDLE DOT}|]\s*){1,6}(?:pdf|code|slides?|video|bibtex|bib|doi|arxiv|poster|"
    r"project(?: page)?|abs(?:tract)?|html|demo|github)?"
    r"|(?:selected |all |recent |journal |conference |peer-reviewed )*(?:publications|papers|articles|preprints|"
    r"references|"
    r"bibliography|literature|works|proceedings|books|book chapters|theses|talks)(?: \(\d+\))?:?"
    r"|(?:show|load|see|view|read|sort|filter)\s+(?:more|less|all|by)\b.{0,60}|next|previous|back to top|"
    r"page \d+(?: of \d+)?"
    r"|home|contact|about|login|log in|sign in|sign up|share|save|cite|follow|copyright.{0,80}|"
    r"\N{COPYRIGHT SIGN}.{0,80}"
    r"|\d{1,7}|\W+|(?:19|20)\d\d|(?:19|20)\d\d ?[-\N{EN DASH}] ?(?:(?:19|20)\d\d|today|present)",
    re.IGNORECASE,
)
