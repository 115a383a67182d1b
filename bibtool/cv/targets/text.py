"""Plain text to paste into a mail or a form: one line a work, for both wrap lines by themselves and keep hard breaks.

Nothing marks the owner, but on a terminal; addresses are written out, for there is nothing to hide them behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.chart import text_chart
from bibtool.cv.targets._typeset import (
    address,
    clean,
    clean_run,
    counts,
    label_width,
    links_of,
    profile_labels,
    status_sentence,
    word,
)
from bibtool.styles.output.ansi import Output as AnsiOutput
from bibtool.styles.output.text import Output as TextOutput

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the text; a fragment has no name and title."""
    blocks = [] if options.fragment else _top(cv)
    if options.summary and cv.summary.total:
        total, kinds = counts(cv, options)
        blocks.append(f"{total} ({'; '.join(kinds)})" if len(kinds) > 1 else total)
        if chart := text_chart(cv.summary.by_year):
            blocks.append(f"{word(cv, options, 'papers-a-year')}\n\n{chart}")
    digits = label_width(cv)
    for section in cv.sections:
        if heading := clean(section.heading).strip():
            blocks.append(f"{heading}\n{'-' * len(heading)}")
        lines = [_line(entry, digits, options) for entry in section.entries]
        # numbers tell entries apart where a line is wrapped
        if lines:
            blocks.append(("\n" if digits else "\n\n").join(lines))
    if cv.legend:
        blocks.append("\n".join(f"{clean(line.sign)} {clean(line.text)}" for line in cv.legend))
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _top(cv: PublicationList) -> list[str]:
    title = ": ".join(part for part in (clean(cv.profile.name).strip(), clean(cv.title).strip()) if part)
    blocks = [f"{title}\n{'=' * len(title)}"] if title else []
    links = [f"{link.label}: {address(link.url)}" for link in profile_labels(cv)]
    return blocks + (["\n".join(links)] if links else [])


def _line(entry: Entry, digits: int, options: TargetOptions) -> str:
    number = f"{entry.number}.".rjust(digits + 1) + " " if entry.number is not None else ""
    output = AnsiOutput() if options.terminal else TextOutput()
    parts = [" ".join(output.inline(clean_run(entry.run)).split()) or clean(entry.record.title)]
    if status := status_sentence(entry):
        parts.append(status)
    # a DOI and an arXiv number say what they are; "Code" does not stand in its address
    parts += [
        address(link.url) if link.kind in ("doi", "arxiv", "url") else f"{link.label}: {address(link.url)}"
        for link in links_of(entry, options)
    ]
    return number + " ".join(parts)
