"""al-folio's papers.bib: goldens, what people wrote there, broken files, and text that tries to act on the page.

Run with ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment to write fixtures/cv/al-folio anew; then look at what changed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.bib.edit import Editor
from bibtool.cv import facts
from bibtool.cv.document import Link, PublicationList, Section
from bibtool.cv.targets import TargetOptions, _alfoliotext, write_files
from bibtool.cv.targets.alfolio import PATH
from bibtool.formats.bibtex.amend import _FRONT_MATTER
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Math, Span, Text, parse_markup
from bibtool.problems import Severity
from tests.cv.sample import HOSTILE, entry, hostile
from tests.property import strategies as own
from tests.support.golden import expected

if TYPE_CHECKING:
    from bibtool.cv.document import Entry
    from bibtool.cv.targets import Files

FOLDER = Path(__file__).parents[2] / "fixtures" / "cv" / "al-folio"
NEWLINE = b"\n"


def listing(*papers: Entry) -> PublicationList:
    return PublicationList(title="P", sections=(Section(id="a", heading="A", entries=papers),))


def run(cv: PublicationList, data: bytes | None = None, options: TargetOptions | None = None) -> Files:
    return write_files(cv, "al-folio", {} if data is None else {PATH: data}, options)


def made(cv: PublicationList, data: bytes | None = None) -> str:
    files = run(cv, data)
    assert not files.problems
    after = files.write.get(PATH, data)
    assert after is not None
    assert not run(cv, after).write
    return after.decode()


def paper(
    key: str,
    title: str,
    authors: list[str],
    year: int,
    *,
    arxiv: str = "",
    doi: str = "",
    place: str = "",
    kind: str = "",
) -> Entry:
    base = entry(key, title, authors, year)
    variables: dict[str, object] = {"title": Text.of(title), "issued": Date.of(year)}
    variables["author"] = Names(tuple(parse_name(one) for one in authors))
    variables |= {"container-title": Text.of(place)} if place else {}
    variables |= {"DOI": Verbatim(doi)} if doi else {}
    record = Record(
        key=key,
        type=kind or ("article-journal" if place else "article"),
        variables=variables,  # type: ignore[arg-type]
        arxiv=Arxiv(id=ArxivId(arxiv)) if arxiv else None,
    )
    return replace(base, record=record, links=())


def rivers() -> PublicationList:
    """What the list says of the works in ``before.bib``, and two works more."""
    code = Link(kind="code", label="Code", url="https://github.com/ash/fields")
    pdf = Link(kind="pdf", label="PDF", url="https://example.org/Ash's--draft.pdf")
    draft = replace(paper("ash2025draft", "A Draft on Maps", ["Bea Ash"], 2025, arxiv="2501.00002"), links=(code, pdf))
    variables = draft.record.with_values({"abstract": parse_markup("What <i>was</i> done: $x<y$ & more.")})
    return listing(
        paper("k1", "Fields, Rivers and 3D Maps", ["Bea Ash", "Çelik Öz", "Dan de la Cruz"], 2024, arxiv="2401.00001",
              doi="10.5555/fields", place="Journal of Tests & Trials"),
        paper("k2", "An Index of Rivers", ["Çelik Öz", "Bea Ash", "Dan de la Cruz"], 2022, doi="10.5555/oz2022index",
              place="Proceedings of the Conference on Tests", kind="paper-conference"),
        paper("new2023", "Old Rivers", ["Bea Ash"], 2023, place="Maps"),
        replace(draft, record=variables),
    )  # fmt: skip


# what stands in the file


@pytest.mark.slow
def test_a_file_that_people_keep() -> None:
    before = (FOLDER / "before.bib").read_bytes()
    files = run(rivers(), before)
    after = files.write[PATH]
    assert after == expected(FOLDER / "after.bib", after)
    assert files.orphans == (f"{PATH}:60 (gone2018)",)
    assert after.splitlines()[59] == b"@article{gone2018,"
    assert not files.problems
    again = run(rivers(), after)
    assert not again.write
    assert not again.problems


def test_only_changed_fields_of_a_known_entry_change() -> None:
    """Every line of the file is there again in its order, but those of the fields that the list says otherwise."""
    before = (FOLDER / "before.bib").read_text(encoding="utf-8").splitlines()
    after = iter((FOLDER / "after.bib").read_text(encoding="utf-8").splitlines())
    lost = []
    kept = list(after)
    at = 0
    for line in before:
        found = next((place for place in range(at, len(kept)) if kept[place].rstrip(",") == line.rstrip(",")), None)
        if found is None:
            lost.append(line.split("=")[0].strip())
        else:
            at = found + 1
    assert lost == ["author", "journal", "year", "title", "author"]


def test_marks_and_accents_of_names_that_stay() -> None:
    entries = Document.from_bytes((FOLDER / "after.bib").read_bytes()).by_key
    assert entries["ash-fields"].get("author") == "Ash*, Bea and Öz*, Çelik and de la Cruz, Dan"
    assert entries["ash-fields"].get("annotation") == "* Equal contribution"
    only = b'@article{k, author = {Ash*, Bea and {\\"O}z$^\\dagger$, {\\c C}elik}, title={On {M}aps}, year=2024}\n'
    assert made(listing(paper("k", "On Maps", ["Bea Ash", "Çelik Öz"], 2024)), only).encode() == only


def test_a_new_file_begins_as_al_folio_s_own() -> None:
    text = made(rivers())
    assert text.startswith("---\n---\n\n@article{ash2025draft,\n")
    keys = re.findall(r"@\w+\{(.*),", text)
    assert keys == ["ash2025draft", "k1", "new2023", "k2"]
    first = Document.from_text(text).entries[0]
    assert first.get("journal") == "arXiv preprint arXiv:2501.00002"
    assert first.get("arxiv") == "2501.00002"
    assert first.get("bibtex_show") == "true"
    assert first.get("code") == "https://github.com/ash/fields"
    assert first.get("pdf") == "https://example.org/Ash%27s-%2Ddraft.pdf"
    assert first.get("abstract") == r"What was done: $x< y$ \& more."
    assert first.get("abbr") is None
    without = run(rivers(), None, TargetOptions(links=False)).write[PATH]
    assert b"pdf =" not in without
    assert b"code =" not in without


def test_no_list_makes_no_file() -> None:
    assert not run(listing()).write


@pytest.mark.parametrize("field", ["title", "author", "journal", "year", "doi", "arxiv"])
def test_fields_that_are_kept(field: str) -> None:
    other = paper("k", "On Maps", ["Bea Ash"], 2024, arxiv="2401.00001", doi="10.5555/new", place="Maps")
    mine = (
        "@article{k, title = {Maps}, author = {A, B}, journal = {J}, year = 2020, eprint = {2401.00001}, doi = {}%s}\n"
    )
    text = made(listing(other), (mine % f", bibtool_keep = {{abbr, {field.upper()}}}").encode())
    free = made(listing(other), (mine % "").encode())
    kept, changed = Document.from_text(text).entries[0], Document.from_text(free).entries[0]
    old = Document.from_text(mine % "").entries[0]
    assert kept.get(field) == old.get(field) != changed.get(field)
    for name in {"title", "author", "journal", "year", "doi", "arxiv"} - {field}:
        assert kept.get(name) == changed.get(name)


def test_found_again_by_doi_by_key_and_by_title_and_year() -> None:
    text = (
        "@article{a, title={X}, doi={10.5555/ONE}}\n"
        "@article{two, title={On the Second of Maps}, year=2020}\n"
        "@article{c, title={{On the Third}}, year=2021}\n"
    )
    cv = listing(
        paper("one", "First", ["B A"], 2019, doi="10.5555/one"),
        paper("two", "On the second of all maps", ["B A"], 2020),
        paper("three", "On the Third", ["B A"], 2021),
    )
    assert re.findall(r"@\w+\{(\w+)", made(cv, text.encode())) == ["a", "two", "c"]


def test_the_same_key_is_not_always_the_same_work() -> None:
    text = "@article{ash2024, title={Bread}, author={Baker, Ann}, year=2024, doi={10.5555/bread}}\n"
    for doi in ("10.5555/maps", ""):
        cv = listing(paper("ash2024", "On Maps", ["Bea Ash"], 2024, doi=doi))
        files = run(cv, text.encode())
        assert files.write[PATH].decode().endswith(text)
        assert b"@article{ash2024-2," in files.write[PATH] or b"@misc{ash2024-2," in files.write[PATH]
        assert files.orphans == (f"{PATH}:{files.write[PATH].count(NEWLINE)} (ash2024)",)
        assert not run(cv, files.write[PATH]).write


def test_a_publication_is_not_taken_back() -> None:
    text = (
        b"@article{k, title={On Maps}, journal={Maps}, volume={}, year=2024, eprint={2401.00001}, arxiv={2401.00001}}\n"
    )
    assert made(listing(paper("k", "On Maps (draft)", ["B A"], 2023, arxiv="2401.00001")), text).encode() == text


def test_a_preprint_that_appeared_at_a_conference() -> None:
    text = (
        b"@article{k, title={On Maps}, author={A, B}, journal={arXiv preprint arXiv:2401.00001}, year=2023, pdf={x}}\n"
    )
    cv = listing(
        paper("z", "On Maps", ["B A"], 2024, arxiv="2401.00001", place="Conf. of Maps", kind="paper-conference")
    )
    one = Document.from_text(made(cv, text)).entries[0]
    assert (one.type, one.key) == ("inproceedings", "k")
    assert one.get("booktitle") == "Conf. of Maps"
    assert one.get("journal") is None
    assert one.get("pdf") == "x"


def test_a_second_entry_of_a_work_is_named() -> None:
    text = b"@article{k, title={On Maps}, eprint={2401.00001}}\n\n@article{l, title={On maps}, arxiv={2401.00001v2}}\n"
    files = run(listing(paper("k", "On Maps", ["B A"], 2024, arxiv="2401.00001")), text)
    (problem,) = files.problems
    assert (problem.code, problem.key, problem.position.line) == ("entry-twice", "l", 3)
    assert not files.orphans
    assert text.splitlines()[2] in files.write[PATH].splitlines()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\n---\n@article{a, title={X}}\n\n@article{b,\n  title = {Y\n", 6),
        ("@article{a, title={X}}\n<<<<<<< HEAD\n@article{b, title={Y}}\n=======\n>>>>>>> other\n", 2),
    ],
)
def test_a_broken_file_is_left_alone(text: str, line: int) -> None:
    files = run(rivers(), text.encode())
    assert not files.write
    assert not files.orphans
    assert files.problems[0].position.path == PATH
    assert files.problems[0].position.line == line
    assert files.problems[0].severity is Severity.ERROR


def test_line_ends_and_the_mark_of_the_file_are_kept() -> None:
    before = (FOLDER / "before.bib").read_bytes().replace(b"\n", b"\r\n")
    after = run(rivers(), b"\xef\xbb\xbf" + before).write[PATH]
    assert after == b"\xef\xbb\xbf" + (FOLDER / "after.bib").read_bytes().replace(b"\n", b"\r\n")


def test_a_file_in_another_encoding() -> None:
    before = "@article{k, title = {Flüsse und Wälder}, author = {Öz, Ü}, year = 2020}\n".encode("latin-1")
    cv = listing(paper("k", "Flüsse und Wälder", ["Ü Öz"], 2021), paper("l", "Česká <řeka>", ["Ü Öz"], 2022))
    files = run(cv, before)
    after = files.write[PATH].decode("latin-1")
    assert "title = {Flüsse und Wälder}" in after
    assert "year = 2021" in after
    assert r"{{\v{C}}esk{\'a} $< ${\v{r}}eka>}" in after
    assert not run(cv, files.write[PATH]).write


def test_what_can_not_be_written_is_named() -> None:
    before = "@article{k, title = {Flüsse und Wälder}, year = 2020, arxiv={2401.00001}}\n".encode("latin-1")
    cv = listing(
        paper("k", "中文", ["B A"], 2020, arxiv="2401.00001"),
        paper("l", "日本", ["B A"], 2022),
        paper("m", "Maps", ["B A"], 2022),
    )
    files = run(cv, before)
    assert [(one.code, one.key) for one in files.problems] == [("entry-not-written", "l"), ("entry-not-written", "k")]
    assert b"title = {Fl\xfcsse und W\xe4lder}" in files.write[PATH]
    assert b"Maps" in files.write[PATH]


FIELDS = st.sampled_from(
    "abbr selected preview html pdf code slides poster video website blog supp bibtex_show annotation award "
    "award_name additional_info dimensions altmetric google_scholar_id inspirehep_id abstract hal note keywords".split()
)
HAND = st.dictionaries(
    FIELDS, st.text('abc {}%\n\\"@=,ä', max_size=20).map(lambda text: text.replace("{", "").replace("}", ""))
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(hands=st.lists(HAND, min_size=4, max_size=4), comment=st.text("ab%\n ", max_size=20))
def test_whatever_people_add_by_hand_survives(hands: list[dict[str, str]], comment: str) -> None:
    document = Document.from_text(made(rivers()))
    editor = Editor(document)
    for one, fields in zip(document.entries, hands, strict=True):
        for name, value in fields.items():
            editor.set_field(one, name, value)
    text = editor.text() + comment + "\n"
    later = [replace(one, record=one.record.with_values({"title": Text.of(f"Later {n}")})) for n, one in
             enumerate(rivers().entries)]  # fmt: skip
    before = Document.from_text(text)
    after = Document.from_text(made(listing(*later), text.encode()))
    assert [one.key for one in after.entries] == [one.key for one in before.entries]
    assert after.text.endswith(comment + "\n")
    for old, new in zip(before.entries, after.entries, strict=True):
        assert [(field.name, field.raw) for field in new.fields if field.name != "title"] == [
            (field.name, field.raw) for field in old.fields if field.name != "title"
        ]
        assert (new.get("title") or "").startswith("Later")


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(own.plain_lines, own.plain_lines, own.plain_lines, st.none() | st.integers(1900, 2030)), max_size=4
    )
)
def test_twice_is_once(papers: list[tuple[str, str, str, int | None]]) -> None:
    entries = []
    for key, title, name, year in papers:
        one = paper(key, title, ["B A"], year or 2000, place=title)
        values = {"author": Names((Name(literal=name), Name(family=name, given=title)))}
        one = replace(one, record=one.record.with_values(values if year else {**values, "issued": None}))
        entries.append(one)
    cv = listing(*entries)
    files = run(cv, b"@article{old, title={Old}}\n")
    first = files.write.get(PATH, b"@article{old, title={Old}}\n")
    assert Document.from_bytes(first).ok
    assert not run(cv, first).write


# what the page makes of it


def filtered(latex: str) -> str:
    """The value as jekyll-scholar's filter ``latex`` hands it to the page, for what we write: see latex-decode."""
    macros = {"textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textdollar": "$"}
    latex = re.sub(r"\\(\w+)(?:\{\}|\s+|\b)", lambda found: macros.get(found[1], found[0]), latex)
    signs = {"--": "–", "---": "—", "``": "“", "`": "‘", "''": "”", "'": "’"}
    latex = re.sub("-+|`{1,2}|'{1,2}", lambda found: signs.get(found[0], found[0]), latex)
    latex = re.sub(r"\\([$%;#_&])(?:\{\})?", r"\1", latex)
    latex = re.sub(r"(^|[^\\])[{}]+", r"\1", latex)
    return re.sub(r"\\([{}])", r"\1", latex)


