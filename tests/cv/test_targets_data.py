"""The targets that write data or Markdown: goldens, their own readers, hostile text, pages that people edit too.

Run with ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment to write fixtures/cv/data anew; then look at the difference.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bibtool.cv import facts
from bibtool.cv.document import Author, Link, PublicationList, Section
from bibtool.cv.folder import BEGIN, END
from bibtool.cv.frontmatter import edited, read_page, written
from bibtool.cv.targets import TargetOptions, file_target, find_target, folder_target
from bibtool.cv.targets import rendercv as rendercv_target
from bibtool.errors import InputError
from bibtool.model.dates import Date
from bibtool.model.names import parse_name
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text
from tests.cv.readers import json_resume_schema, read_by_rendercv
from tests.cv.sample import HOSTILE, entry, hostile, sample
from tests.support.golden import expected

if TYPE_CHECKING:
    from bibtool.cv.document import Entry
    from bibtool.cv.targets import Files

FOLDER = Path(__file__).parents[2] / "fixtures" / "cv" / "data"
FULL = TargetOptions(summary=True)
FILES = ("markdown", "rendercv", "json-resume", "json")
FOLDERS = ("hugo", "jekyll")


def written_as(name: str, cv: PublicationList, options: TargetOptions = FULL) -> str:
    data = file_target(find_target(name)).write(cv, options)
    assert b"\r" not in data
    assert data.endswith(b"\n")
    return data.decode()


def pages(name: str, cv: PublicationList, existing: dict[str, bytes] | None = None) -> Files:
    return folder_target(find_target(name)).write_files(cv, FULL, existing or {})


def one_paper(paper: Entry | None = None) -> PublicationList:
    section = Section(id="a", heading="A", entries=(paper or entry("ash2024", "On Maps", ["Bea Ash"], 2024),))
    return PublicationList(title="P", sections=(section,))


# goldens


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["list", "fragment"])
def test_files_stay_as_they_are(name: str, kind: str) -> None:
    options = TargetOptions(summary=kind == "list", fragment=kind == "fragment")
    text = written_as(name, sample(), options)
    path = FOLDER / f"{name}-{kind}{find_target(name).suffix}"
    assert text == expected(path, text.encode()).decode()


@pytest.mark.parametrize("name", FOLDERS)
def test_pages_stay_as_they_are(name: str) -> None:
    files = pages(name, sample())
    root = FOLDER / name
    for path, data in files.write.items():
        expected(root / path, data)
    there = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert dict(files.write) == there


def test_no_golden_is_left_over() -> None:
    wanted = {f"{name}-{kind}{find_target(name).suffix}" for name in FILES for kind in ("list", "fragment")}
    assert {path.name for path in FOLDER.iterdir()} == wanted | set(FOLDERS)


# Markdown


def tokens(markdown: str) -> list[Any]:
    markdown_it = pytest.importorskip("markdown_it")
    return list(markdown_it.MarkdownIt("commonmark").parse(markdown))


@pytest.mark.slow
def test_numbers_that_count_down_are_printed_as_given() -> None:
    found = [token.content for token in tokens(written_as("markdown", sample())) if token.type == "inline"]
    numbers = [match[1] for text in found if (match := re.match(r"(\d+)\\\.", text))]
    assert numbers == ["3", "2", "1"]
    assert not [token for token in tokens(written_as("markdown", sample())) if token.type == "ordered_list_open"]


def test_entries_without_numbers_are_a_list() -> None:
    section = sample().sections[0]
    bare = replace(section, entries=tuple(replace(one, number=None) for one in section.entries))
    kinds = [token.type for token in tokens(written_as("markdown", replace(sample(), sections=(bare,))))]
    assert kinds.count("bullet_list_open") == 1
    assert kinds.count("list_item_open") == 2


def test_a_status_and_links_stand_behind_the_reference() -> None:
    paper = replace(entry("a", "T", ["Bea Ash"], 2024), status="in press")
    assert "Trials 1. In press. [DOI](https://doi.org/10.5555/a) ·" in written_as("markdown", one_paper(paper))
    bare = written_as("markdown", one_paper(paper), TargetOptions(links=False))
    assert bare.endswith("In press.\n")


def test_hostile_text_is_only_text_in_markdown() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    text = written_as("markdown", hostile())
    found = tokens(text)
    flat = found + [child for token in found for child in token.children or ()]
    assert not [token for token in flat if token.type in {"html_block", "image", "code_inline", "hr"}]
    # the emphasis of a name, where stars between a letter and punctuation would not be read as that
    assert {token.content for token in flat if token.type == "html_inline"} <= {"<strong>", "</strong>"}
    assert [token.tag for token in found if token.type == "heading_open"] == ["h1", "h2"]
    assert {token.attrGet("href").partition("/")[0] for token in flat if token.type == "link_open"} == {"https:"}
    made = markdown_it.MarkdownIt("commonmark").render(text)
    assert not re.search(r"<(?!/?(?:h1|h2|p|strong|a|em|br|pre|code)\b)", made)
    assert not re.search(r"\{[{%]", text)  # neither Liquid nor a short code
    for number, one in enumerate(HOSTILE, 1):
        assert f"<p>{number}. {html.escape(facts.line(one), quote=False)[:20]}" in made.replace("&quot;", '"')


def test_a_reference_of_two_lines_stays_one_paragraph() -> None:
    from bibtool.styles.rich import CLOSE, OPEN

    paper = replace(
        entry("a", "T", ["Bea Ash"], 2024), run=("One.", OPEN["block"], "1. two", CLOSE["block"], "# three")
    )
    kinds = [token.type for token in tokens(written_as("markdown", one_paper(paper)))]
    assert "ordered_list_open" not in kinds
    assert kinds.count("heading_open") == 2


# RenderCV


def test_rendercv_reads_back_as_it_was_meant() -> None:
    data = yaml.safe_load(written_as("rendercv", sample()))
    assert data["cv"]["name"] == "Bea Ash"
    assert list(data["cv"]["sections"]) == ["Journal articles", "Preprints"]
    first = data["cv"]["sections"]["Journal articles"][0]
    assert first["authors"] == [r"**Bea Ash\***", "Çelik Öz"]
    assert (first["doi"], first["date"], first["number"]) == ("10.5555/ash2024field", "2024-03", "3")
    fragment = yaml.safe_load(written_as("rendercv", sample(), TargetOptions(fragment=True)))
    assert list(fragment) == ["Journal articles", "Preprints"]


def test_rendercv_gets_a_short_author_list_with_the_owner_and_the_count() -> None:
    people = [f"A Writer{chr(65 + at)}" for at in range(20)] + ["Bea Ash"] + ["C Last"]
    data = yaml.safe_load(written_as("rendercv", one_paper(entry("a", "T", people, 2024, owner=20))))
    assert data["cv"]["sections"]["A"][0]["authors"] == [
        r"A WriterA\*", "A WriterB", "A WriterC", "A WriterD", "A WriterE", "…", "**Bea Ash**", "…", "(22 authors)",
    ]  # fmt: skip


def test_rendercv_of_a_paper_without_anything() -> None:
    bare = entry("a", "T", [], 2024)
    record = bare.record.with_values({"issued": Date.of(2024), "DOI": None, "container-title": None})
    data = yaml.safe_load(written_as("rendercv", one_paper(replace(bare, record=record, links=(), number=None))))
    assert data["cv"]["sections"]["A"] == [{"title": "T", "authors": [], "journal": "arXiv", "date": 2024}]


def test_two_headings_of_one_name_are_both_kept_in_rendercv() -> None:
    section = sample().sections[0]
    data = yaml.safe_load(written_as("rendercv", replace(sample(), sections=(section, section))))
    assert list(data["cv"]["sections"]) == ["Journal articles", "Journal articles (2)"]


@pytest.mark.parametrize("doi", ['10.1/x")[a]#eval("1', "10.1234/a\\", "10.1234/#section", "10.1234/`x", "no"])
def test_a_doi_that_would_break_out_of_rendercvs_link_is_an_address_instead(doi: str) -> None:
    paper = entry("a", "T", ["Bea Ash"], 2024)
    record = paper.record.with_values({"DOI": Verbatim(doi)})
    link = Link(kind="doi", label="DOI", url="https://doi.org/10.1234/a(b)#eval")
    made = yaml.safe_load(written_as("rendercv", one_paper(replace(paper, record=record, links=(link,)))))
    found = made["cv"]["sections"]["A"][0]
    assert "doi" not in found
    assert found["url"] == "https://doi.org/10.1234/a%28b%29"


def test_rendercv_reads_publications(tmp_path: Path) -> None:
    path = tmp_path / "cv.yaml"
    path.write_text(written_as("rendercv", sample()), encoding="utf-8")
    assert read_by_rendercv(path) == "[(2, 'PublicationEntry'), (1, 'PublicationEntry')]"
    path.write_text(written_as("rendercv", hostile()), encoding="utf-8")
    assert read_by_rendercv(path) == f"[({len(HOSTILE)}, 'PublicationEntry')]"


@pytest.mark.parametrize("cv", [sample(), hostile()], ids=["sample", "hostile"])
def test_rendercv_takes_it_and_typst_finds_no_command(cv: PublicationList, tmp_path: Path) -> None:
    """RenderCV's own models and templates; its Typst package is replaced, for it would be loaded from the network."""
    typst = pytest.importorskip("typst", reason="typst is not installed")
    dictionary = pytest.importorskip(
        "rendercv.schema.rendercv_model_builder", reason="rendercv 2.8 is not installed (Python 3.12)"
    )
    from rendercv.renderer.templater.templater import (  # type: ignore[import-not-found,unused-ignore]
        render_full_template,
    )

    source = tmp_path / "cv.yaml"
    source.write_text(written_as("rendercv", cv), encoding="utf-8")
    _, model = dictionary.build_rendercv_dictionary_and_model(source.read_text(encoding="utf-8"))
    text = render_full_template(model, "typst")
    start = min(at for at in (text.find("\n== "), text.find("#regular-entry")) if at >= 0)
    stubs = "#let regular-entry(a, b, ..c) = [#a #b]\n#let summary(x) = x\n"
    (tmp_path / "cv.typ").write_text(stubs + text[start:], encoding="utf-8")
    assert typst.compile(str(tmp_path / "cv.typ")).startswith(b"%PDF")
    commands = set(re.findall(r"(?<!\\)#([A-Za-z.-]+)", text[start:]))
    assert commands <= {"regular-entry", "strong", "link", "summary", "sym.ast.basic", "h"}


