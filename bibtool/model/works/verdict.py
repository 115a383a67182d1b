"""Whether two records are one work: the one judge, asked by everybody who has two records in front of him. Pure.

::

    judgement = compare(record, other)
    judgement.verdict         # same, manifestation, doubtful or different
    judgement.reasons_for, judgement.reasons_against

- **same**: one work in one manifestation. Each record may complete the other.
- **manifestation**: one work in two manifestations, told by `Judgement.kind`: a preprint and its publication, a
  conference paper and the journal article, a thesis and the article, two editions ... Only a preprint and its
  publication are one record; any other two are cited separately.
- **doubtful**: a person should look. One identifier on two records with other titles and other people is never more.
- **different**: two works, also where they look alike: other people, "part I" and "part II", an erratum, or one of many
  texts called "Editorial".

An identifier is evidence and no proof: chapters carry the DOI of their book, and people paste the wrong one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bibtool.model.text.fold import title_key
from bibtool.model.works.card import ALIKE, OTHER, SAME, UNKNOWN, Card, card_of, given_names_differ, relation
from bibtool.model.works.identity import IDENTIFIERS, is_preprint_doi
from bibtool.model.works.manifestation import Manifestation
from bibtool.model.works.places import contradict, same_container
from bibtool.model.works.signs import signs
from bibtool.model.works.titles import (
    SIMILAR,
    bare_title,
    differ_in_spelling_only,
    is_subtitle_apart,
    one_is_about_the_other,
    similar_ratio,
    tell_parts_apart,
)
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.model.record import Record

_PLACE_OF_KIND: Final = {kind: place for place, kind in enumerate(IDENTIFIERS)}
_RELATED_TITLES: Final = 60.0
_SHORT_TITLE: Final = 3  # words
_YEARS_TO_PRINT: Final = 2  # from a preprint to its publication, and from one publication to the next
_YEARS_AT_MOST: Final = 5


class Verdict(StrEnum):
    """The four answers; see the module."""

    SAME = "same"
    MANIFESTATION = "manifestation"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


class Kind(StrEnum):
    """How two manifestations of one work differ."""

    NONE = ""
    PREPRINT = "preprint"
    CONFERENCE = "conference"
    THESIS = "thesis"
    ABSTRACT = "abstract"
    TRANSLATION = "translation"
    EDITION = "edition"
    DATA = "data"
    PATENT = "patent"


_TOLD: Final[Mapping[Kind, str]] = {
    Kind.CONFERENCE: "a conference paper and a journal article",
    Kind.THESIS: "a thesis and another publication",
    Kind.ABSTRACT: "an abstract or talk and another publication",
    Kind.TRANSLATION: "a translation",
    Kind.EDITION: "different editions",
    Kind.DATA: "different versions of the data or software",
    Kind.PATENT: "a patent and another publication",
}
# two of these are often mistaken for duplicates, so they are reported; other kinds are kept on purpose
_WORTH_TELLING: Final = frozenset({Kind.CONFERENCE, Kind.THESIS, Kind.ABSTRACT})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer of `compare`.

    ``basis`` is what it rests on: ``identifier``, ``title``, ``similar`` or "" for nothing. ``close``: two publications
    appeared within a year and no identifiers distinguish them, so that one may be meant where the other is cited.
    """

    verdict: Verdict
    kind: Kind = Kind.NONE
    basis: str = ""
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()
    close: bool = False

    @property
    def is_one_record(self) -> bool:
        """Whether both are to become one record: the same, or a preprint and its publication."""
        return self.verdict is Verdict.SAME or self.kind is Kind.PREPRINT

    @property
    def is_for_people(self) -> bool:
        """Whether a person should decide whether both are one record."""
        return self.verdict is Verdict.DOUBTFUL or (self.close and self.kind in _WORTH_TELLING)

    @property
    def reason(self) -> str:
        """For and against in one line."""
        return "; ".join([*self.reasons_for, *(f"but {reason}" for reason in self.reasons_against)])


