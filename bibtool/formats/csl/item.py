"""One CSL-JSON item (a dict, from JSON or YAML) as a record, and back without loss.

What csl-data.json (CSL 1.0.2) has no property for goes into ``custom.bibtool``:

===================  ==================================================================================
``arxiv``            arXiv id with version, categories, category candidates, comment, journal reference
``derived``          names of properties that were added for other programs (see `bibtool.model.standins`)
``truncated``        name variables whose list ended in "et al."
``homonyms``         name variable -> numbers that distinguish namesakes, one for each name
``marks``            name variable -> what is marked of people and of the list (see `bibtool.formats.csl.marks`)
``whole``            name variable -> names whose given or family name must not be split, as CSL-JSON has them
``dates``            date variable -> EDTF, where ``date-parts`` can't express it
``variables``        CSL variables that the schema lacks (``license``), in the form of those that it has
``type``             a type that CSL does not have, in files of bibtool 0.1; kept as a leftover
``aliases``          keys under which the record was cited before
``plain-note``       true: no line of the note is to be read as ``Label: value``
``leftovers``        source fields that no variable fits: [source, name, value]
===================  ==================================================================================

Numbers are always strings, as Zotero and pandoc write them: ``"007"`` stays unchanged, and 12 and
"12" need not be distinguished. Reading accepts both.
"""

from __future__ import annotations

import contextlib
import json
from functools import lru_cache

from bibtool.errors import IdentifierError, RecordError
from bibtool.formats.base import Row
from bibtool.formats.csl.leftover import from_text, plain, to_text
from bibtool.formats.csl.marks import read_marks, write_marks
from bibtool.formats.csl.note import split_note
from bibtool.formats.csl.values import (
    JsonConstant,
    JsonNumber,
    JsonWord,
    plain_names,
    read_date,
    read_names,
    write_date,
    write_name,
)
from bibtool.model.codec import decode_value, encode_value
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import ArxivId, arxiv_id_of_doi, parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.normal.markup import normal_markup
from bibtool.model.normal.values import RULED, normalised
from bibtool.model.numbers import Number
from bibtool.model.particles import split_person
from bibtool.model.record import NO_PROVENANCE, Arxiv, Leftover, Record, Value, Verbatim, checked_record
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.showntext import shown_text
from bibtool.model.standins import derived_values
from bibtool.model.values import checked_type, fits
from bibtool.model.vocabulary import CSL_JSON_NAMES, IN_CSL_JSON, TYPES, VARIABLES
from bibtool.model.works.preprints import as_preprint
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from typing import Any

SOURCE = "csl-json"

# the order of the properties; others follow by name, then abstract, note, categories, custom
ORDER = (
    "id", "type", "citation-key", "title", "title-short", "author", "editor", "translator", "issued",
    "container-title", "container-title-short", "container-author", "collection-title", "collection-number",
    "collection-editor", "volume", "issue", "number", "page", "page-first", "number-of-pages", "edition", "version",
    "genre", "event-title", "event-date", "event-place", "publisher", "publisher-place",
    "DOI", "URL", "ISBN", "ISSN", "PMID", "PMCID", "language",
)  # fmt: skip
_LAST = ("keyword", "abstract", "note", "annote", "categories", "custom")
_PROPERTY = {name: CSL_JSON_NAMES.get(name, name) for name in VARIABLES if name in IN_CSL_JSON}
FIELDS: tuple[Row, ...] = (
    Row("id", "", "the citation key"),
    Row("type", "", "the type"),
    *(Row(written, name) for name, written in sorted(_PROPERTY.items())),
    *(Row(f"custom.bibtool.variables.{name}", name) for name in sorted(VARIABLES.keys() - IN_CSL_JSON)),
    Row("categories", "", "arXiv categories that are certain"),
    Row("custom.bibtool.arxiv", "", "the arXiv id, categories, candidates, comment, journal reference"),
    Row("custom.bibtool.marks", "", "marks and ORCID iDs of names"),
    Row("custom.bibtool.tex", "", "texts whose mathematics the property shows by characters, with its TeX"),
)
_RANK = {
    name: rank
    for rank, name in enumerate(
        (*ORDER, *sorted(set(_PROPERTY.values()) - set(ORDER) - set(_LAST)), "volume-title-short", *_LAST)
    )
}
_ALIASES = {
    "shortTitle": "title-short",
    "journalAbbreviation": "container-title-short",
    **{written: name for name, written in CSL_JSON_NAMES.items()},
}
_FOLDED = {name.casefold(): name for name in VARIABLES} | {a.casefold(): v for a, v in _ALIASES.items()}
# properties of the schema that are not variables here: kept as leftovers, written back in their place
_KEPT = frozenset({"categories", "volume-title-short"})
_ARXIV_MEMBERS = {
    "primary-category": "primary_category", "categories": "categories", "category-candidates": "candidates",
    "comment": "comment", "journal-ref": "journal_ref", "latest-version": "latest", "updated": "updated",
}  # fmt: skip
# in the order in which they are written
_OWN_MEMBERS = (
    "type", "aliases", "arxiv", "derived", "truncated", "homonyms", "marks", "whole", "dates", "tex", "variables",
    "plain-note", "leftovers",
)  # fmt: skip
_TYPES_FOLDED = {name.casefold(): name for name in TYPES}


