"""Particles, suffixes and lone names: from the data of reference managers to the printed name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.reader import read as read_bibtex
from bibtool.formats.csl.json import read as read_json
from bibtool.formats.ris import read as read_ris
from bibtool.model.names import Name
from tests.styles.data import style_source
from tests.styles.test_processor import made

INVERTED = style_source(
    '<layout><names variable="author"><name name-as-sort-order="all"/></names></layout>',
    more='demote-non-dropping-particle="display-and-sort"',
)
INITIALS = style_source('<layout><names variable="author"><name initialize-with=". "/></names></layout>')
SHORT = style_source('<layout><names variable="author"><name form="short"/></names></layout>')


def _author(parts: dict[str, Any]) -> Any:
    data = json.dumps([{"id": "a", "type": "book", "author": [parts]}]).encode()
    return read_json(data, ReadOptions()).records[0]


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({"family": "van den Bosch", "given": "Lies"}, "Bosch, Lies van den"),
        ({"family": "de la Cruz", "given": "Ana"}, "Cruz, Ana de la"),
        ({"family": "d'Arcy", "given": "Paul"}, "Arcy, Paul d'"),
        ({"family": "al-Khatib", "given": "Omar"}, "Khatib, Omar al-"),
        ({"family": "'t Lam", "given": "Piet"}, "Lam, Piet 't"),
        ({"family": "Rocque", "given": "Luc de la"}, "Rocque, Luc de la"),
        ({"family": "Roth", "given": "Max", "non-dropping-particle": "von"}, "Roth, Max von"),
        ({"family": "Poe", "given": "Ed, Sr."}, "Poe, Ed, Sr."),
        ({"family": "Baye", "given": "Luc, sieur de la"}, "Baye, Luc, sieur de la"),
        ({"family": "Poe", "given": "Ed,! III"}, "Poe, Ed, III"),
        ({"family": "garcia lopez", "given": "maria"}, "garcia lopez, maria"),
        ({"family": "Lee", "given": "Mary ann"}, "Lee, Mary ann"),
        ({"family": "van den Bosch", "given": "Lies", "parse-names": False}, "van den Bosch, Lies"),
        ({"family": '"van den Bosch"', "given": "Lies"}, "van den Bosch, Lies"),
    ],
)  # fmt: skip
def test_particles_and_suffixes_inside_names_are_found(parts: dict[str, Any], wanted: str) -> None:
    assert made(INVERTED, _author(parts)).cite("a").replace("’", "'") == wanted


@pytest.mark.parametrize(
    ("family", "given", "suffix"),
    [("van den Bosch", "Lies", ""), ("d'Arcy", "Paul", ""), ("Rocque", "Luc de la", ""), ("Poe", "Ed", "Jr.")],
)
def test_a_name_is_the_same_from_every_format(family: str, given: str, suffix: str) -> None:
    inverted = f"{family}, {given}" + (f", {suffix}" if suffix else "")
    entry = f"@book{{a, author={{{family}, {suffix}, {given}}}}}" if suffix else f"@book{{a, author={{{inverted}}}}}"
    sources = (
        _author({"family": family, "given": f"{given}, {suffix}" if suffix else given}),
        read_bibtex(entry.encode(), ReadOptions()).records[0],
        read_ris(f"TY  - BOOK\nID  - a\nAU  - {inverted}\nER  - \n".encode(), ReadOptions()).records[0],
    )
    for source in (INVERTED, INITIALS, SHORT):
        assert len({made(source, work).cite("a") for work in sources}) == 1


def test_particles_are_parts_of_the_record() -> None:
    names = _author({"family": "van den Bosch", "given": "Lies, Jr."}).variables["author"]
    assert names[0] == Name(family="Bosch", given="Lies", non_dropping_particle="van den", suffix="Jr.")


@pytest.mark.parametrize(
    ("parts", "initials", "short"),
    [
        ({"given": "Hildegard"}, "Hildegard", "Hildegard"),
        ({"given": "Jean Luc"}, "Jean Luc", "Jean Luc"),
        ({"given": "Hildegard", "dropping-particle": "von"}, "von Hildegard", "Hildegard"),
        ({"family": "Pelé"}, "Pelé", "Pelé"),
        ({"literal": "Bureau of Maps"}, "Bureau of Maps", "Bureau of Maps"),
        ({"family": "Bureau", "given": "Ada"}, "A. Bureau", "Bureau"),
    ],
)
def test_a_lone_given_name_is_no_initial(parts: dict[str, Any], initials: str, short: str) -> None:
    assert made(INITIALS, _author(parts)).cite("a") == initials
    assert made(SHORT, _author(parts)).cite("a") == short


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({"literal": "Bureau of Maps"}, "Bureau of Maps"),
        ({"literal": "UNO"}, "UNO"),
        ({"family": "Poe", "given": "Ed"}, "[Poe] Ed"),
    ],
)
def test_affixes_of_a_family_name_are_not_those_of_an_institution(parts: dict[str, Any], wanted: str) -> None:
    family = '<name-part name="family" prefix="[" suffix="]"/>'
    names = f'<names variable="author"><name name-as-sort-order="all" sort-separator=" ">{family}</name></names>'
    assert made(style_source(f"<layout>{names}</layout>"), _author(parts)).cite("a") == wanted


@pytest.mark.parametrize(
    ("suffix", "mark", "wanted"),
    [
        # CSL 1.0.2, ``initialize-with``: "given names are converted to initials"
        ("V", ". ", "J. Doe V"),
        ("V", ".", "J. Doe V"),
        ("III", ".", "J. Doe III"),
        ("Jr.", ". ", "J. Doe Jr."),
        ("Jr.", "", "J Doe Jr"),
    ],
)
def test_a_number_as_a_suffix_is_no_initial(suffix: str, mark: str, wanted: str) -> None:
    source = style_source(f'<layout><names variable="author"><name initialize-with="{mark}"/></names></layout>')
    one = _author({"family": "Doe", "given": "John", "suffix": suffix})
    assert made(source, one).cite("a") == wanted


@pytest.mark.parametrize(
    ("given", "with_hyphen", "without"),
    [
        # CSL 1.0.2, ``initialize-with-hyphen``: with a hyphen or without, of the same letters
        ("Jean-Luc", "J.-L. Doe", "J.L. Doe"),
        ("Yi-fan", "Y. Doe", "Y. Doe"),
        ("Jean-luc Marie", "J.M. Doe", "J.M. Doe"),
        ("J.-L.", "J.-L. Doe", "J.L. Doe"),
    ],
)
def test_a_hyphen_decides_nothing_but_itself(given: str, with_hyphen: str, without: str) -> None:
    for hyphen, wanted in (("true", with_hyphen), ("false", without)):
        source = style_source(
            '<layout><names variable="author"><name initialize-with="."/></names></layout>',
            more=f'initialize-with-hyphen="{hyphen}"',
        )
        assert made(source, _author({"family": "Doe", "given": given})).cite("a") == wanted
