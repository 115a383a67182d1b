"""Works that were retracted, where the entry itself tells it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import field_rule
from bibtool.lazy import lazy_pattern
from bibtool.model.works.retractions import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField, Hit

_BEFORE = lazy_pattern(
    r"[\s{\[(]*(?:(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?|temporary removal)[\s}\])]*:", re.IGNORECASE
)
_AFTER = lazy_pattern(
    r"[(\[]\s*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?\b[^()\[\]]{0,80}[)\]]", re.IGNORECASE
)
_SAID = lazy_pattern(r"\b(?:retracted|retraction|withdrawn|withdrawal)\b", re.IGNORECASE)


@field_rule("VAL009", "retracted-work", fields={"title", "note"})
def retracted_work(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A work that was retracted.

    ## What it does
    Reports titles that begin with `RETRACTED:`, `RETRACTED ARTICLE:`, `WITHDRAWN:` and the like, or that say so in
    parentheses: publishers and databases change titles in this way when a work is retracted. An entry whose `note` or
    `addendum` says it too is left alone. Notes that begin with `RETRACTED:` are reported as well: bibtool writes them
    where a source says so.

    ## Why is this bad
    What the work says should no longer be relied on, and reviewers ask why it is cited.

    ## Known limits
    Most entries of retracted works have the old title: `bibtool verify --only retractions` asks the services that know.
    Notices such as `Retraction: ...` are works of their own and are not reported.

    ## Example
    ```bibtex
    title = {RETRACTED: A cure for everything}
    ```

    ## Use instead
    ```bibtex
    title = {A cure for everything}, note = {Retracted}
    ```

    ## References
    * COPE, Retraction Guidelines: the title of a retracted work is marked in all its forms
    """
    content = field.content
    if field.name.casefold() == "note":
        if content.startswith(MARK):
            message = "a source says that the work was retracted"
            yield field.hit(message, 0, len(MARK) - 2, hint="cite another work, or say it in words of your own")
        return
    found = _BEFORE.match(content) or _AFTER.search(content)
    if found is None or any(_SAID.search(field.entry.get(name)) for name in ("note", "addendum")):
        return
    yield field.hit(
        "the title says that the work was retracted",
        found.start(),
        found.end(),
        hint="cite another work, or say in a note that it was retracted",
    )
