"""Writes docs/reference/formats.md from the tables of the formats: ``python -m tests.support.make_formats_page``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.registry import FORMATS, Format
from bibtool.model.vocabulary import RENDER_TIME, VARIABLES

if TYPE_CHECKING:
    from bibtool.formats.bibtex.mapping import Dialect

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"

HEAD = """# Formats

This page is generated from the tables that the readers and writers use.

A record has the shape of CSL data: a key, a type, variables, arXiv's data, and leftovers. The table of each format
shows which field holds which CSL variable. A field that is not in the table is **kept** as a leftover and written back
in the same format. Data that a format has **no place** for is named in a problem (`not-representable`), so that nothing
is lost silently.

"""

EXACT = {
    "csl-json": "Everything: data without a property in the schema is under `custom.bibtool`.",
    "csl-yaml": "Everything, as in CSL-JSON.",
    "bibtex": "`fmt`, `check`, `dedupe` and all edits keep the file byte for byte apart from what they change. The "
    "table applies to conversions; the form of a value in the file (entry type, `howpublished`, `organization`) is "
    "remembered as long as it agrees with the record. Dates are year, month and day; other dates are written as text. "
    "Of arXiv's data, id, primary category, comment and journal reference go into the file; the library keeps the "
    "rest. Marks and ORCID iDs of people are biblatex's data annotations: `author+an`, `author+an:orcid`, likewise for "
    "every list of names.",
    "biblatex": "As BibTeX; dates are EDTF, names may be in the extended form, former keys are in `ids`.",
    "listing": "Title, authors, date, category, badge, abstract; a record that does not fit is reported with its text.",
    "references": "Authors, editors and translators, title, container, date, volume, issue, pages, publisher, place, "
    "edition, genre, identifiers. Each value has its certainty; the reference itself is kept as a leftover.",
    "ids": "Identifiers only.",
}


def rows_of(one: Format) -> list[tuple[str, str, str]]:
    """Field, variable and note of each row of a format's table; empty for a format without one."""
    if one.name in {"bibtex", "biblatex"}:
        return _dialect_rows(BIBTEX if one.name == "bibtex" else BIBLATEX)
    module: Any = importlib.import_module((one.writer or one.reader).partition(":")[0])
    table = getattr(module, "FIELDS", None)
    if table is None and one.name in {"csl-json", "csl-yaml"}:
        table = importlib.import_module("bibtool.formats.csl.properties").FIELDS
    return [(row.field, row.variable, row.note) for row in table or ()]


def _dialect_rows(dialect: Dialect) -> list[tuple[str, str, str]]:
    found = []
    for row in dialect.fields:
        notes = [] if row.written else ["read only"]
        if row.types:
            notes.append("for " + ", ".join(sorted(row.types)[:6]) + (" ..." if len(row.types) > 6 else ""))
        found.append((row.field, row.variable, "; ".join(notes)))
    return found


def section(one: Format) -> str:
    """The part of the page about one format."""
    can = "read and written" if one.reader and one.writer else "read" if one.reader else "written"
    lines = [f"## {one.title}", "", f"`{one.name}`, {can}" + _suffixes(one) + ".", ""]
    if one.name in EXACT:
        lines += [EXACT[one.name], ""]
    rows = rows_of(one)
    if one.name == "csl-json":
        rows = [row for row in rows if row[0] != row[1]]  # a hundred properties of the same name say nothing
        lines += ["Each variable is the property of the same name, except:", ""]
    if rows:
        lines += ["| field | CSL variable | |", "|---|---|---|"]
        lines += [f"| `{field}` | {f'`{variable}`' if variable else ''} | {note} |" for field, variable, note in rows]
        lines.append("")
    if rows and one.writer and one.name not in {"csl-json", "csl-yaml", "ids"}:
        missing = sorted(VARIABLES.keys() - RENDER_TIME - {variable for _, variable, _ in rows})
        if missing:
            lines += ["No place for: " + ", ".join(f"`{name}`" for name in missing) + ".", ""]
    return "\n".join(lines)


def _suffixes(one: Format) -> str:
    return f" ({', '.join(f'`{suffix}`' for suffix in one.suffixes)})" if one.suffixes else ""


def page() -> str:
    """The whole page."""
    return (HEAD + "\n".join(section(one) for one in FORMATS)).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
