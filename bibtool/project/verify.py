"""Entries compared with what arXiv says of them: *confirmed*, *contradicts*, *could not check*.

Nothing is ever called false: arXiv may lack a paper, hold another version of it, or be wrong. What differs is named
with both values and the date of arXiv's answer. Spelling is not a contradiction: LaTeX, case and hyphens in a title,
initials for given names, a list that ends in "and others", a year without month; nor is a title under which arXiv's
journal reference says that the paper was published. Another title, other people, an id that arXiv does not know or that
is another paper's, another DOI, a year far off and a withdrawn paper are.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from bibtool.enrich.atom import to_record
from bibtool.enrich.match import known_number
from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, NotFound
from bibtool.enrich.service import enrich
from bibtool.errors import IdentifierError, NetworkError, UnreachableError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import arxiv_id_of_doi, parse_doi
from bibtool.model.marks import show
from bibtool.model.text.fold import title_key
from bibtool.model.text.inert import workflow_text
from bibtool.model.works.likeness import prepare_title, title_ratio
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.people import Agreement, compare_authors, prepare_authors
from bibtool.model.works.retractions import retraction_of
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.model.record import Record

CONFIRMED = "confirmed"
CONTRADICTS = "contradicts"
NOT_FOUND = "not found"
NOT_CHECKED = "could not check"
VERDICTS = (CONFIRMED, CONTRADICTS, NOT_FOUND, NOT_CHECKED)
ARXIV = "arXiv"  # as a source

YEARS_TO_PRINT = 6  # a publication may come out so many years after the preprint
YEARS_BEFORE = 1  # and a preprint may be posted so many years after the publication, or on New Year's Eve

_YEAR = lazy_pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One field in which entry and ``source`` differ. ``field`` is CSL's name, or ``arXiv id``, ``withdrawn``."""

    field: str
    mine: str
    theirs: str
    sentence: str = ""
    source: str = ARXIV

    def __str__(self) -> str:
        """The difference in words: ``sentence``, if there is one, else both values."""
        return self.sentence or f"{self.field} is {self.mine!r}; {self.source} has {self.theirs!r}"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The record that comes nearest to an entry: ``ratio`` of the titles from 0 to 1, ``score`` with the people."""

    record: Record
    source: str
    ratio: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What arXiv said of one paper, as a record, and when (ISO date)."""

    record: Record
    when: str

    @property
    def number(self) -> str:
        """The arXiv number without version."""
        known = self.record.arxiv
        return known.id.number if known is not None and known.id is not None else ""


