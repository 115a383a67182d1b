"""An output that its author keeps by hand (the setting ``keep``): what is missing is added, and no other byte changes.

New entries go to the end of the file, with the ``@string`` and ``@preamble`` blocks that they need before them. The one
exception is an entry whose crossref parent is in the file already: BibTeX would not find a parent that comes first and
is not cited itself, so such an entry goes right before its parent. An entry of the file gets a new text only where
`bibtool refresh` was asked to bring it up to date, and is deleted only if that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.entrytext import differences, inherits_from, say_the_same
from bibtool.bib.index import read_index
from bibtool.errors import OutputError
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import decode, encode
from bibtool.model.text.lines import LINE_END
from bibtool.project.output import Written, depths
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bibtool.bib.blocks import RawBlock
    from bibtool.project.output import Output

_LINES = lazy_pattern(r"[ \t]*\n(?:[ \t]*\n)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What a file kept by hand is to get.

    ``entries`` are new, by key; ``refreshed`` are new texts of entries that it has; ``strings`` are by name in lower
    case; ``deleted`` are keys of entries to delete. ``any_place`` is as for `bibtool.project.output.Wanted`.
    """

    entries: Mapping[str, str]
    refreshed: Mapping[str, str] = field(default_factory=dict)
    strings: Mapping[str, str] = field(default_factory=dict)
    preambles: Sequence[str] = ()
    deleted: Collection[str] = ()
    any_place: Collection[str] | None = frozenset()


def with_additions(output: Output, additions: Additions) -> Written:
    """The file of ``output`` with the additions; the same bytes if there are none, and those alone in a new file.

    Raises `OutputError` for a character that the file's encoding lacks, and for a file whose end can't be read, so
    that what is added there would be lost.
    """
    index = output.index
    splices: list[tuple[int, int, str]] = []
    changed: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for key, text in additions.refreshed.items():
        block = index.entries[key]
        changed[key] = differences(index.slice(block), text)
        splices.append((block.start, block.end, text))
    removed = [key for key in index.entries if key in additions.deleted]
    splices += [(*_with_line(index.text, index.entries[key]), "") for key in removed]
    before, appended = _placed(output, additions)
    for parent, children in before.items():
        at = index.entries[parent].start
        splices.append((at, at, "".join(f"{child}\n\n" for child in children)))
    if appended:
        _check_end(output)
        end = len(index.text)
        splices.append((end, end, _gap(index.text) + "\n\n".join(appended) + "\n"))
    data = _spliced(output.data or b"", splices, output.path, index.newline)
    _check_nothing_lost(output, data, additions)
    definitions = [("added", "@preamble")] * len(additions.preambles)
    definitions += [("added", f"@string {name}") for name in additions.strings]
    return Written(
        data=data,
        added=tuple(additions.entries),
        removed=tuple(removed),
        changed=changed,
        definitions=tuple(definitions),
    )


def parents_too_early(output: Output, cited: Iterable[str], any_place: Collection[str] | None) -> dict[str, str]:
    """Parent -> cited child after it, for the parents in the file that BibTeX would not find."""
    if any_place is None:
        return {}
    entries = output.index.entries
    early: dict[str, str] = {}
    for key in cited:
        for parent in inherits_from(output.entry(key) or ""):
            if parent in entries and parent not in any_place and entries[parent].start < entries[key].start:
                early.setdefault(parent, key)
    return early


