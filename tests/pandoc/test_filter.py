"""The filter: a document of pandoc in, a document with citations and a bibliography out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.cli.common import App
from bibtool.cli.pandocfilter import filtered
from bibtool.errors import InputError, StyleError, UnknownNameError
from bibtool.styles.pandoc.inlines import Kept, csl_markup, text_of
from bibtool.styles.pandoc.punctuation import moved
from tests.styles.data import style_source

if TYPE_CHECKING:
    from pathlib import Path

BIB = """
@book{hale2020, author={Hale, Mira and Lunt, Otto}, title={Rivers of Glass}, publisher={Quay}, year={2020},
  doi={10.5555/glass}}
@article{lunt2021, author={Lunt, Otto}, title={On Kilns}, journal={Journal of Fire}, volume={3}, year={2021}}
@article{lunt2021b, author={Lunt, Otto}, title={On Sand}, journal={Journal of Fire}, volume={4}, year={2021}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "refs.bib").write_text(BIB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(text: str) -> list[dict[str, Any]]:
    inlines: list[dict[str, Any]] = []
    Kept().words(text, inlines)
    return inlines


def cite(*items: tuple[str, str, str, str]) -> dict[str, Any]:
    """A citation of (key, mode, prefix, suffix)."""
    return {
        "t": "Cite",
        "c": [
            [
                {
                    "citationId": key,
                    "citationPrefix": words(prefix),
                    "citationSuffix": words(suffix),
                    "citationMode": {"t": mode},
                    "citationNoteNum": 0,
                    "citationHash": 0,
                }
                for key, mode, prefix, suffix in items
            ],
            words("[@x]"),
        ],
    }


def normal(key: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return cite((key, "NormalCitation", prefix, suffix))


def para(*pieces: str | dict[str, Any]) -> dict[str, Any]:
    inlines: list[dict[str, Any]] = []
    for piece in pieces:
        inlines += words(piece) if isinstance(piece, str) else [piece]
    return {"t": "Para", "c": inlines}


def meta(**values: Any) -> dict[str, Any]:
    def made(value: Any) -> Any:
        if isinstance(value, bool):
            return {"t": "MetaBool", "c": value}
        if isinstance(value, str):
            return {"t": "MetaInlines", "c": words(value)}
        if isinstance(value, list):
            return {"t": "MetaList", "c": [made(item) for item in value]}
        if "t" in value:
            return value
        return {"t": "MetaMap", "c": {name: made(item) for name, item in value.items()}}

    return {name.replace("_", "-"): made(value) for name, value in values.items()}


def run(blocks: list[Any], **values: Any) -> list[Any]:
    values.setdefault("bibliography", "refs.bib")
    document = {"pandoc-api-version": [1, 23, 1], "meta": meta(**values), "blocks": blocks}
    done: list[Any] = json.loads(filtered(json.dumps(document).encode(), App()))["blocks"]
    return done


def one_line(blocks: list[Any], **values: Any) -> str:
    return text_of(run(blocks, suppress_bibliography=True, **values)[0]["c"])


class TestCitations:
    @pytest.mark.parametrize(
        ("citation", "wanted"),
        [
            (normal("hale2020"), "(Hale and Lunt 2020)"),
            (normal("hale2020", suffix=", p. 12-14"), "(Hale and Lunt 2020, 12–14)"),
            (normal("hale2020", "see", ", chap. 3, a remark"), "(see Hale and Lunt 2020, chap. 3, a remark)"),
            (cite(("hale2020", "SuppressAuthor", "", "")), "(2020)"),
            (cite(("hale2020", "AuthorInText", "", "p. 3")), "Hale and Lunt (2020, 3)"),
            (
                cite(("hale2020", "AuthorInText", "", ""), ("lunt2021", "NormalCitation", "also", "")),
                "Hale and Lunt (2020; also Lunt 2021)",
            ),
            (normal("nobody"), "(nobody?)"),
        ],
    )
    def test_modes_and_locators(self, folder: Path, citation: dict[str, Any], wanted: str) -> None:
        assert one_line([para(citation)]) == wanted

    def test_numbers_in_the_order_of_citing(self, folder: Path) -> None:
        blocks = [para(normal("lunt2021b"), " ", normal("lunt2021"), " ", normal("lunt2021b", suffix=", p. 3"))]
        assert one_line(blocks, csl="ieee") == "[1] [2] [1, p. 3]"

    def test_the_language_of_the_document(self, folder: Path) -> None:
        assert one_line([para(normal("hale2020", suffix=", Kap. 3"))], lang="de") == "(Hale und Lunt 2020, Kap. 3)"

    @pytest.mark.slow
    def test_years_are_told_apart_by_what_the_document_cites(self, folder: Path) -> None:
        blocks = [para(normal("lunt2021"), " ", normal("lunt2021b"))]
        assert one_line(blocks) == "(Lunt 2021a) (Lunt 2021b)"
        assert one_line([para(normal("lunt2021"))]) == "(Lunt 2021)"
        nocite = {"t": "MetaInlines", "c": [normal("lunt2021b")]}
        assert one_line([para(normal("lunt2021"))], nocite=nocite) == "(Lunt 2021a)"

    def test_affixes_keep_their_inlines(self, folder: Path) -> None:
        link = {"t": "Link", "c": [["", [], []], words("here"), ["https://example.org", ""]]}
        citation = normal("hale2020", suffix=", p. 3, <b> & ")
        citation["c"][0][0]["citationSuffix"] += [{"t": "Emph", "c": [link]}]
        inlines = run([para(citation)], suppress_bibliography=True)[0]["c"][0]["c"][1]
        assert text_of(inlines) == "(Hale and Lunt 2020, 3, <b> & here)"
        assert {"t": "Emph", "c": [link]} in inlines

    def test_links_lead_to_the_entries(self, folder: Path) -> None:
        blocks = run([para(normal("hale2020", "see"))], link_citations=True)
        inlines = blocks[0]["c"][0]["c"][1]
        links = [inline for inline in inlines if inline["t"] == "Link"]
        assert [link["c"][2] for link in links] == [["#ref-hale2020", ""]]
        assert text_of(links[0]["c"][1]) == "Hale and Lunt 2020"
        assert blocks[1]["c"][1][0]["c"][0][0] == "ref-hale2020"


def test_a_citation_that_prints_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "names.csl").write_text(
        style_source('<layout prefix="(" suffix=")"><names variable="author"/></layout>'), encoding="utf-8"
    )
    nameless = cite(("hale2020", "SuppressAuthor", "", ""))
    blocks = [para(normal("hale2020"), " ", nameless, " ", nameless)]
    assert one_line(blocks, csl="names.csl").rstrip() == "(Mira Hale, Otto Lunt)"
    warning = "bibtool-citeproc: warning: names.csl prints nothing for a citation of hale2020\n"
    assert capsys.readouterr().err == warning


def test_many_citations_that_print_nothing_are_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nothing.csl").write_text(style_source('<layout><text variable="note"/></layout>'), encoding="utf-8")
    keys = [f"w{number}" for number in range(8)]
    entries = "".join(f"@book{{{key}, title = {{Book {key}}}, year = 2020}}\n" for key in keys)
    (folder / "many.bib").write_text(entries, encoding="utf-8")
    run([para(*map(normal, keys))], csl=str(folder / "nothing.csl"), bibliography="many.bib")
    said = "bibtool-citeproc: warning: nothing.csl prints nothing for a citation of w0; w1; w2; w3; w4 and 3 more\n"
    assert capsys.readouterr().err == said


def test_cites_that_lead_to_different_notes_are_not_ambiguous(folder: Path) -> None:
    layout = (
        '<layout><names variable="author"><name form="short"/></names><choose><if disambiguate="true"><text '
        'variable="title" prefix=" "/></if></choose><choose><if position="subsequent"><text prefix=" n " '
        'variable="first-reference-note-number"/></if></choose></layout>'
    )
    (folder / "notes.csl").write_text(style_source(layout, kind="note"), encoding="utf-8")
    first, other = normal("lunt2021"), normal("lunt2021b")
    apart = json.dumps(run([para(first, other, normal("lunt2021"))], csl="notes.csl"))
    assert "Kilns" not in apart
    together = json.dumps(run([para(cite(*(("lunt2021", "NormalCitation", "", ""),
        ("lunt2021b", "NormalCitation", "", ""))), normal("lunt2021"))], csl="notes.csl"))  # fmt: skip
    assert "Kilns" in together


class TestNotes:
    def notes(self, blocks: list[Any], **values: Any) -> str:
        done = run(blocks, csl="chicago-notes-bibliography", suppress_bibliography=True, **values)
        return json.dumps(done, ensure_ascii=False)

    def test_a_citation_is_a_note_after_the_punctuation(self, folder: Path) -> None:
        done = run([para("Glass ", normal("hale2020", "see", ", 12"), ", and on")], csl="chicago-notes-bibliography")
        inlines = done[0]["c"]
        assert [inline["t"] for inline in inlines] == ["Str", "Str", "Cite", "Space", "Str", "Space", "Str"]
        assert inlines[1]["c"] == ","
        note = inlines[2]["c"][1]
        assert [inline["t"] for inline in note] == ["Note"]
        assert text_of(note[0]["c"]).startswith("See Mira Hale and Otto Lunt, Rivers of Glass (Quay, 2020), 12")

    def test_punctuation_stays_if_asked(self, folder: Path) -> None:
        blocks = [para("Glass ", normal("hale2020"), ".")]
        done = run(blocks, csl="chicago-notes-bibliography", notes_after_punctuation=False)
        assert [inline["t"] for inline in done[0]["c"]] == ["Str", "Cite", "Str"]

    def test_names_in_the_text_have_the_rest_in_the_note(self, folder: Path) -> None:
        citation = cite(("lunt2021", "AuthorInText", "", ""))
        done = run([para(citation, ", he says")], csl="chicago-notes-bibliography", suppress_bibliography=True)
        contents = done[0]["c"][0]["c"][1]
        assert text_of(contents[:-1]) == "Otto Lunt,"
        assert text_of(contents[-1]["c"]).startswith("“On Kilns,” Journal of Fire 3")

    def test_inside_a_note_of_the_author(self, folder: Path) -> None:
        note = {"t": "Note", "c": [para("So ", normal("lunt2021"), ".")]}
        done = run([para("Glass", note)], csl="chicago-notes-bibliography", suppress_bibliography=True)
        text = text_of(done[0]["c"][1]["c"])
        assert text.startswith("So (Otto Lunt, “On Kilns,” Journal of Fire 3 (2021)")
        assert text.endswith(").")

    @pytest.mark.slow
    def test_a_work_is_short_the_second_time_also_across_notes(self, folder: Path) -> None:
        note = {"t": "Note", "c": [para(normal("hale2020"))]}
        text = text_of(run([para("A", note), para("B", normal("hale2020"))], csl="chicago-notes-bibliography")[1]["c"])
        assert "Mira" not in text
        assert "Rivers of Glass" in text

    @pytest.mark.parametrize(("after", "wanted"), [({}, "Glass1."), ({"notes_after_punctuation": True}, "Glass.1")])
    def test_raised_numbers_have_no_space_before(self, folder: Path, after: dict[str, Any], wanted: str) -> None:
        done = run([para("Glass ", normal("hale2020"), ".")], csl="nature", suppress_bibliography=True, **after)
        assert text_of(done[0]["c"]) == wanted
        assert [inline["t"] for inline in done[0]["c"] if inline["t"] == "Cite"] == ["Cite"]


class TestBibliography:
    def test_it_goes_where_the_author_wants_it(self, folder: Path) -> None:
        div = {"t": "Div", "c": [["refs", ["mine"], [["k", "v"]]], []]}
        nested = {"t": "Div", "c": [["", [], []], [div]]}
        blocks = run([para(normal("lunt2021")), nested, para("End")], csl="apa")
        assert [block["t"] for block in blocks] == ["Para", "Div", "Para"]
        (name, classes, pairs), entries = blocks[1]["c"][1][0]["c"]
        assert name == "refs"
        assert classes == ["mine", "references", "csl-bib-body", "hanging-indent"]
        assert pairs[0] == ["k", "v"]
        assert [entry["c"][0][:2] for entry in entries] == [["ref-lunt2021", ["csl-entry"]]]

    @pytest.mark.slow
    def test_else_at_the_end_under_a_last_heading(self, folder: Path) -> None:
        heading = {"t": "Header", "c": [1, ["r", [], []], words("Sources")]}
        blocks = run([para(normal("lunt2021")), heading])
        assert blocks[1]["c"][1][1] == ["unnumbered"]
        assert blocks[2]["c"][0][0] == "refs"
        blocks = run([para(normal("lunt2021"))], reference_section_title="Sources")
        assert [block["t"] for block in blocks] == ["Para", "Header", "Div"]

    def test_numbers_are_in_the_margin(self, folder: Path) -> None:
        entry = run([para(normal("lunt2021"))], csl="ieee")[1]["c"][1][0]["c"][1][0]["c"]
        assert [span["c"][0][1] for span in entry] == [["csl-left-margin"], ["csl-right-inline"]]
        assert entry[0]["c"][1] == [{"t": "Str", "c": "[1]"}, {"t": "Space"}]

    def test_all_works_and_several_files(self, folder: Path) -> None:
        (folder / "more.json").write_text('[{"id": "x1", "type": "book", "title": "A <i>T</i>"}]')
        nocite = {"t": "MetaInlines", "c": [cite(("*", "AuthorInText", "", ""))]}
        references = [{"id": "own", "type": "book", "title": "Own", "author": [{"family": "Fox"}], "issued": "2019"}]
        blocks = run([], bibliography=["refs.bib", "more.json"], nocite=nocite, references=references)
        ids = {entry["c"][0][0] for entry in blocks[0]["c"][1]}
        assert ids == {"ref-hale2020", "ref-lunt2021", "ref-lunt2021b", "ref-x1", "ref-own"}
        assert any(inline["t"] == "Emph" for entry in blocks[0]["c"][1] for inline in entry["c"][1][0]["c"])

    def test_the_first_of_two_entries_with_one_key_counts(self, folder: Path) -> None:
        references = [{"id": "hale2020", "type": "book", "title": "Mine", "author": [{"family": "Fox"}]}]
        assert one_line([para(normal("hale2020"))], references=references) == "(Fox, n.d.)"

    @pytest.mark.slow
    def test_addresses_are_links_unless_switched_off(self, folder: Path) -> None:
        def links(**values: Any) -> int:
            return json.dumps(run([para(normal("hale2020"))], **values)).count('"Link"')

        assert links() == 1
        assert links(link_bibliography=False) == 0

    def test_a_script_is_no_link(self, folder: Path) -> None:
        references = [{"id": "x", "type": "webpage", "title": "T", "URL": "javascript:alert(1)"}]
        assert '"Link"' not in json.dumps(run([para(normal("x"))], references=references))

    def test_nothing_cited_changes_nothing(self, folder: Path) -> None:
        assert run([para("Glass.")]) == [para("Glass.")]


class TestWhatIsRefused:
    @pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"meta": {}}', b"\xff", b'{"blocks": [], "meta": []}'])
    def test_other_input(self, data: bytes) -> None:
        with pytest.raises(InputError, match="not a document of pandoc"):
            filtered(data, App())

    @pytest.mark.slow
    def test_files_that_are_not_there(self, folder: Path) -> None:
        with pytest.raises(InputError, match=r"none\.bib"):
            run([], bibliography="none.bib")
        with pytest.raises(StyleError, match="no such file"):
            run([], csl="styles/none.csl")
        with pytest.raises(UnknownNameError, match="no style"):
            run([], csl="no-such-style-at-all")
        with pytest.raises(InputError, match="abbreviations"):
            run([], citation_abbreviations="refs.bib")

    @pytest.mark.slow
    def test_damaged_citations(self, folder: Path) -> None:
        with pytest.raises(InputError, match="not one of pandoc's"):
            run([{"t": "Para", "c": [{"t": "Cite", "c": [[{"citationId": "x"}], []]}]}])

    @pytest.mark.slow
    def test_deep_nesting(self, folder: Path) -> None:
        deep: Any = para("x")
        for _ in range(300):
            deep = {"t": "BlockQuote", "c": [deep]}
        assert run([deep])
        data = b'{"pandoc-api-version": [1], "meta": {}, "blocks": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        with pytest.raises(InputError):
            filtered(data, App())


