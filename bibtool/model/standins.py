"""What stands in for the arXiv id of a record where a format or a citation style has no place for it."""

from __future__ import annotations

from bibtool.model.identifiers import arxiv_id_of_doi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.model.record import Record


def derived_values(record: Record) -> dict[str, str]:
    """Properties that lead other programs to arXiv, for a record that says nothing else there.

    CSL has no property for an arXiv id. If a preprint has no DOI of a publisher, arXiv's own DOI and address are
    used, and without a container also number and publisher as for any report.
    """
    if record.arxiv is None or record.arxiv.id is None:
        return {}
    arxiv_id = record.arxiv.id
    variables = record.variables
    doi = variables.get("DOI")
    if doi is not None and arxiv_id_of_doi(str(doi)) is None:
        return {}
    standins = {"URL": arxiv_id.url}
    if "container-title" not in variables:
        standins["DOI"] = arxiv_id.doi
        standins["number"] = f"arXiv:{arxiv_id}"
        standins["publisher"] = "arXiv"
    return {name: value for name, value in standins.items() if name not in variables}


def presented(record: Record) -> Record:
    """The record in which a preprint says that it is on arXiv, under which number and DOI.

    CSL has no variable for an arXiv id, so that most styles would print nothing of it. A preprint of which arXiv knows
    only the DOI of the publication is cited as the preprint: its year with the journal's DOI would be neither.
    """
    if record.type == "article" and record.arxiv and record.arxiv.id and "container-title" not in record.variables:
        record = record.with_values({"DOI": None})
    derived = derived_values(record)
    if not derived:
        return record
    from bibtool.model.edit import parse_value

    return record.with_values({name: parse_value(name, text) for name, text in derived.items()})
