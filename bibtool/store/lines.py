"""A record as one line of a list: key, year, authors, title and identifier.

`bibtool list` and `bibtool search` show no more of a record, so a library keeps it next to the data: neither the data
is read then, nor are the modules loaded that make records of it. What is to show something else needs a step in
`bibtool.store.migrations` and in `bibtool.store.postgres.schema`, which writes all lines again.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from bibtool.model.record import Record
    from bibtool.store.base import Listed

NO_TITLE = "(no title)"
_TABS = 3  # between the cells of a line


def listed(record: Record) -> Listed:
    """Key, year, authors, title and identifier of a record; "" for what it lacks."""
    return _named(record.key, *_cells(record))


def line_of(record: Record) -> str:
    """What a library keeps for `listed_by`; "" where it has to look at the data of the record.

    That is where a tab is in a text, or what not every database can hold: NUL and halves of surrogate pairs.
    """
    line = "\t".join(_cells(record))
    return line if line.count("\t") == _TABS and "\0" not in line and _is_encodable(line) else ""


def listed_by(key: str, line: str) -> Listed | None:
    """What `listed` gives, from the key and the line of a record; None for a line that `line_of` does not make."""
    return _named(key, *line.split("\t")) if line.count("\t") == _TABS else None


def _cells(record: Record) -> tuple[str, str, str, str]:
    people = (record.names("author") or record.names("editor")).first_three()
    identifier = str(record.arxiv.id.number) if record.arxiv and record.arxiv.id else record.doi
    return str(record.year or ""), people, record.title, identifier


def _named(key: str, year: str, people: str, title: str, identifier: str) -> Listed:
    return key, year, people, title or NO_TITLE, identifier


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
