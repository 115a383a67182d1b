"""What csl-data.json (CSL 1.0.2) has no property for: the members of ``custom.bibtool``.

===================  ==================================================================================
``arxiv``            arXiv id with version, categories, category candidates, comment, journal reference
``derived``          names of properties that were added for other programs (see `bibtool.model.standins`)
``truncated``        name variables whose list ended in "et al."
``homonyms``         name variable -> numbers that distinguish namesakes, one for each name
``marks``            name variable -> what is marked of people and of the list (see `bibtool.formats.csl.marks`)
``whole``            name variable -> names whose given or family name must not be split, as CSL-JSON has them
``dates``            date variable -> EDTF, where ``date-parts`` can't express it
``variables``        CSL variables that the schema lacks (``license``), in the form of those that it has
``type``             a type that CSL does not have, in files of bibtool 0.1; kept as a leftover
``aliases``          keys under which the record was cited before
``plain-note``       true: no line of the note is to be read as ``Label: value``
``leftovers``        source fields that no variable fits: [source, name, value]
===================  ==================================================================================
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.model.record import Arxiv

ARXIV_MEMBERS = {
    "primary-category": "primary_category", "categories": "categories", "category-candidates": "candidates",
    "comment": "comment", "journal-ref": "journal_ref", "latest-version": "latest", "updated": "updated",
}  # fmt: skip
# in the order in which they are written
OWN_MEMBERS = (
    "type", "aliases", "arxiv", "derived", "truncated", "homonyms", "marks", "whole", "dates", "tex", "variables",
    "plain-note", "leftovers",
)  # fmt: skip


def categories_of(arxiv: Arxiv) -> list[str]:
    """The categories that are certain; candidates are not."""
    return list(arxiv.categories) or ([arxiv.primary_category] if arxiv.primary_category else [])
