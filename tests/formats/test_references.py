"""Formatted references: cutting a text into them, names in all orders, whole lists, and anything that is none."""

from __future__ import annotations

import itertools
import math
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.formats.base import ReadOptions
from bibtool.formats.references.consensus import Consensus, steps_of
from bibtool.formats.references.model import Model
from bibtool.formats.references.people import names_of
from bibtool.formats.references.reader import read, read_lines, sniff
from bibtool.formats.references.segment import segments_of
from bibtool.formats.references.tokens import gaps_of, tokens_of
from bibtool.formats.registry import guess_format, read_bytes

OPTIONS = ReadOptions(path="list.txt", when="2026-11-28")


def cut(text: str) -> list[str]:
    return [segment.text for segment in segments_of(enumerate(text.splitlines(), start=1)).segments]


AUTHORS = (
    "Aldous, M. K. (2014). The slow death of tidal clocks. Journal of Invented Horology, 12, 201–219.",
    "Brennan, T. (2015). A field guide to paper boats. Annals of Applied Whimsy, 41, 1–28.",
    "Castellanos, R. (2016). Estimating the height of imaginary trees. Fictional Forestry, 7, 44–71.",
)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(AUTHORS),
        "\n\n".join(AUTHORS),
        "\n".join(f"[{n}] {line}" for n, line in enumerate(AUTHORS, start=1)),
        "\n".join(f"{n}. {line}" for n, line in enumerate(AUTHORS, start=7)),
        "\n".join(f"{n})\t{line}" for n, line in enumerate(AUTHORS, start=1)),
        "\n".join(f"({n}) {line}" for n, line in enumerate(AUTHORS, start=1)),
        "\n".join(f"• {line}" for line in AUTHORS),
        "\n".join(f"[{key}] {line}" for key, line in zip(("Ald14", "Bre15", "Cas16"), AUTHORS, strict=True)),
        "\n".join(line.replace(" clocks", "\n    clocks").replace(". A", ".\n    A") for line in AUTHORS).replace(
            "imaginary trees", "imaginary\n    trees"
        ),
        "References\n\n"
        + "\n".join(
            f"[{n}] {line[: line.index(' ', 40)]}\n{line[line.index(' ', 40) :]}"
            for n, line in enumerate(AUTHORS, start=1)
        ),
    ],
)
def test_a_list_is_cut_into_its_references(text: str) -> None:
    assert [" ".join(line.split()) for line in cut(text)] == list(AUTHORS)