def _different(*reasons: str) -> Judgement:
    return Judgement(Verdict.DIFFERENT, reasons_against=reasons)


_OTHER_TITLES: Final = _different("different titles")  # the answer for nearly all pairs


# ---- the verdict ----------------------------------------------------------------------------------------------------


def compare(record: Record, other: Record) -> Judgement:
    """Whether two records are one work, with the evidence. Symmetric."""
    return judge(card_of(record), card_of(other))


def judge(card: Card, other: Card) -> Judgement:
    """The answer for two cards; see `compare`. Whoever compares many records makes each card once."""
    if card.record is other.record:
        return _judgement("identifier", "the same record", [])
    equal, differing = _compared(card.ids, other.ids) if card.ids and other.ids else ((), ())
    if equal:
        return _by_identifier(card, other, equal, differing)
    if not card.title or not other.title:
        return _different("no title on one side")
    if card.squashed == other.squashed:
        return _by_title(card, other, differing)
    if (card.original or other.original) and _is_translation(card, other):
        return Judgement(
            Verdict.MANIFESTATION, Kind.TRANSLATION, "title", ("the original title and the same authors",),
            (_TOLD[Kind.TRANSLATION],),
        )  # fmt: skip
    return _by_similar_title(card, other, differing)


def _compared(ids: Mapping[str, str], other: Mapping[str, str]) -> tuple[Sequence[str], Sequence[str]]:
    """The kinds of identifiers that two records have in common: those with one value, and those with two."""
    equal: list[str] = []
    differing: list[str] = []
    for kind, value in ids.items():
        if kind in other:
            (equal if value == other[kind] else differing).append(kind)
    if len(equal) + len(differing) > 1:
        equal.sort(key=_PLACE_OF_KIND.__getitem__)
        differing.sort(key=_PLACE_OF_KIND.__getitem__)
    return equal, differing


def is_one_by_key(card: Card, other: Card) -> bool:
    """Whether two records under one citation key are one work, although this is uncertain without the key.

    The key stands in for people, whom manuals and web pages often do not name, and, with an identifier in common, for a
    title that somebody has changed. Symmetric.
    """
    people = relation(card, other)
    if any(card.ids[kind] == other.ids[kind] for kind in card.ids.keys() & other.ids.keys()):
        return people != OTHER and not tell_parts_apart(card.words, other.words)
    if people != UNKNOWN or not card.title or card.squashed != other.squashed:
        return False
    gap = _gap(card, other)
    return (
        not (card.ids.keys() & other.ids.keys())
        and (gap is None or gap <= 1)
        and not card.place.differences(other.place)
        and _kind(card, other) in (Kind.NONE, Kind.PREPRINT)
    )


def may_be_one_under_key(record: Record, other: Record) -> bool:
    """Whether two records under one citation key may be one work, retitled or with its people corrected. Symmetric.

    Identifiers that differ say no; most words of the title or most people in common say yes.
    """
    card, other_card = card_of(record), card_of(other)
    if judge(card, other_card).verdict is not Verdict.DIFFERENT:
        return True
    if any(card.ids[kind] != other_card.ids[kind] for kind in card.ids.keys() & other_card.ids.keys()):
        return False
    words, other_words = set(card.words), set(other_card.words)
    if 2 * len(words & other_words) >= len(words | other_words):
        return True
    return relation(card, other_card) in (SAME, ALIKE)


def _judgement(
    basis: str, reason: str, doubts: Sequence[str], kind: Kind = Kind.NONE, against: Sequence[str] = ()
) -> Judgement:
    """The verdict of a reason and what speaks against it: without doubts it is certain."""
    verdict = Verdict.DOUBTFUL if doubts else Verdict.SAME if kind is Kind.NONE else Verdict.MANIFESTATION
    told = [_TOLD[kind]] if kind in _TOLD else []
    against = tuple(dict.fromkeys([*told, *doubts, *against]))
    return Judgement(verdict, Kind.NONE if doubts else kind, basis, (reason,), against)


