"""A record in the making, and what one field of an entry says.

Values that come back from entry to entry of a file, such as journals, are read once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bibtool.bib.latexwriting import to_latex
from bibtool.formats.bibtex.dates import parse_edtf
from bibtool.formats.bibtex.mapping import LISTS, Dialect
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.strings import KEYED, key_of, language_of, words_of
from bibtool.formats.bibtex.values_in import loses_commands, read_value, unread_commands
from bibtool.model.names import Names
from bibtool.model.normal.editions import edition_in_bibtex
from bibtool.model.normal.languages import babel_name
from bibtool.model.normal.values import SEVERAL
from bibtool.model.record import Leftover, Value
from bibtool.model.richtext import Text, parse_markup
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "bibtex"
FORM = "bibtex-form"
UNREAD = "unknown-command"  # a fault whose message is the command; the reader names each command once


class FieldFault(NamedTuple):
    """Something wrong with one field."""

    code: str
    field: str
    message: str


@cache
def _tables(dialect: str, csl: str) -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Field -> variable of the dialect, the same with the fields of BibLaTeX, and variable -> field of the dialect."""
    tables = BIBTEX if dialect == BIBTEX.name else BIBLATEX
    reading = tables.variables_of(csl)
    return reading, {**BIBLATEX.variables_of(csl), **reading}, tables.fields_of(csl)


class RecordBuilder:
    """Collects the parts of one record."""

    def __init__(self, dialect: Dialect, csl: str) -> None:
        self.dialect = dialect
        self.csl = csl
        self.reading, self._all, self.writing = _tables(dialect.name, csl)
        self.variables: dict[str, Value] = {}
        self.left: list[Leftover] = []
        self.findings: list[FieldFault] = []

    def leftover(self, name: str, content: str) -> None:
        """Keep a field that no variable fits."""
        self.left.append(Leftover(SOURCE, name, content))

    def form(self, name: str, content: str) -> None:
        """Keep how the file has it, for the writer."""
        self.left.append(Leftover(FORM, name, content))

    def place_of(self, name: str) -> tuple[str | None, bool]:
        """The variable of a field, None for none, and whether the variable would be written as another field."""
        variable = self._all.get(name)
        if variable is None:
            return None, False
        renamed = self.writing.get(variable) != name and (self.dialect.native is None or name in self.dialect.native)
        return variable, renamed

    def field(self, name: str, content: str) -> None:
        """Set the variable of a field; a field without one, or whose variable is set already, is kept."""
        variable, renamed = self.place_of(name)
        if variable is None or variable in self.variables:
            self.leftover(name, content)
            return
        read = _read_again if variable in _REPEATED and len(content) <= _MAX_REPEATED else _read
        value, has_form, findings = read(variable, name, content, renamed, self.dialect is BIBTEX)
        if value is None:
            self.leftover(name, content)
            return
        self.findings += findings
        self.variables[variable] = value
        if has_form:
            self.form(name, content)


class _Reading(NamedTuple):
    """What a field says: its value (None for nothing), whether its form is kept, and what is wrong with it."""

    value: Value | None
    has_form: bool
    findings: tuple[FieldFault, ...]


# whose values come back from entry to entry of a file
_REPEATED = frozenset(
    "collection-title container-title edition editor event-place event-title genre issue ISSN language publisher "
    "publisher-place volume".split()
)
# variables whose fields may hold keys that stand for words
IN_KEYS = frozenset({"language", "edition", *KEYED})
_MAX_REPEATED = 300  # characters


def is_repeated(variable: str) -> bool:
    """Whether the values of a variable come back from entry to entry of a file."""
    return variable in _REPEATED


# flags by position: lru_cache takes twice the time for keywords
def read_field(variable: str, name: str, content: str, renamed: bool, in_bibtex: bool) -> _Reading:
    """What the content of a field says as ``variable``.

    ``renamed``: the variable would be written as another field; ``in_bibtex``: in BibTeX, not BibLaTeX.
    """
    if variable in _REPEATED and len(content) <= _MAX_REPEATED:
        return _read_again(variable, name, content, renamed, in_bibtex)
    return _read(variable, name, content, renamed, in_bibtex)


def _read(variable: str, name: str, content: str, renamed: bool, in_bibtex: bool) -> _Reading:
    has_form = False
    said = content
    if variable in IN_KEYS:
        said = language_of(content) if variable == "language" else _in_words(variable, content)
    value, fault = read_value(variable, said)
    if value is None:
        return _NOTHING
    if variable in IN_KEYS:
        has_form = (
            (said != content and variable != "genre" and key_of(variable, str(value)) != content)
            or (variable == "language" and (babel_name(str(value)) or content) != content)
            or (variable == "edition" and in_bibtex and _edition(str(value)) != content)
        )
    findings = []
    if fault:
        has_form = has_form or fault.startswith(SEVERAL)
        kind = "several" if fault.startswith(SEVERAL) else "malformed"
        what = "names" if isinstance(value, Names) else variable.casefold()
        findings.append(FieldFault(f"{kind}-{what}", name, fault))
    if "\\" in content:
        findings += [FieldFault(UNREAD, name, command) for command in unread_commands(content, value)]
        has_form = has_form or loses_commands(content, value)
    has_form = (
        has_form
        or renamed
        or ("{" in content and name in LISTS and " and " in content)
        or (name.endswith("date") and not parse_edtf(content)[1])
        or ("=" in content and isinstance(value, Names))
    )
    return _Reading(value, has_form, tuple(findings))


def _edition(text: str) -> str:
    """The content of the field that the writer makes of an edition."""
    return edition_in_bibtex(to_latex(parse_markup(text)))


def _in_words(variable: str, content: str) -> str:
    """The content with words for the keys that it has."""
    words = words_of(variable, content)
    return to_latex(Text.of(words)) if words else content


_NOTHING = _Reading(None, has_form=False, findings=())
_read_again = lru_cache(maxsize=4096)(_read)
