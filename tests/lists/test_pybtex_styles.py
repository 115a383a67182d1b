"""Formatted lists by BibTeX's own styles."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import UnknownNameError
from bibtool.styles.pybtex_styles import OUTPUTS, STYLES, join_entries, render_entries
from bibtool.web.listpage import list_page

BIB = rb"""@misc{bruna2022neural,
  title = {Neural {G}alerkin Schemes},
  author = {Bruna, Joan and Peherstorfer, Benjamin},
  year = {2022},
  eprint = {2203.01360},
  archivePrefix = {arXiv},
}
@article{abel1900,
  title = {A & B < C},
  author = {Abel, Anna},
  journal = {Journal of "Quotes"},
  year = {1900},
  url = {https://example.org/?a=1&b="x"},
}
@article{nojournal,
  title = {An article without a journal},
  author = {Zeta, Zoe},
  year = {2001},
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_in_every_output(style: str, output: str) -> None:
    entries, problems = render_entries(BIB, style, output)
    assert sorted(entry.key for entry in entries) == ["abel1900", "bruna2022neural", "nojournal"]
    assert [problem.key for problem in problems] == ["nojournal"]
    text = join_entries(entries, output)
    assert "alerkin" in text  # LaTeX keeps the braces of {G}alerkin
    assert text.endswith("\n")
    assert text == join_entries(render_entries(BIB, style, output)[0], output)


@pytest.mark.slow
def test_order_is_the_style_s_unless_kept() -> None:
    def keys(style: str, *, keep: bool = False) -> list[str]:
        return [entry.key for entry in render_entries(BIB, style, "text", keep_order=keep)[0]]

    assert keys("plain") == ["abel1900", "bruna2022neural", "nojournal"]
    assert keys("unsrt") == keys("plain", keep=True) == ["bruna2022neural", "abel1900", "nojournal"]


@pytest.mark.slow
def test_names_are_abbreviated() -> None:
    (first, *_), _ = render_entries(BIB, "abbrv", "text")
    assert first.text.startswith("A. Abel")


def test_unknown_style() -> None:
    with pytest.raises(UnknownNameError, match="'plain'"):
        render_entries(BIB, "plane", "text")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "&lt;b&gt;", "]]>"]


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_in_html(text: str) -> None:
    bib = f"@misc{{k, title = {{{text}}}, author = {{{text}}}, url = {{{text}}}, howpublished = {{{text}}}}}"
    page = _Page()
    entries, _ = render_entries(bib.encode(), "plain", "html")
    page.feed(list_page(join_entries(entries, "html"), title=text))
    assert not {"script", "img", "b"} & set(page.tags)
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in page.links)


@pytest.mark.slow
@given(st.text(st.sampled_from("<>&\"'ab `*_[]()#!|\\-"), max_size=30))
def test_text_of_a_title_shows_in_html_as_it_is(text: str) -> None:
    from bibtool.styles.pybtex_styles import _backend

    page = _Page()
    page.feed(_backend("html").format_str(text))
    page.close()
    assert "".join(page.words) == text
    assert not page.tags


def test_the_page_loads_nothing() -> None:
    page = list_page("<p>x</p>")
    assert "http:" not in page
    assert "https:" not in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "@media print" in page
