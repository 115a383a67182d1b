"""Titles and names in capitals in their normal case, and where Web of Science has them."""

from __future__ import annotations

import pytest

from bibtool.formats.registry import read_bytes
from bibtool.model.names import Name
from bibtool.model.normal.capitals import name_from_capitals, title_from_capitals


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("JOURNAL OF LIMNETICS", "Journal of Limnetics"),
        ("IEEE TRANSACTIONS ON DAMS AND RIVERS", "IEEE Transactions on Dams and Rivers"),
        ("PHYSICAL REVIEW B", "Physical Review B"),
        ("ANNALES DE L'INSTITUT DES EAUX", "Annales de L'Institut des Eaux"),
        ("ACTA HYDROLOGICA: THE RIVERS", "Acta Hydrologica: The Rivers"),
        ("ZEITSCHRIFT FÜR WASSER UND EIS", "Zeitschrift Für Wasser und Eis"),
        ("ICE AGE II", "Ice Age II"),
        ("21ST CONFERENCE ON ICE", "21st Conference on Ice"),
        ("HONOLULU, HI", "Honolulu, HI"),
        ("DELTA PRESS LTD", "Delta Press Ltd"),
        ("BMC LAKES", "BMC Lakes"),
        ("PLOS LAKES", "PLoS Lakes"),
        ("SCIENCE", "Science"),
        ("CELL", "Cell"),
        ("PNAS", "PNAS"),
        ("Journal of Limnetics", "Journal of Limnetics"),
        ("", ""),
        ("CHILDREN'S BOOKS", "Children's Books"),
    ],
)
def test_titles_in_capitals(title: str, normal: str) -> None:
    assert title_from_capitals(title, {"plos": "PLoS", "pnas": "PNAS"}) == normal
    assert title_from_capitals(normal) == normal or normal.isupper()


@pytest.mark.parametrize(
    ("family", "given", "normal"),
    [
        ("NOUR", "HALA", ("", "Nour", "Hala")),
        ("NOUR", "HM", ("", "Nour", "HM")),
        ("O'NEIL", "J. R.", ("", "O'Neil", "J. R.")),
        ("MCCOY", "DAN", ("", "McCoy", "Dan")),
        ("PETIT-ROUX", "JEAN-LUC", ("", "Petit-Roux", "Jean-Luc")),
        ("VAN DER BERG", "A", ("van der", "Berg", "A")),
        ("ØSTBY", "ÅSE", ("", "Østby", "Åse")),
        ("Nour", "HM", ("", "Nour", "HM")),
    ],
)
def test_names_in_capitals(family: str, given: str, normal: tuple[str, str, str]) -> None:
    name = name_from_capitals(Name(family=family, given=given))
    assert (name.non_dropping_particle, name.family, name.given) == normal


OLD = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU NOUR, H
   VAN DER BERG, A
TI TIDES OF SMALL LAKES IN THE USA
SO JOURNAL OF LIMNETICS
PU DELTA PRESS
PY 1981
ER

EF
"""


def test_an_old_export_is_read_in_normal_case() -> None:
    (record,) = read_bytes(OLD.encode(), "wos").records
    assert record.text("title") == "Tides of Small Lakes in the USA"
    assert record.text("container-title") == "Journal of Limnetics"
    assert record.text("publisher") == "Delta Press"
    assert [name.family for name in record.names("author")] == ["Nour", "Berg"]


def test_titles_and_names_stay_where_others_of_the_export_have_small_letters() -> None:
    new = OLD.replace("ER\n", "ER\n\nPT J\nAU Lund, Per\nTI Waves\nSO WAVES OF ICE\nJI Waves ICE\nPY 2001\nER\n", 1)
    first, second = read_bytes(new.encode(), "wos").records
    assert first.text("title") == "TIDES OF SMALL LAKES IN THE USA"
    assert first.names("author").names[0].family == "NOUR"
    assert first.text("container-title") == "Journal of Limnetics"
    assert second.text("container-title") == "Waves of ICE"
