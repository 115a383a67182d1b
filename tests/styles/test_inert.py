"""What a record holds acts on no terminal, site generator or line direction; and every key is written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read
from bibtool.formats.registry import FORMATS, writer_of
from bibtool.model.names import Name, Names
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.project.formatted import processor_of, render_list
from bibtool.styles.output import OUTPUTS
from bibtool.styles.style import Style

ACTING = "\u202e\u202d\u2066\x1b\x07\x9b\u2028\x0c\x00"
TEMPLATES = ["{{ site.x }}", "{% include x %}", "{# x #}", "{{< figure >}}", "{{% raw %}}", "{: .class}", "{{{x}}}"]
MARKS = ("{{", "{%", "{#", "{:")
LISTS = [(style, output) for output in OUTPUTS for style in ("apa", "plain") if style == "apa" or output in
         {"text", "markdown", "html", "latex"}]  # fmt: skip
WRITERS = [form.name for form in FORMATS if form.writer]


def record(text: str, key: str = "k") -> Record:
    name = Name(family=f"A{text}", given=f"B{text}")
    return Record(
        key=key,
        type="book",
        variables={
            "title": Text.of(f"T {text}"),
            "author": Names((name, Name(literal=f"L{text}"))),
            "publisher": Text.of(f"P {text}"),
            "URL": Verbatim(f"https://example.org/{text}"),
        },
    )


def listed(text: str, style: str, output: str, key: str = "k") -> str:
    return render_list([record(text, key)], output, style, Style.load)[0].decode()


@pytest.mark.slow
@pytest.mark.parametrize(("style", "output"), LISTS)
def test_lists_have_no_character_that_acts(style: str, output: str) -> None:
    text = listed(ACTING, style, output)
    codes = {"\x1b"} if output == "ansi" else set()
    assert not set(text) & (set(ACTING) - codes)
    assert "\x1b[3m" in text or "\x1b" not in text


@pytest.mark.slow
@pytest.mark.parametrize("style", ["apa", "plain"])
@pytest.mark.parametrize("output", ["html", "markdown"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_lists_run_no_template(style: str, output: str, template: str) -> None:
    text = listed(template, style, output, key=f"k{template}")
    assert not [mark for mark in MARKS if mark in text]


@pytest.mark.slow
@pytest.mark.parametrize("output", ["html", "markdown"])
@settings(deadline=None, max_examples=50)
@given(text=st.text("{}%#:<>- a\\`*$", min_size=1, max_size=12))
def test_citations_run_no_template(output: str, text: str) -> None:
    cited = processor_of([record(text)], Style.load("apa"), output).cite(["k"])
    assert not [mark for mark in MARKS if mark in cited]


@pytest.mark.slow
def test_braces_are_shown_all_the_same() -> None:
    assert "&#123;&#123; x }}" in listed("{{ x }}", "apa", "html")
    assert "{x}" in listed("{x}", "apa", "html")


@pytest.mark.parametrize("name", WRITERS)
def test_a_key_with_bytes_that_are_no_text(name: str) -> None:
    data = b"@misc{a, title={M\xc3\xbcller \xc5\x93 \xc3\xa9}}\n@misc{b\x9e, title={b}}\n"
    records = read(data, ReadOptions()).records
    bare = [Record(key="b\udc9e", aliases=("c\ud800",), variables={"title": Text.of("\udc9e")})]
    for given_records in (records, bare):
        writer_of(name)(given_records, WriteOptions()).data.decode()


@pytest.mark.slow
@pytest.mark.parametrize(("style", "output"), LISTS)
def test_lists_of_such_a_key(style: str, output: str) -> None:
    assert "T" in listed("\udc9e", style, output, key="b\udc9e")
