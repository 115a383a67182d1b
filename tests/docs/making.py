"""Runs ``docs/examples/make_cv.sh`` as a user would, and says where each target is."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.docs.blocks import ROOT
from tests.docs.scenes import Scenes

SCRIPT = ROOT / "docs" / "examples" / "make_cv.sh"
# target -> file or folder that the script writes
PRODUCTS = {
    "html": "publications.html",
    "markdown": "publications.md",
    "text": "publications.txt",
    "latex": "publications.tex",
    "moderncv": "moderncv.tex",
    "awesome-cv": "awesome-cv.tex",
    "biblatex": "biblatex",
    "typst": "publications.typ",
    "docx": "publications.docx",
    "rtf": "publications.rtf",
    "rendercv": "rendercv.yaml",
    "json-resume": "resume.json",
    "json": "publications.json",
    "hugo": "hugo",
    "jekyll": "jekyll",
    "al-folio": "al-folio",
    "template": "by-template.txt",
}


@dataclass(frozen=True)
class Made:
    """What a run of the script has made: its folder, and what it said."""

    folder: Path
    said: str

    def path(self, target: str) -> Path:
        """The file or folder of a target."""
        return self.folder / PRODUCTS[target]


def make(scenes: Scenes, folder: Path) -> Made:
    """The outcome of the script in an empty folder with the listing; raises `AssertionError` where it fails."""
    scenes.copy("script", folder)
    done = subprocess.run(
        ["sh", "make_cv.sh", "profile.txt", "out"],
        cwd=folder / "work",
        env={**scenes.environment(folder / "home"), "DAY": "2026-11-23"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    said = done.stderr.decode() + done.stdout.decode()
    assert done.returncode == 0, said
    return Made(folder / "work" / "out", said)
