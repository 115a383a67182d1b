"""Two records side by side: one work, perhaps one work, or two works. Pure; `bibtool.model.works.groups` uses it.

A verdict is certain only where nothing speaks against it: an identifier in common, or the same title, people and year.
Whatever a person should look at first is doubtful. No verdict means two works, also for those that look alike: other
people, "part I" and "part II", another edition, an erratum, or one of many texts called "Editorial".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.text.fold import fold, title_key
from bibtool.model.works.merge import identifiers, is_published, name_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.model.names import Names
    from bibtool.model.record import Record

MAX_PEOPLE = 40  # a list of 3,000 authors is compared by its beginning and its length
MAX_WORDS = 60
SIMILAR = 88.0  # per cent, by which titles that are not equal have to agree
_CLOSE_WORDS = 75.0
_RELATED_TITLES = 60.0
_SHORT_TITLE = 3  # words
_PREPRINT_YEARS = 5  # from a preprint to its publication

_FAMILIES = {
    "article-journal": "journal", "article-magazine": "journal", "article-newspaper": "journal", "review": "journal",
    "paper-conference": "conference", "chapter": "chapter", "entry": "chapter", "entry-encyclopedia": "chapter",
    "entry-dictionary": "chapter", "book": "book", "collection": "book", "article": "", "document": "",
    "manuscript": "", "webpage": "", "post": "", "post-weblog": "",
}  # fmt: skip
_PREPRINT_CONTAINERS = re.compile(
    r"(?:computing research repository|corr|arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|techrxiv|ssrn|"
    r"research square|hal|preprints?|eprint|cryptology eprint archive|iacr cryptol eprint arch)\b"
)
# registrants of DOIs that only, or above all, preprints have
_PREPRINT_DOIS = frozenset(
    "10.1101 10.2139 10.21203 10.26434 10.20944 10.31234 10.31219 10.31235 10.36227 10.22541 10.48550".split()
)
_GENERIC = frozenset(
    (
        "editorial|guest editorial|editors note|editor note|from the editor|from the editors|letter from the editor|"
        "preface|foreword|introduction|general introduction|conclusion|conclusions|abstract|abstracts|discussion|"
        "comment|comments|reply|response|rejoinder|erratum|errata|corrigendum|corrigenda|correction|corrections|"
        "addendum|retraction|contents|table of contents|index|appendix|acknowledgments|acknowledgements|afterword|"
        "epilogue|prologue|obituary|in memoriam|news|announcements|announcement|book review|book reviews|review|"
        "reviews|letter|letters|letter to the editor|letters to the editor|welcome|welcome message|untitled|title|"
        "front matter|back matter|frontmatter|backmatter|front cover|cover|masthead|overview|summary|references|"
        "bibliography|notes|note|poster|keynote|keynote address|panel|interview|problems|solutions|homework|"
        "lecture notes|chairs message|message from the chairs|message from the general chair|program committee|"
        "organizing committee|list of reviewers|reviewers|personal communication|private communication"
    ).split("|")
)
# words that make another work of a title, where only one of two titles has them
_TELLING = frozenset(
    (
        "erratum errata corrigendum corrigenda correction corrections addendum retraction comment comments reply "
        "response rejoinder discussion supplement supplementary appendix part volume first second third fourth fifth "
        "sixth seventh one two three four five six seven eight nine ten not no without abstract poster demo slides "
        "talk revisited extended short revised new continued preliminary"
    ).split()
)
_SMALL = frozenset("a an the of on for and in to with via by from at as is its or some".split())
_ROMAN = re.compile(r"m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_SUBTITLE = re.compile(r"\s*[:.?!;\u2013\u2014]|\s+-{1,3}\s")
_FIRST_PAGE = re.compile(r"\s*([^\s,;\u2010-\u2015-]+)")


class Person(NamedTuple):
    """One name, folded: family name with particle, initial, given names, number among namesakes."""

    family: str
    initial: str
    given: str
    homonym: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is compared of a record; ``signature`` orders cards whatever the order of the records was."""

    record: Record
    ids: Mapping[str, str]
    title: str
    words: tuple[str, ...]
    squashed: str
    people: tuple[Person, ...]
    truncated: bool
    number_of_people: int
    year: int | None
    published: bool
    family: str
    container: str
    volume: str
    page: str
    edition: str
    signature: tuple[object, ...]

    @property
    def generic(self) -> bool:
        """Whether many works have this title."""
        return self.title in _GENERIC

    @property
    def first(self) -> str:
        """Family name of the first author; "" where there is none."""
        return self.people[0].family if self.people else ""


