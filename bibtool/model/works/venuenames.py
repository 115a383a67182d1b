"""Whether two names may be those of one journal or conference: acronyms, abbreviations and frames. Pure.

A reference says ``CVPR``, ``Proc. CVPR 2021`` or ``IEEE Conf. Comput. Vis. Pattern Recognit.``; a source says
``IEEE/CVF Conference on Computer Vision and Pattern Recognition, CVPR 2021, virtual, June 19-25, 2021``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import title_key
from bibtool.model.works.titles import SMALL_WORDS
from bibtool.model.works.venues import names_preprint_server, names_proceedings
from bibtool.model.works.venuetable import EXPANSIONS, ISSUED_IN, SERIES, SUBJECT_JOURNALS, YEARLY
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

# words that a name may have or not
_FRAME: Final = frozenset(
    "proceedings proc annual ann the of on in for and a an to at acm ieee cvf siam ifip eurographics th st meeting "
    "symposium symp colloquium congress convention sigchi sigplan sigsac sigops sigarch sigact "
    "nd rd conference conf international intl int series companion proceeding volume vol part track main long "
    "short papers paper online virtual event edition joint revised selected extended abstracts technical record "
    "digest lncs lecture notes sponsored held conjunction with de la le der die und et springer elsevier pmlr".split()
)
# words that distinguish two venues wherever one of them has them
_PERIODICALS: Final = frozenset("journal transactions letters magazine".split())
# parts of a conference that are not its main papers
_PARTS: Final = frozenset(
    "workshop findings demonstrations student companion doctoral posters tutorials symposia".split()
)
_KINDS: Final = _PERIODICALS | _PARTS
_KIND_SPELLINGS: Final = {
    "workshops": "workshop", "wkshp": "workshop", "wkshps": "workshop", "j": "journal", "jour": "journal",
    "trans": "transactions", "lett": "letters", "mag": "magazine", "demos": "demonstrations", "adjunct": "companion",
    "students": "student", "poster": "posters", "tutorial": "tutorials", "demo": "demonstrations",
    "demonstration": "demonstrations",
}  # fmt: skip
# with a month, the name goes on with the place and the days of a meeting: what is after its first comma is neither
_MONTH = lazy_pattern(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
_YEAR = lazy_pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = lazy_pattern(r"(?<=[A-Za-z])\s?['\u2019](\d\d)(?!\d)|(?<=[A-Za-z]{3})-(\d\d)(?![\d-])")
_TWO_LETTERS = lazy_pattern(r"\b[A-Z]{2}(?=\s+(?:19|20)\d\d|$)")  # MM 2017
_ORDINAL = lazy_pattern(r"\b(\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
# a number with the word that says of what: 34th AAAI, 32nd Innovative
_ORDINAL_OF = lazy_pattern(
    r"\b(\d{1,3})(?:st|nd|rd|th)\b(?:\s+(?:annual|ieee(?:/[a-z]+)?|acm|the)\b)*\s*([a-z]*)", re.IGNORECASE
)
_NUMBER = lazy_pattern(r"(?<![\d'\u2019/.-])\b(\d{1,3})\b(?![\d'\u2019/.-])")
_UNITS: Final = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth".split(), range(1, 10), strict=True)
)
_TEENS: Final = dict(
    zip(
        "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        range(10, 20),
        strict=True,
    )
)
_TENS: Final = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_ORDINAL_WORDS: Final = frozenset((*_UNITS, *_TEENS, *_TENS, *(f"{word[:-1]}ieth" for word in _TENS)))
_IN_WORDS = lazy_pattern(
    rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(_UNITS)})"
    rf"|({'|'.join((*_UNITS, *_TEENS, *(f'{word[:-1]}ieth' for word in _TENS)))}))\b",
    re.IGNORECASE,
)
_CONTRACTED: Final = {
    "int": "international", "intl": "international", "natl": "national", "dept": "department",
    "assoc": "association", "symp": "symposium",
    "conf": "conference", "proc": "proceedings", "commun": "communications", "annu": "annual", "mtg": "meeting",
    "soc": "society", "eng": "engineering", "engl": "england", "phys": "physics", "sci": "science", "lett": "letters",
    "trans": "transactions", "artif": "artificial", "tech": "technology", "mgmt": "management", "govt": "government",
}  # fmt: skip
_MIN_ACRONYM: Final = 3
_MAX_LENGTH: Final = 1000  # characters of a name that are compared: a longer one is not a name
_NOT_OF_SERIES: Final = frozenset("proceedings proc vol volume".split())
_IN_PMLR: Final = frozenset("icml aistats colt corl uai acml midl alt l4dc automl clear copa chil mlhc pgm".split())
_SOCIETY = lazy_pattern(r"\b(?:IEEE )?Computer Society\b(?= (?:Int|Conf|Symp|Work))")
_VOLUME_OF = lazy_pattern(r",?\s*\bvol(?:ume|\.)?\s*\d+ of .*", re.IGNORECASE)
_TURNED = lazy_pattern(
    r"(.+), ((?:IEEE|ACM|SIAM)(?:/[A-Z]+)? (?:Transactions|Journal|Letters) (?:on|of))", re.IGNORECASE
)
_DIVIDED = lazy_pattern(r"\b([A-Z]{1,2})-([A-Z]{1,5})\b")  # RA-L, T-PAMI
_IN_PARENTHESES = lazy_pattern(r"\([^()]{0,60}\)")
# "Extended Abstracts of CHI", "CHI EA '20", which are its companion
_ABSTRACTS = lazy_pattern(r"\b(?:[Ee]xtended|[Ee]xt\.?) (?:[Aa]bstracts|[Aa]bstr?\.?)|\b[A-Z]{3,} EA\b")
_SEASONAL = lazy_pattern(r"\b(?:Spring|Summer|Fall|Winter) Symposi(?:um|a)\b", re.IGNORECASE)  # those of AAAI
# who published it, and where, after the name: "... Recognition. IEEE, 2016", ", ACM, New York, NY, USA"
_PUBLISHER = lazy_pattern(
    r"(?:(?<=[A-Za-z)\d][A-Za-z)\d])\.|[,;:])\s+"
    r"(?:IEEE(?: Computer Society| Press)?|ACM(?: Press)?|Association for Computing Machinery|Springer(?:[- ]Verlag)?"
    r"|Elsevier|PMLR|USENIX Association|AAAI Press|Curran Associates(?:,? Inc)?|ISCA|MIT Press|Morgan Kaufmann"
    r"|Omnipress|Citeseer|OpenReview(?:\.net)?|Cambridge University Press|IOS Press|Wiley|CEUR-WS(?:\.org)?"
    r"|Association for Computational Linguistics|Schloss Dagstuhl)\b(?:[.,:;].*)?$"
)
_OF_JOURNAL = lazy_pattern(
    r"^proc(?:eedings)?\.?(?: of the)? acm (?:on\b|[a-z]+\.)|\bsig[a-z]+ (?:record|rec\.|forum|newsletter)",
    re.IGNORECASE,
)
# ", USENIX Security 2021"
_ACRONYM_OF_YEAR = lazy_pattern(r",\s*[A-Z][\w&/-]*(?: [A-Z][\w&/-]*){0,2}\s+(?:19|20)\d\d\b")
_STATED = lazy_pattern(r"\b([A-Z][\w&-]*) (?:(?:19|20)\d\d\b|['\u2019]\d\d\b)")
_BEFORE_COLON = lazy_pattern(r"^\S+ ?['\u2019]?\d\d(?:\d\d)?:\s")  # KDD '21:


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue's name, prepared: its words in order, without years, ordinals and dates, which are apart.

    ``ordinals`` are numbers with the word of which they are that: ``(34, "aaai")``.
    ``own`` are the words without place and date, ``stated`` the acronyms that precede a year: ``CVPR 2019``.
    """

    words: tuple[str, ...]
    acronyms: frozenset[str]
    kinds: frozenset[str]
    years: frozenset[int]
    ordinals: tuple[tuple[int, str], ...]
    numbers: frozenset[str]
    server: bool
    gathering: bool
    own: tuple[str, ...] = ()
    stated: frozenset[str] = frozenset()

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that are not mere frame."""
        return tuple(word for word in self.words if word not in _FRAME and word not in _KINDS)


@lru_cache(maxsize=20_000)
def prepare_venue(name: str) -> Venue:
    """The name made comparable, up to `_MAX_LENGTH`; an empty one has no words."""
    name = " ".join(name[:_MAX_LENGTH].split())
    name = _VOLUME_OF.sub("", name) or name
    if publisher := _PUBLISHER.search(name):
        before = name[: publisher.start()]
        name = before if before.count(" ") > publisher[0].startswith(".") else name  # not of "Commun. ACM"
    if turned := _TURNED.fullmatch(name):
        name = f"{turned[2]} {turned[1]}"
    years = {int(year) for year in _YEAR.findall(name)}
    years |= {
        2000 + int(short) if int(short) < 60 else 1900 + int(short)
        for short in ("".join(found) for found in _SHORT_YEAR.findall(name))
    }
    text = _SHORT_YEAR.sub(" ", _YEAR.sub(" ", name)).replace("S&P", "Symposium on Security and Privacy")
    text = _DIVIDED.sub(r"\1\2", _SOCIETY.sub(" ", text)).replace("&", " and ")
    text = _IN_WORDS.sub(_in_digits, text)
    ordinals = tuple((int(number), word.casefold()) for number, word in _ORDINAL_OF.findall(text))
    text = _ORDINAL.sub(" ", text)
    head = text.split(",")[0] if _MONTH.search(text) else text
    numbers = frozenset(_NUMBER.findall(head))
    raw = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.replace("{", "").replace("}", ""))
    acronyms = {title_key(word).replace(" ", "") for word in raw if _looks_like_acronym(word)}
    acronyms |= {letters.casefold() for letters in _TWO_LETTERS.findall(name)}
    words = _words_of(_IN_PARENTHESES.sub(" ", text)) or _words_of(text)
    kinds = set(_KINDS.intersection(words))
    if _OF_JOURNAL.search(name):
        kinds.add("journal")
    if _ABSTRACTS.search(name):
        kinds.add("companion")
    if _SEASONAL.search(name):
        kinds.add("symposia")
    for acronym in list(acronyms):
        if (acronym.endswith("w") and acronym[:-1] in EXPANSIONS) or acronym in ("cvprw", "iccvw", "eccvw", "wacvw"):
            acronyms.add(acronym[:-1])
            kinds.add("workshop")
    return Venue(
        tuple(words),
        frozenset(acronyms),
        frozenset(kinds),
        frozenset(years),
        ordinals,
        numbers,
        names_preprint_server(name),
        names_proceedings(name) or (not kinds & _PERIODICALS and not _GATHERINGS.isdisjoint(words)),
        tuple(_words_of(_own_name(name))),
        frozenset(title_key(word) for word in _STATED.findall(name) if _looks_like_acronym(word)) - _FRAME,
    )


def _in_digits(found: re.Match[str]) -> str:
    """An ordinal in words as digits, which ``th`` follows."""
    tens, unit, single = ((part or "").casefold() for part in found.groups())
    if tens:
        return f"{_TENS[tens] + _UNITS[unit]}th"
    return f"{_UNITS.get(single) or _TEENS.get(single) or _TENS[single.removesuffix('ieth') + 'y']}th"


_GATHERINGS: Final = frozenset("conference symposium workshop colloquium meeting congress convention".split())


def _words_of(text: str) -> list[str]:
    """The words of a name without numbers, in one spelling."""
    words = [word for word in title_key(text).split() if not word.isdigit() and word not in _ORDINAL_WORDS]
    return [_KIND_SPELLINGS.get(word) or _CONTRACTED.get(word, word) for word in words]


def _own_name(name: str) -> str:
    """The name without acronym, place and date that follow or precede it, as in DBLP's names of proceedings."""
    name = _IN_PARENTHESES.sub(" ", _ORDINAL.sub(" ", _SOCIETY.sub(" ", name)).replace("&", " and "))
    end = _ACRONYM_OF_YEAR.search(name)
    if end is not None and end.start() > 0:
        return _YEAR.sub(" ", name[: end.start()])
    if _YEAR.search(name) and " - " in name:  # Computer Vision - ECCV 2020 - 16th European Conference
        name = name.split(" - ")[0]
    before = _BEFORE_COLON.match(name)
    if before is not None:
        return _YEAR.sub(" ", name[before.end() :].split(",")[0])
    if _MONTH.search(name) and name.split(",")[0].count(" ") > 2:
        name = name.split(",")[0]
    return _YEAR.sub(" ", name)


