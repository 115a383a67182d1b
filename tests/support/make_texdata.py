"""Writes bibtool/model/text/texdata.py from pylatexenc's table: ``python -m tests.support.make_texdata``."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.model.text.texsymbols import ACCENTS, BREAKS, LOGOS, NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 120
_LETTERED = re.compile(r"\\(math[a-z]+)\{([A-Za-z0-9])\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ENSURED = re.compile(r"\\ensuremath\{(\\[A-Za-z]+|\\math[a-z]+\{[A-Za-z]\}|[\^_][0-9A-Za-z+\-=()])\}")
_HEAD = '''"""LaTeX commands of characters, for all that `texsymbols` doesn't write out. Generated; do not edit.

Made by ``python -m tests.support.make_texdata`` from the table of pylatexenc 2, which is
copyright (c) 2015-2019 Philippe Faist, under the MIT licence (https://github.com/phfaist/pylatexenc).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def _alphabets(mathematics: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """Runs of characters that stand for the letters or digits of one font, in the order of both."""
    order = string.ascii_uppercase + string.ascii_lowercase + " " + string.digits
    runs: list[tuple[str, int, str]] = []
    for char in sorted(mathematics):
        if not (lettered := _LETTERED.fullmatch(mathematics[char])):
            continue
        font, letter = lettered.groups()
        if runs and (font, ord(char)) == (runs[-1][0], runs[-1][1] + len(runs[-1][2])):
            letters = runs[-1][2] + letter
            if letters in order:
                runs[-1] = (font, runs[-1][1], letters)
                continue
        runs.append((font, ord(char), letter))
    return [run for run in runs if len(run[2]) > 1]


def generate() -> str:
    """The text of the module."""
    commands, mathematics = tables()
    symbols = {name: char for name, char in commands.items() if mathematics.get(char) == "\\" + name}
    runs = _alphabets(mathematics)
    listed = {*symbols.values(), *(chr(first + at) for _, first, letters in runs for at in range(len(letters)))}
    lines = [
        *_table("_TEXT", "commands of text -> character", {n: c for n, c in commands.items() if n not in symbols}),
        "",
        *_table("_SYMBOLS", "commands of mathematics -> character", symbols),
        "",
        "# fonts of mathematics: command, code of the first character, and the letters that it and the next stand for",
        "_ALPHABETS: Final = (",
        *(f'    ("{font}", 0x{first:X}, "{letters}"),' for font, first, letters in runs),
        ")",
        "",
        *_table(
            "_OTHERS", "all other characters of mathematics", {c: m for c, m in mathematics.items() if c not in listed}
        ),
        "",
        "# word commands of text and mathematics -> character",
        "COMMANDS: Final[dict[str, str]] = _TEXT | _SYMBOLS",
        "",
        "# character -> what stands for it between dollar signs",
        "MATHEMATICS: Final[dict[str, str]] = {",
        '    **{char: f"\\\\{name}" for name, char in _SYMBOLS.items()},',
        "    **{",
        '        chr(first + at): f"\\\\{font}{{{letter}}}"',
        "        for font, first, letters in _ALPHABETS",
        "        for at, letter in enumerate(letters)",
        "    },",
        "    **_OTHERS,",
        "}",
    ]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "bibtool" / "model" / "text" / "texdata.py"
    target.write_text(generate(), encoding="utf-8")
