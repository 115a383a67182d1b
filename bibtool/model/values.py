"""The values of variables, and the plain Python values that stand for them when a record is made by hand.

``Names``    text with ``and`` or ``;`` between names (``"Jane Doe and Bo Lind"``), or a sequence of names, each a
             `Name` or text; ``et al.`` or ``others`` at the end says that the list goes on. A name that holds one of
             the separators (``"Food and Drug Administration"``) has to be given in a sequence
``Date``     EDTF as text (``"2020-03"``), a year as ``int``, a `datetime.date`; other text is kept as a literal
``Number``   ``int`` or text
``Text``     text, taken as plain characters; `Text.parse` reads markup
``Verbatim`` text or ``int``; identifiers and numbers get their one form, see `bibtool.model.normal.values`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bibtool.errors import RecordError
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.richtext import Text
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    from typing import Any, Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A value that is never "improved": URL, DOI, ISBN, a call number, a language tag."""

    text: str

    def __str__(self) -> str:
        return self.text


Value: TypeAlias = Names | Date | Number | Text | Verbatim
Plain: TypeAlias = "Value | str | int | dt.date | Name | Iterable[str | Name]"

# what people call a variable
SYNONYMS: Final = {
    "doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID",
    "date": "issued", "journal": "container-title", "booktitle": "container-title", "keywords": "keyword",
    "tag": "keyword", "pages": "page",
}  # fmt: skip
_CLASSES: Final = {"names": Names, "date": Date, "number": Number, "text": Text, "verbatim": Verbatim}
CLASS_OF: Final[Mapping[str, type[Any]]] = {variable: _CLASSES[kind] for variable, kind in VARIABLES.items()}

_BETWEEN_NAMES = lazy_pattern(r"\s+and\s+|\s*;\s*")
_MORE_NAMES = frozenset({"et al.", "et al", "others"})


def checked_type(name: str) -> str:
    """The name of a CSL type; raises `RecordError` with the nearest ones where CSL has no such type."""
    if name in TYPES:
        return name
    from bibtool.suggest import nearest

    raise RecordError(f"there is no CSL type {name!r}", suggestions=nearest(str(name), sorted(TYPES)))


def checked_values(values: Mapping[str, Plain | None]) -> dict[str, Value]:
    """A new mapping from variable to value of the variable's kind; what is None or empty is left out.

    ``_`` in a name stands for ``-``, so that variables can be given as keywords. Raises `RecordError` for a variable
    that CSL does not have and for a value that can't be one of the variable's kind.
    """
    for name, value in values.items():
        if type(value) is not CLASS_OF.get(name):
            break
    else:  # as readers give them: nothing to do, which matters for a file of many thousands
        return dict(values)  # type: ignore[arg-type]  # each was compared with its class
    checked: dict[str, Value] = {}
    for name, value in values.items():
        variable = checked_variable(name)
        if value is None:
            continue
        if variable in checked:
            raise RecordError(f"{variable} is given twice")
        if (made := _made(variable, value)) is not None:
            checked[variable] = made
    return checked


def checked_variable(name: str) -> str:
    """The CSL variable of a name or keyword; raises `RecordError` with the nearest ones where there is none."""
    if name in VARIABLES:
        return name
    variable = str(name).replace("_", "-")
    if variable in VARIABLES:
        return variable
    from bibtool.suggest import nearest

    meant = SYNONYMS.get(variable.casefold())
    suggestions = (meant,) if meant else nearest(variable, list(VARIABLES))
    raise RecordError(f"there is no CSL variable {name!r}", suggestions=suggestions)


def fits(variable: str, value: object) -> bool:
    """Whether CSL has the variable and the value is of its kind."""
    kind = CLASS_OF.get(variable)
    return kind is not None and isinstance(value, kind)


def _made(variable: str, value: Any) -> Value | None:
    """The value of the variable's kind, or None for nothing; raises `RecordError`."""
    if isinstance(value, CLASS_OF[variable]):
        typed: Value = value
        return None if value in (Names(), Text(), Date()) else typed
    if isinstance(value, str) and not value.strip():
        return None
    kind = VARIABLES[variable]
    if kind == "names":
        return _names(variable, value) or None
    if kind == "date":
        return _date(variable, value)
    if kind != "text" and isinstance(value, (Text, Verbatim)):
        value = str(value)  # who knows that call-number is a number in CSL?
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _wrong(variable, value, "text" if kind == "text" else "text or a whole number")
    text = str(value)
    if kind == "text":
        return Text.of(text)
    if variable == "DOI":
        return Verbatim(_doi(text))
    from bibtool.model.normal.values import normalised

    text = normalised(variable, text).text
    return Number(text) if kind == "number" else Verbatim(text)


def _wrong(variable: str, value: object, wanted: str) -> RecordError:
    return RecordError(f"{variable} must be {wanted}, not {type(value).__name__}: {str(value)[:60]!r}")


def _names(variable: str, value: Any) -> Names:
    if isinstance(value, Name):
        return Names((value,))
    if isinstance(value, str):
        value = [part for part in _BETWEEN_NAMES.split(value.strip()) if part]
    elif not isinstance(value, Iterable) or isinstance(value, (bytes, Mapping)):
        raise _wrong(variable, value, "names: text, or a list of texts and names")
    people: list[Name] = []
    truncated = False
    for person in value:
        if isinstance(person, Name):
            people.append(person)
        elif not isinstance(person, str):
            raise _wrong(variable, person, "names: text, or a list of texts and names")
        elif person.strip().casefold() in _MORE_NAMES:
            truncated = True
        elif person.strip():
            people.append(Name.parse(person))
    return Names(tuple(people), truncated)


def _date(variable: str, value: Any) -> Date:
    if isinstance(value, int) and not isinstance(value, bool):
        return Date.of(value)
    if isinstance(value, str):
        return Date.parse(value)
    import datetime as dt  # few dates are given as such an object

    if isinstance(value, dt.date):
        return Date.of(value.year, value.month, value.day)
    raise _wrong(variable, value, "a date: a year, text such as 2020-03, or a datetime.date")


def _doi(text: str) -> str:
    from bibtool.model.identifiers import parse_doi
    from bibtool.model.normal.values import normalised

    normal = normalised("DOI", text)
    if not normal.fault or normal.rest:
        return normal.text
    bare = text.strip().casefold().rpartition("doi.org/")[2]
    if not bare.startswith("10.") or "/" not in bare or " " in bare:
        return parse_doi(text)  # raises with the reason
    return text.strip()[-len(bare) :]