# writing


def item_of(record: Record, key: str, people: Callable[[Names], Any | None] = plain_names) -> dict[str, Any]:
    """The record as an item that is valid by csl-data.json; ``key`` becomes the ``id``.

    ``people`` gives what stands for a list of plain names, None for any other list.
    """
    item: dict[str, Any] = {"id": key, "type": record.type}
    own: dict[str, Any] = {}
    if record.aliases:
        own["aliases"] = list(record.aliases)
    others: dict[str, Any] = {}
    for name, value in record.variables.items():
        written = _PROPERTY.get(name)
        if written is None:
            others[name] = _other_value(value)
        elif (kind := type(value)) is Verbatim or kind is Number:
            item[written] = value.text  # type: ignore[union-attr]  # mypy does not follow `kind`
        elif (made := _value(written, value, own, people)) is not None:
            item[written] = made
    custom: dict[str, Any] = {}
    if record.arxiv is not None:
        own["arxiv"] = _write_arxiv(record.arxiv)
        if derived := derived_values(record):
            own["derived"] = sorted(derived)
            item.update(derived)
        if categories := _categories(record.arxiv):
            item["categories"] = categories
    if "note" in item and split_note(item["note"])[0]:
        own["plain-note"] = True
    if others:
        own["variables"] = dict(sorted(others.items()))
    if record.leftovers:
        _write_leftovers(record.leftovers, item, own, custom)
    if own:
        for name in ("homonyms", "marks", "whole", "dates", "tex"):
            if name in own:
                own[name] = dict(sorted(own[name].items()))
        if "truncated" in own:
            own["truncated"].sort()
        custom["bibtool"] = {name: own[name] for name in _OWN_MEMBERS if name in own}
    if custom:
        item["custom"] = custom
    return {name: item[name] for name in _in_order(tuple(item))}


@lru_cache(maxsize=1024)  # most items have the same properties as another one
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=_RANK.__getitem__))


def _value(name: str, value: Value, own: dict[str, Any], people: Callable[[Names], Any | None]) -> Any:
    if isinstance(value, Text):
        if len(value.nodes) == 1 and type(value.nodes[0]) is str:  # as most are
            return value.markup()
        seen = shown_text(value)
        if seen is not value and seen != value:
            own.setdefault("tex", {})[name] = value.markup()
        return seen.markup()
    if isinstance(value, Names):
        if value.truncated:
            own.setdefault("truncated", []).append(name)
        return people(value) or _names(name, value, own) or None
    if isinstance(value, (Verbatim, Number)):
        return value.text
    data = write_date(value)
    start = value.start
    if value.uncertain or value.written or start is None or value.open_end or not start.year or value.end is not None:
        text = value.edtf()
        if read_date(data, [])[0] != value and parse_date(text) == value:
            own.setdefault("dates", {})[name] = text
    return data


