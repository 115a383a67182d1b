"""The CSL 1.0.2 vocabulary: item types, and the kind of each variable. Generated; do not edit.

Made by ``python -m tests.support.make_vocabulary``
from csl-variables.rnc and csl-data.json of the CSL schema 1.0.2.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal, TypeAlias

Kind: TypeAlias = 'Literal["names", "date", "number", "text", "verbatim"]'

SCHEMA_VERSION: Final = "1.0.2"

TYPES: Final[frozenset[str]] = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic "
    "collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing "
    "interview legal_case legislation manuscript map motion_picture musical_score pamphlet paper-conference "
    "patent performance periodical personal_communication post post-weblog regulation report review "
    "review-book software song speech standard thesis treaty webpage".split()
)

_OF_KIND: Final[dict[Kind, str]] = {
    "names": (
        "author chair collection-editor compiler composer container-author contributor curator director editor "
        "editor-translator editorial-director executive-producer guest host illustrator interviewer narrator "
        "organizer original-author performer producer recipient reviewed-author script-writer series-creator "
        "translator"
    ),
    "date": "accessed available-date event-date issued original-date submitted",
    "number": (
        "chapter-number citation-number collection-number edition first-reference-note-number issue locator number "
        "number-of-pages number-of-volumes page page-first part-number printing-number section supplement-number "
        "version volume"
    ),
    "text": (
        "abstract annote archive archive-place archive_collection authority citation-label collection-title "
        "container-title container-title-short division event event-place event-title genre jurisdiction keyword "
        "license medium note original-publisher original-publisher-place original-title part-title publisher "
        "publisher-place references reviewed-genre reviewed-title scale source status title title-short volume-title"
    ),
    "verbatim": (
        "DOI ISBN ISSN PMCID PMID URL archive_location call-number citation-key dimensions language year-suffix"
    ),
}
VARIABLES: Final[dict[str, Kind]] = dict(
    sorted((name, kind) for kind, names in _OF_KIND.items() for name in names.split())
)

# set by a processor while it renders, never stored in a record
RENDER_TIME: Final[frozenset[str]] = frozenset(
    "citation-label citation-number first-reference-note-number locator".split()
)

# variables that CSL-JSON 1.0.2 (csl-data.json) has a property for, and its other spelling of three of them
IN_CSL_JSON: Final[frozenset[str]] = frozenset(VARIABLES).difference("editor-translator license".split())

CSL_JSON_NAMES: Final[dict[str, str]] = {
    "part-number": "part",
    "printing-number": "printing",
    "supplement-number": "supplement",
}
