"""Renderers: formats, and that no text of a record can become markup."""

from __future__ import annotations

import html.parser
import importlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.errors import UnknownNameError
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.model.text.texmath import is_safe_math
from bibtool.styles import Processor, Style
from bibtool.styles.output import OUTPUTS, renderer
from bibtool.styles.output.html import escape as escape_html
from bibtool.styles.rich import CLOSE, OPEN, Mark
from tests.styles.data import record, style_source

LIST = style_source(
    bibliography='<layout><text variable="title" font-style="italic"/><text variable="URL" prefix=" "/></layout>'
)
ESCAPED = r"\\[!-/:-@\[-`{-~ ]"
HOSTILE = st.text(st.sampled_from("\\{}$&#%_^~<>|\"'*`[]()!:/-+=.@ \n\tab1é😀"), min_size=1, max_size=40)


def rendered(title: str, output: str, url: str = "") -> str:
    variables = {"title": Text.of(title)}
    if url:
        variables["URL"] = Text.of(url)
    one = Record(key="a", type="book", variables=variables)
    processor = Processor(Style.parse(LIST), [one], output=output, links=True)
    return "".join(entry.text for entry in processor.bibliography().entries)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("kind", ["i", "b", "sup", "sub"])
def test_formats_are_balanced(output: str, kind: str) -> None:
    one = record("a", title=f"x <{kind}>y <i>z</i></{kind}> w")
    text = Processor(Style.parse(LIST), [one], output=output).bibliography().document
    assert all(letter in text for letter in "xyzw")
    assert text.count("{") == text.count("}")
    assert text.count("[") == text.count("]") or output == "ansi"


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_html_keeps_text_text(title: str) -> None:
    parser = _Tags()
    parser.feed(rendered(title, "html"))
    parser.close()
    assert set(parser.tags) <= {"i"}


@pytest.mark.parametrize("text", ["a--b", "a---b", "``a''", "?`", "!`", ",,a"])
def test_latex_keeps_ligatures_of_fonts_apart(text: str) -> None:
    written = renderer("latex").inline([text])
    assert not re.search(r"--|``|''|[?!]`|,,", written)
    assert written.replace("\\/", "") == text


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_latex_leaves_no_special_character(title: str) -> None:
    text = rendered(title, "latex")
    bare = re.sub(r"\\(?:text[a-z]+\{\}|[{}$&#%_,/])", "", text)
    bare = bare.replace(r"\textit{", "", 1)
    assert not re.search(r"[\\$&#%_^]", bare)
    assert bare.count("{") <= bare.count("}")


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_rtf_is_ascii_with_groups_closed(title: str) -> None:
    text = rendered(title, "rtf")
    assert text.isascii()
    bare = re.sub(r"\\[\\{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert set(re.findall(r"\\([a-z]+)", re.sub(r"\\u-?\d+\?", "", bare))) <= {"i"}


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_markdown_escapes_all_inline_marks(title: str) -> None:
    text = rendered(title, "markdown")
    bare = re.sub(ESCAPED, "", text).replace("&#123;", "{")  # a brace that a site generator would take for a mark
    assert not re.search(r"[`_\[\]<>~^$&|#@]", bare)
    assert bare.count("*") in (0, 2)


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_typst_escapes_all_marks(title: str) -> None:
    text = rendered(title, "typst")
    bare = re.sub(ESCAPED, "", text)
    inner = bare.removeprefix("#emph[").removesuffix("]")
    assert not re.search(r"[#\[\]*_`$<>@~]", inner)


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=150, deadline=None)
def test_rst_escapes_all_marks(title: str) -> None:
    bare = re.sub(ESCAPED, "", rendered(title, "rst"))
    assert not re.search(r"[`_|]", bare)
    assert bare.count("*") in (0, 1, 2)


