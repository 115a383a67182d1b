"""``bibtool init``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli.config import read_config
from tests.cli.runner import call
from tests.project.making import BIB, LAMPORT

if TYPE_CHECKING:
    from bibtool.project.settings import RefsSettings


PAPER = "\\documentclass{article}\\begin{document}\\cite{lamport94}\\bibliography{%s}\\end{document}"


def settings_of(folder: Path) -> RefsSettings:
    return read_config(folder / "bibtool.toml").refs


def test_a_first_file_that_works_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "paper.tex").write_text(PAPER % "refs")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "thesis.bib").write_text(BIB)
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init")
    assert done.code == 0
    assert "next: bibtool refs" in done.err
    settings = settings_of(tmp_path)
    assert (settings.documents, settings.output, settings.keep) == (("paper.tex",), "refs.bib", False)
    assert settings.sources == ("old/thesis.bib",)
    assert call(monkeypatch, "refs").code == 0
    assert "@book{lamport94,\n  author        = {Leslie Lamport},\n" in (tmp_path / "refs.bib").read_text()


def test_the_library_is_a_source_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "paper.tex").write_text(PAPER % "refs")
    (tmp_path / "refs.bib").write_text(BIB)
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    assert settings_of(tmp_path).sources == ()
    (tmp_path / "bibtool.toml").unlink()
    assert call(monkeypatch, "import", "-", stdin=b"@book{b, title={B}, author={Ash, Bea}, year=2020}").code == 0
    assert call(monkeypatch, "init").code == 0
    assert settings_of(tmp_path).sources == ("library",)


def test_split_makes_the_bibliography_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAPER % "lit/all,lit/more"
    (tmp_path / "paper.tex").write_text(f"% a paper\n{text}")
    (tmp_path / "lit").mkdir()
    (tmp_path / "lit" / "all.bib").write_text(BIB)
    (tmp_path / "lit" / "more.bib").write_text("@misc{more, title={More}}")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init", "--split")
    settings = settings_of(tmp_path)
    assert (settings.sources, settings.output) == (("lit/all.bib", "lit/more.bib"), "refs.bib")
    assert (settings.keep, settings.read_only) == (False, ())
    assert "on line 2 of paper.tex, change lit/all and lit/more to refs" in done.err
    assert call(monkeypatch, "refs").code == 0
    assert "@book{lamport94,\n  author        = {Leslie Lamport},\n" in (tmp_path / "refs.bib").read_text()
    assert (tmp_path / "lit" / "all.bib").read_text() == BIB


@pytest.mark.parametrize(
    ("document", "bib", "new", "said"),
    [
        (
            "paper.md",
            "---\nbibliography: bib/refs.bib\n---\n[@a]",
            "refs.bib",
            "on line 2 of paper.md, change bib/refs.bib to refs.bib",
        ),
        (
            "src/a.tex",
            "\\documentclass{a}\\bibliography{refs}\\begin{document}\\cite{a}",
            "src/cited.bib",
            "change refs to cited\n",
        ),
        ("main.typ", '@a #bibliography("refs.bib")', "cited.bib", "change refs.bib to cited.bib"),
    ],
)
def test_split_names_the_new_file_as_the_document_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: str, bib: str, new: str, said: str
) -> None:
    for folder in ("src", "bib"):
        (tmp_path / folder).mkdir()
    (tmp_path / document).write_text(bib)
    place = {"paper.md": "bib", "src/a.tex": "src", "main.typ": "."}[document]
    (tmp_path / place / "refs.bib").write_text("@misc{a, title={A}}")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init", "--split")
    assert settings_of(tmp_path).output == new
    assert said in done.err


def test_entries_of_read_only_files_are_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "paper.tex").write_text(PAPER.replace("lamport94", "lamport94,own,new") % "own,group")
    (tmp_path / "own.bib").write_text("@misc{own, title={Own}}\n")
    (tmp_path / "group.bib").write_text(BIB)
    (tmp_path / "more.bib").write_text(f"@misc{{new, title={{New}}}}\n{LAMPORT}")
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    settings = settings_of(tmp_path)
    assert (settings.output, settings.read_only, settings.sources) == ("own.bib", ("group.bib",), ("more.bib",))
    assert call(monkeypatch, "refs").code == 0
    written = (tmp_path / "own.bib").read_text()
    assert ("{new," in written, "{own," in written, "lamport94" in written) == (True, True, False)


def test_the_file_that_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bibtool.toml").write_text("# mine\n")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init")
    assert (done.code, (tmp_path / "bibtool.toml").read_text()) == (2, "# mine\n")


def test_print_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init", "--print")
    assert (done.code, list(tmp_path.iterdir())) == (0, [])
    assert "sources = []" in done.out


def test_the_bibliography_that_the_document_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tex").write_text("\\documentclass{article}\\usepackage{biblatex}\\addbibresource{lit.bib}")
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    settings = read_config(tmp_path / "bibtool.toml")
    assert (settings.refs.output, settings.refs.dialect) == ("lit.bib", "biblatex")


@pytest.mark.slow
def test_git_is_set_up_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    assert call(monkeypatch, "init", "--git").code == 0
    assert "*.bib" in (tmp_path / ".gitattributes").read_text(encoding="utf-8")
    settings = (tmp_path / "bibtool.toml").read_bytes()
    again = call(monkeypatch, "init", "--git")
    assert (again.code, (tmp_path / "bibtool.toml").read_bytes()) == (0, settings)


def test_settings_of_a_list_can_be_added_to_those_of_a_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    before = Path("bibtool.toml").read_text(encoding="utf-8")
    refused = call(monkeypatch, "init", "--cv", "Bea Ash")
    assert refused.code == 2
    assert "--print >> bibtool.toml" in refused.err
    added = call(monkeypatch, "init", "--cv", "Bea Ash", "--print").out
    Path("bibtool.toml").write_text(before + added, encoding="utf-8")
    settings = read_config(Path("bibtool.toml"))
    assert settings.owner.names == ("Bea Ash",)
    assert settings.refs.output == "refs.bib"


def test_names_that_look_like_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``paper [v2].tex`` is the file of this name, where there is one."""
    monkeypatch.chdir(tmp_path)
    tex = "\\documentclass{article}\\begin{document}\\cite{KEY}\\bibliography{old [1]}\\end{document}\n"
    (tmp_path / "paper [v2].tex").write_text(tex.replace("KEY", "a"), encoding="utf-8")
    (tmp_path / "old [1].bib").write_text("@misc{a, title={A}}\n@misc{b, title={B}}\n", encoding="utf-8")
    assert call(monkeypatch, "init", "--split").code == 0
    done = call(monkeypatch, "refs")
    assert done.code == 0, done.err
    assert "@misc{a," in (tmp_path / "refs.bib").read_text(encoding="utf-8")
    for name in ("bibtool.toml", "refs.bib", "bibtool.lock"):
        (tmp_path / name).unlink()
    folder = tmp_path / "parts [b]"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.tex").write_text(tex.replace("KEY", "b"), encoding="utf-8")
    assert call(monkeypatch, "init", "--split").code == 0
    done = call(monkeypatch, "refs")
    assert done.code == 0, done.err
    assert "@misc{b," in (tmp_path / "refs.bib").read_text(encoding="utf-8")