def values(cv: PublicationList) -> list[dict[str, str]]:
    document = Document.from_text(made(cv))
    return [{"key": one.key, **dict(one.items())} for one in document.entries]


def assert_inert(shown: str) -> None:
    assert not re.search(r"<[A-Za-z/!?]", shown)
    assert "{{" not in shown
    assert "{%" not in shown
    assert "\\" not in "".join(shown.split("$")[::2])
    maths = shown.split("$")[1::2] if shown.count("$") > 1 else []
    assert all(one == "< " or re.fullmatch(r"[\w\\ <=^+-]*", one) for one in maths)


@pytest.mark.slow
def test_hostile_text_is_inert_behind_the_filter() -> None:
    for one in values(hostile()):
        for name in ("title", "journal", "abstract"):
            assert_inert(filtered(one[name]))
        assert not re.search(r"[<>\"'`\\&$]", filtered(one["author"]).replace("’", ""))
        assert re.fullmatch(r"https://[^\s\"'<>`\\{}]+", filtered(one["code"]))
    assert not run(hostile(), run(hostile()).write[PATH]).write


@pytest.mark.slow
@settings(max_examples=300)
@given(st.text(st.sampled_from("<>/!?ascript{}$\\&%#_^~'`\"-  \n\u00a0\u2009–—“”é中")), st.booleans())
def test_any_text_is_inert_and_reads_as_before(text: str, in_span: bool) -> None:
    value = Text((Span("italic", (text,)),)) if in_span and text else Text.of(text)
    record = Record(key="k", type="article-journal", variables={"title": value, "container-title": value})
    one = replace(entry("k", "x", ["B A"], 2024), record=record)
    for name in ("title", "journal"):
        latex = values(listing(one))[0].get(name, "")
        shown = filtered(latex)
        assert_inert(shown)
        back = shown.replace("$< $", "<").translate(str.maketrans("∖＄｛｝“”‘’–—", "\\${}\"\"'''-", ""))
        for mark in ("`", "''", '"', "'", "-", "–", "—", "“", "”"):
            back, text = back.replace(mark, ""), text.replace(mark, "")
        assert " ".join(back.split()) == " ".join(text.split())


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("costs $5", r"costs \$5"),
        ("from $5 to $6", "from ＄5 to ＄6"),
        ("$x^2<y$ and 1 < 2", "$x^2< y$ and 1 $< $ 2"),
        ("<i>E. coli</i> & co", r"E. coli \& co"),
        ("see https://example.org/a_b", r"see https://example.org/a\_b"),
    ],
)
def test_how_text_is_written(markup: str, wanted: str) -> None:
    record = Record(key="k", type="article-journal", variables={"container-title": parse_markup(markup)})
    one = replace(entry("k", "x", ["B A"], 2024), record=record)
    assert values(listing(one))[0]["journal"] == wanted