def test_only_what_is_cited_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bibtool.formats.bibtex.to_record import to_record

    (folder / "refs.bib").write_text(
        BIB + "@collection{kiln1999, title={Kilns}, ids={oldkiln, kiln}}\n"
        "@inbook{lunt1999, author={Lunt, Otto}, title={Firing}, crossref={kiln1999}, year={1999}}\n"
    )
    (folder / "more.json").write_text(
        '[{"id": "j1", "type": "book", "title": "One"}, {"id": "j2", "type": "book", "title": "Two"}]'
    )
    read = []

    def noted(kind: str, key: str, *rest: Any, **named: Any) -> Any:
        read.append(key)
        return to_record(kind, key, *rest, **named)

    monkeypatch.setattr("bibtool.formats.bibtex.reader.to_record", noted)
    files = {"t": "MetaList", "c": [{"t": "MetaString", "c": name} for name in ("refs.bib", "more.json")]}
    blocks = run([para(normal("kiln"), normal("lunt1999"), normal("j2"))], bibliography=files)
    assert read == ["kiln1999", "lunt1999"]
    shown = text_of(blocks)
    assert "Firing" in shown
    assert "Two" in shown
    assert "?" not in shown
    read.clear()
    run([para(normal("hale2020"))], nocite={"t": "MetaInlines", "c": [normal("*")]})
    assert len(read) == 5


