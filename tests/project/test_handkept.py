"""An output that its author keeps by hand, ``keep = true``: entries are added, and no other byte changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import OutputError
from bibtool.project.handkept import Additions, with_additions
from bibtool.project.lock import read_lock
from bibtool.project.output import HEADER, Output
from tests.project.making import BIB, KNUTH, LAMPORT, PART, WHOLE, cite, codes, make, output, run

if TYPE_CHECKING:
    from pathlib import Path

KEEP = "keep = true\n"
MINE = """% mine. DO NOT SORT
@string{idle = "nobody uses this"},
@misc{zeta, title={Z},}   @misc{zeta, title={Z},}
stray text
@string(cj = {My own name of it})

@article{lamport94,
      title = "as I want it" , year=1994}
% the end"""


def kept(folder: Path, *keys: str, mine: str = MINE, settings: str = "", bib: str = BIB) -> Path:
    """A project with an output that somebody has written by hand; the path of that."""
    make(folder, *keys, settings=KEEP + settings, bib=bib)
    path = folder / "refs.bib"
    path.write_bytes(mine.encode())
    return path


def test_nothing_changes_where_nothing_is_missing(tmp_path: Path) -> None:
    path = kept(tmp_path, "lamport94", settings='drop = ["year"]\n')
    plan = run(tmp_path)
    assert (plan.output, plan.kept, plan.newly_kept) == (None, ("zeta",), ("zeta",))
    assert path.read_bytes() == MINE.encode()
    plan = run(tmp_path)
    assert (plan.output, plan.lock, plan.changes, plan.newly_kept) == (None, None, (), ())
    cite(tmp_path)
    plan = run(tmp_path)
    assert (plan.output, plan.newly_kept) == (None, ("lamport94",)), "what is not cited any more stays"
    assert path.read_bytes() == MINE.encode()


def test_what_is_missing_goes_to_the_end(tmp_path: Path) -> None:
    bib = f'@string{{cj = "The Computer Journal"}}\n{KNUTH}\n{WHOLE}\n{PART}\n'
    path = kept(tmp_path, "lamport94", "knuth84", "part", bib=bib)
    plan = run(tmp_path)
    expanded = KNUTH.replace("journal = cj", "journal = {The Computer Journal}")  # cj is something else here
    assert path.read_text() == f"{MINE}\n\n{expanded}\n\n{PART}\n\n{WHOLE}\n"
    assert [change.key for change in plan.changes if change.file == "refs.bib"] == ["knuth84", "part", "whole"]
    assert run(tmp_path).changes == ()


def test_definitions_go_before_the_entries_that_need_them(tmp_path: Path) -> None:
    path = kept(tmp_path, "knuth84", mine="@misc{zeta, title={Z}}\n\n")
    plan = run(tmp_path)
    zeta, first, second, entry = path.read_text().split("\n\n")
    assert {first, second} == {'@string{cj = "The Computer " # jj}', '@string{jj = "Journal"}'}
    assert (zeta, entry) == ("@misc{zeta, title={Z}}", KNUTH + "\n")
    assert {change.key for change in plan.changes if change.what == "added"} >= {"@string cj", "@string jj"}
    assert run(tmp_path).changes == ()


def test_an_edit_of_what_was_added_stays(tmp_path: Path) -> None:
    path = kept(tmp_path, "vaswani")
    run(tmp_path)
    edited = path.read_text().replace("title={Attention}", "title={Attention, please}")
    path.write_text(edited)
    plan = run(tmp_path)
    assert [(change.file, change.what) for change in plan.changes] == [("bibtool.lock", "updated")]
    assert path.read_text() == edited
    (tmp_path / "all.bib").unlink()
    path.write_text(MINE)
    run(tmp_path)
    assert "Attention, please" in path.read_text(), "deleted by mistake: the lock has it"


@pytest.mark.slow
def test_a_refresh_is_written_once_and_not_over_a_later_edit(tmp_path: Path) -> None:
    path = kept(tmp_path, "lamport94")
    run(tmp_path)
    lock = tmp_path / "bibtool.lock"
    pins = read_lock(lock.read_bytes())
    (pin,) = pins.pins.values()
    newer = replace(pin, entry=pin.entry.replace("1994}", "1995}"), refreshed="2026-01-02T10:00:00Z")
    lock.write_bytes(pins.with_pins([newer]).to_bytes())
    plan = run(tmp_path)
    assert [str(change) for change in plan.changes if change.file == "refs.bib"] == [
        "refs.bib: changed lamport94 (year: '1994' -> '1995')"
    ]
    assert path.read_text() == MINE.replace("year=1994}", "year=1995}")
    run(tmp_path)
    assert run(tmp_path).changes == ()
    lock.write_bytes(pins.with_pins([newer]).to_bytes())
    path.write_text(MINE.replace("as I want it", "as I want it now"))
    run(tmp_path)
    assert path.read_text() == MINE.replace("as I want it", "as I want it now")


@pytest.mark.parametrize(
    ("dialect", "cited", "moved"), [("bibtex", (), True), ("bibtex", ("whole",), False), ("biblatex", (), False)]
)
def test_a_child_goes_before_a_parent_that_bibtex_would_miss(
    tmp_path: Path, dialect: str, cited: tuple[str, ...], moved: bool
) -> None:
    mine = f"{WHOLE}\n\n{LAMPORT}\n"
    path = kept(tmp_path, "part", *cited, mine=mine, settings=f'dialect = "{dialect}"\n')
    run(tmp_path)
    assert path.read_text() == (f"{PART}\n\n{mine}" if moved else f"{mine}\n{PART}\n")
    assert run(tmp_path).changes == ()


def test_a_parent_that_comes_too_early_is_told_and_stays(tmp_path: Path) -> None:
    mine = f"{WHOLE}\n\n{PART}\n"
    path = kept(tmp_path, "part", mine=mine)
    plan = run(tmp_path)
    assert codes(plan) == ["parent-too-early"]
    assert path.read_text() == mine
    cite(tmp_path, "part", "whole")
    assert codes(run(tmp_path)) == [], "BibTeX finds what is cited itself"


def test_a_second_entry_is_told_where_it_is_cited(tmp_path: Path) -> None:
    mine = (
        f"{LAMPORT}\n{LAMPORT.replace('1994', '1995')}\n{LAMPORT}\n@misc{{a, title={{A}}}}\n@misc{{a, title={{B}}}}\n"
    )
    path = kept(tmp_path, "lamport94", mine=mine)
    plan = run(tmp_path)
    assert [(problem.code, problem.position.line) for problem in plan.problems] == [("double-entry", 2)]
    assert path.read_text() == mine


def test_what_is_broken_elsewhere_in_the_file_is_only_told(tmp_path: Path) -> None:
    mine = "@misc{bad, title={x}, ???\n\n@misc{good, title={G}}\n"
    path = kept(tmp_path, "good", "lamport94", mine=mine)
    plan = run(tmp_path)
    assert (plan.ok, codes(plan)) == (True, ["broken-output"])
    assert path.read_text() == f"{mine}\n{LAMPORT}\n"


def test_nothing_is_added_after_an_entry_that_is_not_closed(tmp_path: Path) -> None:
    mine = "@misc{good, title={G}}\n\n@misc{open, title={never closed\n"
    path = kept(tmp_path, "good", "lamport94", mine=mine)
    with pytest.raises(OutputError, match=r"refs\.bib:3: .* last entry is not closed"):
        run(tmp_path)
    assert path.read_text() == mine


def test_prune_deletes_entries_and_nothing_else(tmp_path: Path) -> None:
    path = kept(tmp_path, "lamport94")
    plan = run(tmp_path, prune=True)
    assert plan.pruned == ("zeta",)
    assert path.read_text() == MINE.replace("@misc{zeta, title={Z},}   @misc", "   @misc", 1)


def test_nocite_all_means_what_the_file_has(tmp_path: Path) -> None:
    path = kept(tmp_path, "*")
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\\nocite{*}")
    plan = run(tmp_path)
    assert (plan.keys, plan.output) == (("lamport94", "zeta"), None)
    assert path.read_text() == MINE


def test_a_character_that_the_encoding_lacks_stops_it(tmp_path: Path) -> None:
    path = kept(tmp_path, "erdos", bib="@misc{erdos, title={Erdős}}\n")
    path.write_bytes(b"@misc{a, title={Caf\xe9}}\n")
    with pytest.raises(OutputError, match="has no 'ő'"):
        run(tmp_path)
    assert path.read_bytes() == b"@misc{a, title={Caf\xe9}}\n"


@pytest.mark.slow
@given(
    st.lists(st.sampled_from(["@misc{a, title={A}}", "@misc{b, title={\xe9}}", "text", "% c", "@string{s={1}}", ""])),
    st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n\n", " "]), min_size=12, max_size=12),
    st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-8-sig"]),
    st.sets(st.sampled_from(["c", "d", "e"])),
)
def test_every_byte_of_any_file_stays(parts: list[str], ends: list[str], encoding: str, new: set[str]) -> None:
    data = "".join(part + end for part, end in zip(parts, ends, strict=False)).encode(encoding)
    before = Output(data, "refs.bib")
    written = with_additions(before, Additions(entries={key: f"@misc{{{key}, title={{T}}}}" for key in sorted(new)}))
    assert written.data.startswith(data)
    assert set(Output(written.data, "refs.bib").index.entries) == {*before.index.entries, *new}
    assert new or written.data == data


@pytest.mark.slow
@given(st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "cp1252", "utf-16"]), st.booleans())
def test_splices_in_the_middle_find_their_bytes(end: str, encoding: str, delete: bool) -> None:
    lines = ["% é", "@book{p, title={Pé}}", "é", "@misc{x, title={X}}", "@misc{y, title={Y}}", ""]
    data = end.join(lines).encode(encoding)
    child = "@inbook{c, crossref={p}}"
    additions = Additions(entries={"c": child}, deleted=["x"] if delete else [])
    written = with_additions(Output(data, "refs.bib"), additions)
    if delete:
        lines.remove("@misc{x, title={X}}")
    wanted = end.join([lines[0], child, "", *lines[1:]])
    assert written.data.decode(encoding) == wanted


def test_a_new_file_says_nothing_about_itself(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", settings=KEEP)
    run(tmp_path)
    assert output(tmp_path) == f"{LAMPORT}\n"
    assert (run(tmp_path).changes, output(tmp_path)) == ((), f"{LAMPORT}\n")


def test_without_keep_the_same_file_is_the_projects(tmp_path: Path) -> None:
    path = kept(tmp_path, "lamport94")
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["all.bib"]\n')
    path.write_text(HEADER + MINE)
    run(tmp_path)
    assert LAMPORT in output(tmp_path)
    assert path.read_text() != HEADER + MINE