def _looks_like_acronym(word: str) -> bool:
    capitals = sum(char.isupper() for char in word)
    return len(word) >= _MIN_ACRONYM and (capitals >= 2 or word.casefold() in EXPANSIONS)


def same_venue(name: str, other: str) -> bool:
    """Whether two names may mean one venue; two preprint servers count as one. Years and volumes are not compared."""
    if title_key(name) == title_key(other):
        return True
    mine, theirs = prepare_venue(name), prepare_venue(other)
    if not mine.words or not theirs.words:
        return False
    if mine.server or theirs.server:
        return mine.server and theirs.server
    if _is_newsletter(mine) != _is_newsletter(theirs):
        return False
    if _is_first_part(mine, other) or _is_first_part(theirs, name):
        return True
    subjects = _named_as_subject(mine), _named_as_subject(theirs)
    if all(subjects):
        return _is_subject_alike(mine, theirs)
    if any(subjects) and (mine.gathering or theirs.gathering):
        return False
    if not _kinds_fit(mine, theirs):
        return False
    known = _known_as(mine), _known_as(theirs)
    if known[0] & known[1]:
        return True
    if known[0] - _SERIES_ACRONYMS and known[1] - _SERIES_ACRONYMS:
        return False
    return _is_short_for(mine, theirs) or _is_short_for(theirs, mine)


