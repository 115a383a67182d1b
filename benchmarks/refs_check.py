"""Time of ``bibtool refs --check`` for 500 cited of 5,000 entries in 30 documents, over a bare interpreter.

    python -m benchmarks.refs_check [--runs 7] [--tidy FOLDER]

The project is made on the spot. Measured is the processor time of the whole process, start-up included: once with an
empty cache, as in CI, and warm, as in a hook on somebody's machine; then ``bibtex-tidy`` on the same .bib file, if Node
finds it (``npm install bibtex-tidy``; name its folder with --tidy).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._process import PYTHON, ROOT, Run, bibtool, middle, run, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable

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


BARE, WARM, COLD = "python -c pass", "bibtool refs --check, warm", "bibtool refs --check, cold cache"


def jobs(folder: Path, tree: Path = ROOT) -> dict[str, Callable[[], Run]]:
    """The checks of a project that is made in the folder, and a bare interpreter."""
    make_project(folder)
    cache = folder / "cache"
    environment = {"BIBTOOL_CACHE": str(cache), "BIBTOOL_LIBRARY": str(folder / "none")}
    check = partial(run, bibtool("refs", "--check"), folder=folder, environment=environment, tree=tree)

    def cold() -> Run:
        shutil.rmtree(cache, ignore_errors=True)
        return check()

    run(bibtool("refs"), folder=folder, environment=environment, tree=tree)
    check()
    return {BARE: partial(run, [PYTHON, "-c", "pass"]), WARM: check, COLD: cold}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--tidy", type=Path, help="folder that holds node_modules/bibtex-tidy")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = jobs(folder)

        def lock_only() -> Run:
            (folder / "all.bib").rename(folder / "elsewhere.txt")
            try:
                return made[WARM]()
            finally:
                (folder / "elsewhere.txt").rename(folder / "all.bib")

        measured = {**made, "bibtool refs --check, lock only": lock_only}
        program = arguments.tidy / "node_modules" / "bibtex-tidy" / "bin" / "bibtex-tidy" if arguments.tidy else None
        node = shutil.which("node")
        if node is None or program is None or not program.exists():
            print("bibtex-tidy: not found")
        else:
            call = [node, str(program), "all.bib", "--quiet", f"--output={folder / 'tidied.bib'}"]
            measured["bibtex-tidy all.bib"] = partial(run, call, folder=folder)
        found = {title: middle(runs).cpu_s * 1000 for title, runs in side_by_side(measured, arguments.runs).items()}
    for title, taken in found.items():
        print(f"{title:<34}{taken:7.0f} ms  ({taken - found[BARE]:+.0f} ms)")


if __name__ == "__main__":
    main()
