"""Keys in documents: only those in citations change, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import UsageError
from bibtool.project.rewrite import check_type, citations, rewrite, shared_options

NAMES = {"tex": "a.tex", "markdown": "a.md", "typst": "a.typ", "org": "a.org", "rst": "a.rst"}
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
    # lists: the double goes with one comma
    (r"\cite{old, gone:1, new, stays}", r"\cite{new, stays}"),
    (r"\cite{old,#1,new}", r"\cite{#1,new}"),
    ("\\cite{new, % ,\n old}", "\\cite{new, % ,\n new}"),
    (r"\cites{old}{new}", r"\cites{new}{new}"),
    (r"\cite{old}, \cite{new}", r"\cite{new}, \cite{new}"),
    (r"\cite{{old}}", r"\cite{{new}}"),
    (r"\newcommand{\my}[1]{\citep{#1}} \my{old}", r"\newcommand{\my}[1]{\citep{#1}} \my{new}"),
]
MARKDOWN = [
    ("See {cite:p}`{old}old`", "See {cite:p}`{old}new`"),
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
    ("---\ntitle: old\nnocite: '@old'\n---\n", "---\ntitle: old\nnocite: '@new'\n---\n"),
]
TYPST = [
    ("See @old and @old[p. 3], @gone:1.", "See @new and @new[p. 3], @stays."),
    ('#cite(<old>, form: "prose") #cite( label("old") )', '#cite(<new>, form: "prose") #cite( label("new") )'),
    ("https://a.b/c @old", "https://a.b/c @new"),
    # no citations
    ("// @old\n/* @old /* @old */ @old */ `@old` ```@old```", None),
    ('= Title <old>\n#link("mailto:x@old") \\@old', None),
    ("@older @old-x", None),
    ("= A heading <old>\n@old", None),
]
ORG = [
    (
        "[cite/t:see @old p. 3; @b] cite:b,old [[cite:&old;&b]]",
        "[cite/t:see @new p. 3; @b] cite:b,new [[cite:&new;&b]]",
    ),
    ("# [cite:@old]\n=cite:old= old\n#+begin_src tex\n\\cite{old}\n#+end_src\n", None),
]
RST = [
    (":cite:p:`b, old` [old]_", ":cite:p:`b, new` [new]_"),
    (":cite:p:`{see old}old{old, p. 3}`", ":cite:p:`{see old}new{old, p. 3}`"),
    ("``:cite:p:`old` x`` old\n\n.. [old] A text\n\n[old]_ ::\n\n   :cite:p:`old`\n", None),
]
CASES = [("tex", *case) for case in TEX] + [("markdown", *c) for c in MARKDOWN] + [("typst", *c) for c in TYPST]
CASES += [("org", *c) for c in ORG] + [("rst", *c) for c in RST]


@pytest.mark.parametrize(("syntax", "before", "after"), CASES)
def test_only_citations_change(syntax: str, before: str, after: str | None) -> None:
    result = rewrite(before.encode(), NAMES[syntax], MAP)
    assert result.data.decode() == (before if after is None else after)
    assert bool(result.replacements) is (after is not None)
    assert rewrite(result.data, NAMES[syntax], MAP).data == result.data


def test_places_are_told() -> None:
    result = rewrite("ä\r\nb \\cite{a,\r\n old}\n\\cite{gone:1}".encode(), "a.tex", MAP)
    assert [(r.line, r.column, r.old, r.new) for r in result.replacements] == [
        (3, 2, "old", "new"), (4, 7, "gone:1", "stays"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("sign", ["ä", "\u2028", "\x0c", "\x85"])
def test_every_line_end_counts(sign: str, end: str) -> None:
    text = f"a{end}{sign}{end}{sign} @old{end}"
    result = rewrite(text.encode(), "a.md", MAP)
    assert result.data == text.replace("old", "new").encode()
    assert [(r.line, r.column) for r in result.replacements] == [(3, 4)]


def test_bytes_that_are_no_text_stay() -> None:
    data = b"\xff\x00 \r\n\\cite{old}\r \xe4\n"
    assert rewrite(data, "a.tex", MAP).data == data.replace(b"old", b"new")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"", "utf-8"),
        (b"", "latin-1"),
    ],
)
def test_the_encoding_and_its_mark_stay(mark: bytes, encoding: str) -> None:
    def written(key: str) -> bytes:
        return mark + f"ö \\cite{{{key}}}\r\nö\r".encode(encoding)

    assert rewrite(written("old"), "a.tex", {"old": "né"}).data == written("né")
    assert rewrite(written("né"), "a.tex", {"né": "old"}).data == written("old")


@pytest.mark.parametrize(
    ("name", "text", "new"),
    [
        ("a.tex", "\\cite{ol%\nd}", "new"),
        ("a.tex", "\\cite{old}", "a}b"),
        ("a.tex", "\\cite{old}", "a,b"),
        ("a.md", "See @old.", "a b"),
        ("a.md", "See @old.", "fig-x"),  # a cross reference of Quarto
        ("a.typ", "@old = Title <new>", "new"),
    ],
)
def test_what_can_not_be_replaced_safely_is_left_and_told(name: str, text: str, new: str) -> None:
    result = rewrite(text.encode(), name, {"old": new})
    assert (result.data, result.replacements) == (text.encode(), ())
    assert [(one.old, one.new) for one in result.left] == [("old", new)]


def test_a_key_that_the_encoding_lacks_is_left_and_the_others_change() -> None:
    result = rewrite(b"\xe4 @old @b", "a.md", {"old": "Čapek", "b": "c"})
    assert result.data == b"\xe4 @old @c"
    assert [(one.line, one.column, one.old, one.new) for one in result.left] == [(1, 4, "old", "Čapek")]


def test_keys_of_a_document_in_its_order() -> None:
    assert [one.key for one in citations(rb"\cite{b,a} \nocite{*} \cite{b}", "a.tex")] == ["b", "a", "b"]
    assert [one.key for one in citations(b"@b #cite(<a>) @c = C <c>", "a.typ")] == ["b", "a"]


def test_commands_of_one_document_count_in_the_others() -> None:
    documents = {"a.tex": rb"\their{old}", "b.sty": rb"\newcommand{\my}[1]{\cite{#1}}", "c.tex": rb"\let\their\my"}
    assert rewrite(documents["a.tex"], "a.tex", MAP).data == documents["a.tex"]
    assert rewrite(documents["a.tex"], "a.tex", MAP, shared_options(documents)).data == rb"\their{new}"


def test_the_suffix_tells_the_type() -> None:
    for name in ("a.tex", "b.QMD", "c.Rmd", "d.typ", "e.org", "f.rst"):
        check_type(name)
    for name in ("a.docx", "a.aux", "a.bcf", "tex"):
        with pytest.raises(UsageError):
            rewrite(b"", name, MAP)


pieces = st.sampled_from(
    [r"\cite{", "old", "new", "}", ",", "[", "]", "@old", "`", "```\n", "%", "\n", "\r\n", "\\", r"\verb|", "<!--",
     "-->", "/*", "*/", "//", " ", "#cite(<old>)", '"', "ä", "\udcff", r"\begin{verbatim}", r"\end{verbatim}", "    ",
     "[cite:", "cite:", ":cite:p:`", "{cite}`", "{", "[old]_", "\r", "@{"]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(sorted(NAMES)))
def test_whatever_the_document_only_keys_change(text: str, syntax: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    same = rewrite(data, NAMES[syntax], {})
    assert (same.data, same.replacements) == (data, ())
    result = rewrite(data, NAMES[syntax], {"old": "other"})
    undone = result.data.replace(b"other", b"old")
    assert undone == data
    assert len(result.replacements) == result.data.count(b"other")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", [r"\cite{", r"\cite[", "\\verb{", "`", "``` ", "<!--", "@", "](", "/*", '("', r"\iffalse "]
)
def test_no_document_takes_forever(piece: str) -> None:
    for name in NAMES.values():
        data = (piece * 20_000).encode()
        assert rewrite(data, name, MAP).data == data
