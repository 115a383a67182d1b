r"""The bibliography that LaTeX prints, read only: ``\bibitem`` lists of BibTeX's styles, and the .bbl of biblatex.

The .bbl of biblatex has every field by its name, so it is written as an entry and read as `biblatex`. A ``\bibitem`` is
formatted text; where its style does not name the values (`bblitems`), its blocks (``\newblock``) and emphasis help to
read it as one of a list or as a reference, with the key of the item. Source: the
LaTeX manual for ``thebibliography``, biblatex's blx-bbl.def (format of the .bbl) for the other.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, decode_text, head_text
from bibtool.formats.bblitems import START, bibitems, entry_of
from bibtool.formats.listing.lines import Line
from bibtool.formats.listing.oneline import BLOCK, EM, END_EM, Item, read_items_of_list, strip_badges
from bibtool.formats.sourcelines import at_lines_of_source
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.base import Reading, ReadOptions
    from bibtool.formats.bblitems import BibItem
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "bbl"
FIELDS: tuple[Row, ...] = (
    Row("\\bibitem{key}", "", "the key; the rest by the form that most items have, or as `references`"),
    Row("\\bibinfo{name}{value}", "", "as `bibtex`"),
    Row("\\field, \\name, \\list, \\verb", "", "as `biblatex`"),
)
_EMPHASIS = lazy_pattern(
    r"\{\s?\\(?:em|it|itshape|sl)\b\s?((?:[^{}]|\{[^{}]*\})*)\}|\\(?:emph|textit|textsl)\s?\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_BLOCKS = lazy_pattern(r"\\newblock\b\s?")
_DROPPED = lazy_pattern(
    r"\\(?:bf|rm|sc|tt|bfseries|scshape|natexlab|penalty0|url|path|href|doi|showarticletitle|bibinfo|"
    r"bibfnamefont|bibnamefont|"
    r"bibfield|BibitemOpen|BibitemShut|href@noop|textbf|textsc|texttt|hskip|relax|em|providecommand|urlprefix|"
    r"BIBentryALTinterwordspacing|BIBentrySTDinterwordspacing)(?![A-Za-z])\*?"
)
_GLUE = lazy_pattern(r"\\hskip\s?[^\\{}]{0,80}\\relax|\\penalty-?\d{1,5}")
_ENTRY = lazy_pattern(r"\\entry\{([^{}]{1,200})\}\{([a-z]{2,20})\}")
_FIELD = lazy_pattern(r"\\(field|strng|list|name|verb)\{([a-z]{2,30})\}")
_HELPERS: Final = frozenset(
    "labelalpha labeldatesource labelnamesource labeltitlesource sortinit sortinithash extraname extradate extratitle "
    "extratitleyear labelname labeltitle namehash fullhash bibnamehash authorbibnamehash authornamehash authorfullhash "
    "fullhashraw authorfullhashraw labelprefix labelnumber hash".split()
)
_MAX_ITEM: Final = 20_000


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a LaTeX bibliography. Raises `InputError` where it has none."""
    text, decoding_problems = decode_text(data, options)
    if _ENTRY.search(text):
        from bibtool.formats.bibtex.reader import read_biblatex

        result = read_biblatex(_as_entries(text).encode("utf-8", "replace"), options)
        return replace(result, problems=(*decoding_problems, *result.problems))
    items = bibitems(text)
    if not items:
        raise InputError("this LaTeX bibliography has no \\bibitem and no \\entry", path=options.path)
    lines: list[int] | None = None
    if _share_lines(text, items):
        text, lines = _each_on_its_line(text, items)
        items = bibitems(text)
    result = _read_items(text, items, options)
    if lines is not None:
        result = at_lines_of_source(result, lines, options)
    return replace(result, problems=(*decoding_problems, *result.problems))


def _share_lines(text: str, items: Sequence[BibItem]) -> bool:
    return any(text.find("\n", item.start, after.start) < 0 for item, after in pairwise(items))


def _each_on_its_line(text: str, items: Sequence[BibItem]) -> tuple[str, list[int]]:
    """The text with a line end before each item, since readers take a line for one item, and where its lines were."""
    pieces = [text[start:end] for start, end in pairwise([0, *(item.start for item in items), len(text)])]
    lines: list[int] = []
    number = 1
    for piece in pieces:
        breaks = piece.count("\n")
        lines += range(number, number + breaks + 1)
        number += breaks
    return "\n".join(pieces), lines


