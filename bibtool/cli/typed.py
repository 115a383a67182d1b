"""Identifiers on the command line in place of a file: ``bibtool import 2203.01360``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Provenance
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.enrich.report import EnrichReport
    from bibtool.model.record import Record

_LIKE_ARXIV = lazy_pattern(r"arxiv:|\d{4}\.\d+(?:v\d+)?\Z", re.IGNORECASE)
_DOI_WITHIN = lazy_pattern(r"10\.\d{4,9}/[^\s?#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedIds:
    """The records of identifiers in their order, completed by arXiv and the other sources; None for an unknown one.

    ``unknown`` says of each of those who was asked. ``unasked`` says why arXiv was not asked ("" where it was).
    ``bare`` are the DOIs and other identifiers of which nothing else is known, each with the reason: "" where no
    source is to be asked. ``notes`` are retractions and other things that a user has to hear.
    """

    records: tuple[Record | None, ...] = ()
    unknown: tuple[str, ...] = ()
    unasked: str = ""
    bare: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def names_file(argument: str) -> bool:
    """Whether an argument is standard input ("-") or the path of what is there; a title may be too long for a path."""
    return argument == "-" or os.path.exists(argument)  # noqa: PTH110  (Path.exists raises for a name that is too long)


def typed_record(argument: str, *, when: str) -> Record | None:
    """The record of an identifier; None for what names a file.

    A file of that name wins. Raises `UsageError` for an address that holds no identifier and for a malformed arXiv id.
    """
    if names_file(argument):
        return None
    from bibtool.enrich.sources.ids import page_identifier
    from bibtool.formats.ids import parse_identifier
    from bibtool.model.identifiers import parse_arxiv_id

    record = parse_identifier(argument)
    if record is not None and record.url:
        within = _DOI_WITHIN.search(argument)
        if within or page_identifier(record) is None:  # a page of OpenReview or the like stays an address
            record = parse_identifier(within[0]) if within else None
        if record is None:
            raise UsageError(
                f"{argument}: no arXiv id, DOI, PMID or ISBN in this address",
                hint="save the page, or give the identifier that it shows",
            )
    if record is None:
        if _LIKE_ARXIV.match(argument):
            try:
                parse_arxiv_id(argument)
            except IdentifierError as error:
                raise UsageError(str(error)) from error
        return None
    origin = Provenance(source="ids", detail="command line", when=when)
    names = [*record.variables, *(["arxiv.id"] if record.arxiv else []), "type"]
    return replace(record, provenance=dict.fromkeys(names, origin))


def look_up(app: App, typed: Sequence[Record], *, offline: bool) -> TypedIds:
    """What the indexes have of the records; what they lack is asked for.

    arXiv is asked about records with an arXiv id, in one request, and the other sources about the others.
    """
    from bibtool.cli.enrich import make_client
    from bibtool.cli.indexed import looked_up_in_indexes
    from bibtool.cli.sources import looked_up, make_sources, told_lines
    from bibtool.enrich.report import CouldNotCheck, NotFound
    from bibtool.enrich.service import enrich

    known = looked_up_in_indexes(app, typed)
    left = [record for record, looked in zip(typed, known, strict=True) if looked is None]
    asked = [record for record in left if record.arxiv is not None]
    report: EnrichReport | None = enrich(asked, make_client(app, offline=offline)) if asked else None
    results = iter(report.results if report is not None else ())
    others = [record for record in left if record.arxiv is None]
    clients = make_sources(app, offline=offline) if others else {}
    told = iter(looked_up(app, others, clients))
    records: list[Record | None] = []
    unknown: list[str] = []
    bare: list[tuple[str, str]] = []
    notes: list[str] = []
    unasked = ""
    for record, held in zip(typed, known, strict=True):
        if held is not None:
            notes += told_lines(held.identifier, held)
            records.append(held.after)
            continue
        if record.arxiv is None:
            looked = next(told)
            identifier = next(str(value) for value in record.variables.values())
            if looked is not None and looked.absent:
                unknown.append(looked.absent)
                records.append(None)
                continue
            if looked is None or looked.told is None:
                bare.append((identifier, "" if looked is None else looked.unasked or looked.doubt))
            notes += told_lines(identifier, looked) if looked is not None else []
            records.append(record if looked is None else looked.after)
            continue
        result = next(results)
        if isinstance(result.verdict, NotFound):
            unknown.append(f"arXiv has no paper {result.verdict.number}")
            records.append(None)
            continue
        if isinstance(result.verdict, CouldNotCheck):
            unasked = result.verdict.reason
        records.append(result.after)
    return TypedIds(
        records=tuple(records), unknown=tuple(unknown), unasked=unasked, bare=tuple(bare), notes=tuple(notes)
    )
