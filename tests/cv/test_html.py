"""The page and the fragment: valid, inert, read by a browser as by a person; checked by their own readers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bibtool.cv.document import Entry, Link, PublicationList, Section, Summary
from bibtool.cv.targets import TargetOptions
from bibtool.cv.targets.html import write
from bibtool.model.names import parse_name
from bibtool.styles.rich import CLOSE, OPEN, Mark
from bibtool.web.pages import Anchors, attribute, text
from tests.cv.sample import HOSTILE, entry, hostile, sample
from tests.support.browser import DESKTOP, PHONE, Browser, pixels

PAGE = TargetOptions(summary=True)
FRAGMENT = TargetOptions(summary=True, fragment=True)


class Reader(HTMLParser):
    """Tags with their attributes in order, and the text outside of style and script."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._inside = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in {"style", "script"}:
            self.said.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [values for name, values in self.tags if name == tag]


def read(cv: PublicationList, options: TargetOptions = PAGE) -> Reader:
    return Reader(write(cv, options).decode())


def with_entries(*entries: Entry, **changes: Any) -> PublicationList:
    return dataclasses.replace(sample(), sections=(Section(id="all", heading="", entries=entries),), **changes)


def long_list() -> PublicationList:
    """Sixty entries with long words, an entry in Hebrew, one without a year, one with many authors."""
    entries = [
        entry(f"key{at}", f"Étude {at} of Größe and Łódź {'x' * 60 if at == 7 else ''}", ["Bea Ash", "Çelik Öz"],
              1990 + at % 30, number=60 - at)
        for at in range(58)
    ]  # fmt: skip
    hebrew = dataclasses.replace(entry("heb", "x", ["Bea Ash"], 2020, number=2), run=("שלום עולם (2020). ספר",))
    people = tuple(dataclasses.replace(hebrew.authors[0], name=parse_name(name)) for name in ("Bea Ash", "Zoë Hidden"))
    undated = dataclasses.replace(
        entry("undated", "Without", ["Bea Ash"], 2000),
        year=None,
        authors=people,
        tags=("Cartography",),
        status="in press",
    )
    return dataclasses.replace(
        sample(),
        sections=(
            Section(id="journal", heading="Journal articles", entries=(*entries, hebrew)),
            Section(id="other", heading="Other", entries=(undated,)),
        ),
        summary=Summary(total=60, by_year=tuple((1990 + at, 2) for at in range(30))),
    )


