"""The typeset targets, each by its own reader: TeX, biber, Typst, python-docx, a reader of RTF.

Run with ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment to write the files of ``fixtures/cv/typeset`` anew; then look
at the difference.
"""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.cv.document import Author, LegendLine, Link, Profile, PublicationList, Section
from bibtool.cv.targets import TARGETS, TargetOptions, file_target, find_target, folder_target
from bibtool.cv.targets import write as write_target
from bibtool.cv.targets._texchars import definitions, fallback, unusual
from bibtool.model.names import Name, parse_name
from bibtool.model.record import Leftover, Verbatim
from bibtool.model.richtext import Math, Text
from bibtool.model.text.inert import inert
from bibtool.styles.rich import CLOSE, OPEN
from tests.cv.sample import HOSTILE, entry, hostile, sample
from tests.cv.tex import AWESOME_STAND_IN, bold_texts, compile_tex, need, squeezed, text_of
from tests.support.golden import expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.cv.document import Entry

FIXTURES = Path(__file__).parents[2] / "fixtures" / "cv" / "typeset"
WHOLE = TargetOptions(summary=True)
FRAGMENT = TargetOptions(fragment=True, summary=True)
TEX = ("latex", "moderncv", "awesome-cv")
FILES = (*TEX, "typst", "rtf", "text")


def written(name: str, cv: PublicationList, options: TargetOptions = WHOLE) -> bytes:
    return file_target(find_target(name)).write(cv, options)


def source(name: str, cv: PublicationList, options: TargetOptions = WHOLE) -> str:
    return written(name, cv, options).decode("utf-8")


def biblatex(cv: PublicationList, existing: Mapping[str, bytes] | None = None) -> Mapping[str, bytes]:
    return folder_target(find_target("biblatex")).write_files(cv, WHOLE, existing or {}).write


def with_entries(*entries: Entry, **changes: Any) -> PublicationList:
    return replace(sample(), sections=(Section(id="a", heading="Articles", entries=entries),), **changes)


def wide() -> PublicationList:
    """Titles in many scripts, with mathematics, a status, all kinds of links, no numbers in the second section."""
    titles = [
        "α-Stable Processes in ℝⁿ ≤ 3",
        "関東平野",
        "Łódź, Đurić & Žižek: “ﬁrst” ạ ế",
        "Москва",
        "Ångström – fin — x--y",
    ]
    entries = [entry(f"w{at}", title, ["Çelik Öz", "Bea Ash"], 2020, owner=1) for at, title in enumerate(titles)]
    entries[0] = replace(
        entries[0],
        run=("Bounds for ", OPEN["math"], r"$x^2 + \mathbb{R}$", CLOSE["math"], " and ", OPEN["math"], r"$\input x$"),
        status="in press",
        links=(*entries[0].links, Link(kind="code", label="Code", url="https://example.org/a_b~c/%7Ed?e=f&g=h#i")),
    )
    return with_entries(*entries[:3], *(replace(one, number=None) for one in entries[3:]))


# all targets


@pytest.mark.parametrize("options", [WHOLE, FRAGMENT], ids=["whole", "fragment"])
@pytest.mark.parametrize("name", FILES)
def test_golden_file(name: str, options: TargetOptions) -> None:
    suffix = find_target(name).suffix
    path = FIXTURES / f"{name}{'-fragment' if options.fragment else ''}{suffix}"
    data = written(name, sample(), options)
    assert data == expected(path, data)


def test_golden_folder() -> None:
    for path, data in biblatex(sample()).items():
        assert data == expected(FIXTURES / path, data)


def test_no_golden_file_is_left_over() -> None:
    files = {f"{name}{part}{find_target(name).suffix}" for name in FILES for part in ("", "-fragment")}
    assert {path.name for path in FIXTURES.iterdir()} == files | {"publications.bib", "publications.tex"}


@pytest.mark.parametrize("make", [sample, hostile, wide])
@pytest.mark.parametrize("name", FILES)
def test_bytes_are_plain_and_the_same_again(name: str, make: Any) -> None:
    data = written(name, make())
    assert data == written(name, make())
    assert data.endswith(b"\n")
    assert b"\r" not in data
    assert inert(data.decode("utf-8").replace("\n", "")) == data.decode("utf-8").replace("\n", "")


