"""CSL styles on the command line: export, convert, cite, preview, styles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.cli.test_library import Here

BIB = rb"""@article{knuth1984, title = {Literate Programming}, author = {Knuth, Donald E.}, year = 1984, volume = 27,
  journal = {The Computer Journal}, pages = {97--111}, doi = {10.1093/comjnl/27.2.97}}
@misc{alpha2022, title = {Alpha in the {Wild}}, author = {Alph, Ann and Bet, Bo and Gam, Gil}, year = {2022},
  eprint = {2203.01360}, archivePrefix = {arXiv}, primaryClass = {math.NA}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    found = Here(tmp_path, monkeypatch)
    (tmp_path / "refs.bib").write_bytes(BIB)
    assert found("import", "refs.bib").code == 0
    return found


@pytest.mark.slow
def test_apa_is_the_default(here: Here) -> None:
    out = here("export", "-f", "text").out
    assert "Knuth, D. E. (1984). Literate Programming. The Computer Journal, 27, 97–111." in out
    assert "Alph, A., Bet, B., & Gam, G. (2022). Alpha in the Wild" in out
    assert "https://doi.org/10.48550/arXiv.2203.01360" in out


@pytest.mark.slow
@pytest.mark.parametrize("target", ["text", "markdown", "html", "latex", "rtf", "typst", "rst"])
@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-author-date"])
def test_every_output_twice_the_same(target: str, style: str, here: Here) -> None:
    first = here("export", "-f", target, "--style", style)
    assert first.code == 0, first.err
    assert first.data == here("export", "-f", target, "--style", style).data
    assert "Alph" in first.out
    assert "Literate" in first.out
    assert first.out.endswith("\n")


@pytest.mark.slow
def test_locale_sort_and_fragment(here: Here) -> None:
    german = here("convert", "refs.bib", "--to", "html", "--style", "apa", "--locale", "de-DE", "--fragment").out
    assert german.startswith('<div class="csl-bib-body">')
    assert "und" not in german.split("Alph, A.")[0]
    assert "&amp; Gam" in german
    assert '<html lang="de-DE">' in here("export", "-f", "html", "--locale", "de-DE").out
    by_year = here("export", "-f", "text", "--sort", "year").out
    assert by_year.index("Knuth") < by_year.index("Alph")


@pytest.mark.slow
def test_a_style_file_and_a_bst(here: Here, fixtures: Path) -> None:
    bst = str(fixtures / "bibtex-out" / "plainish.bst")
    for target in ("text", "html", "markdown", "latex"):
        done = here("export", "-f", target, "--style", bst)
        assert done.code == 0, done.err
        assert "Literate" in done.out
    Path("house.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>H</title>'
        '<id>h</id><updated>2020-01-01T00:00:00Z</updated></info><citation><layout><text variable="title"/></layout>'
        '</citation><bibliography><layout><text variable="title" prefix="* "/></layout></bibliography></style>',
        encoding="utf-8",
    )
    assert "* Alpha in the Wild" in here("export", "-f", "text", "--style", "./house.csl").out


@pytest.mark.slow
@pytest.mark.usefixtures("known_styles")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "-f", "text", "--style", "ieeee"], ["'ieee'"]),
        (["export", "-f", "text", "--locale", "xx-XX"], ["locale"]),
        (["export", "-f", "rtf", "--style", "plain"], ["plain writes"]),
        (["export", "-f", "bibtex", "--style", "apa"], ["--style is for formatted lists"]),
        (["cite", "alpha2022", "--author-only", "--suppress-author"], ["can't be combined"]),
        (["cite", "alpha2023"], ["'alpha2022'"]),
        (["cite", "alpha2022", "--label", "chaptre"], ["no locator term 'chaptre'", "did you mean 'chapter'"]),
        (["cite", "alpha2022@3", "--label", "ch"], ["did you mean 'chapter'"]),
        (["cite", "alpha2022@3", "--label", "nosuch"], ["no locator term 'nosuch'", "act, appendix, article-locator"]),
        (["cite", "alpha2022@3", "--label", ""], ["no locator term ''"]),
    ],
)
def test_wrong_names(arguments: list[str], words: list[str], here: Here) -> None:
    done = here(*arguments)
    assert (done.code, done.out) == (2, "")
    for word in words:
        assert word in done.err


@pytest.mark.slow
def test_a_broken_style_file(here: Here) -> None:
    Path("bad.csl").write_text("<style", encoding="utf-8")
    Path("bad.bst").write_text("ENTRY {", encoding="utf-8")
    for name in ("bad.csl", "bad.bst"):
        done = here("export", "-f", "text", "--style", name)
        assert done.code == 1
        assert name in done.err
        assert "Traceback" not in done.err