@pytest.mark.parametrize(
    "line",
    [
        "de Vries, J. (2017). The economy of ports in an age of crisis. Review of Quiet Economics, 70, 33–50.",
        "van den Berg, A., & Li, W. (2021). Clocks in trains. Annals of Invented Time, 7, 15–40.",
        "von der Au, U.: Clocks in trains and other moving things. Annals of Invented Time 7 (2019), 15–40.",
        "Brown, K. (in press). The economy of ports in an age of crisis. Review of Quiet Economics.",
        "Brown K. The economy of ports in an age of crisis, revisited. Rev Quiet Econ. Forthcoming.",
        "World Clock Organization. (2020). Guidelines on tides and ports. Nowhere: WCO.",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_one_reference_of_another_kind_is_not_joined_to_its_neighbours(line: str, place: int) -> None:
    lines = [*AUTHORS[:place], line, *AUTHORS[place:]]
    assert cut("\n".join(lines)) == lines


def test_headings_do_not_hide_an_item_without_a_year() -> None:
    text = (
        "Journal articles\n\n2024\n[J3] I. Falk, T. Rosa. Slow clocks in fast trains. Annals of Time, 2024, 3, 1-9.\n\n"
        "2023\n[J2] T. Rosa, I. Falk. A note on clocks and other things. Annals of Time 180, 106300.\n\nUnder review\n"
        "[U1] I. Falk. A theory of clocks and everything else. Submitted to Annals of Time.\n"
    )
    result = read_bytes(text.encode(), "listing")
    assert [record.title for record in result] == [
        "Slow clocks in fast trains", "A note on clocks and other things", "A theory of clocks and everything else",
    ]  # fmt: skip
    doubtful = [problem.position.line for problem in result.problems if problem.code == "references-doubtful"]
    assert {7, 10} <= set(doubtful)


def test_pages_with_the_number_of_an_article_are_whole() -> None:
    text = (
        "[1] Karl Lind and Bo Moor. Tides, ports, and dredging. ACM Trans. Harb., 48(2):5:1–5:42, 2023.\n"
        "[2] Lind, K., Moor, B.: Why boats sink. In: Proc. SoCG. pp. 33:1–33:15 (2022)\n"
    )
    assert [record.text("page") for record in read(text.encode(), OPTIONS).records] == ["5:1-5:42", "33:1-33:15"]


def test_an_organisation_begins_a_reference_of_broken_lines() -> None:
    text = (
        "Adams, R. (2019). Measuring tides in ports of the north.\nJournal of Maritime Studies, 12(3), 201-219.\n"
        "van den Berg, A., & Li, W. (2021). Clocks in trains and other\nmoving things. Annals of Time, 7(1), 15-40.\n"
        "World Clock Organization. (2020). Guidelines on tides and ports\nin the northern hemisphere. WCO Press.\n"
        "Zhao, X. (2020). Bells and gradients. Proceedings of Bells, 44-\n51.\n"
    )
    assert [line.partition(" (")[0] for line in cut(text)] == [
        "Adams, R.", "van den Berg, A., & Li, W.", "World Clock Organization.", "Zhao, X.",
    ]  # fmt: skip


def test_epub_is_no_publisher() -> None:
    text = (
        "1: Lind K, Moor B. Tides, ports, and dredging: a cohort study. N Engl J Tide. 2020 Feb 6;382(6):503-513. "
        "doi: 10.5555/tide.1. Epub 2020 Jan 29. PMID: 31995683.\n\n"
        "2: Strand Ø. Why boats sink in winter. Lancet. 2021 Aug;596(7873):583-589. doi: 10.5555/tide.2. Epub 2021 "
        "Jul 15. PMID: 34265844; PMCID: PMC8371605.\n"
    )
    records = read(text.encode(), OPTIONS).records
    assert ["publisher" in record.variables for record in records] == [False, False]
    assert [record.text("page") for record in records] == ["503-513", "583-589"]


CHINESE = (
    ("张三. 数字经济研究[D]. 北京: 清华大学, 2019.", "thesis"),
    ("李四. 新时代的经济[N]. 人民日报, 2020-03-01(5).", "article-newspaper"),
    ("王五. 年度报告[R/OL]. 北京: 中国科学院, 2018.", "report"),
    ("国家标准化管理委员会. 参考文献著录规则: GB/T 7714—2015[S]. 北京: 中国标准出版社, 2015.", "standard"),
    ("周志华. 机器学习[M]. 北京: 清华大学出版社, 2016.", "book"),
    ("陈明. 数据挖掘技术综述[J]. 软件学报, 2021, 32(1): 1-20.", "article-journal"),
)


@pytest.mark.parametrize("numbered", [True, False])
def test_codes_of_gbt_7714_say_the_kind(numbered: bool) -> None:
    # GB/T 7714-2015, Appendix B; short lines, since Chinese needs half the characters
    lines = [f"[{n}] {line}" if numbered else line for n, (line, _) in enumerate(CHINESE, start=1)]
    records = read_bytes("\n".join(lines).encode(), "listing").records
    assert [record.type for record in records] == [kind for _, kind in CHINESE]


@pytest.mark.parametrize(
    ("end", "doi"),
    [
        ("https://doi.org/10.13328/j.cnki.jos.006100．", "10.13328/j.cnki.jos.006100"),
        ("DOI：10.13328/j.cnki.jos.006100。", "10.13328/j.cnki.jos.006100"),
        ("doi:10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2.",
         "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"),
    ],
)  # fmt: skip
def test_a_doi_ends_before_the_stop_of_its_reference(end: str, doi: str) -> None:
    (record,) = read(
        f"Brown K. Clocks in trains[J]. Annals of Time, 2021, 32(1): 1-20. {end}".encode(), OPTIONS
    ).records
    assert record.doi == doi


def test_a_reference_in_press_is_read_among_others_of_its_list() -> None:
    line = "Brown, K. (in press). The economy of ports in an age of crisis. Review of Quiet Economics."
    lines = [AUTHORS[0], line, *AUTHORS[1:]]
    result = read_bytes("\n".join(lines).encode(), "listing")
    assert [record.title for record in result][1] == "The economy of ports in an age of crisis"
    assert len(result.records) == 4
    assert [(p.code, p.position.line) for p in result.problems] == [("references-doubtful", 2)]


def test_broken_words_page_numbers_and_running_heads() -> None:
    text = (
        "M. Aldous. Tidal clocks and their di-\nurnal cycles in well-known ports. J. of Horo-\nlogy 12 (2014), 201-\n"
        "219.\n\nInvented Horology 12\n\n- 17 -\n\n"
        "T. Brennan. A well-\nknown ﬁeld guide. Whimsy 41 (2015).\n\nInvented Horology 13\n\n"
        "R. Castellanos. Trees. Forestry 7 (2016).\n\nInvented Horology 14\n"
    )
    assert cut(text) == [
        "M. Aldous. Tidal clocks and their diurnal cycles in well-known ports. J. of Horology 12 (2014), 201-219.",
        "T. Brennan. A well-known field guide. Whimsy 41 (2015).",
        "R. Castellanos. Trees. Forestry 7 (2016).",
    ]


def test_lines_broken_at_a_width_are_joined_without_a_stop_though_capitals_follow() -> None:
    text = (
        "[1] I. Falk and T. Rosa. Slow clocks in fast trains. Journal of Leisurely\n    Physics, 12(3):201-219, 2018.\n"
        "[2] K. Arimura. What moss remembers: a field study of wood. Annals of Quiet\n    Botany, 7(1):15-40, 2021.\n"
        "[3] J. Berg, N. Brandt and L. Wei. Do maps dream of territory? Cartographic\n    Letters, 44(2):88-97, 2020.\n"
    )
    assert [reference.split(". ")[-1] for reference in cut(text)] == [
        "Journal of Leisurely Physics, 12(3):201-219, 2018.",
        "Annals of Quiet Botany, 7(1):15-40, 2021.",
        "Do maps dream of territory? Cartographic Letters, 44(2):88-97, 2020.",
    ]


def test_links_of_publishers_are_no_references() -> None:
    links = (
        "Article  ADS  CAS  PubMed  Google Scholar",
        "10.1000/abc.2 Web of Science®Google Scholar",
        "Google Scholar",
    )
    text = "\n".join(f"{line}\n{link}" for line, link in zip(AUTHORS, links, strict=True))
    assert cut(text) == [AUTHORS[0], AUTHORS[1] + " doi:10.1000/abc.2", AUTHORS[2]]


def test_headings_between_numbered_references_are_none() -> None:
    text = f"Books\n1. {AUTHORS[0]}\n2. {AUTHORS[1]}\n\nJournal articles\n1. {AUTHORS[2]}\n"
    found = segments_of(enumerate(text.splitlines(), start=1))
    assert [segment.text for segment in found.segments] == list(AUTHORS)


def test_heads_of_pages_have_their_number_on_either_side() -> None:
    head = "A. Lind et al. / Harbour Review 12 (2021) 130–145"
    text = f"{head}      141\n{AUTHORS[0]}\n142    {head}\n{AUTHORS[1]}\n{head}\n143\n{AUTHORS[2]}"
    assert cut(text) == list(AUTHORS)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (
            [
                "Lind, Anna: Gezeiten und Uhren. Studien zur Küste, Ellery: Pier Verlag 1992.",
                "Moor, Bo: Ebbe in Häfen, in: Archiv für Küsten 12 (1955), S. 11-45.",
                "Falk, Ines: Moos. Eine Geschichte, 2. Aufl., Ellery: Pier Verlag 1993.",
            ],
            "references",
        ),
        (
            [
                "[c3] Anna Lind, Bo Moor: Tides and Clocks. Proceedings of the 4th Workshop on Coasts 2019: 44-51",
                "[j2] Bo Moor, Anna Lind: Counting Boats. Journal of Invented Analysis 12(2): 101-133 (2021)",
                "[j1] Ines Falk, Anna Lind: A Tour of Moss. Annals of Garden Theory 9(1): 1-19 (2020)",
            ],
            "listing",
        ),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".txt"])
