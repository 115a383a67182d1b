"""Whole documents through the real pandoc, held against its own ``--citeproc``."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bibtool.styles.sources import collection_folder
from tests.pandoc.program import converted

BOOKS = """
@book{hale2020, author={Hale, Mira and Lunt, Otto}, title={Rivers of glass}, publisher={Quay Press}, address={Bergen},
  year={2020}, doi={10.5555/glass}}
@article{lunt2021, author={Lunt, Otto}, title={On kilns}, journal={Journal of Fire}, volume={3}, pages={1--9},
  year={2021}}
@article{lunt2021b, author={Lunt, Otto}, title={On sand}, journal={Journal of Fire}, volume={4}, pages={2--8},
  year={2021}}
"""
MORE = '[{"id": "fox1999", "type": "book", "title": "Old lamps", "publisher": "Wick", "author": [{"family": "Fox", \
"given": "Ada"}], "issued": {"date-parts": [[1999]]}}]'
DOCUMENT = """---
title: Glass
bibliography: [refs.bib, more.json]
csl: STYLE
link-citations: LINKS
nocite: '@fox1999'
---

# One

Glass [@hale2020, p. 12-14]. As @lunt2021 says, and @lunt2021b [chap. 3] too. So it is [see @hale2020, pp. 3, 5 and
*passim*; also @lunt2021, sec. 4]; the year [-@hale2020]. @hale2020 [p. 3; see also @lunt2021] agree. Or
[@hale2020, {p. 12, 14}, with a suffix], [@hale2020, {pp. iv, vi-xi} here] and [@hale2020, 33-35 *passim*].

A note.^[See @hale2020, p. 3, and [@lunt2021].] Again [@lunt2021b]

::: {#refs}
:::

# Two
"""
STYLES = [
    "chicago-author-date",
    "apa",
    "chicago-notes-bibliography",
    "american-medical-association",
    "ieee",
    "modern-language-association",
]


def document(style: str, links: bool = True) -> str:
    folder = collection_folder()
    assert folder is not None
    return DOCUMENT.replace("STYLE", str(folder / f"{style}.csl")).replace("LINKS", str(links).lower())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "refs.bib").write_text(BOOKS)
    (tmp_path / "more.json").write_text(MORE)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_the_same_document_as_by_citeproc(style: str, folder: Path) -> None:
    source = document(style, links="notes" not in style)  # notes have links of their own
    assert converted(source, folder) == converted(source, folder, "--citeproc")


@pytest.mark.slow
def test_html_and_latex_have_what_pandocs_templates_need(folder: Path) -> None:
    html = converted(document("apa"), folder, to="html")
    assert re.search(r'<div id="refs" class="references csl-bib-body hanging-indent"[^>]* role="list">', html)
    assert '<div id="ref-hale2020" class="csl-entry" role="listitem">' in html
    latex = converted(document("apa"), folder, to="latex")
    assert "\\begin{CSLReferences}{1}" in latex
    assert "\\bibitem[\\citeproctext]{ref-hale2020}" in latex


@pytest.mark.slow
def test_a_missing_file_ends_pandoc_with_one_line(folder: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as raised:
        converted("---\nbibliography: none.bib\n---\n\n[@x]", folder)
    lines = raised.value.stderr.splitlines()
    assert lines[0].startswith("bibtool-citeproc: error: none.bib")
    assert "Traceback" not in raised.value.stderr
