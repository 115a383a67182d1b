"""Hugo: one page bundle per paper, ``<slug>/index.md``, in a folder such as ``content/publications``.

The front matter is that of Hugo Blox ("academic"): ``publication_types`` are CSL types, identifiers are in
``hugoblox.ids``, addresses in ``links`` (https://docs.hugoblox.com/reference/content-types/). Hugo's own keys (title,
date, tags) are as in every theme. Themes differ in whether they take a text for Markdown or print it, with HTML
escaped, as it is: only the characters that would do harm as Markdown get a backslash. The body is the user's alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bibtool.cv import facts
from bibtool.cv.folder import Wanted, once_each, update
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import Existing, Files, TargetOptions

# the beginnings of HTML, of a link, of a short code, of code, of a block; a backslash that would undo one of ours
_HARMFUL: Final = lazy_pattern(
    r"<(?=[A-Za-z/!?])|(?<=\])[(\[:]|(?<=\{)\{(?=[<%])|`|\\(?=[<(\[:{`\\#>+=-])|(?<=:)/(?=/)|"
    r"^[#>+=-](?=\s|[-=#]|$)",
    re.MULTILINE,
)


def write_files(cv: PublicationList, options: TargetOptions, existing: Existing) -> Files:
    """The pages that are new or changed; see `bibtool.cv.folder`."""
    pages = [_page(cv, entry, options) for entry in once_each(cv.entries)]
    return update(pages, existing, inside="", path_of=lambda stem: f"{stem}/index.md")


def text(words: str) -> str:
    """Text of one line or more with a backslash before what would be markup and do harm."""
    return _HARMFUL.sub(lambda match: "\\" + match[0], words)


def _page(cv: PublicationList, entry: Entry, options: TargetOptions) -> Wanted:
    title = facts.title(entry)
    date = facts.full_date(entry)
    values: dict[str, Any] = {
        "title": text(title),
        "authors": [text(name) for name in facts.author_names(entry)] or None,
        "author_notes": _notes(cv, entry),
        "date": f"{date}T00:00:00Z" if date else None,
        "publication_types": [facts.slug(entry.record.type) or "document"],
        "publication": text(facts.venue(entry)) or None,
        "abstract": text(facts.abstract(entry)) or None,
        "tags": [text(facts.line(tag)) for tag in entry.tags] or None,
        "hugoblox": _ids(entry),
        "links": _links(entry) if options.links else None,
    }
    stem = facts.slug(title) or facts.slug(entry.key) or "paper"
    return Wanted(entry, values, {}, "", stem)


def _notes(cv: PublicationList, entry: Entry) -> list[str] | None:
    """What the marks of each author mean, in the order of the authors; None where nobody has one."""
    meanings = {line.sign: facts.line(line.text) for line in cv.legend if line.sign}
    notes = [
        text(", ".join(meaning for sign, meaning in meanings.items() if sign in author.signs))
        for author in entry.authors
    ]
    return notes if any(notes) else None


def _ids(entry: Entry) -> dict[str, Any] | None:
    ids: dict[str, str] = {}
    if doi := facts.doi(entry):
        ids["doi"] = doi
    if number := facts.arxiv_id(entry):
        ids["arxiv"] = str(number)
    return {"ids": ids} if ids else None


def _links(entry: Entry) -> list[dict[str, str]] | None:
    """Addresses; DOI and arXiv come from ``hugoblox.ids``. ``name`` is what older versions show."""
    kinds = {"pdf": "pdf", "code": "code", "url": "source"}
    links = [
        {"type": kinds[link.kind], "name": text(link.label), "url": link.url}
        for link in facts.links(entry)
        if link.kind in kinds
    ]
    return links or None