def test_a_colon_after_names_is_that_of_a_style_where_family_names_come_first(
    lines: list[str], wanted: str, suffix: str
) -> None:
    assert guess_format("\n".join(lines).encode(), f"list{suffix}").name == wanted


@pytest.mark.parametrize("mark", ["[{}]", "{}.", "({})", "{}:"])
def test_an_item_of_a_numbered_list_that_is_not_read_is_an_error(mark: str) -> None:
    items = [
        "I. Falk and T. Rosa. Slow clocks in fast trains. Journal of Leisurely Physics, 12(3):201-219, 2018.",
        "See the long list of people who helped with this paper.",
        "K. Arimura and I. Falk. What moss remembers: a field study. Annals of Quiet Botany, 7(1):15-40, 2021.",
        "J. Berg. Do maps dream of territory? Cartographic Letters, 44(2):88-97, 2020.",
    ]
    text = "References\n" + "\n".join(f"{mark.format(number)} {item}" for number, item in enumerate(items, start=1))
    result = read(text.encode(), OPTIONS)
    assert len(result.records) == 3
    unread = [(problem.position.line, problem.severity) for problem in result.problems if "unread" in problem.code]
    assert unread == [(1, "note"), (3, "error")]


def test_a_year_at_the_start_is_not_a_number_of_the_list() -> None:
    lines = ["1986. Aldous, M. Clocks. Horology 12.", "2015. Brennan, T. Boats. Whimsy 41."]
    assert cut("\n".join(lines)) == lines


