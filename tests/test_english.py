"""Expressions that read translated, in pages, messages, help and docstrings; `docs/architecture.md` has the glossary.

``python -m tests.test_english`` prints all of them, with their number for each part of the package.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.make_reference import PAGES as GENERATED

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# whether strings and docstrings of the package, and the pages that are made from them, are searched too
WHOLE_PACKAGE = False

# expression -> what to write instead
WORDS: dict[str, str] = {
    r"behind(?! (?:a|the|your) (?:proxy|firewall|NAT))": "after",
    r"mend(?:s|ed|ing)?": "fix",
    r"blanks|(?:a|an|one|two|no|or|the) blank(?! (?:line|page|picture|lines))": "space",
    r"(?<!there )(?<!here )(?:is|are|was|were) no "
    r"(?!longer|more|less|better|worse|different|other|later|earlier|such)[\w.-]+": "is not a valid ..., is not a ...",
    r"(?:take|takes|took|taken|taking)\b(?:(?![.;:(]).){0,30}\bback": "undo, revert",
    r"(?:do|does|did|done) again": "redo",
    r"(?:set|sets|setting) off": "highlight",
    r"(?:stand|stands|stood|standing)(?! (?:in )?for\b)(?!-)": "is, has, comes",
    r"pass(?:es|ed|ing)? (?:\w+ )?over": "skip, ignore, leave out",
    r"(?:is|are|was|were|be|been|only) told": "is reported, is given",
    r"(?:tell|tells|told|telling)\b(?:(?![.;:(]).){0,25}\bapart": "distinguish",
    r"(?:it|this|that|and|is) is said|, it is said": "a message says so",
    r"there is no library here": "no library at PATH yet",
    r"say nothing": "only print",
    r"(?:one|a|an|each) (?:key|field|line|table|entry|page|paper|paragraph|record) an? "
    r"(?:key|field|line|entry|page|paper|year|record)": "one per ...",
    r"(?:papers|works|lines|keys|entries|requests) a (?:year|line|page|second|day)": "per ...",
    r"misprints?": "typo",
    r"wrong calls?": "usage error",
    r"gave no usable answer": "could not reach ...",
    r"tabulator": "Tab",
    r"anew": "again",
    r"beside(?!s)": "next to, with, in addition to",
    r"but for(?! (?:the|a) (?:reason|purpose))": "except, until",
    r"(?:style|locale|output|name|file|type|command)s? that there is not": "unknown ...",
    r"(?<!thing )(?<!one )(?<!body )else (?:it|the|an?|nothing|this|that|they)": "otherwise",
    r"as it (?:stood|stands)": "as it is, unchanged",
    r"whatever comes? of": "the result of",
    r"nobody (?:has|knows) (?:it|them)": "no source has it",
}
_ALL = re.compile("|".join(rf"(?P<e{number}>\b(?:{words})\b)" for number, words in enumerate(WORDS)), re.IGNORECASE)


class Hit(NamedTuple):
    """An expression with its place."""

    path: str
    line: int
    words: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words!r}, better: {self.instead}"


def hits_in(text: str, path: str, first_line: int = 1) -> Iterator[Hit]:
    """The expressions in a text, code in backticks left out; a line end counts as a space."""
    prose = re.sub(r"(`+)[^`].*?\1", lambda code: re.sub(r"[^\n]", "_", code[0]), text, flags=re.DOTALL)
    for match in _ALL.finditer(re.sub(r"\s", " ", prose)):
        number = int((match.lastgroup or "e0")[1:])
        line = first_line + text.count("\n", 0, match.start())
        yield Hit(path, line, match[0], list(WORDS.values())[number])


def page_hits(path: Path) -> list[Hit]:
    """The expressions in a page of Markdown: without blocks of code, the glossary, and released versions."""
    text = path.read_text(encoding="utf-8")
    without = [r"^ *```.*?^ *```$", r"^<!--.*?-->$", r"^## Glossary for writers$.*?(?=^## |\Z)"]
    if path.name == "CHANGELOG.md":
        without.append(r"^## (?!Unreleased).*\Z")
    for part in without:
        text = re.sub(part, lambda cut: re.sub(r"[^\n]", " ", cut[0]), text, flags=re.DOTALL | re.MULTILINE)
    return list(hits_in(text, path.relative_to(ROOT).as_posix()))


def module_hits(path: Path) -> list[Hit]:
    """The expressions in the strings and docstrings of a module."""
    found: list[Hit] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            found += hits_in(node.value, path.relative_to(ROOT).as_posix(), node.lineno)
    return found


def pages() -> list[Path]:
    """The pages that are searched."""
    written = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / ".github").rglob("*.md"))]
    generated = {ROOT / "docs" / name for name in GENERATED}
    docs = sorted((ROOT / "docs").rglob("*.md"))
    return [*written, *(page for page in docs if WHOLE_PACKAGE or page not in generated)]


MODULES = sorted((ROOT / "bibtool").rglob("*.py"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages(page: Path) -> None:
    assert "\n".join(map(str, page_hits(page))) == ""


def test_strings_and_docstrings() -> None:
    searched = MODULES if WHOLE_PACKAGE else [ROOT / "bibtool" / "__init__.py", ROOT / "bibtool" / "api.py"]
    assert "\n".join(str(hit) for path in searched for hit in module_hits(path)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "A comma behind the last field",
        "`--fix` mends what is safe to mend.",
        "one blank after the name",
        "'12' is no ISSN",
        "`bibtool undo` takes the last change back",
        "the owner is set off",
        "where it stood in the file",
        "BibTeX passes over these fields",
        "it is only told",
        "what tells the two apart",
        "papers a year",
        "one key a line",
        "It is said\nwhere that is.\nElse it stays.",
        "the lock lies beside it",
    ],
)
def test_expressions_are_found(text: str) -> None:
    assert list(hits_in(text, "page.md"))


@pytest.mark.parametrize(
    "text",
    [
        "Behind a proxy, set HTTPS_PROXY.",
        "there is no network; it is no longer needed",
        "a blank line",
        "It stands for the whole entry, and the lock stands in for it.",
        "Besides, we understand standards.",
        "Write `is no ISSN` and ``behind``.",
        "authors told arXiv where it appeared",
        "This is the standard library; amend the recommendation.",
    ],
)
def test_other_uses_pass(text: str) -> None:
    assert list(hits_in(text, "page.md")) == []


def test_the_place_of_an_expression() -> None:
    assert list(hits_in("One.\nTwo behind\nthree.", "page.md", 5)) == [Hit("page.md", 6, "behind", "after")]


if __name__ == "__main__":
    found = [
        hit for page in sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")) for hit in page_hits(page)
    ]
    found += [hit for module in MODULES for hit in module_hits(module)]
    counts = Counter("/".join(hit.path.split("/")[:2]) for hit in found)
    sys.stdout.write("".join(f"{hit}\n" for hit in found))
    sys.stdout.write("".join(f"{number:5} {part}\n" for part, number in counts.most_common()))
    sys.stdout.write(f"{len(found):5} in all\n")
