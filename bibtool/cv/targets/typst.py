"""Typst: a whole document, or a fragment to ``#include``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.cv.targets import _typeset
from bibtool.styles.output.typst import Output, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

_COMMANDS = """\
#let cv-links(body) = text(size: .82em, body)
#let cv-entry(number, body) = if number == none {
  block(par(hanging-indent: 1.5em, body))
} else {
  block(grid(columns: (cv-number-width, 1fr), column-gutter: .6em, align(right, number), par(body)))
}
#let cv-bar(share, number, label) = grid(
  rows: (4.6em, 1.2em),
  columns: 1fr,
  align: (center + bottom, center + horizon),
  stack(spacing: .25em, number, rect(width: 72%, height: 3.5em * share, fill: rgb("#1f4e79").lighten(45%))),
  box(width: 0pt, align(center, box(width: 3em, label))),
)
"""
_CHART_EM = 0.8


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or fragment."""
    digits = _typeset.label_width(cv)
    head = f"#let cv-number-width = {0.55 * digits + 0.35:.2f}em\n{_COMMANDS}"
    body = _body(cv, options)
    if options.fragment:
        usage = '#include "this file" where the list should appear.'
        source = f"// Publication list written by bibtool: {usage}\n{head}\n{body}"
    else:
        source = f"{_preamble(cv)}{head}\n{_top(cv)}{body}"
    return source.encode("utf-8")


def _preamble(cv: PublicationList) -> str:
    language, _, region = cv.language.partition("-")
    lang = f'lang: "{language.lower()}"' if re.fullmatch("[A-Za-z]{2,3}", language) else 'lang: "en"'
    if re.fullmatch("[A-Za-z]{2}", region):
        lang += f', region: "{region.upper()}"'
    paper = "us-letter" if _typeset.paper(cv) == "letter" else "a4"
    return (
        "// Publication list written by bibtool: typst compile this file.\n"
        f"#set document(title: {_string(cv.title)}, author: {_string(cv.profile.name)}, date: none)\n"
        f'#set page(paper: "{paper}", margin: 2.5cm, numbering: "1")\n'
        f"#set text(size: 10.5pt, {lang})\n"
        "#set par(justify: true, leading: .58em)\n"
        "#set block(spacing: .85em)\n"
        "#show heading: set block(above: 1.6em, below: .9em)\n"
        '#show link: set text(fill: rgb("#1f4e79"))\n'
    )


def _top(cv: PublicationList) -> str:
    lines = []
    if cv.profile.name:
        lines.append(f'  text(size: 1.7em, weight: "bold")[{_text(cv.profile.name)}],\n')
    if cv.title:
        lines.append(f"  text(size: 1.15em)[{_text(cv.title)}],\n")
    if links := _typeset.profile_labels(cv):
        lines.append(f"  text(size: .9em)[{_links(links)}],\n")
    return "#stack(\n  spacing: .75em,\n" + "".join(lines) + ")\n#v(.8em)\n\n" if lines else ""


def _body(cv: PublicationList, options: TargetOptions) -> str:
    blocks = []
    if options.summary and cv.summary.total:
        total, kinds = _typeset.counts(cv, options)
        line = f"#strong[{escape(total)}]"
        if len(kinds) > 1:
            line += "#h(1em)" + _typeset.SEPARATOR.join(escape(kind) for kind in kinds)
        blocks += [line, *_chart(cv, options)]
    level = 2 if options.fragment else 1
    for section in cv.sections:
        if section.heading:
            blocks.append(f"#heading(level: {level}, numbering: none)[{_text(section.heading)}]")
        blocks.extend(_entry(entry, options) for entry in section.entries)
    if cv.legend:
        signs = "#h(1em)".join(f"#super[{_text(line.sign)}]#h(.15em)#[{_text(line.text)}]" for line in cv.legend)
        blocks.append(f"#v(.4em)\n#text(size: .85em)[{signs}]")
    return "\n\n".join(blocks) + "\n"


def _entry(entry: Entry, options: TargetOptions) -> str:
    number = f"[{entry.number}.]" if entry.number is not None else "none"
    body = Output().inline(_typeset.clean_run(entry.run)).strip() or _text(entry.record.title)
    if status := _typeset.status_sentence(entry):
        body += f" #emph[{escape(status)}]"
    if links := _typeset.links_of(entry, options):
        body += f" #cv-links[{_links(links)}]"
    return f"#cv-entry({number})[{body}]"


def _chart(cv: PublicationList, options: TargetOptions) -> list[str]:
    width, columns = _typeset.chart_columns(cv)
    if not columns:
        return []
    bars = "".join(f"  cv-bar({column.share:.3f})[{column.number}][{column.label}],\n" for column in columns)
    return [
        f"#text(size: {_CHART_EM}em)[{_text(_typeset.word(cv, options, 'papers-a-year'))}]",
        f"#block(text(size: {_CHART_EM}em, grid(columns: ({100 * width:.2f}%,) * {len(columns)},\n{bars})))",
    ]


def _links(links: Sequence[Link]) -> str:
    return _typeset.SEPARATOR.join(f'#link("{_typeset.address(link.url)}")[{escape(link.label)}]' for link in links)


def _text(text: str) -> str:
    return escape(_typeset.clean(text))


def _string(text: str) -> str:
    escaped = _typeset.clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
