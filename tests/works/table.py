"""The tables of ``fixtures/works``: pairs of records and of names with the right answers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.formats.registry import read_bytes

if TYPE_CHECKING:
    from bibtool.model.names import Name
    from bibtool.model.record import Record

FOLDER = Path(__file__).parents[2] / "fixtures" / "works"
SIDES = ("first", "second")


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two records and the right verdict; ``beside`` are further records of their file."""

    name: str
    verdict: str
    kind: str
    why: str
    format: str
    first: Record
    second: Record
    beside: tuple[Record, ...]
    text: str

    @property
    def both(self) -> tuple[Record, Record]:
        """The two records."""
        return self.first, self.second

    @property
    def merged(self) -> bool:
        """Whether the two become one record, and are listed once."""
        return self.verdict == "same" or self.kind == "preprint"

    @property
    def shown(self) -> bool | None:
        """Whether people are asked to decide; None where that depends on how far apart two publications are."""
        if self.kind in ("conference", "thesis", "abstract"):
            return None
        return self.verdict == "doubtful"

    def __str__(self) -> str:
        return f"{self.kind or self.verdict}: {self.name}"


@dataclass(frozen=True, kw_only=True)
class NamePair:
    """Two names, as text and as read from BibTeX, and whether they are one person's."""

    texts: tuple[str, str]
    first: Name
    second: Name
    matching: bool
    strict: bool

    def __str__(self) -> str:
        return " and ".join(self.texts)


def _table(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["pair"]
    return rows


@cache
def pairs() -> tuple[Pair, ...]:
    """All pairs of records, read by the reader of their format."""
    return tuple(_pair(row) for row in _table("pairs.toml"))


def _pair(row: dict[str, Any]) -> Pair:
    form = row.get("format", "bibtex")
    texts = [row["first"], row["second"]]
    if "beside" in row:
        texts = ["".join([*texts, row["beside"]])]
    records = {record.key: record for text in texts for record in read_bytes(text.encode(), form).records}
    return Pair(
        name=row["name"],
        verdict=row["verdict"],
        kind=row.get("kind", ""),
        why=row["why"],
        format=form,
        first=records.pop("k1"),
        second=records.pop("k2"),
        beside=tuple(records.values()),
        text="".join(texts),
    )


@cache
def name_pairs() -> tuple[NamePair, ...]:
    """All pairs of names, read as authors from BibTeX."""
    rows = _table("people.toml")
    entries = [f"@misc{{k{at}, author = {{{row[side]}}}}}\n" for at, row in enumerate(rows) for side in SIDES]
    names = [record.names("author")[0] for record in read_bytes("".join(entries).encode(), "bibtex").records]
    return tuple(
        NamePair(
            texts=(row["first"], row["second"]),
            first=names[2 * at],
            second=names[2 * at + 1],
            matching=row["matching"],
            strict=row["strict"],
        )
        for at, row in enumerate(rows)
    )
