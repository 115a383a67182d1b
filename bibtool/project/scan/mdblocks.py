"""The blocks of Markdown that contain no text: front matter, code, comments. Each line is read once.

Rules: pandoc's manual ("Verbatim (code) blocks", "Lists", "YAML metadata blocks"). An unclosed fence is not a
fence, as in pandoc, so that a forgotten one hides nothing.
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_FENCE = lazy_pattern(r"[ \t>]*(?P<marks>`{3,}|~{3,})(?P<info>[^\r\n]*)")
_QUOTE = lazy_pattern(r"(?:[ ]{0,3}>[ ]?)+")
_LIST_ITEM = lazy_pattern(
    r"(?P<marker>[ ]*(?:[-*+]|\(?(?:\d{1,9}|#|[A-Za-z]|[ivxlcIVXLC]{1,8}|@[\w-]*)[.)]|"
    r"\[\^[^\]\s]{1,80}\]:|[:~])[ \t]+)\S"
)
_EXAMPLE = lazy_pattern(r"[ ]{0,3}\(?@(?P<label>[\w-]+)[.)](?=\s)")
_END_OF_FRONT = lazy_pattern(r"(?:---|\.\.\.)[ \t]*$")
_CAPTION = lazy_pattern(r"\s*(?:#|//|--|%%?)\|\s*(?:[\w-]+[-.])?(?:sub)?cap\s*:")
_CHUNK_LABEL = lazy_pattern(r"\s*(?:#|//|--|%%?)\|\s*label\s*:\s*[\"']?([\w:.-]+)")
_CHUNK_OPTION_LABEL = lazy_pattern(r"\{\s*\w+[ ,]+(?:label\s*=\s*[\"']?)?([A-Za-z][\w:.-]*)\s*[,}\"']")
_CHILD = lazy_pattern(r"\bchild\s*[=:]\s*(?:c\(([^()]*)\)|[\"']([^\"']+)[\"'])")
MAX_INDENT = 1_000
MAX_NESTED = 10  # fences around Markdown inside one another

# chunks whose body is Markdown: of knitr and bookdown ("Custom blocks", "Theorems and proofs"), and of MyST the
# directives of docutils, Sphinx and sphinx-design that hold text
_KNITR_TEXT = (
    "block block2 asis theorem lemma corollary proposition conjecture definition example exercise hypothesis "
    "proof remark solution"
)
_MYST_TEXT = (
    "admonition note tip hint important warning caution attention danger error seealso todo margin sidebar topic "
    "figure figure-md epigraph pull-quote highlights compound container rubric aside dropdown card tab-item grid-item "
    "grid-item-card versionadded versionchanged deprecated"
)
_TEXT_CHUNKS = frozenset((_KNITR_TEXT + " " + _MYST_TEXT).split())
_CHUNK_ENGINE = lazy_pattern(r"\{\s*(?P<engine>[A-Za-z][\w:-]*)\s*[,}\s]")


class Blocks(NamedTuple):
    """``hidden`` spans in order; ``front`` the front matter; ``labels`` of examples and chunks; children of chunks.

    ``children`` are pairs of a name and its offset.
    """

    hidden: list[tuple[int, int]]
    front: tuple[int, int] | None
    examples: set[str]
    labels: set[str]
    children: list[tuple[str, int]]


class _Line(NamedTuple):
    start: int
    end: int
    text: str


def split_blocks(text: str) -> Blocks:
    """The parts of a Markdown text that are not prose."""
    lines = [_Line(*row.span(), row[0].rstrip("\r\n")) for row in _LINE.finditer(text) if row[0]]
    first = 0
    front = None
    if lines and lines[0].text.rstrip() == "---":
        for number, line in enumerate(lines[1:], 1):
            if _END_OF_FRONT.match(line.text):
                front = (lines[0].end, line.start)
                first = number + 1
                break
    blocks = Blocks([], front, set(), set(), [])
    _Reader(text, lines, blocks).run(first)
    return blocks


class _TextFence(NamedTuple):
    """A fence whose content is Markdown: its sign, how often, and the line that closes it."""

    mark: str
    length: int
    last: int


class _Reader:
    def __init__(self, text: str, lines: list[_Line], blocks: Blocks) -> None:
        self.text = text
        self.lines = lines
        self.blocks = blocks
        self.comments_end = True
        self.around: list[_TextFence] = []  # the fences around Markdown that are open
        self.unclosed: dict[tuple[int, str], int] = {}  # end of the search and sign -> length that nothing closes
        # the longest fence that could still close one, from each line to the end: one look tells whether to search
        self.longest: dict[str, list[int]] = {"`": [0] * (len(lines) + 1), "~": [0] * (len(lines) + 1)}
        for number in range(len(lines) - 1, -1, -1):
            for mark, longest in self.longest.items():
                longest[number] = max(longest[number + 1], self._closing(lines[number].text, mark))

    def _closing(self, line: str, mark: str) -> int:
        bare = line.strip(" \t>")
        return len(bare) if bare.startswith(mark * 3) and not bare.strip(mark) else 0

    def run(self, number: int) -> None:
        """Read from that line on."""
        blank_before = True
        items: list[int] = []  # the columns in which the content of open list items begins
        while number < len(self.lines):
            line = self.lines[number]
            while self.around and number > self.around[-1].last:
                self.around.pop()
            if self.around and number == self.around[-1].last:
                self.around.pop()
                self.blocks.hidden.append((line.start, line.end))
                blank_before = True
                number += 1
                continue
            comment = self._comment(line)
            if comment is not None:
                number = self._line_of(comment, number)
                blank_before = False
                continue
            closed = self._fence(number)
            if closed is not None:
                number = closed + 1
                blank_before = True
                continue
            quote = _QUOTE.match(line.text)
            bare = line.text[quote.end() :] if quote else line.text
            if not bare.strip():
                blank_before = True
                number += 1
                continue
            indent = _indent(bare)
            while items and indent < items[-1] and blank_before:
                items.pop()
            item = _LIST_ITEM.match(bare)
            if indent >= (items[-1] if items else 0) + 4 and blank_before:
                self.blocks.hidden.append((line.start, line.end))  # what follows is read as if after an empty line
            else:
                if (blank_before or items) and (example := _EXAMPLE.match(bare)):
                    self.blocks.examples.add(example["label"])
                if item and (blank_before or items or indent < 4):
                    marker = item["marker"]
                    column = len(marker.expandtabs(4))
                    items.append(min(4 if marker.lstrip()[0] in "[:~" else column, MAX_INDENT))
                    del items[:-50]
                blank_before = False
            number += 1

    def _line_of(self, offset: int, number: int) -> int:
        while number < len(self.lines) and self.lines[number].end <= offset:
            number += 1
        # text after the comment on its last line does not start a block
        return number + 1 if number < len(self.lines) else number

    def _comment(self, line: _Line) -> int | None:
        """The end of a comment that begins on this line and goes beyond it; those inside it are blanked out, too."""
        at = line.start
        ticks = 0
        while self.comments_end and (start := self.text.find("<!--", at, line.end)) >= 0:
            ticks += self.text.count("`", at, start)
            at = start + 4
            if ticks % 2:  # in code
                continue
            end = self.text.find("-->", at)
            if end < 0:
                self.comments_end = False
                return None
            self.blocks.hidden.append((start, end + 3))
            at = end + 3
            if at > line.end:
                return at
        return None

    def _fence(self, number: int) -> int | None:
        """The last hidden line of the fence that begins on this one, or None.

        That is the line that closes it, or the opening line where the content is Markdown.
        """
        found = _FENCE.match(self.lines[number].text)
        if found is None:
            return None
        mark, length, info = found["marks"][0], len(found["marks"]), found["info"]
        if (mark == "`" and "`" in info) or self.longest[mark][number + 1] < length:
            return None
        if any(outer.mark == mark and outer.length <= length for outer in self.around):
            return None  # what would close it closes the fence around it first
        last = self._closed_at(number, mark, length)
        if last is None:
            return None
        chunk = info.strip().startswith("{")
        if chunk:
            self._chunk_header(number, info)
        self.blocks.hidden.append((self.lines[number].start, self.lines[number].end))
        engine = _CHUNK_ENGINE.match(info.strip())
        name = engine["engine"] if engine else ""
        if len(self.around) < MAX_NESTED and (name in _TEXT_CHUNKS or name.startswith("prf:")):
            self.around.append(_TextFence(mark, length, last))
            return number
        for line in self.lines[number + 1 : last]:
            if chunk and (label := _CHUNK_LABEL.match(line.text)):
                self.blocks.labels.add(label[1])
            if chunk and _CAPTION.match(line.text):
                continue  # the caption of a figure is text
            self.blocks.hidden.append((line.start, line.end))
        self.blocks.hidden.append((self.lines[last].start, self.lines[last].end))
        return last

    def _closed_at(self, number: int, mark: str, length: int) -> int | None:
        """The line that closes a fence that begins on this one, inside the fence around it; None where none does."""
        end = self.around[-1].last if self.around else len(self.lines)
        if length >= self.unclosed.get((end, mark), length + 1):
            return None
        for last in range(number + 1, end):
            if self._closing(self.lines[last].text, mark) >= length:
                return last
        self.unclosed[end, mark] = length  # no later fence up to there needs to be looked for
        return None

    def _chunk_header(self, number: int, info: str) -> None:
        if label := _CHUNK_OPTION_LABEL.match(info.strip()):
            self.blocks.labels.add(label[1])
            self.blocks.labels.add(f"fig:{label[1]}")
            self.blocks.labels.add(f"tab:{label[1]}")
        if child := _CHILD.search(info):
            for name in re.findall(r"[\"']([^\"']+)[\"']", child[1]) if child[1] else [child[2]]:
                self.blocks.children.append((name, self.lines[number].start))


def _indent(line: str) -> int:
    bare = line.lstrip(" \t")
    return len(line[: len(line) - len(bare)][:MAX_INDENT].expandtabs(4))
