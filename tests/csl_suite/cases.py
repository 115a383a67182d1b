"""Cases of the standard CSL processor suite: reading the files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_SECTION = re.compile(r">>=+ ?([A-Z-]+) ?=+>>\n(.*?)(?:^|\n)<<=+ ?\1 ?=+<<", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its name, its sections by name, and the parsed JSON sections where they are there."""

    name: str
    sections: dict[str, str] = field(repr=False)

    @property
    def mode(self) -> str:
        return self.sections["MODE"].strip()

    @property
    def result(self) -> str:
        return self.sections["RESULT"].strip("\n")

    def json(self, section: str) -> Any:
        text = self.sections.get(section)
        return None if text is None or not text.strip() else json.loads(text)


def read_case(path: Path) -> Case:
    """The case of a file."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return Case(path.stem, {found[1]: found[2] for found in _SECTION.finditer(text)})


def read_cases(folder: Path) -> list[Case]:
    """All cases of a folder, by name."""
    return [read_case(path) for path in sorted(folder.glob("*.txt"))]
