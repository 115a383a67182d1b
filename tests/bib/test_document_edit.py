"""Edits change what they name and nothing else."""

from __future__ import annotations

import pytest

from bibtool.bib import Document, Editor
from bibtool.errors import OutputError, UsageError
from tests.support.editing import edited

ALIGNED = """\
% refs
@article{one,
  author = {A. Author},
  title  = "Old title",
  year   = 1999,
  month  = jan
}

@misc{two, note={x}, url={y},}

@book(three
  , title = {T}
  , year = {2000}
  )
"""


def changed(before: Document, after: Document) -> tuple[str, str]:
    """What was cut out and what was put in between the common beginning and the common end."""
    old, new = before.text, after.text
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


class TestSetField:
    @pytest.mark.parametrize(
        ("key", "name", "value", "expected"),
        [
            ("one", "author", "B. Other", "{B. Other}"),
            ("one", "title", "New", '"New"'),
            ("one", "title", 'New "quoted"', '{New "quoted"}'),
            ("one", "title", 'New {"}quoted{"}', '"New {"}quoted{"}"'),
            ("one", "year", "2001", "2001"),
            ("one", "year", "2001a", '"2001a"'),
            ("one", "month", "Spring", '"Spring"'),
            ("two", "NOTE", "", "{}"),
            ("three", "title", "a ) b", "{a ) b}"),
        ],
    )
    def test_only_the_value_changes(self, key: str, name: str, value: str, expected: str) -> None:
        before = Document.from_text(ALIGNED)
        entry = before.entry(key)
        assert entry is not None
        field = entry.field(name)
        assert field is not None
        begin, end = field.value_span
        after = edited(before, "set_field", key, name, value)
        assert after.text == before.text[:begin] + expected + before.text[end:]
        again = after.entry(key)
        assert again is not None
        assert again.get(name) == value

    def test_an_expression(self) -> None:
        editor = Editor(Document.from_text(ALIGNED))
        editor.set_field("one", "month", '2 # "~" # feb', expression=True)
        entry = editor.document().entry("one")
        assert entry is not None
        assert entry.get("month") == "2~February"

    @pytest.mark.parametrize("value", ["{", "}", "a } b { c", "\\{", "{{}", "x}, year = {1"])
    def test_unbalanced_braces_are_refused(self, value: str) -> None:
        document = Document.from_text(ALIGNED)
        editor = Editor(document)
        with pytest.raises(OutputError, match="not balanced") as caught:
            editor.set_field("one", "title", value)
        assert caught.value.hint
        assert editor.text() == document.text

    @pytest.mark.parametrize("value", ["", "{a", "a b", "{a} {b}", "{a}, note = {b}", "%", '"a', "a = b"])
    def test_an_expression_that_does_not_read_back_is_refused(self, value: str) -> None:
        document = Document.from_text(ALIGNED)
        editor = Editor(document)
        with pytest.raises(OutputError):
            editor.set_field("one", "title", value, expression=True)
        assert editor.text() == document.text

    @pytest.mark.parametrize("name", ["", "a b", "a=", "a,", "{a}", "@a"])
    def test_a_name_that_is_none_is_refused(self, name: str) -> None:
        with pytest.raises(UsageError):
            edited(Document.from_text(ALIGNED), "set_field", "one", name, "x")

    def test_a_field_without_value_gets_one(self) -> None:
        document = Document.from_text("@misc{k,\n  a = {x},\n  b,\n  c =\n}")
        after = edited(edited(document, "set_field", "k", "b", "y"), "set_field", "k", "c", "z")
        assert after.text == "@misc{k,\n  a = {x},\n  b = {y},\n  c = {z}\n}"
        assert after.problems == ()