@pytest.mark.parametrize("name", [*FILES, "docx"])
def test_empty_list_and_lone_surrogate_do_no_harm(name: str) -> None:
    if name == "docx":
        pytest.importorskip("docx", reason="python-docx is not installed")
    assert written(name, PublicationList(title=""))
    assert written(name, replace(sample(), title="a\ud800b", language='"]{}'))


@pytest.mark.parametrize("name", [*TEX, "typst", "text"])
def test_numbers_status_links_and_legend_are_there(name: str) -> None:
    text = source(name, wide())
    assert "In press." in text
    assert "equal contribution" in text
    assert "https://doi.org/10.5555/w0" in text
    assert "https://doi.org" not in source(name, wide(), TargetOptions(links=False))
    assert "Publications: 3" in text
    assert "Publications: 3" not in source(name, wide(), TargetOptions())
    assert re.findall(r"(?:^|[\[{])([1-9])\.(?=[\]} ])", source(name, sample()), re.MULTILINE) == ["3", "2", "1"]


@pytest.mark.parametrize("name", FILES)
def test_words_are_the_callers_or_of_the_language(name: str) -> None:
    german = replace(sample(), language="de-DE")
    assert "Publikationen: 3" in source(name, german, replace(WHOLE, words={"publications": "Publikationen"}))
    assert "ffentlichungen: 3" in source(name, german)


@pytest.mark.parametrize("name", FILES)
def test_only_addresses_of_the_web_become_links(name: str) -> None:
    bad = (Link(kind="url", label="Bad", url="javascript:alert(1)"), Link(kind="url", label="Bad", url="file:///x"))
    text = source(name, with_entries(replace(sample().entries[0], links=bad), profile=Profile(name="A B", links=bad)))
    assert "Bad" not in text
    assert "alert" not in text


# TeX


@pytest.mark.slow
@pytest.mark.parametrize("name", ["latex", "moderncv"])
def test_pdflatex_sets_every_script(name: str, tmp_path: Path) -> None:
    need("pdflatex", files=("moderncv.cls", "fontawesome5.sty") if name == "moderncv" else ())
    pdf = compile_tex("pdflatex", tmp_path, written(name, wide()))
    text = text_of(pdf)
    assert squeezed("Łódź, Đurić & Žižek") in text
    assert squeezed("x--y") in text
    assert r"$\inputx$" in text  # not mathematics that is known to be harmless
    assert text.count("Inpress.") == 1
    log = (tmp_path / "list.log").read_text(encoding="utf-8", errors="replace")
    assert "no font here has the character U+6771" in log.replace("\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["lualatex", "xelatex"])
def test_unicode_engines_set_the_same_document(engine: str, tmp_path: Path) -> None:
    text = text_of(compile_tex(engine, tmp_path, written("latex", wide())))
    assert squeezed("Łódź, Đurić & Žižek") in text
    assert "Inpress." in text


@pytest.mark.slow
def test_owner_is_bold_and_nobody_else(tmp_path: Path) -> None:
    pdf = compile_tex("pdflatex", tmp_path, written("latex", replace(sample(), profile=Profile()), TargetOptions()))
    bold = " ".join(bold_texts(pdf))
    assert bold.count("Bea Ash") == 3
    assert "Öz" not in bold
    assert "Cruz" not in bold


@pytest.mark.slow
@pytest.mark.parametrize("packages", ["", r"\usepackage[T1]{fontenc}\usepackage{lmodern,amssymb,hyperref}"])
def test_fragment_goes_into_any_document(packages: str, tmp_path: Path) -> None:
    cv = wide() if packages else with_entries(*wide().entries[1:])
    for one, name in ((cv, "one"), (hostile(), "two")):
        (tmp_path / f"{name}.tex").write_bytes(written("latex", one, FRAGMENT))
    main = rf"\documentclass{{book}}{packages}\begin{{document}}\input{{one}}\input{{two}}α\end{{document}}"
    with pytest.raises(AssertionError, match="U\\+03B1"):  # the definitions end with the list
        compile_tex("pdflatex", tmp_path, main.encode("utf-8"))
    text = text_of(compile_tex("pdflatex", tmp_path, main.replace("α", "").encode("utf-8")))
    assert squeezed("Łódź, Đurić & Žižek") in text
    # the old fonts have a rule for _ and accents for ^ and ~
    assert squeezed(HOSTILE[1] if packages else r"\input{/etc/passwd}\write18{touch x}\end{document}") in text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["latex", "moderncv"])
