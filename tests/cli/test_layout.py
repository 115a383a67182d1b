"""`export`, `convert`, `refs` and `fmt` write one layout, by the settings of [fmt]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
@string{cj = "The Computer Journal"}

@article{knuth84,author="Donald E. Knuth",title={Literate Programming}, journal=cj, year=1984, month = "May",
  Mendeley-Groups = {one}, abstract = {Long   words.}}
@misc{vaswani17, title = {Attention}, author = {Ashish Vaswani}, eprint = {1706.03762}, archiveprefix = {arXiv},
primaryclass={cs.CL}, year = {2017}}
@inproceedings{part, crossref={whole}, title={A Part}, author={Ann Author}}
@proceedings{whole, booktitle={The Whole}, title={The Whole}, year=2001}
"""
SETTINGS = {
    "none": "",
    "column": "align = 0\nindent = 4\ntrailing-commas = false\n",
    "values": 'curly = true\nmonths = true\nomit = ["abstract"]\nremove-braces = ["title"]\n',
    "order": 'sort = ["-year"]\nsort-fields = ["default"]\nlowercase = false\n',
}


@pytest.fixture(params=SETTINGS)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    (tmp_path / "all.bib").write_text(SOURCE)
    (tmp_path / "paper.tex").write_text(r"\begin{document}\cite{knuth84,vaswani17,part}\end{document}")
    (tmp_path / "bibtool.toml").write_text(f'[refs]\nsources = ["all.bib"]\n[fmt]\n{SETTINGS[request.param]}')
    return tmp_path


def is_tidy(monkeypatch: pytest.MonkeyPatch, name: str) -> bool:
    return call(monkeypatch, "fmt", "--check", name).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("target", ["bibtex", "biblatex"])
def test_what_export_and_convert_write(folder: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    call(monkeypatch, "import", "all.bib")
    call(monkeypatch, "export", "--format", target, "-o", "out.bib")
    assert b"knuth84" in (folder / "out.bib").read_bytes()
    assert is_tidy(monkeypatch, "out.bib")
    call(monkeypatch, "convert", "all.bib", "--to", target, "-o", "out.bib")
    assert b"knuth84" in (folder / "out.bib").read_bytes()
    assert is_tidy(monkeypatch, "out.bib")


def test_an_order_that_is_asked_for_goes_before_that_of_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = call(monkeypatch, "convert", "all.bib", "--to", "bibtex", "--sort", "year").out
    assert done.index("{knuth84,") < done.index("{whole,") < done.index("{vaswani17,")
    assert folder.exists()


@pytest.mark.slow
def test_what_refs_writes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "refs")
    assert b"knuth84" in (folder / "refs.bib").read_bytes()
    assert is_tidy(monkeypatch, "refs.bib")
    assert call(monkeypatch, "refs", "--check").code == 0
    # one more paper comes, one goes
    (folder / "all.bib").write_text(SOURCE + '@book{aho86, title="{Compilers}", author={A V Aho}, year = 1986}\n')
    (folder / "paper.tex").write_text(r"\begin{document}\cite{knuth84,aho86,vaswani17}\end{document}")
    call(monkeypatch, "refs")
    assert b"aho86" in (folder / "refs.bib").read_bytes()
    assert is_tidy(monkeypatch, "refs.bib")
    assert call(monkeypatch, "refs", "--check").code == 0


def test_refs_leaves_entries_that_are_current_in_their_layout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of an earlier version, or of another program."""
    (folder / "refs.bib").write_text(SOURCE)
    (folder / "paper.tex").write_text(r"\begin{document}\cite{knuth84,vaswani17,part,whole}\end{document}")
    call(monkeypatch, "refs")
    assert (folder / "refs.bib").read_text() == SOURCE
