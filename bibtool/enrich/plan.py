"""The fewest requests for many records: what is asked, in which words. Pure; sending is `bibtool.enrich.arxiv`'s job.

Each request costs three seconds, so: known ids in batches; then one author query where many records share an author;
then titles, many in one request; single questions last. Syntax:
https://info.arxiv.org/help/api/user-manual.html#query_details. Inside double quotes nothing is syntax for the server,
so only quotes, line breaks and a trailing backslash are taken out of a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import fold
from bibtool.model.works.likeness import prepare_title
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record

BATCH = 100  # ids in one request; about 640 make the address too long
PAGE = 100  # results in one answer; larger pages have failed
MAX_QUERY_CHARS = 3000  # percent-encoded
MAX_PHRASE_CHARS = 200
_SHARED_PART = 3  # an author query is worth it if one in three records has the author
_MIN_SHARED = 3


@dataclass(frozen=True, slots=True)
class Search:
    """One query and the records (by index) that it looks for. ``expected``: no hits at all would be surprising."""

    query: str
    covers: tuple[int, ...]
    expected: bool = False


def batches(numbers: Iterable[str], size: int = BATCH) -> list[tuple[str, ...]]:
    """The numbers without repetition, in order, in groups of at most ``size``."""
    unique = list(dict.fromkeys(numbers))
    return [tuple(unique[at : at + size]) for at in range(0, len(unique), size)]


def author_phrase(name: Name) -> str:
    """``au:"first last"``, or "" for a name that would find too many people (no full given name)."""
    if name.literal:
        words = name.literal
    else:
        given = name.given.split()
        if not given or len(re.sub(r"\W", "", given[0])) < 2:
            return ""
        family = " ".join(part for part in (name.non_dropping_particle, name.family) if part)
        words = f"{given[0]} {family}" if family else ""
    phrase = quoted(words)
    return f"au:{phrase}" if phrase and len(words) > 3 else ""


def quoted(text: str) -> str:
    """The text as a phrase: in double quotes, in NFC, nothing else changed; "" if nothing is left."""
    bare = " ".join(unicodedata.normalize("NFC", text).replace('"', " ").split())
    if len(bare) > MAX_PHRASE_CHARS:
        bare = bare[:MAX_PHRASE_CHARS].rpartition(" ")[0]
    bare = bare.rstrip("\\ ")
    return f'"{bare}"' if any(char.isalnum() for char in bare) else ""


def shared_author(records: Mapping[int, Record]) -> Search | None:
    """A query for the author whom most of the records share, if at least one in three does; else None."""
    by_phrase: dict[str, list[int]] = {}
    shown: dict[str, Counter[str]] = {}
    for at, record in records.items():
        mine = {fold(phrase): phrase for name in record.names("author") if (phrase := author_phrase(name))}
        for folded, phrase in mine.items():
            by_phrase.setdefault(folded, []).append(at)
            shown.setdefault(folded, Counter())[phrase] += 1
    if not by_phrase:
        return None
    best = min(by_phrase, key=lambda phrase: (-len(by_phrase[phrase]), phrase))
    covered = by_phrase[best]
    if len(covered) < _MIN_SHARED or len(covered) * _SHARED_PART < len(records):
        return None
    spelling = min(shown[best], key=lambda phrase: (-shown[best][phrase], phrase))
    return Search(spelling, tuple(covered), expected=True)


def author_pages(covered: int) -> int:
    """How many pages an author query may take before title queries for the same records are cheaper."""
    return min(10, max(3, covered // 8 + 1))


def title_groups(records: Mapping[int, Record]) -> list[Search]:
    """Titles as phrases, joined by OR, as many as fit into each request; without titles too short to search for."""
    return _joined([(at, f"ti:{quoted(r.title)}") for at, r in records.items() if _tellable(r)])


def people_groups(records: Mapping[int, Record]) -> list[Search]:
    """Two authors and nothing else, joined by OR: for works whose title has changed.

    A record with one usable author gets a word of the title as well; one without authors is left out.
    """
    questions = []
    for at, record in records.items():
        phrases = list(dict.fromkeys(p for name in record.names("author") if (p := author_phrase(name))))[:2]
        if len(phrases) == 1:
            phrases += [f"ti:{word}" for word in plain_words(record.title)[:1]]
        if len(phrases) == 2:
            questions.append((at, f"({phrases[0]} AND {phrases[1]})"))
    return _joined(questions)


def _joined(questions: Sequence[tuple[int, str]]) -> list[Search]:
    groups: list[Search] = []
    query = ""
    covers: list[int] = []
    for at, question in questions:
        joined = f"{query} OR {question}" if query else question
        if query and len(quote_plus(joined)) > MAX_QUERY_CHARS:
            groups.append(Search(query, tuple(covers)))
            query, covers = question, [at]
        else:
            query = joined
            covers.append(at)
    if query:
        groups.append(Search(query, tuple(covers)))
    return groups


def halves(search: Search) -> list[Search]:
    """A joined query in two, for one that the server refuses or that finds too much; [] where it can't be split."""
    parts = re.split(r' OR (?=ti:"|\(au:)', search.query)
    if len(parts) != len(search.covers) or len(parts) < 2:
        return []
    middle = len(parts) // 2
    return [
        Search(" OR ".join(parts[:middle]), search.covers[:middle]),
        Search(" OR ".join(parts[middle:]), search.covers[middle:]),
    ]


def _tellable(record: Record) -> bool:
    return bool(quoted(record.title)) and not prepare_title(record.title).short


def single_ladder(at: int, record: Record, *, phrase_asked: bool) -> list[Search]:
    """Single questions for one record, the most promising first; the next is asked only if the last found nothing.

    The phrase; its plain words (four letters or more, no TeX, no accents: the server finds an accented word only in
    exactly this spelling) joined by AND; the first author's family name with any of the longest words.
    """
    found: list[str] = []
    phrase = quoted(record.title)
    surname = _surname(record)
    if phrase and not phrase_asked:
        short = prepare_title(record.title).short
        found.append(f"ti:{phrase} AND {surname}" if short and surname else f"ti:{phrase}")
    words = plain_words(record.title)
    if len(words) >= 3:
        found.append(" AND ".join(f"ti:{word}" for word in words[:8]))
    if words and surname:
        # any of the longest words: one of them may be spelled with accents there, and without them here
        longest = sorted(words, key=lambda word: (-len(word), word))[:3]
        either = " OR ".join(f"ti:{word}" for word in longest)
        found.append(f"{surname} AND ({either})" if len(longest) > 1 else f"{surname} AND {either}")
    return [Search(query, (at,)) for query in dict.fromkeys(found)]


_MATH = lazy_pattern(r"\$[^$]{0,2000}\$")
_COMMAND = lazy_pattern(r"\\[A-Za-z]+|\\.")
_OPERATORS = frozenset({"and", "or", "not", "andnot"})


def plain_words(title: str) -> list[str]:
    """The words of a title that can be searched as they are, in order, without repetition."""
    bare = _COMMAND.sub(" ", _MATH.sub(" ", title))
    words = re.findall(r"[^\W\d_]+", bare)
    return list(
        dict.fromkeys(word for word in words if len(word) >= 4 and word.isascii() and word.casefold() not in _OPERATORS)
    )


def _surname(record: Record) -> str:
    for name in record.names("author"):
        words = quoted(name.literal or name.family)
        if words:
            return f"au:{words}"
    return ""
