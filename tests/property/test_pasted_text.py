"""Any text and any bytes: read or refused, nothing breaks, and the work grows with the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult
from bibtool.formats.registry import read_bytes

PIECES = st.sampled_from(
    [
        "Slow Clocks in Fast Trains",
        "Ines Falk, Tomas de la Rosa",
        "Falk, I.; Rosa, T. (2013). ",
        "Article",
        "Mar 2013",
        "Annals of Time, 2013",
        "research-article",
        "[1] ",
        "[j3] I. Falk: Clocks. Annals 3(4): 5-6 (2013)",
        "TLDR",
        "2013-03-01 | Journal article",
        "Year: 2013 | Volume: 3",
        "doi:10.5555/a.b",
        "arXiv:2203.01360",
        "View",
        "Share",
        "@article{a, title={x}}",
        "TY  - JOUR",
        "ER  - ",
        "\\bibitem{a} I. Falk. \\newblock Clocks. \\newblock Annals, 2013.",
        "**Clocks**. [pdf](x) *Annals* 3, 2013",
        "- Clocks: https://doi.org/10.5555/x",
        "{",
        "}",
        "(",
        "\u201c",
        "\u201d",
        "\t",
        "2018JLePh..12..201F",
        "Published: 16 Jan 2013",
        "<meta name=citation_title content=x>",
        "<li>",
        "<br>",
        "\u2026",
    ]
)
FORMATS = ("listing", "html", "bbl", "docx")


def read_or_refuse(data: bytes, name: str) -> ReadResult | None:
    try:
        return read_bytes(data, name)
    except InputError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=60)
@given(pieces=st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", " ", ". ", ", "])), max_size=40))
def test_pieces_of_pages_in_any_order(name: str, pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + separator for piece, separator in pieces)
    result = read_or_refuse(text.encode(), name)
    if result is None:
        return
    untitled = [one for one in result if not (one.title or one.text("DOI") or one.text("URL") or one.arxiv)]
    doubtful = [one for one in result.problems if one.code == "references-doubtful" and "title" in one.message]
    assert len(untitled) <= len(doubtful)  # `import` takes none of these without being told to


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=60)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes(name: str, data: bytes) -> None:
    result = read_or_refuse(data, name)
    assert result is None or isinstance(result, ReadResult)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "Slow Clocks\nInes Falk\nAnnals of Time, 2013\n",
        "Ines Falk\n",
        "Annals of Time, 2013\n",
        "[1] I. Falk. Clocks. ",
        "research-article\nClocks\nInes Falk\nAnnals, March 2013, pp 1-9\n",
        "a. ",
        "A, ",
        "(2013) ",
        "\u201ca\u201d ",
        "<span class=Z3988 title='rft.atitle=a'>",
        "<a href='",
        "<meta name='citation_title' content='",
        "[a](",
        "**a",
        "\\bibitem{a} I. Falk, Clocks, Annals, 2013.\n",
        "\\entry{a}{article}{",
        "@article{a, ",
        "doi:10.5555/",
        "10.5555/a(",
    ],
)
def test_the_work_grows_with_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        data = (unit * (size // len(unit))).encode()
        start = time.process_time()
        for name in ("listing", "html", "bbl"):
            read_or_refuse(data, name)
        return time.process_time() - start

    seconds(2_000)  # modules and patterns
    small, large = seconds(20_000), seconds(160_000)
    assert large < 0.5 + 24 * small, f"{small:.2f} s for 20 kB, {large:.2f} s for 160 kB"