@pytest.mark.slow
@pytest.mark.usefixtures("known_styles")
def test_a_citation_that_prints_nothing(here: Here) -> None:
    done = here("cite", "alpha2022", "--author-only", "--style", "ieee", "-f", "latex")
    assert (done.code, done.out) == (0, "[NO\\_PRINTED\\_FORM]\n")
    assert "IEEE Reference Guide version 11.29.2023 prints nothing with --author-only for alpha2022" in done.err
    assert "without --author-only" in done.err
    assert here("cite", "alpha2022", "--author-only", "--style", "ieee", "--strict").code == 1
    assert here("cite", "alpha2022", "--style", "ieee").err == ""


@pytest.mark.slow
def test_cite(here: Here) -> None:
    assert here("cite", "alpha2022").out == "(Alph et al., 2022)\n"
    two = here("cite", "knuth1984@99", "alpha2022", "--prefix", "see ", "--suffix", ", and others")
    assert two.out == "(see Alph et al., 2022; Knuth, 1984, p. 99, and others)\n"
    assert here("cite", "alpha2022", "--style", "ieee").out == "[1]\n"
    assert here("cite", "alpha2022", "--suppress-author").out == "(2022)\n"


TWINS = rb"""@book{ocean, title = {Ocean}, author = {Reed, Ina and Moor, Jan}, year = 2021}
@book{desert, title = {Desert}, author = {Reed, Ina and Moor, Jan}, year = 2021}
@book{forest, title = {Forest}, author = {Reed, Ola}, year = 2021}
@book{other, title = {Other}, author = {Unna, Ulf}, year = 2021}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["ocean"], "(Reed & Moor, 2021b)"),
        (["desert"], "(Reed & Moor, 2021a)"),
        (["desert", "ocean"], "(Reed & Moor, 2021a, 2021b)"),
        (["forest"], "(O. Reed, 2021)"),
        (["other"], "(Unna, 2021)"),
        (["ocean", "--nocontext"], "(Reed & Moor, 2021)"),
        (["ocean", "--style", "ieee"], "[5]"),
        (["ocean", "--style", "ieee", "--nocontext"], "[1]"),
        (["ocean", "--style", "chicago-author-date"], "(Reed and Moor 2021b)"),
    ],
)
@pytest.mark.parametrize("place", ["library", "file"])
def test_a_citation_fits_the_list(arguments: list[str], wanted: str, place: str, here: Here) -> None:
    Path("twins.bib").write_bytes(TWINS)
    if place == "library":
        assert here("import", "twins.bib").code == 0
    else:
        arguments = [*arguments, "--bib", "twins.bib"]
        wanted = wanted.replace("[5]", "[1]")  # the order of the file, as convert writes it
    assert here("cite", *arguments).out.replace("I. ", "") == f"{wanted}\n"


@pytest.mark.slow
def test_a_citation_fits_the_bibliography_of_the_project(here: Here) -> None:
    Path("twins.bib").write_bytes(TWINS)
    assert here("import", "twins.bib").code == 0
    Path("bibtool.toml").write_text('[refs]\noutput = "paper.bib"\n', encoding="utf-8")
    Path("paper.bib").write_bytes(TWINS.partition(b"@book{desert")[0])
    assert here("cite", "ocean").out == "(Reed & Moor, 2021)\n"
    assert "2021a" in here("cite", "desert").out  # not in the paper: the library has the last word
    done = here("cite", "lake", "--bib", "twins.bib")
    assert (done.code, done.out) == (2, "")
    assert "lake" in done.err


@pytest.mark.slow
@pytest.mark.usefixtures("known_styles")
def test_preview_and_styles(here: Here) -> None:
    shown = json.loads(here("preview", "knuth1984", "--json").out)
    assert [one["style"] for one in shown][:2] == ["apa", "ieee"]
    assert all("Knuth" in one["entry"] for one in shown)
    assert "apa   (Knuth, 1984)" in here("preview", "knuth1984").out
    assert here("styles", "ieee", "reference").out.startswith("ieee ")
    assert json.loads(here("styles", "0028-0836", "--json").out)[0]["name"] == "nature"
    assert here("styles", "nosuchstyleatall").code == 0


@pytest.mark.slow
def test_docx_is_a_word_document_and_the_same_twice(here: Here) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    first = here("export", "-f", "docx", "--style", "ieee")
    assert first.code == 0, first.err
    assert first.data.startswith(b"PK")
    assert first.data == here("export", "-f", "docx", "--style", "ieee").data


def test_a_style_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is checked before the input is read, which would have been the larger part of a short list."""
    from bibtool.styles import style

    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text("@book{k, author={Ash, Bea}, title={Trees}, year=2020}\n", encoding="utf-8")
    read: list[str] = []
    parse = style.parse_style

    def counted(source: bytes, *arguments: object, **named: object) -> object:
        read.append(str(arguments))
        return parse(source, *arguments, **named)  # type: ignore[arg-type] # passed through untyped

    monkeypatch.setattr(style, "parse_style", counted)
    assert call(monkeypatch, "convert", "refs.bib", "--style", "apa").out.startswith("Ash, B. (2020).")
    assert len(read) == 1
