"""Plain text to paste into a mail or a form: one line for each work, since both wrap lines but keep hard breaks.

The owner is highlighted on a terminal only; addresses are written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.chart import text_chart
from bibtool.cv.targets import _typeset
from bibtool.styles.output.ansi import Output as AnsiOutput
from bibtool.styles.output.text import Output as TextOutput

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the text; a fragment has no name and title."""
    blocks = [] if options.fragment else _top(cv)
    if options.summary and cv.summary.total:
        total, kinds = _typeset.counts(cv, options)
        blocks.append(f"{total} ({'; '.join(kinds)})" if len(kinds) > 1 else total)
        if chart := text_chart(cv.summary.by_year):
            blocks.append(f"{_typeset.word(cv, options, 'papers-a-year')}\n\n{chart}")
    digits = _typeset.label_width(cv)
    for section in cv.sections:
        if heading := _typeset.clean(section.heading).strip():
            blocks.append(f"{heading}\n{'-' * len(heading)}")
        lines = [_line(entry, digits, options) for entry in section.entries]
        # numbers show where an entry begins when lines are wrapped
        if lines:
            blocks.append(("\n" if digits else "\n\n").join(lines))
    if cv.legend:
        blocks.append("\n".join(f"{_typeset.clean(line.sign)} {_typeset.clean(line.text)}" for line in cv.legend))
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _top(cv: PublicationList) -> list[str]:
    title = ": ".join(part for text in (cv.profile.name, cv.title) if (part := _typeset.clean(text).strip()))
    blocks = [f"{title}\n{'=' * len(title)}"] if title else []
    links = [f"{link.label}: {_typeset.address(link.url)}" for link in _typeset.profile_labels(cv)]
    return blocks + (["\n".join(links)] if links else [])


def _line(entry: Entry, digits: int, options: TargetOptions) -> str:
    number = f"{entry.number}.".rjust(digits + 1) + " " if entry.number is not None else ""
    output = AnsiOutput() if options.terminal else TextOutput()
    parts = [" ".join(output.inline(_typeset.clean_run(entry.run)).split()) or _typeset.clean(entry.record.title)]
    if status := _typeset.status_sentence(entry):
        parts.append(status)
    # a DOI and an arXiv number say what they are; an address does not say "Code"
    parts += [
        ("" if link.kind in ("doi", "arxiv", "url") else f"{link.label}: ") + _typeset.address(link.url)
        for link in _typeset.links_of(entry, options)
    ]
    return number + " ".join(parts)