@dataclass(frozen=True, slots=True)
class NoFact:
    """Why nothing is known: ``missing`` is the number that arXiv was asked for and does not have, else "".

    ``unasked`` says that it could not be asked at all: no connection, refused, not in the cache.
    """

    reason: str
    missing: str = ""
    when: str = ""
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The verdict on one record. ``when`` is the date of the answer.

    ``reason`` says why it was not found or could not be checked, ``unasked`` that this was because arXiv could not be
    asked. ``checked`` are the fields that agree, ``not_compared`` those that no source has. ``sources`` are those that
    the verdict rests on; for *not found*, all that were asked. ``retracted`` is what a source says of a retraction,
    ``notices`` of corrections and expressions of concern. ``theirs`` is the record that the entry was compared with,
    ``denied`` are the fields of contradictions in which another source agrees with the entry.
    """

    record: Record
    verdict: str
    contradictions: tuple[Contradiction, ...] = ()
    reason: str = ""
    arxiv: str = ""
    when: str = ""
    checked: tuple[str, ...] = ()
    unasked: bool = False
    not_compared: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    nearest: Nearest | None = None
    retracted: str = ""
    notices: tuple[str, ...] = ()
    theirs: Record | None = None
    denied: frozenset[str] = frozenset()


def verify(records: Sequence[Record], facts: Sequence[Fact | NoFact]) -> list[Verified]:
    """A verdict for each record on its fact."""
    return [judge(record, fact) for record, fact in zip(records, facts, strict=True)]


def judge(record: Record, fact: Fact | NoFact) -> Verified:
    """The verdict on one record."""
    if isinstance(fact, NoFact):
        if not fact.missing:
            return Verified(
                record=record, verdict=NOT_CHECKED, reason=fact.reason, unasked=fact.unasked, sources=(ARXIV,)
            )
        wrong = Contradiction("arXiv id", fact.missing, "no such paper", f"arXiv has no paper {fact.missing}")
        return Verified(
            record=record,
            verdict=CONTRADICTS,
            contradictions=(wrong,),
            arxiv=fact.missing,
            when=fact.when,
            sources=(ARXIV,),
        )
    checked = tuple(_checkable(record, fact.record))
    contradictions = tuple(_contradictions(record, fact.record))
    if not contradictions and not {"title", "author"} & set(checked):
        reason = "the entry has neither title nor authors to compare"
        return Verified(
            record=record, verdict=NOT_CHECKED, reason=reason, arxiv=fact.number, when=fact.when, sources=(ARXIV,)
        )
    return Verified(
        record=record,
        verdict=CONTRADICTS if contradictions else CONFIRMED,
        contradictions=contradictions,
        arxiv=fact.number,
        when=fact.when,
        checked=checked,
        sources=(ARXIV,),
        theirs=fact.record,
    )


def _checkable(record: Record, paper: Record) -> Iterator[str]:
    for name in ("title", "author", "issued", "DOI"):
        if name in record.variables and name in paper.variables:
            yield name


def _contradictions(record: Record, paper: Record) -> Iterator[Contradiction]:
    other_title = bool(record.title) and not same_title(record.title, paper.title) and not published_as(record, paper)
    people = record.names("author"), paper.names("author")
    other_people = bool(people[0].names and people[1].names) and not same_people(record, paper)
    if other_title and other_people:
        known = record.arxiv
        mine = str(known.id) if known is not None and known.id is not None else known_number(record)
        another = f"the id of another paper: {paper.title}"
        yield Contradiction("arXiv id", mine, another, f"arXiv:{mine} is another paper, {paper.title!r}")
    if other_title:
        yield Contradiction("title", record.title, paper.title)
    if other_people:
        yield Contradiction("author", show(people[0]), show(people[1]))
    if not year_fits(record, paper):
        yield Contradiction("year", str(record.year), _years(paper))
    if wrong := _other_doi(record, paper):
        yield wrong
    yield from _other_arxiv(record, paper)


def same_title(left: str, right: str) -> bool:
    """Whether two titles differ in spelling only."""
    return title_ratio(prepare_title(left), prepare_title(right)) >= 1.0


def published_as(record: Record, paper: Record) -> bool:
    """Whether the journal reference names the record's title, as it does where that has changed."""
    reference = paper.arxiv.journal_ref if paper.arxiv is not None else ""
    key = title_key(record.title)
    return len(key.split()) > 2 and f" {key} " in f" {title_key(reference)} "


def same_people(record: Record, paper: Record) -> bool:
    """Whether the author lists agree; a list that says that it is cut is the beginning of the other."""
    mine, theirs = prepare_authors(record.names("author")), prepare_authors(paper.names("author"))
    agreement, _ = compare_authors(mine, theirs)
    return agreement in (Agreement.FULL, Agreement.PREFIX)


def year_fits(record: Record, paper: Record) -> bool:
    """Whether the year may be that of the paper: of one of its versions, of its publication, or near them."""
    year, first = record.year, paper.year
    if year is None or first is None:
        return True
    reference = paper.arxiv.journal_ref if paper.arxiv is not None else ""
    if str(year) in _YEAR.findall(reference):
        return True
    last = max(first, _last_year(paper))
    latest = max(last, first + YEARS_TO_PRINT) if is_published(record) else last
    return first - YEARS_BEFORE <= year <= latest + 1


def _last_year(paper: Record) -> int:
    updated = paper.arxiv.updated if paper.arxiv is not None else ""
    return int(updated[:4]) if updated[:4].isdigit() else 0


def _years(paper: Record) -> str:
    first, last = paper.year or 0, _last_year(paper)
    return f"{first} (last version {last})" if last > first else str(first)


def _other_doi(record: Record, paper: Record) -> Contradiction | None:
    mine, theirs = record.text("DOI"), paper.text("DOI")
    if not mine:
        return None
    try:
        bare = parse_doi(mine)
    except IdentifierError:
        return None
    own = arxiv_id_of_doi(bare)
    if own is not None:
        number = paper.arxiv.id.number if paper.arxiv is not None and paper.arxiv.id is not None else ""
        return Contradiction("DOI", mine, f"10.48550/arXiv.{number}") if number and own.number != number else None
    if theirs and bare.casefold() != theirs.casefold():
        return Contradiction("DOI", mine, theirs)
    return None


def _other_arxiv(record: Record, paper: Record) -> Iterator[Contradiction]:
    mine, theirs = record.arxiv, paper.arxiv
    if theirs is None:
        return
    if mine is not None and mine.id is not None and (mine.id.version or 0) > (theirs.latest or mine.id.version or 0):
        latest = f"latest version v{theirs.latest}"
        yield Contradiction("arXiv id", str(mine.id), latest, f"arXiv:{mine.id} is cited, the {latest}")
    if mine is not None and mine.primary_category and theirs.primary_category:
        known = {theirs.primary_category, *theirs.categories}
        if mine.primary_category not in known and not any(mine.primary_category == c.partition(".")[0] for c in known):
            yield Contradiction("arXiv category", mine.primary_category, theirs.primary_category)
    if theirs.withdrawn and not says_withdrawn(record):
        comment = theirs.comment[:200]
        said = f"the paper was withdrawn on arXiv{f' ({comment})' if comment else ''}"
        yield Contradiction("withdrawn", "", comment, said)