_NEWSLETTERS: Final = frozenset(
    "record rec forum bulletin bull explorations explor newsletter newsl news notes journal review rev notices".split()
)


def _is_newsletter(venue: Venue) -> bool:
    """Whether a periodical has the name of a conference before its own: SIGMOD Record is not SIGMOD."""
    words = _core(venue)
    if len(words) < 2 or words[-1] not in _NEWSLETTERS or not _GATHERINGS.isdisjoint(words):
        return False
    acronym = words[0]
    is_conference = any(not _PERIODICALS.intersection(name) for name in EXPANSIONS.get(acronym, ()))
    return is_conference or (acronym.startswith("sig") and acronym in venue.acronyms)


def _is_first_part(venue: Venue, name: str) -> bool:
    """Whether a venue is called what precedes the first comma of a name: ``IEEE Conference on Acoustics``."""
    first, comma, _ = name.partition(",")
    if not comma or first.count(" ") < 3:
        return False
    words, own = _full(prepare_venue(first)), _full(venue)
    return len(words) > 2 and words == own


def _named_as_subject(venue: Venue) -> bool:
    """Whether the name is that of a journal like ``Artificial Intelligence``, abbreviated or not."""
    words = _subject(venue)
    return any(_are_abbreviated(words, name) for name in SUBJECT_JOURNALS)


