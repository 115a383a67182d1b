"""The direction of imports: read off the source with ast, so that no lazy import escapes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bibtool"
LEVELS = {
    "lazy": -1, "suggest": -1, "problems": 0, "errors": 0.5,
    "files": 0.7, "settings": 0.7, "xmltree": 0.7,
    "model": 1,
    "bib": 1.5,
    "formats": 2, "enrich": 2, "styles": 2, "store": 2,
    "web": 2.5,
    "check": 3, "project": 3, "cv": 3,
    "cli": 4, "__main__": 5,
}  # fmt: skip


def part_of(module: str) -> str:
    """The first name below the package."""
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else ""


def imports_of(path: Path) -> set[str]:
    """Parts of the package that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bibtool"):
            parts = [node.module] if node.module != "bibtool" else [f"bibtool.{a.name}" for a in node.names]
            found.update(part_of(p) for p in parts)
        elif isinstance(node, ast.Import):
            found.update(part_of(a.name) for a in node.names if a.name.startswith("bibtool."))
    return found - {"", "__version__"}


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downward(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for other in imports_of(path):
        if other == own:
            continue
        assert LEVELS[other] < LEVELS[own], f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0].removesuffix(".py") in {"cli", "__main__"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "exit", "input"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("os", "environ"), ("os", "getenv"), ("sys", "exit")}
