"""The list as a whole: which works, in which sections, with which numbers, and what is reported."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bibtool.cv.bibtexstyle import BibtexStyle
from bibtool.cv.build import Built, ListOptions, build_list
from bibtool.cv.listed import as_listed, year_in
from bibtool.cv.owner import Finder, make_owner
from bibtool.cv.sections import SectionRule
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.query import parse_where
from bibtool.model.record import Arxiv, Leftover, Record, Value, Verbatim
from bibtool.model.richtext import Text
from bibtool.problems import Severity
from bibtool.styles.output import renderer
from bibtool.styles.style import Style
from tests.enrich.support import listing

APA = Style.load("apa")
OWNER = Finder(make_owner(["Bea Ash"]))


def made(
    key: str,
    title: str = "",
    *,
    year: int | None = 2020,
    authors: str = "Bea Ash; Dan Birch",
    kind: str = "article-journal",
    arxiv: Arxiv | None = None,
    **values: Any,
) -> Record:
    names = tuple(parse_name(one.strip()) for one in authors.split(";") if one.strip() != "et al.")
    variables: dict[str, Value] = {
        "title": Text.of(title or f"The work {key}"),
        "author": Names(names, authors.endswith("et al.")),
    }
    if year is not None:
        variables["issued"] = Date.of(year)
    if kind == "article-journal":
        variables["container-title"] = Text.of("Journal of Trees")
    variables.update({name.replace("_", "-"): value for name, value in values.items()})
    return Record(key=key, type=kind, variables=variables, arxiv=arxiv)


def build(records: list[Record], owner: Finder | None = OWNER, **options: Any) -> Built:
    return build_list(records, APA, owner=owner, options=ListOptions(**options))


def shape(built: Built) -> list[tuple[str, list[tuple[int | None, str]]]]:
    return [(section.heading, [(one.number, one.key) for one in section.entries]) for section in built.cv.sections]


def codes(built: Built) -> list[str]:
    return [problem.code for problem in built.problems]


def text(built: Built, key: str, output: str = "text") -> str:
    entry = next(one for one in built.cv.entries if one.key == key)
    return renderer(output).inline(list(entry.run))


def preprint(key: str, title: str, number: str, **values: Any) -> Record:
    return made(key, title, kind="article", arxiv=Arxiv(id=ArxivId(number)), **values)


def test_sections_by_type_newest_first_counting_down() -> None:
    built = build([made("a", year=2019), preprint("p", "New", "2401.00001", year=2024), made("b", year=2021)])
    assert shape(built) == [("Journal articles", [(3, "b"), (2, "a")]), ("Preprints", [(1, "p")])]
    assert built.problems == ()
    assert built.cv.summary.by_year == ((2019, 1), (2020, 0), (2021, 1), (2022, 0), (2023, 0), (2024, 1))


@pytest.mark.parametrize(
    ("number", "per_section", "expected"),
    [
        ("down", True, [[2, 1], [1]]),
        ("up", False, [[1, 2], [3]]),
        ("up", True, [[1, 2], [1]]),
        ("none", False, [[None, None], [None]]),
    ],
)
def test_numbers(number: str, per_section: bool, expected: list[list[int | None]]) -> None:
    records = [made("a"), made("b", year=2021), preprint("p", "New", "2401.00001")]
    built = build(records, number=number, per_section=per_section)
    assert [[entry.number for entry in section.entries] for section in built.cv.sections] == expected


@pytest.mark.slow
def test_a_style_that_numbers_leaves_the_number_to_the_list() -> None:
    for style in ("ieee", "nature", "sage-vancouver", "american-medical-association", "american-chemical-society"):
        built = build_list([made("a"), made("b", year=2021)], Style.load(style), owner=OWNER)
        for key in ("a", "b"):
            assert text(built, key)[:1] in {"B", "A"}, (style, text(built, key))


def test_the_owner_is_marked_and_nobody_else() -> None:
    built = build([made("a", authors="Dan Birch; Bea Ash; Ben Ash")])
    assert text(built, "a", "markdown").startswith("Birch, D., **Ash, B.**, \\& Ash, B. (2020)")
    assert [author.owner for author in built.cv.entries[0].authors] == [False, True, False]


@pytest.mark.parametrize(
    ("how", "markup"), [("underline", "<u>Ash, B.</u>"), ("italic", "*Ash, B.*"), ("none", "Ash, B.")]
)
def test_how_the_owner_is_marked(how: str, markup: str) -> None:
    assert text(build([made("a")], mark_owner=how), "a", "markdown").startswith(f"{markup}, \\& Birch")


@pytest.mark.slow
def test_a_preprint_and_its_publication_are_one_work_with_both_links() -> None:
    early = preprint("pre", "On Forests and Trees", "2001.00001", year=2020, authors="Bea Ash; Dan Birch; Eve Cedar")
    late = made(
        "pub", "On forests and trees", year=2021, authors="B. Ash; D. Birch; E. Cedar", DOI=Verbatim("10.5555/x")
    )
    built = build([early, late])
    assert shape(built) == [("Journal articles", [(1, "pub")])]
    entry = built.cv.entries[0]
    assert entry.preprint is not None
    assert entry.preprint.key == "pre"
    assert {link.kind for link in entry.links} == {"doi", "arxiv", "pdf"}
    # a short link is enough; without links the style writes the address out
    assert "10.5555/x" not in text(built, "pub")
    assert "https://doi.org/10.5555/x" in text(build([early, late], links=()), "pub")
    other = build([early, late], prefer="preprint")
    assert shape(other) == [("Preprints", [(1, "pre")])]
    assert "doi" in {link.kind for link in other.cv.entries[0].links}
    assert shape(build([late, early])) == shape(built)


def test_where_asks_the_version_that_is_listed() -> None:
    early = preprint("pre", "On Forests and Trees", "2001.00001", DOI=Verbatim("10.5555/x"))
    late = made("pub", "On Forests and Trees", DOI=Verbatim("10.5555/x"))
    alone = preprint("alone", "Alone", "2001.00002")
    built = build([early, late, alone], where=parse_where("type==preprint"))
    assert shape(built) == [("Preprints", [(1, "alone")])]


@pytest.mark.slow
def test_works_of_others_are_left_out_with_a_note() -> None:
    built = build([made("a"), made("x", authors="Ann Other"), made("y", authors="Ben Ash; Zed Ash")])
    assert [key for _, rows in shape(built) for _, key in rows] == ["a"]
    assert codes(built) == ["cv-not-owner"]
    assert "2 of 3" in built.problems[0].message
    assert len(build([made("a"), made("x", authors="Ann Other")], everyone=True).cv.entries) == 2
    assert len(build([made("a"), made("x", authors="Ann Other")], owner=None).cv.entries) == 2


def test_a_work_of_nobody_is_not_the_owners() -> None:
    page = made("w").with_values({"author": None})
    assert [entry.key for entry in build([made("a"), page]).cv.entries] == ["a"]
    assert len(build([made("a"), page], everyone=True).cv.entries) == 2


@pytest.mark.slow
def test_names_of_styles_and_people_will_do() -> None:
    for style in ("apa", "plain"):
        built = build_list([made("a")], style, owner="Bea Ash")
        assert re.match("<b>[^<]*Ash", renderer("html").inline(list(built.cv.entries[0].run)))
        assert built.cv.entries[0].authors[0].owner


def test_a_work_about_the_owner_is_not_the_owners() -> None:
    review = made("r", authors="Ann Other").with_values({"reviewed-author": Names((parse_name("Bea Ash"),))})
    edited = made("e", authors="Ann Other").with_values({"editor": Names((parse_name("Bea Ash"),))})
    assert [entry.key for entry in build([review, edited]).cv.entries] == ["e"]


@pytest.mark.parametrize("kind", ["chapter", "paper-conference", "entry-encyclopedia"])
def test_who_edited_the_whole_has_no_part_in_what_others_wrote_for_it(kind: str) -> None:
    owner = Names((parse_name("Bea Ash"),))
    theirs = replace(made("t", authors="Ann Other"), type=kind).with_values({"editor": owner})
    own = replace(made("o", authors="Ann Other; Bea Ash"), type=kind).with_values({"editor": owner})
    volume = replace(made("v", authors="Ann Other"), type="book").with_values({"editor": owner})
    in_series = replace(made("s", authors="Ann Other"), type="book").with_values({"collection-editor": owner})
    built = build([theirs, own, volume, in_series])
    assert sorted(entry.key for entry in built.cv.entries) == ["o", "v"]
    assert codes(built) == codes(build([theirs])) == ["cv-not-owner"]


def test_doubtful_and_hidden_owners_are_reported_and_listed() -> None:
    built = build([made("d", authors="Bea Maria Ash"), made("h", authors="Dan Birch; Eve Cedar; et al.")])
    assert sorted(codes(built)) == ["cv-doubtful-owner", "cv-hidden-owner"]
    assert len(built.cv.entries) == 2
    assert "**" not in text(built, "d", "markdown")


def test_withdrawn_works_are_left_out_with_a_warning() -> None:
    gone = replace(preprint("w", "Gone", "2001.00001"), arxiv=Arxiv(id=ArxivId("2001.00001"), withdrawn=True))
    built = build([made("a"), gone, made("r", status=Text.of("retracted"))])
    assert [entry.key for entry in built.cv.entries] == ["a"]
    assert codes(built) == ["cv-withdrawn", "cv-withdrawn"]
    assert codes(build([made("a"), gone], where=parse_where("not withdrawn"))) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": Text.of("submitted")}, "submitted"),
        ({"status": Text.of("inpress")}, "in press"),
        ({"status": Text.of("Accepted at ICML 2026")}, "accepted: ICML 2026"),
        ({"note": Text.of("To appear in Annals of Trees.")}, "in press: Annals of Trees"),
        ({"note": Text.of("A note about something")}, ""),
        ({"issued": Date(literal="forthcoming")}, "in press"),
    ],
)
def test_status(values: dict[str, Any], expected: str) -> None:
    record = made("a", kind="manuscript", **values)
    entry = build([record]).cv.entries[0]
    printed = renderer("text").inline(list(entry.run))
    assert entry.status == expected or (expected and expected in printed and entry.status == "")


def test_what_waits_for_publication_comes_first_and_other_undated_works_last() -> None:
    records = [
        made("old", year=1999),
        made("none", year=None),
        made("new", year=2025),
        made("soon", year=None, status=Text.of("in press")),
    ]
    assert [entry.key for entry in build(records).cv.entries] == ["soon", "new", "old", "none"]


def test_own_sections_take_each_work_once() -> None:
    rules = (
        SectionRule(heading="Selected", keys=("c", "a", "none")),
        SectionRule(heading="Recent", test=parse_where("year>=2020"), newest=1),
        SectionRule(heading="Rest"),
    )
    records = [made("a", year=2018), made("b", year=2021), made("c", year=2019), made("d", year=2022)]
    built = build(records, sections=rules)
    assert shape(built) == [("Selected", [(4, "c"), (3, "a")]), ("Recent", [(2, "d")]), ("Rest", [(1, "b")])]
    missing = build(records, sections=rules[:1])
    assert "cv-no-section" in codes(missing)


def test_selected_works_keep_the_order_of_the_keys() -> None:
    records = [made("a", year=2018), made("b", year=2021), made("c", year=2019)]
    built = build(records, keys=("a", "C", "zzz"))
    assert shape(built) == [("", [(2, "a"), (1, "c")])]
    assert codes(built) == ["cv-no-such-key"]
    assert [entry.key for entry in build(records, newest=2).cv.entries] == ["b", "c"]


def test_marks_have_signs_and_a_legend() -> None:
    record = made("a", authors="Dan Birch; Bea Ash; Eve Cedar")
    names = record.names("author")
    marked = Names(
        (replace(names[0], marks=("equal",)), replace(names[1], marks=("corresponding", "equal")), names[2]),
        marks=("alphabetical",),
    )
    built = build([record.with_values({"author": marked}), made("b")], legend={"equal": "first authors", "lead": "led"})
    assert "Birch, D.<sup>*</sup>, <b>Ash, B.</b><sup>*†</sup>, &amp; Cedar, E.<sup>α</sup>" in text(built, "a", "html")
    assert [(line.sign, line.text) for line in built.cv.legend] == [
        ("*", "first authors"),
        ("†", "corresponding author"),
        ("α", "authors in alphabetical order"),
    ]


def test_the_badge_of_a_listing_is_a_link_to_code() -> None:
    record = preprint("p", "With Code", "2001.00001")
    record = replace(record, leftovers=(Leftover("listing", "badge", "Code"),))
    links = {link.kind: link.url for link in build([record]).cv.entries[0].links}
    assert links["code"] == "https://arxiv.org/abs/2001.00001#labstabs"
    told = record.with_values({"abstract": Text.of("Code is at https://github.com/ash/trees. More text.")})
    links = {link.kind: link.url for link in build([told]).cv.entries[0].links}
    assert links["code"] == "https://github.com/ash/trees"


def test_only_addresses_of_the_web_become_links() -> None:
    record = made("a", URL=Verbatim("javascript:alert(1)"))
    assert build([record]).cv.entries[0].links == ()


def test_headings_and_words_in_the_locale() -> None:
    records = [made("a"), preprint("p", "New", "2401.00001")]
    built = build_list(records, APA, owner=OWNER, locale="de-DE", options=ListOptions(kinds=("preprint",)))
    assert [section.heading for section in built.cv.sections] == ["Preprints", "Zeitschriftenartikel"]
    assert built.cv.title == "Veröffentlichungen"
    own = build(records, headings={"journal": "Papers"}, group="type")
    assert own.cv.sections[0].heading == "Papers"


def test_by_year() -> None:
    records = [made("a", year=2019), made("b", year=2021), made("c", year=2021), made("u", year=None)]
    assert shape(build(records, group="year", number="none")) == [
        ("2021", [(None, "b"), (None, "c")]),
        ("2019", [(None, "a")]),
        ("Without a year", [(None, "u")]),
    ]


def test_nothing_gives_an_empty_list() -> None:
    built = build([])
    assert (built.cv.sections, built.cv.summary.total, built.problems) == ((), 0, ())


def test_a_key_that_stands_for_two_records_loses_neither() -> None:
    built = build([made("a", "One thing"), made("a", "Another thing altogether")])
    assert sorted(entry.key for entry in built.cv.entries) == ["a", "a-2"]
    assert codes(built) == ["cv-same-key"]


def test_the_owner_of_the_fixture_is_found_or_hidden_in_all_fifty() -> None:
    finder = Finder(make_owner(["Joan Bruna"]))
    hits = [finder.find(record) for record in listing()]
    assert all(bool(hit.places) != hit.hidden for hit in hits)
    assert sum(bool(hit.places) for hit in hits) == 36


def test_overrides_of_direction_are_gone_from_references() -> None:
    built = build([made("a", "left\u202eright\u202c")])
    assert "leftright" in text(built, "a")


@pytest.mark.slow
def test_a_condition_means_what_the_headings_say() -> None:
    appeared = preprint("j", "Appeared", "2001.00001")
    appeared = replace(appeared, arxiv=Arxiv(id=ArxivId("2001.00001"), journal_ref="Annals of Trees 4 (2021) 1-9"))
    talk = replace(appeared, key="c", arxiv=Arxiv(id=ArxivId("2001.00002"), journal_ref="Proc. of TREES (2021)"))
    talk = talk.with_values({"title": Text.of("Spoken of")})
    records = [appeared, talk, preprint("p", "Not yet", "2001.00003")]
    for kind, key in (("journal", "j"), ("conference", "c"), ("preprint", "p")):
        assert [one.key for one in build(records, where=parse_where(f"type=={kind}")).cv.entries] == [key]
    built = build(records)
    assert [section.id for section in built.cv.sections] == ["journal", "conference", "preprint"]
    assert built.cv.entries[0].status == ""  # the reference says it


def test_a_known_publication_is_told() -> None:
    known = preprint("p", "Known", "2001.00001", DOI=Verbatim("10.5555/x"))
    own = preprint("q", "Own", "2001.00002", DOI=Verbatim("10.48550/arXiv.2001.00002"))
    built = build([known, own])
    assert codes(built) == ["cv-publication-known"]
    assert built.problems[0].message.endswith(": p")


@pytest.mark.slow
def test_styles_of_bibtex_mark_the_owner_too() -> None:
    record = made("a key, odd", "On Trees", authors="Dan Birch; Bea Ash; Ben Ash", DOI=Verbatim("10.5555/x"))
    names = record.names("author")
    signed = Names((replace(names[0], marks=("equal",)), *names.names[1:]))
    record = record.with_values({"author": signed})
    for name, expected in (
        ("plain", "Dan Birch<sup>*</sup>, <b>Bea Ash</b>, and Ben Ash."),
        ("abbrv", "D. Birch<sup>*</sup>, <b>B. Ash</b>, and B. Ash."),
    ):
        built = build_list([record], BibtexStyle(name), owner=OWNER)
        shown = renderer("html").inline(list(built.cv.entries[0].run)).replace("\u00a0", " ")
        assert shown.startswith(expected), shown
        assert "10.5555" not in shown
        bare = build_list([record], BibtexStyle(name), owner=OWNER, options=ListOptions(links=()))
        assert "10.5555/x" in renderer("text").inline(list(bare.cv.entries[0].run))


@pytest.mark.slow
def test_a_bst_file(tmp_path: Path) -> None:
    style = tmp_path / "own.bst"
    style.write_text(
        """ENTRY { author title year } { } { label }
