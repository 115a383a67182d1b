"""What is wrong with an input, as data: a `Problem` never stops the reading of its neighbours.

How severe a problem is depends on what became of the input, not on how bad it looks:

- **error**: something of the input is not in the output, or not in the way that was meant: a record, an entry, a file
  or a piece of text that could not be read, written or found was left out; or the syntax is broken, so that what was
  taken is a guess. Exit code 1.
- **warning**: everything was taken, but a person should look at it: a doubtful reading, a value that is not valid and
  was kept as it is, one of two contradicting values chosen by a rule. Exit code 0; with ``--strict`` 1.
- **note**: nothing to do: what a format has no place for, what was left out because it was asked for.
"""

from __future__ import annotations

from enum import StrEnum

from bibtool.structs import dataclass, replace


class Severity(StrEnum):
    """How severe a problem is, from what became of the input. Errors change the exit code; see the module's rule."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an input; line and column count from 1, the column in characters."""

    path: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [str(p) for p in (self.path, self.line, self.column) if p is not None]
        return ":".join(parts)


NOWHERE = Position()


def quoted(text: str) -> str:
    r"""The text in quotes, as a message shows it: control characters escaped, the backslashes of LaTeX as they are."""
    return repr(text).replace("\\\\", "\\")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding.

    ``code`` is stable, for scripts (``listing-no-authors``), ``message`` one sentence for people, ``hint``
    what to do next, ``key`` the citation key, ``raw`` the text that could not be understood, unchanged. ``parts`` are
    the things that the message ends with, one by one, so that those of several records can be counted.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    position: Position = NOWHERE
    key: str | None = None
    hint: str | None = None
    raw: str | None = None
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = str(self.position)
        text = f"{place}: " if place else ""
        text += f"{self.severity}: {self.message} [{self.code}]"
        return text

    def at(self, path: str | None) -> Problem:
        """The same problem in the file ``path``."""
        return replace(self, position=replace(self.position, path=path))

    def to_dict(self) -> dict[str, object]:
        """The problem as a JSON object with only the fields that are set, without ``parts``: the message has them."""
        found: dict[str, object] = {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "path": self.position.path,
            "line": self.position.line,
            "column": self.position.column,
            "key": self.key,
            "hint": self.hint,
            "raw": self.raw,
        }
        return {name: value for name, value in found.items() if value is not None}