class Verdict(NamedTuple):
    """One work: certainly or perhaps; ``kind`` is ``identifier``, ``title`` or ``similar``, ``reason`` for people."""

    certain: bool
    kind: str
    reason: str


def card_of(record: Record) -> Card:
    """The card of a record."""
    title = title_key(record.title)
    words = tuple(title.split(" ")) if title else ()
    names = record.names("author") or record.names("editor")
    people = _people(names)
    container = title_key(record.text("container-title"))
    published = is_published_work(record)
    # pages of a preprint count its pages, its volume is a number of the server
    volume = fold(record.text("volume")).strip() if published else ""
    page = _first_page(record.text("page")) if published else ""
    ids = dict(identifiers(record))
    year = record.year
    edition = _edition(record.text("edition"))
    return Card(
        record=record,
        ids=ids,
        title=title,
        words=words,
        squashed="".join(words),
        people=people,
        truncated=names.truncated,
        number_of_people=len(names),
        year=year,
        published=published,
        family=_FAMILIES.get(record.type, record.type),
        container=container,
        volume=volume,
        page=page,
        edition=edition,
        signature=(
            title, people, year or 0, tuple(sorted(ids.items())), container, volume, page, edition, record.type,
            record.key,
        ),
    )  # fmt: skip


def is_published_work(record: Record) -> bool:
    """True for a record that names where the work appeared; a preprint server is no such place."""
    if not is_published(record):
        return False
    if _PREPRINT_CONTAINERS.match(title_key(record.text("container-title"))):
        return False
    doi = record.text("DOI")
    if doi.split("/")[0] in _PREPRINT_DOIS or arxiv_id_of_doi(doi) is not None:
        return any(record.text(name) for name in ("container-title", "event-title", "volume"))
    return True


def _people(names: Names) -> tuple[Person, ...]:
    found = []
    for name in names.names[:MAX_PEOPLE]:
        family, initial = name_key(name)
        found.append(Person(family, initial, fold(name.given), name.homonym))
    return tuple(found)


def _first_page(text: str) -> str:
    found = _FIRST_PAGE.match(fold(text))
    return found[1].lstrip("0") if found else ""


_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}


def _edition(text: str) -> str:
    """The number of an edition as digits; "1" for none is not assumed."""
    for word in title_key(text).split():
        if word in _ORDINALS:
            return _ORDINALS[word]
        if digits := re.match(r"\d+", word):
            return digits[0].lstrip("0")
    return title_key(text)


# ---- the verdict ----------------------------------------------------------------------------------------------------

_NAMES = {"doi": "DOI", "arxiv": "arXiv id", "isbn": "ISBN", "pmid": "PubMed id", "pmcid": "PubMed Central id"}


def judge(one: Card, other: Card) -> Verdict | None:
    """Whether the records of two cards are one work; None for two works. Symmetric."""
    common = one.ids.keys() & other.ids.keys()
    equal = [kind for kind in _NAMES if kind in common and one.ids[kind] == other.ids[kind]]
    differing = [kind for kind in _NAMES if kind in common and one.ids[kind] != other.ids[kind]]
    if equal:
        return _by_identifier(one, other, equal, differing)
    if differing and not (differing == ["doi"] and _preprint_doi(one) != _preprint_doi(other)):
        return None
    doubts = ["different DOIs, one of a preprint server"] if differing else []
    if not one.title or not other.title or _contradict(one.edition, other.edition):
        return None
    if "book" in (one.family, other.family) and _contradict(one.volume, other.volume):
        return None
    if one.squashed == other.squashed:
        return _by_title(one, other, doubts)
    return _by_similar_title(one, other, doubts)


