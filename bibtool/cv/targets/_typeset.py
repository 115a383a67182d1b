"""What the typeset targets share: texts without acting characters, words, the status as a sentence, the counts."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bibtool.cv.chart import bars_of, is_labelled
from bibtool.cv.words import words_of
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, parse_name
from bibtool.model.text.inert import inert
from bibtool.structs import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.cv.chart import Bar
    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions
    from bibtool.styles.rich import Mark, Run

WEB: Final = ("https://", "http://")
SEPARATOR: Final = "\u00a0· "  # stays at the end of a line

_LONE_SURROGATE = lazy_pattern("[\ud800-\udfff]")  # JSON can hold one, UTF-8 can't


def clean(text: str) -> str:
    """The text on one line, accents joined with their letters, without characters that act on their surroundings."""
    return unicodedata.normalize("NFC", _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", inert(text)))


def clean_run(run: Sequence[str | Mark]) -> Run:
    """A run whose texts are `clean`; spaces between pieces are kept."""
    return [clean(piece) if isinstance(piece, str) else piece for piece in run]


def word(cv: PublicationList, options: TargetOptions, name: str) -> str:
    """A word of the target: the caller's own, or the one of the list's language."""
    return clean(options.words.get(name) or words_of(cv.language).get(name, name))


def status_sentence(entry: Entry) -> str:
    """The status note as a sentence of its own after the reference ("In press."), "" for none."""
    text = clean(entry.status).strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def links_of(entry: Entry, options: TargetOptions) -> tuple[Link, ...]:
    """The entry's links to the web, cleaned; none where the options want none."""
    return web_links(entry.links) if options.links else ()


def web_links(links: Sequence[Link]) -> tuple[Link, ...]:
    """The links to the web, their labels cleaned and never empty."""
    return tuple(
        replace(link, label=clean(link.label).strip() or link.url) for link in links if link.url.startswith(WEB)
    )


def counts(cv: PublicationList, options: TargetOptions) -> tuple[str, tuple[str, ...]]:
    """Both parts of the line of counts: "Publications: 12", and "Journal articles: 9" for each kind."""
    kinds = tuple(f"{clean(heading)}: {count}" for _, heading, count in cv.summary.by_kind)
    return f"{word(cv, options, 'publications')}: {cv.summary.total}", kinds


def label_width(cv: PublicationList) -> int:
    """How many digits the longest number has, 0 where no entry has one."""
    return max((len(str(entry.number)) for entry in cv.entries if entry.number is not None), default=0)


def paper(cv: PublicationList) -> str:
    """``letter`` where people use it, by the region of the language tag, else ``a4``."""
    return "letter" if cv.language.upper().endswith(("-US", "-CA", "-MX", "-CL", "-CO", "-PH")) else "a4"


class Column(NamedTuple):
    """One column of the chart of publications per year: texts over and under it, its height between 0 and 1."""

    number: str
    share: float
    label: str


def chart_columns(cv: PublicationList) -> tuple[float, tuple[Column, ...]]:
    """The width of a column as a part of the line, and the columns; texts that would run into others are left out."""
    bars = bars_of(cv.summary.by_year)
    if not bars:
        return 0.0, ()
    most = max(bar.works for bar in bars) or 1
    width = min(0.09, 0.98 / len(bars))
    every = next((step for step in (1, 2, 5, 10, 20, 50) if width * step / _span(bars) > 0.055), 100)
    columns = []
    for bar in bars:
        number = str(bar.works) if bar.works and width > 0.016 else ""
        label = str(bar.first) if is_labelled(bar, bars, every) else ""
        columns.append(Column(number, bar.works / most, label))
    return width, tuple(columns)


def _span(bars: Sequence[Bar]) -> int:
    return bars[0].last - bars[0].first + 1


def address(url: str) -> str:
    """The address in ASCII, with everything written out that a string or a field could take for its own."""
    return quote(url, safe="%/:=&?~#+!,;@()*-._'")


def profile_labels(cv: PublicationList) -> tuple[Link, ...]:
    """The owner's links, the name of the registry before a bare identifier."""
    names = {"orcid": "ORCID", "arxiv-author": "arXiv"}
    labelled = []
    for link in web_links(cv.profile.links):
        name = names.get(link.kind, "")
        if name and not link.label.casefold().startswith(name.casefold()):
            labelled.append(replace(link, label=f"{name} {link.label}"))
        else:
            labelled.append(link)
    return tuple(labelled)


def changed_name(name: Name, change: Callable[[str], str]) -> Name:
    """The name with each of its parts changed, without marks and identifiers."""
    parts = ("family", "given", "dropping_particle", "non_dropping_particle", "suffix", "literal")
    changed: dict[str, Any] = {part: change(getattr(name, part)) for part in parts}
    return Name(**changed)


def name_parts(cv: PublicationList) -> tuple[str, str]:
    """The owner's given and family names as classes for CVs want them; both may be empty."""
    name = parse_name(clean(cv.profile.name))
    if name.literal:
        return "", name.literal
    family = replace(name, given="", dropping_particle="").display()
    return " ".join(part for part in (name.given, name.dropping_particle) if part), family
