"""The document model: blocks, entries, fields, places, problems, encodings."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bibtool import bib as bibtex
from bibtool.bib import Document
from bibtool.problems import Position, Severity

SAMPLE = """\
% a comment
@string{acm = "ACM"}
@preamble{"\\x"}
@Article{ Knuth:84 ,
  Author = {Donald E. Knuth},
  title  = "The {TeX}book" # { and more},
  year   = 1984,
  month  = jan,
  publisher = acm,
}
@comment{me}
@misc{broken,
  title {{x}
"""


def codes(document: Document) -> list[str]:
    return [one.code for one in document.problems]


class TestBlocks:
    def test_kinds_in_order(self) -> None:
        document = Document.from_text(SAMPLE)
        kinds = [block.kind for block in document.blocks if block.text.strip()]
        assert kinds == ["free", "string", "preamble", "entry", "comment", "broken"]
        assert "".join(block.text for block in document.blocks) == SAMPLE

    def test_lines_and_columns_count_from_one(self) -> None:
        document = Document.from_text(SAMPLE, "refs.bib")
        entry = document.entries[0]
        assert (entry.line, entry.column) == (4, 1)
        field = entry.field("year")
        assert field is not None
        assert (field.line, field.column) == (7, 3)
        assert str(field.position) == "refs.bib:7:3"

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_of_every_line_end(self, end: str) -> None:
        document = Document.from_bytes(f"{end}@misc{{a}}{end}{end}@misc{{b}}{end}".encode())
        assert [entry.line for entry in document.entries] == [2, 4]
        assert document.newline == end

    def test_broken_blocks_keep_their_text(self) -> None:
        document = Document.from_text(SAMPLE)
        assert [block.text for block in document.broken] == ["@misc{broken,\n  title {{x}"]
        assert document.broken[0].key == "broken"
        problem = document.broken[0].problems[0]
        assert problem.raw == document.broken[0].text
        assert problem.severity is Severity.ERROR
        assert problem.hint

    def test_strings(self) -> None:
        block = Document.from_text(SAMPLE).strings[0]
        assert (block.name, block.content) == ("acm", "ACM")


class TestEntry:
    def test_type_key_and_names(self) -> None:
        entry = Document.from_text(SAMPLE).entries[0]
        assert (entry.type, entry.type_spelling, entry.key) == ("article", "Article", "Knuth:84")
        assert entry.names == ("author", "title", "year", "month", "publisher")

    def test_contents(self) -> None:
        entry = Document.from_text(SAMPLE).entries[0]
        assert entry.get("TITLE") == "The {TeX}book and more"
        assert entry.get("month") == "January"
        assert entry.get("publisher") == "ACM"
        assert entry.get("doi") is None
        assert next(iter(entry.items())) == ("author", "Donald E. Knuth")

    def test_field_parts(self) -> None:
        document = Document.from_text(SAMPLE)
        author, title, year, month, _ = document.entries[0].fields
        assert (author.name, author.spelling, author.raw) == ("author", "Author", "{Donald E. Knuth}")
        assert [field.delimiter for field in (author, title, year, month)] == ["{", "#", "", ""]
        assert [(piece.kind, piece.content) for piece in title.pieces] == [
            ("quoted", "The {TeX}book"),
            ("braced", " and more"),
        ]
        assert [field.pieces[0].kind for field in (year, month)] == ["number", "macro"]
        assert document.text[title.start : title.end] == 'title  = "The {TeX}book" # { and more}'
        assert document.text[slice(*title.value_span)] == title.raw

    def test_the_first_of_two_fields_counts(self) -> None:
        document = Document.from_text("@misc{k, a = 1, A = 2}")
        assert document.entries[0].get("a") == "1"
        assert document.entries[0].names == ("a", "a")
        assert codes(document) == ["duplicate-field"]

    def test_a_field_without_value_is_empty(self) -> None:
        document = Document.from_text("@misc{k, a = , b}")
        assert list(document.entries[0].items()) == [("a", ""), ("b", "")]
        assert document.entries[0].fields[1].pieces == ()


class TestMacros:
    def test_later_definitions_replace_earlier_ones(self) -> None:
        text = '@string{a="1"}@misc{x, n = a}@string{A="2"}@misc{y, n = a}'
        document = Document.from_text(text)
        assert [entry.get("n") for entry in document.entries] == ["1", "2"]

    def test_macros_of_macros(self) -> None:
        document = Document.from_text('@string{a="x"}@string{b = a # "y" # a}\n@misc{k, n = b # 1}')
        assert document.entries[0].get("n") == "xyx1"
        assert document.problems == ()

    def test_an_unknown_macro_stands_for_its_name(self) -> None:
        document = Document.from_text("@misc{k, journal = PRL, month = Sept}")
        assert document.entries[0].get("journal") == "PRL"
        assert codes(document) == ["undefined-macro", "undefined-macro"]

    def test_cycles_end(self) -> None:
        document = Document.from_text("@string{a = b}@string{b = c}@string{c = a}\n@misc{k, n = a # b # c}")
        assert document.entries[0].get("n")
        assert "macro-cycle" in codes(document)

    @pytest.mark.slow
    def test_a_long_chain_of_later_definitions_ends(self) -> None:
        text = "".join(f"@string{{a{i} = a{i + 1} # a{i + 1}}}\n" for i in range(3000)) + "@misc{k, n = a0}"
        assert len(Document.from_text(text).problems) > 1000

    def test_doubling_macros_do_not_fill_the_memory(self) -> None:
        text = '@string{a0 = "0123456789"}\n'
        text += "".join(f"@string{{a{i + 1} = a{i} # a{i}}}\n" for i in range(60)) + "@misc{k, n = a60}"
        document = Document.from_text(text)
        assert len(document.entries[0].get("n") or "") < 10_000
        assert "macro-too-long" in codes(document)

    def test_a_long_text_that_stands_in_the_file_is_kept(self) -> None:
        document = Document.from_text(
            '@string{a = "' + "x" * 50_000 + '"}@misc{k, n = a, m = "b" # {' + "y" * 50_000 + "}}"
        )
        assert [len(content) for _, content in document.entries[0].items()] == [50_000, 50_001]
        assert document.problems == ()


class TestEncodings:
    def test_bytes_that_are_no_utf_8_are_kept_and_readable(self) -> None:
        data = "@misc{k, title = {Żółć ".encode() + b"caf\xe9}}"
        document = Document.from_bytes(data)
        assert document.to_bytes() == data
        title = document.entries[0].get("title")
        assert title == "Żółć café"
        assert title.encode()
        assert codes(document) == ["encoding"]

    @pytest.mark.parametrize(
        ("data", "encoding"),
        [
            (b"@misc{k, title = {caf\xe9}}", "cp1252"),
            (b"@misc{k, title = {caf\xe9 \x81}}", "cp1252"),
            ("@misc{k, title = {é}}".encode("utf-16"), "utf-16-le"),
            ("@misc{k, title = {e}}".encode("utf-16-be"), "utf-16-be"),
            ("@misc{k, title = {é}}".encode("utf-8-sig"), "utf-8"),
        ],
    )
    def test_encodings(self, data: bytes, encoding: str) -> None:
        document = Document.from_bytes(data)
        assert document.encoding == encoding
        assert [entry.key for entry in document.entries] == ["k"]
        assert document.to_bytes() == data

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
    def test_byte_spans(self, encoding: str) -> None:
        text = "é" * 5000 + "\n@misc{k,\n  title = {äöü},\n}\n"
        data = text.encode(encoding)
        document = Document.from_bytes(data)
        entry = document.entries[0]
        assert entry.data.decode("latin-1" if encoding == "latin-1" else document.encoding) == entry.text
        field = entry.field("title")
        assert field is not None
        begin, end = document.byte_span(field.start, field.end)
        assert data[begin:end].decode(document.encoding) == "title = {äöü}"

    @pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe@", b"\0", b"\xff", b"\x80@misc{"])
    def test_odds_and_ends(self, data: bytes) -> None:
        document = Document.from_bytes(data)
        assert document.to_bytes() == data
        assert document.entries == ()


class TestProblems:
    def test_they_are_in_the_order_of_the_file(self) -> None:
        document = Document.from_text("@misc{a, n = x}\n@misc{b n = 1}\n@misc{A, n = y}\n")
        places = [(one.position.line, one.position.column) for one in document.problems]
        assert places == sorted(places)
        assert codes(document) == ["undefined-macro", "missing-comma", "duplicate-key", "undefined-macro"]

    def test_a_clean_file_has_none(self) -> None:
        assert Document.from_text("@misc{a, n = {x}}\n").problems == ()
        assert Document.from_text("@misc{a, n = {x}}\n").ok

    def test_a_swallowed_field_is_blamed_on_its_value(self) -> None:
        """The entry never ends, but the mistake is in the value that holds the next field."""
        document = Document.from_text("@misc{a,\n  title = {x,\n  year = {1}\n}\n\n@misc{b, n = 1}\n")
        problem = document.problems[0]
        assert (problem.code, problem.position.line, problem.position.column) == ("missing-brace", 2, 11)
        assert [entry.key for entry in document.entries] == ["b"]


def test_public_names_are_lazy() -> None:
    """Importing the package loads none of its modules."""
    script = (
        "import sys, bibtool.bib as b; "
        "print(sorted(n for n in sys.modules if n.startswith(('bibtool.bib.', 'bibtexparser'))))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_public_names_exist() -> None:
    for name in bibtex.__all__:
        assert getattr(bibtex, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = bibtex.nothing


@pytest.mark.parametrize("text", ["", "a\nbc\r\n\r\nd\re", SAMPLE])
def test_places_lead_back_to_their_offsets(text: str) -> None:
    document = Document.from_text(text)
    for offset in range(len(text) + 1):
        assert document.offset_of(document.position(offset)) == offset
        first, last = document.line_span(offset)
        assert first <= offset
        assert document.line_of(first) == document.line_of(last) == document.line_of(offset)
        assert last == len(text) or document.line_of(last + 1) == document.line_of(offset) + 1
    assert document.offset_of(Position(line=1000, column=1000)) == len(text)
