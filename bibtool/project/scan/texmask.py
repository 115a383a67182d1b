r"""LaTeX with what is not read as text overwritten: comments, verbatim text, ``\iffalse``, everything after the end.

The mask has the length of the text, so offsets are valid in both; overwritten characters are ``\0``. It
approximates TeX without running it: both branches of conditionals other than ``\iffalse`` are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.base import blank_out
from bibtool.project.scan.texcommands import VERBATIM

if TYPE_CHECKING:
    from bibtool.project.scan.base import Findings

FILLER = "\0"
_MAX_INLINE = 2_000  # characters of \verb|...|

_BRACES = r"\{[^{}\r\n]*+(?:\{[^{}\r\n]*+\}[^{}\r\n]*+)*+\}"
# each of these begins with one character, which lets the engine skip quickly to the next
_TOKEN = lazy_pattern(
    r"\\(?:(?P<escape>[^A-Za-z@])"
    r"|(?P<verb>(?:verb|Verb|lstinline|mintinline)(?![A-Za-z@])\*?)"
    rf"|(?P<url>(?:url|nolinkurl|path|href|hyperimage)(?![A-Za-z@])\*?[ \t]*(?={_BRACES}))"
    r"|begin[ \t]*\{(?P<begin>[A-Za-z]+\*?)\}"
    r"|(?P<document>end[ \t]*\{document\})"
    r"|(?P<endinput>endinput)(?![A-Za-z@])"
    r"|newif[ \t]*\\(?P<newif>if[A-Za-z@]+)"
    r"|(?P<iffalse>iffalse)(?![A-Za-z@])"
    r"|(?P<fi>fi)(?![A-Za-z@])"
    r"|(?P<conditional>if[A-Za-z@]*))"
)
_COMMENT = lazy_pattern(r"%(?P<comment>[^\r\n]*+(?:(?:\r\n|\r|\n)[ \t]*+)?)")
_CHUNK = lazy_pattern(r"<(?P<chunk>(?<=^<)<[^\r\n]*>>=[ \t]*$)", re.MULTILINE)
_SKIPPED = lazy_pattern(
    r"\\[^A-Za-z@]|%[^\r\n]*+|\\(?P<open>if[A-Za-z@]*)|\\(?P<close>fi|else|or)(?![A-Za-z@])",
)
_URL = lazy_pattern(_BRACES)
_CHILD = lazy_pattern(r"\bchild\s*=\s*(?:c\(\s*)?[\"']([^\"']+)[\"']")
_CHUNK_END = lazy_pattern(r"^@[^\r\n]*$", re.MULTILINE)
_DEFINED_VERBATIM = lazy_pattern(
    r"\\(?:excludecomment|lstnewenvironment|DefineVerbatimEnvironment|newverbatim|newtcblisting|newenvironment\s*\{comment)"
    r"\s*(?:\[[^\[\]\r\n]*+\]\s*)?\{(?P<name>[A-Za-z]+\*?)\}"
    r"|\\newminted\s*(?:\[(?P<alias>[A-Za-z]+)\]|\{(?P<language>[A-Za-z]+)\})"
)
# parts of these commands: few documents have any, and then the pattern need not be compiled
_VERBATIM_DEFINERS = ("comment", "lstnew", "erbatim", "newtcblisting", "newminted")
_OPTION = lazy_pattern(r"\[[^\[\]\r\n]*+\]")

# the conditionals of the engines; packages define others with \newif, and macros called \if... that take arguments
_PRIMITIVES = frozenset(
    """
    if ifcat ifnum ifdim ifodd ifvmode ifhmode ifmmode ifinner ifvoid ifhbox ifvbox ifx ifeof iftrue iffalse ifcase
    ifdefined ifcsname iffontchar ifincsname ifabsnum ifabsdim ifpdf ifxetex ifluatex ifpdftex iftutex ifPDFTeX
    ifXeTeX ifLuaTeX if@twocolumn if@twoside if@filesw if@tempswa if@draft if@final
    """.split()
)


def _defined_verbatim(text: str) -> set[str]:
    """The verbatim environments that a text defines."""
    if not any(definer in text for definer in _VERBATIM_DEFINERS):
        return set()
    return {
        f"{match['language']}code" if match["language"] else match["name"] or match["alias"]
        for match in _DEFINED_VERBATIM.finditer(text)
    }


def mask(findings: Findings, *, sweave: bool = False) -> str:
    """The text of the file with everything overwritten that LaTeX would not read; ``sweave``: chunks of R too."""
    return _Masker(findings, sweave=sweave).run()


class _Masker:
    def __init__(self, findings: Findings, *, sweave: bool) -> None:
        self.findings = findings
        self.text = findings.source.text
        self.sweave = sweave
        self.spans: list[tuple[int, int]] = []
        self.verbatim = VERBATIM | _defined_verbatim(self.text)
        self.conditionals = set(_PRIMITIVES)
        self.open_conditionals = 0
        self.without_end: set[str] = set()

    def run(self) -> str:
        text = self.text
        kinds = [pattern.search for pattern, mark in ((_TOKEN, "\\"), (_COMMENT, "%"), (_CHUNK, "<<")) if mark in text]
        following = [search(text) for search in kinds]  # the next one of each kind
        at = 0
        while True:
            first = None
            for index, search in enumerate(kinds):
                token = following[index]
                if token is not None and token.start() < at:
                    token = following[index] = search(text, at)
                if token is not None and (first is None or token.start() < first.start()):
                    first = token
            if first is None:
                break
            at = getattr(self, f"_{first.lastgroup}")(first)
        return blank_out(self.text, self.spans, FILLER)

    def _skip(self, start: int, end: int) -> int:
        self.spans.append((start, end))
        return end

    def _escape(self, token: re.Match[str]) -> int:
        return token.end()

    def _comment(self, token: re.Match[str]) -> int:
        return self._skip(*token.span())

    def _verb(self, token: re.Match[str]) -> int:
        at = token.end()
        name = token["verb"].rstrip("*")
        if name in ("lstinline", "mintinline") and (option := _OPTION.match(self.text, at)):
            at = option.end()
        if name == "mintinline":
            if not (language := _URL.match(self.text, at)):
                return token.end()
            at = language.end()
        delimiter = self.text[at : at + 1]
        if name != "verb" and delimiter == "{":
            braces = _URL.match(self.text, at)
            return self._skip(token.start(), braces.end()) if braces else token.end()
        if not delimiter or delimiter.isspace() or delimiter == "*" or (delimiter.isascii() and delimiter.isalpha()):
            return token.end()
        end = self.text.find(delimiter, at + 1, at + 1 + _MAX_INLINE)
        if end < 0 or "\n" in self.text[at:end] or "\r" in self.text[at:end]:
            self.findings.problem("scan-unclosed", f"\\{name}{delimiter} is not closed on its line", token.start())
            return token.end()
        return self._skip(token.start(), end + 1)

    def _url(self, token: re.Match[str]) -> int:
        braces = _URL.match(self.text, token.end())
        return self._skip(*braces.span()) if braces else token.end()

    def _begin(self, token: re.Match[str]) -> int:
        name = token["begin"]
        if name not in self.verbatim:
            return token.end()
        mark = f"\\end{{{name}}}"
        end = -1 if name in self.without_end else self.text.find(mark, token.end())
        if end < 0:
            # LaTeX would stop there; to read on is the way to lose nothing
            if name not in self.without_end:
                self.findings.problem("scan-unclosed", f"\\begin{{{name}}} has no {mark}", token.start())
            self.without_end.add(name)
            return token.end()
        self._skip(token.end(), end)
        return end + len(mark)

    def _document(self, token: re.Match[str]) -> int:
        return self._skip(token.end(), len(self.text))

    def _endinput(self, token: re.Match[str]) -> int:
        line = max(self.text.rfind("\n", 0, token.start()), self.text.rfind("\r", 0, token.start())) + 1
        before = self.text[line : token.start()]
        if self.open_conditionals or "{" in before:
            return token.end()  # \ifx...\endinput\fi, or the body of a macro: perhaps never run
        end = re.compile(r"[\r\n]").search(self.text, token.end())
        return self._skip(end.start(), len(self.text)) if end else len(self.text)

    def _newif(self, token: re.Match[str]) -> int:
        self.conditionals.add(token["newif"])
        return token.end()

    def _conditional(self, token: re.Match[str]) -> int:
        if token["conditional"] in self.conditionals:
            self.open_conditionals += 1
        return token.end()

    def _fi(self, token: re.Match[str]) -> int:
        self.open_conditionals = max(0, self.open_conditionals - 1)
        return token.end()

    def _iffalse(self, token: re.Match[str]) -> int:
        depth = 1
        for inner in _SKIPPED.finditer(self.text, token.end()):
            if inner["open"]:
                depth += inner["open"] in self.conditionals
            elif inner["close"] == "fi":
                depth -= 1
                if not depth:
                    return self._skip(token.end(), inner.end())
            elif inner["close"] == "else" and depth == 1:
                self.open_conditionals += 1
                return self._skip(token.end(), inner.end())
        self.findings.problem("scan-unclosed", "\\iffalse has no \\fi; the rest of the file is skipped", token.start())
        return self._skip(token.end(), len(self.text))

    def _chunk(self, token: re.Match[str]) -> int:
        if not self.sweave:
            return token.end()
        for child in _CHILD.finditer(token[0]):
            name = child[1]
            self.findings.include(name, [name], token.start() + child.start(1), "child", base="file")
        end = _CHUNK_END.search(self.text, token.end())
        return self._skip(token.start(), end.end() if end else len(self.text))
