"""The site of docs/: every page has its place, every link its end, and nothing is loaded from elsewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bibtool import __version__
from bibtool.formats.registry import read_path
from tests.docs.blocks import PAGES, ROOT
from tests.support.browser import DESKTOP, PHONE, Browser

CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def pages_of(nav: Any) -> list[str]:
    """The pages of a navigation, in order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav if isinstance(nav, list) else nav.values()
    return [page for part in parts for page in pages_of(part)]


def test_every_page_has_one_place() -> None:
    listed = pages_of(CONFIG["nav"])
    assert sorted(listed) == sorted(page.relative_to(ROOT / "docs").as_posix() for page in PAGES[1:])


FOLDERS = {"How to": "how-to", "Reference": "reference", "Explanation": "explanation"}


def test_every_page_is_in_the_folder_that_the_menu_says() -> None:
    sections = [(name, pages) for entry in CONFIG["nav"] for name, pages in entry.items()]
    assert FOLDERS.keys() == {name for name, pages in sections if isinstance(pages, list)}
    for name, pages in sections:
        assert {Path(page).parent.as_posix() for page in pages_of(pages)} == {FOLDERS.get(name, ".")}, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_named_files_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", re.sub(r"`[^`\n]*`", "", text)):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target
    for name in re.findall(r"`(docs/[\w/.-]+|bibtool/[\w/.-]+\.\w+|fixtures/[\w/.-]+)`", text):
        assert (ROOT / name).exists(), name


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; skips the test without mkdocs."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material is not installed (pip install -e '.[docs]')")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(site: Path) -> None:
    built = sorted(site.rglob("*.html"))
    assert len(built) >= len(PAGES) - 1
    for path in built:
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe|source)\b[^>]*?\bsrc=\"?([^\"> ]+)", text)
        loaded += re.findall(r"<link\b[^>]*\brel=\"?(?:stylesheet|preconnect|icon)\"?[^>]*\bhref=\"?([^\"> ]+)", text)
        assert not [one for one in loaded if one.startswith(("http:", "https:", "//"))], path.name
        assert "```" not in text, path.name


@pytest.mark.slow
def test_the_site_can_be_searched_from_a_folder(site: Path, tmp_path: Path) -> None:
    found = """
        new Promise((resolve) => {
          const look = () => {
            const links = [...document.querySelectorAll(".md-search-result__item a")].map((link) => link.href)
            links.length ? resolve(links) : setTimeout(look, 100)
          }
          look()
        })"""
    with Browser(tmp_path / "profile") as browser:
        browser.window(DESKTOP)
        browser.open((site / "index.html").as_uri())
        browser.ask("document.querySelector('[data-md-component=search-query]').focus()")
        browser.type("annotations")
        browser.press("Shift", 16)  # the theme searches when a key is released
        links = browser.ask(found)
        assert any(link.endswith("how-to/exporting.html") for link in links)
        assert not [url for url in browser.requests if not url.startswith(("file:", "data:"))]
        for width in (PHONE, DESKTOP):
            browser.window(width)
            browser.open((site / "explanation" / "compared.html").as_uri())
            assert browser.ask("document.documentElement.scrollWidth") == width[0]
        assert not browser.complaints


def test_citation_file() -> None:
    result = read_path(ROOT / "CITATION.cff")
    assert not result.problems
    (record,) = result.records
    assert record.type == "software"
    assert record.text("version") == __version__
    assert record.title.startswith("bibtool")
