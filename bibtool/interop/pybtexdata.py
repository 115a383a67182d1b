"""Records and documents as `pybtex.database.BibliographyData`, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.bib.document import Document, Entry
from bibtool.bib.names import split_names
from bibtool.bib.values import pieces_of
from bibtool.errors import BibtoolError
from bibtool.interop.result import BibResult, document_of, entry_text
from bibtool.problems import Problem, Severity
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pybtex.database import BibliographyData

    from bibtool.model.record import Record

_ROLES = ("author", "editor")  # the fields that pybtex's own reader splits into persons


class PybtexResult(NamedTuple):
    """pybtex's data, and problems for what it can't hold."""

    data: BibliographyData
    problems: tuple[Problem, ...] = ()


def to_pybtex(source: Document | Iterable[Record]) -> PybtexResult:
    """The bibliography of records or of a document, like that of pybtex's own reader for the same file.

    Authors and editors become persons, macros are expanded, runs of white space become one space. A second entry with
    the same key (in any case) and a name that BibTeX can't split are left out and named in the problems.

    >>> from bibtool.bib import Document
    >>> document = Document.from_text("@book{k, author = {Donald E. Knuth}, month = jan}")
    >>> entry = to_pybtex(document).data.entries["k"]
    >>> entry.persons["author"][0].last_names, entry.fields["month"]
    (['Knuth'], 'January')
    """
    from pybtex import database
    from pybtex.textutils import normalize_whitespace

    written = document_of(source)
    document = written.document
    problems = list(written.problems)
    data = database.BibliographyData()
    for block in document.blocks:
        if block.kind == "preamble":
            scan = document.cut.scan(document.cut.blocks[block.index])
            for field in scan.fields if scan else ():
                pieces = pieces_of(document.text, field.value, field.value_end)
                data.add_to_preamble(normalize_whitespace(document.macros.resolve(pieces, block.start).content))
        if not isinstance(block, Entry):
            continue
        if block.key in data.entries:
            message = f"pybtex holds {block.key!r} only once"
            problems.append(_problem("duplicate-key", message, block.key, severity=Severity.ERROR))
            continue
        entry = database.Entry(block.type_spelling)
        for bib_field in block.fields:
            name = bib_field.spelling
            content = normalize_whitespace(bib_field.content)
            if name in entry.fields or name in entry.persons:
                message = f"pybtex holds {name!r} only once"
                problems.append(_problem("duplicate-field", message, block.key, severity=Severity.ERROR))
            elif bib_field.name in _ROLES:
                persons = [_person(raw, block.key, problems) for raw in split_names(content) if raw]
                entry.persons[name] = [person for person in persons if person is not None]
            else:
                entry.fields[name] = content
        data.add_entry(block.key, entry)
    return PybtexResult(data, tuple(problems))


def _person(raw: str, key: str, problems: list[Problem]) -> Any:
    """The person of a name; None, and a problem, for one that pybtex can't split."""
    from pybtex import errors
    from pybtex.database import Person
    from pybtex.exceptions import PybtexError

    try:
        with errors.capture() as faults:
            person = Person(raw)
    except PybtexError as error:
        faults, person = [error], None
    problems.extend(
        _problem(
            "malformed-name",
            f"pybtex says of the name {raw[:60]!r}: {fault}",
            key,
            severity=Severity.WARNING if person is not None else Severity.ERROR,
        )
        for fault in faults
    )
    return person


def from_pybtex(data: BibliographyData, *, path: str | None = None) -> BibResult:
    """The document of a bibliography, in UTF-8; `BibResult.read` gives its records.

    Persons are written as ``von Last, Jr, First``. An entry that can't be written (a key with a comma, braces that do
    not balance) is left out, and a person that would be read differently is named in the problems.

    >>> from pybtex.database import BibliographyData, Entry, Person
    >>> data = BibliographyData({"k": Entry("book", {"title": "The book"}, {"author": [Person("Donald E. Knuth")]})})
    >>> print(from_pybtex(data).document.text)
    @book{k,
      author = {Knuth, Donald E.},
      title = {The book},
    }
    <BLANKLINE>
    """
    problems: list[Problem] = []
    parts = [f"@preamble{{{{{text}}}}}\n" for text in data.preamble_list]
    for key, entry in data.entries.items():
        fields = [
            (role, "{" + " and ".join(_name(person, key, problems) for person in persons) + "}")
            for role, persons in entry.persons.items()
        ]
        fields += [(name, f"{{{value}}}") for name, value in entry.fields.items()]
        try:
            parts.append(entry_text(entry.original_type, key, fields) + "\n")
        except BibtoolError as error:
            problems.append(_problem("unwritable-entry", error.message, key, error.hint, Severity.ERROR))
    return BibResult(Document.from_text("\n".join(parts), path), tuple(problems))


def _name(person: Any, key: str, problems: list[Problem]) -> str:
    """The name in the first form in which pybtex reads it as the same person."""
    from pybtex import errors
    from pybtex.database import Person

    last = " ".join([*person.prelast_names, *person.last_names])
    first = " ".join([*person.first_names, *person.middle_names])
    lineage = " ".join(person.lineage_names)
    forms = [f"{last}, {lineage}, {first}"] if lineage else [f"{last}, {first}" if first else last, f"{last},", first]
    with errors.capture():
        for form in forms:
            if form and Person(form) == person:
                return form
    problems.append(_problem("malformed-name", f"the name {str(person)[:60]!r} will be read in other parts", key))
    return forms[0]


def _problem(
    code: str, message: str, key: str, hint: str | None = None, severity: Severity = Severity.WARNING
) -> Problem:
    return Problem(code=code, message=message, severity=severity, key=key, hint=hint)
