r"""No text becomes a command of TeX, whatever it holds; checked by cutting the output into tokens as TeX does."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.bib.latexsyntax import commands_of
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read
from bibtool.formats.bibtex.writer import write_biblatex, write_bibtex
from bibtool.formats.csl.json import read as read_json
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Record, Value, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.text.texmath import is_harmless_math
from bibtool.model.vocabulary import RENDER_TIME, VARIABLES
from bibtool.project.formatted import render_list
from bibtool.styles.style import Style

WRITERS = {"bibtex": write_bibtex, "biblatex": write_biblatex}
LISTS = ["apa", "plain"]
_pieces = st.sampled_from(
    [
        *"\\ { } $ % # & ~ ^ _ ^^5c \\input \\write18 \\immediate \\catcode \\csname \\def \\x \\\\ \\; a b 1".split(),
        *[
            "\\input{/etc/passwd}",
            "$\\input{x}$",
            "$\\alpha$",
            "\\begin{verbatim}",
            " and ",
            "\n",
            " ",
            "\\textbackslash",
        ],
    ]
)
hostile = st.lists(_pieces, min_size=1, max_size=8).map("".join).filter(lambda text: bool(text.strip()))
_NAMES = sorted(VARIABLES.keys() - RENDER_TIME)


def _value(variable: str, text: str) -> Value:
    kind = VARIABLES[variable]
    if kind == "names":
        return Names((Name(family=text, given=text), Name(literal=text)))
    if kind == "date":
        return Date(literal=text)
    if kind == "number":
        return Number(text)
    return Verbatim(text) if kind == "verbatim" else parse_markup(text) or Text.of(text)


def live(latex: str) -> set[str]:
    """The commands in a piece of LaTeX that do more than print."""
    assert "^^" not in latex
    outside = re.sub(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", lambda math: "" if is_harmless_math(math[1]) else math[0], latex)
    return set(commands_of(outside))


@pytest.mark.slow
@pytest.mark.parametrize("dialect", WRITERS)
@settings(deadline=None, max_examples=150)
@given(text=hostile, variable=st.sampled_from(_NAMES), latex=st.booleans())
@example(text="\\input{x}", variable="volume", latex=False)
def test_bib_files(dialect: str, text: str, variable: str, latex: bool) -> None:
    record = Record(
        key="k",
        type="article-journal",
        aliases=(text,),
        variables={"title": Text.of("T"), variable: _value(variable, text)},
        arxiv=Arxiv(primary_category=text, comment=text, journal_ref=text),
    )
    data = WRITERS[dialect]([record], WriteOptions(latex=latex)).data
    document = Document.from_bytes(data)
    assert [entry.key for entry in document.entries] == ["k"]
    for field in document.entries[0].fields:
        assert not live(field.content), (field.name, field.content)
    # nor does it come alive when the file is read and written again
    again = WRITERS[dialect](read(data, ReadOptions()).records, WriteOptions(latex=latex)).data
    for field in Document.from_bytes(again).entries[0].fields:
        assert not live(field.content), (field.name, field.content)


@pytest.mark.slow
@pytest.mark.parametrize("style", LISTS)
@settings(deadline=None, max_examples=60)
@given(text=hostile, variable=st.sampled_from(["title", "author", "note", "volume", "publisher", "issued", "DOI"]))
def test_lists_for_latex(style: str, text: str, variable: str) -> None:
    record = Record(key="k", type="book", variables={"title": Text.of("T"), variable: _value(variable, text)})
    listed = render_list([record], "latex", style, Style.load)[0].decode()
    assert not live(listed) - OF_LISTS


# what the renderers and thebibliography write themselves
OF_LISTS = {
    *"begin end bibitem newblock noindent par setlength parskip baselineskip hangindent hangafter href".split(),
    "/",
}


def test_an_attack_by_csl_json() -> None:
    items = (
        rb'[{"id":"a","type":"article-journal","title":"T","note":"\\write18{touch pw} \\input{/etc/passwd} ^^5cinput",'
        rb'"publisher":"\\immediate\\write18{id}","volume":"\\input{x}","URL":"http://x/\\input{x}","DOI":"10.1/a\\b"}]'
    )
    records = read_json(items, ReadOptions()).records
    (entry,) = Document.from_bytes(write_bibtex(records, WriteOptions()).data).entries
    for field in entry.fields:
        assert not live(field.content), field.content


def test_a_file_is_stable_from_the_first_pass() -> None:
    data = b"@article{c, comments = {C}, journal = {J}, month = {janothers}, title = {T}, year = {2013}}"
    once = write_bibtex(read(data, ReadOptions()).records, WriteOptions()).data
    assert write_bibtex(read(once, ReadOptions()).records, WriteOptions()).data == once


TEX = r"""@book{a, title = {\noopsort{1973b}Title of \ours{x}},
  author = {\noopsort{b}Ash, Bea}, year = {\noopsort{a}in press},
  note = {\input{x} \foo[a]{b}{C d} \; \unknown word}, publisher = {$\R^n$ Press}, url = {http://x/\mytilde y},
  volume = {\input{y}}, abstract = {\begin{x}y\end{x}}, mine = {\catcode`\%=12}}"""


@pytest.mark.parametrize("dialect", WRITERS)
def test_commands_of_bib_files_stay_in_bib_files(dialect: str) -> None:
    records = read(TEX.encode(), ReadOptions()).records
    data = WRITERS[dialect](records, WriteOptions()).data
    before, after = (dict(Document.from_bytes(text).entries[0].items()) for text in (TEX.encode(), data))
    if dialect == "biblatex":
        before["year"] = after["year"]
    assert after == before
    changed = [records[0].with_values({"note": Text.of("\\input{z}")})]
    (entry,) = Document.from_bytes(WRITERS[dialect](changed, WriteOptions()).data).entries
    assert not live(entry.get("note") or "")
    assert entry.get("title") == before["title"]


@pytest.mark.parametrize("style", LISTS)
def test_commands_of_bib_files_are_text_in_lists(style: str) -> None:
    data, problems = render_list(read(TEX.encode(), ReadOptions()).records, "latex", style, Style.load)
    assert not live(data.decode()) - OF_LISTS
    (problem,) = [problem for problem in problems if problem.code == "tex-as-text"]
    assert problem.message.endswith("(in a)")
    assert "\\input" in problem.message
