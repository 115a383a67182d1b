"""Documents as bibtexparser libraries and back: what nobody changed keeps its bytes."""

from __future__ import annotations

import doctest
import logging
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from bibtexparser import model
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import NameParts

from bibtool.bib import Document
from bibtool.interop import from_bibtexparser, to_bibtexparser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = """\
% references
@string{j = "Journal of Things"}

@Article{one,
  Author = "A. Author and B. Byline",
  title  = {A {Title}},
  journal = j # ", Series B",
  month  = mar,
  year   = 1999
}
@comment{kept}
@preamble{"\\newcommand{\\x}{}"}
@misc{two, note = {n}}
"""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def entry_of(library: Library, key: str) -> model.Entry:
    entry: model.Entry = library.entries_dict[key]
    return entry


def test_the_examples_of_the_documentation_hold() -> None:
    for name in ("", ".libraries", ".middlewares", ".pybtexdata"):
        failed, tried = doctest.testmod(import_module(f"bibtool.interop{name}"))
        assert tried
        assert not failed


def test_the_library_is_as_bibtexparser_reads_it() -> None:
    ours = to_bibtexparser(Document.from_text(SAMPLE)).library
    theirs = parse_string(SAMPLE)
    assert [type(block) for block in ours.blocks] == [type(block) for block in theirs.blocks]
    assert [(block.entry_type, block.key, block.start_line) for block in ours.entries] == [
        (block.entry_type, block.key, block.start_line) for block in theirs.entries
    ]
    assert [(string.key, string.value) for string in ours.strings] == [(s.key, s.value) for s in theirs.strings]
    assert [block.value for block in ours.preambles] == [block.value for block in theirs.preambles]
    assert [block.comment for block in ours.comments] == [block.comment for block in theirs.comments]
    fields = {field.key: field.value for field in entry_of(ours, "one").fields}
    expected = {field.key: field.value for field in entry_of(theirs, "one").fields}
    assert fields.pop("journal") == "Journal of Things, Series B"
    assert expected.pop("journal") == 'j # ", Series B"'  # theirs does not join pieces
    assert fields == expected


def test_an_unchanged_library_gives_the_same_text() -> None:
    result = from_bibtexparser(to_bibtexparser(Document.from_text(SAMPLE)).library)
    assert result.document.text == SAMPLE
    assert result.problems == ()


@pytest.mark.slow
def test_files_come_back_byte_for_byte(fixtures: Path) -> None:
    paths = sorted(fixtures.rglob("*.bib"))
    assert len(paths) > 100
    for path in paths:
        document = Document.from_bytes(path.read_bytes())
        result = from_bibtexparser(to_bibtexparser(document).library)
        assert (result.document.text, result.problems) == (document.text, ()), path


@pytest.mark.slow
def test_a_real_file_comes_back_byte_for_byte(shared: Path) -> None:
    data = (shared / "corpus" / "dblp-1k.bib").read_bytes()
    assert from_bibtexparser(to_bibtexparser(Document.from_bytes(data)).library).document.to_bytes() == data


def test_a_changed_field_is_all_that_changes() -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    entry = entry_of(library, "one")
    entry["Author"] = "C. Changed"
    entry["doi"] = "10.1000/1"
    del entry["month"]
    assert from_bibtexparser(library).document.text == SAMPLE.replace(
        '"A. Author and B. Byline"', '"C. Changed"'
    ).replace("  month  = mar,\n", "").replace("  year   = 1999\n", "  year   = 1999,\n  doi    = {10.1000/1}\n")


def test_type_and_key_are_changed_in_place() -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    entry_of(library, "two").entry_type = "online"
    entry_of(library, "two").key = "deux"
    assert from_bibtexparser(library).document.text == SAMPLE.replace("@misc{two", "@online{deux")


