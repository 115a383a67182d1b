"""``bibtool open``: which page, and only pages."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from bibtool.formats.registry import read_bytes
from bibtool.model.describe import page_of
from tests.cli.runner import call


@pytest.mark.parametrize(
    ("fields", "page"),
    [
        ("doi={10.1234/a?b=c[1]}, eprint={2203.01360}", "https://doi.org/10.1234/a%3Fb%3Dc%5B1%5D"),
        ("eprint={2203.01360}, url={https://example.org/}", "https://arxiv.org/abs/2203.01360"),
        ("url={https://example.org/x}", "https://example.org/x"),
        ("url={file:///etc/passwd}", ""),
        ("url={javascript:alert(1)}", ""),
        ("pmid={31234567}", "https://pubmed.ncbi.nlm.nih.gov/31234567/"),
        ("note={nothing}", ""),
    ],
)
def test_the_page_of_a_record(fields: str, page: str) -> None:
    (record,) = read_bytes(f"@article{{a, title={{T}}, {fields}}}".encode(), "bibtex").records
    assert page_of(record) == page


@pytest.mark.slow
def test_the_page_is_printed_and_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.bib").write_text("@misc{a, title={T}, eprint={2203.01360}}\n@misc{b, title={Another one}}\n")
    assert call(monkeypatch, "import", "a.bib").code == 0
    opened: list[str] = []

    def fake(page: str) -> bool:
        opened.append(page)
        return True

    monkeypatch.setattr(webbrowser, "open", fake)
    done = call(monkeypatch, "open", "a")
    assert (done.code, done.out, opened) == (
        0,
        "https://arxiv.org/abs/2203.01360\n",
        ["https://arxiv.org/abs/2203.01360"],
    )
    done = call(monkeypatch, "open", "a", "b", "--print")
    assert (done.code, len(opened)) == (1, 1)
    assert "b: no DOI, arXiv id or address is known" in done.err
    done = call(monkeypatch, "open", "b", "--quiet")
    assert (done.code, done.out) == (1, "")
    assert "b: no DOI, arXiv id or address is known" in done.err  # the reason for the exit code
