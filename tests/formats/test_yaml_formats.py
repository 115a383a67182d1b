"""CSL-YAML, Hayagriva and CITATION.cff: values, YAML's traps, faults between good records, harmful YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import cff, hayagriva, safeyaml
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.csl import yaml as cslyaml
from bibtool.formats.registry import read_bytes, reader_of, write_bytes
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Record, Verbatim
from bibtool.model.richtext import Text

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPTIONS = ReadOptions(path="x.yaml")


def test_csl_yaml() -> None:
    result = cslyaml.read((FIXTURES / "csl-yaml/refs.yaml").read_bytes(), OPTIONS)
    assert result.problems == ()
    first, second = result.records
    assert first.variables["volume"] == Number("045")
    assert first.date() == Date.of(1914)
    assert (second.key, second.title) == ("no", "yes")
    assert second.date() == Date.of(1949, 6)
    data = cslyaml.write(result.records, WriteOptions()).data
    assert cslyaml.read(data, OPTIONS).records == result.records


def test_hayagriva() -> None:
    result = hayagriva.read((FIXTURES / "hayagriva/mixed.yml").read_bytes(), OPTIONS)
    assert result.problems == ()
    article, thesis, page = result.records
    assert (article.key, article.type) == ("lovelace1843", "article-journal")
    assert article.text("container-title") == "Scientific Memoirs"
    assert (article.text("volume"), article.text("page"), article.text("note")) == ("3", "666-731", "no")
    assert article.leftover("hayagriva", "serial-number/eudml") == "17"
    assert thesis.names("author") == Names((Name(family="Beek", given="Jan", non_dropping_particle="van der"),))
    assert thesis.date("accessed") == Date.of(2020, 1, 31)
    assert (thesis.text("title-short"), thesis.text("publisher-place")) == ("Things", "Delft")
    assert page.type == "webpage"
    data = hayagriva.write(result.records, WriteOptions()).data
    assert hayagriva.read(data, OPTIONS).records == result.records


def test_citation_cff() -> None:
    result = cff.read((FIXTURES / "cff/CITATION.cff").read_bytes(), OPTIONS)
    assert result.problems == ()
    software, paper, talk = result.records
    assert (software.type, software.text("version")) == ("software", "1.10")
    assert software.names("author") == Names(
        (
            Name(family="Berg", given="Anna", non_dropping_particle="van den"),
            Name(literal="The inventedlib contributors"),
        )
    )
    assert software.date() == Date.of(2021, 8, 11)
    assert (paper.text("page"), paper.date()) == ("1-5", Date.of(2021, 9))
    assert talk.type == "paper-conference"
    assert str(talk.date("event-date")) == "2020-02-28/2020-03-01"
    written = cff.write(result.records, WriteOptions())
    assert b"orcid:" in written.data
    assert b"repository-code:" in written.data
    again = cff.read(written.data, OPTIONS).records
    assert [r.variables for r in again] == [r.variables for r in result.records]
    assert set(again[0].leftovers) == set(software.leftovers)


def test_one_paper_is_the_preferred_citation() -> None:
    record = Record(key="a", type="article-journal", variables={"title": Text.of("T"), "DOI": Verbatim("10.1000/x")})
    data = cff.write([record], WriteOptions()).data
    assert b"preferred-citation:" in data
    assert cff.read(data, OPTIONS).records == (record,)


@pytest.mark.parametrize(
    "text",
    ["no", "012", "1e3", "2022-03-02", "null", "~", "", "- a", "a: b", "#x", "*a", "&a", "!t", "%", "@x", "`", "'", '"',
     "[x", "{x", "> x", "| x", "y", "0x1F", ".5", ".inf", "1_000", "12:30:45", "a\nb", "é ü", " a", "a ", "\x85",
     "\u2028", "=", "<<", "---", "...", "a #b", "?", "\ufeffx", "\U0001f600", "true", "-", "\\n", "a,b", "a]"],
)  # fmt: skip
def test_every_text_is_written_so_that_it_stays_this_text(text: str) -> None:
    yaml = pytest.importorskip("yaml")
    written = safeyaml.dump({"a": text, "b": [text]})
    assert yaml.safe_load(written) == {"a": text, "b": [text]}


@pytest.mark.parametrize("name", ["csl-yaml", "hayagriva", "cff"])
def test_bytes_that_are_not_text_are_written_as_characters(name: str) -> None:
    data = "@article{k?, title={Zürich, Łódź, Kraków, Poznań}, journal={J}, f?={x}}".encode().replace(b"?", b"\xe4")
    records = reader_of("bibtex")(data, OPTIONS).records
    assert "\udce4" in str(records[0].key)
    written = write_bytes(records, name).data
    assert b"\\ud" not in written
    (record,) = read_bytes(written, name).records
    assert str(record.title) == "Zürich, Łódź, Kraków, Poznań"


@pytest.mark.parametrize("length", [1000, 1024, 1025, 5000])
def test_a_long_key_is_read_again(length: int) -> None:
    record = Record(type="book", key="k" * length, variables={"title": Text.of("T")})
    for name in ("hayagriva", "csl-yaml"):
        (again,) = read_bytes(write_bytes([record, record], name).data, name).records[:1]
        assert (again.key, str(again.title)) == (record.key, "T")


GOOD = "{0}:\n  type: book\n  title: {0}\n"


@pytest.mark.parametrize(
    "broken", ["b:\n  type: [book\n", "b:\n  title: 'open\n", "b:\n  title: a: b\n", "b:\n\ttype: x\n"]
)
def test_a_damaged_entry_has_good_neighbours(broken: str) -> None:
    text = GOOD.format("a") + broken + GOOD.format("c") + GOOD.format("d")
    result = hayagriva.read(text.encode(), OPTIONS)
    keys = [record.key for record in result.records]
    assert keys[0] == "a"
    assert keys[-1] == "d"
    assert "yaml-syntax" in {p.code for p in result.problems}
    assert all(p.raw for p in result.problems if p.code == "yaml-syntax")


def test_an_entry_that_is_no_mapping_and_a_key_that_stands_twice() -> None:
    result = hayagriva.read((GOOD.format("a") + "b: 5\n" + GOOD.format("a")).encode(), OPTIONS)
    assert [record.key for record in result.records] == ["a", "a"]
    assert sorted(p.code for p in result.problems if p.code != "repeated-member") == ["duplicate-key", "not-an-entry"]


GROWTH = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["csl-yaml", "hayagriva", "cff"])
@pytest.mark.parametrize(
    "text",
    [
        GROWTH,
        "[" * 50_000,
        "{" * 50_000,
        "- " * 5_000,
        "a: *b\n",
        "\x01\x02",
        "just words",
        "a: !!python/name:os.system\n",
    ],
    ids=["aliases", "lists", "maps", "dashes", "no-anchor", "control", "prose", "tag"],
)
def test_harmful_yaml_is_no_traceback(name: str, text: str) -> None:
    try:
        result = reader_of(name)(text.encode(), OPTIONS)
    except InputError:
        return
    assert result.problems or not result.records


def test_no_tag_is_ever_followed() -> None:
    text = "references:\n- id: a\n  type: book\n  title: !!python/object/apply:os.getcwd []\n"
    result = cslyaml.read(text.encode(), OPTIONS)
    assert result.records[0].title == ""
