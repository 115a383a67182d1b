"""The record of one CSL-JSON item (a dict, from JSON or YAML); `bibtool.formats.csl.itemwriter` is the way back.

Nothing is lost: what no variable can hold is kept as a leftover. Numbers may be numbers or strings. What few items have
(``custom.bibtool``, notes with labels, leftovers) is in modules that are loaded when the first such item comes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bibtool.errors import IdentifierError, RecordError
from bibtool.formats.csl.values import NOT_VARIABLES, JsonConstant, read_date, read_names
from bibtool.lazy import lazy_function
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.normal.markup import normal_markup
from bibtool.model.normal.values import RULED, normalised
from bibtool.model.numbers import Number
from bibtool.model.record import NO_PROVENANCE, Arxiv, Leftover, Verbatim, checked_record
from bibtool.model.richtext import parse_markup
from bibtool.model.values import checked_type
from bibtool.model.vocabulary import CSL_JSON_NAMES, TYPES, VARIABLES
from bibtool.model.works.preprints import as_preprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from typing import Any

    from bibtool.formats.csl.leftover import plain, to_text
    from bibtool.formats.csl.note import split_note
    from bibtool.formats.csl.ownreader import (
        add_values,
        aliases_of,
        bring_back_tex,
        leftovers_of,
        remove_derived,
        unknown_members,
        with_facts,
    )
    from bibtool.model.record import Record, Value
else:  # few items have what these are for
    plain = lazy_function("bibtool.formats.csl.leftover:plain")
    to_text = lazy_function("bibtool.formats.csl.leftover:to_text")
    split_note = lazy_function("bibtool.formats.csl.note:split_note")
    _OWN = "bibtool.formats.csl.ownreader"
    add_values = lazy_function(f"{_OWN}:add_values")
    aliases_of = lazy_function(f"{_OWN}:aliases_of")
    bring_back_tex = lazy_function(f"{_OWN}:bring_back_tex")
    leftovers_of = lazy_function(f"{_OWN}:leftovers_of")
    remove_derived = lazy_function(f"{_OWN}:remove_derived")
    unknown_members = lazy_function(f"{_OWN}:unknown_members")
    with_facts = lazy_function(f"{_OWN}:with_facts")

SOURCE = "csl-json"
_ALIASES = {
    "shortTitle": "title-short",
    "journalAbbreviation": "container-title-short",
    **{written: name for name, written in CSL_JSON_NAMES.items()},
}
_FOLDED = {name.casefold(): name for name in VARIABLES} | {a.casefold(): v for a, v in _ALIASES.items()}
_TYPES_FOLDED = {name.casefold(): name for name in TYPES}


def record_of(item: Mapping[str, Any]) -> Record:
    """The record of one item; raises `RecordError` for the first thing that is wrong with it."""

    def refuse(_code: str, message: str, _raw: str, is_note: bool) -> None:
        if not is_note:
            raise RecordError(message)

    if not isinstance(item, Mapping):
        raise RecordError("an item has to be an object")
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
        if own:
            return self._own_record(key, record_type, variables, note, own)
        arxiv = self._note(note, variables, None) if note else None
        key = self._citable(key, variables)
        arxiv = arxiv or arxiv_of(variables)
        record_type = record_type or "document"
        if (preprint := as_preprint(record_type, variables, arxiv)) is not None:
            record_type, variables, arxiv = preprint.type, preprint.variables, preprint.arxiv
        return checked_record(key, record_type, (), variables, arxiv, self._leftovers(), NO_PROVENANCE)

    def _own_record(
        self, key: str, record_type: str, variables: dict[str, Value], note: str, own: dict[str, Any]
    ) -> Record:
        """The record of an item that bibtool has written."""
        arxiv = add_values(own, variables, self._value, self._leave)
        if note:
            arxiv = self._note(note, variables, arxiv, is_plain=bool(own.get("plain-note")))
        if "tex" in own:
            bring_back_tex(own, variables)
        if record_type == "document" and isinstance(own.get("type"), str):
            record_type = self._type(own["type"])
        if "derived" in own:
            remove_derived(own, variables, arxiv)
        aliases = aliases_of(own) if "aliases" in own else ()
        leftovers = (*self._leftovers(), *leftovers_of(own))
        return checked_record(key, record_type or "document", aliases, variables, arxiv, leftovers, NO_PROVENANCE)

    def _leftovers(self) -> tuple[Leftover, ...]:
        return tuple(sorted(self._left, key=_place)) if self._left else ()

    def _leave(self, name: str, value: Any) -> None:
        self._left.append(Leftover(SOURCE, name, to_text(value)))

    def _unknown(self, name: str, value: Any) -> None:
        self._leave(name, value)
        if name not in NOT_VARIABLES:
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
                for unknown in unknown_members(member):
                    self._leave(f"custom/bibtool/{unknown}", member[unknown])
            else:
                self._leave(f"custom/{name}", member)

    def _note(
        self, note: str, variables: dict[str, Value], arxiv: Arxiv | None, *, is_plain: bool = False
    ) -> Arxiv | None:
        pairs, rest = ((), note) if is_plain or ":" not in note else split_note(note)
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


def is_empty(record: Record) -> bool:
    """True for an item that has a type at most."""
    if record.key or record.variables:
        return False
    return record.arxiv is None and not record.aliases and all(left.name == "type" for left in record.leftovers)


def own_members(custom: Any) -> dict[str, Any]:
    """The members of ``custom.bibtool`` with what follows from them, see `bibtool.formats.csl.ownreader.with_facts`."""
    own = custom.get("bibtool") if isinstance(custom, dict) else None
    return with_facts(own) if isinstance(own, dict) else {}


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
    return 0 if left.name in NOT_VARIABLES else 1 if left.name.startswith("custom/") else 2


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


def _short(value: Any) -> str:
    text = str(value) if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "…"
