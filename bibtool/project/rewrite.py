"""Citation keys in documents: where they stand, and the same document with other keys.

Only keys in citations count: arguments of citation commands in LaTeX, ``@key`` in Markdown (pandoc's syntax,
https://pandoc.org/MANUAL.html#citation-syntax) and Typst (https://typst.app/docs/reference/model/ref/). Comments,
verbatim text, code, addresses and prose are passed over. All other bytes stay as they are, whatever the encoding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SYNTAX_OF: Final[Mapping[str, str]] = {
    ".tex": "tex", ".ltx": "tex", ".sty": "tex", ".cls": "tex", ".rnw": "tex", ".tikz": "tex",
    ".md": "markdown", ".markdown": "markdown", ".qmd": "markdown", ".rmd": "markdown", ".typ": "typst",
}  # fmt: skip


class Cited(NamedTuple):
    """One key in a citation: its span in the text, and the key."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """One key that was replaced; line and column (in characters) count from 1. ``new`` is "" for one taken out."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new bytes, and what was replaced, in the order of the document."""

    data: bytes
    replacements: tuple[Replacement, ...] = ()


def syntax_of(path: str) -> str:
    """``tex``, ``markdown`` or ``typst`` by the suffix; raises `UsageError` for another one."""
    dot = path.rfind(".")
    suffix = path[dot:].lower() if dot >= 0 else ""
    if suffix not in SYNTAX_OF:
        raise UsageError(
            f"{path}: keys can't be found in this sort of file", hint="known are " + ", ".join(sorted(SYNTAX_OF))
        )
    return SYNTAX_OF[suffix]


def decode(data: bytes) -> str:
    """The text of a document; bytes that are not UTF-8 become lone surrogates, so that `encode` gives them back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of `decode`'s text."""
    return text.encode("utf-8", "surrogateescape")


def citations(text: str, syntax: str) -> Iterator[Cited]:
    """The keys that a document cites, in its order, repeated ones too."""
    if syntax == "tex":
        for group in _tex(text):
            yield from group
    elif syntax == "markdown":
        yield from _markdown(text)
    else:
        yield from _typst(text)


def rewrite(data: bytes, syntax: str, mapping: Mapping[str, str]) -> Rewritten:
    """The document with the new keys. A key that is then twice in one LaTeX citation is taken out of it.

    Doing it again changes nothing, as long as no new key is an old one too.
    """
    text = decode(data)
    edits: list[tuple[int, int, str, str]] = []
    if syntax == "tex":
        for group in _tex(text):
            edits += _group_edits(text, group, mapping)
    else:
        edits = [
            (one.start, one.end, one.key, mapping[one.key]) for one in citations(text, syntax) if one.key in mapping
        ]
    parts: list[str] = []
    replacements: list[Replacement] = []
    at = line = 0
    line_start = 0
    for start, end, old, new in edits:
        passed = text[at:start]
        if "\n" in passed:
            line += passed.count("\n")
            line_start = at + passed.rfind("\n") + 1
        replacements.append(Replacement(line + 1, start - line_start + 1, old, new))
        parts += [passed, new]
        between = text[start:end]
        if "\n" in between:
            line += between.count("\n")
            line_start = start + between.rfind("\n") + 1
        at = end
    parts.append(text[at:])
    return Rewritten(encode("".join(parts)), tuple(replacements))


def _group_edits(text: str, group: list[Cited], mapping: Mapping[str, str]) -> list[tuple[int, int, str, str]]:
    """The edits of the keys of one command; a key that the mapping makes a double goes, with the comma before it."""
    present = {one.key for one in group if one.key not in mapping}
    edits = []
    for place, one in enumerate(group):
        if one.key not in mapping:
            continue
        new = mapping[one.key]
        if new in present and place:
            begin = text.rfind(",", group[place - 1].end, one.start)
            if begin >= 0 and "%" not in text[begin : one.start]:
                edits.append((begin, one.end, one.key, ""))
                continue
        elif new in present and len(group) > 1:
            stop = text.find(",", one.end, group[1].start)
            if stop >= 0 and "%" not in text[one.end : stop]:
                gap = stop + 1
                while gap < group[1].start and text[gap] in " \t":
                    gap += 1
                edits.append((one.start, gap, one.key, ""))
                continue
        present.add(new)
        edits.append((one.start, one.end, one.key, new))
    return edits


