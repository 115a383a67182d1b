r"""The text of a BibTeX file, cut into blocks that tile it: entries, strings, preambles, comments, free text, broken.

**bibtexparser splits.** `bibtexparser.splitter.Splitter` finds the blocks with their type and key. It is not given the
file itself but its *outline*, in which each run of fields (``= {...}, year = 1999``) is shortened to one filler
character, so that nothing inside a value can mislead it. An entry that comes back clean (the key is plain and the
value is nothing but filler) is taken as it is; the exact spans of its fields are computed by `scan.Scanner` when
somebody asks for them. All else is read by `Scanner`, which knows BibTeX's rules.

This file is the one place where faults of bibtexparser 2.1 are worked around (the tests in
``test_document_bibtexparser.py`` show each of them):

* a value is misread when ``\{``, ``\}`` or ``\"`` stand in it (BibTeX knows no escapes), when a line of it begins
  with ``@word{``, or when braces inside quotes hold quotes. Blanking the values settles that.
* a missing comma between two fields is not seen: the second field silently becomes part of the first one's value.
  The ``=`` that is left in such a value of the outline shows it.
* ``@in-book{``, ``@ article{``, ``@article`` with the brace on the next line are no blocks for it: the gaps between
  its blocks are searched again. ``@commented{`` and ``@stringer{`` are a comment and a string for it.
* a failed block loses its tail, or a mark; comments lose the white space around them. So the offsets are found again
  in the outline, and whatever is in no block becomes a block of free text.
* an e-mail address (``me@example.org (work)``) begins an entry for it.
* it logs a warning for each broken block; those lines say nothing that our `Fault` doesn't, so a null handler keeps
  them off the terminal of programs that did not set up logging.

**Why the outline and not the file**: besides being misread, values are slow. Measured on 10,000 DBLP entries (9 MB,
3.8 s in pybtex), the Splitter takes 1.1 s for the file and 0.15 s for the outline, which takes 0.1 s to make.
``benchmarks/bibtex_document.py`` measures it again.

**Our own scanner takes over** for the whole text if the Splitter raises, if its blocks can't be found again, if the
filler character occurs in the text, or if the text has far more marks than blocks (a nesting bomb, a million ``@``):
the Splitter needs about a microsecond for each mark and thirty for each failed block.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bibtool.bib.scan import BrokenError, Fault, Scanner
from bibtool.bib.syntax import BARE, BRACED, HEAD, NAME, QUOTED
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtexparser.model import Field

FILLER = "\x02"  # neither white space nor a mark, and in no sane file
_BLANK = "=" + FILLER

_OPERAND = f"(?:{BRACED}|{QUOTED}|{BARE})"
_EXPRESSION = rf"=\s*+{_OPERAND}(?:\s*+\#\s*+{_OPERAND})*+"
_FIELD_RUN = re.compile(rf"{_EXPRESSION}(?:\s*+,\s*+{NAME}\s*+{_EXPRESSION})*+")
_PLAIN_NAME = re.compile(NAME)
_OPENING = re.compile(r"@(\w++)[ \t]*+\{\s*+([^\s\"#%'(),={}\\@]++)\s*+[,}]")
_BROKEN_KEY = re.compile(r"@\s*+\w++\s*+[{(]\s*+([^\s\"#%'(),={}\\@]++)\s*+,")
_NO_TYPE = re.compile(r"@[ \t]*+\{[^\s\"#%'(),={}\\@]++,")
_CANDIDATE = re.compile(r"@(?=\s*+[^\s\"#%'(),=}@])")
_STRAY = re.compile(r"@\s*+([A-Za-z][\w-]*+)")
_SPLITTER_LIMIT = 200_000  # marks that any text may have
_MARKS_PER_BLOCK = 2_000
_CHARACTERS_PER_AT = 24

_KNOWN_TYPES = frozenset(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings "
    "techreport unpublished online report thesis collection mvbook patent dataset software periodical".split()
)


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One block of the text; blocks tile it.

    ``kind`` is ``entry``, ``string``, ``preamble``, ``comment``, ``free`` or ``broken``. ``type`` is lower-case, of
    entries and broken blocks; ``key`` of entries, as written. ``faults`` are those of the syntax.
    """

    kind: str
    start: int
    end: int
    type: str = ""
    key: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """The blocks, the scanner that knows the text, and how many blocks bibtexparser found and we took over."""

    blocks: tuple[RawBlock, ...]
    scanner: Scanner
    from_bibtexparser: int


