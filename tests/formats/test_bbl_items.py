r"""The items of a ``thebibliography``: exact where a style names the values, read as references where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.formats.base import ReadOptions
from bibtool.formats.bblitems import bibitems
from bibtool.formats.registry import read_bytes

PAGES = Path(__file__).parents[2] / "fixtures" / "paste"
FIELDS = ("container-title", "volume", "issue", "page", "publisher", "DOI")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "acm-reference-format-1.bbl",
            [
                ("falk2018", "article-journal", "Journal of Leisurely Physics 12 3 201-219  10.5555/jlp.2018.201"),
                ("navarro2023", "paper-conference", "Proceedings of the 3rd Conference on Urban Sounds   88-99 IEEE "),
                ("solberg2024", "book", "    Oak Press "),
            ],
        ),
        (
            "revtex-1.bbl",
            [
                ("falk2018", "article-journal", "J. Leis. Phys. 12  201  10.5555/jlp.2018.201"),
                ("solberg2024", "book", "    Oak Press "),
            ],
        ),
        (
            "natbib-1.bbl",
            [
                ("falk2018", "article-journal", "Journal of Leisurely Physics 12 3 201-219  10.5555/jlp.2018.201"),
                ("berg2020", "book", "    Oak Press "),
                ("navarro2023", "paper-conference", "Proceedings of the 3rd Conference on Urban Sounds   88-99 IEEE "),
            ],
        ),
    ],
)
def test_items_have_their_key_and_the_fields_that_are_printed(name: str, expected: list[tuple[str, str, str]]) -> None:
    records = read_bytes((PAGES / name).read_bytes(), "bbl").records
    found = [(record.key, record.type, " ".join(record.text(field) for field in FIELDS)) for record in records]
    assert found == expected


def test_named_values_are_not_doubtful_and_others_are_readings_with_their_line() -> None:
    named = read_bytes((PAGES / "revtex-1.bbl").read_bytes(), "bbl")
    assert (named.problems, named.readings) == ((), ())
    other = read_bytes((PAGES / "ieeetran-1.bbl").read_bytes(), "bbl")
    assert [(reading.line, reading.record.key) for reading in other.readings] == [
        (17, "falk2018"), (21, "berg2020"), (28, "navarro2023"),
    ]  # fmt: skip
    assert [problem.position.line for problem in other.problems] == [
        reading.line for reading in other.readings if reading.doubt
    ]


def test_an_item_among_others_that_is_no_reference_is_an_error() -> None:
    text = (PAGES / "natbib-1.bbl").read_text(encoding="utf-8")
    result = read_bytes(text.replace("\\end{the", "\\bibitem{note}\nsee\n\n\\end{the").encode(), "bbl")
    assert [record.key for record in result] == ["falk2018", "berg2020", "navarro2023"]
    assert [p.code for p in result.problems if p.severity == "error"] == ["bbl-unread-item"]


def test_names_that_end_with_others_and_an_editor() -> None:
    text = r"""\begin{thebibliography}{1}
\bibitem[Lind et~al\mbox{.}(2019)]%
        {lind}
