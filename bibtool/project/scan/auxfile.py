r"""The .aux file that a LaTeX run writes: what was actually cited, with BibTeX or biblatex.

BibTeX reads ``\citation{a,b}``. biblatex writes ``\abx@aux@cite{key}``, since 3.17 with the section before it,
``\abx@aux@cite{0}{key}``, ``\abx@aux@nocite`` alike, and adds ``\citation{biblatex-control}``, which is not an entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.base import Findings
from bibtool.project.scan.tex import split_keys

if TYPE_CHECKING:
    import re

    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_ARGUMENT = r"\{([^{}\r\n]*+)\}"
_LINE = lazy_pattern(
    rf"\\(?P<command>citation|abx@aux@(?:cite|nocite|nociteall)|bibdata|bibstyle|@input)"
    rf"(?![A-Za-z@])(?:{_ARGUMENT})?(?:{_ARGUMENT})?"
)
# written by packages to configure the style; the entries are in files that the packages write themselves
_CONTROL = lazy_pattern(r"biblatex-control|REVTEX4\dControl|(?:apsrev|aip|rmp)4?\dControl|achemso-control|LCcontrol")


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What an .aux file says; the .aux files of chapters are includes."""
    del options
    findings = Findings(source)
    for line in _LINE.finditer(source.text):
        command = line["command"]
        syntax = f"\\{command}"
        if command == "abx@aux@nociteall":
            findings.cite("*", line.start(), syntax)
            continue
        if line[2] is None:
            continue
        if command == "citation":
            _keys(findings, line, 2, syntax)
        elif command in ("abx@aux@cite", "abx@aux@nocite"):
            _keys(findings, line, 2 if line[3] is None else 3, syntax)
        elif command == "bibdata":
            for name in line[2].split(","):
                if not name.strip().endswith("-blx"):
                    findings.bibliography(name, line.start())
        elif command == "@input":
            findings.include(line[2], [line[2]], line.start(2), syntax)
    return findings.result()


def _keys(findings: Findings, line: re.Match[str], group: int, syntax: str) -> None:
    for key, offset in split_keys(findings.source.text, *line.span(group)):
        if not _CONTROL.fullmatch(key):
            findings.cite(key, offset, syntax)
