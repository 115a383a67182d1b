"""Whole processes side by side: ``python -m benchmarks.csl_speed [--count 1000] [--node-modules DIR] [STYLE ...]``.

Timed is a fresh process each, from start to the written bibliography: reading CSL-JSON, loading the style, formatting.
citeproc-py comes from PyPI; citeproc-js runs where Node is there and DIR holds the npm package citeproc.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.csl_fixture import items
from bibtool.styles.locale import locale_path
from bibtool.styles.style import default_index


def timed(command: list[str], *, stdin: str = "") -> tuple[float, int]:
    """Seconds of wall time, and kilobytes of memory at most, of a command."""
    with tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} failed")
    return seconds, used.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("styles", nargs="*", default=["apa", "ieee", "chicago-author-date"])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--node-modules", type=Path)
    parser.add_argument("--many", type=int, default=0, help="also time bibtool with that many references")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "items.json"
        file.write_text(json.dumps(items(options.count, seed=2), ensure_ascii=False), encoding="utf-8")
        many = Path(folder) / "many.json"
        if options.many:
            many.write_text(json.dumps(items(options.many, seed=2), ensure_ascii=False), encoding="utf-8")
        for style in options.styles:
            ours, memory = timed([sys.executable, "-m", "benchmarks.csl_ours", str(file), style])
            print(f"{style}, {options.count} references: bibtool {ours:.2f} s, {memory // 1024} MB")
            if options.many:
                longer, memory = timed([sys.executable, "-m", "benchmarks.csl_ours", str(many), style])
                print(f"  {options.many} references: {longer:.2f} s ({longer / ours:.1f} x), {memory // 1024} MB")
            seconds, _ = timed([sys.executable, "-m", "benchmarks.csl_citeproc_py", str(file), style])
            print(f"  citeproc-py {seconds:.2f} s ({seconds / ours:.1f} x)")
            if options.node_modules and shutil.which("node"):
                locales = locale_path("en-US")
                assert locales is not None
                driver = str(Path(__file__).with_name("csl_citeproc.js"))
                folders = [str(options.node_modules), str(locales.parent)]
                command = ["node", driver, *folders, str(file), "", "html", "list"]
                seconds, _ = timed(command, stdin=f"{default_index().find(style)}\n")
                print(f"  citeproc-js {seconds:.2f} s ({seconds / ours:.1f} x)")


if __name__ == "__main__":
    main()
