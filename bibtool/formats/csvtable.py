"""CSV with CSL variables as columns, for spreadsheets.

=============  ======================================================================================
columns        ``id``, ``type``, then CSL variables by their names; ``arxiv`` is the arXiv id
names          ``Family, Given, Suffix; {An Organisation}; et al.``
dates          EDTF (``2022-03``), or any text in braces: ``{before the war}``
texts          CSL-JSON's markup
other columns  kept, and written back
=============  ======================================================================================

A cell that a spreadsheet would take for a formula (it begins with ``= + - @``, tab or CR) gets an apostrophe before
it, which reading takes away again; RFC 4180 for the rest. Delimiter (comma, semicolon, tab, bar) and encoding are
found out when reading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text
from bibtool.formats.csl.properties import ORDER
from bibtool.formats.fields import Draft, Outgoing, built, essential, inverted_name, write_inverted
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.keys import keyed
from bibtool.model.names import Name, parse_name
from bibtool.model.text.lines import LINE_END
from bibtool.model.vocabulary import TYPES, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "csv"
# other headings that people write -> column
ALIASES: dict[str, str] = {
    "key": "id", "citation key": "id", "citekey": "id", "cite key": "id", "item type": "type", "authors": "author",
    "editors": "editor", "year": "issued", "date": "issued", "publication year": "issued", "journal": "container-title",
    "journal title": "container-title", "publication title": "container-title", "booktitle": "container-title",
    "pages": "page", "keywords": "keyword", "arxiv id": "arxiv", "eprint": "arxiv", "place": "publisher-place",
    "series": "collection-title", "short title": "title-short", "number": "number", "notes": "note", "issn": "ISSN",
    "isbn": "ISBN", "doi": "DOI", "url": "URL", "pmid": "PMID", "pmcid": "PMCID",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("id", "", "the citation key"), Row("type", "", "the CSL type"), Row("arxiv", "", "the arXiv id"),
    *(Row(name, name) for name in (*[n for n in ORDER if n in VARIABLES], *sorted(VARIABLES.keys() - set(ORDER)))),
)  # fmt: skip
_FOLDED = {name.casefold(): name for name in VARIABLES} | ALIASES
_FORMULA = lazy_pattern(r"'*[=+\-@\t\r]")
_INERT = lazy_pattern(r"'+[=+\-@\t\r]")
_MAX_FAULTS = 20
_INITIALS_FIRST = lazy_pattern(r"\s*(?:[^\W\d_]\.[ -]?)+[^\W\d_]{2}")
_BETWEEN_NAMES = lazy_pattern(r"\s*,\s*(?:(?:and|&)\s+)?|\s+(?:and|&)\s+")
_TWO_WORDS = lazy_pattern(r"[^\W\d_]\S*\s+[^\W\d_]\S")


def column_of(heading: str) -> str:
    """The column that a heading names: ``id``, ``type``, ``arxiv``, a CSL variable, or ""."""
    word = " ".join(heading.strip().replace("_", " ").split()).casefold()
    if word in {"id", "type", "arxiv"}:
        return word
    return _FOLDED.get(word) or _FOLDED.get(word.replace(" ", "-")) or _FOLDED.get(word.replace(" ", "_"), "")


# what a work is known by; a table of measurements may have a date, a volume or a number
_TELLING = frozenset(
    {
        "title",
        "container-title",
        "title-short",
        "DOI",
        "ISBN",
        "ISSN",
        "PMID",
        "PMCID",
        "URL",
        "arxiv",
        "original-title",
    }
)


def _is_bibliographic(columns: Iterable[str]) -> bool:
    """True for columns that a work is known by, or those with which every table of ours begins."""
    names = set(columns)
    return bool(names & _TELLING) or {"id", "type"} <= names or any(VARIABLES.get(name) == "names" for name in names)


class Rows:
    """The rows of a text; quotes that don't close are reported and taken as characters."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.faults: list[int] = []  # lines
        mark = re.escape(delimiter)
        self._cell = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"([^{mark}\r\n]*)|([^{mark}\r\n]*))({mark}|\r\n|\r|\n|$)')
        self._bare = re.compile(rf"()()([^{mark}\r\n]*)({mark}|\r\n|\r|\n|$)")
        self.delimiter = delimiter

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each row that is not empty."""
        at, line = 0, 1
        text = self.text
        row: list[str] = []
        row_line = 1
        last_quote = text.rfind('"')
        while at < len(text):
            if not row:
                row_line = line
            quoted = text[at] == '"'
            if quoted and (at == last_quote or len(self.faults) >= _MAX_FAULTS):
                self.faults.append(line)
                quoted = False
            cell_match = (self._cell if quoted else self._bare).match(text, at)
            if cell_match is not None and quoted and cell_match[1] is None:
                self.faults.append(line)
            if cell_match is None:
                break
            cell = (
                cell_match[3]
                if cell_match[1] is None or not quoted
                else cell_match[1].replace('""', '"') + cell_match[2]
            )
            row.append(cell or "")
            line += len(LINE_END.findall(cell_match[0]))
            at = cell_match.end()
            if cell_match[4] != self.delimiter:
                if any(cell.strip() for cell in row):
                    yield row_line, row
                row = []
        if any(cell.strip() for cell in row):
            yield row_line, row


# the second row of a table of Markdown: "|---|:--:|" (GitHub Flavored Markdown, 4.10, "delimiter row")
_RULE = lazy_pattern(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*")


def _is_markdown(text: str) -> bool:
    """True for a table whose second row is the one that Markdown has below the headings."""
    headings, _, rest = text.lstrip("\r\n")[:40_000].partition("\n")
    rule = rest.partition("\n")[0].rstrip("\r")
    return "|" in headings and "|" in rule and _RULE.fullmatch(rule) is not None


def _of_markdown(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table of Markdown without the outer bars, the row of dashes and the marks of emphasis and links."""
    from bibtool.formats.listing.plainlines import plain

    for number, (line, row) in enumerate(rows):
        if number == 1:
            continue
        cells = [cell.strip() for cell in row]
        cells = cells[1:] if not cells[0] else cells
        yield line, [plain(cell) for cell in (cells[:-1] if cells and not cells[-1] else cells)]


