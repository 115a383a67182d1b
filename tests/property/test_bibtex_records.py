"""Records to BibTeX and BibLaTeX and back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import canonical, to_latex
from bibtool.bib.names import parse_names, write_names
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.capitals import protect_capitals
from bibtool.formats.bibtex.mapping import TITLES
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.reader import read, read_biblatex
from bibtool.formats.bibtex.values_in import without_protection
from bibtool.formats.bibtex.writer import write_biblatex, write_bibtex
from bibtool.model.names import Name, Names
from bibtool.model.normal.editions import normal_edition
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Record, Value, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.vocabulary import VARIABLES
from bibtool.problems import Severity
from tests.property import strategies as own

if TYPE_CHECKING:
    from bibtool.formats.base import Reader, Writer
    from bibtool.formats.bibtex.mapping import Dialect

TOLERANT = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
DIALECTS = {"bibtex": (BIBTEX, write_bibtex, read), "biblatex": (BIBLATEX, write_biblatex, read_biblatex)}
both = pytest.mark.parametrize("dialect", DIALECTS)
escapes = pytest.mark.parametrize("latex", [False, True])


def bare(record: Record) -> Record:
    """The record without provenance, which reading renews."""
    return replace(record, provenance={})


# -- any record ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@both
@escapes
@TOLERANT
@given(own.record_lists())
def test_any_records_give_a_sound_file_that_is_stable(dialect: str, latex: bool, records: tuple[Record, ...]) -> None:
    _, write, reader = DIALECTS[dialect]
    options = WriteOptions(latex=latex)
    data = write(records, options).data
    assert write(records, options).data == data
    if not records:
        assert data == b""
        return
    document = Document.from_bytes(data)
    assert document.broken == ()
    assert [p for p in document.problems if p.severity is Severity.ERROR] == []
    again = reader(data, ReadOptions())
    assert [record.key for record in again.records] == [record.key for record in records]
    second = write(again.records, options).data
    third = write(reader(second, ReadOptions()).records, options).data
    assert third == second


# -- what a dialect can hold -----------------------------------------------------------------------------------------


def _texts(variable: str) -> st.SearchStrategy[Value]:
    # a title's words are protected by the writer where they need it; another variable has no protection to hold
    def held(text: Text) -> Text:
        text = canonical(text)
        if variable not in TITLES:
            text = canonical(without_protection(text))
        return protect_capitals(text) if variable == "title" else text

    return own.texts().map(held).filter(lambda text: bool(text.plain().strip()) and " and " not in text.plain())


def _values(variable: str) -> st.SearchStrategy[Value]:
    kind = VARIABLES[variable]
    if kind == "names":
        return own.name_lists(st.one_of(own.simple_names, own.literal_names))
    if kind == "date":
        return own.dates().filter(lambda date: not date.literal or variable == "issued")
    if variable == "edition":
        return own.numbers.map(lambda number: Number(normal_edition(number.text)))
    if kind == "number":
        return own.numbers
    if kind == "text":
        return _texts(variable)
    samples = {
        "DOI": [
            "10.1000/182",
            "10.1016/j.jcp.2023.112588",
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2",
        ],
        "ISBN": ["978-3-16-148410-0", "080442957X"],
        "ISSN": ["0378-5955", "2434-561X"],
        "URL": ["https://example.org/a_b%20c?d=e&f#g", "http://example.org/~me/{x}"],
        "language": ["en", "de", "fr-CA", "xx"],
        "PMID": ["12345"],
        "PMCID": ["PMC12345"],
    }
    return st.sampled_from(samples.get(variable, ["QA 76.9"])).map(Verbatim)


@st.composite
def held_records(draw: st.DrawFn, dialect: Dialect) -> Record:
    """Records of what a dialect has types and fields for."""
    csl = draw(st.sampled_from(sorted(dialect.entry_of_type)))
    fields = sorted({*dialect.fields_of(csl), "issued"})
    chosen = draw(st.lists(st.sampled_from(fields), max_size=7, unique=True))
    variables = {name: draw(_values(name)) for name in chosen}
    if csl == "thesis" and dialect is BIBTEX:
        variables.setdefault("genre", Text.of("PhD thesis"))  # each of BibTeX's two entry types says one
    arxiv = None
    if csl in {"article", "article-journal", "paper-conference"} and draw(st.booleans()):
        arxiv = Arxiv(
            id=draw(own.arxiv_ids),
            primary_category=draw(st.sampled_from(["", "math.NA", "hep-th"])),
            comment=draw(st.sampled_from(["", "12 pages, 3 figures"])),
            withdrawn=draw(st.booleans()),
        )
        variables["URL"] = Verbatim("https://example.org/")
        if csl == "article":
            variables.pop("container-title", None)  # with one and a DOI it would be the published article
            variables.pop("issue", None)  # a preprint has a number
    left = draw(st.lists(st.sampled_from(["timestamp", "annotator", "x-mine"]), max_size=2, unique=True))
    return Record(
        key=draw(own.keys()),
        aliases=tuple(draw(st.lists(own.keys(), max_size=2, unique=True))),
        type=csl,
        variables=variables,
        arxiv=arxiv,
        leftovers=tuple(Leftover("bibtex", name, draw(st.sampled_from(["{A} b", "2022", "x \\& y"]))) for name in left),
    )


def _comes_back(record: Record, write: Writer, reader: Reader, *, latex: bool) -> None:
    if latex:  # a symbol without a text command becomes mathematics in ASCII: that is what such a file holds
        record = record.with_values(
            {
                name: from_latex(to_latex(value, ascii_only=True))
                for name, value in record.variables.items()
                if isinstance(value, Text)
            }
        )
    written = write([record], WriteOptions(latex=latex))
    result = reader(written.data, ReadOptions())
    assert [bare(one) for one in result.records] == [record], written.data.decode()
    assert write(result.records, WriteOptions(latex=latex)).data == written.data


@pytest.mark.slow
@escapes
@TOLERANT
@given(held_records(BIBTEX))
def test_bibtex_gives_back_what_it_holds(latex: bool, record: Record) -> None:
    _comes_back(record, write_bibtex, read, latex=latex)


@pytest.mark.slow
@escapes
@TOLERANT
@given(held_records(BIBLATEX))
def test_biblatex_gives_back_what_it_holds(latex: bool, record: Record) -> None:
    _comes_back(record, write_biblatex, read_biblatex, latex=latex)


# -- names -----------------------------------------------------------------------------------------------------------

_words = st.sampled_from(
    [
        *"Joan Bruna van der Vanden-Eijnden d'Alembert Jr. 0001 and , Łukasz émile 1st { 't of A. a=b".split(),
        *["de la", "{van der}", "{\\'E}mile", "{\\o}ystein", "J.~R.", "Li{-}Wei", "Motl{\\'{\\i}}cek", "{and}"],
        *["{Barnes and Noble}", "\\relax", '\\"Ulrich', "{{X}}"],
    ]
)
_raw_names = st.lists(_words, min_size=1, max_size=6).map(" ".join)


@pytest.mark.slow
@given(_raw_names)
@settings(max_examples=200)
def test_names_are_split_as_pybtex_splits_them(raw: str) -> None:
    """The short ways of ours must not differ from BibTeX's rules."""
    from pybtex.bibtex.utils import split_name_list

    from bibtool.bib.names import split_names

    if raw.count("{") == raw.count("}"):
        assert [n for n in split_names(raw) if n] == [n for n in split_name_list(raw) if n]


