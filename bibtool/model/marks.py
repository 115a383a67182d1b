"""Marks and ORCID iDs of a name list in the notation of biblatex's data annotations, and what they say in words.

Source: the biblatex manual 3.20, section 3.7 ("Data Annotations"), and what biber makes of it. ``1=equal; 2=equal,
corresponding; =alphabetical`` marks the first and the second name and the list as a whole; ``1="0000-0002-1825-0097"``
under the name ``orcid`` is a literal annotation. Numbers count the names from 1; "and others" is not counted. Spaces
before ``=``, a second specification of one number and parts of names (``1:family=...``) mean other things to biber, so
they are refused.
"""

from __future__ import annotations

import re

from bibtool.errors import IdentifierError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from bibtool.model.values import Value

EQUAL: Final = "equal"
CORRESPONDING: Final = "corresponding"
STUDENT: Final = "student"
ALPHABETICAL: Final = "alphabetical"

_MARK = lazy_pattern(r"[a-z][a-z0-9_-]*")
_SPECIFICATION = lazy_pattern(r"(?P<number>\d{1,9})?=(?P<value>.*)", re.ASCII | re.DOTALL)
_HINT = "write 1=equal; 2=equal, corresponding; =alphabetical"
_ORCID_HINT = 'write 1="0000-0002-1825-0097"; 2="..."'


def is_mark(word: object) -> bool:
    """True for a word that may be a mark: lower-case ASCII letters, digits, hyphens and underscores, a letter first."""
    return isinstance(word, str) and _MARK.fullmatch(word) is not None


def has_marks(names: Names) -> bool:
    """True where the list or one of its names has a mark."""
    return bool(names.marks) or any(name.marks for name in names)


def has_orcids(names: Names) -> bool:
    """True where one of the names has an ORCID iD."""
    return any(name.orcid for name in names)


def bare_name(name: Name) -> Name:
    """The name alone: no ORCID iD, no marks."""
    return replace(name, orcid="", marks=()) if name.orcid or name.marks else name


def bare(names: Names) -> Names:
    """The names alone."""
    if not has_marks(names) and not has_orcids(names):
        return names
    return Names(tuple(map(bare_name, names)), names.truncated)


def write_marks(names: Names) -> str:
    """The marks as an annotation, names in their order, the whole list last; "" where there are none."""
    parts = [f"{number}={', '.join(name.marks)}" for number, name in enumerate(names, 1) if name.marks]
    if names.marks:
        parts.append(f"={', '.join(names.marks)}")
    return "; ".join(parts)


def write_orcids(names: Names) -> str:
    """The ORCID iDs as a literal annotation; "" where there are none."""
    return "; ".join(f'{number}="{name.orcid}"' for number, name in enumerate(names, 1) if name.orcid)


def with_marks(names: Names, text: str) -> Names:
    """The names with the marks of an annotation instead of their own; "" takes them away.

    Raises `UsageError` where the text is no such annotation or counts beyond the list.
    """
    marks: dict[int, tuple[str, ...]] = {}
    for number, value in _specifications(text, names, _HINT):
        words = tuple(dict.fromkeys(word.strip() for word in value.split(",")))
        for word in words:
            if not is_mark(word):
                message = f"{word[:40]!r} is not a valid mark"
                raise UsageError(message, hint="a mark is a word in small letters: equal, corresponding, student")
        marks[number] = words
    people = tuple(replace(name, marks=marks.get(number, ())) for number, name in enumerate(names, 1))
    return Names(people, names.truncated, marks.get(0, ()))


def with_orcids(names: Names, text: str) -> Names:
    """The names with the ORCID iDs of an annotation instead of their own; "" takes them away.

    The quotes may be missing, as ``biber --tool`` drops them. Raises `UsageError` as `with_marks` does, and for an
    invalid ORCID iD.
    """
    from bibtool.model.identifiers import parse_orcid

    orcids: dict[int, str] = {}
    for number, value in _specifications(text, names, _ORCID_HINT):
        if not number:
            raise UsageError("an ORCID iD belongs to one name, not to the list", hint=_ORCID_HINT)
        raw = value.strip()
        if len(raw) > 1 and raw[0] == raw[-1] == '"':
            raw = raw[1:-1]
        try:
            orcids[number] = parse_orcid(raw)
        except IdentifierError as error:
            raise UsageError(str(error), hint=_ORCID_HINT) from error
    people = tuple(replace(name, orcid=orcids.get(number, "")) for number, name in enumerate(names, 1))
    return Names(people, names.truncated, names.marks)


def _specifications(text: str, names: Names, hint: str) -> Iterable[tuple[int, str]]:
    """Pairs of number (0 for the whole list) and value."""
    seen: set[int] = set()
    pieces = [piece.strip() for piece in text.split(";")] if text.strip() else []
    while pieces and not pieces[-1]:
        pieces.pop()  # a semicolon at the end
    for piece in pieces:
        parts = _SPECIFICATION.fullmatch(piece)
        number = int(parts["number"] or 0) if parts else 0
        if not parts or not parts["value"].strip() or (parts["number"] and not number):
            raise UsageError(f"{piece[:60]!r} says nothing of a name", hint=hint)
        if number > len(names):
            people = "1 name" if len(names) == 1 else f"{len(names)} names"
            raise UsageError(f"there is no name {number}: the list has {people}", hint="the first name is 1")
        if number in seen:
            raise UsageError(f"{piece[:60]!r}: this name has been marked before", hint=hint)
        seen.add(number)
        yield number, parts["value"]


def show_name(name: Name) -> str:
    """``Bea Ash [equal, corresponding]``: the name followed by its marks and its ORCID iD."""
    said = ", ".join((*name.marks, name.orcid) if name.orcid else name.marks)
    return f"{name.display()} [{said}]" if said else name.display()


def show(value: Value) -> str:
    """A value in one line, for messages; marks and ORCID iDs of people in brackets."""
    return show_names(value) if isinstance(value, Names) else str(value)


def show_names(names: Names) -> str:
    """All names in one line, what holds of the whole list in brackets at the end."""
    text = "; ".join(map(show_name, names))
    if names.truncated:
        text += " et al."
    return f"{text} ({', '.join(names.marks)})" if names.marks else text