# ---- LaTeX ----------------------------------------------------------------------------------------------------------

# natbib, biblatex and jurabib: every command with "cite" in its name but those that set something up
_NO_CITE = re.compile(
    r"(?:setcite|citestyle|declarecite|newcite|renewcite|citesetup|citeindex|citetracker|citereset|citedelim|"
    r"citepunct|citesep|citenumfont|citeleft|citeright|citemid|citeform|ifcite|mkcite|excite)",
    re.IGNORECASE,
)
_TEX_TOKEN = re.compile(r"%[^\r\n]*|\\(?:[A-Za-z@]+\*?|.)", re.DOTALL)
_VERBATIM = frozenset(
    (
        "verbatim verbatim* Verbatim BVerbatim LVerbatim lstlisting minted comment alltt filecontents filecontents* "
        "verbatimtab lstcode sourcecode pygmented"
    ).split()
)
_FI = re.compile(r"\\(?:fi|else)(?![A-Za-z@])")
_BEGIN = re.compile(r"[ \t]*\{([A-Za-z]+\*?)\}")
# white space, and the overlay of a beamer slide
_OPTIONAL = re.compile(r"(?:<[^<>\r\n]{0,40}>)?[ \t]*(?:\r?\n[ \t]*)?(?=[\[({])")
_KEY_IN_LIST = re.compile(r"[^\s,%{}\\#]+")
_MANY_LEADING = {
    "volcite": 1,
    "fvolcite": 1,
    "pvolcite": 1,
    "tvolcite": 1,
    "avolcite": 1,
    "svolcite": 1,
    "ftvolcite": 1,
}
_BEFORE_KEY = {"foreigntextcquote": 1, "foreignblockcquote": 1, "hyphentextcquote": 1, "hyphenblockcquote": 1}
_OTHER_COMMANDS = frozenset(
    "bibentry textcquote blockcquote hybridblockcquote foreigntextcquote foreignblockcquote hyphentextcquote "
    "hyphenblockcquote".split()
)
_MAX_KEYS = 20_000  # characters in the braces of a citation
_MAX_NOTE = 1000  # characters in one of its brackets


def _tex(text: str) -> Iterator[list[Cited]]:
    """The keys of each argument of a citation command."""
    at = 0
    while (found := _TEX_TOKEN.search(text, at)) is not None:
        at = found.end()
        token = found[0]
        if token[0] == "%":
            continue
        name = token[1:]
        if name in ("verb", "verb*", "lstinline", "mintinline"):
            at = _behind_verb(text, at, name)
        elif name == "begin" and (opened := _BEGIN.match(text, at)) and opened[1] in _VERBATIM:
            end = text.find(f"\\end{{{opened[1]}}}", opened.end())
            at = end if end >= 0 else len(text)
        elif name == "iffalse":
            closed = _FI.search(text, at)
            at = closed.end() if closed else len(text)
        elif _is_citation(name.rstrip("*")):
            for group, stop in _arguments(text, at, name.rstrip("*")):
                at = stop
                yield group


def _is_citation(name: str) -> bool:
    lower = name.lower()
    return ("cite" in lower and not _NO_CITE.match(lower)) or lower in _OTHER_COMMANDS


def _behind_verb(text: str, at: int, name: str) -> int:
    """The offset behind inline verbatim text."""
    if name in ("lstinline", "mintinline"):
        if text[at : at + 1] == "[":
            close = text.find("]", at, at + 500)
            at = close + 1 if close >= 0 else at
        if name == "mintinline" and text[at : at + 1] == "{":
            close = text.find("}", at, at + 100)
            at = close + 1 if close >= 0 else at
    mark = text[at : at + 1]
    if not mark or mark in "\r\n":
        return at
    line_end = text.find("\n", at, at + _MAX_NOTE)
    closing = "}" if mark == "{" and name in ("lstinline", "mintinline") else mark
    close = text.find(closing, at + 1, line_end if line_end >= 0 else at + _MAX_NOTE)
    return close + 1 if close >= 0 else at


