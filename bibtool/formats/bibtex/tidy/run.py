"""A whole file tidied: layout, order, checks that nothing was lost.

The result is parsed again before it is given back. If an entry, a comment or a value would be lost that no option gave
up, `InputError` is raised and nothing has happened. ``tidy(tidy(x)) == tidy(x)``.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from bibtool.bib.annotations import rank_of
from bibtool.bib.document import Document, Entry, StringBlock
from bibtool.bib.latexforms import without_form
from bibtool.bib.syntax import NAME
from bibtool.collector import collector_paused
from bibtool.errors import InputError
from bibtool.formats.bibtex.tidy.layout import entry_text
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.values import (
    KEY_FIELDS,
    LINK_FIELDS,
    VERBATIM_FIELDS,
    change,
    field_order,
    one_line,
    render,
    render_one,
)
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import decode
from bibtool.model.text.fold import fold, words
from bibtool.model.text.lines import LINE_END
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import NamedTuple, dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bibtool.bib.document import Block

_TRAILING = lazy_pattern(r"[^\S\r\n]+(?=\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Tidied:
    """The bytes of the tidied file, the problems of the file, and old key -> new key for keys that were generated."""

    data: bytes
    problems: tuple[Problem, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


class _Keys(NamedTuple):
    """Old key -> new key, and the same by old keys without case, as other entries may name them (``crossref``)."""

    renamed: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(slots=True)
class _EntryUnit:
    """An entry with the comments in front of it; they move together."""

    lead: list[Block]
    block: Block | None


@collector_paused()
def tidy(data: bytes, options: TidyOptions | None = None, path: str | None = None) -> Tidied:
    """The file, tidied. Broken entries are unchanged and are among the problems.

    Raises `InputError` where the result would lose something. An empty file stays empty.
    """
    options = options or TidyOptions()
    before = Document.from_bytes(data, path)
    more: tuple[Problem, ...] = ()
    renamed = _new_keys(before, options, data) if options.generate_keys else {}
    if options.sort and (problem := _unsorted(before, options, renamed)):
        options = replace(options, sort=())
        more = (problem,)
    keys = _Keys(renamed, {old.casefold(): new for old, new in renamed.items()})
    text = _render(before, options, keys)
    problems = (*before.problems, *more)  # found after the entries were read, most of which have none
    after = Document(text, encoding=before.encoding, bom=before.bom, tail=before.tail, path=path)
    if hindrance := _hindrance(before, after, options):
        return Tidied(data, (*problems, hindrance), {})
    _verify(before, after, options, renamed)
    if options.escape and (problem := _not_escaped(after)):
        problems += (problem,)
    return Tidied(after.to_bytes(), problems, {old: new for old, new in renamed.items() if old != new})


def _not_escaped(document: Document) -> Problem | None:
    """Which characters of the fields could not be written as commands, with the field of the first one."""
    fields = [
        field
        for entry in document.entries
        for field in entry.fields
        if field.name.lower() not in VERBATIM_FIELDS | KEY_FIELDS and not field.content.isascii()
    ]
    first = next((field.position for field in fields if without_form(field.content)), None)
    return without_form("".join(field.content for field in fields), first) if first else None


def _unsorted(document: Document, options: TidyOptions, renamed: Mapping[str, str]) -> Problem | None:
    """Why entries can't be moved: where a broken one ends is a guess that depends on the text after it."""
    if document.broken:
        what, first = "one of them is broken", document.broken[0]
        hint = "fix the broken entry first"
    elif _changes_macros(units := _units(document), _ordered(units, options, renamed)):
        what = "what a @string stands for depends on the place of an entry"
        first = next(block for block in document.strings if block.start > document.entries[0].start)
        hint = "define each @string once, before the first entry that uses it"
    else:
        return None
    return Problem(
        code="fmt-not-sorted",
        message=f"the entries were not sorted, since {what}",
        severity=Severity.WARNING,
        position=first.position,
        hint=hint,
    )


def _hindrance(before: Document, after: Document, options: TidyOptions) -> Problem | None:
    """Why a file is left as it is: read again, the tidied one would be another file."""
    message, hint = "", ""
    if decode(after.to_bytes()).text != after.text:
        message, hint = "its encoding would be in doubt: some bytes are not UTF-8", "save it as UTF-8"
    elif _others(before, options) != _others(after, options):
        message, hint = "text after a broken entry would become a block of its own", "fix the broken entry first"
    if not message:
        return None
    return Problem(
        code="fmt-not-tidied",
        message=f"the file was left as it was; {message}",
        position=before.broken[0].position if before.broken else Position(before.path),
        hint=hint,
    )


