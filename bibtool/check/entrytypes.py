"""Entry types and the fields that each of them needs, in both dialects.

Sources: btxdoc.tex (Patashnik 1988), section 3.1; the biblatex manual 3.20, sections 2.1.1 to 2.1.3 (types, aliases,
types without drivers) and 2.2.5 (field aliases). An alternative is written ``author|editor``.

Left out is what the manuals ask for but good bibliographies often can't give: author and date of web pages and of
``@misc``, the note of ``@unpublished``, the journal of a preprint with an eprint, and in BibLaTeX the people of
dictionaries, their articles, manuals, journals and ancient texts, which its own examples don't have either.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_DATE = "date|year"


def _table(text: str, **names: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in text.strip().splitlines():
        types, _, wanted = line.partition(":")
        groups = tuple(tuple(names.get(field, field).split("|")) for field in wanted.split())
        for name in types.split():
            table[name] = groups
    return table


BIBTEX: Final = _table("""
article: author title journal|eprint year
book: author|editor title publisher year
booklet: title
inbook: author|editor title chapter|pages publisher year
incollection: author title booktitle publisher year
inproceedings conference: author title booktitle year
manual: title
mastersthesis phdthesis: author title school year
misc:
proceedings: title year
techreport: author title institution year
unpublished: author title
""")

BIBLATEX: Final = _table(
    """
article suppperiodical: author title journaltitle|journal|eprint DATE
book mvbook: author|editor title DATE
inbook suppbook: author title booktitle DATE
bookinbook inreference: title booktitle DATE
booklet manual: title DATE
misc dataset software: title
collection mvcollection: editor title DATE
reference mvreference periodical: title DATE
incollection suppcollection: author title booktitle DATE
online electronic www: title doi|eprint|url
patent: author title number DATE
proceedings mvproceedings: title DATE
inproceedings conference: author title booktitle DATE
report: author title type institution DATE
techreport: author title institution DATE
thesis: author title type institution|school DATE
mastersthesis phdthesis: author title institution|school DATE
unpublished: author title DATE
""",
    DATE=_DATE,
)

# types that need nothing: containers for others, and those for which the standard styles have no driver
_LOOSE: Final = frozenset(
    "xdata set artwork audio bibnote commentary image jurisdiction legislation legal letter movie music performance "
    "review standard video customa customb customc customd custome customf".split()
)

# in neither manual, but known to widely used styles and programs
_TOLERATED: Final = frozenset("webpage internet newspaper talk presentation commented".split())

# not works but instructions for a style: REVTeX, achemso and biblatex's *-blx.bib; IEEEtran
_CONTROL: Final = frozenset("control ieeetranbstctl".split())

KNOWN: Final = frozenset({*BIBTEX, *BIBLATEX, *_LOOSE, *_TOLERATED, *_CONTROL})

_ONLY_BIBLATEX_TYPES: Final = (frozenset(BIBLATEX) | _LOOSE) - frozenset(BIBTEX)
_ONLY_BIBLATEX_FIELDS: Final = frozenset(
    "date journaltitle shortjournal journalsubtitle location eprinttype eprintclass eventtitle eventdate origdate "
    "maintitle mainsubtitle booksubtitle titleaddon subtitle langid entrysubtype xdata ids related pubstate".split()
)


def is_biblatex(entry_type: str, names: frozenset[str]) -> bool:
    """Whether a type or one of the field names exists in BibLaTeX only."""
    return entry_type in _ONLY_BIBLATEX_TYPES or not names.isdisjoint(_ONLY_BIBLATEX_FIELDS)


@lru_cache(maxsize=1024)  # the entries of a file have few sets of names
def missing(entry_type: str, names: frozenset[str], *, biblatex: bool) -> tuple[str, ...]:
    """The required fields that are not among ``names``, alternatives as "author or editor"; () for other types."""
    wanted = (BIBLATEX if biblatex else BIBTEX).get(entry_type)
    if wanted is None:
        return ()
    return tuple(" or ".join(_shown(group, biblatex)) for group in wanted if not _given(group, names))


def _given(group: tuple[str, ...], names: frozenset[str]) -> bool:
    return any(name in names or any(alias in names for alias in _SAME.get(name, ())) for name in group)


# names that mean the same in one dialect or the other, so that neither is called missing
_SAME: Final[dict[str, tuple[str, ...]]] = {
    "year": ("date",),
    "journal": ("journaltitle",),
    "school": ("institution",),
    "institution": ("school",),
    "date": ("year",),
}


def _shown(group: tuple[str, ...], biblatex: bool) -> tuple[str, ...]:
    """The alternatives without an eprint in place of a journal, and without old names of the same field."""
    hidden = ({"journal", "school"} if biblatex else set()) | ({"eprint"} if "journal" in group else set())
    return tuple(name for name in group if name not in hidden or len(group) == 1)


def in_standard_styles(entry_type: str) -> bool:
    """Whether plain, alpha, abbrv and unsrt of BibTeX have a function for this type."""
    return entry_type in BIBTEX


def is_control(entry_type: str) -> bool:
    """Whether an entry of this type is an instruction for a style and not a work."""
    return entry_type in _CONTROL


# the type of BibTeX for a type that only BibLaTeX has, where it isn't misc
STAND_INS: Final[dict[str, str]] = {
    "report": "techreport",
    "thesis": "phdthesis",
    "mvbook": "book",
    "collection": "book",
    "mvcollection": "book",
    "reference": "book",
    "mvreference": "book",
    "mvproceedings": "proceedings",
    "bookinbook": "inbook",
    "suppbook": "inbook",
    "suppcollection": "incollection",
    "inreference": "incollection",
    "suppperiodical": "article",
}
