"""What a list of references loads: nothing that it has no use for, of Python's library or of ours."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

SCRIPT = """
import sys
before = set(sys.modules)
from bibtool.formats.base import ReadOptions
from bibtool.formats.csl.json import read
from bibtool.styles.processor import Processor
from bibtool.styles.style import Style

item = (
    b'[{"id": "a", "type": "book", "title": "On <i>Rivers</i>", "author": [{"family": "Ito", "given": "A."}],'
    b' "issued": {"date-parts": [[2020, 5]]}, "ISBN": "978-3-16-148410-0", "DOI": "10.1000/182", "note": "in parts"}]'
)
print(Processor(Style.load("apa"), read(item, ReadOptions()).records, output=sys.argv[1]).bibliography())
print(*sorted(set(sys.modules) - before))
"""
OF_PYTHON = {"dataclasses", "inspect", "pathlib", "typing", "urllib.parse"}
# of writing, of members, dates and values that this item does not have, and of errors
OF_OURS = {
    "bibtool.formats.csl.itemwriter",
    "bibtool.formats.csl.jsonwriter",
    "bibtool.formats.csl.leftover",
    "bibtool.formats.csl.note",
    "bibtool.formats.csl.ownreader",
    "bibtool.formats.jsonitems",
    "bibtool.formats.rawdate",
    "bibtool.model.codec",
    "bibtool.model.keys",
    "bibtool.model.normal.languages",
    "bibtool.styles.namemarks",
    "bibtool.suggest",
}


@pytest.mark.parametrize("output", ["html", "latex", "text"])
def test_what_is_not_needed_is_not_loaded(output: str) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, output], capture_output=True, text=True, check=True)
    *printed, loaded = done.stdout.split("\n")[:-1]
    assert "Rivers" in "\n".join(printed)
    assert "bibtool.formats.csl.json" in loaded.split()
    assert (OF_PYTHON | OF_OURS) & set(loaded.split()) == set()


def test_the_modules_exist() -> None:
    assert not [name for name in OF_OURS if importlib.util.find_spec(name) is None]