@pytest.mark.slow
@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_a_terminal_gets_no_control_characters_of_records(title: str) -> None:
    for output in ("text", "ansi"):
        text = re.sub(r"\x1b\[\d+m", "", rendered(f"x{title}", output))
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


# a mark that comes alone is nothing that a style writes, but no renderer may depend on that
MARKS = [mark for kind in OPEN if kind != "math" for mark in (OPEN[kind], CLOSE[kind])]


@pytest.mark.parametrize("output", ["text", "html"])
@given(run=st.lists(st.sampled_from(MARKS) | st.text("ab \n\x1b\u202e\x7fé<&", min_size=1, max_size=4), max_size=8))
def test_a_link_changes_nothing_around_it(output: str, run: list[str | Mark]) -> None:
    # without one, all pieces of an entry are written at once
    link: list[str | Mark] = [Mark("link", href="mailto:a@b.org"), Mark("link", close=True, href="mailto:a@b.org")]
    assert renderer(output).inline(run) == renderer(output).inline([*run, *link])


@pytest.mark.parametrize(
    ("output", "escaped"), [("latex", r"\&"), ("rtf", "\\\\"), ("markdown", r"\&"), ("typst", r"\*")]
)
@given(text=st.text(st.characters() | st.sampled_from("\\{}$&#%_^~<>|\"'*`[]()!:/-+=,.@ \n\r\tab\x7f"), min_size=1))
def test_a_text_is_escaped_alike_behind_a_special_character(output: str, escaped: str, text: str) -> None:
    # a text without special characters is written as it is
    escape = importlib.import_module(f"bibtool.styles.output.{output}").escape
    assert escape(escaped[-1] + text) == escaped + escape(text)


def test_only_addresses_of_the_web_are_linked() -> None:
    assert '<a href="https://example.org/a">' in rendered("t", "html", "https://example.org/a")
    assert "<a " not in rendered("t", "html", "javascript:alert(1)")
    assert "href" not in rendered("t", "latex", "file:///etc/passwd")


def test_a_quotation_mark_can_not_leave_an_attribute() -> None:
    text = rendered("t", "html", 'https://example.org/"onclick="x')
    assert text.split("<a ")[1].split(">")[0] == 'href="https://example.org/&quot;onclick=&quot;x"'


def test_superscript_characters_are_raised_in_html() -> None:
    assert escape_html("2ᵉ m² <") == "2<sup>e</sup> m<sup>2</sup> &lt;"
    assert escape_html("<sup>é</sup>") == "&lt;sup&gt;é&lt;/sup&gt;"


@pytest.mark.parametrize(
    ("tex", "safe"),
    [
        (r"\alpha_{i}^2", True),
        (r"\frac{1}{2}", True),
        (r"\input{x}", False),
        (r"\write18{x}", False),
        ("a}{b", False),
        ("a$b", False),
        (r"\catcode`\%=12", False),
    ],
)
def test_mathematics_is_kept_only_with_known_commands(tex: str, safe: bool) -> None:
    assert is_safe_math(tex) is safe


def test_mathematics_of_a_title_reaches_latex() -> None:
    one = record("a", title=r"On $\alpha_s$ & more")
    text = Processor(Style.parse(LIST), [one], output="latex").bibliography().entries[0].text
    assert text == r"\textit{On $\alpha_s$ \& more}"
    bad = record("a", title=r"On $\input{x}$")
    assert r"\input" not in Processor(Style.parse(LIST), [bad], output="latex").bibliography().entries[0].text


def test_unknown_outputs_are_named() -> None:
    with pytest.raises(UnknownNameError, match="html"):
        renderer("htm")


