"""biblatex's data annotations of name fields (its manual, 3.7) as marks and ORCID iDs of names, and back.

``author+an`` (or ``author+an:default``) holds marks, ``author+an:orcid`` ORCID iDs; BibTeX ignores both. A field is
taken if all of it can be. Annotations of parts of names, literal ones under other names, numbers beyond the list and
annotations of fields that are not lists of names have other uses; such a field stays as it is. `bibtool.model.marks`
describes the notation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.names import parse_names
from bibtool.errors import UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.marks import with_marks, with_orcids, write_marks, write_orcids
from bibtool.model.vocabulary import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.model.names import Names

MARKER = "+an"
_KINDS = {"": "marks", ":default": "marks", ":orcid": "orcid"}
_NUMBERS = lazy_pattern(r"(?:^|;)\s*(\d{1,9})", re.ASCII)


def base_of(field: str) -> str:
    """The field that an annotation belongs to; "" for a field that is not an annotation."""
    base, plus, name = field.partition("+")
    return base if plus and (name == "an" or name.startswith("an:")) else ""


def rank_of(field: str, rank: Mapping[str, int]) -> tuple[int, str]:
    """The place of a field in an entry, an annotation right after its field."""
    name = field.lower()
    return rank.get(base_of(name) or name, len(rank)), name if base_of(name) else ""


class Annotations:
    """The annotations of one entry, collected while its fields are read."""

    __slots__ = ("_fields", "_found", "_variables", "faults")

    def __init__(self, fields: Mapping[str, str], variables: Mapping[str, str]) -> None:
        self._fields = fields
        self._variables = variables
        self._found: dict[tuple[str, str], str] = {}
        self.faults: list[tuple[str, str, str]] = []  # code, field, message

    def take(self, field: str, content: str) -> bool:
        """True if the whole annotation is understood. Otherwise it has another use, or is wrong; see `faults`."""
        base = base_of(field)
        kind = _KINDS.get(field[len(base) + len(MARKER) :])
        variable = self._variables.get(base, "")
        if kind is None or VARIABLES.get(variable) != "names" or (variable, kind) in self._found:
            return False
        names = parse_names(self._fields.get(base, ""))
        if not names:
            return False
        try:
            (with_marks if kind == "marks" else with_orcids)(names, content)
        except UsageError as error:
            if any(int(number) > len(names) for number in _NUMBERS.findall(content)):
                self.faults.append(("annotation-beyond-names", field, f"{field} counts beyond the {len(names)} names"))
            elif kind == "orcid":
                self.faults.append(("malformed-orcid", field, f"{field}: {error}"))
            return False
        self._found[variable, kind] = content
        return True

    def apply(self, variable: str, names: Names) -> Names:
        """The names with what their annotations say."""
        for kind, set_them in (("marks", with_marks), ("orcid", with_orcids)):
            content = self._found.get((variable, kind))
            if content is not None:
                names = set_them(names, content)
        return names

    def variables(self) -> Iterator[str]:
        """The variables that have annotations."""
        yield from dict.fromkeys(variable for variable, _ in self._found)


def read_annotations(field: str, names: Names, fields: Mapping[str, str]) -> Names:
    """The names of a name field with what its annotations among these fields say, as far as they are understood."""
    annotations = Annotations(fields, {field: "author"})
    for name, content in fields.items():
        if base_of(name) == field:
            annotations.take(name, content)
    return annotations.apply("author", names)


def write_annotations(field: str, names: Names) -> Iterator[tuple[str, str]]:
    """The annotation fields of a name field that are not empty, names and values."""
    for name, value in ((MARKER, write_marks(names)), (f"{MARKER}:orcid", write_orcids(names))):
        if value:
            yield field + name, value