def says_withdrawn(record: Record) -> bool:
    """Whether the record itself tells that the paper was withdrawn; a source's word in its note doesn't count."""
    if record.arxiv is not None and record.arxiv.withdrawn:
        return True
    note = "" if retraction_of(record) else record.text("note")
    text = " ".join([record.title, note, *(leftover.value for leftover in record.leftovers)])
    return "withdrawn" in text.casefold() or "retracted" in text.casefold()


def own_retraction(record: Record) -> str:
    """What the record itself tells of its retraction, as PubMed's answers do; "" for nothing."""
    for leftover in record.leftovers:
        if leftover.name in _RETRACTED_IN:
            return f"notice in {leftover.value}"
    return ""


_RETRACTED_IN: Final = frozenset({"CommentsCorrections[RetractionIn]", "RIN"})


# ---- where the facts come from --------------------------------------------------------------------------------------


def recorded(records: Iterable[Record]) -> dict[str, Fact]:
    """By arXiv number what arXiv said, out of records that an earlier run has confirmed (library or lock)."""
    facts: dict[str, Fact] = {}
    for record in records:
        if record.arxiv is None or record.arxiv.id is None:
            continue
        names = {name for name, origin in record.provenance.items() if origin.source == "arxiv"}
        if not names & {"title", "author"}:
            continue
        when = max(record.provenance[name].when for name in names)[:10]
        values = {name: value for name, value in record.variables.items() if name in names}
        known = facts.get(record.arxiv.id.number)
        if known is None or known.when < when:
            facts[record.arxiv.id.number] = Fact(record=replace(record, variables=values), when=when)
    return facts


def gather(
    records: Sequence[Record], client: ArxivClient, *, known: Mapping[str, Fact] | None = None, search: bool = True
) -> list[Fact | NoFact]:
    """The fact of each record: by its arXiv id, else (with ``search``) by title and authors.

    ``known`` are facts from earlier, used where the client has no answer. Never raises for a failing service.
    """
    numbers = [known_number(record) for record in records]
    by_number, unreachable = _looked_up([number for number in numbers if number], client, known or {})
    left = [at for at, number in enumerate(numbers) if not number]
    searched: dict[int, Fact | NoFact] = {}
    if left and search and unreachable is not None:
        searched = dict.fromkeys(left, unreachable)
    elif left and search:
        searched = dict(zip(left, _searched([records[at] for at in left], client), strict=True))
    nothing = NoFact("the entry has no arXiv id")
    return [by_number[number] if number else searched.get(at, nothing) for at, number in enumerate(numbers)]


def _looked_up(
    numbers: Sequence[str], client: ArxivClient, known: Mapping[str, Fact]
) -> tuple[dict[str, Fact | NoFact], NoFact | None]:
    """The fact of each number, and why no other question is worth asking where there is no connection."""
    facts: dict[str, Fact | NoFact] = {}
    unreachable: NoFact | None = None
    for batch, answer in client.lookup(numbers) if numbers else ():
        if isinstance(answer, NetworkError):
            nothing = NoFact(answer.message, unasked=True)
            unreachable = nothing if isinstance(answer, UnreachableError) else unreachable
            for number in batch:
                facts[number] = known.get(number) or nothing
            continue
        when = _day(answer.when)
        entries = {entry.id.number: entry for entry in answer.entries}
        for number in batch:
            entry = entries.get(number)
            if entry is None:
                facts[number] = NoFact(f"arXiv has no paper {number}", number, when)
            else:
                facts[number] = Fact(record=to_record(entry, when=when), when=when)
    answers = {
        number: facts.get(number) or known.get(number) or NoFact("arXiv gave no answer", unasked=True)
        for number in numbers
    }
    return answers, unreachable


def _searched(records: Sequence[Record], client: ArxivClient) -> Iterator[Fact | NoFact]:
    report = enrich(records, client)
    for result in report.results:
        verdict = result.verdict
        if isinstance(verdict, Confirmed):
            origins = (o.when for o in result.after.provenance.values() if o.source == "arxiv")
            when = max(origins, default="")[:10] or _day(client.clock())
            yield Fact(record=to_record(verdict.paper.entry, when=when), when=when)
        elif isinstance(verdict, Doubtful):
            ids = ", ".join(candidate.entry.id.number for candidate in verdict.candidates)
            yield NoFact(f"the entry has no arXiv id; it may be {ids}")
        elif isinstance(verdict, NotFound):
            yield NoFact(f"not found on arXiv ({verdict.reason})")
        elif isinstance(verdict, CouldNotCheck):
            yield NoFact(verdict.reason, unasked=verdict.unasked)