@pytest.mark.parametrize("words", [*HOSTILE, "#eval(1)", "$$x$$", "= x", "1. x", "`", "&lt;", "!!! note", "-- x"])
def test_nothing_of_a_text_can_begin_a_command_in_rendercv(words: str) -> None:
    made = rendercv_target.text(words)
    assert not re.search(r"#[A-Za-z]|\$\$|`|<[A-Za-z/!?]|&[A-Za-z#]|!!!", made)
    assert not re.match(r"[=+\-/#]|\d+[.)]", made)
    plain = re.sub(r"\\(.)", r"\1", made.replace("\u2060", ""))
    assert plain == facts.line(words).replace("`", "‘")


# JSON Resume


def test_json_resume_has_what_the_schema_wants() -> None:
    """The facts of ``publications`` in the schema 1.0.0: strings, an ISO date, an address."""
    for cv in (sample(), hostile()):
        data = json.loads(written_as("json-resume", cv))
        assert set(data) == {"$schema", "basics", "publications", "meta"}
        for one in data["publications"]:
            assert set(one) <= {"name", "publisher", "releaseDate", "url", "summary"}
            assert all(isinstance(value, str) for value in one.values())
            assert re.fullmatch(r"[12]\d{3}(-[01]\d(-[0-3]\d)?)?", one["releaseDate"])
            assert re.match(r"https?://[!-~]+$", one["url"])
        assert json.loads(written_as("json-resume", cv, TargetOptions(fragment=True))) == data["publications"]