@pytest.mark.slow
@given(_raw_names)
@settings(max_examples=200)
def test_simple_names_are_parsed_as_pybtex_parses_them(raw: str) -> None:
    from bibtool.bib import names
    from bibtool.bib.persons import person_parts

    simple = names._SIMPLE.fullmatch(raw) or names._INVERTED.fullmatch(raw)
    if simple is None:
        return
    without_number = re.sub(r" \d{4}(?=,|$)", "", raw)
    first, von, last, lineage = person_parts(without_number)
    parsed = names.parse_name(raw)
    assert not von
    assert not lineage
    assert parsed.family == names._decode(" ".join(last))
    assert parsed.given == names._decode(" ".join(first))


@pytest.mark.slow
@given(_raw_names)
@example("{and} Joan and Joan")
@example(", Joan 0001")
@example("Joan van Joan \\relax {Barnes and Noble}")
@example("\\relax {and} van Joan")
@settings(max_examples=100)
def test_names_are_stable_from_the_first_pass(raw: str) -> None:
    if raw.count("{") != raw.count("}"):
        return  # a file's values are balanced
    for extended in (False, True):
        once = write_names(parse_names(raw), extended=extended)
        assert write_names(parse_names(once), extended=extended) == once


@pytest.mark.slow
@given(own.name_lists(with_marks=False))
@settings(max_examples=100, deadline=None)
def test_no_name_is_lost(names: Names) -> None:
    for extended in (False, True):
        found = parse_names(write_names(names, extended=extended))
        assert len(found) == len(names)
        assert found.truncated == names.truncated


