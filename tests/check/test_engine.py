"""Selection, suppression, several files, inheritance, dialects, and that nothing brings the engine down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.rule import Rule
from bibtool.check.rules import text
from bibtool.check.rules.values import _BAD, _SUSPECT
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.check.table import choose, defaults, expand, find_rule, rules
from bibtool.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField, Hit

ALL = CheckSettings(select=("ALL",))


def sources(*texts: str) -> list[CheckedFile]:
    return [CheckedFile.from_bytes(text.encode(), f"{number}.bib") for number, text in enumerate(texts, start=1)]


def codes(*texts: str, select: str = "ALL", **options: object) -> list[str]:
    found = check(sources(*texts), CheckSettings(select=tuple(select.split(",")), **options))  # type: ignore[arg-type]
    return [one.code for one in found]


class TestSelection:
    def test_prefixes_and_names(self) -> None:
        assert expand("KEY00") == {code for code in rules() if code.startswith("KEY00")}
        assert expand("malformed-doi") == {"IDS001"}
        assert expand("ids001") == {"IDS001"}
        assert expand("all") == set(rules())

    def test_a_misspelt_code_is_an_error_with_a_suggestion(self) -> None:
        with pytest.raises(UnknownNameError) as caught:
            expand("ISD001")
        assert "IDS001" in caught.value.suggestions
        with pytest.raises(UnknownNameError) as caught:
            find_rule("malformed-dio")
        assert "malformed-doi" in caught.value.suggestions

    def test_nothing_chosen_means_the_defaults(self) -> None:
        assert choose() == defaults()
        assert choose(ignore=["TXT"]) == {code for code in defaults() if not code.startswith("TXT")}

    def test_the_longer_selector_wins(self) -> None:
        assert choose(["IDS001"], ["IDS"]) == {"IDS001"}
        assert choose(["IDS"], ["IDS001"]) == expand("IDS") - {"IDS001"}
        assert choose(["IDS001"], ["IDS001"]) == set()
        assert choose(["ALL"], ["VAL"]) == {code for code in rules() if not code.startswith("VAL")}
        assert choose(["malformed-doi"], ["IDS"]) == {"IDS001"}

    def test_rules_that_are_off_are_not_asked(self) -> None:
        text = "@book{a, author = {A}, title = {T}, publisher = {P}, year = 1984}\n@string{x = {X}}"
        assert check(sources(text)) == ()
        assert codes(text) == ["REF004"]

    def test_per_file_ignores(self) -> None:
        bad = "@book{a, doi = {nonsense}}"
        one = CheckedFile.from_bytes(bad.encode(), "old/refs.bib")
        two = CheckedFile.from_bytes(bad.encode(), "new/refs.bib")
        options = CheckSettings(select=("IDS001",), per_file_ignores={"old/*.bib": ("IDS",)})
        assert [one.hit.file.path for one in check([one, two], options)] == ["new/refs.bib"]


def test_a_field_has_what_the_document_says(fixtures: Path) -> None:
    """Also where the names and values of an entry were found without their offsets."""
    count = 0
    for path in fixtures.rglob("*.bib"):
        file = CheckedFile.from_bytes(path.read_bytes(), path.name)
        for entry in file.entries:
            fields = [(field.name, field.content, field.raw) for field in entry.fields]
            assert fields == [(field.name, field.content, field.offsets) for field in entry.block.fields]
            for field in entry.fields:
                assert entry.field(field.name) is next(each for each in entry.fields if each.name == field.name)
            count += len(fields)
    assert count > 2000


UNUSUAL = "a\n\t {}\\é’–\xa0\x07\x7f\u200b\ufffdÃ©â\U0001f600"


@given(st.lists(st.text(UNUSUAL, max_size=6), max_size=6))
def test_what_only_unusual_characters_match_is_found_the_quick_way(values: list[str]) -> None:
    fields = "".join(f"f{number} = {{{value}}}, " for number, value in enumerate(values))
    for data in (f"@misc{{k, {fields}}}".encode(), f"@misc{{k, {fields}}}".encode("utf-16")):
        file = CheckedFile.from_bytes(data, "x.bib")
        for pattern in (_BAD, _SUSPECT):
            found = [(first, last) for _, first, last, _ in file.unusual_matches(pattern)]
            assert found == [(first, last) for _, first, last, _ in file.matches(pattern)]


@pytest.mark.parametrize(
    "words",
    (
        "collaboration,collaborations,consortium,team,university,universität,institute,institutes,laboratory,"
        "laboratories,agency,association,committee,society,council,foundation,department,ministry,organisation,"
        "organization,corporation,inc.,gmbh,ltd,observatory,federation,commission,contributors,working group,"
        "task force,developers,project,for Peace,of the East"
    ).split(","),
)
def test_the_quick_look_for_organisations_knows_every_word(words: str) -> None:
    assert codes(f"@book{{a, author = {{Zyx {words}}}}}", select="NAM004") == ["NAM004"]


@pytest.mark.parametrize("author", ["Lee", "Müller", "İnan", "\u212aim \U0001f600"])
def test_arxiv_numbers_are_found_beside_any_letter(author: str) -> None:
    entry = "@misc{{{key}, author = {{{author}}}, journal = {{arXiv:2203.01360}}}}\n"
    text = "".join(entry.format(key=key, author=author) for key in "ab")
    assert codes(text, select="DUP002") == ["DUP002"]


@given(st.text("aBcÉdß中'’-_1 {}$\\ǅ", max_size=30))
def test_the_quick_look_for_capitals_misses_none(content: str) -> None:
    quick = list(text._words(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_INNER_CAPITAL", re.compile(""))
        assert quick == list(text._words(content))


def test_page_ranges_of_biblatex_have_any_dash() -> None:
    assert codes("@article{a, pages = {1-2}}", select="VAL003") == ["VAL003"]
    assert codes("@article{a, date = {2000}, pages = {1-2}}", select="VAL003") == []
    assert codes("@article{a, pages = {1-2}}", select="VAL003", dialect="biblatex") == []


class TestSuppression:
    BAD = "@book{a, doi = {nonsense}, isbn = {1}}"

    @pytest.mark.parametrize(
        ("before", "left"),
        [
            ("", ["IDS001", "IDS004"]),
            ("% bibtool: ignore=IDS001\n", ["IDS004"]),
            ("% bibtool: ignore = ids004\n", ["IDS001"]),
            ("%% bibtool: ignore=IDS\n", []),
            ("% bibtool: ignore\n", []),
            ("@comment{bibtool: ignore=IDS}\n", []),
            ("% bibtool: ignore=IDS001\n% a word on why\n", ["IDS004"]),
            ("% bibtool: ignore=IDS001, malformed-doi,bad-isbn\n", []),
            ("% bibtool: ignore=IDS\n\n", ["IDS001", "IDS004"]),
            ("% bibtool: ignore=VAL\n", ["IDS001", "IDS004"]),
            ("% bibtool ignore=IDS\n", ["IDS001", "IDS004"]),
            ("% bibtool: ignore=IDS\n@string{x = {y}}\n", ["IDS001", "IDS004"]),
        ],
    )
    def test_the_line_before_an_entry(self, before: str, left: list[str]) -> None:
        assert codes(before + self.BAD, select="IDS") == left

    def test_the_neighbours_are_still_checked(self) -> None:
        text = f"{self.BAD}\n% bibtool: ignore\n{self.BAD}\n{self.BAD}"
        found = check(sources(text), CheckSettings(select=("IDS",)))
        assert [one.line for one in found] == [1, 1, 4, 4]

    def test_a_whole_file_and_no_other(self) -> None:
        found = check(sources(f"{self.BAD}\n\n% bibtool: ignore-file=IDS", self.BAD), CheckSettings(select=("IDS",)))
        assert [one.hit.file.path for one in found] == ["2.bib", "2.bib"]

    def test_a_comment_behind_something_is_for_its_line(self) -> None:
        text = "@book{a,\n  doi = {nonsense}, % bibtool: ignore=IDS001\n  isbn = {1}\n} % bibtool: ignore\n" + self.BAD
        found = check(sources(text), CheckSettings(select=("IDS",)))
        assert [(one.line, one.code) for one in found] == [(3, "IDS004"), (5, "IDS001"), (5, "IDS004")]

    def test_an_unused_comment_is_found_only_if_its_rule_was_asked(self) -> None:
        text = "% bibtool: ignore=IDS001\n@book{a, doi = {10.1000/1}}"
        assert codes(text, select="SUP002,IDS001") == ["SUP002"]
        assert codes(text, select="SUP002,VAL") == []
        assert codes("% bibtool: ignore=IDS001\n" + self.BAD, select="SUP002,IDS001") == []


class TestSeveralFiles:
    def test_keys_and_works_are_compared_across_files(self) -> None:
        one = "@article{a, title = {The Nature of Things}, author = {J. Doe}, doi = {10.1000/1}}"
        two = "@article{a, title = {Other}, doi = {10.1000/2}}\n@article{b, title = {X}, doi = {10.1000/1}}"
        found = check(sources(one, two), CheckSettings(select=("KEY", "DUP")))
        assert [(one.hit.file.path, one.code) for one in found] == [("2.bib", "KEY001"), ("2.bib", "DUP001")]
        assert "1.bib, line 1" in found[0].hit.message
        assert found[0].hit.related[0].file.path == "1.bib"

    def test_parents_and_macros_may_stand_in_another_file(self) -> None:
        child = "@inproceedings{a, author = {A}, title = {T}, crossref = {p}, publisher = acm}"
        parent = "@string{acm = {ACM}}\n@proceedings{p, title = {P}, booktitle = {P}, year = 1984}"
        assert codes(child, select="REF001,REF003,REQ") == ["REF001", "REF003"]
        assert codes(child, parent, select="REF001,REF003,REQ") == []

    def test_the_order_is_that_of_files_and_lines(self) -> None:
        text = "@book{a, isbn = {1}}\n@book{b, doi = {x}}"
        found = check(sources(text, text), CheckSettings(select=("IDS",)))
        assert [(one.hit.file.path, one.line) for one in found] == [
            ("1.bib", 1), ("1.bib", 2), ("2.bib", 1), ("2.bib", 2),
        ]  # fmt: skip


class TestRequiredFields:
    def test_each_dialect_has_its_own(self) -> None:
        book = "@book{a, author = {A}, title = {T}, year = 1984}"
        assert codes(book, select="REQ001", dialect="bibtex") == ["REQ001"]
        assert codes(book, select="REQ001", dialect="biblatex") == []
        manual = "@manual{a, title = {T}}"
        assert codes(manual, select="REQ001", dialect="bibtex") == []
        assert codes(manual, select="REQ001", dialect="biblatex") == ["REQ001"]

    def test_a_file_that_uses_biblatex_is_judged_as_biblatex(self) -> None:
        book = "@book{a, author = {A}, title = {T}, year = 1984}\n"
        modern = "@article{b, author = {A}, title = {T}, journaltitle = {J}, date = {1984}}\n"
        assert codes(book + modern, select="REQ001") == []
        assert codes(book * 9 + modern, select="REQ001") == ["REQ001"] * 9

    def test_inherited_over_several_generations(self) -> None:
        text = (
            "@inproceedings{a, author = {A}, title = {T}, crossref = {p}}\n"
            "@proceedings{p, title = {P}, xdata = {x}}\n@xdata{x, year = 1984}"
        )
        assert codes(text, select="REQ001", dialect="biblatex") == []
        assert codes(text.replace("year", "note"), select="REQ001", dialect="biblatex") == ["REQ001", "REQ001"]

    def test_only_biber_takes_the_title_of_a_parent_as_booktitle(self) -> None:
        text = "@inproceedings{a, author = {A}, title = {T}, crossref = {p}}\n@proceedings{p, title = {P}, year = 1984}"
        (finding,) = check(sources(text), CheckSettings(select=("REQ001",), dialect="bibtex"))
        assert "booktitle" in finding.hit.message
        assert "add a booktitle to the parent" in str(finding.hit.hint)
        assert codes(text, select="REQ001", dialect="biblatex") == []
        with_booktitle = text.replace("title = {P}", "title = {P}, booktitle = {P}")
        assert codes(with_booktitle, select="REQ001", dialect="bibtex") == []

    def test_a_title_is_not_inherited_by_crossref(self) -> None:
        text = "@inproceedings{a, author = {A}, crossref = {p}}\n@proceedings{p, title = {P}, year = 1984}"
        found = check(sources(text), CheckSettings(select=("REQ001",), dialect="biblatex"))
        assert [one.hit.message for one in found] == [
            "this @inproceedings is incomplete; a field that it needs is missing: title"
        ]

    def test_circles_end(self) -> None:
        text = "@book{a, crossref = {b}, title = {A}}\n@book{b, crossref = {a}, year = 1984}"
        assert codes(text, select="REF006") == ["REF006", "REF006"]
        assert codes(text, select="REQ001") == ["REQ001", "REQ001"]


class TestFixing:
    def test_only_the_bytes_concerned_change(self) -> None:
        data = (
            b"\xef\xbb\xbf% note\r\n@Book { a ,\r\n\tdoi= {https://doi.org/10.1000/1} ,\r\n"
            b'  title = "\xc3\x89t\xc3\xa9",\r\n}\r\n  rest'
        )
        result = fix([CheckedFile.from_bytes(data, "x.bib")], ALL)
        assert result.files[0].document.to_bytes() == data.replace(b"https://doi.org/", b"")
        assert [one.code for one in result.fixed] == ["IDS002"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
    def test_the_encoding_stays(self, encoding: str) -> None:
        text = "@book{a, title = {Élan &amp; Été}, pages = {1-2}}\n"
        result = fix([CheckedFile.from_bytes(text.encode(encoding), "x.bib")], ALL)
        wanted = text.replace("&amp;", "\\&").replace("1-2", "1--2")
        assert result.files[0].document.to_bytes() == wanted.encode(encoding)

    def test_bad_bytes_stay(self) -> None:
        data = b"@book{a, title = {\xc3\xa9t\xc3\xa9 \xff &amp; more}}\n"
        result = fix([CheckedFile.from_bytes(data, "x.bib")], ALL)
        assert result.files[0].document.to_bytes() == data.replace(b"&amp;", b"\\&")

    def test_a_letter_that_the_encoding_lacks_is_written_as_latex_or_left(self) -> None:
        data = "@book{a, title = {É &alpha;}}\n".encode("cp1252")
        result = fix([CheckedFile.from_bytes(data, "x.bib")], CheckSettings(select=("TXT001",)))
        assert result.files[0].document.to_bytes() == data
        assert [one.code for one in result.remaining] == ["TXT001"]

    def test_neighbouring_fields_are_removed_in_one_go(self) -> None:
        data = (
            b"@book{a,\n  note = {},\n  address = {},\n  title = {T},\n  series = {}, month = {},\n  edition = {}\n}\n"
        )
        result = fix([CheckedFile.from_bytes(data, "x.bib")], CheckSettings(select=("REQ003",)))
        assert result.remaining == ()
        assert [field.name for field in result.files[0].entries[0].fields] == ["title"]
        assert not result.files[0].document.problems

    def test_what_is_suppressed_is_not_fixed(self) -> None:
        data = b"% bibtool: ignore=IDS002\n@book{a, doi = {doi:10.1000/1}}\n@book{b, doi = {doi:10.1000/2}}\n"
        result = fix([CheckedFile.from_bytes(data, "x.bib")], ALL)
        assert result.files[0].document.to_bytes() == data.replace(b"doi:10.1000/2", b"10.1000/2")

    def test_values_of_several_pieces_and_macros_are_left_alone(self) -> None:
        data = b"@string{p = {1-2}}\n@book{a, pages = p, title = {A} # { &amp; B}}\n"
        result = fix([CheckedFile.from_bytes(data, "x.bib")], ALL)
        assert result.files[0].document.to_bytes() == data

    def test_broken_neighbours_are_kept(self) -> None:
        data = b"@book{a, doi = {doi:10.1000/1}}\n@book{b, title = {open\n\n@book{c, doi = {doi:10.1000/3}}\n"
        result = fix([CheckedFile.from_bytes(data, "x.bib")], ALL)
        assert result.files[0].document.to_bytes() == data.replace(b"doi:", b"")

    def offering(self, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> CheckedFile:
        """A file, and one rule only, whose fix changes the title so."""

        def on_field(field: CheckedField, _: Context) -> Iterator[Hit]:
            yield field.hit("bad title", new=change(field.content))

        rule = Rule(code="TXT003", name="n", docstring="", fields=frozenset({"title"}), fixable=True, on_field=on_field)
        monkeypatch.setattr("bibtool.check.engine.rules", lambda: {"TXT003": rule})
        return CheckedFile.from_bytes(b"@book{a, title = {a}}", "x.bib")

    def test_a_fix_that_changes_nothing_is_not_offered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        file = self.offering(monkeypatch, lambda title: title)
        assert [finding.hit.fix for finding in check([file])] == [None]
        assert fix([file]).fixed == ()

    def test_fixes_that_lead_back_are_not_claimed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        file = self.offering(monkeypatch, {"a": "b", "b": "c", "c": "b"}.__getitem__)
        result = fix([file])
        assert [entry.get("title") for entry in result.files[0].entries] == ["c"]
        assert (len(result.fixed), len(result.remaining)) == (2, 1)


PIECES = st.sampled_from(
    [
        "@book{a, ", "@article{b, ", "@string{x = {y}}", "}", "{", '"', ",", "title = {", "author = {", "doi = {",
        "note = {},", "pages = {1-2}", "https://doi.org/10.1000/1", "&amp;", "<i>", "</i>", "$", "\\", "et al.",
        " and ", "DNA", "\n", " ", "month = {May}", "%", "% bibtool: ignore=IDS\n", "Ã©", "\u200b", "x", "=", "#",
        "crossref = {a}", "et al", "; ", ".", "World Team",
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_the_file_fixes_are_safe_and_final(text: str) -> None:
    """No crash, no entry lost, and the second run has nothing to do."""
    before = CheckedFile.from_bytes(text.encode(), "x.bib")
    once = fix([before], ALL)
    after = once.files[0]
    assert [(one.type, one.key) for one in after.entries] == [(one.type, one.key) for one in before.entries]
    assert len(after.document.broken) <= len(before.document.broken)
    twice = fix([CheckedFile.from_bytes(after.document.to_bytes(), "x.bib")], ALL)
    assert twice.files[0].document.to_bytes() == after.document.to_bytes()


@pytest.mark.slow
def test_no_hostile_file_brings_it_down(fixtures: Path) -> None:
    paths = [path for path in sorted((fixtures / "bibtex").rglob("*")) if path.is_file()]
    assert paths
    for path in paths:
        source = CheckedFile.from_bytes(path.read_bytes(), path.name)
        once = fix([source], ALL)
        assert len(once.files[0].entries) == len(source.entries), path.name
        assert not fix(once.files, ALL).fixed, path.name


@pytest.mark.slow
def test_a_thousand_entries_of_a_careful_database_are_nearly_clean(shared: Path) -> None:
    """Syntax, keys, identifiers and values of DBLP are right; parents are missing, and "Isbell Jr." needs commas."""
    path = shared / "corpus" / "dblp-1k.bib"
    found = check([CheckedFile.from_bytes(path.read_bytes(), path.name)])
    assert {one.code for one in found} <= {"NAM001", "REF001", "REQ001", "TXT004"}
    assert [one.hit.message for one in found if one.code == "NAM001"] == ["'Jr.' is read as the family name"]
    assert sum(one.code != "TXT004" for one in found) < 20
    assert all(one.hit.fix for one in found if one.code == "TXT004")