def _delimiter(text: str) -> str:
    """The delimiter by which most headings of the first line are known columns."""
    first = LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0][:20_000]
    return max(",;\t|", key=lambda mark: (_known(first, mark), first.count(mark)))


def _known(line: str, mark: str) -> int:
    return sum(bool(column_of(cell.strip().strip('"'))) for cell in line.split(mark))


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The rows below the headings as records. Cells beyond the headings are problems and kept."""
    text, first = decode_text(data, options)
    problems = list(first)
    rows = Rows(text, _delimiter(text))
    source = _of_markdown(rows) if _is_markdown(text) else iter(rows)
    header_line, headings = next(source, (1, []))
    columns = [column_of(heading) for heading in headings]
    if not _is_bibliographic(columns):
        raise InputError(
            "the first row names no column by which a work is known: title, author, DOI, ISBN, URL, ...",
            path=options.path,
            line=header_line,
            hint="the headings are CSL variables: id, type, title, author, issued, ...",
        )
    drafts = [_draft(line, cells, headings, columns, options, problems) for line, cells in source]
    lines = LINE_END.split(text) if rows.faults else []
    for line in rows.faults:
        message = "a quotation mark that is not closed; it is taken as a character"
        problems.append(options.problem(line, "csv-quote", message, lines[line - 1]))
    return ReadResult(built(drafts, options, problems), tuple(problems))


def _draft(
    line: int, cells: list[str], headings: list[str], columns: list[str], options: ReadOptions, problems: list[Problem]
) -> Draft:
    draft = Draft(SOURCE, line)

    def warn(code: str, message: str, raw: str) -> None:
        problems.append(options.problem(line, code, message, raw, key=draft.key))

    for index, written in enumerate(cells):
        cell = written[1:] if _INERT.match(written) else written
        if not cell.strip():
            continue
        if index >= len(headings):
            draft.leave(f"column {index + 1}", cell)
            warn("csv-cells", "the row has more cells than there are headings", cell)
            continue
        column = columns[index]
        if column == "id":
            draft.key = cell.strip()
        elif column == "type":
            known = cell.strip().casefold()
            if known in TYPES:
                draft.type = known
            else:
                draft.leave(headings[index], cell)
                warn("unknown-type", f"{cell[:40]!r} is not a CSL type; read as document", cell)
        elif column == "arxiv":
            draft.put_arxiv(cell.strip(), headings[index])
        elif not column:
            draft.leave(headings[index].strip() or f"column {index + 1}", cell)
        elif VARIABLES[column] == "names":
            for text in split_names(cell):
                draft.put_name(column, read_name(text))
        elif VARIABLES[column] == "date":
            draft.put_date(column, read_date(cell), headings[index], cell)
        else:
            draft.put(column, cell, headings[index])
    return draft


def split_names(cell: str) -> list[str]:
    """The names of a cell: split at semicolons outside of braces, or at commas where initials come first."""
    if ";" not in cell and "{" not in cell and _INITIALS_FIRST.match(cell):
        names = [name.strip() for name in _BETWEEN_NAMES.split(cell)]
        if len(names) > 1 and all(_TWO_WORDS.match(name) for name in names):
            return [
                write_inverted(parse_name(name)) for name in names
            ]  # "L. Lind, J. Moor" can't be one person of the family L. Lind
    out: list[str] = []
    depth = start = 0
    for at, char in enumerate(cell):
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
        elif char == ";" and depth == 0:
            out.append(cell[start:at].strip())
            start = at + 1
    return [name for name in (*out, cell[start:].strip()) if name]


def read_name(text: str) -> Name:
    """``{Literal}`` or ``Family, Given, Suffix``."""
    if text.startswith("{") and text.endswith("}"):
        return Name(literal=text[1:-1])
    return inverted_name(text)


def read_date(text: str) -> Date:
    """``{literal}``, EDTF, or a date as people write it."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}") and len(text) > 2:
        return Date(literal=text[1:-1])
    return parse_raw_date(text)


