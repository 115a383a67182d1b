"""An entry that stands in a .bib file, brought up to what a list says, its own ways of saying the same kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bibtool.cv.targets import _alfoliotext as inert
from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.model.numbers import Number
from bibtool.model.record import Provenance, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.people import Strictness, same_person

if TYPE_CHECKING:
    from collections.abc import Collection

    from bibtool.model.names import Name
    from bibtool.model.record import Record, Value

# variable -> the fields of BibTeX that hold it, by which it can be kept from being changed
_FIELDS: Final = {
    "title": ("title",), "author": ("author",), "container-title": ("journal", "booktitle"), "volume": ("volume",),
    "issue": ("number",), "page": ("pages",), "issued": ("year", "month", "date"), "DOI": ("doi",),
}  # fmt: skip
# what al-folio raises behind a name (``_layouts/bib.liquid``), and how people write it raised in LaTeX
_MARK: Final = r"(?:[*∗†‡§¶‖&^{}\s]|\$[^$]*\$)+"
_MARKS: Final = re.compile(f"^{_MARK}|{_MARK}$")
_SAME: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "∖": "", "\\": "", "{": "",
     "}": "", "$": "", "‹": "<", "›": ">", "`": "'"}
)  # fmt: skip


def folded(text: str) -> str:
    """The letters and digits of a text, in any script, without case: for comparing titles."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def brought_up_to_date(before: Record, listed: Record, keep: Collection[str]) -> Record:
    """The entry with what the list says otherwise, all of it or, of the place of a work, nothing.

    A value that is missing in the list stays, and so does a publication where the list has only the preprint. Fields
    in ``keep`` are never changed.
    """
    if is_published(before) and not is_published(listed):
        return before
    values: dict[str, Value | None] = {}
    for name, fields in _FIELDS.items():
        theirs, mine = listed.variables.get(name), before.variables.get(name)
        if theirs is None or any(field in keep for field in fields):
            continue
        value = theirs if mine is None else _value(mine, theirs)
        if value is not mine:
            values[name] = value
    after = before.with_values(values, Provenance(source="bibtool")) if values else before
    appeared = "container-title" in values and is_published(listed) and not is_published(before)
    return replace(after, type=listed.type) if appeared and "type" not in keep else after


def _value(mine: Value, theirs: Value) -> Value:
    """``mine`` itself where it says the same or more, else what is to stand there."""
    if isinstance(mine, Names) and isinstance(theirs, Names):
        return _people(mine, theirs)
    if isinstance(mine, Date) and isinstance(theirs, Date):
        return mine if _is_within(mine, theirs) else theirs
    if isinstance(mine, Text) and isinstance(theirs, Text):
        return mine if _plain(inert.text(mine).plain()) == _plain(theirs.plain()) else theirs
    if isinstance(mine, Verbatim) and isinstance(theirs, Verbatim):
        return mine if mine.text.casefold() == theirs.text.casefold() else theirs
    if isinstance(mine, Number) and isinstance(theirs, Number):
        return mine if _plain(mine.text).replace(" ", "") == _plain(theirs.text).replace(" ", "") else theirs
    return theirs


def _plain(text: str) -> str:
    """The text without what is only a way of writing it."""
    text = unicodedata.normalize("NFKC", text).translate(_SAME).replace("< ", "<").replace(" <", "<")
    return re.sub("-+", "-", " ".join(text.split()))


def _is_within(mine: Date, theirs: Date) -> bool:
    """Whether a date says what the other one does, or that and the month; BibTeX has no days."""
    if mine.start is None or theirs.start is None:
        return mine == theirs
    return mine.start.year == theirs.start.year and theirs.start.month in (None, mine.start.month)


# ---- people ---------------------------------------------------------------------------------------------------------


def _people(mine: Names, theirs: Names) -> Names:
    """The people of the list, each as the file writes them, with their marks, where it is the same name or a fuller."""
    if theirs.truncated and not mine.truncated and len(mine) >= len(theirs):
        return mine
    left = list(mine)
    found: list[Name] = []
    for name in theirs:
        known = next((one for one in left if _is_same(one, name)), None)
        if known is not None:
            left.remove(known)
        found.append(name if known is None else known)
    if mine.truncated and tuple(found[: len(mine)]) == mine.names:
        return mine  # cut short by the user
    made = tuple(found)
    return mine if made == mine.names and (mine.truncated == theirs.truncated) else replace(theirs, names=made)


def _is_same(mine: Name, theirs: Name) -> bool:
    """Whether both are one person's name but for marks; the file may give more of the first names."""
    mine, theirs = _without_marks(mine), _without_marks(theirs)
    if _plain(mine.suffix).casefold() != _plain(theirs.suffix).casefold():
        return False
    return len(mine.given.split()) >= len(theirs.given.split()) and same_person(mine, theirs, Strictness.STRICT)


def _without_marks(name: Name) -> Name:
    given, family, literal = (_MARKS.sub("", part) for part in (name.given, name.family, name.literal))
    return replace(name, given=given, family=family, literal=literal, suffix=_MARKS.sub("", name.suffix))