def _names(name: str, value: Names, own: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of each name; what they can't hold goes into ``own``."""
    if any(person.homonym for person in value.names):
        own.setdefault("homonyms", {})[name] = [person.homonym for person in value.names]
    if marks := write_marks(value):
        own.setdefault("marks", {})[name] = marks
    if whole := [write_name(person) for person in value.names if split_person(person) is not person]:
        own.setdefault("whole", {})[name] = whole
    return [write_name(person) for person in value.names]


def _other_value(value: Value) -> Any:
    """A variable without a property: in the schema's form for its kind, or tagged if that can't express all of it."""
    if isinstance(value, Names) and _is_plain(value):
        return [write_name(person) for person in value]
    if isinstance(value, Text):
        return value.markup()
    return value.text if isinstance(value, (Verbatim, Number)) else encode_value(value)


def _is_plain(names: Names) -> bool:
    if names.truncated or names.marks:
        return False
    return not any(n.homonym or n.orcid or n.marks or split_person(n) is not n for n in names)


def _write_arxiv(arxiv: Arxiv) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if arxiv.id is not None:
        out["id"] = str(arxiv.id)
    for member, attribute in _ARXIV_MEMBERS.items():
        value = getattr(arxiv, attribute)
        if value:
            out[member] = list(value) if isinstance(value, tuple) else value
    if arxiv.withdrawn:
        out["withdrawn"] = True
    return out


def _categories(arxiv: Arxiv) -> list[str]:
    """The categories that are certain; candidates are not."""
    return list(arxiv.categories) or ([arxiv.primary_category] if arxiv.primary_category else [])


def _write_leftovers(
    leftovers: tuple[Leftover, ...], item: dict[str, Any], own: dict[str, Any], custom: dict[str, Any]
) -> None:
    rows: list[list[str]] = []
    for left in leftovers:
        if left.source == SOURCE:
            value = from_text(left.value)
            if to_text(value) == left.value:  # otherwise another program wrote it, and it stays as it is
                if left.name in _KEPT and left.name not in item and _fits(left.name, value):
                    item[left.name] = value
                    continue
                member = left.name.removeprefix("custom/")
                if member != left.name and member not in custom and member != "bibtool":
                    custom[member] = value
                    continue
        rows.append([left.source, left.name, left.value])
    if rows:
        own["leftovers"] = rows


def _fits(name: str, value: Any) -> bool:
    if name == "categories":
        return isinstance(value, list) and all(isinstance(category, str) for category in value)
    return isinstance(value, str)


# reading


def record_of(item: Mapping[str, Any]) -> Record:
    """The record of one item; raises `RecordError` for the first thing that is wrong with it."""

    def refuse(_code: str, message: str, _raw: str, is_note: bool) -> None:
        if not is_note:
            raise RecordError(message)

    if "type" in item:
        checked_type(item["type"])
    return ItemReader(refuse).read(item)


def variable_of(name: str, names: Container[str]) -> str:
    """The variable that a member of an item is, whose members have these names; "" for none."""
    if name in VARIABLES:
        return name
    if known := _ALIASES.get(name):
        return known
    variable = _FOLDED.get(name.casefold(), "")
    return variable if variable not in names else ""


class ItemReader:
    """Reads items; what is wrong with one is reported as (code, message, raw text, whether it is only a note)."""

    __slots__ = ("_left", "report")

    def __init__(self, report: Callable[[str, str, str, bool], None]) -> None:
        self.report = report
        self._left: list[Leftover] = []

    def read(self, item: Mapping[str, Any]) -> Record:
        """The record of one item. What no variable can hold is kept as a leftover and reported."""
        self._left = []
        variables: dict[str, Value] = {}
        key = record_type = note = ""
        own = own_members(item.get("custom"))
        for name, value in item.items():
            if name == "id":
                key = self._key(value)
            elif name == "type":
                record_type = self._type(value)
            elif name == "custom":
                self._custom(value)
            elif value is None or value == "" or (name == "categories" and value == own.get("_categories")):
                continue
            elif name == "note" and type(value) is str:
                note = value
            else:
                variable = variable_of(name, item)
                if not variable:
                    self._unknown(name, value)
                    continue
                if variable in variables:
                    self._leave(name, value)
                    continue
                read = self._value(variable, name, value)
                if read is not None:
                    variables[variable] = read
        return self._record(key, record_type, variables, note, own)

    def completed(
        self,
        key: str,
        record_type: str,
        variables: dict[str, Value],
        note: str,
        custom: Any,
        unknown: Iterable[tuple[str, Any]],
    ) -> Record:
        """The record of an item whose variables were read already; ``custom`` is None where it has none."""
        self._left = []
        own = own_members(custom)
        for name, value in unknown:
            self._unknown(name, value)
        if custom is not None:
            self._custom(custom)
        return self._record(key, record_type, variables, note, own)

    def _record(
        self, key: str, record_type: str, variables: dict[str, Value], note: str, own: dict[str, Any]
    ) -> Record:
        arxiv: Arxiv | None = None
        if own:
            arxiv = self._own_values(own, variables)
        if note:
            arxiv = self._note(note, variables, arxiv, bool(own.get("plain-note")))
        _bring_back_tex(own, variables)
        if not own:
            key = self._citable(key, variables)
            arxiv = arxiv or arxiv_of(variables)
        if record_type == "document" and isinstance(own.get("type"), str):
            record_type = self._type(own["type"])
        record_type = record_type or "document"
        if skipped := {name for name in _list(own.get("derived")) if isinstance(name, str)}:
            bare = Record(
                variables={name: value for name, value in variables.items() if name not in skipped}, arxiv=arxiv
            )
            for name, text in derived_values(bare).items():
                if name in skipped and str(variables.get(name, "")) == text:
                    del variables[name]
        if not own and (preprint := as_preprint(record_type, variables, arxiv)) is not None:
            record_type, variables, arxiv = preprint.type, preprint.variables, preprint.arxiv
        aliases = tuple(str(alias) for alias in _list(own.get("aliases")) if isinstance(alias, str)) if own else ()
        leftovers = (*sorted(self._left, key=_place), *_own_leftovers(own)) if own or self._left else ()
        return checked_record(key, record_type, aliases, variables, arxiv, leftovers, NO_PROVENANCE)

    def _leave(self, name: str, value: Any) -> None:
        self._left.append(Leftover(SOURCE, name, to_text(value)))

    def _unknown(self, name: str, value: Any) -> None:
        self._leave(name, value)
        if name not in _KEPT:
            self.report("unknown-property", f"there is no CSL variable {name[:60]!r}", _short(value), True)

    def _wrong(self, name: str, value: Any, what: str) -> None:
        self._leave(name, value)
        self.report("wrong-value", f"{name} is not a {what}; it is kept unchanged", _short(value), False)

    def _key(self, value: Any) -> str:
        text = None if isinstance(value, list) else scalar(value)
        if text is None:
            self._wrong("id", value, "text or number")
        return text or ""

    def _citable(self, key: str, variables: dict[str, Value]) -> str:
        """The citation key of an item whose id is an address, as Zotero's own export has it; the address is kept."""
        if "://" not in key or "citation-key" not in variables:
            return key
        self._leave("custom/id", key)
        return str(variables.pop("citation-key"))

    def _type(self, value: Any) -> str:
        if type(value) is str:
            if value in TYPES:
                return value
            if known := _TYPES_FOLDED.get(value.casefold().replace("_", "-")) or _TYPES_FOLDED.get(value.casefold()):
                return known
        self._leave("type", value)
        self.report("unknown-type", f"{_short(value)} is not a CSL type; read as document", _short(value), False)
        return "document"

    def _value(self, variable: str, name: str, value: Any) -> Value | None:
        kind = VARIABLES[variable]
        if kind == "names":
            rest: list[tuple[str, Any]] = []
            names = read_names(value, rest)
            if names is None:
                self._wrong(name, value, "list of names")
                return None
            for path, left in rest:
                self._leave(f"{name}/{path}", left)
            return names or None
        if kind == "date":
            return self._date(name, value)
        text = value if type(value) is str else scalar(value)
        if text is None:
            self._wrong(name, value, "text")
            return None
        if not text:
            return None
        if kind == "text":
            return parse_markup(normal_markup(text) if "<" in text or "&" in text else text) or None
        if variable not in RULED:
            return Number(text) if kind == "number" else Verbatim(text)
        normal = normalised(variable, text)
        for further in normal.rest:
            self._leave(name, further)
        if normal.fault:
            self.report(normal.code, normal.fault, _short(value), True)
        return Number(normal.text) if kind == "number" else Verbatim(normal.text)

    def _date(self, name: str, value: Any) -> Date | None:
        rest: list[tuple[str, Any]] = []
        try:
            date, wrong = read_date(value, rest)
        except TypeError:
            self._wrong(name, value, "date")
            return None
        for path, left in rest:
            self._leave(f"{name}/{path}", left)
        if wrong:
            self.report("bad-date", f"{name} is kept as text: {wrong}", _short(value), False)
        return date

    def _custom(self, value: Any) -> None:
        if not isinstance(value, dict):
            self._wrong("custom", value, "object")
            return
        for name, member in value.items():
            if name == "bibtool" and isinstance(member, dict):
                for unknown in sorted(member.keys() - set(_OWN_MEMBERS)):
                    self._leave(f"custom/bibtool/{unknown}", member[unknown])
            else:
                self._leave(f"custom/{name}", member)

    def _own_values(self, own: dict[str, Any], variables: dict[str, Value]) -> Arxiv | None:
        """What ``custom.bibtool`` adds; a member that is damaged, or that an edit made false, is left out."""
        for name, text in _pairs(own.get("dates")):
            date = parse_date(text) if isinstance(text, str) else None
            if date is not None and variables.get(name) == read_date(write_date(date), [])[0]:
                variables[name] = date
        for name, whole in _pairs(own.get("whole")):
            value = variables.get(name)
            if isinstance(value, Names) and (unsplit := _whole_names(whole)):
                people = tuple(unsplit.get(person, person) for person in value.names)
                variables[name] = Names(people, value.truncated, value.marks)
        for name, numbers in _pairs(own.get("homonyms")):
            names = variables.get(name)
            if isinstance(names, Names) and isinstance(numbers, list) and len(numbers) == len(names):
                variables[name] = replace(names, names=tuple(map(_with_homonym, names, numbers)))
        for name in _list(own.get("truncated")):
            names = variables.get(name, Names()) if isinstance(name, str) else None
            if isinstance(names, Names) and VARIABLES.get(name) == "names":
                variables[name] = Names(names.names, truncated=True)
        for name, marks in _pairs(own.get("marks")):
            names = variables.get(name)
            if isinstance(names, Names):
                variables[name] = read_marks(names, marks)
        for name, value in _pairs(own.get("variables")):
            if name not in variables:
                try:
                    read = self._other(name, value)
                except (KeyError, TypeError, ValueError, AttributeError):
                    read = None
                if read is None or not fits(name, read):
                    self._leave(f"custom/bibtool/variables/{name}", value)
                else:
                    variables[name] = read
        return own.get("_arxiv")

    def _other(self, name: str, value: Any) -> Value | None:
        if isinstance(value, dict) and len(value.keys() - {"truncated", "marks"}) == 1:
            return decode_value(_integers(value))
        return self._value(name, name, value) if name in VARIABLES else None

    def _note(self, note: str, variables: dict[str, Value], arxiv: Arxiv | None, plain: bool) -> Arxiv | None:
        pairs, rest = ((), note) if plain else split_note(note)
        lines: list[str] = []
        for variable, text in pairs:
            if variable == "arXiv" and arxiv is None:
                try:
                    arxiv_id = parse_arxiv_id(text)
                except IdentifierError:
                    lines.append(f"arXiv: {text}")
                    continue
                arxiv = Arxiv(id=arxiv_id)
                if str(arxiv_id) != text:
                    self._leave("note/arXiv", text)
                continue
            value = None if variable in variables else _note_value(variable, text)
            if value is None:
                lines.append(f"{variable}: {text}")
            else:
                variables[variable] = value
        if text := "\n".join([*lines, rest]) if rest else "\n".join(lines):
            variables["note"] = parse_markup(text)
        return arxiv


def _whole_names(data: Any) -> dict[Name, Name]:
    """Names as they are split by the reader -> the names as they are to be; {} where the data is damaged."""
    try:
        found = read_names([{**entry, "parse-names": False} for entry in _list(data)], [])
    except TypeError:
        return {}
    return {split_person(name): name for name in found or ()}


def own_members(custom: Any) -> dict[str, Any]:
    """The members of ``custom.bibtool``, with the arXiv facts of it as ``_arxiv`` and their ``_categories``."""
    own = custom.get("bibtool") if isinstance(custom, dict) else None
    if not isinstance(own, dict):
        return {}
    arxiv = own.get("arxiv")
    if isinstance(arxiv, dict):
        facts = read_arxiv(arxiv)
        return {**own, "_arxiv": facts, "_categories": _categories(facts)}
    return {name: value for name, value in own.items() if name not in {"_arxiv", "_categories"}}


def arxiv_of(variables: Mapping[str, Value]) -> Arxiv | None:
    """The arXiv id that other programs keep in a DOI or as a report number (``arXiv:2203.01360``)."""
    doi = variables.get("DOI")
    if doi is None or (number := arxiv_id_of_doi(str(doi))) is None:
        if "number" not in variables or not (text := str(variables["number"])).casefold().startswith("arxiv:"):
            return None
        try:
            number = parse_arxiv_id(text)
        except IdentifierError:
            return None
    return Arxiv(id=number)


def _place(left: Leftover) -> int:
    """The order in which leftovers come back: those with a place of their own in an item are first."""
    return 0 if left.name in _KEPT else 1 if left.name.startswith("custom/") else 2


def _own_leftovers(own: Mapping[str, Any]) -> tuple[Leftover, ...]:
    leftovers = own.get("leftovers")
    if not isinstance(leftovers, list):
        return ()
    return tuple(
        Leftover(str(row[0]), str(row[1]), str(row[2])) for row in leftovers if isinstance(row, list) and len(row) == 3
    )


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _pairs(data: Any) -> list[tuple[str, Any]]:
    return list(data.items()) if isinstance(data, dict) else []


def _bring_back_tex(own: dict[str, Any], variables: dict[str, Value]) -> None:
    """Put mathematics and quotations of ``custom.bibtool.tex`` in the place of text that still shows them."""
    for name, markup in _pairs(own.get("tex")):
        text = parse_markup(markup) if isinstance(markup, str) else None
        if text is not None and shown_text(text) == variables.get(name):
            variables[name] = text


def _with_homonym(name: Name, number: Any) -> Name:
    if not number:
        return name
    return replace(name, homonym=str(number))


def _integers(value: Any) -> Any:
    """The data of `encode_value` with its numbers as integers again."""
    if isinstance(value, JsonNumber):
        return int(value)
    if isinstance(value, JsonWord):
        return value == "true"
    if isinstance(value, dict):
        return {name: _integers(member) for name, member in value.items()}
    return [_integers(item) for item in value] if isinstance(value, list) else value


def scalar(value: Any) -> str | None:
    """The text of a string, a number, or a list of strings (keywords); None for anything else."""
    if isinstance(value, JsonConstant):
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and value and all(type(word) is str for word in value):
        return ", ".join(value)
    return None


def _note_value(variable: str, text: str) -> Value | None:
    kind = VARIABLES.get(variable)
    if kind == "date":
        date = parse_date(text)
        return None if date.literal or date == Date() else date
    if kind == "names":
        family, bar, given = (part.strip() for part in text.partition("||"))
        return Names((Name(family=family, given=given),)) if bar and family else None
    if kind == "number":
        return Number(normalised(variable, text).text)
    if kind == "verbatim":
        return Verbatim(normalised(variable, text).text)
    return parse_markup(text) if kind == "text" else None


def read_arxiv(data: Mapping[str, Any]) -> Arxiv:
    """The arXiv facts of ``custom.bibtool.arxiv``; other members are left out."""
    values: dict[str, Any] = {}
    for member, attribute in _ARXIV_MEMBERS.items():
        value = data.get(member)
        if attribute in {"categories", "candidates"}:
            if isinstance(value, list):
                values[attribute] = tuple(str(category) for category in value)
        elif attribute == "latest":
            if (number := Number(str(value)).value) is not None:
                values[attribute] = number
        elif isinstance(value, str):
            values[attribute] = str(value)
    arxiv_id: ArxivId | None = None
    with contextlib.suppress(IdentifierError):
        arxiv_id = parse_arxiv_id(str(data.get("id", "")))
    return Arxiv(id=arxiv_id, withdrawn=data.get("withdrawn") in (True, "true"), **values)


def _short(value: Any) -> str:
    text = str(value) if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "…"
