"""What is done with the members of an item, decided once for all items that have the same.

The names of the members of an item are its shape. For most shapes they settle which variable each member is, and only
the contents are left to be read. Objects are dicts here, as the JSON decoder gives them at the least cost. These don't
show that a member was there twice, so members are counted, and compared with what the text has.
`bibtool.formats.csl.itemreader.ItemReader` knows the rules for all items; it reads those too of whose contents there is
something to say, and a property test holds the two equal.
"""

from __future__ import annotations

from operator import call, itemgetter

from bibtool.formats.csl.itemreader import ItemReader, arxiv_of, own_members, scalar, variable_of
from bibtool.formats.csl.values import JsonNumber, plain_name, read_date, read_names, single_date
from bibtool.model.names import names_of
from bibtool.model.normal.markup import normal_markup
from bibtool.model.normal.values import RULED, normalised
from bibtool.model.numbers import Number
from bibtool.model.record import NO_PROVENANCE, Record, Value, Verbatim, checked_record
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.model.works.preprints import PREPRINT_TYPES, as_preprint, may_be_host
from bibtool.model.works.venues import names_preprint_server
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from bibtool.model.dates import Date
    from bibtool.model.names import Names

    Item: TypeAlias = "dict[str, Any]"
    Reader: TypeAlias = "Callable[[Any], Value | str]"

# variables of which two works hardly have the same value, so that none is kept for the next work
_OF_ONE_WORK = frozenset(
    "DOI ISBN PMCID PMID URL abstract annote call-number citation-key keyword number page title title-short".split()
)
_MAX_KEPT = 8192
_LONGEST_PAGES = 100  # characters


class _UnusualError(Exception):
    """For a content that has to be read carefully."""


class _Kept(dict["Any", "Any"]):
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


@dataclass(frozen=True, slots=True)
class Shape:
    """The variables of an item in order, what reads them, what gets their contents from an item, its other members.

    ``place`` is the member for the container, or else for the publisher if it alone says where the work appeared.
    """

    variables: tuple[str, ...]
    readers: tuple[Reader, ...]
    contents: Callable[[Item], tuple[Any, ...]]
    may_be_on_arxiv: bool
    place: str
    is_container: bool
    others: tuple[str, ...]


class ShapeReader:
    """Reads the items of one file; ``items`` completes those that have more than variables.

    ``counted`` is the number of members of the item that was read last, with those of the objects in it.
    """

    __slots__ = ("_any_person", "_date_of", "_items", "_may_be_preprint", "_person", "_readers", "_shapes", "counted")

    def __init__(self, items: ItemReader) -> None:
        self.counted = 0
        self._items = items
        self._shapes = _Kept(self._settled)
        self._readers: dict[str, Reader] = {}
        self._person = _Kept(_person)
        self._any_person = _Kept(_any_person)
        self._date_of = _Kept(_date_of)
        self._may_be_preprint = _Kept(_may_be_preprint)

    def read(self, item: Item, told: int | None = None) -> Record | None:
        """The record of an item of whose members there is nothing to say; None for one to be read carefully.

        ``told`` is how many members its text has; where that is not the number of those in the item, it is to be read
        carefully. The item may have no content that compares equal to text without being it (`JsonConstant`).
        """
        shape: Shape | None = self._shapes[tuple(item)]
        if shape is None:
            return None
        key = item["id"]
        record_type = item["type"]
        if record_type.__class__ is not str or record_type not in TYPES:
            return None
        if key.__class__ is not str:
            if key.__class__ is not JsonNumber:
                return None
            key = str(key)
        contents = shape.contents(item)
        self.counted = len(item)
        variables: dict[str, Any] | None
        try:
            variables = dict(zip(shape.variables, map(call, shape.readers, contents), strict=False))
        except (_UnusualError, TypeError):  # of what can't be looked up, as a list in the place of text
            self.counted = len(item)
            if (variables := _without_empty(shape, contents)) is None:
                return None
        others = shape.others
        rest = {name: item[name] for name in others} if others else None
        if rest is not None:
            self.counted += members_in(rest) - len(rest)
        if told is not None and self.counted != told:
            return None
        if rest is not None or "://" in key:
            return self._completed(key, record_type, variables, rest or {})
        arxiv = arxiv_of(variables) if shape.may_be_on_arxiv else None
        if record_type in PREPRINT_TYPES and self._may_be_preprint[item.get(shape.place), shape.is_container]:
            preprint = as_preprint(record_type, variables, arxiv)
            if preprint is not None:
                record_type, variables, arxiv = preprint.type, preprint.variables, preprint.arxiv
        return checked_record(key, record_type, (), variables, arxiv, (), NO_PROVENANCE)

    def close(self) -> None:
        """Let go of all that was kept; nothing is read afterwards."""
        del self._shapes, self._readers  # they refer to this object

    def _completed(self, key: str, record_type: str, variables: dict[str, Any], rest: dict[str, Any]) -> Record | None:
        """The record with what its other members say; None for one to be read carefully."""
        note = rest.pop("note", None)
        if note is not None and note.__class__ is not str:
            return None
        custom = None
        if "custom" in rest:
            custom = rest.pop("custom")
            if custom.__class__ is not dict:
                return None
            if "categories" in rest and rest["categories"] == own_members(custom).get("_categories"):
                del rest["categories"]
        unknown = [(name, content) for name, content in rest.items() if not _is_empty(content)]
        if unknown and custom is not None:  # of both there may be something to say, in the order in which they come
            return None
        return self._items.completed(key, record_type, variables, note or "", custom, unknown)

    def _settled(self, names: tuple[str, ...]) -> Shape | None:
        """The variables of the members with these names and what reads them; None where the names don't settle it."""
        if "id" not in names or "type" not in names:
            return None
        variables = {name: "" if name == "note" else variable_of(name, names) for name in names}
        known = {name: variable for name, variable in variables.items() if variable}
        if len(set(known.values())) < len(known):
            return None
        others = tuple([name for name, variable in variables.items() if not variable and name not in {"id", "type"}])
        readers = tuple(map(self._reader, known.values()))
        named = {variable: name for name, variable in known.items()}
        return Shape(
            variables=tuple(named),
            readers=readers,
            contents=_getter(tuple(known)),
            may_be_on_arxiv="DOI" in named or "number" in named,
            place=named.get("container-title", "" if "archive" in named else named.get("publisher", "")),
            is_container="container-title" in named,
            others=others,
        )

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
            usual_person, any_person = self._person, self._any_person
            people = []
            members = 0
            try:
                for person in content:
                    count = len(person)
                    if count == 2 and "given" in person:
                        people.append(usual_person[person["family"], person["given"]])
                    else:
                        people.append(any_person[tuple(person.items())])
                    members += count
            except (_UnusualError, TypeError, LookupError, AttributeError):
                pass
            else:
                self.counted += members
                return names_of(tuple(people))
        rest: list[tuple[str, Any]] = []
        names = read_names(content, rest)
        if rest or not names:
            raise _UnusualError
        self.counted += members_in(content)
        return names

    def _date(self, content: Any) -> Date:
        if content.__class__ is dict and len(content) == 1:
            try:
                (side,) = content["date-parts"]
            except (LookupError, TypeError, ValueError):
                pass
            else:
                if side.__class__ is list:
                    self.counted += 1
                    date: Date = self._date_of[tuple(side)]
                    return date
        rest: list[tuple[str, Any]] = []
        read, wrong = read_date(content, rest)
        if rest or wrong or read is None:
            raise _UnusualError
        self.counted += members_in(content)
        return read


