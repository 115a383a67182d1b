"""Where the names at the beginning end: rules on words for "and", initials and roles.

A chain of labels takes a title of one word for one more name (``Said, E. W. Orientalism. London``), and the first
words of a title after names that are given in full. Each rule holds for references of all styles, and is applied where
the labels break it. `titles` has the rules for the beginning of a title that was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.numbers import ABBREVIATIONS
from bibtool.formats.references.words import CAPITAL, NAME, runs_of
from bibtool.model.names import looks_like_organisation

if TYPE_CHECKING:
    from bibtool.formats.references.words import Words

_AND: Final = frozenset({"and", "und", "et", "y", "e", "en", "och", "og"})  # in small letters: Y is an initial
_PARTICLES: Final = frozenset("van von der den de la le du di da del della dos das do ten ter af av el al".split())
_ROLES: Final = frozenset(
    "ed eds éd éds editor editors edited hrsg hg hgg herausgeber org orgs coord coords dir dirs comp comps szerk ред "
    "cura redaktor trans transl".split()
)
_ARTICLES: Final = frozenset("the la le les das die der il lo el los las les une un ein eine".split())
_LONGEST_NAMES: Final = 80  # words
_LONGEST_LIST: Final = 24  # words
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


def after_names(words: Words, labels: list[str]) -> None:
    """Give what was taken for a name, in place, to the title, and editors without a role to the authors."""
    _editors_and_colon(words, labels)
    _without_role(words, labels)
    _up_to_year(words, labels)
    _family_after_initials(words, labels)
    _one_word_title(words, labels)
    _after_last_name(words, labels)
    _given_name(words, labels)
    _responsibility(words, labels)


def _editors_and_colon(words: Words, labels: list[str]) -> None:
    """``Lind, Anna / Smythe, Jo (Hrsg.): Tides``: names go on to the role in brackets and the colon."""
    at = next((index for index in range(2, min(len(labels), _LONGEST_LIST)) if ":" in words.gaps[index]), 0)
    if not at or words.lower(at - 1) not in _ROLES or "(" not in words.gaps[at - 1] or ")" not in words.gaps[at]:
        return
    before = range(at - 1)
    named = all(words.shape(index) in NAME or words.tokens[index].text in _PARTICLES | _AND for index in before)
    if named and labels[0] in {"author", "editor"} and "title" in labels[at:]:
        labels[:at] = ["editor"] * at


def _given_name(words: Words, labels: list[str]) -> None:
    """``Le Roy Lind, Emma, Tides and clocks``: the word after a family name of several words is the given one."""
    author = next(runs_of(labels, "author"), None)
    if author is None or author[0] or author[1] >= len(labels) - 3 or labels[author[1]] != "title":
        return
    end = author[1]
    if any(words.gaps[at] != " " for at in range(1, end)) or words.gaps[end] != ", ":
        return
    if end < 2:
        _given_before_article(words, labels)
        return
    if words.gaps[end + 1] != ", " or words.shape(end) != "Xx" or set(labels[end : end + 4]) != {"title"}:
        return
    if not looks_like_organisation(words.text[: words.tokens[end - 1].end]):
        labels[end] = "author"


def _given_before_article(words: Words, labels: list[str]) -> None:
    """``Lind, Johann Emil, Die Gezeiten``: after a family name a given one, where an article begins the title."""
    comma = next((at for at in range(2, min(4, len(labels) - 2)) if words.gaps[at] == ", "), 0)
    if not comma or words.lower(comma) not in _ARTICLES or labels[comma] != "title":
        return
    given = all(words.shape(at) in NAME and words.lower(at) not in _ARTICLES for at in range(1, comma))
    if given and words.shape(comma) in CAPITAL:
        labels[1:comma] = ["author"] * (comma - 1)


def _responsibility(words: Words, labels: list[str]) -> None:
    """``Линд, А. Приливы / А. Линд. – М.``: after a stroke the names come again, before it is the title (ISBD)."""
    at = next((index for index in range(3, len(labels)) if words.gaps[index].strip() == "/"), 0)
    if not at or words.shape(at) != "X" or not "\u0400" <= words.tokens[at].text <= "\u04ff":
        return
    stop = next(
        (index for index in range(at + 1, len(labels)) if "-" in words.gaps[index] or "/" in words.gaps[index]), 0
    )
    head = 1
    while head < at and words.shape(head) == "X":
        head += 1
    if not stop or stop - at > _LONGEST_LIST or head in {1, at}:
        return
    if "title" not in labels[:at]:
        labels[:head] = ["author"] * head
        labels[head:at] = ["title"] * (at - head)
    labels[at:stop] = ["other"] * (stop - at)


def _without_role(words: Words, labels: list[str]) -> None:
    """Names at the beginning are those of authors where nothing says that they edit."""
    if labels[0] != "editor" or "author" in labels:
        return
    end = next(runs_of(labels, "editor"))[1]
    if end < len(labels) and not any(words.lower(at) in _ROLES for at in range(min(end + 3, len(labels)))):
        labels[:end] = ["author"] * end


def _up_to_year(words: Words, labels: list[str]) -> None:
    """``Lind, Anna, Bo Moor, Jo Falk, and Ines Rosa (2008)``: nothing but names, up to the year, are the authors."""
    year = next((at for at in range(2, min(len(labels), _LONGEST_NAMES)) if words.shape(at) in {"year", "yearx"}), 0)
    if not year or labels[0] != "author" or labels[year] != "date" or labels[year - 1] == "author":
        return
    if len(labels) - year < 4 or "container" in labels[:year]:
        return
    while labels[year - 1] == "date":
        year -= 1  # to the month before it
    before = range(year)
    if not all(words.shape(at) in NAME or words.tokens[at].text in _PARTICLES | _AND for at in before):
        return
    if any(words.ends_sentence(at) or set(words.gaps[at]) - set(" .,;&-") for at in before if at):
        return
    if any(words.tokens[at].text in _AND or ";" in words.gaps[at] or "&" in words.gaps[at] for at in before):
        labels[:year] = ["author"] * year


def _family_after_initials(words: Words, labels: list[str]) -> None:
    """``K. Barth und B. Moor. Tides of the coast``: a word between the initials of the last name and a stop."""
    author = next(runs_of(labels, "author"), None)
    if author is None or author[1] >= len(labels) - 3 or labels[author[1]] != "title":
        return
    end = author[1]
    start = end
    while start > author[0] and words.shape(start - 1) == "X":
        start -= 1
    if start in {end, author[0]} or words.tokens[start - 1].text not in _AND or words.shape(end) not in CAPITAL:
        return
    if words.gaps[end] == ". " and words.gaps[end + 1].startswith((". ", " (")):
        labels[end] = "author"


def _one_word_title(words: Words, labels: list[str]) -> None:
    """``Said, E. W. Orientalism. London``: family names come first, so that a word after initials is the title."""
    author = next(runs_of(labels, "author"), None)
    if author is None or "title" in labels:
        return
    start, end = author
    word = end - 1
    if word - start < 2 or words.gaps[start + 1] != ", " or words.shape(word) not in CAPITAL:
        return
    if labels[end : end + 1] == ["container"] and words.lower(end) in ABBREVIATIONS and words.gaps[word] == ". ":
        labels[word] = "container"  # "Moor, K. B. Tidew. Chem. 2001"
        return
    if words.lower(word) in ABBREVIATIONS or not {"publisher", "place", "container", "genre"} & set(labels[end:]):
        return  # a journal without a title before it
    if words.gaps[word] != ". " or words.shape(word - 1) != "X" or not words.gaps[end].startswith((".", "?", "!")):
        return
    if words.lower(word) not in _SUFFIXES:
        labels[word] = "title"


def _after_last_name(words: Words, labels: list[str]) -> None:
    """``Lind, Anna and Bo van der Smythe, Coast Law: Cases``: names end with the one after the "and"."""
    author = next(runs_of(labels, "author"), None)
    if author is None or author[1] >= len(labels) or labels[author[1]] != "title":
        return
    start, end = author
    last = max((at for at in range(start + 1, end) if words.tokens[at].text in _AND), default=0)
    if not last or words.gaps[end].startswith(".") or words.lower(end) in _ROLES:
        return
    commas = [at for at in range(last + 2, end) if words.gaps[at] == ", " and words.lower(at) not in _SUFFIXES]
    if not commas:
        return
    full = sum(words.shape(at) in NAME and words.lower(at) not in _PARTICLES for at in range(last + 1, commas[0])) > 1
    stop = commas[0] if full else commas[1] if len(commas) > 1 else 0
    text = words.text[words.tokens[start].start : words.tokens[end - 1].end]
    if stop and words.shape(stop) != "X" and not looks_like_organisation(text):
        labels[stop:end] = ["title"] * (end - stop)
