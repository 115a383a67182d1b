"""An arXiv id that can't be one.

## What it does
Reports `eprint` values of arXiv entries, arXiv's own DOIs, links to arXiv and texts such as `arXiv:2203.0136` in
`journal`, `howpublished` and `note` whose id has the wrong number of digits, an impossible month or an unknown
archive.

## Why is this bad
The paper can't be found by it, and the link is dead.

## Example
```bibtex
eprint = {2203.0136},
archiveprefix = {arXiv}
```

## Use instead
```bibtex
eprint = {2203.01360},
archiveprefix = {arXiv}
```

## References
* arXiv help, "Understanding the arXiv identifier"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.latex import verbatim_from_latex
from bibtool.check.rule import Rule
from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.rule import Hit
    from bibtool.check.source import Field

_IN_TEXT = re.compile(r"arxiv\s*:\s*(\d[\w.]*|[a-z-]{2,12}(?:\.[A-Za-z]{2})?/\d[\w.]*)", re.IGNORECASE)

_IN_URL = re.compile(r"arxiv\.org/(?:abs|pdf)/((?:[a-z-]{2,12}(?:\.[A-Z]{2})?/)?\d[^\s?#}]*)", re.ASCII)


def check(field: Field, context: Context) -> Iterator[Hit]:
    """A hit where something that is meant as an arXiv id is none."""
    del context
    entry = field.entry
    content = field.content
    if field.name == "eprint":
        kind = (entry.get("eprinttype") or entry.get("archiveprefix")).strip("{} ").casefold()
        if kind == "arxiv" or (not kind and content.strip().casefold().startswith("arxiv:")):
            yield from _judge(field, verbatim_from_latex(content).strip(), 0, len(content))
    elif field.name in ("arxiv", "arxivid"):
        yield from _judge(field, verbatim_from_latex(content).strip(), 0, len(content))
    elif field.name == "url":
        if found := _IN_URL.search(content):
            yield from _judge(field, verbatim_from_latex(found[1]).removesuffix(".pdf"), *found.span(1))
    elif field.name == "doi":
        at = content.casefold().find("10.48550/arxiv.")
        if at >= 0:
            yield from _judge(field, content[at + len("10.48550/arxiv.") :].strip(), at, len(content))
    else:
        for found in _IN_TEXT.finditer(content):
            yield from _judge(field, found[1].rstrip("."), *found.span())


def _judge(field: Field, text: str, first: int, last: int) -> Iterator[Hit]:
    if not text:
        return
    try:
        parse_arxiv_id(text)
    except IdentifierError as error:
        yield field.hit(f"{text[:80]!r} is no arXiv id: {error.reason}", first, last)


RULE = Rule(
    code="IDS003",
    name="malformed-arxiv-id",
    severity=Severity.ERROR,
    doc=__doc__ or "",
    fields=frozenset({"eprint", "doi", "journal", "journaltitle", "howpublished", "note", "url", "arxiv", "arxivid"}),
    on_field=check,
)
