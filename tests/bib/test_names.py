"""Name lists; the comparison with pybtex stands in tests/property."""

from __future__ import annotations

import pytest

from bibtool.bib.names import parse_name, parse_names, write_name, write_names
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.names import Name, Names
from bibtool.model.record import Record


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Joan Bruna", Name(family="Bruna", given="Joan")),
        ("Bruna, Joan", Name(family="Bruna", given="Joan")),
        ("Ludwig van Beethoven", Name(family="Beethoven", given="Ludwig", non_dropping_particle="van")),
        ("van Beethoven, Ludwig", Name(family="Beethoven", given="Ludwig", non_dropping_particle="van")),
        ("King, Jr., Martin Luther", Name(family="King", given="Martin Luther", suffix="Jr.")),
        (
            "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
            Name(given="Charles Louis Xavier Joseph", non_dropping_particle="de la", family="Vallée Poussin"),
        ),
        ("Della Porta, Giambattista", Name(family="Della Porta", given="Giambattista")),
        ("{de Leo}, Ann", Name(family="de Leo", given="Ann")),
        ("{\\'E}mile Zola", Name(family="Zola", given="Émile")),
        ("Petr Motl{\\'{\\i}}cek", Name(family="Motlícek", given="Petr")),
        ("Li{-}Wei Chen", Name(family="Chen", given="Li-Wei")),
        ("J.~R.~R. Tolkien", Name(family="Tolkien", given="J. R. R.")),
        ("Wei Wang 0001", Name(family="Wang", given="Wei", homonym="0001")),
        ("Wang 0001, Wei", Name(family="Wang", given="Wei", homonym="0001")),
        ("Jean-Paul d'Alembert 0002", Name(family="d'Alembert", given="Jean-Paul", homonym="0002")),
        ("OpenAI", Name(family="OpenAI")),
        ("{European Space Agency}", Name(literal="European Space Agency")),
        ("{{\\'E}cole, Paris}", Name(literal="École, Paris")),
        ("family=Foo, given={Bar, Baz}, prefix=von, useprefix=true",
         Name(family="Foo", given="Bar, Baz", non_dropping_particle="von")),
        ("given=Ann, family=Leo, prefix=De, useprefix=false", Name(family="Leo", given="Ann", dropping_particle="De")),
        ("a, b, c, d, e", Name(family="a", suffix="b", given="c d e")),
    ],
)  # fmt: skip
def test_one_name(raw: str, name: Name) -> None:
    assert parse_name(raw) == name


def test_lists_are_split_at_and_outside_of_braces() -> None:
    names = parse_names("A. One and\n   {Barnes and Noble} AND Two, B and others")
    assert names.truncated
    assert [name.display() for name in names] == ["A. One", "Barnes and Noble", "B Two"]


def test_others_is_no_person_and_empty_names_are_none() -> None:
    assert parse_names("others") == Names((), truncated=True)
    assert parse_names("A One and et al.") == Names((Name(family="One", given="A"),), truncated=True)
    assert parse_names("") == parse_names(" ") == Names()


@pytest.mark.parametrize(
    ("name", "bibtex", "biblatex"),
    [
        (Name(family="Bruna", given="Joan"), "Bruna, Joan", "Bruna, Joan"),
        (Name(family="King", given="M.", suffix="Jr."), "King, Jr., M.", "King, Jr., M."),
        (Name(family="Cruz", given="Ana", non_dropping_particle="de la"), "de la Cruz, Ana", "de la Cruz, Ana"),
        (Name(family="de Leo", given="Ann"), "{de Leo}, Ann", "{de Leo}, Ann"),
        (Name(literal="Barnes and Noble"), "{Barnes and Noble}", "{Barnes and Noble}"),
        (Name(literal="OpenAI"), "{OpenAI}", "{OpenAI}"),
        (Name(family="Foo, Bar", given="X"), "{Foo, Bar}, X", "{Foo, Bar}, X"),
        (Name(family="Wang", given="Wei", homonym="0001"), "Wang 0001, Wei", "Wang 0001, Wei"),
        (
            Name(family="Leo", given="Ann", non_dropping_particle="De"),
            "De Leo, Ann",
            "family={Leo}, given={Ann}, prefix={De}, useprefix={true}",
        ),
        (
            Name(family="Beethoven", given="L.", dropping_particle="van"),
            "van Beethoven, L.",
            "family={Beethoven}, given={L.}, prefix={van}, useprefix={false}",
        ),
        (  # CSL 1.0.2, "Name-part formatting": de is dropped, La is not; biblatex has one prefix
            Name(family="Fontaine", given="Jean", dropping_particle="de", non_dropping_particle="La"),
            "de La Fontaine, Jean",
            "family={La Fontaine}, given={Jean}, prefix={de}, useprefix={false}",
        ),
        (
            Name(family="Alembert", given="J.", dropping_particle="de", non_dropping_particle="d'", suffix="Jr."),
            "de d' Alembert, Jr., J.",
            "family={d'Alembert}, given={J.}, prefix={de}, useprefix={false}, suffix={Jr.}",
        ),
        (Name(family="A and B"), "{A and B}", "family={A and B}"),
        (Name(family="others"), "{others}", "family={others}"),
    ],
)
def test_writing(name: Name, bibtex: str, biblatex: str) -> None:
    assert write_name(name) == bibtex
    assert write_name(name, extended=True) == biblatex


