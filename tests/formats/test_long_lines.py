"""Ten megabytes in one line: every reader ends in bounded time, with records or a clear refusal."""

from __future__ import annotations

import contextlib
import time

import pytest

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.references.people import names_of
from bibtool.formats.registry import FORMATS, reader_of, write_bytes

SIZE = 10_000_000
SECONDS = 20  # of processor time; most readers take less than one
PIECES = ("x", "Lind, Mara and Ash, Ann. On Works, 2020. ")


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES, ids=["letters", "words"])
@pytest.mark.parametrize("name", [known.name for known in FORMATS if known.reader])
def test_a_line_of_ten_megabytes(name: str, piece: str) -> None:
    data = (piece * (SIZE // len(piece) + 1)).encode()[:SIZE]
    began = time.process_time()
    with contextlib.suppress(InputError):
        assert reader_of(name)(data, ReadOptions(path="x")).problems
    assert time.process_time() - began < SECONDS


LONG = "word " * (SIZE // 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("bibtex", "@misc{a, title={", "}}"),
        ("biblatex", "@misc{a, author={", "}}"),
        ("csl-json", '[{"id":"a","type":"book","title":"', '"}]'),
        ("csl-yaml", 'references: [{id: a, type: book, title: "', '"}]'),
        ("hayagriva", 'a: {type: book, title: "', '"}'),
        ("ris", "TY  - JOUR\nTI  - ", "\nER  - \n"),
        ("nbib", "PMID- 1\nTI  - ", "\n"),
        ("refer", "%0 Book\n%T ", "\n"),
        ("csv", 'id,title\na,"', '"\n'),
        ("mods", "<mods><titleInfo><title>", "</title></titleInfo></mods>"),
        ("bbl", "\\begin{thebibliography}{9}\n\\bibitem{a} A. Lind. ", "2020.\n\\end{thebibliography}"),
    ],
)
def test_a_value_of_ten_megabytes(name: str, before: str, after: str) -> None:
    began = time.process_time()
    with contextlib.suppress(InputError):
        assert len(reader_of(name)(f"{before}{LONG}{after}".encode(), ReadOptions(path="x")).records) == 1
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("page", ["-0" * 2_000, "1-" * 2_000, "9" * 4_000, "a-1," * 1_000])
def test_odd_pages_take_little_time(page: str) -> None:
    data = f"TY  - JOUR\nTI  - Clocks\nSP  - 379\nEP  - {page}\nER  - \n".encode()
    began = time.process_time()
    (record,) = reader_of("ris")(data, ReadOptions()).records
    write_bytes([record], "bibtex")
    assert time.process_time() - began < 3


@pytest.mark.parametrize("run", [", " * 1_900, "," * 3_800, "; " * 1_900, ", , " * 900])
def test_a_run_of_commas_among_names_takes_little_time(run: str) -> None:
    """Up to the length that a reference may have."""
    began = time.process_time()
    names_of(f"D. E. Knuth, L. Lamport{run}M. Roe et al")
    assert time.process_time() - began < 3


@pytest.mark.parametrize("run", ["[", "a", "a ", "#", "x={", "x=", ",x={", '"', '"a"#', "(", "\\", "~=1", "x=1,", "{"])
def test_a_run_of_anything_in_an_entry_takes_little_time(run: str) -> None:
    """Nothing is looked for again behind a value that no pattern for fields fits."""
    for start in ("@misc{a, title = {B}, year = ", "@misc{a, "):
        data = f"{start}{run * (100_000 // len(run))}".encode()
        began = time.process_time()
        reader_of("bibtex")(data, ReadOptions())
        tidy(data)
        assert time.process_time() - began < 3
