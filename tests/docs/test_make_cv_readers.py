"""Each file that ``docs/examples/make_cv.sh`` makes, read by the program that it is for."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cv.readers import json_resume_schema, read_by_rendercv
from tests.cv.tex import AWESOME_STAND_IN, bold_texts, compile_tex, need, text_of
from tests.docs.making import Made
from tests.support.browser import DESKTOP, PHONE, Browser, pixels

pytestmark = pytest.mark.slow

PAPERS = 49


@pytest.mark.parametrize(
    ("target", "engine"),
    [("latex", "pdflatex"), ("latex", "lualatex"), ("moderncv", "pdflatex"), ("awesome-cv", "lualatex")],
)
def test_latex_compiles(target: str, engine: str, made: Made, tmp_path: Path) -> None:
    need(engine, files=("moderncv.cls", "fontawesome5.sty") if target == "moderncv" else ())
    (tmp_path / "awesome-cv.cls").write_text(AWESOME_STAND_IN, encoding="utf-8")  # a stand-in with its commands
    pdf = compile_tex(engine, tmp_path, made.path(target).read_bytes())
    text = text_of(pdf)
    assert "GeometricFactualRecallinTransformers" in text
    assert sum("Bruna" in one for one in bold_texts(pdf)) >= PAPERS


def test_biblatex_compiles(made: Made, tmp_path: Path) -> None:
    need("latexmk", "pdflatex", "biber", files=("biblatex.sty", "lmodern.sty"))
    shutil.copytree(made.path("biblatex"), tmp_path, dirs_exist_ok=True)
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "publications.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    # in each entry, and once at the top
    assert sum("Bruna" in one for one in bold_texts(tmp_path / "publications.pdf")) == PAPERS + 1


def test_the_page_is_valid(made: Made) -> None:
    html5lib: Any = pytest.importorskip("html5lib", reason="html5lib is not installed")
    html5lib.HTMLParser(strict=True).parse(made.path("html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_in_a_browser(size: tuple[int, int], browser: Browser, made: Made, tmp_path: Path) -> None:
    browser.window(size)
    browser.open(made.path("html").as_uri())
    assert browser.ask("document.documentElement.scrollWidth") <= size[0]
    assert browser.ask("document.querySelectorAll('.bibtool-entry').length") == PAPERS
    width, height, data = pixels(browser.picture(tmp_path / "page.png"))
    assert (width, height > size[1], len(set(data)) > 100) == (size[0], True, True)
    assert browser.complaints == []


def test_the_page_on_paper(browser: Browser, made: Made, tmp_path: Path) -> None:
    browser.window(DESKTOP)
    browser.open(made.path("html").as_uri())
    browser.paper(tmp_path / "page.pdf")
    text = text_of(tmp_path / "page.pdf")
    assert "GeometricFactualRecallinTransformers" in text
    assert "Allyears" not in text  # controls are of no use on paper


def test_typst_compiles(made: Made) -> None:
    typst = pytest.importorskip("typst", reason="typst is not installed")
    assert typst.compile(str(made.path("typst"))).startswith(b"%PDF")


def test_word_opens(made: Made) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document(str(made.path("docx")))
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold and "Bruna" in run.text]
    assert len(bold) == PAPERS
    assert {"Journal articles", "Preprints"} <= {one.text for one in document.paragraphs if "Heading" in one.style.name}


def test_rendercv_reads_it(made: Made) -> None:
    told = read_by_rendercv(made.path("rendercv"))
    assert sum(count for count, _ in ast.literal_eval(told)) == PAPERS
    assert "PublicationEntry" in told


def test_json_resume_is_valid(made: Made) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(made.path("json-resume").read_text(encoding="utf-8"))
    assert len(data["publications"]) == PAPERS
    jsonschema.validate(data, json_resume_schema(), jsonschema.Draft7Validator)


@pytest.mark.parametrize("target", ["hugo", "jekyll"])
def test_pages_have_front_matter(target: str, made: Made) -> None:
    import yaml

    pages = sorted(made.path(target).rglob("*.md"))
    assert len(pages) == PAPERS
    for page in pages:
        _, head, _ = page.read_text(encoding="utf-8").split("---\n", 2)
        data = yaml.safe_load(head)
        assert data["title"]
        assert data["bibtool"]["ids"]
