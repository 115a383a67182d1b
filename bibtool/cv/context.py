"""The data of a list as templates and the JSON target see it, documented field by field in docs/how-to/templates.md.

Only dictionaries, lists, strings, integers, truth values and None, so that a template can call nothing. `VERSION`
grows when a field changes its meaning or goes; a new field does not change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bibtool.cv import facts
from bibtool.cv.links import web_address
from bibtool.cv.targets._typeset import clean_run, web_links
from bibtool.cv.targets.markdown import no_tags
from bibtool.styles.output import renderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.cv.document import Author, Entry, Link, PublicationList, Summary
    from bibtool.cv.targets import TargetOptions
    from bibtool.styles.rich import Run

VERSION: Final = 1
# field of an entry -> renderer of `bibtool.styles.output`
RENDERED: Final = {"text": "text", "html": "html", "latex": "latex", "markdown": "markdown", "typst": "typst"}


def context(cv: PublicationList, options: TargetOptions) -> dict[str, Any]:
    """The whole list; without links if the options want none. Texts are plain, except for the `RENDERED` ones."""
    return {
        "version": VERSION,
        "title": facts.line(cv.title),
        "language": facts.line(cv.language),
        "profile": {
            "name": facts.line(cv.profile.name),
            "links": [_link(link) for link in web_links(cv.profile.links)],
        },
        "sections": [
            {
                "id": facts.line(section.id),
                "heading": facts.line(section.heading),
                "entries": [_entry(entry, options) for entry in section.entries],
            }
            for section in cv.sections
        ],
        "legend": [{"sign": facts.line(line.sign), "text": facts.line(line.text)} for line in cv.legend],
        "summary": _summary(cv.summary),
    }


def _link(link: Link) -> dict[str, Any]:
    return {"kind": facts.line(link.kind), "label": link.label, "url": link.url}


def _entry(entry: Entry, options: TargetOptions) -> dict[str, Any]:
    date = facts.date(entry)
    run = clean_run(entry.run)
    record = entry.record
    return {
        "key": facts.line(entry.key),
        "number": entry.number,
        "kind": facts.line(entry.kind),
        "type": facts.line(record.type),
        "year": entry.year,
        "month": date.month if date else None,
        "day": date.day if date else None,
        "title": facts.title(entry),
        "authors": [_author(author) for author in entry.authors],
        "truncated": entry.truncated,
        "container": facts.container(entry),
        "volume": facts.line(record.text("volume")),
        "issue": facts.line(record.text("issue") or record.text("number")),
        "page": facts.line(record.text("page")),
        "publisher": facts.line(record.text("publisher")),
        "DOI": facts.doi(entry),
        "URL": web_address(record.text("URL")),
        "arxiv": _arxiv(entry),
        "links": [_link(link) for link in facts.links(entry)] if options.links else [],
        "status": facts.line(entry.status),
        "tags": [facts.line(tag) for tag in entry.tags],
        "abstract": facts.abstract(entry),
        **{name: _rendered(run, output) for name, output in RENDERED.items()},
        "bibtex": _bibtex(entry),
    }


def _rendered(run: Run, output: str) -> str:
    made = renderer(output).inline(run)
    return no_tags(made) if output == "markdown" else made


def _author(author: Author) -> dict[str, Any]:
    name = author.name
    family = " ".join(part for part in (name.non_dropping_particle, name.family) if part)
    given = " ".join(part for part in (name.given, name.dropping_particle) if part)
    return {
        "name": facts.line(name.display()),
        "given": facts.line(given),
        "family": facts.line(family),
        "owner": author.owner,
        "marks": [facts.line(mark) for mark in author.marks],
        "signs": facts.line(author.signs),
    }


def _arxiv(entry: Entry) -> dict[str, Any] | None:
    number = facts.arxiv_id(entry)
    if number is None:
        return None
    categories: Iterable[str] = (
        record.arxiv.primary_category for record in facts.versions(entry) if record.arxiv is not None
    )
    return {
        "id": str(number),
        "category": facts.line(next((category for category in categories if category), "")),
        "url": number.url,
    }


def _bibtex(entry: Entry) -> str:
    from bibtool.formats.base import WriteOptions
    from bibtool.formats.bibtex.writer import write_bibtex
    from bibtool.model.text.inert import inert_lines

    return inert_lines(write_bibtex([entry.record], WriteOptions()).data.decode()).strip()


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "total": summary.total,
        "by_kind": [
            {"kind": facts.line(kind), "heading": facts.line(heading), "count": count}
            for kind, heading, count in summary.by_kind
        ],
        "by_year": [{"year": year, "count": count} for year, count in summary.by_year],
        "undated": summary.undated,
    }