def test_lines_and_text_of_a_segment_are_those_of_the_input() -> None:
    segments = segments_of(enumerate(["", "[1] A. Doe.", "    Clocks, 2014.", "[2] B. Lind. Boats, 2015."], 1)).segments
    assert [(segment.line, segment.label, segment.raw) for segment in segments] == [
        (2, "1", "[1] A. Doe.\nClocks, 2014."),
        (4, "2", "[2] B. Lind. Boats, 2015."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aldous, M. K., & Brennan, T.", ["Aldous, M. K.", "Brennan, T."]),
        ("Aldous MK, Brennan T, van der Meer P, et al", ["Aldous, M. K.", "Brennan, T.", "van der Meer, P.", "..."]),
        ("M. K. Aldous, T. Brennan, and P. van der Meer", ["Aldous, M. K.", "Brennan, T.", "van der Meer, P."]),
        ("Mary Aldous, Tom Brennan and Piet van der Meer", ["Aldous, Mary", "Brennan, Tom", "van der Meer, Piet"]),
        ("Aldous, Mary, Tom Brennan, and Piet Meer", ["Aldous, Mary", "Brennan, Tom", "Meer, Piet"]),
        ("Aldous, Mary; Brennan, Tom", ["Aldous, Mary", "Brennan, Tom"]),
        ("Aldous, Mary und Tom Brennan (Hrsg.)", ["Aldous, Mary", "Brennan, Tom"]),
        ("Pérez Ruiz, J., y Gómez, A.", ["Pérez Ruiz, J.", "Gómez, A."]),
        ("ALDOUS M., BRENNAN T.", ["Aldous, M.", "Brennan, T."]),
        ("Smith-Jones, J.-P., Jr., & Doe, A.", ["Smith-Jones, J.-P., Jr.", "Doe, A."]),
        ("Иванов А.Б., Петров В.", ["Иванов, А. Б.", "Петров, В."]),
        ("王小明，李娜", ["王, 小明", "李, 娜"]),
        ("World Tide Organization", ["World Tide Organization"]),
        ("H. Lindqvist and J. Moreau, editors", ["Lindqvist, H.", "Moreau, J."]),
        ("Li H, Ng HT, Ma B", ["Li, H.", "Ng, H. T.", "Ma, B."]),
        ("Duan, Jinghai, Le Wang, Chengjiang Long, et al", ["Duan, Jinghai", "Wang, Le", "Long, Chengjiang", "..."]),
        (
            "Mary Aldous*, Tom Brennan2, and Ana Lucía Fuentes-Prado†",
            ["Aldous, Mary", "Brennan, Tom", "Fuentes-Prado, Ana Lucía"],
        ),
        ("Goh H, Susskind JM.", ["Goh, H.", "Susskind, J. M."]),
        ("Goh H, Susskind J M.", ["Goh, H.", "Susskind, J. M."]),
        ("Lind, Anna / Moor, Bo (Hrsg.)", ["Lind, Anna", "Moor, Bo"]),
        ("Lind, A./Moor, B.", ["Lind, A.", "Moor, B."]),
        ("LINDE Anna", ["Linde, Anna"]),
        ("DE LINDE Anna et MOOR Bo", ["De Linde, Anna", "Moor, Bo"]),
        ("Lind (Anna) et Moor (B.)", ["Lind, Anna", "Moor, B."]),
        ("OSO, Ana", ["Oso, Ana"]),
        ("LUNA, P. und ZOHN, O. R.", ["Luna, P.", "Zohn, O. R."]),
        ("Luna y Mora, José", ["Luna y Mora, José"]),
        ("Luna, A. y Mora, José", ["Luna, A.", "Mora, José"]),
        ("Hu, Xia, Kong, Lin et Tu, Kewei", ["Hu, Xia", "Kong, Lin", "Tu, Kewei"]),
        ("Лунин, Леонид, и Борис Мохов", ["Лунин, Леонид", "Мохов, Борис"]),
        ("World Tide Bank", ["World Tide Bank"]),
        ("Statistics Ellery", ["Statistics Ellery"]),
        ("Centers for Tide Control and Harbours", ["Centers for Tide Control and Harbours"]),
        ("Stephen Bank and John Hall", ["Bank, Stephen", "Hall, John"]),
        ("TIDE Study Group, Lind A, Moor B, et al", ["TIDE Study Group", "Lind, A.", "Moor, B.", "..."]),
        ("Lind A, Moor B, et al; Harbour Trial Group", ["Lind, A.", "Moor, B.", "Harbour Trial Group", "..."]),
        ("OTCX", ["OTCX"]),
        ("欧阳明，李娜", ["欧阳, 明", "李, 娜"]),
        ("Tiexin Qin and Haoliang Li.", ["Qin, Tiexin", "Li, Haoliang"]),
        ("王小明 & 李娜, 等", ["王, 小明", "李, 娜", "..."]),
        ("加藤浩, と中村稔 (編)", ["加, 藤浩", "中, 村稔"]),
        ("Gelder, N. van, en J. de Boer", ["van Gelder, N.", "de Boer, J."]),
        ("García Luna, L. y de la Mora, P.", ["García Luna, L.", "de la Mora, P."]),
        ("Luna, L., Oso, A. y de Mora, P.", ["Luna, L.", "Oso, A.", "de Mora, P."]),
        ("Silva, J. e dos Santos, M.", ["Silva, J.", "dos Santos, M."]),
        ("Gelder, N. en van den Berg, P.", ["Gelder, N.", "van den Berg, P."]),
        ("de la Mora MJ Jr, Doe JB 3rd", ["de la Mora, M. J., Jr", "Doe, J. B., 3rd"]),
        ("LINDE A, JONES B, LEE C", ["Linde, A.", "Jones, B.", "LEE, C."]),
        ("Linde A, LEE C, WU XY", ["Linde, A.", "LEE, C.", "WU, X. Y."]),
        ("Linde, A., Moor, B., ... Zohn, X.", ["Linde, A.", "Moor, B.", "Zohn, X.", "..."]),
        ("Linde, A., Moor, B., . . . Zohn, X.", ["Linde, A.", "Moor, B.", "Zohn, X.", "..."]),
        ("Linde, A., Moor, B., … & Zohn, X.", ["Linde, A.", "Moor, B.", "Zohn, X.", "..."]),
        ("Öse, A. (Ed.).", ["Öse, A."]),
        ("Lamb, L. W., in Gilbert, M., idr.", ["Lamb, L. W.", "Gilbert, M.", "..."]),
        ("", []),
        ("Kaiser Ł, Šimić Ž, Ångström Å", ["Kaiser, Ł.", "Šimić, Ž.", "Ångström, Å."]),
        ("Şahin ŞA, Čapek K", ["Şahin, Ş. A.", "Čapek, K."]),
        ("Ł. Kaiser, Ž. Šimić", ["Kaiser, Ł.", "Šimić, Ž."]),
    ],
)
def test_names_in_every_order(text: str, expected: list[str]) -> None:
    names, _ = names_of(text)
    assert [name.inverted() for name in names] + ["..."] * names.truncated == expected


