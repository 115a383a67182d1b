"""References of a list in a style: the owner marked, long author lists abbreviated, marks of names as signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.cv.bibtexstyle import BibtexStyle, mark_names, references
from bibtool.cv.document import LegendLine
from bibtool.cv.listed import with_fixed_venue
from bibtool.model.standins import presented
from bibtool.model.text.inert import inert
from bibtool.structs import dataclass, replace
from bibtool.styles.namemarks import NameMark, NameMarks
from bibtool.styles.processor import Processor
from bibtool.styles.rich import Fmt, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.cv.document import Link
    from bibtool.model.record import Record
    from bibtool.styles.locale import Locale
    from bibtool.styles.rich import Run
    from bibtool.styles.style import Style

# how the owner's name is highlighted
OWNER_FORMATS: Final = {
    "bold": Fmt(weight="bold"),
    "underline": Fmt(decoration="underline"),
    "italic": Fmt(style="italic"),
    "bold-underline": Fmt(weight="bold", decoration="underline"),
    "none": None,
}
_LABEL = r"^\s*[\[(]?{}[\])]?[.:]?\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What is marked in the names of one record: where the owner is, and signs by place; signs of a whole list."""

    owner: frozenset[tuple[str, int]] = frozenset()
    signs: Mapping[tuple[str, int], str]
    list_signs: Mapping[str, str]


def render_references(
    records: Sequence[Record],
    people: Mapping[str, People],
    style: Style | BibtexStyle,
    *,
    locale: str | Locale | None = None,
    owner_format: str = "bold",
    most: int | None = None,
    authors: str = "authors",
    linked: Mapping[str, Sequence[Link]] | None = None,
) -> tuple[dict[str, tuple[str | Mark, ...]], bool]:
    """Key -> the reference as a run without number, and whether the style sets entries with a hanging indent.

    ``most`` is the number of names that are shown at most (0: all, None: as the style says), ``authors`` the word for
    the count after an abbreviated list. ``linked`` has the links that are printed after each reference: they
    are short, so that the style need not write out the same addresses.
    """
    linked = linked or {}
    fmt = OWNER_FORMATS[owner_format]
    if isinstance(style, BibtexStyle):
        return _by_bibtex(records, people, style, owner_format, linked), True
    shown = [_without_addresses(presented(with_fixed_venue(record)), linked.get(record.key, ())) for record in records]
    marks = {key: _marks(marked, fmt, most, authors) for key, marked in people.items()}
    processor = Processor(style, shown, locale=locale, output="text", links=True, marks=marks)
    processor.register([record.key for record in records], sort=False, disambiguate=False)
    runs, options = processor.entry_runs(substitute=False)
    numbers = processor.registry.numbers
    cites_numbers = processor.engine.cites_numbers
    rendered = {}
    for key, run in runs:
        bare = _without_label(run, numbers[key]) if cites_numbers else run
        rendered[key] = tuple(inert(piece) if isinstance(piece, str) else piece for piece in bare)
    return rendered, options.hanging_indent


def _by_bibtex(
    records: Sequence[Record],
    people: Mapping[str, People],
    style: BibtexStyle,
    owner_format: str,
    linked: Mapping[str, Sequence[Link]],
) -> dict[str, tuple[str | Mark, ...]]:
    shown = []
    for record in records:
        links = linked.get(record.key, ())
        bare = _without_addresses(record, links)
        shown.append(replace(bare, arxiv=None) if any(link.kind == "arxiv" for link in links) else bare)
    runs = references(shown, style)
    kinds = "" if owner_format == "none" else owner_format.replace("-", " ")
    rendered = {}
    for record in records:
        run = runs.get(record.key, [])
        if (marked := people.get(record.key)) is not None:
            run = mark_names(run, record, marked.signs, marked.owner, kinds)
        rendered[record.key] = tuple(inert(piece) if isinstance(piece, str) else piece for piece in run)
    return rendered


