r"""Tags and entities in BibTeX values: what publishers export, and what stays as it is."""

from __future__ import annotations

import pytest

from bibtool.bib.latex import from_latex
from bibtool.bib.latexmarkup import without_markup
from bibtool.bib.latexwriting import to_latex
from bibtool.model.richtext import Text, parse_markup


@pytest.mark.parametrize(
    ("latex", "markup"),
    [
        ("Politics &amp; <i>S</i>", "Politics & <i>S</i>"),
        ("Cytochrome $\\less$i$\\greater$bd$\\less$/i$\\greater$", "Cytochrome <i>bd</i>"),
        ("{\\textless}sub{\\textgreater}2{\\textless}/sub{\\textgreater}", "<sub>2</sub>"),
        ("\\textless{}b\\textgreater{}x\\textless{}/b\\textgreater{}", "<b>x</b>"),
        ("&amp;amp; &amp;lt; {\\&}amp$\\mathsemicolon$ \\&amp;", "& < & &"),
        ("&lt;i&gt;E. coli&lt;/i&gt; at 5 &lt; 6", "<i>E. coli</i> at 5 < 6"),
        ("caf&eacute; &#233; &#xe9;", "café é é"),
        ("<jats:p>A <jats:italic>b</jats:italic></jats:p>", "A <i>b</i>"),
        ("<scp>L</scp>-x <tt>y</tt>", '<span style="font-variant:small-caps;">L</span>-x <code>y</code>'),
        ("<b>a <i>{B} c</i></b>", '<b>a <i><span class="nocase">B</span> c</i></b>'),
        (
            '<mml:math xmlns:mml="x"><mml:msub><mml:mi>α</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math> x',
            "$\\alpha_{2}$ x",
        ),
        ("<inline-formula><tex-math>$x^2$</tex-math></inline-formula>", "$x^2$"),
        (
            "<math><msqrt><mi>x</mi></msqrt><mo>≤</mo><mfrac><mn>1</mn><mi>n</mi></mfrac></math>",
            "$\\sqrt{x}\\leq\\frac{1}{n}$",
        ),
    ],
)
def test_markup_is_read(latex: str, markup: str) -> None:
    assert from_latex(without_markup(latex)) == parse_markup(markup)


@pytest.mark.parametrize(
    "latex", ["a <i> b", "x < y > z", "$a<b>c</b>$", "AT&T", "&nosuch;", "<foo>x</foo>", "<i>{a</i>}", "\\textless 5"]
)
def test_what_is_not_markup_stays(latex: str) -> None:
    assert without_markup(latex) == latex


@pytest.mark.parametrize("plain", ["<i>x</i>", "&amp;", "&lt;b&gt;", "<math>x</math>", "a<sub >b</sub>", "&#38;"])
def test_characters_that_look_like_markup_come_back(plain: str) -> None:
    assert from_latex(without_markup(to_latex(Text.of(plain)))) == Text.of(plain)
    assert from_latex(without_markup(to_latex(Text.of(plain), ascii_only=True))) == Text.of(plain)