def split(text: str) -> Cut:
    """The blocks of ``text``; never raises."""
    scanner = Scanner(text)
    proposals = _propose(text) if "@" in text else []
    blocks: list[RawBlock] = []
    cursor = 0
    taken = 0
    for start, end, kind, key in proposals:
        if start < cursor or not _is_fresh(scanner, start):
            continue  # inside something that the scanner read as one block, or in running text
        if start > cursor:
            cursor = _gap(scanner, cursor, start, blocks)
            if start < cursor:
                continue
        blocks.append(RawBlock("entry", start, end, kind, key))
        taken += 1
        cursor = end
    _gap(scanner, cursor, len(text), blocks)
    return Cut(tuple(_explain(text, blocks)), scanner, taken)


# ---- bibtexparser -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outline:
    """A text with each run of fields shortened to ``=`` and one filler, and the way back to the offsets of the text.

    ``short`` and ``long`` are the offsets behind each shortened run, in the outline and in the text.
    """

    text: str
    short: tuple[int, ...]
    long: tuple[int, ...]

    def offset(self, at: int) -> int:
        """The offset in the text of the offset ``at`` in the outline; ``at`` is inside no shortened run."""
        index = bisect_right(self.short, at) - 1
        return at if index < 0 else self.long[index] + at - self.short[index]


def outline(text: str) -> Outline:
    """The outline of ``text``: the same blocks with the same types and keys, but nothing of their values."""
    parts: list[str] = []
    short: list[int] = []
    long: list[int] = []
    last = length = 0
    for found in _FIELD_RUN.finditer(text):
        begin, end = found.span()
        if text.find("@", begin, end) >= 0 and HEAD.search(text, begin, end):
            continue  # could be a runaway value that has swallowed a block: the Splitter is to see it
        parts.append(text[last:begin])
        parts.append(_BLANK)
        length += begin - last + len(_BLANK)
        last = end
        short.append(length)
        long.append(end)
    parts.append(text[last:])
    return Outline("".join(parts), tuple(short), tuple(long))


def _propose(text: str) -> list[tuple[int, int, str, str]]:
    """Start, end, type and key of the entries that bibtexparser reads cleanly, in order; [] where it is of no use."""
    if FILLER in text:
        return []
    ats = text.count("@")
    if len(text) > _SPLITTER_LIMIT and ats * _CHARACTERS_PER_AT > len(text):
        return []
    sketch = outline(text)
    if len(sketch.text) > _SPLITTER_LIMIT:
        marks = sum(sketch.text.count(mark) for mark in '{},="\n')
        if marks > _SPLITTER_LIMIT + ats * _MARKS_PER_BLOCK:
            return []
    found: list[tuple[int, int, str, str]] = []
    cursor = 0
    for kind, key, raw in _bibtexparser_entries(sketch.text):
        start = sketch.text.find(raw, cursor)
        if start < 0:
            return []  # the Splitter made up a block; then nothing of it can be trusted
        cursor = start + len(raw)
        found.append((sketch.offset(start), sketch.offset(cursor), kind, key))
    return found


def _bibtexparser_entries(masked: str) -> Iterator[tuple[str, str, str]]:
    """Type, key and raw text of the entries that came back clean."""
    import logging

    from bibtexparser.model import DuplicateBlockKeyBlock, Entry
    from bibtexparser.splitter import Splitter

    logger = logging.getLogger("bibtexparser.splitter")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    try:
        library = Splitter(masked).split()
    except Exception:  # noqa: BLE001  # whatever goes wrong in there must not lose the file: our scanner takes over
        return
    for one in library.blocks:
        block = one.ignore_error_block if isinstance(one, DuplicateBlockKeyBlock) else one
        if isinstance(block, Entry) and _is_clean(block.raw or "", block.key, block.fields):
            yield block.entry_type, block.key, block.raw or ""


def _is_clean(raw: str, key: str, fields: list[Field]) -> bool:
    """Whether nothing about an entry of the outline is in doubt."""
    found = _OPENING.match(raw)
    if not found or found.group(2) != key or found.group(1).lower() in ("comment", "string", "preamble"):
        return False
    for field in fields:
        name, value = field.key, field.value
        if value != FILLER or not _PLAIN_NAME.fullmatch(name):
            return False
    return len(fields) < 2


# ---- what bibtexparser did not settle -----------------------------------------------------------------------------


