"""Choosing and ordering records: the language of ``--where`` and ``--sort``.

``year>=2021 and type==preprint``, ``author~bruna or title~"neural field"``, ``not doi``, ``category==cs.LG``.

::

    expression = conjunction { "or" conjunction }
    conjunction = condition { "and" condition }
    condition = "not" condition | "(" expression ")" | name [ operator value ]
    operator = "==" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"

Text is compared folded (case and accents do not matter), numbers and dates by value; ``~`` is "contains", a name alone
"is set". Names are CSL variables, BibTeX's ``doi``/``url``/``journal`` for them, and key, type, year, arxiv, category,
withdrawn, source, name. A record without the variable fits neither ``<`` nor ``>``, but ``!=``. The page for users is
docs/reference/conditions.md.
"""

from __future__ import annotations

import re
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from bibtool.errors import UnknownNameError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.model.numbers import Number
from bibtool.model.text.fold import fold
from bibtool.model.values import SYNONYMS
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bibtool.model.record import Record

MAX_DEPTH = 50

_OWN = ("key", "type", "year", "arxiv", "category", "withdrawn", "source", "name")
# what people call a type, and the CSL types it may be
TYPE_WORDS = {
    "preprint": frozenset({"article"}),
    "journal": frozenset({"article-journal"}),
    "conference": frozenset({"paper-conference"}),
}

_TOKEN = lazy_pattern(
    r"\s*(?:(?P<paren>[()])|(?P<operator>==|!=|<=|>=|!~|=|<|>|~)|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<word>[^\s()=<>~!\"']+))"
)


_WORDS_OF_OURS = frozenset({("word", "and"), ("word", "or"), ("word", "not")})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def field_names() -> list[str]:
    """All names that can be used in ``--where`` and ``--sort``."""
    return [*_OWN, *VARIABLES, *SYNONYMS]


def parse_where(text: str) -> Callable[[Record], bool]:
    """A test of records; raises `UsageError` with the column of the fault, `UnknownNameError` for unknown names."""
    parser = _Parser(_tokens(text), text)
    test = parser.expression(0)
    parser.expect_end()
    return test


def softened(text: str) -> str:
    """The condition with "contains" in place of "is" for names, titles and other text; "" where there is nothing so.

    Raises `UsageError` as `parse_where`.
    """
    made, end = "", 0
    tokens = _tokens(text)
    for field, operator, value in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if field.kind != "word" or operator.text not in ("=", "==") or value.kind not in ("word", "value"):
            continue
        if VARIABLES.get(name := resolve(field.text)) in ("names", "text") or name == "name":
            made += text[end : operator.at] + "~"
            end = operator.at + len(operator.text)
    return made + text[end:] if made else ""


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UsageError(f"--where: column {at + 1}: can't read {text[at:][:20]!r}")
        kind = match.lastgroup or ""
        tokens.append(_Token("value" if kind in {"double", "single"} else kind, match[kind], match.start(kind)))
        at = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens = tokens
        self.at = 0
        self.text = text

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def fail(self, wanted: str) -> UsageError:
        token = self.peek()
        place = f"column {token.at + 1}" if token else "the end"
        return UsageError(f"--where: {wanted} expected at {place} of {self.text!r}")

    def takes(self, word: str) -> bool:
        token = self.peek()
        if token and token.kind in {"word", "paren"} and token.text.casefold() == word:
            self.at += 1
            return True
        return False

    def expect_end(self) -> None:
        if self.peek() is not None:
            raise self.fail("`and`, `or` or the end")

    def expression(self, depth: int) -> Callable[[Record], bool]:
        parts = [self.conjunction(depth)]
        while self.takes("or"):
            parts.append(self.conjunction(depth))
        return parts[0] if len(parts) == 1 else lambda record: any(part(record) for part in parts)

    def conjunction(self, depth: int) -> Callable[[Record], bool]:
        parts = [self.condition(depth)]
        while self.takes("and"):
            parts.append(self.condition(depth))
        return parts[0] if len(parts) == 1 else lambda record: all(part(record) for part in parts)

    def condition(self, depth: int) -> Callable[[Record], bool]:
        if depth > MAX_DEPTH:
            raise UsageError("--where: too many nested brackets")
        if self.takes("not"):
            inner = self.condition(depth + 1)
            return lambda record: not inner(record)
        if self.takes("("):
            inner = self.expression(depth + 1)
            if not self.takes(")"):
                raise self.fail("`)`")
            return inner
        token = self.peek()
        if token is None or token.kind != "word":
            raise self.fail("a field name")
        self.at += 1
        operator = self.peek()
        alone = operator is None or operator.kind != "operator"
        try:
            name = resolve(token.text)
        except UnknownNameError as error:
            if alone:
                word = token.text
                error.hint = f"to search for a word: `bibtool search {word}`, or in titles only: --where title~{word}"
            raise
        if operator is None or alone:
            return lambda record: bool(values_of(record, name))
        self.at += 1
        value = self.peek()
        if value is None or value.kind not in {"word", "value"} or (value.kind, value.text) in _WORDS_OF_OURS:
            raise self.fail("a value (in quotes if it is `and`, `or` or `not`)")
        self.at += 1
        return _comparison(name, operator.text, value.text)


