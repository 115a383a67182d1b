"""One rule decodes every input: UTF-8, UTF-16, Windows-1252, and UTF-8 with lines that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.registry import FORMATS, read_bytes, write_bytes
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.model.text.decode import Decoded, decode, encode, encoding_problem, readable
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Severity
from bibtool.project.rewrite import rewrite
from bibtool.project.scan.base import DocumentText

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "Größe – “weit”"
SECOND = "Über das Maß"
RECORDS = [
    Record(key=key, type="article-journal", variables={"title": Text.of(title), "author": Names((Name(family="Roe"),))})
    for key, title in (("first", FIRST), ("second", SECOND))
]
OPTIONS = ReadOptions(path="input")
# what the formats that are only read look like, and identifiers, whose notes are the only text
WRITTEN = {
    "crossref": '[{"DOI": "10.1000/1", "type": "journal-article", "title": ["%s"]},\n'
    ' {"DOI": "10.1000/2", "type": "journal-article", "title": ["%s"]}]\n',
    "datacite": '[{"doi": "10.1000/1", "titles": [{"title": "%s"}], "types": {"resourceTypeGeneral": "Text"}},\n'
    ' {"doi": "10.1000/2", "titles": [{"title": "%s"}], "types": {"resourceTypeGeneral": "Text"}}]\n',
    "jats": '<?xml version="1.0"?>\n<set><article><front><article-meta><title-group>\n'
    "<article-title>%s</article-title>\n</title-group></article-meta></front></article><article><front><article-meta><title-group>\n"
    "<article-title>%s</article-title>\n</title-group></article-meta></front></article></set>\n",
    "wos": "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Roe, J\nTI %s\nER\n\n"
    "PT J\nAU Roe, J\nTI %s\nER\n\nEF\n",
    "pubmed-xml": '<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>\n'
    "<ArticleTitle>%s</ArticleTitle>\n</Article></MedlineCitation></PubmedArticle><PubmedArticle><MedlineCitation>\n"
    "<PMID>2</PMID><Article>\n<ArticleTitle>%s</ArticleTitle>\n</Article></MedlineCitation></PubmedArticle>"
    "</PubmedArticleSet>\n",
    "marcxml": '<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim"><record>\n'
    '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">%s</subfield></datafield>\n</record><record>\n'
    '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">%s</subfield></datafield>\n</record></collection>\n',
    "zotero": '{"items": [\n{"itemType": "journalArticle", "title": "%s"},\n'
    '{"itemType": "journalArticle", "title": "%s"}]}\n',
    "bibjson": '{"metadata": {}, "records": [\n{"type": "article", "title": "%s", "author": [{"name": "Roe"}]},\n'
    '{"type": "article", "title": "%s", "author": [{"name": "Roe"}]}]}\n',
    "json-ld": '[{"@context": "https://schema.org", "@type": "ScholarlyArticle", "name":\n"%s"},\n'
    '{"@context": "https://schema.org", "@type": "ScholarlyArticle", "name":\n"%s"}]\n',
    "html": "<!DOCTYPE html>\n<html><body><pre>@article{first,\n title = {%s}}\n@article{second,\n title = {%s}}\n"
    "</pre></body></html>\n",
    "scopus": "Authors,Title,Year,Source title,EID\nRoe J.,%s,2020,Journal,2-s2.0-1\nRoe J.,%s,2020,Journal,2-s2.0-2\n",
    "bbl": "\\begin{thebibliography}{2}\n\\bibitem{first}\nJ.~Roe.\n\\newblock %s.\n"
    "\\newblock {\\em Journal}, 8(2):1--9, 2020.\n\n"
    "\\bibitem{second}\nJ.~Doe.\n\\newblock %s.\n\\newblock {\\em Journal}, 8(3):1--9, 2021.\n\\end{thebibliography}\n",
    "references": "Roe, J. (2020). %s. Journal, 8(2), 1-9.\nDoe, J. (2021). %s. Journal, 8(3), 1-9.\n",
    "listing": "LGMar 2, 2022\n%sJane Roe, John Doe\nLGMar 3, 2022\n%sJane Roe, John Doe\n",
}
# identifiers have no text, and a Word document is a zip file, whose XML says its encoding
READERS = [entry.name for entry in FORMATS if entry.reader and entry.name not in ("ids", "docx")]


def text_of(name: str) -> str:
    """Both records in a format, the titles on lines of their own."""
    if name in WRITTEN:
        return WRITTEN[name] % (FIRST, SECOND)
    return write_bytes(RECORDS, name, WriteOptions()).data.decode()


def titles(data: bytes, name: str) -> list[str]:
    return [str(record.title) for record in read_bytes(data, name, OPTIONS).records]


def in_windows(text: str) -> bytes:
    return text.replace("``", "“").replace("''", "”").replace("--", "–").encode("cp1252")


@pytest.mark.parametrize("name", READERS)
def test_each_reader_knows_utf_8(name: str) -> None:
    assert titles(text_of(name).encode(), name) == [FIRST, SECOND]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", READERS)
def test_each_reader_knows_byte_order_marks(name: str, encoding: str) -> None:
    data = text_of(name).replace(' encoding="UTF-8"', "").encode(encoding)
    result = read_bytes(data, name, OPTIONS)
    assert [str(record.title) for record in result.records] == [FIRST, SECOND]
    if name not in ("bibtex", "biblatex"):  # BibTeX can't read UTF-16
        assert not [problem for problem in result.problems if problem.code == "encoding"]


@pytest.mark.parametrize("name", READERS)
def test_each_reader_knows_windows_1252(name: str) -> None:
    result = read_bytes(in_windows(text_of(name)), name, OPTIONS)
    assert [str(record.title) for record in result.records] == [FIRST, SECOND]
    problems = [problem for problem in result.problems if problem.code == "encoding"]
    assert [problem.message for problem in problems] == ["the file is not UTF-8; it was read as cp1252"]
    assert problems[0].severity is Severity.WARNING


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", READERS)
def test_each_reader_names_the_one_line_that_is_not_utf_8(name: str, which: int) -> None:
    lines = text_of(name).splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if ("Größe", "Maß")[which] in line)
    data = b"".join(in_windows(line) if i == number else line.encode() for i, line in enumerate(lines))
    assert titles(data, name) == [FIRST, SECOND]
    problems = [problem for problem in read_bytes(data, name, OPTIONS).problems if problem.code == "encoding"]
    column = 1 + next(i for i, char in enumerate(lines[number]) if not char.isascii())
    byte = in_windows(lines[number][column - 1])[0]
    assert [str(problem.position) for problem in problems] == [f"input:{number + 1}:{column}"]
    assert problems[0].message == f"line {number + 1} is not UTF-8 (byte 0x{byte:02x}); it was read as cp1252"


def test_identifiers_are_read_whatever_the_encoding_of_the_rest() -> None:
    result = read_bytes("10.1000/1\n# Übersicht\n".encode("cp1252"), "ids", OPTIONS)
    assert [str(record.variables["DOI"]) for record in result.records] == ["10.1000/1"]
    assert [str(problem.position) for problem in result.problems if problem.code == "encoding"] == ["input:2:3"]


def test_a_scanner_reads_the_same_characters() -> None:
    source = DocumentText.from_bytes("\\cite{größe–a}\n".encode() + "\\cite{größe–b}\r\n".encode("cp1252"), "a.tex")
    assert source.text == "\\cite{größe–a}\n\\cite{größe–b}\r\n"
    assert [str(problem) for problem in source.problems] == [
        "a.tex:2:9: note: line 2 is not UTF-8 (byte 0xf6); it was read as cp1252 [scan-encoding]"
    ]
    assert DocumentText.from_bytes("“a” – b".encode("cp1252"), "a.tex").text == "“a” – b"


def test_keys_are_replaced_in_files_of_two_encodings() -> None:
    data = "Größe \\cite{old}\n".encode() + "Größe \\cite{old} \\cite{maß}\r".encode("cp1252")
    assert rewrite(data, "a.tex", {"old": "new"}).data == data.replace(b"old", b"new")
    left = rewrite(data, "a.tex", {"maß": "new"})
    assert left.data == data.replace("maß".encode("cp1252"), b"new")
    assert [(one.line, one.column, one.old) for one in left.replacements] == [(2, 24, "maß")]


@pytest.mark.parametrize("name", ["cp1252.ris", "cp1252.csv", "cp1252.bib"])
def test_quotation_marks_and_dashes_of_windows(shared: Path, name: str) -> None:
    data = (shared / "findings/cases/judge" / name).read_bytes()
    format_name = {"bib": "bibtex"}.get(name[-3:], name[-3:])
    assert titles(data, format_name) == ["The “quoted” title – part"]


def test_one_line_of_latin_1_leaves_the_others_alone(shared: Path) -> None:
    data = (shared / "findings/cases/bib/k14.bib").read_bytes()
    result = read_bytes(data, "bibtex", ReadOptions(path="k14.bib"))
    assert [record.names("author").names[0].family for record in result.records] == ["Müller", "Süß"]
    assert str(result.problems[0]).startswith("k14.bib:2:19: warning: line 2 is not UTF-8")
    assert Document.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"abc", "abc", "utf-8"),
        ("ü\n".encode() + b"\xfc\xdf", "ü\nüß", "utf-8"),
        (b"\xfc\n" * 10 + "ü\n".encode(), "ü\n" * 11, "utf-8"),
        # by chance É and a closing quotation mark are UTF-8 for another letter
        (b"\xfc\n" * 11 + b"CAF\xc9\xbb", "ü\n" * 11 + "CAFÉ»", "cp1252"),
        (b"\xabCAF\xc9\xbb", "«CAFÉ»", "cp1252"),
        ("üß ".encode() + b"\xe9", "üß é", "utf-8"),
        (b"\xef\xbb\xbf\xfc", "ü", "utf-8"),
        (b"\x93a\x94 \x96 \x80", "“a” – €", "cp1252"),
        (b"\x81\x8d\x8f\x90\x9d\x93", "\x81\x8d\x8f\x90\x9d“", "cp1252"),
        ("ü\n".encode() + b"\x81\x8d\x8f\x90\x9d\x93", "ü\n\x81\x8d\x8f\x90\x9d“", "utf-8"),
        ("abcdefghé😁".encode("utf-16-le"), "abcdefghé😁", "utf-16-le"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "a\ufffdb", "utf-16-le"),
        (b"\xfe\xff\x00a\x00", "a", "utf-16-be"),
        ("\ufeffé😁".encode("utf-32-le"), "é😁", "utf-32-le"),
        ("\ufeffé😁".encode("utf-32-be") + b"\0\0", "é😁", "utf-32-be"),
        (b"\xff\xfe\0\0\0\0\x11\x01", "ÿþ\0\0\0\0\x11\x01", "cp1252"),  # beyond Unicode
    ],
)
def test_the_rule(data: bytes, text: str, encoding: str) -> None:
    decoded = decode(data)
    assert (readable(decoded.text), decoded.encoding) == (text, encoding)
    assert decoded.data == data


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"\xff\xfea\x00b", "half a character of UTF-16 was left out; is the file complete?", "x:1:2"),
        (b"\xff\xfe\0\0a", "half a character of UTF-32 was left out; is the file complete?", "x:1:1"),
        ("ü\n".encode() + b"\n\xe9\r\n\xe9", "lines 3 and 4 are not UTF-8 (first byte 0xe9); they were read as cp1252",
         "x:3:1"),
        ("ü\n".encode() + b"\xe9\n" * 7,
         "lines 2, 3, 4, 5, 6 and 2 more are not UTF-8 (first byte 0xe9); they were read as cp1252", "x:2:1"),
    ],
)  # fmt: skip
def test_what_is_said_of_it(data: bytes, message: str, place: str) -> None:
    decoded = decode(data)
    problem = encoding_problem(decoded, LineIndex(decoded.text, "x"))
    assert problem is not None
    assert (problem.message, str(problem.position)) == (message, place)


def test_nothing_is_said_of_unicode() -> None:
    for data in (b"", b"a", "ü".encode(), "ü".encode("utf-8-sig"), "ü".encode("utf-16"), "ü".encode("utf-32")):
        decoded = decode(data)
        assert encoding_problem(decoded, LineIndex(decoded.text, "x")) is None


LINES = st.text(alphabet="abÉüß»“–\u0081 ", max_size=8)
MIXED = st.lists(st.tuples(LINES, st.sampled_from(["utf-8", "latin-1", "cp1252"]), st.sampled_from(["\n", "\r\n"])))


@given(st.one_of(st.binary(), MIXED.map(lambda rows: b"".join(
    (text + end).encode(encoding, "replace") for text, encoding, end in rows
))))  # fmt: skip
def test_any_bytes_come_back(data: bytes) -> None:
    decoded = decode(data)
    assert decoded.data == data
    assert len(readable(decoded.text)) == len(decoded.text)
    assert readable(decoded.text).encode() is not None
    if decoded.encoding == "cp1252":
        assert readable(decoded.text) is decoded.text
        assert encode(decoded.text, "cp1252") == data
    assert decode(Decoded(decoded.text, decoded.encoding, decoded.bom, decoded.tail).data) == decoded


@given(st.lists(st.tuples(st.text(alphabet="aüøþ–“ ", max_size=8), st.booleans()), max_size=10))
def test_each_line_is_read_in_its_own_encoding(rows: list[tuple[str, bool]]) -> None:
    """The bytes of these letters are never the first of a character in UTF-8; one line in UTF-8 is sure."""
    data = "ü\n".encode() + b"".join(text.encode("cp1252" if bad else "utf-8") + b"\n" for text, bad in rows)
    assert readable(decode(data).text) == "ü\n" + "".join(f"{text}\n" for text, _ in rows)
