"""What a list of references loads: nothing of Python's library that takes long and that it has no use for."""

from __future__ import annotations

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

item = b'[{"id": "a", "type": "book", "title": "On <i>Rivers</i>", "author": [{"family": "Ito", "given": "A."}]}]'
print(Processor(Style.load("apa"), read(item, ReadOptions()).records, output=sys.argv[1]).bibliography())
print(*sorted({"dataclasses", "inspect", "pathlib", "typing", "urllib.parse"} & (set(sys.modules) - before)))
"""


@pytest.mark.parametrize("output", ["html", "latex", "text"])
def test_modules_that_take_long_are_not_loaded(output: str) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, output], capture_output=True, text=True, check=True)
    *printed, loaded = done.stdout.split("\n")[:-1]
    assert "Rivers" in "\n".join(printed)
    assert loaded == ""