def second_entries(output: Output, keys: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Key and line of each later entry of the file with one of these keys that says something else than the first."""
    index = output.index
    return tuple(
        (block.key, index.line_of(block.start))
        for block in index.blocks
        if block.kind == "entry"
        and block.key in keys
        and block != (first := index.entries[block.key])
        and not say_the_same(index.slice(block), index.slice(first))
    )


def _placed(output: Output, additions: Additions) -> tuple[dict[str, list[str]], list[str]]:
    """New blocks by the parent in the file that they go before, and those for the end of the file; each in order."""
    anchors: dict[str, str] = {}
    depth = depths(dict(additions.entries))
    order = sorted(additions.entries, key=lambda key: (depth.get(key, 0), key.casefold(), key))
    for key in reversed(order) if additions.any_place is not None else ():  # parents come first here
        for parent in inherits_from(additions.entries[key]):
            if parent in anchors:
                anchors[key] = anchors[parent]
            elif parent in output.index.entries and parent not in (additions.any_place or ()):
                anchors[key] = parent
    before: dict[str, list[str]] = {}
    for key in order:
        if key in anchors:
            before.setdefault(anchors[key], []).append(additions.entries[key])
    at_end = [additions.entries[key] for key in order if key not in anchors]
    definitions = [*additions.preambles, *dict.fromkeys(additions.strings.values())]
    if not before:
        return before, [*definitions, *at_end]
    first = min(before, key=lambda key: output.index.entries[key].start)
    return {**before, first: [*definitions, *before[first]]}, at_end


def _with_line(text: str, block: RawBlock) -> tuple[int, int]:
    """The range of an entry with the end of its line and one empty line after that, where the lines are its own."""
    after = _LINES.match(text, block.end)
    return block.start, after.end() if after and text[block.start - 1 : block.start] in ("", "\n") else block.end


def _gap(text: str) -> str:
    """What is missing at the end of a file for a blank line before what follows."""
    if not text or text.endswith("\n\n"):
        return ""
    return "\n" if text.endswith("\n") else "\n\n"


def _spliced(data: bytes, splices: Iterable[tuple[int, int, str]], path: str, newline: str) -> bytes:
    """The bytes with pieces replaced; offsets are those of the decoded text with LF line ends."""
    decoded = decode(data)
    parts: list[bytes] = []
    done = 0
    for start, end, text in sorted(splices):
        first, last = (
            len(decoded.bom) + len(encode(decoded.text[: _raw_offset(decoded.text, at)], decoded.encoding))
            for at in (start, end)
        )
        try:
            new = encode(text.replace("\n", newline), decoded.encoding)
        except UnicodeEncodeError as error:
            raise OutputError(
                f"the file is in {decoded.encoding}, which has no {error.object[error.start : error.end]!r}",
                path=path,
                hint="save the file as UTF-8 in your editor, then run `bibtool refs` again",
            ) from error
        parts += [data[done:first], new]
        done = last
    return b"".join([*parts, data[done:]])


def _raw_offset(raw: str, offset: int) -> int:
    """The offset in the text as it is in the file, of an offset in the text with LF line ends."""
    if "\r" not in raw:
        return offset
    shift = 0
    for line_end in LINE_END.finditer(raw):
        if line_end.start() - shift >= offset:
            break
        shift += len(line_end.group()) - 1
    return offset + shift


def _check_end(output: Output) -> None:
    """Raise `OutputError` if the last entry is not closed: BibTeX would take what follows for a part of it."""
    blocks = output.index.blocks
    if blocks and blocks[-1].kind == "broken" and not output.index.text[blocks[-1].end :].strip():
        raise OutputError(
            "nothing can be added, since the last entry is not closed",
            path=output.path,
            line=output.index.line_of(blocks[-1].start),
            hint="fix that entry; `bibtool check` says what is wrong with it",
        )


def _check_nothing_lost(output: Output, data: bytes, additions: Additions) -> None:
    """Raise `OutputError` if the new file has other entries than the old one and the additions."""
    wanted = {*output.index.entries, *additions.entries}.difference(additions.deleted)
    written = set(read_index(data, output.path).entries)
    if written.difference(additions.deleted) != wanted:
        lost = ", ".join(sorted(wanted - written)) or "nothing"
        hint = "`bibtool check` says what is wrong with the file"
        raise OutputError(f"entries can't be added: {lost} would be lost", path=output.path, hint=hint)