@pytest.mark.slow
@pytest.mark.parametrize("behind", ["(2), 5", ".first", "; more", ";; ", "[x]", " (2)", ".", ": x"])
def test_typst_takes_no_text_behind_formatting_for_code(behind: str) -> None:
    formatted: list[str | Mark] = [OPEN["italic"], OPEN["bold"], "78", CLOSE["bold"], CLOSE["italic"]]
    link: list[str | Mark] = [Mark("link", href="https://x.y"), "l", Mark("link", close=True)]
    run = ["A ", *formatted, behind, *link, behind]
    text = renderer("typst").inline(run)
    assert text.startswith("A #emph[#strong[78]]" + (";" if behind in {"(2), 5", ".first", "; more", ";; "} else ""))
    typst = pytest.importorskip("typst", reason="typst is not installed")
    found = typst.query(f"#let show-text(it) = it\n#metadata([{text}]) <m>".encode(), "<m>", field="value", one=True)
    assert characters(json.loads(found)) == f"A 78{behind}l{behind}"


def characters(node: object) -> str:
    """The characters of Typst's content as its query prints it."""
    if isinstance(node, dict):
        if node.get("func") == "space":
            return " "
        if node.get("func") == "smartquote":
            return '"'
        return "".join(characters(node[name]) for name in ("text", "body", "child", "children") if name in node)
    if isinstance(node, list):
        return "".join(characters(one) for one in node)
    return node if isinstance(node, str) else ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The <i>E. coli</i> genome", "*The* E. coli *genome*"),
        ("<i>E. coli</i> genomes", "E. coli *genomes*"),
        ("Genomes of <i>E. coli</i>", "*Genomes of* E. coli"),
        ("On <i>Lear and <i>Lear</i> again</i> today", "*On* Lear and *Lear* again *today*"),
        ("Bells and boats", "*Bells and boats*"),
    ],
)
def test_italics_inside_italics_are_upright_in_markdown(title: str, expected: str) -> None:
    # section 6.2 of CommonMark: stars before a space open nothing, and stars after one close nothing
    one = Record(key="a", type="book", variables={"title": Text.parse(title)})
    entries = Processor(Style.parse(LIST), [one], output="markdown").bibliography().entries
    assert [entry.text for entry in entries] == [expected]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (["pre", OPEN["italic"], "(y)", CLOSE["italic"], "z"], "pre<em>(y)</em>z"),
        ([OPEN["bold"], "“q”", CLOSE["bold"], "w"], "<strong>“q”</strong>w"),
        ([OPEN["italic"], "p", CLOSE["italic"], "-value"], "*p*-value"),
        (["(", OPEN["italic"], "y", CLOSE["italic"], ")"], "(*y*)"),
        (["a ", OPEN["italic"], " b ", CLOSE["italic"], "c"], "a  *b* c"),
        ([OPEN["bold"], OPEN["italic"], CLOSE["italic"], CLOSE["bold"], "c"], "c"),
        ([OPEN["italic"], "x", CLOSE["italic"], OPEN["bold"], "y", CLOSE["bold"]], "*x***y**"),
    ],
)
def test_emphasis_that_stars_can_not_mark_is_html_in_markdown(run: list[str | Mark], expected: str) -> None:
    # section 6.2 of CommonMark: stars between a letter and punctuation do not belong to the punctuation
    assert renderer("markdown").inline(run) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ([OPEN["italic"], "1. FC", CLOSE["italic"], " history"], "#emph[1\\. FC] history"),
        (
            [OPEN["bold"], OPEN["italic"], "12.", " Boats", CLOSE["italic"], CLOSE["bold"]],
            "#strong[#emph[12\\. Boats]]",
        ),
        (["x [1. y", OPEN["italic"], "1.5 boats", CLOSE["italic"]], "x \\[1. y#emph[1.5 boats]"),
    ],
)
def test_a_number_at_the_start_of_formatting_opens_no_list_in_typst(run: list[str | Mark], expected: str) -> None:
    # a content block begins a line: `#emph[1. FC]` would be a numbered list
    assert renderer("typst").inline(run) == expected


def test_a_tab_separates_words_in_latex() -> None:
    assert renderer("latex").inline(["a\tb"]) == "a b"
