"""Running TeX in tests: without a shell, and with a record of every file that it opens."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# commands of the class awesome-cv, which is not on CTAN, as its version of 2024 defines them: names and arguments only
AWESOME_STAND_IN = r"""
\NeedsTeXFormat{LaTeX2e}
\ProvidesClass{awesome-cv}[2024/01/01 stand-in for tests]
\DeclareOption*{\PassOptionsToClass{\CurrentOption}{article}}
\ProcessOptions\relax
\LoadClass{article}
\RequirePackage{fontspec,geometry,xcolor}
\RequirePackage[hidelinks,unicode]{hyperref}
\definecolor{awesome}{HTML}{DC3522}
\newcommand*{\name}[2]{\def\@firstname{#1}\def\@lastname{#2}}
\newcommand*{\position}[1]{\def\@position{#1}}
\newcommand*{\extrainfo}[1]{\def\@extrainfo{#1}}
\renewcommand*{\quote}[1]{\def\@quote{#1}}
\newcommand*{\makecvheader}[1][C]{\begin{center}{\Huge\@firstname\ \@lastname}\par
  \ifdefined\@position\@position\par\fi \ifdefined\@extrainfo\@extrainfo\fi\end{center}}
\newcommand{\cvsection}[1]{\vspace{3mm}{\Large\bfseries\color{awesome}#1}\phantomsection\hrulefill\par}
\newenvironment{cvparagraph}{\vspace{2mm}\fontsize{9pt}{1em}\selectfont}{\par\vspace{2mm}}
"""


def need(*programs: str, files: tuple[str, ...] = ()) -> None:
    """Skip the test where a program, or a file of the TeX distribution, is missing."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    for name in files:
        if subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode:
            pytest.skip(f"the TeX distribution has no {name}")


def compile_tex(engine: str, folder: Path, source: bytes, name: str = "list") -> Path:
    """The PDF of a source. Fails where TeX fails, and where it opened a file that no document of this kind needs."""
    need(engine, files=("lmodern.sty",))
    path = folder / f"{name}.tex"
    path.write_bytes(source)
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-recorder", path.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, "\n".join(line for line in log.splitlines() if line.startswith(("!", "l.")))
    assert_nothing_else_opened(folder, name)
    return path.with_suffix(".pdf")


def assert_nothing_else_opened(folder: Path, name: str) -> None:
    """TeX wrote into the folder only, and read nothing of the system but fonts, packages and their settings."""
    for line in (folder / f"{name}.fls").read_text(encoding="utf-8", errors="replace").splitlines():
        kind, _, path = line.partition(" ")
        if kind == "OUTPUT":
            # LuaTeX keeps what it learnt of fonts in the trees of the distribution
            assert "/" not in path.removeprefix(f"{folder}/") or "texmf" in path, line
        assert not re.search(r"passwd|shadow|/\.ssh/", path), line


def text_of(pdf: Path) -> str:
    """The characters of a PDF without blanks, for lines break where they like."""
    need("pdftotext")
    done = subprocess.run(["pdftotext", "-layout", pdf.name, "-"], cwd=pdf.parent, capture_output=True, check=True)
    return squeezed(done.stdout.decode("utf-8"))


def squeezed(text: str) -> str:
    """The text as fonts show it: no blanks, no hyphens of line ends, curved quotation marks as plain ones.

    T1 has one glyph for Đ and Ð.
    """
    for curved, plain in zip("‘’“”", '`\'""', strict=True):
        text = text.replace(curved, plain)
    return re.sub(r"[\s\u200b\u00ad\u2010-]+", "", text).replace("`", "'").replace("Đ", "Ð")


def bold_texts(pdf: Path) -> list[str]:
    """The texts in bold of a PDF in their order."""
    need("pdftohtml")
    done = subprocess.run(["pdftohtml", "-xml", "-stdout", pdf.name], cwd=pdf.parent, capture_output=True, check=True)
    # what is printed between two tags of a bold word belongs to it
    return re.findall(r"<b>(.*?)</b>", re.sub(r"</?(?:a|i)\b[^>]*>", "", done.stdout.decode("utf-8")))
