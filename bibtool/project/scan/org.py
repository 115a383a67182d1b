r"""Org: ``[cite/style:@key; @key2]`` of Org 9.5 and later, org-ref's ``cite:key`` links, LaTeX commands in the text.

Sources: the Org manual, "Citation handling"; org-syntax, "Citations" (characters of a key); org-ref's manual (both the
old ``cite:a,b`` and the new ``cite:&a;&b``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.base import Findings, blank_out
from bibtool.project.scan.tex import cites_in
from bibtool.project.scan.texcommands import COMMANDS

if TYPE_CHECKING:
    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_BEGIN = lazy_pattern(r"\s*#\+begin_(?P<name>\S+)(?P<rest>[^\r\n]*)", re.IGNORECASE)
_END = lazy_pattern(r"\s*#\+end_(?P<name>\S+)", re.IGNORECASE)
_VERBATIM = frozenset({"src", "example", "comment", "export"})
_HEADING = lazy_pattern(r"(?P<stars>\*+) +(?:(?!COMMENT\b)[A-Z]+ +)?(?P<comment>COMMENT\b)?")
_KEYWORD = lazy_pattern(r"\s*#\+(?P<name>[A-Za-z_-]+):[ \t]*(?P<value>[^\r\n]*)")
_HIDDEN_LINE = lazy_pattern(r"\s*(?:#(?:\s|$)|:(?:\s|$))")
_INLINE_CODE = lazy_pattern(
    r"(?<![^\s\-({'\"])(?:=[^\s=](?:[^=\r\n]*[^\s=])?=|~[^\s~](?:[^~\r\n]*[^\s~])?~)(?![^\s\-.,;:!?'\")}\[\\])"
)
_CITE = lazy_pattern(r"\[cite(?:/(?P<style>[\w/\-]+))?:")
_AT_KEY = lazy_pattern(r"@((?:\w|[-.:?!`'/*@+|(){}<>&^$#%~])+)")
_BRACKET = lazy_pattern(r"[\[\]]")
_NAMES = "|".join(sorted(COMMANDS, key=len, reverse=True))
_PLAIN_LINK = lazy_pattern(rf"(?<![\w\[/:])(?P<type>{_NAMES}):(?=[\w&*])(?P<keys>[^\s\[\](){{}}<>\"'\\]+)")
_BRACKET_LINK = lazy_pattern(rf"\[\[(?P<type>{_NAMES}):(?P<keys>[^\[\]\r\n]+)\]")
_BIBLIOGRAPHY_LINK = lazy_pattern(r"(?<![\w/:+])(?:no)?bibliography:(?P<files>[^\s\[\](){}<>\"'\\]+)")
_PACKAGE = lazy_pattern(r"\\usepackage\s*(?:\[[^\[\]]*\])?\s*\{([^{},]+)\}")
_NEW_KEY = lazy_pattern(r"&([^\s;,&\]]+)")
_MAX_CITE = 20_000


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What an .org file says."""
    findings = Findings(source)
    prose = _prose(findings)
    _cites(findings, prose)
    for pattern in (_BRACKET_LINK, _PLAIN_LINK):
        for link in pattern.finditer(prose):
            _link(findings, link, bracket=pattern is _BRACKET_LINK)
    for link in _BIBLIOGRAPHY_LINK.finditer(prose):
        for file in link["files"].split(","):
            findings.bibliography(file, link.start())
    cites_in(findings, prose, options.commands)
    return findings.result()


def _prose(findings: Findings) -> str:
    """The text without blocks, comments and verbatim; notes what keywords say."""
    text = findings.source.text
    spans: list[tuple[int, int]] = []
    lines = [match for match in _LINE.finditer(text) if match[0]]
    last_end: dict[str, int] = {}
    for number, line in enumerate(lines):
        if end := _END.match(line[0]):
            last_end[end["name"].lower()] = number
    inside = ""
    commented = 0  # stars of the heading that is commented out with everything below it
    for number, line in enumerate(lines):
        if inside:
            spans.append(line.span())
            end = _END.match(line[0])
            if end and end["name"].lower() == inside:
                inside = ""
            continue
        if heading := _HEADING.match(line[0]):
            stars = len(heading["stars"])
            if not commented or stars <= commented:
                commented = stars if heading["comment"] else 0
        begin = _BEGIN.match(line[0])
        name = begin["name"].lower() if begin else ""
        is_latex = name == "export" and begin is not None and begin["rest"].strip().lower().startswith("latex")
        if name in _VERBATIM and not is_latex and last_end.get(name, -1) > number:
            inside = name
            spans.append(line.span())
        elif commented or _HIDDEN_LINE.match(line[0]):
            spans.append(line.span())
        elif keyword := _KEYWORD.match(line[0]):
            _keyword(findings, keyword, line.start())
    spans += [match.span() for match in _INLINE_CODE.finditer(text)]
    return blank_out(text, sorted(spans), "\n")


def _keyword(findings: Findings, keyword: re.Match[str], start: int) -> None:
    name, value = keyword["name"].lower(), keyword["value"].strip()
    at = start + keyword.start("value")
    if name == "nocite":
        for key in _AT_KEY.finditer(keyword["value"]):
            findings.cite(key[1], at + key.start(1), "#+nocite")
    elif name == "bibliography":
        findings.bibliography(value.strip('"'), start)
    elif name in ("latex_header", "latex_header_extra"):
        for package in _PACKAGE.finditer(value):
            findings.packages[f"{package[1]}.sty"] = None
    elif name == "cite_export" and value.split()[:1] == ["biblatex"]:
        findings.packages["biblatex.sty"] = None
    elif name == "include" and value:
        file = value[1:].split('"', maxsplit=1)[0] if value.startswith('"') else value.split()[0]
        file = file.split("::", maxsplit=1)[0]
        if file and not re.search(r"\s(?:src|example)\b", value.replace(file, "", 1)):
            findings.include(file, [file], at, "#+include", base="file")


def _cites(findings: Findings, prose: str) -> None:
    at = 0
    while (cite := _CITE.search(prose, at)) is not None:
        depth, at, end = 1, cite.end(), -1
        for bracket in _BRACKET.finditer(prose, at, at + _MAX_CITE):
            depth += 1 if bracket[0] == "[" else -1
            if prose.startswith("[cite", bracket.start()):
                break  # the one before was never closed
            if not depth:
                end = bracket.start()
                break
        if end < 0:
            findings.problem("scan-unclosed", f"{cite[0]} is not closed", cite.start())
            continue
        syntax = cite[0][1:-1]
        for key in _AT_KEY.finditer(prose, at, end):
            findings.cite(key[1], key.start(1), syntax)
        at = end


def _link(findings: Findings, link: re.Match[str], *, bracket: bool) -> None:
    keys, start = link["keys"], link.start("keys")
    syntax = f"{link['type']}:"
    if "&" in keys:
        for key in _NEW_KEY.finditer(keys):
            findings.cite(key[1] if bracket else key[1].rstrip(".:,!?"), start + key.start(1), syntax)
        return
    at = 0
    for piece in keys.split(","):
        bare = piece.strip() if bracket else piece.strip().rstrip(".:;!?")
        if bare:
            findings.cite(bare, start + at + piece.index(bare), syntax)
        at += len(piece) + 1