def _render(document: Document, options: TidyOptions, keys: _Keys) -> str:
    newline = _newline(document)
    units = _units(document)
    pieces: list[str] = []
    for unit in _ordered(units, options, keys.renamed):
        lead = [_comment(block, options, newline) for block in unit.lead]
        body = "" if unit.block is None else _block(unit.block, options, newline, keys)
        whole = newline.join(part for part in (*lead, body) if part)
        if whole:
            pieces.append(whole)
    gap = newline * (2 if options.blank_lines else 1)
    return gap.join(pieces) + (newline if pieces else "")


def _newline(document: Document) -> str:
    """The line end of the first line: which one most lines have may change when blank lines go."""
    line_end = LINE_END.search(document.text.strip())
    return line_end[0] if line_end else "\n"


# ---- order ------------------------------------------------------------------------------------------------------


def _units(document: Document) -> list[_EntryUnit]:
    """Blocks in units; free text right before an entry belongs to that entry, other text is a unit of its own."""
    units: list[_EntryUnit] = []
    lead: list[Block] = []
    for block in document.blocks:
        if block.kind == "free":
            text = block.text
            if not text.strip():
                if text.count("\n") + text.count("\r") > 1 and lead:
                    units += [_EntryUnit(lead, None)]
                    lead = []
                continue
            lead.append(block)
            if re.search(r"(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*(?:\r\n|\r(?!\n)|\n)\s*\Z", text):
                units.append(_EntryUnit(lead, None))
                lead = []
            continue
        units.append(_EntryUnit(lead, block))
        lead = []
    if lead:
        units.append(_EntryUnit(lead, None))
    return units


def _ordered(units: list[_EntryUnit], options: TidyOptions, renamed: Mapping[str, str]) -> list[_EntryUnit]:
    """The units in the order that ``sort`` asks for: only entries move, among the places of entries.

    Entries that others inherit from stay after all that cite them, as BibTeX requires (btxdoc, "crossref").
    """
    if not options.sort:
        return units
    entries = [unit for unit in units if isinstance(unit.block, Entry)]
    for key in reversed(options.sort):
        entries.sort(key=partial(_sort_value, key.lstrip("+-"), options, renamed), reverse=key.startswith("-"))
    entries = _children_first(entries)
    source = iter(entries)
    ordered = [next(source) if isinstance(unit.block, Entry) else unit for unit in units]
    return _definitions_first(ordered) if _changes_macros(units, ordered) else ordered


def _children_first(entries: list[_EntryUnit]) -> list[_EntryUnit]:
    """The entries, with those that others inherit from after them; so are these among themselves."""
    by_key: dict[str, list[int]] = {}
    for at, unit in enumerate(entries):
        by_key.setdefault(unit.block.key.casefold() if unit.block is not None else "", []).append(at)
    parents = [{at for key in _parent_keys(unit) for at in by_key.get(key, ())} for unit in entries]
    children = Counter(at for some in parents for at in some)
    done: list[int] = []
    ready = [at for at in range(len(entries)) if not children[at]]
    while ready:
        done += ready
        children.subtract(at for child in ready for at in parents[child])
        ready = sorted(at for at in {at for child in ready for at in parents[child]} if not children[at])
    left = set(range(len(entries))).difference(done)  # that inherit from one another in a circle
    return [entries[at] for at in (*done, *sorted(left))]


def _parent_keys(unit: _EntryUnit) -> set[str]:
    if not isinstance(unit.block, Entry):
        return set()
    fields = (unit.block.get(name) or "" for name in ("crossref", "xref", "xdata"))
    return {key.strip().casefold() for field in fields for key in field.split(",") if key.strip()}


def _definitions_first(units: list[_EntryUnit]) -> list[_EntryUnit]:
    """The units with all definitions before the first entry: a macro holds from its definition on."""
    first = next(at for at, unit in enumerate(units) if isinstance(unit.block, Entry))
    later = units[first:]
    return [
        *units[:first],
        *(unit for unit in later if isinstance(unit.block, StringBlock)),
        *(unit for unit in later if not isinstance(unit.block, StringBlock)),
    ]


def _changes_macros(units: list[_EntryUnit], ordered: list[_EntryUnit]) -> bool:
    """Whether a macro would have another definition, or none, in another order of the units."""
    blocks = [unit.block for unit in units if unit.block is not None]
    definitions = [at for at, block in enumerate(blocks) if isinstance(block, StringBlock)]
    if not definitions or not any(isinstance(block, Entry) for block in blocks[: definitions[-1]]):
        return False  # as in most files, where no entry moves over a definition
    return _definitions_seen(units) != _definitions_seen(ordered)