def _kind(card: Card, other: Card) -> Kind:
    """How the manifestations of two records differ, if both are of one work."""
    pair = {card.manifestation, other.manifestation}
    if pair == {Manifestation.DATA}:
        differ = contradict(card.version, other.version) or contradict(*_dois(card, other))
        return Kind.DATA if differ and card.record.type == other.record.type else Kind.NONE
    if contradict(card.version, other.version) and not pair & _ARTICLES:
        return Kind.DATA
    if contradict(card.edition, other.edition) or _is_later_edition(card, other):
        return Kind.EDITION
    if _languages_differ(card, other):
        return Kind.TRANSLATION
    if pair == {Manifestation.PREPRINT}:
        return Kind.PREPRINT if contradict(_server(card.record), _server(other.record)) else Kind.NONE
    if Manifestation.UNKNOWN in pair or len(pair) == 1:
        return Kind.NONE
    for manifestation, kind in _TOLD_BY_ONE.items():
        if manifestation in pair:
            return kind
    if pair == {Manifestation.CONFERENCE, Manifestation.JOURNAL} and not _are_in_one_volume(card, other):
        return Kind.CONFERENCE
    return Kind.NONE


def _are_in_one_volume(card: Card, other: Card) -> bool:
    """Whether proceedings are a book in one record and a journal in the other."""
    containers = card.place.container, other.place.container
    return all(containers) and same_container(*containers) and not card.place.differences(other.place)


_ARTICLES: Final = frozenset({Manifestation.JOURNAL, Manifestation.CONFERENCE, Manifestation.THESIS})
_TOLD_BY_ONE: Final = {
    Manifestation.PATENT: Kind.PATENT,
    Manifestation.THESIS: Kind.THESIS,
    Manifestation.ABSTRACT: Kind.ABSTRACT,
    Manifestation.PREPRINT: Kind.PREPRINT,
}


def _server(record: Record) -> str:
    """The server of a preprint as a key; "" where it is not named."""
    if record.arxiv is not None and record.arxiv.id is not None:
        return "arxiv"
    doi = record.text("DOI")
    return doi.split("/", 1)[0] if is_preprint_doi(doi) else title_key(record.text("container-title"))


def _is_later_edition(card: Card, other: Card) -> bool:
    """Whether one book is named as a later edition, and the other one is years older and names none."""
    if card.manifestation is not Manifestation.BOOK or other.manifestation is not Manifestation.BOOK:
        return False
    older, newer = sorted((card, other), key=lambda book: book.year or 0)
    return not older.edition and newer.edition not in ("", "1") and (_gap(card, other) or 0) > 1


def _dois(card: Card, other: Card) -> tuple[str, str]:
    return card.ids.get("doi", ""), other.ids.get("doi", "")


def _languages_differ(card: Card, other: Card) -> bool:
    first, second = (x.record.text("language")[:2].casefold() for x in (card, other))
    translated = [bool(x.record.names("translator")) for x in (card, other)]
    return contradict(first, second) and any(translated)


def _is_translation(card: Card, other: Card) -> bool:
    """Whether one record names the title of the other as its original title, and the people may be the same."""
    if not (card.original and card.original == other.title) and not (other.original and other.original == card.title):
        return False
    if _is_latin(card) != _is_latin(other):  # Орлова and Orlova
        return card.number_of_people == other.number_of_people
    return relation(card, other) in (SAME, ALIKE)


def _is_latin(card: Card) -> bool:
    return all(char < "\u0370" for person in card.people for word in person.family for char in word)


