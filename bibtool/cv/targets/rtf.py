r"""RTF 1.9: headings with outline levels, numbers as text with hanging indents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.chart import text_chart
from bibtool.cv.targets import _typeset
from bibtool.styles.output.rtf import Output, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

_SIZES = {"letter": r"\paperw12240\paperh15840", "a4": r"\paperw11906\paperh16838"}
_FONTS = r"{\fonttbl{\f0\froman Times New Roman;}{\f1\fmodern Courier New;}}"
_COLOURS = r"{\colortbl;\red31\green78\blue121;}"
_STYLES = r"{\stylesheet{\s0\f0\fs22 Normal;}{\s1\sb240\sa120\keepn\outlinelevel0\b\f0\fs28 heading 1;}}"


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document, ASCII only; a fragment is the same without name and title."""
    blocks = [] if options.fragment else _top(cv)
    if options.summary and cv.summary.total:
        blocks += _summary(cv, options)
    digits = _typeset.label_width(cv)
    for section in cv.sections:
        if section.heading:
            style = r"\s1\sb240\sa120\keepn\outlinelevel0\b\fs28"
            blocks.append(rf"{{\pard\plain{style} {_text(section.heading)}\par}}")
        blocks.extend(_entry(entry, digits, options) for entry in section.entries)
    if cv.legend:
        signs = r"\tab ".join(rf"{{\super {_text(line.sign)}}} {_text(line.text)}" for line in cv.legend)
        blocks.append(rf"{{\pard\sb120\fs18 {signs}\par}}")
    info = rf"{{\info{{\title {_text(cv.title)}}}{{\author {_text(cv.profile.name)}}}}}"
    head = rf"{{\rtf1\ansi\ansicpg1252\deff0\uc1{_FONTS}{_COLOURS}{_STYLES}{info}"
    page = rf"{_SIZES[_typeset.paper(cv)]}\margl1440\margr1440\margt1440\margb1440\plain\fs22"
    return ("\n".join([head + page, *blocks, "}"]) + "\n").encode("ascii")


def _top(cv: PublicationList) -> list[str]:
    blocks = []
    if cv.profile.name:
        blocks.append(rf"{{\pard\sa60\b\fs36 {_text(cv.profile.name)}\par}}")
    if cv.title:
        blocks.append(rf"{{\pard\sa60\fs26 {_text(cv.title)}\par}}")
    if links := _typeset.profile_labels(cv):
        blocks.append(rf"{{\pard\sa120\fs20 {_links(links)}\par}}")
    return blocks


def _summary(cv: PublicationList, options: TargetOptions) -> list[str]:
    total, kinds = _typeset.counts(cv, options)
    line = rf"{{\b {escape(total)}}}" + (r"\~\~" + escape(_typeset.SEPARATOR.join(kinds)) if len(kinds) > 1 else "")
    blocks = [rf"{{\pard\sb120\sa60 {line}\par}}"]
    if chart := text_chart(cv.summary.by_year, 48):
        rows = r"\line ".join(escape(row).replace(" ", r"\~") for row in chart.split("\n"))
        blocks.append(rf"{{\pard\sa40\keepn\fs18 {_text(_typeset.word(cv, options, 'papers-a-year'))}\par}}")
        blocks.append(rf"{{\pard\sa120\f1\fs16 {rows}\par}}")
    return blocks


def _entry(entry: Entry, digits: int, options: TargetOptions) -> str:
    indent = 130 * digits + 190 if digits else 360
    number = rf"{entry.number}.\tab " if entry.number is not None else (r"\tab " if digits else "")
    body = Output().inline(_typeset.clean_run(entry.run)).strip() or _text(entry.record.title)
    if status := _typeset.status_sentence(entry):
        body += rf" {{\i {escape(status)}}}"
    if links := _typeset.links_of(entry, options):
        body += rf" {{\fs18 {_links(links)}}}"
    return rf"{{\pard\li{indent}\fi-{indent}\tx{indent}\sa80\widctlpar {number}{body}\par}}"


def _links(links: Sequence[Link]) -> str:
    return escape(_typeset.SEPARATOR).join(
        rf'{{\field{{\*\fldinst HYPERLINK "{_typeset.address(link.url)}"}}{{\fldrslt {{\cf1 {escape(link.label)}}}}}}}'
        for link in links
    )


def _text(text: str) -> str:
    return escape(_typeset.clean(text))
