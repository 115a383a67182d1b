"""The fenced blocks of the README and of docs/, with what stands about them in comments before them.

::

    <!-- scene: project -->                 the folder that the block runs in, see `tests.docs.scenes`
    <!-- exits: 1 -->                       commands of the block end with this code, and no other fails
    <!-- each line alone -->                the lines are choices, so each one gets a scene of its own
    <!-- needs: biber -->                   programs without which the block is skipped
    <!-- waits: --watch serve -->           lines with one of these words never end, and are not run
    <!-- not run: why -->                   nothing is run; calls are only checked for options that do not exist
    <!-- file: bibtool.toml -->             the block is put into the scene of the next one, under this name
    <!-- goes on -->                        the block runs where the one before it has run
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# CI finds the README's test command by a comment of its own, and runs it
TEST_COMMAND = "test command"
PROGRAMS = (["bibtool"], ["bibtool-hook"], ["python", "-m", "bibtool"])

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
_REMARK = re.compile(r"<!-- ([\w ]+?)(?:: ((?:(?!-->).)*))? -->\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line of its fence, its text, its remarks, the files of the blocks before it."""

    page: str
    line: int
    language: str
    text: str
    remarks: dict[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def is_run(self) -> bool:
        """Whether its commands are really run."""
        return "not run" not in self.remarks and TEST_COMMAND not in self.remarks

    @property
    def scripts(self) -> list[str]:
        """What a shell gets: the text, or each of its lines, without those that never end."""
        waiting = self.remarks.get("waits", "").split()
        lines = [line for line in self.text.splitlines() if not set(line.split()) & set(waiting)]
        if "each line alone" in self.remarks:
            return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]
        return ["\n".join(lines)]


def blocks_of(path: Path) -> list[Block]:
    """The blocks of a page."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    found: list[Block] = []
    files: list[tuple[str, str]] = []
    for fence in _FENCE.finditer(text):
        remarks: dict[str, str] = {}
        before = text[: fence.start()].rstrip()
        while remark := _REMARK.search(before):
            remarks[remark[1]] = (remark[2] or "").strip()
            before = before[: remark.start()].rstrip()
        indent = len(fence["indent"])
        body = "".join(line[indent:] if line.strip() else "\n" for line in fence["text"].splitlines(keepends=True))
        line = text.count("\n", 0, fence.start()) + 1
        if "file" in remarks:
            files.append((remarks["file"], body))
        else:
            shell = fence["language"] in {"sh", "console"}
            found.append(Block(name, line, fence["language"], body, remarks, tuple(files) if shell else ()))
            files = [] if shell else files
            continue
        found.append(Block(name, line, fence["language"], body, remarks))
    return found


def all_blocks(*languages: str) -> list[Block]:
    """The blocks of all pages in these languages."""
    return [block for page in PAGES for block in blocks_of(page) if block.language in languages]


def chains(*languages: str) -> list[tuple[Block, ...]]:
    """The blocks that are run, those together that run in one folder."""
    found: list[tuple[Block, ...]] = []
    for block in all_blocks(*languages):
        if "goes on" in block.remarks:
            found[-1] = (*found[-1], block)
        else:
            found.append((block,))
    return [chain for chain in found if all(block.is_run for block in chain)]


def commands_of(block: Block) -> list[str]:
    """The lines of a block that a shell gets: of a session, those behind ``$``; lines that go on are joined."""
    text = block.text
    if block.language == "console":
        text = "\n".join(part[0] for part in session_of(block))
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def session_of(block: Block) -> list[tuple[str, list[str]]]:
    """The commands of a session with the lines that are shown for each."""
    found: list[tuple[str, list[str]]] = []
    goes_on = False
    for line in block.text.rstrip("\n").splitlines():
        if goes_on:
            found[-1] = (f"{found[-1][0]}\n{line}", [])
        elif line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
        goes_on = line.endswith("\\") and not found[-1][1]
    return found


def calls_of(line: str) -> list[list[str]]:
    """The calls of this program in a shell line, as words behind its name."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    calls: list[list[str]] = [[]]
    skip = False
    for word in lexer:
        if skip:
            skip = False
        elif word in {"&&", "||", "|", ";", "(", ")", "<("}:
            calls.append([])
        elif word in {">", ">>", "<", "2>"}:
            skip = True
        else:
            calls[-1].append(word)
    found = []
    for words in calls:
        while words and re.fullmatch(r"\w+=.*", words[0]):
            words.pop(0)
        found += [words[len(name) :] for name in PROGRAMS if words[: len(name)] == name]
    return found
