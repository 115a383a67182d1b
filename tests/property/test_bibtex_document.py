"""The document model on documents that nobody wrote by hand."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bibtool.bib import Document, Editor, blocks
from bibtool.bib.scan import Scanner
from bibtool.bib.syntax import is_balanced
from bibtool.errors import OutputError
from bibtool.formats.bibtex.sniff import sniff
from bibtool.model.text.decode import readable
from tests.support.editing import edited

WORDS = st.text(alphabet="abcXYZ é-:_1", min_size=0, max_size=12)
NAMES = st.text(alphabet="abcdXYZ-_", min_size=1, max_size=6)
KEYS = st.text(alphabet="abcXYZ012:/.-_+", min_size=1, max_size=10)
SPACES = st.sampled_from(["", " ", "\n", "\r\n  ", "\r", "\t", "\n\n"])
TYPES = st.sampled_from(["article", "Book", "MISC", "online", "my-type", "x"])


def braced(inner: str) -> str:
    return "{" + inner + "}"


CONTENTS = st.recursive(
    st.text(alphabet='ab cé,=@#%"()\\\n', max_size=12),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "".join(braced(part) for part in parts)),
    max_leaves=6,
)
QUOTABLE = CONTENTS.map(lambda text: text.replace('"', "'"))
PIECES = st.one_of(
    CONTENTS.map(braced), QUOTABLE.map(lambda text: f'"{text}"'), st.integers(0, 3000).map(str), st.just("jan")
)
VALUES = st.lists(PIECES, min_size=1, max_size=3).map(" # ".join)


@st.composite
def entries(draw: st.DrawFn) -> str:
    """An entry as BibTeX accepts it, white space anywhere."""
    gap = draw(SPACES)
    opening, closing = draw(st.sampled_from([("{", "}"), ("(", ")")]))
    fields = draw(st.lists(st.tuples(NAMES, VALUES), max_size=4))
    body = "".join(f",{gap}{name}{gap}={gap}{value}{gap}" for name, value in fields)
    return f"@{draw(TYPES)}{gap}{opening}{gap}{draw(KEYS)}{body}{draw(st.sampled_from(['', ',']))}{gap}{closing}"


GOOD = st.one_of(
    entries(),
    VALUES.map(lambda value: f"@string{{s = {value}}}"),
    VALUES.map(lambda value: f"@preamble{{{value}}}"),
    CONTENTS.map(lambda text: f"@comment{{{text}}}"),
    WORDS.map(lambda text: f"% {text}"),
    WORDS,
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A good block out of which a piece was cut, or into which something was put."""
    text: str = draw(GOOD)
    at: int = draw(st.integers(0, len(text)))
    inserted: str = draw(st.sampled_from(["", "{", "}", '"', ",", "=", "@", "@x{", "#", "\0", "\\"]))
    return text[:at] + inserted + text[at + draw(st.integers(0, 3)) :]


DOCUMENTS = st.lists(st.tuples(st.one_of(GOOD, damaged()), SPACES), max_size=6).map(
    lambda blocks: "".join(block + gap for block, gap in blocks)
)
SOUP = st.text(alphabet='@{}(),="# \n\r%abstring\\', max_size=60)


def check(data: bytes) -> Document:
    """What holds for all bytes."""
    document = Document.from_bytes(data, "x.bib")
    assert document.to_bytes() == data
    assert "".join(block.text for block in document.blocks) == document.text
    assert document.bom + b"".join(block.data for block in document.blocks) + document.tail == data
    lines = document.text.count("\n") + document.text.count("\r") + 1
    for problem in document.problems:
        assert problem.hint
        assert 1 <= (problem.position.line or 0) <= lines
        assert (problem.position.column or 0) >= 1
        assert str(problem).encode()
    for block in document.broken:
        assert block.problems
    for entry in document.entries:
        for field in entry.fields:
            assert entry.start < field.start <= field.value_span[0] <= field.end < entry.end
            assert field.content.encode() is not None
            if all(piece.kind != "macro" for piece in field.pieces):
                assert field.content == readable("".join(piece.content for piece in field.pieces))
    return document


