"""The papers of the stand-in arXiv: real facts from ``fixtures/arxiv/papers.json``, and decoys made from them."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parents[2] / "fixtures" / "arxiv" / "papers.json"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper as the server knows it."""

    number: str
    title: str
    authors: tuple[str, ...]
    published: dt.date
    updated: dt.date
    versions: int = 1
    categories: tuple[str, ...] = ("cs.LG",)
    summary: str = ""
    doi: str = ""
    journal_ref: str = ""
    comment: str = ""
    affiliations: tuple[tuple[str, ...], ...] = ()
    decoy: str = ""


@cache
def facts() -> tuple[dict[str, Any], ...]:
    """The facts as they stand in the file."""
    return tuple(json.loads(FACTS.read_text(encoding="utf-8")))


def papers(*, titles: str = "latest", abstracts: dict[str, str] | None = None) -> list[Paper]:
    """The true papers; ``titles="first"``: those whose title has changed bear the title of their first version.

    ``abstracts`` (title -> text) replaces the file's abstracts.
    """
    found = []
    for item in facts():
        day = dt.date.fromisoformat(item["published"])
        versions = item["versions"]
        title = item["title"]
        if titles == "first" and "first_title" in item:
            title = item["first_title"]
        found.append(
            Paper(
                number=item["id"],
                title=title,
                authors=tuple(item.get("authors_as_sent", item["authors"])),
                published=day,
                updated=day + dt.timedelta(days=200 * (versions - 1)),
                versions=versions,
                categories=tuple(item["categories"]),
                summary=(abstracts or {}).get(item["title"], item["abstract"]),
                doi=item.get("doi", ""),
                journal_ref=item.get("journal_ref", ""),
                comment=item.get("comment", ""),
            )
        )
    return found


_GIVEN = (
    "Amara Bogdan Cecilia Dmitri Eleni Farid Greta Hiroshi Ines Jonas Kavita Lorenzo Mirela Nikolai Oluwaseun Pilar "
    "Quentin Rosalind Siddharth Tamsin Ulrich Vera Wojciech Xiomara Yannick Zuleika"
).split()
_FAMILY = (
    "Abernathy Bergström Castellanos Drăgulescu Eriksen Fontaine Grabowski Hashimoto Ivanova Jankowski Kowalczyk "
    "Lindqvist Mukherjee Nwosu Okafor Papadakis Quispe Rasmussen Saldanha Takahashi Ueda Vasquez Wierzbicki Yilmaz Zhou"
).split()
_NOUNS = (
    "bandits kernels posets lattices glaciers enzymes auctions proteins orchestras pulsars ledgers sensors corridors "
    "membranes dialects puzzles coastlines turbines alloys antennas vaccines quasars harvests bridges"
).split()
_VERBS = "ranking pruning mapping hashing folding steering scheduling denoising calibrating auditing".split()
_PLACES = "forests harbours deserts archives hospitals satellites vineyards tunnels markets reefs".split()


def _people(chance: random.Random, count: int) -> tuple[str, ...]:
    return tuple(f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}" for _ in range(count))


def _title(chance: random.Random) -> str:
    verb, noun, other, place = (chance.choice(words) for words in (_VERBS, _NOUNS, _NOUNS, _PLACES))
    return f"{verb.capitalize()} {noun} and {other} for {place}"


def _summary(chance: random.Random) -> str:
    return " ".join(
        f"The {chance.choice(_NOUNS)} of {chance.choice(_PLACES)} are treated by {chance.choice(_VERBS)}, and "
        f"{chance.choice(_NOUNS)} behave like {chance.choice(_NOUNS)} under {chance.choice(_VERBS)}."
        for _ in range(3)
    )


def _namesakes(chance: random.Random, authors: tuple[str, ...]) -> tuple[str, ...]:
    """People with the same family names and other given names."""
    found = []
    for author in authors:
        given, _, family = author.partition(" ")
        others = [name for name in _GIVEN if name[0] != given[0]]
        found.append(f"{chance.choice(others)} {family or given}")
    return tuple(found)


def decoys(true: list[Paper]) -> list[Paper]:
    """Six papers for each true one that must not be taken for it; the same on every call.

    ``look-alike`` the title by other people · ``namesakes`` the title by people of the same family names · ``nearly``
    nearly the title by others · ``sequel`` the same authors, "II" · ``same-authors`` the same authors some days apart,
    another title · ``companion`` the same authors the same day, another title and subject (for every third paper).
    """
    chance = random.Random(20260301)
    found: list[Paper] = []
    serial = 30000

    def add(kind: str, base: Paper, **values: Any) -> None:
        nonlocal serial
        serial += 1
        made = replace(base, decoy=kind, doi="", journal_ref="", comment="", versions=1, **values)
        day = made.published
        number = f"{day.year % 100:02d}{day.month:02d}.{serial:05d}"
        found.append(replace(made, number=number, updated=day))

    for at, paper in enumerate(true):
        day = paper.published
        clean = tuple(facts()[at]["authors"]) if at < len(facts()) else paper.authors
        own = _summary(chance)
        add(
            "look-alike",
            paper,
            authors=_people(chance, len(clean)),
            published=day + dt.timedelta(days=chance.randint(-3, 3)),
            summary=own,
        )
        add("namesakes", paper, authors=_namesakes(chance, clean), published=day, summary=_summary(chance))
        words = paper.title.split()
        add(
            "nearly",
            paper,
            title=" ".join([*words[:-1], chance.choice(_NOUNS).capitalize()]),
            authors=_people(chance, 3),
            summary=_summary(chance),
        )
        add(
            "sequel",
            paper,
            title=f"{paper.title}{chance.choice([' II', ', Part II', ': Part 2'])}",
            authors=clean,
            published=day + dt.timedelta(days=chance.choice([1, 9, 60, 300])),
            summary=_summary(chance),
        )
        add(
            "same-authors",
            paper,
            title=_title(chance),
            authors=clean,
            published=day + dt.timedelta(days=chance.choice([-20, -4, -1, 3, 12, 45])),
            summary=_summary(chance),
        )
        if at % 3 == 0:
            add("companion", paper, title=_title(chance), authors=clean, summary=_summary(chance))
    return found