@pytest.mark.parametrize(
    "same",
    ["———. ", "---. ", "______. ", "—— . ", "――. "],
)
def test_dashes_stand_for_the_names_of_the_reference_before(same: str) -> None:
    # The Chicago Manual of Style (17th ed.), 14.67; MLA Handbook, 5.126
    lines = [
        "Lind, Karl, and Bo Moor. “Tides and Ports.” Maritime Studies 48, no. 2 (2023): 1–42.",
        f"{same}“Why Boats Sink.” Journal of Boats 3 (2021): 33–57.",
        f"{same}A Book of Boats. 2nd ed. Nowhere: Oak Press, 2020.",
        "Strand, Øystein. Counting Sheep. Nowhere: Oak Press, 2019.",
        f"{same}Counting Goats. Nowhere: Oak Press, 2018.",
    ]
    result = read("\n".join(lines).encode(), OPTIONS)
    families = [[name.family for name in record.names("author")] for record in result.records]
    assert families == [["Lind", "Moor"]] * 3 + [["Strand"]] * 2
    assert [record.title for record in result.records] == [
        "Tides and Ports", "Why Boats Sink", "A Book of Boats", "Counting Sheep", "Counting Goats",
    ]  # fmt: skip
    assert result.records[1].leftover("references", "reference") == lines[1]


