"""LaTeX to text and back, case by case; the laws stand in tests/property."""

from __future__ import annotations

import pytest

from bibtool.bib.latex import from_latex, verbatim_from_latex
from bibtool.bib.latexwriting import canonical, to_latex
from bibtool.formats.bibtex.capitals import protect_capitals
from bibtool.model.richtext import MAX_DEPTH, Math, Span, Text, parse_markup


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        ("\\'{e}", "é"),
        ("{\\'e}", "é"),
        ("\\'e", "é"),
        ("\\' e", "é"),
        ("\\v{c}", "č"),
        ("\\v c", "č"),
        ("\\c c", "ç"),
        ("{\\c{c}}", "ç"),
        ('\\"{\\i}', "ï"),
        ("{\\'{\\i}}", "í"),
        ("\\'\\i", "í"),
        ("\\'{\\^{e}}", "ế"),
        ("\\H{o}\\k{a}\\r{u}\\d{s}", "őąůṣ"),
        ("{\\i}", "ı"),
        ("\\aa\\AA", "åÅ"),
        ("\\ss, \\o{} \\l \\ae x", "ß, ø łæx"),
        ("Stra\\ss e", "Straße"),
        ('na{\\"\\i}ve', "naïve"),
        ("\\^{}", "^"),
        ("\\~{}", "~"),
        ("\\'x\\^x", "x\u0301x\u0302"),
        ("1--2---3", "1–2—3"),
        ("``a'' `b'", "“a” ‘b’"),
        ("1I/`Oumuamua isn't", "1I/‘Oumuamua isn't"),
        ("`rock 'n' roll' and `x'", "‘rock 'n' roll' and ‘x’"),
        ("{\\~{\\^e}} {\\={\\k{o}}} {\\'{\\ae}} {\\'\\u a}", "ễ ǭ ǽ ắ"),
        ("a~b\\ c", "a\u00a0b c"),
        ("a\\,b\\-c\\/d", "a\u2009b\u00adcd"),
        ("\\& \\% \\_ \\# \\$ \\{ \\}", "& % _ # $ { }"),
        ("\\textendash\\textemdash{}\\ldots", "–—…"),
        ("\\textbackslash\\textasciitilde{}\\textasciicircum", "\\~^"),
        ("\\alpha{} \\textalpha", "α α"),
        ("\\CYRV\\cyra", "Ва"),
        ("a  \n\t b\r\nc", "a b c"),
        ("\\mbox{ab} \\textrm{cd}", "ab cd"),
        ("\\url{http://a.b/c_d%20e\\_f}", "http://a.b/c_d%20e_f"),
        ("\\href{http://a.b}{text}", "text (http://a.b)"),
        ("\\href{http://a.b}{http://a.b}", "http://a.b"),
        ("a } b { c", "a } b { c"),
        ("", ""),
    ],
)
def test_characters(latex: str, plain: str) -> None:
    assert from_latex(latex).plain() == plain


@pytest.mark.parametrize(
    ("latex", "markup"),
    [
        ("\\textit{a} \\emph{b} {\\em c} {\\it d} \\textsl{e}", "<i>a</i> <i>b</i> <i>c</i> <i>d</i> <i>e</i>"),
        ("\\textbf{a}{\\bf b c} d", "<b>a</b><b>b c</b> d"),
        ("H\\textsubscript{2}O\\textsuperscript{+}", "H<sub>2</sub>O<sup>+</sup>"),
        ("\\textsc{Ab}", '<span style="font-variant:small-caps;">Ab</span>'),
        ("\\enquote{Ab}", "<q>Ab</q>"),
        ("\\emph x", "<i>x</i>"),
        ("{BERT}: it", '<span class="nocase">BERT</span>: it'),
        ("{{Whole {T}itle}}", '<span class="nocase">Whole Title</span>'),
        ("{\\TeX} {\\'E}cole", '<span class="nocase">TeX</span> École'),
        ("{\\emph{X}}", "<i>X</i>"),
        ("{{\\emph{X}}}", '<span class="nocase"><i>X</i></span>'),
        ("\\emph{Of {NASA}}", '<i>Of <span class="nocase">NASA</span></i>'),
        ("Speaker{-}Aware {3} {$x$}", "Speaker-Aware 3 $x$"),
        ("$\\omega_{i}$ \\(a<b\\) \\ensuremath{c}", "$\\omega_{i}$ $a<b$ $c$"),
        ("\\$5 and $x", "$5 and $x"),
    ],
)
def test_markup(latex: str, markup: str) -> None:
    assert from_latex(latex) == parse_markup(markup)


