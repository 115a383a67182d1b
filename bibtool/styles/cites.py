"""What a document asks for: citation items, grouped in citations."""

from __future__ import annotations

from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationItem:
    """One cited key. Affixes are text with the markup of CSL-JSON; ``label`` is a locator term (``page``)."""

    key: str
    locator: str = ""
    label: str = ""
    prefix: str = ""
    suffix: str = ""
    suppress_author: bool = False
    author_only: bool = False


Mode: TypeAlias = 'Literal["", "author-only", "suppress-author", "composite"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The cites printed in one place. ``note`` is the number of the note, 0 for one in the text.

    ``sort`` false keeps the order of the items whatever the style says.
    """

    id: str = ""
    items: tuple[CitationItem, ...] = ()
    note: int = 0
    sort: bool = True
    mode: Mode = ""
    prefix: str = ""
    suffix: str = ""
    infix: str = ""