\bibfield{author}{\bibinfo{person}{Bo Lind} {et~al\mbox{.}}} \bibinfo{year}{2019}\natexlab{}.
\newblock \showarticletitle{Night {{\"U}}ber Tides}. In \bibinfo{booktitle}{\emph{Clocks}},
  \bibfield{editor}{\bibinfo{person}{Jo Smythe}} (Ed.).
\end{thebibliography}
"""
    (record,) = read_bytes(text.encode(), "bbl").records
    assert (record.title, record.text("container-title"), record.year) == ("Night Über Tides", "Clocks", 2019)
    assert [name.family for name in record.authors] == ["Lind"]
    assert record.authors.truncated
    assert "Smythe" in str(record.variables["editor"])


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("", "a"),
        ("[12]", "a"),
        ("[{[12]}]", "a"),
        (r" [{\citenamefont {Lind}\ and\ \citenamefont {{de la Rosa}}(2018)}]", "a"),
        ("[Lind(2018)]%\n        ", "a"),
    ],
)
def test_keys_are_found_after_labels_of_any_form(label: str, key: str) -> None:
    (item,) = bibitems(f"\\bibitem{label}{{{key}}} Text.\n\\end{{thebibliography}}\n")
    assert item.key == key


@pytest.mark.parametrize("text", ["\\bibitem", "\\bibitem[", "\\bibitem{", "\\bibitem[a]", "\\bibitems{a}", ""])
def test_what_is_no_item_has_none(text: str) -> None:
    assert bibitems(text) == []


@pytest.mark.parametrize("year", ["(2023).\n\\newblock ", "(2023)\n\\newblock ", "2023.\n\\newblock ", "2023. "])
def test_a_title_ends_before_a_journal_of_abbreviated_words(year: str) -> None:
    emphasised = "newblock" in year
    items = [
        ("Falk, I. and Rosa, T.", "Slow clocks in fast trains", "Trans. Time Syst.", "48(2):1--42"),
        ("Solberg, H.", "Moss and stone: A survey", "J. Leis. Phys.", "12(3):201--219"),
        ("Navarro, P. and Falk, I.", "Why do bells ring?", "Ann. Bells", "7(1):15--40"),
    ]
    text = "\\begin{thebibliography}{}\n"
    for number, (people, title, journal, rest) in enumerate(items):
        comma = ", " if year.startswith("2") else " "
        names = people.rstrip(".") + "." if comma == " " else people
        stop = "" if title.endswith("?") else "."
        venue = f"\n\\newblock {{\\em {journal}}}, {rest}." if emphasised else f" {journal} {rest}."
        text += f"\n\\bibitem[Label, 2023]{{key{number}}}\n{names}{comma}{year}{title}{stop}{venue}\n"
    result = read_bytes((text + "\n\\end{thebibliography}\n").encode(), "bbl")
    found = [(record.title, record.text("container-title")) for record in result]
    assert found == [(title, journal) for _, title, journal, _ in items]
    assert [record.text("page") for record in result] == ["1-42", "201-219", "15-40"]


def test_bysame_stands_for_the_authors_of_the_item_before() -> None:
    text = (
        "\\providecommand{\\bysame}{\\leavevmode\\hbox to3em{\\hrulefill}\\thinspace}\n\\begin{thebibliography}{1}\n"
        "\\bibitem{a}\nI.~Falk and T.~Rosa, \\emph{Slow clocks on manifolds}, Trans. Amer. Math. Soc. \\textbf{348} "
        "(1996), no.~2, 1--42.\n\n"
        "\\bibitem{b}\n\\bysame, \\emph{Clocks and graphs}, J. Symb. Log. \\textbf{12} (1998), 101--120.\n\n"
        "\\end{thebibliography}\n"
    )
    records = read_bytes(text.encode(), "bbl").records
    assert [record.key for record in records] == ["a", "b"]
    assert [[name.family for name in record.names("author")] for record in records] == [["Falk", "Rosa"]] * 2
    assert [record.title for record in records] == ["Slow clocks on manifolds", "Clocks and graphs"]


def test_items_that_share_a_line_are_all_read() -> None:
    """BibTeX puts each item on its own line, other programs need not."""
    works = (("J.~Doe", "Tides of the north"), ("B.~Ash", "Maps of towns"), ("L.~Moor", "Trees"))
    first, second, third = (
        f"\\bibitem{{k{n}}} {name}. \\newblock {title}. \\newblock {{\\em Journal of Rivers}}, {n}({n}):1--9, 201{n}."
        for n, (name, title) in enumerate(works, start=1)
    )
    text = f"\\begin{{thebibliography}}{{9}}\n% items\n{first} {second}\n{third}\n\\end{{thebibliography}}\n"
    for name in ("bbl", "listing"):
        result = read_bytes(text.encode(), name, ReadOptions(path="x.bbl"))
        assert [(record.key, record.year) for record in result] == [("k1", 2011), ("k2", 2012), ("k3", 2013)]
        lines = [record.provenance["title"].detail for record in result]
        assert lines == ["x.bbl:3", "x.bbl:3", "x.bbl:4"]
    unreadable = text.replace("L.~Moor. \\newblock Trees", "?")
    assert [problem.position.line for problem in read_bytes(unreadable.encode(), "bbl").problems] == [4]


def test_items_with_named_values_that_share_a_line_are_all_read() -> None:
    data = (PAGES / "acm-reference-format-1.bbl").read_bytes()
    together = data.replace(b"\n\n\\bibitem", b" \\bibitem")
    assert together.count(b"\n") < data.count(b"\n")
    assert [record.variables for record in read_bytes(together)] == [record.variables for record in read_bytes(data)]