def test_german_words_for_the_same_person() -> None:
    lines = [
        "Weber, Anna: Zur Theorie der Uhren. In: Publizistik 63 (2018), S. 211–230.",
        "Dies.: Uhren und Macht. Nirgendwo: Eichenverlag, 2020.",
        "Idem, Uhren und Züge. Nirgendwo: Eichenverlag, 2021.",
    ]
    records = read("\n".join(lines).encode(), OPTIONS).records
    assert [[name.family for name in record.names("author")] for record in records] == [["Weber"]] * 3


def test_dashes_at_the_beginning_stand_for_nobody() -> None:
    (record,) = read("———. “Why Boats Sink.” Journal of Boats 3 (2021): 33–57.".encode(), OPTIONS).records
    assert "author" not in record.variables


def test_identifiers_are_one_token_without_the_punctuation_after_them() -> None:
    words = [token.text for token in tokens_of("doi:10.5555/a(1).b_2. See https://x.org/a_(b), Ca2+ and 1872--1886.")]
    assert words == ["doi", "10.5555/a(1).b_2", "See", "https://x.org/a_(b)", "Ca2", "and", "1872", "1886"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["author-date.txt", "numbered.txt", "vancouver.txt"])
def test_lists_in_common_styles_are_read(fixtures: Path, name: str) -> None:
    data = (fixtures / "references" / name).read_bytes()
    assert guess_format(data).name == "references"
    records = {record.title: record for record in read(data, OPTIONS).records}
    clocks = records["The slow death of tidal clocks"]
    assert [author.family for author in clocks.authors] == ["Aldous", "Brennan"]
    assert (clocks.year, clocks.text("volume"), clocks.text("issue")) == (2014, "12", "3")
    assert clocks.text("page")[:4] == "201-"
    bridges = records["How many bridges does a town need?"]
    assert (bridges.year, bridges.text("volume"), bridges.text("page")) == (2016, "41", "1-28")
    trees = next(record for title, record in records.items() if title.startswith("Estimating"))
    assert [author.inverted() for author in trees.authors][:2] == ["Castellanos, R.", "van der Meer, P."]


def test_a_list_shows_how_an_unclear_reference_of_it_is_to_be_read() -> None:
    consensus = Consensus({"author": 0, "title": 1, "container": 2})
    for _ in range(6):
        consensus.add(steps_of(["author", "title", "title", "container"], ["", ": ", " ", ". ", "."]))
    assert consensus.is_one_style()
    bonus = consensus.bonus(": ")
    assert bonus[0, 1] > 0
    assert (1, 2) not in bonus
    assert consensus.bonus(". ")[1, 2] > 0
    same = steps_of(["author", "title", "container"], ["", ": ", ". ", "."])
    unlike = steps_of(["title", "author", "container"], ["", ": ", ". ", "."])
    assert consensus.agreement(same, own=False) == 1
    assert consensus.agreement(unlike, own=False) < 0.5


def test_a_few_references_are_no_common_style() -> None:
    consensus = Consensus({"author": 0, "title": 1})
    for _ in range(3):
        consensus.add(steps_of(["author", "title"], ["", ". ", ""]))
    assert not consensus.is_one_style()


def test_the_probabilities_of_the_labels_are_those_of_all_paths() -> None:
    model = Model({"labels": ["a", "b"], "scale": 1, "transitions": [1, 0, -1, 0], "states": {"0 1 1 -1": "0w=doe"}})
    tokens = tokens_of("Doe doe doe")
    scores = model.scores(tokens, gaps_of("Doe doe doe", tokens))
    tagging = model.tag(scores)
    weights = {}
    for path in itertools.product((0, 1), repeat=3):
        steps = sum(model.transitions[old][new] for old, new in itertools.pairwise(path))
        weights[path] = math.exp(sum(row[label] for row, label in zip(scores, path, strict=True)) + steps)
    best = max(weights, key=weights.__getitem__)
    assert tagging.labels == ["ab"[label] for label in best]
    for place, sure in enumerate(tagging.sure):
        share = sum(weight for path, weight in weights.items() if path[place] == best[place]) / sum(weights.values())
        assert sure == pytest.approx(share, abs=0.01)


def test_values_have_their_certainty_and_the_reference_is_kept(fixtures: Path) -> None:
    result = read((fixtures / "references" / "vancouver.txt").read_bytes(), OPTIONS)
    record, reading = result.records[0], result.readings[0]
    assert record.leftover("references", "reference") == reading.raw
    assert reading.raw.startswith("1. Aldous MK, Brennan T. The slow death")
    assert reading.line == 1
    origin = record.provenance["title"]
    assert (origin.source, origin.detail, origin.confidence) == ("references", "list.txt:1", reading.fields["title"])


