"""What a rule is, and how a function becomes one.

A rule is a function with a decorator that gives its code, its name and what it is asked about, whichever costs least:

* `field_rule`: each field with one of the names in ``fields``
* `entry_rule`: each entry
* `project_rule`: once, all files that are checked together

All of them yield `Hit`. The docstring of the function is the rule's page in the documentation: a first line, then the
sections "What it does", "Why is this bad", "Fix", "Known limits", "Example", "Use instead" and "References" (see
`bibtool.check.docs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bibtool.problems import Severity
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Unpack

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, CheckedField, Hit

    FieldCheck = Callable[[CheckedField, Context], Iterator[Hit]]
    EntryCheck = Callable[[CheckedEntry, Context], Iterator[Hit]]
    ProjectCheck = Callable[[Context], Iterator[Hit]]

PAGE_WIDTH = 118  # characters of a line in the pages of the rules


class RuleTraits(TypedDict, total=False):
    """What most rules need not say."""

    severity: Severity
    default: bool
    fixable: bool
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``code`` never changes its meaning; ``default`` says whether it is on without being asked for.

    ``fixable`` rules offer a `Fix` for some or all of what they find; a rule that is ``last`` judges what the others
    found, and no comment switches it off.
    """

    code: str
    name: str
    docstring: str
    severity: Severity = Severity.WARNING
    default: bool = True
    fixable: bool = False
    last: bool = False
    fields: frozenset[str] = frozenset()
    on_field: FieldCheck | None = None
    on_entry: EntryCheck | None = None
    on_project: ProjectCheck | None = None

    @property
    def summary(self) -> str:
        """The first line of the rule's page."""
        return self.docstring.strip().partition("\n")[0]

    @property
    def doc(self) -> str:
        """The rule's page in Markdown, its paragraphs filled to `PAGE_WIDTH`."""
        import textwrap
        from inspect import cleandoc  # takes as long to load as all rules

        lines: list[str] = []
        paragraph: list[str] = []
        in_code = False
        for line in [*cleandoc(self.docstring).splitlines(), ""]:
            fence = line.startswith("```")
            in_code ^= fence
            if line and not (in_code or fence or line.startswith(("#", "* "))):
                paragraph.append(line)
                continue
            text = " ".join(paragraph)
            lines += textwrap.wrap(text, PAGE_WIDTH, break_long_words=False, break_on_hyphens=False)
            paragraph.clear()
            lines.append(line)
        return "\n".join(lines).rstrip("\n")


def field_rule(
    code: str, name: str, *, fields: Iterable[str], **traits: Unpack[RuleTraits]
) -> Callable[[FieldCheck], Rule]:
    """A rule that is asked about each field with one of these names."""
    return lambda check: Rule(
        code=code, name=name, docstring=check.__doc__ or "", fields=frozenset(fields), on_field=check, **traits
    )


def entry_rule(code: str, name: str, **traits: Unpack[RuleTraits]) -> Callable[[EntryCheck], Rule]:
    """A rule that is asked about each entry."""
    return lambda check: Rule(code=code, name=name, docstring=check.__doc__ or "", on_entry=check, **traits)


def project_rule(code: str, name: str, **traits: Unpack[RuleTraits]) -> Callable[[ProjectCheck], Rule]:
    """A rule that is asked once, about all files that are checked together."""
    return lambda check: Rule(code=code, name=name, docstring=check.__doc__ or "", on_project=check, **traits)


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
        return self.hit.file.document.line_of(self.hit.start)

    @property
    def column(self) -> int:
        """Column of the place in characters, from 1."""
        return self.hit.file.document.column_of(self.hit.start)