def _read_items(text: str, found: Sequence[BibItem], options: ReadOptions) -> ReadResult:
    """The records of the items, each with its key; an item that could not be read is an error with its text.

    Items whose values are named are exact, those of a list of one form are cut by it, others are read as references.
    """
    records: dict[int, Record] = {}
    problems: list[Problem] = []
    items: list[Item] = []
    keys: dict[int, str] = {}
    entries: list[str] = []
    line, at, written = 1, 0, 1
    for bibitem in found:
        line += text.count("\n", at, bibitem.start)
        at = bibitem.start
        raw = text[bibitem.text_start : min(bibitem.end, bibitem.text_start + _MAX_ITEM)]
        keys[line] = bibitem.key
        if entry := entry_of(bibitem, text):
            entries.append("\n" * (line - written) + entry)
            written = max(line, written) + entry.count("\n")
            continue
        plain = item_text(raw)
        items.append(Item((Line(line, 1, plain, raw.strip(), gap=True),), plain))
    if entries:
        from bibtool.formats.bibtex.reader import read as read_bibtex

        exact = read_bibtex("".join(entries).encode("utf-8", "replace"), options)
        lines_of = {key: number for number, key in keys.items()}
        records |= {lines_of[record.key]: record for record in exact.records if record.key in lines_of}
        problems += exact.problems
    lines = [item.lines[0] for item in items]
    if len(items) > 1 or not entries:
        listed = read_items_of_list(items, lines, options)
        records |= {work.lines[0]: work.record for work in listed.records}
        lines = list(listed.rest)
    readings, doubts = _read_references(lines, keys, options)
    records |= {reading.line: reading.record for reading in readings}
    problems += doubts
    problems += [
        options.problem(
            line.number,
            "bbl-unread-item",
            f"the item {keys[line.number]!r} has not the form of the others",
            line.raw,
            severity=Severity.ERROR,
            key=keys[line.number] or None,
            hint="look for the .bib file that this bibliography was made from, or give the DOI",
        )
        for line in lines
        if line.number not in records
    ]
    if not records:
        message = f"none of the {len(found)} items of this LaTeX bibliography could be read"
        raise InputError(message, path=options.path, hint="import the .bib file that it was made from")
    ordered = tuple(_keyed(records[number], keys[number]) for number in sorted(records))
    problems.sort(key=lambda problem: problem.position.line or 0)
    return ReadResult(ordered, tuple(problems), readings)


def _keyed(record: Record, key: str) -> Record:
    return record if record.key == key else replace(record, key=key)


def _read_references(
    lines: Sequence[Line], keys: Mapping[int, str], options: ReadOptions
) -> tuple[tuple[Reading, ...], list[Problem]]:
    """Items that have no common form, read as formatted references; what is not one is left out without a word."""
    if not lines:
        return (), []
    from bibtool.formats.references.reader import Readings, problems_of, read_lines

    texts = [(line.number, f"[{place}] {_with_quoted_title(line.text)}") for place, line in enumerate(lines, start=1)]
    raws = {line.number: line.raw for line in lines}
    readings = tuple(
        replace(reading, record=_keyed(reading.record, keys[reading.line]), raw=raws[reading.line])
        for reading in read_lines(texts, options).readings
    )
    return readings, problems_of(Readings(readings, ()), options) if readings else []


def _with_quoted_title(text: str) -> str:
    """The text of an item without marks, its second block, which is the title, in quotation marks."""
    first, block, rest = text.partition(BLOCK)
    title, end, after = rest.partition(BLOCK)
    title = title.strip()
    if block and title.startswith(EM):
        title, end, after = title[1:].partition(END_EM)[0], END_EM, rest.partition(END_EM)[2]
    if block and end and title and not set('“”"') & set(title):
        text = f"{first.strip()} “{title.strip()}” {after}"
    return " ".join(text.replace(BLOCK, " ").replace(EM, "").replace(END_EM, "").split())


def item_text(latex: str) -> str:
    """The text of an item with marks for its blocks and its emphasis; commands for looks are left out."""
    from bibtool.bib.latex import plain_from_latex

    text = re.sub(r"(?<!\\)%[^\n]*\n?", "", latex)
    text = re.sub(r"\\href\s?\{[^{}]*\}", "", text)
    text = re.sub(r"\\bysame\b\s?", "\N{EM DASH}\N{EM DASH}\N{EM DASH}", text)  # AMS: the authors of the item before
    text = _GLUE.sub(" ", text)
    text = _BLOCKS.sub(BLOCK, text)
    for _ in range(2):
        text = _EMPHASIS.sub(lambda found: f"{EM}{found[1] or found[2] or ''}{END_EM}", text)
    text = _DROPPED.sub("", text)
    text = plain_from_latex(text)
    text = re.sub(r"[{}]", "", text)
    return strip_badges(" ".join(text.split())).strip(f" {BLOCK}")


