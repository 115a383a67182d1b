"""Which work is meant by a title, of those that services have under it: the only one of this title, or candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.model.works.likeness import prepare_title, title_ratio
from bibtool.model.works.merge import merge
from bibtool.model.works.titles import same_wording
from bibtool.model.works.verdict import compare
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

MAX_OFFERED: Final = 5
_SURE_WORDS: Final = 4  # fewer words are the title of several works
_NEAR_TITLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known under a title: the one work that is meant, or else candidates, the nearest title first.

    ``unasked`` says which service could not be asked, and why.
    """

    title: str
    taken: Record | None
    candidates: tuple[Record, ...]
    unasked: str = ""


def offer_for(title: str, papers: Sequence[Record], works: Sequence[Record], *, unasked: str = "") -> Offer:
    """The offer for a title, of arXiv's papers and another source's works; without either it has no candidates.

    No work is taken if the title has few words, if several works have it, or if a service could not be asked: it might
    have another one.
    """
    known = _joined(papers, works)
    prepared = prepare_title(title)
    exact = [record for record in known if same_wording(title, record.title)]
    near = [(title_ratio(prepared, prepare_title(record.title)), record) for record in known if record not in exact]
    near = sorted((pair for pair in near if pair[0] >= _NEAR_TITLE), key=lambda pair: -pair[0])
    candidates = (*exact, *(record for _, record in near))[:MAX_OFFERED]
    taken = exact[0] if len(exact) == 1 and len(title.split()) >= _SURE_WORDS and not unasked else None
    return Offer(title, taken, candidates, unasked)


def _joined(papers: Sequence[Record], works: Sequence[Record]) -> list[Record]:
    """The works, each with what arXiv has of it, and then the papers that are none of them."""
    left = list(papers)
    joined = []
    for work in works:
        same = next((paper for paper in left if compare(work, paper).is_one_record), None)
        if same is not None:
            left.remove(same)
            joined.append(merge(work, same).record)
        else:
            joined.append(work)
    return [*joined, *left]
