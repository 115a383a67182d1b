"""Titles that an entry has in several fields: the title, its subtitle, and what biblatex prints after both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.latex import from_latex
from bibtool.formats.bibtex.builder import SOURCE
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.model.record import Leftover
from bibtool.model.richtext import Text, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.bibtex.builder import RecordBuilder

# the field of a title, and those that belong to it: subtitle, and what biblatex prints after both
TITLE_PARTS = (
    ("title", "subtitle", "titleaddon"),
    ("booktitle", "booksubtitle", "booktitleaddon"),
    ("journaltitle", "journalsubtitle", "journaltitleaddon"),
    ("issuetitle", "issuesubtitle", "issuetitleaddon"),
)
PARTS_OF_TITLES = frozenset(part for _, *parts in TITLE_PARTS for part in parts)


def join_subtitle(title: Text, subtitle: Text) -> Text:
    """``Title: Subtitle``; without a colon after a title that ends in a punctuation mark."""
    joint = " " if title.plain().rstrip()[-1:] in {"?", "!", ":", "."} else ": "
    return Text(normal([*title.nodes, joint, *subtitle.nodes]))


def join_addon(title: Text, addon: Text) -> Text:
    """``Title. Addon``, as biblatex prints both; no full stop after a title that ends in a mark of its own."""
    joint = " " if title.plain().rstrip()[-1:] in {"?", "!", "."} else ". "
    return Text(normal([*title.nodes, joint, *addon.nodes]))


def join_titles(fields: Mapping[str, str], builder: RecordBuilder) -> None:
    """Join the parts of titles; the main part is the short form (biblatex manual, 2.2.2: ``labeltitle``)."""
    if PARTS_OF_TITLES.isdisjoint(fields):
        return
    for main, *parts in TITLE_PARTS:
        if any(fields.get(part, "").strip() for part in parts):
            _join_title(main, parts, fields, builder)


def _join_title(main: str, parts: Sequence[str], fields: Mapping[str, str], builder: RecordBuilder) -> None:
    variable = builder.reading.get(main) or BIBLATEX.variables_of(builder.csl).get(main)
    name = "journal" if main == "journaltitle" and not fields.get(main) else main
    if variable is None or Leftover(SOURCE, name, fields.get(name, "")) in builder.left:
        return  # another field has the place of this title
    title = builder.variables.get(variable)
    short = title if main == "title" else None
    for part, join in zip(parts, (join_subtitle, join_addon), strict=True):
        raw = fields.get(part, "").strip()
        if not raw:
            continue
        if isinstance(title, Text):
            title = join(title, from_latex(raw))
        elif title is None and main == "title" and part == "titleaddon":
            title = from_latex(raw)  # an image has a description in place of a title
        else:
            continue
        builder.left.remove(Leftover(SOURCE, part, fields[part]))
        builder.form(part, fields[part])
    if title is None or not title:
        return
    builder.variables[variable] = title
    if short is None or short == title:
        return
    if builder.variables.setdefault("title-short", short) == short and fields.get("shorttitle", "").strip():
        builder.form("shorttitle", fields["shorttitle"])
