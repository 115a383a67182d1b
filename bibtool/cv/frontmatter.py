"""YAML front matter that people edit too: read without following tags, changed key by key, all other bytes kept.

A file is ``---``, YAML, ``---``, body. Only the lines of a top-level key whose value changes are rewritten; keys,
comments, order, line ends, a byte order mark and the body stay as they are. Values are compared as the nodes that
PyYAML composes, never constructed: no tag makes an object, and an alias is no more than a second look at one node.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bibtool.errors import InputError
from bibtool.formats.safeyaml import dump, scalar
from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SIZE: Final = 1_000_000  # characters of front matter
_BOM: Final = b"\xef\xbb\xbf"
_FENCE: Final = lazy_pattern(r"---[ \t]*\Z")
_END: Final = lazy_pattern(r"(?:---|\.\.\.)[ \t]*\Z")
_COMMENT_BEHIND: Final = lazy_pattern(r"[ \t]+#.*")
_WORD: Final = lazy_pattern(r"[A-Za-z][A-Za-z0-9_-]*")
_MAX_DEPTH: Final = 20


class Table(dict[str, list[str]]):
    """A mapping to lists of words, written with a line for each list."""


@dataclass(frozen=True, slots=True)
class Key:
    """A top-level key: its value as a node, its lines (from ``start`` up to ``end``, counted from 0)."""

    node: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A file in its parts. ``lines`` of the front matter and ``body`` have LF; ``newline`` is what the file has."""

    keys: Mapping[str, Key]
    lines: tuple[str, ...]
    fence: str
    end: str
    body: str
    newline: str
    bom: bool

    def data(self, name: str) -> Any:
        """The value of a key as plain strings, lists and dictionaries; None where it is not set or too deep."""
        key = self.keys.get(name)
        return None if key is None else _data(key.node, 0)

    def same(self, name: str, value: Any) -> bool:
        """Whether the key has this value, however it is written."""
        key = self.keys.get(name)
        return key is not None and _same(key.node, value)


def new_page(values: Mapping[str, Any], body: str) -> Page:
    """A page that was not there before; values that are None are left out."""
    return edited(Page({}, (), "---", "---", body, "\n", bom=False), values)


def read_page(data: bytes, path: str) -> Page:
    """The parts of a file. Raises `InputError` with the line where there is no front matter that can be followed."""
    bom = data.startswith(_BOM)
    try:
        text = data[len(_BOM) * bom :].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", path=path) from error
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    if not _FENCE.match(lines[0]):
        kind = "TOML, not YAML" if lines[0].startswith("+++") else "not there"
        raise InputError(f"the front matter is {kind}", path=path, line=1)
    close = next((at for at, line in enumerate(lines) if at and _END.match(line)), None)
    if close is None:
        raise InputError("the front matter does not end", path=path, line=1, hint="end it with a line ---")
    inner = lines[1:close]
    return Page(_keys(inner, path), tuple(inner), lines[0], lines[close], "\n".join(lines[close + 1 :]), newline, bom)


def written(page: Page) -> bytes:
    """The bytes of the file."""
    text = "\n".join((page.fence, *page.lines, page.end, page.body)).replace("\n", page.newline)
    return _BOM * page.bom + text.encode()


def edited(page: Page, values: Mapping[str, Any], body: str | None = None) -> Page:
    """The page with these values and, if given, this body.

    A value of None removes its key; a new key is added at the end. A comment after a value on its line stays.
    """
    lines: list[str | None] = list(page.lines)
    added: list[str] = []
    for name, value in values.items():
        key = page.keys.get(name)
        if key is None:
            if value is not None:
                added += _dumped(name, value)
            continue
        if value is not None and _same(key.node, value):
            continue
        new = [] if value is None else _dumped(name, value)
        if len(new) == 1 and key.end - key.start == 1:
            new[0] += _comment(page.lines[key.start], key.node)
        lines[key.start : key.end] = ["\n".join(new) if new else None] + [None] * (key.end - key.start - 1)
    rest = [line for chunk in lines if chunk is not None for line in chunk.split("\n")]
    while added and rest and not rest[-1].strip():
        rest.pop()
    made = (*rest, *added)
    return replace(page, keys=_keys(list(made), "<made>"), lines=made, body=page.body if body is None else body)


