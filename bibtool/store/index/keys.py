"""What a record of the index is found by: identifiers, its title and the ends of it, people with a year. Pure."""

from __future__ import annotations

import contextlib
import struct
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id, parse_doi, parse_isbn
from bibtool.model.record import Arxiv, Record
from bibtool.model.text.fold import title_key
from bibtool.model.works.identity import identifiers
from bibtool.model.works.people import block_of
from bibtool.model.works.titles import SMALL_WORDS, bare_title, main_title, wording
from bibtool.store.search import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

END_WORDS: Final = 3  # words at the beginning and at the end by which a title with another word elsewhere is found
MAX_SEARCHED: Final = 40  # words of a search in which a title is looked for
MAX_NAMES: Final = 50  # people whose family names can be searched for


def hashed(text: str) -> int:
    """A key as the index keeps it: 64 bits, signed."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def identifier_keys(record: Record) -> list[str]:
    """The identifiers of a record, as ``doi:10.1/x``."""
    keys = [f"{kind}:{value}" for kind, value in identifiers(record)]
    named = record.text("DOI").split()
    # a source may name two, and the DOI of a part may be inherited
    if len(named) > 1 or (named and not any(key.startswith("doi:") for key in keys)):
        for part in named:
            with contextlib.suppress(IdentifierError):
                own = arxiv_id_of_doi(part)
                keys.append(f"arxiv:{own.number}" if own is not None else f"doi:{parse_doi(part).casefold()}")
    return list(dict.fromkeys(keys))


def identifiers_in(text: str) -> list[str]:
    """The keys of the identifier that a search consists of: a DOI, arXiv id or ISBN; none for other words."""
    text = text.strip()
    with contextlib.suppress(IdentifierError):
        return identifier_keys(Record(DOI=parse_doi(text)))
    with contextlib.suppress(IdentifierError):
        return identifier_keys(Record(arxiv=Arxiv(id=parse_arxiv_id(text))))
    with contextlib.suppress(IdentifierError):
        return identifier_keys(Record("", "book", ISBN=parse_isbn(text)))
    return []


def title_keys(title: str) -> list[str]:
    """Keys of the whole title, and of it without the subtitle."""
    if not title:
        return []
    whole, main = wording(title), main_title(title)
    forms = (whole,) if main is title else dict.fromkeys((whole, wording(main)))
    return [f"t:{form}" for form in forms if form]


def title_keys_in(text: str) -> list[str]:
    """Keys of the titles that a search by title and people may begin or end with, the longest first.

    [] for a text of one word and for one of more than `MAX_SEARCHED`. Each key costs one look-up by hash, where the
    words of a title may be in a tenth of all titles.
    """
    parts = text.split()
    if len(parts) > MAX_SEARCHED:
        return []
    runs = [run for size in range(len(parts) - 1, 0, -1) for run in (parts[:size], parts[-size:])]
    forms = dict.fromkeys(wording(" ".join(run)) for run in runs)
    return [f"t:{form}" for form in forms if form]


def end_keys(title: str) -> list[str]:
    """Keys of the beginning and the end of a title, which a word changed elsewhere leaves as they are."""
    words = content_words(title)
    if len(words) <= END_WORDS:
        return []
    return [f"b:{' '.join(words[:END_WORDS])}", f"e:{' '.join(words[-END_WORDS:])}"]


def people_keys(record: Record) -> list[str]:
    """The key of the first two people with the year."""
    people = [block_of(name) for name in (record.names("author") or record.names("editor")).names[:2]]
    return [f"p:{'+'.join(people)}:{record.year}"] if people and record.year else []


def keys_of(record: Record) -> list[int]:
    """All keys of a record, as the index keeps them (see `hashed`, which would be called for each)."""
    title = record.title
    keys = (*identifier_keys(record), *title_keys(title), *end_keys(title), *people_keys(record))
    digests = [blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest() for key in keys]
    return list(struct.unpack(f">{len(keys)}q", b"".join(digests)))


def content_words(title: str) -> list[str]:
    """The words of a title without articles, prepositions and the like."""
    return [word for word in _title_words(title) if word not in SMALL_WORDS]


@lru_cache(maxsize=16)  # of a record that is added, they are asked for twice
def _title_words(title: str) -> tuple[str, ...]:
    text = bare_title(title).text
    return tuple(title_key(text).split() if text.isascii() else tokens(text))  # the first is known from `wording`


def searched_text(record: Record) -> str:
    """The words of title and people that a record can be searched by, each once."""
    names = record.names("author") or record.names("editor")
    return " ".join(searched_words(record.title, [name.literal or name.family for name in names]))


def searched_words(title: str, people: Sequence[str]) -> list[str]:
    """The words of a title and of what the first people are called, each once."""
    words = dict.fromkeys(_title_words(title))
    for name in people[:MAX_NAMES]:
        words.update(_WORDS_OF_NAME[name])
    return list(words)


class _NameWords(dict[str, dict[str, None]]):
    """The words of the names met so far, as in the search for them; many people have the same."""

    def __missing__(self, name: str) -> dict[str, None]:
        if len(self) >= _MAX_KNOWN:
            self.clear()
        self[name] = found = dict.fromkeys(tokens(name))
        return found


_MAX_KNOWN: Final = 20_000
_WORDS_OF_NAME: Final = _NameWords()
