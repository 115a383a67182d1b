"""Verdicts as SARIF and HTML, and the GitHub Action that shows them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bibtool.model.record import Record
from bibtool.project.verify import Contradiction, Place, Verified
from bibtool.project.verify_reports import to_html, to_sarif

ACTION = Path(__file__).parents[2] / ".github" / "actions" / "verify"
WRONG = Record("elm19", "article-journal", title="Bees & their <dances>", issued=2019, author="Eva Elm")
RESULTS = [
    (
        Verified(
            record=WRONG,
            verdict="contradicts",
            contradictions=(Contradiction("year", "2019", "2017", source="Crossref"),),
            sources=("Crossref",),
        ),
        Place("my refs.bib", 7),
    ),
    (Verified(record=Record("ash20", "book", title="Gardens"), verdict="confirmed", sources=("dblp",)), Place()),
    (Verified(record=Record("oak21", "book", title="Oaks"), verdict="confirmed", retracted="notice 10.1/x"), Place()),
    (Verified(record=Record("fir22", "book", title="Firs"), verdict="could not check", reason="no index"), Place("x")),
]


def test_sarif_has_a_result_for_each_entry_that_is_not_confirmed() -> None:
    (run,) = json.loads(to_sarif(RESULTS, "1.0"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = [(each["ruleId"], each["level"]) for each in run["results"]]
    assert found == [("contradicts", "error"), ("retracted", "error"), ("could-not-check", "note")]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "my%20refs.bib"}, "region": {"startLine": 7}}
    assert "locations" not in run["results"][1]
    (strict,) = json.loads(to_sarif(RESULTS, "1.0", strict=True))["runs"]
    assert {each["level"] for each in strict["results"]} == {"error"}


def test_a_name_that_is_not_utf_8_has_an_address_in_sarif() -> None:
    (run,) = json.loads(to_sarif([(RESULTS[0][0], Place("\udcff.bib", 7))], "1.0"))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "%3F.bib"}


def test_html_names_both_values_and_takes_nothing_for_markup() -> None:
    page = to_html(RESULTS, when="2026-01-02")
    assert "1 retracted, 1 confirmed, 1 contradicts, 1 could not check" in page
    assert "Bees &amp; their &lt;dances&gt;" in page
    assert "<td>year<td>2019<td>2017<td class=note>Crossref" in page
    assert "<strong>Retracted</strong>: notice 10.1/x" in page
    assert page.index("oak21") < page.index("elm19") < page.index("fir22") < page.index("ash20")
    assert "<script" not in page
    assert "http" not in page
    assert "no entries" in to_html([], when="2026-01-02")


def test_the_action_hands_all_inputs_to_its_script() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    env = action["runs"]["steps"][-1]["env"]
    named = {name.lower().removeprefix("bibtool_").replace("_", "-") for name in env}
    assert named == set(action["inputs"])


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bash") or os.name == "nt", reason="needs bash")
@pytest.mark.parametrize(("title", "code"), [("Bees and their dances", 0), ("Bees against their dances", 1)])
def test_the_script_of_the_action(tmp_path: Path, title: str, code: int) -> None:
    entry = "@article{elm19, title={%s}, author={Elm, Eva}, year={2019}, journal={Journal of Bees}}\n"
    (tmp_path / "world.bib").write_text(entry % "Bees and their dances")
    (tmp_path / "refs.bib").write_text("\n" + entry % title)
    program = tmp_path / "bibtool-hook"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bibtool "$@"\n')
    program.chmod(0o755)
    subprocess.run([program, "index", "add", "world.bib", "--index", "x.index"], cwd=tmp_path, check=True)
    inputs = {
        "FILES": "world.bib\nrefs.bib\n", "INDEX": "x.index", "OFFLINE": "true",
        "FAIL_ON": "contradicts,not-found,retracted", "ONLY": "", "REPORT": "report.html",
    }  # fmt: skip
    command = ["bash", str(ACTION / "verify.sh"), str(program)]
    env = {**os.environ, **inputs}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert ("::error title=bibtool (contradicts),file=refs.bib,line=2::" in done.stdout) is bool(code)
    assert "elm19" in (tmp_path / "report.html").read_text()