def _subject(venue: Venue) -> list[str]:
    return [word for word in venue.words if word not in SMALL_WORDS and word != "journal"]


def _is_subject_alike(mine: Venue, theirs: Venue) -> bool:
    return _are_abbreviated(_subject(mine), _subject(theirs))


@lru_cache(maxsize=20_000)
def _known_as(venue: Venue) -> frozenset[str]:
    """The acronyms of the table that the venue is called by, or whose names are in its own name."""
    found = set()
    for acronym, names in EXPANSIONS.items():
        fitting = (name for name in names if _periodical_alike(name, venue))
        if acronym in venue.acronyms or acronym in venue.words or any(_holds(venue, name) for name in fitting):
            found.add(acronym)
    return frozenset(found - _SHARED_ACRONYMS)


def _holds(venue: Venue, name: Sequence[str]) -> bool:
    return _in_order(name, venue.words, close=True)


# of series in which the proceedings of many conferences appear: they don't say which one is meant
_SERIES_ACRONYMS: Final = frozenset({"pmlr", "lncs", "lnai"})
# of no use, since other venues have them, or their words in the table, in their names: ACL in NAACL
_SHARED_ACRONYMS: Final = frozenset("acl mm vldb sigchi icra cacm siggraph bioinf".split())


def _periodical_alike(name: Sequence[str], venue: Venue) -> bool:
    """Whether the words of a name in the table are those of a journal if the venue is one."""
    of_journal = bool(_PERIODICALS.intersection(name)) or tuple(name[:2]) == ("proceedings", "acm")
    return of_journal == bool(_PERIODICALS & venue.kinds)


def is_series(name: str, conference: str) -> bool:
    """Whether a name is that of a series in which the proceedings of this conference may have appeared."""
    venue = prepare_venue(name)
    words = [word for word in venue.words if word not in SMALL_WORDS and word not in _NOT_OF_SERIES]
    meeting = prepare_venue(conference)
    if not words:
        return False
    bare = words[words[0] == "acm" :]
    for newsletter, conferences in ISSUED_IN.items():
        if _are_abbreviated(bare, newsletter) or _are_abbreviated(bare, newsletter[1:]):
            return not meeting.kinds and not conferences.isdisjoint(
                (*_known_as(meeting), *meeting.acronyms, *meeting.words)
            )
    if not meeting.gathering:
        return False
    if not any(_are_abbreviated(words, series) for series in SERIES):
        return False
    is_pmlr = words[0] in ("pmlr", "jmlr") or words[:2] == ["machine", "learning"]
    return not is_pmlr or bool(_IN_PMLR & (_known_as(meeting) | meeting.acronyms))


