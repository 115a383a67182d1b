"""Documents and records as `bibtexparser.Library`, and back.

The library is like one from `bibtexparser.parse_string`: values without delimiters, macros of the file expanded. A
macro that the file does not define (``jan``) keeps its name and is marked ``no-enclosing``. Each block also remembers
the text it came from, so that an unchanged block is written back byte for byte; in a changed entry, only the changed
fields are written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.bib.document import Block, Document, Entry, StringBlock
from bibtool.bib.edit import Editor
from bibtool.errors import BibtoolError, OutputError
from bibtool.interop.result import BibResult, document_of, entry_text
from bibtool.model.text.decode import readable
from bibtool.problems import Problem, Severity
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtexparser import model
    from bibtexparser.library import Library

    from bibtool.model.record import Record

_ORIGIN = "bibtool-origin"
_VERBATIM = "no-enclosing"


class LibraryResult(NamedTuple):
    """A bibtexparser library, and problems for the parts of records that it can't hold."""

    library: Library
    problems: tuple[Problem, ...] = ()


class Origin(NamedTuple):
    """Where a block came from: its position among the blocks, its text, the white space around it, and its content."""

    place: int
    before: str
    text: str
    said: tuple[object, ...]
    after: str = ""


# ---- to bibtexparser ------------------------------------------------------------------------------------------------


def to_bibtexparser(source: Document | Iterable[Record]) -> LibraryResult:
    """The library of a document or of records; records are written as BibTeX first.

    Entries whose key occurred before become `DuplicateBlockKeyBlock`, blocks that can't be read `ParsingFailedBlock`.
    Data of a record that BibTeX can't hold becomes a problem.

    >>> from bibtool.bib import Document
    >>> document = Document.from_text('@string{j = "Journal"}  @article{k, journal = j # " A", year = 1999}')
    >>> library = to_bibtexparser(document).library
    >>> library.entries_dict["k"]["journal"]
    'Journal A'
    """
    from bibtexparser.library import Library

    written = document_of(source)
    document = written.document
    blocks: list[model.Block] = []
    white = ""
    for block in document.blocks:
        text = block.text
        inner = text.strip()
        if not inner and len(document.blocks) > 1:
            white += text
            continue
        before = white
        white = ""
        if block.kind == "free" and inner:
            begin = text.index(inner)
            before, text, white = before + text[:begin], inner, text[begin + len(inner) :]
        converted = _converted(block, text)
        converted.set_parser_metadata(_ORIGIN, Origin(len(blocks), before, text, _said(converted)))
        blocks.append(converted)
    if blocks and white:
        origin = blocks[-1].get_parser_metadata(_ORIGIN)
        assert isinstance(origin, Origin)
        blocks[-1].set_parser_metadata(_ORIGIN, origin._replace(after=white))
    return LibraryResult(Library(blocks, fail_on_duplicate_key=False), written.problems)


def _converted(block: Block, text: str) -> model.Block:
    from bibtexparser import model

    line = block.line - 1  # bibtexparser counts from 0
    raw = readable(text)
    if isinstance(block, Entry):
        fields = []
        for field in block.fields:
            pieces = field.pieces
            undefined = (
                len(pieces) == 1 and pieces[0].kind == "macro" and not block.document.macros.defined(pieces[0].content)
            )
            value, enclosing = (pieces[0].content, _VERBATIM) if undefined else (field.content, None)
            fields.append(model.Field(field.spelling, value, field.line - 1, enclosing))
        return model.Entry(block.type, readable(block.key), fields, line, raw)
    if isinstance(block, StringBlock) and len(block.definitions) == 1:
        return model.String(block.name, block.content, line, raw)
    if block.kind == "preamble":
        return model.Preamble(raw[raw.index(_opening(raw)) + 1 : -1].strip(), line, raw)
    if block.kind == "comment" and (opening := _opening(raw)) and raw.endswith("})"["{(".index(opening)]):
        return model.ExplicitComment(raw[raw.index(opening) + 1 : -1], line, raw)
    if block.kind in ("free", "comment"):
        return model.ImplicitComment(raw, line, raw)
    message = block.problems[0].message if block.problems else "this block can't be read"
    return model.ParsingFailedBlock(ValueError(message), line, raw)


