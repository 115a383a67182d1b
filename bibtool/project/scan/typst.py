"""Typst: ``@key``, ``#cite(<key>)``; labels of the document itself are not citations.

Follows the lexer of the compiler: markup, code and math take turns, and each reads ``"``, ``@`` and ``<`` in its own
way (https://typst.app/docs/reference/syntax/). ``@x`` and ``#ref(<x>)`` are references, which are citations only where
the document has no label of that name; ``#cite`` always is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LINE_END
from bibtool.problems import Severity
from bibtool.project.scan.base import Findings

if TYPE_CHECKING:
    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_NAME = r"[\w:.\-]"
_COMMON = r"(?P<line>//[^\r\n]*+)|(?P<block>/\*)|(?P<raw>`+)|(?P<dollar>\$)"
_MARKUP = lazy_pattern(
    rf"(?P<escape>\\.)|(?P<url>https?://[0-9a-zA-Z!#$%&*+,\-./:;=?@_~']*+)|{_COMMON}|(?P<hash>#)"
    rf"|(?P<reference>@(?=\w)(?P<key>{_NAME}++))|(?P<label><(?P<name>{_NAME}++)>)|(?P<open>\[)|(?P<close>\])",
    re.DOTALL,
)
_CODE = lazy_pattern(
    rf"(?P<string>\"(?:[^\"\\]|\\.)*+(?:\"|\Z))|{_COMMON}|(?P<label><(?P<name>{_NAME}++)>)"
    r"|(?P<call>(?:[^\W\d]|_)[\w-]*+(?=[(\[]))|(?P<word>(?:[^\W\d]|_)[\w-]*+)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<end>[\r\n;])|(?P<comma>[,:])",
    re.DOTALL,
)
_MATH = lazy_pattern(rf"(?P<escape>\\.)|(?P<string>\"(?:[^\"\\]|\\.)*+(?:\"|\Z))|{_COMMON}|(?P<hash>#)", re.DOTALL)
_BLOCK_MARK = lazy_pattern(r"/\*|\*/")
_WORD = lazy_pattern(r"(?:[^\W\d]|_)[\w-]*+")
_FIELD = lazy_pattern(r"\.(?:[^\W\d]|_)[\w-]*+")
_ELSE = lazy_pattern(r"\s*+else\b")
_MAIL_END = lazy_pattern(r"\.[A-Za-z]{2,}$")
_STATEMENTS = frozenset({"let", "set", "show", "import", "include", "return", "context", "if", "for", "while"})
_BRANCHES = frozenset({"if", "for", "while"})
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_FULL = lazy_pattern(r"[ \t]*+:[ \t]*+true\b")
_LABEL_CALL = lazy_pattern(r"label\(\s*\"((?:[^\"\\]|\\.)*+)\"")


class _Frame:
    """What is open: ``kind`` is markup, "[" inside markup, code (``(``, ``{``), math, statement or chain.

    ``call`` is the function whose arguments are inside; ``named`` is set after the colon of an argument's name.
    """

    __slots__ = ("call", "kind", "named", "start")

    def __init__(self, kind: str, start: int, call: str = "") -> None:
        self.kind = kind
        self.start = start
        self.call = call
        self.named = False


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a .typ file says."""
    findings = Findings(source)
    _Reader(findings, frozenset({"cite", *options.commands})).run()
    return findings.result()


class _Reader:
    def __init__(self, findings: Findings, cites: frozenset[str]) -> None:
        self.findings = findings
        self.text = findings.source.text
        self.cites = cites
        self.stack = [_Frame("markup", 0)]
        self.call = ""

    def run(self) -> None:
        """Read the whole file."""
        at = 0
        patterns = {"markup": _MARKUP, "[": _MARKUP, "math": _MATH}
        while True:
            frame = self.stack[-1]
            if frame.kind == "chain":
                at = self._chain(at)
                continue
            token = patterns.get(frame.kind, _CODE).search(self.text, at)
            if token is None:
                break
            kind = str(token.lastgroup)
            if patterns.get(frame.kind, _CODE) is _CODE:
                at = self._code(token, kind, frame)
            else:
                at = self._text(token, kind, frame)
        for frame in self.stack[1:]:
            if frame.kind not in ("statement", "chain"):
                what = "$" if frame.kind == "math" else "[" if frame.kind == "markup" else frame.kind
                self.findings.problem(
                    "scan-unclosed", f"this {what} is not closed", max(0, frame.start - 1), severity=Severity.WARNING
                )
                break

    # -- what all modes share --------------------------------------------------------------------------------------

    def _shared(self, token: re.Match[str], kind: str, frame: _Frame) -> int:
        if kind == "block":
            depth = 0
            for mark in _BLOCK_MARK.finditer(self.text, token.start()):
                depth += 1 if mark[0] == "/*" else -1
                if not depth:
                    return mark.end()
            return len(self.text)
        if kind == "raw":
            return self._raw(token)
        if kind == "dollar":
            if frame.kind == "math":
                self.stack.pop()
            else:
                self.stack.append(_Frame("math", token.end()))
        return token.end()

    def _raw(self, token: re.Match[str]) -> int:
        """The offset after raw text: it ends with as many backticks as it began with; two are empty raw text."""
        length = len(token[0])
        if length == 2:
            return token.end()
        mark = "`" * length
        end = self.text.find(mark, token.end())
        if end < 0:
            self.findings.problem("scan-unclosed", "raw text is not closed", token.start())
            return len(self.text)
        return end + length

    # -- markup and math -------------------------------------------------------------------------------------------

    def _text(self, token: re.Match[str], kind: str, frame: _Frame) -> int:
        if kind == "hash":
            return self._expression(token.end())
        if kind == "reference":
            return self._reference(token)
        if kind == "label":
            self.findings.labels.add(token["name"])
        elif kind == "open":
            self.stack.append(_Frame("[", token.end()))
        elif kind == "close":
            if len(self.stack) > 1:
                self.stack.pop()
                return self._after(token.end()) if frame.kind == "markup" else token.end()
        elif kind not in ("escape", "url", "string", "line"):
            return self._shared(token, kind, frame)
        return token.end()

    def _reference(self, token: re.Match[str]) -> int:
        key = token["key"].rstrip(".:")
        before = self.text[token.start() - 1 : token.start()]
        if before.isalnum() and _MAIL_END.search(key):
            return token.end()  # an address; the compiler would take it for a reference and complain
        self.findings.cite(key, token.start("key"), "@", reference=True)
        return token.start("key") + len(key)

    def _expression(self, at: int) -> int:
        """The offset after the first word or bracket of the code that follows a ``#``."""
        mark = self.text[at : at + 1]
        if mark in ("(", "{", "["):
            self.stack += [_Frame("chain", at), _Frame("markup" if mark == "[" else mark, at + 1)]
            return at + 1
        if mark == '"':
            string = _CODE.match(self.text, at)
            return string.end() if string else at + 1
        word = _WORD.match(self.text, at)
        if word is None:
            return at
        if word[0] in _STATEMENTS:
            self.stack.append(_Frame("statement", at, word[0]))
            return word.end()
        self.stack.append(_Frame("chain", at))
        self.call = word[0]
        return word.end()

    def _chain(self, at: int) -> int:
        """Calls, content blocks and fields that follow directly belong to the expression; anything else ends it."""
        mark = self.text[at : at + 1]
        if mark in ("(", "["):
            self._open(mark, at)
            return at + 1
        if field := _FIELD.match(self.text, at):
            self.call = field[0][1:]
            return field.end()
        self.stack.pop()
        return at

    def _open(self, mark: str, at: int) -> None:
        self.stack.append(_Frame("markup" if mark == "[" else mark, at + 1, self.call))
        self.call = ""

    # -- code ------------------------------------------------------------------------------------------------------

    def _code(self, token: re.Match[str], kind: str, frame: _Frame) -> int:
        if kind == "call":
            if (
                token[0] == "label"
                and frame.call in self.cites
                and (label := _LABEL_CALL.match(self.text, token.start()))
            ):
                self._cite(label[1], label.start(1), frame)
                return label.end()
            self.call = token[0]
            self._open(self.text[token.end()], token.end())
            return token.end() + 1
        if kind == "open":
            # an array of names is an argument like a single one
            self.call = frame.call if token[0] == "(" and frame.kind == "(" and frame.call == "bibliography" else ""
            self._open(token[0], token.start())
        elif kind == "close":
            return self._close(token, frame)
        elif kind == "label":
            if frame.call in self.cites:
                self._cite(token["name"], token.start("name"), frame)
            elif frame.call == "ref":
                self.findings.cite(token["name"], token.start("name"), "#ref", reference=True)
        elif kind == "string":
            self._string(token, frame)
        elif kind == "comma":
            frame.named = token[0] == ":"
        elif kind == "end":
            if frame.kind == "statement" and not self._goes_on(frame, token):
                self.stack.pop()
        elif kind == "word":
            if frame.call == "bibliography" and token[0] == "full" and _FULL.match(self.text, token.end()):
                self.findings.cite("*", token.start(), "#bibliography")
            if frame.kind != "statement" and token[0] in ("import", "include"):
                self.stack.append(_Frame("statement", token.start(), token[0]))
        elif kind != "line":
            return self._shared(token, kind, frame)
        return token.end()

    def _goes_on(self, frame: _Frame, token: re.Match[str]) -> bool:
        return frame.call in _BRANCHES and token[0] != ";" and bool(_ELSE.match(self.text, token.end()))

    def _cite(self, key: str, at: int, frame: _Frame) -> None:
        if not frame.named and key == key.strip() and not LINE_END.search(key):  # else no entry can have it
            self.findings.cite(key, at, f"#{frame.call}")

    def _string(self, token: re.Match[str], frame: _Frame) -> None:
        if len(token[0]) < 2 or token[0][-1] != '"':
            self.findings.problem("scan-unclosed", "this string is not closed", token.start())
            return
        content = token[0][1:-1]
        at = token.start() + 1
        if frame.kind == "statement" and frame.call in ("include", "import"):
            if not content.startswith("@"):  # a package
                self.findings.include(content, [content], at, f"#{frame.call}", base="file")
        elif (frame.call == "bibliography" and not frame.named) or content.endswith(".bib"):
            # templates take the file as an argument, in a name of their own: #show: paper.with(bib-file: "refs.bib")
            self.findings.bibliography(content, at)
        elif frame.call in self.cites:
            self._cite(content, at, frame)

    def _close(self, token: re.Match[str], frame: _Frame) -> int:
        mark = token[0]
        if frame.kind == "statement":
            self.stack.pop()
            return token.start()  # it closes what surrounds the statement
        if _CLOSERS.get(frame.kind) == mark:
            self.stack.pop()
        elif mark == "]" and any(outer.kind in ("markup", "[") for outer in self.stack[-3:-1]):
            self.stack.pop()  # a parenthesis that was never closed
            return token.start()
        return self._after(token.end())

    def _after(self, at: int) -> int:
        """The offset after a bracket; a statement ends with the body of a loop or branch."""
        frame = self.stack[-1]
        if frame.kind == "statement" and frame.call in _BRANCHES and self.text[at - 1] in "]}":
            following = _ELSE.match(self.text, at)
            if following:
                return following.end()
            self.stack.pop()
        return at