def _kinds_fit(mine: Venue, theirs: Venue) -> bool:
    shorter = min(mine, theirs, key=lambda venue: len(venue.words))
    # an acronym alone says nothing of the kind: TPAMI, JMLR
    short = sum(word not in _FRAME for word in shorter.words) <= 2 and not shorter.kinds
    if _is_part(mine) != _is_part(theirs):
        return False
    if ("workshop" in mine.kinds) != ("workshop" in theirs.kinds):
        return short  # ALENEX is a workshop itself
    if short:
        return True
    return mine.kinds - {"workshop", "student"} == theirs.kinds - {"workshop", "student"}


def _is_part(venue: Venue) -> bool:
    """Whether the name is that of the workshops, the companion or the like of a conference: CVPR has some."""
    if not venue.kinds & _PARTS:
        return False
    if {"conference", "conferences"} & {*venue.words} or venue.kinds & _PARTS != {"workshop"}:
        return True
    return any(word in EXPANSIONS or f"{word}w" in venue.acronyms for word in venue.acronyms) or any(
        follower == "workshop" and word in venue.acronyms
        for word, follower in zip(venue.words, venue.words[1:], strict=False)
    )


def _is_short_for(short: Venue, long: Venue) -> bool:
    telling = list(short.telling)
    if not telling:
        words = _full(short)
        return bool(words) and _are_abbreviated(words, _full(long))
    is_name = [word in short.acronyms or word in EXPANSIONS for word in telling]
    if all(is_name) and all(_is_acronym_of(word, long) for word in telling):
        return True
    shared = short.acronyms & long.acronyms & frozenset(_telling_acronyms(short, long))
    rest = [word for word in telling if word not in shared]
    if shared and all(_in_words(word, long.words) or _is_acronym_of(word, long) for word in rest):
        return True
    if _are_abbreviated(_full(short), _full(long)):
        return True
    # a part of its name may stand for a conference, but Nature is not Nature Communications
    if not long.gathering:
        return _are_abbreviated(_core(short), _core(long)) and short.kinds == long.kinds
    words = [word for word in telling if not _region(word) and not (word in EXPANSIONS and _is_acronym_of(word, long))]
    if not words or not _regions_fit(short, long):
        return False
    return _in_order(words, long.words) and _has_all(long, words)


def _has_all(long: Venue, words: Sequence[str]) -> bool:
    """Whether a conference's own name has no telling word besides these, acronyms aside."""
    rest = [word for word in replace(long, words=long.own).telling if word not in long.acronyms and not _region(word)]
    return all(_in_words(word, words) for word in rest[: len(words) + 1])


def _telling_acronyms(short: Venue, long: Venue) -> set[str]:
    """Acronyms that are a name, and no society: not ``IEEE``, which many venues share."""
    return {word for word in short.acronyms & long.acronyms if word not in _FRAME}


def _full(venue: Venue) -> list[str]:
    return [word for word in venue.words if word not in SMALL_WORDS and word not in ("proceedings", "proc", "annual")]


def _core(venue: Venue) -> list[str]:
    """The words without societies before them: ``IEEE Transactions``, ``ACM Transactions``."""
    return [word for word in _full(venue) if word not in ("ieee", "acm", "siam", "the")]


def _is_acronym_of(word: str, long: Venue) -> bool:
    """Whether a word is the acronym in the other name, or made of the first letters of its words."""
    if word in long.words or word in long.acronyms:
        return word not in _FRAME
    if len(word) < _MIN_ACRONYM:
        return False
    for form in (word, word.removeprefix("ieee"), word.removeprefix("acm")):
        names = [name for name in EXPANSIONS.get(form, ()) if _periodical_alike(name, long)]
        if any(_in_order(name, long.words, close=True) for name in names):
            return True
    if _PERIODICALS & long.kinds:  # TKDE, TOIS; ACL is not the Transactions of the ACL
        initials = "".join(each[0] for each in _core(long))
        return word == initials or (word.startswith("to") and f"t{word[2:]}" == initials)
    if long.stated and not any(word in acronym or acronym in word for acronym in long.stated):
        return False  # "IEEE Conference on Computer Vision and Pattern Recognition, CVPR 2019" is not ICCV
    for dropped in (SMALL_WORDS, frozenset({"the", "a", "an"})):
        initials = "".join(each[0] for each in long.words if each not in dropped)
        if len(word) >= _MIN_ACRONYM and word in initials:
            return len(word) > _MIN_ACRONYM or _covers(word, initials)
    return False


