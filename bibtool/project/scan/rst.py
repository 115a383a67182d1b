"""reStructuredText: the roles of sphinxcontrib-bibtex (``:cite:p:`key```), and citations of docutils (``[Key]_``).

Sources: sphinxcontrib-bibtex, "Usage"; docutils, "reStructuredText Markup Specification" (citations, comments, literal
blocks). A ``[Key]_`` whose text is in the document itself (``.. [Key] ...``) needs no entry and is left out.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.base import Findings, blank_out
from bibtool.project.scan.rolekeys import role_keys

if TYPE_CHECKING:
    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_DIRECTIVE = lazy_pattern(r"[ \t]*\.\.[ \t]+(?:\|[^|\r\n]+\|[ \t]+)?(?P<name>[A-Za-z][\w:.+-]*?)::(?P<rest>[^\r\n]*)")
_CITATION = lazy_pattern(r"[ \t]*\.\.[ \t]+\[(?P<label>[^\]\s]+)\](?:\s|$)")
_EXPLICIT = lazy_pattern(r"[ \t]*\.\.(?:[ \t]+(?P<what>\S)|[ \t]*$)")
_LITERAL = frozenset(
    "code code-block sourcecode literalinclude math raw highlight doctest testcode testoutput testsetup graphviz "
    "ipython plot prompt productionlist mermaid digraph uml".split()
)
_INLINE = lazy_pattern(
    r"(?P<escape>\\.)"
    r"|(?P<literal>``(?=[^\s`]|`[^`]))"
    r"|(?P<role>:(?P<name>(?:foot)?cite(?::[a-z]+)?|nocite):`(?P<keys>[^`]{1,20000})`)"
    r"|(?P<other>`[^`\r\n]{1,2000}`(?:__?|:[\w:.-]+:)?)"
    r"|\[(?P<label>[^\W\d_][^\W_]*(?:[-_.:+][^\W_]+)*|\d+(?:[-_.:+]?[^\W_])*[^\W\d_](?:[-_.:+]?[^\W_])*)\]_(?!\w)"
)
# inline markup ends only before white space or punctuation
_LITERAL_END = lazy_pattern(r"(?<=\S)``(?=[\s\-.,;:!?'\")\]}>/\\]|\Z)")
_BLANK_LINE = lazy_pattern(r"(?:\r\n?+|\n)[ \t]*+(?:\r\n?+|\n)")


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a .rst file says."""
    del options
    findings = Findings(source)
    text = _prose(findings)
    ends = [end.start() for end in _LITERAL_END.finditer(text)]
    breaks = [end.start() for end in _BLANK_LINE.finditer(text)]
    at = 0
    while (token := _INLINE.search(text, at)) is not None:
        at = token.end()
        if token["literal"]:
            end = _next(ends, at + 1)
            if end is not None and end < (_next(breaks, at) or len(text)):
                at = end + 2
            continue
        if token["keys"] is not None:
            if _BLANK_LINE.search(token["keys"]):
                continue
            syntax = f":{token['name']}:"
            for key, offset in role_keys(text, *token.span("keys")):
                findings.cite(key, offset, syntax)
        elif token["label"] is not None:
            findings.cite(token["label"], token.start("label"), "[]_", reference=True)
    return findings.result()


def _next(offsets: list[int], at: int) -> int | None:
    index = bisect_left(offsets, at)
    return offsets[index] if index < len(offsets) else None


def _prose(findings: Findings) -> str:
    """The text without literal blocks and comments; notes includes, bibliographies and the citations defined here."""
    text = findings.source.text
    hidden: list[tuple[int, int]] = []
    block = -1  # lines indented by more than this belong to a block that is not text
    bibliography = -1
    for found_line in _LINE.finditer(text):
        line = found_line[0].rstrip("\r\n")
        if not line.strip():
            continue
        indent = len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(8))
        if block >= 0 and indent > block:
            hidden.append(found_line.span())
            continue
        block = -1
        if bibliography >= 0 and indent > bibliography:
            if line.strip() == ":all:":
                findings.cite("*", found_line.start() + line.index(":"), ".. bibliography::")
            continue
        bibliography = -1
        if line.lstrip().startswith((">>> ", "... ")):
            hidden.append(found_line.span())
            continue
        directive = _DIRECTIVE.match(line)
        if directive:
            name = directive["name"].lower()
            if name in _LITERAL:
                block = indent
                hidden.append(found_line.span())
            elif name == "bibliography":
                bibliography = indent
                for path in directive["rest"].split():
                    findings.bibliography(path, found_line.start())
            elif name == "include":
                file = directive["rest"].strip()
                if file and not file.startswith("<"):
                    start = (
                        found_line.start()
                        + directive.start("rest")
                        + len(directive["rest"])
                        - len(directive["rest"].lstrip())
                    )
                    findings.include(file, [file], start, ".. include::", base="file")
        elif citation := _CITATION.match(line):
            findings.labels.add(citation["label"])
        elif explicit := _EXPLICIT.match(line):
            if explicit["what"] not in ("_", "|", "["):
                block = indent
                hidden.append(found_line.span())
        elif line.rstrip().endswith("::"):
            block = indent
    return blank_out(text, hidden, "\n")