def _dumped(name: str, value: Any) -> list[str]:
    if isinstance(value, Table):
        return [f"{name}:", *(f"  {member}: [{', '.join(map(_in_flow, words))}]" for member, words in value.items())]
    return dump({name: value}).rstrip("\n").split("\n")


def _in_flow(word: str) -> str:
    made = scalar(word)
    return made if made.startswith('"') or _WORD.fullmatch(made) else json.dumps(made, ensure_ascii=False)


def _comment(line: str, node: Any) -> str:
    if node.start_mark.line != node.end_mark.line:
        return ""
    comment = _COMMENT_BEHIND.fullmatch(line[node.end_mark.column :])
    return comment[0] if comment else ""


def _keys(lines: list[str], path: str) -> dict[str, Key]:
    """The top-level keys with their lines; lines are counted within the front matter."""
    import yaml

    text = "\n".join(lines)
    if len(text) > MAX_SIZE:
        raise InputError(f"front matter of more than {MAX_SIZE:,} characters", path=path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        raise InputError(f"the front matter is not valid YAML: {error.problem}", path=path, line=line) from None
    except (yaml.YAMLError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else "a character that YAML does not allow"
        raise InputError(f"the front matter is not valid YAML: {reason}", path=path) from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise InputError("the front matter is not a block of keys and values", path=path, line=2)
    keys: dict[str, Key] = {}
    starts = [key.start_mark.line for key, _ in root.value]
    for at, (key, value) in enumerate(root.value):
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if name is None or name in keys:
            what = f"{name!r} is there twice" if name is not None else "a key is not a word"
            raise InputError(f"in the front matter {what}", path=path, line=starts[at] + 2)
        limit = starts[at + 1] if at + 1 < len(starts) else len(lines)
        keys[name] = Key(value, starts[at], _end_of(value, starts[at], limit, lines))
    return keys


def _end_of(node: Any, start: int, limit: int, lines: list[str]) -> int:
    """The line after a value: blank lines and comments that follow it are not its own."""
    end: int = min(node.end_mark.line + (1 if node.end_mark.column else 0), limit)
    scalar = hasattr(node, "style")
    while end > start + 1:
        last = lines[end - 1].strip()
        if last and (not last.startswith("#") or (scalar and lines[end - 1][0] in " \t")):
            break
        end -= 1
    return max(end, start + 1)


def _same(node: Any, value: Any) -> bool:
    if isinstance(value, dict):
        pairs = node.value if node.id == "mapping" else None
        return (
            pairs is not None
            and len(pairs) == len(value)
            and all(
                key.id == "scalar" and key.value == name and _same(inner, wanted)
                for (key, inner), (name, wanted) in zip(pairs, value.items(), strict=True)
            )
        )
    if isinstance(value, list):
        return (
            node.id == "sequence"
            and len(node.value) == len(value)
            and all(_same(inner, wanted) for inner, wanted in zip(node.value, value, strict=True))
        )
    if node.id != "scalar":
        return False
    if isinstance(value, bool):
        return bool(node.tag.endswith(":bool")) and (node.value.casefold() in {"true", "yes", "on"}) == value
    if isinstance(value, int):
        return bool(node.value == str(value)) and node.tag.endswith(":int")
    # a date without quotes is what people write; any other tag makes it something else than this text
    return bool(node.value == value) and node.tag.endswith((":str", ":timestamp"))


def _data(node: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH or len(node.value) > 10_000:
        return None
    if node.id == "mapping":
        return {key.value: _data(inner, depth + 1) for key, inner in node.value if key.id == "scalar"}
    if node.id == "sequence":
        return [_data(inner, depth + 1) for inner in node.value]
    return str(node.value)