def _covers(word: str, initials: str) -> bool:
    """Three letters are easily found somewhere: they must begin or end the name, or be most of it."""
    return initials.startswith(word) or initials.endswith(word) or len(word) * 2 > len(initials)


def _in_order(words: Sequence[str], long: Sequence[str], *, close: bool = False) -> bool:
    """Whether all words are in the longer name in this order, abbreviated on either side; ``close``: side by side."""
    words = [word for word in words if word not in SMALL_WORDS]
    if close:
        long = [word for word in long if word not in SMALL_WORDS]
        return any(
            all(_abbreviates(word, other) for word, other in zip(words, long[at:], strict=False))
            for at in range(len(long) - len(words) + 1)
        )
    rest = iter(long)
    return all(any(_abbreviates(word, other) for other in rest) for word in words)


def _in_words(word: str, words: Sequence[str]) -> bool:
    return any(_abbreviates(word, other) for other in words)


def _abbreviates(word: str, other: str) -> bool:
    """Whether one word is the other, or its abbreviation: ``comput`` of ``computer``, ``intl``."""
    if word == other or _stemmed(word) == _stemmed(other):
        return True
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if _CONTRACTED.get(short) == long:
        return True
    return len(short) >= 3 and long.startswith(short)


def _stemmed(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") else word


def _are_abbreviated(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether two names have the same words one by one, abbreviated on either side: ISO 4, ``SIAM J. Numer. Anal.``."""
    if len(short) != len(long):
        return False
    return all(
        _abbreviates(a, b) or (min(len(a), len(b)) == 1 and a[0] == b[0] and at > 0)
        for at, (a, b) in enumerate(zip(short, long, strict=True))
    )


_REGIONS: Final = frozenset(
    "asian european american pacific nordic african australasian australian british canadian chinese indian italian "
    "japanese korean german french spanish iberian latin brazilian russian north south east west national scandinavian "
    "mediterranean baltic international asia europe america".split()
)


def _regions_fit(short: Venue, long: Venue) -> bool:
    """The ``Asian Conference on X`` is not the ``International Conference on X``; a name may leave its region out."""
    mine = {_region(word) for word in short.words} - {""}
    theirs = {_region(word) for word in long.words if word not in long.telling or _region(word)} - {""}
    if mine == {"international"}:
        return not theirs or "international" in theirs
    return mine <= theirs or not mine


def _region(word: str) -> str:
    if word in ("int", "intl", "international"):
        return "international"
    if word in ("eur", "european", "europe"):
        return "european"
    return word if word in _REGIONS else ""


def editions_differ(name: str, other: str, *, year: int | None = None, volume: str = "") -> str:
    """How two names of one venue say different editions, as ``2019, not 2020``; "" if they don't.

    ``year`` and ``volume`` are those that the record of ``other`` has besides.
    """
    mine, theirs = prepare_venue(name), prepare_venue(other)
    if theirs.server or mine.server:
        return ""
    years = theirs.years | ({year} if year else set())
    if mine.years and years and not mine.years & years:
        return f"{min(mine.years)}, not {max(years)}"
    if numbered := _numbers_differ(mine, theirs, years):
        return numbered
    numbers = theirs.numbers | ({volume} if volume.isdigit() else set())
    if mine.numbers and numbers and not mine.numbers & numbers:
        return f"number {min(mine.numbers)}, not {min(numbers)}"
    return ""


def _numbers_differ(mine: Venue, theirs: Venue, years: frozenset[int] | set[int]) -> str:
    """``number 33, not 34`` where ordinals differ; where one name has none, by the year of a yearly conference."""
    if not mine.ordinals:
        return ""
    number, kind = mine.ordinals[0]
    if theirs.ordinals:
        # of joint proceedings, those of the same conference: 34th AAAI Conference, 32nd Innovative Applications
        same = [other for other, of in theirs.ordinals if of == kind][:1] or [other for other, _ in theirs.ordinals]
        return "" if number in same else f"number {number}, not {same[0]}"
    if mine.kinds & _PARTS or theirs.kinds & _PARTS:
        return ""
    for acronym in sorted(mine.acronyms | theirs.acronyms):
        before, first = YEARLY.get(acronym, (0, 0))
        if before and years and number >= first and number + before not in years:
            right = max(years) - before
            return f"number {number}, not {right}" if right >= first else ""
    return ""
