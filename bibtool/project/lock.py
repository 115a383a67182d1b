"""``bibtool.lock``: for every citation key the work it stands for, as full data, so that nobody needs the source again.

The file is TOML, one table for each key, sorted by key, with nothing at the top but the version, so that two branches
that add different keys merge by themselves::

    version = 1

    [key.knuth84]
    source = "library"
    origin = "sha256:..."          the source's record when it was pinned
    work = ["doi:10.1093/comjnl/27.2.97"]
    confirmed = "2026-01-02T10:00:00Z"
    entry = [                      what is written, line by line
      '@article{knuth84,',
      ...
    ]
    record = [...]                 the record it was made from, if the source holds records and not BibTeX
    hash = "sha256:..."            of all lines of the table above

While ``origin`` matches the source, the lock's data is what counts; so `bibtool.project.refs` keeps what a refresh put
there until the source itself changes. Same pins, same bytes. Anything that is wrong (a version that is newer, merge
conflict marks, a wrong hash, an unknown setting) is an `InputError` with file and line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.digests import sha256
from bibtool.errors import InputError
from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass, field, open_twin, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.model.record import Record

VERSION = 1
FILE_NAME = "bibtool.lock"
MAX_BYTES = 64 * 1024 * 1024
_HEAD = (
    "# What the citation keys of this project stand for, written by `bibtool refs`. Keep it in git, don't edit it.\n"
)
# field of a table, in the order of writing -> that of a `Pin`, and whether it is a list
_FIELDS: dict[str, tuple[str, bool]] = {
    "source": ("source", False), "source-key": ("source_key", False), "origin": ("origin", False),
    "work": ("work", True), "confirmed": ("confirmed", False), "refreshed": ("refreshed", False),
    "dialect": ("dialect", False), "strings": ("strings", True), "preambles": ("preambles", True),
    "entry": ("entry", True), "record": ("record_lines", True), "hash": ("", False),
}  # fmt: skip
_MANY = 100  # tables for which a pattern is worth compiling
# nothing stands for something else between apostrophes
_ROWS = r"\[\n((?:  '[^']*+',\n)++)\]\n"
_TABLE = lazy_pattern(
    "".join(
        rf"{name} = {value}" if name in ("source", "origin", "entry") else rf"(?:{name} = {value})?+"
        for name, (attribute, listed) in _FIELDS.items()
        if attribute
        for value in [_ROWS if listed else r"'([^'\n]*+)'\n"]
    )
)
_NO_FIELD = ("", False)
_NEEDED = {"source", "origin", "entry"}
_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")
_CONTROL = lazy_pattern(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_CONFIRMING = frozenset({"arxiv", "crossref", "datacite"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One key of the lock.

    ``source`` is ``library`` or the source file as the settings name it; ``source_key`` the key there, if it is another
    one. ``work`` are identifiers such as ``arxiv:2301.01234``. ``confirmed`` is the ISO time at which a service
    confirmed the record, ``refreshed`` that at which a refresh changed it; "" for never. ``entry`` is BibTeX text with
    LF line ends, in ``dialect`` if it was made of ``record_lines``; ``strings`` and ``preambles`` are the blocks that
    it needs.
    """

    key: str
    source: str
    origin: str
    entry: str
    source_key: str = ""
    work: tuple[str, ...] = ()
    confirmed: str = ""
    refreshed: str = ""
    dialect: str = ""
    strings: tuple[str, ...] = ()
    preambles: tuple[str, ...] = ()
    record_lines: tuple[str, ...] = ()

    def record(self) -> Record | None:
        """The record that the entry was made from; None if the source was a .bib file, as the entry has everything."""
        if not self.record_lines:
            return None
        record = record_of(self.record_lines, self.key)
        if self.source_key and self.key in record.aliases:
            others = tuple(self.source_key if alias == self.key else alias for alias in record.aliases)
            record = replace(record, aliases=others)
        return record


