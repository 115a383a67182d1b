"""Which version of a work is written: ``prefer`` and ``prefer-for``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bibtool.bib.entrytext import fields_of
from bibtool.bib.index import read_index
from tests.project.making import cite, make, output, run

if TYPE_CHECKING:
    from pathlib import Path

PREPRINT = """@misc{draft, title={Preprint Version}, author={Ann Author}, eprint={1706.03762}, archivePrefix={arXiv},
  primaryClass={cs.CL}, doi={10.1000/j.17}}"""
JOURNAL = (
    "@article{paper, title={Journal Version}, author={Ann Author}, journal={J. of It}, year=2020, doi={10.1000/J.17}}"
)
EPRINT = {"eprint": "1706.03762", "archiveprefix": "arXiv", "primaryclass": "cs.CL"}


def written(folder: Path, key: str) -> dict[str, str]:
    """The fields of an entry of the output."""
    index = read_index(output(folder).encode(), "refs.bib")
    return fields_of(index.slice(index.entries[key]))


@pytest.fixture
def bib() -> str:
    return f"{PREPRINT}\n\n{JOURNAL}\n"


@pytest.mark.parametrize(
    ("prefer", "title", "eprint"),
    [
        ("published", "Journal Version", {}),
        ("preprint", "Preprint Version", EPRINT),
        ("both", "Journal Version", EPRINT),
    ],
)
@pytest.mark.parametrize("cited", ["arXiv:1706.03762", "doi:10.1000/j.17"])
def test_a_work_by_its_identifier(
    tmp_path: Path, bib: str, cited: str, prefer: str, title: str, eprint: dict[str, str]
) -> None:
    """The publication does not name the arXiv id, but its DOI stands in the preprint."""
    make(tmp_path, cited, bib=bib, settings=f'prefer = "{prefer}"\n')
    assert run(tmp_path).keys == (cited,)
    fields = written(tmp_path, cited)
    assert fields["title"] == title
    assert {name: fields[name] for name in EPRINT if name in fields} == eprint
    assert run(tmp_path).changes == ()


@pytest.mark.parametrize("key", ["draft", "paper"])
def test_both_gives_one_entry_with_publication_and_eprint(tmp_path: Path, bib: str, key: str) -> None:
    make(tmp_path, key, bib=bib, settings='prefer = "both"\n')
    run(tmp_path)
    fields = written(tmp_path, key)
    assert (fields["journal"], fields["title"], fields["eprint"]) == ("J. of It", "Journal Version", "1706.03762")
    assert output(tmp_path).count("title=") == 1
    before = output(tmp_path)
    assert run(tmp_path).changes == ()
    (tmp_path / "all.bib").unlink()
    (tmp_path / "refs.bib").unlink()
    run(tmp_path)
    assert output(tmp_path) == before


@pytest.mark.parametrize("prefer", ["published", "preprint"])
def test_a_key_means_its_entry_unless_it_is_named(tmp_path: Path, bib: str, prefer: str) -> None:
    make(tmp_path, "draft", bib=bib, settings=f'prefer = "{prefer}"\n')
    run(tmp_path)
    assert PREPRINT in output(tmp_path)
    make(tmp_path, "draft", bib=bib, settings='prefer-for = { draft = "published" }\n')
    run(tmp_path)
    assert written(tmp_path, "draft")["title"] == "Journal Version"
    assert "eprint" not in written(tmp_path, "draft")


def test_versions_that_are_both_cited_stay_two_entries(tmp_path: Path, bib: str) -> None:
    make(tmp_path, "draft", "paper", bib=bib, settings='prefer = "both"\n')
    run(tmp_path)
    assert PREPRINT in output(tmp_path)
    assert JOURNAL in output(tmp_path)


def test_an_entry_that_has_both_keeps_its_bytes(tmp_path: Path) -> None:
    whole = JOURNAL.replace("year=2020,", "year = 2020,  eprint = {1706.03762v2}, archiveprefix={arXiv},")
    other = "@misc{other, title={Alone}, eprint={2001.00001}, archiveprefix={arXiv}}"
    make(tmp_path, "paper", "other", bib=f"{PREPRINT}\n\n{whole}\n\n{other}\n", settings='prefer = "both"\n')
    run(tmp_path)
    assert whole in output(tmp_path)
    assert other in output(tmp_path)


def test_a_publication_of_another_format_gets_the_eprint_of_a_bib_file(tmp_path: Path) -> None:
    item = {"id": "paper", "type": "article-journal", "title": "Journal Version", "DOI": "10.1000/j.17",
            "container-title": "J. of It", "issued": {"date-parts": [[2020]]}}  # fmt: skip
    make(tmp_path, "paper", bib=PREPRINT)
    (tmp_path / "items.json").write_text(json.dumps([item]))
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["items.json", "all.bib"]\nprefer = "both"\n')
    run(tmp_path)
    fields = written(tmp_path, "paper")
    assert (fields["journal"], fields["eprint"], fields["primaryclass"]) == ("J. of It", "1706.03762", "cs.CL")
    assert run(tmp_path).changes == ()


@pytest.mark.parametrize("gone", ["preprints.bib", "papers.bib", "both"])
def test_a_co_author_without_one_of_the_sources_writes_the_same(tmp_path: Path, gone: str) -> None:
    make(tmp_path, "paper", "arXiv:1706.03762", bib=None)
    cite(tmp_path, "paper")
    (tmp_path / "preprints.bib").write_text(PREPRINT + "\n\n@misc{paper, title={Preprint Version}, doi={10.1000/j.17}}")
    (tmp_path / "papers.bib").write_text(JOURNAL + "\n")
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["preprints.bib", "papers.bib"]\nprefer = "both"\n')
    run(tmp_path)
    assert written(tmp_path, "paper")["journal"] == "J. of It"
    assert written(tmp_path, "paper")["eprint"] == "1706.03762"
    for name in ("preprints.bib", "papers.bib") if gone == "both" else (gone,):
        (tmp_path / name).unlink()
    assert run(tmp_path).changes == ()


def test_a_source_that_is_missing_and_comes_first_still_counts(tmp_path: Path) -> None:
    """Without the library the entry that a later source has under the same key would take its place."""
    make(tmp_path, "lamport94")
    (tmp_path / "mine.bib").write_text(
        "@book{lamport94, author={Leslie Lamport}, title={{\\LaTeX}}, year=1994, note={mine}}"
    )
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["mine.bib", "all.bib"]\n')
    run(tmp_path)
    before = output(tmp_path)
    assert "note={mine}" in before
    (tmp_path / "mine.bib").unlink()
    assert run(tmp_path).changes == ()
    assert output(tmp_path) == before