def test_abbreviations(folder: Path) -> None:
    (folder / "abbr.json").write_text('{"default": {"container-title": {"Journal of Fire": "J. Fire"}}}')
    blocks = run([para(normal("lunt2021"))], csl="nature", citation_abbreviations="abbr.json")
    assert "J. Fire" in text_of(blocks[1]["c"][1][0]["c"][1])


@pytest.mark.slow
@given(st.text(alphabet=st.characters(exclude_characters="\n\t", exclude_categories=["Cs"]), max_size=30))
def test_text_comes_back_from_markup(text: str) -> None:
    kept = Kept()
    words_of_text = [{"t": "Str", "c": word} for word in text.split(" ") if word]
    inlines: list[dict[str, Any]] = []
    kept.words(kept.markup(words_of_text), inlines)
    assert text_of(inlines) == text.replace(" ", "")


def test_markup_of_references_in_the_metadata() -> None:
    quoted = {"t": "Quoted", "c": [{"t": "DoubleQuote"}, words("q")]}
    span = {"t": "Span", "c": [["", ["nocase"], []], words("DNA")]}
    assert (
        csl_markup([{"t": "Emph", "c": words("a b")}, quoted, span]) == '<i>a b</i>"q"<span class="nocase">DNA</span>'
    )


def test_a_full_stop_goes_into_quotes_where_the_language_has_it_there() -> None:
    note = {"t": "Cite", "c": [[], [{"t": "Note", "c": []}]]}
    quoted = {"t": "Quoted", "c": [{"t": "DoubleQuote"}, words("Glass")]}
    line: list[dict[str, Any]] = [quoted, {"t": "Space"}, note, {"t": "Str", "c": ".)"}]
    inside = moved(line, into_quotes=True, after_punctuation=True)
    assert text_of(inside[0]["c"][1]) == "Glass."
    assert inside[1:] == [note, {"t": "Str", "c": ")"}]
    outside = moved(line, into_quotes=False, after_punctuation=True)
    assert text_of(outside) == "Glass.)"
    assert outside[1] == {"t": "Str", "c": "."}


def test_long_affixes_and_paragraphs_are_the_same_however_the_document_is_spelled(folder: Path) -> None:
    long = "with many words of its own that go on and on until nobody knows what the citation was"
    blocks = [para(f"{long} {long} ", normal("hale2020", f"{long} see", f", p. 3, {long} {long}"), f", {long} {long}.")]
    document = {
        "pandoc-api-version": [1, 23, 1],
        "meta": meta(bibliography="refs.bib", csl="chicago-notes-bibliography"),
        "blocks": blocks,
    }
    spaced = filtered(json.dumps(document).encode(), App())
    compact = filtered(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode(), App())
    assert compact == spaced
    assert (
        compact.decode().count("nobody") == 2 + 2 + 2 * 3
    )  # the paragraph, and the affixes in the citation and in its note
    assert b"Folded" not in compact
