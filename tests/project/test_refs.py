"""What `bibtool refs` writes."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib.index import CACHED_FROM, BibIndex, _head, conflict_line, read_index
from bibtool.cli.main import run as run_command
from bibtool.cli.watch import poll, watch
from bibtool.errors import ConfigError, InputError, OutputError
from bibtool.files import new_file
from bibtool.project.output import Output, Wanted
from tests.project.making import BIB, KNUTH, KNUTH_WRITTEN, LAMPORT, NUMBER, PART, WHOLE, cite, make, output, run, space
from tests.support.systems import posix

if TYPE_CHECKING:
    from pathlib import Path


def entries(text: str) -> list[str]:
    return list(read_index(text.encode(), "x").entries)


# ---- what is written ------------------------------------------------------------------------------------------------


def test_just_what_is_cited_byte_for_byte_with_all_that_it_needs(tmp_path: Path) -> None:
    make(tmp_path, "part", "knuth84")
    plan = run(tmp_path)
    text = output(tmp_path)
    assert plan.keys == ("knuth84", "part", "whole")
    for block in (KNUTH, PART, WHOLE, '@string{cj = "The Computer " # jj}', '@string{jj = "Journal"}'):
        assert block in text
    assert "idle" not in text
    assert "lamport" not in text
    assert "noopsort" not in text
    assert text.index(PART) < text.index(WHOLE), "BibTeX wants the parent behind its child"
    assert text.index("@string") < text.index(KNUTH)
    assert str(plan.changes[0]) == "refs.bib: added knuth84"


def test_entries_that_cited_ones_cite_are_needed(tmp_path: Path) -> None:
    bib = (
        "@misc{a, title={A}, note={Reply to \\cite[p.~3]{b}; see \\cite{none}}}\n"
        "@misc{b, title={B}, annote={\\citet*{ c,d }}}\n@misc{c, title={C}}\n@misc{d, title={D}}\n"
        "@misc{e, title={E}, abstract={Better than \\cite{a}}}\n"
    )
    make(tmp_path, "a", bib=bib)
    plan = run(tmp_path)
    assert plan.keys == ("a", "b", "c", "d")
    assert plan.problems == ()
    assert run(tmp_path).changes == ()
    make(tmp_path, "e", bib=bib)
    assert run(tmp_path).keys == ("e",)


def test_a_preamble_comes_along_where_an_entry_uses_its_command(tmp_path: Path) -> None:
    make(tmp_path, "a", bib=BIB + "\n@book{a, title={A}, year={\\noopsort{1}2000}}")
    run(tmp_path)
    assert output(tmp_path).count("providecommand") == 1


def test_a_second_run_changes_nothing_and_writes_nothing(tmp_path: Path) -> None:
    make(tmp_path, "part", "knuth84", "lamport94")
    run(tmp_path)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    plan = run(tmp_path)
    assert (plan.output, plan.lock, plan.changes) == (None, None, ())
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


@posix
def test_a_run_that_changes_nothing_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    make(tmp_path, "knuth84")
    run(tmp_path)
    for target in (tmp_path / "refs.bib", tmp_path / "bibtool.lock"):
        with new_file(target, over=True) as temporary:
            temporary.write_bytes(target.read_bytes())
        os.link(target, temporary)  # as if killed between the two names of the new file
    assert len(list(tmp_path.glob(".bibtool-*.tmp"))) == 2
    run(tmp_path)
    assert list(tmp_path.glob(".bibtool-*.tmp")) == []


@pytest.mark.slow
def test_step_by_step_gives_what_one_run_gives(tmp_path: Path) -> None:
    keys = ["part", "knuth84", "lamport94", "vaswani"]
    one, many = make(tmp_path / "one", *keys), make(tmp_path / "many", "lamport94")
    run(one)
    for count in range(len(keys)):
        cite(many, "lamport94", *keys[: count + 1])
        run(many)
    assert output(many) == output(one)
    assert (many / "bibtool.lock").read_bytes() == (one / "bibtool.lock").read_bytes()
    cite(many, "lamport94")
    plan = run(many)
    removed = {change.key for change in plan.changes if change.what == "removed" and not change.key.startswith("@")}
    assert removed == {"part", "whole", "knuth84", "vaswani"}
    run(make(tmp_path / "alone", "lamport94"))
    assert output(many) == output(tmp_path / "alone")


def test_the_first_source_wins(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", settings="")
    (tmp_path / "more.bib").write_text("@misc{lamport94, title={Another}}")
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["more.bib", "all.bib"]\n')
    run(tmp_path)
    assert "Another" in output(tmp_path)
    assert LAMPORT not in output(tmp_path)


@pytest.mark.slow
def test_records_of_other_formats_are_written_in_the_dialect(tmp_path: Path) -> None:
    make(tmp_path, "j1", bib=None)
    item = '[{"id": "j1", "type": "article-journal", "title": "On It", "author": [{"family": "Roe", "given": "Jo"}],'
    item += '"container-title": "Journal", "issued": {"date-parts": [[2020]]}}]'
    (tmp_path / "items.json").write_text(item)
    for dialect, field in (("bibtex", "journal "), ("biblatex", "journaltitle ")):
        (tmp_path / "bibtool.toml").write_text(f'[refs]\nsources = ["items.json"]\ndialect = "{dialect}"\n')
        run(tmp_path)
        assert f"  {field}" in output(tmp_path)
        assert "@article{j1," in output(tmp_path)
    (tmp_path / "items.json").unlink()
    assert run(tmp_path).changes == ()
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["items.json"]\ndialect = "bibtex"\n')
    run(tmp_path)
    assert "  journal " in output(tmp_path), "the lock has the record, so the dialect can be changed without the source"


def test_fields_are_dropped_from_the_output_only(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", settings='drop = ["Abstract"]\n')
    run(tmp_path)
    assert "abstract" not in output(tmp_path)
    assert "title={Literate   Programming}" in output(tmp_path)
    assert "Long" in (tmp_path / "bibtool.lock").read_text()
    assert run(tmp_path).changes == ()


def test_nocite_all_takes_every_entry_of_the_files(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\\nocite{*}")
    assert run(tmp_path).keys == ("knuth84", "lamport94", "part", "vaswani", "whole")


def test_macros_that_two_sources_define_differently_are_written_out(tmp_path: Path) -> None:
    make(tmp_path, "a", "b", bib='@string{j = "One"}\n@article{a, title={A}, journal=j}')
    (tmp_path / "b.bib").write_text('@string{j = "Two"}\n@article{b, title={B}, journal=j # " bis"}')
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["all.bib", "b.bib"]\n')
    run(tmp_path)
    assert '@string{j = "One"}' in output(tmp_path)
    assert "journal={Two bis}" in output(tmp_path)
    assert run(tmp_path).changes == ()


# ---- what is in the output already ----------------------------------------------------------------------------------


def test_what_says_the_same_keeps_its_bytes(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", "vaswani")
    own = "% mine\n\n% about TeX\n@Book {lamport94,\n  title = {{\\LaTeX}},\n  author = {Leslie Lamport},\n"
    own += '  year = {1994}, PUBLISHER = "A-W",\n}\n\n% the end\n'
    (tmp_path / "refs.bib").write_text(own)
    plan = run(tmp_path)
    text = output(tmp_path)
    assert own.removesuffix("\n\n% the end\n") in text
    assert text.endswith(f"{NUMBER}\n\n% the end\n")
    assert [str(one) for one in plan.changes if one.file == "refs.bib"] == ["refs.bib: added vaswani"]


def test_a_change_by_hand_is_undone_and_shown(tmp_path: Path) -> None:
    make(tmp_path, "lamport94")
    run(tmp_path)
    path = tmp_path / "refs.bib"
    path.write_text(path.read_text().replace("1994,", "1995, note={mine},"))
    plan = run(tmp_path)
    assert [str(one) for one in plan.changes] == [
        "refs.bib: changed lamport94 (note: 'mine' -> nothing; year: '1995' -> '1994')"
    ]
    assert LAMPORT in output(tmp_path)


def test_entries_by_hand_are_never_silently_lost(tmp_path: Path) -> None:
    make(tmp_path, "mine", "lamport94")
    mine, other = "@misc{mine, title={My Own}}", "@misc{other, title={Not Cited}}"
    (tmp_path / "refs.bib").write_text(f"{mine}\n\n{other}\n")
    plan = run(tmp_path)
    assert mine in output(tmp_path)
    assert other in output(tmp_path)
    assert plan.kept == ("other",)
    assert plan.newly_kept == ("other",)
    cite(tmp_path, "lamport94")  # the one that was cited stays too: nobody else has it, although the lock knows it
    plan = run(tmp_path)
    assert (set(plan.kept), plan.newly_kept) == ({"mine", "other"}, ("mine",))
    assert mine in output(tmp_path)
    plan = run(tmp_path, prune=True)
    assert entries(output(tmp_path)) == ["lamport94"]
    assert {one.key for one in plan.changes if one.file == "refs.bib"} == {"mine", "other"}


def test_comments_before_an_entry_that_goes_stay(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", "lamport94")
    run(tmp_path)
    path = tmp_path / "refs.bib"
    path.write_text(path.read_text().replace("@book{lam", "% keep me\n@book{lam"))
    cite(tmp_path, "knuth84")
    run(tmp_path)
    assert "% keep me" in output(tmp_path)
    assert "lamport94" not in output(tmp_path)


@pytest.mark.slow
@given(st.data())
def test_random_outputs_keep_what_is_not_generated(data: st.DataObject) -> None:
    """Whatever order and layout: kept entries and comments keep their bytes, wanted ones are there once."""
    alphabet = ["a", "b", "c", "d", "E"]
    there = data.draw(st.lists(st.sampled_from(alphabet), unique=True))
    wanted = data.draw(st.lists(st.sampled_from(alphabet), unique=True))
    gaps = data.draw(st.lists(st.sampled_from(["\n", "\n\n", "\n% c\n", "\n\n% x\n\n"]), min_size=5, max_size=5))
    old = "".join(f"@misc{{{key}, title={{old}}}}{gap}" for key, gap in zip(there, gaps, strict=False))
    made = Output(old.encode() if there else None, "refs.bib")
    result = made.rewrite(
        Wanted(entries={key: f"@misc{{{key}, title={{new}}}}" for key in sorted(wanted)}), keep=[], known=[]
    )
    text = result.data.decode()
    assert sorted(entries(text)) == sorted(wanted)
    assert text.count("% ") - text.startswith("% Written") >= old.count("% ")
    assert text.count("title={new}") == len(wanted)
    again = Output(result.data, "refs.bib").rewrite(
        Wanted(entries={key: f"@misc{{{key}, title={{new}}}}" for key in sorted(wanted)}), keep=[], known=[]
    )
    assert again.data == result.data


def test_parents_move_behind_children_that_come_later(tmp_path: Path) -> None:
    make(tmp_path, "whole")
    (tmp_path / "refs.bib").write_text(f"{WHOLE}\n\n{LAMPORT}\n")
    cite(tmp_path, "whole", "part", "lamport94")
    run(tmp_path)
    order = entries(output(tmp_path))
    assert order.index("part") < order.index("whole")
    assert sorted(order) == ["lamport94", "part", "whole"]


# ---- keys that nobody has -------------------------------------------------------------------------------------------


def test_undefined_keys_stop_everything_with_place_and_near_misses(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", "knuht84", "Lamport94", settings='dialect = "biblatex"\n')
    plan = run(tmp_path)
    assert not plan.ok
    assert (plan.output, plan.lock) == (None, None)
    assert not (tmp_path / "refs.bib").exists()
    assert [str(one) for one in plan.problems] == [
        "paper.tex:5:7: error: no entry for 'Lamport94'; did you mean 'lamport94'? [undefined-key]",
        "paper.tex:4:7: error: no entry for 'knuht84'; did you mean 'knuth84'? [undefined-key]",
    ]
    plan = run(tmp_path, allow_missing=True)
    assert (plan.ok, plan.undefined) == (True, ("Lamport94", "knuht84"))
    assert entries(output(tmp_path)) == ["lamport94"]


def test_a_key_whose_entry_is_broken_is_told_where(tmp_path: Path) -> None:
    make(tmp_path, "bad", bib="@misc{good, title={x}}\n\n@misc{bad, title={x}, ???\n@misc{next, title={y}}\n")
    plan = run(tmp_path)
    assert "all.bib:3:1: error: the entry 'bad' can't be read [broken-entry]" in [str(one) for one in plan.problems]


def test_own_commands_and_documents_left_out(tmp_path: Path) -> None:
    make(tmp_path, settings='cite-commands = ["mine", "second:2"]\nexclude = ["old/**"]\n')
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\\mine{knuth84} \\second{text}{lamport94}")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "draft.tex").write_text("\\cite{vaswani}")
    assert run(tmp_path).keys == ("knuth84", "lamport94")
    (tmp_path / "bibtool.toml").write_text('[refs]\ncite-commands = ["no command"]\n')
    with pytest.raises(ConfigError, match="not a valid citation command"):
        run(tmp_path)


def test_a_document_that_is_not_there_stops_everything(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", settings='documents = ["nothing/*.tex"]\n')
    with pytest.raises(InputError, match="no document was found"):
        run(tmp_path)
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["all.bib"]\ndocuments = ["papre.tex"]\n')
    with pytest.raises(InputError, match=r"papre\.tex: no such file"):
        run(tmp_path)


# ---- identifiers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cited", ["arXiv:1706.03762", "1706.03762", "doi:10.48550/arXiv.1706.03762"])
def test_a_work_cited_by_identifier_gets_that_key(tmp_path: Path, cited: str) -> None:
    make(tmp_path, cited)
    plan = run(tmp_path)
    assert plan.keys == (cited,)
    assert NUMBER.replace("vaswani", cited) in output(tmp_path)
    (tmp_path / "all.bib").unlink()
    assert run(tmp_path).changes == ()
    cite(tmp_path, cited, "https://arxiv.org/abs/1706.03762")
    assert run(tmp_path).ok, "the lock knows the work by another spelling"


@pytest.mark.parametrize(
    ("cited", "field"),
    [
        ("doi:10.1000/a_b", "doi = {10.1000/A\\_B}"),
        ("https://doi.org/10.1000/x", "url = {https://doi.org/10.1000/X}"),
        ("isbn:0306406152", "isbn = {978-0-306-40615-7}"),
        ("pmid:12345", "pmid = {12345}"),
        ("PMC777", "pmcid = {PMC777}"),
        ("arXiv:math/0309136", "eprint = {math.GT/0309136}, archivePrefix = {arXiv}"),
    ],
)
def test_fields_that_hold_an_identifier(tmp_path: Path, cited: str, field: str) -> None:
    make(tmp_path, cited, bib=f"@book{{other, title={{Other}}}}\n@book{{wanted, title={{W}}, {field}}}\n")
    plan = run(tmp_path)
    assert plan.keys == (cited,), [str(one) for one in plan.problems]


def test_a_work_that_no_source_has_is_left_to_refresh(tmp_path: Path) -> None:
    make(tmp_path, "arXiv:2301.01234", "lamport94")
    plan = run(tmp_path)
    assert (plan.ok, plan.unresolved, plan.undefined) == (False, ("arXiv:2301.01234",), ())
    assert "bibtool refresh" in str(plan.problems[0].hint)


@pytest.mark.parametrize(("prefer", "title"), [("published", "Journal Version"), ("preprint", "Preprint Version")])
def test_the_preferred_version_of_a_work(tmp_path: Path, prefer: str, title: str) -> None:
    bib = "@misc{p, title={Preprint Version}, eprint={1706.03762}, archiveprefix={arXiv}}\n"
    bib += "@article{j, title={Journal Version}, journal={J}, year=2020, eprint={1706.03762}, archiveprefix={arXiv}}"
    make(tmp_path, "arXiv:1706.03762", bib=bib, settings=f'prefer = "{prefer}"\n')
    run(tmp_path)
    assert title in output(tmp_path)
    assert output(tmp_path).count("title=") == 1


# ---- faults ---------------------------------------------------------------------------------------------------------


def test_conflict_marks_in_sources_and_output_are_errors_with_their_line(tmp_path: Path) -> None:
    make(tmp_path, "lamport94")
    marked = f"{LAMPORT}\n<<<<<<< HEAD\n{KNUTH}\n=======\n{NUMBER}\n>>>>>>> other\n"
    for name in ("all.bib", "refs.bib"):
        before = (tmp_path / name).read_bytes() if (tmp_path / name).exists() else None
        (tmp_path / name).write_text(marked)
        with pytest.raises(InputError, match=f"{name}:2: .*merge conflict"):
            run(tmp_path)
        assert (tmp_path / name).read_text() == marked
        (tmp_path / name).unlink() if before is None else (tmp_path / name).write_bytes(before)
    assert not (tmp_path / "bibtool.lock").exists()


def test_underlined_headings_are_no_conflict() -> None:
    assert conflict_line("Title\n=======\ntext << x >>\n") is None
    assert conflict_line("a\r\n<<<<<<< HEAD\r\nb\r\n") == 2


def test_line_ends_of_a_windows_checkout(tmp_path: Path) -> None:
    make(tmp_path, "knuth84", "part", bib=BIB.replace("\n", "\r\n"))
    run(tmp_path)
    raw = (tmp_path / "refs.bib").read_bytes()
    assert KNUTH.replace("\n", "\r\n").encode() in raw
    assert raw.count(b"\n") == raw.count(b"\r\n")
    lock = (tmp_path / "bibtool.lock").read_bytes()
    assert lock.count(b"\n") == lock.count(b"\r\n")
    # the same project with the other line ends has the same content, so a checkout changes nothing
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert run(tmp_path).changes == ()


def test_a_document_that_is_not_utf_8(tmp_path: Path) -> None:
    make(tmp_path, "lamport94")
    (tmp_path / "paper.tex").write_bytes(b"\\documentclass{article} caf\xe9 \\cite{lamport94}")
    assert run(tmp_path).keys == ("lamport94",)


def test_a_source_that_is_not_utf_8_becomes_utf_8(tmp_path: Path) -> None:
    make(tmp_path, "a", bib=None)
    (tmp_path / "all.bib").write_bytes(b"@misc{a, title={Caf\xe9 und Stra\xdfe}}")
    run(tmp_path)
    assert "Café und Straße" in output(tmp_path)
    (tmp_path / "all.bib").unlink()
    before = output(tmp_path)
    (tmp_path / "refs.bib").unlink()
    run(tmp_path)
    assert output(tmp_path) == before


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    make(tmp_path / "p", "lamport94")
    (tmp_path / "p" / "elsewhere.bib").write_text("")
    (tmp_path / "p" / "refs.bib").symlink_to("elsewhere.bib")
    run(tmp_path / "p")
    assert (tmp_path / "p" / "refs.bib").is_symlink()
    assert LAMPORT in (tmp_path / "p" / "elsewhere.bib").read_text()


def test_a_read_only_file_stops_before_the_other_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "lamport94")
    run(tmp_path)
    before = output(tmp_path)
    cite(tmp_path, "lamport94", "knuth84")
    (tmp_path / "bibtool.lock").chmod(0o444)
    real = os.access
    # the owner may be root, for whom nothing is read-only
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith(".lock") and real(path, mode))
    with pytest.raises(OutputError, match="Permission denied"):
        run(tmp_path)
    assert output(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, 9))
def test_killed_at_any_write_every_file_is_whole_and_the_next_run_ends_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    def refs(folder: Path) -> int:
        monkeypatch.chdir(folder)
        return run_command(["refs"])

    def written(folder: Path) -> tuple[str, str]:
        return output(folder), (folder / "bibtool.lock").read_text()

    whole, cut = (make(tmp_path / name, "lamport94") for name in ("whole", "cut"))
    states = []  # the files that a run leaves that nothing stops: with one entry, and with two
    for keys in (("lamport94",), ("lamport94", "knuth84")):
        cite(whole, *keys)
        assert refs(whole) == 0
        states.append(written(whole))
    assert refs(cut) == 0
    cite(cut, "lamport94", "knuth84")
    program = f"""
