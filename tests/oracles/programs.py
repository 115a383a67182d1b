"""The programs that are asked about the entries in this folder, and their recorded answers.

``python -m tests.oracles.programs`` asks all that are installed and records what they say. pandoc and biber are found
on PATH; citation-js needs node, and in ``CITATION_JS`` the folder whose ``node_modules`` has ``@citation-js/core``,
``plugin-bibtex`` and ``plugin-ris``. The recorded answers are those of pandoc 3.9, citation-js 0.8.2, biber 2.18
and BibTeX 0.99d.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.pandoc.program import version_of

PANDOC = "3.9"
HERE = Path(__file__).parent
ANSWERS = HERE / "answers"
FORMATS = {"biblatex.bib": "biblatex", "bibtex.bib": "bibtex", "entries.ris": "ris"}


class Question(NamedTuple):
    """A program and the file that it is asked to read."""

    program: str
    file: str

    @property
    def answer(self) -> Path:
        """The recorded answer."""
        suffix = {"biber": "bib", "bibtex": "txt"}.get(self.program, "json")
        return ANSWERS / f"{self.program}-{self.file.partition('.')[0]}.{suffix}"


QUESTIONS = (
    *(Question(program, file) for program in ("pandoc", "citation-js") for file in FORMATS),
    Question("biber", "biblatex.bib"),
    Question("bibtex", "bibtex.bib"),
)


def ask(question: Question) -> str | None:
    """What the program says today, as text that can be compared; None where it, or this version, is not installed."""
    return {"pandoc": _pandoc, "citation-js": _citation_js, "biber": _biber, "bibtex": _bibtex}[question.program](
        question.file
    )


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)


def _one_item_per_line(items: list[dict[str, Any]]) -> str:
    lines = (json.dumps(item, ensure_ascii=False, sort_keys=True) for item in items)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _pandoc(file: str) -> str | None:
    program = shutil.which("pandoc")
    if program is None or not version_of(program).startswith(f"{PANDOC}."):  # others may read otherwise
        return None
    command = [program, "-f", FORMATS[file], "-t", "csljson", str(HERE / file)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    return _one_item_per_line(json.loads(done.stdout))


# one record at a time where it refuses the file, so that a record that it can't read does not take the others with it
_SCRIPT = r"""
const {Cite} = require('@citation-js/core')
require('@citation-js/plugin-bibtex'); require('@citation-js/plugin-ris')
const text = require('fs').readFileSync(process.argv[2], 'utf8'), forceType = process.argv[3]
const read = part => { try { return new Cite(part, {forceType}).data } catch (error) { return [] } }
let items = forceType === '@ris/file' ? [] : read(text)
if (forceType === '@ris/file') {
  for (const part of text.split(/(?<=^ER  - .*$)/m)) {
    for (const item of part.trim() ? read(part.trim() + '\n') : []) {
      items.push({...item, id: /^ID  - (.*)$/m.exec(part)[1]})
    }
  }
} else if (!items.length) {
  const lines = text.split('\n').filter(line => line.startsWith('@'))
  const strings = lines.filter(line => line.startsWith('@string')).join('\n')
  for (const line of lines) if (!line.startsWith('@string')) items.push(...read(strings + '\n' + line).slice(-1))
}
for (const item of items) delete item._graph
process.stdout.write(JSON.stringify(items))
"""


def _citation_js(file: str) -> str | None:
    folder = os.environ.get("CITATION_JS", "")
    node = shutil.which("node")
    if node is None or not folder:
        return None
    kind = {"ris": "@ris/file"}.get(FORMATS[file], f"@{FORMATS[file]}/text")
    command = [node, "-e", _SCRIPT, "-", str(HERE / file), kind]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return _one_item_per_line(json.loads(done.stdout))


def _biber(file: str) -> str | None:
    if shutil.which("biber") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / file, folder / file)
        options = ["--tool", "--output-resolve", "--output-format=bibtex", "--output-file=resolved.bib"]
        _run(["biber", *options, file], folder)
        return (folder / "resolved.bib").read_text(encoding="utf-8")


def _bibtex(file: str) -> str | None:
    if shutil.which("bibtex") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for needed in (file, "names.bst"):
            shutil.copy(HERE / needed, folder / needed)
        lines = ("\\relax", "\\citation{*}", "\\bibstyle{names}", f"\\bibdata{{{file.partition('.')[0]}}}")
        (folder / "names.aux").write_text("\n".join(lines) + "\n", encoding="utf-8")
        _run(["bibtex", "-min-crossrefs=9", "names"], folder)
        return (folder / "names.bbl").read_text(encoding="utf-8")


if __name__ == "__main__":
    ANSWERS.mkdir(exist_ok=True)
    for asked in QUESTIONS:
        said = ask(asked)
        if said is not None:
            asked.answer.write_text(said, encoding="utf-8")
        state = "not installed" if said is None else asked.answer.name
        sys.stdout.write(f"{asked.program} {asked.file}: {state}\n")
