"""The snapshots of the rules; ``python -m tests.check.golden`` writes them anew. Read the diff before you commit it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bibtool.check.docs import page
from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.reports import to_concise
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.check.table import rules

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "fixtures" / "check"
PAGE = ROOT / "docs" / "reference" / "rules.md"
WITHOUT_FIXTURE = {"SYN010"}  # a file that isn't there
# settings without which a rule finds nothing
NEEDED = {"REQ005": CheckSettings(dialect="bibtex"), "SUP002": CheckSettings(select=("IDS001",))}


def settings_of(code: str) -> CheckSettings:
    """Settings that ask this rule."""
    needed = NEEDED.get(code, CheckSettings())
    return replace(needed, select=(code, *needed.select))


def source_of(code: str) -> CheckedFile:
    """The fixture of a rule; its path in messages is the bare file name."""
    path = FOLDER / f"{code.lower()}.bib"
    return CheckedFile.from_bytes(path.read_bytes(), path.name)


def findings_of(code: str) -> str:
    """What the rule alone finds in its fixture, and what fixes do."""
    found = check([source_of(code)], settings_of(code))
    fixes = "".join(f"  fix in line {one.line}: {one.hit.fix.description}\n" for one in found if one.hit.fix)
    return to_concise(found) + fixes


def fixed_of(code: str) -> bytes:
    """The fixture after the fixes of the rule alone."""
    return fix([source_of(code)], settings_of(code)).files[0].document.to_bytes()


def main() -> None:
    """Write all snapshots and the page of the rules."""
    for code, rule in rules().items():
        if code in WITHOUT_FIXTURE:
            continue
        (FOLDER / f"{code.lower()}.txt").write_text(findings_of(code), encoding="utf-8", newline="")
        if rule.fixable:
            (FOLDER / f"{code.lower()}.fixed.bib").write_bytes(fixed_of(code))
    PAGE.write_text(page(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
