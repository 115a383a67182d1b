"""Comments that switch rules off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import project_rule
from bibtool.check.source import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context

MAX_SUGGESTIONS = 20  # looking for the nearest code takes a while


@project_rule("SUP001", "unknown-suppression")
def unknown_suppression(context: Context) -> Iterator[Hit]:
    """A comment that switches off a rule that doesn't exist.

    ## What it does
    Reports codes in `% bibtool: ignore=...` that no rule has.

    ## Why is this bad
    The comment has no effect, and nobody notices.

    ## Known limits
    Only comments that begin as those of bibtool do; comments of other programs are not read.

    ## Example
    ```bibtex
    % bibtool: ignore=ISD001
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## Use instead
    ```bibtex
    % bibtool: ignore=IDS001
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * `bibtool check --list-rules`
    """
    asked = 0
    for file in context.files:
        for comment in context.suppressions[file].all:
            for name in comment.unknown:
                asked += 1
                shown = name[:80]
                message = context.selectors.unknown(shown).message if asked <= MAX_SUGGESTIONS else f"no rule {shown!r}"
                yield Hit(
                    file=file,
                    start=comment.at,
                    end=comment.end,
                    message=message,
                    hint="`bibtool check --list-rules` lists the rules",
                )


@project_rule("SUP002", "unused-suppression", default=False, last=True)
def unused_suppression(context: Context) -> Iterator[Hit]:
    """A comment that switches off a rule which found nothing there.

    ## What it does
    Reports `% bibtool: ignore` comments that hide nothing any more.

    ## Why is this bad
    Such a comment hides the next problem of its kind.

    ## Known limits
    Says what this call found: a rule that was not selected can't be missed, so that its comments are not judged.

    ## Example
    ```bibtex
    % bibtool: ignore=IDS001
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * `bibtool check --list-rules`
    """
    for file, comments in context.suppressions.items():
        for comment in comments.unused(context.codes):
            yield Hit(
                file=file,
                start=comment.at,
                end=comment.end,
                message="this comment hides nothing",
                hint="remove the comment",
            )
