r"""Markdown, Quarto and R Markdown: pandoc's citations, MyST's roles, LaTeX commands inside the text.

The rule for keys is that of pandoc's manual ("Citation syntax"): a letter, digit or ``_``, then letters, digits and
single characters of ``:.#$%&-+?<>~/`` followed by one of these; anything else in braces. Quarto's cross references
(``@fig-x``) are not citations, nor is a reference to a label that the document defines (``@fig:x``, numbered examples).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.base import Findings, blank_out
from bibtool.project.scan.mdblocks import split_blocks
from bibtool.project.scan.rolekeys import role_keys
from bibtool.project.scan.tex import cites_in

if TYPE_CHECKING:
    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions
    from bibtool.project.scan.mdblocks import Blocks

_KEY = lazy_pattern(
    # pandoc accepts no spaces in a key, not even in braces
    r"@(?:\{(?P<braced>[^\s{}\\]*+(?:\{[^\s{}\\]*+\}[^\s{}\\]*+)*+)\}|"
    r"(?P<key>[^\W_]|[_*])(?P<rest>(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*+))"
)
# https://quarto.org/docs/authoring/cross-references.html and .../cross-references-divs.html
_CROSS = lazy_pattern(
    r"(?:[Ff]ig|[Tt]bl|[Ll]st|[Ss]ec|[Ee]q|[Tt]hm|[Ll]em|[Cc]or|[Pp]rp|[Cc]nj|[Dd]ef|[Ee]xm|[Ee]xr|[Ss]ol|[Rr]em|[Aa]lg|"
    r"[Tt]ip|[Nn]te|[Ww]rn|[Ii]mp|[Cc]au|[Aa]pdx|[Ss]upp|[Vv]id)-."
)
# pandoc-crossref and bookdown; Quarto's cells have labels of this form, too
_MAYBE_LABEL = lazy_pattern(r"(?:fig|tbl|tab|eq|eqn|sec|lst|thm|lem|cor|prp|def|exm|exr|ch|ex)[:-]", re.IGNORECASE)
_INLINE = lazy_pattern(
    r"(?P<escape>\\[^\w\s])"
    r"|(?P<role>\{(?:foot)?cite(?::[a-z]+)?\}`[^`\r\n]*+`)"
    r"|(?P<ticks>`+)"
    r"|(?P<dollars>\$\$?)"
    r"|(?P<url>(?<![@{\w])(?:https?|ftp)://[^\s<>\"`{}]*+|\bmailto:[^\s<>\"`{})]*+)"
    r"|(?P<definition>^[ ]{0,3}\[(?![\^@])[^\[\]\r\n]{1,300}\]:[ \t]+(?=[^\s@])\S++)"
    r"|(?P<target>\]\([ \t]*(?:<[^<>\r\n]*+>|[^\s()@]*+(?:\([^\s()]*+\)[^\s()]*+|@[^\s()]*+)*+)(?=[\s)]))"
    r"|(?P<angle><[^\s<>@]++@[^\s<>]++>|<[A-Za-z][A-Za-z0-9+.-]*+:[^\s<>]*+>)"
    r"|(?P<tag></?[A-Za-z][\w-]*+(?:\s++[\w:.-]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+)*+\s*+/?>)"
    r"|(?P<attributes>(?<!@)\{[ \t]*[#.][^{}]*+\})"
    r"|(?P<include>\{\{<\s*include\s+(?P<file>[^\s<>]++)\s*>\}\})",
    re.MULTILINE,
)
_PARAGRAPH_END = lazy_pattern(r"(?:\r\n?+|\n)[ \t>]*+(?:\r\n?+|\n)")
_ATTRIBUTE_ID = lazy_pattern(r"#([\w:.-]+)")
_FRONT_KEY = lazy_pattern(r"^(?P<name>[A-Za-z][\w-]*)[ \t]*:(?P<rest>[^\r\n]*)", re.MULTILINE)
_FRONT_COMMENT = lazy_pattern(r"(?:^|[ \t])#[^\r\n]*", re.MULTILINE)
# fields of the front matter that are text with citations
_FRONT_TEXT = frozenset("nocite abstract title subtitle description summary thanks dedication acknowledgements".split())
# the value of a field as YAML has it: a word, a list in brackets, or a list with a dash before each
_PATH = lazy_pattern(
    r"(?:(?<=\n)|(?<=\r))[ \t]*-(?=[ \t])|'(?P<quoted>[^'\r\n]+)'|\"(?P<double>[^\"\r\n]+)\"|(?P<bare>[^\s,\[\]\"']+)"
)


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a Markdown file says."""
    findings = Findings(source)
    blocks = split_blocks(source.text)
    findings.labels |= blocks.labels
    hidden = list(blocks.hidden)
    if blocks.front:
        hidden.append((0, blocks.front[1]))
    hidden.sort()
    prose = blank_out(source.text, hidden, "\n")
    prose = _Inline(findings, prose).run()
    _keys(findings, prose, 0, len(prose), blocks)
    if blocks.front:
        _front(findings, *blocks.front, blocks)
    for name, offset in blocks.children:
        findings.include(name, [name], offset, "child", base="file")
    cites_in(findings, prose, options.commands)
    return findings.result()