def _opening(raw: str) -> str:
    """The first brace or parenthesis of a block, "" if it has none."""
    return next((char for char in raw if char in "{("), "")


def _said(block: model.Block) -> tuple[object, ...]:
    """The content of a block, so that two states of it can be compared."""
    from bibtexparser import model

    if isinstance(block, model.Entry):
        return block.entry_type, block.key, tuple((field.key, field.value, field.enclosing) for field in block.fields)
    if isinstance(block, model.String):
        return block.key, block.value
    if isinstance(block, model.Preamble):
        return (block.value,)
    if isinstance(block, (model.ExplicitComment, model.ImplicitComment)):
        return (block.comment,)
    return ()


# ---- and back -------------------------------------------------------------------------------------------------------


def from_bibtexparser(library: Library, *, path: str | None = None) -> BibResult:
    """The document of a library, in UTF-8; `BibResult.read` gives its records.

    Unchanged blocks of `to_bibtexparser` come back byte for byte; a changed entry keeps the layout of its unchanged
    fields. Lists of names and `NameParts` are joined again, and integers are written bare. A block that can't be
    written keeps its old text, or is left out if it is new, and is named in the problems; so is a block on which a
    middleware failed.

    >>> import bibtexparser
    >>> library = bibtexparser.parse_string("@article{k, title = {A title}, month = mar}")
    >>> print(from_bibtexparser(library).document.text)
    @article{k,
      title = {A title},
      month = mar,
    }
    <BLANKLINE>
    """
    from bibtexparser import model

    problems: list[Problem] = []
    parts: list[str] = []
    last_place = -1
    for block in library.blocks:
        if isinstance(block, model.ParsingFailedBlock):
            if isinstance(block, model.MiddlewareErrorBlock):
                problems.append(_problem("middleware-error", f"a middleware failed here: {block.error}", block))
            block = block.ignore_error_block or block  # noqa: PLW2901 - the block that it wraps
        origin = block.get_parser_metadata(_ORIGIN)
        try:
            text = _written(block, origin)
        except BibtoolError as error:
            problems.append(_problem("unwritable-block", error.message, block, error.hint, Severity.ERROR))
            text = origin.text if origin else ""
        if origin is None:
            if text:
                parts.append(_joint(parts, "\n\n") + text + "\n")
                last_place = -2
            continue
        if origin.place != last_place + 1 and "\n" not in origin.before:
            parts.append(_joint(parts, "\n"))
        parts.append(origin.before + text + origin.after)
        last_place = origin.place
    return BibResult(Document.from_text("".join(parts), path), tuple(problems))


def _joint(parts: list[str], wanted: str) -> str:
    """The line ends that are missing between what was written so far and the next block."""
    ending = "".join(parts[-2:])[-2:]
    have = len(ending) - len(ending.rstrip("\n"))
    return "\n" * max(0, len(wanted) - have) if ending else ""


def _problem(
    code: str, message: str, block: model.Block, hint: str | None = None, severity: Severity = Severity.WARNING
) -> Problem:
    key = getattr(getattr(block, "ignore_error_block", None) or block, "key", None)
    return Problem(code=code, message=message, severity=severity, key=key if isinstance(key, str) else None, hint=hint)


def _written(block: model.Block, origin: Origin | None) -> str:
    """The text of a block; raises `OutputError` or `UsageError` for what BibTeX can't hold."""
    from bibtexparser import model

    if origin is not None and _is_unchanged(_said(block), origin.said):
        return origin.text
    if isinstance(block, model.Entry):
        edited = _edited(block, origin) if origin is not None else None
        return edited or entry_text(
            block.entry_type, block.key, [(field.key, _expression(field, block)) for field in block.fields]
        )
    if isinstance(block, model.String):
        return _checked(f"@string{{{block.key} = {_expression(block, block)}}}", "string")
    if isinstance(block, model.Preamble):
        return _checked(f"@preamble{{{block.value}}}", "preamble")
    if isinstance(block, model.ExplicitComment):
        return _checked(f"@comment{{{block.comment}}}", "comment")
    if isinstance(block, model.ImplicitComment):
        return _checked(block.comment, "free")
    return block.raw or ""