def _definitions_seen(units: list[_EntryUnit]) -> dict[int, list[Block | None]]:
    """The definitions that hold in each block that uses macros, by its place in the file; None for an unknown macro."""
    known: dict[str, Block] = {}
    seen: dict[int, list[Block | None]] = {}
    for unit in units:
        if (block := unit.block) is None:
            continue
        if macros := _macros(block):
            seen[block.start] = [known.get(name) for name in macros]
        if isinstance(block, StringBlock):
            known.update((name.lower(), block) for name, _ in block.definitions)
    return seen


def _macros(block: Block) -> list[str]:
    """The names of the macros that a block may use, in lower case, as BibTeX compares them."""
    if isinstance(block, Entry):
        values = [field.pieces for field in block.fields] if block.plain is None else []
    elif isinstance(block, StringBlock):
        values = [pieces for _, pieces in block.definitions]
    else:
        return re.findall(NAME, block.text.lower()) if block.kind == "preamble" else []
    return [piece.content.lower() for pieces in values for piece in pieces if piece.kind == "macro"]


def _sort_value(name: str, options: TidyOptions, renamed: Mapping[str, str], unit: _EntryUnit) -> tuple[int, int, str]:
    entry = unit.block
    assert isinstance(entry, Entry)
    if name == "key":
        text = renamed.get(entry.key, entry.key)
    elif name == "type":
        text = entry.type
    else:
        # by the tidied value, so that the second pass finds the same order
        text = change(one_line(entry.get(name) or "", name, "\n"), name, options, "\n", entry.document.encoding)
        if name == "year" and not text:
            text = (entry.get("date") or "")[:4]
        text = " ".join(words(text))
    if not text:
        return 2, 0, ""
    return (0, int(text), "") if text.isascii() and text.isdigit() and len(text) < 19 else (1, 0, fold(text))


# ---- layout -----------------------------------------------------------------------------------------------------


def _comment(block: Block, options: TidyOptions, newline: str) -> str:
    if options.strip_comments:
        return ""
    text = block.text
    if options.tidy_comments:
        text = _TRAILING.sub("", text)
    lines = LINE_END.split(text)
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return newline.join(lines)


def _block(block: Block, options: TidyOptions, newline: str, keys: _Keys) -> str:
    if isinstance(block, Entry):
        return _entry(block, options, newline, keys)
    if block.kind == "comment" and options.strip_comments:
        return ""
    if isinstance(block, StringBlock) and options.lowercase:
        return re.sub(r"\A@\s*\w+", lambda opening: opening[0].replace(" ", "").lower(), block.text).rstrip()
    return block.text.rstrip() if block.kind in {"string", "preamble"} else block.text.rstrip("\r\n")


def _entry(entry: Entry, options: TidyOptions, newline: str, keys: _Keys) -> str:
    fields = _fields(entry, options, newline)
    if keys.links:
        fields = [
            (spelling, _relinked(value, keys.links) if spelling.lower() in LINK_FIELDS else value)
            for spelling, value in fields
        ]
    brackets = "()" if entry.text.rstrip().endswith(")") else "{}"
    key = keys.renamed.get(entry.key, entry.key)
    return entry_text(entry.type_spelling, key, fields, options, newline, brackets=brackets)


def _fields(entry: Entry, options: TidyOptions, newline: str) -> list[tuple[str, str]]:
    encoding = entry.document.encoding
    if (plain := entry.plain) is not None:
        fields = [
            (spelling, render_one(value, spelling.lower(), options, newline, encoding))
            for spelling, value in zip(plain.names, plain.values, strict=True)
        ]
    else:
        fields = [(field.spelling, render(field, options, newline, encoding)) for field in entry.fields]
    fields = _kept(fields, options)
    if options.remove_empty_fields:
        fields = _filled(fields, lambda _, value: value in {"", "{}", '""'})
    if options.sort_fields:
        rank = field_order(options.sort_fields)
        fields.sort(key=lambda pair: rank_of(pair[0].lower(), rank))
    return [(spelling, value or "{}") for spelling, value in fields]