@pytest.mark.slow
@given(own.name_lists(st.one_of(own.simple_names, own.literal_names, st.builds(
    Name,
    family=own.words.map(str.capitalize).filter(lambda w: w[0].isupper()),
    given=own.words.map(str.capitalize).filter(lambda w: w[0].isupper()),
    non_dropping_particle=st.sampled_from(["", "van", "de la"]),
    suffix=st.sampled_from(["", "Jr.", "III"]),
    homonym=st.sampled_from(["", "0007"]),
)), with_marks=False))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_ordinary_names_come_back(names: Names) -> None:
    for ascii_only in (False, True):
        for extended in (False, True):
            written = write_names(names, ascii_only=ascii_only, extended=extended)
            assert parse_names(written) == names
            assert to_latex(Text.of("x"), ascii_only=ascii_only) == "x"


# -- any file --------------------------------------------------------------------------------------------------------

_names = st.sampled_from(
    "author author+an author+an:orcid editor editor+an title subtitle booktitle journal year month day date urldate "
    "volume number pages publisher type "
    "howpublished note eprint archivePrefix eprinttype primaryClass doi isbn url crossref xdata ids langid "
    "entrysubtype mine keywords institution organization".split()
)
_contents = st.lists(
    st.sampled_from(
        [
            *"a B 2022 mar 1--2 k1 k2 arXiv 2203.01360 phdthesis magazine german , ; / ~ $x$ $ % # & _ ^".split(),
            *["{X}", "{", "\\'{e}", "\\foo{x}", "\\url{http://a.b/c}", "http://arxiv.org/abs/2203.01360", " and ", " "],
            *["10.1000/1", "\\\\", "others", "é", "{{A and B}}", "\\textit{x}"],
            *["1=equal", "2=equal,x;", "=alphabetical", '1="0000-0002-1825-0097"', "1:family=x"],
            *["2020-01-02/..", "10.48550/arXiv.2203.01360"],
        ]
    ),
    max_size=6,
).map("".join)  # fmt: skip
_types = st.sampled_from(
    "article book misc online phdthesis thesis inproceedings proceedings xdata set nonsense".split()
)


@st.composite
def _files(draw: st.DrawFn) -> str:
    entries = []
    for number in range(draw(st.integers(1, 4))):
        fields = draw(st.lists(st.tuples(_names, _contents), max_size=6))
        lines = "".join(f"  {name} = {{{content}}},\n" for name, content in fields)
        entries.append(f"@{draw(_types)}{{k{number},\n{lines}}}\n")
    return "\n".join(entries)


@pytest.mark.slow
@both
@TOLERANT
@given(_files())
def test_every_entry_becomes_a_record_that_can_be_written(dialect: str, text: str) -> None:
    _, write, reader = DIALECTS[dialect]
    document = Document.from_bytes(text.encode())
    result = reader(text.encode(), ReadOptions())
    assert [r.key for r in result.records] == [e.key for e in document.entries if e.type != "xdata"]
    for latex in (False, True):
        once = write(result.records, WriteOptions(latex=latex)).data
        if result.records:
            again = reader(once, ReadOptions())
            assert [r.key for r in again.records] == [r.key for r in result.records]
            twice = write(again.records, WriteOptions(latex=latex)).data
            assert write(reader(twice, ReadOptions()).records, WriteOptions(latex=latex)).data == twice


def test_unknown_fields_keep_their_order_from_the_first_writing() -> None:
    """Whatever order the source has, and where fields of its own stand between known ones."""
    entry = (
        "@article{a, zeta={1}, abstract={A}, author={Ann Lind}, comments={C}, alpha={2}, keyword={k}, journal={J},\n"
    )
    entry += " month={soon}, mu={3}, title={T}, year={2013}}\n"
    once = write_bibtex(read(entry.encode(), ReadOptions()).records, WriteOptions()).data
    assert write_bibtex(read(once, ReadOptions()).records, WriteOptions()).data == once
    assert all(f" {name} " in once.decode() for name in ("zeta", "alpha", "mu", "comments"))
