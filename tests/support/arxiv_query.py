"""The search language of the stand-in arXiv, after the user manual and recorded answers.

Prefixes ti au abs co jr cat rn id all; AND OR ANDNOT in capitals, AND and ANDNOT bind tighter; parentheses; phrases in
double quotes. A missing prefix is ``all:``, a missing operator OR. Words are stemmed except in author names; title
words keep their accents, author names do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from tests.support.arxiv_papers import Paper

Test: TypeAlias = Callable[[Paper], bool]


class QueryError(ValueError):
    """The query string is not valid."""


_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<prefix>ti|au|abs|co|jr|cat|rn|id|all):|\"(?P<phrase>(?:[^\"\\]|\\.)*)\"|(?P<word>[^\s()\"]+))"
)


def parse(query: str) -> Test:
    """The test that a query means; raises `QueryError`."""
    tokens: list[tuple[str, str]] = []
    at = 0
    query = query.strip()
    while at < len(query):
        found = _TOKEN.match(query, at)
        if not found:
            raise QueryError(query)
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        at = found.end()
    reader = _Reader(query, tokens)
    test = reader.alternatives()
    if reader.peek() is not None:
        raise QueryError(query)
    return test


class _Reader:
    def __init__(self, query: str, tokens: list[tuple[str, str]]) -> None:
        self.query, self.tokens, self.at = query, tokens, 0

    def peek(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> tuple[str, str]:
        token = self.peek()
        if token is None:
            raise QueryError(self.query)
        self.at += 1
        return token

    def alternatives(self) -> Test:
        tests = [self.conjunction()]
        while (token := self.peek()) is not None and token != ("paren", ")"):
            if token == ("word", "OR"):
                self.take()
            tests.append(self.conjunction())
        return lambda paper: any(test(paper) for test in tests)

    def conjunction(self) -> Test:
        test = self.term()
        while self.peek() in {("word", "AND"), ("word", "ANDNOT")}:
            operator = self.take()[1]
            test = _join(test, self.term(), negated=operator == "ANDNOT")
        return test

    def term(self) -> Test:
        kind, text = self.take()
        if (kind, text) == ("paren", "("):
            test = self.alternatives()
            if self.take() != ("paren", ")"):
                raise QueryError(self.query)
            return test
        field = "all"
        if kind == "prefix":
            field = text
            kind, text = self.take()
            if (kind, text) == ("paren", "("):
                raise QueryError(self.query)
        if kind not in {"phrase", "word"} or (kind == "word" and text in {"AND", "OR", "ANDNOT"}):
            raise QueryError(self.query)
        return _field_test(field, text)


def _join(one: Test, other: Test, *, negated: bool) -> Test:
    return lambda paper: one(paper) and other(paper) is not negated


def _field_test(field: str, text: str) -> Test:
    if field in {"cat", "id", "rn"}:
        folded = text.casefold()
        return lambda paper: folded in {c.casefold() for c in paper.categories} | {paper.number}
    if field == "au":
        wanted = author_words(text)
        return lambda paper: any(_has_run(author_words(author), wanted) for author in paper.authors)
    if field == "all":
        tests = [_field_test(name, text) for name in ("ti", "au", "abs", "co", "jr")]
        return lambda paper: any(test(paper) for test in tests)
    attribute = {"ti": "title", "abs": "summary", "co": "comment", "jr": "journal_ref"}[field]
    run = stems(text)
    return lambda paper: _has_run(stems(getattr(paper, attribute)), run)


@lru_cache(maxsize=20_000)
def stems(text: str) -> list[str]:
    """Stemmed words, accents kept: rotation, rotating and rotatable are one."""
    return [_stem(word) for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())]


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ating", "able", "ional", "ings", "ing", "ions", "ion", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=20_000)
def author_words(text: str) -> list[str]:
    """Folded words of a name; an underscore joins them in a query."""
    plain = unicodedata.normalize("NFKD", text.replace("_", " "))
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)).casefold())


def _has_run(words: list[str], run: list[str]) -> bool:
    return bool(run) and any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))
