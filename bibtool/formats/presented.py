"""A record as a citation style should see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.formats.csl.item import derived_values
from bibtool.model.edit import parse_value

if TYPE_CHECKING:
    from bibtool.model.record import Record


def presented(record: Record) -> Record:
    """The record in which a preprint says that it is on arXiv, under which number and DOI.

    CSL has no variable for an arXiv id, so that most styles would print nothing of it. A preprint of which arXiv knows
    only the DOI of the publication is cited as the preprint: its year with the journal's DOI would be neither.
    """
    if record.type == "article" and record.arxiv and record.arxiv.id and "container-title" not in record.variables:
        record = record.with_values({"DOI": None})
    derived = derived_values(record)
    return record.with_values({name: parse_value(name, text) for name, text in derived.items()}) if derived else record
