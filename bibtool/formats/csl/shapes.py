"""What is done with the members of an item, decided once for all items that have the same.

The names of the members of an item are its shape. For most shapes they settle which variable each member is, and only
the contents are left to be read. Objects are tuples of pairs here, as the JSON decoder gives them at the least cost:
those of people can be looked up as they are. `bibtool.formats.csl.item.ItemReader` knows the rules for all items; it
reads those too of whose contents there is something to say, and a property test holds the two equal.
"""

from __future__ import annotations

from operator import call
from typing import TYPE_CHECKING, Any, NamedTuple

from bibtool.formats.csl.item import ItemReader, arxiv_of, own_members, scalar, variable_of
from bibtool.formats.csl.values import JsonNumber, as_dicts, plain_name, read_date, read_names, single_date
from bibtool.model.names import names_of
from bibtool.model.normal.markup import normal_markup
from bibtool.model.normal.pages import PLAIN_RANGE
from bibtool.model.normal.values import RULED, normalised
from bibtool.model.numbers import Number
from bibtool.model.record import NO_PROVENANCE, Record, Value, Verbatim, checked_record
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.model.works.preprints import PREPRINT_TYPES, as_preprint
from bibtool.model.works.venues import names_preprint_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from bibtool.model.dates import Date
    from bibtool.model.names import Names

    Pairs: TypeAlias = "tuple[tuple[str, Any], ...]"
    Reader: TypeAlias = "Callable[[Any], Value | str]"

# variables of which two works hardly have the same value, so that none is kept for the next work
_OF_ONE_WORK = frozenset(
    "DOI ISBN PMCID PMID URL abstract annote call-number citation-key keyword number page title title-short".split()
)
_MAX_KEPT = 8192
_LONGEST_PAGES = 100  # characters


class _UnusualError(Exception):
    """For a content that has to be read carefully."""


class _Kept(dict[Any, Any]):
    """What was made of contents, once of each: people, dates, journals and publishers recur."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, content: Any) -> Any:
        made = self._make(content)
        if len(self) >= _MAX_KEPT:
            self.clear()
        self[content] = made
        return made


class Shape(NamedTuple):
    """The variables of an item in order, what reads them, whether one may be of arXiv, and its other members."""

    variables: tuple[str, ...]
    readers: tuple[Reader, ...]
    may_be_on_arxiv: bool
    others: tuple[str, ...]


class ShapeReader:
    """Reads the items of one file; ``items`` completes those that have more than variables."""

    __slots__ = ("_date_of", "_items", "_person", "_place_is_doubtful", "_readers", "_shapes")

    def __init__(self, items: ItemReader) -> None:
        self._items = items
        self._shapes = _Kept(self._settled)
        self._readers: dict[str, Reader] = {}
        self._person = _Kept(_person).__getitem__
        self._date_of = _Kept(_date_of).__getitem__
        self._place_is_doubtful = _Kept(_place_is_doubtful).__getitem__

    def read(self, item: Pairs) -> Record | None:
        """The record of an item of whose members there is nothing to say; None for one to be read carefully.

        The item may have no content that compares equal to text without being it (`JsonConstant`).
        """
        members = dict(item)
        shape: Shape | None = self._shapes[tuple(members)]
        if shape is None or len(members) < len(item):
            return None
        names, readers, may_be_on_arxiv, others = shape
        key = members.pop("id")
        record_type = members.pop("type")
        if record_type.__class__ is not str or record_type not in TYPES:
            return None
        if key.__class__ is not str:
            if key.__class__ is not JsonNumber:
                return None
            key = str(key)
        rest = {name: members.pop(name) for name in others} if others else None
        variables: dict[str, Any] | None
        try:
            variables = dict(zip(names, map(call, readers, members.values()), strict=True))
        except (_UnusualError, TypeError):  # of what can't be looked up, as a list in the place of text
            if (variables := _without_empty(shape, members)) is None:
                return None
        if rest is not None or "://" in key:
            return self._completed(key, record_type, variables, rest or {})
        arxiv = arxiv_of(variables) if may_be_on_arxiv else None
        if record_type in PREPRINT_TYPES and self._place_is_doubtful(members.get("container-title")):
            preprint = as_preprint(record_type, variables, arxiv)
            if preprint is not None:
                record_type, variables, arxiv = preprint
        return checked_record(key, record_type, (), variables, arxiv, (), NO_PROVENANCE)

    def _completed(self, key: str, record_type: str, variables: dict[str, Any], rest: dict[str, Any]) -> Record | None:
        """The record with what its other members say; None for one to be read carefully."""
        note = rest.pop("note", None)
        if note is not None and note.__class__ is not str:
            return None
        custom = None
        if "custom" in rest:
            custom = as_dicts(rest.pop("custom"))
            if custom.__class__ is not dict:
                return None
            if "categories" in rest and rest["categories"] == own_members(custom).get("_categories"):
                del rest["categories"]
        unknown = [(name, as_dicts(content)) for name, content in rest.items() if not _is_empty(content)]
        if unknown and custom is not None:  # of both there may be something to say, in the order in which they come
            return None
        return self._items.completed(key, record_type, variables, note or "", custom, unknown)

    def _settled(self, names: tuple[str, ...]) -> Shape | None:
        """The variables of the members with these names and what reads them; None where the names don't settle it."""
        if "id" not in names or "type" not in names:
            return None
        variables = {name: "" if name == "note" else variable_of(name, names) for name in names}
        known = tuple(filter(None, variables.values()))
        if len(set(known)) < len(known):
            return None
        others = tuple([name for name, variable in variables.items() if not variable and name not in {"id", "type"}])
        return Shape(known, tuple(map(self._reader, known)), "DOI" in known or "number" in known, others)

    def _reader(self, variable: str) -> Reader:
        if variable not in self._readers:
            make = self._maker(variable)
            is_kept = variable not in _OF_ONE_WORK and VARIABLES[variable] not in {"names", "date"}
            self._readers[variable] = _Kept(make).__getitem__ if is_kept else make
        return self._readers[variable]

    def _maker(self, variable: str) -> Reader:
        kind = VARIABLES[variable]
        if kind == "names":
            return self._names
        if kind == "date":
            return self._date
        if kind == "text":
            return _text
        if variable in RULED:
            return _BY_RULE.get(variable) or _Ruled(variable, Number if kind == "number" else Verbatim)
        return _number if kind == "number" else _verbatim

    def _names(self, content: Any) -> Names:
        if content.__class__ is list and content:
            try:
                return names_of(tuple(map(self._person, content)))
            except (_UnusualError, TypeError):
                pass
        rest: list[tuple[str, Any]] = []
        names = read_names(as_dicts(content), rest)
        if rest or not names:
            raise _UnusualError
        return names

    def _date(self, content: Any) -> Date:
        if content.__class__ is tuple:
            try:
                ((name, sides),) = content
                (side,) = sides
            except ValueError:
                pass
            else:
                if name == "date-parts" and side.__class__ is list and sides.__class__ is list:
                    date: Date = self._date_of(tuple(side))
                    return date
        rest: list[tuple[str, Any]] = []
        read, wrong = read_date(as_dicts(content), rest)
        if rest or wrong or read is None:
            raise _UnusualError
        return read


