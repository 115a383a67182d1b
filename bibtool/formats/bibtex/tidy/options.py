"""The options of tidying; the command line, ``[fmt]`` in bibtool.toml and the docs are made from this table."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

DEFAULT_FIELD_ORDER = (
    "title", "shorttitle", "author", "editor", "year", "month", "day", "date", "journal", "journaltitle", "booktitle",
    "location", "on", "publisher", "address", "series", "volume", "number", "pages", "doi", "eprint", "eprinttype",
    "archiveprefix", "eprintclass", "primaryclass", "isbn", "issn", "url", "urldate", "copyright", "category", "note",
    "metadata",
)  # fmt: skip


def _option(default: object, help_: str, *, names: bool = False) -> Any:
    return field(default=default, metadata={"help": help_, "names": names})


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyOptions:
    """How to write a file. The defaults change the layout only: no value, no order, no key."""

    indent: int = _option(2, "Blanks before a field.")
    tab: bool = _option(False, "Indent with a tab instead of blanks.")
    align: int = _option(14, "Column of the values; 0 does not align them.")
    blank_lines: bool = _option(True, "One empty line between entries.")
    trailing_commas: bool = _option(True, "A comma behind the last field.")
    lowercase: bool = _option(True, "Entry types and field names in lower case.")
    wrap: int = _option(0, "Break values at this line length; 0 does not.")
    curly: bool = _option(False, "All values in braces.")
    numeric: bool = _option(False, "Numbers without delimiters.")
    months: bool = _option(False, "Months as the macros jan ... dec.")
    strip_enclosing_braces: bool = _option(
        False, "Take a second pair of braces around a value away (not from names: there it marks organisations)."
    )
    enclosing_braces: tuple[str, ...] = _option(
        (), "A second pair of braces around the values of these fields.", names=True
    )
    remove_braces: tuple[str, ...] = _option(
        (), "Take all braces out of the values of these fields (capitals lose their protection).", names=True
    )
    drop_all_caps: bool = _option(False, "Titles in capitals only as capitalised words.")
    escape: bool = _option(False, "Letters beyond ASCII as LaTeX commands.")
    unescape: bool = _option(False, "LaTeX commands for letters as Unicode.")
    encode_urls: bool = _option(False, "Characters that no URL may have as percent codes.")
    page_ranges: bool = _option(False, "Two hyphens in page ranges.")
    max_authors: int = _option(0, "Cut longer author lists with `and others`; 0 does not.")
    omit: tuple[str, ...] = _option((), "Leave these fields out.", names=True)
    remove_empty_fields: bool = _option(False, "Leave fields without a value out.")
    remove_duplicate_fields: bool = _option(False, "Of fields of one name keep the first, the one that BibTeX takes.")
    sort_fields: tuple[str, ...] = _option(
        (), "Fields in this order, others behind; `default` stands for the usual one.", names=True
    )
    sort: tuple[str, ...] = _option(
        (), "Entries by these fields (`key`, `type`, any field; `-year` backward).", names=True
    )
    strip_comments: bool = _option(False, "Leave comments out.")
    tidy_comments: bool = _option(True, "Take white space at the ends of comment lines away.")
    generate_keys: str = _option("", "New citation keys by this template; `default` stands for ours.")


def option_table() -> list[tuple[str, object, str, bool]]:
    """Name, default, help and "takes a list of field names" of each option, in the order of the docs."""
    return [(f.name, f.default, f.metadata["help"], f.metadata["names"]) for f in fields(TidyOptions)]
