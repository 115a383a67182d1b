"""Jekyll: ``_publications/<date>-<slug>.md`` for each paper, in the folder of the site.

The front matter is that of academicpages (a collection ``publications``). al-folio has no such collection until one is
added to its ``_config.yml``; its own list comes from ``_bibliography/papers.bib``, which the target ``al-folio`` keeps.
Layouts print front matter into HTML as it is or take it for Markdown: what has a meaning in one of them, or in
Liquid, is written as a character reference, which both of them turn into the character.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bibtool.cv import facts
from bibtool.cv.folder import Wanted, once_each, update
from bibtool.lazy import lazy_pattern
from bibtool.styles.rich import Mark

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import Existing, Files, TargetOptions

_FOLDER: Final = "_publications/"
_SPECIAL: Final = lazy_pattern(r"[&<>\"`*_\[\]{}\\$|~^]|(?<=:)/(?=/)")
_LINE_START: Final = lazy_pattern(r"^(?:[-+=#:]|\d(?=\d*[.)](?:\s|$)))")
_PLAIN_DOI: Final = lazy_pattern(r"10\.[A-Za-z0-9./:;()-]+", re.ASCII)
_REFERENCES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_TAGS: Final = {"bold": "b", "italic": "i", "oblique": "i", "underline": "u", "sup": "sup", "sub": "sub"}
_CATEGORIES: Final = {
    "journal": "manuscripts", "preprint": "manuscripts", "conference": "conferences", "talk": "conferences",
    "book": "books", "chapter": "books", "thesis": "manuscripts", "report": "manuscripts",
}  # fmt: skip
_MAX_EXCERPT: Final = 200


def write_files(cv: PublicationList, options: TargetOptions, existing: Existing) -> Files:
    """The pages that are new or changed; see `bibtool.cv.folder`."""
    pages = [_page(entry, options) for entry in once_each(cv.entries)]
    return update(pages, existing, inside=_FOLDER, path_of=lambda stem: f"{_FOLDER}{stem}.md")


def text(words: str) -> str:
    """Text on one line in which nothing is HTML, Markdown or Liquid, whichever of them reads it."""
    return _LINE_START.sub(lambda match: f"&#{ord(match[0])};", inner(words))


def inner(words: str) -> str:
    """The same for text that is not at the start of a line."""
    return _SPECIAL.sub(lambda match: _REFERENCES.get(match[0], f"&#{ord(match[0])};"), words)


def _page(entry: Entry, options: TargetOptions) -> Wanted:
    title = facts.title(entry)
    date = facts.full_date(entry)
    slug = facts.slug(title) or facts.slug(entry.key) or "paper"
    stem = f"{date}-{slug}" if date else slug
    abstract = facts.abstract(entry)
    doi = facts.doi(entry)
    arxiv = facts.arxiv_id(entry)
    values: dict[str, Any] = {
        "title": text(title),
        "authors": [text(name) for name in facts.author_names(entry)] or None,
        "date": date or None,
        "category": _CATEGORIES.get(entry.kind, "manuscripts"),
        "venue": text(facts.venue(entry)) or None,
        "excerpt": text(_excerpt(abstract)) or None,
        "paperurl": (options.links and facts.address(entry, "pdf", "doi", "arxiv", "url")) or None,
        "codeurl": (options.links and facts.address(entry, "code")) or None,
        "doi": doi if _PLAIN_DOI.fullmatch(doi) else text(doi) or None,
        "arxiv": str(arxiv) if arxiv else None,
        "tags": [text(facts.line(tag)) for tag in entry.tags] or None,
        "citation": _citation(entry) or None,
    }
    once = {"collection": "publications", "permalink": f"/publication/{stem}"}
    return Wanted(entry, values, once, _paragraphs(abstract), stem)


def _excerpt(abstract: str) -> str:
    """The first sentence of an abstract, or as many of its words as there is room for."""
    words = facts.line(abstract)
    sentence = re.match(r".{20,}?[.!?](?=\s|$)", words)
    first = sentence[0] if sentence else words
    return first if len(first) <= _MAX_EXCERPT else first[:_MAX_EXCERPT].rsplit(" ", 1)[0] + " …"


def _paragraphs(abstract: str) -> str:
    """The abstract as paragraphs of Markdown; their lines are joined, so that none can begin a block."""
    return "\n\n".join(
        text(facts.line(paragraph)) for paragraph in re.split(r"\n[ \t]*\n", abstract) if paragraph.strip()
    )


def _citation(entry: Entry) -> str:
    """The reference as HTML, its words safe in Markdown too; links are left out."""
    pieces: list[str] = []
    for piece in entry.run:
        if not isinstance(piece, Mark):
            words = re.sub(r"\s+", " ", facts.spaced(piece))
            pieces.append(inner(words) if "".join(pieces).strip() else text(words.lstrip()))
        elif tag := _TAGS.get(piece.kind):
            pieces.append(f"</{tag}>" if piece.close else f"<{tag}>")
    return "".join(pieces).strip()
