"""Keys in documents: only those in citations change, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import UsageError
from bibtool.project.rewrite import citations, rewrite, syntax_of

MAP = {"old": "new", "gone:1": "stays"}

TEX = [
    (r"\cite{old}", r"\cite{new}"),
    (r"\citep[see][p.~3]{a, old,b}", r"\citep[see][p.~3]{a, new,b}"),
    (r"\parencite*{old} \Textcite{gone:1}", r"\parencite*{new} \Textcite{stays}"),
    ("\\cite{%\n  old,% old\n  b}", "\\cite{%\n  new,% old\n  b}"),
    (r"\autocites(pre)(post)[1]{old}[2]{b}[3]{old}", r"\autocites(pre)(post)[1]{new}[2]{b}[3]{new}"),
    (r"\cite[{]}]{old}", r"\cite[{]}]{new}"),
    (r"\cite<2->{old} \nocite{*}", r"\cite<2->{new} \nocite{*}"),
    (r"\volcite{old}[3]{old}", r"\volcite{old}[3]{new}"),
    (r"100\% \cite{old}", r"100\% \cite{new}"),
    (r"\\% \cite{old}", None),
    (r"\cite{old,new}", r"\cite{new}"),
    (r"\cite{new, old}", r"\cite{new}"),
    (r"\cite{a, old, new}", r"\cite{a, new}"),
    # no citations
    (r"old \textit{old} \label{old} \ref{old}", None),
    (r"% \cite{old}", None),
    (r"\verb|\cite{old}| \lstinline{\cite{old}}", None),
    ("\\begin{verbatim}\n\\cite{old}\n\\end{verbatim}", None),
    ("\\begin{comment}\\cite{old}\\end{comment}", None),
    (r"\iffalse \cite{old} \fi", None),
    (r"\citestyle{old} \setcitestyle{old}", None),
    (r"\newcommand{\mycite}[1]{\cite{#1}}", None),
    (r"\cite{older, Old, old2}", None),
    (r"\cite{old", None),
]
MARKDOWN = [
    ("See @old, and [-@old, p. 3; @{gone:1}].", "See @new, and [-@new, p. 3; @{stays}]."),
    ("@old: @old.", "@new: @new."),
    ("nocite: |\n  @old, @b\n", "nocite: |\n  @new, @b\n"),
    ("- item\n\n    @old in the list\n", "- item\n\n    @new in the list\n"),
    (r"\cite{old}", r"\cite{new}"),
    ("`a` @old `` ` ``", "`a` @new `` ` ``"),
    # no citations
    ("`@old` a@old.org \\@old <!-- @old --> https://x.org/@old [x](https://x.org/@old)", None),
    ("```r\n@old\n```\n~~~\n@old\n~~~\n", None),
    ("text\n\n    @old as code\n", None),
    ("@older @old_2 @old-x @old:y old", None),
    ("<!-- a\n@old\n-->", None),
]
TYPST = [
    ("See @old and @old[p. 3], @gone:1.", "See @new and @new[p. 3], @stays."),
    ('#cite(<old>, form: "prose") #cite( label("old") )', '#cite(<new>, form: "prose") #cite( label("new") )'),
    ("https://a.b/c @old", "https://a.b/c @new"),
    # no citations
    ("// @old\n/* @old /* @old */ @old */ `@old` ```@old```", None),
    ('= Title <old>\n#link("mailto:x@old") \\@old', None),
    ("@older @old-x", None),
]
CASES = [("tex", *case) for case in TEX] + [("markdown", *c) for c in MARKDOWN] + [("typst", *c) for c in TYPST]


@pytest.mark.parametrize(("syntax", "before", "after"), CASES)
def test_only_citations_change(syntax: str, before: str, after: str | None) -> None:
    result = rewrite(before.encode(), syntax, MAP)
    assert result.data.decode() == (before if after is None else after)
    assert bool(result.replacements) is (after is not None)
    assert rewrite(result.data, syntax, MAP).data == result.data


def test_places_are_told() -> None:
    result = rewrite("ä\r\nb \\cite{a,\r\n old}\n\\cite{gone:1}".encode(), "tex", MAP)
    assert [(r.line, r.column, r.old, r.new) for r in result.replacements] == [
        (3, 2, "old", "new"), (4, 7, "gone:1", "stays"),
    ]  # fmt: skip


def test_bytes_that_are_no_text_stay() -> None:
    data = b"\xff\xfe\x00 \r\n\\cite{old}\r \xe4\n"
    assert rewrite(data, "tex", MAP).data == data.replace(b"old", b"new")


def test_keys_of_a_document_in_its_order() -> None:
    assert [one.key for one in citations(r"\cite{b,a} \cite{b}", "tex")] == ["b", "a", "b"]


def test_the_suffix_tells_the_syntax() -> None:
    assert [syntax_of(name) for name in ("a.tex", "b.QMD", "c.Rmd", "d.typ")] == [
        "tex",
        "markdown",
        "markdown",
        "typst",
    ]
    with pytest.raises(UsageError):
        syntax_of("a.docx")


pieces = st.sampled_from(
    [r"\cite{", "old", "new", "}", ",", "[", "]", "@old", "`", "```\n", "%", "\n", "\r\n", "\\", r"\verb|", "<!--",
     "-->", "/*", "*/", "//", " ", "#cite(<old>)", '"', "ä", "\udcff", r"\begin{verbatim}", r"\end{verbatim}", "    "]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(["tex", "markdown", "typst"]))
def test_whatever_the_document_only_keys_change(text: str, syntax: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    same = rewrite(data, syntax, {})
    assert (same.data, same.replacements) == (data, ())
    result = rewrite(data, syntax, {"old": "other"})
    undone = result.data.replace(b"other", b"old")
    assert undone == data
    assert len(result.replacements) == result.data.count(b"other")


@pytest.mark.parametrize(
    "piece", [r"\cite{", r"\cite[", "\\verb{", "`", "``` ", "<!--", "@", "](", "/*", '("', r"\iffalse "]
)
def test_no_document_takes_forever(piece: str) -> None:
    for syntax in ("tex", "markdown", "typst"):
        data = (piece * 20_000).encode()
        assert rewrite(data, syntax, MAP).data == data
