"""XML as a tree: what is kept of the text, and references that were escaped twice."""

from __future__ import annotations

import pytest

from bibtool.xmltree import parse_xml

MIXED = "<a>one <b>two<c/>three</b> four<d><e/> <e/>five</d></a>"


def test_text_and_children_in_their_order() -> None:
    root = parse_xml(MIXED, max_depth=9).root
    assert root is not None
    assert "".join(root.raw()) == "one twothree four five"
    assert root.own_text == "one  four"
    inner = root.children[0]
    assert [piece if isinstance(piece, str) else piece.name for piece in inner.content] == ["two", "c", "three"]
    last = root.children[1]
    assert [piece if isinstance(piece, str) else piece.name for piece in last.content] == ["e", " ", "e", "five"]
    assert [child.name for child in last.children] == ["e", "e"]


def test_text_of_some_elements_only() -> None:
    root = parse_xml(MIXED, max_depth=9, text_in={"a", "d"}).root
    assert root is not None
    assert "".join(root.raw()) == "one  four five"
    assert root.children[0].own_text == ""


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("&amp;#8211;", "\u2013"), ("&#38;#8211;", "\u2013"), ("&amp; #8211;", "& #8211;"), ("&#8211;", "\u2013")],
)
@pytest.mark.parametrize("encoding", ["", "utf-8", "utf-16"])
def test_references_escaped_twice(value: str, wanted: str, encoding: str) -> None:
    text = f'<a b="{value}"/>'
    root = parse_xml(text.encode(encoding) if encoding else text, max_depth=9, unescape_twice=True).root
    assert root is not None
    assert root.get("b") == wanted
