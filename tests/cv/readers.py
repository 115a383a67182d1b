"""What other programs make of our files: RenderCV, the schema of JSON Resume. Skips the test where one is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

READ_BY_RENDERCV = """
import sys
from pathlib import Path
try:
    from rendercv.schema.rendercv_model_builder import build_rendercv_dictionary_and_model
except ImportError:  # before 2.4
    from rendercv.data.reader import read_input_file
    model = read_input_file(Path(sys.argv[1]))
else:
    model = build_rendercv_dictionary_and_model(Path(sys.argv[1]).read_text(encoding="utf-8"))[1]
cv = model.cv
sections = getattr(cv, "rendercv_sections", None) or cv.sections
print([(len(one.entries), type(one.entries[0]).__name__) for one in sections])
"""


def read_by_rendercv(path: Path) -> str:
    """What RenderCV's own models make of a file, in the Python that BIBTOOL_RENDERCV_PYTHON names, or in this one."""
    python = os.environ.get("BIBTOOL_RENDERCV_PYTHON") or sys.executable
    command = [python, "-c", READ_BY_RENDERCV, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named 'rendercv'" in done.stderr:
        pytest.skip("rendercv is not installed: BIBTOOL_RENDERCV_PYTHON names no Python that has it")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def json_resume_schema() -> dict[str, Any]:
    """The official schema, of the npm package that BIBTOOL_JSONRESUME_SCHEMA names."""
    place = os.environ.get("BIBTOOL_JSONRESUME_SCHEMA", "")
    if not place:
        pytest.skip("BIBTOOL_JSONRESUME_SCHEMA does not name schema.json of the npm package @jsonresume/schema")
    schema: dict[str, Any] = json.loads(Path(place).read_text(encoding="utf-8"))
    return schema
