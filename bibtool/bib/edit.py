"""Edits of a document as local changes: whatever is not edited keeps its bytes.

::

    editor = Editor(document)
    editor.set_field("Knuth:84", "year", "1984")          # content; delimiters like before or like the neighbours
    editor.set_field("Knuth:84", "month", "jan", expression=True)
    editor.remove_field("Knuth:84", "note")
    editor.rename_key("Knuth:84", "knuth84")              # from now on the entry has this name in the editor
    new = editor.document()

An editor holds the text of each block and changes one block at a time; each change is scanned again before it is
taken, and refused with `OutputError`, with nothing changed, if the block would not read back as intended: a value with
unbalanced braces, a key with a comma, a character that the encoding of the file lacks. An entry is named by the
`Entry` of the document, or by its key where no other entry has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document, Entry
from bibtool.bib.layout import FieldStyle, style_of
from bibtool.bib.scan import SPECIAL, BrokenError, Scan, Scanner
from bibtool.bib.syntax import NAME, Marks, is_balanced
from bibtool.bib.values import pieces_of
from bibtool.errors import OutputError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import encode
from bibtool.model.text.lines import LINE_END

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.bib.document import Block
    from bibtool.bib.scan import RawField

_NAME = lazy_pattern(NAME)
_KEY = lazy_pattern(r"[^\s,{}()\"#%=\\]++")
_BLANK_LINES = lazy_pattern(r"(?:[ \t]*+(?:\r\n|\r|\n))++")
_NUMBER = lazy_pattern(r"[0-9]++")


class Editor:
    """Collects edits of one document; see the module's description."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._chunks = [block.text for block in document.blocks]
        self._keys: dict[str, list[int]] = {}
        for entry in document.entries:
            self._keys.setdefault(entry.key, []).append(entry.index)
        self._changed: set[int] = set()
        self._removed: set[int] = set()
        self._behind: dict[int, str] = {}
        self._fallback: FieldStyle | None = None

    # ---- results ----------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The text with all edits so far."""
        chunks = self._chunks
        last = max((i for i, chunk in enumerate(chunks) if i not in self._removed and chunk.strip()), default=-1)
        parts: list[str] = []
        cut = False
        for index, chunk in enumerate(chunks):
            written = "" if index in self._removed else chunk
            if cut and written:
                if index > last:
                    # Only blank lines follow the removed entry: they end the file, those before it go.
                    while parts and not parts[-1].strip():
                        parts.pop()
                else:
                    blank = _BLANK_LINES.match(written)
                    written = written[blank.end() :] if blank else written
                cut = False
            cut = cut or index in self._removed
            parts.append(written + self._behind.get(index, ""))
        return "".join(parts)

    def document(self) -> Document:
        """The document with all edits so far; the editor can be used on.

        Raises `OutputError` if an edited entry would not be an entry there, which takes an entry in the middle of a
        line of text that loses its last field.
        """
        old = self._document
        made = Document(self.text(), encoding=old.encoding, bom=old.bom, tail=old.tail, path=old.path)
        entry_texts = {entry.text for entry in made.entries}
        for index in self._changed:
            if index not in self._removed and self._chunks[index] not in entry_texts:
                raise OutputError("an edited entry would be lost", path=old.path, hint="put it on a line of its own")
        return made

    # ---- fields -----------------------------------------------------------------------------------------------

    def set_field(self, entry: Entry | str, name: str, value: str, *, expression: bool = False) -> None:
        """Give a field that content; the first one of that name, or a new last field.

        ``value`` is the content without delimiters; with ``expression`` it is a whole value expression, such as
        ``jan`` or ``{a} # b``. A field keeps its delimiters where they can hold the value; a new one takes those of
        its neighbours. Raises `OutputError` for a value that can't be written, `UsageError` for a name that is none.
        """
        index = self._index(entry)
        text, scan = self._scan(index)
        field = _find(text, scan, name)
        _check_name(name)
        style = style_of(text, scan, self._default_style())
        written = value if expression else self._delimited(text, field, value, style)
        self._check(value, name)
        if field is None:
            changed = _add(text, scan, style, name, written)
        elif field.equals < 0 and field.value == field.value_end:
            changed = text[: field.name_end] + style.before + "=" + style.after + written + text[field.value_end :]
        elif field.value == field.value_end:
            changed = text[: field.value] + style.after + written + text[field.value :]
        else:
            changed = text[: field.value] + written + text[field.value_end :]
        self._take(index, changed, name, written)

    def add_field(self, entry: Entry | str, name: str, value: str, *, expression: bool = False) -> None:
        """Add a last field; `UsageError` if the entry has one of that name."""
        text, scan = self._scan(self._index(entry))
        if _find(text, scan, name) is not None:
            raise UsageError(f"the entry already has a field {name!r}", hint="set it instead")
        self.set_field(entry, name, value, expression=expression)

    def remove_field(self, entry: Entry | str, name: str) -> None:
        """Take all fields of that name away, with their comma and the white space before them.

        `UsageError` if there is none.
        """
        index = self._index(entry)
        text, scan = self._scan(index)
        if _find(text, scan, name) is None:
            raise UsageError(f"the entry has no field {name!r}", hint="look at the names of its fields")
        while (field := _find(text, scan, name)) is not None:
            text = _remove(text, scan, field)
            scan = _scan(text)
        self._put(index, text)

    def reorder_fields(self, entry: Entry | str, names: Sequence[str]) -> None:
        """Put the named fields first, in that order; the others follow in their order. Separators keep their place."""
        index = self._index(entry)
        text, scan = self._scan(index)
        wanted = {name.lower(): place for place, name in enumerate(names)}
        order = sorted(
            range(len(scan.fields)),
            key=lambda at: (wanted.get(_name(text, scan.fields[at]), len(wanted)), at),
        )
        parts: list[str] = []
        last = 0
        for slot, source in zip(scan.fields, order, strict=True):
            field = scan.fields[source]
            parts.append(text[last : slot.name])
            parts.append(text[field.name : field.value_end])
            last = slot.value_end
        self._put(index, "".join(parts) + text[last:])

    # ---- entries ----------------------------------------------------------------------------------------------

    def rename_key(self, entry: Entry | str, key: str) -> None:
        """Give the entry another key; `OutputError` if it can't be one. Duplicates are the caller's business."""
        _check_key(key)
        self._check(key, "key")
        index = self._index(entry)
        text, scan = self._scan(index)
        old = text[scan.key : scan.key_end]
        joint = "," if any(fault.code == "missing-key" for fault in scan.faults) else ""
        changed = text[: scan.key] + key + joint + (" " if joint else "") + text[scan.key_end :]
        self._take(index, changed)
        self._forget_key(index, old)
        self._keys.setdefault(key, []).append(index)

    def _forget_key(self, index: int, key: str) -> None:
        if index not in self._keys.get(key, ()):  # read by itself, a broken entry may have a key that it had not
            key = next(known for known, places in self._keys.items() if index in places)
        self._keys[key].remove(index)

    def set_type(self, entry: Entry | str, type_: str) -> None:
        """Give the entry another type; `UsageError` if it can't be one."""
        _check_type(type_)
        self._check(type_, "type")
        index = self._index(entry)
        text, scan = self._scan(index)
        self._take(index, text[: scan.type_start] + type_ + text[scan.type_end :])

    def add_entry(
        self,
        type_: str,
        key: str,
        fields: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        after: Entry | str | None = None,
    ) -> None:
        """Add an entry after the entry ``after``, or at the end, laid out like the first entry of the document.

        ``fields`` are names and contents. Added entries can be edited once `document` has been called.
        """
        newline = self._document.newline
        _check_type(type_)
        _check_key(key)
        style = self._default_style()
        pairs = list(fields.items() if hasattr(fields, "items") else fields)
        lines: list[str] = []
        for name, value in pairs:
            _check_name(name)
            self._check(value, name)
            lines.append(style.lead + style.head(name) + self._delimited("", None, value, style))
        self._check(key, "key")
        body = (style.gap + ",").join([key, *lines])  # with a gap, commas begin the lines
        closing = newline if "\n" in style.lead or "\r" in style.lead or style.gap else ""
        made = f"@{type_}{{{body}{',' if style.trailing and pairs else ''}{closing}}}"
        made = made if pairs else f"@{type_}{{{key}}}"
        scan = _scan(made)
        if scan.end != len(made) or scan.faults or len(scan.fields) != len(pairs):
            raise OutputError("the entry would not read back as it was given", hint="look at its values")
        self._insert(made, after, newline)

    def replace(self, block: Block, text: str) -> None:
        """Put ``text`` in the place of a block; what was an entry has to stay one entry, or `OutputError` is raised."""
        if block.document is not self._document:
            raise UsageError("this block belongs to another document", hint="take it from the document you edit")
        self._check(text, "text")
        if not isinstance(block, Entry):
            self._chunks[block.index] = text
            return
        index = self._index(block)
        old, scan = self._scan(index)
        self._take(index, text)
        self._forget_key(index, old[scan.key : scan.key_end])
        made = _scan(text)
        self._keys.setdefault(text[made.key : made.key_end], []).append(index)

    def remove_entry(self, entry: Entry | str) -> None:
        """Remove an entry, with the blank lines after it (before it, if it is the last)."""
        index = self._index(entry)
        text, scan = self._scan(index)
        self._forget_key(index, text[scan.key : scan.key_end])
        self._removed.add(index)

    def reorder_entries(self, order: Sequence[Entry | str]) -> None:
        """Put the entries into that order; they change places, the text between them stays.

        ``order`` names each entry of the editor once; `UsageError` if it doesn't.
        """
        wanted = [self._index(entry) for entry in order]
        slots = sorted(index for places in self._keys.values() for index in places)
        if sorted(wanted) != slots:
            raise UsageError("the new order has to name each entry once", hint="give all entries of the document")
        texts = [self._chunks[index] for index in wanted]
        keys = {index: key for key, places in self._keys.items() for index in places}
        self._keys = {}
        for slot, source, text in zip(slots, wanted, texts, strict=True):
            self._put(slot, text)
            self._keys.setdefault(keys[source], []).append(slot)

    # ---- inner ------------------------------------------------------------------------------------------------

    def _index(self, entry: Entry | str) -> int:
        if isinstance(entry, Entry):
            if entry.document is not self._document:
                raise UsageError("this entry belongs to another document", hint="take it from the document you edit")
            if entry.index in self._removed:
                raise UsageError(f"the entry {entry.key!r} was removed")
            return entry.index
        places = self._keys.get(entry, [])
        if len(places) != 1:
            how = "no entry has" if not places else f"{len(places)} entries have"
            raise UsageError(f"{how} the key {entry!r}", hint="give an entry of the document")
        return places[0]

    def _scan(self, index: int) -> tuple[str, Scan]:
        text = self._chunks[index]
        return text, _scan(text)

    def _default_style(self) -> FieldStyle:
        if self._fallback is None:
            newline = self._document.newline
            base = FieldStyle(lead=newline + "  ")
            first = next((entry for entry in self._document.entries if entry.scan.fields), None)
            self._fallback = style_of(first.text, _scan(first.text), base) if first else base
        return self._fallback

    def _check(self, value: str, name: str) -> None:
        """Raise `OutputError` if the encoding of the file lacks a character of ``value``."""
        try:
            encode(value, self._document.encoding)
        except UnicodeEncodeError as error:
            char = value[error.start]
            raise OutputError(
                f"{name}: the character {char!r} can't be written in {self._document.encoding}",
                path=self._document.path,
                hint="write it in LaTeX, or save the file as UTF-8 first",
            ) from error

    def _delimited(self, text: str, field: RawField | None, value: str, style: FieldStyle) -> str:
        """The value with delimiters that can hold it."""
        opening = style.opening
        if field is not None and field.value_end > field.value:
            pieces = pieces_of(text, field.value, field.value_end)
            kind = pieces[0].kind if len(pieces) == 1 else ""
            if kind == "number" and _NUMBER.fullmatch(value):
                return value
            opening = {"braced": "{", "quoted": '"'}.get(kind, opening)
        if not is_balanced(value):
            raise OutputError(
                f"the braces in {value[:60]!r} are not balanced, so it can't be written as a BibTeX value",
                path=self._document.path,
                hint="balance them; a backslash before a brace does not count for BibTeX",
            )
        if opening == '"' and Marks(f'"{value}"').quote_end(0) == len(value) + 1:
            return f'"{value}"'
        return "{" + value + "}"

    def _take(self, index: int, changed: str, name: str | None = None, written: str | None = None) -> None:
        """Accept the new text of an entry if it reads back."""
        before = len(_scan(self._chunks[index]).faults)
        try:
            scan = Scanner(changed).block(0)
        except BrokenError as error:
            raise OutputError(
                f"the entry could not be read any more: {error.fault.message}",
                path=self._document.path,
                hint=error.fault.hint,
            ) from error
        good = scan is not None and scan.end == len(changed) and scan.kind == "entry" and len(scan.faults) <= before
        if scan is not None and good and name is not None:
            field = _find(changed, scan, name)
            good = field is not None and changed[field.value : field.value_end] == written
        if not good:
            raise OutputError(
                "the entry would not read back as intended", path=self._document.path, hint="look at the new value"
            )
        self._put(index, changed)

    def _put(self, index: int, changed: str) -> None:
        self._chunks[index] = changed
        self._changed.add(index)

    def _insert(self, made: str, after: Entry | str | None, newline: str) -> None:
        if after is not None:
            index = self._index(after)
            follow = self._chunks[index + 1] if index + 1 < len(self._chunks) else newline
            closing = "" if follow.lstrip(" \t")[:1] in ("\n", "\r") else newline
            self._behind[index] = newline * 2 + made + closing + self._behind.get(index, "")
            return
        ending = self._ending()
        missing = 2 - len(LINE_END.findall(ending[len(ending.rstrip()) :])) if ending else 0
        self._chunks.append(newline * max(0, missing) + made + newline)

    def _ending(self) -> str:
        """The last characters of the text, enough to see a blank line."""
        ending = ""
        for index in reversed(range(len(self._chunks))):
            if index not in self._removed:
                ending = self._chunks[index][-8:] + self._behind.get(index, "")[-8:] + ending
            if len(ending) > 8:
                break
        return ending


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} can't be the name of a field", hint="use letters, digits and hyphens")