def _write_date(date: Date) -> str:
    text = date.edtf()
    return f"{{{text}}}" if date.literal and parse_raw_date(text) != date else text


def _write_names(out: Outgoing, variable: str) -> str:
    pieces: list[str] = []
    for name in out.names(variable, truncated=True):
        bare = essential(name)
        text = f"{{{name.literal}}}" if name.literal else write_inverted(bare)
        if split_names(text) != [text] or read_name(text) != bare:
            out.lose(f"parts of the name {name.display()}")
        pieces.append(text)
    if out.is_truncated(variable):
        pieces.append("et al.")
    return "; ".join(pieces)


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as rows; the setting ``delimiter`` chooses another one than the comma."""
    delimiter = options.extra.get("delimiter", ",")
    outs = [Outgoing(record, key, SOURCE) for record, key in keyed(records)]
    used = {name for out in outs for name in VARIABLES if out.has(name)}
    order = [name for name in ORDER if name in used]
    columns = ["id", "type", *order, *sorted(used - set(order))]
    if any(out.arxiv is not None and out.arxiv.id is not None for out in outs):
        columns.insert(2, "arxiv")
    extra_columns = dict.fromkeys(left.name for out in outs for left in out.leftovers if not column_of(left.name))
    lines = [delimiter.join(_quoted(name, delimiter) for name in (*columns, *extra_columns))]
    problems: list[Problem] = []
    for out in outs:
        cells = [_cell(out, column) for column in columns]
        extra: dict[str, str] = {}
        for left in out.leftovers:
            if left.name in extra_columns and left.name not in extra:
                extra[left.name] = left.value
            else:
                out.lose(f"a second {left.name}")
        cells += [extra.get(name, "") for name in extra_columns]
        lines.append(delimiter.join(_quoted(cell, delimiter) for cell in cells))
        problems.extend(out.problems())
    return WriteResult(("\n".join(lines) + "\n").encode("utf-8", "replace"), tuple(problems))


def _cell(out: Outgoing, column: str) -> str:
    if column == "id":
        return out.key
    if column == "type":
        return out.type
    if column == "arxiv":
        return out.arxiv_id()
    kind = VARIABLES[column]
    if kind == "names":
        return _write_names(out, column)
    if kind == "date":
        return out.written_date(column, _write_date, read_date)
    return out.text(column)


def _quoted(cell: str, delimiter: str) -> str:
    if _FORMULA.match(cell):
        cell = "'" + cell
    if delimiter in cell or '"' in cell or "\n" in cell or "\r" in cell or cell != cell.strip():
        return '"' + cell.replace('"', '""') + '"'
    return cell


def sniff(head: bytes) -> int:
    """80 where the first line names at least three columns, 60 for two and a row below."""
    text = head_text(head)
    if not text or text[0] in "@%{[<":
        return 0
    first, _, rest = text.partition("\n")
    first = first.strip("\r")[:20_000]
    best = max((_known(first, mark), mark) for mark in ",;\t|")
    cells = first.count(best[1]) + 1
    if not _is_bibliographic(column_of(cell.strip().strip('"')) for cell in first.split(best[1])):
        return 0
    if best[0] >= 3 and best[0] * 3 >= cells:
        return 80
    return 60 if best[0] == 2 and cells <= 4 and best[1] in rest else 0