@pytest.mark.parametrize("literal", ["The “Team” Group", "A ‘small’ team", "here “ now", "O'Brien's Heirs"])
def test_quotation_marks_in_the_name_of_an_organisation(literal: str) -> None:
    name = Name(literal=literal)
    record = Record("k", "book", variables={"author": Names((name,))})
    assert read_bytes(write_bytes([record], "bibtex").data, "bibtex").records[0].names("author").names == (name,)


def test_a_truncated_list_ends_in_others() -> None:
    names = Names((Name(family="Müller", given="Zoë"),), truncated=True)
    assert write_names(names) == "Müller, Zoë and others"
    assert write_names(names, ascii_only=True) == 'M{\\"u}ller, Zo{\\"e} and others'


def test_a_name_that_nests_too_deep_or_is_too_long_is_kept_whole() -> None:
    assert parse_name("{" * 200 + "a}" + "}" * 199 + " b").literal == "a b"
    assert parse_name("a " * 5000 + "b").is_literal
    assert len(parse_names("{" * 5000 + " and x")) == 1


@pytest.mark.parametrize("name", ["`code` x", "a `b", "`", "x`.y", "`é"])
def test_a_grave_in_a_name_is_written_as_biber_reads_it(name: str) -> None:
    names = Names((Name(literal=name),))
    written = write_names(names)
    assert "\\textasciigrave{}c" not in written
    assert parse_names(written) == names


@pytest.mark.parametrize(
    "name", [Name(family="0;A"), Name(family="and"), Name(family="Roe; Doe", given="Ann"), Name(literal="Roe; Doe, A")]
)
def test_one_name_that_looks_like_none_or_several_stays_one(name: Name) -> None:
    assert len(parse_names(write_names(Names((name,))))) == 1


@pytest.mark.parametrize(
    "name",
    [
        Name(family="É. Dupont", given="A. Martin"),
        Name(family="E. Ash", given="B. C. Lind"),
        Name(family="Dupont AB", given="Lind CD"),
        Name(family="Ash", given="Ann", suffix="Lind"),
    ],
)
def test_one_name_that_looks_like_two_stays_one(name: Name) -> None:
    for extended in (False, True):
        written = write_names(Names((name,)), extended=extended)
        assert parse_names(written) == Names((name,))


@pytest.mark.parametrize("end", ["et al.", "et al", "\\emph{et al.}", "\\textit{et al}", "{et al.}", "et alii"])
def test_an_end_of_a_list_that_is_a_name_of_its_own_is_no_person(end: str) -> None:
    names = parse_names(f"Roe, Ann and Ash, Bo and {end}")
    assert [name.family for name in names] == ["Roe", "Ash"]
    assert names.truncated


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2007", "\u2003", "\u3000", "\u2028", "\u0085", "\r", "~"])
@pytest.mark.parametrize(
    "name",
    [
        "{Institut%sAnna}",
        "Ada {Fir%sTree hill}",
        "{Fir%sTree}, Ada",
        "family={Fir%sTree}, given=Ada",
        "{%sAnna}",
        "Fir%sA",
    ],
)
def test_white_space_of_any_kind_in_a_name_is_a_space(name: str, space: str) -> None:
    """Also inside braces, as between words, so that reading what was written changes nothing."""
    raw = name.replace("%s", space)
    read = parse_name(raw)
    assert read == parse_name(name.replace("%s", " ")) or space == "~"
    assert set(read.display()) & {space, "\u00a0"} == set()
    for extended in (False, True):
        assert parse_name(write_name(read, extended=extended)).display() == read.display()


def test_white_space_in_a_text_that_is_too_long_for_a_name() -> None:
    read = parse_name("x" * 4001 + "\u00a0y")
    assert read.literal == "x" * 4001 + " y"
    assert parse_name(write_name(read)) == read


@pytest.mark.parametrize(
    "raw", ["Rui da Costa e Silva", "Jean de la Fontaine du Parc", "Ana Li {\\o}st Bee {\\o}st Roe"]
)
def test_particles_with_a_capital_among_them_stay_particles(raw: str) -> None:
    r"""btxdoc.tex, section 4: in ``First von Last``, von goes from the first word in lower case to the last one."""
    name = parse_name(raw)
    assert parse_name(write_name(name)) == name
    assert parse_name(write_name(name, extended=True)) == name
