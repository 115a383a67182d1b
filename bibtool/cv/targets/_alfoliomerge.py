"""An entry of a .bib file updated to what a list says; its own ways of saying the same are kept."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bibtool.cv.targets import _alfoliotext as inert
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.model.numbers import Number
from bibtool.model.record import Provenance, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.people import Strictness, same_person
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection

    from bibtool.model.names import Name
    from bibtool.model.record import Record, Value

# variable -> the fields of BibTeX that hold it, by which it can be kept from being changed
_FIELDS: Final = {
    "title": ("title",), "author": ("author",), "container-title": ("journal", "booktitle"), "volume": ("volume",),
    "issue": ("number",), "page": ("pages",), "issued": ("year", "month", "date"), "DOI": ("doi",),
}  # fmt: skip
# what al-folio raises after a name (``_layouts/bib.liquid``), and how people write it raised in LaTeX
_MARK: Final = r"(?:[*∗†‡§¶‖&^{}\s]|\$[^$]*\$)+"
_MARKS: Final = lazy_pattern(f"^{_MARK}|{_MARK}$")
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
        new, old = listed.variables.get(name), before.variables.get(name)
        if new is None or any(field in keep for field in fields):
            continue
        value = new if old is None else _value(old, new)
        if value is not old:
            values[name] = value
    after = before.with_values(values, Provenance(source="bibtool")) if values else before
    appeared = "container-title" in values and is_published(listed) and not is_published(before)
    return replace(after, type=listed.type) if appeared and "type" not in keep else after


def _value(old: Value, new: Value) -> Value:
    """``old`` itself if it says the same or more, otherwise the new value."""
    if isinstance(old, Names) and isinstance(new, Names):
        return _people(old, new)
    if isinstance(old, Date) and isinstance(new, Date):
        return old if _is_within(old, new) else new
    if isinstance(old, Text) and isinstance(new, Text):
        return old if _plain(inert.text(old).plain()) == _plain(new.plain()) else new
    if isinstance(old, Verbatim) and isinstance(new, Verbatim):
        return old if old.text.casefold() == new.text.casefold() else new
    if isinstance(old, Number) and isinstance(new, Number):
        return old if _plain(old.text).replace(" ", "") == _plain(new.text).replace(" ", "") else new
    return new


def _plain(text: str) -> str:
    """The text without what is only a way of writing it."""
    text = unicodedata.normalize("NFKC", text).translate(_SAME).replace("< ", "<").replace(" <", "<")
    return re.sub("-+", "-", " ".join(text.split()))


def _is_within(old: Date, new: Date) -> bool:
    """Whether a date says what the other one does, or that and the month; BibTeX has no days."""
    if old.start is None or new.start is None:
        return old == new
    return old.start.year == new.start.year and new.start.month in (None, old.start.month)


# ---- people ---------------------------------------------------------------------------------------------------------


def _people(old: Names, new: Names) -> Names:
    """The people of the list, each as the file writes them, with their marks, where it is the same name or a fuller."""
    if new.truncated and not old.truncated and len(old) >= len(new):
        return old
    left = list(old)
    people: list[Name] = []
    for name in new:
        known = next((candidate for candidate in left if _is_same(candidate, name)), None)
        if known is not None:
            left.remove(known)
        people.append(name if known is None else known)
    if old.truncated and tuple(people[: len(old)]) == old.names:
        return old  # cut short by the user
    made = tuple(people)
    return old if made == old.names and (old.truncated == new.truncated) else replace(new, names=made)


def _is_same(old: Name, new: Name) -> bool:
    """Whether both are one person's name, apart from marks; the file may give more of the first names."""
    old, new = _without_marks(old), _without_marks(new)
    if _plain(old.suffix).casefold() != _plain(new.suffix).casefold():
        return False
    return len(old.given.split()) >= len(new.given.split()) and same_person(old, new, Strictness.STRICT)


def _without_marks(name: Name) -> Name:
    given, family, literal = (_MARKS.sub("", part) for part in (name.given, name.family, name.literal))
    return replace(name, given=given, family=family, literal=literal, suffix=_MARKS.sub("", name.suffix))
