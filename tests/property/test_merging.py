"""Merging random pairs of edits of one bibliography: nothing is lost, and no side is better than the other."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib import Document, Editor
from bibtool.bib.latex import from_latex
from bibtool.bib.threeway import Merged, merge_documents
from bibtool.errors import OutputError
from tests.property.test_bibtex_document import DOCUMENTS, SOUP

KEYS = ["ada", "bob", "cyd", "dot", "eve", "fay"]
FIELDS = ["title", "author", "year", "note", "series"]
OPERATIONS = [
    "set", "set", "set", "add field", "remove field", "add entry", "add entry", "remove entry", "rename", "type",
    "swap", "layout", "quote", "comment", "string", "use string", "remove string", "preamble", "latex", "break",
    "same", "add same key", "jabref",
]  # fmt: skip
WORD = re.compile(r"tok[a-z]+\d+")


@st.composite
def bases(draw: st.DrawFn) -> str:
    """A bibliography with a few entries."""
    numbers = count()
    parts = [draw(st.sampled_from(["", "% head tokbase0\n\n", "@string{jn = {Journal}}\n", "@preamble{{\\x}}\n\n"]))]
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=5, unique=draw(st.integers(0, 9)) > 0)):
        fields = draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True))
        body = "".join(f",\n  {name} = {{v{next(numbers)} {{\\'e}}}}" for name in fields)
        parts.append(f"@article{{{key}{body}\n}}\n" + draw(st.sampled_from(["", "\n", "% between\n", "\n\n"])))
    return "".join(parts)


Edit = tuple[str, int, int]
EDITS = st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 99), st.integers(0, 99)), max_size=5)


def edited(text: str, edits: list[Edit], side: str) -> str:
    """The text after these edits; all that is added has the name of the side in it."""
    for number, (what, at, other) in enumerate(edits):
        with contextlib.suppress(OutputError):  # an edit that the editor refuses is none
            text = _edited(text, what, at, other, f"tok{side}{number}")
    return text


def _edited(text: str, what: str, at: int, other: int, word: str) -> str:
    document = Document.from_text(text)
    if what == "add entry":
        places = [0, *(block.end for block in document.entries)]
        place = places[at % len(places)]
        return text[:place] + f"\n\n@book{{k{word},\n  title = {{{word}}}\n}}\n" + text[place:]
    if what == "add same key":
        key, field = f"new{at % 3}", FIELDS[other % 5]
        return text + f"\n@misc{{{key}, {field} = {{{word}}}}}\n"
    if what == "comment":
        places = [0, *(block.end for block in document.entries)]
        place = places[at % len(places)]
        return text[:place] + f"\n% {word}\n" + text[place:]
    if what == "jabref":
        return text + f"\n@comment{{jabref-meta: {word};}}\n"
    if what == "string":
        return f"@string{{s{at % 3} = {{{word}}}}}\n" + text
    if what == "preamble":
        return f"@preamble{{{{{word}}}}}\n" + text
    if what == "remove string" and document.strings:
        block = document.strings[at % len(document.strings)]
        return text[: block.start] + text[block.end :]
    if not document.entries:
        return text
    entry = document.entries[at % len(document.entries)]
    names = list(dict.fromkeys(entry.names))
    editor = Editor(document)
    if what == "set" and names:
        editor.set_field(entry, names[other % len(names)], word)
    elif what == "add field":
        editor.set_field(entry, FIELDS[other % 5], word)
    elif what == "same":
        editor.set_field(entry, "year", str(2000 + other % 2))
    elif what == "use string":
        editor.set_field(entry, "journal", "jn", expression=True)
    elif what == "remove field" and names:
        editor.remove_field(entry, names[other % len(names)])
    elif what == "remove entry":
        editor.remove_entry(entry)
    elif what == "rename":
        editor.rename_key(entry, f"key{other % 3}{word}")
    elif what == "type":
        editor.set_type(entry, ["misc", "book"][other % 2])
    elif what == "swap":
        entries = list(document.entries)
        first, second = at % len(entries), other % len(entries)
        entries[first], entries[second] = entries[second], entries[first]
        editor.reorder_entries(entries)
    elif what == "layout":
        editor.replace(entry, entry.text.replace("\n  ", ["\n\t", "\n", "  "][other % 3]))
    elif what == "quote":
        editor.replace(entry, entry.text.replace("= {", '= "').replace("},", '",').replace("}\n}", '"\n}'))
    elif what == "latex":
        editor.replace(entry, entry.text.replace("{\\'e}", ["é", "\\'e"][other % 2]))
    elif what == "break":
        return text[: entry.end - 1] + f" {word} " + text[entry.end :]
    return editor.document().text


def merge(base: str, ours: str, theirs: str, labels: tuple[str, str] = ("one", "two")) -> Merged:
    documents = [Document.from_text(text) for text in (base, ours, theirs)]
    return merge_documents(documents[0], documents[1], documents[2], labels)


def swapped(text: str) -> str:
    """The text with the sides of each conflict changed over."""
    pattern = re.compile(r"^<{7} (\w+)\n(.*?)^={7}\n(.*?)^>{7} (\w+)$", re.DOTALL | re.MULTILINE)
    return pattern.sub(lambda m: f"<<<<<<< {m[4]}\n{m[3]}=======\n{m[2]}>>>>>>> {m[1]}", text)


@pytest.mark.slow
@given(bases(), EDITS, EDITS)
@settings(max_examples=300)
def test_nothing_that_either_side_added_is_lost(base: str, one: list[Edit], two: list[Edit]) -> None:
    ours, theirs = edited(base, one, "a"), edited(base, two, "b")
    merged = merge(base, ours, theirs)
    text = merged.data.decode()
    known = set(WORD.findall(base))
    for word in (set(WORD.findall(ours)) | set(WORD.findall(theirs))) - known:
        assert word in text
    assert merged.clean == ("<<<<<<< one" not in text)
    if not merged.clean:
        assert any(problem.code == "conflict-marker" for problem in merged.document.problems)


@pytest.mark.slow
@given(bases(), EDITS, EDITS)
@settings(max_examples=300)
def test_the_sides_are_equal(base: str, one: list[Edit], two: list[Edit]) -> None:
    ours, theirs = edited(base, one, "a"), edited(base, two, "b")
    first = merge(base, ours, theirs, ("one", "two"))
    second = merge(base, theirs, ours, ("two", "one"))
    assert swapped(second.data.decode()) == first.data.decode()
    assert Counter(c.reason for c in first.conflicts) == Counter(c.reason for c in second.conflicts)


@pytest.mark.slow
@given(bases(), EDITS)
def test_one_side_alone_is_taken_as_it_is(base: str, one: list[Edit]) -> None:
    side = edited(base, one, "a")
    for ours, theirs in ((side, base), (base, side), (side, side)):
        merged = merge(base, ours, theirs)
        assert (merged.data.decode(), merged.conflicts) == (side, ())


@pytest.mark.slow
@given(bases(), EDITS, EDITS)
def test_merging_what_was_merged_changes_nothing(base: str, one: list[Edit], two: list[Edit]) -> None:
    ours, theirs = edited(base, one, "a"), edited(base, two, "b")
    merged = merge(base, ours, theirs)
    if merged.clean:
        again = merge(theirs, merged.data.decode(), theirs)
        assert again.data == merged.data


@pytest.mark.slow
@given(st.one_of(DOCUMENTS, SOUP), st.one_of(DOCUMENTS, SOUP), st.one_of(DOCUMENTS, SOUP))
@settings(max_examples=300)
def test_any_three_files_are_merged_or_refused(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    if merged.conflicts and merged.conflicts[0].kind == "file":
        assert ours.encode() in merged.data
        assert theirs.encode() in merged.data


PIECES = st.sampled_from(
    ["{}", " {} ", "\n{}\n", "{{{}", "{}}}", "\n@misc{{{},\n", '"{}', "@string{{{}", "={},", "@{}{{"]
)
INSERTIONS = st.lists(st.tuples(st.integers(0, 400), PIECES), min_size=1, max_size=3)


def inserted(text: str, places: list[tuple[int, str]], side: str) -> str:
    """The text with words put in anywhere, whatever that breaks."""
    for number, (offset, piece) in enumerate(places):
        at = offset % (len(text) + 1)
        text = text[:at] + piece.format(f"tok{side}{number}x") + text[at:]
    return text


@pytest.mark.slow
@given(st.one_of(bases(), DOCUMENTS), INSERTIONS, INSERTIONS)
@settings(max_examples=300)
def test_nothing_is_lost_of_files_that_somebody_has_broken(
    base: str, one: list[tuple[int, str]], two: list[tuple[int, str]]
) -> None:
    ours, theirs = inserted(base, one, "a"), inserted(base, two, "b")
    first, second = merge(base, ours, theirs), merge(base, theirs, ours)
    text = first.data.decode(errors="replace")
    for word in set(re.findall(r"tok[ab]\dx", ours + theirs)):
        assert word in text
    assert first.clean == second.clean
    if first.clean:
        assert first.data == second.data


@pytest.mark.slow
@given(bases(), EDITS)
def test_formatting_does_not_stand_against_content(base: str, two: list[Edit]) -> None:
    plain = [edit for edit in two if edit[0] in ("set", "add field", "same", "type")]
    formatted = base
    for number in range(len(Document.from_text(base).entries)):
        formatted = edited(formatted, [("layout", number, number), ("latex", number, 0)], "x")
    theirs = edited(base, plain, "b")
    merged = merge(base, formatted, theirs)
    if len(Document.from_text(base).by_key) == len(Document.from_text(base).entries):
        assert merged.clean
        got = {e.key: {n: str(from_latex(v)) for n, v in e.items()} for e in merged.document.entries}
        wanted = {e.key: {n: str(from_latex(v)) for n, v in e.items()} for e in Document.from_text(theirs).entries}
        assert got == wanted
