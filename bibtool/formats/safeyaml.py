"""YAML as plain data in which every scalar is text: ``no`` stays "no", ``012`` stays "012", a date stays as written.

Read from the event stream of PyYAML (libyaml where it is built in), so that tags are never followed, depth and the
growth by aliases are bounded, and the text before and after a fault is still read. Written by a small emitter of its
own, which quotes everything that YAML 1.1 or 1.2 could take for something other than text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from bibtool.errors import InputError
from bibtool.formats.base import decode_text
from bibtool.formats.csl.values import JsonNumber, JsonWord
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import readable
from bibtool.problems import Severity

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.problems import Problem

MAX_DEPTH = 100
MAX_GROWTH = 200_000  # nodes that aliases may repeat in all
_MAX_RESTARTS = 50
_LONGEST_NAME = 1000  # YAML 1.2, 7.4.2: a longer key than 1024 characters needs a question mark before it
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# only for strings in here may a plain scalar be something else than text, in YAML 1.1 or 1.2
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_PLAIN = lazy_pattern(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9 ,._/()'+&;-]*[A-Za-zÀ-ÖØ-öø-ÿ0-9.)]")
_NUMBER = lazy_pattern(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_UNPRINTABLE = lazy_pattern("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class Mapping(dict[str, Any]):
    """A mapping that knows its line and the lines of its members."""

    __slots__ = ("line", "lines", "repeated")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.repeated: list[tuple[str, Any]] = []


class _Fault(Exception):  # noqa: N818 -- no error of the program: it carries a place inside this module
    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def load(data: bytes, options: ReadOptions, restart: re.Pattern[str]) -> tuple[list[Any], list[Problem]]:
    """The documents of an input, and what is wrong; raises `InputError` where it can't be text.

    ``restart`` finds the beginning of a record (at the start of a line): after a fault reading goes on there, and
    what follows is a document of its own.
    """
    text, decoding_problems = decode_text(data, options)
    problems = list(decoding_problems)
    documents: list[Any] = []
    at = 0
    first_line = 0
    for _ in range(_MAX_RESTARTS):
        parsed, fault = _parse(text[at:], first_line)
        documents.extend(parsed)
        if fault is None:
            break
        wrong = _offset(text, at, fault.line - first_line)
        begin = at
        for start in restart.finditer(text, at):
            if start.start() > wrong:
                break
            begin = start.start()
        following = restart.search(text, wrong + 1)
        end = following.start() if following else len(text)
        problems.append(
            options.problem(
                fault.line + 1,
                "yaml-syntax",
                fault.message,
                text[begin:end],
                severity=Severity.ERROR,
                column=fault.column + 1,
                hint="the records before and after this place were read",
            )
        )
        if following is None:
            break
        first_line += text.count("\n", at, end)
        at = end
    for document in documents:
        _report_repeated(document, options, problems, 0)
    return documents, problems


def _report_repeated(value: Any, options: ReadOptions, problems: list[Problem], depth: int) -> None:
    if isinstance(value, Mapping):
        for name, lost in value.repeated:
            message = f"{name!r} occurs twice; the last is used"
            problems.append(options.problem(value.line, "repeated-member", message, str(lost)[:200]))
        for member in value.values():
            _report_repeated(member, options, problems, depth + 1)
    elif isinstance(value, list) and depth <= 2:
        for item in value:
            _report_repeated(item, options, problems, depth + 1)


def refuse_empty(problems: list[Problem], message: str, options: ReadOptions) -> NoReturn:
    """Raise `InputError` for an input without records: for its last problem, or with the message if it has none."""
    if not problems:
        raise InputError(message, path=options.path, line=1)
    last = problems[-1]
    raise InputError(last.message, path=options.path, line=last.position.line, column=last.position.column)


def _offset(text: str, at: int, lines: int) -> int:
    for _ in range(lines):
        next_line = text.find("\n", at)
        if next_line < 0:
            return len(text)
        at = next_line + 1
    return at


def _parse(text: str, first_line: int) -> tuple[list[Any], _Fault | None]:
    import yaml

    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    builder = _DataBuilder(first_line)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event, yaml)
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark or error.problem_mark
        if error.problem_mark and not (error.context or "").startswith("while scanning a quoted"):
            mark = error.problem_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        message = " ".join(part for part in (error.context, error.problem) if part)
        return builder.finish(), _Fault(message, first_line + line, column)
    except yaml.YAMLError as error:  # a character that YAML does not allow
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position)
        return builder.finish(), _Fault("a character that YAML does not allow", first_line + line, 0)
    except _Fault as fault:
        return builder.finish(), fault
    return builder.finish(), None


def _plain(text: str) -> str | None:
    """A scalar without quotes: nothing, a number or truth value that remembers being one, or text."""
    if text in _NULLS:
        return None
    if text in {"true", "false"}:
        return JsonWord(text)
    return JsonNumber(text) if _NUMBER.fullmatch(text) else text


class _DataBuilder:
    """Data from events; the last, unfinished member of each open collection is dropped by `finish`."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.documents: list[Any] = []
        self.stack: list[tuple[Any, str]] = []  # collection, anchor
        self.names: list[str | None] = []  # the member name that waits for its value, for each collection
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.sizes: list[int] = []
        self.growth = 0

    def take(self, event: Any, yaml: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            text = str(event.value)
            # libyaml tells plain scalars by the style "", the Python parser by None
            value = text if event.style else _plain(text)
            if event.anchor:
                self.anchors[event.anchor] = (value, 1)
            self._add(value, 1, event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(self.stack) >= MAX_DEPTH:
                raise _Fault("nested too deeply", self._line(event), 0)
            opened: Any = Mapping(self._line(event) + 1) if isinstance(event, yaml.MappingStartEvent) else []
            self.stack.append((opened, event.anchor or ""))
            self.names.append(None)
            self.sizes.append(1)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            value, anchor = self.stack.pop()
            self.names.pop()
            size = self.sizes.pop()
            if anchor:
                self.anchors[anchor] = (value, size)
            self._add(value, size, event)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise _Fault(f"the alias *{event.anchor[:40]} has no anchor", self._line(event), 0)
            value, size = self.anchors[event.anchor]
            self.growth += size
            if self.growth > MAX_GROWTH:
                raise _Fault("aliases repeat too much", self._line(event), 0)
            self._add(value, size, event)

    def _line(self, event: Any) -> int:
        return int(self.first_line + event.start_mark.line)

    def _add(self, value: Any, size: int, event: Any) -> None:
        if not self.stack:
            self.documents.append(value)
            return
        self.sizes[-1] += size
        into = self.stack[-1][0]
        if isinstance(into, list):
            into.append(value)
            return
        name = self.names[-1]
        if name is None:
            self.names[-1] = value if isinstance(value, str) else "" if value is None else json.dumps(value)
            into.lines.setdefault(self.names[-1] or "", self._line(event) + 1)
            return
        if name in into:
            into.repeated.append((name, into[name]))
        into[name] = value
        self.names[-1] = None

    def finish(self) -> list[Any]:
        if self.stack:  # a fault: keep the collections down to the first list or mapping of records
            # the outermost one with what was whole in it: complete members, and in ``references:`` complete items
            root, name = self.stack[0][0], self.names[0]
            if isinstance(root, Mapping) and len(self.stack) > 1 and isinstance(self.stack[1][0], list) and name:
                root[name] = self.stack[1][0]
            self.documents.append(root)
            self.stack = []
        return self.documents


# writing


def scalar(text: str) -> str:
    """The text as a scalar that every YAML reader takes for this text, never for a number or a date."""
    if (
        _PLAIN.fullmatch(text)
        and text.casefold() not in _WORDS
        and not re.search(r" {2}| #|: ", text)
        and not text.endswith(":")
    ):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    quoted = json.dumps(readable(text), ensure_ascii=False)  # YAML has no escape for half of a surrogate pair
    return _UNPRINTABLE.sub(lambda character: f"\\u{ord(character[0]):04x}", quoted)


def dump(value: Any, indent: int = 0) -> str:
    """The data (mappings, lists, strings, integers, booleans, None) as block YAML, one line for each scalar."""
    lines: list[str] = []
    _dump(value, indent, lines)
    return "\n".join(lines) + "\n"


def _dump(value: Any, indent: int, lines: list[str]) -> None:
    pad = "  " * indent
    if isinstance(value, dict):
        for name, member in value.items():
            written = _name(name)
            head = f"{pad}{written}:"
            if len(written) > _LONGEST_NAME:
                lines.append(f"{pad}? {written}")
                head = f"{pad}:"
            if isinstance(member, (dict, list)) and member:
                lines.append(head)
                _dump(member, indent + (1 if isinstance(member, dict) else 0), lines)
            else:
                lines.append(f"{head} {_leaf(member)}")
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and item:
                inner: list[str] = []
                _dump(item, indent + 1, inner)
                inner[0] = f"{pad}- {inner[0][len(pad) + 2 :]}"
                lines.extend(inner)
            elif isinstance(item, list):
                lines.append(f"{pad}- {_flow(item)}")
            else:
                lines.append(f"{pad}- {_leaf(item)}")
    else:
        lines.append(pad + _leaf(value))


def _leaf(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    return scalar(value) if isinstance(value, str) else str(value)


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(name)}: {_flow(member)}" for name, member in value.items()) + "}"
    return _quoted(value) if isinstance(value, str) else _leaf(value)


def _name(name: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:/+-]*", name) and not name.endswith(":")
    return name if plain and name.casefold() not in _WORDS else _quoted(name)