import os, sys
sys.path.insert(0, {str(tmp_path.parent)!r})
count = 0
def counted(real):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == {at}:
            os._exit(9)
        return real(*args, **kwargs)
    return call
os.fsync, os.replace, os.fdopen, os.fchmod = map(counted, (os.fsync, os.replace, os.fdopen, os.fchmod))
from bibtool.cli.main import run
os.chdir({str(cut)!r})
run(["refs"])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 9, done.stderr
    for reached, possible in zip(written(cut), zip(*states, strict=True), strict=True):
        assert reached in possible
    assert refs(cut) == 0
    assert written(cut) == states[1]
    assert KNUTH_WRITTEN in output(cut)
    assert run(cut).changes == ()


@pytest.mark.slow
def test_two_at_once_write_the_same(tmp_path: Path) -> None:
    make(tmp_path, "lamport94", "knuth84", "part")
    call = [sys.executable, "-m", "bibtool", "refs"]
    both = [subprocess.Popen(call, cwd=tmp_path, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        _, error = one.communicate(timeout=120)
        assert one.returncode == 0, error
    assert run(tmp_path).changes == ()
    assert not list(tmp_path.glob(".*.tmp"))


# ---- the index ------------------------------------------------------------------------------------------------------


def big(count: int = 400) -> bytes:
    return "\n".join(f"@misc{{k{number}, title={{Title {number} {'x' * 600}}}}}" for number in range(count)).encode()


@pytest.mark.slow
def test_a_cached_index_is_the_same_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    fresh = read_index(big(), "x", tmp_path)
    (cached,) = (tmp_path / "bib-index").iterdir()
    good = cached.read_bytes()
    assert read_index(big(), "x", tmp_path).blocks == fresh.blocks == read_index(big(), "x").blocks
    for bad in (
        b"",
        b"[[",
        b"\n" * 100,
        good[:-40],
        good + b" misc",
        good * 20,
        b"9" * 10_000_000,
        good.replace(b"misc", b"mise", 1),
        good[:3000] + bytes([good[3000] ^ 1]) + good[3001:],
    ):
        cached.write_bytes(bad)
        assert read_index(big(), "x", tmp_path).blocks == fresh.blocks
        assert cached.read_bytes() in (good, bad)
    text = big().decode()
    body = good.partition(b"\n")[2]
    offsets, words = [*struct.unpack("=1600I", body[:6400])], body[6400:]
    one, two = offsets[:4], offsets[4:8]
    for numbers, names in (
        ([*two, *one, *offsets[8:]], words),
        ([one[1], one[0], *one[2:], *offsets[4:]], words),
        ([one[0] + 1, *offsets[1:]], words),
        ([*offsets[:-1], len(text) + 1], words),
        ([*offsets[:-4], *[len(text)] * 4], words),
        ([*offsets[:-1], 2**32 - 1], words),
        (offsets[:-4], words),
        (offsets[:-1], words),
        (offsets, b"x" + words[1:]),
        (offsets, words[1:]),
        (offsets, words + b" misc"),
        (offsets, words.replace(b"misc", b"m\xff", 1)),
        ([], b""),
        (offsets * 9, words),
    ):
        wrong = struct.pack(f"={len(numbers)}I", *numbers) + names
        for count in (400, 399, 0, -1, 10**9):
            cached.write_bytes(_head(text, count, wrong) + b"\n" + wrong)
            assert read_index(big(), "x", tmp_path).blocks == fresh.blocks, (count, numbers[:8], names[:8])


BLOCKS = (
    "@misc{a, title={x}}",
    "@Article ( b c, x = 1 )",
    "@string{ä = {x}}",
    "@preamble{{x}}",
    "@comment{x}",
    "@misc{é,",
)


@given(st.lists(st.sampled_from((*BLOCKS, "text", "@misc{b, ids={a}}"))))
def test_a_cached_index_has_all_that_was_found(tmp_path_factory: pytest.TempPathFactory, blocks: list[str]) -> None:
    data = "\n\n".join((*blocks, "x" * CACHED_FROM)).encode()
    folder = tmp_path_factory.mktemp("cache")
    fresh = read_index(data, "x", folder)
    assert read_index(data, "x", folder).blocks == fresh.blocks == read_index(data, "x").blocks
    assert len([*folder.rglob("*.v*")]) == bool(fresh.blocks)


def test_a_cache_that_can_not_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(read_index(big(), "x", tmp_path / "file").entries) == 400


def test_an_empty_index() -> None:
    index = BibIndex("", (), "x", "utf-8", "\n")
    assert (dict(index.entries), dict(index.strings), index.preambles) == ({}, {}, ())


# ---- watching -------------------------------------------------------------------------------------------------------


def test_watching_runs_again_for_each_change_by_a_fake_clock(tmp_path: Path) -> None:
    document = tmp_path / "paper.tex"
    document.write_text("a")
    slept: list[float] = []
    texts: list[str] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) % 3 == 0:
            document.write_text("a" * (len(slept) + 1))

    def once() -> set[Path]:
        texts.append(document.read_text())
        return {document, tmp_path / "missing.tex"}

    def wait(paths: set[Path], before: dict[Path, tuple[int, int] | None]) -> bool:
        return len(texts) < 3 and poll(paths, before, sleep, every_s=0.25)

    assert watch(once, wait) == 3
    assert texts == ["a", "a" * 4, "a" * 7]
    assert slept == [0.25] * 6


def test_the_files_that_matter(tmp_path: Path) -> None:
    make(tmp_path, "lamport94")
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\\input{more}\\cite{lamport94}")
    project = space(tmp_path)
    project.plan()
    names = {path.name for path in project.watched}
    assert {"paper.tex", "all.bib", "more.tex"} <= names
    assert "refs.bib" not in names