class TestAddField:
    def test_aligned_without_trailing_comma(self) -> None:
        after = edited(Document.from_text(ALIGNED), "set_field", "one", "doi", "10.1/x")
        assert changed(Document.from_text(ALIGNED), after) == ("", ',\n  doi    = "10.1/x"')

    def test_one_line_with_trailing_comma(self) -> None:
        after = edited(Document.from_text(ALIGNED), "set_field", "two", "doi", "10.1/x")
        assert "@misc{two, note={x}, url={y}, doi={10.1/x},}" in after.text

    def test_leading_commas(self) -> None:
        after = edited(Document.from_text(ALIGNED), "set_field", "three", "doi", "10.1/x")
        assert "  , year = {2000}\n  , doi = {10.1/x}\n  )" in after.text

    def test_aligned_but_for_a_name_that_reaches_the_column(self) -> None:
        text = "@misc{k,\n  year   = 2020,\n  author = {A}\n}\n"
        editor = Editor(Document.from_text(text))
        for name in ("journal", "doi", "number"):
            editor.set_field("k", name, "x")
        added = ",\n  journal = {x},\n  doi    = {x},\n  number = {x}\n}\n"
        assert editor.document().text == text[: -len("\n}\n")] + added

    def test_a_name_longer_than_the_column(self) -> None:
        after = edited(Document.from_text(ALIGNED), "set_field", "one", "howpublished", "x")
        assert '\n  howpublished = "x"\n}' in after.text

    @pytest.mark.parametrize("empty", ["@misc{k}", "@misc{k,}", "@misc{ k , }", "@misc(k)", "@misc{k,\n}"])
    def test_the_first_field(self, empty: str) -> None:
        after = edited(Document.from_text(empty + "\n"), "set_field", "k", "note", "x")
        assert after.problems == ()
        assert [list(entry.items()) for entry in after.entries] == [[("note", "x")]]

    def test_crlf_stays_crlf(self) -> None:
        data = b"@misc{k,\r\n  note = {x}\r\n}\r\n"
        after = edited(Document.from_bytes(data), "set_field", "k", "url", "y")
        assert after.to_bytes() == b"@misc{k,\r\n  note = {x},\r\n  url = {y}\r\n}\r\n"

    def test_a_field_that_is_there_is_not_added(self) -> None:
        editor = Editor(Document.from_text(ALIGNED))
        with pytest.raises(UsageError):
            editor.add_field("one", "Title", "x")


class TestRemoveField:
    @pytest.mark.parametrize(
        ("key", "name", "gone"),
        [
            ("one", "author", "\n  author = {A. Author},"),
            ("one", "title", '\n  title  = "Old title",'),
            ("one", "month", ",\n  month  = jan"),
            ("two", "note", " note={x},"),
            ("two", "url", " url={y},"),
            ("three", "year", "\n  , year = {2000}"),
        ],
    )
    def test_only_the_field_goes(self, key: str, name: str, gone: str) -> None:
        before = Document.from_text(ALIGNED)
        after = edited(before, "remove_field", key, name)
        assert len(before.text) - len(after.text) == len(gone)
        assert sorted(before.text) == sorted(after.text + gone)
        entry = after.entry(key)
        assert entry is not None
        assert entry.get(name) is None
        assert after.problems == ()

    def test_the_only_field(self) -> None:
        assert edited(Document.from_text("@misc{k, a = 1}"), "remove_field", "k", "a").text == "@misc{k}"

    def test_all_of_that_name_go(self) -> None:
        assert (
            edited(Document.from_text("@misc{k, a = 1, b = 2, A = 3}"), "remove_field", "k", "a").text
            == "@misc{k, b = 2}"
        )

    def test_what_is_not_there(self) -> None:
        with pytest.raises(UsageError):
            edited(Document.from_text(ALIGNED), "remove_field", "one", "doi")