def _without_empty(shape: Shape, members: Mapping[str, Any]) -> dict[str, Any] | None:
    """The variables of the members that are not empty; None if none is empty, or one has to be read carefully."""
    filled = [
        step for step in zip(shape.variables, shape.readers, members.values(), strict=True) if not _is_empty(step[2])
    ]
    if len(filled) == len(members):
        return None
    try:
        return {variable: read(content) for variable, read, content in filled}
    except (_UnusualError, TypeError):
        return None


def _place_is_doubtful(place: Any) -> bool:
    """Whether a work in this container, or in none, may be a preprint."""
    return (
        place.__class__ is not str
        or not place.strip()
        or "<" in place
        or "$" in place
        or "&" in place
        or (names_preprint_server(place.strip()))
    )


def _is_empty(content: Any) -> bool:
    return content is None or content == ""


# contents: each gives what `ItemReader` gives, or raises `_UnusualError` where there would be something to say


def _person(pairs: Any) -> Any:
    name = plain_name(pairs) if pairs.__class__ is tuple else None
    if name is None:
        raise _UnusualError
    return name


def _date_of(parts: tuple[Any, ...]) -> Any:
    date = single_date(parts)
    if date is None:
        raise _UnusualError
    return date


def _words(content: Any) -> str:
    """Text that is not empty."""
    if content.__class__ is str:
        text: str | None = content
    else:
        text = scalar(content)
    if not text:
        raise _UnusualError
    return text


def _text(content: Any) -> Text:
    text = content if content.__class__ is str and content else _words(content)
    if "<" not in text and "&" not in text and "$" not in text:
        return Text((text,))
    parsed = parse_markup(normal_markup(text) if "<" in text or "&" in text else text)
    if not parsed:
        raise _UnusualError
    return parsed


def _number(content: Any) -> Number:
    return Number(content if content.__class__ is str and content else _words(content))


def _verbatim(content: Any) -> Verbatim:
    return Verbatim(content if content.__class__ is str and content else _words(content))


class _Ruled:
    """Reads values of a variable that has a rule."""

    __slots__ = ("_kind", "_variable")

    def __init__(self, variable: str, kind: type[Number | Verbatim]) -> None:
        self._variable = variable
        self._kind = kind

    def __call__(self, content: Any) -> Number | Verbatim:
        normal = normalised(self._variable, _words(content))
        if normal.fault or normal.rest:
            raise _UnusualError
        return self._kind(normal.text)


_any_pages = _Ruled("page", Number)
_any_url = _Ruled("URL", Verbatim)


def _pages(content: Any) -> Value:
    if content.__class__ is str and len(content) <= _LONGEST_PAGES and (ends := PLAIN_RANGE.fullmatch(content)):
        return Number(f"{ends[1]}-{ends[2]}")
    return _any_pages(content)


def _url(content: Any) -> Value:
    if content.__class__ is str and content.startswith("http") and "<" not in content and content.count("://") == 1:
        return Verbatim(content.strip())
    return _any_url(content)


_BY_RULE: Mapping[str, Reader] = {"page": _pages, "URL": _url}