def test_json_resume_against_the_official_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_resume_schema()
    for cv in (sample(), hostile()):
        jsonschema.validate(json.loads(written_as("json-resume", cv)), schema, jsonschema.Draft7Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"publications": [{"releaseDate": "May"}]}, schema)


@pytest.mark.parametrize(
    ("issued", "wanted"),
    [(Date.of(2024, 3, 2), "2024-03-02"), (Date.of(2024), "2024"), (Date.of(-44), None), (Date(literal="x"), None)],
)
def test_only_dates_that_the_schema_knows(issued: Date, wanted: str | None) -> None:
    paper = entry("a", "T", ["Bea Ash"], 2024)
    paper = replace(paper, record=paper.record.with_values({"issued": issued}))
    assert json.loads(written_as("json-resume", one_paper(paper)))["publications"][0].get("releaseDate") == wanted


# pages of a site


def front(data: bytes) -> Any:
    return yaml.safe_load(data.decode().split("---\n")[1])


def shown(name: str, value: str) -> str:
    """What a reader sees of a value: references and backslashes resolved."""
    if name == "jekyll":
        return html.unescape(value)
    return re.sub(r"\\([<(\[:{`\\#>+=/-])", r"\1", value)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("cv", [sample(), hostile()], ids=["sample", "hostile"])
