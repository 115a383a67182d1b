"""The text of one BibTeX entry: its fields, macros and parents; fields dropped, keys changed; meaning compared.

All functions take and give text with LF line ends. They read one entry at a time, so that a file with thousands of
them costs only what is cited.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING

from bibtool.bib.scan import plain_entry, scan_block
from bibtool.bib.values import MONTHS, pieces_of
from bibtool.lazy import lazy_pattern
from bibtool.model.text.white import WHITE, evened, words_of
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.bib.edit import Editor
    from bibtool.bib.scan import PlainEntry, Scan

_PARENTS = ("crossref", "xdata", "xref", "entryset", "related")
_CITED = lazy_pattern(r"\\(?=[A-Za-z]*cite)[A-Za-z]++\*?+(?:\s*+\[[^\[\]]*+\])*+\s*+\{([^{}]*+)\}")
_NOT_PRINTED = frozenset({"abstract", "comment", "file", "keywords"})
_IDS = lazy_pattern(r"\bids\s*=")  # in lower case
_SPACE = lazy_pattern(r"\s+", re.ASCII)


class Meaning(NamedTuple):
    """What an entry says, apart from its layout: type, key, and name and value of each field in order of name."""

    type: str
    key: str
    fields: tuple[tuple[str, str], ...]


def scan_entry(text: str) -> Scan | None:
    """The offsets in the text of one entry; None where it is not exactly one."""
    scan = scan_block(text)
    return scan if scan is not None and scan.kind == "entry" and scan.end == len(text) else None


def fields_of(text: str, macros: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name in lower case -> content of the first field of that name; macros by ``macros``, else their own name."""
    scan = scan_entry(text)
    known = {**MONTHS, **{name: content for name, content in macros.items() if content}} if macros else MONTHS
    contents: dict[str, str] = {}
    for field in scan.fields if scan else ():
        name = text[field.name : field.name_end].lower()
        if name not in contents:
            contents[name] = "".join(
                known.get(piece.content.lower(), piece.content) if piece.kind == "macro" else piece.content
                for piece in pieces_of(text, field.value, field.value_end)
            )
    return contents


@lru_cache(maxsize=8192)
def macros_of(text: str) -> frozenset[str]:
    """The names, in lower case, of the macros that the values of a block use; months too."""
    scan = scan_block(text)
    return frozenset(
        piece.content.lower()
        for field in (scan.fields if scan else ())
        for piece in pieces_of(text, field.value, field.value_end)
        if piece.kind == "macro"
    )


def parents_of(text: str) -> tuple[str, ...]:
    r"""The keys of the entries that an entry needs.

    They are in crossref, xdata and xref, are the members of a set or related ones, or cited in a field (``\cite``).
    """
    low = text.lower()
    return parents_in(fields_of(text)) if "cite" in low or any(name in low for name in _PARENTS) else ()