def _keys(findings: Findings, text: str, start: int, end: int, blocks: Blocks) -> None:
    last = -1  # where the citation before ended: another one may follow at once
    for hit in _KEY.finditer(text, start, end):
        at = hit.start()
        signed = at > start and text[at - 1] == "-"  # -@key: without the author; after a word it is a hyphen
        if not signed and at != last and _is_word_before(text, at):
            continue
        last = hit.end()
        braced = hit["braced"]
        key = braced if braced is not None else hit["key"] + hit["rest"]
        if not key.strip():
            continue
        offset = hit.start("braced") if braced is not None else hit.start("key")
        if _CROSS.match(key) or key in blocks.examples:
            continue
        sign = "-@" if signed and not _is_word_before(text, at - 1) else "@"
        findings.cite(key, offset, sign, reference=bool(_MAYBE_LABEL.match(key)))


def _is_word_before(text: str, at: int) -> bool:
    """Whether a word ends here for pandoc: a letter, digit or single dot, perhaps followed by ``_``."""
    before = at - 1
    if before < 0:
        return False
    last = text[before]
    if last == ".":
        return not text.endswith("...", 0, at)
    if last == "_" and before:
        last = text[before - 1]
    return last.isalnum()


class _Inline:
    """Overwrites what is not text in paragraphs (code, math, links, tags), and notes roles and files on the way."""

    def __init__(self, findings: Findings, text: str) -> None:
        self.findings = findings
        self.text = text
        self.spans: list[tuple[int, int]] = []
        self.ends = [end.start() for end in _PARAGRAPH_END.finditer(text)]
        self.runs: dict[int, list[int]] = {}  # offsets of the runs of backticks, by their length
        for run in re.finditer(r"`+", text):
            self.runs.setdefault(len(run[0]), []).append(run.start())

    def run(self) -> str:
        at = 0
        while (token := _INLINE.search(self.text, at)) is not None:
            at = getattr(self, f"_{token.lastgroup}")(token)
        return blank_out(self.text, self.spans, " ")

    def _skip(self, start: int, end: int) -> int:
        self.spans.append((start, end))
        return end

    def _paragraph_end(self, at: int) -> int:
        index = bisect_left(self.ends, at)
        return self.ends[index] if index < len(self.ends) else len(self.text)

    def _role(self, token: re.Match[str]) -> int:
        tick = token[0].index("`")
        start = token.start() + tick + 1
        for key, offset in role_keys(self.text, start, token.end() - 1):
            self.findings.cite(key, offset, token[0][:tick])
        return self._skip(*token.span())

    def _ticks(self, token: re.Match[str]) -> int:
        same = self.runs.get(len(token[0]), [])
        index = bisect_left(same, token.end())
        if index < len(same) and same[index] < self._paragraph_end(token.end()):
            return self._skip(token.start(), same[index] + len(token[0]))
        return token.end()

    def _dollars(self, token: re.Match[str]) -> int:
        mark, start = token[0], token.end()
        end = self.text.find(mark, start, self._paragraph_end(start))
        if end <= start:
            return token.end()
        if mark == "$" and (
            self.text[start].isspace() or self.text[end - 1].isspace() or self.text[end + 1 : end + 2].isdigit()
        ):
            return token.end()
        return self._skip(token.start(), end + len(mark))

    def _url(self, token: re.Match[str]) -> int:
        return self._skip(*token.span())

    _escape = _definition = _angle = _tag = _url

    def _target(self, token: re.Match[str]) -> int:
        return self._skip(token.start() + 1, token.end())

    def _attributes(self, token: re.Match[str]) -> int:
        self.findings.labels.update(match[1] for match in _ATTRIBUTE_ID.finditer(token[0]))
        return self._skip(*token.span())

    def _include(self, token: re.Match[str]) -> int:
        name = token["file"].strip("\"'")
        self.findings.include(name, [name], token.start("file"), "{{< include >}}", base="file")
        return self._skip(*token.span())


# -- front matter ------------------------------------------------------------------------------------------------------


def _front(findings: Findings, start: int, end: int, blocks: Blocks) -> None:
    """Citations in the fields that are text, and bibliographies."""
    text = findings.source.text
    fields = list(_FRONT_KEY.finditer(text, start, end))
    plain = blank_out(text[:end], (match.span() for match in _FRONT_COMMENT.finditer(text, start, end)), " ")
    for number, field in enumerate(fields):
        stop = fields[number + 1].start() if number + 1 < len(fields) else end
        begin = field.start("rest")
        is_block = field["rest"].strip()[:1] in ("|", ">")
        name = field["name"].lower()
        if name in _FRONT_TEXT:
            _keys(findings, text if is_block else plain, begin, stop, blocks)
        elif name == "bibliography":
            for path in _PATH.finditer(plain, begin, stop):
                findings.bibliography(path["quoted"] or path["double"] or path["bare"] or "", path.start())
