"""The real programs that citations are held against, and what they say."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def have(module: str) -> pytest.MarkDecorator:
    """Skips a test where this module is not installed."""
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"the real tool is not installed (pip install {module})")


@cache
def _is_in_tex(name: str) -> bool:
    return subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0


def have_latex(*files: str, programs: tuple[str, ...] = ("latexmk", "pdflatex")) -> pytest.MarkDecorator:
    """Skips a test where one of these programs, or of these files of a TeX distribution, is not installed."""
    missing = next((one for one in (*programs, "kpsewhich") if shutil.which(one) is None), None)
    if missing is None:
        missing = next((name for name in files if not _is_in_tex(name)), None)
    return pytest.mark.skipif(missing is not None, reason=f"the real tool is not installed ({missing})")


def cites_of(tree: Any) -> list[str]:
    """The ids of the citations in pandoc's tree, in any order."""
    return [item["citationId"] for one in nodes_of(tree) if one.get("t") == "Cite" for item in one["c"][0]]


def nodes_of(tree: Any) -> list[dict[str, Any]]:
    """All nodes of pandoc's tree."""
    found: list[dict[str, Any]] = []
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found.append(one)
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def typst_keys(path: Path) -> set[str]:
    """The keys that Typst cites in a document; raises what its compiler says."""
    import typst

    labels = json.loads(typst.query(str(path), "cite", field="key"))
    return {re.sub(r'^label\("(.*)"\)$|^<(.*)>$', r"\1\2", label) for label in labels}
