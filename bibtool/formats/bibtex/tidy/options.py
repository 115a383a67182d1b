"""The options of tidying; the command line, ``[fmt]`` in bibtool.toml and the docs are made from this table."""

from __future__ import annotations

from typing import Any

from bibtool.structs import dataclass, field, fields

DEFAULT_FIELD_ORDER = (
    "title", "shorttitle", "author", "editor", "year", "month", "day", "date", "journal", "journaltitle", "booktitle",
    "location", "on", "publisher", "address", "series", "volume", "number", "pages", "doi", "eprint", "eprinttype",
    "archiveprefix", "eprintclass", "primaryclass", "isbn", "issn", "url", "urldate", "copyright", "category", "note",
    "metadata",
)  # fmt: skip


def _option(default: object, help_: str, *, names: bool = False, layout: bool = False) -> Any:
    """One option; ``layout`` for one that changes how an entry with values in braces is laid out, and nothing else."""
    return field(default=default, metadata={"help": help_, "names": names, "layout": layout})


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyOptions:
    """How to write a file. The defaults change the layout only: no value, no order, no key."""

    indent: int = _option(2, "Spaces before a field.", layout=True)
    tab: bool = _option(False, "Indent with a tab instead of spaces.", layout=True)
    align: int = _option(
        14,
        "Width of the column of field names; an entry with a longer name gets a wider one, up to twice the width. "
        "0 does not align.",
        layout=True,
    )
    blank_lines: bool = _option(True, "One empty line between entries.", layout=True)
    trailing_commas: bool = _option(True, "A comma after the last field.", layout=True)
    lowercase: bool = _option(
        True,
        "Entry types and field names in lower case (archivePrefix and primaryClass as arXiv has them).",
        layout=True,
    )
    wrap: int = _option(0, "Break values at this line length; 0 does not.", layout=True)
    curly: bool = _option(False, "All values in braces.")
    numeric: bool = _option(False, "Numbers without delimiters.")
    months: bool = _option(False, "Months as the macros jan ... dec.")
    strip_enclosing_braces: bool = _option(
        False, "Remove a second pair of braces around a value (not from names: there it marks organisations)."
    )
    enclosing_braces: tuple[str, ...] = _option(
        (), "A second pair of braces around the values of these fields.", names=True
    )
    remove_braces: tuple[str, ...] = _option(
        (), "Remove all braces from the values of these fields (capitals lose their protection).", names=True
    )
    drop_all_caps: bool = _option(False, "Turn titles in all capitals into capitalised words.")
    escape: bool = _option(False, "Write letters beyond ASCII as LaTeX commands.")
    unescape: bool = _option(False, "Write LaTeX commands for letters as Unicode.")
    encode_urls: bool = _option(False, "Percent-encode the characters that no URL may have.")
    page_ranges: bool = _option(False, "Two hyphens in page ranges.")
    max_authors: int = _option(0, "Cut longer author lists with `and others`; 0 does not.")
    omit: tuple[str, ...] = _option((), "Omit these fields.", names=True)
    remove_empty_fields: bool = _option(False, "Omit fields without a value.")
    remove_duplicate_fields: bool = _option(
        False, "Of several fields with one name keep the first, which is the one BibTeX reads."
    )
    sort_fields: tuple[str, ...] = _option(
        (), "Fields in this order, others after them; `default` stands for the usual order.", names=True
    )
    sort: tuple[str, ...] = _option(
        (), "Sort entries by these fields (`key`, `type`, any field; `-year` for descending).", names=True
    )
    strip_comments: bool = _option(False, "Omit comments.")
    tidy_comments: bool = _option(True, "Strip white space at the ends of comment lines.")
    generate_keys: str = _option("", "Make new citation keys by this template; `default` stands for bibtool's own.")


def option_table() -> list[tuple[str, object, str, bool]]:
    """Name, default, help and "takes a list of field names" of each option, in the order of the docs."""
    return [(f.name, f.default, f.metadata["help"], f.metadata["names"]) for f in fields(TidyOptions)]


# for values in braces and a file without comments these change nothing but the layout either
_NO_CONCERN = frozenset({"curly", "strip_comments", "tidy_comments", "omit", "generate_keys"})


def is_layout_only(options: TidyOptions) -> bool:
    """Whether `layout.entry_text` does all that the options ask for, for new entries whose values are in braces.

    The writers omit fields themselves, and leave keys alone: documents cite them.
    """
    return all(
        f.metadata["layout"] or f.name in _NO_CONCERN or getattr(options, f.name) == f.default for f in fields(options)
    )
