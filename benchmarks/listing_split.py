"""How many titles and author lists are told apart exactly when they are glued as on profile pages.

``python -m benchmarks.listing_split CORPUS.bib [--part N/M] [--show]``: every entry's title and first three authors are
glued (" et al." where there are more), with and without the numbers by which DBLP tells namesakes apart, each line
alone and all of them as one page. It times nothing. ``--part 1/2`` takes every other entry, so that rules made from
one half can be measured on the other. A corpus may be a JSON file as well: a list of objects with title and authors.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.formats.base import ReadOptions
from bibtool.formats.listing.reader import read
from bibtool.formats.listing.split import split_line

if TYPE_CHECKING:
    from collections.abc import Sequence

Fact = tuple[str, tuple[str, ...]]


def plain(latex: str) -> str:
    """LaTeX accents as Unicode, without braces, blanks single."""
    from pylatexenc.latex2text import LatexNodes2Text

    math = re.split(r"(\$[^$]*\$)", latex)
    converter = LatexNodes2Text(math_mode="verbatim", keep_comments=True)
    pieces = [
        piece if piece.startswith("$") and len(piece) > 1 else str(converter.latex_to_text(piece.replace("%", r"\%")))
        for piece in (p.replace(r"\%", "%") for p in math)
    ]
    return " ".join("".join(pieces).replace("{", "").replace("}", "").split())


def facts_of(corpus: Path) -> list[Fact]:
    """Title and authors of every entry that has both."""
    if corpus.suffix == ".json":
        items = json.loads(corpus.read_text(encoding="utf-8"))
        return [(item["title"], tuple(item["authors"])) for item in items]
    from pybtex.database import parse_file

    out: list[Fact] = []
    for entry in parse_file(str(corpus), bib_format="bibtex").entries.values():
        people = entry.persons.get("author", [])
        title = plain(entry.fields.get("title", ""))
        if not people or not title:
            continue
        names = []
        for person in people:
            words = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
            names.append(plain(" ".join([*words, *person.lineage_names])))
        out.append((title, tuple(names)))
    return out


def without_numbers(fact: Fact) -> Fact:
    """The same without DBLP's numbers behind names."""
    return fact[0], tuple(re.sub(r" \d{4}$", "", name) for name in fact[1])


def glued(fact: Fact) -> str:
    """Title and first three authors in one line, as a profile page shows them."""
    title, names = fact
    return title + ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")


def alone(facts: Sequence[Fact]) -> list[Fact | None]:
    """Each line split by itself."""
    found = [split_line(glued(fact)) for fact in facts]
    return [(s.title, s.names) if s else None for s in found]


def as_page(facts: Sequence[Fact]) -> list[Fact | None]:
    """All lines as one page, each below a date line."""
    page = "".join(f"LGMar {i % 28 + 1}, 2022\n{glued(fact)}\n" for i, fact in enumerate(facts))
    result = read(page.encode(), ReadOptions(path="page"))
    by_line: dict[int, Fact] = {}
    for record in result.records:
        line = int(record.provenance["title"].detail.rpartition(":")[2])
        names = (n.display() + (f" {n.homonym}" if n.homonym else "") for n in record.names("author"))
        by_line[line] = (record.title, tuple(names))
    return [by_line.get(2 * i + 2) for i in range(len(facts))]


def mixed(facts: Sequence[Fact], count: int) -> list[Fact]:
    """Titles with the authors of other entries: many more boundaries than the corpus has."""
    chance = random.Random(1)
    return [(chance.choice(facts)[0], chance.choice(facts)[1]) for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--part", default="", metavar="N/M")
    parser.add_argument("--mix", type=int, default=0, metavar="N", help="N random pairs of a title and an author list")
    parser.add_argument("--show", action="store_true", help="show both readings of every failure")
    arguments = parser.parse_args()
    facts = facts_of(arguments.corpus)
    if arguments.mix:
        facts = mixed(facts, arguments.mix)
    if arguments.part:
        n, m = (int(x) for x in arguments.part.split("/"))
        facts = facts[n - 1 :: m]
    print(f"{'lines':<28}{'n':>7}{'exact':>7}{'percent':>9}")
    for numbers in (True, False):
        wanted = facts if numbers else [without_numbers(fact) for fact in facts]
        for name, way in (("alone", alone), ("as one page", as_page)):
            failures = []
            for fact, got in zip(wanted, way(wanted), strict=True):
                expected = (fact[0], fact[1][:3])
                if got != expected:
                    failures.append((expected, got))
            exact = len(wanted) - len(failures)
            label = f"{name}, numbers {'kept' if numbers else 'left out'}"
            print(f"{label:<28}{len(wanted):>7}{exact:>7}{100 * exact / max(1, len(wanted)):>9.2f}")
            if arguments.show:
                for expected, got in failures:
                    print(f"  wanted {expected}\n  got    {got}")


if __name__ == "__main__":
    main()