@pytest.mark.parametrize("math", [r"\(\ell_p\)", r"$\mathcal{O}(n)$"])
def test_a_formula_in_a_title_is_no_source(math: str) -> None:
    text = f"[1] M. Aldous, T. Brennan, Bounds for {math} clocks, Journal of Invented Horology 12 (3) (2014) 201–219."
    [record] = read(text.encode(), OPTIONS).records
    assert [name.family for name in record.authors] == ["Aldous", "Brennan"]
    assert record.year == 2014


def test_commands_of_a_source_are_not_read() -> None:
    text = r"[1] M. Aldous, T. Brennan, \emph{The slow death of tidal clocks}, Journal of Horology 12 (2014) 201–219."
    assert read(text.encode(), OPTIONS).records == ()


def test_a_doubtful_reference_has_a_warning_with_its_line() -> None:
    text = "\n".join([*AUTHORS, "Smythe, J. The old buildings of Port Ellery. Forthcoming."])
    result = read(text.encode(), OPTIONS)
    doubtful = [problem for problem in result.problems if problem.code == "references-doubtful"]
    assert [problem.position.line for problem in doubtful] == [4]
    assert "the year could not be found" in doubtful[0].message
    assert not any(reading.doubt for reading in result.readings[:3])


@pytest.mark.parametrize(
    "text",
    [
        "Old bridges, Lind and others, a report of the ministry of bridges, 2018",
        "Gardens of the north and what grows in them, quarterly, volume 3, 2014",
        "Smith, J. (2011). Journal of Rivers, 4, 12-19.",
    ],
)
def test_a_reference_without_people_or_title_is_never_taken(text: str) -> None:
    for reading in read(text.encode(), OPTIONS).readings:
        known = reading.record.variables
        assert reading.doubt or ({"author", "editor"} & known.keys() and "title" in known)


@pytest.mark.parametrize(
    "text",
    [
        "Falk, I. (n.d.). Slow clocks in fast trains. Annals of Time, 5, 20–29.",
        "Falk, I. Slow clocks in fast trains. Annals of Time, 5, 20–29.",
        "Falk, I., & Rosa, T. Slow clocks in fast trains. Annals of Time, 12(3), 201–219.",
    ],
)
def test_a_reference_without_a_year_is_never_taken(text: str) -> None:
    (*_, reading) = read("\n".join((*AUTHORS, text)).encode(), OPTIONS).readings
    assert reading.record.title == "Slow clocks in fast trains"
    assert "the year could not be found" in reading.doubt


@pytest.mark.parametrize(
    "text",
    [
        "The weather was fine. We went to the beach, and later to the harbour, where the boats are.\nThen we ate.",
        "id,name,value\n1,alpha,0.5\n2,beta,0.7\n3,gamma,0.9\n",
        "def main():\n    return [x for x in range(10)]\n",
        "1. Introduction  1\n2. Methods  7\n3. Results  12\n",
        "{}",
        "....",
    ],
)
def test_what_is_no_list_of_references_is_not_taken_for_one(text: str) -> None:
    assert sniff(text.encode()) == 0
    assert not [reading for reading in read(text.encode(), OPTIONS).readings if not reading.doubt]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    result = read_lines(enumerate(text.splitlines(), start=1), OPTIONS)
    lines = len(text.splitlines())
    assert all(1 <= reading.line <= lines and 0 <= reading.confidence <= 1 for reading in result.readings)


