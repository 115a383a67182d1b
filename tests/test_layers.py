"""The direction of imports: read off the source with ast, so that no lazy import escapes."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bibtool"
LEVELS = {
    "collector": -1, "digests": -1, "lazy": -1, "limits": -1, "structs": -1, "suggest": -1, "version": -1,
    "problems": 0, "errors": 0.5, "files": 0.7, "bounded": 0.7, "programs": 0.7, "settings": 0.7, "xmltree": 0.7,
    "model": 1,
    "bib": 1.5,
    "formats": 2, "enrich": 2, "styles": 2, "store": 2,
    "web": 2.5,
    "check": 3, "project": 3, "cv": 3,
    "batch": 3.3, "interop": 3.5, "api": 3.7,
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


@pytest.mark.slow
def test_imports_point_downward() -> None:
    upward = [
        f"{path.relative_to(PACKAGE)} imports {part}"
        for path in MODULES
        for own in [path.relative_to(PACKAGE).parts[0].removesuffix(".py")]
        for part in sorted(imports_of(path) - {own})
        if LEVELS[part] >= LEVELS[own]
    ]
    assert not upward


@pytest.mark.slow
def test_only_the_command_line_prints_or_exits() -> None:
    calls = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in {"cli", "__main__"}
        for line, name in dealings(path)
    ]
    assert not calls


def dealings(path: Path) -> list[tuple[int, str]]:
    """Line and name of what a module prints, asks, reads from the environment, or ends the program with."""
    named: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named += [(node.lineno, node.func.id)] * (node.func.id in {"print", "exit", "input"})
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            named += [(node.lineno, name)] * (name in {"os.environ", "os.getenv", "sys.exit"})
    return named


def test_the_checks_find_what_they_look_for(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import os, sys\nprint(os.environ)\nsys.exit()\ndef f():\n    from bibtool.cli import main\n")
    assert sorted(dealings(module)) == [(2, "os.environ"), (2, "print"), (3, "sys.exit")]
    assert imports_of(module) == {"cli"}


def module_name(path: Path) -> str:
    """The dotted name of a module's file; a package's own for its ``__init__.py``."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


NAMES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def modules_imported(path: Path) -> set[str]:
    """The modules of the package that a module imports, wherever in it: inside functions and for type checkers too."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            imported |= members & NAMES.keys()
            if members - NAMES.keys():
                imported.add(node.module)
    return imported & NAMES.keys() - {module_name(path)}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one import circle, the first one again at the end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.slow
def test_no_modules_import_one_another() -> None:
    assert " <- ".join(circle({name: modules_imported(path) for name, path in NAMES.items()})) == ""


def test_a_circle_is_found() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


PACKAGES = sorted(name for name, path in NAMES.items() if path.name == "__init__.py")
ALONE = (*PACKAGES, "bibtool.files", "bibtool.xmltree", "bibtool.suggest", "bibtool.cli.main", "bibtool.cli.parser")


@pytest.mark.slow
def test_each_package_can_be_imported_first() -> None:
    """What works only after another import has run fails here: each name gets an interpreter without any of ours."""
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    for loaded in [module for module in sys.modules if module.partition('.')[0] == 'bibtool']:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
        "    print(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *ALONE], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (list(ALONE), "")
