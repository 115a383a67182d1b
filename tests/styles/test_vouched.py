"""Styles that are not checked again are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import StyleError
from bibtool.styles import grammar, vouched
from bibtool.styles.grammar import check_style
from bibtool.styles.sources import collection_folder
from bibtool.styles.style import Style
from bibtool.styles.xmltree import parse_xml
from tests.styles.data import style_source

FOLDER = collection_folder()
KNOWN = Path(vouched.__file__).with_name(vouched.FILE).read_bytes()
PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_check_finds_nothing_in_styles_that_are_vouched_for(part: int) -> None:
    if FOLDER is None:
        pytest.skip("the collection of styles is not installed")
    count = 0
    for path in sorted(FOLDER.glob("*.csl"))[part::PARTS]:
        source = path.read_bytes()
        if vouched.is_vouched(source):
            check_style(parse_xml(source), path.name)
            count += 1
    assert count > 100  # a collection of which fewer are known is one for `python -m tests.support.make_vouched`


def test_digests_are_in_order_and_found() -> None:
    size = vouched.SIZE
    digests = [KNOWN[at : at + size] for at in range(0, len(KNOWN), size)]
    assert digests == sorted(set(digests))
    assert len(KNOWN) % size == 0
    assert not vouched.is_vouched(b"")


def test_a_digest_across_two_others_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouched, "digest", lambda source: source)
    size = vouched.SIZE
    assert vouched.is_vouched(KNOWN[size : 2 * size])
    assert vouched.is_vouched(KNOWN[-size:])
    assert not vouched.is_vouched(KNOWN[1 : size + 1])


def test_without_the_file_none_is_vouched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouched, "FILE", "nowhere.bin")
    monkeypatch.setattr(vouched, "digest", lambda source: source)
    assert not vouched.is_vouched(KNOWN[: vouched.SIZE])


def test_only_other_styles_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    source = style_source('<layout><text value="x" quotes="maybe"/></layout>')
    with pytest.raises(StyleError, match="quotes"):
        Style.parse(source)
    if FOLDER is None:
        pytest.skip("the collection of styles is not installed")

    def no_check(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(grammar, "check_style", no_check)
    apa = (FOLDER / "apa.csl").read_bytes()
    if vouched.is_vouched(apa):
        assert Style.parse(apa).macros
    with pytest.raises(AssertionError):
        Style.parse(apa + b" ")