def _gap(scanner: Scanner, start: int, end: int, blocks: list[RawBlock]) -> int:
    """Append the blocks of ``text[start:end]``; the last may go beyond ``end``. Where they end."""
    text = scanner.text
    free = start
    candidate = _CANDIDATE.search(text, start, end)
    while candidate:
        at = candidate.start()
        found = _block_at(scanner, at)
        if found is None:
            following = at + 1
        else:
            if at > free:
                blocks.append(RawBlock("free", free, at))
            blocks.append(found)
            free = following = found.end
        candidate = _CANDIDATE.search(text, following, end) if following < end else None
    if free < end:
        blocks.append(RawBlock("free", free, end))
        free = end
    return free


def _block_at(scanner: Scanner, at: int) -> RawBlock | None:
    """The block that begins at this ``@``, if it is meant as one."""
    text = scanner.text
    fresh = _is_fresh(scanner, at)
    try:
        scan = scanner.block(at)
    except BrokenError as error:
        return _broken(scanner, at, error.fault) if fresh else None
    if scan is None:
        stray = _STRAY.match(text, at)
        if fresh and _NO_TYPE.match(text, at):
            fault = Fault("missing-type", at, "there is no entry type behind this @", "write @type{key, ...}")
            return _broken(scanner, at, fault)
        if not fresh or not stray or stray.group(1).lower() not in _KNOWN_TYPES:
            return None
        fault = Fault(
            "missing-brace",
            stray.end(),
            f"@{stray.group(1)} is not followed by a brace",
            "write @type{key, field = {value}}",
        )
        return _broken(scanner, at, fault)
    faults = scan.faults
    if not fresh:
        # BibTeX reads a block wherever an @ stands. In running text that is rarely meant: only what is complete counts.
        if faults or (scan.kind == "entry" and not scan.fields):
            return None
        fault = Fault(
            "block-in-text",
            at,
            "this block begins in the middle of a line of text, and BibTeX reads it: a % or other text before it "
            "does not switch it off",
            "put it on a line of its own, or write @comment{...} around it to switch it off",
            Severity.WARNING,
        )
        faults = (fault,)
    if scan.kind != "comment":
        inner = scanner.next_line_head(at)
        if inner < scan.end:
            fault = Fault(
                "block-in-value",
                inner,
                "a line inside a value looks like the beginning of an entry; it was read as part of the value",
                "check whether a closing brace is missing before it",
                Severity.WARNING,
            )
            faults = (*faults, fault)
    kind = text[scan.type_start : scan.type_end].lower()
    return RawBlock(scan.kind, at, scan.end, kind, text[scan.key : scan.key_end], faults)


def _is_fresh(scanner: Scanner, at: int) -> bool:
    """Whether an ``@`` at ``at`` stands where one expects a block: first on its line, or right behind a block."""
    return scanner.at_line_start(at) or _behind_block(scanner.text, at)


def _behind_block(text: str, at: int) -> bool:
    """Whether the last thing before ``at`` is the end of another block on the same line."""
    before = text[max(0, at - 200) : at].rstrip(" \t,")
    return before.endswith(("}", ")"))


def _broken(scanner: Scanner, at: int, fault: Fault) -> RawBlock:
    """The block as it stands: to its own closing brace, or to the next block, or to the end of the text."""
    text = scanner.text
    end = scanner.next_line_head(at)
    head = scanner.next_head(at)
    if head < end and (_behind_block(text, head) or fault.at == head):
        end = head
    opened = text.find("{", at, min(end, at + 200))
    if opened >= 0:
        closed = scanner.close_of(opened)
        if fault.at < closed < end:
            end = closed + 1
    while end > at + 1 and text[end - 1].isspace():
        end -= 1
    name = _STRAY.match(text, at)
    key = _BROKEN_KEY.match(text, at, end)
    return RawBlock("broken", at, end, name.group(1).lower() if name else "", key.group(1) if key else "", (fault,))


_LOST_FIELD = re.compile(r"\s*+(?:[,}]\s*+)*+" + NAME + r"\s*+=\s*+[{\"0-9A-Za-z]")


def _explain(text: str, blocks: list[RawBlock]) -> Iterator[RawBlock]:
    """The same blocks, where free text that must have been part of the block before carries a fault."""
    before = ""
    for block in blocks:
        if block.kind == "free" and before in ("entry", "broken", ""):
            begin = block.start
            while begin < block.end and text[begin].isspace():
                begin += 1
            closing = before and text[begin : min(begin + 1, block.end)] in (",", "}")
            if closing or _LOST_FIELD.match(text, block.start, block.end):
                fault = Fault(
                    "text-outside",
                    begin,
                    "this looks like a part of an entry, but no entry is open here, so it is not read",
                    "check whether the entry before has a closing brace too many",
                )
                yield RawBlock("free", block.start, block.end, faults=(fault,))
                before = "free"
                continue
        before = block.kind
        yield block