def _is_unchanged(now: tuple[object, ...], before: tuple[object, ...]) -> bool:
    """Whether a block has its old content; a value that was assigned again no longer has delimiters of its own."""
    if len(now) != 3 or len(before) != 3:
        return now == before
    type_, key, fields = now
    old_type, old_key, old_fields = before
    assert isinstance(fields, tuple)
    assert isinstance(old_fields, tuple)
    return (
        (type_, key, len(fields)) == (old_type, old_key, len(old_fields))
        and all(map(_is_same_field, fields, old_fields))
    )  # fmt: skip


def _is_same_field(now: tuple[str, object, str | None], before: tuple[str, object, str | None]) -> bool:
    return now[:2] == before[:2] and now[2] in (before[2], None)


def _edited(block: model.Entry, origin: Origin) -> str | None:
    """The entry's own text with the changes; None if field names occur twice or in another spelling."""
    document = Document.from_text(origin.text)
    if len(document.blocks) != 1 or len(document.entries) != 1:
        return None
    entry = document.entries[0]
    old_type, _, old_fields = origin.said
    assert isinstance(old_fields, tuple)
    old = {name.lower(): (name, value, enclosing) for name, value, enclosing in old_fields}
    new = {field.key.lower(): field for field in block.fields}
    if len(old) != len(old_fields) or len(new) != len(block.fields):
        return None
    if any(name in old and old[name][0] != field.key for name, field in new.items()):
        return None
    editor = Editor(document)
    for name in old.keys() - new.keys():
        editor.remove_field(entry, name)
    for name, field in new.items():
        if name in old and _is_same_field((field.key, field.value, field.enclosing), old[name]):
            continue
        expression = _expression(field, block)
        if expression.startswith("{"):
            editor.set_field(entry, field.key, expression[1:-1])
        else:
            editor.set_field(entry, field.key, expression, expression=True)
    if list(new) != [name for name in old if name in new] + [name for name in new if name not in old]:
        editor.reorder_fields(entry, list(new))
    if block.entry_type != old_type:
        editor.set_type(entry, block.entry_type)
    if block.key != readable(entry.key):
        editor.rename_key(entry, block.key)
    return editor.text()


def _expression(field: model.Field | model.String, block: model.Block) -> str:
    """The value as BibTeX writes it; raises `OutputError` for a value of a kind that it can't hold."""
    from bibtexparser.middlewares import NameParts
    from bibtexparser.middlewares.enclosing import REMOVED_ENCLOSING_KEY

    value: Any = field.value
    if isinstance(value, list) and all(isinstance(name, NameParts) for name in value):
        value = [name.merge_last_name_first for name in value]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = " and ".join(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    if not isinstance(value, str):
        raise OutputError(
            f"the value of {field.key!r} is a {type(value).__name__}, which BibTeX can't hold",
            hint="let a middleware make a text of it",
        )
    removed = block.get_parser_metadata(REMOVED_ENCLOSING_KEY)
    enclosing = field.enclosing or (removed.get(field.key) if isinstance(removed, dict) else removed)
    if enclosing == _VERBATIM:
        return value
    return f'"{value}"' if field.enclosing == '"' else f"{{{value}}}"


def _checked(text: str, kind: str) -> str:
    """The text of a block, if it is read as one block of that kind; otherwise raises `OutputError`."""
    blocks = Document.from_text(text).blocks
    if len(blocks) != 1 or blocks[0].kind != kind or blocks[0].problems:
        raise OutputError(f"{text[:60]!r} would not be read as intended", hint="look at its braces and quotes")
    return text