def _by_identifier(card: Card, other: Card, equal: Sequence[str], differing: Sequence[str]) -> Judgement:
    reason = "the same " + " and ".join(f"{IDENTIFIERS[kind]} {card.ids[kind]}" for kind in equal)
    if _is_part_of(card, other) or _is_part_of(other, card):
        return _different("the whole and a part of it")
    doubts = []
    if equal == ["isbn"] and contradict(card.place.volume, other.place.volume):
        doubts.append("different volumes")
    people = relation(card, other)
    if card.title and other.title and card.squashed != other.squashed:
        doubts += _titles_against(card, other, people, equal)
    elif people == OTHER:
        doubts.append("other people")
    kind = _kind(card, other)
    if kind is Kind.EDITION:
        return _judgement("identifier", reason, [*doubts, "different editions"])
    if not {"doi", "pmid", "pmcid"}.isdisjoint(equal) and kind not in (Kind.TRANSLATION, Kind.PREPRINT):
        kind = Kind.NONE  # one DOI is one publication, whatever the types say
    elif kind is Kind.NONE and card.published and other.published:
        doubts += card.place.differences(other.place)
    if kind in (Kind.NONE, Kind.PREPRINT) and not _one_is_preprint_doi(card, other):
        doubts += [f"different {IDENTIFIERS[name]}s" for name in differing]
    return _judgement("identifier", reason, list(dict.fromkeys(doubts)), kind)


def _is_part_of(card: Card, whole: Card) -> bool:
    """Whether a record is a chapter or paper of a book that the other one describes: what they share is the book's."""
    container = card.place.container
    return bool(container) and whole.manifestation is Manifestation.BOOK and same_container(container, whole.title)


def _one_is_preprint_doi(card: Card, other: Card) -> bool:
    return is_preprint_doi(card.ids.get("doi", "")) != is_preprint_doi(other.ids.get("doi", ""))


def _titles_against(card: Card, other: Card, people: str, equal: Sequence[str]) -> list[str]:
    """What two titles that are not equal say against a common identifier."""
    from rapidfuzz import fuzz

    if tell_parts_apart(card.words, other.words):
        return ["titles that distinguish two parts"]
    if "arxiv" not in equal and one_is_about_the_other(card.words, other.words):
        return ["titles that distinguish two works"]
    if people == OTHER:
        return ["different titles and people"]
    short, long = sorted((card.title, other.title), key=len)
    # "Introduction" is the beginning of many titles
    contained = min(len(card.words), len(other.words)) >= _SHORT_TITLE and f" {short} " in f" {long} "
    alike = contained or fuzz.ratio(card.title, other.title) >= SIMILAR
    related = fuzz.token_set_ratio(card.title, other.title) >= _RELATED_TITLES
    if people == UNKNOWN:
        return [] if alike or related else ["different titles and people"]
    parts = {card.manifestation, other.manifestation} & {Manifestation.CHAPTER, Manifestation.CONFERENCE}
    if parts and "arxiv" not in equal and not contained and not differ_in_spelling_only(card.words, other.words):
        return ["different titles"]  # chapters of one author may carry the DOI of their book
    if "arxiv" in equal or alike or (people == SAME and card.place.is_same_page(other.place)):
        return []  # a preprint may get another title, and data bases translate titles
    if not related:
        return ["different titles"]
    return ["different titles and pages"] if contradict(card.place.page, other.place.page) else []


