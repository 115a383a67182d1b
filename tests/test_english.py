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

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
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
    r"(?<!-)beside(?!s)(?!-)": "next to, with, in addition to",
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
        if match[0].isupper():  # a code, such as RIS's type STAND
            continue
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
    """The expressions in the strings and docstrings of a module; not in lists of words: ``"a b".split()``."""
    found: list[Hit] = []
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    lists = {id(value) for node in nodes for value in _words_of(node)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and id(node) not in lists
        ):
            found += hits_in(node.value, path.relative_to(ROOT).as_posix(), node.lineno)
    return found


def _words_of(node: ast.AST) -> list[ast.expr]:
    """The text that a node makes a list of words of, by ``.split()`` or a function ``_words``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant() as text, attr="split")):
            return [text]
        case ast.Call(func=ast.Name(id="_words"), args=[ast.Constant() as text]):
            return [text]
    return []


PAGES = [
    path
    for folder in (ROOT, ROOT / ".github", ROOT / "docs")
    for path in sorted(folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
]
MODULES = sorted((ROOT / "bibtool").rglob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages(page: Path) -> None:
    assert "\n".join(map(str, page_hits(page))) == ""


@pytest.mark.slow
def test_strings_and_docstrings() -> None:
    assert "\n".join(str(hit) for path in MODULES for hit in module_hits(path)) == ""


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
        "DUP004 preprint-beside-published",
        "the types PAT STAND STAT",
    ],
)
def test_other_uses_pass(text: str) -> None:
    assert list(hits_in(text, "page.md")) == []


def test_the_place_of_an_expression() -> None:
    assert list(hits_in("One.\nTwo behind\nthree.", "page.md", 5)) == [Hit("page.md", 6, "behind", "after")]


if __name__ == "__main__":
    found = [hit for page in PAGES for hit in page_hits(page)]
    found += [hit for module in MODULES for hit in module_hits(module)]
    counts = Counter("/".join(hit.path.split("/")[:2]) for hit in found)
    sys.stdout.write("".join(f"{hit}\n" for hit in found))
    sys.stdout.write("".join(f"{number:5} {part}\n" for part, number in counts.most_common()))
    sys.stdout.write(f"{len(found):5} in all\n")