def _getter(names: tuple[str, ...]) -> Callable[[Item], tuple[Any, ...]]:
    """What gives the contents of the members with these names."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda item: tuple([item[name] for name in names])


def members_in(value: Any) -> int:
    """The number of members of an object and of all objects in it; beyond any for one with a name of a certain kind.

    Who counts members in a text can't tell a quotation mark after a backslash from the end of a name with a backslash.
    """
    count = 0
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            count += len(holder)
            waiting.extend(holder.values())
            if any(name.endswith("\\") for name in holder):
                count += _TOO_MANY
        elif holder.__class__ is list:
            waiting.extend(holder)
    return count


_TOO_MANY = 1 << 40


def _without_empty(shape: Shape, contents: tuple[Any, ...]) -> dict[str, Any] | None:
    """The variables of the members that are not empty; None if none is empty, or one has to be read carefully."""
    filled = [step for step in zip(shape.variables, shape.readers, contents, strict=True) if not _is_empty(step[2])]
    if len(filled) == len(contents):
        return None
    try:
        return {variable: read(content) for variable, read, content in filled}
    except (_UnusualError, TypeError):
        return None


def _may_be_preprint(where: tuple[Any, bool]) -> bool:
    """Whether a work in this container, or without one and of this publisher, may be a preprint."""
    place, is_container = where
    if place.__class__ is not str or not place.strip() or "<" in place or "$" in place or "&" in place:
        return True
    return names_preprint_server(place.strip()) or (not is_container and may_be_host(place))


def _is_empty(content: Any) -> bool:
    return content is None or content == ""


# contents: each gives what `ItemReader` gives, or raises `_UnusualError` where there would be something to say


def _person(parts: tuple[Any, Any]) -> Any:
    return _any_person((("family", parts[0]), ("given", parts[1])))


def _any_person(pairs: Any) -> Any:
    name = plain_name(pairs)
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
    if content.__class__ is str and len(content) <= _LONGEST_PAGES and content.isascii():
        first, dash, last = content.partition("-")
        if dash and first.isdigit() and last.isdigit():
            return Number(content)
    return _any_pages(content)


def _url(content: Any) -> Value:
    if content.__class__ is str and content.startswith("http") and "<" not in content and content.count("://") == 1:
        return Verbatim(content.strip())
    return _any_url(content)


_BY_RULE: Mapping[str, Reader] = {"page": _pages, "URL": _url}
