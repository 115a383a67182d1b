"""The same document with other citation keys.

The scanners of `bibtool.project.scan` say where the keys are; only the characters of a key change, and a key that is
then in one LaTeX command twice is removed once. All other bytes stay, whatever the encoding and line ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.errors import UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import decode, readable
from bibtool.model.text.lines import LineIndex
from bibtool.project.scan.base import DocumentText, Kind, ScanOptions
from bibtool.project.scan.doctypes import searched_suffixes
from bibtool.project.scan.follow import is_document, scan_bytes, with_commands
from bibtool.structs import NamedTuple, dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bibtool.project.scan.base import Citation

# what can be between two keys of one list: no brace and no command, except in comments
_SAME_LIST = lazy_pattern(r"(?:[^{}\\%]|%[^\r\n]*+)*+")
_COMMENT = lazy_pattern(r"%[^\r\n]*+")
_NOTE_END = lazy_pattern(r"[^{}`,]{0,1000}\}")  # after a word in the note of a role: {see word}key{p. 3}


@dataclass(frozen=True, slots=True)
class Replacement:
    """One key that was replaced; line and column (in characters) count from 1. ``new`` is "" if it was removed."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new bytes, and what was replaced, in the order of the document.

    ``left`` are keys that should have changed and were left alone: written with a comment or spaces inside, or the new
    key is not possible in that place (its characters in this syntax or encoding).
    """

    data: bytes
    replacements: tuple[Replacement, ...] = ()
    left: tuple[Replacement, ...] = ()


class _Cited(NamedTuple):
    """A citation and the span of its key; ``plain`` if the key is there literally."""

    start: int
    end: int
    key: str
    syntax: str
    plain: bool


class _Edit(NamedTuple):
    """A span, what it becomes, and the key that is in it."""

    start: int
    end: int
    text: str
    key: _Cited


def check_type(path: str) -> None:
    """Nothing; raises `UsageError` for a file whose suffix says that its keys can't be replaced."""
    if not is_document(path):
        known = ", ".join(sorted(searched_suffixes()))
        raise UsageError(f"{path}: citation keys can't be found in this type of file", hint=f"known types are {known}")


def citations(data: bytes, path: str, options: ScanOptions | None = None) -> tuple[Citation, ...]:
    """The keys that a document cites, in its order, repeated ones too; no references to labels of its own."""
    scan = scan_bytes(data, path, options)
    located_citations = [*scan.citations, *(cite for cite in scan.references if cite.key not in scan.labels)]
    return tuple(
        sorted(
            (cite for cite in located_citations if cite.kind is not Kind.ALL), key=lambda cite: (cite.line, cite.column)
        )
    )


def shared_options(documents: Mapping[str, bytes]) -> ScanOptions:
    """Options with the citation commands that any of the documents defines, for all of them; by path."""
    options = ScanOptions()
    for _ in range(3):  # aliases of aliases, as in `scan_files`
        before = options
        options = with_commands(before, [scan_bytes(data, path, before) for path, data in documents.items()])
        if len(options.commands) == len(before.commands):
            break
    return options