def _filled(fields: list[tuple[str, str]], is_empty: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """The pairs of name and value without empty ones, if no other of the name follows: BibTeX would take that one."""
    filled: list[tuple[str, str]] = []
    follow: set[str] = set()
    for name, value in reversed(fields):
        if name.lower() in follow or not is_empty(name, value):
            follow.add(name.lower())
            filled.append((name, value))
    return filled[::-1]


def _kept(fields: list[tuple[str, str]], options: TidyOptions) -> list[tuple[str, str]]:
    """The pairs of name and value that no option leaves out, empty ones aside."""
    if options.omit:
        fields = [pair for pair in fields if pair[0].lower() not in options.omit]
    if options.remove_duplicate_fields:
        first: dict[str, tuple[str, str]] = {}
        for pair in fields:
            first.setdefault(pair[0].lower(), pair)
        return list(first.values())
    return fields


# ---- keys -------------------------------------------------------------------------------------------------------


def _new_keys(document: Document, options: TidyOptions, data: bytes) -> dict[str, str]:
    """Old key -> new key for keys that occur once; entries that share a key keep it, as citations are ambiguous."""
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.bibtex.reader import read
    from bibtool.model.keys import assign_keys

    if any(getattr(options, name) for name in (*_CHANGING, "omit", "remove_duplicate_fields")):
        data = tidy(data, replace(options, generate_keys=""), document.path).data  # what the next run will read
    result = read(data, ReadOptions(path=document.path or ""))
    counts = Counter(record.key.casefold() for record in result.records)
    single = [record for record in result.records if record.key and counts[record.key.casefold()] == 1]
    taken = [record.key for record in result.records if record.key and counts[record.key.casefold()] > 1]
    bare = [replace(record, key="") for record in single]
    if options.generate_keys == "default":
        named = assign_keys(bare, taken=taken)
    else:
        named = assign_keys(bare, taken=taken, template=options.generate_keys)
    return {old.key: new.key for old, new in zip(single, named, strict=True)}


def _relinked(value: str, links: Mapping[str, str]) -> str:
    """The keys of a field that names entries, with the new ones in place of the old."""
    if value[:1] not in {"{", '"'}:
        return value
    parts = value[1:-1].split(",")
    named = ((part, part.strip()) for part in parts)
    keys = ",".join(part.replace(key, links.get(key.casefold(), key)) for part, key in named)
    return value[0] + keys + value[-1]


# options that change what fields say; all others change how it is laid out
_CHANGING = (
    "months", "strip_enclosing_braces", "enclosing_braces", "remove_braces", "drop_all_caps", "escape", "unescape",
    "encode_urls", "page_ranges", "max_authors",
)  # fmt: skip


# ---- nothing is lost --------------------------------------------------------------------------------------------


def _lost(before: Document, what: str, *, line: int | None = None, hint: str | None = None) -> InputError:
    return InputError(f"tidying would {what}; the file was left as it was", path=before.path, line=line, hint=hint)


def _verify(before: Document, after: Document, options: TidyOptions, renamed: Mapping[str, str]) -> None:
    wanted = Counter(renamed.get(entry.key, entry.key) for entry in before.entries)
    got = Counter(entry.key for entry in after.entries)
    if wanted != got:
        raise _lost(before, f"lose or change entries ({', '.join(sorted((wanted - got) + (got - wanted))[:5])})")
    if [block.text.strip() for block in before.broken] != [block.text.strip() for block in after.broken]:
        raise _lost(before, "change a broken entry")
    if Counter(block.name for block in before.strings) != Counter(block.name for block in after.strings):
        raise _lost(before, "lose a @string")
    if not options.strip_comments and _words(before) != _words(after):
        raise _lost(before, "lose text between the entries")
    _verify_values(before, after, options, renamed)


def _others(document: Document, options: TidyOptions) -> tuple[int, int]:
    """How many preambles and comments there are."""
    kinds = Counter(block.kind for block in document.blocks)
    return kinds["preamble"], 0 if options.strip_comments else kinds["comment"]


def _words(document: Document) -> Counter[str]:
    return Counter(
        word
        for block in document.blocks
        if block.kind in {"free", "comment", "preamble"}
        for word in block.text.split()
    )


def _verify_values(before: Document, after: Document, options: TidyOptions, renamed: Mapping[str, str]) -> None:
    """Every field of every entry is there; where no option changes values, each has its old content."""
    changing = any(getattr(options, name) for name in _CHANGING)

    def said(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        contents = [
            (name, "" if changing or (renamed and name in LINK_FIELDS) else one_line(content, "", "\n"))
            for name, content in fields
        ]
        return sorted(contents) if options.sort_fields else contents

    def filled(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        if not options.remove_empty_fields:
            return fields
        return _filled(
            fields,
            lambda name, content: (
                not (content.strip() and change(one_line(content, name, "\n"), name, options, "\n", after.encoding))
            ),
        )

    pools: dict[str, list[list[tuple[str, str]]]] = {}
    for entry in after.entries:
        pools.setdefault(entry.key, []).append(said(filled(list(entry.items()))))
    for entry in before.entries:
        wanted = said(filled(_kept(list(entry.items()), options)))
        pool = pools.get(renamed.get(entry.key, entry.key), [])
        if wanted not in pool:
            raise _lost(before, f"change the fields of {entry.key!r}", line=entry.line, hint="please report this entry")
        pool.remove(wanted)