_OpenPin = open_twin(Pin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All pins by key. ``newline`` is the line end of the file, LF for a new one."""

    pins: Mapping[str, Pin] = field(default_factory=dict)
    newline: str = "\n"
    exists: bool = False

    def with_pins(self, pins: Iterable[Pin]) -> Lock:
        """A lock with exactly these pins."""
        return replace(self, pins={pin.key: pin for pin in pins})

    def to_bytes(self) -> bytes:
        """The file: the same bytes for the same pins."""
        tables = [table_of(self.pins[key]) for key in sorted(self.pins)]
        text = "\n".join([f"{_HEAD}version = {VERSION}\n", *tables])
        return (text.replace("\n", self.newline) if self.newline != "\n" else text).encode("utf-8")


def digest(*parts: str) -> str:
    """``sha256:...`` over these texts; where one ends and the next begins counts."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return f"sha256:{sha256(b''.join([b'%d:%b' % (len(data), data) for data in encoded])).hexdigest()}"


# ---- writing --------------------------------------------------------------------------------------------------------


def table_of(pin: Pin) -> str:
    """The table of a pin as TOML, its hash at the end."""
    body = _body_of(pin)
    return f"[key.{_name(pin.key)}]\n{body}hash = {_string(digest(pin.key, body))}\n"


def _body_of(pin: Pin) -> str:
    lines = []
    for name, (attribute, _) in _FIELDS.items():
        value = getattr(pin, attribute) if attribute else ""
        if name == "entry":
            value = value.split("\n")
        if not value:
            continue
        if isinstance(value, str):
            lines.append(f"{name} = {_string(value)}\n")
        else:
            lines.append(f"{name} = [\n" + "".join(f"  {_string(line)},\n" for line in value) + "]\n")
    return "".join(lines)


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    """A TOML string: in single quotes where it can be, so that backslashes stay single."""
    if "'" not in text and not _CONTROL.search(text):
        return f"'{text}'"
    import json

    # TOML's escapes are those of JSON; only DEL has to be escaped besides
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").encode("utf-8", "replace").decode("utf-8")


# ---- reading --------------------------------------------------------------------------------------------------------


def read_lock(data: bytes | None, path: str = FILE_NAME) -> Lock:
    """The lock of a file's bytes, an empty one for None; raises `InputError` with the line of what is wrong."""
    if data is None:
        return Lock()
    if len(data) > MAX_BYTES:
        raise InputError(f"the lock is larger than {MAX_BYTES >> 20} MiB", path=path, hint=_REMAKE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("the lock is not UTF-8, so it is damaged", path=path, line=line, hint=_REMAKE) from error
    newline = "\r\n" if "\r" in text and "\r\n" in text else "\n"
    if newline != "\n":
        text = text.replace("\r\n", "\n")
    return _Reader(text, path, newline).lock()


_REMAKE = "take it from the last commit, or delete it and run `bibtool refs` where the sources are"
_MERGE = (
    "take either side (`git checkout --ours bibtool.lock`) and run `bibtool refs`, or solve the conflict in an editor"
)


class _Reader:
    def __init__(self, text: str, path: str, newline: str) -> None:
        self.text = text
        self.path = path
        self.newline = newline

    def lock(self) -> Lock:
        from bibtool.bib.index import conflict_line

        if (line := conflict_line(self.text)) is not None:
            raise self._damaged("the lock has merge conflict marks", line, _MERGE)
        pins = self._quickly()
        if pins is None:
            pins = self._by_toml()
        return Lock(pins=pins, newline=self.newline, exists=True)

    def _damaged(self, message: str, line: int | None, hint: str = _REMAKE) -> InputError:
        return InputError(message, path=self.path, line=line, hint=hint)

    def _quickly(self) -> dict[str, Pin] | None:
        """The pins of a file that is just as `Lock.to_bytes` writes it; None for any other.

        Ten times as fast as a TOML parser.
        """
        head, *tables = self.text.split("\n\n[key.")
        if head.rstrip("\n") != f"{_HEAD}version = {VERSION}":
            return None
        pins: dict[str, Pin] = {}
        pin_of = _pin_of_table if len(tables) > _MANY else _pin_of_lines
        for table in tables:
            name, _, rest = table.partition("]\n")
            body, _, tail = rest.rpartition("hash = '")
            key = _unquote(name) if name[:1] in "\"'" else name
            if key is None or key in pins or tail.rstrip("\n") != digest(key, body) + "'":
                return None
            pin = pin_of(key, body)
            if pin is None:
                return None
            pins[key] = pin
        return pins

    def _by_toml(self) -> dict[str, Pin]:
        import tomllib

        try:
            data = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            # without a place it is the end of the file that came too early
            line, column = (int(place[1]), int(place[2])) if place else (self.text.count("\n") + 1, None)
            message = re.sub(r" \(at .*\)$", "", str(error))
            raise InputError(
                f"the lock is damaged: {message}", path=self.path, line=line, column=column, hint=_REMAKE
            ) from error
        version = data.pop("version", None)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise self._damaged("the lock has no version, so it is damaged", 1)
        if version > VERSION:
            message = f"the lock was written by a later bibtool (version {version}, this one knows {VERSION})"
            raise self._damaged(message, self._line("version"), "upgrade bibtool (see docs/install.md)")
        tables = data.pop("key", {})
        for name in data:
            raise self._damaged(f"the lock has an unknown {name!r}", self._line(name))
        if not isinstance(tables, dict):
            raise self._damaged("the lock is damaged: no tables by key", 1)
        return {key: self._pin(key, table) for key, table in tables.items()}

    def _pin(self, key: str, table: Any) -> Pin:
        line = self._line_of_table(key)
        if not isinstance(table, dict):
            raise self._damaged(f"the lock's {key!r} is not a table", line)
        for name, value in table.items():
            if name not in _FIELDS:
                raise self._damaged(f"{key}: unknown {name!r}", line)
            listed = isinstance(value, list) and all(isinstance(text, str) for text in value)
            if not (listed if _FIELDS[name][1] else isinstance(value, str)):
                raise self._damaged(f"{key}: {name} is of the wrong kind", line)
        pin = _pin_of(key, table)
        if not pin.entry or not pin.source or not pin.origin:
            raise self._damaged(f"{key}: the source or the entry is missing", line)
        if table.get("hash") != digest(key, _body_of(pin)):
            message = f"{key}: the hash does not match, so the table was edited or damaged"
            raise self._damaged(message, line, f"{_REMAKE}; or delete the table of this key")
        return pin

    def _line(self, name: str) -> int | None:
        match = re.search(rf"^{re.escape(name)}\b", self.text, re.MULTILINE)
        return self.text.count("\n", 0, match.start()) + 1 if match else None

    def _line_of_table(self, key: str) -> int | None:
        import json

        for spelling in (_name(key), _string(key), json.dumps(key)):
            at = self.text.find(f"[key.{spelling}]")
            if at >= 0:
                return self.text.count("\n", 0, at) + 1
        return None


def _pin_of_lines(key: str, body: str) -> Pin | None:
    """The pin of a table's lines in our own layout; None where they are something else."""
    fields: dict[str, Any] = {}
    at = 0
    while at < len(body):
        end = body.find("\n", at)
        name, _, word = body[at:end].partition(" = ")
        attribute, listed = _FIELDS.get(name, _NO_FIELD)
        value: Any = None
        if not listed:
            value = _unquote(word)
        elif word == "[":
            begin, end = end + 1, body.find("\n]\n", end) + 2
            value = _values(body[begin : end - 1])
        if end < 2 or value is None or not attribute or attribute in fields:
            return None
        fields[attribute] = value
        at = end + 1
    if not fields.keys() >= _NEEDED:
        return None
    fields["entry"] = "\n".join(fields["entry"])
    return Pin(key=key, **fields)


def _pin_of_table(key: str, body: str) -> Pin | None:
    """The same at once, for tables of which all strings are in apostrophes."""
    table = _TABLE.fullmatch(body)
    if table is None:
        return _pin_of_lines(key, body)
    texts = table.groups("")
    lists = [tuple(rows[3:-3].split("',\n  '")) if rows else () for rows in (texts[3], *texts[7:])]
    if any("\n" in "".join(values) for values in lists):
        return _pin_of_lines(key, body)
    pin = _OpenPin()
    pin.key = key
    pin.source, pin.source_key, pin.origin, _, pin.confirmed, pin.refreshed, pin.dialect, *_ = texts
    pin.work, pin.strings, pin.preambles, lines, pin.record_lines = lists
    pin.entry = "\n".join(lines)
    pin.__class__ = Pin
    made: Pin = pin
    return made


def _values(rows: str) -> tuple[str, ...] | None:
    """The strings of the rows of a list; None where they are something else."""
    values = rows[3:-3].split("',\n  '")
    if rows[:3] == "  '" and rows[-3:] == "',\n" and rows.count("'") == 2 * len(values) == 2 * rows.count("\n"):
        return tuple(values)  # all quoted with apostrophes, in which nothing stands for something else
    made = []
    for row in rows.split("\n")[:-1]:
        value = _unquote(row[2:-1]) if row[:2] == "  " and row[-1:] == "," else None
        if value is None:
            return None
        made.append(value)
    return tuple(made)


def _pin_of(key: str, table: Mapping[str, Any]) -> Pin:
    fields: dict[str, Any] = {"source": "", "origin": "", "entry": ""}
    for name, value in table.items():
        fields[_FIELDS[name][0]] = tuple(value) if _FIELDS[name][1] else value
    fields.pop("", None)  # the hash
    return Pin(key=key, **{**fields, "entry": "\n".join(fields["entry"])})


def _unquote(word: str) -> str | None:
    if word[:1] == "'":
        return word[1:-1] if word[-1] == "'" and word.count("'") == 2 else None
    import json  # many locks have no string that needs it

    try:
        value = json.loads(word)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None


# ---- records --------------------------------------------------------------------------------------------------------


def lines_of(record: Record, *, origins: bool) -> tuple[str, ...]:
    """The record line by line, each a name, a space and JSON; in a fixed order. The key is not part of it.

    ``origins``: with where the values came from, which only a library knows; a file has them in itself.
    """
    import json

    from bibtool.model.codec import encode

    data = encode(record)
    lines = [_line("type", data["type"])]
    if record.aliases:
        lines.append(_line("aliases", data["aliases"]))
    lines += [_line(f"variables.{name}", value) for name, value in sorted(data["variables"].items())]
    if "arxiv" in data:
        lines.append(_line("arxiv", data["arxiv"]))
    lines += [_line("leftover", leftover) for leftover in data.get("leftovers", ())]
    if origins:
        shared: dict[str, list[str]] = {}
        for name, (source, detail, when, *rest) in data.get("provenance", {}).items():
            # the detail of other sources is a file on somebody's disk
            origin = [source, detail if source in _CONFIRMING else "", when, *rest]
            shared.setdefault(json.dumps(origin, ensure_ascii=False), []).append(name)
        lines += [_line("origin", [*json.loads(origin), sorted(names)]) for origin, names in sorted(shared.items())]
    return tuple(lines)


def _line(name: str, value: Any) -> str:
    import json

    return f"{name} {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"


def record_of(lines: Sequence[str], key: str) -> Record:
    """The record of `lines_of`; raises `InputError` if they are anything else."""
    import json

    from bibtool.model.codec import decode

    data: dict[str, Any] = {"key": key, "variables": {}, "leftovers": [], "provenance": {}}
    try:
        for line in lines:
            name, _, rest = line.partition(" ")
            value = json.loads(rest)
            if name.startswith("variables."):
                data["variables"][name.partition(".")[2]] = value
            elif name == "leftover":
                data["leftovers"].append(value)
            elif name == "origin":
                for variable in value[-1]:
                    data["provenance"][variable] = value[:-1]
            elif name in ("type", "aliases", "arxiv"):
                data[name] = value
            else:
                raise InputError(f"{key}: the lock's record has an unknown {name!r}", hint=_REMAKE)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{key}: the lock's record can't be read: {error}", hint=_REMAKE) from error
    return decode(data)


def confirmed_at(record: Record) -> str:
    """The newest time at which a service confirmed a value of the record; "" if none did."""
    return max((origin.when for origin in record.provenance.values() if origin.source in _CONFIRMING), default="")
