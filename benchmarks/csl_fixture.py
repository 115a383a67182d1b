"""Made-up references for benchmarks and comparisons, as CSL-JSON; the same ones at each run."""

from __future__ import annotations

import random
from typing import Any

_FAMILIES = [
    "Abara", "Brandt", "Castillo", "Dubois", "Eriksen", "Fontaine", "Goldberg", "Haddad", "Ivanova", "Jansen",
    "Kowalski", "Lindqvist", "Moreau", "Nakamura", "O'Connor", "Petrov", "Quispe", "Rossi", "Schmidt-Keller", "Tanaka",
    "Ueda", "Varga", "Weber", "Xu", "Yilmaz", "Zimmermann",
]  # fmt: skip
_GIVEN = [
    "Ada", "Bruno", "Carla M.", "Dmitri", "Elena", "Felix A.", "Grace", "Hans Peter", "Ines", "Jean-Luc", "Karin",
    "Luis F.", "Maria", "Nils", "Olga", "Paul", "Rosa", "Sven", "Teresa", "Ulrich", "Vera", "Wim", "Yuki", "Zoe",
]  # fmt: skip
_NOUNS = [
    "networks", "proteins", "rivers", "markets", "archives", "glaciers", "theorems", "cities", "languages", "engines",
    "forests", "orchestras", "satellites", "enzymes", "novels", "migrations", "polymers", "treaties",
]  # fmt: skip
_ADJECTIVES = [
    "adaptive", "early modern", "low-cost", "non-linear", "urban", "Bayesian", "comparative", "stochastic", "medieval",
    "sustainable", "quantum", "rural", "digital", "high-dimensional",
]  # fmt: skip
_JOURNALS = [
    ("Journal of Applied Results", "J. Appl. Res."),
    ("Annals of Careful Measurement", "Ann. Care. Meas."),
    ("International Review of Methods", "Int. Rev. Methods"),
    ("Nature Studies", "Nat. Stud."),
    ("Letters in Computation", "Lett. Comput."),
]
_PUBLISHERS = [
    ("Harbour Press", "Bristol"),
    ("University of Northfield Press", "Northfield, MA"),
    ("Verlag Sonnenberg", "Berlin"),
    ("Éditions du Lac", "Genève"),
]
TYPES = [
    "article-journal", "book", "chapter", "paper-conference", "thesis", "report", "webpage", "article-newspaper",
    "article-magazine", "dataset", "patent", "motion_picture", "legal_case", "post-weblog", "software", "speech",
    "manuscript", "map", "interview", "entry-encyclopedia", "article", "standard", "song", "bill",
]  # fmt: skip


def _title(draw: random.Random) -> str:
    shape = draw.randrange(6)
    noun, other = draw.sample(_NOUNS, 2)
    adjective = draw.choice(_ADJECTIVES)
    return [
        f"On {adjective} {noun}",
        f"{adjective[0].upper()}{adjective[1:]} {noun} and the history of {other}",
        f"The problem of {noun}: a {adjective} view",
        f'What is a "{adjective}" approach to {noun}?',
        f"{noun[0].upper()}{noun[1:]} in <i>Homo sapiens</i> and {other}",
        f"A note on {noun} from A to Z",
    ][shape]


def _people(draw: random.Random, most: int = 6) -> list[dict[str, str]]:
    count = draw.choice([1, 1, 2, 2, 3, 3, 4, most, most + 3])
    people = []
    for _ in range(count):
        person = {"family": draw.choice(_FAMILIES), "given": draw.choice(_GIVEN)}
        chance = draw.random()
        if chance < 0.04:
            person["non-dropping-particle"] = "van"
        elif chance < 0.07:
            person["dropping-particle"] = "von"
        elif chance < 0.1:
            person["suffix"] = "Jr."
        people.append(person)
    return people


def _date(draw: random.Random) -> dict[str, Any]:
    parts: list[int] = [draw.randrange(1965, 2026)]
    if draw.random() < 0.6:
        parts.append(draw.randrange(1, 13))
        if draw.random() < 0.6:
            parts.append(draw.randrange(1, 29))
    return {"date-parts": [parts]}


def item(number: int, draw: random.Random, kind: str) -> dict[str, Any]:
    """One reference of a type, with the variables that such references usually have."""
    publisher, place = draw.choice(_PUBLISHERS)
    found: dict[str, Any] = {"id": f"ref-{number}", "type": kind, "title": _title(draw), "issued": _date(draw)}
    if draw.random() < 0.92:
        found["author"] = _people(draw)
    elif draw.random() < 0.5:
        found["author"] = [{"literal": "Institute for Advanced Tests"}]
    if kind in ("article-journal", "article-magazine", "article-newspaper"):
        found["container-title"], found["container-title-short"] = draw.choice(_JOURNALS)
        first = draw.randrange(1, 900)
        found["page"] = f"{first}-{first + draw.randrange(1, 40)}"
        if kind == "article-journal":
            found["volume"] = str(draw.randrange(1, 200))
            found["issue"] = str(draw.randrange(1, 12))
            if draw.random() < 0.7:
                found["DOI"] = f"10.5555/{draw.randrange(10000)}.{number}"
    elif kind in ("book", "thesis", "report", "map", "song", "motion_picture"):
        found["publisher"], found["publisher-place"] = publisher, place
        if kind == "book" and draw.random() < 0.4:
            found["edition"] = str(draw.randrange(2, 6))
        if kind == "book" and draw.random() < 0.2:
            found["editor"] = _people(draw, 3)
        if kind == "thesis":
            found["genre"] = "PhD thesis"
        if kind == "report":
            found["number"] = f"TR-{draw.randrange(100)}"
    elif kind in ("chapter", "paper-conference", "entry-encyclopedia"):
        found["container-title"] = _title(draw).replace('"', "")
        found["editor"] = _people(draw, 3)
        found["publisher"], found["publisher-place"] = publisher, place
        first = draw.randrange(1, 400)
        found["page"] = f"{first}-{first + draw.randrange(1, 30)}"
        if kind == "paper-conference":
            found["event-title"] = "Conference on Made-up Things"
    else:
        found["publisher"], found["publisher-place"] = publisher, place
        if kind == "legal_case":
            found["authority"] = "Court of Appeal"
            found["volume"], found["page"] = "12", "345"
            found["container-title"] = "Law Reports"
        if kind in ("patent", "bill", "standard"):
            found["number"] = str(draw.randrange(1000, 99999))
    if kind in ("webpage", "post-weblog", "software", "dataset", "article") or draw.random() < 0.15:
        found["URL"] = f"https://example.org/{number}/page"
        found["accessed"] = {"date-parts": [[2024, 5, draw.randrange(1, 29)]]}
    return found


def items(count: int, *, seed: int = 1, articles_only: bool = False) -> list[dict[str, Any]]:
    """That many references; the same for the same arguments."""
    draw = random.Random(seed)
    kinds = ["article-journal"] if articles_only else TYPES
    return [item(number, draw, kinds[number % len(kinds)]) for number in range(count)]


if __name__ == "__main__":
    import json
    import sys

    json.dump(
        items(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1), sys.stdout, ensure_ascii=False
    )