class TestEntries:
    def test_rename_key(self) -> None:
        after = edited(Document.from_text(ALIGNED), "rename_key", "one", "first:1")
        assert changed(Document.from_text(ALIGNED), after) == ("one", "first:1")

    @pytest.mark.parametrize("key", ["", "a b", "a,b", "a}", "{a", "a%b", "a\\b"])
    def test_a_key_that_is_none_is_refused(self, key: str) -> None:
        with pytest.raises(OutputError):
            edited(Document.from_text(ALIGNED), "rename_key", "one", key)

    def test_a_missing_key_is_given(self) -> None:
        document = Document.from_text("@misc{title = {x}}")
        editor = Editor(document)
        editor.rename_key(document.entries[0], "k")
        after = editor.document()
        assert after.problems == ()
        assert (after.entries[0].key, after.entries[0].get("title")) == ("k", "x")

    def test_set_type(self) -> None:
        after = edited(Document.from_text(ALIGNED), "set_type", "three", "Online")
        assert changed(Document.from_text(ALIGNED), after) == ("book", "Online")

    @pytest.mark.parametrize("type_", ["", "string", "Comment", "a b", "a{"])
    def test_a_type_that_is_none_is_refused(self, type_: str) -> None:
        with pytest.raises(UsageError):
            edited(Document.from_text(ALIGNED), "set_type", "one", type_)

    @pytest.mark.parametrize(
        "text", ["", "\n", ALIGNED, ALIGNED.rstrip(), ALIGNED + "\n\n% end", ALIGNED.replace("\n", "\r\n")]
    )
    def test_an_added_entry_reads_back_and_leaves_the_rest(self, text: str) -> None:
        before = Document.from_text(text)
        pairs = [("title", "A {B}"), ("note", ""), ("howpublished", 'say "x"')]
        after = edited(before, "add_entry", "misc", "added", pairs)
        assert after.text.startswith(text)
        assert after.text.endswith(("\n", "\r\n"))
        assert "\r" not in after.text.replace("\r\n", "") if "\r\n" in text else "\r" not in after.text
        assert list(after.entries[-1].items()) == pairs
        assert [entry.text for entry in after.entries[:-1]] == [entry.text for entry in before.entries]

    def test_an_entry_added_behind_another(self) -> None:
        editor = Editor(Document.from_text(ALIGNED))
        editor.add_entry("misc", "added", {"note": "x"}, after="one")
        assert [entry.key for entry in editor.document().entries] == ["one", "added", "two", "three"]

    def test_an_unsafe_entry_is_refused(self) -> None:
        document = Document.from_text(ALIGNED)
        editor = Editor(document)
        for arguments in (
            ("misc", "k", {"a": "{"}),
            ("misc", "a b", {}),
            ("string", "k", {}),
            ("misc", "k", {"": "x"}),
        ):
            with pytest.raises((OutputError, UsageError)):
                editor.add_entry(*arguments)
        assert editor.text() == document.text

    def test_remove_entries_one_after_the_other(self) -> None:
        editor = Editor(Document.from_text("@misc{a}\n\n@misc{b}\n\n@misc{c}\n"))
        editor.remove_entry("b")
        assert editor.text() == "@misc{a}\n\n@misc{c}\n"
        editor.remove_entry("c")
        assert editor.text() == "@misc{a}\n"
        editor.remove_entry("a")
        assert editor.document().entries == ()

    def test_comments_beside_a_removed_entry_stay(self) -> None:
        after = edited(Document.from_text("% one\n@misc{a}\n% two\n@misc{b}\n% three\n"), "remove_entry", "a")
        assert after.text == "% one\n% two\n@misc{b}\n% three\n"

    def test_reorder_entries(self) -> None:
        document = Document.from_text("% 1\n@misc{a}\n% 2\n@book{b,\n}\n% 3\n@misc{c}")
        editor = Editor(document)
        editor.reorder_entries(["c", "a", "b"])
        assert editor.text() == "% 1\n@misc{c}\n% 2\n@misc{a}\n% 3\n@book{b,\n}"
        editor.rename_key("c", "d")
        assert [entry.key for entry in editor.document().entries] == ["d", "a", "b"]

    @pytest.mark.parametrize("order", [[], ["one", "two"], ["one", "two", "two"], ["one", "two", "three", "one"]])
    def test_an_order_that_is_none_is_refused(self, order: list[str]) -> None:
        editor = Editor(Document.from_text(ALIGNED))
        with pytest.raises(UsageError):
            editor.reorder_entries(order)
        assert editor.text() == ALIGNED

    def test_replace_blocks(self) -> None:
        document = Document.from_text("% old\n@misc{a, n = 1}\n")
        editor = Editor(document)
        editor.replace(document.blocks[0], "% new\n")
        editor.replace(document.entries[0], "@book{b,\n  n = {2}\n}")
        editor.set_field("b", "n", "3")
        assert editor.text() == "% new\n@book{b,\n  n = {3}\n}\n"
        for text in ("", "no entry", "@misc{b", "@misc{b} more", "@misc{b}@misc{c}", "@string{b = 1}"):
            with pytest.raises(OutputError):
                editor.replace(document.entries[0], text)

    def test_reorder_fields(self) -> None:
        editor = Editor(Document.from_text(ALIGNED))
        editor.reorder_fields("one", ["year", "TITLE", "nothing"])
        document = editor.document()
        assert document.entries[0].names == ("year", "title", "author", "month")
        assert sorted(document.text) == sorted(ALIGNED)
        assert document.problems == ()


