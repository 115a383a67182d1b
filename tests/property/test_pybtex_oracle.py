"""pybtex's parser and name splitter as the oracle: what both read, both read alike.

Accepted differences, each kept out of what is generated here or undone before the comparison:

* pybtex makes one blank of a run of white space in a value; ours keeps values as they stand (LaTeX and white space are
  the business of whoever reads the field).
* An undefined macro is empty for pybtex, as for BibTeX; ours stands for its own name, so that nothing is lost.
* pybtex refuses a second entry or field of the same name; ours keeps both and reports them.
* Of a name with more than two commas pybtex makes an error; BibTeX and ours take the rest as given names.
* pybtex does not know that `{\\o}` is a small letter and `{\\O}` is none, which decides what a particle is.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pybtex.bibtex.utils import split_tex_string
from pybtex.database import Person, parse_string
from pybtex.textutils import normalize_whitespace

from bibtool.bib import Document
from bibtool.bib.latex import from_latex
from bibtool.bib.names import parse_name, parse_names
from bibtool.bib.persons import person_parts
from bibtool.interop import to_pybtex
from tests.property.test_bibtex_document import CONTENTS, QUOTABLE, SPACES, braced

# ---- files ----------------------------------------------------------------------------------------------------------

MACROS = st.sampled_from(["jan", "JAN", "dec", "jot", "Jot", "empty", "x-1"])
PIECES = st.one_of(
    CONTENTS.map(braced),
    QUOTABLE.map(lambda text: f'"{text}"'),
    st.integers(0, 3000).map(str),
    MACROS,
)
VALUES = st.lists(PIECES, min_size=1, max_size=3).map(" # ".join)
NAMES = st.sampled_from(["title", "Note", "x-y", "journal", "YEAR", "a_b"])
KEYS = st.lists(st.text("abcXYZ012:/.-_+", min_size=1, max_size=10), max_size=4, unique_by=str.lower)
TYPES = st.sampled_from(["article", "Book", "MISC", "online", "my-type", "x"])
HEAD = '@string{jot = "Journal of " # {Things}}\n@STRING(empty = "")\n@string{x-1 = jot # "x"}\n'


@st.composite
def entries(draw: st.DrawFn, key: str) -> str:
    """An entry as BibTeX accepts it, white space anywhere, each field once."""
    gap = draw(SPACES)
    opening, closing = draw(st.sampled_from([("{", "}"), ("(", ")")]))
    names = draw(st.lists(NAMES, max_size=4, unique_by=str.lower))
    body = "".join(f",{gap}{name}{gap}={gap}{draw(VALUES)}{gap}" for name in names)
    comma = draw(st.sampled_from(["", ","])) if names else ","
    return f"@{draw(TYPES)}{gap}{opening}{gap}{key}{gap if names else ''}{body}{comma}{gap}{closing}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file that BibTeX reads without a word: macros, entries, comments."""
    parts = [HEAD]
    for key in draw(KEYS):
        parts.append(draw(st.sampled_from(["", "% a line", "words", "@comment{c}"])))
        parts.append(draw(entries(key)))
    return "\n".join(parts)


@pytest.mark.slow
@given(files())
@settings(max_examples=200, deadline=None)
@example(HEAD + '@misc{k, note = "a {"} b" # jot # 1}')
@example(HEAD + "@misc(k, note = {(x)})")
def test_a_valid_file_is_read_as_pybtex_reads_it(text: str) -> None:
    theirs = parse_string(text, "bibtex")
    document = Document.from_text(text)
    assert document.broken == ()
    ours = {
        entry.key: (entry.type, {field.spelling: normalize_whitespace(field.content) for field in entry.fields})
        for entry in document.entries
    }
    assert ours == {key: (entry.type, dict(entry.fields.items())) for key, entry in theirs.entries.items()}
    assert to_pybtex(document).data == theirs


# ---- names ----------------------------------------------------------------------------------------------------------

CAPITAL = st.sampled_from(
    [
        *["Ana", "J.", "J.-P.", "Łukasz", "O'Brien", "{\\'E}mile", 'M{\\"u}ller'],
        *["{\\O}rsted", "Vanden-Eijnden", "{de} Groot"],
    ]
)
SMALL = st.sampled_from(["van", "de", "la", "der", "von", "d'", "{\\'e}l"])
JR = st.sampled_from(["Jr.", "III", "Sr"])


@st.composite
def names(draw: st.DrawFn) -> str:
    """A well-formed name in one of BibTeX's three forms."""
    first = " ".join(draw(st.lists(CAPITAL, min_size=1, max_size=3)))
    von = " ".join(draw(st.lists(SMALL, max_size=2)))
    last = " ".join(draw(st.lists(CAPITAL, min_size=1, max_size=2)))
    form = draw(st.sampled_from(["first", "last", "jr"]))
    if form == "first":
        return " ".join(part for part in (first, von, last) if part)
    last = f"{von} {last}".strip()
    return f"{last}, {first}" if form == "last" else f"{last}, {draw(JR)}, {first}"


def decoded(words: list[str]) -> str:
    """The words without LaTeX."""
    return from_latex(" ".join(words)).plain()


@pytest.mark.slow
@given(names())
@settings(max_examples=300, deadline=None)
def test_a_name_is_split_as_pybtex_splits_it(raw: str) -> None:
    person = Person(raw)
    name = parse_name(raw)
    assert (name.given, name.non_dropping_particle, name.family, name.suffix) == (
        decoded([*person.first_names, *person.middle_names]),
        decoded(person.prelast_names),
        decoded(person.last_names),
        decoded(person.lineage_names),
    )


_WORDS = r"A b de É \'e {\'e} {\'E} {\x} {\X_o} {a\b} {A} {{x}} {} {\relax{}van} } ~ \~ \_ _ __ , ,_ 1 - ß 中"
_ODD = st.sampled_from([word.replace("_", " ") for word in _WORDS.split()])


@pytest.mark.slow
@given(st.lists(_ODD, max_size=9).map("".join))
@example("{\\'e}tale")
@example("{b\\'e} B")
@example("a}{B} c")
@settings(max_examples=500, deadline=None)
def test_the_words_of_a_name_are_those_of_pybtex(raw: str) -> None:
    if len(split_tex_string(raw, ",")) > 3:
        return  # an error in pybtex
    person = Person(raw)
    assert person_parts(raw) == (
        [*person.first_names, *person.middle_names],
        person.prelast_names,
        person.last_names,
        person.lineage_names,
    )


@pytest.mark.slow
@given(st.lists(names(), min_size=1, max_size=4), st.sampled_from([" and ", " AND ", "\nand\t"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_list_is_split_as_pybtex_splits_it(raws: list[str], joint: str, others: bool) -> None:
    value = joint.join([*raws, "others"] if others else raws)
    entry = parse_string(f"@misc{{k, author = {{{value}}}}}", "bibtex").entries["k"]
    persons = entry.persons["author"]
    parsed = parse_names(value)
    assert parsed.truncated == others
    assert [name.family for name in parsed] == [decoded(person.last_names) for person in persons[: len(raws)]]
    assert len(persons) == len(raws) + others
