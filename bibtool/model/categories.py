"""The subject categories of arXiv, and what the short tokens of profile pages may mean.

Source: arXiv's category taxonomy (https://arxiv.org/category_taxonomy) and its list of archives that were closed or
folded into others (https://arxiv.org/archive). Checked as facts; the table is kept by hand.

Some subjects have two names, one in each of two archives (`ALIASES`). arXiv lists a paper under both; they are not
merged here, since a paper's primary category is one of the two and not the other.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# archive -> subject classes; an archive without classes is itself the category
_TAXONOMY: Final[dict[str, str]] = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": (
        "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC "
        "SD SE SI SY"
    ),
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "gr-qc": "",
    "hep-ex": "",
    "hep-lat": "",
    "hep-ph": "",
    "hep-th": "",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "math-ph": "",
    "nlin": "AO CD CG PS SI",
    "nucl-ex": "",
    "nucl-th": "",
    "physics": (
        "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph "
        "hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph"
    ),
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "quant-ph": "",
    "stat": "AP CO ME ML OT TH",
}

ARCHIVES: Final[tuple[str, ...]] = tuple(_TAXONOMY)

CATEGORIES: Final[frozenset[str]] = frozenset(
    f"{archive}.{name}" if name else archive for archive, names in _TAXONOMY.items() for name in (names.split() or [""])
)

# closed archives and classes: still the primary category of old papers, never of new ones
OLD_CATEGORIES: Final[frozenset[str]] = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat "
    "dg-ga funct-an mtrl-th patt-sol plasm-ph q-alg q-bio solv-int supr-con".split()
)

# one subject, two names; arXiv adds the second one by itself
_TWINS = "cs.IT:math.IT cs.NA:math.NA cs.SY:eess.SY econ.GN:q-fin.EC math-ph:math.MP math.ST:stat.TH"
ALIASES: Final[dict[str, str]] = {
    name: twin for pair in _TWINS.split() for name, twin in (pair.split(":"), pair.split(":")[::-1])
}

_BY_FOLDED: Final[dict[str, str]] = {name.casefold(): name for name in sorted(OLD_CATEGORIES | CATEGORIES)}


def _tokens() -> dict[str, tuple[str, ...]]:
    meant: dict[str, tuple[str, ...]] = {}
    for category in sorted(CATEGORIES):
        for token in {category.rpartition(".")[2].upper(), category.upper()}:
            meant[token] = (*meant.get(token, ()), category)
    return meant


_BY_TOKEN: Final[dict[str, tuple[str, ...]]] = _tokens()


def is_category(text: str) -> bool:
    """True for a category of today or of former times, in arXiv's spelling."""
    return text in CATEGORIES or text in OLD_CATEGORIES


def parse_category(text: str) -> str | None:
    """The category in arXiv's spelling (``CS.lg`` gives ``cs.LG``), or None. Old writings of archives are known too."""
    return _BY_FOLDED.get(text.strip().casefold())


def categories_of_token(token: str) -> tuple[str, ...]:
    """All categories, sorted, that a profile page's token may mean: ``LG`` is cs.LG, ``NA`` cs.NA or math.NA.

    The token is the part after the dot or the whole category, in any case. One category: the token is unambiguous.
    None: the token is unknown.
    """
    return _BY_TOKEN.get(token.strip().upper(), ())


def same_subject(first: str, second: str) -> bool:
    """True if both names stand for the same subject (``cs.NA`` and ``math.NA``), or are the same."""
    return first == second or ALIASES.get(first) == second