def _arguments(text: str, at: int, name: str) -> Iterator[tuple[list[Cited], int]]:
    """The keys of the arguments of one command, and the offset behind each; several for commands like "cites"."""
    lower = name.lower()
    skipped = _MANY_LEADING.get(lower, 0) + _BEFORE_KEY.get(lower, 0)
    many = lower.endswith("cites")
    while True:
        start = _OPTIONAL.match(text, at)
        if start is None:
            return
        at = start.end()
        if text[at] in "[(":
            if text[at] == "(" and not many:
                return
            stop = _close(text, at)
            if stop < 0:
                return
            at = stop + 1
            continue
        stop = _close(text, at)
        if stop < 0:
            return
        if skipped:
            skipped -= 1
            at = stop + 1
            continue
        yield _keys_between(text, at + 1, stop), stop + 1
        at = stop + 1
        if not many:
            return


_CLOSING = {"[": "]", "(": ")", "{": "}"}
_BRACKET = re.compile(r"\\.|%[^\r\n]*|[\[\](){}]", re.DOTALL)


def _close(text: str, at: int) -> int:
    """The offset of the bracket that closes the one at ``at``; -1 for none nearby, and where braces hold braces.

    Braces protect the brackets in them.
    """
    mark, depth = text[at], 0
    limit = at + (_MAX_KEYS if mark == "{" else _MAX_NOTE)
    if text.find(_CLOSING[mark], at, limit) < 0:
        return -1
    for found in _BRACKET.finditer(text, at + 1, limit):
        sign = found[0]
        if sign == _CLOSING[mark] and depth == 0:
            return found.start()
        if sign == "{":
            if mark == "{":
                return -1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                return -1
    return -1


def _keys_between(text: str, start: int, end: int) -> list[Cited]:
    found = []
    at = start
    while at < end:
        if text[at] == "%":
            line_end = text.find("\n", at, end)
            at = line_end + 1 if line_end >= 0 else end
            continue
        hit = _KEY_IN_LIST.match(text, at, end)
        if hit is None:
            at += 1
            continue
        at = hit.end()
        # #1 and \key are no keys yet
        if text[hit.start() - 1] not in "\\#" and (at == end or text[at] not in "\\#"):
            found.append(Cited(hit.start(), at, hit[0]))
    return found


# ---- Markdown -------------------------------------------------------------------------------------------------------

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\r\n]*)")
_CODE_SPAN = re.compile(r"`[^`]*`")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_MD_TOKEN = re.compile(
    r"(?P<escape>\\[\\`@*_{}\[\]()#+.!<>~-])|(?P<comment><!--)|(?P<ticks>`+)|"
    r"(?P<link><(?:https?|ftp|mailto):[^\s<>]{1,2000}>|\]\((?:[^()\s]|\([^()\s]*\)){1,2000}\)?|"
    r"(?:https?|ftp)://[^\s<>\"]{1,2000})|"
    r"(?P<tex>\\[A-Za-z@]{1,40}\*?)|"
    r"(?P<braced>(?<![^\W_])@\{[^{}\s]{1,255}\})|"
    r"(?P<key>(?<![^\W_])@[^\W_](?:[\w]|[:.#$%&+?<>~/-](?=[^\W]))*|(?<![^\W_])@_(?:\w|[:.#$%&+?<>~/-](?=[^\W]))*)",
)


def _markdown(text: str) -> Iterator[Cited]:
    """The keys of a Markdown document: pandoc's citations, and LaTeX commands in it."""
    for start, end in _markdown_prose(text):
        at = start
        while (found := _MD_TOKEN.search(text, at, end)) is not None:
            at = found.end()
            kind = found.lastgroup
            if kind == "comment":
                close = text.find("-->", at)
                at = close + 3 if close >= 0 else end
            elif kind == "ticks":
                close = _closing_ticks(text, at, end, len(found[0]))
                at = close if close >= 0 else at
            elif kind == "tex" and _is_citation(found[0][1:].rstrip("*")):
                for group, stop in _arguments(text, at, found[0][1:].rstrip("*")):
                    at = stop
                    yield from group
            elif kind == "braced":
                yield Cited(found.start() + 2, found.end() - 1, found[0][2:-1])
            elif kind == "key":
                yield Cited(found.start() + 1, found.end(), found[0][1:])
            if at >= end:
                break


