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
    """The folder that a run of the script has filled."""

    folder: Path

    def path(self, target: str) -> Path:
        """The file or folder of a target."""
        return self.folder / PRODUCTS[target]


def make(scenes: Scenes, folder: Path) -> Made:
    """What the script makes in an empty folder with the listing; raises `AssertionError` if it fails."""
    scenes.copy("script", folder)
    done = subprocess.run(
        ["sh", "make_cv.sh", "profile.txt", "out"],
        cwd=folder / "work",
        env={**scenes.environment(folder / "home"), "DAY": "2026-11-23"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return made_in(folder)


def made_in(folder: Path) -> Made:
    """What `make` has made in this folder before."""
    return Made(folder / "work" / "out")