FUNCTION {article} { "\\bibitem{" cite$ "}" * * write$ newline$
  author #1 "{ll}{, f.}" format.name$ write$ ". {\\em " title * "}" * write$ newline$ }
FUNCTION {misc} { article }
READ
ITERATE {call.type$}
""",
        encoding="utf-8",
    )
    built = build_list([made("a", "Title", authors="Bea Ash")], BibtexStyle("own.bst", style), owner=OWNER)
    assert renderer("markdown").inline(list(built.cv.entries[0].run)) == "**Ash, B.**. *Title*"


def test_works_that_are_perhaps_one_are_listed_both_with_a_note() -> None:
    talk = made("t", "On Forests and Trees", kind="paper-conference", year=2019, container_title=Text.of("Proc."))
    article = made("a", "On Forests and Trees", year=2020)
    built = build([talk, article])
    assert {entry.key for entry in built.cv.entries} == {"t", "a"}
    assert [(one.code, one.severity) for one in built.problems] == [("cv-same-work", Severity.NOTE)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "values", "heading"),
    [
        ("article-journal", {"container_title": "European Conference on Computer Vision (ECCV)"}, "Conference papers"),
        ("article-journal", {"container_title": "PsyArXiv"}, "Preprints"),
        ("article-journal", {"container_title": "medRxiv", "DOI": "10.1101/2020.01.01"}, "Preprints"),
        ("article-journal", {"container_title": "IACR Cryptol. ePrint Arch."}, "Preprints"),
        ("article-journal", {"container_title": "CoRR"}, "Preprints"),
        ("paper-conference", {"container_title": "arXiv preprint arXiv:2104.12345"}, "Preprints"),
        ("report", {"publisher": "Cryptology ePrint Archive"}, "Preprints"),
        ("report", {"publisher": "Institute of Trees"}, "Reports"),
        ("report", {"publisher": "SSRN", "genre": "Working Paper"}, "Reports"),
        ("chapter", {"container_title": "Advances in Neural Information Processing Systems 27"}, "Conference papers"),
        ("chapter", {"container_title": "Handbook of Trees"}, "Book chapters"),
        ("paper-conference", {"container_title": "IEEE Transactions on Trees"}, "Journal articles"),
        ("paper-conference", {"container_title": "IEEE Transactions", "event_title": "VIS"}, "Conference papers"),
        ("paper-conference", {"container_title": "Journal of Trees: Conference Series"}, "Conference papers"),
        ("article-journal", {"container_title": "Proceedings of the National Academy of Sciences"}, "Journal articles"),
        ("document", {"container_title": "ICML 2020"}, "Conference papers"),
    ],
)  # fmt: skip
def test_works_are_grouped_by_what_the_venue_is(kind: str, values: dict[str, str], heading: str) -> None:
    texts: dict[str, Any] = {
        name: Verbatim(value) if name == "DOI" else Text.of(value) for name, value in values.items()
    }
    assert [section.heading for section in build([made("a", kind=kind, **texts)]).cv.sections] == [heading]


def appeared(words: str, **values: Any) -> Record:
    arxiv = Arxiv(id=ArxivId("2001.00001"), journal_ref=words)
    return made("a", "On Trees", kind="article", arxiv=arxiv, year=2021, **values)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "reference"),
    [
        (
            "Advances in Neural Systems 35 (NeurIPS 2022), spotlight",
            "Ash, B., & Birch, D. (2022). On Trees. *Advances in Neural Systems 35 (NeurIPS 2022), spotlight*.",
        ),
        ("Annals of Trees 4 (2021) 1-9", "Ash, B., & Birch, D. (2021). On Trees. *Annals of Trees 4 (2021) 1-9*."),
        (
            "The Book of Trees, LNAI 13200, Springer (2022) 91-115",
            "Ash, B., & Birch, D. (2022). On Trees. In *The Book of Trees, LNAI 13200, Springer (2022) 91-115*.",
        ),
    ],
)
def test_a_preprint_that_has_appeared_is_listed_under_its_venue(words: str, reference: str) -> None:
    built = build([appeared(words, publisher=Text.of("arXiv"), number=Text.of("arXiv:2001.00001"))])
    assert text(built, "a", "markdown").replace("\\", "") == reference.replace("Ash, B.", "**Ash, B.**")
    entry = built.cv.entries[0]
    assert entry.status == ""
    assert [link.kind for link in entry.links] == ["arxiv", "pdf"]
    assert codes(built) == []
    as_preprint = build([appeared(words)], prefer="preprint")
    assert "(arXiv:2001.00001). arXiv." in text(as_preprint, "a")
    assert as_preprint.cv.entries[0].status == words


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("Statistical Science 40(3) (2022) 378-391", 2022), ("Proc. of TREES 2022, PMLR 178:2021-2023", 2022),
        ("ICML'22", None), ("Trees 2021 Track (2022)", 2022), ("Trees 2021, as reported in 2022", None),
        ("Trees (1984)", None), ("Trees 2, pp. 2020 - 2030", None), ('Trees 5 (2023), as "The year 2022"', 2023),
        ("Trees 13, 2023.5", None), ("", None),
    ],
)  # fmt: skip
def test_the_year_in_the_words_of_the_authors(words: str, year: int | None) -> None:
    assert year_in(words, 2021) == year


def test_a_listed_record_listed_again_is_the_same() -> None:
    for record in (
        appeared("ICML 2022"),
        appeared("PhD thesis, Tree University"),
        made("b"),
        preprint("p", "T", "2001.1"),
    ):
        listed = as_listed(record)
        assert as_listed(listed) == listed


def test_a_misspelt_owner_is_asked_for_by_the_name_that_is_there() -> None:
    records = [made("a"), made("b", authors="Bea Ashton"), made("c", authors="Beatrice Ashton; Eve Cedar")]
    built = build(records, Finder(make_owner(["Beatrise Ashton"])))
    assert built.cv.entries == ()
    assert codes(built) == ["cv-not-owner"]
    assert built.problems[0].message == (
        "'Beatrise Ashton' is not an author of any of the 3 works; did you mean 'Beatrice Ashton' (1 work)?"
    )
    assert codes(build([], Finder(make_owner(["Beatrise Ashton"])))) == []


def test_a_work_whose_author_is_nearly_the_owner_is_named() -> None:
    records = [made(key, authors="Beatrcie Ashton") for key in ("b", "c")]
    built = build([made("a", authors="Beatrice Ashton"), *records], Finder(make_owner(["Beatrice Ashton"])))
    assert [entry.key for entry in built.cv.entries] == ["a"]
    assert codes(built) == ["cv-doubtful-owner", "cv-not-owner"]
    assert built.problems[0].message == (
        "2 works (b, c): the owner was not recognised, though 'Beatrcie Ashton' is nearly the owner's name"
    )


def test_a_name_that_is_doubtful_in_many_works_is_asked_for_once() -> None:
    records = [made(f"k{at}", f"Work {at}", authors="Bea M. Ash") for at in range(7)]
    built = build(records)
    assert codes(built) == ["cv-doubtful-owner"]
    assert built.problems[0].message.startswith("7 works (k0, k1, k2, k3, k4 and 2 more): is 'Bea M. Ash' the owner? ")
