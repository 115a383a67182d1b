"""Laws of the conversion between LaTeX and text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import canonical, to_latex
from bibtool.model.richtext import Math, Node, Span, Text, normal

TRICKY = st.sampled_from(
    [
        *"\\{}$~^_&%#-'`?!\"[]() \n*@", "--", "---", "``", "''", "  ", "\\'", "\\'{e}", "\\c c", "{\\i}",
        "\\ss", "\\ss ", "\\textit{", "\\emph ", "{\\em ", "\\foo", "\\foo{", "\\foo[x]{y}",
        "\\noopsort{1973b}", "\\(", "\\)", "\\ensuremath{x}", "$x$", "$$x$$", "\\$", "\\\\", "\\{", "\\}",
        "\\url{http://a.b/c_d}", "http://a.b/c_d", "\\href{http://a.b}{x}", "\\LaTeX", "\\par", "\\ ", "\\,",
        "é", "e\u0301", "ß", "ж", "α", "∞", "中", "–", "—", "“", "’", "\u00a0", "{BERT}", "{3}", "{-}", "A", "b",
        "word ", "\\v{\\i}", "\\textbackslash{}", "\\relax", "\\'\\^e", "{}", "\\", "\t", "\r\n",
    ]
)  # fmt: skip
LATEX = st.lists(TRICKY, max_size=14).map("".join)
PLAIN = st.lists(
    st.one_of(TRICKY, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)), max_size=6
).map("".join)
LETTERS = st.text(
    st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x4FF) | st.sampled_from(" -'&%_{}\\$~^#"),
    max_size=12,
)


def texts(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    """Trees of text, mathematics and spans."""
    nodes: st.SearchStrategy[Node] = st.recursive(
        leaf | st.sampled_from(["x_1", "\\alpha", "a{b", "$", "\\mbox{if $x$}", "", "a\nb"]).map(Math),
        lambda inner: st.builds(
            Span,
            st.sampled_from(
                ["italic", "bold", "superscript", "subscript", "smallcaps", "nocase", "code", "underline", "quote"]
            ),
            st.lists(inner, max_size=4).map(normal),
        ),
        max_leaves=8,
    )
    return st.lists(nodes, max_size=5).map(lambda found: Text(normal(found)))


@pytest.mark.slow
@pytest.mark.parametrize("ascii_only", [False, True])
@given(latex=LATEX | st.text(max_size=30))
@settings(max_examples=400)
@example(latex="\\'{\\i}")
@example(latex="{" * 200 + "\\textit{" * 200)
def test_nothing_changes_after_the_first_pass(latex: str, ascii_only: bool) -> None:
    once = to_latex(from_latex(latex), ascii_only=ascii_only)
    assert to_latex(from_latex(once), ascii_only=ascii_only) == once


@pytest.mark.slow
@given(text=texts(PLAIN))
@settings(max_examples=600)
def test_text_comes_back(text: Text) -> None:
    assert from_latex(to_latex(text)) == canonical(text)


@pytest.mark.slow
@given(text=texts(PLAIN))
def test_the_canonical_form_is_its_own(text: Text) -> None:
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.slow
@given(text=LETTERS)
@settings(max_examples=400)
def test_letters_come_back_from_ascii(text: str) -> None:
    composed = Text.of(unicodedata.normalize("NFC", text))
    assert from_latex(to_latex(composed, ascii_only=True)) == canonical(composed)


@pytest.mark.slow
@given(text=texts(PLAIN))
def test_the_braces_that_bibtex_counts_are_balanced(text: Text) -> None:
    depth = 0
    for char in to_latex(text):
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
