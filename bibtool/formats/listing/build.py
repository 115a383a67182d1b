"""Records out of what a layout found, with the provenance and confidence of every value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.categories import categories_of_token
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.record import Arxiv, Leftover, Provenance, Record
from bibtool.model.richtext import Math, Span, Text, parse_markup
from bibtool.problems import Severity
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.lines import Line
    from bibtool.formats.listing.split import Split
    from bibtool.model.record import Value
    from bibtool.model.richtext import Node
    from bibtool.problems import Problem

SOURCE = "listing"
NOTE_BELOW = 0.8
WARN_BELOW = 0.45


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value, the line it came from, and how sure the reading is."""

    value: Value
    line: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecord:
    """A record with the numbers of the lines that it was made of."""

    record: Record
    lines: tuple[int, ...]


@dataclass(slots=True)
class ListingDraft:
    """A record under construction."""

    type: str = "article"
    values: dict[str, Sourced] = field(default_factory=dict)
    leftovers: list[Leftover] = field(default_factory=list)
    arxiv: dict[str, Sourced | str | tuple[str, ...] | object] = field(default_factory=dict)
    arxiv_line: int = 0
    arxiv_confidence: float = 1.0
    lines: list[int] = field(default_factory=list)

    def set(self, variable: str, value: Value | None, line: int, confidence: float = 1.0) -> None:
        """Set a variable once; nothing happens for an empty value."""
        if value is not None and value and variable not in self.values:
            self.values[variable] = Sourced(value, line, confidence)

    def keep(self, name: str, value: str) -> None:
        """Keep a source field that no variable fits."""
        if value:
            self.leftovers.append(Leftover(SOURCE, name, value))

    def build(self, options: ReadOptions) -> ListedRecord:
        """The frozen record."""

        def origin(line: int, confidence: float) -> Provenance:
            return Provenance(
                source=SOURCE,
                detail=f"{options.path}:{line}",
                when=options.when,
                confidence=round(min(1.0, max(0.0, confidence)), 3),
            )

        provenance = {name: origin(v.line, v.confidence) for name, v in self.values.items()}
        for name in self.arxiv:
            provenance[f"arxiv.{name}"] = origin(self.arxiv_line, self.arxiv_confidence)
        variables: Mapping[str, Value] = {name: v.value for name, v in self.values.items()}
        record = Record(
            type=self.type,
            variables=variables,
            arxiv=Arxiv(**self.arxiv) if self.arxiv else None,  # type: ignore[arg-type]  # built from checked parts
            leftovers=tuple(self.leftovers),
            provenance=provenance,
        )
        return ListedRecord(record=record, lines=tuple(sorted(self.lines)))


def rich_text(plain: str) -> Text:
    """Text in which only ``$...$`` is markup; ``<``, ``>`` and ``&`` are characters."""
    if "$" not in plain:
        return Text.of(plain)
    parsed = parse_markup(plain.replace("&", "&amp;").replace("<", "&lt;"))
    return Text(tuple(_unescape(node) for node in parsed.nodes))


def _unescape(node: Node) -> Node:
    if isinstance(node, Math):
        return Math(node.tex.replace("&lt;", "<").replace("&amp;", "&"))
    assert not isinstance(node, Span)  # no "<" was left to open one
    return node


def make_names(names: Iterable[str], *, truncated: bool) -> Names:
    """The names in their parts; "Jr." after a comma belongs to the name before it."""
    return Names(tuple(_parsed_name(name) for name in names), truncated)


def _parsed_name(text: str) -> Name:
    head, comma, tail = text.rpartition(", ")
    if comma and tail.rstrip(".") in ("Jr", "Sr", "II", "III", "IV"):
        name = parse_name(f"{head} {tail}")
        return replace(name, comma_suffix=True) if name.suffix else name
    return parse_name(text)


def set_token(draft: ListingDraft, token: str, line: int) -> None:
    """Note a category token: as the category if it has one meaning, else as candidates. The token itself is kept."""
    meanings = categories_of_token(token)
    draft.keep("category-token", token)
    draft.arxiv_line = line
    if len(meanings) == 1:
        draft.arxiv["primary_category"] = meanings[0]
        draft.arxiv["categories"] = meanings
    elif meanings:
        draft.arxiv["candidates"] = meanings


def split_problem(line: Line, split: Split, options: ReadOptions) -> Problem | None:
    """A note or warning for a doubtful boundary between title and authors, or None where it is clear."""
    if split.confidence >= NOTE_BELOW:
        return None
    second_reading = f", or the title may be {split.second[-60:]!r}" if split.second else ""
    return line.problem(
        options,
        "listing-doubtful-split",
        f"the title was taken to end in {split.title[-40:]!r}{second_reading}",
        severity=Severity.WARNING if split.confidence < WARN_BELOW else Severity.NOTE,
        offset=split.offset,
        hint="compare title and authors with the page",
    )
