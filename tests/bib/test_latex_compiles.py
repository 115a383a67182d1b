"""What is written for characters beyond ASCII, LaTeX sets without any package, and it prints what it should."""

from __future__ import annotations

import subprocess
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import to_latex
from bibtool.model.richtext import Text
from bibtool.model.text.texkernel import set_as_it_is
from bibtool.model.text.texsymbols import ascii_form
from bibtool.styles.output.latex import escape, settable
from tests.project.tools import have_latex

if TYPE_CHECKING:
    from pathlib import Path

PREAMBLE = "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n"
CHARACTERS = [
    chr(code)
    for code in (*range(0xA0, 0xD800), *range(0xE000, 0x10000), *range(0x1D400, 0x1D800))
    if unicodedata.category(chr(code)) not in {"Cn", "Cc", "Cs", "Co"}
]


@cache
def with_a_form() -> tuple[str, ...]:
    """The characters that have a form in LaTeX; only the slow tests ask, so that collecting the others stays quick."""
    return tuple(char for char in CHARACTERS if ascii_form(char))


def typeset(folder: Path, lines: list[str], packages: str = "") -> tuple[str, str]:
    """The log of pdfLaTeX for these paragraphs, and the text of the PDF."""
    body = "\n\n".join(lines)
    (folder / "paper.tex").write_text(
        f"{PREAMBLE}{packages}\\input{{glyphtounicode}}\\pdfgentounicode=1\n\\begin{{document}}\n{body}\n\\end{{document}}\n",
        encoding="utf-8",
    )
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "paper"], cwd=folder, capture_output=True, check=False)
    pdf = subprocess.run(["pdftotext", "-layout", "paper.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return (folder / "paper.log").read_text(encoding="utf-8", errors="replace"), pdf.stdout.decode("utf-8")


@pytest.mark.slow
@have_latex(programs=("pdflatex", "pdftotext"))
@pytest.mark.parametrize("mode", ["ascii", "list"])
def test_every_character_with_a_form_compiles_without_packages(tmp_path: Path, mode: str) -> None:
    assert len(with_a_form()) > 1000
    if mode == "ascii":
        written = [(char, to_latex(Text.of(f"a{char}b"), ascii_only=True)) for char in with_a_form()]
        assert all(latex.isascii() for _, latex in written)
    else:
        usual = [char for char in CHARACTERS if set_as_it_is(char)]
        written = [(char, settable(escape(f"a{char}b"))) for char in (*with_a_form(), *usual)]
    log, printed = typeset(tmp_path, [f"Q{ord(char):X}: {latex}" for char, latex in written])
    assert "\n! " not in log
    assert "Missing character" not in log
    for char, _ in written:
        assert f"Q{ord(char):X}:" in printed


@pytest.mark.slow
@have_latex("lmodern.sty", programs=("pdflatex", "pdftotext"))
def test_the_pdf_has_the_characters(tmp_path: Path) -> None:
    # Latin Modern tells which characters its glyphs are, the bitmaps of Computer Modern do not
    words = ["Nguyễn", "Łódź", "Straße", "Šafařík", "µ±×÷", "€£¥", "37°C", "Erdős", "Ðorđe", "“x”", "«y»"]
    log, printed = typeset(
        tmp_path, [to_latex(Text.of(word), ascii_only=True) for word in words], "\\usepackage{lmodern}\n"
    )
    assert "\n! " not in log
    read = "".join(unicodedata.normalize("NFKC", printed).split())
    for word in words:
        if word != "Nguyễn":  # its accents are two boxes
            assert unicodedata.normalize("NFKC", word) in read


@pytest.mark.parametrize("char", ["Ж", "ả", "ơ", "ℝ", "中", "Ħ", "⩽", "★"])
def test_what_has_no_form_stays(char: str) -> None:
    assert ascii_form(char) is None
    assert to_latex(Text.of(char), ascii_only=True) == char


@pytest.mark.slow
def test_letters_are_read_back_from_mathematics() -> None:
    letters = [char for char in with_a_form() if char.isalpha() and unicodedata.normalize("NFC", char) == char]
    for char in letters:
        assert from_latex(ascii_form(char) or "") == Text.of(char)
