"""Writes bibtool/model/text/texdata.py from pylatexenc's table: ``python -m tests.support.make_texdata``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.model.text.texsymbols import ACCENTS, BREAKS, LOGOS, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 120
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ENSURED = re.compile(r"\\ensuremath\{(\\[A-Za-z]+|\\math[a-z]+\{[A-Za-z]\}|[\^_][0-9A-Za-z+\-=()])\}")
_HEAD = '''"""LaTeX commands of characters, for all that `texsymbols` doesn't write out. Generated; do not edit.

Made by ``python -m tests.support.make_texdata`` from the table of pylatexenc 2, which is
copyright (c) 2015-2019 Philippe Faist, under the MIT licence (https://github.com/phfaist/pylatexenc).
"""

from __future__ import annotations

from typing import Final

'''


def tables() -> tuple[dict[str, str], dict[str, str]]:
    """Text commands -> character; character -> mathematics."""
    from pylatexenc.latexencode._uni2latexmap import uni2latex

    commands: dict[str, str] = {}
    mathematics: dict[str, str] = {}
    for code, latex in uni2latex.items():
        if text_command := _COMMAND.fullmatch(latex):
            commands.setdefault(text_command[1], chr(code))
        elif (ensured := _ENSURED.fullmatch(latex)) and ensured[1].isascii():
            mathematics.setdefault(chr(code), ensured[1])
            if ensured[1][1:].isalpha():  # \alpha outside math: an error in LaTeX, yet written
                commands.setdefault(ensured[1][1:], chr(code))
    for name in (*ACCENTS, *NOTHING, *LOGOS, *BREAKS):
        commands.pop(name, None)
    return commands, mathematics


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return char if " " <= char <= "~" else ascii(char)[1:-1]


def _table(name: str, comment: str, pairs: Mapping[str, str]) -> list[str]:
    lines = [f"# {comment}", f"{name}: Final[dict[str, str]] = {{"]
    row = "   "
    for key, value in pairs.items():
        pair = f" {_quoted(key)}: {_quoted(value)},"
        if len(row) + len(pair) > WIDTH:
            lines.append(row)
            row = "   "
        row += pair
    return [*lines, row, "}  # fmt: skip"]


def generate() -> str:
    """The text of the module."""
    commands, mathematics = tables()
    lines = [
        *_table("COMMANDS", "word commands of text and mathematics -> character", commands),
        "",
        *_table("MATHEMATICS", "character -> what stands for it between dollar signs", mathematics),
    ]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "bibtool" / "model" / "text" / "texdata.py"
    target.write_text(generate(), encoding="utf-8")
