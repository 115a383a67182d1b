"""The Word output, opened again by python-docx."""

from __future__ import annotations

import io
from typing import Any

import pytest

from bibtool.model.dates import Date
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.styles import Processor, Style
from bibtool.styles.output.docx import document

docx = pytest.importorskip("docx", reason="python-docx is not installed")

RECORDS = [
    Record(
        key="a",
        type="article-journal",
        variables={
            "title": parse_markup("On <i>E. coli</i> & <script>x\x00</script>"),
            "author": Names((parse_name("Ann Other"),)),
            "issued": Date.of(2020),
            "container-title": Text.of("Journal"),
            "DOI": Verbatim("10.1000/x"),
        },
    ),
    Record(key="b", type="book", variables={"title": Text.of("A Book"), "issued": Date.of(1999)}),
]


def made(style: str) -> tuple[bytes, Any]:
    data = document(*Processor(Style.load(style), RECORDS, output="text", links=True).entry_runs())
    return data, docx.Document(io.BytesIO(data))


@pytest.mark.slow
@pytest.mark.parametrize("style", ["apa", "ieee"])
def test_paragraphs_links_and_italics(style: str) -> None:
    data, opened = made(style)
    texts = [paragraph.text for paragraph in opened.paragraphs]
    assert texts[0] == "References"
    assert len(texts) == 3
    whole = "\n".join(texts)
    assert "<script>" in whole
    assert "\x00" not in whole
    entry = next(p for p in opened.paragraphs if "E. coli" in p.text)
    assert any(run.italic and "Journal" in run.text for run in entry.runs)
    assert [link.address for link in entry.hyperlinks] == ["https://doi.org/10.1000/x"]
    assert data == made(style)[0]
