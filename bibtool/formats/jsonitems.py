"""Answers of registration agencies (Crossref, DataCite) as single items, each with its line."""

from __future__ import annotations

import json
from functools import lru_cache

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, decode_text, head_text
from bibtool.formats.csl.values import json_decoder
from bibtool.formats.fields import built
from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.fields import Draft

_decode = json_decoder()
_WRAPPERS = ("message", "items", "data", "works")
_BLANK = lazy_pattern(r"[ \t\r\n\ufeff,]*")


@dataclass(frozen=True, slots=True)
class AgencyItem:
    """One item, the line on which its document begins, and where to report."""

    members: dict[str, Any]
    line: int
    problems: list[Problem]
    options: ReadOptions

    def warn(self, code: str, message: str, raw: str) -> None:
        """Report something about this item."""
        self.problems.append(self.options.problem(self.line, code, message, raw))


def read_items(
    data: bytes,
    options: ReadOptions,
    source: str,
    draft: Callable[[AgencyItem], Draft | None],
    *,
    unwrap: Callable[[Any], Iterator[Any]] | None = None,
    missing: str = "",
) -> ReadResult:
    """The records of all items of all documents (an answer, a list, several answers in a row).

    ``draft`` gives None for an item that does not describe a work; ``unwrap`` finds the items inside of a document,
    by default in the agencies' envelopes. A document that is broken is a problem with its line and its text; what
    precedes it was read. Raises `InputError` where nothing could be read: with ``missing``, which says what an input
    of this format has, also where no item describes a work.
    """
    text, first = decode_text(data, options)
    lines = LineIndex(text, options.path)
    problems = list(first)
    drafts: list[Draft] = []
    opened = 0  # brackets of lists that are still open

    def damaged(message: str, offset: int, raw: str | None = None, refusal: str = "") -> None:
        position = lines.position(offset)
        if not drafts:
            raise InputError(
                refusal or message, path=options.path, line=position.line, column=position.column
            ) from None
        problems.append(Problem(code="json-syntax", message=message, position=position, raw=raw))

    at = _end_of_blank(text, 0)
    while at < len(text):
        if text[at] == "[" or (text[at] == "]" and opened):  # a list is read item by item, so that each has its line
            opened += 1 if text[at] == "[" else -1
            at = _end_of_blank(text, at + 1)
            continue
        try:
            document, end = _decode(text, at)
        except json.JSONDecodeError as error:
            refusal = f"not valid JSON: {error.msg[0].lower()}{error.msg[1:]}"
            damaged(error.msg, error.pos, text[at:], refusal)
            break
        except RecursionError:
            damaged("the document is nested too deeply", at, text[at : at + 200])
            break
        line = lines.line(at)
        for members in unwrap(document) if unwrap else _unwrap(document, 0):
            if isinstance(members, dict):
                made = draft(AgencyItem(members, line, problems, options))
                if made is not None:
                    drafts.append(made)
            else:
                message = f"an item of {source} has to be an object"
                raw = text[at:end][:1000]
                problems.append(options.problem(line, "not-an-item", message, raw, severity=Severity.ERROR))
        at = _end_of_blank(text, end)
    if opened:
        damaged("the list of items is not closed; is the file cut?", len(text))
    if missing and not drafts and not any(problem.code == "unknown-type" for problem in problems):
        raise InputError(missing, path=options.path, line=1)
    return ReadResult(built(drafts, options, problems), tuple(problems))


_OBJECTS = lazy_pattern(r"(?:\[\s*){0,4}(?:\{\s*[\"}]|\]|$)")
_MEMBER = lazy_pattern(r'"([@$A-Za-z][\w@:$./-]{0,60})"\s{0,20}:')


def json_head(head: bytes) -> str:
    """The head as text where it begins as an object or a list of objects, else "": ``[1] Smith`` is not JSON."""
    text = head_text(head)
    return text if text.startswith(("[", "{")) and _OBJECTS.match(text) else ""


@lru_cache(maxsize=2)
def member_names(head: bytes) -> frozenset[str]:
    """The names of all members in the head of a JSON text, at any depth; empty where it is not JSON."""
    return frozenset(_MEMBER.findall(json_head(head)))


def _end_of_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _unwrap(value: Any, depth: int) -> Iterator[Any]:
    """The items inside the agencies' envelopes."""
    if isinstance(value, list) and depth < 4:
        for item in value:
            yield from _unwrap(item, depth + 1)
        return
    if isinstance(value, dict) and depth < 4:
        for name in _WRAPPERS:
            inner = value.get(name)
            if isinstance(inner, (dict, list)) and "DOI" not in value and "attributes" not in value:
                yield from _unwrap(inner, depth + 1)
                return
    yield value
