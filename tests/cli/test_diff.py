"""``bibtool diff``: by meaning, in words, with diff's exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.cli.parser import cli
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.project.compare import compare, summary
from tests.cli.runner import call

OLD = """@misc{a, title = {On {DNA}  and G\\"odel}, author = {Ada Lovelace and others}, year = 2020,
  eprint = {2001.00001}}
@article{b, title = {Two}, journal = {J}, year = 2001}
@article{gone, title = {Gone with it}, year = 2001}
@misc{old, title = {Key}, doi = {10.1000/KEY}}
"""
NEW = """@string{j = {J}}
@misc{new, doi = {10.1000/key}, title = {Key}}
@article{B2x, title = {Entirely new}, year = 1999}
@article{b, year = {2001}, title = "{T}wo", journal = j}
@article{a, title = "On DNA and Gödel", author = {Lovelace, Ada and Babbage, Charles}, year = 2021,
  eprint = {2001.00001}, journal = {Nature}, volume = 5}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.bib", tmp_path / "new.bib"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    return str(old), str(new)


def test_text(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "diff", *files)
    assert done.code == 1
    lines = done.out.splitlines()
    assert "- gone  2001  Gone with it" in lines
    assert "+ B2x  1999  Entirely new" in lines
    assert "~ old -> new  (key renamed)" in lines
    assert "~ a  (upgraded to its published version, author list completed)" in lines
    assert not any(line.startswith("~ b") for line in lines)
    assert "    - container-title: " not in done.out
    assert "    + container-title: Nature" in lines
    assert "title: On" not in done.out
    assert done.err.strip() == (
        "1 added, 1 removed, 1 key renamed, 1 upgraded to its published version, 1 author list completed"
    )
    assert "\x1b" not in done.out


def test_json(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "diff", "--json", *files)
    found = json.loads(done.out)
    assert done.code == 1
    assert found["counts"] == {"added": 1, "removed": 1, "renamed": 1, "upgraded": 1, "completed": 1}
    assert [record["key"] for record in found["removed"]] == ["gone"]


def test_the_same_in_another_spelling_and_format(
    files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(monkeypatch, "diff", files[0], files[0]).code == 0
    other = tmp_path / "again.bib"
    other.write_text(OLD.replace('G\\"odel', "Gödel").replace("= 2020", '= "2020"'), encoding="utf-8")
    done = call(monkeypatch, "diff", files[0], str(other))
    assert (done.code, done.out, done.err) == (0, "", "")
    done = call(monkeypatch, "diff", "--bytes", files[0], str(other))
    assert done.code == 1
    assert "~ a  (spelled differently)" in done.out
    exported = tmp_path / "refs.json"
    assert call(monkeypatch, "convert", files[0], "--to", "csl-json", "-o", str(exported)).code == 0
    assert call(monkeypatch, "diff", files[0], str(exported)).out == ""


def test_standard_input_and_empty_files(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "diff", "-", files[0], stdin=OLD.encode()).code == 0
    done = call(monkeypatch, "diff", "/dev/null", files[0])
    assert (done.code, done.err.strip()) == (1, "4 added")


@pytest.mark.parametrize("names", [("-", "-"), ("missing.bib", "missing.bib")])
def test_trouble_is_exit_code_2(names: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "diff", *names).code == 2


def test_what_can_not_be_read_is_not_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "1.bib", tmp_path / "2.bib"
    one.write_text("@misc{a, title = {A}}\n@misc{bad, title = {x\n", encoding="utf-8")
    two.write_text("@misc{a, title = {A}}\n@misc{bad, title = {y\n", encoding="utf-8")
    done = call(monkeypatch, "diff", str(one), str(two))
    assert done.code == 1
    assert "unreadable parts changed" in done.err


def paper(title: str, authors: str, **arxiv: object) -> Record:
    names = Names(tuple(parse_name(name) for name in authors.split("; ")))
    return Record(key="k", variables={"title": Text.of(title), "author": names}, arxiv=Arxiv(**arxiv))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (paper("A b", "Ada Lovelace"), paper("A b", "Ada Lovelace", withdrawn=True), "1 withdrawn"),
        (paper("A b", "Ada Lovelace", latest=1), paper("A b", "Ada Lovelace", latest=2), "1 new version"),
        (paper("A b", "Ada Lovelace"), paper("A b", "Ada Lovelace; Bob Byron"), "1 new author list"),
        (paper("A b", "A. Lovelace"), paper("A b", "Ada Lovelace"), "1 author list respelled"),
        (paper("A b", "Ada Lovelace"), paper("A-B", "Ada Lovelace"), "1 title respelled"),
        (paper("A b", "Ada Lovelace"), paper("A c", "Ada Lovelace"), "1 title changed"),
        (paper("A b", "Ada L"), paper("A b", "Ada L", journal_ref="J 5"), "1 new journal reference"),
        (paper("A b", "Ada L"), paper("A b", "Ada L"), "no change"),
    ],
)
def test_words(old: Record, new: Record, words: str) -> None:
    assert summary(compare([old], [new]).counts()) == words


def test_plurals() -> None:
    old = [Record(key=f"k{n}", variables={"title": Text.of(f"T{n}")}) for n in range(2)]
    new = [one.with_values({"DOI": Verbatim("10.1000/1"), "volume": Text.of("1")}) for one in old]
    new = [Record(key=r.key, type="article-journal", variables=r.variables) for r in new]
    assert summary(compare(old, new).counts()) == "2 upgraded to their published version"


def test_all_commands_stand_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli(["--help"])
    assert "diff " in capsys.readouterr().out


def test_the_fixtures_of_the_merge(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fixtures / "merge"
    done = call(monkeypatch, "diff", str(folder / "base.bib"), str(folder / "published.bib"))
    assert done.err.strip() == "1 added, 1 upgraded to its published version, 1 author list completed"