def rewrite(data: bytes, path: str, mapping: Mapping[str, str], options: ScanOptions | None = None) -> Rewritten:
    """The document with the new keys. A key that is then in one LaTeX citation twice is removed from it.

    Doing it again changes nothing, as long as no new key is an old one too. Raises `UsageError` as `check_type` does.
    """
    check_type(path)
    decoded = decode(data)
    text = readable(decoded.text)  # for reading; it has as many characters
    cited = _located(text, citations(data, path, options))
    fitting = {old: new for old, new in mapping.items() if _fits(new, decoded.encoding)}
    wanted = [cite for cite in cited if mapping.get(cite.key, cite.key) != cite.key]
    refused = {cite.start for cite in wanted if not cite.plain or cite.key not in fitting}
    edits: list[_Edit] = []
    new_data = data
    # each new key has to be read back in its place; where the second try fails too, nothing is changed
    for attempt in range(3):
        if attempt == 2:
            refused.update(cite.start for cite in wanted)
        edits = [edit for group in _groups(text, cited) for edit in _group_edits(text, group, fitting, refused)]
        new_data = replace(decoded, text=_applied(decoded.text, edits)).data
        if not edits or not (unread := _unread(new_data, path, options, edits)):
            break
        refused |= unread
    source = DocumentText(text, path)
    return Rewritten(
        new_data,
        tuple(Replacement(*source.place(edit.start), edit.key.key, edit.text) for edit in edits),
        tuple(
            Replacement(*source.place(cite.start), cite.key, mapping[cite.key])
            for cite in wanted
            if cite.start in refused
        ),
    )


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _located(text: str, located_citations: Sequence[Citation]) -> list[_Cited]:
    """The citations with offsets instead of lines; of two that overlap the first."""
    lines = LineIndex(text, None)
    located: list[_Cited] = []
    for cite in located_citations:
        start = lines.offset(cite.line, cite.column)
        end = start + len(cite.key)
        if located and start < located[-1].end:
            continue
        plain = text.startswith(cite.key, start)
        if cite.syntax[:1] in ("{", ":"):  # a role, whose notes may hold the word of the key
            plain = plain and text[start - 1] != "{" and not _NOTE_END.match(text, end)
        located.append(_Cited(start, end if plain else start + 1, cite.key, cite.syntax, plain))
    return located


def _groups(text: str, cited: Sequence[_Cited]) -> Iterator[list[_Cited]]:
    """The citations, those in one list of a LaTeX command together."""
    group: list[_Cited] = []
    for cite in cited:
        if group and not _is_same_list(text, group[-1], cite):
            yield group
            group = []
        group.append(cite)
    if group:
        yield group


def _is_same_list(text: str, cite: _Cited, following_cite: _Cited) -> bool:
    if cite.syntax[:1] != "\\" or cite.syntax != following_cite.syntax or not (cite.plain and following_cite.plain):
        return False
    return bool(_SAME_LIST.fullmatch(text, cite.end, following_cite.start)) and "," in _COMMENT.sub(
        "", text[cite.end : following_cite.start]
    )


def _group_edits(
    text: str, group: Sequence[_Cited], mapping: Mapping[str, str], refused: Collection[int]
) -> Iterator[_Edit]:
    """The edits of the keys of one list.

    A key that the mapping makes a duplicate goes with the comma before it, or after it if no key before it stays; not
    if there is a comment between them.
    """
    changing = [cite.start not in refused and mapping.get(cite.key, cite.key) != cite.key for cite in group]
    present = {cite.key for cite, changes in zip(group, changing, strict=True) if not changes}
    stays = False  # one of the keys before
    for place, cite in enumerate(group):
        if not changing[place]:
            stays = True
            continue
        new = mapping[cite.key]
        if new in present:
            if stays:
                begin, stop = text.rfind(",", group[place - 1].end, cite.start), cite.end
                clear = "%" not in text[group[place - 1].end : cite.start]
            else:
                following = group[place + 1].start
                begin, stop = cite.start, text.find(",", cite.end, following) + 1
                clear = stop > 0 and "%" not in text[cite.end : stop]
                while clear and stop < following and text[stop] in " \t":
                    stop += 1
            if clear:
                yield _Edit(begin, stop, "", cite)
                continue
        present.add(new)
        stays = True
        yield _Edit(cite.start, cite.end, new, cite)


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def _unread(data: bytes, path: str, options: ScanOptions | None, edits: Sequence[_Edit]) -> set[int]:
    """Where the keys were whose new ones are not found in their places in the new document."""
    text = DocumentText.from_bytes(data, path).text
    readable = {(cite.start, cite.key) for cite in _located(text, citations(data, path, options))}
    unread = set()
    shift = 0
    for edit in edits:
        if edit.text and (edit.start + shift, edit.text) not in readable:
            unread.add(edit.key.start)
        shift += len(edit.text) - (edit.end - edit.start)
    return unread
