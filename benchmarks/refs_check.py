"""Time of ``bibtool refs --check`` for 500 cited of 5,000 entries in 30 documents, over a bare interpreter.

    python benchmarks/refs_check.py [--runs 7] [--tidy FOLDER]

The project is made on the spot. Timed is the whole process, start-up included: once with an empty cache, as in CI, and
warm, as in a hook on somebody's machine; then ``bibtex-tidy`` on the same .bib file, if Node finds it (``npm install
bibtex-tidy``; name its folder with --tidy).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ENTRIES = 5_000
CITED = 500
DOCUMENTS = 30
_ABSTRACT = "We study the properties of a family of objects and give bounds that are sharp in many cases. " * 4


def make_entry(number: int) -> str:
    return f"""@article{{author{number}:{1950 + number % 70},
  author    = {{Ann Author{number} and Bertil {{\\"O}}berg{number % 977} and Third, Guy}},
  title     = {{On the {{Structure}} of Object {number} and Its Many Applications}},
  journal   = jot,
  volume    = {{{number % 90}}},
  number    = {{{number % 12}}},
  pages     = {{{number}--{number + 12}}},
  year      = {{{1950 + number % 70}}},
  doi       = {{10.1234/objects.{number}}},
  url       = {{https://example.org/objects/{number}}},
  abstract  = {{{_ABSTRACT}}},
}}
"""


def make_project(folder: Path) -> None:
    """A .bib file and documents with much text between the citations."""
    keys = [f"author{number}:{1950 + number % 70}" for number in range(ENTRIES)]
    head = '@string{jot = "Journal of Objects"}\n\n'
    (folder / "all.bib").write_text(head + "\n".join(map(make_entry, range(ENTRIES))), encoding="utf-8")
    cited = keys[:: ENTRIES // CITED]
    text = "The quick brown fox jumps over the lazy dog, which is $x^2$ long. " * 12
    each = CITED // DOCUMENTS + 1
    for number in range(DOCUMENTS):
        body = "".join(f"{text}\\citep[p.~3]{{{key}}}.\n\n" for key in cited[number * each : (number + 1) * each])
        start = "\\documentclass{article}\\begin{document}\n" if number == 0 else ""
        inputs = "".join(f"\\input{{part{one}}}\n" for one in range(1, DOCUMENTS)) if number == 0 else ""
        (folder / f"part{number}.tex").write_text(start + body + inputs, encoding="utf-8")
    (folder / "bibtool.toml").write_text('[refs]\nsources = ["all.bib"]\ndocuments = ["part0.tex"]\n', encoding="utf-8")


def timed(call: list[str], folder: Path, environment: dict[str, str], runs: int, *, cold: bool = False) -> float:
    """The median time of a process in milliseconds."""
    found = []
    for _ in range(runs):
        if cold:
            shutil.rmtree(environment["BIBTOOL_CACHE"], ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(
            call, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--tidy", type=Path, help="folder that holds node_modules/bibtex-tidy")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"BIBTOOL_CACHE": str(folder / "cache"), "BIBTOOL_LIBRARY": str(folder / "none")}
        tool = [sys.executable, "-m", "bibtool", "refs"]
        subprocess.run(tool, cwd=folder, env=environment, check=True, capture_output=True)
        bare = timed([sys.executable, "-c", "pass"], folder, environment, arguments.runs)
        print(f"python -c pass                 {bare:7.0f} ms")
        for title, cold in (("warm", False), ("cold cache", True)):
            taken = timed([*tool, "--check"], folder, environment, arguments.runs, cold=cold)
            print(f"bibtool refs --check, {title:<10} {taken:6.0f} ms  ({taken - bare:+.0f} ms)")
        (folder / "all.bib").rename(folder / "elsewhere.txt")
        taken = timed([*tool, "--check"], folder, environment, arguments.runs)
        print(f"bibtool refs --check, lock only  {taken:6.0f} ms  ({taken - bare:+.0f} ms)")
        (folder / "elsewhere.txt").rename(folder / "all.bib")
        program = arguments.tidy / "node_modules" / "bibtex-tidy" / "bin" / "bibtex-tidy" if arguments.tidy else None
        node = shutil.which("node")
        if node is None or program is None or not program.exists():
            print("bibtex-tidy: not found")
            return
        call = [node, str(program), "all.bib", "--quiet", f"--output={folder / 'tidied.bib'}"]
        tidy = timed(call, folder, environment, arguments.runs)
        warm = timed([*tool, "--check"], folder, environment, arguments.runs)
        print(f"bibtex-tidy all.bib            {tidy:7.0f} ms  ({tidy / warm:.1f} times as long)")


if __name__ == "__main__":
    main()