def _by_title(card: Card, other: Card, differing: Sequence[str]) -> Judgement:
    people = relation(card, other)
    if people == OTHER:
        return _different("other people")
    if _are_whole_and_part(card, other):
        return _different("the whole and a part of it, or two parts")
    gap = _gap(card, other)
    identical = card.record.variables == other.record.variables and card.record.type == other.record.type
    if card.generic or other.generic:
        return _by_generic_title(card, other, people, gap, identical=identical)
    if people == UNKNOWN and (gap or (gap is None and not identical)):
        return _different("no authors to compare" if gap is None else "different years")
    agree = card.place.is_same_page(other.place)
    sure = identical or (agree and gap == 0)
    doubts = _people_against(card, other, people, sure=sure)
    if not sure and signs(bare_title(card.record.title).text) != signs(bare_title(other.record.title).text):
        doubts.append("titles that differ in a sign")
    kind = _kind(card, other)
    told = "title" if people == UNKNOWN else "title and authors"
    reason = f"the same {told}" + (" and year" if gap == 0 else "")
    if kind is Kind.NONE or (kind is Kind.PREPRINT and "arxiv" in differing):
        found = _against_one_place(card, other, gap, identical=identical)
        if found is None or (differing and people != SAME):
            return _different("different places or years")
        doubts += [f"different {IDENTIFIERS[name]}s" for name in differing] + found
        return _judgement("title", reason, list(dict.fromkeys(doubts)))
    if gap is not None and gap > _YEARS_TO_PRINT and (kind is Kind.PREPRINT or kind in _WORTH_TELLING):
        if gap > _YEARS_AT_MOST:
            return _different(f"{gap} years between them")
        doubts.append(
            f"{gap} years between preprint and publication" if kind is Kind.PREPRINT else f"{gap} years between them"
        )
    if kind is Kind.PREPRINT and "doi" in differing and not _one_is_preprint_doi(card, other):
        doubts.append("different DOIs")  # the preprint names another publication
    if kind is Kind.PREPRINT and len(card.words) < _SHORT_TITLE and gap != 0 and len(card.people) < 2:
        doubts.append("a short title")
    against = card.place.differences(other.place) if kind in _WORTH_TELLING else []
    judgement = _judgement("title", reason, doubts, kind, against)
    return replace(judgement, close=not differing and (gap is None or gap <= 1))


def _are_whole_and_part(card: Card, other: Card) -> bool:
    """Whether two records of one title are a book and a chapter, two chapters or volumes, a work and its review."""
    pair = {card.manifestation, other.manifestation}
    if pair == {Manifestation.BOOK, Manifestation.CHAPTER} or (Manifestation.REVIEW in pair and len(pair) == 2):
        return True
    if contradict(card.record.text("chapter-number"), other.record.text("chapter-number")):
        return True
    return Manifestation.BOOK in pair and contradict(card.place.volume, other.place.volume)


def _people_against(card: Card, other: Card, people: str, *, sure: bool) -> list[str]:
    """What the people of two records of one title say against one work; ``sure``: the place leaves no doubt."""
    if people == UNKNOWN:
        if card.people or other.people:
            return ["no authors on one side"]
        return [] if sure or _same_source(card.record, other.record) else ["no authors"]
    if people == ALIKE:
        return [] if sure and not _families_differ(card, other) else ["authors that differ a little"]
    return ["given names that differ"] if given_names_differ(card, other) else []


def _same_source(record: Record, other: Record) -> bool:
    """Whether two records without people name one address or publisher, or one container."""
    return any(
        record.text(variable) and title_key(record.text(variable)) == title_key(other.text(variable))
        for variable in ("URL", "publisher", "container-title")
    )


def _families_differ(card: Card, other: Card) -> bool:
    return sorted(person.family for person in card.people) != sorted(person.family for person in other.people)


def _against_one_place(card: Card, other: Card, gap: int | None, *, identical: bool) -> list[str] | None:
    """What speaks against one manifestation of a work with one title and the same people; None: all of it."""
    doubts = _details_against(card, other)
    agree = card.place.is_same_page(other.place)
    if gap is not None and gap > 1 and agree:
        doubts.append(f"{gap} years between them")
    elif gap is not None and gap > 1:
        books = card.manifestation is other.manifestation is Manifestation.BOOK
        if not books and (card.published == other.published or gap > _YEARS_AT_MOST):
            return None
        doubts.append(f"{gap} years between them" if books else f"{gap} years between preprint and publication")
    if card.published and other.published and not agree:
        doubts += card.place.differences(other.place)
        if gap == 1 and not doubts:
            doubts.append("different years")
    elif gap == 1 and not agree and card.manifestation == other.manifestation != Manifestation.UNKNOWN:
        doubts.append("different years")
    if _types_differ(card, other) and not agree and card.published == other.published:
        doubts.append("different types")
    if len(card.words) < _SHORT_TITLE and not identical and not agree and gap != 0:
        doubts.append("a short title")
    return doubts


