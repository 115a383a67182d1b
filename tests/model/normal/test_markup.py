"""Tags and entities of HTML, JATS and MathML become rich text in every format that is not TeX."""

from __future__ import annotations

import json

import pytest

from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.normal.markup import normal_markup
from bibtool.model.record import Record
from bibtool.model.richtext import Text


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("A <jats:italic>b</jats:italic> c", "A <i>b</i> c"),
        ("A <I>b</I> <SUB>2</SUB>", "A <i>b</i> <sub>2</sub>"),
        ("a <scp>DNA</scp> b", 'a <span style="font-variant:small-caps;">DNA</span> b'),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\nTwo."),
        ("One<br/>Two", "One\nTwo"),
        ('<a href="https://example.org">A link</a> here', "A link here"),
        ("caf&eacute; &#233; &#xe9; &ndash; x", "café é é – x"),
        ("Rock &amp;amp; Roll", "Rock &amp; Roll"),
        ("the mean <p> of x < y", "the mean &lt;p&gt; of x < y"),
        ("<mml:math><mml:msub><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math>", "$x_2$"),
        (
            "<math><mrow><msup><mi>e</mi><mrow><mo>−</mo><mi>α</mi><mi>t</mi></mrow></msup></mrow></math>",
            r"$e^{-\alpha t}$",
        ),
        ("<mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mi>Λ</mml:mi></mml:mfrac></mml:math>", r"$\frac{1}{\Lambda}$"),
        ("no markup, a < b & c", "no markup, a < b & c"),
    ],
)
def test_foreign_markup(text: str, markup: str) -> None:
    assert normal_markup(text) == markup
    assert normal_markup(markup) == markup


@pytest.mark.parametrize("name", ["csl-json", "ris", "csv", "endnote-xml"])
@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("On <jats:italic>E. coli</jats:italic>", "On <i>E. coli</i>"),
        ("On <scp>DNA</scp>", 'On <span style="font-variant:small-caps;">DNA</span>'),
        ("On caf&eacute;s", "On cafés"),
    ],
)
def test_every_reader_translates_it(name: str, text: str, markup: str) -> None:
    data = write_bytes(Record("k", "book", title="xxx", issued=2000), name).text
    if name == "endnote-xml":
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    data = data.replace("xxx", json.dumps(text)[1:-1] if name == "csl-json" else text)
    (record,) = read_bytes(data.encode(), name).records
    title = record.variables["title"]
    assert isinstance(title, Text)
    assert title.markup() == markup


@pytest.mark.parametrize(
    "plain", ["<jats:p>", "&eacute;", "&amp;", "a <scp>b</scp>", "&#38;amp;", "<p>x</p>", "&lt;i&gt;"]
)
@pytest.mark.parametrize("name", ["csl-json", "ris", "csv"])
def test_such_characters_in_a_text_of_ours_come_back(name: str, plain: str) -> None:
    record = Record("k", "book", title=f"On {plain} here", issued=2000)
    (back,) = read_bytes(write_bytes(record, name).data, name).records
    assert back.title == record.title