def _as_entries(text: str) -> str:
    """The entries of a biblatex .bbl as a .bib file, each at the line where it begins."""
    out: list[str] = []
    number = 1
    matches = list(_ENTRY.finditer(text))
    line, at = 1, 0
    seen: set[str] = set()
    for match, stop in zip(matches, [*(m.start() for m in matches[1:]), len(text)], strict=True):
        line += text.count("\n", at, match.start())
        at = match.start()
        if match[1] in seen:  # each refsection and sorting has the entry again
            continue
        seen.add(match[1])
        body = text[match.end() : stop]
        closing = body.find("\\endentry")
        written = f"@{match[2]}{{{match[1]}, {', '.join(_fields(body[: closing if closing >= 0 else len(body)]))}}}"
        out.append("\n" * max(0, line - number) + written)
        number = max(line, number)
    return "".join(out) + "\n"


def _fields(body: str) -> list[str]:
    """The fields of an entry in the syntax of a .bib file; braces are kept as they are."""
    values: dict[str, str] = {}
    for match in _FIELD.finditer(body):
        kind, name = match[1], match[2]
        if name in _HELPERS or name.endswith(("hash", "hashraw")):
            continue
        if kind == "verb":
            value = re.match(r"\s*\\verb\s([^\n]*)\n", body[match.end() : match.end() + 3000])
            if value:
                values[name] = value[1].strip()
        elif kind == "name":
            people = _people(body, match.end())
            if people:
                values[name] = " and ".join(people)
        elif kind == "list":
            group = _group_after(body, match.end(), skip=1)
            values[name] = " and ".join(part.strip("% \n") for part in _groups(group) if part.strip("% \n"))
        elif kind == "field":
            values[name] = _group_after(body, match.end(), skip=0)
    for part in ("", "orig", "event", "url"):
        date = "-".join(values.pop(f"{part}{unit}") for unit in ("year", "month", "day") if values.get(f"{part}{unit}"))
        if date:
            pieces = date.split("-")
            values[f"{part}date"] = "-".join([pieces[0], *(piece.zfill(2) for piece in pieces[1:])])
    if "pages" in values:
        pages = re.sub(r"\\bibrangedash\s?", "--", values["pages"])
        values["pages"] = re.sub(r"\\bibrangessep\s?", ", ", pages)
    return [f"{name} = {{{value}}}" for name, value in values.items() if value.count("{") == value.count("}")]


def _group_after(body: str, at: int, *, skip: int) -> str:
    """The content of the braces after ``at`` and ``skip`` other ones."""
    for _ in range(skip + 1):
        start = body.find("{", at)
        if start < 0:
            return ""
        end = _closing(body, start)
        group = body[start + 1 : end]
        at = end + 1
    return group


def _closing(body: str, start: int) -> int:
    depth = 0
    for at in range(start, min(len(body), start + 50_000)):
        if body[at] == "{":
            depth += 1
        elif body[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return min(len(body), start + 50_000)


def _groups(text: str) -> list[str]:
    """The contents of the braces in a text, at its outermost level."""
    out: list[str] = []
    at = text.find("{")
    while at >= 0:
        end = _closing(text, at)
        out.append(text[at + 1 : end])
        at = text.find("{", end + 1)
    return out


def _people(body: str, at: int) -> list[str]:
    r"""The names of ``\name{author}{2}{}{ {{hash=...}{family={Lind}, given={Bo}}} }`` in BibTeX's writing."""
    group = _group_after(body, at, skip=2)
    out: list[str] = []
    for person in _groups(group):
        parts = _groups(person)
        text = parts[-1] if parts else person
        named = {
            key: _group_after(text, start.end() - 1, skip=0)
            for key in ("family", "given", "prefix", "suffix")
            if (start := re.search(rf"(?:^|[,\s]){key}=\{{", text))
        }
        family = " ".join(part for part in (named.get("prefix", ""), named.get("family", "")) if part)
        given = re.sub(r"\\bibnamedelim[a-z]\s?|\\bibinitdelim\s?", " ", named.get("given", ""))
        family = re.sub(r"\\bibnamedelim[a-z]\s?", " ", family)
        suffix = named.get("suffix", "")
        if not given and " " in family:
            family = f"{{{family}}}"
        name = ", ".join(part for part in (family, suffix, given) if part)
        if name:
            out.append(name)
    return out


def sniff(head: bytes) -> int:
    """95 for a ``thebibliography`` or the .bbl of biblatex, 60 for a document that has one inside."""
    text = head_text(head)
    if _ENTRY.search(text) and ("\\refsection" in text or "\\datalist" in text or "\\sortlist" in text):
        return 95
    if not START.search(text):
        return 0
    return 60 if "\\documentclass" in text else 95