def test_mathematics_that_may_do_harm_is_text() -> None:
    made_of = _alfoliotext.text(Text((Math(r"\href{javascript:alert(1)}{x}"), " and ", Math(r"\alpha<\beta"))))
    assert made_of.nodes[-1] == Math(r"\alpha< \beta")
    assert not set("\\$") & set(str(made_of.nodes[0]))


def test_numbers_and_dois_of_records_are_inert_too() -> None:
    bad = '"><script>alert(1)</script>'
    one = paper("k", "T", ["B A"], 2024, doi="10.1002/(SICI)1097(1997)25:4<1::AID-X>3.0.CO;2-'", place="J")
    record = one.record.with_values({"volume": Number("&lt;script&gt;" + bad), "page": Number("1<b>2")})
    data = values(listing(replace(one, record=record)))[0]
    for name in ("volume", "pages", "doi"):
        assert not re.search(r"[<>\"']", filtered(data[name]))
    one = replace(one, record=one.record.with_values({"DOI": Verbatim(f"10.5555/{bad} x")}))
    assert "doi" not in values(listing(one))[0]


class _Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


LAYOUT = """\
<div class="row" id="{{ entry.key }}"><div class="title">{{ entry.title }}</div><em>{{ entry.journal }}</em>
<span onclick="var more = '{{ entry.author }}';">and more</span> <i data-doi="{{ entry.doi }}"></i>
<a href="{{ entry.code }}">Code</a><div class="abstract"><p>{{ entry.abstract }}</p></div>
{% highlight bibtex %}{{ entry.bibtex }}{% endhighlight %}</div>
"""
PLUGIN = """\
class Papers < Liquid::Tag
  def render(context)
    site = context.registers[:site]
    template = Liquid::Template.parse(File.read(File.join(site.source, "bib.liquid")))
    site.data["papers"].map { |one|
      template.render({ "entry" => one }, :registers => context.registers)
    }.join
  end
end
Liquid::Template.register_tag("papers", Papers)
"""


