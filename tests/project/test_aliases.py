"""Keys that are other keys of an entry: ``ids``, merged keys of the library, aliases of records, what the lock has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bibtool.bib.index import read_index
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.project.lock import read_lock
from bibtool.project.workspace import Workspace
from bibtool.store import open_library
from tests.project.making import cite, codes, make, output, run, space
from tests.project.tools import have_latex

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.project.plan import Plan

KEPT = "@article{new20, title={W}, author={A B}, journal={J}, year=2002, ids={older, gone20}}"
RENAMED = "@article{gone20, title={W}, author={A B}, journal={J}, year=2002, ids={older, new20}}"
CHAPTER = "@inproceedings{part, crossref={whole0}, title={C}, author={C D}}"
BOOK = "@proceedings{whole, ids={whole0}, title={Book}, booktitle={Book}, editor={E F}, year=2001, publisher={P}}"
BIBLATEX = 'dialect = "biblatex"\n'
DIALECTS = pytest.mark.parametrize("settings", ["", BIBLATEX], ids=["bibtex", "biblatex"])


def entries(folder: Path) -> dict[str, str]:
    index = read_index(output(folder).encode(), "refs.bib")
    return {key: index.slice(piece) for key, piece in index.entries.items()}


def pinned(folder: Path) -> set[str]:
    return set(read_lock((folder / "bibtool.lock").read_bytes()).pins)


def again(folder: Path) -> Plan:
    """A second run, which must have nothing to do."""
    plan = run(folder)
    assert (plan.output, plan.lock, plan.changes) == (None, None, ())
    return plan


@pytest.mark.slow
@DIALECTS
def test_an_entry_is_written_under_the_key_that_is_cited(tmp_path: Path, settings: str) -> None:
    make(tmp_path, "gone20", bib=KEPT, settings=settings)
    plan = run(tmp_path)
    assert (codes(plan), entries(tmp_path), pinned(tmp_path)) == ([], {"gone20": RENAMED}, {"gone20"})
    again(tmp_path)
    (tmp_path / "all.bib").unlink()
    again(tmp_path)
    (tmp_path / "refs.bib").unlink()
    run(tmp_path)
    assert entries(tmp_path) == {"gone20": RENAMED}


def test_both_keys_give_two_entries_for_bibtex_and_a_note(tmp_path: Path) -> None:
    make(tmp_path, "gone20", "new20", bib=KEPT)
    plan = run(tmp_path)
    assert (codes(plan), plan.problems[0].key) == (["cited-twice"], "gone20")
    assert "listed twice" in plan.problems[0].message
    assert entries(tmp_path) == {"gone20": RENAMED, "new20": KEPT}
    assert codes(again(tmp_path)) == ["cited-twice"]


@pytest.mark.parametrize(
    ("cited", "key"),
    [(("gone20", "new20"), "new20"), (("gone20", "older"), "gone20"), (("gone20", "new20", "older"), "new20")],
)
def test_both_keys_give_one_entry_for_biblatex(tmp_path: Path, cited: tuple[str, ...], key: str) -> None:
    make(tmp_path, *cited, bib=KEPT, settings=BIBLATEX)
    plan = run(tmp_path)
    assert (codes(plan), plan.keys) == ([], (key,))
    assert entries(tmp_path) == {key: KEPT if key == "new20" else RENAMED}
    assert pinned(tmp_path) == {key}
    again(tmp_path)
    (tmp_path / "all.bib").unlink()
    again(tmp_path)


def test_ids_that_are_not_written_serve_nobody(tmp_path: Path) -> None:
    make(tmp_path, "gone20", "new20", bib=KEPT, settings=f'{BIBLATEX}drop = ["IDS"]\n')
    assert codes(run(tmp_path)) == ["cited-twice"]
    assert list(entries(tmp_path)) == ["gone20", "new20"]


@pytest.mark.slow
@DIALECTS
def test_the_key_in_the_document_changes_and_changes_back(tmp_path: Path, settings: str) -> None:
    make(tmp_path, "gone20", bib=KEPT, settings=settings)
    run(tmp_path)
    first = (output(tmp_path), (tmp_path / "bibtool.lock").read_bytes())
    cite(tmp_path, "new20")
    run(tmp_path)
    assert entries(tmp_path) == {"new20": KEPT}
    cite(tmp_path, "gone20")
    (tmp_path / "all.bib").rename(tmp_path / "away.bib")
    run(tmp_path)
    assert (output(tmp_path), (tmp_path / "bibtool.lock").read_bytes()) == first
    (tmp_path / "away.bib").rename(tmp_path / "all.bib")
    again(tmp_path)


def test_the_lock_knows_the_other_keys(tmp_path: Path) -> None:
    make(tmp_path, "new20", bib=KEPT, settings=BIBLATEX)
    run(tmp_path)
    for name in ("all.bib", "refs.bib"):
        (tmp_path / name).unlink()
    cite(tmp_path, "gone20", "new20")
    run(tmp_path)
    assert entries(tmp_path) == {"new20": KEPT}


def test_the_key_of_an_entry_goes_before_the_other_keys_of_one(tmp_path: Path) -> None:
    make(tmp_path, "gone20", bib=KEPT, settings="")
    (tmp_path / "more.bib").write_text("@book{gone20, title={Another}, year=1999}")
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["all.bib", "more.bib"]\n')
    run(tmp_path)
    assert "Another" in output(tmp_path)


@pytest.mark.slow
@DIALECTS
def test_an_entry_by_hand_in_the_output(tmp_path: Path, settings: str) -> None:
    make(tmp_path, "gone20", bib="", settings=settings)
    (tmp_path / "refs.bib").write_text(KEPT + "\n")
    plan = run(tmp_path)
    assert plan.ok
    found = entries(tmp_path)
    assert found == ({"new20": KEPT} if settings else {"gone20": RENAMED, "new20": KEPT})
    again(tmp_path)
    cite(tmp_path, "gone20", "new20")
    run(tmp_path)
    assert entries(tmp_path) == found
    again(tmp_path)


@pytest.mark.slow
@DIALECTS
def test_records_of_other_formats(tmp_path: Path, settings: str) -> None:
    item = {
        "id": "new20", "type": "book", "title": "W", "issued": {"date-parts": [[2002]]},
        "custom": {"bibtool": {"aliases": ["gone20"]}},
    }  # fmt: skip
    make(tmp_path, "gone20", bib=None)
    (tmp_path / "all.json").write_text(json.dumps([item]))
    (tmp_path / "bibtool.toml").write_text(f'[refs]\nsources = ["all.json"]\n{settings}')
    run(tmp_path)
    (text,) = entries(tmp_path).values()
    assert text.startswith("@book{gone20,")
    assert re.search(r"ids\s*= \{new20\}", text)
    again(tmp_path)
    cite(tmp_path, "gone20", "new20")
    run(tmp_path)
    assert set(entries(tmp_path)) == ({"new20"} if settings else {"gone20", "new20"})
    again(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["", BIBLATEX], ids=["bibtex", "biblatex"])
def test_merged_keys_of_the_library(tmp_path: Path, settings: str) -> None:
    record = Record(
        key="new20",
        type="book",
        aliases=("gone20",),
        variables={
            "title": Text.of("W"),
            "author": Names(names=(Name(family="B", given="A"),)),
            "issued": Date.of(2002),
        },
    )
    with open_library(tmp_path / "library.sqlite") as library, library.change("import") as transaction:
        transaction.put(record)
    make(tmp_path, "gone20", bib=None)
    (tmp_path / "bibtool.toml").write_text(f'[refs]\nsources = ["library"]\n{settings}')

    def plan(*, there: bool = True) -> Plan:
        opener = (lambda: open_library(tmp_path / "library.sqlite")) if there else (lambda: None)
        project: Workspace = replace(space(tmp_path), opener=opener)
        made = project.plan()
        if made.ok:
            project.write(made)
        return made

    assert codes(plan()) == []
    assert output(tmp_path).count("@book{gone20,") == 1
    assert plan().changes == plan(there=False).changes == ()
    other = 'dialect = "bibtex"' if settings else BIBLATEX
    (tmp_path / "bibtool.toml").write_text(f'[refs]\nsources = ["library"]\n{other}')
    plan(there=False)
    assert "{new20}" in entries(tmp_path)["gone20"], "in another dialect, too, no key is its own alias"
    cite(tmp_path, "Gone20")
    assert codes(plan()) == ["key-case" if settings else "undefined-key"], "BibTeX ignores case, biber does not"


def test_nocite_all_takes_an_entry_once(tmp_path: Path) -> None:
    make(tmp_path, "gone20}\\nocite{*", bib=f"{KEPT}\n@book{{b, title={{B}}}}")
    run(tmp_path)
    assert list(entries(tmp_path)) == ["b", "gone20"]
    again(tmp_path)


@pytest.mark.slow
@DIALECTS
def test_a_parent_by_another_of_its_keys(tmp_path: Path, settings: str) -> None:
    make(tmp_path, "part", bib=f"{CHAPTER}\n{BOOK}", settings=settings)
    run(tmp_path)
    assert list(entries(tmp_path)) == ["part", "whole0"]
    again(tmp_path)
    cite(tmp_path, "part", "whole")
    run(tmp_path)
    assert list(entries(tmp_path)) == ["part", "whole"] + ([] if settings else ["whole0"])
    again(tmp_path)


NEEDED = """@inbook{a, title={A}, crossref={b}, related={c}, year=2000}
@book{b, title={B}, xref={d}}
@book{c, title={C}, xdata={x}}
@book{d, title={D}, related={a}}
@xdata{x, publisher={P}}
@set{s, entryset={m, n}}
@book{m, title={M}}
@book{n, title={N}}
@book{idle, title={I}}
"""


def test_what_cited_entries_need_is_never_pruned(tmp_path: Path) -> None:
    make(tmp_path, "a", "s", bib="")
    (tmp_path / "refs.bib").write_text(NEEDED)
    run(tmp_path, prune=True)
    assert list(entries(tmp_path)) == ["a", "b", "c", "d", "x", "s", "m", "n"]


def test_what_entries_by_hand_need_stays_however_far_it_is(tmp_path: Path) -> None:
    make(tmp_path, "a", "b", "d", "idle", bib="@inbook{a, crossref={b}}@book{b, xref={d}}@book{d, ids={e}}@misc{idle}")
    run(tmp_path)
    with (tmp_path / "refs.bib").open("a") as file:
        file.write("\n@misc{own, related={a}}\n")
    cite(tmp_path, "idle")
    run(tmp_path)
    assert list(entries(tmp_path)) == ["a", "d", "idle", "b", "own"]


DOCUMENT = {
    "biblatex": "\\documentclass{article}\n\\usepackage{biblatex}\n\\addbibresource{refs.bib}\n"
    "\\begin{document}\n\\cite{gone20,new20,part,older}\n\\printbibliography\n\\end{document}\n",
    "bibtex": "\\documentclass{article}\n\\begin{document}\n\\cite{gone20,part}\n"
    "\\bibliographystyle{plain}\n\\bibliography{refs}\n\\end{document}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("bibtex", marks=have_latex("article.cls", programs=("pdflatex", "bibtex"))),
        pytest.param("biblatex", marks=have_latex("biblatex.sty", programs=("pdflatex", "biber"))),
    ],
)
def test_the_real_programs_find_every_key(tmp_path: Path, engine: str) -> None:
    make(tmp_path, bib=f"{KEPT}\n{CHAPTER}\n{BOOK}\n", settings=f'dialect = "{engine}"\n')
    (tmp_path / "paper.tex").write_text(DOCUMENT[engine])
    assert codes(run(tmp_path)) == []

    def call(*words: str) -> str:
        assert shutil.which(words[0])
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, check=False, timeout=300)
        return done.stdout.decode("utf-8", "replace")

    call("pdflatex", "-interaction=nonstopmode", "paper")
    told = call("biber" if engine == "biblatex" else "bibtex", "paper")
    assert not re.findall(r".*(?:WARN|ERROR|Warning|error message).*", told)
    call("pdflatex", "-interaction=nonstopmode", "paper")
    assert "undefined" not in call("pdflatex", "-interaction=nonstopmode", "paper")
    listed = (tmp_path / "paper.bbl").read_text()
    if engine == "biblatex":
        assert re.findall(r"\\entry\{(.+?)\}", listed) == ["new20", "part"]
    else:
        assert re.findall(r"\\bibitem\{(.+?)\}", listed) == ["gone20", "part"]
    assert "Book" in listed