def _preprint_doi(card: Card) -> bool:
    return card.ids.get("doi", "").split("/")[0] in _PREPRINT_DOIS


def _contradict(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one != other


def _verdict(kind: str, reason: str, doubts: Sequence[str]) -> Verdict:
    return Verdict(not doubts, kind, "; ".join([reason, *(f"but {doubt}" for doubt in doubts)]))


def _by_identifier(one: Card, other: Card, equal: Sequence[str], differing: Sequence[str]) -> Verdict:
    doubts = [f"different {_NAMES[kind]}s" for kind in differing]
    if _contradict(one.edition, other.edition):
        doubts.append("different editions")
    if equal == ["isbn"] and _contradict(one.volume, other.volume):
        doubts.append("different volumes")
    if one.title and other.title and one.squashed != other.squashed:
        if _differ_by_number(one.words, other.words):
            doubts.append("titles that tell two parts apart")
        elif not _related(one, other):
            # a preprint may get another title; chapters often carry the DOI of their book
            people = relation(one, other)
            if people not in (SAME, ALIKE):
                doubts.append("different titles and people")
            elif "arxiv" not in equal:
                doubts.append("different titles")
    reason = "the same " + " and ".join(f"{_NAMES[kind]} {one.ids[kind]}" for kind in equal)
    return _verdict("identifier", reason, doubts)


def _related(one: Card, other: Card) -> bool:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(one.title, other.title) >= _RELATED_TITLES


def _by_title(one: Card, other: Card, doubts: list[str]) -> Verdict | None:
    people = relation(one, other)
    if people == OTHER:
        return None
    gap = _gap(one, other)
    identical = one.record.variables == other.record.variables and one.record.type == other.record.type
    if one.generic:
        return _by_generic_title(one, other, people, gap, identical=identical)
    if people == UNKNOWN:
        if gap is None and not identical:
            return None
        if gap:
            return None
        if not (identical and (one.container or one.record.text("URL") or one.record.text("publisher"))):
            doubts.append("no authors on one side" if one.people or other.people else "no authors")
    elif people == ALIKE:
        doubts.append("authors that differ a little")
    elif _given_names_differ(one, other):
        doubts.append("given names that differ")
    if gap is not None and gap > 1:
        if one.published == other.published or gap > _PREPRINT_YEARS:
            return None
        doubts.append(f"{gap} years between preprint and publication")
    agree = _same_place(one, other)
    if one.published and other.published and not agree:
        doubts += _places_differ(one, other)
        if gap == 1 and not doubts:
            doubts.append("different years")
    elif gap == 1 and not agree and one.family == other.family != "":
        doubts.append("different years")
    if one.family and other.family and one.family != other.family and not agree and one.published == other.published:
        doubts.append("different types")
    if len(one.words) < _SHORT_TITLE and not identical and not agree and gap != 0:
        doubts.append("a short title")
    told = "title" if people == UNKNOWN else "title and authors"
    return _verdict("title", f"the same {told}" + (" and year" if gap == 0 else ""), list(dict.fromkeys(doubts)))


def _by_generic_title(one: Card, other: Card, people: str, gap: int | None, *, identical: bool) -> Verdict | None:
    """Every journal has an editorial in each issue: only the same place makes two of them one."""
    if _places_contradict(one, other) or gap != 0 or people == ALIKE:
        return None
    if _same_place(one, other):
        return _verdict("title", "the same title, year and place", [])
    if identical or (people == SAME and one.container == other.container):
        return _verdict("title", "the same title, authors and year", ["a title that many works have"])
    return None


def _by_similar_title(one: Card, other: Card, doubts: list[str]) -> Verdict | None:
    short, long = sorted((len(one.title), len(other.title)))
    gap = _gap(one, other)
    if gap is not None and gap > 1:
        return None
    if min(len(one.words), len(other.words)) < _SHORT_TITLE or one.generic or other.generic:
        return None
    subtitle = _subtitle_apart(one, other)
    ratio = 0.0
    if not subtitle:
        if 200 * short < SIMILAR * (short + long):  # the ratio can't be reached
            return None
        from rapidfuzz import fuzz

        ratio = fuzz.ratio(one.title, other.title, score_cutoff=SIMILAR)
        if not ratio:
            return None
    people = relation(one, other)
    if people not in (SAME, ALIKE) or (subtitle and people != SAME):
        return None
    agree = _same_place(one, other)
    if one.published and other.published and not agree and _places_contradict(one, other):
        return None
    if subtitle:
        return _verdict("similar", "the same authors", [*doubts, "one title has a subtitle more"])
    if not _only_spelling(one.words, other.words):
        return None
    reason = f"titles that agree by {int(ratio)} % and the same authors"
    if people == ALIKE:
        doubts.append("authors that differ a little")
    if agree and gap == 0 and people == SAME:
        return _verdict("similar", reason + ", year and pages", doubts)
    return _verdict("similar", reason, [*doubts, "titles that are not equal"])


def _gap(one: Card, other: Card) -> int | None:
    if one.year is None or other.year is None:
        return None
    return abs(one.year - other.year)


# ---- people ---------------------------------------------------------------------------------------------------------

SAME, ALIKE, UNKNOWN, OTHER = "same", "alike", "unknown", "other"


def relation(one: Card, other: Card) -> str:
    """How the people of two cards compare: the same, alike (order, spelling, one more), unknown, or others."""
    a, b = one.people, other.people
    if not a or not b:
        return UNKNOWN
    if any(
        x.homonym and y.homonym and x.homonym != y.homonym and x.family == y.family for x, y in zip(a, b, strict=False)
    ):
        return OTHER
    short, long = (one, other) if one.number_of_people <= other.number_of_people else (other, one)
    complete = short.number_of_people == long.number_of_people or short.truncated
    if complete and all(_same_person(x, y) for x, y in zip(short.people, long.people, strict=False)):
        return SAME
    return ALIKE if _overlap(short.people, long.people) else OTHER


def _same_person(one: Person, other: Person) -> bool:
    return one.family == other.family and (not one.initial or not other.initial or one.initial == other.initial)


def _overlap(short: Sequence[Person], long: Sequence[Person]) -> bool:
    """Whether most of the people are in both lists, small differences of spelling aside."""
    from rapidfuzz import fuzz

    if 2 * len(short) <= len(long):
        return False
    rest = list(long)
    hits = 0
    for person in short:
        match = next((x for x in rest if _same_person(person, x)), None)
        if match is None:
            match = next(
                (
                    x
                    for x in rest
                    if (not person.initial or not x.initial or person.initial == x.initial)
                    and fuzz.ratio(person.family, x.family) >= 80
                ),
                None,
            )
        if match is not None:
            hits += 1
            rest.remove(match)
    return hits * 2 > len(long)


def _given_names_differ(one: Card, other: Card) -> bool:
    """Whether a person has two full given names that are not one another's beginning: Jing and Jun."""
    for x, y in zip(one.people, other.people, strict=False):
        a = re.split(r"[\s.-]+", x.given.strip(), maxsplit=1)[0]
        b = re.split(r"[\s.-]+", y.given.strip(), maxsplit=1)[0]
        if len(a) > 1 and len(b) > 1 and not a.startswith(b) and not b.startswith(a):
            from rapidfuzz import fuzz

            if fuzz.ratio(a, b) < _CLOSE_WORDS:
                return True
    return False


# ---- places ---------------------------------------------------------------------------------------------------------


def _same_place(one: Card, other: Card) -> bool:
    """The same first page, and nothing else that speaks against it; page 1 tells little without the volume."""
    if not one.page or one.page != other.page or _contradict(one.volume, other.volume):
        return False
    if one.container and other.container and not same_container(one.container, other.container):
        return one.page != "1" and bool(one.volume) and one.volume == other.volume
    return one.page != "1" or (bool(one.volume) and one.volume == other.volume) or one.container == other.container


def _places_differ(one: Card, other: Card) -> list[str]:
    found = []
    if _contradict(one.page, other.page):
        found.append("different pages")
    if _contradict(one.volume, other.volume):
        found.append("different volumes")
    if one.container and other.container and not same_container(one.container, other.container):
        found.append("different places of publication")
    return found


def _places_contradict(one: Card, other: Card) -> bool:
    return bool(_places_differ(one, other)) or (
        _contradict(one.family, other.family) and one.container != other.container
    )


def same_container(one: str, other: str) -> bool:
    """Whether two folded names may mean one journal or book: ``siam j numer anal``, an acronym, or nearly the same."""
    if one == other:
        return True
    a = [word for word in one.split() if word not in _SMALL]
    b = [word for word in other.split() if word not in _SMALL]
    short, long = sorted((a, b), key=lambda words: (len(words), len("".join(words))))
    if not short:
        return False
    if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long):
        return True
    if len(short) == len(long) and all(x.startswith(y) or y.startswith(x) for x, y in zip(short, long, strict=True)):
        return True
    from rapidfuzz import fuzz

    return fuzz.ratio(" ".join(a), " ".join(b)) >= 90


