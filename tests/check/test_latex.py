"""What `bibtool check` accepts, LaTeX and biber accept."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.check.vocabulary import WRITTEN
from tests.project.tools import have_latex

if TYPE_CHECKING:
    from pathlib import Path

PAPER = r"""\documentclass{article}
\usepackage{biblatex}
\addbibresource{refs.bib}
\begin{document}
\nocite{*}
\printbibliography
\end{document}
"""
OPTIONS = CheckSettings(select=("TXT006",))


def compiled(folder: Path, data: bytes) -> str:
    """What LaTeX says of a paper with this bibliography."""
    (folder / "refs.bib").write_bytes(data)
    (folder / "paper.tex").write_text(PAPER, encoding="utf-8")
    for program in ("pdflatex -interaction=nonstopmode", "biber", "pdflatex -interaction=nonstopmode"):
        subprocess.run([*program.split(), "paper"], cwd=folder, capture_output=True, check=False)
    return (folder / "paper.log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.slow
@have_latex("biblatex.sty", programs=("pdflatex", "biber"))
def test_a_paper_with_special_characters_in_every_field_compiles_after_the_fix(tmp_path: Path) -> None:
    fields = sorted(WRITTEN | {"note", "titleaddon", "publisher", "series", "number", "eid", "pagetotal", "subtitle"})
    text = "".join(
        f"@book{{k{number}, author = {{Bea Ash}}, title = {{T}}, date = {{2020}}, {name} = {{50% of C#: {number}}}}}\n"
        for number, name in enumerate(fields)
    )
    file = CheckedFile.from_bytes(text.encode(), "refs.bib")
    assert len(check([file], OPTIONS)) == 2 * len(fields)
    assert "! " in compiled(tmp_path, text.encode())
    result = fix([file], OPTIONS)
    assert result.remaining == ()
    log = compiled(tmp_path, result.files[0].document.to_bytes())
    assert "Output written" in log
    assert "\n! " not in log