def test_hostile_text_is_text_in_tex(name: str, tmp_path: Path) -> None:
    need("pdflatex", files=("moderncv.cls", "fontawesome5.sty") if name == "moderncv" else ())
    assert_literal(text_of(compile_tex("pdflatex", tmp_path, written(name, hostile()))))


@pytest.mark.slow
def test_awesome_cv_with_a_class_of_the_same_commands(tmp_path: Path) -> None:
    need("lualatex")
    (tmp_path / "awesome-cv.cls").write_text(AWESOME_STAND_IN, encoding="utf-8")
    assert_literal(text_of(compile_tex("lualatex", tmp_path, written("awesome-cv", hostile()))))
    text = text_of(compile_tex("lualatex", tmp_path, written("awesome-cv", wide()), "wide"))
    assert squeezed("Łódź, Đurić & Žižek") in text


def assert_literal(text: str) -> None:
    for one in HOSTILE:
        assert squeezed(inert(one)) in text, one


def test_fallbacks_need_nothing_but_latex() -> None:
    assert fallback("α") == r"\ensuremath{\alpha}"
    assert fallback("ế") == r"\'{ê}"
    assert fallback("ơ").endswith("without its accent}o")
    assert fallback("ﬁ") == "{fi}"
    assert fallback("ⁿ") == r"\textsuperscript{n}"
    assert fallback("\u200b") == r"\relax{}"
    assert fallback("関") == r"\cvmissing{95A2}"
    assert unusual("naïve “Łódź” — x") == ()
    assert definitions("Łódź") == ""


@pytest.mark.slow
def test_pdflatex_sets_every_letter_of_the_blocks_that_need_no_definition(tmp_path: Path) -> None:
    ranges = [
        *range(0xA1, 0x250),
        *range(0x391, 0x3CA),
        *range(0x1E00, 0x1F00),
        *range(0x2010, 0x2070),
        0x2115,
        0x1F600,
    ]
    title = " ".join(chr(code) for code in ranges if chr(code).isprintable())
    compile_tex("pdflatex", tmp_path, written("latex", with_entries(entry("a", title, ["X Y"], 2020))))


# biblatex


