"""Inputs as people and programs write them, by kind: what each of them has to become. All are our own.

Each kind was read wrongly once. The rules are those of btxdoc.tex, the biblatex manual, EDTF, CSL 1.0.2 and the
documentation of RIS, MODS, DataCite and PubMed; the modules that follow them name the sections.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.project.formatted import render_list
from bibtool.styles.style import Style

# kind -> inputs with their format, target (a format, a style, or an option of fmt), and what the output has and lacks
FILE = Path(__file__).parents[2] / "fixtures" / "kinds" / "inputs.json"
KINDS: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))


def output_of(format_: str, data: bytes, target: str) -> str:
    if target in ("escape", "unescape"):
        return tidy(data, TidyOptions(**{target: True})).data.decode()  # type: ignore[arg-type] # mypy can't tell that the names are flags
    records = list(read_bytes(data, format_).records)
    if target == "csl-json":
        items = json.loads(write_bytes(records, target).data)
        shown = [{name: value for name, value in item.items() if name != "custom"} for item in items]
        return json.dumps(shown, ensure_ascii=False)
    if target in ("bibtex", "biblatex"):
        return write_bytes(records, target).data.decode()
    return render_list(records, "text", "apa" if target == "text" else target, Style.load)[0].decode()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{kind}, {number}")
        for kind, cases in KINDS.items()
        for number, case in enumerate(cases, start=1)
    ],
)
def test_what_an_input_becomes(case: dict[str, Any]) -> None:
    output = output_of(case["format"], case["input"].encode(case.get("encoding", "utf-8")), case["target"])
    assert output.strip()
    assert [text for text in case["has"] if text not in output] == [], output
    assert [text for text in case.get("lacks", []) if text in output] == [], output


def test_each_kind_has_at_least_three_inputs() -> None:
    assert [kind for kind, cases in KINDS.items() if len(cases) < 3] == []