@pytest.mark.parametrize(
    ("latex", "markup"),
    [
        ("\\ifmmode \\check{Z}\\else \\v{Z}\\fi{}uma", "Žuma"),
        ("Ol\\ifmmode\\acute{e}\\else\\'{e}\\fi", "Olé"),
        ("Ru\\ifmmode \\mbox{\\v{z}}\\else \\v{z}\\fi{}i\\ifmmode \\check{c}\\else \\v{c}\\fi{}ka", "Ružička"),
        ("$\\ifmmode x\\else y\\fi$", "$x$"),
        ("\\mnras", "Monthly Notices of the Royal Astronomical Society"),
        ("\\aap{} and \\apjl", "Astronomy and Astrophysics and Astrophysical Journal Letters"),
        ("\\noopsort{1973b}Title", "Title"),
        ("A\\footnote{See {B}.} b\\thanks{c}", "A b"),
        ("{\\tiny a} {\\LARGE b}", "a b"),
        ("\\textsuperscript{\\tiny\\textregistered}", "<sup>®</sup>"),
        ("\\texorpdfstring{\\emph{H}$_2$}{H2} x", "<i>H</i>$_2$ x"),
        ("\\textcolor{red}{a} \\foreignlanguage{german}{b}", "a b"),
        ("\\ce{H2O}", "H<sub>2</sub>O"),
        ("\\ce{SO4^{2-}} \\ce{Na+}", "SO<sub>4</sub><sup>2\u2212</sup> Na<sup>+</sup>"),
        ("\\ce{2 H2 + O2 -> 2 H2O}", "2 H<sub>2</sub> + O<sub>2</sub> → 2 H<sub>2</sub>O"),
        ("post\\hyphen office \\bibstring{newseries}", "post-office new series"),
        ("\\path|a%b_c| \\url+x_y+", "a%b_c x_y"),
    ],
)
def test_commands_of_publishers_and_packages(latex: str, markup: str) -> None:
    assert from_latex(latex) == parse_markup(markup)


@pytest.mark.parametrize(
    "latex", ["\\ifmmode a", "\\texorpdfstring{a}", "\\ce{\\foo}", "\\noopsort", "\\ifmmode{\\else}\\fi"]
)
def test_a_command_without_what_it_needs_is_characters(latex: str) -> None:
    text = from_latex(latex)
    assert "\\" in text.plain()
    assert from_latex(to_latex(text)) == text


@pytest.mark.parametrize(
    "latex",
    [
        "$\\omega \\& \\%$ \\& {Linux}",
        "A {B} \\textit{c {D}}",
        "\\textbackslash{}textit",
        "a -{}- b '{}' `c d'",
        "x\\newline{}y\\par{}z",
    ],
)
def test_written_back_as_it_stood(latex: str) -> None:
    assert to_latex(from_latex(latex)) == latex


@pytest.mark.parametrize("latex", ["\\nosuch{1973b}Title", "\\foo[a]{b}{C d} e", "\\begin{x}y\\end{x}"])
def test_unknown_commands_are_characters(latex: str) -> None:
    text = from_latex(latex)
    assert text.plain() == latex
    assert from_latex(to_latex(text)) == text
    assert to_latex(text).startswith("\\textbackslash{}")


def test_mathematics_is_never_changed() -> None:
    assert from_latex("a $\\'e -- \\emph{x} ~ \\% {B}$ b").nodes == (
        "a ",
        Math("\\'e -- \\emph{x} ~ \\% {B}"),
        " b",
    )


def test_dollars_inside_of_braces_inside_of_mathematics() -> None:
    assert from_latex("$a \\mbox{for $b$}$ c").nodes == (Math("a \\mbox{for $b$}"), " c")


def test_display_mathematics_next_to_text() -> None:
    assert from_latex("$$x$$ and $a$$b$").nodes == (Math("x"), " and ", Math("a"), Math("b"))


@pytest.mark.parametrize(
    ("text", "unicode", "ascii_only"),
    [
        ("é ß ø", "é ß ø", "{\\'e} {\\ss} {\\o}"),
        ("č í ế ǘ", "č í ế ǘ", "{\\v{c}} {\\'\\i} {\\'{\\^e}} {\\'{\\\"u}}"),
        ("Война", "Война", "Война"),
        ("α→β", "α→β", "{\\ensuremath{\\alpha}}\\textrightarrow{}{\\ensuremath{\\beta}}"),
        ("37 °C at 5′", "37 °C at 5′", "37 \\textdegree{}C at 5$'$"),
        ("∅ ≮ ♯", "∅ ≮ ♯", "$\\emptyset$ $\\not<$ $\\sharp$"),
        ("ℓₓ ά", "ℓₓ ά", "{\\ensuremath{\\ell}}{\\ensuremath{_x}} {\\ensuremath{\\acute{\\alpha}}}"),
        ("ả ơ ℝ", "ả ơ ℝ", "ả ơ ℝ"),
        ("– — “x” ’", "-- --- ``x'' ’", "-- --- ``x'' \\textquoteright{}"),
        ("a & b_c 5% #1 $2", "a \\& b\\_c 5\\% \\#1 \\$2", "a \\& b\\_c 5\\% \\#1 \\$2"),
        ("{x} ~", "\\{x\\} \\textasciitilde{}", "\\textbraceleft{}x\\textbraceright{} \\textasciitilde{}"),
        ("^ \\", "\\textasciicircum{} \\textbackslash{}", "\\textasciicircum{} \\textbackslash{}"),
        ("lone { brace", "lone \\textbraceleft{} brace", "lone \\textbraceleft{} brace"),
        ("中", "中", "中"),
        ("see http://a.b/c_d.", "see \\url{http://a.b/c_d}.", "see \\url{http://a.b/c_d}."),
        (" a  b ", "{ }a { }b{ }", "{ }a { }b{ }"),
        ("∞", "∞", "$\\infty$"),
    ],
)  # fmt: skip
def test_writing(text: str, unicode: str, ascii_only: str) -> None:
    assert to_latex(Text.of(text)) == unicode
    assert to_latex(Text.of(text), ascii_only=True) == ascii_only