LISTS: dict[str, Callable[[], PublicationList]] = {
    "sample": sample,
    "hostile": hostile,
    "long": long_list,
    "empty": lambda: PublicationList(title="Nothing"),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("options", [PAGE, FRAGMENT], ids=["page", "fragment"])
def test_a_strict_parser_finds_no_error(name: str, options: TargetOptions) -> None:
    html5lib: Any = pytest.importorskip("html5lib", reason="html5lib is not installed")
    parser = html5lib.HTMLParser(strict=True)
    markup = write(LISTS[name](), options).decode()
    if options.fragment:
        parser.parseFragment(markup)
    else:
        parser.parse(markup)


def test_the_nu_validator_has_nothing_to_say(tmp_path: Path) -> None:
    jar = os.environ.get("BIBTOOL_VNU_JAR")
    if not jar or not shutil.which("java"):
        pytest.skip("BIBTOOL_VNU_JAR names no vnu.jar, or java is not installed")
    paths = []
    for name, make in LISTS.items():
        (tmp_path / f"{name}.html").write_bytes(write(make(), PAGE))
        paths.append(tmp_path / f"{name}.html")
    done = subprocess.run(
        ["java", "-jar", jar, "--also-check-css", *paths], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_same_list_same_bytes() -> None:
    assert write(sample(), PAGE) == write(sample(), PAGE)
    data = write(long_list(), PAGE)
    assert b"\r" not in data
    assert data.endswith(b"</html>\n")


def test_numbers_are_those_of_the_entries() -> None:
    found = read(sample())
    assert [item["value"] for item in found.all("li") if "value" in item] == ["3", "2", "1"]
    some = entry("one", "One", ["Bea Ash"], 2020)
    mixed = read(with_entries(dataclasses.replace(some, number=7), dataclasses.replace(some, key="two", number=None)))
    assert not any("value" in item for item in mixed.all("li"))
    assert mixed.all("ol") == []  # a browser would number the second one too
    assert "7." in mixed.said


def test_structure_is_that_of_a_document() -> None:
    found = read(sample())
    tags = [tag for tag, _ in found.tags]
    assert tags.count("h1") == tags.count("main") == tags.count("header") == 1
    assert tags.index("h1") < tags.index("h2")
    assert "h3" not in tags
    assert found.all("html") == [{"lang": "en-US"}]
    labelled = {values["aria-labelledby"] for values in found.all("section")}
    assert labelled == {values["id"] for values in found.all("h2")}
    assert {label["for"] for label in found.all("label")} == {"bibtool-words", "bibtool-year"}


def test_links_have_names_of_their_own() -> None:
    names = [name for link in read(sample()).all("a") if (name := link.get("aria-label"))]
    assert names[:2] == ["DOI: Fields, Rivers and 3D Maps", "arXiv:2203.91360: Fields, Rivers and 3D Maps"]
    assert len(set(names)) == len(names) == 6
    plain = read(sample(), TargetOptions(links=False))
    assert [link["rel"] for link in plain.all("a") if "rel" in link] == ["me"]
    assert [link["href"] for link in plain.all("a") if "rel" not in link] == ["#journal", "#preprint"]


def test_titles_lead_to_the_work() -> None:
    markup = write(sample(), PAGE).decode()
    assert re.search(r'<a href="https://doi.org/10.5555/\w+">Fields, Rivers and 3D Maps</a>', markup)
    assert markup.count('<div class="csl-entry">') == 3


@pytest.mark.slow
def test_links_to_the_sections_and_their_numbers() -> None:
    found = read(long_list())
    (nav,) = found.all("nav")
    assert nav["class"] == "bibtool-sections"
    ids = {values["id"] for values in found.all("section")}
    assert [link["href"] for link in found.all("a")][1:3] == [f"#{name}" for name in ("journal", "other")]
    assert ids == {"journal", "other"}
    assert "59" in found.said
    assert read(with_entries(entry("k", "T", ["Bea Ash"], 2020))).all("nav") == []
    years = tuple(Section(id=f"y{at}", heading=f"{at}", entries=sample().sections[0].entries) for at in range(17))
    assert read(dataclasses.replace(sample(), sections=years)).all("nav") == []
    assert read(dataclasses.replace(sample(), sections=years[1:])).all("nav") != []


@pytest.mark.slow
def test_languages_and_directions() -> None:
    assert read(dataclasses.replace(sample(), language="he-IL")).all("html") == [{"lang": "he-IL", "dir": "rtl"}]
    assert read(dataclasses.replace(sample(), language='x"><script>')).all("html") == [{"lang": "en"}]
    found = [values for values in read(long_list()).all("div") if values.get("class") == "csl-entry"]
    assert [values.get("dir") for values in found] == [None] * 58 + ["auto", None]
    german = read(dataclasses.replace(sample(), language="de-DE"))
    assert "Alle Jahre" in german.said


def test_anchors_are_fit_and_unique() -> None:
    keys = ("a", "a", "journal", "bibtool-words", 'x" onclick="y', "ключ", "a b/c", "", "a-2")
    entries = [dataclasses.replace(entry("k", "T", ["Bea Ash"], 2020), key=key) for key in keys]
    found = read(dataclasses.replace(sample(), sections=(Section(id="journal", heading="J", entries=tuple(entries)),)))
    ids = [values["id"] for _, values in found.tags if "id" in values]
    assert len(set(ids)) == len(ids)
    shown = [values["id"] for values in found.all("li") if "data-year" in values]
    assert shown[:3] == ["a", "a-2", "journal-2"]
    assert "ключ" in shown
    assert all(one and re.fullmatch(r"[\w.:~-]+", one) for one in ids)
    assert Anchors()("=q=&year") == "q-year"  # never what the script takes for a filter


@pytest.mark.slow
def test_the_fragment_is_bare() -> None:
    markup = write(long_list(), FRAGMENT).decode()
    found = Reader(markup)
    assert not {tag for tag, _ in found.tags} & {
        "html",
        "head",
        "body",
        "style",
        "script",
        "form",
        "input",
        "h1",
        "main",
    }
    assert "\n\n" not in markup  # an empty line ends a block of HTML in Markdown
    assert not re.search(r"^ {4}", markup, re.MULTILINE)
    classes = {name for _, values in found.tags for name in (values.get("class") or "").split()}
    assert all(name.startswith(("bibtool-", "csl-")) for name in classes)
    assert write(sample(), FRAGMENT).decode() in write(sample(), PAGE).decode().replace(
        "<main>\n", '<div class="bibtool-publications" lang="en-US">\n'
    ).replace("</main>", "</div>").replace(_filter_of(sample()), "")


def _filter_of(cv: PublicationList) -> str:
    markup = write(cv, PAGE).decode()
    start = markup.index('<div class="bibtool-filter"')
    end = "</select></div>\n</div>\n"
    return markup[start : markup.index(end, start) + len(end)]


def test_formats_of_a_style_are_classes_on_the_page() -> None:
    runs = (OPEN["small-caps"], "Ash", CLOSE["small-caps"], OPEN["underline"], "Öz", CLOSE["underline"])
    cv = with_entries(dataclasses.replace(entry("k", "T", ["Bea Ash"], 2020), run=runs))
    found = read(cv)
    assert not any("style" in values for _, values in found.tags)
    classes = [values.get("class") for values in found.all("span")]
    assert [name for name in classes if name in {"bibtool-small-caps", "bibtool-underline"}] == [
        "bibtool-small-caps",
        "bibtool-underline",
    ]
    assert 'style="font-variant:small-caps;"' in write(cv, FRAGMENT).decode()


def test_what_a_style_leaves_out_can_still_be_found() -> None:
    markup = write(long_list(), PAGE).decode()
    assert '<span class="bibtool-more" hidden>Cartography, Zoë Hidden</span>' in markup
    assert markup.count("bibtool-more") == 1 + 59 - 58  # the Hebrew entry does not print its author's name either


def test_the_policy_allows_what_is_there_and_nothing_else() -> None:
    markup = write(sample(), PAGE).decode()
    (policy,) = [v["content"] for v in Reader(markup).all("meta") if v.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (source,) = re.findall(f"<{tag}>(.*?)</{tag}>", markup, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "script" not in write(PublicationList(title="Nothing"), PAGE).decode()


# hostile text

ALLOWED = {
    "page": set(
        "html head meta title style body header nav main h1 h2 div label input select option p section ol ul li b i a "
        "span sup sub svg desc g rect path text figure figcaption dl dt dd script".split()
    ),
    "fragment": set(
        "div p section h2 ol ul li b i a span sup sub svg title desc g rect path text figure figcaption "
        "dl dt dd".split()
    ),
}


@pytest.mark.parametrize("options", [PAGE, FRAGMENT], ids=["page", "fragment"])
def test_hostile_text_is_text(options: TargetOptions) -> None:
    markup = write(hostile(), options).decode()
    found = Reader(markup)
    assert {tag for tag, _ in found.tags} <= ALLOWED["fragment" if options.fragment else "page"]
    assert [tag for tag, _ in found.tags].count("script") == (0 if options.fragment else 1)
    for tag, values in found.tags:
        assert not [name for name in values if name.startswith("on") or name in {"srcdoc", "formaction", "style"}]
        for name in ("href", "src"):
            if name in values:
                assert (values[name] or "").startswith("https://"), (tag, values)
    said = "".join(found.said)
    for piece in ("<script>alert(1)</script><img src=x onerror=alert(1)>", "{{ 7*7 }}{% for x in y %}", "<label>"):
        assert piece in said
    assert not re.search(r"\{\{|\{%|\{#|<%", markup.replace("<style>", "").split("<script>")[0])
    assert not re.search("[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]", markup)


def test_characters_that_may_not_stand_in_html() -> None:
    assert (
        text("a\ud800b\ufdd0\x00\U0001ffff<")
        == "a\N{REPLACEMENT CHARACTER}b" + "\N{REPLACEMENT CHARACTER}" * 2 + "&lt;"
    )
    assert attribute('"\n{{') == "&quot; &#123;&#123;"
    cv = with_entries(
        dataclasses.replace(
            entry("k", "T", ["Bea Ash"], 2020),
            run=(
                "half \ud83d of {",
                "{ a pair",
            ),
        )
    )
    assert "half \N{REPLACEMENT CHARACTER} of &#123;&#123; a pair" in write(cv, PAGE).decode()


def test_only_addresses_of_the_web_are_links() -> None:
    links = tuple(
        Link(kind="url", label="L", url=url)
        for url in ("javascript:alert(1)", "data:text/html,x", "//evil", "https://a.b/ c\"d'{{e}}<\u202e", "")
    )
    run = (Mark("link", href="javascript:x"), "there", Mark("link", close=True))
    cv = with_entries(dataclasses.replace(entry("k", "T", ["Bea Ash"], 2020), links=links, run=run))
    found = [link["href"] for link in read(cv).all("a") if link.get("rel") != "me"]
    assert found == ["https://a.b/%20c%22d'%7B%7Be%7D%7D%3C%E2%80%AE"]


# in a browser


SHOWN = "Array.from(document.querySelectorAll('.bibtool-entry')).filter(e => e.checkVisibility()).map(e => e.id)"
COUNT = "document.getElementById('bibtool-count').textContent"


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_bytes(write(long_list(), PAGE))
    return path.as_uri()


def assert_quiet(browser: Browser, url: str) -> None:
    assert [one.partition("#")[0] for one in browser.requests] == [url]
    assert browser.complaints == []
    assert browser.dialogs == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_the_window(browser: Browser, page: str, tmp_path: Path, size: tuple[int, int], dark: bool) -> None:
    browser.window(size, dark=dark)
    browser.open(page)
    assert browser.ask("innerWidth") == size[0]
    assert browser.ask("document.documentElement.scrollWidth") <= size[0]
    width, height, data = pixels(browser.picture(tmp_path / "page.png"))
    assert width == size[0]
    assert height > size[1]
    assert len(set(data)) > 100
    small = "Array.from(document.querySelectorAll('input, select')).map(e => e.getBoundingClientRect().height)"
    assert min(browser.ask(small)) >= 44
    assert_quiet(browser, page)


LUMINANCE = """
(function () {
  function parts(colour) { return colour.match(/[\\d.]+/g).slice(0, 3).map(Number); }
  function light(colour) {
    var p = parts(colour).map(function (v) {
      v /= 255;
      return v <= .04045 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4);
    });
    return .2126 * p[0] + .7152 * p[1] + .0722 * p[2];
  }
  var ground = light(getComputedStyle(document.body).backgroundColor);
  var seen = "h1, a, .csl-entry, .bibtool-status, label, #bibtool-count, .bibtool-legend";
  return Array.from(document.querySelectorAll(seen)).map(function (e) {
      var ink = light(getComputedStyle(e).color);
      return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    });
})()
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast(browser: Browser, page: str, dark: bool) -> None:
    browser.window(DESKTOP, dark=dark)
    browser.open(page)
    assert min(browser.ask(LUMINANCE)) >= 4.5  # WCAG 2.2, success criterion 1.4.3
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == (
        "rgb(21, 24, 27)" if dark else "rgb(255, 255, 255)"
    )


def test_the_address_holds_the_filter(browser: Browser, page: str) -> None:
    browser.window(PHONE)
    browser.open(f"{page}#q=GROSSE%20lodz%20etude&year=1993")
    assert browser.ask(SHOWN) == ["key3", "key33"]
    assert browser.ask(COUNT) == "2 / 60 shown"
    assert browser.ask("document.getElementById('other').checkVisibility()") is False
    browser.open(f"{page}#year=none")
    assert browser.ask(SHOWN) == ["undated"]
    assert browser.ask("document.getElementById('journal').checkVisibility()") is False
    browser.open(f"{page}#q=cartography%20zoe")
    assert browser.ask(SHOWN) == ["undated"]
    browser.open(f"{page}#q=no-such-word")
    assert browser.ask(SHOWN) == []
    assert browser.ask(COUNT) == "No matches."
    browser.open(f"{page}#year=1066")
    assert len(browser.ask(SHOWN)) == 60
    assert_quiet(browser, page)


def test_typing_filters_and_is_kept_in_the_address(browser: Browser, page: str) -> None:
    browser.window(DESKTOP)
    browser.open(page)
    browser.press("Tab", 9)
    while browser.ask("document.activeElement.id") != "bibtool-words":
        browser.press("Tab", 9)
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.type("étude 7 ")
    assert browser.ask(SHOWN) == ["key7", "key17", "key27", "key37", "key47", "key57"]
    assert browser.ask("location.hash") == "#q=%C3%A9tude%207"
    # numbers stay those of the full list
    assert browser.ask("document.getElementById('key17').value") == 43
    browser.ask("document.getElementById('bibtool-words').select()")
    browser.press("Delete", 46)
    assert browser.ask("location.hash") == ""
    assert len(browser.ask(SHOWN)) == 60
    assert_quiet(browser, page)


def test_an_anchor_shows_its_entry_whatever_was_filtered(browser: Browser, page: str) -> None:
    browser.window(DESKTOP)
    browser.open(f"{page}#q=no-such-word")
    browser.ask("new Promise(done => { addEventListener('hashchange', done); location.hash = '#key40'; })")
    assert len(browser.ask(SHOWN)) == 60
    top = browser.ask("document.getElementById('key40').getBoundingClientRect().top")
    bar = browser.ask("document.getElementById('bibtool-filter').getBoundingClientRect().bottom")
    for _ in range(100):  # it may scroll smoothly
        if 0 <= top < DESKTOP[1]:
            break
        browser.ask("new Promise(requestAnimationFrame)")
        top = browser.ask("document.getElementById('key40').getBoundingClientRect().top")
    assert 0 <= top < DESKTOP[1]
    assert bar > 0  # the controls stay in sight
    browser.open(f"{page}#%E0%A4%A")
    assert len(browser.ask(SHOWN)) == 60
    assert_quiet(browser, page)


def test_without_scripts_the_list_is_there_and_the_controls_are_not(browser: Browser, page: str) -> None:
    browser.window(DESKTOP, script=False)
    browser.open(f"{page}#q=no-such-word")
    browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert len(browser.ask(SHOWN)) == 60
    assert browser.ask("document.getElementById('bibtool-filter').checkVisibility()") is False


def test_paper(browser: Browser, page: str, tmp_path: Path) -> None:
    browser.window(DESKTOP, dark=True, media="print")
    browser.open(page)
    assert browser.ask("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert browser.ask("document.getElementById('bibtool-filter').checkVisibility()") is False
    assert browser.ask("getComputedStyle(document.querySelector('.bibtool-entry')).breakInside") == "avoid"
    browser.window(DESKTOP, dark=True)
    path = tmp_path / "page.pdf"
    assert browser.paper(path).startswith(b"%PDF")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed: the text of the PDF is not read")
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "All years" not in said
    assert "DOI: https://doi.org/10.5555/key3" in said
    assert "arXiv:2203.91360" in said
    assert "60. " in said


def test_hostile_text_does_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_bytes(write(hostile(), PAGE))
    browser.window(PHONE)
    browser.open(path.as_uri())
    assert_quiet(browser, path.as_uri())
    assert HOSTILE[0] in browser.ask("document.title")
    assert browser.ask("document.images.length + document.querySelectorAll('iframe, object, embed').length") == 0
    assert browser.ask("document.scripts.length") == 1
    assert browser.ask("document.documentElement.scrollWidth") <= PHONE[0]
    # a record may be named like something that the script needs
    path.write_bytes(write(with_entries(*(dataclasses.replace(entry("k", "T", ["Bea Ash"], 2020), key=key) for key in (
        "bibtool-filter", "location", "history", "getElementById", "__proto__"))), PAGE))  # fmt: skip
    browser.open(f"{path.as_uri()}#year=2020")
    assert browser.ask(COUNT) == "5 / 5 shown"
    browser.open(f"{path.as_uri()}#")
    assert browser.ask(COUNT) == ""
    assert_quiet(browser, path.as_uri())


def test_the_guards_of_the_browser_tests_bite(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text("<body><script>alert(1); console.error(2); nothing()</script><img src=http://127.0.0.1:9/x>")
    browser.window(DESKTOP)
    browser.open(path.as_uri())
    assert browser.dialogs == ["1"]
    assert len(browser.requests) == 2
    assert len(browser.complaints) >= 2
    browser.open("about:blank")
    assert len(set(pixels(browser.picture(tmp_path / "blank.png"))[2])) < 10


def test_assets_are_in_the_package() -> None:
    spec = importlib.util.find_spec("bibtool.web")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    for name in ("_base.css", "_page.css", "_page.js", "_serve.css", "_serve.js"):
        source = (folder / name).read_text(encoding="utf-8")
        assert "</" not in source, f"{name} would end the element that it stands in"
        assert "http" not in source, f"{name} names an address"
