"""White space of TeX is layout; spaces of other scripts and no-break spaces are text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bibtool.bib.entrytext import differences, say_the_same
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.text.white import evened

# a no-break space, one of Ogham, an em space, a thin one, a narrow no-break one, an ideographic one, a line separator
SPACES = ["\u00a0", "\u1680", "\u2003", "\u2009", "\u202f", "\u3000", "\u2028"]


@given(st.text(st.sampled_from([*" \t\n\r\f\vab", *SPACES])))
@example("a  \u3000\n b")
def test_only_white_space_of_ascii_is_evened(text: str) -> None:
    words = (
        text.replace("\t", " ").replace("\n", " ").replace("\r", " ").replace("\f", " ").replace("\v", " ").split(" ")
    )
    assert evened(text) == " ".join(word for word in words if word)
    assert evened(evened(text)) == evened(text)


@pytest.mark.parametrize("space", SPACES)
def test_fmt_keeps_spaces_that_are_text(space: str) -> None:
    fields = f'title = {{A{space}b  c}},\n  abstract = {{One{space}two\n\n  three}},\n  note = x # " a{space}b",\n'
    text = f"@book{{k,\n  {fields}}}\n"
    tidied = tidy(text.encode(), TidyOptions(), "a.bib").data.decode()
    assert tidied.count(space) == 3
    assert f"{{A{space}b c}}" in tidied


@pytest.mark.parametrize("space", SPACES)
def test_an_entry_with_another_space_says_something_else(space: str) -> None:
    first, second = (f"@book{{k,\n  title = {{A{between}b}},\n}}" for between in (" ", space))
    assert not say_the_same(first, second)
    assert differences(first, second) == (("title", "A b", f"A{space}b"),)
    assert say_the_same(second, second.replace("\n  ", "\n\t"))


@pytest.mark.parametrize("space", SPACES[:-1])
@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_records_are_written_with_their_spaces(space: str, dialect: str) -> None:
    text = f"@book{{k, title = {{東京{space}大学}}, publisher = {{A{space}b}}, address = {{C{space}d}}}}"
    records = read_bytes(text.encode(), dialect).records
    again = read_bytes(write_bytes(records, dialect).data, dialect).records
    assert [dict(one.variables) for one in again] == [dict(one.variables) for one in records]