def _without_addresses(record: Record, links: Sequence[Link]) -> Record:
    """The record without DOI and URL as far as links lead there."""
    kinds = {link.kind for link in links}
    gone = {"DOI"} if kinds & {"doi", "arxiv"} else set()
    gone |= {"URL"} if kinds & {"doi", "arxiv", "url", "pdf"} else set()
    known = gone & record.variables.keys()
    return record.with_values(dict.fromkeys(known)) if known else record


def _marks(people: People, fmt: Fmt | None, most: int | None, authors: str) -> NameMarks:
    names = {
        place: NameMark(
            fmt=fmt if place in people.owner else None,
            signs=people.signs.get(place, ""),
            always=place in people.owner,
        )
        for place in {*people.owner, *people.signs}
    }
    return NameMarks(names=names, list_signs=people.list_signs, most=most, count=authors)


def _without_label(run: Run, number: int) -> Run:
    """The run without the number that the style prints before it, in whatever brackets, raised or in a margin."""
    label = re.compile(_LABEL.format(number))
    text = ""
    for at, piece in enumerate(run):
        if isinstance(piece, Mark):
            continue
        text += piece
        if label.match(text):
            # brackets and a full stop may be pieces of their own
            rest = run[at + 1 :]
            while rest and isinstance(rest[0], str) and label.match(text + rest[0]):
                text += rest[0]
                rest = rest[1:]
            opened = [mark for mark in run[: at + 1] if isinstance(mark, Mark)]
            return _left_trimmed(_balanced([*opened, *rest]))
        glued = re.match(rf"\s*[\[(]?{number}(?:[\])][.:]?|[.:])\s+", text)
        if glued and len(text) == len(piece):
            return [*run[:at], piece[glued.end() :], *run[at + 1 :]]
        if len(text) > 12:
            break
    return run


def _balanced(run: Run) -> Run:
    """The run without pairs of marks around nothing, and without the blocks of margins."""
    balanced: Run = []
    for piece in run:
        if isinstance(piece, Mark):
            if piece.kind in {"left-margin", "right-inline"}:
                continue
            before = balanced[-1] if balanced else None
            if piece.close and isinstance(before, Mark) and not before.close and before.kind == piece.kind:
                balanced.pop()
                continue
        balanced.append(piece)
    return balanced


def _left_trimmed(run: Run) -> Run:
    for at, piece in enumerate(run):
        if isinstance(piece, str) and piece:
            return [*run[:at], piece.lstrip(), *run[at + 1 :]]
    return run


# ---- signs of marks: equal contribution, corresponding author, supervised student, and marks of the user's own -----

# the order in which signs are printed after a name, and lines in the legend
_SIGNS: Final = {"equal": "*", "corresponding": "†", "student": "‡", "alphabetical": "α"}
_MORE: Final = ("§", "¶", "‖", "#", "◊", "△", "□", "○")


@dataclass(frozen=True, slots=True)
class Signs:
    """The sign of each mark that a list uses, and its meaning. The mark ``owner`` has none."""

    signs: Mapping[str, str]
    texts: Mapping[str, str]

    def of(self, marks: Iterable[str]) -> str:
        """The signs of these marks, in the order of the legend."""
        held = set(marks)
        return "".join(sign for mark, sign in self.signs.items() if mark in held)

    def legend(self, used: Iterable[str]) -> tuple[LegendLine, ...]:
        """A line for each mark that is used."""
        held = set(used)
        return tuple(LegendLine(sign, self.texts[mark], mark) for mark, sign in self.signs.items() if mark in held)


def make_signs(marks: Iterable[str], words: Mapping[str, str], own: Mapping[str, str]) -> Signs:
    """The signs of a list in which these marks occur.

    ``own`` is mark -> meaning by the user's settings: other words for the known marks, or marks of the user's own. A
    mark without a meaning is its own.
    """
    names = dict.fromkeys([*_SIGNS, *own, *sorted(marks)])
    names.pop("owner", None)
    more = iter(_MORE)
    signs: dict[str, str] = {}
    for name in names:
        signs[name] = _SIGNS.get(name) or next(more, "") or f"[{name}]"
    texts = {name: own.get(name) or (words[name] if name in _SIGNS else name.replace("-", " ")) for name in names}
    return Signs(signs, texts)