def _closing_ticks(text: str, at: int, end: int, count: int) -> int:
    """The offset behind the backticks that close a code span; -1 where it is never closed."""
    mark = "`" * count
    while (found := text.find(mark, at, end)) >= 0:
        stop = found + count
        if text[stop : stop + 1] != "`" and text[found - 1] != "`":
            return stop
        while stop < end and text[stop] == "`":
            stop += 1
        at = stop
    return -1


def _markdown_prose(text: str) -> Iterator[tuple[int, int]]:
    """The spans of a Markdown text that are no code block; an HTML comment over several lines stays in one span."""
    at = begin = 0
    fence = ""
    blank = True
    in_list = False
    in_comment = False
    size = len(text)
    while at < size:
        line_end = text.find("\n", at)
        stop = line_end + 1 if line_end >= 0 else size
        line = text[at:stop]
        if fence:
            hit = _FENCE.match(line)
            if hit and hit[1][0] == fence[0] and len(hit[1]) >= len(fence) and not hit[2].strip():
                fence = ""
                begin = stop
        elif in_comment:
            in_comment = "-->" not in line
        elif (hit := _FENCE.match(line)) and not (hit[1][0] == "`" and "`" in hit[2]):
            if begin < at:
                yield begin, at
            fence = hit[1]
            begin = stop
        elif blank and not in_list and line.startswith(("    ", "\t")) and line.strip():
            if begin < at:
                yield begin, at
            begin = stop
            at = stop
            continue
        else:
            bare = _CODE_SPAN.sub("", line)
            opened = bare.rfind("<!--")
            in_comment = opened >= 0 and "-->" not in bare[opened:]
            if line.strip():
                in_list = bool(_LIST_ITEM.match(line)) or (in_list and line[:1] in " \t")
            blank = not line.strip()
        at = stop
    if begin < size and not fence:
        yield begin, size


# ---- Typst ----------------------------------------------------------------------------------------------------------

_TYPST_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<line>(?<!:)//[^\r\n]*)|(?P<block>/\*)|(?P<ticks>`+)|"
    r"(?P<url>https?://[^\s<>\[\]\"]{1,2000})|"
    r"(?P<cite>(?<![\w-])(?:cite|ref)\(\s*(?:<(?P<label>[\w:.-]{1,255})>|label\(\s*\"(?P<quoted>[^\"\\\r\n]{1,255})\"))|"
    r"(?P<string>(?:(?<=\()|(?<=[=:,] ))\"(?:[^\"\\\r\n]|\\.){0,1000}\"(?=\s*[),;\]\r\n]))|"
    r"(?P<key>@(?:[^\W]|[-](?=\w))(?:\w|[-:.](?=\w)|-)*)",
    re.DOTALL,
)
_TYPST_BLOCK = re.compile(r"/\*|\*/")


def _typst(text: str) -> Iterator[Cited]:
    """The keys of a Typst document: ``@key``, ``#cite(<key>)``, ``cite(label("key"))``."""
    at = 0
    while (found := _TYPST_TOKEN.search(text, at)) is not None:
        at = found.end()
        kind = next(name for name in ("label", "quoted", found.lastgroup) if name and found[name] is not None)
        if kind == "block":
            at = _behind_block(text, at)
        elif kind == "ticks":
            at = _behind_raw(text, found.start(), len(found[0]))
        elif kind in ("label", "quoted"):
            yield Cited(found.start(kind), found.end(kind), found[kind])
        elif kind == "key":
            yield Cited(found.start() + 1, found.end(), found[0][1:])


def _behind_block(text: str, at: int) -> int:
    """The offset behind a block comment; they nest."""
    depth = 1
    for found in _TYPST_BLOCK.finditer(text, at):
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return found.end()
    return len(text)


def _behind_raw(text: str, start: int, count: int) -> int:
    """The offset behind raw text; two backticks are empty raw text."""
    if count == 2:
        return start + 2
    close = text.find("`" * count, start + count)
    return close + count if close >= 0 else len(text)