def run_latexmk(folder: Path, files: Mapping[str, bytes]) -> Path:
    need("latexmk", "pdflatex", "biber", files=("biblatex.sty", "lmodern.sty"))
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = ["latexmk", "-pdf", "-pdflatex=pdflatex -no-shell-escape -recorder %O %S"]
    command += ["-interaction=nonstopmode", "-halt-on-error", "publications.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    log = (folder / "publications.log").read_text(encoding="utf-8", errors="replace")
    assert "undefined" not in log
    assert "ERROR" not in (folder / "publications.blg").read_text(encoding="utf-8")
    assert not re.search("passwd", (folder / "publications.fls").read_text(encoding="utf-8", errors="replace"))
    return folder / "publications.pdf"


@pytest.mark.slow
def test_biblatex_prints_order_numbers_marks_and_the_owner_in_bold(tmp_path: Path) -> None:
    first, second = sample().sections
    selected = Section(id="selected", heading="Selected", entries=(replace(first.entries[1], number=9),))
    one = first.entries[0]
    alphabetical = replace(one.record.names("author"), marks=("alphabetical",))
    one = replace(one, record=one.record.with_values({"author": alphabetical}))
    first = replace(first, entries=(one, first.entries[1]))
    legend = (*sample().legend, LegendLine("α", "authors in alphabetical order", "alphabetical"))
    cv = replace(sample(), sections=(selected, first, second), profile=Profile(), legend=legend)
    pdf = run_latexmk(tmp_path, biblatex(cv))
    text = text_of(pdf)
    places = [text.index(squeezed(one)) for one in ("9. Çelik Öz*", "3. Bea Ash*", "2. Çelik Öz*", "1. Bea Ash*")]
    assert places == sorted(places)
    assert text.count("ÇelikÖzα.") == text.count("α.") == 1  # behind the last name of its list, nowhere else
    bold = [one for one in bold_texts(pdf) if "Ash" in one or "z" in one]
    assert bold == ["Bea Ash"] * 4


@pytest.mark.slow
def test_hostile_text_is_text_in_biblatex(tmp_path: Path) -> None:
    entries = tuple(
        replace(
            one,
            record=replace(
                one.record.with_values(
                    {
                        "DOI": Verbatim(r"10.5555/\endverb\input{/etc/passwd}"),
                        "title": Text((one.record.title, Math(r"\input{/etc/passwd}"))),
                    }
                ),
                leftovers=(Leftover("biblatex", "execute", r"\input{/etc/passwd}"),),
            ),
        )
        for one in hostile().entries
    )
    cv = replace(hostile(), sections=(Section(id="a", heading="A", entries=entries),))
    assert b"execute" not in biblatex(cv)["publications.bib"]
    text = text_of(run_latexmk(tmp_path, biblatex(cv)))
    assert_literal(text)
    assert r"$\input{/etc/passwd}$" in text


def test_biblatex_keeps_the_owner_in_a_long_list_and_makes_keys_safe() -> None:
    people = [parse_name(f"P{at} Other") for at in range(211)] + [parse_name("Bea Ash")]
    authors = tuple(Author(name=name, owner=at == 211) for at, name in enumerate(people))
    one = replace(sample().entries[0], key="a{b}", authors=authors)
    two = replace(sample().entries[1], key="a-b-")
    files = biblatex(with_entries(one, two, one))
    bib, tex = files["publications.bib"].decode(), files["publications.tex"].decode()
    assert re.findall(r"@article\{(.*),", bib) == ["a-b", "a-b-2"]
    assert "and Other, P7 and Ash, Bea and others}" in bib
    assert "{9=owner}" in bib
    assert r"\cvwork{a-b}{3.}{ (212~authors)" in tex
    truncated = biblatex(with_entries(replace(one, truncated=True)))["publications.tex"].decode()
    assert "212" not in truncated


def test_biblatex_marks_by_names_that_latex_can_test() -> None:
    authors = (
        Author(name=Name(literal="The Team"), marks=("my mark{}",), signs="‡"),
        Author(name=parse_name("Bea Ash"), owner=True, marks=("student", "equal"), signs="*†"),
    )
    one = sample().entries[0]
    names = replace(one.record.names("author"), marks=("alphabetical",))
    one = replace(one, authors=authors, record=one.record.with_values({"author": names}))
    legend = [("*", "equal contribution", "equal"), ("†", "supervised student", "student")]
    legend += [("α", "in order", "alphabetical"), ("‡", "mine", "my mark{}")]
    files = biblatex(with_entries(one, legend=tuple(LegendLine(*line) for line in legend)))
    assert "{1=my-mark; 2=owner, student, equal; =alphabetical}" in files["publications.bib"].decode()
    assert r"\iffieldannotation{alphabetical}{\textsuperscript{α}}" in files["publications.tex"].decode()
    for mark, sign in (("my-mark", "‡"), ("equal", r"*"), ("student", "†")):
        assert rf"\ifitemannotation{{{mark}}}{{\textsuperscript{{{sign}}}}}" in files["publications.tex"].decode()


def test_biblatex_writes_only_what_changed() -> None:
    files = biblatex(sample())
    assert set(files) == {"publications.bib", "publications.tex"}
    assert not biblatex(sample(), files)
    assert set(biblatex(sample(), {**files, "publications.bib": b"x"})) == {"publications.bib"}


# Typst


@pytest.mark.slow
@pytest.mark.parametrize("make", [sample, hostile, wide])
def test_typst_compiles_document_and_fragment(make: Any, tmp_path: Path) -> None:
    typst = pytest.importorskip("typst", reason="typst is not installed")
    (tmp_path / "list.typ").write_bytes(written("typst", make()))
    (tmp_path / "part.typ").write_bytes(written("typst", make(), FRAGMENT))
    (tmp_path / "main.typ").write_text('= Mine\n#include "part.typ"\n', encoding="utf-8")
    typst.compile(tmp_path / "main.typ", output=tmp_path / "main.pdf")
    typst.compile(tmp_path / "list.typ", output=tmp_path / "list.pdf")
    headings = [squeezed(text_in(found)) for found in typst_query(typst, tmp_path / "list.typ", "heading")]
    assert headings == [squeezed(section.heading) for section in make().sections]
    links = [found["dest"] for found in typst_query(typst, tmp_path / "list.typ", "link")]
    assert len(links) == sum(len(one.links) for one in make().entries) + len(make().profile.links)
    assert all(re.fullmatch(r'https://[^\s"<>\\{}]+', link) for link in links)
    for name in ("list", "main"):
        text = text_of(tmp_path / f"{name}.pdf")
        if make is hostile:
            for one in HOSTILE:
                assert squeezed(inert(one)).replace("...", "…") in text.replace("...", "…"), one


def typst_query(typst: Any, path: Path, selector: str) -> list[dict[str, Any]]:
    import json

    found: list[dict[str, Any]] = json.loads(typst.query(path, selector))
    return found


def text_in(value: Any) -> str:
    """The characters in Typst's own tree of content."""
    if isinstance(value, list):
        return "".join(text_in(one) for one in value)
    if not isinstance(value, dict):
        return ""
    if value.get("func") == "space":
        return " "
    if value.get("func") == "smartquote":
        return '"' if value.get("double", True) else "'"
    if isinstance(value.get("text"), str):
        return str(value["text"])
    return text_in(value.get("body")) + text_in(value.get("children"))


# Word


@pytest.mark.slow
@pytest.mark.parametrize("make", [sample, hostile, wide])
def test_docx_opens_with_the_same_text(make: Any) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    data = written("docx", make())
    assert data == written("docx", make())
    opened = docx.Document(io.BytesIO(data))
    by_style: dict[str, list[str]] = {}
    for paragraph in opened.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Heading 1"] == [inert(section.heading) for section in make().sections]
    assert by_style["Title"] == [inert(make().profile.name)]
    assert by_style["Subtitle"] == [inert(make().title)]
    assert opened.core_properties.title == inert(make().title)
    assert opened.core_properties.language == make().language
    texts = "\n".join(by_style["Normal"])
    if make is hostile:
        for one in HOSTILE:
            assert texts.count(inert(one)) >= 4, one
    links = [link for paragraph in opened.paragraphs for link in paragraph.hyperlinks]
    assert all(re.fullmatch(r'https://[^\s"<>\\{}]+', link.address) for link in links)
    assert len(links) == sum(len(one.links) for one in make().entries) + len(make().profile.links)


@pytest.mark.slow
def test_docx_numbers_hang_and_the_owner_is_bold() -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    opened = docx.Document(io.BytesIO(written("docx", sample(), TargetOptions(fragment=True))))
    entries = [paragraph for paragraph in opened.paragraphs if re.match(r"\d\.\t", paragraph.text)]
    assert [paragraph.text[:2] for paragraph in entries] == ["3.", "2.", "1."]
    assert all(one.paragraph_format.first_line_indent == -one.paragraph_format.left_indent for one in entries)
    assert [[run.text for run in one.runs if run.bold] for one in entries] == [["Bea Ash"]] * 3
    assert not any(paragraph.style.name == "Title" for paragraph in opened.paragraphs)


# RTF


class Rtf:
    """What a reader of RTF sees: the text, destinations apart, and the targets of fields."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("ascii")
        self.text = ""
        self.words: set[str] = set()
        self.links: list[str] = []
        stack: list[bool] = []
        hidden = False
        skip = 0
        for control, number, symbol, char in re.findall(r"\\([a-z]+)(-?\d+)? ?|\\([^a-z])|([^\\])", text):
            if char == "{":
                stack.append(hidden)
            elif char == "}":
                hidden = stack.pop()
            elif control:
                self.words.add(control)
                if control in ("fonttbl", "colortbl", "stylesheet", "info", "fldinst"):
                    hidden = True
                elif control == "u":
                    self.put(chr(int(number) % 65536), hidden=hidden)
                    skip = 1
                elif control in ("par", "line", "tab"):
                    self.put("\t" if control == "tab" else "\n", hidden=hidden)
            elif symbol:
                self.put(" " if symbol == "~" else "" if symbol == "*" else symbol, hidden=hidden)
            elif skip:
                skip -= 1
            elif char not in "\r\n":
                self.put(char, hidden=hidden)
        assert not stack
        self.links = re.findall(r'\\fldinst HYPERLINK "(.*?)"\}', text)
        self.text = self.text.encode("utf-16", "surrogatepass").decode("utf-16")

    def put(self, char: str, *, hidden: bool) -> None:
        if not hidden:
            self.text += char


@pytest.mark.parametrize("make", [sample, hostile, wide])
def test_rtf_holds_the_same_text(make: Any) -> None:
    found = Rtf(written("rtf", make()))
    for section in make().sections:
        assert inert(section.heading) in found.text
    if make is hostile:
        for one in HOSTILE:
            assert found.text.count(inert(one)) >= 4, one
    assert all(re.fullmatch(r'https://[^\s"<>\\{}]+', link) for link in found.links)
    assert len(found.links) == sum(len(one.links) for one in make().entries) + len(make().profile.links)
    known = (
        "rtf ansi ansicpg deff uc fonttbl f froman fmodern colortbl red green blue stylesheet s fs sb sa keepn b i par"
    )
    known += " outlinelevel info title author paperw paperh margl margr margt margb plain pard li fi tx widctlpar tab"
    assert found.words <= {*known.split(), "line", "super", "field", "fldinst", "fldrslt", "cf", "u"}


# plain text


def test_text_has_one_line_a_work() -> None:
    lines = source("text", sample(), TargetOptions()).split("\n")
    works = [line for line in lines if re.match(r"\d\. ", line)]
    assert works[0] == (
        "3. Bea Ash, Çelik Öz (2024). Fields, Rivers and 3D Maps. Journal of Tests & Trials 1. "
        "https://doi.org/10.5555/ash2024field https://arxiv.org/abs/2203.91360"
    )
    assert len(works) == 3
    assert lines[0] == "Bea Ash: Publications"
    assert source("text", sample(), TargetOptions(fragment=True)).startswith("Journal articles\n-----")


def test_text_keeps_hostile_text_on_its_line() -> None:
    text = source("text", hostile(), TargetOptions(links=False))
    lines = [line for line in text.split("\n") if re.match(r"\d\. ", line)]
    assert len(lines) == len(HOSTILE)
    for line, one in zip(lines, HOSTILE, strict=True):
        assert " ".join(inert(one).split()) in line


def test_all_targets_are_tested_here_or_are_not_typeset() -> None:
    data = {"html", "markdown", "rendercv", "json-resume", "json", "hugo", "jekyll", "al-folio", "template"}
    assert {target.name for target in TARGETS} == {*FILES, "docx", "biblatex", *data}


def test_text_on_a_terminal_sets_the_owner_off_and_steers_nothing_else() -> None:
    shown = write_target(sample(), "text", TargetOptions(terminal=True)).decode()
    assert "\x1b[1mBea Ash\x1b[22m" in shown
    assert "\x1b" not in write_target(sample(), "text", TargetOptions()).decode()
    steered = write_target(hostile(), "text", TargetOptions(terminal=True)).decode()
    assert set(re.findall(r"\x1b(\[\d*[A-Za-z])?", steered)) <= {"[1m", "[22m"}