class TestWhichEntry:
    def test_an_unknown_or_ambiguous_key(self) -> None:
        document = Document.from_text("@misc{a, n = 1}\n@misc{a, n = 2}\n")
        with pytest.raises(UsageError, match="2 entries"):
            edited(document, "set_field", "a", "n", "3")
        with pytest.raises(UsageError, match="no entry"):
            edited(document, "set_field", "b", "n", "3")
        after = edited(document, "set_field", document.entries[1], "n", "3")
        assert [entry.get("n") for entry in after.entries] == ["1", "3"]

    def test_an_entry_of_another_document(self) -> None:
        entry = Document.from_text("@misc{a, n = 1}").entries[0]
        with pytest.raises(UsageError):
            edited(Document.from_text("@misc{a, n = 1}"), "set_field", entry, "n", "2")

    def test_a_removed_entry(self) -> None:
        document = Document.from_text("@misc{a, n = 1}")
        editor = Editor(document)
        editor.remove_entry("a")
        with pytest.raises(UsageError):
            editor.set_field(document.entries[0], "n", "2")


class TestEncodings:
    def test_a_latin_1_file_stays_one(self) -> None:
        data = "@misc{k, title = {é}, note = {ü}}".encode("latin-1")
        after = edited(Document.from_bytes(data), "set_field", "k", "note", "ö")
        assert after.to_bytes() == "@misc{k, title = {é}, note = {ö}}".encode("latin-1")

    def test_a_character_that_the_file_lacks_is_refused(self) -> None:
        document = Document.from_bytes("@misc{k, title = {é}}".encode("latin-1"))
        with pytest.raises(OutputError, match="cp1252"):
            edited(document, "set_field", "k", "title", "Łódź")
        with pytest.raises(OutputError):
            edited(document, "add_entry", "misc", "k2", {"title": "Łódź"})

    def test_bad_bytes_elsewhere_stay(self) -> None:
        data = "@misc{k, title = {żółć}, note = {x}}\n".encode() + b"% \xff\n"
        after = edited(Document.from_bytes(data), "set_field", "k", "note", "y")
        assert after.to_bytes() == data.replace(b"{x}", b"{y}")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_byte_order_marks_stay(self, encoding: str) -> None:
        after = edited(Document.from_bytes("@misc{k, n = 1}".encode(encoding)), "set_field", "k", "n", "2")
        assert after.to_bytes() == "@misc{k, n = 2}".encode(encoding)


def test_faulty_entries_can_be_edited() -> None:
    """What was recovered can be changed, and its faults do not become more."""
    document = Document.from_text("@misc{k title = {x}\n note = {y},, year = 1}")
    after = edited(document, "set_field", "k", "title", "new")
    assert after.text == "@misc{k title = {new}\n note = {y},, year = 1}"
    assert len(after.problems) == len(document.problems)


def test_broken_blocks_and_comments_survive_edits() -> None:
    text = "% c\n@misc{bad, x {\n@misc{k, n = 1}\n@comment{c}\n"
    after = edited(Document.from_text(text), "set_field", "k", "n", "2")
    assert after.text == text.replace("1", "2")