def _check_type(type_: str) -> None:
    if not _NAME.fullmatch(type_) or type_.lower() in SPECIAL:
        raise UsageError(f"{type_!r} can't be an entry type", hint="use letters, such as article")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise OutputError(f"{key!r} can't be a citation key", hint="use letters, digits, and : . _ - / +")


def _scan(text: str) -> Scan:
    scan = Scanner(text).block(0)
    assert scan is not None
    return scan


def _name(text: str, field: RawField) -> str:
    return text[field.name : field.name_end].lower()


def _find(text: str, scan: Scan, name: str) -> RawField | None:
    wanted = name.lower()
    return next((field for field in scan.fields if _name(text, field) == wanted), None)


def _add(text: str, scan: Scan, style: FieldStyle, name: str, written: str) -> str:
    """The entry with one more field at its end."""
    made = style.lead + style.head(name) + written
    if not scan.fields:
        comma = text.find(",", scan.key_end, scan.end)
        at = comma + 1 if comma >= 0 else scan.key_end
        closing = "" if text[at : scan.end - 1] or not made[:1].isspace() or not style.lead.strip(" ") else style.lead
        end = LINE_END.match(closing)
        joint = "" if comma >= 0 else ","
        return text[:at] + joint + made + ("," if style.trailing else "") + (end.group() if end else "") + text[at:]
    last = scan.fields[-1]
    if last.comma >= 0:
        at = last.comma + 1
        return text[:at] + made + "," + text[at:]
    return text[: last.value_end] + style.gap + "," + made + text[last.value_end :]


def _remove(text: str, scan: Scan, field: RawField) -> str:
    """The entry without that field."""
    begin = scan.key_end + len(text[scan.key_end : field.name].rstrip())
    if field.comma >= 0:
        return text[:begin] + text[field.comma + 1 :]
    if text[begin - 1] == "," and field is scan.fields[-1]:
        # The last field without a comma of its own takes the comma before it along.
        begin = scan.key_end + len(text[scan.key_end : begin - 1].rstrip())
    return text[:begin] + text[field.value_end :]
