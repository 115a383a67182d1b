"""The words of a record for the full-text index, and a search as the index takes it.

Both sides pass through `bibtool.model.text.fold.words`, so case, accents, TeX and punctuation do not matter, and
SQLite's tokenizer only splits at spaces. Chinese and Japanese write none: each of their characters counts as a word.
"""

from __future__ import annotations

from functools import cache, lru_cache

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from bibtool.model.record import Record

COLUMNS: Final = ("key", "title", "names", "abstract", "container", "year", "ids", "keywords", "other")
WEIGHTS: Final = (10.0, 8.0, 6.0, 1.0, 3.0, 2.0, 10.0, 4.0, 1.0)  # what a hit in each column counts

_COLUMN_OF: Final = {
    "title": "title",
    "title-short": "title",
    "original-title": "title",
    "volume-title": "title",
    "abstract": "abstract",
    "container-title": "container",
    "container-title-short": "container",
    "collection-title": "container",
    "event-title": "container",
    "event": "container",
    "publisher": "container",
    "keyword": "keywords",
    "citation-key": "key",
}
_NO_BLANKS = lazy_pattern("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_PART = lazy_pattern(r'"([^"]*)"?|([^\s"]+)')
_MAX_WORDS = 64


@lru_cache(maxsize=20_000)
def _folded(chunk: str) -> str:
    from bibtool.model.text.fold import fold

    return fold(chunk)


@cache
def _words() -> Callable[[str], list[str]]:
    """The function for words, which what most look for does not need; an import for each text takes longer than it."""
    from bibtool.model.text.fold import words

    return words


def tokens(text: str) -> list[str]:
    """The words of a text as the index holds them."""
    words = _words()
    if text.isascii():
        return words(text)
    # few words of a text have accents; what is folded one by one is cheap, and the rest stays on the fast path
    text = " ".join(chunk if chunk.isascii() else _folded(chunk) for chunk in text.split())
    found = words(text)
    return found if text.isascii() else _NO_BLANKS.sub(r" \1 ", " ".join(found)).split()


def columns_of(record: Record) -> tuple[str, ...]:
    """The words of a record for each of `COLUMNS`; every value and leftover is in one of them.

    Values come in the order of their names, in which `bibtool.store.rows.to_json` keeps them.
    """
    from bibtool.model.identifiers import arxiv_id_of_doi
    from bibtool.model.names import Names
    from bibtool.model.record import Verbatim
    from bibtool.model.vocabulary import VARIABLES

    parts: dict[str, list[str]] = {name: [] for name in COLUMNS}
    parts["key"] += [record.key, *record.aliases]
    for name, value in sorted(record.variables.items()):
        if isinstance(value, Names):
            parts["names"] += [person.display() for person in value]
        elif name == "issued":
            parts["year"].append(str(value))
        elif column := _COLUMN_OF.get(name):
            parts[column].append(str(value))
        elif isinstance(value, Verbatim) or VARIABLES.get(name) == "verbatim":
            parts["ids"].append(str(value))
        else:
            parts["other"].append(str(value))
    if doi := record.text("DOI"):
        number = arxiv_id_of_doi(doi)
        parts["ids"] += [str(number)] if number else []
    if record.arxiv is not None:
        parts["ids"] += [str(record.arxiv.id)] if record.arxiv.id else []
        parts["keywords"] += [record.arxiv.primary_category, *record.arxiv.categories]
        parts["other"] += [record.arxiv.comment, record.arxiv.journal_ref]
    parts["other"] += [item.value for item in record.leftovers]
    return tuple(" ".join(tokens("\n".join(parts[name]))) for name in COLUMNS)


def phrases_of(text: str) -> tuple[list[list[str]], bool]:
    """The words of a search in phrases, and whether the last word is taken as the beginning of one.

    Words in double quotes, and the pieces of ``auto-encoder``, are phrases; every other word is one of its own. The
    last word is taken as the beginning of one, unless it is quoted. Without a word there is no phrase.
    """
    if text.isascii() and all(map(str.isalnum, plain := text.split())):  # as most look for
        return [[word.lower()] for word in plain[:_MAX_WORDS]], bool(plain)
    phrases: list[list[str]] = []
    open_end = False
    for found in _PART.finditer(text):
        quoted = found[1] is not None
        pieces = tokens(found[1] if quoted else found[2])
        if pieces:
            phrases.append(pieces[:_MAX_WORDS])
            open_end = not quoted
    return phrases[:_MAX_WORDS], open_end


def match_expression(text: str) -> str:
    """The search in FTS5's language, every word in quotes, so that nothing typed is syntax; "" without a word."""
    phrases, open_end = phrases_of(text)
    parts = [f'"{" ".join(phrase)}"' for phrase in phrases]
    if parts and open_end:
        parts[-1] += "*"
    return " AND ".join(parts)