# ---- titles ---------------------------------------------------------------------------------------------------------


def _telling(word: str) -> bool:
    """Whether one such word makes another work: a number, a letter, "reply"."""
    if len(word) == 1 and word not in _SMALL:
        return True
    return word in _TELLING or any(char.isdigit() for char in word) or bool(_ROMAN.fullmatch(word))


def _differences(one: Sequence[str], other: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """The runs of words in which two titles differ."""
    from rapidfuzz.distance import Levenshtein

    a, b = list(one[:MAX_WORDS]), list(other[:MAX_WORDS])
    found: list[tuple[list[str], list[str]]] = []
    joined = False
    for step in Levenshtein.opcodes(a, b):
        if step.tag == "equal":
            joined = False
            continue
        left, right = a[step.src_start : step.src_end], b[step.dest_start : step.dest_end]
        if joined:
            found[-1][0].extend(left)
            found[-1][1].extend(right)
        else:
            found.append((left, right))
        joined = True
    return found


def _differ_by_number(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles differ in numbers only: "part 1", "part 2"."""
    runs = _differences(one, other)
    return bool(runs) and all(
        left and right and all(_telling(word) for word in (*left, *right)) for left, right in runs
    )


def _only_spelling(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words in which two titles differ are spellings of each other, or small words."""
    from rapidfuzz import fuzz

    for left, right in _differences(one, other):
        if all(word in _SMALL for word in (*left, *right)):
            continue
        a, b = "".join(left), "".join(right)
        if a == b:
            continue
        if not a or not b or any(_telling(word) for word in (*left, *right)):
            return False
        # linear and nonlinear, stable and unstable
        if a.endswith(b) or b.endswith(a) or fuzz.ratio(a, b) < _CLOSE_WORDS:
            return False
    return True


def _subtitle_apart(one: Card, other: Card) -> bool:
    """Whether one title is the other with a subtitle behind it."""
    short, long = (one, other) if len(one.words) < len(other.words) else (other, one)
    count = len(short.words)
    if long.words[:count] != short.words or count == len(long.words) or any(map(_telling, long.words[count:])):
        return False
    title = long.record.title
    return any(title_key(title[: found.start()]) == short.title for found in _SUBTITLE.finditer(title[:1000]))
