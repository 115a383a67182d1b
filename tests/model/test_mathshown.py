r"""Mathematics as readers without TeX see it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import to_latex
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read
from bibtool.formats.bibtex.writer import write_biblatex
from bibtool.formats.csl import json as csljson
from bibtool.formats.csl import jsonwriter
from bibtool.formats.ris import write as write_ris
from bibtool.model.mathshown import mathml, plain_mathematics, shown, typst
from bibtool.model.richtext import Text
from bibtool.model.showntext import shown_text
from bibtool.styles.bst import run_of
from bibtool.styles.output import renderer


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tex", "markup", "plain"),
    [
        ("_2", "<sub>2</sub>", "₂"),
        ("_{\\textrm{2}}", "<sub>2</sub>", "₂"),
        ("^{12}", "<sup>12</sup>", "¹²"),
        ("^{-3}", "<sup>\u22123</sup>", "⁻³"),
        ("\\beta ", "β", "β"),
        ("\\pm", "±", "±"),
        ("\\Sigma^{0}", "Σ<sup>0</sup>", "Σ⁰"),
        ("O(n \\log n)", "O(n log n)", "O(n log n)"),
        ("5 \\times 10^{-3}", "5 × 10<sup>\u22123</sup>", "5 × 10⁻³"),
        ("\\mathrm{Fe}_2\\mathrm{O}_3", "Fe<sub>2</sub>O<sub>3</sub>", "Fe₂O₃"),
        ("\\mathbb{R}^n", "ℝ<sup>n</sup>", "ℝⁿ"),
        ("\\mathcal{O}(n^2)", "𝒪(n<sup>2</sup>)", "𝒪(n²)"),
        ("\\mathbf{x}", "<b>x</b>", "x"),
        ("4^{\\textrm{\\`eme}}", "4<sup>ème</sup>", "4^ème"),
        ("90^\\circ", "90°", "90°"),
        ("f'", "f′", "f′"),
        ("x_{i_j}^2", "x<sub>i<sub>j</sub></sub><sup>2</sup>", "x_iⱼ²"),
        ("\\bar{B}^0 \\to \\pi^-", "B\u0304<sup>0</sup> → π<sup>\u2212</sup>", "B\u0304⁰ → π⁻"),
        ("a \\not\\in B", "a ∉B", "a ∉B"),
        ("\\left(n\\right)", "(n)", "(n)"),
    ],
)
def test_simple_mathematics_is_shown(tex: str, markup: str, plain: str) -> None:
    nodes = shown(tex)
    assert nodes is not None
    assert Text(nodes).markup() == markup
    assert plain_mathematics(tex) == plain
    assert typst(tex)
    ET.fromstring(mathml(tex) or "")


@pytest.mark.parametrize(
    ("tex", "plain", "markup"),
    [
        ("\\sqrt{s}", "√s", "<msqrt><mi>s</mi></msqrt>"),
        ("\\frac{a}{b+1}", "a/(b+1)", "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"),
    ],
)
def test_what_needs_two_dimensions_is_mathml(tex: str, plain: str, markup: str) -> None:
    assert shown(tex) is None
    assert plain_mathematics(tex) == plain
    assert markup in (mathml(tex) or "")


@pytest.mark.parametrize(
    "tex", ["\\foo", "\\begin{x}", "a & b", "x^2^3", "{", "}", "^", "\\input{x}", "a\\\\b", "\\sqrt[3]{x}"]
)
def test_what_is_not_known_keeps_its_tex(tex: str) -> None:
    assert shown(tex) is None
    assert mathml(tex) is None
    assert typst(tex) is None
    assert plain_mathematics(tex) == f"${tex}$"


TITLES = {
    "text": "Cu₂O, α-Fe₂O₃ at √s",
    "markdown": "Cu<sub>2</sub>O, α-Fe<sub>2</sub>O<sub>3</sub> at √s",
    "html": "Cu<sub>2</sub>O, α-Fe<sub>2</sub>O<sub>3</sub> at <math><mrow><msqrt><mi>s</mi></msqrt></mrow></math>",
    "latex": "Cu$_2$O, $\\alpha$-Fe$_{2}$O$_{3}$ at $\\sqrt{s}$",
    "typst": 'Cu$""_(2)$O, $α$\\-Fe$""_(2)$O$""_(3)$ at $sqrt(s)$',
    "rtf": "Cu{\\sub 2}O, \\u945?-Fe{\\sub 2}O{\\sub 3} at \\u8730?s",
    "rst": "Cu\\ :sub:`2`\\ O, α-Fe\\ :sub:`2`\\ O\\ :sub:`3`\\  at √s",
    "ansi": "Cu₂O, α-Fe₂O₃ at √s",
}
TITLE = "Cu$_2$O, $\\alpha$-Fe$_{2}$O$_{3}$ at $\\sqrt{s}$"


@pytest.mark.parametrize("output", TITLES)
def test_each_output_shows_it_in_its_way(output: str) -> None:
    assert renderer(output).inline(run_of(from_latex(TITLE))) == TITLES[output]


def test_html_keeps_the_tex_of_what_is_not_known() -> None:
    written = renderer("html").inline(run_of(from_latex("a $\\foo<b$")))
    assert written == 'a <span class="math">$\\foo&lt;b$</span>'


def test_records_show_it_and_keep_the_source() -> None:
    data = f"@article{{m, title = {{{TITLE}}}, author = {{Ash, Bea}}, year = 2001}}".encode()
    records = read(data, ReadOptions()).records
    assert TITLE in write_biblatex(records, WriteOptions()).data.decode()
    written = jsonwriter.write(records, WriteOptions()).data
    shown_title = "Cu<sub>2</sub>O, α-Fe<sub>2</sub>O<sub>3</sub> at $\\\\sqrt{s}$"
    assert f'"title": "{shown_title}"' in written.decode()
    again = csljson.read(written, ReadOptions()).records
    assert again[0].variables["title"] == records[0].variables["title"]
    assert "Cu<sub>2</sub>O, α-Fe<sub>2</sub>O<sub>3</sub>" in write_ris(records, WriteOptions()).data.decode()


PIECES = st.sampled_from(
    [*"abxyz0123456789+-=<>()*' ,.", "\\alpha", "\\beta ", "\\pm", "\\times ", "_2", "^{2}", "_{ij}", "\\log ",
     "\\mathrm{d}", "{x}", "\\mathbf{v}", "\\hat{x}", "\\infty", "\\,", "\\sum", "\\mathcal{L}", "\\text{if }", "\\le "]
)  # fmt: skip


@given(tex=st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_what_is_shown_has_no_tex(tex: str) -> None:
    nodes = shown(tex)
    if nodes is not None:
        assert not set("$\\{}") & set(Text(nodes).plain())
        assert not set("$\\{}") & set(plain_mathematics(tex))
        ET.fromstring(mathml(tex) or "")


@given(tex=st.lists(PIECES | st.sampled_from("{}^_\\&$%"), max_size=8).map("".join))
def test_any_mathematics_is_shown_or_kept(tex: str) -> None:
    text = from_latex(f"a ${tex}$ b")
    shown_text(text)
    assert to_latex(from_latex(to_latex(text))) == to_latex(text)


@pytest.mark.parametrize(
    ("tex", "markup"),
    [
        (r"The \enquote{quoted} word", "The “quoted” word"),
        (r"\enquote{Out \enquote{in \enquote{deep}} side}", "“Out ‘in “deep”’ side”"),
        (r"\emph{\enquote{Both} of $x^2$}", "<i>“Both” of x<sup>2</sup></i>"),
    ],
)
def test_quotations_are_shown_in_quotation_marks_and_come_back(tex: str, markup: str) -> None:
    (record,) = read(f"@book{{k, title={{{tex}}}}}".encode(), ReadOptions()).records
    assert shown_text(from_latex(tex)).markup() == markup
    (again,) = csljson.read(jsonwriter.write((record,), WriteOptions()).data, ReadOptions()).records
    assert again.variables["title"] == record.variables["title"]
