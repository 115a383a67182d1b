"""Records looked up by identifier: which source is asked for which one, and what is made of the answers.

A DOI is asked for where it was registered: known prefixes of DataCite there, all others at Crossref; for one that
Crossref does not have, doi.org says whose it is. A PMID is PubMed's, an ISBN Open Library's. Where these could not be
asked or give no data, other sources that know the identifier are asked; that one of them lacks it says nothing. What
comes back is judged by `bibtool.model.works.verdict` before anything is taken.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bibtool.enrich.match import known_number
from bibtool.enrich.sources.client import Absent, Present, Unasked
from bibtool.enrich.sources.datacite import PREFIXES
from bibtool.enrich.sources.doiorg import agency_of
from bibtool.enrich.sources.facts import NOTHING, Facts
from bibtool.enrich.sources.ids import joined, page_identifier
from bibtool.errors import BibtoolError, IdentifierError
from bibtool.model.identifiers import ArxivId, arxiv_id_of_doi, parse_doi, parse_isbn, parse_pmid, same_doi
from bibtool.model.record import Provenance, Verbatim
from bibtool.model.works.identity import doi_of
from bibtool.model.works.merge import Conflict, merge
from bibtool.model.works.retractions import with_retraction
from bibtool.model.works.verdict import compare
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.enrich.sources.client import Outcome, SourceClient
    from bibtool.enrich.sources.source import Reader
    from bibtool.model.record import Record

_PARSERS = {"DOI": parse_doi, "PMID": parse_pmid, "ISBN": parse_isbn}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a source says of an identifier: ``record`` and ``facts``.

    ``source`` is its name in messages, ``name`` the one in settings and provenance.
    """

    source: str
    record: Record
    facts: Facts = NOTHING
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One record after the look-up; ``after`` is ``before`` where nothing was taken.

    ``told`` is what was taken. ``absent`` names the sources that know no such identifier; ``doubt`` says why what came
    was not taken; ``unasked`` why nothing is known.
    """

    before: Record
    after: Record
    identifier: str
    told: Told | None = None
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    absent: str = ""
    doubt: str = ""
    unasked: str = ""
    can_wait: bool = True


def identifier_of(record: Record) -> tuple[str, str] | None:
    """Variable and identifier to ask for: a DOI that is not arXiv's, a PMID, an ISBN of a whole book; or None."""
    for variable, parse in _PARSERS.items():
        text = doi_of(record) if variable == "DOI" else record.text(variable)
        if not text or (variable == "ISBN" and record.type not in {"book", "document"}):
            continue
        try:
            identifier = parse(text)
        except IdentifierError:
            continue
        if variable == "DOI" and arxiv_id_of_doi(identifier) is not None:
            continue
        return variable, identifier.replace("-", "") if variable == "ISBN" else identifier
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was heard of the identifier of a record; of ``told``, ``absent`` and ``unasked`` one says something.

    ``name`` is the source in provenance. ``absent`` and ``unasked`` are as in `Looked`. ``is_registry``: the source
    has all identifiers of this kind, so that one it doesn't have is none.
    """

    variable: str
    identifier: str
    name: str
    source: str
    told: Told | None = None
    when: str = ""
    absent: str = ""
    unasked: str = ""
    can_wait: bool = True
    is_registry: bool = False

    @property
    def words(self) -> str:
        """``DOI 10.1000/x``; a work without such a number is called by its page."""
        return f"{self.variable if self.variable in (*_PARSERS, 'arXiv') else 'page'} {self.identifier}"


def pair_of(record: Record, *, arxiv: bool = False) -> tuple[str, str] | None:
    """What the record is asked for: as `identifier_of`, or the number of a page, or with ``arxiv`` an arXiv id."""
    pair = identifier_of(record) or page_identifier(record)
    if pair is None and arxiv and (number := known_number(record)):
        pair = "arXiv", number
    return pair


def look_up(
    records: Sequence[Record], clients: Mapping[str, SourceClient], read: Reader, *, arxiv: bool = False
) -> list[Looked | None]:
    """What the sources say of each record, in their order; None for one without an identifier that a source knows.

    ``clients`` are the sources that may be asked, by name. ``arxiv``: they are asked about arXiv ids too, which is of
    use where arXiv itself could not be asked.
    """
    answers = answers_for(records, clients, read, arxiv=arxiv)
    pairs = zip(records, answers, strict=True)
    return [None if answer is None else _looked(record, answer) for record, answer in pairs]


def answers_for(
    records: Sequence[Record], clients: Mapping[str, SourceClient], read: Reader, *, arxiv: bool = False
) -> list[Answer | None]:
    """What the sources have under the identifier of each record, whatever work that is; None as in `look_up`."""
    wanted = [pair_of(record, arxiv=arxiv) for record in records]
    outcomes: dict[tuple[str, str], tuple[str, Outcome]] = {}
    for variable in dict.fromkeys(pair[0] for pair in wanted if pair is not None):
        identifiers = [pair[1] for pair in wanted if pair is not None and pair[0] == variable]
        for identifier, said in _ask(variable, dict.fromkeys(identifiers), clients).items():
            outcomes[variable, identifier] = said
    _ask_others([pair for pair in dict.fromkeys(wanted) if pair is not None], outcomes, clients)
    return [None if pair not in outcomes else _answer(pair, *outcomes[pair], clients, read) for pair in wanted]


def further_answers(records: Sequence[Record], clients: Mapping[str, SourceClient], read: Reader) -> list[list[Answer]]:
    """What the sources that know a work by all of its identifiers have under that of each record; [] where none has it.

    They are asked whoever registered the identifier: such a source may have the publication under a preprint's number.
    """
    wanted = [pair_of(record, arxiv=True) for record in records]
    answers: dict[tuple[str, str], list[Answer]] = {}
    for name, client in clients.items():
        pairs = {joined(*pair): pair for pair in wanted if pair is not None and client.source.knows(joined(*pair))}
        for text, outcome in (client.lookup(pairs) if pairs else {}).items():
            answers.setdefault(pairs[text], []).append(_answer(pairs[text], name, outcome, clients, read))
    return [answers.get(pair, []) if pair is not None else [] for pair in wanted]


def _ask(
    variable: str, identifiers: Iterable[str], clients: Mapping[str, SourceClient]
) -> dict[str, tuple[str, Outcome]]:
    """The source that answered for each identifier, and what it said; nothing where no source is to be asked."""
    if variable == "DOI":
        return _ask_dois(list(identifiers), clients)
    if variable == "arXiv":
        return _ask_arxiv(list(identifiers), clients)
    name = {"PMID": "pubmed", "ISBN": "openlibrary"}.get(variable, "")
    client = clients.get(name)
    return {} if client is None else {number: (name, said) for number, said in client.lookup(identifiers).items()}


def _ask_arxiv(numbers: list[str], clients: Mapping[str, SourceClient]) -> dict[str, tuple[str, Outcome]]:
    """What DataCite has of the DOIs of arXiv."""
    client = clients.get("datacite")
    said = {} if client is None else client.lookup(ArxivId(number).doi for number in numbers)
    return {number: ("datacite", said[ArxivId(number).doi]) for number in numbers if said}


def _ask_others(
    pairs: Sequence[tuple[str, str]],
    outcomes: dict[tuple[str, str], tuple[str, Outcome]],
    clients: Mapping[str, SourceClient],
) -> None:
    """Ask the sources that know identifiers of several kinds about what is still open."""
    for name, client in clients.items():
        open_pairs = {
            joined(*pair): pair
            for pair in pairs
            if client.source.knows(joined(*pair)) and (pair not in outcomes or _is_open(*outcomes[pair]))
        }
        for text, outcome in (client.lookup(open_pairs) if open_pairs else {}).items():
            # the first trouble is the reason that counts: it is that of the source which should know
            if isinstance(outcome, Present) or open_pairs[text] not in outcomes:
                outcomes[open_pairs[text]] = name, outcome


def _is_open(name: str, outcome: Outcome) -> bool:
    return not isinstance(outcome, Present) and not _is_registry(name, outcome)


def _is_registry(name: str, outcome: Outcome) -> bool:
    """Whether the source that registers such identifiers says that this one does not exist."""
    return name in ("doi.org", "pubmed") and isinstance(outcome, Absent)


def _ask_dois(dois: list[str], clients: Mapping[str, SourceClient]) -> dict[str, tuple[str, Outcome]]:
    found: dict[str, tuple[str, Outcome]] = {}

    def ask(name: str, some: Sequence[str]) -> list[str]:
        """Asks a source; gives the DOIs that it doesn't have."""
        client = clients.get(name)
        if client is None or not some:
            return list(some)
        said = client.lookup(some)
        found.update((doi, (name, outcome)) for doi, outcome in said.items())
        return [doi for doi, outcome in said.items() if isinstance(outcome, Absent)]

    own = [doi for doi in dois if doi.partition("/")[0] in PREFIXES and "datacite" in clients]
    ask("datacite", own)
    others = [doi for doi in dois if doi not in found]
    agencies: dict[str, str] = {}
    for doi in ask("crossref", others):
        agency = clients.get("doi.org-agency")
        if agency is None:
            continue
        said = agency.lookup([doi])[doi]
        if isinstance(said, Present):
            agencies[doi] = agency_of(said.part)
        else:  # the DOI doesn't exist, or doi.org could not be asked
            found[doi] = ("doi.org", said)
    ask("datacite", [doi for doi, agency in agencies.items() if agency == "DataCite"])
    known = {"DataCite": "datacite", "Crossref": "crossref"}
    ask("doi.org", [doi for doi, agency in agencies.items() if known.get(agency) not in clients])
    return found


