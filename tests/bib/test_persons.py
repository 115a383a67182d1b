"""The parts of one name; `tests/property/test_pybtex_oracle.py` compares many more with pybtex."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bibtool.bib.persons import person_parts


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("", ([], [], [], [])),
        ("Plato", ([], [], ["Plato"], [])),
        ("Ludwig van Beethoven", (["Ludwig"], ["van"], ["Beethoven"], [])),
        ("van der Berg, Jr, Jan", (["Jan"], ["van", "der"], ["Berg"], ["Jr"])),
        ("Jean de la Fontaine du Parc", (["Jean"], ["de", "la", "Fontaine", "du"], ["Parc"], [])),
        ("{Barnes and Noble}", ([], [], ["{Barnes and Noble}"], [])),
        (r"Jean {\'e}tienne Roe", (["Jean"], [r"{\'e}tienne"], ["Roe"], [])),
        (r"Jean~Paul Roe\ Doe", (["Jean", "Paul", "Roe"], [], ["Doe"], [])),
        ("Roe, Jr, Ann, Bo", (["Ann", "Bo"], [], ["Roe"], ["Jr"])),
        ("Roe {Ann", (["Roe"], [], ["{Ann}"], [])),
        # a foreign letter is as small as its control sequence; the letter after it says nothing
        (r"Per {\aa}ge Roe", (["Per"], [r"{\aa}ge"], ["Roe"], [])),
        (r"Per {\AA}ge Roe", (["Per", r"{\AA}ge"], [], ["Roe"], [])),
        (r"Per {\OE}uf {\ss}x Roe", (["Per", r"{\OE}uf"], [r"{\ss}x"], ["Roe"], [])),
        (r"{\o}st {\L}x, Per", (["Per"], [r"{\o}st"], [r"{\L}x"], [])),
        (r"Per {\aaa}Ge {\aa b} Roe", (["Per", r"{\aaa}Ge"], [r"{\aa b}"], ["Roe"], [])),
        ("jean de la", ([], ["jean", "de"], ["la"], [])),
    ],
)
def test_the_parts_of_a_name(raw: str, parts: tuple[list[str], ...]) -> None:
    assert person_parts(raw) == parts


def test_a_name_with_particles_does_not_load_pybtex() -> None:
    code = "import sys; from bibtool.bib.names import parse_name; parse_name('Jan van der Berg'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pybtex" not in done.stdout.split()