def resolve(name: str) -> str:
    """The name as `values_of` wants it; raises `UnknownNameError` with suggestions."""
    if name in VARIABLES or name in _OWN:
        return name
    folded = name.casefold()
    if folded in SYNONYMS:
        return SYNONYMS[folded]
    if folded in VARIABLES or folded in _OWN:
        return folded
    raise UnknownNameError("field", name, field_names())


def values_of(record: Record, name: str) -> list[str]:
    """The values of a field as text, one for each name of a name list; empty where it is not set."""
    if name == "key":
        return [record.key] if record.key else []
    if name == "type":
        return [record.type]
    if name == "year":
        return [str(record.year)] if record.year is not None else []
    if name in {"arxiv", "category", "withdrawn"}:
        return _arxiv_values(record, name)
    if name == "source":
        return sorted({origin.source for origin in record.provenance.values()})
    if name == "name":
        return [person.display() for _, value in record if isinstance(value, Names) for person in value]
    value = record.variables.get(name)
    if value is None:
        return []
    if isinstance(value, Names):
        return [person.display() for person in value]
    return [str(value)]


def _arxiv_values(record: Record, name: str) -> list[str]:
    if record.arxiv is None:
        return []
    if name == "arxiv":
        return [record.arxiv.id.number] if record.arxiv.id else []
    if name == "category":
        return list(dict.fromkeys([record.arxiv.primary_category, *record.arxiv.categories])) if record.arxiv else []
    return ["true"] if record.arxiv.withdrawn else []


def _comparison(name: str, operator: str, wanted: str) -> Callable[[Record], bool]:
    folded = fold(wanted)
    if name == "type" and folded in TYPE_WORDS and operator in {"=", "==", "!="}:
        types = TYPE_WORDS[folded]
        return lambda record: (record.type in types) is (operator != "!=")
    if operator in {"=", "=="}:
        return lambda record: any(fold(value) == folded for value in values_of(record, name))
    if operator == "!=":
        return lambda record: all(fold(value) != folded for value in values_of(record, name))
    if operator == "~":
        return lambda record: any(folded in fold(value) for value in values_of(record, name))
    if operator == "!~":
        return lambda record: all(folded not in fold(value) for value in values_of(record, name))
    bound = _ordered(wanted)
    test = {"<": lt, "<=": le, ">": gt, ">=": ge}[operator]
    return lambda record: any(test(_ordered(value), bound) for value in values_of(record, name))


def _ordered(text: str, text_key: Callable[[str], Any] = fold) -> tuple[int, int, Any]:
    """Numbers before text, each in its own order."""
    number = Number(text).value
    if number is None and re.fullmatch(r"-\d{1,9}", text):
        number = int(text)
    return (0, number, "") if number is not None else (1, 0, text_key(text))


def sort_records(records: Iterable[Record], fields: str, language: str = "") -> list[Record]:
    """The records by a comma list of fields, each with ``-`` before it for the other way round: ``-year,author``.

    Records without a field come last either way; equal ones stay in their order. Text is in the order of a BCP 47
    ``language``, or of its letters without accents. Raises `UnknownNameError`.
    """
    text_key: Callable[[str], Any] = fold
    if language:
        from bibtool.model.text.collation import collation

        text_key = collation(language)
    ordered = list(records)
    for part in reversed([piece.strip() for piece in fields.split(",") if piece.strip()]):
        backward = part.startswith("-")
        name = resolve(part.lstrip("+-"))
        have = [record for record in ordered if values_of(record, name)]
        lack = [record for record in ordered if not values_of(record, name)]
        have.sort(key=lambda record, name=name: _sort_key(record, name, text_key), reverse=backward)  # type: ignore[misc]  # mypy can't infer defaults
        ordered = have + lack
    return ordered


def _sort_key(record: Record, name: str, text_key: Callable[[str], Any]) -> tuple[Any, ...]:
    value = record.variables.get(name)
    if isinstance(value, Names):
        return tuple((1, 0, text_key(person.literal or f"{person.family}, {person.given}")) for person in value)
    if isinstance(value, Date) and (start := value.start or value.end) is not None:
        # a year alone comes before the months of that year
        return ((0, start.year, ""), (0, start.month or 0, ""), (0, start.day or 0, ""))
    if isinstance(value, Date) and (year := value.year) is not None:  # a literal that names a year
        return ((0, year, ""),)
    return tuple(_ordered(text, text_key) for text in values_of(record, name))