@pytest.mark.slow
def test_depth_is_bounded() -> None:
    bomb = "{" * 100_000 + "x" + "}" * 100_000
    assert from_latex(bomb) == Text((Span("nocase", ("x",)),))
    deep = from_latex("\\textit{" * 5000 + "x" + "}" * 5000)
    depth = 0
    node = deep.nodes[0]
    while isinstance(node, Span):
        depth += 1
        node = node.nodes[0]
    assert depth == MAX_DEPTH
    assert from_latex("{" * 100_000 + "x").plain().count("{") == 100_000
    assert from_latex("\\foo{" * 20_000).plain().startswith("\\foo{")
    assert from_latex("${" * 20_000).plain().startswith("$")


def test_canonical_leaves_out_what_says_nothing() -> None:
    text = Text((Span("nocase", ("3", Math("x"))), Span("nocase", (Span("nocase", ("A",)),)), Math("a{b")))
    assert canonical(text).nodes == ("3", Math("x"), Span("nocase", ("A",)), "$a{b$")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("http://a.b/c\\_d\\%20\\&e\\#f", "http://a.b/c_d%20&e#f"),
        ("\\url{http://a.b/c_d}", "http://a.b/c_d"),
        ("{http://a.b}", "http://a.b"),
        ("http://a.b/\\~{}me{\\_}x", "http://a.b/~me_x"),
        ("http://a.b/\\~me/{\\~{}}x/{\\textasciitilde}y", "http://a.b/~me/~x/~y"),
        ("http://a.b/\\textunderscore{}c\\slash d", "http://a.b/_c/d"),
        ("\\path|http://a.b/c_d|", "http://a.b/c_d"),
        ("http://a.b/{x}", "http://a.b/{x}"),
        ("10.1002/(SICI)1\\textless 2", "10.1002/(SICI)1<2"),
        ("10.1002/(SICI)1\\unknown 2", "10.1002/(SICI)1\\unknown 2"),
        (r"\href{https://a.org/x_y}{a link}", "https://a.org/x_y"),
        ("17:15$<$1661::AID$>$3.0.CO;2-2", "17:15<1661::AID>3.0.CO;2-2"),
        (r"15{\textless}1661::AID{\textgreater}3", "15<1661::AID>3"),
        (r"15\textless1661::AID\textgreater{}3", "15<1661::AID>3"),
        (r"15{$<$}1661$\greater$3", "15<1661>3"),
        (r"540$\_$12", "540_12"),
        (r"a\textunknown{}b", r"a\textunknown{}b"),
        ("a$b$c", "a$b$c"),
    ],
)
def test_verbatim_fields_are_not_latex(latex: str, text: str) -> None:
    assert verbatim_from_latex(latex) == text


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        ("Deep RNNs in PyTorch: 3D Vision-LSTM", "Deep {RNNs} in {PyTorch}: {3D} Vision-{LSTM}"),
        ("A Study of Type X Errors", "A Study of Type {X} Errors"),
        ("Hepatitis A: Vitamin A", "Hepatitis {A}: Vitamin {A}"),
        ("High-Dimensional Evolution Equations", "High-Dimensional Evolution Equations"),
        ("O'Brien and L'Hôpital in the U.S. at AT&T", "{O'Brien} and {L'Hôpital} in the {U.S.} at {AT\\&T}"),
        ("ALL CAPITALS SAY NOTHING", "ALL CAPITALS SAY NOTHING"),
        ("GPT-4 and mRNA", "{GPT}-4 and {mRNA}"),
        ("all lower", "all lower"),
    ],
)
def test_words_that_keep_their_capitals(title: str, latex: str) -> None:
    protected = protect_capitals(Text.of(title))
    assert to_latex(protected) == latex
    assert protect_capitals(protected) == protected


def test_protection_that_is_there_stays() -> None:
    title = from_latex("The {Linux} Way of $X$ and \\emph{{DNA} RNA}")
    assert to_latex(protect_capitals(title)) == "The {Linux} Way of $X$ and \\textit{{DNA} {RNA}}"