def _details_against(card: Card, other: Card) -> list[str]:
    """What records of one kind of manifestation say differently, apart from the place: degree, number, event, day."""
    if card.manifestation is not other.manifestation:
        return []

    def differ(variable: str) -> bool:
        return contradict(title_key(card.record.text(variable)), title_key(other.record.text(variable)))

    doubts = []
    if card.manifestation is Manifestation.THESIS and differ("genre"):
        doubts.append("different degrees")
    if card.record.type == other.record.type and card.record.type in _NUMBERED_TYPES and differ("number"):
        doubts.append("different numbers")
    if card.manifestation is Manifestation.ABSTRACT and differ("event-title"):
        doubts.append("different events")
    if card.record.type == "article-newspaper" and len(card.record.text("issued")) > _YEAR and differ("issued"):
        doubts.append("different days")
    if card.place.volume and contradict(card.place.issue, other.place.issue) and not card.place.page:
        doubts.append("different issues")
    return doubts


_NUMBERED_TYPES: Final = frozenset({"report", "patent", "standard"})
_YEAR: Final = len("2026")


def _types_differ(card: Card, other: Card) -> bool:
    vague = (Manifestation.UNKNOWN, Manifestation.PREPRINT)
    pair = {card.manifestation, other.manifestation}
    if pair == {Manifestation.DATA}:
        return card.record.type != other.record.type
    return len(pair) == 2 and pair.isdisjoint(vague)


def _by_generic_title(card: Card, other: Card, people: str, gap: int | None, *, identical: bool) -> Judgement:
    """Every journal has an editorial in each issue: only the same place makes two of them one."""
    another_issue = contradict(card.place.issue, other.place.issue)
    if another_issue or _places_contradict(card, other) or gap != 0 or people == ALIKE:
        return _different("a title that many works have")
    if card.place.is_same_page(other.place) or (identical and card.place.container):
        return _judgement("title", "the same title, year and place", [])
    if identical or (people == SAME and not contradict(card.place.container, other.place.container)):
        return _judgement("title", "the same title, authors and year", ["a title that many works have"])
    return _different("a title that many works have")


def _by_similar_title(card: Card, other: Card, differing: Sequence[str]) -> Judgement:
    gap = _gap(card, other)
    if (gap is not None and gap > 1) or card.generic or other.generic:
        return _OTHER_TITLES
    if len(card.words) < _SHORT_TITLE or len(other.words) < _SHORT_TITLE:
        return _OTHER_TITLES
    short, long = (card.whole, other.whole) if len(card.whole) <= len(other.whole) else (other.whole, card.whole)
    subtitle = long[: len(short)] == short and is_subtitle_apart(card.record.title, other.record.title)
    ratio = 0.0
    if not subtitle and (differing or not (ratio := similar_ratio(card.title, other.title))):
        return _OTHER_TITLES
    people = relation(card, other)
    if people not in (SAME, ALIKE) or (subtitle and people != SAME):
        return _OTHER_TITLES
    agree = card.place.is_same_page(other.place)
    if card.published and other.published and not agree and _places_contradict(card, other):
        return _OTHER_TITLES
    doubts = [f"different {IDENTIFIERS[name]}s" for name in differing]
    if subtitle:
        if not (agree and gap == 0):
            doubts.append("one title has a subtitle more")
        return _judgement("similar", "the same authors" + (", year and pages" if agree else ""), doubts)
    if not differ_in_spelling_only(card.words, other.words):
        return _OTHER_TITLES
    reason = f"titles that agree by {int(ratio)} % and the same authors"
    if people == ALIKE:
        doubts.append("authors that differ a little")
    if agree and gap == 0 and people == SAME:
        return _judgement("similar", reason + ", year and pages", doubts)
    return _judgement("similar", reason, [*doubts, "titles that are not equal"])


def _gap(card: Card, other: Card) -> int | None:
    if card.year is None or other.year is None:
        return None
    return abs(card.year - other.year)


def _places_contradict(card: Card, other: Card) -> bool:
    return bool(card.place.differences(other.place)) or (
        _types_differ(card, other) and card.place.container != other.place.container
    )
