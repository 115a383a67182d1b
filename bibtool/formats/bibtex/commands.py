r"""Commands of TeX that records brought along from a BibTeX file and that bibtool does not understand: ``\input``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bibtool.bib.latexsyntax import commands_of
from bibtool.formats.bibtex.builder import FORM
from bibtool.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.model.record import Record

_SHOWN = 5


def printed_commands(records: Sequence[Record]) -> Iterable[Problem]:
    """At most one problem: which commands are printed as text where the records are formatted, and in which of them."""
    commands: Counter[str] = Counter()
    keys: list[str] = []
    for record in records:
        found = sum((commands_of(left.value) for left in record.leftovers if left.source == FORM), Counter())
        commands += found
        if found:
            keys.append(record.key)
    if keys:
        names = _some(["\\" + name for name in sorted(commands)])
        message = f"unknown commands of TeX are printed as text: {names}"
        yield Problem(
            code="tex-as-text",
            message=f"{message} (in {_some(keys)})",
            severity=Severity.WARNING,
            hint="nothing in a record is run; write the text without them",
        )


def _some(words: Sequence[str]) -> str:
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