def _day(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date().isoformat()


# ---- reports --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is: a file and a line from 1, or neither for one of the library."""

    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


def place_of(record: Record, path: str) -> Place:
    """The place of a record that was read from ``path``: readers note "path:line" as provenance."""
    for origin in record.provenance.values():
        before, _, line = origin.detail.rpartition(":")
        if before == path and line.isdigit():
            return Place(path, int(line))
    return Place(path)


def sentence(result: Verified) -> str:
    """The verdict in one line."""
    said = f"arXiv:{result.arxiv}, answer of {result.when}" if result.arxiv else ", ".join(result.sources)
    if result.not_compared:
        said += f"; not compared: {', '.join(result.not_compared)}"
    if result.notices:
        said += f"; notices about it: {'; '.join(result.notices)}"
    head = f"{result.record.key}: RETRACTED ({result.retracted}):" if result.retracted else f"{result.record.key}:"
    if result.verdict == CONFIRMED:
        return f"{head} confirmed ({said})"
    if result.verdict == NOT_FOUND:
        return f"{head} {result.reason}; {_nearest_words(result.nearest)}"
    if result.verdict == NOT_CHECKED:
        return f"{head} could not check: {result.reason}"
    return f"{head} contradicts: {'; '.join(str(c) for c in result.contradictions)} ({said})"


def _nearest_words(nearest: Nearest | None) -> str:
    if nearest is None:
        return "nothing comes near it"
    who = nearest.record.authors.in_brief()
    year = f" ({nearest.record.year})" if nearest.record.year else ""
    return f"nearest: {who}{year}, {nearest.record.title!r}, title {nearest.ratio:.0%} alike, in {nearest.source}"


def to_json(results: Sequence[tuple[Verified, Place]]) -> dict[str, Any]:
    """The results for scripts."""
    return {
        "counts": {
            **{name: sum(result.verdict == name for result, _ in results) for name in VERDICTS},
            "retracted": sum(bool(result.retracted) for result, _ in results),
        },
        "results": [
            {
                "key": result.record.key,
                "verdict": result.verdict,
                "path": place.path or None,
                "line": place.line or None,
                "arxiv": result.arxiv or None,
                "answered": result.when or None,
                "checked": list(result.checked),
                "contradictions": [_contradiction_json(c) for c in result.contradictions],
                "not_compared": list(result.not_compared),
                "sources": list(result.sources),
                "nearest": _nearest_json(result.nearest),
                "retracted": result.retracted or None,
                "notices": list(result.notices),
                "reason": result.reason or None,
            }
            for result, place in results
        ],
    }


def _contradiction_json(contradiction: Contradiction) -> dict[str, str]:
    said = {"field": contradiction.field, "entry": contradiction.mine}
    if contradiction.source == ARXIV:
        said["arxiv"] = contradiction.theirs
    return {**said, "source": contradiction.source, "says": contradiction.theirs, "sentence": str(contradiction)}


def _nearest_json(nearest: Nearest | None) -> dict[str, Any] | None:
    if nearest is None:
        return None
    record = nearest.record
    return {
        "title": record.title,
        "authors": [name.inverted() for name in record.names("author")],
        "year": record.year,
        "venue": record.journal,
        "DOI": record.doi,
        "arxiv": record.arxiv.id.number if record.arxiv is not None and record.arxiv.id is not None else "",
        "source": nearest.source,
        "title_ratio": round(nearest.ratio, 3),
    }


def to_github(results: Sequence[tuple[Verified, Place]], *, strict: bool = False) -> str:
    """Workflow commands for what is not confirmed (GitHub's documentation, "Workflow commands")."""
    lines = []
    for result, place in results:
        if result.verdict == CONFIRMED and not result.retracted:
            continue
        level = "notice" if result.verdict == NOT_CHECKED and not strict else "error"
        properties = [f"title={_property(f'bibtool ({result.verdict})')}"]
        if place.path:
            properties.append(f"file={_property(place.path)}")
        if place.line:
            properties.append(f"line={place.line}")
        lines.append(f"::{level} {','.join(properties)}::{workflow_text(sentence(result))}\n")
    return "".join(lines)


def _property(text: str) -> str:
    return workflow_text(text).replace(":", "%3A").replace(",", "%2C")
