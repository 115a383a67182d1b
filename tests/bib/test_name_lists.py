"""Lists of names that are not written as BibTeX wants them, and biblatex's options and extended names."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.api import check
from bibtool.bib import namelists
from bibtool.bib.namelists import faults_of
from bibtool.bib.names import parse_names, read_names, split_names
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.names import Name

if TYPE_CHECKING:
    from pathlib import Path


def _shown(value: str) -> list[str]:
    return [name.inverted() for name in parse_names(value)]


_MEANT = [
    ("Lind, Bo, and Doe, Jane", ["Lind, Bo", "Doe, Jane"]),
    ("Lind, Bo and Doe, Jane,", ["Lind, Bo", "Doe, Jane"]),
    ("Lind, Bo and", ["Lind, Bo"]),
    ("and Lind, Bo", ["Lind, Bo"]),
    ("Lind, Bo and and Doe, Jane", ["Lind, Bo", "Doe, Jane"]),
    ("Lind, B.; Doe, J.; Roe, R.", ["Lind, B.", "Doe, J.", "Roe, R."]),
    ("Lind, B. & Doe, J.", ["Lind, B.", "Doe, J."]),
    (r"Lind, B. \& Doe, J.", ["Lind, B.", "Doe, J."]),
    ("Lind B, Doe JK", ["Lind, B.", "Doe, J. K."]),
    ("B. Lind, J. K. Doe, and R. Roe", ["Lind, B.", "Doe, J. K.", "Roe, R."]),
    ("Bo Lind, Jane Doe, Rick Roe", ["Lind, Bo", "Doe, Jane", "Roe, Rick"]),
    ("Lind, B., Doe, J. K., Roe, R.", ["Lind, B.", "Doe, J. K.", "Roe, R."]),
    ("Lind, Bo, Jr.", ["Lind, Bo, Jr."]),
    ("Lind, Bo, III", ["Lind, Bo, III"]),
    ("Bo Lind, Jr.", ["Lind, Bo, Jr."]),
    ("Bo van Lind Jr.", ["van Lind, Bo, Jr."]),
    ("Lind,, Bo", ["Lind, Bo"]),
]


@pytest.mark.parametrize(("value", "names"), _MEANT)
def test_what_is_certain_is_read_as_meant_and_reported_everywhere(value: str, names: list[str]) -> None:
    assert _shown(value) == names
    assert read_names(value)[1]
    text = f"@book{{k, author = {{{value}}}, title = {{T}}, publisher = {{P}}, year = 2001}}\n"
    result = read_bytes(text.encode(), "bibtex")
    assert [problem.code for problem in result.problems] == ["malformed-names"]
    assert "NAM001" in {problem.code for problem in check(text.encode(), select=["NAM001"])}
    again = read_bytes(write_bytes(result.records, "bibtex").data, "bibtex")
    assert again.problems == ()
    assert again.records[0].authors == result.records[0].authors


@pytest.mark.parametrize("value", ["Bo Lind, Jane Doe and Rick Roe", "A B, C D and E F", "Bo Lind & Jane, Doe"])
def test_what_is_not_certain_is_reported(value: str) -> None:
    assert read_names(value)[1]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Lind, Bo et al.", ["Lind, Bo"]),
        ("Lind, Bo, et al.", ["Lind, Bo"]),
        ("Bo Lind and Jo Doe et al", ["Lind, Bo", "Doe, Jo"]),
    ],
)
def test_et_al_cuts_the_list_off(value: str, names: list[str]) -> None:
    assert _shown(value) == names
    assert parse_names(value).truncated


@pytest.mark.parametrize(
    "value",
    ["Lind, Bo and Doe, Jane", "King, Jr., Martin Luther", "Lind, III, Bo", r"Johnson \& Johnson",
     "{Lind, Doe, and Co}",
     "García Márquez, Gabriel and Doe, Jane", "Lind, B. K.", "Henry VIII", "Doe, John II", "Sanders, Al", "and",
     "Roe, V.", "family=Lind, given=Bo"],
)  # fmt: skip
def test_right_lists_have_no_fault(value: str) -> None:
    assert read_names(value)[1] == ""


@pytest.mark.parametrize(
    ("value", "particle", "family"),
    [
        ("Drummond de Andrade, Carlos", "", "Drummond de Andrade"),
        (r"Ortega y Gasset, Jos{\'e}", "", "Ortega y Gasset"),
        ("Costa dos Santos, Ana", "", "Costa dos Santos"),
        ("van der Berg, Jo", "van der", "Berg"),
        ("de la Cruz y Garcia, Ana", "de la", "Cruz y Garcia"),
        ("Jo van der Berg", "van der", "Berg"),
        ("{\\'e}toile du Nord, Ana", "étoile du", "Nord"),
    ],
)
def test_only_what_begins_a_family_name_is_a_particle(value: str, particle: str, family: str) -> None:
    (name,) = parse_names(value)
    assert (name.non_dropping_particle, name.family) == (particle, family)


_BIBER = [
    "Drummond de Andrade, Carlos", "Ortega y Gasset, José", "van der Berg, Jo", "Jo van der Berg", "Lind, Jr., Bo",
    "de la Cruz y Garcia, Ana", "nosortothers=true and Lind, Bo", "family=Kay, given=Ann, prefix=von, useprefix=true",
    "uniquename=false, given={Henry}, family={Jones}", "given=Hans, given-i=H, family=Doe, suffix=Jr",
    "Lind, Bo and others",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_parts_of_names_as_biber_has_them(tmp_path: Path) -> None:
    entries = [f"@book{{k{index}, author = {{{value}}}}}" for index, value in enumerate(_BIBER)]
    (tmp_path / "in.bib").write_text("\n".join(entries), encoding="utf-8")
    options = ["--tool", "--quiet", "--output-format=biblatexml", "-O", "out.bltxml"]
    subprocess.run(["biber", *options, "in.bib"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    xml = (tmp_path / "out.bltxml").read_text(encoding="utf-8")
    for index, value in enumerate(_BIBER):
        entry = xml[xml.index(f'id="k{index}"') :]
        entry = entry[: entry.index("</bltx:names>")]
        biber = []
        for name in re.findall(r"<bltx:name\b.*?</bltx:name>", entry, re.DOTALL):
            parts: dict[str, str] = {}
            for kind, content in re.findall(
                r'<bltx:namepart type="(\w+)"(.*?)(?=<bltx:namepart type=|</bltx:name>)', name, re.DOTALL
            ):
                words = re.findall(r">([^<>\s][^<>]*)<", content)
                parts[kind] = " ".join(words)
            biber.append((parts.get("prefix", ""), parts["family"], parts.get("given", ""), parts.get("suffix", "")))
        ours = [(n.non_dropping_particle, n.family, n.given, n.suffix) for n in parse_names(value)]
        assert ours == biber, value


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("nosortothers=true and Lind, Bo", (Name(family="Lind", given="Bo"),)),
        ("uniquelist=false and nametemplates=x and Lind, Bo", (Name(family="Lind", given="Bo"),)),
        (
            "useprefix=false, family=Kay, given=Ann, prefix=von",
            (Name(family="Kay", given="Ann", dropping_particle="von"),),
        ),
        ('family="Kay, Bros", given=Ann, given-i=A', (Name(family="Kay, Bros", given="Ann"),)),
    ],
)
def test_options_and_extended_names(value: str, names: tuple[Name, ...]) -> None:
    assert parse_names(value).names == names
    records = read_bytes(f"@book{{k, author = {{{value}}}, title = {{T}}}}".encode(), "biblatex").records
    assert f"{{{value}}}" in write_bytes(records, "biblatex").data.decode()
    assert "=" not in write_bytes(records, "bibtex").data.decode().split("author")[1].split("\n")[0].replace(
        "= {", "", 1
    )


@given(
    st.lists(st.sampled_from([" ", "\t", "\xa0", "\n", "and", "And", "AND", "aNd", "x", "İ", "ſ"]), max_size=12).map(
        "".join
    )
)
@settings(max_examples=500)
def test_and_in_any_case_splits_between_any_white_space(value: str) -> None:
    wanted = re.split(r"\sand\s", value.strip(), flags=re.IGNORECASE)
    assert split_names(value) == [name.strip() for name in wanted]


@pytest.mark.parametrize("value", ["x AND and y", "x and and y", "x and AND and y", "x and y AND z"])
def test_several_and_in_a_row(value: str) -> None:
    assert split_names(value) == [name.strip() for name in re.split(r"\sand\s", value, flags=re.IGNORECASE)]


NAMES = (
    "Lee, Bo",
    "Lee,",
    "Lee,Bo",
    "Lee, et al.",
    "Bo",
    "and",
    "And",
    "and and",
    "others",
    "et al.",
    "Jr",
    "II",
    "J.",
    ",",
    ";",
    "&",
    "{",
    "}",
    " ",
    "\t",
)


@given(st.lists(st.sampled_from(NAMES), max_size=12).map(" ".join))
def test_no_name_that_is_plain_at_a_glance_has_a_fault(content: str) -> None:
    quick = list(faults_of(content, split_names(content)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(namelists, "_PLAIN", re.compile("(?!)"))
        assert quick == list(faults_of(content, split_names(content)))
