"""How sure the guess is that something is BibTeX."""

from __future__ import annotations

import pytest

from bibtool.formats.bibtex.sniff import sniff
from bibtool.formats.html import sniff as guess
from bibtool.formats.registry import guess_format


@pytest.mark.parametrize(
    "head",
    [
        b"@article{k, title = {x}}",
        b"% note\n\n  @Book {k ,\n title = {x}",
        b"@misc(k\n , year = 1)",
        b'@string{a = "x"}\n@misc{k}',
        b"@article{title = {no key}}",
        b"\xef\xbb\xbf@misc{k, year = 1}",
        "@misc{k, year = 1}".encode("utf-16"),
        b"Mendeley wrote this.\n\n@misc{k,\ntitle = {x}",
        b"<<<<<<< HEAD\n@misc{k,\n  title = {x}\n}",
        b"% note\r\r@misc{k,\r  title = {x}\r}",
    ],
)
def test_certain(head: bytes) -> None:
    assert sniff(head) == 100


@pytest.mark.parametrize("head", [b"@foo{k, title = {x}}", b"@misc{k}", b"@comment{jabref-meta: x;}", b"@misc{k,\n"])
def test_likely(head: bytes) -> None:
    assert 50 <= sniff(head) < 100


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n\n",
        b'[{"id": "x", "note": "@article{k, title = {x}}"}]',
        b'{"references": ["@misc{k, a = 1}"]}',
        b"<?xml version='1.0'?><a>\n@misc{k, a = 1}</a>",
        b"TY  - JOUR\nTI  - @misc{k, a = 1}\nER  - \n",
        b"A. Author, B. Author. A title. Journal of Things 12, 2001.\nme@example.org {x}",
        b"2203.01360\n10.1000/182\n",
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"id,title\n1,@home (x)\n",
    ],
)
def test_no(head: bytes) -> None:
    assert sniff(head) == 0


def test_a_page_with_entries_is_left_to_the_reader_of_pages() -> None:
    head = b"<html>\n@misc{k, a = 1}</html>"
    assert sniff(head) < guess(head)
    assert guess_format(head, "x").name == "html"
    assert guess_format(head, "x.bib").name == "bibtex"


def test_it_ends_soon_on_odd_input() -> None:
    for head in (b"@a{" * 30_000, b"\n@" * 40_000, b"@" + b"a" * 70_000, b"\n@ab{k" + b" " * 65_000, b"\n" * 70_000):
        assert 0 <= sniff(head) <= 100
