"""Whether two trees of bibtool write the same bytes: ``python -m benchmarks.same_output OLDER_TREE [TREE]``.

TREE is this one unless said. Each file of the fixtures, of the tests and of ../shared/corpus is converted to every
format that can be written and to lists in some styles, and .bib files are tidied in two ways and checked as well; the
files of each folder are imported into a library, which is listed, exported and searched for duplicates. Standard
output, messages and exit codes of both trees are compared; each difference is printed, and the exit code is 1 if there
is one. ``--only TEXT`` takes the files with that text in their path, ``--keep FOLDER`` keeps all outputs.

The commands of one tree run in one process, without the network, and with one time for "now".
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
FORMATS = (
    "bibtex biblatex csl-json csl-yaml ris endnote-xml nbib mods hayagriva cff refer csv ids html latex rtf typst rst"
).split()
STYLES = ("apa", "chicago-author-date", "ieee", "nature", "plain")
_NOT_READ = {".py", ".pyc", ".md", ".toml", ".tex", ".sty", ".typ", ".lock", ".bst"}
_LIBRARY = (
    ("list",),
    ("list", "--json"),
    ("list", "--sort", "-year,author"),
    ("export", "--format", "bibtex"),
    ("export", "--format", "csl-json"),
    ("export", "--style", "apa"),
    ("dedupe", "--json"),
)


def corpus(only: str = "") -> list[Path]:
    """The files, sorted."""
    folders = (ROOT / "fixtures", ROOT / "tests", ROOT.parent / "shared" / "corpus")
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if path.suffix not in _NOT_READ and only in str(path))


def commands(path: Path) -> Iterator[tuple[str, ...]]:
    """What is asked of one file."""
    name = str(path)
    for form in FORMATS:
        yield "convert", name, "--to", form
    for style in STYLES:
        yield "convert", name, "--style", style
    if path.suffix == ".bib":
        yield "fmt", "--diff", name
        every = "--sort key,-year --sort-fields default --months --strip-enclosing-braces --page-ranges --unescape"
        yield "fmt", "--diff", *every.split(), name
        yield "check", "--json", name
        yield "diff", name, name


def answers(files: Sequence[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Command -> what came of it, of the bibtool that Python finds."""
    from bibtool.cli.app import App
    from bibtool.cli.main import run

    setattr(App, "now", lambda _: "2026-01-02T03:04:05Z")  # noqa: B010 -- mypy minds the assignment

    def ask(*arguments: str) -> tuple[str, dict[str, Any]]:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            kept = os.dup(1), os.dup(2)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            try:
                code: object = run(arguments)
            except BaseException as error:  # noqa: BLE001 -- whatever it is, the other tree should do the same
                code = repr(error)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                for saved, number in zip(kept, (1, 2), strict=True):
                    os.dup2(saved, number)
                    os.close(saved)
            out.seek(0)
            err.seek(0)
            written = {"out": out.read().decode("latin-1"), "messages": err.read().decode("latin-1"), "code": code}
        return " ".join(arguments), written

    for path in files:
        for command in commands(path):
            yield ask(*command)
    for folder in sorted({path.parent for path in files}):
        with tempfile.TemporaryDirectory() as name:
            os.environ["BIBTOOL_LIBRARY"] = str(Path(name) / "library.sqlite")
            for path in files:
                if path.parent == folder:
                    yield ask("import", str(path))
            for command in _LIBRARY:
                words, written = ask(*command)
                yield f"{folder}: {words}", json.loads(json.dumps(written).replace(name, "LIBRARY"))


def worker(tree: Path, target: Path, only: str) -> subprocess.Popen[bytes]:
    """A process that writes the answers of a tree to a file."""
    settings = {"BIBTOOL_CACHE": f"{target}.cache", "BIBTOOL_CONFIG": f"{target}.toml", "PYTHONPATH": str(tree)}
    Path(settings["BIBTOOL_CONFIG"]).touch()
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", str(target), "--only", only, str(tree)]
    return subprocess.Popen(command, env={**os.environ, **settings, "COLUMNS": "100"}, cwd=target.parent)


def differences(older: Path, newer: Path) -> Iterator[tuple[str, str]]:
    """What differs between two files of answers: the command, and the first line that differs."""
    with older.open() as one, newer.open() as other:
        for line, counterpart in zip(one, other, strict=True):
            if line == counterpart:
                continue
            (command, before), (_, after) = json.loads(line), json.loads(counterpart)
            for part in ("code", "out", "messages"):
                if before[part] != after[part]:
                    yield command, f"{part}: {first_difference(str(before[part]), str(after[part]))}"


def first_difference(before: str, after: str) -> str:
    """The first lines that differ."""
    lines, others = [*before.split("\n"), "(the end)"], [*after.split("\n"), "(the end)"]
    pairs = ((line, other) for line, other in zip(lines, others, strict=False) if line != other)
    line, other = next(pairs, ("", ""))
    return f"{line[:100]!r} became {other[:100]!r}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("older", type=Path)
    parser.add_argument("newer", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker is not None:
        with options.worker.open("w") as out:
            for answer in answers(corpus(options.only)):
                out.write(json.dumps(answer) + "\n")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        trees = {"older": options.older.resolve(), "newer": options.newer.resolve()}
        targets = {side: folder / f"{side}.jsonl" for side in trees}
        processes = {side: worker(tree, targets[side], options.only) for side, tree in trees.items()}
        for side, process in processes.items():
            if process.wait():
                raise SystemExit(f"{trees[side]} could not be asked")
        found = list(differences(targets["older"], targets["newer"]))
        for command, difference in found:
            print(f"{command}\n    {difference}")
        with targets["newer"].open() as answered:
            kinds = Counter(json.loads(line)[0].split(": ")[-1].split()[0] for line in answered)
    print(f"{sum(kinds.values()):,} commands ({', '.join(f'{n:,} {kind}' for kind, n in sorted(kinds.items()))})")
    print(f"{len(found):,} differences")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
