"""Markdown as GitHub shows it.

GitHub counts an ordered list itself, from the number of its first item upwards, so numbers that count down or run on
over sections would be lost: a numbered entry is a paragraph that begins with its number, the full stop escaped
(https://spec.commonmark.org/0.31.2/#list-items). Entries without numbers are a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.cv.chart import text_chart
from bibtool.cv.facts import SEPARATOR, line, links
from bibtool.cv.targets._typeset import clean_run, counts, status_sentence, web_links, word
from bibtool.lazy import lazy_pattern
from bibtool.styles.output import renderer
from bibtool.styles.output.markdown import escape
from bibtool.styles.rich import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

# GitHub Pages and Hugo look for tags of their own in Markdown before they read it
_TAG: Final = lazy_pattern(r"\{(?=[{%])")


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The list as Markdown; a fragment has neither the title nor the line about the owner."""
    blocks = list(_blocks(cv, options))
    return ("\n\n".join(blocks) + "\n").encode() if blocks else b""


def _blocks(cv: PublicationList, options: TargetOptions) -> Iterator[str]:
    if not options.fragment:
        if title := text(cv.title):
            yield f"# {title}"
        if about := _about(cv, options):
            yield about
    if options.summary and cv.summary.total:
        yield from _summary(cv, options)
    for section in cv.sections:
        if heading := text(section.heading):
            yield f"## {heading}"
        numbered = any(entry.number is not None for entry in section.entries)
        items = [item(entry, options) for entry in section.entries]
        if items:
            yield "\n\n".join(items) if numbered else "\n".join(items)
    if cv.legend:
        yield "\\\n".join(f"{text(sign.sign)} {text(sign.text)}".strip() for sign in cv.legend)


def text(words: str) -> str:
    """Words on one line that mean nothing to Markdown, wherever they are in a line."""
    return no_tags(renderer("markdown").inline([line(words)]))


def link(target: Link) -> str:
    """The link; its address begins with https or http."""
    return no_tags(renderer("markdown").inline([Mark("link", href=target.url), target.label, Mark("link", close=True)]))


def item(entry: Entry, options: TargetOptions) -> str:
    """One entry: number, reference, status, links, all on one line."""
    reference = no_tags(renderer("markdown").inline(clean_run(entry.run)))
    # the second line of a reference would be open to all that begins a block
    parts = [" ".join(reference.split())]
    if status := status_sentence(entry):
        parts.append(no_tags(escape(status)))
    if options.links and (addresses := links(entry)):
        parts.append(SEPARATOR.join(map(link, addresses)))
    body = " ".join(part for part in parts if part)
    return f"- {body}" if entry.number is None else f"{entry.number}\\. {body}"


def no_tags(markdown: str) -> str:
    """The Markdown without the beginnings of Liquid's tags and of Hugo's short codes."""
    return _TAG.sub(r"{\\", markdown)


def _about(cv: PublicationList, options: TargetOptions) -> str:
    parts = [text(cv.profile.name)] if cv.profile.name else []
    if options.links:
        parts += map(link, web_links(cv.profile.links))
    return SEPARATOR.join(part for part in parts if part)


def _summary(cv: PublicationList, options: TargetOptions) -> Iterator[str]:
    total, kinds = counts(cv, options)
    yield no_tags(escape(SEPARATOR.join((total, *kinds))))
    if chart := text_chart(cv.summary.by_year):
        yield escape(word(cv, options, "papers-a-year"))
        yield "\n".join(_fenced(chart.rstrip("\n").split("\n")))


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    yield "```text"
    yield from lines
    yield "```"