REFERENCE = st.lists(
    st.sampled_from([
        *AUTHORS[0].split(" "), "(", ")", "[1]", "“", "”", "&", "et al.", "10.5555/x", "---", "\n", "\n\n", "王"]),
    max_size=60,
).map(" ".join)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(REFERENCE)
def test_any_mixture_of_the_words_of_references_is_read_or_refused(text: str) -> None:
    for reading in read_lines(enumerate(text.splitlines(), start=1), OPTIONS).readings:
        assert reading.raw
        assert set(reading.fields.values()) <= {value for value in reading.fields.values() if 0 <= value <= 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["a ", "A. ", "Doe, J., ", "(", "1. ", "10.1/", "- ", "a-\n", "Doe J 2001. T. J 1:2.\n", "[1] "]
)
def test_the_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(count: int) -> float:
        lines = list(enumerate((piece * count).splitlines(), start=1))
        took = []
        for _ in range(3):
            start = time.process_time()
            read_lines(lines, OPTIONS)
            took.append(time.process_time() - start)
        return min(took)

    seconds(100)
    assert seconds(40_000 // len(piece)) < 0.2 + 12 * seconds(8_000 // len(piece))


def test_a_word_of_any_length_takes_linear_time() -> None:
    began = time.process_time()
    segments_of([(1, "x" * 500_000 + " A. Doe. Clocks, 2014.")])
    assert time.process_time() - began < 5


def test_a_title_in_straight_single_quotation_marks_has_none_of_them() -> None:
    text = (
        "Alder, K. and Berg, P. (2017) 'Tides, ports, and dredging', Maritime Studies, 12(3), pp. 201-219.\n"
        "Lind, C. and Ash, B. (2018) 'Why boats sink', in Doe, J. and Roe, P. (eds) Rivers. London: Pier, pp. 33-57.\n"
        "Moor, B. (2011) 'Should boats sink?', Journal of Ports, 3(1), pp. 1-9.\n"
    )
    titles = [record.title for record in read(text.encode(), ReadOptions()).records]
    assert titles == ["Tides, ports, and dredging", "Why boats sink", "Should boats sink?"]


def test_the_address_of_a_link_is_not_part_of_the_text_around_it() -> None:
    text = (
        "- A. Lind and B. Moor. [Tides, ports, and dredging](https://doi.org/10.1234/tides). Maritime Studies "
        "12(3):201-219, 2021. [[pdf](https://x.example/t.pdf)] [[code](https://x.example/code)]\n"
        "- B. Moor and A. Lind. [Why boats sink](https://x.example/sink.pdf). Journal of Boats 3:33-57, 2021.\n"
    )
    first, second = read(text.encode(), ReadOptions()).records
    assert (first.title, first.doi, second.title) == ("Tides, ports, and dredging", "10.1234/tides", "Why boats sink")
    assert [str(record.variables["URL"]) for record in (first, second)] == [
        "https://x.example/t.pdf",
        "https://x.example/sink.pdf",
    ]


def test_links_that_lead_away_from_a_work_are_not_its_address() -> None:
    text = (
        "- **A. Lind**\\*, B. Moor\\*. [Tides, ports, and dredging](papers/t.html). *Maritime Studies*, 12(3):201-219, "
        "2021. [[pdf](papers/t.pdf)] [[code](https://x.example/code)] [slides](https://x.example/slides)\n"
        "- B. Moor and **A. Lind**. [Why boats sink](https://doi.org/10.1234/boats). *Journal of Boats*, 3:33-57 "
        "(2021) [code](https://x.example/code)\n"
    )
    first, second = read(text.encode(), ReadOptions()).records
    assert [[name.family for name in record.names("author")] for record in (first, second)] == [
        ["Lind", "Moor"],
        ["Moor", "Lind"],
    ]
    assert (first.title, second.title, second.doi) == ("Tides, ports, and dredging", "Why boats sink", "10.1234/boats")
    assert "URL" not in first.variables
    assert [record.text("issued") for record in (first, second)] == ["2021", "2021"]


@pytest.mark.parametrize("mark", [".", ")", ":"])
def test_labels_of_a_kind_and_a_number_are_not_of_the_first_name(mark: str) -> None:
    text = (
        f'J2{mark} Lind, A. and Moor, B. (2017). "Tides and ports." Maritime Studies, 12(3):201-219.\n'
        f'J1{mark} Lind, A. (2014). "Load tests in harbours." Journal of Ports, 3:1-9.\n'
        f'C1{mark} Moor, B., Lind, A. (2018). "Why boats sink." In Proceedings of the 3rd Conference on Boats, 33-57.\n'
    )
    records = read(text.encode(), ReadOptions()).records
    families = [[name.family for name in record.names("author")] for record in records]
    assert families == [["Lind", "Moor"], ["Lind"], ["Moor", "Lind"]]


def test_volume_issue_and_article_of_acm_are_three_numbers() -> None:
    # the ACM Reference Format: "J. ACM 12, 3, Article 45 (Sept. 2017), 19 pages."
    text = (
        "[1] Karl Lind and Bo Moor. 2017. Tides, Ports, and Dredging. ACM Trans. Harb. 12, 3, Article 45 (Sept. 2017), "
        "19 pages. https://doi.org/10.1145/3123456.3123457\n"
        "[2] Carl Lind and Berta Ash. 2018. Why Boats Sink. Commun. ACM 61, 4 (April 2018), 33-57.\n"
    )
    records = read(text.encode(), ReadOptions()).records
    found = [[record.text(name) for name in ("volume", "issue", "page")] for record in records]
    assert found == [["12", "3", "45"], ["61", "4", "33-57"]]