@pytest.mark.slow
@pytest.mark.parametrize("wrapped", [True, False])
def test_hostile_text_in_a_page_that_jekyll_built(tmp_path: Path, wrapped: bool) -> None:
    """The way of a value through Liquid and kramdown, in a layout that prints it where al-folio's does."""
    jekyll = shutil.which("jekyll")
    if jekyll is None:
        pytest.skip("jekyll is not installed")
    found = values(hostile())
    entries = {one.key: one.text for one in Document.from_text(made(hostile())).entries}
    data = [{**{name: filtered(value) for name, value in one.items()}, "bibtex": entries[one["key"]]} for one in found]
    for name, text in {
        "_config.yml": "kramdown: {input: GFM}\n", "bib.liquid": LAYOUT, "_plugins/papers.rb": PLUGIN,
        "_data/papers.json": json.dumps(data), "_layouts/page.html": "{{ content }}" + "{% papers %}" * (not wrapped),
        "index.md": "---\nlayout: page\n---\n" + '<div class="publications">\n\n{% papers %}\n\n</div>\n' * wrapped,
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run([jekyll, "build", "--quiet"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    page = _Page((tmp_path / "_site" / "index.html").read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.found} <= {"div", "em", "span", "i", "a", "p", "figure", "pre", "code"}
    for tag, attributes in page.found:
        assert not {name for name in attributes if name.startswith("on")} - ({"onclick"} if tag == "span" else set())
        if (script := attributes.get("onclick")) is not None:
            assert re.fullmatch(r"var more = '[^'\"<>\\]*';", script)
        if "href" in attributes:
            assert str(attributes["href"]).startswith("https://")
    assert "$< $script>alert(1)$< $/script>" in page.text
    assert len(found) == len(HOSTILE)
    assert facts.title(hostile().entries[2])[:6] == "{{ 7*7"
    assert "｛｛ 7*7 ｝｝" in page.text


def test_front_matter_that_never_ends_is_looked_at_once() -> None:
    """Line ends of two characters once gave every line two readings: fifty lines never ended."""
    assert _FRONT_MATTER.match("---\r\n" + "x\r\n" * 60) is None
    assert _FRONT_MATTER.match("---\r\nlayout: bib\r\n---\r\n@misc{a}") is not None