def test_another_spelling_of_a_name_is_written() -> None:
    library = to_bibtexparser(Document.from_text("@misc{k, Note = {n}}\n")).library
    entry_of(library, "k").fields[0].key = "note"
    assert from_bibtexparser(library).document.text == "@misc{k,\n  note = {n},\n}\n"


def test_blocks_can_be_added_removed_and_put_in_another_order() -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    one, two = library.entries
    library.remove(one)
    library.remove(two)
    new = model.Entry(
        "book", "new", [model.Field("title", "New"), model.Field("month", "jan", enclosing="no-enclosing")]
    )
    library.add([two, new, one])
    document = from_bibtexparser(library).document
    assert [entry.key for entry in document.entries] == ["two", "new", "one"]
    assert [entry.get("month") for entry in document.entries] == [None, "January", "March"]
    assert document.problems == ()
    assert document.text.startswith('% references\n@string{j = "Journal of Things"}\n@comment{kept}\n')


def test_changed_strings_preambles_and_comments_are_written() -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    library.strings[0].value = "Other"
    library.preambles[0].value = '"x"'
    library.comments[1].comment = "new"
    library.comments[0].comment = "% other"
    text = from_bibtexparser(library).document.text
    assert text.startswith("% other\n@string{j = {Other}}\n")
    assert '@comment{new}\n@preamble{"x"}\n' in text


def test_values_of_other_kinds_are_joined_or_reported() -> None:
    names = NameParts(first=["A."], von=["van"], last=["B"])
    fields = [
        model.Field("author", [names, names]),
        model.Field("editor", ["C. D", "E. F"]),
        model.Field("year", 1999),
        model.Field("title", "T"),
    ]
    library = Library([model.Entry("misc", "k", fields)])
    entry = from_bibtexparser(library).document.entries[0]
    assert dict(entry.items()) == {
        "author": "van B, A. and van B, A.",
        "editor": "C. D and E. F",
        "year": "1999",
        "title": "T",
    }
    library.entries[0]["title"] = {"not": "a text"}
    result = from_bibtexparser(library)
    assert result.document.text == ""
    assert [(problem.code, problem.key) for problem in result.problems] == [("unwritable-block", "k")]


@pytest.mark.parametrize(
    ("attribute", "value"), [("key", "a, b"), ("entry_type", "no type"), ("key", ""), ("entry_type", "string")]
)
def test_a_change_that_can_not_be_written_leaves_the_entry(attribute: str, value: str) -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    setattr(entry_of(library, "two"), attribute, value)
    result = from_bibtexparser(library)
    assert result.document.text == SAMPLE
    assert [problem.code for problem in result.problems] == ["unwritable-block"]


def test_an_unbalanced_value_is_reported_and_its_neighbours_stay() -> None:
    library = to_bibtexparser(Document.from_text(SAMPLE)).library
    entry_of(library, "one")["title"] = "{open"
    entry_of(library, "two")["note"] = "changed"
    result = from_bibtexparser(library)
    assert result.document.text == SAMPLE.replace("{n}", "{changed}")
    assert [(problem.code, problem.key) for problem in result.problems] == [("unwritable-block", "one")]


def test_doubles_and_broken_blocks_are_failed_blocks_and_come_back() -> None:
    text = "@misc{a, n = {1}}\n@misc{a, n = {2}}\n@misc{b, n = {open\n"
    library = to_bibtexparser(Document.from_text(text)).library
    assert [type(block).__name__ for block in library.failed_blocks] == ["DuplicateBlockKeyBlock", "ParsingFailedBlock"]
    assert from_bibtexparser(library).document.text == text


def test_a_library_that_bibtexparser_read_gives_the_same_entries() -> None:
    document = from_bibtexparser(parse_string(SAMPLE)).document
    assert document.problems == ()
    assert [(entry.type, entry.key) for entry in document.entries] == [("article", "one"), ("misc", "two")]
    assert document.entries[0].get("month") == "March"
    assert document.entries[0].get("journal") == "Journal of Things, Series B"
    assert document.entries[0].get("year") == "1999"
