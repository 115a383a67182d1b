"""What a rule is, and what it finds.

A rule module holds one `Rule` named ``RULE``. Its docstring is the rule's page in the documentation: a first line, then
the sections "What it does", "Why is this bad", "Example", "Use instead" and "References" (see `bibtool.check.docs`).

A rule is asked in one of three ways, whichever costs least: ``on_field`` for each field with one of the names in
``fields``, ``on_entry`` for each entry, ``on_project`` once with all files. All of them yield `Hit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import Entry, Field, Source
    from bibtool.problems import Severity


@dataclass(frozen=True, slots=True)
class Edit:
    """``text`` instead of the characters from ``start`` to ``end`` of a file's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A mend that changes nothing but what the finding is about; ``description`` says what was done."""

    description: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about."""

    source: Source
    at: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule found: the place as offsets in the text of ``source``, and what to do about it.

    ``severity`` is set only where it isn't the rule's own, ``key`` only where there is a key but no entry.
    """

    source: Source
    start: int
    end: int
    message: str
    entry: Entry | None = None
    key: str | None = None
    hint: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``code`` never changes its meaning; ``default`` says whether it is on without being asked for.

    ``fixable`` rules offer a `Fix` for some or all of what they find.
    """

    code: str
    name: str
    severity: Severity
    doc: str
    default: bool = True
    fixable: bool = False
    fields: frozenset[str] = frozenset()
    on_field: Callable[[Field, Context], Iterator[Hit]] | None = None
    on_entry: Callable[[Entry, Context], Iterator[Hit]] | None = None
    on_project: Callable[[Context], Iterator[Hit]] | None = None

    @property
    def summary(self) -> str:
        """The first line of the rule's page."""
        return self.doc.strip().partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A `Hit` with its rule, severity and citation key, as reports show it."""

    rule: Rule
    hit: Hit
    severity: Severity
    key: str | None

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def line(self) -> int:
        """Line of the place, from 1."""
        return self.hit.source.document.line_of(self.hit.start)

    @property
    def column(self) -> int:
        """Column of the place in characters, from 1."""
        return self.hit.source.document.column_of(self.hit.start)