@pytest.mark.slow
@given(st.binary(max_size=200))
def test_any_bytes_come_back(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@given(SOUP, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"]))
def test_any_marks_come_back(text: str, encoding: str) -> None:
    check(text.encode(encoding))


@pytest.mark.slow
@given(DOCUMENTS)
def test_any_blocks_come_back(text: str) -> None:
    check(text.encode())


@pytest.mark.slow
@given(DOCUMENTS, st.binary(min_size=1, max_size=3), st.integers(0, 200))
def test_blocks_with_bad_bytes_come_back(text: str, bad: bytes, at: int) -> None:
    data = text.encode()
    check(data[:at] + bad + data[at:])


@pytest.mark.slow
@given(st.lists(entries(), max_size=4))
def test_entries_in_are_entries_out(blocks: list[str]) -> None:
    """What BibTeX accepts is read, each entry as one, wherever it stands."""
    assume(not any(Scanner(block).next_head(0) < len(block) for block in blocks))
    document = check("\n".join(blocks).encode())
    assert [entry.text for entry in document.entries] == blocks
    assert not document.broken


@pytest.mark.slow
@given(damaged(), SPACES)
def test_a_fault_does_not_reach_its_neighbours(fault: str, gap: str) -> None:
    """An entry before a fault is always read; one behind it unless the fault is a block that really goes on."""
    before = "@misc{before,\n  title = {good},\n  year = 1\n}\n"
    after = "\n@misc{after,\n  title = {good},\n  year = 2\n}\n"
    assume("before" not in fault and "after" not in fault)
    document = check((before + fault + gap + after).encode())
    first = document.entries[0]
    assert list(first.items()) == [("title", "good"), ("year", "1")]
    last = document.entries[-1]
    swallowed = document.text.rstrip().endswith("}}") or any(
        "block-in" in problem.code for problem in document.problems
    )
    assert last.key == "after" or swallowed
    if last.key == "after":
        assert list(last.items()) == [("title", "good"), ("year", "2")]


@pytest.mark.slow
@given(DOCUMENTS)
@example("@misc{a, b = {x} # , c = 1}")
@example("@misc{a, b = {x} {y}}")
@example("@misc{a, b = {x\n@misc{c, d = {y}}}}")
@settings(max_examples=300)
def test_the_pattern_for_plain_entries_gives_what_the_scanner_gives(text: str) -> None:
    scanner = Scanner(text)
    for at in scanner.heads:
        plain = blocks._plain_entry(scanner, at)
        assert plain is None or plain == blocks._block_at(scanner, at)


@pytest.mark.slow
@given(DOCUMENTS, NAMES, CONTENTS)
def test_setting_a_field_changes_only_that(text: str, name: str, value: str) -> None:
    before = Document.from_text(text)
    assume(before.entries)
    entry = before.entries[len(before.entries) // 2]
    field = entry.field(name) or (entry.fields[0] if entry.fields and len(name) % 2 else None)
    name = field.name if field else name
    assume(field is None or field.raw)
    editor = Editor(before)
    if not is_balanced(value):
        with pytest.raises(OutputError):
            editor.set_field(entry, name, value)
        return
    try:
        editor.set_field(entry, name, value)
        after = editor.document()
    except OutputError:
        # Refused where a value makes the entry look like something else; then nothing may have changed.
        assert before.text == text
        return
    again = next((e for e in after.entries if e.start == entry.start), None)
    assert again is not None
    assert again.get(name) == value
    if field is not None:
        begin, end = field.value_span
        assert after.text.startswith(before.text[:begin])
        assert after.text.endswith(before.text[end:])
    else:
        assert after.text.startswith(before.text[: entry.start])
        assert after.text.endswith(before.text[entry.end :])
    assert len(after.entries) == len(before.entries)


@pytest.mark.slow
@given(DOCUMENTS)
@example("@article(0)@string{s = {}}")
def test_removing_and_renaming_leave_the_others(text: str) -> None:
    before = Document.from_text(text)
    assume(before.entries)
    entry = before.entries[-1]
    others = [one.text for one in before.entries if one is not entry]
    try:
        renamed = edited(before, "rename_key", entry, "renamed:key")
    except OutputError:
        return
    assert [one.text for one in renamed.entries if one.start != entry.start] == others
    removed = Editor(before)
    removed.remove_entry(entry)
    texts = [one.text for one in Document.from_text(removed.text()).entries]
    assert texts[: len(others)] == others or not entry.text.endswith(("}", ")")) or len(texts) >= len(others)


@pytest.mark.slow
@given(st.lists(st.tuples(NAMES, CONTENTS), max_size=4), DOCUMENTS)
def test_an_added_entry_reads_back(fields: list[tuple[str, str]], text: str) -> None:
    before = Document.from_text(text)
    assume(all(is_balanced(value) for _, value in fields))
    try:
        after = edited(before, "add_entry", "misc", "added:entry", fields)
    except OutputError:
        return
    assert after.text.startswith(text)
    if not before.broken and not before.problems and not text.rstrip().endswith("%"):
        assert list(after.entries[-1].items()) == [(name.lower(), value) for name, value in fields]


@pytest.mark.slow
@given(st.one_of(st.binary(max_size=100), DOCUMENTS.map(str.encode)))
def test_the_guess_is_a_percentage(data: bytes) -> None:
    assert 0 <= sniff(data) <= 100
