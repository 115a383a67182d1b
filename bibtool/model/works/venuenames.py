"""Whether two names may be those of one journal or conference: acronyms, abbreviations and frames. Pure.

A reference says ``CVPR``, ``Proc. CVPR 2021`` or ``IEEE Conf. Comput. Vis. Pattern Recognit.``; a source says
``IEEE/CVF Conference on Computer Vision and Pattern Recognition, CVPR 2021, virtual, June 19-25, 2021``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import title_key
from bibtool.model.works.titles import SMALL_WORDS
from bibtool.model.works.venues import names_preprint_server, names_proceedings

if TYPE_CHECKING:
    from collections.abc import Sequence

# what no rule derives from the name: acronym, then the words of the name. Several names are separated by |
_NAMES: Final = """
aaai: aaai conference artificial intelligence | association advancement artificial intelligence
acl: annual meeting association computational linguistics | meeting association computational linguistics
aistats: artificial intelligence statistics
bioinf: bioinformatics
cacm: communications acm
chi: human factors computing systems
coling: computational linguistics coling | international conference computational linguistics
colt: conference learning theory | computational learning theory
conll: computational natural language learning
corl: conference robot learning
crypto: international cryptology conference | advances cryptology crypto
csur: acm computing surveys
eacl: european chapter association computational linguistics
ecml: european conference machine learning
ecmlpkdd: machine learning knowledge discovery databases
eurocrypt: theory applications cryptographic techniques
focs: foundations computer science
icassp: acoustics speech signal processing
icra: robotics automation
infocom: computer communications
interspeech: international speech communication association | interspeech
iros: intelligent robots systems
iser: experimental robotics
jacm: journal acm
jair: journal artificial intelligence research
jmlr: journal machine learning research
kdd: knowledge discovery data mining
lncs: lecture notes computer science
miccai: medical image computing computer assisted intervention
naacl: north american chapter association computational linguistics
ndss: network distributed system security
neurips: neural information processing systems
nips: neural information processing systems
nsdi: networked systems design implementation
osdi: operating systems design implementation
pami: pattern analysis machine intelligence
pldi: programming language design implementation
pmlr: machine learning research
pnas: national academy sciences
podc: principles distributed computing
pods: principles database systems
popl: principles programming languages
pvldb: vldb endowment
rss: robotics science systems
sigcomm: data communication | applications technologies architectures protocols computer communication
siggraph: computer graphics interactive techniques
sigir: research development information retrieval
sigmod: management data
socg: computational geometry
soda: discrete algorithms
sosp: operating systems principles
stacs: theoretical aspects computer science
stoc: theory computing
tacl: transactions association computational linguistics
tip: transactions image processing
tmlr: transactions machine learning research
tog: transactions graphics
tpami: transactions pattern analysis machine intelligence
uai: uncertainty artificial intelligence
uist: user interface software technology
usenixsecurity: usenix security symposium
vldb: very large data bases
wacv: applications computer vision
wsdm: web search data mining
www: world wide web | web conference
"""
_EXPANSIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    acronym: tuple(tuple(name.split()) for name in names.split("|"))
    for acronym, _, names in (line.partition(":") for line in _NAMES.strip().splitlines())
}
# words that a name may have or not
_FRAME: Final = frozenset(
    "proceedings proc annual ann the of on in for and a an to at acm ieee cvf siam usenix ifip eurographics th st "
    "nd rd conference conf international intl int series companion proceeding volume vol part track main long "
    "short papers paper online virtual event edition joint revised selected extended abstracts technical record "
    "digest lncs lecture notes sponsored held conjunction with de la le der die und et springer elsevier pmlr".split()
)
# words that distinguish two venues wherever one of them has them
_KINDS: Final = frozenset("workshop journal transactions letters magazine findings demonstrations student".split())
_KIND_SPELLINGS: Final = {
    "workshops": "workshop", "wkshp": "workshop", "wkshps": "workshop", "j": "journal", "jour": "journal",
    "trans": "transactions", "lett": "letters", "mag": "magazine", "demos": "demonstrations",
}  # fmt: skip
# words between the name of a conference and those of its place: Interspeech 2022, Incheon, Korea
_PLACE_OR_DATE = lazy_pattern(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
_YEAR = lazy_pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = lazy_pattern(r"(?<=[A-Za-z])\s?['\u2019](\d\d)(?!\d)")
_TWO_LETTERS = lazy_pattern(r"\b[A-Z]{2}(?=\s+(?:19|20)\d\d|$)")  # MM 2017
_ORDINAL = lazy_pattern(r"\b(\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER = lazy_pattern(r"(?<![\d'\u2019/.-])\b(\d{1,3})\b(?![\d'\u2019/.-])")
_ORDINAL_WORDS: Final = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth thirty forty fifty twenty "
    "sixtieth sixty".split()
)
_CONTRACTED: Final = {
    "intl": "international", "natl": "national", "dept": "department", "assoc": "association", "symp": "symposium",
    "conf": "conference", "proc": "proceedings", "commun": "communications", "annu": "annual", "mtg": "meeting",
    "soc": "society", "eng": "engineering", "engl": "england", "phys": "physics", "sci": "science", "lett": "letters",
    "trans": "transactions", "artif": "artificial", "tech": "technology", "mgmt": "management", "govt": "government",
}  # fmt: skip
_MIN_ACRONYM: Final = 3


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue's name, prepared: its words in order, without years, ordinals and dates, which are apart."""

    words: tuple[str, ...]
    acronyms: frozenset[str]
    kinds: frozenset[str]
    years: frozenset[int]
    ordinals: frozenset[str]
    numbers: frozenset[str]
    server: bool
    gathering: bool

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that are not mere frame."""
        return tuple(word for word in self.words if word not in _FRAME and word not in _KINDS)


@lru_cache(maxsize=20_000)
def prepare_venue(name: str) -> Venue:
    """The name made comparable; an empty one has no words."""
    years = {int(year) for year in _YEAR.findall(name)}
    years |= {2000 + int(short) if int(short) < 60 else 1900 + int(short) for short in _SHORT_YEAR.findall(name)}
    text = _SHORT_YEAR.sub(" ", _YEAR.sub(" ", name)).replace("&", " and ")
    ordinals = frozenset(_ORDINAL.findall(text))
    text = _ORDINAL.sub(" ", text)
    head = text.split(",")[0] if _PLACE_OR_DATE.search(text) else text
    numbers = frozenset(_NUMBER.findall(head))
    raw = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.replace("{", "").replace("}", ""))
    acronyms = {title_key(word).replace(" ", "") for word in raw if _looks_like_acronym(word)}
    acronyms |= {letters.casefold() for letters in _TWO_LETTERS.findall(name)}
    words = [word for word in title_key(text).split() if not word.isdigit() and word not in _ORDINAL_WORDS]
    words = [_KIND_SPELLINGS.get(word, word) for word in words]
    kinds = set(_KINDS.intersection(words))
    for acronym in list(acronyms):
        if (acronym.endswith("w") and acronym[:-1] in _EXPANSIONS) or acronym in ("cvprw", "iccvw", "eccvw", "wacvw"):
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
        names_proceedings(name),
    )


def _looks_like_acronym(word: str) -> bool:
    capitals = sum(char.isupper() for char in word)
    return len(word) >= _MIN_ACRONYM and (capitals >= 2 or word.casefold() in _EXPANSIONS)


def same_venue(name: str, other: str) -> bool:
    """Whether two names may mean one venue; two preprint servers count as one. Years and volumes are not compared."""
    if title_key(name) == title_key(other):
        return True
    mine, theirs = prepare_venue(name), prepare_venue(other)
    if not mine.words or not theirs.words:
        return False
    if mine.server or theirs.server:
        return mine.server and theirs.server
    if not _kinds_fit(mine, theirs):
        return False
    return _is_short_for(mine, theirs) or _is_short_for(theirs, mine)


def _kinds_fit(mine: Venue, theirs: Venue) -> bool:
    short = min(len(mine.words), len(theirs.words)) <= 2  # an acronym alone says nothing of the kind: TPAMI, JMLR
    if ("workshop" in mine.kinds) != ("workshop" in theirs.kinds):
        # ALENEX is a workshop itself, CVPR has some
        return short and not {"conference", "conferences"} & {*mine.words, *theirs.words}
    if short:
        return True
    return mine.kinds - {"workshop", "student"} == theirs.kinds - {"workshop", "student"}


def _is_short_for(short: Venue, long: Venue) -> bool:
    telling = [word for word in short.telling if word not in _FRAME]
    if not telling:
        return False
    is_name = [word in short.acronyms or word in _EXPANSIONS for word in telling]
    if all(is_name) and all(_is_acronym_of(word, long) for word in telling):
        return True
    shared = short.acronyms & long.acronyms & frozenset(_telling_acronyms(short, long))
    rest = [word for word in telling if word not in shared]
    if shared and all(_in_words(word, long.words) or _is_acronym_of(word, long) for word in rest):
        return True
    if _are_abbreviated(_full(short), _full(long)):
        return True
    # a part of its name may stand for a conference, but Nature is not Nature Communications
    if not long.gathering or (len(telling) < 2 and len(long.telling) > 2):
        return _are_abbreviated(_core(short), _core(long)) and short.kinds == long.kinds
    return _regions_fit(short, long) and _in_order(telling, long.words) and len("".join(telling)) >= 6


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
        if any(_in_order(name, long.words, close=True) for name in _EXPANSIONS.get(form, ())):
            return True
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
    if mine.ordinals and theirs.ordinals and not mine.ordinals & theirs.ordinals:
        return f"number {min(mine.ordinals)}, not {min(theirs.ordinals)}"
    numbers = theirs.numbers | ({volume} if volume.isdigit() else set())
    if mine.numbers and numbers and not mine.numbers & numbers:
        return f"number {min(mine.numbers)}, not {min(numbers)}"
    return ""