def test_front_matter_reads_back_as_it_was_meant(name: str, cv: PublicationList) -> None:
    files = pages(name, cv)
    assert len(files.write) == len(cv.entries)
    for one, (path, data) in zip(cv.entries, files.write.items(), strict=True):
        assert re.fullmatch(r"[a-z0-9_/.-]+", path)
        found = front(data)
        assert shown(name, found["title"]) == facts.title(one)
        assert [shown(name, author) for author in found["authors"]] == list(facts.author_names(one))
        assert found["date"].startswith(f"{one.year}-03-01")
        assert found["bibtool"]["ids"] == list(facts.identities(one))
    assert not pages(name, cv, dict(files.write)).write


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_hostile_text_is_inert_in_pages(name: str) -> None:
    for data in pages(name, hostile()).write.values():
        text = data.decode()
        values = json.dumps(front(data), ensure_ascii=False).replace(r"\\", "\\")
        assert not re.search(r"(?<!\\)<(?!/?[bi]>)[A-Za-z/!?]|(?<!\\)`|\]\(|\]:|\{\{[<%]", values)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)
        if name == "jekyll":
            assert not re.search(r"\{[{%]", text)
            body = text.split("---\n", 2)[2]
            assert not re.search(r"<(?!!-- bibtool)|[`*_\[\]]", body)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_hostile_pages_built_by_their_own_program(name: str, tmp_path: Path) -> None:
    """A layout that does what themes do: takes front matter for Markdown, or prints it as it is."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    site, config, layout, command, output = {
        "hugo": (
            "content/publications", "hugo.toml",
            (
                '<p>{{ .Title | markdownify }}</p>{{ .Page.RenderString (.Params.abstract | default "") }}'
                "{{ range .Params.links }}<a href='{{ .url }}'>{{ .name | markdownify }}</a>{{ end }}{{ .Content }}"
            ),
            [program, "--config", "hugo.toml"], "public",
        ),
        "jekyll": (
            ".", "_config.yml",
            (
                "<p>{{ page.title }} {{ page.venue }} {{ page.citation }}</p>{{ page.title | markdownify }}"
                '{{ page.excerpt | markdownify }}<a href="{{ page.codeurl }}"></a>{{ content }}'
            ),
            [program, "build", "--disable-disk-cache"], "_site",
        ),
    }[name]  # fmt: skip
    settings = {
        "hugo": 'baseURL = "http://localhost/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "home"]\n'
        "[markup.goldmark.renderer]\nunsafe = true\n",
        "jekyll": "collections: {publications: {output: true}}\n"
        "defaults: [{scope: {path: ''}, values: {layout: single}}]\n",
    }[name]
    (tmp_path / config).write_text(settings, encoding="utf-8")
    place = tmp_path / ("layouts/_default" if name == "hugo" else "_layouts") / "single.html"
    place.parent.mkdir(parents=True)
    place.write_text(layout, encoding="utf-8")
    for path, data in pages(name, hostile()).write.items():
        (tmp_path / site / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / site / path).write_bytes(data)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    made = "".join(path.read_text(encoding="utf-8") for path in sorted((tmp_path / output).rglob("*.html")))
    assert made.count("alert(1)") > 3
    assert not re.search(r"<(?:script|img|code)|href=.javascript", made, re.IGNORECASE)
    assert "7*7" in made or "7<em>7" in made
    assert "49" not in re.findall(r"\d+", made.replace("&#49;", ""))


def test_hugo_tells_what_the_marks_of_authors_mean() -> None:
    found = front(next(iter(pages("hugo", sample()).write.values())))
    assert found["author_notes"] == ["equal contribution", ""]
    assert found["hugoblox"] == {"ids": {"doi": "10.5555/ash2024field", "arxiv": "2203.91360"}}


# what people wrote by hand


def by_hand(data: bytes, *, newline: str = "\n") -> bytes:
    """A page as it looks when somebody worked on it: own keys with comments, own text, another order of lines."""
    text = data.decode()
    text = text.replace("---\ntitle:", "---\n# mine: keep this\nfeatured: true   # on the front page\ntitle:", 1)
    text = text.replace("bibtool:\n", "image:\n  caption: 'A  map'\n  # indented remark\n\nbibtool:\n", 1)
    return (text + "\nSeen in *Nature* {{< youtube x >}}\n\n---\n\n<b>own</b>\n").replace("\n", newline).encode()


MINE = (
    "# mine: keep this", "featured: true   # on the front page", "image:", "  caption: 'A  map'", "  # indented remark",
    "Seen in *Nature* {{< youtube x >}}", "<b>own</b>",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("name", FOLDERS)
def test_hand_written_parts_survive_title_venue_and_key(name: str, newline: str, bom: bytes) -> None:
    old = entry("ash2024", "On Maps", ["Bea Ash"], 2024)
    ((path, data),) = pages(name, one_paper(old)).write.items()
    existing = {path: bom + by_hand(data, newline=newline)}
    assert not pages(name, one_paper(old), existing).write  # hand-written text alone changes nothing
    record = replace(
        old.record.with_values({"title": Text.of("On All Maps"), "container-title": Text.of("Annals: of Maps")}),
        key="ash2025all",
    )
    files = pages(name, one_paper(replace(old, key="ash2025all", record=record)), existing)
    assert list(files.write) == [path]  # the address of the page stays
    changed = files.write[path]
    assert changed.startswith(bom)
    text = changed.removeprefix(bom).decode()
    assert text.count("\n") == text.count(newline)
    lines = text.replace("\r\n", "\n").split("\n")
    assert all(line in lines for line in MINE)
    found = front(text.replace("\r\n", "\n").encode())
    assert found["title"] == "On All Maps"
    assert "Annals: of Maps" in (found.get("publication"), found.get("venue"))
    assert "key:ash2025all" in found["bibtool"]["ids"]
    # but for our lines all is as it was
    before = existing[path].removeprefix(bom).decode().replace("\r\n", "\n").split("\n")
    assert len([line for line in before if line not in lines]) <= 4
    assert not pages(name, one_paper(replace(old, key="ash2025all", record=record)), dict(files.write)).write


@pytest.mark.parametrize("name", FOLDERS)
def test_a_paper_is_known_by_doi_key_or_title_alone(name: str) -> None:
    old = entry("ash2024", "On Maps", ["Bea Ash"], 2024)
    only_key = replace(old, record=replace(old.record.with_values({"DOI": None}), arxiv=None), links=())
    ((path, data),) = pages(name, one_paper(only_key)).write.items()
    with_doi = replace(only_key, record=old.record)  # a DOI and an arXiv id were found
    assert list(pages(name, one_paper(with_doi), {path: data}).write) == [path]
    renamed = replace(only_key, key="new", record=replace(only_key.record, key="new"))
    assert list(pages(name, one_paper(renamed), {path: data}).write) == [path]
    aliased = replace(only_key, record=replace(only_key.record, key="new", aliases=("ash2024",)))
    retitled = replace(aliased, record=aliased.record.with_values({"title": Text.of("Other")}))
    assert list(pages(name, one_paper(retitled), {path: data}).write) == [path]


def test_a_page_that_was_moved_is_found() -> None:
    ((_, data),) = pages("hugo", one_paper()).write.items()
    files = pages("hugo", one_paper(), {"2024/maps/index.en.md": data})
    assert not files.write
    assert not files.orphans


def test_what_is_to_be_kept_is_kept() -> None:
    ((path, data),) = pages("jekyll", one_paper()).write.items()
    text = data.decode().replace("title: On Maps", "title: My Maps").replace("came of it.", "I say.")
    kept = text.replace("bibtool:\n", "bibtool:\n  keep: [title, body]\n").encode()
    paper = entry("ash2024", "Newer", ["Bea Ash"], 2025)
    changed = pages("jekyll", one_paper(paper), {path: kept}).write[path]
    assert front(changed)["title"] == "My Maps"
    assert "I say." in changed.decode().split("---\n")[2]
    assert front(changed)["date"] == "2025-03-01"
    assert front(changed)["bibtool"]["keep"] == ["title", "body"]
    lost = pages("jekyll", one_paper(paper), {path: text.encode()}).write[path]
    assert front(lost)["title"] == "Newer"


def test_a_page_that_is_handed_over_keeps_all_its_values() -> None:
    mine = b'---\ntitle: "My own: title"\nvenue: Home\nbibtool: {ids: ["doi:10.5555/ash2024"]}\n---\ntext\n'
    files = pages("jekyll", one_paper(), {"_publications/x.md": mine})
    assert list(files.write) == ["_publications/x.md"]
    found = front(files.write["_publications/x.md"])
    assert (found["title"], found["venue"]) == ("My own: title", "Home")
    assert found["arxiv"] == "2203.91360"
    assert files.write["_publications/x.md"].endswith(b"---\ntext\n")
    assert not pages("jekyll", one_paper(), dict(files.write)).write


def test_a_value_that_has_gone_goes_and_one_by_hand_stays() -> None:
    paper = entry("ash2024", "On Maps", ["Bea Ash"], 2024)
    ((path, data),) = pages("hugo", one_paper(paper)).write.items()
    assert "abstract" in front(data)
    bare = replace(paper, record=paper.record.with_values({"abstract": None}))
    changed = pages("hugo", one_paper(bare), {path: data}).write[path]
    assert "abstract" not in front(changed)
    own = changed.replace(b"---\ntitle", b"---\nabstract: Mine.\ntitle", 1)
    assert not pages("hugo", one_paper(bare), {path: own}).write
    assert not pages("hugo", one_paper(paper), {path: own}).write


def test_a_paper_that_left_the_list_is_named_and_its_page_stays() -> None:
    files = pages("hugo", sample())
    fewer = replace(sample(), sections=sample().sections[:1])
    again = pages("hugo", fewer, dict(files.write))
    assert again.orphans == ("a-draft-on-maps/index.md",)
    assert not again.write


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("---\ntitle: [\nbibtool:\n  ids: ['doi:10.5555/ash2024']\n---\n", 4),
        ("---\ntitle: a\nbibtool:\n  ids: ['doi:10.5555/ash2024']\n", 1),
        ("---\ntitle: a\ntitle: b\nbibtool:\n  ids: ['doi:10.5555/ash2024']\n---\n", 3),
        ('+++\ntitle = "a"\n[bibtool]\nids = ["doi:10.5555/ash2024"]\n+++\n', 1),
        ("---\n- bibtool: 1\nbibtool: ['doi:10.5555/ash2024']\n---\n", 3),
    ],
    ids=["yaml", "no-end", "twice", "toml", "list"],
)
def test_a_broken_page_is_named_and_left_alone(broken: str, line: int) -> None:
    files = pages("hugo", one_paper(), {"x/index.md": broken.encode()})
    assert not files.write  # no second page beside it
    assert [(one.code, one.position.path, one.position.line) for one in files.problems] == [
        ("page-unreadable", "x/index.md", line)
    ]


def test_neighbours_of_a_broken_page_are_brought_up_to_date() -> None:
    files = dict(pages("hugo", sample()).write)
    broken = files["an-index-of-rivers/index.md"].replace(b"authors:", b"authors: [")
    later = {**files, "an-index-of-rivers/index.md": broken}
    section = sample().sections[0]
    papers = tuple(
        replace(one, record=one.record.with_values({"container-title": Text.of("New")})) for one in section.entries
    )
    again = pages("hugo", replace(sample(), sections=(replace(section, entries=papers),)), later)
    assert list(again.write) == ["fields-rivers-and-3d-maps/index.md"]
    assert len(again.problems) == 1


def test_a_page_of_somebody_else_is_never_overwritten() -> None:
    mine = b"---\ntitle: On Maps\n---\nall mine\n"
    files = pages("hugo", one_paper(), {"on-maps/index.md": mine, "notes.md": b"no front matter", "b.md": b"\xff"})
    assert not files.write
    assert [one.code for one in files.problems] == ["page-not-ours"]
    assert '"arxiv:2203.91360"' in (files.problems[0].hint or "")
    other = pages("hugo", one_paper(), {"on-maps/index.md": b"---\ntitle: Other\n---\n"})
    assert list(other.write) == ["on-maps-2/index.md"]


def test_a_copy_of_a_page_is_reported() -> None:
    ((path, data),) = pages("hugo", one_paper()).write.items()
    files = pages("hugo", one_paper(), {path: data, "copy/index.md": data})
    assert not files.write
    assert not files.orphans
    assert [one.code for one in files.problems] == ["page-twice"]


def test_two_papers_of_one_title_get_two_pages() -> None:
    papers = tuple(
        replace(one, record=replace(one.record, arxiv=None))
        for one in (entry("a", "Maps", ["B A"], 2024), entry("b", "MAPS", ["B A"], 2024))
    )
    cv = PublicationList(title="P", sections=(Section(id="a", heading="A", entries=(*papers, papers[0])),))
    files = pages("hugo", cv)
    assert list(files.write) == ["maps/index.md", "maps-2/index.md"]
    assert not pages("hugo", cv, dict(files.write)).write


@pytest.mark.parametrize("title", ["漢字", "CON", "../../etc/passwd", "", "a" * 300, "NUL."])
def test_a_title_makes_a_path_that_every_system_takes(title: str) -> None:
    (path,) = pages("hugo", one_paper(entry("Key:1", title, ["B A"], 2024))).write
    assert re.fullmatch(r"[a-z0-9-]{1,70}/index\.md", path)
    assert path.split("/", maxsplit=1)[0] not in {"con", "nul"}


def test_text_outside_the_marks_is_the_users_and_a_lost_mark_is_reported() -> None:
    ((path, data),) = pages("jekyll", one_paper()).write.items()
    own = data.decode().replace(BEGIN, f"Above.\n\n{BEGIN}").replace(END, f"{END}\nBelow.")
    paper = entry("ash2024", "On Maps", ["Bea Ash"], 2024)
    paper = replace(paper, record=paper.record.with_values({"abstract": Text.of("Quite another.")}))
    changed = pages("jekyll", one_paper(paper), {path: own.encode()}).write[path].decode()
    assert "Above.\n\n<!--" in changed
    assert f"\n\nQuite another.\n\n{END}\nBelow." in changed
    without = pages("jekyll", one_paper(paper), {path: own.replace(END, "").encode()})
    assert [one.code for one in without.problems] == ["page-marks"]
    assert b"Below." in without.write[path]
    assert b"What was done" in without.write[path].split(b"---\n")[2]
    emptied = own.replace(BEGIN, "").replace(END, "")
    assert b"Quite" not in pages("jekyll", one_paper(paper), {path: emptied.encode()}).write[path].split(b"---\n")[2]


# front matter


@pytest.mark.parametrize(
    "text",
    [
        "---\na: 1\n---\n",
        "---\n# c\n\na: |\n  x\n  # no comment\n\n# d\nb: [1,\n  2]\n...\nbody",
        "---  \n---\n",
        "---\na: !!python/object:os.system x\nb: &n [*n]\n---\n",
        "---\r\na: 1\r\n---\r\nx\r\n",
    ],
)
def test_an_unedited_page_keeps_its_bytes(text: str) -> None:
    assert written(read_page(text.encode(), "x.md")) == text.encode()


def test_only_the_lines_of_a_changed_key_change() -> None:
    text = "---\n# c\na: |\n  x\n  # no comment\n\n# d\nb: 'o'  # why\nc:\n- 1\n  # inner\n\nd: 2\n---\nbody\n"
    page = read_page(text.encode(), "x.md")
    made = written(edited(page, {"a": "new", "b": "p", "c": ["z"], "e": {"f": "g"}})).decode()
    assert made == ('---\n# c\na: new\n\n# d\nb: "p"  # why\nc:\n- "z"\n  # inner\n\nd: 2\ne:\n  f: "g"\n---\nbody\n')
    assert written(edited(page, {"a": "x\n# no comment\n", "b": "o", "c": [1], "d": 2})) == text.encode()


@pytest.mark.slow
@pytest.mark.parametrize("text", ["---\na: " + "[" * 5000 + "\n---\n", "---\n? [a]\n: b\n---\n", "---\n{a: 1}\n---\n"])
def test_front_matter_that_can_not_be_followed(text: str) -> None:
    with pytest.raises(InputError):
        read_page(text.encode(), "x.md")


def test_facts_of_a_preprint_behind_a_publication() -> None:
    draft = entry("draft", "Draft", ["B A"], 2023, kind="preprint")
    paper = replace(
        entry("pub", "Paper", ["B A"], 2024), preprint=draft.record, authors=(Author(name=parse_name("B A")),)
    )
    paper = replace(paper, record=replace(paper.record, arxiv=None))
    assert facts.identities(paper) == (
        "arxiv:2203.91360", "doi:10.5555/pub", "doi:10.5555/draft", "key:pub", "key:draft",
    )  # fmt: skip
    assert str(facts.arxiv_id(paper)) == "2203.91360"
    assert facts.doi(paper) == "10.5555/pub"
