"""What is done with the fields of an entry, decided once for all entries of a shape.

The type of an entry and the names of its fields are its shape. For most shapes they settle which variable each field
is, and only the contents are left to be read, most of them by a rule for plain ones. `to_record.read_carefully` knows
the rules for all entries; it also reads those here whose contents ask for more (`Shape.doubts`, a preprint), and a
property test holds the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.latex import from_latex
from bibtool.bib.names import read_names
from bibtool.formats.bibtex.builder import FORM, IN_KEYS, SOURCE, FieldFault, RecordBuilder, is_repeated, read_field
from bibtool.formats.bibtex.datefields import plain_date
from bibtool.formats.bibtex.mapping import (
    CONTAINERS,
    DATE_FIELDS,
    DATES_IN_PARTS,
    EDITOR_TYPES,
    EDITORS,
    EPRINT_FIELDS,
    LISTS,
    PUBLISHERS,
    SITES,
    TITLES,
)
from bibtool.formats.bibtex.values_in import without_protection
from bibtool.lazy import lazy_pattern
from bibtool.model.normal.pages import PLAIN_RANGE
from bibtool.model.numbers import Number
from bibtool.model.record import Leftover, Verbatim
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bibtool.formats.bibtex.mapping import Dialect
    from bibtool.model.record import Value
    from bibtool.model.richtext import Text

# fields whose meaning depends on what they hold, or on what others hold
UNSETTLED = frozenset(
    {*DATES_IN_PARTS, *EDITORS[1:], *EDITOR_TYPES, *EPRINT_FIELDS}
    | {"addendum", "arxiv", "arxivid", "day", "entrysubtype", "eventtitle", "howpublished", "ids", "maintitle"}
    | {"organization", "type"}
)
# what in a field makes its entry one to be read carefully, in any case: most of it may mean a paper on arXiv
_DOUBTS = (
    ("doi", "48550"),
    ("url", "arxiv.org/"),
    ("volume", "abs/"),
    ("journal", "rxiv"),
    ("journaltitle", "rxiv"),
    ("note", "rxiv"),
    ("note", "://"),
)


_PLAIN_DATES: tuple[set[str], ...] = (set(), {"date"}, {"year"}, {"year", "month"})
_LONGEST_PAGES = 100  # characters


class Step(NamedTuple):
    """What is done with one field: the variable that it sets ("" for none), and how a plain content is read.

    ``plain`` gives None for a content that is not plain, which is then read by `builder.read_field`. ``renamed``: the
    variable would be written as another field.
    """

    field: str
    variable: str
    plain: Callable[[str], Value | None] | None
    renamed: bool = False


class Shape(NamedTuple):
    """The steps for the fields of entries of one type, in order.

    ``form`` is the entry type where the writer would choose another one, else "".
    """

    csl: str
    steps: tuple[Step, ...]
    doubts: tuple[tuple[str, str], ...]
    form: str
    in_bibtex: bool


class Read(NamedTuple):
    """What the fields of an entry say."""

    variables: dict[str, Value]
    left: list[Leftover]
    findings: list[FieldFault]


def settled(csl: str, entry_type: str, written: str, names: tuple[str, ...], dialect: Dialect) -> Shape | None:
    """The shape of entries of a type, written as ``written``; None where the names do not settle it."""
    fields = frozenset(names)
    if not UNSETTLED.isdisjoint(fields) or len(fields.intersection(PUBLISHERS)) > 1 or "+" in "".join(names):
        return None
    if "booktitle" in fields and (csl == "book" or csl in SITES):
        return None
    if len(fields.intersection(CONTAINERS)) > 1:
        return None
    dates = [name for name in names if name in DATE_FIELDS]
    if set(dates) not in _PLAIN_DATES:
        return None
    builder = RecordBuilder(dialect, csl)
    return Shape(
        csl,
        tuple(_step(name, builder, dates) for name in names),
        tuple((name, mark) for name, mark in _DOUBTS if name in fields),
        entry_type if entry_type != written else "",
        dialect.name == "bibtex",
    )


def _step(name: str, builder: RecordBuilder, dates: list[str]) -> Step:
    if name in dates:
        return Step(name, "issued" if name == dates[0] else "", _skipped)
    if name == "editor":
        return Step(name, "editor", _editor)
    variable, renamed = builder.place_of(name)
    if variable is None:
        return Step(name, "", None)
    return Step(name, variable, _plain_reader(name, variable), renamed)


def _plain_reader(name: str, variable: str) -> Callable[[str], Value | None] | None:
    if variable in IN_KEYS or name in LISTS or name.endswith("date") or is_repeated(variable):
        return None
    kind = VARIABLES[variable]
    if kind == "text":
        return _title if variable in TITLES else _text
    if kind == "names":
        return _names
    return {"page": _pages, "DOI": _doi, "URL": _url}.get(variable)


def read(shape: Shape, fields: Mapping[str, str]) -> Read | None:
    """What the fields of an entry of the shape say; None for an entry that has to be read carefully."""
    for name, mark in shape.doubts:
        if mark in fields[name].casefold():
            return None
    variables: dict[str, Value] = {}
    left: list[Leftover] = []
    findings: list[FieldFault] = []
    for (name, variable, plain, renamed), content in zip(shape.steps, fields.values(), strict=True):
        if not content or content.isspace():
            if plain is _skipped:
                return None
            continue
        if plain is _skipped:
            if variable:
                date = plain_date(fields)
                if date is None:
                    return None
                variables["issued"] = date
            continue
        if not variable or variable in variables:
            left.append(Leftover(SOURCE, name, content))
            continue
        if plain is not None and (value := plain(content)) is not None:
            variables[variable] = value
            if renamed:
                left.append(Leftover(FORM, name, content))
            continue
        value, has_form, faults = read_field(variable, name, content, renamed, shape.in_bibtex)
        if value is None:
            left.append(Leftover(SOURCE, name, content))
            continue
        variables[variable] = value
        if plain is not _editor:
            findings += faults
            if has_form:
                left.append(Leftover(FORM, name, content))
    if shape.form:
        left.append(Leftover(FORM, "entrytype", shape.form))
    return Read(variables, left, findings)


# plain contents: each gives what `builder.read_field` gives, without faults or a form of its own


def _skipped(_content: str) -> None:
    """For the fields of the date, which are read together."""


def _editor(_content: str) -> None:
    """For editors, of whom only the names are taken."""


def _title(content: str) -> Text | None:
    if "\\" in content or "<" in content or "&" in content:
        return None
    return from_latex(content) or None


def _text(content: str) -> Text | None:
    text = _title(content)
    return None if text is None else without_protection(text) or None


def _names(content: str) -> Value | None:
    if "\\" in content or "=" in content or "<" in content or "&" in content:
        return None
    names, fault = read_names(content)
    return None if fault or not names else names


def _pages(content: str) -> Number | None:
    if len(content) > _LONGEST_PAGES:
        return None
    if ends := PLAIN_RANGE.fullmatch(content):
        return Number(f"{ends[1]}-{ends[2]}")
    return Number(content) if content.isascii() and content.isdigit() else None


_PLAIN_DOI = lazy_pattern(r"10\.[0-9]{4,9}/[A-Za-z0-9._/-]*+(?<=[A-Za-z0-9])")
_PLAIN_URL = lazy_pattern(r"https?://[^\s\\${}<>]++")


def _doi(content: str) -> Verbatim | None:
    return Verbatim(content) if _PLAIN_DOI.fullmatch(content) else None


def _url(content: str) -> Verbatim | None:
    return Verbatim(content) if _PLAIN_URL.fullmatch(content) and content.count("://") == 1 else None
