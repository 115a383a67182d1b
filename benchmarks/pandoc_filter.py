"""A book through pandoc, with its own citeproc and with ours: ``python -m benchmarks.pandoc_filter [STYLE ...]``.

The book has 100 pages of Markdown and 500 citations of 300 works in BibTeX. What each way adds to pandoc alone is the
least of five runs less the least without citations: seconds by the clock, and of the processors. A filter that only
copies shows what pandoc itself takes to write its document as JSON and to read it again. Needs pandoc, in the PATH or
from pypandoc_binary.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bibtool.styles.style import default_index

PAGES, CITATIONS, WORKS = 100, 500, 300
WORDS = (
    "river stone winter letter garden machine window market theory number method history question answer paper system "
    "language picture village measure reason"
).split()


def pandoc() -> str:
    """The program; ends with a message where there is none."""
    from importlib.util import find_spec

    program = shutil.which("pandoc")
    spec = None if program else find_spec("pypandoc")
    if spec is not None and spec.submodule_search_locations:
        program = str(Path(next(iter(spec.submodule_search_locations))) / "files" / "pandoc")
    if program is None or not Path(program).is_file():
        raise SystemExit("no pandoc: pip install pypandoc_binary")
    return program


def bibliography(chance: random.Random) -> str:
    """WORKS entries of BibTeX."""
    entries = []
    for number in range(WORKS):
        people = " and ".join(
            f"{chance.choice(WORDS).title()}son, {chance.choice('ABCDEFG')}nna" for _ in range(chance.randint(1, 4))
        )
        title = " ".join(chance.choices(WORDS, k=6)).capitalize()
        entries.append(
            f"@article{{w{number}, author={{{people}}}, title={{{title}}}, "
            f"journal={{Journal of {chance.choice(WORDS)}}}, year={{{chance.randint(1980, 2024)}}}, "
            f"volume={{{chance.randint(1, 90)}}}, pages={{{number}--{number + 9}}}, doi={{10.5555/{number}}}}}"
        )
    return "\n".join(entries)


def book(chance: random.Random) -> str:
    """PAGES pages of 450 words with CITATIONS citations of all kinds."""
    per_page = CITATIONS // PAGES
    pages = []
    for page in range(PAGES):
        paragraphs = [f"# Chapter {page + 1}"]
        for _ in range(per_page):
            key = f"w{chance.randrange(WORKS)}"
            other = f"w{chance.randrange(WORKS)}"
            cite = chance.choice((f"[@{key}]", f"[see @{key}, pp. 12-15; @{other}]", f"@{key} [chap. 3]", f"[-@{key}]"))
            words = [*chance.choices(WORDS, k=45), cite, *chance.choices(WORDS, k=45)]
            paragraphs.append(" ".join(words) + ".")
        pages.append("\n\n".join(paragraphs))
    return "\n\n".join(pages)


def least(command: list[str], folder: Path, environment: dict[str, str], runs: int) -> tuple[float, float]:
    """Seconds by the clock and of the processors, each the least of some runs; children count."""
    clock, used = [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[:1]} failed")
        clock.append(time.perf_counter() - start)
        used.append(usage.ru_utime + usage.ru_stime)
    return min(clock), min(used)


def script(path: Path, command: str) -> str:
    """The path of a program that runs a command."""
    path.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("styles", nargs="*", default=["chicago-author-date", "ieee", "chicago-notes-bibliography"])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "refs.bib").write_text(bibliography(chance), encoding="utf-8")
        (folder / "book.md").write_text(book(chance), encoding="utf-8")
        filtered = script(folder / "bibtool-citeproc", f'"{sys.executable}" -m bibtool.cli.pandocfilter "$@"')
        copied = script(folder / "copy", "cat")
        root = str(Path(__file__).parents[1])
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": root,
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),  # an installed package has its bytecode
            "BIBTOOL_CACHE": str(folder / "cache"),
        }
        plain = [pandoc(), "book.md", "-o", "book.html"]
        alone = least(plain, folder, environment, options.runs)
        print(f"pandoc alone: {alone[0]:.2f} s (processors {alone[1]:.2f} s)")
        copying = least([*plain, "--filter", copied], folder, environment, options.runs)
        clock, used = (with_copy - without for with_copy, without in zip(copying, alone, strict=True))
        print(f"a filter that only copies: {clock:.2f} s (processors {used:.2f} s)")
        for style in options.styles:
            named = ["-M", "bibliography=refs.bib", "-M", f"csl={default_index().find(style)}", "-M", "link-citations"]
            theirs = least([*plain, *named, "--citeproc"], folder, environment, options.runs)
            ours = least([*plain, *named, "--filter", filtered], folder, environment, options.runs)
            for what, before, citeproc, filtering in zip(("clock", "processors"), alone, theirs, ours, strict=True):
                added, with_us = citeproc - before, filtering - before
                share = f"{with_us / added:.0%}"
                print(f"{style}, {what}: {added:.2f} s by citeproc, {with_us:.2f} s by us ({share})")


if __name__ == "__main__":
    main()
