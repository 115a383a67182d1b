"""``bibtool dedupe`` on files and on the library: shown first, merged when asked, old keys that keep working."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Outcome, call

REFS = b"""% top
@misc{pre, author={Ortega, Lia and others}, title={Moments of branching walks}, year=2010, eprint={1003.0001},
  archivePrefix={arXiv}}

% the paper
@article{paper,
  author = {Ortega, Lia and Brandt, Theo},
  title = {Moments of Branching Walks},
  journal = {Journal of Walks},
  year = 2011,
  doi = {10.5555/m}
}

@article{typo, author = {Nowak, Ada}, title = {Tomatoes in the long winter}, year = 2001}
@article{typos, author = {Nowak, Ada}, title = {Tomatoes in the lonng winter}, year = 2001, note = {fine}}
@misc{other, title = {Something else}, year = 2020}
% end
"""

Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    Path("refs.bib").write_bytes(REFS)
    return lambda *arguments: call(monkeypatch, *arguments)


def told(outcome: Outcome) -> Any:
    return json.loads(outcome.out)


def keys(run: Run) -> list[str]:
    return [record["key"] for record in told(run("list", "--json"))]


def test_without_apply_nothing_changes(run: Run) -> None:
    done = run("dedupe", "refs.bib", "--map", "map.json")
    assert not Path("map.json").exists()
    assert done.code == 1
    assert Path("refs.bib").read_bytes() == REFS
    certain, doubtful = done.out.index("certain: Moments"), done.out.index("doubtful: Tomatoes")
    assert certain < doubtful
    for text in ("pre (refs.bib:2)", "paper (refs.bib:6) stays", "Journal of Walks", "pre -> paper"):
        assert text in done.out
    assert "--apply" in done.err
    assert "--accept" in done.err


def test_apply_merges_the_certain_ones_only(run: Run) -> None:
    done = run("dedupe", "refs.bib", "--apply", "--map", "map.json")
    assert done.code == 1  # the doubtful pair is still there
    new = Path("refs.bib").read_text()
    assert "{pre," not in new
    assert "ids = {pre}" in new
    assert "eprint = {1003.0001}" in new
    assert new.startswith("% top\n% the paper\n@article{paper,\n  author = {Ortega, Lia and Brandt, Theo},\n")
    assert new[new.index("@article{typo,") :].encode() == REFS[REFS.index(b"@article{typo,") :]
    assert json.loads(Path("map.json").read_text()) == {"pre": "paper"}
    assert "pre -> paper" in done.out
    before = Path("refs.bib").read_bytes()
    assert run("dedupe", "refs.bib", "--apply").code == 1
    assert Path("refs.bib").read_bytes() == before
    assert run("dedupe", "refs.bib", "--only-certain").code == 0


def test_accept_merges_a_doubtful_pair(run: Run) -> None:
    done = run("dedupe", "refs.bib", "--apply", "--accept", "typos=typo", "--keep", "typos")
    assert done.code == 0
    new = Path("refs.bib").read_text()
    assert "@article{typos," in new
    assert "ids = {typo}" in new
    assert "{typo," not in new
    assert run("dedupe", "refs.bib").code == 0


def test_accept_alone_leaves_the_certain_ones(run: Run) -> None:
    done = told(run("dedupe", "refs.bib", "--accept", "typo=typos", "--json"))
    assert done["map"] == {"typo": "typos"}  # typos says more
    assert "{pre," in Path("refs.bib").read_text()


def test_a_trial_changes_nothing(run: Run) -> None:
    done = told(run("dedupe", "refs.bib", "--apply", "--accept", "typo=typos", "-n", "--map", "map.json", "--json"))
    assert not done["applied"]
    assert len(done["map"]) == 2
    assert Path("refs.bib").read_bytes() == REFS
    assert not Path("map.json").exists()


def test_json(run: Run) -> None:
    certain, doubtful = told(run("dedupe", "refs.bib", "--json"))["groups"]
    assert (certain["certain"], certain["keep"], certain["merged"]) == (True, "paper", False)
    assert certain["members"] == [
        {"key": "pre", "path": "refs.bib", "line": 2},
        {"key": "paper", "path": "refs.bib", "line": 6},
    ]
    assert certain["differing"]["DOI"] == ["", "10.5555/m"]
    assert doubtful["certain"] is False
    assert "note" in doubtful["differing"]


def test_what_is_not_taken_over_is_told(run: Run) -> None:
    done = run("dedupe", "refs.bib", "--apply")
    assert "pre year: 2010 (kept: 2011)" in done.out
    Path("refs.bib").write_bytes(REFS)
    lost = told(run("dedupe", "refs.bib", "--apply", "--json"))["not_taken"]
    assert {"key": "pre", "field": "year", "kept": "2011", "other": "2010"} in lost


def test_documents_follow(run: Run) -> None:
    tex = b"old \xe4 \\cite{pre, other}\r\n% \\cite{pre}\n\\cite{pre,paper}\r\n"
    Path("paper.tex").write_bytes(tex)
    Path("sub").mkdir()
    Path("sub/notes.qmd").write_text("See @pre and `@pre`.\n")
    Path("talk.typ").write_text("See @other.\n")
    arguments = ("dedupe", "refs.bib", "--prefer", "published", "--rewrite", "*.tex", "--rewrite", "**/*.qmd")
    shown = run(*arguments)
    assert "paper.tex:1:13: pre -> paper" in shown.out
    assert Path("paper.tex").read_bytes() == tex
    run(*arguments, "--rewrite", "talk.typ", "--apply", "--no-ids")
    new = b"old \xe4 \\cite{paper, other}\r\n% \\cite{pre}\n\\cite{paper}\r\n"
    assert Path("paper.tex").read_bytes() == new
    assert Path("sub/notes.qmd").read_text() == "See @paper and `@pre`.\n"
    assert Path("talk.typ").read_text() == "See @other.\n"
    assert "ids" not in Path("refs.bib").read_text()


def test_every_type_of_document_follows_and_what_is_left_is_told(run: Run) -> None:
    Path("a.org").write_text("[cite:@pre]\n")
    Path("a.sty").write_text("\\newcommand{\\mine}[1]{\\cite{#1}}\n")
    Path("a.tex").write_text("\\mine{pre}\n")
    Path("b.tex").write_text("\\cite{p%\nre}\n")
    done = told(
        run(
            "dedupe", "refs.bib", "--prefer", "published", "--rewrite", "a.*", "--rewrite", "b.tex", "--apply", "--json"
        )
    )
    assert Path("a.org").read_text() == "[cite:@paper]\n"
    assert Path("a.tex").read_text() == "\\mine{paper}\n"
    assert Path("b.tex").read_text() == "\\cite{p%\nre}\n"
    assert [one["path"] for one in done["rewritten"]] == ["a.org", "a.tex"]
    assert done["left"] == [{"path": "b.tex", "line": 1, "column": 7, "old": "pre", "new": "paper"}]
    Path("refs.bib").write_bytes(REFS)
    shown = run("dedupe", "refs.bib", "--prefer", "published", "--rewrite", "b.tex")
    assert "b.tex:1:7: pre was left alone; replace it by hand: paper" in shown.out


def test_the_key_that_is_cited_stays(run: Run) -> None:
    Path("paper.tex").write_bytes(b"\\cite{pre} \\cite{pre} \\cite{paper}")
    run("dedupe", "refs.bib", "--apply", "--rewrite", "paper.tex")
    assert Path("paper.tex").read_bytes() == b"\\cite{pre} \\cite{pre} \\cite{pre}"
    assert "@article{pre,\n" in Path("refs.bib").read_text()
    assert "ids = {paper}" in Path("refs.bib").read_text()


def test_a_pattern_that_the_shell_expanded(run: Run) -> None:
    Path("a.tex").write_bytes(b"\\cite{pre}")
    Path("b.tex").write_bytes(b"\\cite{paper}")
    run("dedupe", "refs.bib", "--apply", "--prefer", "first", "--rewrite", "a.tex", "b.tex")
    assert Path("b.tex").read_bytes() == b"\\cite{pre}"


def test_across_files(run: Run) -> None:
    again = b"% mine\n@article{again, doi={10.5555/M}, title={Moments of branching walks}, pages={1--9}}\n"
    Path("more.bib").write_bytes(again)
    run("dedupe", "refs.bib", "more.bib", "--apply")
    assert Path("more.bib").read_bytes().rstrip() == b"% mine"
    assert "pages = {1--9}" in Path("refs.bib").read_text()
    assert "ids = {pre, again}" in Path("refs.bib").read_text()


def test_one_file_twice_is_no_duplicate_of_itself(run: Run) -> None:
    Path("one.bib").write_bytes(b"@misc{a, title={Something very else}, author={Ortega, Lia}, year=2001}")
    assert run("dedupe", "one.bib", "./one.bib").code == 0


def test_a_broken_entry_is_named_and_kept(run: Run) -> None:
    data = REFS + b"\n@article{broken, title = {never closed,\n"
    Path("refs.bib").write_bytes(data)
    done = run("dedupe", "refs.bib", "--apply", "--only-certain")
    assert done.code == 1
    assert "refs.bib:19" in done.err
    assert Path("refs.bib").read_bytes().endswith(b"@article{broken, title = {never closed,\n")


def test_the_library(run: Run) -> None:
    run("import", "refs.bib")
    assert run("dedupe").code == 1  # typo and typos
    before = run("export", "-f", "csl-json").data
    done = run("dedupe", "--accept", "typo=typos", "--keep", "typos")
    assert done.code == 0
    assert "typo -> typos" in done.out
    assert "typo" not in keys(run)
    (shown,) = told(run("show", "TYPO", "--json"))
    assert (shown["key"], shown["aliases"]) == ("typos", ["typo"])
    assert [record["key"] for record in told(run("search", "typo", "--json"))] == ["typos"]
    assert run("undo").code == 0
    assert run("export", "-f", "csl-json").data == before
    assert run("redo").code == 0
    assert "typo" not in keys(run)
    assert "typos" in keys(run)


def test_certain_ones_in_the_library(run: Run) -> None:
    run("import", "refs.bib")
    run("edit", "other", "title=Moments of branching walks", "DOI=10.5555/m")
    done = run("dedupe", "--apply", "--only-certain")
    assert done.code == 0
    assert "other" not in keys(run)
    assert "bibtool undo" in done.err
    assert run("dedupe", "--only-certain").code == 0
    run("undo")
    assert "other" in keys(run)


def test_importing_again_after_a_merge_adds_nothing_under_an_old_key(run: Run) -> None:
    run("import", "refs.bib")
    run("dedupe", "--accept", "typo=typos", "--keep", "typos")
    Path("new.bib").write_bytes(b"@book{typo, title = {A book that is new}, author = {Zeta, Zoe}, year = 1999}")
    run("import", "new.bib")
    assert told(run("show", "typo", "--json"))[0]["key"] == "typos"
    assert "typoa" in keys(run)


def test_a_library_without_duplicates(run: Run) -> None:
    Path("one.bib").write_bytes(b"@misc{a, title={Something very else}, author={Ortega, Lia}, year=2001}")
    run("import", "one.bib")
    done = run("dedupe", "--apply")
    assert (done.code, done.out) == (0, "")
    assert "no duplicates among 1 record" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["refs.bib", "--accept", "pre"], "is not a pair of keys"),
        (["refs.bib", "--accept", "pre=papre"], "did you mean 'paper'"),
        (["refs.bib", "--keep", "nobody"], "no record 'nobody'"),
        (["refs.bib", "--rewrite", "*.tex"], "no file matches"),
        (["refs.bib", "--rewrite", "refs.bib"], "can't be found"),
        (["refs.bib", "paper.tex"], "is not a bibliography"),
        (["-"], "name a .bib file"),
        (["data.json"], "CSL-JSON"),
    ],
)
def test_wrong_calls(run: Run, arguments: list[str], message: str) -> None:
    Path("data.json").write_text('[{"id": "a", "type": "book", "title": "T"}]')
    done = run("dedupe", *arguments)
    assert done.code == 2
    assert message in done.err
    assert Path("refs.bib").read_bytes() == REFS


def test_a_missing_file(run: Run) -> None:
    done = run("dedupe", "nowhere.bib")
    assert done.code == 1
    assert "nowhere.bib" in done.err


@pytest.mark.slow
def test_the_sample_of_dblp(run: Run, shared: Path) -> None:
    done = run("dedupe", str(shared / "corpus" / "dblp-1k.bib"))
    assert (done.code, done.out) == (0, "")