def _answer(
    pair: tuple[str, str], name: str, outcome: Outcome, clients: Mapping[str, SourceClient], read: Reader
) -> Answer:
    variable, identifier = pair
    client = clients[name]
    title = client.source.title
    answer = Answer(
        variable=variable, identifier=identifier, name=name, source=title, is_registry=_is_registry(name, outcome)
    )
    if isinstance(outcome, Absent):
        return replace(answer, absent=f"{title} has no {answer.words}")
    if isinstance(outcome, Unasked):
        return replace(answer, unasked=outcome.reason, can_wait=outcome.can_wait)
    try:
        (record,) = read(outcome.part, client.source.format)
        facts = client.source.facts(outcome.part)
    except (BibtoolError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return replace(answer, unasked=f"{title}'s answer can't be read: {error}")
    return replace(answer, told=Told(source=title, record=record, facts=facts), when=day_of(outcome.when))


def day_of(seconds: float) -> str:
    """The day of a time since the epoch, as ISO 8601."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date().isoformat()


def _looked(record: Record, answer: Answer) -> Looked:
    if answer.told is not None:
        return complete_by(record, answer.variable, answer.identifier, answer.told, answer.name, answer.when)
    return Looked(
        before=record,
        after=record,
        identifier=answer.words,
        absent=answer.absent,
        unasked=answer.unasked,
        can_wait=answer.can_wait,
    )


def complete_by(record: Record, variable: str, identifier: str, told: Told, name: str, when: str) -> Looked:
    """The record completed by what a source tells of its identifier, if both are one work. Pure.

    The user's own values stay, and differences are reported. ``name`` is the source in provenance, ``when`` its day.
    """
    said = f"{variable} {identifier}"
    answer = told.record
    notes = [f"{said}: {note}" for note in told.facts.notes(told.source)]
    own = answer.text(variable)
    if variable == "DOI" and own and not same_doi(own, identifier):
        notes.append(f"{said} is now {own}, {told.source} says")
    values = {known: value for known, value in answer.variables.items() if known not in _NOT_TAKEN}
    if variable in _PARSERS:
        values[variable] = record.variables.get(variable) or Verbatim(identifier)
    if arxiv_id_of_doi(answer.text("DOI")) is not None:
        values.pop("DOI", None)  # an arXiv id is kept as such
    origin = Provenance(source=name, detail=identifier, when=when)
    answer = replace(
        answer,
        key=record.key,
        variables=values,
        leftovers=(),
        provenance=dict.fromkeys([*values, "type"], origin),
    )
    if not answer.title:
        doubt = f"{told.source} gives no title for {said}"
        return Looked(before=record, after=record, identifier=said, doubt=doubt, notes=tuple(notes))
    if record.title:
        judgement = compare(record, answer)
        if not judgement.is_one_record:
            people = ", ".join(person.literal or person.family for person in list(answer.authors)[:3])
            against = "; ".join(judgement.reasons_against) or "another work"
            doubt = f"{told.source} has {answer.title!r} ({people}) under {said}: {against}"
            return Looked(before=record, after=record, identifier=said, doubt=doubt, notes=tuple(notes))
    merged = merge(record, answer)
    conflicts = tuple(
        replace(conflict, other_source=conflict.other_source or name)
        for conflict in merged.conflicts
        if conflict.field not in {"abstract", "keyword"}
    )
    retractions = [notice for notice in told.facts.notices if notice.is_retraction]
    retraction = f"{told.source} says so ({'; '.join(notice.words() for notice in retractions)})" if retractions else ""
    return Looked(
        before=record,
        after=with_retraction(merged.record, retraction, origin),
        identifier=said,
        told=replace(told, record=answer),
        conflicts=conflicts,
        notes=tuple(notes),
    )


# what a source knows of the work that a bibliography has no use for, or that changes from day to day
_NOT_TAKEN = frozenset({"accessed", "keyword", "license", "dimensions", "note", "source", "submitted"})
