"""What files of real projects have in them, by kind: names in braces, strings with commas, keys in another case.

Each kind was answered wrongly once, by the commands that people run: false alarms of ``check``, fixes that never ended,
files rewritten unasked, entries called undefined, preprints called articles. All inputs are our own.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Outcome, call

BODY = "title = {On doors}, journal = {J. Doors}, year = 2001"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(done: Outcome) -> list[str]:
    return [finding["code"] for finding in json.loads(done.out)["findings"]]


# -- check -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        # a given name that is wholly in braces, as authors keep it from being cut
        ("NAM001", r"author = {Berg, {\relax PT}}"),
        ("NAM001", "author = {Stone, {Th}}"),
        ("NAM001", "author = {Ruiz, {Eva Luisa} and Lind, {Yu}}"),
        ("NAM001", r"author = {Lind, {\relax Ch}ristian and Roe, {J.-P.}}"),
        # numbers behind a family name
        ("NAM001", "author = {Marsh II, Walter B}"),
        ("NAM001", "author = {Marsh III, W. and Hill IV, Ada}"),
        ("NAM001", "author = {Marsh, II, Walter}"),
        ("NAM001", "author = {Hill II, Ada B}"),
        ("NAM001", "author = {Moss III, Sam T and Lind, Bo}"),
        # titles in a script without capitals
        ("TXT003", "title = {融合TTL-R和CMOS数据的设计方法}"),
        ("TXT003", "title = {基于FPGA-Z和ASIC器件的实现方法}"),
        ("TXT003", "title = {日本のGDP-Xと円のODA 研究の方法論}"),
        ("TXT003", "title = {한국의 GDP 통계와 OECD 국가 WTO}"),
        # words with an apostrophe inside
        ("TXT004", "title = {L'Île et l'Océan d'Henri}, langid = {french}"),
        ("TXT004", "title = {La vie d’Alfred et l’École}, langid = {french}"),
        ("TXT004", "title = {Dell'Arte e d'Italia}, langid = {italian}"),
        ("TXT004", "title = {Ce qu'Edgar et l'autre virent}, langid = {french}"),
    ],
)
def test_no_false_alarm(rule: str, fields: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.bib").write_text(f"@article{{a, {BODY}, {fields}}}\n", encoding="utf-8")
    done = call(monkeypatch, "check", "--select", rule, "--output-format", "json", "a.bib")
    assert (done.code, codes(done)) == (0, [])


@pytest.mark.parametrize(
    ("author", "message"),
    [
        ("Baker,, Simon", "two commas"),
        ("Baker,, Simon and Ito,, Ken", "two commas"),
        ("Q. Winter, Kai", "initial"),
        ("Li, Bo and J. Q. Winter, Kai", "initial"),
        ("Winter, Kai and M. Frost, Ada", "initial"),
        ("Baker,, S.", "two commas"),
    ],
)
def test_the_message_names_the_fault(author: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.bib").write_text(f"@article{{a, {BODY}, author = {{{author}}}}}\n", encoding="utf-8")
    done = call(monkeypatch, "check", "--select", "NAM001", "a.bib")
    assert message in done.out
    assert "separate by and" not in done.out


@pytest.mark.parametrize(
    "fields",
    [
        r"author = {Berg, {\relax PT} and Stone,, {Th}}",
        r"author = {Berg, {\relax PT}}",
        "author = {Stone, {Th} and Ruiz, {Eva Luisa}}",
        "author = {Baker,, Simon and Q. Winter, Kai and }",
        "author = {Marsh II, Walter B and Roe, Kim Jr.}",
        "title = {融合TTL和CMOS的电路}, author = {张三}",
        "title = {L'Île DNA d'Henri}, author = {Roe, Kim,}",
    ],
)
def test_fixing_ends(fields: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.bib"
    path.write_text(f"@article{{a, {BODY.replace('title', 'note')}, {fields}}}\n", encoding="utf-8")
    call(monkeypatch, "check", "--fix", "a.bib")
    fixed = path.read_bytes()
    again = call(monkeypatch, "check", "--fix", "--exit-non-zero-on-fix", "a.bib")
    assert path.read_bytes() == fixed
    assert " fixed" not in again.out + again.err


@pytest.mark.parametrize(
    ("title", "braced"),
    [
        ("融合TTL和CMOS的电路设计", "融合{TTL}和{CMOS}的电路设计"),
        ("基于DNA的方法研究", "基于{DNA}的方法研究"),
        ("日本のAIDS研究", "日本の{AIDS}研究"),
    ],
)
def test_only_the_acronym_is_braced(title: str, braced: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.bib"
    path.write_text(f"@article{{a, author = {{张三}}, title = {{{title}}}, year = 2001}}\n", encoding="utf-8")
    call(monkeypatch, "check", "--select", "TXT004", "--fix", "a.bib")
    text = path.read_text(encoding="utf-8")
    assert f"title = {{{braced}}}" in text


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("IDS009", 'url = {doi:<a href="https://doi.org/10.5555/ab">10.5555/ab</a>}'),
        ("IDS009", "url = {<a href='https://a.example/x'>here</a>}"),
        ("IDS009", 'doi = {<a href="https://doi.org/10.5555/ab">10.5555/ab</a>}'),
        ("REF007", r"journal = {\apjl}"),
        ("REF007", r"journal = {\mnras}"),
        ("REF007", r"journal = {\ourjournal}"),
    ],
)
def test_what_styles_would_print_as_it_stands_is_said(
    rule: str, field: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"@article{{a, author = {{Roe, Kim}}, title = {{On doors}}, year = 2001, volume = 3, pages = 1, {field}}}\n"
    (folder / "a.bib").write_text(text)
    done = call(monkeypatch, "check", "--ignore", "REQ", "--output-format", "json", "a.bib")
    assert codes(done) == [rule]


# -- refs and cited ----------------------------------------------------------------------------------------------------

PAPER = "\\documentclass{article}\\begin{document}%s\\bibliography{refs}\\end{document}\n"
SETTINGS = '[refs]\ndocuments = ["paper.tex"]\noutput = "refs.bib"\nkeep = %s\ndialect = "%s"\n'


@pytest.mark.parametrize("keep", ["true", "false"])
@pytest.mark.parametrize(
    "text",
    [
        "@string{aj = {Ann. J.}},\n@article{x, title={T}, journal=aj, year=2001}\n",
        '@preamble{"\\newcommand{\\x}{x}"},\n@article{x, title={T}, journal={J}, year=2001}\n',
        "@string{aj = {Ann. J.}},\n@string{bj = {Bull. J.}},\n\n@article{x, title={T}, journal=bj, year=2001},\n",
        "@comment{ours},\n@string(aj = {Ann. J.});\n@article{x, title={T}, journal=aj, year=2001};\n",
    ],
)
def test_commas_behind_strings_are_no_reason_to_rewrite(
    text: str, keep: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "paper.tex").write_text(PAPER % "\\cite{x}")
    (folder / "refs.bib").write_text(text)
    (folder / "bibtool.toml").write_text(SETTINGS % (keep, "bibtex"))
    assert call(monkeypatch, "refs").code == 0
    assert (folder / "refs.bib").read_text() == text
    assert call(monkeypatch, "refs", "--check").code == 0


CASES = [("Ruiz2020Markov", "ruiz2020markov"), ("ito:doors", "ITO:Doors"), ("ÅsaLind19", "ÅsaLIND19")]


@pytest.mark.parametrize(("cited", "key"), CASES)
def test_bibtex_finds_keys_in_any_case(cited: str, key: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "paper.tex").write_text(PAPER % f"\\cite{{{cited}}}", encoding="utf-8")
    (folder / "refs.bib").write_text(f"@article{{{key}, {BODY}}}\n", encoding="utf-8")
    (folder / "bibtool.toml").write_text(SETTINGS % ("true", "bibtex"))
    done = call(monkeypatch, "cited", "--bib", "refs.bib", "paper.tex")
    assert "undefined" not in done.out + done.err
    assert "not cited" not in done.out + done.err
    assert call(monkeypatch, "refs").code == 0


@pytest.mark.parametrize(("cited", "key"), CASES)
def test_biber_does_not(cited: str, key: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "paper.tex").write_text(PAPER % f"\\cite{{{cited}}}", encoding="utf-8")
    (folder / "refs.bib").write_text(f"@article{{{key}, {BODY}}}\n", encoding="utf-8")
    (folder / "bibtool.toml").write_text(SETTINGS % ("true", "biblatex"))
    done = call(monkeypatch, "refs")
    assert done.code == 1
    assert cited in done.err


# -- cv ----------------------------------------------------------------------------------------------------------------


def sections(folder: Path, monkeypatch: pytest.MonkeyPatch, entry: str, author: str = "Roe, Kim") -> Outcome:
    text = f"@{entry}, author = {{{author} and Lind, Mara}}, title = {{On doors}}, year = 2001}}\n"
    (folder / "a.bib").write_text(text, encoding="utf-8")
    return call(monkeypatch, "cv", "a.bib", "--to", "markdown", "--owner", "Kim Roe")


@pytest.mark.parametrize(
    ("entry", "heading"),
    [
        ("article{a, journal = {European Conference on Door Design (ECDD)}", "Conference"),
        ("article{a, journal = {Proceedings of the 12th Workshop on Doors}", "Conference"),
        ("article{a, journal = {2019 IEEE International Symposium on Doors}", "Conference"),
        ("article{a, journal = {PsyArXiv}", "Preprints"),
        ("article{a, journal = {medRxiv}, volume = 2020", "Preprints"),
        ("article{a, journal = {IACR Cryptol. ePrint Arch.}, volume = 2019, pages = {1001}", "Preprints"),
        ("article{a, journal = {J. Doors}, volume = 3", "Journal"),
        ("article{a, journal = {Proceedings of the National Academy of Doors}, volume = 3", "Journal"),
        ("article{a, journal = {Proc. R. Soc. A}, volume = 3", "Journal"),
    ],
)
def test_works_are_grouped_by_where_they_appeared(
    entry: str, heading: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = sections(folder, monkeypatch, entry)
    (line,) = (line for line in done.out.splitlines() if line.startswith("## "))
    assert heading.casefold() in line.casefold()


@pytest.mark.parametrize(
    "author",
    [
        "Marchetti, Alessndra",
        "Marchettti, Alessandra",
        "Marchetti, Alessanrda",
        "Marchetti, Alesandra",
        "Marchetti Alessandra",
        "Marchetti, Alessandra,",
    ],
)
def test_a_name_that_is_nearly_the_owners_is_announced(
    author: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.bib").write_text(
        f"@article{{a, {BODY}, author = {{{author} and Lind, Mara}}}}\n"
        f"@article{{b, author = {{Marchetti, Alessandra}}, title = {{On gates}}, journal = {{J}}, year = 2002}}\n"
    )
    done = call(monkeypatch, "cv", "a.bib", "--to", "markdown", "--owner", "Alessandra Marchetti")
    assert "On gates" in done.out
    assert "On doors" in done.out or "warning: a: " in done.err
