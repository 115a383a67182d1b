"""Names of styles that have no file: what became of renamed styles, and what people mean by a short name.

The facts are those of the style files: their titles and short titles, editions in their names, and the names under
which the collection had them before (2017: one name per Harvard style; 2025: Chicago's 18th edition; 2026: the names of
the National Library of Medicine for Vancouver). A file of that name comes first everywhere.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

_CHICAGO = ("chicago-author-date", "chicago-notes-bibliography", "chicago-shortened-notes-bibliography")

# the style of a name that had a file once, or by which most people mean one style
MEANT: Final[dict[str, str]] = {
    "aaa": "american-anthropological-association",
    "abnt": "associacao-brasileira-de-normas-tecnicas",
    "acl": "association-for-computational-linguistics",
    "acm": "association-for-computing-machinery",
    "acs": "american-chemical-society",
    "agu": "american-geophysical-union",
    "aiaa": "american-institute-of-aeronautics-and-astronautics",
    "aip": "american-institute-of-physics",
    "ama": "american-medical-association",
    "ams": "american-meteorological-society",
    "apa6": "apa-6th-edition",
    "aps": "american-physics-society",
    "apsa": "american-political-science-association",
    "asa": "american-sociological-association",
    "asce": "american-society-of-civil-engineers",
    "asm": "american-society-for-microbiology",
    "asme": "american-society-of-mechanical-engineers",
    "bluebook": "bluebook-law-review",
    "chicago-fullnote-bibliography": "chicago-notes-bibliography",
    "chicago-note-bibliography": "chicago-shortened-notes-bibliography",
    "chicago-note-biblio-no-ibid": "chicago-shortened-notes-bibliography",
    "chicago-full-note": "chicago-notes-bibliography",
    "chicago-fullnote": "chicago-notes-bibliography",
    "chicago-library-list": "chicago-notes-bibliography",
    "citing-medicine": "nlm-citation-sequence",
    "copernicus": "copernicus-publications",
    "gbt7714": "china-national-standard-gb-t-7714-2015-numeric",
    "gb-t-7714-2005-numeric": "chinese-gb7714-2005-numeric",
    "gb-t-7714-2005-author-date": "chinese-gb7714-2005-author-date",
    "harvard": "harvard-cite-them-right",
    "harvard1": "harvard-cite-them-right",
    "lancet": "the-lancet",
    "lncs": "springer-lecture-notes-in-computer-science",
    "mdpi": "multidisciplinary-digital-publishing-institute",
    "mhra": "mhra-notes",
    "mla": "modern-language-association",
    "mla-handbook": "modern-language-association",
    "modern-humanities-research-association": "mhra-notes",
    "modern-humanities-research-association-author-date": "mhra-author-date",
    "national-library-of-medicine": "nlm-citation-sequence",
    "rsc": "royal-society-of-chemistry",
    "sbl": "society-of-biblical-literature-fullnote-bibliography",
    "springer-lncs": "springer-lecture-notes-in-computer-science",
    "turabian-fullnote-bibliography": "turabian-notes-bibliography",
    "vancouver": "nlm-citation-sequence",
    "vancouver-author-date": "nlm-name-year",
    "vancouver-brackets": "nlm-citation-sequence-brackets",
    "vancouver-brackets-no-et-al": "nlm-citation-sequence-brackets-no-et-al",
    "vancouver-superscript": "nlm-citation-sequence-superscript",
}

# What else the name stands for, for the note
OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "acs": ("elsevier-american-chemical-society",),
    "ama": ("american-marketing-association",),
    "ams": ("american-mathematical-society-numeric", "american-mathematical-society-label"),
    "aps": ("american-physiological-society", "american-phytopathological-society"),
    "asa": ("american-statistical-association", "asa-cssa-sssa"),
    "gbt7714": ("china-national-standard-gb-t-7714-2015-author-date", "china-national-standard-gb-t-7714-2015-note"),
    "harvard": ("elsevier-harvard", "sage-harvard"),
    "mhra": ("mhra-author-date", "mhra-shortened-notes"),
    "mla": ("modern-language-association-notes",),
    "vancouver": ("american-medical-association", "elsevier-vancouver"),
}

# Names of several styles of which none is the usual one
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "chicago": _CHICAGO,
    "chicago-manual-of-style": _CHICAGO,
    "cms": _CHICAGO,
    "cmos": _CHICAGO,
    "cse": ("cse-name-year", "cse-citation-sequence", "cse-citation-name"),
    "council-of-science-editors": ("cse-name-year", "cse-citation-sequence", "cse-citation-name"),
    "elsevier": ("elsevier-harvard", "elsevier-with-titles", "elsevier-vancouver"),
    "gb-t-7714": (
        "china-national-standard-gb-t-7714-2015-numeric",
        "china-national-standard-gb-t-7714-2015-author-date",
        "china-national-standard-gb-t-7714-2015-note",
    ),
    "gost": ("gost-r-7-0-5-2008", "gost-r-7-0-5-2008-numeric", "gost-r-7-0-5-2008-numeric-alphabetical"),
    "iop": ("institute-of-physics-numeric", "institute-of-physics-harvard"),
    "iso": ("iso690-author-date-en", "iso690-numeric-en", "iso690-full-note-en"),
    "iso-690": ("iso690-author-date-en", "iso690-numeric-en", "iso690-full-note-en"),
    "iso690": ("iso690-author-date-en", "iso690-numeric-en", "iso690-full-note-en"),
    "nlm": ("nlm-citation-sequence", "nlm-citation-name", "nlm-name-year"),
    "sage": ("sage-harvard", "sage-vancouver"),
    "springer": ("springer-basic-author-date", "springer-basic-brackets", "springer-vancouver"),
    "taylor-and-francis": (
        "taylor-and-francis-chicago-author-date",
        "taylor-and-francis-harvard-x",
        "taylor-and-francis-national-library-of-medicine",
    ),
    "turabian": ("turabian-author-date", "turabian-notes-bibliography", "turabian-shortened-notes-bibliography"),
}

# the edition that the style of the plain name follows
EDITIONS: Final[dict[str, int]] = {
    "american-medical-association": 11,
    "american-sociological-association": 7,
    "apa": 7,
    "chicago-author-date": 18,
    "chicago-notes-bibliography": 18,
    "chicago-shortened-notes-bibliography": 18,
    "harvard-cite-them-right": 12,
    "modern-language-association": 9,
    "oscola": 4,
    "society-of-biblical-literature-fullnote-bibliography": 2,
}

# parts of names that were replaced in whole families of styles
_FAMILIES: Final = (
    ("chicago-fullnote-bibliography", "chicago-notes-bibliography"),
    ("chicago-note-bibliography", "chicago-shortened-notes-bibliography"),
    ("vancouver", "nlm-citation-sequence"),
    ("modern-humanities-research-association-notes", "mhra-notes"),
    ("modern-humanities-research-association", "mhra-notes"),
    ("iso-690", "iso690"),
    ("gb-t-7714-2015", "china-national-standard-gb-t-7714-2015"),
    ("gb7714-2015", "china-national-standard-gb-t-7714-2015"),
    ("american-psychological-association", "apa"),
)
_EDITION = lazy_pattern(
    r"(?P<name>[a-z-]*[a-z])-?(?P<number>[1-9]\d?)(?:st|nd|rd|th)?(?:-ed(?:ition)?)?(?P<rest>-[a-z-]+)?"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The style that a name without a file stands for, and the others that it could stand for."""

    name: str
    style: str
    others: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What to tell the user."""
        text = f"{self.name} is the style {self.style}"
        return f"{text} (others: {', '.join(self.others)})" if self.others else text


def plain_name(text: str) -> str:
    """The name in the form of the file names: lower case, hyphens."""
    return "-".join(text.lower().replace("_", " ").replace("/", " ").replace("-", " ").split())


def meaning_of(text: str, exists: Callable[[str], bool]) -> Meaning | None:
    """What the name stands for, None for one that says nothing; ``exists`` tells which styles there are."""
    name = plain_name(text)
    for candidate in _candidates(name):
        if candidate != name and exists(candidate):
            return Meaning(text, candidate, tuple(style for style in OTHERS.get(name, ()) if exists(style)))
    return None


def choices_of(text: str, exists: Callable[[str], bool]) -> tuple[str, ...]:
    """The styles among which a name does not decide; () for other names."""
    return tuple(style for style in CHOICES.get(plain_name(text), ()) if exists(style))


def _candidates(name: str) -> Iterator[str]:
    if name in MEANT:
        yield MEANT[name]
    for old, new in _FAMILIES:
        if name.startswith(f"{old}-"):
            yield f"{new}{name[len(old) :]}"
    match = _EDITION.fullmatch(name)
    if match is None:
        return
    short, rest = match["name"], match["rest"] or ""
    number = int(match["number"])
    bases = [short, *(f"{new}{short[len(old) :]}" for old, new in _FAMILIES if short.startswith(old))]
    if short in MEANT:
        bases.insert(0, MEANT[short])
    for base in bases:
        if EDITIONS.get(base) == number:
            yield f"{base}{rest}"
        suffix = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
        yield f"{base}{rest}-{number}{suffix}-edition"