def parents_in(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The same of the fields of an entry, by their names in lower case."""
    keys = [key.strip() for name in _PARENTS for key in fields.get(name, "").split(",")]
    for content in fields.values():
        if "xdata" in content:
            keys += [reference.key for item in content.split(" and ") if (reference := granular_reference(item))]
    for name, content in fields.items():
        if "cite" in content and name not in _NOT_PRINTED:
            keys += [key.strip() for named in _CITED.findall(content) for key in named.split(",")]
    return tuple(dict.fromkeys(key for key in keys if key))


class GranularReference(NamedTuple):
    """A value that is a field of another entry: its key, the field, and which item of a list (from 1; 0 for all)."""

    key: str
    field: str
    item: int = 0


_GRANULAR = lazy_pattern(r"\s*xdata\s*=\s*(?P<key>\S+?)-(?P<field>[A-Za-z]+)(?:-(?P<item>[1-9]\d{0,3}))?\s*")


def granular_reference(value: str) -> GranularReference | None:
    """What ``xdata=key-field`` or ``xdata=key-field-2`` refers to (biblatex manual, 3.13.7); None for other values.

    A hyphen in the key is understood, though biber wants keys without one.
    """
    found = _GRANULAR.fullmatch(value) if "xdata" in value else None
    return GranularReference(found["key"], found["field"].lower(), int(found["item"] or 0)) if found else None


def inherits_from(text: str) -> tuple[str, ...]:
    """The keys whose entries BibTeX needs after this entry in the file: its crossref."""
    if "crossref" not in text.lower():
        return ()
    key = fields_of(text).get("crossref", "").strip()
    return (key,) if key else ()


def aliases_of(text: str) -> tuple[str, ...]:
    """The other keys of an entry, which biblatex has in the field ``ids``."""
    low = text.lower()
    if "ids" not in low or not _IDS.search(low):
        return ()
    return tuple(key.strip() for key in fields_of(text).get("ids", "").split(",") if key.strip())


def meaning_of(text: str) -> Meaning | None:
    """What an entry says, or None if the text is not an entry. White space, delimiters and order don't count."""
    if (plain := plain_entry(text)) is not None:
        return _meaning(plain.type, plain.key, zip(plain.names, plain.values, repeat(True)))
    scan = scan_entry(text)
    if scan is None:
        return None
    fields = (
        (text[field.name : field.name_end], text[field.value : field.value_end], field.simple) for field in scan.fields
    )
    return _meaning(text[scan.type_start : scan.type_end], text[scan.key : scan.key_end], fields)


def _meaning(type_: str, key: str, fields: Iterable[tuple[str, str, bool]]) -> Meaning:
    """The meaning of name and value of each field, and whether the value is one piece."""
    said = sorted((name.lower(), _said(value, is_simple)) for name, value, is_simple in fields)
    return Meaning(type_.lower(), key, tuple(said))


def _said(value: str, is_simple: bool) -> str:
    if is_simple and value[0] in '{"':
        return evened(value[1:-1])
    return "\0".join(
        "macro:" + piece.content.lower() if piece.kind == "macro" else evened(piece.content)
        for piece in pieces_of(value, 0, len(value))
    )


def say_the_same(first: str, second: str) -> bool:
    """Whether two entries have one meaning, as `meaning_of` has it. Two texts that are not entries do.

    So do two texts of the same words, of which one may be no entry because of where its lines end.
    """
    # In this order, since nearly all entries of a file that is current differ from their source in white space at most.
    return (
        first == second
        or _have_same_words(first.rstrip(), second.rstrip())
        or _have_same_fields(plain_entry(first), plain_entry(second))
        or meaning_of(first) == meaning_of(second)
    )


def _have_same_words(first: str, second: str) -> bool:
    """Whether two entries have the same words, whether or not a comma comes after their last fields."""
    if first[-1:] == second[-1:] == "}":
        first, second = (text[:-1].rstrip().removesuffix(",") for text in (first, second))
    return words_of(first) == words_of(second)


def _have_same_fields(first: PlainEntry | None, second: PlainEntry | None) -> bool:
    """Whether two entries have the same fields in the same order."""
    if first is None or second is None or first.names != second.names:
        return False
    return (first.type.lower(), first.key) == (second.type.lower(), second.key) and all(
        value == other or _is_same_value(value, other) for value, other in zip(first.values, second.values, strict=True)
    )


def _is_same_value(value: str, other: str) -> bool:
    """Whether two values of one piece say the same; most that differ do so in white space at the ends."""
    if value[0] in '{"' and other[0] in '{"':
        mine, its = value[1:-1].strip(WHITE), other[1:-1].strip(WHITE)
        return mine == its or words_of(mine) == words_of(its)
    return _said(value, True) == _said(other, True)


def differences(old: str, new: str) -> tuple[tuple[str, str, str], ...]:
    """Name, old and new value of the fields in which two entries differ; "" where there is none. The type is ``@``."""
    before, after = meaning_of(old), meaning_of(new)
    if before is None or after is None:
        return ()
    changes = [("@", before.type, after.type)] if before.type != after.type else []
    old_fields, new_fields = fields_of(old), fields_of(new)
    for name in sorted(old_fields.keys() | new_fields.keys()):
        left, right = (_SPACE.sub(" ", fields.get(name, "")).strip(WHITE) for fields in (old_fields, new_fields))
        if left != right:
            changes.append((name, left, right))
    return tuple(changes)


def drop_fields(text: str, names: Iterable[str]) -> str:
    """The entry without these fields (any case), all other bytes as they were."""
    unwanted = {name.lower() for name in names}
    if not unwanted:
        return text
    low = text.lower()
    if not any(name in low for name in unwanted) or (scan := scan_entry(text)) is None:
        return text
    present = {text[field.name : field.name_end].lower() for field in scan.fields} & unwanted
    if not present:
        return text
    editor = _editor(text)
    for name in sorted(present):
        editor.remove_field(_key(text, scan), name)
    return editor.text()


def with_key(text: str, key: str) -> str:
    """The entry under another key; raises `OutputError` for a key that BibTeX can't have.

    If that key is among the ``ids`` of the entry, its own key takes the place there: biber allows no key twice.
    """
    scan = scan_entry(text)
    if scan is None or (own := _key(text, scan)) == key:
        return text
    editor = _editor(text)
    if key in aliases_of(text):
        parts = fields_of(text)["ids"].split(",")
        ids = ",".join(part.replace(key, own) if part.strip() == key else part for part in parts)
        editor.set_field(own, "ids", ids)
    editor.rename_key(own, key)
    return editor.text()


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The entry with these contents of fields."""
    scan = scan_entry(text)
    if scan is None:
        return text
    editor = _editor(text)
    for name, value in values.items():
        editor.set_field(_key(text, scan), name, value)
    return editor.text()


def _editor(text: str) -> Editor:
    from bibtool.bib.document import Document
    from bibtool.bib.edit import Editor

    return Editor(Document.from_text(text))


def _key(text: str, scan: Scan) -> str:
    return text[scan.key : scan.key_end]


@lru_cache(maxsize=1024)
def strings_in(block: str) -> Mapping[str, str]:
    """Name in lower case -> value as written, of a ``@string`` block; layout is evened out."""
    scan = scan_block(block)
    return {
        block[field.name : field.name_end].lower(): _SPACE.sub(" ", block[field.value : field.value_end])
        for field in (scan.fields if scan and scan.kind == "string" else ())
    }
