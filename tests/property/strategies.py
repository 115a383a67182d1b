"""Strategies for the parts of a record, shared by all property tests.

Everything made here keeps the promises of the model: no empty values, dates that exist, texts whose tree is in normal
form (what `parse_markup` gives), identifiers that parse.

Strategies are made once, here or behind a cache, since making one costs more than drawing from it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Record, Value, Verbatim
from bibtool.model.richtext import Math, Span, Text, parse_markup
from bibtool.model.vocabulary import RENDER_TIME, TYPES, VARIABLES
from bibtool.model.works.venues import names_preprint_server

# no control characters and no halves of surrogate pairs: no text format can hold them
characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüéøłçñßΩдЖ中"

words = st.text(LETTERS, min_size=1, max_size=10)
plain_lines = st.text(characters, min_size=1, max_size=40).filter(lambda text: text == text.strip() and text != "")
"""One line of any characters, without blanks at its ends."""
sentences = st.lists(words, min_size=1, max_size=6).map(" ".join)
"""Words with single blanks: text that every format can hold."""


_first_letters = st.sampled_from("abcdefghijklmnopqrstuvwxyzABC")
_rest_of_key = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@st.composite
def keys(draw: st.DrawFn) -> str:
    """Citation keys that every format accepts."""
    return draw(_first_letters) + draw(_rest_of_key)


@st.composite
def date_parts(draw: st.DrawFn, *, seasons: bool = True, min_year: int = 1, max_year: int = 2999) -> DateParts:
    """Year; year and month; full dates; seasons."""
    year = draw(st.integers(min_year, max_year))
    precision = draw(st.sampled_from(["year", "month", "day", "season"] if seasons else ["year", "month", "day"]))
    if precision == "year":
        return DateParts(year)
    if precision == "season":
        return DateParts(year, season=draw(st.integers(1, 4)))
    month = draw(st.integers(1, 12))
    if precision == "month":
        return DateParts(year, month)
    last = monthrange((year - 1) % 400 + 1 if not 1 <= year <= 9999 else year, month)[1]
    return DateParts(year, month, draw(st.integers(1, last)))


single_dates = st.builds(Date, date_parts(seasons=False))
"""Year, month or day; nothing else."""


_literals = sentences.filter(lambda text: not text.isdigit())
_any_date_parts = date_parts(min_year=-50, max_year=12_000)


@st.composite
def dates(draw: st.DrawFn) -> Date:
    """Any date that the model has: ranges, open ranges, approximate and uncertain ones, years BC, literals."""
    if draw(st.integers(0, 9)) == 0:
        return Date(literal=draw(_literals))
    start = draw(_any_date_parts)
    circa, uncertain = draw(st.booleans()), draw(st.booleans())
    kind = draw(st.sampled_from(["single", "single", "range", "open-end", "open-start"]))
    if kind == "range":
        end = DateParts(start.year + draw(st.integers(1, 50)))
        if draw(st.booleans()):
            end = DateParts(end.year, month=draw(st.integers(1, 12)))
        return Date(start, end, circa=circa, uncertain=uncertain)
    if kind == "open-end":
        return Date(start, open_end=True, circa=circa, uncertain=uncertain)
    if kind == "open-start":
        return Date(None, start, open_start=True, circa=circa, uncertain=uncertain)
    return Date(start, circa=circa, uncertain=uncertain)


simple_names = st.builds(
    Name,
    family=words.filter(lambda word: word[0].isupper() and word.casefold() != "others"),
    given=st.lists(words.map(str.title), min_size=1, max_size=2).map(" ".join),
)
"""A family name and given names, capitalised."""

literal_names = st.builds(Name, literal=st.lists(words.map(str.title), min_size=2, max_size=3).map(" ".join))
"""Organisations."""


_teams = plain_lines.filter(lambda text: text.casefold().strip(". ") not in {"others", "et al"})
_maybe_word = st.one_of(st.just(""), words)
_maybe_line = st.one_of(st.just(""), plain_lines)


@st.composite
def names_in_parts(draw: st.DrawFn, *, homonyms: bool = True) -> Name:
    """Any name: particles, suffix, homonym number, or a literal of any characters."""
    homonym = f"{draw(st.integers(1, 99)):04d}" if homonyms and draw(st.integers(0, 5)) == 0 else ""
    if draw(st.integers(0, 5)) == 0:
        return Name(literal=f"{draw(_teams)} Team", homonym=homonym)
    suffix = draw(st.sampled_from(["", "", "Jr.", "III"]))
    return Name(
        family=draw(plain_lines) + draw(words),
        given=draw(_maybe_line),
        dropping_particle=draw(_maybe_word),
        non_dropping_particle=draw(_maybe_word),
        suffix=suffix,
        comma_suffix=draw(st.booleans()) if suffix else False,
        static_ordering=draw(st.booleans()),
        homonym=homonym,
    )


def _orcid(number: int) -> str:
    """The ORCID iD with these fifteen digits: the check digit is that of ISO 7064, MOD 11-2."""
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    check = (12 - total) % 11
    digits += "X" if check == 10 else str(check)
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


orcids = st.integers(0, 10**15 - 1).map(_orcid)
marks = st.one_of(
    st.sampled_from(["equal", "corresponding", "student"]), st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
)


_mark_lists = st.lists(marks, max_size=2, unique=True).map(tuple)
_maybe_orcid = st.one_of(st.just(""), orcids)


@st.composite
def marked(draw: st.DrawFn, names: st.SearchStrategy[Name]) -> Name:
    """A name, sometimes with marks, with an ORCID iD, or both."""
    name = draw(names)
    if draw(st.integers(0, 2)) == 0:
        name = replace(name, marks=draw(_mark_lists), orcid=draw(_maybe_orcid))
    return name


@cache
def name_lists(
    one: st.SearchStrategy[Name] | None = None, *, truncated: bool = True, with_marks: bool = True
) -> st.SearchStrategy[Names]:
    """Lists of one to four names, with or without the truncated flag, marks and ORCID iDs."""
    names = names_in_parts() if one is None else one
    return st.builds(
        Names,
        st.lists(marked(names) if with_marks else names, min_size=1, max_size=4).map(tuple),
        st.booleans() if truncated else st.just(False),
        st.sampled_from([(), (), (), ("alphabetical",), ("alphabetical", "by-seniority")])
        if with_marks
        else st.just(()),
    )


_KINDS = st.sampled_from(["italic", "bold", "superscript", "subscript", "smallcaps", "nocase", "quote", "code"])
# BibTeX takes any blanks for one
_tex = st.text("abxyz0123456789_^+-= ", min_size=1, max_size=8).map(lambda tex: " ".join(tex.split())).filter(bool)


def _spans(nodes: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.builds(Span, _KINDS, st.lists(nodes, min_size=1, max_size=3).map(tuple))


_nodes = st.recursive(st.one_of(plain_lines, st.builds(Math, _tex)), _spans, max_leaves=5)
_node_lists = st.lists(_nodes, min_size=1, max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    """Texts with markup and mathematics, in normal form: what their own markup says."""
    nodes = draw(_node_lists)
    text = parse_markup(Text(tuple(nodes)).markup())  # type: ignore[arg-type] # the recursive strategy has no type
    return text or Text.of(draw(sentences))


plain_texts = sentences.map(Text.of)
numbers = st.one_of(
    st.integers(0, 9999).map(lambda number: Number(str(number))),
    st.sampled_from(["007", "S2-A", "12-14", "1, 3 & 5", "xii", "4e", "1e999"]).map(Number),
)
verbatims = plain_lines.map(Verbatim)
arxiv_ids = st.builds(
    lambda year, month, serial, version: ArxivId(f"{year:02d}{month:02d}.{serial:05d}", version),
    st.integers(15, 26),
    st.integers(1, 12),
    st.integers(1, 99_999),
    st.one_of(st.none(), st.integers(1, 12)),
)
_categories = st.sampled_from(["math.NA", "cs.LG", "stat.ML", "hep-th", "physics.ao-ph"])
_maybe_arxiv_id = st.one_of(st.none(), arxiv_ids)
_category_lists = st.lists(_categories, max_size=3, unique=True).map(tuple)
_candidate_lists = st.lists(_categories, max_size=2, unique=True).map(tuple)
_maybe_sentence = st.one_of(st.just(""), sentences)
_maybe_version = st.one_of(st.none(), st.integers(1, 30))


@st.composite
def arxiv_facts(draw: st.DrawFn) -> Arxiv:
    """What arXiv may know of a work; never nothing at all."""
    return Arxiv(
        id=draw(_maybe_arxiv_id),
        primary_category=draw(_categories),
        categories=draw(_category_lists),
        candidates=draw(_candidate_lists),
        comment=draw(_maybe_sentence),
        journal_ref=draw(_maybe_line),
        latest=draw(_maybe_version),
        updated=draw(st.sampled_from(["", "2024-02-29"])),
        withdrawn=draw(st.booleans()),
    )


@cache
def values(variable: str) -> st.SearchStrategy[Value]:
    """Values of the kind that the vocabulary gives a variable."""
    kind = VARIABLES[variable]
    if kind == "names":
        return name_lists()
    if kind == "date":
        return dates()
    if kind == "number":
        return numbers
    if variable in _identifiers:
        return _identifiers[variable].map(Verbatim)
    return verbatims if kind == "verbatim" else texts()


# valid ones in their one form: others are reported when they are read
_identifiers: dict[str, st.SearchStrategy[str]] = {
    "DOI": st.builds("10.{}/{}".format, st.integers(1000, 99_999), st.integers(1, 10_000)),
    "ISBN": st.sampled_from(["9780306406157", "9783161484100", "9791032305690"]),
    "ISSN": st.sampled_from(["0378-5955", "2049-3630", "2434-561X"]),
    "PMID": st.integers(1, 99_999_999).map(str),
    "PMCID": st.integers(1, 99_999_999).map("PMC{}".format),
    "language": st.sampled_from(["en", "de-CH", "fr", "pt-BR", "zh-Hant", "sr-Latn-RS"]),
}
_SETTABLE = sorted(VARIABLES.keys() - RENDER_TIME)
leftovers = st.builds(Leftover, st.sampled_from(["bibtex", "ris", "listing"]), words, plain_lines)

_variable_lists = st.lists(st.sampled_from(_SETTABLE), max_size=8, unique=True)
_types = st.sampled_from(sorted(TYPES))
_any_keys = keys()
_alias_lists = st.lists(_any_keys, max_size=2, unique=True).map(tuple)
_maybe_arxiv_facts = st.one_of(st.none(), arxiv_facts())
_leftover_lists = st.lists(leftovers, max_size=3).map(tuple)


@st.composite
def records(draw: st.DrawFn, *, key: bool = True) -> Record:
    """Any record: all types, up to eight variables of any kind, arXiv facts, leftovers."""
    chosen = draw(_variable_lists)
    return Record(
        key=draw(_any_keys) if key else "",
        type=draw(_types),
        aliases=draw(_alias_lists) if key else (),
        variables={name: draw(values(name)) for name in chosen},
        arxiv=draw(_maybe_arxiv_facts),
        leftovers=draw(_leftover_lists),
    )


def record_lists(one: st.SearchStrategy[Record] | None = None) -> st.SearchStrategy[tuple[Record, ...]]:
    """Up to four records whose keys differ, also when their case is folded."""
    any_record = records() if one is None else one
    return st.lists(any_record, max_size=4, unique_by=lambda record: record.key.casefold()).map(tuple)


_simple_name_lists = name_lists(simple_names, truncated=False, with_marks=False)


@st.composite
def plain_articles(draw: st.DrawFn) -> Record:
    """Articles with what nearly every format can hold: title, authors, date, container, volume, pages, DOI."""
    first = draw(st.integers(1, 900))
    return Record(
        key=draw(_any_keys),
        type="article-journal",
        variables={
            "title": draw(plain_texts),
            "author": draw(_simple_name_lists),
            "issued": draw(single_dates),
            # an article in a preprint server, such as any word that ends in "xiv", is read as a preprint
            "container-title": draw(plain_texts.filter(lambda text: not names_preprint_server(text.plain()))),
            "volume": Number(str(draw(st.integers(1, 900)))),
            "issue": Number(str(draw(st.integers(1, 52)))),
            "page": Number(f"{first}-{first + draw(st.integers(1, 50))}"),
            "DOI": Verbatim(f"10.{draw(st.integers(1000, 99_999))}/{draw(st.integers(1, 10_000))}"),
        },
    )
